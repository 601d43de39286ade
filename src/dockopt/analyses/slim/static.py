"""Distroless for an image that holds a statically linked Go program: a few files of the system, and no shell.

It has CA certificates, time zones, `/tmp`, the accounts root, nobody and nonroot, and /etc/nsswitch.conf.
Source: its README and its `base` definitions.
"""

from collections.abc import Iterator

from dockopt.analyses.development import development_sign
from dockopt.analyses.slim.verdict import NotSlim, SlimBase, SlimVerdict
from dockopt.analyses.split.go_builds import built_path, is_go, module_folder, without_c
from dockopt.analyses.split.needs import image_files
from dockopt.analyses.split.packages import is_package_call, packages_of
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.splitter import KEYS, command_words
from dockopt.analyses.started import start_steps
from dockopt.context.go_source import scan
from dockopt.context.kubernetes import manifests
from dockopt.context.tree import Context
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.base_commands import ESSENTIAL
from dockopt.knowledge.images import describe
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined

REPOSITORY = "gcr.io/distroless/static-debian"
BASES = frozenset({"debian", "ubuntu", "alpine"})
SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
ACCOUNTS = frozenset({"", "root", "nobody", "0"})
BROUGHT = frozenset({"ca-certificates", "tzdata"})
"""Packages whose files distroless/static has."""
PLAIN = frozenset(
    {"COPY", "ADD", "ENV", "ARG", "LABEL", "EXPOSE", "WORKDIR", "CMD", "ENTRYPOINT", "STOPSIGNAL", "VOLUME"}
)
CALLED = frozenset({"sh", "bash", "ash", "CMD-SHELL", "curl", "wget", "nc"})
TOOLS = ("/bin/sh", "/bin/bash", "/usr/bin/", "/usr/sbin/", "/etc/debian_version")
"""Paths of the system whose names in sources say that the program uses more than distroless/static has."""


def static_program(file: Dockerfile, stage: Stage, context: Context) -> SlimVerdict:
    """The change of a stage whose program is static; nothing where it is not known to be."""
    image = describe(stage.base) if stage.base else None
    if image is None or image.family not in BASES or image.digest:
        return SlimVerdict()
    builder = _builder(file, stage)
    if builder is None:
        return SlimVerdict()
    try:
        return SlimVerdict(_Program(file, stage, context, *builder).base())
    except (NotSlim, NotSplit) as verdict:
        return SlimVerdict(None, verdict.reason)


def _builder(file: Dockerfile, stage: Stage) -> tuple[Run, str] | None:
    """The `go build` without C that writes the program which the container starts, and the program's path there."""
    steps = start_steps(file, stage)
    words = steps[0].node.exec_form if steps else None
    if not words:
        return None
    places = (
        [joined(stage.end.folder or "/", words[0])] if "/" in words[0] else [f"{one}/{words[0]}" for one in SEARCHED]
    )
    for copy in reversed(stage.copies):
        source = file.stage_named(copy.from_ or "")
        path = copy.expanded_sources[0] if len(copy.sources) == 1 else None
        if source is None or path is None or copy.target is None:
            continue
        target = f"{copy.target.rstrip('/')}/{path.rpartition('/')[2]}" if copy.target.endswith("/") else copy.target
        inside = f"{copy.target.rstrip('/')}/{path.rpartition('/')[2]}"
        if target in places or inside in places:
            return _build_of(file, source, joined("/", path) or path)
    return None


def _build_of(file: Dockerfile, stage: Stage, path: str) -> tuple[Run, str] | None:
    for run in (run for one in file.chain(stage) for run in one.runs if not run.opaque):
        folder = run.state.folder or ""
        for call in run.calls:
            if call.is_("cd"):
                folder = joined(folder or None, call.values[0] if call.values else None) or ""
            elif is_go(call, "build") and without_c(run):
                try:
                    found = built_path(file, file.stages[run.stage], call, folder, run)
                except NotSplit:
                    continue
                if found == path:
                    return run, path
    return None


class _Program:
    """One static program, the stage that ships it, and the RUN that builds it."""

    def __init__(self, file: Dockerfile, stage: Stage, context: Context, run: Run, path: str) -> None:
        self.file = file
        self.stage = stage
        self.context = context
        self.run = run
        self.path = path
        self.dropped: list[Run] = []

    def base(self) -> SlimBase:
        self._check_place()
        for step in self.stage.steps:
            self._check_step(step)
        self._check_data()
        self._check_sources()
        self._check_compose()
        reference = self._reference()
        rewritten = tuple((run, "") for run in self.dropped)
        return SlimBase(f"run on {reference}", reference, tuple(self._evidence(reference)), (), rewritten)

    def _check_place(self) -> None:
        if sign := development_sign(self.file, self.stage):
            raise NotSlim(f"the image is for development: {sign}")
        if self.file.built_on(self.stage):
            raise NotSlim("other stages are built on it, and would have no shell")
        if any(self.stage.index in self.file.sources_of(other) for other in self.file.stages):
            raise NotSlim("other stages copy from it")
        if "$" in self.stage.node.argument_text:
            raise NotSlim("the image depends on a build argument")

    def _check_step(self, step: Step) -> None:
        if isinstance(step, Run):
            self._check_run(step)
        elif step.keyword == "HEALTHCHECK":
            self._check_health(step)
        elif step.keyword == "USER":
            if not _is_known(step.text):
                raise NotSlim(f"distroless has no account {step.text}")
        elif step.keyword not in PLAIN:
            raise NotSlim(f"{step.keyword} needs a shell")
        elif step.keyword in ("CMD", "ENTRYPOINT") and step.node.exec_form is None:
            raise NotSlim(f"{step.keyword} is for a shell, which distroless has not")
        elif (owner := step.node.flag("chown")) and not _is_known(owner.value or ""):
            raise NotSlim("distroless has not the account that files are given to")

    def _check_run(self, run: Run) -> None:
        image = describe(self.stage.base or "")
        assert image
        if run.opaque or not run.calls or not all(is_package_call(call) for call in run.calls):
            raise NotSlim(f"`RUN {run.text[:40]}` needs a shell")
        packages = packages_of(image, certificates=False)
        packages.read(run)
        rest = {*packages.kept, *packages.dropped} - BROUGHT
        if rest or packages.upgrades:
            raise NotSlim(f"it installs {min(rest, default='newer packages')}, which distroless has not")
        self.dropped.append(run)

    def _check_health(self, step: Step) -> None:
        kind, _, rest = step.text.partition(" ")
        words = rest.strip()
        if kind.upper() == "NONE":
            return
        if not words.startswith("[") or self.stage_program() not in words:
            raise NotSlim("the health check calls programs that distroless has not")

    def stage_program(self) -> str:
        """The program as CMD or ENTRYPOINT names it."""
        return (start_steps(self.file, self.stage)[0].node.exec_form or ("",))[0]

    def _check_data(self) -> None:
        for path in image_files(self.file, self.stage).values():
            if path.endswith((".sh", ".bash")) or (self.context.read(path) or "").startswith("#!"):
                raise NotSlim(f"{path} is a script, and distroless has no shell to run it")
        for copy in self.stage.copies:
            if copy.from_ and self.file.stage_named(copy.from_) is None:
                raise NotSlim(f"what is copied from {copy.from_} may need more than distroless has")
            self._check_copy(copy)

    def _check_copy(self, copy: Copy) -> None:
        """Refuse programs from other stages, which may link libraries."""
        source = self.file.stage_named(copy.from_ or "")
        if source is None:
            return
        for path in (joined("/", one or "") or "" for one in copy.expanded_sources):
            folder, _, name = path.rpartition("/")
            if folder.endswith(("/bin", "/sbin", "/lib", "/libexec")) and _build_of(self.file, source, path) is None:
                raise NotSlim(f"{name} is copied from {copy.from_}, and may link libraries")

    def _check_sources(self) -> None:
        builder = self.file.stages[self.run.stage]
        if any(
            call.has("-linkshared") or "-buildmode" in " ".join(w.text for w in call.words) for call in self.run.calls
        ):
            raise NotSlim("go build is told how to link the program")
        if not self.context.complete:
            raise NotSlim("the build context is too large to be read whole")
        folder = module_folder(self.file, builder, self.run.state.folder, self.run)
        source = scan(self.context, folder)
        if source.problems or not source.files:
            raise NotSlim(source.problems[0] if source.problems else "no Go source is in the build context")
        if source.commands or source.dynamic or "os/exec" in source.imports:
            raise NotSlim(f"a source calls {min(source.commands, default='other programs')}")
        for path in source.files:
            text = self.context.read(path) or ""
            if word := next((word for word in TOOLS if f'"{word}' in text or f"`{word}" in text), ""):
                raise NotSlim(f"{path} names {word}, which distroless has not")

    def _check_compose(self) -> None:
        for path, text in self.context.compose_files.items():
            if word := min({*command_words(text)} & (CALLED | ESSENTIAL), default=""):
                raise NotSlim(f"{path} names {word}, which distroless has not")
        for text in manifests(self.context):
            called = {*command_words(text)} & ESSENTIAL | {*command_words(text, keys=(*KEYS, "args"))} & CALLED
            if word := min(called, default=""):
                raise NotSlim(f"a manifest of Kubernetes names {word}, which distroless has not")

    def _reference(self) -> str:
        image = describe(self.stage.base or "")
        newest = image is not None and (image.release == "trixie" or image.candidates[:1] == ("trixie",))
        return f"{REPOSITORY}{13 if newest else 12}"

    def _evidence(self, reference: str) -> Iterator[Evidence]:
        claim = f"go build writes {self.path} without C, so that it links no library"
        yield Evidence(claim, Strength.PROVEN, self.run.node.span)
        claim = f"{reference} has CA certificates, time zones, root and nobody, but no shell"
        yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        claim = "no source calls a program; hoped: modules that it imports do neither, and nobody opens a shell in it"
        yield Evidence(claim, Strength.ASSUMED)


def _is_known(owner: str) -> bool:
    user, _, group = owner.partition(":")
    return all(one in ACCOUNTS or one.isdigit() for one in (user, group))
