"""What apt commands do in a RUN: fetch lists, install packages, read lists, remove them."""

from collections.abc import Iterator

from dockopt.analyses.cleanup import LISTS
from dockopt.analyses.words import ToolCall, readings, tool_calls
from dockopt.lazy import cached_property
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step

PROGRAMS = ("apt-get", "apt")


class Apt(ToolCall):
    """One apt-get or apt command of a RUN."""

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
    return tool_calls(Apt, run, PROGRAMS, subcommands)


def fetches_lists(run: Run) -> bool:
    return any(reading.subcommand == "update" and reading.program in PROGRAMS for _, reading in run.facts(readings))


def fetches_some(update: Call) -> bool:
    """Whether an update fetches the lists of some sources only, and leaves those of the others as they are."""
    return any(mark in word.text for word in update.arguments for mark in ("Dir::", "List-Cleanup"))


def removes_lists(run: Run) -> bool:
    """Whether the body removes the package lists, or all that lies above them, and fetches none behind that."""
    return not run.opaque and run.body_facts(_removes_lists)


def _removes_lists(run: Run) -> bool:
    removals = [apt.call for apt in apt_commands(run, "dist-clean", "distclean")]
    removals += [call for call in run.calls_of("rm", "find") if _names_lists(call)]
    fetches = [apt.call for apt in apt_commands(run, "update")]
    return any(not fetches or not call.top or call.span > fetches[-1].span for call in removals)


def _names_lists(call: Call) -> bool:
    paths = (value or word.text for value, word in zip(call.values, call.arguments, strict=True))
    below = (LISTS, "/var/lib/apt/*", "/var/lib/apt/ ")
    return any(path.startswith(below) or path in ("/var/lib/apt", "/var/lib/apt/") for path in paths)


def needs_sudo(run: Run) -> bool:
    """Whether the body fetches its lists through sudo, so that only sudo can remove them."""
    return any(command.call.wrapper == "sudo" for command in apt_commands(run))


def may_remove_through_sudo(file: Dockerfile) -> bool:
    """Whether no rule of sudo in the file is for certain programs only."""
    rules = (rule.lstrip().removeprefix("SETENV:").lstrip() for rule in file.text.split("NOPASSWD:")[1:])
    return all(rule.startswith("ALL") for rule in rules)


def is_root(step: Step) -> bool:
    """Whether a step runs as root as far as the file says; a base image's own user is taken to be root."""
    return (step.state.user or "root").partition(":")[0] in ("root", "0")
