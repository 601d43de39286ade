"""A CMake project that can be read without running CMake: programs, what they link, where they are installed."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dockopt.context.tree import Context

COMMAND = re.compile(r"(?is)(?:^|\n)\s*(\w+)\s*\(((?:[^()\"]|\"[^\"]*\"|\([^()]*\))*)\)")
UNREAD = re.compile(
    r"(?i)RUNTIME_OUTPUT|EXECUTABLE_OUTPUT_PATH|\bOUTPUT_NAME\b|_POSTFIX\b|BUILD_SHARED_LIBS|"
    r"\b(?:FetchContent_\w+|ExternalProject_\w+|CPMAddPackage|install_files|add_custom_command|file\s*\(\s*DOWNLOAD)"
)
SCOPES = frozenset({"PRIVATE", "PUBLIC", "INTERFACE", "LINK_PUBLIC", "LINK_PRIVATE", "debug", "optimized", "general"})
GENERATED = frozenset({"STATIC", "OBJECT", "INTERFACE", "ALIAS"})


class Program(NamedTuple):
    """A program, and the folder below the build folder that it is written to."""

    name: str
    folder: str


class CMakeProject(NamedTuple):
    """`links` are names that programs link and that are not the project's own libraries; `installs` maps program names
    to folders below the prefix.
    """

    programs: tuple[Program, ...] = ()
    links: frozenset[str] = frozenset()
    installs: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def read(context: Context, folder: str) -> CMakeProject:
    """The project whose CMakeLists.txt is in a folder of the context."""
    return context.once(_read, folder)


def _read(context: Context, folder: str) -> CMakeProject:
    programs: list[Program] = []
    links: dict[str, None] = {}
    installs: list[tuple[str, str]] = []
    own: set[str] = set()
    problems: list[str] = []
    for name, words, inside, path in _commands(context, folder, "", problems):
        match name:
            case "add_executable":
                programs.append(Program(words[0], inside))
            case "add_library":
                own.add(words[0])
                if not GENERATED & {*words[1:2]} and "SHARED" not in words and "MODULE" not in words:
                    continue
                if {"SHARED", "MODULE"} & {*words}:
                    problems.append(f"{path} builds a shared library")
            case "target_link_libraries":
                links |= dict.fromkeys(word for word in words[1:] if word not in SCOPES)
            case "link_libraries":
                links |= dict.fromkeys(words)
            case "install":
                installs += _installed(words, path, problems)
            case "project":
                pass
    links = {name: None for name in links if name not in own}
    if any("$" in program.name for program in programs):
        problems.append("a program's name is an expression")
    return CMakeProject(tuple(programs), frozenset(links), tuple(installs), next(iter(problems), ""))


def _commands(
    context: Context, folder: str, inside: str, problems: list[str]
) -> Iterator[tuple[str, list[str], str, str]]:
    path = "/".join(part for part in (folder, inside, "CMakeLists.txt") if part)
    text = context.read(path)
    if text is None:
        problems.append(f"{path} is not in the build context")
        return
    text = re.sub(r"#[^\n]*", "", text)
    unread = UNREAD.search(text)
    if unread:
        problems.append(f"{path} uses {unread[0].strip()}, which is not read")
    project = re.search(r"(?is)\bproject\s*\(\s*([\w.-]+)", text)
    for name, body in COMMAND.findall(text):
        words = body.replace('"', " ").split()
        if project:
            words = [re.sub(r"\$\{(?:PROJECT_NAME|CMAKE_PROJECT_NAME)\}", project[1], word) for word in words]
        if name.lower() == "add_subdirectory" and words:
            yield from _commands(context, folder, "/".join(part for part in (inside, words[0]) if part), problems)
        elif words:
            yield name.lower(), words, inside, path


def _installed(words: list[str], path: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    if words[0] != "TARGETS":
        problems.append(f"{path} installs more than programs")
        return
    names = []
    for word in words[1:]:
        if word in ("DESTINATION", "RUNTIME", "LIBRARY", "ARCHIVE", "COMPONENT", "EXPORT", "BUNDLE", "PERMISSIONS"):
            break
        names.append(word)
    places = [after for before, after in pairwise(words) if before == "DESTINATION"]
    place = places[0] if places else "bin"
    place = place.replace("${CMAKE_INSTALL_BINDIR}", "bin")
    if "$" in place or len(set(places)) > 1:
        problems.append(f"{path} installs to a folder that depends on a variable")
    yield from ((name, place) for name in names)
