"""Slips: one small change somewhere in an expression, of the kinds that people make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

NEIGHBOURS: dict[Any, Any] = {
    sp.sin: sp.cos, sp.cos: sp.sin, sp.tan: sp.tanh, sp.sinh: sp.cosh, sp.cosh: sp.sinh, sp.tanh: sp.tan, sp.atan: sp.asinh,
    sp.asin: sp.acos, sp.acos: sp.asin, sp.floor: sp.ceiling, sp.ceiling: sp.floor, sp.Max: sp.Min, sp.Min: sp.Max, sp.re: sp.im,
    sp.im: sp.re, sp.erf: sp.erfc, sp.besselj: sp.besseli, sp.RisingFactorial: sp.FallingFactorial,
    sp.FallingFactorial: sp.RisingFactorial, sp.gamma: sp.factorial, sp.chebyshevt: sp.chebyshevu,
}  # fmt: skip
DROPPED = (sp.conjugate, sp.Abs, sp.floor, sp.ceiling, sp.re, sp.sign, sp.exp, sp.log)  # a function that may be forgotten


def sites(e: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """All subexpressions with the way to them, the names and limits of binders apart."""
    yield path, e
    if isinstance(e, sp.Indexed | sp.core.function.AppliedUndef) or not isinstance(e, sp.Basic):
        return
    bodies = e.args[:1] if isinstance(e, sp.Sum | sp.Product | sp.Integral | sp.Derivative | sp.Piecewise) else e.args
    for position, part in enumerate(bodies):
        if isinstance(part, sp.Expr | sp.MatrixBase):
            yield from sites(part, (*path, position))


def at(e: Any, path: tuple[int, ...], new: Any) -> Any:
    """e with the part at the end of the way replaced."""
    if not path:
        return new
    arguments = list(e.args)
    arguments[path[0]] = at(arguments[path[0]], path[1:], new)
    return e.func(*arguments)


def slips(e: Any) -> dict[str, Callable[[], Any]]:
    """What may go wrong at the head of e, by name."""
    found: dict[str, Callable[[], Any]] = {}
    if isinstance(e, sp.MatrixBase):
        return found
    found["sign"] = lambda: -e
    found["factor"] = lambda: 2 * e
    if e.is_Rational:
        found["number"] = lambda: e + 1
    if isinstance(e, sp.Pow):
        found["exponent"] = lambda: e.base ** (e.exp + 1)
        found["reciprocal"] = lambda: e.base ** (-e.exp)
    if isinstance(e, sp.Add | sp.Mul) and len(e.args) > 1:
        found["dropped first"] = lambda: e.func(*e.args[1:])
        found["dropped last"] = lambda: e.func(*e.args[:-1])
    if e.func in NEIGHBOURS:
        found["neighbouring function"] = lambda: NEIGHBOURS[e.func](*e.args)
    if isinstance(e, DROPPED) and len(e.args) == 1:
        found["dropped function"] = lambda: e.args[0]
    if isinstance(e, sp.Sum | sp.Product | sp.Integral) and len(e.limits[-1]) == 3:
        index, low, high = e.limits[-1]
        rest = e.args[:-1]
        found["lower bound"] = lambda: e.func(*rest, (index, low + 1, high))
        if high is not sp.oo:
            found["upper bound"] = lambda: e.func(*rest, (index, low, high + 1))
            found["bounds exchanged"] = lambda: e.func(*rest, (index, high, low))
        if len(e.limits) == 1:
            found["index shifted"] = lambda: e.func(e.args[0].subs(index, index + 1), *e.args[1:])
    if isinstance(e, sp.Indexed):
        found["index"] = lambda: e.base[tuple(index + 1 for index in e.indices)]
    if isinstance(e, sp.core.function.AppliedUndef):
        found["argument"] = lambda: e.func(*(a + 1 for a in e.args))
    if isinstance(e, sp.Derivative):
        found["derivative dropped"] = lambda: e.args[0]
    return found


def perturbed(e: Any, draw: Callable[[int], int]) -> tuple[str, Any] | None:
    """(name of the slip, e with it), both chosen by `draw(n)`, a number below n; None if the result cannot be built."""
    places = [(path, part) for path, part in sites(e) if slips(part)]
    if not places:
        return None
    path, part = places[draw(len(places))]
    options = slips(part)
    name = sorted(options)[draw(len(options))]
    try:
        changed = at(e, path, options[name]())
    except (TypeError, ValueError, AttributeError, NotImplementedError, RecursionError, ZeroDivisionError):
        return None
    return None if changed == e or changed.has(sp.nan, sp.zoo) else (name, changed)
