"""Adding Python distributions to a layer, each once, with what a cache keeps of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dockopt.context.manifests.python_locks import Wanted
from dockopt.estimate.languages.python_sizes import DIRECT, LOCKED, installed, kept, listed, unknown_size
from dockopt.estimate.work import Work
from dockopt.knowledge.language_sizes import distributions, python_closure
from dockopt.knowledge.ranges import Range

IMAGE_PACKAGES = "/usr/local/lib/python"
IN_IMAGES = frozenset({"pip", "setuptools", "wheel"})
"""What Python images have already: an upgrade adds them again where there is a newer one."""
FROZEN_FROM = 8
MISSING_AT_MOST = 0.1
"""Requirements are the output of a freeze where nearly all have a version and what they need is among them."""
OLDER = 0.9
"""What packages of earlier years need is less than what they need now, and some of it was not needed then."""
CACHES = "caches of Python packages, measured"


class Way(NamedTuple):
    """How a program installs: where to, which cache it keeps ("" for none), whether it compiles modules.

    `links` says that the environment's files are links to those of the cache, which count once in a layer; `pages`
    that the cache has the index pages that list the packages.
    """

    target: str
    cache: str = ""
    compiles: bool = True
    links: bool = False
    pages: bool = True


def install(wanted: Sequence[Wanted], work: Work, way: Way, *, locked: bool = False) -> None:
    """Add what is wanted with all it needs; `locked` says that everything needed is listed."""
    there = {piece.key[1] for piece in work.those(lambda piece: piece.key[0] == "pip")}
    chosen = {one.name: one for one in wanted}
    locked = locked or _is_frozen(wanted)
    names = [one.name for one in wanted if "[" not in one.name] if locked else python_closure(chosen)
    unknown = unknown_size(_count_unknown(names, chosen), LOCKED if locked else DIRECT)
    is_older = _is_older(wanted)
    for name in dict.fromkeys(names):
        if name in there:
            continue
        one = chosen.get(name, Wanted(name))
        size, basis = installed(one, compiles=way.compiles, unknown=unknown)
        cached = listed(one, pages=way.pages) if way.links else kept(one, size, pages=way.pages)
        if is_older and name not in chosen:
            size, cached = (Range(one.low // 5, round(one.expected * OLDER), one.high) for one in (size, cached))
        if name in IN_IMAGES and way.target == IMAGE_PACKAGES:
            size = Range(0, size.expected // 2, size.high)
        work.add(("pip", name), size, basis, way.target)
        if way.cache:
            work.add(("pip cache", name), cached, CACHES, way.cache)


def download(wanted: Sequence[Wanted], work: Work, target: str, cache: str) -> None:
    """Add the archives themselves, as `pip wheel` and `pip download` leave them."""
    names = python_closure(one.name for one in wanted)
    chosen = {one.name: one for one in wanted}
    unknown = unknown_size(_count_unknown(names, chosen), DIRECT)
    for name in names:
        one = chosen.get(name, Wanted(name))
        size, basis = installed(one, compiles=False, unknown=unknown)
        archive = kept(one, size)
        work.add(("pip wheel", name), archive, basis, target)
        if cache:
            work.add(("pip cache", name), archive, CACHES, cache)


def downloaded(work: Work, pattern: str) -> list[Wanted]:
    """The distributions whose archives lie at a path or pattern."""
    place = work.place(pattern.removesuffix("*.whl"))
    found = work.visible(place) if place else []
    return [Wanted(portion.piece.key[1]) for portion in found if portion.piece.key[0] == "pip wheel"]


def _count_unknown(names: Iterable[str], chosen: dict[str, Wanted]) -> int:
    known = distributions()
    return sum(1 for name in names if name not in known and not (name in chosen and chosen[name].archive))


def _is_older(wanted: Sequence[Wanted]) -> bool:
    """Whether most versions asked for are others than those that the table has what is needed of."""
    known = [
        distributions()[one.name].version == one.version
        for one in wanted
        if one.name in distributions() and one.version
    ]
    return known.count(False) > len(wanted) / 2


def _is_frozen(wanted: Sequence[Wanted]) -> bool:
    names = {one.name for one in wanted if "[" not in one.name}
    if len(names) < FROZEN_FROM or sum(1 for one in wanted if one.version) < 0.9 * len(names):
        return False
    rows = [distributions()[name] for name in names if name in distributions()]
    needed = {one for row in rows for one in row.requires if "[" not in one}
    return len(needed - names) <= MISSING_AT_MOST * len(names)
