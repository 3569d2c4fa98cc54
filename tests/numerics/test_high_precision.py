"""Conversions: exact from tensors, rounded once and never silently wrong to tensors."""

import math
import struct
from fractions import Fraction

import flint
import mpmath
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable.numerics import to_flint, to_fraction, to_mpmath, to_tensor

finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(value=finite)
def test_round_trips(value: float) -> None:
    tensor = torch.tensor([value], dtype=torch.float64)
    for convert in (to_mpmath, to_flint):
        assert torch.equal(to_tensor(convert(tensor), exact=True), tensor)
    assert to_fraction(to_flint(tensor)[0]) == Fraction(value)


@settings(max_examples=100, deadline=None)
@given(value=st.floats(-3e38, 3e38, allow_subnormal=True))
def test_rounds_once_like_ieee(value: float) -> None:
    single = struct.unpack("f", struct.pack("f", value))[0]
    assert to_tensor(value, torch.float32).item() == single
    assert to_tensor(single, torch.bfloat16).item() == torch.tensor(single).to(torch.bfloat16).item()


@settings(max_examples=100, deadline=None)
@given(p=st.integers(-(10**40), 10**40), q=st.integers(1, 10**40))
def test_rationals_round_to_nearest(p: int, q: int) -> None:
    assert to_tensor(Fraction(p, q)).item() == to_tensor(flint.fmpq(p, q)).item() == p / q


def test_no_double_rounding() -> None:
    """1 + 2^-24 + 2^-60 is above the middle of two float32: by way of float64 it would fall to 1."""
    value = 1 + Fraction(1, 2**24) + Fraction(1, 2**60)
    assert torch.tensor(float(value), dtype=torch.float64).to(torch.float32).item() == 1
    assert to_tensor(value, torch.float32).item() == 1 + 2**-23


def test_precision_of_the_caller_does_not_matter() -> None:
    tensor = torch.tensor([0.1, -1 / 3], dtype=torch.float64)
    with mpmath.workprec(10), flint.ctx.workprec(10):
        assert torch.equal(to_tensor(to_mpmath(tensor)), tensor)
        assert torch.equal(to_tensor(to_flint(tensor)), tensor)


def test_integers_complex_and_nesting() -> None:
    big = torch.tensor([[2**62 + 1, -3]])
    assert [int(v) for v in to_mpmath(big)[0]] == [2**62 + 1, -3]
    assert [v.unique_fmpz() for v in to_flint(big)[0]] == [2**62 + 1, -3]
    values = torch.tensor([[1 + 2j], [0.1j]], dtype=torch.complex128)
    assert torch.equal(to_tensor(to_mpmath(values), torch.complex128), values)
    assert torch.equal(to_tensor(to_flint(values), torch.complex128), values)
    assert to_mpmath(torch.tensor(0.5)) == 0.5
    assert to_tensor([]).shape == (0,)


def test_a_ball_must_fix_the_number() -> None:
    with flint.ctx.workprec(100):
        fine = flint.arb(1) / 3
    coarse = flint.arb(0.3333, 1e-4)
    assert to_tensor(fine).item() == 1 / 3
    with pytest.raises(ValueError, match=r"the ball .* fixes no float64 number; raise the precision\."):
        to_tensor(coarse)
    with pytest.raises(ValueError, match=r"is a ball, expected an exact number; use \.mid\(\)\."):
        to_fraction(fine)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: to_tensor(Fraction(1, 3), exact=True),
            ValueError,
            "to_tensor: 1/3 is no float64 number, expected an exact one; leave out exact=True.",
        ),
        (
            lambda: to_tensor(10**400),
            OverflowError,
            "to_tensor: a number exceeds the largest float64; use a wider dtype.",
        ),
        (
            lambda: to_tensor(math.inf),
            ValueError,
            "to_tensor: inf is not finite, expected a number; mask it before.",
        ),
        (
            lambda: to_tensor(mpmath.mpf("nan")),
            ValueError,
            "to_tensor: nan is not finite, expected a number; mask it before.",
        ),
        (
            lambda: to_tensor(1j),
            TypeError,
            "to_tensor: 1j is complex, expected a real number; ask for complex128.",
        ),
        (
            lambda: to_tensor([[1], [1, 2]]),
            ValueError,
            "to_tensor: the sequences have different lengths, expected equal ones; pad them.",
        ),
        (
            lambda: to_tensor(1, torch.int64),
            TypeError,
            "to_tensor: dtype is torch.int64, expected a floating or complex dtype; choose one.",
        ),
        (
            lambda: to_tensor("1.5"),
            TypeError,
            "to_tensor: '1.5' is a str, expected int, float, Fraction, mpmath or flint number; convert it.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
