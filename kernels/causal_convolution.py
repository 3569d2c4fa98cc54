"""Causal convolution of long signals by FFT, without wrap-around, for any length."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_like, check_tensor, refuse, widened
from derivable.kernels._memory import check_memory

if TYPE_CHECKING:
    from jaxtyping import Shaped


def fft_causal_conv(u: Shaped[Tensor, "*batch length"], K: Shaped[Tensor, "*channels taps"]) -> Shaped[Tensor, "*rows length"]:
    r"""Return :math:`y_t=\sum_{k=0}^tK_ku_{t-k}` for t = 0, …, L - 1.

    Args:
        u: signals ``[..., L]``, L from 0; float32, float64, or bfloat16 (computed in float32).
        K: kernels ``[..., T]`` of u's dtype and device, T from 0: taps beyond L are not used, missing ones are 0. What
            precedes the last dimension broadcasts.

    Returns:
        ``[..., L]`` in u's dtype. Differentiable any number of times.

    Raises:
        ValueError: shapes that do not broadcast, another device. TypeError: no tensor, another dtype.
        MemoryError: result and spectra do not fit into the CPU's memory.

    Notes:
        Claims ``ssm/s4/C3a`` (the sum), ``C4d`` (why both are padded). The transforms have the least length
        :math:`2^a3^b5^c\ge L+T-1`, so that any L is as fast. O(L log L). Rounding:
        :math:`|\text{error}|\le12\log_2(2L+2T)\,u\,\|u\|_2\|K\|_2`, absolute: a result that is much smaller
        than its row's largest loses digits, unlike in a direct sum, and NaN or infinity anywhere spoils the whole row.
        Differs from ``scipy.signal.fftconvolve`` in: causal part only, batches that broadcast, gradients.
    """
    where = "fft_causal_conv"
    check_tensor(f"{where}: u", u, REAL, "[..., L]", 1)
    check_like(f"{where}: K", check_tensor(f"{where}: K", K, REAL, "[..., T]", 1), "u", u)
    try:
        batch = torch.broadcast_shapes(u.shape[:-1], K.shape[:-1])
    except RuntimeError:
        shapes = f"{tuple(u.shape)} and {tuple(K.shape)}"
        refuse(f"{where}: the shapes of u and K", shapes, "dimensions before the last that broadcast", "insert ones")
    length = u.shape[-1]
    taps = min(K.shape[-1], length)
    wide = widened(u.dtype)
    if taps == 0 or math.prod(batch) == 0:
        return u.new_zeros(*batch, length)
    size = fast_length(length + taps - 1)
    check_memory(f"{where}: the memory for the spectra", 3 * math.prod(batch) * size * u.element_size(), u.device)
    spectrum = torch.fft.rfft(u.to(wide), size) * torch.fft.rfft(K[..., :taps].to(wide), size)
    return torch.fft.irfft(spectrum, size)[..., :length].to(u.dtype)


@cache
def fast_length(least: int) -> int:
    """Return the smallest number 2^a 3^b 5^c that is at least ``least``."""
    best = 1 << max(least - 1, 0).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            rest = -(-least // three)
            best = min(best, three << max(rest - 1, 0).bit_length())
            three *= 3
        five *= 5
    return best


def reference_fft_causal_conv(
    u: Shaped[Tensor, "*batch length"], K: Shaped[Tensor, "*channels taps"]
) -> Shaped[Tensor, "*rows length"]:
    """Return the sum tap by tap in float64. O(L T)."""
    u, K = u.to(torch.float64), K.to(torch.float64)
    length = u.shape[-1]
    batch = torch.broadcast_shapes(u.shape[:-1], K.shape[:-1])
    y = u.new_zeros(*batch, length)
    for k in range(min(K.shape[-1], length)):
        y[..., k:] += K[..., k : k + 1] * u[..., : length - k]
    return y
