"""The image in which a Java program runs that was built on another: the same Java of the same vendor, without tools.

Sources: the tag lists of the official images maven, gradle, eclipse-temurin and openjdk.
"""

from dockopt.knowledge.image_tags import parse_reference, version_key
from dockopt.knowledge.images import describe, jre_variant

TEMURIN_SINCE = (7,)
"""Gradle's images are built on Temurin from this version on."""
KIT_MODULES = (
    "jdk.compiler",
    "jdk.attach",
    "jdk.jdi",
    "jdk.javadoc",
    "jdk.jcmd",
    "jdk.hotspot.agent",
    "jdk.jlink",
    "jdk.jartool",
)
"""Modules that only a development kit has, by their own names."""
LAST_OPENJDK_JRE = 11
FROM_PLAIN_JDK = frozenset({"8", "11"})


def java_runtime(reference: str) -> str | None:
    """The runtime image's reference; None where the Java of the builder is not known or there is no smaller image."""
    parts = parse_reference(reference)
    image = describe(reference)
    if parts is None or image is None or parts.digest:
        return None
    if image.family in ("eclipse-temurin", "openjdk"):
        return jre_variant(reference)
    if image.family not in ("maven", "gradle") or not parts.tag:
        return None
    prefix = reference.removesuffix(f"{image.family}:{parts.tag}")
    words = parts.tag.split("-")
    found = _of_maven(words) if image.family == "maven" else _of_gradle(words)
    return f"{prefix}{found}" if found else None


def _of_maven(words: list[str]) -> str | None:
    """`3.9-eclipse-temurin-17-alpine`, `3.6-jdk-11-slim`, `3.8-openjdk-17`, `3.9-amazoncorretto-17`."""
    rest = words[1:] if version_key(words[0]) else words
    if rest[:2] == ["eclipse", "temurin"] and len(rest) > 2:
        return jre_variant(f"eclipse-temurin:{'-'.join(rest[2:])}")
    if rest[:1] == ["amazoncorretto"] and len(rest) == 2:
        return f"amazoncorretto:{rest[1]}"
    if rest[:1] in (["jdk"], ["openjdk"]) and len(rest) > 1 and rest[1].isdigit() and set(rest[2:]) <= {"slim"}:
        number = "-".join(["jre", *rest[2:]]) if int(rest[1]) <= LAST_OPENJDK_JRE else "-".join(["jdk", *rest[2:]])
        return f"openjdk:{rest[1]}-{number}"
    return None


def _of_gradle(words: list[str]) -> str | None:
    """`8-jdk17`, `8.5-jdk21-alpine`, `jdk17`; older images are on a Java of another vendor."""
    version = version_key(words[0])
    rest = words[1:] if version else words
    if (version and version < TEMURIN_SINCE) or not rest or not rest[0].startswith("jdk"):
        return None
    number = rest[0].removeprefix("jdk")
    return jre_variant("-".join([f"eclipse-temurin:{number}", *rest[1:]])) if number.isdigit() else None
