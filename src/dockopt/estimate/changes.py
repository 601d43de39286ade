"""Which file of a build context changes from day to day (a source, no manifest), and which instructions bring it."""

from collections.abc import Iterable, Iterator

from dockopt.context.sources import is_remote
from dockopt.context.tree import Context
from dockopt.estimate.files import excluded_by, selection
from dockopt.model.instructions import Copy, Run, Step

PROGRAMS = (
    *(".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte", ".go", ".rs", ".java", ".kt", ".scala"),
    *(".rb", ".php", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".cs", ".fs", ".ex", ".erl", ".hs", ".clj", ".swift"),
    *(".pl", ".lua", ".r", ".jl", ".pyx", ".dart", ".zig"),
)
PAGES = (
    ".sh",
    ".html",
    ".css",
    ".scss",
    ".sql",
    ".tmpl",
    ".erb",
    ".twig",
    ".jinja",
    ".j2",
    ".txt",
    ".md",
    ".json",
    ".yml",
)
SETTINGS = (".config.js", ".config.ts", ".config.mjs", ".config.cjs", ".lock", ".sum", ".mod", ".toml")
MANIFESTS = frozenset(
    (
        *("package.json", "package-lock.json", "npm-shrinkwrap.json", "setup.py", "setup.cfg", "Pipfile", "Gemfile"),
        *("composer.json", "pom.xml", "build.gradle", "build.gradle.kts", "build.rs", "build.sbt", "mix.exs"),
        *("tsconfig.json", "pnpm-workspace.yaml", ".npmrc", ".dockerignore", "Dockerfile", "Makefile", "conftest.py"),
        *("gulpfile.js", "Gruntfile.js", "CMakeLists.txt", "settings.gradle", "gradlew", "mvnw", "environment.yml"),
    )
)
ASIDE = frozenset(
    {"test", "tests", "__tests__", "spec", "docs", "doc", "examples", "scripts", "node_modules", "vendor"}
)


def typical(context: Context | None, steps: Iterable[Step]) -> str:
    """The source file that stands for the most others, "" where no instruction brings any.

    Files are alike where the same instructions bring them.
    """
    if context is None:
        return ""
    groups: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        for path in brought(context, step):
            groups.setdefault(path, []).append(number)
    paths = [path for path in groups if _is_source(path)]
    for wanted in (_is_program, _is_page, _is_source):
        some = [path for path in paths if wanted(path)]
        near = [path for path in some if not ASIDE.intersection(path.split("/"))] or some
        if near:
            counts: dict[tuple[int, ...], int] = {}
            for path in near:
                counts[tuple(groups[path])] = counts.get(tuple(groups[path]), 0) + 1
            most = max(counts, key=lambda one: (counts[one], one))
            return min((path for path in near if tuple(groups[path]) == most), key=_oddness)
    return ""


def brought(context: Context, step: Step) -> Iterator[str]:
    """The paths of the context that an instruction copies or mounts."""
    if isinstance(step, Copy) and not step.from_:
        leaves_out = excluded_by(step)
        for source in step.expanded_sources:
            if source and not _is_elsewhere(source):
                yield from (file.source for file in selection(context, source, leaves_out)[1])
    elif isinstance(step, Run):
        for mount in step.mounts:
            if mount.get("type", "bind") == "bind" and not mount.get("from"):
                shown = mount.get("source", mount.get("src", "."))
                yield from (file.source for file in selection(context, shown)[1])


def may_bring(step: Step) -> bool:
    """Whether an instruction copies whole folders of a context that was not given, or files that are no manifests."""
    if not isinstance(step, Copy) or step.from_:
        return False
    sources = [source or "." for source in step.expanded_sources]
    return any(_is_source(source) for source in sources if not _is_elsewhere(source))


def _is_elsewhere(source: str) -> bool:
    return is_remote(source) or source.startswith("<<")


def _is_source(path: str) -> bool:
    name = path.rstrip("/").rpartition("/")[2]
    listed = name in MANIFESTS or name.startswith(("requirements", "Dockerfile", "docker-compose", "package"))
    return not listed and not name.endswith(SETTINGS)


def _oddness(path: str) -> tuple[bool, int, str]:
    """For choosing a name that people recognise."""
    return path.endswith(("__init__.py", ".d.ts")), path.count("/"), path


def _is_program(path: str) -> bool:
    return path.endswith(PROGRAMS)


def _is_page(path: str) -> bool:
    return path.endswith(PAGES)


def weight_of_kind(path: str) -> int:
    """How often a file is likely to change, against others, by its kind alone."""
    if not _is_source(path):
        return 2
    return 4 if _is_program(path) else 2 if _is_page(path) else 1
