"""Whether an image is for development: it reloads sources, runs a development server, or says so by its name.

What makes images smaller for production (leaving out development dependencies, compilers, sources) takes away what
such an image is for.
"""

from collections.abc import Iterator
from itertools import pairwise

from dockopt.analyses.started import Words, started
from dockopt.context.tree import Context
from dockopt.knowledge.development import (
    DEVELOPMENT_GROUPS,
    IMAGES,
    MODES,
    NAMES,
    PRODUCTION_SERVERS,
    REQUIREMENTS,
    SCRIPT_RUNNERS,
    SCRIPTS,
    SERVERS,
    WATCH_OPTIONS,
    WATCHERS,
)
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage

IDLE = (("sleep", "infinity"), ("tail", "-f", "/dev/null"), ("tail", "-F", "/dev/null"))
RUNNERS = ("npx", "bunx", "exec", "dumb-init", "tini", "--", "env")
SOURCES = (".py", ".js", ".ts", ".jsx", ".tsx", ".mjs", ".rb", ".php", ".go", ".rs", ".java", ".kt", ".ex", ".cs")
MAY_BRING_THEM = DEVELOPMENT_GROUPS | {"install"}
MODULE_RUNNERS = ("bundle", "poetry", "uv", "pipenv", "pdm", "hatch", "rye")


def is_development(file: Dockerfile, stage: Stage | None = None) -> bool:
    """Whether a stage, the last one where none is given, makes an image for development."""
    return bool(development_sign(file, stage))


def development_sign(file: Dockerfile, stage: Stage | None = None) -> str:
    """What shows that a stage makes an image for development, "" where nothing does; the last stage by default."""
    known = file.facts(_known)
    stage = stage or file.final
    if stage.index not in known:
        known[stage.index] = next(_signs(file, stage), "")
    return known[stage.index]


def _known(_: Dockerfile) -> dict[int, str]:
    """Signs by the index of the stage: many ask, and often for the same one."""
    return {}


def _signs(file: Dockerfile, stage: Stage) -> Iterator[str]:
    yield from _named(file, stage)
    yield from _commands(file, stage)
    for name, value in stage.end.environment.items():
        if value in MODES.get(name, ()):
            yield f"ENV {name}={value} is for development"
    found = [sign for ancestor in file.chain(stage) for run in ancestor.runs for sign in run.facts(_installs)]
    if found and not _serves(file, stage):
        yield from found
    if file.context is not None and not _is_for_production(file.context) and file.context.compose_files:
        yield from _mounts(file.context, _source_folders(file, stage, file.context))


def _serves(file: Dockerfile, stage: Stage) -> bool:
    """Whether the container starts a server for production, through a script of the context too."""
    from dockopt.analyses.split.needs import start_programs  # noqa: PLC0415 - only where a sign is weak
    from dockopt.analyses.split.plan import NotSplit  # noqa: PLC0415

    try:
        return any(program.name.rpartition("/")[2] in PRODUCTION_SERVERS for program in start_programs(file, stage))
    except NotSplit:
        return False


def _named(file: Dockerfile, stage: Stage) -> Iterator[str]:
    if stage.name and _parts(stage.name) & NAMES:
        yield f"the stage is called {stage.name}"
    root = file.root(stage).base or ""
    if root.startswith(IMAGES):
        yield f"{root} is an image to develop in"
    path = (file.context.dockerfile if file.context else None) or ""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    if _parts(name.lower()) & NAMES:
        yield f"the file is called {name}"
    if folder.rpartition("/")[2] == ".devcontainer":
        yield "the file is in .devcontainer"


def _is_for_production(context: Context) -> bool:
    name = (context.dockerfile or "").replace("\\", "/").rpartition("/")[2]
    return bool(_parts(name.lower()) & {"prod", "production"})


def _parts(name: str) -> frozenset[str]:
    return frozenset(name.replace("-", ".").replace("_", ".").split("."))


def _commands(file: Dockerfile, stage: Stage) -> Iterator[str]:
    for words in started(file, stage):
        plain = _without_runners(words)
        if not plain:
            continue
        if reloads(plain):
            yield f"`{' '.join(plain)}` is for development"
        elif script := _script(plain):
            text = _script_text(file, script)
            if script in SCRIPTS or any(reloads(_without_runners(tuple(part.split()))) for part in _lists(text)):
                yield f"`{' '.join(plain)}` is for development"


def reloads(words: Words) -> bool:
    """Whether a command runs a development server, a watcher or a debugger, or only keeps the container alive."""
    if not words:
        return False
    program, arguments = words[0].rpartition("/")[2], words[1:]
    if program in WATCHERS or WATCH_OPTIONS.intersection(arguments) or words in IDLE:
        return True
    if words[0] in ("bin/dev", "./bin/dev") or (program == "vite" and not {"build", "preview"} & set(arguments)):
        return True
    if program in ("rails", "puma", "rackup") and _follows(arguments, ("-e", "--environment", "-E"), "development"):
        return True
    options = {argument.partition("=")[0] for argument in arguments}
    if program.startswith("python") and arguments[:1] == ("-m",):
        return reloads(arguments[1:])
    return bool(options.intersection(SERVERS.get(program, ())))


def _follows(words: Words, options: tuple[str, ...], value: str) -> bool:
    pairs = pairwise(words)
    return any(option in options and after == value for option, after in pairs)


def _without_runners(words: Words) -> Words:
    """The command behind `npx`, `bundle exec`, `poetry run` and the like."""
    while words:
        if words[0].rpartition("/")[2] in RUNNERS or ("=" in words[0] and not words[0].startswith("-")):
            words = words[1:]
        elif words[0] in MODULE_RUNNERS and words[1:2] in (("exec",), ("run",)):
            words = words[2:]
        else:
            break
    return words


def _script(words: Words) -> str:
    """The script of package.json that a command runs, "" where it runs none."""
    if words[0] not in SCRIPT_RUNNERS:
        return ""
    plain = [word for word in words[1:] if not word.startswith("-")]
    if plain[:1] in (["run"], ["run-script"]):
        return plain[1] if len(plain) > 1 else ""
    return plain[0] if plain and (plain[0] == "start" or words[0] != "npm") else ""


def _script_text(file: Dockerfile, script: str) -> str:
    text = file.context.read("package.json") if file.context else None
    if text is None:
        return ""
    from json import loads  # noqa: PLC0415 - only where a manifest is there

    try:
        scripts = loads(text).get("scripts", {})
        return str(scripts.get(script, ""))
    except (ValueError, AttributeError):
        return ""


def _lists(text: str) -> list[str]:
    return text.replace("&&", ";").replace("||", ";").replace("|", ";").split(";")


def _installs(calls: tuple[Call, ...]) -> tuple[str, ...]:
    """Why the commands of a body bring development dependencies into the image."""
    return tuple(sign for call in calls if (sign := _installs_development(call)))


def _installs_development(call: Call) -> str:
    """Why a command brings development dependencies into the image."""
    if MAY_BRING_THEM.isdisjoint(call.values) and not call.is_("poetry", "uv"):
        return ""
    values = tuple(value or "$" for value in call.values)
    asks = DEVELOPMENT_GROUPS.intersection(values)
    if call.is_("npm", "uv", "poetry", "pipenv", "pdm", "yarn", "pnpm") and asks and "remove" not in values:
        return f"`{call.name} {' '.join(values[:1])} {min(asks)}` asks for development dependencies"
    if call.is_("poetry", "uv") and _follows(values, ("--with", "--group", "--only"), "dev"):
        return f"`{call.name}` asks for development dependencies"
    for option, path in pairwise(values):
        words = _parts(path.replace("/", ".").lower().removesuffix(".txt"))
        if option in ("-r", "--requirement") and "install" in values and words.intersection(REQUIREMENTS):
            return f"{path} holds development dependencies"
    if call.has("install") and any(value.endswith(("[dev]", "[develop]", "[dev]'")) for value in values):
        return "the extra `dev` holds development dependencies"
    return ""


def _source_folders(file: Dockerfile, stage: Stage, context: Context) -> frozenset[str]:
    """Where the image keeps the sources that it copied from the context."""
    found = set()
    for copy in (copy for ancestor in file.chain(stage) for copy in ancestor.copies):
        if copy.from_ is None and copy.target and any(_holds_sources(context, s) for s in copy.expanded_sources):
            found.add(copy.target.rstrip("/"))
    return frozenset(found - {""})


def _holds_sources(context: Context, folder: str | None) -> bool:
    if folder is None:
        return False
    folder = folder.strip("/").removeprefix("./")
    return context.is_folder(folder) and any(file.path.endswith(SOURCES) for file in context.under(folder))


def _mounts(context: Context, folders: frozenset[str]) -> Iterator[str]:
    """Compose files of the context that put a folder of the host over the application's."""
    for path, text in context.compose_files.items():
        for line in text.splitlines():
            host, _, place = line.strip().removeprefix("-").strip(" \"'").partition(":")
            target = place.partition(":")[0].rstrip("/ \"'")
            if host.startswith((".", "$PWD", "${PWD")) and target in folders:
                yield f"{path} mounts {host} over {target}"
