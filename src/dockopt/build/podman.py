"""Podman 4 and newer, which needs no service. Images get docker's format, which keeps health checks and SHELL.

Podman leaves health checks to systemd's timers, which need not be there. They are run by hand instead: one that
succeeds decides, and one that fails does once the container had as long as its HEALTHCHECK grants.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dockopt.build import archive
from dockopt.build.command import Ran, last_line, run
from dockopt.build.engine import Request, State
from dockopt.build.program import Program, asked
from dockopt.build.store import Store
from dockopt.errors import BuildError

OLDEST = 4
HEALTHY, STARTING, UNHEALTHY = "healthy", "starting", "unhealthy"
INTERVAL, TIMEOUT, RETRIES = 30.0, 30.0, 3
"""What a HEALTHCHECK that does not say has (Dockerfile reference)."""
BILLION = 1e9

STORE = Store(
    program="podman",
    images=("image", "ls", "--all", "--no-trunc", "--noheading", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"),
    containers=(
        *("container", "ls", "--all", "--external", "--no-trunc", "--noheading"),
        *("--format", "{{.ID}} {{.ImageID}} {{.Names}}"),
    ),
    removing=("container", "rm", "--force"),
    info=("info", "--format", "json"),
)


class Podman(Program):
    """`podman build` and its containers."""

    name = "podman"
    saving = ("image", "save", "--quiet", "--multi-image-archive", "--format", "docker-archive")
    removing = ("container", "rm", "--force", "--volumes", "--time", "0")

    def check(self) -> None:
        ran = run(["podman", "version", "--format", "{{.Client.Version}}"], seconds=20)
        if not ran.good:
            raise BuildError(f"podman does not answer ({last_line(ran.log)}); see to it, or choose another --engine")
        version = ran.out.strip()
        if version.partition(".")[0].isdigit() and int(version.partition(".")[0]) < OLDEST:
            raise BuildError(f"podman {version} is too old; {OLDEST} or newer is needed")

    def build(self, request: Request) -> Ran:
        return STORE.build(request)

    def size(self, tag: str) -> int:
        with self.archive((tag,)) as stream:
            return archive.read(stream)[tag].size

    def state(self, container: str) -> State:
        ran = asked("podman", "container", "inspect", container)
        if not ran.good:
            raise BuildError(f"podman lost the container: {last_line(ran.log)}")
        (found,) = json.loads(ran.out)
        state = found["State"]
        check = found["Config"].get("Healthcheck") or {}
        if (check.get("Test") or ["NONE"])[0] == "NONE":
            return State(bool(state["Running"]), int(state["ExitCode"]))
        health = self._health(container, check, state["StartedAt"]) if state["Running"] else STARTING
        return State(bool(state["Running"]), int(state["ExitCode"]), health)

    def _health(self, container: str, check: Mapping[str, Any], started: str) -> str:
        seconds = check.get("Timeout", 0) / BILLION or TIMEOUT
        ran = run(["podman", "healthcheck", "run", container], seconds=seconds)
        if ran.good:
            return HEALTHY
        age = (datetime.now(UTC) - datetime.fromisoformat(started)).total_seconds()
        return UNHEALTHY if age >= patience(check) else STARTING

    def remove(self, prefix: str, builder: str = "") -> None:  # noqa: ARG002 - it has no builders
        self.remove_containers(prefix)
        STORE.remove(prefix)


def patience(check: Mapping[str, Any]) -> float:
    """Seconds in which a health check may fail before the container counts as unhealthy."""
    interval = check.get("Interval", 0) / BILLION or INTERVAL
    return float(check.get("StartPeriod", 0) / BILLION + interval * (check.get("Retries") or RETRIES))


ENGINE = Podman()
