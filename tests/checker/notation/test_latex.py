"""LaTeX: what is understood, where arguments and integrals end, what is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings

from derivable.notation import NotationError, parse, read

from .test_plain import agrees, expressions, rebuilt

x, y, n, k, a, b = sp.symbols("x y n k a b")
K, X, Y = sp.Symbol("k", integer=True), sp.Symbol("x", real=True), sp.Symbol("y", real=True)
f, s = sp.Function("f"), sp.IndexedBase("a")
HALF = sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\frac{1}{2} + \frac12 x + \tfrac{x}{y}", HALF + x / 2 + x / y),
        (r"\sum_{k=1}^{n} k", sp.Sum(K, (K, 1, n))),
        (r"\sum_{k \ge 1} \frac{1}{k^2}", sp.Sum(1 / K**2, (K, 1, sp.oo))),
        (r"\sum_{1 \le k \le n} k x", sp.Sum(K * x, (K, 1, n))),
        (r"\sum_{k=1}^n k + 1", sp.Sum(K, (K, 1, n)) + 1),
        (r"\prod_{k=1}^{n} 2 k", sp.Product(2 * K, (K, 1, n))),
        (r"\int_0^\infty e^{-x^2} dx", sp.Integral(sp.exp(-(X**2)), (X, 0, sp.oo))),
        (r"\int_0^1 x^2 + 1 \, \mathrm{d}x + y", sp.Integral(X**2 + 1, (X, 0, 1)) + y),
        (r"\int_0^1 \frac{dx}{1 + x^2}", sp.Integral(1 / (1 + X**2), (X, 0, 1))),
        (r"\int_0^1 \int_0^x y \, dy \, dx", sp.Integral(Y, (Y, 0, X), (X, 0, 1))),
        (r"\int_0^1 x dx \int_0^1 x dx", sp.Integral(X, (X, 0, 1)) ** 2),
        (r"\binom{n}{k} \sqrt{x} \sqrt[3]{y} \sqrt2", sp.binomial(n, k) * sp.sqrt(x) * y ** sp.Rational(1, 3) * sp.sqrt(2)),
        (r"\lim_{x\to 0} \frac{\sin x}{x}", sp.Limit(sp.sin(X) / X, X, 0, dir="+-")),
        (r"\lim_{x \to 0^+} x^x", sp.Limit(X**X, X, 0, dir="+")),
        (r"\lim_{x \to \infty} \left(1 + \frac{1}{x}\right)^x", sp.Limit((1 + 1 / X) ** X, X, sp.oo, dir="-")),
        (r"\lfloor x \rfloor + \lceil x \rceil", sp.floor(x) + sp.ceiling(x)),
        (r"\left| x \right| + |y| + ||x| - y|", abs(x) + abs(y) + abs(abs(x) - y)),
        (r"\alpha \lambda \operatorname{erf}(x) + \Gamma(x)", sp.Symbol("alpha") * sp.Symbol("lamda") * sp.erf(x) + sp.gamma(x)),
        (r"\sum_{k=1}^n a_k + a_{1}", sp.Sum(s[K], (K, 1, n)) + s[1]),
        (r"x_{12} \alpha_1 x_{max}", sp.Symbol("x_12") * sp.Symbol("alpha_1") * sp.Symbol("x_max")),
        (r"\sin 2x + \cos^2 x + \sin \pi x", sp.sin(2 * x) + sp.cos(x) ** 2 + sp.sin(sp.pi * x)),
        (r"\log \frac{x}{y}", sp.log(x / y)),
        (r"\sin x \cos y + \sin(x)^2 y", sp.sin(x) * sp.cos(y) + sp.sin(x) ** 2 * y),
        (r"\log_2 x + \ln x", sp.log(x) / sp.log(2) + sp.log(x)),
        (r"\mathrm{e}^{\mathrm{i} \pi n}", sp.exp(sp.I * sp.pi * n)),
        (r"\frac{n^2(n+1)^2}{4}", n**2 * (n + 1) ** 2 / 4),
        (r"\frac{d}{dx} x^2 + \frac{df(x)}{dx}", sp.Derivative(x**2, x) + sp.Derivative(f(x), x)),
        (r"\frac{d^2}{dx^2} f(x)", sp.Derivative(f(x), (x, 2))),
        (r"\frac{\partial^2}{\partial x \partial y} f(x, y)", sp.Derivative(f(x, y), x, y)),
        (r"\alpha f'(x)", sp.Symbol("alpha") * sp.Derivative(f(x), x)),
        (r"3x \bmod 3", sp.Mod(3 * x, 3, evaluate=False)),
        (r"\overline{x} + \max(x, y)", sp.conjugate(x) + sp.Max(x, y, evaluate=False)),
        (r"\frac{1}{2}x! + \left(x!\right)!", sp.factorial(x) / 2 + sp.factorial(sp.factorial(x))),
        (r"\begin{cases} x & \text{if } x > 0 \\ -x & \text{otherwise} \end{cases}", sp.Piecewise((x, x > 0), (-x, True))),
        (r"\begin{pmatrix} 1 & x \\ y & 2 \end{pmatrix}^2", sp.Matrix([[x * y + 1, 3 * x], [3 * y, x * y + 4]])),
        (r"\begin{vmatrix} x & 1 \\ 2 & y \end{vmatrix}", x * y - 2),
        (r"x^2y \cdot 3^2 \times 2", 18 * x**2 * y),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, expected: Any) -> None:
    found = parse(text)
    if isinstance(expected, sp.MatrixBase):
        assert sp.Matrix(found).applyfunc(rebuilt) == expected
    else:
        assert rebuilt(found) == rebuilt(expected)


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        (r"\sin x y", r"\sin x y", r"does what follows belong to \sin x?"),
        (r"\sin x / 2", r"\sin x /", "what is divided?"),
        (r"\sin x!", r"\sin x!", "does the factorial belong to the argument?"),
        (r"\sin -x", "-", "Bracket the argument if it begins with a sign."),
        (r"\sin^{-1} x", r"\sin^{-1}", r"The inverse function is \arcsin x; the reciprocal is (\sin x)^{-1}."),
        (r"\log^{-1} x", r"\log^{-1}", "the inverse function, or the reciprocal?"),
        (r"\alpha + x^ab", "x^ab", "Write {ab} for both, or a space between a and b."),
        (r"\alpha + x^12", "x^12", "Write {12} for both"),
        (r"\alpha + a/bc", "bc", "(a/b) \\cdot c, or a/(b c)"),
        (r"\int f dx dy", r"\int", "an integral without bounds"),
        (r"\int_0^1 x", r"\int_0^1", "Write dx at its end."),
        (r"\int_0^1 x dx dy", "d", "a differential without its integral"),
        (r"\frac{d}{dx} x \sin x", r"\frac{d}{dx} x \sin", "does what follows belong to what is differentiated?"),
        (r"\frac{d^2}{dx} x", r"\frac{d^2}{dx}", "of order 2 above and 1 below"),
        (r"\prod_{k=1}^n k x", "x", "is this factor without k part of the product?"),
        (r"\sum_{k=1}^n k + k", "k", "k is bound by a sum"),
        (r"\sum_{k} k", "{k}", "a range is k=1 below and n above"),
        (r"\alpha + u(x+1)", "u(x+1)", "a function, or the product u*(…)?"),
        (r"\alpha f^2(x)", "f^2(x)", "a power of the value, or f applied n times?"),
        (r"\alpha + e", "e", "Euler's number, or a number of that name?"),
        (r"\alpha + e^{i x}", "i", "the imaginary unit, or an index?"),
        (r"\alpha |a|b|c|", "|c|", "which bars belong together?"),
        (r"\alpha + x \bmod 3", r"\alpha + x \bmod 3", "a sum before or after mod"),
        (r"-x \bmod 3", r"-x \bmod 3", "is the sign part of it?"),
        (r"\sum_{k=1}^n k \bmod 3", r"\bmod", "what is divided by mod?"),
        (r"\alpha + sin x", "sin", "sin without a backslash"),
        (r"\alpha \pm 1", r"\pm", "These are two statements: check each."),
        (r"1 + \dots + n", r"\dots", "Write a sum or a product instead of dots."),
        (r"{x + 1}^2 \alpha", "{x + 1}^2", "braces do not show"),
        (r"a^b^c \alpha", "c", "two scripts at one place"),
        (r"\left(x\right] \alpha", r"\left(x\right]", "are not understood"),
        (r"\foo{x}", r"\foo", r"A name of your own is written \operatorname{name}."),
        (r"\frac{1}{", "", "something is open"),
        (r"$\alpha$", "$", "Leave the dollars away."),
        (r"\mathbf{x}", r"\mathbf{x}", "is not understood here"),
    ],
)  # fmt: skip
def test_what_is_refused_with_its_place(text: str, marked: str, says: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse(text, "latex")
    assert text[caught.value.start : caught.value.end] == marked
    assert says in str(caught.value)


def test_a_declared_d_is_no_differential() -> None:
    found = read([r"\frac{d}{2} \alpha"], ["d real"]).expressions[0]
    assert rebuilt(found) == sp.Symbol("d", real=True) * sp.Symbol("alpha") / 2


def test_both_notations_make_one_expression() -> None:
    plain, latex = "Sum(k^2/2, (k, 1, n)) + Integral(exp(-x^2), (x, 0, 1))", r"\sum_{k=1}^n \frac{k^2}{2} + \int_0^1 e^{-x^2} dx"
    assert parse(plain) == parse(latex)


def unambiguous_to_sympy(e: Any) -> bool:
    """SymPy prints the limit of a factor, or a sum to the left of one, without the brackets that it needs."""
    return not e.has(sp.Sum) or not any(isinstance(m, sp.Mul) and m.has(sp.Sum) for m in sp.preorder_traversal(e))


@settings(max_examples=60, deadline=None)
@given(expressions().filter(unambiguous_to_sympy))
def test_what_sympy_prints_is_read_back_or_refused(e: Any) -> None:
    try:
        [found] = read([sp.latex(e)], ["e, i constant"], "latex").expressions
    except NotationError:
        return
    assert agrees(found, e), sp.latex(e)
