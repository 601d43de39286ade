"""What `mix deps.get` reads of the copied files: `mix.exs` and `mix.lock`, where `mix.exs` is a plain project.

A `mix.exs` is a program, and mix runs it for every task. Only one that names no files, folders or other projects is
understood. Where there is a `config/`, every task reads it, too; what is fetched does not depend on it.
"""

import re

from dockopt.analyses.install_needs import NOTHING, Needs, Place, beside, blocked, words
from dockopt.model.commands import Call

TOOLS = words("local.hex local.rebar archive.install help")
"""Tasks that install mix's own tools or print something."""
FETCH = "deps.get"
VALUED = words("--only --target")
PLAIN = words("--force --if-missing --check-locked --no-archives-check -v --version")
VARIABLES = words(
    "MIX_EXS MIX_PATH MIX_DEPS_PATH MIX_BUILD_ROOT MIX_BUILD_PATH ERL_LIBS ERL_FLAGS ELIXIR_ERL_OPTIONS HEX_OFFLINE"
)
READS = re.compile(
    r"(?<![\w.])(?:File|Path|Code|IO|Port|Stream|EEx|Kernel|Node|Application)\.[a-z]|\bSystem\.(?!get_env\b|fetch_env!)"
    r"|\bMix\.(?!Project\b|env\b|target\b|compilers\b)|:(?:file|filelib|os|code|io|erl_eval|application)\."
    r"|\b(?:path|in_umbrella|apps_path|lockfile|deps_path|build_path|config_path)\b\"?\s*:|:(?:path|in_umbrella)\b"
    r"|\b(?:import|require|alias|apply|import_config|eval)\b|__DIR__|__ENV__|\buse\s+(?!Mix\.Project\b)|`"
)
RENAMES = re.compile(r"\"?\b(?:deps\.get|loadconfig|deps\.loadpaths)\"?:")


def mix_needs(call: Call, place: Place) -> Needs:
    """The needs of a mix command."""
    tasks = _tasks([word.value or word.text for word in call.arguments])
    if tasks in ([["--version"]], [["-v"]]):
        return NOTHING
    for task, *rest in tasks:
        obstacle = "" if task in TOOLS | {FETCH} else f"mix {task} may read the copied files"
        obstacle = obstacle or _of_words(rest)
        if obstacle:
            return blocked(obstacle)
    if not any(task[0] == FETCH for task in tasks):
        return Needs(installs=True)
    return _project_needs(place, place.folder) if place.folder else blocked("the folder that mix runs in is not known")


def _tasks(said: list[str]) -> list[list[str]]:
    """The tasks with their words: one, or those of `mix do`, between which stands a comma or a plus."""
    if said[:1] != ["do"]:
        return [said] if said else [["run"]]
    tasks: list[list[str]] = [[]]
    for word in said[1:]:
        if word != "+":
            tasks[-1] += [word.rstrip(",")]
        if word == "+" or word.endswith(","):
            tasks.append([])
    return [task for task in tasks if task and task[0]]


def _of_words(said: list[str]) -> str:
    following = iter(said)
    for word in following:
        if word in VALUED:
            next(following, None)
        elif word.startswith("-") and word not in PLAIN:
            return f"the option {word} may read the copied files"
        elif word.startswith((".", "/", "$")) or word.endswith(".ez"):
            return "mix may install a copied file"
    return ""


def _project_needs(place: Place, folder: str) -> Needs:
    manifest, lockfile = beside(folder, "mix.exs"), beside(folder, "mix.lock")
    text = place.files.text(manifest)
    if text is None:
        return blocked(f"no mix.exs is copied to {folder}")
    name = next((name for name in place.environment if name in VARIABLES), "")
    obstacle = _of_project(text) or (f"{name} may name a copied file" if name else "")
    if obstacle:
        return blocked(obstacle)
    if place.files.at(lockfile) is None:
        return blocked(f"no mix.lock is copied to {folder}")
    return Needs((manifest, lockfile), (beside(folder, "deps"), beside(folder, "_build")), (lockfile,), installs=True)


def _of_project(text: str) -> str:
    """Why a mix.exs may read more than itself."""
    for number, line in enumerate(text.splitlines(), 1):
        code = line if "#{" in line else line.partition("#")[0]
        if RENAMES.search(code):
            return f"mix.exs:{number} gives a task of mix another meaning"
        if READS.search(code):
            return f"mix.exs:{number} may read copied files"
    return ""
