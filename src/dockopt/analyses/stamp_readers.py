"""Whether a RUN may look at a variable that it does not name: only programs that are known not to are passed over.

Downloads and upgrades count as readers, too: a stamp above them may be there so that they run at every build.
"""

from typing import NamedTuple

from dockopt.analyses.bystanders import LOCAL_PACKAGES, STRICTNESS, SYSTEM_MANAGERS
from dockopt.analyses.copied_files import CopiedFiles, files_before
from dockopt.analyses.install_needs import Place
from dockopt.analyses.installs import call_needs
from dockopt.analyses.words import read
from dockopt.context.tree import MemoryContext
from dockopt.knowledge.build_stamps import is_specific, tells_of_ci
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.shell.tree import Compound, commands

PLAIN = frozenset(
    "mkdir rmdir rm cp mv ln chmod chown chgrp touch echo printf cat tee head tail cut sort uniq tr wc sed grep true"
    " false : test [ cd pwd ls id whoami uname arch nproc getent groupadd useradd usermod groupmod addgroup adduser"
    " deluser delgroup passwd chpasswd tar gzip gunzip zcat bzip2 xz unzip zip sha256sum sha512sum sha1sum md5sum"
    " base64 basename dirname readlink realpath stat du df sleep which type command ldconfig locale-gen localedef"
    " update-locale dpkg-reconfigure debconf-set-selections update-ca-certificates update-alternatives install apt-mark"
    " apt-key gpg mktemp sync setcap strip file".split()
)
"""Programs of the system whose manuals name every variable that they read; none of them is a stamp."""
SYSTEM_FOLDERS = frozenset({"", "/bin", "/sbin", "/usr/bin", "/usr/sbin"})
INSTALLING = frozenset({"install", "add", "groupinstall", "localinstall", "reinstall"})
QUIET = frozenset({"clean", "autoclean", "autoremove", "remove", "purge", "del", "makecache", "info"})
UPGRADING = frozenset({"update", "upgrade", "dist-upgrade", "full-upgrade", "distro-sync"})
LISTS = frozenset({"apt-get", "apt", "apk"})
"""Package managers whose `update` fetches lists; that of the others upgrades."""
TEXTS = (".txt", ".in")
LANGUAGES = frozenset({"pip", "uv", "poetry", "pipenv", "npm", "yarn", "pnpm", "bun", "composer", "gem", "bundle"})
ONLY_DOWNLOAD = {"go": ("mod", "download"), "cargo": ("fetch",)}
"""Commands that run nothing of the project nor of what they fetch."""


READING_ALL = ("${!", "/environ")
"""What in a body reads variables that it does not name."""
MOVING = ("git+", "git://", "git@", "github:", "gitlab:", "bitbucket:", "https://", "http://")
"""How an operand begins that names a repository or an address, of which there may be something new."""
INDEXES = frozenset("-i --index-url --extra-index-url --registry --trusted-host --proxy --repository".split())
"""Options in front of an address where packages are looked up by name."""
TOOLS = frozenset({"pip", "setuptools", "wheel", "pipenv", "poetry", "uv", "npm", "pnpm", "yarn", "corepack"})
"""What is brought up to date before an install, not for its own sake."""


class Passing(NamedTuple):
    """What a RUN that does not name some stamps has to do with them: nothing, unless there is a `reason`.

    `trusted` names what is not certain. `installs` marks an install worth keeping, `telling` a reason worth a word.
    """

    run: Run
    installs: bool = False
    trusted: str = ""
    reason: str = ""
    telling: bool = False


def passing(file: Dockerfile, run: Run, names: set[str]) -> Passing:
    """Whether a RUN does the same without the variables."""
    if run.opaque or not run.calls or any(mark in run.shell_text for mark in READING_ALL):
        return Passing(run, reason=run.opaque or "its commands are not understood")
    if any(isinstance(one, Compound) and one.kind == "function" for one in commands(run.script)):
        return Passing(run, reason="it defines a function")
    installs, trusted = False, ""
    for call in run.calls:
        if _is_plain(call):
            continue
        found = _of_packages(run, call, names) if call.name in SYSTEM_MANAGERS else _of_language(file, run, call, names)
        if found.reason:
            return found
        installs = installs or found.installs
        trusted = trusted or found.trusted
    return Passing(run, installs, trusted)


def _is_plain(call: Call) -> bool:
    if (call.words[0].value or "").rpartition("/")[0] not in SYSTEM_FOLDERS:
        return False
    if call.name == "set":
        return bool(call.values) and {value or "$" for value in call.values} <= STRICTNESS
    if call.name == "dpkg":
        return call.values[:1] in (("--add-architecture",), ("--print-architecture",), ("-l",), ("-s",))
    if call.name == "find":
        return not any(value is None or value.startswith(("-exec", "-ok")) for value in call.values)
    return call.name in PLAIN


def _of_packages(run: Run, call: Call, names: set[str]) -> Passing:
    """System packages: their scripts are the distribution's."""
    reading = read(call)
    values = [value for value in call.values if value and not value.startswith("-")]
    subcommand = reading.subcommand if reading else next(iter(values), None)
    known = subcommand in INSTALLING | QUIET or (subcommand == "update" and call.name in LISTS)
    if not known or (call.name == "apk" and call.has("-u", "--upgrade")):
        reason = f"{call.name} {subcommand or ''} below may be meant to run at every build"
        return Passing(run, reason=reason, telling=known or subcommand in UPGRADING)
    if any(value.startswith((".", "/")) or value.endswith(LOCAL_PACKAGES) for value in values):
        return Passing(run, reason=f"{call.name} installs a package whose scripts are not the distribution's")
    general = sorted(name for name in names if not is_specific(name))
    trusted = f"the scripts of system packages read no variable {general[0]}" if general else ""
    return Passing(run, subcommand in INSTALLING, trusted if subcommand in INSTALLING else "")


def _may_bring_news(call: Call) -> bool:
    """Whether a command installs what is the newest, or what a repository holds."""
    names = [word for word in call.values[1:] if word and not word.startswith("-")]
    if call.has("-U", "--upgrade") and not TOOLS.issuperset(names):
        return True
    before = (None, *call.values)
    operands = [value or "" for value, option in zip(call.values, before, strict=False) if option not in INDEXES]
    return any(word.startswith(MOVING) or "git+" in word or _is_hosted(word) for word in operands)


def _is_hosted(word: str) -> bool:
    """Whether npm takes a word for a repository on GitHub."""
    owner, slash, name = word.partition("/")
    return bool(slash and name and "/" not in name) and not owner.startswith(("@", ".", "-", "~")) and owner != ""


def _of_language(file: Dockerfile, run: Run, call: Call, names: set[str]) -> Passing:
    """Packages of a language: the project's own scripts are looked up, those of packages from an index are trusted."""
    name = call.name or ""
    if name in ONLY_DOWNLOAD and call.values[: len(ONLY_DOWNLOAD[name])] == ONLY_DOWNLOAD[name]:
        return Passing(run, installs=True)
    reading = read(call)
    program = reading.program if reading else name
    if program not in LANGUAGES or call.wrapper:
        return Passing(run, reason=f"{name or 'a command'} may read the variables that are set")
    if file.context is None or any(run.calls_of("cd")):
        files = CopiedFiles(MemoryContext({}), {})
    else:
        files = files_before(file, run)
    needs = call_needs(call, Place(run.state.folder, files, {**run.state.arguments, **run.state.environment}))
    if needs.obstacle:
        return Passing(run, reason=needs.obstacle)
    if _may_bring_news(call) or any("git+" in (files.text(path) or "") for path in needs.reads if path.endswith(TEXTS)):
        return Passing(run, reason=f"{program} below may be meant to run at every build", telling=True)
    if not needs.installs and not needs.reads:
        return Passing(run)
    general = next((one for one in sorted(names) if not is_specific(one)), "")
    if general:
        reason = f"programs that build packages below may read a variable of so general a name as {general}"
        return Passing(run, reason=reason, telling=True)
    sign = next((one for one in sorted(names) if tells_of_ci(one)), "")
    if sign:
        return Passing(run, reason=f"{program} below may take {sign} for a sign that it runs in CI", telling=True)
    return Passing(run, installs=True, trusted=f"no install script of a package reads {min(names)}")
