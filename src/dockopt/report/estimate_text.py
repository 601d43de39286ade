"""The figures of one image for people: a table of its layers, the totals, and what a change of the source costs."""

from dockopt.estimate.figures import ImageFigures, LayerFigures
from dockopt.estimate.rebuild import Rebuild
from dockopt.report.screen import Screen
from dockopt.report.sizes import bar, human, spread
from dockopt.report.times import duration, time_spread
from dockopt.report.wording import shortened

BAR_WIDTH = 16
WORTH_SAYING = 10_000
"""Bytes: layers below are summed up in one line."""
RERUNS_SHOWN = 8


def render(path: str, figures: ImageFigures, screen: Screen) -> None:
    """Print the figures."""
    screen.line(f"{screen.paint(path, 'bold')}: {screen.paint(spread(*figures.size), 'bold')} on disk")
    screen.line()
    screen.line(screen.paint(f" line  {'':{BAR_WIDTH}} {'size':>9} {'pull':>9}  instruction", "dim"))
    shown = [
        layer for layer in figures.layers if layer.size.expected >= WORTH_SAYING or layer.size.high > 100 * WORTH_SAYING
    ]
    largest = max((layer.size.expected for layer in shown), default=0)
    for layer in shown:
        _layer(layer, largest, screen)
    rest = [layer for layer in figures.layers if layer not in shown and layer.size.expected]
    if rest:
        size = sum(layer.size.expected for layer in rest)
        screen.line(f"{'':{BAR_WIDTH + 8}}{human(size):>9}  in {len(rest)} smaller layer{'s' if len(rest) > 1 else ''}")
    screen.line()
    screen.line(f"  size     {spread(*figures.size)} of layers, uncompressed")
    screen.line(f"  pull     {spread(*figures.pull)} from a registry, compressed")
    _rebuild(figures.rebuild, screen)


def _layer(layer: LayerFigures, largest: int, screen: Screen) -> None:
    drawn = bar(layer.size.expected, largest, BAR_WIDTH, unicode=screen.unicode)
    left = f"{layer.line:5d}  {screen.paint(drawn, 'yellow')}{'':{BAR_WIDTH - len(drawn)}}"
    room = screen.width - BAR_WIDTH - 30
    sizes = f"{human(layer.size.expected):>9} {human(layer.pull.expected):>9}"
    screen.line(f"{left} {sizes}  {shortened(layer.instruction, room)}")
    indent = " " * (BAR_WIDTH + 9)
    about = (
        f"{spread(*layer.size)}: {layer.basis}" if spread(*layer.size) != human(layer.size.expected) else layer.basis
    )
    if about:
        screen.line(indent + screen.paint(shortened(about, screen.width - len(indent)), "dim"))


def _rebuild(rebuild: Rebuild, screen: Screen) -> None:
    if not rebuild.changed:
        screen.line("  rebuild  nothing runs again after a change of a source file: none is copied")
        return
    time = time_spread(*rebuild.milliseconds)
    screen.line(f"  rebuild  {time} and {human(rebuild.pushed.expected)} pushed after a change of {rebuild.changed}")
    for rerun in sorted(rebuild.reruns, key=lambda one: -one.milliseconds.expected)[:RERUNS_SHOWN]:
        took = duration(rerun.milliseconds.expected)
        screen.line(f"{rerun.line:5d}  {took:>8}  {shortened(rerun.instruction, screen.width - 20)}")
