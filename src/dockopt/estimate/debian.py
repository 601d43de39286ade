"""What apt commands add to a layer: lists, packages with dependencies and recommendations, archives."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from dockopt.analyses.apt import bare
from dockopt.analyses.words import Reading, read
from dockopt.estimate.contributions import Piece, bundled, each
from dockopt.estimate.work import Work
from dockopt.knowledge.apt_packages import FOREIGN_SPREAD, UNKNOWN_PACKAGE, packages_of
from dockopt.knowledge.image_contents import roots
from dockopt.knowledge.images import Image
from dockopt.knowledge.ranges import Range, about
from dockopt.model.commands import Call

LISTS = "/var/lib/apt/lists"
ARCHIVES = "/var/cache/apt/archives"
LIST_SIZES = {"bullseye": 18_460_000, "bookworm": 19_870_000, "trixie": 21_670_000, "buster": 17_500_000}
LISTS_OF_UBUNTU = Range(25_000_000, 43_000_000, 65_000_000)
LISTS_OF_OTHERS = Range(8_000_000, 20_000_000, 45_000_000)
RELEASE = ("apt release",)
RUN_OVERHEAD = Range(500_000, 1_300_000, 3_000_000)
"""dpkg's status and its backup, debconf's database: written anew in every RUN that installs."""
UPGRADE = Range(0, 12_000_000, 150_000_000)
ARCHIVE_SPREAD = 0.05
"""Archives are counted as the index has them; a later update of a package may be a little larger or smaller."""


def apt(call: Call, work: Work) -> None:
    reading = read(call)
    action = ACTIONS.get((reading.subcommand or "") if reading else "")
    if action and reading:
        action(reading, work)


def _update(_: Reading, work: Work) -> None:
    if work.contents.apt.has_lists:
        return
    work.contents.apt = work.contents.apt._replace(has_lists=True)
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
    words = [word.value or word.text for word in reading.operands]
    downloaded = [word for word in words if word.endswith(".deb")]
    words = [word for word in words if word and word not in downloaded]
    work.requested += [bare(word) for word in words if not word.endswith("-")]
    _unpack(words, work, recommends=_recommends(reading, work))
    for name in downloaded:
        work.add(("deb file", name), UNKNOWN_PACKAGE, "packages from files: size not known", "")


def _recommends(reading: Reading, work: Work) -> bool:
    if reading.option("--no-install-recommends") is not None:
        return False
    settings = " ".join(value or "" for value in reading.values("-o", "--option"))
    joined_options = " ".join(option.name for option in reading.options)
    if "Install-Recommends" in settings + joined_options:
        return not any(word in settings + joined_options for word in ("=0", "=false", "=no"))
    return work.contents.apt.recommends or reading.option("--install-recommends") is not None


def _unpack(words: list[str], work: Work, *, recommends: bool) -> None:
    contents = work.contents
    index = packages_of(contents.release)
    present = packages_in(contents.image) | contents.apt.packages
    installed = index.install(words, recommends=recommends, present=present)
    _drop(installed.removed, work)
    exact = contents.release == index.release
    trimmed = contents.image is None or contents.image.trims_documentation
    about_image = _Image(index.release, exact, contents.image is not None, trimmed)
    work.put_elsewhere(_packages(installed.packages, about_image))
    for word in installed.unknown:
        if bare(word) not in present:
            work.add(("apt", word), UNKNOWN_PACKAGE, "packages not in the package index", "", f"apt:{bare(word)}")
    if installed.packages:
        _doubt_release(words, work, recommends=recommends)
    contents.apt = contents.apt._replace(
        packages=contents.apt.packages.union(installed.packages, map(bare, installed.unknown))
    )
    if (installed.packages or installed.unknown) and not work.has("apt run"):
        work.add(("apt run",), RUN_OVERHEAD, "dpkg's own files in each RUN")
    _keep_archives(installed.packages, work)


class _Image(NamedTuple):
    """What the size of a package depends on: the index, whether that is the image's own, what is known of the image."""

    release: str
    exact: bool
    known: bool
    trimmed: bool


@lru_cache(maxsize=512)
def _packages(names: tuple[str, ...], image: _Image) -> tuple[Piece, ...]:
    """What some packages add: a file's installs are asked for again with every fix."""
    return bundled(_package(name, image) for name in names)


@lru_cache(maxsize=4096)
def _package(name: str, image: _Image) -> Piece:
    """What one package adds to a layer."""
    doubt = 0.0 if image.exact and image.known else FOREIGN_SPREAD
    size = packages_of(image.release).layer_bytes(name, trimmed=image.trimmed)
    low = round(size.low * (1 - doubt)) if image.known else 0
    wide = Range(low, size.expected, round(size.high * (1 + doubt)))
    return Piece(("apt", name), wide, f"Debian package index of {image.release}", "", f"apt:{name}")


def _doubt_release(words: list[str], work: Work, *, recommends: bool) -> None:
    """Where the tag may stand for an earlier release, too: what the same packages add more or less there."""
    image = work.contents.image
    if image is None or image.distribution != "debian":
        return
    sizes = []
    for release in image.candidates[:2]:
        index = packages_of(release)
        if index.release != release:
            return
        present = _packages_in(image, release) | work.contents.apt.packages
        names = index.install(words, recommends=recommends, present=present).packages
        sizes.append(_bytes_of(release, names, image.trims_documentation))
    if len(sizes) > 1 and sizes[0] != sizes[1]:
        more = sizes[1] - sizes[0]
        first, second = image.candidates[:2]
        basis = f"{image.reference} may be Debian {second} instead of {first}"
        work.add((*RELEASE, *words[:3]), Range(min(0, more), 0, max(0, more)), basis)


@lru_cache(maxsize=512)
def _bytes_of(release: str, names: tuple[str, ...], trimmed: bool) -> int:
    index = packages_of(release)
    return sum(index.layer_bytes(name, trimmed=trimmed).expected for name in names)


def _keep_archives(names: tuple[str, ...], work: Work) -> None:
    """Downloaded packages stay where the image is not one that removes them by itself."""
    image = work.contents.image
    if not names or (image is not None and image.has_docker_clean and not work.contents.apt.keeps_archives):
        return
    index = packages_of(work.contents.release)
    size = _bytes_of_archives(index.release, names)
    spread = ARCHIVE_SPREAD if work.contents.release == index.release else FOREIGN_SPREAD
    low = 0 if image is None else round(size * (1 - spread))
    expected = 0 if image is None else size
    key = ("apt archives", *nsmallest(3, names))
    work.add(key, Range(low, expected, round(size * (1 + spread))), "downloaded packages", f"{ARCHIVES}/partial")


@lru_cache(maxsize=512)
def _bytes_of_archives(release: str, names: tuple[str, ...]) -> int:
    index = packages_of(release)
    return sum(version.archive for name in names if (version := index.find(name)))


def _upgrade(_: Reading, work: Work) -> None:
    work.add(("apt upgrade",), UPGRADE, "an upgrade depends on the age of the base image")


def _remove(reading: Reading, work: Work) -> None:
    """Only what this RUN installed is really gone."""
    words = [word.value for word in reading.operands if word.value]
    automatic = reading.option("--auto-remove", "--autoremove") is not None
    gone = {bare(word) for word in words}
    work.requested = [name for name in work.requested if name not in gone]
    _take_away(words, work, automatic=automatic)


def _autoremove(reading: Reading, work: Work) -> None:
    _take_away([word.value for word in reading.operands if word.value], work, automatic=True)


def _take_away(words: list[str], work: Work, *, automatic: bool) -> None:
    """Packages of earlier RUNs count as asked for: their files stay in their layers whatever happens."""
    contents = work.contents
    present = contents.apt.packages | packages_in(contents.image)
    here = {piece.group.removeprefix("apt:") for piece in each(work.pieces) if piece.group.startswith("apt:")}
    index = packages_of(contents.release)
    removed = index.remove(words, present=present, requested=present - here | set(work.requested), automatic=automatic)
    _drop((*removed, *(bare(word) for word in words)), work)


def _drop(names: Iterable[str], work: Work) -> None:
    gone = set(names)
    if gone:
        groups = {f"apt:{name}" for name in gone}
        before = _bytes_of_packages(work)
        work.drop(lambda piece: piece.group in groups)
        work.contents.apt = work.contents.apt._replace(packages=work.contents.apt.packages - gone)
        left = _bytes_of_packages(work)
        work.pieces = [
            one._replace(size=one.size.scaled(left / before)) if one.key[:1] == RELEASE and before else one
            for one in work.pieces
        ]


def _bytes_of_packages(work: Work) -> int:
    return sum(piece.size.expected for piece in each(work.pieces) if piece.group.startswith("apt:"))


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


def packages_in(image: Image | None) -> frozenset[str]:
    """Packages of a Debian-like base image beyond the base itself; none where the image is not known."""
    return _packages_in(image, image.candidates[0] if image and image.candidates else None)


@lru_cache(maxsize=512)
def _packages_in(image: Image | None, release: str | None) -> frozenset[str]:
    if image is None or not image.debian_like:
        return frozenset()
    return frozenset(packages_of(release).install(roots(image.repository, image.variant), recommends=False).packages)
