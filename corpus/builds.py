"""Build the applications of `corpus/apps`: as they were written, by hand at their best, and as dockopt rewrites them.

Usage: python corpus/builds.py [--case NAME]... [--engine NAME] [--network MODE] [--no-cache]
Needs a container engine. What dockopt writes is verified against the original at every level, as `dockopt verify`
does it; the expert's image has to answer as the original. Prints a table and writes the figures of the cases that ran
to `scores.json`.

`LAB` may name a folder whose `env.sh` sets up an engine; where that has no network of its own, pass --network host.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

from dockopt.batch.results import Result
from dockopt.batch.work import Job, rewrite
from dockopt.build.behaviour import failures
from dockopt.build.engine import Engine, engine
from dockopt.build.trials import Plan, Trial, Workbench, workbench
from dockopt.build.verify import Verdict, Verification, Wishes, verify
from dockopt.cli.building import end_orderly
from dockopt.config import Settings
from dockopt.errors import BuildError
from dockopt.fixes import Level

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus.cases import Case, all_cases

SCORES = Path(__file__).resolve().parent / "scores.json"
LEVELS = ("safe", "standard", "aggressive")
VARIANTS = ("naive", "expert", *LEVELS)
SECONDS_TO_BUILD = 1200.0
NOISE = 20_000
"""Bytes by which two builds of one file may differ: logs, caches, dates in compiled files."""
WORTH_SHARING = 1_000_000
"""Bytes that an expert has to save before a share of it says something."""


@dataclass(frozen=True)
class Setting:
    """How this run builds."""

    engine: Engine
    network: str = ""
    no_cache: bool = False
    levels: tuple[str, ...] = LEVELS
    expert: bool = True

    def plan(self, case: Case, target: str = "", context: Path | None = None) -> Plan:
        folder = str(context or case.context)
        return Plan("", folder, case.options(target, self.network), case.questions(target), SECONDS_TO_BUILD)


@dataclass
class Scores:
    """What was found for one case: bytes and seconds by variant, what dockopt writes, and complaints."""

    case: Case
    sizes: dict[str, int] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.complaints:
            return "broken"
        if self.case.unchanged:
            return "ok" if not self.results["standard"].changed else "changed"
        return "ok" if self.sizes["standard"] < self.sizes["naive"] - NOISE else "not smaller"

    @property
    def reduction(self) -> float:
        sizes = self.sizes
        return 1 - sizes["standard"] / sizes["naive"] if {"naive", "standard"} <= {*sizes} else 0.0

    @property
    def share(self) -> float | None:
        """How much of what the expert saves dockopt saves, None where the expert saves next to nothing."""
        sizes = self.sizes
        if not {"naive", "expert", "standard"} <= {*sizes} or sizes["naive"] - sizes["expert"] < WORTH_SHARING:
            return None
        return (sizes["naive"] - sizes["standard"]) / (sizes["naive"] - sizes["expert"])

    @property
    def estimate_error(self) -> float | None:
        """By how much the estimate of the rewritten image is off."""
        guess = self.results["standard"].sizes if "standard" in self.results else None
        return guess.after.size.expected / self.sizes["standard"] - 1 if guess and "standard" in self.sizes else None

    @property
    def savings_error(self) -> float | None:
        """By how much the estimate of what is saved is off; None where next to nothing is saved."""
        guess = self.results["standard"].sizes if "standard" in self.results else None
        saved = self.sizes.get("naive", 0) - self.sizes.get("standard", 0)
        return guess.saves.expected / saved - 1 if guess and saved >= WORTH_SHARING else None

    @property
    def note(self) -> str:
        return "; ".join(self.complaints) or self.case.shortfall

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.case.name,
            "description": self.case.description,
            "verdict": self.verdict,
            "splits": self.case.splits,
            "bytes": self.sizes,
            "reduction": round(self.reduction, 4),
            "share_of_expert": rounded(self.share),
            "estimate": {level: estimates(result) for level, result in self.results.items()},
            "estimate_error": rounded(self.estimate_error),
            "savings_error": rounded(self.savings_error),
            "fixes": {level: [fate.transform.label for fate in one.applied] for level, one in self.results.items()},
            "written": {level: digest(one.text) for level, one in self.results.items()},
            "note": self.note,
        }


def digest(text: str) -> str:
    """A short name for what was built, by which later runs see whether dockopt still writes the same."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def main() -> int:
    options = arguments()
    engine_from_lab()
    end_orderly()
    try:
        found = engine(options.engine)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    setting = Setting(found, options.network, options.no_cache)
    cases = [case for case in all_cases() if not options.case or case.name in options.case]
    print(HEADER)
    done = []
    for case in cases:
        scores = score(case, setting)
        print(row(scores), flush=True)
        for line in scores.complaints:
            print(f"    {line}", flush=True)
        record(scores)
        done.append(scores)
    print(summary(done))
    return 1 if any(scores.verdict == "broken" for scores in done) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", default=[], metavar="NAME", help="only this application")
    parser.add_argument("--engine", default="", help="docker, podman or buildah; the first there is")
    parser.add_argument("--network", default="", metavar="MODE", help="for builds and containers")
    parser.add_argument("--no-cache", action="store_true", help="build every step of the original anew")
    return parser.parse_args()


def engine_from_lab() -> None:
    """Take PATH and the engine's address from `$LAB/env.sh`, where there is one."""
    script = Path(os.environ.get("LAB", "")) / "env.sh"
    if os.environ.get("LAB") and script.is_file():
        found = subprocess.run(["sh", "-c", '. "$0" && env -0', str(script)], capture_output=True, check=True)
        os.environ.update(dict(pair.split("=", 1) for pair in found.stdout.decode().split("\0") if "=" in pair))


def score(case: Case, setting: Setting) -> Scores:
    """Everything about one case."""
    scores = Scores(case)
    try:
        with workbench(setting.engine, setting.plan(case)) as bench:
            first = bench.trial(text_of(case.naive), anew=setting.no_cache)
            judge_levels(scores, bench, setting.levels)
            if setting.expert:
                judge_expert(scores, bench, first)
        for target in case.targets:
            with workbench(setting.engine, setting.plan(case, target)) as bench:
                judge_levels(scores, bench, setting.levels, target)
    except BuildError as error:
        scores.complaints.append(str(error))
    return scores


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def rewritten(case: Case, level: str) -> Result:
    job = Job(Settings(Level[level.upper()]), str(case.context))
    return rewrite(case.naive.name, case.naive.read_bytes(), job)


def judge_levels(scores: Scores, bench: Workbench, levels: tuple[str, ...], target: str = "") -> None:
    """Verify what dockopt writes at every level; one that equals an earlier one is judged once."""
    known: dict[str, Verification] = {}
    for level in levels:
        result = scores.results.setdefault(level, rewritten(scores.case, level))
        if result.text not in known:
            known[result.text] = verify(result, bench, Wishes(each_fix=False))
        found = known[result.text]
        name = f"{level}, target {target}" if target else level
        scores.complaints += [f"{name}: {line}" for line in complaints(found)]
        if target or found.before is None or found.after is None:
            continue
        scores.sizes["naive"], scores.sizes[level] = found.before.image.size, found.after.image.size
        answers = "\n".join(answer.output or "" for answer in found.before.answers)
        if scores.case.expect not in answers:
            scores.complaints.append(f"the original does not answer {scores.case.expect!r}")
        if found.after.image.size > found.before.image.size + NOISE:
            scores.complaints.append(f"{name}: larger than before")


def complaints(found: Verification) -> Iterator[str]:
    """What is wrong with a rewrite, and the fix to blame."""
    if found.verdict in (Verdict.VERIFIED, Verdict.UNCHANGED):
        return
    culprit = f" (fix {found.culprit.number}, {found.culprit.transform.label})" if found.culprit else ""
    yield from (f"{line}{culprit}" for line in found.objections)


def judge_expert(scores: Scores, bench: Workbench, first: Trial) -> None:
    if not scores.case.expert.exists() or first.problem:
        return
    trial = bench.trial(text_of(scores.case.expert))
    if trial.problem:
        scores.complaints.append(f"expert: {trial.problem}")
        return
    scores.complaints += [f"expert: {line}" for line in failures(bench.answers(first), bench.answers(trial))]
    (image,) = bench.read(trial)
    scores.sizes["expert"] = image.size


def estimates(result: Result) -> dict[str, list[int]] | None:
    if result.sizes is None:
        return None
    sizes = {"before": result.sizes.before.size, "after": result.sizes.after.size, "saves": result.sizes.saves}
    return {name: list(range_) for name, range_ in sizes.items()}


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


HEADER = (
    f"{'':20}{'naive':>8}{'expert':>8}{'safe':>8}{'standard':>9}{'aggr.':>8} MB{'less':>6}{'of expert':>11}"
    f"{'est. off':>10}  verdict"
)


def row(scores: Scores) -> str:
    sizes = "".join(
        f"{f'{scores.sizes[name] / 1e6:.1f}' if name in scores.sizes else '-':>{9 if name == 'standard' else 8}}"
        for name in VARIANTS
    )
    return (
        f"{scores.case.name:20}{sizes}   {scores.reduction:>6.0%}{percent(scores.share, ''):>11}"
        f"{percent(scores.estimate_error, '+'):>10}  {scores.verdict}"
    )


def percent(value: float | None, sign: str) -> str:
    return "" if value is None else f"{value:{sign}.0%}"


def summary(done: list[Scores]) -> str:
    broken = sum(scores.verdict == "broken" for scores in done)
    shares = [scores.share for scores in done if scores.share is not None]
    errors = [abs(scores.estimate_error) for scores in done if scores.estimate_error is not None]
    splits = [scores.reduction if scores.verdict == "ok" else 0.0 for scores in done if scores.case.splits]
    parts = [f"{len(done)} cases, {broken} broken"]
    parts += [f"{len(splits)} that an expert splits are {mean(splits):.0%} smaller on average"] if splits else []
    parts += [f"median share of the expert's reduction {median(shares):.0%}"] if shares else []
    parts += [f"median error of the estimated size {median(errors):.0%}"] if errors else []
    return "; ".join(parts)


def record(scores: Scores) -> None:
    """Put the figures of one case into the scores, and leave those of the others."""
    known: Mapping[str, Any] = json.loads(SCORES.read_text(encoding="utf-8")) if SCORES.exists() else {"cases": []}
    cases = {case["name"]: case for case in known["cases"]} | {scores.case.name: scores.as_json()}
    document = {"cases": [cases[name] for name in sorted(cases)]}
    SCORES.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
