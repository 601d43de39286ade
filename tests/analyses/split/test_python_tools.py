"""uv and Poetry in a RUN: what they install, and where."""

import pytest

from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.python_tools import environment_of_uv, installs, installs_managers, poetry_settings
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run


def run(text: str, before: str = "") -> Run:
    return Dockerfile.parse(f"FROM python:3.12\n{before}\nRUN {text}\n").final.runs[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install uv", True),
        ("pip install --no-cache-dir 'poetry==1.8' poetry-plugin-export", True),
        ("apt-get update && apt-get install -y gcc && pip install uv", True),
        ("curl -LsSf https://astral.sh/uv/install.sh | sh", True),
        ("pip install uv flask", False),
        ("pip install --upgrade pip", False),
        ("pip install uv && make", False),
    ],
)
def test_what_only_brings_a_manager(text: str, expected: bool) -> None:
    assert installs_managers(run(text)) == expected


@pytest.mark.parametrize(
    ("text", "development", "groups", "extras"),
    [
        ("uv sync --frozen", True, set(), set()),
        ("uv sync --no-dev --extra pg --group=web", False, {"web"}, {"pg"}),
        ("poetry install --only main,web --no-root", False, {"web"}, set()),
        ("uv lock && uv sync --locked", True, set(), set()),
    ],
)
def test_what_is_installed(text: str, development: bool, groups: set[str], extras: set[str]) -> None:
    (install,) = installs(run(text))
    choice = install.choice("3.12")
    found = (choice.main, choice.development, set(choice.groups), set(choice.extras))
    assert found == (True, development, groups, extras)


@pytest.mark.parametrize(
    "text", ["uv sync --python 3.13", "uv sync $OPTIONS", "uv run x", "uv pip install x", "if true; then uv sync; fi"]
)
def test_what_is_not_understood(text: str) -> None:
    with pytest.raises(NotSplit):
        list(installs(run(text)))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", "/app/.venv"),
        ("ENV UV_PROJECT_ENVIRONMENT=/opt/env", "/opt/env"),
        ("ENV UV_PROJECT_ENVIRONMENT=env", "/app/env"),
    ],
)
def test_the_environment_of_uv(before: str, expected: str) -> None:
    (install,) = installs(run("uv sync", before))
    assert environment_of_uv(install, "/app") == expected


@pytest.mark.parametrize(
    "before",
    ["ENV UV_PROJECT_ENVIRONMENT=/usr/local", "ENV UV_LINK_MODE=symlink", "ENV UV_PYTHON=3.13", "ARG UV_PYTHON"],
)
def test_an_environment_that_cannot_be_copied(before: str) -> None:
    (install,) = installs(run("uv sync", before))
    with pytest.raises(NotSplit):
        environment_of_uv(install, "/app")


def test_settings_of_poetry() -> None:
    body = run("poetry config virtualenvs.create false --local && poetry install")
    assert poetry_settings((body,)) == {"virtualenvs.create": "false"}
