"""The coefficients of a growing signal in an orthogonal basis obey a linear ODE: the HiPPO matrices.

Notation, the post's own: p_n are the Legendre polynomials, g_n = √((2n+1)/2) p_n is orthonormal on [-1, 1], r_n = √(2n+1),
χ_m = (1 + (-1)^m)/2 is 1 for even m and 0 for odd. A window s ↦ t(s) carries the history of u up to the time T to [-1, 1], or
to [0, 1] for the Fourier basis, and c_n(T) = ∫ u(t(s)) g_n(s) ds are the coefficients of u seen through it. States are numbered
from 0 to N.

The Legendre polynomials occur as a family p(n, s) of which only the relations listed in `legendre_family` are used; that SymPy's
`legendre(n, s)` satisfies them is claims C6a and C6b, and it is the model at which every statement is evaluated.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import sympy as sp
from sympy import (
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
    """Each entry is differentiated."""
    t = d.real("t")
    A = ImmutableMatrix([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, -1, 0]])
    x = ImmutableMatrix([exp(t), exp(-t), sp.sin(t), sp.cos(t)])
    rate = ImmutableMatrix([Derivative(e, t) for e in x])
    d.state(rate, "=", A * x)
    d.start(rate)
    d.then(ImmutableMatrix([exp(t), -exp(-t), sp.cos(t), -sp.sin(t)]), by="differentiate each entry")
    d.then(A * x, by="the entries are those of A x")
    swapped = ImmutableMatrix([exp(t), exp(-t), sp.cos(t), sp.sin(t)])
    d.refute(ImmutableMatrix([Derivative(e, t) for e in swapped]), "=", A * swapped, because="sine and cosine in the wrong order")
    symmetric = ImmutableMatrix([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    d.refute(rate, "=", symmetric * x, because="both off-diagonal entries +1")


@post.claim("C1b", "Its eigenvalues are ±1 and ±i")
def eigenvalues(d: Derivation) -> None:
    """The characteristic polynomial factors."""
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
        want = torch.linalg.inv(A) @ torch.tensor(
            [float(row[0]) for row in m.value(m.statements[0].rhs, {t: time})], dtype=torch.float64
        )
        # a Taylor polynomial of degree at most 18 and at most 2 squarings of a 4 × 4 matrix: 20 products of 4 terms in a row
        size = sp.exp(time)
        m.agree(got, want.tolist(), rounding_bound(torch.float64, 20 * 5, condition=float(size), scale=float(size)))


@post.claim("C2", "The best coefficients in an orthonormal basis are inner products", kind="optimum")
def best_coefficients(d: Derivation) -> None:
    """Expand the square, then complete squares: the error is its minimum plus Σ (c_n - ⟨u, g_n⟩)²."""
    x = notation(d)
    u, s, N, k, c = x.u, x.s, x.N, x.k, x.c
    g, i, j, m = d.function("g"), d.index("i"), d.index("j"), d.index("m")
    d.assume(
        ForAll((i, j), Eq(Integral(g(i, s) * g(j, s), (s, -1, 1)), KroneckerDelta(i, j)), (i >= 0, j >= 0)),
        text="the basis is orthonormal on [-1, 1], without a weight",
    )
    d.assume(m >= 0, m <= N)
    d.instance(g, lambda n, s: normalised(legendre, n, s))

    def inner(n: Any) -> Any:
        return Integral(u(s) * g(n, s), (s, -1, 1))

    d.note("The post's argmin, section 一般框架, omits c_0 from the coefficients that are varied; all of c_0, …, c_N are here.")
    error = Integral((u(s) - Sum(c[k] * g(k, s), (k, 0, N))) ** 2, (s, -1, 1))
    square = Integral(u(s) ** 2, (s, -1, 1))
    least = square - Sum(inner(k) ** 2, (k, 0, N))
    expanded = square - 2 * Sum(c[k] * inner(k), (k, 0, N)) + Sum(c[k] ** 2, (k, 0, N))

    def excess(first: Any, last: Any) -> Any:
        return Sum((c[k] - inner(k)) ** 2, (k, first, last))

    d.state(error, "=", least + excess(0, N))
    d.state(least, "<=", error)
    d.state((c[m] - inner(m)) ** 2, "<=", error - least)
    best = Integral((u(s) - Sum(inner(k) * g(k, s), (k, 0, N))) ** 2, (s, -1, 1))
    d.state(best, "=", least)
    d.start(error)
    d.then(expanded, by="expand; the g_n are orthonormal")
    d.then(least + excess(0, N), by="complete the squares")
    d.start(least)
    d.then(least + excess(0, N), "<=", by="squares are not negative")
    d.then(expanded, by="multiply the squares out")
    d.then(error, by="the expansion of the error")
    d.start((c[m] - inner(m)) ** 2)
    d.then(
        excess(0, m - 1) + (c[m] - inner(m)) ** 2 + excess(m + 1, N),
        "<=",
        by="squares are not negative: a coefficient other than ⟨u, g_m⟩ costs its distance squared, so the minimum is unique",
    )
    d.then(excess(0, N), by="the terms of one sum")
    d.then(expanded - least, by="multiply the squares out")
    d.then(error - least, by="the expansion of the error")
    d.start(best)
    d.then(least, by="the same expansion at c_n = ⟨u, g_n⟩")
    plain = Integral((u(s) - Sum(c[k] * legendre(k, s), (k, 0, N))) ** 2, (s, -1, 1))

    def plain_inner(n: Any) -> Any:
        return Integral(u(s) * legendre(n, s), (s, -1, 1))

    d.refute(
        plain,
        "=",
        square - Sum(plain_inner(k) ** 2, (k, 0, N)) + Sum((c[k] - plain_inner(k)) ** 2, (k, 0, N)),
        because="the orthogonal but not normalised p_n in place of g_n",
    )
    d.refute(error, "<=", least, because="the error of other coefficients not above the minimum")
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
    """Leibniz, then integration by parts over the period."""
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
    """The modes k and -k cancel, and c_0 is the mean."""
    x = notation(d)
    T, w, s, N, k = x.T, x.w, x.s, x.N, x.k
    alpha, beta = d.real("alpha beta")

    def u(t: Any) -> Any:
        return alpha + beta * t

    def c(k: Any) -> Any:
        return fourier(u, k, T, w, s)

    mean = (u(T) + u(T - w)) / 2
    total = Sum(c(k), (k, -N, N))
    d.state(total, "=", mean)
    wave = [
        d.have(
            Integral(s**j * exp(sign * 2 * pi * I * k * s), (s, 0, 1)),
            "=",
            -sign * j * I / (2 * pi * k),
            by=why,
            where=[Ne(k, 0)],
            forall=[k],
        )
        for sign in (-1, 1)
        for j, why in ((0, "e^{2πik} = 1 for an integer k"), (1, "integrate by parts"))
    ]
    parts = [Sum(Integral(s**j * exp(-2 * pi * I * k * s), (s, 0, 1)), (k, -N, N)) for j in (0, 1)]
    paired = [
        1 - j * HALF + Sum(Integral(s**j * (exp(-2 * pi * I * k * s) + exp(2 * pi * I * k * s)), (s, 0, 1)), (k, 1, N))
        for j in (0, 1)
    ]
    pairs = [
        d.have(part, "=", pair, by=Induction(N, 0), why="the modes k and -k together")
        for part, pair in zip(parts, paired, strict=True)
    ]
    d.start(total)
    d.then(
        (alpha + beta * (T - w)) * paired[0] + beta * w * paired[1], by="u is affine; the modes k and -k together", using=pairs
    )
    d.then(mean, by="k and -k cancel", using=wave)
    d.erratum(
        total,
        "=",
        u(T - w),
        section="线性初现",
        explanation="The periodic extension jumps at the ends of the window, where its Fourier series tends to the mean of both "
        "sides; for u(t) = t and T = w = 1 the sum is 1/2 for every N, not u(0) = 0. "
        "The post writes ≈, but the error does not go away as N → ∞. "
        "For a constant u both closures have the right fixed point.",
    )


dirichlet = Theorem(
    "Dirichlet–Jordan theorem",
    r"\lim_{N\to\infty}\sum_{|k|\le N}\int_0^1 f(s)e^{-2\pi iks}ds=\tfrac12\left[f(0^+)+f(1^-)\right]",
    reference="A. Zygmund, Trigonometric Series, II.8.1",
    hypotheses=("f is of bounded variation on [0, 1]",),
)


@post.claim("C4b", "The Fourier sum over a window tends to the mean of its two ends", kind="limit")
def fourier_ends(d: Derivation) -> None:
    """The theorem of Dirichlet and Jordan, cited."""
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
    """The closure, put into C3, leaves a diagonal and a rank-one term."""
    x = notation(d)
    w, N, k, n = x.w, x.N, x.k, d.integer("n")
    c = d.sequence("c", real=False)
    now, far = d.real("u_T u_far")
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
    A, _ = hippo_matrix("fout", 7, dtype=torch.complex128)
    for panel, part in (("real part of A, w = 1", A.real), ("imaginary part", A.imag)):
        m.heatmap(part, x_label="k", y_label="n", x=range(-3, 4), y=range(-3, 4), panel=panel)


@fourier_system.measured("kernels.hippo.hippo_matrix", against="the eigenvalues for 5 modes and w = 2, from the secular equation")
def fourier_eigenvalues(m: Any) -> None:
    """The roots of 1 + κ Σ 1/(λw - 2πin) = 0, n = -2..2, times its denominators; to four digits as the notes give them."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    known = {
        "mean": (-1.455, -1.099 + 2.621j, -1.099 - 2.621j, -0.6735 + 5.7182j, -0.6735 - 5.7182j),
        "post": (-0.5354, -0.5209 + 3.0636j, -0.5209 - 3.0636j, -0.4614 + 6.1209j, -0.4614 - 6.1209j),
    }
    y = sp.Symbol("y")
    for strength, closure in ((2, "mean"), (1, "post")):
        A, _ = hippo_matrix("fout", 5, window=2.0, closure=closure, dtype=torch.complex128)  # type: ignore[arg-type]
        got = sorted(torch.linalg.eigvals(A).tolist(), key=lambda e: round(e.imag, 6))
        # y = λw: the modes n and -n share the factor y² + 4π²n²
        factors = [y, *(y**2 + 4 * pi**2 * n**2 for n in (1, 2))]
        poles = [1, 2 * y, 2 * y]
        secular = sp.Mul(*factors) + strength * sum(
            pole * sp.Mul(*(f for f in factors if f is not factor)) for pole, factor in zip(poles, factors, strict=True)
        )
        roots = sp.Poly(sp.expand(secular), y).nroots(n=20)
        want = sorted((complex(root) / 2 for root in roots), key=lambda e: round(e.imag, 6))
        # distinct eigenvalues of a matrix of norm below 10, whose eigenvectors are far from dependent
        m.agree(got, want, 1e-12, dtype="complex128", note=closure)
        m.agree(got, sorted(known[closure], key=lambda e: complex(e).imag), 7.1e-4, dtype="complex128", note=f"{closure}, digits")


@post.claim("C4d", "For an affine signal the corrected Fourier system is exact, the post's is not")
def affine_system(d: Derivation) -> None:
    """For an affine signal the closure of C4a is exact, so the system is."""
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
    d.then(
        2 / w * (u(T) - Sum(c(k), (k, -N, N))) + 2 * pi * I * n / w * c(n),
        by="C4a for u(t(s)) = 1 and for u(t(s)) = s",
        using=[affine_closure.at(N=N, T=T, w=w, alpha=1, beta=0), affine_closure.at(N=N, T=T, w=w, alpha=1 - T / w, beta=1 / w)],
    )
    d.then(right, by="collect A_nk and B_n")
    d.erratum(
        Derivative(c(n), T),
        "=",
        fourier_closed(n, k, N, w, sp.Integer(1), u(T), c),
        section="线性初现",
        explanation="With u(T-w) ≈ Σ c_k the post gets A_nk = (2πin δ_nk - 1)/w and B_n = 1/w. "
        "The sum tends to the mean of both ends, "
        "so the rank-one term and B are too small by a factor of 2, and the system is no finite window (C4e, C4f). "
        "The post writes ≈, but the error does not go away as N → ∞. For a constant u both systems have the right fixed point.",
    )


z, mode = sp.Symbol("z", positive=True), sp.Symbol("k", integer=True)
resolvents = Theorem(
    "partial fractions of the hyperbolic cotangent",
    r"\sum_{k\ge1}\frac1{z^2+4\pi^2k^2}=\frac1{2z}\left(\frac12\coth\frac z2-\frac1z\right)",
    reference="DLMF 4.36.3",
    equation=Eq(Sum(1 / (z**2 + 4 * pi**2 * mode**2), (mode, 1, sp.oo)), (coth(z / 2) / 2 - 1 / z) / (2 * z)),
    variables=(z,),
)


@post.claim("C4e", "The post's closure answers with echoes: (1+q)/(3-q) in place of the delay q")
def echo(d: Derivation) -> None:
    """The Laplace transform of the closed loop, with Σ 1/(σ - 2πik) summed."""
    sigma, w = d.positive("sigma w")
    k, J = d.index("k"), d.natural("J")
    q = exp(-sigma * w)
    # Laplace transform of c_n' = κ (u - E)/w + 2πin c_n/w, E = Σ c_n:  c_n = κ (u - E)/(σw - 2πin)
    loop = 1 / (sigma * w) + Sum(2 * sigma * w / ((sigma * w) ** 2 + 4 * pi**2 * k**2), (k, 1, sp.oo))
    half = coth(sigma * w / 2) / 2
    d.note(
        "The limit N → ∞ is taken in the transfer function: the loop is the sum of 1/(σw - 2πin) over all n, not over |n| ≤ N."
    )
    d.have(loop, "=", half, by="Σ_n 1/(σw - 2πin), the modes n and -n together", using=[resolvents.at(z=sigma * w)])
    # facts rather than statements: a mutant of a quotient of infinite sums is neither refuted nor given up in reasonable time
    for strength in (1, 2):
        d.have(
            strength * loop / (1 + strength * loop),
            "=",
            strength * half / (1 + strength * half),
            by="E/u = κ loop/(1 + κ loop), the loop summed over all modes",
            using=[resolvents.at(z=sigma * w)],
        )
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
        explanation="With the post's closure Σ c_k is not the delayed signal (transfer function q = e^{-σw}) "
        "but a third of the signal now "
        "and echoes 4/9, 4/27, … of it after w, 2w, …",
    )
    d.refute(half / (1 + half), "=", (1 + q) / 2, because="the post's closure taken for the mean of both ends")


@post.claim("C4f", "What c_0 remembers: a box for the corrected closure, a decaying staircase for the post's")
def staircase(d: Derivation) -> None:
    """The transfer function from u to c_0 is that of a box, or of boxes that shrink by 3."""
    sigma, w = d.positive("sigma w")
    t, k, J = d.real("t"), d.index("k"), d.natural("J")
    q = exp(-sigma * w)
    box = Integral(exp(-sigma * t) / w, (t, 0, w))
    d.state(
        (1 - (1 + q) / (3 - q)) / (sigma * w),
        "=",
        sp.Rational(2, 3) * Sum((q / 3) ** k, (k, 0, J)) * box + 2 * (1 - q) * (q / 3) ** (J + 1) / (sigma * w * (3 - q)),
    )
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
    d.refute(
        (1 - (1 + q) / (3 - q)) / (sigma * w),
        "=",
        box,
        because="the post's matrix taken for a finite window: at 1.3 w its kernel is 2/(9w), not 0",
    )
    d.refute(2 * (1 - (1 + q) / 2) / (sigma * w), "=", 2 * box, because="twice the box")


@staircase.measured("kernels.hippo.hippo_matrix", against="the transfer functions from u to c_0 for infinitely many modes")
def fourier_memory(m: Any) -> None:
    """The entry n = 0 of (σI - A)⁻¹B for both closures, and the post's staircase over time as a plot."""
    import torch

    from derivable.kernels.hippo import hippo_matrix
    from derivable.numerics import rounding_bound

    sigma, w = sorted(m.statements[1].rhs.free_symbols, key=str)
    for strength, closure, wanted in ((1, "post", m.statements[0].lhs), (2, "mean", m.statements[1].rhs)):
        for modes in (40, 320):
            A, B = hippo_matrix("fout", 2 * modes + 1, window=0.75, closure=closure, dtype=torch.complex128)  # type: ignore[arg-type]
            for rate in (0.5, 2.0):
                system = rate * torch.eye(len(B)) - A
                got = torch.linalg.solve(system, B)[modes]
                # c_0 = κ/(σw) / (1 + κ S) with S = Σ 1/(σw - 2πik), whose tail beyond N is at most σw/(2π²N)
                truncated = strength**2 / (2 * sp.pi.n() ** 2 * modes)
                size = float(torch.linalg.norm(torch.linalg.inv(system), 1) * torch.linalg.norm(system, 1))
                rounded = rounding_bound(torch.float64, 4 * len(B), condition=size, scale=float(got.abs()))
                m.agree(complex(got), m.value(wanted, {sigma: rate, w: 0.75}), float(truncated) + rounded, note="tail included")
    A, B = hippo_matrix("fout", 161, closure="post", dtype=torch.complex128)
    step, x, memory = torch.linalg.matrix_exp(A / 32), B, []
    for _ in range(3 * 32):
        memory.append(float(x[80].real))
        x = step @ x
    m.plot([j / 32 for j in range(len(memory))], memory, x_label="t/w", y_label="memory of c_0", series="post, N = 80")


# -- C5, C6: the general scheme and the Legendre polynomials -------------------------------------------------------------


@post.claim("C5a", "The derivative of a HiPPO coefficient")
def coefficient_derivative(d: Derivation) -> None:
    """∂_T u(t) = h ∂_s u(t), then integration by parts."""
    x = notation(d)
    u, T, s = x.u, x.T, x.s
    a, b = d.real("a b")
    t, h, g = d.function("t h g")
    d.assume(a < b)
    d.assume(ForAll((T, s), Eq(Derivative(t(T, s), T), h(T, s) * Derivative(t(T, s), s))), text="h = ∂_T t / ∂_s t")
    d.instance(t, lambda T, s: (s + 1) * T / 2)
    d.instance(h, lambda T, s: (s + 1) / T)
    c = Integral(u(t(T, s)) * g(s), (s, a, b))

    def field(s: Any) -> Any:
        return u(t(T, s)) * h(T, s) * g(s)

    result = field(b) - field(a) - Integral(u(t(T, s)) * Derivative(h(T, s) * g(s), s), (s, a, b))
    d.state(Derivative(c, T), "=", result)
    d.start(Derivative(c, T))
    d.then(Integral(Derivative(u(t(T, s)), T) * g(s), (s, a, b)), by="differentiate under the integral")
    d.then(
        Integral(h(T, s) * Derivative(u(t(T, s)), s) * g(s), (s, a, b)), by="∂_T u(t) = u'(t) ∂_T t = h u'(t) ∂_s t = h ∂_s u(t)"
    )
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
        u(t(T, b)) / h(T, b) * g(b)
        - u(t(T, a)) / h(T, a) * g(a)
        - Integral(u(t(T, s)) * Derivative(g(s) / h(T, s), s), (s, a, b)),
        because="h = ∂_s t / ∂_T t",
        where=[a > 0],
    )


@post.claim("C5b", "The factor h of the sliding window, of the whole history, and of its powers")
def window_maps(d: Derivation) -> None:
    """Both partial derivatives of the map, divided."""
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
    """The normal form has Bonnet's recursion and the derivative."""
    s, n = d.real("s"), d.counting("n")
    lhs = Derivative(legendre(n + 1, s), s) - Derivative(legendre(n - 1, s), s)
    d.note("Bonnet's recursion and (s² - 1) p_n' = n (s p_n - p_{n-1}) define the polynomials here: the normal form has them.")
    d.state(lhs, "=", (2 * n + 1) * legendre(n, s))
    d.start(lhs)
    d.then((2 * n + 1) * legendre(n, s), by="Bonnet's recursion and the derivative by neighbours")
    d.refute(lhs, "=", (2 * n - 1) * legendre(n, s), because="2n-1")
    d.refute(
        Derivative(legendre(n + 1, s), s) + Derivative(legendre(n - 1, s), s),
        "=",
        (2 * n + 1) * legendre(n, s),
        because="sum of the derivatives",
    )


@post.claim("C6b", "Legendre polynomials: p'_{n+1} = (n+1) p_n + s p_n'")
def legendre_b(d: Derivation) -> None:
    """The normal form has Bonnet's recursion and the derivative."""
    s, n = d.real("s"), d.natural("n")
    rhs = (n + 1) * legendre(n, s) + s * Derivative(legendre(n, s), s)
    d.state(Derivative(legendre(n + 1, s), s), "=", rhs)
    d.start(Derivative(legendre(n + 1, s), s))
    d.then(rhs, by="Bonnet's recursion and the derivative by neighbours")
    d.refute(Derivative(legendre(n + 1, s), s), "=", n * legendre(n, s) + s * Derivative(legendre(n, s), s), because="n p_n")


@post.claim("C6c", "The derivative of a Legendre polynomial in Legendre polynomials")
def legendre_c(d: Derivation) -> None:
    """Induction by steps of two on (a)."""
    p, s, n, k = legendre_family(d, "start", "a"), d.real("s"), d.natural("n"), d.index("k")
    rhs = Sum((2 * k + 1) * even(n - 1 - k) * p(k, s), (k, 0, n - 1))
    d.state(Derivative(p(n, s), s), "=", rhs)
    d.start(Derivative(p(n, s), s))
    d.then(rhs, by=Induction(n, 0, 2), why="telescope (a) down by 2 to p_0' = 0 and p_1' = p_0")
    d.refute(Derivative(p(n, s), s), "=", Sum((2 * k + 1) * p(k, s), (k, 0, n - 1)), because="without χ")
    d.refute(
        Derivative(p(n, s), s), "=", Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 1)), because="χ of the wrong parity"
    )


@post.claim("C6d", "s p_n' in Legendre polynomials")
def legendre_d(d: Derivation) -> None:
    """(c) minus (b)."""
    p, s, n, k = legendre_family(d, "start", "a", "b"), d.real("s"), d.natural("n"), d.index("k")
    lhs, tail = s * Derivative(p(n, s), s), Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 2))
    d.state(lhs, "=", n * p(n, s) + tail)
    d.start(lhs)
    d.then(Derivative(p(n + 1, s), s) - (n + 1) * p(n, s), by="identity (b)")
    d.then(
        Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n)) - (n + 1) * p(n, s),
        by="(c) for n+1",
        using=[legendre_c.at(n=n + 1, s=s)],
    )
    d.then(n * p(n, s) + tail, by="the term k = n is (2n+1) p_n, the term k = n-1 vanishes")
    d.refute(lhs, "=", (n + 1) * p(n, s) + tail, because="leading (n+1) p_n")


@post.claim("C6e", "(s+1) p_n' in Legendre polynomials")
def legendre_e(d: Derivation) -> None:
    """(d) plus (c) one degree lower."""
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
        n * p(n, s)
        + Sum((2 * k + 1) * even(n - k) * p(k, s), (k, 0, n - 2))
        + Sum((2 * k + 1) * even(n - 1 - k) * p(k, s), (k, 0, n - 1)),
        by="identity (c)",
        using=[legendre_c],
    )
    d.then(total - (n + 1) * p(n, s), by="χ_m + χ_{m-1} = 1: every k < n is met once")
    d.refute(lhs, "=", total - n * p(n, s), because="-n p_n")


@post.claim("C6f", "Legendre polynomials at the ends: p_n(±1) = (±1)^n")
def legendre_f(d: Derivation) -> None:
    """Induction by steps of two on Bonnet's recursion."""
    p, n = legendre_family(d, "start", "Bonnet"), d.natural("n")
    d.state(p(n, 1), "=", 1)
    d.state(p(n, -1), "=", (-1) ** n)
    d.start(p(n, 1))
    d.then(1, by=Induction(n, 0, 2), why="Bonnet: (n+2) p_{n+2}(1) = (2n+3) - (n+1)")
    d.start(p(n, -1))
    d.then((-1) ** n, by=Induction(n, 0, 2), why="Bonnet at -1")
    d.refute(p(n, -1), "=", (-1) ** (n + 1), because="sign")
    d.refute(p(n, -1), "=", 1, because="p_n taken for even")


@post.claim("C6g", "Legendre polynomials of different degree are orthogonal")
def legendre_orthogonal(d: Derivation) -> None:
    """Legendre's equation in its self-adjoint form."""
    s = d.real("s")
    n, m = d.natural("n m")
    d.assume(Ne(n, m))
    product = Integral(legendre(n, s) * legendre(m, s), (s, -1, 1))

    def slope(n: Any) -> Any:
        return (n + 1) * (s * legendre(n, s) - legendre(n + 1, s))

    d.state(product, "=", 0)
    d.start(product)
    d.then(
        0,
        by=ByParts((slope(n) * legendre(m, s) - slope(m) * legendre(n, s)) / ((m - n) * (n + m + 1)), s, -1, 1),
        why="(1-s²)(p_n' p_m - p_n p_m') vanishes at ±1, and its derivative is (m-n)(n+m+1) p_n p_m",
    )
    d.refute(Integral(s * legendre(n, s) * legendre(m, s), (s, -1, 1)), "=", 0, because="orthogonal for the weight s")


@post.claim("C6h", "g_n = √((2n+1)/2) p_n has norm 1, p_n has not")
def legendre_norm(d: Derivation) -> None:
    """(2n+3) ‖p_{n+1}‖² = (2n+1) ‖p_n‖² from the recursion and orthogonality."""
    s = d.real("s")
    n, j = d.index("n j")
    d.assume(n >= 1, j >= 1)

    def product(n: Any, m: Any) -> Any:
        return Integral(legendre(n, s) * legendre(m, s), (s, -1, 1))

    d.note("For n = 0 the statement is ∫ 1/2 = 1.")
    step = d.have(
        product(j + 1, j + 1),
        "=",
        (2 * j + 1) * product(j, j) / (2 * j + 3),
        by="Bonnet's recursion under ∫ s p_j p_{j+1}, twice",
        using=[legendre_orthogonal.at(n=j + 1, m=j - 1), legendre_orthogonal.at(n=j + 2, m=j)],
        forall=[j],
        where=[j >= 1],
    )
    square = d.have(product(n, n), "=", 2 / (2 * n + 1), by=Induction(n, 1), why="from n to n+1; ∫ s² = 2/3", using=[step])
    norm = Integral(normalised(legendre, n, s) ** 2, (s, -1, 1))
    d.state(norm, "=", 1)
    d.start(norm)
    d.then((2 * n + 1) * product(n, n) / 2, by="g_n² = (2n+1)/2 p_n²")
    d.then(1, by="the norm of p_n", using=[square])
    d.refute(
        product(n, n),
        "=",
        1,
        because="p_n itself, normalisation included, taken for what Gram–Schmidt yields: that is ±g_n, or the monic multiple",
    )


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
    """C5a with h = 2/w, the ends by (f), g_n' by (c)."""
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
    d.then(
        boundary - 2 / w * Integral(U * Derivative(normalised(p, n, s), s), (s, -1, 1)), by="p_n(±1) = (±1)^n", using=[legendre_f]
    )
    d.then(result, by="(c): g_n' = r_n Σ_{k<n} r_k χ_{n-1-k} g_k", using=[legendre_c])
    wrong = sqrt(2) * r(n) / w * (u(T) - u(T - w))
    d.refute(Derivative(c, T), "=", result - boundary + wrong, because="p_n(-1) = 1")
    d.refute(Derivative(c, T), "=", boundary + (result - boundary) / 2, because="1/w in place of 2/w before the sum")
    d.refute(Derivative(c, T), "=", 2 * boundary - result, because="sign of the sum")


@post.claim("C7b", "LegT: closed by the reconstruction of the far end")
def legt_closed(d: Derivation) -> None:
    """The reconstruction at s = -1 in place of u(T-w); two parity cases make one sign pattern."""
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
    for panel, kind in (("A of LegT, w = 1", "legt"), ("A of LegS", "legs")):
        m.heatmap(hippo_matrix(kind, 16, dtype=torch.float64)[0], x_label="k", y_label="n", panel=panel)  # type: ignore[arg-type]


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
    """Then the reconstruction is the polynomial itself."""
    x = notation(d)
    s, n, N, k, a = x.s, x.n, x.N, x.k, d.sequence("a")
    v, g = d.function("v g")
    i, j = d.index("i j")
    d.assume(
        ForAll((s,), Eq(v(s), Sum(a[k] * g(k, s), (k, 0, N)))),
        text="the window v(s) = u((s+1)w/2 + T - w) is a polynomial of degree at most N",
    )
    d.assume(
        ForAll((i, j), Eq(Integral(g(i, s) * g(j, s), (s, -1, 1)), KroneckerDelta(i, j)), (i >= 0, j >= 0)),
        text="g_n is orthonormal",
    )
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
    """One degree more than N, and the closure fails by a multiple of w²."""
    x = notation(d)
    T, w, s, k = x.T, x.w, x.s, x.k

    def c(n: Any) -> Any:
        return Integral(((s + 1) * w / 2 + T - w) ** 3 * normalised(legendre, n, s), (s, -1, 1))

    def residual(closed: Any) -> ImmutableMatrix:
        return ImmutableMatrix([Derivative(c(n), T) - closed(n) - sqrt(2) * r(n) / w * T**3 for n in range(3)])

    left = residual(lambda n: legt(n, k, 2, w, c))
    value = w**2 / 20 * ImmutableMatrix([sqrt(2), -sqrt(6), sqrt(10)])
    d.state(left, "=", value)
    d.start(left)
    d.then(value, by="integrals of polynomials")
    d.refute(left, "=", ImmutableMatrix([0, 0, 0]), because="LegT exact for all u")


def transfer(d: int) -> tuple[Any, Any]:
    """Numerator and denominator of the transfer function from u to the closure Σ c_k g_k(-1), for d states and w = 1.

    In the scaling λ_n = √(2/(2n+1)) of C8 all entries are integers: the closure is Σ (-1)^k c̃_k, B_n = 2n+1.
    """
    sigma = sp.Symbol("sigma")
    A = sp.Matrix(d, d, lambda n, k: -(2 * n + 1) * (1 if k < n else (-1) ** ((n - k) % 2)))
    B, C = sp.Matrix(d, 1, lambda n, _: 2 * n + 1), sp.Matrix(1, d, lambda _, k: (-1) ** k)
    domain = sp.polys.matrices.DomainMatrix.from_Matrix(sigma * sp.eye(d) - A).convert_to(sp.QQ[sigma])
    below = domain.charpoly()[-1] * (-1) ** d
    above = (C * domain.adjugate().to_Matrix() * B)[0] if d > 1 else B[0] * C[0]
    return sp.Poly(above, sigma), sp.Poly(domain.domain.to_sympy(below), sigma)


def mismatch(d: int) -> int:
    """The first order at which Taylor's series of the transfer function and of e^{-σ} differ."""
    above, below = transfer(d)
    sigma, order = above.gen, 2 * d + 2
    taylor = sp.Poly([sp.Rational((-1) ** j, sp.factorial(j)) for j in range(order, -1, -1)], sigma)
    difference = (above - below * taylor).all_coeffs()[::-1]
    return next(j for j, c in enumerate(difference) if c != 0)


@post.claim("C7e", "LegT answers to u with a Padé approximant of the delay")
def legt_pade(d: Derivation) -> None:
    """Exact rational functions, size by size."""
    d.note("Concrete d, in exact rational arithmetic: a proof for all d would need the Padé table of the exponential.")
    sizes = range(1, 7)

    def is_pade(size: int) -> bool:
        above, below = transfer(size)
        return below.degree() == size and above.degree() <= size - 1 and mismatch(size) == 2 * size

    d.exhaust(
        r"C(\sigma I-A)^{-1}B=[d-1/d]_{e^{-\sigma w}}:\ "
        r"\text{Taylor's series agree through order } 2d-1 \text{ and differ at } 2d",
        sizes,
        is_pade,
        bound="d ≤ 6",
        by="the determinant and the adjugate of σI - A over ℚ[σ]",
    )
    d.refute_exhaustively(
        r"\text{agreement through order } 2d", sizes, lambda size: mismatch(size) > 2 * size, because="one order more"
    )

    def is_ratio(size: int, sign: int) -> bool:
        above, below = transfer(size)
        sigma = above.gen
        return bool(sp.cancel(above / below - (6 + 2 * sign * sigma) / (sigma**2 + 4 * sigma + 6)) == 0)

    d.exhaust(
        r"C(\sigma I-A)^{-1}B=\frac{6-2\sigma}{\sigma^2+4\sigma+6}\ (d=2,\ w=1)",
        [2],
        lambda size: is_ratio(size, -1),
        bound="d = 2",
        by="the determinant and the adjugate of σI - A over ℚ[σ]",
    )
    d.refute_exhaustively(
        r"C(\sigma I-A)^{-1}B=\frac{6+2\sigma}{\sigma^2+4\sigma+6}\ (d=2,\ w=1)",
        [2],
        lambda size: is_ratio(size, 1),
        because="sign of σ in the numerator",
    )


def legt_entry(n: Any, k: Any, w: Any) -> Any:
    """A_nk of LegT."""
    return -r(n) * r(k) / w * Piecewise((1, k < n), ((-1) ** (n - k), True))


@post.claim("C7f", "The symmetric part of the LegT matrix has rank 2")
def legt_symmetric(d: Derivation) -> None:
    """Entry by entry, below the diagonal and on it."""
    n, k, w = d.natural("n"), d.natural("k"), d.positive("w")
    d.assume(k < n)

    def two_squares(n: Any, k: Any) -> Any:
        """The entry of v_e v_eᵀ + v_o v_oᵀ, with the even and the odd part of (r_n)."""
        return r(n) * r(k) * (even(n) * even(k) + even(n + 1) * even(k + 1))

    left = legt_entry(n, k, w) + legt_entry(k, n, w)
    d.state(left, "=", -2 / w * two_squares(n, k))
    d.state(2 * legt_entry(n, n, w), "=", -2 / w * two_squares(n, n))
    d.start(left)
    d.then(-2 / w * r(n) * r(k) * even(n - k), by="1 + (-1)^{n-k} = 2χ_{n-k}")
    d.then(-2 / w * two_squares(n, k), by="n - k is even if both are even or both are odd")
    d.start(2 * legt_entry(n, n, w))
    d.then(-2 / w * two_squares(n, n), by="χ_n² + χ_{n+1}² = 1")
    d.refute(left, "=", -2 / w * r(n) * r(k) * even(n) * even(k), because="rank 1")
    d.refute(left, "=", -2 / w * r(n) * r(k), because="without χ")


# -- C8: other scalings of the coefficients ------------------------------------------------------------------------------


def rescaled(n: Any, k: Any, N: Any, w: Any, scale: Any, c: Any, now: Any) -> Any:
    """The rate of c̃_n = c_n/λ_n under LegT."""
    return (legt(n, k, N, w, lambda k: scale(k) * c[k]) + sqrt(2) * r(n) / w * now) / scale(n)


def square_free(n: Any, k: Any, N: Any, w: Any, c: Any, now: Any) -> Any:
    """The LegT system free of square roots."""
    pattern = Sum(c[k], (k, 0, n - 1)) + Sum((-1) ** (n - k) * c[k], (k, n, N))
    return (2 * n + 1) / w * (now - pattern)


@post.claim("C8a", "Rescaled coefficients: Λ⁻¹AΛ and Λ⁻¹B")
def rescaling(d: Derivation) -> None:
    """Row n over λ_n, column k times λ_k."""
    N, n, k, now = d.natural("N"), d.natural("n"), d.index("k"), d.real("u_T")
    A, B, c = d.sequence("A B c")
    scale = d.sequence("lambda", positive=True)
    rate = (Sum(A[n, k] * (scale[k] * c[k]), (k, 0, N)) + B[n] * now) / scale[n]
    right = Sum(A[n, k] * scale[k] / scale[n] * c[k], (k, 0, N)) + B[n] / scale[n] * now
    d.state(rate, "=", right)
    d.start(rate)
    d.then(right, by="c̃_n' = c_n'/λ_n, and c_k = λ_k c̃_k")
    d.refute(rate, "=", Sum(A[n, k] * scale[n] / scale[k] * c[k], (k, 0, N)) + B[n] / scale[n] * now, because="ΛAΛ⁻¹")
    d.refute(rate, "=", Sum(A[n, k] * scale[k] / scale[n] * c[k], (k, 0, N)) + B[n] * scale[n] * now, because="ΛB")


@post.claim("C8b", "LegT in the paper's scaling λ_n = √2")
def paper_scaling(d: Derivation) -> None:
    """C8a with a constant λ."""
    x = notation(d)
    w, n, N, k, c, now = x.w, x.n, x.N, x.k, x.c, d.real("u_T")
    d.assume(n <= N)
    left = rescaled(n, k, N, w, lambda n: sqrt(2), c, now)
    right = legt(n, k, N, w, lambda k: c[k]) + r(n) / w * now
    d.state(left, "=", right)
    d.start(left)
    d.then(right, by="A is unchanged, B loses √2")
    d.refute(left, "=", legt(n, k, N, w, lambda k: c[k]) + sqrt(2) * r(n) / w * now, because="B unchanged")


@paper_scaling.measured("kernels.hippo.hippo_matrix", against="the system in the paper's scaling")
def paper_matrix(m: Any) -> None:
    """Every entry for two windows."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    for size, w in ((3, 2.0), (6, 0.7)):
        A, B = hippo_matrix("legt", size, window=w, scaling="paper", dtype=torch.float64)
        _agree_with_system(m, m.statements[0].rhs, A, B, w=w)


@post.claim("C8c", "LegT without square roots needs λ_n = √(2/(2n+1))")
def square_free_scaling(d: Derivation) -> None:
    """C8a with λ_n = √2/r_n."""
    x = notation(d)
    w, n, N, k, c, now = x.w, x.n, x.N, x.k, x.c, d.real("u_T")
    d.assume(n <= N)
    left = rescaled(n, k, N, w, lambda n: sqrt(2) / r(n), c, now)
    right = square_free(n, k, N, w, c, now)
    d.state(left, "=", right)
    d.start(left)
    d.then(right, by="λ_k/λ_n = r_n/r_k and √2 r_n/λ_n = 2n+1")
    d.erratum(
        rescaled(n, k, N, w, lambda n: 2 / r(n), c, now),
        "=",
        right,
        section="邻近窗口",
        explanation="The post takes λ_n = 2/√(2n+1), which gives B_n = (2n+1)/(√2 w): A is right, B too small by √2. "
        "A constant factor in B only rescales the state. "
        "In section 整个区间 it has the right λ_n = √(2/(2n+1)).",
    )


@square_free_scaling.measured("kernels.hippo.hippo_matrix", against="the system without square roots")
def square_free_matrix(m: Any) -> None:
    """Every entry for two windows."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    for size, w in ((3, 2.0), (6, 0.7)):
        A, B = hippo_matrix("legt", size, window=w, scaling="lmu", dtype=torch.float64)
        _agree_with_system(m, m.statements[0].rhs, A, B, w=w)


@post.claim("C8d", "The published LMU matrices are this form in a time-reversed basis")
def lmu(d: Derivation) -> None:
    """Conjugation by diag((-1)^n)."""
    x = notation(d)
    w, n, N, k, c, now = x.w, x.n, x.N, x.k, x.c, d.real("u_T")
    d.assume(n <= N)
    # a_nk = (2n+1)/w {-1 (n<k); (-1)^{n-k+1} (n≥k)},  b_n = (2n+1)(-1)^n/w, applied to (-1)^k c_k
    flipped = Sum((-1) ** (n - k + 1) * (-1) ** k * c[k], (k, 0, n)) - Sum((-1) ** k * c[k], (k, n + 1, N))
    left = (-1) ** n * ((2 * n + 1) / w * flipped + (2 * n + 1) * (-1) ** n / w * now)
    right = square_free(n, k, N, w, c, now)
    d.state(left, "=", right)
    d.start(left)
    d.then(right, by="conjugate by diag((-1)^n)")
    published = Sum((-1) ** (n - k + 1) * c[k], (k, 0, n)) - Sum(c[k], (k, n + 1, N))
    d.erratum(
        (2 * n + 1) / w * published + (2 * n + 1) * (-1) ** n / w * now,
        "=",
        right,
        section="邻近窗口",
        kind="loose",
        explanation="The post calls the form without square roots the LMU's result; "
        "LMU's own matrices are it conjugated by diag((-1)^n): "
        "the basis runs backwards in time, B_1 = -3/w against 3/w.",
    )


# -- C9: LegS ------------------------------------------------------------------------------------------------------------


def history(u: Any, p: Any, n: Any, x: SimpleNamespace) -> Any:
    """c_n(T) = ∫_{-1}^1 u((s+1)T/2) g_n(s) ds."""
    return Integral(u((x.s + 1) * x.T / 2) * normalised(p, n, x.s), (x.s, -1, 1))


def legs(n: Any, k: Any, c: Any) -> Any:
    """Σ_k A_nk c_k of LegS."""
    return n * c(n) - Sum(r(n) * r(k) * c(k), (k, 0, n))


@post.claim("C9a", "LegS: the whole history obeys a closed system exactly")
def legs_exact(d: Derivation) -> None:
    """C5a with h = (s+1)/T, the ends by (f), (s+1) g_n' by (e): nothing is left to close."""
    x, p = notation(d), legendre_family(d, "start", "a", "b", "Bonnet")
    u, T, s, n, k = x.u, x.T, x.s, x.n, x.k
    U, g = u((s + 1) * T / 2), normalised(p, n, s)

    def c(n: Any) -> Any:
        return history(u, p, n, x)

    d.note("In section 整个区间 the post refers to the LegT equation where it means this one, of LegS.")
    result = (legs(n, k, c) + sqrt(2) * r(n) * u(T)) / T
    expansion = d.have(
        Derivative(p(n, s), s),
        "=",
        (Sum((2 * k + 1) * p(k, s), (k, 0, n)) - (n + 1) * p(n, s)) / (s + 1),
        by="identity (e) over s+1",
        using=[legendre_e.at(n=n, s=s)],
        forall=[n, s],
    )
    d.state(Derivative(c(n), T), "=", result)
    d.start(Derivative(c(n), T))
    d.then(Integral((s + 1) / T * Derivative(U, s) * g, (s, -1, 1)), by="differentiate under the integral; h = (s+1)/T")
    d.then(
        2 * normalised(p, n, 1) * u(T) / T - Integral(U * Derivative((s + 1) * g, s), (s, -1, 1)) / T,
        by=ByParts((s + 1) / T * U * g, s, -1, 1),
        why="C5a with h = (s+1)/T, which vanishes at s = -1",
    )
    d.then(
        sqrt(2) * r(n) * u(T) / T - Integral(U * Derivative((s + 1) * g, s), (s, -1, 1)) / T, by="p_n(1) = 1", using=[legendre_f]
    )
    d.then(result, by="(e): (s+1) g_n' = -(n+1) g_n + r_n Σ_{k≤n} r_k g_k", using=[expansion])
    d.refute(
        Derivative(c(n), T), "=", (-Sum(r(n) * r(k) * c(k), (k, 0, n)) + sqrt(2) * r(n) * u(T)) / T, because="diagonal -(2n+1)"
    )
    d.refute(
        Derivative(c(n), T),
        "=",
        (-(n + 1) * c(n) - Sum(r(n) * r(k) * c(k), (k, n + 1, n + 3)) + sqrt(2) * r(n) * u(T)) / T,
        because="upper triangle in place of the lower",
    )
    d.refute(Derivative(c(n), T), "=", T * result, because="x' = Ax + Bu, without 1/t")


@legs_exact.measured("kernels.hippo.hippo_matrix", against="d/dT of the integrals c_n for u = t⁷ and u = cos 3t + 3t²/10")
def legs_matrix(m: Any) -> None:
    """(Ax + Bu)/T of the kernel against the derivative of the coefficients, for d = 1, 3, 9: no truncation error in any."""
    import torch

    from derivable.kernels.hippo import hippo_matrix
    from derivable.numerics import rounding_bound

    t, T, s = sp.Symbol("t", real=True), sp.Symbol("T", positive=True), sp.Symbol("s", real=True)
    signals = (t**7, sp.cos(3 * t) + sp.Rational(3, 10) * t**2)
    for u in signals:
        inside = u.subs(t, (s + 1) * T / 2)
        integrals = [Integral(inside * normalised(legendre, n, s), (s, -1, 1)) for n in range(9)]
        x = torch.tensor([float(m.value(c, {T: 2})) for c in integrals], dtype=torch.float64)
        rate = [m.value(Derivative(c, T), {T: 2}) for c in integrals]
        now = float(m.value(u, {t: 2}))
        for size in (1, 3, 9):
            A, B = hippo_matrix("legs", size, dtype=torch.float64)
            got = (A @ x[:size] + B * now) / 2
            # rounded inputs, two roundings an entry, a sum of size + 1 products
            scale = float((A.abs() @ x[:size].abs() + B.abs() * abs(now)).max()) / 2
            m.agree(got, rate[:size], rounding_bound(torch.float64, size + 6, scale=scale))
    for panel, memory in memories(25).items():
        for series, values in memory.items():
            m.plot(values[0], values[1], x_label="t", y_label="u", series=series, panel=panel)


def memories(size: int, until: float = 2.0) -> dict[str, dict[str, tuple[Any, Any]]]:
    """What so many coefficients tell of a signal: all of it under LegS, the last unit of time under the others."""
    import torch

    from derivable.kernels.hippo_stepping import hippo_online
    from derivable.kernels.legendre import legendre_reconstruct

    steps = 4000
    t = torch.arange(1, steps + 1, dtype=torch.float64) * until / steps
    u = torch.sin(4 * t) + 0.5 * torch.sin(19 * t) * (t > 0.6) + 0.4 * t
    s = torch.linspace(-1, 1, 101, dtype=torch.float64)
    modes = torch.arange(-(size // 2), size // 2 + 1)
    waves = torch.exp(1j * torch.pi * modes * (s[:, None] + 1))
    found: dict[str, dict[str, tuple[Any, Any]]] = {}
    for panel, kind, options in (
        ("LegS: all of [0, T]", "legs", {}),
        ("LegT: the last unit", "legt", {"step": until / steps, "window": 1.0}),
        ("Fourier, the post's closure", "fout", {"step": until / steps, "window": 1.0, "closure": "post"}),
        ("Fourier, corrected closure", "fout", {"step": until / steps, "window": 1.0, "closure": "mean"}),
    ):
        c = hippo_online(u[:, None], kind, size, **options)[-1, 0]  # type: ignore[arg-type]
        span = until if kind == "legs" else 1.0
        values = (waves @ c).real if kind == "fout" else legendre_reconstruct(c, s)
        found[panel] = {"signal": (t[19::40], u[19::40]), f"{size} coefficients": (until - span + (s + 1) * span / 2, values)}
    return found


@post.claim("C9b", "LegS in the scalings λ_n = √2 and λ_n = √(2/(2n+1))")
def legs_scalings(d: Derivation) -> None:
    """C8a for LegS."""
    n, k, c, now = d.natural("n"), d.index("k"), d.sequence("c"), d.real("u_T")

    def scaled(scale: Any) -> Any:
        return (legs(n, k, lambda k: scale(k) * c[k]) + sqrt(2) * r(n) * now) / scale(n)

    paper = legs(n, k, lambda k: c[k]) + r(n) * now
    plain = -(2 * n + 1) * Sum(c[k], (k, 0, n - 1)) - (n + 1) * c[n] + (2 * n + 1) * now
    d.state(scaled(lambda n: sqrt(2)), "=", paper)
    d.state(scaled(lambda n: sqrt(2) / r(n)), "=", plain)
    d.start(scaled(lambda n: sqrt(2)))
    d.then(paper, by="A is unchanged, B_n = r_n")
    d.start(scaled(lambda n: sqrt(2) / r(n)))
    d.then(plain, by="λ_k/λ_n = r_n/r_k: A_nk = -(2n+1) below the diagonal, -(n+1) on it, B_n = 2n+1")
    d.refute(scaled(lambda n: 2 / r(n)), "=", plain, because="λ_n = 2/√(2n+1), the slip of section 邻近窗口")
    d.refute(scaled(lambda n: sqrt(2)), "=", legs(n, k, lambda k: c[k]) + sqrt(2) * r(n) * now, because="B unchanged")


@legs_scalings.measured("kernels.hippo.hippo_matrix", against="both rescaled systems, column by column")
def legs_scaled_matrices(m: Any) -> None:
    """Every entry of kind "legs" for d = 6."""
    import torch

    from derivable.kernels.hippo import hippo_matrix

    for statement, scaling in zip(m.statements, ("paper", "lmu"), strict=True):
        for dtype in (torch.float64, torch.float32):
            A, B = hippo_matrix("legs", 6, scaling=scaling, dtype=dtype)  # type: ignore[arg-type]
            _agree_with_system(m, statement.rhs, A, B)


@post.claim("C5c", "Power maps of the whole history have the LegS matrices, times the power")
def power_history(d: Derivation) -> None:
    """As for LegS, with h larger by the power."""
    x, p = notation(d), legendre_family(d, "start", "a", "b", "Bonnet")
    T, s, n, k = x.T, x.s, x.n, x.k
    e, U = d.positive("e"), d.function("U")
    d.note(
        "Not in the post. The map is t = T ((s+1)/2)^{1/e}, and U(T, s) = u(t(T, s)), so that U(T, 1) = u(T): e = 1 is LegS, "
        "e = 2 is the post's T √s."
    )
    d.assume(
        ForAll((T, s), Eq(Derivative(U(T, s), T), e * (s + 1) / T * Derivative(U(T, s), s))),
        text="U(T, s) = u(t(T, s)), with h = e (s+1)/T by C5b",
    )
    d.instance(U, lambda T, s: 1 + (s + 1) * T**e)

    def c(n: Any) -> Any:
        return Integral(U(T, s) * normalised(p, n, s), (s, -1, 1))

    expansion = d.have(
        Derivative(p(n, s), s),
        "=",
        (Sum((2 * k + 1) * p(k, s), (k, 0, n)) - (n + 1) * p(n, s)) / (s + 1),
        by="identity (e) over s+1",
        using=[legendre_e.at(n=n, s=s)],
        forall=[n, s],
    )
    result = e * (legs(n, k, c) + sqrt(2) * r(n) * U(T, 1)) / T
    d.state(Derivative(c(n), T), "=", result)
    d.start(Derivative(c(n), T))
    d.then(Integral(e * (s + 1) / T * Derivative(U(T, s), s) * normalised(p, n, s), (s, -1, 1)), by="∂_T U = h ∂_s U")
    d.then(
        e
        * (2 * normalised(p, n, 1) * U(T, 1) - Integral(U(T, s) * Derivative((s + 1) * normalised(p, n, s), s), (s, -1, 1)))
        / T,
        by=ByParts(e * (s + 1) / T * U(T, s) * normalised(p, n, s), s, -1, 1),
        why="C5a with h = e (s+1)/T, which vanishes at s = -1",
    )
    d.then(result, by="p_n(1) = 1 and (e), as for LegS", using=[legendre_f, expansion])
    d.refute(Derivative(c(n), T), "=", result / e, because="without the power, at e = 2", where=[Eq(e, 2)])
    d.refute(Derivative(c(n), T), "=", result / e**2, because="divided by the power, at e = 3", where=[Eq(e, 3)])


# -- C10: resolution and length of the memory ------------------------------------------------------------------------------

kappa, degree, variable = (
    sp.Symbol("kappa", positive=True),
    sp.Symbol("n", integer=True, nonnegative=True),
    sp.Symbol("s", real=True),
)
plane_wave, conjugate_wave = (
    Theorem(
        name,
        statement,
        reference="DLMF 10.54.2",
        equation=Eq(
            Integral(exp(sign * I * kappa * variable) * legendre(degree, variable), (variable, -1, 1)),
            2 * exp(sign * I * pi * degree / 2) * jn(degree, kappa),
        ),
        variables=(degree, kappa),
    )
    for sign, name, statement in (
        (1, "Legendre coefficients of a plane wave", r"\int_{-1}^1e^{i\kappa s}p_n(s)ds=2i^nj_n(\kappa)"),
        (-1, "their conjugates", r"\int_{-1}^1e^{-i\kappa s}p_n(s)ds=2(-i)^nj_n(\kappa)"),
    )
)


def oscillation_coefficient(n: Any, s: Any, sign: int = 1) -> Any:
    """c_n of u = e^{iωt} on [0, T], κ = ωT/2, or its conjugate."""
    return Integral(exp(sign * I * kappa * (s + 1)) * normalised(legendre, n, s), (s, -1, 1))


@post.claim("C10a", "The LegS coefficients of an oscillation are spherical Bessel functions")
def oscillation(d: Derivation) -> None:
    """The Legendre series of a plane wave, cited."""
    s, n = d.real("s"), d.natural("n")
    d.declare(kappa)
    d.note("u = e^{iωt} on [0, T] and κ = ωT/2: then u(t(s)) = e^{iκ(s+1)}.")
    c, conjugate = (oscillation_coefficient(n, s, sign) for sign in (1, -1))
    right = 2 * (2 * n + 1) * jn(n, kappa) ** 2
    d.state(c * conjugate, "=", right)
    d.start(c * conjugate)
    d.then(
        (2 * n + 1)
        / sp.Integer(2)
        * Integral(exp(I * kappa * s) * legendre(n, s), (s, -1, 1))
        * Integral(exp(-I * kappa * s) * legendre(n, s), (s, -1, 1)),
        by="e^{iκ} e^{-iκ} = 1",
    )
    d.then(right, by="the plane wave and its conjugate", using=[plane_wave, conjugate_wave])
    d.refute(c * conjugate, "=", (2 * n + 1) * jn(n, kappa) ** 2, because="half as much")
    d.refute(c * conjugate, "=", 2 * (2 * n + 1) * jn(n, 2 * kappa) ** 2, because="κ = ωT")


@oscillation.measured("kernels.legendre.legendre_project", against="2(2n+1) j_n(κ)²")
def spectrum(m: Any) -> None:
    """|c_n|² of the projected samples for d = 16 below, at and above the threshold κ = d."""
    import torch

    from derivable.kernels.legendre import legendre_nodes, legendre_project
    from derivable.numerics import rounding_bound

    count, size = 128, 16
    nodes, _ = legendre_nodes(count, dtype=torch.float64)
    ratios, left = (0.3, 0.7, 0.9, 1.0, 1.3, 2.0, 4.0), []
    n = next(e for e in m.statements[0].rhs.free_symbols if e.name == "n")
    for ratio in ratios:
        k = ratio * size
        power = legendre_project(torch.exp(1j * k * (nodes + 1)), size).abs() ** 2
        want = [m.value(m.statements[0].rhs, {n: j, kappa: k}) for j in range(size)]
        # phases up to 2κ with three roundings and the nodes' own; then a sum of `count` terms; |c_n| ≤ ‖u‖ = √2
        error = rounding_bound(torch.float64, count + 4 + int(8 * k), scale=(2 * (2 * size - 1)) ** 0.5)
        m.agree(power, want, 2 * 2**0.5 * error + error**2)
        left.append(1 - float(power.sum()) / 2)
    m.plot(ratios, left, x_label="ωT/(2d)", y_label="relative squared error", series="d = 16")


@post.claim("C10b", "The relative squared error with d coefficients is 1 - Σ_{n<d} (2n+1) j_n(κ)²")
def resolution(d: Derivation) -> None:
    """C2 with the coefficients of C10a."""
    s, N, n = d.real("s"), d.natural("N"), d.index("n")
    d.declare(kappa)
    c, conjugate = (oscillation_coefficient(n, s, sign) for sign in (1, -1))
    square = Integral(exp(I * kappa * (s + 1)) * exp(-I * kappa * (s + 1)), (s, -1, 1))
    error = (square - Sum(c * conjugate, (n, 0, N))) / square
    right = 1 - Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, N))
    d.state(error, "=", right)
    d.start(error)
    d.then(1 - Sum(c * conjugate, (n, 0, N)) / 2, by="|e^{iωt}| = 1, so ‖u‖² = 2")
    d.then(right, by="the coefficients, d = N+1", using=[plane_wave, conjugate_wave])
    d.refute(error, "=", 1 - Sum(jn(n, kappa) ** 2, (n, 0, N)), because="without the weight 2n+1")
    d.refute(error, "=", 1 - Sum((2 * n + 1) * jn(n, 1) ** 2, (n, 0, N)), because="independent of T")


def left_over(d: int, ratio: str) -> Any:
    """1 - Σ_{n<d} (2n+1) j_n(κ)² at κ = ratio · d."""
    n = sp.Symbol("n", integer=True)
    return 1 - Sum((2 * n + 1) * jn(n, sp.Rational(ratio) * d) ** 2, (n, 0, d - 1))


@post.claim(
    "C10c", "At points: 16 and 64 coefficients resolve κ = 0.7 d, most of κ = d, and little of κ = 4 d", kind="inequality"
)
def threshold(d: Derivation) -> None:
    """Balls around finite sums."""
    d.index("n")
    rows = ((64, "0.7", "1e-12"), (64, "0.9", "4e-4"), (16, "0.7", "1e-4"))
    for size, ratio, bound in rows:
        d.state(left_over(size, ratio), "<=", sp.Rational(bound))
        d.have(left_over(size, ratio), "<=", sp.Rational(bound), by="ball arithmetic")
    for size, ratio, bound in ((64, "4", "0.96"), (16, "4", "0.96")):
        d.state(sp.Rational(bound), "<=", left_over(size, ratio))
        d.have(sp.Rational(bound), "<=", left_over(size, ratio), by="ball arithmetic")
    around = (
        (64, "1", "0.0666", "0.0668"),
        (64, "1.3", "0.635", "0.637"),
        (16, "0.9", "0.0188", "0.0190"),
        (16, "1", "0.106", "0.108"),
        (16, "1.3", "0.660", "0.662"),
    )
    for size, ratio, below, above in around:
        d.state(sp.Rational(below), "<", left_over(size, ratio))
        d.have(sp.Rational(below), "<", left_over(size, ratio), by="ball arithmetic")
        d.state(left_over(size, ratio), "<", sp.Rational(above))
        d.have(left_over(size, ratio), "<", sp.Rational(above), by="ball arithmetic")
    d.refute(left_over(16, "1"), "<", sp.Rational("0.0667"), because="at κ = d the value of d = 64 for d = 16")
    d.refute(left_over(64, "1.3"), "<=", sp.Rational(1, 2), because="threshold at κ = 2d: still resolved at 1.3 d")
    d.refute(left_over(64, "4"), "=", left_over(64, "0.7"), because="error independent of T")


@post.claim("C10d", "Σ_{n<d} (2n+1) sin²(κ - nπ/2) = [d² + (-1)^d d cos 2κ]/2")
def far_above(d: Derivation) -> None:
    """Telescoping in d."""
    n, size = d.index("n"), d.natural("d")
    d.declare(kappa)
    d.note(
        "By DLMF 10.52.3, j_n(κ) ~ sin(κ - nπ/2)/κ for κ → ∞, so κ² Σ (2n+1) j_n(κ)² tends to this sum for a fixed d and the "
        "error of C10b is 1 - [d² + (-1)^d d cos 2κ]/(2κ²) to leading order: this transfer to the error is not checked here."
    )
    term = (1 - (-1) ** n * sp.cos(2 * kappa)) / 2
    total = Sum((2 * n + 1) * term, (n, 0, size - 1))
    value = (size**2 + (-1) ** size * size * sp.cos(2 * kappa)) / 2
    d.state(sp.sin(kappa - n * pi / 2) ** 2, "=", term)
    d.state(total, "=", value)
    d.start(sp.sin(kappa - n * pi / 2) ** 2)
    d.then((1 - sp.cos(2 * kappa - n * pi)) / 2, by="sin² x = (1 - cos 2x)/2")
    d.then(term, by="cos(2κ - nπ) = (-1)^n cos 2κ")
    d.start(total)
    d.then(value, by="telescoping: Σ (2n+1) = d² and Σ (2n+1)(-1)^n = -(-1)^d d")
    d.refute(total, "=", size**2 / 2, because="the oscillating part left out")
    d.refute(total, "=", (size**2 - (-1) ** size * size * sp.cos(2 * kappa)) / 2, because="its sign")
