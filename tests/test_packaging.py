"""The list of packages in pyproject.toml is complete: what is not in it would be missing from an installed dockopt."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_package_is_listed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    source = ROOT / "src"
    found = {".".join(path.parent.relative_to(source).parts) for path in source.rglob("__init__.py")}
    assert set(settings["tool"]["setuptools"]["packages"]) == found | {"dockopt.transforms"}
