"""Debian packages that cannot be set up in a slim image unless a folder for manuals is made first.

They keep manuals in folders of their own and have update-alternatives link them into `/usr/share/man`, whose folders
the slim images have not. Source: debuerreotype issue 10 and the reports it refers to; each was tried on Debian 12.
"""

from collections.abc import Iterable

from dockopt.knowledge.apt_packages import packages_of

ONE = ("/usr/share/man/man1",)
SEVERAL = ("/usr/share/man/man1", "/usr/share/man/man7")
NEEDED = {"openjdk-": ONE, "postgresql-client-": SEVERAL, "maven": ONE}
"""Folders by the beginning of a package's name."""
HARMLESS = ("-common", "-doc", "-dev", "-source", "-demo", "-dbg")


def manual_folders(packages: Iterable[str], release: str) -> tuple[str, ...]:
    """The folders that have to be there for these packages, and all that come with them, to be set up."""
    index = packages_of(release)
    found: dict[str, None] = {}
    for name in (*packages, *index.install(packages, recommends=True).packages):
        for beginning, folders in NEEDED.items():
            if name.startswith(beginning) and not name.endswith(HARMLESS) and not _is_library(name):
                found |= dict.fromkeys(folders)
    return tuple(sorted(found))


def _is_library(name: str) -> bool:
    return name.startswith("maven-")
