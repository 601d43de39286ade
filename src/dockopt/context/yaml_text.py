"""YAML as plain values: every scalar is its text, as the tools that read these files mostly want it.

Tags that are not YAML's own make a value None: what `!reset` or `!override` mean is their reader's affair.
"""

from collections.abc import Iterator

import yaml

ALIASES_AT_MOST = 1_000
KEYS_AT_MOST = 1_000


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Texts, lists and mappings, with merge keys; refuses files made to grow when they are read."""

    aliases = 0

    def compose_node(self, parent: yaml.Node, index: int) -> yaml.Node:
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > ALIASES_AT_MOST:
                raise yaml.YAMLError("too many aliases")
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)
        if len(node.value) > KEYS_AT_MOST:
            raise yaml.YAMLError("a mapping has too many keys")


def _text(loader: _Loader, node: yaml.ScalarNode) -> str | None:
    return None if node.tag == "tag:yaml.org,2002:null" else str(loader.construct_scalar(node))


def _unknown(_: _Loader, _tag: str, _node: yaml.Node) -> None:
    return None


for _tag in ("bool", "int", "float", "timestamp", "null"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _text)
_Loader.add_multi_constructor("!", _unknown)


def documents(text: str) -> Iterator[object]:
    """The documents of a text; nothing where one of them is no YAML."""
    try:
        found = list(yaml.load_all(text, _Loader))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        found = []
    return iter(found)


def mapping(value: object) -> dict[str, object]:
    """A mapping with texts for keys, empty for anything else."""
    return {key: one for key, one in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def text(value: object) -> str | None:
    return value if isinstance(value, str) else None
