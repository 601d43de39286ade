"""How long an instruction takes to run again, in milliseconds, from its commands and from what it writes."""

from dockopt.estimate.contributions import Piece, each
from dockopt.estimate.programs import FILE_COMMANDS, HANDLERS, NOTHING_LEFT
from dockopt.estimate.stages import Layer
from dockopt.knowledge import speeds
from dockopt.knowledge.ranges import NOTHING, Range, total
from dockopt.knowledge.speeds import COMMANDS, MEGABYTE, PER_MEGABYTE, Pace
from dockopt.model.commands import Call
from dockopt.model.instructions import Copy, Run

FAMILIES = {
    **dict.fromkeys(("apt-get", "apt", "aptitude"), "apt-get install"),
    "apk": "apk",
    **dict.fromkeys(("yum", "dnf", "microdnf", "tdnf", "zypper"), "dnf"),
    **dict.fromkeys(("poetry", "pipenv", "pdm", "hatch"), "poetry"),
    "uv": "uv",
    **dict.fromkeys(("conda", "mamba", "micromamba"), "conda"),
    **dict.fromkeys(("npm", "yarn", "pnpm"), "npm"),
    **dict.fromkeys(("npx", "tsc", "webpack", "vite", "ng", "next"), "npm run"),
    "virtualenv": "venv",
    **dict.fromkeys(("gem", "bundle"), "gem"),
    "composer": "composer",
    "cargo": "cargo",
    **dict.fromkeys(("mvn", "mvnw", "gradle", "gradlew"), "java"),
    "dotnet": "dotnet",
    **dict.fromkeys(("make", "cmake", "ninja", "meson", "configure"), "make"),
    **dict.fromkeys(("docker-php-ext-install", "pecl"), "make"),
    **dict.fromkeys(("gcc", "g++", "cc", "javac", "rustc"), "compiler"),
    **dict.fromkeys(("curl", "wget"), "download"),
    **dict.fromkeys(("git", "hg", "svn"), "clone"),
}
SCRIPTS = frozenset({"run", "exec", "build", "run-script", "test", "dlx", "start"})
KIND_OF_KEY = {
    **dict.fromkeys(("apt", "apk", "rpm"), "system packages"),
    **dict.fromkeys(("pip", "pip cache"), "Python packages"),
    **dict.fromkeys(("npm", "npm cache"), "node packages"),
    **dict.fromkeys(("download", "apt archives"), "packed"),
}


def milliseconds(layer: Layer) -> Range:
    """The time of one instruction; nothing for those that only change the image config."""
    stored = _times(speeds.STORE, total(piece.size for piece in layer.pieces))
    if isinstance(layer.step, Copy):
        return _once(speeds.COPY).plus(stored).plus(_times(PER_MEGABYTE["copied"], total(p.size for p in layer.made)))
    if not isinstance(layer.step, Run):
        return NOTHING
    if layer.step.opaque:
        return _once(speeds.RUN).plus(_once(speeds.UNREAD))
    commands = total(_once(pace(call)) for call in layer.step.calls)
    return _once(speeds.RUN).plus(commands).plus(stored).plus(total(_brought(piece) for piece in each(layer.made)))


def pace(call: Call) -> Pace:
    """What a command takes by itself."""
    name = call.name or ""
    words = [value for value in call.values if value and not value.startswith("-")]
    if name.startswith("pip") or (name.startswith("python") and "pip" in words[:1]):
        return COMMANDS["pip"] if {"install", "wheel", "download"}.intersection(words) else speeds.NOTHING
    if name.startswith("python"):
        return COMMANDS["venv"] if "venv" in words else speeds.UNKNOWN
    if name == "go":
        return COMMANDS["go download" if words[:1] in (["mod"], ["get"]) else "go build"]
    family = FAMILIES.get(name)
    if family == "apt-get install":
        return _apt(words)
    if family == "npm" and SCRIPTS.intersection(words[:1]):
        return COMMANDS["npm run"]
    if family:
        return COMMANDS[family]
    return speeds.NOTHING if name in NOTHING_LEFT or name in HANDLERS else speeds.UNKNOWN


def _apt(words: list[str]) -> Pace:
    action = words[0] if words else ""
    if action in ("clean", "autoclean", "dist-clean", "distclean"):
        return speeds.NOTHING
    if action in ("upgrade", "dist-upgrade", "full-upgrade"):
        return COMMANDS["apt-get upgrade"]
    return COMMANDS["apt-get update" if action == "update" else "apt-get install"]


def _brought(piece: Piece) -> Range:
    """What a piece takes to be fetched and unpacked."""
    kind = KIND_OF_KEY.get(piece.key[0])
    if kind is not None:
        return _times(PER_MEGABYTE[kind], piece.size)
    again = piece.files is not None or piece.key[0] in FILE_COMMANDS
    return _times(PER_MEGABYTE["copied"], piece.size) if again else NOTHING


def _once(pace_: Pace) -> Range:
    low, expected, high = (round(seconds * 1000) for seconds in pace_)
    return Range(low, expected, high)


def _times(pace_: Pace, size: Range) -> Range:
    low, expected, high = (round(seconds * 1000 * count / MEGABYTE) for seconds, count in zip(pace_, size, strict=True))
    return Range(low, expected, high)
