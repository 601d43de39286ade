"""The programs that a container calls when it runs: by CMD, ENTRYPOINT, HEALTHCHECK and the scripts they start."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dockopt.analyses.split.plan import NotSplit
from dockopt.context.sources import destination, is_remote, match
from dockopt.knowledge.base_commands import BUILTINS, ESSENTIAL
from dockopt.model.commands import calls
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.shell.parser import parse as parse_shell
from dockopt.shell.tree import Refusal, commands
from dockopt.syntax.arguments import exec_form

SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""The folders of PATH in Debian's images and those made from them."""
SHELLS = frozenset({"sh", "bash", "dash", "ash"})
OWN_PATH = re.compile(r"(?<![A-Z_])PATH=|\benv -i\b|\benv --ignore-environment\b")
LOGIN_OPTIONS = frozenset({"-l", "--login", "-lc", "-ic", "-li"})
RUNS_RECIPES = frozenset({"make", "just", "task", "rake", "tox", "nox", "invoke"})
"""Programs that call others which are named in a file of their own."""
RESETS_PATH = frozenset({"su", "sudo", "cron", "crond", "runuser", "login"})
"""Programs that start others with a PATH of their own."""
PASSES_ON = frozenset({"exec", "env", "nice", "nohup", "timeout", "tini", "dumb-init", "gosu", "stdbuf", "time"})

REST = frozenset({"$@", "${@}", "$*", "$1"})
"""The arguments of a script, which CMD gives."""
DECOMPRESSORS = {
    "bzip2": ("j", "--bzip2", (".bz2", ".tbz", ".tbz2")),
    "xz": ("J", "--xz", (".xz", ".txz")),
    "zstd": ("", "--zstd", (".zst", ".tzst")),
}
"""Programs that tar calls: the letter, the option and the endings of archives that make it do so."""


class Program(NamedTuple):
    """A program as it is named, with its arguments, and where the call was seen."""

    name: str
    arguments: tuple[str | None, ...]
    where: str
    read: bool = False
    """Whether a shell reads it as a script, whatever it is called and whatever its first line says."""


def start_programs(file: Dockerfile, stage: Stage) -> Iterator[Program]:
    """Every program that the container of a stage may call as it starts or is checked.

    Raises:
        NotSplit: a call cannot be read.
    """
    files = image_files(file, stage)
    seen: set[str] = set()
    for step in (_last(file, stage, keyword) for keyword in ("ENTRYPOINT", "CMD", "HEALTHCHECK")):
        if step is None or (step.keyword == "CMD" and not _cmd_is_program(file, stage, files)):
            continue
        for program in _of_step(step):
            yield from _with_scripts(file, stage, program, files, seen)


def _last(file: Dockerfile, stage: Stage, keyword: str) -> Step | None:
    """The last instruction of a kind, in the stages that this one is built on too."""
    return next((step for one in reversed(file.chain(stage)) if (step := one.last(keyword))), None)


def _cmd_is_program(file: Dockerfile, stage: Stage, files: Mapping[str, str]) -> bool:
    """Whether CMD names a program: ENTRYPOINT is not there, or may run its arguments."""
    entrypoint = _last(file, stage, "ENTRYPOINT")
    if entrypoint is None:
        return True
    words = entrypoint.node.exec_form
    if not words:
        return False
    if words[0].rpartition("/")[2] in SHELLS | PASSES_ON:
        return True
    path = files.get(found_script(stage, Program(words[0], words[1:], "ENTRYPOINT"), files))
    text = file.context.read(path) if path and file.context else None
    return text is not None and ('"$@"' in text or "$*" in text or "exec $@" in text)


def image_files(file: Dockerfile, stage: Stage) -> Mapping[str, str]:
    """Where files of the build context end up: image path to context path, the last COPY winning."""
    landed: dict[str, str] = {}
    for copy in (copy for one in file.chain(stage) for copy in one.copies):
        landed |= landing(file, copy)
    return landed


def landing(file: Dockerfile, copy: Copy) -> Mapping[str, str]:
    """What one COPY or ADD brings from the context: image path to context path; empty where that is not known."""
    sources = copy.expanded_sources
    if file.context is None or copy.from_ or copy.inline or any(s is None or is_remote(s) for s in sources):
        return {}
    matched = match(file.context, [source for source in sources if source])
    target = copy.state.expand(copy.destination)
    found = destination(matched, target, copy.state.folder or "/") if target is not None else None
    return {image: path for path, image in (found or {}).items()}


def _of_step(step: Step) -> Iterator[Program]:
    text, words = step.text, step.node.exec_form
    if step.keyword == "HEALTHCHECK":
        kind, _, rest = text.partition(" ")
        if kind.upper() != "CMD":
            return
        text = rest.strip()
        words = exec_form(text)
    if words is not None:
        yield from of_words(words, step.keyword)
    elif not step.state.posix:
        raise NotSplit(f"{step.keyword} runs under another shell", step)
    else:
        yield from of_shell(text, step.keyword)


def of_words(words: tuple[str, ...], where: str) -> Iterator[Program]:
    """The programs that a list of words calls: the first, or what a shell is asked to run."""
    if not words:
        return
    name = words[0].rpartition("/")[2]
    if name in SHELLS and any(word in LOGIN_OPTIONS for word in words[1:3]):
        raise NotSplit(f"{where} runs a login shell, which sets a PATH of its own")
    if name in SHELLS and len(words) > 2 and words[1] in ("-c", "-ec", "-exc", "-xc", "-euc"):
        yield from of_shell(words[2], where)
    elif name in SHELLS:
        yield Program(words[0], words[1:], where)
        yield from _of_shell_script(words[1:], where)
    elif words[0] == "--" or (name in PASSES_ON and len(words) > 1):
        rest = words[1:]
        yield Program(words[0], words[1:], where)
        while rest and (rest[0].startswith("-") or "=" in rest[0] or (name == "nice" and rest[0].isdigit())):
            rest = rest[1:]
        yield from of_words(rest[1:] if name in ("gosu", "timeout") else rest, where)
    else:
        yield Program(words[0], words[1:], where)


def _of_shell_script(words: Sequence[str | None], where: str) -> Iterator[Program]:
    """The file that a shell is given to read, which it looks for in the working folder.

    Raises:
        NotSplit: which one is not known as written.
    """
    rest = list(words)
    while rest and (rest[0] or "").startswith(("-", "+")):
        if rest[0] == "-s":
            return
        if "c" in (rest[0] or "") and not (rest[0] or "").startswith("--"):
            if len(rest) > 1 and rest[1] is not None:
                yield from of_shell(rest[1], where)
            return
        rest = rest[2 if (rest[0] or "").endswith("o") else 1 :]
    if not rest:
        return
    if rest[0] is None:
        raise NotSplit(f"{where} starts a script whose name is not known as written")
    yield Program(rest[0] if "/" in rest[0] else f"./{rest[0]}", tuple(rest[1:]), where, read=True)


def of_shell(text: str, where: str) -> Iterator[Program]:
    """The programs that a shell text calls.

    Raises:
        NotSplit: it cannot be read, or a program's name depends on an expansion.
    """
    if OWN_PATH.search(text):
        raise NotSplit(f"{where} sets PATH")
    script = parse_shell(text)
    if isinstance(script, Refusal):
        raise NotSplit(f"the shell text of {where} cannot be read ({script.reason})")
    functions = {getattr(command, "name", "") for command in commands(script) if getattr(command, "kind", "")}
    for call in calls(script):
        value = call.words[0].value
        if value is None:
            if call.words[0].text.strip('"') in REST:
                continue
            raise NotSplit(f"{where} calls a program whose name is not known as written ({call.words[0].text})")
        if value not in functions:
            known = tuple(word.value for word in call.arguments)
            yield Program(value, known, where)
            if value.rpartition("/")[2] in SHELLS:
                yield from _of_shell_script(known, where)
            elif value in (".", "source") and known and known[0] and not known[0].startswith("/etc/"):
                yield from _of_shell_script(known[:1], where)
            yield from _passed_on(value, [word.value or word.text.strip('"') for word in call.arguments], where)


def _passed_on(name: str, arguments: Sequence[str], where: str) -> Iterator[Program]:
    """What a program starts that starts another; an argument that is not known stands there as written."""
    bare = name.rpartition("/")[2]
    if bare not in PASSES_ON | {"xargs"} or not arguments:
        return
    for program in of_words((bare if bare in PASSES_ON else "env", *arguments), where):
        if program.name in REST:
            continue
        if program.name.startswith("$"):
            raise NotSplit(f"{where} calls a program whose name is not known as written ({program.name})")
        yield program


def _with_scripts(
    file: Dockerfile, stage: Stage, program: Program, files: Mapping[str, str], seen: set[str]
) -> Iterator[Program]:
    """The program, or the programs that it calls where it is a shell script of the context."""
    yield program
    yield from _decompressors(program)
    path = found_script(stage, program, files)
    if path in seen or path not in files or file.context is None:
        return
    seen.add(path)
    text = file.context.read(files[path])
    if text is None:
        raise NotSplit(f"{program.where} starts {files[path]}, which cannot be read")
    for inner in of_shell(text, files[path]) if program.read else of_script(text, files[path]):
        yield from _with_scripts(file, stage, inner, files, seen)


def _decompressors(program: Program) -> Iterator[Program]:
    """The programs that tar calls for an archive, by its letters and by the names of archives."""
    if program.name.rpartition("/")[2] != "tar":
        return
    first = (program.arguments[0] or "").lstrip("-") if program.arguments else ""
    shorts = [first] + [word[1:] for word in program.arguments[1:] if word and word[0] == "-" != word[1:2]]
    letters = {letter for word in shorts for letter in word.partition("f")[0] if "/" not in word and "." not in word}
    for name, (letter, option, endings) in DECOMPRESSORS.items():
        if letter in letters or any(word and (word == option or word.endswith(endings)) for word in program.arguments):
            yield Program(name, (), program.where)


def called_by(file: Dockerfile, stage: Stage, name: str, where: str) -> Iterator[Program]:
    """A program that a source calls, or what that calls where it is a shell script of the context.

    Raises:
        NotSplit: such a script cannot be read.
    """
    program = Program(name, (), where)
    if "/" not in name:
        yield program
        return
    yield from _with_scripts(file, stage, program, image_files(file, stage), set())


def of_script(text: str, path: str) -> Iterator[Program]:
    """The programs that a script of the context calls: its interpreter, and what a shell script calls.

    Raises:
        NotSplit: it is a shell script that cannot be read.
    """
    first = text.partition("\n")[0]
    if first.startswith("#!"):
        words = first[2:].split()
        name = words[0].rpartition("/")[2] if words else ""
        if name == "env":
            words = [word for word in words[1:] if not (word.startswith("-") or "=" in word)] or words
        interpreter = words[0] if words else ""
        yield Program(interpreter, (), path)
        if interpreter.rpartition("/")[2] not in SHELLS:
            return
        if any(word in LOGIN_OPTIONS for word in first.split()[1:]):
            raise NotSplit(f"{path} runs in a login shell")
    elif not path.endswith((".sh", ".bash")):
        return
    yield from of_shell(text, path)


def found_script(stage: Stage, program: Program, files: Mapping[str, str]) -> str:
    """The path of a program; of a bare name the copied file that PATH leads to, "" where there is none."""
    if "/" in program.name:
        return script_path(stage, program)
    return next((path for folder in SEARCHED if (path := f"{folder}/{program.name}") in files), "")


def script_path(stage: Stage, program: Program) -> str:
    """The absolute path of a program named by one, "" for a bare name."""
    if "/" not in program.name:
        return ""
    return joined(stage.end.folder or "/", program.name) or ""


def is_base_command(name: str) -> bool:
    """Whether every Debian image has the program (or the shell itself is it)."""
    folder, _, bare = name.rpartition("/")
    if folder not in ("", "/bin", "/usr/bin", "/sbin", "/usr/sbin"):
        return False
    return bare in ESSENTIAL or bare in BUILTINS
