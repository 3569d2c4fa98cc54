"""Sums of exponentials on a grid (products with a Vandermonde matrix), and the kernels of diagonal state spaces."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import COMPLEX, broadcast_shapes, check_choice, check_count, check_like, check_tensor, refuse
from derivable.kernels._memory import check_memory
from derivable.kernels._triton import runs_triton

if TYPE_CHECKING:
    from jaxtyping import Shaped

Method = Literal["bilinear", "zoh"]
METHODS = ("bilinear", "zoh")


def vandermonde_sum(
    v: Shaped[Tensor, "*batch d"], x: Shaped[Tensor, "*batch d"], length: int, *, conjugate_pairs: bool = False
) -> Shaped[Tensor, "*batch length"]:
    r"""Return :math:`\sum_nv_ne^{lx_n}` for l = 0, …, length - 1, or twice its real part with ``conjugate_pairs``.

    Args:
        v: weights ``[..., d]``, complex64 or complex128, d from 0.
        x: logarithms of the roots, of v's dtype and device; what precedes the last dimension broadcasts. A root 0 has
            the real part -∞ and contributes at l = 0 only.
        length: number of results, from 0.
        conjugate_pairs: v and x hold one of each pair of conjugates.

    Returns:
        ``[..., length]`` in v's dtype, with ``conjugate_pairs`` in the dtype of its real part. Differentiable any number
        of times.

    Raises:
        ValueError: shapes that do not broadcast, numbers of weights and roots that differ, a negative length.
        TypeError: no tensor, or another dtype; a length that is no int.
        MemoryError: the result does not fit into the CPU's memory.

    Notes:
        Claim ``ssm/s4/C9e``. With l = Sa + b, S near the root of the length, the matrix is a product of two thin ones:
        d·(S + length/S) exponentials instead of d·length, then one real matrix product. Repeated roots are as good
        as others. NaN or infinity in v or x spoils its row. The exponents are formed in double precision: the error
        is :math:`(4d+6)u\sum_n|v_ne^{lx_n}|` for the x given, while single-precision exponents have lx's rounding error besides.
        On a GPU with Triton neither the matrix nor its factors are stored, see :mod:`derivable.kernels.triton_vandermonde`.
        Peers: ``log_vandermonde_naive`` of state-spaces/s4, which forms the whole matrix.
    """
    where = "vandermonde_sum"
    check_tensor(f"{where}: v", v, COMPLEX, "[..., d]", 1)
    check_like(f"{where}: x", check_tensor(f"{where}: x", x, COMPLEX, "[..., d]", 1), "v", v)
    check_count(f"{where}: length", length, 0)
    if v.shape[-1] != x.shape[-1]:
        refuse(f"{where}: x.shape[-1]", str(x.shape[-1]), f"{v.shape[-1]} like v", "give one root a weight")
    try:
        batch = broadcast_shapes(v.shape[:-1], x.shape[:-1])
    except RuntimeError:
        shapes = f"{tuple(v.shape)} and {tuple(x.shape)}"
        refuse(f"{where}: the shapes of v and x", shapes, "dimensions before the last that broadcast", "insert ones")
    check_memory(f"{where}: the memory for the sums", math.prod(batch) * length * v.element_size(), v.device)
    return _sum(v, x, length, conjugate_pairs)


def _sum(v: Tensor, x: Tensor, length: int, conjugate_pairs: bool) -> Tensor:
    """Return the sums in v's precision; x may be more precise."""
    if runs_triton(v):
        batch = broadcast_shapes(v.shape[:-1], x.shape[:-1])
        weights, roots = (t.expand(*batch, t.shape[-1]).reshape(math.prod(batch), 1, t.shape[-1]) for t in (v, x))
        return _Sum.apply(weights, roots[:, 0], length, 0, conjugate_pairs).reshape(*batch, length)
    short = 1 << math.ceil(math.log2(max(length, 1)) / 2)
    long = -(-length // short)
    real = v.real.dtype
    wave = _powers(x, 1, short, real)  # [..., 2, d, S]
    step = _powers(x, short, long, real)
    # v e^{Sa x}, [..., d, a]
    re = v.real[..., None] * step[..., 0, :, :] - v.imag[..., None] * step[..., 1, :, :]
    im = v.real[..., None] * step[..., 1, :, :] + v.imag[..., None] * step[..., 0, :, :]
    # Re(pw) = Re p Re w - Im p Im w as one product over 2d
    result = torch.cat([re, -im], -2).mT @ wave.flatten(-3, -2)
    if conjugate_pairs:
        return 2 * result.flatten(-2)[..., :length]
    imaginary = torch.cat([im, re], -2).mT @ wave.flatten(-3, -2)
    return torch.complex(result.flatten(-2)[..., :length], imaginary.flatten(-2)[..., :length])


def _powers(x: Tensor, stride: int, count: int, dtype: torch.dtype) -> Tensor:
    """Return real and imaginary parts of e^{stride·l·x}, ``[..., 2, d, count]``, exponents formed in double precision."""
    l = stride * torch.arange(count, dtype=torch.float64, device=x.device)
    rate, angle = (part.to(torch.float64)[..., None] for part in (x.real, x.imag))
    # 0 · (-∞) is 0 here: the power 0 of the root 0 is 1
    size = torch.exp(torch.where(l == 0, 0.0, rate * l))
    phase = angle * l
    return torch.stack([(size * torch.cos(phase)).to(dtype), (size * torch.sin(phase)).to(dtype)], -3)


class _Sum(Function):
    r"""Sums :math:`l^k\sum_nv_ne^{lx_n}` of ``v[rows, m, d]``, ``x[rows, d]`` on a GPU, for pairs twice their real parts.

    The derivatives of these sums and of their adjoints, :class:`_AdjointSum`, are sums of the two kinds again: by v and the
    weights of the adjoint with the power k, by x with the power k + 1.
    """

    @staticmethod
    def forward(v: Tensor, x: Tensor, length: int, power: int, pairs: bool) -> Tensor:
        from derivable.kernels.triton_vandermonde import vandermonde_rows

        return vandermonde_rows(v, x, length, power, pairs)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        v, x, ctx.length, ctx.power, ctx.pairs = inputs
        ctx.save_for_backward(v, x)
        ctx.save_for_forward(v, x)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        v, x = ctx.saved_tensors
        g = 2 * grad if ctx.pairs else grad.conj()
        by_v = by_x = None
        if ctx.needs_input_grad[0]:
            by_v = _AdjointSum.apply(g, x, ctx.power).conj()
        if ctx.needs_input_grad[1]:
            by_x = (v * _AdjointSum.apply(g, x, ctx.power + 1)).sum(1).conj().to(x.dtype)
        return by_v, by_x, None, None, None

    @staticmethod
    def jvp(ctx: Any, dv: Tensor | None, dx: Tensor | None, *_: None) -> Tensor:
        v, x = ctx.saved_tensors
        result = _Sum.apply(torch.zeros_like(v) if dv is None else dv, x, ctx.length, ctx.power, ctx.pairs)
        if dx is not None:
            result = result + _Sum.apply((v * dx[:, None]).to(v.dtype), x, ctx.length, ctx.power + 1, ctx.pairs)
        return result

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        v, x = _merged(info.batch_size, in_dims, inputs)
        return _Sum.apply(v, x, *inputs[2:]).unflatten(0, (info.batch_size, -1)), 0


class _AdjointSum(Function):
    r"""Sums :math:`\sum_ll^kg_le^{lx_n}` of ``g[rows, m, length]``, real or complex, ``x[rows, d]`` on a GPU."""

    @staticmethod
    def forward(g: Tensor, x: Tensor, power: int) -> Tensor:
        from derivable.kernels.triton_vandermonde import vandermonde_adjoint_rows

        return vandermonde_adjoint_rows(g, x, power)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        g, x, ctx.power = inputs
        ctx.save_for_backward(g, x)
        ctx.save_for_forward(g, x)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        g, x = ctx.saved_tensors
        by_g = by_x = None
        if ctx.needs_input_grad[0]:
            by_g = _Sum.apply(grad.conj(), x, g.shape[-1], ctx.power, not g.is_complex())
            by_g = by_g.conj() if g.is_complex() else by_g / 2
        if ctx.needs_input_grad[1]:
            by_x = (grad.conj() * _AdjointSum.apply(g, x, ctx.power + 1)).sum(1).conj().to(x.dtype)
        return by_g, by_x, None

    @staticmethod
    def jvp(ctx: Any, dg: Tensor | None, dx: Tensor | None, _: None) -> Tensor:
        g, x = ctx.saved_tensors
        result = _AdjointSum.apply(torch.zeros_like(g) if dg is None else dg, x, ctx.power)
        if dx is not None:
            result = result + (dx[:, None] * _AdjointSum.apply(g, x, ctx.power + 1)).to(result.dtype)
        return result

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        g, x = _merged(info.batch_size, in_dims, inputs)
        return _AdjointSum.apply(g, x, inputs[2]).unflatten(0, (info.batch_size, -1)), 0


def _merged(size: int, in_dims: tuple[int | None, ...], inputs: tuple[Any, ...]) -> tuple[Tensor, Tensor]:
    """Return the two tensors with the mapped dimension among the rows."""
    first, second = (
        (t.expand(size, *t.shape) if dim is None else t.movedim(dim, 0)).flatten(0, 1)
        for t, dim in zip(inputs[:2], in_dims[:2], strict=True)
    )
    return first, second


def diagonal_kernel(
    lam: Shaped[Tensor, "*batch d"],
    b: Shaped[Tensor, "*batch d"],
    c: Shaped[Tensor, "*batch d"],
    eps: float | Shaped[Tensor, "*rows"],
    length: int,
    *,
    method: Method = "bilinear",
    conjugate_pairs: bool = False,
) -> Shaped[Tensor, "*batch length"]:
    r"""Return the kernel :math:`K_l=c^*\bar A^l\bar b` of the state space :math:`x'=\Lambda x+bu,\ y=c^*x`, Λ diagonal.

    ``bilinear``: :math:`\bar\lambda=\frac{1+\epsilon\lambda/2}{1-\epsilon\lambda/2}`,
    :math:`\bar b=\frac{\epsilon b}{1-\epsilon\lambda/2}`. ``zoh``: :math:`\bar\lambda=e^{\epsilon\lambda}`,
    :math:`\bar b=\frac{e^{\epsilon\lambda}-1}\lambda b`, at λ = 0 equal to εb.

    Args:
        lam, b, c: ``[..., d]``, complex64 or complex128 of one device; leading dimensions broadcast.
        eps: the step, above 0: a float or a real tensor of the batch shape (or one that broadcasts to it).
        length, conjugate_pairs: as in :func:`vandermonde_sum`; the result is real with ``conjugate_pairs``.
        method: how the step is made.

    Raises:
        ValueError: ε not positive or not finite, :math:`\epsilon\lambda=2` with ``bilinear``; a shape, device, choice.
        TypeError, MemoryError: as :func:`vandermonde_sum`.

    Notes:
        Claim ``ssm/s4/C9e``. Source: Gu et al., arXiv:2206.11893 (S4D). Differentiable any number of times, in ``eps`` too
        (for ``zoh`` not by λ at λ = 0).
    """
    where = "diagonal_kernel"
    check_choice(f"{where}: method", method, METHODS)
    check_tensor(f"{where}: lam", lam, COMPLEX, "[..., d]", 1)
    for name, t in (("b", b), ("c", c)):
        check_like(f"{where}: {name}", check_tensor(f"{where}: {name}", t, COMPLEX, "[..., d]", 1), "lam", lam)
    step = check_step(where, eps, lam)
    # the logarithm of a root is multiplied by up to length - 1: its rounding would be, too
    z = step.to(torch.float64)[..., None] * lam.to(torch.complex128)
    check_count(f"{where}: length", length, 0)
    if method == "zoh":
        drive = step[..., None] * _exponential_quotient(z)
        return _sum((c.conj() * b * drive).to(lam.dtype), z, length, conjugate_pairs)
    if bool((z == 2).any()):
        refuse(f"{where}: eps·lam", "2", "another number", "take another step or the method 'zoh'")
    move = torch.log(1 + z / 2) - torch.log(1 - z / 2)
    drive = step[..., None] / (1 - z / 2)
    return _sum((c.conj() * b * drive).to(lam.dtype), move, length, conjugate_pairs)


def _exponential_quotient(z: Tensor) -> Tensor:
    """Return (e^z - 1)/z, 1 at z = 0."""
    zero = z == 0
    safe = torch.where(zero, 1.0, z)
    return torch.where(zero, 1.0, torch.expm1(safe) / safe)


def check_step(where: str, eps: object, like: Tensor) -> Tensor:
    """Return the step as a real tensor in ``like``'s precision; refuse one that is not positive and finite."""
    expected = "a positive finite number"
    if isinstance(eps, Tensor):
        check_tensor(f"{where}: eps", eps, (like.real.dtype,), "[...]", 0)
        step = eps
        if step.device != like.device:
            refuse(f"{where}: eps.device", str(step.device), f"{like.device} like lam", f"move it with .to({str(like.device)!r})")
    elif isinstance(eps, bool) or not isinstance(eps, int | float):
        refuse(f"{where}: eps", f"{eps!r} ({type(eps).__name__})", f"{expected} or a tensor of them", "pass a float", TypeError)
    else:
        step = torch.tensor(float(eps), dtype=like.real.dtype, device=like.device)
    if not bool(((step > 0) & torch.isfinite(step)).all()):
        refuse(f"{where}: eps", str(eps), expected, "a step goes forward in time")
    return step


def reference_vandermonde_sum(
    v: Shaped[Tensor, "*batch d"], x: Shaped[Tensor, "*batch d"], length: int, *, conjugate_pairs: bool = False
) -> Shaped[Tensor, "*batch length"]:
    """Return the sums in double precision, the whole matrix written out: powers of e^x, one after the other."""
    v, root = v.to(torch.complex128), torch.exp(x.to(torch.complex128))
    rows = []
    power = torch.ones_like(root)
    for _ in range(length):
        rows.append((v * power).sum(-1))
        power = power * root
    batch = broadcast_shapes(v.shape[:-1], x.shape[:-1])
    total = torch.stack(rows, -1) if rows else v.new_zeros(*batch, 0)
    return 2 * total.real if conjugate_pairs else total
