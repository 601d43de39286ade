"""Every session in `tests/cli/*.md` gives the screens written there."""

import os
from pathlib import Path

import pytest

from tests.cli.transcripts import replay

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.md"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, tmp_path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    real = replay(written, tmp_path)
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(real, encoding="utf-8")
    assert real == written
