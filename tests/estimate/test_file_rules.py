"""What commands do to files, against the bytes of real builds: `pytest -m builds` builds every rule again."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.estimate.engine import docker
from tests.estimate.file_rules import RULES, WITHIN, Rule, write_context

from dockopt.context.folder import FolderContext
from dockopt.estimate.layers import layers
from dockopt.estimate.sizes import Range
from dockopt.model.dockerfile import Dockerfile

TAG = f"dockopt-file-rules-{os.getpid()}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("context")
    write_context(made)
    return made


def estimated(rule: Rule, folder: Path) -> list[Range]:
    """Of the instructions after FROM."""
    context = FolderContext(str(folder))
    return [layer.range for layer in layers(Dockerfile.parse(rule.dockerfile, context))][1:]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_layers_are_those_of_a_real_build(rule: Rule, folder: Path) -> None:
    assert estimated(rule, folder) == [Range(size, size, size) for size in rule.measured]


@pytest.mark.parametrize("rule", WITHIN, ids=lambda rule: rule.name)
def test_layers_of_a_real_build_are_in_the_range(rule: Rule, folder: Path) -> None:
    found = estimated(rule, folder)
    inside = [size.low <= measured <= size.high for size, measured in zip(found, rule.measured, strict=True)]
    assert inside == [True] * len(rule.measured)


@pytest.fixture(scope="module")
def engine() -> Iterator[None]:
    with docker(TAG):
        yield


@pytest.mark.builds
@pytest.mark.parametrize("rule", [*RULES, *WITHIN], ids=lambda rule: rule.name)
def test_a_build_gives_what_is_written_here(rule: Rule, folder: Path, engine: None) -> None:  # noqa: ARG001
    build = ["docker", "build", "--network=host", "-q", "-t", TAG, "-f", "-", "."]
    subprocess.run(build, cwd=folder, input=rule.dockerfile, text=True, capture_output=True, check=True)
    show = ["docker", "history", "--human=false", "--format", "{{json .}}", TAG]
    lines = subprocess.run(show, text=True, capture_output=True, check=True).stdout.splitlines()
    rows = [row for row in map(json.loads, reversed(lines)) if "buildkit" in row["Comment"]]
    assert tuple(int(row["Size"]) for row in rows) == rule.measured
