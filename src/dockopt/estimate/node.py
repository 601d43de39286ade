"""What npm, yarn and pnpm add to a layer: packages for production, for development, and their caches."""

from itertools import pairwise
from typing import TYPE_CHECKING

from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import NOTHING, Range
from dockopt.model.commands import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dockopt.estimate.languages.node_sizes import Installed

UNKNOWN_PRODUCTION = Range(1_000_000, 80_000_000, 700_000_000)
UNKNOWN_DEVELOPMENT = Range(0, 90_000_000, 700_000_000)
CACHE_OF_INSTALLED = (0.2, 0.7, 1.3)
"""Bytes in npm's cache for a byte installed, where no package is known by name."""
UNNAMED = "npm packages that the file does not name"
CACHED = "npm caches, measured"
BUILT = Range(100_000, 4_000_000, 150_000_000)
YARN_OF_ROOT = "/usr/local/share/.cache/yarn"
CACHES = {"npm": "~/.npm", "npx": "~/.npm", "yarn": "~/.cache/yarn", "pnpm": "~/.local/share/pnpm/store"}
INSTALLS = frozenset({"install", "ci", "i", "add", "clean-install"})
PRODUCTION = ("--omit=dev", "--production", "--only=production", "--only=prod", "--prod", "-P", "--production=true")
LOCKS = {
    "npm": ("npm-shrinkwrap.json", "package-lock.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
}
VALUED = frozenset(
    "--omit --include --only --prefix -C --cwd --dir --registry --loglevel --network-timeout --cache --mutex"
    " --cache-folder --reporter --filter -w --workspace --modules-folder --network-concurrency".split()
)
"""Options that take the next word."""
FOLDER_OPTIONS = ("--prefix", "-C", "--cwd", "--dir")
GLOBAL_FOLDER = "/usr/local/lib/node_modules"


def node(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    operands = _operands(words)
    action = operands[0] if operands else ""
    tool = call.name or "npm"
    if action == "cache":
        work.remove([_cache_folder(tool, work)])
    elif action == "store":
        return
    elif action == "prune":
        work.drop(lambda piece: piece.key[:2] == ("npm", "development"))
    elif action in INSTALLS or action == "global" or (tool == "yarn" and not action):
        _install(call, words, tool, work)
    elif action in ("run", "exec", "build", "run-script", "rebuild") or tool in ("npx", "yarn", "pnpm"):
        work.add(("npm run", " ".join(words)), BUILT, "what scripts of the project build", work.place("."))


def _operands(words: list[str]) -> list[str]:
    """The words that are neither options nor their values."""
    pairs = zip(("", *words), words, strict=False)
    return [word for before, word in pairs if word and not word.startswith("-") and before not in VALUED]


def _cache_folder(tool: str, work: Work) -> str:
    named = work.setting({"yarn": "YARN_CACHE_FOLDER", "npm": "NPM_CONFIG_CACHE"}.get(tool, ""))
    if named:
        return named
    return YARN_OF_ROOT if tool == "yarn" and work.home == "/root" else CACHES[tool]


def _install(call: Call, words: list[str], tool: str, work: Work) -> None:
    everywhere = "-g" in words or "--global" in words or words[:1] == ["global"]
    named = [word for word in _operands(words) if word not in INSTALLS and word != "global"]
    if named and (everywhere or tool == "npm" or "add" in words):
        _named(named, tool, work, GLOBAL_FOLDER if everywhere else work.place("node_modules"))
    elif not everywhere:
        _project(words, tool, work, production=_is_for_production(call, words, work))


def _is_for_production(call: Call, words: list[str], work: Work) -> bool:
    """Whether development packages are left out."""
    if any(word in PRODUCTION for word in words) or ("--omit" in words and "dev" in words):
        return True
    given = next((one.value.value for one in call.assignments if one.name == "NODE_ENV" and one.value), None)
    return (given or work.setting("NODE_ENV")) == "production" and "--include=dev" not in words


def _named(words: list[str], tool: str, work: Work, path: str) -> None:
    from dockopt.estimate.languages.node_sizes import of_manifest  # noqa: PLC0415 - where packages are named

    earlier: list[str] = []
    for word in words:
        name = word[:1] + word[1:].partition("@")[0]
        if "$" in word or ":" in word or name.startswith((".", "/")):
            _unknown(("npm", word), Range(200_000, 15_000_000, 300_000_000), path, tool, work)
        else:
            _both(("npm", name), of_manifest([name], beside=earlier), path, tool, work, listings=True)
            earlier.append(name)


def _project(words: list[str], tool: str, work: Work, *, production: bool) -> None:
    folder = next((after for option, after in pairwise(words) if option in FOLDER_OPTIONS), ".")
    path = work.place(f"{folder}/node_modules")
    work.pieces = [piece for piece in work.pieces if piece.key[:1] != ("npm",) or piece.key[2:] != (path,)]
    main, development, locked = _sizes(work, tool, folder)
    parts = [("production", main, UNKNOWN_PRODUCTION)]
    if not production:
        parts.append(("development", development, UNKNOWN_DEVELOPMENT))
    there = (
        set() if "ci" in words else {piece.key for piece in work.contents.those(lambda piece: piece.key[0] == "npm")}
    )
    for kind, found, unknown in parts:
        key = ("npm", kind, path)
        if key in there:
            continue
        if found is None:
            _unknown(key, unknown, path, tool, work)
        else:
            _both(key, found, path, tool, work, listings=not locked)
    if tool == "npm" and main is not None:
        from dockopt.estimate.languages.node_sizes import LOGS  # noqa: PLC0415

        work.add(("npm logs", path), LOGS, CACHED, f"{_cache_folder(tool, work)}/_logs")


def _both(key: tuple[str, ...], found: "Installed", path: str, tool: str, work: Work, *, listings: bool) -> None:
    from dockopt.estimate.languages.node_sizes import (  # noqa: PLC0415
        npm_cache,
        pnpm_cache,
        pnpm_size,
        yarn_cache,
    )

    work.add(key, pnpm_size(found) if tool == "pnpm" else found.size, found.basis, path)
    if tool == "yarn":
        cache = yarn_cache(found)
    elif tool == "pnpm":
        cache = pnpm_cache(found, listings=listings)
    else:
        cache = npm_cache(found, listings=listings)
    cached = ("npm cache", *key[1:])
    if cache != NOTHING and not work.knows(*cached):
        work.add(cached, cache, CACHED, _cache_folder(tool, work))


def _unknown(key: tuple[str, ...], size: Range, path: str, tool: str, work: Work) -> None:
    work.add(key, size, UNNAMED, path)
    low, middle, high = CACHE_OF_INSTALLED
    cache = Range(round(size.low * low), round(size.expected * middle), round(size.high * high))
    work.add(("npm cache", *key[1:]), cache, CACHED, _cache_folder(tool, work))


def _sizes(work: Work, tool: str, folder: str) -> "tuple[Installed | None, Installed | None, bool]":
    """Production and development packages, from the lockfile, else from the manifest; None for what is not known.

    At last, whether a lockfile says where they are, so that no list of versions is asked for (npm writes lockfiles
    without addresses on request: omit-lockfile-registry-resolved).
    """
    from dockopt.estimate.languages.manifests import text_at  # noqa: PLC0415 - where a project is installed
    from dockopt.estimate.languages.node_locks import read_lock, read_manifest  # noqa: PLC0415
    from dockopt.estimate.languages.node_sizes import of_lock, of_manifest  # noqa: PLC0415

    text = text_at(work, f"{folder}/package.json") or ""
    own = LOCKS.get(tool, LOCKS["npm"])
    others = [] if tool == "pnpm" else [name for names in LOCKS.values() for name in names if name not in own]
    for name in (*own, *others):
        lock = text_at(work, f"{folder}/{name}") or ""
        locked = read_lock(name, lock, text)
        if locked is not None:
            production = of_lock([one for one in locked if not one.development])
            found = name in own and (tool != "npm" or _has_addresses(lock))
            return production, of_lock([one for one in locked if one.development]), found
    manifest = read_manifest(text)
    if manifest is None:
        return None, None, False
    names = [*_names(manifest, "dependencies"), *_names(manifest, "optionalDependencies")]
    return of_manifest(names), of_manifest(_names(manifest, "devDependencies"), beside=names), False


def _has_addresses(lock: str) -> bool:
    """Whether a lockfile of npm says where packages are, and not only where workspaces lie."""
    return any(f'"resolved":{space}"{start}' in lock for space in (" ", "") for start in ("http", "git"))


def _names(manifest: "Mapping[str, object]", key: str) -> list[str]:
    table = manifest.get(key)
    return list(table) if isinstance(table, dict) else []
