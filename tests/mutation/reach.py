"""Which statements of the trusted folder each test reaches, in child processes too: a byte of shared memory a statement."""

from __future__ import annotations

import ast
import copy
import mmap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from tests.mutation.operators import FUNCTIONS
from tests.mutation.patching import Functions

Statement = tuple[str, int, int]  # module, line, column
NAME = "__reached__"


class Reach:
    """The statements of the functions of some modules, and a map of those that were run since `clear`."""

    def __init__(self, trees: dict[str, ast.Module]):
        self.statements: list[Statement] = []
        self.trees = {name: self._instrumented(name, tree) for name, tree in trees.items()}
        self.seen = mmap.mmap(-1, len(self.statements))

    def install(self, modules: dict[str, ModuleType], functions: Functions) -> None:
        """Let the functions of the modules mark what they reach."""
        for name, module in modules.items():
            setattr(module, NAME, self.seen)
            functions.replace(name, self.trees[name])

    def clear(self) -> None:
        """Forget what was reached."""
        self.seen[:] = bytes(len(self.statements))

    def reached(self) -> int:
        """What was reached, as a number with one bit a statement."""
        return int(bytes(self.seen[:]).replace(b"\1", b"1").replace(b"\0", b"0")[::-1] or b"0", 2)

    def _instrumented(self, module: str, tree: ast.Module) -> ast.Module:
        tree = copy.deepcopy(tree)
        lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        for body in list(_bodies(tree)):
            body[:] = [part for statement in body for part in (*self._mark(module, statement), statement)]
        for node in lambdas:
            mark = _placed(ast.parse(f"({NAME}.__setitem__({self._number(module, node)}, 1), 0)[1]", mode="eval").body, node.body)
            mark.value.elts[1], node.body = node.body, mark
        return ast.fix_missing_locations(tree)

    def _mark(self, module: str, statement: Any) -> Iterator[ast.stmt]:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return  # a docstring stays the first statement
        (mark,) = ast.parse(f"{NAME}[{self._number(module, statement)}] = 1").body
        yield _placed(mark, statement)

    def _number(self, module: str, node: Any) -> int:
        self.statements.append((module, node.lineno, node.col_offset))
        return len(self.statements) - 1


def _placed(mark: Any, beside: Any) -> Any:
    """The mark with the line numbers of what it stands beside."""
    for node in ast.walk(mark):
        ast.copy_location(node, beside)
    return mark


def _bodies(tree: ast.Module) -> Iterator[list[Any]]:
    """The lists of statements inside of functions."""
    for function in ast.walk(tree):
        if isinstance(function, FUNCTIONS) and not isinstance(function, ast.Lambda):
            yield from _lists(function)


def _lists(node: Any) -> Iterator[list[Any]]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value
            for statement in value:
                if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    yield from _lists(statement)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, ast.ExceptHandler | ast.match_case):
                    yield from _lists(part)
