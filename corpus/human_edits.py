"""How often dockopt makes the improvement that a person made to the same Dockerfile, and why not where it does not.

Usage: python corpus/human_edits.py [--corpus FOLDER] [--level LEVEL] [--misses CATEGORY]
Each pair of files is compared on the model: a category is a number of wasteful things, which the person's edit lowers.
dockopt reaches it if it lowers it as far, without any build context. What came out goes into `human_edits.json`:
figures only.
"""

import argparse
import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.leftovers import leftovers  # noqa: E402
from corpus.survey import LEVELS, dockerfiles, unified  # noqa: E402

from dockopt.analyses.joining import cannot_join, is_dependency_step, neighbours  # noqa: E402
from dockopt.analyses.list_readers import later_reader  # noqa: E402
from dockopt.config import Settings  # noqa: E402
from dockopt.engine.pipeline import Outcome, optimize  # noqa: E402
from dockopt.fixes import Level  # noqa: E402
from dockopt.model.dockerfile import Dockerfile  # noqa: E402
from dockopt.model.instructions import Copy, Run  # noqa: E402

INSTALLS = {"install", "ci", "i", "clean-install"}
WITHOUT_DEVELOPMENT = ("--omit=dev", "--production", "--only=prod", "--only=production", "--no-dev", "-g", "--global")


class Pair(NamedTuple):
    """A person's edit, with the categories that the words in the two files suggest."""

    number: str
    categories: tuple[str, ...]
    before: str
    after: str


class Case(NamedTuple):
    """What became of one category of one edit. `made` and `reached` say who lowered it; `why` is for what was missed.

    `fewer` says whether `--few-layers` reaches it.
    """

    number: str
    category: str
    made: bool
    reached: bool
    fewer: bool
    why: str


def stays(manager: str) -> Callable[[Dockerfile], int]:
    return lambda file: sum(one.stays for one in leftovers(file) if one.manager == manager)


def layers(file: Dockerfile) -> int:
    return sum(len(stage.runs) for stage in file.chain(file.final))


def copies_of_others(file: Dockerfile) -> int:
    """Copies into the final image that give an owner, counted downwards."""
    return -sum(copy.has_flag("chown") for stage in file.chain(file.final) for copy in stage.copies)


def kept(before: Dockerfile, after: Dockerfile) -> float:
    """The share of the commands that an edit keeps as they are, cleaning aside."""
    texts = [
        Counter(
            " ".join(word.text for word in call.words) for run in file.runs for call in run.calls if call.name != "rm"
        )
        for file in (before, after)
    ]
    return (texts[0] & texts[1]).total() / max(texts[0].total(), 1)


def development_installs(file: Dockerfile) -> int:
    """Npm installs of a project with its development dependencies, in the final image."""
    found = 0
    for run in (run for stage in file.chain(file.final) for run in stage.runs):
        for call in run.calls_of("npm"):
            values = [value or "" for value in call.values]
            plain = not any(value.startswith(WITHOUT_DEVELOPMENT) for value in values) and "dev" not in values
            installs = values[:1] and values[0] in INSTALLS and not any(not v.startswith("-") for v in values[1:])
            found += bool(installs and plain and run.state.environment.get("NODE_ENV") != "production")
    return found


def late_installs(file: Dockerfile) -> int:
    """Dependency steps below a COPY of a whole folder of the context."""
    found = 0
    for stage in file.stages:
        broad = False
        for step in stage.steps:
            if isinstance(step, Copy) and not step.from_:
                broad = broad or any(source.strip("./*") == "" or source.endswith("/") for source in step.sources)
            elif isinstance(step, Run):
                found += broad and is_dependency_step(step)
    return found


def single_stage(file: Dockerfile) -> int:
    return int(len(file.stages) == 1)


MEASURES: dict[str, Callable[[Dockerfile], int]] = {
    "apt-cleanup": stays("apt"),
    "pip-no-cache": stays("pip"),
    "apk-no-cache": stays("apk"),
    "yum-clean": stays("dnf, yum, microdnf"),
    "npm-omit-dev": development_installs,
    "merge-runs": layers,
    "copy-chown": copies_of_others,
    "reorder-copy": late_installs,
    "split-stages": single_stage,
}
KEPT_IN_A_MERGE = 0.7
"""An edit that keeps fewer of the commands does not merge, it rewrites."""
NOTHING = "nothing of the kind is in the final image"
REWRITES = "the edit removes commands, or writes others"
AS_MANY = "the edit leaves as many as there were"
NEED_CONTEXT = ("reorder-copy", "split-stages")
TRANSFORMS = {
    "apt-cleanup": "remove-apt-lists",
    "pip-no-cache": "use-pip-no-cache-dir",
    "apk-no-cache": "use-apk-no-cache",
    "yum-clean": "remove-dnf-cache",
    "npm-omit-dev": "use-npm-omit-dev",
    "merge-runs": "merge-runs",
    "copy-chown": "use-copy-chown",
    "reorder-copy": "move-manifests-first",
    "split-stages": "split-builder-stage",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--level", default="", choices=["", *(level.label for level in LEVELS)])
    parser.add_argument(
        "--misses", metavar="CATEGORY", default="", help="print the edits of a category that were missed"
    )
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    pairs = list(read_pairs(Path(options.corpus)))
    figures = {}
    for level in [level for level in LEVELS if options.level in ("", level.label)]:
        with ProcessPoolExecutor(options.processes) as pool:
            cases = [case for found in pool.map(partial(judge, level=level), pairs, chunksize=20) for case in found]
        if options.misses:
            show_misses(pairs, [case for case in cases if case.category == options.misses])
            continue
        figures[level.label] = report(level.label, cases)
    if not options.level and not options.misses:
        (ROOT / "corpus" / "human_edits.json").write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def read_pairs(folder: Path) -> Iterator[Pair]:
    texts = dict(dockerfiles(folder / "human_edits.tar.xz"))
    with (folder / "human_edits.tsv").open() as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            before, after = (texts[f"{row['id']}.{side}.Dockerfile"] for side in ("before", "after"))
            yield Pair(row["id"], tuple(row["categories"].split(",")), before, after)


def judge(pair: Pair, level: Level) -> list[Case]:
    """Every category of an edit that dockopt claims, at one level."""
    before, after = Dockerfile.parse(pair.before), Dockerfile.parse(pair.after)
    outcome = optimize(pair.before, Settings(level=level))
    fewer = optimize(pair.before, Settings(level=level, few_layers=True))
    cases = []
    for category in pair.categories:
        measure = MEASURES.get(category)
        if measure is None:
            continue
        start, goal = measure(before), measure(after)
        if category == "merge-runs" and kept(before, after) < KEPT_IN_A_MERGE:
            cases.append(
                Case(pair.number, category, False, False, False, "the edit removes commands, or writes others")
            )
            continue
        ends = [measure(Dockerfile.parse(one.after)) for one in (outcome, fewer)]
        made, reached = goal < start, ends[0] <= goal
        why = (
            "" if made and reached else reason(category, before, after, fewer if category == "merge-runs" else outcome)
        )
        if not made:
            why = (
                "nothing of the kind is in the final image"
                if start == 0 and category != "copy-chown"
                else "the edit leaves as many as there were"
            )
        cases.append(Case(pair.number, category, made, made and reached, made and ends[1] <= goal, why))
    return cases


def reason(category: str, before: Dockerfile, after: Dockerfile, outcome: Outcome) -> str:
    """Why an improvement was missed: in the order in which one reason makes the next one moot."""
    if outcome.refusal:
        return f"not rewritten: {outcome.refusal[1].partition(':')[0]}"
    result = Dockerfile.parse(outcome.after)
    label = TRANSFORMS[category]
    for fate in outcome.fates:
        if fate.transform.label == label and fate.kind.value in ("withheld", "rejected", "suppressed"):
            needs = "needs the build context" if category in NEED_CONTEXT else f"withheld ({fate.flag or fate.reason})"
            return needs if not fate.flag else f"withheld ({fate.flag})"
    if installed_words(before) != installed_words(after) and category != "merge-runs":
        return "the edit installs other things, or elsewhere"
    if category in NEED_CONTEXT:
        return (
            "needs the build context, and a base image that is known" if category == "split-stages" else "not proposed"
        )
    return WHY[category](result) if category in WHY else "not proposed"


def installed_words(file: Dockerfile) -> set[str]:
    """Every package-like word of the installs that reach the final image."""
    words: set[str] = set()
    for run in (run for stage in file.chain(file.final) for run in stage.runs):
        for call in run.calls:
            if call.has("install", "add", "ci"):
                words |= {value for value in call.values if value and not value.startswith("-")}
    return words


def why_lists_stay(file: Dockerfile) -> str:
    for one in leftovers(file):
        if one.manager == "apt" and one.stays:
            reader = later_reader(file, one.run)
            if one.run.opaque:
                return f"a body that is not read: {one.run.opaque}"
            return f"the lists are read later by {reader.program}" if reader else "not proposed"
    return "not proposed"


def why_runs_stay(file: Dockerfile) -> str:
    """The first reason why neighbours stay apart; with none left, the edit removes commands."""
    for stage in file.chain(file.final):
        for first, second in neighbours(stage):
            if is_dependency_step(second) or is_dependency_step(first):
                return "a dependency step keeps its own cached layer"
            found = cannot_join(first, second)
            if found:
                return f"not joined: {found}"
    return "the edit moves or removes commands"


WHY: dict[str, Callable[[Dockerfile], str]] = {"apt-cleanup": why_lists_stay, "merge-runs": why_runs_stay}


def report(level: str, cases: list[Case]) -> dict[str, object]:
    """The table of one level and the reasons of what was missed."""
    print(f"\n{level}\n  {'category':16}{'edits':>7}{'made':>6}{'reached':>9}{'share':>7}{'--few-layers':>14}")
    figures: dict[str, object] = {}
    for category in MEASURES:
        figures[category] = row(category, [case for case in cases if case.category == category])
    figures["all"] = row("all", cases)
    figures["without context"] = row("no context", [case for case in cases if case.category not in NEED_CONTEXT])
    for category in MEASURES:
        missed = Counter(case.why for case in cases if case.category == category and case.made and not case.reached)
        other = Counter(case.why for case in cases if case.category == category and not case.made)
        print(f"  {category}")
        for why, number in (*missed.most_common(), *((f"no miss: {why}", n) for why, n in other.most_common())):
            print(f"    {number:4}  {why}")
    return figures


def row(name: str, cases: list[Case]) -> dict[str, int]:
    """Edits of a category; those that make the improvement on the model; of these, what dockopt reaches."""
    made = sum(case.made for case in cases)
    reached, fewer = sum(case.reached for case in cases), sum(case.fewer for case in cases)
    share = f"{100 * reached / made:.0f} %" if made else "-"
    most = f"{fewer} ({100 * fewer / made:.0f} %)" if made else "-"
    print(f"  {name:16}{len(cases):>7}{made:>6}{reached:>9}{share:>7}{most:>14}")
    return {"edits": len(cases), "made": made, "reached": reached, "reached with --few-layers": fewer}


def show_misses(pairs: list[Pair], cases: list[Case]) -> None:
    texts = {pair.number: pair for pair in pairs}
    for case in cases:
        if case.made and not case.reached:
            pair = texts[case.number]
            print(f"=== {case.number}  {case.why}\n{unified(pair.before, pair.after)}")


if __name__ == "__main__":
    sys.exit(main())
