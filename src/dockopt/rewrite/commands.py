"""Edits inside one RUN body: commands appended or removed, options added or removed."""

from collections.abc import Iterable, Sequence

from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.rewrite import style
from dockopt.shell.tree import Command, Compound, Script, Simple, Statement, Word, commands
from dockopt.text.edits import Edit
from dockopt.text.source import Span


def cannot_append(run: Run) -> str:
    """Why no command can be put behind the last one so that it runs only if all went well, "" where one can."""
    if run.opaque:
        return run.opaque
    if not run.script.statements:
        return "the body is empty"
    last = run.script.statements[-1]
    if any(statement.terminator == "&" for statement in run.script.statements):
        return "a command runs in the background"
    if any(call.wrapper == "exec" and call.top for call in run.calls):
        return "exec replaces the shell"
    if _ends_in_exit(run):
        return "exit ends the body"
    if _has_body(last, run):
        return "the last command reads a here-document"
    return passes_over(run)


def _ends_in_exit(run: Run) -> bool:
    """Whether a command behind the last one would never run; behind `|| exit` it would."""
    statement = run.script.statements[-1]
    last = [call for call in run.calls if call.top and call.statement == len(run.script.statements) - 1][-1:]
    at = len(statement.pipelines) - 1
    guarded = bool(statement.links) and statement.links[-1].operator == "||"
    return any(call.is_("exit", "return") and call.pipeline == at for call in last) and not guarded


def passes_over(run: Run) -> str:
    """Why `&&` behind the last command would pass over a failure that ends the body today, "" where it would not.

    Under `set -e` the failure of a command inside a group, a condition, a loop or a function ends the body, but not
    where the compound stands in an and-list ahead of its last command (POSIX XCU 2.14, `set -e`).
    """
    if not run.state.errexit and not any(call.is_("set") and _may_set_errexit(call) for call in run.calls):
        return ""
    functions = any(isinstance(one, Compound) and one.kind == "function" for one in commands(run.script))
    last = run.script.statements[-1].pipelines[-1]
    if functions or any(_holds_several(command) for command in last.commands):
        return "under `set -e` a failure inside the last command ends the body"
    return ""


def _may_set_errexit(call: Call) -> bool:
    return any(value is None or (value[:1] == "-" and "e" in value) or value == "errexit" for value in call.values)


def _holds_several(command: Command) -> bool:
    """Whether a command inside may fail without being the last of its compound to run."""
    if isinstance(command, Simple):
        return False
    if command.kind in ("for", "while", "until", "select"):
        return True
    inner = (one for body in command.bodies for s in body.statements for p in s.pipelines for one in p.commands)
    return any(len(body.statements) > 1 for body in command.bodies) or any(map(_holds_several, inner))


def append_command(run: Run, command: str) -> tuple[Edit, ...]:
    """Run `command` after the last command of the body, if that succeeded. Only where `cannot_append` is empty."""
    last = run.script.statements[-1]
    end = run.raw_after(last.span.end)
    return (Edit(Span(end, end), style.joiner(run) + command),)


def insert_command(run: Run, after: Call, command: str) -> tuple[Edit, ...]:
    """Run `command` right after a top-level command of the body, or one in a branch, if that succeeded.

    Where the command's failure ends the body by `set -e`, the new one becomes a statement of its own: the shell passes
    over the failure of any command of an and-list but the last.
    """
    statements = run.script.statements
    if not after.top:
        return _insert_in_branch(run, after, command)
    pipelines = statements[after.statement].pipelines
    at = run.raw_after(pipelines[after.pipeline].span.end)
    by_errexit = after.sure and after.statement < len(statements) - 1 and after.pipeline == len(pipelines) - 1
    joiner = style.statement_joiner(run, pipelines[after.pipeline].span.start) if by_errexit else style.joiner(run)
    return (Edit(Span(at, at), joiner + command),)


def _insert_in_branch(run: Run, after: Call, command: str) -> tuple[Edit, ...]:
    place = branch_of(run, after)
    assert place is not None
    span = run.raw_span(place.span)
    at = run.raw_after(after.span.end)
    return (Edit(Span(at, at), (style.joiner(run) if "\n" in run.source.at(span) else " && ") + command),)


def branch_of(run: Run, call: Call) -> Statement | None:
    """The and-list in the branch of a condition that a command belongs to, None where it is anywhere else.

    A command that is joined to it by `&&` then runs as if it were its last part, but under `set -e`.
    """
    if run.state.errexit or any(other.is_("set") and _may_set_errexit(other) for other in run.calls):
        return None
    return _branch(run.script, call)


def _branch(script: Script, call: Call) -> Statement | None:
    for statement in script.statements:
        for number, pipeline in enumerate(statement.pipelines):
            if not pipeline.span.contains(call.span) or len(pipeline.commands) > 1 or pipeline.negated:
                continue
            command = pipeline.commands[0]
            if isinstance(command, Simple):
                plain = all(link.operator == "&&" for link in statement.links[max(0, number - 1) :])
                return statement if plain and command.span == call.span and statement.terminator != "&" else None
            if command.kind in ("if", "group"):
                found = (_branch(body, call) for body in command.bodies)
                return next((one for one in found if one is not None), None)
    return None


def run_before(run: Run, call: Call, command: str) -> tuple[Edit, ...]:
    """Run `command` right before a top-level command of an and-list, which then runs only if it succeeded."""
    pipelines = run.script.statements[call.statement].pipelines
    at = run.raw(pipelines[call.pipeline].span.start)
    return (Edit(Span(at, at), f"{command} && "),)


def insert_word(run: Run, before: Word, text: str) -> tuple[Edit, ...]:
    """Put a word in front of another word of the same command."""
    at = run.raw(before.span.start)
    return (Edit(Span(at, at), text + " "),)


def append_word(run: Run, after: Word, text: str) -> tuple[Edit, ...]:
    """Put a word behind another word of the same command, on the same line."""
    at = run.raw_after(after.span.end)
    return (Edit(Span(at, at), " " + text),)


def replace_word(run: Run, word: Word, text: str) -> tuple[Edit, ...]:
    """Put other text in a word's place."""
    return (Edit(run.raw_span(word.span), text),)


def remove_word(run: Run, word: Word) -> tuple[Edit, ...]:
    """Take a word out, with the blanks in front of it on its line, and with the line where nothing else is on it."""
    span = run.raw_span(word.span)
    text = run.source.text
    start = span.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if start > 0 and text[start - 1] == "\n":  # first on its line: keep the indent, take the blanks behind
        end = span.end
        while end < len(text) and text[end] in " \t":
            end += 1
        rest = text[end : text.find("\n", end) + 1]
        if rest.strip() == run.state.escape:
            return (Edit(Span(start, end + len(rest)), ""),)
        return (Edit(Span(span.start, end), ""),)
    return (Edit(Span(start, span.end), ""),)


def can_remove(run: Run, call: Call) -> bool:
    """Whether a command that always succeeds could be taken out, and what is left would run and end as before."""
    if not call.top:
        return False
    statements = run.script.statements
    statement = statements[call.statement]
    operators = [link.operator for link in statement.links]
    if not operators:
        comments = any(statement.span.end <= comment.start for comment in run.script.comments)
        return call.statement + 1 < len(statements) and statement.terminator in (";", "\n") and not comments
    if call.statement + 1 == len(statements) and call.pipeline == len(operators) and _has_comment_before(run, call):
        return False  # the comment would be the body's last line, and the continuation behind it would take in the next
    return all(operator == "&&" for operator in operators[: call.pipeline + 1])


def _has_comment_before(run: Run, call: Call) -> bool:
    pipelines = run.script.statements[call.statement].pipelines
    start = run.raw_after(pipelines[call.pipeline - 1].span.end)
    return any(start <= comment.start < run.raw(call.span.start) for comment in run.node.comments)


def remove_command(run: Run, call: Call) -> tuple[Edit, ...]:
    """Take a top-level command out, with one `&&` or with what ends its list; it must not be the body's only one."""
    statements = run.script.statements
    pipelines = statements[call.statement].pipelines
    number = call.pipeline
    if len(pipelines) == 1:
        assert call.statement + 1 < len(statements)
        start, following = pipelines[0].span.start, statements[call.statement + 1].span.start
        span = Span(run.raw(start), run.raw(following))
    elif number + 1 < len(pipelines) and (number == 0 or statements[call.statement].links[number].operator == "&&"):
        span = Span(run.raw(pipelines[number].span.start), run.raw(pipelines[number + 1].span.start))
    else:
        span = Span(run.raw_after(pipelines[number - 1].span.end), run.raw_after(pipelines[number].span.end))
    kept = _comments_in(run, span)
    blank = run.source.text[span.start - 1 : span.start] in (" ", "\t")
    return (Edit(span, kept.removeprefix(" ") if blank else kept),)


def _comments_in(run: Run, span: Span) -> str:
    """Comment lines of the body inside a span that goes, ready to stand in its place."""
    kept = [run.source.at(comment) for comment in run.node.comments if span.contains(comment)]
    if not kept:
        return ""
    return f" {run.state.escape}{style.newline(run)}{''.join(kept)}{style.indent(run)}"


def _has_body(statement: Statement, run: Run) -> bool:
    if any(redirect.body for pipeline in statement.pipelines for c in pipeline.commands for redirect in c.redirects):
        return True
    return bool(run.node.heredocs) and not run.heredoc


def append_operands(run: Run, operands: Sequence[Word], texts: Iterable[str]) -> tuple[Edit, ...]:
    """Put words behind a command's last operand, separated as the last two operands are."""
    last = operands[-1]
    gap = " "
    if len(operands) > 1:
        written = run.source.at(Span(run.raw_after(operands[-2].span.end), run.raw(last.span.start)))
        if "\n" in written and not written.replace(run.state.escape, "").strip() and len(written.splitlines()) <= 2:
            gap = written
    at = run.raw_after(last.span.end)
    return (Edit(Span(at, at), "".join(gap + text for text in texts)),)
