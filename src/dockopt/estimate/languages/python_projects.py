"""What uv, poetry, pdm and pipenv add to a layer: an environment with what a lockfile or pyproject.toml names.

Of these pipenv compiles modules, through pip; uv does where it is asked to. uv links files out of its cache, so that
in one layer they count once.
"""

from itertools import pairwise

from dockopt.context.manifests.python_locks import Choice, Wanted, read_lock
from dockopt.estimate.languages.manifests import first_text
from dockopt.estimate.languages.python_install import IMAGE_PACKAGES, Way, install
from dockopt.estimate.languages.python_names import (
    project_names,
    project_text,
    python_version,
    requirement_names,
    requirements,
)
from dockopt.estimate.python import LOCAL_PROJECT, PIP_CACHE, add_unknown, is_on, target, venv
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import NOTHING, Range
from dockopt.model.commands import Call

LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock", "pipenv": "Pipfile.lock"}
CACHES = {"uv": "~/.cache/uv", "poetry": "~/.cache/pypoetry", "pdm": "~/.cache/pdm", "pipenv": PIP_CACHE}
CACHE_SETTINGS = {"uv": "UV_CACHE_DIR", "poetry": "POETRY_CACHE_DIR", "pipenv": "PIP_CACHE_DIR"}
READ_NO_PAGES = ("uv", "poetry")
"""Programs that take addresses from the lockfile and read no page of the index."""
SEEDED = Range(20_000, 6_300_000, 13_000_000)
SEEDS = Range(0, 6_200_000, 9_000_000)
"""An environment that virtualenv makes with pip in it, and what it unpacks pip to, to copy from."""
SEEDS_FOLDER = "~/.local/share/virtualenv"
PIPENV_ENVIRONMENTS = "~/.local/share/virtualenvs"
IN_IMAGE = ("setting", "poetry installs into the image")
IN_PROJECT = ("setting", "poetry installs beside the project")
NO_DEVELOPMENT = ("--no-dev", "--prod", "--production", "--no-default-groups")
EXTRA_OPTIONS = ("-E", "--extras", "--extra")
GROUP_OPTIONS = ("--group", "--with", "-G")
WITHOUT_OPTIONS = ("--no-group", "--without")
ONLY_OPTIONS = ("--only", "--only-group")


def project_manager(call: Call, work: Work) -> None:
    tool = call.name or ""
    words = [value or "" for value in call.values]
    if tool == "uv" and words[:1] == ["pip"]:
        _uv_pip(call, words[1:], work)
    elif tool == "uv" and "venv" in words:
        venv(call, work)
    elif tool == "poetry" and words[:1] == ["config"]:
        if "virtualenvs.create" in words and "false" in words:
            work.add(IN_IMAGE, NOTHING, "settings")
        if "virtualenvs.in-project" in words and "true" in words:
            work.add(IN_PROJECT, NOTHING, "settings")
    elif words[:1] in (["cache"], ["self"]) or (words[:2] == ["cache", "clean"]):
        _clean(tool, words, work)
    elif words[:1] in (["install"], ["sync"], ["add"], ["update"]) or (tool == "uv" and words[:1] == ["lock"]):
        _install(call, tool, words, work)


def _cache_folder(tool: str, work: Work) -> str:
    named = work.setting(CACHE_SETTINGS.get(tool, ""))
    return work.place(named) if named else CACHES.get(tool, "")


def _clean(tool: str, words: list[str], work: Work) -> None:
    if tool == "poetry":
        work.remove([f"{_cache_folder(tool, work)}/{part}" for part in ("artifacts", "cache")])
    elif "clean" in words or "clear" in words:
        work.remove([_cache_folder(tool, work)])


def _install(call: Call, tool: str, words: list[str], work: Work) -> None:
    if words[0] == "lock":
        return
    choice = _choice(words, tool, call, work)
    lock, text = first_text(work, LOCKS.get(tool, "uv.lock"))
    locked = read_lock(lock, text, project_text(work), choice) if lock else None
    way = _way(call, tool, work)._replace(pages=locked is None or tool not in READ_NO_PAGES)
    named = [one for word in words[1:] if not word.startswith("-") for one in requirement_names(word)]
    named = named if words[0] == "add" or (tool == "pipenv" and words[0] == "install") else []
    wanted: list[Wanted] | None = list(locked) if locked is not None else _of_project(tool, choice, work)
    if way.target != IMAGE_PACKAGES:
        _environment(tool, way.target, work)
    if wanted is None and not named:
        add_unknown(work, way, tool, way.cache)
        return
    install([*(wanted or []), *named], work, way, locked=locked is not None and not named)
    if not call.has("--no-root", "--no-install-project", "--only-deps", "--no-self"):
        work.add(("pip project", tool), LOCAL_PROJECT, "the project itself", way.target)


def _of_project(tool: str, choice: Choice, work: Work) -> list[Wanted] | None:
    """Without a lockfile: what the manifest asks for."""
    if tool == "pipenv":
        return _of_pipfile(choice, work)
    return project_names(work, choice.extras)


def _of_pipfile(choice: Choice, work: Work) -> list[Wanted] | None:
    _, text = first_text(work, "Pipfile")
    if not text:
        return None
    import tomllib  # noqa: PLC0415 - only where a manifest is read

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    sections = ("packages", "dev-packages") if choice.development else ("packages",)
    return [one for section in sections for name in data.get(section, {}) for one in requirement_names(name)]


def _environment(tool: str, path: str, work: Work) -> None:
    from dockopt.estimate.python import SCRIPTS  # noqa: PLC0415 - beside its only use

    if work.knows("venv", path):
        return
    work.add(("venv", path), SCRIPTS if tool in ("uv", "pdm") else SEEDED, "a virtual environment", path)
    if tool not in ("uv", "pdm"):
        work.add(("venv seeds",), SEEDS, "what virtualenv copies pip from", SEEDS_FOLDER)


def _way(call: Call, tool: str, work: Work) -> Way:
    quiet = call.has("--no-cache", "--no-cache-dir", "-n") or is_on(call, work, f"{tool.upper()}_NO_CACHE")
    cache = "" if quiet or (tool == "pipenv" and is_on(call, work, "PIP_NO_CACHE_DIR")) else _cache_folder(tool, work)
    if tool == "poetry" and cache:
        cache += "/artifacts"
    elif tool == "pdm":
        cache = ""
    place = _place(call, tool, work)
    links = tool == "uv" and (work.setting("UV_LINK_MODE") or "hardlink") in ("hardlink", "clone")
    return Way(place, cache, _compiles(call, tool, work), links and not work.is_mounted(_cache_folder("uv", work)))


def _compiles(call: Call, tool: str, work: Work) -> bool:
    if tool == "uv":
        return call.has("--compile-bytecode", "--compile") or is_on(call, work, "UV_COMPILE_BYTECODE")
    return tool == "pipenv" or call.has("--compile")


def _place(call: Call, tool: str, work: Work) -> str:
    """The environment that a program installs into."""
    active = target(call, work)
    if call.has("--system") or (active != IMAGE_PACKAGES and tool != "uv"):
        return active if active != IMAGE_PACKAGES else IMAGE_PACKAGES
    match tool:
        case "uv":
            return work.place(work.setting("UV_PROJECT_ENVIRONMENT") or ".venv")
        case "poetry":
            return _place_of_poetry(call, work)
        case "pipenv":
            return work.place(".venv") if is_on(call, work, "PIPENV_VENV_IN_PROJECT") else PIPENV_ENVIRONMENTS
    return work.place(".venv")


def _place_of_poetry(call: Call, work: Work) -> str:
    created = (work.setting("POETRY_VIRTUALENVS_CREATE") or "true").lower()
    settings = {piece.key for piece in work.those(lambda piece: piece.key in (IN_IMAGE, IN_PROJECT))}
    if created in ("false", "0") or IN_IMAGE in settings:
        return IMAGE_PACKAGES
    return (
        work.place(".venv")
        if is_on(call, work, "POETRY_VIRTUALENVS_IN_PROJECT") or IN_PROJECT in settings
        else f"{_cache_folder('poetry', work)}/virtualenvs"
    )


def _choice(words: list[str], tool: str, call: Call, work: Work) -> Choice:
    only = _values(words, ONLY_OPTIONS)
    main = not only or "main" in only or "--only=main" in words
    development = not only and not any(word in words for word in NO_DEVELOPMENT)
    if tool == "uv" and is_on(call, work, "UV_NO_DEV"):
        development = False
    if tool == "pipenv":
        development = "--dev" in words or "-d" in words or is_on(call, work, "PIPENV_DEV")
    return Choice(
        main=main,
        development=development,
        groups=frozenset(_values(words, GROUP_OPTIONS) | (only - {"main"})),
        without=frozenset(_values(words, WITHOUT_OPTIONS)),
        extras=frozenset(_values(words, EXTRA_OPTIONS)),
        all_extras="--all-extras" in words,
        python=python_version(work),
    )


def _values(words: list[str], options: tuple[str, ...]) -> set[str]:
    """The values of some options, which may list several."""
    found = [after for before, after in pairwise(words) if before in options]
    found += [word.partition("=")[2] for word in words if word.partition("=")[0] in options and "=" in word]
    return {one for value in found for one in value.replace(",", " ").split()}


def _uv_pip(call: Call, words: list[str], work: Work) -> None:
    if words[:1] not in (["install"], ["sync"]):
        return
    active = target(call, work)
    way = _way(call, "uv", work)
    if call.has("--system") or active != IMAGE_PACKAGES or is_on(call, work, "UV_SYSTEM_PYTHON"):
        way = way._replace(target=active)
    wanted: list[Wanted] = []
    missing: list[str] = []
    for before, word in pairwise(words):
        if before in ("-r", "--requirement", "--requirements") or (words[0] == "sync" and not word.startswith("-")):
            found = requirements(work, word) if word.endswith((".txt", ".in")) else project_names(work)
            wanted += found or []
            missing += [] if found is not None else [word]
        elif word in (".", "./") or word.startswith((".[", "./")):
            found = project_names(work)
            wanted += found or []
            missing += [] if found is not None else [word]
        elif not word.startswith("-") and before not in ("-p", "--python", "-c", "--target", "--prefix"):
            wanted += requirement_names(word)
    install(wanted, work, way, locked=words[0] == "sync")
    for source in missing:
        add_unknown(work, way, source, way.cache)
