"""The local store that podman and buildah share: images built into it, and what a build that was cut off leaves there.

Both keep every step of a build as an image without a name, as their cache; what a run added of those is removed with
its images. A build that is killed leaves working containers that are named after their base and not after the build,
so that each build is marked by the name of a secret that nothing mounts.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from dockopt.build.command import Ran, run
from dockopt.build.engine import Request, build_words
from dockopt.build.program import asked, listed
from dockopt.build.troubles import demand_engine
from dockopt.errors import BuildError

STEP = re.compile(r"^(?:\[\d+/\d+\] )?--> (Using cache )?([0-9a-f]{10,64})\s*$", re.MULTILINE)
MARK = "dockopt/"
VAR_TMP = "/var/tmp"  # noqa: S108 - the default of both programs
LOCAL, DIGEST, NAMELESS = "localhost/", "sha256:", "<none>:<none>"


@dataclass(frozen=True)
class Store:
    """The store as seen by one of its programs. `made` holds the steps that were added, by the tag they led to."""

    program: str
    images: tuple[str, ...]
    """Words that list all images: NAME:TAG ID, a line each."""
    containers: tuple[str, ...]
    """Words that list all containers, those of builds included: ID, image's ID and NAME, a line each."""
    removing: tuple[str, ...]
    """Words that remove a container."""
    info: tuple[str, ...]
    """Words that describe the store, as JSON."""
    made: dict[str, list[str]] = field(default_factory=dict)

    def build(self, request: Request) -> Ran:
        """Build as docker would: a layer a step, no part of the config lost, `<Dockerfile>.dockerignore` heeded."""
        if request.options.builder:
            raise BuildError(f"{self.program} has no builders; --builder is for --engine docker")
        words = [self.program, "build", "--format", "docker", "--layers"]
        words += [f"--secret=id={MARK}{request.tag},src=/dev/null"]
        ignore = f"{request.dockerfile}.dockerignore"
        words += ["--ignorefile", ignore] if Path(ignore).is_file() else []
        with TemporaryDirectory(prefix="dockopt-", dir=_room(), ignore_cleanup_errors=True) as place:
            own = ["env", f"TMPDIR={place}"]  # what a build that is cut off leaves there goes with it
            ran = run([*own, *words, *build_words(request), request.context], seconds=request.seconds)
        self.made.setdefault(request.tag, []).extend(added(ran.log))
        if not ran.good:
            demand_engine(self.program, ran.log)
        return ran

    def remove(self, prefix: str) -> None:
        """Images and working containers of the builds whose tags begin so, and the steps that led to them."""
        orphans = list(self._orphans(prefix))
        for container, _ in orphans:
            asked(self.program, *self.removing, container)
        for name in (name.removeprefix(LOCAL) for name, _ in self._rows(self.images, 2)):
            if name.startswith(prefix):
                asked(self.program, "rmi", "--force", name)
        ours = [tag for tag in self.made if tag.startswith(prefix)]
        steps = [image for _, image in orphans] + [step for tag in ours for step in self.made.pop(tag)]
        unnamed = [image.removeprefix(DIGEST) for name, image in self._rows(self.images, 2) if name == NAMELESS]
        for step in reversed(steps):
            if any(image.startswith(step) for image in unnamed):
                asked(self.program, "rmi", step)

    def _orphans(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Containers, with their images, that are ours by name, or that builds of ours left when they were cut off."""
        containers = self._rows(self.containers, 3)
        folder = self._folder() if containers else Path()
        for container, image, name in containers:
            if name.startswith(prefix) or any(
                one.startswith(f"id={MARK}{prefix}") for one in secrets(folder, container)
            ):
                yield container, image

    def _rows(self, words: tuple[str, ...], columns: int) -> list[list[str]]:
        rows = (line.split() for line in listed(self.program, *words))
        return [row for row in rows if len(row) == columns]

    def _folder(self) -> Path:
        """Where the store keeps what it knows of containers."""
        ran = asked(self.program, *self.info)
        if not ran.good:
            return Path()
        store = {key.lower(): value for key, value in json.loads(ran.out)["store"].items()}
        return Path(store["graphroot"]) / f"{store['graphdrivername']}-containers"


def _room() -> str | None:
    """Where builds keep large temporary files."""
    return os.environ.get("TMPDIR") or (VAR_TMP if Path(VAR_TMP).is_dir() else None)


def secrets(folder: Path, container: str) -> list[str]:
    """The secrets of the build that a working container belongs to, none for another container."""
    try:
        known = json.loads((folder / container / "userdata" / "buildah.json").read_bytes())
        return list(known["CommonBuildOpts"]["Secrets"] or ())
    except (OSError, ValueError, LookupError, TypeError):
        return []


def added(log: str) -> list[str]:
    """Ids of the steps that a build added: those that it shows and did not find in the cache."""
    cached = [image for hit, image in STEP.findall(log) if hit]
    return [image for hit, image in STEP.findall(log) if not hit and not any(one.startswith(image) for one in cached)]
