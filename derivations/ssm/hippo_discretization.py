"""How the HiPPO systems are stepped, why LegS needs no step size, and what the whole history looks like in Fourier modes.

Notation, the post's own: ε is the step, u(t) = u_k for kε ≤ t < (k+1)ε; LegT is x' = Ax + Bu, LegS is x' = (Ax + Bu)/t;
r_n = √(2n+1), and A, B are those of LegS in claim C9a of the post before this one: A_nk = -r_n r_k below the diagonal, -(n+1) on
it, 0 above, B_n = √2 r_n.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    I,
    ImmutableMatrix,
    Integral,
    KroneckerDelta,
    Ne,
    Piecewise,
    Product,
    Sum,
    conjugate,
    exp,
    factorial,
    legendre,
    log,
    pi,
    sqrt,
)

from derivable import ByParts, ForAll, Induction, Post
from derivable.derivation import Derivation
from derivable.derivations.ssm.hippo import legendre_e, legendre_f, legendre_family, legs, normalised, r

post = Post(
    "hippo_discretization",
    "重温SSM（二）：HiPPO的一些遗留问题",
    "Revisiting SSM (2): open questions on HiPPO",
    date="2024-06-05",
    archive=10137,
    papers=(("HiPPO: Recurrent Memory with Optimal Polynomial Projections", "arXiv:2008.07669"),),
)

HALF = sp.Rational(1, 2)


def scalar(d: Derivation) -> SimpleNamespace:
    """A system of one state: x' = λx + bu, a step ε, a weight α."""
    lam, x, y, b, u = d.symbol("lambda x y b u")
    return SimpleNamespace(lam=lam, x=x, y=y, b=b, u=u, eps=d.positive("epsilon"), alpha=d.real("alpha"))


def plane(d: Derivation) -> SimpleNamespace:
    """A system of two states, all entries symbols."""
    a11, a12, a21, a22, b1, b2, x1, x2, y1, y2, u = d.symbol("a11 a12 a21 a22 b1 b2 x1 x2 y1 y2 u")
    return SimpleNamespace(
        A=ImmutableMatrix([[a11, a12], [a21, a22]]),
        B=ImmutableMatrix([b1, b2]),
        x=ImmutableMatrix([x1, x2]),
        y=ImmutableMatrix([y1, y2]),
        u=u,
        one=ImmutableMatrix(sp.eye(2)),
        eps=d.positive("epsilon"),
        alpha=d.real("alpha"),
    )


def inverse(M: Any) -> Any:
    """The inverse of a 2 × 2 matrix by Cramer's rule."""
    (a, b), (c, e) = M.tolist()
    return ImmutableMatrix([[e, -b], [-c, a]]) / (a * e - b * c)


def equations(left: Any, right: Any) -> list[Any]:
    """The entries of a matrix equation."""
    return [Eq(p, q) for p, q in zip(left, right, strict=True)]


# -- C1: one-step schemes -----------------------------------------------------------------------------------------------


@post.claim("C1a", "The step with the weights α and 1-α: one state")
def weighted_step(d: Derivation) -> None:
    """A linear equation for the new state."""
    s = scalar(d)
    d.assume(
        Eq(s.y - s.x, s.eps * (s.lam * (s.alpha * s.x + (1 - s.alpha) * s.y) + s.b * s.u)),
        text="the integral of x over the step is replaced by ε[αx + (1-α)y], u is constant in the step",
    )
    d.assume(Ne(1 - s.eps * (1 - s.alpha) * s.lam, 0), text="ε(1-α)λ ≠ 1")
    result = ((1 + s.eps * s.alpha * s.lam) * s.x + s.eps * s.b * s.u) / (1 - s.eps * (1 - s.alpha) * s.lam)
    d.state(s.y, "=", result)
    d.start(s.y)
    d.then(result, by="solve the linear equation for the new state")
    d.refute(
        s.y,
        "=",
        s.x / (1 - s.eps * s.lam) + s.eps * s.b * s.u,
        because="backward Euler with εbu outside the inverse",
        where=[Eq(s.alpha, 0)],
    )
    d.refute(
        s.y,
        "=",
        ((1 + s.eps * (1 - s.alpha) * s.lam) * s.x + s.eps * s.b * s.u) / (1 - s.eps * s.alpha * s.lam),
        because="the weights exchanged: α on the new state, as in scipy's gbt",
    )


@post.claim("C1b", "The step with the weights α and 1-α: two states, every matrix")
def weighted_step_matrix(d: Derivation) -> None:
    """The new state is inserted into the implicit equation; the inverse is Cramer's."""
    s = plane(d)
    left = s.one - s.eps * (1 - s.alpha) * s.A
    d.assume(Ne(left.det(), 0), text="ε(1-α) is no reciprocal of an eigenvalue")
    right = (s.one + s.eps * s.alpha * s.A) * s.x + s.eps * s.B * s.u
    step = inverse(left) * right
    d.state(step, "=", s.x + s.eps * (s.A * (s.alpha * s.x + (1 - s.alpha) * step) + s.B * s.u))
    d.state(inverse(left) * (left * s.y), "=", s.y)
    d.start(step)
    d.then(s.x + s.eps * (s.A * (s.alpha * s.x + (1 - s.alpha) * step) + s.B * s.u), by="the step solves the implicit equation")
    d.start(inverse(left) * (left * s.y))
    d.then(s.y, by="M⁻¹M = I: there is no other solution")
    outside = inverse(left) * (s.one + s.eps * s.alpha * s.A) * s.x + s.eps * s.B * s.u
    d.refute(
        outside,
        "=",
        s.x + s.eps * (s.A * (s.alpha * s.x + (1 - s.alpha) * outside) + s.B * s.u),
        because="εBu outside the inverse",
    )


@post.claim("C1c", "The step with the weights α and 1-α: every number of states")
def weighted_step_every_size(d: Derivation) -> None:
    """Entry by entry, with an inverse R of I - hA, h = ε(1-α)."""
    N, i, j, k, m = d.counting("N"), d.index("i"), d.index("j"), d.index("k"), d.index("m")
    eps, alpha, u, h = d.positive("epsilon"), d.real("alpha"), d.symbol("u"), d.real("h")
    A, R = d.function("A R")
    x, y, B = d.sequence("x y B")
    inside = (i >= 1, i <= N, j >= 1, j <= N)
    d.assume(i >= 1, i <= N)
    d.assume(Eq(h, eps * (1 - alpha)), Ne(h, 0), text="an implicit scheme")
    d.assume(
        ForAll((i, j), Eq(Sum(A(i, k) * R(k, j), (k, 1, N)), (R(i, j) - KroneckerDelta(i, j)) / h), inside), text="R - hAR = I"
    )
    d.assume(
        ForAll((i, j), Eq(Sum(R(i, k) * A(k, j), (k, 1, N)), (R(i, j) - KroneckerDelta(i, j)) / h), inside), text="R - hRA = I"
    )
    d.instance(A, lambda i, k: 0)
    d.instance(R, lambda i, k: KroneckerDelta(i, k))

    def w(j: Any) -> Any:
        return x[j] + eps * alpha * Sum(A(j, m) * x[m], (m, 1, N)) + eps * B[j] * u

    step = Sum(R(k, j) * w(j), (j, 1, N))
    d.state(step.subs(k, i) - h * Sum(A(i, k) * step, (k, 1, N)), "=", w(i))
    d.state(Sum(R(i, k) * (y[k] - h * Sum(A(k, j) * y[j], (j, 1, N))), (k, 1, N)), "=", y[i])
    d.start(step.subs(k, i) - h * Sum(A(i, k) * step, (k, 1, N)))
    d.then(step.subs(k, i) - h * Sum(Sum(A(i, k) * R(k, j), (k, 1, N)) * w(j), (j, 1, N)), by="sum over k first")
    d.then(Sum(KroneckerDelta(i, j) * w(j), (j, 1, N)), by="R - hAR = I: the step solves the implicit equation")
    d.then(w(i), by="the sum has one term")
    d.start(Sum(R(i, k) * (y[k] - h * Sum(A(k, j) * y[j], (j, 1, N))), (k, 1, N)))
    d.then(Sum(R(i, j) * y[j], (j, 1, N)) - h * Sum(Sum(R(i, k) * A(k, j), (k, 1, N)) * y[j], (j, 1, N)), by="sum over k first")
    d.then(y[i], by="R - hRA = I: whatever solves the equation is R times its right side, so there is one solution")
    d.refute(Sum(R(i, k) * (y[k] + h * Sum(A(k, j) * y[j], (j, 1, N))), (k, 1, N)), "=", 2 * y[i], because="twice the state")


@post.claim("C1d", "The bilinear step is half a forward and half a backward Euler step, in either order: one state")
def half_steps(d: Derivation) -> None:
    """Substitute one half step into the other."""
    s = scalar(d)
    h = s.eps / 2
    d.assume(Ne(1 - h * s.lam, 0), text="ελ ≠ 2")

    def forward(x: Any) -> Any:
        return x + h * (s.lam * x + s.b * s.u)

    def backward(x: Any) -> Any:
        return (x + h * s.b * s.u) / (1 - h * s.lam)

    bilinear = ((1 + h * s.lam) * s.x + s.eps * s.b * s.u) / (1 - h * s.lam)
    d.state(backward(forward(s.x)), "=", bilinear)
    d.state(forward(backward(s.x)), "=", bilinear)
    d.start(backward(forward(s.x)))
    d.then(((1 + h * s.lam) * s.x + h * s.b * s.u + h * s.b * s.u) / (1 - h * s.lam), by="insert the forward half step")
    d.then(bilinear, by="the two halves of the input add up")
    d.start(forward(backward(s.x)))
    d.then(((1 + h * s.lam) * (s.x + h * s.b * s.u) + (1 - h * s.lam) * h * s.b * s.u) / (1 - h * s.lam), by="one denominator")
    d.then(bilinear, by="(1 + hλ) + (1 - hλ) = 2")
    d.refute(forward(forward(s.x)), "=", bilinear, because="two forward half steps")
    d.refute(
        (forward(s.x)) / (1 - h * s.lam),
        "=",
        bilinear,
        because="the input of the backward half step left out",
        where=[Ne(s.u, 0)],
    )


@post.claim("C1e", "The bilinear step is half a forward and half a backward Euler step, in either order: two states")
def half_steps_matrix(d: Derivation) -> None:
    """I + hA and I - hA add up to 2I and commute."""
    s = plane(d)
    h = s.eps / 2
    left = s.one - h * s.A
    d.assume(Ne(left.det(), 0), text="2/ε is no eigenvalue")

    def forward(x: Any) -> Any:
        return x + h * (s.A * x + s.B * s.u)

    def backward(x: Any) -> Any:
        return inverse(left) * (x + h * s.B * s.u)

    bilinear = inverse(left) * ((s.one + h * s.A) * s.x + s.eps * s.B * s.u)
    d.state(backward(forward(s.x)), "=", bilinear)
    d.state(forward(backward(s.x)), "=", bilinear)
    d.start(backward(forward(s.x)))
    d.then(inverse(left) * ((s.one + h * s.A) * s.x + h * s.B * s.u + h * s.B * s.u), by="insert the forward half step")
    d.then(bilinear, by="the two halves of the input add up")
    d.start(forward(backward(s.x)))
    d.then(
        inverse(left) * ((s.one + h * s.A) * (s.x + h * s.B * s.u) + h * (left * (s.B * s.u))),
        by="A commutes with (I - hA)⁻¹",
    )
    d.then(bilinear, by="(I + hA) + (I - hA) = 2I")
    d.refute(backward(backward(s.x)), "=", bilinear, because="two backward half steps")


@post.claim("C1f", "A decaying mode decays in backward Euler and bilinear steps of every length", kind="inequality")
def stable_steps(d: Derivation) -> None:
    """Compare squared moduli; λ = -p + iq with p > 0."""
    p, h, q = d.positive("p"), d.positive("h"), d.real("q")
    lam = -p + I * q
    d.note(
        "h = ε for backward Euler, whose factor is 1/(1 - hλ); h = ε/2 for the bilinear step, whose factor is (1 + hλ)/(1 - hλ)."
    )
    before, after = (1 - h * p) ** 2 + (h * q) ** 2, (1 + h * p) ** 2 + (h * q) ** 2
    d.state(Abs(1 + h * lam) ** 2, "<", Abs(1 - h * lam) ** 2)
    d.state(1, "<", Abs(1 - h * lam) ** 2)
    d.start(Abs(1 + h * lam) ** 2)
    d.then(before, by="|a + ib|² = a² + b²")
    d.then(after, "<", by="the difference is 4hp")
    d.then(Abs(1 - h * lam) ** 2, by="|a + ib|² = a² + b²")
    d.start(1)
    d.then(after, "<", by="hp > 0")
    d.then(Abs(1 - h * lam) ** 2, by="|a + ib|² = a² + b²")
    d.refute(Abs(1 + h * lam) ** 2, "<", 1, because="forward Euler of every length")
    d.refute(Abs(1 - h * lam) ** 2, "<", Abs(1 + h * lam) ** 2, because="the sides exchanged")


@post.claim("C1g", "Forward Euler on a spectrum -1, …, -d decays for ε < 2/d", kind="inequality")
def forward_euler_decays(d: Derivation) -> None:
    """The factor of the mode -m is 1 - εm."""
    size, m, eps = d.counting("d"), d.counting("m"), d.positive("epsilon")
    d.assume(m <= size)
    d.assume(eps * size < 2)
    d.state(Abs(1 - eps * m), "<", 1)
    small = d.have(eps * m, "<", 2, by="m ≤ d")
    d.start(Abs(1 - eps * m))
    d.then(1, "<", by="0 < εm < 2", using=[small])
    d.refute(Abs(1 - eps * m), "<", HALF, because="a uniform rate")


@post.claim("C1h", "From ε = 2/d on, forward Euler on a spectrum -1, …, -d does not decay", kind="inequality")
def forward_euler_fails(d: Derivation) -> None:
    """The mode -d."""
    size, eps = d.counting("d"), d.positive("epsilon")
    d.assume(eps * size >= 2)
    d.state(1, "<=", Abs(1 - eps * size))
    d.start(1)
    d.then(eps * size - 1, "<=", by="εd ≥ 2")
    d.then(Abs(1 - eps * size), "<=", by="a number is at most its modulus")
    d.refute(
        Abs(1 - eps * size), "<", 1, because="forward Euler stable at ε = 2.1/d", where=[Eq(eps * size, sp.Rational(21, 10))]
    )


def factor(alpha: Any, z: Any) -> Any:
    """What a step multiplies the mode of ελ = z with."""
    return (1 + alpha * z) / (1 - (1 - alpha) * z)


@post.claim("C1i", "A step of the weight α errs by (½-α)z² + O(z³), the bilinear one by z³/12 + O(z⁴), z = ελ", kind="limit")
def local_error(d: Derivation) -> None:
    """Subtract the exact factor e^z and divide by the power that is left."""
    alpha, z = d.real("alpha"), d.real("z")
    first = sp.Limit((factor(alpha, z) - exp(z)) / z**2, z, 0, "+")
    # the difference times 1 - z/2, which tends to 1
    second = sp.Limit((1 + z / 2 - (1 - z / 2) * exp(z)) / z**3, z, 0, "+")
    d.state((1 - z / 2) * (factor(HALF, z) - exp(z)), "=", 1 + z / 2 - (1 - z / 2) * exp(z))
    d.state(first, "=", HALF - alpha)
    d.state(second, "=", sp.Rational(1, 12))
    d.start((1 - z / 2) * (factor(HALF, z) - exp(z)))
    d.then(1 + z / 2 - (1 - z / 2) * exp(z), by="the denominator is cleared")
    d.start(first)
    d.then(HALF - alpha, by="l'Hôpital's rule twice")
    d.start(second)
    d.then(sp.Rational(1, 12), by="l'Hôpital's rule three times")
    d.refute(first, "=", HALF, because="the order of forward Euler's error for every α", where=[Eq(alpha, HALF)])
    d.refute(second, "=", 0, because="the bilinear step one order better")
    d.refute(second, "=", -sp.Rational(1, 12), because="sign")


@post.claim("C1j", "N steps: the error of a decaying mode is at most N times that of one step", kind="inequality")
def global_error(d: Derivation) -> None:
    """A telescoping sum, each term with factors of at most 1: the global order is one below the local one."""
    N, k = d.natural("N"), d.index("k")
    R, E = d.positive("R E")
    d.assume(R <= 1, E <= 1, text="a real mode that decays, and a step so short that its factor R is positive; E = e^{ελ}")
    total = Sum(R**k * E ** (N - 1 - k), (k, 0, N - 1))
    d.state(R**N - E**N, "=", (R - E) * total)
    d.state(Abs((R - E) * total), "<=", N * Abs(R - E))
    count = d.have(total, "<=", N, by="each of the N terms is at most 1")
    d.start(R**N - E**N)
    d.then((R - E) * total, by=Induction(N, 0))
    d.start(Abs((R - E) * total))
    d.then(Abs(R - E) * total, by="the sum is not negative")
    d.then(N * Abs(R - E), "<=", by="the sum is at most N", using=[count])
    d.refute(Abs(R**N - E**N), "<=", Abs(R - E), because="errors of N steps do not add up")


@post.claim("C1k", "An input taken at the left end of each step costs one order, in every scheme")
def left_samples(d: Derivation) -> None:
    """λ = 0, where all schemes and the exact one are the same sum, and u(t) = t."""
    N, k, T = d.counting("N"), d.index("k"), d.positive("T")
    t = d.real("t")
    eps = T / N
    left, mean = Sum(eps * (k * eps), (k, 0, N - 1)), Sum(eps * (k * eps + (k + 1) * eps) / 2, (k, 0, N - 1))
    exact = Integral(t, (t, 0, T))
    d.state(exact - left, "=", T * eps / 2)
    d.state(exact - mean, "=", 0)
    d.start(exact - left)
    d.then(T**2 / 2 - eps**2 * N * (N - 1) / 2, by="the sum of the first integers")
    d.then(T * eps / 2, by="Nε = T")
    d.start(exact - mean)
    d.then(T**2 / 2 - eps**2 * N**2 / 2, by="the sum of the first odd numbers")
    d.then(0, by="Nε = T")
    d.refute(exact - left, "=", 0, because="exact steps make left samples exact")
    d.refute(exact - left, "=", T * eps**2 / 2, because="the bilinear rule of order 2 for left samples")


@post.claim(
    "C1l", "The bilinear step with the mean of both samples: error O(ε³) in one step for u(t) = u_0 + u_1 t", kind="limit"
)
def mean_samples(d: Derivation) -> None:
    """The response to the input alone, from x = 0; with the left sample the error is O(ε²), whatever the scheme."""
    lam, h, t = d.real("lambda"), d.real("h"), d.real("t")
    u0, u1 = d.real("u0 u1")
    d.assume(Ne(lam, 0))
    exact = (exp(lam * h) - 1) / lam * u0 + (exp(lam * h) - 1 - lam * h) / lam**2 * u1
    response = Integral(exp(lam * (h - t)) * (u0 + u1 * t), (t, 0, h))
    mean = h * (u0 + u1 * h / 2) / (1 - lam * h / 2)
    left, hold = h * u0 / (1 - lam * h / 2), (exp(lam * h) - 1) / lam * u0
    d.state(response, "=", exact)
    orders = (
        (sp.Limit((exact - mean) / h**3, h, 0, "+"), -lam * (lam * u0 + u1) / 12),
        (sp.Limit((exact - left) / h**2, h, 0, "+"), u1 / 2),
        (sp.Limit((exact - hold) / h**2, h, 0, "+"), u1 / 2),
    )
    for limit, value in orders:
        d.state(limit, "=", value)
    d.start(response)
    d.then(exact, by="an antiderivative")
    for limit, value in orders:
        d.start(limit)
        d.then(value, by="l'Hôpital's rule")
    d.refute(orders[1][0], "=", 0, because="bilinear of order 2 for left samples", where=[Ne(u1, 0)])
    d.refute(orders[0][0], "=", 0, because="the mean exact")


# -- C2: the exact step -------------------------------------------------------------------------------------------------


@post.claim("C2a", "The exact step for a constant input: one state")
def exact_step(d: Derivation) -> None:
    """The integrating factor e^{-λt}."""
    lam, b, u, eps, t = d.symbol("lambda"), d.symbol("b"), d.symbol("u"), d.positive("epsilon"), d.real("t")
    x = d.function("x")
    d.assume(ForAll((t,), Eq(Derivative(x(t), t), lam * x(t) + b * u)), text="u is constant in the step")
    d.assume(Ne(lam, 0), text="A is invertible")
    d.instance(x, lambda t: 3 * exp(lam * t) - b * u / lam)
    result = exp(eps * lam) * x(0) + (exp(eps * lam) - 1) / lam * b * u
    d.state(x(eps), "=", result)
    moved = d.have(
        x(eps) * exp(-lam * eps),
        "=",
        x(0) + Integral(exp(-lam * t) * b * u, (t, 0, eps)),
        by=ByParts(x(t) * exp(-lam * t), t, 0, eps),
    )
    d.start(x(eps))
    d.then(exp(lam * eps) * (x(eps) * exp(-lam * eps)), by="e^{λε} e^{-λε} = 1")
    d.then(exp(lam * eps) * (x(0) + Integral(exp(-lam * t) * b * u, (t, 0, eps))), by="(e^{-λt}x)' = e^{-λt}bu", using=[moved])
    d.then(exp(lam * eps) * (x(0) + (1 - exp(-lam * eps)) / lam * b * u), by="an antiderivative")
    d.then(result, by="multiply out")
    d.refute(x(eps), "=", exp(eps * lam) * x(0) + (1 - exp(eps * lam)) / lam * b * u, because="A⁻¹(I - e^{εA})")
    d.refute(x(eps), "=", exp(eps * lam) * x(0) + eps * exp(eps * lam) * b * u, because="εe^{εA}B")


@post.claim("C2b", "The exact step for a constant input: every matrix")
def exact_step_matrix(d: Derivation) -> None:
    """e^{tA}(x + A⁻¹Bu) - A⁻¹Bu solves the equation and starts at x, for every number N of states."""
    N, i, j, k, m = d.counting("N"), d.index("i"), d.index("j"), d.index("k"), d.index("m")
    t, u = d.real("t"), d.symbol("u")
    A, R, v = d.function("A R v")
    x, B = d.sequence("x B")
    inside = (i >= 1, i <= N, j >= 1, j <= N)
    d.assume(i >= 1, i <= N)

    def rest(i: Any) -> Any:
        """A⁻¹Bu."""
        return Sum(R(i, m) * B[m], (m, 1, N)) * u

    d.assume(ForAll((i, j), Eq(Sum(A(i, k) * R(k, j), (k, 1, N)), KroneckerDelta(i, j)), inside), text="R = A⁻¹: AR = I")
    d.assume(
        ForAll((i, t), Eq(Derivative(v(i, t), t), Sum(A(i, k) * v(k, t), (k, 1, N))), inside[:2]),
        text="v(t) = e^{tA}v(0): v' = Av",
    )
    d.assume(ForAll((i,), Eq(v(i, 0), x[i] + rest(i)), inside[:2]), text="v(0) = x + A⁻¹Bu")
    d.instance(A, lambda i, j: KroneckerDelta(i, j))
    d.instance(R, lambda i, j: KroneckerDelta(i, j))
    d.instance(v, lambda i, t: exp(t) * (x[i] + B[i] * u))

    def y(i: Any, t: Any) -> Any:
        return v(i, t) - rest(i)

    right = Sum(A(i, k) * y(k, t), (k, 1, N)) + B[i] * u
    d.state(y(i, 0), "=", x[i])
    d.state(Derivative(y(i, t), t), "=", right)
    d.start(y(i, 0))
    d.then(x[i], by="v(0) = x + A⁻¹Bu")
    d.start(Derivative(y(i, t), t))
    d.then(Sum(A(i, k) * v(k, t), (k, 1, N)), by="v' = Av, and the rest does not move")
    d.then(right + Sum(A(i, k) * rest(k), (k, 1, N)) - B[i] * u, by="v = y + A⁻¹Bu")
    d.then(
        right + Sum(Sum(A(i, k) * R(k, m), (k, 1, N)) * B[m], (m, 1, N)) * u - B[i] * u,
        by="sum over k first",
    )
    d.then(right, by="AA⁻¹ = I")
    d.note("That a linear system has one solution from x is the theorem of Picard and Lindelöf; it is used and not derived here.")
    d.refute(y(i, 0), "=", x[i] + 2 * rest(i), because="A⁻¹(I - e^{tA}) in place of A⁻¹(e^{tA} - I)")


@post.claim("C2c", "The powers of the augmented matrix: its exponential holds the drive, whatever A is")
def augmented(d: Derivation) -> None:
    """M = [[λ, b], [0, 0]] has M^{n+1} = [[λ^{n+1}, λ^n b], [0, 0]]; the series is summed for λ = 0 too."""
    lam, b = d.symbol("lambda b")
    n, eps = d.natural("n"), d.positive("epsilon")
    M = ImmutableMatrix([[lam, b], [0, 0]])

    def power(n: Any) -> Any:
        """M^{n+1}."""
        return ImmutableMatrix([[lam ** (n + 1), lam**n * b], [0, 0]])

    d.state(M * power(n), "=", power(n + 1))
    term = eps ** (n + 1) * lam**n / factorial(n + 1)
    series = Sum((eps * lam) ** n / factorial(n), (n, 0, sp.oo))
    d.state(Derivative(term, eps), "=", (eps * lam) ** n / factorial(n))
    d.state(series, "=", exp(eps * lam))
    d.start(M * power(n))
    d.then(power(n + 1), by="the second row is zero")
    d.start(Derivative(term, eps))
    d.then((eps * lam) ** n / factorial(n), by="(n+1)!/(n+1) = n!")
    d.start(series)
    d.then(exp(eps * lam), by="the series of the exponential: the entry at b is ∫_0^ε e^{sλ} ds, for λ = 0 it is ε")
    d.note("A power series is differentiated term by term inside its circle of convergence, here everywhere.")
    d.refute(Derivative(term, eps), "=", (eps * lam) ** (n + 1) / factorial(n + 1), because="one term later: e^{ελ} - 1")
    d.refute(M * power(n), "=", ImmutableMatrix([[lam ** (n + 2), lam**n * b], [0, 0]]), because="εe^{εA}B: the same power at b")


@post.claim("C2d", "The LegS matrix is invertible: the product of its diagonal is (-1)^d d!")
def legs_determinant(d: Derivation) -> None:
    """The determinant of a triangular matrix, by induction on its size."""
    size, n = d.natural("d"), d.index("n")
    diagonal = Product(-(n + 1), (n, 0, size - 1))
    d.state(diagonal, "=", (-1) ** size * factorial(size))
    d.start(diagonal)
    d.then((-1) ** size * factorial(size), by="(-1)^d (d+1) d! (-1) = (-1)^{d+1} (d+1)!")
    d.refute(diagonal, "=", factorial(size), because="sign")
    d.refute(
        Product(-n, (n, 0, size - 1)),
        "=",
        (-1) ** size * factorial(size),
        because="exponents 0, …, d-1: a singular matrix",
        where=[size >= 1],
    )


@post.claim("C2e", "The LegT matrix is invertible: its determinant without the factors 2n+1 is (-1)^d 2^{d-1}, for d ≤ 40")
def legt_invertible(d: Derivation) -> None:
    """Exact determinants of the form without square roots, which is similar to the orthonormal one."""
    text = r"\det\left(\frac{1}{2n+1}A_{nk}\right)_{n,k<d} = "
    d.exhaust(
        text + "(-1)^d2^{d-1}",
        range(1, 41),
        lambda size: legt_determinant(size) == (-1) ** size * 2 ** (size - 1),
        bound="d ≤ 40",
    )
    d.refute_exhaustively(text + "2^{d-1}", range(1, 41), lambda size: legt_determinant(size) == 2 ** (size - 1), because="sign")
    d.refute_exhaustively(
        text + "(-1)^d", range(1, 41), lambda size: legt_determinant(size) == (-1) ** size, because="the determinant of LegS"
    )


def legt_determinant(size: int) -> int:
    """The determinant of the signs of LegT: -1 below the diagonal, -(-1)^{n-k} on and above it (claim hippo/C8c without 2n+1)."""
    from sympy.polys.domains import ZZ
    from sympy.polys.matrices import DomainMatrix

    rows = [[ZZ(-1 if k < n or (n - k) % 2 == 0 else 1) for k in range(size)] for n in range(size)]
    return int(DomainMatrix(rows, (size, size), ZZ).to_field().det())


@exact_step.measured("kernels.discretization.discretize", against="e^{ελ} and (e^{ελ} - 1)/λ b")
def exact_against_kernel(m: Any) -> None:
    """One state, real and complex λ; and the singular limit ε b."""
    import torch

    from derivable.kernels.discretization import discretize
    from derivable.numerics import rounding_bound

    for lam, eps in ((-2.0, 0.5), (3.0, 0.25), (-0.125, 4.0)):
        A, B = torch.tensor([[lam]], dtype=torch.float64), torch.tensor([2.0], dtype=torch.float64)
        Ad, Bd = discretize(A, B, eps, "zoh")
        names = {e.name: e for e in m.statements[0].rhs.free_symbols}
        right = m.statements[0].rhs
        free = right.subs(dict.fromkeys(right.atoms(sp.core.function.AppliedUndef), 0))
        want = m.value(
            free, {names["lambda"]: sp.Rational(lam), names["epsilon"]: sp.Rational(eps), names["b"]: 2, names["u"]: 1}
        )
        # a polynomial of degree at most 18 and at most 2 squarings of a 2 × 2 matrix, of norm e^{|ελ|}
        size = float(sp.exp(abs(lam) * eps))
        m.agree(Bd[0], want, rounding_bound(torch.float64, 60, condition=size, scale=4 * size))
        m.agree(
            Ad[0, 0],
            m.value(sp.exp(sp.Rational(lam) * sp.Rational(eps))),
            rounding_bound(torch.float64, 60, condition=size, scale=size),
        )
    _, Bd = discretize(torch.zeros(1, 1, dtype=torch.float64), torch.tensor([2.0], dtype=torch.float64), 0.5, "zoh")
    m.agree(Bd[0], 1.0, 0.0)


@weighted_step.measured("kernels.discretization.discretize", against="global errors of LegT, d = 6, piecewise-constant input")
def observed_orders(m: Any) -> None:
    """Orders from halving the step at the finest pair: 1 for Euler's methods and α = ¼, 2 for the bilinear rule, within 0.05."""
    import math

    import torch

    from derivable.kernels.discretization import discretize
    from derivable.kernels.hippo import hippo_matrix

    A, B = hippo_matrix("legt", 6, dtype=torch.float64)
    levels = torch.randn(8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))

    def run(method: Any, steps: int, **options: float) -> torch.Tensor:
        Ad, Bd = discretize(A, B, 1 / steps, method, **options)
        x = torch.zeros(6, dtype=torch.float64)
        for u in levels.repeat_interleave(steps // 8):
            x = Ad @ x + Bd * u
        return x

    truth = run("zoh", 8)
    steps = [64, 128, 256, 512, 1024]
    for method, options, order in (
        ("forward_euler", {}, 1),
        ("backward_euler", {}, 1),
        ("bilinear", {}, 2),
        ("generalized_bilinear", {"alpha": 0.25}, 1),
    ):
        errors = [float((run(method, n, **options) - truth).norm()) for n in steps]
        slope = math.log2(errors[-2] / errors[-1])
        m.agree(slope, order, 0.05, note=f"{method}: order at the finest pair")
        m.plot([1 / n for n in steps], errors, x_label="step", y_label="error", series=f"{method}, slope {slope:.2f}")
    # 1024 steps, each with rounding 7 terms a row of a matrix of norm near 1
    m.holds(float((run("zoh", 1024) - truth).norm()), 1024 * 7 * 2.0**-53 * float(truth.norm()) * 6)


@left_samples.measured("kernels.discretization.discretize", against="global errors of LegT, d = 6, u = cos 5t")
def observed_orders_of_sampling(m: Any) -> None:
    """Left samples: order 1 for the bilinear and the exact step; the mean of two samples: order 2."""
    import math

    import torch

    from derivable.kernels.discretization import discretize
    from derivable.kernels.hippo import hippo_matrix

    A, B = hippo_matrix("legt", 6, dtype=torch.float64)

    def run(method: Any, steps: int, mean: bool) -> torch.Tensor:
        Ad, Bd = discretize(A, B, 1 / steps, method)
        x = torch.zeros(6, dtype=torch.float64)
        u = torch.cos(5 * torch.arange(steps + 1, dtype=torch.float64) / steps)
        for sample in (u[:-1] + u[1:]) / 2 if mean else u[:-1]:
            x = Ad @ x + Bd * sample
        return x

    truth = run("bilinear", 1 << 14, True)
    steps = [128, 256, 512, 1024]
    for method, mean, order in (("bilinear", False, 1), ("zoh", False, 1), ("bilinear", True, 2)):
        errors = [float((run(method, n, mean) - truth).norm()) for n in steps]
        slope = math.log2(errors[-2] / errors[-1])
        m.agree(slope, order, 0.05, note=f"{method}, {'mean' if mean else 'left'} samples: order at the finest pair")
        m.plot(
            [1 / n for n in steps],
            errors,
            x_label="step",
            y_label="error",
            series=f"{method}, {'mean' if mean else 'left'} samples",
        )


# -- C3: LegS steps -----------------------------------------------------------------------------------------------------


@post.claim("C3a", "The bilinear step of LegS, free of ε")
def legs_bilinear(d: Derivation) -> None:
    """The trapezoid for x/t over [kε, (k+1)ε], and ε/t = 1/k for the input; the new state is inserted."""
    s, k = scalar(d), d.counting("k")
    d.assume(Ne(s.lam, 2 * (k + 1)), text="2(k+1) is no eigenvalue")

    def implicit(y: Any) -> Any:
        """The integral of (λx + bu)/t over the step, as it is replaced."""
        return s.eps / 2 * s.lam * (s.x / (k * s.eps) + y / ((k + 1) * s.eps)) + s.eps / (k * s.eps) * s.b * s.u

    result = ((1 + s.lam / (2 * k)) * s.x + s.b * s.u / k) / (1 - s.lam / (2 * (k + 1)))
    d.state(result - s.x, "=", implicit(result))
    d.start(result - s.x)
    d.then((s.lam * s.x / k + s.lam * result / (k + 1)) / 2 + s.b * s.u / k, by="the step times 1 - λ/(2(k+1))")
    d.then(implicit(result), by="ε/(kε) = 1/k")
    d.note("The equation for the new state is linear with the coefficient 1 - λ/(2(k+1)) ≠ 0, so it has one solution.")
    for wrong, why in (
        (((1 + s.lam / (2 * k)) * s.x + s.b * s.u / k) / (1 - s.lam / (2 * k)), "the step index not shifted"),
        (((1 + s.lam / (2 * k)) * s.x + s.eps * s.b * s.u / k) / (1 - s.lam / (2 * (k + 1))), "ε left at the input"),
    ):
        d.refute(wrong - s.x, "=", implicit(wrong), because=why)


@post.claim("C3b", "The exact step of LegS, free of ε")
def legs_step(d: Derivation) -> None:
    """The integrating factor e^{-λτ} in the time τ = ln t."""
    lam, b, u, eps = d.real("lambda"), d.real("b"), d.real("u"), d.positive("epsilon")
    k, t = d.counting("k"), d.positive("t")
    x = d.function("x")
    d.assume(ForAll((t,), Eq(Derivative(x(t), t), (lam * x(t) + b * u) / t)), text="LegS, u constant in the step")
    d.assume(Ne(lam, 0), text="A is invertible (claim C2d)")
    d.instance(x, lambda t: 3 * t**lam - b * u / lam)
    ratio = (k + 1) / k
    result = exp(lam * log(ratio)) * x(k * eps) + (exp(lam * log(ratio)) - 1) / lam * b * u
    d.state(x((k + 1) * eps), "=", result)
    tau = d.real("tau")
    start, end = log(k * eps), log((k + 1) * eps)
    drive = Integral(exp(-lam * tau) * b * u, (tau, start, end))
    moved = d.have(
        x((k + 1) * eps) * exp(-lam * end),
        "=",
        x(k * eps) * exp(-lam * start) + drive,
        by=ByParts(x(exp(tau)) * exp(-lam * tau), tau, start, end),
        why="τ = ln t turns LegS into x' = λx + bu",
    )
    d.start(x((k + 1) * eps))
    d.then(exp(lam * end) * (x((k + 1) * eps) * exp(-lam * end)), by="e^{λτ} e^{-λτ} = 1")
    d.then(exp(lam * end) * (x(k * eps) * exp(-lam * start) + drive), by="(e^{-λτ}x)' = e^{-λτ}bu", using=[moved])
    d.then(
        exp(lam * end) * (x(k * eps) * exp(-lam * start) + b * u * (exp(-lam * start) - exp(-lam * end)) / lam),
        by="an antiderivative",
    )
    d.then(result, by="ε cancels: ln (k+1)ε - ln kε = ln((k+1)/k)")
    inverted = exp(lam * log(k / (k + 1)))
    d.refute(x((k + 1) * eps), "=", inverted * x(k * eps) + (inverted - 1) / lam * b * u, because="ln(k/(k+1))")
    d.refute(
        x((k + 1) * eps),
        "=",
        exp(lam / k) * x(k * eps) + (exp(lam / k) - 1) / lam * b * u,
        because="the step 1/k for ln((k+1)/k)",
    )


@post.claim("C3c", "The first constant piece has the state (√2 u_0, 0, 0, …)")
def first_state(d: Derivation) -> None:
    """The Legendre polynomials are orthogonal to 1."""
    s, n, u0 = d.real("s"), d.natural("n"), d.real("u0")
    first, later = (Integral(u0 * normalised(legendre, m, s), (s, -1, 1)) for m in (0, n + 1))
    d.state(first, "=", sqrt(2) * u0)
    d.state(later, "=", 0)
    d.start(first)
    d.then(sqrt(2) * u0, by="p_0 = 1")
    scale = u0 * sqrt((2 * n + 3) / sp.Integer(2)) / (2 * n + 3)
    d.start(later)
    d.then(
        0,
        by=ByParts(scale * (legendre(n + 2, s) - legendre(n, s)), s, -1, 1),
        why="(2n+3) p_{n+1} = p'_{n+2} - p'_n, and p_{n+2} and p_n agree at both ends",
    )
    d.refute(first, "=", u0, because="c_0 = u_0")


@post.claim("C3d", "A constant signal is kept by the weight ½(1/k + 1/(k+1)) of the input")
def constant_kept(d: Derivation) -> None:
    """A(√2, 0, …) = -B, so x = (√2, 0, …) solves the step with that weight."""
    k, n, m = d.counting("k"), d.natural("n"), d.index("m")
    B = sqrt(2) * r(n)

    def c(m: Any) -> Any:
        return sqrt(2) * KroneckerDelta(m, 0)

    weight = (1 / k + 1 / (k + 1)) / 2
    Ac = n * c(n) - r(n) * Sum(r(m) * c(m), (m, 0, n))
    d.state(Ac, "=", -B)
    d.state(c(n) - Ac / (2 * (k + 1)), "=", c(n) + Ac / (2 * k) + weight * B)
    d.start(Ac)
    d.then(-B, by="r_0 = 1, n δ_{n0} = 0")
    d.start(c(n) - Ac / (2 * (k + 1)))
    d.then(c(n) + Ac / (2 * k) - weight * Ac, by="one identity in Ac")
    d.then(c(n) + Ac / (2 * k) + weight * B, by="Ac = -B")
    d.refute(c(n) - Ac / (2 * (k + 1)), "=", c(n) + Ac / (2 * k) + B / k, because="the post's weight 1/k keeps it")
    d.refute(c(n) - Ac / (2 * (k + 1)), "=", c(n) + Ac / (2 * k) + B / (k + 1), because="the weight 1/(k+1) keeps it")


@post.claim("C3e", "With the weight 1/k a constant signal drifts: c_0 = √2 + √2 k (H_k + H_{k-1} - 1)/(4k² - 1)")
def constant_drifts(d: Derivation) -> None:
    """The first row of the bilinear step, by induction; the defect is about ln k / (√2 k)."""
    k, j, m = d.counting("k"), d.index("j"), d.counting("m")
    c = d.function("c")
    d.assume(Eq(c(1), sqrt(2)), text="the projection of the first piece, claim C3c")
    d.assume(
        ForAll((m,), Eq(c(m + 1), ((1 - 1 / (2 * m)) * c(m) + sqrt(2) / m) / (1 + 1 / (2 * (m + 1)))), (m >= 1,)),
        text="claim C3a for the first state, λ = -1, b = √2, u = 1",
    )
    H = Sum(1 / j, (j, 1, k)) + Sum(1 / j, (j, 1, k - 1))
    d.instance(c, lambda k: sqrt(2) + sqrt(2) * k * (sp.harmonic(k) + sp.harmonic(k - 1) - 1) / (4 * k**2 - 1))
    result = sqrt(2) + sqrt(2) * k * (H - 1) / (4 * k**2 - 1)
    d.state(c(k), "=", result)
    d.start(c(k))
    d.then(result, by=Induction(k, 1))
    d.note(
        "The post announces the weight as an approximation, and says that the error does not matter since u_k is itself a "
        "free choice: a choice of modelling, not an error. The weight of C3d costs nothing and is exact for constants."
    )
    d.refute(c(k), "=", sqrt(2), because="constants are kept", where=[k >= 2])
    d.refute(c(k), "=", sqrt(2) + log(k) / (sqrt(2) * k), because="the leading term alone", where=[k >= 2])


@constant_drifts.measured("kernels.hippo_stepping.hippo_online", against="c_0 after 200 samples of u = 1, weight 1/k")
def drift(m: Any) -> None:
    """The states of a constant signal, bilinear with the post's weight, and with the mean weight."""
    import torch

    from derivable.kernels.hippo_stepping import hippo_online
    from derivable.numerics import rounding_bound

    k = next(iter(m.statements[0].rhs.free_symbols))
    u = torch.ones(200, 1, dtype=torch.float64)
    post_weight, mean = (hippo_online(u, "legs", 8, weight=w)[:, 0, 0] for w in ("post", "mean"))
    # the stated bound of the kernel: 4(length + d) roundings of states of size 1.5
    allowed = rounding_bound(torch.float64, 4 * 208, scale=1.5)
    for steps in (1, 2, 10, 40, 200):
        m.agree(post_weight[steps - 1], m.value(m.statements[0].rhs, {k: steps}), allowed)
        m.agree(mean[steps - 1], m.value(sqrt(2)), allowed)
    ks = list(range(1, 201))
    m.plot(ks, post_weight.tolist(), x_label="k", y_label="c_0 of u = 1", series="weight 1/k")
    m.plot(ks, mean.tolist(), x_label="k", y_label="c_0 of u = 1", series="weight ½(1/k + 1/(k+1))")


@legs_step.measured("kernels.hippo_stepping.hippo_online", against="the Legendre coefficients of 40 random levels, d = 8")
def exact_projections(m: Any) -> None:
    """Exact steps give the projections; bilinear steps do not for a rough input."""
    import torch

    from derivable.kernels.hippo_stepping import hippo_online

    levels = torch.randn(40, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    exact, bilinear = (hippo_online(levels[:, None], "legs", 8, method=method)[:, 0] for method in ("exact", "bilinear"))
    away = []
    for k in range(1, 41):
        ends = 2 * torch.arange(k + 1, dtype=torch.float64) / k - 1
        p = [torch.ones_like(ends), ends]
        for n in range(1, 8):
            p.append(((2 * n + 1) * ends * p[n] - n * p[n - 1]) / (n + 1))
        pieces = torch.stack([ends, *((p[n + 1] - p[n - 1]) / (2 * n + 1) for n in range(1, 8))]).diff(dim=1)
        truth = (pieces @ levels[:k]) * (torch.arange(8, dtype=torch.float64) + 0.5).sqrt()
        # 40 exponentials of matrices of norm up to log 2 · ‖A‖ ≈ 40, each with a relative error of its norm times 2⁻⁵³ · 50
        m.agree(exact[k - 1], truth.tolist(), 40 * 40 * 50 * 2.0**-53)
        away.append(float((bilinear[k - 1] - truth).abs().max()))
    m.plot(list(range(1, 41)), away, x_label="k", y_label="largest error of a coefficient", series="bilinear, mean weight")


# -- C4: scales of time -------------------------------------------------------------------------------------------------


@post.claim("C4a", "LegS is equivariant: the states of u(αt) are x(αt)")
def equivariant(d: Derivation) -> None:
    """The chain rule; one row of the system, whose right side is any f(x) + bu."""
    t, alpha, b, lam = d.positive("t"), d.positive("alpha"), d.real("b"), d.real("lambda")
    x, u = d.function("x u")
    d.assume(ForAll((t,), Eq(Derivative(x(t), t), (lam * x(t) + b * u(t)) / t)), text="x solves LegS for u")
    d.instance(u, lambda t: (1 - lam) * t)
    d.instance(x, lambda t: b * t)
    left, right = Derivative(x(alpha * t), t), (lam * x(alpha * t) + b * u(alpha * t)) / t
    d.state(left, "=", right)
    d.start(left)
    d.then(alpha * (lam * x(alpha * t) + b * u(alpha * t)) / (alpha * t), by="the chain rule, LegS at αt")
    d.then(right, by="α cancels")
    d.note("For the vector x, λx(t) stands for a row of Ax(t): the scale of time does not touch it.")
    d.refute(left, "=", right / alpha, because="α not cancelled", where=[Ne(alpha, 1)])


@post.claim("C4b", "LegT is not: x(αt) solves y' = α(Ay + Bu(αt))")
def not_equivariant(d: Derivation) -> None:
    """The chain rule."""
    t, alpha, b, lam = d.positive("t"), d.positive("alpha"), d.real("b"), d.real("lambda")
    x, u = d.function("x u")
    d.assume(ForAll((t,), Eq(Derivative(x(t), t), lam * x(t) + b * u(t))), text="x solves LegT for u")
    d.instance(u, lambda t: 1 - lam * t)
    d.instance(x, lambda t: b * t)
    left, right = Derivative(x(alpha * t), t), lam * x(alpha * t) + b * u(alpha * t)
    d.state(left, "=", alpha * right)
    d.start(left)
    d.then(alpha * right, by="the chain rule")
    d.refute(left, "=", right, because="equivariance of x' = Ax + Bu", where=[Ne(alpha, 1)])


@post.claim("C4c", "The factor 1/t is the only power of t that is equivariant")
def only_power(d: Derivation) -> None:
    """With 1/t^q the scale α leaves α^{1-q}."""
    t, alpha, b, lam, q = d.positive("t"), d.positive("alpha"), d.real("b"), d.real("lambda"), d.real("q")
    x, u = d.function("x u")
    d.assume(ForAll((t,), Eq(Derivative(x(t), t), (lam * x(t) + b * u(t)) * t ** (-q))))
    d.instance(u, lambda t: t**q - lam * t)
    d.instance(x, lambda t: b * t)
    left, right = Derivative(x(alpha * t), t), (lam * x(alpha * t) + b * u(alpha * t)) * t ** (-q)
    d.state(left, "=", alpha ** (1 - q) * right)
    d.start(left)
    d.then(alpha ** (1 - q) * right, by="the chain rule: α (αt)^{-q} = α^{1-q} t^{-q}")
    d.refute(left, "=", right, because="equivariance of x' = (Ax + Bu)/t²", where=[Eq(q, 2), Ne(alpha, 1)])


# -- C5: what LegS forgets ----------------------------------------------------------------------------------------------


@post.claim("C5a", "From step m to step n a mode is multiplied by (n/m)^λ")
def propagation(d: Derivation) -> None:
    """The product of the exact steps telescopes; here n steps from m on."""
    m, n, k, lam = d.counting("m"), d.natural("n"), d.index("k"), d.real("lambda")
    logarithm = log((m + k + 1) / (m + k))
    product = Product(exp(lam * logarithm), (k, 0, n - 1))
    result = exp(lam * log((m + n) / m))
    d.state(product, "=", result)
    total = d.have(Sum(logarithm, (k, 0, n - 1)), "=", log((m + n) / m), by="the logarithms telescope")
    d.start(product)
    d.then(exp(lam * Sum(logarithm, (k, 0, n - 1))), by="a product of exponentials")
    d.then(result, by="the logarithms telescope", using=[total])
    d.note(
        "The matrices e^{ln((k+1)/k) A} commute, so that their product is (n/m)^A; its eigenvalues are (m/n)^{j+1}, claim C5b."
    )
    d.refute(product, "=", exp(lam * n), because="exponential forgetting")
    d.refute(product, "=", exp(-lam * log((m + n) / m)), because="the inverse")


@post.claim("C5b", "The LegS matrix is triangular with the eigenvalues -1, …, -d: a mode and its eigenvector")
def first_mode(d: Derivation) -> None:
    """A v = -v for v_n = (-1)^n r_n, and ‖v‖ = d: the mode that decays slowest, like m/n."""
    n, k, size = d.natural("n"), d.index("k"), d.natural("d")

    def v(n: Any) -> Any:
        return (-1) ** n * r(n)

    d.state(legs(n, k, v), "=", -v(n))
    d.state(Sum(v(k) ** 2, (k, 0, size - 1)), "=", size**2)
    alternating = d.have(
        Sum((2 * k + 1) * (-1) ** k, (k, 0, n)),
        "=",
        (-1) ** n * (n + 1),
        by=Induction(n, 0),
        why="(2n+3) - (n+1) = n+2",
        forall=[n],
    )
    d.start(legs(n, k, v))
    d.then(n * v(n) - r(n) * Sum((2 * k + 1) * (-1) ** k, (k, 0, n)), by="r_k² = 2k+1")
    d.then(-v(n), by="the alternating sum is (-1)^n (n+1)", using=[alternating])
    d.start(Sum(v(k) ** 2, (k, 0, size - 1)))
    d.then(size**2, by="the sum of the first odd numbers")
    d.note(
        "(n/m)^A is lower triangular with the diagonal (m/n)^{j+1}, so its first column has all powers (m/n)^1, …, (m/n)^d and "
        "the others start from (m/n)^2: as n/m → ∞ it is (m/n) v e_0ᵀ to leading order, of norm d m/n."
    )
    d.refute(legs(n, k, v), "=", 0, because="exponents 0, …, d-1")
    d.refute(legs(n, k, r), "=", -r(n), because="the eigenvector without signs")


@post.claim("C5c", "The symmetric part: A + Aᵀ = -(I + rrᵀ)")
def symmetric_part(d: Derivation) -> None:
    """Below, on and above the diagonal."""
    n, k = d.natural("n k")

    def A(n: Any, k: Any) -> Any:
        return Piecewise((-r(n) * r(k), k < n), (-(n + 1), Eq(k, n)), (0, True))

    d.state(A(n, k) + A(k, n), "=", -(KroneckerDelta(n, k) + r(n) * r(k)))
    d.start(A(n, k) + A(k, n))
    d.then(-(KroneckerDelta(n, k) + r(n) * r(k)), by="-2(n+1) = -(1 + r_n²) on the diagonal")
    d.refute(A(n, k) + A(k, n), "=", -r(n) * r(k), because="the identity left out")
    d.refute(A(n, k) + A(k, n), "=", -(2 * KroneckerDelta(n, k) + r(n) * r(k)), because="-2I")


@post.claim("C5d", "The energy: 2 y·Ay = -‖y‖² - (r·y)²")
def energy(d: Derivation) -> None:
    """C5c as a quadratic form, states 0, …, N, by induction on N."""
    N, i, k, j = d.natural("N"), d.index("i"), d.index("k"), d.index("j")
    y, P = d.sequence("y"), d.function("P")
    d.assume(Eq(P(0), y[0]), text="P_i = Σ_{k≤i} r_k y_k: the first partial sum, r_0 = 1")
    d.assume(
        ForAll((j,), Eq(P(j + 1), P(j) + r(j + 1) * y[j + 1]), (j >= 0,)), text="P_i = Σ_{k≤i} r_k y_k: the next partial sum"
    )
    d.instance(P, lambda i: Sum(r(k) * y[k], (k, 0, i)))
    product = 2 * Sum(y[i] * (i * y[i] - r(i) * P(i)), (i, 0, N))
    right = -Sum(y[i] ** 2, (i, 0, N)) - P(N) ** 2
    d.state(product, "=", right)
    d.start(product)
    d.then(right, by=Induction(N, 0), why="with r² = 2N+3 for the row N+1: 2y((N+1)y - rP - r²y) = -y² - (P + ry)² + P²")
    d.note("A row of Ay is n y_n - r_n Σ_{k≤n} r_k y_k, claim C6a.")
    d.refute(product, "=", -2 * Sum(y[i] ** 2, (i, 0, N)) - P(N) ** 2, because="a bound (m/n)^1")
    d.refute(product, "=", -Sum(y[i] ** 2, (i, 0, N)), because="the rank-one part left out")


@post.claim("C5e", "All modes together: ‖(n/m)^A x‖² ≤ (m/n) ‖x‖², whatever d", kind="inequality")
def norm_bound(d: Derivation) -> None:
    """Grönwall's inequality for G(s) = ‖e^{sA}x‖², from s = 0 to ln(n/m)."""
    m, n = d.counting("m n")
    s = d.real("s")
    G, q = d.function("G"), d.function("q")
    d.assume(n >= m)
    d.assume(
        ForAll((s,), Eq(Derivative(G(s), s), -G(s) - q(s) ** 2)),
        text="G = ‖y‖² with y' = Ay, and q = r·y: claim C5d",
    )
    d.instance(G, lambda s: 3 * exp(-s))
    d.instance(q, lambda s: 0)
    S = log(n / m)
    d.state(G(S) * n / m, "<=", G(0))
    d.start(G(S) * n / m)
    d.then(
        G(0) + Integral(-(q(s) ** 2) * exp(s), (s, 0, S)),
        by=ByParts(G(s) * exp(s), s, 0, S),
        why="the integrating factor e^s, at s = ln(n/m) equal to n/m",
    )
    d.then(G(0), "<=", by="the integrand is not positive")
    d.refute(G(S) * (n / m) ** 2, "<=", G(0), because="the bound (m/n)^1 for the norm", where=[n > m])


@post.claim("C5f", "The kernel: e^{sA}B = √2 r_n e^{-s} p_n(2e^{-s} - 1)")
def kernel(d: Derivation) -> None:
    """With y = e^{-s} and K_n = y p_n(2y-1) the equation of LegS is identity (e) at 2y - 1."""
    p, s, n, k = legendre_family(d, "start", "a", "b", "Bonnet"), d.real("s"), d.natural("n"), d.index("k")
    e = exp(-s)

    def x(n: Any) -> Any:
        return sqrt(2) * r(n) * e * p(n, 2 * e - 1)

    d.state(Derivative(x(n), s), "=", legs(n, k, x))
    d.state(x(n).subs(s, 0), "=", sqrt(2) * r(n))
    d.start(Derivative(x(n), s))
    z = d.real("z")
    slope = sp.Subs(Derivative(p(n, z), z), z, 2 * e - 1)
    d.then(-sqrt(2) * r(n) * e * (p(n, 2 * e - 1) + 2 * e * slope), by="the product and the chain rule")
    d.then(
        -sqrt(2) * r(n) * e * (p(n, 2 * e - 1) + Sum((2 * k + 1) * p(k, 2 * e - 1), (k, 0, n)) - (n + 1) * p(n, 2 * e - 1)),
        by="identity (e) at 2e^{-s} - 1, where s + 1 = 2e^{-s}",
        using=[legendre_e.at(n=n, s=2 * e - 1)],
    )
    d.then(legs(n, k, x), by="r_k² = 2k+1")
    d.start(x(n).subs(s, 0))
    d.then(sqrt(2) * r(n), by="p_n(1) = 1", using=[legendre_f])
    d.refute(x(n).subs(s, 0), "=", r(n), because="B without √2")


@post.claim("C5g", "Every past step weighs 1/n: the response to a unit input at step m has c_0 ≈ √2/n")
def equal_weights(d: Derivation) -> None:
    """The first component of (1/m)(n/m)^A B."""
    m, n = d.counting("m n")
    s = log(n / m)
    response = sqrt(2) * exp(-s) * legendre(0, 2 * exp(-s) - 1) / m
    d.state(response, "=", sqrt(2) / n)
    d.start(response)
    d.then(sqrt(2) / n, by="e^{-s} = m/n: the m cancels, so all steps up to n weigh the same")
    d.refute(response, "=", sqrt(2) / m, because="no forgetting at all")
    d.refute(response, "=", sqrt(2) * exp(m - n), because="exponential forgetting")


@norm_bound.measured("kernels.hippo.hippo_matrix", against="‖(n/m)^A‖ ≤ (m/n)^{1/2}, and the ledger of d = 4 and 16")
def norms(m: Any) -> None:
    """Norms by the matrix exponential; the bound (m/n)^1 fails for d = 16 at n/m = 100 by a factor of 9.57."""
    import math

    import torch

    from derivable.kernels.hippo import hippo_matrix

    for d, figures in ((4, (2.85, 3.85, 3.985)), (16, (3.162, 9.57, 15.03))):
        A, _ = hippo_matrix("legs", d, dtype=torch.float64)
        norms = []
        for ratio, figure in zip((10.0, 100.0, 1000.0), figures, strict=True):
            norm = float(torch.linalg.matrix_norm(torch.linalg.matrix_exp(math.log(ratio) * A), 2))
            # the norm of an exponential by squaring errs by its size times ‖sA‖ · 2⁻⁵³ times a modest factor
            m.holds(norm, ratio**-0.5 + 1e-9)
            # the last digit of the figure
            m.agree(norm * ratio, figure, 0.006)
            norms.append(norm)
        m.plot([10.0, 100.0, 1000.0], norms, x_label="n/m", y_label="norm", series=f"d = {d}")
    m.plot([10.0, 100.0, 1000.0], [0.1**0.5, 0.1, 0.001**0.5], x_label="n/m", y_label="norm", series="(m/n)^{1/2}")


@kernel.measured("kernels.hippo.hippo_matrix", against="√2 r_n e^{-s} p_n(2e^{-s} - 1), d = 12")
def kernel_against_exponential(m: Any) -> None:
    """e^{sA}B by the matrix exponential."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    A, B = hippo_matrix("legs", 12, dtype=torch.float64)
    for s in (sp.Rational(1, 10), sp.Integer(1), sp.Integer(3)):
        got = torch.linalg.matrix_exp(float(s) * A) @ B
        e = exp(-s)
        want = [m.value(sqrt(2) * r(n) * e * legendre(n, 2 * e - 1)) for n in range(12)]
        # ‖e^{sA}‖ ≤ 1, ‖B‖ = 12√2; scaling and squaring of ‖sA‖ ≤ 3 · 80 takes about 8 squarings of a 12 × 12 matrix of norm 1
        m.agree(got, want, 8 * 12 * 12 * 2.0**-53 * 12 * 2**0.5 * 10)


@legs_bilinear.measured("kernels.hippo_stepping.hippo_online", against="the signal that three memories reconstruct")
def memories(m: Any) -> None:
    """LegS, LegT and the Fourier window (the closure of the post, and that of the mean) after 2 s of a signal."""
    import math

    import torch

    from derivable.kernels.hippo_stepping import hippo_online
    from derivable.kernels.legendre import legendre_reconstruct

    steps, T = 2000, 2.0
    t = torch.arange(1, steps + 1, dtype=torch.float64) * T / steps
    u = (torch.sin(2 * math.pi * t) + 0.5 * torch.cos(5 * t))[:, None]
    s = torch.linspace(-1, 1, 81, dtype=torch.float64)
    whole, window = T * (s + 1) / 2, T - 1 + (s + 1) / 2

    def signal(t: torch.Tensor) -> torch.Tensor:
        return torch.sin(2 * math.pi * t) + 0.5 * torch.cos(5 * t)

    legs_memory = legendre_reconstruct(hippo_online(u, "legs", 24)[-1, 0], s)
    legt_memory = legendre_reconstruct(hippo_online(u, "legt", 24, step=T / steps)[-1, 0], s)
    # samples at the right ends of steps of 0.001: an error of half a step times max |u'| < 9, and the ends of the series
    m.holds(float((legs_memory - signal(whole))[5:].abs().max()), 0.02)
    m.holds(float((legt_memory - signal(window))[5:].abs().max()), 0.05)
    m.plot(whole.tolist(), signal(whole).tolist(), x_label="t", y_label="u", series="signal")
    m.plot(whole.tolist(), legs_memory.tolist(), x_label="t", y_label="u", series="LegS, d = 24")
    m.plot(window.tolist(), legt_memory.tolist(), x_label="t", y_label="u", series="LegT, d = 24, window 1")
    inside, modes = (s + 1) / 2, torch.arange(-12, 13, dtype=torch.float64)
    wave = torch.exp(2j * math.pi * inside[:, None] * modes)
    for closure in ("post", "mean"):
        c = hippo_online(u, "fout", 25, step=T / steps, closure=closure)[-1, 0]
        m.plot(
            window.tolist(),
            (wave @ c).real.tolist(),
            x_label="t",
            y_label="u",
            series=f"Fourier window, closure {closure}, 25 modes",
        )


# -- C6: products and solves --------------------------------------------------------------------------------------------


@post.claim("C6a", "The LegS product: (Av)_n = n v_n - r_n Σ_{k≤n} r_k v_k")
def product_in_order_d(d: Derivation) -> None:
    """The diagonal is n - r_n²."""
    n, k, N = d.natural("n"), d.index("k"), d.natural("N")
    v = d.sequence("v")
    d.assume(n <= N)

    def A(n: Any, k: Any) -> Any:
        return Piecewise((-r(n) * r(k), k < n), (-(n + 1), Eq(k, n)), (0, True))

    # row n of Av: below, on and above the diagonal
    product = Sum(A(n, k) * v[k], (k, 0, n - 1)) + Sum(A(n, k) * v[k], (k, n, n)) + Sum(A(n, k) * v[k], (k, n + 1, N))
    result = n * v[n] - r(n) * Sum(r(k) * v[k], (k, 0, n))
    d.state(product, "=", result)
    d.start(product)
    d.then(Sum(-r(n) * r(k) * v[k], (k, 0, n - 1)) - (n + 1) * v[n], by="the matrix is lower triangular")
    d.then(result, by="-(n+1) = n - r_n²")
    d.refute(product, "=", -r(n) * Sum(r(k) * v[k], (k, 0, n)), because="n v_n dropped")
    d.refute(product, "=", (n + 1) * v[n] - r(n) * Sum(r(k) * v[k], (k, 0, n)), because="n+1")


@post.claim("C6b", "The LegS solve: S_n = [(1-λn) S_{n-1} + r_n v_n] / (1+λ(n+1))", kind="algorithm")
def solve_in_order_d(d: Derivation) -> None:
    """S_n = Σ_{k≤n} r_k z_k of the solution z; row n of (I - λA)z = v in terms of S_n and S_{n-1}."""
    n, k, lam = d.natural("n"), d.index("k"), d.real("lambda")
    z = d.sequence("z")
    pivot = 1 + lam * (n + 1)
    d.assume(Ne(pivot, 0), text="row n of I - λA has a pivot, as for every λ ≥ 0")

    def S(n: Any) -> Any:
        return Sum(r(k) * z[k], (k, 0, n))

    v = z[n] - lam * (n * z[n] - r(n) * S(n))
    d.note("v is row n of (I - λA)z, by claim C6a, so a right side v gives S and then z, from n = 0 on.")
    d.state(S(n), "=", ((1 - lam * n) * S(n - 1) + r(n) * v) / pivot)
    d.state(S(-1), "=", 0)
    d.state(z[n], "=", (S(n) - S(n - 1)) / r(n))
    d.state(z[n], "=", (v - lam * r(n) * S(n - 1)) / pivot)
    d.start(S(n))
    d.then((pivot * S(n - 1) + pivot * r(n) * z[n]) / pivot, by="the last term of the sum")
    d.then(((1 - lam * n) * S(n - 1) + r(n) * v) / pivot, by="r_n² = 2n+1")
    d.start(S(-1))
    d.then(0, by="the empty sum")
    d.start(z[n])
    d.then((S(n) - S(n - 1)) / r(n), by="the last term of the sum")
    d.start(z[n])
    d.then((v - lam * r(n) * S(n - 1)) / pivot, by="r_n² = 2n+1: the form without cancellation")
    for wrong, why in (
        ((1 - lam * n) / (1 + lam * n), "the multiplier (1-λn)/(1+λn)"),
        (1 + lam * n, "the multiplier 1+λn"),
    ):
        d.refute(S(n), "=", wrong * S(n - 1) + r(n) * v / pivot, because=why)


@post.claim("C6c", "The multiplier vanishes at n = 2(k+1) for λ = 1/(2(k+1)); steps h → ah + b compose associatively")
def associative(d: Derivation) -> None:
    """So that a scan has to compose pairs, and must not divide by running products."""
    k, n = d.counting("k"), d.natural("n")
    a1, b1, a2, b2, a3, b3, h = d.symbol("a1 b1 a2 b2 a3 b3 h")
    d.assume(Eq(n, 2 * (k + 1)))
    rate = 1 / (2 * (k + 1))

    def join(first: Any, second: Any) -> Any:
        """First one step, then the other."""
        return ImmutableMatrix([second[0] * first[0], second[0] * first[1] + second[1]])

    p, q, w = (ImmutableMatrix(pair) for pair in ((a1, b1), (a2, b2), (a3, b3)))
    d.state(1 - rate * n, "=", 0)
    d.state(join(join(p, q), w), "=", join(p, join(q, w)))
    d.state(join(p, q)[0] * h + join(p, q)[1], "=", a2 * (a1 * h + b1) + b2)
    d.start(1 - rate * n)
    d.then(0, by="n = 2(k+1)")
    d.start(join(join(p, q), w))
    d.then(join(p, join(q, w)), by="multiply out")
    d.start(join(p, q)[0] * h + join(p, q)[1])
    d.then(a2 * (a1 * h + b1) + b2, by="two steps are one")
    d.refute(join(join(p, q), w), "=", join(join(q, p), w), because="the order of the steps does not matter")


@post.claim("C6d", "The implicit step of LegS in closed form: below its diagonal a product of one factor a row")
def closed_form(d: Derivation) -> None:
    """Column k of (I - λA)⁻¹: the rows up to k + j - 1 of the product with r, by induction, then row k + j.

    The post does not need it; with it the matrix of a step costs O(d²) instead of a triangular solve.
    """
    j, k, lam, i, m = d.counting("j"), d.natural("k"), d.real("lambda"), d.index("i"), d.index("m")
    d.assume(lam >= 0)

    def pivot(n: Any) -> Any:
        return 1 + lam * (n + 1)

    def passed(j: Any) -> Any:
        return Product((1 - lam * m) / pivot(m), (m, k + 1, k + j - 1))

    def z(j: Any) -> Any:
        return -lam * r(k + j) * r(k) / (pivot(k + j) * pivot(k)) * passed(j)

    def total(j: Any) -> Any:
        return r(k) / pivot(k) + Sum(r(k + i) * z(i), (i, 1, j - 1))

    row = pivot(k + j) * z(j) + lam * r(k + j) * total(j)
    d.note(
        "Entry (k, k) is 1/(1+λ(k+1)). The second line is row k+j of (I - λA)z = e_k, with the sum S of claim C6b up to k+j-1."
    )
    d.state(total(j), "=", r(k) / pivot(k) * passed(j))
    d.state(row, "=", 0)
    above = d.have(
        total(j),
        "=",
        r(k) / pivot(k) * passed(j),
        by=Induction(j, 1),
        why="1 - λ r_n²/(1+λ(n+1)) = (1-λn)/(1+λ(n+1)) for n = k + j",
    )
    d.start(row)
    d.then(pivot(k + j) * z(j) + lam * r(k + j) * r(k) / pivot(k) * passed(j), by="the first line for the sum", using=[above])
    d.then(0, by="both terms are the same but for the sign")
    d.refute(total(j), "=", r(k) / pivot(k) * Product((1 - lam * m) / pivot(m), (m, k + 1, k + j)), because="a factor too many")
    d.refute(total(j), "=", r(k) / pivot(k) * Product((1 + lam * m) / pivot(m), (m, k + 1, k + j - 1)), because="the factor 1+λm")


@product_in_order_d.measured("kernels.hippo_products.legs_matvec", against="n v_n - r_n Σ r_k v_k for v_k = 1/(k+1)")
def product_against_kernel(m: Any) -> None:
    """Entries of a product of 40 states."""
    import torch

    from derivable.kernels.hippo_products import legs_matvec
    from derivable.numerics import rounding_bound

    size = 40
    right = m.statements[0].rhs
    v = next(iter(right.atoms(sp.IndexedBase)))
    n = next(e for e in right.free_symbols if e.name == "n")
    values = {v[k]: sp.Rational(1, k + 1) for k in range(size)}
    for dtype in (torch.float64, torch.float32):
        got = legs_matvec((1 / torch.arange(1, size + 1, dtype=torch.float64)).to(dtype))
        want = [m.value(right.subs(n, j).doit(), values) for j in range(size)]
        # Σ |r_k v_k| ≤ Σ √(2/(k+1)) ≤ 2√(2·40), times r_n ≤ 9
        m.agree(got, want, rounding_bound(dtype, size + 5, scale=9 * 2 * 80**0.5))


@solve_in_order_d.measured("kernels.hippo_products.legs_solve", against="the dense solution, d = 300, λ = 0.37 and 1/(2(k+1))")
def solve_against_dense(m: Any) -> None:
    """The residual of z - λAz = v, also where the multiplier vanishes."""
    import torch

    from derivable.kernels.hippo_products import legs_solve, reference_legs_solve
    from derivable.numerics import rounding_bound

    v = torch.randn(300, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for rate in (0.37, 1 / 2, 1 / 14, 1 / 202):
        truth = reference_legs_solve(rate, v)
        # (I - λA)⁻¹ has norm at most 1 (claim C5c), and the dense solution errs by as much as ours
        m.agree(legs_solve(rate, v), truth.tolist(), rounding_bound(torch.float64, 8 * 300, scale=float(v.abs().max())))


@closed_form.measured("kernels.legs_discretization.legs_discretize", against="the entries, d = 12, λ = 1/4, 1/3 and 5")
def closed_form_against_kernel(m: Any) -> None:
    """Backward Euler is (I - λA)⁻¹ itself; λ = 1/4 and 1/3 make a factor 0."""
    import torch

    from derivable.kernels.legs_discretization import legs_discretize
    from derivable.numerics import rounding_bound

    d = 12
    right = m.statements[0].rhs
    names = {e.name: e for e in right.free_symbols}
    for rate in (sp.Rational(1, 4), sp.Rational(1, 3), sp.Integer(5)):
        move, _ = legs_discretize(float(rate), d, "backward_euler", dtype=torch.float64)
        for k in range(d - 1):
            for j in range(1, d - k):
                # entry (k+j, k) is -λ r_{k+j}/(1+λ(k+j+1)) times the sum that the first line gives
                before = right.subs({names["j"]: j, names["k"]: k, names["lambda"]: rate}).doit()
                n = k + j
                want = m.value(-rate * sp.sqrt(2 * n + 1) / (1 + rate * (n + 1)) * before)
                # at most d factors of three rounded operations each; 1/3 itself is rounded, and d times in a factor
                m.agree(move[n, k], want, rounding_bound(torch.float64, 6 * d, condition=d))


# -- C7: the whole history in Fourier modes -----------------------------------------------------------------------------


@post.claim("C7a", "The coefficients of the whole history in Fourier modes: the exact equation")
def whole_history(d: Derivation) -> None:
    """Leibniz, then integration by parts."""
    u, T, s, n = d.function("u"), d.positive("T"), d.real("s"), d.integer("n")
    wave = exp(-2 * pi * I * n * s)
    c = Integral(u(s * T) * wave, (s, 0, 1))
    first = Integral(u(s * T) * s * wave, (s, 0, 1))
    d.state(Derivative(c, T), "=", (u(T) - c + 2 * pi * I * n * first) / T)
    d.start(Derivative(c, T))
    d.then(Integral(Derivative(u(s * T), T) * wave, (s, 0, 1)), by="differentiate under the integral")
    d.then(
        (u(T) - c + 2 * pi * I * n * first) / T,
        by=ByParts(u(s * T) * s * wave / T, s, 0, 1),
        why="∂_T u = s ∂_s u / T; e^{-2πin} = 1",
    )
    d.refute(Derivative(c, T), "=", (u(T) - c - 2 * pi * I * n * first) / T, because="sign of the frequency")
    d.refute(Derivative(c, T), "=", (u(T) + 2 * pi * I * n * first) / T, because="-c left out")


@post.claim("C7b", "The Fourier coefficients of s on [0, 1]: ½, and i/(2πk)")
def sawtooth(d: Derivation) -> None:
    """Integration by parts; at s = 1 the series gives ½."""
    s, k, N = d.real("s"), d.integer("k"), d.natural("N")
    j = d.index("j")
    d.assume(Ne(k, 0))
    d.state(Integral(s * exp(-2 * pi * I * k * s), (s, 0, 1)), "=", I / (2 * pi * k))
    d.state(Integral(s, (s, 0, 1)), "=", HALF)
    partial = HALF + Sum(I / (2 * pi * j) + I / (2 * pi * (-j)), (j, 1, N))
    d.state(partial, "=", HALF)
    d.start(Integral(s * exp(-2 * pi * I * k * s), (s, 0, 1)))
    d.then(I / (2 * pi * k), by="an antiderivative; e^{-2πik} = 1")
    d.start(Integral(s, (s, 0, 1)))
    d.then(HALF, by="an antiderivative")
    d.start(partial)
    d.then(HALF, by="at s = 1 every wave is 1: the modes k and -k cancel")
    d.refute(partial, "=", 1, because="the series of s is s at s = 1")
    d.refute(partial, "=", 0, because="the series without ½")


@post.claim("C7c", "The Fourier analogue of LegS: A_nk = -n/(n-k), A_nn = iπn - 1, B_n = 1, for a trigonometric history")
def fourier_system(d: Derivation) -> None:
    """A history with modes up to N: s times it has the coefficients that the convolution says, entry by entry."""
    s, n, k, N = d.real("s"), d.integer("n"), d.index("k"), d.natural("N")
    c = d.sequence("c")
    d.assume(n <= N, n >= -N)
    wave = exp(2 * pi * I * (k - n) * s)
    moments = Sum(c[k] * Integral(s * wave, (s, 0, 1)), (k, -N, N))
    other = [
        d.have(
            Integral(s * exp(2 * pi * I * (k - n) * s), (s, 0, 1)),
            "=",
            I / (2 * pi * (n - k)),
            by="C7b",
            where=[Ne(n, k)],
            forall=[k],
        )
    ]
    result = (I * pi * n - 1) * c[n] - Sum(c[k] * n / (n - k), (k, -N, n - 1)) - Sum(c[k] * n / (n - k), (k, n + 1, N))
    d.state(2 * pi * I * n * moments - c[n], "=", result)
    split = (
        Sum(c[k] * Integral(s * wave, (s, 0, 1)), (k, -N, n - 1))
        + c[n] / 2
        + Sum(c[k] * Integral(s * wave, (s, 0, 1)), (k, n + 1, N))
    )
    d.start(2 * pi * I * n * moments - c[n])
    d.then(2 * pi * I * n * split - c[n], by="the mode k = n has the mean ½ of s")
    d.then(result, by="i/(2π(n-k)) times 2πin is -n/(n-k)", using=other)
    d.note("u(sT) = Σ c_k e^{2πiks}; by Parseval's relation the same holds for every square integrable history, with all modes.")
    for wrong, why in (
        (result.subs(I * pi * n, 2 * I * pi * n), "A_nn = 2πin - 1"),
        (
            (I * pi * n - 1) * c[n] + Sum(c[k] * n / (n - k), (k, -N, n - 1)) + Sum(c[k] * n / (n - k), (k, n + 1, N)),
            "-n/(k-n)",
        ),
        (
            (I * pi * n - 1) * c[n] - Sum(c[k] * k / (n - k), (k, -N, n - 1)) - Sum(c[k] * k / (n - k), (k, n + 1, N)),
            "-k/(n-k)",
        ),
    ):
        d.refute(2 * pi * I * n * moments - c[n], "=", wrong, because=why, where=[Eq(N, 2)])


@post.claim("C7d", "A + A* = -(I + 11ᵀ), the shape of LegS")
def fourier_symmetric_part(d: Derivation) -> None:
    """On and off the diagonal."""
    n, k = d.integer("n k")

    def A(n: Any, k: Any) -> Any:
        return Piecewise((I * pi * n - 1, Eq(n, k)), (-n / (n - k), True))

    d.state(A(n, k) + conjugate(A(k, n)), "=", -(KroneckerDelta(n, k) + 1))
    d.start(A(n, k) + conjugate(A(k, n)))
    d.then(-(KroneckerDelta(n, k) + 1), by="(-n + k)/(n-k) = -1; the imaginary parts cancel on the diagonal")
    d.refute(A(n, k) + conjugate(A(k, n)), "=", -1, because="the identity left out")
    d.refute(A(n, k) - conjugate(A(k, n)), "=", -(KroneckerDelta(n, k) + 1), because="A - A*")


@post.claim("C7e", "A + I = iDH with D = diag(n) and H the Toeplitz matrix of the symbol 2πs")
def fourier_spectrum(d: Derivation) -> None:
    """Entries of H by C7b; H is positive definite, so every eigenvalue of A has the real part -1."""
    s = d.real("s")
    n, k = d.integer("n k")
    H = Integral(2 * pi * s * exp(-2 * pi * I * (n - k) * s), (s, 0, 1))
    d.state(I * n * H, "=", Piecewise((I * pi * n, Eq(n, k)), (-n / (n - k), True)))
    d.start(I * n * H)
    d.then(Piecewise((I * pi * n, Eq(n, k)), (-n / (n - k), True)), by="∫ 2πs e^{-2πijs} ds is π for j = 0, else i/j")
    d.note(
        "w*Hw = ∫ 2πs |Σ w_k e^{2πiks}|² ds > 0. If iDHw = μw and y = Hw, then i y*Dy = μ y*w = μ w*Hw, so that μ is imaginary "
        "and A = iDH - I has the eigenvalues μ - 1."
    )
    d.refute(
        I * n * H, "=", Piecewise((2 * I * pi * n, Eq(n, k)), (-n / (n - k), True)), because="the symbol 4πs on the diagonal"
    )


@fourier_system.measured("kernels.hippo_fourier.fous_matrix", against="the entries, and the equation for e^{0.7t} at T = 1.3")
def fourier_against_kernel(m: Any) -> None:
    """Entries and product; the residual of row n cut at K is about 0.36 n/K; the truncated system from t = 1 to 3."""
    import math

    import torch

    from derivable.kernels.hippo_fourier import fous_matrix, fous_matvec
    from derivable.numerics import rounding_bound

    def coefficients(K: int, T: float) -> torch.Tensor:
        """∫_0^1 e^{(0.7T - 2πin)s} ds."""
        exponent = torch.complex(
            torch.full((2 * K + 1,), 0.7 * T, dtype=torch.float64), -2 * math.pi * torch.arange(-K, K + 1, dtype=torch.float64)
        )
        return (math.exp(0.7 * T) - 1) / exponent

    T = 1.3
    for K in (20, 200, 2000):
        c = coefficients(K, T)
        # c' = ∫ 0.7 s e^{0.7 s T} e^{-2πins} ds = d/dT of the closed form
        exponent = (math.exp(0.7 * T) - 1) / c
        slope = 0.7 * math.exp(0.7 * T) / exponent - 0.7 * c / exponent
        residual = (T * slope - math.exp(0.7 * T) - fous_matvec(c)).abs()
        # row 0 is exact; row 1 misses Σ_{|k|>K} n c_k/(n-k), at most n (e^{0.7T} - 1)/(2π) · 2 Σ_{k≥K} 1/k² < 0.5 n/(K - 1)
        m.holds(float(residual[K]), rounding_bound(torch.complex128, 40 * (2 * K + 1), scale=4.0))
        m.holds(float(residual[K + 1]), 0.5 / (K - 1))
        m.holds(0.3 / K, float(residual[K + 1]))
    numbers, errors = [5, 10, 20, 40], []
    for N in numbers:
        A, B = fous_matrix(N, dtype=torch.complex128)
        x, steps = coefficients(N, 1.0), 4000
        move = torch.linalg.matrix_exp(math.log(3) / steps * A)
        rest = torch.linalg.solve(A, (move - torch.eye(len(A))) @ B)
        # e^{0.7t} in τ = ln t, taken at the middle of each step
        for k in range(steps):
            x = move @ x + rest * math.exp(0.7 * math.exp(math.log(3) * (k + 0.5) / steps))
        truth = coefficients(N, 3.0)
        errors.append(float((x - truth).norm() / truth.norm()))
    m.plot(numbers, errors, x_label="N", y_label="relative error at t = 3", series="Fourier analogue, truncated at N")
    m.holds(errors[-1], 0.11)
    m.holds(0.09, errors[-1])
