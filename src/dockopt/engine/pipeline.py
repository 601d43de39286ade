"""The loop: each transform in turn on the present text, fixes chosen and guarded, until a round changes nothing."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dockopt.config import Settings
from dockopt.context.tree import Context
from dockopt.engine import guard, suppress
from dockopt.engine.ledger import Fate, FateKind, Trace
from dockopt.engine.registry import transforms as all_transforms
from dockopt.engine.select import select
from dockopt.engine.vocabulary import concerns, vocabulary
from dockopt.fixes import FileChange, Fix, Level, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.text.edits import Edit, apply_edits


class Outcome(NamedTuple):
    """What a run did. `fates` lists applied fixes in order, then the others; `refusal` is line and reason.

    `settled` is false where transforms undo each other or the rounds ran out, which is a bug of ours.
    """

    before: str
    after: str
    fates: tuple[Fate, ...] = ()
    settled: bool = True
    refusal: tuple[int, str] | None = None
    others: tuple[FileChange, ...] = ()
    """Other files that change with the Dockerfile."""

    @property
    def changed(self) -> bool:
        return self.before != self.after or bool(self.others)

    @property
    def applied(self) -> tuple[Fate, ...]:
        return tuple(fate for fate in self.fates if fate.kind is FateKind.APPLIED)


def optimize(
    text: str,
    settings: Settings | None = None,
    context: Context | None = None,
    transforms: Iterable[Transform] | None = None,
) -> Outcome:
    """Rewrite a Dockerfile's text. Never raises for what the text holds."""
    settings = settings or Settings()
    chosen = all_transforms() if transforms is None else tuple(transforms)
    file = Dockerfile.parse(text, context, settings.targets)
    if file.refusal:
        return Outcome(text, text, refusal=file.refusal)
    run = _Run(settings, tuple(t for t in chosen if settings.wants(t.name, t.purpose)), file)
    return run.until_settled()


@dataclass
class _Run:
    settings: Settings
    transforms: tuple[Transform, ...]
    file: Dockerfile
    applied: list[Fate] = field(default_factory=list)
    others: list[Fate] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)
    changes: tuple[FileChange, ...] = ()
    asked: dict[str, tuple[Dockerfile, tuple[Fix, ...]]] = field(default_factory=dict)
    """What each transform last proposed, and for which snapshot."""

    @property
    def words(self) -> frozenset[str]:
        """What the present snapshot is made of, as transforms name it."""
        return self.file.facts(vocabulary)

    def until_settled(self) -> Outcome:
        before, seen = self.file.text, {(self.file.text, self.changes)}
        settled = False
        for _ in range(self.settings.rounds):
            count, self.others = len(self.applied), []
            for transform in self.transforms:
                if concerns(self.words, transform):
                    self.turn(transform)
            settled = len(self.applied) == count
            if settled or (self.file.text, self.changes) in seen:
                break
            seen.add((self.file.text, self.changes))
        return Outcome(before, self.file.text, (*self.applied, *self.others), settled, others=self.changes)

    def turn(self, transform: Transform) -> None:
        """Everything one transform proposes for the present text, chosen, guarded and applied."""
        wanted = [fix for fix in self.proposed(transform) if self.allows(transform, fix)]
        if not wanted:
            return
        now, later = select(wanted)
        for fix in later:
            self.put(transform, fix, FateKind.DEFERRED, "clashes with another fix; waits for the next round")
        self.commit(transform, now)

    def proposed(self, transform: Transform) -> tuple[Fix, ...]:
        """A transform's fixes for the present snapshot; who has seen it already is not asked again."""
        file, fixes = self.asked.get(transform.name, (None, ()))
        if file is not self.file:
            fixes = tuple(transform.apply(self.file))
            self.asked[transform.name] = self.file, fixes
        return fixes

    def allows(self, transform: Transform, fix: Fix) -> bool:
        """Whether a fix may be applied; where not, its fate is recorded."""
        if suppress.suppressed(self.file, transform, fix):
            self.put(transform, fix, FateKind.SUPPRESSED, "ignored by a comment in the file")
        elif fix.level is Level.ADVICE:
            self.put(transform, fix, FateKind.WITHHELD, "advice only")
        elif fix.level > self.settings.lowered(transform.name):
            lowered = self.settings.lowered(transform.name).label
            self.put(transform, fix, FateKind.SUPPRESSED, f"the configuration lets it go to {lowered} at most")
        elif fix.level > self.settings.level:
            self.put(transform, fix, FateKind.WITHHELD, f"{fix.level.label} level")
        elif not self.settings.grants(fix.opt_in):
            self.put(transform, fix, FateKind.WITHHELD, f"only with --{fix.opt_in}")
        elif reason := self.rejected(transform, fix):
            self.put(transform, fix, FateKind.REJECTED, reason)
        else:
            return True
        return False

    def rejected(self, transform: Transform, fix: Fix) -> str:
        """Why the settings reject a fix, "" where they do not."""
        if not self.settings.rejections:
            return ""
        return self.settings.rejects(transform.name, fix.title, self.trace.back(fix.where.start))

    def commit(self, transform: Transform, fixes: list[Fix]) -> None:
        """Apply fixes that do not clash; one that the guard objects to is dropped alone.

        Where there is no room for all, they are judged together all the same: a run that stops early stops among the
        fixes of one that does not.
        """
        origin, full = self.file, self.room == 0
        wanted, after = ([], origin) if full else (fixes, with_fixes(origin, fixes))
        if wanted and guard.objection(origin, after, transform):
            wanted, after = self.without_bad(transform, origin, wanted)
        for fix in fixes if full else wanted[self.room :]:
            self.put(transform, fix, FateKind.WITHHELD, "--max-fixes reached", origin.text)
        if len(wanted) > self.room:
            wanted = wanted[: self.room]
            after = with_fixes(origin, wanted)
        self.put_applied(transform, wanted, origin)
        self.file = after

    @property
    def room(self) -> int:
        """How many fixes may still be applied."""
        most = self.settings.max_fixes
        return sys.maxsize if most is None else most - len(self.applied)

    def without_bad(self, transform: Transform, origin: Dockerfile, fixes: list[Fix]) -> tuple[list[Fix], Dockerfile]:
        """The fixes that the guard lets pass one after the other, and the file with them applied."""
        taken: list[Fix] = []
        present = origin
        for fix in fixes:
            after = with_fixes(origin, [*taken, fix])
            objection = guard.objection(present, after, transform)
            if objection:
                self.put(transform, fix, FateKind.REJECTED, objection, origin.text)
            else:
                taken.append(fix)
                present = after
        return taken, present

    def put_applied(self, transform: Transform, fixes: list[Fix], origin: Dockerfile) -> None:
        """Record applied fixes, each with the text before and after it."""
        before = origin.text
        for count, fix in enumerate(fixes, 1):
            after = apply_edits(origin.text, edits_of(fixes[:count]))
            where = self.trace.back(fix.where.start), self.trace.back(fix.where.end)
            number = len(self.applied) + 1
            known = (*where, self.changes, self.trace.places(fix))
            self.applied.append(Fate(transform, fix, FateKind.APPLIED, "", number, before, after, *known))
            self.changes = together(self.changes, fix.others)
            before = after
        self.trace.add(tuple(edits_of(fixes)))

    def put(self, transform: Transform, fix: Fix, kind: FateKind, reason: str, text: str | None = None) -> None:
        text = self.file.text if text is None else text
        after = apply_edits(text, fix.edits) if fix.edits and kind is not FateKind.DEFERRED else text
        where = self.trace.back(fix.where.start), self.trace.back(fix.where.end)
        known = (*where, self.changes, self.trace.places(fix))
        self.others.append(Fate(transform, fix, kind, reason, 0, text, after, *known))


def edits_of(fixes: Iterable[Fix]) -> list[Edit]:
    return [edit for fix in fixes for edit in fix.edits]


def with_fixes(file: Dockerfile, fixes: Iterable[Fix]) -> Dockerfile:
    """The snapshot of a file with fixes applied that do not clash."""
    fixes = tuple(fixes)
    context = with_changes(file.context, [change for fix in fixes for change in fix.others])
    return Dockerfile.parse(apply_edits(file.text, edits_of(fixes)), context, file.targets, file)


def with_changes(context: Context | None, changes: Iterable[FileChange]) -> Context | None:
    """A context in which other files have changed."""
    for change in changes:
        context = context.with_ignore(change.after) if context else None
    return context


def together(first: tuple[FileChange, ...], then: tuple[FileChange, ...]) -> tuple[FileChange, ...]:
    """Changes of files one after the other, one for each file."""
    found = {change.path: change for change in first}
    for change in then:
        known = found.get(change.path, change)
        found[change.path] = FileChange(change.path, known.before, change.after)
    return tuple(found.values())
