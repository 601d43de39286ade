"""Remove one condition at a time from the transforms and see whether an example or a named case notices.

Usage: python corpus/guard_check.py [--analyses] [NAME]...
A condition is one operand of `and` or `or`, the test of an `if` that only returns or goes on, or a filter of a
comprehension. A mutant that no example kills shows a condition without an example: add one, or drop the condition.
"""

import argparse
import ast
import copy
import importlib
import inspect
import signal
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.test_cases import LEVELS, Case, cases  # noqa: E402

from dockopt.config import Settings  # noqa: E402
from dockopt.context.tree import MemoryContext  # noqa: E402
from dockopt.engine.pipeline import optimize  # noqa: E402
from dockopt.engine.registry import transforms  # noqa: E402
from dockopt.fixes import Example, Purpose, Transform  # noqa: E402

SECONDS = 60


class Mutant(NamedTuple):
    """A module with one condition less; `line` and `text` say which."""

    line: int
    text: str
    tree: ast.Module


def main() -> int:
    options = arguments()
    everything = transforms()
    chosen = [t for t in everything if not options.names or t.label in options.names or t.name in options.names]
    survivors = total = 0
    for transform in chosen:
        module = sys.modules[f"dockopt.transforms.{transform.name}"]
        killed, alive = check(module, [(transform, example) for example in transform.examples])
        survivors, total = survivors + len(alive), total + killed + len(alive)
        report(transform.label, killed, alive)
    for name in analyses(options) if options.analyses else ():
        module = importlib.import_module(name)
        killed, alive = check(module, [(t, example) for t in everything for example in t.examples])
        survivors, total = survivors + len(alive), total + killed + len(alive)
        report(name, killed, alive)
    print(f"{total} conditions, {survivors} that nothing notices")
    return 1 if survivors else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="transforms, or modules with --analyses (default: all)"
    )
    parser.add_argument(
        "--analyses", action="store_true", help="the analyses, too, with the examples of all transforms"
    )
    return parser.parse_args()


def analyses(options: argparse.Namespace) -> Iterator[str]:
    package = importlib.import_module("dockopt.analyses")
    for path in sorted(Path(package.__path__[0]).rglob("[a-z]*.py")):
        if not options.names or path.stem in options.names:
            yield ".".join(("dockopt", *path.relative_to(Path(package.__path__[0]).parent).with_suffix("").parts))


def report(name: str, killed: int, alive: list[Mutant]) -> None:
    print(f"{name}: {killed} of {killed + len(alive)} conditions are noticed")
    for mutant in alive:
        print(f"  line {mutant.line}: {mutant.text}")


def check(module: types.ModuleType, examples: list[tuple[Transform, Example]]) -> tuple[int, list[Mutant]]:
    """How many mutants of a module the examples kill, and those that live."""
    source = Path(inspect.getsourcefile(module) or "").read_text(encoding="utf-8")
    killed, alive = 0, []
    for mutant in mutants(ast.parse(source)):
        if dies(module, mutant, examples):
            killed += 1
        else:
            alive.append(mutant)
    return killed, alive


def dies(module: types.ModuleType, mutant: Mutant, examples: list[tuple[Transform, Example]]) -> bool:
    """Whether an example gives another text, or an exception, with the mutant in the module's place."""
    codes = dict(code_objects(compile(ast.fix_missing_locations(mutant.tree), str(module.__file__), "exec")))
    originals = {function: function.__code__ for function in functions(module)}
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS)
    try:
        for function in originals:
            code = codes.get(function.__code__.co_qualname)
            if code is not None and code.co_freevars == function.__code__.co_freevars:
                function.__code__ = code
        if any(differs(transform, example) for transform, example in examples):
            return True
        return any(case_differs(case) for case in NAMED)
    except Exception:  # noqa: BLE001 - a mutant that crashes is noticed
        return True
    finally:
        signal.alarm(0)
        for function, code in originals.items():
            function.__code__ = code


def give_up(_signal: int, _frame: object) -> None:
    raise TimeoutError


def differs(transform: Transform, example: Example) -> bool:
    context = None if example.context is None else MemoryContext(example.context)
    settings = Settings(level=example.level, purposes=frozenset(Purpose))
    outcome = optimize(example.before, settings, context, [transform])
    rejected = any(fate.kind.value == "rejected" for fate in outcome.fates)
    return rejected or outcome.after != example.after


def case_differs(case: Case) -> bool:
    return any(case.run(level).after != case.after.get(level.label) for level in LEVELS)


NAMED = [case for case in cases() if not case.broken and not case_differs(case)]


def functions(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """The functions and methods that a module defines, without their decorators."""
    for value in list(vars(module).values()):
        members: Iterable[object] = vars(value).values() if isinstance(value, type) else (value,)
        for member in members:
            function = undecorated(member)
            if function is not None and function.__module__ == module.__name__:
                yield function


def undecorated(member: object) -> types.FunctionType | None:
    if isinstance(member, Transform):
        member = member.apply
    for name in ("__wrapped__", "func", "fget", "__func__"):
        member = getattr(member, name, None) or member
    return member if isinstance(member, types.FunctionType) else None


def code_objects(code: types.CodeType) -> Iterator[tuple[str, types.CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant.co_qualname, constant
            yield from code_objects(constant)


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """The module once for each condition inside its functions, with that one taken out."""
    for index, node in enumerate(ast.walk(tree)):
        for change in changes(node):
            mutated = copy.deepcopy(tree)
            twin = next(other for number, other in enumerate(ast.walk(mutated)) if number == index)
            text = change(twin)
            yield Mutant(getattr(node, "lineno", 0) or node_line(node), text, mutated)


Change = Callable[[ast.AST], str]


def changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        yield from (without_operand(number) for number in range(len(node.values)))
    elif isinstance(node, ast.If) and not isinstance(node.test, ast.BoolOp) and leaves(node):
        yield without_guard
    elif isinstance(node, ast.comprehension):
        yield from (without_filter(number) for number, test in enumerate(node.ifs) if not isinstance(test, ast.BoolOp))


def leaves(node: ast.If) -> bool:
    """Whether an `if` only returns or goes on with the loop."""
    return not node.orelse and all(isinstance(statement, ast.Return | ast.Continue) for statement in node.body)


def without_operand(number: int) -> Change:
    def change(node: ast.AST) -> str:
        assert isinstance(node, ast.BoolOp)
        text = ast.unparse(node.values[number])
        node.values[number] = ast.copy_location(ast.Constant(value=isinstance(node.op, ast.And)), node.values[number])
        return text

    return change


def without_guard(node: ast.AST) -> str:
    assert isinstance(node, ast.If)
    text = ast.unparse(node.test)
    node.test = ast.copy_location(ast.Constant(value=False), node.test)
    return f"if {text}"


def without_filter(number: int) -> Change:
    def change(node: ast.AST) -> str:
        assert isinstance(node, ast.comprehension)
        return f"… if {ast.unparse(node.ifs.pop(number))}"

    return change


def node_line(node: ast.AST) -> int:
    return next((child.lineno for child in ast.walk(node) if isinstance(child, ast.expr)), 0)


if __name__ == "__main__":
    sys.exit(main())
