"""A Cargo project: its packages, the programs they build, and the crates that its lockfile names."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from dockopt.context.glob import clean
from dockopt.context.tree import Context

Table = Mapping[str, object]


class Binary(NamedTuple):
    """A program; `asks` says that it is only built with certain features."""

    name: str
    asks: bool = False


class CargoPackage(NamedTuple):
    """One package; `folder` is a context path. `shared` says that it is built as a shared library as well."""

    folder: str
    name: str
    binaries: tuple[Binary, ...]
    shared: bool = False
    plugin: bool = False


class Crate(NamedTuple):
    """One row of the lockfile. `needs` are the names of the crates that it depends on; `local` ones have no source."""

    name: str
    version: str
    needs: frozenset[str]
    local: bool


class CargoProject(NamedTuple):
    """What is built in a folder. `root` is its own package, None for a workspace without one.

    `target` is where its settings put what is built, "" where they do not say, `triple` the platform they build for.
    """

    folder: str
    root: CargoPackage | None
    members: tuple[CargoPackage, ...]
    default: tuple[CargoPackage, ...]
    crates: tuple[Crate, ...]
    target: str = ""
    triple: str = ""
    problems: tuple[str, ...] = ()


def read(context: Context, folder: str) -> CargoProject:
    """The project whose Cargo.toml is in a folder."""
    return context.once(_read, folder)


def _read(context: Context, folder: str) -> CargoProject:
    path = f"{folder}/Cargo.toml" if folder else "Cargo.toml"
    data = _table(context, path)
    if data is None:
        return CargoProject(folder, None, (), (), (), problems=(f"{path} cannot be read",))
    root = _package(context, folder, data)
    workspace = data.get("workspace")
    names = _strings(_of(workspace, "members"))
    left_out = _strings(_of(workspace, "exclude"))
    members = tuple(_members(context, folder, names, left_out)) if isinstance(workspace, Mapping) else ()
    members = tuple(one for one in (root, *members) if one)
    default = _strings(_of(workspace, "default-members"))
    chosen = tuple(one for one in members if any(_fits(one.folder, folder, name) for name in default))
    crates, problems = _crates(context, folder, data)
    target, triple, more = _settings(context, folder)
    above = _workspace_above(context, folder) if not isinstance(workspace, Mapping) else ()
    default_packages = chosen or ((root,) if root else members)
    return CargoProject(folder, root, members, default_packages, crates, target, triple, (*problems, *more, *above))


def _table(context: Context, path: str) -> Table | None:
    import tomllib  # noqa: PLC0415 - only where a manifest is read

    text = context.read(path)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _package(context: Context, folder: str, data: Table) -> CargoPackage | None:
    package = data.get("package")
    if not isinstance(package, Mapping):
        return None
    name = str(package.get("name", ""))
    library = data.get("lib")
    kinds = _strings(_of(library, "crate-type"))
    plugin = _of(library, "proc-macro") is True or _of(library, "proc_macro") is True
    found = {binary.name: binary for binary in _named(data)}
    if package.get("autobins") is not False:
        for automatic in _automatic(context, folder, name, data):
            found.setdefault(automatic, Binary(automatic))
    return CargoPackage(folder, name, tuple(found.values()), bool({"dylib", "cdylib"} & {*kinds}), plugin)


def _named(data: Table) -> Iterator[Binary]:
    programs = data.get("bin")
    for program in programs if isinstance(programs, list) else ():
        if isinstance(program, Mapping) and program.get("name"):
            yield Binary(str(program["name"]), bool(program.get("required-features")))


def _automatic(context: Context, folder: str, name: str, data: Table) -> Iterator[str]:
    """Programs that Cargo finds by the names of files; those whose file another program names are that program's."""
    start = f"{folder}/" if folder else ""
    programs = data.get("bin")
    paths = (
        {str(one.get("path", "")) for one in programs if isinstance(one, Mapping)} if isinstance(programs, list) else ()
    )
    if context.has(f"{start}src/main.rs") and "src/main.rs" not in paths:
        yield name
    for file in context.under(f"{start}src/bin"):
        inside = file.path.removeprefix(f"{start}src/bin/").split("/")
        if f"src/bin/{'/'.join(inside)}" in paths:
            continue
        if len(inside) == 1 and inside[0].endswith(".rs"):
            yield inside[0].removesuffix(".rs")
        elif len(inside) == 2 and inside[1] == "main.rs":
            yield inside[0]


def _members(
    context: Context, folder: str, names: tuple[str, ...], left_out: tuple[str, ...]
) -> Iterator[CargoPackage]:
    for path in context.files:
        here, _, name = path.rpartition("/")
        if name != "Cargo.toml" or here == folder or any(_fits(here, folder, one) for one in left_out):
            continue
        if any(_fits(here, folder, one) for one in names):
            found = _package(context, here, _table(context, path) or {})
            if found:
                yield found


def _fits(path: str, folder: str, pattern: str) -> bool:
    whole = clean(f"{folder}/{pattern}").lstrip("/") if folder else clean(pattern).lstrip("/")
    return fnmatchcase(path, whole) and path.count("/") == whole.count("/")


def _workspace_above(context: Context, folder: str) -> tuple[str, ...]:
    """A problem where a folder above has a workspace: its settings and its target folder count then."""
    while folder:
        folder = folder.rpartition("/")[0]
        path = f"{folder}/Cargo.toml" if folder else "Cargo.toml"
        if context.has(path) and "workspace" in (_table(context, path) or {"workspace": True}):
            return (f"it may belong to the workspace of {path}",)
    return ()


def _crates(context: Context, folder: str, data: Table) -> tuple[tuple[Crate, ...], tuple[str, ...]]:
    path = f"{folder}/Cargo.lock" if folder else "Cargo.lock"
    if not context.has(path):
        alone = not any(data.get(key) for key in ("dependencies", "target", "workspace", "build-dependencies"))
        return (), (() if alone else (f"{path} is not in the build context, so the crates are not known",))
    locked = (_table(context, path) or {}).get("package")
    if not isinstance(locked, list):
        return (), (f"{path} cannot be read",)
    return tuple(_crate(one) for one in locked if isinstance(one, Mapping)), ()


def _crate(row: Table) -> Crate:
    needs = frozenset(name.split(" ")[0] for name in _strings(row.get("dependencies")))
    return Crate(str(row.get("name", "")), str(row.get("version", "")), needs, "source" not in row)


def _settings(context: Context, folder: str) -> tuple[str, str, tuple[str, ...]]:
    """Target folder, platform and problems of `.cargo/config.toml` in the folder and above it."""
    target = triple = ""
    above: str | None = folder
    while above is not None:
        start = f"{above}/" if above else ""
        for name in ("config.toml", "config"):
            path = f"{start}.cargo/{name}"
            if not context.has(path):
                continue
            build = (_table(context, path) or {"build": None}).get("build", {})
            if not isinstance(build, Mapping) or above != folder:
                return "", "", (f"{path} is not understood",)
            target, triple = str(build.get("target-dir", "")), str(build.get("target", ""))
        above = above.rpartition("/")[0] if above else None
    return target, triple, ()


def _of(table: object, key: str) -> object:
    return table.get(key) if isinstance(table, Mapping) else None


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
