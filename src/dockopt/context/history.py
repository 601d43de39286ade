"""How often each file of a build context was changed, as version control says: read once, when first asked for.

git is asked with everything off that its settings could make it run: hooks, monitors, pagers, signatures, text
filters, and fetching what a partial clone left out.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

COMMITS_AT_MOST = 5_000
SECONDS_AT_MOST = 10
QUIET = (
    *("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "log.showSignature=false"),
    *("protocol.allow=never", "core.sshCommand=false", "credential.helper=", "gpg.program=false", "core.askPass="),
    *("diff.external=", "log.mailmap=false", "core.alternateRefsCommand=false"),
)
ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    "LC_ALL": "C",
}
PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "GIT_CEILING_DIRECTORIES")


class History(NamedTuple):
    """Commits per path of the context (files that are gone included), of the newest `commits` commits."""

    changes: Mapping[str, int]
    commits: int


def read(folder: str) -> History | None:
    """The history of a folder in a git repository; None where there is none, no git, or no answer in time."""
    import subprocess  # noqa: PLC0415 - only where the history is asked for

    command = ["git", "--no-pager", "--literal-pathspecs"]
    for setting in QUIET:
        command += ["-c", setting]
    command += ["log", f"--max-count={COMMITS_AT_MOST}", "--format=%x01", "--name-only", "-z", "--relative"]
    command += ["--no-merges", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--", "."]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | ENVIRONMENT
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_AT_MOST,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parsed(done.stdout.decode("utf-8", "surrogateescape")) if done.returncode == 0 else None


def parsed(text: str) -> History | None:
    """What `git log` printed: a mark for each commit, then the paths it changed; None without a commit."""
    changes: dict[str, int] = {}
    commits = 0
    for field in text.split("\0"):
        path = field.lstrip("\n")
        while path.startswith("\1"):
            commits += 1
            path = path[1:].lstrip("\n")
        if path:
            changes[path] = changes.get(path, 0) + 1
    return History(changes, commits) if commits else None


def of_table(text: str, folder: str = "") -> History | None:
    """A table with columns `path` and `commits`, as made for a repository without its objects; for a folder of it."""
    lines = [line.split("\t") for line in text.splitlines()]
    if not lines or not {"path", "commits"} <= set(lines[0]):
        return None
    at, count = lines[0].index("path"), lines[0].index("commits")
    prefix = "" if folder in ("", ".") else folder.rstrip("/") + "/"
    rows = [one for one in lines[1:] if len(one) > max(at, count) and one[count].isdigit()]
    changes = {one[at][len(prefix) :]: int(one[count]) for one in rows if one[at].startswith(prefix)}
    return History(changes, max(changes.values(), default=0)) if changes else None
