"""Every format over a folder of real Dockerfiles: are they valid, and does git make of patches what dockopt writes?

Usage: python corpus/formats.py [--corpus FOLDER] [--limit N] [--level LEVEL]
The files are copied into a repository in a temporary folder; figures go to the screen, names and texts nowhere.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from survey import dockerfiles  # noqa: E402

from dockopt.text.source import to_bytes  # noqa: E402

SCHEMA = ROOT / "tests" / "formats" / "sarif-2.1.0.json"
Json = Any


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="formats-") as place:
        folder = Path(place) / "repository"
        number = fill(folder, options)
        print(f"{number:,} Dockerfiles at level {options.level}")
        bad = patches(folder, options.level) + documents(folder, options.level)
    return 1 if bad else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--limit", type=int, default=0, help="only so many files")
    parser.add_argument("--level", default="standard")
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


def patches(folder: Path, level: str) -> int:
    """Problems with the diff and the series of patches."""
    whole = dockopt(folder, "diff", level, "--check")
    bad = told("git apply --check of the whole diff", [git_takes(folder, whole, "--check")])
    series = dockopt(folder, "patch", level)
    mails = [b"From 000000" + mail for mail in series.split(b"From 000000")[1:]]
    applied = [git_takes(folder, mail, "--check") and git_takes(folder, mail) for mail in mails]
    bad += told("git apply of each patch in order", applied)
    by_patches = git(folder, "diff")
    git(folder, "checkout", "-q", ".")
    dockopt(folder, "text", level)
    bad += told("the series is what dockopt writes", [git(folder, "diff") == by_patches])
    git(folder, "checkout", "-q", ".")
    return bad


def documents(folder: Path, level: str) -> int:
    """Problems with documents for programs."""
    sarif = json.loads(dockopt(folder, "sarif", level, "--check"))
    results = sarif["runs"][0]["results"]
    errors = list(jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).iter_errors(sarif))
    bad = told("SARIF fits its schema", [not errors])
    warned = [one for one in results if one["level"] == "warning"]
    marks = {(uri(one), one["partialFingerprints"]["dockopt/v1"]) for one in results}
    bad += told("fingerprints differ within a file", [len(marks) == len(results)])
    offered = sum("fixes" in one for one in warned)
    print(f"{offered:,} of {len(warned):,} applied fixes can be taken by themselves or with their neighbours")
    found = json.loads(dockopt(folder, "rdjson", level, "--check"))["diagnostics"]
    bad += told("suggestions of rdjson change lines that are there", [fits(folder, one) for one in found])
    for name in ("github", "gitlab", "markdown", "html"):
        dockopt(folder, name, level, "--check")
    return bad


def uri(result: Json) -> str:
    return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def fits(folder: Path, diagnostic: Json) -> bool:
    """Whether the ranges of suggestions end where their last lines do."""
    lines = (folder / diagnostic["location"]["path"]).read_bytes().split(b"\n")
    for suggestion in diagnostic.get("suggestions", ()):
        start, end = suggestion["range"]["start"], suggestion["range"]["end"]
        if start["column"] != 1 or end["column"] != len(lines[end["line"] - 1]) + 1:
            return False
    return True


def told(what: str, answers: list[bool]) -> int:
    print(f"{what}: {sum(answers):,} of {len(answers):,}")
    return len(answers) - sum(answers)


def dockopt(folder: Path, name: str, level: str, *options: str) -> bytes:
    started = time.perf_counter()
    command = [sys.executable, "-m", "dockopt", "fix", "--format", name, "--level", level, *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    print(f"  {name}: {len(done.stdout):,} bytes, {seconds:.1f} s, exit status {done.returncode}")
    if done.returncode > 1:
        print(done.stderr.decode("utf-8", "replace")[-1000:])
    return done.stdout


def git(folder: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True).stdout


def git_takes(folder: Path, patch: bytes, *options: str) -> bool:
    command = ["git", "apply", *options]
    return subprocess.run(command, cwd=folder, input=patch, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
