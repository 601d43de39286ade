"""Which distributions uv, poetry, pdm and pipenv install by their lockfiles, as far as those and pyproject.toml say."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from dockopt.context.manifests.markers import holds
from dockopt.context.manifests.requirement import normalised

Table = Mapping[str, object]


class Wanted(NamedTuple):
    """A distribution to install. `version` is "" where it is not pinned, `archive` the bytes of its wheel if known."""

    name: str
    version: str = ""
    archive: int = 0


class Choice(NamedTuple):
    """What a command asks of a lockfile besides the project's own dependencies; `main` for those themselves."""

    main: bool = True
    development: bool = True
    groups: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    extras: frozenset[str] = frozenset()
    all_extras: bool = False
    python: str = "3.12"

    def takes(self, group: str, *, by_default: bool) -> bool:
        if group in self.without:
            return False
        return group in self.groups or by_default


class _Entry(NamedTuple):
    """A locked package and what it needs, by extra; "" is the key of what it needs in any case."""

    wanted: Wanted
    needs: Mapping[str, tuple["_Need", ...]]
    is_project: bool = False


class _Need(NamedTuple):
    name: str
    extras: tuple[str, ...] = ()
    marker: str = ""


@lru_cache(maxsize=8)
def read_lock(name: str, text: str, project: str, choice: Choice) -> tuple[Wanted, ...] | None:
    """The packages of a lockfile that are installed; `project` is the text of pyproject.toml. None if unreadable."""
    try:
        if name == "Pipfile.lock":
            import json  # noqa: PLC0415 - only where such a lockfile is read

            return tuple(_pipenv(json.loads(text), choice))
        import tomllib  # noqa: PLC0415

        lock = tomllib.loads(text)
        if name == "uv.lock":
            return tuple(_uv(lock, choice))
        return tuple(_poetry(lock, tomllib.loads(project), choice))
    except (ValueError, RecursionError):
        return None


def _pipenv(lock: Table, choice: Choice) -> Iterator[Wanted]:
    for section in ("default", "develop") if choice.development else ("default",):
        for name, entry in _table(lock, section).items():
            if isinstance(entry, dict) and holds(_text(entry, "markers"), choice.python):
                yield Wanted(normalised(name), _text(entry, "version").removeprefix("=="))


def _uv(lock: Table, choice: Choice) -> Iterator[Wanted]:
    entries = {entry.wanted.name: entry for entry in map(_uv_entry, _tables(lock, "package"))}
    roots: list[_Need] = []
    for package in _tables(lock, "package"):
        source = _table(package, "source")
        if source.get("editable") != "." and source.get("virtual") != ".":
            continue
        if choice.main:
            roots += _uv_needs(package, "dependencies")
        for extra in _table(package, "optional-dependencies"):
            if choice.all_extras or normalised(extra) in choice.extras:
                roots += _uv_needs(_table(package, "optional-dependencies"), extra)
        for group in _table(package, "dev-dependencies"):
            if choice.takes(group, by_default=group == "dev" and choice.development):
                roots += _uv_needs(_table(package, "dev-dependencies"), group)
    yield from _closure(roots, entries, choice.python)


def _uv_entry(package: Table) -> _Entry:
    needs = {"": tuple(_uv_needs(package, "dependencies"))}
    optional = _table(package, "optional-dependencies")
    needs |= {normalised(extra): tuple(_uv_needs(optional, extra)) for extra in optional}
    source = _table(package, "source")
    local = any(key in source for key in ("editable", "virtual", "directory"))
    wanted = Wanted(normalised(_text(package, "name")), _text(package, "version"), _uv_archive(package))
    return _Entry(wanted, needs, is_project=local)


def _uv_needs(holder: Table, key: str) -> Iterator[_Need]:
    for one in _tables(holder, key):
        yield _Need(normalised(_text(one, "name")), tuple(map(normalised, _texts(one, "extra"))), _text(one, "marker"))


def _uv_archive(package: Table) -> int:
    """The wheel that Linux on x86-64 would take, else the source archive."""
    fitting = [one for one in _tables(package, "wheels") if _fits(_text(one, "url") or _text(one, "filename"))]
    source = package.get("sdist")
    chosen = fitting[len(fitting) // 2] if fitting else source
    size = chosen.get("size") if isinstance(chosen, dict) else 0
    return size if isinstance(size, int) else 0


def _fits(name: str) -> bool:
    return name.endswith("-any.whl") or ("manylinux" in name and "x86_64" in name)


def _poetry(lock: Table, project: Table, choice: Choice) -> Iterator[Wanted]:
    """Of poetry and pdm; the groups of each package where the lockfile has them, else what pyproject.toml needs."""
    packages = list(_tables(lock, "package"))
    if packages and all("groups" in one for one in packages):
        for package in packages:
            if _is_in_groups(package, choice) and holds(_marker_of(package), choice.python):
                yield Wanted(normalised(_text(package, "name")), _text(package, "version"))
        return
    entries: dict[str, _Entry] = {}
    for package in packages:
        wanted = Wanted(normalised(_text(package, "name")), _text(package, "version"))
        entries.setdefault(wanted.name, _Entry(wanted, _poetry_needs(package)))
    yield from _closure(list(_poetry_roots(project, choice)), entries, choice.python)


def _is_in_groups(package: Table, choice: Choice) -> bool:
    if package.get("optional") is True and not (choice.all_extras or choice.extras):
        return False
    groups = set(_texts(package, "groups"))
    if choice.main and groups & {"main", "default"}:
        return True
    others = groups - {"main", "default"}
    return any(choice.takes(group, by_default=choice.development) for group in others)


def _marker_of(package: Table) -> str:
    found = package.get("markers", package.get("marker", ""))
    if isinstance(found, dict):
        found = next(iter(found.values()), "")
    return found if isinstance(found, str) else ""


def _poetry_needs(package: Table) -> Mapping[str, tuple[_Need, ...]]:
    needs: list[_Need] = []
    for name, value in _table(package, "dependencies").items():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            if not first.get("optional"):
                extras = tuple(map(normalised, _texts(first, "extras")))
                needs.append(_Need(normalised(name), extras, _text(first, "markers")))
        else:
            needs.append(_Need(normalised(name)))
    listed = package.get("dependencies")
    needs += [_need_of(text) for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
    optional = {
        normalised(extra): tuple(_need_of(text) for text in _texts(_table(package, "extras"), extra))
        for extra in _table(package, "extras")
    }
    return {"": tuple(needs), **optional}


def _poetry_roots(project: Table, choice: Choice) -> Iterator[_Need]:
    own = _table(project, "project")
    poetry = _table(_table(project, "tool"), "poetry")
    if choice.main:
        yield from map(_need_of, _texts(own, "dependencies"))
        yield from _poetry_needs({"dependencies": _table(poetry, "dependencies")})[""]
    for extra in _table(own, "optional-dependencies"):
        if choice.all_extras or normalised(extra) in choice.extras:
            yield from map(_need_of, _texts(_table(own, "optional-dependencies"), extra))
    groups: dict[str, tuple[bool, Table]] = {"dev": (True, {"dependencies": _table(poetry, "dev-dependencies")})}
    for name, group in _table(poetry, "group").items():
        if isinstance(group, dict):
            groups[name] = (group.get("optional") is not True, group)
    for name, (by_default, group) in groups.items():
        if choice.takes(name, by_default=by_default and choice.development):
            yield from _poetry_needs({"dependencies": _table(group, "dependencies")})[""]
    for name in _table(project, "dependency-groups"):
        if choice.takes(name, by_default=choice.development):
            yield from map(_need_of, _texts(_table(project, "dependency-groups"), name))


def _need_of(text: str) -> _Need:
    from dockopt.context.manifests.requirement import Requirement, parse_requirement  # noqa: PLC0415

    found = parse_requirement(text)
    return _Need(found.name, found.extras, found.marker) if isinstance(found, Requirement) else _Need("")


def _closure(roots: list[_Need], entries: Mapping[str, _Entry], python: str) -> Iterator[Wanted]:
    """Everything that some needs lead to, each package once; an extra of it may follow later."""
    seen: set[tuple[str, str]] = set()
    given: set[str] = set()
    queue = list(roots)
    for need in queue:
        entry = entries.get(need.name)
        if entry is None or not holds(need.marker, python):
            continue
        if need.name not in given and not entry.is_project:
            given.add(need.name)
            yield entry.wanted
        for extra in ("", *need.extras):
            if (need.name, extra) not in seen:
                seen.add((need.name, extra))
                queue += entry.needs.get(extra, ())


def _table(holder: Table, key: str) -> Table:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _tables(holder: Table, key: str) -> Iterable[Table]:
    value = holder.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(holder: Table, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _texts(holder: Table, key: str) -> tuple[str, ...]:
    value = holder.get(key)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
