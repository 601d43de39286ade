"""Docker, with BuildKit through buildx.

A health check is asked every two seconds, whatever its own interval, whose default is as long as we wait for an answer;
it fails where it never succeeds in that time.
"""

import json

from dockopt.build.command import Ran, last_line, run
from dockopt.build.engine import Request, State, build_words
from dockopt.build.program import Program, asked, listed
from dockopt.build.records import notes
from dockopt.build.troubles import demand_engine
from dockopt.errors import BuildError


class Docker(Program):
    """`docker buildx build --load`; a builder of the user's own may do the work."""

    name = "docker"
    starting = ("--health-interval=2s", "--health-retries=1000")

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
            demand_engine(self.name, ran.log)
        return ran

    def size(self, tag: str) -> int:
        """Of all layers: what `image inspect` says is something else where containerd keeps the images."""
        ran = asked(self.name, "image", "history", "--human=false", "--format", "{{.Size}}", tag)
        if not ran.good:
            raise BuildError(f"docker lost the image: {last_line(ran.log)}")
        return sum(int(line) for line in ran.out.split())

    def state(self, container: str) -> State:
        ran = asked(self.name, "container", "inspect", "--format", "{{json .State}}", container)
        if not ran.good:
            raise BuildError(f"docker lost the container: {last_line(ran.log)}")
        state = json.loads(ran.out)
        health = (state.get("Health") or {}).get("Status", "")
        return State(bool(state["Running"]), int(state["ExitCode"]), "" if health == "none" else health)

    def remove(self, prefix: str, builder: str = "") -> None:
        self.remove_containers(prefix)
        images = listed(self.name, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{prefix}*")
        if images:
            asked(self.name, "image", "rm", "--force", *images)
        chosen = ["--builder", builder] if builder else []
        ours = sorted(notes(prefix, builder))
        if ours:
            asked(self.name, "buildx", "history", "rm", *chosen, *(note.name for note in ours))
        for note in ours:
            note.unlink(missing_ok=True)


ENGINE = Docker()
