"""What uv and Poetry are asked to do in a RUN, and where they put it."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.split.debian import is_apt_call
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.words import read
from dockopt.context.manifests.python_locks import Choice
from dockopt.knowledge.base_commands import WRITES_FILES_ONLY
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import joined

MANAGERS = frozenset({"uv", "poetry"})
INSTALLERS = {"uv": ("sync",), "poetry": ("install", "sync")}
QUIET = frozenset({"lock", "cache", "check", "config", "--version", "version", "export", "show", "self", "about"})
"""Subcommands that install nothing into the environment."""
INSTALLABLE = frozenset(
    {"uv", "poetry", "poetry-core", "poetry-plugin-export", "pip", "setuptools", "wheel", "virtualenv", "crashtest"}
)
SCRIPTS = ("https://astral.sh/uv/", "https://install.python-poetry.org")
FLAGS = frozenset(
    (
        *("--frozen", "--locked", "--no-dev", "--dev", "--no-install-project", "--no-install-workspace"),
        *("--no-editable", "--all-extras", "--all-groups", "--no-default-groups", "--compile-bytecode", "--compile"),
        *("--no-cache", "-n", "-v", "-vv", "-vvv", "-q", "--quiet", "--verbose", "--no-progress", "--inexact"),
        *("--no-build", "--refresh", "-U", "--upgrade", "--no-root", "--no-interaction", "--no-ansi", "--sync"),
        *(
            "--no-directory",
            "--without-hashes",
            "--without-urls",
            "--link-mode=copy",
            "--link-mode=hardlink",
            "--only-dev",
            "--exact",
            "--no-managed-python",
        ),
    )
)
VALUED = frozenset(
    "--extra -E --extras --group --no-group --only-group --only --without --with --link-mode --index-url -f --format -o"
    " --output".split()
)
DECIDES_GROUPS = frozenset(
    "--no-dev --dev --only-dev --all-groups --no-default-groups --group --no-group --only-group --only --without"
    " --with".split()
)
ENVIRONMENT_VARIABLES = ("UV_PYTHON", "UV_MANAGED_PYTHON", "UV_PYTHON_PREFERENCE", "UV_WORKING_DIR", "UV_PROJECT")


class Install(NamedTuple):
    """One command that fills the environment of a project. `options` are pairs of an option and its value."""

    tool: str
    run: Run
    call: Call
    options: tuple[tuple[str, str], ...]

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)

    def values(self, *names: str) -> frozenset[str]:
        found = [value for name, value in self.options if name in names]
        return frozenset(one for value in found for one in value.replace(",", " ").split())

    def choice(self, python: str) -> Choice:
        """Which dependencies it installs."""
        only = self.values("--only", "--only-group")
        default = self.run.state.value("UV_NO_DEV") in (None, "", "0", "false") or self.tool != "uv"
        return Choice(
            main=(not only or "main" in only) and not self.has("--only-dev"),
            development=default and not only and not self.has("--no-dev", "--no-default-groups"),
            groups=self.values("--group", "--with") | (only - {"main"}),
            without=self.values("--no-group", "--without"),
            extras=self.values("--extra", "-E", "--extras"),
            all_extras=self.has("--all-extras"),
            python=python,
        )


def calls_manager(run: Run) -> bool:
    return any(call.name in MANAGERS for call in run.calls)


def installs_managers(run: Run) -> bool:
    """Whether a RUN brings uv or Poetry and nothing else, beside Debian packages."""
    if any(script in run.shell_text for script in SCRIPTS):
        names = {call.name for call in run.calls if not is_apt_call(call)}
        return names <= WRITES_FILES_ONLY | {"curl", "wget", "sh", "python", "python3"}
    others = [call for call in run.calls if not (is_apt_call(call) or call.is_("echo", "true", "set"))]
    if not all(brings_managers(call) for call in others):
        return False
    return any(bare_name(value or "") in MANAGERS for call in others for value in call.values)


def brings_managers(call: Call) -> bool:
    """Whether a command is pip's and installs uv, Poetry or pip itself."""
    reading = read(call)
    if reading is None or reading.program != "pip" or reading.unknown:
        return False
    names = {bare_name(word.value or "?") for word in reading.operands}
    elsewhere = reading.option("-r", "-e", "--target", "--prefix", "-t", "--user")
    return reading.subcommand != "install" or (names <= INSTALLABLE and elsewhere is None)


def bare_name(text: str) -> str:
    end = next((at for at, letter in enumerate(text) if letter in "=<>~![ ;@"), len(text))
    return text[:end].lower().replace("_", "-")


def installs(run: Run) -> Iterator[Install]:
    """The commands of a body that install a project's dependencies.

    Raises:
        NotSplit: uv or Poetry is asked for something that is not understood.
    """
    for call in run.calls:
        if call.name not in MANAGERS:
            continue
        values = call.values
        if not call.top or call.wrapper or None in values:
            raise NotSplit(f"what {call.name} does depends on a variable or a condition", run)
        words = [value or "" for value in values]
        subcommand = words[0] if words else ""
        if subcommand in INSTALLERS[call.name or ""]:
            yield Install(call.name or "", run, call, tuple(_options(call.name or "", words, run)))
        elif subcommand not in QUIET:
            raise NotSplit(f"{call.name} {subcommand} in a RUN may write files that are not understood", run)


def exports(run: Run) -> Iterator[tuple[str, Install]]:
    """Requirements files that `poetry export` writes, as absolute paths, and what they hold.

    Raises:
        NotSplit: uv or Poetry is asked for something else.
    """
    for call in run.calls:
        if call.name not in MANAGERS:
            continue
        words = [value or "" for value in call.values]
        if call.is_("uv") and words[:1] == ["pip"]:
            continue
        if not call.is_("poetry") or words[:1] != ["export"] or not call.top or None in call.values:
            if words[:1] and words[0] in QUIET - {"export", "self"}:
                continue
            raise NotSplit(f"{call.name} {words[0] if words else ''} in a RUN with pip is not followed", run)
        options = tuple(_options("poetry", words, run))
        install = Install("poetry", run, call, options)
        path = next((value for name, value in options if name in ("-o", "--output")), "")
        redirected = next((one.target.value for one in call.redirects if one.target), None)
        place = joined(run.state.folder, path or redirected or "")
        if place is None or not (path or redirected):
            raise NotSplit("where poetry export writes is not known", run)
        yield place, install


def _options(tool: str, words: list[str], run: Run) -> Iterator[tuple[str, str]]:
    rest = iter(words[1:])
    for word in rest:
        name, equals, value = word.partition("=")
        if word in FLAGS:
            yield word, ""
        elif name in VALUED:
            yield name, value if equals else next(rest, "")
        else:
            raise NotSplit(f"{tool} {words[0]} {word} is not understood", run)


def environment_of_uv(install: Install, folder: str) -> str:
    """Where `uv sync` puts the environment of a project in a folder of the image.

    Raises:
        NotSplit: that is the image's own Python, or not known.
    """
    state = install.run.state
    for name in ENVIRONMENT_VARIABLES:
        if name in state.environment or name in state.arguments:
            raise NotSplit(f"{name} decides which Python uv takes", install.run)
    if state.value("UV_LINK_MODE") == "symlink" or "symlink" in install.values("--link-mode"):
        raise NotSplit("uv links packages to its cache", install.run)
    named = "UV_PROJECT_ENVIRONMENT" in state.environment or "UV_PROJECT_ENVIRONMENT" in state.arguments
    path = joined(folder, state.value("UV_PROJECT_ENVIRONMENT") or "$") if named else f"{folder}/.venv"
    if path is None or "$" in path:
        raise NotSplit("where uv puts the environment is not known", install.run)
    if path.startswith("/usr"):
        raise NotSplit("uv installs into the image's own Python", install.run)
    return path


def poetry_settings(runs: tuple[Run, ...]) -> dict[str, str]:
    """What `poetry config` sets, by key."""
    found: dict[str, str] = {}
    for run in runs:
        for call in run.calls:
            words = [value or "" for value in call.values if not (value or "").startswith("-")]
            if call.is_("poetry") and words[:1] == ["config"] and len(words) > 2:
                found[words[1]] = words[2].lower()
    return found
