"""Euler–Maruyama against a loop of Python floats and the exact moment recursions of the ledger."""

import math

import pytest
import torch
from torch import Tensor

from derivable.kernels import euler_maruyama
from derivable.kernels.particles import reference_euler_maruyama
from derivable.numerics import compare, mean_estimate

from .kernel_case import KernelCase

WIDE = torch.float64


class TestPath(KernelCase):
    """Of n particles, 4 steps, a drift that is not linear and a time-dependent noise."""

    def kernel(self, x: Tensor, noise: Tensor) -> Tensor:
        ts = torch.tensor([0.0, 0.25, 0.375, 0.75, 1.0], dtype=noise.dtype, device=x.device)
        return euler_maruyama(x, lambda v, t: torch.sin(v) - t * v, lambda t: 0.5 + t, ts, noise.movedim(-1, 0), path=True)

    def reference(self, x: Tensor, noise: Tensor) -> Tensor:
        ts = [0.0, 0.25, 0.375, 0.75, 1.0]
        rows = noise.double().movedim(-1, 0).tolist()
        path = reference_euler_maruyama(x.double().tolist(), lambda v, t: math.sin(v) - t * v, lambda t: 0.5 + t, ts, rows)
        return torch.tensor(path, dtype=WIDE)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        wide = torch.float32 if dtype == torch.bfloat16 else dtype
        return self.random(*batch, size, dtype=dtype), self.random(*batch, size, 4, dtype=wide, seed=1)

    def row(self, result: Tensor, index: tuple[int, ...]) -> Tensor:
        return result[(slice(None), *index)]

    def operations(self, size: int) -> int:
        return 60


def _variance(step: float) -> float:
    """Variance at t = 1 of OU from variance 0.25, β = 1, from the kernel itself.

    The rule is linear in x and the noise, so the variance is the sum of squared responses to each of them.
    """
    steps = round(1 / step)
    # particle 0 starts at 0.5 without noise, particle j gets noise in step j only
    noise = torch.eye(steps + 1, dtype=WIDE)[1:, :, None]
    ts = torch.linspace(0, 1, steps + 1, dtype=WIDE)
    x = 0.5 * torch.eye(steps + 1, 1, dtype=WIDE)
    return float(euler_maruyama(x, lambda v, t: -v / 2, lambda t: 1.0, ts, noise).square().sum())


def test_weak_order_one() -> None:
    """Ledger, Kernels: variance errors .0487, .0235, .01155, .00572 at t = 1 for Δt = .2, .1, .05, .025."""
    for step, error in ((0.2, 0.0487), (0.1, 0.0235), (0.05, 0.01155), (0.025, 0.00572)):
        measured = _variance(step) - (1 - 0.75 * math.exp(-1))
        assert abs(measured - error) <= 0.003 * error, (step, measured)


def test_stationary_variance() -> None:
    """Ledger, Kernels: 1/(1 - βΔt/4)."""
    step, count = 0.4, 200
    noise = torch.eye(count, dtype=WIDE)[:, :, None]
    ts = torch.arange(count + 1, dtype=WIDE) * step
    x = euler_maruyama(torch.zeros(count, 1, dtype=WIDE), lambda v, t: -v / 2, lambda t: 1.0, ts, noise)
    assert abs(float(x.square().sum()) - 1 / (1 - step / 4)) < 1e-12


def test_random_particles_have_the_moments() -> None:
    """Claim C7, false alarm below 1e-9, seed 5: second moment of the Euler–Maruyama chain."""
    generator = torch.Generator().manual_seed(5)
    ts = torch.linspace(0, 1, 11, dtype=WIDE)
    x = euler_maruyama(torch.ones(40000, dtype=WIDE), lambda v, t: -v / 2, lambda t: 1.0, ts, generator)
    estimate = mean_estimate(x.square(), seed=5)
    variance = _variance(0.1) - 0.25 * (1 - 0.05) ** 20  # these start at a point
    assert estimate.agrees(variance + (1 - 0.05) ** 20)
    assert not estimate.agrees(2 * variance + (1 - 0.05) ** 20)


def test_generator_and_path() -> None:
    ts = torch.linspace(0, 1, 4)
    runs = [
        euler_maruyama(torch.zeros(3, 2), lambda v, t: -v, lambda t: 1, ts, torch.Generator().manual_seed(1), path=path)
        for path in (True, False)
    ]
    assert runs[0].shape == (4, 3, 2)
    assert torch.equal(runs[0][-1], runs[1])


def test_one_time_is_no_step() -> None:
    x = torch.ones(2)
    assert torch.equal(euler_maruyama(x, lambda v, t: v, lambda t: 1.0, torch.zeros(1), torch.zeros(0, 2)), x)


def test_descending_times_undo_a_drift_to_first_order() -> None:
    ts = torch.linspace(0, 1, 2001, dtype=WIDE)
    silent = torch.zeros(2000, 1, dtype=WIDE)
    there = euler_maruyama(torch.ones(1, dtype=WIDE), lambda v, t: torch.sin(v), lambda t: 1.0, ts, silent)
    back = euler_maruyama(there, lambda v, t: torch.sin(v), lambda t: 1.0, ts.flip(0), silent)
    assert compare(back, 1.0, 2e-3).ok


TS = torch.tensor([0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"ts": torch.tensor([0.0, 1.0, 1.0])},
            ValueError,
            "euler_maruyama: ts is not strictly monotone, expected ascending or descending times; sort them and drop repeats.",
        ),
        (
            {"noise": torch.zeros(3, 4)},
            ValueError,
            "euler_maruyama: noise.shape is (3, 4), expected (2, 4); one draw per step and coordinate: len(ts) - 1 of them.",
        ),
        (
            {"f": lambda v, t: v[:1]},
            ValueError,
            "euler_maruyama: the value of f(x, t) is (1,), expected (4,); return one drift per coordinate.",
        ),
        (
            {"ts": TS.double()},
            TypeError,
            "euler_maruyama: ts.dtype is float64, expected float32 like x; convert it with .to(torch.float32).",
        ),
        (
            {"ts": torch.zeros(0)},
            ValueError,
            "euler_maruyama: ts.shape is (0,), expected [points] with at least one time; give the start time too.",
        ),
    ],
)
def test_messages(change: dict, error: type[Exception], message: str) -> None:
    arguments = {
        "x": torch.ones(4),
        "f": lambda v, t: v,
        "g": lambda t: 1.0,
        "ts": TS,
        "noise": torch.zeros(2, 4),
    }
    with pytest.raises(error) as caught:
        euler_maruyama(**(arguments | change))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    result = checked(euler_maruyama)(torch.ones(4, 2), lambda v, t: v, lambda t: 1.0, TS, torch.zeros(2, 4, 2))
    assert result.shape == (4, 2)
