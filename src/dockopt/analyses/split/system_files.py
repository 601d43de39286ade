"""Files of the full image that a step works on and the slim one lacks: settings of programs, headers, fonts."""

from collections.abc import Collection, Iterable, Iterator

from dockopt.analyses.split.effects import Kind, effects
from dockopt.analyses.split.plan import NotSplit
from dockopt.knowledge.base_commands import WRITES_FILES_ONLY
from dockopt.knowledge.image_contents import roots
from dockopt.knowledge.images import Image, describe
from dockopt.model.instructions import Run

OWNERS = {
    "/etc/ImageMagick": "imagemagick",
    "/etc/ssh/": "openssh-client openssh-server ssh",
    "/etc/wgetrc": "wget",
    "/etc/mercurial": "mercurial",
    "/etc/subversion": "subversion",
    "/etc/mime.types": "media-types",
    "/etc/fonts": "fontconfig fontconfig-config",
    "/etc/X11": "x11-common",
    "/etc/magic": "file",
    "/etc/mysql": "mysql-common default-mysql-client mariadb-client mariadb-server",
    "/etc/services": "netbase",
    "/etc/protocols": "netbase",
    "/etc/ssl/": "ca-certificates openssl",
    "/etc/ca-certificates": "ca-certificates",
    "/usr/share/ca-certificates": "ca-certificates",
    "/usr/lib/ssl/": "ca-certificates openssl",
    "/usr/lib/git-core": "git",
    "/usr/share/git-core": "git",
    "/usr/lib/python3": "python3",
    "/usr/include/": "libc6-dev",
    "/usr/share/mime/": "shared-mime-info",
    "/usr/share/fonts/": "fontconfig-config fontconfig",
}
"""Beginnings of paths, and packages of which one has to be there for them."""
NEW = (Kind.FOLDER, Kind.LINK)


def check_system_files(
    runs: Iterable[Run], kept: Collection[str], copied: Collection[str], image: Image, base: str
) -> None:
    """Raise NotSplit where one of the runs works on a file that only the full image has.

    `kept` are packages that the file installs and the runtime stage has as well, `copied` paths that it copies.
    """
    runtime = describe(base)
    full = {*roots(image.family, image.variant)}
    if image.distribution != "debian" or runtime is None or "netbase" not in full:
        return
    there = {*kept, *roots(runtime.family, runtime.variant)}
    if full <= there:
        return
    made = {*copied}
    for run in runs:
        for path, new in _touched(run):
            if new:
                made.add(path)
                continue
            owners = next((owners for start, owners in OWNERS.items() if path.startswith(start)), "").split()
            known = not owners or there.intersection(owners)
            if not (known or any(f"{path}/".startswith(f"{one}/") for one in made)):
                raise NotSplit(f"a step works on {path}, which {base} has not", run)


def _touched(run: Run) -> Iterator[tuple[str, bool]]:
    """Paths that a run works on, and whether it makes them from nothing."""
    for call in (call for call in run.calls if call.name in WRITES_FILES_ONLY):
        for effect in effects(call, run.state.folder):
            if effect.path:
                yield effect.path, effect.kind in NEW and (effect.deep or effect.kind is Kind.LINK)
            if effect.source and effect.kind is not Kind.LINK:
                yield effect.source, False
