"""Ruby with bundler: gems installed on the image as it is, copied with the application into its slim variant."""

from collections.abc import Iterator, Mapping

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, called_by, image_files, is_base_command, script_path, start_programs
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.context.manifests import gemfile_lock
from dockopt.context.ruby_source import scan
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge import gem_packages
from dockopt.knowledge.images import Image, describe, slim_variant
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.words import parse_name_values

BUNDLE = "/usr/local/bundle"
"""Where the official images keep gems, their programs and bundler's settings (GEM_HOME, BUNDLE_APP_CONFIG)."""
USES_SYSTEM = "NOKOGIRI_USE_SYSTEM_LIBRARIES"
OWN_VARIABLES = (
    "GEM_HOME",
    "GEM_PATH",
    "BUNDLE_PATH",
    "BUNDLE_APP_CONFIG",
    "BUNDLE_BIN",
    "BUNDLE_GEMFILE",
    "RUBYLIB",
    USES_SYSTEM,
)
ASSETS = frozenset({"assets:precompile", "assets:clean", "webpacker:compile", "tailwindcss:build", "css:build"})
PRECOMPILERS = frozenset({"rails", "rake"})
SCRIPT_PACKAGES = frozenset({"npm", "yarn", "yarnpkg"})
SYSTEM_FOLDERS = frozenset({"/", "/usr", "/usr/local", "/home", "/opt", "/root", "/var", "/srv", "/etc", "/usr/src"})
PURE_GLOBALS = frozenset({"bundler", "rails", "foreman", "rake", "sinatra", "rackup", "puma"})


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a ruby image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "ruby" or image.distribution != "debian":
        return None
    slim = slim_variant(stage.base or "")
    builds = [run for run in stage.runs if not run.opaque and any(_is_build(call) for call in run.calls)]
    if slim is None or not any(_installs(call) for run in builds for call in run.calls):
        return None
    return _Splitter(file, stage, image, slim, builds).plan()


def _installs(call: Call) -> bool:
    words = [value for value in call.values if value and not value.startswith("-")]
    return call.is_("bundle", "bundler") and (not words or words[0] == "install")


def _is_build(call: Call) -> bool:
    return call.is_("bundle", "bundler", "gem", *PRECOMPILERS, *SCRIPT_PACKAGES)


class _Splitter(Splitter):
    own_programs = ("ruby", "bundle", "bundler", "gem", "irb", "rake", "erb")

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, slim, builds)
        self.folder = ""
        self.number = 0

    def plan(self) -> Plan | None:
        fat = self.base != self.stage.base
        if not fat and not self.packages.dropped:
            return None
        self._check()
        self._gems()
        files = image_files(self.file, self.stage)
        for program in start_programs(self.file, self.stage):
            self._program(program, files)
        for word in self.compose_programs():
            if not self.is_own(word):
                self.packages.need_command(word)
        self._sources()
        self.check_copies()
        title = f"install gems in a builder stage and run on {self.base}"
        plan = Plan(title if fat else "leave build packages in a builder stage", self.runtime_base())
        self.arrange(plan, [f"COPY --from=builder {path} {path}" for path in (BUNDLE, self.folder)])
        plan.evidence = [*self._founded(fat), *self.evidence]
        return plan

    def _check(self) -> None:
        self.check_builds()
        self.folder = self.builds[0].state.folder or ""
        if not self.folder or self.folder in SYSTEM_FOLDERS:
            raise NotSplit("the application has no folder of its own (WORKDIR)", self.builds[0])
        for step in self.stage.steps:
            if step.keyword in ("ENV", "ARG"):
                names = {pair.name for pair in parse_name_values(step.text, arguments=step.keyword == "ARG")}
                if not names.isdisjoint((*OWN_VARIABLES, "PATH")):
                    raise NotSplit("the file sets PATH or where gems are", step)
        for run in self.stage.runs:
            self._check_run(run)

    def _check_run(self, run: Run) -> None:
        if run not in self.builds:
            if not only_base_commands(run, self.image) and not all(
                is_apt_call(call) or call.is_("echo", "true", "set") for call in run.calls
            ):
                raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)
            return
        if run.state.folder != self.folder:
            raise NotSplit("bundle works in several folders", run)
        self.check_written(run, folders=(self.folder, BUNDLE))
        for call in run.calls:
            if not call.top:
                raise NotSplit("bundle is called inside a condition or a subshell", run)
            if not self._understood(call) and not call.is_("echo", "true", "set"):
                raise NotSplit(f"`{' '.join(word.text for word in call.words[:3])}` is not understood", run)

    def _understood(self, call: Call) -> bool:
        """Whether a command of a build writes to the folder of gems or the application's folder only."""
        values = [value or "$" for value in call.values]
        words = [value for value in values if not value.startswith("-")]
        if call.is_("gem"):
            names = {word.partition(":")[0] for word in words[1:] if not word[:1].isdigit()}
            return words[:1] == ["install"] and names <= PURE_GLOBALS and "$" not in "".join(words)
        if call.is_("bundle", "bundler"):
            if words[:1] == ["exec"]:
                return _precompiles(words[1:])
            if words[:1] == ["config"]:
                if any(word.startswith("build.") for word in words):
                    return False
                return not {"path", "deployment", "gemfile", "bin", "path.system"}.intersection(words)
            places = ("--path", "--binstubs", "--gemfile", "--system", "--standalone", "--deployment")
            return words[:1] in ([], ["install"]) and not any(value.startswith(places) for value in values)
        if call.is_(*SCRIPT_PACKAGES):
            return words[:1] in ([], ["install"], ["ci"], ["build"]) and not call.has("-g", "--global", "--prefix")
        return _precompiles([call.name or "", *words])

    def _gems(self) -> None:
        files = image_files(self.file, self.stage)
        path = files.get(f"{self.folder}/Gemfile.lock")
        locked = gemfile_lock.read(self.context, path) if path else None
        if locked is None:
            raise NotSplit("Gemfile.lock is not in the build context where bundle runs", self.builds[0])
        if locked.elsewhere:
            raise NotSplit(f"{locked.elsewhere[0]} comes from a repository or a folder, and may need anything")
        self.number = len(locked.gems)
        strange: list[str] = []
        for name in sorted(locked.gems):
            gem = gem_packages.lookup(name, self.image.candidates)
            if gem is None:
                strange.append(name)
                continue
            if gem.kind == "refuse":
                raise NotSplit(f"{name} needs more than its files when it runs")
            answers = {gem.needs(release) for release in self.image.candidates}
            if len(answers) != 1 or None in answers:
                raise NotSplit(f"the Debian packages that {name} needs differ in the releases the image may have")
            if needed := next(iter(answers)):
                self.packages.libraries[name] = needed
            for command in gem.tools:
                self.packages.need_command(command)
        if strange:
            names = ", ".join(strange[:6]) + (" …" if len(strange) > 6 else "")
            self.assume(f"not known to need nothing else at run time: {names}")

    def _program(self, program: Program, files: Mapping[str, str]) -> None:
        self.check_program(program)
        name = program.name
        if self.is_own(name) or self.packages.need_command(name) or is_base_command(name):
            return
        if "/" in name:
            path = script_path(self.stage, program)
            if not path.startswith((f"{self.folder}/", f"{BUNDLE}/bin/")) and path not in files:
                raise NotSplit(f"{program.where} calls {name}, which is not known")
            return
        if name == "foreman":
            raise NotSplit("foreman starts what a Procfile names")
        self.packages.needs_dropped(name)

    def _sources(self) -> None:
        source = scan(self.context, "")
        self.look_up(source.files)
        for name in sorted(source.commands):
            for program in called_by(self.file, self.stage, name, "a source"):
                self._program(program, {})
        if "fiddle" in source.requires:
            raise NotSplit("a source loads shared libraries by name")
        if source.dynamic:
            self.assume(f"{', '.join(source.dynamic[:3])} may call programs whose names are not written there")
        for problem in source.problems[:1]:
            self.assume(problem)

    def _founded(self, fat: bool) -> Iterator[Evidence]:
        yield from self.on_packages()
        if fat:
            claim = f"{self.base} has the same Ruby on the same Debian release"
            yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        claim = f"{BUNDLE} holds {self.number} gems with their programs and bundler's settings"
        yield Evidence(claim, Strength.KNOWN)
        yield Evidence("the gems are known to run on slim; trusted: they call no other program", Strength.INFERRED)

    def place(self, step: Step) -> Place:
        if step in self.builds:
            return Place.BUILDER
        if isinstance(step, Run) and any(is_apt_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        place = super().place(step)
        if place is Place.BOTH and self._is_inside(step):
            return Place.BUILDER
        return place

    def _is_inside(self, step: Step) -> bool:
        """Whether a step works on nothing but the application's folder, which is copied as a whole."""
        if isinstance(step, Copy):
            return step.target is not None and self._is_below(step.target)
        if not isinstance(step, Run) or not step.calls:
            return False
        inside = {self._works_inside(call, step) for call in step.calls}
        if len(inside) > 1:
            raise NotSplit("a RUN works on the application's folder and on others before the last build step", step)
        return inside == {True}

    def _works_inside(self, call: Call, run: Run) -> bool:
        """Whether a command changes files of the application's folder."""
        if call.is_("cd") or None in call.values:
            raise NotSplit(f"what `{call.words[0].text}` works on is not known", run)
        operands = [value for value in call.values if value and not value.startswith("-")]
        if call.is_("chown", "chgrp") and any(self._is_below(joined(run.state.folder, one)) for one in operands[1:]):
            raise NotSplit("owners of the application's files change before the last build step", run)
        if call.is_("chmod", "rm", "mkdir", "touch", "cp", "mv", "ln", "sed", "install", "find"):
            return any(self._is_below(joined(run.state.folder, one)) for one in operands)
        return False

    def _is_below(self, path: str | None) -> bool:
        return path is not None and f"{path.rstrip('/')}/".startswith(f"{self.folder}/")


def _precompiles(words: list[str]) -> bool:
    """Whether these words make assets, and nothing outside the application's folder."""
    return words[:1] in (["rails"], ["rake"]) and bool(words[1:]) and ASSETS.issuperset(words[1:])
