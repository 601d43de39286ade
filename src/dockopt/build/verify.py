"""Prove a rewrite with real builds: the original and the rewritten file built, compared, and asked the same questions.

Where the rewritten file fails, the numbered fixes are halved until the one that broke it is found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple

from dockopt.batch.results import Result
from dockopt.build.behaviour import Answer, failures, steady
from dockopt.build.claims import Claims
from dockopt.build.differences import ChangeKind, Differences, Noise, compare
from dockopt.build.image import Image
from dockopt.build.judgement import objections
from dockopt.build.owners import Group, grouped, owners
from dockopt.build.trials import Trial, Workbench
from dockopt.engine.ledger import Fate
from dockopt.engine.pipeline import together
from dockopt.fixes import Aspect, FileChange
from dockopt.model.dockerfile import Dockerfile


class Verdict(Enum):
    VERIFIED = "verified"
    UNCHANGED = "unchanged"
    """There is nothing to verify: dockopt leaves the file as it is."""
    BROKEN = "broken"
    NOT_JUDGED = "not judged"
    """The original itself fails, or the file is not rewritten for another reason."""


class Measured(NamedTuple):
    """One built image: its layers, what it answered, and how long the build took."""

    image: Image
    answers: tuple[Answer, ...]
    seconds: float


@dataclass(frozen=True)
class Verification:
    """What came of one file. `saves` are measured bytes by number of the fix; `culprit` is the fix that broke it."""

    result: Result
    verdict: Verdict
    objections: tuple[str, ...] = ()
    log: str = ""
    culprit: Fate | None = None
    before: Measured | None = None
    after: Measured | None = None
    differences: Differences | None = None
    vanished: tuple[Group, ...] = ()
    noise: int | None = None
    """Bytes by which two builds of the original differ, None where it was built once."""
    saves: dict[int, int] = field(default_factory=dict)
    unasked: str = ""
    """Why no container was started, "" where one was."""

    @property
    def reason(self) -> str:
        return self.objections[0] if self.objections else ""


class Wishes(NamedTuple):
    """What else to find out: the noise between two builds of the original, and what each fix saves by itself."""

    noise: bool = False
    each_fix: bool = True
    tell: Callable[[str], None] = lambda _: None


def verify(result: Result, bench: Workbench, wishes: Wishes | None = None) -> Verification:
    """Judge one rewritten file.

    Raises:
        BuildError: the engine fails.
    """
    if result.outcome is None or result.outcome.refusal is not None:
        return Verification(result, Verdict.NOT_JUDGED, (result.reason,))
    found = _Judge(result, bench, wishes or Wishes()).verdict()
    if bench.engine.starts_containers:
        return found
    return replace(found, unasked=f"{bench.engine.name} starts no containers: only commands were asked")


@dataclass
class _Judge:
    result: Result
    bench: Workbench
    wishes: Wishes
    noisy: Noise | None = None
    noise: int | None = None
    reliable: tuple[Answer, ...] | None = None

    def verdict(self) -> Verification:
        assert self.result.outcome
        first = self.build("the original", self.result.outcome.before)
        if first.problem:
            return self.not_judged(f"the original {first.problem}", first)
        answers = self.bench.answers(first)
        failing = next((one for one in answers if not one.good and one.question != "start"), None)
        if failing:
            return self.not_judged(f"the original fails {failing.question}: {failing.value} {failing.detail}".strip())
        if self.wishes.noise:
            self.learn_noise(first)
        if not self.result.changed:
            (image,) = self.bench.read(first)
            done = Measured(image, answers, first.seconds)
            return Verification(self.result, Verdict.UNCHANGED, before=done, after=done, noise=self.noise)
        return self.compared(first)

    def compared(self, first: Trial) -> Verification:
        assert self.result.outcome
        fates = self.result.applied
        last = self.rewritten("the rewritten file", self.result.outcome.after, ignore_of(self.result.others))
        found = self.against(first, last, fates)
        if found:
            return self.broken(first, last, found)
        before, after = self.bench.read(first, last)
        differences = compare(before, after, self.noisy or frozenset())
        return Verification(
            self.result,
            Verdict.VERIFIED,
            before=self.measured(first),
            after=self.measured(last),
            differences=differences,
            vanished=grouped(differences.of(ChangeKind.REMOVED), owners(before)),
            noise=self.noise,
            saves=self.each_fix(first, last) if self.wishes.each_fix else {},
        )

    def broken(self, first: Trial, last: Trial, found: tuple[str, ...]) -> Verification:
        culprit = self.culprit(first)
        after = None if last.problem else self.measured(last)
        before = self.measured(first)
        return Verification(self.result, Verdict.BROKEN, found, last.log, culprit, before, after, noise=self.noise)

    def measured(self, trial: Trial) -> Measured:
        (image,) = self.bench.read(trial)
        return Measured(image, self.bench.answers(trial), trial.seconds)

    def not_judged(self, reason: str, trial: Trial | None = None) -> Verification:
        return Verification(self.result, Verdict.NOT_JUDGED, (reason,), trial.log if trial else "")

    def build(self, name: str, text: str, *, anew: bool = False, ignore: str | None = None) -> Trial:
        self.wishes.tell(f"building {name}")
        return self.bench.trial(text, anew=anew, ignore=ignore)

    def rewritten(self, name: str, text: str, ignore: str | None = None) -> Trial:
        """A text that ought to build, tried again where it does not."""
        trial = self.build(name, text, ignore=ignore)
        return self.bench.retried(text, ignore) if trial.problem and not trial.late else trial

    def against(self, first: Trial, other: Trial, fates: Sequence[Fate]) -> tuple[str, ...]:
        """What speaks against an image that these fixes led to."""
        if other.problem:
            return (f"the rewritten file {other.problem}",)
        told = tuple(failures(self.steady(first), self.bench.answers(other)))
        if told:
            again = self.bench.ask(other)
            told = tuple(failures(self.steady(first), again))
        return told or self.unaccounted(first, other, fates)

    def steady(self, first: Trial) -> tuple[Answer, ...]:
        """The original's answers, asked twice to know which of them can be relied upon."""
        if self.reliable is None:
            self.reliable = steady(self.bench.answers(first), self.bench.ask(first))
        return self.reliable

    def unaccounted(self, first: Trial, other: Trial, fates: Sequence[Fate]) -> tuple[str, ...]:
        """Differences that the fixes do not declare; the original is built once more before content is held against
        them.
        """
        assert self.result.outcome
        before, after = self.bench.read(first, other)
        aspects = frozenset[Aspect]().union(*(fate.transform.may_change for fate in fates))
        original = Dockerfile.parse(self.result.outcome.before)
        leaves = tuple(fate.fix.leaves for fate in fates if fate.fix.leaves)
        claims = Claims(aspects, original, self.bench.plan.options.target, leaves)
        found = objections(before, after, compare(before, after, self.noisy or frozenset()), claims)
        if found and self.noisy is None:
            self.learn_noise(first)
            found = objections(before, after, compare(before, after, self.noisy or frozenset()), claims)
        return found

    def learn_noise(self, first: Trial) -> None:
        """Build the original anew, and remember what differs."""
        assert self.result.outcome
        self.noisy = frozenset()
        again = self.build("the original once more", self.result.outcome.before, anew=True)
        if again.problem:
            return
        before, other = self.bench.read(first, again)
        self.noise = abs(before.size - other.size)
        self.noisy = frozenset((change.path, change.kind) for change in compare(before, other).files)

    def culprit(self, first: Trial) -> Fate | None:
        """The first fix after which there is something to object to: halves the way to it."""
        fates = self.result.applied
        good, bad = 0, len(fates)
        while bad - good > 1:
            middle = (good + bad) // 2
            fate = fates[middle - 1]
            trial = self.rewritten(f"the file after {middle} of {len(fates)} fixes", fate.after, ignore_after(fate))
            if self.against(first, trial, fates[:middle]):
                bad = middle
            else:
                good = middle
        return fates[bad - 1] if fates else None

    def each_fix(self, first: Trial, last: Trial) -> dict[int, int]:
        """Measured bytes that each fix saves by itself, for those whose text builds."""
        fates = self.result.applied
        trials = [first]
        trials += [
            self.build(f"the file after fix {fate.number} of {len(fates)}", fate.after, ignore=ignore_after(fate))
            for fate in fates[:-1]
        ]
        trials.append(last)
        sizes = {trial.tag: self.bench.engine.size(trial.tag) for trial in trials if not trial.problem}
        pairs = zip(fates, trials[:-1], trials[1:], strict=True)
        return {
            fate.number: sizes[before.tag] - sizes[after.tag]
            for fate, before, after in pairs
            if before.tag in sizes and after.tag in sizes
        }


def ignore_after(fate: Fate) -> str | None:
    """The text of the ignore file once a fix is applied, None where nothing changed it."""
    return ignore_of(together(fate.others, fate.fix.others))


def ignore_of(others: tuple[FileChange, ...]) -> str | None:
    """The text of the ignore file among other files that changed."""
    return next((change.after for change in others), None)
