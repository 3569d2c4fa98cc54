"""The Fokker–Planck generator and its steps: exact laws of the Ornstein–Uhlenbeck and Langevin equations."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from derivable.kernels import (
    bernoulli,
    fp_crank_nicolson,
    fp_generator_1d,
    fp_generator_from_potential,
)
from derivable.kernels.fokker_planck import reference_bernoulli, reference_fp_crank_nicolson
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


class TestBernoulli(KernelCase):
    zero_size = None

    def kernel(self, z: Tensor) -> Tensor:
        return bernoulli(z)

    def reference(self, z: Tensor) -> Tensor:
        return reference_bernoulli(z)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (2 * self.random(*batch, size, dtype=dtype),)


class TestGenerator(KernelCase):
    """Of n drifts and n diffusions on n + 1 cells."""

    dtypes = (torch.float64, torch.float32)

    def kernel(self, f: Tensor, D: Tensor) -> Tensor:
        x = torch.linspace(-1, 1, f.shape[-1] + 1, dtype=f.dtype, device=f.device)
        return torch.stack(fp_generator_1d(x, f, D), -1)

    def reference(self, f: Tensor, D: Tensor) -> Tensor:
        f, D, n = f.double(), D.double(), f.shape[-1] + 1
        h, rows = 2 / (n - 1), torch.zeros(n, 3, dtype=WIDE)
        for i in range(n - 1):
            w = f[i] * h / D[i]
            forth, back = (D[i] / h**2 * reference_bernoulli(z) for z in (-w, w))
            rows[i, 1] -= forth
            rows[i + 1, 0] += forth
            rows[i + 1, 1] -= back
            rows[i, 2] += back
        return rows

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        f, D = (self.random(*batch, size, dtype=dtype, seed=seed) for seed in range(2))
        return 3 * f, 0.5 + D.abs()

    zero_size = ValueError


class TestCrankNicolson(KernelCase):
    """Five steps of n cells; the density is batched, and so is the generator."""

    def kernel(self, p: Tensor, lo: Tensor, di: Tensor, up: Tensor) -> Tensor:
        return fp_crank_nicolson(p, lo, di, up, 0.125, 5)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_fp_crank_nicolson(*inputs, 0.125, 5)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        p = self.random(*batch, size, dtype=dtype).abs()
        wide = torch.float32 if dtype == torch.bfloat16 else dtype
        lo, up = (self.random(*batch, size, dtype=wide, seed=seed).abs() for seed in (1, 2))
        lo, up = lo * (torch.arange(size) > 0), up * (torch.arange(size) < size - 1)
        return p, lo, -torch.roll(lo, -1, -1) - torch.roll(up, 1, -1), up

    zero_size = ValueError


@pytest.mark.parametrize("z", [0.0, 1e-300, -1e-9, 0.999999, 1.0, -1.0, 40.0, 750.0, -800.0])
def test_bernoulli_everywhere(z: float) -> None:
    value = torch.tensor(z, dtype=WIDE, requires_grad=True)
    result = bernoulli(value)
    truth = reference_bernoulli(value.detach())
    assert compare(result.detach(), truth, 8e-16 * float(truth) + 1e-300).ok
    (slope,) = torch.autograd.grad(result, value, create_graph=True)
    (bend,) = torch.autograd.grad(slope, value)
    assert slope.isfinite()
    assert bend.isfinite()
    if abs(z) < 1e-6:
        assert compare(slope.detach(), -0.5, 1e-9).ok
        assert compare(bend, 1 / 6, 1e-9).ok


@settings(max_examples=50, deadline=None)
@given(z=st.floats(-700, 700))
def test_bernoulli_reflection(z: float) -> None:
    """B(-z) - B(z) = z: what makes the drift exact."""
    value = torch.tensor(z, dtype=WIDE)
    assert compare(bernoulli(-value) - bernoulli(value), z, rounding_bound(WIDE, 8, scale=abs(z) + 1)).ok


@settings(max_examples=30, deadline=None)
@given(n=st.integers(2, 60), strength=st.floats(0, 1e3), seed=st.integers(0, 1000))
def test_generator_keeps_mass_and_sign(n: int, strength: float, seed: int) -> None:
    f = strength * KernelCase.random(n - 1, dtype=WIDE, seed=seed)
    lo, di, up = fp_generator_1d(torch.linspace(0, 1, n, dtype=WIDE), f, 0.1)
    assert (lo >= 0).all()
    assert (up >= 0).all()
    columns = di + torch.cat([lo[1:], lo[:1]]) + torch.cat([up[-1:], up[:-1]])
    assert compare(columns, 0.0, rounding_bound(WIDE, 8, scale=float(di.abs().max()))).ok


def _cell_means(x: Tensor, h: float, mean: float, variance: float) -> Tensor:
    edges = torch.erf((torch.stack([x - h / 2, x + h / 2]) - mean) / math.sqrt(2 * variance))
    return (edges[1] - edges[0]) / (2 * h)


def test_ornstein_uhlenbeck_converges_at_order_two() -> None:
    """Ledger, Kernels: N(1, 0.25), β = 1, t = 1, [-7, 7], n steps: L1 errors of the cell means."""
    mean, variance = math.exp(-0.5), 0.25 * math.exp(-1) + 1 - math.exp(-1)
    for n, error in ((100, 1.96e-3), (200, 4.91e-4), (400, 1.23e-4), (800, 3.07e-5)):
        h = 14 / n
        x = (torch.arange(n, dtype=WIDE) + 0.5) * h - 7
        start = _cell_means(x, h, 1.0, 0.25)
        end = fp_crank_nicolson(start, *fp_generator_1d(x, lambda s: -s / 2, 0.5), 1 / n, n)
        measured = float((end - _cell_means(x, h, mean, variance)).abs().sum() * h)
        assert abs(measured - error) <= 0.005 * error, (n, measured)
        drift = abs(float((end.sum() - start.sum()) * h))
        assert drift <= rounding_bound(WIDE, n * n.bit_length())
        assert drift < 1e-13


@pytest.mark.parametrize("U", [lambda x: x**2 / 2, lambda x: x**4 - 2 * x**2, lambda x: 3 * torch.sin(2 * x)])
def test_langevin_density_is_stationary(U) -> None:
    """Claim C7: e^{-U/D} to rounding (ledger: 1.4e-14) from potential differences; e^{-2U/D} is not."""
    x = torch.linspace(-3, 3, 400, dtype=WIDE)
    rows = fp_generator_from_potential(x, U(x), 0.7)
    for power, stationary in ((1, True), (2, False)):
        p = torch.exp(-power * U(x) / 0.7)
        flow = _apply(rows, p).abs() / (rows[1].abs() * p)
        assert compare(flow, 0.0, 3e-14).ok is stationary
    p = torch.exp(-U(x) / 0.7)
    p = p / p.sum()
    assert compare(fp_crank_nicolson(p, *rows, 0.01, 50), p, 1e-13).ok


def test_wrong_diffusion_coefficient_is_refuted() -> None:
    """Claim C6, must be refuted: g²Δp instead of ½g²Δp sends the OU variance to 2."""
    x = torch.linspace(-12, 12, 300, dtype=WIDE)
    for D, variance in ((0.5, 1.0), (1.0, 2.0)):
        p = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
        p = fp_crank_nicolson(p, *fp_generator_1d(x, lambda s: -s / 2, D), 0.2, 200)
        assert abs(float((p * x**2).sum() / p.sum()) - variance) < 2e-3


def test_steep_drift_does_not_oscillate() -> None:
    """Pitfall: central differences oscillate when |f|h/D > 2; here it is 40."""
    x = torch.linspace(0, 1, 11, dtype=WIDE)
    rows = fp_generator_1d(x, torch.full((10,), 4.0, dtype=WIDE), 0.01)
    p = torch.ones(11, dtype=WIDE)
    p = fp_crank_nicolson(p, *rows, 0.002, 1000)
    assert (p > -1e-12).all()
    assert p.argmax() == 10


def test_no_step_is_the_identity() -> None:
    p = torch.rand(4, dtype=WIDE)
    assert torch.equal(fp_crank_nicolson(p, *(torch.zeros(4, dtype=WIDE),) * 3, 1.0, 0), p)


def _apply(rows: tuple[Tensor, Tensor, Tensor], p: Tensor) -> Tensor:
    lo, di, up = rows
    flow = di * p
    flow[1:] += lo[1:] * p[:-1]
    flow[:-1] += up[:-1] * p[1:]
    return flow


X = torch.linspace(0, 1, 4)
ROWS = tuple(torch.zeros(4) for _ in range(3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: fp_generator_1d(torch.tensor([0.0, 1.0, 3.0]), lambda s: s, 1.0),
            ValueError,
            "fp_generator_1d: x is not uniform and ascending, expected equal distances; take torch.linspace.",
        ),
        (
            lambda: fp_generator_1d(X[:1], lambda s: s, 1.0),
            ValueError,
            "fp_generator_1d: x.shape is (1,), expected [n] with n of at least 2; give the cell centres of one grid.",
        ),
        (
            lambda: fp_generator_1d(X, torch.ones(4), 1.0),
            ValueError,
            "fp_generator_1d: the shapes of f and D is (4,) and (), expected [..., 3]; give one value a cell boundary.",
        ),
        (
            lambda: fp_generator_1d(X, lambda s: s, -1.0),
            ValueError,
            "fp_generator_1d: D is -1.0, expected a positive finite number; the formula divides by it.",
        ),
        (
            lambda: fp_generator_1d(X, lambda s: s, torch.zeros(3)),
            ValueError,
            "fp_generator_1d: D is not positive everywhere, expected values above 0; add a small diffusion.",
        ),
        (
            lambda: fp_generator_from_potential(X, torch.ones(3), 1.0),
            ValueError,
            "fp_generator_from_potential: U.shape is (3,), expected [..., 4]; evaluate U at every point of x.",
        ),
        (
            lambda: fp_crank_nicolson(torch.ones(5), *ROWS, 0.1, 1),
            ValueError,
            "fp_crank_nicolson: lo.shape is (4,), expected [..., 5] like p; use the grid of p.",
        ),
        (
            lambda: fp_crank_nicolson(torch.ones(4, dtype=WIDE), *ROWS, 0.1, 1),
            TypeError,
            "fp_crank_nicolson: lo.dtype is float32, expected float64 like p; convert it with .to(torch.float64).",
        ),
        (
            lambda: fp_crank_nicolson(torch.ones(4), *ROWS, 0.1, -1),
            ValueError,
            "fp_crank_nicolson: steps is -1, expected an integer of at least 0; there is nothing to compute below that.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    rows = checked(fp_generator_1d)(X, lambda s: s, 1.0)
    assert checked(fp_crank_nicolson)(torch.ones(2, 4), *(r.expand(2, 4) for r in rows), 0.1, 2).shape == (
        2,
        4,
    )
    assert checked(fp_generator_from_potential)(X, X, 1.0)[0].shape == (4,)
    assert checked(bernoulli)(X).shape == (4,)
