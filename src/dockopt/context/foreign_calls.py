"""What sources of compiled languages call besides their own code: programs, shared libraries loaded by name.

A look at calls, not a parse: a name that is not written out is said to be computed.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from dockopt.context.tree import Context


class Language(NamedTuple):
    """How calls look. `starts` match calls of programs with the literal name as their group, `computes` all other
    ways to start one; `lines` match calls whose literal is a whole command line for a shell, `loads` libraries loaded
    by name.
    """

    suffixes: tuple[str, ...]
    starts: str
    computes: str = ""
    lines: str = ""
    loads: str = ""


class ForeignCalls(NamedTuple):
    """`commands` and `lines`, whole command lines for a shell, come with their file; `dynamic` and `loads` are files in
    which names of programs or libraries are computed.
    """

    commands: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    dynamic: tuple[str, ...]
    loads: tuple[str, ...]
    problems: tuple[str, ...]


RUST = Language(
    suffixes=(".rs",),
    starts=r"""\bCommand::new\(\s*(?:"([^"\n]*)")?""",
    computes=r"\b(?:execvpe?|execve?|posix_spawnp?)\(|\bcmd!\(|\bspawn_with_output\(|\brun_cmd!\(|\brun_fun!\(",
    loads=r"\blibloading::|\bdlopen\w*::|\bdlopen\(",
)
C = Language(
    suffixes=(".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".C"),
    starts=r"""\b(?:execlp?|execle|execvp?e?|execve|posix_spawnp?)\s*\(\s*(?:[\w&]+\s*,\s*(?=")|)(?:"([^"\n]*)")?""",
    computes=r"\bQProcess\b|\bboost::process\b",
    lines=r"""\b(?:system|popen)\s*\(\s*(?:"([^"\n]*)")?""",
    loads=r"\bdlopen\s*\(|\blt_dlopen\w*\s*\(|\bg_module_open\s*\(",
)
JAVA = Language(
    suffixes=(".java", ".kt", ".scala", ".groovy"),
    starts=r"""\bnew\s+ProcessBuilder\(\s*(?:"([^"\n]*)")?|\bProcessBuilder\(\s*(?:"([^"\n]*)")""",
    computes=r"\bProcessBuilder\(\s*\w|\bCommandLine\.parse\(",
    lines=r"""(?:\bgetRuntime\(\)|\bruntime)\s*\.\s*exec\(\s*(?:"([^"\n]*)")?""",
    loads=r"\bSystem\.load(?:Library)?\(|\bNative\.load(?:Library)?\(",
)
CSHARP = Language(
    suffixes=(".cs", ".fs", ".vb"),
    starts=r"""\bProcess\.Start\(\s*(?:"([^"\n]*)")?|\bnew\s+ProcessStartInfo\(\s*(?:"([^"\n]*)")?|\bFileName\s*=\s*"([^"\n]*)\"""",
    computes=r"\bnew\s+ProcessStartInfo\s*\{|\bCli\.Wrap\(",
    loads=r"\bDllImport\(|\bLibraryImport\(|\bNativeLibrary\.Load\(",
)


def scan(context: Context, paths: Iterable[str], language: Language) -> ForeignCalls:
    """What the sources among these context paths call."""
    commands: dict[tuple[str, str], None] = {}
    lines: dict[tuple[str, str], None] = {}
    dynamic: list[str] = []
    loads: list[str] = []
    problems: list[str] = []
    for path in sorted(path for path in paths if path.endswith(language.suffixes)):
        text = context.read(path)
        if text is None:
            problems.append(f"{path} cannot be read")
            continue
        text = _without_comments(text)
        computed = bool(language.computes and re.search(language.computes, text))
        for pattern, found in ((language.starts, commands), (language.lines, lines)):
            names = _literals(pattern, text)
            found.update(dict.fromkeys((name, path) for name in names if name))
            computed = computed or "" in names
        if computed:
            dynamic.append(path)
        if language.loads and re.search(language.loads, text):
            loads.append(path)
    return ForeignCalls(tuple(commands), tuple(lines), tuple(dynamic), tuple(loads), tuple(problems))


def _literals(pattern: str, text: str) -> list[str]:
    """The literal of every match, "" where a call has none."""
    if not pattern:
        return []
    return ["".join(group or "" for group in match.groups()) for match in re.finditer(pattern, text)]


def _without_comments(text: str) -> str:
    kept: Callable[[re.Match[str]], str] = lambda match: match[0] if match[0].startswith('"') else " "  # noqa: E731
    return re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', kept, text, flags=re.DOTALL)
