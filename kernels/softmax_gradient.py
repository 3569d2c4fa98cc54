"""Size of the softmax's Jacobian as a function of the scale in front of the scores, without cancellation."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_like, check_tensor, refuse

if TYPE_CHECKING:
    from jaxtyping import Float

_DTYPES = (*REAL, torch.float16)


def softmax_gradient_l1(s: Float[Tensor, "*batch n"], alpha: int | float | Float[Tensor, "*#batch"]) -> Float[Tensor, "*out"]:
    r"""Return :math:`F(\alpha)=\tfrac12\sum_{ij}|\partial p_i/\partial s_j|=\alpha(1-\sum_ip_i^2)`, p = softmax(αs).

    F is also the trace of the Jacobian :math:`\alpha(\mathrm{diag}(p)-pp^\top)`.

    Args:
        s: scores, n ≥ 1; float32, float64, or bfloat16 and float16 (by float32). Scores of -inf are masked out.
        alpha: the scale, a number or a tensor of the dtype of s that broadcasts with ``s.shape[:-1]``.

    Returns:
        The batch shape, dtype of s. Differentiable any number of times in s and alpha; a row of -inf alone gives
        NaN, as ``torch.softmax`` does.

    Raises:
        ValueError: no dimension, n = 0, a scale that does not broadcast, another device.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``attention/scale_gradient/C1``, ``C2``. Cost O(n) time and memory. ``1 - (p**2).sum()`` is 0 as soon as
        p is one-hot to rounding. Here :math:`e_i=e^{\alpha(s_i-\max s)}`, and with T and Q the sums of e and e²
        over all but one largest score

        .. math:: 1-\sum_ip_i^2=\frac{2T+T^2-Q}{(1+T)^2},\qquad 2T+T^2-Q\ge T+T^2,

        so nothing cancels: the relative error is at most about (5n + 6g + 15)·u, where g is the largest α(max s - s_i) among the
        terms that count. It goes to 0 only when e itself underflows.
    """
    e, _ = _weights("softmax_gradient_l1", s, alpha)
    T = e.sum(-1)
    return size_from_sums(_as_scale(alpha, T), T, (e * e).sum(-1)).to(s.dtype)


def softmax_gradient_l1_derivative(
    s: Float[Tensor, "*batch n"], alpha: int | float | Float[Tensor, "*#batch"]
) -> Float[Tensor, "*out"]:
    r"""Return :math:`F'(\alpha)=1-\sum p^2-2\alpha\bigl(\sum p^2s-\sum p^2\sum ps\bigr)`, the derivative by the scale.

    Its zeros are the scales at which the softmax passes on most gradient. Arguments, result, errors and cost are those of
    :func:`softmax_gradient_l1`.

    Notes:
        Claim ``attention/scale_gradient/C9``. The bracket does not change when all scores are shifted, so that the gaps s - max s
        stand for s. Its two parts, divided by 1 - Σp², stay bounded by a multiple of g (see above): the absolute error is
        at most about (8n + 10g + 30)·u times |1 - Σp²| + 2α(|Σp²(s - max s)| + |Σp(s - max s)|), also where p is one-hot to
        rounding.
    """
    e, gap = _weights("softmax_gradient_l1_derivative", s, alpha)
    T, weighted = e.sum(-1), e * gap
    sums = T, (e * e).sum(-1), weighted.sum(-1), (e * weighted).sum(-1)
    return derivative_from_sums(_as_scale(alpha, T), *sums).to(s.dtype)


def size_from_sums(alpha: Tensor | float, T: Tensor, Q: Tensor) -> Tensor:
    """Return α(1 - Σp²) from the sums of e and e² over all but one largest score."""
    return alpha * (2 * T + T * T - Q) / (1 + T) ** 2


def derivative_from_sums(alpha: Tensor | float, T: Tensor, Q: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Return its derivative, from the sums of eg and e²g too, g being the gaps to the largest score."""
    total = 1 + T
    spread = second / total**2 - (1 + Q) * first / total**3
    return (2 * T + T * T - Q) / total**2 - 2 * alpha * spread


def _weights(where: str, s: Tensor, alpha: int | float | Tensor) -> tuple[Tensor, Tensor]:
    """Return e = exp(αg) and the gaps g = s - max s, both 0 for one largest score."""
    check_tensor(f"{where}: s", s, _DTYPES, "[..., n]", 1)
    if s.shape[-1] == 0:
        refuse(f"{where}: s.shape", str(tuple(s.shape)), "[..., n] with n of at least 1", "give one score or more")
    if isinstance(alpha, Tensor):
        check_like(f"{where}: alpha", alpha, "s", s)
        try:
            torch.broadcast_shapes(alpha.shape, s.shape[:-1])
        except RuntimeError:
            found, wanted = str(tuple(alpha.shape)), f"one that broadcasts with {tuple(s.shape[:-1])}"
            refuse(f"{where}: alpha.shape", found, wanted, "give a scale a row, or one for all")
        factor = alpha.unsqueeze(-1)
    elif isinstance(alpha, bool) or not isinstance(alpha, int | float):
        found = f"{alpha!r} ({type(alpha).__name__})"
        refuse(f"{where}: alpha", found, "a number or a tensor", "pass a Python float", TypeError)
    else:
        factor = torch.tensor(float(alpha), dtype=torch.float64 if s.dtype == torch.float64 else torch.float32, device=s.device)
    wide = torch.promote_types(s.dtype, torch.float32)
    scores, factor = s.to(wide), factor.to(wide)
    # with a negative scale the smallest score has the largest probability
    place = torch.where(factor < 0, -scores, scores).argmax(-1, keepdim=True)  # [..., 1]
    scores = scores.expand(*place.shape[:-1], s.shape[-1])
    gap = scores - scores.gather(-1, place)
    # 0 · (-inf) would be NaN, also in the derivatives
    dropped = (gap == -torch.inf).scatter(-1, place, True)
    gap = gap.masked_fill(dropped, 0.0)
    e = torch.exp(factor * gap).masked_fill(dropped, 0.0)
    return e, gap


def _as_scale(alpha: int | float | Tensor, like: Tensor) -> Tensor | float:
    return alpha.to(like.dtype) if isinstance(alpha, Tensor) else float(alpha)


def reference_softmax_gradient_l1(s: Float[Tensor, " n"], alpha: float) -> Float[Tensor, ""]:
    """Return half the sum of |∂p_i/∂s_j| of one row, from automatic differentiation in float64; cost O(n²)."""
    jacobian = torch.autograd.functional.jacobian(lambda z: torch.softmax(alpha * z, -1), s.detach().double())
    return jacobian.abs().sum() / 2


def reference_softmax_gradient_l1_derivative(s: Float[Tensor, " n"], alpha: float) -> Float[Tensor, ""]:
    """Return the derivative of α(1 - Σp²) by α of one row, from automatic differentiation in float64."""
    scale = torch.tensor(float(alpha), dtype=torch.float64, requires_grad=True)
    value = scale * (1 - torch.softmax(scale * s.detach().double(), -1).square().sum(-1))
    return torch.autograd.grad(value, scale)[0]
