"""Installed sizes and dependencies of the packages that Dockerfiles install: writes `apt_packages_SUITE.csv`.

Usage: python corpus/tables/apt_packages.py      (Debian with apt)

One row a package, kilobytes as dpkg estimates them, and those of its manuals, documents and translations where
they were measured. A dependency that Debian's slim image satisfies is left out, alternatives are joined by `|`, the
packages of the slim image itself have a final `base`. Small packages that nobody asks for by name and that need
nothing else are left out.
"""

from collections.abc import Iterable, Iterator

import debian
import documents
from names import NAMES

HEADER = "package,kilobytes,documents,depends,recommends,base"
SMALL = 100


def main() -> None:
    for suite in debian.SUITES:
        text = "\n".join([HEADER, *rows(suite)]) + "\n"
        (debian.KNOWLEDGE / f"apt_packages_{suite}.csv").write_text(text)
        print(f"{suite}: {text.count(chr(10)) - 1} packages, {len(text) / 1000:.0f} kB")


def rows(suite: str) -> Iterator[str]:
    index = debian.index(suite)
    base = set(index.base)
    wanted = {name for name in NAMES if index.real(name)}
    covered: set[str] = set()
    for name in wanted:
        covered.update(index.closure([name], recommends=True, present=base))
    small = {name for name in covered - NAMES if is_small(index, index.packages[name], base)}
    kept = covered - small
    for name in sorted(kept | base | wanted):
        if name not in index.packages:
            yield f"{name},0,0,{index.real(name)},,"
            continue
        package = index.packages[name]
        measured = documents.kilobytes().get(name, "")
        if name in base:
            yield f"{name},{package.size // 1024},{measured},,,base"
        else:
            depends = groups(index, package.depends, base, kept)
            recommends = groups(index, package.recommends, base, kept)
            yield f"{name},{package.size // 1024},{measured},{' '.join(depends)},{' '.join(recommends)},"


def is_small(index: debian.Index, package: debian.Package, base: set[str]) -> bool:
    needed = [name for group in package.depends for name in group if index.real(name) and name not in base]
    return package.size < SMALL * 1024 and not package.recommends and set(needed) <= {"perl"}


def groups(index: debian.Index, needed: Iterable[debian.Alternatives], base: set[str], covered: set[str]) -> list[str]:
    found = []
    for group in needed:
        real = [name for name in dict.fromkeys(index.real(name) for name in group) if name]
        if real and not base.intersection(real):
            found.append("|".join(name for name in real if name in covered))
    return [group for group in dict.fromkeys(found) if group]


if __name__ == "__main__":
    main()
