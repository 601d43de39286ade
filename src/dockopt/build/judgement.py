"""Which differences between two images are what the applied fixes declared, and which are objections to them.

A fix declares aspects; the guard holds the rest of the text still, and here the same is asked of the real images.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from dockopt.build.differences import ChangeKind, ConfigChange, Differences, FileChange
from dockopt.build.image import FOLDER, Image
from dockopt.build.noise import waste
from dockopt.build.owners import installed, merged, owners
from dockopt.fixes import Aspect
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values

SYSTEM = re.compile(r"(?:boot|etc|run|var|usr(?!/(?:local|src)/)|s?bin|lib\d*)(?:/|$)")
"""Where the distribution's packages live: what their scripts make there comes and goes with them."""
COMPILED = re.compile(
    r".*\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|go|rs|java|kt|scala|ts|tsx|mts|cs|fs|swift|zig|d|pas|s|S|proto|md|rst|txt|lock)"
)
"""Sources of compiled languages, and words for people and tools: a runtime stage may do without."""
BUILD_FILES = re.compile(
    r"(?:.*/)?(?:\.[^/]+|Makefile|GNUmakefile|configure|CMakeLists\.txt|meson\.build|go\.(?:mod|sum|work)|Cargo\.toml|"
    r"Dockerfile.*|.*\.Dockerfile|docker-compose.*|compose\.ya?ml|LICENSE.*|tsconfig.*\.json|package-lock\.json|"
    r"pom\.xml|mvnw.*|gradlew.*|build\.gradle.*|settings\.gradle.*|webpack\..*|vite\.config\..*|jest\..*)"
)
FROM_BASE = frozenset({"Env", "Labels", "OnBuild"})
"""What another base image may bring with it, where the file itself says nothing of it."""
SHOWN = 8


class Claims(NamedTuple):
    """What the applied fixes say they change, and the file they were applied to."""

    aspects: frozenset[Aspect]
    original: Dockerfile
    target: str = ""


def objections(before: Image, after: Image, differences: Differences, claims: Claims) -> tuple[str, ...]:
    """Differences that no fix declared, a line each; long lists of files are cut short."""
    config = [line for change in differences.config for line in _config(change, before, after, claims)]
    files = list(unexpected(before, after, differences, claims))
    lines = [*config, *(describe(change) for change in files[:SHOWN])]
    if len(files) > SHOWN:
        lines.append(f"and {len(files) - SHOWN} more files")
    return tuple(lines)


def describe(change: FileChange) -> str:
    path = f"/{change.path}"
    match change.kind:
        case ChangeKind.REMOVED:
            return f"{path} is missing"
        case ChangeKind.ADDED:
            return f"{path} is new"
        case ChangeKind.CHANGED:
            return f"{path} has other content"
        case ChangeKind.OWNED:
            assert change.before
            assert change.after
            old, new = change.before, change.after
            if old.attributes != new.attributes:
                return f"{path} has the extended attributes {new.attributes!r} and not {old.attributes!r}"
            return (
                f"{path} has mode {new.mode:o} and owner {new.owner}:{new.group}, "
                f"and not {old.mode:o} and {old.owner}:{old.group}"
            )


def unexpected(before: Image, after: Image, differences: Differences, claims: Claims) -> Iterator[FileChange]:
    """Changes of files that the fixes do not account for."""
    packages = owners(before)
    lost = installed(before) - installed(after)
    copied = copied_paths(before, claims)
    for change in differences.files:
        if change.kind is ChangeKind.ADDED or waste(change.path):
            continue
        if not _accounted(change, packages.get(merged(change.path), ""), lost, copied, claims):
            yield change


def _accounted(
    change: FileChange, package: str, lost: Collection[str], copied: Collection[str], claims: Claims
) -> bool:
    """Whether a change of a path is one that the fixes declared."""
    folder = change.before is not None and change.before.kind == FOLDER
    if change.path in copied:
        gone = change.kind is ChangeKind.REMOVED
        return gone and Aspect.STAGES in claims.aspects and (folder or build_only(change.path))
    if Aspect.STAGES in claims.aspects:
        return True
    if Aspect.RECOMMENDS in claims.aspects:
        made_by_scripts = folder and change.path.startswith("usr/local/")
        system = made_by_scripts or SYSTEM.match(change.path) is not None
        return package in lost or (not package and system)
    return False


def build_only(path: str) -> bool:
    """Whether a copied file can be needed while building only, by its name."""
    return COMPILED.fullmatch(path) is not None or BUILD_FILES.fullmatch(path) is not None


def copied_paths(image: Image, claims: Claims) -> frozenset[str]:
    """Paths that the file's own COPY and ADD put into the image, as they are listed at the end of its history."""
    count = sum(1 for stage in chain(claims.original, claims.target) for _ in stage.steps)
    own = image.steps[-count:] if count else ()
    layers = (step.layer for step in own if step.layer and step.instruction.startswith(("COPY ", "ADD ")))
    return frozenset(path for layer in layers for path in layer.entries if path in image.files)


def chain(file: Dockerfile, target: str) -> tuple[Stage, ...]:
    """The stage that is built, "" for the last one, and the stages it stands on."""
    stages = file.stages
    wanted = [stage for stage in stages if target and stage.name == target.lower()]
    found: list[Stage] = (wanted or [*stages])[-1:]
    while found and found[-1].parent is not None:
        found.append(stages[found[-1].parent])
    return tuple(found)


def _config(change: ConfigChange, before: Image, after: Image, claims: Claims) -> Iterator[str]:
    new_base = Aspect.STAGES in claims.aspects
    if change.key == "Env":
        yield from _environment(before.environment, after.environment, claims)
    elif not (new_base and change.key in FROM_BASE):
        yield f"{change.key} is {change.after} and not {change.before}"


def _environment(before: Mapping[str, str], after: Mapping[str, str], claims: Claims) -> Iterator[str]:
    escape = claims.original.tree.escape
    settings = (step.node.argument_text for stage in chain(claims.original, claims.target) for step in stage.of("ENV"))
    own = {pair.name for text in settings for pair in parse_name_values(text, escape)}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        declared = (Aspect.SEARCH_PATH if name == "PATH" else Aspect.STAGES) in claims.aspects
        if old != new and not (declared and (name not in own or name == "PATH")):
            yield _difference(name, old, new)


def _difference(name: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"the environment lacks {name}"
    return f"the environment has {name}={new}" + ("" if old is None else f" and not {old}")
