"""Which answers of a build context a result rests on, so that it can be seen later whether they are still the same."""

from typing import NamedTuple


class Seen(NamedTuple):
    """What was asked of a context and what it said: nothing where the result does not depend on any file."""

    listing: str = ""
    """Digest of names, sizes, modes and links of all files, "" where nobody asked for them."""
    found: tuple[tuple[str, bool], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    opened: tuple[tuple[str, str], ...] = ()
    hidden: tuple[tuple[str, int], ...] = ()
    composed: str = ""
    """Digest of the compose files that may start the image, "" where nobody asked for them."""
    ignoring: str = ""
    """Digest of the ignore file and of all Dockerfiles that it holds for, "" where nobody asked for them."""


NOTHING = Seen()
