"""The elementwise linear scan on a GPU and its adjoint: an associative scan within each block of time.

Imported by :mod:`derivable.kernels.linear_scan` for tensors on a GPU if Triton is installed; the functions are the same, without
derivatives of their own. Importing this module without Triton raises ``ImportError``.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

# Pairs of numbers that one program holds at a time, and how many neighbours inside a step at most.
PAIRS, NEIGHBOURS = 2048, 32
# A multiprocessor with fewer programs than FEW waits for memory; time is then cut so that it has MANY.
FEW, MANY = 2, 8
# Blocks of a piece of time at least: each piece reads its numbers twice.
BLOCKS = 4


def scan_rows(a: Tensor, b: Tensor, initial: Tensor | None, reverse: bool, *, chunks: int | None = None) -> Tensor:
    """Return the states h_t = a_t h_{t-1} + b_t of rows ``b[rows, L, k]`` with ``a[rows, L, k]``, ``initial[rows, k]``.

    float32, float64, complex64, complex128; shapes, dtypes and devices are the caller's to check. ``chunks`` is into how many
    pieces time is cut, by default as few as fill the GPU: with one, each number is read once and written once, else read twice.
    Where products of coefficients overflow, the rows are walked step by step, as on the CPU.
    """
    out = torch.empty(b.shape, dtype=b.dtype, device=b.device)
    _launch(a, b, initial, out, None, None, reverse, chunks)
    return out


def adjoint_rows(
    a: Tensor, states: Tensor, initial: Tensor | None, grad: Tensor, reverse: bool, *, chunks: int | None = None
) -> tuple[Tensor, Tensor]:
    r"""Return the gradients by a and b for the gradient by the states of :func:`scan_rows`, all ``[rows, L, k]``:
    :math:`\bar b_t=\bar h_t+a^*_{t+1}\bar b_{t+1}` and :math:`\bar a_t=\bar b_th^*_{t-1}`; ``reverse`` is that of the scan.
    """
    by_b = torch.empty(grad.shape, dtype=grad.dtype, device=grad.device)
    by_a = torch.empty_like(by_b)
    _launch(a, grad, initial, by_b, states.contiguous(), by_a, not reverse, chunks)
    return by_a, by_b


def _launch(
    a: Tensor,
    b: Tensor,
    initial: Tensor | None,
    out: Tensor,
    states: Tensor | None,
    product: Tensor | None,
    reverse: bool,
    chunks: int | None,
) -> None:
    if b.numel() == 0:
        return
    rows, length, width = b.shape
    is_complex, adjoint = b.is_complex(), states is not None
    steps, neighbours = block(width)
    programs, blocks = rows * -(-width // neighbours), -(-length // steps)
    chunk = -(-blocks // (_chunks(b.device, programs, blocks) if chunks is None else chunks)) * steps
    chunks = -(-length // chunk)
    a, b, start, target, states, product = (
        _real(out if t is None else t, is_complex) for t in (a, b, initial, out, states, product)
    )
    numbers = (a, b, start, target, states, product)
    sizes = (length, width, chunk, *a.stride()[:3], *b.stride()[:3], *start.stride()[:2])
    flags = {
        "STEPS": steps,
        "NEIGHBOURS": neighbours,
        "REVERSE": reverse,
        "START": initial is not None and not adjoint,
        "ADJOINT": adjoint,
        "BEFORE": initial is not None,
        "COMPLEX": is_complex,
    }
    ends = out
    if chunks > 1:
        products, ends = torch.empty(2, rows, chunks, width, dtype=out.dtype, device=out.device).unbind()
        chunk_kernel[(programs, chunks)](
            a, b, _real(products, is_complex), _real(ends, is_complex), *sizes[:9], **{n: flags[n] for n in CHUNK_FLAGS}
        )
        ends = scan_rows(products, ends, None if adjoint else initial, False, chunks=1)
    linear_scan_kernel[(programs, chunks)](*numbers, _real(ends, is_complex), *sizes, CHUNKED=chunks > 1, **flags)
    if chunks > 1:
        walk_kernel[(programs,)](*numbers, *sizes, **flags)


def block(width: int) -> tuple[int, int]:
    """Return steps and neighbours of a program's block for ``width`` neighbours in memory."""
    neighbours = min(NEIGHBOURS, 1 << (width - 1).bit_length())
    return PAIRS // neighbours, neighbours


def _chunks(device: torch.device, programs: int, blocks: int) -> int:
    """Return into how many pieces to cut time, of ``blocks`` blocks."""
    processors = torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 0
    return 1 if programs >= FEW * processors else max(1, min(MANY * processors // programs, blocks // BLOCKS))


def _real(t: Tensor, is_complex: bool) -> Tensor:
    # a conjugate is a view with a flag, which a kernel does not see
    return torch.view_as_real(t.resolve_conj().resolve_neg()) if is_complex else t.resolve_neg()


CHUNK_FLAGS = ("STEPS", "NEIGHBOURS", "REVERSE", "START", "ADJOINT", "COMPLEX")


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
def _place(width: tl.tensor, NEIGHBOURS: tl.constexpr) -> tuple[tl.tensor, tl.tensor, tl.tensor]:
    """The row of this program, its columns and which of them exist."""
    blocks = tl.cdiv(width, NEIGHBOURS)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    column = (tl.program_id(0) % blocks) * NEIGHBOURS + tl.arange(0, NEIGHBOURS)
    return row, column.to(tl.int64), column < width


@triton.jit
def _load(
    ptr: tl.tensor, offset: tl.tensor, known: tl.tensor, COMPLEX: tl.constexpr, CONJUGATE: tl.constexpr
) -> tuple[tl.tensor, tl.tensor]:
    """Real and imaginary part, 0 where there is no number; a real number twice."""
    real = tl.load(ptr + offset, mask=known, other=0.0)
    imaginary = real
    if COMPLEX:
        imaginary = tl.load(ptr + offset + 1, mask=known, other=0.0)
        if CONJUGATE:
            imaginary = -imaginary
    return real, imaginary


@triton.jit
def _inputs(
    a_ptr: tl.tensor,
    b_ptr: tl.tensor,
    a_step: tl.tensor,
    b_step: tl.tensor,
    step: tl.tensor,
    length: tl.tensor,
    inside: tl.tensor,
    REVERSE: tl.constexpr,
    START: tl.constexpr,
    ADJOINT: tl.constexpr,
    COMPLEX: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor, tl.tensor, tl.tensor]:
    """Coefficients and inputs of steps ``[steps, 1]``; an adjoint scan takes the coefficient one step late."""
    known = (step < length) & inside
    # without a start the first coefficient is not used
    used = known if START else known & (step > 0)
    late = step - 1 if ADJOINT else step
    a, a_i = _load(a_ptr, _time(late, length, REVERSE) * a_step, used, COMPLEX, ADJOINT)
    b, b_i = _load(b_ptr, _time(step, length, REVERSE) * b_step, known, COMPLEX, False)
    return a, a_i, b, b_i


@triton.jit
def _time(step: tl.tensor, length: tl.tensor, REVERSE: tl.constexpr) -> tl.tensor:
    return (length - 1 - step if REVERSE else step).to(tl.int64)


@triton.jit
def _store(
    out_ptr: tl.tensor,
    states_ptr: tl.tensor,
    product_ptr: tl.tensor,
    start: tl.tensor,
    h: tl.tensor,
    h_i: tl.tensor,
    step: tl.tensor,
    length: tl.tensor,
    stride: tl.tensor,
    inside: tl.tensor,
    REVERSE: tl.constexpr,
    ADJOINT: tl.constexpr,
    BEFORE: tl.constexpr,
    COMPLEX: tl.constexpr,
) -> None:
    """Write states; of an adjoint scan also their products with the conjugate of the state before, ``start`` before the first."""
    known = (step < length) & inside
    offset = _time(step, length, REVERSE) * stride
    tl.store(out_ptr + offset, h, mask=known)
    if COMPLEX:
        tl.store(out_ptr + offset + 1, h_i, mask=known)
    if ADJOINT:
        # the adjoint goes backward: the state before comes a step later
        later = known & (step + 1 < length)
        p, p_i = _load(states_ptr, _time(step + 1, length, REVERSE) * stride, later, COMPLEX, True)
        if BEFORE:
            first = known & (step + 1 == length)
            q, q_i = _load(start, step * 0, first, COMPLEX, True)
            p += q
            p_i += q_i
        if COMPLEX:
            tl.store(product_ptr + offset, h * p - h_i * p_i, mask=known)
            tl.store(product_ptr + offset + 1, h * p_i + h_i * p, mask=known)
        else:
            tl.store(product_ptr + offset, h * p, mask=known)


@triton.jit
def chunk_kernel(
    a_ptr: tl.tensor,
    b_ptr: tl.tensor,
    product_ptr: tl.tensor,
    end_ptr: tl.tensor,
    length: tl.tensor,
    width: tl.tensor,
    chunk: tl.tensor,
    a_row: tl.tensor,
    a_step: tl.tensor,
    a_next: tl.tensor,
    b_row: tl.tensor,
    b_step: tl.tensor,
    b_next: tl.tensor,
    STEPS: tl.constexpr,
    NEIGHBOURS: tl.constexpr,
    REVERSE: tl.constexpr,
    START: tl.constexpr,
    ADJOINT: tl.constexpr,
    COMPLEX: tl.constexpr,
) -> None:
    """Product of the coefficients of each piece of time, and its last state from the state 0."""
    row, column, inside = _place(width, NEIGHBOURS)
    a_ptr += row * a_row + column[None, :] * a_next
    b_ptr += row * b_row + column[None, :] * b_next
    local = tl.arange(0, STEPS)
    last = (local == STEPS - 1)[:, None]
    number = product_ptr.dtype.element_ty
    p, p_i = tl.full([NEIGHBOURS], 1.0, number), tl.zeros([NEIGHBOURS], number)
    h, h_i = tl.zeros([NEIGHBOURS], number), tl.zeros([NEIGHBOURS], number)
    begin = tl.program_id(1) * chunk
    for at in range(begin, min(begin + chunk, length), STEPS):
        step = (at + local)[:, None]
        a, a_i, b, b_i = _inputs(a_ptr, b_ptr, a_step, b_step, step, length, inside[None, :], REVERSE, START, ADJOINT, COMPLEX)
        # what lies beyond the end leaves the state as it is
        a = tl.where(step < length, a, 1.0)
        if COMPLEX:
            a_i = tl.where(step < length, a_i, 0.0)
            a, a_i, b, b_i = tl.associative_scan((a, a_i, b, b_i), 0, _join_complex)
            a_i, b_i = tl.sum(tl.where(last, a_i, 0.0), 0), tl.sum(tl.where(last, b_i, 0.0), 0)
        else:
            a, b = tl.associative_scan((a, b), 0, _join)
        a, b = tl.sum(tl.where(last, a, 0.0), 0), tl.sum(tl.where(last, b, 0.0), 0)
        if COMPLEX:
            p, p_i, h, h_i = _join_complex(p, p_i, h, h_i, a, a_i, b, b_i)
        else:
            p, h = _join(p, h, a, b)
    place = ((row * tl.num_programs(1) + tl.program_id(1)) * width + column) * (2 if COMPLEX else 1)
    tl.store(product_ptr + place, p, mask=inside)
    tl.store(end_ptr + place, h, mask=inside)
    if COMPLEX:
        tl.store(product_ptr + place + 1, p_i, mask=inside)
        tl.store(end_ptr + place + 1, h_i, mask=inside)


@triton.jit
def linear_scan_kernel(
    a_ptr: tl.tensor,
    b_ptr: tl.tensor,
    start_ptr: tl.tensor,
    out_ptr: tl.tensor,
    states_ptr: tl.tensor,
    product_ptr: tl.tensor,
    end_ptr: tl.tensor,
    length: tl.tensor,
    width: tl.tensor,
    chunk: tl.tensor,
    a_row: tl.tensor,
    a_step: tl.tensor,
    a_next: tl.tensor,
    b_row: tl.tensor,
    b_step: tl.tensor,
    b_next: tl.tensor,
    start_row: tl.tensor,
    start_next: tl.tensor,
    STEPS: tl.constexpr,
    NEIGHBOURS: tl.constexpr,
    REVERSE: tl.constexpr,
    START: tl.constexpr,
    ADJOINT: tl.constexpr,
    BEFORE: tl.constexpr,
    COMPLEX: tl.constexpr,
    CHUNKED: tl.constexpr,
) -> None:
    """Scan NEIGHBOURS columns of one row, STEPS steps at a time; the state goes from block to block."""
    row, column, inside = _place(width, NEIGHBOURS)
    stride = tl.cast(width, tl.int64) * (2 if COMPLEX else 1)
    a_ptr += row * a_row + column[None, :] * a_next
    b_ptr += row * b_row + column[None, :] * b_next
    start_ptr += row * start_row + column * start_next
    place = row * length * stride + column[None, :] * (2 if COMPLEX else 1)
    out_ptr += place
    states_ptr += place
    product_ptr += place
    piece = tl.program_id(1)
    state, state_i = tl.zeros([NEIGHBOURS], b_ptr.dtype.element_ty), tl.zeros([NEIGHBOURS], b_ptr.dtype.element_ty)
    if START:
        state, state_i = _load(start_ptr, column * 0, inside & (piece == 0), COMPLEX, False)
    if CHUNKED:
        end = ((row * tl.num_programs(1) + piece - 1) * width + column) * (2 if COMPLEX else 1)
        carry, carry_i = _load(end_ptr, end, inside & (piece > 0), COMPLEX, False)
        state += carry
        state_i += carry_i
    local = tl.arange(0, STEPS)
    last = (local == STEPS - 1)[:, None]
    for at in range(piece * chunk, min(piece * chunk + chunk, length), STEPS):
        step = (at + local)[:, None]
        a, a_i, b, b_i = _inputs(a_ptr, b_ptr, a_step, b_step, step, length, inside[None, :], REVERSE, START, ADJOINT, COMPLEX)
        if COMPLEX:
            a, a_i, b, b_i = tl.associative_scan((a, a_i, b, b_i), 0, _join_complex)
            h = a * state[None, :] - a_i * state_i[None, :] + b
            h_i = a * state_i[None, :] + a_i * state[None, :] + b_i
            state_i = tl.sum(tl.where(last, h_i, 0.0), 0)
        else:
            a, b = tl.associative_scan((a, b), 0, _join)
            h = a * state[None, :] + b
            h_i = h
        state = tl.sum(tl.where(last, h, 0.0), 0)
        _store(
            out_ptr,
            states_ptr,
            product_ptr,
            start_ptr[None, :],
            h,
            h_i,
            step,
            length,
            stride,
            inside[None, :],
            REVERSE,
            ADJOINT,
            BEFORE,
            COMPLEX,
        )
    if not CHUNKED:
        # what the threads have written has to be there when others of them read it
        tl.debug_barrier()
        _walk(
            a_ptr,
            b_ptr,
            start_ptr[None, :],
            out_ptr,
            states_ptr,
            product_ptr,
            tl.where(inside, _spoiled(state, state_i), 0)[None, :],
            length,
            stride,
            a_step,
            b_step,
            inside[None, :],
            STEPS,
            REVERSE,
            START,
            ADJOINT,
            BEFORE,
            COMPLEX,
        )


@triton.jit
def walk_kernel(
    a_ptr: tl.tensor,
    b_ptr: tl.tensor,
    start_ptr: tl.tensor,
    out_ptr: tl.tensor,
    states_ptr: tl.tensor,
    product_ptr: tl.tensor,
    length: tl.tensor,
    width: tl.tensor,
    chunk: tl.tensor,
    a_row: tl.tensor,
    a_step: tl.tensor,
    a_next: tl.tensor,
    b_row: tl.tensor,
    b_step: tl.tensor,
    b_next: tl.tensor,
    start_row: tl.tensor,
    start_next: tl.tensor,
    STEPS: tl.constexpr,
    NEIGHBOURS: tl.constexpr,
    REVERSE: tl.constexpr,
    START: tl.constexpr,
    ADJOINT: tl.constexpr,
    BEFORE: tl.constexpr,
    COMPLEX: tl.constexpr,
) -> None:
    """Go over the rows whose last state is not finite once more, after a scan of pieces."""
    row, column, inside = _place(width, NEIGHBOURS)
    stride = tl.cast(width, tl.int64) * (2 if COMPLEX else 1)
    a_ptr += row * a_row + column[None, :] * a_next
    b_ptr += row * b_row + column[None, :] * b_next
    start_ptr += row * start_row + column * start_next
    place = row * length * stride + column[None, :] * (2 if COMPLEX else 1)
    out_ptr += place
    last = _time(length - 1 + tl.zeros([1, 1], tl.int32), length, REVERSE) * stride
    h, h_i = _load(out_ptr, last, inside[None, :], COMPLEX, False)
    _walk(
        a_ptr,
        b_ptr,
        start_ptr[None, :],
        out_ptr,
        states_ptr + place,
        product_ptr + place,
        _spoiled(h, h_i),
        length,
        stride,
        a_step,
        b_step,
        inside[None, :],
        STEPS,
        REVERSE,
        START,
        ADJOINT,
        BEFORE,
        COMPLEX,
    )


@triton.jit
def _walk(
    a_ptr: tl.tensor,
    b_ptr: tl.tensor,
    start_ptr: tl.tensor,
    out_ptr: tl.tensor,
    states_ptr: tl.tensor,
    product_ptr: tl.tensor,
    wrong: tl.tensor,
    length: tl.tensor,
    stride: tl.tensor,
    a_step: tl.tensor,
    b_step: tl.tensor,
    inside: tl.tensor,
    STEPS: tl.constexpr,
    REVERSE: tl.constexpr,
    START: tl.constexpr,
    ADJOINT: tl.constexpr,
    BEFORE: tl.constexpr,
    COMPLEX: tl.constexpr,
) -> None:
    """In columns that are ``wrong`` go on step by step from the first state that is not finite, as long as states are finite.

    A product of coefficients that overflows leaves no later state of the scan finite.
    """
    if tl.max(wrong) > 0:
        local = tl.arange(0, STEPS)[:, None]
        # a length of 1 is a constant of the kernel
        first = tl.cast(length, tl.int32)
        begin = 0
        while (begin < length) & (first == length):
            step = begin + local
            h, h_i = _load(out_ptr, _time(step, length, REVERSE) * stride, inside & (step < length), COMPLEX, False)
            first = tl.min(tl.where(_spoiled(h, h_i) > 0, step, length))
            begin += STEPS
        one = tl.zeros([1, 1], tl.int32)
        h, h_i = _load(out_ptr, _time(one + first - 1, length, REVERSE) * stride, inside & (first > 0), COMPLEX, False)
        if START:
            start, start_i = _load(start_ptr, one, inside & (first == 0), COMPLEX, False)
            h += start
            h_i += start_i
        going = 1
        while (first < length) & (going > 0):
            step = one + first
            a, a_i, b, b_i = _inputs(a_ptr, b_ptr, a_step, b_step, step, length, inside, REVERSE, START, ADJOINT, COMPLEX)
            if COMPLEX:
                _, _, h, h_i = _join_complex(a, a_i, h, h_i, a, a_i, b, b_i)
            else:
                h = a * h + b
                h_i = h
            _store(
                out_ptr,
                states_ptr,
                product_ptr,
                start_ptr,
                h,
                h_i,
                step,
                length,
                stride,
                inside,
                REVERSE,
                ADJOINT,
                BEFORE,
                COMPLEX,
            )
            going = tl.max(tl.where((wrong > 0) & (_spoiled(h, h_i) == 0), 1, 0))
            first += 1


@triton.jit
def _spoiled(h: tl.tensor, h_i: tl.tensor) -> tl.tensor:
    """1 where a number is infinite or NaN, else 0."""
    return tl.where((h - h) + (h_i - h_i) == 0, 0, 1)
