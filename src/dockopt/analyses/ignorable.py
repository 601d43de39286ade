"""What of a build context is sent to the builder and copied into images, although nothing there needs it.

A file that any Dockerfile of the context copies by its name is needed.  Where a source of a COPY is not known, or the
context could not be read whole, nothing can be said.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from dockopt.analyses.project_installs import NODE, lists_packages
from dockopt.analyses.repository_readers import is_source, reads_repository, texts
from dockopt.context.ignore import Ignore
from dockopt.context.sources import is_remote
from dockopt.context.tree import Context
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage

REPOSITORIES = (".git", ".hg", ".svn")
CACHES = ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".DS_Store")
ENVIRONMENTS = (".venv", "venv", "env")
FOR_PEOPLE = (".github", ".gitlab", ".circleci", ".vscode", ".idea", "docs", "tests", "test")
WHOLE = frozenset({"", ".", "*"})
WITHOUT_DEVELOPMENT = ("--production", "--prod", "-P", "--omit=dev", "--only=production", "--only=prod", "dev")
CARGO = {"cargo": frozenset({"build", "b", "run", "r", "rustc", "--path"})}
MAVEN = dict.fromkeys(("mvn", "mvnw"), frozenset({"package", "install", "verify", "compile", "deploy"}))
ELSEWHERE = ("--prefix", "-C", "--cwd", "--dir", "--modules-folder", "--global", "-g")
TESTS = frozenset({"test", "tests"})
SERVED = ("/usr/share/nginx/", "/var/www", "/usr/local/apache2/htdocs", "/srv/www", "/srv/http", "/usr/share/caddy")
"""Folders of which a server gives out whatever is there."""
OF_SITES = ("_config.yml", "_config.yaml", "mkdocs.yml", "mkdocs.yaml", "hugo.toml", "book.toml", "antora.yml")
"""Settings of programs that make pages of every folder."""
RUNNERS = frozenset("pytest py nose2 nosetests tox nox phpunit rspec jest mocha vitest ctest bats".split())
MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "package.json", "Cargo.toml", "Makefile", "composer.json")


class Ignorable(NamedTuple):
    """A rule for the ignore file, why nothing misses what it keeps out, and the bytes of that."""

    rule: str
    reason: str
    size: int


class Asked(NamedTuple):
    """The Dockerfiles that a context is built with, and what they copy from it by name."""

    files: tuple[Dockerfile, ...]
    context: Context
    sources: frozenset[str]

    @property
    def stages(self) -> Iterator[tuple[Dockerfile, Stage]]:
        """Every stage that copies the whole context."""
        for file in self.files:
            for stage in file.stages:
                if any(source in WHOLE for source in _sources(stage)):
                    yield file, stage


class _Known(NamedTuple):
    """What is asked of a file's context: by which other Dockerfiles, what of it, and what its ignore file keeps."""

    others: tuple[Dockerfile, ...]
    sources: frozenset[str]
    kept: tuple[str, ...]


Finder = Callable[[Asked], Iterator[Ignorable]]


def ignorable(file: Dockerfile) -> tuple[Ignorable, ...]:
    """What can be kept out without a doubt but the one that its reason names."""
    return _open(file, _certain)


def ignorable_for_people(file: Dockerfile) -> tuple[Ignorable, ...]:
    """What seems to be for those who work on the project only."""
    return _open(file, _for_people)


def with_rules(text: str | None, rules: tuple[str, ...]) -> str:
    """An ignore file's text with more rules at its end."""
    newline = "\r\n" if text and "\r\n" in text else "\n"
    start = text or ""
    start += newline if start and not start.endswith("\n") else ""
    return start + "".join(f"{rule}{newline}" for rule in rules)


def _open(file: Dockerfile, found: Finder) -> tuple[Ignorable, ...]:
    known = file.facts(_known)
    if known is None or file.context is None:
        return ()
    asked = Asked((file, *known.others), file.context, known.sources)
    return tuple(one for one in found(asked) if not any(_meets(pattern, one.rule) for pattern in known.kept))


def _known(file: Dockerfile) -> "_Known | None":
    """What is asked of the context, None where nothing can be said."""
    context = file.context
    if context is None or not any(source in WHOLE for stage in file.stages for source in _sources(stage)):
        return None
    ignore_file = context.ignore_file
    if ignore_file is None or not context.complete:
        return None
    rules = Ignore.parse(ignore_file.text or "")
    if rules.problems:
        return None
    others = tuple(Dockerfile.parse(text, context) for text in context.dockerfiles.values() if text != file.text)
    sources = _all_sources((file, *others))
    kept = tuple(rule.pattern for rule in rules.rules if rule.exception)
    return None if sources is None else _Known(others, sources, kept)


def _all_sources(files: tuple[Dockerfile, ...]) -> frozenset[str] | None:
    """What the files copy from the context by name, None where a source is not known."""
    sources: set[str] = set()
    for one in files:
        if one.refusal:
            return None
        for stage in one.stages:
            for source in _sources(stage):
                if source is None:
                    return None
                sources.add(source)
    return frozenset(sources)


def _sources(stage: Stage) -> Iterator[str | None]:
    """What a stage takes from the context, without dots and slashes around it."""
    for copy in stage.copies:
        if copy.from_ is None:
            for source in copy.expanded_sources:
                if source is None or not is_remote(source):
                    yield None if source is None else _plain(source)
    for run in stage.runs:
        for mount in run.mounts:
            if mount.get("type", "bind") == "bind" and not mount.get("from"):
                yield _plain(mount.get("source") or mount.get("src") or ".")


def _plain(source: str) -> str:
    return "/".join(part for part in source.split("/") if part not in ("", "."))


def _named(asked: Asked, path: str) -> bool:
    """Whether a COPY asks for a path of the context, or for something in it."""
    return any(
        source not in WHOLE and (source.startswith(f"{path}/") or fnmatchcase(path, source.partition("/")[0]))
        for source in asked.sources
    )


def _meets(pattern: str, rule: str) -> bool:
    """Whether an exception could be about what a rule ignores."""
    name = rule.removeprefix("**/")
    parts = pattern.split("/")
    return any(fnmatchcase(name, part) or fnmatchcase(part, name) for part in parts)


def _certain(asked: Asked) -> Iterator[Ignorable]:
    context = asked.context
    for name in REPOSITORIES:
        if _is_there(context, name) and not _named(asked, name) and not reads_repository(asked.files, context):
            yield Ignorable(name, f"nothing in the context or the Dockerfiles reads {name}", _size(context, name))
    for name in CACHES:
        size = sum(file.size for path, file in context.files.items() if name in path.split("/"))
        if size and not any(name in source for source in asked.sources):
            nested = any(name in path.split("/")[1:] for path in context.files)
            yield Ignorable(f"**/{name}" if nested else name, f"{name} is made anew where it is needed", size)
    made = tuple(_made_anew(asked))
    logs = {path: file.size for path, file in context.files.items() if path.endswith(".log")}
    if not made and not logs:
        return
    ignored_by_git = frozenset(line.strip().strip("/") for line in (context.read(".gitignore") or "").splitlines())
    for name, reason in made:
        if name in ignored_by_git and not _named(asked, name):
            yield Ignorable(name, reason, _size(context, name))
    yield from _logs(asked, logs, ignored_by_git)


def _logs(asked: Asked, logs: Mapping[str, int], ignored_by_git: frozenset[str]) -> Iterator[Ignorable]:
    """What programs logged on this machine, where git ignores all of it and nothing names a file."""
    if not logs or "*.log" not in ignored_by_git or any(".log" in line for line in ignored_by_git if line[:1] == "!"):
        return
    copied = [source for source in asked.sources if source not in WHOLE]
    if any(".log" in source or path.startswith(f"{source}/") for source in copied for path in logs):
        return
    found = texts(asked.context)
    names = {path.rpartition("/")[2] for path in logs}
    if found is None or any(name in text for text in (*found, *(file.text for file in asked.files)) for name in names):
        return
    nested = any("/" in path for path in logs)
    yield Ignorable("**/*.log" if nested else "*.log", "git ignores logs, and nothing names one", sum(logs.values()))


def _made_anew(asked: Asked) -> Iterator[tuple[str, str]]:
    """Folders of the machine at hand that each image makes for itself."""
    context, stages = asked.context, list(asked.stages)
    if (
        context.is_folder("node_modules")
        and context.has("package.json")
        and all(_installs_node(*one) for one in stages)
    ):
        yield "node_modules", "each image that the folder is copied to installs its own, and git ignores it"
    for name in ENVIRONMENTS:
        if context.has(f"{name}/pyvenv.cfg") and not _is_entered(asked, name):
            yield name, "no Dockerfile uses the virtual environment of this machine, and git ignores it"
    builders = {"Cargo.toml": CARGO, "pom.xml": MAVEN}
    for manifest, commands in builders.items():
        if context.is_folder("target") and context.has(manifest) and all(_calls(*one, commands) for one in stages):
            yield "target", "each image that the folder is copied to builds its own, and git ignores it"


def _installs_node(file: Dockerfile, stage: Stage) -> bool:
    """Whether a stage installs all dependencies of the project, where it then copies the context to."""
    targets = {(copy.target or "").rstrip("/") for copy in stage.copies if copy.from_ is None}
    runs = [run for one in file.chain(stage) for run in one.runs]
    own = [copy.index for copy in stage.copies if copy.from_ is None]
    cleans = (run for run in stage.runs if run.index > max(own, default=0) and _installs_anew(run))
    return any(_installs_all(run) and run.state.folder in targets for run in runs) or any(
        run.state.folder in targets for run in cleans
    )


def _installs_anew(run: Run) -> bool:
    """Whether npm empties node_modules before it installs, so that nothing of what was copied stays."""
    if run.opaque or any(run.calls_of("cd", "rm", "cp", "mv")):
        return False
    cleans = [call for call in run.calls_of("npm") if call.values[:1] == ("ci",)]
    return any(call.literal and call.sure and not call.has(*ELSEWHERE) for call in cleans)


def _installs_all(run: Run) -> bool:
    if run.opaque or run.state.environment.get("NODE_ENV", "") == "production" or any(run.calls_of("cd", "rm")):
        return False
    installs = [call for call in run.calls if call.name in NODE and lists_packages(call)]
    return any(call.literal and call.sure and not call.has(*WITHOUT_DEVELOPMENT, *ELSEWHERE) for call in installs)


def _calls(file: Dockerfile, stage: Stage, commands: Mapping[str, frozenset[str]]) -> bool:
    """Whether one of the programs builds the project."""
    calls = (call for one in file.chain(stage) for run in one.runs for call in run.calls if call.sure)
    return any(call.has(*commands.get(call.name or "", ())) for call in calls)


def _is_entered(asked: Asked, name: str) -> bool:
    """Whether a Dockerfile or a script uses a virtual environment that was copied."""
    if any(_mentions(file, name) for file in asked.files):
        return True
    found = texts(asked.context)
    return found is None or any(f"{name}/bin" in text for text in found)


def _mentions(file: Dockerfile, name: str) -> bool:
    return any(f"{start}{name}{end}" in file.text for start in " /=\"'" for end in " /:\"'\n")


def _for_people(asked: Asked) -> Iterator[Ignorable]:
    context = asked.context
    folders = [name for name in FOR_PEOPLE if context.is_folder(name)]
    manifests = (context.read(name) or "" for name in MANIFESTS) if folders else ()
    said = "\n".join((*(file.text for file in asked.files), *manifests))
    for name in folders:
        if name not in said and not _named(asked, name) and not _is_used(asked, name):
            yield Ignorable(name, f"neither the Dockerfiles nor the manifests mention {name}", _size(context, name))
    for name in sorted(context.files):
        if _holds_secrets(name) and not _named(asked, name) and not _is_read(asked, name):
            yield Ignorable(name, f"no source mentions {name}", _size(context, name))


def _holds_secrets(name: str) -> bool:
    if name.endswith((".example", ".sample", ".template", ".dist", ".defaults")) or "/" in name:
        return False
    return name == ".env" or name.startswith((".env.", "id_rsa", "id_ed25519")) or name in (".netrc", ".pgpass")


def _is_used(asked: Asked, name: str) -> bool:
    """Whether a source outside a folder names it, a test runner looks for it, or it is part of a site."""
    context = asked.context
    if name.startswith("."):
        return False
    targets = (copy.target or "/" for _, stage in asked.stages for copy in stage.copies if copy.from_ is None)
    if any(context.has(one) for one in OF_SITES) or any(target.startswith(SERVED) for target in targets):
        return True
    if name in TESTS and any(_tests(call) for file in asked.files for run in file.runs for call in run.calls):
        return True
    named = re.compile(rf"[\"'`/.]{name}[\"'`/]|\b(?:import|from|use|mod|require)\s+{name}\b")
    paths = (path for path in context.files if not path.startswith(f"{name}/"))
    found = [context.read(path) for path in paths if is_source(path) and context.files[path].link is None]
    return any(text is None or named.search(text) for text in found)


def _tests(call: Call) -> bool:
    runner = (call.name or "").rpartition(".")[0] or (call.name or "")
    return runner in RUNNERS or call.has("test", "tests", "pytest", "unittest", "nosetests", "verify", "check")


def _is_read(asked: Asked, name: str) -> bool:
    """Whether some source names the file or reads settings from a file, as tools for web pages do by themselves."""
    words = (name, "dotenv", ".env", "env_file", "decouple", "environs", "load_env", "laravel", "symfony", "pydantic")
    tools = ("vite", "next", "nuxt", "react-scripts", "vue", "gatsby", "astro", "parcel", "svelte", "bun", "remix")
    context, found = asked.context, texts(asked.context)
    manifest = context.read("package.json") or ""
    said = (*(found or ()), *(file.text for file in asked.files))
    return found is None or any(word in text for text in said for word in words) or any(t in manifest for t in tools)


def _is_there(context: Context, name: str) -> bool:
    return context.is_folder(name) or context.has(name)


def _size(context: Context, name: str) -> int:
    hidden = context.bytes_in(name) if name in context.summarised else 0
    own = context.files.get(name)
    return hidden + sum(file.size for file in context.under(name)) + (own.size if own else 0)


def written_size(size: int) -> str:
    """Bytes for people."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} kB"
