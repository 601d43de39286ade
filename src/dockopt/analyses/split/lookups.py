"""Files of full images that programs look for and slim ones lack: tables of services and of MIME types, fonts."""

import re
from collections.abc import Iterable

from dockopt.analyses.split.plan import NotSplit
from dockopt.knowledge.image_contents import roots
from dockopt.knowledge.images import Image, describe

SERVICES = re.compile(
    r"/etc/(?:services|protocols)\b|\bget(?:serv|proto)(?:by(?:name|port|number)|ent)(?:_r)?\b|\bnet\.LookupPort\("
    r"|\bgetaddrinfo\s*\([^,;]*,\s*\"[A-Za-z]"
)
"""Calls that read /etc/services or /etc/protocols."""
ADDRESSES = re.compile(r"\bgetaddrinfo\s*\(")
NAMED_SERVICE = re.compile(
    r"\"(?:https?|ftps?|smtps?|domain|pop3s?|imaps?|ssh|telnet|ntp|daytime|echo|ldaps?|syslog)\""
)
TYPES = re.compile(
    r"/etc/mime\.types|\b(?:import|from)\s+(?:\w+\s*,\s*)*mimetypes\b|\bmime\.(?:TypeByExtension|ExtensionsByType)\("
)
"""Modules and calls that read /etc/mime.types."""
FONTS = re.compile(r"\bDejaVu|/usr/share/fonts\b")
DRAWS_TEXT = frozenset({"canvas", "@napi-rs/canvas", "skia-canvas", "chartjs-node-canvas", "@resvg/resvg-js"})
"""Packages of Node that draw text in the fonts of the system."""
SHARP = "sharp"
SVG_TEXT = "<text"
OLD_NAME = frozenset({"jessie", "stretch", "buster"})
"""Releases in which the table of MIME types comes with mime-support."""


def looked_up(texts: Iterable[str], image: Image, base: str) -> dict[str, str]:
    """Packages of an image's tables that sources read and a smaller image lacks, and what they are there for.

    Mercurial brings MIME types to full images, as Python's library depends on them; ImageMagick brings fonts.

    Raises:
        NotSplit: such a package has another name in one of the releases.
    """
    there = _left_behind(image, base)
    found: dict[str, str] = {}
    for text in texts if there & {"netbase", "mercurial", "imagemagick"} else ():
        if "netbase" in there and (
            SERVICES.search(text) or (ADDRESSES.search(text) and NAMED_SERVICE.search(text) is not None)
        ):
            found["netbase"] = "the table of services and protocols"
        if "mercurial" in there and TYPES.search(text):
            found["media-types"] = "the table of MIME types"
        if "imagemagick" in there and FONTS.search(text):
            found["fonts-dejavu-core"] = "a font of the system"
    if "media-types" in found and OLD_NAME & {*image.candidates}:
        raise NotSplit("a source reads the system's MIME types, whose package has another name in old releases")
    return found


def drawn_with(names: Iterable[str], texts: Iterable[str], image: Image, base: str) -> dict[str, str]:
    """Packages of the fonts in which packages of Node draw text, where the runtime image has none."""
    known = {*names}
    if "imagemagick" not in _left_behind(image, base):
        return {}
    draws = DRAWS_TEXT & known or (SHARP in known and any(SVG_TEXT in text for text in texts))
    what = f"a font for {min(DRAWS_TEXT & known or {SHARP})}"
    return {"fontconfig-config": what, "fonts-dejavu-core": what} if draws else {}


def _left_behind(image: Image, base: str) -> set[str]:
    """Packages that an image was made with, and the runtime image was not."""
    runtime = describe(base)
    if image.distribution != "debian" or runtime is None:
        return set()
    return {*roots(image.family, image.variant)} - {*roots(runtime.family, runtime.variant)}
