"""Imports that no requirement explains, and development packages that something names."""

import pytest

from dockopt.analyses.split.python_development import Sources, closure, unexplained, why_needed
from dockopt.context.tree import MemoryContext
from dockopt.knowledge.wheel_floors import has_wheel


def sources(**texts: str) -> Sources:
    files = {name.replace("_py", ".py"): text for name, text in texts.items()}
    return Sources(MemoryContext(files), tuple(sorted(files)))


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("import flask, os\nimport app\n", {"flask"}, []),
        ("import yaml\nfrom PIL import Image\n", {"pyyaml", "pillow"}, []),
        ("import requests\n", {"flask"}, ["requests"]),
        ("from . import x\n", set(), []),
    ],
)
def test_imports(text: str, known: set[str], expected: list[str]) -> None:
    assert unexplained(sources(app_py=text), known) == expected


def test_what_requirements_lead_to() -> None:
    assert {"flask", "werkzeug", "click"} <= closure(["flask"])


@pytest.mark.parametrize(
    ("text", "development", "programs", "expected"),
    [
        ("import flask\n", {"pytest", "mypy"}, {"python"}, ""),
        ("import flask\n", {"pytest"}, {"pytest"}, "pytest is started"),
        ("import flask\n", {"some-tool"}, set(), "it is not known what some-tool is for"),
        ("import flask, httpx\n", {"httpx"}, set(), "app.py names httpx"),
        ("APPS = ['debug_toolbar']\n", {"django-debug-toolbar"}, set(), "app.py names debug_toolbar"),
        ("import flask, idna\n", {"pytest"}, set(), "idna is imported and may come with them"),
    ],
)
def test_why_development_packages_stay(text: str, development: set[str], programs: set[str], expected: str) -> None:
    assert why_needed(sources(app_py=text), development, {"flask"}, programs) == expected


@pytest.mark.parametrize(
    ("name", "specifier", "expected"),
    [
        ("numpy", "==1.26.4", True),
        ("numpy", "==1.22.0", False),
        ("numpy", "", True),
        ("h5py", "", True),
        ("h5py", ">=3", True),
        ("h5py", "==3.8.0", False),
    ],
)
def test_requirements_that_surely_end_in_a_wheel(name: str, specifier: str, expected: bool) -> None:
    assert has_wheel(name, specifier, "3.11") == expected
