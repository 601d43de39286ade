"""Read every Dockerfile of the corpus and say how often, and how fast, dockopt agrees with BuildKit's own parser.

Run from the repository root: `python -m corpus.syntax_differential`. The corpus is not part of the repository:
DOCKOPT_CORPUS names its archive.
"""

import sys
import time
from collections import Counter
from statistics import median

from tests.differential.buildkit import Oracle, comparable, differences
from tests.differential.corpus import CORPUS, corpus_files

from dockopt.syntax.parser import parse
from dockopt.text.source import SourceText

ROUNDS = 5


def milliseconds(data: bytes) -> float:
    """The best of some rounds: bytes to tree."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        parse(SourceText.from_bytes(data))
        best = min(best, time.perf_counter() - start)
    return best * 1000


def main() -> int:
    if not CORPUS.exists():
        print(f"no corpus at {CORPUS}: set DOCKOPT_CORPUS to its archive")
        return 2
    files = dict(corpus_files())
    oracle = Oracle()
    counts: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for name, data in files.items():
        tree = parse(SourceText.from_bytes(data))
        counts["rendered back byte for byte"] += tree.render().encode("utf-8", "surrogateescape") == data
        counts["refused by dockopt's reading of BuildKit's rules"] += bool(tree.problems)
        counts["doubtful to dockopt alone"] += bool(tree.doubts) and not tree.problems
        counts["instructions"] += len(tree.instructions)
        counts["heredocs"] += sum(len(node.heredocs) for node in tree.instructions)
        text = comparable(data)
        answer = oracle.ask(text)
        counts["accepted by BuildKit" if answer.readings is not None else "refused by BuildKit"] += 1
        found = list(differences(text, answer))
        counts["read in the way of a later BuildKit than the oracle"] += any(differences(text, answer, strict=True))
        counts["read as BuildKit reads them"] += not found
        fields.update(difference.field for difference in found)
        for difference in found:
            print(f"{name}: {difference}")
    oracle.close()
    times = sorted(milliseconds(data) for data in files.values())
    print(f"{len(files):6} files")
    for what, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:6} {what}")
    print(f"{sum(fields.values()):6} fields that differ {dict(fields) or ''}")
    print(f"{median(times):6.3f} ms a file (median)")
    print(f"{times[len(times) * 99 // 100]:6.3f} ms a file (99 %)")
    return bool(fields)


if __name__ == "__main__":
    sys.exit(main())
