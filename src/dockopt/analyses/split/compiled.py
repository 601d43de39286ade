"""What splitting has in common for compiled languages: the programs that a build writes, and the files beside them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dockopt.analyses.split.builder_files import BuilderFiles
from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.effects import Effect, Kind, effects
from dockopt.analyses.split.needs import Program, image_files, is_base_command, landing, script_path, start_programs
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import has_adduser
from dockopt.context.sources import STANDARD_FOLDERS, is_remote
from dockopt.fixes import Evidence, Leaves, Strength
from dockopt.knowledge.base_commands import WRITES_FILES_ONLY
from dockopt.knowledge.image_contents import package_with_command
from dockopt.knowledge.images import Image
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.words import expand, parse_name_values

SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
DATA_AT_MOST = 12
PROJECT_FILES = (
    *("Makefile", "makefile", "GNUmakefile", "*.mk", "LICENSE*", "COPYING*", "NOTICE*", "AUTHORS*", "CODEOWNERS"),
    *("README*", "CHANGELOG*", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md"),
    *(
        "Dockerfile*",
        "*.Dockerfile",
        "docker-compose*",
        "compose.y*ml",
        ".docker*",
        ".git*",
        ".editorconfig",
        ".travis*",
    ),
)
PROJECT_FOLDERS = (".git", ".github", ".vscode", ".idea", ".circleci", "docs", "test")
FETCHERS = frozenset({"git", "subversion", "mercurial"})
SET_BY_SHELLS = frozenset({"HOME", "PWD", "PATH", "USER", "@", "*", "#", "?", "$", "!", "0", "1", "2", "3"})
ALSO_READ = frozenset({"strip", "rmdir", "sleep", "ldd", "which", "exit", "umask", "nproc"})
TELL_THE_PROGRAM = frozenset({"ENTRYPOINT", "CMD", "HEALTHCHECK", "ENV"})
ROOT_OWNERS = ("", "root", "root:root", "0", "0:0")


class Compiled(Splitter):
    """A stage whose container starts a program that its build wrote.

    `leaves` is what the builder keeps by name, `sources` the endings of files in which names of data files are looked
    for, `tools` programs of the toolchain, `image_folder` where the image starts when the file has no WORKDIR.
    """

    builder = "the build"
    leaves = Leaves()
    sources: tuple[str, ...] = ()
    tools: frozenset[str] = frozenset()
    image_folder: str | None = "/"
    image_path: tuple[str, ...] = ()
    """Folders of the builder's PATH that the runtime image has not; programs in them are brought to /usr/local/bin."""
    for_others = True
    """Whether all that the build writes are programs, and not also parts of them."""

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, base: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, base, builds)
        self.files = BuilderFiles()
        self.late: list[Effect] = []
        self.late_copies: list[Copy] = []
        self.used: list[str] = []
        self.called: set[str] = set()
        self.moved: dict[str, str] = {}

    def is_build(self, call: Call) -> bool:
        """Whether a command compiles or is a harmless one of the toolchain."""
        raise NotImplementedError

    def build(self, call: Call, folder: str, run: Run) -> Iterable[str]:
        """The image paths that a compiling command writes and that a program may need when it runs."""
        raise NotImplementedError

    def follow(self) -> None:
        """Follow the stage's steps up to the last that builds or uses what was built.

        Raises:
            NotSplit: a step cannot be understood.
        """
        if self.image_folder is None and self.stage.end.folder is None:
            raise NotSplit("the file has no WORKDIR, and the folder that its image starts in stays behind")
        compiling = self.last
        for step in self.stage.steps:
            if isinstance(step, Copy):
                self._follow_copy(step, compiling)
            elif isinstance(step, Run):
                self._follow_run(step, compiling)
            elif step.keyword in ("ENV", "WORKDIR"):
                self._check_expansions(step)
        self.builds.sort(key=lambda run: run.index)
        self.check_builds()
        if any(copy.index < self.last for copy in self.late_copies):
            raise NotSplit("files are copied between the build and a step that moves what it wrote")

    def _follow_copy(self, copy: Copy, compiling: int) -> None:
        if self.is_elsewhere(copy):
            return
        landed = landing(self.file, copy)
        if copy.index > compiling:
            self.late_copies.append(copy)
        elif not landed:
            raise NotSplit("what a COPY brings is not known", copy)
        owner = copy.node.flag("chown")
        if owner and (owner.value or "") not in ROOT_OWNERS and any(not self.keeps(path) for path in landed.values()):
            raise NotSplit("copied files that the program may need have another owner than root", copy)
        self.files.land(landed, (copy.target or "/").rstrip("/"))

    def is_elsewhere(self, copy: Copy) -> bool:
        """Whether a COPY brings something else than files of the build context; then both stages get it."""
        archive = (".tar", ".tgz", ".gz", ".xz", ".bz2", ".zst")
        if copy.from_ or copy.inline:
            return True
        return copy.keyword == "ADD" and any(is_remote(one) or one.endswith(archive) for one in copy.sources)

    def _follow_run(self, run: Run, compiling: int) -> None:
        folder = run.state.folder or self.image_folder
        builds = False
        found: list[Effect] = []
        for call in run.calls:
            if call.is_("cd"):
                if not call.top and any(self.is_build(other) for other in run.calls):
                    raise NotSplit("a build step changes folders in a condition or a subshell", run)
                folder = joined(folder, call.values[0] if call.values else None)
            elif self.is_build(call):
                builds = True
                if not call.top:
                    raise NotSplit(f"{call.words[0].text} runs in a condition or a subshell", run)
                for path in self.build(call, folder or "", run):
                    self.files.outputs[path] = run
                    self.files.removed.discard(path)
            elif not is_apt_call(call):
                self._known(call, run)
                found += list(effects(call, folder))
        self._sort_run(run, found, builds, compiling)

    def _known(self, call: Call, run: Run) -> None:
        if call.name in ("adduser", "addgroup") and not has_adduser(self.image):
            raise NotSplit(f"{call.name} does not come with every release of the image", run)
        if call.name not in WRITES_FILES_ONLY | ALSO_READ:
            raise NotSplit(f"{call.words[0].text} may write files that are not understood", run)

    def _sort_run(self, run: Run, found: list[Effect], builds: bool, compiling: int) -> None:
        touched = self.files.touched(found, run)
        if builds or (touched.mine and (run.index < compiling or touched.uses)):
            if run not in self.builds:
                self.builds.append(run)
            self.files.apply(found, run)
            self.files.leave(_mounted(run))
        elif touched.mine:
            self.late += found
        elif any(call.is_("strip") for call in run.calls):
            raise NotSplit("strip works on files that the build did not write", run)
        if run not in self.builds:
            self._check_expansions(run)

    def _check_expansions(self, step: Step) -> None:
        """Refuse what reads a variable that only the builder's image sets."""
        names: set[str] = set()
        if isinstance(step, Run):
            assigned = {one.name for call in step.calls for one in call.assignments}
            names = {name for call in step.calls for word in call.words for name in word.expansions} - assigned
        elif step.keyword == "ENV":
            for pair in parse_name_values(step.text, step.state.escape):
                names |= set(expand(pair.value or "", {}, step.state.escape).names)
                if pair.name == "PATH":
                    raise NotSplit("the file sets PATH", step)
        else:
            names = set(expand(step.text, {}, step.state.escape).names)
        strange = sorted(names - SET_BY_SHELLS - set(step.state.environment) - set(step.state.arguments))
        if strange:
            raise NotSplit(f"{step.keyword} reads {strange[0]}, which only the builder's image may set", step)

    def place(self, step: Step) -> Place:
        if isinstance(step, Run) and step in self.builds:
            return Place.BUILDER
        place = super().place(step)
        if place is not Place.BOTH:
            return place
        if isinstance(step, Copy):
            return Place.BOTH if self.is_elsewhere(step) else Place.BUILDER
        if isinstance(step, Run) and any(is_apt_call(call) for call in step.calls):
            return Place.BOTH if stays_whole(step, self.image) else Place.REPLACED
        return place

    def programs(self) -> None:
        """Find the programs that the container starts, and what they call.

        Raises:
            NotSplit: one of them will not be there.
        """
        landed = image_files(self.file, self.stage)
        for program in start_programs(self.file, self.stage):
            path = self._as_output(program)
            if path:
                self.used.append(path)
                if "/" not in program.name and path.rpartition("/")[0] not in SEARCHED:
                    self.moved[path] = f"/usr/local/bin/{program.name}"
            else:
                self.program(program, landed)
        for word in self.compose_programs():
            if word in ("curl", "wget", "git", "nc"):
                self.need(word)
        if not self.used:
            raise NotSplit(f"the container does not start a program that {self.builder} wrote")

    def _as_output(self, program: Program) -> str:
        known = [path for path in (*self.files.outputs, *self.files.made) if not self.files.is_gone(path)]
        if "/" in program.name:
            path = joined(self.stage.end.folder or self.image_folder, program.name)
            return path if path in known else ""
        found = [path for path in known if path.rpartition("/")[2] == program.name]
        return next((path for path in found if path.rpartition("/")[0] in (*SEARCHED, *self.image_path)), "")

    def program(self, program: Program, landed: Mapping[str, str]) -> None:
        """Make sure that a program is there at run time."""
        self.check_program(program)
        bare = program.name.rpartition("/")[2]
        if bare in self.tools:
            raise NotSplit(f"{program.where} calls {bare}, which stays in the builder")
        if is_base_command(program.name) or self.need(program.name):
            return
        if "/" in program.name and script_path(self.stage, program) in landed:
            return
        if program.name not in self.packages.kept:
            raise NotSplit(f"{program.where} calls {program.name}, which is not known")

    def need(self, name: str) -> bool:
        """Make sure that a program of the builder's image is installed by name; whether it is one."""
        folder, _, bare = name.rpartition("/")
        if folder not in ("", "/bin", "/usr/bin", "/sbin", "/usr/sbin"):
            return False
        self.called.add(bare)
        if bare in self.packages.kept:
            return True
        package = package_with_command(self.image.family, self.image.variant, bare)
        if package:
            self.packages.added[package] = bare
        return bool(package)

    def keeps(self, path: str) -> bool:
        """Whether a file of the context serves only the build, by its name and folder."""
        return self.leaves.holds(path) or ("/" not in path and path.endswith((".md", ".rst")))

    def data(self) -> list[str]:
        """Image paths of what the context brings besides sources, folder by folder."""
        places: dict[str, None] = {}
        named, told = self._named(), self._told()
        for copy in self.stage.copies:
            if copy.index > self.last or self.is_elsewhere(copy):
                continue
            root = (copy.target or "/").rstrip("/")
            landed = landing(self.file, copy)
            if self._is_data(landed, root):
                places[root] = None
                continue
            for image, path in landed.items():
                inside = image.removeprefix(f"{root}/") if image.startswith(f"{root}/") else ""
                parts = {*path.split("/"), path.rpartition("/")[2].partition(".")[0]}
                wanted = named & parts and not path.endswith(self.sources)
                if (wanted or image in told or not self.keeps(path)) and not self.files.is_gone(image):
                    places[f"{root}/{inside.partition('/')[0]}" if inside else image] = None
        if len(places) > DATA_AT_MOST:
            raise NotSplit("the build context holds many files besides sources that the program may read")
        return list(places)

    def _is_data(self, landed: Mapping[str, str], root: str) -> bool:
        """Whether a copied folder holds nothing but data: then a name in it does not speak of a project."""
        if root in STANDARD_FOLDERS or root == self.stage.end.folder:
            return False
        if any(not image.startswith(f"{root}/") or self.files.is_gone(image) for image in landed):
            return False
        names = tuple(name for name in self.leaves.names if name not in PROJECT_FILES)
        build = self.leaves._replace(names=names, folders=(), manifests=())
        paths = landed.values()
        return not all(map(self.keeps, paths)) and not any(
            path.endswith(self.sources) or build.holds(path) for path in paths
        )

    def _told(self) -> frozenset[str]:
        """Image paths of files that the Dockerfile names to the program."""
        folder = self.stage.end.folder or self.image_folder or "/"
        steps = (step for one in self.file.chain(self.stage) for step in one.steps)
        texts = [step.node.argument_text for step in steps if step.keyword in TELL_THE_PROGRAM]
        words = {word for text in texts for word in re.split(r"[\s\"',:;=\[\]]+", text) if word}
        return frozenset(path for word in words if (path := joined(folder, word)))

    def _named(self) -> frozenset[str]:
        """Parts of every path that a source writes out, in whatever string."""
        found: set[str] = set()
        for path in image_files(self.file, self.stage).values():
            if path.endswith(self.sources) and not self.is_foreign(path):
                for literal in self.literals(self.context.read(path) or ""):
                    found.update(literal.split("/"))
        return frozenset(found - {"", ".", ".."})

    def is_foreign(self, path: str) -> bool:  # noqa: ARG002 - nothing by default
        """Whether a source is not in the program: tests, vendored modules."""
        return False

    def literals(self, text: str) -> Iterator[str]:
        """The strings that a source writes out."""
        return iter(re.findall(r'"([^"\n]*)"', text))

    def leave_fetchers(self) -> None:
        """Leave programs that fetch sources in the builder, where all that the program calls is known."""
        if any(one.strength is Strength.ASSUMED for one in self.evidence):
            return
        for name in FETCHERS & set(self.packages.kept) - self.called:
            self.packages.kept.remove(name)
            self.packages.dropped.append(name)

    def brought(self, data: Sequence[str], *more: str) -> list[str]:
        """The lines that copy programs and data from the builder."""
        outputs = [path for path in self.files.outputs if path in self.used or self._may_be_used(path)]
        built_in = {path.rpartition("/")[0] for path in self.files.outputs}
        made = [path for path in self.files.made if not self.leaves.holds(path) and path not in built_in]
        places = dict.fromkeys([*more, *outputs, *made, *data])
        left = [path for path in places if not self.files.is_gone(path)]
        whole = [path for path in left if not any(path != one and path.startswith(f"{one}/") for one in left)]
        self._check_late(whole)
        return [f"COPY --from=builder {path} {self.moved.get(path, path)}" for path in whole]

    def planned(self, data: list[str], lines: list[str], places: Iterable[str] = ()) -> Plan:
        """The plan with these lines in the runtime stage; below `places` nothing is missed that stays behind."""
        leaves = self.leaves._replace(places=tuple(dict.fromkeys(places)))
        plan = Plan(f"build in a builder stage and run on {self.base}", self.base, leaves=leaves)
        self.arrange(plan, lines)
        plan.evidence = [*self.founded(data), *self.evidence]
        return plan

    def founded(self, data: list[str]) -> Iterable[Evidence]:
        """What the plan rests on."""
        raise NotImplementedError

    def _may_be_used(self, path: str) -> bool:
        """Whether somebody may start an output that the container itself does not start."""
        return path not in self.files.copied and (self.for_others or path in self.files.sources)

    def _check_late(self, places: Sequence[str]) -> None:
        """Refuse steps behind the build that work on files which stay in the builder."""
        there = [*places, *(copy.target.rstrip("/") for copy in self.late_copies if copy.target)]
        for effect in self.late:
            if effect.deep:
                continue
            for path in (effect.path, effect.source):
                new = path == effect.path and effect.kind in (Kind.MAKE, Kind.FOLDER, Kind.LINK)
                if path and not self._is_there(path.rpartition("/")[0] if new else path, there):
                    raise NotSplit(f"a later step works on {path}, which stays in the builder")

    def _is_there(self, path: str, places: Sequence[str]) -> bool:
        end = self.stage.end.folder or "/"
        if path in STANDARD_FOLDERS or f"{end}/".startswith(f"{path}/"):
            return True
        return any(f"{path}/".startswith(f"{one}/") or one.startswith(f"{path}/") for one in places)


def _mounted(run: Run) -> Iterator[str]:
    """The folders that are not in a RUN's layer."""
    for mount in run.mounts:
        target = mount.get("target") or mount.get("dst") or mount.get("destination") or ""
        yield joined(run.state.folder or "/", run.state.expand(target)) or "/"
