"""Every format over a folder of real Dockerfiles: are they valid, and does git make of patches what dockopt writes?

Usage: python corpus/formats.py [--corpus FOLDER] [--limit N] [--level LEVEL]... [--write FILE]
The files are copied into a repository in a temporary folder; figures go to the screen (and a file), names and texts
nowhere. Every document is checked by its schema or by a program that takes it: see `format_checks.py`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.format_checks import CHECKS, Right, git_takes, in_browser, markdown, told  # noqa: E402
from corpus.survey import dockerfiles  # noqa: E402

from dockopt.text.source import to_bytes  # noqa: E402

SHARES = 24
"""A comment has room for so many files only: it is asked for share by share."""
Json = dict[str, Any]


def main() -> int:
    options = arguments()
    found: Json = {}
    with tempfile.TemporaryDirectory(prefix="formats-") as place:
        folder = Path(place) / "repository"
        found["files"] = fill(folder, options)
        for level in options.level or ["standard"]:
            print(f"{found['files']:,} Dockerfiles at level {level}", flush=True)
            runs = Runs(folder, level)
            rights = [*patches(runs), *documents(runs, Path(place))]
            found[level] = {right.what: [right.right, right.of] for right in rights}
            wrong = [
                right for right in rights if not right.what.startswith("sarif: applied") and right.right < right.of
            ]
            found["wrong"] = found.get("wrong", 0) + len(wrong) + len(runs.failed)
    if options.write:
        options.write.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 1 if found["wrong"] else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--limit", type=int, default=0, help="only so many files")
    parser.add_argument("--level", action="append", help="again for several; standard by default")
    parser.add_argument("--write", type=Path, help="put the figures there")
    return parser.parse_args()


def fill(folder: Path, options: argparse.Namespace) -> int:
    """A repository in which every file has a folder of its own."""
    number = 0
    for number, (_, text) in enumerate(dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz"), 1):
        place = folder / f"{number:05d}"
        place.mkdir(parents=True)
        (place / "Dockerfile").write_bytes(to_bytes(text))
        if number == options.limit:
            break
    git(folder, "init", "-q")
    git(folder, "config", "core.autocrlf", "false")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first")
    return number


class Runs:
    """Runs dockopt in a folder, and notes where it failed."""

    def __init__(self, folder: Path, level: str) -> None:
        self.folder = folder
        self.level = level
        self.failed: list[str] = []

    def __call__(self, name: str, *options: str) -> bytes:
        started = time.perf_counter()
        command = [sys.executable, "-m", "dockopt", "fix", "--format", name, "--level", self.level, *options, "."]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        seconds = time.perf_counter() - started
        if "--shard" not in options:
            print(f"  {name}: {len(done.stdout):,} bytes, {seconds:.1f} s, exit status {done.returncode}", flush=True)
        if done.returncode not in ((0, 1) if "--check" in options else (0,)) or not done.stdout:
            self.failed.append(name)
            print(done.stderr.decode("utf-8", "replace")[-2000:])
        return done.stdout


def patches(runs: Runs) -> Iterator[Right]:
    """The diff of all files, and the series of patches."""
    folder = runs.folder
    whole = runs("diff", "--check")
    yield from shown("diff", [told("git apply --check of the whole diff", [git_takes(folder, whole, "--check")])])
    series = runs("patch")
    mails = [b"From 000000" + mail for mail in series.split(b"From 000000")[1:]]
    applied = [git_takes(folder, mail, "--check") and git_takes(folder, mail) for mail in mails]
    yield from shown("patch", [told("git apply of each patch in order", applied)])
    by_patches = git(folder, "diff")
    git(folder, "checkout", "-q", ".")
    runs("text")
    yield from shown("patch", [told("the series is what dockopt writes", [git(folder, "diff") == by_patches])])
    git(folder, "checkout", "-q", ".")


def documents(runs: Runs, place: Path) -> Iterator[Right]:
    """Documents for programs and people."""
    for name, check in CHECKS.items():
        data = runs(name, "--check")
        yield from shown(name, check(data, runs.folder))
        if name == "html" and shutil.which("chromium"):
            file = place / "page.html"
            file.write_bytes(data)
            yield from shown(name, in_browser(file, place / "profile"))
    sums: dict[str, Right] = {}
    for number in range(1, SHARES + 1):
        for right in markdown(runs("markdown", "--check", "--shard", f"{number}/{SHARES}"), runs.folder):
            known = sums.get(right.what, Right(right.what, 0, 0))
            sums[right.what] = Right(right.what, known.right + right.right, known.of + right.of)
    yield from shown("markdown", sums.values())


def shown(name: str, rights: Iterable[Right]) -> Iterator[Right]:
    for right in rights:
        print(f"{name}: {right.what}: {right.right:,} of {right.of:,}", flush=True)
        yield right._replace(what=f"{name}: {right.what}")


def git(folder: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
