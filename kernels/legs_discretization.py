"""One step of LegS in closed form: O(d²) for the implicit schemes, a change of scale of polynomials for the exact one."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.autograd.forward_ad import unpack_dual
from torch.nn.functional import pad

from derivable.kernels._check import REAL, check_choice, check_count, check_tensor, refuse
from derivable.kernels.discretization import METHODS, Method, old_weight, reference_discretize
from derivable.kernels.hippo import hippo_matrix
from derivable.kernels.legendre import legendre_basis, legendre_nodes, legendre_project

if TYPE_CHECKING:
    from jaxtyping import Float

WIDE = torch.float64
# Partial products are divided by only above this, so that no quotient overflows.
SMALL = 1e-280


def legs_discretize(
    eps: float | Float[Tensor, "*batch"],
    d: int,
    method: Method,
    *,
    alpha: float | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Float[Tensor, "*batch d d"], Float[Tensor, "*batch d"]]:
    r"""Return :func:`derivable.kernels.discretize` of the LegS matrices, for a batch of steps.

    With :math:`r_n=\sqrt{2n+1}`, the weight α of the old state, :math:`\lambda=(1-\alpha)\epsilon`,
    :math:`p_n=1+\lambda(n+1)`:

    .. math::
        \bar A_{nn}=\frac{1-\alpha\epsilon(n+1)}{p_n},\qquad
        \bar A_{nk}=-\frac{\epsilon r_nr_k}{p_np_k}\prod_{k<m<n}\frac{1-\lambda m}{p_m}\quad(k<n),\qquad
        \bar B=\sqrt2\,(I-\bar A)e_0.

    ``zoh``: the exponential is a change of scale of the window, with :math:`s=e^{-\epsilon}` and the orthonormal
    polynomials of [0, 1]: :math:`\bar A_{nk}=s\int_0^1g_n(sy)g_k(y)\,dy`, exactly by d Gauss–Legendre nodes.

    Args:
        eps: the step or steps, finite and not negative: a number, or a tensor ``[...]`` of float32, float64 or bfloat16.
        d: number of states, at least 1.
        method: one of the five names of :func:`derivable.kernels.discretize`.
        alpha: for ``generalized_bilinear`` only, from 0 to 1.
        dtype: float32, float64 or bfloat16, rounded from float64 (default: that of a tensor ``eps``, else torch's default).
        device: where the result lies (default: that of a tensor ``eps``, else the CPU).

    Returns:
        ``Ad`` ``[..., d, d]``, lower triangular, and ``Bd`` ``[..., d]``, for the orthonormal scaling. Differentiable in eps.

    Raises:
        ValueError: a step or weight out of range, d < 1, an unknown name.
        TypeError: wrong types or dtypes.

    Notes:
        Claims ``ssm/hippo_discretization/C6d`` (the products), ``C1b``, ``C1c``, ``C2b``. :math:`I-\lambda A` is lower triangular
        of rank one below its diagonal, and its inverse is so again; no difference of close numbers is taken but the factors
        :math:`1-\lambda m` and :math:`1-\alpha\epsilon(n+1)`, so each entry is within about 8d units of rounding, in proportion
        to itself where these are not small. ``zoh`` is within about 10d units of rounding *absolutely* (all entries are
        below 1 in modulus); where entries of size ε ≪ 1 need their leading digits, :func:`derivable.kernels.discretize` squares
        a series instead. Cost a step: d² operations, or d³ products for ``zoh``; O(d²) memory.
    """
    where = "legs_discretize"
    check_choice(f"{where}: method", method, METHODS)
    check_count(f"{where}: d", d)
    step = _steps(f"{where}: eps", eps)
    if dtype is None:
        dtype = eps.dtype if isinstance(eps, Tensor) else torch.get_default_dtype()
    device = step.device if device is None else torch.device(device)
    if dtype not in REAL:
        found = str(dtype).removeprefix("torch.")
        refuse(f"{where}: dtype", found, "float32, float64 or bfloat16", "choose one of these", TypeError)
    weight = old_weight(where, method, alpha)
    move = _exact(step, d) if weight is None else _weighted(step, d, weight)
    # A e_0 = -B/√2, so that B̄ is √2 (I - Ā) e_0; its first entry is not taken from a difference of close numbers
    first = -torch.expm1(-step) if weight is None else step / (1 + (1 - weight) * step)
    drive = -math.sqrt(2) * move[..., 0]
    drive[..., 0] = math.sqrt(2) * first
    return move.to(device, dtype), drive.to(device, dtype)


def _steps(where: str, eps: object) -> Tensor:
    if isinstance(eps, Tensor):
        step = check_tensor(where, eps, REAL, "[...]", 0).to(WIDE)
        forward = bool(((step >= 0) & torch.isfinite(step)).all())
    elif isinstance(eps, bool) or not isinstance(eps, int | float):
        refuse(where, f"{eps!r} ({type(eps).__name__})", "a number or a tensor", "pass a Python float", TypeError)
    else:
        step, forward = torch.tensor(float(eps), dtype=WIDE), 0 <= eps < math.inf
    if not forward:
        refuse(where, str(eps), "finite numbers from 0", "a step goes forward in time")
    return step


def _weighted(step: Tensor, d: int, alpha: float) -> Tensor:  # step [...], the result [..., d, d]
    n = torch.arange(d + 1, dtype=WIDE, device=step.device)
    n, later = n[:-1], n[1:]
    step = step[..., None]
    rate = (1 - alpha) * step
    pivot = 1 + rate * later
    row = (n + later).sqrt() / pivot
    move = _between((1 - rate * n) / pivot, -step * row, row)
    move.diagonal(dim1=-2, dim2=-1).copy_((1 - alpha * step * later) / pivot)
    return move


def _between(factors: Tensor, column: Tensor, row: Tensor) -> Tensor:
    r"""Return :math:`u_nv_k\prod_{k<m<n}f_m` for k < n and 0 elsewhere; f, u, v are ``[..., d]``, :math:`|f_m|\le1`."""
    inner = factors[..., 1:]  # f_0 is in none of the products
    zeros = (inner == 0).nonzero().tolist()
    followed = factors.requires_grad or unpack_dual(factors).tangent is not None
    # 1, 1, f_1, f_1 f_2, … without zeros: what lies between k and n is the quotient of number n by number k + 1
    partial = pad(inner.masked_fill(inner == 0, 1.0) if zeros else inner, (2, 0), value=1.0).cumprod(-1)
    if (zeros and followed) or bool(partial[..., -1].abs().lt(SMALL).any()):
        return _between_in_turn(factors, column, row)
    move = ((column * partial[..., :-1])[..., None] * (row / partial[..., 1:])[..., None, :]).tril_(-1)
    for *batch, m in zeros:  # f_{m + 1} is 0
        move[(*batch, slice(m + 2, None), slice(0, m + 1))] = 0.0
    return move


def _between_in_turn(factors: Tensor, column: Tensor, row: Tensor) -> Tensor:
    """As :func:`_between`, where partial products leave the range of numbers, or derivatives pass a factor that is 0."""
    d = factors.shape[-1]
    # transposed, as products along rows of memory are the quick ones: entry (k, n) is 1 for n ≤ k + 1, and then factor n - 1
    shifted = torch.cat([torch.ones_like(factors[..., :1]), factors[..., :-1]], -1)
    later = torch.ones(d, d, dtype=torch.bool, device=factors.device).triu_(2)
    products = torch.where(later, shifted[..., None, :], 1.0).cumprod(-1)
    return (products * row[..., None] * column[..., None, :]).triu_(1).mT


def _exact(step: Tensor, d: int) -> Tensor:
    nodes, _ = legendre_nodes(d, dtype=WIDE, device=step.device)
    scale = torch.exp(-step)[..., None]
    # y = (1 + x)/2 takes [0, 1] to [-1, 1], and sy to s (1 + x) - 1
    moved = legendre_basis(scale * (1 + nodes) - 1, d)  # [..., nodes, d]
    return (scale[..., None] * legendre_project(moved, d, dim=-2)).mT.tril()


def reference_legs_discretize(
    eps: float, d: int, method: Method, *, alpha: float | None = None
) -> tuple[Float[Tensor, "d d"], Float[Tensor, " d"]]:
    """Return ``(Ad, Bd)`` of the dense matrices in double precision."""
    return reference_discretize(*hippo_matrix("legs", d, dtype=WIDE), eps, method, alpha=alpha)
