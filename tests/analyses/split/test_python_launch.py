"""What `uv run` and `poetry run` start, and how it is started without them."""

import pytest

from dockopt.analyses.split.needs import Program
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.python_launch import launched, rewritten, unwrapped, without_runner
from dockopt.model.dockerfile import Dockerfile


@pytest.mark.parametrize(
    ("words", "inner"),
    [
        (("uv", "run", "uvicorn", "a:b"), ("uvicorn", "a:b")),
        (("uv", "run", "--no-sync", "--frozen", "flask", "run"), ("flask", "run")),
        (("uv", "run", "main.py", "-v"), ("python", "main.py", "-v")),
        (("uv", "run", "python", "-m", "x"), ("python", "-m", "x")),
        (("poetry", "run", "gunicorn"), ("gunicorn",)),
        (("uv", "run", "--with", "rich", "x"), None),
        (("uv", "run"), None),
        (("uv", "run", "-m", "x"), None),
        (("uv", "run", "https://example.com/x.py"), None),
        (("poetry", "run", "main.py"), None),
        (("uv", "sync"), None),
        (("gunicorn", "run"), None),
    ],
)
def test_the_program_that_is_started(words: tuple[str, ...], inner: tuple[str, ...] | None) -> None:
    found = unwrapped(Program(words[0], words[1:], "CMD"))
    assert (None if found is None else (found.name, *found.arguments)) == inner


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ('CMD ["uv", "run", "x", "--é"]', 'CMD ["x", "--é"]'),
        ("CMD uv run x && exec poetry run y -a", "CMD x && exec y -a"),
        ("CMD uv run \\\n  --no-sync main.py", "CMD python main.py"),
        ('CMD ["x", "uv", "run"]', ""),
        ("CMD echo uv run", ""),
    ],
)
def test_a_command_without_its_runner(line: str, after: str) -> None:
    (step,) = Dockerfile.parse(f"FROM python:3.12\n{line}\n").final.steps
    assert rewritten(step) == after


@pytest.mark.parametrize(
    "line", ['CMD ["uv", "run", "--with", "x", "y"]', "CMD uv sync && x", "HEALTHCHECK CMD uv run x", "CMD uv run $X"]
)
def test_what_cannot_be_started_otherwise(line: str) -> None:
    (step,) = Dockerfile.parse(f"FROM python:3.12\n{line}\n").final.steps
    with pytest.raises(NotSplit):
        rewritten(step)


def test_programs_and_modules_that_start() -> None:
    assert [*launched(Program("uv", ("run", "python", "-m", "pytest"), "CMD"))] == ["python", "pytest"]


def test_words_of_an_image() -> None:
    assert without_runner(("/bin/sh", "-c", "uv run a; uv run b")) == ("/bin/sh", "-c", "a; b")
    assert without_runner(("uv", "run", "a")) == ("a",)
    assert without_runner(()) == ()
