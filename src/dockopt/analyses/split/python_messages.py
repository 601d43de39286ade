"""Whether anything compiles message catalogues in the container: otherwise gettext is for developers."""

from collections.abc import Iterable

from dockopt.context.tree import Context

GETTEXT = "gettext"
PROGRAMS = ("gettext", "ngettext", "envsubst")
"""Programs of gettext and of gettext-base, on which it depends, whose names mean other things in sources."""
NAMES = (
    *("compilemessages", "makemessages", "msgfmt", "msgmerge", "msguniq", "msgattrib", "msgcat", "msginit", "msgconv"),
    *("xgettext", "envsubst", "gettext.sh", "compile_translations"),
)
"""What texts say that call them, or Django's commands that do."""
CALLERS = frozenset({"weblate", "pontoon", "pootle", "translate-toolkit"})
"""Python packages that call them. Source: their documentation."""
TEXTS = (".py", ".sh", ".bash", ".toml", ".cfg", ".ini", ".json", ".yml", ".yaml", ".conf", ".txt", ".mk")


def compiles_messages(
    context: Context, paths: Iterable[str], texts: Iterable[str], called: Iterable[str], packages: Iterable[str]
) -> bool:
    """Whether something may: the files at `paths`, texts of the file, programs that are called, Python packages."""
    if {*called} & {*PROGRAMS} or {*packages} & CALLERS:
        return True
    known = {*paths}
    if any(path.endswith(".po") and f"{path.removesuffix('.po')}.mo" not in known for path in known):
        return True
    read = (context.read(path) or "" for path in known if path.endswith(TEXTS) or "." not in path.rpartition("/")[2])
    return any(name in text for text in (*texts, *read) for name in NAMES)
