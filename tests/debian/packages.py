"""A small distribution written by hand, in which every rule of apt has one example."""

from functools import cache

from dockopt.debian.compile import Source, compile_index
from dockopt.debian.index import Index
from dockopt.debian.layout import Header, unpack
from dockopt.debian.operations import autoremove, install, remove
from dockopt.debian.system import Change, System

HEADER = Header(
    "debian",
    "12",
    "bookworm",
    "2026-01-01",
    {"r": ("bookworm", "stable"), "s": ("bookworm-security", "stable-security")},
    0,
)


def stanza(name: str, version: str = "1", size: str = "10", **fields: str) -> str:
    """A stanza of a `Packages` file; `Pre_Depends` stands for Pre-Depends."""
    lines = {"Package": name, "Version": version, "Architecture": "amd64", "Priority": "optional"}
    lines |= {"Installed-Size": size, "Size": str(int(size) * 256)}
    lines |= {key.replace("_", "-"): value for key, value in fields.items()}
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


def compiled(release: list[str], security: list[str] | None = None, popular: tuple[str, ...] = ()) -> Index:
    sources = [Source("\n".join(release), "r"), Source("\n".join(security or []), "s")]
    file = unpack(compile_index(HEADER, sources, popular))
    assert file is not None
    return Index(file)


@cache
def small(*lines: str) -> Index:
    """Packages in short: `name version: relation; relation`, where a relation is a field of `stanza`."""
    return compiled([_stanza_of(line) for line in lines])


def _stanza_of(line: str) -> str:
    head, _, relations = line.partition(": ")
    name, _, version = head.partition(" ")
    fields = (field.strip().partition(" ") for field in relations.split(";") if field.strip())
    return stanza(name, version or "1", "10", **{key: value for key, _, value in fields})


def system(*names: str, automatic: tuple[str, ...] = ()) -> System:
    return System(frozenset((*names, *automatic)), frozenset(names))


EMPTY = system()


def added(index: Index, *words: str, on: System = EMPTY, recommends: bool = True) -> list[str]:
    """What installing brings, sorted; nothing may be refused."""
    change = install(index, on, words, recommends=recommends)
    assert change.problems == ()
    return sorted(change.added)


def removed(index: Index, on: System, *words: str, automatic: bool = False) -> list[str]:
    return sorted(remove(index, on, words, automatic=automatic).removed)


__all__ = [
    "EMPTY",
    "Change",
    "added",
    "autoremove",
    "compiled",
    "install",
    "remove",
    "removed",
    "small",
    "stanza",
    "system",
]
