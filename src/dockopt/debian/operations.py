"""The commands of apt-get on plain values: words in, what is added and removed out."""

from collections.abc import Iterable
from functools import cache

from dockopt.debian.index import Index
from dockopt.debian.removal import remove as remove_packages
from dockopt.debian.solver import install as install_packages
from dockopt.debian.system import Change, System
from dockopt.debian.universe import Universe
from dockopt.debian.words import read_words


def install(index: Index, system: System, words: Iterable[str], *, recommends: bool = True) -> Change:
    """`apt-get install WORDS`, without the words the index does not know."""
    requests = read_words(index, words)
    chosen = dict(system.chosen)
    for request in requests.packages:
        if not request.remove:
            chosen.pop(request.name, None)
        if request.version:
            chosen[request.name] = request.version
    change = install_packages(universe(index, chosen), system, requests.packages, recommends=recommends)
    return change._replace(unknown=requests.unknown)


def remove(index: Index, system: System, words: Iterable[str], *, automatic: bool = False) -> Change:
    """`apt-get remove WORDS` or `purge WORDS`; with `automatic` as with `--auto-remove`."""
    requests = read_words(index, words, remove=True)
    names = [request.name for request in requests.packages if request.remove]
    change = remove_packages(universe(index, system.chosen), system, names, automatic=automatic)
    return change._replace(unknown=requests.unknown)


def autoremove(index: Index, system: System) -> Change:
    """`apt-get autoremove`."""
    return remove_packages(universe(index, system.chosen), system, (), automatic=True)


def universe(index: Index, chosen: object = None) -> Universe:
    """The packages to choose from; the usual choice is remembered with all its answers."""
    return Universe(index, chosen) if isinstance(chosen, dict) and chosen else _newest(index)


@cache
def _newest(index: Index) -> Universe:
    return Universe(index)
