"""Whether a build or a program looks into the repository it comes from: version numbers, build stamps, hooks."""

import re
from collections.abc import Iterable

from dockopt.context.tree import Context
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile

READS = re.compile(
    r"(?<!\"type\": )(?<!\"type\":)[\"'`]git[\"'`]|"
    r"\bgit\W{1,4}(?:-C|--\w|describe|rev-parse|rev-list|log|show|status|diff|ls-files|config|submodule|branch|tag|"
    r"symbolic-ref|name-rev|archive|checkout|fetch|pull|remote|lfs|rev|hash|commit|info)\b|"
    r"\.git/|[\"'/]\.git\b[\"']?(?![\w/.-])|\bGIT_(?:DIR|COMMIT|SHA|REV)|setuptools[-_]scm|hatch-vcs|versioneer|dunamai|"
    r"dynamic[-_]versioning|versioningit|\bpbr\b|buildnumber|vergen|shadow-rs|git-version|git_version|gitproperties|git-properties|"
    r"\bjgit|simple-git|isomorphic-git|nodegit|GitInfo|gitpython|"
    r"^\s*(?:import git\b|from git(?:\.\w+)* import\b)|pygit2|dulwich|husky|lefthook|"
    r"pre-commit install|nbgv|GitVersion|SourceLink|libgit2|\bgit2\b|go-git|sentry-cli|semantic-release|axion-release|"
    r"git-?revision|git[-_](?:repo-info|last-commit|committers|authors|testament)|last[-_]updated[-_]by[-_]git|"
    r"last-modified-at|next-build-id|setuptools[-_]git|\bgrgit|\breckon\b|\bgithash|sbt-(?:git|dynver)|flit[-_]scm|use_scm|"
    r"\bsource\s*=\s*[\"'](?:scm|vcs)[\"']|\{\s*vsn\s*,\s*\"?git|\{release,\s*\{\w+,\s*\{?git|goreleaser|\bvcs_tag\b|"
    r"lein-git",
    re.MULTILINE | re.IGNORECASE,
)
BUILDS = re.compile(r"\bgo\s+(?:build|install)\b|\bdotnet\s+(?:build|publish|pack)\b")
"""Calls in scripts of programs that write the commit into what they build."""
RUNNERS = frozenset("make gmake sh bash dash ash just task mage goreleaser ko".split())
STAMPING = {"go": "-buildvcs=false", "dotnet": "-p:IncludeSourceRevisionInInformationalVersion=false"}
"""Programs that write the commit into what they build, with the option that stops them."""
READ = frozenset(
    ".py .js .mjs .cjs .ts .tsx .jsx .sh .bash .rb .gemspec .rake .php .go .rs .java .kt .kts .gradle .groovy .xml"
    " .toml .cfg .ini .json .mk .cmake .ex .exs .cs .csproj .fsproj .props .targets .sbt .scala .yml"
    " .yaml .pl .lua .build .ac .am .in .m4 .src .config .hs .cabal .clj .edn .zig .nim .cr .swift .bzl .pro .pri .nix"
    " .vue .svelte .tmpl .ps1 .bat".split()
)
NAMES = frozenset("Makefile Rakefile Gemfile CMakeLists.txt Justfile justfile gradlew mvnw configure".split())
LOCKS = frozenset("package-lock.json pnpm-lock.yaml composer.lock yarn.lock Cargo.lock poetry.lock uv.lock".split())
FOLDERS = frozenset((".git", "node_modules", ".venv", "venv", ".github", ".gitlab", "target", "__pycache__", ".vscode"))
FILES_AT_MOST = 4000


def reads_repository(files: Iterable[Dockerfile], context: Context) -> bool:
    """Whether something may read the history: also where that is not known."""
    for file in files:
        if READS.search(file.text) or any(run.opaque for run in file.runs):
            return True
        for run in file.runs:
            for call in run.calls:
                stop = STAMPING.get(call.name or "")
                said = (*call.values, run.state.environment.get("GOFLAGS", ""))
                if stop and stop not in said:
                    return True
    found = texts(context)
    scripts = any(_runs_scripts(call) for file in files for run in file.runs for call in run.calls)
    return found is None or any(READS.search(text) or (scripts and BUILDS.search(text)) for text in found)


def _runs_scripts(call: Call) -> bool:
    """Whether a command may do what a script of the context says."""
    name = call.name or ".sh"
    return name in RUNNERS or name.endswith(".sh") or (call.words[0].value or "").startswith(".")


def texts(context: Context) -> tuple[str, ...] | None:
    """Sources, scripts and manifests of a context; None where there are too many to read or one cannot be read."""
    return context.once(_texts, "")


def _texts(context: Context, _: str) -> tuple[str, ...] | None:
    paths = [path for path in context.files if is_source(path)]
    if len(paths) > FILES_AT_MOST:
        return None
    found = [context.read(path) for path in paths if context.files[path].link is None]
    return None if any(text is None for text in found) else tuple(text for text in found if text is not None)


def is_source(path: str) -> bool:
    *folders, name = path.split("/")
    if name in LOCKS or not FOLDERS.isdisjoint(folders):
        return False
    suffix = name[name.rfind(".") :] if "." in name else ""
    lists = suffix == ".txt" and any("requirement" in part for part in (name, *folders[-1:]))
    return suffix.lower() in READ or name in NAMES or lists or not suffix
