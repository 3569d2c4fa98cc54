"""A linear recurrence has a rational generating function: its kernel by three FFTs of d numbers, whatever the number of states.

Notation, the post's own: x_{k+1} = Āx_k + B̄u_k, y_{k+1} = C̄*x_{k+1}, K_k = C̄*Āᵏ B̄ the kernel, L its length,
C̃* = C̄*(I - Āᴸ); a(z) = 1 + Σ a_i z^i and b(z) = Σ b_i z^{i-1}, i from 1 to d; χ(λ) = λ^d + Σ a_i λ^{d-i}.

Matrices of every size d are families A(i, j) with i, j from 1 to d, or letters that do not commute. Their powers enter as rows
that obey a recursion, R(k+1) = R(k) A. A row is C*, the conjugates already taken. The words "every number of states" mean a
symbol d; what is said of determinants there rests on the product rule of determinants, on Cramer's rule and on Cayley and
Hamilton's theorem. These are cited, and what they say is a hypothesis of the claims that need them.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Eq,
    I,
    Identity,
    ImmutableMatrix,
    Integral,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Ne,
    Piecewise,
    Product,
    Rational,
    Sum,
    conjugate,
    cos,
    exp,
    factorial,
    gamma,
    pi,
    sqrt,
)

from derivable import ForAll, Induction, Post, Theorem
from derivable.derivation import Derivation
from derivable.derivations.ssm.s4 import inverse_transform

post = Post(
    "transfer_function",
    "重温SSM（四）：有理生成函数的新视角",
    "Revisiting SSM (4): rational generating functions, a new view",
    date="2024-06-27",
    archive=10180,
    papers=(("State-Free Inference of State-Space Models: The Transfer Function Approach", "arXiv:2405.06147"),),
)

HALF = Rational(1, 2)

TEXTBOOK = "R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., Cambridge 2013"
PRODUCT_RULE = Theorem(
    "product rule of determinants",
    r"\det(XY)=\det X\det Y,\quad\det\begin{pmatrix}X&Z\\0&Y\end{pmatrix}=\det X\det Y",
    reference=f"{TEXTBOOK}, sections 0.3.5 and 0.9.4",
    hypotheses=("X and Y are square",),
)
CRAMER = Theorem(
    "Cramer's rule",
    r"Mv=w\implies v_k\det M=\det(M\text{ with }w\text{ as its column }k)",
    reference=f"{TEXTBOOK}, section 0.8.3",
    hypotheses=("M is square",),
)
CAYLEY_HAMILTON = Theorem(
    "Cayley–Hamilton theorem",
    r"\chi(A)=0\text{ for }\chi(\lambda)=\det(\lambda I-A)",
    reference=f"{TEXTBOOK}, theorem 2.4.3.2",
    hypotheses=("A is square",),
)


def coefficients(d: Derivation) -> SimpleNamespace:
    """d coefficients a_i, b_i, a point z, indices."""
    a, b = d.sequence("a b", real=False)
    size = d.counting("d")
    i, j, k, m, n = d.index("i"), d.index("j"), d.index("k"), d.index("m"), d.index("n")
    return SimpleNamespace(a=a, b=b, d=size, i=i, j=j, k=k, m=m, n=n, z=d.symbol("z"))


def below(s: SimpleNamespace, z: Any) -> Any:
    """a(z)."""
    return 1 + Sum(s.a[s.i] * z**s.i, (s.i, 1, s.d))


def above(s: SimpleNamespace, z: Any) -> Any:
    """b(z)."""
    return Sum(s.b[s.i] * z ** (s.i - 1), (s.i, 1, s.d))


def generic(d: Derivation, size: int) -> SimpleNamespace:
    """A system of a given size, all entries complex symbols; z, λ."""
    entries = d.symbol(" ".join(f"a{i}{j}" for i in range(1, size + 1) for j in range(1, size + 1)))
    row, column = (d.symbol(" ".join(f"{name}{i}" for i in range(1, size + 1))) for name in "cb")
    if size == 1:
        entries, row, column = [entries], [row], [column]
    A = ImmutableMatrix(size, size, list(entries))
    return SimpleNamespace(
        A=A, B=ImmutableMatrix(list(column)), C=ImmutableMatrix([list(row)]), z=d.symbol("z"), one=ImmutableMatrix(sp.eye(size))
    )


# -- C1: the generating function is rational ----------------------------------------------------------------------------


@post.claim("C1a", "With x = (I - zA)⁻¹B: RᵏB = Rᵏx - z Rᵏ⁺¹x for the rows Rᵏ = C*Aᵏ, every number of states")
def resolvent_step(d: Derivation) -> None:
    """One factor of A is moved from x to the row."""
    s = coefficients(d)
    A, R, x, B = d.function("A R x B", real=False)
    row, column = (s.i >= 1, s.i <= s.d), (s.j >= 1, s.j <= s.d)
    d.assume(s.k >= 0)
    d.assume(ForAll((s.k, s.j), Eq(Sum(R(s.k, s.i) * A(s.i, s.j), (s.i, 1, s.d)), R(s.k + 1, s.j)), (s.k >= 0, *column)))
    d.assume(
        ForAll((s.i,), Eq(B(s.i), x(s.i) - s.z * Sum(A(s.i, s.j) * x(s.j), (s.j, 1, s.d))), row),
        text="x solves (I - zA)x = B, which it does for one x if det(I - zA) ≠ 0",
    )
    d.instance(A, lambda i, j: KroneckerDelta(i, j) / 2)
    d.instance(R, lambda k, j: (j + 1) / sp.Integer(2) ** k)
    d.instance(x, lambda i: i + 2)
    d.instance(B, lambda i: (i + 2) * (1 - s.z / 2))

    def q(k: Any) -> Any:
        return Sum(R(k, s.i) * x(s.i), (s.i, 1, s.d))

    moment = Sum(R(s.k, s.i) * B(s.i), (s.i, 1, s.d))
    d.state(moment, "=", q(s.k) - s.z * q(s.k + 1))
    nested = d.have(
        Sum(R(s.k, s.i) * Sum(A(s.i, s.j) * x(s.j), (s.j, 1, s.d)), (s.i, 1, s.d)),
        "=",
        Sum(Sum(R(s.k, s.i) * A(s.i, s.j), (s.i, 1, s.d)) * x(s.j), (s.j, 1, s.d)),
        by="sum over i first",
    )
    d.start(moment)
    d.then(q(s.k) - s.z * q(s.k + 1), by="B = (I - zA)x", using=[nested])
    d.refute(moment, "=", q(s.k) + s.z * q(s.k + 1), because="(I + zA)⁻¹")
    d.refute(moment, "=", q(s.k), because="the generating function itself as a coefficient")


def numerator(s: SimpleNamespace, m: Any) -> Any:
    """Σ_{n<d} zⁿ Σ_{i≤n} a_i m(n-i), a_0 = 1."""
    return Sum(s.z**s.n * (m(s.n) + Sum(s.a[s.i] * m(s.n - s.i), (s.i, 1, s.n))), (s.n, 0, s.d - 1))


@post.claim("C1b", "With m(k) = q(k) - z q(k+1): a(z) q(0) = Σ_{n<d} zⁿ Σ_{i≤n} a_i m(n-i) + z^d Σ_{i≤d} a_i q(d-i), every d")
def truncated_product(d: Derivation) -> None:
    """Induction on d: the new term of a(z) is the last one of the sum on the right."""
    s = coefficients(d)
    q = d.function("q", real=False)
    size = d.natural("N")
    s.d = size

    def m(k: Any) -> Any:
        return q(k) - s.z * q(k + 1)

    left = below(s, s.z) * q(0)
    rest = s.z**size * (q(size) + Sum(s.a[s.i] * q(size - s.i), (s.i, 1, size)))
    d.state(left, "=", numerator(s, m) + rest)

    def grown(N: Any) -> Any:
        """left - rest for N coefficients."""
        rest = s.z**N * (q(N) + Sum(s.a[s.i] * q(N - s.i), (s.i, 1, N)))
        return (1 + Sum(s.a[s.i] * s.z**s.i, (s.i, 1, N))) * q(0) - rest

    growth = Sum(grown(s.n + 1) - grown(s.n), (s.n, 0, size - 1))
    terms = d.have(numerator(s, m), "=", growth, by="the term n is what left - rest grows by from n to n + 1 coefficients")
    whole = d.have(growth, "=", left - rest, by="the sum telescopes")
    d.start(left)
    d.then(growth + rest, by="the sum telescopes", using=[whole])
    d.then(numerator(s, m) + rest, by="term by term", using=[terms])
    d.refute(left, "=", numerator(s, m), because="the rest forgotten, which vanishes by Cayley and Hamilton's theorem only")
    d.refute(left, "=", numerator(s, m) - rest, because="a sign")


@post.claim("C1c", "C*(I - zA)⁻¹B = b(z)/a(z): degrees d-1 and d, a(0) = 1, b_{n+1} = Σ_{i≤n} a_i C*Aⁿ⁻ⁱB; every d")
def rational(d: Derivation) -> None:
    """q(k) = C*Aᵏx of claim C1a; the rest of claim C1b is C*χ(A)x = 0."""
    s = coefficients(d)
    q = d.function("q", real=False)
    d.assume(Ne(q(0), 0))
    d.assume(
        Eq(s.a[s.d], -(q(s.d) + Sum(s.a[s.i] * q(s.d - s.i), (s.i, 1, s.d - 1))) / q(0)),
        text="Cayley and Hamilton's theorem, C*χ(A)x = q(d) + Σ a_i q(d-i) = 0, where 1, a_1, …, a_d are the coefficients of "
        "χ(λ) = det(λI - A); written for the last of them. The rows C* with q(0) = C*x ≠ 0 span all rows, and the statement is "
        "linear in C*",
    )
    d.assume(Ne(below(s, s.z), 0), text="a(z) = det(I - zA) is not zero")
    d.instance(q, lambda k: 1 / (k + 2))

    def m(k: Any) -> Any:
        return q(k) - s.z * q(k + 1)

    d.state(q(0), "=", numerator(s, m) / below(s, s.z))
    last = q(s.d) + Sum(s.a[s.i] * q(s.d - s.i), (s.i, 1, s.d))
    vanishes = d.have(last, "=", 0, by=CAYLEY_HAMILTON, why="C*χ(A)x = 0")
    d.start(q(0))
    d.then(below(s, s.z) * q(0) / below(s, s.z), by="a(z) ≠ 0")
    d.then((numerator(s, m) + s.z**s.d * last) / below(s, s.z), by="claim C1b", using=[truncated_product.at(N=s.d)])
    d.then(numerator(s, m) / below(s, s.z), by="Cayley and Hamilton's theorem", using=[vanishes])
    d.note(
        "So b has d coefficients, a has d beside a(0) = 1, and real A, B, C give real ones. For the kernel of length L "
        "C here is C̃. The denominator is det(I - zA) = z^d χ(1/z) and the numerator C*adj(I - zA)B, claims C1d and C1e."
    )
    d.refute(q(0), "=", numerator(s, m), because="no denominator")
    d.refute(
        q(0),
        "=",
        (numerator(s, m) + s.z**s.d) / below(s, s.z),
        because="deg b = d without feed-through",
        where=[Ne(s.z, 0)],
    )
    d.refute(q(0), "=", Sum(s.z**s.n * m(s.n), (s.n, 0, s.d - 1)) / below(s, s.z), because="b_{n+1} = C*AⁿB", where=[Eq(s.d, 2)])


@post.claim("C1d", "Two states: C*adj(I - zA)B = b_1 + b_2 z, det(I - zA) = 1 + a_1 z + a_2 z²")
def two_states(d: Derivation) -> None:
    """Cofactors."""
    s = generic(d, 2)
    (a11, a12), (a21, a22) = s.A.tolist()
    M = s.one - s.z * s.A
    adjugate = ImmutableMatrix([[M[1, 1], -M[0, 1]], [-M[1, 0], M[0, 0]]])
    det = M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0]
    first = (s.C * s.B)[0]
    second = (s.C * s.A * s.B)[0] - (a11 + a22) * first
    d.state(M * adjugate, "=", det * s.one)
    d.state(det, "=", 1 - (a11 + a22) * s.z + (a11 * a22 - a12 * a21) * s.z**2)
    d.state((s.C * adjugate * s.B)[0], "=", first + second * s.z)
    d.start(M * adjugate)
    d.then(det * s.one, by="Cramer's rule")
    d.start(det)
    d.then(1 - (a11 + a22) * s.z + (a11 * a22 - a12 * a21) * s.z**2, by="multiply out")
    d.start((s.C * adjugate * s.B)[0])
    d.then(first + second * s.z, by="each cofactor is linear in z")
    d.refute(det, "=", (a11 + a22) * s.z + (a11 * a22 - a12 * a21) * s.z**2, because="a(0) = 0")
    d.refute((s.C * adjugate * s.B)[0], "=", first - second * s.z, because="a sign in the numerator")


@post.claim("C1e", "Three states: the numerator has degree 2, its coefficients are those of claim C1c")
def three_states(d: Derivation) -> None:
    """The third difference by z of a quadratic numerator is zero; here it is multiplied out."""
    s = generic(d, 3)
    M = s.one - s.z * s.A
    adjugate, det = ImmutableMatrix(sp.Matrix(M).adjugate()), sp.Matrix(M).det(method="berkowitz")
    a1, a2, a3 = (sp.expand(det).coeff(s.z, power) for power in (1, 2, 3))
    m = [(s.C * s.A**k * s.B)[0] for k in range(3)]
    top = m[0] + (m[1] + a1 * m[0]) * s.z + (m[2] + a1 * m[1] + a2 * m[0]) * s.z**2
    d.state(M * adjugate, "=", (1 + a1 * s.z + a2 * s.z**2 + a3 * s.z**3) * s.one)
    d.state((s.C * adjugate * s.B)[0], "=", top)
    d.start(M * adjugate)
    d.then((1 + a1 * s.z + a2 * s.z**2 + a3 * s.z**3) * s.one, by="Cramer's rule")
    d.start((s.C * adjugate * s.B)[0])
    d.then(top, by="multiply out: each cofactor has two rows, so no power beyond z²")
    d.refute((s.C * adjugate * s.B)[0], "=", m[0] + m[1] * s.z + m[2] * s.z**2, because="the power series, not the numerator")


@post.claim(
    "C1f", "The truncated generating function telescopes: Σ_{k<L} z^k C*AᵏB = r(0) - z^L r(L), r(k) = C*Aᵏx; every d, L, z"
)
def truncated_generating_function(d: Derivation) -> None:
    """Claim C1a for each term."""
    L, k, z = d.natural("L"), d.index("k"), d.symbol("z")
    r = d.function("r", real=False)
    kernel = Sum(z**k * (r(k) - z * r(k + 1)), (k, 0, L - 1))
    d.state(kernel, "=", r(0) - z**L * r(L))
    d.start(kernel)
    d.then(r(0) - z**L * r(L), by=Induction(L, 0), why="the sum telescopes")
    d.refute(kernel, "=", r(0), because="the generating function of the whole kernel")
    d.refute(kernel, "=", r(0) + z**L * r(L), because="I + z^L A^L")


@post.claim("C1g", "On z^L = 1 that is C̃*x = C̃*(I - zA)⁻¹B with C̃* = C*(I - Aᴸ): every d, every L")
def on_roots_of_unity(d: Derivation) -> None:
    """Claim C1f; C̃*x = r(0) - r(L)."""
    L, k, z = d.counting("L"), d.index("k"), d.symbol("z")
    r = d.function("r", real=False)
    d.assume(Eq(z**L, 1), text="an L-th root of unity, z = e^{-2πil/L}")
    kernel = Sum(z**k * (r(k) - z * r(k + 1)), (k, 0, L - 1))
    d.state(kernel, "=", r(0) - r(L))
    d.start(kernel)
    d.then(r(0) - z**L * r(L), by="claim C1f", using=[truncated_generating_function.at(L=L)])
    d.then(r(0) - r(L), by="z^L = 1")
    d.refute(kernel, "=", r(0), because="C for C̃")
    d.refute(kernel, "=", r(0) + r(L), because="C(I + Aᴸ)")


@post.claim("C1h", "One state: on z^L = 1 Σ_{k<L} (zλ)ᵏ = (1 - λᴸ)/(1 - zλ), and only there")
def loose_identity(d: Derivation) -> None:
    """A geometric sum."""
    L, l, k = d.counting("L"), d.integer("l"), d.index("k")
    lam, z = d.symbol("lambda z")
    root = exp(-2 * pi * I * l / L)
    d.assume(Ne(root * lam, 1), Ne(z * lam, 1), text="no eigenvalue is 1/z")
    kernel = Sum((root * lam) ** k, (k, 0, L - 1))
    d.state(kernel, "=", (1 - lam**L) / (1 - root * lam))
    d.start(kernel)
    d.then((1 - root**L * lam**L) / (1 - root * lam), by="a geometric sum")
    d.then((1 - lam**L) / (1 - root * lam), by="z^L = 1")
    d.erratum(
        Sum((z * lam) ** k, (k, 0, L - 1)),
        "=",
        (1 - lam**L) / (1 - z * lam),
        section="有理函数",
        explanation="The post calls the rational function 𝒢_L(z), after saying that its z always satisfy z^L = 1. The "
        "equation holds there only; as a function of z the truncated generating function is a polynomial of degree L - 1, not a "
        "fraction (A = ½, B = C = 1, L = 2, z = 0: 1 against ¾). Loose notation, with its condition stated.",
        kind="loose",
    )
    d.refute(
        Sum((z / 2) ** k, (k, 0, 1)), "=", Rational(3, 4) / (1 - z / 2), because="equal for all z: A = ½, L = 2", where=[Eq(z, 0)]
    )


# -- C2: two determinants ----------------------------------------------------------------------------------------------


@post.claim("C2a", "[[I, U], [-V, I]] = [[I+UV, U], [0, I]][[I, 0], [-V, I]] = [[I, 0], [-V, I+VU]][[I, U], [0, I]], every size")
def factorisations(d: Derivation) -> None:
    """Block by block: matrices of every shape."""
    p, q = d.counting("p q")
    U, V = MatrixSymbol("U", p, q), MatrixSymbol("V", q, p)
    A, B, C, D = (MatrixSymbol(name, *shape) for name, shape in (("A", (p, p)), ("B", (p, q)), ("C", (q, p)), ("D", (q, q))))
    d.declare(U, V, A, B, C, D)
    one, other = Identity(p), Identity(q)
    for left, right, why in (
        (MatAdd(one, U * V, -U * V), one, "[I+UV, U][I; -V], the first corner: UV cancels"),
        (MatAdd(-V * U, other, V * U), other, "[-V, I+VU][U; I], the last corner: VU cancels"),
        (MatAdd(C * A.I * B, D, -C * A.I * B), D, "[C, I][A⁻¹B; D-CA⁻¹B] of [[A, 0], [C, I]] [[I, A⁻¹B], [0, D-CA⁻¹B]]"),
        (MatAdd(A, -B * D.I * C, B * D.I * C), A, "[I, B][A-BD⁻¹C; D⁻¹C] of [[I, B], [0, D]] [[A-BD⁻¹C, 0], [D⁻¹C, I]]"),
        (MatMul(A, A.I, B), B, "[A, 0][A⁻¹B; D-CA⁻¹B]"),
        (MatMul(D, D.I, C), C, "[0, D][A-BD⁻¹C; D⁻¹C]"),
    ):
        d.state(left, "=", right)
        d.start(left)
        d.then(right, by=why)
    d.note("The other blocks have a factor 0 or I. A and D are invertible where their inverses are written.")
    d.refute(MatAdd(one, -U * V, -U * V), "=", one, because="I - UV")
    d.refute(MatAdd(-V * U, other, -V * U), "=", other, because="I - VU")
    d.refute(MatAdd(C * A.I * B, D, C * A.I * B), "=", D, because="D + CA⁻¹B")


@post.claim("C2b", "det(I + UV) = det(I + VU), and by Schur complements: every size, from the factorisations")
def determinants(d: Derivation) -> None:
    """The determinant of a product is the product, that of a block triangular matrix the product of its diagonal blocks'."""
    M, p, q = d.symbol("M p q")
    W, a, e, schur_a, schur_d = d.symbol("W a e S_A S_D")
    d.assume(Ne(e, 0), text="D is invertible")
    d.assume(
        Eq(M, p * 1 * 1 * 1),
        Eq(M, 1 * q * 1 * 1),
        text="product rule for claim C2a: M = det[[I, U], [-V, I]], p = det(I + UV), q = det(I + VU)",
    )
    d.assume(
        Eq(W, a * schur_a),
        Eq(schur_d, W / e),
        text="product rule for claim C2a: W = det[[A, B], [C, D]], a = det A, e = det D, S_A = det(D - CA⁻¹B), "
        "S_D = det(A - BD⁻¹C)",
    )
    d.state(p, "=", q)
    d.state(a * schur_a, "=", e * schur_d)
    d.have(M, "=", p, by=PRODUCT_RULE, why="claim C2a, the first factorisation")
    d.have(M, "=", q, by=PRODUCT_RULE, why="claim C2a, the second")
    d.have(W, "=", a * schur_a, by=PRODUCT_RULE, why="claim C2a, the third")
    d.have(W, "=", e * schur_d, by=PRODUCT_RULE, why="claim C2a, the fourth")
    d.start(p)
    d.then(M, by="the first factorisation")
    d.then(q, by="the second factorisation")
    d.start(a * schur_a)
    d.then(W, by="the third factorisation")
    d.then(e * schur_d, by="the fourth factorisation")
    d.note("Beside the product rule nothing is used; claim C2c multiplies out small sizes.")
    d.refute(p, "=", -q, because="a sign")


@post.claim("C2c", "The same multiplied out: U of 2 × 1, 2 × 2 and 3 × 2 entries; blocks of 2 rows; rank one with 2 and 3 rows")
def small_determinants(d: Derivation) -> None:
    """Generic symbols."""
    u, v, x = (d.symbol(" ".join(f"{name}{i}" for i in range(1, 7))) for name in "uvx")

    def product(rows: int, columns: int) -> tuple[Any, Any]:
        U = ImmutableMatrix(rows, columns, u[: rows * columns])
        V = ImmutableMatrix(columns, rows, v[: rows * columns])
        return U, V

    for rows, columns in ((2, 1), (2, 2), (3, 2)):
        U, V = product(rows, columns)
        left = sp.Matrix(sp.eye(rows) + U * V).det(method="berkowitz")
        right = sp.Matrix(sp.eye(columns) + V * U).det(method="berkowitz")
        d.state(left, "=", right)
        d.start(left)
        d.then(right, by="multiply out")
    U, V = product(3, 1)
    rank_one = sp.Matrix(sp.eye(3) + U * V).det(method="berkowitz")
    d.state(rank_one, "=", 1 + (V * U)[0])
    d.start(rank_one)
    d.then(1 + (V * U)[0], by="multiply out: det(I + βγ*) = 1 + γ*β")
    A, B = ImmutableMatrix(2, 2, x[:4]), ImmutableMatrix(2, 1, u[:2])
    C, D = ImmutableMatrix(1, 2, v[:2]), ImmutableMatrix(1, 1, [x[4]])
    block = sp.Matrix(sp.BlockMatrix([[A, B], [C, D]])).det(method="berkowitz")
    det = x[0] * x[3] - x[1] * x[2]
    inverse = ImmutableMatrix([[x[3], -x[1]], [-x[2], x[0]]]) / det
    d.assume(Ne(det, 0), text="A is invertible")
    d.state(block, "=", det * (D - C * inverse * B)[0])
    d.start(block)
    d.then(det * (D - C * inverse * B)[0], by="multiply out")
    U, V = product(2, 2)
    plus, minus = (sp.Matrix(sp.eye(2) + product).det(method="berkowitz") for product in (U * V, -V * U))
    four = sp.Matrix(4, 4, (*u, *v, *x[:4]))
    corners = [four[i : i + 2, j : j + 2].det(method="berkowitz") for i in (0, 2) for j in (0, 2)]
    d.refute(plus, "=", minus, because="det(I + UV) = det(I - VU)")
    d.refute(
        four.det(method="berkowitz"),
        "=",
        corners[0] * corners[3] - corners[1] * corners[2],
        because="det A det D - det B det C for blocks of two rows",
    )
    d.refute(block, "=", det * (D + C * inverse * B)[0], because="D + CA⁻¹B")
    d.refute(rank_one, "=", 1 - (ImmutableMatrix(1, 3, v[:3]) * ImmutableMatrix(3, 1, u[:3]))[0], because="1 - γ*β")


# -- C3: coefficients from characteristic polynomials -------------------------------------------------------------------


@post.claim("C3a", "C̃*(I - zA)⁻¹B = [det(z⁻¹I - A + BC̃*)/det(z⁻¹I - A) - 1]/z: every number of states")
def from_determinants(d: Derivation) -> None:
    """The rank-one case of claim C2b: det(M + BC*) = det M · (1 + C*M⁻¹B), M = z⁻¹I - A."""
    G, z, P, Q = d.symbol("G z P Q")
    d.assume(Ne(z, 0), Ne(P, 0), text="z is neither 0 nor the reciprocal of an eigenvalue; at 0 both sides are continued")
    d.assume(
        Eq(Q, P * (1 + z * G)),
        text="claim C2b for M⁻¹B and C̃*: P = det(z⁻¹I - A), Q = det(z⁻¹I - A + BC̃*), and C̃*(z⁻¹I - A)⁻¹B = zG, G = C̃*(I - zA)⁻¹B",
    )
    d.state(G, "=", (Q / P - 1) / z)
    d.start(G)
    d.then((Q / P - 1) / z, by="solve for G")
    d.refute(G, "=", (1 - Q / P) / z, because="A + BC̃* for A - BC̃*: the sign of b flips")
    d.refute(G, "=", Q / P - 1, because="z⁻¹ forgotten")


@post.claim(
    "C3b", "G = b(z)/a(z): a the coefficients of χ_A after the leading 1, b those of χ_{A-BC̃*} - χ_A, high to low; every d"
)
def from_characteristic_polynomials(d: Derivation) -> None:
    """Numerator and denominator times z^d."""
    s = coefficients(d)
    i = s.i
    d.assume(Ne(s.z, 0))

    def a(i: Any) -> Any:
        return s.a[i]

    def c(i: Any) -> Any:
        """The coefficients of χ of A - BC̃*, of which b is the difference to a."""
        return s.a[i] + s.b[i]

    def characteristic(e: Any) -> Any:
        """λ^d + Σ e_i λ^{d-i} at λ = 1/z."""
        return s.z ** (-s.d) + Sum(e(i) * s.z ** (i - s.d), (i, 1, s.d))

    d.assume(Ne(below(s, s.z), 0), text="det(I - zA) is not zero")
    quotient = (characteristic(c) / characteristic(a) - 1) / s.z
    d.state(quotient, "=", above(s, s.z) / below(s, s.z))
    top = d.have(s.z**s.d * characteristic(c), "=", below(s, s.z) + s.z * above(s, s.z), by="c = a + b, z^d λ^{d-i} = z^i")
    bottom = d.have(s.z**s.d * characteristic(a), "=", below(s, s.z), by="z^d λ^{d-i} = z^i")
    d.start(quotient)
    d.then((s.z**s.d * characteristic(c) / (s.z**s.d * characteristic(a)) - 1) / s.z, by="times z^d")
    d.then(((below(s, s.z) + s.z * above(s, s.z)) / below(s, s.z) - 1) / s.z, by="claim C3a at λ = 1/z", using=[top, bottom])
    d.then(above(s, s.z) / below(s, s.z), by="the leading terms cancel")
    d.note("The quotient is that of claim C3a with P = χ_A(1/z), Q = χ_{A-BC̃*}(1/z).")
    d.refute(quotient, "=", -above(s, s.z) / below(s, s.z), because="A + BC̃*")
    reverse = Sum(s.b[i] * s.z ** (s.d - i), (i, 1, s.d))
    d.refute(quotient, "=", reverse / below(s, s.z), because="low to high", where=[Eq(s.d, 2)])


@post.claim("C3c", "Generic systems of one, two and three states: det(I - zA + zBC̃*) - det(I - zA) = z C̃*adj(I - zA)B")
def generic_systems(d: Derivation) -> None:
    """The numerator of claim C1d and C1e by determinants, all entries symbols."""
    for size in (1, 2, 3):
        s = generic(d, size)
        M = sp.Matrix(s.one - s.z * s.A)
        left = (M + s.z * s.B * s.C).det(method="berkowitz") - M.det(method="berkowitz")
        right = s.z * (s.C * M.adjugate() * s.B)[0]
        d.state(left, "=", right)
        d.start(left)
        d.then(right, by="multiply out: numerator and denominator separately")
        wrong = (M - s.z * s.B * s.C).det(method="berkowitz") - M.det(method="berkowitz")
        d.refute(wrong, "=", right, because=f"A + BC̃*, {size} states")


@from_characteristic_polynomials.measured(
    "kernels.rational_transfer.state_space_to_rtf", against="C*AᵏB power by power: d = 6, L = 32, spectral radius 0.9"
)
def kernel_of_a_dense_system(m: Any) -> None:
    """Coefficients by determinants of random systems; C in place of C̃, the reversed b or its sign give another kernel."""
    import torch

    from derivable.kernels.rational_transfer import rtf_kernel, state_space_to_rtf

    generator = torch.Generator().manual_seed(0)
    for size, length in ((1, 5), (2, 8), (4, 9), (6, 32)):
        A = torch.randn(size, size, dtype=torch.float64, generator=generator)
        A = 0.9 * A / torch.linalg.eigvals(A).abs().max()
        B, C = torch.randn(2, size, dtype=torch.float64, generator=generator)
        state, rows = B, []
        for _ in range(length):
            rows.append(C @ state)
            state = A @ state
        K = torch.stack(rows)
        a, b = state_space_to_rtf(A, B, C, length)
        # Faddeev and LeVerrier's recursion, in the scale s of the largest row sum: numbers of at most 2^d, d products of d terms
        scale = max(1.0, float(A.abs().sum(-1).max()))
        off = size**2 * 2.0**size * scale**size * 2.0**-53
        # b errs by that times the moments; a quotient by both over the least denominator, and its transform by 12 log₂ L units
        margin = float(torch.fft.fft(torch.cat([torch.ones(1, dtype=torch.float64), a]), 4096).abs().min()) / 2
        top = float(b.abs().sum())
        moments = float(K.abs().sum()) + float(C.norm() * B.norm())
        m.agree(rtf_kernel(a, b, length), K, size * (off + 12 * 6 * 2.0**-53) * (2 * moments + top / margin) / margin)
        if size == 2:
            untruncated = state_space_to_rtf(A, B, C, 10**6)[1]
            for wrong, why in ((untruncated, "C for C̃"), (b.flip(0), "low to high"), (-b, "the sign of A + BC̃*")):
                away = (rtf_kernel(a, wrong, length) - K).abs().max() / K.abs().max()
                m.holds(0.01, float(away), note=why)


# -- C4: the kernel by FFT ----------------------------------------------------------------------------------------------


def wave(x: Any) -> Any:
    """e^{2πix}."""
    return exp(2 * pi * I * x)


@post.claim(
    "C4a", "The DFT of length L of (1, a_1, …, a_d, 0, …) is a(z), that of (b_1, …, b_d, 0, …) is b(z), at z = e^{-2πil/L}; d < L"
)
def padded(d: Derivation) -> None:
    """The entries from d + 1 on are zeros."""
    s = coefficients(d)
    m, p = s.m, d.natural("p")
    c, e = d.function("c e", real=False)
    d.assume(Eq(c(0), 1))
    d.assume(ForAll((m,), Eq(c(m), 0), (m >= s.d + 1,)), text="(1, a_1, …, a_d, 0, …): c_i = a_i for 1 ≤ i ≤ d")
    d.assume(ForAll((m,), Eq(e(m), 0), (m >= s.d,)), text="(b_1, …, b_d, 0, …): e_{i-1} = b_i for 1 ≤ i ≤ d")
    d.instance(c, lambda m: Piecewise((1, Eq(m, 0)), (s.a[m], m <= s.d), (0, True)))
    d.instance(e, lambda m: Piecewise((s.b[m + 1], m <= s.d - 1), (0, True)))
    # every L > d; at z = e^{-2πil/L} the sums over L entries are the transforms
    L = s.d + 1 + p
    z = s.z
    denominator, top = (Sum(f(m) * z**m, (m, 0, L - 1)) for f in (c, e))
    short, numbers = 1 + Sum(c(m) * z**m, (m, 1, s.d)), Sum(e(m) * z**m, (m, 0, s.d - 1))
    d.state(denominator, "=", short)
    d.state(top, "=", numbers)
    zeros = [
        d.have(
            Sum(f(m) * z**m, (m, 0, s.d + p)),
            "=",
            Sum(f(m) * z**m, (m, 0, s.d)),
            by=Induction(p, 0),
            why="each further entry is 0",
        )
        for f in (c, e)
    ]
    d.start(denominator)
    d.then(Sum(c(m) * z**m, (m, 0, s.d)), by="the entries from d + 1 on are 0", using=zeros)
    d.then(short, by="c_0 = 1")
    d.start(top)
    d.then(Sum(e(m) * z**m, (m, 0, s.d)), by="the entries from d on are 0", using=zeros)
    d.then(numbers, by="the entry d is 0")
    d.note(
        "The post lets these sums run to L where L - 1 is meant: harmless, since it also says d < L, so that the entry L is "
        "0. An index slip."
    )
    d.refute(denominator, "=", short - 1, because="without the leading 1")
    d.refute(top, "=", z * numbers, because="the numerator shifted by one")
    d.refute(Sum(c(m) * z**m, (m, 0, s.d - 1)), "=", short, because="d = L without folding: a_d is cut off")


@post.claim("C4b", "For d ≥ L the coefficients fold modulo L: Σ_j c_{m+jL} in place of c_m")
def folded(d: Derivation) -> None:
    """Claim s4/C4d for the coefficients."""
    L, J, l, m, j = d.counting("L"), d.natural("J"), d.integer("l"), d.index("m"), d.index("j")
    c = d.function("c", real=False)
    z = wave(-l / L)
    long = Sum(Sum(c(m + j * L) * z ** (m + j * L), (m, 0, L - 1)), (j, 0, J))
    short = Sum(Sum(c(m + j * L), (j, 0, J)) * z**m, (m, 0, L - 1))
    d.state(long, "=", short)
    d.start(long)
    d.then(Sum(Sum(c(m + j * L) * z**m, (m, 0, L - 1)), (j, 0, J)), by="z^{jL} = e^{-2πilj} = 1")
    d.then(short, by="sum over j first")
    d.refute(long, "=", Sum(c(m) * z**m, (m, 0, L - 1)), because="truncation to L entries, as for d = L", where=[Eq(J, 1)])


@post.claim("C4g", "The DFT of the kernel: Σ_{k<L} z^k C*AᵏB = b(z)/a(z) for z^L = 1, b from C̃* = C*(I - Aᴸ); every d, every L")
def transform_of_the_kernel(d: Derivation) -> None:
    """C1g and C1c together: r(k) = C*Aᵏx and q(k) = C̃*Aᵏx, so that K_k = r(k) - z r(k+1) by C1a."""
    s = coefficients(d)
    L, k, z = d.counting("L"), s.k, s.z
    r, q = d.function("r q", real=False)
    d.assume(Eq(z**L, 1), text="an L-th root of unity, z = e^{-2πil/L}")
    d.assume(Eq(r(L), r(0) - q(0)), text="C̃* = C*(I - Aᴸ), applied to x")
    d.assume(Ne(q(0), 0))
    d.assume(
        Eq(s.a[s.d], -(q(s.d) + Sum(s.a[s.i] * q(s.d - s.i), (s.i, 1, s.d - 1))) / q(0)),
        text="Cayley and Hamilton's theorem, C̃*χ(A)x = 0, as in claim C1c",
    )
    d.assume(Ne(below(s, z), 0), text="no eigenvalue is an L-th root of unity")
    d.instance(r, lambda k: HALF**k / (1 - HALF**L))
    d.instance(q, lambda k: HALF**k)

    def m(k: Any) -> Any:
        """C̃*AᵏB."""
        return q(k) - z * q(k + 1)

    kernel = Sum(z**k * (r(k) - z * r(k + 1)), (k, 0, L - 1))
    d.state(kernel, "=", numerator(s, m) / below(s, z))
    d.start(kernel)
    d.then(r(0) - z**L * r(L), by="claim C1f", using=[truncated_generating_function.at(L=L)])
    d.then(r(0) - r(L), by="z^L = 1")
    d.then(q(0), by="C̃*x = C*x - C*Aᴸx")
    d.then(below(s, z) * q(0) / below(s, z), by="a(z) ≠ 0")
    last = z**s.d * (q(s.d) + Sum(s.a[s.i] * q(s.d - s.i), (s.i, 1, s.d)))
    d.then((numerator(s, m) + last) / below(s, z), by="claim C1b", using=[truncated_product.at(N=s.d)])
    d.then(numerator(s, m) / below(s, z), by="Cayley and Hamilton's theorem, as in claim C1c")
    d.refute(kernel, "=", numerator(s, lambda k: r(k) - z * r(k + 1)) / below(s, z), because="C for C̃: the untruncated kernel")
    d.refute(kernel, "=", numerator(s, m) / (below(s, z) - 1), because="the denominator without its leading 1")
    d.refute(kernel, "=", z * numerator(s, m) / below(s, z), because="the numerator shifted by one", where=[Eq(z, -1), Eq(L, 2)])


@post.claim("C4c", "K_k = (1/L) Σ_l e^{2πikl/L} b(z_l)/a(z_l), z_l = e^{-2πil/L}, k < L: three FFTs", kind="algorithm")
def kernel_by_transforms(d: Derivation) -> None:
    """Claim C4g at every root of unity, then the inverse transform, claim s4/C4c."""
    L, l, m, k = d.counting("L"), d.index("l"), d.index("m"), d.integer("k")
    K = d.sequence("a")  # the name that claim s4/C4c has
    A, B = d.function("A B", real=False)
    d.assume(k >= 0, k <= L - 1)
    d.assume(
        ForAll((l,), Eq(B(l), A(l) * Sum(K[m] * wave(-l * m / L), (m, 0, L - 1)))),
        text="claim C4g: A(l) = a(z_l) and B(l) = b(z_l), the transforms of claim C4a; a_k here is K_k",
    )
    d.assume(ForAll((l,), Ne(A(l), 0)), text="no eigenvalue is an L-th root of unity")
    d.instance(A, lambda l: l**2 + 1)
    d.instance(B, lambda l: (l**2 + 1) * Sum(K[m] * wave(-l * m / L), (m, 0, L - 1)))
    right = Sum(B(l) / A(l) * wave(k * l / L), (l, 0, L - 1)) / L
    d.state(K[k], "=", right)
    d.start(K[k])
    d.then(
        Sum(Sum(K[m] * wave(-l * m / L), (m, 0, L - 1)) * wave(k * l / L), (l, 0, L - 1)) / L,
        by="claim s4/C4c",
        using=[inverse_transform],
    )
    d.then(right, by="divide by A(l)")
    d.note(
        "Two transforms of padded vectors and one back, O(L log L) whatever d. For d ≥ L fold the coefficients first (C4b). "
        "Where an eigenvalue is a root of unity A(l) = 0 and C̃ does not determine C."
    )
    d.refute(
        K[k],
        "=",
        Sum(B(l) / A(l) * wave(-k * l / L), (l, 0, L - 1)) / L,
        because="sign of the exponent",
        where=[Eq(L, 3), Eq(k, 1)],
    )
    d.refute(K[k], "=", right * L, because="1/L forgotten", where=[L >= 2])


@post.claim("C4d", "b itself in place of C̄ gives another kernel: C̃*AᵏB = C*AᵏB - C*Aᵏ⁺ᴸB, every number of states")
def truncated_row(d: Derivation) -> None:
    """Words in letters that do not commute."""
    A, B, C = d.symbol("A B C", commutative=False)
    L, k = d.counting("L"), d.natural("k")
    left = C * (1 - A**L) * A**k * B
    d.state(left, "=", C * A**k * B - C * A ** (k + L) * B)
    d.start(left)
    d.then(C * A**k * B - C * A ** (k + L) * B, by="multiply out")
    d.erratum(
        left,
        "=",
        C * A**k * B,
        section="惊喜突现",
        explanation="The section writes C̃ for C̄ twice, in the kernel {C̃*AᵏB} and before the factor I - z^L A^L. C̃ gives the "
        "kernel of claim C4e, which is another; a slip of notation, as the formulas around it have C̄.",
        kind="loose",
    )
    d.refute(left, "=", C * A**k * B - C * A**L * B, because="Aᴸ for Aᵏ⁺ᴸ")


@post.claim("C4e", "So the FFT kernel is the periodised response: Σ_{j≤J} h_{k+jL} = K_k - K_{k+(J+1)L}, h_k = C̃*AᵏB; every d")
def periodised(d: Derivation) -> None:
    """Claim C4d telescopes."""
    L, J, k, j = d.counting("L"), d.natural("J"), d.natural("k"), d.index("j")
    K = d.function("K", real=False)
    terms = Sum(K(k + j * L) - K(k + (j + 1) * L), (j, 0, J))
    d.state(terms, "=", K(k) - K(k + (J + 1) * L))
    d.start(terms)
    d.then(K(k) - K(k + (J + 1) * L), by=Induction(J, 0))
    d.note(
        "For a stable a the rest tends to 0 as J → ∞ (claim s4/C5b for each mode): what the FFT returns for coefficients a, b "
        "is the sum over all periods of the power series of b(z)/a(z), not its first L terms."
    )
    d.refute(terms, "=", K(k), because="no rest")
    d.refute(K(k) - K(k + L), "=", K(k), because="h = K: the truncated response itself")


@post.claim("C4f", "One state: K_k = bλᵏ/(1 - λᴸ) has the DFT b/(1 - λz), z^L = 1; λ = 1 is excluded")
def one_state(d: Derivation) -> None:
    """A geometric sum."""
    L, l, k = d.counting("L"), d.integer("l"), d.index("k")
    b, lam = d.symbol("b lambda")
    z = wave(-l / L)
    d.assume(Ne(lam**L, 1), text="λ is no L-th root of unity; a_1 = -λ")
    d.assume(Ne(lam * z, 1))
    transform = Sum(b * lam**k / (1 - lam**L) * z**k, (k, 0, L - 1))
    d.state(transform, "=", b / (1 - lam * z))
    d.start(transform)
    d.then(b / (1 - lam**L) * (1 - lam**L * z**L) / (1 - lam * z), by="a geometric sum")
    d.then(b / (1 - lam * z), by="z^L = 1")
    plain = Sum(b * lam**k * z**k, (k, 0, L - 1))
    d.refute(plain, "=", b / (1 - lam * z), because="the untruncated kernel, C̄ = C̃")
    d.refute(transform, "=", b / (-lam * z), because="the denominator without its leading 1", where=[Ne(lam, 0)])
    d.refute(transform, "=", b * z / (1 - lam * z), because="the numerator shifted by one")
    total, a_1 = d.symbol("S a1")
    d.refute(
        (1 + a_1) * total,
        "=",
        b,
        because="a = (-1): a(1) = 0 at l = 0, so that no kernel, whatever its sum S, has that DFT",
        where=[Eq(a_1, -1)],
    )


@kernel_by_transforms.measured(
    "kernels.rational_transfer.rtf_kernel",
    against="the companion recursion with C̄* = b^T(I - Āᴸ)⁻¹, (d, L) = (3, 8), (8, 64), (64, 256), (5, 6), (4, 4), (7, 3)",
)
def kernel_against_recursion(m: Any) -> None:
    """‖a‖₁ = 0.9; odd and even lengths, folded coefficients; b as C̄ and naive truncation are off."""
    import math

    import torch

    from derivable.kernels.rational_transfer import reference_rtf_kernel, rtf_kernel, rtf_kernel_truncated

    for size, length in ((3, 8), (8, 64), (64, 256), (5, 6), (4, 4), (7, 3)):
        generator = torch.Generator().manual_seed(size)
        a, b = torch.randn(2, size, dtype=torch.float64, generator=generator)
        a = 0.9 * a / a.abs().sum()
        K, truth = rtf_kernel(a, b, length), reference_rtf_kernel(a, b, length)
        margin = float(torch.fft.fft(torch.cat([torch.ones(1, dtype=torch.float64), a]), 64 * (size + length)).abs().min())
        # the bound of the kernel's docstring with a lower bound of the margin, plus d roundings a step of the recursion
        lower = max(0.1, margin - 0.05)
        unit = (12 * math.log2(2 * length) + 4 * size) * 2.0**-53
        m.agree(K, truth, unit * float(b.abs().sum()) * (1 + 1.9 / lower) / lower)
        if size in (3, 4, 5):
            m.holds(1e-3, float((rtf_kernel_truncated(a, b, length) - K).abs().max()), note="b for C̄")
    a, b = torch.tensor([0.1, -0.2, 0.3, 0.3], dtype=torch.float64), torch.tensor([1.0, 2.0, -1.0, 0.5], dtype=torch.float64)
    cut = torch.fft.irfft(torch.fft.rfft(b) / torch.fft.rfft(torch.cat([torch.ones(1, dtype=torch.float64), a[:3]])), 4)
    m.holds(0.01, float((cut - rtf_kernel(a, b, 4)).abs().max()), note="d = L without folding")


@periodised.measured(
    "kernels.rational_transfer.rtf_kernel_truncated", against="the periodised kernel: h summed over 40 periods of L = 64"
)
def periods(m: Any) -> None:
    """A slowly decaying response of 200 numbers, its folds, and the kernel of the FFT."""
    import torch

    from derivable.kernels.rational_transfer import rtf_kernel, rtf_kernel_truncated

    # roots 0.97 e^{±0.3i}
    a = torch.tensor([-2 * 0.97 * 0.9553364891256060, 0.97**2], dtype=torch.float64)
    b = torch.tensor([1.0, -0.5], dtype=torch.float64)
    K, h = rtf_kernel(a, b, 64), rtf_kernel_truncated(a, b, 40 * 64)
    total = h.unflatten(-1, (40, 64)).sum(0)
    # 0.97^2560 = 1e-34 is left; the recurrence errs by the sum of its own response, 1/(0.03 sin 0.3) < 200, a step
    # |a(z)| = |1 - λz||1 - λ̄z| ≥ 0.03 |λ - λ̄|/2 = 0.03 · 0.97 sin 0.3 = 0.0086 on the circle
    margin = 0.0085
    m.agree(K, total, 12 * 7 * 2.0**-53 * 1.5 * (1 + 3.8 / margin) / margin + 200 * 200 * 2.0**-53)
    m.holds(0.05, float((h[:64] - K).abs().max()), note="the truncated response is another kernel")
    steps = list(range(64))
    for series, values in (
        ("truncated: h_k", h[:64]),
        ("periodised: the FFT kernel", K),
    ):
        m.plot(steps, values.tolist(), x_label="k", y_label="kernel, L = 64, roots 0.97 exp(±0.3i)", series=series)


# -- C5: the companion realisation --------------------------------------------------------------------------------------


def companion_row(v: Any, i: Any) -> Any:
    """(Āv)_i for i ≥ 2, where it is v_{i-1}; row 1 is -Σ a_j v_j."""
    return v(i - 1)


def first_row(s: SimpleNamespace, v: Any) -> Any:
    """(Āv)_1."""
    return -Sum(s.a[s.j] * v(s.j), (s.j, 1, s.d))


def chi(s: SimpleNamespace, lam: Any) -> Any:
    """χ(λ)."""
    return lam**s.d + Sum(s.a[s.i] * lam ** (s.d - s.i), (s.i, 1, s.d))


@post.claim(
    "C5a", "The companion matrix, first row -a and ones below the diagonal: (λI - Ā)v = χ(λ)e_1 for v_i = λ^{d-i}; every d"
)
def eigenvector(d: Derivation) -> None:
    """Row by row."""
    s = coefficients(d)
    lam = d.symbol("lambda")
    d.assume(s.i >= 2, s.i <= s.d)

    def v(i: Any) -> Any:
        return lam ** (s.d - i)

    top = lam * v(1) - first_row(s, v)
    other = lam * v(s.i) - companion_row(v, s.i)
    k = s.k
    polynomial = lam**s.d + Sum(s.a[k] * lam ** (s.d - k), (k, 1, s.d))
    d.state(top, "=", polynomial)
    d.state(other, "=", 0)
    d.start(top)
    d.then(polynomial, by="λ λ^{d-1} = λ^d")
    d.start(other)
    d.then(0, by="λ λ^{d-i} = λ^{d-i+1}")
    d.note("So χ(λ) = 0 makes v an eigenvector: every root of χ is an eigenvalue, repeated or not.")
    plus = lam * v(1) - Sum(s.a[s.j] * v(s.j), (s.j, 1, s.d))
    d.refute(plus, "=", polynomial, because="+a in the first row")
    d.refute(lam * v(s.i) - v(s.i + 1), "=", 0, because="ones above the diagonal")


@post.claim("C5b", "det(λI - Ā) = χ(λ): every d")
def characteristic_polynomial(d: Derivation) -> None:
    """Cramer's rule for the last entry of v in claim C5a, v_d = 1."""
    s = coefficients(d)
    lam, D = d.symbol("lambda D")
    minor = Product(-1, (s.k, 1, s.d - 1))
    d.assume(
        Eq(D, chi(s, lam) * (-1) ** (s.d + 1) * minor),
        text="Cramer's rule: Dv_d, D = det(λI - Ā), is the determinant with χe_1 as its last column. Expanded along that "
        "column the minor without the first row and the last column is left, triangular with -1 on its diagonal",
    )
    d.state(D, "=", chi(s, lam))
    d.have(D, "=", chi(s, lam) * (-1) ** (s.d + 1) * minor, by=CRAMER, why="the system of claim C5a, its last unknown 1")
    d.start(D)
    d.then(chi(s, lam) * (-1) ** (s.d + 1) * (-1) ** (s.d - 1), by="a product of d - 1 factors -1")
    d.then(chi(s, lam), by="2d factors -1")
    d.refute(D, "=", -chi(s, lam), because="a sign of the minor")
    d.refute(D, "=", chi(s, lam) * (-1) ** s.d, because="det(Ā - λI)", where=[Eq(s.d, 3)])


@post.claim("C5c", "The same multiplied out for d = 1, …, 8, and the step χ_d = λχ_{d-1} + a_d")
def small_companions(d: Derivation) -> None:
    """Determinants of generic companion matrices."""
    lam = d.symbol("lambda")
    a = d.symbol(" ".join(f"a{i}" for i in range(1, 9)))

    def matrix(size: int, sign: int = -1, upper: bool = False) -> Any:
        rows = [[sign * a[j] for j in range(size)]]
        step = 1 if upper else -1
        rows += [[1 if j == i + step else 0 for j in range(size)] for i in range(1, size)]
        return sp.Matrix(rows)

    def polynomial(size: int) -> Any:
        return lam**size + sum(a[i] * lam ** (size - 1 - i) for i in range(size))

    for size in range(1, 9):
        det = (lam * sp.eye(size) - matrix(size)).det(method="berkowitz")
        d.state(det, "=", polynomial(size))
        d.start(det)
        if size > 1:
            d.then(lam * polynomial(size - 1) + a[size - 1], by="along the last column: λ times the smaller one, and a_d")
        d.then(polynomial(size), by="collect the powers")
    d.refute((lam * sp.eye(3) - matrix(3, 1)).det(method="berkowitz"), "=", polynomial(3), because="+a in the first row")
    upper = (lam * sp.eye(3) - matrix(3, -1, True)).det(method="berkowitz")
    d.refute(upper, "=", polynomial(3), because="ones above the diagonal with the same row")


@post.claim("C5d", "(I - zĀ)ξ = e_1 for ξ_i = z^{i-1}/a(z), so b^Tξ = b(z)/a(z): every d")
def companion_resolvent(d: Derivation) -> None:
    """Row by row: ξ_1 + zΣa_iξ_i = 1, ξ_i - zξ_{i-1} = 0."""
    s = coefficients(d)
    d.assume(s.k >= 2, s.k <= s.d)
    d.assume(Ne(below(s, s.z), 0), text="det(I - zĀ) = a(z) is not zero")

    def xi(i: Any) -> Any:
        return s.z ** (i - 1) / below(s, s.z)

    top = xi(1) - s.z * first_row(s, xi)
    other = xi(s.k) - s.z * companion_row(xi, s.k)
    output = Sum(s.b[s.j] * xi(s.j), (s.j, 1, s.d))
    d.state(top, "=", 1)
    d.state(other, "=", 0)
    d.state(output, "=", above(s, s.z) / below(s, s.z))
    d.start(top)
    d.then((1 + Sum(s.a[s.j] * s.z**s.j, (s.j, 1, s.d))) / below(s, s.z), by="z z^{j-1} = z^j")
    d.then(1, by="numerator and denominator agree")
    d.start(other)
    d.then(0, by="z z^{i-2} = z^{i-1}")
    d.start(output)
    d.then(above(s, s.z) / below(s, s.z), by="linearity")
    plus = xi(1) - s.z * Sum(s.a[s.j] * xi(s.j), (s.j, 1, s.d))
    d.refute(plus, "=", 1, because="+a in the first row")
    d.refute(output, "=", above(s, s.z), because="no denominator")


@post.claim("C5e", "Ā - e_1b^T is the companion matrix of a + b, and χ_{a+b} - χ_a = Σ b_i λ^{d-i}: claim C3b again; every d")
def companion_difference(d: Derivation) -> None:
    """Entry by entry."""
    s = coefficients(d)
    lam = d.symbol("lambda")
    i, j, k = s.i, s.j, s.k
    d.assume(i >= 1, i <= s.d, j >= 1, j <= s.d)

    def entry(a: Any, i: Any, j: Any) -> Any:
        return -a(j) * KroneckerDelta(i, 1) + KroneckerDelta(i, j + 1)

    def plain(j: Any) -> Any:
        return s.a[j]

    def both(j: Any) -> Any:
        return s.a[j] + s.b[j]

    left = entry(plain, i, j) - KroneckerDelta(i, 1) * s.b[j]
    d.state(left, "=", entry(both, i, j))
    difference = (lam**s.d + Sum(both(k) * lam ** (s.d - k), (k, 1, s.d))) - (
        lam**s.d + Sum(plain(k) * lam ** (s.d - k), (k, 1, s.d))
    )
    d.state(difference, "=", Sum(s.b[k] * lam ** (s.d - k), (k, 1, s.d)))
    d.start(left)
    d.then(entry(both, i, j), by="only the first row changes")
    d.start(difference)
    d.then(Sum(s.b[k] * lam ** (s.d - k), (k, 1, s.d)), by="linearity")
    d.refute(entry(plain, i, j) + KroneckerDelta(i, 1) * s.b[j], "=", entry(both, i, j), because="Ā + e_1b^T")


@post.claim("C5f", "C̄* = b^T(I - Āᴸ)⁻¹ has C̄*(I - Āᴸ) = b^T: the row for recurrent inference, every d")
def output_row(d: Derivation) -> None:
    """Words; det(I - Āᴸ) ≠ 0."""
    A, b = d.symbol("A b", commutative=False)
    L, k = d.counting("L"), d.natural("k")
    row = b * (1 - A**L) ** -1
    d.state(row * (1 - A**L), "=", b)
    d.state(row * (1 - A**L) * A**k, "=", b * A**k)
    d.start(row * (1 - A**L))
    d.then(b, by="an inverse cancels")
    d.start(row * (1 - A**L) * A**k)
    d.then(b * A**k, by="the line above: h_k = K_k - K_{k+L} of claim C4d")
    d.note(
        "No matrix is needed: by claims C1c and C5d, with C̄ for C̃, the entries of C̄ are the coefficients of "
        "a(z) Σ_k K_k z^k below z^d, K the kernel of the FFT. C̄ depends on the length L of training."
    )
    d.refute(row * (1 + A**L), "=", b, because="I + Āᴸ")
    d.refute((1 - A**L) ** -1 * b, "=", row, because="the inverse on the other side, as in a solve without transposition")


@post.claim("C5g", "With B̄ = e_d in place of e_1 the numerator is another: d = 3")
def last_unit_vector(d: Derivation) -> None:
    """C̃*adj(I - zĀ)e_3."""
    z = d.symbol("z")
    a1, a2, a3, b1, b2, b3 = d.symbol("a1 a2 a3 b1 b2 b3")
    A = sp.Matrix([[-a1, -a2, -a3], [1, 0, 0], [0, 1, 0]])
    row = sp.Matrix([[b1, b2, b3]])
    adjugate = (sp.eye(3) - z * A).adjugate()
    first, last = (row * adjugate * sp.eye(3)[:, i] for i in (0, 2))
    d.state(first[0], "=", b1 + b2 * z + b3 * z**2)
    d.state(last[0], "=", b3 + (a1 * b3 - a3 * b1) * z + (a2 * b3 - a3 * b2) * z**2)
    d.start(first[0])
    d.then(b1 + b2 * z + b3 * z**2, by="cofactors")
    d.start(last[0])
    d.then(b3 + (a1 * b3 - a3 * b1) * z + (a2 * b3 - a3 * b2) * z**2, by="cofactors")
    d.refute(last[0], "=", b1 + b2 * z + b3 * z**2, because="B̄ = e_d")


@post.claim("C5h", "A diagonal matrix with a repeated root is no substitute: K_k = cλᵏ, of numerator c(1 - λz)")
def repeated_root(d: Derivation) -> None:
    """d = 2, Ā = λI, C̃ = (γ_1, γ_2), B̄ = (β_1, β_2): χ is (λ' - λ)², and c = C̃*B̄ is all that is left of four numbers."""
    z, lam = d.symbol("z lambda")
    b1, b2, g1, g2 = d.symbol("beta1 beta2 gamma1 gamma2")
    c1, c2 = d.symbol("b1 b2")
    k = d.natural("k")
    d.assume(Ne(lam * z, 1))
    c = g1 * b1 + g2 * b2
    response = g1 * b1 / (1 - lam * z) + g2 * b2 / (1 - lam * z)
    d.state(response, "=", (c - c * lam * z) / (1 - 2 * lam * z + lam**2 * z**2))
    d.state(g1 * lam**k * b1 + g2 * lam**k * b2, "=", c * lam**k)
    d.start(response)
    d.then(c * (1 - lam * z) / (1 - lam * z) ** 2, by="one factor more above and below")
    d.then((c - c * lam * z) / (1 - 2 * lam * z + lam**2 * z**2), by="multiply out")
    d.start(g1 * lam**k * b1 + g2 * lam**k * b2)
    d.then(c * lam**k, by="Āᵏ = λᵏI")
    d.note(
        "The post names the diagonal matrix of the roots as the simplest one with this characteristic polynomial, which is true, "
        "and prefers the companion matrix, which has every b (C5d). Where roots repeat the diagonal one has b_2 = -λb_1 only; "
        "at the recommended start a = 0 it is Ā = 0 with the kernel (c, 0, 0, …)."
    )
    d.refute(
        response,
        "=",
        (c1 + c2 * z) / (1 - 2 * lam * z + lam**2 * z**2),
        because="every b can be had from the diagonal form",
        where=[Eq(c1, c), Eq(c2, c)],
    )


@output_row.measured(
    "kernels.rational_transfer.rtf_to_recurrent",
    against="b^T(I - Āᴸ)⁻¹ by a dense solve, and the recurrence's outputs; d up to 64",
)
def row_against_solve(m: Any) -> None:
    """Lengths below, at and above d; the recurrence has the kernel of the FFT."""
    import torch

    from derivable.kernels.rational_transfer import companion, rtf_kernel, rtf_step, rtf_to_recurrent

    for size, length in ((1, 1), (3, 8), (5, 5), (7, 3), (64, 256)):
        generator = torch.Generator().manual_seed(size)
        a, b = torch.randn(2, size, dtype=torch.float64, generator=generator)
        a = 0.5 * a / a.abs().sum()
        power = torch.linalg.matrix_power(companion(a), length)
        truth = torch.linalg.solve((torch.eye(size, dtype=torch.float64) - power).mT, b)
        row = rtf_to_recurrent(a, b, length)
        # margin ≥ ½, ‖a‖₁ = ½: the bound of the kernel's docstring is 8‖b‖₁ · 12 log₂(2L), that of a solve of d rows 4d‖b‖₁
        unit = (8 * 12 * 9 + 8 * size) * 2.0**-53 * float(b.abs().sum())
        m.agree(row, truth, 2 * unit)
        if size in (3, 5):
            untransposed = torch.linalg.solve(torch.eye(size, dtype=torch.float64) - power, b)
            m.holds(1e-6, float((untransposed - truth).abs().max()), note="a solve without transposition gives another row")
        x, K = torch.zeros(size, dtype=torch.float64), []
        for k in range(length):
            x = rtf_step(x, torch.tensor(float(k == 0), dtype=torch.float64), a)
            K.append(row @ x)
        m.agree(torch.stack(K), rtf_kernel(a, b, length), 4 * unit)


# -- C6: the step in O(d), and the start at zero ------------------------------------------------------------------------


@post.claim("C6a", "The step Āx + e_1u is a shift register: (u - Σ a_i x_i, x_1, …, x_{d-1}); every d")
def shift_register(d: Derivation) -> None:
    """Sums with Kronecker's delta have one term."""
    s = coefficients(d)
    x, u = d.sequence("x", real=False), d.symbol("u")
    i, j = s.i, s.j
    d.assume(i >= 2, i <= s.d)

    def entry(i: Any, j: Any) -> Any:
        return -s.a[j] * KroneckerDelta(i, 1) + KroneckerDelta(i, j + 1)

    def new(i: Any) -> Any:
        return Sum(entry(i, j) * x[j], (j, 1, s.d)) + KroneckerDelta(i, 1) * u

    first = u - Sum(s.a[j] * x[j], (j, 1, s.d))
    d.state(new(1), "=", first)
    d.state(new(i), "=", x[i - 1])
    d.start(new(1))
    d.then(first, by="the first row")
    d.start(new(i))
    d.then(x[i - 1], by="the ones below the diagonal")
    d.note("d multiplications and a shift a step; scipy.linalg.companion has the same layout.")
    d.refute(new(1), "=", u + Sum(s.a[j] * x[j], (j, 1, s.d)), because="u + ⟨a, x⟩")
    d.refute(new(i), "=", x[i], because="no shift")


@post.claim("C6b", "For a = 0 the state holds the last d inputs: x_k = (u_{k-1}, …, u_{k-d}); every d")
def window(d: Derivation) -> None:
    """Claim C6a with a = 0, i steps."""
    i, k, m = d.counting("i"), d.natural("k"), d.index("m")
    x, u = d.function("x u", real=False)
    d.assume(ForAll((k,), Eq(x(k + 1, 1), u(k)), (k >= 0,)), text="the first entry is the input")
    d.assume(ForAll((k, m), Eq(x(k + 1, m + 1), x(k, m)), (k >= 0, m >= 1)), text="the others move on")
    d.instance(u, lambda k: 1 / (k + 2))
    d.instance(x, lambda k, m: 1 / (k - m + 2))
    d.state(x(k + i, i), "=", u(k))
    d.start(x(k + i, i))
    d.then(u(k), by=Induction(i, 1), why="entry i + 1 is entry i of the step before")
    d.note("With d entries, u_{k-d} is the oldest: at the recommended start a = 0 the layer is a convolution with d taps.")
    d.refute(x(k + i, i), "=", u(k + 1), because="memory of d + 1 inputs")
    d.refute(x(k + i, i), "=", u(k - 1), because="one input late", where=[k >= 1])


@post.claim("C6c", "For a = 0: K = (b_1, …, b_d, 0, 0, …), a filter of finite response; every d")
def finite_response(d: Derivation) -> None:
    """The impulse, moved on by one entry a step, leaves after d steps."""
    s = coefficients(d)
    k, i = d.natural("k"), s.i
    output = Sum(s.b[i] * KroneckerDelta(i, k + 1), (i, 1, s.d))
    d.state(output, "=", Piecewise((s.b[k + 1], k <= s.d - 1), (0, True)))
    d.start(output)
    d.then(Piecewise((s.b[k + 1], k <= s.d - 1), (0, True)), by="the sum has one term, or none")
    d.note("Āᵏe_1 = e_{k+1} for k < d and 0 from then on: by claim C6b for the input 1, 0, 0, …")
    d.refute(output, "=", s.b[k + 1], because="no end of the memory", where=[Eq(k, s.d)])
    d.refute(output, "=", Piecewise((s.b[k + 1], k <= s.d), (0, True)), because="memory of d + 1 inputs")


@post.claim("C6d", "For a = 0: (Āᵏ)_ij = δ_{i,j+k}, so that Ā^d = 0, and C̃ = C̄ for L ≥ d; every d, every k")
def nilpotent(d: Derivation) -> None:
    """One more factor moves the ones down by one; e counts the rows from the ones of Āᵏ⁺¹ on, p those that are left of d."""
    k, j = d.natural("k"), d.counting("j")
    m, e, p = d.index("m"), d.integer("e"), d.integer("p")
    row, size = j + k + 1 + e, j + k + 1 + p
    d.assume(row >= 1, e <= p, text="1 ≤ i ≤ d")
    product = Sum(KroneckerDelta(row, m + 1) * KroneckerDelta(m, j + k), (m, 1, size))
    d.state(product, "=", KroneckerDelta(e, 0))
    d.state(Sum(KroneckerDelta(m, j + size), (m, 1, size)), "=", 0)
    d.start(product)
    d.then(KroneckerDelta(e, 0), by="ĀĀᵏ: only m = j + k is left, and i = m + 1 ≤ d")
    d.start(Sum(KroneckerDelta(m, j + size), (m, 1, size)))
    d.then(0, by="k = d: no row i ≤ d has a one, i < j + d")
    d.note("Ā⁰ = I has the entries δ_ij. With Āᴸ = 0 the row C̄*(I - Āᴸ) is C̄*.")
    d.refute(Sum(KroneckerDelta(m, j + size - 1), (m, 1, size)), "=", 0, because="Ā^{d-1} = 0", where=[Eq(j, 1), p >= 0])
    d.refute(product, "=", KroneckerDelta(e, 1), because="ones two below")


@finite_response.measured("kernels.rational_transfer.rtf_kernel", against="b and zeros, d = 5, L = 16; the state after 9 inputs")
def filter_of_five_taps(m: Any) -> None:
    """Exactly: no entry is rounded in the register, those of the FFT to the last digits."""
    import torch

    from derivable.kernels.rational_transfer import rtf_kernel, rtf_kernel_truncated, rtf_step, rtf_to_recurrent

    zero, b = torch.zeros(5, dtype=torch.float64), torch.tensor([1.0, -2.0, 0.5, 3.0, 0.25], dtype=torch.float64)
    want = torch.cat([b, torch.zeros(11, dtype=torch.float64)])
    m.agree(rtf_kernel_truncated(zero, b, 16), want, 0.0, note="exactly")
    m.agree(rtf_kernel(zero, b, 16), want, 12 * 5 * 2.0**-53 * 6.75 * 3, note="by FFT")
    m.agree(rtf_to_recurrent(zero, b, 16), b, 2 * 12 * 5 * 2.0**-53 * 6.75 * 3, note="C̄ = b")
    x = zero
    for u in range(1, 10):
        x = rtf_step(x, torch.tensor(float(u), dtype=torch.float64), zero)
    m.agree(x, torch.tensor([9.0, 8.0, 7.0, 6.0, 5.0], dtype=torch.float64), 0.0, note="the last five inputs")


# -- C7: where the roots lie --------------------------------------------------------------------------------------------


@post.claim("C7a", "In polar form: the real part of a_k λ^{1-k} e^{-iθ} is |a_k| r^{1-k} cos(α_k - kθ), λ = re^{iθ}")
def turned_term(d: Derivation) -> None:
    """a = ρe^{iα}; the number and its conjugate add up to twice the real part."""
    r, rho = d.positive("r rho")
    theta, alpha = d.real("theta alpha")
    k = d.counting("k")

    def term(sign: int) -> Any:
        unit = sign * I
        return rho * exp(unit * alpha) * r ** (1 - k) * exp(unit * theta * (1 - k)) * exp(-unit * theta)

    d.state((term(1) + term(-1)) / 2, "=", rho * r ** (1 - k) * cos(alpha - k * theta))
    d.start((term(1) + term(-1)) / 2)
    d.then(rho * r ** (1 - k) * cos(alpha - k * theta), by="the exponents add up; Euler's formula")
    d.refute((term(1) + term(-1)) / 2, "=", rho * r ** (1 - k) * cos(alpha + k * theta), because="sign of the angle")


@post.claim("C7b", "For r ≥ 1: Σ |a_k| r^{1-k} ≤ Σ |a_k|", kind="inequality")
def weights_below_one(d: Derivation) -> None:
    """Term by term."""
    a, size = d.sequence("a"), d.counting("d")
    r, k = d.positive("r"), d.index("k")
    d.assume(r >= 1)
    left, right = Sum(Abs(a[k]) * r ** (1 - k), (k, 1, size)), Sum(Abs(a[k]), (k, 1, size))
    d.state(left, "<=", right)
    d.start(left)
    d.then(right, "<=", by="r^{1-k} ≤ 1")
    d.refute(right, "<=", left, because="the sides exchanged", where=[Eq(size, 2)])


@post.claim(
    "C7c",
    "A root of χ with |λ| ≥ 1 has 1 ≤ |λ| ≤ Σ|a_i|, so that Σ|a_i| < 1 puts all roots inside: every d, complex a",
    kind="inequality",
)
def montel(d: Derivation) -> None:
    """-λ = Σ a_k λ^{1-k}, turned by e^{-iθ}: real parts, and cos ≥ -1."""
    a, size = d.sequence("a"), d.counting("d")
    r, k = d.positive("r"), d.index("k")
    phi = d.function("phi", real=True)
    d.assume(
        r >= 1,
        text="r = |λ|; only the moduli of the coefficients enter, so that a_k is a real number with the modulus of the k-th one",
    )
    terms = Sum(Abs(a[k]) * r ** (1 - k) * cos(phi(k)), (k, 1, size))
    d.assume(Eq(terms, -r), text="claim C7a, φ(k) = α_k - kθ: the real part of χ(λ)λ^{1-d}e^{-iθ} = 0")
    d.instance(phi, lambda k: pi)
    total = Sum(Abs(a[k]), (k, 1, size))
    d.state(r, "<=", total)
    d.state(1, "<=", total)
    for first in (r, sp.Integer(1)):
        d.start(first)
        if first != r:
            d.then(r, "<=", by="|λ| ≥ 1")
        d.then(-terms, by="χ(λ) = 0")
        d.then(Sum(Abs(a[k]) * r ** (1 - k), (k, 1, size)), "<=", by="-cos φ ≤ 1")
        d.then(total, "<=", by="claim C7b", using=[weights_below_one])
    d.note(
        "The second statement is the contrapositive of: Σ|a_i| < 1 puts every root strictly inside, |λ| < 1. The post concludes "
        "|λ| ≤ 1, which is true and less than its hypothesis gives. With Σ|a_i| ≤ 1 the first gives |λ| ≤ 1."
    )
    d.refute(r, "<=", Sum(Abs(a[k]), (k, 2, size)), because="a_1 left out", where=[Eq(size, 1)])
    d.refute(2 * r, "<=", Sum(Abs(a[k]), (k, 1, size)), because="half the sum is enough", where=[Eq(size, 1)])


@post.claim(
    "C7d",
    "Not necessary: χ = (λ - 9/10)² is stable with |a_1| + |a_2| = 2.61; two roots inside give less than 3",
    kind="inequality",
)
def not_necessary(d: Derivation) -> None:
    """a_1 = -(λ + μ), a_2 = λμ; x and y are the moduli."""
    x, y = d.positive("x y")
    lam, root, a1 = d.real("lambda rho a1")
    d.assume(x < 1, y < 1)
    d.state((lam - Rational(9, 10)) ** 2, "=", lam**2 - Rational(9, 5) * lam + Rational(81, 100))
    d.state(Abs(-Rational(9, 5)) + Abs(Rational(81, 100)), "=", Rational(261, 100))
    d.state(x + y + x * y, "<", 3)
    d.start((lam - Rational(9, 10)) ** 2)
    d.then(lam**2 - Rational(9, 5) * lam + Rational(81, 100), by="expand")
    d.start(Abs(-Rational(9, 5)) + Abs(Rational(81, 100)))
    d.then(Rational(261, 100), by="add")
    d.start(x + y + x * y)
    d.then(x + y + y, "<", by="x < 1")
    d.then(3, "<", by="x < 1, y < 1")
    d.refute(x + y + x * y, "<", 1, because="‖a‖₁ < 1 necessary: both roots 9/10")
    second = -(root**2) - a1 * root
    d.refute(
        Abs(root),
        "<",
        1,
        because="max|a_i| < 1 sufficient: a = (-0.9, -0.9) has the root 1.50",
        where=[Abs(a1) < 1, Abs(second) < 1],
    )
    d.refute(
        Abs(root),
        "<",
        1,
        because="‖a‖₂ < 1 sufficient: a = (-0.7, -0.6875) has the root 1.25 (and (-0.7, -0.7) has 1.26)",
        where=[a1**2 + second**2 < 1, Eq(a1, -Rational(7, 10)), Eq(root, Rational(5, 4))],
    )


@post.claim(
    "C7e", "|1 - μ̄λ|² - |λ - μ|² = (1 - |λ|²)(1 - |μ|²): outside the circle p*(λ) = Π(1 - μ̄_iλ) is at most p(λ) = Π(λ - μ_i)"
)
def factor_by_factor(d: Derivation) -> None:
    """λ = x + iy, μ = u + iv."""
    x, y, u, v = d.real("x y u v")
    lam, mu = x + I * y, u + I * v
    inside, outside = u**2 + v**2, x**2 + y**2
    reversed_factor, factor = (1 - u * x - v * y) ** 2 + (v * x - u * y) ** 2, (x - u) ** 2 + (y - v) ** 2
    d.state(Abs(1 - (u - I * v) * lam) ** 2, "=", reversed_factor)
    d.state(Abs(lam - mu) ** 2, "=", factor)
    d.state(reversed_factor - factor, "=", (1 - outside) * (1 - inside))
    d.start(Abs(1 - (u - I * v) * lam) ** 2)
    d.then(reversed_factor, by="|a + ib|² = a² + b²")
    d.start(Abs(lam - mu) ** 2)
    d.then(factor, by="|a + ib|² = a² + b²")
    d.start(reversed_factor - factor)
    d.then((1 - outside) * (1 - inside), by="multiply out")
    d.refute(reversed_factor - factor, "=", (1 + outside) * (1 - inside), because="a sign")


@post.claim("C7f", "So |p*(λ)| ≤ |p(λ)| for |λ| ≥ 1 and a stable p: one factor more, from d to d + 1", kind="inequality")
def reversed_below(d: Derivation) -> None:
    """Products of numbers that are not negative."""
    F, G, f, g = d.real("F G f g")
    d.assume(F >= 0, f >= 0, F <= G, f <= g, text="F ≤ G for d factors, claim C7e for the next: f = |1 - μ̄λ|² ≤ g = |λ - μ|²")
    d.state(F * f, "<=", G * g)
    d.start(F * f)
    d.then(G * f, "<=", by="f ≥ 0")
    d.then(G * g, "<=", by="G ≥ F ≥ 0")
    d.note("For d = 0 both sides are 1. Strictly below for |λ| > 1: p has no root there.")
    d.refute(G * g, "<=", F * f, because="the sides exchanged")
    d.refute(F * f, "<=", F * g / 2, because="a factor")


@post.claim(
    "C7g",
    "Step-down of Schur and Cohn, κ = a_d, q_i = (a_i - κā_{d-i})/(1-|κ|²): (1-|κ|²)λq = p - κp*, (1-|κ|²)q* = p* - κ̄p; every d",
)
def step_down(d: Derivation) -> None:
    """The sum over ā_{d-i} is read backwards; the constant term of p - κp* is κ - κ = 0."""
    s = coefficients(d)
    e = d.sequence("e", real=False)
    lam, kappa, nu = d.symbol("lambda kappa nu")
    k, D = s.k, s.d
    size = 1 - kappa * nu
    d.assume(Ne(size, 0), text="|κ| ≠ 1; κ = a_d, ν = κ̄, e_i = ā_i: the identities hold for any numbers")

    def inner(term: Any) -> Any:
        return Sum(term(k), (k, 1, D - 1))

    p = lam**D + inner(lambda k: s.a[k] * lam ** (D - k)) + kappa
    p_star = 1 + inner(lambda k: e[k] * lam**k) + nu * lam**D
    q = lam ** (D - 1) + inner(lambda k: (s.a[k] - kappa * e[D - k]) / size * lam ** (D - 1 - k))
    q_star = 1 + inner(lambda k: (e[k] - nu * s.a[D - k]) / size * lam**k)
    d.state(size * lam * q, "=", p - kappa * p_star)
    d.state(size * q_star, "=", p_star - nu * p)
    first = d.have(inner(lambda k: e[D - k] * lam ** (D - k)), "=", inner(lambda k: e[k] * lam**k), by="read backwards")
    second = d.have(inner(lambda k: s.a[D - k] * lam**k), "=", inner(lambda k: s.a[k] * lam ** (D - k)), by="read backwards")
    d.start(size * lam * q)
    d.then(
        size * lam**D + inner(lambda k: s.a[k] * lam ** (D - k)) - kappa * inner(lambda k: e[D - k] * lam ** (D - k)),
        by="1 - |κ|² cancels",
    )
    d.then(p - kappa * p_star, by="κ - κ = 0", using=[first])
    d.start(size * q_star)
    d.then(size + inner(lambda k: e[k] * lam**k) - nu * inner(lambda k: s.a[D - k] * lam**k), by="1 - |κ|² cancels")
    d.then(p_star - nu * p, by="the highest powers cancel", using=[second])
    d.note("q has one degree less and the leading coefficient 1, q*(λ) = λ^{d-1} q̄(1/λ) is its reversed polynomial.")
    d.refute(size * lam * q, "=", p + kappa * p_star, because="a sign")
    d.refute(lam * q, "=", p - kappa * p_star, because="not normalised")


@post.claim("C7h", "(1-|κ|²)(|λq|² - |q*|²) = |p|² - |p*|²: every λ")
def invariant(d: Derivation) -> None:
    """Claim C7g; u, v are the values of p and p*."""
    u, v, kappa = d.symbol("u v kappa")
    size = 1 - kappa * conjugate(kappa)
    d.assume(Ne(size, 0))
    x, y = (u - kappa * v) / size, (v - conjugate(kappa) * u) / size
    left = size * (x * conjugate(x) - y * conjugate(y))
    d.state(left, "=", u * conjugate(u) - v * conjugate(v))
    d.start(left)
    d.then(size * (size * (u * conjugate(u) - v * conjugate(v))) / size**2, by="the mixed terms cancel")
    d.then(u * conjugate(u) - v * conjugate(v), by="divide")
    d.refute(left, "=", v * conjugate(v) - u * conjugate(u), because="a sign")
    d.refute(left, "=", size * (u * conjugate(u) - v * conjugate(v)), because="not normalised")


@post.claim(
    "C7i", "If |κ| < 1 and q is stable, then p is: at a zero of p with |λ| ≥ 1 claims C7h and C7f give p* = 0", kind="inequality"
)
def stable_from_below(d: Derivation) -> None:
    """p = p* = 0 makes λq = q* = 0 by claim C7g, but a stable q has no zero with |λ| ≥ 1."""
    U, V, S, t = d.real("U V S t")
    d.assume(t > 0, text="t = 1 - |κ|²: |κ| < 1")
    d.assume(V <= U, text="claim C7f for q: V = |q*|² ≤ |q|² ≤ |λq|² = U")
    d.assume(Eq(S, t * (V - U)), text="claim C7h at p = 0: S = |p*|²")
    d.state(S, "<=", 0)
    d.start(S)
    d.then(t * (V - U), by="claim C7h")
    d.then(0, "<=", by="V ≤ U")
    d.note(
        "Induction on d: a polynomial of degree 0 has no roots. With claim C7j: stable exactly if every κ of the step-down has "
        "|κ| < 1 (Schur 1917, Cohn 1922; Jury's table is the same for real coefficients)."
    )
    d.note(
        "The post, before its ℓ₁ condition (section 初始方式), says that a necessary and sufficient condition for all roots "
        "inside the disc is not known. This one is classical; that no condition on the size of the a_i alone decides it, "
        "claim C7d, may be what is meant."
    )
    d.refute(0, "<=", S - 1, because="p* ≠ 0")
    d.refute(t * (U - V), "<=", 0, because="a sign in claim C7h")


@post.claim(
    "C7j",
    "If p is stable, then |κ| < 1 and q is stable: at a zero of q with |λ| ≥ 1 claims C7h and C7f give q* = 0",
    kind="inequality",
)
def stable_from_above(d: Derivation) -> None:
    """κ = a_d is the product of the roots up to a sign. λq = q* = 0 makes p = p* = 0."""
    V, P, S, t = d.real("V P S t")
    d.assume(t > 0, text="t = 1 - |κ|²: |κ| < 1, as a product of d ≥ 1 numbers below 1")
    d.assume(S <= P, text="claim C7f for p: S = |p*|² ≤ |p|² = P")
    d.assume(Eq(V, (S - P) / t), text="claim C7h at q = 0: V = |q*|²")
    d.state(V, "<=", 0)
    d.start(V)
    d.then((S - P) / t, by="claim C7h")
    d.then(0, "<=", by="S ≤ P")
    d.refute(0, "<=", V - 1, because="q* ≠ 0")
    d.refute((P - S) / t, "<=", 0, because="a sign in claim C7h")


@post.claim("C7k", "d = 2, two real roots inside: |a_2| < 1 and |a_1| < 1 + a_2", kind="inequality")
def real_roots_inside(d: Derivation) -> None:
    """a_1 = -(x + y), a_2 = xy; 1 + a_2 ± a_1 = (1 ∓ x)(1 ∓ y)."""
    x, y = d.real("x y")
    d.assume(x > -1, x < 1, y > -1, y < 1)
    d.state(Abs(x * y), "<", 1)
    d.state(x + y, "<", 1 + x * y)
    d.state(-(x + y), "<", 1 + x * y)
    d.start(Abs(x * y))
    d.then(1, "<", by="both are below 1")
    d.start(x + y)
    d.then(x + y + (1 - x) * (1 - y), "<", by="both factors are positive")
    d.then(1 + x * y, by="multiply out")
    d.start(-(x + y))
    d.then(-(x + y) + (1 + x) * (1 + y), "<", by="both factors are positive")
    d.then(1 + x * y, by="multiply out")
    d.refute(Abs(x + y), "<", 1, because="|a_1| < 1 necessary: both roots 9/10")
    d.refute(x + y, "<", 1 - x * y, because="|a_1| < 1 - a_2")


@post.claim("C7l", "d = 2, real roots: |a_2| < 1 and |a_1| < 1 + a_2 put both inside", kind="inequality")
def real_roots_from_conditions(d: Derivation) -> None:
    """A root λ = 1 + p ≥ 1 with (1-λ)(1-μ) = q > 0 has p > 0 and μ = 1 + q/p, so that a_2 = λμ is above 1."""
    p, q, mu = d.positive("p"), d.positive("q"), d.real("mu")
    d.assume(Eq(mu, 1 + q / p), text="(1-λ)(1-μ) = 1 + a_1 + a_2 = q, which is positive by |a_1| < 1 + a_2; λ = 1 + p")
    d.state(-p * (1 - mu), "=", q)
    d.state(1, "<", (1 + p) * mu)
    d.start(-p * (1 - mu))
    d.then(q, by="1 - μ = -q/p")
    d.start(1)
    d.then((1 + p) * (1 + q / p), "<", by="p > 0 and q > 0")
    d.then((1 + p) * mu, by="λμ = a_2: against |a_2| < 1")
    d.note(
        "With -λ, -μ for λ, μ, that is -a_1 for a_1, the same proof excludes λ ≤ -1; the conditions do not change when λ and μ "
        "are exchanged."
    )
    d.refute(1 + q, "<", mu, because="the other root alone is too large", where=[p > 2])
    d.refute(2, "<", (1 + p) * mu, because="a_2 > 2", where=[Eq(p, Rational(1, 10)), Eq(q, Rational(1, 100))])


@post.claim("C7m", "d = 2, a pair x ± iy: inside exactly if a_2 = x² + y² < 1; then |a_1| < 1 + a_2", kind="inequality")
def complex_roots(d: Derivation) -> None:
    """a_1 = -2x: (1 ∓ x)² + y² > 0."""
    x, y = d.real("x"), d.positive("y")
    d.state(Abs(x + I * y) ** 2, "=", x**2 + y**2)
    d.state(Abs(2 * x), "<", 1 + x**2 + y**2)
    d.start(Abs(x + I * y) ** 2)
    d.then(x**2 + y**2, by="the squared modulus is a_2")
    d.start(Abs(2 * x))
    d.then(1 + x**2, "<=", by="(1 ∓ x)² ≥ 0")
    d.then(1 + x**2 + y**2, "<", by="y ≠ 0")
    d.refute(Abs(2 * x), "<", x**2 + y**2, because="|a_1| < a_2")


@post.claim(
    "C7n",
    "Volume of the stable region in κ: a ↦ (a + κ rev a, κ) has the determinants 1+κ, 1-κ², (1-κ²)(1+κ); V = 2, 4, 16/3, 64/9",
)
def stable_volume(d: Derivation) -> None:
    """rev exchanges coordinates, so that 1 + κ rev has the factors 1 ± κ; d = 1 is the interval |κ| < 1."""
    kappa = d.real("kappa")
    dets = []
    for size in (1, 2, 3):
        reverse = sp.Matrix(size, size, lambda i, j, n=size: 1 if i + j == n - 1 else 0)
        dets.append((sp.eye(size) + kappa * reverse).det(method="berkowitz"))
    factors = (1 + kappa, 1 - kappa**2, (1 - kappa**2) * (1 + kappa))
    volumes = (sp.Integer(2), sp.Integer(4), Rational(16, 3), Rational(64, 9))
    for det, factor, before, after in zip(dets, factors, volumes[:-1], volumes[1:], strict=True):
        d.state(det, "=", factor)
        d.state(before * Integral(factor, (kappa, -1, 1)), "=", after)
        d.start(det)
        d.then(factor, by="multiply out")
        d.start(before * Integral(factor, (kappa, -1, 1)))
        d.then(after, by="an antiderivative")
    d.note(
        "By claims C7i and C7j the stable region is the image of the cube |κ_k| < 1, one to one: the step-down is the inverse."
    )
    d.refute(4 * Integral(1 - kappa**2, (kappa, -1, 1)), "=", 8, because="the map keeps volumes")
    d.refute(dets[1], "=", 1 + kappa**2, because="a sign")


@post.claim("C7o", "The factor of the volumes from d - 1 to d is √π Γ(n+1)/Γ(n+3/2), n = ⌊(d-1)/2⌋: every d")
def volume_factor(d: Derivation) -> None:
    """det(I + κ rev) is 1 - κ² for each pair of coordinates that rev exchanges, and 1 + κ for one in the middle."""
    n, kappa = d.natural("n"), d.real("kappa")
    even = Integral((1 - kappa**2) ** n, (kappa, -1, 1))
    odd = Integral((1 + kappa) * (1 - kappa**2) ** n, (kappa, -1, 1))
    value = sqrt(pi) * gamma(n + 1) / gamma(n + Rational(3, 2))
    d.state(even, "=", value)
    d.state(odd, "=", value)
    d.start(even)
    d.then(value, by="Euler's integral of the first kind: d = 2n + 1")
    d.start(odd)
    d.then(even, by="κ(1-κ²)ⁿ is odd: d = 2n + 2")
    d.then(value, by="the line above")
    d.note("So the factors are 2, 2, 4/3, 4/3, 16/15, … for d = 1, 2, 3, …, with the products of claim C7n.")
    d.refute(odd, "=", 2 * value, because="1 + κ as 2")
    d.refute(even, "=", sqrt(pi) * gamma(n + 1) / gamma(n + HALF), because="½ for 3/2")


@post.claim("C7p", "Volume of the ℓ₁ ball, 2^d/d!, and its share of the stable region: 1/2, 1/4, 3/32 for d = 2, 3, 4; every d")
def ball_volume(d: Derivation) -> None:
    """A slice at x is a ball of radius 1 - |x|: W_d = W_{d-1} ∫ (1-|x|)^{d-1} dx."""
    n, k = d.counting("d"), d.index("k")
    x = d.real("x")
    slices = Integral((1 - Abs(x)) ** (n - 1), (x, -1, 1))
    halves = 2 * Integral((1 - x) ** (n - 1), (x, 0, 1))
    d.state(halves, "=", 2 / n)
    d.state(Product(2 / k, (k, 1, n)), "=", 2**n / factorial(n))
    shares = [2**size / sp.factorial(size) / volume for size, volume in ((2, 4), (3, Rational(16, 3)), (4, Rational(64, 9)))]
    for share, value in zip(shares, (HALF, Rational(1, 4), Rational(3, 32)), strict=True):
        d.have(share, "=", value, by="divide by the volumes of claim C7n")
    d.have(slices, "=", halves, by="the integrand is even")
    d.start(halves)
    d.then(2 / n, by="an antiderivative")
    d.start(Product(2 / k, (k, 1, n)))
    d.then(2**n / factorial(n), by="2 in each factor")
    d.note("50, 25 and 9.4 percent: the reason why constraining ‖a‖₁ < 1 costs expressiveness.")
    d.refute(halves, "=", 1 / n, because="half of the ball")
    d.refute(Product(2 / k, (k, 1, n)), "=", 2**n / n, because="no factorial", where=[n >= 3])


@stable_from_below.measured(
    "kernels.schur_cohn.schur_cohn_stable",
    against="eigenvalues of the companion matrix: 20000 random a, d ≤ 7; the witnesses of claim C7d",
)
def step_down_against_roots(m: Any) -> None:
    """Roots within 10⁻⁶ of the circle are left out; the step-up is the inverse of the step-down."""
    import torch

    from derivable.kernels.rational_transfer import companion
    from derivable.kernels.schur_cohn import denominator_from_reflection, reflection_coefficients, schur_cohn_stable

    generator = torch.Generator().manual_seed(0)
    for size in range(1, 8):
        a = torch.randn(20000 // 7, size, dtype=torch.float64, generator=generator)
        a = a * torch.linspace(0.05, 1.5, len(a), dtype=torch.float64)[:, None]
        radius = torch.linalg.eigvals(companion(a)).abs().amax(-1)
        clear = (radius - 1).abs() > 1e-6
        wrong = (schur_cohn_stable(a) != (radius < 1)) & clear
        m.agree(float(wrong.sum()), 0.0, 0.0, note=f"d = {size}")
        kappa = 0.5 * torch.tanh(torch.randn(100, size, dtype=torch.float64, generator=generator))
        # an error of the last digit grows by at most 1/(1 - |κ|) = 2 a step, d of them a step
        m.agree(reflection_coefficients(denominator_from_reflection(kappa)), kappa, size * size * 2.0**size * 2.0**-53)
    known = torch.tensor([[-1.8, 0.81], [-0.9, -0.9], [-0.7, -0.7], [0.4, 0.5]], dtype=torch.float64)
    m.agree(schur_cohn_stable(known).double(), torch.tensor([1.0, 0.0, 0.0, 1.0], dtype=torch.float64), 0.0)
    radii = torch.linalg.eigvals(companion(known)).abs().amax(-1)
    # the last digits of the ledger's figures
    m.agree(radii[1:3], [1.50, 1.26], 6e-3)


@montel.measured("torch.linalg.eigvals", against="|λ| ≤ 0.999^{1/d} < 1 for 3000 random a with ‖a‖₁ = 0.999, d = 2, …, 7")
def radius_under_the_condition(m: Any) -> None:
    """Roots of companion matrices."""
    import torch

    from derivable.kernels.rational_transfer import companion

    generator = torch.Generator().manual_seed(1)
    for size in range(2, 8):
        a = torch.randn(500, size, dtype=torch.float64, generator=generator)
        a = 0.999 * a / a.abs().sum(-1, keepdim=True)
        # |λ|^d ≤ Σ|a_k||λ|^{d-k} ≤ ‖a‖₁ for |λ| ≤ 1
        bound = torch.full((500,), 0.999 ** (1 / size), dtype=torch.float64)
        m.holds(torch.linalg.eigvals(companion(a)).abs().amax(-1), bound)


@stable_volume.measured(
    "kernels.schur_cohn.schur_cohn_stable",
    against="volumes 4, 16/3, 64/9: shares of 2·10⁶ points of a box; false alarm below 10⁻⁹",
)
def volumes_by_sampling(m: Any) -> None:
    """The coefficients of a stable polynomial are below the binomials; also the region for d = 2, drawn."""
    import math

    import torch

    from derivable.kernels.schur_cohn import schur_cohn_stable
    from derivable.numerics import mean_estimate

    generator = torch.Generator().manual_seed(2)
    for size, volume in ((2, 4.0), (3, 16 / 3), (4, 64 / 9)):
        box = torch.tensor([float(math.comb(size, k)) for k in range(1, size + 1)], dtype=torch.float64)
        whole = float((2 * box).prod())
        a = (2 * torch.rand(2_000_000, size, dtype=torch.float64, generator=generator) - 1) * box
        share = mean_estimate(schur_cohn_stable(a).double(), limits=(0.0, 1.0), seed=2)
        m.agree(whole * share.estimate, volume, whole * share.bound)
    corners = ((-2.0, 1.0), (2.0, 1.0), (0.0, -1.0), (-2.0, 1.0))
    m.plot(*zip(*corners, strict=True), x_label="a_1", y_label="a_2", series="stable: |a_2| < 1, |a_1| < 1 + a_2", panel="d = 2")
    diamond = ((-1.0, 0.0), (0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0))
    m.plot(*zip(*diamond, strict=True), x_label="a_1", y_label="a_2", series="|a_1| + |a_2| < 1", panel="d = 2")


# -- C8: parameters, and the recurrence of the kernel -------------------------------------------------------------------


@post.claim("C8a", "K_k = -Σ_{i≤d} a_iK_{k-i} for k ≥ d: every number of states, every such k")
def cayley_hamilton(d: Derivation) -> None:
    """C*χ(A)A^{k-d}B = 0; with R(n) = C*Aⁿ and w = A^{k-d}B the number K_{k-i} is R(d-i)w."""
    s = coefficients(d)
    R, w = d.function("R w", real=False)
    i, j, m = s.i, s.j, s.m
    d.assume(
        ForAll((j,), Eq(R(s.d, j), -Sum(s.a[i] * R(s.d - i, j), (i, 1, s.d))), (j >= 1, j <= s.d)),
        text="Cayley and Hamilton's theorem for the row C*: C*χ(A) = 0",
    )
    d.instance(w, lambda j: j + 1)
    d.instance(R, lambda n, j: Piecewise((-Sum(s.a[m] * (s.d - m + j), (m, 1, s.d)), Eq(n, s.d)), (n + j, True)))

    def K(back: Any) -> Any:
        """K_{k-back}."""
        return Sum(R(s.d - back, j) * w(j), (j, 1, s.d))

    right = -Sum(s.a[i] * K(i), (i, 1, s.d))
    d.state(K(0), "=", right)
    d.have(R(s.d, j), "=", -Sum(s.a[i] * R(s.d - i, j), (i, 1, s.d)), by=CAYLEY_HAMILTON, where=[j >= 1, j <= s.d])
    d.start(K(0))
    d.then(-Sum(Sum(s.a[i] * R(s.d - i, j), (i, 1, s.d)) * w(j), (j, 1, s.d)), by="Cayley and Hamilton's theorem")
    d.then(right, by="sum over j first")
    d.note("So every kernel of a dense system of d states is one of the rational form with 2d numbers.")
    d.refute(K(0), "=", -right, because="a sign")
    d.refute(K(0), "=", -Sum(s.a[i] * K(i), (i, 1, s.d - 1)), because="d - 1 terms")


@post.claim("C8b", "Power series of b(z)/a(z): h_k = b_{k+1} - Σ_{i≤k} a_ih_{k-i} for k < d, and the recurrence from k = d on")
def power_series(d: Derivation) -> None:
    """The coefficient of z^k in a(z) Σ h_m z^m; a_0 = 1."""
    k, i, n = d.natural("k"), d.index("i"), d.index("n")
    h, a, b = d.function("h a b", real=False)
    d.assume(Eq(a(0), 1))
    d.assume(
        ForAll((k,), Eq(b(k + 1), Sum(a(i) * h(k - i), (i, 0, k))), (k >= 0,)),
        text="the product of the series a(z) and Σ h_m z^m is b(z), power by power",
    )
    d.instance(h, lambda k: 1 / (k + 1))
    d.instance(a, lambda i: i + 1)
    d.instance(b, lambda k: Sum((n + 1) / (k - n), (n, 0, k - 1)))
    d.state(h(k), "=", b(k + 1) - Sum(a(i) * h(k - i), (i, 1, k)))
    d.start(h(k))
    d.then(Sum(a(i) * h(k - i), (i, 0, k)) - Sum(a(i) * h(k - i), (i, 1, k)), by="the term i = 0")
    d.then(b(k + 1) - Sum(a(i) * h(k - i), (i, 1, k)), by="the product of the series is b(z)")
    d.refute(h(k), "=", b(k) - Sum(a(i) * h(k - i), (i, 1, k)), because="the numerator one power late", where=[k >= 1])
    d.refute(h(k), "=", b(k + 1) + Sum(a(i) * h(k - i), (i, 1, k)), because="a sign", where=[k >= 1])


@post.claim("C8c", "Two and three states: χ(A) = 0 multiplied out, and K_d = -Σ a_iK_{d-i}; from k = d - 1 on it fails")
def small_recurrences(d: Derivation) -> None:
    """Generic symbols."""
    for size in (2, 3):
        s = generic(d, size)
        det = sp.Matrix(s.one - s.z * s.A).det(method="berkowitz")
        a = [sp.expand(det).coeff(s.z, power) for power in range(1, size + 1)]
        K = [(s.C * s.A**k * s.B)[0] for k in range(size + 1)]
        chi_of_A = s.A**size
        for power, value in enumerate(a, 1):
            chi_of_A = chi_of_A + value * s.A ** (size - power)
        d.state(chi_of_A, "=", 0 * s.one)
        d.state(K[size], "=", -sum(value * K[size - power] for power, value in enumerate(a, 1)))
        d.start(chi_of_A)
        d.then(0 * s.one, by="multiply out")
        d.start(K[size])
        d.then(-sum(value * K[size - power] for power, value in enumerate(a, 1)), by="multiply out")
        early = -sum(value * K[size - 1 - power] for power, value in enumerate(a[:-1], 1))
        d.refute(K[size - 1], "=", early, because=f"the recurrence from k = d - 1 on, K_{{-1}} = 0, {size} states")


@post.claim("C8d", "2d numbers a, b in place of d² + 2d; many dense systems have one kernel: (λ, β, γ) and (λ, 1, βγ)")
def counts(d: Derivation) -> None:
    """C*AᵏB of one state; every similar system of every size, claim s4/C1b."""
    size, k = d.counting("d"), d.natural("k")
    lam, beta, gamma = d.symbol("lambda beta gamma")
    d.state((size**2 + 2 * size) - 2 * size, "=", size**2)
    d.state(gamma * lam**k * beta, "=", (beta * gamma) * lam**k * 1)
    d.start((size**2 + 2 * size) - 2 * size)
    d.then(size**2, by="A itself is saved")
    d.start(gamma * lam**k * beta)
    d.then((beta * gamma) * lam**k * 1, by="numbers commute")
    d.refute(beta, "=", 1, because="the dense system is determined by its kernel", where=[Eq(beta * gamma, 1)])
    d.refute((size**2 + 2 * size) - 2 * size, "=", 2 * size, because="d + 2d numbers for a dense system")


@post.claim("C8e", "The output y_L = Σ_{k<L} K_k u_{L-1-k}: one state, every L")
def convolution_index(d: Derivation) -> None:
    """Claim s4/C3a for every number of states; x_0 = 0."""
    L, m, k = d.natural("L"), d.natural("m"), d.index("k")
    lam, beta = d.symbol("lambda beta")
    x, u = d.function("x u", real=False)
    d.assume(Eq(x(0), 0))
    d.assume(ForAll((m,), Eq(x(m + 1), lam * x(m) + beta * u(m)), (m >= 0,)), text="the recurrence; the output is γx")
    d.instance(u, lambda m: 2 + m)
    d.instance(x, lambda m: Sum(lam ** (m - 1 - k) * beta * (2 + k), (k, 0, m - 1)))
    stored = Sum(lam ** (L - 1 - k) * beta * u(k), (k, 0, L - 1))
    output = Sum(lam**k * beta * u(L - 1 - k), (k, 0, L - 1))
    d.state(x(L), "=", output)
    backwards = d.have(stored, "=", output, by="read backwards")
    d.start(x(L))
    d.then(stored, by=Induction(L, 0), why="λ times the sum, and the last input")
    d.then(output, by="read backwards", using=[backwards])
    d.erratum(
        x(L),
        "=",
        Sum(lam**k * beta * u(L - k), (k, 0, L)),
        section="基础回顾",
        explanation="The post sums K_k u_{L-k} over k = 0, …, L. The index is one too large: there is no input u_L yet at the "
        "output y_L, and the kernel has the L terms K_0, …, K_{L-1}. An index slip; for L = 1, y_1 = K_0u_0.",
        kind="wrong",
    )
    d.refute(
        x(L), "=", Sum(lam**k * beta * u(L - 1 - k), (k, 0, L)), because="K_L included", where=[L >= 1, Ne(lam, 0), Ne(beta, 0)]
    )


@cayley_hamilton.measured(
    "kernels.rational_transfer.state_space_to_rtf", against="Σ a_iK_{k-i} of random systems, d = 4, k from 4 to 40"
)
def defect(m: Any) -> None:
    """The recurrence, its failure at k = d - 1, and two systems with one kernel."""
    import torch

    from derivable.kernels.rational_transfer import state_space_to_rtf

    for seed in range(4):
        generator = torch.Generator().manual_seed(seed)
        A = torch.randn(4, 4, dtype=torch.float64, generator=generator) / 4
        B, C = torch.randn(2, 4, dtype=torch.float64, generator=generator)
        a, b = state_space_to_rtf(A, B, C, 64)
        state, K = B, []
        for _ in range(41):
            K.append(float(C @ state))
            state = A @ state
        size = (1 + float(a.abs().sum())) * max(abs(k) for k in K)
        for k in range(4, 41):
            rest = sum(float(a[i - 1]) * K[k - i] for i in range(1, 5))
            # d products of d terms for a, k of them for K_k
            m.agree(K[k], -rest, 4 * 4 * (4 + 41) * 2.0**-53 * size)
        early = sum(float(a[i - 1]) * K[3 - i] for i in range(1, 4))
        m.holds(1e-6, abs(K[3] + early), note="from k = d - 1 on")
        P = torch.randn(4, 4, dtype=torch.float64, generator=generator) + 4 * torch.eye(4, dtype=torch.float64)
        inverse = torch.linalg.inv(P)
        other_a, other_b = state_space_to_rtf(P @ A @ inverse, P @ B, inverse.mT @ C, 64)
        allowed = 64 * 4 * 4 * 2.0**-53 * float(torch.linalg.cond(P)) * (1 + float(B.norm() * C.norm()))
        m.agree(other_a, a, allowed)
        m.agree(other_b, b, allowed)


# -- C9: cost -----------------------------------------------------------------------------------------------------------


@post.claim(
    "C9", "An FFT of 2^m points takes m2^{m-1} butterflies, whatever d; the figures of quality are the paper's", kind="empirical"
)
def cost(d: Derivation) -> None:
    """Two transforms of half the length, and 2^m butterflies for 2^{m+1} points."""
    m = d.natural("m")
    F = d.function("F")
    d.assume(Eq(F(0), 0), ForAll((m,), Eq(F(m + 1), 2 * F(m) + 2**m), (m >= 0,)), text="radix two")
    d.instance(F, lambda m: m * 2**m / 2)
    d.state(F(m), "=", m * 2**m / 2)
    d.start(F(m))
    d.then(m * 2**m / 2, by=Induction(m, 0), why="2 · m2^{m-1} + 2^m = (m+1)2^m")
    d.note(
        "Reported by the paper: time and memory do not depend on the number of states, quality grows with it. The first is this "
        "count, and is measured by the benchmark (the time at L = 4096 for d from 8 to 1024); the second is not checked here."
    )
    d.refute(F(m), "=", m * 2**m, because="a factor 2", where=[m >= 1])
    d.refute(F(m), "=", 4**m / 2, because="as many as for a product with a matrix", where=[m >= 3])


@cost.measured(
    "kernels.rational_transfer.rtf_kernel", against="the recurrence summed over periods of L = 4096, d = 8, 64, 512, 1024"
)
def every_number_of_states(m: Any) -> None:
    """‖a‖₁ = ½; the recurrence runs until less than a last digit is left."""
    import math

    import torch

    from derivable.kernels.rational_transfer import rtf_kernel, rtf_kernel_truncated

    for size in (8, 64, 512, 1024):
        generator = torch.Generator().manual_seed(size)
        a, b = torch.randn(2, size, dtype=torch.float64, generator=generator)
        a = 0.5 * a / a.abs().sum()
        # ‖a‖₁ = ½: 1/a(z) has coefficients of at most 2^{-k/d}, b(z)/a(z) of at most 2‖b‖₁ 2^{-k/d}, and periods are ≥ 4d long
        periods = -(-64 * size // 4096)
        h = rtf_kernel_truncated(a, b, periods * 4096).unflatten(-1, (periods, 4096)).sum(0)
        tail = 2 * 2.0**-64 / (1 - 2.0**-4)
        # |a(z)| ≥ ½ in the bound of the kernel's docstring; d products a step, and errors that halve every d steps
        unit = (12 * math.log2(8192) * 8 + 4 * size) * 2.0**-53
        m.agree(rtf_kernel(a, b, 4096), h, (unit + tail) * float(b.abs().sum()), note=f"d = {size}")
