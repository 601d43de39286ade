"""What apt commands add to a layer: lists, packages with dependencies and recommendations, archives."""

from collections.abc import Callable
from functools import cache

from dockopt.analyses.apt import bare
from dockopt.analyses.words import Reading, read
from dockopt.estimate.work import Work
from dockopt.knowledge.apt_packages import EXACT, FOREIGN_SPREAD, UNKNOWN_PACKAGE, packages_of
from dockopt.knowledge.image_contents import roots
from dockopt.knowledge.images import Image
from dockopt.knowledge.ranges import Range, about
from dockopt.model.commands import Call

LISTS = "/var/lib/apt/lists"
ARCHIVES = "/var/cache/apt/archives"
LIST_SIZES = {"bullseye": 18_460_000, "bookworm": 19_870_000, "trixie": 21_670_000, "buster": 17_500_000}
LISTS_OF_UBUNTU = Range(25_000_000, 43_000_000, 65_000_000)
LISTS_OF_OTHERS = Range(8_000_000, 20_000_000, 45_000_000)
RUN_OVERHEAD = Range(500_000, 1_300_000, 3_000_000)
"""dpkg's status and its backup, debconf's database: written anew in every RUN that installs."""
UPGRADE = Range(0, 12_000_000, 150_000_000)
ARCHIVE_OF_INSTALLED = 0.27
"""Bytes of .deb files for a byte installed (67 measured sets)."""
BASE_DOUBT = 0.5


def apt(call: Call, work: Work) -> None:
    reading = read(call)
    action = ACTIONS.get((reading.subcommand or "") if reading else "")
    if action and reading:
        action(reading, work)


def _update(_: Reading, work: Work) -> None:
    if work.contents.has_lists:
        return
    work.contents.has_lists = True
    work.add(("apt lists",), *lists_size(work.contents.image), LISTS)


def lists_size(image: Image | None) -> tuple[Range, str]:
    """Bytes of the lists that `apt-get update` fetches, as official images keep them (compressed)."""
    if image and image.distribution == "ubuntu":
        return LISTS_OF_UBUNTU, "package lists of Ubuntu"
    known = [about(LIST_SIZES[one], 0.06) for one in (image.candidates if image else ()) if one in LIST_SIZES]
    if known and image:
        size = Range(min(one.low for one in known), known[0].expected, max(one.high for one in known))
        return size, f"package lists of Debian {image.candidates[0]}, measured"
    return LISTS_OF_OTHERS, "package lists"


def _install(reading: Reading, work: Work) -> None:
    names = [bare(word.value) if word.value else word.text for word in reading.operands]
    names = [name for name in names if name and not name.endswith(".deb")]
    downloaded = [word.text for word in reading.operands if word.text.endswith(".deb")]
    work.requested += names
    _unpack(names, work, recommends=_recommends(reading, work))
    for name in downloaded:
        work.add(("deb file", name), UNKNOWN_PACKAGE, "packages from files: size not known", "")


def _recommends(reading: Reading, work: Work) -> bool:
    if reading.option("--no-install-recommends") is not None:
        return False
    settings = " ".join(value or "" for value in reading.values("-o", "--option"))
    joined_options = " ".join(option.name for option in reading.options)
    if "Install-Recommends" in settings + joined_options:
        return not any(word in settings + joined_options for word in ("=0", "=false", "=no"))
    return work.contents.recommends or reading.option("--install-recommends") is not None


def _unpack(names: list[str], work: Work, *, recommends: bool) -> None:
    contents = work.contents
    index = packages_of(contents.release)
    present = contents.packages | packages_in(contents.image)
    installed = index.install(names, recommends=recommends, present=present)
    doubt = 0.0 if contents.release in EXACT and contents.image else FOREIGN_SPREAD
    trimmed = contents.image is None or contents.image.trims_documentation
    for name in installed.packages:
        size = index.layer_bytes(name, trimmed=trimmed)
        low = 0 if contents.image is None else round(size.low * (1 - doubt))
        wide = Range(low, size.expected, round(size.high * (1 + doubt)))
        work.add(("apt", name), wide, f"Debian package index of {index.release}", "", f"apt:{name}")
    for name in installed.unknown:
        if name not in present:
            work.add(("apt", name), UNKNOWN_PACKAGE, "packages not in the package index", "", f"apt:{name}")
    contents.packages.update(installed.packages, installed.unknown)
    if (installed.packages or installed.unknown) and not work.has("apt run"):
        work.add(("apt run",), RUN_OVERHEAD, "dpkg's own files in each RUN")
    _keep_archives(list(installed.packages), work)


def _keep_archives(names: list[str], work: Work) -> None:
    """Downloaded packages stay where the image is not one that removes them by itself."""
    image = work.contents.image
    if not names or (image is not None and image.has_docker_clean and not work.contents.keeps_archives):
        return
    index = packages_of(work.contents.release)
    size = sum(index[name].size for name in names) * ARCHIVE_OF_INSTALLED
    low = 0 if image is None else round(size * 0.7)
    expected = 0 if image is None else round(size)
    key = ("apt archives", *sorted(names)[:3])
    work.add(key, Range(low, expected, round(size * 1.4)), "downloaded packages", f"{ARCHIVES}/partial")


def _upgrade(_: Reading, work: Work) -> None:
    work.add(("apt upgrade",), UPGRADE, "an upgrade depends on the age of the base image")


def _remove(reading: Reading, work: Work) -> None:
    """Only what this RUN installed is really gone."""
    gone = {bare(word.value) for word in reading.operands if word.value}
    automatic = reading.option("--auto-remove", "--autoremove") is not None
    work.requested = [name for name in work.requested if name not in gone]
    _drop({f"apt:{name}" for name in gone}, work)
    if automatic:
        _autoremove(reading, work)


def _autoremove(_: Reading, work: Work) -> None:
    index = packages_of(work.contents.release)
    kept = set(index.install(work.requested, recommends=True).packages) | set(work.requested)
    here = {piece.key[1] for piece in work.pieces if piece.key[0] == "apt"}
    _drop({f"apt:{name}" for name in here - kept}, work)


def _drop(groups: set[str], work: Work) -> None:
    work.drop(lambda piece: piece.group in groups)
    work.contents.packages -= {group.removeprefix("apt:") for group in groups}


def _clean(_: Reading, work: Work) -> None:
    work.remove([ARCHIVES])


def _clean_all(_: Reading, work: Work) -> None:
    work.remove([ARCHIVES, LISTS])


ACTIONS: dict[str, Callable[[Reading, Work], None]] = {
    "update": _update,
    "install": _install,
    "upgrade": _upgrade,
    "dist-upgrade": _upgrade,
    "full-upgrade": _upgrade,
    "remove": _remove,
    "purge": _remove,
    "autoremove": _autoremove,
    "clean": _clean,
    "autoclean": _clean,
    "dist-clean": _clean_all,
    "distclean": _clean_all,
}


@cache
def packages_in(image: Image | None) -> frozenset[str]:
    """Packages of a Debian-like base image beyond the base itself; none where the image is not known."""
    if image is None or not image.debian_like:
        return frozenset()
    index = packages_of(image.candidates[0] if image.candidates else None)
    return frozenset(index.install(roots(image.repository, image.variant), recommends=False).packages)
