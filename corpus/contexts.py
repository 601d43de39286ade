"""Reorder and split over real repositories: every single-stage Dockerfile is rewritten, good as it is, or has a reason.

Usage: python corpus/contexts.py [--corpus FOLDER] [--all] [--diff]
The build context of each Dockerfile is what compose, bake and skaffold files say, else its folder, else the repository:
the first in which all its sources are. `reviewed.toml` lists what was read by hand; a rewrite not in it is named.

A file is in order where no instruction brings sources above an install that need not see them. It is good at its end
where no smaller end is known to dockopt and the last stage keeps no package for building; "none" is no reason given.
"""

import argparse
import hashlib
import os
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dockopt.analyses.copied_files import landing_of  # noqa: E402
from dockopt.analyses.late_copy import late_copies  # noqa: E402
from dockopt.analyses.project_installs import installs_manifests  # noqa: E402
from dockopt.context.folder import FolderContext  # noqa: E402
from dockopt.context.names import is_dockerfile_name  # noqa: E402
from dockopt.context.services import services  # noqa: E402
from dockopt.context.sources import is_remote, match  # noqa: E402
from dockopt.engine.ledger import FateKind  # noqa: E402
from dockopt.engine.pipeline import Outcome, optimize  # noqa: E402
from dockopt.knowledge.commands import PACKAGE_MANAGERS  # noqa: E402
from dockopt.model.dockerfile import Dockerfile  # noqa: E402
from dockopt.text.diff import unified_diff  # noqa: E402
from dockopt.text.source import SourceText  # noqa: E402

REORDER = frozenset({"move-manifests-first", "split-dependency-install"})
SPLIT = frozenset({"split-builder-stage", "use-slim-base", "use-runtime-libraries"})
ECOSYSTEMS = (
    *(("uv.lock", "uv"), ("poetry.lock", "poetry"), ("Pipfile", "pipenv"), ("pnpm-lock.yaml", "pnpm")),
    *(("yarn.lock", "yarn"), ("package.json", "npm"), ("go.mod", "go"), ("Cargo.toml", "cargo"), ("pom.xml", "maven")),
    *(("Gemfile", "bundler"), ("composer.json", "composer"), (".csproj", "dotnet"), ("requirements.txt", "pip")),
    *(("pyproject.toml", "pip"), ("requirements", "pip")),
)
VERDICTS = ("rewritten", "good", "reason", "none")
DEVELOPMENT = "the image is for development"
"""What the reason says where a split would take away what the image is for."""
FOR_BUILDING = frozenset("gcc g++ make build-base build-essential cmake cargo rustc".split())


class Case(NamedTuple):
    """One Dockerfile with its context; `reorder` and `split` are a verdict and what it says."""

    repository: str
    dockerfile: str
    context: str
    stages: int
    ecosystem: str
    reorder: tuple[str, str]
    split: tuple[str, str]
    before: str
    after: str

    @property
    def digest(self) -> str:
        """What the reordered and split text is known by in the list of reviewed rewrites."""
        return hashlib.sha256(self.after.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def main() -> int:
    options = arguments()
    cases: list[Case] = []
    for repository, tree in repositories(options.corpus):
        cases += [one for one in cases_of(repository, tree) if options.all or one.stages == 1]
    for case in cases:
        show(case, diff=options.diff)
    report("reorder", [(case.ecosystem, case.reorder[0]) for case in cases])
    report("split", [(case.ecosystem, case.split[0]) for case in cases])
    others = [case.split[0] for case in cases if DEVELOPMENT not in case.split[1]]
    reached = sum(verdict in ("rewritten", "good") for verdict in others)
    print(f"without the {len(cases) - len(others)} images for development: {reached / max(1, len(others)):.0%}")
    return review(cases)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives, or unpacked repositories")
    parser.add_argument("--all", action="store_true", help="Dockerfiles with several stages, too")
    parser.add_argument("--diff", action="store_true", help="show what reorder and split change")
    return parser.parse_args()


def repositories(corpus: str) -> Iterator[tuple[str, Path]]:
    archive = Path(corpus) / "contexts.tar.xz"
    if not archive.exists():
        yield from ((tree.parent.name.replace("__", "/"), tree) for tree in sorted(Path(corpus).glob("*/tree")))
        return
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")
        for tree in sorted(Path(place).rglob("tree")):
            if tree.parent.name.count("__") and tree.is_dir():
                yield tree.parent.name.replace("__", "/"), tree


def cases_of(repository: str, tree: Path) -> Iterator[Case]:
    built = services(str(tree))
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        if not path.is_file() or not is_dockerfile_name(path.name):
            continue
        named = [one.context for one in built if one.dockerfile == name]
        folders = dict.fromkeys((*named, path.parent.relative_to(tree).as_posix(), "."))
        text = SourceText.from_bytes(path.read_bytes()).text
        for folder in folders:
            context = FolderContext(str(tree / folder), str(path))
            if resolves(text, context):
                yield case(repository, name, folder, text, context)
                break
        else:
            print(f"{repository}/{name}: left out, some of its sources are in no folder")


def resolves(text: str, context: FolderContext) -> bool:
    file = Dockerfile.parse(text, context)
    if file.refusal:
        return False
    for stage in file.stages:
        for copy in stage.copies:
            sources = [one or "" for one in copy.expanded_sources if not is_remote(one or "")]
            if copy.from_ is None and not copy.inline and any(one.missing for one in match(context, sources)):
                return False
    return True


def case(repository: str, name: str, folder: str, text: str, context: FolderContext) -> Case:
    outcome = optimize(text, context=context)
    file = Dockerfile.parse(text, context)
    last = next((one for one in reversed(outcome.applied) if one.transform.label in REORDER | SPLIT), None)
    return Case(
        repository,
        name,
        folder,
        len(file.stages),
        ecosystem(file, context),
        reordered(file, outcome),
        split(outcome, building_packages(file)),
        text,
        last.after if last else text,
    )


def ecosystem(file: Dockerfile, context: FolderContext) -> str:
    """By the manifests that the file copies."""
    copies = [copy for stage in file.stages for copy in stage.copies]
    copied = [path for copy in copies for path in landing_of(file, copy).places.values()]
    near = sorted(copied, key=lambda path: path.count("/"))
    found = (kind for ending, kind in ECOSYSTEMS for path in near if path.rpartition("/")[2].endswith(ending))
    return next(found, "other") if context.files else "other"


def reordered(file: Dockerfile, outcome: Outcome) -> tuple[str, str]:
    titles = [one.fix.title for one in outcome.applied if one.transform.label in REORDER]
    if titles:
        return "rewritten", "; ".join(titles)
    reasons = [late.reason for stage in file.stages for late in late_copies(file, stage) if late.reason]
    if reasons:
        return "reason", reasons[0]
    installs = any(installs_manifests(run) for run in file.runs)
    return "good", "no sources stand above an install" if installs else "installs nothing that the project lists"


def split(outcome: Outcome, kept: str) -> tuple[str, str]:
    fates = [one for one in outcome.fates if one.transform.label in SPLIT]
    applied = [one.fix.title for one in fates if one.kind is FateKind.APPLIED]
    if applied:
        return "rewritten", "; ".join(applied)
    if not fates:
        return (
            ("none", f"says nothing, though it installs {kept}") if kept else ("good", "nothing known to leave behind")
        )
    reasons = [one.fix.title if not one.fix.edits else f"{one.fix.title}: {one.reason}" for one in fates]
    return "reason", "; ".join(dict.fromkeys(reasons))


def building_packages(file: Dockerfile) -> str:
    """Packages for building that the last stage installs and does not remove."""
    calls = [call for run in file.final.runs for call in run.calls if call.name in PACKAGE_MANAGERS]
    words = {word for call in calls if call.has("install", "add") for word in call.values if word}
    gone = {word for call in calls if call.has("del", "purge", "remove") for word in call.values if word}
    found = sorted(word for word in words - gone if word in FOR_BUILDING or word.endswith("-dev"))
    return "" if gone & words else ", ".join(found)


def show(case: Case, *, diff: bool) -> None:
    print(f"{case.repository}/{case.dockerfile}  ({case.ecosystem}, context {case.context}, stages {case.stages})")
    print(f"  reorder  {case.reorder[0]}: {case.reorder[1]}")
    print(f"  split    {case.split[0]}: {case.split[1]}")
    if diff and case.after != case.before:
        print(unified_diff(case.before, case.after, case.dockerfile), case.digest)


def report(what: str, rows: list[tuple[str, str]]) -> None:
    counts = Counter(rows)
    print(f"\n{what:10}{'files':>7}" + "".join(f"{verdict:>11}" for verdict in VERDICTS) + f"{'share':>8}")
    for kind in (*sorted({kind for kind, _ in rows}), ""):
        each = [sum(n for (k, v), n in counts.items() if v == verdict and kind in ("", k)) for verdict in VERDICTS]
        share = (each[0] + each[1]) / max(1, sum(each))
        print(f"{kind or 'all':10}{sum(each):>7}" + "".join(f"{n:>11}" for n in each) + f"{share:>8.0%}")


def review(cases: list[Case]) -> int:
    """Which rewrites nobody has read yet."""
    listed = tomllib.loads((ROOT / "corpus" / "reviewed.toml").read_text(encoding="utf-8")).get("rewrite", [])
    known = {(one["repository"], one["dockerfile"], one["result"]): one["verdict"] for one in listed}
    bad = [one for one in listed if one["verdict"] != "sound"]
    new = [
        one for one in cases if one.before != one.after and (one.repository, one.dockerfile, one.digest) not in known
    ]
    for one in new:
        print(f"not reviewed: {one.repository}/{one.dockerfile} {one.digest}")
    return 1 if new or bad else 0


if __name__ == "__main__":
    sys.exit(main())
