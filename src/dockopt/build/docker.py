"""Docker, with BuildKit through buildx."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import IO

from dockopt.build.command import Ran, last_line, reading, run
from dockopt.build.engine import Options, Request, State, build_words, run_words, trouble
from dockopt.errors import BuildError

SECONDS = 60.0
SECONDS_TO_REMOVE = 180.0


class Docker:
    """`docker buildx build --load`; a builder of the user's own may do the work."""

    name = "docker"
    runs_containers = True

    def check(self) -> None:
        ran = run(["docker", "version", "--format", "{{.Server.Version}}"], seconds=20)
        if not ran.good:
            raise BuildError(f"docker does not answer ({last_line(ran.log)}); start it, or choose another --engine")
        if not run(["docker", "buildx", "version"], seconds=20).good:
            raise BuildError("docker has no buildx; install its buildx plugin")

    def build(self, request: Request) -> Ran:
        words = ["docker", "buildx", "build", "--load", "--provenance=false", "--progress=plain"]
        words += ["--builder", request.options.builder] if request.options.builder else []
        ran = run([*words, *build_words(request), request.context], seconds=request.seconds)
        if not ran.good:
            trouble(self.name, ran)
        return ran

    def archive(self, tags: Sequence[str]) -> AbstractContextManager[IO[bytes]]:
        return reading(["docker", "image", "save", *tags])

    def start(self, tag: str, container: str, options: Options, ports: Sequence[int]) -> Ran:
        words = [word for port in ports for word in ("-p", f"127.0.0.1::{port}")]
        return self._asked("run", "-d", *run_words(container, options), *words, tag)

    def run(self, tag: str, container: str, command: Sequence[str], options: Options, seconds: float) -> Ran:
        words = ["docker", "run", "--rm", *run_words(container, options), "--entrypoint=", tag, *command]
        ran = run(words, seconds=seconds)
        if not ran.good:
            trouble(self.name, ran)
        if ran.status is None:
            self.remove_container(container)
        return ran

    def state(self, container: str) -> State:
        ran = self._asked("container", "inspect", "--format", "{{json .State}}", container)
        if not ran.good:
            raise BuildError(f"docker lost the container: {last_line(ran.log)}")
        state = json.loads(ran.out)
        health = (state.get("Health") or {}).get("Status", "")
        return State(bool(state["Running"]), int(state["ExitCode"]), "" if health == "none" else health)

    def port(self, container: str, port: int) -> int:
        ran = self._asked("container", "port", container, str(port))
        return int(ran.out.splitlines()[0].rpartition(":")[2]) if ran.good and ran.out.strip() else 0

    def logs(self, container: str) -> str:
        return self._asked("container", "logs", "--tail", "40", container).log

    def remove_container(self, container: str) -> None:
        self._asked("container", "rm", "--force", "--volumes", container)

    def remove(self, prefix: str, builder: str = "") -> None:
        containers = self._lines("container", "ls", "--all", "--quiet", "--filter", f"name=^/?{prefix}")
        if containers:
            self._asked("container", "rm", "--force", "--volumes", *containers)
        images = self._lines("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{prefix}*")
        if images:
            self._asked("image", "rm", "--force", *images)
        chosen = ["--builder", builder] if builder else []
        records = map(json.loads, self._lines("buildx", "history", "ls", *chosen, "--format", "json"))
        ours = [record["ref"].rpartition("/")[2] for record in records if prefix in record.get("name", "")]
        if ours:
            self._asked("buildx", "history", "rm", *chosen, *ours)

    def _lines(self, *words: str) -> list[str]:
        ran = self._asked(*words)
        return ran.out.splitlines() if ran.good else []

    def _asked(self, *words: str) -> Ran:
        ran = run(["docker", *words], seconds=SECONDS_TO_REMOVE if "rm" in words else SECONDS)
        if not ran.good:
            trouble(self.name, ran)
        return ran


ENGINE = Docker()
