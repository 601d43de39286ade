"""What a reference says of an image, and which slim image belongs to it."""

import pytest

from dockopt.knowledge.image_contents import missing_in_slim, present_in_slim
from dockopt.knowledge.image_tags import Reference, parse_reference, version_key
from dockopt.knowledge.images import RuntimeImage, describe, jre_variant, runtime_variant, slim_variant


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("python", Reference("python", "", "")),
        ("docker.io/library/python:3.12", Reference("python", "3.12", "")),
        ("public.ecr.aws/docker/library/node:20@sha256:aa", Reference("node", "20", "sha256:aa")),
        ("mirror.gcr.io/alpine:3", Reference("alpine", "3", "")),
        ("localhost:5000/team/app:1", Reference("localhost:5000/team/app", "1", "")),
        ("docker.io/team/app", Reference("team/app", "", "")),
        ("${BASE}", None),
        ("Python:3", None),
        ("", None),
    ],
)
def test_references_are_taken_apart(reference: str, parts: Reference | None) -> None:
    assert parse_reference(reference) == parts


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("python:3.12", ("python", "3.12", ("trixie", "bookworm"), "full", "apt-get")),
        ("python:3.12.4", ("python", "3.12.4", ("bookworm",), "full", "apt-get")),
        ("python:3.12-slim-bookworm", ("python", "3.12", ("bookworm",), "slim", "apt-get")),
        ("python:3.7", ("python", "3.7", ("bookworm",), "full", "apt-get")),
        ("python:3.6-slim", ("python", "3.6", ("bullseye",), "slim", "apt-get")),
        ("python:3.11-alpine3.18", ("python", "3.11", ("3.18",), "alpine", "apk")),
        ("node:20", ("node", "20", ("bookworm",), "full", "apt-get")),
        ("node:hydrogen-slim", ("node", "18", ("bookworm", "bullseye"), "slim", "apt-get")),
        ("golang:1.22", ("golang", "1.22", ("bookworm",), "full", "apt-get")),
        ("debian:bookworm-20240110-slim", ("debian", "", ("bookworm",), "slim", "apt-get")),
        ("debian", ("debian", "", ("trixie",), "full", "apt-get")),
        ("ubuntu:22.04", ("ubuntu", "22.04", ("jammy",), "full", "apt-get")),
        ("alpine:3.19", ("alpine", "3.19", ("3.19",), "full", "apk")),
        ("eclipse-temurin:17-jre-jammy", ("eclipse-temurin", "17", ("jammy",), "jre", "apt-get")),
        ("openjdk:17", ("openjdk", "17", (), "full", "dnf")),
        ("centos:7", ("centos", "7", (), "full", "yum")),
        ("gcr.io/distroless/static:nonroot", ("distroless", "", (), "full", None)),
    ],
)
def test_tags_follow_rules(reference: str, expected: tuple[str, str, tuple[str, ...], str, str | None]) -> None:
    image = describe(reference)
    assert image is not None
    assert (image.family, image.version, image.candidates, image.variant, image.package_manager) == expected
    candidates = expected[2]
    assert image.release == (candidates[0] if len(candidates) == 1 else None)


@pytest.mark.parametrize(
    "reference", ["team/python:3.12", "python:3.12-windowsservercore", "python:3.12-ours", "golang-base", "$BASE"]
)
def test_other_images_are_not_known(reference: str) -> None:
    assert describe(reference) is None


@pytest.mark.parametrize(
    ("reference", "slim"),
    [
        ("python", "python:slim"),
        ("python:latest", "python:slim"),
        ("python:3.12", "python:3.12-slim"),
        ("python:3.12-bookworm", "python:3.12-slim-bookworm"),
        ("python:3.12-slim", "python:3.12-slim"),
        ("docker.io/library/python:3.9", "docker.io/library/python:3.9-slim"),
        ("node:20", "node:20-slim"),
        ("node:20-bookworm", "node:20-bookworm-slim"),
        ("node:lts", "node:lts-slim"),
        ("debian:12", "debian:12-slim"),
        ("debian", "debian:stable-slim"),
        ("debian:bullseye-20220509", "debian:bullseye-20220509-slim"),
        ("ruby:3.2-bookworm", "ruby:3.2-slim-bookworm"),
        ("openjdk:11-jre", "openjdk:11-jre-slim"),
        ("python:3.12-alpine", None),
        ("python:3.12@sha256:aa", None),
        ("python:3.4-wheezy", None),
        ("openjdk:17", None),
        ("golang:1.22", None),
        ("ubuntu:22.04", None),
        ("team/python:3.12", None),
    ],
)
def test_slim_variant_is_the_same_image_and_release(reference: str, slim: str | None) -> None:
    assert slim_variant(reference) == slim


@pytest.mark.parametrize(
    ("reference", "runtime"),
    [
        ("golang:1.22", RuntimeImage("debian:bookworm-slim", exact=True)),
        ("docker.io/golang:1.23-bookworm", RuntimeImage("docker.io/debian:bookworm-slim", exact=True)),
        ("golang:1.24", RuntimeImage("debian:trixie-slim", exact=False)),
        ("golang:1.24.3", RuntimeImage("debian:trixie-slim", exact=False)),
        ("golang:1.22-alpine", None),
        ("rust:1.80-slim", RuntimeImage("debian:bookworm-slim", exact=True)),
        ("rust:1-bullseye", RuntimeImage("debian:bullseye-slim", exact=True)),
        ("python:3.12", None),
    ],
)
def test_compiled_programs_run_on_debian_of_the_builders_release(reference: str, runtime: RuntimeImage | None) -> None:
    assert runtime_variant(reference) == runtime


def test_scratch_is_empty_and_has_no_shell() -> None:
    image = describe("scratch")
    assert image is not None
    assert (image.size, image.shell, image.package_manager) == ((0, 0, 0), False, None)


def test_commands_that_only_the_full_image_has() -> None:
    assert {"git", "gcc", "cc", "make", "curl", "wget", "ssh", "ps", "unzip", "convert"} <= missing_in_slim("python")
    assert "openssl" in present_in_slim("python")
    assert "openssl" not in missing_in_slim("python")
    assert "openssl" in missing_in_slim("node")
    assert "gcc" not in missing_in_slim("rust")
    assert missing_in_slim("golang") == frozenset()
    assert "ls" not in missing_in_slim("python")


@pytest.mark.parametrize(("reference", "has"), [("python:3.12-slim", True), ("node:20-slim", False), ("golang", True)])
def test_certificates(reference: str, has: bool) -> None:
    image = describe(reference)
    assert image is not None
    assert image.has_ca_certificates is has


def test_versions_compare_as_numbers() -> None:
    assert version_key("3.9") < version_key("3.12.1")
    assert version_key("8u332") == (8,)
    assert version_key("") == ()


@pytest.mark.parametrize(
    ("reference", "wanted"),
    [
        ("eclipse-temurin:17", "eclipse-temurin:17-jre"),
        ("eclipse-temurin:17-jdk-jammy", "eclipse-temurin:17-jre-jammy"),
        ("eclipse-temurin:17.0.3_7-jdk-focal", "eclipse-temurin:17.0.3_7-jre-focal"),
        ("docker.io/library/eclipse-temurin:21-jdk-alpine", "docker.io/library/eclipse-temurin:21-jre-alpine"),
        ("openjdk:8-jdk", "openjdk:8-jre"),
        ("openjdk:11-jdk-slim", "openjdk:11-jre-slim"),
        ("openjdk:17-jdk", None),
        ("eclipse-temurin:17-jre", None),
        ("eclipse-temurin", None),
        ("eclipse-temurin:12-jdk", None),
        ("amazoncorretto:17", None),
        ("eclipse-temurin:17-jdk@sha256:" + "0" * 64, None),
    ],
)
def test_runtime_images_of_java(reference: str, wanted: str | None) -> None:
    assert jre_variant(reference) == wanted


def test_backports_have_no_slim_image() -> None:
    assert slim_variant("debian:bookworm-backports") is None
