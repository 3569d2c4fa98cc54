"""Confidence bounds: null hypothesis, power, false-alarm probability, and reproducibility."""

import math

import mpmath
import pytest
import torch
from torch import Tensor

from derivable.numerics import FALSE_ALARM, mean_estimate, sample_mean
from derivable.numerics.monte_carlo import NORMAL_DEVIATIONS


def uniform(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator, dtype=torch.float64)


def test_false_alarm_is_below_one_in_a_billion() -> None:
    assert FALSE_ALARM < 1e-9
    assert float(mpmath.erfc(NORMAL_DEVIATIONS / mpmath.sqrt(2))) == pytest.approx(FALSE_ALARM, rel=1e-9)
    assert 6.1 < NORMAL_DEVIATIONS < 6.2


@pytest.mark.parametrize("limits", [None, (0.0, 1.0)])
def test_true_mean_agrees_and_a_wrong_one_does_not(limits: tuple[float, float] | None) -> None:
    """Null: the mean is 1/2 (false alarm < 1e-9). Power: 1/2 + 3 bounds is refused."""
    for seed in range(20):
        estimate = sample_mean(uniform, 10_000, seed, limits=limits)
        assert estimate.agrees(0.5)
        assert not estimate.agrees(0.5 + 3 * estimate.bound)
        assert estimate.bound < (0.019 if limits is None else 0.04)


def test_bernstein_beats_hoeffding_for_rare_events() -> None:
    estimate = sample_mean(lambda n, g: (uniform(n, g) < 1e-3).double(), 200_000, 3, limits=(0.0, 1.0))
    hoeffding = math.sqrt(math.log(4 / FALSE_ALARM) / (2 * 200_000))
    assert estimate.bound < hoeffding / 5
    assert estimate.agrees(1e-3)


def test_chunks_change_nothing() -> None:
    values = uniform(1000, torch.Generator().manual_seed(7))
    whole = mean_estimate(values, seed=7)
    parts = sample_mean(uniform, 1000, 7, chunk=999)
    assert parts.estimate == pytest.approx(float(values.mean()), abs=1e-3)
    assert sample_mean(uniform, 1000, 7) == whole
    assert sample_mean(uniform, 1000, 7, chunk=999) == parts


def test_no_cancellation_far_from_zero() -> None:
    values = 1e9 + uniform(5000, torch.Generator().manual_seed(2))
    estimate = mean_estimate(values)
    spread = NORMAL_DEVIATIONS * float(values.std()) / math.sqrt(5000)
    assert estimate.bound == pytest.approx(spread, rel=1e-3)


def test_constant_values_leave_the_rounding() -> None:
    estimate = mean_estimate(torch.full((100,), 0.1, dtype=torch.float64))
    assert 0 < estimate.bound < 1e-15
    assert estimate.agrees(0.1)


def test_nan_never_agrees() -> None:
    values = torch.tensor([1.0, math.nan, 2.0])
    assert not mean_estimate(values).agrees(1.5)
    assert not mean_estimate(torch.ones(3)).agrees(math.nan)
    with pytest.raises(ValueError, match="values lie between"):
        mean_estimate(values, limits=(0.0, 3.0))


def test_slack_admits_a_known_bias() -> None:
    estimate = sample_mean(uniform, 10_000, 0)
    assert estimate.agrees(0.55, slack=0.05)
    assert not estimate.agrees(0.55)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: mean_estimate(torch.ones(1)),
            "mean_estimate: values have the shape (1,), expected [n] with n of at least 2; a bound needs a variance.",
        ),
        (
            lambda: mean_estimate(torch.tensor([0.0, 2.0]), limits=(0.0, 1.0)),
            "mean_estimate: values lie between 0 and 2, expected within (0.0, 1.0); correct the limits.",
        ),
        (
            lambda: sample_mean(uniform, 1, 0),
            "sample_mean: got samples=1, chunk=1048576, expected at least 2 and 1; a bound needs a variance.",
        ),
        (
            lambda: sample_mean(lambda n, g: torch.ones(n, 2), 5, 0),
            "sample_mean: draw returned the shape (5, 2), expected (5,); return one value a sample.",
        ),
    ],
)
def test_messages(call, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared in full below)
        call()
    assert str(caught.value) == message
