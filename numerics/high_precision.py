"""Exact and correctly rounded conversion between mpmath or flint numbers and torch tensors."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import mpmath
import torch
from torch import Tensor

# significant bits and exponent of the last place of the smallest number, 2^e
_FORMATS = {
    torch.float64: (53, -1074),
    torch.float32: (24, -149),
    torch.bfloat16: (8, -133),
    torch.float16: (11, -24),
}
_WIDEST = 64  # bits that any tensor element fits in, int64 included
_PARTS = {torch.complex128: torch.float64, torch.complex64: torch.float32}


def to_tensor(
    values: Any,
    dtype: torch.dtype = torch.float64,
    *,
    exact: bool = False,
    device: torch.device | str | None = None,
) -> Tensor:
    """Return a tensor of numbers, each rounded once, to nearest, ties to even.

    Args:
        values: one number or nested sequences: int, float, ``Fraction``, ``mpmath`` real or complex,
            ``flint`` ``fmpz``, ``fmpq``, ``arb`` or ``acb``.
        dtype: float64, float32, bfloat16, float16, complex64 or complex128.
        exact: refuse a number that ``dtype`` does not hold exactly.
        device: where the tensor lies.

    Raises:
        ValueError: a ball whose ends round to different numbers; with ``exact`` a number that would be
            rounded; NaN and infinities where the number has none; ragged sequences.
        OverflowError: a number beyond the largest of ``dtype``.
        TypeError: another dtype or type of number, or a complex number for a real dtype.
    """
    if dtype not in _FORMATS and dtype not in _PARTS:
        raise TypeError(f"to_tensor: dtype is {dtype}, expected a floating or complex dtype; choose one.")
    if _is_sequence(values):
        rows = [to_tensor(value, dtype, exact=exact) for value in values]
        if len({row.shape for row in rows}) > 1:
            raise ValueError("to_tensor: the sequences have different lengths, expected equal ones; pad them.")
        return (torch.stack(rows) if rows else torch.empty(0, dtype=dtype)).to(device)
    real, imaginary = _parts(values)
    if dtype in _PARTS:
        parts = [_rounded(part, _PARTS[dtype], exact) for part in (real, imaginary)]
        return torch.tensor(complex(*parts), dtype=dtype, device=device)
    if not _is_zero(imaginary):
        raise TypeError(f"to_tensor: {values} is complex, expected a real number; ask for complex128.")
    return torch.tensor(_rounded(real, dtype, exact), dtype=torch.float64, device=device).to(dtype)


def to_mpmath(tensor: Tensor) -> Any:
    """Return the tensor's numbers exactly as ``mpmath`` numbers, in lists nested as its dimensions."""
    with mpmath.workprec(_WIDEST):  # an mpf is rounded when it is made
        return _nested(tensor, mpmath.mpf, mpmath.mpc)


def to_flint(tensor: Tensor) -> Any:
    """Return the tensor's numbers exactly as ``arb`` or ``acb``, in lists nested as its dimensions."""
    with flint.ctx.workprec(_WIDEST):
        return _nested(tensor, flint.arb, flint.acb)


def to_fraction(value: Any) -> Fraction:
    """Return a finite real number, of the types in :func:`to_tensor`, as an exact fraction.

    Raises:
        ValueError: NaN, an infinity, or a ball of positive radius.
        TypeError: another type of number.
    """
    low, high = _ends(value)
    if low != high:
        raise ValueError(f"to_fraction: {value} is a ball, expected an exact number; use .mid().")
    return low


def _ends(value: Any) -> tuple[Fraction, Fraction]:
    """Return the ends of a ball, or an exact number twice."""
    if isinstance(value, flint.arb):
        if not value.is_finite():
            raise ValueError(f"to_tensor: {value} is not finite, expected a finite one; raise the precision.")
        middle, radius = _dyadic(value.mid().man_exp()), _dyadic(value.rad().upper().man_exp())
        return middle - radius, middle + radius
    if isinstance(value, mpmath.mpf):
        if not mpmath.isfinite(value):
            raise ValueError(f"to_tensor: {value} is not finite, expected a number; mask it before.")
        exact = _dyadic(value.man_exp) * (-1 if value < 0 else 1)  # man_exp has no sign
    elif isinstance(value, flint.fmpq):
        exact = Fraction(int(value.p), int(value.q))
    elif isinstance(value, flint.fmpz):
        exact = Fraction(int(value))
    elif isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"to_tensor: {value} is not finite, expected a number; mask it before.")
        exact = Fraction(value)
    elif isinstance(value, int | Fraction) and not isinstance(value, bool):
        exact = Fraction(value)
    else:
        known = "int, float, Fraction, mpmath or flint number"
        raise TypeError(f"to_tensor: {value!r} is a {type(value).__name__}, expected {known}; convert it.")
    return exact, exact


def _rounded(value: Any, dtype: torch.dtype, exact: bool) -> float:
    low, high = _ends(value)
    result = _nearest(low, dtype)
    if result != _nearest(high, dtype):
        name = str(dtype).removeprefix("torch.")
        raise ValueError(f"to_tensor: the ball {value} fixes no {name} number; raise the precision.")
    if exact and not low == high == Fraction(result):
        name = str(dtype).removeprefix("torch.")
        raise ValueError(f"to_tensor: {value} is no {name} number, expected an exact one; leave out exact=True.")
    return result


def _nearest(value: Fraction, dtype: torch.dtype) -> float:
    bits, least = _FORMATS[dtype]
    if value == 0:
        return 0.0
    # ⌊log₂|value|⌋, or one more
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    if abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    place = Fraction(2) ** max(exponent - bits + 1, least)
    nearest = round(value / place) * place  # Python rounds ties to even
    if abs(nearest) > Fraction(torch.finfo(dtype).max):
        name = str(dtype).removeprefix("torch.")
        raise OverflowError(f"to_tensor: a number exceeds the largest {name}; use a wider dtype.")
    return float(nearest)


def _nested(tensor: Tensor, real: Any, compound: Any) -> Any:
    if tensor.ndim:
        return [_nested(row, real, compound) for row in tensor.detach().cpu()]
    if tensor.is_complex():
        value = complex(tensor)
        return compound(real(value.real), real(value.imag))
    return real(tensor.item())


def _parts(value: Any) -> tuple[Any, Any]:
    if isinstance(value, complex | mpmath.mpc | flint.acb):
        return value.real, value.imag
    return value, 0


def _is_zero(value: Any) -> bool:
    return bool(value.is_zero()) if isinstance(value, flint.arb) else value == 0


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _dyadic(mantissa_exponent: Any) -> Fraction:
    mantissa, exponent = (int(part) for part in mantissa_exponent)
    return Fraction(mantissa) * Fraction(2) ** exponent
