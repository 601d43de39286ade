"""What buildx keeps of a build besides the image: a record in the builder, and a note of its folders on this machine.

The notes tell which records are ours. The builder is never asked for a list of its records: that may end the whole
engine, a fault of BuildKit that was mended in March 2026 (https://github.com/moby/buildkit/pull/6614).
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def notes(prefix: str, builder: str = "") -> Iterator[Path]:
    """Notes of builds of a Dockerfile in a folder whose name begins so; each is named as the record is."""
    for note in (settings() / "refs").glob(f"{builder or '*'}/*/*"):
        if prefix in _file(note):
            yield note


def settings() -> Path:
    """Where buildx keeps its own files."""
    own = os.environ.get("BUILDX_CONFIG")
    return Path(own) if own else Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "buildx"


def _file(note: Path) -> str:
    with suppress(OSError, ValueError, AttributeError):
        return str(json.loads(note.read_bytes()).get("DockerfilePath", ""))
    return ""
