"""A third of the applications of `corpus/apps`, built as they were written and as dockopt rewrites them: `-m builds`.

All of them are built by `corpus/builds.py`.
"""

import json

import pytest
from corpus import builds, cases
from tests.oracles import missing

from dockopt.build.engine import Engine, engine
from dockopt.errors import BuildError

THIRD = (
    *("c-make", "chown-after-copy", "download-unpack", "express-npm-ci", "flask-pip", "go-static", "go-templates"),
    *("java-jar", "multistage-good", "node-install", "pip-cache", "static-site"),
)
"""Of every kind, and built within minutes."""
RECORDED = {case["name"]: case for case in json.loads(builds.SCORES.read_text(encoding="utf-8"))["cases"]}


@pytest.fixture(scope="module")
def docker() -> Engine:
    builds.engine_from_lab()
    try:
        return engine("docker")
    except BuildError:
        missing("a container engine")


@pytest.mark.builds
@pytest.mark.parametrize("name", THIRD)
def test_what_dockopt_writes_builds_and_answers_alike(name: str, docker: Engine) -> None:
    setting = builds.Setting(docker, network="host", levels=("safe", "standard"), expert=False)
    scores = builds.score(cases.load(name), setting)
    assert scores.complaints == []
    assert scores.verdict == RECORDED[name]["verdict"]
    assert scores.sizes["standard"] == pytest.approx(RECORDED[name]["bytes"]["standard"], rel=0.1)
