"""What the slip of a wrong line looks like: a nearby line that is right.

The right side is changed in one place, by a sign, a factor, a constant, a term, an exponent, an index, a bound, a function, in
all the ways in which the mutants of `derivable.mutants` change a right line into a wrong one, and in the ways back. A slip
is claimed only if the checker proves the line with that change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.polyerrors import PolynomialError

from derivable.decide import decide
from derivable.mutants import NEIGHBOURS, mutants
from derivable.trusted.deadline import ChildLost, TimeLimit, alarm, forked
from derivable.trusted.decision import PROVED

SECONDS = 30.0  # for a whole search
EACH = 4.0  # for one candidate
SMALL = 3  # operations in a factor that may have been lost
WORDS = {
    "sign changed": "a sign is wrong",
    "sign of a term changed": "the sign of a term is wrong",
    "sign of an exponent": "the sign of an exponent is wrong",
    "one added": "a constant was lost",
    "one subtracted": "a constant is too much",
    "term dropped": "a term is too much",
    "coefficient dropped": "a coefficient is too much",
    "factor 2": "a factor 2 was lost",
    "factor dropped": "a factor is too much",
    "exponent changed": "an exponent is wrong",
    "constant changed": "a constant is wrong",
    "index shifted": "an index is shifted",
    "lower bound moved": "the lower bound is wrong",
    "upper bound moved": "the upper bound is wrong",
    "neighbouring function": "one function stands for another",
    "cases swapped": "the cases are swapped",
}


@dataclass(frozen=True)
class Slip:
    """What was done wrong, and what is proved instead: a corrected right side, or a hypothesis that the line needs."""

    what: str
    corrected: str = ""
    needs: str = ""

    def __str__(self) -> str:
        """One line."""
        if self.corrected:
            return f"{self.what}: {self.corrected} would be right"
        return f"{self.what}: it holds where {self.needs}" if self.needs else self.what


def slip(lhs: Any, relation: str, rhs: Any, where: tuple[Any, ...], seconds: float = SECONDS) -> Slip | None:
    """The slip of a refuted line, or None if no nearby line is proved within the time.

    >>> from sympy import symbols
    >>> x = symbols("x", real=True)
    >>> print(slip((x + 1) ** 2, "=", x**2 + 1, ()))
    a term was lost: x**2 + 2*x + 1 would be right
    """

    def task(send: Any) -> None:
        send(_searched(lhs, relation, rhs, where, time.monotonic() + seconds))

    try:
        for found in forked(task, lambda: seconds + EACH + 1):
            return found
    except ChildLost:
        return None
    return None


def _searched(lhs: Any, relation: str, rhs: Any, where: tuple[Any, ...], until: float) -> Slip | None:
    def holds(relation: str, left: Any, right: Any) -> bool:
        return decide(relation, left, right, where, EACH, attack_seconds=EACH / 4).verdict == PROVED

    downwards = relation in (">=", ">")
    if downwards:
        lhs, rhs, relation = rhs, lhs, {">=": "<=", ">": "<"}[relation]
    if relation == "<" and holds("<=", lhs, rhs):
        return Slip(f"both sides may be equal: {'≥' if downwards else '≤'} would be right")
    if relation != "=" and holds("<=", rhs, lhs):
        return Slip("the relation points the wrong way")
    if relation == "=":
        seen = {rhs}
        for what, corrected in _candidates(lhs, rhs):
            if time.monotonic() > until:
                return None
            if corrected in seen or not isinstance(corrected, sp.Expr) or corrected.has(sp.nan, sp.zoo):
                continue
            seen.add(corrected)
            if holds("=", lhs, corrected):
                return Slip(what, str(corrected))
    for needs, symbol in _hypotheses(lhs, rhs):
        if time.monotonic() > until:
            return None
        real = sp.Symbol(symbol.name, real=True) if symbol.is_real is None else symbol
        left, right, *others = (e.xreplace({symbol: real}) for e in (lhs, rhs, *where, needs))
        if decide(relation, left, right, tuple(others), EACH, attack_seconds=EACH / 4).verdict == PROVED:
            return Slip("a hypothesis is missing", needs=_said(needs))
    return None


def _candidates(lhs: Any, rhs: Any) -> Iterator[tuple[str, Any]]:
    """Corrected right sides with what was wrong, the likeliest first."""
    if isinstance(lhs, sp.MatrixBase) or isinstance(rhs, sp.MatrixBase) or not isinstance(rhs, sp.Expr):
        return
    yield "a sign is wrong", -rhs
    yield from _by_one_place(rhs, _forgotten)
    yield from _by_comparison(lhs, rhs)
    yield from _by_one_place(rhs, _repairs)
    for mutant in mutants(lhs, "=", rhs, most=200):
        if mutant.lhs == lhs:
            yield WORDS.get(mutant.description.partition(" on the right")[0], "one place is wrong"), mutant.rhs


def _by_comparison(lhs: Any, rhs: Any) -> Iterator[tuple[str, Any]]:
    """What the difference or the quotient of the sides, expanded, makes plain."""
    expanded = _within(lambda: tuple(sp.expand(_evaluated(e)) for e in (lhs, rhs)))
    if expanded is None:
        return
    left, right = expanded
    difference = sp.expand(left - right)
    quotient = None if right == 0 else _within(lambda: sp.simplify(left / right))
    quotient = sp.nan if quotient is None else quotient
    if quotient.is_number and quotient not in (0, 1) and quotient.is_finite:
        upside_down = quotient.is_Rational and abs(quotient) < 1
        yield (f"a factor {1 / quotient} is too much" if upside_down else f"a factor {quotient} was lost"), quotient * rhs
    if difference.is_number and difference.is_finite:
        negative = bool(difference.is_negative)
        yield (f"a constant {-difference} is too much" if negative else f"a constant {difference} was lost"), right + difference
    terms = set(sp.Add.make_args(right))
    half = sp.expand(-difference / 2)
    if half in terms:
        yield f"the sign of {half} is wrong", right + difference
    if -difference in terms:
        yield f"the term {-difference} is too much", right + difference
    if not quotient.is_number and quotient != left and sp.count_ops(quotient) <= SMALL:
        too_much = sp.fraction(quotient)[0].is_number
        yield (f"a factor {1 / quotient} is too much" if too_much else f"a factor {quotient} was lost"), quotient * right
    if not difference.is_Add and difference != left:
        yield "a term was lost", right + difference


def _within(find: Callable[[], Any]) -> Any:
    """What is found within the time of one candidate; None if SymPy does not find it, or fails."""
    try:
        with alarm(EACH):
            return find()
    except (TimeLimit, ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError, PolynomialError):
        return None


def _by_one_place(e: Any, changes: Callable[[Any], Iterator[tuple[str, Any]]]) -> Iterator[tuple[str, Any]]:
    """Each of the changes at every place."""
    for path, node in _places(e):
        for what, new in changes(node):
            yield what, _replaced(e, path, new)


def _forgotten(node: Any) -> Iterator[tuple[str, Any]]:
    """x for |x|, and c x^n for (c x)^n."""
    if isinstance(node, sp.Symbol) and node.is_real and node.is_nonnegative is None:
        yield "a root of a square is a modulus", sp.Abs(node)
    if isinstance(node, sp.Mul):
        coefficient, rest = node.as_coeff_Mul()
        powers = [f for f in sp.Mul.make_args(rest) if isinstance(f, sp.Pow) and f.exp.is_Integer]
        if coefficient not in (1, -1) and powers:
            yield "the power of a product is that of all factors", coefficient ** powers[0].exp * rest


def _repairs(node: Any) -> Iterator[tuple[str, Any]]:
    """The changes that undo what mutants do."""
    if isinstance(node, sp.Add):
        for position, term in enumerate(node.args[:8]):
            rest = [a for i, a in enumerate(node.args) if i != position]
            yield f"the sign of {term} is wrong", sp.Add(*rest, -term)
    if isinstance(node, sp.Pow) and node.free_symbols:
        for change in (1, -1):
            yield "an exponent is wrong", sp.Pow(node.base, node.exp + change)
        yield "the sign of an exponent is wrong", sp.Pow(node.base, -node.exp)
        yield "an exponent is wrong", sp.Pow(node.base, 2 * node.exp)
        yield "an exponent is wrong", sp.Pow(node.base, node.exp / 2)
    if isinstance(node, sp.Symbol):
        if node.is_integer:
            for change in (1, -1):
                yield "an index is shifted", node + change
        else:
            yield "an exponent is wrong", node**2
    if isinstance(node, sp.Rational) and node not in (0, 1):
        yield "a coefficient is upside down", 1 / node
    if isinstance(node, sp.Integer):
        for change in (1, -1):
            yield "a constant is wrong", node + change
    if node.func in NEIGHBOURS:
        yield "one function stands for another", NEIGHBOURS[node.func](*node.args)
        yield "the sign of an argument is wrong", node.func(*[-a for a in node.args])
    if isinstance(node, sp.exp | sp.sin | sp.cos | sp.log):
        for factor in (2, sp.Rational(1, 2), -1):
            yield "the argument of a function is wrong", node.func(factor * node.args[0])
    if isinstance(node, sp.Sum | sp.Product | sp.Integral) and len(node.limits) == 1:
        variable, lower, upper = node.limits[0]
        for change in (1, -1):
            if lower.is_finite is not False:
                yield "the lower bound is wrong", node.func(node.args[0], (variable, lower + change, upper))
            if upper.is_finite is not False:
                yield "the upper bound is wrong", node.func(node.args[0], (variable, lower, upper + change))
        if isinstance(node, sp.Integral):
            yield "the bounds are exchanged", node.func(node.args[0], (variable, upper, lower))


def _places(e: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    if not isinstance(e, sp.Expr) or len(path) > 6:
        return
    yield path, e
    if isinstance(e, sp.Sum | sp.Product | sp.Integral | sp.Limit):
        yield from _places(e.args[0], (*path, 0))
    elif not isinstance(e, sp.Derivative | sp.Subs | sp.core.function.AppliedUndef | sp.Indexed | sp.Piecewise):
        for position, argument in enumerate(e.args):
            yield from _places(argument, (*path, position))


def _replaced(e: Any, path: tuple[int, ...], new: Any) -> Any:
    if not path:
        return new
    arguments = list(e.args)
    arguments[path[0]] = _replaced(arguments[path[0]], path[1:], new)
    return e.func(*arguments)


def _evaluated(e: Any) -> Any:
    """e as SymPy evaluates it on construction: for the search only."""
    if not isinstance(e, sp.Basic) or not e.args or isinstance(e, sp.Sum | sp.Product | sp.Integral | sp.Limit | sp.Derivative):
        return e
    return e.func(*map(_evaluated, e.args))


def _hypotheses(lhs: Any, rhs: Any) -> Iterator[tuple[Any, Any]]:
    """What a line may silently have assumed of a symbol: its sign, that it is not zero, that it is at least one."""
    for symbol in sorted(lhs.free_symbols | rhs.free_symbols, key=str):
        if isinstance(symbol, sp.Symbol) and symbol.is_real is not False:
            if symbol.is_nonnegative is None:
                yield sp.Ge(symbol, 0, evaluate=False), symbol
            if symbol.is_positive is None:
                yield sp.Gt(symbol, 0, evaluate=False), symbol
            if symbol.is_nonpositive is None:
                yield sp.Le(symbol, 0, evaluate=False), symbol
            yield sp.Ge(symbol, 1, evaluate=False), symbol


def _said(condition: Any) -> str:
    return f"{condition.lhs} {({'>=': '≥', '<=': '≤'}).get(condition.rel_op, condition.rel_op)} {condition.rhs}"
