"""What `./configure && make && make install` writes, and which libraries it may have found in the builder."""

from collections.abc import Iterable, Iterator

from dockopt.analyses.split.builder_files import BuilderFiles
from dockopt.analyses.split.needs import of_script
from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests import autotools
from dockopt.context.manifests.autotools import AutotoolsProject
from dockopt.context.tree import Context
from dockopt.knowledge.apt_packages import packages_of
from dockopt.knowledge.runtime_libraries import build_only, runtime_of
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import joined

GENERATES = frozenset({"autoreconf", "aclocal", "autoconf", "autoheader", "automake", "libtoolize", "autopoint"})
"""Programs that only write the rules of the build beside its sources."""
GENERATING_SCRIPTS = ("autogen.sh", "bootstrap", "bootstrap.sh", "buildconf")
HARMLESS_IN_SCRIPTS = frozenset("echo printf set test [ cd exit true : mkdir rm touch dirname basename sh bash".split())
OPTIONS = ("--enable-", "--disable-", "--without-")
FLAGS = frozenset({"-q", "--quiet", "--silent", "-C"})
VARIABLES = frozenset({"CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS"})
NO_PREFIX = frozenset({"/", "/usr", "/bin", "/opt", "/home", "/root", "/srv", "/var", "/etc", "/tmp"})  # noqa: S108
GOALS = frozenset({"all", "install", "install-strip", "check", "clean"})
MORE_AT_MOST = 12
EXTRA = ("-dev", "-doc", "-bin", "-dbg", "-data", "-common", "-tools", "-utils", "-perl", "-locale", "-dev-bin")


class Autotools:
    """The projects that were configured: build folder to what it makes and the prefix it installs to."""

    def __init__(self, files: BuilderFiles) -> None:
        self.files = files
        self.projects: dict[str, tuple[AutotoolsProject, str]] = {}
        self.prefixes: dict[str, None] = {}
        self.places: dict[str, None] = {}
        self.finds_by_name = False
        """Whether the system was told to look for new shared libraries."""

    def takes(self, call: Call) -> bool:
        """Whether a command is one of a build with Autotools."""
        name = call.name or ""
        if name == "ldconfig":
            return bool(self.projects) and not call.values
        return name in GENERATES or name in GENERATING_SCRIPTS or name == "configure"

    def of(self, call: Call, folder: str, run: Run, context: Context) -> None:
        """Take in one of them.

        Raises:
            NotSplit: what it does is not known.
        """
        name = call.name or ""
        if name == "ldconfig":
            self.finds_by_name = True
        elif name == "configure":
            self._configure(call, folder, run, context)
        elif name in GENERATING_SCRIPTS:
            self._script(call, folder, run, context)

    def _script(self, call: Call, folder: str, run: Run, context: Context) -> None:
        path = self.files.landed.get(joined(folder or None, call.words[0].value) or "")
        text = context.read(path) if path else None
        if path is None or text is None:
            raise NotSplit(f"{call.name} writes the rules of the build, and is not in the build context", run)
        for program in of_script(text, path):
            bare = program.name.rpartition("/")[2]
            if bare not in GENERATES | HARMLESS_IN_SCRIPTS:
                raise NotSplit(f"{path} calls {program.name} before the build", run)

    def _configure(self, call: Call, folder: str, run: Run, context: Context) -> None:
        source = (joined(folder or None, call.words[0].value) or "").rpartition("/")[0]
        path = next((self.files.landed.get(f"{source}/configure{end}") for end in (".ac", ".in", "")), None)
        prefix = "/usr/local"
        for word in (word.value or "$" for word in call.arguments):
            name, _, value = word.partition("=")
            if name == "--prefix" and joined("/", value) == value.rstrip("/") and value.rstrip("/") not in NO_PREFIX:
                prefix = value.rstrip("/")
            elif word not in FLAGS and not word.startswith(OPTIONS) and name not in VARIABLES:
                raise NotSplit(f"configure {word} may change what is built or where it is installed", run)
        if path is None:
            raise NotSplit("configure works in a folder that is not of the build context", run)
        project = autotools.read(context, path.rpartition("/")[0])
        if project.problem:
            raise NotSplit(project.problem, run)
        self.projects[folder] = (project, prefix)
        self.places[folder] = None

    def made(self, where: str, goals: Iterable[str], run: Run) -> Iterator[str]:
        """The programs that make writes in a folder that was configured."""
        project, prefix = self.projects[where]
        strange = sorted(set(goals) - GOALS)
        if strange:
            raise NotSplit(f"what make makes for {strange[0]} is not read", run)
        installs = bool({"install", "install-strip"} & set(goals))
        for program in project.programs:
            built = "/".join(part for part in (where, program.folder, program.name) if part)
            if not project.wraps:
                yield built
            if installs and program.place:
                self.files.copied.add(built)
                yield f"{prefix}/{program.place}/{program.name}"
        if installs:
            self.prefixes[prefix] = None


def more_libraries(dropped: Iterable[str], known: Iterable[str], release: str) -> tuple[str, ...]:
    """Libraries that development packages bring to the builder beyond those that they themselves stand for.

    `known` are the packages that will be installed in any case.

    Raises:
        NotSplit: they are too many to be meant.
    """
    index = packages_of(release)
    names = [name for name in dropped if not build_only(name) and not name.startswith("libc6")]
    there = {*index.install(tuple(known), recommends=False).packages}
    tools = {*index.install(("build-essential",), recommends=True).packages}
    found: dict[str, None] = {}
    for name in index.install(tuple(names), recommends=False).packages:
        if name.endswith("-dev"):
            found |= dict.fromkeys(runtime_of(name, release) or ())
        elif name.startswith("lib") and not name.endswith(EXTRA):
            found[name] = None
    more = tuple(name for name in found if name not in there | tools and not index.is_base(name))
    if len(more) > MORE_AT_MOST:
        raise NotSplit(f"configure may have found any of {len(more)} libraries that come with development packages")
    return more
