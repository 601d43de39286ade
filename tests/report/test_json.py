"""The JSON report: its schema on every kind of file, and its values on one."""

import json
from pathlib import Path
from typing import Any

import pytest

from dockopt import __version__
from dockopt.cli import main
from tests.report.schema import problems

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema-1.json").read_text(encoding="utf-8"))
DOCKERFILE = """\
FROM debian:12
RUN apt-get update && apt-get install -y curl
# dockopt: ignore=remove-apt-lists
RUN apt-get update && apt-get install -y git
"""


def report(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> Any:  # noqa: ANN401 - it is JSON
    main(("fix", "--format", "json", *arguments))
    out, errors = capfdbinary.readouterr()
    assert errors == b""
    assert out.isascii()
    document = json.loads(out)
    assert out.decode() == json.dumps(document, indent=2) + "\n", "written piece by piece, but like one document"
    assert list(problems(document, SCHEMA, SCHEMA)) == []
    return document


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_status(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("a.Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    Path("b.Dockerfile").write_bytes(b"# \xff\nFROM scratch\n")
    Path("c.Dockerfile").write_text("{% if x %}\nFROM a\n{% endif %}\n", encoding="utf-8")
    Path("d.Dockerfile").mkdir()
    document = report(capfdbinary, "--check", "--select", "remove-apt-lists", ".", "none")
    statuses = [(file["path"], file["status"], file["line"]) for file in document["files"]]
    assert statuses == [
        ("a.Dockerfile", "changed", None),
        ("b.Dockerfile", "unchanged", None),
        ("c.Dockerfile", "refused", 1),
        ("none", "error", None),
    ]
    assert document["summary"].items() >= {"files": 4, "changed": 1, "refused": 1, "errors": 1}.items()
    assert (document["schema"], document["version"]) == (1, __version__)
    assert document["files"][1]["text"].encode("utf-8", "surrogateescape") == b"# \xff\nFROM scratch\n"
    assert document["files"][3]["reason"] == "no such file or folder"


def test_fixes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    [file] = report(capfdbinary, "--diff", "--select", "remove-apt-lists")["files"]
    [applied, suppressed] = file["fixes"]
    assert applied.pop("saves")["expected"] >= 0
    assert suppressed["fate"] == "suppressed"
    assert applied == {
        "id": 1,
        "transform": "remove-apt-lists",
        "level": "safe",
        "fate": "applied",
        "reason": "",
        "flag": None,
        "title": "remove apt's package lists in the RUN that fetched them",
        "start": {"line": 2, "column": 1},
        "end": {"line": 2, "column": 46},
        "evidence": [
            {"claim": "the lists are fetched here and not removed", "strength": "proven", "line": 2},
            {"claim": "no later instruction reads them", "strength": "proven", "line": 1},
        ],
    }
    assert file["diff"].startswith("--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,4 +1,4 @@\n")
    assert file["text"] == DOCKERFILE.replace("curl", "curl && rm -rf /var/lib/apt/lists/*")
    assert Path("Dockerfile").read_text(encoding="utf-8") == DOCKERFILE


def test_what_would_apply_a_withheld_fix(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    [file] = report(capfdbinary, "--diff", "--select", "remove-apt-lists", "--max-fixes", "0")["files"]
    assert [(fix["fate"], fix["flag"]) for fix in file["fixes"]] == [("suppressed", None), ("withheld", "--max-fixes")]


def test_the_schema_check_finds_what_is_wrong() -> None:
    document = {"schema": 2, "version": "1", "files": [{"status": "odd"}], "extra": 1}
    assert list(problems(document, SCHEMA, SCHEMA)) == [
        "$: summary is missing",
        "$: extra is not known",
        "$.schema: 2 is not allowed",
        *(f"$.files[0]: {name} is missing" for name in SCHEMA["$defs"]["file"]["required"] if name != "status"),
        "$.files[0].status: 'odd' is not allowed",
    ]


def test_tables_of_a_run(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    test = "FROM debian:12 AS test\nRUN apt-get update && apt-get install -y git\n"
    for name, text in (("shop/api", DOCKERFILE), ("shop/web", test + DOCKERFILE), ("plain", "FROM scratch\n")):
        Path(name).mkdir(parents=True)
        Path(name, "Dockerfile").write_text(text, encoding="utf-8")
    Path("shop/compose.yaml").write_text(
        "services:\n  api: {build: api}\n  job: {build: api}\n  check: {build: {context: web, target: test}}\n",
        encoding="utf-8",
    )
    document = report(capfdbinary, "--check", "--select", "remove-apt-lists", ".")
    files = {file["path"]: file for file in document["files"]}
    api, web = files["shop/api/Dockerfile"], files["shop/web/Dockerfile"]
    assert web["services"] == [{"name": "check", "source": "shop/compose.yaml", "target": "test"}]
    assert [use["name"] for use in api["services"]] == ["api", "job"]
    of_api, of_web = api["estimate"]["saves"], web["estimate"]["saves"]
    [of_test] = web["estimate"]["targets"]
    assert (of_test["target"], of_test["saves"]["expected"] > 0) == ("test", True)
    summary = document["summary"]
    assert (summary["files"], summary["changed"], summary["fixes"]) == (3, 2, 3)
    assert summary["by_transform"] == [{"name": "remove-apt-lists", "files": 2, "fixes": 3, "saves": summed(document)}]
    assert summary["by_service"] == [
        {"name": "check", "files": 1, "fixes": 2, "saves": of_test["saves"]},
        {"name": "api", "files": 1, "fixes": 1, "saves": of_api},
        {"name": "job", "files": 1, "fixes": 1, "saves": of_api},
    ]
    total = {key: of_api[key] + of_web[key] for key in of_api}
    assert summary["saves"] == total
    rows = {row["name"]: row["saves"] for row in summary["by_folder"]}
    assert rows == {"shop/api": of_api, "shop/web": of_web}
    assert [row["name"] for row in summary["top"]] == [row["name"] + "/Dockerfile" for row in summary["by_folder"]]


def summed(document: Any) -> dict[str, int]:  # noqa: ANN401
    """What the applied fixes of all files save, each by itself."""
    found = [fix["saves"] for file in document["files"] for fix in file["fixes"] if fix["fate"] == "applied"]
    return {key: sum(one[key] for one in found) for key in ("low", "expected", "high")}
