"""The document of `dockopt estimate --format json`: its schema, and its values where they are certain."""

import json
from pathlib import Path
from typing import Any

import pytest

from dockopt import __version__
from dockopt.cli import main
from tests.report.schema import problems

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema-estimate-1.json").read_text(encoding="utf-8"))
NOTHING = {"low": 0, "expected": 0, "high": 0}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def report(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> Any:  # noqa: ANN401 - it is JSON
    assert main(("estimate", "--format", "json", *arguments)) == 0
    out, errors = capfdbinary.readouterr()
    assert errors == b""
    document = json.loads(out)
    assert list(problems(document, SCHEMA, SCHEMA)) == []
    return document


def test_files_of_the_context(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("Dockerfile").write_text("FROM scratch AS image\nCOPY . /\nCMD ['x']\n", encoding="utf-8")
    Path("app.py").write_text("x" * 1000, encoding="utf-8")
    Path("logo.png").write_text("y" * 3000, encoding="utf-8")
    Path(".dockerignore").write_text("Dockerfile\n.dockerignore\n", encoding="utf-8")
    assert report(capfdbinary) == {
        "schema": 1,
        "version": __version__,
        "path": "Dockerfile",
        "stage": "image",
        "size": {"low": 4000, "expected": 4000, "high": 4000},
        "pull": {"low": 2700, "expected": 3130, "high": 3350},
        "rebuild": {
            "changed": "app.py",
            "seconds": {"low": 0.03, "expected": 0.1, "high": 1.0},
            "pushed": {"low": 2700, "expected": 3130, "high": 3350},
            "reruns": [
                {
                    "line": 2,
                    "instruction": "COPY . /",
                    "seconds": {"low": 0.03, "expected": 0.1, "high": 1.0},
                }
            ],
            "basis": "modelled speeds of package managers and compilers, wide; "
            "every instruction after the first that changes",
        },
        "layers": [
            {
                "line": 1,
                "instruction": "FROM scratch AS image",
                "size": NOTHING,
                "pull": NOTHING,
                "basis": "size of scratch full: empty by definition",
            },
            {
                "line": 2,
                "instruction": "COPY . /",
                "size": {"low": 4000, "expected": 4000, "high": 4000},
                "pull": {"low": 2700, "expected": 3130, "high": 3350},
                "basis": "sizes of files in the build context",
            },
        ],
    }


def test_without_sources(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("Dockerfile").write_text("FROM debian:12\nRUN apt-get update\nRUN ./strange\n", encoding="utf-8")
    document = report(capfdbinary)
    assert document["rebuild"]["changed"] is None
    assert document["rebuild"]["reruns"] == []
    assert [layer["line"] for layer in document["layers"]] == [1, 2, 3]
