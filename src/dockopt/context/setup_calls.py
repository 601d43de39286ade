"""Files that a `setup.py` opens. Importing this module imports libcst.

A name counts as known where its literal parts alone follow the folder of the file itself: `open("x")`,
`join(here, "a", "x")`, `(HERE / "x").read_text()`, and helpers of the file that take such a name.
"""

# ruff: noqa: N802 - libcst finds visitors by such names

import libcst as cst

from dockopt.context.python_calls import dotted, find_calls, literal

OPENERS = frozenset(("open", "io.open", "codecs.open", "os.open"))
READERS = frozenset(("read_text", "read_bytes", "open"))
JOINS = frozenset(("os.path.join", "path.join", "join", "join_path"))
OWN_FOLDER = (
    "__file__",
    "dirname",
    "here",
    "HERE",
    "root",
    "ROOT",
    "base",
    "BASE",
    "cwd",
    "this_dir",
    "current",
    "dir",
)
STAR = "*"
WRAPPERS = frozenset(("Path", "pathlib.Path", "os.path.abspath", "os.path.normpath", "str", "os.fspath"))


class Opened(cst.CSTVisitor):
    """Collects the files that calls open, helpers included."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.dynamic = False
        self.helpers: dict[str, bool] = {}
        self._inside: list[tuple[str, set[str]]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        parameters = {one.name.value for one in node.params.params}
        if isinstance(node.params.star_arg, cst.Param):
            parameters.add(STAR + node.params.star_arg.name.value)
        self._inside.append((node.name.value, parameters))

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        assert self._inside.pop()[0] == original_node.name.value

    def visit_Call(self, node: cst.Call) -> None:
        name = dotted(node.func)
        if name in OPENERS:
            self._file(node.args[0].value if node.args else None)
        elif name in ("exec", "execfile", "runpy.run_path", "__import__", "importlib.import_module"):
            self.dynamic = self.dynamic or name not in ("exec", "execfile")
        elif isinstance(node.func, cst.Attribute) and node.func.attr.value in READERS and name not in OPENERS:
            self._file(node.func.value)
        elif name in self.helpers:
            self._helped([argument.value for argument in node.args], joins=self.helpers[name])

    def _helped(self, nodes: list[cst.BaseExpression], *, joins: bool) -> None:
        """What a helper opens: its first argument, or all of them joined where it takes any number."""
        parts = [self._parts(node) for node in nodes[: None if joins else 1]]
        if not parts or any(one is None for one in parts):
            self._not_literal(nodes[0] if nodes else None)
        else:
            self.files.append("/".join(part for one in parts for part in one or ()))

    def _file(self, node: cst.BaseExpression | None) -> None:
        parts = self._parts(node) if node is not None else None
        if parts is None:
            self._not_literal(node)
        else:
            self.files.append("/".join(part for part in parts if part))

    def _not_literal(self, node: cst.BaseExpression | None) -> None:
        """A file named by a parameter is known where the helper is called; any other is not."""
        mentioned = _names(node) if node is not None else set()
        helper, parameters = self._inside[-1] if self._inside else ("", set[str]())
        if mentioned & {parameter.removeprefix(STAR) for parameter in parameters}:
            self.helpers[helper] = any(STAR + name in parameters for name in mentioned)
        else:
            self.dynamic = True

    def _parts(self, node: cst.BaseExpression) -> list[str] | None:
        """The literal parts of a path below the file's own folder."""
        text = literal(node)
        if text is not None:
            return [text]
        match node:
            case cst.Call() if dotted(node.func) in JOINS and node.args:
                return self._joined([one.value for one in node.args])
            case cst.Call() if dotted(node.func) in WRAPPERS and len(node.args) == 1:
                return self._parts(node.args[0].value)
            case cst.BinaryOperation(operator=cst.Divide()):
                return self._joined([node.left, node.right])
            case cst.Call(func=cst.Attribute(attr=cst.Name("joinpath"), value=before)):
                return self._joined([before, *(one.value for one in node.args)])
        return None

    def _joined(self, nodes: list[cst.BaseExpression]) -> list[str] | None:
        first, *rest = nodes
        before = self._parts(first)
        if before is None and _is_own_folder(first):
            before = []
        after = [self._parts(one) for one in rest]
        if before is None or not after or any(parts is None for parts in after):
            return None
        return [*before, *(part for parts in after if parts is not None for part in parts)]


def find_opened(text: str) -> tuple[list[str], bool]:
    """The names opened, and whether there may be others; raises libcst's ParserSyntaxError."""
    module = cst.parse_module(text)
    opened = Opened()
    module.visit(opened)
    if opened.helpers:
        again = Opened()
        again.helpers = opened.helpers
        module.visit(again)
        opened = again
    calls = find_calls(text)
    dynamic = opened.dynamic or calls.dynamic_commands or bool(calls.commands)
    return list(dict.fromkeys(opened.files)), dynamic


def _is_own_folder(node: cst.BaseExpression) -> bool:
    return any(word in name for name in _names(node) for word in OWN_FOLDER) and not _has_up(node)


def _has_up(node: cst.BaseExpression) -> bool:
    """Whether the expression climbs: `.parent.parent`, or a dirname of a dirname."""
    found = [name for name in _all_names(node) if name in ("parent", "parents", "dirname", "pardir")]
    return len(found) > 1


def _names(node: cst.CSTNode) -> set[str]:
    return set(_all_names(node))


def _all_names(node: cst.CSTNode) -> list[str]:
    own = [node.value] if isinstance(node, cst.Name) else []
    return own + [name for child in node.children for name in _all_names(child)]
