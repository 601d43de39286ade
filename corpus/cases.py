"""The applications of `corpus/apps`: what each is, how it is built and asked, and what the images may differ in."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dockopt.build.behaviour import Questions
from dockopt.build.engine import Options
from dockopt.model.dockerfile import Dockerfile

APPS = Path(__file__).resolve().parent / "apps"
SECONDS_TO_ANSWER = 60.0


@dataclass(frozen=True)
class Case:
    """One application. `run` are commands for a shell (one that begins with a slash does without), `http` a port and
    a path: both must answer alike in every image, and `expect` must be in the answers.

    `targets` are further stages that somebody builds, each with its commands. `build_args` are `NAME=value`, `secrets`
    `id=NAME,src=FILE` with a file of the case's folder; all variants get them. `bases` are the images that the files
    are built on, `touch` is the source file whose change the rebuild is measured with. `unchanged` says that dockopt
    has nothing to do, and `shortfall` why it saves less than the expert.
    """

    name: str
    description: str
    bases: tuple[str, ...] = ()
    touch: str = ""
    shortfall: str = ""
    run: tuple[str, ...] = ()
    http: str = ""
    expect: str = ""
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    targets: Mapping[str, list[str]] = field(default_factory=dict)
    unchanged: bool = False

    @property
    def folder(self) -> Path:
        return APPS / self.name

    @property
    def context(self) -> Path:
        return self.folder / "context"

    @property
    def naive(self) -> Path:
        return self.folder / "Dockerfile"

    @property
    def expert(self) -> Path:
        return self.folder / "expert.Dockerfile"

    @property
    def splits(self) -> bool:
        """Whether an expert builds in a stage that the original has not."""
        return self.expert.exists() and stages(self.expert) > stages(self.naive)

    def questions(self, target: str = "") -> Questions:
        if target:
            return Questions(tuple(map(without_shell, self.targets[target])), (), SECONDS_TO_ANSWER)
        return Questions(tuple(map(without_shell, self.run)), (self.http,) if self.http else (), SECONDS_TO_ANSWER)

    def options(self, target: str = "", network: str = "") -> Options:
        secrets = tuple(one.replace("src=", f"src={self.folder}/") for one in self.secrets)
        return Options(target, self.build_args, secrets, network)


def without_shell(command: str) -> str:
    """A command that begins with a slash, as a JSON array."""
    return json.dumps(command.split()) if command.startswith("/") else command


def stages(path: Path) -> int:
    return len(Dockerfile.parse(path.read_text(encoding="utf-8")).stages)


def load(name: str) -> Case:
    """The case of that name."""
    values = tomllib.loads((APPS / name / "case.toml").read_text(encoding="utf-8"))
    fields: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in values.items()}
    return Case(name, **fields)


def all_cases() -> Iterator[Case]:
    for path in sorted(APPS.glob("*/case.toml")):
        yield load(path.parent.name)
