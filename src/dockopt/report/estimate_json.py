"""The figures of one image as a JSON document, schema 1 (docs/json.md); seconds are decimal numbers, bytes whole."""

from typing import Any

from dockopt import __version__
from dockopt.estimate.figures import ImageFigures
from dockopt.estimate.rebuild import Rebuild
from dockopt.knowledge.ranges import Range
from dockopt.report.screen import Screen

SCHEMA = 1
Json = dict[str, Any]


def render(path: str, figures: ImageFigures, screen: Screen) -> None:
    """Print the document."""
    from json import dumps  # noqa: PLC0415 - only where JSON is wanted

    screen.line(dumps(document(path, figures), indent=2))


def document(path: str, figures: ImageFigures) -> Json:
    return {
        "schema": SCHEMA,
        "version": __version__,
        "path": path,
        "stage": figures.stage,
        "size": figures.size._asdict(),
        "pull": figures.pull._asdict(),
        "rebuild": rebuild(figures.rebuild),
        "layers": [
            {
                "line": layer.line,
                "instruction": layer.instruction,
                "size": layer.size._asdict(),
                "pull": layer.pull._asdict(),
                "basis": layer.basis,
            }
            for layer in figures.layers
        ],
    }


def rebuild(found: Rebuild) -> Json:
    return {
        "changed": found.changed or None,
        "seconds": seconds(found.milliseconds),
        "pushed": found.pushed._asdict(),
        "reruns": [
            {"line": rerun.line, "instruction": rerun.instruction, "seconds": seconds(rerun.milliseconds)}
            for rerun in found.reruns
        ],
        "basis": "; ".join(found.basis),
    }


def seconds(milliseconds: Range) -> Json:
    return {name: value / 1000 for name, value in milliseconds._asdict().items()}
