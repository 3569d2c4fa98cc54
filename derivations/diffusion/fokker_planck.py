"""The continuity equation and the Fokker–Planck equation, derived by pairing the density with a test function.

A particle obeys dx = f_t(x) dt + g_t dw, and p_t is its density. One small step is expanded under a test function φ, the
mean is taken, the step goes to zero, and integration by parts moves the derivatives from φ to p_t:

    d⟨p, φ⟩/dt = ⟨p, f·∇φ + ½g²Δφ⟩ = ⟨-∇·(pf) + ½g²Δp, φ⟩   for every φ.

The dimension D is a symbol throughout. Sums run over coordinates 1 … D; `SpaceIntegral` is the integral over R^D.
"""

from __future__ import annotations

import math
from typing import Any

from sympy import (
    Derivative,
    Eq,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Integral,
    KroneckerDelta,
    Limit,
    Rational,
    Subs,
    Sum,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
)

from derivable import ByParts, Divergence, Expectation, ForAll, Partial, Post, SpaceIntegral, Theorem
from derivable.derivation import Derivation
from derivable.measurement import Measurement
from derivable.trusted.sampling import substituted

post = Post(
    "fokker_planck",
    "测试函数法推导连续性方程和Fokker-Planck方程",
    "Continuity and Fokker–Planck equations by test functions",
    date="2023-02-11",
    archive=9461,
)

# -- notation ----------------------------------------------------------------------------------------------------------

D = symbols("D", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t, z = symbols("t z", real=True)
h, tau = symbols("h tau", real=True)
x = IndexedBase("x", shape=(D,), real=True)
eps = IndexedBase("epsilon", shape=(D,), real=True)
p, f, g, phi, r, u, v = (Function(name, real=True) for name in ("p", "f", "g", "phi", "r", "u", "v"))


def total(term: Expr, index: Any = i) -> Expr:
    """Σ over the coordinates 1 … D."""
    return Sum(term, (index, 1, D))


def diff(field: Expr, index: Any = i) -> Expr:
    """∂field/∂x_index."""
    return Partial(field, x, index)


def laplacian(field: Expr) -> Expr:
    """Δ field."""
    return total(diff(diff(field)))


def space(field: Expr) -> Expr:
    """∫ field dx over R^D."""
    return SpaceIntegral(field, x)


def square(point: IndexedBase) -> Expr:
    """|point|²."""
    return total(point[i] ** 2)


def taylor(step: Any) -> Expr:
    """The Taylor polynomial of second order of φ(x + step) at x."""
    second = total(total(step(i) * step(j) * diff(diff(phi(x), i), j), j))
    return phi(x) + total(step(i) * diff(phi(x))) + second / 2


DRIFT = total(f(i, t, x) * diff(phi(x)))  # f·∇φ
DRIFT_TWICE = total(total(f(i, t, x) * f(j, t, x) * diff(diff(phi(x), i), j), j))  # (f·∇)²φ with f frozen
GENERATOR = DRIFT + g(t) ** 2 * laplacian(phi(x)) / 2  # Lφ
CONTINUITY = -total(diff(p(t, x) * f(i, t, x)))  # -∇·(pf)
FOKKER_PLANCK = CONTINUITY + g(t) ** 2 * laplacian(p(t, x)) / 2  # L*p
NOISY_STEP = taylor(lambda i: f(i, t, x) * h + g(t) * sqrt(h) * eps[i])
PAIRED_LATER = space(p(t + h, x) * phi(x))  # ⟨p_{t+h}, φ⟩


def standard_noise(d: Derivation) -> None:
    """All that is used of ε: mean 0 and covariance the identity."""
    d.assume(ForAll((i,), Eq(Expectation(eps[i], eps), 0)), text="ε has mean 0")
    d.assume(
        ForAll((i, j), Eq(Expectation(eps[i] * eps[j], eps), KroneckerDelta(i, j))),
        text="ε has the identity as its covariance",
    )


# -- theorems that are cited -------------------------------------------------------------------------------------------

GAUSS = Theorem(
    "Gauss' theorem",
    r"\int_\Omega\nabla\cdot F\,dx=\oint_{\partial\Omega}F\cdot\hat n\,dS",
    "Evans, Partial Differential Equations, appendix C.2",
    hypotheses=("Ω is bounded with a piecewise C¹ boundary", "F is C¹ up to the boundary"),
)
DU_BOIS_REYMOND = Theorem(
    "du Bois-Reymond lemma",
    r"\int a\phi=\int b\phi\ \text{for all}\ \phi\in C_c^\infty\ \Rightarrow\ a=b\ \text{almost everywhere}",
    "Hörmander, The Analysis of Linear Partial Differential Operators I, theorem 1.2.5",
    hypotheses=("a and b are locally integrable (continuous: then a = b everywhere)", "φ was arbitrary"),
)
TAYLOR_ODE = Theorem(
    "Definition of p_t and Taylor's theorem",
    r"\langle p_{t+h},\phi\rangle=\mathbb E\,\phi(x_{t+h})=\langle p_t,\phi+h\,f\cdot\nabla\phi\rangle+h^2r,"
    r"\quad r\ \text{bounded}",
    "Ambrosio, Gigli and Savaré, Gradient Flows in Metric Spaces and in the Space of Probability Measures, section 8.1",
    hypotheses=(
        "φ is C² with compact support",
        "f is locally Lipschitz in t and x, and its flow is global",
        "p_t is the law of x_t: <p_{t+h}, φ> = E φ(x_{t+h}), the law pushed forward by the flow",
        "the expansion of one step, with the mean over x_t taken, is cited, not derived",
    ),
    equation=Eq(PAIRED_LATER, space(p(t, x) * (phi(x) + h * DRIFT)) + h**2 * r(t, h)).subs(h, tau),
    variables=(tau,),
)
TAYLOR_SDE = Theorem(
    "Itô–Taylor expansion in the mean (Dynkin's formula)",
    r"\langle p_{t+h},\phi\rangle=\mathbb E\,\phi(x_{t+h})"
    r"=\mathbb E\,\mathrm{Taylor}_2\phi(x_t;\,fh+g\sqrt h\,\varepsilon)+h^2r,\quad r\ \text{bounded}",
    "Kloeden and Platen, Numerical Solution of Stochastic Differential Equations, theorem 5.5.1",
    hypotheses=(
        "φ is C⁴ with compact support",
        "f and g are smooth, x_t is an Itô solution, and p_t is its density: <p_{t+h}, φ> = E φ(x_{t+h})",
        "t ↦ <p_t, φ> is C², so that r is bounded for small h < 0 too, where the mean over ε leaves whole powers of h alone",
        "the expansion of one step, with the mean over x_t and the noise taken, is cited, not derived",
    ),
    equation=Eq(PAIRED_LATER, space(p(t, x) * Expectation(NOISY_STEP, eps)) + h**2 * r(t, h)).subs(h, tau),
    variables=(tau,),
)

# -- C1, C2: integration by parts --------------------------------------------------------------------------------------


def light(d: Derivation, *scalars: Any) -> None:
    """Concrete fields in which integrals over space are quick: polynomials times a Gaussian."""
    for number, scalar in enumerate(scalars, 1):
        d.instance(scalar, lambda *at, c=number: (c + total((i + c) * at[-1][i] ** c)) * exp(-square(at[-1])))


@post.claim("C1a", "Product rule for the divergence")
def product_rule(d: Derivation) -> None:
    """Coordinate by coordinate, then the sum."""
    d.declare(D, i, x, u, v)
    divergence = total(diff(u(x) * v(i, x)))
    d.state(divergence, "=", total(v(i, x) * diff(u(x))) + u(x) * total(diff(v(i, x))))
    d.start(divergence)
    d.then(total(v(i, x) * diff(u(x)) + u(x) * diff(v(i, x))), by="product rule in each coordinate")
    d.then(total(v(i, x) * diff(u(x))) + u(x) * total(diff(v(i, x))), by="sum over the coordinates")
    d.refute(divergence, "=", u(x) * total(diff(v(i, x))), because="u taken for a constant")
    d.refute(divergence, "=", total(v(i, x) * diff(u(x))) - u(x) * total(diff(v(i, x))), because="a minus")


@post.claim("C1b", "Integration by parts on a domain")
def on_a_domain(d: Derivation) -> None:
    """The product rule under ∫_Ω; Gauss' theorem turns the divergence into the flux."""
    chi, flux = Function("chi", real=True), d.real("B")
    d.declare(D, i, x, u, v, chi)
    d.assume(text="χ is the indicator function of Ω")
    divergence = space(chi(x) * total(diff(u(x) * v(i, x))))
    d.assume(
        Eq(flux, divergence), text="B := ∫_Ω ∇·(uv), which Gauss' theorem (cited) identifies with the flux through the boundary"
    )
    d.instance(chi, lambda x: exp(-square(x)))
    d.instance(u, lambda x: 1 + total(x[i]))
    d.instance(v, lambda i, x: i - 2 * x[i])
    inner, minus = space(chi(x) * total(v(i, x) * diff(u(x)))), space(chi(x) * u(x) * total(diff(v(i, x))))
    d.state(inner, "=", flux - minus)
    d.start(inner)
    d.then(divergence - minus, by="product rule")
    d.then(flux - minus, by=GAUSS)
    d.refute(inner, "=", flux + minus, because="missing minus")
    d.refute(inner, "=", -minus, because="no boundary term")


@post.claim("C1c", "Integration by parts on an interval")
def on_an_interval(d: Derivation) -> None:
    """One dimension needs the fundamental theorem only."""
    a, b = d.real("a b")
    d.declare(z, u, v)
    inner, minus = Integral(v(z) * Derivative(u(z), z), (z, a, b)), Integral(u(z) * Derivative(v(z), z), (z, a, b))
    d.state(inner, "=", u(b) * v(b) - u(a) * v(a) - minus)
    d.start(inner)
    d.then(u(b) * v(b) - u(a) * v(a) - minus, by=ByParts(u(z) * v(z), z, a, b))
    d.refute(inner, "=", -minus, because="no boundary term although u v differs at the ends")
    d.refute(
        Integral(Derivative(exp(-z), z), (z, 0, oo)),
        "=",
        0,
        because="half line with p = e^-x, v = 1, v' = 0: decay at infinity does not help at 0",
    )
    d.note("On a circle u(b)v(b) = u(a)v(a), and the boundary term is gone without any decay.")


@post.claim("C2a", "Whole space: the gradient moves over")
def gradient(d: Derivation) -> None:
    """The field uv has no flux through infinity."""
    d.declare(D, i, x, u, v)
    d.assume(text="v is C¹ with compact support, or uv, v·∇u, u∇·v are integrable")
    light(d, u)
    d.instance(v, lambda i, x: (i + x[i] + x[i] ** 2) * exp(-square(x)))
    left, right = space(total(v(i, x) * diff(u(x)))), -space(u(x) * total(diff(v(i, x))))
    d.state(left, "=", right)
    d.start(left)
    d.then(right, by=Divergence(u(x) * v(i, x), x, i), why="the flux of uv vanishes at infinity")
    d.refute(left, "=", -right, because="missing minus")
    d.refute(left, "=", right / D, because="averaged over the coordinates")
    # the same number on both sides, one coordinate after the other, for u = √2 exp(-y²/2 - z²)/(2π)
    y = d.real("y")
    d.declare(z)
    weight = sqrt(2) * exp(-(y**2) / 2 - z**2) / (2 * pi)
    flow1, flow2 = y * z**2 + y, z + y**2 * z
    moved = flow1 * Derivative(weight, y) + flow2 * Derivative(weight, z)
    spread = -weight * (Derivative(flow1, y) + Derivative(flow2, z))
    for side, polynomial, inner in (
        (moved, y**2 + 2 * z**2 + 3 * y**2 * z**2, 1 + 5 * z**2),
        (spread, 2 + y**2 + z**2, 3 + z**2),
    ):
        d.have(side, "=", -polynomial * weight, by="differentiate; v = (yz² + y, z + y²z)")
        row = Integral(polynomial * exp(-(y**2) / 2), (y, -oo, oo))
        d.have(row, "=", sqrt(2 * pi) * inner, by="Gaussian moments in y", seconds=6)
        d.have(-Integral(inner * exp(-(z**2)), (z, -oo, oo)) / sqrt(pi), "=", -Rational(7, 2), by="Gaussian moments in z")


@post.claim("C2b", "Whole space: the Laplacian moves over")
def symmetric_laplacian(d: Derivation) -> None:
    """The same twice: the fields u∇p and p∇u."""
    d.declare(D, i, x, u, p, t)
    d.assume(text="u is C² with compact support, or the integrands and fields are integrable")
    light(d, u, p)
    left, right = space(u(x) * laplacian(p(t, x))), space(p(t, x) * laplacian(u(x)))
    middle = -space(total(diff(u(x)) * diff(p(t, x))))
    d.state(left, "=", middle)
    d.state(left, "=", right)
    d.have(left, "=", middle, by=Divergence(u(x) * diff(p(t, x)), x, i), why="∇u·∇p + uΔp = ∇·(u∇p)")
    d.start(left)
    d.then(middle, by=Divergence(u(x) * diff(p(t, x)), x, i), why="∇u·∇p + uΔp = ∇·(u∇p)")
    d.then(right, by=Divergence(p(t, x) * diff(u(x)), x, i), why="∇u·∇p + pΔu = ∇·(p∇u)")
    d.refute(left, "=", -right, because="one minus for two integrations by parts")
    d.refute(left, "=", -middle, because="missing minus")


@post.claim("C2c", "A density that does not tend to zero")
def spikes(d: Derivation) -> None:
    """Spikes of height π^(-1/2) and mass 2^-n at n = 1, 2, …: mass 1, no decay."""
    n, K = d.counting("n K")
    m = d.integer("m")
    N = d.natural("N")
    d.declare(z)
    bump = exp(-(4**n) * (z - n) ** 2)
    density = Sum(bump, (n, 1, N)) / sqrt(pi)
    own = Sum(exp(-(4**n) * (m - n) ** 2), (n, 1, K)) / sqrt(pi)
    d.assume(m >= 1, m <= K, text="the partial sum has come to the spike at m")
    d.state(Integral(density, (z, -oo, oo)), "=", 1 - 2 ** (-N))
    d.state(Limit(1 - 2 ** (-N), N, oo), "=", 1)
    d.state(1 / sqrt(pi), "<=", own)
    gauss = d.have(
        Integral(exp(-(4**n) * z**2 + 2 * 4**n * n * z), (z, -oo, oo)),
        "=",
        sqrt(pi) * 2 ** (-n) * exp(4**n * n**2),
        by="Gaussian integral",
        forall=[n],
        seconds=6,
    )
    d.start(Integral(density, (z, -oo, oo)))
    d.then(Sum(Integral(bump, (z, -oo, oo)), (n, 1, N)) / sqrt(pi), by="a finite sum", seconds=6)
    d.then(Sum(2 ** (-n), (n, 1, N)), by="each spike has the mass 2^-n", using=[gauss], seconds=6)
    d.then(1 - 2 ** (-N), by="geometric sum")
    d.have(Limit(1 - 2 ** (-N), N, oo), "=", 1, by="2^-N vanishes")
    left = Sum(exp(-(4**n) * (m - n) ** 2), (n, 1, m - 1)) / sqrt(pi)
    right = Sum(exp(-(4**n) * (m - n) ** 2), (n, m + 1, K)) / sqrt(pi)
    d.start(1 / sqrt(pi))
    d.then(left + 1 / sqrt(pi) + right, "<=", by="the other spikes are not negative")
    d.then(own, by="the spike at m is e^0 there")
    d.refute(Integral(density, (z, -oo, oo)), "=", 1 - 4 ** (-N), because="width 4^-n taken for 2^-n")
    d.erratum(
        own,
        "<",
        Rational(1, 2),
        section="分部积分",
        explanation="p ≥ 0 and ∫p = 1 do not force p → 0: this p has mass 1, and p(m) ≥ π^(-1/2) > 1/2 for every m. "
        "The post itself says that rigour needs an assumption such as compact support, and takes decay as a default",
    )
    d.note("The density is the limit N → ∞, its mass the limit 1 by monotone convergence.")


@post.claim("C2d", "Bumps whose height tends to zero and whose slope does not")
def slopes(d: Derivation) -> None:
    """Bumps 2^-n exp(-16^n (x-n)²): the height tends to 0, the slope to infinity."""
    n = d.counting("n")
    d.declare(z)
    bump = 2 ** (-n) * exp(-(16**n) * (z - n) ** 2)
    slope = Subs(Derivative(bump, z), z, n - 4 ** (-n) / sqrt(2))
    d.state(slope, "=", sqrt(2) * exp(-Rational(1, 2)) * 2**n)
    d.start(slope)
    d.then(Subs(2 ** (1 - n) * 16**n * (n - z) * exp(-(16**n) * (z - n) ** 2), z, n - 4 ** (-n) / sqrt(2)), by="derivative")
    d.then(sqrt(2) * exp(-Rational(1, 2)) * 2**n, by="half a width left of the top the exponent is -1/2")
    d.erratum(
        slope,
        "<",
        1,
        section="分部积分",
        explanation="p ≥ 0 and ∫p = 1 do not force ∇p → 0, not even where p → 0: bumps of height 2^-n and width 4^-n "
        "have slopes of 2^n",
    )
    d.note("The slope is that of bump n alone; that the other bumps of their sum change it little is not checked here.")


@post.claim("C2e", "The density of a diffusion has no compact support")
def heat_kernel(d: Derivation) -> None:
    """Brownian motion from the origin is everywhere at every t > 0."""
    t, radius = d.positive("t R")
    d.declare(D, i, x)
    density = exp(-square(x) / (2 * t)) / (2 * pi * t) ** (D / 2)
    d.state(Derivative(density, t), "=", laplacian(density) / 2)
    d.state(0, "<", density)
    d.start(Derivative(density, t))
    d.then(laplacian(density) / 2, by="differentiate both: the Fokker–Planck equation with f = 0, g = 1")
    d.have(0, "<", density, by="an exponential is positive")
    d.refute(Derivative(density, t), "=", laplacian(density), because="no ½")
    d.erratum(
        density,
        "=",
        0,
        section="分部积分",
        explanation="compact support of p, the post's own suggestion, is lost at once under noise: no R bounds it, and φ must "
        "carry it; only Brownian motion from the origin (f = 0, g = 1) is shown",
        kind="loose",
        where=[x[1] > radius],
    )


# -- C3: what test functions determine ---------------------------------------------------------------------------------


@post.claim("C3a", "Fundamental lemma")
def fundamental_lemma(d: Derivation) -> None:
    """Cited; a = b is what integrals against all test functions determine."""
    a, b = d.function("a b")
    d.declare(z)
    d.assume(text="a and b are continuous, and ∫aφ = ∫bφ for all φ in C_c^∞")
    for function in (a, b):
        d.instance(function, lambda z: (1 + z) * exp(-(z**2)))
    d.state(a(z), "=", b(z))
    d.start(a(z))
    d.then(b(z), by=DU_BOIS_REYMOND)
    one, other = (Integral(values * exp(-(z**2)), (z, -oo, oo)) for values in (Rational(1, 2), z**2))
    d.have(one, "=", other, by="1/2 and z² have the same pairing with φ = e^-z²")
    d.refute(
        Rational(1, 2) + a(z), "=", z**2 + b(z), because="one test function only, φ = e^-z²: 1/2 + a and z² + b have one pairing"
    )


@post.claim("C3b", "Finite model: the bumps of a grid determine the cell averages, one of them does not")
def grid(d: Derivation) -> None:
    """With δ_kj for the bumps the lemma is a finite sum."""
    a, b, w = d.sequence("a b w")
    n, j, k = d.counting("n"), d.index("j"), d.index("k")
    d.assume(j >= 1, j <= n, text="cell j of n")

    def paired(c: IndexedBase, test: Any) -> Expr:
        return Sum(c[k] * test(k), (k, 1, n))

    def bump(k: Expr) -> Expr:
        return KroneckerDelta(k, j)

    d.state(paired(a, bump) - paired(b, bump), "=", a[j] - b[j])
    d.start(paired(a, bump) - paired(b, bump))
    d.then(a[j] - b[j], by="the bump of cell j picks its average")
    d.refute(
        a[1],
        "=",
        b[1],
        because="one test function is enough: two cells, φ = w",
        where=[Eq(w[1] * a[1] + w[2] * a[2], w[1] * b[1] + w[2] * b[2], evaluate=False)],
    )


def three_points(test: Any) -> Expr:
    """The mean under the law on -√3, 0, √3 with the weights 1/6, 2/3, 1/6."""
    return Rational(2, 3) * test(0) + (test(sqrt(3)) + test(-sqrt(3))) / 6


def normal(test: Any) -> Expr:
    """The mean under N(0, 1)."""
    return Integral(test(z) * exp(-(z**2) / 2) / sqrt(2 * pi), (z, -oo, oo))


@post.claim("C3c", "Polynomials up to degree 5 do not separate measures")
def moments(d: Derivation) -> None:
    """N(0, 1) and three points agree on every polynomial of degree 5; the sixth moments are 15 and 9."""
    a = d.real("a0 a1 a2 a3 a4 a5")
    d.declare(z)

    def quintic(z: Any) -> Expr:
        return sum((c * z**q for q, c in enumerate(a[1:], 1)), a[0])

    def sixth(z: Any) -> Expr:
        return z**6 * Rational(1)

    d.state(normal(quintic), "=", three_points(quintic))
    d.state(normal(sixth), "=", 15)
    d.state(three_points(sixth), "=", 9)
    d.start(normal(quintic))
    d.then(a[0] + a[2] + 3 * a[4], by="moments of the normal law")
    d.then(three_points(quintic), by="moments of the law on -√3, 0, √3")
    d.have(normal(sixth), "=", 15, by="5·3·1")
    d.have(three_points(sixth), "=", 9, by="2·27/6")
    d.refute(normal(sixth), "=", three_points(sixth), because="agreement for one degree more")


# -- C4: the continuity equation ---------------------------------------------------------------------------------------


def flow(d: Derivation) -> None:
    """A density under an ODE, and a model (of infinite mass): contraction to the origin."""
    d.declare(D, i, j, t, h, x, p, f, phi, r)
    d.assume(text="p_t is the density of x_t with dx/dt = f_t(x); the flow of f is global; φ is C² with compact support")
    d.instance(f, lambda i, t, x: -x[i])
    d.instance(p, lambda t, x: exp(D * t) * (1 + exp(2 * t) * square(x)))
    light(d, phi)


@post.claim("C4a", "Continuity equation, weak form")
def continuity_weak(d: Derivation) -> None:
    """d⟨p, φ⟩/dt = ⟨p, f·∇φ⟩, by one step of the flow."""
    flow(d)
    rate = space(Derivative(p(t, x), t) * phi(x))
    d.state(rate, "=", space(p(t, x) * DRIFT))
    d.start(rate)
    d.then(Derivative(space(p(t, x) * phi(x)), t), by="φ does not depend on t", seconds=6)
    d.then(Subs(Derivative(PAIRED_LATER, h), h, 0), by="the derivative is that by the step h, at h = 0", seconds=6)
    expanded = space(p(t, x) * (phi(x) + h * DRIFT)) + h**2 * r(t, h)
    d.then(Subs(Derivative(expanded, h), h, 0), by=TAYLOR_ODE, seconds=6)
    d.then(space(p(t, x) * DRIFT), by="the terms of order h, as h tends to 0", seconds=6)
    d.refute(rate, "=", 0, because="the step's first order dropped")


@post.claim("C4b", "Continuity equation")
def continuity(d: Derivation) -> None:
    """The derivatives move from φ to pf; then the fundamental lemma."""
    flow(d)
    rate = Derivative(p(t, x), t)
    d.state(rate, "=", CONTINUITY)
    paired = d.have(space(rate * phi(x)), "=", space(p(t, x) * DRIFT), by="weak form", using=[continuity_weak.at(t=t, D=D)])
    field = p(t, x) * f(i, t, x) * phi(x)
    moved = d.have(space(p(t, x) * DRIFT), "=", space(CONTINUITY * phi(x)), by=Divergence(field, x, i), why="field p f φ")
    weak = d.have(space(rate * phi(x)), "=", space(CONTINUITY * phi(x)), by="both", using=[paired, moved])
    d.start(rate)
    d.then(CONTINUITY, by=DU_BOIS_REYMOND, using=[weak])
    d.refute(rate, "=", -total(f(i, t, x) * diff(p(t, x))), because="transport form, right only if ∇·f = 0")
    d.refute(rate, "=", -CONTINUITY, because="sign")
    d.refute(rate, "=", -p(t, x) * total(diff(f(i, t, x))), because="p taken for a constant in space")


@post.claim("C4c", "A linear flow carries the normal law to the normal law of covariance P Pᵀ, P = exp(tA)")
def linear_flow(d: Derivation) -> None:
    """A = [[a, b], [0, a]] from the standard normal law."""
    a, b, y1, y2 = d.real("a b y1 y2")
    d.declare(t)
    quadratic = exp(-2 * a * t) * (y1**2 - 2 * b * t * y1 * y2 + (1 + b**2 * t**2) * y2**2)
    density = exp(-quadratic / 2) / (2 * pi * exp(2 * a * t))
    transport = Derivative((a * y1 + b * y2) * density, y1) + Derivative(a * y2 * density, y2)
    d.state(Derivative(density, t), "=", -transport)
    d.start(Derivative(density, t))
    d.then(-transport, by="differentiate both; A = [[a, b], [0, a]]")
    d.refute(
        Derivative(density, t),
        "=",
        -(a * y1 + b * y2) * Derivative(density, y1) - a * y2 * Derivative(density, y2),
        because="transport form: ∇·f = 2a",
    )


# -- C5, C6: noise, and the Fokker–Planck equation ---------------------------------------------------------------------


@post.claim("C5", "Mean of the second-order term under standard noise")
def noise_average(d: Derivation) -> None:
    """Only the mean 0 and the covariance I of ε are used."""
    d.declare(D, i, j, x, eps, phi)
    standard_noise(d)
    light(d, phi)
    first = Expectation(total(eps[i] * diff(phi(x))), eps)
    twice = Expectation(total(eps[i] * diff(total(eps[j] * diff(phi(x), j), j))), eps)
    d.state(first, "=", 0)
    d.state(twice, "=", laplacian(phi(x)))
    d.have(first, "=", 0, by="E ε_i = 0")
    d.start(twice)
    d.then(total(total(Expectation(eps[i] * eps[j], eps) * diff(diff(phi(x), i), j), j)), by="the mean is linear")
    d.then(total(total(KroneckerDelta(i, j) * diff(diff(phi(x), i), j), j)), by="E ε_i ε_j = δ_ij")
    d.then(laplacian(phi(x)), by="only the diagonal is left")
    d.refute(twice, "=", D * laplacian(phi(x)), because="|ε|² averaged by itself")
    d.refute(twice, "=", laplacian(phi(x)) / D, because="a unit vector in the place of ε")
    d.refute(twice, "=", total(total(diff(diff(phi(x), i), j), j)), because="all pairs (i, j) kept")


@noise_average.measured("particles.euler_maruyama", against="Δφ for φ = sin(x₁) exp(0.3 x₂) at (0.2, -0.4)")
def second_derivative_of_particles(m: Measurement) -> None:
    """The mean of (ε·∇)²φ, the second derivative by g of φ after one step, under the three-point noise of C3c."""
    import torch

    from derivable.kernels.particles import euler_maruyama
    from derivable.numerics.tolerance import rounding_bound

    where = {D: 2, x[1]: Rational(1, 5), x[2]: -Rational(2, 5)}
    field = substituted(m.statements[1].rhs, {phi: lambda x: sin(x[1]) * exp(3 * x[2] / 10)})
    expected = m.value(field, where)
    points = torch.tensor([-math.sqrt(3), 0, math.sqrt(3)], dtype=torch.float64)
    masses = torch.tensor([1 / 6, 2 / 3, 1 / 6], dtype=torch.float64)
    nodes, weights = torch.cartesian_prod(points, points), torch.cartesian_prod(masses, masses).prod(-1)
    place = torch.tensor([0.2, -0.4], dtype=torch.float64).expand_as(nodes)
    noise = torch.zeros((), dtype=torch.float64, requires_grad=True)
    times = torch.tensor([0.0, 1.0], dtype=torch.float64)
    end = euler_maruyama(place, lambda state, time: 0 * state, lambda time: noise, times, nodes[None])
    mean = (weights * torch.sin(end[:, 0]) * torch.exp(0.3 * end[:, 1])).sum()
    (slope,) = torch.autograd.grad(mean, noise, create_graph=True)
    (bend,) = torch.autograd.grad(slope, noise)
    # each term is at most Σ_ij |ε_i ε_j| with derivatives of at most 1; 9 terms of three products and two functions each
    allowed = rounding_bound(torch.float64, 64, scale=float((weights * nodes.abs().sum(-1) ** 2).sum()))
    m.agree(bend, expected, allowed, note="to the printed digits the number is -0.16034553956")
    m.agree(expected, -0.16034553956, 5e-12)


def diffusion(d: Derivation) -> None:
    """A density under an SDE, and a model that is not stationary, with g_t = 1 + t."""
    d.declare(D, i, j, t, h, x, eps, p, f, g, phi, r)
    d.assume(text="p_t, C¹ in t and C² in x, is the density of the Itô solution; φ is C⁴ with compact support")
    standard_noise(d)
    d.instance(g, lambda t: 1 + t)
    d.instance(f, lambda i, t, x: -((1 + t) ** 2) * x[i])
    d.instance(p, lambda t, x: exp(-square(x)) * (3 + exp(-2 * (t + t**2 + t**3 / 3)) * (2 * square(x) - D)))
    light(d, phi)


@post.claim("C6a", "Mean of one step to second order")
def one_step(d: Derivation) -> None:
    """The mean of the Taylor polynomial at the step f h + g √h ε."""
    d.declare(D, i, j, t, h, x, eps, f, g, phi)
    standard_noise(d)
    d.instance(f, lambda i, t, x: t * x[i] - i)
    d.instance(phi, lambda x: total(x[i]) ** 2 + total(x[i]))
    mean = Expectation(NOISY_STEP, eps)
    d.state(mean, "=", phi(x) + h * GENERATOR + h**2 * DRIFT_TWICE / 2)
    d.start(mean)
    d.then(phi(x) + h * GENERATOR + h**2 * DRIFT_TWICE / 2, by="the terms in √h and h^(3/2) have mean 0; E ε_i ε_j = δ_ij")
    d.refute(mean, "=", phi(x) + h * DRIFT + h**2 * DRIFT_TWICE / 2, because="noise averaged away to first order")
    d.refute(mean, "=", phi(x) + h * (GENERATOR + DRIFT_TWICE / 2), because="(f h)² taken for first order")


@one_step.measured("particles.euler_maruyama", against="the mean of one step, exact for a quadratic φ")
def one_step_of_particles(m: Measurement) -> None:
    """One step under the three-point noise of C3c, which has the moments that C5 asks for."""

    def drift(shift: Any) -> Any:
        return lambda state, time: time * state - shift

    import torch

    from derivable.kernels.particles import euler_maruyama
    from derivable.numerics.tolerance import rounding_bound

    def test(state: Any) -> Any:
        return state.sum(-1) ** 2 + state.sum(-1)

    mean = substituted(
        m.statements[0].rhs,
        {
            phi: lambda x: total(x[i]) ** 2 + total(x[i]),
            f: lambda i, t, x: t * x[i] - i,
            g: lambda t: 1 + t,
        },
    )
    for dtype in (torch.float64, torch.float32):
        points = torch.tensor([-math.sqrt(3), 0, math.sqrt(3)], dtype=dtype)
        masses = torch.tensor([1 / 6, 2 / 3, 1 / 6], dtype=dtype)
        for dimension in (1, 2, 4):
            nodes = torch.cartesian_prod(*[points] * dimension).reshape(-1, dimension)
            weights = torch.cartesian_prod(*[masses] * dimension).reshape(-1, dimension).prod(-1)
            shift = torch.arange(1, dimension + 1, dtype=dtype)
            place = 2 * shift / 8 - 1
            for step in (1.0, 0.0625, 0.0009765625):
                end = euler_maruyama(
                    place.expand_as(nodes),
                    drift(shift),
                    lambda time: 1 + time,
                    torch.tensor([0.5, 0.5 + step], dtype=dtype),
                    nodes[None],
                )
                at = {x[a]: float(place[a - 1]) for a in range(1, dimension + 1)}
                expected = m.value(mean, {D: dimension, h: step, t: 0.5, **at})
                # sums of absolute values; the longest chain: 8 roundings to a state, twice, and two sums
                size = place.abs() + (0.5 * place.abs() + shift) * step + 1.5 * math.sqrt(3 * step)
                operations = 2 * 8 + 2 * dimension + len(nodes) + 4
                allowed = rounding_bound(dtype, operations, scale=float(test(size)))
                m.agree((weights * test(end)).sum(), expected, allowed)


@post.claim("C6b", "Fokker–Planck equation, weak form")
def weak_form(d: Derivation) -> None:
    """d⟨p, φ⟩/dt = ⟨p, Lφ⟩, by one step of the SDE."""
    diffusion(d)
    rate = space(Derivative(p(t, x), t) * phi(x))
    d.state(rate, "=", space(p(t, x) * GENERATOR))
    d.start(rate)
    d.then(Derivative(space(p(t, x) * phi(x)), t), by="φ does not depend on t", seconds=6)
    d.then(Subs(Derivative(PAIRED_LATER, h), h, 0), by="the derivative is that by the step h, at h = 0", seconds=6)
    expanded = space(p(t, x) * Expectation(NOISY_STEP, eps)) + h**2 * r(t, h)
    d.then(Subs(Derivative(expanded, h), h, 0), by=TAYLOR_SDE, seconds=6)
    averaged = space(p(t, x) * (phi(x) + h * GENERATOR + h**2 * DRIFT_TWICE / 2)) + h**2 * r(t, h)
    d.then(Subs(Derivative(averaged, h), h, 0), by="mean over the noise", seconds=6)
    d.then(space(p(t, x) * GENERATOR), by="the terms of order h, as h tends to 0", seconds=6)
    d.refute(rate, "=", space(p(t, x) * DRIFT), because="second-order Taylor term dropped, as if dw were of the order dt")
    d.refute(rate, "=", space(p(t, x) * (DRIFT + g(t) * laplacian(phi(x)) / 2)), because="g for g²")


@post.claim("C6c", "The adjoint of the generator")
def adjoint(d: Derivation) -> None:
    """⟨p, Lφ⟩ = ⟨L*p, φ⟩: one integration by parts for the drift, two for the Laplacian."""
    d.declare(D, i, x, t, p, f, g, phi)
    d.assume(text="φ is C² with compact support")
    light(d, p, phi)
    d.instance(f, lambda i, t, x: t * x[i] - i)
    drifted = space(CONTINUITY * phi(x))
    half = g(t) ** 2 / 2
    d.state(space(p(t, x) * GENERATOR), "=", space(FOKKER_PLANCK * phi(x)))
    d.start(space(p(t, x) * GENERATOR))
    d.then(
        drifted + half * space(p(t, x) * laplacian(phi(x))),
        by=Divergence(p(t, x) * f(i, t, x) * phi(x), x, i),
        why="drift: the field p f φ",
    )
    d.then(
        drifted - half * space(total(diff(p(t, x)) * diff(phi(x)))),
        by=Divergence(half * p(t, x) * diff(phi(x)), x, i),
        why="first integration by parts: the field p∇φ",
    )
    d.then(
        space(FOKKER_PLANCK * phi(x)),
        by=Divergence(half * phi(x) * diff(p(t, x)), x, i),
        why="second integration by parts: the field φ∇p",
    )
    d.refute(space(p(t, x) * GENERATOR), "=", space((FOKKER_PLANCK - 2 * CONTINUITY) * phi(x)), because="sign of the drift")


@post.claim("C6d", "Fokker–Planck equation")
def fokker_planck(d: Derivation) -> None:
    """The weak form and the adjoint for every φ; then the fundamental lemma."""
    diffusion(d)
    rate = Derivative(p(t, x), t)
    d.state(rate, "=", FOKKER_PLANCK)
    paired = d.have(space(rate * phi(x)), "=", space(p(t, x) * GENERATOR), by="the weak form", using=[weak_form.at(t=t, D=D)])
    weak = d.have(
        space(rate * phi(x)), "=", space(FOKKER_PLANCK * phi(x)), by="the adjoint", using=[paired, adjoint.at(t=t, D=D)]
    )
    d.start(rate)
    d.then(FOKKER_PLANCK, by=DU_BOIS_REYMOND, using=[weak])
    spread = laplacian(p(t, x))
    d.refute(rate, "=", CONTINUITY + g(t) ** 2 * spread, because="no ½: the OU process would have the variance 2")
    d.refute(rate, "=", CONTINUITY + g(t) * spread / 2, because="g for g²")
    d.refute(rate, "=", -CONTINUITY + g(t) ** 2 * spread / 2, because="sign of the drift")
    d.refute(rate, "=", CONTINUITY, because="second-order Taylor term dropped: the continuity equation")


def derivative_norm(order: int, variance: float, supremum: bool = True) -> float:
    """A bound on max |p^(order)| (Cramér) or on ∫|p^(order)| (Cauchy–Schwarz) for a normal density p."""
    size = math.sqrt(math.factorial(order)) * variance ** (-order / 2)
    return size * 1.0865 / math.sqrt(2 * math.pi * variance) if supremum else size


def defect(drift: float, variance: float, supremum: bool = True) -> float:
    """K with |generator p - L*p| ≤ K h² for Scharfetter–Gummel fluxes, f' = -½, |f| ≤ drift, and g = 1.

    The flux is f (p + p')/2 - ½ c(w) (p' - p)/h with 1 ≤ c(w) = (w/2) coth(w/2) ≤ 1 + w²/12 and w = 2fh. Taylor: the mean
    and the outer difference of the drift, the second difference, and what c adds.
    """
    one, two, three, four = (derivative_norm(q, variance, supremum) for q in (1, 2, 3, 4))
    mean = (two / 2 + drift * three) / 8
    outer = (drift * three + 3 * two / 2) / 24
    return mean + outer + four / 24 + drift * one / 6 + drift**2 * two / 6


@fokker_planck.measured("fokker_planck.fp_generator_1d", against="the right side at a normal density")
def generator(m: Measurement) -> None:
    """OU drift -x/2 and g = 1 at N(1, 1/4): the defect is O(h²) with a known constant, plus rounding."""
    import torch

    from derivable.kernels.fokker_planck import fp_generator_1d
    from derivable.numerics.tolerance import rounding_bound

    normal = exp(-2 * (x[1] - 1) ** 2) * sqrt(2 / pi)
    model = {p: lambda t, x: normal, f: lambda i, t, x: -x[i] / 2, g: lambda t: 1}
    right, density = substituted(m.statements[0].rhs, model), substituted(p(t, x), model)
    counts, errors = (257, 1025, 4097), []
    for dtype, count in [*((torch.float64, count) for count in counts), (torch.float32, 257)]:
        grid = torch.linspace(-8, 8, count, dtype=dtype)  # distances are powers of 2: no rounding here
        step = 16 / (count - 1)
        lo, di, up = fp_generator_1d(grid, lambda y: -y / 2, 0.5)
        worst = 0.0
        for a in range(3 * (count - 1) // 8, 3 * (count - 1) // 4, (count - 1) // 16):
            values = [m.value(density, {D: 1, x[1]: float(grid[a + b])}) for b in (-1, 0, 1)]
            near = torch.tensor([float(value) for value in values], dtype=dtype)
            row = torch.stack((lo[a], di[a], up[a]))
            expected = m.value(right, {D: 1, t: 0, x[1]: float(grid[a])})
            rounding = rounding_bound(dtype, 24, scale=float((row * near).abs().sum()))
            # the points lie in [-2, 4], where |f| ≤ 2, and the cell boundaries within half a step of them
            m.agree((row * near).sum(), expected, defect(2.0 + step, 0.25) * step**2 + rounding)
            worst = max(worst, abs(float((row * near).sum()) - float(expected)))
        errors.append(worst)
    m.plot(counts, errors[: len(counts)], x_label="cells", y_label="largest error", series="generator")


# -- C7: exact instances -----------------------------------------------------------------------------------------------


@post.claim("C7a", "Ornstein–Uhlenbeck process in any dimension", kind="distribution")
def ornstein_uhlenbeck(d: Derivation) -> None:
    """f = -βx/2, g = √β from x0: N(e^(-βt/2) x0, 1 - e^(-βt))."""
    beta, t = d.positive("beta t")
    start = d.point("x0", D)
    d.declare(D, i, x)
    mean, variance = exp(-beta * t / 2), 1 - exp(-beta * t)
    density = exp(-total((x[i] - mean * start[i]) ** 2) / (2 * variance)) / (2 * pi * variance) ** (D / 2)
    drift = -total(diff(-beta * x[i] / 2 * density))
    d.state(Derivative(density, t), "=", drift + beta * laplacian(density) / 2)
    d.start(Derivative(density, t))
    d.then(drift + beta * laplacian(density) / 2, by="differentiate both")
    d.refute(Derivative(density, t), "=", drift + beta * laplacian(density), because="no ½")
    d.refute(Derivative(density, t), "=", -drift + beta * laplacian(density) / 2, because="drift away from the origin")


def on_the_line(density: Expr, start: int = 1) -> Expr:
    """The density for D = 1 and β = 1, with z for its point."""
    line = density.subs(D, 1).doit()
    values = {a: z if a.base.label == x.label else start for a in line.atoms(Indexed)}
    return line.xreplace(values).subs(symbols("beta", positive=True), 1)


@ornstein_uhlenbeck.measured("fokker_planck.fp_crank_nicolson", against="the transition density")
def density_by_crank_nicolson(m: Measurement) -> None:
    """L1 error from t = 1/4 to 3/4, with steps so short that one is a contraction in L1."""
    import torch

    from derivable.kernels.fokker_planck import fp_crank_nicolson, fp_generator_1d
    from derivable.numerics.tolerance import rounding_bound

    density, span = on_the_line(m.statements[0].lhs.args[0]), 0.5
    time = symbols("t", positive=True)
    counts, errors, next_order = (513, 1025), [], 0.0
    for count in counts:
        grid = torch.linspace(-7, 7, count, dtype=torch.float64)
        step = 14 / (count - 1)
        rows = fp_generator_1d(grid, lambda y: -y / 2, 0.5)
        first, last = (
            torch.tensor([float(m.value(density, {z: float(y), time: at}, digits=17)) for y in grid], dtype=grid.dtype)
            for at in (0.25, 0.75)
        )
        # 1 + dt L/2 ≥ 0 with column sums 1, and 1 - dt L/2 is an M-matrix with column sums 1
        steps = math.ceil(span * float(rows[1].abs().max()) / 2)
        end = fp_crank_nicolson(first, *rows, span / steps, steps)
        error = float((end - last).abs().sum()) * step
        # a kernel of mass c h² (c ≥ 1/24) and width 2h, summed over the grid, is at most 4 c h²
        variance = 1 - math.exp(-0.25)
        # Cauchy–Schwarz: ∫|f|^k |p^(q)| ≤ (E f⁴)^(k/4) (q!)^½ σ^-q for k ≤ 2; E x⁴ ≤ 3 from x0 = 1, where E x² = 1;
        # f is taken within a step of the derivative; the norms fall with t, so that the start of a slice bounds the slice
        drift = 3**0.25 / 2 + step
        slices = [1 - math.exp(-0.25 - span * part / 64) for part in range(64)]
        spatial = 4 * sum(defect(drift, early, supremum=False) for early in slices) / 64 * step**2
        one, two, three, four, five, six = (derivative_norm(q, variance, False) for q in range(1, 7))
        # ∂_t = a∂ + b∂² on p, with |a| ≤ 1/2, |a'| ≤ 1/4, |a''| ≤ 1/8 and |b|, |b'|, |b''| ≤ 1/2
        third = one / 8 + two / 2 + 3 * (two + 3 * three + 2 * four) / 8 + (three + 3 * four + 3 * five + six) / 8
        ends = 2 * (3.5 + 7 / variance) * math.exp(-(6**2) / 2 / 0.53) / math.sqrt(variance)
        allowed = span * (spatial + third * (span / steps) ** 2 / 12 + ends)
        m.agree(error, 0.0, allowed + rounding_bound(grid.dtype, 40 * steps), dtype="float64", device="cpu", cases=count)
        m.holds(10 * allowed, float((first - last).abs().sum()) * step, dtype="float64", device="cpu")  # no step, no pass
        errors.append(error)
        # the term of order h⁴ is to that of order h² at most as the sixth derivative to the fourth, times h²
        next_order = max(next_order, six / four * step**2)
    m.agree(errors[0] / errors[1], 4.0, 4 * next_order, dtype="float64", device="cpu", cases=1)
    m.plot(counts, errors, x_label="cells", y_label="L1 error", series="Crank–Nicolson")


@ornstein_uhlenbeck.measured("particles.euler_maruyama", against="the second moment of the transition density")
def second_moment_of_particles(m: Measurement) -> None:
    """Monte Carlo with a confidence bound, and the bias of the rule from its exact recursion of moments."""
    import torch

    from derivable.kernels.particles import euler_maruyama
    from derivable.numerics.monte_carlo import sample_mean

    start, steps = 3, 16  # from start = 1 the second moment would be 1 at every time; from 3 it falls from 9 to 1 + 8/e
    density = on_the_line(m.statements[0].lhs.args[0], start)
    expected = m.value(Integral(z**2 * density, (z, -oo, oo)), t=1, digits=12)
    moment = float(start**2)
    for _ in range(steps):
        moment = moment * (1 - 0.5 / steps) ** 2 + 1 / steps
    times = torch.linspace(0, 1, steps + 1, dtype=torch.float64)

    def draw(count: int, generator: torch.Generator) -> torch.Tensor:
        particles = torch.full((count,), float(start), dtype=torch.float64)
        return euler_maruyama(particles, lambda y, s: -y / 2, lambda s: 1.0, times, generator).square()

    estimate = sample_mean(draw, 2**18, seed=9461)
    note = "seed 9461; false alarm below 1e-9 by the central limit theorem; in the limit plus the exact bias of 16 steps"
    m.agree(estimate.estimate, moment, estimate.bound, cases=estimate.samples, note=note)
    m.agree(estimate.estimate, expected, estimate.bound + abs(moment - float(expected)), cases=estimate.samples, note=note)


@post.claim("C7b", "Langevin equation: e^-U is stationary", kind="distribution")
def langevin(d: Derivation) -> None:
    """f = -∇U, g = √2, for any U."""
    U = d.function("U")
    d.declare(D, i, x)
    d.instance(U, lambda x: total(x[i]) ** 2 + total(i * x[i]))
    density = exp(-U(x))
    drift = -total(diff(-diff(U(x)) * density))
    d.state(drift + laplacian(density), "=", 0)
    d.start(drift + laplacian(density))
    d.then(total(diff(diff(U(x)) * density)) + total(diff(-diff(U(x)) * density)), by="∇e^-U = -e^-U ∇U")
    d.then(0, by="the fluxes cancel")
    d.refute(drift + laplacian(density) / 2, "=", 0, because="g = 1 instead of √2")
    double = exp(-2 * U(x))
    d.have(-total(diff(-diff(U(x)) * double)) + laplacian(double) / 2, "=", 0, by="g = 1 makes e^-2U stationary")


@langevin.measured("fokker_planck.fp_generator_from_potential", against="e^-U is stationary")
def stationary(m: Measurement) -> None:
    """A double well: the generator annihilates e^-U to rounding, and takes 1 to ΔU + 2h²."""
    import torch

    from derivable.kernels.fokker_planck import fp_generator_from_potential
    from derivable.numerics.tolerance import rounding_bound

    U = Function("U", real=True)
    well = {U: lambda x: (x[1] ** 2 - 1) ** 2}
    residual, density = (substituted(e, well) for e in (m.statements[0].lhs, exp(-U(x))))
    points = [a / 16 - 2 for a in range(65)]
    values = [float(m.value(density, {D: 1, x[1]: y})) for y in points]
    expected = [m.value(residual, {D: 1, x[1]: y}) for y in points]
    # L*1 = ΔU, and what the second difference adds for a quartic of fourth derivative 24
    bend = substituted(laplacian(U(x)), well)
    curved = [float(m.value(bend, {D: 1, x[1]: y})) + 24 / 12 / 16**2 for y in points[1:-1]]
    for dtype in (torch.float64, torch.float32):
        grid, mass = (torch.tensor(a, dtype=dtype) for a in (points, values))
        lo, di, up = fp_generator_from_potential(grid, (grid**2 - 1) ** 2, 1.0)
        below, above = mass.roll(1), mass.roll(-1)
        result = lo * below + di * mass + up * above
        # the exponents U ≤ 9 are rounded 6 times, the rates and the sum 24 times
        size = (lo * below).abs() + (di * mass).abs() + (up * above).abs()
        m.agree(result, expected, rounding_bound(dtype, 24 + 6 * 18, scale=float(size.max())))
        # away from equilibrium, without which rows of zeros would pass; inside, where both neighbours are there
        rates = (lo.abs() + di.abs() + up.abs())[1:-1]
        m.agree((lo + di + up)[1:-1], curved, rounding_bound(dtype, 24 + 6 * 18, scale=float(rates.max())))
    for time, (place, height, middle, share) in in_the_double_well((0.01, 0.05, 0.1, 0.2, 0.4, 0.8)).items():
        axes = {"x_label": "x", "y_label": "density", "panel": f"t = {time:g}"}
        m.plot(middle, share, series="20 000 particles", style="points", **axes)
        m.plot(place, height, series="Fokker–Planck", **axes)


def in_the_double_well(times: tuple[float, ...]) -> dict[float, tuple[Any, Any, Any, Any]]:
    """From N(0, 1/100) in U = 2(x² - 1)²: the density on a grid, and the share of particles in bins, at each time."""
    import torch

    from derivable.kernels.fokker_planck import fp_crank_nicolson, fp_generator_from_potential
    from derivable.kernels.particles import euler_maruyama

    x = torch.linspace(-3, 3, 301, dtype=torch.float64)
    rows = fp_generator_from_potential(x, 2 * (x**2 - 1) ** 2, 1.0)
    density = torch.exp(-50 * x**2) * (50 / torch.pi) ** 0.5
    generator = torch.Generator().manual_seed(9461)
    particles = 0.1 * torch.randn(20_000, generator=generator, dtype=torch.float64)
    edges = torch.linspace(-2, 2, 41, dtype=torch.float64)
    found, now = {}, 0.0
    for time in times:
        steps = math.ceil((time - now) / 0.0025)
        density = fp_crank_nicolson(density, *rows, (time - now) / steps, steps)
        ts = torch.linspace(now, time, steps + 1, dtype=torch.float64)
        particles = euler_maruyama(particles, lambda y, s: -8 * y * (y**2 - 1), lambda s: 2**0.5, ts, generator)
        share = torch.histogram(particles, edges)[0] / (len(particles) * 0.1)
        found[time] = (x[50:251:2], density[50:251:2], (edges[1:] + edges[:-1]) / 2, share)
        now = time
    return found


@post.claim("C7c", "Noise that depends on the state: the adjoint")
def state_dependent(d: Derivation) -> None:
    """⟨p, g²Δφ⟩ = ⟨Δ(g²p), φ⟩: beyond the post, g belongs under the Laplacian."""
    a = d.function("a")
    d.declare(D, i, t, x, p, phi)
    d.assume(text="a = g(t, x)²; φ is C² with compact support")
    light(d, p, phi)
    d.instance(a, lambda t, x: 1 + square(x))
    left, right = space(p(t, x) * a(t, x) * laplacian(phi(x))), space(laplacian(a(t, x) * p(t, x)) * phi(x))
    d.state(left, "=", right)
    d.start(left)
    d.then(
        -space(total(diff(a(t, x) * p(t, x)) * diff(phi(x)))),
        by=Divergence(a(t, x) * p(t, x) * diff(phi(x)), x, i),
        why="the field ap∇φ",
    )
    d.then(right, by=Divergence(phi(x) * diff(a(t, x) * p(t, x)), x, i), why="the field φ∇(ap)")
    d.refute(left, "=", space(a(t, x) * laplacian(p(t, x)) * phi(x)), because="g² left outside the Laplacian")


@post.claim("C7d", "Lognormal density of dx = s x dw", kind="distribution")
def lognormal(d: Derivation) -> None:
    """½(g²p)'' with g = s x; ½g²p'' misses p (2s² + 2 log x / t)."""
    y, s, t = d.positive("y s t")
    density = exp(-((log(y) + s**2 * t / 2) ** 2) / (2 * s**2 * t)) / (y * s * sqrt(2 * pi * t))
    rate, outside = Derivative(density, t), s**2 * y**2 * Derivative(density, y, 2) / 2
    d.state(rate, "=", Derivative(s**2 * y**2 * density, y, 2) / 2)
    d.state(rate - outside, "=", density * (-2 * s**2 - 2 * log(y) / t))
    d.start(rate)
    d.then(Derivative(s**2 * y**2 * density, y, 2) / 2, by="differentiate both")
    d.start(rate - outside)
    d.then(density * (-2 * s**2 - 2 * log(y) / t), by="differentiate")
    d.refute(rate, "=", outside, because="½g²Δp although g depends on x")


# -- C8: probability flow ----------------------------------------------------------------------------------------------


@post.claim("C8", "Fokker–Planck equation as a continuity equation")
def probability_flow(d: Derivation) -> None:
    """The noise is a drift -½g²∇log p, since p∇log p = ∇p."""
    q = d.function("q", positive=True)
    d.declare(D, i, t, x, f, g)

    d.instance(q, lambda t, x: (1 + t**2 + square(x)) * exp(-square(x)))
    d.instance(f, lambda i, t, x: t * x[i] - i)

    def flux(score: Any) -> Expr:
        return -total(diff(q(t, x) * (f(i, t, x) + score * g(t) ** 2 * diff(log(q(t, x))))))

    left = -total(diff(q(t, x) * f(i, t, x))) + g(t) ** 2 * laplacian(q(t, x)) / 2
    d.state(left, "=", flux(-Rational(1, 2)))
    d.have(q(t, x) * diff(log(q(t, x))), "=", diff(q(t, x)), by="derivative of the logarithm")
    d.start(left)
    d.then(-total(diff(q(t, x) * f(i, t, x) - g(t) ** 2 * diff(q(t, x)) / 2)), by="one divergence")
    d.then(flux(-Rational(1, 2)), by="∇q = q∇log q")
    d.refute(left, "=", flux(-1), because="score with the factor g², as in the reverse SDE")
    d.refute(left, "=", flux(Rational(1, 2)), because="sign of the score")
