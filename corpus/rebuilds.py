"""Time what a change of one source file costs: `corpus/apps` built again, as written and as rewritten.

Usage: python corpus/rebuilds.py [--case NAME]... [--engine NAME] [--network MODE] [--rounds N]
Needs a container engine. The variants of one application are timed one after the other in each round; what counts is
the shortest time of each. Prints a table and writes the seconds of the cases that ran to `rebuilds.json`, with a digest
of what was timed, so that figures of a rewrite that is no longer made are told apart.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from dockopt.build.engine import Engine, engine
from dockopt.build.trials import workbench
from dockopt.cli.building import end_orderly
from dockopt.errors import BuildError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus import builds
from corpus.cases import Case, all_cases

TIMES = Path(__file__).resolve().parent / "rebuilds.json"
LEVEL = "standard"
REORDER = {
    "move-manifests-first",
    "move-packages-first",
    "split-dependency-install",
    "move-build-stamps-last",
}


def main() -> int:
    options = arguments()
    builds.engine_from_lab()
    end_orderly()
    try:
        found = engine(options.engine)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    for case in all_cases():
        if not options.case or case.name in options.case:
            try:
                record(case.name, timed(case, found, options.network, options.rounds))
            except BuildError as error:
                print(f"{case.name:24}{error}", flush=True)
                continue
            print(row(case.name, recorded()[case.name]), flush=True)
    print(summary(recorded()))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", default=[], metavar="NAME", help="only this application")
    parser.add_argument("--engine", default="", help="docker, podman or buildah; the first there is")
    parser.add_argument("--network", default="", metavar="MODE", help="for builds")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="how often each is timed")
    return parser.parse_args()


def timed(case: Case, found: Engine, network: str, rounds: int) -> dict[str, Any]:
    """Seconds by variant, with the fixes and a digest of the text that were timed."""
    result = builds.rewritten(case, LEVEL)
    texts = {"naive": builds.text_of(case.naive), LEVEL: result.text}
    if case.expert.exists():
        texts["expert"] = builds.text_of(case.expert)
    seconds: dict[str, float] = {}
    for _ in range(rounds):
        for text in dict.fromkeys(texts.values()):
            seconds[text] = min(seconds.get(text, inf), rebuild(case, text, found, network))
    return {
        "seconds": {variant: round(seconds[text], 2) for variant, text in texts.items()},
        "fixes": [fate.transform.label for fate in result.applied],
        "written": builds.digest(result.text),
    }


def rebuild(case: Case, text: str, found: Engine, network: str) -> float:
    """Build, change the file in a way that it never had before, and time the next build."""
    with tempfile.TemporaryDirectory() as place:
        context = Path(place) / "context"
        shutil.copytree(case.context, context, symlinks=True)
        setting = builds.Setting(found, network)
        with workbench(found, setting.plan(case, context=context)) as bench:
            bench.trial(text)
            with (context / case.touch).open("a", encoding="utf-8") as file:
                file.write("\n" + "".join(" \n"[byte >> bit & 1] for byte in os.urandom(5) for bit in range(8)) + "\n")
            again = bench.again(text)
    if again.problem:
        raise BuildError(f"after a change the file {again.problem}")
    return again.seconds


def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TIMES.read_text(encoding="utf-8")) if TIMES.exists() else {}
    return found


def record(name: str, found: dict[str, Any]) -> None:
    """Put the figures of one application to the others, in the order of names."""
    known = recorded() | {name: found}
    TIMES.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")


def cheaper(found: dict[str, Any]) -> float:
    """The share of the seconds that the rewrite saves."""
    seconds = found["seconds"]
    return float(1 - seconds[LEVEL] / seconds["naive"])


def row(name: str, found: dict[str, Any]) -> str:
    times = "".join(f"{found['seconds'].get(variant, float('nan')):9.2f}" for variant in ("naive", LEVEL, "expert"))
    return f"{name:24}{times}{cheaper(found):8.0%}  {', '.join(sorted(REORDER & {*found['fixes']}))}"


def summary(found: dict[str, Any]) -> str:
    reordered = [one for one in found.values() if REORDER & {*one["fixes"]}]
    shares = [cheaper(one) for one in reordered]
    every = [cheaper(one) for one in found.values() if one["fixes"]]
    if not shares:
        return f"{len(found)} applications, none reordered."
    return (
        f"{len(shares)} applications whose instructions are put in another order are built again {median(shares):.0%}"
        f" faster in the median; all {len(every)} that are rewritten, {median(every):.0%}."
    )


if __name__ == "__main__":
    sys.exit(main())
