"""Which runtime libraries a `-dev` package stands for: writes `runtime_libraries.csv`.

Usage: python corpus/tables/runtime_libraries.py      (Debian with apt and apt-file)

A development package needs the library packages of its own source that it depends on at its own version. Packages
without libraries of their own stand for the development packages they depend on (`libjpeg-dev`). The libraries
of other development packages that come along are listed too, unless the first ones depend on them anyway.
"""

from functools import cache

from names import DEVELOPMENT

import debian

HEADER = "package,release,libraries,along,sonames"


def main() -> None:
    rows = [HEADER]
    for suite in debian.SUITES:
        shipped = sonames(suite)
        rows += [row for name in sorted(DEVELOPMENT) if (row := row_of(suite, name, shipped))]
    (debian.KNOWLEDGE / "runtime_libraries.csv").write_text("\n".join(rows) + "\n")
    print(f"{len(rows) - 1} rows")


@cache
def sonames(suite: str) -> dict[str, list[str]]:
    """Shared libraries by package, in the linker's folders or one below (alternatives of BLAS live there)."""
    index = debian.index(suite)
    found: dict[str, set[str]] = {}
    for package, path in debian.files(suite, r"/lib[^/]*\.so[0-9a-z.]*$"):
        folder, _, file = path.rpartition("/")
        known = index.packages.get(package)
        if (
            known
            and not is_development(package)
            and known.section in {"libs", "oldlibs", "interpreters", "net", "devel"}
        ):
            parts = folder.removeprefix("/usr").split("/")
            if parts[1:3] in (["lib", "x86_64-linux-gnu"], ["lib"]) and len(parts) <= 4:
                found.setdefault(package, set()).add(file)
    return {package: sorted(shortest(files)) for package, files in found.items()}


def shortest(files: set[str]) -> set[str]:
    """Without `libx.so.1.2` where `libx.so.1` is there too."""
    versioned = {file for file in files if not file.endswith(".so")} or files
    return {file for file in versioned if not any(file.startswith(other + ".") for other in versioned)}


def row_of(suite: str, name: str, shipped: dict[str, list[str]]) -> str | None:
    """A row, or None where the package is not there or nothing says which of the libraries it brings are needed."""
    index = debian.index(suite)
    real = index.real(name)
    if real is None:
        return None
    own = libraries(suite, real)
    toolchain = [other.name for other in index.packages.values() if is_toolchain(other)]
    come_along = index.closure([real], recommends=False, present=toolchain)
    brought = set(index.closure(own, recommends=False))
    along = [
        library
        for package in come_along[1:]
        if is_development(package)
        for library in libraries(suite, package)
        if library not in brought and library not in index.base
    ]
    if along and not own:
        return None
    files = [file for library in own for file in shipped.get(library, ())]
    return f"{name},{suite},{' '.join(own)},{' '.join(dict.fromkeys(along))},{' '.join(files[:4])}"


@cache
def libraries(suite: str, name: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The runtime library packages of a development package, its own source's first."""
    index, shipped = debian.index(suite), sonames(suite)
    package = index.packages[name]
    needed = [real for group in package.depends if (real := index.choose(group, set()))]
    own = [
        other
        for other in needed
        if other in shipped and (other in package.same_version or index.packages[other].source == package.source)
    ]
    nested = [other for other in needed if is_development(other) and not is_toolchain(index.packages[other])]
    meant = [other for other in nested if index.packages[other].source == package.source or not own]
    if package.size < EMPTY or own or any(index.packages[other].source == package.source for other in nested):
        deeper = (libraries(suite, other, (*above, name)) for other in meant if other not in above)
        own += [library for found in deeper for library in found]
    return tuple(dict.fromkeys(own))


EMPTY = 60_000
"""A package of at most this size holds nothing but its changelog and dependencies."""


def is_development(name: str) -> bool:
    return name.endswith(("-dev", "-dev-compat", "-multidev"))


def is_toolchain(package: debian.Package) -> bool:
    """The C library's and the compilers' own development files: their libraries are not what a package stands for."""
    return is_development(package.name) and (package.source == "glibc" or package.source.startswith("gcc-"))


if __name__ == "__main__":
    main()
