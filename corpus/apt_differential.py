"""Package sets of real Dockerfiles, solved by dockopt and by apt-get itself: how often do both agree?

Usage: python corpus/apt_differential.py [--corpus FOLDER] [--sets N] [--seed N] [--image RELEASE=IMAGE]... [--show]

Needs a container engine with slim Debian images. The index is compiled from the very lists that apt reads, and each set
is installed on the image's own packages with and without recommendations; afterwards some of it is removed again.
Figures only are printed, unless `--show` asks for the sets that differ.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.survey import dockerfiles  # noqa: E402

from dockopt.analyses.apt import apt_commands  # noqa: E402
from dockopt.debian.compile import compile_index  # noqa: E402
from dockopt.debian.index import Index  # noqa: E402
from dockopt.debian.layout import unpack  # noqa: E402
from dockopt.debian.lists import find_lists  # noqa: E402
from dockopt.debian.operations import autoremove, install, remove  # noqa: E402
from dockopt.debian.stanzas import stanzas  # noqa: E402
from dockopt.debian.system import System  # noqa: E402
from dockopt.model.dockerfile import Dockerfile  # noqa: E402

IMAGES = {"12": "debian:12-slim", "13": "debian:13-slim"}
WARM_ROUNDS = 3
SHARE_TO_REMOVE = 0.5
SOURCES = "-o Dir::Cache::srcpkgcache=/tmp/sources.bin"
CACHES = f"{SOURCES} -o Dir::Cache::pkgcache=/tmp/packages.bin"
"""Slim images keep apt from remembering what it read, which makes every question take seconds."""


class Case(NamedTuple):
    """One apt-get command; `before` are packages, with their auto-installed marks, on which it runs."""

    words: tuple[str, ...]
    command: str
    before: System


class Answer(NamedTuple):
    added: frozenset[str]
    removed: frozenset[str]
    refused: str


class Result(NamedTuple):
    case: Case
    apt: Answer
    ours: Answer
    error: float
    """Of the installed size, as a share of apt's."""
    seconds: float


class Machine:
    """A container in which apt-get is asked."""

    def __init__(self, image: str) -> None:
        self.name = run("docker", "run", "-d", "--rm", "--network=host", image, "sleep", "7200").strip()
        self.execute(f"apt-get update -qq; apt-cache {CACHES} gencaches")
        folder = tempfile.mkdtemp(prefix="apt-differential-")
        run("docker", "cp", f"{self.name}:/var/lib/apt/lists", folder)
        (found,) = find_lists(f"{folder}/lists")
        sources = found.sources()
        file = unpack(compile_index(found.header, sources, ()))
        assert file is not None
        self.index = Index(file)
        installed = frozenset(self.execute("dpkg-query -W -f '${Package}\\n'").split())
        automatic = frozenset(self.execute("apt-mark showauto").split())
        self.system = System(installed, installed - automatic)
        self.status = {one["Package"]: one for one in stanzas(self.execute("cat /var/lib/dpkg/status"))}
        for source in sources:
            for one in stanzas(source.text):
                newest = self.index.newest(one["Package"])
                if newest and newest.version == one["Version"]:
                    self.status.setdefault(one["Package"], one)

    def execute(self, script: str) -> str:
        command = ("docker", "exec", "-i", self.name, "sh")
        return subprocess.run(command, input=script, check=False, capture_output=True, text=True).stdout

    def ask(self, cases: Iterable[Case]) -> list[Answer]:
        return [answer(text) for text in self.execute("".join(map(self.script, cases))).split("@@\n")[1:]]

    def script(self, case: Case) -> str:
        words = " ".join(f"'{word}'" for word in case.words)
        if case.before == self.system:
            return f"echo '@@'; apt-get -s {CACHES} {case.command} {words} 2>&1\n"
        marks = "".join(
            f"Package: {name}\nArchitecture: amd64\nAuto-Installed: 1\n\n"
            for name in sorted(case.before.installed - case.before.manual)
        )
        status = "".join(map(self.stanza, sorted(case.before.installed)))
        options = f"{SOURCES} -o Dir::State::status=/tmp/status -o Dir::State::extended_states=/tmp/marks"
        return (
            f"cat > /tmp/status <<'EOF'\n{status}EOF\ncat > /tmp/marks <<'EOF'\n{marks}EOF\n"
            f"echo '@@'; apt-get -s {options} {case.command} {words} 2>&1\n"
        )

    def stanza(self, name: str) -> str:
        fields = {**self.status[name], "Status": "install ok installed"}
        return "".join(f"{key}: {value}\n" for key, value in fields.items() if key != "Description") + "\n"

    def stop(self) -> None:
        run("docker", "rm", "-f", self.name)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def answer(text: str) -> Answer:
    lines = [line.split() for line in text.splitlines()]
    removed = frozenset(line[1] for line in lines if line[:1] in (["Remv"], ["Purg"]))
    errors = [line for line in text.splitlines() if line.startswith("E:")]
    return Answer(frozenset(line[1] for line in lines if line[:1] == ["Inst"]), removed, "; ".join(errors[:2]))


def package_sets(folder: Path, count: int, seed: int) -> list[tuple[str, ...]]:
    """Words of apt-get install commands in real files, each set once."""
    found: dict[tuple[str, ...], None] = {}
    for _, text in dockerfiles(folder / "dockerfiles.tar.xz"):
        for stage in Dockerfile.parse(text).stages:
            for step in stage.runs:
                for command in apt_commands(step, "install"):
                    words = tuple(word.value for word in command.reading.operands if word.value)
                    if words and all("'" not in word and not word.startswith(("/", ".")) for word in words):
                        found[words] = None
    return random.Random(seed).sample(list(found), min(count, len(found)))  # noqa: S311 - a repeatable choice


def ours(machine: Machine, case: Case) -> tuple[Answer, System, float]:
    """The last of some rounds is timed."""
    change = None
    seconds = 0.0
    for _ in range(WARM_ROUNDS):
        started = time.perf_counter()
        if "install" in case.command:
            recommends = "--no-install-recommends" not in case.command
            change = install(machine.index, case.before, case.words, recommends=recommends)
        elif "autoremove" in case.command:
            change = autoremove(machine.index, case.before)
        else:
            automatic = "--auto-remove" in case.command
            change = remove(machine.index, case.before, case.words, automatic=automatic)
        seconds = time.perf_counter() - started
    assert change is not None
    refused = "; ".join((*(f"unknown {word}" for word in change.unknown), *change.problems))
    return Answer(frozenset(change.added), frozenset(change.removed), refused), change.after, seconds


def size(machine: Machine, answered: Answer) -> int:
    newest = (machine.index.newest(name) for name in answered.added | answered.removed)
    return sum(version.size for version in newest if version)


def solve(machine: Machine, cases: list[Case]) -> Iterator[Result]:
    for case, apt in zip(cases, machine.ask(cases), strict=True):
        mine, _, seconds = ours(machine, case)
        wanted = size(machine, apt)
        error = abs(size(machine, mine) - wanted) / wanted if wanted else float(mine.added != apt.added)
        yield Result(case, apt, mine, error, seconds)


def installs(machine: Machine, sets: Iterable[tuple[str, ...]]) -> list[Case]:
    """Words that the release lacks make apt refuse the whole command, so they are left out."""
    cases = []
    for words in sets:
        unknown = install(machine.index, machine.system, words).unknown
        known = tuple(word for word in words if word not in unknown)
        if known:
            cases.append(Case(known, "install", machine.system))
            cases.append(Case(known, "install --no-install-recommends", machine.system))
    return cases


def removals(machine: Machine, cases: Iterable[Case], seed: int) -> list[Case]:
    """Taking some of the packages away from systems on which they were installed."""
    chooser = random.Random(seed)  # noqa: S311
    found = []
    for case in cases:
        answered, after, _ = ours(machine, case)
        if answered.refused or not answered.added or not after.installed <= machine.status.keys():
            continue
        names = [name for name in case.words if name in answered.added]
        chosen = tuple(chooser.sample(names, round(len(names) * SHARE_TO_REMOVE + 0.5)))
        command = chooser.choice(("remove", "purge", "purge --auto-remove", "remove --auto-remove"))
        if chosen:
            found.append(Case(chosen, command, after))
    return found


def report(title: str, results: list[Result], *, show: bool) -> None:
    valid = [one for one in results if not one.apt.refused]
    same = [one for one in valid if (one.apt.added, one.apt.removed) == (one.ours.added, one.ours.removed)]
    near = [one for one in valid if one.error <= 0.01]
    seconds = sorted(one.seconds for one in results)
    refused = [one for one in results if one.apt.refused]
    agreed = sum(bool(one.ours.refused) for one in refused)
    print(
        f"{title:40} {len(valid):4} sets: same {len(same) / len(valid):6.1%},"
        f" size within 1 % {len(near) / len(valid):6.1%};"
        f" refused by apt {len(refused)}, by both {agreed};"
        f" warm {seconds[len(seconds) // 2] * 1000:.2f} ms median, {seconds[-1] * 1000:.2f} ms worst"
    )
    if show:
        for one in valid:
            if one not in same:
                print("  ", one.case.command, *one.case.words)
                print("     apt only:", *sorted(one.apt.added - one.ours.added))
                print("     ours only:", *sorted(one.ours.added - one.apt.added))
                print("     removed apt only:", *sorted(one.apt.removed - one.ours.removed))
                print("     removed ours only:", *sorted(one.ours.removed - one.apt.removed), one.ours.refused)
        for one in refused:
            print("   refused:", one.apt.refused, "| ours:", one.ours.refused, "|", *one.case.words)


def compare(release: str, image: str, options: argparse.Namespace) -> bool:
    machine = Machine(image)
    try:
        sets = package_sets(Path(options.corpus), options.sets, options.seed)
        cases = installs(machine, sets)
        results = list(solve(machine, cases))
        for command in ("install", "install --no-install-recommends"):
            chosen = [one for one in results if one.case.command == command]
            report(f"Debian {release}: {command}", chosen, show=options.show)
        taken = list(solve(machine, removals(machine, cases, options.seed)))
        report(f"Debian {release}: remove, purge", taken, show=options.show)
    finally:
        machine.stop()
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--image", action="append", default=[], metavar="RELEASE=IMAGE")
    parser.add_argument("--show", action="store_true", help="print the sets that differ")
    options = parser.parse_args()
    images = dict(pair.split("=", 1) for pair in options.image) or IMAGES
    for release, image in images.items():
        compare(release, image, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
