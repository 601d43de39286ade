"""All that must hold of one example of a transform: its exact result, alone, with all others, however it is spelt."""

from collections import Counter

from dockopt.config import Settings
from dockopt.context.tree import Context, MemoryContext
from dockopt.engine.observe import observe
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.fixes import Example, Purpose, Transform
from dockopt.model.dockerfile import Dockerfile
from tests import trivia
from tests.laws import broken


def check(transform: Transform, example: Example) -> None:
    """Every law on one example."""
    check_alone(transform, example)
    check_spellings(transform, example)
    check_beside_others(example)


def check_alone(transform: Transform, example: Example) -> None:
    """The exact result of the transform alone, and that every law holds of the run."""
    outcome = run(transform, example, example.before)
    assert outcome.refusal is None
    assert outcome.after == example.after
    assert {change.path: change.after for change in outcome.others} == dict(example.others)
    assert bool(outcome.applied) == example.changes
    assert example.changes or example.because.strip()
    assert list(broken(example.before, outcome, settings_of(example), context_of(example), [transform])) == []
    assert all(evidence.claim.strip() for fate in outcome.fates for evidence in fate.fix.evidence)


def check_spellings(transform: Transform, example: Example) -> None:
    """Newlines, a mark at the start, keyword case, blank lines, comments and continuations do not matter."""
    wanted = titles(run(transform, example, example.before))
    for respell in (*trivia.EXACT, *trivia.SAME_FIXES):
        before = respell(example.before)
        if before == example.before or (transform.purpose is Purpose.STYLE and respell in trivia.NOT_FOR_STYLE):
            continue
        outcome = run(transform, example, before)
        assert (respell.__name__, titles(outcome)) == (respell.__name__, wanted)
        if respell in trivia.EXACT:
            assert (respell.__name__, outcome.after) == (respell.__name__, respell(example.after))
        elif respell not in (trivia.continued, trivia.joined):
            after = Dockerfile.parse(outcome.after), Dockerfile.parse(example.after)
            assert (respell.__name__, observe(after[0])) == (respell.__name__, observe(after[1]))
        laws = broken(before, outcome, settings_of(example), context_of(example), [transform])
        assert (respell.__name__, list(laws)) == (respell.__name__, [])


def check_beside_others(example: Example) -> None:
    """With every transform on, every law holds, and what the transform alone improves is improved somehow."""
    outcome = optimize(example.before, settings_of(example), context_of(example))
    assert list(broken(example.before, outcome, settings_of(example), context_of(example))) == []
    if example.changes:
        assert outcome.applied


def run(transform: Transform, example: Example, text: str) -> Outcome:
    """One transform alone on a text, with the example's level and context."""
    return optimize(text, settings_of(example), context_of(example), [transform])


def settings_of(example: Example) -> Settings:
    return Settings(level=example.level, purposes=frozenset(Purpose))


def context_of(example: Example) -> Context | None:
    return None if example.context is None else MemoryContext(example.context)


def titles(outcome: Outcome) -> Counter[str]:
    """The applied fixes by what they do."""
    return Counter(fate.fix.title for fate in outcome.applied)
