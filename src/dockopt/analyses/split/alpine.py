"""Alpine packages of a stage that is split: which only the build needs, which the program needs when it runs."""

from dataclasses import dataclass

from dockopt.analyses.apk import apk_commands, apk_is_out_of_sight, relies_on_index
from dockopt.analyses.split.debian import Packages
from dockopt.analyses.split.plan import NotSplit
from dockopt.knowledge.alpine_libraries import COMMANDS, COMPILES, LIBRARIES, TOOLS
from dockopt.knowledge.images import Image
from dockopt.model.instructions import Run

PLAIN_OPTIONS = frozenset(
    ("--no-cache", "--update", "-U", "--update-cache", "-q", "--quiet", "--no-progress", "--virtual", "-t")
)

OLDEST_RELEASE = (3, 16)
OLDEST_VERSIONS = {"python": ((3, 8), (3, 11)), "node": ((14,), (20,))}
"""The language versions whose images ended on that release of Alpine or a later one, and those that began on it."""


@dataclass
class AlpinePackages(Packages):
    """What the file installs with apk. Both stages stand on the same image, so that nothing else gets lost."""

    def read(self, run: Run) -> None:
        if any(call.is_("apt-get", "apt", "dpkg") for call in run.calls) or apk_is_out_of_sight(run):
            raise NotSplit("a RUN uses apk in a way that is not understood", run)
        if relies_on_index(run):
            raise NotSplit("a RUN installs by an index that another one left", run)
        for command in apk_commands(run):
            names = [option.name for option in command.reading.options]
            strange = [name for name in names if name not in PLAIN_OPTIONS]
            if command.reading.unknown or strange or command.subcommand not in ("add", "update"):
                words = " ".join(("apk", command.subcommand or "", *strange))
                raise NotSplit(f"`{words}` is not understood", run)
            if command.subcommand == "add":
                for word in command.reading.operands:
                    self._sort(word.value or "", run)

    def _sort(self, name: str, run: Run) -> None:
        if not name or name.startswith((".", "so:", "!")) or any(mark in name for mark in "@=<>~*/"):
            raise NotSplit(f"package {name!r} is not a plain name", run)
        if name not in TOOLS and not name.endswith("-dev"):
            if name not in self.kept:
                self.kept.append(name)
            return
        interpreter = name == "python3-dev" and self.image.family != "python"
        if interpreter or (name not in TOOLS and name not in LIBRARIES):
            raise NotSplit(f"the runtime libraries of {name} are not known: it is not in the table of Alpine's", run)
        if not has_names(self.image):
            raise NotSplit("the release of Alpine is too old or not known", run)
        self.dropped.append(name)
        brought = ("libstdc++", "libgcc") if self.image.family == "node" else ()
        found = tuple(one for one in LIBRARIES.get(name) or COMPILES.get(name, ()) if one not in brought)
        if found:
            self.libraries[name] = found

    def need_command(self, name: str) -> bool:
        """Refuse a command of what is dropped; the image has all others that it had."""
        bare = name.rpartition("/")[2]
        if bare in COMMANDS and self.dropped:
            raise NotSplit(f"{bare} is called, which may come with {' or '.join(self.dropped)}")
        return False

    def commands(self) -> list[str]:
        names = [name for name in self.runtime if name != "libgcc" or "libstdc++" not in self.runtime]
        return [f"apk add --no-cache {' '.join(names)}"] if names else []


def stays_whole(run: Run, image: Image) -> bool:
    """Whether a RUN installs only packages that the program may need, by an index that it fetches itself."""
    if not all(call.is_("apk", "echo", "true", "set") for call in run.calls):
        return False
    alone = AlpinePackages(image)
    alone.read(run)
    return not alone.dropped


def has_names(image: Image) -> bool:
    """Whether the image is made of a release whose names of packages are in the table.

    A tag without release moved on to the newest one as long as its language version was maintained.
    """
    if image.release:
        return _numbers(image.release) >= OLDEST_RELEASE
    version = _numbers(image.version)
    oldest, pinned = OLDEST_VERSIONS.get(image.family, ((999,), (999,)))
    return not version or version >= (pinned if len(version) > len(oldest) else oldest)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
