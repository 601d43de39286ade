"""As much of JSON Schema as the documents in `docs` use."""

from collections.abc import Iterator
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
TYPES |= {"number": float}
KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type", "required", "additionalProperties", "properties"}
KNOWN |= {"items", "enum", "const", "anyOf"}
Json = Any


def problems(value: Json, schema: Json, root: Json, at: str = "$") -> Iterator[str]:
    """What is wrong with a value, with the place."""
    assert KNOWN.issuperset(schema), schema
    if "$ref" in schema:
        yield from problems(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    if "anyOf" in schema and all(list(problems(value, one, root, at)) for one in schema["anyOf"]):
        yield f"{at}: none of the alternatives"
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{at}: {value!r} is not allowed"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: {value!r} is not {schema['type']}"
    elif isinstance(value, dict):
        yield from _object(value, schema, root, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from problems(item, schema.get("items", {}), root, f"{at}[{index}]")


def _object(value: dict[str, Json], schema: Json, root: Json, at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value)
    if schema.get("additionalProperties", True) is False:
        yield from (f"{at}: {name} is not known" for name in value if name not in known)
    for name, inner in known.items():
        if name in value:
            yield from problems(value[name], inner, root, f"{at}.{name}")


def _is(value: Json, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    return any(type(value) is TYPES[name] for name in names)
