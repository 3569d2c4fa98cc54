"""The corpus is what it says: true statements hold at points, false ones fail at one.

Confirmed by evaluation alone (``evaluate.py``), at random admissible points drawn from the symbols'
assumptions and the hypotheses; nothing here asks SymPy, or the checker, to decide.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sympy
from mpmath import mp


def _by_path(name: str) -> ModuleType:
    full = f"corpus_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[full]


load = _by_path("load")
ev = _by_path("evaluate")
STATEMENTS = load.statements()
TRUE = [s for s in STATEMENTS if s.true and s.relation == "="]
FALSE = [s for s in STATEMENTS if not s.true and not s.divergent and s.relation == "="]
TRUE_ORDER = [s for s in STATEMENTS if s.true and s.relation != "="]
FALSE_ORDER = [s for s in STATEMENTS if not s.true and s.relation != "="]
DIVERGENT = [s for s in STATEMENTS if s.divergent]
POINTS = 3
POINTS_OF_ORDER = 12


def test_counts() -> None:
    assert len(TRUE) >= 300
    assert len(FALSE) + len(DIVERGENT) >= 300
    assert min(len(TRUE_ORDER), len(FALSE_ORDER)) >= 75
    held_out = Counter(s.true for s in STATEMENTS if s.held_out)
    assert min(held_out[True], held_out[False]) >= 60
    for area in load.areas():
        count = Counter(s.true for s in STATEMENTS if s.area == area)
        assert min(count[True], count[False]) >= 10, area


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(s.name for s in STATEMENTS).items() if count > 1] == []


def test_no_statement_is_decided_by_building_it() -> None:
    assert [s.name for s in STATEMENTS if s.lhs == s.rhs] == []


def test_no_statement_occurs_twice() -> None:
    texts = Counter(sympy.srepr((sympy.Symbol(s.relation), s.lhs, s.rhs, *s.where)) for s in STATEMENTS)
    assert [text for text, count in texts.items() if count > 1] == []


def holds_at_points(statement: Any) -> bool:
    """Confirm the statement at enough admissible points; fail where it does not hold."""
    wanted = POINTS if statement.lhs.free_symbols | statement.rhs.free_symbols else 1
    confirmed = 0
    with mp.workdps(statement.digits):
        for point in ev.points(statement.lhs, statement.rhs, statement.where, statement.name, {}, 4000):
            try:
                left, right, off = ev.difference(statement.lhs, statement.rhs, point)
            except ev.UndefinedValue:
                continue
            assert off < mp.mpf(10) ** (-statement.digits // 2), (
                f"{statement.name}\nat {point.values}: {mp.nstr(left, 30)} against {mp.nstr(right, 30)}"
            )
            confirmed += 1
            if confirmed == wanted:
                return True
    return False


@pytest.mark.parametrize("statement", TRUE, ids=str)
def test_true_statement_holds(statement: Any) -> None:
    assert holds_at_points(statement), f"{statement.name}: too few admissible points with both sides defined"


def failure(statement: Any) -> Any:
    """Return an admissible point at which the two sides differ, at two precisions, or None."""
    digits = statement.digits
    for point in ev.points(statement.lhs, statement.rhs, statement.where, statement.name, statement.witness, 200):
        try:
            with mp.workdps(digits):
                left, right, off = ev.difference(statement.lhs, statement.rhs, point)
                if off < 100 * mp.mpf(10) ** (-digits // 2):
                    continue
            with mp.workdps(digits * 8 // 5):
                again = ev.difference(statement.lhs, statement.rhs, point)
        except ev.UndefinedValue:
            continue
        with mp.workdps(digits):
            if abs(again[2] - off) < off / 1000:
                return point, left, right
    return None


@pytest.mark.parametrize("statement", FALSE, ids=str)
def test_false_statement_fails_somewhere(statement: Any) -> None:
    assert failure(statement) is not None, f"{statement.name}: no point found at which it fails"


def order_at(statement: Any, point: Any) -> tuple[Any, Any, int]:
    """Compare both sides at a point; a tie counts only if four times the digits do not resolve it."""
    with mp.workdps(statement.digits):
        left, right, sign = ev.order(statement.lhs, statement.rhs, point)
    if sign == 0:
        with mp.workdps(4 * statement.digits):
            return ev.order(statement.lhs, statement.rhs, point)
    return left, right, sign


@pytest.mark.parametrize("statement", TRUE_ORDER, ids=str)
def test_true_inequality_holds(statement: Any) -> None:
    wanted = POINTS_OF_ORDER if statement.lhs.free_symbols | statement.rhs.free_symbols else 1
    least = 1 if statement.relation == "<" else 0
    confirmed = 0
    for point in ev.points(statement.lhs, statement.rhs, statement.where, statement.name, {}, 4000):
        try:
            left, right, sign = order_at(statement, point)
        except ev.UndefinedValue:
            continue
        assert sign >= least, f"{statement.name}\nat {point.values}: {mp.nstr(left, 30)} against {mp.nstr(right, 30)}"
        confirmed += 1
        if confirmed == wanted:
            return
    pytest.fail(f"{statement.name}: only {confirmed} admissible points with both sides defined")


@pytest.mark.parametrize("statement", FALSE_ORDER, ids=str)
def test_false_inequality_fails_somewhere(statement: Any) -> None:
    most = 0 if statement.relation == "<" else -1
    for point in ev.points(statement.lhs, statement.rhs, statement.where, statement.name, statement.witness, 400):
        try:
            if order_at(statement, point)[2] <= most:
                return
        except ev.UndefinedValue:
            continue
    pytest.fail(f"{statement.name}: no point found at which it fails")


@pytest.mark.parametrize("statement", DIVERGENT, ids=str)
def test_divergent_integral_has_no_value(statement: Any) -> None:
    """The absolute integral grows without bound as the cut-offs shrink, near some point of the path."""
    integral = statement.lhs
    assert isinstance(integral, sympy.Integral)
    (x, low, high) = integral.limits[0]
    point = next(ev.points(statement.lhs, statement.rhs, statement.where, statement.name, {}, 100))
    with mp.workdps(30):
        a, b = ev.evaluate(low, point), ev.evaluate(high, point)

        def size(t: Any) -> Any:
            return abs(ev.evaluate(integral.function, point.with_value(x, t)))

        masses = []
        if mp.isinf(b):
            edges = [mp.mpf(10) ** k for k in range(2, 8)]
            masses = [mp.quad(size, [s, t]) for s, t in pairwise(edges)]
        else:
            pole = max((a + (b - a) * mp.mpf(k) / 60 + mp.mpf(10) ** -9 for k in range(1, 60)), key=size)
            pole -= mp.mpf(10) ** -9
            edges = [pole + mp.mpf(10) ** -k for k in range(2, 8)]
            masses = [mp.quad(size, [t, s]) for s, t in pairwise(edges)]
        assert min(masses) > mp.mpf(1) / 2
