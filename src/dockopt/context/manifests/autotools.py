"""An Autotools project that can be read without running it: the programs it makes, and where it installs.

What `configure` finds in the system is not asked: a build can only link what is there.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.tree import Context

PRIMARY = re.compile(r"(?m)^(?:dist_|nodist_|nobase_)*(bin|sbin|libexec|noinst|check)_PROGRAMS[ \t]*\+?=(.*)$")
SCRIPTS = re.compile(r"(?m)^(?!\w*noinst_|\w*check_|EXTRA_)(\w+_(?:SCRIPTS|PYTHON|JAVA|LISP))[ \t]*\+?=[ \t]*\S")
OUTSIDE = re.compile(r"(?m)^(\w+dir)[ \t]*=[ \t]*/")
HOOK = re.compile(r"(?m)^(install-(?:exec|data)-(?:hook|local)|install-exec|install-data|install)[ \t]*:")
LIBTOOL = re.compile(r"(?m)^\s*(?:LT_INIT|AC_PROG_LIBTOOL|AM_PROG_LIBTOOL)\b")
PREFIX = re.compile(r"(?m)^\s*AC_PREFIX_DEFAULT\b")


class Program(NamedTuple):
    """`folder` is below the build folder; `place` below the prefix, "" for a program that is not installed."""

    name: str
    folder: str
    place: str


class AutotoolsProject(NamedTuple):
    """`wraps` says that programs in the build folder may be scripts of libtool's."""

    programs: tuple[Program, ...] = ()
    wraps: bool = False
    problem: str = ""


def read(context: Context, folder: str) -> AutotoolsProject:
    """The project whose configure.ac is in a folder of the context."""
    inside = f"{folder}/" if folder else ""
    settings = next((text for name in ("configure.ac", "configure.in") if (text := context.read(inside + name))), "")
    if not settings:
        return AutotoolsProject(problem="configure.ac is not in the build context where configure works")
    settings = re.sub(r"(?m)(^|\s)(?:dnl|#)[^\n]*", "", settings)
    if PREFIX.search(settings):
        return AutotoolsProject(problem=f"{inside}configure.ac sets another prefix")
    paths = sorted(path for path in context.files if path.startswith(inside) and path.endswith("Makefile.am"))
    if not paths:
        return AutotoolsProject(problem="no Makefile.am is in the build context where configure works")
    programs: list[Program] = []
    for path in paths:
        text = _joined(context.read(path) or "")
        problem = _problem(text, path)
        if problem:
            return AutotoolsProject(problem=problem)
        programs += _programs(text, path.removeprefix(inside).rpartition("/")[0])
    return AutotoolsProject(tuple(programs), bool(LIBTOOL.search(settings)))


def _joined(text: str) -> str:
    return re.sub(r"(?m)^#.*$", "", text.replace("\\\n", " "))


def _problem(text: str, path: str) -> str:
    if hook := HOOK.search(text):
        return f"{path} has a rule {hook[1]} of its own"
    if scripts := SCRIPTS.search(text):
        return f"{path} installs {scripts[1]}, and what they call is not read"
    if outside := OUTSIDE.search(text):
        return f"{path} installs to {outside[1]}, which is not below the prefix"
    return ""


def _programs(text: str, folder: str) -> Iterator[Program]:
    for kind, names in PRIMARY.findall(text):
        for name in names.split():
            if "$" not in name and "@" not in name and kind != "check":
                yield Program(name.rpartition("/")[2], folder, "" if kind == "noinst" else kind)
