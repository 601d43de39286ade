"""What pip, uv, poetry and venv add to a layer: distributions, compiled modules, caches."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from dockopt.analyses.words import Reading, read
from dockopt.estimate.work import Work
from dockopt.knowledge.language_sizes import pip_cache_size, python_closure, python_size
from dockopt.knowledge.ranges import Range
from dockopt.model.commands import Call

UNKNOWN_SET = Range(1_000_000, 70_000_000, 1_500_000_000)
UNKNOWN_CACHE = Range(300_000, 20_000_000, 500_000_000)
ENVIRONMENT = Range(8_000_000, 14_000_000, 28_000_000)
LOCAL_PROJECT = Range(0, 300_000, 20_000_000)
IMAGE_PACKAGES = "/usr/local/lib/python"
PIP_CACHE = "~/.cache/pip"
UV_CACHE = "~/.cache/uv"
IN_IMAGES = frozenset({"pip", "setuptools", "wheel"})
"""What Python images have already: an upgrade adds them again where there is a newer one."""
SWITCHES = ("PIP_NO_CACHE_DIR",)
OFF = ("0", "false", "off", "no", "")
MANIFESTS = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "requirements.txt")


def pip(call: Call, work: Work) -> None:
    reading = read(call)
    if reading is None or reading.subcommand not in ("install", "wheel", "download", "sync"):
        if reading and reading.subcommand == "cache" and call.has("purge"):
            work.remove([PIP_CACHE])
        return
    target = _target(call, reading, work)
    names, missing = _wanted(reading, work)
    _install(names, work, target, PIP_CACHE if _keeps_cache(call, reading, work) else "")
    for source in missing:
        work.add(("pip", source), UNKNOWN_SET, "Python packages that the file does not name", target)
        if _keeps_cache(call, reading, work):
            work.add(("pip cache", source), UNKNOWN_CACHE, "pip's cache", PIP_CACHE)


def _install(names: Iterable[str], work: Work, target: str, cache: str) -> None:
    there = {piece.key[1] for piece in (*work.contents.pieces, *work.pieces) if piece.key[0] == "pip"}
    for name in python_closure(names):
        if name in there:
            continue
        size, basis = python_size(name)
        if name in IN_IMAGES and target == IMAGE_PACKAGES:
            size = Range(0, size.expected // 2, size.high)
        work.add(("pip", name), size, basis, target)
        if cache:
            work.add(("pip cache", name), pip_cache_size(name), "caches of Python packages, measured", cache)


def _target(call: Call, reading: Reading, work: Work) -> str:
    """The folder that packages go to."""
    option = reading.option("-t", "--target", "--prefix", "--root", "-d", "-w", "--wheel-dir", "--dest")
    if option and option.value:
        return work.place(option.value)
    if reading.option("--user") is not None:
        return "~/.local/lib"
    program = call.words[0].value or ""
    if "/bin/" in program and not program.startswith(("/usr/bin", "/usr/local/bin")):
        return work.place(program.partition("/bin/")[0])
    return work.place(work.environment) if work.environment else _from_path(work)


def _from_path(work: Work) -> str:
    """An environment that PATH puts first, else the image's own packages."""
    first = work.contents.first_in_path
    if first.endswith("/bin") and not first.startswith(("/usr", "/bin", "$", "/root/.local", "~")):
        return work.place(first.removesuffix("/bin"))
    return IMAGE_PACKAGES


def _keeps_cache(call: Call, reading: Reading, work: Work) -> bool:
    if any(option.name in ("--no-cache-dir", "--no-cache") for option in reading.options):
        return False
    for switch in SWITCHES:
        value = next((a.value.value for a in call.assignments if a.name == switch and a.value), work.setting(switch))
        if value is not None and value.lower() not in OFF:
            return False
    return not work.is_mounted(PIP_CACHE)


def _wanted(reading: Reading, work: Work) -> tuple[list[str], list[str]]:
    """Names asked for, and sources of names that cannot be read here."""
    names: list[str] = []
    missing: list[str] = []
    for file in reading.values("-r", "--requirement"):
        found = requirements(work, file) if file else None
        if found is None:
            missing.append(file or "?")
        else:
            names += found
    for word in reading.operands:
        asked = requirement_names(word.value or "")
        if asked:
            names += asked
        elif word.value in (".", "./") or (word.value or "").startswith((".[", "/", "./")):
            project = project_names(work)
            names += project or []
            missing += [] if project is not None else ["."]
            work.add(("pip project", word.text), LOCAL_PROJECT, "the project itself", IMAGE_PACKAGES)
        else:
            missing.append(word.text)
    return names, missing


def requirements(work: Work, file: str) -> list[str] | None:
    """Names in a requirements file of the context, None where it cannot be read."""
    if work.context is None:
        return None
    from dockopt.context.manifests.requirements import read as read_requirements  # noqa: PLC0415 - where one is read

    for path in _candidates(work, file):
        found = read_requirements(work.context, path)
        return [name for one in found.requirements if one.name for name in _with_extras(one.name, one.extras)]
    return None


def _candidates(work: Work, file: str) -> Iterator[str]:
    """Context files that a path of the image may be: as written, below the folder it was copied to, by name."""
    if work.context is None:
        return
    wanted = file.removeprefix("./").lstrip("/")
    names = [wanted, wanted.removeprefix((work.folder or "/").strip("/") + "/")]
    names += [path for path in work.context.files if path.rpartition("/")[2] == wanted.rpartition("/")[2]]
    yield from (name for name in dict.fromkeys(names) if work.context.has(name))


def project_names(work: Work) -> list[str] | None:
    """Dependencies of the project in the context, as its pyproject.toml states them; None where that is not known."""
    text = work.context.read("pyproject.toml") if work.context else None
    if text is None:
        return None
    import tomllib  # noqa: PLC0415 - only where a manifest is read

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    listed = data.get("project", {}).get("dependencies", [])
    poetry = data.get("tool", {}).get("poetry", {}).get("dependencies", {})
    names = [name for item in listed if isinstance(item, str) for name in requirement_names(item)]
    return [*names, *(str(key).lower() for key in poetry if key != "python")]


def requirement_names(text: str) -> list[str]:
    """The normalised name of a requirement as it is written, and one with each extra; none where it is not plain."""
    if text.startswith((".", "/", "-", "$")) or "/" in text.partition("@")[0] or text.endswith((".whl", ".gz", ".zip")):
        return []
    end = next((at for at, character in enumerate(text) if not (character.isalnum() or character in "._-")), len(text))
    name = text[:end].lower().replace("_", "-").replace(".", "-")
    rest = text[end:].lstrip()
    extras = rest[1:].partition("]")[0].split(",") if rest.startswith("[") else []
    return _with_extras(name, extras) if name else []


def _with_extras(name: str, extras: Iterable[str]) -> list[str]:
    return [name, *(f"{name}[{extra.strip()}]" for extra in extras)]


def project_manager(call: Call, work: Work) -> None:
    """poetry, uv, pipenv and pdm installing what a lock file names."""
    if call.is_("uv") and call.values[:1] == ("pip",):
        _uv_pip(call, work)
        return
    if not call.has("install", "sync"):
        if call.has("venv"):
            venv(call, work)
        return
    in_image = call.has("--system", "--no-root") and not call.is_("uv", "poetry")
    target = IMAGE_PACKAGES if in_image else work.place(work.environment or ".venv") or IMAGE_PACKAGES
    names = project_names(work)
    quiet = call.has("--no-cache", "--no-cache-dir") or bool(work.setting("UV_NO_CACHE"))
    cache = "" if quiet else UV_CACHE if call.is_("uv") else PIP_CACHE
    if names is None:
        work.add(("pip", call.name or ""), UNKNOWN_SET, "Python packages of a lock file", target)
        if cache:
            work.add(("pip cache", call.name or ""), UNKNOWN_CACHE, "caches of Python packages", cache)
    else:
        _install(names, work, target, cache)


def _uv_pip(call: Call, work: Work) -> None:
    words = ["", *(value or "" for value in call.values[1:])]
    target = IMAGE_PACKAGES if "--system" in words else work.place(work.environment or ".venv") or IMAGE_PACKAGES
    cache = "" if "--no-cache" in words or work.setting("UV_NO_CACHE") else UV_CACHE
    names: list[str] = []
    for before, word in pairwise(words[1:]):
        if before in ("-r", "--requirement"):
            names += requirements(work, word) or []
        elif not word.startswith("-"):
            names += requirement_names(word)
    if names:
        _install(names, work, target, cache)
    else:
        work.add(("pip", "uv"), UNKNOWN_SET, "Python packages that the file does not name", target)


def venv(call: Call, work: Work) -> None:
    """`python -m venv DIR`, `virtualenv DIR`, `uv venv DIR`."""
    folders = [value for value in call.values if value and not value.startswith("-") and value not in ("venv", "-m")]
    path = work.place(folders[-1]) if folders else work.place(".venv")
    small = call.is_("uv") or call.has("--without-pip")
    size = Range(20_000, 60_000, 300_000) if small else ENVIRONMENT
    work.add(("venv", path), size, "a virtual environment with pip", path)


def conda(call: Call, work: Work) -> None:
    if call.has("install", "create", "update", "env"):
        work.add(("conda", _words(call)), Range(20_000_000, 600_000_000, 5_000_000_000), "conda packages", "/opt/conda")
        cache = "/opt/conda/pkgs"
        work.add(("conda cache", _words(call)), Range(5_000_000, 250_000_000, 2_500_000_000), "conda's cache", cache)
    elif call.has("clean"):
        work.remove(["/opt/conda/pkgs"])


def _words(call: Call) -> str:
    return " ".join(word.text for word in call.words)
