"""The words of an apt-get command: `name`, `name=version`, `name/suite`, `name-`, `name+`, `name:amd64`, patterns."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from dockopt.debian.index import Index
from dockopt.debian.records import Version
from dockopt.debian.relations import NATIVE

FOREIGN = frozenset("amd64 arm64 armel armhf i386 loong64 mips64el mipsel ppc64el riscv64 s390x".split())


WORDS = 4096
"""Words that are remembered: most files ask for the same ones, and each file again and again."""


class Request(NamedTuple):
    """One package to install or remove; `version` is "" where the candidate will do."""

    name: str
    version: str
    remove: bool


class Requests(NamedTuple):
    """What the words of a command ask for, and the words that say nothing to this index."""

    packages: tuple[Request, ...]
    unknown: tuple[str, ...]


def read_words(index: Index, words: Iterable[str], *, remove: bool = False) -> Requests:
    """`remove` says what a word without a sign at its end asks for."""
    packages: dict[Request, None] = {}
    unknown: dict[str, None] = {}
    for word in words:
        found = _read(index, word, remove)
        packages.update(dict.fromkeys(found))
        if not found:
            unknown[word] = None
    return Requests(tuple(packages), tuple(unknown))


@lru_cache(maxsize=WORDS)
def _read(index: Index, word: str, remove: bool) -> tuple[Request, ...]:
    found = tuple(_named(index, word, remove=remove))
    if not found and word.endswith(("+", "-")):
        found = tuple(_named(index, word[:-1], remove=word.endswith("-")))
    return found or tuple(_patterns(index, word, remove=remove))


def _named(index: Index, word: str, *, remove: bool) -> Iterator[Request]:
    bare, separator, wanted = _parted(word)
    name = real_name(index, _native(bare))
    if name is None:
        return
    if not separator:
        yield Request(name, "", remove)
    elif version := _version(index, name, separator, wanted):
        yield Request(name, "" if version == index.newest(name) else version.version, remove)


def _parted(word: str) -> tuple[str, str, str]:
    """Apt splits at the last sign; neither stands in names."""
    place = max(word.rfind("="), word.rfind("/"))
    return (word, "", "") if place < 0 else (word[:place], word[place], word[place + 1 :])


def _native(name: str) -> str:
    """A name without the machine's own architecture; "" where it is another's."""
    bare, _, architecture = name.partition(":")
    return bare if architecture in NATIVE else ""


def real_name(index: Index, name: str) -> str | None:
    """The package apt installs for a name: itself, or the only package that provides it."""
    if index.newest(name):
        return name
    providers = {provider.name for provider in index.providers(name)}
    return providers.pop() if len(providers) == 1 else None


def _version(index: Index, name: str, separator: str, wanted: str) -> Version | None:
    versions = index.versions(name)
    if separator == "=":
        return next((one for one in versions if fnmatchcase(one.version, wanted)), None)
    letters = {letter for letter, names in index.suites.items() if wanted in names}
    return next((one for one in versions if letters.intersection(one.suites)), None)


def _patterns(index: Index, word: str, *, remove: bool) -> Iterator[Request]:
    pattern, _, architecture = word.partition(":") if word.rpartition(":")[2] in FOREIGN else (word, "", "")
    if architecture in NATIVE:
        yield from (Request(name, "", remove) for name in index.matching(pattern))
