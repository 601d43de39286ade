"""Runs the sessions written down in `tests/cli/*.md`: files first, then commands with the screen they must give.

A fence with a file name after its language (```dockerfile Dockerfile) makes that file. In a `console` fence every line
that begins with "$ " is a command for the shell; what follows is its output, both streams together, and the exit status
in brackets where it is not 0. `UPDATE_TRANSCRIPTS=1 pytest tests/cli` writes the real output into the files.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)


def replay(transcript: str, folder: Path) -> str:
    """The transcript with the output that its commands really give in a folder."""
    return FENCE.sub(lambda fence: _fence(fence, folder), transcript)


def _fence(fence: re.Match[str], folder: Path) -> str:
    language, _, name = fence["info"].partition(" ")
    if name:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fence["body"], encoding="utf-8", newline="")
    if language != "console":
        return fence[0]
    body = "".join(f"$ {command}\n{_run(command, folder)}" for command in _commands(fence["body"]))
    return f"{fence['fence']}{fence['info']}\n{body}{fence['fence']}"


def _commands(body: str) -> Iterator[str]:
    return (line.removeprefix("$ ") for line in body.splitlines() if line.startswith("$ "))


def _run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCKOPT", "FORCE_", "COLUMNS"))}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=folder,
        env={**kept, "PATH": path, "GIT_CEILING_DIRECTORIES": str(folder.parent), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    screen = done.stdout.decode("utf-8", "backslashreplace")
    screen += "" if not screen or screen.endswith("\n") else "\n"
    return screen + (f"[{done.returncode}]\n" if done.returncode else "")
