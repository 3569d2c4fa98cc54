"""The mutants of a module: every place in a function where one small edit makes a side condition, a sign or a number wrong."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

#: what each operator does, those that can make a wrong proof first
OPERATORS = {
    "guard": "a condition that refuses never holds: `if c: return None`, `continue`, `raise`",
    "condition": "a condition for what is accepted always holds: `if c: return proof`",
    "conjunct": "one part of an `and` is true",
    "disjunct": "one part of an `or` is false",
    "filter": "a comprehension takes every element",
    "quantifier": "`all` becomes `any`, and `any` becomes `all`",
    "call": "a call whose value is not used (a condition noted, a check that raises) is left out",
    "answer": "`True` returned for `False`, and the reverse",
    "boundary": "`<` becomes `<=`, and the reverse",
    "comparison": "`==` becomes `!=`, `is` becomes `is not`, `in` becomes `not in`",
    "negation": "a `not` is left out",
    "sign": "+ becomes -, and the reverse; a minus before a term is left out",
    "number": "a whole number is one larger",
    "factor": "* becomes /, and the reverse",
    "refusal": "a condition that refuses always holds",
    "branch": "a condition for what is accepted never holds",
}
SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Mutant:
    """One edit: `edit` changes the node number `node` (in the order of `ast.walk`) of a copy of the module's tree in place."""

    module: str
    function: str
    line: int
    operator: str
    before: str
    after: str
    node: int
    edit: Callable[[Any], None]
    #: the statement that has to be reached before the edit can make a difference: (line, column)
    reached_by: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.operator}: {self.before}  →  {self.after}"


def mutants(module: str, tree: ast.Module) -> Iterator[Mutant]:
    """All mutants of the functions of a module."""
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    for function, statement, node in _inside(tree, (), None):
        for operator, edit, reached_by in _edits(node, statement):
            changed = copy.deepcopy(node)
            edit(changed)
            before, after = _text(node), _text(changed)
            if before != after:
                line = (node.target if isinstance(node, ast.comprehension) else node).lineno
                yield Mutant(module, function, line, operator, before, after, numbers[id(node)], edit, _place(reached_by))


def mutated(tree: ast.Module, mutant: Mutant) -> ast.Module:
    """A copy of the tree with the edit."""
    changed = copy.deepcopy(tree)
    for number, node in enumerate(ast.walk(changed)):
        if number == mutant.node:
            mutant.edit(node)
            break
    return ast.fix_missing_locations(changed)


def _inside(node: Any, names: tuple[str, ...], statement: Any) -> Iterator[tuple[str, Any, Any]]:
    """(function, statement or lambda that holds the node, node) for every node inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if isinstance(child, ast.ClassDef):
                parts: list[Any] = child.body
            else:
                parts = _after_docstring(child.body)
            inner = (*names, child.name)
            for part in parts:
                held = part if not isinstance(child, ast.ClassDef) else None
                if held is not None:
                    yield ".".join(inner), held, part
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    yield from _inside(ast.Module([part], []), inner, held)
                else:
                    yield from _inside(part, inner, held)
            continue
        held = (
            child
            if isinstance(child, ast.stmt | ast.Lambda) and (statement is not None or isinstance(child, ast.Lambda))
            else statement
        )
        if held is not None and not isinstance(child, ast.Lambda):
            yield ".".join(names) or "lambda", held, child
        if not isinstance(child, ast.Assert):
            yield from _inside(child, names, held)


def _after_docstring(body: list[Any]) -> list[Any]:
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return body[1:] if documented else body


def _place(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _text(node: Any) -> str:
    """The node on one line; of a statement with a body only its head."""
    text = ast.unparse(node)
    if isinstance(node, ast.If | ast.While | ast.For):
        text = f"if {ast.unparse(node.test)}: {ast.unparse(node.body[0])}" if isinstance(node, ast.If) else text
    text = " ".join(text.split())
    return text if len(text) < 160 else text[:157] + "…"


def refuses(body: list[Any]) -> bool:
    """Whether a body turns something down: it ends with `return None`, `False` or nothing, `continue`, `break` or `raise`."""
    last = body[-1]
    if isinstance(last, ast.Return):
        value = last.value
        if value is None or (isinstance(value, ast.Constant) and value.value in (None, False)):
            return True
        return isinstance(value, ast.Tuple | ast.List | ast.Dict) and not ast.unparse(value).strip("()[]{}")
    return isinstance(last, ast.Raise | ast.Continue | ast.Break)


Edit = tuple[str, Callable[[Any], None], Any]


def _edits(node: Any, statement: Any) -> Iterator[Edit]:
    """(operator, edit in place, statement to be reached) for one node."""
    if isinstance(node, ast.If | ast.IfExp):
        refusing = isinstance(node, ast.If) and refuses(node.body)
        taken = node.body[0] if isinstance(node, ast.If) else statement
        yield "guard" if refusing else "branch", _set_test(False), taken
        yield "refusal" if refusing else "condition", _set_test(True), statement
    elif isinstance(node, ast.BoolOp):
        conjunction = isinstance(node.op, ast.And)
        for place in range(len(node.values)):
            yield "conjunct" if conjunction else "disjunct", _set_value(place, conjunction), statement
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield "filter", _drop_filter(place), statement
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("all", "any"):
        yield "quantifier", _swap_quantifier, statement
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call", _leave_out, statement
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        yield "answer", _swap_answer, statement
    elif isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            strictness = isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
            yield "boundary" if strictness else "comparison", _swap_comparison(place), statement
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "negation", _negate_twice, statement
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", _leave_sign, statement
    elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
        if not any(isinstance(s, ast.JoinedStr | ast.Tuple | ast.List) or _is_text(s) for s in sides):
            yield "sign" if isinstance(node.op, ast.Add | ast.Sub) else "factor", _swap_operation, statement
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield "number", _one_larger, statement


def _is_text(node: Any) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _set_test(value: bool) -> Callable[[Any], None]:
    def edit(node: Any) -> None:
        node.test = ast.copy_location(ast.Constant(value), node.test)

    return edit


def _set_value(place: int, value: bool) -> Callable[[Any], None]:
    def edit(node: Any) -> None:
        node.values[place] = ast.copy_location(ast.Constant(value), node.values[place])

    return edit


def _drop_filter(place: int) -> Callable[[Any], None]:
    def edit(node: Any) -> None:
        node.ifs[place] = ast.copy_location(ast.Constant(True), node.ifs[place])

    return edit


def _swap_comparison(place: int) -> Callable[[Any], None]:
    def edit(node: Any) -> None:
        node.ops[place] = SWAPPED[type(node.ops[place])]()

    return edit


def _swap_quantifier(node: Any) -> None:
    node.func.id = {"all": "any", "any": "all"}[node.func.id]


def _leave_out(node: Any) -> None:
    node.value = ast.copy_location(ast.Constant(None), node.value)


def _swap_answer(node: Any) -> None:
    node.value = ast.copy_location(ast.Constant(not node.value.value), node.value)


def _negate_twice(node: Any) -> None:
    node.operand = ast.copy_location(ast.UnaryOp(ast.Not(), node.operand), node.operand)


def _leave_sign(node: Any) -> None:
    node.op = ast.UAdd()


def _swap_operation(node: Any) -> None:
    node.op = SWAPPED[type(node.op)]()


def _one_larger(node: Any) -> None:
    node.value += 1
