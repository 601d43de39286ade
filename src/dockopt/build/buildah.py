"""Buildah, which builds images and runs commands in them, and starts no containers as they are declared.

A command runs in a working container that is made for it and removed afterwards; `run_options` are those of
`buildah run`. There is nothing detached to ask for its state, its port or its health.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import IO

from dockopt.build import archive
from dockopt.build.command import Ran, last_line, reading, run
from dockopt.build.engine import Options, Request, State
from dockopt.build.program import ENGINE_FAILED, asked
from dockopt.build.store import Store
from dockopt.build.troubles import demand_engine
from dockopt.errors import BuildError

STORE = Store(
    program="buildah",
    images=("images", "--all", "--no-trunc", "--noheading", "--format", "{{.Name}}:{{.Tag}} {{.ID}}"),
    containers=(
        *("containers", "--all", "--notruncate", "--noheading"),
        *("--format", "{{.ContainerID}} {{.ImageID}} {{.ContainerName}}"),
    ),
    removing=("rm",),
    info=("info",),
)
PUSH_EACH = 'for tag; do buildah push --quiet "$tag" "docker-archive:/dev/stdout:$tag" || exit; done'


class Buildah:
    """`buildah build`, and `buildah run` for commands."""

    name = "buildah"
    starts_containers = False

    def check(self) -> None:
        ran = run(["buildah", "version"], seconds=20)
        if not ran.good:
            raise BuildError(f"buildah does not answer ({last_line(ran.log)}); see to it, or choose another --engine")

    def build(self, request: Request) -> Ran:
        return STORE.build(request)

    def archive(self, tags: Sequence[str]) -> AbstractContextManager[IO[bytes]]:
        """One archive after the other: an archive of buildah's holds one image."""
        return reading(["sh", "-c", PUSH_EACH, "buildah", *tags], self.name)

    def size(self, tag: str) -> int:
        with self.archive((tag,)) as stream:
            return archive.read(stream)[tag].size

    def start(self, tag: str, container: str, options: Options, ports: Sequence[int]) -> Ran:  # noqa: ARG002
        raise BuildError(f"buildah starts no containers, and not {tag}; choose another --engine")

    def state(self, container: str) -> State:
        raise BuildError(f"buildah knows no states, and not that of {container}; choose another --engine")

    def port(self, container: str, port: int) -> int:  # noqa: ARG002
        return 0

    def logs(self, container: str) -> str:  # noqa: ARG002
        return ""

    def run(self, tag: str, container: str, command: Sequence[str], options: Options, seconds: float) -> Ran:
        made = asked("buildah", "from", "--name", container, tag)
        if not made.good:
            return made
        network = ["--network", options.network] if options.network else []
        try:
            ran = run(["buildah", "run", *network, *options.run_options, container, "--", *command], seconds=seconds)
        finally:
            self.remove_container(container)
        if ran.status == ENGINE_FAILED:
            demand_engine(self.name, ran.log)
        return ran

    def remove_container(self, container: str) -> None:
        asked("buildah", "rm", container)

    def remove(self, prefix: str, builder: str = "") -> None:  # noqa: ARG002 - it has no builders
        STORE.remove(prefix)


ENGINE = Buildah()
