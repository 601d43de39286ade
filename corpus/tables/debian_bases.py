"""Write `knowledge/debian_bases.csv`: the packages of Debian's own images, as its image builder chooses them.

The builder runs debootstrap's smallest variant: packages of priority required and apt, with what they depend on, and
the links for a merged /usr from Debian 12 on. Full and slim images hold the same packages.
"""

import re

import debian

HEADER = "release,packages,source"
ALSO = {"bullseye": (), "bookworm": ("usr-is-merged",), "trixie": ("usr-is-merged",)}
LEFT_OUT = {"trixie": "adduser"}
"""The official image of trixie is without it: apt accepts base-passwd instead (repo-info debian 13-slim 2026-08)."""


def main() -> None:
    rows = (f"{suite},{' '.join(packages(suite))},debootstrap minbase of its package index" for suite in debian.SUITES)
    (debian.KNOWLEDGE / "debian_bases.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


def packages(suite: str) -> list[str]:
    index = debian.index(suite)
    names = dict.fromkeys([*required(suite), "apt", *ALSO[suite]])
    return sorted(set(index.closure(names, recommends=False)) - {LEFT_OUT.get(suite, "")})


def required(suite: str) -> list[str]:
    found = []
    for stanza in debian.apt(suite, "apt-cache", "dumpavail").split("\n\n"):
        fields = dict(re.findall(r"^([A-Z][\w-]*): (.*)$", stanza, re.MULTILINE))
        if fields.get("Priority") == "required" or fields.get("Essential") == "yes":
            found.append(fields["Package"])
    return found


if __name__ == "__main__":
    main()
