"""What Go sources of the build context need besides their modules: programs, C code, and files beside the binary.

A look at import blocks and calls, not a parse.  Tests and vendored modules are left out: they are not in the binary.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.tree import Context

FOREIGN = frozenset(("vendor", "testdata", "node_modules", ".git"))
COMMAND = r"""\bexec\.(?:Command|LookPath)\(\s*(?:"([^"\n]*)"|`([^`\n]*)`)?"""
WITH_CONTEXT = r"""\bexec\.CommandContext\(\s*[\w.()]+\s*,\s*(?:"([^"\n]*)"|`([^`\n]*)`)?"""
OTHER_STARTS = r"\bos\.StartProcess\(|\bsyscall\.(?:Exec|ForkExec|StartProcess)\(|\bunix\.Exec\(|\bexec\.Cmd\{"
IMPORTS = r"""(?m)^import\s+(?:[\w.]+\s+)?["`]([^"`\n]+)["`]|^import\s*\(([^)]*)\)"""
IN_BLOCK = r"""["`]([^"`\n]+)["`]"""
READS = (
    r"""\b(?:os|ioutil)\.(?:Open|OpenFile|ReadFile|ReadDir|DirFS|Stat)\(\s*(?:"([^"\n]+)"|[\w`])|"""
    r"""\b(?:ParseFiles|ParseGlob|LoadHTMLGlob|LoadHTMLFiles|ServeFile|Static|StaticFS|StaticFile|Dir)\("""
    r"""[^)"\n]*(?:"([^"\n]+)")?"""
)
EMBED = r"(?m)^//go:embed[ \t]+(.+)$"


class GoSource(NamedTuple):
    """What the sources below a folder name. `embeds` are patterns relative to the file's folder, with that folder.

    `reads` are literal names of files and folders opened at run time, `dynamic_reads` says that names may be computed;
    `dynamic` says the same of programs.
    """

    files: tuple[str, ...]
    imports: frozenset[str]
    mains: tuple[str, ...]
    commands: frozenset[str]
    dynamic: bool
    uses_c: bool
    uses_plugins: bool
    embeds: tuple[str, ...]
    reads: frozenset[str]
    dynamic_reads: bool
    problems: tuple[str, ...] = ()


def scan(context: Context, folder: str = "") -> GoSource:
    """Reads every Go file below a folder but tests and vendored modules."""
    sources = [(file.path, context.read(file.path)) for file in context.under(folder) if _counts(file.path)]
    known = [(path, text) for path, text in sources if text is not None]
    problems = tuple(f"{path} cannot be read" for path, text in sources if text is None)
    everything = [_one(path, text) for path, text in known]
    unsure = bool(problems) or not context.complete
    imports = frozenset().union(*(one.imports for one in everything))
    return GoSource(
        files=tuple(path for path, _ in known),
        imports=imports,
        mains=tuple(dict.fromkeys(name for one in everything for name in one.mains)),
        commands=frozenset().union(*(one.commands for one in everything)),
        dynamic=unsure or any(one.dynamic for one in everything),
        uses_c="C" in imports,
        uses_plugins="plugin" in imports,
        embeds=tuple(embed for one in everything for embed in one.embeds),
        reads=frozenset().union(*(one.reads for one in everything)),
        dynamic_reads=unsure or any(one.dynamic_reads for one in everything),
        problems=problems,
    )


def _one(path: str, text: str) -> GoSource:
    import re  # noqa: PLC0415 - only where a source is read

    folder = path.rpartition("/")[0]
    imports = frozenset(_imports(text))
    names = re.findall(COMMAND, text) + re.findall(WITH_CONTEXT, text)
    commands = frozenset(name for pair in names for name in pair if name)
    starts = "os/exec" in imports
    reads = re.findall(READS, text)
    return GoSource(
        files=(path,),
        imports=imports,
        mains=(folder,) if re.search(r"(?m)^package main\b", text) else (),
        commands=commands if starts else frozenset(),
        dynamic=(starts and not (names and all(any(pair) for pair in names))) or bool(re.search(OTHER_STARTS, text)),
        uses_c="C" in imports,
        uses_plugins="plugin" in imports,
        embeds=tuple(f"{folder}/{one}" if folder else one for line in re.findall(EMBED, text) for one in line.split()),
        reads=frozenset(name for pair in reads for name in pair if name),
        dynamic_reads=any(not any(pair) for pair in reads),
    )


def _imports(text: str) -> Iterator[str]:
    import re  # noqa: PLC0415

    for single, block in re.findall(IMPORTS, text):
        if single:
            yield single
        yield from re.findall(IN_BLOCK, block)


def _counts(path: str) -> bool:
    return path.endswith(".go") and not path.endswith("_test.go") and FOREIGN.isdisjoint(path.split("/"))
