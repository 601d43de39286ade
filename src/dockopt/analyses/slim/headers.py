"""Development packages in an image without a compiler: nothing there can use their headers, only their libraries.

`libpq-dev` is headers, a static library, the name `libpq.so` without a version and `pg_config`; programs that are built
need `libpq5`. Whatever else the package brought is installed by its own name.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dockopt.analyses.apt import Apt, apt_commands
from dockopt.analyses.development import development_sign
from dockopt.analyses.split.find import split_verdict
from dockopt.analyses.split.splitter import STATIC
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.apt_packages import Packages, packages_of
from dockopt.knowledge.image_contents import roots
from dockopt.knowledge.images import Image, describe
from dockopt.knowledge.runtime_libraries import HEADERS_ONLY, names_of_libraries, runtime_of
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage
from dockopt.shell.tree import Word

WITHOUT_COMPILER = frozenset({"python", "node", "ruby"})
"""Languages whose slim images have no compiler; those of Rust and Haskell have."""
COMPILERS = ("gcc", "g++", "clang", "tcc", "rustc", "cargo", "golang", "ghc", "gfortran", "gnat", "build-essential")
BUILDS = frozenset(
    "gcc g++ cc c++ clang make cmake ninja meson cargo rustc rustup go stack cabal opam sbt dub pecl phpize conda mamba"
    " docker-php-ext-install micromamba brew nix nix-env nix-build sdk asdf mise swift zig node-gyp R Rscript cpan"
    " cpanm".split()
)
"""Programs that compile, or bring a compiler."""
BRINGS_COMPILER = ("rustup", "miniconda", "miniforge", "linuxbrew", "/usr/local/go", "zigup", "nixos.org")
FOR_BUILDING = frozenset(
    "pkg-config pkgconf pkgconf-bin libpkgconf3 icu-devtools manpages libc-dev-bin libc-devtools linux-libc-dev m4"
    " rpcsvc-proto autotools-dev autoconf automake libtool xorg-sgml-doctools dpkg-dev libdpkg-perl patch".split()
)
"""What development packages bring that only a build calls."""
OF_C_LIBRARY = ("libc6-dev",)
"""What nearly every development package depends on; it brings programs that draw graphs, with their libraries."""
NAMELESS = (
    *(
        "koffi",
        "ffi-napi",
        "node-ffi",
        "    ffi (",
        "jnr-ffi",
        "net.java.dev.jna",
        "com.sun.jna",
        "FFI::cdef",
        "fiddle",
    ),
    *(
        "System.loadLibrary(",
        "DllImport(",
        "LibraryImport(",
        "ffi.load(",
        "ffi.dlopen(",
        "Deno.dlopen(",
        "FFI::Platypus",
    ),
)
"""Marks of files whose program may load libraries by names without a version."""
READ = (
    *(".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".java", ".kt", ".php", ".sh", ".lock", ".json", ".xml", ".gradle"),
    *(
        ".c",
        ".h",
        ".cc",
        ".cpp",
        ".go",
        ".rs",
        ".scala",
        ".cs",
        ".pl",
        ".lua",
        ".toml",
        ".cfg",
        ".ini",
        ".conf",
        ".yml",
        ".yaml",
        ".txt",
    ),
)
TELL_BUILDS = (
    *("pg_config", "mysql_config", "mariadb_config", "curl-config", "xml2-config", "xslt-config", "pcre-config"),
    *("pcre2-config", "icu-config", "gdal-config", "geos-config", "nc-config", "krb5-config", "sdl2-config"),
)
"""Programs of development packages that scripts may ask."""
SYSTEM = frozenset({"", "/", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/opt", "/root", "/lib"})
MORE_AT_MOST = 5
FILES_AT_MOST = 5000


class Swap(NamedTuple):
    """Words of installs, each with the packages that take its place, "" for none."""

    words: tuple[tuple[Run, Word, str], ...]
    evidence: tuple[Evidence, ...]


def runtime_libraries(file: Dockerfile, stage: Stage) -> Swap | None:
    """What a shipped stage can install instead of development packages, None where that is not sure."""
    if stage.index not in file.shipped:
        return None
    commands = [(run, apt) for run in stage.runs if not run.opaque for apt in apt_commands(run, "install")]
    dropped = [
        word.value for _, apt in commands for word in apt.reading.operands if (word.value or "").endswith("-dev")
    ]
    if not dropped:
        return None
    found = _Runtime(file, stage, commands)
    return found.swap([name for name in dropped if name]) if found.is_sure() else None


class _Runtime:
    """A stage with all that its image contains, and the stages that are built on it."""

    def __init__(self, file: Dockerfile, stage: Stage, commands: list[tuple[Run, Apt]]) -> None:
        self.file = file
        self.stage = stage
        self.context = file.context
        self.commands = commands
        self.members = (*file.chain(stage), *file.built_on(stage))
        self.image = describe(file.root(stage).base or "")

    def is_sure(self) -> bool:
        image = self.image
        if image is None or image.distribution != "debian" or not image.candidates:
            return False
        if self.context and not (self.context.complete and len(self.context.files) <= FILES_AT_MOST):
            return False
        if not (image.family == "debian" or (image.family in WITHOUT_COMPILER and image.variant == "slim")):
            return False
        if any(split_verdict(self.file, one).plan or development_sign(self.file, one) for one in self.members):
            return False
        if any(run.opaque for one in self.members for run in one.runs):
            return False
        return not (self._copies_programs() or self._is_copied_from() or self._compiles(image))

    def _compiles(self, image: Image) -> bool:
        """Whether a compiler is in one of the images, or may be."""
        runs = [run for one in self.members for run in one.runs]
        if any(call.name in BUILDS for run in runs for call in run.calls):
            return True
        if any(mark in run.shell_text for run in runs for mark in BRINGS_COMPILER):
            return True
        names = [*roots(image.family, image.variant)]
        for run in runs:
            names += [name for apt in apt_commands(run, "install") for name in _asked(apt)]
        return any(map(_is_compiler, names)) or any(
            _is_compiler(name)
            for release in image.candidates
            for name in packages_of(release).install(tuple(names), recommends=True).packages
        )

    def _copies_programs(self) -> bool:
        """Whether a COPY may bring a compiler."""
        for copy in (copy for one in self.members for copy in one.copies):
            source = self.file.stage_named(copy.from_ or "")
            places = [(path or "").rstrip("/") for path in copy.expanded_sources]
            if copy.from_ and source is None and not any(name in copy.from_ for name in STATIC):
                return True
            if source and any(path in SYSTEM or path.endswith(("/go", "/.cargo", "/cargo")) for path in places):
                return True
        return False

    def _is_copied_from(self) -> bool:
        members = {member.index for member in self.members}
        return any(members & self.file.sources_of(other) for other in self.file.stages)

    def swap(self, dropped: list[str]) -> Swap | None:
        assert self.image
        releases = self.image.candidates
        libraries: dict[str, tuple[str, ...]] = {}
        for name in dropped:
            answers = {() if name in HEADERS_ONLY else runtime_of(name, release) for release in releases}
            answer = next(iter(answers))
            if len(answers) != 1 or answer is None:
                return None
            libraries[name] = answer
        if self._names_unversioned(dropped, releases):
            return None
        lost = {name for release in releases for name in self._lost(packages_of(release), libraries)}
        if len(lost) > MORE_AT_MOST or not all(name.startswith("lib") for name in lost):
            return None
        last = next(reversed(libraries))
        libraries[last] = (*libraries[last], *sorted(lost))
        return Swap(tuple(self._words(libraries)), tuple(self._evidence(libraries)))

    def _lost(self, index: Packages, libraries: dict[str, tuple[str, ...]]) -> Iterator[str]:
        """Packages beyond headers and tools of a build that would not be there any more; not what these bring."""
        before: set[str] = set()
        after: set[str] = set()
        for _, apt in self.commands:
            recommends = apt.reading.option("--no-install-recommends") is None
            names = _asked(apt)
            new = [one for name in names for one in libraries.get(name, (name,))]
            before |= {*index.install(tuple(names), recommends=recommends).packages}
            after |= {*new, *index.install(tuple(new), recommends=recommends).packages}
            after |= {*index.install(OF_C_LIBRARY, recommends=recommends).packages}
        lost = [
            one
            for one in sorted(before - after - FOR_BUILDING)
            if "-dev" not in one and not one.endswith(("-doc", "-dbg"))
        ]
        implied = {one for name in lost for one in index.install((name,), recommends=False).packages if one != name}
        yield from (name for name in lost if name not in implied)

    def _names_unversioned(self, dropped: Iterable[str], releases: Iterable[str]) -> bool:
        if any(name in self.file.text for name in TELL_BUILDS):
            return True
        stems = {stem for name in dropped for release in releases for stem in names_of_libraries(name, release)}
        for path in self.context.files if self.context else ():
            if path.endswith(READ) or "." not in path.rpartition("/")[2]:
                text = (self.context.read(path) if self.context else "") or ""
                script = path.endswith(".sh") or text.startswith("#!")
                if any(mark in text for mark in NAMELESS) or (script and any(name in text for name in TELL_BUILDS)):
                    return True
                if ".so" in text and any(f"{stem}.so{end}" in text for stem in stems for end in "'\"` \n)"):
                    return True
        return False

    def _words(self, libraries: dict[str, tuple[str, ...]]) -> Iterator[tuple[Run, Word, str]]:
        written = {word.value for _, apt in self.commands for word in apt.reading.operands}
        for run, apt in self.commands:
            for word in apt.reading.operands:
                names = libraries.get(word.value or "")
                if names is not None:
                    fresh = [name for name in names if name not in written]
                    written.update(fresh)
                    yield run, word, " ".join(fresh)

    def _evidence(self, libraries: dict[str, tuple[str, ...]]) -> Iterator[Evidence]:
        yield Evidence("the image has no compiler, and nothing brings one", Strength.KNOWN, self.stage.node.span)
        for name, found in libraries.items():
            what = " and ".join(found) or "nothing"
            yield Evidence(f"{what} is what {name} brings that a program needs as it runs", Strength.KNOWN)
        if self.context is None:
            claim = "hoped: nothing names a library without its version; no build context shows it"
            yield Evidence(claim, Strength.ASSUMED)
            return
        claim = (
            "no file names a library without its version; trusted: nothing that the program imports does,"
            " or links libraries that only libc6-dev brought along"
        )
        yield Evidence(claim, Strength.INFERRED)


def _asked(apt: Apt) -> list[str]:
    """The packages that a command installs, without versions and architectures; g++ keeps its signs."""
    words = [word.value or "" for word in apt.reading.operands]
    return [word.partition("=")[0].partition("/")[0].partition(":")[0] for word in words if word]


def _is_compiler(name: str) -> bool:
    return name.startswith(COMPILERS) and not name.endswith(("-base", "-doc", "-locales"))
