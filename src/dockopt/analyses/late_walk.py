"""How far a COPY of sources may move down, what the installs on the way read of it, and what may stop it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dockopt.analyses.copied_files import CopiedFiles, Landing, files_before, is_below, landing_of, overlaps, parents
from dockopt.analyses.dependency_step import dependency_part, needs_no_step
from dockopt.analyses.install_needs import Needs
from dockopt.analyses.installs import run_needs
from dockopt.analyses.late_copy import INDIFFERENT, DependencyStep, LateCopy, Manifests, gives_owner
from dockopt.analyses.project_installs import installs_manifests, reason_to_stay
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.state import joined
from dockopt.syntax.words import parse_name_values

SYSTEM_FOLDERS = tuple(
    f"/{name}/"
    for name in (
        *("bin", "sbin", "lib", "lib64", "etc", "boot", "dev", "proc", "sys", "run", "usr/bin", "usr/sbin", "usr/lib"),
        *("usr/local/bin", "usr/local/sbin", "usr/local/lib", "usr/local/etc", "usr/local/share", "usr/local/include"),
        *(
            "usr/share",
            "usr/include",
            "usr/libexec",
            "var/lib",
            "var/cache",
            "var/log",
            "var/spool",
            "usr/local/bundle",
        ),
    )
)
MANIFEST_ENDINGS = (
    *(".txt", ".in", ".lock", "package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", ".npmrc"),
    *("pnpm-workspace.yaml", ".nvmrc", ".yarnrc", ".yarnrc.yml", "go.mod", "go.sum", "Gemfile", "pyproject.toml"),
    *(".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".props", "nuget.config", "NuGet.config", "global.json"),
    *(
        "composer.json",
        "Pipfile",
        "bun.lockb",
        "pom.xml",
        "mix.exs",
        "environment.yml",
        "environment.yaml",
        "Cargo.toml",
        "poetry.toml",
        "uv.toml",
    ),
)
SAFE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+@/")
VERSION_MANAGERS = ("pyenv", "rbenv", "nodenv", "goenv", "asdf", "mise", "volta", "fnm", "nvm", "rvm")
VERSION_FILES = (
    *(".python-version", ".ruby-version", ".node-version", ".nvmrc", ".go-version", ".tool-versions", ".rvmrc"),
    *("mise.toml", ".mise.toml", ".ruby-gemset"),
)
NODE_LOCKFILES = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")
NODE_INSTALLERS = ("bun", "npm", "yarn", "pnpm")


@dataclass
class _Walk:
    """What the steps behind a COPY were found to need, up to where it has to stop."""

    reads: dict[str, None] = field(default_factory=dict)
    installs: list[Run] = field(default_factory=list)
    fills: dict[str, None] = field(default_factory=dict)
    rewrites: dict[str, None] = field(default_factory=dict)
    last: Run | None = None
    step: DependencyStep | None = None
    reason: str = ""

    def passes(self, run: Run, needs: Needs, version_files: tuple[str, ...]) -> None:
        self.fills.update(dict.fromkeys(needs.fills))
        if needs.installs:
            self.last = run
        if needs.reads:
            self.installs.append(run)
            self.reads.update(dict.fromkeys((*needs.reads, *version_files)))
            self.rewrites.update(dict.fromkeys(needs.rewrites))


def moved_copy(file: Dockerfile, copy: Copy, first: Run, *, apart: bool = False) -> LateCopy | None:
    """The COPY below all that it may stand below, or why it may not; `first` is an install it should stand below."""
    landing = landing_of(file, copy)
    if not landing.broad:
        return None
    walk = _walk(file, copy, landing, apart=apart)
    if not any(_is_source(path) for path in landing.broad - walk.reads.keys()):
        return None
    if not walk.installs or walk.last is None:
        return LateCopy(copy, installs=(first,), reason=walk.reason) if walk.reason else None
    reason = _forbidden(file, copy, landing, walk)
    manifests = tuple(_manifests(file, copy, landing, tuple(walk.reads)))
    if reason or not _can_be_written(copy, manifests):
        return LateCopy(copy, installs=(first,), reason=reason or "a path of a manifest cannot be written plainly")
    below = _below(copy, walk.last)
    target = (copy.target or "/").rstrip("/") or "/"
    fills = tuple(path for path in walk.fills if is_below(path, target) or is_below(target, path))
    rewrites = tuple(walk.rewrites)
    return LateCopy(copy, manifests, tuple(walk.installs), walk.last, below, fills, rewrites, step=walk.step)


def _walk(file: Dockerfile, copy: Copy, landing: Landing, *, apart: bool) -> _Walk:
    walk = _Walk()
    for step in file.stages[copy.stage].after(copy):
        if isinstance(step, Run):
            files = files_before(file, step)
            needs = run_needs(step, CopiedFiles(files.context, files.places, frozenset(walk.fills)))
            reason = needs.obstacle or _met(landing, needs)
            if reason:
                _stopped(walk, file, landing, step, reason, apart=apart)
                return walk
            walk.passes(step, needs, _version_files(file, step, needs) if needs.reads else ())
        elif not _may_pass(file, copy, landing, step):
            return walk
    return walk


def _stopped(walk: _Walk, file: Dockerfile, landing: Landing, run: Run, reason: str, *, apart: bool) -> None:
    """A command reads the sources: if it installs, too, that part may still be done ahead of them."""
    if not installs_manifests(run):
        later = any(installs_manifests(one) for one in file.stages[run.stage].runs if one.index > run.index)
        walk.reason = reason if later and any(not _is_source(path) for path in landing.broad) else ""
        return
    files = files_before(file, run)
    part = dependency_part(file, run, files)
    if part is None:
        walk.reason = "" if needs_no_step(file, run, files) else reason_to_stay(run) or reason
        return
    walk.reason = part.needs.obstacle or _met(landing, part.needs)
    if apart and part.step and not walk.reason:
        walk.passes(run, part.needs, _version_files(file, run, part.needs))
        walk.step = part.step


def _version_files(file: Dockerfile, run: Run, needs: Needs) -> tuple[str, ...]:
    """Copied files by which a version manager, where there may be one, chooses the interpreter for a folder."""
    base = file.root(file.stages[run.stage]).base or "/"
    if "/" not in base and not any(name in file.text for name in VERSION_MANAGERS):
        return ()
    places = files_before(file, run).places
    folders = {path.rpartition("/")[0] for path in places}
    here = [run.state.folder or "/", *(path.rpartition("/")[0] or "/" for path in needs.reads)]
    near = sorted(folder for folder in folders if any(is_below(one, folder or "/") for one in here))
    paths = (f"{folder}/{name}" for folder in near for name in VERSION_FILES)
    return tuple(path for path in paths if path in places)


def _met(landing: Landing, needs: Needs) -> str:
    path = next((path for path in needs.fills if overlaps(landing, path)), "")
    if path in landing.places:
        return f"a command below changes {path}, which it copies"
    return f"{path} is in the build context, too: keep it out with .dockerignore" if path else ""


def _may_pass(file: Dockerfile, copy: Copy, landing: Landing, step: Step) -> bool:
    """Whether the COPY means the same below a step that runs nothing."""
    match step.keyword:
        case "ENV" | "ARG":
            names = [pair.name for pair in parse_name_values(step.text, step.state.escape, arguments=True)]
            return "$" not in copy.node.logical or not any(name in copy.node.logical for name in names)
        case "WORKDIR":
            folder = joined(step.state.folder, step.state.expand(step.text.strip()))
            return copy.node.exec_form is None and (not gives_owner(copy) or folder == (copy.target or "").rstrip("/"))
        case "COPY" | "ADD":
            return isinstance(step, Copy) and _apart(landing, landing_of(file, step), step)
    return step.keyword in INDIFFERENT


def _apart(landing: Landing, other: Landing, copy: Copy) -> bool:
    """Whether two COPYs give the same in either order."""
    if other.problem:
        return copy.target is not None and not overlaps(landing, copy.target.rstrip("/") or "/")
    if other.needs_folder:
        return False
    for path, source in other.places.items():
        if landing.places.get(path, source) != source:
            return False
    mine, others = set(parents(landing.places)), set(parents(other.places))
    return not (mine & other.places.keys() or others & landing.places.keys())


def _below(copy: Copy, last: Run) -> str:
    """The destination as it has to be written behind a step that may run in another folder."""
    same = copy.state.folder == last.state.folder or (copy.state.expand(copy.destination) or "").startswith("/")
    return copy.destination if same else (copy.target or "/").rstrip("/") + "/"


def _is_source(path: str) -> bool:
    return not path.endswith(MANIFEST_ENDINGS)


def _forbidden(file: Dockerfile, copy: Copy, landing: Landing, walk: _Walk) -> str:
    if any(path.startswith(SYSTEM_FOLDERS) for path in landing.places):
        return "it copies into folders of the system"
    volumes = [joined("/", volume) or "/" for volume in copy.state.volumes]
    if any(overlaps(landing, volume) for volume in volumes):
        return "it copies into a volume"
    if any("$" in source for source in copy.sources):
        return "a variable decides what is copied"
    moved = walk.last is not None and _below(copy, walk.last) != copy.destination
    before = (step for step in (*file.before(copy), copy) if step.keyword == "WORKDIR")
    if moved and any("$" in step.text for step in before):
        return "a variable decides where it copies to"
    node = any(path.endswith(NODE_LOCKFILES) for path in walk.rewrites)
    if node and _installs_again(file, walk.installs):
        return "the lockfile does not match its manifest, and a later install reads what this one makes of it"
    return ""


def _installs_again(file: Dockerfile, installs: list[Run]) -> bool:
    runs = [run for run in file.runs if run not in installs]
    later = [run for run in runs if (run.stage, run.index) > (installs[0].stage, installs[0].index)]
    return any(
        call.name in NODE_INSTALLERS and call.has("ci", "install", "i", "prune") for run in later for call in run.calls
    )


def _manifests(file: Dockerfile, copy: Copy, landing: Landing, reads: tuple[str, ...]) -> Iterator[Manifests]:
    """The files read that only this COPY brings, by folder; what an earlier one has just brought is there already."""
    groups: dict[str, list[str]] = {}
    there = _there_already(file, copy)
    for path in reads:
        source = landing.places.get(path)
        if source is not None and there.get(path) != source:
            groups.setdefault(path.rpartition("/")[0] or "/", []).append(source)
    target = (copy.target or "/").rstrip("/")
    for folder, sources in groups.items():
        yield Manifests(tuple(sources), folder[len(target) + 1 :] if is_below(folder, target or "/") else "..")


def _there_already(file: Dockerfile, copy: Copy) -> Mapping[str, str]:
    """Copied files that no RUN can have touched since."""
    steps = file.stages[copy.stage].steps[: copy.index]
    last = max((step.index for step in steps if isinstance(step, Run)), default=-1)
    found: dict[str, str] = {}
    for step in steps[last + 1 :]:
        if isinstance(step, Copy):
            landing = landing_of(file, step)
            found = {} if landing.problem else {**found, **landing.places}
    return found


def _can_be_written(copy: Copy, manifests: tuple[Manifests, ...]) -> bool:
    texts = [text for one in manifests for text in (*one.sources, one.folder)]
    plain = all(set(text) <= SAFE_CHARACTERS and ".." not in text and not text.startswith("-") for text in texts)
    return plain and not any(character in copy.destination for character in " \"'\\")
