"""What a Python source of the build context needs at run time: modules, programs, shared libraries, files.

A source is read, never imported or run.  Most files neither run programs nor load libraries, which a look at their
words tells; only the others are parsed.  Where a name is not written out, the result says that there may be more.
"""

from typing import NamedTuple

from dockopt.context.tree import Context

MATTERS = (
    r"subprocess|\bpopen|\.system\b|ctypes|dlopen|find_library|LoadLibrary|\bgetattr\(\s*_?os\b|"
    r"\b(?:system|which|find_executable|exec[lv]p?e?|spawn\w*|posix_spawnp?)\s*\(|\bpty\.|\bos\.(?:exec|spawn|posix_)|"
    r"\bimport\b[^\n#]*\b(?:system|which|exec[lv]p?e?|spawn\w*|posix_spawnp?)\b|\bfrom\s+(?:os|shutil|pty|asyncio)\s+import\s*[*(]"
)
IMPORT = r"(?m)(?:^|[;:])[ \t]*(?:import[ \t]+([\w., \t]+)|from[ \t]+([\w.]+)[ \t]+import\b)"
DYNAMIC_IMPORT = r"\b(?:__import__|import_module|import_string|load_module|exec|runpy)\b"
OPENED = r"""\b(?:open|Path|read_text|read_csv|load)\(\s*[rb]?(?:"([^"\n{}]+)"|'([^'\n{}]+)')"""
PARSED_AT_MOST = 500_000
RUNNER_MODULES = frozenset(
    ("sh", "plumbum", "pexpect", "invoke", "fabric", "envoy", "delegator", "sarge", "ptyprocess")
)


class PythonSource(NamedTuple):
    """What one source names. `imports` are top-level modules, relative imports as "".

    `commands` are programs as written, or by first word where a shell gets a text; `libraries` are shared libraries
    as given to ctypes or cffi. The `dynamic_` flags say that there may be others. `opens` are literal file names.
    """

    path: str
    imports: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()
    opens: frozenset[str] = frozenset()
    dynamic_imports: bool = False
    dynamic_commands: bool = False
    dynamic_libraries: bool = False
    problems: tuple[str, ...] = ()


def is_python(context: Context, path: str) -> bool:
    """Whether a file is Python: by its name, or by its first line where the name has no ending."""
    if path.endswith((".py", ".pyw")):
        return True
    first = "" if "." in path.rpartition("/")[2] else (context.read(path) or "").partition("\n")[0]
    return first.startswith("#!") and "python" in first


def scan(context: Context, path: str) -> PythonSource:
    """What a Python file of the context needs."""
    import re  # noqa: PLC0415 - only where a source is read

    text = context.read(path)
    if text is None:
        return _unknown(path, "is not in the build context or cannot be read")
    imports = imported_modules(text)
    source = PythonSource(
        path,
        imports,
        opens=frozenset(double or single for double, single in re.findall(OPENED, text)),
        dynamic_imports=re.search(DYNAMIC_IMPORT, text) is not None,
        dynamic_commands=bool(imports & RUNNER_MODULES),
    )
    if not re.search(MATTERS, text):
        return source
    if len(text) > PARSED_AT_MOST:
        return _unknown(path, "is too large to be parsed", imports)
    return _parsed(source, text)


def imported_modules(text: str) -> frozenset[str]:
    """Top-level modules of every import statement, and of lines in texts that look like one; "" for relative ones."""
    import re  # noqa: PLC0415

    found: set[str] = set()
    for several, one in re.findall(IMPORT, text.replace("\\\n", " ")):
        if one:
            found.add(one.partition(".")[0])
        for name in several.split(","):
            top = name.strip().partition(" ")[0].partition(".")[0]
            if top.isidentifier():
                found.add(top)
    return frozenset(found)


def _parsed(source: PythonSource, text: str) -> PythonSource:
    from libcst import CSTValidationError, ParserSyntaxError  # noqa: PLC0415 - slow to import, only where a source matters

    from dockopt.context.python_calls import find_calls  # noqa: PLC0415

    try:
        calls = find_calls(text)
    except (ParserSyntaxError, CSTValidationError, RecursionError, ValueError):
        return _unknown(source.path, "is not Python that can be parsed", source.imports)
    return source._replace(
        commands=calls.commands,
        libraries=calls.libraries,
        dynamic_commands=source.dynamic_commands or calls.dynamic_commands,
        dynamic_libraries=calls.dynamic_libraries,
    )


def _unknown(path: str, problem: str, imports: frozenset[str] = frozenset()) -> PythonSource:
    return PythonSource(
        path,
        imports,
        dynamic_imports=True,
        dynamic_commands=True,
        dynamic_libraries=True,
        problems=(f"{path} {problem}",),
    )
