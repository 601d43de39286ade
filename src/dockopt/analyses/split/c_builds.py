"""What compilers, make and CMake write when a RUN calls them, and which libraries they link."""

import re
from collections.abc import Iterator
from itertools import pairwise

from dockopt.analyses.split.builder_files import BuilderFiles
from dockopt.analyses.split.c_autotools import Autotools
from dockopt.analyses.split.effects import effects
from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests import cmake, makefile
from dockopt.context.tree import Context
from dockopt.model.commands import Call, calls
from dockopt.model.instructions import Run
from dockopt.model.state import joined
from dockopt.shell.parser import parse
from dockopt.shell.tree import Refusal

COMPILERS = frozenset({"gcc", "g++", "cc", "c++", "clang", "clang++"})
BUILDERS = frozenset({"make", "gmake", "cmake", "ninja"})
IN_RECIPES = frozenset(
    {"mkdir", "echo", "printf", "rm", "ar", "ranlib", "strip", "touch", "true", "cd", "test", "[", *COMPILERS}
)
INSTALLS = frozenset({"install", "cp", "mkdir", "ln", "chmod", "strip", "echo", "printf", "true"})
FUNCTION = re.compile(
    r"\$\((?:wildcard|patsubst|subst|addprefix|addsuffix|notdir|filter(?:-out)?|sort|strip)\s[^()]*\)"
)
LINKED = re.compile(r"(?<![\w-])-l([\w.+-]+)")
ASKED = re.compile(r"pkg-config\s+[^)`\n]*--libs\s+(?:--\S+\s+)*([\w.+-]+(?:\s+[\w.+-]+)*)")


def is_compiling(call: Call) -> bool:
    return call.name in COMPILERS | BUILDERS


class Builds:
    """What is found out while a stage's steps are followed: libraries that are linked, folders that are built in.

    `written` are the libraries that are named by `-l`.
    """

    def __init__(self, files: BuilderFiles) -> None:
        self.files = files
        self.context: Context | None = None
        self.links: set[str] = set()
        self.written: set[str] = set()
        self.open_mp = False
        self.places: dict[str, None] = {}
        self.projects: dict[str, tuple[cmake.CMakeProject, str]] = {}
        self.autotools = Autotools(files)

    def of(self, call: Call, folder: str, run: Run) -> Iterator[str]:
        """The programs that one command writes.

        Raises:
            NotSplit: that cannot be told.
        """
        words = [word.text if word.value is None else word.value for word in call.arguments]
        self._take_links(" ".join(words))
        if call.name in COMPILERS:
            yield from _of_compiler(call, folder, run)
        elif self.autotools.takes(call):
            assert self.context
            self.autotools.of(call, folder, run, self.context)
        elif call.is_("cmake"):
            yield from self._of_cmake(words, folder, run)
        elif call.is_("ninja"):
            yield from self._of_make(call, words, folder, run, ninja=True)
        else:
            yield from self._of_make(call, words, folder, run)

    def _take_links(self, text: str) -> None:
        names = set(LINKED.findall(text))
        self.written |= names
        self.links |= names
        for asked in ASKED.findall(text):
            self.links |= set(asked.split())
        self.open_mp = self.open_mp or "-fopenmp" in text

    def _of_make(self, call: Call, words: list[str], folder: str, run: Run, *, ninja: bool = False) -> Iterator[str]:
        if any("$" in word and "nproc" not in word for word in words):
            raise NotSplit(f"what {call.name} builds depends on a variable", run)
        inside = next((after for before, after in pairwise(words) if before in ("-C", "--directory")), ".")
        where = joined(folder or None, inside) or ""
        given = {one.partition("=")[0]: one.partition("=")[2] for one in words if "=" in one and one[0] not in "-="}
        goals = tuple(
            word
            for before, word in pairwise(["", *words])
            if word[0] not in "-$`"
            and "=" not in word
            and before not in ("-C", "--directory", "-j", "-l")
            and not word.isdigit()
        )
        if where in self.autotools.projects:
            if given.keys() - {"V"}:
                raise NotSplit(f"{min(given)} may change where make installs", run)
            yield from self.autotools.made(where, goals, run)
            return
        if where in self.projects:
            yield from self._of_project(where, "install" in goals)
            return
        path = next((self.files.landed[f"{where}/{n}"] for n in MAKEFILES if f"{where}/{n}" in self.files.landed), None)
        if ninja or path is None or "-f" in words:
            raise NotSplit(
                f"{call.name} works in {where or 'a folder'}, where nothing that can be read tells it what to do", run
            )
        assert self.context
        found = makefile.parse(self.context.read(path) or "")
        if found.problem:
            raise NotSplit(f"{path} {found.problem}", run)
        self._take_links(found.expanded(" ".join(found.variables.values()), given))
        for rule in found.made(goals, given):
            yield from self._of_rule(rule, where, path, run)

    def _of_rule(self, rule: makefile.Rule, where: str, path: str, run: Run) -> Iterator[str]:
        installs = any(target.startswith("install") for target in rule.targets)
        for line in rule.recipe:
            plain = line.lstrip("@-+ ").replace("$@", rule.targets[0] if rule.targets else "").replace("$<", "source")
            self._take_links(plain)
            if not installs:
                plain = FUNCTION.sub("sources", plain)
            script = parse(plain.replace("$^", "sources").replace("$$", "$"))
            if isinstance(script, Refusal) or "$(" in plain:
                raise NotSplit(f"a recipe of {path} cannot be read: {plain[:40]}", run)
            for call in calls(script):
                self._of_recipe(call, where, path, run, installs=installs)
        if rule.recipe and not installs:
            for target in rule.targets:
                if "%" not in target and "$" not in target and not target.endswith((".o", ".a", ".so")):
                    place = joined(where, target)
                    if place and any(c.split()[0].lstrip("@-") in COMPILERS for c in rule.recipe if c.split()):
                        yield place
                        self.places[place.rpartition("/")[0]] = None
                if ".so" in target:
                    raise NotSplit(f"{path} builds a shared library", run)

    def _of_recipe(self, call: Call, where: str, path: str, run: Run, *, installs: bool) -> None:
        name = call.name or ""
        if installs and name in INSTALLS:
            self.files.apply(list(effects(call, where)), run)
        elif name not in IN_RECIPES or (name not in COMPILERS and any((v or "/").startswith("/") for v in call.values)):
            raise NotSplit(f"{path} calls {call.words[0].text}, which is not followed", run)

    def _of_cmake(self, words: list[str], folder: str, run: Run) -> Iterator[str]:
        if "--version" in words or "-E" in words:
            return
        if words[:1] in (["--build"], ["--install"]):
            where = joined(folder or None, words[1] if len(words) > 1 else None) or ""
            if where not in self.projects or "--prefix" in words:
                raise NotSplit("cmake builds in a folder that it was not told of before", run)
            yield from self._of_project(where, words[0] == "--install" or "install" in words[2:])
            return
        source, build = _folders(words, folder)
        path = self.files.landed.get(f"{source}/CMakeLists.txt")
        if path is None or build is None:
            raise NotSplit("CMakeLists.txt is not in the build context where cmake works", run)
        assert self.context
        project = cmake.read(self.context, path.rpartition("/")[0])
        if project.problem:
            raise NotSplit(project.problem, run)
        unread = [
            word
            for word in words
            if word.startswith("-D") and ("OUTPUT" in word or "SHARED" in word or "TOOLCHAIN" in word)
        ]
        if unread:
            raise NotSplit(f"{unread[0]} may change what cmake builds", run)
        prefix = next(
            (word.partition("=")[2] for word in words if word.startswith("-DCMAKE_INSTALL_PREFIX")), "/usr/local"
        )
        self.links |= {name.removeprefix("-l") for name in project.links}
        self.projects[build] = (project, prefix)
        if build != source:
            self.places[build] = None

    def _of_project(self, build: str, installs: bool) -> Iterator[str]:
        project, prefix = self.projects[build]
        for program in project.programs:
            yield "/".join(part for part in (build, program.folder, program.name) if part)
        for name, place in project.installs if installs else ():
            for program in project.programs:
                if program.name == name:
                    self.files.copied.add("/".join(part for part in (build, program.folder, name) if part))
                    yield joined(prefix, f"{place}/{name}") or ""


MAKEFILES = ("GNUmakefile", "makefile", "Makefile")


def _of_compiler(call: Call, folder: str, run: Run) -> Iterator[str]:
    values = call.values
    if call.has("--version", "-v", "-dumpversion") or call.has("-c", "-E", "-S"):
        return
    if call.has("-shared"):
        raise NotSplit("the build writes a shared library", run)
    named = [after for before, after in pairwise(values) if before == "-o"]
    named += [(value or "")[2:] for value in values if value and value.startswith("-o") and len(value) > 2]
    place = joined(folder or None, named[-1] if named else "a.out")
    if place is None:
        raise NotSplit("where the compiler writes is not known", run)
    yield place


def _folders(words: list[str], folder: str) -> tuple[str, str | None]:
    """The source and the build folder that cmake is called with."""
    source = next((after for before, after in pairwise(words) if before == "-S"), "")
    build = next((after for before, after in pairwise(words) if before == "-B"), "")
    for word in words:
        source = word[2:] if word.startswith("-S") and len(word) > 2 else source
        build = word[2:] if word.startswith("-B") and len(word) > 2 else build
    plain = [
        w for b, w in pairwise(["", *words]) if not w.startswith("-") and b not in ("-S", "-B", "-G", "-D", "-A", "-T")
    ]
    source = source or (plain[0] if plain else ".")
    return joined(folder or None, source) or "", joined(folder or None, build or ".")
