"""Sums of exponentials on a grid and their adjoint on a GPU: neither a matrix nor its factors are written to memory.

Imported by :mod:`derivable.kernels.vandermonde` for tensors on a GPU if Triton is installed. Importing this module without
Triton raises ``ImportError``.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

# Roots that a program takes together: the products of Triton want so many.
ROOTS = 16
# Steps along a side of the square of results that a program holds, at least and at most.
LEAST, SIDE = 16, 64
# Results that a thread holds: with twice as many, registers spill.
HELD = 16


def vandermonde_rows(v: Tensor, x: Tensor, length: int, power: int, pairs: bool) -> Tensor:
    r"""Return :math:`l^k\sum_nv_ne^{lx_n}` for ``v[rows, m, d]``, ``x[rows, d]`` as ``[rows, m, length]``.

    With ``pairs`` twice the real part, in the dtype of it. v is complex64 or complex128, x may be more precise: exponents and
    powers are formed in double precision. Shapes, dtypes and devices are the caller's to check. O(rows m d length) operations,
    of which one in ``SIDE`` is a power.
    """
    rows, sums, d = v.shape
    out = torch.empty(rows, sums, length, dtype=v.real.dtype if pairs else v.dtype, device=v.device)
    if out.numel() == 0:
        return out
    side, warps = block(length)
    v, x = _real(v), _real(x)
    vandermonde_kernel[(rows * -(-length // side**2), sums)](
        v,
        x,
        out if pairs else _real(out),
        sums,
        d,
        length,
        *v.stride()[:3],
        *x.stride()[:2],
        POWER=power,
        PAIRS=pairs,
        SIDE=side,
        ROOTS=ROOTS,
        num_warps=warps,
    )
    return out


def vandermonde_adjoint_rows(g: Tensor, x: Tensor, power: int) -> Tensor:
    r"""Return :math:`\sum_ll^kg_le^{lx_n}` for ``g[rows, m, length]``, real or complex, ``x[rows, d]`` as ``[rows, m, d]``.

    The result is complex, of g's precision; the rest as for :func:`vandermonde_rows`.
    """
    rows, sums, length = g.shape
    d = x.shape[-1]
    side, warps = block(length)
    blocks = -(-length // side**2)
    # a program sums the steps of one square; what the squares give is added here, always in the same order
    out = torch.empty(rows, blocks, sums, d, dtype=g.dtype.to_complex(), device=g.device)
    if out.numel():
        weights, x = (_real(g) if g.is_complex() else g), _real(x)
        vandermonde_adjoint_kernel[(rows * blocks, sums, -(-d // ROOTS))](
            weights,
            x,
            _real(out),
            sums,
            d,
            length,
            *weights.stride()[:3],
            *x.stride()[:2],
            POWER=power,
            REAL=not g.is_complex(),
            SIDE=side,
            ROOTS=ROOTS,
            num_warps=warps,
        )
    return out[:, 0] if blocks == 1 else out.sum(1)


def block(length: int) -> tuple[int, int]:
    """Return the side of the square of steps of a program, and its warps."""
    side = LEAST
    while side < SIDE and side**2 < length:
        side *= 2
    return side, max(1, side**2 // (32 * HELD))


def _real(t: Tensor) -> Tensor:
    # a conjugate is a view with a flag, which a kernel does not see
    return torch.view_as_real(t.resolve_conj().resolve_neg())


@triton.jit
def _powers(rate: tl.tensor, angle: tl.tensor, l: tl.tensor) -> tuple[tl.tensor, tl.tensor]:
    """Real and imaginary part of e^{lx}; the power 0 of the root 0, whose logarithm is -∞, is 1."""
    size = tl.exp(tl.where(l == 0, 0.0, rate * l))
    return size * tl.cos(angle * l), size * tl.sin(angle * l)


@triton.jit
def _loaded(ptr: tl.tensor, place: tl.tensor, known: tl.tensor) -> tuple[tl.tensor, tl.tensor]:
    """Complex numbers in double precision, 0 where none is known."""
    real = tl.load(ptr + place, mask=known, other=0.0).to(tl.float64)
    return real, tl.load(ptr + place + 1, mask=known, other=0.0).to(tl.float64)


@triton.jit
def _weight(l: tl.tensor, POWER: tl.constexpr) -> tl.tensor:
    """l^k, in double precision."""
    weight = tl.full(l.shape, 1.0, tl.float64)
    for _ in tl.static_range(POWER):
        weight = weight * l
    return weight


@triton.jit
def vandermonde_kernel(
    v_ptr: tl.tensor,
    x_ptr: tl.tensor,
    out_ptr: tl.tensor,
    sums: tl.tensor,
    d: tl.tensor,
    length: tl.tensor,
    v_row: tl.tensor,
    v_sum: tl.tensor,
    v_next: tl.tensor,
    x_row: tl.tensor,
    x_next: tl.tensor,
    POWER: tl.constexpr,
    PAIRS: tl.constexpr,
    SIDE: tl.constexpr,
    ROOTS: tl.constexpr,
) -> None:
    """One square of steps of one sum: e^{(l + b)x} = e^{lx} e^{bx}, l along one side of it, b along the other."""
    number = out_ptr.dtype.element_ty
    blocks = tl.cdiv(length, SIDE * SIDE)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    which = tl.program_id(1).to(tl.int64)
    l = (tl.program_id(0) % blocks).to(tl.int64) * SIDE * SIDE + SIDE * tl.arange(0, SIDE).to(tl.int64)
    b = tl.arange(0, SIDE).to(tl.int64)
    root = tl.arange(0, ROOTS).to(tl.int64)
    v_ptr += row * v_row + which * v_sum
    x_ptr += row * x_row
    total = tl.zeros([SIDE, SIDE], number)
    total_i = tl.zeros([SIDE, SIDE], number)
    for begin in range(0, d, ROOTS):
        n = begin + root
        known = n < d
        v, v_i = _loaded(v_ptr, n * v_next, known)
        rate, angle = _loaded(x_ptr, n * x_next, known)
        s, s_i = _powers(rate[None, :], angle[None, :], l[:, None].to(tl.float64))
        w, w_i = _powers(rate[:, None], angle[:, None], b[None, :].to(tl.float64))
        p = (v[None, :] * s - v_i[None, :] * s_i).to(number)
        p_i = (v[None, :] * s_i + v_i[None, :] * s).to(number)
        w, w_i = w.to(number), w_i.to(number)
        total = tl.dot(p, w, total, input_precision="ieee", out_dtype=number)
        total = tl.dot(-p_i, w_i, total, input_precision="ieee", out_dtype=number)
        if not PAIRS:
            total_i = tl.dot(p, w_i, total_i, input_precision="ieee", out_dtype=number)
            total_i = tl.dot(p_i, w, total_i, input_precision="ieee", out_dtype=number)
    step = l[:, None] + b[None, :]
    place = (row * sums + which) * length + step
    if POWER > 0:
        weight = _weight(step.to(tl.float64), POWER)
        total, total_i = (total * weight).to(number), (total_i * weight).to(number)
    if PAIRS:
        tl.store(out_ptr + place, 2 * total, mask=step < length)
    else:
        # side by side, so that neighbours in memory are written at once
        parts = 2 * place[:, :, None] + tl.arange(0, 2)[None, None, :]
        tl.store(out_ptr + parts, tl.join(total, total_i), mask=(step < length)[:, :, None])


@triton.jit
def vandermonde_adjoint_kernel(
    g_ptr: tl.tensor,
    x_ptr: tl.tensor,
    out_ptr: tl.tensor,
    sums: tl.tensor,
    d: tl.tensor,
    length: tl.tensor,
    g_row: tl.tensor,
    g_sum: tl.tensor,
    g_next: tl.tensor,
    x_row: tl.tensor,
    x_next: tl.tensor,
    POWER: tl.constexpr,
    REAL: tl.constexpr,
    SIDE: tl.constexpr,
    ROOTS: tl.constexpr,
) -> None:
    """What one square of steps gives to ROOTS roots: first over one side of it, a product, then over the other."""
    number = out_ptr.dtype.element_ty
    blocks = tl.cdiv(length, SIDE * SIDE)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    block = (tl.program_id(0) % blocks).to(tl.int64)
    which = tl.program_id(1).to(tl.int64)
    l = block * SIDE * SIDE + SIDE * tl.arange(0, SIDE).to(tl.int64)
    b = tl.arange(0, SIDE).to(tl.int64)
    n = tl.program_id(2).to(tl.int64) * ROOTS + tl.arange(0, ROOTS)
    rate, angle = _loaded(x_ptr, row * x_row + n * x_next, n < d)
    # no power of a step beyond the last one, which may be infinite
    s, s_i = _powers(rate[:, None], angle[:, None], tl.where(l < length, l, 0)[None, :].to(tl.float64))
    w, w_i = _powers(rate[:, None], angle[:, None], tl.where(b < length, b, 0)[None, :].to(tl.float64))
    s, s_i, w, w_i = s.to(number), s_i.to(number), w.to(number), w_i.to(number)
    step = l[:, None] + b[None, :]
    place = row * g_row + which * g_sum + step * g_next
    g = tl.load(g_ptr + place, mask=step < length, other=0.0)
    if POWER > 0:
        weight = _weight(step.to(tl.float64), POWER)
        g = (g * weight).to(number)
    t = tl.dot(s, g, input_precision="ieee", out_dtype=number)
    t_i = tl.dot(s_i, g, input_precision="ieee", out_dtype=number)
    if not REAL:
        g_i = tl.load(g_ptr + place + 1, mask=step < length, other=0.0)
        if POWER > 0:
            g_i = (g_i * weight).to(number)
        t = tl.dot(-s_i, g_i, t, input_precision="ieee", out_dtype=number)
        t_i = tl.dot(s, g_i, t_i, input_precision="ieee", out_dtype=number)
    out_ptr += 2 * (((row * blocks + block) * sums + which) * d + n)
    tl.store(out_ptr, tl.sum(t * w - t_i * w_i, 1), mask=n < d)
    tl.store(out_ptr + 1, tl.sum(t * w_i + t_i * w, 1), mask=n < d)
