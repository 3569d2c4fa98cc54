"""The elementwise linear scan on a GPU: one pass over memory, an associative scan within each block of time.

Imported by :func:`derivable.kernels.linear_scan.linear_scan` for tensors on a GPU if Triton is installed; it is
the same function, without derivatives of its own. Importing this module without Triton raises ``ImportError``.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

# Steps of a block of time, and neighbours inside a step, that one program holds: 2048 pairs of numbers.
STEPS, NEIGHBOURS = 64, 32
# With fewer neighbours than this in memory a program takes one row and a longer block of time.
LONG = 2048


def scan_rows(a: Tensor, b: Tensor, initial: Tensor | None, reverse: bool) -> Tensor:
    """Return the states of rows ``b[rows, L, k]`` with ``a[rows, L, k]`` and ``initial[rows, k]``.

    float32, float64, complex64, complex128; shapes, dtypes and devices are the caller's to check. Each number
    is read once and written once. Products of coefficients run over at most 2048 steps; differs from the CPU
    in this: where they overflow though the states do not, the states are NaN or infinite.
    """
    out = torch.empty(b.shape, dtype=b.dtype, device=b.device)
    rows, length, width = b.shape
    if b.numel() == 0:
        return out
    is_complex = b.is_complex()
    # a conjugate is a view with a flag, which a kernel does not see
    a, b = a.resolve_conj().resolve_neg(), b.resolve_conj().resolve_neg()
    start = out if initial is None else initial.resolve_conj().resolve_neg()
    steps, neighbours = block(width)
    tensors = [torch.view_as_real(t) if is_complex else t for t in (a, b, start, out)]
    # numbers from one element to the next; a complex element is two of them
    a, b, start, target = tensors
    grid = (rows, triton.cdiv(width, neighbours))
    linear_scan_kernel[grid](
        a,
        b,
        start,
        target,
        length,
        width,
        *a.stride()[:3],
        *b.stride()[:3],
        *(start.stride()[:2] if initial is not None else (0, 0)),
        *target.stride()[:3],
        STEPS=steps,
        NEIGHBOURS=neighbours,
        REVERSE=reverse,
        START=initial is not None,
        COMPLEX=is_complex,
    )
    return out


def block(width: int) -> tuple[int, int]:
    """Return steps and neighbours of a program's block for ``width`` neighbours in memory."""
    return (LONG, 1) if width == 1 else (STEPS, min(NEIGHBOURS, triton.next_power_of_2(width)))


@triton.jit
def _join(a_left: tl.tensor, b_left: tl.tensor, a_right: tl.tensor, b_right: tl.tensor) -> tuple[tl.tensor, tl.tensor]:
    # h -> a_right (a_left h + b_left) + b_right
    return a_right * a_left, a_right * b_left + b_right


@triton.jit
def _join_complex(
    ar_left: tl.tensor,
    ai_left: tl.tensor,
    br_left: tl.tensor,
    bi_left: tl.tensor,
    ar_right: tl.tensor,
    ai_right: tl.tensor,
    br_right: tl.tensor,
    bi_right: tl.tensor,
) -> tuple[tl.tensor, tl.tensor, tl.tensor, tl.tensor]:
    return (
        ar_right * ar_left - ai_right * ai_left,
        ar_right * ai_left + ai_right * ar_left,
        ar_right * br_left - ai_right * bi_left + br_right,
        ar_right * bi_left + ai_right * br_left + bi_right,
    )


@triton.jit
def linear_scan_kernel(
    a_ptr: tl.tensor,
    b_ptr: tl.tensor,
    start_ptr: tl.tensor,
    out_ptr: tl.tensor,
    length: tl.tensor,
    width: tl.tensor,
    a_row: tl.tensor,
    a_step: tl.tensor,
    a_next: tl.tensor,
    b_row: tl.tensor,
    b_step: tl.tensor,
    b_next: tl.tensor,
    start_row: tl.tensor,
    start_next: tl.tensor,
    out_row: tl.tensor,
    out_step: tl.tensor,
    out_next: tl.tensor,
    STEPS: tl.constexpr,
    NEIGHBOURS: tl.constexpr,
    REVERSE: tl.constexpr,
    START: tl.constexpr,
    COMPLEX: tl.constexpr,
) -> None:
    """Scan NEIGHBOURS columns of one row, STEPS steps at a time; the state goes from block to block."""
    row = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * NEIGHBOURS + tl.arange(0, NEIGHBOURS)
    inside = column < width
    a_ptr += row * a_row + column[None, :].to(tl.int64) * a_next
    b_ptr += row * b_row + column[None, :].to(tl.int64) * b_next
    out_ptr += row * out_row + column[None, :].to(tl.int64) * out_next
    local = tl.arange(0, STEPS)
    if START:
        start = start_ptr + row * start_row + column.to(tl.int64) * start_next
        state = tl.load(start, mask=inside, other=0.0)
        if COMPLEX:
            state_i = tl.load(start + 1, mask=inside, other=0.0)
    else:
        state = tl.zeros([NEIGHBOURS], dtype=out_ptr.dtype.element_ty)
        if COMPLEX:
            state_i = tl.zeros([NEIGHBOURS], dtype=out_ptr.dtype.element_ty)
    for begin in range(0, length, STEPS):
        step = begin + local
        time = (length - 1 - step if REVERSE else step).to(tl.int64)[:, None]
        known = (step < length)[:, None] & inside[None, :]
        # without a start the first coefficient is not used
        used = known if START else known & (step > 0)[:, None]
        a = tl.load(a_ptr + time * a_step, mask=used, other=0.0)
        b = tl.load(b_ptr + time * b_step, mask=known, other=0.0)
        last = (local == STEPS - 1)[:, None]
        if COMPLEX:
            a_i = tl.load(a_ptr + time * a_step + 1, mask=used, other=0.0)
            b_i = tl.load(b_ptr + time * b_step + 1, mask=known, other=0.0)
            a, a_i, b, b_i = tl.associative_scan((a, a_i, b, b_i), 0, _join_complex)
            h = a * state[None, :] - a_i * state_i[None, :] + b
            h_i = a * state_i[None, :] + a_i * state[None, :] + b_i
            tl.store(out_ptr + time * out_step + 1, h_i, mask=known)
            state_i = tl.sum(tl.where(last, h_i, 0.0), 0)
        else:
            a, b = tl.associative_scan((a, b), 0, _join)
            h = a * state[None, :] + b
        tl.store(out_ptr + time * out_step, h, mask=known)
        state = tl.sum(tl.where(last, h, 0.0), 0)
