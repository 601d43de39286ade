"""What apt commands do in a RUN: fetch lists, install packages, read lists, remove them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from dockopt.analyses.cleanup import LISTS
from dockopt.analyses.words import Reading, read
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
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
    if any(True for _ in apt_commands(run, "dist-clean", "distclean")):
        return True
    for call in run.calls_of("rm", "find"):
        for value, word in zip(call.values, call.arguments, strict=True):
            path = value or word.text
            if path.startswith((LISTS, "/var/lib/apt/*", "/var/lib/apt/ ")) or path in (
                "/var/lib/apt",
                "/var/lib/apt/",
            ):
                return True
    return False


def needs_sudo(run: Run) -> bool:
    """Whether the body fetches its lists through sudo, so that only sudo can remove them."""
    return any(command.call.wrapper == "sudo" for command in apt_commands(run))


class Reader(NamedTuple):
    """A later step that reads package lists, or of which that is not known; `program` is the one to blame."""

    step: Step
    program: str
    certain: bool


def later_reader(file: Dockerfile, run: Run) -> Reader | None:
    """The first later step that reads the lists this RUN leaves behind; one that may only where none is certain."""
    doubtful = None
    for step in file.after(run):
        found = _reader(file, step)
        if found and found.certain:
            return found
        doubtful = doubtful or found
    return doubtful


def _reader(file: Dockerfile, step: Step) -> Reader | None:
    if step.keyword == "ONBUILD":
        return Reader(step, "ONBUILD", certain=True) if "apt" in step.text else None
    if not isinstance(step, Run):
        return None
    if step.opaque:
        text = step.shell_text + " ".join(step.node.exec_form or ())
        return Reader(step, "a RUN that cannot be read", certain=False) if "apt" in text or ".sh" in text else None
    for call in step.calls:
        if call.name in ("apt-get", "apt"):
            reading = read(call)
            if reading and reading.subcommand == "update" and call.top:
                return None
            if reading is None or reading.subcommand is None or reading.subcommand in LIST_READERS:
                return Reader(step, "apt-get", certain=True)
        elif call.name in LIST_TOOLS:
            return Reader(step, call.name or "", certain=True)
        elif _may_call_apt(file, call):
            return Reader(step, call.words[-1].text if call.is_(*SHELLS) else call.words[0].text, certain=False)
    return None


def _may_call_apt(file: Dockerfile, call: Call) -> bool:
    """Whether a command may be a script that installs packages from lists it expects to be there."""
    if call.name is None or call.is_("eval"):
        return "apt" in " ".join(word.text for word in call.words) or call.name is None
    if call.is_(*SHELLS, ".", "source"):
        words = [word for word in call.arguments if not (word.value or "").startswith("-")]
        if not words:
            return True
        if call.has("-c"):
            return "apt" in (words[0].value or words[0].text)
        return not _plain_script(file, words[0].value)
    name = call.words[0].value or ""
    if name.endswith((".sh", ".bash")) or name.startswith(("./", "../")):
        return not _plain_script(file, name)
    return False


def _plain_script(file: Dockerfile, name: str | None) -> bool:
    """Whether a script of the build context can be read and does not speak of apt."""
    if file.context is None or not name:
        return False
    found = [path for path in (name.removeprefix("./"), name.rpartition("/")[2]) if file.context.has(path)]
    base = name.rpartition("/")[2]
    found = found or [path for path in file.context.files if path.endswith(f"/{base}")]
    texts = [file.context.read(path) for path in found]
    return bool(texts) and all(text is not None and "apt" not in text and ".sh" not in text for text in texts)


def is_root(step: Step) -> bool:
    """Whether a step runs as root as far as the file says; a base image's own user is taken to be root."""
    return (step.state.user or "root").partition(":")[0] in ("root", "0")
