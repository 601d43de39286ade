"""dockopt from Python, with and without a DockerfileParser."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

import dockopt
from dockopt import interop

PLAIN = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"
FIXED = "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
TEMPLATE = "{% if x %}\nFROM a\n{% endif %}\n"
ONLY = ("remove-apt-lists",)


def test_optimize() -> None:
    result = dockopt.optimize(PLAIN, select=ONLY)
    assert (result.status, result.text) == (dockopt.Status.CHANGED, FIXED)
    assert [fate.transform.label for fate in result.applied] == ["remove-apt-lists"]
    assert result.diff.startswith("--- a/Dockerfile\n+++ b/Dockerfile\n")
    assert dockopt.optimize(FIXED, select=ONLY).status is dockopt.Status.UNCHANGED
    assert dockopt.optimize(PLAIN, ignore=ONLY, level="safe", max_fixes=0).text == PLAIN


def test_bytes_stay_bytes() -> None:
    result = dockopt.optimize(b"# \xff\r\n" + PLAIN.encode(), select=ONLY, level=dockopt.Level.SAFE)
    assert result.data == b"# \xff\r\n" + FIXED.encode()


def test_the_context_is_read(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("flask==3.0.3\n", encoding="utf-8")
    (tmp_path / "app.py").write_text("import flask\n", encoding="utf-8")
    text = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    without = dockopt.optimize(text, select=["move_manifests_first"])
    inside = dockopt.optimize(text, select=["move_manifests_first"], context=tmp_path)
    assert (without.changed, inside.changed) == (False, True)


def test_check() -> None:
    assert [fate.fix.title for fate in dockopt.check(PLAIN, select=ONLY)] == [
        "remove apt's package lists in the RUN that fetched them"
    ]
    assert dockopt.check(FIXED, select=ONLY) == ()


def test_what_cannot_be_rewritten() -> None:
    result = dockopt.optimize(TEMPLATE)
    assert (result.status, result.line, result.text) == (dockopt.Status.REFUSED, 1, TEMPLATE)
    for function in (dockopt.check, dockopt.image_size):
        with pytest.raises(dockopt.InputError) as caught:
            function(TEMPLATE)
        assert str(caught.value) == "Dockerfile:1: unrendered template: render it to a Dockerfile first"


def test_options_that_do_not_exist() -> None:
    with pytest.raises(dockopt.SettingsError) as level:
        dockopt.optimize(PLAIN, level="brave")
    with pytest.raises(dockopt.DockoptError) as name:
        dockopt.optimize(PLAIN, select=["remove-apt-list"])
    assert str(level.value) == "no level is called 'brave'; there are safe, standard, aggressive"
    assert str(name.value) == "no transform is called 'remove-apt-list'; did you mean remove-apt-lists?"


def test_image_size() -> None:
    size = dockopt.image_size(PLAIN)
    assert size.size.low <= size.size.expected <= size.size.high
    assert size.size.expected == sum(layer.size.expected for layer in size.layers)


def test_importing_costs_nothing() -> None:
    code = "import sys, dockopt; print([name for name in sys.modules if name.startswith('dockopt.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert set(dockopt.__all__) == {name for name in dockopt.__all__ if getattr(dockopt, name)}
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = dockopt.nothing  # type: ignore[attr-defined]


def test_a_parser_is_handed_over() -> None:
    parser = interop.parser_for(PLAIN)
    assert interop.optimize(parser, select=ONLY).text == FIXED
    assert parser.content == PLAIN
    interop.optimize(parser, select=ONLY, write=True)
    assert parser.content == FIXED
    assert [entry["instruction"] for entry in parser.structure] == ["FROM", "RUN"]


def test_a_parser_of_a_file(tmp_path: Path) -> None:
    dockerfile_parse = pytest.importorskip("dockerfile_parse")
    (tmp_path / "Dockerfile").write_text(PLAIN, encoding="utf-8")
    parser = dockerfile_parse.DockerfileParser(str(tmp_path), cache_content=True)
    interop.optimize(parser, select=ONLY, write=True)
    assert (tmp_path / "Dockerfile").read_text(encoding="utf-8") == parser.content == FIXED


def test_a_parser_that_cannot_read(tmp_path: Path) -> None:
    dockerfile_parse = pytest.importorskip("dockerfile_parse")
    for parser in (
        dockerfile_parse.DockerfileParser(str(tmp_path)),
        dockerfile_parse.DockerfileParser(fileobj=BytesIO(b"# \xff\nFROM a\n")),
    ):
        with pytest.raises(dockopt.InputError) as caught:
            interop.optimize(parser)
        assert str(caught.value).startswith("Dockerfile: dockerfile-parse cannot read it: ")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dockerfile_parse", None)
    with pytest.raises(dockopt.DockoptError) as caught:
        interop.parser_for(PLAIN)
    assert str(caught.value) == "dockerfile-parse is not installed; pip install 'dockopt[interop]' adds it"
