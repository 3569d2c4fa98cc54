"""Balls against mpmath: what the evaluator encloses holds the value that mpmath computes, at real and complex points."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy as sp
from flint import acb, arb, ctx, fmpq
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from mpmath import mp

from derivable.trusted.balls import FUNCTIONS, TURNS, Evaluator, Undecided, Undefined, Unsupported, ball

x = sp.Symbol("x")
n, k, j = sp.symbols("n k j", integer=True)
DIGITS = 30
DEGREE = st.integers(0, 6)
NUMBER = st.fractions(-5, 5, max_denominator=16)
COMPLEX = st.tuples(NUMBER, NUMBER)
SETTINGS = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def sign(z: Any) -> Any:
    return z / abs(z) if z != 0 else mp.mpf(0)


def mod(a: Any, b: Any) -> Any:
    return a - b * mp.floor(a / b)


# the same function by mpmath, and what its arguments may be: C a complex number, R a real one, D a degree
ORACLES: dict[Any, tuple[Callable[..., Any], str]] = {
    sp.exp: (mp.exp, "C"),
    sp.sin: (mp.sin, "C"),
    sp.cos: (mp.cos, "C"),
    sp.tan: (mp.tan, "C"),
    sp.cot: (mp.cot, "C"),
    sp.sec: (mp.sec, "C"),
    sp.csc: (mp.csc, "C"),
    sp.sinh: (mp.sinh, "C"),
    sp.cosh: (mp.cosh, "C"),
    sp.tanh: (mp.tanh, "C"),
    sp.coth: (mp.coth, "C"),
    sp.sech: (mp.sech, "C"),
    sp.csch: (mp.csch, "C"),
    sp.asin: (mp.asin, "C"),
    sp.acos: (mp.acos, "C"),
    sp.atan: (mp.atan, "C"),
    sp.acot: (mp.acot, "C"),
    sp.acoth: (mp.acoth, "C"),
    sp.asec: (mp.asec, "C"),
    sp.acsc: (mp.acsc, "C"),
    sp.asech: (mp.asech, "C"),
    sp.acsch: (mp.acsch, "C"),
    sp.asinh: (mp.asinh, "C"),
    sp.acosh: (mp.acosh, "C"),
    sp.atanh: (mp.atanh, "C"),
    sp.sinc: (lambda z: mp.sin(z) / z if z != 0 else mp.mpf(1), "C"),
    sp.erf: (mp.erf, "C"),
    sp.erfc: (mp.erfc, "C"),
    sp.erfi: (mp.erfi, "C"),
    sp.gamma: (mp.gamma, "C"),
    sp.factorial: (mp.factorial, "C"),
    sp.loggamma: (mp.loggamma, "C"),
    sp.digamma: (mp.digamma, "C"),
    sp.harmonic: (mp.harmonic, "C"),
    sp.polygamma: (lambda m, z: mp.polygamma(int(m), z), "DC"),
    sp.beta: (mp.beta, "CC"),
    sp.binomial: (mp.binomial, "CD"),
    sp.RisingFactorial: (mp.rf, "CD"),
    sp.FallingFactorial: (mp.ff, "CD"),
    sp.zeta: (mp.zeta, "C"),
    sp.LambertW: (mp.lambertw, "C"),
    sp.Shi: (mp.shi, "C"),
    sp.Chi: (mp.chi, "C"),
    sp.fresnels: (mp.fresnels, "C"),
    sp.fresnelc: (mp.fresnelc, "C"),
    sp.airyai: (mp.airyai, "C"),
    sp.airybi: (mp.airybi, "C"),
    sp.airyaiprime: (lambda z: mp.airyai(z, derivative=1), "C"),
    sp.airybiprime: (lambda z: mp.airybi(z, derivative=1), "C"),
    sp.elliptic_k: (mp.ellipk, "C"),
    sp.elliptic_e: (mp.ellipe, "C"),
    sp.jacobi: (mp.jacobi, "DRRR"),
    sp.assoc_laguerre: (mp.laguerre, "DRC"),
    sp.besselj: (mp.besselj, "DC"),
    sp.bessely: (mp.bessely, "DC"),
    sp.besseli: (mp.besseli, "DC"),
    sp.besselk: (mp.besselk, "DC"),
    sp.jn: (lambda m, z: mp.sqrt(mp.pi / 2) / mp.sqrt(z) * mp.besselj(m + mp.mpf(1) / 2, z), "DC"),
    sp.legendre: (mp.legendre, "DC"),
    sp.chebyshevt: (mp.chebyt, "DC"),
    sp.chebyshevu: (mp.chebyu, "DC"),
    sp.hermite: (mp.hermite, "DC"),
    sp.laguerre: (lambda m, z: mp.laguerre(m, 0, z), "DC"),
    sp.gegenbauer: (mp.gegenbauer, "DPC"),
    sp.lowergamma: (lambda s, z: mp.gammainc(s, 0, z), "PP"),
    sp.uppergamma: (lambda s, z: mp.gammainc(s, z), "PP"),
    sp.Ei: (mp.ei, "R"),
    sp.li: (mp.li, "P"),
    sp.Si: (mp.si, "C"),
    sp.Ci: (mp.ci, "C"),
    sp.fibonacci: (mp.fib, "D"),
    sp.lucas: (lambda m: mp.fib(m - 1) + mp.fib(m + 1), "D"),
    sp.factorial2: (mp.fac2, "D"),
    sp.catalan: (lambda m: mp.binomial(2 * m, m) / (m + 1), "P"),
    sp.bernoulli: (lambda m: mp.mpf(1) / 2 if m == 1 else mp.bernoulli(int(m)), "D"),
    sp.euler: (lambda m: mp.mpf(int(mp.eulernum(int(m), exact=True))), "D"),
    sp.bell: (lambda m: mp.bell(int(m)), "D"),
    sp.subfactorial: (lambda m: mp.nint(mp.factorial(m) / mp.e) if m > 0 else mp.mpf(1), "D"),
    sp.dirichlet_eta: (mp.altzeta, "C"),
    sp.polylog: (mp.polylog, "DC"),
    sp.hankel1: (mp.hankel1, "DC"),
    sp.hankel2: (mp.hankel2, "DC"),
    sp.yn: (lambda m, z: mp.sqrt(mp.pi / 2) / mp.sqrt(z) * mp.bessely(m + mp.mpf(1) / 2, z), "DC"),
    sp.hermite_prob: (lambda m, z: mp.mpf(2) ** (-mp.mpf(m) / 2) * mp.hermite(m, z / mp.sqrt(2)), "DC"),
    sp.erf2: (lambda a, b: mp.erf(b) - mp.erf(a), "CC"),
    sp.erfinv: (mp.erfinv, "R"),
    sp.erfcinv: (lambda v: mp.erfinv(1 - v), "R"),
    sp.expint: (mp.expint, "DC"),
    sp.elliptic_f: (mp.ellipf, "RR"),
    sp.floor: (mp.floor, "R"),
    sp.ceiling: (mp.ceil, "R"),
    sp.frac: (lambda v: v - mp.floor(v), "R"),
    sp.Mod: (mod, "RR"),
    sp.re: (mp.re, "C"),
    sp.im: (mp.im, "C"),
    sp.conjugate: (mp.conj, "C"),
    sp.Abs: (abs, "C"),
    sp.arg: (mp.arg, "C"),
    sp.sign: (sign, "C"),
    sp.Heaviside: (lambda v: mp.mpf(sign(v) + 1) / 2, "R"),
    sp.KroneckerDelta: (lambda a, b: mp.mpf(int(a == b)), "DD"),
    sp.atan2: (mp.atan2, "RR"),
}


def test_every_function_has_its_oracle() -> None:
    assert set(FUNCTIONS) == set(ORACLES), {f.__name__ for f in set(FUNCTIONS) ^ set(ORACLES)}


@contextlib.contextmanager
def precision() -> Any:
    outer = ctx.prec
    ctx.prec = 160
    try:
        with mp.workdps(DIGITS + 20):
            yield
    finally:
        ctx.prec = outer


def drawn(kind: str, data: st.DataObject, real: bool) -> tuple[Any, Any]:
    """One argument, for the evaluator and for mpmath."""
    if kind == "D":
        degree = data.draw(DEGREE)
        return fmpq(degree), mp.mpf(degree)
    if kind in "RP" or real:
        q = data.draw(NUMBER)
        q = abs(q) if kind == "P" else q
        assume(kind != "P" or q > 0)
        return fmpq(q.numerator, q.denominator), mp.mpf(q.numerator) / q.denominator
    a, b = data.draw(COMPLEX)
    return (
        acb(arb(fmpq(a.numerator, a.denominator)), arb(fmpq(b.numerator, b.denominator))),
        mp.mpc(mp.mpf(a.numerator) / a.denominator, mp.mpf(b.numerator) / b.denominator),
    )


def holds(value: Any, expected: Any) -> bool:
    """Whether the ball meets the disc of mpmath's value, and is not merely wide."""
    enclosure = ball(value)
    assert enclosure.is_finite()
    size = 1 + abs(expected)
    slack = arb(mp.nstr(size, 5)) * arb(10) ** -DIGITS
    centre = acb(arb(mp.nstr(mp.re(expected), DIGITS + 10)), arb(mp.nstr(mp.im(expected), DIGITS + 10)))
    disc = centre + acb(arb(0, slack), arb(0, slack))
    assert enclosure.rad() < slack * 10**6 or enclosure.rad() < arb(10) ** -20 * size_ball(size)
    return bool(enclosure.overlaps(disc))


def size_ball(size: Any) -> Any:
    return arb(mp.nstr(size, 5))


@pytest.mark.parametrize("real", [True, False], ids=["real", "complex"])
@pytest.mark.parametrize("function", ORACLES, ids=lambda f: f.__name__)
def test_a_ball_holds_the_value(function: Any, real: bool) -> None:
    oracle, kinds = ORACLES[function]
    if not real and "C" not in kinds:
        pytest.skip("real arguments alone")

    @SETTINGS
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        with precision():
            pairs = [drawn(kind, data, real) for kind in kinds]
            try:
                value = FUNCTIONS[function](*(a for a, _ in pairs))
            except (Undefined, Undecided, Unsupported):
                return
            try:
                expected = oracle(*(b for _, b in pairs))
            except (ValueError, ZeroDivisionError, mpmath.libmp.NoConvergence):
                return
            assume(mp.isfinite(expected))
            assert holds(value, expected), (function.__name__, pairs, value, expected)

    compare()


@SETTINGS
@given(COMPLEX, COMPLEX)
def test_powers_are_principal(base: Any, exponent: Any) -> None:
    with precision():
        (a, za), (b, zb) = (
            (
                acb(*(arb(fmpq(c.numerator, c.denominator)) for c in pair)),
                mp.mpc(*(mp.mpf(c.numerator) / c.denominator for c in pair)),
            )
            for pair in (base, exponent)
        )
        assume(za != 0)
        value = Evaluator({x: a, sp.Symbol("y"): b})(sp.Pow(x, sp.Symbol("y"), evaluate=False))
        assert holds(value, mp.power(za, zb))


@SETTINGS
@given(NUMBER, st.integers(-6, 6))
def test_integer_powers_of_rationals_are_exact(base: Any, exponent: int) -> None:
    assume(base != 0)
    value = Evaluator({x: fmpq(base.numerator, base.denominator)})(sp.Pow(x, exponent, evaluate=False))
    assert isinstance(value, fmpq)
    power = base**exponent
    assert value == fmpq(power.numerator, power.denominator)


@pytest.mark.parametrize(
    ("e", "at", "value"),
    [
        (sp.exp(sp.I * sp.pi * n / 2), 3, (0, -1)),
        (sp.exp(sp.I * sp.pi * n / 2 + sp.I * sp.pi / 2, evaluate=False), 3, (1, 0)),
        (sp.exp(sp.Mul(sp.I, sp.pi, n, sp.pi, evaluate=False)), 0, (1, 0)),
        (sp.sin(sp.pi * n / 2, evaluate=False), 5, (1, 0)),
        (sp.cos(sp.pi * n / 2, evaluate=False), 5, (0, 0)),
        (sp.tan(sp.pi * n, evaluate=False), 7, (0, 0)),
        (sp.cot(sp.pi * n / 2, evaluate=False), 7, (0, 0)),
    ],
)
def test_quarter_turns_are_exact(e: Any, at: int, value: tuple[int, int]) -> None:
    turned = Evaluator({n: fmpq(at)})(e)
    assert ball(turned) - acb(*value) == 0
    assert isinstance(turned, fmpq) == (value[1] == 0)


def test_half_turns_are_counted_once() -> None:
    twice = sp.sin(sp.Mul(sp.pi, sp.pi, n, evaluate=False), evaluate=False)
    assert ball(Evaluator({n: fmpq(1)})(twice)).overlaps((acb.pi() ** 2).sin())


@SETTINGS
@given(st.sampled_from(sorted(TURNS, key=str)), COMPLEX)
def test_a_function_of_half_turns_holds_the_value(function: Any, u: Any) -> None:
    with precision(), contextlib.suppress(Undefined, ZeroDivisionError):
        value = acb(*(arb(fmpq(part.numerator, part.denominator)) for part in u))
        angle = mp.pi * mp.mpc(*(mp.mpf(part.numerator) / part.denominator for part in u))
        at_u = Evaluator({x: value})(function(sp.Mul(*TURNS[function][0], x, evaluate=False), evaluate=False))
        expected = getattr(mp, function.__name__)(mp.j * angle if function is sp.exp else angle)
        assert holds(at_u, expected)


@pytest.mark.parametrize(
    ("e", "at"),
    [
        (1 / x, 0),
        (sp.log(x), 0),
        (sp.gamma(x), -2),
        (sp.gamma(x), 0),
        (sp.arg(x), 0),
        (sp.Pow(0, x, evaluate=False), -1),
        (sp.Piecewise((1, x > 0)), -1),
        (sp.factorial(x), -1),
    ],
    ids=str,
)
def test_no_value_where_there_is_none(e: Any, at: int) -> None:
    with pytest.raises((Undefined, Undecided)):
        Evaluator({x: fmpq(at)})(e)


@pytest.mark.parametrize("e", [sp.oo, -sp.oo, sp.zoo, sp.nan, x + sp.oo])
def test_infinities_are_no_values(e: Any) -> None:
    with pytest.raises(Undefined):
        Evaluator({x: fmpq(1)})(e)


def test_conventions() -> None:
    at = Evaluator({x: fmpq(0), n: fmpq(0)})
    assert at(sp.Pow(x, n, evaluate=False)) == 1
    assert at(sp.Heaviside(x)) == fmpq(1, 2)
    assert at(sp.sign(x)) == 0
    assert at(sp.Mod(sp.Integer(-7), sp.Integer(3), evaluate=False)) == 2
    assert at(sp.Mod(sp.Integer(7), sp.Integer(-3), evaluate=False)) == -2


@pytest.mark.parametrize("upper", range(-6, 6))
def test_reversed_sums_and_products_follow_karr(upper: int) -> None:
    assert Evaluator({})(sp.Sum(k**2 + 1, (k, 1, upper))) == sum(
        (j * j + 1 for j in range(1, upper + 1)), start=-sum(j * j + 1 for j in range(upper + 1, 1))
    )
    product = Evaluator({})(sp.Product(k**2 + 1, (k, 1, upper)))
    expected = sp.Product(k**2 + 1, (k, 1, upper)).doit()
    assert product == fmpq(int(expected.p), int(expected.q))


def test_a_floor_at_an_integer_is_not_guessed() -> None:
    """⌊√2 √2⌋ has a ball around 2: it must be undecided, or 2 by exact arithmetic, never 1."""
    e = sp.floor(sp.Mul(sp.sqrt(2), sp.Pow(2, sp.Rational(1, 2), evaluate=False), evaluate=False), evaluate=False)
    with contextlib.suppress(Undecided):
        assert Evaluator({})(e) == 2


def test_comparison_of_touching_balls_is_undecided() -> None:
    e = sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5 + 2 * sp.sqrt(6))
    with pytest.raises(Undecided):
        Evaluator({}).holds(sp.Gt(e, 0, evaluate=False))


INTEGRALS = {
    "polynomial": (sp.Integral(x**3 - x, (x, -1, 2)), mp.mpf(9) / 4),
    "Gaussian on a range": (sp.Integral(sp.exp(-(x**2)), (x, 0, 1)), mp.sqrt(mp.pi) / 2 * mp.erf(1)),
    "root at an end": (sp.Integral(sp.sqrt(x), (x, 0, 1)), mp.mpf(2) / 3),
    "log at an end": (sp.Integral(sp.log(x), (x, 0, 1)), mp.mpf(-1)),
    "modulus": (sp.Integral(sp.Abs(x - sp.Rational(1, 3)), (x, 0, 1)), mp.mpf(5) / 18),
    "Gaussian": (sp.Integral(sp.exp(-(x**2)), (x, -sp.oo, sp.oo)), mp.sqrt(mp.pi)),
    "exponential": (sp.Integral(sp.exp(-x), (x, 0, sp.oo)), mp.mpf(1)),
    "reversed": (sp.Integral(x, (x, 1, 0)), mp.mpf(-1) / 2),
    "arctangent": (sp.Integral(1 / (1 + x**2), (x, -sp.oo, sp.oo)), mp.pi),
}


@pytest.mark.parametrize("name", INTEGRALS)
def test_an_integral_that_is_valued_is_valued_rightly(name: str) -> None:
    e, expected = INTEGRALS[name]
    with mp.workdps(30):
        try:
            value = ball(Evaluator({})(e))
        except (Unsupported, Undecided):
            assert name in ("modulus", "arctangent"), "an easy integral without a value"
            return
        assert abs(complex(value.real.mid()) - complex(expected)) < 1e-8


@pytest.mark.parametrize(
    "e",
    [
        sp.Integral(1 / x, (x, -1, 1)),
        sp.Integral(1 / x**2, (x, -1, 1)),
        sp.Integral(1 / x, (x, 0, 1)),
        sp.Integral(1, (x, 0, sp.oo)),
        sp.Integral(sp.sin(x), (x, 0, sp.oo)),
        sp.Sum(1 / n, (n, 1, sp.oo)),
        sp.Sum((-1) ** n, (n, 0, sp.oo)),
        sp.Sum(n, (n, 1, sp.oo)),
        sp.Limit(sp.sin(x), x, sp.oo),
        sp.Limit(1 / x, x, 0),
    ],
    ids=str,
)
def test_what_diverges_has_no_value(e: Any) -> None:
    with pytest.raises((Unsupported, Undefined, Undecided)):
        Evaluator({})(e)


def test_numerical_values_say_that_they_are_not_rigorous() -> None:
    for e in (
        sp.Sum(sp.Rational(1, 2) ** n, (n, 0, sp.oo)),
        sp.Limit((sp.exp(x) - 1) / x, x, 0),
        sp.Integral(sp.exp(-(x**2)), (x, 0, sp.oo)),
    ):
        evaluator = Evaluator({})
        with precision():
            evaluator(e)
        assert not evaluator.rigorous
    exact = Evaluator({})
    exact(sp.sqrt(2) + sp.Sum(n, (n, 1, 5)))
    assert exact.rigorous


def test_what_a_moving_variable_leaves_alone_is_told_from_what_an_inner_sum_binds() -> None:
    """j² outside is of the free j, j² under the inner sum is not; the range is long enough for j² to be kept."""
    inner = sp.Sum(j**2 * k, (j, 1, k))
    e = sp.Sum(inner + j**2 + k * (j + 1) ** 3, (k, 1, 12))
    at = 5
    expected = sum(sum(i**2 * m for i in range(1, m + 1)) + at**2 + m * (at + 1) ** 3 for m in range(1, 13))
    assert Evaluator({j: fmpq(at)})(e) == expected


def test_what_is_kept_for_a_moving_variable_is_forgotten_after_it() -> None:
    """(x + 1)³ is evaluated once for the sum, and anew where x has another value."""
    part = (x + 1) ** 3
    evaluator = Evaluator({x: fmpq(1)})
    assert evaluator(sp.Sum(k * part, (k, 1, 10))) == 55 * 8
    evaluator.values[x] = fmpq(2)
    assert evaluator(part) == 27
    assert evaluator(sp.Sum(k * sp.Sum(part.subs(x, k) + x, (x, 1, 10)), (k, 1, 10))) == sum(
        m * (10 * (m + 1) ** 3 + 55) for m in range(1, 11)
    )
    assert evaluator.at({x: fmpq(3)}, part) == 64


def test_a_part_without_a_value_leaves_the_sum_without_one() -> None:
    """log(x - 1) at x = 1 is met at every term."""
    with pytest.raises(Undefined):
        Evaluator({x: fmpq(1)})(sp.Sum(k * sp.log(x - 1), (k, 1, 10)))
