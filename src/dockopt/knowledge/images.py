"""What is known of a base image from its reference: distribution, release, variant, tools, size.

Only official images, a few well-known repositories and their registry mirrors are known; anything else is None.
"""

from functools import lru_cache
from typing import NamedTuple

from dockopt.knowledge.image_contents import FAMILIES, Family, java_distribution
from dockopt.knowledge.image_sizes import sizes_of
from dockopt.knowledge.image_tags import (
    DEBIAN_ALIASES,
    DEBIAN_RELEASES,
    NODE_NAMES,
    Reference,
    Words,
    parse_reference,
    read_words,
    releases_for,
    version_key,
)
from dockopt.knowledge.ranges import Range

NEWEST_DEBIAN = "trixie"
NEWEST = {"debian": (NEWEST_DEBIAN,), "ubuntu": ("resolute", "noble")}


class Image(NamedTuple):
    """One image. `release` is None where the tag may stand for several, which `candidates` lists, likeliest first.

    `variant` is "full", "slim", "alpine", "jre", "scm" and the like; `package_manager` None where there is none;
    `shell` says whether /bin/sh exists; `trims_documentation` whether dpkg leaves out manuals and translations;
    `size` is in bytes as stored, `pull` as sent by a registry, with `basis` saying where they come from.
    """

    reference: str
    repository: str
    tag: str
    digest: str
    family: str
    version: str
    distribution: str
    release: str | None
    candidates: tuple[str, ...]
    variant: str
    package_manager: str | None
    shell: bool
    posix: bool
    has_docker_clean: bool
    trims_documentation: bool
    has_ca_certificates: bool
    size: Range
    pull: Range
    basis: str

    @property
    def debian_like(self) -> bool:
        return self.distribution in {"debian", "ubuntu"}


class RuntimeImage(NamedTuple):
    """An image to run a compiled program in; `exact` says whether its release is surely the builder's."""

    reference: str
    exact: bool


@lru_cache(maxsize=4096)
def describe(reference: str) -> Image | None:
    """The image behind a reference, None where no rule knows it."""
    parts = parse_reference(reference)
    if parts is None or (family := FAMILIES.get(parts.repository)) is None:
        return None
    if parts.repository == "scratch" and (parts.tag or parts.digest):
        return None
    tag = "latest" if not parts.tag and not parts.digest else parts.tag
    words = read_words(tag, family.words)
    if words.unread and not family.loose:
        return None
    if any(word.startswith(("windows", "nanoserver")) for word in words.unread):
        return None
    return _image(reference, parts, family, words)


def _image(reference: str, parts: Reference, family: Family, words: Words) -> Image:
    version = words.version or next((NODE_NAMES[word] for word in words.others if word in NODE_NAMES), "")
    distribution, candidates = _release(parts, family, words, version)
    variant = _variant(family, words)
    release = candidates[0] if len(candidates) == 1 else None
    manager = MANAGERS.get(distribution) if family.shell else None
    sizes = sizes_of(parts.repository, version, variant, candidates)
    debian_like = distribution in {"debian", "ubuntu"} and family.shell
    return Image(
        reference=reference,
        repository=parts.repository,
        tag=parts.tag,
        digest=parts.digest,
        family=family.name,
        version=version,
        distribution=distribution,
        release=release,
        candidates=candidates,
        variant=variant,
        package_manager=_newer_manager(manager, distribution, version),
        shell=family.shell,
        posix=family.shell,
        has_docker_clean=debian_like,
        trims_documentation=_trims(family, distribution, variant),
        has_ca_certificates=_has_certificates(family, distribution, variant),
        size=sizes.disk,
        pull=sizes.pull,
        basis=sizes.basis,
    )


MANAGERS = {"debian": "apt-get", "ubuntu": "apt-get", "alpine": "apk", "fedora": "dnf", "rhel": "yum", "arch": "pacman"}


def _newer_manager(manager: str | None, distribution: str, version: str) -> str | None:
    """Red Hat relatives call dnf from version 8 on (Amazon Linux from 2023); both names work there."""
    if distribution == "rhel" and version_key(version) >= (8,):
        return "dnf"
    return manager


def _release(parts: Reference, family: Family, words: Words, version: str) -> tuple[str, tuple[str, ...]]:
    """Distribution and candidate releases of a tag."""
    if words.alpine:
        return "alpine", (words.alpine,) if words.alpine != "?" else ()
    named = next((family.distributions[word] for word in words.others if word in family.distributions), None)
    if named is not None:
        return named, ()
    if words.release:
        return _named_release(words.release)
    if not parts.tag and parts.digest:
        return family.distribution, ()
    if not version and family.name in NEWEST:
        return family.distribution, NEWEST[family.name]
    if family.java:
        return java_distribution(family, words, version)
    if family.name == "alpine":
        return "alpine", (version,) if version else ()
    if family.name == "dotnet" and version_key(version) >= (10,):
        return "ubuntu", ()
    return family.distribution, releases_for(parts.repository, version)


def _named_release(word: str) -> tuple[str, tuple[str, ...]]:
    if word in DEBIAN_RELEASES:
        return "debian", (word,)
    if word in DEBIAN_ALIASES:
        aliases = {"stable": ("trixie",), "oldstable": ("bookworm",), "oldoldstable": ("bullseye",)}
        return "debian", aliases.get(word, ("sid", "forky"))
    return "ubuntu", (word,)


def _variant(family: Family, words: Words) -> str:
    kinds = [word for word in words.others if word in family.variants]
    if words.alpine:
        return "-".join([*(kind for kind in kinds if kind == "jre"), "alpine"])
    if words.slim:
        return "-".join([*(kind for kind in kinds if kind == "jre"), "slim"])
    return kinds[0] if kinds else "full"


def _trims(family: Family, distribution: str, variant: str) -> bool:
    """Debian's slim images, all built on them, and Ubuntu's images drop manuals and translations as dpkg unpacks."""
    if distribution == "ubuntu":
        return True
    return distribution == "debian" and (family.on_slim or variant.endswith("slim"))


def _has_certificates(family: Family, distribution: str, variant: str) -> bool:
    if distribution == "alpine":
        return True
    if variant.endswith("slim") or variant == "full":
        return family.certificates_in_slim if variant.endswith("slim") else family.certificates
    return family.certificates


@lru_cache(maxsize=1024)
def slim_variant(reference: str) -> str | None:
    """The slim tag of the same image, version and release; the reference itself where it is slim already.

    None where there is none, or where a digest fixes the image.
    """
    image = describe(reference)
    parts = parse_reference(reference)
    if image is None or parts is None or parts.digest or image.distribution != "debian":
        return None
    family = FAMILIES[image.repository]
    words = read_words(parts.tag, family.words)
    if words.slim:
        return reference
    if "backports" in words.others:
        return None
    if not family.slim or image.variant not in ("full", *family.slim_kinds) or (parts.tag and words.unread):
        return None
    tag = _slim_tag(family, parts.tag, words, image)
    return f"{reference.removesuffix(':' + parts.tag) if parts.tag else reference}:{tag}" if tag else None


def _slim_tag(family: Family, tag: str, words: Words, image: Image) -> str | None:
    plain = [word for word in (tag or "latest").split("-") if word != "latest"]
    if family.slim == "debian":
        return "-".join([*plain, "slim"]) if plain else "stable-slim"
    if words.release in ("wheezy", "jessie"):
        return None
    if words.release in DEBIAN_ALIASES or words.stamp:
        return None
    if family.slim == "before":
        plain = [word for word in plain if word != words.release]
        return "-".join([*plain, "slim", *([words.release] if words.release else [])])
    if words.release and version_key(image.version) < (12,) and len(version_key(image.version)) == 3:
        return None
    return "-".join([*plain, "slim"])


JRE_VERSIONS = {"eclipse-temurin": (8, 11, 17, 18, 19, 20, 21, 22, 23, 24, 25), "openjdk": (7, 8, 9, 10, 11)}
"""Java versions of which a repository has, or had while it was built, images without the compiler."""


@lru_cache(maxsize=1024)
def jre_variant(reference: str) -> str | None:
    """The tag of the same Java, distribution and release without development tools; None where there is none."""
    image = describe(reference)
    parts = parse_reference(reference)
    if image is None or parts is None or parts.digest or image.family not in JRE_VERSIONS:
        return None
    words = parts.tag.split("-")
    if version_key(words[0])[:1] not in {(version,) for version in JRE_VERSIONS[image.family]} or "jre" in words:
        return None
    if read_words(parts.tag, FAMILIES[image.repository].words).unread or "headless" in words:
        return None
    tag = "-".join([words[0], "jre", *(word for word in words[1:] if word != "jdk")])
    return f"{reference.removesuffix(parts.tag)}{tag}"


BUILDS_FOR_DEBIAN = frozenset({"golang", "rust", "gcc"})
"""Images whose programs need nothing of the image but Debian's base."""


def runtime_variant(reference: str) -> RuntimeImage | None:
    """Debian's slim image of the release that a compiler's image is built on; the newest where it may be several, as
    a newer C library runs what was linked to an older one. None for anything else.
    """
    image = describe(reference)
    if image is None or image.family not in BUILDS_FOR_DEBIAN or image.distribution != "debian":
        return None
    release = min(image.candidates or (NEWEST_DEBIAN,), key=DEBIAN_RELEASES.index)
    prefix = reference[: -len(image.family + (":" + image.tag if image.tag else ""))] if not image.digest else ""
    return RuntimeImage(f"{prefix}debian:{release}-slim", exact=image.release is not None)
