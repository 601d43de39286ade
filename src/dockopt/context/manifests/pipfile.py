"""`Pipfile` and its lockfile: what pipenv installs, with the versions that are locked."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.manifests.requirement import Repository, Requirement, normalised
from dockopt.context.tree import Context

ELSEWHERE = ("git", "hg", "svn", "bzr")
HERE = ("path", "file", "editable")
Table = Mapping[str, object]


class Pipfile(NamedTuple):
    """`packages` and `development` are what the file asks for, pinned as locked; `locked` are the names of all that
    the lockfile installs to run, `locked_development` of the rest. `problems` say what cannot be followed.
    """

    packages: tuple[Requirement | Repository, ...] = ()
    development: tuple[Requirement | Repository, ...] = ()
    locked: frozenset[str] = frozenset()
    locked_development: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def read(context: Context, path: str) -> Pipfile:
    """What the file at a context path and the lockfile beside it say."""
    import tomllib  # noqa: PLC0415 - only where a manifest is read

    try:
        manifest = tomllib.loads(context.read(path) or "")
    except (ValueError, RecursionError):
        return Pipfile(problems=(f"{path} is not TOML",))
    lock = _lock(context.read(f"{path}.lock") or "")
    if lock is None:
        return Pipfile(problems=(f"{path}.lock is not in the build context or cannot be read",))
    default, develop = _table(lock, "default"), _table(lock, "develop")
    local = next(
        (name for group in (default, develop) for name, entry in group.items() if _has(entry, HERE)),
        "",
    )
    return Pipfile(
        tuple(_requirements(_table(manifest, "packages"), default)),
        tuple(_requirements(_table(manifest, "dev-packages"), develop)),
        frozenset(map(normalised, default)),
        frozenset(map(normalised, develop)),
        (f"{path}.lock takes {local} from a folder or a file",) if local else (),
    )


def _lock(text: str) -> Table | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "default" in found else None


def _requirements(asked: Table, locked: Table) -> Iterator[Requirement | Repository]:
    pins = {normalised(name): entry for name, entry in locked.items()}
    for name, value in asked.items():
        entry = pins.get(normalised(name))
        pinned = entry.get("version", "") if isinstance(entry, dict) else ""
        if _has(value, ELSEWHERE):
            yield Repository("git+", normalised(name))
        else:
            extras = value.get("extras", ()) if isinstance(value, dict) else ()
            yield Requirement(normalised(name), tuple(sorted(str(one) for one in extras)), str(pinned))


def _has(entry: object, keys: tuple[str, ...]) -> bool:
    return isinstance(entry, dict) and any(key in entry for key in keys)


def _table(table: Table, key: str) -> Table:
    found = table.get(key)
    return found if isinstance(found, dict) else {}
