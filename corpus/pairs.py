"""Any two transforms over real Dockerfiles, whichever goes first: the laws hold, and both orders mean the same.

Usage: python corpus/pairs.py [--corpus FOLDER] [--files N] [--seconds S] [--nice]
Files are picked evenly from the sorted archive; the repositories with their build contexts come first. A pair of which
neither transform finds anything in a file is not run on it: together they would find nothing either.
Writes `pairs.json` beside itself: figures only.
"""

import argparse
import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.run import with_contexts_of  # noqa: E402
from corpus.survey import dockerfiles  # noqa: E402
from tests.laws import broken, order_matters  # noqa: E402

from dockopt.config import Settings  # noqa: E402
from dockopt.context.tree import Context  # noqa: E402
from dockopt.engine.pipeline import Outcome, optimize  # noqa: E402
from dockopt.engine.registry import transforms  # noqa: E402
from dockopt.fixes import Level, Purpose, Transform  # noqa: E402

SETTINGS = Settings(Level.AGGRESSIVE, purposes=frozenset(Purpose))


@dataclass
class Found:
    """What came out so far: `laws` counts by pair and law, `examples` names one file for each."""

    files: int = 0
    runs: int = 0
    alike: int = 0
    pairs: set[str] = field(default_factory=set)
    laws: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def put(self, pair: str, law: str, name: str) -> None:
        self.laws[pair, law[:200]] += 1
        self.examples.setdefault((pair, law[:200]), name)


def main() -> int:
    options = arguments()
    if options.nice:
        os.nice(10)
    started, found = time.perf_counter(), Found()
    for name, text, context in files(options):
        if time.perf_counter() - started > options.seconds:
            print(f"out of time after {found.files} files")
            break
        try_file(found, name, text, context)
    report(found, time.perf_counter() - started)
    if found.files >= options.files:
        (ROOT / "corpus" / "pairs.json").write_text(json.dumps(figures(found), indent=1) + "\n")
    return 1 if found.laws else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=3600.0, help="stop after so long")
    parser.add_argument("--nice", action="store_true", help="let others go first")
    return parser.parse_args()


def files(options: argparse.Namespace) -> Iterator[tuple[str, str, Context | None]]:
    """Name, text and context of so many files."""
    count = 0
    for name, text, context in with_contexts_of(Path(options.corpus)):
        yield name, text, context
        count += 1
    plain = dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz")
    left = options.files - count
    for place in range(left):
        name, text = plain[place * len(plain) // left]
        yield name, text, None


def try_file(found: Found, name: str, text: str, context: Context | None) -> None:
    """Every pair of which one transform changes the file."""
    active = [one for one in transforms() if optimize(text, SETTINGS, context, [one]).changed]
    known: dict[str, tuple[str, ...]] = {}
    found.files += 1
    for pair in combinations(transforms(), 2):
        if not any(one in active for one in pair):
            continue
        label = f"{pair[0].label}+{pair[1].label}"
        outcomes = [optimize(text, SETTINGS, context, order) for order in (pair, pair[::-1])]
        found.runs += 1
        found.pairs.add(label)
        found.alike += outcomes[0].after == outcomes[1].after
        for outcome, order in zip(outcomes, (pair, pair[::-1]), strict=True):
            for law in laws(known, outcome, order, context):
                found.put(label, law, name)
        for law in order_matters(outcomes[0], outcomes[1], pair, context):
            found.put(label, law, name)


def laws(
    known: dict[str, tuple[str, ...]], outcome: Outcome, order: tuple[Transform, ...], context: Context | None
) -> tuple[str, ...]:
    """The laws that an outcome breaks; a text that came out before of the same file was judged then."""
    if outcome.after not in known:
        known[outcome.after] = tuple(broken(outcome.before, outcome, SETTINGS, context, order))
    return known[outcome.after]


def figures(found: Found) -> dict[str, object]:
    return {
        "files": found.files,
        "transforms": len(transforms()),
        "pairs": len(found.pairs),
        "runs": found.runs,
        "same_text": found.alike,
        "laws_broken": sum(found.laws.values()),
        "broken": {f"{pair}: {law.partition(':')[0]}": count for (pair, law), count in sorted(found.laws.items())},
    }


def report(found: Found, seconds: float) -> None:
    print(f"{found.files} files, {len(found.pairs)} pairs that met, {found.runs} runs in both orders, ", end="")
    print(f"{found.alike} to the same text, {sum(found.laws.values())} laws broken, {seconds:.0f} s")
    for (pair, law), count in found.laws.most_common():
        print(f"  BROKEN {count:4}  {pair}: {law}  {found.examples[pair, law]}")


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    sys.exit(main())
