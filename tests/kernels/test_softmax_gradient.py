"""The size of the softmax's Jacobian against automatic differentiation and 200 digits."""

import math

import mpmath
import pytest
import torch
from torch import Tensor

from derivable.kernels.softmax_gradient import (
    reference_softmax_gradient_l1,
    reference_softmax_gradient_l1_derivative,
    softmax_gradient_l1,
    softmax_gradient_l1_derivative,
)
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64
SCALE = 1.5


def exact(s: Tensor, alpha: float) -> tuple[float, float]:
    """Return α(1 - Σp²) and its derivative of one row, from 200 digits."""
    with mpmath.workdps(200):
        scores, scale = [mpmath.mpf(x) for x in s.double().tolist()], mpmath.mpf(alpha)
        weights = [mpmath.exp(scale * (x - max(scores))) for x in scores]
        p = [w / sum(weights) for w in weights]
        square = sum(x * x for x in p)
        spread = sum(x * x * y for x, y in zip(p, scores, strict=True)) - square * sum(
            x * y for x, y in zip(p, scores, strict=True)
        )
        return float(scale * (1 - square)), float(1 - square - 2 * scale * spread)


class TestSize(KernelCase):
    """F of n scores at one scale."""

    zero_size = ValueError

    def kernel(self, s: Tensor) -> Tensor:
        return softmax_gradient_l1(s, SCALE)

    def reference(self, s: Tensor) -> Tensor:
        return reference_softmax_gradient_l1(s, SCALE)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype),)

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        # entries of the reference are off by some roundings of α each, n² of them
        return super().allowed(size, dtype, truth) + rounding_bound(WIDE, size * size + 20, scale=SCALE)


class TestDerivative(KernelCase):
    """F' of n scores at one scale."""

    zero_size = ValueError

    def kernel(self, s: Tensor) -> Tensor:
        return softmax_gradient_l1_derivative(s, SCALE)

    def reference(self, s: Tensor) -> Tensor:
        return reference_softmax_gradient_l1_derivative(s, SCALE)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype),)

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        # 1 + 2α·2·(largest gap): the size of the terms that are added
        scale = 1 + 4 * SCALE * 8.0
        work = rounding_bound(torch.promote_types(dtype, torch.float32), 10 * size + 40, scale=scale)
        return work + rounding_bound(WIDE, 10 * size + 40, scale=scale) + rounding_bound(dtype, 1, scale=scale)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("alpha", [0.01, 1.0, 20.0, 100.0])
def test_relative_error_stays_small_where_p_is_one_hot(dtype: torch.dtype, alpha: float) -> None:
    s = torch.tensor([0.3, 1.2, -0.5, 1.0], dtype=dtype)
    size, slope = exact(s, alpha)
    gap = float(s[1] - s[3]) * alpha
    operations = math.ceil(5 * 4 + 6 * gap + 15)
    assert compare(softmax_gradient_l1(s, alpha), size, rounding_bound(dtype, operations, scale=size)).ok
    # the terms of the derivative: 1 - Σp² and 2α times two sums of at most twice (1 - Σp²) · gap
    terms = size / alpha * (1 + 8 * gap) if alpha > 20 else 1 + 8 * alpha
    assert compare(softmax_gradient_l1_derivative(s, alpha), slope, rounding_bound(dtype, 2 * operations, scale=terms)).ok


def test_naive_formula_is_zero_where_this_one_is_not() -> None:
    s = torch.tensor([0.3, 1.2, -0.5, 1.0])
    assert float(1 - torch.softmax(100 * s, -1).square().sum()) == 0
    for alpha in (100.0, 300.0):
        truth, _ = exact(s, alpha)
        assert truth > 0
        assert compare(softmax_gradient_l1(s, alpha), truth, 2e-6 * truth).ok


def test_values_of_the_ledger() -> None:
    """Claim attention/scale_gradient/C3: with a unique maximum F vanishes, with two it grows like α/2."""
    s = torch.tensor([0.3, 1.2, -0.5, 1.0], dtype=WIDE)
    for alpha, size, error in ((1.0, 0.678, 5e-4), (5.0, 2.015, 5e-4), (20.0, 0.7065, 5e-5), (100.0, 4.1e-7, 5e-9)):
        assert compare(softmax_gradient_l1(s, alpha), size, error).ok
    tied = torch.tensor([0.3, 1.2, -0.5, 1.2], dtype=WIDE)
    for alpha in (100.0, 1000.0):
        assert compare(softmax_gradient_l1(tied, alpha), alpha / 2, 1e-12 * alpha).ok


def test_n_1_and_scale_0_give_0() -> None:
    assert torch.equal(softmax_gradient_l1(torch.randn(3, 1), 2.0), torch.zeros(3))
    assert torch.equal(softmax_gradient_l1_derivative(torch.randn(3, 1), 2.0), torch.zeros(3))
    assert torch.equal(softmax_gradient_l1(torch.randn(3, 4), 0.0), torch.zeros(3))
    # F'(0) = 1 - 1/n
    assert compare(softmax_gradient_l1_derivative(torch.randn(3, 4, dtype=WIDE), 0.0), 0.75, 1e-15).ok


def test_empty_batch() -> None:
    assert softmax_gradient_l1(torch.ones(0, 3), 1.0).shape == (0,)
    assert softmax_gradient_l1_derivative(torch.ones(2, 0, 3), 1.0).shape == (2, 0)


def test_scales_broadcast_with_the_batch() -> None:
    s, alpha = KernelCase.random(2, 3, 5, dtype=WIDE), torch.tensor([0.5, 1.0, 4.0], dtype=WIDE)
    for kernel in (softmax_gradient_l1, softmax_gradient_l1_derivative):
        result = kernel(s, alpha)
        assert result.shape == (2, 3)
        for a, b in ((0, 0), (1, 2)):
            assert compare(result[a, b], kernel(s[a, b], float(alpha[b])), 1e-15).ok
    grid = softmax_gradient_l1(s[0, 0], alpha)
    assert grid.shape == (3,)
    assert compare(grid[1], softmax_gradient_l1(s[0, 0], 1.0), 1e-15).ok


def test_derivatives_in_scores_and_scale() -> None:
    s = KernelCase.random(3, 5, dtype=WIDE).requires_grad_()
    alpha = torch.tensor([0.5, 1.0, 4.0], dtype=WIDE, requires_grad=True)
    for kernel in (softmax_gradient_l1, softmax_gradient_l1_derivative):
        assert torch.autograd.gradcheck(kernel, (s, alpha))
        assert torch.autograd.gradgradcheck(kernel, (s, alpha))
    (slope,) = torch.autograd.grad(softmax_gradient_l1(s, alpha).sum(), alpha)
    assert compare(slope, softmax_gradient_l1_derivative(s, alpha).detach(), 1e-14).ok


def test_masked_scores_do_not_count() -> None:
    s = torch.tensor([1.0, -torch.inf, 0.5], dtype=WIDE, requires_grad=True)
    for kernel in (softmax_gradient_l1, softmax_gradient_l1_derivative):
        value = kernel(s, 2.0)
        assert torch.equal(value, kernel(s[[0, 2]], 2.0))
        (slope,) = torch.autograd.grad(value, s)
        assert slope.isfinite().all()
        assert slope[1] == 0
    masked = torch.full((2, 3), -torch.inf)
    assert softmax_gradient_l1(masked, 1.0).isnan().all()
    masked[:, 0] = 1
    assert torch.equal(softmax_gradient_l1(masked, 1.0), torch.zeros(2))


def test_a_negative_scale_reverses_the_scores() -> None:
    s = KernelCase.random(4, 6, dtype=WIDE)
    assert compare(softmax_gradient_l1(s, -30.0), -softmax_gradient_l1(-s, 30.0), 1e-15).ok
    assert compare(softmax_gradient_l1_derivative(s, -30.0), softmax_gradient_l1_derivative(-s, 30.0), 1e-15).ok


def test_ties_give_the_same_whichever_is_the_largest() -> None:
    s = torch.tensor([[2.0, 2.0, 1.0], [2.0, 1.0, 2.0], [1.0, 2.0, 2.0]], dtype=WIDE, requires_grad=True)
    value = softmax_gradient_l1(s, 3.0)
    assert compare(value.detach(), float(value[0].detach()), 1e-15).ok
    (slope,) = torch.autograd.grad(value.sum(), s)
    assert compare(slope[0, 0], float(slope[0, 1]), 1e-15).ok


def test_half_precision_by_float32() -> None:
    s = KernelCase.random(5, 8, dtype=torch.float16)
    for kernel in (softmax_gradient_l1, softmax_gradient_l1_derivative):
        result = kernel(s, 1.5)
        assert result.dtype == torch.float16
        assert compare(result, kernel(s.double(), 1.5), 2.0**-10).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: softmax_gradient_l1([1.0, 2.0], 1.0),  # type: ignore[arg-type]
            TypeError,
            "softmax_gradient_l1: s is a list, expected a tensor [..., n]; convert it with torch.as_tensor.",
        ),
        (
            lambda: softmax_gradient_l1(torch.ones(3, dtype=torch.int64), 1.0),
            TypeError,
            "softmax_gradient_l1: s.dtype is int64, expected float32 or float64 or bfloat16 or float16; "
            "convert it with .to(torch.float32).",
        ),
        (
            lambda: softmax_gradient_l1(torch.ones(2, 0), 1.0),
            ValueError,
            "softmax_gradient_l1: s.shape is (2, 0), expected [..., n] with n of at least 1; give one score or more.",
        ),
        (
            lambda: softmax_gradient_l1(torch.ones(3), "1"),  # type: ignore[arg-type]
            TypeError,
            "softmax_gradient_l1: alpha is '1' (str), expected a number or a tensor; pass a Python float.",
        ),
        (
            lambda: softmax_gradient_l1_derivative(torch.ones(2, 3), torch.ones(5)),
            ValueError,
            "softmax_gradient_l1_derivative: alpha.shape is (5,), expected one that broadcasts with (2,); "
            "give a scale a row, or one for all.",
        ),
        (
            lambda: softmax_gradient_l1_derivative(torch.ones(2, 3), torch.ones(2, dtype=WIDE)),
            TypeError,
            "softmax_gradient_l1_derivative: alpha.dtype is float64, expected float32 like s; "
            "convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(softmax_gradient_l1)(torch.ones(2, 4), 1.0).shape == (2,)
    assert checked(softmax_gradient_l1_derivative)(torch.ones(2, 4), torch.ones(2)).shape == (2,)
    with pytest.raises(Exception, match="Type-check"):
        checked(softmax_gradient_l1)(torch.ones(2, 4, dtype=torch.int64), 1.0)
