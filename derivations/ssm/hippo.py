"""The coefficients of a growing signal in an orthogonal basis obey a linear ODE: the HiPPO matrices.

Notation, the post's own: p_n are the Legendre polynomials, g_n = √((2n+1)/2) p_n is orthonormal on [-1, 1], r_n = √(2n+1),
χ_m = (1 + (-1)^m)/2 is 1 for even m and 0 for odd. A window s ↦ t(s) carries the history of u up to the time T to [-1, 1], or to
[0, 1] for the Fourier basis, and c_n(T) = ∫ u(t(s)) g_n(s) ds are the coefficients of u seen through it. States are numbered from 0 to N.

The Legendre polynomials occur as a family p(n, s) of which only the relations listed in `legendre_family` are used; that SymPy's
`legendre(n, s)` satisfies them is claims C6a and C6b, and it is the model at which every statement is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    coth,
    exp,
    jn,
    legendre,
    pi,
    sqrt,
)

from derivable import ByParts, ForAll, Induction, Post, Theorem
from derivable.derivation import Derivation

post = Post(
    "hippo",
    "重温SSM（一）：线性系统和HiPPO矩阵",
    "Revisiting SSM (1): linear systems and the HiPPO matrices",
    date="2024-05-24",
    archive=10114,
    papers=(
        ("HiPPO: Recurrent Memory with Optimal Polynomial Projections", "arXiv:2008.07669"),
        ("Legendre Memory Units: Continuous-Time Representation in Recurrent Neural Networks", "NeurIPS 2019"),
    ),
)

HALF = sp.Rational(1, 2)


def r(n: Any) -> Any:
    """r_n = √(2n+1)."""
    return sqrt(2 * n + 1)


def even(m: Any) -> Any:
    """χ_m: 1 for even m, 0 for odd m."""
    return (1 + (-1) ** m) / 2


def notation(d: Derivation) -> SimpleNamespace:
    """The symbols that the claims share: u, the time T > 0, the window w, indices, and a coefficient sequence."""
    return SimpleNamespace(
        u=d.function("u"),
        T=d.positive("T"),
        w=d.positive("w"),
        s=d.real("s"),
        n=d.natural("n"),
        N=d.natural("N"),
        k=d.index("k"),
        c=d.sequence("c"),
    )


def legendre_family(d: Derivation, *relations: str) -> Any:
    """The Legendre polynomials as a family p(n, s) with the named relations as hypotheses."""
    p, m, s = d.function("p"), d.index("m"), d.real("s")
    rows = {
        "start": (
            (ForAll((s,), Eq(p(0, s), 1)), "the first Legendre polynomial"),
            (ForAll((s,), Eq(p(1, s), s)), "the second Legendre polynomial"),
        ),
        "a": (
            (
                ForAll((m, s), Eq(Derivative(p(m + 2, s), s), (2 * m + 3) * p(m + 1, s) + Derivative(p(m, s), s)), (m >= 0,)),
                "identity (a), claim C6a",
            ),
        ),
        "b": (
            (
                ForAll((m, s), Eq(Derivative(p(m + 1, s), s), (m + 1) * p(m, s) + s * Derivative(p(m, s), s)), (m >= 0,)),
                "identity (b), claim C6b",
            ),
        ),
        "Bonnet": (
            (
                ForAll((m, s), Eq(p(m + 2, s), ((2 * m + 3) * s * p(m + 1, s) - (m + 1) * p(m, s)) / (m + 2)), (m >= 0,)),
                "Bonnet's recursion",
            ),
        ),
    }
    for relation in relations:
        for hypothesis, text in rows[relation]:
            d.assume(hypothesis, text=text)
    d.instance(p, legendre)
    return p


def normalised(p: Any, n: Any, s: Any) -> Any:
    """g_n(s) = √((2n+1)/2) p_n(s)."""
    return sqrt((2 * n + 1) / sp.Integer(2)) * p(n, s)


# -- C1, C2: why linear systems, why these coefficients ------------------------------------------------------------------


@post.claim("C1a", "A linear system with four states holds exponentials and circular functions")
def rich_systems(d: Derivation) -> None:
    t = d.real("t")
    A = ImmutableMatrix([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, -1, 0]])
    x = ImmutableMatrix([exp(t), exp(-t), sp.sin(t), sp.cos(t)])
    rate = ImmutableMatrix([Derivative(e, t) for e in x])
    d.state(rate, "=", A * x)
    d.start(rate)
    d.then(ImmutableMatrix([exp(t), -exp(-t), sp.cos(t), -sp.sin(t)]), by="differentiate each entry")
    d.then(A * x, by="the entries are those of A x")
    swapped = ImmutableMatrix([exp(t), exp(-t), sp.cos(t), sp.sin(t)])
    d.refute(
        ImmutableMatrix([Derivative(e, t) for e in swapped]), "=", A * swapped, because="sine and cosine in the wrong order"
    )
    symmetric = ImmutableMatrix([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    d.refute(rate, "=", symmetric * x, because="both off-diagonal entries +1")


@post.claim("C1b", "Its eigenvalues are ±1 and ±i")
def eigenvalues(d: Derivation) -> None:
    z = d.symbol("lambda")
    A = ImmutableMatrix([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, -1, 0]])
    characteristic = sp.Determinant(z * sp.eye(4) - A)
    d.state(characteristic, "=", (z - 1) * (z + 1) * (z - I) * (z + I))
    d.start(characteristic)
    d.then((z - 1) * (z + 1) * (z**2 + 1), by="expand the determinant of the block-diagonal matrix")
    d.then((z - 1) * (z + 1) * (z - I) * (z + I), by="z² + 1 = (z - i)(z + i)")
    d.refute(characteristic, "=", (z - 1) ** 2 * (z + 1) ** 2, because="both off-diagonal entries +1: eigenvalues ±1 twice")


@rich_systems.measured("torch.linalg.matrix_exp", against="the solution e^{tA} x(0) with x(0) = (1, 1, 0, 1)")
def matrix_exponential(m: Any) -> None:
    """Against the stated solution at two times."""
    import torch

    from derivable.numerics import rounding_bound

    t = next(iter(m.statements[0].rhs.free_symbols))
    A = torch.tensor([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, -1, 0]], dtype=torch.float64)
    start = torch.tensor([1, 1, 0, 1], dtype=torch.float64)
    for time in (0.3, 2.0):
        got = torch.linalg.matrix_exp(time * A) @ start
        # A⁻¹ = diag(1, -1, -J) gives x back from A x
        want = torch.linalg.inv(A) @ torch.tensor([float(row[0]) for row in m.value(m.statements[0].rhs, {t: time})], dtype=torch.float64)
        # a Taylor polynomial of degree at most 18 and at most 2 squarings of a 4 × 4 matrix: 20 products of 4 terms in a row
        size = sp.exp(time)
        m.agree(got, want.tolist(), rounding_bound(torch.float64, 20 * 5, condition=float(size), scale=float(size)))


@post.claim("C2", "The best coefficients in an orthonormal basis are inner products", kind="optimum")
def best_coefficients(d: Derivation) -> None:
    x = notation(d)
    u, s, N, k, c = x.u, x.s, x.N, x.k, x.c
    g, i, j = d.function("g"), d.index("i"), d.index("j")
    d.assume(
        ForAll((i, j), Eq(Integral(g(i, s) * g(j, s), (s, -1, 1)), KroneckerDelta(i, j))),
        text="the basis is orthonormal on [-1, 1], without a weight",
    )
    d.instance(g, lambda n, s: normalised(legendre, n, s))

    def inner(n: Any) -> Any:
        return Integral(u(s) * g(n, s), (s, -1, 1))

    error = Integral((u(s) - Sum(c[k] * g(k, s), (k, 0, N))) ** 2, (s, -1, 1))
    square = Integral(u(s) ** 2, (s, -1, 1))
    least = square - Sum(inner(k) ** 2, (k, 0, N))
    d.state(error, "=", least + Sum((c[k] - inner(k)) ** 2, (k, 0, N)))
    d.state(least, "<=", error)
    d.start(error)
    d.then(square - 2 * Sum(c[k] * inner(k), (k, 0, N)) + Sum(c[k] ** 2, (k, 0, N)), by="expand; the g_n are orthonormal")
    d.then(least + Sum((c[k] - inner(k)) ** 2, (k, 0, N)), by="complete the squares")
    d.start(least)
    d.then(least + Sum((c[k] - inner(k)) ** 2, (k, 0, N)), "<=", by="squares are not negative, and vanish at c_n = ⟨u, g_n⟩ only")
    d.then(error, by="the same expansion backwards")
    plain = Integral((u(s) - Sum(c[k] * legendre(k, s), (k, 0, N))) ** 2, (s, -1, 1))

    def plain_inner(n: Any) -> Any:
        return Integral(u(s) * legendre(n, s), (s, -1, 1))

    d.refute(
        plain,
        "=",
        square - Sum(plain_inner(k) ** 2, (k, 0, N)) + Sum((c[k] - plain_inner(k)) ** 2, (k, 0, N)),
        because="the orthogonal but not normalised p_n in place of g_n",
    )
    d.refute(
        error,
        "=",
        square + Sum(inner(k) ** 2, (k, 0, N)) + Sum((c[k] - inner(k)) ** 2, (k, 0, N)),
        because="minimum ‖u‖² + Σ c_n²",
    )
    d.refute(Integral(normalised(legendre, 0, s), (s, -1, 1)), "=", 2, because="c_0 = 2 for u = 1, where it is √2")
    d.refute(Integral(normalised(legendre, 0, s), (s, -1, 1)), "=", 1, because="c_0 = 1 for u = 1, where it is √2")


@best_coefficients.measured("kernels.legendre.legendre_project", against="⟨u, g_n⟩ for u = cos 3t + 3t²/10")
def projection(m: Any) -> None:
    """Coefficients from 40 Gauss nodes, at which the quadrature error of this u is below 1e-60."""
    import torch

    from derivable.kernels.legendre import legendre_nodes, legendre_project
    from derivable.numerics import rounding_bound

    s, count, degrees = sp.Symbol("s", real=True), 40, 9
    signal = sp.cos(3 * s) + sp.Rational(3, 10) * s**2
    want = [m.value(Integral(signal * normalised(legendre, n, s), (s, -1, 1))) for n in range(degrees)]
    for dtype in (torch.float64, torch.float32):
        nodes, _ = legendre_nodes(count, dtype=torch.float64)
        samples = (torch.cos(3 * nodes) + 0.3 * nodes**2).to(dtype)
        got = legendre_project(samples, degrees)
        # a sum of `count` terms, each a rounded sample times a rounded entry; Σ |w_q g_n| |u| ≤ √(2n+1) · max |u| · √2
        scale = float((2 * (2 * degrees - 1)) ** 0.5 * 1.3)
        m.agree(got, want, rounding_bound(dtype, count + 4, scale=scale))


# -- C3, C4: the sliding Fourier window ----------------------------------------------------------------------------------


def fourier(u: Any, k: Any, T: Any, w: Any, s: Any) -> Any:
    """c_k(T) = ∫_0^1 u(sw + T - w) e^{-2πiks} ds."""
    return Integral(u(s * w + T - w) * exp(-2 * pi * I * k * s), (s, 0, 1))


@post.claim("C3", "Sliding Fourier window: the exact equation of the coefficients")
def fourier_window(d: Derivation) -> None:
    x = notation(d)
    u, T, w, s = x.u, x.T, x.w, x.s
    n = d.integer("n")
    c = fourier(u, n, T, w, s)
    d.state(Derivative(c, T), "=", (u(T) - u(T - w)) / w + 2 * pi * I * n / w * c)
    d.start(Derivative(c, T))
    d.then(Integral(Derivative(u(s * w + T - w), T) * exp(-2 * pi * I * n * s), (s, 0, 1)), by="differentiate under the integral")
    d.then(
        (u(T) - u(T - w)) / w + 2 * pi * I * n / w * c,
        by=ByParts(u(s * w + T - w) * exp(-2 * pi * I * n * s) / w, s, 0, 1),
        why="∂_T u = ∂_s u / w, integrate by parts; e^{-2πin} = 1 for an integer n",
    )
    d.refute(Derivative(c, T), "=", (u(T) - u(T - w)) / w - 2 * pi * I * n / w * c, because="sign of the frequency")
    d.refute(Derivative(c, T), "=", (u(T) + u(T - w)) / w + 2 * pi * I * n / w * c, because="+u(T-w)")
    z = d.real("z")
    free = fourier(u, z, T, w, s)
    d.refute(Derivative(free, T), "=", (u(T) - u(T - w)) / w + 2 * pi * I * z / w * free, because="n not an integer")


@post.claim("C4a", "At the ends of its window the Fourier series of an affine signal gives the mean of both ends")
def affine_closure(d: Derivation) -> None:
    x = notation(d)
    T, w, s, N, k = x.T, x.w, x.s, x.N, x.k
    alpha, beta = d.real("alpha beta")

    def u(t: Any) -> Any:
        return alpha + beta * t

    def c(k: Any) -> Any:
        return fourier(u, k, T, w, s)

    mean, q = (u(T) + u(T - w)) / 2, exp(-2 * pi * I * k * s)
    total = Sum(c(k), (k, -N, N))
    d.state(total, "=", mean)
    whole = d.have(Integral(q, (s, 0, 1)), "=", 0, by="e^{-2πik} = 1 for an integer k", where=[Ne(k, 0)], forall=[k])
    first = d.have(
        Integral(s * q, (s, 0, 1)), "=", I / (2 * pi * k), by="integrate by parts", where=[Ne(k, 0)], forall=[k]
    )
    d.start(total)
    d.then(mean, by=Induction(N, 0), why="c_0 is the mean, c_k + c_{-k} = 0 for k ≠ 0", using=[whole, first])
    d.erratum(
        total,
        "=",
        u(T - w),
        section="线性初现",
        explanation="The periodic extension jumps at the ends of the window, where its Fourier series tends to the mean of both "
        "sides; for u(t) = t and T = w = 1 the sum is 1/2 for every N, not u(0) = 0. The error does not vanish as N grows.",
    )


dirichlet = Theorem(
    "Dirichlet–Jordan theorem",
    r"\lim_{N\to\infty}\sum_{|k|\le N}\int_0^1 f(s)e^{-2\pi iks}ds=\tfrac12\left[f(0^+)+f(1^-)\right]",
    reference="A. Zygmund, Trigonometric Series, II.8.1",
    hypotheses=("f is of bounded variation on [0, 1]",),
)


@post.claim("C4b", "The Fourier sum over a window tends to the mean of its two ends", kind="limit")
def fourier_ends(d: Derivation) -> None:
    x = notation(d)
    u, T, w, s, N, k = x.u, x.T, x.w, x.s, x.N, x.k
    d.assume(text="u is of bounded variation on the window and continuous at its ends from inside")
    total = Sum(fourier(u, k, T, w, s), (k, -N, N))
    limit = sp.Limit(total, N, sp.oo, "-")
    d.state(limit, "=", (u(T) + u(T - w)) / 2)
    d.start(limit)
    d.then((u(T) + u(T - w)) / 2, by=dirichlet, why="f(s) = u(sw + T - w), so f(0) = u(T-w) and f(1) = u(T)")
    d.refute(total, "=", u(T - w), because="the far end alone, for a partial sum")
    d.refute(total, "=", u(T), because="the near end alone, for a partial sum")


def fourier_closed(n: Any, k: Any, N: Any, w: Any, strength: Any, now: Any, c: Any) -> Any:
    """Σ_k A_nk c_k + B_n u(T) with A_nk = (2πin δ_nk - κ)/w and B_n = κ/w, κ being the strength."""
    entry = 2 * pi * I * n / w * KroneckerDelta(n, k) - strength / w
    return Sum(entry * c(k), (k, -N, N)) + strength / w * now


@post.claim("C4c", "The Fourier system closed by the mean of the ends has rank-one coefficient 2/w")
def fourier_system(d: Derivation) -> None:
    x = notation(d)
    w, N, k, n = x.w, x.N, x.k, d.integer("n")
    c, now, far = d.sequence("c", real=False), *d.real("u_T u_far")
    d.assume(n >= -N, n <= N)
    d.assume(Eq(far, 2 * Sum(c[k], (k, -N, N)) - now), text="the closure: Σ c_k is taken for the mean of u(T) and u(T-w), C4b")
    rate = (now - far) / w + 2 * pi * I * n / w * c[n]
    closed = fourier_closed(n, k, N, w, sp.Integer(2), now, lambda k: c[k])
    d.state(rate, "=", closed)
    d.start(rate)
    d.then(2 / w * (now - Sum(c[k], (k, -N, N))) + 2 * pi * I * n / w * c[n], by="the closure in the exact equation C3")
    d.then(closed, by="collect A_nk and B_n")
    d.refute(rate, "=", fourier_closed(n, k, N, w, sp.Integer(1), now, lambda k: c[k]), because="the post's 1/w")
    d.refute(rate, "=", fourier_closed(-n, k, N, w, sp.Integer(2), now, lambda k: c[k]), because="sign of the frequency")


@fourier_system.measured("kernels.hippo.hippo_matrix", against="the closed system, column by column")
def fourier_matrix(m: Any) -> None:
    """Every entry of A and B of kind "fout" for three sizes and windows."""
    import torch

    from derivable.kernels.hippo import hippo_matrix
    from derivable.numerics import rounding_bound

    closed = m.statements[0].rhs
    free = {str(e): e for e in closed.free_symbols}
    base = next(iter(closed.atoms(sp.IndexedBase)))
    for size, w in ((0, 1.0), (2, 0.75), (5, 3.0)):
        modes = range(-size, size + 1)
        for dtype in (torch.complex128, torch.complex64):
            A, B = hippo_matrix("fout", 2 * size + 1, window=w, dtype=dtype)
            for row, n in enumerate(modes):
                for column in (*range(len(modes)), None):
                    point = {free["n"]: n, free["N"]: size, free["w"]: w, free["u_T"]: int(column is None)}
                    point |= {base[j]: int(column is not None and j == modes[column]) for j in modes}
                    got = B[row] if column is None else A[row, column]
                    # 2π, its product with n and the quotient by w, then the rounding to the dtype
                    scale = (2 * 3.15 * abs(n) + 2) / w
                    m.agree(complex(got), m.value(closed, point), rounding_bound(dtype, 4, scale=scale), dtype=str(dtype)[6:])


@post.claim("C4f", "For an affine signal the corrected Fourier system is exact, the post's is not")
def affine_system(d: Derivation) -> None:
    x = notation(d)
    T, w, s, N, k, n = x.T, x.w, x.s, x.N, x.k, d.integer("n")
    alpha, beta = d.real("alpha beta")
    d.assume(n >= -N, n <= N)

    def u(t: Any) -> Any:
        return alpha + beta * t

    def c(k: Any) -> Any:
        return fourier(u, k, T, w, s)

    right = fourier_closed(n, k, N, w, sp.Integer(2), u(T), c)
    d.state(Derivative(c(n), T), "=", right)
    d.start(Derivative(c(n), T))
    d.then(
        (u(T) - u(T - w)) / w + 2 * pi * I * n / w * c(n),
        by=ByParts(u(s * w + T - w) * exp(-2 * pi * I * n * s) / w, s, 0, 1),
        why="the exact equation, as in C3",
    )
    d.then(2 / w * (u(T) - Sum(c(k), (k, -N, N))) + 2 * pi * I * n / w * c(n), by="C4a", using=[affine_closure])
    d.then(right, by="collect A_nk and B_n")
    d.erratum(
        Derivative(c(n), T),
        "=",
        fourier_closed(n, k, N, w, sp.Integer(1), u(T), c),
        section="线性初现",
        explanation="With u(T-w) ≈ Σ c_k the post gets A_nk = (2πin δ_nk - 1)/w and B_n = 1/w. The sum tends to the mean of both ends, "
        "so the rank-one term and B are too small by a factor of 2, and the system is no finite window (C4d, C4e).",
    )


z, mode = sp.Symbol("z", positive=True), sp.Symbol("k", integer=True)
resolvents = Theorem(
    "partial fractions of the hyperbolic cotangent",
    r"\sum_{k\ge1}\frac1{z^2+4\pi^2k^2}=\frac1{2z}\left(\frac12\coth\frac z2-\frac1z\right)",
    reference="DLMF 4.36.3",
    equation=Eq(Sum(1 / (z**2 + 4 * pi**2 * mode**2), (mode, 1, sp.oo)), (coth(z / 2) / 2 - 1 / z) / (2 * z)),
    variables=(z,),
)


@post.claim("C4d", "The post's closure answers with echoes: (1+q)/(3-q) in place of the delay q")
def echo(d: Derivation) -> None:
    sigma, w = d.positive("sigma w")
    k, J = d.index("k"), d.natural("J")
    q = exp(-sigma * w)
    # Laplace transform of c_n' = κ (u - E)/w + 2πin c_n/w, E = Σ c_n:  c_n = κ (u - E)/(σw - 2πin)
    loop = 1 / (sigma * w) + Sum(2 * sigma * w / ((sigma * w) ** 2 + 4 * pi**2 * k**2), (k, 1, sp.oo))
    half = coth(sigma * w / 2) / 2
    d.have(loop, "=", half, by="Σ_n 1/(σw - 2πin), the modes n and -n together", using=[resolvents.at(z=sigma * w)])
    d.state(half / (1 + half), "=", (1 + q) / (3 - q))
    d.state(2 * half / (1 + 2 * half), "=", (1 + q) / 2)
    d.state((1 + q) / (3 - q), "=", sp.Rational(1, 3) + Sum(4 * (q / 3) ** k / 3, (k, 1, J)) + 4 * (q / 3) ** (J + 1) / (3 - q))
    d.start(half / (1 + half))
    d.then((1 + q) / (3 - q), by="E = coth(σw/2)/2 (u - E), the post's loop, solved for E/u; coth(σw/2) = (1+q)/(1-q)")
    d.start(2 * half / (1 + 2 * half))
    d.then((1 + q) / 2, by="E = coth(σw/2) (u - E), the corrected loop: the mean of both ends, so that 2E - u is the delay q")
    d.start((1 + q) / (3 - q))
    d.then(
        sp.Rational(1, 3) + Sum(4 * (q / 3) ** k / 3, (k, 1, J)) + 4 * (q / 3) ** (J + 1) / (3 - q),
        by="the geometric series: an echo at every multiple of w",
    )
    d.erratum(
        half / (1 + half),
        "=",
        q,
        section="线性初现",
        explanation="With the post's closure Σ c_k is not the delayed signal (transfer function q = e^{-σw}) but a third of the signal now "
        "and echoes 4/9, 4/27, … of it after w, 2w, …",
    )
    d.refute(half / (1 + half), "=", (1 + q) / 2, because="the post's closure taken for the mean of both ends")


@post.claim("C4e", "What c_0 remembers: a box for the corrected closure, a decaying staircase for the post's")
def staircase(d: Derivation) -> None:
    sigma, w = d.positive("sigma w")
    t, k, J = d.real("t"), d.index("k"), d.natural("J")
    q = exp(-sigma * w)
    box = Integral(exp(-sigma * t) / w, (t, 0, w))
    d.state((1 - (1 + q) / (3 - q)) / (sigma * w), "=", sp.Rational(2, 3) * Sum((q / 3) ** k, (k, 0, J)) * box + 2 * (1 - q) * (q / 3) ** (J + 1) / (sigma * w * (3 - q)))
    d.state(2 * (1 - (1 + q) / 2) / (sigma * w), "=", box)
    value = d.have(box, "=", (1 - q) / (sigma * w), by="the Laplace transform of a box of height 1/w on [0, w)")
    d.start((1 - (1 + q) / (3 - q)) / (sigma * w))
    d.then(2 * (1 - q) / (sigma * w * (3 - q)), by="c_0 = (u - E)/(σw)")
    d.then(
        sp.Rational(2, 3) * Sum((q / 3) ** k, (k, 0, J)) * (1 - q) / (sigma * w)
        + 2 * (1 - q) * (q / 3) ** (J + 1) / (sigma * w * (3 - q)),
        by="the geometric series: a box of height 2/(3w) and copies of it, each a third of the one before",
    )
    d.then(
        sp.Rational(2, 3) * Sum((q / 3) ** k, (k, 0, J)) * box + 2 * (1 - q) * (q / 3) ** (J + 1) / (sigma * w * (3 - q)),
        by="the box in place of its transform",
        using=[value],
    )
    d.start(2 * (1 - (1 + q) / 2) / (sigma * w))
    d.then((1 - q) / (sigma * w), by="c_0 = 2 (u - E)/(σw)")
    d.then(box, by="the box in place of its transform", using=[value])
    d.refute((1 - (1 + q) / (3 - q)) / (sigma * w), "=", box, because="the post's matrix taken for a finite window: at 1.3 w its kernel is 2/(9w), not 0")
    d.refute(2 * (1 - (1 + q) / 2) / (sigma * w), "=", 2 * box, because="twice the box")


# -- C5, C6: the general scheme and the Legendre polynomials -------------------------------------------------------------


@post.claim("C5a", "The derivative of a HiPPO coefficient")
def coefficient_derivative(d: Derivation) -> None:
    x = notation(d)
    u, T, s = x.u, x.T, x.s
    a, b = d.real("a b")
    t, h, g = d.function("t h g")
    d.assume(a < b)
    d.assume(
        ForAll((T, s), Eq(Derivative(t(T, s), T), h(T, s) * Derivative(t(T, s), s))), text="h = ∂_T t / ∂_s t"
    )
    d.instance(t, lambda T, s: (s + 1) * T / 2)
    d.instance(h, lambda T, s: (s + 1) / T)
    c = Integral(u(t(T, s)) * g(s), (s, a, b))

    def field(s: Any) -> Any:
        return u(t(T, s)) * h(T, s) * g(s)

    result = field(b) - field(a) - Integral(u(t(T, s)) * Derivative(h(T, s) * g(s), s), (s, a, b))
    d.state(Derivative(c, T), "=", result)
    d.start(Derivative(c, T))
    d.then(Integral(Derivative(u(t(T, s)), T) * g(s), (s, a, b)), by="differentiate under the integral")
    d.then(Integral(h(T, s) * Derivative(u(t(T, s)), s) * g(s), (s, a, b)), by="∂_T u(t) = u'(t) ∂_T t = h u'(t) ∂_s t = h ∂_s u(t)")
    d.then(result, by=ByParts(field(s), s, a, b))
    d.refute(
        Derivative(c, T),
        "=",
        field(b) - Integral(u(t(T, s)) * Derivative(h(T, s) * g(s), s), (s, a, b)),
        because="boundary term at s = a missing",
    )
    d.refute(
        Derivative(c, T),
        "=",
        u(t(T, b)) / h(T, b) * g(b) - u(t(T, a)) / h(T, a) * g(a) - Integral(u(t(T, s)) * Derivative(g(s) / h(T, s), s), (s, a, b)),
        because="h = ∂_s t / ∂_T t",
        where=[a > 0],
    )


@post.claim("C5b", "The factor h of the sliding window, of the whole history, and of its powers")
def window_maps(d: Derivation) -> None:
    x = notation(d)
    T, w, s = x.T, x.w, x.s
    e = d.positive("e")
    d.assume(s > -1)
    maps = (
        ((s + 1) * w / 2 + T - w, 2 / w, "a window of length w"),
        ((s + 1) * T / 2, (s + 1) / T, "the whole history, evenly"),
        (T * ((s + 1) / 2) ** (1 / e), e * (s + 1) / T, "the whole history by a power; the post's T √s is e = 2"),
    )
    for t, h, why in maps:
        ratio = Derivative(t, T) / Derivative(t, s)
        d.state(ratio, "=", h)
        d.start(ratio)
        d.then(h, by=why)
        d.refute(Derivative(t, s) / Derivative(t, T), "=", h, because=f"h = ∂_s t / ∂_T t: {why}")


@post.claim("C6a", "Legendre polynomials: p'_{n+1} - p'_{n-1} = (2n+1) p_n")
def legendre_a(d: Derivation) -> None:
    s, n = d.real("s"), d.counting("n")
    lhs = Derivative(legendre(n + 1, s), s) - Derivative(legendre(n - 1, s), s)
    d.note("Bonnet's recursion and (s² - 1) p_n' = n (s p_n - p_{n-1}) define the polynomials here: the normal form has them.")
    d.state(lhs, "=", (2 * n + 1) * legendre(n, s))
    d.start(lhs)
    d.then((2 * n + 1) * legendre(n, s), by="Bonnet's recursion and the derivative by neighbours")
    d.refute(lhs, "=", (2 * n - 1) * legendre(n, s), because="2n-1")
    d.refute(
        Derivative(legendre(n + 1, s), s) + Derivative(legendre(n - 1, s), s), "=", (2 * n + 1) * legendre(n, s), because="sum of the derivatives"
    )


@post.claim("C6b", "Legendre polynomials: p'_{n+1} = (n+1) p_n + s p_n'")
def legendre_b(d: Derivation) -> None:
    s, n = d.real("s"), d.natural("n")
    rhs = (n + 1) * legendre(n, s) + s * Derivative(legendre(n, s), s)
    d.state(Derivative(legendre(n + 1, s), s), "=", rhs)
    d.start(Derivative(legendre(n + 1, s), s))
    d.then(rhs, by="Bonnet's recursion and the derivative by neighbours")
    d.refute(Derivative(legendre(n + 1, s), s), "=", n * legendre(n, s) + s * Derivative(legendre(n, s), s), because="n p_n")


@post.claim("C6c", "The derivative of a Legendre polynomial in Legendre polynomials")
def legendre_c(d: Derivation) -> None:
    p, s, n, k = legendre_family(d, "start", "a"), d.real("s"), d.natural("n"), d.index("k")
    rhs = Sum((2 * k + 1) * even(n - 1 - k) * p(k, s), (k, 0, n - 1))
    d.state(Derivative(p(n, s), s), "=", rhs)
    d.start(Derivative(p(n, s), s))
    d.then(rhs, by=Induction(n, 0, 2), why="telescope (a) down by 2 to p_0' = 0 and p_1' = p_0")
    d.refute(Derivative(p(n, s), s), "=", Sum((2 * k + 1) * p(k, s), (k, 0, n - 1)), because="without χ")
    d.refute(Derivative(p(n, s), s), "=", Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 1)), because="χ of the wrong parity")


@post.claim("C6d", "s p_n' in Legendre polynomials")
def legendre_d(d: Derivation) -> None:
    p, s, n, k = legendre_family(d, "start", "a", "b"), d.real("s"), d.natural("n"), d.index("k")
    lhs, tail = s * Derivative(p(n, s), s), Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 2))
    d.state(lhs, "=", n * p(n, s) + tail)
    d.start(lhs)
    d.then(Derivative(p(n + 1, s), s) - (n + 1) * p(n, s), by="identity (b)")
    d.then(Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n)) - (n + 1) * p(n, s), by="(c) for n+1", using=[legendre_c.at(n=n + 1, s=s)])
    d.then(n * p(n, s) + tail, by="the term k = n is (2n+1) p_n, the term k = n-1 vanishes")
    d.refute(lhs, "=", (n + 1) * p(n, s) + tail, because="leading (n+1) p_n")


@post.claim("C6e", "(s+1) p_n' in Legendre polynomials")
def legendre_e(d: Derivation) -> None:
    p, s, n, k = legendre_family(d, "start", "a", "b"), d.real("s"), d.natural("n"), d.index("k")
    lhs, total = (s + 1) * Derivative(p(n, s), s), Sum((2 * k + 1) * p(k, s), (k, 0, n))
    d.state(lhs, "=", total - (n + 1) * p(n, s))
    d.start(lhs)
    d.then(
        n * p(n, s) + Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 2)) + Derivative(p(n, s), s),
        by="identity (d)",
        using=[legendre_d.at(n=n, s=s)],
    )
    d.then(
        n * p(n, s) + Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 2)) + Sum((2 * k + 1) * even(n - 1 - k) * p(k, s), (k, 0, n - 1)),
        by="identity (c)",
        using=[legendre_c],
    )
    d.then(total - (n + 1) * p(n, s), by="χ_m + χ_{m-1} = 1: every k < n is met once")
    d.refute(lhs, "=", total - n * p(n, s), because="-n p_n")


@post.claim("C6f", "Legendre polynomials at the ends: p_n(±1) = (±1)^n")
def legendre_f(d: Derivation) -> None:
    p, n = legendre_family(d, "start", "Bonnet"), d.natural("n")
    d.state(p(n, 1), "=", 1)
    d.state(p(n, -1), "=", (-1) ** n)
    d.start(p(n, 1))
    d.then(1, by=Induction(n, 0, 2), why="Bonnet: (n+2) p_{n+2}(1) = (2n+3) - (n+1)")
    d.start(p(n, -1))
    d.then((-1) ** n, by=Induction(n, 0, 2), why="Bonnet at -1")
    d.refute(p(n, -1), "=", (-1) ** (n + 1), because="sign")
    d.refute(p(n, -1), "=", 1, because="p_n taken for even")


# -- C7: LegT ------------------------------------------------------------------------------------------------------------


def sliding(u: Any, p: Any, n: Any, x: SimpleNamespace) -> Any:
    """c_n(T) = ∫_{-1}^1 u((s+1)w/2 + T - w) g_n(s) ds."""
    return Integral(u((x.s + 1) * x.w / 2 + x.T - x.w) * normalised(p, n, x.s), (x.s, -1, 1))


def sliding_rate(n: Any, k: Any, w: Any, now: Any, far: Any, c: Any) -> Any:
    """The right side of the exact LegT equation, c(k) being the coefficients."""
    return sqrt(2) * r(n) / w * (now - (-1) ** n * far) - 2 * r(n) / w * Sum(r(k) * even(n - 1 - k) * c(k), (k, 0, n - 1))


def legt(n: Any, k: Any, N: Any, w: Any, c: Any) -> Any:
    """Σ_k A_nk c_k of LegT."""
    return -r(n) / w * (Sum(r(k) * c(k), (k, 0, n - 1)) + Sum((-1) ** (n - k) * r(k) * c(k), (k, n, N)))


@post.claim("C7a", "LegT: the exact equation of the sliding window")
def legt_exact(d: Derivation) -> None:
    x, p = notation(d), legendre_family(d, "start", "a", "Bonnet")
    u, T, w, s, n, k = x.u, x.T, x.w, x.s, x.n, x.k
    U = u((s + 1) * w / 2 + T - w)
    c = sliding(u, p, n, x)
    boundary = sqrt(2) * r(n) / w * (u(T) - (-1) ** n * u(T - w))
    result = sliding_rate(n, k, w, u(T), u(T - w), lambda k: sliding(u, p, k, x))
    d.state(Derivative(c, T), "=", result)
    d.start(Derivative(c, T))
    d.then(Integral(Derivative(U, T) * normalised(p, n, s), (s, -1, 1)), by="differentiate under the integral")
    d.then(
        2 / w * (normalised(p, n, 1) * u(T) - normalised(p, n, -1) * u(T - w))
        - 2 / w * Integral(U * Derivative(normalised(p, n, s), s), (s, -1, 1)),
        by=ByParts(2 / w * U * normalised(p, n, s), s, -1, 1),
        why="C5a with h = 2/w",
    )
    d.then(boundary - 2 / w * Integral(U * Derivative(normalised(p, n, s), s), (s, -1, 1)), by="p_n(±1) = (±1)^n", using=[legendre_f])
    d.then(result, by="(c): g_n' = r_n Σ_{k<n} r_k χ_{n-1-k} g_k", using=[legendre_c])
    wrong = sqrt(2) * r(n) / w * (u(T) - u(T - w))
    d.refute(Derivative(c, T), "=", result - boundary + wrong, because="p_n(-1) = 1")
    d.refute(Derivative(c, T), "=", boundary + (result - boundary) / 2, because="1/w in place of 2/w before the sum")
    d.refute(Derivative(c, T), "=", 2 * boundary - result, because="sign of the sum")


@post.claim("C7b", "LegT: closed by the reconstruction of the far end")
def legt_closed(d: Derivation) -> None:
    x = notation(d)
    w, n, N, k, c = x.w, x.n, x.N, x.k, x.c
    now, far = d.real("u_T u_far")
    d.assume(n <= N)
    d.assume(Eq(far, Sum((-1) ** k * r(k) / sqrt(2) * c[k], (k, 0, N))), text="the closure: u(T-w) is taken for Σ c_k g_k(-1)")
    rate = sliding_rate(n, k, w, now, far, lambda k: c[k])
    d.state(rate, "=", legt(n, k, N, w, lambda k: c[k]) + sqrt(2) * r(n) / w * now)
    d.start(rate)
    d.then(
        sqrt(2) * r(n) / w * now
        - r(n) / w * Sum((-1) ** (n - k) * r(k) * c[k], (k, 0, N))
        - 2 * r(n) / w * Sum(r(k) * even(n - 1 - k) * c[k], (k, 0, n - 1)),
        by="the closure",
    )
    d.then(
        legt(n, k, N, w, lambda k: c[k]) + sqrt(2) * r(n) / w * now,
        by="2χ_{m-1} + (-1)^m = 1 for m = n-k ≥ 1",
    )
    d.refute(
        rate,
        "=",
        -r(n) / w * (Sum((-1) ** (n - k) * r(k) * c[k], (k, 0, n)) + Sum(r(k) * c[k], (k, n + 1, N))) + sqrt(2) * r(n) / w * now,
        because="sign pattern transposed",
    )
    d.refute(rate, "=", 2 * legt(n, k, N, w, lambda k: c[k]) + sqrt(2) * r(n) / w * now, because="2/w in place of 1/w")
    d.refute(2 * even(n - 1 - k) + (-1) ** (n - k), "=", 0, because="2χ_{n-1-k} + (-1)^{n-k} = 0", where=[k >= 0, k < n])


@legt_closed.measured("kernels.hippo.hippo_matrix", against="the closed system, column by column")
def legt_matrix(m: Any) -> None:
    """Every entry of A and B of kind "legt" for three sizes and windows."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    for size, w in ((1, 1.0), (4, 0.75), (7, 3.0)):
        for dtype in (torch.float64, torch.float32):
            A, B = hippo_matrix("legt", size, window=w, dtype=dtype)
            _agree_with_system(m, m.statements[0].rhs, A, B, w=w)


def _agree_with_system(m: Any, system: Any, A: Any, B: Any, **values: float) -> None:
    """Compare a matrix and a column with the coefficients of a system Σ_k A_nk c_k + B_n u_T."""
    from derivable.numerics import rounding_bound

    free = {str(e): e for e in system.free_symbols}
    base, size = next(iter(system.atoms(sp.IndexedBase))), len(B)
    for n in range(size):
        for k in (*range(size), None):
            point = {free[name]: value for name, value in values.items()}
            point |= {free[name]: value for name, value in (("n", n), ("N", size - 1), ("u_T", int(k is None))) if name in free}
            point |= {base[j]: int(j == k) for j in range(size)}
            want = m.value(system, point)
            # a root, a product, a quotient by w, and the rounding to the dtype
            m.agree(B[n] if k is None else A[n, k], want, rounding_bound(A.dtype, 4, scale=float(abs(want))))


@post.claim("C7c", "LegT is exact where the window holds a polynomial of degree at most N")
def legt_polynomials(d: Derivation) -> None:
    x = notation(d)
    s, n, N, k, a = x.s, x.n, x.N, x.k, d.sequence("a")
    v, g = d.function("v g")
    i, j = d.index("i j")
    d.assume(ForAll((s,), Eq(v(s), Sum(a[k] * g(k, s), (k, 0, N)))), text="the window v(s) = u((s+1)w/2 + T - w) is a polynomial of degree at most N")
    d.assume(ForAll((i, j), Eq(Integral(g(i, s) * g(j, s), (s, -1, 1)), KroneckerDelta(i, j)), (i >= 0, j >= 0)), text="g_n is orthonormal")
    d.assume(ForAll((i,), Eq(g(i, -1), (-1) ** i * r(i) / sqrt(2)), (i >= 0,)), text="C6f")
    d.instance(g, lambda n, s: normalised(legendre, n, s))
    d.instance(v, lambda s: Sum(a[k] * normalised(legendre, k, s), (k, 0, N)))
    closure = Sum((-1) ** k * r(k) / sqrt(2) * Integral(v(s) * g(k, s), (s, -1, 1)), (k, 0, N))
    d.state(closure, "=", v(-1))
    d.start(closure)
    d.then(Sum((-1) ** k * r(k) / sqrt(2) * a[k], (k, 0, N)), by="c_k = a_k, by orthonormality")
    d.then(v(-1), by="g_k(-1) = (-1)^k r_k/√2, and v(-1) = u(T-w)")
    cube = Integral(((s + 1) * x.w / 2 + x.T - x.w) ** 3 * normalised(legendre, n, s), (s, -1, 1))
    d.refute(
        Sum((-1) ** n * r(n) / sqrt(2) * cube, (n, 0, 2)), "=", (x.T - x.w) ** 3, because="exact for all u: N = 2 and u = t³"
    )
    d.refute(closure, "=", v(1), because="the near end")


@post.claim("C7d", "The residual of LegT with N = 2 at u = t³")
def legt_residual(d: Derivation) -> None:
    x = notation(d)
    T, w, s = x.T, x.w, x.s

    def c(n: int) -> Any:
        return Integral(((s + 1) * w / 2 + T - w) ** 3 * normalised(legendre, n, s), (s, -1, 1))

    k = sp.Symbol("k", integer=True)
    terms = [Derivative(c(n), T) - legt(n, k, 2, w, _Explicit(c)) - sqrt(2) * r(n) / w * T**3 for n in range(3)]
    residual = ImmutableMatrix(terms)
    d.state(residual, "=", w**2 / 20 * ImmutableMatrix([sqrt(2), -sqrt(6), sqrt(10)]))
