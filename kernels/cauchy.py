"""Sums of simple fractions with shared poles at many points: products with a Cauchy matrix that is never stored whole."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import COMPLEX, broadcast_shapes, check_like, check_tensor, refuse
from derivable.kernels._memory import check_memory
from derivable.kernels._triton import runs_triton

if TYPE_CHECKING:
    from jaxtyping import Shaped

# Bytes of the buffers of a tile: few enough to stay in a cache, many enough to hide what an operation costs to start.
# A GPU wants few launches instead. Points in a row of it: a row is one number against many, and costs as much to start.
TILE = {"cpu": 1 << 21, "cuda": 3 << 27}
WIDTH = 4096


def cauchy_sum(
    v: Shaped[Tensor, "*numerators d"],
    z: Shaped[Tensor, "*points length"],
    lam: Shaped[Tensor, "*poles d"],
    *,
    conjugate_pairs: bool = False,
) -> Shaped[Tensor, "*sums length"]:
    r"""Return :math:`\sum_n\frac{v_n}{z_l-\lambda_n}`, or with ``conjugate_pairs``
    :math:`\sum_n\left[\frac{v_n}{z_l-\lambda_n}+\frac{\bar v_n}{z_l-\bar\lambda_n}\right]`.

    Args:
        v: numerators ``[..., d]``, complex64 or complex128, d from 0.
        z: points ``[..., L]``, L from 0. lam: poles ``[..., d]``. Both of v's dtype and device; what precedes the
            last dimension broadcasts. Where ``lam`` and ``z`` have the size 1 in the last of these dimensions and v has m, the
            m sums share the fractions, which are formed once.
        conjugate_pairs: v and ``lam`` hold one of each pair of conjugates.

    Returns:
        ``[..., L]`` in v's dtype. Differentiable in v, z and ``lam`` any number of times, backward and
        forward, and under ``torch.func.vmap``; what is kept for that is the arguments.

    Raises:
        ValueError: shapes that do not broadcast, numbers of numerators and poles that differ, another device.
        TypeError: no tensor, or another dtype.
        MemoryError: the result does not fit into the CPU's memory.

    Notes:
        Claims ``ssm/s4/C9a`` (the four sums of a kernel), ``C9d`` (pairs). Poles may be repeated. A point at a pole gives a
        result that is not finite there, and nowhere else; NaN or infinity in v or ``lam`` spoils its row, in z its point.
        With :math:`z-\lambda=X+iT` the fraction is :math:`(X-iT)/(X^2+T^2)`: real passes over a tile
        that stays in a cache, then one real matrix product, so no complex division and O(L) memory; a pair of conjugates
        shares X. Where a vertical line separates the points from the poles, as it does for stable systems, a pair is one
        fraction; where the points lie on such a line, as for the bilinear rule, X is one number a pole. O(L d) operations.
        Rounding: :math:`|\text{error}|\le(4d+20)u\sum_n|v_n|/|z-\lambda_n|`, near a pole too. The square of
        :math:`|z-\lambda|` has to be a normal number, for pairs that a vertical line separates from the points its fourth
        power: from 1e-9 to 1e9 in single precision. On a GPU with Triton the sums stay in registers, see
        :mod:`derivable.kernels.triton_cauchy`.
        Peer: ``cauchy_naive`` of state-spaces/s4 (Gu et al., arXiv:2111.00396), which writes all fractions out.
    """
    where = "cauchy_sum"
    check_tensor(f"{where}: v", v, COMPLEX, "[..., d]", 1)
    for name, t, shape in (("z", z, "[..., L]"), ("lam", lam, "[..., d]")):
        check_like(f"{where}: {name}", check_tensor(f"{where}: {name}", t, COMPLEX, shape, 1), "v", v)
    if v.shape[-1] != lam.shape[-1]:
        refuse(f"{where}: lam.shape[-1]", str(lam.shape[-1]), f"{v.shape[-1]} like v", "give one pole a numerator")
    try:
        batch = broadcast_shapes(v.shape[:-1], z.shape[:-1], lam.shape[:-1])
    except RuntimeError:
        shapes = f"{tuple(v.shape)}, {tuple(z.shape)} and {tuple(lam.shape)}"
        refuse(f"{where}: the shapes of v, z and lam", shapes, "dimensions before the last that broadcast", "insert ones")
    length, d = z.shape[-1], v.shape[-1]
    check_memory(f"{where}: the memory for the sums", math.prod(batch) * length * v.element_size(), v.device)
    shared = _shared(batch, z, lam)
    outer = batch[: len(batch) - shared]
    rows, sums = math.prod(outer), math.prod(batch[len(batch) - shared :])
    numerators = v.expand(*batch, d).reshape(rows, sums, d)
    points, poles = (_rows(t, outer, shared) for t in (z, lam))
    if torch.compiler.is_compiling() and v.device.type == "cpu" and numerators.numel():
        return _fused(numerators, points, poles, conjugate_pairs).reshape(*batch, length)
    return _Cauchy.apply(numerators, points, poles, 1, conjugate_pairs).reshape(*batch, length)


def _shared(batch: torch.Size, *tensors: Tensor) -> int:
    """Count the last dimensions of the batch in which all ``tensors`` have the size 1."""
    sizes = [(1,) * (len(batch) - t.ndim + 1) + tuple(t.shape[:-1]) for t in tensors]
    count = 0
    while count < len(batch) and all(size[-1 - count] == 1 for size in sizes):
        count += 1
    return count


def _rows(t: Tensor, outer: torch.Size, shared: int) -> Tensor:
    """Drop the shared dimensions of ``t`` and expand it to ``[rows, n]``."""
    n = t.shape[-1]
    kept = t.reshape(*t.shape[: max(t.ndim - 1 - shared, 0)], n)
    return kept.expand(*outer, n).reshape(math.prod(outer), n)


class _Cauchy(Function):
    r"""Sums :math:`\sum_nv_n/(z_l-\lambda_n)^k` of ``v[rows, m, d]``, ``z[rows, L]``, ``lam[rows, d]``.

    The derivatives are such sums again: by z and λ with the power k+1, by v with z and λ exchanged.
    """

    @staticmethod
    def forward(v: Tensor, z: Tensor, lam: Tensor, power: int, pairs: bool) -> Tensor:
        if v.numel() == 0 or z.shape[-1] == 0:
            return v.new_zeros(*v.shape[:2], z.shape[-1])
        if runs_triton(v):
            from derivable.kernels.triton_cauchy import cauchy_rows

            return cauchy_rows(v, z, lam, power, pairs)
        # a GPU could only wait for the answer
        vertical = v.device.type == "cpu" and bool((z.real == z.real[:, :1]).all())
        if power == 1 and vertical:
            return (_paired if pairs else _vertical)(v, z, lam)
        if power == 1 and pairs:
            line = _separating_line(z, lam) if v.device.type == "cpu" else None
            return _mirrored(v, z, lam) if line is None else _separated(v, z, lam, line)
        return _simple(*((_both(v), z, _both(lam)) if pairs else (v, z, lam)), power)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        v, z, lam, ctx.power, ctx.pairs = inputs
        ctx.save_for_backward(v, z, lam)
        ctx.save_for_forward(v, z, lam)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        v, z, lam = ctx.saved_tensors
        k, pairs = ctx.power, ctx.pairs
        by_v = by_z = by_lam = None
        # a pair of poles gives the numerators a pair of points
        if ctx.needs_input_grad[0]:
            by_v = (-1) ** k * _Cauchy.apply(grad.conj(), lam, z, k, pairs).conj()
        if ctx.needs_input_grad[1]:
            by_z = -k * (grad * _Cauchy.apply(v, z, lam, k + 1, pairs).conj()).sum(1)
        if ctx.needs_input_grad[2]:
            exchanged = (-1) ** (k + 1) * _Cauchy.apply(grad.conj(), lam, z, k + 1, pairs)
            by_lam = k * (v * exchanged).sum(1).conj()
        return by_v, by_z, by_lam, None, None

    @staticmethod
    def jvp(ctx: Any, dv: Tensor | None, dz: Tensor | None, dlam: Tensor | None, *_: None) -> Tensor:
        v, z, lam = ctx.saved_tensors
        k, pairs = ctx.power, ctx.pairs
        result = torch.zeros_like(v[..., :1]) * z[:, None] if dv is None else _Cauchy.apply(dv, z, lam, k, pairs)
        if dz is not None:
            result = result - k * _Cauchy.apply(v, z, lam, k + 1, pairs) * dz[:, None]
        if dlam is not None:
            result = result + k * _Cauchy.apply(v * dlam[:, None], z, lam, k + 1, pairs)
        return result

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        def merge(t: Tensor, dim: int | None) -> Tensor:
            return (t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)).flatten(0, 1)

        merged = (merge(t, dim) for t, dim in zip(inputs[:3], in_dims[:3], strict=True))
        return _Cauchy.apply(*merged, *inputs[3:]).unflatten(0, (info.batch_size, -1)), 0


def _fused(v: Tensor, z: Tensor, lam: Tensor, pairs: bool) -> Tensor:
    """Return the sums as one expression, for a compiler to make one loop of: nothing but them is written to memory."""
    # torch.cat writes its result: what is read with the stride 2 of complex numbers leaves the loop without vector instructions
    x, t = torch.cat([z.real[:, None], z.imag[:, None]], 1)[:, :, None].unbind(1)
    X, w = x - lam.real[..., None], lam.imag[..., None]
    T, S = t - w, t + w
    D, E = (X * X + T * T).reciprocal(), (X * X + S * S).reciprocal()
    both = []
    # sums share a loop, and the fractions in it, if they are reductions side by side
    for real, imaginary in zip(v.real[..., None].unbind(1), v.imag[..., None].unbind(1), strict=True):
        re, im = (real * X + imaginary * T) * D, (imaginary * X - real * T) * D
        if pairs:
            re, im = re + (real * X - imaginary * S) * E, im - (imaginary * X + real * S) * E
        both.append(torch.complex(re.sum(1), im.sum(1)))
    return torch.stack(both, 1)


def _both(t: Tensor) -> Tensor:
    return torch.cat([t, t.conj()], -1)


Tiles = list[tuple[slice, slice]]


def _tiles(rows: int, points: int, size: int, device: torch.device) -> Tiles:
    """Cut rows and points, the latter evenly, so that rows · points · ``size`` bytes of a tile stay within bounds."""
    tile = TILE.get(device.type, TILE["cuda"])
    widest = max(1, tile // size) if device.type != "cpu" else min(WIDTH, max(1, tile // size))
    width = -(-points // -(-points // widest))
    height = min(rows, max(1, tile // (size * width)))
    return [
        (slice(top, top + height), slice(begin, begin + width))
        for top in range(0, rows, height)
        for begin in range(0, points, width)
    ]


def _buffers(count: int, d: int, like: Tensor) -> Iterator[tuple[slice, slice, Tensor]]:
    """Cut ``like[rows, …, points]`` and yield with each cut ``[rows, count, d, points]`` to work in, always the same memory.

    Fresh memory for each tile would cost more than the arithmetic.
    """
    rows, points = len(like), like.shape[-1]
    tiles = _tiles(rows, points, count * d * like.element_size(), like.device)
    height, width = (len(range(n)[cut]) for n, cut in zip((rows, points), tiles[0], strict=True))
    work = torch.empty(height, count, d, width, dtype=like.dtype, device=like.device)
    for part, cut in tiles:
        yield part, cut, work[: len(range(rows)[part]), ..., : len(range(points)[cut])]


def _each_row(part: Tensor) -> Tensor:
    """Return ``[rows, 1, L]``, contiguous in L; rows that are one row in memory stay so."""
    rows = len(part)
    once = part[:1] if part.stride(0) == 0 else part
    return once.contiguous()[:, None].expand(rows, 1, -1)


def _simple(v: Tensor, z: Tensor, lam: Tensor, power: int) -> Tensor:
    """Return Σ v/(X + iT)^k = Σ v(X - iT)^k D^k with D = 1/(X² + T²), tile by tile."""
    x, t = _each_row(z.real), _each_row(z.imag)
    a, w = (part.contiguous()[..., None] for part in (lam.real, lam.imag))
    rows, sums, d = v.shape
    both = torch.empty(rows, 2 * sums, x.shape[-1], dtype=x.dtype, device=x.device)
    # Re and Im of Σ v (R - iI)
    left = torch.cat([torch.cat([v.real, v.imag], -1), torch.cat([v.imag, -v.real], -1)], 1)
    for part, cut, space in _buffers(3 if power == 1 else 5, d, both):
        X, T, D = space[:, -3:].unbind(1)
        torch.sub(x[part, :, cut], a[part], out=X)
        torch.sub(t[part, :, cut], w[part], out=T)
        torch.mul(X, X, out=D).addcmul_(T, T)
        X.div_(D)
        T.div_(D)
        R, I = space[:, :2].unbind(1)
        for k in range(1, power):
            # (R - iI)(X - iT), D = RT
            torch.mul(X if k == 1 else R, T, out=D)
            torch.mul(X if k == 1 else R, X, out=R).addcmul_(T if k == 1 else I, T, value=-1)
            torch.mul(T if k == 1 else I, X, out=I).add_(D)
        both[part, :, cut] = left[part] @ space[:, :2].flatten(1, 2)
    return torch.complex(*both.chunk(2, 1))


def _mirrored(v: Tensor, z: Tensor, lam: Tensor) -> Tensor:
    """As :func:`_simple` for pairs: a pole and its conjugate have X in common, and T = t - ω, S = t + ω."""
    x, t = _each_row(z.real), _each_row(z.imag)
    a, w = (part.contiguous()[..., None] for part in (lam.real, lam.imag))
    rows, sums, d = v.shape
    both = torch.empty(rows, 2 * sums, x.shape[-1], dtype=x.dtype, device=x.device)
    # Re and Im of Σ v (X - iT) D + v̄ (X - iS) E
    real, imaginary = (v.real, v.real, v.imag, -v.imag), (v.imag, -v.imag, -v.real, -v.real)
    left = torch.cat([torch.cat(real, -1), torch.cat(imaginary, -1)], 1)
    for part, cut, space in _buffers(6, d, both):
        first, second, T, S, D, E = space.unbind(1)
        torch.sub(x[part, :, cut], a[part], out=second)
        torch.sub(t[part, :, cut], w[part], out=T)
        torch.add(t[part, :, cut], w[part], out=S)
        torch.mul(second, second, out=E)
        torch.addcmul(E, T, T, out=D)
        E.addcmul_(S, S)
        torch.div(second, D, out=first)
        second.div_(E)
        T.div_(D)
        S.div_(E)
        both[part, :, cut] = left[part] @ space[:, :4].flatten(1, 2)
    return torch.complex(*both.chunk(2, 1))


def _vertical(v: Tensor, z: Tensor, lam: Tensor) -> Tensor:
    """As :func:`_simple`, with one X a pole, which joins the weights."""
    t, w = _each_row(z.imag), lam.imag.contiguous()[..., None]
    X = (z.real[:, :1] - lam.real)[..., None]
    squares, weights = X * X, v * X.mT
    rows, sums, d = v.shape
    both = torch.empty(rows, 2 * sums, t.shape[-1], dtype=t.dtype)
    left = torch.cat([torch.cat([weights.real, v.imag], -1), torch.cat([weights.imag, -v.real], -1)], 1)
    for part, cut, space in _buffers(2, d, both):
        D, T = space.unbind(1)
        torch.sub(t[part, :, cut], w[part], out=T)
        torch.addcmul(squares[part], T, T, out=D).reciprocal_()
        T.mul_(D)
        both[part, :, cut] = left[part] @ space.flatten(1, 2)
    return torch.complex(*both.chunk(2, 1))


def _separating_line(z: Tensor, lam: Tensor) -> Tensor | None:
    """Return c ``[rows, 1]``, each row's points on one side of the line Re = c, its poles on the other; None without such."""
    right, left = (lam.real.amax(-1) <= z.real.amin(-1)), (lam.real.amin(-1) >= z.real.amax(-1))
    if not bool((right | left).all()):
        return None
    return torch.where(right, lam.real.amax(-1), lam.real.amin(-1))[:, None]


def _separated(v: Tensor, z: Tensor, lam: Tensor, line: Tensor) -> Tensor:
    r"""As :func:`_mirrored`, the two fractions in one, with z = c + x + it, λ = c + a + iω, X = x - a:

    .. math:: \frac v{z-\lambda}+\frac{\bar v}{z-\bar\lambda}=\frac{A+B(x+it)}{P+iQ},\quad P=X^2-(t-\omega)(t+\omega),\ Q=2Xt,

    :math:`A=-2a\,\mathrm{Re}\,v-2\omega\,\mathrm{Im}\,v`, :math:`B=2\,\mathrm{Re}\,v`. As x and a have
    opposite signs, |x| and |a| are at most |X|, and A + Bx cancels nothing.
    """
    x, t = _each_row(z.real - line), _each_row(z.imag)
    a, w = ((lam.real - line)[..., None], lam.imag.contiguous()[..., None])
    twice = 2 * t
    rows, sums, d = v.shape
    B = 2 * v.real
    left = torch.cat([-a.mT * B - 2 * w.mT * v.imag, B], 1)
    by_P, by_Q = (torch.empty(rows, 2 * sums, t.shape[-1], dtype=t.dtype) for _ in range(2))
    for part, cut, space in _buffers(4, d, by_P):
        P, Q, X, D = space.unbind(1)
        torch.sub(x[part, :, cut], a[part], out=X)
        torch.sub(t[part, :, cut], w[part], out=D)
        torch.add(t[part, :, cut], w[part], out=Q)
        torch.mul(X, X, out=P).addcmul_(D, Q, value=-1)
        torch.mul(X, twice[part, :, cut], out=Q)
        torch.mul(P, P, out=D).addcmul_(Q, Q)
        P.div_(D)
        Q.div_(D)
        by_P[part, :, cut] = left[part] @ P
        by_Q[part, :, cut] = left[part] @ Q
    # (ΣA(P - iQ) + (x + it) ΣB(P - iQ)) D
    (A_P, B_P), (A_Q, B_Q) = (both.chunk(2, 1) for both in (by_P, by_Q))
    real = A_P.addcmul_(x, B_P).addcmul_(t, B_Q)
    return torch.complex(real, A_Q.addcmul_(x, B_Q).neg_().addcmul_(t, B_P))


def _paired(v: Tensor, z: Tensor, lam: Tensor) -> Tensor:
    r"""As :func:`_vertical` for pairs, with z - Re λ = X + it and λ = … + iω:

    .. math:: \frac v{X+i(t-\omega)}+\frac{\bar v}{X+i(t+\omega)}=\frac{A+iBt}{P+2iXt},\quad P=X^2-(t-\omega)(t+\omega),

    :math:`A=2X\,\mathrm{Re}\,v-2\omega\,\mathrm{Im}\,v`, :math:`B=2\,\mathrm{Re}\,v`. This form of P cancels nothing near a pole.
    """
    t, w = _each_row(z.imag), lam.imag.contiguous()[..., None]
    X = (z.real[:, :1] - lam.real)[..., None]
    x2, t2 = X * X, _each_row(z.imag).square()
    rows, sums, d = v.shape
    A, B = 2 * (X.mT * v.real - w.mT * v.imag), 2 * v.real
    first, second = torch.cat([A, B], 1), torch.cat([2 * X.mT * B, -2 * X.mT * A], 1)
    by_P, by_D = (torch.empty(rows, 2 * sums, t.shape[-1], dtype=t.dtype) for _ in range(2))
    for part, cut, space in _buffers(2, d, by_P):
        P, D = space.unbind(1)
        torch.sub(t[part, :, cut], w[part], out=P)
        torch.add(t[part, :, cut], w[part], out=D)
        torch.addcmul(x2[part], P, D, value=-1, out=P)
        torch.mul(4 * x2[part], t2[part, :, cut], out=D).addcmul_(P, P).reciprocal_()
        P.mul_(D)
        by_P[part, :, cut] = first[part] @ P
        by_D[part, :, cut] = second[part] @ D
    # real part Σ A P D + t² Σ 2XB D, imaginary part t (Σ B P D - Σ 2XA D)
    real = by_P[:, :sums].addcmul_(t2, by_D[:, :sums])
    return torch.complex(real, by_P[:, sums:].add_(by_D[:, sums:]).mul_(t))


def reference_cauchy_sum(
    v: Shaped[Tensor, "*numerators d"],
    z: Shaped[Tensor, "*points length"],
    lam: Shaped[Tensor, "*poles d"],
    *,
    conjugate_pairs: bool = False,
) -> Shaped[Tensor, "*sums length"]:
    """Return the sums in double precision, all fractions written out. O(L d) memory a row."""
    v, z, lam = (t.to(torch.complex128) for t in (v, z, lam))
    total = (v[..., None] / (z[..., None, :] - lam[..., None])).sum(-2)
    if conjugate_pairs:
        total = total + (v.conj()[..., None] / (z[..., None, :] - lam.conj()[..., None])).sum(-2)
    return total
