"""Run the RUN bodies of a made-up Dockerfile with stand-ins for every program: what ran, in which order, where.

Only for bodies made by the tests: no program is reached (PATH leads nowhere), and bodies with redirections are left
out. Each stand-in notes its words, its folder and one variable; the command that is to fail returns 1.
"""

import shutil
import subprocess
import tempfile
from typing import NamedTuple

from dockopt.analyses.cleanup import cache_options, cleans, only_fetches_index, updates_apt
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from tests.oracles import missing

PROGRAMS = "apt-get apt apk pip pip3 python npm go make chown useradd mkdir curl wget rm daemon yum cp jq vim".split()
PRELUDE = """
note() {
  printf '%s\\n' "$1|$where|$A|$*" >&9
  plain=
  for word in "$@"; do
    case $word in --no-cache-dir|--no-cache|--update|--update-cache|-U) ;; *) plain="$plain $word" ;; esac
  done
  if [ "$plain" = " $failing" ]; then return 1; fi
}
cd() { note cd "$@" && where="$1"; }
exec() { "$@"; exit $?; }
sudo() { "$@"; }
env() { while case $1 in *=*) true;; *) false;; esac; do shift; done; "$@"; }
bash() { note bash "$@"; }
sh() { note sh "$@"; }
source() { note source "$@"; }
"""


class Ran(NamedTuple):
    """What was noted, a line for each command, and whether every RUN succeeded."""

    events: tuple[str, ...]
    succeeded: bool


def can_simulate(file: Dockerfile) -> bool:
    """Whether every RUN is a plain shell body without redirections, background commands or another shell."""
    return all(
        not run.opaque
        and not run.node.flags
        and run.state.posix
        and not any(mark in run.shell_text for mark in "<>")
        and " &\n" not in f"{run.shell_text}\n"
        and "eval" not in run.shell_text
        for run in file.runs
    )


def simulate(file: Dockerfile, failing: str = "") -> Ran:
    """Run every RUN of every stage in turn until one fails; `failing` is the noted command that fails, as words."""
    events: list[str] = []
    for run in file.runs:
        noted, status = _run(run, failing)
        events += [event for event in map(_normal, noted) if event]
        if status:
            return Ran(_once_updated(events), succeeded=False)
    return Ran(_once_updated(events), succeeded=True)


def _once_updated(events: list[str]) -> tuple[str, ...]:
    """The events without every `apt-get update` behind the first of its kind: fetching lists again costs only time."""
    updates = [event for event in events if updates_apt(event.split("|", 3)[3].split(" "))]
    words = [event.split("|", 3)[3] for event in events]
    seen = {event: words.index(event.split("|", 3)[3]) for event in updates}
    return tuple(event for place, event in enumerate(events) if seen.get(event, place) == place)


def commands_of(ran: Ran) -> list[str]:
    """The words of each command that was noted, once each."""
    return list(dict.fromkeys(event.split("|", 3)[3] for event in ran.events))


def _run(run: Run, failing: str) -> tuple[list[str], int]:
    program = shutil.which("bash")
    if program is None:
        missing("bash")
    stand_ins = "".join(f'{name}() {{ note {name} "$@"; }}\n' for name in PROGRAMS)
    head = f"where={run.state.folder or '/'}\nfailing={_quoted(failing)}\n"
    value = run.state.value("A")
    head += f"export A={_quoted(value)}\n" if value else ""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as notes:
        result = subprocess.run(
            [program, "--norc", "-c", f"exec 9>&1 1>/dev/null\n{PRELUDE}{stand_ins}{head}{run.shell_text}"],
            cwd=folder,
            env={"PATH": "/nonexistent"},
            stdin=subprocess.DEVNULL,
            stdout=notes,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        notes.seek(0)
        return notes.read().splitlines(), result.returncode


def _normal(event: str) -> str:
    """A noted command without what only concerns caches, "" for a clean-up."""
    program, where, variable, words = event.split("|", 3)
    parts = tuple(words.split(" "))
    if cleans(parts) is not None or only_fetches_index(parts):
        return ""
    options = cache_options(parts)
    return "|".join((program, where, variable, " ".join(word for word in parts if word not in options)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
