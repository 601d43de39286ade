"""What `pyproject.toml` says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context.manifests.pyproject import Pyproject, read
from dockopt.context.manifests.requirement import Local, Repository, Requirement
from dockopt.context.tree import MemoryContext


def test_project_table() -> None:
    text = """
[build-system]
requires = ["setuptools>=77", "setuptools_scm"]
build-backend = "setuptools.build_meta"

[project]
name = "My_App"
readme = "README.md"
license = { file = "COPYRIGHT" }
dynamic = ["version"]
dependencies = ["flask>=3", "lib @ file:lib"]
optional-dependencies.dev = ["pytest"]
scripts.serve = "my_app:main"

[dependency-groups]
test = ["hypothesis", { include-group = "dev" }]

[tool.setuptools.dynamic]
version = { file = "VERSION" }
"""
    names = ("app/README.md", "app/COPYRIGHT", "app/VERSION", "app/LICENSE", "app/setup.cfg", "app/uv.lock", "app/x.py")
    context = MemoryContext({"app/pyproject.toml": text, **dict.fromkeys(names, "")})
    assert read(context, "app/pyproject.toml") == Pyproject(
        path="app/pyproject.toml",
        name="my-app",
        version="",
        backend="setuptools.build_meta",
        build_requires=(Requirement("setuptools", specifier=">=77"), Requirement("setuptools-scm")),
        dependencies=(Requirement("flask", specifier=">=3"), Local("lib")),
        optional={"dev": (Requirement("pytest"),)},
        groups={"test": (Requirement("hypothesis"),)},
        dynamic=("version",),
        scripts=("serve",),
        tools=frozenset({"setuptools"}),
        lockfile="app/uv.lock",
        local=("lib",),
        reads=(
            "app/pyproject.toml",
            "app/README.md",
            "app/COPYRIGHT",
            "app/VERSION",
            "app/LICENSE",
            "app/setup.cfg",
        ),
        needs_git=True,
        problems=(),
    )


def test_poetry_table() -> None:
    text = """
[tool.poetry]
name = "app"
version = "1.0"

[tool.poetry.dependencies]
python = "^3.11"
Flask = "^3"
psycopg = { version = "^3.1", extras = ["binary"] }
lib = { path = "../lib", develop = true }
tool = { git = "https://x.example/tool.git" }

[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
    found = read(MemoryContext({"pyproject.toml": text, "poetry.lock": ""}))
    assert found.dependencies == (
        Requirement("flask", specifier="^3"),
        Requirement("psycopg", ("binary",), "^3.1"),
        Local("../lib", editable=True),
        Repository("git+https://x.example/tool.git", "tool"),
    )
    assert found.groups == {"dev": (Requirement("pytest", specifier="*"),)}
    assert found.local == ("../lib",)
    assert found.lockfile == "poetry.lock"
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "pyproject.toml is not TOML"),
        ('[project]\ndependencies = "x"', "pyproject.toml: dependencies is not a list"),
        ('[project]\ndependencies = ["x y"]', "pyproject.toml: dependencies: not a requirement: x y"),
        ('[project]\nreadme = "README.md"', "pyproject.toml: README.md is not in the build context"),
        ('[project]\nreadme = "../README.md"', "pyproject.toml: ../README.md is outside the build context"),
        (
            "[tool.uv.sources]\na = { workspace = true }",
            "pyproject.toml: depends on another member of its workspace",
        ),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert read(MemoryContext({"pyproject.toml": text})).problems == (problem,)


def test_absent() -> None:
    assert read(MemoryContext({})).problems == ("pyproject.toml is not in the build context or cannot be read",)


@given(st.sampled_from(["project", "build-system", "tool.poetry", "tool.uv", "dependency-groups"]), st.text())
def test_any_text_is_read(table: str, text: str) -> None:
    read(MemoryContext({"pyproject.toml": f"[{table}]\n{text}"}))
