"""What the commands of a RUN add to its layer, one program at a time. Unknown programs get a wide range."""

from collections.abc import Callable
from itertools import pairwise

from dockopt.analyses.words import read
from dockopt.estimate.contributions import sometimes
from dockopt.estimate.debian import apt
from dockopt.estimate.node import node
from dockopt.estimate.python import conda, pip, project_manager, venv
from dockopt.estimate.work import Work
from dockopt.knowledge.language_sizes import alpine_size
from dockopt.knowledge.ranges import NOTHING, Range
from dockopt.model.commands import Call

UNKNOWN = Range(0, 1_000_000, 200_000_000)
DOWNLOAD = Range(0, 15_000_000, 500_000_000)
CLONE = Range(100_000, 20_000_000, 500_000_000)
SMALL = Range(0, 20_000, 2_000_000)
APK_INDEX = Range(1_500_000, 2_600_000, 6_000_000)
RPM_CACHE = Range(10_000_000, 90_000_000, 350_000_000)
RPM_PACKAGE = Range(200_000, 18_000_000, 200_000_000)
NOTHING_LEFT = frozenset(
    (
        *("echo", "printf", "true", "false", "test", "[", "[[", "set", "export", "unset", ":", "exit"),
        *("sleep", "ls", "cat", "head", "tail", "grep", "egrep", "fgrep", "awk", "cut", "tr", "sort", "uniq"),
        *("wc", "which", "rmdir", "useradd", "groupadd", "adduser"),
        *("addgroup", "usermod", "chsh", "groupmod", "passwd", "chpasswd", "userdel", "groupdel", "id"),
        *("whoami", "uname", "date", "basename", "pwd", "dirname", "readlink", "realpath", "expr", "seq"),
        *("type", "command", "hash", "ulimit", "umask", "eval", "read", "shift", "local"),
        *("return", "trap", "wait", "kill", "env", "dpkg", "dpkg-query", "arch", "sha256sum", "sha512sum"),
        *("sha1sum", "md5sum", "gpg", "gpgconf", "apt-key", "lsb_release", "nproc", "xargs", "apt-mark"),
        *("update-alternatives", "ldconfig", "update-rc.d", "systemctl", "service", "apt-config"),
        *("dpkg-architecture", "dpkg-divert", "debconf-set-selections", "mktemp", "yes", "a2enmod"),
        *("a2ensite", "a2dismod", "docker-php-ext-enable", "docker-php-ext-configure", "phpize", "ldd"),
        *("getconf", "ssh-add", "ssh-keyscan", "apt-add-repository", "update-ca-trust", "break", "continue"),
        *("java", "gosu", "tini", "openssl", "envsubst", "tee", "getent", "timeout"),
        *("stat", "du", "df", "file", "ps", "diff", "cmp", "add-apt-repository", "apt-cache"),
        *("locale-gen", "update-ca-certificates", "localedef"),
    )
)
"""Programs whose traces in a layer are small or counted elsewhere."""
FILE_COMMANDS = (
    *("chown", "chgrp", "chmod", "touch", "ln", "strip", "patch", "setcap", "truncate", "fallocate", "sed", "perl"),
    *("mv", "cp", "install", "rsync", "mkdir", "dd", "find"),
)
"""Programs that `file_commands` follows."""


def follow(call: Call, work: Work) -> None:
    """Add what one command leaves to the layer, or take away what it removes."""
    before = frozenset() if call.top else frozenset(map(id, work.pieces))
    name = call.name or ""
    handler = HANDLERS.get(name) or _by_prefix(name, call)
    if handler:
        handler(call, work)
    elif name not in NOTHING_LEFT:
        work.add(("run", text_of(call)), UNKNOWN, "commands of which nothing is known")
    if (call.redirects and name not in ("curl", "wget")) or name == "tee":
        from dockopt.estimate.redirects import written  # noqa: PLC0415 - where output goes to a file

        written(call, work)
    if not call.top:
        work.pieces = [piece if id(piece) in before else sometimes(piece) for piece in work.pieces]


def text_of(call: Call) -> str:
    return " ".join(word.text for word in call.words)


def _by_prefix(name: str, call: Call) -> "Handler | None":
    if name.startswith("pip") and read(call):
        return pip
    if name.startswith("python"):
        if read(call):
            return pip
        return venv if call.has("venv", "virtualenv") else _python
    return None


def _python(call: Call, work: Work) -> None:
    if call.has("--version", "-V", "-c"):
        return
    work.add(("run", text_of(call)), UNKNOWN, "commands of which nothing is known")


def _files(call: Call, work: Work) -> None:
    from dockopt.estimate.file_commands import COMMANDS  # noqa: PLC0415 - where a command works on files

    COMMANDS[call.name or ""](call, work)


def _extract(call: Call, work: Work) -> None:
    from dockopt.estimate.unpacking import extract  # noqa: PLC0415 - where something is unpacked

    extract(call, work)


def _remove(call: Call, work: Work) -> None:
    work.remove(word.text for word in call.arguments if not word.text.startswith("-"))


def _change_folder(call: Call, work: Work) -> None:
    target = call.values[0] if call.values else "~"
    if call.top:
        from dockopt.model.state import joined  # noqa: PLC0415 - cheap, and seldom needed

        work.folder = joined(work.folder, target)


def _source(call: Call, work: Work) -> None:
    """`. DIR/bin/activate` makes a Python environment the active one."""
    script = call.values[0] if call.values else None
    if script and script.endswith("/bin/activate"):
        work.environment = script.removesuffix("/bin/activate")


def _download(call: Call, work: Work) -> None:
    address = next((word.text for word in call.arguments if "://" in word.text), "")
    target = _output(call, address)
    target = target or _redirected(call)
    kept = target is not None or call.is_("wget") or call.has("-O", "--remote-name") or _short(call, "O")
    if not address or not kept or target in ("-", "/dev/null"):
        return
    path = work.place(target or address.rpartition("/")[2])
    work.add(("download", address), DOWNLOAD, "downloads of unknown size", path)


def _output(call: Call, address: str) -> str | None:
    """The file that `-o` or `-O` names; for curl, -O takes the name from the address."""
    words = [word.text for word in call.arguments]
    for option, word in pairwise(words):
        short = option.startswith("-") and not option.startswith("--")
        if option in ("--output", "--output-document") or (short and option.endswith("o" if call.is_("curl") else "O")):
            return word if word != address else None
    return None


def _redirected(call: Call) -> str | None:
    """The file that the output goes to."""
    return next((one.target.text for one in call.redirects if one.operator in (">", ">>") and one.target), None)


def _short(call: Call, letter: str) -> bool:
    return any(w.text.startswith("-") and not w.text.startswith("--") and letter in w.text for w in call.arguments)


def _clone(call: Call, work: Work) -> None:
    if not call.has("clone"):
        return
    operands = [word.text for word in call.arguments if not word.text.startswith("-") and word.text != "clone"]
    address = next((word for word in operands if ":" in word or "/" in word), "")
    after = operands[operands.index(address) + 1 :] if address else []
    folder = after[0] if after else address.rstrip("/").rpartition("/")[2].removesuffix(".git")
    work.add(("clone", address), CLONE, "repositories of unknown size", work.place(folder))


def _apk(call: Call, work: Work) -> None:
    reading = read(call)
    if reading is None:
        return
    cached = reading.option("--no-cache") is None
    with_index = work.has("apk index")
    if cached and (reading.subcommand == "update" or reading.option("--update", "-U", "--update-cache", "-u")):
        work.add(("apk index",), NOTHING if with_index else APK_INDEX, "package index of Alpine", "/var/cache/apk")
    elif cached and reading.subcommand == "add" and not with_index:
        work.add(("apk index",), Range(0, *APK_INDEX[1:]), "package index of Alpine", "/var/cache/apk")
    if reading.subcommand == "add":
        group = next((value for value in reading.values("-t", "--virtual") if value), "")
        for word in reading.operands:
            name = word.text.partition("=")[0].partition("~")[0].partition(">")[0].partition("@")[0]
            size, basis = alpine_size(name)
            work.add(("apk", name), size, basis, "", f"apk:{group or name}")
    elif reading.subcommand == "del":
        gone = {f"apk:{word.text}" for word in reading.operands}
        work.drop(lambda piece: piece.group in gone)


def _rpm(call: Call, work: Work) -> None:
    if call.has("clean"):
        work.remove(["/var/cache/yum", "/var/cache/dnf"])
        return
    operands = [word.text for word in call.arguments if not word.text.startswith("-")]
    if operands[:1] in (["install"], ["localinstall"], ["groupinstall"], ["reinstall"]):
        for name in operands[1:]:
            work.add(("rpm", name), RPM_PACKAGE, "packages not in a package index", "", f"rpm:{name}")
    elif operands[:1] in (["update"], ["upgrade"]):
        work.add(("rpm upgrade",), Range(0, 60_000_000, 400_000_000), "an upgrade depends on the age of the base image")
    elif operands[:1] != ["makecache"]:
        return
    if not work.has("rpm cache"):
        work.add(("rpm cache",), RPM_CACHE, "caches of yum and dnf", "/var/cache/dnf")


def _go(call: Call, work: Work) -> None:
    from dockopt.estimate.languages.go import go  # noqa: PLC0415 - where Go builds

    go(call, work)


def _cargo(call: Call, work: Work) -> None:
    from dockopt.estimate.languages.rust import cargo  # noqa: PLC0415 - where cargo builds

    cargo(call, work)


def _gems(call: Call, work: Work) -> None:
    from dockopt.estimate.languages.ruby import bundle, gem  # noqa: PLC0415 - where gems are installed

    (bundle if call.is_("bundle") else gem)(call, work)


def _composer(call: Call, work: Work) -> None:
    from dockopt.estimate.languages.php import composer  # noqa: PLC0415 - where Composer installs

    composer(call, work)


def _builds(size: Range, basis: str, cache: Range = NOTHING, place: str = "") -> "Handler":
    def handler(call: Call, work: Work) -> None:
        if call.has("clean", "--version", "-version", "-v", "--help") and len(call.words) == 2:
            return
        work.add(("build", text_of(call)), size, basis, work.place("."))
        if cache.high:
            work.add(("build cache", text_of(call)), cache, basis, place)

    return handler


def _small(call: Call, work: Work) -> None:
    work.add(("run", text_of(call)), SMALL, "small files")


def _php_extensions(call: Call, work: Work) -> None:
    for word in call.arguments:
        if not word.text.startswith("-") and word.text not in ("install", "$(nproc)"):
            work.add(("php extension", word.text), Range(20_000, 1_200_000, 20_000_000), "PHP extensions")


Handler = Callable[[Call, Work], None]
_JAVA = Range(200_000, 30_000_000, 300_000_000)
_NATIVE = Range(0, 30_000_000, 1_000_000_000)
_STORE = Range(10_000_000, 130_000_000, 800_000_000)
HANDLERS: dict[str, Handler] = {
    "apt-get": apt,
    "apt": apt,
    "aptitude": apt,
    "apk": _apk,
    **dict.fromkeys(("yum", "dnf", "microdnf", "tdnf", "zypper"), _rpm),
    **dict.fromkeys(("npm", "npx", "yarn", "pnpm"), node),
    **dict.fromkeys(("poetry", "uv", "pipenv", "pdm", "hatch"), project_manager),
    **dict.fromkeys(("conda", "mamba", "micromamba"), conda),
    "virtualenv": venv,
    **dict.fromkeys(FILE_COMMANDS, _files),
    "rm": _remove,
    "cd": _change_folder,
    ".": _source,
    "source": _source,
    "curl": _download,
    "wget": _download,
    **dict.fromkeys(("tar", "unzip", "bsdtar"), _extract),
    **dict.fromkeys(("git", "hg", "svn"), _clone),
    "go": _go,
    "cargo": _cargo,
    **dict.fromkeys(("mvn", "./mvnw", "mvnw"), _builds(_JAVA, "Java builds", _STORE, "~/.m2")),
    **dict.fromkeys(("gradle", "gradlew"), _builds(_JAVA, "Java builds", _STORE, "~/.gradle")),
    **dict.fromkeys(("bundle", "gem"), _gems),
    "composer": _composer,
    "dotnet": _builds(Range(0, 60_000_000, 600_000_000), ".NET builds", _STORE, "~/.nuget"),
    **dict.fromkeys(("make", "cmake", "ninja", "meson", "gcc", "g++", "cc"), _builds(_NATIVE, "native builds")),
    **dict.fromkeys(("docker-php-ext-install", "pecl", "pear"), _php_extensions),
    "configure": _small,
}
