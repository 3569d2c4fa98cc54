"""Cyclic reduction against dense solves and LAPACK's banded one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_banded
from torch import Tensor

from derivable.kernels import tridiagonal_factor
from derivable.kernels.tridiagonal import reference_tridiagonal_solve
from derivable.numerics import compare

from .kernel_case import KernelCase

WIDE = torch.float64


class TestSolve(KernelCase):
    """Of a diagonally dominant matrix with random right side, all four rows batched."""

    sizes = (1, 2, 3, 7, 8, 33)
    dtypes = (torch.float64, torch.float32)
    zero_size = ValueError

    def kernel(self, *inputs: Tensor) -> Tensor:
        lo, di, up, right = inputs
        return tridiagonal_factor(lo, di, up).solve(right)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_tridiagonal_solve(*inputs)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        lo, up, right = (self.random(*batch, size, dtype=dtype, seed=seed).clamp(-3, 3) for seed in range(3))
        return lo, 7 + up.abs(), up, right


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 70), seed=st.integers(0, 10**6))
def test_columns_that_dominate_are_enough(n: int, seed: int) -> None:
    lo, up, right = (KernelCase.random(n, dtype=WIDE, seed=seed + i) for i in range(3))
    below, above = torch.zeros(n, dtype=WIDE), torch.zeros(n, dtype=WIDE)
    below[:-1], above[1:] = lo[1:].abs(), up[:-1].abs()
    di = 0.1 + below + above
    bands = np.stack([torch.roll(up, 1).numpy(), di.numpy(), torch.roll(lo, -1).numpy()])
    truth = torch.from_numpy(solve_banded((1, 1), bands, right.numpy()))
    result = tridiagonal_factor(lo, di, up).solve(right)
    assert compare(result, truth, 1e-12 * float(1 + truth.abs().max())).ok


def test_unused_corners_do_not_matter() -> None:
    lo, di, up, right = TestSolve().inputs(6, WIDE)
    truth = tridiagonal_factor(lo, di, up).solve(right)
    lo[0], up[-1] = torch.nan, torch.inf
    assert torch.equal(tridiagonal_factor(lo, di, up).solve(right), truth)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (
            ((3,), (4,), (4,)),
            "tridiagonal_factor: the shapes of lo, di, up is (3,), (4,), (4,), expected one shape [..., n]; broadcast them.",
        ),
        (
            ((0,), (0,), (0,)),
            "tridiagonal_factor: di.shape is (0,), expected [..., n] with n of at least 1; give a row.",
        ),
    ],
)
def test_messages(shapes: tuple[tuple[int, ...], ...], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared in full below)
        tridiagonal_factor(*(torch.ones(shape) for shape in shapes))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(tridiagonal_factor)(torch.ones(2, 3), 4 * torch.ones(2, 3), torch.ones(2, 3)).n == 3
