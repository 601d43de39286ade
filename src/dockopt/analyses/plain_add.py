"""Whether an ADD only copies: nothing that it names is downloaded, cloned or unpacked."""

from collections.abc import Iterator

from dockopt.context.tree import Context
from dockopt.fixes import Evidence, Strength
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy

SHARED_FLAGS = frozenset({"chown", "chmod", "link", "exclude", "parents"})
REMOTE = ("://", "git@")
GLOBS = frozenset("*?[\\")
PLAIN = tuple(
    ".c .cc .cfg .cnf .conf .cpp .cron .crt .cs .css .csproj .csv .env .go .gradle .h .hpp .html .ini .java .js"
    " .json .jsx .key .list .lock .lua .md .mjs .mod .pem .php .pl .properties .ps1 .py .rb .repo .rs .scss .sh"
    " .sln .sql .sum .svg .toml .ts .tsx .txt .vcl .vue .xml .yaml .yml".split()
)
"""Endings of text files, which are never taken for archives."""
PLAIN_NAMES = frozenset(
    "Gemfile Makefile Pipfile Procfile Rakefile Cargo.toml Dockerfile LICENSE crontab mvnw gradlew".split()
)


def plain_add(file: Dockerfile, add: Copy) -> tuple[Evidence, ...]:
    """What shows that COPY would do the same as an ADD, empty where something may be fetched or unpacked."""
    if add.inline or any(flag.name not in SHARED_FLAGS for flag in add.node.flags) or not add.sources:
        return ()
    found = tuple(_evidence(file.context, source, add) for source in add.expanded_sources)
    return () if None in found else tuple(dict.fromkeys(one for one in found if one is not None))


def _evidence(context: Context | None, source: str | None, add: Copy) -> Evidence | None:
    if source is None or any(mark in source for mark in REMOTE) or source.endswith(".git"):
        return None
    path = "/".join(_parts(source))
    name = path.rpartition("/")[2]
    if source.endswith(("/", "/.")) or path == "" or (context and context.is_folder(path)):
        return Evidence("archives inside a folder are not unpacked (Dockerfile reference)", Strength.KNOWN, add.span)
    if name.endswith(PLAIN) or (name in PLAIN_NAMES and not GLOBS.intersection(path)):
        return Evidence(f"{name} is no archive, by its name", Strength.INFERRED, add.span)
    if context and context.has(path) and context.archive(path) is None and context.read(path) is not None:
        return Evidence(f"{path} is no archive, as the build context holds it", Strength.INFERRED, add.span)
    return None


def _parts(source: str) -> Iterator[str]:
    return (part for part in source.split("/") if part not in ("", "."))
