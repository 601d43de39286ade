"""Which files git says have changed, and which Dockerfiles that concerns. Only `git` itself is run."""

import os
import subprocess
from collections.abc import Iterable

from dockopt.batch.configuration import NAMES as CONFIGURATIONS
from dockopt.errors import SettingsError

MANIFESTS = frozenset(
    "package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml .npmrc .yarnrc.yml"
    " pyproject.toml poetry.lock uv.lock pdm.lock pipfile pipfile.lock setup.py setup.cfg"
    " go.mod go.sum go.work go.work.sum cargo.toml cargo.lock gemfile gemfile.lock composer.json composer.lock"
    " pom.xml build.gradle build.gradle.kts settings.gradle settings.gradle.kts gradle.lockfile"
    " .dockerignore docker-compose.yml docker-compose.yaml compose.yml compose.yaml".split()
)


class Changed:
    """Whole paths of the files that differ from a revision, or of those that are staged."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self.manifests = tuple(path for path in self.paths if _is_manifest(os.path.basename(path)))
        self.configurations = tuple(os.path.dirname(p) for p in self.paths if os.path.basename(p) in CONFIGURATIONS)

    def concerns(self, place: str, context: str | None) -> bool:
        """Whether a Dockerfile changed, or a manifest in the folder it is built in, or settings above it."""
        if place in self.paths or f"{place}.dockerignore" in self.paths:
            return True
        if any(_is_below(place, folder) for folder in self.configurations):
            return True
        return context is not None and any(_is_below(path, context) for path in self.manifests)


def changed(folder: str, since: str = "", *, staged: bool = False) -> Changed:
    """What changed in the repository around a folder; files that git does not know yet count, ignored ones do not.

    Raises:
        SettingsError: there is no repository, no git, or no such revision.
    """
    top = _git(folder, "rev-parse", "--show-toplevel").rstrip("\n")
    if staged:
        names = _git(top, "diff", "--cached", "--name-only", "-z")
    else:
        revision = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}").strip()
        names = _git(top, "diff", "--name-only", "-z", revision, "--")
        names += _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return Changed(os.path.realpath(os.path.join(top, name)) for name in names.split("\0") if name)


def _git(folder: str, *words: str) -> str:
    command = ["git", "-c", "core.fsmonitor=false", "-C", folder or os.curdir, *words]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no word of it is a file's
    except OSError as error:
        raise SettingsError(f"git cannot be run: {(error.strerror or str(error)).lower()}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise SettingsError(f"git {words[0]} failed: {said or 'no such revision'}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _is_manifest(name: str) -> bool:
    lower = name.lower()
    return lower in MANIFESTS or (lower.endswith(".txt") and "requirements" in lower) or lower.endswith(".csproj")


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
