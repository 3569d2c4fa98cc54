"""Linear scans as one expression, for ``torch.compile`` to make loops of."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

# Steps of a chunk: a loop walks them in registers. As many float32 have a product that float64 holds.
STEPS = 8


def compiles_scan(b: Tensor) -> bool:
    """Say whether a compiler looks and ``b`` is of the kind that :func:`scan_compiled` takes."""
    return torch.compiler.is_compiling() and b.device.type == "cpu" and b.dtype == torch.float32 and b.numel() > 0


def scan_compiled(a: Tensor, b: Tensor, initial: Tensor | None, reverse: bool) -> Tensor:
    r"""Return the states :math:`h_t=a_th_{t-1}+b_t` of rows ``b[rows, L, k]``, with ``a`` of the same shape and
    ``initial[rows, k]`` or zeros; with ``reverse`` from the last step to the first. float32 on a CPU.

    Chunks of 8 steps are walked side by side for what each does to a state, :math:`h\mapsto ph+q`; these are scanned in the same
    way; then each chunk is walked from its state. Memory is read twice and written once. States between chunks are in float64,
    where a product p that overflows meets either 0, which it leaves 0, or a state that overflows float32. Differentiable in a, b
    and ``initial``, backward only and as often as the compiler allows, which takes no forward derivatives of a function's own.
    """
    if initial is None:
        first = b.shape[1] - 1 if reverse else 0
        unused = torch.arange(b.shape[1], device=b.device) == first
        a = torch.where(unused[:, None], 0, a)
        initial = b.new_zeros(b.shape[0], b.shape[2])
    states: Tensor = _Scan.apply(a, b, initial, reverse)
    return states


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(a: Tensor, b: Tensor, initial: Tensor, reverse: bool) -> Tensor:
        return _scan(a, b, initial, reverse)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        a, _, initial, ctx.reverse = inputs
        ctx.save_for_backward(a, initial, output)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        a, initial, h = ctx.saved_tensors
        ahead, behind = (slice(1, None), slice(None, -1)) if ctx.reverse else (slice(None, -1), slice(1, None))
        # y_t = g_t + a_{t+1} y_{t+1}
        nothing = torch.zeros_like(initial)
        adjoint = torch.cat([nothing[:, None], a[:, behind]] if ctx.reverse else [a[:, behind], nothing[:, None]], 1)
        y: Tensor = _Scan.apply(adjoint, grad, nothing, not ctx.reverse)
        before = torch.cat([h[:, ahead], initial[:, None]] if ctx.reverse else [initial[:, None], h[:, ahead]], 1)
        start = -1 if ctx.reverse else 0
        return y * before, y, a[:, start] * y[:, start], None


def _scan(a: Tensor, b: Tensor, initial: Tensor, reverse: bool) -> Tensor:
    length = b.shape[1]
    coefficients, inputs = _chunks(a, 1.0, reverse), _chunks(b, 0.0, reverse)
    order = range(STEPS - 1, -1, -1) if reverse else range(STEPS)
    p, q = (t[order[0]].double() for t in (coefficients, inputs))
    for j in order[1:]:
        step = coefficients[j].double()
        p, q = step * p, step * q + inputs[j].double()
    # an infinite coefficient of this chunk, unlike an overflow, spoils what comes after, be the state 0
    state = _between(p.contiguous(), (q + 0 * p).contiguous(), initial.double(), reverse).to(b.dtype)
    states = [state] * STEPS
    for j in order:
        states[j] = state = coefficients[j] * state + inputs[j]
    return _joined(states, length, reverse)


def _between(p: Tensor, q: Tensor, state: Tensor, reverse: bool) -> Tensor:
    """Return the states before each of the maps s ↦ p s + q of ``[rows, m, k]``, the first one ``state``."""
    count = q.shape[1]
    order = range(count - 1, -1, -1) if reverse else range(count)
    if count <= 2 * STEPS:
        states = [state] * count
        for j in order:
            states[j] = state
            state = _mapped(p[:, j], state, q[:, j])
        return torch.stack(states, 1)
    factors, terms = _chunks(p, 1.0, reverse), _chunks(q, 0.0, reverse)
    order = range(STEPS - 1, -1, -1) if reverse else range(STEPS)
    product, total = factors[order[0]], terms[order[0]]
    for j in order[1:]:
        product, total = factors[j] * product, _mapped(factors[j], total, terms[j])
    state = _between(product.contiguous(), total.contiguous(), state, reverse)
    states = [state] * STEPS
    for j in order:
        states[j] = state
        state = _mapped(factors[j], state, terms[j])
    return _joined(states, count, reverse)


def _mapped(p: Tensor, state: Tensor, q: Tensor) -> Tensor:
    """Return p s + q, with 0 for the product of an overflow and 0."""
    return torch.where(state == 0, 0, p * state) + q


def _chunks(t: Tensor, neutral: float, reverse: bool) -> tuple[Tensor, ...]:
    """Return what ``[rows, L, k]`` has at each step of the chunks, ``[rows, L / 8, k]``; steps without effect fill the last."""
    lacking = -t.shape[1] % STEPS
    if lacking:
        t = torch.nn.functional.pad(t, (0, 0, lacking, 0) if reverse else (0, 0, 0, lacking), value=neutral)
    return t.unflatten(1, (-1, STEPS)).unbind(2)


def _joined(states: list[Tensor], length: int, reverse: bool) -> Tensor:
    joined = torch.stack(states, 2).flatten(1, 2)
    return joined[:, -length:] if reverse else joined[:, :length]
