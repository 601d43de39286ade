"""Image references taken apart: registry and repository, tag words, digest. What they stand for is in `images`."""

from functools import cache, lru_cache
from typing import NamedTuple

from dockopt.knowledge.tables import table

HUB_PREFIXES = (
    "docker.io/library/",
    "index.docker.io/library/",
    "registry-1.docker.io/library/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "registry.hub.docker.com/library/",
    "docker.io/",
    "mirror.gcr.io/",
    "library/",
    "amd64/",
    "arm64v8/",
)
DEBIAN_RELEASES = ("forky", "trixie", "bookworm", "bullseye", "buster", "stretch", "jessie", "wheezy", "sid")
DEBIAN_ALIASES = ("unstable", "testing", "stable", "oldstable", "oldoldstable", "experimental")


class Reference(NamedTuple):
    """`repository` is short for official images ("python"), whole for others; `tag` is "" where none is written."""

    repository: str
    tag: str
    digest: str


@lru_cache(maxsize=4096)
def parse_reference(reference: str) -> Reference | None:
    """The parts of an image reference, None where it holds variables or is not one."""
    if not reference or any(character in reference for character in "$ \"'{}<>%"):
        return None
    name, _, digest = reference.partition("@")
    folder, _, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    repository = f"{folder}/{last}" if folder else last
    for prefix in HUB_PREFIXES:
        rest = repository.removeprefix(prefix)
        if rest != repository:
            repository = rest
            break
    return Reference(repository, tag, digest) if last and repository == repository.lower() else None


class Words(NamedTuple):
    """The words of a tag. `unread` are those that no rule knows, `stamp` a date as in `bookworm-20240110`."""

    version: str
    release: str
    alpine: str
    slim: bool
    stamp: str
    others: tuple[str, ...]
    unread: tuple[str, ...]


MOVING = frozenset({"latest", "lts", "current", "stable", "mainline", "rc", "edge", "nightly", "rolling", "devel"})
NODE_NAMES = {
    "argon": "4",
    "boron": "6",
    "carbon": "8",
    "dubnium": "10",
    "erbium": "12",
    "fermium": "14",
    "gallium": "16",
    "hydrogen": "18",
    "iron": "20",
    "jod": "22",
    "krypton": "24",
}


@cache
def releases_of(distribution: str) -> dict[str, str]:
    """Version by code name of a distribution."""
    return {row[3]: row[1] for row in table("image_releases") if row[0] == distribution}


def read_words(tag: str, known: frozenset[str]) -> Words:
    """Sort the words of a tag; `known` are the repository's own variant words."""
    version = release = alpine = stamp = ""
    slim = False
    others, unread = [], []
    for position, word in enumerate(tag.split("-") if tag else ()):
        if position == 0 and word[:1].isdigit():
            version = word
        elif word == "slim":
            slim = True
        elif word.startswith("alpine"):
            alpine = word.removeprefix("alpine") or "?"
        elif word in DEBIAN_RELEASES or word in DEBIAN_ALIASES or word in releases_of("ubuntu"):
            release = word
        elif len(word) == 8 and word.isdigit() and release:
            stamp = word
        elif word in known or word in MOVING or word in NODE_NAMES:
            others.append(word)
        else:
            unread.append(word)
    return Words(version, release, alpine, slim, stamp, tuple(others), tuple(unread))


@lru_cache(maxsize=4096)
def version_key(version: str) -> tuple[int, ...]:
    """`3.12.1` as numbers, for comparing; what follows the first other character of a part does not count."""
    parts = []
    for part in version.split("."):
        digits = len(part) - len(part.lstrip("0123456789"))
        if not digits:
            break
        parts.append(int(part[:digits]))
        if digits < len(part):
            break
    return tuple(parts)


def releases_for(repository: str, version: str) -> tuple[str, ...]:
    """Releases that a tag without a code name may stand for, most likely first; () where the tables do not say.

    A tag of a line that moved between releases while it was still being built also lists the one before.
    """
    wanted = version_key(version)
    rows = [row for row in table("image_releases") if row[0] == repository and _covers(row[1], row[2], wanted)]
    if not rows:
        return ()
    found = rows[0][3].split()
    line = version_key(rows[0][1])
    moved_within = len(line) == 3 and len(wanted) < 3 and "end of life" not in rows[0][4]
    if moved_within:
        later = [row for row in rows[1:] if version_key(row[1])[:2] == line[:2]]
        found += [name for row in later[:1] for name in row[3].split() if name not in found]
    return tuple(found)


def _covers(first: str, last: str, wanted: tuple[int, ...]) -> bool:
    """Whether versions from `first` to `last` include one that begins with `wanted`."""
    low, high = version_key(first), version_key(last)
    return low[: len(wanted)] <= wanted <= (*high, 99, 99)[: len(wanted)]
