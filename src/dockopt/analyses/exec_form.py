"""Whether a shell-form CMD or ENTRYPOINT is one plain command that would be the same without the shell.

What differs even then: the program is the container's first process, gets the signals itself, and loses what the
kernel does by default for any process but the first.
"""

from dockopt.analyses.started import start_steps
from dockopt.knowledge.start import BUILTINS, DEAF, INSTALLED, hands_command_on
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.shell.parser import parse
from dockopt.shell.tree import Script, Simple

SH = (None, ("/bin/sh", "-c"))
SHEBANG = "#!"


def plain_words(step: Step) -> tuple[str, ...]:
    """The words of a shell-form CMD or ENTRYPOINT that uses nothing of the shell; none where it does."""
    if step.node.exec_form is not None or step.state.shell not in SH or step.text.startswith("["):
        return ()
    script = parse(step.text)
    if not isinstance(script, Script) or script.comments or len(script.statements) != 1:
        return ()
    statement = script.statements[0]
    if statement.terminator or statement.links or statement.pipelines[0].negated:
        return ()
    command, *others = statement.pipelines[0].commands
    if others or not isinstance(command, Simple) or command.assignments or command.redirects:
        return ()
    words = tuple(word.value or "" for word in command.words)
    as_written = all(word.value and not word.glob and not word.text.startswith("~") for word in command.words)
    return words if as_written and words[0] not in BUILTINS and "=" not in words[0] else ()


def keeps_its_shell(file: Dockerfile, stage: Stage, step: Step, program: str) -> str:
    """Why a plain command is left to the shell, "" where it may go without."""
    if program.rpartition("/")[2] in DEAF:
        return "nothing is gained: it does not heed the signal either"
    steps = start_steps(file, stage)
    if step not in steps:
        return "another one is in force"
    if step.keyword == "ENTRYPOINT" and len(steps) > 1:
        return "the shell form keeps CMD out, the exec form would take it in"
    if step.keyword == "CMD" and len(steps) > 1:
        return "the ENTRYPOINT is given the shell, and may look for it"
    if step.keyword == "ENTRYPOINT" and any(other.last("CMD") for other in file.built_on(stage)):
        return "a stage built on this one sets a CMD"
    if step.keyword == "CMD" and not hands_command_on(file.root(stage).base):
        return "the base image's ENTRYPOINT may look at the command"
    return _needs_shell(file, stage, program)


def _needs_shell(file: Dockerfile, stage: Stage, program: str) -> str:
    """Why only a shell may be able to start a program: one that may be a script without an interpreter line."""
    name = program.rpartition("/")[2]
    if "/target/release/" in program or program.startswith("target/release/"):
        return ""
    if program.startswith(INSTALLED) and not _is_written(file, stage, name):
        return ""
    if "/" not in program and not _is_written(file, stage, name):
        return ""
    context = file.context
    found = [path for path in context.files if path.rpartition("/")[2] == name] if context else []
    if context is None or not found:
        return f"{program} may be a script without an interpreter line"
    bare = [path for path in found if not (context.read(path) or "").startswith(SHEBANG)]
    return f"{bare[0]} has no interpreter line" if bare else ""


def _is_written(file: Dockerfile, stage: Stage, name: str) -> bool:
    """Whether the file puts a program of this name in place itself."""
    for ancestor in file.chain(stage):
        for copy in ancestor.copies:
            if any(word.rstrip("/").rpartition("/")[2] == name for word in copy.words):
                return True
        if any(f"bin/{name}" in run.shell_text and not run.node.exec_form for run in ancestor.runs):
            return True
    return file.context is not None and any(path.rpartition("/")[2] == name for path in file.context.files)
