"""Runs dockopt as a program in a folder of its own, which may be a git repository."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

CACHED = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"
SEVERAL = (
    "FROM python:3.12\n"
    "# café ünïcode\n"
    "RUN apt-get update && apt-get install -y curl\n"
    "ENV A=1\n"
    "RUN apt-get update && apt-get install -y git\n"
    "ENV B=é\n"
)
IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "C",
    "GIT_COMMITTER_EMAIL": "c@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Done(NamedTuple):
    status: int
    out: bytes
    errors: bytes


def dockopt(folder: Path, *arguments: str, data: bytes = b"") -> Done:
    return run(folder, [sys.executable, "-m", "dockopt", *arguments], data=data)


def git(folder: Path, *arguments: str, data: bytes = b"") -> str:
    """What git prints; it has to succeed."""
    done = run(folder, ["git", *arguments], data=data)
    assert (done.status, done.errors) == (0, done.errors), (arguments, done.errors)
    return done.out.decode("utf-8", "surrogateescape")


def run(folder: Path, command: list[str], *, data: bytes = b"", variables: Mapping[str, str] | None = None) -> Done:
    done = subprocess.run(
        command,
        cwd=folder,
        input=data,
        capture_output=True,
        check=False,
        timeout=120,
        env=environment(folder) | dict(variables or {}),
    )
    return Done(done.returncode, done.stdout, done.stderr)


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FORCE_", "GITHUB_"))}
    return kept | IDENTITY | {"DOCKOPT_CACHE": str(folder.parent / "cache"), "LC_ALL": "C.UTF-8"}


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def repository(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A repository with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    return folder
