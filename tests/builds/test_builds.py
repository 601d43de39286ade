"""Two small applications, built as they were written and as dockopt rewrites them: `pytest -m builds`.

All of them are built by `corpus/builds.py`.
"""

from collections.abc import Iterator

import pytest
from corpus import builds
from tests.oracles import missing

QUICK = ("pip-cache", "download-unpack")
VARIANTS = ("naive", *builds.LEVELS)


@pytest.fixture(scope="module", autouse=True)
def engine() -> None:
    builds.engine_from_lab()
    if not builds.engine():
        missing("a container engine")


@pytest.fixture(params=QUICK)
def case(request: pytest.FixtureRequest) -> Iterator[builds.Case]:
    found = builds.load(request.param)
    yield found
    builds.clean_up(found, keep=False, prune=False)


@pytest.mark.builds
def test_what_dockopt_writes_builds_and_answers_alike(case: builds.Case) -> None:
    wanted = {variant: recipe for variant, recipe in builds.recipes(case).items() if variant in VARIANTS}
    images = builds.build_all(case, wanted)
    assert list(builds.complaints(case, images)) == []
    assert builds.verdict(case, images) == "ok"
