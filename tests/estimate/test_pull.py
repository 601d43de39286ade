"""Compressed bytes by kind of content, against the ratios of real layers."""

import pytest

from dockopt.context.tree import MemoryContext
from dockopt.estimate.pull import pull
from dockopt.estimate.stages import Layer, Walk
from dockopt.knowledge.compression import KINDS, UNKNOWN
from dockopt.knowledge.images import describe
from dockopt.model.dockerfile import Dockerfile


def layers(text: str, files: dict[str, str] | None = None) -> tuple[Layer, ...]:
    context = MemoryContext(files) if files is not None else None
    file = Dockerfile.parse(text, context)
    return Walk(file, context).layers(file.final)


def share(text: str, files: dict[str, str] | None = None) -> float:
    """Of the last layer."""
    layer = layers(text, files)[-1]
    return pull(layer).expected / sum(piece.size.expected for piece in layer.pieces)


@pytest.mark.parametrize(
    ("instruction", "ratio"),
    [
        ("RUN apt-get install -y git && apt-get clean", 0.36),
        ("RUN apt-get update", 0.77),
        ("COPY app.py /", 0.22),
        ("COPY logo.png /", 0.97),
        ("COPY site.tar.gz /", 0.97),
        ("COPY lib.so /", 0.4),
        ("COPY program /", 0.4),
        ("COPY app.py logo.png /", (0.22 * 1000 + 0.97 * 3000) / 4000),
        ("COPY <<E /x\\n" + "x" * 999 + "\\nE", 0.22),
        ("RUN curl -O https://example.com/a.zip", 0.97),
        ("RUN curl -o /usr/bin/a https://example.com/a", 0.4),
    ],
)
def test_a_kind_has_its_ratio(instruction: str, ratio: float) -> None:
    files = {
        "app.py": "x" * 1000,
        "logo.png": "y" * 3000,
        "site.tar.gz": "z",
        "lib.so": "x" * 500,
        "program": "x" * 500,
    }
    found = share("FROM debian:12\n" + instruction.replace("\\n", "\n") + "\n", files)
    assert found == pytest.approx(ratio, rel=0.05)


def test_files_stored_again_keep_their_kind() -> None:
    assert share("FROM debian:12\nCOPY a.png /x/\nRUN chown -R 1 /x\n", {"a.png": "x" * 2000}) == pytest.approx(0.97)


def test_base_images_have_their_own_figure() -> None:
    image = describe("python:3.12")
    assert image is not None
    assert pull(layers("FROM python:3.12\n")[0]) == image.pull
    low, expected, high = pull(layers("FROM team/unknown\n")[0])
    assert 0 < low < expected < high
    assert pull(layers("FROM scratch\n")[0]) == (0, 0, 0)


@pytest.mark.parametrize("kind", [*KINDS, ""])
def test_ratios_are_ordered_and_have_a_source(kind: str) -> None:
    ratio = KINDS.get(kind, UNKNOWN)
    assert 0 < ratio.low <= ratio.expected <= ratio.high <= 1
    assert ratio.source


MEASURED = (
    *(
        ("RUN apt-get install -y --no-install-recommends " + one, ratio)
        for one, ratio in (
            ("curl ca-certificates", 0.39),
            ("git", 0.35),
            ("libpq5", 0.37),
            ("build-essential", 0.33),
            ("ffmpeg", 0.37),
        )
    ),
    ("RUN apt-get update", 0.77),
    *(
        ("RUN pip install " + one, ratio)
        for one, ratio in (
            ("flask requests", 0.40),
            ("django gunicorn", 0.41),
            ("numpy pandas", 0.40),
            ("boto3 celery", 0.63),
            ("fastapi uvicorn sqlalchemy", 0.39),
            ("pillow lxml cryptography", 0.50),
            ("scikit-learn", 0.43),
        )
    ),
    *(
        ("RUN npm install " + one, ratio)
        for one, ratio in (
            ("express", 0.32),
            ("vite react react-dom", 0.36),
            ("typescript eslint", 0.37),
            ("next react react-dom", 0.40),
        )
    ),
)
"""Layers that were built, and what was left of their bytes by `gzip -6`."""


@pytest.mark.parametrize(("instruction", "ratio"), MEASURED)
def test_measured_layers_are_in_the_range(instruction: str, ratio: float) -> None:
    base = "node:20-slim" if "npm" in instruction else "python:3.11-slim" if "pip" in instruction else "debian:12-slim"
    layer = layers(f"FROM {base}\n{instruction}\n")[-1]
    size = sum(piece.size.expected for piece in layer.pieces)
    low, expected, high = pull(layer)
    print(f"{instruction:60} measured {ratio:.2f} estimated {expected / size:.2f}")
    assert low / size < ratio < high / size
    assert abs(expected / size - ratio) < 0.15
