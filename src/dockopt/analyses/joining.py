"""Whether two neighbouring RUN instructions can be one without changing what runs."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from string import ascii_letters, digits

from dockopt.analyses.apt import apt_commands, fetches_lists, is_root, removes_lists
from dockopt.analyses.cleanup import cleans
from dockopt.analyses.words import read
from dockopt.knowledge.base_commands import BUILTINS, ESSENTIAL
from dockopt.knowledge.commands import DEPENDENCY_STEPS, PACKAGE_MANAGERS, SHELL_STATE
from dockopt.knowledge.runtime_libraries import build_only
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.rewrite.commands import passes_over
from dockopt.shell.tree import Compound, Simple, commands

STARTERS = frozenset(
    "service invoke-rc.d rc-service start-stop-daemon pg_ctl pg_ctlcluster apachectl Xvfb slapd sshd"
    " supervisord".split()
)
"""Programs that start services, which end with the RUN."""
DAEMON_OPTIONS = frozenset({"--daemonize", "--daemon", "-daemon", "--fork", "-detached", "start"})
DAEMONS = {"nginx": (), "memcached": ("-d",), "elasticsearch": ("-d",), "php-fpm": ("-D",), "httpd": (), "crond": ()}
"""Servers that go into the background by themselves when they are called with these options, or with none at all."""
PLACE_PROGRAMS = ("sh", "bash", "ln", "mv", "cp", "install", "tar", "unzip")
"""Programs that may put another program where the shell finds it."""
CHANGE_USERS = ("usermod", "gpasswd", "chsh", "deluser")
RUNNERS = frozenset("su sudo gosu su-exec runuser setpriv sh bash dash ash zsh timeout nohup chroot".split())
"""Programs that run another one, which stands among their words."""
MADE_ANEW = ("/etc/hosts", "/etc/resolv.conf", "/etc/hostname")
"""Files that the builder makes anew for each RUN."""
DEPENDENCY_PROGRAMS = frozenset(program for program, _ in DEPENDENCY_STEPS)
OUTPUT_OPTIONS = frozenset({"-o", "-O", "--output", "--output-document"})
OUTPUT_PREFIXES = ("--output=", "--output-document=")


def cannot_join(first: Run, second: Run) -> str:
    """Why two RUNs that follow each other must stay two, "" where they may be joined by `&&`."""
    if first.node.flags or second.node.flags:
        return "a flag belongs to one of them"
    if first.node.heredocs or second.node.heredocs:
        return "a here-document"
    for run in (first, second):
        if run.opaque:
            return run.opaque
        if not run.script.statements or run.script.comments:
            return "a shell comment or an empty body"
    if any(link.operator == "||" for link in first.script.statements[-1].links):
        return "`||` in the first would seem to guard the second as well"
    if any(first.calls_of(*CHANGE_USERS)) and not is_root(first):
        return "the builder looks the user up again for the second"
    if first.state.volumes:
        return "a VOLUME is declared above"
    if _starts_anew(first) and not second.facts(_needs_no_settings):
        return "the shell reads its start files, which the first may change, for the second again"
    return leaks(first) or passes_over(first) or _replaced(first, second) or _cannot_follow(second)


def _starts_anew(run: Run) -> bool:
    """Whether the shell of a RUN reads files as it starts: a login or interactive one, zsh, bash with BASH_ENV."""
    shell = run.state.shell
    if shell is None:
        return False
    options = [word for word in shell[1:] if word.startswith("-")]
    if any(word == "--login" or (word[1:2] != "-" and ("l" in word or "i" in word)) for word in options):
        return True
    return shell[0].endswith("zsh") or (run.state.bash and "BASH_ENV" in run.state.environment)


def _needs_no_settings(calls: tuple[Call, ...]) -> bool:
    return all(_is_package_command(call) or call.is_("rm") for call in calls)


def leaks(run: Run) -> str:
    """What of the shell's state a command behind this body, which is not opaque, would see changed, "" for nothing."""
    return run.body_facts(_leaks)


def _leaks(run: Run) -> str:
    for call in run.calls:
        if call.name is None:
            return "a command that is not known as written"
        if _changes_shell(call):
            return f"`{call.name}` changes the shell that the second would run in"
        if _starts_service(call):
            return f"what `{call.name}` starts would still run in the second"
    if "$((" in run.shell_text or any(_assigns(part) for part in run.shell_text.split("${")[1:]):
        return "an expansion may assign a variable that the second reads"
    if any(path in run.shell_text for path in MADE_ANEW):
        return "the builder makes a file anew for the second"
    if any(statement.terminator == "&" for statement in run.script.statements):
        return "a command runs in the background"
    for command in commands(run.script):
        if isinstance(command, Compound) and any(
            s.terminator == "&" for body in command.bodies for s in body.statements
        ):
            return "a command runs in the background"
        if isinstance(command, Simple) and not command.words:
            return "an assignment would reach the second"
        if isinstance(command, Compound) and command.kind in ("function", "for", "select", "arithmetic"):
            return "a function or variable would reach the second"
    return ""


def _changes_shell(call: Call) -> bool:
    """Whether a command does something to the shell itself; an assignment in front of `:` stays (POSIX XCU 2.14)."""
    if call.name in SHELL_STATE or call.wrapper == "exec":
        return True
    return (call.is_("printf") and call.has("-v")) or (call.is_(":") and bool(call.assignments))


def _starts_service(call: Call) -> bool:
    """Whether a command starts a program that goes on running behind it, itself or through another one."""
    if call.has(*DAEMON_OPTIONS):
        return True
    options = DAEMONS.get(_stem(call.name or ""))
    if options is not None and (call.has(*options) if options else not call.arguments):
        return True
    words = [call.words[0].text]
    if call.is_(*RUNNERS):
        words += [part for word in call.arguments for part in word.text.strip("\"'").split()]
    return any(_names_service(word) for word in words)


def _names_service(word: str) -> bool:
    if word.endswith("&"):
        return word != "&&"
    return word.startswith("/etc/init.d/") or word.rpartition("/")[2] in STARTERS


def _replaced(first: Run, second: Run) -> str:
    """Which program the first body replaces by another of itself: the shell remembers where it found the old one."""
    for name in first.facts(_named_again):
        if name in second.facts(_stems):
            return f"the shell would go on with the `{name}` that the first replaces"
    for name in first.facts(_placed_again):
        if any(call.words[0].value == name for call in second.calls):
            return f"the shell would go on with the `{name}` that it found before"
    return ""


def _placed_again(calls: tuple[Call, ...]) -> tuple[str, ...]:
    """Programs that are not the system's own, and that a later command which names them may put somewhere else."""
    placed = [(call.span, text) for call in calls if call.is_(*PLACE_PROGRAMS) for text in _texts(call)]
    found = ((call.span, call.words[0].value or "/") for call in calls if placed)
    known = ((span, name) for span, name in found if "/" not in name and name not in ESSENTIAL | BUILTINS)
    return tuple(name for span, name in known if any(later > span and _stem(name) in text for later, text in placed))


def _texts(call: Call) -> tuple[str, ...]:
    return tuple(word.text for word in call.arguments)


def _named_again(calls: tuple[Call, ...]) -> tuple[str, ...]:
    """The programs that have themselves among their arguments (`pip install pip`), without their versions."""
    named = ((_stem(call.name or ""), call) for call in calls)
    return tuple(
        name
        for name, call in named
        if any((value or "").startswith(name) and _stem(value or "") == name for value in call.values)
    )


def _stems(calls: tuple[Call, ...]) -> frozenset[str]:
    return frozenset(_stem(call.name or "") for call in calls)


def _stem(word: str) -> str:
    """A program or package without its version: `pip` for `pip3.11`, `pip==24.0` and `pip>=23`, `npm` for `npm@10`."""
    for mark in "@=<>~!":
        word = word.partition(mark)[0]
    return word.rstrip(f"{digits}.")


def _assigns(expansion: str) -> bool:
    """Whether what stands behind `${` is a name with a default that the shell keeps (`${X=1}`, `${X:=1}`)."""
    behind = expansion.lstrip("_").lstrip(ascii_letters + digits + "_")
    return behind.startswith(("=", ":="))


def _cannot_follow(second: Run) -> str:
    """Why a body cannot stand behind `&&` as it is."""
    if len(second.script.statements) > 1 or second.script.statements[0].terminator == "&":
        return "the second is more than one list"
    if any(link.operator != "&&" for link in second.script.statements[0].links):
        return "`||` in the second would also catch the first"
    return ""


def neighbours(stage: Stage) -> list[tuple[Run, Run]]:
    """RUN instructions of a stage with nothing but comments and blank lines between them."""
    pairs = zip(stage.steps, stage.steps[1:], strict=False)
    return [(first, second) for first, second in pairs if isinstance(first, Run) and isinstance(second, Run)]


def is_dependency_step(run: Run) -> bool:
    """Whether the body installs an application's dependencies, which are worth a cached layer of their own."""
    return run.facts(_install_dependencies)


def _install_dependencies(calls: tuple[Call, ...]) -> bool:
    for call in calls:
        if call.name not in DEPENDENCY_PROGRAMS and not (call.name or "").startswith(("pip", "python")):
            continue
        reading = read(call)
        program = reading.program if reading else call.name
        subcommand = reading.subcommand if reading else next((v for v in call.values if v and v[0] != "-"), None)
        if (program, subcommand) in DEPENDENCY_STEPS:
            return True
    return False


def only_packages(run: Run) -> bool:
    """Whether the body does nothing but operate the distribution's package manager."""
    return bool(run.calls) and run.body_facts(_only_packages)


def _only_packages(run: Run) -> bool:
    return all(map(_is_package_command, run.calls)) and not _has_compound(run)


def only_cleans(run: Run) -> bool:
    """Whether the body only throws away what package managers keep."""
    return bool(run.calls) and run.body_facts(_only_cleans)


def _only_cleans(run: Run) -> bool:
    return all(map(_cleans, run.calls)) and not _has_compound(run)


def undone_later(stage: Stage) -> Mapping[int, str]:
    """Which RUNs to join with the one above them because one of the chain throws away what an earlier one brought.

    By index of the step; the values say why. Every RUN between the two belongs to the chain.
    """
    found: dict[int, str] = {}
    chain: list[Run] = []
    if not any(run.facts(_may_undo) for run in stage.runs):
        return found
    for step in stage.steps:
        if not isinstance(step, Run):
            chain = []
            continue
        if chain and cannot_join(chain[-1], step):
            chain = []
        if step.facts(_may_undo):
            first, reason = _undone(chain, step, found)
            if reason:
                found |= dict.fromkeys((one.index for one in (*chain[first + 1 :], step)), reason)
        chain.append(step)
    return found


def _may_undo(calls: tuple[Call, ...]) -> bool:
    return any(call.is_("rm", "apt-get", "apt") for call in calls)


def _undone(chain: Sequence[Run], step: Run, joined_already: Mapping[int, str]) -> tuple[int, str]:
    """The first RUN of a chain that brings what a step throws away, and what that is.

    Small things are worth a join of neighbours only: every RUN between loses its cached layer.
    """
    if not chain:
        return 0, ""
    purged = {
        package
        for command in apt_commands(step, "purge", "remove")
        if command.call.sure
        for package in command.packages
    }
    removed = [path for call in step.calls if call.is_("rm") and call.top for path in _paths(step, call)]
    if not (purged or removed or removes_lists(step)):
        return 0, ""
    for position, earlier in enumerate(chain):
        installed = _packages(earlier, "install") - _packages(earlier, "purge", "remove") if purged else set()
        large = {name for name in purged & installed if name.endswith("-dev") or build_only(name)}
        if large or (purged & installed and earlier is chain[-1]):
            return position, f"{min(large or purged & installed)} is installed above and purged here or below"
        between = (*chain[position + 1 :], step)
        if any(map(is_dependency_step, between)) or (is_dependency_step(earlier) and len(between) > 1):
            continue
        lists = removes_lists(step) and fetches_lists(earlier) and not removes_lists(earlier)
        if lists and all(one.index in joined_already or only_packages(one) for one in between[:-1]):
            return position, "the package lists are fetched above and removed here or below"
        written = [path for call in earlier.calls for path in _brought(earlier, call)] if removed else []
        for path in removed:
            if any(fnmatchcase(one, path) or one.startswith(f"{path}/") for one in written):
                name = path.rpartition("/")[2]
                return position, f"{name} is fetched or made above and removed here or below"
    return 0, ""


def _packages(run: Run, *subcommands: str) -> set[str]:
    return {package for command in apt_commands(run, *subcommands) for package in command.packages}


def _paths(run: Run, call: Call) -> list[str]:
    """The operands of a command as absolute paths, with their wildcards; relative ones only where no `cd` is near."""
    known = not any(other.is_("cd", "pushd") for other in run.calls)
    texts = [word.value or word.text for word in call.arguments]
    plain = [text for text in texts if not text.startswith("-") and "$" not in text and "{" not in text]
    paths = [joined(run.state.folder, text) for text in plain if text and (known or text[0] == "/")]
    return [path for path in paths if path]


def _brought(run: Run, call: Call) -> list[str]:
    """Absolute paths of files that a command certainly fetches or writes; `*` stands for a version."""
    names = [path for path in _written(call) if not path.startswith("-")]
    operands = [value for value in call.values if value and not value.startswith("-")]
    last = operands[-1].rpartition("/")[2].partition("?")[0] if operands else ""
    if call.is_("wget") and not call.has("-P", *OUTPUT_OPTIONS) and "://" in "".join(operands) and not names:
        names = [operand.rpartition("/")[2].partition("?")[0] for operand in operands if "://" in operand]
    elif call.is_("curl") and any(_saves_by_name(value) for value in call.values) and last:
        names = [last]
    elif call.is_("apt-get", "apt") and operands[:1] == ["download"]:
        names = [f"{operand.partition('=')[0]}_*.deb" for operand in operands[1:]]
    elif call.is_("git") and call.has("clone"):
        names = [last.removesuffix(".git")] if "://" in (operands or [""])[-1] else operands[-1:]
    known = not any(other.is_("cd", "pushd") for other in run.calls)
    paths = [joined(run.state.folder, name) for name in names if name and (known or name[0] == "/")]
    return [path for path in paths if path]


def _saves_by_name(word: str | None) -> bool:
    """Whether a word of curl says that the file keeps its remote name: `-O`, `-LO`, `-sSLO`."""
    if word is None or not word.startswith("-"):
        return False
    return word == "--remote-name" or (not word.startswith("--") and word.endswith("O"))


def removes_what_it_names(first: Run, second: Run) -> bool:
    """Whether the second only removes absolute paths that the first one writes."""
    if not second.facts(_only_removes) or _has_compound(second):
        return False
    paths = [v for call in second.calls for v in call.values if v is None or not v.startswith("-")]
    written = {path for call in first.calls for path in _written(call)}
    return bool(paths) and all(path and path.startswith("/") and path in written for path in paths)


def _only_removes(calls: tuple[Call, ...]) -> bool:
    return bool(calls) and all(call.is_("rm") for call in calls)


def _written(call: Call) -> set[str]:
    """Absolute paths that a command certainly writes: the ones its options and redirections name as output."""
    values = call.values
    found = {after for option, after in pairwise(values) if option in OUTPUT_OPTIONS and after}
    found |= {value.partition("=")[2] for value in values if value and value.startswith(OUTPUT_PREFIXES)}
    found |= {r.target.value for r in call.redirects if r.operator in (">", ">>") and r.target and r.target.value}
    if call.is_("mkdir", "touch", "tee"):
        found |= {value for value in values if value and not value.startswith("-")}
    if call.is_("git") and call.has("clone") and values[-1]:
        found.add(values[-1])
    return found


def _has_compound(run: Run) -> bool:
    commands = (c for s in run.script.statements for p in s.pipelines for c in p.commands)
    return any(isinstance(command, Compound) for command in commands)


def _is_package_command(call: Call) -> bool:
    return call.name in PACKAGE_MANAGERS or _cleans(call) or call.is_("true")


def _cleans(call: Call) -> bool:
    return cleans(tuple(word.text for word in call.words)) is not None


def fills_what_is_cleaned(first: Run, second: Run) -> bool:
    """Whether the second body throws away something that the first one may have left behind."""
    text = second.shell_text
    if "/var/lib/apt/lists" in text or "/var/lib/apt/*" in text:
        return fetches_lists(first) and not removes_lists(first)
    managers = {call.name for call in second.calls} - {"rm", "apt-get", "apt"}
    if managers:
        return any(call.name in managers for call in first.calls)
    if ".cache" in text:
        return is_dependency_step(first)
    if ".npm" in text:
        return any(call.is_("npm") for call in first.calls)
    if "/var/cache/dnf" in text or "/var/cache/yum" in text:
        return any(call.is_("dnf", "yum", "microdnf") for call in first.calls)
    return "/var/cache/apk" in text and any(call.is_("apk") for call in first.calls)
