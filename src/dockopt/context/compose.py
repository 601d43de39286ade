"""The `build` sections of a compose file, with variables as they are when nothing is set but what `.env` sets.

See https://github.com/compose-spec/compose-spec/blob/main/build.md; a service that only adds to the main file's, as
an override file does, takes the rest from there.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.services import Recipe
from dockopt.context.yaml_text import documents, items, mapping, text

NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


def recipes(content: str, beside: Mapping[str, str] | None = None) -> Iterator[Recipe]:
    """What a compose file builds; `beside` holds the texts of `.env` and of the folder's main file."""
    if "build" not in content:
        return
    others = dict(beside or {})
    settings = _settings(others.pop(".env", ""))
    main = _builds(next(iter(others.values()), ""))
    own = _builds(content)
    for name, found in own.items():
        build = found
        if found.extends in own and found.extends != name:
            build = _Build({**own[found.extends].fields, **found.fields})
        elif "context" not in found.fields and name in main:
            build = _Build({**main[name].fields, **found.fields}, found.extends)
        if build.extends is None or "context" in build.fields:
            yield _recipe(name, build.fields, settings)


def of_service(content: str, service: str) -> str:
    """What a compose file says of a service, and of others that start its image or take its settings, as YAML."""
    import yaml  # noqa: PLC0415 - only here it is written

    found: dict[str, object] = {}
    for document in documents(content):
        whole = mapping(mapping(document).get("services"))
        image = text(mapping(whole.get(service)).get("image"))
        for name, value in whole.items():
            extends = mapping(value).get("extends")
            base = text(extends) or text(mapping(extends).get("service"))
            same = image is not None and text(mapping(value).get("image")) == image
            if name == service or same or base == service:
                found[name] = value
    return str(yaml.safe_dump({"services": found}, width=1_000_000)) if found else ""


class _Build(NamedTuple):
    fields: Mapping[str, object]
    extends: str | None = None


def _builds(content: str) -> dict[str, _Build]:
    """The services that are built; `extends` names another service, and is "" for one of another file."""
    found: dict[str, _Build] = {}
    for document in documents(content):
        for name, value in mapping(mapping(document).get("services")).items():
            service = mapping(value)
            build = service.get("build")
            extends = service.get("extends")
            base = text(extends)
            if isinstance(extends, dict):
                base = (text(extends.get("service")) or "") if "file" not in extends else ""
            if isinstance(build, str):
                found[name] = _Build({"context": build}, base)
            elif isinstance(build, dict):
                found[name] = _Build(mapping(build), base)
    return found


def _recipe(name: str, fields: Mapping[str, object], settings: Mapping[str, str]) -> Recipe:
    inline = "dockerfile_inline" in fields
    target = _field(fields, "target", settings)
    arguments, known = _arguments(fields.get("args"), settings)
    unknown = [one for one, is_known in (("target", target != "$"), ("arguments", known)) if not is_known]
    context, dockerfile = _field(fields, "context", settings), _field(fields, "dockerfile", settings)
    return Recipe(
        name,
        context=None if context == "$" else context or ".",
        dockerfile=None if inline or dockerfile == "$" else dockerfile or "Dockerfile",
        target=None if target == "$" else target or None,
        arguments=arguments,
        unknown=tuple(unknown),
    )


def _field(fields: Mapping[str, object], name: str, settings: Mapping[str, str]) -> str:
    """The text of a field, "" where it is not set and "$" where it is not known."""
    value = fields.get(name)
    if value is None:
        return "$" if name in fields else ""
    expanded = expand(text(value) or "$", settings)
    return "$" if expanded is None else expanded


def _arguments(value: object, settings: Mapping[str, str]) -> tuple[tuple[tuple[str, str | None], ...], bool]:
    """Build arguments as a list or a mapping; one without a value comes from the environment."""
    pairs: list[tuple[str, str | None]] = list(_pairs(value))
    expanded = [(name, None if one is None else expand(one, settings)) for name, one in pairs]
    known = all((one is None) == (before is None) for (_, one), (_, before) in zip(expanded, pairs, strict=True))
    return tuple(expanded), known and (value is None or bool(pairs) or value in ({}, []))


def _pairs(value: object) -> Iterator[tuple[str, str | None]]:
    for name, one in mapping(value).items():
        yield name, text(one)
    for entry in items(value):
        name, equals, one = (text(entry) or "$").partition("=")
        yield name, (one if equals else None)


def _settings(content: str) -> dict[str, str]:
    """The plain lines of an `.env` file."""
    found: dict[str, str] = {}
    for line in content.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and set(name.strip()) <= NAME_CHARACTERS and not any(one in value for one in "$'\"\\# "):
            found[name.strip()] = value
    return found


def expand(value: str, settings: Mapping[str, str]) -> str | None:
    """A text with its variables; None where one has no value here, or is written in a way not known."""
    result: list[str] = []
    rest = value
    while rest:
        plain, dollar, rest = rest.partition("$")
        result.append(plain)
        if not dollar:
            break
        if rest.startswith("$"):
            result.append("$")
            rest = rest[1:]
            continue
        name, rest = _reference(rest)
        found = None if name is None else _value(name, settings)
        if found is None:
            return None
        result.append(found)
    return "".join(result)


def _reference(rest: str) -> tuple[str | None, str]:
    """What stands after a dollar sign, without braces, and the text after it; None for a nested one."""
    if rest.startswith("{"):
        inner, brace, after = rest[1:].partition("}")
        return (inner if brace and "$" not in inner and "{" not in inner else None), after
    end = next((index for index, one in enumerate(rest) if one not in NAME_CHARACTERS), len(rest))
    return rest[:end], rest[end:]


def _value(reference: str, settings: Mapping[str, str]) -> str | None:
    end = next((index for index, one in enumerate(reference) if one not in NAME_CHARACTERS), len(reference))
    name, operator = reference[:end], reference[end:]
    value = settings.get(name)
    if operator.startswith(":-"):
        return value or operator[2:]
    if operator.startswith("-"):
        return operator[1:] if value is None else value
    return value if not operator or operator.startswith((":?", "?")) else None
