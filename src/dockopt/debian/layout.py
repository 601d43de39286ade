"""How an index lies in its file: gzip members one after another, of which a reader unpacks only those it needs.

The first member says what the index holds, the second has the packages that are asked for most, the rest follow in
blocks sorted by name. Unpacked as a whole, the file is plain text.
"""

import zlib
from collections.abc import Iterable
from typing import NamedTuple

MAGIC = "dockopt package index 1"
BLOCK = 100_000
"""Characters in a block: small enough to be unpacked in a millisecond."""
GZIP = 31
"""What zlib calls a stream with a gzip header."""


class Header(NamedTuple):
    """What an index holds. `suites` names the suites by the letters that versions carry; `date` as year-month-day."""

    distribution: str
    release: str
    codename: str
    date: str
    suites: dict[str, tuple[str, ...]]
    packages: int


class Block(NamedTuple):
    """Where the entries from a name on lie in the file."""

    first: str
    start: int
    length: int


class File(NamedTuple):
    """An index file in memory, its blocks still packed; the first block is the core, which has no first name."""

    header: Header
    content: bytes
    blocks: tuple[Block, ...]

    def text(self, block: Block) -> str:
        packed = self.content[block.start : block.start + block.length]
        return zlib.decompress(packed, GZIP, BLOCK).decode()


def pack(header: Header, core: Iterable[str], entries: Iterable[tuple[str, str]]) -> bytes:
    """A file of a core and of entries sorted by name; the lines of an entry end without a newline."""
    blocks = [("", "\n".join(core))]
    lines: list[str] = []
    first, size = "", 0
    for name, text in entries:
        first = first or name
        lines.append(text)
        size += len(text)
        if size > BLOCK:
            blocks.append((first, "\n".join(lines)))
            lines, first, size = [], "", 0
    if lines:
        blocks.append((first, "\n".join(lines)))
    packed = [(name, _member(f"{text}\n".lstrip())) for name, text in blocks]
    return _member(_head(header, packed)) + b"".join(content for _, content in packed)


def _member(text: str) -> bytes:
    return zlib.compress(text.encode(), 9, GZIP)


def _head(header: Header, packed: list[tuple[str, bytes]]) -> str:
    suites = " ".join(f"{letter}={'|'.join(names)}" for letter, names in header.suites.items())
    values = (header.distribution, header.release, header.codename, header.date, suites, str(header.packages))
    lines = (f"{name}\t{len(content)}" for name, content in packed)
    return "\n".join((MAGIC, *values, *lines)) + "\n"


def unpack(content: bytes) -> File | None:
    """The file behind some bytes, None where they are no index of this format."""
    reader = zlib.decompressobj(GZIP)
    try:
        lines = reader.decompress(content).decode().splitlines()
    except (zlib.error, UnicodeDecodeError):
        return None
    if not reader.eof or not lines or lines[0] != MAGIC:
        return None
    distribution, release, codename, date, suites, packages = lines[1:7]
    names = {word[0]: tuple(word[2:].split("|")) for word in suites.split()}
    start = len(content) - len(reader.unused_data)
    blocks = []
    for line in lines[7:]:
        first, _, length = line.partition("\t")
        blocks.append(Block(first, start, int(length)))
        start += int(length)
    return File(Header(distribution, release, codename, date, names, int(packages)), content, tuple(blocks))
