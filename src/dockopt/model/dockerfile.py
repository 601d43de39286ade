"""The immutable snapshot of a Dockerfile: stages, instructions with their state, and facts computed once."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from dockopt.context.tree import Context
from dockopt.knowledge.base_folders import base_folder, base_shell
from dockopt.lazy import cached_property
from dockopt.model.instructions import Run, Step, view
from dockopt.model.stages import Stage
from dockopt.model.state import State
from dockopt.model.takeover import Takeover
from dockopt.syntax.parser import parse as parse_syntax
from dockopt.syntax.tree import Instruction, Tree
from dockopt.syntax.words import parse_name_values
from dockopt.text.source import SourceText

T = TypeVar("T")
FRONTEND = "docker/dockerfile"
APART = ("/app/", "/src/", "/srv/", "/opt/", "/build/", "/workspace/", "/go/bin/", "/usr/local/bin/", "/usr/src/")
"""Where programs are built, and no package manager keeps what it downloads."""


class Dockerfile:
    """A parsed file with its build context, which may be missing. Never changes."""

    def __init__(
        self,
        tree: Tree,
        context: Context | None = None,
        targets: frozenset[str] = frozenset(),
        like: "Dockerfile | None" = None,
    ) -> None:
        self.tree = tree
        self.context = context
        self.targets = targets
        """Names and numbers of the stages that somebody asks for beside the last one."""
        self._facts: dict[Callable[..., object], object] = {}
        self._takeover = Takeover(like.stages, like.global_arguments) if like else None

    @staticmethod
    def parse(
        text: str,
        context: Context | None = None,
        targets: frozenset[str] = frozenset(),
        like: "Dockerfile | None" = None,
    ) -> "Dockerfile":
        """The snapshot of a text; a text that was parsed a moment ago is not parsed again.

        What `like`, a snapshot of nearly the same text, has read already is taken over.
        """
        key = text, context, targets
        found = _PARSED.get(key)
        if found is None:
            if len(_PARSED) >= REMEMBERED:
                del _PARSED[next(iter(_PARSED))]
            tree = parse_syntax(SourceText(text), like.tree if like else None)
            found = _PARSED[key] = Dockerfile(tree, context, targets, like)
        return found

    @property
    def source(self) -> SourceText:
        return self.tree.source

    @property
    def text(self) -> str:
        return self.tree.source.text

    def facts(self, analysis: Callable[["Dockerfile"], T]) -> T:
        """What an analysis says of this snapshot, computed once."""
        if analysis not in self._facts:
            self._facts[analysis] = analysis(self)
        return self._facts[analysis]  # type: ignore[return-value]

    @cached_property
    def refusal(self) -> tuple[int, str] | None:
        """Line and reason why this file is not rewritten, None where it may be."""
        for problem in (*self.tree.problems, *self.tree.doubts):
            return problem.line, problem.message
        frontend = self.tree.directive("syntax")
        if frontend and FRONTEND not in frontend:
            return 1, f"the frontend {frontend} may read this file in another way"
        return None

    @cached_property
    def global_arguments(self) -> Mapping[str, str | None]:
        """ARG before the first FROM: defaults by name."""
        state = State(escape=self.tree.escape)
        for node in self._global_nodes:
            for pair in parse_name_values(node.argument_text, state.escape, arguments=True):
                value = state.expand(pair.value) if pair.value is not None else None
                state = state.with_(arguments={**state.arguments, pair.name: value})
        return state.arguments

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        stages: list[Stage] = []
        for nodes in self._groups:
            stages.append(self._stage(nodes, stages))
        self._takeover = None  # it holds the other file's
        return tuple(stages)

    @property
    def final(self) -> Stage:
        return self.stages[-1]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for stage in self.stages for step in stage.steps)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return tuple(run for stage in self.stages for run in stage.runs)

    def stage_named(self, name: str) -> Stage | None:
        """The stage that `--from=NAME` means: by name, else by number."""
        for stage in reversed(self.stages):
            if stage.name == name.lower():
                return stage
        if name.isdigit() and int(name) < len(self.stages):
            return self.stages[int(name)]
        return None

    def chain(self, stage: Stage) -> tuple[Stage, ...]:
        """The stages whose layers this one contains, its first ancestor first."""
        if stage.parent is None:
            return (stage,)
        found = [stage]
        while found[-1].parent is not None:
            found.append(self.stages[found[-1].parent])
        return tuple(reversed(found))

    def built_on(self, stage: Stage) -> tuple[Stage, ...]:
        """The stages that are built on this one, directly or not."""
        if len(self.stages) == 1:
            return ()
        return tuple(other for other in self.stages if other is not stage and stage in self.chain(other))

    def root(self, stage: Stage) -> Stage:
        return self.chain(stage)[0]

    @cached_property
    def shipped(self) -> frozenset[int]:
        """Indexes of the stages whose layers someone gets: the ends, and those that somebody asks for by name.

        A stage asked for from which another copies what clean-ups take away is left out.
        """
        asked = (stage for stage in self.targeted if not any(map(self._gives_caches, self.chain(stage))))
        return self.ending | {stage.index for end in asked for stage in self.chain(end)}

    @cached_property
    def ending(self) -> frozenset[int]:
        """Indexes of the last stage, of any that no other stage uses, and of all that these are built on."""
        if len(self.stages) == 1:
            return frozenset({0})
        used = {name for stage in self.stages for name in self.sources_of(stage)}
        parents = {stage.parent for stage in self.stages}
        ends = [s for s in self.stages if s is self.final or (s.index not in used and s.index not in parents)]
        return frozenset(stage.index for end in ends for stage in self.chain(end))

    @cached_property
    def targeted(self) -> tuple[Stage, ...]:
        """The stages that somebody asks for by name or number."""
        found = (self.stage_named(name) for name in sorted(self.targets))
        return tuple(stage for stage in found if stage is not None)

    def _gives_caches(self, stage: Stage) -> bool:
        """Whether another stage mounts a stage, or copies from it what may hold caches or package lists."""
        for other in self.stages:
            if stage.index not in self.sources_of(other):
                continue
            copies = [copy for copy in other.copies if copy.from_ and self._source(other, copy.from_) is stage]
            plain = [path for copy in copies for path in copy.sources if path.startswith(APART) and "/.." not in path]
            if sum(len(copy.sources) for copy in copies) != len(plain) or self._mounts(other, stage):
                return True
        return False

    def _source(self, stage: Stage, name: str) -> Stage | None:
        return self.stage_named(stage.start.expand(name) or name)

    def _mounts(self, stage: Stage, source: Stage) -> bool:
        names = (mount["from"] for run in stage.runs for mount in run.mounts if mount.get("from"))
        return any(self._source(stage, name) is source for name in names)

    def sources_of(self, stage: Stage) -> frozenset[int]:
        """Indexes of the stages that this one copies or mounts from."""
        return self._sources_of_stages[stage.index]

    @cached_property
    def _sources_of_stages(self) -> tuple[frozenset[int], ...]:
        found = ((self.stage_named(name) for name in self.names_of_sources(stage)) for stage in self.stages)
        return tuple(frozenset(other.index for other in named if other is not None) for named in found)

    def names_of_sources(self, stage: Stage) -> tuple[str, ...]:
        """The stages and images that this one copies or mounts from, as they are named."""
        names = [copy.from_ for copy in stage.copies if copy.from_]
        names += [mount["from"] for run in stage.runs for mount in run.mounts if mount.get("from")]
        return tuple(stage.start.expand(name) or name for name in names)

    def after(self, step: Step) -> Iterator[Step]:
        """Every step that sees what `step` left: later in its stage, and in stages built on it.

        What ONBUILD says runs in images built on this one, wherever it stands.
        """
        stage = self.stages[step.stage]
        yield from (earlier for earlier in stage.of("ONBUILD") if earlier.index < step.index)
        yield from stage.after(step)
        for other in self.built_on(stage):
            yield from other.steps

    def before(self, step: Step) -> Iterator[Step]:
        """Every step whose outcome `step` sees: in the stages its own is built on, and earlier in its own."""
        *ancestors, stage = self.chain(self.stages[step.stage])
        for ancestor in ancestors:
            yield from ancestor.steps
        yield from stage.steps[: step.index]

    def runs_after(self, step: Step) -> Iterator[Run]:
        return (later for later in self.after(step) if isinstance(later, Run))

    @cached_property
    def _global_nodes(self) -> tuple[Instruction, ...]:
        nodes = []
        for node in self.tree.instructions:
            if node.keyword == "FROM":
                break
            nodes.append(node)
        return tuple(node for node in nodes if node.keyword == "ARG")

    @cached_property
    def _groups(self) -> list[list[Instruction]]:
        groups: list[list[Instruction]] = []
        for node in self.tree.instructions:
            if node.keyword == "FROM":
                groups.append([node])
            elif groups:
                groups[-1].append(node)
        return groups

    def _stage(self, nodes: list[Instruction], earlier: list[Stage]) -> Stage:
        words = nodes[0].argument_text.split()
        name = words[2].lower() if len(words) == 3 and words[1].lower() == "as" else None
        scope = State(arguments=self.global_arguments, escape=self.tree.escape)
        base = scope.expand(words[0]) if words else None
        parent = next((s for s in reversed(earlier) if base and s.name == base.lower()), None)
        start = (
            parent.end if parent else State(escape=self.tree.escape, folder=base_folder(base), shell=base_shell(base))
        )
        state, steps = start, []
        for index, node in enumerate(nodes[1:]):
            known = self._takeover.find(node, state, self.global_arguments) if self._takeover else None
            if known:
                steps.append(known.step.again(node, len(earlier), index, self.source))
                state = known.after
            else:
                steps.append(view(node, state, len(earlier), index, self.source))
                state = state.after(node, self.global_arguments)
        return Stage(len(earlier), nodes[0], name, base, parent.index if parent else None, tuple(steps), start, state)


REMEMBERED = 32
_PARSED: dict[tuple[str, Context | None, frozenset[str]], Dockerfile] = {}
"""The last snapshots, the oldest first."""
