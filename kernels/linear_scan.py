"""First-order linear recurrences along an axis, elementwise or with matrices, differentiable any number of times."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import COMPLEX, REAL, broadcast_shapes, check_like, check_tensor, refuse, widened
from derivable.kernels._memory import check_memory
from derivable.kernels._triton import runs_triton
from derivable.kernels.compiled_scan import compiles_scan, scan_compiled
from derivable.kernels.window_scan import LEAST_ROWS, MOST_ROWS, scan_by_windows

if TYPE_CHECKING:
    from jaxtyping import Shaped

# Steps of a chunk: they are walked one after the other, all chunks side by side.
RADIX = 32
# So many numbers in one operation hide what it costs to start it; with as many rows there is no need for chunks.
LANES = 8192
# Numbers in a tile: few enough that its buffers stay in a cache. A GPU wants few launches instead.
TILE = {"cpu": 1 << 20, "cuda": 1 << 24}
# With at least so many neighbours inside a step, a step is read where it lies; with fewer, time is moved to the front.
RUN = 64


def linear_scan(
    a: Shaped[Tensor, "*coefficients"],
    b: Shaped[Tensor, "*inputs"],
    *,
    dim: int = -1,
    initial: Shaped[Tensor, "*state"] | None = None,
    reverse: bool = False,
) -> Shaped[Tensor, "*states"]:
    r"""Return the states :math:`h_t=a_th_{t-1}+b_t` along ``dim``, elementwise in the other dimensions.

    With ``reverse``, time runs backward: :math:`h_t=a_th_{t+1}+b_t`. Without ``initial`` the state before the
    first step is 0, and the first coefficient (the last one with ``reverse``) is not used.

    Args:
        a, b: coefficients and inputs of one device and dtype, float32, float64, complex64, complex128 or
            bfloat16 (computed in float32); their shapes broadcast, ``dim`` included.
        dim: the axis of time in the broadcast shape, of any length from 0.
        initial: the state before the first step; its shape broadcasts to that of the states without ``dim``.
        reverse: go from the last step to the first.

    Returns:
        All states, of the broadcast shape. The state to go on from is ``.select(dim, -1)`` (0 with
        ``reverse``). Differentiable in a, b and ``initial``, any number of times, backward and forward, and
        under ``torch.func.vmap``, not for ``torch.autograd.grad(is_grads_batched=True)``, which maps in an older way; the
        adjoint is a scan in the other direction.

    Raises:
        ValueError: shapes that do not broadcast, or no such ``dim``.
        TypeError: no tensor, another dtype, two dtypes or devices.
        MemoryError: the states do not fit into the CPU's memory (a GPU's allocator raises an error of its own).

    Notes:
        Claim ``ssm/hippo_discretization/C6c``: a scan that divides by the running product of a fails where a
        coefficient is 0. Nothing is divided here. Time is cut into chunks of 32 steps that are walked side by
        side; the ends of the chunks are scanned in the same way; then each chunk gets its carry. O(n) work,
        5 operations a number instead of 2; 64 log₃₂ L vector operations, one after the other; tiles of 2²⁰ numbers keep
        the memory beyond the result at 8 MB. On a CPU with at least 128 rows along which time lies contiguous, windows of
        32 steps are doubled and walked instead, see :mod:`derivable.kernels.window_scan`; on a GPU with Triton see
        :mod:`derivable.kernels.triton_linear_scan`; in what ``torch.compile`` compiles for a CPU, with float32 or bfloat16, see
        :mod:`derivable.kernels.compiled_scan`, several times faster where time lies contiguous.
        Rounding: :math:`|\text{error}|\le2(t+2)u\sum_s|a_t\cdots a_{s+1}b_s|` to first order in the unit u
        (four times that for complex numbers), as for a loop.
        NaN or infinity at a step makes the later states of its row non-finite, as in a loop, and touches no
        earlier state and no other row. Where products of coefficients overflow, the rows are walked step by step.
    """
    where = "linear_scan"
    _check_pair(where, a, b)
    shape = _broadcast(where, a.shape, b.shape, "a")
    if isinstance(dim, bool) or not isinstance(dim, int) or not -len(shape) <= dim < len(shape):
        refuse(f"{where}: dim", repr(dim), f"an axis of the shape {tuple(shape)}", "count axes from 0, or from -1 backward")
    dim %= len(shape)
    rest = shape[:dim] + shape[dim + 1 :]
    _check_initial(where, initial, b, rest)
    outer, length, inner = math.prod(shape[:dim]), shape[dim], math.prod(shape[dim + 1 :])
    views = [t.expand(shape) for t in (a, b)]
    if b.device.type == "cpu":  # to find what it takes would cost a GPU as long as the checks do
        check_memory(f"{where}: the memory for the states", _bytes(views, (outer, length, inner)), b.device)
    wide = widened(b.dtype)
    start = None if initial is None else initial.to(wide).expand(rest).reshape(outer, inner)
    coefficients, inputs = (t.to(wide).reshape(outer, length, inner) for t in views)
    if compiles_scan(inputs):
        return scan_compiled(coefficients, inputs, start, reverse).reshape(shape).to(b.dtype)
    states: Tensor = _Scan.apply(coefficients, inputs, start, reverse, False)
    return states.reshape(shape).to(b.dtype)


def linear_scan_dense(
    a: Shaped[Tensor, "*coefficients d d"],
    b: Shaped[Tensor, "*inputs d"],
    *,
    initial: Shaped[Tensor, "*state d"] | None = None,
    reverse: bool = False,
) -> Shaped[Tensor, "*states d"]:
    r"""Return the states :math:`h_t=A_th_{t-1}+b_t` for matrices ``a[..., L, d, d]`` and inputs ``b[..., L, d]``.

    ``initial[..., d]`` is the state before the first step; all else as in :func:`linear_scan`, derivatives included.

    Raises:
        ValueError: matrices that are not square or not of b's size, batches that do not broadcast.
        TypeError, MemoryError: as :func:`linear_scan`.

    Notes:
        O(L d²) operations and one small operation a step where rows and d are many; chunks, with O(L d³)
        operations, where rows · d³ < 2¹⁵ and starting an operation is what costs.
    """
    where = "linear_scan_dense"
    _check_pair(where, a, b)
    if a.ndim < 3 or b.ndim < 2 or a.shape[-1] != a.shape[-2] or a.shape[-1] != b.shape[-1]:
        shapes = f"{tuple(a.shape)} and {tuple(b.shape)}"
        refuse(f"{where}: a.shape and b.shape", shapes, "[..., L, d, d] and [..., L, d]", "give one square matrix a step")
    shape = _broadcast(where, a.shape[:-1], b.shape, "a[..., 0]")
    rest, d, length = shape[:-2] + shape[-1:], shape[-1], shape[-2]
    _check_initial(where, initial, b, rest)
    outer = math.prod(shape[:-2])
    matrices, inputs = a.expand(*shape, d), b.expand(shape)
    needed = _bytes([matrices], (outer, length, d, d), 0) + _bytes([inputs], (outer, length, d))
    check_memory(f"{where}: the memory for the states", needed, b.device)
    wide = widened(b.dtype)
    start = None if initial is None else initial.to(wide).expand(rest).reshape(outer, d)
    matrices, inputs = matrices.to(wide).reshape(outer, length, d, d), inputs.to(wide).reshape(outer, length, d)
    return _Scan.apply(matrices, inputs, start, reverse, True).reshape(shape).to(b.dtype)


class _Scan(Function):
    """States of rows ``b[rows, L, k]`` with ``a`` of the same shape, or ``a[rows, L, k, k]`` if dense."""

    @staticmethod
    def forward(a: Tensor, b: Tensor, initial: Tensor | None, reverse: bool, dense: bool) -> Tensor:
        if not dense and runs_triton(b):
            from derivable.kernels.triton_linear_scan import scan_rows

            return scan_rows(a, b, initial, reverse)
        return _scan(_Dense if dense else _Elementwise, a, b, initial, reverse)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        a, _, initial, ctx.reverse, ctx.dense = inputs
        ctx.save_for_backward(a, initial, output)
        ctx.save_for_forward(a, initial, output)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        a, initial, h = ctx.saved_tensors
        adjoint = a.mH if ctx.dense else a.conj()
        if not (ctx.dense or torch.is_grad_enabled()) and runs_triton(h):
            grad_a, y = _Adjoint.apply(a, h, initial, grad, ctx.reverse)
            return grad_a, y, _into_start(adjoint, y, ctx.reverse, False) if ctx.needs_input_grad[2] else None, None, None
        # y_t = g_t + a*_{t+1} y_{t+1}
        y = _Scan.apply(adjoint.roll(1 if ctx.reverse else -1, 1), grad, None, not ctx.reverse, ctx.dense)
        grad_a = grad_initial = None
        if ctx.needs_input_grad[0]:
            before = _before(h, initial, ctx.reverse).conj()
            grad_a = y[..., None] * before[..., None, :] if ctx.dense else y * before
        if ctx.needs_input_grad[2]:
            grad_initial = _into_start(adjoint, y, ctx.reverse, ctx.dense)
        return grad_a, y, grad_initial, None, None

    @staticmethod
    def jvp(ctx: Any, da: Tensor | None, db: Tensor | None, dinitial: Tensor | None, *_: None) -> Tensor:
        a, initial, h = ctx.saved_tensors
        drive = torch.zeros_like(h) if db is None else db
        if da is not None:
            drive = drive + _apply(da, _before(h, initial, ctx.reverse), ctx.dense)
        return _Scan.apply(a, drive, dinitial, ctx.reverse, ctx.dense)

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        a, b, initial = (_merged(t, dim, info.batch_size) for t, dim in zip(inputs[:3], in_dims[:3], strict=True))
        return _Scan.apply(a, b, initial, *inputs[3:]).unflatten(0, (info.batch_size, -1)), 0


class _Adjoint(Function):
    """Gradients by a and b on a GPU in one pass over memory, where no derivatives of them are asked for."""

    @staticmethod
    def forward(a: Tensor, h: Tensor, initial: Tensor | None, grad: Tensor, reverse: bool) -> tuple[Tensor, Tensor]:
        from derivable.kernels.triton_linear_scan import adjoint_rows

        return adjoint_rows(a, h, initial, grad, reverse)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        pass

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[tuple[Tensor, ...], tuple[int, int]]:
        tensors = (_merged(t, dim, info.batch_size) for t, dim in zip(inputs[:4], in_dims[:4], strict=True))
        results = _Adjoint.apply(*tensors, inputs[4])
        return tuple(t.unflatten(0, (info.batch_size, -1)) for t in results), (0, 0)


def _merged(t: Tensor | None, dim: int | None, batch: int) -> Tensor | None:
    """Return the batch that ``vmap`` goes over as more rows."""
    if t is None:
        return None
    return (t.expand(batch, *t.shape) if dim is None else t.movedim(dim, 0)).flatten(0, 1)


class _Elementwise:
    """A coefficient multiplies entry by entry."""

    @staticmethod
    def chunked(rows: int, width: int) -> bool:
        return rows * width < LANES

    @staticmethod
    def advance(a: Tensor, h: Tensor, b: Tensor, out: Tensor) -> None:
        torch.addcmul(b, a, h, out=out)

    @staticmethod
    def compose(a: Tensor, p: Tensor, out: Tensor) -> None:
        torch.mul(a, p, out=out)

    @staticmethod
    def carry(p: Tensor, state: Tensor, out: Tensor) -> None:
        out.addcmul_(p, state)


class _Dense:
    """A coefficient is a matrix."""

    @staticmethod
    def chunked(rows: int, width: int) -> bool:
        return rows * width**3 < 1 << 15

    @staticmethod
    def advance(a: Tensor, h: Tensor, b: Tensor, out: Tensor) -> None:
        out.copy_(torch.baddbmm(b.flatten(0, 1)[..., None], a.flatten(0, 1), h.flatten(0, 1)[..., None]).view(out.shape))

    @staticmethod
    def compose(a: Tensor, p: Tensor, out: Tensor) -> None:
        out.copy_(a @ p)

    @staticmethod
    def carry(p: Tensor, state: Tensor, out: Tensor) -> None:
        out.add_((p @ state[..., None])[..., 0])


Kind = type[_Elementwise] | type[_Dense]


def _scan(kind: Kind, a: Tensor, b: Tensor, initial: Tensor | None, reverse: bool) -> Tensor:  # b [rows, L, k]
    out = b.new_empty(b.shape)
    rows, length, width = b.shape
    if b.numel() == 0:
        return out
    if kind is _Elementwise and width < RUN and length > RADIX and rows * width >= LEAST_ROWS and b.device.type == "cpu":
        _windows(a, b, initial, reverse, out)
        return out
    tile = TILE.get(b.device.type, TILE["cuda"])
    direct = kind is _Elementwise and width >= RUN
    # neither buffers nor chunks: one tile is as good as many
    height = rows if direct and not kind.chunked(rows, width) else max(1, tile // (length * width))
    for top in range(0, rows, height):
        part = slice(top, top + height)
        start = None if initial is None else initial[part]
        chunked = length > RADIX and kind.chunked(len(b[part]), width)
        state = _row_tile(kind, a[part], b[part], out[part], start, reverse, chunked)
        # a product of coefficients that overflowed has made the last state infinite or NaN
        if chunked and not torch.isfinite(state).all():
            _row_tile(kind, a[part], b[part], out[part], start, reverse, False)
    return out


def _windows(a: Tensor, b: Tensor, initial: Tensor | None, reverse: bool, out: Tensor) -> None:
    """Scan where time lies contiguous, or nearly: the first steps one after the other, the others by windows."""
    rows, length, width = b.shape
    height = -(-rows // -(-rows * width // MOST_ROWS))
    begin = slice(length - RADIX, length) if reverse else slice(RADIX)
    end = slice(RADIX) if reverse else slice(length - RADIX, length)
    for top in range(0, rows, height):
        part = slice(top, top + height)
        start = None if initial is None else initial[part]
        _tile(_Elementwise, a[part, begin], b[part, begin], out[part, begin], start, reverse, 1)
        scan_by_windows(a[part], b[part], out[part], RADIX, reverse)
        if not torch.isfinite(out[part, end]).all():
            _row_tile(_Elementwise, a[part], b[part], out[part], start, reverse, False)


def _row_tile(kind: Kind, a: Tensor, b: Tensor, out: Tensor, state: Tensor | None, reverse: bool, chunked: bool) -> Tensor:
    rows, length, width = b.shape
    span = max(RADIX, TILE.get(b.device.type, TILE["cuda"]) // (rows * width) // RADIX * RADIX)
    pieces = list(_pieces(length, span))
    for begin, end in reversed(pieces) if reverse else pieces:
        cut = slice(begin, end)
        chunks = (end - begin) // RADIX if chunked and end - begin > RADIX else 1
        state = _tile(kind, a[:, cut], b[:, cut], out[:, cut], state, reverse, chunks)
    assert state is not None
    return state


def _pieces(length: int, span: int) -> Iterator[tuple[int, int]]:
    """Cut time into spans of whole chunks and a rest."""
    whole = length if length <= RADIX else length // RADIX * RADIX
    for begin in range(0, whole, span):
        yield begin, min(begin + span, whole)
    if whole < length:
        yield whole, length


def _tile(kind: Kind, a: Tensor, b: Tensor, out: Tensor, carry: Tensor | None, reverse: bool, chunks: int) -> Tensor:
    """Fill ``out`` with the states of one tile ``[rows, chunks · m, k]`` and return the last one."""
    rows, length, width = b.shape
    m = length // chunks
    order = range(m - 1, -1, -1) if reverse else range(m)
    direct = kind is _Elementwise and width >= RUN
    products: Sequence[Tensor] | None
    if direct:
        coefficients, inputs, states = (t.unflatten(1, (chunks, m)).unbind(2) for t in (a, b, out))
        P = b.new_empty(m, rows, chunks, width) if chunks > 1 else None
        products = None if P is None else P.unbind(0)
        H = out.unflatten(1, (chunks, m)).movedim(2, 0)
    else:
        P, H = _time_first(a, chunks), _time_first(b, chunks)
        coefficients = products = P.unbind(0)
        inputs = states = H.unbind(0)
    if chunks == 1:
        _walk(kind, coefficients, inputs, states, None, order, None if carry is None else carry[:, None])
    else:
        assert P is not None
        assert products is not None
        _walk(kind, coefficients, inputs, states, products, order, None)
        last = order[-1]
        ends = _scan(kind, products[last], states[last], carry, reverse)
        # a chunk starts from the end of the one before it, the first one from the carry
        into, before, first = (slice(0, -1), slice(1, None), -1) if reverse else (slice(1, None), slice(0, -1), 0)
        kind.carry(P[:, :, into], ends[:, before], H[:, :, into])
        if carry is not None:
            kind.carry(P[:, :, first], carry, H[:, :, first])
    if not direct:
        _time_back(H, out)
    return out[:, 0 if reverse else -1]


def _walk(
    kind: Kind,
    a: Sequence[Tensor],
    b: Sequence[Tensor],
    h: Sequence[Tensor],
    p: Sequence[Tensor] | None,
    order: range,
    carry: Tensor | None,
) -> None:
    """h_j = a_j h_{j-1} + b_j and p_j = a_j p_{j-1}; h may be b, and p may be a."""
    first = order[0]
    if carry is not None:
        kind.advance(a[first], carry, b[first], out=h[first])
    elif h[first] is not b[first]:
        h[first].copy_(b[first])
    if p is not None and p[first] is not a[first]:
        p[first].copy_(a[first])
    for before, j in pairwise(order):
        kind.advance(a[j], h[before], b[j], out=h[j])
        if p is not None:
            kind.compose(a[j], p[before], out=p[j])


def _time_first(t: Tensor, chunks: int) -> Tensor:
    """Copy ``t[rows, chunks · m, …]`` to ``[m, rows, chunks, …]``."""
    rows, m, rest = len(t), t.shape[1] // chunks, t.shape[2:]
    # torch transposes a matrix in blocks, but only one that is contiguous
    flat = t.reshape(rows * chunks, m, *rest)
    buffer = t.new_empty(m, rows * chunks, *rest)
    if rest.numel() == 1:
        buffer.view(m, -1).copy_(flat.contiguous().view(-1, m).t())
    else:
        buffer.copy_(flat.transpose(0, 1))
    return buffer.view(m, rows, chunks, *rest)


def _time_back(buffer: Tensor, out: Tensor) -> None:  # buffer [m, rows, chunks, k], out [rows, chunks · m, k]
    m, rows, chunks, width = buffer.shape
    if width > 1:
        out.unflatten(1, (chunks, m)).copy_(buffer.movedim(0, 2))
        return
    transposed = buffer.view(m, rows * chunks).t()
    if out.is_contiguous():
        out.view(rows * chunks, m).copy_(transposed)
    else:
        out.copy_(transposed.contiguous().view(out.shape))


def _before(h: Tensor, initial: Tensor | None, reverse: bool) -> Tensor:
    """Return the states one step earlier, the initial one first."""
    start = torch.zeros_like(h[:, :1]) if initial is None else initial[:, None]
    return torch.cat([h[:, 1:], start] if reverse else [start, h[:, :-1]], 1)


def _into_start(adjoint: Tensor, y: Tensor, reverse: bool, dense: bool) -> Tensor:
    """Return the gradient by the state before the first step; without steps nothing depends on it."""
    if y.shape[1] == 0:
        return y.new_zeros(y.shape[0], *y.shape[2:])
    first = -1 if reverse else 0
    return _apply(adjoint[:, first], y[:, first], dense)


def _apply(a: Tensor, h: Tensor, dense: bool) -> Tensor:
    return (a @ h[..., None])[..., 0] if dense else a * h


def _check_pair(where: str, a: object, b: object) -> None:
    first = check_tensor(f"{where}: b", b, (*REAL, *COMPLEX), "[..., L, ...]", 1)
    check_like(f"{where}: a", check_tensor(f"{where}: a", a, (*REAL, *COMPLEX), "[..., L, ...]", 0), "b", first)


def _broadcast(where: str, a: torch.Size, b: torch.Size, name: str) -> torch.Size:
    try:
        return broadcast_shapes(a, b)
    except RuntimeError:
        refuse(
            f"{where}: {name}.shape",
            str(tuple(a)),
            f"a shape that broadcasts with b.shape {tuple(b)}",
            "give every axis the same length, or 1",
        )


def _check_initial(where: str, initial: object, b: Tensor, rest: torch.Size) -> None:
    if initial is None:
        return
    name = f"{where}: initial"
    start = check_tensor(name, initial, (b.dtype,), str(tuple(rest)), 0)
    check_like(name, start, "b", b)
    try:
        fits = broadcast_shapes(start.shape, rest) == rest
    except RuntimeError:
        fits = False
    if not fits:
        refuse(f"{name}.shape", str(tuple(start.shape)), f"one that broadcasts to {tuple(rest)}", "give the state of one step")


def _bytes(views: Sequence[Tensor], shape: Sequence[int], results: int = 1) -> int:
    """Bytes of results of ``shape``, and of those ``views`` that take a copy to get this shape and their wide dtype."""
    number = views[0].dtype
    wide = widened(number)
    copies = sum(t.dtype != wide or not _viewable(t, shape) for t in views)
    return math.prod(shape) * (wide.itemsize * (results + copies) + results * (number != wide) * number.itemsize)


def _viewable(t: Tensor, shape: Sequence[int]) -> bool:
    try:
        t.view(shape)
    except RuntimeError:
        return False
    return True


def reference_linear_scan(
    a: Shaped[Tensor, "*coefficients"],
    b: Shaped[Tensor, "*inputs"],
    *,
    dim: int = -1,
    initial: Shaped[Tensor, "*state"] | None = None,
    reverse: bool = False,
) -> Shaped[Tensor, "*states"]:
    """Return the states by one multiplication and addition a step, in float64 or complex128."""
    wide = torch.complex128 if b.is_complex() else torch.float64
    a, b = (t.to(wide).movedim(dim, 0) for t in torch.broadcast_tensors(a, b))
    h = torch.zeros(b.shape[1:]).to(b) if initial is None else initial.to(wide)
    states = [torch.empty(0)] * len(b)
    for t in reversed(range(len(b))) if reverse else range(len(b)):
        h = (a[t] * h if initial is not None or t != (len(b) - 1 if reverse else 0) else 0) + b[t]
        states[t] = h
    return torch.stack(states).movedim(0, dim) if states else b.movedim(0, dim)


def reference_linear_scan_dense(
    a: Shaped[Tensor, "*coefficients d d"],
    b: Shaped[Tensor, "*inputs d"],
    *,
    initial: Shaped[Tensor, "*state d"] | None = None,
    reverse: bool = False,
) -> Shaped[Tensor, "*states d"]:
    """Return the states by one matrix-vector product a step, in float64 or complex128."""
    wide = torch.complex128 if b.is_complex() else torch.float64
    a, b = a.to(wide).movedim(-3, 0), b.to(wide).movedim(-2, 0)
    h = torch.zeros(b.shape[1:]).to(b) if initial is None else initial.to(wide)
    states = [torch.empty(0)] * len(b)
    for t in reversed(range(len(b))) if reverse else range(len(b)):
        h = (a[t] @ h[..., None])[..., 0] + b[t]
        states[t] = h
    return torch.stack(states).movedim(0, -2) if states else b.movedim(0, -2)
