"""Which shell-form commands use nothing of the shell, and what still keeps them there."""

import pytest

from dockopt.analyses.exec_form import keeps_its_shell, plain_words
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile


def last(text: str, files: dict[str, str] | None = None) -> tuple[tuple[str, ...], str]:
    """The words of the last CMD or ENTRYPOINT, and why the shell stays."""
    file = Dockerfile.parse(text, MemoryContext(files) if files else None)
    step = next(file.final.of("CMD", "ENTRYPOINT"))
    words = plain_words(step)
    return words, keeps_its_shell(file, file.final, step, words[0]) if words else ""


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("app --name 'a b' \"c\"", ("app", "--name", "a b", "c")),
        ("app a\\ b", ("app", "a b")),
        ("app é", ("app", "é")),
        ('["app"]]', ()),
        ("app $X", ()),
        ("app ~/x", ()),
        ("app *.py", ()),
        ("app `date`", ()),
        ("app > /log", ()),
        ("app &", ()),
        ("app; app", ()),
        ("app || true", ()),
        ("app | tee x", ()),
        ("! app", ()),
        ("X=1 app", ()),
        ("(app)", ()),
        ("exec app", ()),
        ("app # note", ()),
        ("if app; then b; fi", ()),
    ],
)
def test_plain_words(command: str, words: tuple[str, ...]) -> None:
    assert last(f"FROM debian:12\nCMD {command}\n")[0] == words


def test_another_shell() -> None:
    assert last('FROM debian:12\nSHELL ["/bin/bash", "-c"]\nCMD app\n')[0] == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM debian:12\nCMD app\n", ""),
        ("FROM debian:12\nCMD app\nCMD other\n", "another one is in force"),
        ("FROM example.org/x\nCMD app\n", "the base image's ENTRYPOINT may look at the command"),
        ("FROM example.org/x\nENTRYPOINT app\n", ""),
        ("FROM debian:12\nENTRYPOINT app\nCMD x\n", "the shell form keeps CMD out, the exec form would take it in"),
        ('FROM debian:12\nCMD app\nENTRYPOINT ["/x"]\n', "the ENTRYPOINT is given the shell, and may look for it"),
        ("FROM debian:12\nCMD ./app\n", "./app may be a script without an interpreter line"),
        ("FROM debian:12\nCOPY app /usr/bin/\nCMD app\n", "app may be a script without an interpreter line"),
        ("FROM debian:12\nRUN echo x > /bin/app\nCMD app\n", "app may be a script without an interpreter line"),
        ("FROM debian:12\nCMD sleep 9\n", "nothing is gained: it does not heed the signal either"),
    ],
)
def test_what_keeps_the_shell(text: str, reason: str) -> None:
    assert last(text)[1] == reason


def test_scripts_of_the_context() -> None:
    text = "FROM debian:12\nCOPY bin/app /app\nCMD /app\n"
    assert last(text, {"bin/app": "#!/bin/sh\n"})[1] == ""
    assert last(text, {"bin/app": "echo\n"})[1] == "bin/app has no interpreter line"
    assert last(text, {"bin/app": "#!/bin/sh\n", "app": ""})[1] == "app has no interpreter line"
