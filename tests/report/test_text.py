"""The screen for what was not applied, for wide ranges, for many layers, and for a run that did not settle."""

import io
from collections.abc import Iterator

from dockopt.batch.results import ImageSize, LayerSize, Result, Sizes, Status
from dockopt.batch.totals import Figures
from dockopt.config import Settings
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.fixes import Aspect, Evidence, Fix, Level, Phase, Strength, Transform
from dockopt.knowledge.ranges import NOTHING, Range, total
from dockopt.model.dockerfile import Dockerfile
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary
from dockopt.report.text import TextReport
from dockopt.text.edits import Edit
from dockopt.text.source import Span

TEXT = "FROM old\nRUN a\nRUN b\nRUN c\nCMD x\n"
LARGE = Range(100_000_000, 200_000_000, 300_000_000)


def propose(file: Dockerfile) -> Iterator[Fix]:
    assumed = Evidence("it usually works", Strength.ASSUMED)
    proven = Evidence("old is old", Strength.PROVEN)
    if file.text.startswith("FROM old"):
        yield Fix("use new", (Edit(Span(5, 8), "new"),), (proven,))
    for run in file.runs:
        if run.text in "ab":
            end = run.span.end
            yield Fix("change the user", (Edit(Span(end, end), "USER u\n"),), (proven, assumed), run.span)
    yield Fix("this can be smaller", (), (), file.runs[-1].span)
    yield Fix("join them", (Edit(Span(9, 10), "r"),), (proven,), Span(9, 14), opt_in="few-layers")


DEMO = Transform("do_things", propose, Phase.SPELLING, frozenset(Aspect), (), "Do things.")


def shown(result: Result, *, dry: bool = True) -> str:
    screen = Screen(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), "never")
    TextReport(screen, screen, None, dry=dry).add(result)
    assert isinstance(screen.stream.buffer, io.BytesIO)
    return screen.stream.buffer.getvalue().decode()


def result_of(outcome: Outcome, sizes: Sizes | None = None) -> Result:
    return Result("Dockerfile", Status.CHANGED if outcome.changed else Status.UNCHANGED, outcome=outcome, sizes=sizes)


def image(*layers: LayerSize) -> ImageSize:
    return ImageSize(total(layer.size for layer in layers), layers)


def test_what_was_not_applied() -> None:
    outcome = optimize(TEXT, Settings(level=Level.SAFE), None, [DEMO])
    saves = tuple(LARGE if fate.fix.title == "change the user" else NOTHING for fate in outcome.fates)
    base = LayerSize(1, "FROM old", LARGE, "a guess")
    result = result_of(outcome, Sizes(image(base), image(base), NOTHING, saves))
    assert shown(result) == (
        "Dockerfile: 1 fix would be applied\n"
        "\n"
        "  1  use new\n"
        "     do-things · safe · line 1\n"
        "     old is old\n"
        "\n"
        "Dockerfile:2: withheld do-things (change the user; also line 3);"
        " --level aggressive applies them and saves 400 MB\n"
        "Dockerfile:2: withheld do-things (join them); --few-layers applies it\n"
        "Dockerfile:4: advice from do-things: this can be smaller\n"
        "\n"
        "  size   200 MB (100 MB to 300 MB), unchanged\n"
        "\n"
    )


def test_many_layers_and_a_wide_range() -> None:
    outcome = optimize(TEXT, Settings(level=Level.SAFE), None, [DEMO])
    runs = [LayerSize(2 + number, f"RUN {number}", Range(0, 1_000_000, 9_000_000), "") for number in range(14)]
    base = LayerSize(1, "FROM old " + "x" * 100, Range(50_000_000, 80_000_000, 90_000_000), "")
    tiny = LayerSize(20, "RUN touch x", Range(0, 100, 200), "")
    sizes = Sizes(
        image(base, *runs, tiny), image(base), Range(0, 14_000_000, 126_000_000), (NOTHING,) * len(outcome.fates)
    )
    lines = shown(result_of(outcome, sizes), dry=False).splitlines()
    assert lines[0] == "Dockerfile: 1 fix applied"
    assert lines[lines.index("") :][-17:] == [
        "  before  94 MB (50 MB to 216 MB)",
        "    1  ████████████████████████     80 MB  FROM old " + "x" * 44 + "...",
        *(f"{2 + number:5d}  ▎                             1 MB  RUN {number}" for number in range(11)),
        f"{'3 MB':>41}  in 3 smaller layers",
        "  after   80 MB (50 MB to 90 MB), 15% smaller",
        "    1  ████████████████████████     80 MB  FROM old " + "x" * 44 + "...",
        "",
    ]


def test_a_run_that_does_not_settle() -> None:
    outcome = optimize(TEXT, Settings(), None, [DEMO])._replace(settled=False)
    assert "Dockerfile: did not settle, which is a bug in dockopt; please report this file\n" in shown(
        result_of(outcome)
    )


def test_the_end_of_a_run() -> None:
    summary = Summary()
    screen = Screen(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), "never")
    report = TextReport(screen, screen, None, dry=False)
    summary.add(Figures("a", Status.ERROR))
    report.finish(summary)
    summary.add(Figures("b", Status.REFUSED))
    report.finish(summary)
    assert isinstance(screen.stream.buffer, io.BytesIO)
    assert screen.stream.buffer.getvalue() == b"0 of 2 files changed, 1 refused, 1 error\n"
