"""What a `setup.py` reads while it builds: the files it opens and the modules of its own project that it imports.

It is read, never run.  Package folders are not listed here: a build packs them whatever it opens.
"""

from typing import NamedTuple

from dockopt.context.glob import clean
from dockopt.context.python_source import imported_modules
from dockopt.context.tree import Context

BY_CONVENTION = ("setup.cfg", "MANIFEST.in", "pyproject.toml")


class SetupReads(NamedTuple):
    """`files` are context paths; `dynamic` says that there may be others, or that the build runs programs."""

    files: tuple[str, ...]
    dynamic: bool
    problems: tuple[str, ...] = ()


def setup_py_reads(context: Context, path: str = "setup.py") -> SetupReads:
    """The files that a build of this project reads besides its packages."""
    folder = path.rpartition("/")[0]
    prefix = folder + "/" if folder else ""
    text = context.read(path)
    if text is None:
        return SetupReads((), dynamic=True, problems=(f"{path} is not in the build context or cannot be read",))
    names = _opened(text)
    if names is None:
        return SetupReads((path,), dynamic=True, problems=(f"{path} is not Python that can be parsed",))
    opened, dynamic = names
    found = [path, *(prefix + name for name in BY_CONVENTION if context.has(prefix + name))]
    problems = []
    for name in opened:
        target = clean(prefix + name)
        if context.has(target):
            found.append(target)
        else:
            problems.append(f"{path}: {name} is not in the build context")
    for module in sorted(imported_modules(text)):
        found.extend(file for file in (f"{prefix}{module}.py", f"{prefix}{module}/__init__.py") if context.has(file))
    return SetupReads(tuple(dict.fromkeys(found)), dynamic, tuple(problems))


def _opened(text: str) -> tuple[list[str], bool] | None:
    if not any(word in text for word in ("open", "Path", "read", "exec", "subprocess", "os.", "import")):
        return [], False
    from libcst import CSTValidationError, ParserSyntaxError  # noqa: PLC0415 - slow to import, only where a setup.py is looked at

    from dockopt.context.setup_calls import find_opened  # noqa: PLC0415

    try:
        return find_opened(text)
    except (ParserSyntaxError, CSTValidationError, RecursionError, ValueError):
        return None
