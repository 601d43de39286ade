"""What tests of engines share."""

import shutil
from pathlib import Path

import pytest
from tests.build.fakes import Fake

from dockopt.build import command


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a shell script on PATH, where nothing else is but a shell's own tools; gives the file of its calls."""
    place = tmp_path / "bin"
    place.mkdir()
    for tool in ("sh", "cat", "env", "sleep"):
        (place / tool).symlink_to(shutil.which(tool) or tool)
    monkeypatch.setenv("PATH", str(place))
    monkeypatch.setattr(command, "GRACE", 0.5)

    def make(name: str, script: str) -> Path:
        calls = tmp_path / f"{name}.calls"
        file = place / name
        words = "for word; do printf '%s\\0' \"$word\"; done"
        file.write_text(f"#!/bin/sh\n{{ {words}; echo; }} >> {calls}\n{script}\n")
        file.chmod(0o755)
        return calls

    return make
