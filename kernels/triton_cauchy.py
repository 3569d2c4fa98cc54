"""Sums of simple fractions on a GPU, in registers: nothing but the arguments is read and nothing but the sums is written.

Imported by :mod:`derivable.kernels.cauchy` for tensors on a GPU if Triton is installed. Importing this module without Triton
raises ``ImportError``.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

# Points that one program holds at most, and sums that share the fractions at most; more of either take more programs.
POINTS, SUMS = 64, 8
# Poles that a program takes together.
TOGETHER = 4


def cauchy_rows(v: Tensor, z: Tensor, lam: Tensor, power: int, pairs: bool) -> Tensor:
    r"""Return :math:`\sum_nv_n/(z_l-\lambda_n)^k` for ``v[rows, m, d]``, ``z[rows, L]``, ``lam[rows, d]`` as ``[rows, m, L]``.

    With ``pairs``, :math:`\bar v_n/(z_l-\bar\lambda_n)^k` besides. complex64, complex128; shapes, dtypes and devices are the
    caller's to check. O(rows m d L) operations.
    """
    rows, sums, d = v.shape
    length = z.shape[-1]
    out = torch.empty(rows, sums, length, dtype=v.dtype, device=v.device)
    if out.numel() == 0:
        return out
    points, together = block(sums, length)
    # a conjugate is a view with a flag, which a kernel does not see
    v, z, lam, target = (torch.view_as_real(t.resolve_conj().resolve_neg()) for t in (v, z, lam, out))
    grid = (rows * -(-length // points), -(-sums // together))
    cauchy_kernel[grid](
        v,
        z,
        lam,
        target,
        sums,
        d,
        length,
        *v.stride()[:3],
        *z.stride()[:2],
        *lam.stride()[:2],
        POWER=power,
        PAIRS=pairs,
        POINTS=points,
        SUMS=together,
        TOGETHER=TOGETHER,
        num_warps=max(1, min(4, points // 64)),
    )
    return out


def block(sums: int, length: int) -> tuple[int, int]:
    """Return how many points and how many sums a program takes."""
    together = min(SUMS, 1 << (sums - 1).bit_length())
    return max(32, min(POINTS // together, 1 << (length - 1).bit_length())), together


@triton.jit
def _times(x: tl.tensor, x_i: tl.tensor, y: tl.tensor, y_i: tl.tensor) -> tuple[tl.tensor, tl.tensor]:
    return x * y - x_i * y_i, x * y_i + x_i * y


@triton.jit
def _fraction(x: tl.tensor, t: tl.tensor, POWER: tl.constexpr) -> tuple[tl.tensor, tl.tensor]:
    """1/(x + it)^k, real and imaginary part."""
    inverse = 1.0 / (x * x + t * t)
    f = x * inverse
    f_i = -t * inverse
    p = f
    p_i = f_i
    for _ in tl.static_range(POWER - 1):
        p, p_i = _times(p, p_i, f, f_i)
    return p, p_i


@triton.jit
def _added(
    total: tl.tensor,
    total_i: tl.tensor,
    x: tl.tensor,
    t: tl.tensor,
    v_ptr: tl.tensor,
    lam_ptr: tl.tensor,
    n: tl.tensor,
    v_next: tl.tensor,
    lam_next: tl.tensor,
    wanted: tl.tensor,
    POWER: tl.constexpr,
    PAIRS: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor]:
    """The sums with the terms of pole n."""
    at = tl.cast(n, tl.int64)
    a = tl.load(lam_ptr + at * lam_next)
    w = tl.load(lam_ptr + at * lam_next + 1)
    v = tl.load(v_ptr + at * v_next, mask=wanted, other=0.0)
    v_i = tl.load(v_ptr + at * v_next + 1, mask=wanted, other=0.0)
    f, f_i = _fraction(x - a, t - w, POWER)
    if PAIRS:
        g, g_i = _fraction(x - a, t + w, POWER)
        # v f + v̄ g
        real = v * (f + g)[None, :] - v_i * (f_i - g_i)[None, :]
        imaginary = v * (f_i + g_i)[None, :] + v_i * (f - g)[None, :]
    else:
        real, imaginary = _times(v, v_i, f[None, :], f_i[None, :])
    return total + real, total_i + imaginary


@triton.jit
def cauchy_kernel(
    v_ptr: tl.tensor,
    z_ptr: tl.tensor,
    lam_ptr: tl.tensor,
    out_ptr: tl.tensor,
    sums: tl.tensor,
    d: tl.tensor,
    length: tl.tensor,
    v_row: tl.tensor,
    v_sum: tl.tensor,
    v_next: tl.tensor,
    z_row: tl.tensor,
    z_next: tl.tensor,
    lam_row: tl.tensor,
    lam_next: tl.tensor,
    POWER: tl.constexpr,
    PAIRS: tl.constexpr,
    POINTS: tl.constexpr,
    SUMS: tl.constexpr,
    TOGETHER: tl.constexpr,
) -> None:
    """SUMS sums at POINTS points of one row, pole after pole."""
    blocks = tl.cdiv(length, POINTS)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    point = ((tl.program_id(0) % blocks) * POINTS + tl.arange(0, POINTS)).to(tl.int64)
    which = (tl.program_id(1) * SUMS + tl.arange(0, SUMS)).to(tl.int64)
    known = point < length
    x = tl.load(z_ptr + row * z_row + point * z_next, mask=known, other=0.0)
    t = tl.load(z_ptr + row * z_row + point * z_next + 1, mask=known, other=0.0)
    lam_ptr += row * lam_row
    v_ptr += row * v_row + which[:, None] * v_sum
    wanted = which[:, None] < sums
    total = tl.zeros([SUMS, POINTS], out_ptr.dtype.element_ty)
    total_i = tl.zeros([SUMS, POINTS], out_ptr.dtype.element_ty)
    # several poles at a time, as a reciprocal takes long to arrive
    whole = d // TOGETHER * TOGETHER
    for begin in range(0, whole, TOGETHER):
        for n in tl.static_range(TOGETHER):
            total, total_i = _added(total, total_i, x, t, v_ptr, lam_ptr, begin + n, v_next, lam_next, wanted, POWER, PAIRS)
    for n in range(whole, d):
        total, total_i = _added(total, total_i, x, t, v_ptr, lam_ptr, n, v_next, lam_next, wanted, POWER, PAIRS)
    place = ((row * sums + which[:, None]) * length + point[None, :]) * 2
    inside = wanted & known[None, :]
    tl.store(out_ptr + place, total, mask=inside)
    tl.store(out_ptr + place + 1, total_i, mask=inside)
