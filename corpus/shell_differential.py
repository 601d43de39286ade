"""Compare dockopt's reading of every RUN body of the corpus with shfmt's, and print the figures.

Run it from the repository root: `python -m corpus.shell_differential [FOLDER]`. Without a folder it reads the archive
that DOCKOPT_CORPUS names.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.differential import shfmt
from tests.differential.corpus import corpus_files

from dockopt.shell.parser import parse
from dockopt.shell.tree import Script

ROUNDS = 5


def files(arguments: list[str]) -> Iterator[bytes]:
    if not arguments:
        yield from (data for _, data in corpus_files())
    for folder in arguments:
        yield from (path.read_bytes() for path in sorted(Path(folder).rglob("*Dockerfile*")) if path.is_file())


def microseconds(text: str) -> float:
    """The best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        parse(text)
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def main(arguments: list[str]) -> int:
    counts = Counter(body for data in files(arguments) for body in shfmt.bodies(data))
    texts = list(counts)
    verdicts: Counter[str] = Counter()
    for text, verdict in zip(texts, shfmt.compare_all(texts), strict=True):
        kind = "read alone" if verdict.kind == "invalid" and isinstance(parse(text), Script) else verdict.kind
        verdicts[kind] += counts[text]
        if kind not in {"same", "invalid"}:
            print(f"{kind} x{counts[text]}: {verdict.detail[:600]}\n    {text[:3000]!r}")
    accepted = verdicts["same"] + verdicts["refused"] + verdicts["different"]
    print(f"{counts.total():6} bodies, {len(texts)} of them distinct; shfmt accepts {accepted}")
    for kind, meaning in (("same", "identical"), ("refused", "refused"), ("different", "different")):
        print(f"{verdicts[kind]:6} {meaning} ({100 * verdicts[kind] / max(1, accepted):.3f} %)")
    print(f"{verdicts['read alone']:6} that only dockopt reads")
    times = sorted(microseconds(text) for text in texts)
    typical = [microseconds(text) for text in texts if 280 <= len(text) <= 320]
    print(
        f"{median(times):6.0f} us a body (median), {median(typical):.0f} us at 300 characters, {times[-1]:.0f} us most"
    )
    return 1 if verdicts["different"] or verdicts["read alone"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
