"""What npm, yarn and pnpm add to a layer: packages for production, for development, and their caches."""

from collections.abc import Mapping

from dockopt.estimate.work import Work
from dockopt.knowledge.language_sizes import node_sizes
from dockopt.knowledge.ranges import Range, about
from dockopt.model.commands import Call

PER_PACKAGE = (40_000, 110_000, 280_000)
"""Bytes of an installed package that is not one of the large ones (nine measured projects)."""
PER_DIRECT = (300_000, 3_500_000, 40_000_000)
"""Bytes of a direct dependency with all it needs, where there is no lock file to count."""
UNKNOWN_PRODUCTION = Range(1_000_000, 80_000_000, 700_000_000)
UNKNOWN_DEVELOPMENT = Range(0, 90_000_000, 700_000_000)
CACHE_OF_INSTALLED = (0.4, 0.95, 1.3)
"""Bytes in the cache for a byte installed (nine measured projects: 0.42 to 1.82, the larger the project the less)."""
NAMED = (Range(200_000, 15_000_000, 300_000_000), "npm packages by name")
BUILT = Range(100_000, 4_000_000, 150_000_000)
CACHES = {"npm": "~/.npm", "npx": "~/.npm", "yarn": "~/.cache/yarn", "pnpm": "~/.local/share/pnpm/store"}
INSTALLS = frozenset({"install", "ci", "i", "add", "clean-install"})
PRODUCTION = ("--omit=dev", "--production", "--only=production", "--only=prod", "--prod", "-P", "--production=true")
LOCKS = ("package-lock.json", "npm-shrinkwrap.json")


def node(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    action = next((word for word in words if word and not word.startswith("-")), "")
    tool = call.name or "npm"
    if action == "cache" or (action == "store" and "prune" in words):
        work.remove([CACHES[tool], "/usr/local/share/.cache/yarn"])
    elif action == "prune":
        work.drop(lambda piece: piece.key[:2] == ("npm", "development"))
    elif action in INSTALLS or (tool == "yarn" and not action):
        _install(words, tool, work)
    elif action in ("run", "exec", "build", "run-script", "rebuild") or tool in ("npx", "yarn", "pnpm"):
        work.add(("npm run", " ".join(words)), BUILT, "what scripts of the project build", work.place("."))


def _install(words: list[str], tool: str, work: Work) -> None:
    everywhere = "-g" in words or "--global" in words or words[:1] == ["global"]
    named = [word for word in words if not word.startswith("-") and word not in INSTALLS and word != "global"]
    if named and (everywhere or tool == "npm"):
        path = "/usr/local/lib/node_modules" if everywhere else work.place("node_modules")
        for name in named:
            _both(("npm", name), NAMED, path, tool, work)
        return
    path = work.place("node_modules")
    production, development = _sizes(work)
    _both(("npm", "production", path), production, path, tool, work)
    only = any(word in PRODUCTION for word in words) or ("--omit" in words and "dev" in words)
    if not only and (work.setting("NODE_ENV") != "production" or "--include=dev" in words):
        _both(("npm", "development", path), development, path, tool, work)


def _both(key: tuple[str, ...], figure: tuple[Range, str], path: str, tool: str, work: Work) -> None:
    size, basis = figure
    work.add(key, size, basis, path)
    low, middle, high = CACHE_OF_INSTALLED
    cache = Range(round(size.low * low), round(size.expected * middle), round(size.high * high))
    work.add(("npm cache", *key[1:]), cache, "npm caches, measured on nine projects", CACHES[tool])


def _sizes(work: Work) -> tuple[tuple[Range, str], tuple[Range, str]]:
    """Production and development packages, from the lock file, else from the manifest."""
    import json  # noqa: PLC0415 - only where node packages are installed

    for name in LOCKS:
        locked = _locked(_load(json, work, name))
        if locked:
            basis = "packages in the lock file"
            return (_sum(locked[0]), basis), (_sum(locked[1]), basis)
    manifest = _load(json, work, "package.json")
    if manifest:
        basis = "number of dependencies in package.json"
        direct = [len(manifest.get(key) or {}) for key in ("dependencies", "devDependencies")]
        return (_times(PER_DIRECT, direct[0]), basis), (_times(PER_DIRECT, direct[1]), basis)
    basis = "npm packages that the file does not name"
    return (UNKNOWN_PRODUCTION, basis), (UNKNOWN_DEVELOPMENT, basis)


def _load(json: object, work: Work, name: str) -> Mapping[str, Mapping[str, object]] | None:
    text = work.context.read(name) if work.context else None
    if text is None:
        return None
    try:
        data = json.loads(text)  # type: ignore[attr-defined]
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _locked(lock: Mapping[str, Mapping[str, object]] | None) -> tuple[list[str], list[str]] | None:
    """Packages for production and for development only, as a lock file names them; those for other systems left out."""
    packages = (lock or {}).get("packages")
    if not isinstance(packages, dict):
        return None
    production: list[str] = []
    development: list[str] = []
    for path, entry in packages.items():
        if path and isinstance(entry, dict) and _is_installed(entry):
            (development if entry.get("dev") else production).append(path.rpartition("node_modules/")[2])
    return production, development


def _is_installed(entry: Mapping[str, object]) -> bool:
    """Whether a package is for Linux on x86-64; binaries come as one optional package a system."""
    return all(wanted in (entry.get(key) or [wanted]) for key, wanted in (("os", "linux"), ("cpu", "x64")))  # type: ignore[operator]


def _sum(names: list[str]) -> Range:
    known = node_sizes()
    large = sum(known[name] for name in names if name in known)
    others = _times(PER_PACKAGE, sum(1 for name in names if name not in known))
    return others.plus(about(large, 0.4))


def _times(sizes: tuple[int, int, int], count: int) -> Range:
    low, middle, high = (size * count for size in sizes)
    return Range(low, middle, high)
