"""Wrong variants of a statement, made by the checker: what a slip of the pen would have written.

Each mutant changes one place of one side: a sign, a coefficient, an exponent, a term dropped or doubled, an index shifted, a
neighbouring constant or function, a bound moved, a relation reversed. They are drawn in a fixed order: a run is repeatable.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp

from derivable.trusted.heads import Partial

NEIGHBOURS: dict[Any, Any] = {
    sp.sin: sp.cos, sp.cos: sp.sin, sp.tan: sp.cot, sp.sinh: sp.cosh, sp.cosh: sp.sinh, sp.floor: sp.ceiling,
    sp.ceiling: sp.floor, sp.tanh: sp.coth, sp.Max: sp.Min, sp.Min: sp.Max, sp.erf: sp.erfc,
}  # fmt: skip


SAME_ON_EITHER_SIDE = ("one added", "one subtracted")  # L + 1 = R says what L = R - 1 does


@dataclass(frozen=True)
class Mutant:
    """A wrong variant and what was changed."""

    description: str
    lhs: Any
    relation: str
    rhs: Any


def mutants(lhs: Any, relation: str, rhs: Any, most: int = 12) -> list[Mutant]:
    """Up to `most` mutants, spread over the kinds of change and over both sides."""
    waiting: dict[str, list[tuple[str, _Change]]] = {}
    for side, e in (("right", rhs), ("left", lhs)):
        for change in _changes(e):
            if side == "left" and change.kind in SAME_ON_EITHER_SIDE:
                continue
            waiting.setdefault(change.kind, []).append((side, change))
    chosen = [Mutant("relation reversed", rhs, "<", lhs)] if relation in ("<=", "<") else []
    seen = {(lhs, rhs)}

    def built(side: str, change: _Change) -> Mutant | None:
        changed = change.build()
        pair = (lhs, changed) if side == "right" else (changed, rhs)
        e, other = (rhs, lhs) if side == "right" else (lhs, rhs)
        if pair in seen or _harmless(e, changed, side, relation, other):
            return None
        seen.add(pair)
        where = change.where()
        text = f"{change.kind} on the {side} side ({where})" if where else f"{change.kind} on the {side} side"
        return Mutant(text, pair[0], relation, pair[1])

    queues = list(waiting.values())
    while queues and len(chosen) < most:
        for queue in list(queues):
            if len(chosen) < most:
                found = None
                while queue and found is None:
                    found = built(*queue.pop(0))
                if found is not None:
                    chosen.append(found)
            if not queue:
                queues.remove(queue)
    return chosen


@dataclass(frozen=True)
class _Change:
    """One change of an expression: its kind, where it is made, and what comes of it, worked out when it is chosen."""

    kind: str
    where: Callable[[], str]
    build: Callable[[], Any]


def _harmless(e: Any, changed: Any, side: str, relation: str, other: Any) -> bool:
    """A change that cannot make the statement false: a factor on a side that equals 0, or a constant that only weakens."""
    if isinstance(e, sp.MatrixBase | sp.MatrixExpr) or not isinstance(changed, sp.Expr):
        return False
    if other == 0 and e != 0 and relation == "=" and (changed / e).is_number:
        return True
    if relation == "=":
        return False
    difference = sp.expand(changed - e)
    return bool(difference.is_number and (difference.is_positive if side == "right" else difference.is_negative))


def _changes(e: Any) -> Iterator[_Change]:
    if isinstance(e, sp.MatrixBase):
        for position in range(min(len(e), 9)):
            for change in _changes(e[position]):
                yield _in_entry(e, position, change)
                break
        return
    yield _Change("sign changed", _nowhere, lambda: -e if e != 0 else sp.Integer(1))
    if isinstance(e, sp.MatrixExpr):
        if e.shape[0] == e.shape[1]:
            yield _Change("identity added", _nowhere, lambda: sp.MatAdd(e, sp.Identity(e.shape[0])))
        yield _Change("factor 2", _nowhere, lambda: 2 * e)
        return
    yield _Change("one added", _nowhere, lambda: e + 1)
    yield _Change("one subtracted", _nowhere, lambda: e - 1)
    for path, node in _nodes(e):
        for kind, changed in _slips(node):
            yield _Change(kind, partial(_shown, node), partial(_rebuilt, e, path, changed))


def _nowhere() -> str:
    return ""


def _shown(node: Any) -> str:
    return str(node)[:60]


def _in_entry(e: Any, position: int, change: _Change) -> _Change:
    def build() -> Any:
        entries = list(e)
        entries[position] = change.build()
        return type(e)(*e.shape, entries)

    row, column = divmod(position, e.shape[1])
    where = f"entry {row}, {column}"
    return _Change(change.kind, lambda: f"{where}, {change.where()}" if change.where() else where, build)


def _nodes(e: Any, path: tuple[int, ...] = (), depth: int = 0) -> Iterator[tuple[tuple[int, ...], Any]]:
    if not isinstance(e, sp.Expr) or isinstance(e, sp.IndexedBase | sp.MatrixBase | sp.MatrixExpr):
        return
    yield path, e
    if depth > 6:
        return
    if isinstance(e, sp.Sum | sp.Product | sp.Integral | sp.Limit | Partial):
        yield from _nodes(e.args[0], (*path, 0), depth + 1)
        return
    if isinstance(e, sp.Derivative | sp.Subs | sp.core.function.AppliedUndef):
        return
    for position, argument in enumerate(e.args):
        yield from _nodes(argument, (*path, position), depth + 1)


def _slips(node: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    if isinstance(node, sp.Add):
        for position, term in enumerate(node.args[:4]):
            rest = [a for i, a in enumerate(node.args) if i != position]
            yield "term dropped", partial(sp.Add, *rest)
            yield "sign of a term changed", partial(_with_sign, rest, term)
    if isinstance(node, sp.Mul):
        coefficient, _ = node.as_coeff_Mul()
        if coefficient not in (1, -1):
            yield "coefficient dropped", lambda: node / coefficient
        yield "factor 2", lambda: 2 * node
        for factor in node.args[:3]:
            if factor.is_Symbol or factor.is_Pow:
                yield "factor dropped", partial(operator.truediv, node, factor)
    if isinstance(node, sp.Pow) and node.exp.is_number:
        yield "exponent changed", lambda: node.base ** (node.exp + 1)
    if isinstance(node, sp.Rational) and node not in (0,) and not node.is_Integer:
        yield "constant changed", lambda: sp.Rational(node.p, node.q + 1)
    if isinstance(node, sp.Integer) and abs(node) > 1:
        yield "constant changed", lambda: node + 1
    if isinstance(node, sp.Symbol) and node.is_integer:
        yield "index shifted", lambda: node + 1
    if node is sp.pi:
        yield "constant changed", lambda: 2 * sp.pi
    if node.func in NEIGHBOURS:
        yield "neighbouring function", lambda: NEIGHBOURS[node.func](*node.args)
    if isinstance(node, sp.Sum | sp.Product) and len(node.limits) == 1:
        index, a, b = node.limits[0]
        yield "lower bound moved", lambda: node.func(node.args[0], (index, a + 1, b))
        if b is not sp.oo:
            yield "upper bound moved", lambda: node.func(node.args[0], (index, a, b - 1))
    if isinstance(node, sp.Piecewise) and len(node.args) == 2:
        (first, condition), (second, other) = node.args
        yield "cases swapped", lambda: sp.Piecewise((second, condition), (first, other))
    if isinstance(node, sp.exp):
        yield "sign of an exponent", lambda: sp.exp(-node.args[0])


def _with_sign(rest: list[Any], term: Any) -> Any:
    return sp.Add(*rest, -term)


def _rebuilt(e: Any, path: tuple[int, ...], new: Callable[[], Any]) -> Any:
    if not path:
        return new()
    arguments = list(e.args)
    arguments[path[0]] = _rebuilt(arguments[path[0]], path[1:], new)
    return e.func(*arguments)
