"""Products with the LegS matrix and its shifted inverses in O(d): the matrix is lower triangular of rank one."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import COMPLEX, REAL, check_like, check_tensor, refuse, widened
from derivable.kernels.hippo import hippo_matrix
from derivable.kernels.linear_scan import linear_scan

if TYPE_CHECKING:
    from jaxtyping import Shaped


def legs_matvec(v: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    r"""Return ``A v`` for the LegS matrix: :math:`(Av)_n=nv_n-r_n\sum_{k\le n}r_kv_k`, :math:`r_n=\sqrt{2n+1}`.

    Args:
        v: ``[..., d]``, d from 0; float32, float64, bfloat16 (computed in float32), complex64 or complex128.

    Raises:
        ValueError: no dimension. TypeError: another dtype.

    Notes:
        Claim ``ssm/hippo_discretization/C6a``. One cumulative sum, O(d). The matrix is that of
        :func:`derivable.kernels.hippo_matrix` for ``legs``, orthonormal. Rounding:
        :math:`|\text{error}_n|\le(d+4)u\,[n|v_n|+r_n\sum_{k\le n}r_k|v_k|]`.
    """
    check_tensor("legs_matvec: v", v, (*REAL, *COMPLEX), "[..., d]", 1)
    wide = v.to(widened(v.dtype))
    n, r = _scales(wide)
    return (n * wide - r * (r * wide).cumsum(-1)).to(v.dtype)


def legs_solve(lam: float | Shaped[Tensor, "*rows"], v: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    r"""Return :math:`z=(I-\lambda A)^{-1}v` for the LegS matrix A.

    :math:`S_n=\frac{(1-\lambda n)S_{n-1}+r_nv_n}{1+\lambda(n+1)}` with :math:`S_{-1}=0`, then
    :math:`z_n=\frac{v_n-\lambda r_nS_{n-1}}{1+\lambda(n+1)}`.

    Args:
        lam: λ, a finite number or a tensor of v's batch shape (or one that broadcasts to it), dtype and device;
            :math:`1+\lambda(n+1)\ne0` for n < d, as for every λ ≥ 0.
        v: ``[..., d]``, d from 0; dtypes as :func:`legs_matvec`.

    Raises:
        ValueError: λ is not finite, or the matrix is singular; a shape or device that does not fit.
        TypeError: another dtype.

    Notes:
        Claims ``ssm/hippo_discretization/C6b``, ``C6c``: :math:`1-\lambda n` vanishes for
        :math:`\lambda=1/n`, so the recurrence is scanned without division (:func:`linear_scan`). O(d),
        differentiable in v and a tensor λ. For λ ≥ 0 all multipliers are below 1 in modulus. Rounding:
        :math:`|\text{error}|\le(4d+10)u\,|I-\lambda A|^{-1}`-weighted moduli, measured 5e-15 at d = 300.
    """
    where = "legs_solve"
    check_tensor(f"{where}: v", v, (*REAL, *COMPLEX), "[..., d]", 1)
    dtype = widened(v.dtype)
    if isinstance(lam, Tensor):
        check_like(f"{where}: lam", lam, "v", v)
        try:
            rows = torch.broadcast_shapes(lam.shape, v.shape[:-1])
        except RuntimeError:
            rows = None
        if rows != v.shape[:-1]:
            batch = str(tuple(v.shape[:-1]))
            refuse(f"{where}: lam.shape", str(tuple(lam.shape)), f"one that broadcasts to {batch}", "give one λ a row")
        rate = lam.to(dtype)[..., None]
        finite = bool(torch.isfinite(lam).all())
    else:
        if isinstance(lam, bool) or not isinstance(lam, int | float):
            refuse(f"{where}: lam", f"{lam!r} ({type(lam).__name__})", "a number or a tensor", "pass a Python float", TypeError)
        rate = torch.tensor(float(lam), dtype=dtype, device=v.device)
        finite = math.isfinite(lam)
    if not finite:
        refuse(f"{where}: lam", str(lam), "finite", "a step of the bilinear rule has λ = ε/2")
    wide = v.to(dtype)
    n, r = _scales(wide)
    pivot = 1 + rate * (n + 1)
    if (pivot == 0).any():
        refuse(f"{where}: lam", str(lam), "1 + λ(n+1) ≠ 0 for n < d", "I - λA is singular there; take another λ")
    total = linear_scan((1 - rate * n) / pivot, r * wide / pivot)
    before = torch.cat([torch.zeros_like(total[..., :1]), total[..., :-1]], -1)
    return ((wide - rate * r * before) / pivot).to(v.dtype)


def _scales(v: Tensor) -> tuple[Tensor, Tensor]:
    """Return n and √(2n+1) in v's dtype, rounded once."""
    n = torch.arange(v.shape[-1], dtype=torch.float64, device=v.device)
    return n.to(v.dtype), (2 * n + 1).sqrt().to(v.dtype)


def reference_legs_matvec(v: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    """Return the product with the dense matrix, in double precision."""
    if v.shape[-1] == 0:
        return v
    wide = torch.complex128 if v.is_complex() else torch.float64
    return v.to(wide) @ hippo_matrix("legs", v.shape[-1], dtype=torch.float64)[0].to(wide).T


def reference_legs_solve(lam: float, v: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    """Return the solution by a dense factorisation, in double precision."""
    if v.shape[-1] == 0:
        return v
    wide = torch.complex128 if v.is_complex() else torch.float64
    A = hippo_matrix("legs", v.shape[-1], dtype=torch.float64)[0].to(wide)
    return torch.linalg.solve(torch.eye(len(A), dtype=wide) - lam * A, v.to(wide)[..., None])[..., 0]
