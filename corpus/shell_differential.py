"""Compare dockopt's reading of every RUN body of a corpus with shfmt's, and print the figures.

Run it from the repository root: `python -m corpus.shell_differential [ARCHIVE-OR-FOLDER ...]`.
"""

import sys
import time
from collections import Counter
from pathlib import Path

from dockopt.shell.parser import parse
from tests.differential import shfmt


def main(arguments: list[str]) -> int:
    started = time.perf_counter()
    sources = [Path(argument) for argument in arguments] or [shfmt.corpus_archive()]
    counts = Counter(body for source in sources for _, data in shfmt.dockerfiles(source) for body in shfmt.bodies(data))
    texts = list(counts)
    verdicts: Counter[str] = Counter()
    for text, verdict in zip(texts, shfmt.compare_all(texts), strict=True):
        verdicts[verdict.kind] += counts[text]
        if verdict.kind in {"different", "refused"}:
            print(f"{verdict.kind} x{counts[text]}: {verdict.detail[:600]}\n    {text[:3000]!r}")
        if verdict.kind == "invalid" and not hasattr(parse(text), "reason"):
            verdicts["invalid, read"] += counts[text]
            print(f"only dockopt reads x{counts[text]}: {verdict.detail[:600]}\n    {text[:3000]!r}")
    accepted = verdicts["same"] + verdicts["refused"] + verdicts["different"]
    print(f"bodies {counts.total()}, distinct {len(texts)}, accepted by shfmt {accepted}")
    for kind in ("same", "refused", "different"):
        print(f"{kind:10} {verdicts[kind]:6} {100 * verdicts[kind] / max(1, accepted):8.3f} %")
    print(f"not accepted by shfmt {verdicts['invalid']}, of these read by dockopt {verdicts['invalid, read']}")
    print(f"{time.perf_counter() - started:.0f} s")
    return 1 if verdicts["different"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
