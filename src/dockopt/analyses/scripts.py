"""Shell scripts of the build context: what they say, without their comments."""

from collections.abc import Iterator

from dockopt.context.tree import Context
from dockopt.model.dockerfile import Dockerfile

ENDINGS = (".sh", ".bash")
RECIPES = ("Makefile", "makefile", "GNUmakefile")
LONGEST = 200_000
AROUND = "\"'`$(){};&|"
"""What may stand around a word of a command."""
FOLDERS = frozenset((".git", "node_modules", ".venv", "venv", "target", "vendor"))


def scripts_named(file: Dockerfile, text: str) -> Iterator[str]:
    """What the shell scripts of the build context say that a CMD or ENTRYPOINT names."""
    if file.context is None:
        return
    names = {word.rpartition("/")[2] for word in text.replace("[", " ").replace("]", " ").split()} - {""}
    for path in file.context.files:
        name = path.rpartition("/")[2]
        if name in names:
            script = file.context.read(path) or ""
            if name.endswith(ENDINGS) or _is_for_a_shell(script):
                yield script


def all_scripts(context: Context | None) -> str:
    """The plain words of all shell scripts and makefiles of the context: programs, subcommands, options, paths."""
    return context.once(_all, "") if context is not None else ""


def _all(context: Context, _: str) -> str:
    lines: list[str] = []
    for path, file in context.files.items():
        *folders, name = path.split("/")
        if not FOLDERS.isdisjoint(folders) or not 0 < file.size <= LONGEST:
            continue
        if not (name.endswith(ENDINGS) or name in RECIPES or "." not in name):
            continue
        text = context.read(path) or ""
        if name.endswith(ENDINGS) or name in RECIPES or _is_for_a_shell(text):
            lines += (_plain(line) for line in text.splitlines() if not line.lstrip().startswith("#"))
    return "\n".join(lines)


def _plain(line: str) -> str:
    words = (word.strip(AROUND) for word in line.split())
    return " ".join(word for word in words if word.strip("-+_/").replace("-", "").replace("/", "").isalnum()) + " "


def _is_for_a_shell(text: str) -> bool:
    return text.startswith("#!") and "sh" in text.partition("\n")[0]
