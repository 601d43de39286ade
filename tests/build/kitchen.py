"""An engine that plays one: it cooks images from a few instructions, in memory, and runs `cat` in them."""

# ruff: noqa: ARG002 - an engine's methods take what they take

import contextlib
import io
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.build.tars import Made, Member, blobs, tar

from dockopt.build.command import Ran
from dockopt.build.engine import Options, Request, State
from dockopt.errors import BuildError

BASE = Member("etc/motd", b"welcome")


@dataclass
class Kitchen:
    """Knows FROM, RUN write PATH TEXT, RUN fail, RUN slow, COPY, ENV, USER and CMD, one instruction a line."""

    name: str = "kitchen"
    starts_containers: bool = True
    every_build: Callable[[int], dict[str, str]] = lambda _: {}
    """Further files of each build, by its number: what differs although nothing was changed."""
    every_answer: Callable[[int], str] = lambda _: ""
    images: dict[str, Made] = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    contexts: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    asked: int = 0
    dies_at: int | None = None
    fails_at: int | None = None

    def check(self) -> None:
        """It is always there."""

    def build(self, request: Request) -> Ran:
        text = Path(request.dockerfile).read_text(encoding="utf-8")
        self.built.append(text)
        self.contexts.append(request.context)
        if len(self.built) == self.dies_at:
            raise BuildError("kitchen does not answer; start it and run again")
        if "RUN slow" in text:
            return Ran(None, "", "", request.seconds)
        if "RUN fail" in text or len(self.built) == self.fails_at:
            return Ran(1, "", "step 3\nERROR: process did not complete: exit code: 1\n", 0.5)
        self.images[request.tag] = self._cook(request.tag, text)
        return Ran(0, "", "", 1.5)

    def _cook(self, tag: str, text: str) -> Made:
        config: dict[str, Any] = {"Env": ["PATH=/bin"], "Cmd": ["sh"]}
        layers = {"base": tar(BASE)}
        history: list[dict[str, Any]] = [{"created_by": "base"}]
        for number, line in enumerate(text.splitlines()):
            keyword, _, rest = line.partition(" ")
            if keyword in ("FROM", ""):
                continue
            made = self._files(keyword, rest)
            if made is None:
                _set(config, keyword, rest)
            else:
                layers[f"{tag}-{number}"] = tar(*made)
            shell = "/bin/sh -c " if keyword == "RUN" else ""
            history.append({"created_by": f"{keyword} {shell}{rest} # buildkit", "empty_layer": made is None})
        extra = self.every_build(len(self.built))
        if extra:
            last = f"{tag}-extra"
            layers[last] = tar(*(Member(path, text.encode()) for path, text in extra.items()))
        return Made([tag], layers, history, config)

    def _files(self, keyword: str, rest: str) -> list[Member] | None:
        words = rest.split()
        if keyword == "RUN":
            return [Member(words[1], " ".join(words[2:]).encode())] if words[0] == "write" else []
        if keyword == "COPY":
            return [Member(f"app/{name}", f"content of {name}".encode(), mode=0o755) for name in words[:-1]]
        return None

    def size(self, tag: str) -> int:
        return sum(len(data) for data in self._contents(tag).values())

    def archive(self, tags: Sequence[str]) -> AbstractContextManager[IO[bytes]]:
        return contextlib.nullcontext(io.BytesIO(blobs(*(self.images[tag] for tag in tags))))

    def start(self, tag: str, container: str, options: Options, ports: Sequence[int]) -> Ran:
        return Ran(0, "", "", 0.1)

    def run(self, tag: str, container: str, command: Sequence[str], options: Options, seconds: float) -> Ran:
        self.asked += 1
        path = command[-1].removeprefix("cat /")
        contents = self._contents(tag)
        if path not in contents:
            return Ran(1, "", f"cat: /{path}: no such file", 0.1)
        return Ran(0, contents[path].decode() + self.every_answer(self.asked), "", 0.1)

    def state(self, container: str) -> State:
        return State(running=False, status=0)

    def port(self, container: str, port: int) -> int:
        return 0

    def logs(self, container: str) -> str:
        return "ready"

    def remove_container(self, container: str) -> None:
        """Nothing stays."""

    def remove(self, prefix: str, builder: str = "") -> None:
        self.removed.append(prefix)

    def _contents(self, tag: str) -> dict[str, bytes]:
        from dockopt.build import archive

        image = archive.read(io.BytesIO(blobs(self.images[tag])))[tag]
        import tarfile

        found = {}
        for data in self.images[tag].layers.values():
            with tarfile.open(fileobj=io.BytesIO(data)) as layer:
                for member in layer:
                    content = layer.extractfile(member)
                    found[member.name] = content.read() if content else b""
        return {path: found[path] for path in image.files}


def _set(config: dict[str, Any], keyword: str, rest: str) -> None:
    match keyword:
        case "ENV":
            config["Env"] = [*config["Env"], rest]
        case "USER":
            config["User"] = rest
        case "CMD":
            config["Cmd"] = json.loads(rest)
