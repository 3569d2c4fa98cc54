"""Operators on expressions that SymPy lacks: a coordinate's partial derivative, the integral over space, the mean.

A point of R^d is an `IndexedBase` with shape `(d,)`; `x[i]` is its i-th coordinate, i = 1 … d, and fields are undefined
functions of it, `p(t, x)`. The dimension d may be a symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import (
    Basic,
    Derivative,
    Dummy,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Integral,
    Limit,
    Product,
    Subs,
    Sum,
    Symbol,
    Tuple,
    acos,
    acosh,
    acot,
    acoth,
    acsc,
    acsch,
    asec,
    asech,
    asin,
    asinh,
    atan,
    atanh,
    count_ops,
    expand,
    sstr,
)
from sympy.core.function import AppliedUndef


class Partial(Function):
    """`Partial(e, x, i)` = ∂e/∂x_i, for a point x of R^d and an index i (an integer or a symbol)."""

    nargs = 3
    is_commutative = True

    @classmethod
    def eval(cls, expression: Expr, point: Expr, index: Expr) -> None:
        """Stay as written: a statement is looked at before it is simplified."""
        if not isinstance(point, IndexedBase):
            raise TypeError(f"Partial needs a point of R^d (an IndexedBase with shape (d,)), got {point!r}")

    def _latex(self, printer: Any, exp: str = "") -> str:
        expression, point, index = self.args
        inner = printer.parenthesize(expression, 40)
        return _raised(rf"\partial_{{{printer._print(point)}_{{{printer._print(index)}}}}} {inner}", exp)


class _Functional(Function):
    nargs = 2
    is_commutative = True

    @classmethod
    def eval(cls, expression: Expr, point: Expr) -> None:
        if not isinstance(point, IndexedBase) and not getattr(point, "is_Symbol", False):
            raise TypeError(f"{cls.__name__} needs the variable that it runs over, got {point!r}")

    @property
    def free_symbols(self) -> set[Any]:
        """Those of the expression but the variable that is bound; the dimension of a point is one more."""
        expression, point = self.args
        if not isinstance(point, IndexedBase):
            return expression.free_symbols - {point}
        inside = {
            s for s in expression.free_symbols if not (s in (point, point.label) or (isinstance(s, Indexed) and s.base == point))
        }
        return inside.union(*(size.free_symbols for size in point.shape or ()))

    def _eval_derivative(self, s: Any) -> Any:
        """Differentiation under the integral: what the functional runs over is bound."""
        return self.func(self.args[0].diff(s), self.args[1])


class SpaceIntegral(_Functional):
    """`SpaceIntegral(e, x)` = ∫ e dx over all of R^d. Linear; d is the shape of x."""

    def _latex(self, printer: Any, exp: str = "") -> str:
        expression, point = self.args
        inner = printer._print(expression)
        size = printer._print(point.shape[0]) if getattr(point, "shape", None) else "d"
        return _raised(rf"\int_{{\mathbb{{R}}^{{{size}}}}} \left({inner}\right) d{printer._print(point)}", exp)


class Expectation(_Functional):
    """`Expectation(e, eps)` = the mean of e over a random variable. Linear; its law is given by hypotheses."""

    def _latex(self, printer: Any, exp: str = "") -> str:
        expression, point = self.args
        return _raised(rf"\mathbb{{E}}_{{{printer._print(point)}}}\left[{printer._print(expression)}\right]", exp)


def _raised(text: str, exponent: str) -> str:
    """A printed function to a power, in the way in which SymPy's printer asks for it."""
    return rf"\left({text}\right)^{{{exponent}}}" if exponent else text


def variables_of(e: Any) -> list[Any]:
    """The symbols that stand for values, by name: free, not bound by a mean, and not the name of a sequence."""
    names = {b.label for b in e.atoms(IndexedBase)} | {node.args[1] for node in e.atoms(_Functional)}
    return sorted((s for s in e.free_symbols if isinstance(s, Symbol) and s not in names), key=str)


def written(e: Any) -> str:
    """e as text; where numeric sums or integrals stand in it, SymPy would evaluate them to put the terms in order."""
    held = any(node.is_number for node in e.atoms(Sum, Product, Integral, Limit))
    return str(sstr(e, order="none" if held else None))


def is_constant(e: Any) -> bool:
    """Whether e is one number: no free symbol, no undefined function, no mean (whose law may be any)."""
    return not e.free_symbols and not e.has(AppliedUndef, Expectation)


def captures(e: Any, values: Iterable[Any]) -> bool:
    """Whether a mean or an integral over space inside e binds what one of the values speaks of: it must not be put in there."""
    bound = {node.args[1] for node in e.atoms(_Functional)} if isinstance(e, Basic) else set()
    return any(isinstance(value, Basic) and occurs(b, value) for b in bound for value in values)


def bound_variables(e: Any) -> set[Any]:
    """All that is bound somewhere in e: by sums, products, integrals, limits, derivatives, substitutions, means."""
    found = {v for node in e.atoms(Sum, Product, Integral, Subs) for v in node.variables}
    found |= {v for node in e.atoms(Derivative) for v in node._wrt_variables}  # the order may be a symbol
    found |= {node.args[1] for node in e.atoms(Limit, _Functional)}
    return found | {v.label for v in found if isinstance(v, IndexedBase)}


def occurs(variable: Any, e: Any) -> bool:
    """Whether a variable, or a point or an element of it, occurs free in e: a mean over it, or an integral, binds it."""
    if not e.has(variable):
        return False
    if not e.has(_Functional):
        return True
    if isinstance(e, _Functional) and e.args[1] in (variable, getattr(variable, "base", variable)):
        return False
    return e == variable or any(occurs(variable, part) for part in e.args)


class Jet(Function):
    """`Jet(f, orders, *arguments)`: the partial derivative of the undefined f, of the given order in each argument.

    Only the normal form makes jets. Functions are taken to be as smooth as a statement needs, so orders commute.
    """

    is_commutative = True


_BOUND: dict[tuple[bool, bool, int], Any] = {}
_DEPTH: dict[Any, int] = {}


def bound_symbol(body: Any, discrete: bool, real: bool = True) -> Any:
    """The bound variable for a body, named by how deep the body is, so that equal sums become the same.

    On a path between complex ends it is not real: there conj z is not z.
    """
    depth = max((_DEPTH[s] + 1 for s in body.atoms(Dummy) if s in _DEPTH), default=0)
    real = real or discrete
    if (discrete, real, depth) not in _BOUND:
        symbol = Dummy(f"k{depth}", integer=True) if discrete else Dummy(f"x{depth}", real=True if real else None)
        _BOUND[discrete, real, depth], _DEPTH[symbol] = symbol, depth
    return _BOUND[discrete, real, depth]


def standard(e: Any) -> Any:
    """e with the bound variables of its sums, products and integrals named as `bound_symbol` names them."""
    if not isinstance(e, Basic) or not e.args or not e.has(Sum, Product, Integral):
        return e
    e = e.func(*map(standard, e.args)) if not isinstance(e, Sum | Product | Integral) else e
    if isinstance(e, Sum | Product | Integral) and all(len(limits) == 3 for limits in e.limits):
        body = standard(e.args[0])
        for variable, lower, upper in e.limits:
            real = bool(variable.is_real or (lower.is_extended_real and upper.is_extended_real))
            new = bound_symbol(body.xreplace({variable: _fresh(variable)}), not isinstance(e, Integral), real)
            body = e.func(body.xreplace({variable: new}), (new, standard(lower), standard(upper)))
        return body
    return e


def renamed(e: Any) -> Any:
    """e with fresh bound variables (of sums, products, integrals, limits), so that no substitution is captured."""
    if not isinstance(e, Basic) or not e.has(Sum, Product, Integral, Limit, Subs):
        return e
    if isinstance(e, Subs):  # what is assumed of a variable that it binds need not hold of the point
        fresh_ones = {v: _like(v, point) for v, point in zip(e.variables, e.point, strict=True)}
        return Subs(renamed(e.expr).xreplace(fresh_ones), tuple(fresh_ones.values()), tuple(map(renamed, e.point)))
    if isinstance(e, Sum | Product | Integral):
        body, limits = e.args[0], list(e.limits)
        for position, (variable, *_) in enumerate(limits):
            fresh = _fresh(variable, e.func)
            body = body.xreplace({variable: fresh})
            # a limit may speak of the variables that are bound further out, which stand after it
            limits[position] = Tuple(fresh, *limits[position][1:])
            limits[:position] = [Tuple(r[0], *(end.xreplace({variable: fresh}) for end in r[1:])) for r in limits[:position]]
        return e.func(renamed(body), *(Tuple(r[0], *map(renamed, r[1:])) for r in limits))
    if isinstance(e, Limit):
        function, variable, *rest = e.args
        fresh = _fresh(variable)
        return Limit(renamed(function.xreplace({variable: fresh})), fresh, *rest)
    return e.func(*map(renamed, e.args))


def at_points(e: Any) -> Any:
    """e with derivatives by f(x) or f'(x) as derivatives by a variable, at the point f(x) or f'(x).

    As in the calculus of variations, f(x) and its derivatives are independent of each other then.
    """
    by_functions = (n for n in e.atoms(Derivative) if any(isinstance(v, AppliedUndef | Derivative) for v, _ in n.variable_count))
    for node in sorted(by_functions, key=count_ops):
        value = node.expr
        for variable, times in node.variable_count:
            if not isinstance(variable, AppliedUndef | Derivative):
                value = Derivative(value, (variable, times))
                continue
            function = variable.expr if isinstance(variable, Derivative) else variable
            kept = {n: Dummy("d") for n in value.atoms(Derivative) if n.expr == function and n != variable}
            inside = value.xreplace(kept)
            # under an operator the function is not one number; d/dx of what holds it would be evaluated without it
            binders = inside.atoms(Derivative, Integral, Sum, Product, Limit, Subs) - {variable}
            if any(n.has(variable) for n in binders):
                return e
            point = Dummy("u", real=True if variable.is_real else None)
            slope = Derivative(inside.xreplace({variable: point}), (point, times))
            value = Subs(slope, point, variable).xreplace({d: n for n, d in kept.items()})
        e = e.xreplace({node: value})
    return e


def line_in(e: Any, node: Any, **hints: bool) -> tuple[Any, Any] | None:
    """(c, r) with e = c · node + r, where neither holds the node; None if e is no such line. The hints are those of `expand`."""
    value = Dummy("v")
    line = expand(e.xreplace({node: value}), **hints)
    slope = line.coeff(value)
    rest = expand(line - slope * value, **hints)
    return None if slope.has(value) or rest.has(value) else (slope, rest)


def of_reciprocals(e: Any, nonzero: Callable[[Any], bool]) -> Any:
    """e with arccot u written as arctan(1/u), and the other inverses of reciprocals so: where u is not zero, or must not be."""
    if not isinstance(e, Basic) or not e.has(*RECIPROCALS):
        return e

    def applies(node: Any) -> bool:
        return node.func in RECIPROCALS and (node.func not in (acot, acoth) or nonzero(node.args[0]))

    return e.replace(applies, lambda node: RECIPROCALS[node.func](1 / node.args[0]))


RECIPROCALS = {acot: atan, acoth: atanh, asec: acos, acsc: asin, asech: acosh, acsch: asinh}


def _like(variable: Any, point: Any) -> Any:
    """A fresh variable, assumed to be no more than the point is."""
    if not isinstance(variable, Symbol):
        return variable
    integer, real = (getattr(variable, f"is_{kind}") and getattr(point, f"is_{kind}") for kind in ("integer", "real"))
    return Dummy(variable.name, integer=True if integer else None, real=True if real else None)


def _fresh(variable: Any, head: Any = Limit) -> Any:
    """A fresh variable; of one that runs through a range what is known is of the range, whatever it was declared to be."""
    if head is Limit:
        return Dummy(variable.name, **variable.assumptions0)
    if head is Integral:  # the ends may be complex
        return Dummy(variable.name, real=True if variable.is_real else None)
    return Dummy(variable.name, integer=True)
