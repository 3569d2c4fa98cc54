"""HiPPO matrices against the derivation's steps, exact polynomials, and every figure of the ledger."""

import math
from fractions import Fraction
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from derivable.kernels import hippo_matrix, legendre_basis, legendre_nodes, legendre_project
from derivable.kernels.hippo import reference_hippo_matrix
from derivable.numerics import compare, rounding_bound

WIDE = torch.float64
OPTIONS = [("legs", {"scaling": s}) for s in ("orthonormal", "paper", "lmu")]
OPTIONS += [("legt", {"scaling": s, "window": 1.3}) for s in ("orthonormal", "paper", "lmu")]
OPTIONS += [("fout", {"closure": c, "window": 1.3}) for c in ("mean", "post")]


@pytest.mark.parametrize(("kind", "options"), OPTIONS)
@pytest.mark.parametrize("d", [1, 3, 17, 65])
def test_agrees_with_reference(kind: str, options: dict, d: int) -> None:
    for got, truth in zip(hippo_matrix(kind, d, dtype=WIDE, **options), reference_hippo_matrix(kind, d, **options), strict=True):
        assert compare(got, truth, rounding_bound(WIDE, 10, scale=float(truth.abs().max()))).ok


@pytest.mark.parametrize("kind", ["legs", "legt"])
def test_dtypes_are_rounded_from_float64(kind: str) -> None:
    wide = hippo_matrix(kind, 9, dtype=WIDE)
    for dtype in (torch.float32, torch.bfloat16):
        for got, truth in zip(hippo_matrix(kind, 9, dtype=dtype), wide, strict=True):
            assert torch.equal(got, truth.to(dtype))
    assert hippo_matrix("fout", 3, dtype=torch.float32)[0].dtype == torch.complex64
    assert hippo_matrix("fout", 3, dtype=torch.complex128)[0].dtype == torch.complex128
    assert hippo_matrix("legs", 2)[0].dtype == torch.get_default_dtype()


def test_harmonic_modes_solve_their_system() -> None:
    """Claim C1: (e^t, e^-t, sin t, cos t), rtol 1e-13; cos and sin exchanged are refuted."""
    A = torch.zeros(4, 4, dtype=WIDE)
    A[0, 0], A[1, 1], A[2, 3], A[3, 2] = 1, -1, 1, -1
    for t in (0.3, 2.0):
        x = torch.linalg.matrix_exp(t * A) @ torch.tensor([1, 1, 0, 1], dtype=WIDE)
        truth = torch.tensor([math.exp(t), math.exp(-t), math.sin(t), math.cos(t)], dtype=WIDE)
        assert compare(x, truth, 1e-13 * truth.abs()).ok
        assert not compare(x, truth[[0, 1, 3, 2]], 0.1).ok


def test_legs_is_exact_for_every_size() -> None:
    """Claim C9: central differences of projections obey the ODE for each d; wrong matrices do not."""
    for d in (1, 3, 9, 15):
        A, B = hippo_matrix("legs", d, dtype=WIDE)
        slope, c, u = _history_slope(d, 2.0)
        assert compare(slope, (A @ c + B * u) / 2.0, 2e-8).ok
        wrong = A - torch.diag(torch.arange(d, dtype=WIDE))  # diagonal -(2n+1)
        if d > 1:
            assert not compare(slope, (wrong @ c + B * u) / 2.0, 1e-3).ok
            assert not compare(slope, (A.T @ c + B * u) / 2.0, 1e-3).ok
            assert not compare(slope, A @ c + B * u, 1e-3).ok


@pytest.mark.parametrize("p", [2.0, 3.0, 0.5])
def test_power_maps_share_the_legs_matrix(p: float) -> None:
    """Claim C5, consequence: x' = (p/t)(Ax + Bu) for t = T((s+1)/2)^(1/p), error < 1e-7 at d = 7."""
    nodes, _ = legendre_nodes(400, dtype=WIDE)
    T, h = 2.0, 1e-4

    def c(end: float) -> Tensor:
        return legendre_project(torch.cos(3 * end * ((nodes + 1) / 2) ** (1 / p)), 7)

    A, B = hippo_matrix("legs", 7, dtype=WIDE)
    slope = (c(T + h) - c(T - h)) / (2 * h)
    assert compare(slope, p / T * (A @ c(T) + B * math.cos(3 * T)), 1e-7).ok


@pytest.mark.parametrize(("d", "closure_error"), [(5, 5.5e-2), (9, 3.5e-5), (15, 3e-8)])
def test_legt_closure_error(d: int, closure_error: float) -> None:
    """Claim C7: u = cos 3t + 0.3t², w = 1.3, T = 2."""
    A, B = hippo_matrix("legt", d, window=1.3, dtype=WIDE)
    slope, c, u = _window_slope(d, 2.0, 1.3)
    error = float((slope - A @ c - B * u).abs().max())
    assert error <= 1.02 * closure_error
    assert d == 15 or error >= 0.98 * closure_error


def test_legt_is_exact_for_low_degree() -> None:
    """Claim C7: N = 2: residual 0 for u = t², w²/20 (√2, -√6, √10) for u = t³."""
    w, T = 1.3, 2.0
    A, B = hippo_matrix("legt", 3, window=w, dtype=WIDE)
    for degree, residual in ((2, [0.0, 0.0, 0.0]), (3, [math.sqrt(2), -math.sqrt(6), math.sqrt(10)])):
        nodes, _ = legendre_nodes(8, dtype=WIDE)
        t = (nodes + 1) * w / 2 + T - w
        c, slope = legendre_project(t**degree, 3), legendre_project(degree * t ** (degree - 1), 3)
        defect = slope - A @ c - B * T**degree
        truth = (w**2 / 20) * torch.tensor(residual, dtype=WIDE)
        scale = float(A.abs().sum(-1).max() * c.abs().max())
        assert compare(defect, truth, rounding_bound(WIDE, 200, scale=scale)).ok


def test_legt_transfer_function_is_pade() -> None:
    """Claim C7: [d-1/d] Padé of e^{-σw}, d ≤ 6: Taylor match through order 2d-1, not 2d."""
    for d in range(1, 7):
        A, B = hippo_matrix("legt", d, dtype=WIDE, scaling="lmu")
        rows = [[Fraction(round(v)) for v in row] for row in A.tolist()]
        column = [Fraction(round(v)) for v in B.tolist()]
        # Taylor at σ = 0 of Σ(-1)^k C (σ - A)^{-1} B = -Σ σ^j C A^{-j-1} B, exactly
        state, coefficients = column, []
        for _ in range(2 * d + 1):
            state = _solve(rows, state)
            coefficients.append(-sum((-1) ** k * v for k, v in enumerate(state)))
        taylor = [Fraction((-1) ** j, math.factorial(j)) for j in range(2 * d + 1)]
        assert coefficients[: 2 * d] == taylor[: 2 * d]
        assert coefficients[2 * d] != taylor[2 * d]


def test_symmetric_parts() -> None:
    """Claim C7: A + Aᵀ = -(2/w)(v_e v_eᵀ + v_o v_oᵀ); hippo_discretization/C5: legs -(I + v vᵀ)."""
    d, w = 12, 0.7
    v = (2 * torch.arange(d, dtype=WIDE) + 1).sqrt()
    even, odd = v * (torch.arange(d) % 2 == 0), v * (torch.arange(d) % 2 == 1)
    A, _ = hippo_matrix("legt", d, window=w, dtype=WIDE)
    truth = -2 / w * (torch.outer(even, even) + torch.outer(odd, odd))
    assert compare(A + A.T, truth, 1e-13 / w * d).ok
    A, _ = hippo_matrix("legs", d, dtype=WIDE)
    assert compare(A + A.T, -torch.eye(d, dtype=WIDE) - torch.outer(v, v), 1e-13).ok


@pytest.mark.parametrize(
    ("N", "closure", "times", "values"),
    [
        (40, "post", (0.3, 1.3, 2.3), (0.6654, 0.2220, 0.0743)),
        (40, "mean", (0.3, 1.3, 2.3), (0.9966, -0.0009, 0.0005)),
        (160, "post", (0.3,), (0.6663,)),
        (160, "mean", (0.3,), (0.9993,)),
    ],
)
def test_fourier_window_kernel(N: int, closure: str, times: tuple[float, ...], values: tuple[float, ...]) -> None:
    """Claim C4: entry c_0 of e^{tA}B; the post's closure echoes, the mean closes to a box, error O(1/N)."""
    A, B = hippo_matrix("fout", 2 * N + 1, closure=closure, dtype=WIDE)
    for t, value in zip(times, values, strict=True):
        kernel = (torch.linalg.matrix_exp(t * A) @ B)[N]
        assert compare(kernel, value, 6e-5).ok, (t, kernel)
        limit = float(t < 1) if closure == "mean" else 2 / 3 * 3.0 ** -math.floor(t)
        assert compare(kernel, limit, 1 / N).ok
        assert not compare(kernel, float(t < 1), 1 / N).ok or closure == "mean"


def test_fourier_window_mean_of_a_bump() -> None:
    """Claim C4: N = 20, c_0 at T = 1 and 2.4: the post's 0.118, 0.037, the corrected 0.177, 0.001."""
    steps = 4800
    t = (torch.arange(steps, dtype=WIDE) + 0.5) * (2.4 / steps)
    u = torch.exp(-100 * (t - 0.5) ** 2).to(torch.complex128)
    for closure, at_one, at_end in (("post", 0.118, 0.037), ("mean", 0.177, 0.001)):
        A, B = hippo_matrix("fout", 41, closure=closure, dtype=WIDE)
        values, vectors = torch.linalg.eig(A)
        weights = vectors[20] * torch.linalg.solve(vectors, B)
        for T, truth in ((1.0, at_one), (2.4, at_end)):
            before = t < T
            kernel = (weights * torch.exp(values * (T - t[before])[:, None])).sum(-1)
            c0 = (kernel * u[before]).sum() * 2.4 / steps
            assert compare(c0, truth, 6e-4).ok, (closure, T, c0)


def test_fourier_eigenvalues_of_both_closures() -> None:
    """Claim C4: 5 modes, w = 2 (frequencies πn): the S4 code equals the corrected form, not the post's."""
    corrected = [-1.455, -1.099 + 2.621j, -1.099 - 2.621j, -0.6735 + 5.7182j, -0.6735 - 5.7182j]
    values = torch.linalg.eigvals(hippo_matrix("fout", 5, window=2.0, dtype=WIDE)[0])
    for truth in corrected:
        assert (values - truth).abs().min() < 6e-4
    real = _real_fourier(2)
    for value in torch.linalg.eigvals(real):
        assert (values - value).abs().min() < 1e-12
    post = torch.linalg.eigvals(hippo_matrix("fout", 5, window=2.0, closure="post", dtype=WIDE)[0])
    for truth in (-0.5354, -0.5209 + 3.0636j):
        assert (post - truth).abs().min() < 6e-5


def test_scalings_are_one_system() -> None:
    """Claims C8, C9: (Λ^{-1}AΛ, Λ^{-1}B); the post's LMU factor leaves B off by 1/√2."""
    r = (2 * torch.arange(6, dtype=WIDE) + 1).sqrt()
    for kind, options in (("legt", {"window": 1.3}), ("legs", {})):
        A, B = hippo_matrix(kind, 6, dtype=WIDE, **options)
        for scaling, scale in (("paper", math.sqrt(2) * torch.ones_like(r)), ("lmu", math.sqrt(2) / r)):
            As, Bs = hippo_matrix(kind, 6, scaling=scaling, dtype=WIDE, **options)
            assert compare(As, A * scale / scale[:, None], 1e-13).ok
            assert compare(Bs, B / scale, 1e-13).ok
    _, B = hippo_matrix("legt", 6, dtype=WIDE)
    assert compare(B / (2 / r) / r**2, torch.full((6,), 0.70710678, dtype=WIDE), 1e-8).ok


def test_legendre_memory_unit_matrices_after_sign_flip() -> None:
    """Claim C8: LMU's matrices are conjugated by diag((-1)^n); without it B_1 = 3 is not -3."""
    i = torch.arange(6, dtype=WIDE)
    sign = 1 - 2 * (i % 2)
    below = i[:, None] < i
    a = (2 * i[:, None] + 1) * torch.where(below, -1.0, -(sign[:, None] * sign))
    b = (2 * i + 1) * sign
    A, B = hippo_matrix("legt", 6, scaling="lmu", dtype=WIDE)
    assert compare(sign[:, None] * A * sign, a, 2e-15 * 11).ok
    assert compare(sign * B, b, 1e-15 * 11).ok
    assert (B[1], b[1]) == (3, -3)


@settings(max_examples=40, deadline=None)
@given(d=st.integers(1, 40), window=st.floats(0.1, 10))
def test_windows_are_a_change_of_time(d: int, window: float) -> None:
    for kind in ("legt", "fout"):
        size = 2 * d + 1
        wide, unit = hippo_matrix(kind, size, window=window, dtype=WIDE), hippo_matrix(kind, size, dtype=WIDE)
        for scaled, plain in zip(wide, unit, strict=True):
            assert compare(scaled * window, plain, 1e-14 * float(plain.abs().max())).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: hippo_matrix("legs", 0),
            ValueError,
            "hippo_matrix: d is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
        (
            lambda: hippo_matrix("legz", 3),
            ValueError,
            "hippo_matrix: kind is 'legz', expected one of 'legs', 'legt', 'fout'; choose one of these names.",
        ),
        (
            lambda: hippo_matrix("fout", 4),
            ValueError,
            "hippo_matrix: d is 4, expected an odd number 2N+1 for kind 'fout'; take 5 for the modes -2..2.",
        ),
        (
            lambda: hippo_matrix("legs", 3, window=2.0),
            ValueError,
            "hippo_matrix: window is 2.0, expected nothing for kind 'legs', which does not use it; leave it out.",
        ),
        (
            lambda: hippo_matrix("legt", 3, closure="mean"),
            ValueError,
            "hippo_matrix: closure is 'mean', expected nothing for kind 'legt', which does not use it; leave it out.",
        ),
        (
            lambda: hippo_matrix("fout", 3, scaling="paper"),
            ValueError,
            "hippo_matrix: scaling is 'paper', expected nothing for kind 'fout', which does not use it; leave it out.",
        ),
        (
            lambda: hippo_matrix("legt", 3, window=-1.0),
            ValueError,
            "hippo_matrix: window is -1.0, expected a positive finite number; the formula divides by it.",
        ),
        (
            lambda: hippo_matrix("legs", 3, dtype=torch.complex64),
            TypeError,
            "hippo_matrix: dtype is complex64, expected float32, float64 or bfloat16 for kind 'legs'; "
            "choose one of these and convert afterwards.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    for kind, d in product(("legs", "legt", "fout"), (1, 5)):
        A, B = checked(hippo_matrix)(kind, d)
        assert A.shape == (d, d)
        assert B.shape == (d,)


def _signal(t: Tensor) -> Tensor:
    return torch.cos(3 * t) + 0.3 * t**2


def _history_slope(d: int, T: float) -> tuple[Tensor, Tensor, float]:
    nodes, _ = legendre_nodes(60, dtype=WIDE)
    low, middle, high = (legendre_project(_signal((nodes + 1) * end / 2), d) for end in (T - 1e-4, T, T + 1e-4))
    return (high - low) / 2e-4, middle, float(_signal(torch.tensor(T, dtype=WIDE)))


def _window_slope(d: int, T: float, w: float) -> tuple[Tensor, Tensor, float]:
    nodes, _ = legendre_nodes(60, dtype=WIDE)
    shift = (nodes + 1) * w / 2 - w
    low, middle, high = (legendre_project(_signal(shift + end), d) for end in (T - 1e-4, T, T + 1e-4))
    return (high - low) / 2e-4, middle, float(_signal(torch.tensor(T, dtype=WIDE)))


def _solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for i in range(size):
        pivot = next(j for j in range(i, size) if table[j][i])
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [v / table[i][i] for v in table[i]]
        for j in range(size):
            if j != i:
                table[j] = [v - table[j][i] * p for v, p in zip(table[j], table[i], strict=True)]
    return [row[-1] for row in table]


def _real_fourier(N: int) -> Tensor:
    """Real basis, w = 2: rotations of frequency πn minus a rank one of coefficient 1."""
    size = 2 * N + 1
    A = torch.zeros(size, size, dtype=WIDE)
    b = torch.zeros(size, dtype=WIDE)
    b[0] = 1
    for n in range(1, N + 1):
        A[2 * n - 1, 2 * n], A[2 * n, 2 * n - 1] = math.pi * n, -math.pi * n
        b[2 * n - 1] = math.sqrt(2)
    return A - torch.outer(b, b)


def test_basis_ends() -> None:
    """Claim C6 (f): P_n(1) = 1, P_n(-1) = (-1)^n."""
    ends = legendre_basis(torch.tensor([1.0, -1.0], dtype=WIDE), 31) / (torch.arange(31, dtype=WIDE) + 0.5).sqrt()
    n = torch.arange(31)
    assert compare(ends, torch.stack([torch.ones(31), 1.0 - 2 * (n % 2)]).double(), 1e-13).ok


def test_legendre_derivative_identity() -> None:
    """Claim C6 (e): (t+1) P_n' = -(n+1) P_n + Σ_{k≤n} (2k+1) P_k for n ≤ 30; -n P_n is refuted at n = 1."""
    t = torch.linspace(-1, 1, 21, dtype=WIDE)
    norm = (torch.arange(31, dtype=WIDE) + 0.5).sqrt()
    basis = legendre_basis(t.requires_grad_(), 31) / norm
    columns = [torch.autograd.grad(column.sum(), t, retain_graph=True, allow_unused=True)[0] for column in basis.T]
    slope = torch.stack([torch.zeros_like(t) if column is None else column for column in columns], -1)
    n, P, t = torch.arange(31, dtype=WIDE), basis.detach(), t.detach()
    sums = ((2 * n + 1) * P).cumsum(-1)
    assert compare((t[:, None] + 1) * slope, sums - (n + 1) * P, 1e-9).ok
    wrong = sums - n * P
    assert not compare(((t[:, None] + 1) * slope)[:, 1], wrong[:, 1], 0.1).ok
