"""Commands that neither read nor write files of the application: system package managers, messages, removed caches.

Whatever is not known here may do either.
"""

from dockopt.analyses.install_needs import NOTHING, Needs, Place, blocked, words
from dockopt.analyses.words import Reading
from dockopt.model.commands import Call

SYSTEM_MANAGERS = frozenset({"apt-get", "apt", "apk", "yum", "dnf", "microdnf"})
SUBCOMMANDS = words(
    "update upgrade dist-upgrade full-upgrade install add del clean autoclean autoremove remove purge"
    " makecache check-update info groupinstall"
)
FILE_OPTIONS = frozenset(
    {"-c", "--config-file", "--root", "-p", "--keys-dir", "--cache-dir", "--installroot", "--config"}
)
PATHS_IN_OPTIONS = ("=/", ",/", "=./", "=../", '="/', "='/", "file:")
LOCAL_PACKAGES = (".deb", ".apk", ".rpm")
VALUE_BUILTINS = frozenset(
    {"echo", "printf", "true", ":", "pwd", "whoami", "id", "uname", "date", "hash", "nproc", "arch"}
)
STRICTNESS = frozenset(
    {"-e", "-x", "-u", "-ex", "-eux", "-xe", "-eu", "-euo", "-o", "-exo", "-euxo", "pipefail", "errexit"}
)
TEMPORARY = ("/tmp/", "/var/tmp/")  # noqa: S108 - in the image
REMOVED = (
    "/var/lib/apt/",
    "/var/cache/",
    *TEMPORARY,
    "/root/.cache",
    "/root/.npm",
    "/usr/share/doc",
    "/usr/local/bundle/cache",
)
SERVED = "/var/www/"
HOME_CACHES = ("~/.cache", "~/.npm", "$HOME/.cache", "$HOME/.npm")
COMPARISONS = frozenset({"=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
SED_OPTIONS = frozenset({"-i", "-E", "-r", "-ri", "-Ei", "--in-place", "--regexp-extended"})
HARMLESS_VARIABLES = frozenset({"DEBIAN_FRONTEND", "LANG", "LC_ALL", "TZ"})


def bystander_needs(call: Call, reading: Reading | None, place: Place) -> Needs:
    """The needs of a command that installs nothing from the copied files."""
    name = call.name or ""
    if name in SYSTEM_MANAGERS:
        served = any(path.startswith(SERVED) for path in place.files.places)
        return blocked(f"{name} may install files to {SERVED}") if served else _system(name, call, reading)
    harmless = (
        name in VALUE_BUILTINS
        or (name == "set" and {value or "$" for value in call.values} <= STRICTNESS)
        or (name == "rm" and removes_caches(call, place))
        or (name in ("[", "test") and _compares(call))
        or (name == "mkdir" and _makes_other_folders(call, place))
        or (name == "corepack" and call.values[:1] in (("enable",), ("disable",)))
        or (name == "export" and all(word.text.partition("=")[0] in HARMLESS_VARIABLES for word in call.arguments))
    )
    if harmless:
        return NOTHING
    if name == "sed":
        return _sed(call, place)
    if name == "rm" and _absent(call, place):
        return Needs(fills=_absent(call, place))
    if name.startswith("python") and call.values[:2] == ("-m", "venv") and len(call.values) == 3:
        folder = place.path(call.values[2])
        return Needs(fills=(folder,)) if folder else blocked("where the virtual environment goes is not known")
    if name == "gem" and call.values[:1] in (("install",), ("update",)):
        return _gem(call)
    return blocked(f"{name or 'a command'} may read the copied files")


def _compares(call: Call) -> bool:
    """Whether a test looks at texts and numbers alone, not at files."""
    operands = call.values[:-1] if call.name == "[" else call.values
    if any(word.glob for word in call.arguments):
        return False
    two = len(operands) == 2 and operands[0] in ("-z", "-n")
    return two or (len(operands) == 3 and operands[1] in COMPARISONS)


def _sed(call: Call, place: Place) -> Needs:
    """Substitutions in files that are named by where they are."""
    operands = [word for word in call.arguments if word.value not in SED_OPTIONS]
    script, *files = operands or (None,)
    paths = [None if word.glob else place.path(word.value) for word in files]
    found = tuple(path for path in paths if path)
    if script is None or not _substitutes(script.value or "") or not found or len(found) != len(paths):
        return blocked("sed may read the copied files")
    return Needs(fills=found)


def _substitutes(script: str) -> bool:
    """Whether a script of sed is one `s` command that neither runs anything nor writes to another file."""
    mark = script[1:2]
    if script[:1] != "s" or not mark or mark.isalnum() or mark in "\\ \n":
        return False
    parts = script.replace("\\\\", "").replace(f"\\{mark}", "").split(mark)
    return len(parts) == 4 and set(parts[3]) <= set("gIip0123456789")


def _system(name: str, call: Call, reading: Reading | None) -> Needs:
    subcommand = reading.subcommand if reading else next((v for v in call.values if v and not v.startswith("-")), None)
    if subcommand not in SUBCOMMANDS:
        return blocked(f"{name} {subcommand or ''} may read the copied files")
    if reading and any(option.name in FILE_OPTIONS for option in reading.options):
        return blocked(f"{name} reads a file")
    for word in call.arguments:
        path = word.value or word.text
        if word.value is None and path.lstrip('"').startswith(("$", "`")):
            return blocked(f"{name} installs {path}, which may name a copied file")
        local = path.startswith((".", "/", "~")) or path.endswith(LOCAL_PACKAGES) or "*" in path.partition("=")[0]
        if local and "://" not in path and not path.startswith("-"):
            return blocked(f"{name} installs {path}, which may be a copied file")
        if any(mark in path for mark in PATHS_IN_OPTIONS):
            return blocked(f"{name} may read copied files: {path}")
    return Needs(installs=True)


def _gem(call: Call) -> Needs:
    local = [value for value in call.values if value is None or "/" in value or value.endswith(".gem") or value == "-g"]
    return blocked("gem installs what may be a copied file") if local else Needs(installs=True)


def removes_caches(call: Call, place: Place) -> bool:
    paths = [word.text.strip("\"'") for word in call.arguments if not word.text.startswith("-")]
    plain = [path for path in paths if ".." not in path]
    known = all(path.startswith(HOME_CACHES) or path.startswith(REMOVED) for path in plain)
    return known and len(plain) == len(paths) and not any(path.startswith(REMOVED) for path in place.files.places)


def _absent(call: Call, place: Place) -> tuple[str, ...]:
    """The paths that a command removes, if all are named plainly and nothing of them was or will be copied.

    What is not in this build context may well be in another checkout: only `.dockerignore` keeps it out of all.
    """
    words = [word for word in call.arguments if not word.text.startswith("-")]
    paths = [None if word.glob else place.path(word.value) for word in words]
    known = [path for path in paths if path is not None and place.files.never_copied(path)]
    return tuple(known) if len(known) == len(words) else ()


def _makes_other_folders(call: Call, place: Place) -> bool:
    names = [value for value in call.values if value is None or not value.startswith("-")]
    paths = [place.path(name) for name in names]
    return call.has("-p") and all(path is not None and not place.files.any_below(path) for path in paths)
