"""Rounding bounds against exact sums, and what counts as agreement."""

import math
from dataclasses import asdict
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable.numerics import Agreement, compare, rounding_bound


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_worst_bound_holds_for_every_sum(values: list[float]) -> None:
    total = 0.0
    for value in values:
        total += value
    truth = sum(map(Fraction, values), Fraction(0))
    size = sum((abs(Fraction(v)) for v in values), Fraction(0))
    assert abs(Fraction(total) - truth) <= Fraction(rounding_bound(torch.float64, len(values), scale=float(size)) * 1.01)


def test_statistical_bound_holds_and_is_smaller() -> None:
    generator = torch.Generator().manual_seed(1)
    values = torch.rand(100_000, generator=generator)
    total, truth = float(values.cumsum(0)[-1]), float(values.double().sum())
    worst, likely = (rounding_bound(torch.float32, 100_000, scale=truth, model=model) for model in ("worst", "statistical"))
    assert abs(total - truth) <= likely < worst / 30


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.complex64])
def test_one_operation_is_half_a_unit(dtype: torch.dtype) -> None:
    unit = torch.finfo(dtype).eps / 2
    assert unit <= rounding_bound(dtype, 1) <= unit * (1 + 2 * unit)
    assert rounding_bound(dtype, 0) == 0
    assert rounding_bound(dtype, 1, condition=3, scale=2) == pytest.approx(6 * rounding_bound(dtype, 1))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            (torch.int64, 3),
            TypeError,
            "rounding_bound: dtype is torch.int64, expected a floating one; integers do not round.",
        ),
        (
            (torch.float32, -1),
            ValueError,
            "rounding_bound: got operations=-1, condition=1.0, scale=1.0, expected at least 0; take absolute values.",
        ),
        (
            (torch.bfloat16, 256),
            ValueError,
            "rounding_bound: 256 operations in bfloat16 leave no correct digit; use a wider dtype.",
        ),
    ],
)
def test_bound_messages(arguments: tuple, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        rounding_bound(*arguments)
    assert str(caught.value) == message


def test_unknown_model() -> None:
    with pytest.raises(ValueError, match="model is 'guess', expected 'worst' or 'statistical'"):
        rounding_bound(torch.float32, 3, model="guess")  # type: ignore[arg-type]


def test_worst_case_is_relative_to_what_is_allowed() -> None:
    actual = torch.tensor([1.0, 2.5, 3.0])
    outcome = compare(actual, torch.tensor([1.0, 2.0, 3.25]), torch.tensor([0.1, 1.0, 0.3]))
    assert asdict(outcome) == {
        "cases": 3,
        "worst_error": 0.25,
        "allowed_error": pytest.approx(0.3, abs=1e-7),
        "dtype": "float32",
        "device": "cpu",
        "ok": True,
    }
    assert str(outcome) == "worst error 0.25 within the allowed 0.3 over 3 cases (float32, cpu)"


def test_nan_never_agrees() -> None:
    nan = torch.tensor([math.nan, 0.0])
    for other in (nan, torch.zeros(2)):
        outcome = compare(nan, other, 1e300)
        assert not outcome.ok
        assert outcome.worst_error == math.inf
    assert not compare(torch.zeros(2), nan, 1.0).ok
    assert not compare(torch.tensor([5.0, math.nan]), torch.zeros(2), 1.0).ok


def test_infinities_agree_with_themselves_only() -> None:
    infinite = torch.tensor([math.inf, -math.inf])
    assert compare(infinite, infinite, 0.0).ok
    assert not compare(infinite, -infinite, 1.0).ok
    assert not compare(infinite, 0.0, 1.0).ok


def test_empty_is_a_failure() -> None:
    outcome = compare(torch.empty(0), torch.empty(0), 1.0)
    assert outcome == Agreement(0, math.inf, 0.0, "float32", "cpu", False)
    assert str(outcome) == "no admissible case (float32, cpu)"


def test_python_numbers_keep_their_digits() -> None:
    assert not compare(torch.tensor([0.1]), 0.1, 1e-10).ok
    assert compare(torch.tensor([0.1], dtype=torch.float64), 0.1, 0.0).ok
    assert compare(torch.tensor(1 + 2j, dtype=torch.complex128), 1 + 2j, 0.0).ok


def test_large_integers_that_differ_do_not_agree() -> None:
    assert not compare(torch.tensor([2**60 + 1]), torch.tensor([2**60]), 0.5).ok
    assert compare(torch.tensor([2**60 + 1]), torch.tensor([2**60 + 1]), 0.0).ok


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (torch.ones(2), torch.ones(3), 1.0),
            "compare: actual and expected have the shapes (2,) and (3,); compare equal shapes.",
        ),
        (
            (torch.ones(2), torch.ones(2), torch.ones(3)),
            "compare: allowed has the shape (3,), expected () or (2,); give one number or one for each element.",
        ),
        (
            (torch.ones(2), torch.ones(2), math.nan),
            "compare: allowed is negative or not finite, expected errors ≥ 0; derive a bound.",
        ),
    ],
)
def test_compare_messages(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared in full below)
        compare(*arguments)
    assert str(caught.value) == message
