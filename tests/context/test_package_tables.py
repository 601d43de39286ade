"""The tables of Python and Node packages: their shape, and rows that must not change by accident."""

import re

import pytest

from dockopt.context.manifests.requirement import normalised
from dockopt.knowledge import node_packages, python_packages
from dockopt.knowledge.language_packages import LanguagePackage
from dockopt.knowledge.tables import table

PYTHON = table("python_packages")
NODE = table("node_packages")
KINDS = {"pure", "bundled", "needs", "compiles", "refuse"}


@pytest.mark.parametrize("rows", [PYTHON, NODE], ids=["python", "node"])
def test_shape(rows: tuple[tuple[str, ...], ...]) -> None:
    names = [row[0] for row in rows]
    assert names == sorted(set(names))
    for name, kind, bookworm, trixie, tools, builds, source in rows:
        assert kind in KINDS, name
        assert source, name
        assert "," not in source
        for package in (bookworm + " " + trixie + " " + builds).split():
            assert package == "-" or re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", package), (name, package)
        if kind == "pure":
            assert not bookworm, name
            assert not trixie, name
        if kind == "needs":
            assert bookworm, name
            assert trixie, name
        assert kind != "needs" or bookworm != "-", name
        assert not tools or kind != "bundled", name


def test_python_names_are_normalised() -> None:
    for row in PYTHON:
        name = row[0].partition("[")[0]
        assert name == normalised(name)


def test_a_plain_extra_belongs_to_a_plain_package() -> None:
    for row in PYTHON:
        if "[" in row[0] and row[1] == "pure":
            base = python_packages.lookup(row[0].partition("[")[0])
            assert base is not None, row[0]
            assert base.kind in ("pure", "bundled"), row[0]


def test_python_rows() -> None:
    flask = python_packages.lookup("flask")
    assert flask is not None
    assert flask.kind == "pure"
    assert flask.needs("bookworm") == ()
    database = python_packages.lookup("psycopg2")
    assert database is not None
    assert database.needs("bookworm") == ("libpq5",)
    assert database.needs("bullseye") is None
    assert "libpq-dev" in database.builds
    wheel = python_packages.lookup("psycopg2-binary")
    assert wheel is not None
    assert wheel.needs("trixie") == ()
    assert wheel.needs("trixie", from_source=True) == ("libpq5",)
    browser = python_packages.lookup("playwright")
    assert browser is not None
    assert browser.needs("bookworm") is None
    absent = python_packages.lookup("pdfkit")
    assert absent is not None
    assert absent.needs("bookworm") == ("wkhtmltopdf",)
    assert absent.needs("trixie") is None
    assert python_packages.lookup("a-package-nobody-knows") is None


def test_python_extras() -> None:
    assert python_packages.lookup("psycopg", ("binary",)) == python_packages.lookup("psycopg[binary]")
    assert python_packages.lookup("flask", ("a-new-extra",)) is None
    both = python_packages.lookup("psycopg", ("binary", "pool"))
    assert isinstance(both, LanguagePackage)
    assert both.kind == "needs"
    assert both.needs("bookworm") == ("libpq5",)


def test_node_rows() -> None:
    images = node_packages.lookup("sharp")
    assert images is not None
    assert images.needs("bookworm") == ()
    browser = node_packages.lookup("puppeteer")
    assert browser is not None
    assert browser.needs("bookworm") is None
    database = node_packages.lookup("prisma")
    assert database is not None
    assert database.needs("trixie") == ("openssl", "libssl3t64")
    assert node_packages.lookup("left-pad") is None
