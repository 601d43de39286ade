"""What Composer adds to a layer: the packages of its lockfile, and its cache."""

from collections.abc import Iterator

from dockopt.estimate.languages.manifests import text_at
from dockopt.estimate.languages.sources import of_packages
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range, about
from dockopt.model.commands import Call

UNKNOWN = Range(500_000, 60_000_000, 400_000_000)
UNKNOWN_CACHE = Range(300_000, 20_000_000, 200_000_000)
CACHE = "~/.composer"
CACHED = "Composer's cache"
PACKAGE_LIST = 25_000
"""What the cache keeps of one package's list of versions."""


def composer(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    action = next((word for word in words if not word.startswith("-")), "")
    cache = work.setting("COMPOSER_HOME") or CACHE
    if action in ("clear-cache", "clearcache", "cc"):
        work.remove([cache, "~/.cache/composer"])
    if action not in ("install", "i", "update", "u", "require", "create-project"):
        return
    path = work.place("vendor")
    quiet = work.setting("COMPOSER_CACHE_DIR") == "/dev/null" or "--no-cache" in words
    names = locked(text_at(work, "composer.lock") or "", development="--no-dev" not in words)
    if names is None or action in ("require", "create-project"):
        size, archives, basis = UNKNOWN, UNKNOWN_CACHE, "PHP packages that the file does not name"
    else:
        found = of_packages("composer", map(_keys, names))
        lists = about(PACKAGE_LIST * found.packages, 0.8)
        size, basis = found.size, found.basis
        archives = found.archives if action in ("install", "i") else found.archives.plus(lists)
    if work.knows("composer", path):
        return
    work.add(("composer", path), size, basis, path)
    if not quiet:
        work.add(("composer cache", path), archives, CACHED, cache)


def locked(text: str, *, development: bool) -> list[str] | None:
    """The packages of a lockfile, None where it cannot be read."""
    import json  # noqa: PLC0415 - only where PHP packages are installed

    try:
        lock = json.loads(text)
    except ValueError:
        return None
    sections = ("packages", "packages-dev") if development else ("packages",)
    if not isinstance(lock, dict):
        return None
    return [str(one["name"]) for section in sections for one in lock.get(section) or () if "name" in one]


def _keys(name: str) -> Iterator[str]:
    """The keys of `vendor/name`: both words, or one where they are the same or the second says it all."""
    vendor, _, package = name.lower().partition("/")
    yield f"{vendor}-{package}"
    if vendor == package or package.startswith(f"{vendor}-"):
        yield package
    if len(package) > 8:
        yield package
