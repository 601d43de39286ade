"""How results, and what is said of them, are written into the cache: both with what of the context they rest on.

What is said is stored as plain texts and numbers, which takes a fraction of the time to read.
"""

import pickle
from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.batch.said import Said
from dockopt.batch.seen import Seen
from dockopt.batch.stamps import Stamp
from dockopt.batch.totals import Figures
from dockopt.knowledge.ranges import Range


def packed(result: Result, seen: Seen) -> bytes:
    """A result as bytes."""
    return pickle.dumps((result, seen), pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> tuple[Result, Seen]:
    """A result from bytes that were written by us into a folder of the user's own."""
    found: tuple[Result, Seen] = pickle.loads(data)  # noqa: S301 - as above
    return found


class Kept(NamedTuple):
    """What is said of a file, what of the context that rests on, the digest of the file's bytes, and its stamp."""

    said: Said
    seen: Seen
    read: bytes
    stamp: Stamp = Stamp()


def packed_said(kept: Kept) -> bytes:
    """What is said as bytes."""
    path, status, changed, saves, fixes, transforms, services = kept.said.figures
    figures = (
        *(path, status.value, changed, tuple(saves), fixes),
        tuple((name, number, tuple(amount)) for name, number, amount in transforms),
        tuple((name, tuple(amount)) for name, amount in services),
    )
    plain = figures, kept.said.pieces, tuple(kept.seen), kept.read, tuple(kept.stamp)
    return pickle.dumps(plain, pickle.HIGHEST_PROTOCOL)


def unpacked_said(data: bytes) -> Kept:
    """What is said from bytes."""
    figures, pieces, seen, read, stamp = pickle.loads(data)  # noqa: S301 - as above
    path, status, changed, saves, fixes, transforms, services = figures
    known = Figures(path, Status(status))
    if changed:
        by_transform = tuple((name, number, Range(*amount)) for name, number, amount in transforms)
        by_service = tuple((name, Range(*amount)) for name, amount in services)
        known = Figures(path, known.status, changed, Range(*saves), fixes, by_transform, by_service)
    return Kept(Said(known, pieces), Seen(*seen), read, Stamp(*stamp))
