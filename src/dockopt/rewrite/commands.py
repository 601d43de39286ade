"""Edits inside one RUN body: commands appended or removed, options added or removed."""

from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.rewrite import style
from dockopt.shell.tree import Statement, Word
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
    if any(_has_body(statement, run) for statement in (last,)):
        return "the last command reads a here-document"
    return ""


def append_command(run: Run, command: str) -> tuple[Edit, ...]:
    """Run `command` after the last command of the body, if that succeeded. Only where `cannot_append` is empty."""
    last = run.script.statements[-1]
    end = run.raw_after(last.span.end)
    return (Edit(Span(end, end), style.joiner(run) + command),)


def insert_word(run: Run, before: Word, text: str) -> tuple[Edit, ...]:
    """Put a word in front of another word of the same command."""
    at = run.raw(before.span.start)
    return (Edit(Span(at, at), text + " "),)


def append_word(run: Run, after: Word, text: str) -> tuple[Edit, ...]:
    """Put a word behind another word of the same command, on the same line."""
    at = run.raw_after(after.span.end)
    return (Edit(Span(at, at), " " + text),)


def remove_word(run: Run, word: Word) -> tuple[Edit, ...]:
    """Take a word out, with the blanks in front of it on its line."""
    span = run.raw_span(word.span)
    text = run.source.text
    start = span.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if start > 0 and text[start - 1] == "\n":  # first on its line: keep the indent, take the blanks behind
        end = span.end
        while end < len(text) and text[end] in " \t":
            end += 1
        return (Edit(Span(span.start, end), ""),)
    return (Edit(Span(start, span.end), ""),)


def remove_command(run: Run, call: Call) -> tuple[Edit, ...]:
    """Take a top-level command out of its and-list together with one `&&`; the list must hold another pipeline."""
    statement = run.script.statements[call.statement]
    pipelines = statement.pipelines
    assert len(pipelines) > 1
    number = call.pipeline
    if number == 0:
        span = Span(run.raw(pipelines[0].span.start), run.raw(pipelines[1].span.start))
    else:
        span = Span(run.raw_after(pipelines[number - 1].span.end), run.raw_after(pipelines[number].span.end))
    return (Edit(span, _comments_in(run, span)),)


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
