"""Which packages apt installs only because others recommend them, and which of those a container can do without.

The packages and their relations come from Debian's package indexes; what is harmless to leave out is judged by name
(`harmless_recommends.csv`): documentation, translations, desktop services, optional drivers. Everything else is kept.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from dockopt.knowledge.apt_packages import Packages, packages_of
from dockopt.knowledge.tables import table

SHORTEST = 5
"""Letters of a name that stands in a text hardly by chance."""
RELEASES = frozenset({"bullseye", "bookworm", "trixie"})
EVERYWHERE = frozenset(
    (
        *(
            "ca-certificates",
            "openssh-client",
            "libc6-dev",
            "gnupg",
            "netbase",
            "unzip",
            "build-essential",
            "gcc",
            "g++",
        ),
        *("make", "python3-dev", "ghostscript", "ssl-cert", "xauth", "dirmngr", "logrotate", "psmisc"),
        *("less", "patch"),
    )
)
"""Packages that every release of Debian and Ubuntu since 2014 has under this name."""


STEADY = frozenset(
    "curl wget git git-core ca-certificates gnupg gnupg2 apt-transport-https unzip zip bzip2 xz-utils make gcc g++ jq"
    " build-essential locales tzdata sudo procps net-tools vim nano less rsync file tar gzip openssl openssh-client"
    " software-properties-common lsb-release pkg-config autoconf automake libtool cmake m4 bison flex patch gettext"
    " iputils-ping dnsutils netcat-openbsd telnet supervisor cron nginx redis-tools redis-server libssl-dev libffi-dev"
    " zlib1g-dev libpq-dev libxml2-dev libxslt1-dev libjpeg-dev libpng-dev libcurl4-openssl-dev libbz2-dev"
    " libsqlite3-dev libreadline-dev libncurses5-dev libicu-dev libzip-dev python3 python3-dev python3-venv tini gosu"
    " psmisc htop strace gdb sqlite3 default-jre-headless postgresql-client mysql-client screen tmux tree".split()
)
"""Packages whose recommendations, as far as they are kept here, are the same in Debian and Ubuntu since 2014."""


class Recommended(NamedTuple):
    """What leaving recommendations out would do. `unknown` are packages of which nothing is known.

    `kept` are recommended packages to be named in the install, `dropped` those that go, dependencies included.
    """

    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    unknown: tuple[str, ...]


def recommended(
    packages: Iterable[str], text: str, candidates: Iterable[str] = (), present: Iterable[str] = ()
) -> Recommended:
    """What apt would add to an install for recommendations' sake, judged for a file of this text.

    `candidates` are the Debian releases the image may have. Where the tables hold none of them, Debian 12 speaks for
    packages that have hardly changed over the years, and all others are unknown. What is kept must exist in all
    candidates. `present` are packages that are installed already.
    """
    there = set(present)
    names = tuple(dict.fromkeys(packages))
    releases = [one for one in candidates if one in RELEASES]
    answers = [_of_release(names, text.lower(), one) for one in releases or ["bookworm"]]
    unknown = tuple(dict.fromkeys(name for answer in answers for name in answer.unknown))
    if not releases:
        unknown = (*unknown, *(name for name in names if name not in STEADY and name not in unknown))
    kept = tuple(dict.fromkeys(name for answer in answers for name in answer.kept if name not in there))
    if any(not _exists(name, releases) for name in kept):
        unknown = (*unknown, *(name for name in names if name not in unknown))
        kept = tuple(name for name in kept if _exists(name, releases))
    dropped = tuple(dict.fromkeys(name for answer in answers for name in answer.dropped if name not in kept))
    return Recommended(kept, dropped, unknown)


def _exists(name: str, releases: list[str]) -> bool:
    return all(packages_of(one).has(name) for one in releases) if releases else name in EVERYWHERE


def _of_release(names: tuple[str, ...], text: str, release: str) -> Recommended:
    index = packages_of(release)
    unknown = tuple(name for name in names if not index.has(name))
    wanted = [name for name in names if index.has(name)]
    before = index.install(wanted, recommends=True).packages
    needed = index.install(wanted, recommends=False).packages
    kept: list[str] = []
    while True:
        slim = index.install([*wanted, *kept], recommends=False).packages
        there = frozenset(slim)
        more = _not_harmless(index, slim, text) or [name for name in needed if name not in there]
        if not more:
            break
        kept += more
    return Recommended(tuple(kept), tuple(name for name in before if name not in there), unknown)


def _not_harmless(index: Packages, installed: tuple[str, ...], text: str) -> list[str]:
    """Packages recommended by what is installed that must stay, each once."""
    there = frozenset(installed)
    missing = (group[0] for name in installed for group in index.recommended(name) if there.isdisjoint(group))
    return [name for name in dict.fromkeys(missing) if index.has(name) and not is_harmless(name, text)]


def is_harmless(name: str, text: str) -> bool:
    """Whether a container can do without a recommended package, given the words of its Dockerfile in lower case."""
    if name.startswith("manpages") or name.endswith(("-doc", "-l10n", "-locales")):
        return True
    words = _harmless().get(name)
    if words is None or (len(name) >= SHORTEST and name in text):
        return False
    return not any(word in text for word in words.split("|") if word)


@cache
def _harmless() -> Mapping[str, str]:
    """Packages that can be left out, with the words in whose presence each is kept all the same."""
    return {row[0]: row[1] for row in table("harmless_recommends")}
