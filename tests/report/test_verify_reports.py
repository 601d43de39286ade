"""Verifications as text, JSON and Markdown, of images that were cooked in memory."""

import io
import json
from pathlib import Path

import pytest

from dockopt import __version__
from dockopt.batch.results import ImageSize, LayerSize, Result, Sizes, Status
from dockopt.build import behaviour
from dockopt.build.behaviour import Questions
from dockopt.build.trials import Plan, workbench
from dockopt.build.verify import Verification, verify
from dockopt.config import Settings
from dockopt.engine.pipeline import optimize
from dockopt.fixes import Transform
from dockopt.knowledge.ranges import NOTHING, Range, total
from dockopt.report.screen import Screen
from dockopt.report.verify_json import VerifyJson
from dockopt.report.verify_markdown import VerifyMarkdown, cell, fenced
from dockopt.report.verify_text import VerifyText
from tests.build.kitchen import Kitchen
from tests.report.schema import problems
from tests.wrong import wrong

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema-verify-1.json").read_text(encoding="utf-8"))
FILLER = "x" * 40_000
TEXT = f"""\
FROM scratch
RUN write var/lib/apt/lists/x {FILLER}
COPY run.sh ./
USER app
"""
BEFORE = ImageSize(
    Range(30_000, 41_000, 50_000),
    (
        LayerSize(2, "RUN write", Range(30_000, 40_000, 50_000), "a guess"),
        LayerSize(3, "COPY", Range(1, 1000, 2000), ""),
    ),
)
AFTER = ImageSize(Range(1, 2000, 3000), (LayerSize(3, "COPY", Range(1, 12_000, 20_000), "another guess"),))
GOOD = wrong("drop_lists", f"var/lib/apt/lists/x {FILLER}", "tmp/x y")
BAD = wrong("other_user", "USER app", "USER root")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behaviour, "SETTLED", 0.0)


def verification(*transforms: Transform, text: str = TEXT) -> Verification:
    outcome = optimize(text, Settings(), None, transforms)
    status = Status.CHANGED if outcome.changed else Status.UNCHANGED
    saves = tuple(Range(30_000, 39_000, 50_000) if fate.number == 1 else NOTHING for fate in outcome.fates)
    result = Result("Dockerfile", status, outcome=outcome, sizes=Sizes(BEFORE, AFTER, total(saves), saves))
    plan = Plan("", "/context", questions=Questions(("cat /app/run.sh",)))
    with workbench(Kitchen(), plan) as bench:
        return verify(result, bench)


def written(report: type[VerifyText | VerifyJson | VerifyMarkdown], found: Verification) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    screen = Screen(stream)
    made = VerifyText(screen, screen) if report is VerifyText else report(screen)  # type: ignore[call-arg]
    made.add(found)
    made.finish()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def test_text_of_a_right_rewrite() -> None:
    assert (
        written(VerifyText, verification(GOOD))
        == """\
Dockerfile: verified, 1 fix: the image builds and behaves as the original

              measured   estimated
  before         40 kB       41 kB
  after           25 B        2 kB   100% smaller
  saves          40 kB       39 kB
  fix 1          40 kB       39 kB   drop-lists

  line        measured   estimated
  3               17 B       12 kB   COPY run.sh ./

  left the image
                 40 kB   package lists of apt, 1 file

  answers as the original
      start: ends with status 0
      cat /app/run.sh: status 0

"""
    )


def test_text_of_a_wrong_rewrite() -> None:
    assert (
        written(VerifyText, verification(GOOD, BAD))
        == """\
Dockerfile: broken, 2 fixes
  User is root and not app
  the culprit is fix 2, other-user (replace what works), at Dockerfile:4
  `dockopt fix --verify` leaves it out and keeps the rest; please report it

"""
    )


def test_text_of_an_original_that_fails() -> None:
    assert (
        written(VerifyText, verification(GOOD, text=f"{TEXT}RUN fail\n"))
        == """\
Dockerfile: not judged
  the original does not build: ERROR: process did not complete: exit code: 1
  | step 3
  | ERROR: process did not complete: exit code: 1

"""
    )


def test_markdown() -> None:
    assert (
        written(VerifyMarkdown, verification(GOOD))
        == """\
### ✅ `Dockerfile`: verified

| | measured | estimated |
|---|---:|---:|
| before | 40 kB | 41 kB |
| after | 25 B | 2 kB |
| fix 1, `drop-lists`, saves | 40 kB | 39 kB |
| **saves, 100% smaller** | **40 kB** | 39 kB |

| left the image | files | size |
|---|---:|---:|
| package lists of apt | 1 | 40 kB |

2 answers as the original gives them: start: ends with status 0; cat /app/run.sh: status 0

"""
    )
    assert (
        written(VerifyMarkdown, verification(GOOD, BAD))
        == """\
### ❌ `Dockerfile`: broken

- User is root and not app
- the culprit is fix 2, `other-user` (replace what works), line 4

"""
    )


@pytest.mark.parametrize(
    ("text", "block"),
    [("a", ["```", "a", "```"]), ("a ` b", ["```", "a ` b", "```"]), ("```\n````", ["`````", "```\n````", "`````"])],
)
def test_a_log_does_not_end_its_block(text: str, block: list[str]) -> None:
    assert fenced(text) == block


def test_a_name_does_not_end_its_cell() -> None:
    assert cell("/a|b") == "/a\\|b"


@pytest.mark.parametrize("transforms", [(), (GOOD,), (GOOD, BAD)])
def test_json_follows_its_schema(transforms: tuple[Transform, ...]) -> None:
    document = json.loads(written(VerifyJson, verification(*transforms)))
    assert list(problems(document, SCHEMA, SCHEMA)) == []
    assert document["version"] == __version__


def test_json_of_a_right_rewrite() -> None:
    (found,) = json.loads(written(VerifyJson, verification(GOOD)))["files"]
    assert found["before"]["size"] - found["after"]["size"] == 39_999
    assert found["fixes"] == [
        {
            "number": 1,
            "transform": "drop-lists",
            "title": "replace what works",
            "line": 2,
            "measured": 39_999,
            "estimated": {"low": 30_000, "expected": 39_000, "high": 50_000},
        }
    ]
    assert found["differences"]["removed"] == {"files": 1, "bytes": -40_000, "paths": ["/var/lib/apt/lists/x"]}
    assert found["vanished"] == [{"name": "package lists of apt", "files": 1, "size": 40_000}]


def test_json_of_a_wrong_rewrite() -> None:
    (found,) = json.loads(written(VerifyJson, verification(GOOD, BAD)))["files"]
    assert (found["verdict"], found["objections"]) == ("broken", ["User is root and not app"])
    assert (found["culprit"]["number"], found["culprit"]["transform"], found["culprit"]["line"]) == (2, "other-user", 4)
