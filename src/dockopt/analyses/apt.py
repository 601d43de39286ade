"""What apt commands do in a RUN: fetch lists, install packages, read lists, remove them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dockopt.analyses.cleanup import LISTS
from dockopt.analyses.words import Reading, read
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step

LIST_READERS = frozenset({"install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep", "source", "download"})
LIST_TOOLS = frozenset(
    "apt-cache aptitude apt-file apt-listchanges apt-mark apt-rdepends dselect tasksel add-apt-repository"
    " apt-add-repository gdebi mk-build-deps apt-venv equivs-build apt-src unattended-upgrade debsecan".split()
)


@dataclass(frozen=True)
class Apt:
    """One apt-get or apt command of a RUN."""

    run: Run
    call: Call
    reading: Reading

    @property
    def subcommand(self) -> str | None:
        return self.reading.subcommand

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """Package names as written, without versions, architectures and suites; unknown words are left out."""
        names = (word.value for word in self.reading.operands)
        return tuple(bare(name) for name in names if name and not name.endswith("-"))


def bare(package: str) -> str:
    """A package's name without `=version`, `/suite` and `:architecture`."""
    return package.partition("=")[0].partition("/")[0].partition(":")[0].rstrip("+") if package else package


def apt_commands(run: Run, *subcommands: str) -> Iterator[Apt]:
    """The apt-get and apt commands of a body, of these subcommands where any are given."""
    for call in run.calls_of("apt-get", "apt"):
        reading = read(call)
        if reading and (not subcommands or reading.subcommand in subcommands):
            yield Apt(run, call, reading)


def fetches_lists(run: Run) -> bool:
    return any(True for _ in apt_commands(run, "update"))


def removes_lists(run: Run) -> bool:
    """Whether the body removes the package lists, or all that lies above them."""
    for call in run.calls_of("rm", "find"):
        for value, word in zip(call.values, call.arguments, strict=True):
            path = value or word.text
            if path.startswith((LISTS, "/var/lib/apt/*", "/var/lib/apt/ ")) or path in (
                "/var/lib/apt",
                "/var/lib/apt/",
            ):
                return True
    return False


def may_read_lists(step: Step) -> bool:
    """Whether a later instruction may need package lists that an earlier one left behind.

    Programs that are not known could call apt; only a body that fetches the lists first is certain not to need them.
    """
    if step.keyword == "ONBUILD":
        return "apt" in step.text
    if not isinstance(step, Run):
        return False
    if step.opaque:
        return not _plainly_without_apt(step)
    for call in step.calls:
        if call.name in ("apt-get", "apt"):
            reading = read(call)
            if reading and reading.subcommand == "update" and call.sure:
                return False
            if reading is None or reading.subcommand is None or reading.subcommand in LIST_READERS:
                return True
        elif call.name in LIST_TOOLS:
            return True
    return False


def _plainly_without_apt(run: Run) -> bool:
    text = run.shell_text
    return "apt" not in text and "dpkg" not in text and run.node.exec_form is not None


def lists_are_needed_later(file: Dockerfile, run: Run) -> Step | None:
    """The first later step that may read the lists this RUN leaves behind."""
    return next((step for step in file.after(run) if may_read_lists(step)), None)
