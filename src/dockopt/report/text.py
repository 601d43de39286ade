"""Results for people: what was done and why, the diff, and what it saves. Calm where there is nothing to say."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.batch.results import ImageSize, LayerSize, Result, Status
from dockopt.batch.said import Pieces
from dockopt.engine.ledger import Fate, FateKind
from dockopt.fixes import Level, Strength
from dockopt.report.costs import costs
from dockopt.report.diff import coloured
from dockopt.report.evidence import way_out, weakest
from dockopt.report.screen import Screen, Style
from dockopt.report.sizes import WORTH_SAYING, bar, human, percent, spread
from dockopt.report.summary import Summary
from dockopt.report.tables import tables
from dockopt.report.wording import count, problem, saved, shortened, wrap

LEVEL_STYLES = {Level.SAFE: "green", Level.STANDARD: "cyan", Level.AGGRESSIVE: "magenta", Level.ADVICE: "dim"}
BAR_WIDTH = 24
LAYERS_SHOWN = 12
INDENT = "     "
PLEASE = "please report this file"
SCREEN, ERRORS, DIFFS = "screen", "errors", "diffs"
"""Names of the streams of a report."""
WORTH_A_TABLE = 5
"""Changed files from which on figures by transform and folder say more than the files themselves."""


class TextLook(NamedTuple):
    """All that the words for a file depend on beside the file. `diffs` is None to leave diffs out.

    `together` is whether the diff is seen next to the rest. `destination` is where the rewritten text was put, "" for
    the file itself.
    """

    style: Style
    errors: Style
    diffs: Style | None = None
    together: bool = True
    dry: bool = False
    several: bool = False
    destination: str = ""

    def __call__(self, result: Result) -> Pieces:
        """What is written of a file, each piece with the stream that it goes to."""
        if result.status in (Status.ERROR, Status.REFUSED):
            return ((ERRORS, problem(result, self.errors) + "\n"),)
        others = [fate for fate in result.fates if fate.kind is not FateKind.APPLIED]
        if not result.changed and self.several and not others:
            return ()
        diff = self.diffs is not None and result.changed
        first = [*self._fates(result, others), *([""] if diff and self.together else [])]
        pieces = [(SCREEN, "".join(f"{line}\n" for line in first))]
        if diff and self.diffs is not None:
            pieces.append((DIFFS, coloured(result.diff, self.diffs)))
        rest = list(self._figures(result))
        if result.outcome and result.outcome.settled:
            rest.append("")
        pieces.append((SCREEN, "".join(f"{line}\n" for line in rest)))
        if not result.outcome or not result.outcome.settled:
            pieces.append((ERRORS, f"{result.path}: did not settle, which is a bug in dockopt; {PLEASE}\n"))
            pieces.append((SCREEN, "\n"))
        return tuple(piece for piece in pieces if piece[1])

    def _fates(self, result: Result, others: list[Fate]) -> Iterator[str]:
        yield self._heading(result)
        for fate in result.applied:
            yield from self._fix(result, fate)
        if others:
            yield ""
        for alike in groups(others):
            yield self._others(result, alike)

    def _figures(self, result: Result) -> Iterator[str]:
        if result.sizes is not None and result.changed:
            yield from self._sizes(result.sizes.before, result.sizes.after)
            for line in costs(result.sizes):
                yield f"  {line}"
        if result.measured is not None:
            yield self._measured(*result.measured)

    def _heading(self, result: Result) -> str:
        path = self.style.paint(result.path, "bold")
        done = count(len(result.applied), "fix") + (" would be applied" if self.dry else " applied")
        written = f", written to {self.destination}" if self.destination else ""
        return f"{path}: {done if result.changed else 'nothing to change'}{written}"

    def _fix(self, result: Result, fate: Fate) -> Iterator[str]:
        paint = self.style.paint
        saves = result.saves(fate)
        level = paint(fate.fix.level.label, LEVEL_STYLES[fate.fix.level])
        about = [fate.transform.label, level, f"line {result.start(fate).line}"]
        about += [saved(saves.expected)] if saves and abs(saves.expected) >= WORTH_SAYING else []
        yield ""
        yield f"{fate.number:3d}  {paint(self._wrapped(fate.fix.title), 'bold')}"
        yield INDENT + paint(" · " if self.style.unicode else ", ", "dim").join(about)
        reason = weakest(fate)
        if reason is not None:
            trust = f" ({reason.strength.label})" if reason.strength >= Strength.INFERRED else ""
            yield INDENT + paint(self._wrapped(reason.claim + trust), "dim")

    def _wrapped(self, text: str) -> str:
        return wrap(text, self.style.width - len(INDENT), INDENT)

    def _others(self, result: Result, fates: list[Fate]) -> str:
        """Fixes that were not applied, alike but for their place, in one line with the way out."""
        fate = fates[0]
        first, *more = sorted({result.start(fate).line for fate in fates})
        place = self.style.paint(f"{result.path}:{first}", "dim")
        also = f"; also line{'s' if len(more) > 1 else ''} {', '.join(map(str, more))}" if more else ""
        if fate.kind is FateKind.WITHHELD and fate.fix.level is Level.ADVICE:
            return f"{place}: advice from {fate.transform.label}: {fate.fix.title}{also}"
        what = f"{place}: {fate.kind.value} {fate.transform.label} ({fate.fix.title}{also})"
        flag = way_out(fate)
        if not flag:
            return f"{what}; {fate.reason}"
        what += f"; a higher {flag}" if flag == "--max-fixes" else f"; {flag}"
        them = "it" if len(fates) == 1 else "them"
        amount = sum(saves.expected for saves in map(result.saves, fates) if saves)
        return f"{what} applies {them}" + (f" and saves {human(amount)}" if amount >= WORTH_SAYING else "")

    def _sizes(self, before: ImageSize, after: ImageSize) -> Iterator[str]:
        paint = self.style.paint
        yield ""
        if before.size == after.size:
            yield f"  size   {spread(*after.size)}, unchanged"
            return
        largest = max((layer.size.expected for image in (before, after) for layer in image.layers), default=0)
        less = percent(before.size.expected, after.size.expected)
        yield f"  before  {paint(spread(*before.size), 'bold')}"
        yield from self._layers(before, largest, "yellow")
        yield f"  after   {paint(spread(*after.size), 'bold')}{', ' + less if less else ''}"
        yield from self._layers(after, largest, "green")

    def _measured(self, before: int, after: int) -> str:
        verified = self.style.paint("verified", "green", "bold")
        less = percent(before, after)
        return f"  {verified}  built and compared: {human(before)} to {human(after)}{less and ', ' + less}"

    def _layers(self, image: ImageSize, largest: int, style: str) -> Iterator[str]:
        layers = [layer for layer in image.layers if layer.size.expected >= WORTH_SAYING]
        kept = sorted(layers, key=lambda layer: -layer.size.expected)[:LAYERS_SHOWN]
        for layer in layers:
            if layer in kept:
                yield self._layer(layer, largest, style)
        rest = sum(layer.size.expected for layer in layers if layer not in kept)
        if rest:
            yield f"{'':{BAR_WIDTH + 8}}{human(rest):>9}  in {len(layers) - len(kept)} smaller layers"

    def _layer(self, layer: LayerSize, largest: int, style: str) -> str:
        drawn = bar(layer.size.expected, largest, BAR_WIDTH, unicode=self.style.unicode)
        left = f"{layer.line:5d}  {self.style.paint(drawn, style)}{'':{BAR_WIDTH - len(drawn)}}"
        room = self.style.width - BAR_WIDTH - 20
        return f"{left} {human(layer.size.expected):>9}  {shortened(layer.instruction, room)}"


class TextReport:
    """Writes each file as it comes. `diffs` is where diffs go, None to leave them out; `errors` takes bad news."""

    def __init__(
        self,
        screen: Screen,
        errors: Screen,
        diffs: Screen | None,
        *,
        dry: bool = False,
        several: bool = False,
        destination: str = "",
    ) -> None:
        self.screen = screen
        self.streams = {SCREEN: screen, ERRORS: errors, DIFFS: diffs or screen}
        together = diffs is not None and (diffs.terminal or diffs.stream is screen.stream)
        styles = screen.style, errors.style, diffs.style if diffs is not None else None
        self.look = TextLook(*styles, together, dry, several, destination)

    def add(self, result: Result) -> None:
        self.put(self.look(result))

    def put(self, pieces: Pieces) -> None:
        """Write what the look made of a result."""
        for stream, text in pieces:
            self.streams[stream].write(text)

    def finish(self, summary: Summary) -> None:
        if summary.files < 2:
            return
        verb = "would change" if self.look.dry else "changed"
        parts = [f"{summary.changed} of {count(summary.files, 'file')} {verb}"]
        parts += [f"{summary.refused} refused"] if summary.refused else []
        parts += [count(summary.errors, "error")] if summary.errors else []
        total = f"; {saved(summary.saves.expected)} in all" if summary.saves.expected else ""
        self.screen.line(", ".join(parts) + total)
        if summary.changed >= WORTH_A_TABLE:
            for line in tables(summary.totals):
                self.screen.line(line)


def groups(fates: list[Fate]) -> list[list[Fate]]:
    """Fates of fixes that differ in nothing but their place, in the order of the file."""
    found: dict[tuple[str, ...], list[Fate]] = {}
    for fate in sorted(fates, key=lambda fate: fate.start):
        key = (fate.kind.value, fate.transform.name, fate.fix.title, way_out(fate), fate.reason)
        found.setdefault(key, []).append(fate)
    return list(found.values())
