"""What package managers leave in the final image, read from the model alone: no transform's own guard is asked.

One entry for each RUN and manager of the final stage and the stages it is built on. A body that the shell parser
refuses is cut into words at blanks and operators.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run

OPERATORS = ("&&", "||", ";", "|", "\n", "(", ")", "{", "}")
SHELLS = ("sh", "bash", "ash", "dash")
WRAPPERS = ("sudo", "command", "time", "env", "exec", "nice", "then", "do", "else", "if", "!")


class Manager(NamedTuple):
    """How a manager is called, where it keeps what it fetched, and what keeps it from doing so.

    `fills` are the subcommands that leave something behind, `cleans` the words of one that removes it again.
    `folders` are parts of the paths of its cache. `settings` are names of variables with the values that switch the
    cache off; an empty value stands for any.
    """

    name: str
    programs: tuple[str, ...]
    fills: tuple[str, ...]
    folders: tuple[str, ...]
    options: tuple[str, ...] = ()
    cleans: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


MANAGERS = (
    Manager("apt", ("apt-get", "apt", "aptitude"), ("update",), ("/var/lib/apt",), cleans=("dist-clean", "distclean")),
    Manager("apk", ("apk",), ("add", "update", "upgrade"), ("/var/cache/apk", "/etc/apk/cache"), ("--no-cache",)),
    Manager(
        "dnf, yum, microdnf",
        ("dnf", "yum", "microdnf", "tdnf", "dnf5"),
        ("install", "update", "upgrade", "makecache", "groupinstall", "reinstall", "localinstall", "module"),
        ("/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf"),
        cleans=("clean",),
    ),
    Manager("zypper", ("zypper",), ("install", "in", "refresh", "ref"), ("/var/cache/zypp",), cleans=("clean", "cc")),
    Manager(
        "pacman",
        ("pacman",),
        ("-S", "-Sy", "-Syy", "-Syu", "-Syyu", "--sync"),
        ("/var/cache/pacman",),
        cleans=("-Scc", "-Sc"),
    ),
    Manager(
        "pip",
        ("pip", "pip2", "pip3"),
        ("install", "wheel"),
        (".cache/pip", ".cache"),
        ("--no-cache-dir", "--no-cache"),
        ("cache",),
        (("PIP_NO_CACHE_DIR", ""), ("PIP_CACHE_DIR", "/dev/null")),
    ),
    Manager(
        "npm", ("npm",), ("install", "i", "ci", "add", "clean-install"), (".npm",), ("--dry-run",), cleans=("cache",)
    ),
    Manager("yarn", ("yarn", "yarnpkg"), ("", "install", "add", "global"), (".cache/yarn", ".cache"), (), ("cache",)),
    Manager("gem", ("gem",), ("install", "update", "i"), ("cache", "/var/lib/gems")),
    Manager("bundle", ("bundle", "bundler"), ("", "install", "update"), ("cache",)),
    Manager(
        "conda",
        ("conda", "mamba", "micromamba"),
        ("install", "create", "env", "update"),
        ("/pkgs",),
        cleans=("clean",),
    ),
    Manager(
        "composer",
        ("composer", "composer.phar"),
        ("install", "update", "require", "create-project", "global", "i"),
        (".composer", ".cache/composer", "COMPOSER_HOME"),
        ("--no-cache",),
        ("clear-cache", "clearcache", "cc"),
        (("COMPOSER_CACHE_DIR", "/dev/null"),),
    ),
)


class Leftover(NamedTuple):
    """The use of a manager in a RUN; `stays` says whether its cache is in the final image."""

    manager: str
    run: Run
    stays: bool


Words = tuple[str, ...]


def leftovers(file: Dockerfile) -> Iterator[Leftover]:
    """Every use of a package manager that fetches something, in the layers of the final image."""
    for stage in file.chain(file.final) if file.stages else ():
        for run in stage.runs:
            commands = list(commands_of(run))
            for manager in MANAGERS:
                if any(_fills(manager, words) for words in commands):
                    yield Leftover(manager.name, run, _stays(manager, run, commands))


def _stays(manager: Manager, run: Run, commands: list[Words]) -> bool:
    if _is_mounted(manager, run) or _is_off(manager, run):
        return False
    filled = False
    for words in commands:
        if _fills(manager, words) and not any(word in manager.options for word in words):
            filled = not any(setting in word for word in words for setting, _ in manager.settings)
        elif _cleans(manager, words):
            filled = False
    return filled


def _fills(manager: Manager, words: Words) -> bool:
    if not words or words[0].rpartition("/")[2] not in manager.programs or {"--version", "--help"} & set(words):
        return False
    rest = [word for word in words[1:] if not word.startswith("-") or manager.name == "pacman"]
    if manager.name == "conda" and "env" in rest[:1]:
        return len(rest) > 1 and rest[1] in ("create", "update")
    if not rest:
        return "" in manager.fills
    return any(word in manager.fills for word in rest[: 1 if "" in manager.fills else 2])


def _cleans(manager: Manager, words: Words) -> bool:
    if words[:1] and words[0].rpartition("/")[2] in manager.programs:
        return any(word in manager.cleans for word in words[1:])
    if words[:1] in (("rm",), ("find",)):
        return any(_holds(manager, word) for word in words[1:] if not word.startswith("-"))
    return False


def _holds(manager: Manager, path: str) -> bool:
    """Whether a path is a manager's cache, inside it or above it."""
    bare = path.strip("\"'").rstrip("/*")
    above = any(folder.startswith(bare + "/") for folder in manager.folders) and bare.startswith("/var/")
    return above or any(folder in bare for folder in manager.folders)


def _is_mounted(manager: Manager, run: Run) -> bool:
    for mount in run.mounts:
        if mount.get("type") in ("cache", "tmpfs"):
            target = mount.get("target") or mount.get("dst") or mount.get("destination") or ""
            if _holds(manager, target) or "$" in target or target in ("/root", "/tmp/cache"):  # noqa: S108
                return True
    return False


def _is_off(manager: Manager, run: Run) -> bool:
    known = {**run.state.arguments, **run.state.environment}
    return any(name in known and value in ("", known[name]) for name, value in manager.settings)


def commands_of(run: Run) -> Iterator[Words]:
    """The words of each command of a body, in order; `python -m pip` begins with pip, wrappers are left out."""
    found: Iterator[Words]
    if not run.opaque:
        found = (tuple(word.value or word.text for word in call.words) for call in run.calls)
    elif run.node.exec_form is not None:
        form = run.node.exec_form
        shell = len(form) > 2 and form[0].rpartition("/")[2] in SHELLS
        found = _cut(form[-1]) if shell else iter([form])
    else:
        found = _cut(run.shell_text)
    for words in found:
        yield _unwrapped(words)


def _cut(text: str) -> Iterator[Words]:
    for operator in OPERATORS:
        text = text.replace(operator, " \0 ")
    return (tuple(part.split()) for part in text.split("\0") if part.strip())


def _unwrapped(words: Words) -> Words:
    while words and (words[0] in WRAPPERS or ("=" in words[0] and not words[0].startswith("-"))):
        words = words[1:]
    if words and words[0].rpartition("/")[2].startswith("python") and words[1:2] == ("-m",):
        return words[2:]
    return words
