"""Lockfiles of Node projects: which packages are installed, and which of them run scripts when they are.

npm's own are read in full; of Yarn's and pnpm's only names and versions, and pnpm's marks for packages that build.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.tree import Context


class LockedPackage(NamedTuple):
    """One installed package. `path` is below node_modules as npm lays it out, "" where the lockfile does not say.

    `dev` and `optional` say that nothing else needs it; a package of both kinds (`devOptional`) has neither.
    `has_install_script` is None where the lockfile's format does not record it. `resolved` is an address, or for a
    local package the path as written; `link` marks a folder that is linked, not copied.
    """

    name: str
    version: str
    path: str = ""
    dev: bool = False
    optional: bool = False
    has_install_script: bool | None = None
    link: bool = False
    resolved: str = ""

    @property
    def is_local(self) -> bool:
        return self.link or self.resolved.startswith(("file:", ".", "/"))


Packages = tuple[tuple[LockedPackage, ...], tuple[str, ...]]


def read_lockfile(context: Context, path: str) -> Packages:
    """The packages of a lockfile, without the project itself, and problems; both empty for binary lockfiles."""
    name = path.rpartition("/")[2]
    if name.endswith((".lockb", "bun.lock")):
        return (), ()
    text = context.read(path)
    if text is None:
        return (), (f"{path} cannot be read",)
    match name:
        case "package-lock.json" | "npm-shrinkwrap.json":
            return _npm(path, text)
        case "yarn.lock":
            return _named(path, text, tuple(_yarn(text)))
        case _:
            return _named(path, text, tuple(_pnpm(text)))


def _named(path: str, text: str, packages: tuple[LockedPackage, ...]) -> Packages:
    """No package in a file with a fair amount of text means that it was not understood."""
    understood = packages or len(text) < 400
    return packages, (() if understood else (f"{path}: no package found in it",))


def _npm(path: str, text: str) -> Packages:
    import json  # noqa: PLC0415 - only where a lockfile is read

    try:
        fields = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return (), (f"{path} is not a JSON object",)
    packages = fields.get("packages")
    older = fields.get("dependencies")
    if isinstance(packages, dict):
        return tuple(_packages(packages)), ()
    if isinstance(older, dict):
        return tuple(_older(older, "")), ()
    return (), (() if "lockfileVersion" in fields else (f"{path}: lists no packages",))


def _packages(table: Mapping[str, object]) -> Iterator[LockedPackage]:
    """The `packages` of lockfile versions 2 and 3; the folders that links lead to are the links' affair."""
    for path, entry in table.items():
        if not isinstance(entry, dict) or "node_modules/" not in path:
            continue
        yield LockedPackage(
            name=str(entry.get("name") or path.rpartition("node_modules/")[2]),
            version=str(entry.get("version", "")),
            path=path,
            dev=bool(entry.get("dev")),
            optional=bool(entry.get("optional")),
            has_install_script=bool(entry.get("hasInstallScript")),
            link=bool(entry.get("link")),
            resolved=str(entry.get("resolved", "")),
        )


def _older(table: Mapping[str, object], above: str) -> Iterator[LockedPackage]:
    """The nested `dependencies` of lockfile version 1, where a local package has its path for a version."""
    for name, entry in table.items():
        if not isinstance(entry, dict):
            continue
        path = f"{above}node_modules/{name}"
        version = str(entry.get("version", ""))
        local = version.startswith("file:")
        resolved = version if local else str(entry.get("resolved", ""))
        dev, optional = bool(entry.get("dev")), bool(entry.get("optional"))
        yield LockedPackage(name, version, path, dev, optional, link=local, resolved=resolved)
        nested = entry.get("dependencies")
        if isinstance(nested, dict):
            yield from _older(nested, path + "/")


def _yarn(text: str) -> Iterator[LockedPackage]:
    """Entries of both Yarn formats: a line of patterns, then an indented version."""
    name = ""
    for line in text.splitlines():
        if line and not line[0].isspace() and line.endswith(":") and "@" in line[1:]:
            pattern = line.partition(",")[0].strip("\"':")
            name = _before_version(pattern)
        elif name and line.strip().startswith(("version ", "version:")):
            version = line.strip().removeprefix("version").strip(": \"'")
            if version != "0.0.0-use.local":
                yield LockedPackage(name, version)
            name = ""


def _pnpm(text: str) -> Iterator[LockedPackage]:
    """Keys of the `packages` mapping, which differ a little between lockfile versions."""
    inside = False
    found: LockedPackage | None = None
    marks_builds = "requiresBuild:" in text
    for line in text.splitlines():
        if line and not line[0].isspace():
            inside = line.startswith("packages:")
        elif inside and line.startswith("  ") and not line.startswith("   ") and line.rstrip().endswith(":"):
            if found is not None:
                yield found
            found = _pnpm_key(line.strip().rstrip(":").strip("'\""), marks_builds)
        elif inside and found is not None:
            found = _pnpm_field(found, line.strip())
    if found is not None:
        yield found


def _pnpm_field(found: LockedPackage, field: str) -> LockedPackage:
    match field:
        case "dev: true":
            return found._replace(dev=True)
        case "optional: true":
            return found._replace(optional=True)
        case "requiresBuild: true":
            return found._replace(has_install_script=True)
    return found


def _pnpm_key(key: str, marks_builds: bool) -> LockedPackage:
    plain = key.removeprefix("/").partition("(")[0]
    has_script = False if marks_builds else None
    if plain.startswith("file:"):
        return LockedPackage(plain, "", resolved=plain, has_install_script=has_script)
    above, _, last = plain.rpartition("/")
    if above and above.count("/") == above.startswith("@"):
        return LockedPackage(above, last.partition("_")[0], has_install_script=has_script)
    name = _before_version(plain)
    return LockedPackage(name, plain[len(name) + 1 :], has_install_script=has_script)


def _before_version(pattern: str) -> str:
    """The name in `name@range`, where the name itself may start with an @."""
    end = pattern.find("@", 1)
    return pattern[:end] if end > 0 else pattern
