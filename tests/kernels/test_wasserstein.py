"""Wasserstein kernels against exact arithmetic, permutations, couplings and closed forms."""

import itertools
import math

import mpmath
import pytest
import torch
from torch import Tensor

from derivable.kernels.wasserstein import (
    bures_w2,
    reference_bures_w2,
    reference_w2_1d,
    w2_1d,
    w2_1d_quantile,
)
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


def covariance(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    """A covariance whose condition is bounded: AAᵀ/d + 1/4."""
    A = KernelCase.random(*shape, shape[-1], dtype=WIDE, seed=seed)
    return (A @ A.mT / max(1, shape[-1]) + torch.eye(shape[-1], dtype=WIDE) / 4).to(dtype)


class TestBures(KernelCase):
    """Of Gaussians in R^n."""

    sizes = (1, 2, 5, 16)

    def kernel(self, m1: Tensor, S1: Tensor, m2: Tensor, S2: Tensor) -> Tensor:
        return bures_w2(m1, S1, m2, S2)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_bures_w2(*inputs)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        means = (self.random(*batch, size, dtype=dtype, seed=seed) for seed in (1, 2))
        spreads = (covariance(*batch, size, dtype=dtype, seed=seed) for seed in (3, 4))
        return next(means), next(spreads), next(means), next(spreads)

    def condition(self, size: int) -> float:
        return 8.0

    def test_size_zero(self) -> None:
        assert compare(self.kernel(*self.inputs(0, WIDE)), 0.0, 0.0).ok


class TestSamples(KernelCase):
    """Of n numbers each."""

    zero_size = ValueError

    def kernel(self, x: Tensor, y: Tensor) -> Tensor:
        return w2_1d(x, y)

    def reference(self, x: Tensor, y: Tensor) -> Tensor:
        return reference_w2_1d(x, y)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return self.random(*batch, size, dtype=dtype), 2 * self.random(*batch, size, dtype=dtype, seed=1)


def exact_bures(S1: Tensor, S2: Tensor) -> float:
    """Sixty digits."""
    with mpmath.workdps(60):
        A, B = (mpmath.matrix(S.tolist()) for S in (S1, S2))
        values, vectors = mpmath.eigsy(A)
        root = vectors * mpmath.diag([mpmath.sqrt(v) for v in values]) * vectors.T
        inner = mpmath.eigsy(root * B * root, eigvals_only=True)
        return float(mpmath.sqrt(sum(A[k, k] + B[k, k] for k in range(A.rows)) - 2 * sum(map(mpmath.sqrt, inner))))


@pytest.mark.parametrize("gap", [1.0, 1e-3, 1e-6, 1e-9, 1e-12])
def test_close_gaussians_do_not_cancel(gap: float) -> None:
    S, change = covariance(4), KernelCase.random(4, 4, dtype=WIDE, seed=5)
    other = S + gap * (change @ change.mT)
    zero = torch.zeros(4, dtype=WIDE)
    truth = exact_bures(S, other)
    assert compare(bures_w2(zero, S, zero, other), truth, rounding_bound(WIDE, 100, 8.0)).ok
    if gap <= 1e-9:  # the textbook formula has lost it
        assert abs(float(reference_bures_w2(zero, S, zero, other)) - truth) > truth / 100


def test_ill_conditioned_covariances() -> None:
    scales = torch.tensor([1.0, 1e-4, 1e-7, 1e-10], dtype=WIDE)
    Q, _ = torch.linalg.qr(KernelCase.random(4, 4, dtype=WIDE))
    first, second = (Q * scales) @ Q.mT, (Q * scales.flip(0)) @ Q.mT
    zero = torch.zeros(4, dtype=WIDE)
    truth = (scales.sqrt() - scales.flip(0).sqrt()).norm()  # they commute
    assert compare(bures_w2(zero, first, zero, second), truth, rounding_bound(WIDE, 100, 1e5)).ok


def test_one_dimension_and_commuting() -> None:
    w = bures_w2(torch.tensor([3.0]), torch.tensor([[4.0]]), torch.tensor([0.0]), torch.tensor([[36.0]]))
    assert compare(w, 5.0, 1e-5).ok
    a, b = torch.tensor([1.0, 4.0, 9.0], dtype=WIDE), torch.tensor([4.0, 1.0, 0.0], dtype=WIDE)
    zero = torch.zeros(3, dtype=WIDE)
    truth = (a.sqrt() - b.sqrt()).square().sum()
    assert compare(bures_w2(zero, a.diag(), zero, b.diag(), squared=True), truth, 1e-13).ok


def test_symmetric_and_translation_invariant() -> None:
    m1, S1, m2, S2 = TestBures().inputs(5, WIDE)
    there = bures_w2(m1, S1, m2, S2)
    assert compare(bures_w2(m2, S2, m1, S1), there, 1e-13).ok
    assert compare(bures_w2(m1 + 7, S1, m2 + 7, S2), there, 1e-13).ok


def test_no_coupling_is_cheaper() -> None:
    """Claim diffusion/wasserstein_bound/C1: x = Az, y = Bz for 50 random pairs; the independent coupling too."""
    A, B = (KernelCase.random(50, 3, 3, dtype=WIDE, seed=seed) for seed in (6, 7))
    zero = torch.zeros(50, 3, dtype=WIDE)
    square = bures_w2(zero, A @ A.mT, zero, B @ B.mT, squared=True)
    assert bool(((A - B).square().sum((-2, -1)) >= 1.01 * square).all())
    assert bool(((A.square() + B.square()).sum((-2, -1)) >= square).all())


def test_trace_of_two_roots_is_not_the_distance() -> None:
    """Claim diffusion/wasserstein_bound/C1, must be refuted: tr √S1 √S2 for covariances that do not commute."""
    S1, S2 = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=WIDE), torch.tensor([[0.5, 0.5], [0.5, 0.5]], dtype=WIDE)
    zero = torch.zeros(2, dtype=WIDE)
    # both are projections: √S1 = S1, tr √S1 √S2 = 1/2, while tr (S1 S2 S1)^(1/2) = 1/√2
    assert compare(bures_w2(zero, S1, zero, S2, squared=True), 2 - math.sqrt(2), 1e-13).ok
    assert not compare(bures_w2(zero, S1, zero, S2, squared=True), 1.0, 0.1).ok


@pytest.mark.parametrize("squared", [True, False])
def test_gradients_at_equal_and_at_repeated_eigenvalues_are_finite(squared: bool) -> None:
    for S in (torch.eye(3, dtype=WIDE), covariance(3)):
        inputs = [t.clone().requires_grad_() for t in (torch.ones(3, dtype=WIDE), S, torch.ones(3, dtype=WIDE), S)]
        w = bures_w2(*inputs, squared=squared)
        for grad in torch.autograd.grad(w, inputs):
            assert compare(grad, torch.zeros_like(grad), 1e-13 if squared else 0.0).ok


def test_second_derivative_at_equal_covariances() -> None:
    S = torch.diag(torch.tensor([1.0, 1.0, 2.0], dtype=WIDE))
    inputs = [t.clone().requires_grad_() for t in (torch.zeros(3, dtype=WIDE), S, torch.zeros(3, dtype=WIDE), S)]
    assert torch.autograd.gradgradcheck(lambda *t: bures_w2(*t, squared=True), inputs)
    # along S2 = S + t D, diagonal: W² = Σ (√(s + t d) - √s)², of second derivative Σ d²/(2s)
    (slope,) = torch.autograd.grad(bures_w2(*inputs, squared=True), inputs[3], create_graph=True)
    (bend,) = torch.autograd.grad(slope.diagonal().sum(), inputs[3])
    assert compare(bend.diagonal().sum(), 1 / 2 + 1 / 2 + 1 / 4, 1e-12).ok


def test_gradient_at_singular_covariances_keeps_to_the_support() -> None:
    S1 = torch.diag(torch.tensor([4.0, 0.0], dtype=WIDE)).requires_grad_()
    S2 = torch.diag(torch.tensor([1.0, 0.0], dtype=WIDE)).requires_grad_()
    zero = torch.zeros(2, dtype=WIDE)
    first, second = torch.autograd.grad(bures_w2(zero, S1, zero, S2, squared=True), [S1, S2])
    # W² = (2 - 1)²: ∂/∂s1 (√s1 - √s2)² = 1 - √s2/√s1
    assert compare(first[0, 0], 0.5, 1e-14).ok
    assert compare(second[0, 0], -1.0, 1e-14).ok
    assert bool(first.isfinite().all())
    assert bool(second.isfinite().all())


def test_only_the_symmetric_part_of_a_covariance_counts() -> None:
    m1, S1, m2, S2 = TestBures().inputs(3, WIDE)
    tilt = torch.tensor([[0.0, 1, 2], [-1, 0, 3], [-2, -3, 0]], dtype=WIDE)
    assert compare(bures_w2(m1, S1 + tilt, m2, S2), bures_w2(m1, S1, m2, S2), 1e-13).ok


def test_batches_broadcast_and_an_empty_batch_is_empty() -> None:
    m, S = torch.zeros(2, dtype=WIDE), torch.eye(2, dtype=WIDE)
    spreads = torch.arange(1, 5, dtype=WIDE)[:, None, None] ** 2 * S
    assert compare(bures_w2(m, S, m, spreads), torch.arange(4, dtype=WIDE) * math.sqrt(2), 1e-14).ok
    assert bures_w2(m, S, m, spreads[:0]).shape == (0,)


def test_samples_against_all_permutations() -> None:
    x, y = KernelCase.random(6, dtype=WIDE), KernelCase.random(6, dtype=WIDE, seed=1)
    best = min(float((x - y[list(order)]).square().mean()) for order in itertools.permutations(range(6)))
    assert compare(w2_1d(x, y), math.sqrt(best), 1e-14).ok


def test_samples_of_two_batches_broadcast() -> None:
    x, y = KernelCase.random(4, 1, 9, dtype=WIDE), KernelCase.random(3, 9, dtype=WIDE, seed=1)
    w = w2_1d(x, y)
    assert w.shape == (4, 3)
    assert compare(w[2, 1], w2_1d(x[2, 0], y[1]), 1e-15).ok


def test_equal_samples_have_distance_and_gradient_zero() -> None:
    x = KernelCase.random(7, dtype=WIDE).requires_grad_()
    w = w2_1d(x, x.detach().flip(0))
    (grad,) = torch.autograd.grad(w, x)
    assert float(w.detach()) == 0
    assert compare(grad, torch.zeros(7, dtype=WIDE), 0.0).ok


def test_quantiles_of_polynomials_are_exact() -> None:
    """u² against u: ∫(u² - u)² = 1/30."""
    assert compare(w2_1d_quantile(lambda u: u**2, lambda u: u, 3, dtype=WIDE) ** 2, 1 / 30, 1e-16).ok
    assert not compare(w2_1d_quantile(lambda u: u**2, lambda u: u, 2, dtype=WIDE) ** 2, 1 / 30, 1e-4).ok


@pytest.mark.parametrize("Q", [16, 64, 256])
def test_quantiles_of_gaussians(Q: int) -> None:
    """The closed form |s1 - s2|, to the stated 1.2/Q²; a shift is exact."""
    normal = torch.distributions.Normal(torch.tensor(0.0, dtype=WIDE), torch.tensor(1.0, dtype=WIDE))
    w = w2_1d_quantile(normal.icdf, lambda u: 3 * normal.icdf(u), Q, dtype=WIDE)
    assert 1.0 / Q**2 < 1 - float(w) / 2 < 1.25 / Q**2
    assert compare(w2_1d_quantile(normal.icdf, lambda u: normal.icdf(u) - 5, Q, dtype=WIDE), 5.0, 1e-13).ok


def test_quantiles_in_batches_and_their_gradient() -> None:
    scale = torch.tensor([[1.0], [2.0]], dtype=WIDE, requires_grad=True)
    w = w2_1d_quantile(lambda u: u, lambda u: scale * u, 8, dtype=WIDE)
    assert compare(w.detach(), torch.tensor([0, 1 / math.sqrt(3)], dtype=WIDE), 1e-15).ok
    (grad,) = torch.autograd.grad(w.sum(), scale)
    assert compare(grad[:, 0], torch.tensor([0, 1 / math.sqrt(3)], dtype=WIDE), 1e-15).ok
    assert w2_1d_quantile(lambda u: u, lambda u: 0 * u, 8, dtype=torch.float32).dtype == torch.float32


EYE = torch.eye(2)
ZERO = torch.zeros(2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: bures_w2(ZERO, EYE, torch.zeros(3), EYE),
            ValueError,
            "bures_w2: m2.shape is (3,), expected [..., 2] like m1; both laws live in one space.",
        ),
        (
            lambda: bures_w2(ZERO, EYE, ZERO, torch.ones(2, 3)),
            ValueError,
            "bures_w2: S2.shape is (2, 3), expected [..., 2, 2] like m1; pass the covariance matrix.",
        ),
        (
            lambda: bures_w2(ZERO, EYE.double(), ZERO, EYE),
            TypeError,
            "bures_w2: S1.dtype is float64, expected float32 like m1; convert it with .to(torch.float32).",
        ),
        (
            lambda: bures_w2(ZERO, EYE, ZERO, torch.diag(torch.tensor([1.0, -0.5]))),
            ValueError,
            "bures_w2: S2 is not positive semidefinite: its least eigenvalue is -0.5, expected a covariance matrix; "
            "check its construction, or add a multiple of the identity.",
        ),
        (
            lambda: bures_w2(torch.zeros(3, 2), EYE, torch.zeros(4, 2), EYE),
            ValueError,
            "bures_w2: the batch shape is (3, 2), (2, 2), (4, 2), (2, 2), expected batch dimensions that broadcast; "
            "align them with reshape.",
        ),
        (
            lambda: bures_w2([0.0], EYE, ZERO, EYE),  # type: ignore[arg-type]
            TypeError,
            "bures_w2: m1 is a list, expected a tensor [..., d]; convert it with torch.as_tensor.",
        ),
        (
            lambda: w2_1d(torch.ones(3), torch.ones(4)),
            ValueError,
            "w2_1d: y.shape is (4,), expected [..., 3] like x; draw as many of one as of the other, or use w2_1d_quantile.",
        ),
        (
            lambda: w2_1d(torch.ones(0), torch.ones(0)),
            ValueError,
            "w2_1d: x.shape is (0,), expected [..., n] with n of at least 1; give one number or more.",
        ),
        (
            lambda: w2_1d(torch.ones(2, 3), torch.ones(4, 3)),
            ValueError,
            "w2_1d: y.shape is (4, 3), expected a batch that broadcasts with (2, 3); align them.",
        ),
        (
            lambda: w2_1d(torch.ones(3, dtype=torch.int64), torch.ones(3)),
            TypeError,
            "w2_1d: x.dtype is int64, expected float32 or float64 or bfloat16; convert it with .to(torch.float32).",
        ),
        (
            lambda: w2_1d_quantile(lambda u: u[:2], lambda u: u, 4),
            ValueError,
            "w2_1d_quantile: the value of F_inv(u) is (2,), expected [..., 4]; return one quantile a node.",
        ),
        (
            lambda: w2_1d_quantile(lambda u: u, lambda u: 1.0, 4),  # type: ignore[arg-type,return-value]
            TypeError,
            "w2_1d_quantile: the value of G_inv(u) is a float, expected a tensor [..., Q]; convert it with torch.as_tensor.",
        ),
        (
            lambda: w2_1d_quantile(lambda u: u, lambda u: u, 0),
            ValueError,
            "w2_1d_quantile: Q is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_not_a_number_is_refused() -> None:
    with pytest.raises(Exception, match=r"eigenvalue|linalg|converge"):
        bures_w2(ZERO, EYE, ZERO, torch.full((2, 2), math.nan))


def test_annotations_hold(checked) -> None:
    m, S = torch.zeros(3, 2), torch.eye(2).expand(3, 2, 2)
    assert checked(bures_w2)(m, S, m, S).shape == (3,)
    assert checked(w2_1d)(torch.ones(2, 4), torch.ones(2, 4)).shape == (2,)
