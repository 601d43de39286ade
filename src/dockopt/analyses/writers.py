"""Whether commands of a RUN may put files below a folder of the image, or give them another owner."""

from collections.abc import Iterator
from enum import IntEnum

from dockopt.analyses.words import Reading, read
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import State, joined
from dockopt.shell.tree import Word

INSTALLERS = frozenset({"apt-get", "apt", "apk", "yum", "dnf", "microdnf"})
ACCOUNT_TOOLS = frozenset({"useradd", "adduser", "groupadd", "addgroup"})
QUIET = frozenset(
    "echo printf true : set test [ chmod rm ls cat id sleep exit export command which date"
    " update-ca-certificates ldconfig locale-gen ssh-keyscan".split()
)
FILE_TOOLS = frozenset({"mkdir", "chown", "chgrp", "cp", "mv", "ln", "touch", "sed"})
SEPARATORS = ":=,;()\"'"


class Touch(IntEnum):
    """How likely a command writes below a folder: it is known not to, nothing speaks for it, it may."""

    NEVER = 1
    HARDLY = 2
    MAYBE = 3


def touch(run: Run, folder: str, until: Call | None = None) -> Touch:
    """The likeliest of a RUN's commands, those before `until` only."""
    if run.opaque or any(_mounted_below(run, mount, folder) for mount in run.mounts):
        return Touch.MAYBE
    found = (found for call, found in _touches(run, folder) if until is None or call.span < until.span)
    return max(found, default=Touch.NEVER)


def _touches(run: Run, folder: str) -> Iterator[tuple[Call, Touch]]:
    place = run.state.folder
    lost = False
    for call in run.calls:
        if call.name in ("cd", "pushd", "popd"):
            target = call.values[0] if call.values else None
            place = joined(place, target)
            lost = place is None
        inside = lost or (place is not None and is_below(place, folder))
        yield call, _of_call(call, run.state, folder, inside=inside)


def _of_call(call: Call, state: State, folder: str, *, inside: bool) -> Touch:
    for redirect in call.redirects:
        if ">" in redirect.operator and redirect.target and redirect.target.text != "/dev/null":
            path = redirect.target.value or ""
            if (inside and not path.startswith("/")) or _names(redirect.target, state, folder):
                return Touch.MAYBE
    if call.name in QUIET or call.name == "cd" or makes_folder(call, folder):
        return Touch.NEVER
    named = any(_names(word, state, folder) for word in call.words)
    if call.name in ACCOUNT_TOOLS:
        return Touch.MAYBE if named else Touch.NEVER
    reading = read(call)
    if reading and reading.program == "pip" and reading.subcommand == "install":
        return _of_pip(reading)
    if named:
        return Touch.MAYBE
    if call.name in INSTALLERS:
        local = any((value or "").startswith(".") for value in call.values)
        return Touch.MAYBE if local else Touch.NEVER
    if inside:
        return Touch.MAYBE
    return Touch.NEVER if call.name in FILE_TOOLS and call.literal else Touch.HARDLY


def makes_folder(call: Call, folder: str) -> bool:
    """Whether this is a `mkdir` of the folder itself and of nothing else."""
    paths = [value for value in call.values if value is None or not value.startswith("-")]
    return call.is_("mkdir") and bool(paths) and all(path and path.rstrip("/") == folder for path in paths)


def _of_pip(reading: Reading) -> Touch:
    if reading.option("-e", "--editable", "-t", "--target", "--prefix", "--root", "--src") or reading.unknown:
        return Touch.MAYBE
    if any((word.value or ".").startswith((".", "/")) for word in reading.operands):
        return Touch.MAYBE
    return Touch.HARDLY if reading.option("-r", "--requirement") else Touch.NEVER


def _mounted_below(run: Run, mount: dict[str, str], folder: str) -> bool:
    target = mount.get("target") or mount.get("dst") or mount.get("destination")
    if target is None:
        return mount.get("type") not in ("secret", "ssh")
    path = joined(run.state.folder, target)
    return path is None or is_below(path, folder)


def _names(word: Word, state: State, folder: str) -> bool:
    """Whether a word names the folder, something in it or a folder above it."""
    texts = [word.text, *(state.value(name) or "" for name in word.expansions)]
    return any(_is_related(part, folder) for text in texts for part in _parts(text))


def _parts(text: str) -> list[str]:
    for separator in SEPARATORS:
        text = text.replace(separator, " ")
    return text.split()


def _is_related(part: str, folder: str) -> bool:
    path = part.rstrip("/*")
    return part.startswith("/") and (is_below(path, folder) or is_below(folder, path))


def is_below(path: str, folder: str) -> bool:
    """Whether an absolute path is a folder or stands in it."""
    path, folder = path.rstrip("/"), folder.rstrip("/")
    return path == folder or path.startswith(folder + "/")
