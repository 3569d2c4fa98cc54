"""LegS products and solves in O(d) against the dense matrix."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from derivable.kernels.hippo_products import legs_matvec, legs_solve, reference_legs_matvec, reference_legs_solve
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


class TestProduct(KernelCase):
    """A v, all rows batched."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return legs_matvec(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_legs_matvec(*inputs)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype),)

    def condition(self, size: int) -> float:
        # Σ |A_nk v_k| against max |A v|: |A|'s rows add up to at most 2d^1.5, and v has entries of size 1
        return 4.0 * max(size, 1) ** 1.5


class TestSolve(KernelCase):
    """(I - λA)^{-1} v for one λ."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return legs_solve(0.37, *inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_legs_solve(0.37, *inputs)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype),)

    def condition(self, size: int) -> float:
        return 4.0 * max(size, 1) ** 0.5


@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128])
def test_complex_vectors(dtype: torch.dtype) -> None:
    v = torch.randn(3, 50, dtype=torch.complex128, generator=torch.Generator().manual_seed(0)).to(dtype)
    unit = rounding_bound(torch.float32 if dtype == torch.complex64 else WIDE, 500)
    for got, truth in ((legs_matvec(v), reference_legs_matvec(v)), (legs_solve(0.1, v), reference_legs_solve(0.1, v))):
        assert got.dtype == dtype
        assert compare(got, truth, unit * float(truth.abs().max())).ok


def test_multiplier_that_vanishes() -> None:
    """Claim C6c: λ = 1/(2(k+1)) makes 1 - λn zero at n = 2(k+1); a scan that divides by running products fails there."""
    v = KernelCase.random(300, dtype=WIDE)
    for k in (0, 1, 6, 100):
        rate = 1 / (2 * (k + 1))
        truth = reference_legs_solve(rate, v)
        result = legs_solve(rate, v)
        assert compare(result, truth, 1e-12 * float(truth.abs().max())).ok, k


def test_large_systems_stay_accurate() -> None:
    """The ledger's case: d = 300, λ = 0.37; solve within 2e-14, product within 1e-14 of its largest entry."""
    v = KernelCase.random(300, dtype=WIDE)
    assert compare(legs_solve(0.37, v), reference_legs_solve(0.37, v), 2e-14).ok
    truth = reference_legs_matvec(v)
    assert compare(legs_matvec(v), truth, 1e-14 * float(truth.abs().max())).ok


@settings(max_examples=40, deadline=None)
@given(rate=st.floats(-0.9, 20).filter(lambda x: min(abs(1 + x * n) for n in range(1, 21)) > 0.05), d=st.integers(1, 20))
def test_solution_times_the_matrix_gives_the_right_side(rate: float, d: int) -> None:
    v = KernelCase.random(d, dtype=WIDE, seed=d)
    z = legs_solve(rate, v)
    size = float(z.abs().max() * (1 + abs(rate) * 4 * d**1.5))
    assert compare(z - rate * legs_matvec(z), v, 1e-13 * size).ok


def test_one_rate_a_row_and_its_gradient() -> None:
    v, rates = KernelCase.random(3, 8, dtype=WIDE), torch.tensor([0.1, 0.5, 2.0], dtype=WIDE)
    rows = legs_solve(rates, v)
    for i in range(3):
        assert compare(rows[i], legs_solve(float(rates[i]), v[i]), 1e-14).ok
    inputs = (rates.requires_grad_(), v.requires_grad_())
    assert torch.autograd.gradcheck(legs_solve, inputs)
    assert torch.autograd.gradgradcheck(legs_solve, inputs)


def test_what_is_not_finite_spoils_later_states_only() -> None:
    v = KernelCase.random(20, dtype=WIDE)
    v[7] = math.nan
    for result in (legs_matvec(v), legs_solve(0.3, v)):
        assert result[:7].isfinite().all()
        assert result[7:].isnan().all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda v: legs_solve(-0.5, v),
            ValueError,
            "legs_solve: lam is -0.5, expected 1 + λ(n+1) ≠ 0 for n < d; I - λA is singular there; take another λ.",
        ),
        (
            lambda v: legs_solve(math.inf, v),
            ValueError,
            "legs_solve: lam is inf, expected finite; a step of the bilinear rule has λ = ε/2.",
        ),
        (
            lambda v: legs_solve("1", v),
            TypeError,
            "legs_solve: lam is '1' (str), expected a number or a tensor; pass a Python float.",
        ),
        (
            lambda v: legs_solve(torch.ones(3), v),
            ValueError,
            "legs_solve: lam.shape is (3,), expected one that broadcasts to (2,); give one λ a row.",
        ),
        (
            lambda v: legs_matvec(v.long()),
            TypeError,
            "legs_matvec: v.dtype is int64, expected float32 or float64 or bfloat16 or complex64 or complex128; "
            "convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.ones(2, 4))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(legs_matvec)(torch.ones(2, 4)).shape == (2, 4)
    assert checked(legs_solve)(0.5, torch.ones(2, 4)).shape == (2, 4)
