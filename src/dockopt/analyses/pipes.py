"""Whether something feeds a command's input: a pipe, or a redirection of what is around it."""

from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.shell.tree import Compound, Script


def is_piped_into(run: Run, call: Call) -> bool:
    """Whether a command of a readable body stands behind a `|`, or in a compound that reads from elsewhere."""
    return not run.opaque and _in_script(run.script, call)


def _in_script(script: Script, call: Call) -> bool:
    pipelines = (pipeline for statement in script.statements for pipeline in statement.pipelines)
    for pipeline in pipelines:
        for number, command in enumerate(pipeline.commands):
            if not command.span.contains(call.span):
                continue
            if number:
                return True
            if isinstance(command, Compound):
                fed = any(redirect.operator.startswith("<") for redirect in command.redirects)
                return fed or any(_in_script(body, call) for body in command.bodies)
    return False
