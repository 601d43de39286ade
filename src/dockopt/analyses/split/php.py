"""PHP: extensions compiled and Composer run in a builder; the same image with the libraries that extensions link."""

import re
from collections.abc import Iterator, Mapping

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, image_files, is_base_command, script_path, start_programs
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.images import Image, describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.words import parse_name_values

EXTENSIONS = "/usr/local/lib/php/extensions"
SETTINGS = "/usr/local/etc/php/conf.d"
"""Where the official images keep compiled extensions, and the files that load them."""
OWN_VARIABLES = frozenset({"PATH", "PHP_INI_DIR", "PHP_INI_SCAN_DIR", "COMPOSER_VENDOR_DIR", "COMPOSER_BIN_DIR"})
COMPILES = frozenset("docker-php-ext-install docker-php-ext-configure docker-php-ext-enable docker-php-source".split())
SERVER = frozenset({"a2enmod", "a2dismod", "a2ensite", "a2dissite", "a2enconf", "a2disconf"})
"""Programs that link settings of Apache, which the runtime stage has to do again."""
COMPOSER_TOOLS = frozenset({"git", "unzip", "zip", "p7zip-full", "7zip", "subversion", "mercurial", "openssh-client"})
"""Packages that Composer fetches and unpacks with."""
STARTS = re.compile(
    r"\b(?:exec|shell_exec|system|passthru|proc_open|popen|pcntl_exec)\s*\(|\bnew\s+Process\b|Process::|`[^`\n]+`"
)
COMPOSER_COMMANDS = (["install"], ["dump-autoload"], ["dumpautoload"], ["clear-cache"])
SYSTEM_FOLDERS = frozenset({"/", "/usr", "/usr/local", "/home", "/opt", "/root", "/var", "/srv", "/etc", "/usr/src"})


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a php image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "php" or image.distribution != "debian" or not stage.base:
        return None
    builds = [run for run in stage.runs if not run.opaque and any(_is_build(call) for call in run.calls)]
    if not builds:
        return None
    return _Splitter(file, stage, image, stage.base, builds).plan()


def _is_build(call: Call) -> bool:
    return call.is_("composer", "pecl", *COMPILES) or _fetches_composer(call)


def _fetches_composer(call: Call) -> bool:
    text = " ".join(word.text for word in call.words)
    return call.is_("curl", "wget", "php") and ("getcomposer.org" in text or "composer-setup" in text)


class _Splitter(Splitter):
    own_programs = ("php", "apache2", "docker-php", "a2en", "a2dis")

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, base: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, base, builds)
        self.composer = [run for run in builds if any(_installs(call) for call in run.calls)]
        self.folder = ""

    def plan(self) -> Plan | None:
        if not self.packages.dropped and not (self.composer and COMPOSER_TOOLS & set(self.packages.kept)):
            return None
        self._check()
        files = image_files(self.file, self.stage)
        if self.composer:
            self._check_composer(files)
        for program in start_programs(self.file, self.stage):
            self._program(program, files)
        words = set(self.compose_programs())
        if words & {"composer", "pecl", *self.packages.dropped}:
            raise NotSplit("a compose file calls what only the builder has")
        self._drop_tools(files, words)
        self.check_copies()
        plan = Plan("compile extensions and fetch packages in a builder stage", self.runtime_base())
        places = [EXTENSIONS, SETTINGS] if self._compiles() else []
        places += [self.folder] if self.folder else []
        self.arrange(plan, [f"COPY --from=builder {path} {path}" for path in places] + list(self._server()))
        plan.evidence = [*self._founded(), *self.evidence]
        return plan

    def _compiles(self) -> bool:
        return any(call.is_("pecl", *COMPILES) for run in self.builds for call in run.calls)

    def check_copies(self) -> None:
        """Composer stays in the builder; anything else of other images runs on the image that it was copied to."""
        for copy in self.stage.copies:
            source = self.file.stage_named(copy.from_ or "")
            if source is not None:
                self.evidence.append(self.pages(copy, source))

    def _check(self) -> None:
        self.check_builds()
        for step in self.stage.steps:
            if step.keyword in ("ENV", "ARG"):
                names = {pair.name for pair in parse_name_values(step.text, arguments=step.keyword == "ARG")}
                if names & OWN_VARIABLES:
                    raise NotSplit("the file sets PATH or where PHP keeps its files", step)
        for run in self.stage.runs:
            if run in self.builds:
                self.check_written(run, folders=(EXTENSIONS, SETTINGS, *(one.state.folder for one in self.composer)))
                for call in run.calls:
                    self._check_call(call, run)
            elif not only_base_commands(run, self.image) and not all(
                is_apt_call(call) or call.is_("echo", "true", "set", *SERVER) for call in run.calls
            ):
                raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)

    def _check_call(self, call: Call, run: Run) -> None:
        if is_apt_call(call) or call.is_("echo", "true", "set", "nproc"):
            return
        if call.is_(*SERVER) and call.top and None not in call.values:
            return
        words = [value for value in call.values if value and not value.startswith("-")]
        known = (
            call.is_(*COMPILES)
            or (call.is_("pecl") and words[:1] == ["install"])
            or (call.is_("composer") and words[:1] in COMPOSER_COMMANDS)
            or _fetches_composer(call)
            or (call.is_("mv", "chmod", "rm") and "composer" in " ".join(words))
            or (call.is_("rm") and all(word.startswith(("/tmp/", "/var/lib/apt", "/var/cache")) for word in words))  # noqa: S108
        )
        if not known or call.has("-d", "--working-dir", "-g", "global"):
            text = " ".join(word.text for word in call.words[:3])
            raise NotSplit(f"`{text}` may write files that are not understood", run)

    def _check_composer(self, files: Mapping[str, str]) -> None:
        self.folder = self.composer[0].state.folder or ""
        if not self.folder or self.folder in SYSTEM_FOLDERS:
            raise NotSplit("the application has no folder of its own (WORKDIR)", self.composer[0])
        if any(run.state.folder != self.folder for run in self.composer):
            raise NotSplit("composer works in several folders", self.composer[0])
        path = files.get(f"{self.folder}/composer.json")
        text = self.context.read(path) if path else None
        if text is None:
            raise NotSplit("composer.json is not in the build context where composer runs", self.composer[0])
        if "vendor-dir" in text or '"path"' in text:
            raise NotSplit("composer.json names folders of its own")

    def _program(self, program: Program, files: Mapping[str, str]) -> None:
        self.check_program(program)
        name = program.name
        if name.rpartition("/")[2] in ("composer", "pecl") or name in self.packages.dropped:
            raise NotSplit(f"{program.where} calls {name}, which only the builder has")
        if self.is_own(name) or is_base_command(name):
            if "artisan" in program.arguments and "serve" in program.arguments:
                raise NotSplit(f"{program.where} starts a server for development")
            return
        if "/" in name:
            path = script_path(self.stage, program)
            if path not in files and not (self.folder and path.startswith(f"{self.folder}/")):
                raise NotSplit(f"{program.where} calls {name}, which is not known")

    def _drop_tools(self, files: Mapping[str, str], words: set[str]) -> None:
        """Leave Composer's tools in the builder where no source can start a program."""
        tools = [name for name in self.packages.kept if name in COMPOSER_TOOLS]
        if not self.composer or not tools or words & {*tools, "ssh", "svn", "hg"}:
            return
        called = {program.name for program in start_programs(self.file, self.stage)}
        sources = [path for path in files.values() if path.endswith((".php", ".phtml", ".inc"))]
        starting = next((path for path in sources if STARTS.search(self.context.read(path) or "")), "")
        if starting or called & {*tools, "ssh"}:
            return
        self.packages.kept = [name for name in self.packages.kept if name not in tools]
        self.packages.dropped += tools

    def _server(self) -> Iterator[str]:
        """Apache's settings that a build step links are linked again."""
        for run in self.builds:
            for call in run.calls_of(*SERVER):
                yield "RUN " + " ".join(word.text for word in call.words)

    def _founded(self) -> Iterator[Evidence]:
        yield from self.on_packages()
        if self._compiles():
            yield Evidence(f"{EXTENSIONS} and {SETTINGS} hold what the extensions are", Strength.KNOWN)
        yield Evidence(
            "start commands and sources call nothing that stays behind; trusted: neither do installed packages",
            Strength.INFERRED,
        )

    def place(self, step: Step) -> Place:
        if step in self.builds:
            return Place.BUILDER
        if isinstance(step, Run) and any(call.is_(*SERVER) for call in step.calls):
            return Place.RUNTIME
        if isinstance(step, Run) and any(is_apt_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        place = super().place(step)
        if place is not Place.BOTH:
            return place
        if isinstance(step, Copy):
            target = (step.target or "").rstrip("/")
            brings_composer = bool(step.from_) and "composer" in target
            return Place.BUILDER if brings_composer or self._is_below(target) else place
        if isinstance(step, Run) and self.folder and any(self._touches(call, step) for call in step.calls):
            raise NotSplit("a RUN works on the application's folder before the last build step", step)
        return place

    def _touches(self, call: Call, run: Run) -> bool:
        if call.is_("mkdir", "useradd", "groupadd", "usermod", "groupmod", "echo"):
            return False
        return any(value is None or self._is_below(joined(run.state.folder, value)) for value in call.values)

    def _is_below(self, path: str | None) -> bool:
        return bool(self.folder) and path is not None and f"{path}/".startswith(f"{self.folder}/")


def _installs(call: Call) -> bool:
    return call.is_("composer") and call.has("install", "dump-autoload", "dumpautoload")
