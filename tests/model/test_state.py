"""The environment, user, folder and shell that an instruction runs in."""

import pytest

from dockopt.model.dockerfile import Dockerfile
from dockopt.model.state import State, joined


def state_of_last(text: str) -> State:
    return Dockerfile.parse(f"FROM debian:12\n{text}\nRUN x\n").runs[-1].state


@pytest.mark.parametrize(
    ("lines", "folder"),
    [
        ("WORKDIR /a", "/a"),
        ("WORKDIR /a\nWORKDIR b", "/a/b"),
        ("WORKDIR /a\nWORKDIR ../b/./c/", "/b/c"),
        ("WORKDIR b", "/b"),
        ("ENV D=/x\nWORKDIR $D/y", "/x/y"),
        ("WORKDIR $UNKNOWN", None),
        ("WORKDIR /a\nWORKDIR /b", "/b"),
        ('WORKDIR "/a b"', "/a b"),
        ("WORKDIR /..", "/"),
    ],
)
def test_folder(lines: str, folder: str | None) -> None:
    assert state_of_last(lines).folder == folder


def test_folder_of_an_unknown_image() -> None:
    assert Dockerfile.parse("FROM example.com/x\nWORKDIR b\nRUN x\n").runs[0].state.folder is None


def test_environment_of_one_instruction_is_that_before_it() -> None:
    state = state_of_last("ENV A=1\nENV A=2 B=$A")
    assert dict(state.environment) == {"A": "2", "B": "1"}


def test_environment_wins_over_arguments() -> None:
    state = state_of_last("ARG A=1\nENV A=2\nARG A=3")
    assert state.value("A") == "2"


def test_unknown_names_make_the_value_unknown() -> None:
    assert state_of_last("ENV A=$PATH:/x").environment["A"] is None
    assert state_of_last("ENV A=${PATH:-/x}").value("A") in {None, "/x"}


def test_a_value_that_doubles_is_given_up() -> None:
    state = state_of_last("ENV A=aaaaaaaa\n" + "ENV A=$A$A\n" * 40)
    assert state.environment["A"] is None


@pytest.mark.parametrize(
    ("shell", "posix"),
    [
        ('["/bin/bash", "-o", "pipefail", "-c"]', True),
        ('["/bin/sh", "-c"]', True),
        ('["powershell", "-Command"]', False),
        ('["cmd", "/S", "/C"]', False),
        ('["pwsh", "-c"]', False),
        ('["/bin/bash"]', False),
        ('["python3", "-c"]', False),
    ],
)
def test_shell(shell: str, posix: bool) -> None:
    assert state_of_last(f"SHELL {shell}").posix is posix


def test_user() -> None:
    assert state_of_last("USER shop:shop").user == "shop:shop"
    assert state_of_last("ARG U=shop\nUSER $U").user == "shop"
    assert state_of_last("USER $U").user == "?"


def test_volumes_add_up() -> None:
    assert state_of_last('VOLUME /a /b\nVOLUME ["/c"]').volumes == ("/a", "/b", "/c")


def test_a_stage_goes_on_where_its_parent_ended() -> None:
    file = Dockerfile.parse("FROM x AS a\nENV A=1\nWORKDIR /w\nUSER u\nARG B=1\nFROM a\nRUN x\n")
    state = file.runs[-1].state
    assert (state.value("A"), state.folder, state.user) == ("1", "/w", "u")


@pytest.mark.parametrize(
    ("folder", "path", "result"),
    [
        ("/a", "b", "/a/b"),
        ("/a", "/b", "/b"),
        (None, "b", None),
        ("/a", None, None),
        ("/a", "..", "/"),
        ("/a", ".", "/a"),
        ("/a", "C:\\b", None),
        ("/", "b//c", "/b/c"),
    ],
)
def test_joined(folder: str | None, path: str | None, result: str | None) -> None:
    assert joined(folder, path) == result
