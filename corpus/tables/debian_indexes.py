"""Debian's package indexes for dockopt: writes `debian_NUMBER.index.gz` for each release.

Usage: python corpus/tables/debian_indexes.py [FOLDER]...      (Debian with apt, or folders of lists as apt keeps them)

Each folder holds `Packages` files beside the `InRelease` files they belong to. Without folders, apt fetches the lists
of all releases into roots of their own. Packages of `names.txt` and what they may bring lie where they are found first.
"""

import sys

from names import NAMES

import debian
from dockopt.debian.compile import compile_index
from dockopt.debian.lists import find_lists


def main() -> None:
    folders = sys.argv[1:] or [debian.lists(suite) for suite in debian.SUITES]
    for folder in folders:
        for found in find_lists(folder):
            content = compile_index(found.header, found.sources(), NAMES)
            path = debian.KNOWLEDGE / f"{found.header.distribution}_{found.header.release}.index.gz"
            path.write_bytes(content)
            print(f"{path.name}: {found.header.codename} of {found.header.date}, {len(content) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
