"""A container engine for the tests that build: docker, as the machine or the lab that `LAB` names has it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from corpus import builds
from tests.oracles import missing


@contextmanager
def docker(tag: str) -> Iterator[None]:
    """Docker is there, or the test is skipped; the image is removed in the end."""
    builds.engine_from_lab()
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        missing("a container engine")
    try:
        yield
    finally:
        subprocess.run(["docker", "image", "rm", "-f", tag], capture_output=True, check=False)
