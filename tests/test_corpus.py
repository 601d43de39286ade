"""Scripts of `corpus/`, which measure for hours and are run seldom, can at least be started."""

import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SCRIPTS = sorted(path.name for path in CORPUS.glob("*.py") if "ArgumentParser" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_says_how_it_is_called(name: str, tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, CORPUS / name, "--help"], cwd=tmp_path, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"usage: ")
