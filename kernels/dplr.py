"""HiPPO matrices as diagonal minus low rank (DPLR): their forms, the convolution kernel by one FFT, the step in O(d)."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import COMPLEX, check_count, check_like, check_positive, check_tensor, refuse
from derivable.kernels.cauchy import cauchy_sum
from derivable.kernels.vandermonde import check_step

if TYPE_CHECKING:
    from jaxtyping import Shaped


def dplr_legs(
    d: int,
    *,
    conjugate_pairs: bool = False,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Shaped[Tensor, " n"], Shaped[Tensor, "1 n"], Shaped[Tensor, "n d"]]:
    r"""Return ``(lam, P, U)`` with :math:`A=U^*(\Lambda-pp^*)U` for the LegS matrix A.

    :math:`A+\frac12vv^\top+\frac12I=S` with :math:`v_n=\sqrt{2n+1}`,
    :math:`S_{nk}=-\frac12v_nv_k\,\mathrm{sgn}(n-k)` skew, so :math:`S=U^*\mathrm{diag}(i\omega)U` with U unitary,
    :math:`\lambda=-\frac12+i\omega`, :math:`p=Uv/\sqrt2`.

    Args:
        d: number of states, at least 1.
        conjugate_pairs: return the ⌈d/2⌉ modes with ω ≥ 0 only, that with ω = 0 (odd d) with its rows of P and U divided
            by √2, so that in all that follows the whole is the half plus its conjugate.
        dtype: complex64 or complex128, rounded from complex128 (default: that of torch's default dtype).
        device: where the result lies.

    Returns:
        ``lam[n]``, ``P[1, n]`` (positive), ``U[n, d]``, n = d (or ⌈d/2⌉), ω ascending. A system (A, B, C) becomes
        (Λ - pp*, UB, UC).

    Raises:
        ValueError: d < 1. TypeError: d is no int, or another dtype.

    Notes:
        Claim ``ssm/s4/C8a``; O(d³), once. U comes from a Hermitian eigenproblem, whose modes are well separated; the
        eigenvectors of A itself are useless from d = 30 on (claim ``C6g``). Reconstruction of A: error about
        :math:`u\|S\|`, measured 1e-11 at d = 256 for entries up to 500. Source: Gu et al., arXiv:2111.00396.
    """
    check_count("dplr_legs: d", d)
    n = torch.arange(d, dtype=torch.float64)
    v = (2 * n + 1).sqrt()
    S = -torch.outer(v, v) * torch.sign(n[:, None] - n) / 2
    return _form("dplr_legs", S, v[None] / math.sqrt(2), -0.5, conjugate_pairs, dtype, device)


def dplr_legt(
    d: int,
    *,
    window: float = 1.0,
    conjugate_pairs: bool = False,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Shaped[Tensor, " n"], Shaped[Tensor, "2 n"], Shaped[Tensor, "n d"]]:
    r"""Return ``(lam, P, U)`` with :math:`A=U^*(\Lambda-p_1p_1^*-p_2p_2^*)U` for the LegT matrix A of ``window`` w.

    :math:`A+\frac1w(v_ev_e^\top+v_ov_o^\top)=S` is skew, where :math:`v_e,v_o` are the even and the odd entries of
    :math:`v_n=\sqrt{2n+1}`: rank two, and no shift, so that the λ are imaginary.

    Args, returns, errors: as :func:`dplr_legs`, with ``P[2, n]`` and the window, above 0.

    Notes:
        Claim ``ssm/s4/C8c``. With λ on the imaginary axis, :func:`dplr_kernel` needs ``damping``.
    """
    check_count("dplr_legt: d", d)
    w = check_positive("dplr_legt: window", window)
    n = torch.arange(d, dtype=torch.float64)
    v = (2 * n + 1).sqrt()
    odd = n.remainder(2)
    between = (odd[:, None] != odd).to(torch.float64)
    S = -torch.outer(v, v) * torch.sign(n[:, None] - n) * between / w
    return _form("dplr_legt", S, torch.stack([v * (1 - odd), v * odd]) / math.sqrt(w), 0.0, conjugate_pairs, dtype, device)


def _form(
    where: str,
    S: Tensor,
    V: Tensor,
    shift: float,
    conjugate_pairs: bool,
    dtype: torch.dtype | None,
    device: torch.device | str | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Diagonalise ``shift`` + S - V*V with S real and skew; conjugate modes are conjugate exactly."""
    if dtype is None:
        dtype = torch.complex64 if torch.get_default_dtype() == torch.float32 else torch.complex128
    if dtype not in COMPLEX:
        found = str(dtype).removeprefix("torch.")
        refuse(f"{where}: dtype", found, "complex64 or complex128", "choose one of these", TypeError)
    d = len(S)
    omega, X = torch.linalg.eigh(-1j * S.to(torch.complex128))
    upper, omega = X[:, d // 2 :].mH, omega[d // 2 :].clone()
    P = V.to(torch.complex128) @ upper.mT
    # an eigenvector is free up to its phase: the sum over P is made positive
    total = P.sum(0)
    phase = total.abs() / total
    P, U = P * phase, upper * phase[:, None]
    if d % 2:
        omega[0] = 0.0
        P.imag[:, 0] = 0.0
        U[0] = U[0].real / torch.linalg.vector_norm(U[0].real)
        if conjugate_pairs:
            P[:, 0] /= math.sqrt(2)
            U[0] /= math.sqrt(2)
    if not conjugate_pairs:
        pairs = slice(d % 2, None)
        omega = torch.cat([-omega[pairs].flip(0), omega])
        P = torch.cat([P[:, pairs].conj().flip(1), P], 1)
        U = torch.cat([U[pairs].conj().flip(0), U])
    lam = torch.complex(torch.full_like(omega, shift), omega)
    return lam.to(dtype).to(device), P.to(dtype).to(device), U.to(dtype).to(device)


def dplr_kernel(
    lam: Shaped[Tensor, "*batch d"],
    P: Shaped[Tensor, "*batch r d"],
    Q: Shaped[Tensor, "*batch r d"],
    b: Shaped[Tensor, "*batch d"],
    c: Shaped[Tensor, "*batch d"],
    eps: float | Shaped[Tensor, "*rows"],
    length: int,
    *,
    conjugate_pairs: bool = False,
    damping: float = 0.0,
) -> Shaped[Tensor, "*batch length"]:
    r"""Return the kernel :math:`K_k,\ k<L`, whose truncated generating function is
    :math:`\tilde c^*(I-z\bar A)^{-1}\bar b` at :math:`z=e^{-(\sigma+2\pi il)/L}`.

    :math:`A=\Lambda-\sum_rp_rq_r^*`, bilinear step ε; with :math:`g=\frac2\epsilon\frac{1-z}{1+z}` and
    :math:`R=(g-\Lambda)^{-1}`

    .. math:: \frac2{1+z}\left[\tilde c^*Rb-\tilde c^*RP\,(I+Q^*RP)^{-1}Q^*Rb\right],

    at z = -1 its limit :math:`\frac\epsilon2\tilde c^*b`; then one inverse FFT. With
    :math:`\tilde c` of :func:`truncated_output` this is :math:`K_k=c^*\bar A^k\bar b`.

    Args:
        lam: ``[..., d]``, complex64 or complex128. P, Q: ``[..., r, d]``, r from 0; Q is P for the HiPPO matrices. b, c:
            ``[..., d]``, c being :math:`\tilde c`. All of one dtype and device; leading dimensions broadcast.
        eps: the step, above 0: a float or a real tensor that broadcasts with the batch.
        length: L, from 0, of any parity.
        conjugate_pairs: the d modes are one of each pair of conjugates (:func:`dplr_legs`): the result is real and half of
            the points are visited.
        damping: σ ≥ 0, the same as in :func:`truncated_output`. Above 0 no λ of the closed left half-plane is a
            pole, and :math:`I-e^{-\sigma}\bar A^L` has a good inverse also where Lε is small; the error grows by at most
            :math:`e^\sigma`.

    Returns:
        ``[..., L]``, real with ``conjugate_pairs``. Differentiable any number of times, in ``eps`` too.

    Raises:
        ValueError: ε not positive or not finite, σ negative; a λ at one of the points (as λ = 0 of LegT for odd d and
            σ = 0); shapes that do not fit, another device. TypeError: another dtype.
        MemoryError: the sums do not fit into the CPU's memory.

    Notes:
        Claims ``ssm/s4/C5a`` to ``C5g``, ``C7``, ``C9a`` to ``C9c``. O(L d (r+1)²) with the fractions
        formed once for all (r+1)² sums, no matrix of size L × d in memory. g is taken as
        :math:`\frac{2i}\epsilon\tan\frac\theta2` and :math:`\frac2{1+z}` as :math:`e^{i\theta/2}/\cos\frac\theta2`
        from angles in double precision, so that no digit is lost near z = -1 in single precision. NaN or infinity in
        an argument spoils its row.
    """
    where = "dplr_kernel"
    _check_system(where, lam, P, Q, b, c)
    check_count(f"{where}: length", length, 0)
    half = check_step(where, eps, lam)[..., None] / 2
    sigma = _check_damping(where, damping)
    rank = P.shape[-2]
    points = length // 2 + 1 if conjugate_pairs and length else length
    # tanh((σ + iθ)/2) = (1 - z)/(1 + z)
    exponent = torch.complex(
        torch.full((points,), sigma / max(length, 1) / 2, dtype=torch.float64),
        math.pi / max(length, 1) * torch.arange(points, dtype=torch.float64),
    ).to(lam.device)
    at_minus_one = (2 * torch.arange(points, device=lam.device) == length) & (sigma == 0)
    cosh = torch.where(at_minus_one, 1.0, torch.cosh(exponent))
    z = torch.where(at_minus_one, 1j, torch.sinh(exponent) / cosh)
    if sigma == 0:
        z = torch.complex(torch.zeros_like(z.imag), z.imag)
    front = torch.where(at_minus_one, 1.0, torch.exp(exponent) / cosh).to(lam.dtype)
    left, right = _stacked(c, Q), _stacked(b, P)
    products = left.conj()[..., :, None, :] * right[..., None, :, :]  # [..., r + 1, r + 1, d]
    poles = (half * lam)[..., None, None, :]
    sums = cauchy_sum(products, z.to(lam.dtype), poles, conjugate_pairs=conjugate_pairs)
    h = half[..., None]
    G = sums[..., 0, 0, :]
    if rank:
        inner = sums[..., 1:, 1:, :].movedim(-1, -3) * h[..., None]
        inner = inner + torch.eye(rank, dtype=lam.dtype, device=lam.device)
        column, row = sums[..., 1:, 0, :].mT[..., None], sums[..., 0, 1:, :].mT[..., None, :]
        solved = column / inner if rank == 1 else torch.linalg.solve(inner, column)
        G = G - half * (row @ solved)[..., 0, 0]
    limit = products[..., 0, 0, :].sum(-1, keepdim=True)
    limit = 2 * limit.real.to(lam.dtype) if conjugate_pairs else limit
    G = half * torch.where(at_minus_one, limit, front * G)
    _refuse_pole(where, G, lam, P, Q, b, c)
    if G.numel() == 0:
        empty = G.new_zeros(*G.shape[:-1], length)
        return empty.real if conjugate_pairs else empty
    K = torch.fft.irfft(G, length) if conjugate_pairs else torch.fft.ifft(G, length)
    if sigma == 0:
        return K
    growth = torch.exp(sigma / length * torch.arange(length, dtype=torch.float64, device=K.device))
    return K * growth.to(lam.real.dtype)


def truncated_output(
    lam: Shaped[Tensor, "*batch d"],
    P: Shaped[Tensor, "*batch r d"],
    Q: Shaped[Tensor, "*batch r d"],
    c: Shaped[Tensor, "*batch d"],
    eps: float | Shaped[Tensor, "*rows"],
    length: int,
    *,
    conjugate_pairs: bool = False,
    damping: float = 0.0,
) -> Shaped[Tensor, "*batch d"]:
    r"""Return :math:`\tilde c=(I-e^{-\sigma}\bar A^L)^*c`, with which :func:`dplr_kernel` gives the kernel of c itself.

    Args, errors: as :func:`dplr_kernel`.

    Notes:
        Claims ``ssm/s4/C5a``, ``C5g``. The matrix :math:`\bar A^L` is formed once, in double precision: O(d³ log L), d²
        numbers a row.
    """
    where = "truncated_output"
    _check_system(where, lam, P, Q, c)
    check_count(f"{where}: length", length, 0)
    h = check_step(where, eps, lam)[..., None, None].to(torch.float64) / 2
    sigma = _check_damping(where, damping)
    d = lam.shape[-1]
    state = c
    if conjugate_pairs:
        lam, P, Q, state = (torch.cat([t, t.conj()], -1) for t in (lam, P, Q, c))
    lam, P, Q, state = (t.to(torch.complex128) for t in (lam, P, Q, state))
    A = torch.diag_embed(lam) - P.mT @ Q.conj()
    eye = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    move = torch.linalg.solve(eye - h * A, eye + h * A) if A.numel() else A
    power = math.exp(-sigma) * torch.linalg.matrix_power(move, length)
    return (state - (power.mH @ state[..., None])[..., 0])[..., :d].to(c.dtype)


def bilinear_dplr_step(
    x: Shaped[Tensor, "*batch d"],
    lam: Shaped[Tensor, "*batch d"],
    P: Shaped[Tensor, "*batch r d"],
    Q: Shaped[Tensor, "*batch r d"],
    b: Shaped[Tensor, "*batch d"],
    eps: float | Shaped[Tensor, "*rows"],
    u: Shaped[Tensor, "*rows"],
    *,
    conjugate_pairs: bool = False,
) -> Shaped[Tensor, "*batch d"]:
    r"""Return the next state :math:`(I-\frac\epsilon2A)^{-1}[(I+\frac\epsilon2A)x+\epsilon bu]` of :math:`A=\Lambda-PQ^*`.

    With h = ε/2, :math:`y=(1+h\Lambda)x-hP(Q^*x)+\epsilon bu` and :math:`W=(1-h\Lambda)^{-1}` it is
    :math:`W[y-hP(I+hQ^*WP)^{-1}Q^*Wy]`.

    Args:
        x, b: ``[..., d]``; other arguments as in :func:`dplr_kernel`.
        u: the input, real or complex in the precision of x, of the batch shape or one that broadcasts to it.
        conjugate_pairs: x holds one of each pair, and u is real.

    Raises:
        ValueError: ε not positive or not finite; a singular step; a shape or device that does not fit.
        TypeError: another dtype.

    Notes:
        Claim ``ssm/s4/C10``. O(d r²). The state may be 0 at the start; the output after the step is :math:`c^*x`, with
        ``conjugate_pairs`` twice its real part. Differentiable any number of times.
    """
    where = "bilinear_dplr_step"
    _check_system(where, lam, P, Q, x, b)
    check_tensor(f"{where}: u", u, (lam.dtype, lam.real.dtype), "[...]", 0)
    h = check_step(where, eps, lam)[..., None] / 2
    W = 1 / (1 - h * lam)
    y = (1 + h * lam) * x - h * _low_rank(P, _against(Q, x, conjugate_pairs)) + 2 * h * b * u[..., None]
    moved = _against(Q, W * y, conjugate_pairs)
    if P.shape[-2]:
        inner = Q.conj() @ (W[..., None, :] * P).mT
        inner = 2 * inner.real.to(inner.dtype) if conjugate_pairs else inner
        inner = torch.eye(P.shape[-2], dtype=lam.dtype, device=lam.device) + h[..., None] * inner
        moved = torch.linalg.solve(inner, moved[..., None])[..., 0]
    state = W * (y - h * _low_rank(P, moved))
    _refuse_pole(where, state, x, lam, P, Q, b, u)
    return state


def _against(Q: Tensor, x: Tensor, conjugate_pairs: bool) -> Tensor:
    """Return Q* x, ``[..., r]``."""
    product = (Q.conj() * x[..., None, :]).sum(-1)
    return 2 * product.real.to(product.dtype) if conjugate_pairs else product


def _low_rank(P: Tensor, s: Tensor) -> Tensor:
    """Return P s, ``[..., d]``."""
    return (P * s[..., None]).sum(-2)


def _stacked(x: Tensor, Y: Tensor) -> Tensor:
    """Put x ``[..., d]`` before the rows of Y ``[..., r, d]``."""
    batch = torch.broadcast_shapes(x.shape[:-1], Y.shape[:-2])
    return torch.cat([x[..., None, :].expand(*batch, 1, x.shape[-1]), Y.expand(*batch, *Y.shape[-2:])], -2)


def _check_system(where: str, lam: Tensor, P: Tensor, Q: Tensor, *vectors: Tensor) -> None:
    check_tensor(f"{where}: lam", lam, COMPLEX, "[..., d]", 1)
    for name, t in (("P", P), ("Q", Q)):
        check_like(f"{where}: {name}", check_tensor(f"{where}: {name}", t, COMPLEX, "[..., r, d]", 2), "lam", lam)
    names = ("b", "c") if where == "dplr_kernel" else ("c",) if where == "truncated_output" else ("x", "b")
    for name, t in zip(names, vectors, strict=True):
        check_like(f"{where}: {name}", check_tensor(f"{where}: {name}", t, COMPLEX, "[..., d]", 1), "lam", lam)
    sizes = {t.shape[-1] for t in (lam, P, Q, *vectors)}
    if len(sizes) > 1 or P.shape[-2] != Q.shape[-2]:
        shapes = ", ".join(str(tuple(t.shape)) for t in (lam, P, Q, *vectors))
        refuse(
            f"{where}: the shapes of lam, P, Q, {', '.join(names)}", shapes, "one d, and one r of P and Q", "see the docstring"
        )


def _check_damping(where: str, damping: object) -> float:
    if isinstance(damping, bool) or not isinstance(damping, int | float):
        refuse(f"{where}: damping", f"{damping!r} ({type(damping).__name__})", "a number from 0", "pass a float", TypeError)
    if not 0 <= damping <= 50:
        refuse(f"{where}: damping", str(damping), "a number from 0 to 50", "its exponential multiplies the error; 1 will do")
    return float(damping)


def _refuse_pole(where: str, result: Tensor, *arguments: Tensor) -> None:
    if bool(torch.isfinite(result).all()) or not all(bool(torch.isfinite(t).all()) for t in arguments):
        return
    refuse(
        f"{where}: lam",
        "a pole of the step or of one of the points",
        "ελ/2 that no point (1 - z)/(1 + z) meets",
        "take damping=1, or another eps",
    )


def reference_dplr_kernel(
    lam: Shaped[Tensor, "*batch d"],
    P: Shaped[Tensor, "*batch r d"],
    Q: Shaped[Tensor, "*batch r d"],
    b: Shaped[Tensor, "*batch d"],
    c: Shaped[Tensor, "*batch d"],
    eps: float,
    length: int,
) -> Shaped[Tensor, "*batch length"]:
    r"""Return :math:`c^*\bar A^k\bar b` in double precision, power by power with dense matrices (c is not :math:`\tilde c`)."""
    lam, P, Q, b, c = (t.to(torch.complex128) for t in (lam, P, Q, b, c))
    A = torch.diag_embed(lam) - P.mT @ Q.conj()
    eye = torch.eye(A.shape[-1], dtype=A.dtype)
    left = eye - eps / 2 * A
    move = torch.linalg.solve(left, eye + eps / 2 * A)
    x = eps * torch.linalg.solve(left, b[..., None])
    rows = []
    for _ in range(length):
        rows.append((c.conj()[..., None, :] @ x)[..., 0, 0])
        x = move @ x
    return torch.stack(rows, -1)
