"""The LegS matrix is, up to a unitary change of basis, diagonal minus rank one: S4's kernel by one Cauchy sum and one FFT.

Notation, the post's own: x' = Ax + Bu, y = C*x; A is LegS, r_n = √(2n+1), v = (r_n), B = v in the paper; ε is the step,
Ā = (I - εA/2)⁻¹(I + εA/2) and B̄ = ε(I - εA/2)⁻¹B the bilinear step, K_k = C*Āᵏ B̄ the kernel, L its length,
G(z) = Σ K_k z^k, and G_L the sum over k < L. h stands for ε/2.

Matrices of every size N are families A(i, j) with i, j from 1 to N. Their powers enter as rows or columns that obey a recursion,
R(k+1) = R(k) A, so that nothing is said of N or k. A row c is C*, the conjugates already taken.
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
    Sum,
    binomial,
    conjugate,
    cos,
    exp,
    gamma,
    legendre,
    log,
    pi,
    sin,
    sqrt,
    tan,
)

from derivable import ByParts, ChangeOfVariable, ForAll, Induction, Post, Theorem
from derivable.derivation import Derivation
from derivable.derivations.ssm.hippo import legendre_family, legendre_norm, legendre_orthogonal, r
from derivable.derivations.ssm.hippo_discretization import forward_euler_decays, inverse
from derivable.derivations.ssm.hippo_discretization import kernel as legs_kernel

post = Post(
    "s4",
    "重温SSM（三）：HiPPO的高效计算（S4）",
    "Revisiting SSM (3): computing HiPPO efficiently (S4)",
    date="2024-06-20",
    archive=10162,
    papers=(("Efficiently Modeling Long Sequences with Structured State Spaces", "arXiv:2111.00396"),),
)

HALF = sp.Rational(1, 2)


def system(d: Derivation) -> SimpleNamespace:
    """A system of N states: A, B, c = C*, and indices."""
    N = d.counting("N")
    i, j, k, m = d.index("i"), d.index("j"), d.index("k"), d.index("m")
    A = d.function("A")
    B, c = d.sequence("B c")
    return SimpleNamespace(N=N, i=i, j=j, k=k, m=m, A=A, B=B, c=c, row=(i >= 1, i <= N), column=(j >= 1, j <= N))


def total(term: Any, index: Any, N: Any) -> Any:
    """The sum over the states."""
    return Sum(term, (index, 1, N))


def plane(d: Derivation) -> SimpleNamespace:
    """A system of two states, all entries complex symbols."""
    a11, a12, a21, a22, b1, b2, c1, c2 = d.symbol("a11 a12 a21 a22 b1 b2 c1 c2")
    return SimpleNamespace(
        A=ImmutableMatrix([[a11, a12], [a21, a22]]),
        B=ImmutableMatrix([b1, b2]),
        C=ImmutableMatrix([c1, c2]),
        one=ImmutableMatrix(sp.eye(2)),
        eps=d.positive("epsilon"),
    )


def adjoint(M: Any) -> Any:
    """The conjugate transpose, entry by entry."""
    return M.T.applyfunc(conjugate)


# -- C1: another basis of the states ------------------------------------------------------------------------------------


def through(s: SimpleNamespace, rho: Any, P: Any, x: Any, k: Any) -> Any:
    """ρ(k) P x(k), a row times a matrix times a column."""
    return total(rho(k, s.i) * total(P(s.i, s.j) * x(k, s.j), s.j, s.N), s.i, s.N)


@post.claim("C1a", "A telescoping sum of products row times matrix times column")
def telescope(d: Derivation) -> None:
    """Induction on the number of terms."""
    s, n = system(d), d.natural("n")
    rho, P, x = d.function("rho P x")
    ends = through(s, rho, P, x, 0) - through(s, rho, P, x, n)
    terms = Sum(through(s, rho, P, x, s.k) - through(s, rho, P, x, s.k + 1), (s.k, 0, n - 1))
    d.state(terms, "=", ends)
    d.start(terms)
    d.then(ends, by=Induction(n, 0))
    d.refute(terms, "=", -ends, because="sign")


@post.claim("C1b", "Similar systems have one kernel: every number of states, every k")
def similar_kernel(d: Derivation) -> None:
    """P is moved through the product C̃*Ãⁿ P B one factor at a time."""
    s = system(d)
    N, i, j, k, m, A, B, c = s.N, s.i, s.j, s.k, s.m, s.A, s.B, s.c
    n = d.natural("n")
    At, P, rho, x = d.function("Atilde P rho x")
    inside = (*s.row, *s.column)
    d.assume(
        ForAll((i, j), Eq(total(At(i, m) * P(m, j), m, N), total(P(i, m) * A(m, j), m, N)), inside),
        text="ÃP = PA, that is A = P⁻¹ÃP",
    )
    d.assume(
        ForAll((k, j), Eq(total(rho(k + 1, i) * At(i, j), i, N), rho(k, j)), (k >= 0, k < n, *s.column)),
        text="ρ(k) = C̃*Ãⁿ⁻ᵏ for k ≤ n",
    )
    d.assume(ForAll((k, i), Eq(total(A(i, j) * x(k, j), j, N), x(k + 1, i)), (k >= 0, *s.row)), text="x(k) = AᵏB")
    d.assume(ForAll((j,), Eq(total(rho(n, i) * P(i, j), i, N), c[j]), s.column), text="C̃* = C*P⁻¹")
    d.assume(ForAll((i,), Eq(x(0, i), B[i]), s.row))
    d.instance(A, lambda i, j: 2 * KroneckerDelta(i, j))
    d.instance(At, lambda i, j: 2 * KroneckerDelta(i, j))
    d.instance(P, lambda i, j: (i + 1) * KroneckerDelta(i, j))
    d.instance(rho, lambda k, j: 2 ** (n - k) * c[j] / (j + 1))
    d.instance(x, lambda k, i: 2**k * B[i])

    def moved(k: Any) -> Any:
        """C̃*Ãⁿ⁻ᵏ P AᵏB."""
        return through(s, rho, P, x, k)

    original = total(c[j] * x(n, j), j, N)
    d.state(moved(0), "=", original)
    left = d.have(
        total(At(i, m) * total(P(m, j) * x(k, j), j, N), m, N),
        "=",
        total(total(At(i, m) * P(m, j), m, N) * x(k, j), j, N),
        by="sum over m first",
        where=[k >= 0, *s.row],
        forall=[i, k],
    )
    right = d.have(
        total(total(P(i, m) * A(m, j), m, N) * x(k, j), j, N),
        "=",
        total(P(i, m) * x(k + 1, m), m, N),
        by="sum over j first",
        where=[k >= 0, *s.row],
        forall=[i, k],
    )
    nested = d.have(
        moved(k),
        "=",
        total(rho(k + 1, i) * total(At(i, m) * total(P(m, j) * x(k, j), j, N), m, N), i, N),
        by="ρ(k) = ρ(k+1)Ã, in another order of summation",
        where=[k >= 0, k < n],
        forall=[k],
    )
    step = d.have(moved(k), "=", moved(k + 1), by="ÃP = PA", using=[nested, left, right], where=[k >= 0, k < n], forall=[k])
    d.start(moved(0))
    d.then(moved(n) + Sum(moved(k) - moved(k + 1), (k, 0, n - 1)), by="a telescoping sum", using=[telescope])
    d.then(moved(n), by="its terms vanish", using=[step])
    d.then(original, by="C̃*P = C*, in another order of summation")
    d.refute(moved(0), "=", 2 * original, because="a factor", where=[Eq(N, 2)])


@post.claim("C1c", "Similar systems have one kernel: two states, a triangular P, the adjoints written out, k ≤ 2")
def similar_plane(d: Derivation) -> None:
    """C̃ = (P⁻¹)*C."""
    s = plane(d)
    p1, p2 = d.symbol("p1 p2")
    P = ImmutableMatrix([[1, p1], [0, p2]])
    d.assume(Ne(p2, 0), text="P is invertible")
    At, Bt, Ct = P * s.A * inverse(P), P * s.B, adjoint(inverse(P)) * s.C

    def response(C: Any, A: Any, B: Any, k: int) -> Any:
        return (adjoint(C) * A**k * B)[0]

    for k in range(3):
        d.state(response(Ct, At, Bt, k), "=", response(s.C, s.A, s.B, k))
    for k in range(3):
        d.start(response(Ct, At, Bt, k))
        d.then((adjoint(s.C) * inverse(P) * P * s.A**k * inverse(P) * P * s.B)[0], by="P⁻¹ÃᵏP = Aᵏ, (P⁻¹*C)* = C*P⁻¹")
        d.then(response(s.C, s.A, s.B, k), by="P⁻¹P = I")
    d.refute(response(P * s.C, At, Bt, 1), "=", response(s.C, s.A, s.B, 1), because="C̃ = PC")
    diagonal = ImmutableMatrix([[2, 0], [0, 1]])
    moved = diagonal * s.A * inverse(diagonal)
    d.refute(
        response(adjoint(diagonal) * s.C, moved, diagonal * s.B, 1),
        "=",
        response(s.C, s.A, s.B, 1),
        because="C̃ = P*C for P = diag(2, 1), which is not unitary",
    )


@post.claim("C1d", "Powers and bilinear steps of a similar matrix are similar: every number of states, every k")
def similar_step(d: Derivation) -> None:
    """Words in letters that do not commute; the powers by induction, of which the second line is the step."""
    A, P = d.symbol("A P", commutative=False)
    h, k = d.positive("h"), d.natural("k")
    At, inv = P * A * P**-1, P**-1

    def move(A: Any) -> Any:
        """(I - hA)⁻¹(I + hA)."""
        return (1 - h * A) ** -1 * (1 + h * A)

    d.state(move(At), "=", P * move(A) * inv)
    d.state(At * (P * A**k * inv), "=", P * A ** (k + 1) * inv)
    d.state((1 - h * At) ** -1 * P, "=", P * (1 - h * A) ** -1)
    d.start(move(At))
    d.then(P * (1 - h * A) ** -1 * inv * P * (1 + h * A) * inv, by="I ∓ hÃ = P(I ∓ hA)P⁻¹")
    d.then(P * move(A) * inv, by="P⁻¹P = I")
    d.start(At * (P * A**k * inv))
    d.then(P * A ** (k + 1) * inv, by="P⁻¹P = I: with Ã⁰ = PA⁰P⁻¹ it follows that Ãᵏ = PAᵏP⁻¹")
    d.start((1 - h * At) ** -1 * P)
    d.then(P * (1 - h * A) ** -1, by="push-through: B̄ follows P as B does")
    d.note("Hence the discretised systems are similar by the same P, and C1b holds for their kernels.")
    d.refute(move(At), "=", move(A), because="the step does not see the basis")
    d.refute(move(At), "=", inv * move(A) * P, because="P and P⁻¹ exchanged")


# -- C2: what the time-invariant LegS forgets ---------------------------------------------------------------------------


@post.claim("C2a", "In the time τ = ln t a uniform weight over [0, T] is the density e^τ/T")
def logarithmic_time(d: Derivation) -> None:
    """The substitution t = e^τ."""
    T, a = d.positive("T a")
    t, tau = d.real("t tau")
    u = d.function("u")
    uniform = Integral(u(t) / T, (t, a, T))
    weighted = Integral(u(exp(tau)) * exp(tau) / T, (tau, log(a), log(T)))
    mass = Integral(exp(tau) / T, (tau, -sp.oo, log(T)))
    d.state(uniform, "=", weighted)
    d.state(mass, "=", 1)
    d.start(uniform)
    d.then(weighted, by=ChangeOfVariable(u(t) / T, t, exp(tau), tau, log(a), log(T)))
    d.start(mass)
    d.then(1, by="an antiderivative; e^τ tends to 0 at -∞")
    d.note("The window [a, T] has any a > 0; a → 0 is τ → -∞.")
    d.refute(
        uniform, "=", Integral(u(exp(tau)) * exp(-tau) / T, (tau, log(a), log(T))), because="ρ = e^{-τ}/T", where=[2 * a < T]
    )
    d.refute(
        uniform, "=", Integral(u(exp(tau)) / T, (tau, log(a), log(T))), because="equal weights in the time τ", where=[2 * a < T]
    )


@post.claim("C2b", "The response of the time-invariant LegS with B = v: e^{sA}v = r_n e^{-s} p_n(2e^{-s} - 1)")
def invariant_kernel(d: Derivation) -> None:
    """Claim hippo_discretization/C5f divided by √2."""
    p = legendre_family(d, "start", "a", "b", "Bonnet")
    s, n, k = d.real("s"), d.natural("n"), d.index("k")

    def x(n: Any) -> Any:
        return r(n) * exp(-s) * p(n, 2 * exp(-s) - 1)

    product = n * x(n) - Sum(r(n) * r(k) * x(k), (k, 0, n))
    d.state(Derivative(x(n), s), "=", product)
    d.state(x(n).subs(s, 0), "=", r(n))
    rate = d.have(
        Derivative(sqrt(2) * x(n), s),
        "=",
        n * sqrt(2) * x(n) - Sum(r(n) * r(k) * sqrt(2) * x(k), (k, 0, n)),
        by="claim hippo_discretization/C5f",
        using=[legs_kernel],
    )
    start = d.have(sqrt(2) * x(n).subs(s, 0), "=", sqrt(2) * r(n), by="claim hippo_discretization/C5f", using=[legs_kernel])
    d.start(Derivative(x(n), s))
    d.then(Derivative(sqrt(2) * x(n), s) / sqrt(2), by="linearity")
    d.then(product, by="linearity", using=[rate])
    d.start(x(n).subs(s, 0))
    d.then(r(n), by="divide by √2", using=[start])
    d.note("So x_n(t) = ∫ u(t-s) e^{-s} r_n p_n(2e^{-s} - 1) ds over s from 0 to ∞: variation of constants.")
    d.refute(x(n).subs(s, 0), "=", sqrt(2) * r(n), because="B = √2 v", where=[n <= 3])


def shifted(n: Any, s: Any) -> Any:
    """r_n p_n(2e^{-s} - 1)."""
    return r(n) * legendre(n, 2 * exp(-s) - 1)


def flat(n: Any, m: Any, y: Any) -> Any:
    """½ r_n r_m p_n p_m."""
    return r(n) * legendre(n, y) * r(m) * legendre(m, y) / 2


@post.claim("C2c", "With y = 2e^{-s} - 1 the measure e^{-s} ds of the past is dy/2: products of r_n p_n(2e^{-s} - 1) over [0, S]")
def exponential_measure(d: Derivation) -> None:
    """A substitution."""
    s, y = d.real("s y")
    S = d.positive("S")
    n, m = d.natural("n m")
    finite = Integral(exp(-s) * shifted(n, s) * shifted(m, s), (s, 0, S))
    moved = Integral(flat(n, m, y), (y, 2 * exp(-S) - 1, 1))
    d.state(finite, "=", moved)
    d.start(finite)
    d.then(
        -Integral(flat(n, m, y), (y, 1, 2 * exp(-S) - 1)),
        by=ChangeOfVariable(-flat(n, m, y), y, 2 * exp(-s) - 1, s, 0, S),
    )
    d.then(moved, by="reversed limits")
    d.refute(finite, "=", 2 * moved, because="dy = 2e^{-s} ds forgotten", where=[n <= 2, m <= 2])
    d.refute(
        Integral(shifted(n, s) * shifted(m, s), (s, 0, S)),
        "=",
        moved,
        because="equal weights of all history",
        where=[n <= 2, m <= 2],
    )


@post.claim("C2h", "For the whole past, S = ∞, that is orthonormality: the weight of the time-invariant LegS is e^{-s}, not 1")
def exponential_orthonormal(d: Derivation) -> None:
    """The claims hippo/C6g and C6h on [-1, 1]; n ≥ 1 in the norm (for n = 0 it is ∫ e^{-s} ds = 1)."""
    s, y = d.real("s y")
    n, m = d.index("n m")
    d.assume(n >= 1, m >= 0, Ne(n, m))
    past = Integral(exp(-s) * shifted(n, s) * shifted(m, s), (s, 0, sp.oo))
    square = Integral(exp(-s) * shifted(n, s) ** 2, (s, 0, sp.oo))
    whole, norm = Integral(flat(n, m, y), (y, -1, 1)), Integral(flat(n, n, y), (y, -1, 1))
    d.have(past, "=", whole, by=ChangeOfVariable(-flat(n, m, y), y, 2 * exp(-s) - 1, s, 0, sp.oo), why="C2c for S = ∞")
    d.have(square, "=", norm, by=ChangeOfVariable(-flat(n, n, y), y, 2 * exp(-s) - 1, s, 0, sp.oo), why="C2c for S = ∞")
    d.state(whole, "=", 0)
    d.state(norm, "=", 1)
    d.start(whole)
    d.then(0, by="claim hippo/C6g", using=[legendre_orthogonal.at(n=n, m=m)])
    d.start(norm)
    d.then(1, by="claim hippo/C6h", using=[legendre_norm.at(n=n, j=1)])
    d.refute(norm, "=", HALF, because="dy = -e^{-s} ds", where=[Eq(n, 1)])
    d.refute(Integral(y * flat(n, m, y), (y, -1, 1)), "=", 0, because="another weight of the past", where=[Eq(n, 2), Eq(m, 1)])


@post.claim(
    "C2d", "The time-invariant LegS forgets at least like e^{-s/2}: ‖e^{sA}x‖² ≤ e^{-s}‖x‖², whatever d", kind="inequality"
)
def exponential_decay(d: Derivation) -> None:
    """Grönwall's inequality for the energy."""
    s, S = d.real("s"), d.positive("S")
    G, q = d.function("G q")
    d.assume(
        ForAll((s,), Eq(Derivative(G(s), s), -G(s) - q(s) ** 2)),
        text="G = ‖x‖² with x' = Ax, and q = v·x: claim hippo_discretization/C5d",
    )
    d.instance(G, lambda s: 3 * exp(-s))
    d.instance(q, lambda s: 0)
    d.state(G(S) * exp(S), "<=", G(0))
    d.start(G(S) * exp(S))
    d.then(
        G(0) + Integral(-(q(s) ** 2) * exp(s), (s, 0, S)), by=ByParts(G(s) * exp(s), s, 0, S), why="the integrating factor e^s"
    )
    d.then(G(0), "<=", by="the integrand is not positive")
    d.refute(G(S) * exp(2 * S), "<=", G(0), because="‖e^{sA}‖ ≤ e^{-s}")


@post.claim("C2e", "A bilinear step of LegS contracts: ‖y‖² = ‖x‖² - h(‖x+y‖² + (v·(x+y))²), h = ε/2, for every ε and d")
def contraction(d: Derivation) -> None:
    """y - x = hA(x + y), times x + y; states 0, …, N."""
    N, i, k, j = d.natural("N"), d.index("i"), d.index("k"), d.index("j")
    h = d.positive("h")
    w = d.sequence("w")
    P = d.function("P")
    d.assume(Eq(P(0), w[0]), text="P_i = Σ_{k≤i} r_k w_k: the first partial sum")
    d.assume(
        ForAll((j,), Eq(P(j + 1), P(j) + r(j + 1) * w[j + 1]), (j >= 0,)), text="P_i = Σ_{k≤i} r_k w_k: the next partial sum"
    )
    d.instance(P, lambda i: Sum(r(k) * w[k], (k, 0, i)))
    # x and y in terms of w = x + y: y - x = hAw
    Aw = i * w[i] - r(i) * P(i)
    new, old = (w[i] + h * Aw) / 2, (w[i] - h * Aw) / 2
    gain = Sum(new**2, (i, 0, N)) - Sum(old**2, (i, 0, N))
    loss = -h / 2 * (Sum(w[i] ** 2, (i, 0, N)) + P(N) ** 2)
    d.state(gain, "=", loss)
    power = d.have(
        2 * Sum(w[i] * Aw, (i, 0, N)),
        "=",
        -Sum(w[i] ** 2, (i, 0, N)) - P(N) ** 2,
        by=Induction(N, 0),
        why="claim hippo_discretization/C5d for w",
    )
    d.start(gain)
    d.then(Sum(h * w[i] * Aw, (i, 0, N)), by="((a+b)² - (a-b)²)/4 = ab")
    d.then(loss, by="the energy of w", using=[power])
    d.note(
        "w = x + y with y = Āx: x = (w - hAw)/2 and y = (w + hAw)/2 solve (I - hA)y = (I + hA)x, and w = 2(I - hA)⁻¹x ≠ 0 for "
        "x ≠ 0. So ‖Ā‖₂ < 1 for every ε > 0, and the series of the generating function converges for |z| ≤ 1."
    )
    d.refute(gain, "=", -loss, because="sign")
    d.refute(gain, "=", 0, because="Ā unitary, as for a skew matrix")


@post.claim("C2f", "Forward Euler with the spectrum -1, …, -d decays if ε < 2/d", kind="inequality")
def forward_euler(d: Derivation) -> None:
    """Claim hippo_discretization/C1g; for larger steps the last mode grows (C1h)."""
    size, m = d.counting("d m")
    eps = d.positive("epsilon")
    d.assume(m <= size)
    d.assume(eps * size < 2, text="the step is small: the condition that the post leaves unsaid")
    d.state(Abs(1 - eps * m), "<", 1)
    d.start(Abs(1 - eps * m))
    d.then(1, "<", by="claim hippo_discretization/C1g", using=[forward_euler_decays])
    any_step = d.positive("e")
    d.erratum(
        Abs(1 - any_step * m),
        "<",
        1,
        section="指数衰减",
        explanation="The post argues that I + εΛ has entries below 1 and therefore decays. Below 1 in modulus they are for ε < "
        "2/d only: for "
        "d = 64 and ε = 0.05 the spectral radius is 2.2. The bilinear step decays for every ε (claim C2e), and the post's "
        "conclusion stands.",
        kind="loose",
    )
    d.refute(Abs(1 - sp.Rational(64, 20)), "<", 1, because="d = 64 and ε = 0.05: 2.2")


@post.claim("C2g", "Forward Euler in the diagonal basis: P x(t+ε) = (I + εΛ)P x(t) + εPBu(t)")
def euler_in_the_diagonal_basis(d: Derivation) -> None:
    """PA = ΛP, with P on both sides; two states."""
    s = plane(d)
    lam1, lam2, x1, x2, u, p1, p2 = d.symbol("lambda1 lambda2 x1 x2 u p1 p2")
    P, Lam, x = ImmutableMatrix([[1, p1], [0, p2]]), ImmutableMatrix([[lam1, 0], [0, lam2]]), ImmutableMatrix([x1, x2])
    d.assume(Ne(p2, 0))
    A = inverse(P) * Lam * P
    new = x + s.eps * (A * x + s.B * u)
    d.state(P * new, "=", (s.one + s.eps * Lam) * (P * x) + s.eps * P * s.B * u)
    d.start(P * new)
    d.then((s.one + s.eps * Lam) * (P * x) + s.eps * P * s.B * u, by="PA = ΛP")
    d.erratum(
        new,
        "=",
        (s.one + s.eps * Lam) * (P * x) + s.eps * P * s.B * u,
        section="指数衰减",
        explanation="The displayed recursion has the new state in the old variables and the old state in the new ones: P "
        "belongs on both sides "
        "or on none. A slip of notation.",
        kind="loose",
    )


@invariant_kernel.measured("kernels.hippo.hippo_matrix", against="r_n e^{-s} p_n(2e^{-s} - 1), d = 8, by the matrix exponential")
def kernel_against_exponential(m: Any) -> None:
    """e^{sA}v entry by entry."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    A, B = hippo_matrix("legs", 8, scaling="paper", dtype=torch.float64)
    for s in (sp.Rational(1, 10), sp.Integer(1), sp.Integer(3)):
        got = torch.linalg.matrix_exp(float(s) * A) @ B
        want = [m.value(r(n) * exp(-s) * legendre(n, 2 * exp(-s) - 1)) for n in range(8)]
        # ‖e^{sA}‖ ≤ 1, ‖B‖ = 8; about 8 squarings of 8 × 8 matrices of norm 1
        m.agree(got, want, 8 * 8 * 8 * 2.0**-53 * 8 * 10)


@exponential_decay.measured(
    "kernels.hippo.hippo_matrix", against="‖e^{sA}‖ ≤ e^{-s/2} for d = 4, 16, 64; e^{-s} fails by 1.65 at d = 16, s = 1"
)
def norms(m: Any) -> None:
    """Norms by the matrix exponential."""
    import math

    import torch

    from derivable.kernels.hippo import hippo_matrix

    times = [0.25 * k for k in range(1, 17)]
    curves: dict[str, list[float]] = {}
    for size in (4, 16, 64):
        A, _ = hippo_matrix("legs", size, dtype=torch.float64)
        row = [float(torch.linalg.matrix_norm(torch.linalg.matrix_exp(s * A), 2)) for s in times]
        # scaling and squaring of a matrix of norm s d²/2 takes up to 13 squarings, each of d roundings
        m.holds(row, [math.exp(-s / 2) for s in times], 13 * size * size * 2.0**-53 * 4)
        curves[f"d = {size}"] = row
    # the last digit of the figure
    m.agree(curves["d = 16"][3] * math.e, 1.65, 0.006)
    for series, row in (
        *curves.items(),
        ("e^{-s/2}", [math.exp(-s / 2) for s in times]),
        ("e^{-s}", [math.exp(-s) for s in times]),
    ):
        m.plot(times, row, x_label="s", y_label="norm of e^{sA}", series=series)


@contraction.measured(
    "kernels.discretization.discretize", against="‖Ā‖₂ < 1 for d = 4, 16, 64 and ε from 1e-4 to 10; forward Euler grows"
)
def norms_of_steps(m: Any) -> None:
    """Spectral norms, and the spectral radii at d = 64, ε = 0.05: 2.2 forward, 0.951 bilinear."""
    import torch

    from derivable.kernels.discretization import discretize
    from derivable.kernels.hippo import hippo_matrix

    for size in (4, 16, 64):
        A, B = hippo_matrix("legs", size, dtype=torch.float64)
        for eps in (1e-4, 1e-2, 1.0, 10.0):
            move, _ = discretize(A, B, eps, "bilinear")
            m.holds(float(torch.linalg.matrix_norm(move, 2)), 1.0 - 1e-9)
    radii = [float(torch.diagonal(discretize(A, B, 0.05, kind)[0]).abs().max()) for kind in ("forward_euler", "bilinear")]
    # the last digits of the ledger's figures: |1 - 0.05·64| and 0.975/1.025
    m.agree(radii, [2.2, 0.951], 6e-4)


# -- C3: the output is a causal convolution -----------------------------------------------------------------------------


@post.claim("C3a", "The output of L steps: y_L = Σ_{k<L} K_k u_{L-1-k}, every number of states, every L")
def causal_convolution(d: Derivation) -> None:
    """Unroll from the last step: m steps back, C*Āᵐx_{L-m} is left."""
    s = system(d)
    N, i, j, k, m, A, B, c = s.N, s.i, s.j, s.k, s.m, s.A, s.B, s.c
    L = d.natural("L")
    R, x = d.function("R x")
    u = d.sequence("u")
    d.assume(
        ForAll((k, j), Eq(total(R(k, i) * A(i, j), i, N), R(k + 1, j)), (k >= 0, *s.column)), text="R(k) = C*Āᵏ; A stands for Ā"
    )
    d.assume(ForAll((j,), Eq(R(0, j), c[j]), s.column))
    d.assume(
        ForAll((k, i), Eq(total(A(i, j) * x(k + 1, j), j, N), x(k, i) - B[i] * u[k]), (k >= 0, *s.row)),
        text="x(k) is the state k steps before the end, u_k the input of the step from x(k+1) to it; B stands for B̄",
    )
    d.instance(A, lambda i, j: KroneckerDelta(i, j) / 2)
    d.instance(R, lambda k, j: c[j] / 2**k)
    d.instance(x, lambda k, i: 2**k * (i - B[i] * Sum(u[j] * 2 ** (-j), (j, 0, k - 1))))

    def K(k: Any) -> Any:
        return total(R(k, i) * B[i], i, N)

    def rest(m: Any) -> Any:
        return total(R(m, i) * x(m, i), i, N)

    unrolled = Sum(K(k) * u[k], (k, 0, L - 1)) + rest(L)
    output = total(c[i] * x(0, i), i, N)
    d.state(unrolled, "=", output)
    nested = d.have(
        total(total(R(m, i) * A(i, j), i, N) * x(m + 1, j), j, N),
        "=",
        rest(m) - K(m) * u[m],
        by="sum over j first: one step of the recursion",
        where=[m >= 0],
    )
    step = d.have(rest(m + 1), "=", rest(m) - K(m) * u[m], by="R(m+1) = R(m)A", using=[nested], where=[m >= 0], forall=[m])
    d.start(unrolled)
    d.then(rest(0), by=Induction(L, 0), using=[step], why="C*Āᵐx(m) = C*Āᵐ(Āx(m+1) + B̄u_m)")
    d.then(output, by="R(0) = C*")
    d.note(
        "u_k here is the post's u_{L-1-k}, and rest(L) = C*Āᴸx_0 vanishes with x_0 = 0. The post writes y_L = Σ K_k u_{L-k}, "
        "which asks "
        "for u_L; its expansions of y_1, y_2, y_3 in u_0, u_1, u_2 are right, but for the index of the state in y_2, y_3 and "
        "two bars on B."
    )
    shifted = Sum(K(k) * u[k - 1], (k, 0, L - 1)) + rest(L)
    d.erratum(
        shifted,
        "=",
        output,
        section="卷积运算",
        explanation="The index u_{L-k} of the displayed sum is one too large: K_0 meets the input of the step before, and for "
        "k = 0 there is no "
        "input u_L yet. The post's own expansions of y_1, y_2, y_3 have the right one.",
        kind="wrong",
    )
    d.refute(Sum(K(k) * u[k], (k, 0, L)) + rest(L), "=", output, because="K_L included")


# -- C4: generating functions and discrete Fourier transforms -----------------------------------------------------------


def wave(x: Any) -> Any:
    """e^{2πix}."""
    return exp(2 * pi * I * x)


@post.claim("C4a", "The product of generating functions is that of the convolution, power by power")
def cauchy_product(d: Derivation) -> None:
    """The triangle i + j ≤ M, summed along its diagonals: all powers up to M, for every M."""
    M, q = d.natural("M q")
    i, j, n = d.index("i"), d.index("j"), d.index("n")
    a, b = d.sequence("a b")
    z = d.symbol("z")
    d.assume(Ne(z, 0))
    inner = Sum(b[j] * z**j, (j, 0, q))
    shifted = Sum(b[n - i] * z ** (n - i), (n, i, i + q))
    product = Sum(a[i] * z**i * Sum(b[n - i] * z ** (n - i), (n, i, M)), (i, 0, M))
    convolution = Sum(z**n * Sum(a[i] * b[n - i], (i, 0, n)), (n, 0, M))
    d.state(inner, "=", shifted)
    d.state(product, "=", convolution)
    d.start(inner)
    d.then(shifted, by=Induction(q, 0), why="n = i + j; q = M - i gives the inner sum of the product")
    d.start(product)
    d.then(convolution, by="sum over i first")
    d.note(
        "As M → ∞ this is G(z|a) G(z|b) = G(z|a∗b) for formal power series, and inside the smaller circle of convergence, where "
        "both series converge absolutely."
    )
    d.refute(
        product, "=", Sum(z**n * Sum(a[i] * b[n - i], (i, 1, n)), (n, 0, M)), because="the convolution without its first term"
    )


@post.claim("C4b", "The L-th roots of unity are orthogonal: Σ_l e^{2πilj/L} = 0 for 0 < j < L")
def roots_of_unity(d: Derivation) -> None:
    """A geometric sum whose ends agree."""
    L, l, j = d.counting("L"), d.index("l"), d.integer("j")
    d.assume(j >= 1, j <= L - 1)
    geometric = Sum(wave(l * j / L), (l, 0, L - 1))
    d.state(geometric, "=", 0)
    d.start(geometric)
    d.then((1 - wave(j)) / (1 - wave(j / L)), by="a geometric sum; its ratio is 1 for multiples j of L only")
    d.then(0, by="e^{2πij} = 1")
    d.refute(geometric, "=", 1, because="the term l = 0 left over")
    d.refute(Sum(wave(l * j / L), (l, 0, L)), "=", 0, because="one term too many")


@post.claim("C4c", "The inverse transform: a_k = (1/L) Σ_l â_l e^{2πikl/L}, â_l being the generating function at e^{-2πil/L}")
def inverse_transform(d: Derivation) -> None:
    """The sum over l first: only m = k is left."""
    L, l, m, k = d.counting("L"), d.index("l"), d.index("m"), d.integer("k")
    a = d.sequence("a")
    d.assume(k >= 0, k <= L - 1)

    def at(l: Any) -> Any:
        """The transform of a at the root e^{-2πil/L}: powers a_m z^m."""
        return Sum(a[m] * wave(-l * m / L), (m, 0, L - 1))

    waves = Sum(wave(l * (k - m) / L), (l, 0, L - 1))
    inverted = Sum(at(l) * wave(k * l / L), (l, 0, L - 1))
    d.state(inverted / L, "=", a[k])
    before = d.have(waves, "=", 0, by="C4b", using=[roots_of_unity.at(j=k - m)], where=[m >= 0, m < k], forall=[m])
    after = d.have(waves, "=", 0, by="C4b, conjugated", where=[m > k, m <= L - 1], forall=[m])
    d.start(inverted / L)
    d.then(Sum(a[m] * waves, (m, 0, L - 1)) / L, by="sum over l first")
    d.then(Sum(a[m] * waves, (m, 0, k - 1)) / L + a[k] + Sum(a[m] * waves, (m, k + 1, L - 1)) / L, by="the wave of m = k is 1")
    d.then(a[k], by="the other waves sum to 0", using=[before, after])
    d.refute(inverted, "=", a[k], because="1/L forgotten", where=[L >= 2])
    d.refute(
        Sum(at(l) * wave(-k * l / L), (l, 0, L - 1)) / L, "=", a[k], because="sign of the exponent", where=[Eq(L, 3), Eq(k, 1)]
    )


@post.claim(
    "C4d", "At L-th roots of unity longer sequences fold: power m + jL is power m, so that products give circular convolutions"
)
def folding(d: Derivation) -> None:
    """z^{jL} = 1."""
    L, J, l, m, j = d.counting("L"), d.natural("J"), d.integer("l"), d.index("m"), d.index("j")
    a = d.function("a")
    z = wave(-l / L)
    long = Sum(Sum(a(m + j * L) * z ** (m + j * L), (m, 0, L - 1)), (j, 0, J))
    folded = Sum(Sum(a(m + j * L), (j, 0, J)) * z**m, (m, 0, L - 1))
    d.state(long, "=", folded)
    d.start(long)
    d.then(Sum(Sum(a(m + j * L) * z**m, (m, 0, L - 1)), (j, 0, J)), by="z^{jL} = e^{-2πilj} = 1")
    d.then(folded, by="sum over j first")
    d.note(
        "With C4c the inverse transform of a product of transforms is Σ_j (a∗b)_{m+jL}. Two sequences of length L padded to 2L "
        "- 1 or "
        "more have a convolution that ends before the first fold."
    )
    d.refute(
        long,
        "=",
        Sum(a(m) * z**m, (m, 0, L - 1)),
        because="linear = circular convolution: for a = b = (1, 1) and L = 2 it is (2, 2) against (1, 2)",
        where=[Eq(J, 1), Eq(L, 2)],
    )
    d.refute(long, "=", Sum(Sum(a(m + j * L), (j, 1, J)) * z**m, (m, 0, L - 1)), because="the first period left out")


@causal_convolution.measured(
    "kernels.causal_convolution.fft_causal_conv", against="the recursion, LegS with d = 4, L = 20, exactly"
)
def convolution_against_recursion(m: Any) -> None:
    """Outputs of the recursion and of the padded FFT; without padding the tail wraps around."""
    import torch

    from derivable.kernels.causal_convolution import fft_causal_conv
    from derivable.kernels.discretization import discretize
    from derivable.kernels.hippo import hippo_matrix

    A, B = hippo_matrix("legs", 4, scaling="paper", dtype=torch.float64)
    move, drive = discretize(A, B, 1 / 20, "bilinear")
    C = torch.tensor([1.0, -0.5, 0.25, 2.0], dtype=torch.float64)
    generator = torch.Generator().manual_seed(0)
    u = torch.randn(20, dtype=torch.float64, generator=generator)
    x, y = torch.zeros(4, dtype=torch.float64), []
    for sample in u:
        x = move @ x + drive * sample
        y.append(float(C @ x))
    state, K = drive, []
    for _ in range(20):
        K.append(float(C @ state))
        state = move @ state
    kernel = torch.tensor(K, dtype=torch.float64)
    size = float(u.norm() * kernel.norm())
    # 12 log₂ 80 units of the norms for the transform, 20 steps of 4 terms for recursion and kernel
    allowed = (12 * 6.4 + 20 * 2 * 6) * 2.0**-53 * size
    m.agree(fft_causal_conv(u, kernel), y, allowed)
    wrapped = torch.fft.irfft(torch.fft.rfft(u) * torch.fft.rfft(kernel), 20)
    m.holds(0.1, float((wrapped - torch.tensor(y, dtype=torch.float64)).abs().max()), note="without padding the output is wrong")


# -- C5: the resolvent --------------------------------------------------------------------------------------------------


@post.claim("C5a", "The truncated generating function: G_L = C*(I - z^L A^L)(I - zA)⁻¹B, every number of states")
def truncated(d: Derivation) -> None:
    """With B = (I - zA)b each term z^k C*A^k B is a difference."""
    s = system(d)
    N, i, j, k, m, A, c = s.N, s.i, s.j, s.k, s.m, s.A, s.c
    L, z = d.natural("L"), d.symbol("z")
    R, b, B = d.function("R b B")
    d.assume(ForAll((k, j), Eq(total(R(k, i) * A(i, j), i, N), R(k + 1, j)), (k >= 0, *s.column)), text="R(k) = C*Aᵏ")
    d.assume(ForAll((j,), Eq(R(0, j), c[j]), s.column))
    d.assume(ForAll((i,), Eq(B(i), b(i) - z * total(A(i, j) * b(j), j, N)), s.row), text="b = (I - zA)⁻¹B, which exists")
    d.instance(A, lambda i, j: KroneckerDelta(i, j) / 2)
    d.instance(R, lambda k, j: c[j] / 2**k)
    d.instance(b, lambda i: i + 1)
    d.instance(B, lambda i: (i + 1) * (1 - z / 2))

    def K(k: Any) -> Any:
        return total(R(k, i) * B(i), i, N)

    def rest(k: Any) -> Any:
        """C*Aᵏ(I - zA)⁻¹B."""
        return total(R(k, i) * b(i), i, N)

    kernel = Sum(z**k * K(k), (k, 0, L - 1))
    result = total(c[i] * b(i), i, N) - z**L * rest(L)
    d.state(kernel, "=", result)
    nested = d.have(
        total(R(m, i) * total(A(i, j) * b(j), j, N), i, N),
        "=",
        total(total(R(m, i) * A(i, j), i, N) * b(j), j, N),
        by="sum over i first",
        where=[m >= 0],
        forall=[m],
    )
    step = d.have(K(m), "=", rest(m) - z * rest(m + 1), by="B = (I - zA)b", using=[nested], where=[m >= 0], forall=[m])
    d.start(kernel)
    d.then(rest(0) - z**L * rest(L), by=Induction(L, 0), using=[nested, step], why="the sum telescopes")
    d.then(result, by="R(0) = C*")
    d.note("It is a polynomial in z: only I - zA has to be invertible.")
    d.refute(kernel, "=", total(c[i] * b(i), i, N), because="G = G_L, without the truncation")
    d.refute(kernel, "=", total(c[i] * b(i), i, N) + z**L * rest(L), because="I + z^L A^L")


@post.claim("C5b", "A mode: Σ_{k<L} qᵏ differs from 1/(1 - q) by |q|^L/|1 - q|, which tends to 0 for |q| < 1", kind="limit")
def geometric(d: Derivation) -> None:
    """q = zλ with a mode |λ| < 1 of Ā, which contracts (claim C2e), and |z| ≤ 1."""
    q, k, L = d.symbol("q"), d.index("k"), d.natural("L")
    p = d.positive("p")
    d.assume(Ne(q, 1))
    d.assume(p < 1, text="p = |q|")
    away = Abs(1 / (1 - q) - Sum(q**k, (k, 0, L - 1)))
    d.state(away, "=", Abs(q) ** L / Abs(1 - q))
    d.state(sp.Limit(p**L, L, sp.oo, "-"), "=", 0)
    d.start(away)
    d.then(Abs(q**L / (1 - q)), by="a geometric sum")
    d.then(Abs(q) ** L / Abs(1 - q), by="moduli multiply")
    d.start(sp.Limit(p**L, L, sp.oo, "-"))
    d.then(0, by="p < 1")
    d.refute(away, "=", 0, because="G = G_L")
    d.refute(away, "=", Abs(q) ** (L + 1) / Abs(1 - q), because="one term too many")


@post.claim(
    "C5c", "The resolvent of the bilinear step: (I - zĀ)⁻¹(I - hA)⁻¹ = [(1-z)I - h(1+z)A]⁻¹, h = ε/2, every number of states"
)
def resolvent(d: Derivation) -> None:
    """(I - hA)(I - zĀ) = (1-z)I - h(1+z)A: the inverse of I - hA cancels with that of B̄ = 2h(I - hA)⁻¹B."""
    A = d.symbol("A", commutative=False)
    h, z = d.positive("h"), d.symbol("z")
    left = 1 - h * A
    move = left**-1 * (1 + h * A)
    inner = (1 - z) - h * (1 + z) * A
    d.state(left * (1 - z * move), "=", inner)
    d.state((1 - z * move) * inner**-1, "=", left**-1)
    d.start(left * (1 - z * move))
    d.then(left - z * (1 + h * A), by="(I - hA)Ā = I + hA")
    d.then(inner, by="collect the powers of z")
    d.start((1 - z * move) * inner**-1)
    d.then(left**-1 * left * (1 - z * move) * inner**-1, by="(I - hA)⁻¹(I - hA) = I")
    d.then(left**-1 * inner * inner**-1, by="the line above")
    d.then(left**-1, by="inverse")
    d.note("So C*(I - zĀ)⁻¹B̄ = ε C*[(1-z)I - (ε/2)(1+z)A]⁻¹B wherever the inverses exist; this line serves at z = -1.")
    d.refute(left * (1 - z * move), "=", (1 + z) - h * (1 - z) * A, because="1+z and 1-z exchanged")


@post.claim("C5d", "Divided by h(1+z): ε[(1-z)I - h(1+z)A]⁻¹ = 2/(1+z) [g - A]⁻¹, g = (2/ε)(1-z)/(1+z); at z = -1 it is (ε/2)I")
def resolvent_in_the_other_plane(d: Derivation) -> None:
    """The form for z = -1 is the one before the division."""
    A = d.symbol("A", commutative=False)
    h, z = d.positive("h"), d.symbol("z")
    d.assume(Ne(z, -1), text="for the division")
    g = (1 - z) / (1 + z) / h
    inverted = 2 * h * (((1 - z) - h * (1 + z) * A) ** -1).subs(z, -1)
    regular = 2 * h * ((1 - z) - h * (1 + z) * A) ** -1
    d.state(regular, "=", 2 / (1 + z) * (g - A) ** -1)
    d.state(inverted, "=", h)
    d.start(regular)
    d.then(2 / (1 + z) * (g - A) ** -1, by="divide by h(1+z)")
    d.start(inverted)
    d.then(h, by="at z = -1 the matrix is 2I: the limit of C*(I - zĀ)⁻¹B̄ is (ε/2) C*B")
    d.refute(regular, "=", 2 / (1 - z) * (g - A) ** -1, because="2/(1-z)", where=[Ne(z, 1), Ne(z, 0)])
    d.refute(
        regular,
        "=",
        2 / (1 + z) * ((1 + z) / (1 - z) / h - A) ** -1,
        because="(1+z)/(1-z) inside",
        where=[Ne(z, 1), Ne(z, 0)],
    )


@post.claim("C5e", "On L-th roots of unity C̃* = C*(I - Ā^L) gives G_L; C* itself gives the kernel folded with period L")
def aliasing(d: Derivation) -> None:
    """A mode λ of Ā: K_k = cλᵏ, folded by C4d; J + 1 periods."""
    lam, c = d.symbol("lambda c")
    L, k, j, J = d.counting("L"), d.natural("k"), d.index("j"), d.natural("J")
    d.assume(Ne(lam**L, 1), text="as for |λ| < 1")
    folded = Sum(c * lam ** (k + j * L), (j, 0, J))
    limit = c * lam**k / (1 - lam**L)
    d.state(folded, "=", limit * (1 - lam ** (L * (J + 1))))
    d.state(c * (1 - lam**L) * lam**k / (1 - lam**L), "=", c * lam**k)
    d.start(folded)
    d.then(c * lam**k * Sum((lam**L) ** j, (j, 0, J)), by="λ^{k+jL} = λᵏ(λᴸ)ʲ")
    d.then(limit * (1 - lam ** (L * (J + 1))), by="a geometric sum; its last factor tends to 1 as J → ∞ (claim C5b)")
    d.start(c * (1 - lam**L) * lam**k / (1 - lam**L))
    d.then(c * lam**k, by="the factor cancels: C̃ for C undoes the folding")
    d.note("Together, for all modes: without C̃ the inverse transform returns Σ_j K_{k+jL} = C*(I - Ā^L)⁻¹Āᵏ B̄.")
    d.refute(limit, "=", c * lam**k, because="G = G_L at roots of unity", where=[Ne(c, 0), Ne(lam, 0)])
    d.refute(
        c / (1 - lam**L) * lam**k / (1 - lam**L),
        "=",
        c * lam**k,
        because="C*(I - Ā^L)⁻¹ as C̃*",
        where=[Ne(c, 0), Ne(lam, 0)],
    )


@post.claim("C5f", "On the grid of 2L-th roots z^L = (-1)^l, so that no single C̃ serves")
def double_grid(d: Derivation) -> None:
    """C5a at z = e^{-πil/L}."""
    L, l = d.counting("L"), d.integer("l")
    lam = d.symbol("lambda")
    z = exp(-pi * I * l / L)
    d.state(1 - z**L * lam**L, "=", 1 - (-1) ** l * lam**L)
    d.start(1 - z**L * lam**L)
    d.then(1 - (-1) ** l * lam**L, by="e^{-πil} = (-1)^l")
    d.refute(1 - z**L * lam**L, "=", 1 - lam**L, because="C̃ of the grid of L points")


@post.claim(
    "C5g",
    "On a smaller circle z = e^{-(σ+2πil)/L} the truncation is C̃* = C*(I - e^{-σ}Ā^L), and the kernel is damped by e^{-σk/L}",
)
def damped_circle(d: Derivation) -> None:
    """C5a and C4c for K_k e^{-σk/L}: no pole of a contraction is met, and I - e^{-σ}Ā^L has an inverse at once."""
    L, l, k = d.counting("L"), d.integer("l"), d.natural("k")
    sigma = d.positive("sigma")
    lam = d.symbol("lambda")
    z = exp(-(sigma + 2 * pi * I * l) / L)
    d.state(1 - z**L * lam**L, "=", 1 - exp(-sigma) * lam**L)
    d.state(z**k, "=", exp(-sigma * k / L) * wave(-k * l / L))
    d.start(1 - z**L * lam**L)
    d.then(1 - exp(-sigma) * lam**L, by="e^{-2πil} = 1: one C̃ for all points")
    d.start(z**k)
    d.then(exp(-sigma * k / L) * wave(-k * l / L), by="the exponents add up")
    d.refute(1 - z**L * lam**L, "=", 1 - lam**L, because="the truncation of the unit circle")
    d.refute(1 - z**L * lam**L, "=", 1 - exp(-sigma * L) * lam**L, because="σ a step")


# -- C6: why the eigenvectors of LegS itself are of no use --------------------------------------------------------------


def partial_sum(d: Any, lam: Any, n: Any) -> Any:
    """S_n = Σ_{k≤n} r_k w_k of the eigenvector for -λ, for n ≥ λ-1, scaled so that S_{d-1} = 1."""
    return (-1) ** (d - n - 1) * gamma(d - lam + 1) * gamma(n + lam + 1) / (gamma(d + lam) * gamma(n - lam + 2))


@post.claim("C6a", "An eigenvector, -Aw = λw, has partial sums with (λ+n) S_{n-1} = (λ-n-1) S_n")
def eigenvector_recursion(d: Derivation) -> None:
    """Row n of the fast product (claim hippo_discretization/C6a), times r_n."""
    n, lam = d.natural("n"), d.real("lambda")
    S = d.function("S")
    before, now = S(n - 1), S(n)
    w = (now - before) / r(n)
    row = -(n * w - r(n) * now) - lam * w
    d.state(r(n) * row, "=", (lam + n) * before - (lam - n - 1) * now)
    d.start(r(n) * row)
    d.then((lam + n) * before - (lam - n - 1) * now, by="r_n w_n = S_n - S_{n-1}, r_n² = 2n+1")
    d.note("So the row -(Aw)_n - λw_n vanishes exactly if the recursion holds.")
    d.refute(r(n) * row, "=", (lam - n) * before - (lam - n - 1) * now, because="λ - n")
    d.refute(r(n) * row, "=", (lam + n) * before - (lam - n) * now, because="λ - n on the right")


@post.claim("C6b", "The partial sums from n = λ-1 on: S_n = (-1)^{d-n-1} (d-λ)!(n+λ)!/[(d+λ-1)!(n-λ+1)!]")
def eigenvector_sums(d: Derivation) -> None:
    """Downward from S_{d-1} = 1 by the recursion; symbolic d, λ and n."""
    size, lam, n = d.counting("d lambda n")
    d.assume(lam <= size)
    d.assume(n >= lam, n <= size - 1)
    now, before = partial_sum(size, lam, n), partial_sum(size, lam, n - 1)
    d.state((lam + n) * before, "=", (lam - n - 1) * now)
    d.state(partial_sum(size, lam, size - 1), "=", 1)
    d.start((lam + n) * before)
    d.then((lam - n - 1) * now, by="Γ(x+1) = xΓ(x), the sign alternates")
    d.start(partial_sum(size, lam, size - 1))
    d.then(1, by="numerator and denominator are the same")
    d.note("For n ≥ λ the factor λ-n-1 does not vanish, so that the recursion determines every S_n down to n = λ-1.")
    wrong = (-1) ** (size - n - 1) * gamma(size - lam + 1) * gamma(n + lam + 1) / (gamma(size + lam) * gamma(n - lam + 1))
    d.refute(wrong.subs(n, size - 1), "=", 1, because="(n-λ)! for (n-λ+1)!")
    d.refute(
        (lam - n) * before,
        "=",
        (lam - n - 1) * now,
        because="the recursion with λ - n",
        where=[Eq(lam, 2), Eq(n, 3), Eq(size, 5)],
    )


@post.claim("C6c", "The first partial sum that vanishes is S_{λ-2}; S_{λ-1} does not")
def first_zero(d: Derivation) -> None:
    """The recursion at n = λ-1 has the factor 0 on its right side; below it S stays 0."""
    size, lam, n = d.counting("d lambda n")
    S = d.function("S")
    d.assume(lam <= size, lam >= 2)
    d.assume(ForAll((n,), Eq(S(n - 1), (lam - n - 1) * S(n) / (lam + n)), (n >= 1,)), text="the recursion of C6a, λ + n > 0")
    d.instance(S, lambda n: Piecewise((partial_sum(size, lam, n), n >= lam - 1), (0, True)))
    start = partial_sum(size, lam, lam - 1)
    magnitude = gamma(size - lam + 1) * gamma(2 * lam) / gamma(size + lam)
    d.state(S(lam - 2), "=", 0)
    d.state(start, "=", (-1) ** (size - lam) * magnitude)
    d.state(0, "<", magnitude)
    d.start(S(lam - 2))
    d.then(0, by="the recursion at n = λ-1: its factor λ-n-1 is 0")
    d.start(start)
    d.then((-1) ** (size - lam) * magnitude, by="the formula of C6b at n = λ-1")
    d.start(0)
    d.then(magnitude, "<", by="Γ is positive")
    d.erratum(
        start,
        "=",
        0,
        section="特征向量",
        explanation="The post says that S_{λ-1} = 0 and gives its closed form for n > λ-1. The first zero is S_{λ-2}, and the "
        "closed form holds at "
        "n = λ-1 as well: for d = 6 and λ = 3 S_2 is -1/56.",
    )
    d.refute(start.subs({size: 6, lam: 3}), "=", sp.Rational(1, 56), because="S_2 = -1/56 for d = 6, λ = 3: sign")


WALLIS = Theorem(
    "Wallis's inequality",
    r"\frac{4^m}{\sqrt{\pi(m+\frac12)}}<\binom{2m}{m}<\frac{4^m}{\sqrt{\pi m}}",
    reference="J. Wallis, Arithmetica infinitorum, 1656; it sharpens to Stirling's formula",
)


@post.claim("C6d", "At n = λ = d/3: |S| = 2m/C(2m, m), m = 2d/3", kind="identity")
def middle_value(d: Derivation) -> None:
    """d = 3l, λ = n = l, m = 2l: factorials."""
    l = d.counting("l")
    m = 2 * l
    value = partial_sum(3 * l, l, l)
    d.state(value, "=", (-1) ** (2 * l - 1) * 2 * m / binomial(2 * m, m))
    d.start(value)
    d.then((-1) ** (2 * l - 1) * gamma(m + 1) ** 2 / gamma(2 * m), by="(m!)²/(2m-1)!")
    d.then((-1) ** (2 * l - 1) * 2 * m / binomial(2 * m, m), by="C(2m, m) = (2m)!/(m!)²")
    d.refute(value, "=", (-1) ** (2 * l - 1) * m / binomial(2 * m, m), because="a factor 2")
    d.refute(value, "=", (-1) ** (2 * l - 1) * 2 / binomial(2 * m, m), because="a factor m less")


@post.claim("C6e", "So |S| is of the order m^{3/2} 4^{-m}, that is d^{3/2} 2^{-4d/3}: 12 < |S|² 16^m/m³ ≤ 16", kind="inequality")
def exponentially_small(d: Derivation) -> None:
    """m C(2m, m)²/16^m increases, (3m+1) C(2m, m)²/16^m decreases."""
    m = d.counting("m")
    central = binomial(2 * m, m) ** 2 / 16**m
    square = (2 * m / binomial(2 * m, m)) ** 2
    size = 3 * m / 2
    low = d.have(sp.Rational(1, 4), "<=", m * central, by="the quotient of neighbours is (2m+1)²/(4m(m+1)) > 1; m = 1 gives ¼")
    high = d.have((3 * m + 1) * central, "<=", 1, by="the quotient of neighbours is below 1; m = 1 gives 1")
    d.state(square / m**3 * 16**m, "<=", 16)
    d.state(12, "<", square / m**3 * 16**m)
    d.state(16 ** (-m) * m**3, "=", sp.Rational(8, 27) * (size ** sp.Rational(3, 2) * 2 ** (-4 * size / 3)) ** 2)
    d.start(square / m**3 * 16**m)
    d.then(4 / (m * central), by="insert")
    d.then(16, "<=", by="m C(2m, m)²/16^m ≥ ¼", using=[low])
    d.start(12)
    d.then(4 * (3 * m + 1) / m, "<", by="1/m > 0")
    d.then(4 / (m * central), "<=", by="(3m+1) C(2m, m)²/16^m ≤ 1", using=[high])
    d.then(square / m**3 * 16**m, by="insert")
    d.start(16 ** (-m) * m**3)
    d.then(sp.Rational(8, 27) * (size ** sp.Rational(3, 2) * 2 ** (-4 * size / 3)) ** 2, by="m = 2d/3")
    d.erratum(
        square / m * 16**m,
        "<=",
        16,
        section="特征向量",
        explanation="The post states the rate √d 2^{-4d/3}; it is d^{3/2} 2^{-4d/3}, a factor d larger: the lower bound 12 m³ "
        "16^{-m} of |S|² is not "
        "O(m 16^{-m}). The ratio to √d 2^{-4d/3} grows from 58 at "
        "d = 30 to "
        "927 at d = 480, that to d^{3/2} 2^{-4d/3} tends to 1.9296. The conclusion, exponentially small, stands.",
    )


@post.claim(
    "C6f",
    "The constant: |S| ~ 2√π m^{3/2} 4^{-m} = 2√π (2/3)^{3/2} d^{3/2} 2^{-4d/3}, within a factor √(1 + 1/(2m))",
    kind="inequality",
)
def leading_constant(d: Derivation) -> None:
    """Wallis's inequality is cited."""
    m = d.counting("m")
    inverse_square = 16**m / binomial(2 * m, m) ** 2
    square = (2 * m / binomial(2 * m, m)) ** 2 * 16**m / m**3
    d.state(4 * pi, "<", square)
    d.state(square, "<", 4 * pi * (1 + 1 / (2 * m)))
    d.start(4 * pi)
    d.then(4 * inverse_square / m, "<", by=WALLIS)
    d.then(square, by="insert")
    d.start(square)
    d.then(4 * inverse_square / m, by="insert")
    d.then(4 * pi * (1 + 1 / (2 * m)), "<", by=WALLIS)
    d.refute(4 * pi, "<", square / 4, because="a factor 2 in |S|")
    d.refute(square, "<", 4 * pi, because="from below")


@exponentially_small.measured(
    "the closed form in exact arithmetic", against="2m/C(2m, m) at d = 30 and 480; ratios of the ledger"
)
def ratios(m: Any) -> None:
    """The ratio to d^{3/2} 2^{-4d/3} settles, that to √d 2^{-4d/3} grows like d."""
    import math

    def value(size: int) -> float:
        return float(abs(partial_sum(size, size // 3, size // 3)) * 2 ** sp.Rational(4 * size, 3))

    sizes = [3, 6, 15, 30, 60, 120, 240, 480]
    right, wrong = ([value(n) / n**power for n in sizes] for power in (1.5, 0.5))
    # the last digit of the ledger's figures
    m.agree(right[3], 1.9417, 6e-5)
    m.agree(right[-1], 1.9304, 6e-5)
    m.agree(wrong[-1], 927.0, 0.6)
    m.holds(right[-1], 2 * math.sqrt(math.pi) * (2 / 3) ** 1.5 * math.sqrt(1 + 1 / 640))
    m.plot(sizes, right, x_label="d", y_label="ratio of |S| to the rate", series="d^{3/2} 2^{-4d/3}")
    m.plot(sizes, wrong, x_label="d", y_label="ratio of |S| to the rate", series="d^{1/2} 2^{-4d/3}, the post's")


@post.claim("C6g", "The eigenvectors in the paper's form: for the scaling A_nk = -(2k+1) they are (-1)^{i+j} C(i+j, i-j)")
def paper_eigenvectors(d: Derivation) -> None:
    """Row i of (A + (j+1)I)w = 0, from i = j on; i = j + q."""
    j, q, k = d.natural("j"), d.natural("q"), d.index("k")

    def w(k: Any) -> Any:
        """C(k+j, k-j) with its sign, k ≥ j."""
        return (-1) ** (k + j) * gamma(k + j + 1) / (gamma(2 * j + 1) * gamma(k - j + 1))

    above = Sum((2 * (j + k) + 1) * w(j + k), (k, 0, q - 1))
    row = -above - (j + q + 1) * w(j + q)
    d.state(row, "=", -(j + 1) * w(j + q))
    sums = d.have(above, "=", -q * w(j + q), by="-q w(j+q) + (2(j+q)+1) w(j+q) = -(q+1) w(j+q+1): it telescopes")
    d.start(row)
    d.then(-(j + 1) * w(j + q), by="q - (j+q+1) = -(j+1)", using=[sums])
    d.note("C(k+j, k-j) = (k+j)!/[(2j)!(k-j)!] vanishes for k < j; the index k of the sum counts from j.")
    unsigned = Sum((2 * (j + k) + 1) * w(j + k) * (-1) ** k, (k, 0, q - 1))
    d.refute(
        -unsigned - (j + q + 1) * w(j + q) * (-1) ** q,
        "=",
        -(j + 1) * w(j + q) * (-1) ** q,
        because="without (-1)^{i+j}",
        where=[q >= 1],
    )


@post.claim("C6h", "The closed form in exact arithmetic, and the largest entry of the paper's eigenvectors, d ≤ 20")
def eigenvectors_exactly(d: Derivation) -> None:
    """Rational arithmetic, all λ."""
    d.exhaust(
        r"(\lambda+n)S_{n-1}=(\lambda-n-1)S_n,\ S_{d-1}=1,\ S_n=0\ (n\le\lambda-2),\ S_{\lambda-1}\ne0",
        [(size, lam) for size in (3, 6, 9, 12, 20) for lam in range(1, size + 1)],
        lambda case: sums_fit(*case),
        bound="d ∈ {3, 6, 9, 12, 20}, all λ",
    )
    d.refute_exhaustively(
        r"S_{\lambda-1}=0",
        [(size, lam) for size in (3, 6) for lam in range(1, size + 1)],
        lambda case: exact_sums(*case).get(case[1] - 1, 0) == 0,
        because="the post's first zero",
    )


def exact_sums(size: int, lam: int) -> dict[int, sp.Rational]:
    """S_n of the eigenvector for -λ, from the eigenvector itself: the kernel of A + λI in the scaling without square roots."""
    from sympy.polys.domains import QQ
    from sympy.polys.matrices import DomainMatrix

    # w_n = r_n x_n has A_nk = -(2n+1) below the diagonal, and S_n is its partial sum
    rows = [[QQ(-(2 * n + 1)) if k < n else QQ(lam - n - 1) if k == n else QQ(0) for k in range(size)] for n in range(size)]
    null = DomainMatrix(rows, (size, size), QQ).nullspace().to_Matrix().row(0)
    sums = [sum(null[: n + 1], sp.S.Zero) for n in range(size)]
    return {n: sums[n] / sums[-1] for n in range(size)}


def sums_fit(size: int, lam: int) -> bool:
    """The eigenvector's partial sums against the recursion, the closed form and the place of the first zero."""
    S = exact_sums(size, lam)
    closed = all(S[n] == partial_sum(size, lam, n) for n in range(lam - 1, size))
    zeros = all(S[n] == 0 for n in range(lam - 1))
    recursion = all((lam + n) * S[n - 1] == (lam - n - 1) * S[n] for n in range(1, size))
    return bool(closed and zeros and recursion and S[lam - 1] != 0)


@paper_eigenvectors.measured(
    "torch.linalg.cond", against="the figures of the ledger: cond of the eigenvectors, largest entry at d = 64"
)
def condition_of_the_eigenvectors(m: Any) -> None:
    """(-1)^{i+j} C(i+j, i-j) column by column, of unit norm, in exact integers before rounding."""
    import math

    import torch

    sizes, conditions = [4, 8, 12, 16], []
    for size in sizes:
        V = torch.tensor(
            [[(-1) ** (i + j) * math.comb(i + j, i - j) if i >= j else 0 for j in range(size)] for i in range(size)],
            dtype=torch.float64,
        )
        # to the orthonormal scaling, columns of unit norm
        V = V * (2 * torch.arange(size, dtype=torch.float64)[:, None] + 1).sqrt()
        conditions.append(float(torch.linalg.cond(V / V.norm(dim=0))))
    m.holds(1e4, conditions[1])
    m.holds(1e10, conditions[3])
    m.plot(sizes, conditions, x_label="d", y_label="condition of the eigenvectors of A", series="LegS, diagonalised as it is")
    m.plot(
        sizes,
        [1.0] * len(sizes),
        x_label="d",
        y_label="condition of the eigenvectors of A",
        series="diagonal minus rank one: unitary",
    )
    largest = max(math.comb(i + j, i - j) for i in range(64) for j in range(i + 1))
    m.agree(largest / 1e25, 1.8, 0.05)


# -- C7: the inverse of a matrix plus low rank --------------------------------------------------------------------------


@post.claim("C7", "(M - UV*)⁻¹ = M⁻¹ + M⁻¹U(I - V*M⁻¹U)⁻¹V*M⁻¹: every number of states, every rank")
def woodbury(d: Derivation) -> None:
    """Words in letters that do not commute: no series, no condition on norms."""
    U, V, M = d.symbol("U V M", commutative=False)
    inverted = (1 - V * U) ** -1
    middle = (1 - V * M**-1 * U) ** -1
    whole = M**-1 + M**-1 * U * middle * V * M**-1
    d.state(V * U * inverted, "=", inverted - 1)
    d.state((1 - U * V) * (1 + U * inverted * V), "=", 1)
    d.state((M - U * V) * whole, "=", 1)
    d.state(whole * (M - U * V), "=", 1)
    d.start(V * U * inverted)
    d.then(inverted - 1, by="push-through: V*U = I - (I - V*U)")
    d.start((1 - U * V) * (1 + U * inverted * V))
    d.then(1 - U * V + U * inverted * V - U * V * U * inverted * V, by="multiply out")
    d.then(1 - U * V + U * inverted * V - U * (inverted - 1) * V, by="the key step: push-through")
    d.then(1, by="all cancels")
    d.start((M - U * V) * whole)
    d.then(1 + U * middle * V * M**-1 - U * V * M**-1 - U * (middle - 1) * V * M**-1, by="the same with M⁻¹U for U")
    d.then(1, by="all cancels")
    d.start(whole * (M - U * V))
    d.then(1 + M**-1 * U * middle * V - M**-1 * U * V - M**-1 * U * (middle - 1) * V, by="from the other side")
    d.then(1, by="all cancels")
    d.note(
        "V stands for V*. The letters are square matrices of one size; U and V with fewer columns are padded with zero "
        "columns, which "
        "adds ones to the diagonal of I - V*M⁻¹U and nothing to U(I - V*M⁻¹U)⁻¹V*."
    )
    d.note(
        "The post derives it from Neumann's series, which needs ρ(V*U) < 1; the identity does not, as the cross-check shows with "
        "larger radii. Its displayed sum Σ(UV)ᵏ drops the stars of V."
    )
    d.refute((1 - U * V) * (1 - U * inverted * V), "=", 1, because="a minus sign before the correction")
    d.refute((1 - U * V) * (1 + U * (1 + V * U) ** -1 * V), "=", 1, because="(I + V*U)⁻¹")


@woodbury.measured("torch.linalg.inv", against="the inverse of M - UV* with a spectral radius of V*M⁻¹U above 1")
def woodbury_against_inverse(m: Any) -> None:
    """Random complex matrices, rank 1 to 3; radius far above 1, where Neumann's series diverges."""
    import torch

    for rank in (1, 2, 3):
        generator = torch.Generator().manual_seed(rank)
        M, U, V = (torch.randn(12, n, dtype=torch.complex128, generator=generator) for n in (12, rank, rank))
        M = 0.5 * M + 4 * torch.eye(12)
        U, V = 3 * U, 3 * V
        W = torch.linalg.inv(M)
        T = V.mH @ W @ U
        radius = float(torch.linalg.eigvals(T).abs().max())
        got = W + W @ U @ torch.linalg.inv(torch.eye(rank) - T) @ V.mH @ W
        truth = torch.linalg.inv(M - U @ V.mH)
        m.holds(1.5, radius, note=f"rank {rank}: the series diverges")
        # two inverses with their conditions, and four products of 12 terms of size ‖W‖‖U‖‖V‖‖W‖ / |1 - T|
        norms = [float(torch.linalg.matrix_norm(t, 2)) for t in (W, U, V, torch.linalg.inv(torch.eye(rank) - T))]
        size = norms[0] ** 2 * norms[1] * norms[2] * norms[3] + norms[0]
        condition = (
            float(torch.linalg.cond(M)) + float(torch.linalg.cond(torch.eye(rank) - T)) + float(torch.linalg.cond(M - U @ V.mH))
        )
        m.agree(got, truth, 4 * 12 * 12 * 2.0**-53 * size * condition)


# -- C8: LegS is skew plus a multiple of the identity minus rank one ----------------------------------------------------


def legs_entry(n: Any, k: Any) -> Any:
    """A_nk of LegS."""
    return Piecewise((-r(n) * r(k), k < n), (-(n + 1), Eq(k, n)), (0, True))


def skew_entry(n: Any, k: Any) -> Any:
    """S_nk = -½ r_n r_k sgn(n-k)."""
    return Piecewise((-r(n) * r(k) / 2, k < n), (0, Eq(k, n)), (r(n) * r(k) / 2, True))


@post.claim("C8a", "LegS: A + ½vvᵀ + ½I = S with S_nk = -½ r_n r_k sgn(n-k), which is skew")
def skew_part(d: Derivation) -> None:
    """Below, on and above the diagonal."""
    n, k = d.natural("n k")
    left = legs_entry(n, k) + r(n) * r(k) / 2 + KroneckerDelta(n, k) / 2
    d.state(left, "=", skew_entry(n, k))
    d.state(skew_entry(n, k) + skew_entry(k, n), "=", 0)
    d.start(left)
    d.then(skew_entry(n, k), by="-r_n r_k + ½r_n r_k; -(n+1) + (2n+1)/2 + ½ = 0; ½r_n r_k")
    d.start(skew_entry(n, k) + skew_entry(k, n))
    d.then(0, by="exchange n and k")
    d.note(
        "A real skew matrix is normal (spectral theorem): S = U*diag(iω)U with U unitary, so that A = U*(Λ - pp*)U with "
        "Λ = diag(-½ + iω) and p = Uv/√2."
    )
    d.refute(
        legs_entry(n, k) + r(n) * r(k) + KroneckerDelta(n, k) / 2 + legs_entry(k, n) + r(n) * r(k) + KroneckerDelta(n, k) / 2,
        "=",
        0,
        because="A + vvᵀ + ½I skew",
    )
    d.refute(
        legs_entry(n, k)
        - r(n) * r(k) / 2
        + KroneckerDelta(n, k) / 2
        + legs_entry(k, n)
        - r(n) * r(k) / 2
        + KroneckerDelta(n, k) / 2,
        "=",
        0,
        because="A - ½vvᵀ",
    )
    d.refute(
        legs_entry(n, k) + r(n) * r(k) / 2 + KroneckerDelta(n, k) + legs_entry(k, n) + r(n) * r(k) / 2 + KroneckerDelta(n, k),
        "=",
        0,
        because="Re Λ = -1",
    )


@post.claim("C8b", "LegS itself is not normal: two states")
def not_normal(d: Derivation) -> None:
    """AAᵀ - AᵀA of the 2 × 2 matrix."""
    A = ImmutableMatrix([[-1, 0], [-sqrt(3), -2]])
    difference = A * A.T - A.T * A
    result = ImmutableMatrix([[-3, -sqrt(3)], [-sqrt(3), 3]])
    d.state(difference, "=", result)
    d.start(difference)
    d.then(result, by="multiply")
    d.refute(A * A.T, "=", A.T * A, because="A itself normal")


@post.claim("C8c", "LegT of the window w: A + (1/w)(v_e v_eᵀ + v_o v_oᵀ) is skew: rank two, no shift")
def legt_skew_part(d: Derivation) -> None:
    """v_e and v_o are the even and the odd entries of v: their products add up to r_n r_k where n - k is even."""
    n, k, w = d.natural("n"), d.natural("k"), d.positive("w")
    even = (1 + (-1) ** (n - k)) / 2

    def A(n: Any, k: Any) -> Any:
        return Piecewise((-r(n) * r(k) / w, k < n), (-((-1) ** (n - k)) * r(n) * r(k) / w, True))

    def S(n: Any, k: Any) -> Any:
        odd = (1 - (-1) ** (n - k)) / 2
        return Piecewise((-odd * r(n) * r(k) / w, k < n), (odd * r(n) * r(k) / w, True))

    left = A(n, k) + even * r(n) * r(k) / w
    d.state(left, "=", S(n, k))
    d.state(S(n, k) + S(k, n), "=", 0)
    d.start(left)
    d.then(S(n, k), by="for even n - k all cancels, for odd n - k nothing does")
    d.start(S(n, k) + S(k, n))
    d.then(0, by="exchange n and k; S_nn = 0")
    d.refute(A(n, k) + r(n) * r(k) / w, "=", S(n, k), because="rank one: vvᵀ/w")
    d.refute(left + KroneckerDelta(n, k) / 2, "=", S(n, k), because="a shift by ½I")


@skew_part.measured("kernels.dplr.dplr_legs", against="A of LegS and the entries of S, d ≤ 64")
def forms_against_entries(m: Any) -> None:
    """U*(Λ - pp*)U entry by entry, Re λ = -½, and the largest frequency over d²."""
    import torch

    from derivable.kernels.dplr import dplr_legs

    n, k = sp.Symbol("n", integer=True, nonnegative=True), sp.Symbol("k", integer=True, nonnegative=True)
    for size in (1, 2, 5, 8):
        lam, P, U = dplr_legs(size, dtype=torch.complex128)
        S = U.mH @ torch.diag(lam + 0.5) @ U
        want = [[float(skew_entry(n, k).subs({n: a, k: b})) for b in range(size)] for a in range(size)]
        truth = torch.tensor(want, dtype=torch.complex128)
        # a Hermitian eigenvalue problem of norm d²/π is solved to d · d² units
        m.agree(S, truth, 4 * size**3 * 2.0**-53)
        whole = U.mH @ (torch.diag(lam) - P.mT @ P.conj()) @ U
        entries = [[float(legs_entry(n, k).subs({n: a, k: b})) for b in range(size)] for a in range(size)]
        m.agree(whole, torch.tensor(entries, dtype=torch.complex128), 4 * size**3 * 2.0**-53)
    sizes, top = [2, 4, 8, 16, 32, 64], []
    for size in sizes:
        lam, _, _ = dplr_legs(size, dtype=torch.complex128)
        top.append(float(lam.imag.max()) / size**2)
    # the last digit of the ledger's figures
    m.agree([top[2], top[5]], [0.3103, 0.3182], 6e-5)
    m.plot(sizes, top, x_label="d", y_label="largest frequency over d²", series="LegS")
    m.plot(sizes, [0.3183098861837907] * len(sizes), x_label="d", y_label="largest frequency over d²", series="1/π")


# -- C9: the kernel -----------------------------------------------------------------------------------------------------


def low_rank(d: Derivation) -> SimpleNamespace:
    """N modes λ, the rank-one part pq*, b and c; the rows q and c have their conjugates already taken."""
    p, q, lam, b, c = d.sequence("p q lambda b c")
    N, i, j = d.counting("N"), d.index("i"), d.index("j")
    return SimpleNamespace(N=N, i=i, j=j, p=p, q=q, lam=lam, b=b, c=c)


def fractions(s: SimpleNamespace, u: Any, v: Any, g: Any) -> Any:
    """u*Rv = Σ u_j v_j/(g - λ_j)."""
    return Sum(u[s.j] * v[s.j] / (g - s.lam[s.j]), (s.j, 1, s.N))


@post.claim(
    "C9a", "The resolvent of Λ - pq* by four sums: c*(g - Λ + pq*)⁻¹b = c*Rb - (c*Rp)(q*Rb)/(1 + q*Rp), R = diag(1/(g-λ))"
)
def four_sums(d: Derivation) -> None:
    """C7 for a diagonal matrix and rank one, every number of states: the solution is inserted."""
    s, g = low_rank(d), d.symbol("g")
    N, i, j = s.N, s.i, s.j
    d.assume(i >= 1, i <= N)
    below = 1 + fractions(s, s.q, s.p, g)
    d.assume(Ne(below, 0), text="1 + q*Rp ≠ 0: g is no eigenvalue of Λ - pq*")
    d.assume(Ne(g, s.lam[i]))
    share = fractions(s, s.q, s.b, g) / below

    def x(i: Any) -> Any:
        return (s.b[i] - s.p[i] * share) / (g - s.lam[i])

    left = (g - s.lam[i]) * x(i) + s.p[i] * Sum(s.q[j] * x(j), (j, 1, N))
    result = fractions(s, s.c, s.b, g) - fractions(s, s.c, s.p, g) * share
    d.state(left, "=", s.b[i])
    d.state(Sum(s.c[j] * x(j), (j, 1, N)), "=", result)
    d.start(left)
    d.then(s.b[i] - s.p[i] * share + s.p[i] * (fractions(s, s.q, s.b, g) - (below - 1) * share), by="q*x = q*Rb - (q*Rp)s")
    d.then(s.b[i], by="(1 + q*Rp)s = q*Rb: x solves the equation")
    d.start(Sum(s.c[j] * x(j), (j, 1, N)))
    d.then(result, by="linearity")
    minus = fractions(s, s.c, s.b, g) - fractions(s, s.c, s.p, g) * fractions(s, s.q, s.b, g) / (1 - fractions(s, s.q, s.p, g))
    d.refute(Sum(s.c[j] * x(j), (j, 1, N)), "=", minus, because="1 - q*Rp")


@post.claim("C9b", "The generating function of the kernel by four sums, z ≠ -1")
def pipeline(d: Derivation) -> None:
    """2/(1+z) times the solution of C9a solves [(1-z)I - h(1+z)A]x = εb of claim C5c, A = Λ - pq*."""
    s, z, h = low_rank(d), d.symbol("z"), d.positive("h")
    N, i, j = s.N, s.i, s.j
    g = (1 - z) / (1 + z) / h
    d.assume(i >= 1, i <= N)
    d.assume(Ne(1 + z, 0))
    below = 1 + fractions(s, s.q, s.p, g)
    d.assume(Ne(below, 0), text="g = (2/ε)(1-z)/(1+z), h = ε/2, is no eigenvalue of Λ - pq*")
    d.assume(Ne(g, s.lam[i]))
    share = fractions(s, s.q, s.b, g) / below

    def x(i: Any) -> Any:
        return 2 / (1 + z) * (s.b[i] - s.p[i] * share) / (g - s.lam[i])

    def Ax(i: Any) -> Any:
        return s.lam[i] * x(i) - s.p[i] * Sum(s.q[j] * x(j), (j, 1, N))

    G = 2 / (1 + z) * (fractions(s, s.c, s.b, g) - fractions(s, s.c, s.p, g) * share)
    d.state((1 - z) * x(i) - h * (1 + z) * Ax(i), "=", 2 * h * s.b[i])
    d.state(Sum(s.c[j] * x(j), (j, 1, N)), "=", G)
    d.start((1 - z) * x(i) - h * (1 + z) * Ax(i))
    d.then(2 * h * ((1 + z) / 2 * (g * x(i) - Ax(i))), by="1 - z = h(1+z)g")
    d.then(2 * h * s.b[i], by="C9a: (g - A)x = 2b/(1+z)")
    d.start(Sum(s.c[j] * x(j), (j, 1, N)))
    d.then(G, by="linearity")
    d.note(
        "With C̃* of claim C5a for c this is G_L; at z = -1 it is (ε/2)C̃*b (C5d), and the inverse transform C4c gives K_k. "
        "The sums cost O(Ld), one power Ā^L besides."
    )
    d.refute(
        Sum(s.c[j] * x(j), (j, 1, N)),
        "=",
        fractions(s, s.c, s.b, g) - fractions(s, s.c, s.p, g) * share,
        because="2/(1+z) left out",
        where=[Ne(z, 1)],
    )
    d.refute((1 - z) * x(i) - h * (1 + z) * Ax(i), "=", h * s.b[i], because="ε for 2/ε")


@post.claim(
    "C9c", "On the unit circle, z = e^{-iθ}: g = (2i/ε) tan(θ/2) and 2/(1+z) = e^{iθ/2}/cos(θ/2); the pole at θ = π cancels"
)
def half_angle(d: Derivation) -> None:
    """Half angles: no difference of nearly equal numbers near z = -1."""
    theta, lam, h = d.real("theta"), d.symbol("lambda"), d.positive("h")
    z, t = exp(-I * theta), theta / 2
    d.assume(Ne(cos(t), 0), text="z ≠ -1")
    d.state((1 - z) / (1 + z), "=", I * tan(t))
    d.state(2 / (1 + z), "=", exp(I * t) / cos(t))
    function = exp(I * t) / cos(t) / (I * tan(t) / h - lam)
    regular = h * exp(I * t) / (I * sin(t) - h * lam * cos(t))
    d.state(function, "=", regular)
    d.state(regular.subs(theta, pi), "=", h)
    d.start((1 - z) / (1 + z))
    d.then((exp(I * t) - exp(-I * t)) / (exp(I * t) + exp(-I * t)), by="numerator and denominator times e^{iθ/2}")
    d.then(I * tan(t), by="sine and cosine")
    d.start(2 / (1 + z))
    d.then(2 * exp(I * t) / (exp(I * t) + exp(-I * t)), by="times e^{iθ/2}")
    d.then(exp(I * t) / cos(t), by="cosine")
    d.start(function)
    d.then(regular, by="times h cos(θ/2)")
    d.start(regular.subs(theta, pi))
    d.then(h, by="e^{iπ/2} = i, cos(π/2) = 0: the limit ε/2 of claim C5d")
    d.refute((1 - z) / (1 + z), "=", -I * tan(t), because="z = e^{iθ}")
    d.refute(2 / (1 + z), "=", 1 / cos(t), because="the phase left out")


@post.claim("C9d", "A pair of conjugate poles by one division: v/(z-λ) + v̄/(z-λ̄) over the product of the denominators")
def conjugate_poles(d: Derivation) -> None:
    """z - Re λ = X + it, λ = Re λ + iω, v = a + ib."""
    X, t, w, a, b = d.real("X t omega a b")
    P, A, B = X**2 - (t - w) * (t + w), 2 * (X * a - w * b), 2 * a
    left = (a + I * b) / (X + I * (t - w)) + (a - I * b) / (X + I * (t + w))
    D = 1 / (P**2 + 4 * X**2 * t**2)
    d.assume(Ne(X, 0), text="for the denominators; by continuity elsewhere but at a pole")
    d.state(left, "=", (A + I * B * t) / (P + 2 * I * X * t))
    d.state((A + I * B * t) / (P + 2 * I * X * t), "=", (A * P + 2 * X * B * t**2) * D + I * t * (B * P - 2 * X * A) * D)
    d.start(left)
    d.then((A + I * B * t) / (P + 2 * I * X * t), by="a common denominator")
    d.start((A + I * B * t) / (P + 2 * I * X * t))
    d.then((A * P + 2 * X * B * t**2) * D + I * t * (B * P - 2 * X * A) * D, by="times the conjugate of the denominator")
    d.refute(left, "=", 2 * a / (X + I * (t - w)), because="twice the real part of v over one pole")


@post.claim("C9e", "A sum of exponentials on a grid is two thin products: Σ_n v_n e^{(Sa+b)x_n} = Σ_n (v_n e^{Sax_n}) e^{bx_n}")
def thin_products(d: Derivation) -> None:
    """The exponent is split."""
    N, n = d.counting("N"), d.index("n")
    S, a, b = d.counting("S"), d.natural("a"), d.natural("b")
    v, x = d.sequence("v x")
    whole = Sum(v[n] * exp((S * a + b) * x[n]), (n, 1, N))
    split = Sum((v[n] * exp(S * a * x[n])) * exp(b * x[n]), (n, 1, N))
    d.state(whole, "=", split)
    d.start(whole)
    d.then(split, by="the exponents add up")
    d.note(
        "The kernel of a diagonal system is such a sum, with v_n = c̄_n b̄_n and x_n the logarithm of the root: "
        "(1 + ελ/2)/(1 - ελ/2) for the bilinear step, e^{ελ} for the exact one."
    )
    d.refute(
        whole, "=", Sum(v[n] * exp(S * a * x[n]) * exp(S * b * x[n]), (n, 1, N)), because="l = S(a + b)", where=[S > 1, b > 0]
    )


# -- C10: one step ------------------------------------------------------------------------------------------------------


@post.claim(
    "C10",
    "The bilinear step of Λ - pq* in O(d): W[y - hp(q*Wy)/(1 + hq*Wp)], W = diag(1/(1-hλ)), y = (I + hA)x + εbu",
    kind="algorithm",
)
def step_in_order_d(d: Derivation) -> None:
    """C7 for I - hΛ + hpq*; every number of states."""
    s, h, u = low_rank(d), d.positive("h"), d.symbol("u")
    N, i, j = s.N, s.i, s.j
    x = d.sequence("x")
    d.assume(i >= 1, i <= N)

    def W(i: Any) -> Any:
        return 1 / (1 - h * s.lam[i])

    def y(i: Any) -> Any:
        return (1 + h * s.lam[i]) * x[i] - h * s.p[i] * Sum(s.q[j] * x[j], (j, 1, N)) + 2 * h * s.b[i] * u

    below = 1 + h * Sum(s.q[j] * W(j) * s.p[j], (j, 1, N))
    d.assume(Ne(below, 0), Ne(h * s.lam[i], 1), text="h = ε/2; 1/h is no eigenvalue")
    share = h * Sum(s.q[j] * W(j) * y(j), (j, 1, N)) / below

    def new(i: Any) -> Any:
        return W(i) * (y(i) - s.p[i] * share)

    left = new(i) - h * (s.lam[i] * new(i) - s.p[i] * Sum(s.q[j] * new(j), (j, 1, N)))
    d.state(left, "=", y(i))
    D = 1 / h - s.lam[i]
    inner = 1 + Sum(s.q[j] * s.p[j] / (1 / h - s.lam[j]), (j, 1, N))
    form = (y(i) / D - s.p[i] / D * Sum(s.q[j] * y(j) / (1 / h - s.lam[j]), (j, 1, N)) / inner) / h
    d.state(new(i), "=", form)
    d.start(left)
    d.then(y(i) - s.p[i] * share + h * s.p[i] * Sum(s.q[j] * new(j), (j, 1, N)), by="(1 - hλ)W = 1")
    d.then(y(i) - s.p[i] * share + s.p[i] * (share * below - (below - 1) * share), by="hq*W(y - ps)")
    d.then(y(i), by="collect s")
    d.start(new(i))
    d.then(form, by="D = (2/ε)I - Λ, D⁻¹ = hW: the form with the prefactor 2/ε")
    wrong = 1 / h + s.lam[i]
    d.refute(
        (y(i) / wrong - s.p[i] / wrong * Sum(s.q[j] * y(j) / (1 / h + s.lam[j]), (j, 1, N)) / inner) / h,
        "=",
        new(i),
        because="D = (2/ε)I + Λ",
    )
    d.refute(form * h**2, "=", new(i), because="the prefactor ε/2", where=[Eq(h, HALF)])


@step_in_order_d.measured("kernels.dplr.bilinear_dplr_step", against="the dense bilinear step of LegS, d = 32, 20 steps")
def step_against_dense(m: Any) -> None:
    """States in the old basis."""
    import torch

    from derivable.kernels.discretization import discretize
    from derivable.kernels.dplr import bilinear_dplr_step, dplr_legs
    from derivable.kernels.hippo import hippo_matrix

    A, B = hippo_matrix("legs", 32, scaling="paper", dtype=torch.float64)
    move, drive = discretize(A, B, 0.05, "bilinear")
    for pairs in (False, True):
        lam, P, U = dplr_legs(32, dtype=torch.complex128, conjugate_pairs=pairs)
        b = U @ B.to(torch.complex128)
        generator = torch.Generator().manual_seed(0)
        dense, x = torch.zeros(32, dtype=torch.float64), torch.zeros(len(lam), dtype=torch.complex128)
        for u in torch.randn(20, dtype=torch.float64, generator=generator):
            dense = move @ dense + drive * u
            x = bilinear_dplr_step(x, lam, P, P, b, 0.05, u, conjugate_pairs=pairs)
        back = U.mH @ x
        # each step contracts (claim C2e); U errs by d units of the largest entry, each of 20 steps by 4d roundings of ‖x‖
        m.agree((2 if pairs else 1) * back.real, dense, 20 * 4 * 32 * 2.0**-53 * float(dense.norm() + B.norm()))


@pipeline.measured("kernels.dplr.dplr_kernel", against="C*Āᵏ B̄ power by power: LegS with (d, L) = (4, 8), (7, 9), (64, 256)")
def kernel_against_powers(m: Any) -> None:
    """Even lengths visit z = -1. Without C̃ the result is the folded kernel, off by a tenth."""
    import torch

    from derivable.kernels.dplr import dplr_kernel, dplr_legs, reference_dplr_kernel, truncated_output
    from derivable.kernels.hippo import hippo_matrix

    for size, length in ((4, 8), (7, 9), (64, 256)):
        eps = 1 / length
        B = hippo_matrix("legs", size, scaling="paper", dtype=torch.float64)[1].to(torch.complex128)
        C = torch.linspace(1, -0.5, size, dtype=torch.float64).to(torch.complex128)
        lam, P, U = dplr_legs(size, dtype=torch.complex128)
        truth = reference_dplr_kernel(lam, P, P, U @ B, U @ C, eps, length).real
        half, Ph, Uh = dplr_legs(size, dtype=torch.complex128, conjugate_pairs=True)
        b, c = Uh @ B, Uh @ C
        tilde = truncated_output(half, Ph, Ph, c, eps, length, conjugate_pairs=True)
        K = dplr_kernel(half, Ph, Ph, b, tilde, eps, length, conjugate_pairs=True)
        # a fraction is at most 2L times the largest, as ε Re λ = -1/(2L)
        m.agree(K, truth, 32 * (length + size) * 2.0**-53 * float(truth.abs().max()))
    # C itself folds the kernel with the period 64; after 40 periods nothing is left
    lam, P, U = dplr_legs(8, dtype=torch.complex128)
    B = hippo_matrix("legs", 8, scaling="paper", dtype=torch.float64)[1].to(torch.complex128)
    b = U @ B
    c = U @ torch.ones(8, dtype=torch.complex128)
    truth = reference_dplr_kernel(lam, P, P, b, c, 1 / 8, 40 * 64)
    folded = truth.reshape(40, 64).sum(0)
    m.agree(dplr_kernel(lam, P, P, b, c, 1 / 8, 64), folded, 1e-12 * float(folded.abs().max()), note="C for C̃ folds the kernel")


@half_angle.measured(
    "kernels.dplr.dplr_kernel", against="the same kernel in double precision, from single-precision arguments; L odd and even"
)
def single_precision_near_minus_one(m: Any) -> None:
    """No digit is lost near z = -1: the error stays at that of the sums and of the transform."""
    import math

    import torch

    from derivable.kernels.dplr import dplr_kernel, dplr_legs, truncated_output

    for length in (255, 256, 4096):
        eps = 1 / length
        lam, P, U = dplr_legs(32, dtype=torch.complex128, conjugate_pairs=True)
        b = P[0] * math.sqrt(2)
        c = U @ torch.linspace(1, -1, 32, dtype=torch.float64).to(torch.complex128)
        tilde = truncated_output(lam, P, P, c, eps, length, conjugate_pairs=True)
        lam, P, b, tilde = (t.to(torch.complex64) for t in (lam, P, b, tilde))
        K = dplr_kernel(lam, P, P, b, tilde, eps, length, conjugate_pairs=True)
        lam, P, b, tilde = (t.to(torch.complex128) for t in (lam, P, b, tilde))
        truth = dplr_kernel(lam, P, P, b, tilde, eps, length, conjugate_pairs=True)
        # 4 · (32 + 20) roundings in a sum, 12 log₂ L in the transform, relative to the largest value
        m.agree(K, truth, (4 * 52 + 12 * math.log2(length)) * 2.0**-24 * float(truth.abs().max()))


@thin_products.measured(
    "kernels.vandermonde.vandermonde_sum", against="Σ v_n e^{lx_n} to 30 digits; three ways to the LegS kernel"
)
def three_ways(m: Any) -> None:
    """Entries of the sum; then recurrence, FFT of the resolvent and Vandermonde sum of the eigenvalues for d = 6, and their "
    "errors as d grows."""
    import math

    import torch

    from derivable.kernels.discretization import discretize
    from derivable.kernels.dplr import dplr_kernel, dplr_legs, truncated_output
    from derivable.kernels.hippo import hippo_matrix
    from derivable.kernels.vandermonde import diagonal_kernel, vandermonde_sum

    x = [sp.Rational(-1, 50) + sp.Rational(3, 4) * I, sp.Rational(-1, 100) - 2 * I, sp.Rational(-1, 5)]
    v = [1 + I, sp.Rational(1, 2), -2 * I]
    weights, exponents = (torch.tensor([complex(e) for e in values], dtype=torch.complex128) for values in (v, x))
    got = vandermonde_sum(weights, exponents, 200)
    for l in (0, 1, 17, 64, 199):
        # the exponents are rounded from the fractions: l times that
        want = m.value(sum(a * exp(l * b) for a, b in zip(v, x, strict=True)))
        m.agree(got[l], want, (16 + 8 * l) * 2.0**-53 * 4)
    length, eps = 256, 1 / 64
    steps = list(range(length))

    def ways(size: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        A, B = hippo_matrix("legs", size, scaling="paper", dtype=torch.float64)
        C = torch.linspace(1, -0.5, size, dtype=torch.float64)
        move, drive = discretize(A, B, eps, "bilinear")
        state, K = drive, []
        for _ in steps:
            K.append(C @ state)
            state = move @ state
        lam, P, U = dplr_legs(size, dtype=torch.complex128, conjugate_pairs=True)
        b, c = U @ B.to(torch.complex128), U @ C.to(torch.complex128)
        c = truncated_output(lam, P, P, c, eps, length, conjugate_pairs=True)
        resolvent = dplr_kernel(lam, P, P, b, c, eps, length, conjugate_pairs=True)
        values, V = torch.linalg.eig(A)
        left, right = V.mH @ C.to(torch.complex128), torch.linalg.solve(V, B.to(torch.complex128))
        return torch.stack(K), resolvent, diagonal_kernel(values, right, left, eps, length).real

    recurrence, resolvent, diagonal = ways(6)
    size = float(recurrence.abs().max())
    m.agree(resolvent, recurrence, 32 * (length + 6) * 2.0**-53 * size)
    # the eigenvectors have the condition 3e3 at d = 6
    m.agree(diagonal, recurrence, 1e5 * 2.0**-53 * 64 * size)
    for series, K in (
        ("recurrence", recurrence),
        ("FFT of the resolvent", resolvent),
        ("Vandermonde sum of the eigenvalues", diagonal),
    ):
        m.plot(steps, K.tolist(), x_label="k", y_label="K_k", series=series, panel="the kernel, d = 6")
    sizes = [2, 4, 8, 12, 16, 20, 24]
    errors: dict[str, list[float]] = {"FFT of the resolvent": [], "Vandermonde sum of the eigenvalues": []}
    for count in sizes:
        truth, *others = ways(count)
        for row, K in zip(errors.values(), others, strict=True):
            # the logarithm of an error that is below the spacing of numbers is drawn at that spacing
            row.append(math.log10(max(float((K - truth).abs().max() / truth.abs().max()), 2.0**-53)))
    for series, row in errors.items():
        m.plot(sizes, row, x_label="d", y_label="log10 of the error", series=series, panel="error against the recurrence")
