"""Development packages in images without a compiler: what takes their place, and what keeps them."""

import pytest

from dockopt.analyses.slim.find import runtime_swap
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

INSTALL = "RUN apt-get update && apt-get install -y --no-install-recommends"


def swapped(text: str, **files: str) -> list[tuple[str, str]] | None:
    """Each word with what takes its place; `files` are named with _ for a dot."""
    context = MemoryContext({"app.py": "", **{name.replace("_", "."): content for name, content in files.items()}})
    file = Dockerfile.parse(text, context=context)
    found = runtime_swap(file, file.final)
    return None if found is None else [(word.text, name) for _, word, name in found.words]


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ("libpq-dev", [("libpq-dev", "libpq5")]),
        ("libpq-dev libicu-dev", [("libpq-dev", "libpq5"), ("libicu-dev", "libicu72")]),
        ("libpq5 libpq-dev", [("libpq-dev", "")]),
        ("python3-dev libssl-dev", None),
        ("linux-libc-dev libssl-dev", [("linux-libc-dev", ""), ("libssl-dev", "libssl3")]),
        ("default-libmysqlclient-dev", [("default-libmysqlclient-dev", "libmariadb3")]),
        ("libpq-dev=15.6-0+deb12u1", None),
        ("libmagickwand-dev", None),
    ],
)
def test_what_takes_the_place(packages: str, expected: list[tuple[str, str]] | None) -> None:
    assert swapped(f"FROM debian:bookworm-slim\n{INSTALL} {packages}\nCOPY app.py /\nCMD /app.py\n") == expected


@pytest.mark.parametrize("base", ["debian:bookworm", "node:20-bookworm-slim", "python:3.12-slim-bookworm"])
def test_images_without_a_compiler(base: str) -> None:
    assert swapped(f"FROM {base}\n{INSTALL} libpq-dev\nCMD x\n") == [("libpq-dev", "libpq5")]


@pytest.mark.parametrize(
    "base",
    [
        "python:3.12-bookworm",
        "haskell:9.10-slim-bookworm",
        "rust:1.80-slim-bookworm",
        "php:8.2-cli-bookworm",
        "ubuntu:22.04",
    ],
)
def test_images_with_a_compiler_or_that_nobody_knows(base: str) -> None:
    assert swapped(f"FROM {base}\n{INSTALL} libpq-dev\nCMD x\n") is None


@pytest.mark.parametrize(
    "lines",
    [
        f"{INSTALL} libpq-dev g++",
        f"{INSTALL} libpq-dev\n{INSTALL} clang-14",
        "RUN apt-get update && apt-get install -y libpq-dev python3-pip",
        f"{INSTALL} libpq-dev\nRUN make",
        f"{INSTALL} libpq-dev curl\nRUN curl https://sh.rustup.rs | sh",
        f"{INSTALL} libpq-dev\nCOPY --from=golang:1.22 /usr/local/go /opt/go",
        f"{INSTALL} libpq-dev\nRUN if [ -e x ]; then $COMMAND; fi; for",
    ],
)
def test_what_may_compile(lines: str) -> None:
    assert swapped(f"FROM debian:bookworm-slim\n{lines}\nCMD x\n") is None


@pytest.mark.parametrize(
    "files",
    [
        {"load_py": "ctypes.CDLL('libpq.so')\n"},
        {"Gemfile_lock": "GEM\n  specs:\n    ffi (1.16.3)\n"},
        {"package_json": '{"dependencies": {"koffi": "2"}}'},
        {"pom_xml": "<groupId>net.java.dev.jna</groupId>"},
    ],
)
def test_names_without_a_version(files: dict[str, str]) -> None:
    assert swapped(f"FROM debian:bookworm-slim\n{INSTALL} libpq-dev\nCMD x\n", **files) is None


def test_a_versioned_name_is_in_the_runtime_library() -> None:
    text = f"FROM debian:bookworm-slim\n{INSTALL} libpq-dev\nCMD x\n"
    assert swapped(text, load_py="ctypes.CDLL('libpq.so.5')\n") == [("libpq-dev", "libpq5")]
