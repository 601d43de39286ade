"""What is asked of containers, by way of an engine that only plays one."""

# ruff: noqa: ARG002 - an engine's methods take what they take

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO

import pytest

from dockopt.build import behaviour
from dockopt.build.behaviour import Answer, Asker, Questions, failures, fetch, parsed, steady, words
from dockopt.build.command import Ran
from dockopt.build.engine import Options, Request, State
from dockopt.errors import BuildError, SettingsError

GOOD = Ran(0, "", "", 0.1)
HOST = Options(network="host")
NONE = Questions(seconds=0.5)


@dataclass
class Stage:
    """An engine whose containers pass through given states, the last of which lasts."""

    states: Sequence[State] = (State(running=True),)
    started: Ran = GOOD
    ran: Ran = GOOD
    log: str = "some log"
    server: AbstractContextManager[object] = field(default_factory=contextlib.nullcontext)
    host_port: int = 0
    starts_containers: bool = True
    name: str = "stage"
    calls: list[tuple[object, ...]] = field(default_factory=list)
    asked: int = 0

    def start(self, tag: str, container: str, options: Options, ports: Sequence[int]) -> Ran:
        self.calls.append(("start", tag, container, tuple(ports)))
        if self.started.good:
            self.server.__enter__()
        return self.started

    def run(self, tag: str, container: str, command: Sequence[str], options: Options, seconds: float) -> Ran:
        self.calls.append(("run", tag, container, tuple(command), seconds))
        return self.ran

    def state(self, container: str) -> State:
        self.asked += 1
        return self.states[min(self.asked, len(self.states)) - 1]

    def port(self, container: str, port: int) -> int:
        return self.host_port

    def logs(self, container: str) -> str:
        return f"\n{self.log}\n"

    def remove_container(self, container: str) -> None:
        self.calls.append(("remove", container))
        self.server.__exit__(None, None, None)

    def check(self) -> None:
        raise NotImplementedError

    def build(self, request: Request) -> Ran:
        raise NotImplementedError

    def size(self, tag: str) -> int:
        raise NotImplementedError

    def archive(self, tags: Sequence[str]) -> AbstractContextManager[IO[bytes]]:
        raise NotImplementedError

    def remove(self, prefix: str, builder: str = "") -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behaviour, "PAUSE", 0.01)
    monkeypatch.setattr(behaviour, "SETTLED", 0.05)


def ask(stage: Stage, questions: Questions = NONE, options: Options = HOST) -> list[Answer]:
    return list(Asker(stage, options, questions, "p").answers("p:1"))


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        late = self.path == "/late" and not self.server.__dict__.setdefault("late", [])
        if late:
            self.server.__dict__["late"].append(self.path)
        status = {"/broken": 500, "/missing": 404, "/moved": 302, "/away": 302}.get(self.path, 503 if late else 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", {"/moved": "/there"}.get(self.path, "http://example.test/there"))
        self.end_headers()
        self.wfile.write(f"path {self.path}".encode())

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(port: int) -> Iterator[None]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


UP, STARTING = State(running=True), State(running=True, health="starting")


@pytest.mark.parametrize(
    ("states", "answers"),
    [
        ((UP,), [Answer("start", good=True, value="stays up")]),
        ((UP, State(running=False)), [Answer("start", good=True, value="ends with status 0", output="some log")]),
        (
            (State(running=False, status=3),),
            [Answer("start", good=False, value="ends with status 3", detail="some log")],
        ),
        (
            (STARTING, STARTING, State(running=True, health="healthy")),
            [Answer("start", good=True, value="stays up"), Answer("health check", good=True, value="healthy")],
        ),
        (
            (STARTING, State(running=True, health="unhealthy")),
            [
                Answer("start", good=True, value="stays up"),
                Answer("health check", good=False, value="unhealthy", detail="some log"),
            ],
        ),
        (
            (STARTING,),
            [
                Answer("start", good=True, value="stays up"),
                Answer("health check", good=False, value="unhealthy", detail="some log"),
            ],
        ),
    ],
    ids=["up", "ends well", "ends badly", "healthy", "unhealthy", "never decides"],
)
def test_how_it_starts(states: Sequence[State], answers: list[Answer]) -> None:
    stage = Stage(states)
    assert ask(stage) == answers
    assert stage.calls == [("start", "p:1", "p-start", ()), ("remove", "p-start")]


def test_it_cannot_be_started() -> None:
    stage = Stage(started=Ran(127, "", "exec: no such file\n", 0.1))
    assert ask(stage, Questions(pages=("1/",))) == [
        Answer("start", good=False, value="cannot be started", detail="exec: no such file")
    ]
    assert stage.calls[-1] == ("remove", "p-start")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("", Answer("GET :{}/", good=True, value="200", output="path /")),
        ("a?b=c", Answer("GET :{}/a?b=c", good=True, value="200", output="path /a?b=c")),
        ("missing", Answer("GET :{}/missing", good=False, value="404", output="")),
        ("broken", Answer("GET :{}/broken", good=False, value="500", output="")),
        ("late", Answer("GET :{}/late", good=True, value="200", output="path /late")),
        ("moved", Answer("GET :{}/moved", good=True, value="200", output="path /there")),
        ("away", Answer("GET :{}/away", good=True, value="302", output="http://example.test/there")),
        ("größe", Answer("GET :{}/größe", good=True, value="200", output="path /gr%C3%B6%C3%9Fe")),
    ],
)
@pytest.mark.parametrize("shared", [True, False])
def test_a_page(port: int, path: str, answer: Answer, shared: bool) -> None:
    inner = port if shared else 80
    stage = Stage(server=served(port), host_port=port)
    seconds = 5 if answer.good else 0.3
    found = ask(stage, Questions(pages=(f"{inner}/{path}",), seconds=seconds), HOST if shared else Options())
    assert found == [
        answer._replace(question=answer.question.format(inner)),
        Answer("start", good=True, value="stays up"),
    ]
    assert stage.calls[0] == ("start", "p:1", "p-start", () if shared else (80,))


def test_a_page_that_nobody_serves(port: int) -> None:
    (page, start) = ask(Stage(), Questions(pages=(f"{port}/",), seconds=0.2))
    assert (page.question, page.good, page.value) == (f"GET :{port}/", False, "no answer")
    assert page.detail == "<urlopen error [Errno 111] Connection refused>: some log"
    assert start.value == "stays up"


def test_a_page_of_a_container_that_has_ended(port: int) -> None:
    stage = Stage((UP, State(running=False, status=1)))
    assert ask(stage, Questions(pages=(f"{port}/",), seconds=20)) == [
        Answer(f"GET :{port}/", good=False, value="no answer", detail="the container has ended: some log"),
        Answer("start", good=False, value="ends with status 1", detail="some log"),
    ]


def test_a_port_that_is_in_use_is_no_ones_answer(port: int) -> None:
    stage = Stage()
    with (
        served(port),
        pytest.raises(BuildError, match=rf"\Aport {port} is in use on this machine, which --network host"),
    ):
        ask(stage, Questions(pages=(f"{port}/",)))
    assert stage.calls == []


@pytest.mark.parametrize(
    ("ran", "answer"),
    [
        (Ran(0, " hello \n", "warning", 0.1), Answer("say hello", good=True, value="status 0", output="hello")),
        (
            Ran(2, "half", "reason\n", 0.1),
            Answer("say hello", good=False, value="status 2", output="half", detail="halfreason"),
        ),
        (Ran(None, "half", "", 9.0), Answer("say hello", good=False, value="takes too long")),
    ],
    ids=["good", "fails", "late"],
)
def test_a_command(ran: Ran, answer: Answer) -> None:
    stage = Stage(ran=ran)
    assert ask(stage, Questions(commands=("say hello",), seconds=5)) == [
        Answer("start", good=True, value="stays up"),
        answer,
    ]
    assert stage.calls[-1] == ("run", "p:1", "p-command-0", ("sh", "-c", "say hello"), 5)


def test_an_engine_that_starts_nothing_is_asked_for_commands_alone() -> None:
    stage = Stage(starts_containers=False)
    assert ask(stage, Questions(("a", "b"), ("1/",))) == [
        Answer("a", good=True, value="status 0", output=""),
        Answer("b", good=True, value="status 0", output=""),
    ]
    assert [call[0] for call in stage.calls] == ["run", "run"]


def test_the_container_goes_even_where_the_engine_fails() -> None:
    class Failing(Stage):
        def state(self, container: str) -> State:
            raise BuildError(f"stage lost {container}")

    stage = Failing()
    with pytest.raises(BuildError, match="lost p-start"):
        ask(stage)
    assert stage.calls[-1] == ("remove", "p-start")


@pytest.mark.parametrize(("page", "found"), [("80", (80, "")), ("8000/a/b?c", (8000, "a/b?c"))])
def test_pages(page: str, found: tuple[int, str]) -> None:
    assert parsed(page) == found


@pytest.mark.parametrize("page", ["", "/", "http://a/", "0/a", "65536/a", "80x/", "²/"])
def test_what_is_no_page(page: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parsed(page)
    assert str(caught.value) == f"a page is PORT/PATH, such as 8000/health, and not {page!r}"


@pytest.mark.parametrize(
    ("command", "found"),
    [("a && b", ["sh", "-c", "a && b"]), ('["/a", "b c"]', ["/a", "b c"]), ("[1]", ["sh", "-c", "[1]"])],
)
def test_words_of_commands(command: str, found: list[str]) -> None:
    assert words(command) == found


def test_what_begins_like_an_array_has_to_be_one() -> None:
    with pytest.raises(SettingsError):
        words('["a"')


def test_a_proxy_is_not_asked(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with served(port):
        assert fetch(f"http://127.0.0.1:{port}/x") == (200, "path /x")


ONE = Answer("q", good=True, value="status 0", output="a")


def test_output_that_changes_by_itself_does_not_count() -> None:
    other = ONE._replace(question="r")
    assert steady((ONE, other), (ONE, other._replace(output="b"))) == (ONE, other._replace(output=None))


def test_an_answer_that_changes_by_itself_does_not_count() -> None:
    flaky = ONE._replace(question="r")
    assert steady((ONE, flaky), (flaky._replace(value="status 1"), ONE)) == (ONE,)
    assert steady((ONE, flaky), (ONE,)) == (ONE,)


LOST = frozenset({"libpq.so.5: cannot open shared object file"})
DOWN = frozenset({"connect: no such file or directory"})
ENDED = Answer("start", good=False, value="ends with status 1", symptoms=DOWN)


def test_what_is_said_to_be_missing_at_one_of_two_starts_is_known() -> None:
    assert steady((ENDED,), (ENDED._replace(symptoms=LOST),)) == (ENDED._replace(symptoms=DOWN | LOST),)


def test_a_service_that_ends_says_why() -> None:
    stage = Stage((State(running=False, status=1),), log="ImportError: libpq.so.5: cannot open shared object file: No")
    assert [answer.symptoms for answer in ask(stage)] == [LOST]


def test_one_that_cannot_start_says_why() -> None:
    (answer,) = ask(Stage(started=Ran(127, "", 'exec: "web": executable file not found in $PATH', 0.1)))
    assert answer.symptoms == {"web: not found"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (ONE, ONE, []),
        (ONE, ONE._replace(output="b"), ["q: gives 'b' and not 'a'"]),
        (ONE._replace(output=None), ONE, []),
        (ONE, ONE._replace(output="x" * 200), [f"q: gives {'x' * 119 + '…'!r} and not 'a'"]),
        (ONE, ONE._replace(value="status 1", detail="a\n b"), ["q: status 1 and not status 0: a b"]),
        (ONE, ONE._replace(question="r", value="status 1"), []),
        (ENDED, ENDED._replace(symptoms=frozenset()), []),
        (
            ENDED,
            ENDED._replace(symptoms=DOWN | LOST),
            ["start: ends with status 1 like the original, but for libpq.so.5: cannot open shared object file"],
        ),
    ],
    ids=["same", "output", "unsteady", "long", "status", "not asked", "less is missing", "more is missing"],
)
def test_what_differs_is_told(before: Answer, after: Answer, told: list[str]) -> None:
    assert list(failures((before,), (after,))) == told
