"""The generated parts of the documentation: real runs, `--help`, the transform table and a page for each transform."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

import cog  # type: ignore[import-not-found]

from dockopt.cli import main
from dockopt.engine.registry import transforms
from dockopt.knowledge.compression import KINDS, UNKNOWN
from dockopt.report.catalogue import lowest_level, page

ROOT = Path(__file__).parents[1]
HALF = 0.5


def run(command: str) -> None:
    """A command line and the screen it gives, both streams together; nothing may be written by it."""
    fence("console", f"$ {command}", screen(command))


def fence(language: str, *texts: str) -> None:
    """Texts as a block of code."""
    mark = "````" if any("```" in text for text in texts) else "```"
    out("", f"{mark}{language}", *(text.rstrip("\n") for text in texts), mark, "")


def screen(command: str) -> str:
    """What a `dockopt` command prints."""
    program, *arguments = command.split()
    assert program == "dockopt"
    taken = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    os.chdir(ROOT)
    os.environ["COLUMNS"] = "100"
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""))
    with contextlib.redirect_stdout(taken), contextlib.redirect_stderr(taken):
        main(arguments)
    return taken.buffer.getvalue().decode("utf-8")


def table() -> None:
    """Every transform in one line, linked to its page."""
    rows = [
        f"| [`{one.label}`](docs/transforms.md#{one.label}) | {lowest_level(one)} | {one.summary} |"
        for one in sorted(transforms(), key=lambda one: one.name)
    ]
    out("", "| transform | level | what it does |", "|---|---|---|", *rows, "")


def compression() -> None:
    """What each kind of content keeps of its size in a registry."""
    rows = [f"| {kind} | {one.low} | {one.expected} | {one.high} | {one.source} |" for kind, one in KINDS.items()]
    rows += [f"| anything else | {UNKNOWN.low} | {UNKNOWN.expected} | {UNKNOWN.high} | {UNKNOWN.source} |"]
    out("", "| content | low | expected | high | source |", "|---|---:|---:|---:|---|", *rows, "")


def builds() -> None:
    """The applications of `corpus/apps` as they were last built, one a line, sizes in MB."""
    cases = json.loads((ROOT / "corpus/scores.json").read_text(encoding="utf-8"))["cases"]
    head = (
        *("application", "as written", "by hand", "`safe`", "`standard`", "smaller", "of the expert's"),
        *("estimate off by", "rebuild before", "after", "verdict"),
    )
    times = json.loads((ROOT / "corpus/rebuilds.json").read_text(encoding="utf-8"))
    rows = [
        " | ".join(("", f"`{case['name']}`", *_built(case, times.get(case["name"], {})), "")).strip() for case in cases
    ]
    out("", f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 2)}---|", *rows, "")
    shortfalls = [f"- `{case['name']}`: {case['note']}" for case in cases if case["note"]]
    out("Where dockopt saves less than the expert:", "", *shortfalls, "")


def _built(case: dict[str, Any], timed: dict[str, Any]) -> Iterator[str]:
    for kind in ("naive", "expert", "safe", "standard"):
        yield f"{case['bytes'][kind] / 1e6:.0f}" if case["bytes"].get(kind) else "—"
    yield f"{case['reduction']:.0%}"
    yield _percent(case["share_of_expert"], "")
    yield _percent(case["estimate_error"], "+")
    for kind in ("naive", "standard"):
        seconds = timed.get("seconds", {}).get(kind)
        yield "—" if seconds is None else f"{seconds:.1f} s"
    yield case["verdict"]


def _percent(value: float | None, sign: str) -> str:
    return "—" if value is None else f"{value:{sign}.0%}"


def summary() -> None:
    """The scores in one sentence."""
    cases = json.loads((ROOT / "corpus/scores.json").read_text(encoding="utf-8"))["cases"]
    shares = [case["share_of_expert"] for case in cases if case["share_of_expert"] is not None]
    less = [case["reduction"] for case in cases]
    splits = [case["reduction"] if case["verdict"] == "ok" else 0.0 for case in cases if case["splits"]]
    halved, broken = sum(one > HALF for one in less), sum(case["verdict"] == "broken" for case in cases)
    out(
        f"{len(cases)} small applications: {halved} are more than halved, {broken} broken; in the "
        f"median {median(less):.0%} smaller, and {median(shares):.0%} of what the expert saves. The "
        f"{len(splits)} that the expert splits into stages are {mean(splits):.0%} smaller on average, "
        "failures counted as 0."
    )


def rebuilds() -> None:
    """What a change of one source file costs, in one sentence."""
    sys.path.insert(0, str(ROOT))
    from corpus.rebuilds import recorded, summary  # noqa: PLC0415 - the rest needs no engine

    out(summary(recorded()))


def bench() -> None:
    """Many files at once, beside other fixers, as they were last measured, and memory over a large tree."""
    table = json.loads((ROOT / "corpus/bench.json").read_text(encoding="utf-8"))
    rows = [
        f"| {name} | {one['cpu']:.2f} | {one['wall']:.2f} | {one['megabytes']} |" for name, one in table["runs"].items()
    ]
    out("", f"| {table['files']:,} files | CPU, ms a file | ms a file | MB |", "|---|---:|---:|---:|", *rows, "")
    tree = ROOT / "corpus/bench_tree.json"
    if tree.is_file():
        large = json.loads(tree.read_text(encoding="utf-8"))
        held = {one["percent"]: f"{one['parent']} + {one['worker']}" for one in large["memory"]}
        shown = ", ".join(f"{held[percent]} MB after {percent} %" for percent in (10, 50, 99) if percent in held)
        out(f"A tree of {large['files']:,} files holds {shown} (the process that reports, and its largest worker).", "")


def pages() -> None:
    """The documentation of every transform, one level below the page's title."""
    for one in sorted(transforms(), key=lambda one: one.name):
        out("", *(f"#{line}" if line.startswith("#") and not inside else line for line, inside in _lines(page(one))))
    out("")


def file(path: str, language: str) -> None:
    """A file of the repository."""
    fence(language, (ROOT / path).read_text(encoding="utf-8"))


def _lines(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each line with whether it is inside a block of code."""
    inside = False
    for line in lines:
        inside ^= line.startswith("```")
        yield line, inside


def out(*lines: str) -> None:
    cog.outl("\n".join(_without_trailing_space(lines)))


def _without_trailing_space(lines: Iterable[str]) -> Iterable[str]:
    return (part.rstrip() for line in lines for part in line.split("\n"))
