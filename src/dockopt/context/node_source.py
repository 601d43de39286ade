"""What JavaScript and TypeScript sources of the build context run: programs, as far as they are written out.

A look at the words, not a parse: a word in a comment counts.  That errs on the side of "there may be others".
"""

from typing import NamedTuple

from dockopt.context.shell_text import RUNNERS, programs
from dockopt.context.tree import Context

EXTENSIONS = (".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".mts", ".cts")
TYPES_ONLY = (".d.ts", ".d.mts", ".d.cts")
FOREIGN = frozenset(("node_modules", "bower_components", ".git", ".yarn"))
RUNS = r"child_process|\bexeca\b|\bshelljs\b|\bzx\b|\bcross-spawn\b|\bnode-pty\b|\bBun\.(?:spawn|\$)|\bDeno\.Command\b"
OTHERS = (
    r"\bshelljs\b|\bzx\b|\bnode-pty\b|\bBun\.\$|\bpromisify\(|\bexeca?(?:Command)?`|\$`|"
    r"\b(?:exec|spawn|fork)\w*(?:\s*:\s*|\s+as\s+)\w|=\s*(?:\w+\.)?(?:exec|spawn|fork)\w*\s*(?:[;,\n]|$)"
)
TO_SHELL = r"""\b(exec|execSync|execaCommand|execaCommandSync)\(\s*"""
TO_PROGRAM = r"""\b(spawn|spawnSync|execFile|execFileSync|execa|execaSync|Command|fork)\(\s*"""
QUOTED = r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`$\\]*)`)\s*[,)]"""
NATIVE = r"""\brequire\(\s*['"]([^'"\n]+)['"]\s*\)|\bfrom\s+['"]([^'"\n]+)['"]|\bimport\(?\s*['"]([^'"\n]+)['"]"""


class NodeSource(NamedTuple):
    """What the sources below a folder name. `runs` are the files that can start programs at all."""

    runs: tuple[str, ...]
    commands: frozenset[str]
    imports: frozenset[str]
    dynamic: bool
    problems: tuple[str, ...] = ()


def scan(context: Context, folder: str = "") -> NodeSource:
    """Reads every source below a folder but those of installed packages and type declarations."""
    import re  # noqa: PLC0415 - only where a source is read

    runs: list[str] = []
    problems: list[str] = []
    commands: set[str] = set()
    imports: set[str] = set()
    dynamic = not context.complete
    for file in context.under(folder):
        if not _counts(file.path):
            continue
        text = context.read(file.path)
        if "." not in file.path.rpartition("/")[2] and not is_node_script(text or ""):
            continue
        if text is None:
            problems.append(f"{file.path} cannot be read")
            continue
        imports.update(_package(name) for found in re.findall(NATIVE, text) for name in found if name)
        if re.search(RUNS, text):
            runs.append(file.path)
            found, unsure = programs_in(text)
            commands |= found
            dynamic = dynamic or unsure
    imports.discard("")
    return NodeSource(tuple(runs), frozenset(commands), frozenset(imports), dynamic or bool(problems), tuple(problems))


def programs_in(text: str) -> tuple[frozenset[str], bool]:
    """Programs that a source which starts some names, and whether there may be others."""
    import re  # noqa: PLC0415

    names: set[str] = set()
    unsure = re.search(OTHERS, text) is not None
    calls = 0
    for pattern, is_shell in ((TO_SHELL, True), (TO_PROGRAM, False)):
        for call in re.finditer(pattern, text):
            calls += 1
            quoted = re.compile(QUOTED).match(text, call.end())
            given = next((one for one in quoted.groups() if one is not None), "") if quoted else ""
            if not given:
                unsure = True
            elif is_shell:
                found, more = programs(given)
                names |= found
                unsure = unsure or more
            else:
                names.add("node" if call[1] == "fork" else given)
                unsure = unsure or given in RUNNERS
    return frozenset(names), unsure or not calls


def _counts(path: str) -> bool:
    """Whether a file is a source by its name; one without an ending may be."""
    if path.endswith(TYPES_ONLY) or not FOREIGN.isdisjoint(path.split("/")):
        return False
    return path.endswith(EXTENSIONS) or "." not in path.rpartition("/")[2]


def is_node_script(text: str) -> bool:
    """Whether the first line of a file says that Node runs it, as that of `bin/www` does."""
    first = text.partition("\n")[0]
    return first.startswith("#!") and any(name in first for name in ("node", "tsx", "bun", "deno"))


def _package(name: str) -> str:
    """The package of an imported path, "" for a file of the project and for Node's own modules."""
    if name.startswith((".", "/", "node:", "@/", "~/", "#")):
        return ""
    parts = name.split("/")
    return "/".join(parts[:2]) if name.startswith("@") else parts[0]
