"""The loop with transforms made for the test: order, deferral, levels, rejection, what does not settle."""

from collections.abc import Iterable, Iterator

from dockopt.config import Settings
from dockopt.engine.ledger import FateKind
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.fixes import Aspect, Evidence, Fix, Level, Phase, Strength, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.text.edits import Edit
from dockopt.text.source import Span

TEXT = "FROM debian:12\n# above\nRUN a\nRUN b\n"
PROVEN = (Evidence("it is so", Strength.PROVEN),)


def replacing(
    name: str,
    old: str,
    new: str,
    evidence: tuple[Evidence, ...] = PROVEN,
    *,
    may_change: Iterable[Aspect] = tuple(Aspect),
    opt_in: str = "",
) -> Transform:
    """A transform that replaces every occurrence of a text, a fix each."""

    def apply(file: Dockerfile) -> Iterator[Fix]:
        at = file.text.find(old)
        while at >= 0:
            edit = Edit(Span(at, at + len(old)), new)
            yield Fix(f"{old.strip()} to {new.strip()}", (edit,), evidence, opt_in=opt_in)
            at = file.text.find(old, at + 1)

    return Transform(name, apply, Phase.COMMANDS, frozenset(may_change), (), "")


def kinds(outcome: Outcome) -> list[tuple[str, str]]:
    return [(fate.fix.title, fate.kind.value) for fate in outcome.fates]


def test_every_fix_is_applied_and_numbered() -> None:
    outcome = optimize(TEXT, transforms=[replacing("x", "RUN ", "RUN  ")])
    assert not outcome.settled
    outcome = optimize(TEXT, transforms=[replacing("one", "RUN a", "RUN c"), replacing("two", "RUN b", "RUN d")])
    assert outcome.after == "FROM debian:12\n# above\nRUN c\nRUN d\n"
    assert [(fate.number, fate.transform.name) for fate in outcome.applied] == [(1, "one"), (2, "two")]
    assert outcome.settled
    assert outcome.changed


def test_texts_before_and_after_each_fix_form_a_chain() -> None:
    outcome = optimize(TEXT, transforms=[replacing("one", "RUN a", "RUN c"), replacing("two", "RUN b", "RUN d")])
    first, second = outcome.applied
    assert first.before == TEXT
    assert first.after == second.before == "FROM debian:12\n# above\nRUN c\nRUN b\n"
    assert second.after == outcome.after


def test_fixes_and_evidence_stay_at_their_lines_of_the_first_text() -> None:
    """Behind fixes of the same turn, of an earlier transform and of an earlier round."""
    text = "FROM debian:12\nRUN a\nENV A=1\nRUN b\nRUN a\nRUN b\n"

    def about_b(file: Dockerfile) -> Iterator[Fix]:
        for run in file.runs:
            if run.text == "b":
                edit = Edit(Span(run.node.span.start, run.node.span.start), "RUN d\n\n")
                where = (Evidence("b follows", Strength.PROVEN, run.node.span),)
                yield Fix("d before b", (edit,), where, span=run.node.span)

    growing = Transform("grow", about_b, Phase.COMMANDS, frozenset(Aspect), (), "")
    outcome = optimize(text, Settings(rounds=2), transforms=[replacing("long", "RUN a", "RUN a\nRUN c"), growing])
    lines = text.splitlines()
    found = [fate for fate in outcome.applied if fate.transform is growing]
    assert [lines[text.count("\n", 0, fate.start)] for fate in found] == ["RUN b"] * 4
    assert [lines[text.count("\n", 0, fate.places[0] or 0)] for fate in found] == ["RUN b"] * 4
    assert [text.count("\n", 0, fate.start) + 1 for fate in found] == [4, 6, 4, 6]


def test_transforms_that_undo_each_other_do_not_settle() -> None:
    outcome = optimize(TEXT, transforms=[replacing("one", "RUN a", "RUN c"), replacing("two", "RUN c", "RUN a")])
    assert not outcome.settled


def test_clashing_fixes_wait_a_round() -> None:
    def apply(file: Dockerfile) -> Iterator[Fix]:
        at = file.text.find("RUN a")
        if at >= 0:
            yield Fix("first", (Edit(Span(at, at + 5), "RUN cc"),), PROVEN)
            yield Fix("second", (Edit(Span(at + 4, at + 5), "b"),), PROVEN)

    transform = Transform("x", apply, Phase.COMMANDS, frozenset(Aspect), (), "")
    outcome = optimize(TEXT, transforms=[transform])
    assert outcome.after == TEXT.replace("RUN a", "RUN cc")
    assert [fate.fix.title for fate in outcome.applied] == ["first"]


def test_level_of_the_weakest_evidence_decides() -> None:
    weak = (*PROVEN, Evidence("hoped", Strength.ASSUMED))
    transform = replacing("x", "RUN a", "RUN c", weak)
    assert kinds(optimize(TEXT, transforms=[transform])) == [("RUN a to RUN c", "withheld")]
    assert optimize(TEXT, Settings(level=Level.AGGRESSIVE), transforms=[transform]).changed


def test_no_evidence_is_advice_at_every_level() -> None:
    outcome = optimize(TEXT, Settings(level=Level.AGGRESSIVE), transforms=[replacing("x", "RUN a", "RUN c", ())])
    assert [(fate.kind, fate.reason) for fate in outcome.fates] == [(FateKind.WITHHELD, "advice only")]
    assert not outcome.changed


def test_opt_in_needs_its_setting() -> None:
    transform = replacing("x", "RUN a", "RUN c", opt_in="few-layers")
    outcome = optimize(TEXT, transforms=[transform])
    assert [fate.flag for fate in outcome.fates] == ["--few-layers"]
    assert optimize(TEXT, Settings(few_layers=True), transforms=[transform]).changed


def test_a_fix_the_guard_objects_to_is_dropped_alone() -> None:
    transform = replacing("x", "RUN ", "RUN e", may_change=())
    outcome = optimize(TEXT, transforms=[transform])
    assert [fate.kind for fate in outcome.fates] == [FateKind.REJECTED, FateKind.REJECTED]
    assert outcome.after == TEXT

    def apply(file: Dockerfile) -> Iterator[Fix]:
        for old, new in (("# above\n", ""), ("RUN b", "RUN   b")):
            at = file.text.find(old)
            if at >= 0:
                yield Fix(old.strip(), (Edit(Span(at, at + len(old)), new),), PROVEN)

    mixed = Transform("y", apply, Phase.COMMANDS, frozenset(), (), "")
    outcome = optimize(TEXT, transforms=[mixed])
    assert outcome.after == TEXT.replace("RUN b", "RUN   b")
    assert kinds(outcome) == [("RUN b", "applied"), ("# above", "rejected")]
    assert outcome.fates[-1].reason == "a comment would be lost: # above"


def test_rejected_where_the_result_does_not_parse() -> None:
    outcome = optimize(TEXT, transforms=[replacing("x", "RUN a", "FETCH a")])
    assert outcome.after == TEXT
    assert outcome.fates[0].reason.startswith("the result would not parse: line 3: unknown instruction")


def test_only_as_many_as_asked_for() -> None:
    outcome = optimize(
        "FROM debian:12\nRUN a\nRUN a\n", Settings(max_fixes=1), transforms=[replacing("x", "RUN a", "RUN c")]
    )
    assert outcome.after == "FROM debian:12\nRUN c\nRUN a\n"
    assert [(fate.kind, fate.reason) for fate in outcome.fates[1:]] == [(FateKind.WITHHELD, "--max-fixes reached")]


def test_selected_and_ignored_transforms() -> None:
    pair = [replacing("one", "RUN a", "RUN c"), replacing("two", "RUN b", "RUN d")]
    assert optimize(TEXT, Settings(select=frozenset({"two"})), transforms=pair).after == TEXT.replace("RUN b", "RUN d")
    assert optimize(TEXT, Settings(ignore=frozenset({"two"})), transforms=pair).after == TEXT.replace("RUN a", "RUN c")


def test_refused_files_are_not_read_further() -> None:
    def apply(_: Dockerfile) -> Iterator[Fix]:
        raise AssertionError

    outcome = optimize(
        "FROM debian:12\nFETCH a\n", transforms=[Transform("x", apply, Phase.COMMANDS, frozenset(), (), "")]
    )
    assert outcome.refusal is not None
    assert outcome.refusal[0] == 2
    assert outcome.after == outcome.before


def test_places_are_those_of_the_first_text() -> None:
    longer = replacing("one", "RUN a", "RUN a long command")
    outcome = optimize(TEXT, Settings(rounds=1), transforms=[longer, replacing("two", "RUN b", "RUN d")])
    second = outcome.applied[-1]
    assert TEXT[second.start : second.end] == "RUN b"
