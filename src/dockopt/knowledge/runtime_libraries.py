"""Which Debian packages only a build needs, and which runtime libraries a development package stands for."""

from collections.abc import Iterable, Mapping
from functools import cache

from dockopt.knowledge.tables import table

BUILD_ONLY = frozenset(
    (
        *(
            "gcc",
            "g++",
            "cpp",
            "make",
            "cmake",
            "ninja-build",
            "meson",
            "autoconf",
            "automake",
            "libtool",
            "m4",
            "bison",
        ),
        *(
            "flex",
            "gettext-dev",
            "pkg-config",
            "pkgconf",
            "build-essential",
            "clang",
            "llvm",
            "lld",
            "binutils",
            "rustc",
        ),
        *(
            "cargo",
            "golang",
            "golang-go",
            "gfortran",
            "nasm",
            "yasm",
            "swig",
            "cython3",
            "dpkg-dev",
            "debhelper",
            "patch",
        ),
        *(
            "linux-headers-generic",
            "python3-wheel",
            "autotools-dev",
            "scons",
            "ccache",
            "gdb",
            "valgrind",
            "musl-tools",
            "maven",
            "gradle",
            "ant",
        ),
    )
)
"""Compilers and build tools: what they leave in a build does not call them again."""


def build_only(package: str) -> bool:
    """Whether a package that is not called `-dev` serves only to build others."""
    return package in BUILD_ONLY or package.startswith(("gcc-", "g++-", "clang-", "llvm-", "linux-headers-"))


def runtime_of(package: str, release: str) -> tuple[str, ...] | None:
    """The library packages that programs built with a development package need when they run.

    None where that is not known; empty where it is known that there are none (headers only, static libraries).
    """
    if package in HEADERS_ONLY:
        return ()
    return _rows().get((package, release))


def package_of_library(name: str, release: str, packages: Iterable[str]) -> str:
    """Which of these development packages brings what is linked with `-lNAME`, "" where none is known to."""
    packages = frozenset(packages)
    wanted = f"lib{name}.so"
    for row in table("runtime_libraries"):
        if row[1] == release and row[0] in packages and any(one.startswith(wanted) for one in row[4].split()):
            return row[0]
    named = f"lib{name}-dev"
    return named if named in packages and (named, release) in _rows() else ""


def names_of_libraries(package: str, release: str) -> frozenset[str]:
    """The libraries of a development package by the beginning of their file names: `libpq`."""
    rows = (row for row in table("runtime_libraries") if row[0] == package and row[1] == release)
    return frozenset(one.partition(".so")[0] for row in rows for one in row[4].split())


HEADERS_ONLY = frozenset(
    {"python3-dev", "libpython3-dev", "linux-libc-dev", "libc6-dev", "libc-dev", "libboost-dev", "libnode-dev"}
)
"""Development packages of interpreters and of the C library: the runtime image brings what they stand for.

Modules for Node link nothing of `libnode-dev`: the program that loads them holds what they call."""


@cache
def _rows() -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(row[0], row[1]): tuple((row[2] or row[3]).split()) for row in table("runtime_libraries")}
