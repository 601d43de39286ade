"""Which later steps may need the package lists that a RUN leaves behind, and how certain that is."""

from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from re import Pattern
from re import compile as compile_pattern
from typing import NamedTuple

from dockopt.analyses.apt import apt_commands, fetches_some
from dockopt.analyses.build_commands import GNU, convention
from dockopt.analyses.caches import forces_removal
from dockopt.analyses.cleanup import cleans
from dockopt.analyses.scripts import scripts_named
from dockopt.analyses.words import read
from dockopt.context.tree import Context
from dockopt.knowledge.base_commands import BUILTINS, ESSENTIAL
from dockopt.knowledge.commands import PACKAGE_TOOLS, PLAIN_PROGRAMS
from dockopt.model.commands import Call, calls
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step
from dockopt.model.stages import Stage
from dockopt.shell.parser import parse
from dockopt.shell.tree import Refusal, Word

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
NEEDS_NO_LISTS = frozenset(
    "update clean autoclean purge remove autoremove dist-clean distclean mark key config list-installed".split()
)
SCRIPTS = (".py", ".js", ".mjs", ".rb", ".pl", ".php", ".R")
PROVISIONERS = frozenset(
    {"ansible", "ansible-playbook", "ansible-pull", "puppet", "chef-client", "chef-solo", "salt-call"}
)
"""Programs whose business it is to install packages."""
DATA = frozenset({"/etc/os-release", "/usr/lib/os-release", "/etc/lsb-release"})
"""Files that shells read for the variables in them (os-release(5))."""
SYSTEM_FOLDERS = ("/bin", "/usr/bin", "/sbin", "/usr/sbin")
FILE_TOOLS = frozenset("cat chmod chown cp echo grep head install ln ls mkdir mv rm sed tail tee test touch".split())
"""Programs that handle a script that they name as a file."""
INSTALL_OPTION = "--install-deps"
"""With it `@puppeteer/browsers install` calls `apt-get satisfy`, and fetches no lists (its documentation)."""
NODE_MANAGERS = ("npm", "yarn", "pnpm", "bun")
OPAM_INSTALLS = frozenset("install reinstall upgrade depext pin switch".split())
"""Subcommands of opam that install packages of the distribution since opam 2.1 (its manual, `--no-depexts`)."""
ABOVE_LISTS = ("/", "/var", "/var/lib", "/var/lib/apt", "/var/lib/apt/lists")


class Doubt(IntEnum):
    """How likely a step reads the lists: it does, a script that nobody has seen may, a program hardly will.

    By convention it does not: `configure` and the standard targets of a released source tree (GNU Coding Standards,
    "How Configuration Should Work" and "Standard Targets for Users"), and scripts that are known for what they do.
    """

    BY_CONVENTION = 1
    HARDLY = 2
    PERHAPS = 3
    CERTAIN = 4


class Reader(NamedTuple):
    """A later step that may read package lists; `program` is the one to blame, `source` says why it does not."""

    step: Step
    program: str
    doubt: Doubt
    source: str = ""


def later_reader(file: Dockerfile, run: Run) -> Reader | None:
    """The later step that most likely reads the lists this RUN leaves behind, None where none can."""
    worst = None
    fetched: set[int] = set()
    for step in file.after(run):
        if step.stage in fetched:
            continue
        found = reader_of(file, step)
        if found and (worst is None or found.doubt > worst.doubt):
            worst = found
        if isinstance(step, Run) and fetches_for_certain(step):
            fetched |= {step.stage, *(stage.index for stage in file.built_on(file.stages[step.stage]))}
    return max((worst, copied_lists(file, run)), key=lambda found: found.doubt if found else 0)


def copied_lists(file: Dockerfile, run: Run) -> Reader | None:
    """A COPY or a mount from this stage that takes the lists along."""
    for stage in file.stages:
        for step, name, paths in _taken(stage):
            source = file.stage_named(name)
            takes = any("/" + path.strip("/") in ABOVE_LISTS for path in paths)
            if source and takes and run.stage in (one.index for one in file.chain(source)):
                return Reader(step, step.keyword, Doubt.CERTAIN)
    return None


def _taken(stage: Stage) -> Iterator[tuple[Step, str, tuple[str, ...]]]:
    """What the instructions of a stage take from elsewhere: the name of the place, and the paths."""
    for copy in stage.copies:
        if copy.from_:
            yield copy, copy.from_, copy.sources
    for run in stage.runs:
        for mount in run.mounts:
            if mount.get("from"):
                yield run, mount["from"], (mount.get("source") or mount.get("src") or "/",)


def reader_of(file: Dockerfile, step: Step) -> Reader | None:
    """What in one step may read lists that an earlier one left."""
    known = file.facts(_readers)
    if step not in known:
        known[step] = _reader_of(file, step)
    return known[step]


def _readers(_: Dockerfile) -> dict[Step, Reader | None]:
    """Readers by step: each RUN that fetches lists asks for every step behind it."""
    return {}


def _reader_of(file: Dockerfile, step: Step) -> Reader | None:
    if step.keyword in ("ONBUILD", "CMD", "ENTRYPOINT"):
        text = step.text.replace('"', " ").replace(",", " ")
        return (
            Reader(step, step.keyword, Doubt.CERTAIN)
            if speaks_of_packages(text) or _starts_reader(file, text)
            else None
        )
    if step.keyword == "WORKDIR" and "var/lib/apt" in step.text:
        return Reader(step, step.keyword, Doubt.CERTAIN)
    if not isinstance(step, Run):
        return None
    if step.opaque:
        return _opaque(step)
    if not step.heredoc and any(speaks_of_packages(heredoc.content) for heredoc in step.node.heredocs):
        return Reader(step, "a here-document", Doubt.CERTAIN)
    found = None
    for call in step.calls:
        doubt = doubt_of(file, call)
        source = convention(file, step, call) if doubt in (Doubt.HARDLY, Doubt.PERHAPS) else GNU
        doubt = Doubt.BY_CONVENTION if source and doubt in (Doubt.HARDLY, Doubt.PERHAPS) else doubt
        if call.is_("apt-get", "apt") and is_certain_update(call):
            return found
        if doubt and (found is None or doubt > found.doubt):
            found = Reader(step, _blamed(call), doubt, source)
    return found


def _opaque(run: Run) -> Reader | None:
    text = f"{run.shell_text} {' '.join(run.node.exec_form or ())}"
    if speaks_of_packages(text):
        return Reader(run, "a RUN that cannot be read", Doubt.CERTAIN)
    return Reader(run, "a RUN that cannot be read", Doubt.PERHAPS) if ".sh" in text else None


def _starts_reader(file: Dockerfile, text: str) -> bool:
    """Whether a start-up script of the context speaks of packages."""
    return any(speaks_of_packages(script) for script in scripts_named(file, text))


def doubt_of(file: Dockerfile, call: Call) -> Doubt | None:
    """How likely one command reads lists, None where it cannot."""
    words = tuple(word.text for word in call.words)
    if call.is_("apt-get", "apt"):
        reading = read(call)
        known = reading is not None and reading.subcommand in NEEDS_NO_LISTS
        return None if known else Doubt.CERTAIN
    if any("var/lib/apt" in word for word in words) and _misses_lists(call):
        return Doubt.CERTAIN
    if cleans(words) or (call.is_("echo", "printf") and not speaks_of_packages(" ".join(words[1:]))):
        return None
    if call.name in PACKAGE_TOOLS or call.has(INSTALL_OPTION) or speaks_of_packages(" ".join(words)):
        return Doubt.CERTAIN
    if call.is_(*NODE_MANAGERS) and file.context is not None and file.context.once(_manifests_speak_of_packages, ""):
        return Doubt.CERTAIN
    if call.is_("opam") and call.has(*OPAM_INSTALLS) and not call.has("--no-depexts", "--assume-depexts"):
        return Doubt.CERTAIN
    return script_doubt(file.context, call)


def _misses_lists(call: Call) -> bool:
    """Whether a command that names the folder of the lists fails, or does something else, where it is empty.

    `rm` without `-f` fails where a pattern matches nothing.
    """
    if call.is_("find"):
        return not call.has("-delete", "-exec")
    return not (forces_removal(call) or call.is_("mkdir", "echo", "printf", "test", "["))


def _manifests_speak_of_packages(context: Context, _: str) -> bool:
    """Whether a script in a package.json installs packages."""
    paths = (
        path for path in context.files if path.rpartition("/")[2] == "package.json" and "node_modules/" not in path
    )
    return any("apt-get " in (context.read(path) or "") for path in paths)


def script_doubt(context: Context | None, call: Call) -> Doubt | None:
    """How likely a command other than a package tool is a script that installs packages, None where it cannot be."""
    name = call.words[0].value
    if name is None or call.is_("eval"):
        return Doubt.PERHAPS
    if call.is_(*SHELLS, ".", "source"):
        return _shell_doubt(context, call)
    folder, _, last = name.rpartition("/")
    if name.endswith((".sh", ".bash")) or (folder and folder not in SYSTEM_FOLDERS):
        if last == "configure":
            return Doubt.BY_CONVENTION
        return None if _plain_script(context, name) else Doubt.PERHAPS
    bare = call.name or ""
    if bare in PROVISIONERS:
        return Doubt.PERHAPS
    if bare in FILE_TOOLS:
        return None
    scripts = [value for value in call.values if value and value.endswith(SCRIPTS)]
    if scripts:
        if all(_plain_script(context, script) for script in scripts):
            return None
        usual = all(script.rpartition("/")[2] in ("manage.py", "setup.py") for script in scripts)
        return Doubt.HARDLY if usual else Doubt.PERHAPS
    if bare in ESSENTIAL or bare in BUILTINS or bare in PLAIN_PROGRAMS or bare.startswith(("pip", "gcc-", "g++-")):
        return None
    return Doubt.HARDLY


def _shell_doubt(context: Context | None, call: Call) -> Doubt | None:
    """How likely a shell that is called by name, or a file that is read into it, installs packages."""
    words = [word for word in call.arguments if not (word.value or "").startswith("-")]
    if call.has("-c"):
        return _inline_doubt(context, words[0]) if words else Doubt.PERHAPS
    if words and words[0].value in DATA:
        return None
    if words and (words[0].value or "").rpartition("/")[2] == "configure":
        return Doubt.BY_CONVENTION
    return None if words and _plain_script(context, words[0].value) else Doubt.PERHAPS


def _inline_doubt(context: Context | None, word: Word) -> Doubt | None:
    """The same of a body that a shell reads from its command line."""
    script = parse(word.value if word.value is not None else word.text.strip("\"'"))
    if isinstance(script, Refusal):
        return Doubt.PERHAPS
    found = (script_doubt(context, call) for call in calls(script) if not call.is_("lsb_release"))
    return max((doubt for doubt in found if doubt), default=None)


def _blamed(call: Call) -> str:
    if call.is_(*SHELLS, ".", "source") and len(call.words) > 1:
        return call.words[-1].text
    return call.words[0].text if not call.is_("apt-get", "apt") else "apt-get"


def is_certain_update(call: Call) -> bool:
    """Whether this is an update that runs whatever the commands before it did not prevent."""
    reading = read(call)
    if reading is None or reading.subcommand != "update" or not call.top or fetches_some(call):
        return False
    return call.sure or call.pipeline == 0


def fetches_for_certain(run: Run) -> bool:
    """Whether a RUN fetches lists whatever happened before."""
    return not run.opaque and any(is_certain_update(one.call) for one in apt_commands(run, "update"))


def speaks_of_packages(text: str) -> bool:
    """Whether a text names a program that installs packages."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> Pattern[str]:
    """A package tool as a word of its own, not as part of a path such as /etc/apt/sources.list."""
    tools = "|".join(sorted({"apt-get", "apt", *PACKAGE_TOOLS}))
    return compile_pattern(rf"(?:^|[\s;&|('\"=`])(?:/usr/bin/|/usr/local/bin/)?(?:{tools})(?=[\s;&|)'\"`]|$)")


def _plain_script(context: Context | None, name: str | None) -> bool:
    """Whether a script of the build context can be read and does not speak of apt or of other scripts."""
    if context is None or not name:
        return False
    base = name.rpartition("/")[2]
    texts = [context.read(path) for path in context.files if path.rpartition("/")[2] == base]
    return bool(texts) and all(text is not None and "apt" not in text and ".sh" not in text for text in texts)
