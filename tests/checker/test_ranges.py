"""Other ranges of sums and integrals, and floors: rewritings hold on every range, whatever its order."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Integral, Max, Sum, ceiling, cos, exp, floor, pi, sin, sqrt, symbols

from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.equality import Prover
from derivable.trusted.facts import Facts
from derivable.trusted.heads import Expectation
from derivable.trusted.integer_parts import fractional_pieces
from derivable.trusted.ranges import (
    by_antiderivatives,
    by_product_rule,
    continuous_on,
    one_sign,
    reflected_sums,
    substituted_integrals,
    transposed_integrals,
    transposed_sums,
)

x, y, z, c = symbols("x y z c", real=True)
f, g, h = symbols("f g h", cls=sp.Function)
r = sp.Function("r", real=True)
a, b = symbols("a b", positive=True)
i, j, k = symbols("i j k", integer=True)
n = symbols("n", integer=True, nonnegative=True)
d, q = symbols("d q", integer=True, positive=True)
A = sp.IndexedBase("A")
HALF = sp.Rational(1, 2)


def prove(lhs: Any, rhs: Any, *where: Any) -> Proof | None:
    """A proof without the attack before it, so that a wrong yes is seen."""
    return Prover(propose, time.monotonic() + 20).zero(sp.sympify(lhs) - rhs, Facts(where))


TRUE = {
    "king's rule": (Integral(sin(x) ** 3 / (sin(x) ** 3 + cos(x) ** 3), (x, 0, pi / 2)), pi / 4),
    "odd integrand": (Integral(x**3 * exp(-(x**4)), (x, -a, a)), 0),
    "split at the corner": (Integral(Abs(x - c), (x, c - 1, c + 2)), sp.Rational(5, 2)),
    "maximum": (Integral(Max(x, 0), (x, -1, 1)), sp.Rational(1, 2)),
    "triangle either way": (Sum(Sum(A[i, j], (j, i, n)), (i, 1, n)), Sum(Sum(A[i, j], (i, 1, j)), (j, 1, n))),
    "even integrand": (Integral(f(x**2), (x, -a, a)), 2 * Integral(f(x**2), (x, 0, a))),
    "a scaled variable": (Integral(f(a * x), (x, 0, 1)), Integral(f(y), (y, 0, a)) / a),
    "a shifted variable": (Integral(f(x + c), (x, 0, 1)), Integral(f(y), (y, c, c + 1))),
    "a variable that runs backwards": (Integral(f(c - x), (x, 0, 1)), Integral(f(y), (y, c - 1, c))),
    "two functions": (Integral(f(x) * g(a * x), (x, 0, b)), Integral(f(y / a) * g(y), (y, 0, a * b)) / a),
    "the whole line backwards": (Integral(f(-x), (x, -sp.oo, sp.oo)), Integral(f(y), (y, -sp.oo, sp.oo))),
    "a scaled variable of a function and its derivative": (
        Integral(f(a * x) * sp.Subs(sp.Derivative(f(z), z), z, a * x), (x, 0, 1)),
        Integral(f(y) * sp.Derivative(f(y), y), (y, 0, a)) / a,
    ),
    "two integrals over a triangle": (
        Integral(Integral(h(x, y), (y, 0, x)), (x, 0, 1)),
        Integral(Integral(h(x, y), (x, y, 1)), (y, 0, 1)),
    ),
    "Cauchy's formula": (Integral(Integral(f(y), (y, 0, z)), (z, 0, x)), Integral((x - y) * f(y), (y, 0, x))),
    "the mean of a function and its mirror image": (Integral(f(x), (x, -a, a)), Integral(f(x) + f(-x), (x, 0, a))),
    "… on a range of any direction": (Integral(r(x), (x, -c, c)), Integral(r(x) + r(-x), (x, 0, c))),
    "adjacent ranges": (Integral(f(x), (x, a, b)) + Integral(f(x), (x, b, c)), Integral(f(x), (x, a, c))),
    "… of functions of two lines": (
        Integral(f(2 * x) + f(x + 1), (x, 0, 1)),
        Integral(f(x), (x, 0, 2)) / 2 + Integral(f(x), (x, 1, 2)),
    ),
    "a curved variable": (Integral(2 * x * f(x**2), (x, 0, c)), Integral(f(x), (x, 0, c**2))),
    "… of an exponential": (Integral(exp(x) * r(exp(x)), (x, 0, c)), Integral(r(x), (x, 1, exp(c)))),
    "the derivative of a product": (Integral(sp.Derivative(f(x) * g(x), x), (x, a, b)), f(b) * g(b) - f(a) * g(a)),
    "… of a square": (Integral(sp.Derivative(x * f(x) ** 2, x), (x, a, b)), b * f(b) ** 2 - a * f(a) ** 2),
    "read backwards": (Sum(A[n + 1 - i, 0], (i, 1, n)), Sum(A[i, 0], (i, 1, n))),
    "floors under an integral": (Integral(x * floor(x), (x, 0, d)), d * (d - 1) * (4 * d + 1) / 12),
    "fractional parts under an integral": (Integral((x - floor(x)) ** 2, (x, 0, d)), d / 3),
    "a maximum over a square": (Integral(Integral(Max(x, y), (x, 0, 1)), (y, 0, 1)), sp.Rational(2, 3)),
    "a modulus over a quadrant": (Integral(Integral(Abs(x - y) * exp(-x - y), (x, 0, sp.oo)), (y, 0, sp.oo)), 1),
    "a denominator that the mirror image takes away": (Integral(cos(x) / (1 + exp(x)), (x, -a, a)), sin(a)),
    "… and a power of another base": (Integral(x**4 / (1 + 2**x), (x, -1, 1)), sp.Rational(1, 5)),
    "no integer": (ceiling(x) - floor(x), 1, sp.Ne(floor(x), x)),
    "no half of one": (floor(x + HALF), ceiling(x - HALF), sp.Ne(floor(x + HALF), x + HALF)),
    "a hypothesis about another product": (floor(2 * x), floor(x) + floor(x + HALF), floor(x * y) >= 1),
    "nearer to the next integer": (floor(x + HALF), floor(x) + 1, x - floor(x) >= HALF),
    "Hermite": (floor(3 * x), floor(x) + floor(x + sp.Rational(1, 3)) + floor(x + sp.Rational(2, 3))),
    "nested division": (floor(floor(x / d) / q), floor(x / (d * q))),
    "ceiling": (ceiling(k / d), floor((k + d - 1) / d)),
}

FALSE = {
    "pole in the middle": (Integral(1 / x, (x, -a, a)), 0),
    "reflected about another point": (Integral(x, (x, 0, a)), Integral(a / 2 - x, (x, 0, a))),
    "corner outside the range": (Integral(Abs(x - c), (x, c + 1, c + 2)), sp.Rational(5, 2)),
    "triangle, one diagonal more": (Sum(Sum(A[i, j], (j, i, n)), (i, 1, n)), Sum(Sum(A[i, j], (i, 1, j + 1)), (j, 1, n))),
    "even, but for the function": (Integral(f(x), (x, -a, a)), 2 * Integral(f(x), (x, 0, a))),
    "a mirror image for the function": (Integral(f(x), (x, -a, a)), Integral(f(x) + f(x), (x, 0, a))),
    "ranges that overlap": (Integral(f(x), (x, a, b)) + Integral(f(x), (x, c, b)), Integral(f(x), (x, a, c))),
    "ranges of two functions": (Integral(f(x), (x, a, b)) + Integral(g(x), (x, b, c)), Integral(f(x), (x, a, c))),
    "a curved variable without its factor": (Integral(x * f(x**2), (x, 0, c)), Integral(f(x), (x, 0, c**2))),
    "a curved variable with a pole": (Integral(r(1 / x) / x**2, (x, -1, 1)), Integral(r(x), (x, -1, 1))),
    "a curved variable and another integrand": (Integral(2 * x**2 * f(x**2), (x, 0, c)), Integral(f(x), (x, 0, c**2))),
    "a split at a pole": (
        Integral((f(x) - f(2 * x)) / x, (x, 0, 1)),
        Integral(f(x) / x, (x, 0, 1)) - Integral(f(x) / x, (x, 0, 2)),
    ),
    "the derivative of a product, without one factor": (Integral(sp.Derivative(f(x) * g(x), x), (x, a, b)), f(b) - f(a)),
    "a scale without its factor": (Integral(f(a * x), (x, 0, 1)), Integral(f(y), (y, 0, a))),
    "the whole line by a scale that may be negative": (
        Integral(f(c * x), (x, -sp.oo, sp.oo)),
        Integral(f(y), (y, -sp.oo, sp.oo)) / c,
    ),
    "the other triangle": (
        Integral(Integral(h(x, y), (y, 0, x)), (x, 0, 1)),
        Integral(Integral(h(x, y), (x, 0, y)), (y, 0, 1)),
    ),
    "not integrable at a corner": (
        Integral(Integral(f(0) * (x - y) / (x + y) ** 3, (y, 0, 1)), (x, 0, 1)),
        Integral(Integral(f(0) * (x - y) / (x + y) ** 3, (x, 0, 1)), (y, 0, 1)),
    ),
    "not integrable where a function may vanish": (
        Integral(Integral((r(x) ** 2 - y**2) / (r(x) ** 2 + y**2) ** 2, (y, 0, 1)), (x, 0, 1)),
        Integral(Integral((r(x) ** 2 - y**2) / (r(x) ** 2 + y**2) ** 2, (x, 0, 1)), (y, 0, 1)),
    ),
    "derivatives that are not integrable": (
        Integral(Integral(sp.Derivative(sqrt(x**2 + y**2) * f(c), x, x, y), (y, 0, 1)), (x, 0, 1)),
        Integral(Integral(sp.Derivative(sqrt(x**2 + y**2) * f(c), x, x, y), (x, 0, 1)), (y, 0, 1)),
    ),
    "a scale that is another one for each term": (Integral(Sum((3 - 2 * d) * f(d * x), (d, 1, 2)), (x, 0, 1)), 0),
    "a variable declared to be positive on another range": (
        Integral(sp.log(a * z) * f(a), (a, -1, 1)),
        Integral((sp.log(a) + sp.log(z)) * f(a), (a, -1, 1)),
    ),
    "floors to an end that is no integer": (Integral(floor(x), (x, 0, a)), a * (a - 1) / 2),
    "poles between the integers": (Integral(1 / (x - floor(x)), (x, 0, 1)), 1),
    "a maximum over a longer range": (Integral(Integral(Max(x, y), (x, 0, 1)), (y, 0, 2)), sp.Rational(5, 3)),
    "an odd wave over such a denominator": (Integral(sin(x) / (1 + exp(x)), (x, -a, a)), 0),
    "such a denominator without the one": (Integral(cos(x) / (exp(x) - 1), (x, -a, a)), -sin(a)),
    "no integer, of a half more": (ceiling(x + HALF) - floor(x + HALF), 1, sp.Ne(floor(x), x)),
    "a hypothesis about the floors of a bound variable": (
        floor(x + HALF),
        floor(x),
        Sum(floor(x), (x, 0, 2)) >= x - floor(x) + 2,
    ),
    "nearly nearer to the next integer": (floor(x + HALF), floor(x) + 1, x - floor(x) >= sp.Rational(1, 3)),
    "Hermite, one shift too few": (floor(3 * x), floor(x) + floor(x + sp.Rational(1, 3)) + floor(x)),
    "nested division by a real number": (floor(floor(x / a) / b), floor(x / (a * b))),
    "doubled floor": (floor(2 * x), 2 * floor(x)),
    "floor of a negative line": (floor(-x), -floor(x) - 1),
}


@pytest.mark.parametrize("name", TRUE)
def test_other_ranges_prove(name: str) -> None:
    assert prove(*TRUE[name]) is not None


@pytest.mark.parametrize("name", FALSE)
def test_wrong_ranges_do_not(name: str) -> None:
    assert prove(*FALSE[name]) is None


@pytest.mark.parametrize("bounds", [(1, 5), (3, 3), (4, 3), (5, 1), (2, -2)], ids=str)
def test_a_sum_read_backwards_is_the_same_on_reversed_ranges_too(bounds: tuple[int, int]) -> None:
    e = Sum(k**2 + 3 * k, (k, *bounds))
    for other, _ in reflected_sums(e):
        assert other.doit() == e.doit()


@pytest.mark.parametrize("size", range(5))
def test_a_triangle_in_the_other_order_has_the_same_terms(size: int) -> None:
    e = Sum(Sum(i**2 * j, (j, i, n)), (i, 1, n))
    found = list(transposed_sums(e, Facts(())))
    assert found
    for other, _ in found:
        assert other.subs(n, size).doit() == e.subs(n, size).doit()


def test_enclosures_tell_a_sign_only_where_there_is_one() -> None:
    assert one_sign(sin(x) + cos(x), x, sp.Integer(0), pi / 2) == 1
    assert one_sign(-sqrt(x) - 1, x, sp.Integer(0), sp.Integer(4)) == -1
    assert one_sign(sin(x), x, sp.Integer(0), 2 * pi) == 0
    assert one_sign((x - 1) ** 2, x, sp.Integer(0), sp.Integer(2)) == 0


def test_continuity_on_a_range_of_numbers_by_enclosures() -> None:
    f = 1 / (sin(x) ** 3 + cos(x) ** 3)
    assert continuous_on(f, x, sp.Integer(0), pi / 2, Facts(()))
    assert not continuous_on(f, x, sp.Integer(0), pi, Facts(()))


@pytest.mark.parametrize("value", [sp.Rational(v, 12) for v in range(-30, 31, 7)], ids=str)
def test_the_pieces_of_the_fractional_part_cover_every_number(value: Any) -> None:
    """On the piece that a number lies in, floors have the values that they have there."""
    e = floor(2 * x + sp.Rational(1, 3)) + 3 * floor(-x)
    found = fractional_pieces(e, Facts(()))
    assert found is not None
    whole = floor(value)
    held = []
    for target, facts, _ in found[1]:
        (whole_part,) = [s for s in target.free_symbols if s.is_integer]
        rest = [s for s in facts.where if s.free_symbols]
        inner = [s for s in set().union(*(r.free_symbols for r in rest)) if not s.is_integer]
        at = {whole_part: whole, **dict.fromkeys(inner, value - whole)}
        if all(r.subs(at) for r in rest) and (inner or "= m + 0" in _ or f"= m + {value - whole}" == _[_.index("=") :]):
            held.append(target.subs(at))
    assert e.subs(x, value) in held


def test_a_variable_of_integration_has_no_fractional_part_of_its_own() -> None:
    mean = Integral(floor(2 * x) - 2 * floor(x), (x, 0, 1))
    assert fractional_pieces(mean**2 - mean, Facts(())) is None
    assert fractional_pieces(floor(2 * x) - 2 * floor(x), Facts(()))


@pytest.mark.parametrize(
    "e",
    [
        Integral(f(x) / x, (x, -1, 1)),  # a pole
        Integral(f(x) / x, (x, c, c + 1)),  # … that may lie there
        Integral(f(x) / (x - c), (x, a, b)),
        Integral(f(x) * sp.sign(x), (x, -1, 1)),
        Integral(f(x), (x, 0, sp.oo)),
        Integral(f(x), (x, -sp.oo, 0)),
        Integral(f(x), (x, 0, sp.I)),
        Integral(f(x)),
        Integral(f(x), (x, c)),
        Integral(f(x) * g(y), (x, 0, 1), (y, 0, 2)),
        Integral(f(Integral(g(x) / y, (y, -1, 1))), (x, 0, 1)),
        Integral(exp(x), (x, 0, 1)),
        Integral(Expectation(f(x + y), y), (x, 0, y)),
        Sum(Integral(f(x * d), (x, 0, d)), (d, -1, 1)),
    ],
    ids=str,
)
def test_no_antiderivative_of_what_is_not_continuous_or_not_one_function(e: Any) -> None:
    assert by_antiderivatives(e, Facts(())) == e


def test_one_antiderivative_for_each_function_and_end() -> None:
    def vanishes(e: Any) -> bool:
        return bool(sp.expand(by_antiderivatives(e, Facts(()))) == 0)

    whole = Integral(f(x), (x, a, c))
    assert vanishes(Integral(f(x), (x, a, b)) + Integral(f(y), (y, b, c)) - whole)
    assert vanishes(Integral(3 * f(x), (x, a, c)) - 3 * whole)
    assert vanishes(whole + Integral(f(x), (x, c, a)))
    assert vanishes(Integral(r(x**3) * x**2, (x, 0, c)) - Integral(r(x), (x, 0, c**3)) / 3)
    assert not vanishes(whole - Integral(f(x), (x, c, a)))
    assert not vanishes(whole - Integral(f(x + 1), (x, a, c)))
    assert not vanishes(whole - Integral(f(x), (x, a, b)))
    assert not vanishes(Integral(r(x**3) * x**2, (x, 0, c)) - Integral(r(x), (x, 0, c**3)))
    assert not vanishes(Integral(r(x**3) * x, (x, 0, c)) - Integral(r(x), (x, 0, c**3)) / 3)
    assert not vanishes(Integral(2 * x**2 * r(x**2), (x, 0, c)) - Integral(x * r(x), (x, 0, c**2)))
    assert not vanishes(Integral(r(c * x), (x, 0, 1)) - Integral(r(x), (x, 0, c)))


@pytest.mark.parametrize(
    "e",
    [
        Integral(f(x) - f(2 * x), (x, 0, sp.oo)),  # each of the two may diverge
        Integral((f(x) - f(2 * x)) / x, (x, 0, 1)),
        Integral(f(c * x), (x, 0, 1)),
        Integral(f(c * x), (x, 0, sp.oo)),
        Integral(f(sp.I * x), (x, 0, 1)),
        Integral(f(x + sp.I), (x, 0, 1)),
        Integral(f(2 * x), (x, 0, sp.I)),
        Integral(f(x**2 + x), (x, 0, 1)),
        Integral(f(2 * x)),
        Integral(f(2 * x), (x, c)),
        Integral(f(2 * x) * g(y), (x, 0, 1), (y, 0, 2)),
        Integral(Expectation(f(2 * x + y), y), (x, 0, y)),
        Sum(Integral(f(d * x), (x, 0, 1)), (d, -1, 1)),
        Integral(Sum(f(i * x), (i, 0, 1)), (x, 0, 1)),
        Integral(Sum(f(d * x), (d, 1, 2)), (x, 0, 1)),
    ],
    ids=str,
)
def test_a_variable_is_not_changed_on_a_range_that_is_not_known(e: Any) -> None:
    assert substituted_integrals(e, Facts(())) is None


def test_the_sign_of_a_scale_is_known_on_an_infinite_range() -> None:
    e = Integral(f(c * x), (x, 0, sp.oo))
    assert substituted_integrals(e, Facts((sp.Ne(c, 0),))) is None
    for condition, end in ((c > 0, sp.oo), (c < 0, -sp.oo)):
        changed = substituted_integrals(e, Facts((condition,)))
        assert changed is not None
        assert changed[0].limits[0][1:] == (0, end)


def test_a_sum_is_split_only_if_each_term_is_continuous() -> None:
    changed = substituted_integrals(Integral(f(3 * x) + (f(x) - f(2 * x)) / x, (x, 0, 1)), Facts(()))
    assert changed is None or isinstance(changed[0], Integral)


def test_a_product_is_opened_under_an_integral_alone() -> None:
    product = sp.Derivative(f(x) * g(x), x)
    opened = f(x) * sp.Derivative(g(x), x) + g(x) * sp.Derivative(f(x), x)
    assert by_product_rule(Integral(product, (x, 0, 1)) + product) == Integral(opened, (x, 0, 1)) + product
    for body in (
        Abs(f(x)),  # a corner
        sqrt(f(x)),
        f(x) / g(x),
        f(2 * x) * g(x),
        f(x) ** n,
        f(x) * Abs(x),
        exp(x),
    ):
        e = Integral(sp.Derivative(body, x), (x, 0, 1))
        assert by_product_rule(e) == e


def test_integrals_are_exchanged_over_rectangles_and_triangles_of_smooth_functions_only() -> None:
    for body, inner, outer in (
        (h(x, y), (y, 0, 2 * x), (x, 0, 1)),
        (h(x, y), (y, 1, x), (x, 0, 1)),
        (h(x, y), (y, x, 2), (x, 0, 1)),
        (h(x, y), (y, 0, sp.oo), (x, 0, 1)),
        (h(x, y), (y, 0, 1), (x, 0, sp.oo)),
        (h(x, y) / (x + y), (y, 0, 1), (x, 0, 1)),
        (h(x, y) * sp.sign(x - y), (y, 0, 1), (x, 0, 1)),
    ):
        assert not list(transposed_integrals(Integral(Integral(body, inner), outer), Facts(())))
