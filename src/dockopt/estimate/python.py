"""What pip and virtual environments add to a layer: distributions, compiled modules, caches."""

from typing import TYPE_CHECKING

from dockopt.analyses.words import Reading, read
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range
from dockopt.model.commands import Call

if TYPE_CHECKING:
    from dockopt.context.manifests.python_locks import Wanted

UNKNOWN_SET = Range(1_000_000, 70_000_000, 1_500_000_000)
UNKNOWN_CACHE = Range(300_000, 20_000_000, 500_000_000)
PIP = Range(9_700_000, 11_000_000, 14_500_000)
SETUPTOOLS = Range(7_800_000, 10_500_000, 10_500_000)
MODULES_OF_PYTHON = Range(0, 5_000_000, 5_800_000)
MODULES_OF_PIP = Range(1_500_000, 5_300_000, 6_000_000)
"""Python's own modules that pip and venv use, and pip's, compiled: official images come without any compiled module."""
SCRIPTS = Range(10_000, 30_000, 100_000)
LOCAL_PROJECT = Range(0, 300_000, 20_000_000)
UNNAMED = "Python packages that the file does not name"
PIP_CACHE = "~/.cache/pip"
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
OFF = ("0", "false", "off", "no", "")
HAS_SETUPTOOLS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11")
"""Versions of Python whose virtual environments begin with setuptools."""
LOCAL = (".[", "/", "./", "../")


def pip(call: Call, work: Work) -> None:
    reading = read(call)
    if reading is None or reading.subcommand not in ("install", "wheel", "download", "sync"):
        if reading and reading.subcommand == "cache" and call.has("purge"):
            work.remove([_cache_folder(reading, work)])
        elif reading and reading.subcommand == "uninstall" and call.has("pip"):
            place = target(call, work)
            work.drop(lambda piece: piece.key == ("venv pip", place))
        return
    from dockopt.estimate.languages.python_install import IMAGE_PACKAGES, Way, download, install  # noqa: PLC0415

    cache = _cache_folder(reading, work) if _keeps_cache(call, reading, work) else ""
    way = Way(target(call, work, reading), cache, _compiles(call, work))
    compile_modules(call, work, with_pip=way.target == IMAGE_PACKAGES)
    wanted, missing = _wanted(reading, work, way)
    if reading.subcommand in ("wheel", "download"):
        download(wanted, work, way.target, cache)
    else:
        install(wanted, work, way)
    for source in missing:
        add_unknown(work, way, source, cache)


def compile_modules(call: Call, work: Work, *, with_pip: bool) -> None:
    """Python keeps what it compiles of its own modules where they are first used, if it may write there."""
    image = work.contents.image
    without = next((one.value.value for one in call.assignments if one.name == UNCOMPILED and one.value), None)
    if image is None or image.family != "python" or work.home != "/root" or without or work.setting(UNCOMPILED):
        return
    for part, size in (("python", MODULES_OF_PYTHON), ("pip", MODULES_OF_PIP)):
        key = ("python modules", part)
        if (part == "python" or with_pip) and not work.knows(*key):
            work.add(key, size, "modules of Python and pip, compiled when they are first used")


def add_unknown(work: Work, way: object, source: str, cache: str) -> None:
    """Packages of which not even the names are known."""
    work.add(("pip", source), UNKNOWN_SET, UNNAMED, getattr(way, "target", ""))
    if cache:
        work.add(("pip cache", source), UNKNOWN_CACHE, "caches of Python packages", cache)


def target(call: Call, work: Work, reading: Reading | None = None) -> str:
    """The folder that packages go to."""
    option = (
        reading.option("-t", "--target", "--prefix", "--root", "-d", "-w", "--wheel-dir", "--dest") if reading else None
    )
    if option and option.value:
        return work.place(option.value)
    if reading and reading.option("--user") is not None:
        return "~/.local/lib"
    program = call.words[0].value or ""
    if "/bin/" in program and not program.startswith(("/usr/bin", "/usr/local/bin")):
        return work.place(program.partition("/bin/")[0])
    return work.place(work.environment) if work.environment else _from_path(work)


def _from_path(work: Work) -> str:
    """An environment that PATH puts first, else the image's own packages."""
    from dockopt.estimate.languages.python_install import IMAGE_PACKAGES  # noqa: PLC0415

    first = work.contents.first_in_path
    if first.endswith("/bin") and not first.startswith(("/usr", "/bin", "$", "/root/.local", "~")):
        return work.place(first.removesuffix("/bin"))
    return IMAGE_PACKAGES


def is_on(call: Call, work: Work, name: str) -> bool:
    """Whether a variable is set to something that programs take for yes."""
    value = next((a.value.value for a in call.assignments if a.name == name and a.value), work.setting(name))
    return value is not None and value.lower() not in OFF


def _cache_folder(reading: Reading, work: Work) -> str:
    option = reading.option("--cache-dir")
    named = option.value if option else work.setting("PIP_CACHE_DIR")
    return (work.place(named) if named else "") or PIP_CACHE


def _keeps_cache(call: Call, reading: Reading, work: Work) -> bool:
    if any(option.name in ("--no-cache-dir", "--no-cache") for option in reading.options):
        return False
    return not is_on(call, work, "PIP_NO_CACHE_DIR") and not work.is_mounted(_cache_folder(reading, work))


def _compiles(call: Call, work: Work) -> bool:
    """Pip compiles whatever PYTHONDONTWRITEBYTECODE says."""
    return not call.has("--no-compile") and not is_on(call, work, "PIP_NO_COMPILE")


def _wanted(reading: Reading, work: Work, way: object) -> "tuple[list[Wanted], list[str]]":
    """What is asked for, and sources of names that cannot be read here."""
    from dockopt.estimate.languages.python_install import downloaded  # noqa: PLC0415
    from dockopt.estimate.languages.python_names import requirement_names, requirements  # noqa: PLC0415

    wanted: list[Wanted] = []
    missing: list[str] = []
    for file in reading.values("-r", "--requirement"):
        found = requirements(work, file) if file else None
        if found is None:
            missing.append(file or "?")
        else:
            wanted += found
    projects = [value or "" for value in reading.values("-e", "--editable")]
    for word in reading.operands:
        asked = requirement_names(word.value or "") or downloaded(work, word.text)
        if asked:
            wanted += asked
        elif word.value in (".", "./") or (word.value or "").startswith(LOCAL):
            projects.append(word.value or "")
        else:
            missing.append(word.text)
    for project in projects:
        names = _of_project(project, work, way)
        wanted += names or []
        missing += [] if names is not None else [project]
    return wanted, missing


def _of_project(text: str, work: Work, way: object) -> "list[Wanted] | None":
    from dockopt.estimate.languages.python_names import project_names  # noqa: PLC0415

    extras = text.partition("[")[2].partition("]")[0].split(",")
    work.add(("pip project", text), LOCAL_PROJECT, "the project itself", getattr(way, "target", ""))
    return project_names(work, [extra.strip() for extra in extras if extra.strip()])


def project_manager(call: Call, work: Work) -> None:
    """poetry, uv, pipenv and pdm."""
    from dockopt.estimate.languages.python_projects import project_manager as follow  # noqa: PLC0415 - where one runs

    follow(call, work)


def venv(call: Call, work: Work) -> None:
    """`python -m venv DIR`, `virtualenv DIR`, `uv venv DIR`."""
    from dockopt.estimate.languages.python_names import python_version  # noqa: PLC0415

    folders = [value for value in call.values if value and not value.startswith("-") and value not in ("venv", "-m")]
    path = work.place(folders[-1]) if folders else work.place(".venv")
    seeded = not call.has("--without-pip", "--no-pip") and (not call.is_("uv") or call.has("--seed"))
    size = SCRIPTS.plus(SETUPTOOLS) if seeded and python_version(work) in HAS_SETUPTOOLS else SCRIPTS
    work.add(("venv", path), size, "a virtual environment", path)
    if seeded:
        compile_modules(call, work, with_pip=False)
        work.add(("venv pip", path), PIP, "the pip of a virtual environment", path)


def conda(call: Call, work: Work) -> None:
    if call.has("install", "create", "update", "env"):
        work.add(("conda", _words(call)), Range(20_000_000, 600_000_000, 5_000_000_000), "conda packages", "/opt/conda")
        cache = "/opt/conda/pkgs"
        work.add(("conda cache", _words(call)), Range(5_000_000, 250_000_000, 2_500_000_000), "conda's cache", cache)
    elif call.has("clean"):
        work.remove(["/opt/conda/pkgs"])


def _words(call: Call) -> str:
    return " ".join(word.text for word in call.words)
