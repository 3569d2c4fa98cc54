"""Causal softmax attention on a GPU and its adjoint, block by block, all sums in registers.

Imported by :mod:`derivable.kernels.online_attention` for tensors on a GPU if Triton is installed; the functions are the same,
without derivatives of their own. Importing this module without Triton raises ``ImportError``.

Tensor cores multiply numbers of 8 or 11 bits exactly and add the products in single precision, cut off where other units round.
With one bit or more to spare, as on GPUs since the A100, an addition errs by less than two units, as the bound of
:func:`derivable.kernels.online_attention.attention_online` allows. A factor of 24 bits is a sum of short ones:

- bfloat16: the weights are p = p₁ + p₂ + p₃ exactly, 8 bits each, against the values as they are;
- float16: 2¹⁵p = p₁ + 2⁻¹²p₂ up to one unit, where the powers of two keep both pieces in range; slopes of scores, which have no
  such range, are multiplied as float32;
- float32: both factors are sums of two pieces of 11 bits (``tf32x3``). A factor loses its last bit at most, 2 units, and the
  product of the lower pieces, which is left out, is at most 4: 8 units of a product. The 2d + 8 units of a score that the bound
  has leave room for them from 17 summands on; fewer are multiplied in float32 itself. A number within 2⁻¹² of the largest one
  of float32 becomes infinite;
- float64: tensor cores that round as IEEE 754 has it.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

# Queries, keys, warps and stages of a program by the bytes of a number and the largest padded d or dv; what is wider does not
# fit. For 64 these are the quickest of several on an H100; no program takes more than 96 KB of shared memory.
Blocks = dict[int, dict[int, tuple[int, int, int, int]]]
FORWARD: Blocks = {
    2: {64: (64, 64, 4, 3), 128: (128, 32, 8, 2), 256: (32, 32, 4, 2)},
    4: {64: (64, 32, 4, 3), 128: (32, 32, 4, 2), 256: (16, 16, 8, 2)},
    8: {64: (32, 32, 4, 2), 128: (32, 16, 4, 2)},
}
BY_QUERY: Blocks = {
    2: {64: (64, 32, 4, 3), 128: (64, 32, 8, 2), 256: (32, 16, 8, 2)},
    4: {64: (64, 32, 4, 1), 128: (32, 16, 8, 2), 256: (16, 16, 8, 2)},
    8: {64: (32, 32, 4, 2), 128: (16, 16, 4, 2)},
}
# with 16 queries beside 64 keys and 8 warps Triton 3.6 lets tensor cores read beyond the shared memory
BY_KEY: Blocks = {
    2: {64: (32, 64, 4, 3), 128: (32, 64, 8, 2), 256: (16, 32, 8, 2)},
    4: {64: (32, 32, 4, 2), 128: (16, 32, 8, 2), 256: (16, 16, 8, 2)},
    8: {64: (16, 32, 4, 2), 128: (16, 16, 4, 2)},
}
# Before 3.5 Triton multiplies no matrices in double precision.
FLOAT64 = tuple(map(int, triton.__version__.split(".")[:2])) >= (3, 5)


def attention_rows(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return :math:`o_i=\sum_{j\le i}e^{q_i\cdot k_j}v_j\big/\sum_{j\le i}e^{q_i\cdot k_j}` and the denominator's logarithm.

    ``q, k [rows, L, d]`` and ``v [rows, L, dv]`` of one dtype, float32, float64, bfloat16 or float16; o ``[rows, L, dv]`` and the
    logarithms ``[rows, L]`` are float32 or float64. Shapes, dtypes and devices are the caller's to check, see :func:`takes`.
    """
    rows, length, d = q.shape
    wide = torch.promote_types(q.dtype, torch.float32)
    o = torch.empty(v.shape, dtype=wide, device=v.device)
    log_total = torch.empty(rows, length, dtype=wide, device=v.device)
    if log_total.numel() == 0:
        return o, log_total
    q, k, v = tensors = tuple(_plain(t) for t in (q, k, v))
    constants = program(FORWARD, q, v)
    grid = (rows * -(-length // constants["QUERIES"]),)
    attention_kernel[grid](*tensors, o, log_total, length, d, v.shape[-1], *_strides(tensors), **constants)
    return o, log_total


def attention_adjoint_rows(
    q: Tensor, k: Tensor, v: Tensor, o: Tensor, log_total: Tensor, grad: Tensor, grad_total: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return the gradients by q, k and v for those by the two results of :func:`attention_rows`, in the dtype of q:

    :math:`\bar s_{ij}=p_{ij}(\bar o_i\cdot v_j-\bar o_i\cdot o_i+\bar\ell_i)` with the weights :math:`p_{ij}=e^{s_{ij}-\ell_i}`,
    :math:`\bar q_i=\sum_j\bar s_{ij}k_j`, :math:`\bar k_j=\sum_i\bar s_{ij}q_i`, :math:`\bar v_j=\sum_ip_{ij}\bar o_i`.

    ``grad [rows, L, dv]`` is rounded to the dtype of v. Each sum is one program's: the result is the same in every run.
    """
    rows, length, d = q.shape
    by_q, by_k, by_v = (torch.empty(t.shape, dtype=t.dtype, device=t.device) for t in (q, k, v))
    if rows * length == 0:
        return by_q, by_k, by_v
    mean = (grad_total - (grad * o).sum(-1)).contiguous()
    q, k, v, grad = tensors = tuple(_plain(t.to(q.dtype)) for t in (q, k, v, grad))
    given = (*tensors, log_total.contiguous(), mean)
    sizes = (length, d, v.shape[-1], *_strides(tensors))
    constants = program(BY_QUERY, q, v)
    query_kernel[(rows * -(-length // constants["QUERIES"]),)](*given, by_q, *sizes, **constants)
    constants = program(BY_KEY, q, v)
    key_kernel[(rows * -(-length // constants["KEYS"]),)](*given, by_k, by_v, *sizes, **constants)
    return by_q, by_k, by_v


def takes(q: Tensor, v: Tensor) -> bool:
    """Say whether the kernels take the dtype and the widths of these queries and values, on this GPU."""
    if torch.version.hip is not None or torch.cuda.get_device_capability(q.device) < (8, 0):
        return False  # other tensor cores, other rounding
    return max(_padded(q), _padded(v)) <= max(FORWARD[q.element_size()]) and (q.dtype != torch.float64 or FLOAT64)


def program(table: Blocks, q: Tensor, v: Tensor) -> dict[str, Any]:
    """Return the constants of a program and what it is launched with."""
    D, DV = _padded(q), _padded(v)
    queries, keys, warps, stages = next(blocks for widest, blocks in table[q.element_size()].items() if max(D, DV) <= widest)
    precision = "tf32x3" if q.dtype == torch.float32 and D > 16 else "ieee"
    return {
        "QUERIES": queries,
        "KEYS": keys,
        "D": D,
        "DV": DV,
        "PRECISION": precision,
        "num_warps": warps,
        "num_stages": stages,
    }


def _padded(t: Tensor) -> int:
    # a product of blocks has 16 summands at least
    return max(16, 1 << max(t.shape[-1] - 1, 0).bit_length())


def _plain(t: Tensor) -> Tensor:
    """Neighbours in memory where the kernels expect them, and no flag that they do not see; rows may be one row in memory."""
    t = t.resolve_neg()
    return t if t.stride(-1) == 1 else t.contiguous()


def _strides(tensors: tuple[Tensor, ...]) -> tuple[int, ...]:
    return tuple(stride for t in tensors for stride in t.stride()[:2])


@triton.jit
def _load(
    ptr: tl.tensor, place: tl.tensor, step: tl.tensor, length: tl.tensor, width: tl.tensor, WIDTH: tl.constexpr
) -> tl.tensor:
    """Rows ``place`` of a matrix, 0 beyond its end."""
    column = tl.arange(0, WIDTH)
    known = (place < length)[:, None] & (column < width)[None, :]
    return tl.load(ptr + place.to(tl.int64)[:, None] * step + column[None, :], mask=known, other=0.0)


@triton.jit
def _store(
    ptr: tl.tensor, value: tl.tensor, row: tl.tensor, place: tl.tensor, length: tl.tensor, width: tl.tensor, WIDTH: tl.constexpr
) -> None:
    column = tl.arange(0, WIDTH)
    known = (place < length)[:, None] & (column < width)[None, :]
    at = (row * length + place)[:, None] * width + column[None, :]
    tl.store(ptr + at, value.to(ptr.dtype.element_ty), mask=known)


@triton.jit
def _times(a: tl.tensor, b: tl.tensor, PRECISION: tl.constexpr) -> tl.tensor:
    """The product with ``b``, not narrower than float32, of a matrix ``a`` that is: as many products as it has pieces."""
    if b.dtype == tl.bfloat16:
        first = a.to(tl.bfloat16)
        rest = a - first.to(tl.float32)
        second = rest.to(tl.bfloat16)
        third = (rest - second.to(tl.float32)).to(tl.bfloat16)
        # from the smallest piece on, so that the sums of the smaller ones are rounded less
        product = tl.dot(second, b, tl.dot(third, b))
        product = tl.dot(first, b, product)
    elif b.dtype == tl.float16:
        product = tl.dot(a, b.to(tl.float32), input_precision="tf32x3")
    else:
        product = tl.dot(a, b, input_precision=PRECISION)
    return product


@triton.jit
def _weighted(p: tl.tensor, b: tl.tensor, PRECISION: tl.constexpr) -> tl.tensor:
    """As :func:`_times` for weights from 0 to 1."""
    if b.dtype == tl.float16:
        scaled = p * 32768.0
        first = scaled.to(tl.float16)
        second = ((scaled - first.to(tl.float32)) * 4096.0).to(tl.float16)
        product = tl.dot(first, b, tl.dot(second, b) * (1.0 / 4096.0)) * (1.0 / 32768.0)
    else:
        product = _times(p, b, PRECISION)
    return product


@triton.jit
def _is_finite(t: tl.tensor) -> tl.tensor:
    wide = t if t.dtype == tl.float64 else t.to(tl.float32)
    return tl.abs(wide) < float("inf")


@triton.jit
def _first_spoilt(t: tl.tensor, place: tl.tensor) -> tl.tensor:
    """The first place in each column that is not finite, one beyond all places without such."""
    return tl.min(tl.where(_is_finite(t), 2147483647, place[:, None]), 0)


@triton.jit
def _finite(t: tl.tensor) -> tl.tensor:
    # 0 · NaN of a later position must not reach an earlier one
    return tl.where(_is_finite(t), t, tl.zeros_like(t))


@triton.jit
def _met(
    m: tl.tensor,
    z: tl.tensor,
    y: tl.tensor,
    q: tl.tensor,
    query: tl.tensor,
    at: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    k_step: tl.tensor,
    v_step: tl.tensor,
    length: tl.tensor,
    d: tl.tensor,
    dv: tl.tensor,
    KEYS: tl.constexpr,
    D: tl.constexpr,
    DV: tl.constexpr,
    DIAGONAL: tl.constexpr,
    PRECISION: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor, tl.tensor]:
    """The state (m, z, y) of the queries after the keys from ``at`` on, all of them visible unless DIAGONAL."""
    key = at + tl.arange(0, KEYS)
    k = _load(k_ptr, key, k_step, length, d, D)
    s = tl.dot(q, tl.trans(k), input_precision=PRECISION)
    if DIAGONAL:
        s = tl.where(query[:, None] >= key[None, :], s, float("-inf"))
    M = tl.maximum(m, tl.max(s, 1))
    shift = tl.where(float("-inf") < M, M, 0.0)
    p = tl.exp(s - shift[:, None])
    decay = tl.exp(m - shift)
    z = z * decay + tl.sum(p, 1)
    v = _load(v_ptr, key, v_step, length, dv, DV)
    if DIAGONAL:
        first = _first_spoilt(v, key)
        y = y * decay[:, None] + _weighted(p, _finite(v), PRECISION)
        y = tl.where(query[:, None] >= first[None, :], float("nan"), y)
    else:
        y = y * decay[:, None] + _weighted(p, v, PRECISION)
    return M, z, y


@triton.jit
def attention_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    wide_o_ptr: tl.tensor,
    wide_total_ptr: tl.tensor,
    length: tl.tensor,
    d: tl.tensor,
    dv: tl.tensor,
    q_row: tl.tensor,
    q_step: tl.tensor,
    k_row: tl.tensor,
    k_step: tl.tensor,
    v_row: tl.tensor,
    v_step: tl.tensor,
    QUERIES: tl.constexpr,
    KEYS: tl.constexpr,
    D: tl.constexpr,
    DV: tl.constexpr,
    PRECISION: tl.constexpr,
) -> None:
    """QUERIES queries of one row; those that meet most keys come first."""
    blocks = tl.cdiv(length, QUERIES)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    begin = (blocks - 1 - tl.program_id(0) % blocks) * QUERIES
    query = begin + tl.arange(0, QUERIES)
    q = _load(q_ptr + row * q_row, query, q_step, length, d, D)
    k_ptr += row * k_row
    v_ptr += row * v_row
    wide = wide_o_ptr.dtype.element_ty
    m = tl.full([QUERIES], float("-inf"), wide)
    z = tl.zeros([QUERIES], wide)
    y = tl.zeros([QUERIES, DV], wide)
    whole = begin // KEYS * KEYS
    for at in range(0, whole, KEYS):
        m, z, y = _met(m, z, y, q, query, at, k_ptr, v_ptr, k_step, v_step, length, d, dv, KEYS, D, DV, False, PRECISION)
    for at in range(whole, min(begin + QUERIES, length), KEYS):
        m, z, y = _met(m, z, y, q, query, at, k_ptr, v_ptr, k_step, v_step, length, d, dv, KEYS, D, DV, True, PRECISION)
    _store(wide_o_ptr, y / z[:, None], row, query, length, dv, DV)
    tl.store(wide_total_ptr + row * length + query, m + tl.log(z), mask=query < length)


@triton.jit
def _into_query(
    total: tl.tensor,
    q: tl.tensor,
    grad: tl.tensor,
    log_total: tl.tensor,
    mean: tl.tensor,
    query: tl.tensor,
    at: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    k_step: tl.tensor,
    v_step: tl.tensor,
    length: tl.tensor,
    d: tl.tensor,
    dv: tl.tensor,
    KEYS: tl.constexpr,
    D: tl.constexpr,
    DV: tl.constexpr,
    DIAGONAL: tl.constexpr,
    PRECISION: tl.constexpr,
) -> tl.tensor:
    """The gradients by the queries with the terms of the keys from ``at`` on."""
    key = at + tl.arange(0, KEYS)
    k = _load(k_ptr, key, k_step, length, d, D)
    p = tl.exp(tl.dot(q, tl.trans(k), input_precision=PRECISION) - log_total[:, None])
    v = _load(v_ptr, key, v_step, length, dv, DV)
    slope = p * (tl.dot(grad, tl.trans(v), input_precision=PRECISION) + mean[:, None])
    if DIAGONAL:
        first = _first_spoilt(k, key)
        slope = tl.where(query[:, None] >= key[None, :], slope, 0.0)
        total += _times(slope, _finite(k), PRECISION)
        total = tl.where(query[:, None] >= first[None, :], float("nan"), total)
    else:
        total += _times(slope, k, PRECISION)
    return total


@triton.jit
def query_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    grad_ptr: tl.tensor,
    wide_total_ptr: tl.tensor,
    wide_mean_ptr: tl.tensor,
    by_q_ptr: tl.tensor,
    length: tl.tensor,
    d: tl.tensor,
    dv: tl.tensor,
    q_row: tl.tensor,
    q_step: tl.tensor,
    k_row: tl.tensor,
    k_step: tl.tensor,
    v_row: tl.tensor,
    v_step: tl.tensor,
    grad_row: tl.tensor,
    grad_step: tl.tensor,
    QUERIES: tl.constexpr,
    KEYS: tl.constexpr,
    D: tl.constexpr,
    DV: tl.constexpr,
    PRECISION: tl.constexpr,
) -> None:
    """Gradients by QUERIES queries of one row."""
    blocks = tl.cdiv(length, QUERIES)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    begin = (blocks - 1 - tl.program_id(0) % blocks) * QUERIES
    query = begin + tl.arange(0, QUERIES)
    q = _load(q_ptr + row * q_row, query, q_step, length, d, D)
    grad = _load(grad_ptr + row * grad_row, query, grad_step, length, dv, DV)
    log_total = tl.load(wide_total_ptr + row * length + query, mask=query < length, other=0.0)
    mean = tl.load(wide_mean_ptr + row * length + query, mask=query < length, other=0.0)
    k_ptr += row * k_row
    v_ptr += row * v_row
    total = tl.zeros([QUERIES, D], wide_total_ptr.dtype.element_ty)
    whole = begin // KEYS * KEYS
    for at in range(0, whole, KEYS):
        total = _into_query(
            total, q, grad, log_total, mean, query, at, k_ptr, v_ptr, k_step, v_step, length, d, dv, KEYS, D, DV, False, PRECISION
        )
    for at in range(whole, min(begin + QUERIES, length), KEYS):
        total = _into_query(
            total, q, grad, log_total, mean, query, at, k_ptr, v_ptr, k_step, v_step, length, d, dv, KEYS, D, DV, True, PRECISION
        )
    _store(by_q_ptr, total, row, query, length, d, D)


@triton.jit
def _into_key(
    by_k: tl.tensor,
    by_v: tl.tensor,
    k: tl.tensor,
    v: tl.tensor,
    key: tl.tensor,
    at: tl.tensor,
    q_ptr: tl.tensor,
    grad_ptr: tl.tensor,
    wide_total_ptr: tl.tensor,
    wide_mean_ptr: tl.tensor,
    q_step: tl.tensor,
    grad_step: tl.tensor,
    length: tl.tensor,
    d: tl.tensor,
    dv: tl.tensor,
    QUERIES: tl.constexpr,
    D: tl.constexpr,
    DV: tl.constexpr,
    DIAGONAL: tl.constexpr,
    PRECISION: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor]:
    """The gradients by keys and values with the terms of the queries from ``at`` on."""
    query = at + tl.arange(0, QUERIES)
    q = _load(q_ptr, query, q_step, length, d, D)
    # beyond the end all is 0, and so is what it adds
    log_total = tl.load(wide_total_ptr + query, mask=query < length, other=0.0)
    p = tl.exp(tl.dot(k, tl.trans(q), input_precision=PRECISION) - log_total[None, :])
    grad = _load(grad_ptr, query, grad_step, length, dv, DV)
    mean = tl.load(wide_mean_ptr + query, mask=query < length, other=0.0)
    slope = p * (tl.dot(v, tl.trans(grad), input_precision=PRECISION) + mean[None, :])
    if DIAGONAL:
        visible = query[None, :] >= key[:, None]
        p = tl.where(visible, p, 0.0)
        slope = tl.where(visible, slope, 0.0)
        last = tl.max(tl.where(_is_finite(grad), -1, query[:, None]), 0)
        by_v += _weighted(p, _finite(grad), PRECISION)
        by_v = tl.where(key[:, None] <= last[None, :], float("nan"), by_v)
        # a query that is not finite has slopes that are not
        by_k += _times(slope, _finite(q), PRECISION)
    else:
        by_v += _weighted(p, grad, PRECISION)
        by_k += _times(slope, q, PRECISION)
    return by_k, by_v


@triton.jit
def key_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    grad_ptr: tl.tensor,
    wide_total_ptr: tl.tensor,
    wide_mean_ptr: tl.tensor,
    by_k_ptr: tl.tensor,
    by_v_ptr: tl.tensor,
    length: tl.tensor,
    d: tl.tensor,
    dv: tl.tensor,
    q_row: tl.tensor,
    q_step: tl.tensor,
    k_row: tl.tensor,
    k_step: tl.tensor,
    v_row: tl.tensor,
    v_step: tl.tensor,
    grad_row: tl.tensor,
    grad_step: tl.tensor,
    QUERIES: tl.constexpr,
    KEYS: tl.constexpr,
    D: tl.constexpr,
    DV: tl.constexpr,
    PRECISION: tl.constexpr,
) -> None:
    """Gradients by KEYS keys and values of one row."""
    blocks = tl.cdiv(length, KEYS)
    row = (tl.program_id(0) // blocks).to(tl.int64)
    begin = (tl.program_id(0) % blocks) * KEYS
    key = begin + tl.arange(0, KEYS)
    k = _load(k_ptr + row * k_row, key, k_step, length, d, D)
    v = _load(v_ptr + row * v_row, key, v_step, length, dv, DV)
    q_ptr += row * q_row
    grad_ptr += row * grad_row
    wide_total_ptr += row * length
    wide_mean_ptr += row * length
    by_k = tl.zeros([KEYS, D], wide_total_ptr.dtype.element_ty)
    by_v = tl.zeros([KEYS, DV], wide_total_ptr.dtype.element_ty)
    whole = tl.cdiv(begin + KEYS, QUERIES) * QUERIES
    for at in range(begin // QUERIES * QUERIES, min(whole, length), QUERIES):
        by_k, by_v = _into_key(
            by_k, by_v, k, v, key, at, q_ptr, grad_ptr, wide_total_ptr, wide_mean_ptr,
            q_step, grad_step, length, d, dv, QUERIES, D, DV, True, PRECISION,
        )  # fmt: skip
    for at in range(whole, length, QUERIES):
        by_k, by_v = _into_key(
            by_k, by_v, k, v, key, at, q_ptr, grad_ptr, wide_total_ptr, wide_mean_ptr,
            q_step, grad_step, length, d, dv, QUERIES, D, DV, False, PRECISION,
        )  # fmt: skip
    _store(by_k_ptr, by_k, row, key, length, d, D)
    _store(by_v_ptr, by_v, row, key, length, dv, DV)
