"""What splitting a stage has in common whatever it builds: the checks that come first, Debian packages, evidence."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from dockopt.analyses.apt import apt_commands, is_root
from dockopt.analyses.split.family import called, family
from dockopt.analyses.split.lookups import looked_up
from dockopt.analyses.split.needs import RUNS_RECIPES, Program, image_files
from dockopt.analyses.split.packages import packages_of, stays_whole
from dockopt.analyses.split.placement import Place, Placement, arrange
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.steps import CONFIG, check_stage
from dockopt.analyses.split.system_files import check_system_files
from dockopt.context.kubernetes import manifests
from dockopt.context.tree import Context
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.images import Image, describe
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined

PAGES = frozenset({"dist", "build", "public", "static", "out", "assets", "www"})
"""Folders in which bundlers leave what they make."""
KEYS = ("command", "entrypoint", "test")
"""Keys of compose files under which commands stand."""
STATIC = ("astral-sh/uv", "busybox", "tini", "dumb-init", "caddy", "traefik")
"""Images whose programs link nothing."""


class Splitter:
    """One stage, what its image is known to hold, and what was found out on the way.

    `builds` are the RUN instructions that must stay in the builder; there is at least one.
    """

    follows_family = False
    """Whether stages built on this one are looked at as well."""

    own_programs: tuple[str, ...] = ()
    """Beginnings of the names of programs that the runtime image brings, whatever Debian has under these names."""

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, base: str, builds: list[Run]) -> None:
        self.file = file
        self.stage = stage
        self.image = image
        self.base = base
        self.builds = builds
        self.family = family(file, stage)
        runtime = describe(base)
        self.packages = packages_of(image, certificates=runtime is not None and runtime.has_ca_certificates)
        self.evidence: list[Evidence] = []
        for run in stage.runs:
            if not run.opaque and not stays_whole(run, image):
                self.packages.read(run)

    @property
    def context(self) -> Context:
        """The build context.

        Raises:
            NotSplit: it is not given.
        """
        if self.file.context is None:
            raise NotSplit("the build context is not given")
        return self.file.context

    @property
    def last(self) -> int:
        """Index of the last step that must stay in the builder."""
        return self.builds[-1].index

    def place(self, step: Step) -> Place:
        """Where a step goes that neither builds nor brings what only the build needs."""
        return Place.RUNTIME if step.index > self.last or step.keyword in CONFIG else Place.BOTH

    def arrange(
        self, plan: Plan, brings: Sequence[str], *, opening: Sequence[str] = (), closing: Sequence[str] = ()
    ) -> None:
        """Fill the plan's stages: each step in its place, `brings` where the runtime stage gets what was built."""
        first = self.builds[0].index
        arrange(
            plan, self.stage, Placement(self.place, first, self.last, self.install_lines(), brings, opening, closing)
        )

    def check_builds(self) -> None:
        """Raise NotSplit for what would change the meaning of the builder's steps."""
        check_stage(self.file, self.stage)
        if len(self.family) > 1 and not self.follows_family:
            raise NotSplit(f"{called(self.family[1])} is built on it")
        if not self.context.complete:
            raise NotSplit("the build context is too large to be read whole")
        for step in self.stage.steps[: self.last + 1]:
            if not is_root(step):
                raise NotSplit("it is built by another user than root", step)
            if step.keyword == "VOLUME":
                raise NotSplit("a VOLUME is declared before the last build step", step)

    def check_written(self, run: Run, places: Collection[str] = (), folders: Collection[str | None] = ()) -> None:
        """Raise NotSplit for a build step that also writes a file which the runtime stage does not get.

        It does get `places`, and what is below `folders`.
        """
        for redirect in (one for call in run.calls for one in call.redirects):
            if redirect.operator.startswith("<") or redirect.operator == ">&":
                continue
            path = joined(run.state.folder, redirect.target.value) if redirect.target else None
            if path in places or any(folder and path and path.startswith(f"{folder}/") for folder in folders):
                continue
            if path is None or not path.startswith(("/dev/", "/tmp/")):  # noqa: S108 - in the image
                raise NotSplit("a file is written in one RUN with the install", run)

    def check_copies(self) -> None:
        """Look at what comes from other stages; of other images' programs it is not known whether they still run."""
        self.check_runs()
        for copy in (copy for member in self.family for copy in member.copies):
            source = self.file.stage_named(copy.from_ or "")
            if source is not None:
                self.evidence.append(self.pages(copy, source))
            elif copy.from_ and not any(name in copy.from_ for name in STATIC):
                self.assume(f"what is copied from {copy.from_} needs nothing else of the image")

    def check_runs(self) -> None:
        """Raise NotSplit for a step that works on a file of the full image."""
        runs = [run for member in self.family for run in member.runs if run not in self.builds and not run.opaque]
        copied = {path for member in self.family for path in image_files(self.file, member)}
        whole = [command for run in runs for command in apt_commands(run, "install")]
        asked = {name.partition("=")[0] for command in whole for name in command.packages}
        kept = {*self.packages.kept, *asked - {*self.packages.dropped}}
        check_system_files(runs, kept, copied, self.image, self.base)

    def pages(self, copy: Copy, source: Stage) -> Evidence:
        """What shows that a COPY takes pages and scripts that a stage on Node built.

        Raises:
            NotSplit: it may take something else.
        """
        image = describe(self.file.root(source).base or "")
        names = [part.rstrip("/").rpartition("/")[2] for part in copy.sources]
        plain = bool(names) and all(name in PAGES for name in names) and not (copy.target or "/usr").startswith("/usr/")
        if image is None or image.family != "node" or not plain:
            what = " ".join(copy.sources)
            raise NotSplit(f"what {what} of {called(source)} needs of the image is not followed", copy)
        claim = f"{', '.join(copy.sources)} of {called(source)} holds pages and scripts, which link no library"
        return Evidence(claim, Strength.INFERRED, copy.node.span)

    def copied_paths(self) -> set[str]:
        """Paths of the context whose content reaches the image, through stages that are copied from too."""
        found: set[str] = set()
        waiting, seen = list(self.family), set(self.family)
        while waiting:
            stage = waiting.pop()
            found |= set(image_files(self.file, stage).values())
            more = {self.file.stages[index] for index in self.file.sources_of(stage)} - seen
            waiting += more
            seen |= more
        return found

    def check_program(self, program: Program) -> None:
        """Raise NotSplit for a program that calls others nobody can see from here."""
        if program.name.rpartition("/")[2] in RUNS_RECIPES:
            raise NotSplit(f"{program.where} calls {program.name}, whose recipes are not read")

    def is_own(self, name: str) -> bool:
        """Whether a program comes with the runtime image of the language."""
        return "/" not in name and name.startswith(self.own_programs)

    def runtime_base(self) -> str:
        """The runtime image as it is written in FROM: an expression stays one, with the suffix behind it."""
        written = self.stage.node.argument_text.split()[0]
        if "$" not in written:
            return self.base
        suffix = self.base.removeprefix(self.stage.base or "")
        if f"{self.stage.base}{suffix}" != self.base:
            raise NotSplit("the base image depends on a build argument")
        if suffix:
            self.assume(f"every value of the build argument in {written} has a variant{suffix}")
        return written + suffix

    def compose_programs(self) -> Iterator[str]:
        """Words of commands and health checks in compose files and Kubernetes' manifests; some may be programs."""
        for text in self.context.compose_files.values():
            yield from command_words(text)
        for text in manifests(self.context):
            yield from command_words(text, keys=(*KEYS, "args"))

    def compose_words(self) -> list[str]:
        """The same words as they are written: `start:dev`, `@scope/name`, `/usr/bin/curl`."""
        texts = self.context.compose_files.values()
        return [word for text in texts for word in command_words(text, _as_written)]

    def assume(self, claim: str) -> None:
        """Note something that nobody can show; it takes the fix to the aggressive level."""
        self.evidence.append(Evidence(claim, Strength.ASSUMED))

    def look_up(self, paths: Iterable[str]) -> None:
        """Install the tables of the system that these sources read and the runtime image lacks."""
        texts = (self.context.read(path) or "" for path in paths)
        self.packages.added |= looked_up(texts, self.image, self.base)

    def on_packages(self) -> Iterator[Evidence]:
        """What the package tables say of the packages that stay behind, and of those that take their place."""
        dropped = ", ".join(dict.fromkeys(self.packages.dropped))
        if dropped:
            yield Evidence(f"only the build needs {dropped}", Strength.KNOWN, self.builds[-1].node.span)
        for name, libraries in self.packages.libraries.items():
            if libraries:
                yield Evidence(f"{' and '.join(libraries)} is what {name} needs at run time", Strength.KNOWN)
        for package, command in self.packages.added.items():
            yield Evidence(f"{command} is used and comes with {package}", Strength.KNOWN)

    def install_lines(self) -> list[str]:
        """The RUN that installs what the program needs, none where it needs nothing."""
        commands = self.packages.commands()
        escape = self.file.tree.escape
        return ["RUN " + f" {escape}\n    && ".join(commands)] if commands else []


def command_words(
    text: str, split: Callable[[str], list[str]] | None = None, keys: Collection[str] = KEYS
) -> Iterator[str]:
    """Words behind `command:`, `entrypoint:` and `test:`, on the same line and in the list that follows."""
    listed = False
    for line in text.splitlines():
        key, colon, rest = line.strip().partition(":")
        if colon and key.removeprefix("- ") in keys:
            listed = True
            yield from (split or _words)(rest)
        elif listed and line.strip().startswith("- "):
            yield from (split or _words)(line)
        else:
            listed = False


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter in "-_." else " " for letter in text).split()


def _as_written(text: str) -> list[str]:
    return "".join(" " if letter in "\"'[],;&|()" else letter for letter in text).split()
