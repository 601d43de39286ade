"""Adapters and their command lines, by way of programs that print what the real ones print."""

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.build.fakes import Fake, calls

from dockopt.build.engine import ADAPTERS, Engine, Options, Request, State, engine
from dockopt.build.podman import patience
from dockopt.errors import BuildError

EVERYTHING = Options(
    target="last",
    build_args=("A=1", "B=two words"),
    secrets=("id=key,src=key.txt",),
    network="host",
    build_options=("--pull=false",),
    run_options=("--memory=1g",),
)
OPTIONS = [
    *("--target", "last", "--network", "host", "--build-arg", "A=1", "--build-arg", "B=two words"),
    *("--secret", "id=key,src=key.txt", "--no-cache", "--pull=false"),
]


def adapter(name: str) -> Engine:
    """The engine, unasked whether it answers."""
    module = __import__(f"dockopt.build.{name}", fromlist=["ENGINE"])
    found: Engine = module.ENGINE
    return found


def request(dockerfile: str = "/d/Dockerfile", options: Options = EVERYTHING, seconds: float = 20) -> Request:
    return Request(dockerfile, "/context", "p:1", options, seconds, no_cache=True)


def prints(log: str, status: int = 1) -> str:
    return f"printf '%s' {shlex.quote(log)} >&2; exit {status}"


FULL = {
    "docker": (
        (
            "#5 1.179 head: error writing 'standard output': No space left on device\n"
            '#5 ERROR: process "/bin/sh -c head" did not complete successfully: exit code: 1\n'
            "ERROR: failed to build: failed to solve: process did not complete successfully: exit code: 1\n"
        ),
        (
            "ERROR: failed to build: failed to solve: ResourceExhausted: failed to prepare sha256:a1 as mj6: "
            "no space left on device\n"
        ),
    ),
    "podman": (
        (
            'Error: creating build container: creating container: creating read-write layer with ID "fc2": '
            "no space left on device\n"
        ),
    ),
    "buildah": (
        (
            'Error: deleting build container "429": 2 errors occurred:\n\t* write /run/.tmp-mountpoints.json7: '
            "no space left on device\n: building at STEP: exit status 1\n"
        ),
    ),
}
AWAY = {
    "docker": (
        "ERROR: Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?\n",
        "ERROR: failed to build: failed to solve: Unavailable: error reading from server: EOF\n",
        "ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF\n",
        'error during connect: Post "http://%2Frun%2Fdocker.sock/v1.51/build": EOF\n',
    ),
    "podman": (
        (
            "Cannot connect to Podman. Please verify your connection to the Linux system using "
            "`podman system connection list`\n"
            'Error: unable to connect to Podman socket: Get "http://d/v4.3.1/libpod/_ping": connection refused\n'
        ),
    ),
}
MERELY_FAILS = (
    "#6 1.2 curl: (56) Recv failure: Connection reset by peer\n"
    "#6 1.3 error: unexpected EOF\n"
    "------\n > [2/2] RUN fetch:\n1.2 curl: (56) Recv failure: Connection reset by peer\n------\n"
    "ERROR: failed to build: failed to solve: process did not complete successfully: exit code: 56\n"
)


@pytest.mark.parametrize(("name", "log"), [(name, log) for name, logs in FULL.items() for log in logs])
def test_a_full_disk_is_told(fake: Fake, name: str, log: str) -> None:
    fake(name, prints(log))
    with pytest.raises(BuildError) as caught:
        adapter(name).build(request())
    told = f"the disk of {name} is full; make room (for example `{name} system prune`) and run again"
    assert str(caught.value) == told


@pytest.mark.parametrize(("name", "log"), [(name, log) for name, logs in AWAY.items() for log in logs])
def test_an_engine_that_stopped_is_told(fake: Fake, name: str, log: str) -> None:
    fake(name, prints(log))
    with pytest.raises(BuildError, match=rf"\A{name} does not answer; start it and run again\Z"):
        adapter(name).build(request())


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_build_that_merely_fails_is_given_back(fake: Fake, name: str) -> None:
    fake(name, prints(MERELY_FAILS))
    ran = adapter(name).build(request())
    assert (ran.status, ran.log) == (1, MERELY_FAILS)


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_build_that_takes_too_long_is_ended(fake: Fake, name: str) -> None:
    fake(name, "echo begun; sleep 60")
    ran = adapter(name).build(request(seconds=0.5))
    assert (ran.status, ran.log) == (None, "begun\n")


STOPPED = [
    "docker: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?\n\nRun 'docker'\n",
    'time="2026-01-02T03:04:05Z" level=error msg="error waiting for container: unexpected EOF"\n',
]


@pytest.mark.parametrize("log", STOPPED)
def test_an_engine_that_stops_under_a_command_is_told(fake: Fake, log: str) -> None:
    fake("docker", prints(log, 125))
    with pytest.raises(BuildError, match=r"\Adocker does not answer; start it and run again\Z"):
        adapter("docker").run("p:1", "p-c", ["true"], Options(), 20)


def test_what_a_command_in_a_container_prints_is_not_the_engines(fake: Fake) -> None:
    fake("docker", prints("error during connect: no space left on device\n", 1))
    assert adapter("docker").run("p:1", "p-c", ["true"], Options(), 20).status == 1


@pytest.mark.parametrize("log", ["unexpected EOF\n", "Cannot connect to the Docker daemon at unix:///x.\n"])
def test_an_engine_that_stops_while_it_gives_images_is_told(fake: Fake, log: str) -> None:
    fake("docker", f"printf half; {prints(log)}")
    with (
        pytest.raises(BuildError, match=r"\Adocker does not answer; start it and run again\Z"),
        adapter("docker").archive(["p:1"]) as stream,
    ):
        assert stream.read() == b"half"


def test_words_of_docker(fake: Fake) -> None:
    file = fake("docker", "")
    adapter("docker").build(request(options=EVERYTHING._replace(builder="farm")))
    assert calls(file) == [
        [
            *("buildx", "build", "--load", "--provenance=false", "--progress=plain", "--builder", "farm"),
            *("-f", "/d/Dockerfile", "-t", "p:1", *OPTIONS, "/context"),
        ]
    ]


@pytest.mark.parametrize("name", ["podman", "buildah"])
@pytest.mark.parametrize("ignored", [True, False])
def test_words_of_podman_and_buildah(fake: Fake, tmp_path: Path, name: str, ignored: bool) -> None:
    file = fake(name, "")
    dockerfile = str(tmp_path / "Dockerfile")
    if ignored:
        Path(f"{dockerfile}.dockerignore").write_text("*.md\n")
    adapter(name).build(request(dockerfile))
    assert calls(file) == [
        [
            *("build", "--format", "docker", "--layers", "--secret=id=dockopt/p:1,src=/dev/null"),
            *(("--ignorefile", f"{dockerfile}.dockerignore") if ignored else ()),
            *("-f", dockerfile, "-t", "p:1", *OPTIONS, "/context"),
        ]
    ]


@pytest.mark.parametrize("name", ["podman", "buildah"])
def test_only_docker_has_builders(fake: Fake, name: str) -> None:
    fake(name, "")
    with pytest.raises(BuildError, match=rf"\A{name} has no builders; --builder is for --engine docker\Z"):
        adapter(name).build(request(options=Options(builder="farm")))


OFTEN = ("--health-interval=2s", "--health-retries=1000")


@pytest.mark.parametrize(("name", "asked"), [("docker", OFTEN), ("podman", ())])
def test_words_of_containers(fake: Fake, name: str, asked: tuple[str, ...]) -> None:
    file = fake(name, '[ "$2" = port ] && echo 127.0.0.1:40123; exit 0')
    found = adapter(name)
    assert found.start("p:1", "p-start", EVERYTHING._replace(network=""), [80, 90]).good
    assert found.run("p:1", "p-c", ["sh", "-c", "a b"], EVERYTHING, 20).good
    assert found.port("p-start", 80) == 40123
    assert calls(file) == [
        [
            *("run", "-d", *asked, "--name", "p-start", "--memory=1g"),
            *("-p", "127.0.0.1::80", "-p", "127.0.0.1::90", "p:1"),
        ],
        [
            *("run", "--rm", "--name", "p-c", "--network", "host", "--memory=1g", "--entrypoint=", "p:1"),
            *("sh", "-c", "a b"),
        ],
        ["container", "port", "p-start", "80"],
    ]


def test_a_port_that_is_not_mapped(fake: Fake) -> None:
    fake("docker", prints("Error: No public port '80' published for p-start\n"))
    assert adapter("docker").port("p-start", 80) == 0


def test_a_command_that_takes_too_long_leaves_no_container(fake: Fake) -> None:
    file = fake("docker", '[ "$1" = run ] && sleep 60; exit 0')
    assert adapter("docker").run("p:1", "p-c", ["a"], Options(), 0.5).status is None
    assert calls(file)[1:] == [["container", "rm", "--force", "--volumes", "p-c"]]


def test_buildah_runs_commands_in_a_container_made_for_them(fake: Fake) -> None:
    file = fake("buildah", '[ "$1" = run ] && { echo out; exit 3; }; exit 0')
    ran = adapter("buildah").run("p:1", "p-c", ["sh", "-c", "a"], EVERYTHING, 20)
    assert (ran.status, ran.out) == (3, "out\n")
    assert calls(file) == [
        ["from", "--name", "p-c", "p:1"],
        ["run", "--network", "host", "--memory=1g", "p-c", "--", "sh", "-c", "a"],
        ["rm", "p-c"],
    ]


def test_buildah_starts_nothing() -> None:
    found = adapter("buildah")
    assert not found.starts_containers
    with pytest.raises(BuildError, match=r"\Abuildah starts no containers, and not p:1; choose another --engine\Z"):
        found.start("p:1", "p-start", Options(), ())


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_engine_is_found_by_its_name(fake: Fake, name: str) -> None:
    fake(name, "echo 28.5")
    assert engine(name).name == name
    assert engine().name == name


def test_the_first_engine_that_answers_is_taken(fake: Fake) -> None:
    fake("docker", prints("Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?\n"))
    fake("podman", "echo 5.0.1")
    fake("buildah", "")
    assert engine().name == "podman"


def test_no_engine_at_all(fake: Fake) -> None:
    fake("docker", prints("Cannot connect to the Docker daemon.\n"))
    fake("podman", "echo 3.4.4")
    with pytest.raises(BuildError) as caught:
        engine()
    assert str(caught.value) == (
        "no container engine answers: docker does not answer (Cannot connect to the Docker daemon.); start it, or "
        "choose another --engine; podman 3.4.4 is too old; 4 or newer is needed; buildah cannot be started: "
        "no such file or directory"
    )


def test_docker_needs_buildx(fake: Fake) -> None:
    fake("docker", '[ "$1" = buildx ] && exit 1; echo 20.10')
    with pytest.raises(BuildError, match=r"\Adocker has no buildx; install its buildx plugin\Z"):
        engine("docker")


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ({"Running": True, "ExitCode": 0}, State(running=True)),
        ({"Running": False, "ExitCode": 3, "Health": {"Status": "none"}}, State(running=False, status=3)),
        ({"Running": True, "ExitCode": 0, "Health": {"Status": "healthy"}}, State(running=True, health="healthy")),
    ],
)
def test_states_of_docker(fake: Fake, state: dict[str, object], found: State) -> None:
    fake("docker", f"echo {shlex.quote(json.dumps(state))}")
    assert adapter("docker").state("p-start") == found


@pytest.mark.parametrize("name", ["docker", "podman"])
def test_a_lost_container_is_told(fake: Fake, name: str) -> None:
    fake(name, prints("Error: no such container\n"))
    with pytest.raises(BuildError, match=rf"\A{name} lost the container: Error: no such container\Z"):
        adapter(name).state("p-start")


CHECK = {"Test": ["CMD", "true"], "Interval": 2_000_000_000, "Retries": 2, "StartPeriod": 1_000_000_000}


@pytest.mark.parametrize(
    ("check", "running", "age", "status", "health"),
    [
        (None, True, 0, 0, ""),
        ({"Test": ["NONE"]}, True, 0, 0, ""),
        (CHECK, True, 0, 0, "healthy"),
        (CHECK, True, 3, 1, "starting"),
        (CHECK, True, 6, 1, "unhealthy"),
        (CHECK, True, 600, 0, "healthy"),
        (CHECK, False, 600, 125, "starting"),
        ({"Test": ["CMD", "true"]}, True, 60, 1, "starting"),
    ],
)
def test_health_of_podman(
    fake: Fake, check: dict[str, object] | None, *, running: bool, age: int, status: int, health: str
) -> None:
    started = (datetime.now(UTC) - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    state = {"Running": running, "ExitCode": 0, "StartedAt": started}
    answer = shlex.quote(json.dumps([{"State": state, "Config": {"Healthcheck": check}}]))
    fake("podman", f'[ "$1" = healthcheck ] && exit {status}; echo {answer}')
    assert adapter("podman").state("p-start") == State(running, 0, health)


def test_how_long_a_check_may_fail() -> None:
    assert (patience({}), patience(CHECK)) == (90.0, 5.0)


def test_docker_removes_containers_images_and_build_records(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "farm/farm0/aaa": '{"DockerfilePath": "/t/p-1-x/0/Dockerfile"}',
        "farm/farm0/bbb": '{"DockerfilePath": "/t/p-2-x/0/Dockerfile"}',
        "farm/farm0/ccc": "p-1",
        "farm/farm0/ddd": '["p-1"]',
        "default/default/eee": '{"DockerfilePath": "/t/p-1-x/0/Dockerfile"}',
    }
    for name, text in texts.items():
        note = tmp_path / "buildx" / "refs" / name
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(text)
    monkeypatch.delenv("BUILDX_CONFIG", raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    file = fake("docker", "case \"$1 $2\" in 'container ls') echo c1;; 'image ls') echo p-1:0;; esac; exit 0")
    adapter("docker").remove("p-1", "farm")
    assert calls(file) == [
        ["container", "ls", "--all", "--quiet", "--filter", "name=^/?p-1"],
        ["container", "rm", "--force", "--volumes", "c1"],
        ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "p-1*"],
        ["image", "rm", "--force", "p-1:0"],
        ["buildx", "history", "rm", "--builder", "farm", "aaa"],
    ]
    assert sorted(path.name for path in (tmp_path / "buildx").glob("refs/*/*/*")) == ["bbb", "ccc", "ddd", "eee"]
