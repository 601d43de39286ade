"""Engines of this machine at work: `pytest -m builds tests/build`. Podman and buildah get a store of their own.

Images are taken from docker where it has them, else the engines pull them. What an image archive says is held against
what the engine itself says of the image.
"""

import io
import os
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest
from corpus import builds
from tests.build.tars import Made, blobs
from tests.oracles import missing

from dockopt.build import archive
from dockopt.build.behaviour import Answer, Asker, Questions
from dockopt.build.engine import Engine, Options, Request, engine
from dockopt.build.image import Entry, Image
from dockopt.errors import BuildError

pytestmark = pytest.mark.builds

BASE, PYTHON = "debian:bookworm-slim", "python:3.11-slim"
HOST = Options(network="host")
SECONDS = 300.0
SETTINGS = """
[engine]
cgroup_manager = "cgroupfs"
lock_type = "file"
tmp_dir = "{place}/tmp"
events_logger = "file"
{runtime}
[containers]
netns = "host"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
"""
"""Also for machines that allow little: no new limits, no network of its own."""
STORAGE = """
[storage]
driver = "overlay"
graphroot = "{place}/graph"
runroot = "{place}/run"
"""
FOUND = {
    "RUN": r"""
        FROM debian:bookworm-slim
        RUN mkdir -p /a/b /gone /d && echo one > /a/b/one && echo two > /a/two && ln /a/two /a/again
        RUN ln -s two /a/link && mknod /a/device c 1 3 && mkfifo /a/pipe && chmod 4755 /a/two && chown -R 12:34 /a/b
        RUN rm -rf /gone /a/b && mkdir /a/b && echo new > /a/b/new && rm /usr/bin/perl* && rm -rf /d && ln -s a /d
        RUN rm -rf /usr/share/doc && chmod 700 /a && printf 1 > "/a/$(printf 'caf\351')" && rm /d && echo f > /d
    """,
    "COPY": """
        FROM debian:bookworm-slim AS made
        RUN mkdir -p /out/bin /out/lib && echo lib > /out/lib/l && ln -s ../lib/l /out/bin/l && echo b > /out/bin/b
        FROM python:3.11-slim
        COPY --from=made --chown=7:8 /out /opt/out
        COPY app.py other.txt /srv/app/
        ADD pages.tar /srv/pages
        WORKDIR /new/folder
        RUN rm /srv/app/other.txt /opt/out/bin/b
    """,
    "python": """
        FROM python:3.11-slim
        WORKDIR /app
        COPY app.py .
        RUN python -m compileall -q . && find / -xdev -name '*.pyc' -path '*json*' -delete && useradd -m someone
        USER someone
        RUN mkdir -p ~/x && touch /tmp/mine && chmod 600 /tmp/mine
    """,
}
MADE_BY_ENGINES = (
    *(".dockerenv", "run/.containerenv", "run/secrets"),
    *("etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf"),
)


class Bench(NamedTuple):
    """An engine that works, and how its own command line is called."""

    engine: Engine
    prefix: str
    folder: Path

    def build(self, dockerfile: str, tag: str = "0", options: Options = HOST, seconds: float = SECONDS) -> str:
        """The tag of an image that was built from a text."""
        ran = self.engine.build(self.request(dockerfile, tag, options, seconds))
        if not ran.good and ("not known" in ran.log or "did not resolve" in ran.log or "lookup" in ran.log):
            missing(f"a base image of {self.engine.name}")
        assert ran.good, ran.log
        return f"{self.prefix}:{tag}"

    def request(self, dockerfile: str, tag: str, options: Options = HOST, seconds: float = SECONDS) -> Request:
        place = self.folder / self.prefix / tag
        place.mkdir(parents=True, exist_ok=True)
        (place / "Dockerfile").write_text(dockerfile)
        (place / "Dockerfile.dockerignore").write_text("*.md\n!kept.md\n")
        return Request(
            str(place / "Dockerfile"), str(self.folder / "context"), f"{self.prefix}:{tag}", options, seconds
        )

    def image(self, tag: str) -> Image:
        with self.engine.archive([tag]) as stream:
            return archive.read(stream)[tag]

    def own(self, *words: str) -> bytes:
        """What the engine's own command line gives."""
        return subprocess.run([self.engine.name, *words], capture_output=True, check=True).stdout

    def left(self) -> list[str]:
        """Images, containers and build records of ours; all working containers and steps of a store of ours."""
        name = self.engine.name
        images = self.own("images").decode().splitlines()
        listed = self.own("containers" if name == "buildah" else "ps", "--all").decode().splitlines()
        found = [line for line in images + listed if self.prefix in line]
        if name == "docker":
            records = self.own("buildx", "history", "ls", "--format", "json").decode().splitlines()
            return found + [record for record in records if self.prefix in record]
        external = ("containers", "--quiet") if name == "buildah" else ("ps", "--all", "--external", "--quiet")
        return found + self.own(*external).decode().split() + [line for line in images if "<none>" in line]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings and a store for podman and buildah, gone afterwards, with the base images that docker has."""
    builds.engine_from_lab()
    place = tmp_path_factory.mktemp("store")
    runc = shutil.which("runc", path=f"/usr/sbin:/sbin:{os.environ['PATH']}")
    runtime = f'runtime = "runc"\n[engine.runtimes]\nrunc = ["{runc}"]' if runc else ""
    (place / "containers.conf").write_text(SETTINGS.format(place=place, runtime=runtime))
    (place / "storage.conf").write_text(STORAGE.format(place=place))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTAINERS_CONF", str(place / "containers.conf"))
        patch.setenv("CONTAINERS_STORAGE_CONF", str(place / "storage.conf"))
        if shutil.which("podman") and shutil.which("buildah"):
            load_bases(place)
        yield
    subprocess.run(["umount", str(place / "graph" / "overlay")], capture_output=True, check=False)
    shutil.rmtree(place, ignore_errors=True)


def load_bases(place: Path) -> None:
    saved = place / "bases.tar"
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            ["docker", "save", "-o", str(saved), BASE, PYTHON], capture_output=True, check=True, timeout=SECONDS
        )
        words = ["env", "-u", "DOCKER_CONFIG", "podman", "load", "-qi", str(saved)]
        subprocess.run(words, capture_output=True, check=True, timeout=SECONDS)
    saved.unlink(missing_ok=True)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bench(name: str, settings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """One engine with a context to build in; whatever it made is gone afterwards."""
    assert settings is None
    if name != "docker":
        monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    try:
        found = engine(name)
    except BuildError:
        missing(name)
    made = Bench(found, f"dockopt-test-{os.getpid()}-{os.urandom(3).hex()}", tmp_path)
    write_context(tmp_path / "context")
    try:
        yield made
    finally:
        found.remove(made.prefix)
    assert made.left() == []


def write_context(context: Path) -> None:
    context.mkdir()
    for file in ("app.py", "other.txt", "left-out.md", "kept.md"):
        (context / file).write_text(f"'{file}'\n")
    (context / ".dockerignore").write_text("*.py\n")
    with tarfile.open(context / "pages.tar", "w") as pages:
        entry = tarfile.TarInfo("in/page.html")
        entry.size = 4
        pages.addfile(entry, io.BytesIO(b"page"))


every = pytest.mark.parametrize("name", ["docker", "podman", "buildah"], indirect=True)
with_containers = pytest.mark.parametrize("name", ["docker", "podman"], indirect=True)


@every
@pytest.mark.parametrize("case", sorted(FOUND))
def test_an_archive_says_what_the_engine_says(bench: Bench, case: str) -> None:
    image = bench.image(bench.build(dedent(FOUND[case])))
    tag = f"{bench.prefix}:0"
    if bench.engine.name == "docker":
        sizes = bench.own("history", "--human=false", "--format", "{{.Size}}", tag).decode().split()
        assert image.size == pytest.approx(sum(map(int, sizes)), rel=0.001)
    assert bench.engine.size(tag) == pytest.approx(image.size, rel=0.001)
    theirs = exported(bench, tag)
    assert plain(image.files) == plain(theirs)
    assert sum(one.size for one in image.files.values()) == sum(one.size for one in theirs.values())


def exported(bench: Bench, tag: str) -> Mapping[str, Entry]:
    """The file system of a container as the engine itself packs it."""
    container = f"{bench.prefix}-export"
    if bench.engine.name == "buildah":
        bench.own("from", "--name", container, tag)
        folder = bench.own("mount", container).decode().strip()
        data = subprocess.run(["tar", "-C", folder, "-c", "."], capture_output=True, check=True).stdout
    else:
        bench.own("create", "--name", container, tag)
        data = bench.own("export", container)
    packed = io.BytesIO(blobs(Made(["x:1"], {"all": data})))
    bench.engine.remove_container(container)
    return archive.read(packed)["x:1"].files


def plain(files: Mapping[str, Entry]) -> dict[str, Entry]:
    """Without sizes, which only one of several names of a file has, and without what engines put into containers."""
    return {path: entry._replace(size=0) for path, entry in files.items() if path not in MADE_BY_ENGINES}


@every
def test_images_are_built_as_asked(bench: Bench) -> None:
    (bench.folder / "key.txt").write_text("hidden")
    options = HOST._replace(
        target="wanted", build_args=("A=two words",), secrets=(f"id=key,src={bench.folder / 'key.txt'}",)
    )
    text = """
        FROM debian:bookworm-slim AS wanted
        ARG A
        COPY . /context/
        RUN --mount=type=secret,id=key test "$(cat /run/secrets/key)" = hidden && echo "$A" > /argument
        ENV A="b c" D=e
        HEALTHCHECK --interval=2s --retries=2 CMD test -e /healthy
        SHELL ["/bin/bash", "-c"]
        USER 12:34
        CMD ["sleep", "60"]
        FROM wanted
        RUN exit 7
    """
    image = bench.image(bench.build(dedent(text), options=options))
    context = {path for path in image.files if path.startswith("context/")}
    assert context == {f"context/{file}" for file in (".dockerignore", "app.py", "kept.md", "other.txt", "pages.tar")}
    assert image.files["argument"].size == len("two words\n")
    assert {key: image.config.get(key) for key in ("Cmd", "Shell", "User", "Healthcheck")} == {
        "Cmd": ["sleep", "60"],
        "Shell": ["/bin/bash", "-c"],
        "User": "12:34",
        "Healthcheck": {"Test": ["CMD-SHELL", "test -e /healthy"], "Interval": 2_000_000_000, "Retries": 2},
    }
    assert image.environment["A"] == "b c"
    runs = [step for step in image.steps if step.instruction.startswith("RUN") and "argument" in step.instruction]
    assert [step.size for step in runs] == [len("two words\n")]


@every
def test_several_images_come_in_one_stream(bench: Bench) -> None:
    text = "FROM debian:bookworm-slim\nRUN echo {} > /one\n"
    tags = [bench.build(text.format(word), tag) for tag, word in (("0", "a"), ("1", "bb"), ("2", "a"))]
    with bench.engine.archive(tags) as stream:
        images = archive.read(stream)
    assert {tag: image.files["one"].size for tag, image in images.items()} == dict(zip(tags, (2, 3, 2), strict=True))
    assert images[tags[0]].layers[0] is images[tags[1]].layers[0]


@every
def test_an_image_that_is_not_there(bench: Bench) -> None:
    with (
        pytest.raises(BuildError, match=rf"\A{bench.engine.name} failed to give its images: "),
        bench.engine.archive([f"{bench.prefix}:none"]) as stream,
    ):
        archive.read(stream)


@every
def test_a_build_that_fails(bench: Bench) -> None:
    ran = bench.engine.build(
        bench.request("FROM debian:bookworm-slim\nRUN echo one > /one\nRUN echo told && exit 7\n", "0")
    )
    assert ran.status not in (0, None)
    assert "told" in ran.log


@every
def test_a_build_that_is_cut_off_leaves_nothing(bench: Bench) -> None:
    bench.build("FROM debian:bookworm-slim\n")
    marker = f"9{os.getpid()}"
    text = f"FROM debian:bookworm-slim AS a\nRUN echo {marker} > /a\nFROM a\nCOPY --from=a /a /b\nRUN sleep {marker}\n"
    ran = bench.engine.build(bench.request(text, "1", seconds=15))
    assert (ran.status, ran.seconds < 15 + 12) == (None, True)
    assert sleepers(marker) == []


def sleepers(marker: str) -> list[str]:
    """Processes that sleep for so long, once they had time to go."""
    found = [""]
    end = time.monotonic() + 10
    while found and time.monotonic() < end:
        lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True).stdout.decode().splitlines()
        found = [line for line in lines if line == f"sleep {marker}"]
        time.sleep(0.1)
    return found


@every
def test_commands_in_an_image(bench: Bench) -> None:
    text = """
        FROM debian:bookworm-slim
        ENV A="b c"
        WORKDIR /srv
        USER 12:34
        ENTRYPOINT ["false"]
    """
    tag = bench.build(dedent(text))

    def run(*command: str, seconds: float = SECONDS) -> tuple[int | None, str]:
        ran = bench.engine.run(tag, f"{bench.prefix}-command", command, HOST, seconds)
        return ran.status, ran.out

    assert run("sh", "-c", 'echo "$A $PWD $(id -u):$(id -g)"; exit 3') == (3, "b c /srv 12:34\n")
    assert run("echo", "a b") == (0, "a b\n")
    assert run("no-such-program")[0] not in (0, None)
    assert run("sleep", "60", seconds=3) == (None, "")
    assert run("true") == (0, "")


SERVER = """
FROM python:3.11-slim
WORKDIR /srv
RUN echo page > page.html
HEALTHCHECK --interval=2s --retries=2 CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:{asked}')"
CMD ["python", "-m", "http.server", "--bind", "127.0.0.1", "{served}"]
"""


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@with_containers
@pytest.mark.parametrize("healthy", [True, False])
def test_a_server_and_its_health(bench: Bench, healthy: bool) -> None:
    served, other = free_ports()
    tag = bench.build(SERVER.format(served=served, asked=served if healthy else other))
    questions = Questions(pages=(f"{served}/page.html",), seconds=40)
    page, start, health = Asker(bench.engine, HOST, questions, bench.prefix).answers(tag)
    assert page == Answer(f"GET :{served}/page.html", good=True, value="200", output="page\n")
    assert start == Answer("start", good=True, value="stays up")
    assert (health.question, health.value) == ("health check", "healthy" if healthy else "unhealthy")


@with_containers
@pytest.mark.parametrize(
    ("last", "answer"),
    [
        ('CMD ["sleep", "60"]', Answer("start", good=True, value="stays up")),
        ("CMD echo done", Answer("start", good=True, value="ends with status 0", output="done")),
        ("CMD echo why && exit 4", Answer("start", good=False, value="ends with status 4", detail="why")),
    ],
)
def test_how_containers_start(bench: Bench, last: str, answer: Answer) -> None:
    tag = bench.build(f"FROM debian:bookworm-slim\n{last}\n")
    assert Asker(bench.engine, HOST, Questions(), bench.prefix).answers(tag) == (answer,)


@with_containers
def test_a_container_that_cannot_be_started(bench: Bench) -> None:
    tag = bench.build('FROM debian:bookworm-slim\nENTRYPOINT ["/no/such/program"]\n')
    (answer,) = Asker(bench.engine, HOST, Questions(), bench.prefix).answers(tag)
    assert (answer.question, answer.good, answer.value) == ("start", False, "cannot be started")
    assert "/no/such/program" in answer.detail
