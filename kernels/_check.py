"""Checks of a kernel's arguments: a failure is one sentence with argument, found, expected, remedy."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NoReturn

import torch
from torch import Tensor

REAL = (torch.float32, torch.float64, torch.bfloat16)
COMPLEX = (torch.complex64, torch.complex128)


def refuse(where: str, got: str, expected: str, remedy: str, error: type[Exception] = ValueError) -> NoReturn:
    """Raise ``error`` with "function: argument is …, expected …; remedy."; ``where`` names the first two."""
    raise error(f"{where} is {got}, expected {expected}; {remedy}.")


def check_count(where: str, value: object, least: int = 1) -> int:
    """Return ``value`` if it is an ``int`` of at least ``least``; a bool or a float is refused."""
    expected = f"an integer of at least {least}"
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(where, f"{value!r} ({type(value).__name__})", expected, "pass a Python int", TypeError)
    if value < least:
        refuse(where, str(value), expected, "there is nothing to compute below that")
    return value


def check_positive(where: str, value: object) -> float:
    """Return ``value`` as a float if it is a finite number above zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        found = f"{value!r} ({type(value).__name__})"
        refuse(where, found, "a positive finite number", "pass a Python float", TypeError)
    if not (value > 0 and math.isfinite(value)):
        refuse(where, str(value), "a positive finite number", "the formula divides by it")
    return float(value)


def check_choice(where: str, value: object, choices: Sequence[str]) -> str:
    """Return ``value`` if it is one of ``choices``."""
    if not isinstance(value, str) or value not in choices:
        refuse(where, repr(value), "one of " + ", ".join(map(repr, choices)), "choose one of these names")
    return value


def check_tensor(where: str, value: object, dtypes: Sequence[torch.dtype], shape: str, dims: int) -> Tensor:
    """Return ``value`` if it is a tensor of one of ``dtypes`` with at least ``dims`` dimensions."""
    if not isinstance(value, Tensor):
        refuse(
            where,
            f"a {type(value).__name__}",
            f"a tensor {shape}",
            "convert it with torch.as_tensor",
            TypeError,
        )
    if value.dtype not in dtypes:
        names = " or ".join(str(dtype).removeprefix("torch.") for dtype in dtypes)
        found = str(value.dtype).removeprefix("torch.")
        refuse(f"{where}.dtype", found, names, f"convert it with .to(torch.{names.split(' or ')[0]})", TypeError)
    if value.ndim < dims:
        refuse(f"{where}.shape", str(tuple(value.shape)), shape, "add the missing dimensions with reshape")
    return value


def check_like(where: str, value: Tensor, like: str, other: Tensor) -> None:
    """Refuse ``value`` unless it shares dtype and device with ``other``, which is called ``like``."""
    if value.dtype != other.dtype:
        found, wanted = (str(t.dtype).removeprefix("torch.") for t in (value, other))
        refuse(
            f"{where}.dtype",
            found,
            f"{wanted} like {like}",
            f"convert it with .to(torch.{wanted})",
            TypeError,
        )
    if value.device != other.device:
        found, wanted = str(value.device), str(other.device)
        refuse(f"{where}.device", found, f"{wanted} like {like}", f"move it with .to({wanted!r})")


def broadcast_shapes(*shapes: torch.Size) -> torch.Size:
    """Return the shape that ``shapes`` broadcast to; RuntimeError if they do not.

    Kept, as torch takes as long to find it as for a small kernel; not where a compiler looks, which warns of what is kept.
    """
    return torch.broadcast_shapes(*shapes) if torch.compiler.is_compiling() else _broadcast_shapes(*shapes)


@lru_cache(maxsize=1024)
def _broadcast_shapes(*shapes: torch.Size) -> torch.Size:
    return torch.broadcast_shapes(*shapes)


def widened(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype to compute in: float32 for bfloat16, otherwise ``dtype`` itself."""
    return torch.float32 if dtype == torch.bfloat16 else dtype
