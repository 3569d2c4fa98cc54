"""A non-linear recurrence solved for all steps at once: sweeps of a fixed-point iteration, each of them a linear recurrence.

Notation, the post's own: x_t = f(x_{t-1}, u_t) with f = tanh(Ax + u) unless said, t = 1 … T; a sweep takes X to X' with
x'_t - M_t x'_{t-1} = f(x_{t-1}, u_t) - M_t x_{t-1}. M is 0 for Picard's iteration, A for the base sweep, diag(sech² u_t)A for the
second variant ("plus1"), the Jacobian at x_{t-1} for Newton's. X(n, t, i) is coordinate i of step t after n sweeps, S(t, i) the
solution, d the number of coordinates, e = X - S.

Every map of R^d to R^d may be written as f_i(Σ_k φ_ik(x_k)): let φ_ik put the digits of x_k at places of their own, so
that the sum holds all coordinates. tanh(Ax + u) is the case φ_ik(x) = A_ik x.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    Integer,
    Integral,
    KroneckerDelta,
    Le,
    Limit,
    Max,
    Min,
    Rational,
    Sum,
    binomial,
    cosh,
    sqrt,
    tanh,
)
from sympy.core.function import AppliedUndef

from derivable import ByParts, Concave, Convex, ForAll, Induction, Partial, Post, Theorem
from derivable.derivation import Derivation
from derivable.measurement import Measurement

post = Post(
    "nonlinear_rnn",
    "脑洞大开：非线性RNN居然也可以并行计算？",
    "Non-linear RNNs can be computed in parallel",
    date="2023-09-26",
    archive=9783,
    papers=(("Parallelizing Non-Linear Sequential Models over the Sequence Length", "arXiv:2309.12252"),),
)

HALF = Rational(1, 2)

LAPLACE = Theorem(
    "Laplace expansion",
    r"\det M=\sum_j(-1)^{1+j}M_{1j}\det(M\text{ without row }1\text{ and column }j)",
    reference="R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., Cambridge 2013, section 0.3.1",
    hypotheses=("M is square",),
)


def network(d: Derivation) -> SimpleNamespace:
    """A recurrence in D coordinates: f, φ and M are any functions, indices run from 1 to D."""
    D, t, n = d.counting("D"), d.natural("t"), d.natural("n")
    i, k = d.index("i"), d.index("k")
    f, phi, M = d.function("f phi M")

    def step(i: Any, t: Any, x: Any) -> Any:
        """Coordinate i of f(x, u_t)."""
        return f(i, t, Sum(phi(i, k, x(k)), (k, 1, D)))

    return SimpleNamespace(D=D, t=t, n=n, i=i, k=k, f=f, phi=phi, M=M, step=step, row=(i >= 1, i <= D))


def random_network(rho: float, T: int, dtype: str = "float64", *, size: int = 8) -> SimpleNamespace:
    """tanh(Ax + u) with ‖A‖ = ρ, its Jacobian, A, normal inputs u [T, size], x_0 = 0."""
    import torch

    from derivable.kernels.rnn_steps import tanh_jacobian, tanh_step

    generator = torch.Generator().manual_seed(0)
    A = torch.randn(size, size, generator=generator, dtype=torch.float64)
    u = torch.randn(T, size, generator=generator, dtype=torch.float64).to(getattr(torch, dtype))
    A = (A * rho / torch.linalg.matrix_norm(A, 2)).to(u.dtype)
    return SimpleNamespace(
        A=A,
        u=u,
        start=u.new_zeros(size),
        step=lambda x, u: tanh_step(x, u, A),
        jacobian=lambda x, u: tanh_jacobian(x, u, A),
    )


@contextmanager
def one_thread() -> Iterator[None]:
    """Operations of a few numbers wait longer for a second thread than they take."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def solved(net: SimpleNamespace, variant: str = "newton", **options: Any) -> Any:
    """The kernel's result, whether it has converged or not."""
    import warnings

    from derivable.kernels.parallel_rnn import parallel_rnn

    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return parallel_rnn(net.step, net.u, net.start, variant=variant, jacobian=net.jacobian, **options)


def swept(net: SimpleNamespace, variant: str, n: int, start: Any = None) -> Any:
    """The states after n sweeps of the kernel."""
    return solved(net, variant, max_sweeps=n, tolerance=1e-300, start=start).states


def iterates(net: SimpleNamespace, variant: str, n: int) -> list[Any]:
    """The start 0 and the states after each of n sweeps."""
    found = [net.u.new_zeros(net.u.shape)]
    for _ in range(n):
        found.append(swept(net, variant, 1, found[-1]))
    return found


def earlier(net: SimpleNamespace, x: Any) -> Any:
    """The states x_0, …, x_{T-1}."""
    import torch

    return torch.cat([net.start[None], x[:-1]])


# -- C1: what the sweeps leave unchanged --------------------------------------------------------------------------------


@post.claim("C1a", "What a sweep leaves unchanged solves the recurrence, and the solution is left unchanged")
def fixed_points(d: Derivation) -> None:
    """The terms with M cancel; any M, any map of any number of coordinates."""
    s = network(d)
    x, y = d.function("x y")
    d.assume(*s.row)
    d.assume(
        ForAll(
            (s.t, s.i),
            Eq(
                x(s.t + 1, s.i),
                Sum(s.M(s.t, s.i, s.k) * x(s.t, s.k), (s.k, 1, s.D))
                + s.step(s.i, s.t + 1, lambda k: x(s.t, k))
                - Sum(s.M(s.t, s.i, s.k) * x(s.t, s.k), (s.k, 1, s.D)),
            ),
            s.row,
        ),
        text="x is left unchanged by the sweep",
    )
    d.assume(ForAll((s.t, s.i), Eq(y(s.t + 1, s.i), s.step(s.i, s.t + 1, lambda k: y(s.t, k))), s.row), text="y solves the RNN")
    for name in (x, y):
        d.instance(name, lambda t, i: 2**t)
    d.instance(s.phi, lambda i, k, x: KroneckerDelta(i, k) * x)
    d.instance(s.f, lambda i, t, x: 2 * x)
    swept = (
        Sum(s.M(s.t, s.i, s.k) * y(s.t, s.k), (s.k, 1, s.D))
        + s.step(s.i, s.t + 1, lambda k: y(s.t, k))
        - Sum(s.M(s.t, s.i, s.k) * y(s.t, s.k), (s.k, 1, s.D))
    )
    d.state(x(s.t + 1, s.i), "=", s.step(s.i, s.t + 1, lambda k: x(s.t, k)))
    d.state(swept, "=", y(s.t + 1, s.i))
    d.start(x(s.t + 1, s.i))
    d.then(s.step(s.i, s.t + 1, lambda k: x(s.t, k)), by="the terms with M cancel")
    d.start(swept)
    d.then(y(s.t + 1, s.i), by="the terms with M cancel, and y solves the RNN")
    dropped = Sum(s.M(s.t, s.i, s.k) * y(s.t, s.k), (s.k, 1, s.D)) + s.step(s.i, s.t + 1, lambda k: y(s.t, k))
    d.refute(dropped, "=", y(s.t + 1, s.i), because="the term M x of the last sweep dropped on the right")


@post.claim("C1b", "The solution is unique: one initial state, one trajectory")
def unique(d: Derivation) -> None:
    """Induction on t, for all coordinates at once."""
    s = network(d)
    x, y, start = d.function("x y x0")
    d.assume(*s.row)
    for z in (x, y):
        step = s.step(s.i, s.t + 1, lambda k, z=z: z(s.t, k))
        d.assume(ForAll((s.i,), Eq(z(0, s.i), start(s.i)), s.row), text="the initial state")
        d.assume(ForAll((s.t, s.i), Eq(z(s.t + 1, s.i), step), s.row), text="a solution")
        d.instance(z, lambda t, i: 2**t)
    d.instance(start, lambda i: Integer(1))
    d.instance(s.phi, lambda i, k, x: KroneckerDelta(i, k) * x)
    d.instance(s.f, lambda i, t, x: 2 * x)
    d.state(x(s.t, s.i), "=", y(s.t, s.i))
    d.start(x(s.t, s.i))
    d.then(y(s.t, s.i), by=Induction(s.t, 0, forall=(s.i,)), why="f has one value at one argument")
    d.refute(x(s.t + 1, s.i), "=", y(s.t, s.i), because="shifted by a step")


@post.claim("C1c", "With the last sweep's term dropped on the right the limit solves another recurrence")
def dropped_term(d: Derivation) -> None:
    """d = 1, A = ½, u = (1, 1), x_0 = 0: x_2 = ½x_1 + tanh(½x_1 + 1) > 1.26, where the RNN has tanh(½x_1 + 1) < 0.8812."""
    x1, x2, y2 = d.real("x1 x2 y2")
    d.assume(
        Eq(x1, tanh(1)), Eq(x2, x1 / 2 + tanh(x1 / 2 + 1)), text="the fixed point of x'_t - Mx'_{t-1} = f(x_{t-1}, u_t), M = ½"
    )
    d.assume(Eq(y2, tanh(x1 / 2 + 1)), text="the RNN")
    d.state(y2, "<", Rational(8812, 10000))
    d.state(Rational(12618, 10000), "<", x2)
    d.start(y2)
    d.then(tanh(x1 / 2 + 1), by="the second step")
    d.then(tanh(tanh(1) / 2 + 1), by="x_1 = tanh 1")
    d.then(Rational(8812, 10000), "<", by="numbers")
    d.start(Rational(12618, 10000))
    d.then(tanh(1) / 2 + tanh(tanh(1) / 2 + 1), "<", by="numbers")
    d.then(x1 / 2 + tanh(x1 / 2 + 1), by="x_1 = tanh 1")
    d.then(x2, by="the second step")
    d.refute(x2, "=", y2, because="the same fixed point")


def stays_below(d: Derivation, x: Any, b: Any, rho: Any, t: Any) -> None:
    """Chain x(t) ≤ b(t) from x(0) ≤ b(0), x(t + 1) ≤ ρ x(t) + c(t), b(t + 1) = ρ b(t) + c(t): (x - b)/ρ^t does not grow."""
    m = d.natural("m")

    def gap(t: Any) -> Any:
        return (x(t) - b(t)) / rho**t

    falls = d.have(gap(m + 1) - gap(m), "<=", 0, by="ρ(x - b) is carried over, c cancels", forall=[m])
    growth = Sum(gap(m + 1) - gap(m), (m, 0, t - 1))
    whole = d.have(gap(t) - gap(0), "=", growth, by="the sum telescopes")
    small = d.have(growth, "<=", 0, by="term by term", using=[falls])
    d.start(x(t))
    d.then(b(t) + rho**t * (gap(0) + growth), by="the sum telescopes", using=[whole])
    d.then(b(t) + rho**t * gap(0), "<=", by="no term is positive", using=[small])
    d.then(b(t), "<=", by="x(0) ≤ b(0)")


# -- C2: exact after as many sweeps as steps ----------------------------------------------------------------------------


def sweeps(d: Derivation, *, pinned: bool = True) -> SimpleNamespace:
    """X after n sweeps with matrices M(n, t, i, k) that may depend on anything, from any start, and the solution S.

    Unless `pinned`, nothing is said of step 0.
    """
    s = network(d)
    s.m = d.natural("m")
    s.X, s.S = d.function("X S")
    n, t, i, k, D = s.n, s.t, s.i, s.k, s.D

    def linear(n: Any, x: Any) -> Any:
        return Sum(s.M(n, t, i, k) * x(k), (k, 1, D))

    right = linear(n, lambda k: s.X(n + 1, t, k)) + s.step(i, t + 1, lambda k: s.X(n, t, k)) - linear(n, lambda k: s.X(n, t, k))
    d.assume(*s.row)
    d.assume(ForAll((n, t, i), Eq(s.X(n + 1, t + 1, i), right), s.row), text="a sweep")
    if pinned:
        d.assume(ForAll((n, i), Eq(s.X(n, 0, i), s.S(0, i)), s.row), text="every iterate begins at x_0")
    d.assume(ForAll((t, i), Eq(s.S(t + 1, i), s.step(i, t + 1, lambda k: s.S(t, k))), s.row), text="S solves the RNN")
    # for x_t = x_{t-1} with x_0 = 1: Picard's iteration from the start 2; M = ½, where the errors are 2^t/3^n
    d.instance(s.X, lambda n, t, i: 1 + (Min(1, Max(0, t - n)) if pinned else 2**t / Integer(3) ** n))
    d.instance(s.S, lambda t, i: Integer(1))
    d.instance(s.M, lambda n, t, i, k: Integer(0) if pinned else KroneckerDelta(i, k) / 2)
    d.instance(s.phi, lambda i, k, x: KroneckerDelta(i, k) * x)
    d.instance(s.f, lambda i, t, x: x)
    return s


@post.claim("C2a", "After n sweeps the first n states are exact: any matrices, any start, any map")
def exact_prefix(d: Derivation) -> None:
    """n = t + m. Induction on t, for all m ≥ 0 and all coordinates at once: the case t at m + 1 and at m gives t + 1 at m."""
    s = sweeps(d)
    t, i, m = s.t, s.i, s.m
    d.state(s.X(t + m, t, i), "=", s.S(t, i))
    d.start(s.X(t + m, t, i))
    d.then(
        s.S(t, i),
        by=Induction(t, 0, forall=(m, i)),
        why="X(t+1+m, t) and X(t+m, t) are both S(t), so that the terms with M cancel and f is taken at S(t)",
    )
    d.refute(s.X(t, 2 * t, i), "=", s.S(2 * t, i), because="exact for t ≤ 2n")
    d.refute(s.X(t, t + 1, i), "=", s.S(t + 1, i), because="one step more")


@post.claim("C2b", "So no iteration of the family diverges for a finite T: after T sweeps the error is 0 at every step")
def finite(d: Derivation) -> None:
    """t ≤ T."""
    s = sweeps(d)
    t, i, m = s.t, s.i, s.m
    T = d.natural("T")
    d.assume(Eq(T, t + m), text="t ≤ T")
    error = Abs(s.X(T, t, i) - s.S(t, i))
    d.state(error, "=", 0)
    prefix = d.have(s.X(t + m, t, i), "=", s.S(t, i), by="C2a", using=[exact_prefix.at(t=t, m=m, i=i)])
    d.start(error)
    d.then(Abs(s.X(t + m, t, i) - s.S(t, i)), by="T = t + m")
    d.then(0, by="C2a at n = T", using=[prefix])
    d.note(
        "The post says that convergence of the base sweep cannot be guaranteed well, and that Newton's is not guaranteed "
        "absolutely. For a finite number of steps that is true of the speed and of how large states become on the way (C2e), not "
        "of convergence. A reader described the prefix that becomes exact in a comment of September 2024."
    )
    d.refute(1, "<=", error, because="the base iteration diverges for ρ > 1, said of a finite T: after T sweeps an error is left")
    d.erratum(
        0,
        "<",
        error,
        section="何必收敛",
        explanation="“No guarantee of convergence”, said of a finite number of steps, would allow an error that stays. It "
        "vanishes after at most T sweeps, for every M and every start. The post speaks of fast convergence, for which there "
        "is indeed no guarantee.",
        kind="loose",
    )


@post.claim("C2c", "The error of a step is M times that of the step before, and what the mean value theorem makes small")
def error_equation(d: Derivation) -> None:
    """e = X - S, any M and any map."""
    s = sweeps(d, pinned=False)
    n, t, i, k, D = s.n, s.t, s.i, s.k, s.D

    def linear(x: Any) -> Any:
        return Sum(s.M(n, t, i, k) * x(k), (k, 1, D))

    error = s.X(n + 1, t + 1, i) - s.S(t + 1, i)
    carried = linear(lambda k: s.X(n + 1, t, k) - s.S(t, k))
    bracket = (
        s.step(i, t + 1, lambda k: s.X(n, t, k))
        - s.step(i, t + 1, lambda k: s.S(t, k))
        - linear(lambda k: s.X(n, t, k) - s.S(t, k))
    )
    d.state(error, "=", carried + bracket)
    d.start(error)
    d.then(
        linear(lambda k: s.X(n + 1, t, k))
        + s.step(i, t + 1, lambda k: s.X(n, t, k))
        - linear(lambda k: s.X(n, t, k))
        - s.step(i, t + 1, lambda k: s.S(t, k)),
        by="the sweep and the recurrence",
    )
    d.then(carried + bracket, by="Σ M S is added and taken away")
    d.refute(error, "=", bracket, because="M e of the new iterate left out", where=[Eq(D, 2)])
    d.refute(error, "=", carried - bracket, because="sign")


@post.claim("C2d", "b(n, t) = B Σ_{m=n}^{t-1} C(m-1, n-1) ρ^m obeys b(n+1, t+1) = ρ b(n+1, t) + ρ b(n, t)")
def transient_recursion(d: Derivation) -> None:
    """Pascal's rule; t = n + s + 1 here."""
    n, s, j = d.counting("n"), d.natural("s"), d.index("j")
    rho, B = d.positive("rho B")

    def bound(n: Any, s: Any) -> Any:
        """b(n, n + s)."""
        return B * Sum(binomial(n + j - 1, n - 1) * rho ** (n + j), (j, 0, s - 1))

    d.state(rho * bound(n + 1, s) + rho * bound(n, s + 1), "=", bound(n + 1, s + 1))
    d.state(bound(1, s), "=", B * Sum(rho ** (j + 1), (j, 0, s - 1)))
    first, second = binomial(n + j - 1, n - 1) * rho**j, binomial(n + j - 1, n) * rho**j
    d.start(rho * bound(n + 1, s) + rho * bound(n, s + 1))
    d.then(B * rho ** (n + 1) * (Sum(first, (j, 0, s)) + Sum(second, (j, 1, s))), by="an index raised by 1")
    d.then(B * rho ** (n + 1) * (1 + Sum(first + second, (j, 1, s))), by="the first term of the first sum is 1")
    d.then(B * rho ** (n + 1) * (1 + Sum(binomial(n + j, n) * rho**j, (j, 1, s))), by="Pascal's rule")
    d.then(bound(n + 1, s + 1), by="the first term is 1")
    d.start(bound(1, s))
    d.then(B * Sum(rho ** (j + 1), (j, 0, s - 1)), by="C(j, 0) = 1")
    d.refute(rho * bound(n + 1, s) + rho * bound(n, s), "=", bound(n + 1, s + 1), because="the step before in both places")


@post.claim("C2e", "How large the base sweep's errors become on the way: at most b(n, t)", kind="inequality")
def transient(d: Derivation) -> None:
    """Any b that obeys C2d; s = t - n, and errors of steps t ≤ n are 0 by C2a.

    z(s) is the norm of the error of the first sweep at step 1 + s, x(s) that of sweep n + 1 at step n + 1 + s; what they obey is
    C2c with C3b. B is the largest ‖x*‖, so that the start 0 has errors of at most B. Induction on n: the first statement is its
    start, the second the case n + 1 for all steps at once, from the case n.
    """
    n, s = d.counting("n"), d.natural("s")
    p, q, m = d.counting("p"), d.natural("q"), d.index("m")
    rho, B = d.positive("rho B")
    b, x, z = d.function("b x z")
    d.assume(ForAll((p, q), Eq(b(p + 1, q + 1), rho * b(p + 1, q) + rho * b(p, q + 1))), text="C2d")
    d.assume(ForAll((q,), Eq(b(1, q + 1), rho * b(1, q) + rho * B)), ForAll((p,), Eq(b(p, 0), 0)), text="a geometric sum")
    d.assume(z(0) <= 0, x(0) <= 0, text="C2a")
    d.assume(ForAll((q,), Le(z(q + 1), rho * z(q) + rho * B)), text="the error equation of the first sweep")
    d.assume(ForAll((q,), Le(x(q + 1), rho * x(q) + rho * b(n, q + 1))), text="the error equation, and the case n")

    def bound(n: Any, s: Any) -> Any:
        return B * Sum(binomial(n + m - 1, n - 1) * rho ** (n + m), (m, 0, s - 1))

    d.instance(b, bound)
    d.instance(z, lambda s: bound(1, s))
    d.instance(x, lambda s: bound(n + 1, s))
    d.state(z(s), "<=", b(1, s))
    d.state(x(s), "<=", b(n + 1, s))
    stays_below(d, z, lambda s: b(1, s), rho, s)
    stays_below(d, x, lambda s: b(n + 1, s), rho, s)
    d.refute(x(s + 1), "<=", b(n + 1, s), because="the bound of the step before")


@post.claim("C2f", "A sweep in increments: x' = f + MΔ with Δ_t = M_t Δ_{t-1} + f_t - x_t, which is 0 wherever states are exact")
def increments(d: Derivation) -> None:
    """Δ = x' - x. g(t, i) stands for f(x_{t-1}, u_t); the last statement is the step of an induction on t."""
    s = network(d)
    t, i, k, D = s.t, s.i, s.k, s.D
    x, y, g, delta = d.function("x y g Delta")
    d.assume(*s.row)
    d.assume(ForAll((t, k), Eq(delta(t, k), y(t, k) - x(t, k))), text="Δ")
    d.instance(y, lambda t, k: 2 * t + 1)
    d.instance(x, lambda t, k: t)
    d.instance(delta, lambda t, k: t + 1)

    def linear(z: Any) -> Any:
        return Sum(s.M(t, i, k) * z(k), (k, 1, D))

    sweep = linear(lambda k: y(t, k)) + g(t + 1, i) - linear(lambda k: x(t, k))
    form = g(t + 1, i) + linear(lambda k: delta(t, k))
    d.state(sweep, "=", form)
    d.state(sweep - x(t + 1, i), "=", linear(lambda k: delta(t, k)) + g(t + 1, i) - x(t + 1, i))
    exact = (ForAll((k,), Eq(y(t, k), x(t, k)), (k >= 1, k <= D)), Eq(g(t + 1, i), x(t + 1, i)))
    d.start(sweep)
    d.then(form, by="linearity")
    d.start(sweep - x(t + 1, i))
    d.then(linear(lambda k: delta(t, k)) + g(t + 1, i) - x(t + 1, i), by="linearity")
    d.have(
        linear(lambda k: delta(t, k)) + g(t + 1, i) - x(t + 1, i),
        "=",
        0,
        by="Δ vanishes where the step before is exact and x_{t+1} = f(x_t)",
        where=exact,
    )
    d.refute(sweep, "=", g(t + 1, i) - linear(lambda k: delta(t, k)), because="sign", where=[Eq(D, 2)])


def float_sweeps(inputs: list[float], A: float, *, by_increments: bool) -> list[list[float]]:
    """The iterates of the base sweep for x_t = tanh(Ax_{t-1} + u_t), x_0 = 0, in float64, each sweep by a doubling scan."""
    T, x, found = len(inputs), [0.0] * len(inputs), []
    for _ in range(T):
        before = [0.0, *x[:-1]]
        f = [math.tanh(A * z + u) for z, u in zip(before, inputs, strict=True)]
        b = [a - c for a, c in zip(f, x, strict=True)] if by_increments else [a - A * z for a, z in zip(f, before, strict=True)]
        power, reach, h = A, 1, b
        while reach < T:
            h = [h[t] + power * h[t - reach] if t >= reach else h[t] for t in range(T)]
            power, reach = power * power, 2 * reach
        x = [a + A * z for a, z in zip(f, [0.0, *h[:-1]], strict=True)] if by_increments else h
        found.append(x)
    return found


@post.claim("C2g", "In float64, with a doubling scan: base sweeps by increments, exact to the last bit", kind="algorithm")
def increments_in_floats(d: Derivation) -> None:
    """d = 1, A = 3, u_t = sin t, T = 60, against the loop. In the post's form the products A^k multiply rounding errors."""
    T, A = 60, 3.0
    inputs, loop, state = [math.sin(t) for t in range(1, T + 1)], [], 0.0
    for u in inputs:
        state = math.tanh(A * state + u)
        loop.append(state)
    states = float_sweeps(inputs, A, by_increments=True)
    d.exhaust(
        r"\text{after } n \text{ sweeps the first } n \text{ states are those of the loop, to the last bit}",
        range(1, T + 1),
        lambda n: states[n - 1][:n] == loop[:n],
        bound="n ≤ T = 60, one sequence of inputs",
    )
    plain = float_sweeps(inputs, A, by_increments=False)[-1]
    d.refute_exhaustively(
        r"\text{in the post's form the states are within } 1 \text{ of the loop after } T \text{ sweeps}",
        range(T),
        lambda t: abs(plain[t] - loop[t]) < 1,
        because="exactness after T sweeps survives any scan order in floating point",
    )
    d.note(
        "Floating-point numbers have no formula for this: each case is run. In exact arithmetic both forms are the same (C2f)."
    )


@transient.measured("kernels.parallel_rnn.parallel_rnn", against="b(n, t), ρ = 0.4, 1.5, 3, T = 24, d = 8")
def transient_against_kernel(m: Measurement) -> None:
    """The norms of all errors at n = 1, 2, 5, 12."""
    import torch

    for rho in (0.4, 1.5, 3.0):
        net = random_network(rho, 24)
        truth, states = swept(net, "newton", 24), iterates(net, "base", 12)
        B = float(truth.norm(dim=-1).max())
        for n in (1, 2, 5, 12):
            terms = [[math.comb(k - 1, n - 1) * rho**k for k in range(n, t)] for t in range(1, 25)]
            bounds = torch.tensor([B * sum(row) for row in terms], dtype=torch.float64)
            # errors of exact states are what 24 steps round, each of them carried on by at most ρ
            m.holds((states[n] - truth).norm(dim=-1), bounds, 1e-12)


@finite.measured("kernels.parallel_rnn.parallel_rnn", against="a step of the RNN, T = 200; the post's form by a scan")
def finite_against_kernel(m: Measurement) -> None:
    """Every state follows from the one before, whatever the states were on the way; ‖A‖ = 3 and 0.9.

    In the post's form, by a scan, the base sweep leaves even the solution.
    """
    import torch

    from derivable.kernels.linear_scan import linear_scan_dense
    from derivable.numerics import rounding_bound

    for dtype in ("float32", "float64"):
        for rho in (3.0, 0.9):
            net = random_network(rho, 200, dtype)
            for variant in ("picard", "base", "newton"):
                run = solved(net, variant)
                # what counts as converged, and what one step rounds: products of 8 terms, in all below 3√8
                allowed = 256 * torch.finfo(net.u.dtype).eps + rounding_bound(net.u.dtype, 20, scale=3 * 8**0.5)
                m.agree(run.states, net.step(earlier(net, run.states), net.u), allowed)
                if (rho, dtype) == (3.0, "float64"):
                    sizes = run.residuals.clamp(1e-16, 1e300).log10()
                    label = "log₁₀ residual, T = 200, ‖A‖ = 3"
                    m.plot(range(len(sizes)), sizes, x_label="sweep", y_label=label, series=variant)
    net = random_network(3.0, 200)
    x, sizes = solved(net).states, []
    with one_thread():
        for _ in range(200):
            value = net.step(earlier(net, x), net.u)
            sizes.append(max(float((value - x).abs().max()), 1e-16))
            x = linear_scan_dense(net.A.expand(200, 8, 8), value - earlier(net, x) @ net.A.T)
    m.holds(1e20, sizes[1], note="the last comparison: the post's form leaves the solution by this much in one sweep")
    logs = [math.log10(size) for size in sizes]
    m.plot(range(200), logs, x_label="sweep", y_label="", series="base, the post's form by a scan, from the solution")


@exact_prefix.measured("kernels.parallel_rnn.parallel_rnn", against="X(n, t) = S(t) for t ≤ n, ρ = 2, T = 40, all variants")
def prefix_against_kernel(m: Measurement) -> None:
    """To the last bit: the first n states after n sweeps are those after T. The base sweep's next states are not exact yet."""
    for dtype in ("float64", "float32"):
        for variant in ("picard", "base", "plus1", "newton"):
            *states, final = iterates(random_network(2.0, 40, dtype), variant, 40)
            for n in (1, 2, 7, 20, 39):
                m.agree(states[n][:n], final[:n].tolist(), 0.0)
    *states, final = iterates(random_network(2.0, 40), "base", 40)
    for n in (2, 5, 10, 20):
        errors = (states[n] - final).norm(dim=-1)
        m.holds(1e-6, float(errors[n:].max()))
        logs = errors.clamp(min=1e-16).log10()
        m.plot(range(1, 41), logs, x_label="t", y_label="log₁₀ ‖x_t - x*_t‖, base, ‖A‖ = 2", series=f"{n} sweeps")


# -- C3: linear convergence ---------------------------------------------------------------------------------------------


@post.claim("C3a", "What a base sweep leaves of a difference: at most tanh² r of it between -r and r", kind="inequality")
def base_bracket(d: Derivation) -> None:
    """The mean value theorem as an integral, q ≤ p; the other order is the same with both signs changed."""
    p, q, z = d.real("p q z")
    r = d.positive("r")
    d.assume(q <= p, p <= r, -r <= q)
    rest = (p - q) - (tanh(p) - tanh(q))
    d.state(tanh(p) - tanh(q), "<=", p - q)
    d.state(rest, "<=", tanh(r) ** 2 * (p - q))
    d.state(tanh(r) ** 2, "<", 1)
    d.state(tanh(r) ** 2, "<=", r**2)
    inside = (z >= q, z <= p)
    slope = d.have(Integral(1 - tanh(z) ** 2, (z, q, p)), "=", tanh(p) - tanh(q), by=ByParts(tanh(z), z, q, p))
    whole = d.have(Integral(tanh(z) ** 2, (z, q, p)), "=", rest, by=ByParts(z - tanh(z), z, q, p))
    above = d.have(tanh(z), "<=", tanh(r), by="tanh increases", where=inside, forall=[z])
    below = d.have(-tanh(r), "<=", tanh(z), by="tanh increases and is odd", where=inside, forall=[z])
    gap = (tanh(r) - tanh(z)) * (tanh(r) + tanh(z))
    small = d.have(0, "<=", gap, by="neither factor is negative", using=[above, below], where=inside, forall=[z])
    d.start(tanh(p) - tanh(q))
    d.then(Integral(1 - tanh(z) ** 2, (z, q, p)), by="tanh' = 1 - tanh²", using=[slope])
    d.then(Integral(1, (z, q, p)), "<=", by="tanh² ≥ 0")
    d.then(p - q, by="a constant integrand")
    d.start(rest)
    d.then(Integral(tanh(z) ** 2, (z, q, p)), by="(z - tanh z)' = tanh² z", using=[whole])
    d.then(Integral(tanh(z) ** 2 + gap, (z, q, p)), "<=", by="the integrand grows with |z|", using=[small])
    d.then(tanh(r) ** 2 * (p - q), by="a constant integrand")
    d.start(tanh(r) ** 2)
    d.then(1, "<", by="|tanh| < 1")
    d.start(tanh(r) ** 2)
    d.then(r**2, "<=", by="0 < tanh r < r")
    d.refute(rest, "<=", tanh(r) ** 4 * (p - q), because="one order better")


@post.claim(
    "C3b",
    "The bracket of the error equation in the norm of R^d, slopes s_i of tanh with 1 - s_i ≤ δ: ≤ δρ‖e‖; Picard's: ≤ ρ‖e‖",
    kind="inequality",
)
def bracket_norm(d: Derivation) -> None:
    """y = A e; the bracket is (s_i - 1) y_i by the mean value theorem, and ‖y‖ ≤ ρ‖e‖ by the definition of ρ."""
    D, i = d.counting("D"), d.index("i")
    delta, rho, E = d.positive("delta rho E")
    s, y = d.function("s y")
    d.assume(ForAll((i,), Le(1 - s(i), delta), (i >= 1, i <= D)), text="the slopes")
    d.assume(ForAll((i,), Le(s(i), 1), (i >= 1, i <= D)), ForAll((i,), Le(0, s(i)), (i >= 1, i <= D)), text="0 < tanh' ≤ 1")
    d.assume(Sum(y(i) ** 2, (i, 1, D)) <= rho**2 * E**2, text="‖Ae‖ ≤ ρ‖e‖, E = ‖e‖")
    d.instance(s, lambda i: 1 / (1 + delta))
    d.instance(y, lambda i: rho * E / D)
    left = Sum(((s(i) - 1) * y(i)) ** 2, (i, 1, D))
    d.state(left, "<=", (delta * rho * E) ** 2)
    d.start(left)
    each = d.have(((s(i) - 1) * y(i)) ** 2, "<=", delta**2 * y(i) ** 2, by="0 ≤ 1 - s_i ≤ δ", where=[i >= 1, i <= D], forall=[i])
    d.then(Sum(delta**2 * y(i) ** 2, (i, 1, D)), "<=", by="term by term", using=[each])
    d.then((delta * rho * E) ** 2, "<=", by="the norm of Ae")
    whole = Sum((s(i) * y(i)) ** 2, (i, 1, D))
    d.state(whole, "<=", (rho * E) ** 2)
    d.start(whole)
    less = d.have((s(i) * y(i)) ** 2, "<=", y(i) ** 2, by="0 ≤ s_i ≤ 1", where=[i >= 1, i <= D], forall=[i])
    d.then(Sum(y(i) ** 2, (i, 1, D)), "<=", by="term by term", using=[less])
    d.then((rho * E) ** 2, "<=", by="the norm of Ae")
    d.note("The second sum is what a sweep of Picard's iteration leaves: M = 0, the new error is tanh(Ax + u) - tanh(Ax* + u).")
    d.refute(left, "<=", (delta**2 * rho * E) ** 2, because="δ twice", where=[delta < 1])


@post.claim("C3c", "The errors of a base sweep stay below b(t), where b(t + 1) = ρ b(t) + δρE: every t", kind="inequality")
def base_errors(d: Derivation) -> None:
    """a(t) is the norm of the new error at step t, E the largest of the old ones.

    a(t + 1) ≤ ρa(t) + δρE by C2c, C3b and the triangle inequality.
    """
    t, l = d.natural("t l")
    rho, delta, E = d.positive("rho delta E")
    a, b = d.function("a b")
    d.assume(Eq(b(0), 0), ForAll((l,), Eq(b(l + 1), rho * b(l) + delta * rho * E)), text="b")
    d.assume(ForAll((l,), Le(a(l + 1), rho * a(l) + delta * rho * E)), text="the error equation")
    d.assume(a(0) <= 0, text="every iterate begins at x_0")
    for name in (a, b):
        d.instance(name, lambda t: delta * rho * E * (1 - rho**t) / (1 - rho))
    d.state(a(t), "<=", b(t))
    stays_below(d, a, b, rho, t)
    d.refute(a(t + 1), "<=", b(t), because="the bound of the step before")


@post.claim("C3d", "So the error falls by the factor ρδ/(1-ρ) a sweep, uniformly in T", kind="inequality")
def base_contracts(d: Derivation) -> None:
    """The geometric sum."""
    t, l = d.natural("t l")
    rho, delta, E = d.positive("rho delta E")
    b = d.function("b")
    d.assume(rho < 1, text="ρ < 1")
    d.assume(Eq(b(0), 0), ForAll((l,), Eq(b(l + 1), rho * b(l) + delta * rho * E)), text="b of C3c")
    closed = delta * rho * E * (1 - rho**t) / (1 - rho)
    d.instance(b, lambda t: delta * rho * E * (1 - rho**t) / (1 - rho))
    d.state(b(t), "=", closed)
    d.state(b(t), "<=", rho * delta / (1 - rho) * E)
    whole = d.have(b(t), "=", closed, by=Induction(t, 0), why="a geometric sum")
    d.start(b(t))
    d.then(closed, by="a geometric sum", using=[whole])
    d.start(b(t))
    d.then(closed, by="a geometric sum", using=[whole])
    d.then(rho * delta / (1 - rho) * E, "<=", by="ρ^t > 0")
    a = d.function("a")
    d.assume(a(0) <= 0, ForAll((l,), Le(a(l + 1), rho * a(l) + delta * rho * E)), text="a of C3c: the new errors")
    d.instance(a, lambda t: delta * rho * E * (1 - rho**t) / (1 - rho))
    d.state(a(t), "<=", rho * delta / (1 - rho) * E)
    stays_below(d, a, b, rho, t)
    d.then(closed, by="a geometric sum", using=[whole])
    d.then(rho * delta / (1 - rho) * E, "<=", by="ρ^t > 0")
    d.refute(b(t), "<=", rho * delta * E, because="without 1/(1-ρ)")


@post.claim("C3e", "For ρ < ½ the base sweep contracts whatever T and the inputs are; Picard's factor is ρ", kind="inequality")
def base_factor(d: Derivation) -> None:
    """δ < 1 by C3a. Picard: M = 0, so that ‖e'‖ = ‖tanh(Ax + u) - tanh(Ax* + u)‖ ≤ ρ‖e‖, the second statement of C3b."""
    rho, delta, s = d.positive("rho delta s")
    d.assume(2 * rho < 1, text="ρ < ½")
    d.assume(delta < 1, s <= 1)
    d.state(rho * delta / (1 - rho), "<", 1)
    d.state(s * rho, "<=", rho)
    d.start(rho * delta / (1 - rho))
    d.then(rho / (1 - rho), "<", by="δ < 1")
    d.then(1, "<", by="ρ < 1 - ρ")
    d.start(s * rho)
    d.then(rho, "<=", by="s ≤ 1")
    d.refute(rho * delta / (1 - rho), "<", HALF, because="a factor of one half")


@post.claim("C3f", "The base sweep need not be faster than Picard's iteration: on slopes of at most ½ it is not")
def base_or_picard(d: Derivation) -> None:
    """d = 1, slope s, A = ρ: e' = ρ(s - 1)e + ρe' of the step before, or e' = ρse; the factors of the largest errors."""
    rho, s = d.positive("rho s")
    d.assume(rho < 1, s <= HALF)
    d.state(rho * s, "<", rho * (1 - s) / (1 - rho))
    d.start(rho * s)
    d.then(rho * (1 - s), "<=", by="s ≤ 1 - s")
    d.then(rho * (1 - s) / (1 - rho), "<", by="1 - ρ < 1")
    d.refute(rho * (1 - s) / (1 - rho), "<=", rho * s, because="subtracting A x_{t-1} always speeds up")


@base_contracts.measured("kernels.parallel_rnn.parallel_rnn", against="ρ/(1-ρ), ρ = 0.4, T = 200; the figure has ρ = 0.9")
def contraction_against_kernel(m: Measurement) -> None:
    """Ratios of the largest errors of consecutive sweeps."""

    def errors(rho: float, variant: str, n: int) -> list[float]:
        net = random_network(rho, 200)
        truth = solved(net, tolerance=1e-15).states
        return [max(float((x - truth).norm(dim=-1).max()), 1e-16) for x in iterates(net, variant, n)]

    factor = float(m.value(m.statements[1].rhs, rho=Rational(2, 5), delta=1, E=1))
    for last, new in pairwise(errors(0.4, "base", 12)):
        m.holds(new, factor * last, 1e-15)
    for variant in ("picard", "base", "plus1", "newton"):
        logs = [math.log10(size) for size in errors(0.9, variant, 15)]
        m.plot(range(16), logs, x_label="sweep", y_label="log₁₀ largest error, T = 200, ‖A‖ = 0.9", series=variant)


# -- C4: the order of the error in a small signal, and in a weak coupling -----------------------------------------------


def two_steps(d: Derivation, sweep: str, small: str) -> tuple[Any, Any, Any]:
    """ε, and the error of x_2 after the first sweep from 0 with the leading coefficients of tanh that it has; d = 1, x_0 = 0."""
    eps = d.positive("epsilon")
    a, v1, v2 = d.real("a v1 v2")
    A, u1, u2 = (a, eps * v1, eps * v2) if small == "signal" else (eps * a, v1, v2)
    slope = {"picard": 0, "base": A, "plus1": A / cosh(u2) ** 2}[sweep]
    return eps, (a, v1, v2), slope * tanh(u1) + tanh(u2) - tanh(A * tanh(u1) + u2)


@post.claim("C4a", "Small signals u = εv: the first sweep errs by order ε³ for base and plus1, ε for Picard", kind="limit")
def small_signal(d: Derivation) -> None:
    """x_1 is exact after the first sweep, so x_2 is where the error begins. p = av_1."""
    eps, (a, v1, v2), base = two_steps(d, "base", "signal")
    plus1, picard = (two_steps(d, sweep, "signal")[2] for sweep in ("plus1", "picard"))
    v3 = d.real("v3")
    third = tanh(a * tanh(eps * v2) + eps * v3) - tanh(a * tanh(a * tanh(eps * v1) + eps * v2) + eps * v3)
    p = a * v1
    values = (
        (base, 3, p**3 / 3 + p**2 * v2 + p * v2**2),
        (plus1, 3, p**3 / 3 + p**2 * v2),
        (picard, 1, -p),
        (third, 1, -(a**2) * v1),  # Picard's second sweep, at x_3
    )
    for error, order, value in values:
        d.state(Limit(error / eps**order, eps, 0, "+"), "=", value)
    for error, order, value in values:
        d.start(Limit(error / eps**order, eps, 0, "+"))
        d.then(value, by="tanh z = z - z³/3 + …")
    d.note("Newton's first sweep from 0 is that of plus1 (C5c). The post speaks of a first-order approximation; tanh is odd.")
    d.refute(Limit(base / eps**3, eps, 0, "+"), "=", 0, because="one order better")
    d.refute(Limit(plus1 / eps**3, eps, 0, "+"), "=", 0, because="plus1 improves on the order of base")
    d.refute(Limit(base / eps**2, eps, 0, "+"), "=", p**2 * v2, because="second order")


@post.claim("C4b", "Weak coupling A = εa: the first sweep errs by order ε for base and Picard, ε² for plus1", kind="limit")
def weak_coupling(d: Derivation) -> None:
    """x_1 is exact after the first sweep, so x_2 is where the error begins. w = tanh v_1."""
    eps, (a, v1, v2), base = two_steps(d, "base", "coupling")
    plus1, picard = (two_steps(d, sweep, "coupling")[2] for sweep in ("plus1", "picard"))
    w = a * tanh(v1)
    values = (
        (base, 1, w * tanh(v2) ** 2),
        (picard, 1, -w / cosh(v2) ** 2),
        (plus1, 2, w**2 * tanh(v2) / cosh(v2) ** 2),
    )
    for error, order, value in values:
        d.state(Limit(error / eps**order, eps, 0, "+"), "=", value)
    for error, order, value in values:
        d.start(Limit(error / eps**order, eps, 0, "+"))
        d.then(value, by="the Taylor series of tanh at v_2")
    d.refute(Limit(base / eps, eps, 0, "+"), "=", 0, because="base beats Picard's iteration by an order")
    d.refute(Limit(plus1 / eps**2, eps, 0, "+"), "=", 0, because="third order")


@post.claim("C4c", "tanh² changes by no more than its argument", kind="inequality")
def lipschitz(d: Derivation) -> None:
    """(tanh²)' = 2 tanh (1 - tanh²) lies between -1 and 1."""
    u, z = d.real("u z")
    change = tanh(u) ** 2 - tanh(z) ** 2
    d.state(2 * tanh(z) * (1 - tanh(z) ** 2), "<", 1)
    d.state(change, "<=", Abs(z - u))
    d.state(-Abs(z - u), "<=", change)
    d.start(2 * tanh(z) * (1 - tanh(z) ** 2))
    d.then(1, "<", by="2w(1 - w²) < 1 for w² < 1")
    d.start(change)
    d.then(Abs(z - u), "<=", by="z ± tanh² z increases")
    d.start(-Abs(z - u))
    d.then(change, "<=", by="z ± tanh² z increases")
    d.refute(change, "<=", Abs(z - u) / 2, because="half the constant")


@post.claim("C4d", "What a plus1 sweep leaves of a difference: at most r of it within r of the input u", kind="inequality")
def plus1_bracket(d: Derivation) -> None:
    """q ≤ p, both within r of u; the other order is the same with both signs changed. In a weak coupling r is of order ε."""
    p, q, u, z = d.real("p q u z")
    r = d.positive("r")
    d.assume(q <= p, p <= u + r, u - r <= q)
    rest = tanh(p) - tanh(q) - (1 - tanh(u) ** 2) * (p - q)
    change = tanh(u) ** 2 - tanh(z) ** 2
    whole = d.have(Integral(change, (z, q, p)), "=", rest, by=ByParts(tanh(z) - (1 - tanh(u) ** 2) * z, z, q, p))
    inside = (z >= q, z <= p)
    near = d.have(Abs(z - u), "<=", r, by="q and p are within r of u", where=inside, forall=[z])
    slow = lipschitz.at(u=u, z=z)
    above = d.have(change, "<=", Abs(z - u), by="C4c", using=[slow], where=inside, forall=[z])
    below = d.have(-Abs(z - u), "<=", change, by="C4c", using=[slow], where=inside, forall=[z])
    d.state(rest, "<=", r * (p - q))
    d.state(-r * (p - q), "<=", rest)
    d.start(rest)
    d.then(Integral(change, (z, q, p)), by="tanh' = 1 - tanh²", using=[whole])
    d.then(Integral(Abs(z - u), (z, q, p)), "<=", by="the integrand is at most |z - u|", using=[above])
    d.then(Integral(r, (z, q, p)), "<=", by="|z - u| ≤ r", using=[near])
    d.then(r * (p - q), by="a constant integrand")
    d.start(-r * (p - q))
    d.then(Integral(-r, (z, q, p)), by="a constant integrand")
    d.then(Integral(-Abs(z - u), (z, q, p)), "<=", by="|z - u| ≤ r", using=[near])
    d.then(Integral(change, (z, q, p)), "<=", by="the integrand is at least -|z - u|", using=[below])
    d.then(rest, by="tanh' = 1 - tanh²", using=[whole])
    d.refute(rest, "<=", r * (p - q) / 10, because="a tenth of it", where=[Eq(u, 1), Eq(r, 1), Eq(q, 0), Eq(p, Rational(1, 100))])


@post.claim("C4e", "What a Newton sweep leaves of a difference: at most r times its square between -r and r", kind="inequality")
def newton_bracket(d: Derivation) -> None:
    """The tangent is taken at p, and p ≤ q; tanh is odd, so that the other order is the same with all signs changed."""
    p, q, z = d.real("p q z")
    r = d.positive("r")
    d.assume(p <= q, q <= r, -r <= p)
    rest = tanh(q) - tanh(p) - (1 - tanh(p) ** 2) * (q - p)
    change = tanh(p) ** 2 - tanh(z) ** 2
    gap, total = tanh(z) - tanh(p), tanh(z) + tanh(p)
    inside = (z >= p, z <= q)
    whole = d.have(Integral(change, (z, p, q)), "=", rest, by=ByParts(tanh(z) - (1 - tanh(p) ** 2) * z, z, p, q))
    rises = d.have(0, "<=", gap, by="tanh increases", where=inside, forall=[z])
    slow = d.have(gap, "<=", z - p, by="z - tanh z increases", where=inside, forall=[z])
    high = d.have(tanh(z), "<=", r, by="tanh r ≤ r", where=inside, forall=[z])
    low = d.have(-r, "<=", tanh(p), by="tanh r ≤ r")
    first = d.have(0, "<=", gap * (2 * r - total), by="signs", using=[rises, slow, high, low], where=inside, forall=[z])
    second = d.have(0, "<=", gap * (2 * r + total), by="signs", using=[rises, slow, high, low], where=inside, forall=[z])
    d.state(rest, "<=", r * (q - p) ** 2)
    d.state(-r * (q - p) ** 2, "<=", rest)
    d.start(rest)
    d.then(Integral(change, (z, p, q)), by="tanh' = 1 - tanh²", using=[whole])
    d.then(Integral(2 * r * gap, (z, p, q)), "<=", by="change = -gap · total", using=[second])
    d.then(Integral(2 * r * (z - p), (z, p, q)), "<=", by="tanh z - tanh p ≤ z - p", using=[slow])
    d.then(r * (q - p) ** 2, by="an antiderivative")
    d.start(-r * (q - p) ** 2)
    d.then(Integral(-2 * r * (z - p), (z, p, q)), by="an antiderivative")
    d.then(Integral(-2 * r * gap, (z, p, q)), "<=", by="tanh z - tanh p ≤ z - p", using=[slow])
    d.then(Integral(change, (z, p, q)), "<=", by="change = -gap · total", using=[first])
    d.then(rest, by="tanh' = 1 - tanh²", using=[whole])
    d.refute(-r * (q - p) ** 2 / 10, "<=", rest, because="a tenth of it", where=[Eq(p, 0), Eq(q, r), Eq(r, 1)])


def orders(d: Derivation) -> SimpleNamespace:
    """The largest error E(n) after n sweeps, ε, and constants."""
    n, m = d.natural("n m")
    eps, K, B = d.positive("epsilon K B")
    return SimpleNamespace(n=n, m=m, eps=eps, K=K, B=B, E=d.function("E"))


def gain(d: Derivation, s: SimpleNamespace, bound: Any, factor: Any, label: str) -> None:
    """E(0) ≤ bound(0) and E(n + 1) ≤ factor E(n) give E(n) ≤ bound(n) = factorⁿ bound(0), for every n."""
    d.assume(s.E(0) <= bound(0), text="the start")
    d.assume(ForAll((s.m,), Le(s.E(s.m + 1), factor * s.E(s.m))), text=label)
    d.instance(s.E, bound)
    d.state(s.E(s.n), "<=", bound(s.n))
    stays_below(d, s.E, bound, factor, s.n)


def squared(d: Derivation, s: SimpleNamespace, bound: Any, factor: Any, label: str) -> None:
    """E(n) ≤ bound(n) and E(n + 1) ≤ factor E(n)² give E(n + 1) ≤ bound(n + 1): the step of an induction from E(0) ≤ bound(0)."""
    d.assume(s.E(s.n) <= bound(s.n), text="the case n; for n = 0 the start")
    d.assume(ForAll((s.m,), Le(s.E(s.m + 1), factor * s.E(s.m) ** 2)), text=label)
    d.assume(ForAll((s.m,), Le(0, s.E(s.m))), text="a norm")
    d.instance(s.E, bound)
    d.state(s.E(s.n + 1), "<=", bound(s.n + 1))
    d.start(s.E(s.n + 1))
    d.then(factor * s.E(s.n) ** 2, "<=", by="a sweep")
    d.then(factor * bound(s.n) ** 2, "<=", by="the case n")
    d.then(bound(s.n + 1), by="collect the powers")


@post.claim("C4f", "Small signals, base and plus1: each sweep gains ε², so that n sweeps leave order ε^(2n+1)", kind="inequality")
def signal_orders(d: Derivation) -> None:
    """States and inputs are of order ε: r = Rε in C3a gives δ ≤ R²ε². The start 0 errs by order ε."""
    s = orders(d)

    def bound(n: Any) -> Any:
        return s.B * s.K**n * s.eps ** (2 * n + 1)

    gain(d, s, bound, s.K * s.eps**2, "C3d; K bounds R²ρ times the sum over the steps")
    d.note("The matrix of plus1 differs from A by A tanh² u_t, of order ε² too, so that the bracket keeps its order.")
    d.refute(s.E(s.n + 1), "<=", bound(s.n + 2), because="one sweep more")


@post.claim("C4g", "Weak coupling, base and Picard: each sweep gains ε, so that n sweeps leave order ε^n", kind="inequality")
def coupling_orders(d: Derivation) -> None:
    """ρ is of order ε, the states of order 1."""
    s = orders(d)

    def bound(n: Any) -> Any:
        return s.B * s.K**n * s.eps**n

    gain(d, s, bound, s.K * s.eps, "C3d with ρ of order ε")
    d.refute(s.E(s.n + 1), "<=", bound(s.n + 2), because="one sweep more")


@post.claim("C4h", "Weak coupling, plus1: each sweep gains ε², so that n sweeps leave order ε^(2n)", kind="inequality")
def plus1_orders(d: Derivation) -> None:
    """One factor ε from A, one from C4d."""
    s = orders(d)

    def bound(n: Any) -> Any:
        return s.B * s.K**n * s.eps ** (2 * n)

    gain(d, s, bound, s.K * s.eps**2, "C4d with r and ρ of order ε")
    d.refute(s.E(s.n + 1), "<=", bound(s.n + 2), because="one sweep more")


@post.claim("C4i", "Small signals, Newton: order ε^(2^(n+1) - 1) after n sweeps", kind="inequality")
def newton_signal_orders(d: Derivation) -> None:
    """The error is squared, and C4e with r of order ε gives one ε more: the exponent k becomes 2k + 1."""
    s = orders(d)

    def bound(n: Any) -> Any:
        return s.B ** (2**n) * s.K ** (2**n - 1) * s.eps ** (2 ** (n + 1) - 1)

    squared(d, s, bound, s.K * s.eps, "C4e with r of order ε")
    d.refute(s.E(s.n + 1), "<=", bound(s.n + 2), because="one sweep more")


@post.claim("C4j", "Weak coupling, Newton: order ε^(2^(n+1) - 2) after n sweeps", kind="inequality")
def newton_coupling_orders(d: Derivation) -> None:
    """The error e becomes one of order (Ae)²: the exponent k becomes 2k + 2."""
    s = orders(d)

    def bound(n: Any) -> Any:
        return s.B ** (2**n) * s.K ** (2**n - 1) * s.eps ** (2 ** (n + 1) - 2)

    squared(d, s, bound, s.K * s.eps**2, "C6f with ρ of order ε")
    d.refute(s.E(s.n + 1), "<=", bound(s.n + 2), because="one sweep more")


def slope_between(variant: str, n: int, kind: str, scales: tuple[float, float]) -> float:
    """log₂ of the ratio of the errors after n sweeps at two scales, one twice the other."""
    import torch

    errors = []
    for scale in scales:
        net = random_network(scale if kind == "coupling" else 0.8, 12)
        net.u = net.u * (scale if kind == "signal" else 1)
        truth = torch.zeros_like(net.u)
        for _ in range(12):
            truth = net.step(earlier(net, truth), net.u)
        errors.append(float((swept(net, variant, n) - truth).norm(dim=-1).max()))
    return math.log2(errors[0] / errors[1])


@signal_orders.measured("kernels.parallel_rnn.parallel_rnn", against="2n + 1 (base, plus1), 2^(n+1) - 1 (Newton), 1 (Picard)")
def signal_orders_against_kernel(m: Measurement) -> None:
    """Slopes between ε = 0.05 and 0.025, within 0.1: the next term of a series in ε² changes them by a multiple of ε²."""
    for variant, both in {"base": (3, 5), "plus1": (3, 5), "newton": (3, 7), "picard": (1, 1)}.items():
        for n, order in enumerate(both, 1):
            m.agree(slope_between(variant, n, "signal", (0.05, 0.025)), order, 0.1)


@coupling_orders.measured("kernels.parallel_rnn.parallel_rnn", against="n (base, Picard), 2n (plus1), 2^(n+1) - 2 (Newton)")
def coupling_orders_against_kernel(m: Measurement) -> None:
    """Slopes between ε = 0.05 and 0.025, within 0.1: a series in ε changes them by a multiple of ε."""
    for variant, both in {"base": (1, 2), "plus1": (2, 4), "newton": (2, 6), "picard": (1, 2)}.items():
        for n, order in enumerate(both, 1):
            m.agree(slope_between(variant, n, "coupling", (0.05, 0.025)), order, 0.1)


# -- C5: the slopes -----------------------------------------------------------------------------------------------------


@post.claim("C5a", "The Jacobian of tanh(Ax + u) is diag(sech²(Ax + u))A: the rows of A are scaled")
def jacobian(d: Derivation) -> None:
    """Entry by entry, any number of coordinates."""
    D, i, j, k = d.counting("D"), d.index("i"), d.index("j"), d.index("k")
    x = d.point("x", D)
    A, u = d.function("A u")
    d.assume(i >= 1, i <= D, j >= 1, j <= D)

    def inner(i: Any) -> Any:
        return Sum(A(i, k) * x[k], (k, 1, D)) + u(i)

    entry = Partial(tanh(inner(i)), x, j)
    d.state(entry, "=", A(i, j) / cosh(inner(i)) ** 2)
    d.start(entry)
    d.then((1 - tanh(inner(i)) ** 2) * Partial(inner(i), x, j), by="chain rule")
    d.then((1 - tanh(inner(i)) ** 2) * A(i, j), by="a linear function")
    d.then(A(i, j) / cosh(inner(i)) ** 2, by="1 - tanh² = sech²")
    d.refute(entry, "=", A(i, j) / cosh(inner(j)) ** 2, because="the columns of A scaled: A diag(sech²)", where=[Eq(D, 2)])
    d.refute(entry, "=", A(i, j) * (1 - 1 / cosh(inner(i)) ** 2), because="1 - sech²", where=[Eq(D, 2)])
    d.note(
        "The post's sech² u_t ∘ A has a column u_t that is broadcast over the columns of A: its entry ij is sech² u_i A_ij. What "
        "it calls Hadamard integral there (section 加快收敛) is the Hadamard product, a slip of the pen."
    )


@post.claim("C5b", "At x = 0 it is diag(sech² u_t)A, and the first-order expansion in x is exact to first order")
def expansion(d: Derivation) -> None:
    """Along a line εx."""
    D, i, k = d.counting("D"), d.index("i"), d.index("k")
    eps = d.real("epsilon")
    A, u, x = d.function("A u x")
    d.assume(i >= 1, i <= D)
    along = tanh(eps * Sum(A(i, k) * x(k), (k, 1, D)) + u(i))
    slope = Sum(A(i, k) / cosh(u(i)) ** 2 * x(k), (k, 1, D))
    quotient = Limit((along - tanh(u(i))) / eps, eps, 0, "+")
    d.state(quotient, "=", slope)
    d.start(quotient)
    d.then(Sum(A(i, k) * x(k), (k, 1, D)) / cosh(u(i)) ** 2, by="the derivative of tanh at u_i")
    d.then(slope, by="a constant factor")
    columns = Sum(A(i, k) / cosh(u(k)) ** 2 * x(k), (k, 1, D))
    d.refute(quotient, "=", columns, because="A diag(sech² u)", where=[Eq(D, 2), Eq(i, 1)])


@post.claim("C5c", "From the start 0 the first sweeps of plus1 and of Newton's method are the same")
def first_sweep(d: Derivation) -> None:
    """Their matrices agree where x_{t-1} = 0. With x_0 ≠ 0 they differ at t = 1, where the terms with M cancel."""
    D, i, j, k = d.counting("D"), d.index("i"), d.index("j"), d.index("k")
    A, u, x, x0 = d.function("A u x x0")
    M, N = d.function("M N")
    d.assume(i >= 1, i <= D)
    d.assume(ForAll((k,), Eq(x(k), 0), (k >= 1, k <= D)), text="the start")
    newton, plus1 = A(i, j) / cosh(Sum(A(i, k) * x(k), (k, 1, D)) + u(i)) ** 2, A(i, j) / cosh(u(i)) ** 2
    d.instance(x, lambda k: Integer(0))
    step = Sum(M(i, k) * x0(k), (k, 1, D)) - Sum(M(i, k) * x0(k), (k, 1, D))
    d.state(newton, "=", plus1)
    d.state(step, "=", Sum(N(i, k) * x0(k), (k, 1, D)) - Sum(N(i, k) * x0(k), (k, 1, D)))
    d.start(newton)
    d.then(plus1, by="Ax = 0")
    d.start(step)
    d.then(Sum(N(i, k) * x0(k), (k, 1, D)) - Sum(N(i, k) * x0(k), (k, 1, D)), by="both vanish: every iterate begins at x_0")
    d.refute(newton, "=", A(i, j), because="the matrix of the base sweep", where=[Eq(D, 2)])


@jacobian.measured("kernels.rnn_steps.tanh_jacobian", against="A_ij/cosh²(Σ A_ik x_k + u_i), d = 3")
def jacobian_against_kernel(m: Measurement) -> None:
    """All entries."""
    import torch

    from derivable.kernels.rnn_steps import tanh_jacobian
    from derivable.numerics import rounding_bound

    A = [[Rational(3 * r - 2 * c + 1, 7) for c in range(3)] for r in range(3)]
    u, x = [Rational(1, 2), Rational(-3, 4), Rational(2)], [Rational(1, 3), Rational(-1), Rational(5, 4)]
    statement = m.statements[0].rhs
    functions = {f.func.__name__: f.func for f in statement.atoms(AppliedUndef)}
    names = {str(symbol): symbol for symbol in statement.free_symbols}
    want = []
    for i in range(1, 4):
        for j in range(1, 4):
            entry = statement.subs({names["D"]: 3, names["i"]: i, names["j"]: j}).doit()
            entry = entry.replace(functions["A"], lambda r, c: A[int(r) - 1][int(c) - 1])
            entry = entry.replace(functions["u"], lambda r: u[int(r) - 1])
            want.append(m.value(entry, {e: x[int(e.indices[0]) - 1] for e in entry.atoms(sp.Indexed)}))
    for dtype in (torch.float64, torch.float32):
        got = tanh_jacobian(*(torch.tensor([[float(e) for e in row] for row in rows], dtype=dtype) for rows in ([x], [u], A)))
        # the argument is a sum of four products below 3, and the slope of sech² is below 1
        m.agree(got, want, rounding_bound(dtype, 12, scale=3.0))


# -- C6: Newton's method ------------------------------------------------------------------------------------------------


@post.claim("C6a", "|tanh''| is at most 4/(3√3), and reaches it where tanh² = 1/3", kind="optimum")
def curvature(d: Derivation) -> None:
    """tanh'' = -2w(1 - w²) with w = tanh z, and 4/(3√3) - 2w(1 - w²) = 2(w - 1/√3)²(w + 2/√3)."""
    z, w, c = d.real("z w c")
    d.assume(Eq(tanh(c), 1 / sqrt(3)), text="c = artanh(1/√3)")
    top = 4 / (3 * sqrt(3))
    bend = Derivative(tanh(z), (z, 2))
    d.state(bend, "=", -2 * tanh(z) * (1 - tanh(z) ** 2))
    d.state(2 * tanh(z) * (1 - tanh(z) ** 2), "<=", top)
    d.state(-top, "<=", 2 * tanh(z) * (1 - tanh(z) ** 2))
    d.state(2 * tanh(c) * (1 - tanh(c) ** 2), "=", top)
    d.have(top - 2 * w * (1 - w**2), "=", 2 * (w - 1 / sqrt(3)) ** 2 * (w + 2 / sqrt(3)), by="expand")
    d.start(bend)
    d.then(-2 * tanh(z) * (1 - tanh(z) ** 2), by="differentiate twice")
    d.start(2 * tanh(z) * (1 - tanh(z) ** 2))
    d.then(top, "<=", by="the factorisation, with w = tanh z > -1 > -2/√3")
    d.start(-top)
    d.then(2 * tanh(z) * (1 - tanh(z) ** 2), "<=", by="tanh is odd")
    d.start(2 * tanh(c) * (1 - tanh(c) ** 2))
    d.then(top, by="2/√3 · 2/3")
    near = [Eq(z, Rational(6585, 10000))]
    d.refute(2 * tanh(z) * (1 - tanh(z) ** 2), "<=", Rational(3, 4), because="¾", where=near)


@post.claim("C6b", "Taylor's remainder of tanh: half of 4/(3√3) times the square", kind="inequality")
def remainder(d: Derivation) -> None:
    """tanh z ± 2z²/(3√3) is convex, or concave: it lies above, or below, its tangent at p."""
    p, q, z = d.real("p q z")
    half = 2 / (3 * sqrt(3))
    rest = tanh(q) - tanh(p) - (1 - tanh(p) ** 2) * (q - p)
    d.state(-half * (q - p) ** 2, "<=", rest)
    d.state(rest, "<=", half * (q - p) ** 2)
    d.start(-half * (q - p) ** 2)
    d.then(rest, "<=", by=Convex(tanh(z) + half * z**2, z, at=p, to=q), why="tanh'' ≥ -4/(3√3)")
    d.start(rest)
    d.then(half * (q - p) ** 2, "<=", by=Concave(tanh(z) - half * z**2, z, at=p, to=q), why="tanh'' ≤ 4/(3√3)")
    d.refute(rest, "<=", half * (q - p) ** 2 / 2, because="half of the constant")
    d.refute(rest, "<=", Abs(q - p) ** 3, because="a cubic remainder")


@post.claim("C6c", "The Newton step for the stacked equations F_t(X) = x_t - f(x_{t-1}, u_t) is the sweep with the Jacobian")
def newton_is_the_sweep(d: Derivation) -> None:
    """F'(X)(X' - X) = -F(X), row t: (x'_t - x_t) - J_t (x'_{t-1} - x_{t-1}) = f(x_{t-1}, u_t) - x_t. F' by C5a: 1 and -J_t."""
    s = network(d)
    t, i, k, D = s.t, s.i, s.k, s.D
    x, y, f = d.function("x y g")
    d.assume(*s.row)

    def J(z: Any) -> Any:
        return Sum(s.M(t, i, k) * z(k), (k, 1, D))

    value = f(t, i)
    newton = y(t, i) - x(t, i) - J(lambda k: y(t - 1, k) - x(t - 1, k))
    sweep = y(t, i) - J(lambda k: y(t - 1, k))
    d.state(newton - (value - x(t, i)), "=", sweep - (value - J(lambda k: x(t - 1, k))))
    d.start(newton - (value - x(t, i)))
    d.then(sweep - (value - J(lambda k: x(t - 1, k))), by="x_t cancels")
    d.note("So that one side vanishes if and only if the other does, whatever f(x_{t-1}, u_t) = g(t, i) and the Jacobian M are.")
    unshifted = y(t, i) - x(t, i) - J(lambda k: y(t, k) - x(t, k))
    d.refute(
        unshifted - (value - x(t, i)),
        "=",
        sweep - (value - J(lambda k: x(t - 1, k))),
        because="the Jacobian without the shift: 1 - J_t acting at the same step",
        where=[Eq(D, 2)],
    )


@post.claim("C6d", "The Jacobian of the stacked equations has the determinant 1: lower triangular with ones on the diagonal")
def determinant(d: Derivation) -> None:
    """Expansion along the first row, which is (1, 0, …, 0); what is left is the same matrix without the first coordinate."""
    N, j = d.natural("N"), d.index("j")
    det, minor, row = d.function("det minor row")
    d.assume(ForAll((N,), Eq(det(N + 1), Sum(row(N, j) * minor(N, j), (j, 1, N + 1)))), text="Laplace's expansion along row 1")
    d.assume(ForAll((N, j), Eq(row(N, j), KroneckerDelta(j, 1))), text="the first row: states depend on earlier states alone")
    d.assume(ForAll((N,), Eq(minor(N, 1), det(N))), text="what is left when row and column 1 are deleted")
    d.assume(Eq(det(0), 1), text="the empty determinant")
    d.instance(det, lambda N: Integer(1))
    d.instance(minor, lambda N, j: Integer(1))
    d.instance(row, lambda N, j: KroneckerDelta(j, 1))
    d.state(det(N), "=", 1)
    d.have(det(N + 1), "=", Sum(row(N, j) * minor(N, j), (j, 1, N + 1)), by=LAPLACE, why="minor(N, j) has its sign")
    d.start(det(N))
    d.then(1, by=Induction(N, 0), why="one term of the expansion is left")
    d.note("N = dT. So that every Newton step exists and is unique, whatever the iterate.")
    d.refute(det(N), "=", 0, because="singular")


@post.claim("C6e", "What a Newton sweep leaves in each coordinate, if A moves it by at most h", kind="inequality")
def remainder_bound(d: Derivation) -> None:
    """Coordinate i: p and q are (Ax + u)_i at the iterate and at the solution, and h = ‖A‖‖e‖ in the max norm."""
    (p, q), h = d.real("p q"), d.positive("h")
    half = 2 / (3 * sqrt(3))
    d.assume(q - p <= h, p - q <= h)
    rest = tanh(q) - tanh(p) - (1 - tanh(p) ** 2) * (q - p)
    d.state(rest, "<=", half * h**2)
    d.state(-half * h**2, "<=", rest)
    square = d.have((q - p) ** 2, "<=", h**2, by="|q - p| ≤ h")
    d.start(rest)
    d.then(half * (q - p) ** 2, "<=", by="C6b", using=[remainder.at(p=p, q=q)])
    d.then(half * h**2, "<=", by="|q - p| ≤ h", using=[square])
    d.start(-half * h**2)
    d.then(-half * (q - p) ** 2, "<=", by="|q - p| ≤ h", using=[square])
    d.then(rest, "<=", by="C6b", using=[remainder.at(p=p, q=q)])
    d.refute(rest, "<=", half * h**2 / 2, because="half of the constant", where=[Eq(p, -2 * h / 3), Eq(q, h / 3), Eq(h, 1)])


@post.claim("C6f", "A Newton sweep squares the error: ‖e'‖ ≤ C‖e‖² with C = ½ max|tanh''| ‖A‖² ‖F'⁻¹‖", kind="inequality")
def quadratic(d: Derivation) -> None:
    """In the max norm. f(x*) - f(x) - J(x* - x) is minus F'(X)e' in row t, R its norm; G bounds ‖F'(X)⁻¹‖, a = ‖A‖."""
    n, m = d.natural("n m")
    G, a = d.positive("G a")
    E, R = d.function("E R")
    half = 2 / (3 * sqrt(3))
    d.assume(ForAll((m,), Le(R(m), half * (a * E(m)) ** 2)), text="C6e in every coordinate, with h = aE")
    d.assume(ForAll((m,), Le(E(m + 1), G * R(m))), text="e' = -F'(X)⁻¹ r")
    d.instance(E, lambda n: (half * a**2 * G) ** (2**n - 1) / 2 ** (2**n))
    d.instance(R, lambda n: half * a**2 * ((half * a**2 * G) ** (2**n - 1) / 2 ** (2**n)) ** 2)
    d.state(E(n + 1), "<=", half * a**2 * G * E(n) ** 2)
    d.start(E(n + 1))
    d.then(G * R(n), "<=", by="the inverse of F'")
    d.then(G * (half * (a * E(n)) ** 2), "<=", by="the remainder")
    d.then(half * a**2 * G * E(n) ** 2, by="collect")
    d.refute(E(n + 1), "<=", half * a * G * E(n) ** 2, because="‖A‖ once")
    d.refute(E(n + 1), "<=", half * a**2 * G * E(n) ** 3, because="cubic convergence")


@post.claim("C6g", "The rate is quadratic and no better: e'/e² tends to ½ tanh''", kind="limit")
def rate(d: Derivation) -> None:
    """d = 1, two steps; p = Ax_1 + u at the iterate, q at the solution, e = q - p."""
    p, e = d.real("p e")
    rest = tanh(p + e) - tanh(p) - (1 - tanh(p) ** 2) * e
    d.state(Limit(rest / e**2, e, 0, "+"), "=", -tanh(p) * (1 - tanh(p) ** 2))
    d.start(Limit(rest / e**2, e, 0, "+"))
    d.then(-tanh(p) * (1 - tanh(p) ** 2), by="Taylor's theorem")
    d.refute(Limit(rest / e**2, e, 0, "+"), "=", 0, because="cubic convergence")
    d.refute(Limit(rest / e**2, e, 0, "+"), "=", -2 * tanh(p) * (1 - tanh(p) ** 2), because="tanh'' without the half")


@post.claim("C6h", "Errors need not fall from sweep to sweep: a Newton sweep can more than double one", kind="inequality")
def not_monotone(d: Derivation) -> None:
    """d = 1, x_0 = 0, A = a, u = (v, 0), the start 0, w = tanh v: x_2 = tanh(aw), after the first sweep aw."""
    a, w = d.positive("a w")
    d.assume(a * w >= 3)
    before, after = tanh(a * w), a * w - tanh(a * w)
    d.state(2 * before, "<=", after)
    d.start(2 * before)
    d.then(3 - tanh(a * w), "<=", by="tanh < 1")
    d.then(after, "<=", by="aw ≥ 3")
    d.refute(after, "<=", before, because="errors fall monotonically")


@newton_is_the_sweep.measured("kernels.parallel_rnn.parallel_rnn", against="X - F'(X)⁻¹F(X), all equations stacked, T = 6, d = 3")
def newton_against_kernel(m: Measurement) -> None:
    """One sweep from a random start; F' by automatic differentiation of all 18 equations."""
    import torch

    net = random_network(0.9, 6, size=3)
    start = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    value, slope = stacked(net, start)
    want = start.flatten() - torch.linalg.solve(slope, value)
    # 18 equations
    unit = 18 * float(torch.linalg.cond(slope)) * 2.0**-53
    m.agree(swept(net, "newton", 1, start).flatten(), want.tolist(), unit * float(want.norm()))
    m.agree(float(torch.linalg.det(slope)), 1.0, unit)


@quadratic.measured("kernels.parallel_rnn.parallel_rnn", against="C‖e‖², T = 30, d = 4; the figure has sweeps against T and ‖A‖")
def quadratic_against_kernel(m: Measurement) -> None:
    """C from F' at each iterate, ρ = 0.9. For the figure a sweep is the last when it is off by at most 256 units."""
    import torch

    net = random_network(0.9, 30, size=4)
    truth = swept(net, "newton", 30)
    norm = float(net.A.abs().sum(1).max())
    for last, new in pairwise(iterates(net, "newton", 4)):
        inverse = torch.linalg.inv(stacked(net, last)[1])
        C = 2 / (3 * math.sqrt(3)) * norm**2 * float(inverse.abs().sum(1).max())
        m.holds(float((new - truth).abs().max()), C * float((last - truth).abs().max()) ** 2, 1e-14)
    lengths = (3, 10, 30, 100, 300, 1000)
    for rho in (0.5, 0.9, 1.5, 3.0):
        net = random_network(rho, 1000)
        inputs, counts = net.u, []
        for T in lengths:
            net.u = inputs[:T]
            counts.append(solved(net).sweeps)
        m.holds(counts, list(lengths))
        places = [math.log10(T) for T in lengths]
        m.plot(places, counts, x_label="log₁₀ T", y_label="Newton sweeps to rounding, d = 8", series=f"‖A‖ = {rho}")


def stacked(net: SimpleNamespace, X: Any) -> tuple[Any, Any]:
    """F(X), F_t = x_t - f(x_{t-1}, u_t), as one vector, and its Jacobian by automatic differentiation."""
    import torch

    def F(flat: torch.Tensor) -> torch.Tensor:
        Y = flat.view(X.shape)
        return (Y - net.step(earlier(net, Y), net.u)).flatten()

    return F(X.flatten()), torch.autograd.functional.jacobian(F, X.flatten())


# -- C7: the diagonal form ----------------------------------------------------------------------------------------------


@post.claim("C7a", "A = PΛP⁻¹: in the coordinates y = P⁻¹x the base sweep is elementwise on its left side")
def diagonal_form(d: Derivation) -> None:
    """Matrices of any size; w = tanh(Ax_{t-1} + u_t), y1 is the new y_{t-1} and y0 the old one."""
    n = d.counting("n")
    P, L = (sp.MatrixSymbol(name, n, n) for name in ("P", "Lambda"))
    w, y0, y1 = (sp.MatrixSymbol(name, n, 1) for name in ("w", "y0", "y1"))
    d.declare(P, L, w, y0, y1)
    d.assume(text="A is diagonalisable over ℂ, so that P is invertible")
    A = P * L * P**-1
    new = w + A * (P * y1) - A * (P * y0)
    d.state(P**-1 * new - L * y1, "=", P**-1 * w - L * y0)
    d.state(A * (P * y0), "=", P * L * y0)
    d.start(P**-1 * new - L * y1)
    d.then(P**-1 * w + L * (P**-1 * (P * y1)) - L * (P**-1 * (P * y0)) - L * y1, by="P⁻¹P = 1")
    d.then(P**-1 * w - L * y0, by="P⁻¹P = 1")
    d.start(A * (P * y0))
    d.then(P * L * y0, by="what stands inside tanh: Ax = PΛy")
    d.refute(A * (P * y0), "=", L * y0, because="P⁻¹ tanh(Λy + u): P left out inside")
    d.refute(P * new - L * y1, "=", P * w - L * y0, because="P in place of P⁻¹")


@post.claim("C7b", "Untied, P' tanh(Qy + u) - Λy: the slope at the start is 0 if and only if P'Q = Λ")
def untied(d: Derivation) -> None:
    """The slope at y = 0, u = 0 is P'Q - Λ, entry by entry, for any number of coordinates."""
    D, i, j, k, l = d.counting("D"), d.index("i"), d.index("j"), d.index("k"), d.index("l")
    y = d.point("y", D)
    P, Q, Lam, zero = d.function("P Q Lambda y0")
    d.assume(i >= 1, i <= D, l >= 1, l <= D)
    d.assume(ForAll((k,), Eq(zero(k), 0), (k >= 1, k <= D)), text="the start")
    d.instance(zero, lambda k: Integer(0))

    def inner(j: Any, y: Any) -> Any:
        return Sum(Q(j, k) * y(k), (k, 1, D))

    def slope(y: Any) -> Any:
        return Sum(P(i, j) * (1 - tanh(inner(j, y)) ** 2) * Q(j, l), (j, 1, D))

    coordinate = Sum(P(i, j) * tanh(inner(j, lambda k: y[k])), (j, 1, D))
    product = Sum(P(i, j) * Q(j, l), (j, 1, D))
    d.state(Partial(coordinate, y, l), "=", slope(lambda k: y[k]))
    d.state(slope(zero) - Lam(i, l), "=", product - Lam(i, l))
    d.start(Partial(coordinate, y, l))
    d.then(slope(lambda k: y[k]), by="C5a, row by row")
    d.start(slope(zero) - Lam(i, l))
    d.then(product - Lam(i, l), by="tanh 0 = 0")
    d.refute(slope(zero), "=", Sum(Q(i, j) * P(j, l), (j, 1, D)), because="QP' = Λ", where=[Eq(D, 2), Eq(i, 1), Eq(l, 1)])


@post.claim("C7c", "The matrices of plus1 and of Newton's sweeps have no common diagonal form: they do not commute")
def do_not_commute(d: Derivation) -> None:
    """d = 2, A the exchange of the coordinates, slopes (s, 1) and (1, s): the commutator is diag(s² - 1, 1 - s²)."""
    s = d.positive("s")
    d.assume(s < 1)
    A = sp.ImmutableMatrix([[0, 1], [1, 0]])
    first, second = (sp.ImmutableMatrix(sp.diag(*slopes)) * A for slopes in ((s, 1), (1, s)))
    d.state(first * second - second * first, "=", sp.ImmutableMatrix(sp.diag(s**2 - 1, 1 - s**2)))
    d.state(s**2 - 1, "<", 0)
    d.start(first * second - second * first)
    d.then(sp.ImmutableMatrix(sp.diag(s**2 - 1, 1 - s**2)), by="multiply out")
    d.start(s**2 - 1)
    d.then(0, "<", by="s < 1")
    d.refute(first * second, "=", second * first, because="diagonal in one basis for all t")


@diagonal_form.measured("kernels.linear_scan.linear_scan", against="base sweeps with the matrix A, d = 3, T = 6")
def diagonal_against_kernel(m: Measurement) -> None:
    """Four sweeps in the coordinates y, complex and elementwise, and back."""
    import torch

    from derivable.kernels.linear_scan import linear_scan

    net = random_network(0.9, 6, size=3)
    Lam, P = torch.linalg.eig(net.A)
    back = torch.linalg.inv(P)
    y = torch.zeros(6, 3, dtype=P.dtype)
    condition = float(torch.linalg.cond(P))
    for n in range(1, 5):
        before = torch.cat([torch.zeros_like(y[:1]), y[:-1]])
        # PΛy is Ax, which is real
        value = torch.tanh((before @ (P * Lam).T).real + net.u).to(P.dtype) @ back.T
        y = linear_scan(Lam.expand(6, 3), value - Lam * before, dim=0)
        # a step rounds some 40 numbers, which the change of basis and back multiplies by the condition of P
        m.agree((y @ P.T).real, swept(net, "base", n).tolist(), 6 * n * 40 * condition * 1.2e-16)


# -- C8: the scan -------------------------------------------------------------------------------------------------------


@post.claim(
    "C8a", "Affine maps compose associatively, not commutatively: (M₂, b₂)∘(M₁, b₁) = (M₂M₁, M₂b₁ + b₂)", kind="algorithm"
)
def composition(d: Derivation) -> None:
    """Matrices of any size."""
    n = d.counting("n")
    M1, M2, M3 = (sp.MatrixSymbol(f"M{k}", n, n) for k in (1, 2, 3))
    b1, b2, b3, h = (sp.MatrixSymbol(name, n, 1) for name in ("b1", "b2", "b3", "h"))
    d.declare(M1, M2, M3, b1, b2, b3, h)

    def compose(later: Any, first: Any) -> Any:
        return later[0] * first[0], later[0] * first[1] + later[1]

    one, two, three = (M1, b1), (M2, b2), (M3, b3)
    left, right = compose(compose(three, two), one), compose(three, compose(two, one))
    both = compose(two, one)
    d.state(left[0], "=", right[0])
    d.state(left[1], "=", right[1])
    d.state(both[0] * h + both[1], "=", M2 * (M1 * h + b1) + b2)
    for got, want in zip(left, right, strict=True):
        d.start(got)
        d.then(want, by="products of matrices are associative and distribute over sums")
    d.start(both[0] * h + both[1])
    d.then(M2 * (M1 * h + b1) + b2, by="two steps are one")
    d.note("So that the composite of steps 1 … t takes x_0 to x_t; from x_0 = 0 its second slot is x_t.")
    d.refute(M1 * M2 * h + both[1], "=", M2 * (M1 * h + b1) + b2, because="(M₁M₂, …)")
    d.refute(both[0] * h + M1 * b2 + b1, "=", M2 * (M1 * h + b1) + b2, because="(M₂M₁, M₁b₂ + b₁)")
    d.refute(both[1], "=", compose(one, two)[1], because="the order of the steps does not matter")


def hillis_steele(T: int) -> tuple[list[tuple[int, ...]], int, int]:
    """Prefixes of 1 … T under concatenation, the rounds and the compositions of the scan that doubles its reach."""
    words: list[tuple[int, ...]] = [(t,) for t in range(T)]
    reach, rounds, work = 1, 0, 0
    while reach < T:
        words = [words[t - reach] + words[t] if t >= reach else words[t] for t in range(T)]
        work += T - reach
        reach, rounds = 2 * reach, rounds + 1
    return words, rounds, work


def blelloch(T: int) -> tuple[list[tuple[int, ...]], int, int]:
    """The same prefixes by pairs, the rounds and the compositions: half the length, then every other one again."""

    def scan(words: list[tuple[int, ...]]) -> tuple[list[tuple[int, ...]], int, int]:
        if len(words) < 2:
            return words, 0, 0
        pairs = [words[t] + words[t + 1] for t in range(0, len(words) - 1, 2)]
        ends, rounds, work = scan(pairs)
        whole = [words[0]]
        for t in range(1, len(words)):
            whole.append(ends[t // 2] if t % 2 else ends[t // 2 - 1] + words[t])
        return whole, rounds + 2, work + len(pairs) + (len(words) - 1) // 2

    return scan([(t,) for t in range(T)])


@post.claim("C8b", "Scans of depth ⌈log₂ T⌉, and of fewer than 2T compositions in depth 2⌈log₂ T⌉, for T ≤ 300", kind="algorithm")
def scans(d: Derivation) -> None:
    """In the free monoid: words of steps, composed by concatenation, so that what holds here holds for every associative law."""
    prefixes = [tuple(range(t + 1)) for t in range(300)]
    d.exhaust(
        r"\text{the doubling scan gives all prefixes in }\lceil\log_2T\rceil\text{ rounds}",
        range(1, 301),
        lambda T: hillis_steele(T)[:2] == (prefixes[:T], (T - 1).bit_length()),
        bound="T ≤ 300",
    )
    d.exhaust(
        r"\text{the scan by pairs gives all prefixes in }2\lceil\log_2T\rceil\text{ rounds of fewer than }2T\text{ compositions}",
        range(1, 301),
        lambda T: blelloch(T)[0] == prefixes[:T] and blelloch(T)[1] <= 2 * (T - 1).bit_length() and blelloch(T)[2] < 2 * T,
        bound="T ≤ 300",
    )
    d.note("The two algorithms are loops and a recursion in T, not formulas: they are run for each T.")
    d.refute_exhaustively(
        r"\text{the doubling scan needs fewer than }2T\text{ compositions}",
        range(1, 301),
        lambda T: hillis_steele(T)[2] < 2 * T,
        because="its work is of order T log T",
    )
    d.refute_exhaustively(
        r"\text{the scan by pairs has the depth }\lceil\log_2T\rceil\text{ too}",
        range(1, 301),
        lambda T: blelloch(T)[1] <= (T - 1).bit_length(),
        because="it goes down and up again",
    )


@post.claim("C8c", "What a composition costs: d³ + d² products, where a sequential step takes d²; n sweeps cost n times as much")
def cost(d: Derivation) -> None:
    """Products of numbers; diagonal matrices take 2d and d. c ≥ T is the number of compositions of a scan."""
    D, i, j, k = d.counting("D"), d.index("i"), d.index("j"), d.index("k")
    n, T, c = d.counting("n"), d.counting("T"), d.counting("c")
    d.assume(c >= T)
    compose = Sum(1, (k, 1, D), (j, 1, D), (i, 1, D)) + Sum(1, (k, 1, D), (i, 1, D))
    step = Sum(1, (k, 1, D), (i, 1, D))
    d.state(compose, "=", D**3 + D**2)
    d.state(n * T * step, "<=", n * c * compose)
    d.start(compose)
    d.then(D**3 + D**2, by="M₂M₁ and M₂b₁")
    d.start(n * T * step)
    d.then(n * T * D**2, by="a matrix times a vector")
    d.then(n * c * (D**3 + D**2), "<=", by="T ≤ c")
    d.then(n * c * compose, by="the count above")
    d.refute(n * c * compose, "<=", T * step, because="the scan saves arithmetic")


@composition.measured(
    "kernels.linear_scan.linear_scan_dense", against="one step after the other, T = 1000, d = 6, float32 and float64"
)
def scan_against_loop(m: Measurement) -> None:
    """x_t = M_t x_{t-1} + b_t from x_0 = 0."""
    import torch

    from derivable.kernels.linear_scan import linear_scan_dense, reference_linear_scan_dense
    from derivable.numerics import rounding_bound

    generator = torch.Generator().manual_seed(0)
    M, b = torch.randn(1000, 6, 6, generator=generator), torch.randn(1000, 6, generator=generator)
    M = 0.9 * M / torch.linalg.matrix_norm(M, 2)[:, None, None]
    truth = reference_linear_scan_dense(M, b)
    for dtype in (torch.float32, torch.float64):
        # ‖M_t‖ = 0.9: what a step rounds is added up to at most ten times
        scale = 10 * float(truth.norm(dim=-1).max())
        m.agree(linear_scan_dense(M.to(dtype), b.to(dtype)), truth.tolist(), 10 * rounding_bound(dtype, 6 * 6, scale=scale))


# -- C9: a gated unit ---------------------------------------------------------------------------------------------------


def gated(d: Derivation, h: Any, D: Any) -> SimpleNamespace:
    """Coordinate i of (1 - z)h + z c, c = tanh(β + U(r h)), z = σ(ζ + U_z h), r = σ(η + U_r h); h gives the coordinates of h."""
    i, j, k, l = d.index("i"), d.index("j"), d.index("k"), d.index("l")
    beta, zeta, eta, U, Uz, Ur = d.function("beta zeta eta U U_z U_r")
    d.assume(i >= 1, i <= D, j >= 1, j <= D)

    def sigma(x: Any) -> Any:
        """1/(1 + e^{-x})."""
        return (1 + tanh(x / 2)) / 2

    def r(k: Any) -> Any:
        return sigma(eta(k) + Sum(Ur(k, l) * h(l), (l, 1, D)))

    z = sigma(zeta(i) + Sum(Uz(i, l) * h(l), (l, 1, D)))
    c = tanh(beta(i) + Sum(U(i, k) * r(k) * h(k), (k, 1, D)))
    inner = Sum(U(i, k) * (r(k) * KroneckerDelta(k, j) + h(k) * r(k) * (1 - r(k)) * Ur(k, j)), (k, 1, D))
    slope = (1 - z) * KroneckerDelta(i, j) + (c - h(i)) * z * (1 - z) * Uz(i, j) + z * (1 - c**2) * inner
    step = (1 - z) * h(i) + z * c
    return SimpleNamespace(i=i, j=j, k=k, beta=beta, zeta=zeta, eta=eta, U=U, Uz=Uz, Ur=Ur, step=step, slope=slope)


@post.claim("C9a", "The Jacobian of a gated unit at every state")
def gated_jacobian(d: Derivation) -> None:
    """Any number of coordinates; ζ, η, β are what the input contributes."""
    D = d.counting("D")
    h = d.point("h", D)
    s = gated(d, lambda k: h[k], D)
    d.state(Partial(s.step, h, s.j), "=", s.slope)
    d.start(Partial(s.step, h, s.j))
    d.then(s.slope, by="product and chain rule; σ' = σ(1 - σ)")
    d.refute(Partial(s.step, h, s.j), "=", s.slope + s.Uz(s.i, s.j), because="a term too many", where=[Eq(D, 2)])


@post.claim("C9b", "At h = 0 with gates ½ it is ½δ + ¼ sech² β U_h + ¼ tanh β U_z; for β = 0 the post's ½(1 + ½U_h)")
def gated_start(d: Derivation) -> None:
    """The pre-activations of the gates vanish, that of the candidate is β."""
    D = d.counting("D")
    h = d.function("h")
    s = gated(d, h, D)
    i, j, k = s.i, s.j, s.k
    d.assume(
        ForAll((k,), Eq(h(k), 0), (k >= 1, k <= D)),
        ForAll((k,), Eq(s.zeta(k), 0), (k >= 1, k <= D)),
        ForAll((k,), Eq(s.eta(k), 0), (k >= 1, k <= D)),
        text="the start, and gates ½",
    )
    for name in (h, s.zeta, s.eta):
        d.instance(name, lambda k: Integer(0))
    general = KroneckerDelta(i, j) / 2 + s.U(i, j) * (1 - tanh(s.beta(i)) ** 2) / 4 + s.Uz(i, j) * tanh(s.beta(i)) / 4
    d.state(s.slope, "=", general)
    d.start(s.slope)
    d.then(general, by="z = r = ½ and c = tanh β")
    drop = KroneckerDelta(i, j) / 2
    inside = [Eq(D, 2), Eq(i, 1), Eq(j, 1)]
    d.refute(s.slope, "=", drop + s.U(i, j) / 2, because="½(1 + U_h)", where=inside)
    d.refute(s.slope, "=", s.U(i, j) / 4, because="¼U_h alone", where=inside)
    d.erratum(
        s.slope,
        "=",
        drop + s.U(i, j) / 4,
        section="一般情形",
        explanation="½(1 + ½U_h) at every input: exact for β = 0 alone, which the post announces as an approximation",
        kind="loose",
        where=inside,
    )


@post.claim("C9c", "Where the candidate's pre-activation vanishes too, it is exactly ½(1 + ½U_h)")
def gated_origin(d: Derivation) -> None:
    """β = 0 in C9b."""
    D, i, j = d.counting("D"), d.index("i"), d.index("j")
    U, Uz, beta = d.function("U U_z beta")
    d.assume(i >= 1, i <= D, j >= 1, j <= D)
    d.assume(ForAll((i,), Eq(beta(i), 0)), text="the candidate's pre-activation")
    d.instance(beta, lambda i: Integer(0))
    general = KroneckerDelta(i, j) / 2 + U(i, j) * (1 - tanh(beta(i)) ** 2) / 4 + Uz(i, j) * tanh(beta(i)) / 4
    post_says = (KroneckerDelta(i, j) + U(i, j) / 2) / 2
    d.state(general, "=", post_says)
    d.start(general)
    d.then(post_says, by="tanh 0 = 0")
    d.refute(general, "=", (KroneckerDelta(i, j) + U(i, j)) / 2, because="½(1 + U_h)", where=[Eq(D, 2)])
    d.note("With this matrix in all sweeps the gated unit is the only fixed point, and n sweeps make n states exact: C1 and C2.")


@gated_jacobian.measured("kernels.rnn_steps.gru_jacobian", against="the entries at a state of 3 coordinates")
def gated_against_kernel(m: Measurement) -> None:
    """All entries, with inputs."""
    import torch

    from derivable.kernels.rnn_steps import gru_jacobian
    from derivable.numerics import rounding_bound

    matrices = {
        name: [[Rational((a * r + b * c + 1) % 7 - 3, 4) for c in range(3)] for r in range(3)]
        for name, a, b in (("U_z", 2, 3), ("U_r", 4, 1), ("U", 1, 5))
    }
    inputs = {name: [Rational(a * k - 2, 3) for k in range(3)] for name, a in (("zeta", 1), ("eta", 2), ("beta", 3))}
    h = [Rational(1, 2), Rational(-3, 4), Rational(1, 5)]
    statement = m.statements[0].rhs
    names = {str(symbol): symbol for symbol in statement.free_symbols}
    functions = {f.func.__name__: f.func for f in statement.atoms(AppliedUndef)}
    want = []
    for i in range(1, 4):
        for j in range(1, 4):
            entry = statement.subs({names["D"]: 3, names["i"]: i, names["j"]: j}).doit()
            for name, rows in matrices.items():
                entry = entry.replace(functions[name], lambda r, c, rows=rows: rows[int(r) - 1][int(c) - 1])
            for name, row in inputs.items():
                entry = entry.replace(functions[name], lambda r, row=row: row[int(r) - 1])
            want.append(m.value(entry, {e: h[int(e.indices[0]) - 1] for e in entry.atoms(sp.Indexed)}))
    for dtype in (torch.float64, torch.float32):
        state = torch.tensor([float(e) for e in h], dtype=dtype)
        u = torch.tensor([float(e) for name in ("zeta", "eta", "beta") for e in inputs[name]], dtype=dtype)
        U = torch.tensor([[[float(e) for e in row] for row in matrices[name]] for name in ("U_z", "U_r", "U")], dtype=dtype)
        # sums of three products below 1, three of them one after the other
        m.agree(gru_jacobian(state, u, U), want, rounding_bound(dtype, 40, scale=2.0))


@gated_start.measured(
    "kernels.rnn_steps.gru_jacobian", against="½δ + ¼ sech² β U_h + ¼ tanh β U_z, d = 5; the post's matrix is off by more"
)
def start_against_kernel(m: Measurement) -> None:
    """h = 0, gates ½, random β, and β = 0."""
    import torch

    from derivable.kernels.rnn_steps import gru_jacobian
    from derivable.numerics import rounding_bound

    generator = torch.Generator().manual_seed(0)
    U, beta = (torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in ((3, 5, 5), (5,)))
    nothing = torch.zeros(5, dtype=torch.float64)
    post_says = torch.eye(5, dtype=torch.float64) / 2 + U[2] / 4
    for b in (beta, nothing):
        J = gru_jacobian(nothing, torch.cat([nothing, nothing, b]), U)
        want = torch.eye(5) / 2 + U[2] / torch.cosh(b)[:, None] ** 2 / 4 + U[0] * torch.tanh(b)[:, None] / 4
        m.agree(J, want.tolist(), rounding_bound(torch.float64, 20, scale=2.0))
    J = gru_jacobian(nothing, torch.cat([nothing, nothing, beta]), U)
    m.holds(0.1, float((J - post_says).abs().max()), note="what the post's matrix is off by for β ≠ 0")
