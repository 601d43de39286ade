"""Run dockopt over real Dockerfiles at every level: are all the laws kept, and how often does each transform find work?

Usage: python corpus/run.py [--corpus ARCHIVE] [--contexts] [--list TRANSFORM] [--show TRANSFORM N] [--level LEVEL]
Writes `ledger.json` beside itself: figures only. Names and texts of the files go to the screen and nowhere else.
"""

import argparse
import csv
import io
import json
import os
import random
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.survey import LEVELS, Record, dockerfiles, ledger, survey  # noqa: E402

from dockopt.context.folder import FolderContext  # noqa: E402
from dockopt.context.tree import Context  # noqa: E402
from dockopt.engine.registry import transforms  # noqa: E402
from dockopt.fixes import Level  # noqa: E402
from dockopt.text.source import SourceText  # noqa: E402


def main() -> int:
    options = arguments()
    started = time.perf_counter()
    levels = tuple(level for level in LEVELS if options.level in ("", level.label))
    records = list(with_contexts(options, levels) if options.contexts else without_contexts(options, levels))
    if options.list:
        return list_files(records, options.list)
    if options.show:
        return show(records, options.show[0], int(options.show[1]), options.seed)
    report(records)
    print(f"\n{time.perf_counter() - started:.0f} s")
    if not options.contexts and not options.level:
        (ROOT / "corpus" / "ledger.json").write_text(json.dumps(ledger(records), indent=1) + "\n")
    return 1 if any(record.broken for record in records) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--contexts", action="store_true", help="the repositories with their build contexts instead")
    parser.add_argument("--level", default="", choices=["", *(level.label for level in LEVELS)])
    parser.add_argument("--list", metavar="TRANSFORM", help="print which files a transform changes")
    parser.add_argument("--show", nargs=2, metavar=("TRANSFORM", "N"), help="print N of its diffs, picked at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def without_contexts(options: argparse.Namespace, levels: tuple[Level, ...]) -> Iterator[Record]:
    found = dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz")
    with ProcessPoolExecutor(options.processes) as pool:
        names, texts = zip(*found, strict=True)
        for records in pool.map(partial(survey, levels=levels), names, texts, chunksize=20):
            yield from records


def with_contexts(options: argparse.Namespace, levels: tuple[Level, ...]) -> Iterator[Record]:
    for name, text, context in with_contexts_of(Path(options.corpus)):
        yield from survey(name, text, context, levels)


def with_contexts_of(folder: Path) -> Iterator[tuple[str, str, Context]]:
    """Name, text and build context of the Dockerfiles of the repositories."""
    with (folder / "contexts.tsv").open() as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(folder / "contexts.tar.xz") as tar:
            tar.extractall(place, filter="data")
        for row in rows:
            tree = Path(place) / row["repo"].replace("/", "__") / "tree"
            if not tree.exists():
                tree = next(path for path in Path(place).rglob(row["repo"].replace("/", "__"))) / "tree"
            path = tree / row["dockerfile"]
            context = FolderContext(str(tree / row["context_dir"]), str(path))
            yield f"{row['repo']}/{row['dockerfile']}", SourceText.from_bytes(path.read_bytes()).text, context


def list_files(records: list[Record], name: str) -> int:
    for record in records:
        if record.fates[name, "applied"]:
            print(record.level, record.name)
    return 0


def show(records: list[Record], name: str, count: int, seed: int) -> int:
    """Diffs of one transform, each file once, at the highest level asked for."""
    found = {(record.name, diff) for record in records for label, diff in record.diffs if label == name}
    chosen = random.Random(seed).sample(sorted(found), min(count, len(found)))  # noqa: S311
    for file, diff in chosen:
        print(f"=== {file}  {diff}")
    print(f"{len(chosen)} of {len(found)}")
    return 0


def report(records: list[Record]) -> None:
    for level in dict.fromkeys(record.level for record in records):
        report_level(level, [record for record in records if record.level == level])
    slow = sorted(records, key=lambda record: -record.seconds)[:3]
    print(
        "\nslowest:",
        ", ".join(f"{record.name[:12]} {record.seconds * 1000:.0f} ms ({record.level})" for record in slow),
    )


def report_level(level: str, records: list[Record]) -> None:
    refused = Counter(record.refusal.partition(":")[0] for record in records if record.refusal)
    laws: dict[str, list[str]] = {}
    for record in records:
        for law in record.broken:
            laws.setdefault(law[:300], []).append(record.name[:12])
    low, expected, high = (sum(record.saves[place] for record in records) / 1e9 for place in range(3))
    print(f"\n{level}: {len(records)} files, {sum(record.changed for record in records)} changed,", end=" ")
    broken = sum(map(len, laws.values()))
    print(f"{sum(refused.values())} refused, {broken} laws broken, saves {expected:.1f} GB ({low:.1f} to {high:.1f})")
    print(f"  {'transform':34}{'files':>7}{'applied':>9}{'withheld':>10}{'rejected':>10}")
    for transform in transforms():
        label = transform.label
        counts = [sum(r.fates[label, kind] for r in records) for kind in ("applied", "withheld", "rejected")]
        files = sum(r.fates[label, "applied"] > 0 for r in records)
        print(f"  {label:34}{files:>7}{counts[0]:>9}{counts[1]:>10}{counts[2]:>10}")
    for reason, number in refused.most_common():
        print(f"  refused {number:4}  {reason}")
    for law, names in sorted(laws.items(), key=lambda item: -len(item[1])):
        print(f"  BROKEN {len(names):4}  {law}  {' '.join(names[:5])}")


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    sys.exit(main())
