"""Score matching and conditional (denoising) score matching: the losses, the number between them, the batch estimate."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_choice, check_like, check_positive, check_tensor, refuse, widened
from derivable.kernels.gaussian_mixture import check_scale, gmm_noised, gmm_posterior, gmm_score

if TYPE_CHECKING:
    from jaxtyping import Float

Field = Callable[[Tensor], Tensor]

# the trapezoidal rule of csm_sm_gap: in deviations, doubled until two results agree
_REACH, _FIRST, _LAST = 9.0, 64, 2**14


def csm_loss(
    model: Field,
    x0: Float[Tensor, "*batch d"],
    a: float | Tensor,
    b: float | Tensor,
    eps: Float[Tensor, "*batch d"],
    *,
    reduction: str = "mean",
) -> Tensor:
    r"""Return the conditional score matching loss :math:`\|{-\varepsilon/b}-s(ax_0+b\varepsilon)\|^2`.

    The target is the conditional score :math:`\nabla_{x_t}\log p_t(x_t|x_0)=-(x_t-ax_0)/b^2=-\varepsilon/b`
    of the Gaussian kernel; the loss is also called denoising score matching.

    Args:
        model: s, from points ``[*batch, d]`` to the same shape (a time is the caller's to close over).
        x0: clean data; float32, float64, or bfloat16 (by float32).
        a: signal level, at least 0; or a tensor with one level for each sample, shape ``[*batch]``.
        b: noise level, above 0, likewise. The values of tensors are not looked at.
        eps: standard normal noise of the shape of x0. One draw for each sample is enough, see Notes.
        reduction: ``"mean"`` over the batch, or ``"none"``: one loss for each sample.

    Returns:
        A scalar, or ``[*batch]``, in the dtype of x0 (float32 for bfloat16). Differentiable in everything.

    Raises:
        ValueError: shapes that do not fit (of the model's value too), levels out of range, unknown reduction.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``diffusion/score_matching/C3``, ``C4a``, ``C4c``, ``C5d``. The mean over one pair is unbiased for the
        loss and its gradient is unbiased for that of :func:`sm_loss`; the value exceeds that of
        :func:`sm_loss` by :func:`csm_sm_gap` on average. Source: Vincent, Neural Computation 23(7), 2011.
        One evaluation of the model. Differs from noise prediction (ε target, ``add_noise`` + MSE) in: the
        sum over coordinates, not their mean, and the factor 1/b².
    """
    where = "csm_loss"
    check_tensor(f"{where}: x0", x0, REAL, "[..., d]", 1)
    check_tensor(f"{where}: eps", eps, REAL, "[..., d]", 1)
    check_like(f"{where}: eps", eps, "x0", x0)
    if eps.shape != x0.shape:
        refuse(f"{where}: eps.shape", str(tuple(eps.shape)), str(tuple(x0.shape)), "draw torch.randn_like(x0)")
    check_choice(f"{where}: reduction", reduction, ("mean", "none"))
    dtype = widened(x0.dtype)
    x0, eps = x0.to(dtype), eps.to(dtype)
    signal, noise = _level(f"{where}: a", a, x0, check_scale), _level(f"{where}: b", b, x0, check_positive)
    losses = (eps / noise + _value(where, model, signal * x0 + noise * eps)).square().sum(-1)
    return losses.mean() if reduction == "mean" else losses


def sm_loss(model: Field, x: Float[Tensor, "*batch d"], score: Field, *, reduction: str = "mean") -> Tensor:
    r"""Return the score matching loss :math:`\|\nabla\log p_t(x)-s(x)\|^2` where the score is known.

    Args:
        model: s, as in :func:`csm_loss`.
        x: draws from p_t, ``[*batch, d]``; float32, float64, or bfloat16 (by float32).
        score: the score of p_t, e.g. by :func:`~derivable.kernels.gaussian_mixture.gmm_score`.
        reduction: as in :func:`csm_loss`.

    Returns:
        As in :func:`csm_loss`.

    Raises:
        ValueError: a value of the model or the score of another shape, unknown reduction.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``diffusion/score_matching/C3``, ``C4a``. At the same x_t the difference to :func:`csm_loss` is
        best formed sample by sample: the two means alone lose digits for a small b.
    """
    where = "sm_loss"
    check_tensor(f"{where}: x", x, REAL, "[..., d]", 1)
    check_choice(f"{where}: reduction", reduction, ("mean", "none"))
    x = x.to(widened(x.dtype))
    losses = (_value(where, score, x, "score") - _value(where, model, x)).square().sum(-1)
    return losses.mean() if reduction == "mean" else losses


def csm_sm_gap(
    mu: Float[Tensor, "K d"],
    var: Float[Tensor, " K"],
    logw: Float[Tensor, " K"],
    a: float,
    b: float,
    x: Float[Tensor, "*batch d"] | None = None,
) -> Float[Tensor, ""]:
    r"""Return CSM - SM, the number that no model changes, for data of a Gaussian mixture.

    :math:`\text{CSM}-\text{SM}=\mathbb E_{x_t}\operatorname{tr}\operatorname{Cov}[u(x_t|x_0)|x_t]
    =\frac{a^2}{b^4}\mathbb E_{x_t}\operatorname{tr}\operatorname{Cov}[x_0|x_t]`, where the inner covariance is
    that of a mixture and has a closed form: nothing cancels, whatever b is.

    Args:
        mu, var, logw: the mixture of x_0, as in :func:`~derivable.kernels.gaussian_mixture.gmm_score`;
            variances may be 0 (atoms).
        a, b: signal level, at least 0, and noise level, above 0.
        x: draws of x_t, over which the mean is taken. Without them, and for d = 1 only, the mean is an
            integral by the trapezoidal rule in each component, doubled until two results agree.

    Returns:
        A scalar in the dtype of mu (float32 for bfloat16). Differentiable in the mixture, and in x.

    Raises:
        ValueError: d > 1 without x, x of no points, shapes or levels as in :func:`gmm_score` and
            :func:`gmm_noised`.
        TypeError: wrong dtype or type.
        ArithmeticError: the integral does not settle in 2^14 points a component.

    Notes:
        Claims ``diffusion/score_matching/C4a``, ``C4h``, ``C4i``. The quadrature is accurate to about 40u of the result and
        2e-3·u/b², since the integrand is analytic and falls like a Gaussian; its cost is O(K²) a point. The mean over x has the
        variance of tr Cov only, less than that of paired losses.
    """
    where = "csm_sm_gap"
    b = check_positive(f"{where}: b", b)
    noised = gmm_noised(mu, var, logw, a, b)
    dtype = widened(mu.dtype)
    clean = mu.to(dtype), var.to(dtype), logw.to(dtype)
    moved = tuple(t.to(dtype) for t in noised)
    if x is not None:
        check_tensor(f"{where}: x", x, REAL, "[..., d]", 1)
        if x.numel() == 0:
            refuse(f"{where}: x.shape", str(tuple(x.shape)), "at least one point", "draw x_t with gmm_sample")
        return _conditional_variance(x.to(dtype), clean, moved, a, b).mean()
    if mu.shape[-1] != 1:
        refuse(f"{where}: x", "None", f"draws of x_t for d = {mu.shape[-1]}", "draw them with gmm_sample(count, *gmm_noised(…))")
    last, unit = _trapezoid(clean, moved, a, b, _FIRST), torch.finfo(dtype).eps
    count = 2 * _FIRST
    while count <= _LAST:
        value = _trapezoid(clean, moved, a, b, count)
        if abs(float(value.detach() - last.detach())) <= unit * (16 * float(value.detach()) + 1e-3 / b**2):
            return value
        last, count = value, 2 * count
    raise ArithmeticError(f"{where}: the integral does not settle with {_LAST} points a component; pass draws of x_t as x.")


def batch_score(x: Float[Tensor, "*batch d"], x0: Float[Tensor, "K d"], a: float, b: float) -> Float[Tensor, "*batch d"]:
    r"""Return the self-normalised estimate :math:`\sum_k\nabla p_t(x|x_0^k)\big/\sum_kp_t(x|x_0^k)` of the score.

    It is the exact score of the mixture with the K data points as atoms, equal weights and the Gaussian
    kernel :math:`N(ax_0,b^2I)`, so it is :func:`~derivable.kernels.gaussian_mixture.gmm_score`, by logarithms.

    Args:
        x: points x_t; float32, float64, or bfloat16 (by float32).
        x0: data points, dtype and device of x, K ≥ 1.
        a, b: signal level, at least 0, and noise level, above 0.

    Returns:
        The shape and dtype of x. Differentiable in x and x0.

    Raises:
        ValueError, TypeError: as in :func:`gmm_score`; levels out of range.

    Notes:
        Claims ``diffusion/score_matching/C5a``, ``C5c``, ``C6a``, ``C6b``. As an estimate of the score of the law that x0 was
        drawn from it has a bias of order 1/K if x0 is independent of x, and none for any K if x was made from
        one point of x0. Cost as :func:`gmm_score`: O(BKd), memory O(BK).
    """
    where = "batch_score"
    check_tensor(f"{where}: x", x, REAL, "[..., d]", 1)
    check_tensor(f"{where}: x0", x0, REAL, "[K, d]", 2)
    check_like(f"{where}: x0", x0, "x", x)
    if x0.ndim != 2 or len(x0) == 0:
        refuse(f"{where}: x0.shape", str(tuple(x0.shape)), "[K, d] with K of at least 1", "give one data point a row")
    a, b = check_scale(f"{where}: a", a), check_positive(f"{where}: b", b)
    dtype = widened(x.dtype)
    atoms = a * x0.to(dtype)
    equal = atoms.new_full((len(atoms),), b * b)
    return gmm_score(x.to(dtype), atoms, equal, torch.zeros_like(equal)).to(x.dtype)


def _level(where: str, value: float | Tensor, x0: Tensor, check: Callable[[str, object], float]) -> float | Tensor:
    if not isinstance(value, Tensor):
        return check(where, value)
    check_tensor(where, value, REAL, "one level for each sample", 0)
    level = value.to(x0.dtype)
    check_like(where, level, "x0", x0)
    if level.shape != x0.shape[:-1]:
        refuse(f"{where}.shape", str(tuple(level.shape)), str(tuple(x0.shape[:-1])), "give one level for each sample")
    return level[..., None]


def _value(where: str, field: Field, x: Tensor, name: str = "model") -> Tensor:
    value = field(x)
    # another shape would broadcast silently: [batch] against [batch, d] gives [batch, batch]
    if not isinstance(value, Tensor) or value.shape != x.shape:
        found = str(tuple(value.shape)) if isinstance(value, Tensor) else f"a {type(value).__name__}"
        refuse(f"{where}: the value of {name}(x)", found, str(tuple(x.shape)), "return one number per coordinate")
    return value


def _conditional_variance(x: Tensor, clean: tuple[Tensor, ...], noised: tuple[Tensor, ...], a: float, b: float) -> Tensor:
    """Return tr Cov[u(x|x_0) | x] = (a²/b⁴) tr Cov[x_0 | x], one number for each point."""
    mu, var, _ = clean
    total = noised[1]  # a² v_k + b²
    weights = gmm_posterior(x, *noised)
    # given the component, x_0 is N(m_k(x), v_k b²/(a² v_k + b²)), m_k = α_k x + β_k μ_k
    alpha, beta = a * var / total, b * b / total
    inside = mu.shape[-1] * (weights * var * beta).sum(-1)
    # Σ_k r_k |m_k - m|²: the differences are formed first, one component after the other
    mean = (weights @ alpha)[..., None] * x + weights @ (beta[:, None] * mu)
    between = torch.zeros_like(inside)
    for k in range(len(mu)):
        between = between + weights[..., k] * (alpha[k] * x + beta[k] * mu[k] - mean).square().sum(-1)
    return (a * a / b**4) * (inside + between)


def _trapezoid(clean: tuple[Tensor, ...], noised: tuple[Tensor, ...], a: float, b: float, count: int) -> Tensor:
    """Return the mean of the conditional variance over x_t, d = 1, component by component."""
    centre, total, logw = noised
    z = torch.linspace(-_REACH, _REACH, count + 1, dtype=total.dtype, device=total.device)
    density = (-z.square() / 2).exp()
    density = density / density.sum()  # the rule is exact to rounding for the normal density itself
    points = (centre + total.sqrt()[:, None] * z)[..., None]  # [K, count + 1, 1]
    return logw.softmax(-1) @ (_conditional_variance(points, clean, noised, a, b) @ density)


def reference_csm_loss(model: Field, x0: Tensor, a: float, b: float, eps: Tensor) -> Tensor:
    """Return the loss of each sample from the definition, (-(x_t - a x_0)/b² - s)², coordinate by coordinate in float64."""
    x0, eps = x0.double(), eps.double()
    x = a * x0 + b * eps
    value = model(x)
    total = x0.new_zeros(x0.shape[:-1])
    for i in range(x0.shape[-1]):
        total = total + (-(x[..., i] - a * x0[..., i]) / b**2 - value[..., i]) ** 2
    return total


def reference_batch_score(x: Tensor, x0: Tensor, a: float, b: float) -> Tensor:
    """Return the ratio of the two sums as written, [..., K, d] in memory, float64; underflows far from the data."""
    x, x0 = x.double(), x0.double()
    shift = x[..., None, :] - a * x0
    kernel = (-shift.square().sum(-1) / (2 * b * b)).exp() / (b * math.sqrt(2 * math.pi)) ** x0.shape[-1]
    gradient = -shift / b**2 * kernel[..., None]
    return gradient.sum(-2) / kernel.sum(-1)[..., None]
