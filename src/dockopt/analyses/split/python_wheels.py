"""What compiles in a Python stage though no requirement says so: settings of pip, uv, Poetry, and scripts of RUNs."""

import re
from collections.abc import Mapping

from dockopt.analyses.split.family import family
from dockopt.analyses.split.needs import image_files
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.words import read
from dockopt.context.tree import Context
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.words import parse_name_values

FROM_SOURCE = re.compile(r"no[-_]binary", re.IGNORECASE)
"""pip's, uv's and Poetry's word, in options, variables and settings alike."""
SETTINGS_FILES = ("pip.conf", "uv.toml", "poetry.toml", "pyproject.toml")
ELSEWHERE_KEYS = frozenset({"target", "prefix", "root", "user", "python", "no-build-isolation"})
"""Settings of pip that install into another place than the Python that runs it."""
MAKES_EXTENSIONS = re.compile(
    r"\b(?:setuptools|distutils|cffi|cythonize|Cython|pyximport|pybind11|f2py|pycc|mypyc|nuitka|load_inline)\b"
)
"""Words of scripts that call a compiler."""
COMPILING = frozenset({"build", "cython", "f2py", "mypyc", "nuitka", "pycc", "setuptools"})
"""Modules that call one when Python runs them."""


def check_settings(file: Dockerfile, stage: Stage) -> None:
    """Raise NotSplit where a setting makes packages be built from source, or be installed elsewhere."""
    for member in family(file, stage):
        files = image_files(file, member)
        for step in member.steps:
            if step.keyword != "LABEL" and FROM_SOURCE.search(step.text):
                raise NotSplit("packages are built from source, whatever wheels they have", step)
            if isinstance(step, Run) and not step.opaque:
                _check_config(step)
            elif step.keyword == "ENV" and "PIP_CONFIG_FILE" in step.text:
                _check_named(file, step, files)
        for image, path in files.items():
            if image.rpartition("/")[2] in SETTINGS_FILES:
                _check_file(file.context, path)


def _check_config(run: Run) -> None:
    for call in run.calls:
        reading = read(call)
        if reading is None or reading.program != "pip" or reading.subcommand != "config":
            continue
        named = {(word or "").rpartition(".")[2].partition("=")[0] for word in call.values}
        if None in call.values or named & ELSEWHERE_KEYS:
            raise NotSplit("pip config sets where packages are installed", run)


def _check_named(file: Dockerfile, step: Step, files: Mapping[str, str]) -> None:
    named = {pair.name: pair.value for pair in parse_name_values(step.text)}
    path = files.get(step.state.expand(named.get("PIP_CONFIG_FILE") or "") or "")
    if path is None:
        raise NotSplit("PIP_CONFIG_FILE names settings that are not in the build context", step)
    _check_file(file.context, path)


def _check_file(context: Context | None, path: str) -> None:
    text = context.read(path) if context is not None else None
    if text is None:
        raise NotSplit(f"{path} cannot be read")
    lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith(("#", ";"))]
    if any(FROM_SOURCE.match(line) for line in lines):
        raise NotSplit(f"{path} asks for builds from source")
    if path.endswith(".conf") and ELSEWHERE_KEYS & {line.partition("=")[0].strip() for line in lines}:
        raise NotSplit(f"{path} says where packages are installed")


def compiling(run: Run, files: Mapping[str, str], context: Context) -> str:
    """What a RUN of Python's may compile, "" where it only runs sources that call no compiler."""
    for call in run.calls:
        if (call.name or "").startswith("python") and (found := _compiled(call, run, files, context)):
            return found
    return ""


def _compiled(call: Call, run: Run, files: Mapping[str, str], context: Context) -> str:
    values = list(call.values)
    while values and values[0] in ("-u", "-B", "-O", "-OO", "-I", "-E", "-s", "-S"):
        values = values[1:]
    first, second = (*values, "", "")[:2]
    if first == "-m":
        return f"python -m {second}" if second is None or {second, second.split(".")[-1]} & COMPILING else ""
    if first == "-c":
        return "python -c" if second is None or MAKES_EXTENSIONS.search(second) else ""
    if first is None or not first.endswith(".py"):
        return ""
    path = files.get(joined(run.state.folder, first) or "")
    text = (context.read(path) if path else None) or ""
    return first if first.rpartition("/")[2] == "setup.py" or MAKES_EXTENSIONS.search(text) else ""
