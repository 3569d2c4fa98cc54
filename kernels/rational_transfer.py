"""Kernels with a rational generating function b(z)/a(z): by three FFTs at once, step by step, and from a dense state space."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from derivable.kernels._autograd import Function
from derivable.kernels._check import COMPLEX, REAL, broadcast_shapes, check_count, check_like, check_tensor, refuse, widened
from derivable.kernels._memory import check_memory

if TYPE_CHECKING:
    from jaxtyping import Shaped

# steps of the recurrence that are taken at once
BLOCK = 64
# relative difference of kernels from which a conversion is said to have lost its digits
LOST = 1e-6


def rtf_kernel(
    a: Shaped[Tensor, "*denominators d"], b: Shaped[Tensor, "*numerators d"], length: int
) -> Shaped[Tensor, "*batch length"]:
    r"""Return the kernel :math:`K` of length L with :math:`\mathrm{DFT}_L(K)=\mathrm{DFT}_L(b)/\mathrm{DFT}_L(1,a)`.

    With :math:`a(z)=1+\sum_{i=1}^da_iz^i`, :math:`b(z)=\sum_{i=1}^db_iz^{i-1}` and the power series
    :math:`b(z)/a(z)=\sum_kh_kz^k` it is the *periodised* response :math:`K_k=\sum_{j\ge0}h_{k+jL}` where this series
    converges, that is :math:`\bar C^*\bar A^k\bar B` for the companion matrix of a, :math:`\bar B=e_1` and
    :math:`\bar C^*=b^\top(I-\bar A^L)^{-1}` (:func:`rtf_to_recurrent`). The truncated response :math:`h_k` itself is
    :func:`rtf_kernel_truncated`.

    Args:
        a, b: ``[..., d]``, d from 0, of one dtype (float32, float64, complex64, complex128, or bfloat16, computed in
            float32) and device; what precedes the last dimension broadcasts, so that channels can share a denominator.
        length: L, from 0. For d ≥ L the coefficients fold modulo L.

    Returns:
        ``[..., L]`` in a's dtype. Differentiable any number of times, and in forward mode; not for ``torch.func`` transforms.

    Raises:
        ValueError: a(z) vanishes at an L-th root of unity as far as rounding can tell; shapes, numbers of coefficients or
            devices that do not fit; a negative length.
        TypeError: no tensor, another dtype; a length that is no int.
        MemoryError: the spectra do not fit into the CPU's memory.

    Notes:
        Claims ``ssm/transfer_function/C4g``, ``C4c``, ``C4b`` (folding), ``C4e`` (what is periodised). O(L log L) whatever d.
        With :math:`m=\min_l|a(z_l)|` over the L-th roots of unity

        .. math:: |\text{error}|\le12\log_2(2L)\,u\,\|b\|_1\Big(1+\frac{1+\|a\|_1}m\Big)\frac1m.

        Any roots are allowed off these points, repeated and unstable ones too. NaN or infinity spoils its row. The check of
        m makes each call wait for a GPU once.
        The backward pass takes three real transforms; differentiating the composition takes complex ones. Peer: ``get_k`` of
        the authors' RTF, which has a feed-through added. Source: Parnichkun et al., arXiv:2405.06147.
    """
    where = "rtf_kernel"
    batch = _check_pair(where, ("a", "b"), a, b)
    check_count(f"{where}: length", length, 0)
    if length == 0 or a.shape[-1] == 0 or math.prod(batch) == 0:
        return (a.sum() + b.sum()) * a.new_zeros(*batch, length)
    check_memory(f"{where}: the memory for the spectra", 4 * math.prod(batch) * length * a.element_size(), a.device)
    wide = widened(a.dtype)
    kernel: Tensor = _Periodised.apply(a.to(wide), b.to(wide), length)
    return kernel.to(a.dtype)


class _Periodised(Function):
    """The quotient of the spectra with its adjoint: three transforms forward, three backward."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor, length: int) -> Tensor:
        A, H = _spectra(a, b, length)
        _check_margin(A, a, length)
        ctx.length = length
        ctx.save_for_backward(a, b, A, H)
        ctx.save_for_forward(a, b, A, H)
        return _signal(H, a, length)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        a, b, A, H = ctx.saved_tensors
        if torch.is_grad_enabled():  # for a second derivative, which has to see how A and H depend on a and b
            A, H = _spectra(a, b, ctx.length)
        G = _spectrum(gradients[0], ctx.length) / A.conj()
        grad_a = grad_b = None
        if ctx.needs_input_grad[0]:
            whole = _signal(-(G * H.conj()).sum_to_size(A.shape), a, ctx.length)
            grad_a = _unfolded(whole, 1, a.shape[-1])
        if ctx.needs_input_grad[1]:
            whole = _signal(G.sum_to_size(*b.shape[:-1], A.shape[-1]), b, ctx.length)
            grad_b = _unfolded(whole, 0, b.shape[-1])
        return grad_a, grad_b, None

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Tensor:
        a, b, A, H = ctx.saved_tensors
        da, db = (torch.zeros_like(t) if dt is None else dt for t, dt in zip((a, b), tangents, strict=False))
        dA = _spectrum(pad(da, (1, 0)), ctx.length)
        return _signal((_spectrum(db, ctx.length) - H * dA) / A, a, ctx.length)


def _spectra(a: Tensor, b: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """Return a(z) at the L-th roots of unity, and b(z)/a(z)."""
    d = a.shape[-1]
    if d < length:  # side by side in one piece of memory, for one transform of all
        below, above = math.prod(a.shape[:-1]), math.prod(b.shape[:-1])
        both = a.new_zeros(below + above, length)
        both[:below, 0] = 1.0
        both[:below, 1 : d + 1] = a.reshape(below, d)
        both[below:, :d] = b.reshape(above, d)
        A, B = _spectrum(both, length).split([below, above])
        A, B = A.reshape(*a.shape[:-1], -1), B.reshape(*b.shape[:-1], -1)
    else:
        A, B = _spectrum(pad(a, (1, 0), value=1.0), length), _spectrum(b, length)
    if torch.is_grad_enabled() or broadcast_shapes(A.shape, B.shape) != B.shape:
        return A, B / A
    # in place where b is not shared: the spectra are the memory of this kernel
    return A, B.div_(A)


def _spectrum(x: Tensor, length: int) -> Tensor:
    """Return the transform of length L, entries from L on folded back; half of it for a real x."""
    if x.shape[-1] > length:
        x = pad(x, (0, -x.shape[-1] % length)).unflatten(-1, (-1, length)).sum(-2)
    return torch.fft.fft(x, length) if x.is_complex() else torch.fft.rfft(x, length)


def _signal(H: Tensor, like: Tensor, length: int) -> Tensor:
    """Return the inverse transform, real like ``like``."""
    return torch.fft.ifft(H, length) if like.is_complex() else torch.fft.irfft(H, length)


def _unfolded(x: Tensor, first: int, count: int) -> Tensor:
    """Return the entries first, first + 1, … of x continued with its period."""
    length = x.shape[-1]
    if first + count <= length:
        return x[..., first : first + count]
    return x[..., torch.arange(first, first + count, device=x.device) % length]


def _check_margin(A: Tensor, a: Tensor, length: int) -> None:
    """Refuse a denominator that is zero at a root of unity up to the rounding of its transform."""
    size = 1 + torch.linalg.vector_norm(a, 1, -1)
    units = 4 * math.log2(2 * length) * torch.finfo(a.dtype).eps / 2
    rounding = units * size
    # |a(z)| ≥ 2 - size settles it at no cost, squares of all at once cheaply; moduli, row by row, are formed if they do not
    if bool(size.max() * (1 + units) < 2) or bool((A * A.conj()).real.min() > rounding.max() ** 2):
        return
    margin = A.abs().amin(-1)
    near = (margin <= rounding) & torch.isfinite(rounding)
    if bool(near.any()):
        refuse(
            "rtf_kernel: the least modulus of a(z) at the L-th roots of unity",
            f"{float(margin[near].min()):.1e}",
            f"more than its rounding error {float(rounding[near].max()):.1e}",
            "move the roots of a(z) off these points, say by a_i r^i with r < 1, or take rtf_kernel_truncated",
        )


def _check_pair(where: str, names: tuple[str, str], first: object, second: object) -> torch.Size:
    """Refuse what is not a pair of tensors ``[..., d]`` of one dtype and device; return the batch shape."""
    one = check_tensor(f"{where}: {names[0]}", first, REAL + COMPLEX, "[..., d]", 1)
    two = check_tensor(f"{where}: {names[1]}", second, REAL + COMPLEX, "[..., d]", 1)
    check_like(f"{where}: {names[1]}", two, names[0], one)
    if one.shape[-1] != two.shape[-1]:
        found, wanted = str(two.shape[-1]), f"{one.shape[-1]} like {names[0]}"
        refuse(f"{where}: {names[1]}.shape[-1]", found, wanted, "append zeros to the shorter one")
    try:
        return broadcast_shapes(one.shape[:-1], two.shape[:-1])
    except RuntimeError:
        shapes = f"{tuple(one.shape)} and {tuple(two.shape)}"
        what = f"{where}: the shapes of {names[0]} and {names[1]}"
        refuse(what, shapes, "dimensions before the last that broadcast", "insert ones")


def rtf_kernel_truncated(
    a: Shaped[Tensor, "*denominators d"], b: Shaped[Tensor, "*numerators d"], length: int
) -> Shaped[Tensor, "*batch length"]:
    r"""Return the first L coefficients of the power series b(z)/a(z): :math:`h_k=b_{k+1}-\sum_{i=1}^{\min(d,k)}a_ih_{k-i}`.

    It is :math:`b^\top\bar A^ke_1` for the companion matrix of a, :math:`\bar C=b` in place of :math:`\tilde C=b`:
    what :func:`rtf_kernel` returns is :math:`\sum_jh_{k+jL}`.

    Args, errors: as :func:`rtf_kernel`, without its condition on a: unstable denominators and roots of unity are allowed.

    Notes:
        Claim ``ssm/transfer_function/C8b``. 64 steps of the recurrence at a time: the first 64 and their dependence on d
        earlier values come from forward substitution, the others from products. O(Ld + 64·64·d) a row, L/64
        operations in turn. No transform, so that small results beside large ones keep their digits: an error made at step
        k grows like the response of 1/a(z), no more. Results beyond the range of the dtype become infinite or NaN, as do
        those after NaN or infinity in a or b. Differentiable any number of times. Peer: ``scipy.signal.lfilter`` of an impulse.
    """
    where = "rtf_kernel_truncated"
    batch = _check_pair(where, ("a", "b"), a, b)
    check_count(f"{where}: length", length, 0)
    d = a.shape[-1]
    if length == 0 or d == 0 or math.prod(batch) == 0:
        return (a.sum() + b.sum()) * a.new_zeros(*batch, length)
    size = math.prod(batch) * length + math.prod(a.shape[:-1]) * BLOCK * (d + BLOCK)
    check_memory(f"{where}: the memory for the kernel", 3 * size * a.element_size(), a.device)
    wide = widened(a.dtype)
    rows = min(BLOCK, length)
    # entry (i, q) of the band is a_{i+d-q}: 0 where that is no coefficient, 1 on the diagonal q = i + d
    band = _band(pad(a.to(wide), (1, 0), value=1.0), rows)
    past, present = band[..., :d], band[..., d:]
    # transposed, as a row times a matrix is several times faster than a matrix times a column
    carry = torch.linalg.solve_triangular(present, -past, upper=False, unitriangular=True).mT
    numerator = pad(b.to(wide), (0, max(0, length - d)))[..., :length]
    tail = torch.zeros(*batch, d, dtype=wide, device=a.device)
    blocks = []
    for start in range(0, length, rows):
        block = (tail[..., None, :] @ carry)[..., 0, :] if start else tail.new_zeros(*batch, rows)
        if start < d:
            drive = numerator[..., start : start + rows]
            drive = pad(drive, (0, rows - drive.shape[-1]))[..., None]
            block = block + torch.linalg.solve_triangular(present, drive, upper=False, unitriangular=True)[..., 0]
        blocks.append(block)
        tail = (block if d <= rows else torch.cat([tail, block], -1))[..., -d:]
    return torch.cat(blocks, -1)[..., :length].to(a.dtype)


def _band(c: Tensor, rows: int) -> Tensor:
    """Return the matrix ``[..., rows, d + rows]`` of c = (1, a) with entry c_{i+d-q} at (i, q)."""
    d = c.shape[-1] - 1
    # a row one longer than the matrix is wide, repeated and cut anew, moves by one from row to row
    row = pad(c.flip(-1), (0, rows))
    return (
        row[..., None, :]
        .expand(*row.shape[:-1], rows, d + rows + 1)
        .flatten(-2)[..., : rows * (d + rows)]
        .unflatten(-1, (rows, d + rows))
    )


def companion(a: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d d"]:
    r"""Return the companion matrix :math:`\bar A` with :math:`\det(\lambda I-\bar A)=\lambda^d+\sum_ia_i\lambda^{d-i}`.

    The first row is -a, the subdiagonal is one.

    Args:
        a: ``[..., d]``, float32, float64, bfloat16, complex64 or complex128, d from 0.

    Raises:
        ValueError: no dimension. TypeError: no tensor, another dtype.

    Notes:
        Claims ``ssm/transfer_function/C5a``, ``C5b``, ``C5d``. The layout of ``scipy.linalg.companion``, which takes (1, a).
        Differentiable any number of times; NaN and infinity stay where they are.
    """
    check_tensor("companion: a", a, REAL + COMPLEX, "[..., d]", 1)
    d = a.shape[-1]
    if d == 0:
        return a.new_zeros(*a.shape[:-1], 0, 0)
    shift = torch.eye(d, dtype=a.dtype, device=a.device)[:-1]
    return torch.cat([-a[..., None, :], shift.expand(*a.shape[:-1], d - 1, d)], -2)


def rtf_to_recurrent(
    a: Shaped[Tensor, "*denominators d"], b: Shaped[Tensor, "*numerators d"], length: int
) -> Shaped[Tensor, "*batch d"]:
    r"""Return the output row :math:`\bar C^*=b^\top(I-\bar A^L)^{-1}` with which the recurrence has the kernel of training.

    The system :math:`x_{k+1}=\bar Ax_k+e_1u_k,\ y_k=\bar C^*x_k` with the companion matrix of a (:func:`companion`,
    :func:`rtf_step`) has :math:`\bar C^*\bar A^ke_1` for k < L equal to ``rtf_kernel(a, b, length)``.

    Args, errors: as :func:`rtf_kernel`; ``length`` from 1, the length of training, on which the result depends.

    Returns:
        ``[..., d]`` in a's dtype. A row, its conjugates already taken. Differentiable any number of times.

    Notes:
        Claim ``ssm/transfer_function/C5f``: with the kernel K of that length, the coefficients are those of
        :math:`a(z)\sum_kK_kz^k` below :math:`z^d`, so that no matrix is formed: O(L log L + d log d). The
        error is that of the kernel times :math:`1+\|a\|_1`. Beyond L the kernel goes on by
        :math:`K_{k+L}=K_k-h_k`, h the truncated response.
    """
    where = "rtf_to_recurrent"
    batch = _check_pair(where, ("a", "b"), a, b)
    check_count(f"{where}: length", length, 1)
    d = a.shape[-1]
    if d == 0 or math.prod(batch) == 0:
        return (a.sum() + b.sum()) * a.new_zeros(*batch, d)
    wide = widened(a.dtype)
    top, below = b.to(wide), a.to(wide)
    K = rtf_kernel(below, top, length)
    if d > length:
        periods = -(-d // length)
        h = rtf_kernel_truncated(below, top, periods * length)
        pieces = [K]
        for j in range(periods - 1):
            pieces.append(pieces[-1] - h[..., j * length : (j + 1) * length])
        K = torch.cat(pieces, -1)
    return _product(pad(below, (1, 0), value=1.0), K[..., :d], d).to(a.dtype)


def _product(c: Tensor, m: Tensor, count: int) -> Tensor:
    """Return the first ``count`` coefficients of the product of two power series."""
    size = max(2 * count, 1)
    return _signal(_spectrum(c[..., :count], size) * _spectrum(m[..., :count], size), c, size)[..., :count]


def rtf_step(
    x: Shaped[Tensor, "*states d"], u: Shaped[Tensor, "*inputs"], a: Shaped[Tensor, "*denominators d"]
) -> Shaped[Tensor, "*batch d"]:
    r"""Return the next state :math:`(u-\langle a,x\rangle,x_0,\dots,x_{d-2})` of the companion form: a shift register.

    Args:
        x: the state ``[..., d]``, zeros at the start, d from 0; float32, float64, bfloat16, complex64 or complex128.
        u: the input, of the batch shape, in x's dtype and device.
        a: ``[..., d]`` like x. Batches broadcast.

    Returns:
        ``[..., d]`` in x's dtype. The output after the step is :math:`\bar C^*x`, see :func:`rtf_to_recurrent`.

    Raises:
        ValueError: shapes or devices that do not fit. TypeError: no tensor, another dtype.

    Notes:
        Claims ``ssm/transfer_function/C6a``, ``C6b``: O(d), and with a = 0 a window of the last d inputs. The error is that
        of the inner product, (d + 1)u(|u| + Σ|a_i x_i|). Differentiable any number of times.
    """
    where = "rtf_step"
    batch = _check_pair(where, ("x", "a"), x, a)
    check_like(f"{where}: u", check_tensor(f"{where}: u", u, (x.dtype,), "[...]", 0), "x", x)
    try:
        batch = broadcast_shapes(batch, u.shape)
    except RuntimeError:
        refuse(f"{where}: u.shape", str(tuple(u.shape)), f"one that broadcasts with {tuple(batch)}", "insert ones")
    wide = widened(x.dtype)
    first = (u.to(wide) - (a.to(wide) * x.to(wide)).sum(-1)).to(x.dtype)
    d = x.shape[-1]
    return (
        torch.cat([first.expand(batch)[..., None], x[..., :-1].expand(*batch, max(d - 1, 0))], -1) if d else x.expand(*batch, 0)
    )


def state_space_to_rtf(
    A: Shaped[Tensor, "*batch d d"], B: Shaped[Tensor, "*batch d"], C: Shaped[Tensor, "*batch d"], length: int
) -> tuple[Shaped[Tensor, "*batch d"], Shaped[Tensor, "*batch d"]]:
    r"""Return (a, b) with ``rtf_kernel(a, b, length)`` equal to :math:`C^*A^kB`, k < L, for a dense state space.

    a are the coefficients of :math:`\det(\lambda I-A)`, b those of :math:`\det(\lambda I-A+B\tilde C^*)-\det(\lambda I-A)`,
    :math:`\tilde C^*=C^*(I-A^L)`, after the leading one and from high to low.

    Args:
        A: ``[..., d, d]``, float64 or complex128, d from 0.
        B, C: ``[..., d]`` of A's dtype and device; batches broadcast.
        length: L, from 1.

    Returns:
        a and b, ``[..., d]``.

    Raises:
        ValueError: a matrix that is not square, shapes or devices that do not fit, a length below 1.
        TypeError: no tensor, another dtype: in float32 too few digits of the coefficients are right.

    Warns:
        RuntimeWarning: d steps of the recurrence that a and b define differ from those of A by more than 10⁻⁶ of the
            largest: characteristic polynomials are ill-conditioned from about d = 20 on.

    Notes:
        Claims ``ssm/transfer_function/C3b``, ``C1c``, ``C8a``. Faddeev and LeVerrier's recursion for a, in the scale of
        A's largest row sum: O(d⁴), differentiable everywhere, unlike eigenvalues. The difference of determinants is
        formed without cancellation, as the coefficients of :math:`a(z)\sum_k\tilde C^*A^kB\,z^k` below :math:`z^d`. Differs from
        ``scipy.signal.ss2tf`` in: batches, gradients, complex systems, the factor :math:`I-A^L`. NaN and infinity spoil
        their system.
    """
    where = "state_space_to_rtf"
    dtypes = (torch.float64, torch.complex128)
    check_tensor(f"{where}: A", A, dtypes, "[..., d, d]", 2)
    for name, t in (("B", B), ("C", C)):
        check_like(f"{where}: {name}", check_tensor(f"{where}: {name}", t, dtypes, "[..., d]", 1), "A", A)
    d = A.shape[-1]
    if A.shape[-2] != d:
        refuse(f"{where}: A.shape", str(tuple(A.shape)), "[..., d, d]", "pass a square matrix")
    for name, t in (("B", B), ("C", C)):
        if t.shape[-1] != d:
            refuse(f"{where}: {name}.shape[-1]", str(t.shape[-1]), f"{d} like A", "give one number a state")
    try:
        batch = broadcast_shapes(A.shape[:-2], B.shape[:-1], C.shape[:-1])
    except RuntimeError:
        shapes = f"{tuple(A.shape)}, {tuple(B.shape)} and {tuple(C.shape)}"
        refuse(f"{where}: the shapes of A, B and C", shapes, "batches that broadcast", "insert ones")
    check_count(f"{where}: length", length, 1)
    if d == 0:
        return A.new_zeros(*A.shape[:-2], 0), A.new_zeros(*batch, 0)
    a = _characteristic_polynomial(A)
    row = C.conj()[..., None, :]
    row = row - row @ torch.linalg.matrix_power(A, length)
    state, moments = B[..., None], []
    for _ in range(2 * d):
        moments.append((row @ state)[..., 0, 0].expand(batch))
        state = A @ state
    m = torch.stack(moments, -1)
    monic = pad(a, (1, 0), value=1.0)
    # Σ_{i≤n} a_i m_{n-i} below n = d is b, and from there on 0 (Cayley and Hamilton)
    b = torch.stack([_coefficient(monic, m, n) for n in range(d)], -1)
    with torch.no_grad():
        later = rtf_kernel_truncated(a, b, 2 * d)
        away = (later - m).abs().amax(-1)
        if bool((away > LOST * m.abs().amax(-1)).any()):
            worst = float((away / m.abs().amax(-1)).nan_to_num(0.0).max())
            warnings.warn(
                f"{where}: the coefficients give the first {2 * d} numbers of the kernel to {worst:.0e} of the largest only; "
                "characteristic polynomials of large matrices are ill-conditioned: use fewer states, or keep the state space.",
                RuntimeWarning,
                stacklevel=2,
            )
    return a, b


def _coefficient(c: Tensor, m: Tensor, n: int) -> Tensor:
    """Return Σ_{i≤n} c_i m_{n-i}."""
    return (c[..., : n + 1] * m[..., : n + 1].flip(-1)).sum(-1)


def _characteristic_polynomial(A: Tensor) -> Tensor:
    """Return the coefficients of det(λI - A) after the leading one."""
    d = A.shape[-1]
    eye = torch.eye(d, dtype=A.dtype, device=A.device)
    scale = A.detach().abs().sum(-1).amax(-1)
    scale = torch.where(scale > 0, scale, 1.0)
    unit = A / scale[..., None, None]
    M, coefficients = torch.zeros_like(unit), []
    last = torch.ones(A.shape[:-2], dtype=A.dtype, device=A.device)
    for k in range(1, d + 1):
        # M_k = A M_{k-1} + c_{k-1} I, c_k = -tr(A M_k)/k
        M = unit @ M + last[..., None, None] * eye
        last = -torch.diagonal(unit @ M, dim1=-2, dim2=-1).sum(-1) / k
        coefficients.append(last * scale**k)
    return torch.stack(coefficients, -1)


def reference_rtf_kernel(
    a: Shaped[Tensor, "*denominators d"], b: Shaped[Tensor, "*numerators d"], length: int
) -> Shaped[Tensor, "*batch length"]:
    """Return the kernel in double precision, step by step through the companion matrix. O(L d² + d³)."""
    wide = torch.complex128 if a.is_complex() else torch.float64
    a, b = a.to(wide), b.to(wide)
    d = a.shape[-1]
    batch = broadcast_shapes(a.shape[:-1], b.shape[:-1])
    if length == 0 or d == 0:
        return torch.zeros(*batch, length, dtype=wide, device=a.device)
    A = companion(a)
    eye = torch.eye(d, dtype=wide, device=a.device)
    # the row b^T (I - A^L)^{-1} as a column
    c = torch.linalg.solve((eye - torch.linalg.matrix_power(A, length)).mT.expand(*batch, d, d), b.expand(*batch, d)[..., None])
    state, K = eye[:, :1].expand(*batch, d, 1), []
    for _ in range(length):
        K.append((c * state).sum((-2, -1)))
        state = A @ state
    return torch.stack(K, -1)


def reference_rtf_kernel_truncated(
    a: Shaped[Tensor, "*denominators d"], b: Shaped[Tensor, "*numerators d"], length: int
) -> Shaped[Tensor, "*batch length"]:
    """Return the power series in double precision, one coefficient after the other. O(L d)."""
    wide = torch.complex128 if a.is_complex() else torch.float64
    a, b = a.to(wide), b.to(wide)
    d = a.shape[-1]
    batch = broadcast_shapes(a.shape[:-1], b.shape[:-1])
    h = torch.zeros(*batch, length, dtype=wide, device=a.device)
    for k in range(length):
        if k < d:
            h[..., k] = b[..., k]
        for i in range(1, min(d, k) + 1):
            h[..., k] -= a[..., i - 1] * h[..., k - i]
    return h
