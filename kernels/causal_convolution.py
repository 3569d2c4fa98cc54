"""Causal convolution of long signals by FFT, without wrap-around, for any length."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import REAL, check_like, check_tensor, refuse, widened
from derivable.kernels._memory import check_memory

if TYPE_CHECKING:
    from jaxtyping import Shaped

# Numbers that are transformed at once on the CPU: few enough that spectra stay in a cache.
TILE = 1 << 18


def fft_causal_conv(u: Shaped[Tensor, "*batch length"], K: Shaped[Tensor, "*channels taps"]) -> Shaped[Tensor, "*rows length"]:
    r"""Return :math:`y_t=\sum_{k=0}^tK_ku_{t-k}` for t = 0, …, L - 1.

    Args:
        u: signals ``[..., L]``, L from 0; float32, float64, or bfloat16 (computed in float32).
        K: kernels ``[..., T]`` of u's dtype and device, T from 0: taps beyond L are not used, missing ones are 0. What
            precedes the last dimension broadcasts.

    Returns:
        ``[..., L]`` in u's dtype. Differentiable any number of times, backward and forward, and under ``torch.func.vmap``;
        what is kept for that is the arguments.

    Raises:
        ValueError: shapes that do not broadcast, another device. TypeError: no tensor, another dtype.
        MemoryError: the result does not fit into the CPU's memory.

    Notes:
        Claims ``ssm/s4/C3a`` (the sum), ``C4d`` (why both are padded). The transforms have the least length
        :math:`2^a3^b5^c\ge L+T-1`, so that any L is as fast. O(L log L). On the CPU a few rows are transformed at a time, so that
        spectra take no memory to speak of. Rounding:
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
    if taps == 0 or math.prod(batch) == 0:
        return u.new_zeros(*batch, length)
    wide = widened(u.dtype)
    check_memory(f"{where}: the memory for the result", math.prod(batch) * length * wide.itemsize, u.device)
    result: Tensor = _Convolution.apply(u.to(wide), K[..., :taps].to(wide), False)
    return result.to(u.dtype)


class _Convolution(Function):
    r"""The sum :math:`\sum_kK_ku_{t-k}`, or with ``ahead`` :math:`\sum_kK_ku_{t+k}`: each is the adjoint of the other."""

    @staticmethod
    def forward(u: Tensor, K: Tensor, ahead: bool) -> Tensor:
        dims = max(u.ndim, K.ndim)
        u, K = (t.reshape(*[1] * (dims - t.ndim), *t.shape) for t in (u, K))
        out = u.new_empty(*torch.broadcast_shapes(u.shape[:-1], K.shape[:-1]), u.shape[-1])
        _fill(out, u, K, ahead, fast_length(u.shape[-1] + K.shape[-1] - 1))
        return out

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        u, K, ctx.ahead = inputs
        ctx.save_for_backward(u, K)
        ctx.save_for_forward(u, K)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        (grad,), (u, K) = gradients, ctx.saved_tensors
        by_u = by_K = None
        if ctx.needs_input_grad[0]:
            by_u = _Convolution.apply(grad, K, not ctx.ahead).sum_to_size(u.shape)
        if ctx.needs_input_grad[1]:
            # Σ_t g_t u_{t-k}, or Σ_t g_t u_{t+k}
            later, now = (u, grad) if ctx.ahead else (grad, u)
            by_K = _Convolution.apply(later, now, True)[..., : K.shape[-1]].sum_to_size(K.shape)
        return by_u, by_K, None

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Tensor:
        u, K = ctx.saved_tensors
        du, dK = (torch.zeros_like(t) if dt is None else dt for t, dt in zip((u, K), tangents, strict=False))
        result: Tensor = _Convolution.apply(du, K, ctx.ahead) + _Convolution.apply(u, dK, ctx.ahead)
        return result

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], u: Tensor, K: Tensor, ahead: bool) -> tuple[Tensor, int]:
        dims = max(t.ndim - (dim is not None) for t, dim in zip((u, K), in_dims, strict=False))

        def in_front(t: Tensor, dim: int | None) -> Tensor:
            if dim is None:
                return t
            t = t.movedim(dim, 0)
            return t.reshape(len(t), *[1] * (dims + 1 - t.ndim), *t.shape[1:])

        return _Convolution.apply(in_front(u, in_dims[0]), in_front(K, in_dims[1]), ahead), 0


def _fill(out: Tensor, u: Tensor, K: Tensor, ahead: bool, size: int) -> None:
    """Convolve by transforms of length ``size``, in pieces that fit into a tile; u, K and ``out`` have as many dimensions."""
    rows = out.shape[:-1]
    pieces = math.prod(rows) * size / TILE
    if pieces <= 1 or max(rows, default=1) == 1 or out.device.type != "cpu":
        left, right = torch.fft.rfft(u, size), torch.fft.rfft(K, size)
        right = right.conj() if ahead else right
        product = left.mul_(right) if left.shape[:-1] == rows else left * right
        out.copy_(torch.fft.irfft(product, size)[..., : out.shape[-1]])
        return
    # along a dimension that both have, no row is transformed twice
    dim = max(range(len(rows)), key=lambda i: (u.shape[i] == K.shape[i] > 1, rows[i]))
    step = max(1, int(rows[dim] / pieces))
    for begin in range(0, rows[dim], step):
        count = min(step, rows[dim] - begin)
        piece = [t if t.shape[dim] == 1 else t.narrow(dim, begin, count) for t in (out, u, K)]
        _fill(piece[0], piece[1], piece[2], ahead, size)


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
