"""What SymPy gets wrong, from its tracker: each still does in the version that is pinned, and none of it is proved here.

A row names the issue, what SymPy is asked, what it answers, and the statement that its answer amounts to. Should a test say that
SymPy is mended, delete the row, or move it to the true statements: nothing is broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Heaviside,
    I,
    Integral,
    Limit,
    Max,
    Rational,
    acos,
    asin,
    atan,
    besselj,
    cos,
    coth,
    exp,
    floor,
    integrate,
    jn,
    limit,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    symbols,
)  # fmt: skip
from sympy.core import random as sympy_random
from sympy.core.cache import clear_cache
from sympy.integrals import meijerint

from derivable import equal

x = symbols("x")
r = symbols("r", real=True)
negative = symbols("x", negative=True)
k = symbols("k", integer=True, positive=True)
HALF = Rational(1, 2)
SECONDS = 6.0
#: 839327132406530643.00000000003
NEARLY_WHOLE = (sqrt(62274204097870571696467174993143330835664166821124311) + 251519874856047008187562714) / 596987581


@dataclass(frozen=True)
class WrongResult:
    """One report: `ask` is what SymPy computes, `answer` what it says, and `left = right` the statement that it thereby makes."""

    issue: int
    ask: Callable[[], Any]
    answer: Any
    left: Any
    right: Any
    truth: Any = None  # the right value, if it is known in closed form
    where: tuple[Any, ...] = ()

    @property
    def link(self) -> str:
        return f"https://github.com/sympy/sympy/issues/{self.issue}"


def integral(issue: int, f: Any, low: Any, high: Any, answer: Any, truth: Any = None, **options: Any) -> WrongResult:
    """A definite integral: over a real variable in the statement, as it is reported in the question."""
    real = f.xreplace({x: r})
    return WrongResult(
        issue, lambda: integrate(f, (x, low, high), **options), answer, Integral(real, (r, low, high)), answer, truth
    )


WRONG: dict[str, WrongResult] = {
    # periodic moduli, signs and maxima: one period is taken for all
    "modulus of a product": integral(29072, Abs(sin(x) * cos(x)), 0, 2 * pi, sp.Integer(1), 2),
    "modulus of a cosine": integral(25052, Abs(cos(x)), -pi / 2, 0, sp.Integer(-1), 1),
    "modulus of sin 2x": integral(30319, Abs(sin(2 * x)), 0, 2 * pi, sp.Integer(2), 4),
    "modulus of sin 3x": integral(30319, Abs(sin(3 * x)), 0, 3 * pi, Rational(2, 3), 6),
    "modulus of sin 4x": integral(30319, Abs(sin(4 * x)), 0, pi, sp.Integer(1), 2),
    "modulus of a sine over two periods": integral(30319, Abs(sin(x)), 0, 4 * pi, sp.Integer(4), 8),
    "modulus of a cosine over three half periods": integral(30319, Abs(cos(x)), 0, 3 * pi, sp.Integer(4), 6),
    "sign of a sine": integral(29072, sign(sin(x)), 0, 3 * pi, sp.Integer(0), pi),
    "sign of sin 2x": integral(29072, sign(sin(2 * x)), 0, 3 * pi / 2, sp.Integer(0), pi / 2),
    "positive part of a sine": integral(29072, Max(sin(x), 0), 0, 4 * pi, sp.Integer(2), 4),
    # jumps of an antiderivative
    "atan of tan": integral(20898, atan(sp.tan(x)), 0, pi, -(pi**2) / 2, 0),
    "atan of a triple angle": integral(
        30319, atan((3 * x - x**3) / (1 - 3 * x**2)), 0, sqrt(3), -3 * log(4) / 2, pi / sqrt(3) - 3 * log(2)
    ),
    "Weierstrass's substitution": integral(30084, 1 / (sqrt(2) + cos(x)), 0, 2 * pi, sp.Integer(0), 2 * pi),
    "a positive rational function": integral(
        28657,
        400 * pi**2 * x**2 / (1600 * pi**4 * x**4 - 796 * pi**2 * x**2 + 100), 0, oo,
        5 * (-2 * sqrt(160797) * pi + 798 * pi) / (1596 * pi),
    ),
    # Meijer's functions and branch cuts
    "roots that cancel": integral(29792, sqrt(2 - x) * sqrt(1 / (2 - x)), 0, 1, sp.Integer(-1), 1),
    "roots that cancel, over another range": integral(29792, sqrt(4 - x) * sqrt(1 / (4 - x)), 0, 2, sp.Integer(-2), 2),
    "a root times a logarithm": integral(30404, sqrt(1 - x) * log(1 - x), 0, 1, sp.Integer(0), Rational(-4, 9)),
    "a logarithm over a root": integral(30404, log(1 - x) / sqrt(1 - x), 0, 1, 8 - 8 * I * pi, -4),
    "a beta integral": integral(
        29751, x ** Rational(1, 3) * (1 - x) ** HALF, 0, 1, -2 * sp.hyper((Rational(-1, 3), 3 * HALF), (5 * HALF,), 1) / 3,
        sp.beta(Rational(4, 3), 3 * HALF),
    ),
    "a singular beta integral": integral(
        29751, x ** Rational(-3, 4) * (1 - x) ** -HALF, 0, 1, -2 * sp.hyper((HALF, Rational(3, 4)), (3 * HALF,), 1),
        sp.beta(Rational(1, 4), HALF),
    ),
    "another singular beta integral": integral(
        29751, x ** Rational(-1, 4) * (1 - x) ** -HALF, 0, 1, -2 * sp.hyper((Rational(1, 4), HALF), (3 * HALF,), 1),
        sp.beta(Rational(3, 4), HALF),
    ),
    "an antiderivative to the left of the cut": WrongResult(
        30231,
        lambda: sp.diff(integrate(sqrt(x**2 - 9) / x, x).args[0][0], x).subs(x, -4).equals(sqrt(7) / -4),
        False,
        sqrt(7) / -4,
        sp.diff(sqrt(x**2 - 9) + 3 * asin(3 / x), x).subs(x, -4),
    ),
    "Meijer's function at a negative number": WrongResult(
        25123,
        lambda: sp.hyperexpand(sp.meijerg(((-HALF,), (0, 0, HALF, 1)), ((-HALF, 0, 0), ()), negative ** (-2))),
        (-2 * negative + sin(2 * negative)) / sqrt(pi),
        (2 * negative - sin(2 * negative)) / sqrt(pi),
        (-2 * negative + sin(2 * negative)) / sqrt(pi),
    ),
    # integrals that do not exist
    "an essential singularity on the path": integral(20898, exp(1 / x) / x**2, -1, 1, -sp.E + exp(-1)),
    # limits
    "a power of 2 from the left": WrongResult(
        28975, lambda: limit(2 ** (1 / x), x, 0, "-"), oo, Limit(2 ** (1 / x), x, 0, "-"), oo, sp.Integer(0)
    ),
    "a power of 3 from the left": WrongResult(
        28975, lambda: limit(3 ** (1 / x), x, 0, "-"), oo, Limit(3 ** (1 / x), x, 0, "-"), oo, sp.Integer(0)
    ),
    "coth less its pole": WrongResult(
        28975, lambda: limit(coth(x) - 1 / x, x, 0, "-"), oo, Limit(coth(x) - 1 / x, x, 0, "-"), oo, sp.Integer(0)
    ),
    # rounding while an expression is written
    "a small angle": WrongResult(
        23086, lambda: acos(sp.S(7823207) / 7823209).evalf(2), sp.Integer(0), acos(Rational(7823207, 7823209)), sp.Integer(0)
    ),
    "a floor by too few digits": WrongResult(
        21039,
        lambda: floor(sqrt(2) / (541131238821888000 - 382637568482834149 * sqrt(2))),
        sp.Integer(1402),
        floor(sqrt(2) / (541131238821888000 - 382637568482834149 * sqrt(2)), evaluate=False),
        sp.Integer(1402),
        sp.Integer(1401),
    ),
    "another floor by too few digits": WrongResult(
        26368,
        lambda: floor(NEARLY_WHOLE),
        sp.Integer(839327132406530642),
        floor(NEARLY_WHOLE, evaluate=False),
        sp.Integer(839327132406530642),
        sp.Integer(839327132406530643),
    ),
    # functions on the wrong branch
    "a spherical Bessel function of a negative number": WrongResult(
        23970,
        lambda: jn(0, x).rewrite(besselj).subs(x, -1).equals(-sin(1)),
        True,
        jn(0, -1),
        -sin(1),
        sin(1),
    ),
    # sums
    "a sum of a rational function": WrongResult(
        8822,
        lambda: sp.Sum(1 / (4 * k**2 - 1) ** 2, (k, 1, oo)).doit(),
        sp.nan,
        sp.Sum(1 / (4 * k**2 - 1) ** 2, (k, 1, oo)),
        sp.nan,
        (pi**2 - 8) / 16,
    ),
    # steps
    "a step in an integral": WrongResult(
        21426,
        lambda: sp.nfloat(integrate(Heaviside(x - 1), (x, -2, 2)), 5).round(3),
        sp.Integer(4),
        Integral(Heaviside(r - 1), (r, -2, 2)),
        sp.Integer(4),
        sp.Integer(1),
    ),
}  # fmt: skip

#: rows whose answer is refuted at a point, both values shown; the others stay open: an infinity or nan on the right, an integral
#: whose integrand has corners or does not exist, what no rule evaluates
REFUTED = (
    "modulus of a cosine", "Weierstrass's substitution", "roots that cancel", "roots that cancel, over another range",
    "a root times a logarithm", "a logarithm over a root", "a beta integral", "a singular beta integral",
    "another singular beta integral", "an antiderivative to the left of the cut", "Meijer's function at a negative number",
    "a small angle", "a floor by too few digits", "another floor by too few digits",
    "a spherical Bessel function of a negative number",
)  # fmt: skip


def test_there_are_enough_reports() -> None:
    assert len(WRONG) >= 25


@pytest.mark.parametrize("name", WRONG)
def test_sympy_still_says_so(name: str) -> None:
    row = WRONG[name]
    clear_cache()  # what SymPy answers may depend on what it was asked before, and on its random numbers
    meijerint._lookup_table = None  # an earlier test that was interrupted may have left it half filled
    sympy_random.seed(0)
    said = row.ask()
    same = said == row.answer or said is row.answer or (isinstance(said, sp.Expr) and sp.nsimplify(said - row.answer) == 0)
    assert same, (
        f"SymPy is mended: {row.link} now gives {said} and gave {row.answer}. Delete the row {name!r}, nothing is broken."
    )


@pytest.mark.parametrize("name", WRONG)
def test_what_sympy_says_is_not_proved(name: str) -> None:
    row = WRONG[name]
    decision = equal(row.left, row.right, where=row.where, timeout=SECONDS)
    assert decision.verdict in ("refuted", "open"), f"{row.link}: {decision}"


@pytest.mark.parametrize("name", [name for name, row in WRONG.items() if row.truth is not None])
def test_what_is_right_is_not_refuted(name: str) -> None:
    row = WRONG[name]
    assert equal(row.left, row.truth, where=row.where, timeout=SECONDS).verdict != "refuted", row.link


@pytest.mark.parametrize("name", REFUTED)
def test_a_wrong_number_is_refuted_with_a_witness(name: str) -> None:
    """Leaving everything open would pass the tests above."""
    row = WRONG[name]
    decision = equal(row.left, row.right, where=row.where, timeout=SECONDS)
    assert decision.verdict == "refuted", decision
    assert decision.counterexample is not None
    assert decision.counterexample.lhs != decision.counterexample.rhs
