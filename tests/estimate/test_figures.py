"""All figures of a stage together, other build arguments, and that lists of names agree."""

from pathlib import Path

import pytest

import dockopt
from dockopt.batch.figures import unused
from dockopt.errors import InputError, SettingsError
from dockopt.estimate.figures import with_arguments
from dockopt.estimate.file_commands import COMMANDS
from dockopt.estimate.programs import FILE_COMMANDS, HANDLERS, NOTHING_LEFT
from dockopt.knowledge.ranges import total

TEXT = "ARG TAG=3.12\nFROM python:$TAG AS one\nARG NAME\nCOPY . /$NAME\nFROM scratch\nCOPY --from=one /x /y\n"


def test_totals_are_those_of_the_layers() -> None:
    found = dockopt.image_figures("FROM debian:12\nRUN apt-get update\nWORKDIR /x\nCOPY a b\n")
    assert [layer.line for layer in found.layers] == [1, 2, 4]
    assert found.size == total(layer.size for layer in found.layers)
    assert found.pull == total(layer.pull for layer in found.layers)
    assert found.size.expected > found.pull.expected > found.rebuild.pushed.expected > 0


def test_a_stage_and_a_context(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_bytes(b"x" * 900)
    found = dockopt.image_figures(TEXT, context=tmp_path, target="one", build_args={"TAG": "3.12-slim", "NAME": "app"})
    assert (found.stage, found.rebuild.changed, found.layers[1].size) == ("one", "main.py", (900, 900, 900))
    assert found.size.expected < 200_000_000
    assert dockopt.image_figures(TEXT, target="0").size.expected > 900_000_000
    assert dockopt.image_figures(TEXT).stage == "1"


def test_what_cannot_be_estimated() -> None:
    with pytest.raises(SettingsError, match="there are one, 1"):
        dockopt.image_figures(TEXT, target="two")
    with pytest.raises(InputError, match="Dockerfile:1: unrendered template"):
        dockopt.image_figures("FROM {{ base }}\n")


@pytest.mark.parametrize(
    ("text", "arguments", "result"),
    [
        ("ARG A=1\nFROM a:$A\n", {"A": "2"}, 'ARG A="2"\nFROM a:$A\n'),
        ("FROM a\nARG A\n", {"A": 'x "y" $z \\'}, 'FROM a\nARG A="x \\"y\\" \\$z \\\\"\n'),
        ("ARG A=1 B='x y' \\\n  C\nFROM a\n", {"B": "2", "C": ""}, 'ARG A=1 B="2" \\\n  C=""\nFROM a\n'),
        ("# escape=`\nARG A=1\nFROM a\n", {"A": "a$b"}, '# escape=`\nARG A="a`$b"\nFROM a\n'),
        ("ARG A=1\nFROM a\n", {"B": "2"}, "ARG A=1\nFROM a\n"),
        ("FROM a\nENV A=1\n", {"A": "2"}, "FROM a\nENV A=1\n"),
        ("ARG A=1\nFROM a\n", {"A": "two\nlines"}, 'ARG A="two lines"\nFROM a\n'),
    ],
)
def test_other_build_arguments(text: str, arguments: dict[str, str], result: str) -> None:
    assert with_arguments(text, arguments) == result


def test_build_arguments_that_nothing_declares() -> None:
    assert unused(TEXT.encode(), {"TAG": "1", "OTHER": "2", "HTTP_PROXY": "3"}) == ["OTHER"]


def test_every_program_has_one_place() -> None:
    assert set(FILE_COMMANDS) == set(COMMANDS)
    assert not NOTHING_LEFT.intersection(HANDLERS)
