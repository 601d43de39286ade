"""The transforms for people and machines: lists with levels, and the documentation page of one."""

from collections.abc import Iterable, Iterator

from dockopt.config import Settings
from dockopt.context.tree import MemoryContext
from dockopt.engine.pipeline import optimize
from dockopt.fixes import Example, Level, Purpose, Transform
from dockopt.report.screen import Screen
from dockopt.report.wording import wrap

STYLE_ONLY = ", only with `--preset style` or by name"


def levels(transform: Transform) -> tuple[Level, ...]:
    """The levels of the fixes that a transform proposes for its own examples, lowest first."""
    found = {level for example in transform.examples for level in _levels(transform, example)}
    return tuple(sorted(found))


def level_words(transform: Transform) -> str:
    """The levels in words; advice is none that one could ask for."""
    return f"{_level_words(transform)}{STYLE_ONLY if transform.purpose is Purpose.STYLE else ''}"


def _level_words(transform: Transform) -> str:
    *others, last = [level.label for level in levels(transform) if level is not Level.ADVICE] or ["advice"]
    return f"{', '.join(others)} or {last}, by the evidence" if others else last


def lowest_level(transform: Transform) -> str:
    """The level from which the transform applies fixes; "style" where it needs that preset."""
    if transform.purpose is Purpose.STYLE:
        return "style"
    return next((level.label for level in levels(transform)), "")


def as_text(transforms: Iterable[Transform], screen: Screen) -> None:
    """A table: name, lowest level, one line."""
    rows = [(transform.label, lowest_level(transform), transform.summary) for transform in transforms]
    name_width = max((len(row[0]) for row in rows), default=0)
    level_width = max((len(row[1]) for row in rows), default=0)
    left = name_width + level_width + 4
    for name, level, summary in rows:
        text = wrap(summary, max(20, screen.width - left), " " * left)
        screen.line(f"{screen.paint(name, 'bold')}{'':{name_width - len(name)}}  {level:{level_width}}  {text}")


def as_json(transforms: Iterable[Transform], screen: Screen) -> None:
    from json import dumps  # noqa: PLC0415 - only for this format

    rows = [
        {
            "name": transform.label,
            "levels": [level.label for level in levels(transform)],
            "purpose": transform.purpose.value,
            "phase": transform.phase.name.lower(),
            "may_change": sorted(aspect.value for aspect in transform.may_change),
            "summary": transform.summary,
        }
        for transform in transforms
    ]
    screen.line(dumps({"schema": 1, "transforms": rows}, indent=2))


def page(transform: Transform) -> Iterator[str]:
    """The documentation of one transform in Markdown, line by line."""
    yield f"# {transform.label}"
    yield ""
    yield from transform.doc.strip().splitlines()
    yield ""
    yield f"Level: {level_words(transform)}. May change: {aspects(transform)}."
    yield from _chapter("Changes", [example for example in transform.examples if example.changes])
    yield from _chapter("Leaves alone", [example for example in transform.examples if not example.changes])


def aspects(transform: Transform) -> str:
    return ", ".join(sorted(aspect.value for aspect in transform.may_change)) or "nothing"


def _chapter(title: str, examples: list[Example]) -> Iterator[str]:
    if examples:
        yield from ("", f"## {title}")
    for example in examples:
        words = "; ".join(_conditions(example))
        yield from ("", f"{words[:1].upper()}{words[1:]}:", "") if words else ("",)
        yield from _diff(example) if example.changes else fenced(example.before, "dockerfile")


def _conditions(example: Example) -> Iterator[str]:
    """What a reader must know beside the text."""
    if example.because:
        yield f"because {example.because}"
    if example.context:
        names = ", ".join(f"`{name}`" for name in example.context)
        yield f"the build context holds {names}"
    if example.level is not Level.STANDARD:
        yield f"with `--level {example.level.label}`"


def _diff(example: Example) -> Iterator[str]:
    from dockopt.text.diff import unified_diff  # noqa: PLC0415 - only for this page

    if example.others:
        files = ((path, (example.context or {}).get(path), text) for path, text in example.others.items())
        diffs = "".join(unified_diff(before, after, path) for path, before, after in files)
        yield from fenced(f"{diffs}{unified_diff(example.before, example.after, 'Dockerfile')}", "diff")
        return
    whole = example.before.count("\n") + 1
    _, _, _, *lines = unified_diff(example.before, example.after, "Dockerfile", whole).split("\n")
    yield from fenced("\n".join(lines), "diff")


def fenced(text: str, language: str) -> Iterator[str]:
    yield f"```{language}"
    yield from text.rstrip("\n").split("\n")
    yield "```"


def _levels(transform: Transform, example: Example) -> Iterator[Level]:
    context = None if example.context is None else MemoryContext(example.context)
    outcome = optimize(
        example.before,
        Settings(level=Level.AGGRESSIVE, few_layers=True, buildkit=True, purposes=frozenset(Purpose)),
        context,
        [transform],
    )
    return (fate.fix.level for fate in outcome.fates)
