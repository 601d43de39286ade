"""Calls in Python source that run programs or load shared libraries. Importing this module imports libcst.

Names are followed through imports and no further: whatever else a program name comes through makes it unknown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields

import libcst as cst

from dockopt.context.shell_text import RUNNERS, programs

ARGUMENT_LISTS = frozenset(
    ("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen")
)
SHELL_TEXTS = frozenset(
    (
        *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
        *("asyncio.create_subprocess_shell", "asyncio.subprocess.create_subprocess_shell"),
        *("commands.getoutput", "commands.getstatusoutput"),
    )
)
FIRST_ARGUMENT = frozenset(
    (
        *("os.execl", "os.execle", "os.execlp", "os.execlpe", "os.execv", "os.execve", "os.execvp", "os.execvpe"),
        *("os.posix_spawn", "os.posix_spawnp", "shutil.which", "asyncio.create_subprocess_exec", "pty.spawn"),
        *("asyncio.subprocess.create_subprocess_exec", "distutils.spawn.find_executable"),
    )
)
SECOND_ARGUMENT = frozenset(
    ("os.spawnl", "os.spawnle", "os.spawnlp", "os.spawnlpe", "os.spawnv", "os.spawnve", "os.spawnvp", "os.spawnvpe")
)
COMMANDS = ARGUMENT_LISTS | SHELL_TEXTS | FIRST_ARGUMENT | SECOND_ARGUMENT
LIBRARIES = frozenset(
    ("ctypes.CDLL", "ctypes.PyDLL", "ctypes.cdll.LoadLibrary", "ctypes.pydll.LoadLibrary", "ctypes.util.find_library")
)
TELLING_METHODS = frozenset(
    (
        *(
            "Popen",
            "check_output",
            "check_call",
            "create_subprocess_exec",
            "create_subprocess_shell",
            "execvp",
            "execv",
        ),
        *("subprocess_exec", "subprocess_shell", "getoutput", "getstatusoutput", "popen"),
    )
)
MODULES = frozenset(("os", "subprocess", "shutil", "pty", "commands", "ctypes", "ctypes.util", "asyncio"))


FORMATTING = (
    "whitespace",
    "lpar",
    "rpar",
    "comma",
    "semicolon",
    "leading_lines",
    "header",
    "footer",
    "lbracket",
    "equal",
)


class Calls:
    """What the calls of a module name. `names` says which local name stands for which module or member."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.commands: frozenset[str] = frozenset()
        self.libraries: frozenset[str] = frozenset()
        self.dynamic_commands = False
        self.dynamic_libraries = False
        self._called: set[cst.CSTNode] = set()

    def node(self, node: cst.CSTNode) -> None:
        """Take one node into account; a call comes before the function it calls."""
        match node:
            case cst.Call():
                self._call(node)
            case cst.Attribute():
                self._mentioned(node)
            case cst.Name() if node.value in self.names:
                self._mentioned(node)

    def star_import(self, module: str) -> None:
        if module in MODULES:
            self.dynamic_commands = self.dynamic_libraries = True

    def _call(self, node: cst.Call) -> None:
        self._called.add(node.func)
        name = self._full_name(node.func)
        if name in COMMANDS:
            self._command(name, node.args)
        elif name in LIBRARIES:
            self._library(node.args)
        elif name == "getattr" and node.args and self._full_name(node.args[0].value) in MODULES:
            self.dynamic_commands = self.dynamic_libraries = True
        elif isinstance(node.func, cst.Attribute):
            self._method(node.func, node.args)

    def _mentioned(self, node: cst.Name | cst.Attribute) -> None:
        """A function that is passed on or kept under another name is called who knows how."""
        if node in self._called:
            return
        name = self._full_name(node)
        self.dynamic_commands = self.dynamic_commands or name in COMMANDS
        self.dynamic_libraries = self.dynamic_libraries or name in LIBRARIES

    def _method(self, function: cst.Attribute, arguments: Sequence[cst.Arg]) -> None:
        if function.attr.value in TELLING_METHODS:
            self.dynamic_commands = True
        if function.attr.value == "dlopen":
            self._library(arguments)

    def _full_name(self, node: cst.BaseExpression) -> str:
        name = dotted(node)
        first, dot, rest = name.partition(".")
        return self.names.get(first, first) + dot + rest

    def _command(self, name: str, arguments: Sequence[cst.Arg]) -> None:
        shell = _keyword(arguments, "shell")
        executable = _keyword(arguments, "executable")
        given = _argument(arguments, 1 if name in SECOND_ARGUMENT else 0, ("args", "cmd", "command", "program"))
        if executable is not None:
            self._program(executable)
        if given is None:
            self.dynamic_commands = True
        elif name in SHELL_TEXTS or (shell is not None and dotted(shell) != "False"):
            self._shell(given)
        else:
            self._program(given)

    def _shell(self, node: cst.BaseExpression) -> None:
        text = literal(node)
        if text is None and isinstance(node, cst.List | cst.Tuple) and node.elements:
            text = literal(node.elements[0].value)
        if text is None:
            text = _beginning(node)
            self.dynamic_commands = True
        found, unsure = programs(text)
        self.commands |= found
        self.dynamic_commands = self.dynamic_commands or unsure

    def _program(self, node: cst.BaseExpression) -> None:
        words = self._words(node)
        first = words[0] if words else None
        if first is None:
            self.dynamic_commands = True
            return
        self.commands |= {first}
        if first.rpartition("/")[2] in RUNNERS:
            text = words[2] if len(words) > 2 and words[1] == "-c" else None
            found, _ = programs(text or "")
            self.commands |= found
            self.dynamic_commands = True

    def _words(self, node: cst.BaseExpression) -> list[str | None]:
        """The words of an argument list as far as they are written out; sys.executable is "python"."""
        match node:
            case cst.List() | cst.Tuple():
                return [self._word(element.value) for element in node.elements]
            case cst.BinaryOperation(operator=cst.Add()):
                return self._words(node.left) if isinstance(node.left, cst.List | cst.Tuple) else []
            case cst.Call(func=cst.Attribute(attr=cst.Name("split"), value=text), args=[]) if literal(text):
                return [*(literal(text) or "").split()]
            case cst.Call() if self._full_name(node.func) == "shlex.split" and node.args:
                return [*(literal(node.args[0].value) or "").split()]
        return [self._word(node)]

    def _word(self, node: cst.BaseExpression) -> str | None:
        return "python" if self._full_name(node) == "sys.executable" else literal(node)

    def _library(self, arguments: Sequence[cst.Arg]) -> None:
        given = _argument(arguments, 0, ("name",))
        text = literal(given) if given is not None else None
        if text is not None:
            self.libraries |= {text}
        elif given is None or not self._is_process_or_looked_up(given):
            self.dynamic_libraries = True

    def _is_process_or_looked_up(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Call):
            return self._full_name(node.func) == "ctypes.util.find_library"
        return dotted(node) == "None"


def find_calls(text: str) -> Calls:
    """What a module calls; raises libcst's ParserSyntaxError for a text that is not Python."""
    names: dict[str, str] = {}
    stars: list[str] = []
    others: list[cst.CSTNode] = []
    for node in walk(cst.parse_module(text)):
        match node:
            case cst.Import():
                names.update(_imported(node))
            case cst.ImportFrom(names=cst.ImportStar(), module=cst.CSTNode() as module):
                stars.append(dotted(module))
            case cst.ImportFrom():
                names.update(_imported_from(node))
            case cst.Call() | cst.Attribute() | cst.Name():
                others.append(node)
    calls = Calls(names)
    for star in stars:
        calls.star_import(star)
    for node in others:
        calls.node(node)
    return calls


def walk(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Every node but formatting, parents first, imports without their parts. Much faster than libcst's visitors."""
    named: dict[type[cst.CSTNode], tuple[str, ...]] = {}
    waiting: list[cst.CSTNode] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, cst.Import | cst.ImportFrom):
            continue
        kind = type(node)
        if kind not in named:
            named[kind] = tuple(one.name for one in fields(node) if not one.name.startswith(FORMATTING))
        below: list[cst.CSTNode] = []
        for name in named[kind]:
            value = getattr(node, name)
            if isinstance(value, cst.CSTNode):
                below.append(value)
            elif isinstance(value, tuple | list):
                below.extend(one for one in value if isinstance(one, cst.CSTNode))
        waiting.extend(reversed(below))


def _imported(node: cst.Import) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        name = dotted(alias.name)
        top = name.partition(".")[0]
        yield (dotted(alias.asname.name), name) if alias.asname is not None else (top, top)


def _imported_from(node: cst.ImportFrom) -> Iterator[tuple[str, str]]:
    if node.module is None or node.relative or isinstance(node.names, cst.ImportStar):
        return
    for alias in node.names:
        local = dotted(alias.asname.name) if alias.asname is not None else dotted(alias.name)
        yield local, f"{dotted(node.module)}.{dotted(alias.name)}"


def dotted(node: cst.CSTNode) -> str:
    """A name or attributes of a name as written, "" for any other expression."""
    match node:
        case cst.Name():
            return node.value
        case cst.Attribute():
            before = dotted(node.value)
            return f"{before}.{node.attr.value}" if before else ""
    return ""


def literal(node: cst.CSTNode | None) -> str | None:
    """The value of a string that is written out."""
    if not isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        return None
    value = node.evaluated_value
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _beginning(node: cst.BaseExpression) -> str:
    """The literal words that a composed text begins with, up to the last space before the first gap."""
    text = ""
    match node:
        case cst.FormattedString(parts=[cst.FormattedStringText() as part, *_]):
            text = part.value
        case cst.BinaryOperation():
            text = literal(node.left) or ""
        case cst.Call(func=cst.Attribute(attr=cst.Name("format"), value=value)):
            text = literal(value) or ""
    end = min((index for index in map(text.find, "%{") if index >= 0), default=len(text))
    return text[:end].rpartition(" ")[0]


def _keyword(arguments: Sequence[cst.Arg], name: str) -> cst.BaseExpression | None:
    return next((one.value for one in arguments if one.keyword is not None and one.keyword.value == name), None)


def _argument(arguments: Sequence[cst.Arg], position: int, names: tuple[str, ...]) -> cst.BaseExpression | None:
    """The argument at a position or under one of its names; None where a star hides it."""
    plain = [one for one in arguments if one.keyword is None]
    if any(one.star for one in plain[: position + 1]):
        return None
    if position < len(plain):
        return plain[position].value
    return next((found for name in names if (found := _keyword(arguments, name)) is not None), None)
