"""Formulas: what is typeset, what is shown as source, and that nothing crashes or executes."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from derivable.report.mathml import is_inert, normalise, typeset

HARD = [
    r"\begin{cases} x^2 & \text{for}\: x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{dcases} \frac{1}{x} & x>0 \\ 0 & \text{else}\end{dcases}",
    r"\sum_{\substack{1\le i\le n\\ i\ne j}} a_i = \prod_{k=0}^{N} b_k",
    r"\operatorname*{arg\,max}_{x\in\mathbb{R}} \operatorname{erf}{\left(x\right)}",
    r"\lim_{n\to\infty} \left(1+\frac1n\right)^n = e",
    r"\left|\frac{x}{y}\right| \le \left\|A\right\|_2 + \left\lfloor\frac{n}{2}\right\rfloor",
    r"\begin{pmatrix}0&1\\-1&0\end{pmatrix} \left[\begin{matrix}1 & 0\\0 & 1\end{matrix}\right]",
    r"\left. \frac{d}{d \xi} f{\left(\xi \right)} \right|_{\substack{ \xi=x }}",
    r"\frac{\partial^{2}}{\partial x\partial y} p{\left(x,t \right)}",
    r"\begin{aligned} a &= b + c\\ &\le \int_0^1 f(x)\,dx\end{aligned}",
    r"\begin{align*} a &= b\\ &= c\end{align*}",
    r"\boldsymbol{x}^\top \mathbf{A}\mathbf{x},\ \bm{\theta}",
    r"\left[\begin{array}{c|c} A & B\\\hline C & D\end{array}\right]",
    r"\int\limits_{-\infty}^{\infty} e^{- x^{2}}\, dx = \sqrt{\pi}",
    r"\mathbb{E}_{x\sim\mathcal N(0,1)}\bigl[f(x)\bigr] \quad \mathfrak{g}\ \mathscr{L}",
    r"\binom{n}{k} = {\binom{n}{n-k}} \bmod 2",
    r"\underbrace{a+\cdots+a}_{n\text{ times}} \xrightarrow{\;d\;} \overline{z}",
    r"\begin{smallmatrix}a&b\\c&d\end{smallmatrix} \iff \begin{vmatrix}a&b\\c&d\end{vmatrix}",
    r"\log{\left(\sqrt[3]{x} \right)}\ \Gamma\left(n+\tfrac12\right) \Re\ \Im \ell",
    r"\overset{!}{=} \stackrel{\text{def}}{=} \underset{x}{\min} \max_{x} \limsup_{n}",
    r"\text{the $p_i$ sum to one, 矩阵}",
    r"P\left(X\middle|Y\right) < 1",
]

UNSAFE = [
    r"\input{/etc/passwd}",
    r"x + \write18{ls}",
    r"\catcode`\%=12",
    r"\def\a{b}",
    r"\newcommand{\a}{b}\a",
    r"\csname input\endcsname{x}",
    r"\immediate\openout3=x",
    r"\href{javascript:alert(1)}{x}",
    r"x^^5cinput{y}",
    "x % comment",
    r"\text{a} # b",
    r"\directlua{os.exit()}",
    r"\\\input{x}",
    r"\iftrue a \fi",
    r"\let\a\b",
    r"x\special{dvi}",
    "",
    "}{",
    r"\begin{cases}",
    r"\unknowncommand{x}",
]


@pytest.mark.parametrize("latex", HARD)
def test_hard_formulas_are_typeset(latex: str) -> None:
    mathml = str(typeset(latex, display=True))
    assert ElementTree.fromstring(mathml).tag == "math"
    assert mathml.startswith("<math><")
    assert is_inert(latex)


@pytest.mark.parametrize("latex", UNSAFE)
def test_other_text_is_shown_as_source(latex: str) -> None:
    assert not is_inert(latex)
    element = ElementTree.fromstring(str(typeset(latex)))
    assert element.tag == "code"
    assert (element.text or "") == latex


@pytest.mark.parametrize("command", ["\\sqrt", "\\hat ", "{", "\\frac1", "\\left(", "^{x", "\\begin{matrix}"])
@pytest.mark.parametrize("copies", [100, 1500, 100_000])
def test_deep_nesting_neither_crashes_nor_hangs(command: str, copies: int) -> None:
    assert str(typeset(command * copies + "x")).startswith("<")
    closed = {"{": "}", "^{x": "}", "\\left(": "\\right)", "\\begin{matrix}": "\\end{matrix}"}.get(command, "")
    assert str(typeset("x" + command * copies + "x" + closed * copies)).startswith("<")


def test_markup_in_a_formula_is_text() -> None:
    mathml = str(typeset(r"\text{<script>alert(1)</script>} < 5"))
    assert "<script" not in mathml
    assert "&lt;script&gt;" in mathml


def test_displays_become_inner_formulas() -> None:
    assert normalise("\\begin{align*}\na &= b\n\\end{align*}") == r"\begin{aligned} a &= b \end{aligned}"
    assert normalise(r"\begin{equation} x \end{equation}") == "x"
