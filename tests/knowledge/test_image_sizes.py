"""Sizes of base images: which row answers for a tag, how wide the answer is, and what the table itself must hold."""

import pytest

from dockopt.knowledge.image_contents import FAMILIES, base_packages
from dockopt.knowledge.image_sizes import UNKNOWN, Row, size_of_unknown, sizes_of
from dockopt.knowledge.images import Image, describe
from dockopt.knowledge.ranges import Range
from dockopt.knowledge.tables import table

ROWS = [Row(*row) for row in table("images")]
NAMES = [row.name for row in ROWS]


def known(reference: str) -> Image:
    image = describe(reference)
    assert image is not None
    return image


def megabytes(size: Range) -> tuple[int, int, int]:
    low, expected, high = (round(value / 1_000_000) for value in size)
    return low, expected, high


@pytest.mark.parametrize(
    ("reference", "size", "row"),
    [
        pytest.param("debian:bookworm-slim", (73, 75, 76), "debian:12 slim bookworm", id="code name"),
        pytest.param("debian:12-slim", (73, 75, 76), "debian:12 slim bookworm", id="number of a release"),
        pytest.param("debian:12.5-slim", (73, 75, 76), "debian:12 slim bookworm", id="point release"),
        pytest.param("debian:bookworm-20240110-slim", (73, 75, 76), "debian:12 slim bookworm", id="dated tag"),
        pytest.param("debian:stable-slim", (77, 79, 80), "debian:13 slim trixie", id="alias of a release"),
        pytest.param("ubuntu:22.04", (77, 78, 80), "ubuntu:22.04 full jammy", id="Ubuntu by number"),
        pytest.param("ubuntu:jammy", (77, 78, 80), "ubuntu:22.04 full jammy", id="Ubuntu by name"),
        pytest.param("alpine:3.18", (7, 7, 7), "alpine:3.18 full", id="Alpine by number"),
        pytest.param("alpine", (8, 8, 9), "alpine:3.24 full", id="no tag is the newest row"),
        pytest.param(
            "python:3.12-slim-bookworm", (122, 124, 127), "python:3.12 slim bookworm", id="version and release"
        ),
        pytest.param(
            "python:3.12.4-slim", (120, 124, 128), "python:3.12 slim bookworm", id="patch falls back to its minor"
        ),
        pytest.param(
            "python:3.12-slim", (117, 119, 127), "python:3.12 slim trixie", id="either release of a moved tag"
        ),
        pytest.param("node:22-alpine", (164, 168, 171), "node:22 alpine", id="Alpine without its number"),
        pytest.param("node:22-alpine3.20", (164, 168, 171), "node:22 alpine", id="Alpine with its number"),
        pytest.param("node:jod-slim", (223, 227, 232), "node:22 slim bookworm", id="name of a line"),
        pytest.param("mirror.gcr.io/library/golang:1.22", (792, 823, 854), "golang:1.22.11 full bookworm", id="mirror"),
        pytest.param(
            "mcr.microsoft.com/dotnet/sdk:7.0", (716, 795, 874), "mcr.microsoft.com/dotnet/sdk:7 full", id="7.0 is 7"
        ),
        pytest.param("busybox:1.38", (4, 4, 5), "busybox:1.38.0 full", id="line of a patch version"),
    ],
)
def test_a_tag_gets_the_size_of_its_row(reference: str, size: tuple[int, int, int], row: str) -> None:
    image = known(reference)
    assert megabytes(image.size) == size
    assert image.basis.startswith((f"size of {row}:", f"size of {row},"))


def test_an_image_moves_with_the_release_below_it() -> None:
    debian = {row.release: float(row.megabytes) for row in ROWS if (row.repository, row.variant) == ("debian", "slim")}
    image = known("ruby:3.4-slim-bookworm")
    trixie = known("ruby:3.4-slim-trixie")
    assert image.basis.startswith("size of ruby:3.2 slim bookworm") or "moved to bookworm" in image.basis
    moved = sizes_of("rust", "1.98", "slim", ("bookworm",))
    assert moved.disk.expected == round((905.15 + debian["bookworm"] - debian["trixie"]) * 1_000_000)
    assert moved.basis.startswith("size of rust:1.98 slim trixie, moved to bookworm: ")
    assert trixie.size.expected == 190_360_000


@pytest.mark.parametrize(
    ("near", "far"),
    [
        pytest.param("python:3.12-slim-trixie", "python:3.13-slim-trixie", id="another minor version"),
        pytest.param("python:3.13-slim-trixie", "python:3.17-slim-trixie", id="a minor version further away"),
        pytest.param("node:22-alpine", "node:22.3.0-alpine", id="a patch of a line that moved on"),
        pytest.param("node:22-slim", "node:4-slim", id="another major version"),
        pytest.param("rust:1.98-slim-trixie", "rust:1.98-slim-bookworm", id="another release"),
        pytest.param("debian:trixie-slim", "debian:wheezy-slim", id="a release that has no row"),
        pytest.param("golang:1.22-bookworm", "golang:latest", id="no version"),
    ],
)
def test_the_further_the_row_the_wider_the_answer(near: str, far: str) -> None:
    assert share(known(near).size) < share(known(far).size)


def share(size: Range) -> float:
    return (size.high - size.low) / size.expected


def test_what_is_below_a_full_image_keeps_it_narrow() -> None:
    """Python is a tenth of its full image and two fifths of the slim one, so a version further away says less there."""
    assert share(known("python:3.14-trixie").size) < share(known("python:3.14-slim-trixie").size)


def test_images_without_a_row_stay_unknown() -> None:
    assert sizes_of("team/app", "1", "full", ()) == UNKNOWN
    assert describe("team/app:1") is None


@pytest.mark.parametrize("repository", sorted(FAMILIES))
def test_every_known_repository_answers_with_ordered_figures(repository: str) -> None:
    image = known(repository)
    for size in (image.size, image.pull):
        assert 0 <= size.low <= size.expected <= size.high
    assert image.pull.expected <= image.size.expected


def test_compressed_sizes_are_those_of_the_table_where_it_has_them() -> None:
    assert megabytes(known("golang:1.22-bookworm").pull) == (288, 299, 311)
    assert megabytes(known("debian:bookworm-slim").pull) == (24, 28, 32)


def test_no_two_rows_are_of_the_same_image() -> None:
    keys = [row[:4] for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_row_says_a_size_and_where_it_comes_from(row: Row) -> None:
    assert float(row.megabytes) >= 0
    assert 0 <= float(row.spread) <= 0.4
    assert row.source.startswith(("repo-info", "derived: ", "docker images listing ", "distroless README", "empty by"))
    assert not row.compressed or 0.25 < float(row.compressed) / float(row.megabytes) < 0.5
    assert float(row.spread) <= 0.03 or not row.source.startswith("repo-info")


@pytest.mark.parametrize(
    "full",
    [
        pytest.param(row, id=row.name)
        for row in ROWS
        if row.variant == "full" and any(other[:2] == row[:2] and other.variant == "slim" for other in ROWS)
    ],
)
def test_slim_is_smaller_than_full(full: Row) -> None:
    slim = [row for row in ROWS if row[:2] == full[:2] and row.variant == "slim" and row.release == full.release]
    assert all(float(row.megabytes) < float(full.megabytes) for row in slim)


@pytest.mark.parametrize(
    "names",
    [
        (
            "alpine",
            "debian:bookworm-slim",
            "debian:bookworm",
            "buildpack-deps:bookworm-curl",
            "buildpack-deps:bookworm-scm",
        ),
        ("buildpack-deps:bookworm-scm", "golang:1.22-bookworm", "buildpack-deps:bookworm", "python:3.12-bookworm"),
        ("python:3.12-alpine", "python:3.12-slim-bookworm", "python:3.12-bookworm", "node:22-bookworm"),
        ("openjdk:8-jre-alpine", "openjdk:8-alpine", "openjdk:8-jre", "openjdk:8-jdk"),
        ("scratch", "gcr.io/distroless/static", "busybox", "alpine", "gcr.io/distroless/base"),
    ],
)
def test_images_that_hold_more_are_larger(names: tuple[str, ...]) -> None:
    sizes = [known(name).size.expected for name in names]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == len(sizes)


def test_packages_of_debian_itself() -> None:
    counts = {release: len(base_packages(release)) for release in ("buster", "bullseye", "bookworm", "trixie")}
    assert counts == {"buster": 0, "bullseye": 96, "bookworm": 88, "trixie": 79}
    for release in ("bullseye", "bookworm", "trixie"):
        packages = base_packages(release)
        assert {"apt", "bash", "libc6", "perl-base", "tzdata"} <= set(packages)
        assert not {"ca-certificates", "curl", "gnupg", "procps", "netbase"} & set(packages)
    assert "adduser" not in base_packages("trixie")


@pytest.mark.parametrize(
    ("reference", "size", "basis"),
    [
        pytest.param("scratch", (0, 0, 0), "empty by definition", id="nothing"),
        pytest.param("team/app:1", (5, 400, 3000), UNKNOWN.basis, id="somebody's own"),
        pytest.param("ghcr.io/astral-sh/uv:0.9", (35, 52, 70), "uv alone", id="uv alone"),
        pytest.param("ghcr.io/astral-sh/uv", (35, 52, 70), "uv alone", id="uv without a tag"),
        pytest.param(
            "ghcr.io/astral-sh/uv:python3.12-bookworm-slim",
            (157, 176, 197),
            "uv and the size of python:3.12 slim bookworm: repo-info python 3.12-slim-bookworm 2026-08",
            id="uv on Python",
        ),
        pytest.param(
            "ghcr.io/astral-sh/uv:0.9.2-bookworm-slim",
            (108, 127, 146),
            "uv and the size of debian:12 slim bookworm: repo-info debian bookworm-slim 2026-09",
            id="uv on Debian",
        ),
        pytest.param(
            "ghcr.io/astral-sh/uv:python3.12-alpine3.23",
            (83, 101, 120),
            "uv and the size of python:3.12 alpine: repo-info python 3.12-alpine3.23 2026-08",
            id="uv on Alpine",
        ),
    ],
)
def test_images_that_no_rule_describes(reference: str, size: tuple[int, int, int], basis: str) -> None:
    found, why = size_of_unknown(reference)
    assert (megabytes(found), why) == (size, basis)


@pytest.mark.parametrize(
    ("reference", "row"),
    [
        ("redhat/ubi9-minimal:9.4", "registry.access.redhat.com/ubi9/ubi-minimal full"),
        ("registry.access.redhat.com/ubi9:9.4", "registry.access.redhat.com/ubi9/ubi full"),
        ("quay.io/fedora/fedora:44", "fedora:44 full"),
        ("public.ecr.aws/amazonlinux/amazonlinux:2023", "amazonlinux:2023 full"),
        ("gcr.io/distroless/static-debian12:nonroot", "gcr.io/distroless/static full"),
        ("mcr.microsoft.com/dotnet/core/sdk:8", "mcr.microsoft.com/dotnet/sdk:8 full"),
    ],
)
def test_other_homes_of_an_image_share_its_row(reference: str, row: str) -> None:
    assert known(reference).basis.startswith(f"size of {row}: ")
