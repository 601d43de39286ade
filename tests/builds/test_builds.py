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
    *("flask-pip", "express-npm-ci", "go-static", "c-make", "static-site", "java-jar", "typescript-build", "pip-cache"),
    *("download-unpack", "go-templates", "multistage-good", "chown-after-copy"),
)
"""Of every kind, and built within minutes; first what says most, for runs that end before all of them are built."""
RECORDED = {case["name"]: case for case in json.loads(builds.SCORES.read_text(encoding="utf-8"))["cases"]}


@pytest.fixture(scope="module")
def docker() -> Engine:
    builds.engine_from_lab()
    try:
        return engine("docker")
    except BuildError:
        missing("a container engine")


def one_after_another(name: str) -> pytest.MarkDecorator:
    """Applications that listen at the same port of the machine are not started side by side."""
    port = cases.load(name).http.partition("/")[0]
    return pytest.mark.xdist_group(f"port {port}" if port else name)


@pytest.mark.builds
@pytest.mark.parametrize("name", [pytest.param(name, marks=one_after_another(name)) for name in THIRD])
def test_what_dockopt_writes_builds_and_answers_alike(name: str, docker: Engine) -> None:
    setting = builds.Setting(docker, network="host", levels=("safe", "standard"), expert=False)
    scores = builds.score(cases.load(name), setting)
    assert scores.complaints == []
    assert scores.verdict == RECORDED[name]["verdict"]
    assert scores.sizes["standard"] == pytest.approx(RECORDED[name]["bytes"]["standard"], rel=0.1)
