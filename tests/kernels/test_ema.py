"""The exponential moving average against the sum of all earlier samples, and its kernel against exact powers."""

import math
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from derivable.kernels.ema import ema, ema_kernel, reference_ema
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


def weights(count: int, dtype: torch.dtype = WIDE) -> Tensor:
    """Weights from 0.02 to 1."""
    return torch.linspace(0.02, 1, count, dtype=WIDE).to(dtype)


class TestAverage(KernelCase):
    """Three channels with weights of their own; the batch lies before the channels."""

    sizes = (1, 2, 7, 100)

    def kernel(self, u: Tensor, alpha: Tensor) -> Tensor:
        return ema(u, alpha)

    def reference(self, u: Tensor, alpha: Tensor) -> Tensor:
        return reference_ema(u, alpha)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        # below 1, so that finite differences stay among the weights
        alpha = (weights(3) * 0.9).to(dtype)
        return self.random(*batch, 3, size, dtype=dtype), alpha

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        return inputs[0][index], inputs[1]

    def operations(self, size: int) -> int:
        return 3 * (size + 3)

    def condition(self, size: int) -> float:
        # Σ K|u| ≤ max |u|, which an average of the longest sequence falls below by at most this
        return 10.0


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_kernel_within_the_stated_bound_of_exact_powers(dtype: torch.dtype) -> None:
    for alpha in (1e-3, 0.1, 0.5, 0.99):
        weight = torch.tensor(alpha, dtype=dtype)
        exact = Fraction(float(weight))
        truth = torch.tensor([float(exact * (1 - exact) ** m) for m in range(200)], dtype=WIDE)
        wide = torch.promote_types(dtype, torch.float32)
        operations = torch.ceil(3 * torch.arange(200) * -math.log1p(-float(weight)) + 6)
        allowed = torch.tensor([rounding_bound(wide, int(k)) for k in operations], dtype=WIDE) + rounding_bound(dtype, 1)
        tiny = torch.finfo(dtype).tiny
        assert compare(ema_kernel(weight, 200), truth, allowed * truth + tiny).ok


def test_values_of_the_ledger() -> None:
    """Claim ssm/long_range_arena/C4: α = 0.1 has the mean lag 9 and the total 1 (4000 terms)."""
    K = ema_kernel(torch.tensor(0.1, dtype=WIDE), 4000)
    lags = torch.arange(4000, dtype=WIDE)
    assert compare(K.sum(), 1.0, rounding_bound(WIDE, 4000)).ok
    assert compare((lags * K).sum(), 9.0, rounding_bound(WIDE, 4000, scale=9)).ok
    # the mass of the last 22 steps: half of it, as 22 ≈ log 2/0.1054
    assert compare(K[:22].sum(), 1 - 0.9**22, 1e-14).ok


def test_average_is_the_convolution_with_the_kernel() -> None:
    alpha, u = weights(4), KernelCase.random(2, 4, 500, dtype=WIDE)
    K = ema_kernel(alpha, 500)
    full = torch.fft.irfft(torch.fft.rfft(u, 1024) * torch.fft.rfft(K, 1024), 1024)[..., :500]
    assert compare(ema(u, alpha), full, 1e-14 * float(u.abs().max())).ok


def test_initial_state_starts_from_the_first_sample_or_goes_on() -> None:
    alpha, u = weights(3), KernelCase.random(3, 40, dtype=WIDE)
    # what pandas calls adjust=False
    started = ema(u, alpha, initial=u[:, 0])
    assert compare(started[:, 0], u[:, 0], 1e-15 * 4).ok
    constant = torch.ones(3, 40, dtype=WIDE)
    assert compare(ema(constant, alpha, initial=constant[:, 0]), 1.0, rounding_bound(WIDE, 130)).ok
    whole = ema(u, alpha)
    rest = ema(u[:, 17:], alpha, initial=whole[:, 16])
    assert compare(rest, whole[:, 17:], rounding_bound(WIDE, 130, scale=float(u.abs().max()))).ok


def test_weight_1_is_the_signal_and_its_kernel_an_impulse() -> None:
    one, u = torch.ones(1, dtype=WIDE), KernelCase.random(1, 20, dtype=WIDE)
    assert torch.equal(ema(u, one), u)
    assert torch.equal(ema_kernel(one, 3), torch.tensor([[1.0, 0.0, 0.0]], dtype=WIDE))
    assert torch.equal(ema(u, torch.tensor(1.0, dtype=WIDE)), u)


def test_no_samples_no_taps_no_channels() -> None:
    assert ema(torch.zeros(2, 3, 0), torch.full((3,), 0.5)).shape == (2, 3, 0)
    assert ema(torch.zeros(2, 0, 5), torch.zeros(0)).shape == (2, 0, 5)
    assert ema_kernel(torch.full((3,), 0.5), 0).shape == (3, 0)
    assert ema_kernel(torch.tensor(0.5), 1).tolist() == [0.5]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_sample_that_is_not_finite_touches_no_earlier_average_and_no_other_row(value: float) -> None:
    u, alpha = KernelCase.random(3, 80, dtype=WIDE), weights(3) * 0.5
    truth = ema(u, alpha)
    u[1, 30] = value
    result = ema(u, alpha)
    # the scan goes step by step where a state is not finite: other roundings, the same sums
    allowed = rounding_bound(WIDE, 3 * 83, scale=4.0)
    assert compare(result[[0, 2]], truth[[0, 2]], allowed).ok
    assert compare(result[1, :30], truth[1, :30], allowed).ok
    assert not result[1, 30:].isfinite().any()


def test_gradient_of_the_kernel_by_the_weight() -> None:
    alpha = (weights(3) * 0.9).requires_grad_()
    assert torch.autograd.gradcheck(lambda a: ema_kernel(a, 6), alpha)
    assert torch.autograd.gradgradcheck(lambda a: ema_kernel(a, 6), alpha)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda u: ema(u, torch.tensor([0.5, 0.0, 1.0])),
            ValueError,
            "ema: a weight of alpha is 0.0, expected a number in (0, 1]; map it there, for instance by a sigmoid.",
        ),
        (
            lambda u: ema_kernel(torch.tensor([math.nan]), 3),
            ValueError,
            "ema_kernel: a weight of alpha is nan, expected a number in (0, 1]; map it there, for instance by a sigmoid.",
        ),
        (
            lambda u: ema_kernel(torch.tensor([0.5]), -1),
            ValueError,
            "ema_kernel: L is -1, expected an integer of at least 0; there is nothing to compute below that.",
        ),
        (
            lambda u: ema_kernel(0.5, 3),
            TypeError,
            "ema_kernel: alpha is a float, expected a tensor [C]; convert it with torch.as_tensor.",
        ),
        (
            lambda u: ema(u, torch.tensor([0.5, 0.5])),
            ValueError,
            "ema: alpha.shape is (2,), expected (3,) or (); give one weight a channel.",
        ),
        (
            lambda u: ema(u, torch.tensor([0.5], dtype=WIDE)),
            TypeError,
            "ema: alpha.dtype is float64, expected float32 like u; convert it with .to(torch.float32).",
        ),
        (
            lambda u: ema(u[0], torch.tensor(0.5)),
            ValueError,
            "ema: u.shape is (5,), expected [..., C, L]; add the missing dimensions with reshape.",
        ),
        (
            lambda u: ema(u, torch.tensor(0.5), initial=u),
            ValueError,
            "linear_scan: initial.shape is (3, 5), expected one that broadcasts to (3,); give the state of one step.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.ones(3, 5))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(ema)(torch.ones(2, 3, 5), torch.full((3,), 0.5)).shape == (2, 3, 5)
    assert checked(ema_kernel)(torch.full((3,), 0.5), 4).shape == (3, 4)
    with pytest.raises(Exception, match="Type-check"):
        checked(ema)([1.0], torch.ones(3))
