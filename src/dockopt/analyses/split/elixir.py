"""Elixir: dependencies and the application compiled on the image as it is, copied into its slim variant."""

import re
from collections.abc import Iterator, Mapping

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, image_files, is_base_command, script_path, start_programs
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.context.manifests import mix_lock
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge import hex_packages
from dockopt.knowledge.images import Image, describe, slim_variant
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values

ARCHIVES = "/root/.mix"
"""Where Mix keeps Hex and Rebar for root."""
OWN_VARIABLES = frozenset(
    {
        "PATH",
        "MIX_HOME",
        "HEX_HOME",
        "MIX_BUILD_PATH",
        "MIX_BUILD_ROOT",
        "MIX_DEPS_PATH",
        "MIX_ARCHIVES",
        "HOME",
        "LANG",
    }
)
TASKS = frozenset(
    "local.hex local.rebar deps.get deps.compile compile release assets.deploy assets.build assets.setup phx.digest"
    " esbuild tailwind esbuild.install tailwind.install deps.clean clean".split()
)
"""Tasks that write to the application's folder, and to the folder of Mix's archives."""
SYSTEM_FOLDERS = frozenset({"/", "/usr", "/usr/local", "/home", "/opt", "/root", "/var", "/srv", "/etc", "/usr/src"})
NATIVE = (
    "elixir_make",
    "make_targets",
    "make_makefile",
    "rustler_crates",
    ":rustler",
    ":zigler",
    ":unifex",
    ":bundlex",
)
"""Words of a project that compiles more than Elixir and Erlang."""
COMMAND = re.compile(r'\bSystem\.cmd\(\s*(?:"([^"]+)")?|\bSystem\.(?:shell)\(|:os\.cmd\(|\bPort\.open\(')
FILES_AT_MOST = 3000


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on an elixir image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "elixir" or image.distribution != "debian" or image.variant != "full":
        return None
    slim = slim_variant(stage.base or "")
    builds = [run for run in stage.runs if not run.opaque and any(call.is_("mix") for call in run.calls)]
    if slim is None or slim == stage.base or not builds:
        return None
    return _Splitter(file, stage, image, slim, builds).plan()


class _Splitter(Splitter):
    own_programs = ("elixir", "erl", "escript", "epmd", "iex")

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, slim, builds)
        self.folder = ""
        self.starts_mix = False

    def plan(self) -> Plan:
        self._check()
        number = self._packages()
        files = image_files(self.file, self.stage)
        for program in start_programs(self.file, self.stage):
            self._program(program, files)
        for word in self.compose_programs():
            self.starts_mix = self.starts_mix or word == "mix"
            if not self.is_own(word):
                self.packages.need_command(word)
        self._sources()
        self.check_copies()
        self.packages.added["ca-certificates"] = "the system's certificates"
        plan = Plan(f"compile in a builder stage and run on {self.base}", self.runtime_base())
        fetched = any(word in run.shell_text for run in self.builds for word in ("local.hex", "local.rebar"))
        places = [*([ARCHIVES] if self.starts_mix and fetched else []), self.folder]
        self.arrange(plan, [f"COPY --from=builder {path} {path}" for path in places])
        plan.evidence = [*self._founded(number), *self.evidence]
        return plan

    def _check(self) -> None:
        self.check_builds()
        self.folder = next((run.state.folder or "" for run in self.builds if not _prepares(run)), "")
        if not self.folder or self.folder in SYSTEM_FOLDERS:
            raise NotSplit("the application has no folder of its own (WORKDIR)", self.builds[0])
        for step in self.stage.of("ENV", "ARG"):
            names = {pair.name for pair in parse_name_values(step.text, arguments=step.keyword == "ARG")}
            if names & OWN_VARIABLES:
                raise NotSplit(f"the file sets {min(names & OWN_VARIABLES)}", step)
        for run in self.stage.runs:
            self._check_run(run)
        for run in self.builds:
            if not _is_production(run) and not _prepares(run):
                raise NotSplit("MIX_ENV is not prod where the application is compiled", run)

    def _check_run(self, run: Run) -> None:
        if run not in self.builds:
            if not only_base_commands(run, self.image) and not all(
                is_apt_call(call) or call.is_("echo", "true", "set") for call in run.calls
            ):
                raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)
            return
        if run.state.folder != self.folder and not _prepares(run):
            raise NotSplit("mix works in several folders", run)
        self.check_written(run, folders=(self.folder,))
        for call in run.calls:
            if call.is_("mix"):
                self._check_mix(call, run)
            elif not (is_apt_call(call) or call.is_("echo", "true", "set")):
                raise NotSplit(f"{call.words[0].text} stands in one RUN with mix", run)

    def _check_mix(self, call: Call, run: Run) -> None:
        words = [value or "$" for value in call.values]
        if not call.top or call.wrapper or not words:
            raise NotSplit("mix is called inside a condition or a subshell", run)
        tasks = [" ".join(words)] if words[0] != "do" else " ".join(words[1:]).replace(" + ", ",").split(",")
        for task in (one.split() for one in tasks):
            if not task or task[0] not in TASKS or any(word.startswith("--path") for word in task):
                raise NotSplit(f"mix {task[0] if task else ''} is not followed", run)

    def _packages(self) -> int:
        files = image_files(self.file, self.stage)
        path = files.get(f"{self.folder}/mix.lock")
        text = self.context.read(path) if path else None
        if text is None or f"{self.folder}/mix.exs" not in files:
            raise NotSplit("mix.exs and mix.lock are not in the build context where mix works", self.builds[0])
        for manifest in sorted(one for one in files.values() if one.rpartition("/")[2] == "mix.exs"):
            own = next((word for word in NATIVE if word in (self.context.read(manifest) or "")), "")
            if own:
                raise NotSplit(
                    f"{manifest} speaks of {own}: what the application itself compiles and links is not read"
                )
        locked = mix_lock.read(text)
        for one in locked:
            if one.source != "hex":
                raise NotSplit(f"{one.name} comes from a repository or a folder, and may need anything")
            if one.name in hex_packages.CALLS_PROGRAMS:
                raise NotSplit(f"{one.name} calls programs of the system")
            if one.name in hex_packages.SELF_CONTAINED:
                continue
            if one.native:
                raise NotSplit(f"the libraries that {one.name} links are not known")
            if "mix" not in one.managers and one.name not in hex_packages.PURE_ERLANG:
                raise NotSplit(f"whether {one.name} compiles C is not known")
        return len(locked)

    def _program(self, program: Program, files: Mapping[str, str]) -> None:
        self.check_program(program)
        name = program.name
        if name == "mix":
            self.starts_mix = True
            if any(not _is_production(run) for run in self.builds if not _prepares(run)):
                raise NotSplit("mix compiles again when the container starts")
            if self.stage.end.environment.get("MIX_ENV") != "prod":
                raise NotSplit("mix starts in another environment than prod, and compiles for it")
            return
        if self.is_own(name) or self.packages.need_command(name) or is_base_command(name):
            return
        if "/" not in name:
            if not self.packages.needs_dropped(name) and name not in self.packages.kept:
                raise NotSplit(f"{program.where} calls {name}, which is not known")
            return
        path = script_path(self.stage, program)
        if not path.startswith(f"{self.folder}/") and path not in files:
            raise NotSplit(f"{program.where} calls {name}, which is not known")

    def _sources(self) -> None:
        paths = [
            path for path in sorted(self.copied_paths()) if path.endswith((".ex", ".exs", ".eex", ".heex", ".erl"))
        ]
        if len(paths) > FILES_AT_MOST:
            raise NotSplit("the build context is too large to be read whole")
        for path in paths:
            if "test/" in f"/{path}" or path.endswith("dev.exs"):
                continue
            for found in COMMAND.finditer(self.context.read(path) or ""):
                if found[1]:
                    self._program(Program(found[1], (), path), {})
                else:
                    self.assume(f"{path} calls programs whose names are not written there")

    def _founded(self, number: int) -> Iterator[Evidence]:
        yield from self.on_packages()
        claim = f"{self.base} has the same Elixir and Erlang on the same Debian release"
        yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        yield Evidence(f"{self.folder} holds the application and {number} packages, compiled for prod", Strength.KNOWN)
        yield Evidence(
            "no locked package is known to link a library of the image; trusted: none calls a program",
            Strength.INFERRED,
        )

    def place(self, step: Step) -> Place:
        if step in self.builds:
            return Place.BUILDER
        if isinstance(step, Run) and any(is_apt_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        place = super().place(step)
        if place is Place.BOTH and isinstance(step, Copy) and self._is_below(step.target):
            return Place.BUILDER
        return place

    def _is_below(self, path: str | None) -> bool:
        return path is not None and f"{path.rstrip('/')}/".startswith(f"{self.folder}/")


def _prepares(run: Run) -> bool:
    """Whether a RUN only fetches Hex and Rebar."""
    return all(
        set(" ".join(value or "" for value in call.values).replace(",", " ").split())
        <= {"do", "local.hex", "local.rebar", "--force", "+"}
        for call in run.calls
        if call.is_("mix")
    )


def _is_production(run: Run) -> bool:
    """Whether every mix of a RUN works for prod."""
    if run.state.value("MIX_ENV") == "prod":
        return True
    return all(
        any(one.name == "MIX_ENV" and one.value and one.value.value == "prod" for one in call.assignments)
        for call in run.calls
        if call.is_("mix")
    )
