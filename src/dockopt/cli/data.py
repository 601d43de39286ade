"""`dockopt data`."""

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dockopt.debian.layout import Header
    from dockopt.debian.lists import Found


@click.group(name="data")
def command() -> None:
    """Show and renew the package indexes that estimates rest on."""


@command.command(name="show")
def show() -> None:
    """List the package indexes that came with dockopt, and newer ones that `dockopt data update` wrote."""
    from dockopt.debian.store import stored

    for one in stored():
        origin = "bundled" if one.bundled else one.path
        replaced = "" if one.used else ", replaced by a newer one"
        click.echo(f"{described(one.header)}, {origin}{replaced}")


@command.command(name="update")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--release", metavar="NAME", help="Code name of the release that PATHS are `Packages` files of.")
def update(paths: tuple[str, ...], release: str | None) -> None:
    """Read newer package indexes of Debian and Ubuntu.

    PATHS are folders as apt keeps its lists (by default this machine's own, /var/lib/apt/lists), or, with --release,
    `Packages` files, compressed or not.
    """
    from dockopt.debian.lists import LISTS, find_lists, found_files
    from dockopt.errors import InputError

    if release:
        click.echo(renew(found_files(release, paths)))
        return
    for folder in paths or (LISTS,):
        if not os.path.isdir(folder):
            raise InputError(folder, "is no folder of package lists; --release says what single files are of")
        found = find_lists(folder)
        if not found:
            raise InputError(folder, "holds no package lists of Debian or Ubuntu; apt-get update fetches them")
        for one in found:
            click.echo(renew(one))


def renew(found: "Found") -> str:
    """Write the index of what was found, unless that is not newer than what is there; what was done, in a line."""
    from dockopt.debian.compile import compile_index
    from dockopt.debian.layout import unpack
    from dockopt.debian.store import load, save

    header = found.header
    known = load(header.codename)
    if known and known.date >= header.date:
        return f"{header.codename}: the lists are of {header.date}, those in use of {known.date}; nothing to do"
    popular = known or load("bookworm")
    content = compile_index(header, found.sources(), popular.popular if popular else ())
    path = save(header.codename, content)
    file = unpack(content)
    assert file is not None
    lists = sum(len(part.paths) for part in found.parts)
    return f"{described(file.header)}, read from {lists} {'list' if lists == 1 else 'lists'}, written to {path}"


def described(header: "Header") -> str:
    return (
        f"{header.codename} ({header.distribution.capitalize()} {header.release}):"
        f" {header.packages:,} {'package' if header.packages == 1 else 'packages'} of {header.date}"
    )
