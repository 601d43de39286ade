"""Which packages npm, yarn and pnpm install by their lockfiles: for production, and for development only.

Binaries come as one optional package a system; those for other systems than Linux on x86-64 are not installed, but
Yarn 1 fetches them all.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from dockopt.knowledge.node_platforms import is_for_another_system

Table = Mapping[str, object]
PRODUCTION = ("dependencies", "optionalDependencies", "peerDependencies")
DEVELOPMENT = ("devDependencies",)
BERRY = "__metadata:"
"""A line of yarn.lock from Yarn 2 on, which fetches what this system needs only."""


class NodeWanted(NamedTuple):
    """A package that a lockfile names; `elsewhere` where it is for another system."""

    name: str
    version: str
    development: bool = False
    elsewhere: bool = False


class Entry(NamedTuple):
    """One entry of a lockfile with the keys of those it needs."""

    name: str
    version: str
    needs: tuple[str, ...]


@lru_cache(maxsize=8)
def read_lock(name: str, text: str, manifest: str) -> tuple[NodeWanted, ...] | None:
    """The packages of a lockfile, each as often as it is installed; None where it cannot be read.

    Those for other systems are among them, marked as such, where the package manager may fetch them.

    `manifest` is the text of the package.json beside it, "" for none.
    """
    try:
        if name == "yarn.lock":
            return tuple(_of_yarn(text, read_manifest(manifest) or {})) or None
        if name == "pnpm-lock.yaml":
            return tuple(_of_pnpm(text)) or None
        import json  # noqa: PLC0415 - only where such a lockfile is read

        return _of_npm(json.loads(text))
    except (ValueError, RecursionError):
        return None


def read_manifest(text: str) -> Table | None:
    """The fields of a package.json, None where it cannot be read."""
    import json  # noqa: PLC0415 - only where node packages are installed

    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def fits(entry: Table, *, glibc: bool = True) -> bool:
    """Whether a package is for Linux on x86-64."""
    wanted = (("os", "linux"), ("cpu", "x64"), ("libc", "glibc" if glibc else "musl"))
    return all(_allows(entry.get(key), value) for key, value in wanted)


def _allows(listed: object, value: str) -> bool:
    if not isinstance(listed, list) or not listed:
        return True
    return value in listed or (f"!{value}" not in listed and all(str(one).startswith("!") for one in listed))


def _of_npm(lock: object) -> tuple[NodeWanted, ...] | None:
    if not isinstance(lock, dict):
        return None
    packages, older = lock.get("packages"), lock.get("dependencies")
    if isinstance(packages, dict):
        return tuple(_of_packages(packages))
    return tuple(_of_older(older)) if isinstance(older, dict) else None


def _of_packages(packages: Table) -> Iterator[NodeWanted]:
    for path, entry in packages.items():
        if "node_modules/" in path and isinstance(entry, dict) and not entry.get("link"):
            name = str(entry.get("name") or path.rpartition("node_modules/")[2])
            yield NodeWanted(name, str(entry.get("version", "")), bool(entry.get("dev")), not fits(entry))


def _of_older(dependencies: Table) -> Iterator[NodeWanted]:
    for name, entry in dependencies.items():
        if isinstance(entry, dict):
            version, elsewhere = str(entry.get("version", "")), is_for_another_system(name)
            yield NodeWanted(name, version, bool(entry.get("dev")), elsewhere)
            nested = entry.get("dependencies")
            if isinstance(nested, dict):
                yield from _of_older(nested)


def _of_yarn(text: str, manifest: Table) -> Iterator[NodeWanted]:
    entries: dict[str, Entry] = {}
    for patterns, entry in _yarn_entries(text):
        entries |= dict.fromkeys(patterns, entry)
    asked = {
        kind: [_pattern(name, spec) for name, spec in _specs(manifest, kind)] for kind in (PRODUCTION, DEVELOPMENT)
    }
    found = _split(asked[PRODUCTION], asked[DEVELOPMENT], entries)
    yield from (one for one in found if not (one.elsewhere and BERRY in text))


def _specs(manifest: Table, kinds: Iterable[str]) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        table = manifest.get(kind)
        if isinstance(table, dict):
            yield from ((name, str(spec)) for name, spec in table.items())


def _pattern(name: str, spec: str) -> str:
    return f"{name}@{spec.removeprefix('npm:')}"


def _yarn_entries(text: str) -> Iterator[tuple[list[str], Entry]]:
    """Entries of both formats: a line of patterns, then indented fields."""
    patterns: list[str] = []
    fields: dict[str, str] = {}
    needs: list[str] = []
    section = ""
    for line in (*text.splitlines(), "end:"):
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            if patterns and "version" in fields and fields["version"] != "0.0.0-use.local":
                name = patterns[0][: patterns[0].find("@", 1)]
                yield patterns, Entry(name, fields["version"], tuple(needs))
            parts = line.rstrip(":").strip('"').replace('"', "").split(", ")
            patterns = [_pattern(part[: part.find("@", 1)], part[part.find("@", 1) + 1 :]) for part in parts]
            fields, needs, section = {}, [], ""
        elif not line.startswith("    "):
            key, value = _pair(line)
            fields[key] = value
            section = key
        elif section in ("dependencies", "optionalDependencies"):
            needs.append(_pattern(*_pair(line)))


def _pair(line: str) -> tuple[str, str]:
    """`name "spec"`, `"name" spec` and `name: spec` of an indented line."""
    line = line.strip()
    quote = line[:1] if line[:1] in ('"', "'") else ""
    if quote:
        name, _, rest = line[1:].partition(quote)
    else:
        end = min((at for at in (line.find(" "), line.find(": ")) if at > 0), default=len(line))
        name, rest = line[:end], line[end:]
    return name.rstrip(":"), rest.strip(": ").strip("\"'")


def _of_pnpm(text: str) -> Iterator[NodeWanted]:
    lock = mapping(text)
    snapshots = lock.get("snapshots") or lock.get("packages")
    if not isinstance(snapshots, dict):
        return
    packages = lock.get("packages")
    entries = dict(_pnpm_entries(snapshots, packages if isinstance(packages, dict) else {}))
    importers = lock.get("importers")
    projects = list(importers.values()) if isinstance(importers, dict) else [lock]
    asked: dict[tuple[str, ...], list[str]] = {PRODUCTION: [], DEVELOPMENT: []}
    for project in projects:
        for kinds, keys in asked.items():
            keys += [_pnpm_key(name, spec) for name, spec in _pnpm_specs(project, kinds)]
    yield from _split(asked[PRODUCTION], asked[DEVELOPMENT], entries)


def _pnpm_specs(project: object, kinds: Iterable[str]) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        table = project.get(kind) if isinstance(project, dict) else None
        for name, spec in (table or {}).items():
            version = spec.get("version") if isinstance(spec, dict) else spec
            yield name, str(version)


def _pnpm_entries(snapshots: Table, packages: Table) -> Iterator[tuple[str, Entry]]:
    for key, fields in snapshots.items():
        plain = key.removeprefix("/")
        name, version = _name_and_version(plain)
        about = packages.get(plain.partition("(")[0], fields)
        if is_for_another_system(name):
            continue
        if isinstance(about, dict) and not fits({one: _list(about.get(one)) for one in ("os", "cpu", "libc")}):
            continue
        needs = tuple(_pnpm_key(one, spec) for one, spec in _pnpm_specs(fields, PRODUCTION[:2]))
        yield f"{name}@{version}", Entry(name, version.partition("(")[0].partition("_")[0], needs)


def _list(text: object) -> list[str]:
    return [one.strip(" '\"") for one in text.strip("[]").split(",") if one.strip()] if isinstance(text, str) else []


def _name_and_version(key: str) -> tuple[str, str]:
    """Of `name@1.2(peer)`, or of `name/1.2_peer` as older versions wrote; the version with its peers."""
    parts = key.split("/")
    inner = 2 if key.startswith("@") else 1
    if len(parts) > inner and parts[inner][:1].isdigit():
        return "/".join(parts[:inner]), "/".join(parts[inner:])
    at = key.find("@", 1)
    return (key[:at], key[at + 1 :]) if at > 0 else (key, "")


def _pnpm_key(name: str, version: str) -> str:
    """The key of an entry: an alias has the name of another package in its version."""
    if version.startswith(("link:", "file:", "workspace:")):
        return ""
    plain = version.removeprefix("/")
    return f"{name}@{plain}" if plain[:1].isdigit() else "@".join(_name_and_version(plain))


def mapping(text: str) -> dict[str, object]:
    """The nested mappings of a YAML file; lists and values in braces are left as text."""
    result: dict[str, object] = {}
    open_: list[tuple[int, dict[str, object]]] = [(-1, result)]
    for line in text.splitlines():
        body = line.strip()
        if not body or body.startswith(("#", "- ", "---")):
            continue
        key, value = _pair(line)
        indent = len(line) - len(line.lstrip())
        while open_[-1][0] >= indent:
            open_.pop()
        if value:
            open_[-1][1][key] = _braces(value) if value.startswith("{") else value
        else:
            inner: dict[str, object] = {}
            open_[-1][1][key] = inner
            open_.append((indent, inner))
    return result


def _braces(value: str) -> object:
    pairs = [one.partition(":") for one in value.strip("{}").split(",")]
    return {key.strip(" '\""): rest.strip(" '\"") for key, _, rest in pairs}


def _split(production: list[str], development: list[str], entries: Mapping[str, Entry]) -> Iterator[NodeWanted]:
    """Everything for production, then what only development needs; one package has several keys."""
    given: set[tuple[str, str]] = set()
    for roots, only_development in ((production, False), (development, True)):
        for entry in _reached(roots, entries):
            if entry[:2] not in given:
                given.add(entry[:2])
                yield NodeWanted(entry.name, entry.version, only_development, is_for_another_system(entry.name))


def _reached(roots: list[str], entries: Mapping[str, Entry]) -> Iterator[Entry]:
    seen: set[str] = set()
    queue = list(roots)
    for key in queue:
        entry = entries.get(key)
        if entry is None or key in seen:
            continue
        seen.add(key)
        queue += entry.needs
        yield entry
