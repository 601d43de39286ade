"""What fills an environment with packages: pip, `uv pip`, and pipenv where it installs for the whole image."""

from collections.abc import Iterable

from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.python_tools import bare_name
from dockopt.analyses.words import Reading, read, read_as
from dockopt.model.commands import Call
from dockopt.model.instructions import Run

UV_VARIABLES = ("UV_PYTHON", "UV_MANAGED_PYTHON", "UV_PYTHON_PREFERENCE", "UV_TARGET", "UV_PREFIX", "UV_BREAK_SYSTEM")
UV_FLAGS = frozenset(
    "--system --break-system-packages --no-cache --no-cache-dir -n --upgrade -U --quiet -q --verbose -v --strict"
    " --compile-bytecode --compile --no-deps --no-progress --require-hashes --verify-hashes --refresh --no-config"
    " --no-managed-python --exact".split()
)
UV_VALUED = frozenset(
    "-r --requirement --requirements -c --constraint --constraints -i --index-url --extra-index-url --index"
    " --default-index -f --find-links".split()
)
UV_WRITTEN = tuple(
    "--link-mode= --resolution= --prerelease= --index-strategy= --cache-dir= --index-url= --extra-index-url= --index="
    " --default-index= --requirement= --requirements= --constraint= --constraints=".split()
)
OLD_UV = ("uv==0.0.", "uv==0.1.", "/uv:0.0.", "/uv:0.1.")
"""Marks of releases that refuse `--system` where a Python is named; those from 0.2 on take the named one."""
PIPENV_FLAGS = frozenset(
    "--system --deploy --ignore-pipfile --dev -d --verbose -v --quiet -q --clear --keep-outdated".split()
)
INSTALLERS = frozenset({"uv", "pipenv"})
"""What pip brings to install the rest with; nothing needs it afterwards."""


def read_pip(call: Call) -> Reading | None:
    """A command of pip's, as `uv pip` spells it too; None for any other."""
    if call.is_("uv") and call.values[:1] == ("pip",):
        return read_as("pip", call, 2)
    reading = read(call)
    return reading if reading and reading.program == "pip" else None


def is_uv_pip(call: Call) -> bool:
    return call.is_("uv") and call.values[:1] == ("pip",)


def fills(run: Run) -> bool:
    """Whether a RUN calls one of them."""
    return any(read_pip(call) or call.is_("pipenv") for call in run.calls)


def installers(runs: Iterable[Run]) -> list[str]:
    """What pip brings to the environment to fill it with: uv, pipenv with what that makes others with."""
    found = {
        bare_name(word.value)
        for run in runs
        for call in run.calls
        if (reading := read_pip(call)) and reading.subcommand == "install"
        for word in reading.operands
        if word.value
    }
    names = sorted(found & INSTALLERS)
    return [*names, "virtualenv"] if "pipenv" in names else names


def check_uv_pip(call: Call, run: Run) -> None:
    """Raise NotSplit for an `uv pip` that does not install into the image's own Python, or is not plain enough."""
    words = iter(value or "$" for value in call.values[1:])
    next(words, None)
    for word in words:
        if word in UV_VALUED:
            next(words, None)
        elif word.startswith("-") and word not in UV_FLAGS and not word.startswith(UV_WRITTEN):
            raise NotSplit(f"uv pip with {word} is not followed", run)
    if not (call.has("--system") or (run.state.value("UV_SYSTEM_PYTHON") or "").lower() in ("1", "true", "yes")):
        raise NotSplit("uv pip installs into an environment that the file does not make for the whole image", run)
    if call.has("--link-mode=symlink") or run.state.value("UV_LINK_MODE") == "symlink":
        raise NotSplit("uv links packages to its cache", run)
    named = next((name for name in UV_VARIABLES if run.state.value(name) is not None), "")
    if named:
        raise NotSplit(f"{named} decides which Python uv takes", run)


def pipenv_development(call: Call, run: Run) -> bool | None:
    """Whether a pipenv command installs development packages as well; None where it installs nothing.

    Raises:
        NotSplit: it installs into an environment of its own, or is not understood.
    """
    words = [value or "$" for value in call.values]
    options = [word for word in words if word.startswith("-")]
    plain = [word for word in words if not word.startswith("-")]
    if plain in (["lock"], ["check"], ["--version"], []):
        return None
    strange = [word for word in options if word not in PIPENV_FLAGS]
    if plain not in (["install"], ["sync"]) or strange:
        raise NotSplit(f"`pipenv {' '.join((*plain, *strange))}` is not followed", run)
    if "--system" not in options:
        raise NotSplit("pipenv makes an environment of its own; --system installs for the whole image", run)
    return "--dev" in options or "-d" in options
