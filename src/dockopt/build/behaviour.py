"""What a container does: how it starts, whether its health check and its pages answer, what a command in it gives."""

import http.client
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO, NamedTuple

from dockopt.build.engine import Engine, Options, State
from dockopt.build.symptoms import symptoms
from dockopt.errors import BuildError, SettingsError

PAUSE = 0.2
BODY_AT_MOST = 65_536
SETTLED = 10.0
"""Seconds after which a container that still runs counts as up: large programs take some to load."""
SERVED = 3.0
"""The same for one whose pages have answered."""
HEALTHY, UNHEALTHY = "healthy", "unhealthy"
DETAIL, SHORT = 600, 120
AN_ERROR = 400
SAFE = "%/:?=&;+,@!$'()*~[]"
"""What stays as it is in the address of a page."""
PORTS = 65_536


class Questions(NamedTuple):
    """What to ask of every image: shell commands, and pages as PORT/PATH. `seconds` is how long each may take."""

    commands: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    seconds: float = 30.0


class Answer(NamedTuple):
    """One observation. `value` has to be the same in both images, and `output` too unless it is None.

    `good` says whether it is what one hopes for, and `detail` why not. `symptoms` are what the log says is missing.
    """

    question: str
    good: bool
    value: str
    output: str | None = None
    detail: str = ""
    symptoms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asker:
    """Puts the questions to images; every container is named after `prefix` and is gone afterwards."""

    engine: Engine
    options: Options
    questions: Questions
    prefix: str

    def answers(self, tag: str) -> tuple[Answer, ...]:
        """All observations of one image; only those of commands where the engine starts no containers."""
        return tuple(self._answers(tag))

    def _answers(self, tag: str) -> Iterator[Answer]:
        if self.engine.starts_containers:
            yield from self._started(tag, [parsed(page) for page in self.questions.pages])
        for number, command in enumerate(self.questions.commands):
            yield self._command(tag, command, f"{self.prefix}-command-{number}")

    def _started(self, tag: str, pages: list[tuple[int, str]]) -> Iterator[Answer]:
        """The image started as it is."""
        container = f"{self.prefix}-start"
        ports = sorted({port for port, _ in pages})
        shared = self.options.network == "host"
        if shared:
            demand_free(ports)
        try:
            ran = self.engine.start(tag, container, self.options, () if shared else ports)
            if not ran.good:
                log = ran.log.strip()
                yield Answer("start", False, "cannot be started", None, log[-DETAIL:], symptoms(log))
                return
            end = time.monotonic() + self.questions.seconds
            found = [self._page(container, port, path, shared, end) for port, path in pages]
            yield from found
            served = bool(found) and all(answer.good for answer in found)
            state = self._watched(container, end, min(SERVED, SETTLED) if served else SETTLED)
            yield self._state(container, state)
            if state.health:
                good = state.health == HEALTHY
                value, detail = (HEALTHY, "") if good else (UNHEALTHY, self._log(container))
                yield Answer("health check", good, value, detail=detail)
        finally:
            self.engine.remove_container(container)

    def _watched(self, container: str, end: float, seconds: float) -> State:
        """The container once it has ended, settled or made up its mind about its health."""
        settled = time.monotonic() + seconds
        while True:
            state = self.engine.state(container)
            now = time.monotonic()
            decided = state.health in (HEALTHY, UNHEALTHY) if state.health else now >= settled
            if not state.running or decided or now >= end:
                return state
            time.sleep(PAUSE)

    def _state(self, container: str, state: State) -> Answer:
        whole = self.engine.logs(container).strip()
        log, found = whole[-DETAIL:], symptoms(whole)
        if state.running:
            return Answer("start", good=True, value="stays up", symptoms=found)
        if state.status == 0:
            return Answer("start", good=True, value="ends with status 0", output=log, symptoms=found)
        return Answer("start", good=False, value=f"ends with status {state.status}", detail=log, symptoms=found)

    def _page(self, container: str, port: int, path: str, shared: bool, end: float) -> Answer:
        """A page as soon as it is there: what is not yet up may answer with errors for a while."""
        question = f"GET :{port}/{path}"
        reason = "no answer"
        answer: Answer | None = None
        while time.monotonic() < end:
            running = self.engine.state(container).running
            host_port = port if shared else self.engine.port(container, port)
            try:
                status, body = fetch(f"http://127.0.0.1:{host_port}/{path}")
                answer = Answer(question, status < AN_ERROR, str(status), body)
                if answer.good:
                    return answer
            except (OSError, http.client.HTTPException) as error:
                reason = str(error)
            if not running:
                reason = "the container has ended"
                break
            time.sleep(PAUSE)
        return answer or Answer(question, good=False, value="no answer", detail=f"{reason}: {self._log(container)}")

    def _command(self, tag: str, command: str, container: str) -> Answer:
        ran = self.engine.run(tag, container, words(command), self.options, self.questions.seconds)
        if ran.status is None:
            return Answer(command, good=False, value="takes too long")
        detail = "" if ran.good else ran.log.strip()[-DETAIL:]
        return Answer(command, ran.good, f"status {ran.status}", ran.out.strip(), detail)

    def _log(self, container: str) -> str:
        return self.engine.logs(container).strip()[-DETAIL:]


def parsed(page: str) -> tuple[int, str]:
    """Port and path of PORT/PATH.

    Raises:
        SettingsError: it is nothing of that kind.
    """
    port, _, path = page.partition("/")
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) < PORTS:
        raise SettingsError(f"a page is PORT/PATH, such as 8000/health, and not {page!r}")
    return int(port), path


def words(command: str) -> list[str]:
    """A command for the shell; one written as a JSON array is called as it is, for images without a shell."""
    if command.startswith("["):
        try:
            found = json.loads(command)
        except ValueError as error:
            raise SettingsError(f"{command!r} begins like a JSON array and is none") from error
        if isinstance(found, list) and found and all(isinstance(word, str) for word in found):
            return found
    return ["sh", "-c", command]


def demand_free(ports: list[int]) -> None:
    """Nobody else may answer in the container's place.

    Raises:
        BuildError: a port is in use on this machine.
    """
    for port in ports:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise BuildError(f"port {port} is in use on this machine, which --network host shares; free it")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Followed within the container only: what other hosts answer is not the image's."""

    def redirect_request(  # noqa: PLR0917 - as it is overridden
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urllib.parse.urlsplit(newurl).netloc != req.host:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: str) -> tuple[int, str]:
    """Status and body of a page, without any proxy; the address that a page of another host is said to have.

    Raises:
        OSError: nobody answers.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Redirects)
    try:
        with opener.open(urllib.parse.quote(address, SAFE), timeout=5) as reply:
            return int(reply.status), reply.read(BODY_AT_MOST).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "")


def steady(first: tuple[Answer, ...], second: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """What the same image answers both times, without the output where that differs."""
    others = {answer.question: answer for answer in second}
    pairs = ((one, others[one.question]) for one in first if one.question in others)
    return tuple(
        one._replace(output=one.output if one.output == other.output else None, symptoms=one.symptoms | other.symptoms)
        for one, other in pairs
        if one.value == other.value
    )


def failures(before: tuple[Answer, ...], after: tuple[Answer, ...]) -> Iterator[str]:
    """In what the second image answers otherwise than the first, a line each."""
    found = {answer.question: answer for answer in after}
    for old in before:
        new = found.get(old.question)
        if new is None:
            continue
        detail = f": {' '.join(new.detail.split())}" if new.detail else ""
        if new.value != old.value:
            yield f"{old.question}: {new.value} and not {old.value}{detail}"
        elif old.output is not None and new.output != old.output:
            yield f"{old.question}: gives {_short(new.output or '')!r} and not {_short(old.output)!r}"
        elif lost := sorted(new.symptoms - old.symptoms):
            yield f"{old.question}: {new.value} like the original, but for {', '.join(lost)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
