"""Pipfile and Pipfile.lock: what pipenv installs."""

import pytest

from dockopt.context.manifests.pipfile import Pipfile, read
from dockopt.context.manifests.requirement import Repository, Requirement
from dockopt.context.tree import MemoryContext

LOCK = (
    '{"default": {"Flask": {"version": "==3.0.3"}, "Werkzeug": {"version": "==3.0.1"}},'
    ' "develop": {"pytest": {"version": "==8.0.0"}}}'
)


def test_versions_are_those_of_the_lockfile() -> None:
    manifest = (
        '[packages]\nFlask = {version = "*", extras = ["async"]}\nown = {git = "https://git.example.com/own"}\n'
        '[dev-packages]\npytest = "*"\n'
    )
    assert read(MemoryContext({"web/Pipfile": manifest, "web/Pipfile.lock": LOCK}), "web/Pipfile") == Pipfile(
        packages=(Requirement("flask", ("async",), "==3.0.3"), Repository("git+", "own")),
        development=(Requirement("pytest", (), "==8.0.0"),),
        locked=frozenset({"flask", "werkzeug"}),
        locked_development=frozenset({"pytest"}),
    )


@pytest.mark.parametrize(
    ("manifest", "lock", "problem"),
    [
        ("[packages", LOCK, "Pipfile is not TOML"),
        ("", None, "Pipfile.lock is not in the build context or cannot be read"),
        ("", "[]", "Pipfile.lock is not in the build context or cannot be read"),
        ("", '{"default": {"own": {"path": "."}}}', "Pipfile.lock takes own from a folder or a file"),
    ],
)
def test_what_cannot_be_followed(manifest: str, lock: str | None, problem: str) -> None:
    files = {"Pipfile": manifest} | ({} if lock is None else {"Pipfile.lock": lock})
    assert read(MemoryContext(files), "Pipfile").problems == (problem,)
