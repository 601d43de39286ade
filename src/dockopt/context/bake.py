"""The targets of a bake file, with variables as they are by default and matrices written out.

See https://docs.docker.com/build/bake/reference/.  A target that may take more from another file is not known in full.
"""

import itertools
import json
from collections.abc import Iterator, Mapping

from dockopt.context.hcl import HclError, Reference, Value, blocks
from dockopt.context.services import Recipe

Fields = Mapping[str, Value]
COMBINATIONS_AT_MOST = 200


def of_hcl(text: str) -> Iterator[Recipe]:
    """What a bake file in HCL builds."""
    targets: dict[str, Fields] = {}
    variables: dict[str, Value] = {}
    try:
        for block in blocks(text):
            if block.kind == "target":
                targets[block.label] = block.attributes
            elif block.kind == "variable":
                variables[block.label] = block.attributes.get("default")
    except (HclError, RecursionError):
        return
    yield from _recipes(targets, variables)


def of_json(text: str) -> Iterator[Recipe]:
    """What a bake file in JSON builds."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(fields, dict):
        return
    targets = {name: one for name, one in _mapping(fields.get("target")).items() if isinstance(one, dict)}
    given = _mapping(fields.get("variable")).items()
    yield from _recipes(targets, {name: _mapping(one).get("default") for name, one in given})


def _mapping(value: object) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _recipes(targets: Mapping[str, Fields], variables: Mapping[str, Value]) -> Iterator[Recipe]:
    values: dict[str, Value] = {}
    for name, default in variables.items():
        values[name] = _evaluated(default, values)
    for name, own in targets.items():
        fields, known = _inherited(targets, own, (name,))
        for scope in _combinations(_evaluated(own.get("matrix"), values)):
            yield _recipe(name, fields, {**values, **scope}, known=known)


def _inherited(targets: Mapping[str, Fields], own: Fields, seen: tuple[str, ...]) -> tuple[Fields, bool]:
    """The fields of a target over those it inherits, later ones over earlier; and whether all of them are here."""
    fields: dict[str, Value] = {}
    known = True
    names = own.get("inherits", [])
    for name in names if isinstance(names, list) else [None]:
        if not isinstance(name, str) or name not in targets or name in seen:
            known = False
            continue
        found, complete = _inherited(targets, targets[name], (*seen, name))
        fields = _over(fields, found)
        known = known and complete
    return _over(fields, own), known


def _over(base: Fields, own: Fields) -> dict[str, Value]:
    return {**base, **own, "args": {**_mapping(base.get("args")), **_mapping(own.get("args"))}}


def _combinations(matrix: Value) -> Iterator[Mapping[str, Value]]:
    """The values of a matrix's variables; one empty scope where there is no matrix."""
    axes = {name: values for name, values in _mapping(matrix).items() if isinstance(values, list)}
    found = (dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values()))
    return itertools.islice(found, COMBINATIONS_AT_MOST)


def _recipe(label: str, fields: Fields, scope: Mapping[str, Value], *, known: bool) -> Recipe:
    arguments = tuple((name, _text(value, scope)) for name, value in _mapping(fields.get("args")).items())
    target = _text(fields.get("target", ""), scope)
    unknown = []
    if target is None or not (known or "target" in fields):
        unknown.append("target")
    if not known or any(value is None for _, value in arguments):
        unknown.append("arguments")
    context = _text(fields.get("context", "."), scope)
    return Recipe(
        _text(fields.get("name", label), scope) or label,
        context=context.removeprefix("cwd://") if context and "dockerfile-inline" not in fields else None,
        dockerfile=_text(fields.get("dockerfile", "Dockerfile"), scope),
        target=target or None,
        arguments=arguments,
        unknown=tuple(unknown),
    )


def _text(value: Value, scope: Mapping[str, Value]) -> str | None:
    found = _evaluated(value, scope)
    return found if isinstance(found, str) else None


def _evaluated(value: Value, scope: Mapping[str, Value]) -> Value:
    match value:
        case str():
            return _expanded(value, scope)
        case Reference(path):
            return _looked_up(path, scope)
        case list():
            return [_evaluated(one, scope) for one in value]
        case dict():
            return {name: _evaluated(one, scope) for name, one in value.items()}
    return None


def _expanded(text: str, scope: Mapping[str, Value]) -> str | None:
    """A text with its `${…}` filled in; None where one is not simply a variable."""
    if "%{" in text:
        return None
    result, rest = "", text
    while "${" in rest:
        plain, _, rest = rest.partition("${")
        inner, brace, rest = rest.partition("}")
        found = _looked_up(tuple(inner.strip().split(".")), scope)
        if not brace or not isinstance(found, str):
            return None
        result += plain + found
    return result + rest


def _looked_up(path: tuple[str, ...], scope: Mapping[str, Value]) -> Value:
    found: Value = dict(scope)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found
