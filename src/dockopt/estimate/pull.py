"""How much of a layer travels: what a registry stores and a client downloads, by measured ratios of its contents."""

from collections.abc import Iterable
from functools import lru_cache

from dockopt.estimate.contributions import Bundle, File, Piece
from dockopt.estimate.stages import Layer
from dockopt.knowledge.compression import KINDS, UNKNOWN, Ratio
from dockopt.knowledge.images import describe
from dockopt.knowledge.ranges import NOTHING, Range, total

KIND_OF_KEY = {
    "apt": "system packages",
    "apt upgrade": "system packages",
    "apt release": "system packages",
    "apt lists": "system package lists",
    "apt run": "package database",
    "apt archives": "packed",
    "deb file": "system packages",
    "apk": "system packages",
    "apk index": "packed",
    "rpm": "system packages",
    "rpm upgrade": "system packages",
    "rpm cache": "packed",
    "php extension": "programs",
    "pip": "Python packages",
    "pip project": "Python packages",
    "python modules": "Python packages",
    "venv": "Python packages",
    "venv seeds": "Python packages",
    "conda": "Python packages",
    "pip cache": "pip cache",
    "conda cache": "packed",
    "npm": "node packages",
    "npm run": "text",
    "npm cache": "npm cache",
    "npm logs": "text",
    "pip wheel": "packed",
    "gem": "text",
    "gems": "text",
    "gem cache": "packed",
    "composer": "text",
    "composer cache": "packed",
    "crates": "sources and archives",
    "cargo target": "build cache",
    "cargo program": "programs",
    "go modules": "sources and archives",
    "go cache": "build cache",
    "go program": "programs",
    "build": "programs",
    "build cache": "packed",
    "write": "text",
    "inline": "text",
}
PACKED = frozenset(
    (
        *("png", "jpg", "jpeg", "gif", "webp", "avif", "mp4", "webm", "mp3", "ogg", "woff", "woff2", "zip", "parquet"),
        *("gz", "tgz", "xz", "bz2", "zst", "jar", "war", "ear", "whl", "deb", "rpm", "apk", "7z", "pdf", "docx", "br"),
    )
)
PROGRAMS = frozenset(("so", "bin", "exe", "dll", "a", "o", "pyc", "class", "wasm", "node", "ttf", "db", "sqlite"))


@lru_cache(maxsize=512)
def pull(layer: Layer) -> Range:
    """Compressed bytes of a layer."""
    return total(map(piece_pull, layer.pieces))


def piece_pull(piece: Piece) -> Range:
    if piece.bundle is not None:
        return _of_bundle(piece.bundle)
    if piece.key[0] == "base":
        return _of_base(piece)
    kind = next((KIND_OF_KEY[word] for word in piece.key if word in KIND_OF_KEY), None)
    if kind is not None:
        return _scaled(piece.size, KINDS[kind])
    if piece.files:
        return _of_files(piece.files, piece.size)
    if piece.key[0] == "download" and piece.path.rpartition(".")[2] in PACKED:
        return _scaled(piece.size, KINDS["packed"])
    return _scaled(piece.size, UNKNOWN)


@lru_cache(maxsize=512)
def _of_bundle(bundle: Bundle) -> Range:
    """An image has the same installs before and after most fixes."""
    return total(map(piece_pull, bundle.pieces))


def kinds(pieces: Iterable[Piece]) -> frozenset[str]:
    """What kinds of content are in some pieces, for those who ask what a figure rests on."""
    return frozenset(KIND_OF_KEY[word] for piece in pieces for word in piece.key if word in KIND_OF_KEY)


def _of_files(files: Iterable[File], size: Range) -> Range:
    """Files by the ends of their names; a piece that is there only sometimes keeps its lower end."""
    sizes: dict[str, int] = {}
    for file in files:
        name = file.source or file.name
        ending = name[name.rfind(".") + 1 :] if "." in name else ""
        sizes[ending] = sizes.get(ending, 0) + file.size
    found = total(_scaled(Range(size, size, size), _ratio(ending)) for ending, size in sizes.items())
    return found if size.low else found._replace(low=0)


def _ratio(ending: str) -> Ratio:
    ending = ending.lower()
    if ending in PACKED:
        return KINDS["packed"]
    if ending in PROGRAMS:
        return KINDS["programs"]
    return KINDS["text"] if ending and "/" not in ending else UNKNOWN


def _of_base(piece: Piece) -> Range:
    image = describe(piece.key[1])
    return image.pull if image else _scaled(piece.size, KINDS["base image"])


def _scaled(size: Range, ratio: Ratio) -> Range:
    if size == NOTHING:
        return NOTHING
    return Range(round(size.low * ratio[0]), round(size.expected * ratio[1]), round(size.high * ratio[2]))
