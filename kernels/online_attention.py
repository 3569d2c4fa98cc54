"""Causal softmax attention as a recurrence with a state of constant size, block by block, as a scan, and in parts."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import REAL, broadcast_shapes, check_count, check_like, check_tensor, refuse
from derivable.kernels._memory import check_memory
from derivable.kernels._triton import runs_triton
from derivable.kernels.linear_scan import linear_scan

if TYPE_CHECKING:
    from jaxtyping import Float

_DTYPES = (*REAL, torch.float16)
BLOCK = {"cpu": 128, "cuda": 512}


def attention_online(
    q: Float[Tensor, "*heads length d"],
    k: Float[Tensor, "*heads_k length d"],
    v: Float[Tensor, "*heads_v length dv"],
    block: int | None = None,
) -> Float[Tensor, "*out length dv"]:
    r"""Return :math:`o_i=\sum_{j\le i}e^{q_i\cdot k_j}v_j\big/\sum_{j\le i}e^{q_i\cdot k_j}`; a scale belongs into q.

    Args:
        q, k: queries and keys ``[..., L, d]``, L and d from 0; float32, float64, or bfloat16 and float16 (computed in float32).
        v: values ``[..., L, dv]``. What precedes the last two dimensions broadcasts (one head of keys for many of queries).
        block: how many queries and keys are taken at a time; any number from 1, it need not divide L; without it
            128 on a CPU and 512 on a GPU, where it costs more to start an operation. On a GPU with Triton it means nothing: the
            kernel has blocks of its own.

    Returns:
        ``[..., L, dv]`` in the dtype of q. Differentiable twice and more; the backward pass computes the weights again, block by
        block, so that neither pass keeps a matrix of L × L.

    Raises:
        ValueError: shapes that do not fit, another device, a block below 1.
        TypeError: no tensor, another dtype, a block that is no int.
        MemoryError: result and copies do not fit into the CPU's memory.

    Notes:
        Claims ``ssm/attention_rnn/C1``, ``C3``, ``C4``. A query keeps (m, z, y): the largest score that it has met, and the
        sums of e^{s - m} and e^{s - m} v; a block of keys is read by

        .. math:: M=\max(m,\max_js_j),\quad z\gets ze^{m-M}+\sum_je^{s_j-M},\quad y\gets ye^{m-M}+\sum_je^{s_j-M}v_j,

        and o = y/z. Nothing overflows, whatever the finite scores are. O(L² (d + dv)) operations, L (2 + dv) numbers of state.
        Rounding: with S the largest :math:`\sum_c|q_{ic}k_{jc}|`, to first order in the unit u,
        :math:`|\text{error}|\le2u\,((d+4)S+L+4\lceil L/b\rceil+8)\max|v|`.
        On a GPU with Triton one kernel keeps the state in registers, up to d and dv of 256 (128 in double precision), see
        :mod:`derivable.kernels.triton_attention`, within the bound for any b; gradients by half-precision keys or values that
        heads share are then sums of rounded ones. Second derivatives are taken block by block there too.
        A score of -inf has the weight 0; where all scores that a query meets are -inf, its output is NaN (0/0), as for
        ``torch.softmax``. NaN or infinity in q spoils the query's output, in k or v the outputs from its position on: no earlier
        one. Differs from ``torch.nn.functional.scaled_dot_product_attention`` in: no default scale, sums in float32 or wider,
        strict causality where values are not finite, second derivatives.
    """
    where = "attention_online"
    if block is not None:
        check_count(f"{where}: block", block)
    q, k, v, batch = _check_heads(where, q, k, v)
    read_as = q.dtype if _in_registers(q, v) else torch.promote_types(q.dtype, torch.float32)
    rows = [t.to(read_as).expand(*batch, *t.shape[-2:]).reshape(batch.numel(), *t.shape[-2:]) for t in (q, k, v)]
    o, _ = _Attention.apply(*rows, block or BLOCK.get(q.device.type, BLOCK["cuda"]))
    return o.reshape(*batch, *o.shape[-2:]).to(q.dtype)


def attention_scan(
    q: Float[Tensor, "*batch d"], k: Float[Tensor, "*batch_k length d"], v: Float[Tensor, "*batch_v length dv"]
) -> Float[Tensor, "*out length dv"]:
    r"""Return what one query reads from every prefix, :math:`o_t=\sum_{j\le t}e^{q\cdot k_j}v_j\big/\sum_{j\le t}e^{q\cdot k_j}`.

    Args:
        q: one query ``[..., d]``; k, v: keys ``[..., L, d]`` and values ``[..., L, dv]``; dtypes as :func:`attention_online`.

    Returns:
        ``[..., L, dv]``, for t = 1, …, L. Differentiable any number of times.

    Raises:
        ValueError, TypeError, MemoryError: as :func:`attention_online`.

    Notes:
        Claims ``ssm/attention_rnn/C4``. The running maximum m is a scan of its own; with it z and y obey
        h_t = e^{m_{t-1} - m_t} h_{t-1} + e^{s_t - m_t} (v_t, 1), a linear scan whose coefficients are at most 1. O(L (d + dv)).
        Rounding: :math:`|\text{error}|\le2u\,((d+4)S+4L+8)\max|v|`, S as for :func:`attention_online`; what is said there of
        scores of -inf, NaN and infinity holds with the prefix in place of the query.
    """
    where = "attention_scan"
    check_tensor(f"{where}: q", q, _DTYPES, "[..., d]", 1)
    q, k, v, batch = _check_heads(where, q[..., None, :], k, v)
    wide = torch.promote_types(q.dtype, torch.float32)
    scores = (q.to(wide) * k.to(wide)).sum(-1).expand(*batch, k.shape[-2])  # [..., L]
    if scores.shape[-1] == 0:
        return q.new_empty(*batch, 0, v.shape[-1])
    # the state stands for the same sums whatever m is, so that m is a constant for derivatives
    m = torch.cummax(scores.detach(), -1).values
    shift = _finite(m)
    decay = torch.exp(torch.cat([m[..., :1], m[..., :-1]], -1) - shift)[..., None]
    weight = torch.exp(scores - shift)[..., None]
    inputs = torch.cat([weight * v.to(wide), weight.expand(*batch, *weight.shape[-2:])], -1)
    sums = linear_scan(decay, inputs, dim=-2)
    return (sums[..., :-1] / sums[..., -1:]).to(q.dtype)


@dataclass(frozen=True)
class AttentionState:
    r"""What a query remembers of the keys and values that it has read: it stands for the sums (z, y)·e^m.

    Attributes:
        m: a shift, the largest score ``[...]``; -inf where nothing has been read.
        z: the sum of e^{s - m}, ``[...]``.
        y: the sum of e^{s - m} v, ``[..., dv]``.

    Notes:
        Claims ``ssm/attention_rnn/C4``: :meth:`merged` is associative and commutative, so that parts of a sequence can be read
        in any grouping, on other devices, at other times. Its neutral element is ``read(q, k, v)`` of no keys: (-inf, 0, 0).
    """

    m: Tensor
    z: Tensor
    y: Tensor

    @classmethod
    def read(
        cls,
        q: Float[Tensor, "*batch d"],
        k: Float[Tensor, "*batch_k keys d"],
        v: Float[Tensor, "*batch_v keys dv"],
    ) -> AttentionState:
        """Return the state of the queries ``q`` after reading all ``keys``, 0 of them or more; sums in float32 or wider.

        Raises:
            ValueError, TypeError, MemoryError: as :func:`attention_online`.
        """
        where = "AttentionState.read"
        check_tensor(f"{where}: q", q, _DTYPES, "[..., d]", 1)
        q, k, v, batch = _check_heads(where, q[..., None, :], k, v)
        wide = torch.promote_types(q.dtype, torch.float32)
        scores = (q.to(wide) * k.to(wide)).sum(-1).expand(*batch, k.shape[-2])
        nothing = scores.new_full((*batch, 1), -torch.inf)
        m = torch.cat([nothing, scores.detach()], -1).amax(-1)
        weights = torch.exp(scores - _finite(m)[..., None])
        return cls(m, weights.sum(-1), (weights[..., None, :] @ v.to(wide))[..., 0, :])

    def merged(self, other: AttentionState) -> AttentionState:
        r"""Return the state after both: M = max(m, m'), z e^{m-M} + z' e^{m'-M}, y e^{m-M} + y' e^{m'-M}."""
        for name, ours, theirs in (("m", self.m, other.m), ("y", self.y, other.y)):
            where = f"AttentionState.merged: other.{name}"
            check_like(where, theirs, f"self.{name}", ours)
            if theirs.shape != ours.shape:
                remedy = "merge states of the same queries and values"
                refuse(f"{where}.shape", str(tuple(theirs.shape)), f"{tuple(ours.shape)} like self.{name}", remedy)
        M = torch.maximum(self.m, other.m)
        shift = _finite(M)
        a, b = torch.exp(self.m - shift), torch.exp(other.m - shift)
        return AttentionState(M, a * self.z + b * other.z, a[..., None] * self.y + b[..., None] * other.y)

    def output(self) -> Tensor:
        """Return o = y/z, ``[..., dv]``; NaN where nothing has been read but scores of -inf."""
        return self.y / self.z[..., None]


class _Attention(Function):
    """Outputs and log Σ e^s of rows ``q, k [rows, L, d]``, ``v [rows, L, dv]``, in float32 or wider."""

    @staticmethod
    def forward(q: Tensor, k: Tensor, v: Tensor, block: int) -> tuple[Tensor, Tensor]:
        if _in_registers(q, v):
            from derivable.kernels.triton_attention import attention_rows

            return attention_rows(q, k, v)
        out, log_total = v.new_empty(v.shape), v.new_empty(v.shape[:-1])
        finite = bool(v.isfinite().all())
        for rows in _cuts(v.shape[-2], block):
            query = q[:, rows]
            m = query.new_full(query.shape[:-1], -torch.inf)
            z, y = torch.zeros_like(m), query.new_zeros(*query.shape[:-1], v.shape[-1])
            for keys in _cuts(rows.stop, block):
                weights = query @ k[:, keys].mT
                visible = _visible(rows, keys, q.device)
                if visible is not None:
                    weights.masked_fill_(~visible, -torch.inf)
                M = torch.maximum(m, weights.amax(-1))
                shift = _finite(M)
                weights.sub_(shift[..., None]).exp_()
                decay = torch.exp(m - shift)
                z.mul_(decay).add_(weights.sum(-1))
                y.mul_(decay[..., None])
                if visible is None or finite:
                    y.baddbmm_(weights, v[:, keys])
                else:
                    # 0 · NaN of a later value must not reach an earlier query
                    seen = torch.where(visible[..., None], v[:, None, keys], 0)  # [rows, queries, keys, dv]
                    y += (weights[..., None] * seen).sum(-2)
                m = M
            out[:, rows] = y / z[..., None]
            log_total[:, rows] = m + z.log()
        return out, log_total

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
        *tensors, ctx.block = inputs
        ctx.save_for_backward(*tensors, *output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, o, log_total = ctx.saved_tensors
        grad, grad_total = grads
        if not torch.is_grad_enabled() and _in_registers(q, v):
            return *_Adjoint.apply(q, k, v, o, log_total, grad, grad_total), None
        # made of operations that autograd knows: the outputs belong to the graph, so that second derivatives are right
        kept = q.dtype
        q, k, v = (t.to(o.dtype) for t in (q, k, v))
        mean = grad_total - (grad * o).sum(-1)  # [rows, L]
        pieces = list(_cuts(v.shape[-2], ctx.block))
        into_q: list[Tensor] = []
        into_k = [torch.zeros_like(k[:, keys]) for keys in pieces]
        into_v = [torch.zeros_like(v[:, keys]) for keys in pieces]
        for rows in pieces:
            total = torch.zeros_like(q[:, rows])
            for place, keys in enumerate(_cuts(rows.stop, ctx.block)):
                scores = q[:, rows] @ k[:, keys].mT
                visible = _visible(rows, keys, q.device)
                if visible is not None:
                    scores = scores.masked_fill(~visible, -torch.inf)
                weights = torch.exp(scores - log_total[:, rows, None])
                slope = weights * (grad[:, rows] @ v[:, keys].mT + mean[:, rows, None])
                total = total + slope @ k[:, keys]
                into_k[place] = into_k[place] + slope.mT @ q[:, rows]
                into_v[place] = into_v[place] + weights.mT @ grad[:, rows]
            into_q.append(total)
        joined = (torch.cat(parts, 1) if parts else torch.zeros_like(t) for parts, t in ((into_q, q), (into_k, k), (into_v, v)))
        return *(t.to(kept) for t in joined), None


class _Adjoint(Function):
    """Gradients by q, k and v on a GPU, where no derivatives of them are asked for."""

    @staticmethod
    def forward(
        q: Tensor, k: Tensor, v: Tensor, o: Tensor, log_total: Tensor, grad: Tensor, grad_total: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        from derivable.kernels.triton_attention import attention_adjoint_rows

        return attention_adjoint_rows(q, k, v, o, log_total, grad, grad_total)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        pass


def _in_registers(q: Tensor, v: Tensor) -> bool:
    """Say whether a kernel of Triton takes these queries and values."""
    if not runs_triton(q):
        return False
    from derivable.kernels.triton_attention import takes

    return takes(q, v)


def _cuts(length: int, block: int) -> list[slice]:
    return [slice(start, min(start + block, length)) for start in range(0, length, block)]


def _visible(rows: slice, keys: slice, device: torch.device) -> Tensor | None:
    """Return which keys of a block on the diagonal each query sees; None for a block below it, where it sees all."""
    if keys.stop <= rows.start + 1:
        return None
    return torch.arange(rows.start, rows.stop, device=device)[:, None] >= torch.arange(keys.start, keys.stop, device=device)


def _finite(m: Tensor) -> Tensor:
    """Return m with 0 in place of -inf, since -inf - (-inf) is NaN."""
    return m.masked_fill(m == -torch.inf, 0.0)


def _check_heads(where: str, q: Tensor, k: object, v: object) -> tuple[Tensor, Tensor, Tensor, torch.Size]:
    """Return q, k, v and the batch that their leading dimensions broadcast to; q is ``[..., queries, d]``."""
    check_tensor(f"{where}: q", q, _DTYPES, "[..., L, d]", 2)
    keys = check_tensor(f"{where}: k", k, _DTYPES, "[..., L, d]", 2)
    values = check_tensor(f"{where}: v", v, _DTYPES, "[..., L, dv]", 2)
    check_like(f"{where}: k", keys, "q", q)
    check_like(f"{where}: v", values, "q", q)
    length = q.shape[-2] if where == "attention_online" else values.shape[-2]
    if keys.shape[-2:] != (length, q.shape[-1]):
        found, wanted = str(tuple(keys.shape)), f"(..., {length}, {q.shape[-1]})"
        refuse(f"{where}: k.shape", found, wanted, "give one key a position, of the length of a query")
    if values.shape[-2] != length:
        refuse(f"{where}: v.shape", str(tuple(values.shape)), f"(..., {length}, dv)", "give one value a position")
    try:
        batch = broadcast_shapes(q.shape[:-2], keys.shape[:-2], values.shape[:-2])
    except RuntimeError:
        shapes = ", ".join(str(tuple(t.shape[:-2])) for t in (q, keys, values))
        refuse(f"{where}: the batches of q, k, v", shapes, "shapes that broadcast", "insert ones")
    width = 2 * (q.shape[-1] + values.shape[-1])
    check_memory(f"{where}: the memory for the result", batch.numel() * length * width * max(q.element_size(), 4), q.device)
    return q, keys, values, batch


def reference_attention_online(
    q: Float[Tensor, "*heads length d"], k: Float[Tensor, "*heads length d"], v: Float[Tensor, "*heads length dv"]
) -> Float[Tensor, "*heads length dv"]:
    """Return the masked softmax of all scores at once, in float64; O(L²) memory."""
    q, k, v = (t.double() for t in (q, k, v))
    length = q.shape[-2]
    mask = torch.ones(length, length, dtype=torch.bool, device=q.device).tril()
    return (q @ k.mT).masked_fill(~mask, -torch.inf).softmax(-1) @ v


def reference_attention_scan(
    q: Float[Tensor, " d"], k: Float[Tensor, "length d"], v: Float[Tensor, "length dv"]
) -> Float[Tensor, "length dv"]:
    """Return what one query reads from every prefix, one softmax each, in float64; O(L²)."""
    q, k, v = (t.double() for t in (q, k, v))
    rows = [torch.softmax(k[: t + 1] @ q, -1) @ v[: t + 1] for t in range(len(k))]
    return torch.stack(rows) if rows else v
