"""Reading `Packages` files, as distributions publish them and as apt keeps them, into plain fields."""

import bz2
import gzip
import lzma
import shutil
import subprocess
from collections.abc import Callable, Iterator

from dockopt.errors import InputError

Stanza = dict[str, str]

HELPERS = ("/usr/lib/apt/apt-helper", "/usr/libexec/apt-helper")
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".xz": lzma.decompress,
    ".bz2": bz2.decompress,
}


def read_text(path: str) -> str:
    """The text of a file that may be compressed; apt's own reader takes those that Python cannot read.

    Raises InputError.
    """
    try:
        return _unpacked(path).decode("utf-8", errors="replace")
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise InputError(path, str(getattr(error, "strerror", None) or error).lower()) from error


def _unpacked(path: str) -> bytes:
    if path.endswith((".lz4", ".zst", ".zstd")):
        return _through_apt(path)
    with open(path, "rb") as file:
        content = file.read()
    unpack = next((unpack for ending, unpack in UNPACKERS.items() if path.endswith(ending)), None)
    return unpack(content) if unpack else content


def _through_apt(path: str) -> bytes:
    helper = next((one for one in HELPERS if shutil.which(one)), None)
    if helper is None:
        raise InputError(path, "only apt can read this compression; unpack the file first")
    return subprocess.run([helper, "cat-file", path], check=False, capture_output=True).stdout  # noqa: S603 - apt's own


def stanzas(text: str) -> Iterator[Stanza]:
    """The paragraphs of a file; folded lines are joined."""
    for block in text.split("\n\n"):
        fields: Stanza = {}
        name = ""
        for line in block.split("\n"):
            if line[:1] in (" ", "\t"):
                fields[name] = f"{fields.get(name, '')} {line.strip()}"
            elif line:
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        if "Package" in fields and "Version" in fields:
            yield fields
