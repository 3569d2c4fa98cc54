"""The plain notation: what is understood, what stays unevaluated, what is refused with its place and both readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from derivable.decide import decide
from derivable.notation import Declarations, NotationError, parse, read

x, y, z, n, k = sp.symbols("x y z n k")
K, M, X = sp.Symbol("k", integer=True), sp.Symbol("m", integer=True), sp.Symbol("x", real=True)
f = sp.Function("f")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin(x)**2 + cos(x)^2", sp.sin(x) ** 2 + sp.cos(x) ** 2),
        ("2x + 3 x y - (x + 1)(x - 1)", 2 * x + 3 * x * y - (x + 1) * (x - 1)),
        ("-x^2", -(x**2)),
        ("2^-x", 2**-x),
        ("2^3^x", 2 ** (3**x)),
        ("n(n + 1)(2n + 1)/6", n * (n + 1) * (2 * n + 1) / 6),
        ("n(n - 1)^2 + x!", n * (n - 1) ** 2 + sp.factorial(x)),
        ("x/y/z", x / y / z),
        ("0.1 + 2.5e-3", sp.Rational(1, 10) + sp.Rational(1, 400)),
        ("E^x + exp(2)", sp.exp(x) + sp.exp(2)),
        ("Sum(k^2, (k, 1, n))", sp.Sum(K**2, (K, 1, n))),
        ("Sum(k m, (k, 1, m), (m, 1, n))", sp.Sum(K * M, (K, 1, M), (M, 1, n))),
        ("Product(k, (k, 1, oo))", sp.Product(K, (K, 1, sp.oo))),
        ("Integral(exp(-x^2), (x, -oo, oo))", sp.Integral(sp.exp(-(X**2)), (X, -sp.oo, sp.oo))),
        ("Derivative(f(x), x, 2)", sp.Derivative(f(x), (x, 2))),
        ("Derivative(f(x), (x, 2))", sp.Derivative(f(x), (x, 2))),
        ("Limit(1/x, x, oo)", sp.Limit(1 / X, X, sp.oo, dir="-")),
        ("Limit(1/x, x, 0, dir='+')", sp.Limit(1 / X, X, 0, dir="+")),
        ("binomial(n, k) + log(x, 2) + root(x, 3)", sp.binomial(n, k) + sp.log(x) / sp.log(2) + x ** sp.Rational(1, 3)),
        ("Max(x, y) + Min(x, y)", sp.Max(x, y, evaluate=False) + sp.Min(x, y, evaluate=False)),
        ("a[k] + a[2]", sp.IndexedBase("a")[k] + sp.IndexedBase("a")[2]),
        ("u(x, t) + w(0)", sp.Function("u")(x, sp.Symbol("t")) + sp.Function("w")(0)),
        ("α + π", sp.Symbol("alpha") + sp.pi),
        ("Matrix([[1, x], [y, 2]]) * Matrix([[x], [y]])", sp.Matrix([[x + x * y], [x * y + 2 * y]])),
        ("Determinant(Matrix([[x, 1], [2, y]]))", x * y - 2),
        ("hyper([x, 1], [], y z) + hyper([], [1/2], x)", sp.hyper([x, 1], [], y * z) + sp.hyper([], [sp.Rational(1, 2)], x)),
        ("arcsec(x) + jacobi(n, x, y, z) + airyaiprime(x)", sp.asec(x) + sp.jacobi(n, x, y, z) + sp.airyaiprime(x)),
        ("Matrix([[x, 1], [2, y]])^T", sp.Matrix([[x, 2], [1, y]])),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, expected: Any) -> None:
    found = parse(text)
    if isinstance(expected, sp.MatrixBase):
        assert sp.Matrix(found).applyfunc(rebuilt) == expected
    else:
        assert rebuilt(found) == expected


def rebuilt(e: Any) -> Any:
    """The expression as SymPy evaluates it."""
    return e.func(*map(rebuilt, e.args)) if isinstance(e, sp.Basic) and e.args else e


def test_parameters_of_a_hypergeometric_function_are_two_lists() -> None:
    with pytest.raises(NotationError, match="two lists"):
        parse("hyper(1, 2, x)")


def test_conditions_and_cases() -> None:
    found = parse("Piecewise((x, (x > 0) & (x < 1)), (-x, Or(x <= 0, Eq(x, 3))), (0, True))", declarations=kinds(x="real"))
    assert [c for _, c in found.args] == [sp.And(X > 0, X < 1), sp.Or(X <= 0, sp.Eq(X, 3)), sp.true]


def kinds(**names: str) -> Declarations:
    return Declarations({name: tuple(words.split()) for name, words in names.items()})


class TestNothingIsEvaluated:
    """SymPy's automatic evaluation would make a wrong step vanish before it is looked at."""

    @pytest.mark.parametrize(
        ("text", "printed"),
        [
            ("Mod(3n, 3)", "Mod(3*n, 3)"),
            ("floor(n)", "floor(n)"),
            ("sqrt(x^2)", "sqrt(x**2)"),
            ("Abs(x)", "Abs(x)"),
            ("exp(2 I pi n)", "exp(2*I*pi*n)"),
            ("x - x", "-x + x"),
            ("x/x", "x/x"),
            ("sin(0)", "sin(0)"),
            ("0^0", "0**0"),
            ("1/0", "1/0"),
            ("factorial(5)", "factorial(5)"),
            ("Max(1, 2)", "Max(1, 2)"),
        ],
    )
    def test_it_stays_as_written(self, text: str, printed: str) -> None:
        assert str(parse(text, declarations=kinds(x="positive", n="integer"))) == printed

    def test_conditions_stay(self) -> None:
        reading = read(["x"], ["2 < 1", "x = x"])
        assert [str(c) for c in reading.where] == ["2 < 1", "Eq(x, x)"]

    def test_bound_variables_take_no_hypotheses_about_free_ones(self) -> None:
        """|x| under an integral over [-1, 1] is not x, whatever is assumed of a free x."""
        found = parse("Integral(Abs(x), (x, -1, 1))", declarations=kinds(x="positive"))
        [variable] = found.variables
        assert variable.is_positive is None
        assert variable.is_real


def refusal(text: str, *where: str, syntax: str = "plain") -> NotationError:
    with pytest.raises(NotationError) as caught:
        read([text], where, syntax)
    return caught.value


class TestAmbiguous:
    @pytest.mark.parametrize(
        ("text", "marked", "says"),
        [
            ("1/2x", "2x", "(1/2)*x, or 1/(2*x)"),
            ("a/b c", "b c", "(a/b)*c, or a/(b*c)"),
            ("1/n(n + 1) + n", "n(n + 1)", "a product without a sign after a stroke"),
            ("x^2y", "x^2y", "x^2*y, or x^(2*y)?"),
            ("2^3x", "2^3x", "2^3*x, or 2^(3*x)?"),
            ("x^2!", "x^2!", "(x^2)!, or x^(2!)?"),
            ("x!!", "!!", "x!! is the double factorial to some"),
            ("u(x + 1)", "u(x + 1)", "a function, or the product u*(…)?"),
            ("f(x) + f", "f(x)", "a function, or a factor?"),
            ("f^2(x)", "f^2(x)", "a power of the value, or f applied n times?"),
            ("xy + x + y", "xy", "one name, or x*y?"),
            ("e^x", "e", "Euler's number, or a number of that name?"),
            ("i + 1", "i", "the imaginary unit, or an index?"),
            ("x 2", "2", "a number after a factor"),
            ("Sum(k, (k, 1, n)) + k", "k", "bound by a sum"),
            ("Integral(x, x)", "x", "without them it is any antiderivative"),
            ("gamma(x) + gamma", "gamma(x)", "the function gamma, or a product?"),
            ("sin x", "sin", "its argument stands in brackets"),
            ("sine(x)", "sine", "Did you mean sin?"),
        ],
    )
    def test_it_is_refused_with_its_place(self, text: str, marked: str, says: str) -> None:
        error = refusal(text)
        assert text[error.start : error.end] == marked
        assert says in str(error)

    @pytest.mark.parametrize(
        ("text", "where", "expected"),
        [
            ("u(x + 1)", ["u function"], "u(x + 1)"),
            ("u(x + 1)", ["u real"], "u*(x + 1)"),
            ("f(x + 1)", ["f real"], "f*(x + 1)"),
            ("xy + x + y", ["xy real"], "x + xy + y"),
            ("e^x + i", ["e real", "i integer"], "e**x + i"),
            ("e^x + i", ["e, i constant"], "exp(x) + I"),
            ("Sum(k, (k, 1, n)) + k", ["k integer"], "k + Sum(k, (k, 1, n))"),
            ("gamma^2 + 1", [], "gamma**2 + 1"),
        ],
    )
    def test_a_hypothesis_decides(self, text: str, where: list[str], expected: str) -> None:
        assert str(rebuilt(read([text], where).expressions[0])) == expected

    def test_names_mean_the_same_on_both_sides(self) -> None:
        left, right = read(["n(n + 1)", "n^2 + n"]).expressions
        assert str(left) == "n*(n + 1)"
        assert left.free_symbols == right.free_symbols


class TestHypotheses:
    @pytest.mark.parametrize(
        ("where", "assumed"),
        [
            ("x real", "x real"),
            ("x is a positive integer", "x positive integer"),
            ("x are non-negative", "x nonnegative"),
            (r"x \in \mathbb{R}", "x real"),
            ("x > 0", "x real"),
            ("0 <= x < y", "x real"),
            ("x != 0", "x complex (not declared)"),
            ("Abs(x) < 1", "x complex (not declared)"),
            ("x, z positive", "x positive"),
        ],
    )
    def test_kinds(self, where: str, assumed: str) -> None:
        assert read(["x"], [where]).assumed[0] == assumed

    def test_relations(self) -> None:
        reading = read(["x"], ["a < b <= 1, x != 0", "x, y > 0"])
        assert [str(c) for c in reading.where] == ["a < b", "b <= 1", "Ne(x, 0)", "x > 0", "y > 0"]

    @pytest.mark.parametrize(
        ("where", "marked", "says"),
        [
            ("x foo", "foo", "Kinds are complex, real"),
            ("x", "x", "nothing is said of this"),
            ("x positive negative", "x positive negative", "cannot be positive and negative"),
            ("sin real", "sin real", "has a meaning already"),
            ("n in N", "N", "n natural (from 0), or n counting (from 1)"),
            ("x constant", "x constant", "a constant is e or i"),
            ("x + 1", "x + 1", "a hypothesis is a relation or a kind"),
            ("y > 0, x >", "", "the formula ends too early"),
        ],
    )
    def test_what_is_refused(self, where: str, marked: str, says: str) -> None:
        error = refusal("x", where)
        assert where[error.start : error.end] == marked
        assert says in str(error)


def test_cases_that_sympy_would_draw_out_of_an_integral_are_refused() -> None:
    error = refusal("Sum(Integral(Piecewise((x, x > 0), (k, True)), (x, -1, 1)), (k, 1, n))")
    assert "Split the sum or the integral by the cases." in str(error)


def test_the_caret_stands_under_the_place() -> None:
    assert str(refusal("x + 1/2y")).splitlines() == [
        "a product without a sign after a stroke: what is divided by?",
        "  x + 1/2y",
        "        ^^",
        "(1/2)*y, or 1/(2*y): write the one that is meant.",
    ]


# -- what SymPy prints is read back ------------------------------------------------------------------------------------


def expressions(depth: int = 3) -> st.SearchStrategy[Any]:
    """Expressions without what SymPy's printers leave ambiguous."""
    numbers = st.one_of(st.integers(-4, 6).map(sp.Integer), st.fractions(-3, 3, max_denominator=5).map(sp.Rational))
    leaves = st.one_of(st.sampled_from([x, y, z, n, sp.pi, sp.E, sp.I]), numbers)

    def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        functions = st.sampled_from(
            [sp.sin, sp.cos, sp.exp, sp.log, sp.Abs, sp.floor, sp.atan, sp.gamma, sp.factorial, sp.erf, f]
        )
        exponents = st.one_of(st.sampled_from([sp.Integer(2), sp.Integer(-1), sp.Rational(1, 2), sp.Rational(-2, 3), n]), inner)
        return st.one_of(
            st.tuples(st.lists(inner, min_size=2, max_size=3), st.booleans()).map(made(lambda a: sp.Add(*a[0], evaluate=a[1]))),
            st.tuples(st.lists(inner, min_size=2, max_size=3), st.booleans()).map(made(lambda a: sp.Mul(*a[0], evaluate=a[1]))),
            st.tuples(inner, exponents, st.booleans()).map(made(lambda a: sp.Pow(a[0], a[1], evaluate=a[2]))),
            st.tuples(functions, inner).map(made(lambda a: a[0](a[1], evaluate=False))),
            st.tuples(inner, inner).map(made(lambda a: sp.binomial(*a, evaluate=False))),
            inner.map(made(lambda e: sp.Mod(e, y, evaluate=False))),
            inner.map(made(lambda e: sp.Sum(e.xreplace({z: K}), (K, 1, n)))),
            inner.map(made(lambda e: sp.Integral(e.xreplace({x: X}), (X, 0, y)))),
            inner.map(made(lambda e: sp.Derivative(e * f(x), x))),
            st.tuples(inner, inner).map(made(lambda a: sp.Piecewise((a[0], sp.Gt(x, 0)), (a[1], True), evaluate=False))),
        )

    return st.recursive(leaves, larger, max_leaves=8).filter(well_made)


def made(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Leave out what SymPy fails to build: it evaluates the remainder of a binomial of no integers, and raises ValueError."""

    def attempt(parts: Any) -> Any:
        try:
            return make(parts)
        except ValueError:
            reject()

    return attempt


def well_made(e: Any) -> bool:
    """Whether SymPy made what was asked for: no infinity, and no bound variable that was drawn out of its integral."""
    return not e.has(sp.nan, sp.zoo, sp.oo) and not {X, K} & e.free_symbols


def agrees(found: Any, expected: Any) -> bool:
    """Whether both are the same after SymPy's own evaluation, or are not told apart where both are defined."""
    if found == expected or rebuilt(found) == rebuilt(expected):
        return True
    return decide("=", found, expected, (), 2.0, attack_seconds=0.5).verdict != "refuted"


@settings(max_examples=60, deadline=None)
@given(expressions())
def test_what_sympy_prints_is_read_back_or_refused(e: Any) -> None:
    try:
        found = parse(sp.sstr(e), "plain")
    except NotationError:
        return
    assert agrees(found, e), sp.sstr(e)
