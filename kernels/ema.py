"""The exponential moving average: the linear recurrence with one weight, and its convolution kernel."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_count, check_like, check_tensor, refuse, widened
from derivable.kernels._memory import check_memory
from derivable.kernels.linear_scan import linear_scan

if TYPE_CHECKING:
    from jaxtyping import Shaped


def ema_kernel(alpha: Shaped[Tensor, "*channels"], L: int) -> Shaped[Tensor, "*channels length"]:
    r"""Return the kernel :math:`K_m=\alpha(1-\alpha)^m`, m = 0, …, L - 1, of :math:`h_t=\alpha u_t+(1-\alpha)h_{t-1}`.

    Args:
        alpha: weights in (0, 1], any shape; float32, float64, or bfloat16 (computed in float32).
        L: number of taps, from 0.

    Returns:
        ``[..., L]`` in alpha's dtype. Differentiable any number of times (at alpha = 1 from below).

    Raises:
        ValueError: a weight outside (0, 1], NaN among them, or L < 0. TypeError: no tensor, another dtype, L no int.
        MemoryError: the taps do not fit into the CPU's memory.

    Notes:
        Claims ``ssm/long_range_arena/C4``: the total is 1 - (1-α)^L, the mean lag of the whole kernel (1-α)/α. The power is
        taken by log1p, so that small weights lose nothing: relative error at most about (3m |log(1-α)| + 6) u.
    """
    where = "ema_kernel"
    _check_weights(where, alpha)
    check_count(f"{where}: L", L, least=0)
    wide = widened(alpha.dtype)
    check_memory(f"{where}: the memory for the taps", 3 * alpha.numel() * L * wide.itemsize, alpha.device)
    weight = alpha.to(wide)[..., None]
    lags = torch.arange(L, dtype=wide, device=alpha.device)
    # 0 · log 0 = 0: all weight is at lag 0 for alpha = 1
    return (weight * torch.exp(torch.special.xlog1py(lags, -weight))).to(alpha.dtype)


def ema(
    u: Shaped[Tensor, "*batch channels length"],
    alpha: Shaped[Tensor, " channels"],
    *,
    initial: Shaped[Tensor, "*batch channels"] | None = None,
) -> Shaped[Tensor, "*batch channels length"]:
    r"""Return :math:`h_t=\alpha u_t+(1-\alpha)h_{t-1}` along the last dimension, with one weight a channel.

    Args:
        u: signals ``[..., C, L]``, L from 0; float32, float64, or bfloat16 (computed in float32).
        alpha: weights ``[C]`` in (0, 1], of u's dtype and device; or ``[]``, one for all.
        initial: the average before the first step, a shape that broadcasts with ``[..., C]``; 0 without it.

    Returns:
        All averages, ``[..., C, L]``. Differentiable any number of times in u, alpha and ``initial``.

    Raises:
        ValueError: a weight outside (0, 1], shapes that do not fit. TypeError: no tensor, another dtype.
        MemoryError: as :func:`derivable.kernels.linear_scan.linear_scan`.

    Notes:
        Claims ``ssm/long_range_arena/C4``. A linear scan, O(L) a row: :math:`|\text{error}|\le3(t+3)u\sum_mK_m|u_{t-m}|` to first
        order in the unit u. NaN or infinity at a step touches no earlier average and no other row.
        Differs from ``pandas.Series.ewm(alpha=…, adjust=False).mean()`` in: the average starts from 0, not from the first sample
        (``initial=u[..., 0]`` does that); from ``scipy.signal.lfilter([α], [1, α - 1], u)`` in: gradients, weights by channel.
    """
    where = "ema"
    check_tensor(f"{where}: u", u, REAL, "[..., C, L]", 2)
    _check_weights(where, alpha)
    check_like(f"{where}: alpha", alpha, "u", u)
    if alpha.ndim > 1 or (alpha.ndim == 1 and alpha.shape[0] != u.shape[-2]):
        refuse(f"{where}: alpha.shape", str(tuple(alpha.shape)), f"({u.shape[-2]},) or ()", "give one weight a channel")
    wide = widened(u.dtype)
    weight = alpha.to(wide)[..., None]
    start = None if initial is None else check_tensor(f"{where}: initial", initial, (u.dtype,), "[..., C]", 0).to(wide)
    return linear_scan(1 - weight, weight * u.to(wide), initial=start).to(u.dtype)


def _check_weights(where: str, alpha: object) -> None:
    weights = check_tensor(f"{where}: alpha", alpha, REAL, "[C]", 0)
    inside = (weights > 0) & (weights <= 1)
    if not inside.all():
        worst = float(weights.detach()[~inside].flatten()[0])
        refuse(f"{where}: a weight of alpha", f"{worst}", "a number in (0, 1]", "map it there, for instance by a sigmoid")


def reference_ema(
    u: Shaped[Tensor, "*batch channels length"], alpha: Shaped[Tensor, " channels"]
) -> Shaped[Tensor, "*batch channels length"]:
    """Return the sums over all earlier samples, tap by tap, in float64. O(L²)."""
    u, alpha = u.double(), alpha.double()
    h = torch.zeros_like(u)
    for m in range(u.shape[-1]):
        h[..., m:] += (alpha * (1 - alpha) ** m)[..., None] * u[..., : u.shape[-1] - m]
    return h
