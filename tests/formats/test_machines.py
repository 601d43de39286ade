"""Formats that programs read: their schemas on awkward files, and their values on a small one."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.formats.runs import SEVERAL, dockopt, write
from tests.formats.schemas import GITLAB, RDJSON, sarif_schema

Json = Any
AWKWARD: dict[str, str | bytes] = {
    "a b/Dockerfile": SEVERAL,
    "crlf/Dockerfile": "FROM debian:12\r\nRUN apt-get update && apt-get install -y curl\r\n",
    "last/Dockerfile": "FROM debian:12\nRUN apt-get update && apt-get install -y curl",
    "bytes/Dockerfile": b"FROM debian:12\n# \xff\nRUN apt-get update && apt-get install -y curl # \xfe\n",
    "template/Dockerfile": "{% if x %}\nFROM a\n{% endif %}\n",
    "50%, a:b/Dockerfile": SEVERAL,
}
SELECTED = ("--select", "remove-apt-lists")
TITLE = "remove apt's package lists in the RUN that fetched them"


def document(folder: Path, name: str, *arguments: str) -> Json:
    done = dockopt(folder, "fix", "--check", "--format", name, *arguments)
    assert done.errors == b""
    return json.loads(done.out)


@pytest.mark.parametrize(("name", "schema"), [("sarif", None), ("rdjson", RDJSON), ("gitlab", GITLAB)])
def test_awkward_files_fit_the_schema(name: str, schema: Json, tmp_path: Path) -> None:
    write(tmp_path, AWKWARD)
    found = document(tmp_path, name, ".", "none")
    jsonschema.validate(found, schema or sarif_schema())
    listed = {"sarif": lambda: found["runs"][0]["results"], "rdjson": lambda: found["diagnostics"]}
    entries = listed.get(name, lambda: found)()
    assert len(entries) >= len(AWKWARD)


def test_sarif(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SEVERAL})
    [run] = document(tmp_path, "sarif", *SELECTED)["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("remove-apt-lists", "RemoveAptLists")
    first, second = run["results"]
    assert first.pop("partialFingerprints") != second["partialFingerprints"]
    assert first.pop("properties")["evidence"] == [
        "the lists are fetched here and not removed",
        "no later instruction reads them",
    ]
    text = first.pop("message")["text"]
    assert text.startswith(
        f"{TITLE}: the lists are fetched here and not removed; no later instruction reads them [safe"
    )
    region = {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 46}
    new = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*"
    assert first == {
        "ruleId": "remove-apt-lists",
        "ruleIndex": 0,
        "level": "warning",
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "Dockerfile"}, "region": region}}],
        "fixes": [
            {
                "description": {"text": TITLE},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "Dockerfile"},
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": new}}],
                    }
                ],
            }
        ],
    }


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SEVERAL, "moved/Dockerfile": SEVERAL.replace("# café", "\n\n# another\n# café")})
    marks: dict[str, list[Json]] = {}
    for result in document(tmp_path, "sarif", *SELECTED)["runs"][0]["results"]:
        path = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        marks.setdefault(path, []).append(result["partialFingerprints"])
    assert marks["Dockerfile"] == marks["moved/Dockerfile"]
    assert len({mark["dockopt/v1"] for mark in marks["Dockerfile"]}) == 2


def test_rdjson_counts_bytes(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": "FROM debian:12\nRUN apt-get update && apt-get install -y curl && echo é𐐀\n"})
    [found] = document(tmp_path, "rdjson", *SELECTED)["diagnostics"]
    assert found.pop("message").startswith(TITLE)
    place = {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 61}}
    assert len("RUN apt-get update && apt-get install -y curl && echo é𐐀".encode()) == 60
    new = "RUN apt-get update && apt-get install -y curl && echo é𐐀 && rm -rf /var/lib/apt/lists/*"
    assert found["suggestions"] == [{"range": place, "text": new}]
    assert {key: found[key] for key in ("location", "severity", "code")} == {
        "location": {"path": "Dockerfile", "range": place},
        "severity": "WARNING",
        "code": {"value": "remove-apt-lists"},
    }


def test_suggestions_taken_all_together_are_the_rewrite(tmp_path: Path) -> None:
    write(tmp_path, {name: text for name, text in AWKWARD.items() if name != "bytes/Dockerfile"})
    taken: dict[str, list[tuple[int, int, str]]] = {}
    for one in document(tmp_path, "rdjson", *SELECTED, ".")["diagnostics"]:
        for suggestion in one.get("suggestions", ()):
            start, end = suggestion["range"]["start"], suggestion["range"]["end"]
            assert start["column"] == 1
            taken.setdefault(one["location"]["path"], []).append((start["line"], end["line"], suggestion["text"]))
    assert sorted(taken) == sorted(name for name in AWKWARD if name.split("/")[0] not in ("bytes", "template"))
    for path, edits in taken.items():
        lines = (tmp_path / path).read_bytes().decode().split("\n")
        for first, last, text in sorted(edits, reverse=True):
            lines[first - 1 : last] = [text]
        (tmp_path / path).write_bytes("\n".join(lines).encode())
    done = dockopt(tmp_path, "fix", "--check", *SELECTED, *sorted(taken))
    assert done.status == 0, done.out


def test_bytes_that_json_cannot_carry_are_not_suggested(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": AWKWARD["bytes/Dockerfile"]})
    [found] = document(tmp_path, "rdjson", *SELECTED)["diagnostics"]
    assert "suggestions" not in found


def test_github(tmp_path: Path) -> None:
    write(tmp_path, {"50%, a:b/Dockerfile": SEVERAL.replace("# café ünïcode\n", "")})
    done = dockopt(tmp_path, "fix", "--check", "--format", "github", *SELECTED, ".", "none")
    assert done.status == 2
    lines = done.out.decode().splitlines()
    assert [line.partition("::")[2].split("::")[0] for line in lines] == [
        "warning file=50%25%2C a%3Ab/Dockerfile,line=2,endLine=2,title=dockopt%3A remove-apt-lists",
        "warning file=50%25%2C a%3Ab/Dockerfile,line=4,endLine=4,title=dockopt%3A remove-apt-lists",
        "error file=none,title=dockopt",
    ]
    assert lines[2].endswith("::no such file or folder")


def test_gitlab_fingerprints_differ(tmp_path: Path) -> None:
    same = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nENV A=1\n"
    write(tmp_path, {"a/Dockerfile": same + same, "b/Dockerfile": same})
    found = document(tmp_path, "gitlab", *SELECTED, ".")
    assert [(one["location"]["path"], one["location"]["lines"]["begin"]) for one in found] == [
        ("a/Dockerfile", 2),
        ("a/Dockerfile", 5),
        ("b/Dockerfile", 2),
    ]
    assert len({one["fingerprint"] for one in found}) == 3


def test_lines_are_those_of_the_file_as_it_is(tmp_path: Path) -> None:
    """Fixes that come after others, and the evidence for them, name lines of the file that the reviewer sees."""
    text = (
        "FROM debian:12\n"
        "RUN apt-get update\n"
        "RUN apt-get install -y curl\n"
        "RUN apt-get update && apt-get install -y git\n"
        "CMD curl\n"
        "CMD git\n"
        "CMD bash\n"
    )
    write(tmp_path, {"Dockerfile": text})
    names = ("merge-apt-update-into-install", "remove-apt-lists", "merge-runs", "drop-repeated-cmd")
    options = ("--select", ",".join(names))
    [file] = document(tmp_path, "json", *options)["files"]
    assert [
        (one["transform"], one["start"]["line"], *(evidence["line"] for evidence in one["evidence"]))
        for one in file["fixes"]
    ] == [
        ("merge-apt-update-into-install", 2, 2, 3),
        ("merge-runs", 4, 4, 2),
        ("remove-apt-lists", 2, 2, 1),
        ("drop-repeated-cmd", 5, 7, None),
        ("drop-repeated-cmd", 6, 7, None),
    ]
    out = dockopt(tmp_path, "fix", "--check", "--format", "github", *options).out.decode().splitlines()
    assert [int(line.partition(",line=")[2].partition(",")[0]) for line in out] == [
        one["start"]["line"] for one in file["fixes"]
    ]
