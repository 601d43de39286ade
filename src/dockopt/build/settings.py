"""Which differences between the settings of two images are what the applied fixes declared."""

import shlex
from collections.abc import Iterator, Mapping
from itertools import filterfalse

from dockopt.analyses.split.python_launch import without_runner
from dockopt.build.claims import Claims
from dockopt.build.differences import ConfigChange
from dockopt.build.image import Image
from dockopt.fixes import Aspect

ROOT = ("", "0", "root")
AUTHORS = "org.opencontainers.image.authors"
"""The label that takes the place of MAINTAINER."""


def config_objections(change: ConfigChange, before: Image, after: Image, claims: Claims) -> Iterator[str]:
    """What a fix must not change, a line each; a new base image may bring environment, labels and triggers."""
    match change.key:
        case "Env":
            yield from _environment(before.environment, after.environment, claims)
        case "Labels":
            yield from _labels(_texts(change.before), _texts(change.after), claims)
        case "OnBuild" if claims.allow(Aspect.STAGES) and not any(True for s in claims.stages for _ in s.of("ONBUILD")):
            pass
        case "Entrypoint" if claims.allow(Aspect.ENTRYPOINT) and not change.after and not claims.has("ENTRYPOINT"):
            pass
        case "User" if {change.before or "", change.after or ""} <= {*ROOT}:
            pass
        case "Cmd" | "Entrypoint" if claims.allow(Aspect.RUNNER) and _starts_the_same(change):
            pass
        case _ if claims.allow(Aspect.CONFIG) and _is_declared(change, claims):
            pass
        case _:
            yield f"{change.key} is {change.after} and not {change.before}"


def _starts_the_same(change: ConfigChange) -> bool:
    """Whether only uv or Poetry, which started the program, is not there any more."""
    before, after = (value if isinstance(value, list) else [] for value in (change.before, change.after))
    return without_runner(tuple(before)) == tuple(after)


def _is_declared(change: ConfigChange, claims: Claims) -> bool:
    """Whether the config differs as the fixes that change it say: a program without its shell, a check, a user."""
    match change.key:
        case "Cmd" | "Entrypoint":
            return _is_without_shell(change.before, change.after)
        case "Healthcheck":
            return not change.before and bool(change.after) and not claims.has("HEALTHCHECK")
        case "User":
            return change.before in (*ROOT, None) and change.after not in (*ROOT, None)
        case "Author":
            return not change.after
        case _:
            return False


def _is_without_shell(before: object, after: object) -> bool:
    """Whether the same words start the program, which a shell split before."""
    if not isinstance(before, list) or not isinstance(after, list) or len(before) < 2 or before[-2] != "-c":
        return False
    try:
        words = shlex.split(before[-1])
    except ValueError:
        return False
    return words[words[:1] == ["exec"] :] == after


def _texts(labels: object) -> Mapping[str, str]:
    return labels if isinstance(labels, dict) else {}


def _labels(before: Mapping[str, str], after: Mapping[str, str], claims: Claims) -> Iterator[str]:
    own = {*claims.named("LABEL")}
    for name in _changed(before, after):
        is_author = name == AUTHORS and name not in before and claims.allow(Aspect.CONFIG)
        if not is_author and (name in own or not claims.allow(Aspect.STAGES)):
            yield _difference("labels", name, before.get(name), after.get(name))


def _environment(before: Mapping[str, str], after: Mapping[str, str], claims: Claims) -> Iterator[str]:
    own = {*claims.named("ENV")}
    for name in _changed(before, after):
        old, new = before.get(name), after.get(name)
        if name == "VIRTUAL_ENV":
            fine = claims.allow(Aspect.SEARCH_PATH) and name not in own
        elif name == "PATH":
            fine = claims.allow(Aspect.SEARCH_PATH) and (name not in own or _keeps_places(old or "", new or ""))
        else:
            fine = claims.allow(Aspect.STAGES) and name not in own
        if not fine:
            yield _difference("environment", name, old, new)


def _keeps_places(old: str, new: str) -> bool:
    """Whether a search path still has all places of another one, in their order."""
    places = old.split(":")
    return [*filterfalse({*new.split(":")}.difference(places).__contains__, new.split(":"))] == places


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def _difference(what: str, name: str, old: str | None, new: str | None) -> str:
    verb = "lack" if what == "labels" else "lacks"
    if new is None:
        return f"the {what} {verb} {name}"
    has = "have" if what == "labels" else "has"
    return f"the {what} {has} {name}={new}" + ("" if old is None else f" and not {old}")
