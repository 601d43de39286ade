"""Which ADD only copies."""

import pytest

from dockopt.analyses.plain_add import plain_add
from dockopt.context.tree import MemoryContext
from dockopt.fixes import Strength
from dockopt.model.dockerfile import Dockerfile

FOLDER = "archives inside a folder are not unpacked (Dockerfile reference)"


def found(arguments: str, files: dict[str, str] | None = None) -> list[tuple[str, str]]:
    file = Dockerfile.parse(f"FROM debian:12\nADD {arguments}\n", MemoryContext(files) if files else None)
    return [(one.strength.label, one.claim) for one in plain_add(file, file.final.copies[0])]


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (". /x", [("known", FOLDER)]),
        ("./ a/ /x", [("known", FOLDER)]),
        ("a.txt /x", [("inferred", "a.txt is no archive, by its name")]),
        ("a.txt b/ /x", [("inferred", "a.txt is no archive, by its name"), ("known", FOLDER)]),
        ("conf/*.json /x", [("inferred", "*.json is no archive, by its name")]),
        ("* /x", []),
        ("a /x", []),
        ("a.tgz /x", []),
        ("a.txt a.tar /x", []),
        ("https://example.org/a.txt /x", []),
        ("git@example.org:a/b.txt /x", []),
        ("$A /x", []),
        ("--unpack=true a.txt /x", []),
    ],
)
def test_by_name(arguments: str, shown: list[tuple[str, str]]) -> None:
    assert found(arguments) == shown


def test_by_the_context() -> None:
    files = {"a/b": "", "tool": "text"}
    assert found("a /x", files) == [(Strength.KNOWN.label, FOLDER)]
    assert found("tool /x", files) == [("inferred", "tool is no archive, as the build context holds it")]
    assert found("other /x", files) == []
