"""What package managers leave in the final image of real Dockerfiles before and after dockopt, and why what stays does.

Usage: python corpus/caches.py [--corpus FOLDER] [--level LEVEL] [--list MANAGER]
The count is made on the model (leftovers.py); only the reasons for what stays ask the analyses. What came out goes into
`caches.json`: figures only.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Container, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.leftovers import MANAGERS, Leftover, leftovers  # noqa: E402
from corpus.survey import LEVELS, dockerfiles  # noqa: E402

from dockopt.analyses.apk import apk_is_out_of_sight  # noqa: E402
from dockopt.analyses.apt import is_root, removes_lists  # noqa: E402
from dockopt.analyses.download_caches import DownloadCache, cannot_clean, is_official, last_user  # noqa: E402
from dockopt.analyses.list_readers import Doubt, later_reader  # noqa: E402
from dockopt.analyses.npm import last_npm_install, npm_cache_is_managed  # noqa: E402
from dockopt.analyses.pip import pip_cache_is_managed, pip_commands  # noqa: E402
from dockopt.config import Settings  # noqa: E402
from dockopt.engine.pipeline import optimize  # noqa: E402
from dockopt.engine.registry import transforms  # noqa: E402
from dockopt.fixes import Level  # noqa: E402
from dockopt.model.dockerfile import Dockerfile  # noqa: E402

GOAL = 0.05
NO_TRANSFORM = {
    "zypper": "not in the corpus",
    "pacman": "all others clean up themselves, and no transform is written for one use",
}
REFUSED = {
    "conda": "nobody can tell who installs",
    "yarn": "the lockfile is not given (--level standard)",
}


class Found(NamedTuple):
    """One file: uses by manager before, those that leave their cache before and after, and the reasons of the latter.

    `reasons` has a manager and a reason for each use that still leaves its cache.
    """

    name: str
    before: Counter[str]
    left_before: Counter[str]
    after: Counter[str]
    reasons: tuple[tuple[str, str], ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--level", default="safe", choices=[level.label for level in LEVELS])
    parser.add_argument("--list", metavar="MANAGER", default="", help="name the files where its cache stays")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    level = next(level for level in LEVELS if level.label == options.level)
    names, texts = zip(*dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz"), strict=True)
    with ProcessPoolExecutor(options.processes) as pool:
        found = list(pool.map(partial(look, level=level), names, texts, chunksize=20))
    if options.list:
        for one in found:
            for manager, why in one.reasons:
                if manager == options.list:
                    print(one.name[:12], why)
        return 0
    figures = report(level.label, found)
    if level is Level.SAFE:
        (ROOT / "corpus" / "caches.json").write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def look(name: str, text: str, level: Level) -> Found:
    before = list(leftovers(Dockerfile.parse(text)))
    if not before:
        return Found(name, Counter(), Counter(), Counter(), ())
    outcome = optimize(text, Settings(level=level))
    file = Dockerfile.parse(outcome.after)
    after = list(leftovers(file))
    refusal = f"the file is not rewritten: {outcome.refusal[1].partition(':')[0]}" if outcome.refusal else ""
    return Found(
        name,
        Counter(one.manager for one in before),
        Counter(one.manager for one in before if one.stays),
        Counter(one.manager for one in after),
        tuple((one.manager, refusal or reason(file, one)) for one in after if one.stays),
    )


def reason(file: Dockerfile, left: Leftover) -> str:
    """Why a cache stays."""
    if left.run.opaque:
        return f"the body is not read: {left.run.opaque}"
    if left.manager in NO_TRANSFORM:
        return NO_TRANSFORM[left.manager]
    own = {"apt": why_apt, "apk": why_apk, "pip": why_pip, "npm": why_npm}.get(left.manager)
    return own(file, left) if own else why_download(file, left)


def why_apt(file: Dockerfile, left: Leftover) -> str:
    run = left.run
    reader = later_reader(file, run)
    if removes_lists(run):
        return "the RUN removes lists, but fetches more behind that"
    if reader is None:
        return (
            "commands run as a user who may not remove them" if not is_root(run) else "the commands end in another way"
        )
    likely = {
        Doubt.CERTAIN: "a later install reads the lists",
        Doubt.PERHAPS: "a later script, which is not given, may read the lists (--level aggressive)",
        Doubt.HARDLY: "a later build command hardly reads the lists (--level standard)",
    }
    return likely[reader.doubt]


def why_apk(file: Dockerfile, left: Leftover) -> str:
    stages = file.chain(file.stages[left.run.stage])
    if any(apk_is_out_of_sight(step) for stage in stages for step in stage.steps):
        return "another command uses apk, or its index, in a way that is not understood"
    return "apk commands depend on each other's index"


def why_pip(file: Dockerfile, left: Leftover) -> str:
    plain = [pip for pip in pip_commands(left.run, "install") if pip.keeps_cache]
    if not plain:
        return "pip is called in a way that is not read"
    return pip_cache_is_managed(file, left.run) or "pip may be too old for the option (--level standard)"


def why_npm(file: Dockerfile, left: Leftover) -> str:
    if last_npm_install(left.run) is None:
        return "npm replaces itself, or runs in a condition or as somebody else"
    return npm_cache_is_managed(file, left.run) or "not proposed"


def why_download(file: Dockerfile, left: Leftover) -> str:
    for cache in caches():
        last = last_user(left.run, cache) if any(left.manager.startswith(name) for name in cache.programs) else None
        if last is None:
            continue
        why = cannot_clean(file, left.run, last, cache)
        if not why and "gem" in cache.programs and not is_official(file, left.run, "ruby"):
            return "nobody can tell where the image keeps its gems, or who installs them"
        return why or REFUSED.get(left.manager, "not proposed")
    return "called in a way that is not read"


def caches() -> Iterator[DownloadCache]:
    for transform in transforms():
        found = getattr(sys.modules[transform.apply.__module__], "CACHE", None)
        if isinstance(found, DownloadCache):
            yield found


def report(level: str, found: list[Found]) -> dict[str, object]:
    """The table, the reasons, and figures of both."""
    print(f"{level}: uses of package managers in the layers of final images")
    print(f"  {'manager':20}{'uses':>6}{'leave their cache':>20}{'after':>8}{'uses after':>12}")
    figures: dict[str, object] = {}
    for manager in (*(one.name for one in MANAGERS), ""):
        figures[manager or "all"] = row(
            found, {one.name for one in MANAGERS} if not manager else {manager}, manager or "all"
        )
    for manager, number in Counter(manager for one in found for manager, _ in one.reasons).most_common():
        print(f"  {manager}: {number}")
        why = Counter(why for one in found for name, why in one.reasons if name == manager)
        for text, count in why.most_common():
            print(f"    {count:4}  {text}")
    return figures


def row(found: list[Found], managers: Container[str], label: str) -> dict[str, int]:
    uses, left, uses_after = (
        sum(number for one in found for name, number in counter(one).items() if name in managers)
        for counter in (attrgetter("before"), attrgetter("left_before"), attrgetter("after"))
    )
    after = sum(name in managers for one in found for name, _ in one.reasons)
    if uses:
        shares = (f"{left} ({100 * left / uses:.0f} %)", f"{after} ({100 * after / max(uses_after, 1):.1f} %)")
        print(f"  {label:20}{uses:>6}{shares[0]:>20}{shares[1]:>12}{uses_after:>8}")
    return {"uses": uses, "leave their cache": left, "after": after, "uses after": uses_after}


if __name__ == "__main__":
    sys.exit(main())
