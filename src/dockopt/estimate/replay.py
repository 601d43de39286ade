"""An instruction whose outcome is known adds the same to another image in which all that it looks at is alike."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from dockopt.context.tree import Context
from dockopt.estimate.contents import Contents, Query, Settings
from dockopt.estimate.contributions import Piece
from dockopt.model.instructions import Copy, Run, Step

MOST = 4
"""Outcomes that are kept of an instruction in its state."""


class Outcome(NamedTuple):
    """What an instruction found where it looked, what it added, and what it left."""

    context: Context | None
    image: object
    names: frozenset[str]
    before: Settings
    answers: tuple[tuple[Query, list[Piece]], ...]
    layer: Any
    after: Settings
    changed: dict[int, Piece | None]
    """Pieces by their identity that are replaced, or gone; all are among the answers, which keep them alive."""
    added: list[Piece]

    def holds(self, context: Context | None, contents: Contents) -> bool:
        if context is not self.context or contents.image is not self.image:
            return False
        settings = contents.settings
        if settings is not self.before and any(
            getattr(settings, name) != getattr(self.before, name) for name in self.names
        ):
            return False
        return all(_same(query(contents.pieces), answer) for query, answer in self.answers)

    def replayed(self, contents: Contents) -> Contents:
        """What the image holds after the instruction."""
        new = contents.copy()
        if self.after is not self.before:
            values = {name: getattr(self.after, name) for name in self.names}
            new.settings = contents.settings._replace(**values)
        if self.changed:
            left = (self.changed.get(id(piece), piece) for piece in contents.pieces)
            new.pieces = [piece for piece in left if piece is not None]
        new.pieces += self.added
        return new


def depends_on_stages(step: Step) -> bool:
    """Whether an instruction reads other stages."""
    if isinstance(step, Copy):
        return step.from_ is not None
    return isinstance(step, Run) and step.has_mount and any("from" in mount for mount in step.mounts)


def known(step: Step, context: Context | None, contents: Contents) -> Outcome | None:
    """The outcome of the same instruction in an image in which all that it looks at is the same."""
    return next((one for one in step.kept.get(known, ()) if one.holds(context, contents)), None)


def keep(step: Step, context: Context | None, before: Contents, after: Contents, layer: object) -> None:
    """Remember what came of an instruction that was traced."""
    trace = after.trace
    after.trace = None
    effect = _effect(before.pieces, after.pieces)
    if trace is None or effect is None:
        return
    answers = tuple((query, query(before.pieces)) for query in trace.queries)
    outcome = Outcome(
        context, before.image, frozenset(trace.names), before.settings, answers, layer, after.settings, *effect
    )
    outcomes = step.kept.setdefault(known, [])
    outcomes.append(outcome)
    del outcomes[:-MOST]


def _same(found: list[Piece], answer: list[Piece]) -> bool:
    return len(found) == len(answer) and all(one is other for one, other in zip(found, answer, strict=True))


def _is_rest(new: Piece, old: Piece) -> bool:
    """Whether a piece is what is left of another one, and none that came in its stead."""
    if new.files is None or old.files is None or new.key != old.key or new.path != old.path:
        return False
    return len(new.files) < len(old.files)


def _effect(before: Iterable[Piece], after: list[Piece]) -> tuple[dict[int, Piece | None], list[Piece]] | None:
    """What became of pieces, and which came behind them; None where they are no longer in the same order."""
    changed: dict[int, Piece | None] = {}
    at = 0
    for piece in before:
        new = after[at] if at < len(after) else None
        if new is piece:
            at += 1
        elif new is not None and _is_rest(new, piece):
            changed[id(piece)] = new
            at += 1
        elif id(piece) in changed:
            return None  # the same piece twice, and not the same becomes of it
        else:
            changed[id(piece)] = None
    added = after[at:]
    there = set(map(id, before))
    return None if any(id(piece) in there for piece in added) else (changed, added)
