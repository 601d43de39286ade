"""Sizes of Python distributions, Node packages and Alpine packages, against measured installs."""

import pytest

from dockopt.knowledge.language_sizes import (
    alpine_size,
    distribution,
    distributions,
    node_closure,
    node_package,
    python_closure,
    sizes_of,
)
from dockopt.knowledge.tables import table

MEASURED = {
    "requests": 3_219_231,
    "django": 31_590_487,
    "fastapi uvicorn": 16_888_582,
    "flask gunicorn": 7_155_141,
    "pandas": 153_363_545,
    "scikit-learn": 270_367_139,
    "matplotlib": 169_469_387,
    "boto3": 26_847_947,
    "sqlalchemy": 28_763_970,
    "celery redis": 24_908_516,
    "cryptography": 17_381_108,
    "opencv-python-headless": 230_905_326,
    "jupyter": 208_688_254,
}
"""Bytes installed with dependencies and compiled modules, Python 3.11 on x86-64, by another hand at another time."""


@pytest.mark.parametrize("names", MEASURED)
def test_python_sets_are_within_a_fifth_of_what_was_measured(names: str) -> None:
    rows = [distributions()[name] for name in python_closure(names.split())]
    size = sum(row.code + row.compiled for row in rows)
    assert abs(size - MEASURED[names]) <= 0.2 * MEASURED[names]


def test_shared_dependencies_are_listed_once() -> None:
    assert python_closure(["pandas", "scipy"]).count("numpy") == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("3.0", "3.1.3"),
        ("3.1.0", "3.1.1"),
        ("3.1.2", "3.1.3"),
        ("3.1.9", "3.1.3"),
        ("4.0.2", "4.0.1"),
        ("4.3", "4.4.0"),
        ("", "4.4.0"),
    ],
)
def test_the_row_of_the_closest_version(wanted: str, found: str) -> None:
    row = distribution("falcon", wanted)
    assert row is not None
    assert row.version == found


def test_rows_of_distributions() -> None:
    rows = distributions().values()
    assert [row.name for row in rows if not row.source] == []
    assert [row.name for row in rows if row.is_measured and "[" not in row.name and row.code <= 0] == []
    assert [row.name for row in rows if "[" in row.name and (row.code, row.wheel) != (0, 0)] == []
    assert [row.name for row in rows if row.is_measured and row.wheel > row.code] == []


def test_extras_bring_what_they_require_and_unknown_ones_nothing() -> None:
    assert "uvloop" in python_closure(["uvicorn", "uvicorn[standard]"])
    assert "uvloop" not in python_closure(["uvicorn"])
    assert python_closure(["requests[strange]", "six"]) == ("six",)


def test_unknown_distributions_stay_in_a_closure() -> None:
    assert python_closure(["no-such-distribution"]) == ("no-such-distribution",)


def test_alpine_packages() -> None:
    assert alpine_size("build-base")[0].expected > 100_000_000
    assert "not in the table" in alpine_size("no-such-package")[1]


def test_requirements_in_the_table_are_rows_of_it() -> None:
    names = {row[0] for row in table("python_sizes")}
    missing = {needed for row in table("python_sizes") if "[" not in row[0] for needed in row[6].split()} - names
    assert {name for name in missing if "[" not in name} == set()


def test_node_packages_are_found_by_their_major_version() -> None:
    rows = [row for row in table("node_sizes") if row[0] == "debug"]
    majors = [row[1].partition(".")[0] for row in rows]
    assert majors == sorted(majors, key=int)
    for row in rows:
        found = node_package("debug", row[1])
        assert found is not None
        assert (found.version, found.size) == (row[1], int(row[2]))
    newest, unknown = node_package("debug"), node_package("debug", "0.1.0")
    assert newest is not None
    assert newest.version == rows[-1][1]
    assert unknown == newest
    assert node_package("no-such-package") is None


def test_closure_of_node_packages() -> None:
    found = node_closure(["express"])
    assert {"express", "accepts", "mime-types", "mime-db"} <= set(found)
    assert len(found) == len(set(found))
    assert node_closure(["no-such-package"]) == ("no-such-package",)


@pytest.mark.parametrize(("language", "name"), [("crate", "tokio"), ("gem", "activerecord"), ("composer", "monolog")])
def test_tables_of_source_packages(language: str, name: str) -> None:
    row = sizes_of(language)[name]
    assert 200_000 < row.size < 10_000_000
    assert 0 < row.archive < row.size
