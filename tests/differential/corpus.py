"""Where the corpus of real Dockerfiles is, if anywhere; it is measured on, and never part of the repository."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(os.environ.get("DOCKOPT_CORPUS") or Path(__file__).parents[2] / "../shared/corpus/dockerfiles.tar.xz")


def corpus_files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in the archive."""
    with tarfile.open(CORPUS) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name, stream.read()
