"""Write `knowledge/images.csv`: sizes of base images, the newest figure of each image, release and variant.

Observations are figures that a public listing states for one tag (`image_observations.csv`, mostly the files
`repos/IMAGE/local/TAG.md` of docker-library/repo-info); the other rows (`image_listings.csv`) are derived or unchecked,
and say so. `images.py FOLDER` first reads a checkout of repo-info and adds what it finds there to the observations.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dockopt.knowledge.image_tags import releases_of, version_key
from dockopt.knowledge.images import Image, describe

HERE = Path(__file__).resolve().parent
OBSERVATIONS = HERE / "image_observations.csv"
LISTINGS = HERE / "image_listings.csv"
TARGET = HERE.parents[1] / "src/dockopt/knowledge/images.csv"
HEADER = "repository,version,variant,release,megabytes,compressed,spread,source"
HEAD = re.compile(
    r"# `(?P<tag>[^`]+)`.*?Created: `(?P<date>\d{4}-\d{2}).*?Virtual Size: ~ (?P<size>[\d.]+) (?P<unit>Mb|Gb)",
    re.DOTALL,
)
RELEASED = frozenset({"debian", "ubuntu"})
OF_A_RELEASE = frozenset({"debian", "ubuntu", "buildpack-deps"})
"""Images that have one row a release, whatever the tag calls it."""
SPREAD = 0.02
SPREAD_OF_GIGABYTES = 0.025
"""The listings print gigabytes with two decimals only."""


def main(folders: list[str]) -> None:
    observed = _read(OBSERVATIONS)
    for folder in folders:
        observed = _newest([*observed, *_checkout(Path(folder))])
        _write(OBSERVATIONS, "reference,megabytes,compressed,date,source", (",".join(row) for row in sorted(observed)))
    rows = {row[:4]: row for row in map(_listed, _read(LISTINGS))}
    rows |= {row[:4]: row for row in map(_observed, sorted(observed, key=lambda row: row[3]))}
    _write(TARGET, HEADER, (",".join(row) for row in sorted(rows.values(), key=_order)))


def _read(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def _write(path: Path, header: str, lines: Iterable[str]) -> None:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def _checkout(folder: Path) -> Iterator[tuple[str, ...]]:
    """What the heads of repo-info's files say of images that have a rule."""
    for path in sorted(folder.glob("repos/*/local/*.md")):
        with path.open(encoding="utf-8", errors="replace") as file:
            found = HEAD.match(file.read(3000))
        if found and describe(found["tag"]) is not None:
            size = f"{float(found['size']) * (1000 if found['unit'] == 'Gb' else 1):g}"
            yield found["tag"], size, "", found["date"], "repo-info"


def _newest(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list({row[0]: row for row in sorted(rows, key=lambda row: row[3])}.values())


def _listed(row: tuple[str, ...]) -> tuple[str, ...]:
    repository, version, variant, release, megabytes, spread, source = row
    if release and repository in OF_A_RELEASE:
        version = _number(release)
    return repository, version, variant, release, megabytes, "", spread, source


def _observed(row: tuple[str, ...]) -> tuple[str, ...]:
    reference, megabytes, compressed, date, source = row
    image = describe(reference)
    if image is None:
        raise SystemExit(f"no rule knows {reference}")
    spread = SPREAD_OF_GIGABYTES if float(megabytes) >= 1000 else SPREAD
    tag = f"{source} {reference.replace(':', ' ')} {date}"
    return *_key(image), megabytes, compressed, str(spread), tag


def _key(image: Image) -> tuple[str, str, str, str]:
    single = image.candidates[0] if len(image.candidates) == 1 and image.distribution in RELEASED else ""
    version = _number(single) if single and image.repository in OF_A_RELEASE else image.version
    return image.repository, version, image.variant, single


def _number(release: str) -> str:
    numbers = releases_of("debian") | releases_of("ubuntu")
    return numbers.get(release, "")


def _order(row: tuple[str, ...]) -> tuple[str, str, tuple[int, ...], str]:
    return row[0], row[2], version_key(row[1]), row[3]


if __name__ == "__main__":
    main(sys.argv[1:])
