"""Debian packages of a stage that is split: which only the build needs, which the program needs when it runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dockopt.analyses.apt import apt_commands
from dockopt.analyses.cleanup import cleans
from dockopt.analyses.split.plan import NotSplit
from dockopt.knowledge.image_contents import missing_in_slim
from dockopt.knowledge.images import Image
from dockopt.knowledge.runtime_libraries import build_only, runtime_of
from dockopt.knowledge.tables import table
from dockopt.model.commands import Call
from dockopt.model.instructions import Run

PLAIN_OPTIONS = frozenset(
    (
        *("-y", "--yes", "--assume-yes", "-q", "-qq", "-qy", "-yq", "-qqy", "-yqq", "--quiet", "-f", "-m", "-V", "-u"),
        *("--no-install-recommends", "--no-install-suggests", "--fix-missing", "--fix-broken"),
    )
)
WHOLE = {"python3-minimal": "python3", "perl-base": "perl", "python3.11-minimal": "python3"}
"""Packages to install instead of the one that holds only a command."""
HANDLED = frozenset(
    {"update", "install", "upgrade", "dist-upgrade", "clean", "autoclean", "autoremove", "purge", "remove"}
)


@dataclass
class Packages:
    """What the file installs, sorted into what the build and what the program needs.

    `kept` are packages of the file that stay, `dropped` those only the build needs, `libraries` what the dropped ones
    stand for at run time, `added` what replaces commands that the slim image lacks.
    """

    image: Image
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    libraries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)
    certificates: bool = False
    """Whether the runtime image has CA certificates of its own."""
    recommends: bool = False
    upgrades: bool = False

    def read(self, run: Run) -> None:
        """Take in the apt commands of a RUN.

        Raises:
            NotSplit: one of them is not plain enough to be written again.
        """
        for command in apt_commands(run):
            if command.subcommand not in HANDLED or command.reading.unknown:
                raise NotSplit(f"`apt-get {command.subcommand}` is not understood", run)
            strange = [o.name for o in command.reading.options if o.name not in PLAIN_OPTIONS and o.name != "--purge"]
            strange += [word.text for word in command.reading.operands if not word.text.replace("+", "").strip("'\"")]
            if command.subcommand == "install":
                self._install([word.value or "" for word in command.reading.operands], strange, run)
                flag = command.reading.option("--no-install-recommends")
                self.recommends = self.recommends or not flag
            elif command.subcommand in ("upgrade", "dist-upgrade"):
                self.upgrades = True
            elif command.subcommand in ("purge", "remove"):
                gone = set(command.packages)
                self.kept = [name for name in self.kept if name not in gone]
                self.dropped += [name for name in gone if name not in self.dropped]

    def _install(self, names: list[str], strange: list[str], run: Run) -> None:
        if strange:
            raise NotSplit(f"apt-get install with {strange[0]}", run)
        for name in names:
            if not name or "/" in name or "*" in name or (name.endswith(("-", "+")) and name != "g++"):
                raise NotSplit(f"package {name!r} is not a plain name", run)
            self._sort(name, run)

    def _sort(self, name: str, run: Run) -> None:
        bare = name.partition("=")[0]
        if bare.endswith("-dev") or build_only(bare):
            self.libraries[bare] = self._runtime(bare, run)
            self.dropped.append(bare)
        elif name not in self.kept:
            self.kept.append(name)

    def _runtime(self, name: str, run: Run) -> tuple[str, ...]:
        """The libraries that a development package stands for, the same in every release the image may have."""
        if build_only(name):
            return ()
        answers = {runtime_of(name, release) for release in self.image.candidates}
        if len(answers) != 1 or None in answers:
            why = "is not in the table" if answers <= {None} else "has other libraries in another Debian release"
            raise NotSplit(f"the runtime libraries of {name} are not known: it {why}", run)
        return next(iter(answers)) or ()

    def need_command(self, name: str) -> bool:
        """Make sure that a command of the full image is there at run time; whether it is one that slim lacks."""
        bare = name.rpartition("/")[2]
        if bare not in missing_in_slim(self.image.family):
            return False
        package = dict(_command_rows()).get(bare, "")
        package = WHOLE.get(package, package)
        if package and package not in self.kept:
            self.added[package] = bare
        return True

    def needs_dropped(self, name: str) -> bool:
        """Whether a command comes with a package that is dropped; then the package stays."""
        bare = name.rpartition("/")[2]
        if bare in self.dropped:
            self.dropped.remove(bare)
            self.kept.append(bare)
            return True
        return False

    @property
    def runtime(self) -> list[str]:
        """All packages of the runtime stage, in the order of the file, then what was added."""
        names = dict.fromkeys(self.kept)
        names |= dict.fromkeys(one for libraries in self.libraries.values() for one in libraries)
        names |= dict.fromkeys(sorted(self.added))
        if "git" in self.added:
            names["openssh-client"] = None
        if self.added.keys() & {"curl", "wget", "git"} and not self.certificates:
            names["ca-certificates"] = None
        return list(names)

    def folders(self, names: Iterable[str]) -> list[str]:
        """Folders for manuals that slim images have not, and without which some of these packages cannot be set up."""
        from dockopt.knowledge.manual_folders import manual_folders  # noqa: PLC0415 - the index takes time to load

        bare = tuple(name.partition("=")[0] for name in names)
        return sorted({folder for one in self.image.candidates for folder in manual_folders(bare, one)})

    def commands(self) -> list[str]:
        """The commands that install the runtime packages, none where there are none."""
        if not self.runtime and not self.upgrades:
            return []
        flag = "" if self.recommends and self.kept else " --no-install-recommends"
        install = f"apt-get install -y{flag} {' '.join(self.runtime)}"
        upgrade = ["apt-get upgrade -y"] if self.upgrades else []
        folders = self.folders(self.runtime)
        make = [f"mkdir -p {' '.join(folders)}"] if folders else []
        return [*make, "apt-get update", *upgrade, *([install] if self.runtime else []), "rm -rf /var/lib/apt/lists/*"]


def stays_whole(run: Run, image: Image) -> bool:
    """Whether a RUN installs only packages that the program may need, from lists that it fetches itself."""
    commands = list(apt_commands(run))
    kinds = {command.subcommand for command in commands}
    if not kinds >= {"update", "install"} or kinds & {"purge", "remove", "autoremove"}:
        return False
    if not all(is_apt_call(call) or call.is_("echo", "true", "set") for call in run.calls):
        return False
    alone = Packages(image)
    alone.read(run)
    return not alone.dropped and not alone.folders(alone.kept)


def is_apt_call(call: Call) -> bool:
    words = tuple(word.text for word in call.words)
    return call.is_("apt-get", "apt") or cleans(words) is not None


def _command_rows() -> Iterable[tuple[str, str]]:
    return ((row[0], row[1]) for row in table("image_commands"))
