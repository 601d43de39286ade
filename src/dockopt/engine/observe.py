"""The observable parts of a Dockerfile, one value for each aspect, so that two snapshots can be compared.

Spelling is normalised away: continuations, ENV forms, RUN boundaries (which are an aspect of their own).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from dockopt.analyses.cleanup import cache_options, cleans, installs_with_apt, only_fetches_index, updates_apt
from dockopt.fixes import Aspect
from dockopt.knowledge.build_stamps import is_stamp
from dockopt.knowledge.commands import SHELL_STATE
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step
from dockopt.model.stages import Stage
from dockopt.shell.tree import Compound
from dockopt.syntax.words import parse_name_values
from dockopt.text.source import Span

Observed = dict[Aspect, object]
CONFIG_KEYWORDS = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "SHELL", "USER")
SUMMED_KEYWORDS = ("EXPOSE", "VOLUME", "LABEL", "ONBUILD", "MAINTAINER")
SEARCHED = ("PATH", "VIRTUAL_ENV")
STARTING = ("CMD", "ENTRYPOINT")
BRING_ENTRYPOINTS = ("node", "php", "eclipse-temurin")
"""Official images with an ENTRYPOINT: scripts that start a program that is there, after some settings or none."""
OWNERSHIP_FLAGS = ("chown", "chmod")
SEQUENTIAL = ("&&", ";", "\n")

_cleans = lru_cache(maxsize=4096)(cleans)
_cache_options = lru_cache(maxsize=4096)(cache_options)
TEXT = "text"
"""What joins a token that stands for a compound command or a lone assignment, as it is written."""


class _Token(NamedTuple):
    """One command as it runs: what joins it to the one before, the shell state it sees, its words."""

    join: str
    prelude: tuple[str, ...]
    words: tuple[str, ...]
    around: tuple[str, ...]
    state: tuple[object, ...]
    sure: bool = False
    """A failure of this command fails the RUN."""
    first: bool = False
    """Whether its RUN begins with it."""


class _Seen(NamedTuple):
    """What is observed of one RUN, aspect by aspect."""

    commands: tuple[object, ...]
    texts: tuple[object, ...]
    cleaned: tuple[object, ...]
    options: tuple[object, ...]
    lists: tuple[object, ...]
    installs: tuple[object, ...]
    behind: tuple[object, ...]
    """The programs that a change of owners may stand behind."""
    chowns: tuple[tuple[int, _Token], ...]


def observe(file: Dockerfile) -> Observed:
    """Each aspect's value; equal values mean that nothing of the aspect differs."""
    seen = [[run.own_facts(_seen) for run in stage.runs] for stage in file.stages]
    return {
        Aspect.STAGES: tuple(_stage(stage) for stage in file.stages),
        Aspect.ARGUMENTS: _arguments(file),
        Aspect.CONFIG: (_config(file, file.final), tuple(_of_targets(file))),
        Aspect.SEARCH_PATH: tuple(file.final.end.environment.get(name, "") for name in SEARCHED),
        Aspect.ENTRYPOINT: _inherited_entrypoint(file),
        Aspect.RUNNER: tuple(_said(step) for step in file.final.of(*STARTING) if _has_runner(step)),
        Aspect.FILES: tuple(tuple(_files(stage)) for stage in file.stages),
        Aspect.OWNERSHIP: (
            tuple(tuple(_owners(stage)) for stage in file.stages),
            tuple(tuple(_chowns(runs)) for runs in seen),
        ),
        Aspect.LAYERS: tuple(
            tuple(s.keyword for s in stage.of("RUN", "COPY", "ADD", "WORKDIR")) for stage in file.stages
        ),
        Aspect.COMMANDS: tuple((_all(runs, "commands"), _all(runs, "texts")) for runs in seen),
        Aspect.STAMPS: frozenset(filter(None, (run.own_facts(_stamps) for run in file.runs))),
        Aspect.CACHES: tuple((*_all(runs, "cleaned"), *_all(runs, "options")) for runs in seen),
        Aspect.PACKAGE_LISTS: tuple(_all(runs, "lists") for runs in seen),
        Aspect.RECOMMENDS: tuple(_all(runs, "installs") for runs in seen),
    }


def _all(runs: Iterable["_Seen"], name: str) -> tuple[object, ...]:
    return tuple(one for run in runs for one in getattr(run, name))


def _stage(stage: Stage) -> tuple[object, ...]:
    return stage.name, stage.base, stage.parent, stage.node.flags


def _arguments(file: Dockerfile) -> object:
    stages = (
        (stage.index, tuple(sorted(" ".join(step.text.split()) for step in stage.of("ARG")))) for stage in file.stages
    )
    return tuple(file.global_arguments.items()), tuple(stages)


def _config(file: Dockerfile, stage: Stage) -> object:
    chain = file.chain(stage)
    last = {k: next((s.last(k) for s in reversed(chain) if s.last(k)), None) for k in CONFIG_KEYWORDS}
    single = {k: _said(step, started=True) if step else None for k, step in last.items()}
    summed = {k: tuple(sorted(one for s in chain for step in s.of(k) for one in _each(step))) for k in SUMMED_KEYWORDS}
    environment = tuple(sorted((k, v) for k, v in stage.end.environment.items() if k not in SEARCHED))
    return environment, stage.end.folder, single, summed


def _of_targets(file: Dockerfile) -> Iterator[object]:
    """The config of each stage that is asked for by name, None where the stage is not there."""
    for name in sorted(file.targets):
        stage = file.stage_named(name)
        yield name, stage and _config(file, stage)


def _inherited_entrypoint(file: Dockerfile) -> str:
    """The image whose ENTRYPOINT is in force in the last stage, "" where the file gives one or none is known."""
    chain = file.chain(file.final)
    name = (chain[0].base or "").partition("@")[0].partition(":")[0].rpartition("/")[2]
    return name if name in BRING_ENTRYPOINTS and not any(one.last("ENTRYPOINT") for one in chain) else ""


def _has_runner(step: Step) -> bool:
    return step.keyword in STARTING and "run" in step.text and ("uv" in step.text or "poetry" in step.text)


def _said(step: Step | None, *, started: bool = False) -> str:
    """An instruction's arguments with its flags, spelling normalised; `started` leaves out what starts the program."""
    if step is None:
        return ""
    flags = " ".join(f"--{flag.name}={flag.value}" for flag in step.node.flags)
    if started and _has_runner(step):
        from dockopt.analyses.split.python_launch import (  # noqa: PLC0415 - only where one starts
            text_without_runner,
            without_runner,
        )

        words = step.node.exec_form
        return f"{flags} {text_without_runner(step.text) if words is None else without_runner(words)}"
    if step.node.exec_form is not None:
        return f"{flags} {step.node.exec_form}"
    return f"{flags} {step.text}"


def _each(step: Step) -> Iterator[str]:
    """What an instruction adds to those of its kind before it: each label and each port by itself."""
    if step.keyword == "LABEL":
        yield from (f"{pair.name}={pair.value}" for pair in parse_name_values(step.text, step.state.escape))
    elif step.keyword == "EXPOSE":
        yield from step.text.split()
    else:
        yield _said(step)


def _files(stage: Stage) -> Iterator[object]:
    for copy in stage.copies:
        flags = tuple((f.name, f.value) for f in copy.node.flags if f.name not in OWNERSHIP_FLAGS)
        heredocs = tuple(heredoc.content for heredoc in copy.node.heredocs)
        yield copy.keyword, flags, copy.sources, copy.target or (copy.state.folder, copy.destination), heredocs


def _owners(stage: Stage) -> Iterator[object]:
    for copy in stage.copies:
        yield tuple((f.name, f.value) for f in copy.node.flags if f.name in OWNERSHIP_FLAGS)


def _seen(run: Run) -> _Seen:
    tokens = _tokens(run)
    words = [token.words for token in tokens]
    behind, chowns = _chowned(tokens)
    return _Seen(
        tuple(_commands([token for token in tokens if token.join != TEXT])),
        tuple(token for token in tokens if token.join == TEXT),
        tuple(one for one in words if _cleans(one) is Aspect.CACHES),
        tuple(_options(words)),
        tuple(one for one in words if _cleans(one) is Aspect.PACKAGE_LISTS),
        tuple(one for one in words if installs_with_apt(one)),
        behind,
        chowns,
    )


def _tokens(run: Run) -> list[_Token]:
    state = _state(run)
    if run.opaque:
        return [_Token("opaque", (), (run.shell_text, str(run.node.exec_form)), (), state)]
    return [token._replace(state=state) for token in run.body_facts(_of_body)]


def _of_body(run: Run) -> tuple[_Token, ...]:
    """The tokens of a body, whatever the state it runs in."""
    found: list[_Token] = []
    prelude: tuple[str, ...] = ()
    joins = _joins(run)
    for call in run.calls:
        words = tuple(word.text for word in call.words)
        first = call is run.calls[0]
        join = joins.get(call.span.start, "inside")
        found.append(_Token(join, prelude, words, _around(run, call), (), call.sure, first))
        if call.name is None or call.name in SHELL_STATE:
            prelude = (*prelude, " ".join(words))
    found += [_Token(TEXT, (), (text,), (), ()) for text in _rest(run) or ([] if run.calls else [""])]
    return tuple(found)


def _around(run: Run, call: Call) -> tuple[str, ...]:
    assigned = (run.shell_text[a.span.start : a.span.end] for a in call.assignments)
    redirected = (run.shell_text[r.span.start : r.span.end] for r in call.redirects)
    return (*assigned, call.wrapper, *redirected)


def _rest(run: Run) -> list[str]:
    """Assignments that stand alone, and compound commands as they are written."""
    commands = (c for statement in run.script.statements for p in statement.pipelines for c in p.commands)
    others = (command.span for command in commands if isinstance(command, Compound) or not command.words)
    return [_without_cache_options(run, span) for span in others]


def _without_cache_options(run: Run, span: Span) -> str:
    """A part of the body as it is written, but for the words that only say whether a cache is kept, and what cleans it
    behind `&&`.
    """
    text, end = "", span.end
    for call in reversed([call for call in run.calls if span.contains(call.span)]):
        words = tuple(word.text for word in call.words)
        before = run.shell_text[span.start : call.span.start].rstrip()
        if cleans(words) is Aspect.CACHES and before.endswith("&&"):
            text = run.shell_text[call.span.end : end] + text
            end = span.start + len(before.removesuffix("&&").rstrip())
            continue
        hidden = cache_options(words)
        for word in reversed([word for word in call.words if word.text in hidden]):
            text, end = run.shell_text[word.span.end : end] + text, word.span.start
            while run.shell_text[end - 1] in " \t":
                end -= 1
    return run.shell_text[span.start : end] + text


def _joins(run: Run) -> dict[int, str]:
    """What stands before each top-level command; the beginning of a RUN counts as `&&`."""
    joins: dict[int, str] = {}
    before = "&&"
    for statement in run.script.statements:
        operators = [before, *(link.operator for link in statement.links)]
        for operator, pipeline in zip(operators, statement.pipelines, strict=True):
            piped = [operator, *pipeline.operators]
            for join, command in zip(piped, pipeline.commands, strict=True):
                joins[command.span.start] = join + ("!" if pipeline.negated else "")
        before = statement.terminator or ";"
    return joins


def _state(run: Run) -> tuple[object, ...]:
    state = run.state
    flags = tuple((flag.name, flag.value) for flag in run.node.flags)
    values = {**state.arguments, **state.environment}
    seen = tuple(sorted((k, v) for k, v in values.items() if k in run.shell_text or not is_stamp(k)))
    return flags, seen, state.user, state.folder, state.shell


def _stamps(run: Run) -> frozenset[tuple[str, str | None]]:
    """The build stamps in the environment of a RUN."""
    values = {**run.state.arguments, **run.state.environment}
    return frozenset((name, value) for name, value in values.items() if is_stamp(name))


def _commands(tokens: Iterable[_Token]) -> Iterator[object]:
    before = ""
    for token in tokens:
        if (only_fetches_index(token.words) or _gives_away(token)) and token.join in SEQUENTIAL:
            before = "start" if token.first or before == "start" else _joined(before, token.join)
        elif not _cleans(token.words):
            hidden = _cache_options(token.words)
            words = tuple(word for word in token.words if word not in hidden) if hidden else token.words
            words = words[:1] if installs_with_apt(words) else words
            yield token._replace(words=words, join=_joined(before, token.join), first=False)
            before = ""


def _chowned(tokens: Iterable[_Token]) -> tuple[tuple[object, ...], tuple[tuple[int, _Token], ...]]:
    """Each command that only changes owners, with the number of those that it stands behind; flags of its RUN do not
    matter.
    """
    before: list[object] = []
    found = []
    for token in tokens:
        if _gives_away(token):
            found.append((len(before), token._replace(first=False, state=token.state[1:])))
        elif not (_cleans(token.words) or only_fetches_index(token.words) or updates_apt(token.words)):
            before += token.words[:1]
    return tuple(before), tuple(found)


def _chowns(runs: list[_Seen]) -> Iterator[object]:
    """The same of a stage, with the commands themselves."""
    before: tuple[object, ...] = ()
    last = max((at for at, run in enumerate(runs) if run.chowns), default=-1)
    for run in runs[: last + 1]:
        for count, token in run.chowns:
            yield (*before, *run.behind[:count]), token
        before = (*before, *run.behind)


def _gives_away(token: _Token) -> bool:
    return token.words[:1] == ("chown",)


def _joined(hidden: str, join: str) -> str:
    """What joins a command to those before it once the one in between, joined by `hidden`, is left out."""
    if not hidden:
        return join
    if join not in SEQUENTIAL:
        return hidden + join
    if hidden == "start":
        return "&&"
    return hidden if join == "&&" else join


def _options(commands: Iterable[tuple[str, ...]]) -> Iterator[object]:
    """Commands that say something of caches, and what they say."""
    for words in commands:
        if only_fetches_index(words):
            yield words
        found = _cache_options(words).intersection(words)
        if found:
            yield tuple(word for word in words if word not in found), tuple(sorted(found))
