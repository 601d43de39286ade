"""`dockopt verify` and `dockopt fix --verify` on a real engine: right rewrites pass, wrong ones are named."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from corpus import builds
from tests.builds.broken import BREAKS, DOCKERFILE, put_files, with_break
from tests.oracles import missing

from dockopt.build.command import run
from dockopt.build.engine import engine
from dockopt.build.records import notes
from dockopt.cli import main
from dockopt.engine import pipeline
from dockopt.errors import BuildError

Left = Callable[[], set[str]]
NETWORK = ("--network", "host")
RIGHT = """\
FROM debian:bookworm-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libyaml-0-2 \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /service
COPY start.sh words.txt ./
ENV GREETING=hello
RUN useradd --uid 1234 runner
USER runner
ENTRYPOINT ["./start.sh"]
CMD ["world"]
"""

pytestmark = pytest.mark.builds


@pytest.fixture(autouse=True)
def docker() -> None:
    builds.engine_from_lab()
    try:
        engine("docker")
    except BuildError:
        missing("a container engine")


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    put_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ours() -> set[str]:
    """Images, containers and build records of any verification in this process, or in one that had its number."""
    asked = (
        ["docker", "image", "ls", "--format", "{{.Repository}}"],
        ["docker", "container", "ls", "--all", "--format", "{{.Names}}"],
    )
    prefix = f"dockopt-verify-{os.getpid()}-"
    kept = {line for words in asked for line in run(words).out.splitlines() if prefix in line}
    return kept | {str(note) for note in notes(prefix)}


@pytest.fixture
def left_behind() -> Left:
    """What there is now and was not when the test began."""
    before = ours()
    return lambda: ours() - before


def verified(capfd: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    status = main(("verify", "Dockerfile", "--format", "json", *NETWORK, *options))
    return status, json.loads(capfd.readouterr().out)["files"][0]


@pytest.mark.usefixtures("application")
def test_a_right_rewrite_is_verified(capfd: pytest.CaptureFixture[str], left_behind: Left) -> None:
    status, found = verified(capfd, "--smoke", "test -r words.txt")
    assert (status, found["verdict"], found["objections"]) == (0, "verified", [])
    saves = [fix["measured"] for fix in found["fixes"]]
    assert [fix["transform"] for fix in found["fixes"]] == ["merge-apt-update-into-install", "remove-apt-lists"]
    assert abs(saves[0]) < 10_000
    assert saves[1] > 5_000_000
    assert found["before"]["size"] - found["after"]["size"] == pytest.approx(sum(saves), abs=2000)
    assert "package lists of apt" in [group["name"] for group in found["vanished"]]
    assert [(one["question"], one["value"]) for one in found["after"]["answers"]] == [
        ("start", "ends with status 0"),
        ("test -r words.txt", "status 0"),
    ]
    assert left_behind() == set()
    assert Path("Dockerfile").read_text() == DOCKERFILE


@pytest.mark.parametrize("name", sorted(BREAKS))
@pytest.mark.usefixtures("application")
def test_a_wrong_fix_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], left_behind: Left
) -> None:
    monkeypatch.setattr(pipeline, "all_transforms", lambda: with_break(name))
    status, found = verified(capfd)
    assert (status, found["verdict"]) == (1, "broken")
    assert found["culprit"]["transform"] == name.replace("_", "-")
    assert left_behind() == set()
    assert main(("fix", "Dockerfile", "--verify", *NETWORK)) == 0
    assert Path("Dockerfile").read_text() == RIGHT
    assert f"rejected {name.replace('_', '-')} (replace what works); with it, " in capfd.readouterr().out
    assert left_behind() == set()


def test_an_original_that_fails_is_not_judged(
    application: Path, capfd: pytest.CaptureFixture[str], left_behind: Left
) -> None:
    (application / "Dockerfile").write_text(DOCKERFILE.replace("libyaml-0-2", "no-such-package"))
    status, found = verified(capfd)
    assert (status, found["verdict"]) == (2, "not judged")
    assert found["objections"][0].startswith("the original does not build: ")
    assert left_behind() == set()


@pytest.mark.usefixtures("application")
def test_a_build_that_takes_too_long_is_cut_short(capfd: pytest.CaptureFixture[str], left_behind: Left) -> None:
    Path("Dockerfile").write_text(DOCKERFILE.replace("USER runner", "RUN sleep 60\nUSER runner"))
    status, found = verified(capfd, "--timeout", "3")
    assert (status, found["verdict"]) == (2, "not judged")
    assert found["objections"] == ["the original takes longer than 3 seconds to build; --timeout allows more"]
    assert left_behind() == set()
