"""Isotropic Gaussian mixtures: log-density, score, posterior of the components, samples, and the mixture after noising."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_count, check_like, check_tensor, refuse, widened

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped


def gmm_score(
    x: Float[Tensor, "*batch d"], mu: Float[Tensor, "K d"], var: Float[Tensor, " K"], logw: Float[Tensor, " K"]
) -> Float[Tensor, "*batch d"]:
    r"""Return the score :math:`\nabla\log p(x)` of the mixture :math:`p=\sum_kw_kN(\mu_k,v_kI)`.

    :math:`\nabla\log p(x)=\sum_k\frac{r_k(x)}{v_k}\mu_k-x\sum_k\frac{r_k(x)}{v_k}` with the posterior
    :math:`r_k(x)=\mathrm{softmax}_k\left(\log w_k-\frac d2\log v_k-\frac{\|x-\mu_k\|^2}{2v_k}\right)`.

    Args:
        x: points; float32, float64, or bfloat16 (by float32).
        mu: means, dtype and device of x; K ≥ 1.
        var: variances v_k > 0, of each coordinate.
        logw: logarithms of the weights, up to a common constant; -inf for a weight of 0.

    Returns:
        The shape and dtype of x. Differentiable any number of times in all arguments.

    Raises:
        ValueError: shapes or devices that do not fit, K = 0, a variance that is not positive.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``diffusion/score_matching/C1a``, ``C2a``. The squared distance is expanded around the mean of
        the means, so that two matrix products do the work: O(BKd) operations, O(BK) memory, no [B, K, d].
        With :math:`R=\max_k(\|x\|^2+\|\mu_k\|^2)/v_k` (both centred) the exponents are off by at most about
        δ = (d + 8)·u·R, the score by about :math:`(2\delta+(K+4)u)\max_k(\|x\|+\|\mu_k\|)/v_k`. Differs from
        autograd of ``torch.distributions.MixtureSameFamily.log_prob`` in: no graph, no [B, K, d]; but its
        differences x - μ are formed before they are squared, so that δ is smaller there.
    """
    dtype, (x, mu, var, logw) = x.dtype, _checked("gmm_score", x, mu, var, logw)
    x, mu = _centred(x, mu)
    rates = _log_joint(x, mu, var, logw).softmax(-1) / var  # [..., K]
    return (rates @ mu - x * rates.sum(-1, keepdim=True)).to(dtype)


def gmm_log_density(
    x: Float[Tensor, "*batch d"], mu: Float[Tensor, "K d"], var: Float[Tensor, " K"], logw: Float[Tensor, " K"]
) -> Float[Tensor, "*batch"]:
    r"""Return :math:`\log\sum_k w_k\,(2\pi v_k)^{-d/2}e^{-\|x-\mu_k\|^2/(2v_k)}` with the weights normalised.

    Arguments, errors and derivatives as in :func:`gmm_score`; one number for each point. The error is at most
    about δ + (K + 4)u, δ as there.

    Notes:
        Claim ``diffusion/score_matching/C1a``. One matrix product, O(BKd) operations, O(BK) memory.
    """
    dtype, (x, mu, var, logw) = x.dtype, _checked("gmm_log_density", x, mu, var, logw)
    joint = _log_joint(*_centred(x, mu), var, logw)
    return (joint.logsumexp(-1) - logw.logsumexp(-1) - mu.shape[-1] * math.log(2 * math.pi) / 2).to(dtype)


def gmm_posterior(
    x: Float[Tensor, "*batch d"], mu: Float[Tensor, "K d"], var: Float[Tensor, " K"], logw: Float[Tensor, " K"]
) -> Float[Tensor, "*batch K"]:
    r"""Return the probabilities :math:`r_k(x)` of the components given the point (Bayes' rule).

    Arguments, errors and derivatives as in :func:`gmm_score`. Relative error about 2δ + (K + 4)u.

    Notes:
        Claims ``diffusion/score_matching/C2a``, ``C2b``: the score is the mean of :math:`(\mu_k-x)/v_k` under r(x).
    """
    dtype, (x, mu, var, logw) = x.dtype, _checked("gmm_posterior", x, mu, var, logw)
    return _log_joint(*_centred(x, mu), var, logw).softmax(-1).to(dtype)


def gmm_sample(
    count: int,
    mu: Float[Tensor, "K d"],
    var: Float[Tensor, " K"],
    logw: Float[Tensor, " K"],
    generator: torch.Generator | None = None,
) -> Float[Tensor, "count d"]:
    r"""Return ``count`` independent draws :math:`\mu_k+\sqrt{v_k}\,\varepsilon` with k of probability w_k.

    Variances may be 0 (atoms). Differentiable in mu and var where they are positive, not in the weights.
    Other arguments and errors as in :func:`gmm_score`; ``generator`` on the device of mu.
    """
    where, dtype = "gmm_sample", mu.dtype if isinstance(mu, Tensor) else None
    check_count(f"{where}: count", count, 0)
    mu, var, logw = _mixture(where, mu, var, logw, atoms=True)
    if isinstance(generator, torch.Generator) and generator.device.type != mu.device.type:
        remedy = "create it with torch.Generator(device=mu.device)"
        refuse(f"{where}: generator.device", str(generator.device), f"{mu.device} like mu", remedy)
    probabilities = (logw.detach() - logw.detach().max()).exp()
    chosen = torch.multinomial(probabilities, count, True, generator=generator) if count else logw.new_zeros(0, dtype=torch.int64)
    noise = torch.randn(count, mu.shape[-1], generator=generator, dtype=mu.dtype, device=mu.device)
    return (mu[chosen] + var[chosen].sqrt()[:, None] * noise).to(dtype)


def gmm_noised(
    mu: Float[Tensor, "K d"], var: Float[Tensor, " K"], logw: Float[Tensor, " K"], a: float, b: float
) -> tuple[Shaped[Tensor, "K d"], Shaped[Tensor, " K"], Shaped[Tensor, " K"]]:
    r"""Return the mixture of :math:`x_t=ax_0+b\varepsilon`: means :math:`a\mu_k`, variances :math:`a^2v_k+b^2`.

    Variances may be 0 (atoms: data points), which b > 0 makes positive. Weights are kept.

    Raises:
        ValueError: as in :func:`gmm_score`; a or b negative or not finite.
        TypeError: as in :func:`gmm_score`; a or b no number.
    """
    where = "gmm_noised"
    dtype = mu.dtype if isinstance(mu, Tensor) else None
    logs = logw
    mu, var, _ = _mixture(where, mu, var, logw, atoms=True)
    a, b = check_scale(f"{where}: a", a), check_scale(f"{where}: b", b)
    return (a * mu).to(dtype), (a * a * var + b * b).to(dtype), logs


def check_scale(where: str, value: object) -> float:
    """Return ``value`` as a float if it is a finite number of at least zero."""
    expected = "a finite number of at least 0"
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(where, f"{value!r} ({type(value).__name__})", expected, "pass a Python float", TypeError)
    if not (value >= 0 and math.isfinite(value)):
        refuse(where, str(value), expected, "a signal or noise level is not negative")
    return float(value)


def _mixture(where: str, mu: Tensor, var: Tensor, logw: Tensor, *, atoms: bool = False) -> tuple[Tensor, Tensor, Tensor]:
    check_tensor(f"{where}: mu", mu, REAL, "[K, d]", 2)
    for name, value in (("var", var), ("logw", logw)):
        check_tensor(f"{where}: {name}", value, REAL, "[K]", 1)
        check_like(f"{where}: {name}", value, "mu", mu)
    if mu.ndim != 2 or len(mu) == 0:
        refuse(f"{where}: mu.shape", str(tuple(mu.shape)), "[K, d] with K of at least 1", "give one mean a row")
    for name, value in (("var", var), ("logw", logw)):
        if value.shape != mu.shape[:1]:
            refuse(f"{where}: {name}.shape", str(tuple(value.shape)), f"{(len(mu),)}", "give one number for each mean")
    if not ((var >= 0) if atoms else (var > 0)).all():
        least = "at least 0" if atoms else "positive"
        refuse(f"{where}: var", f"{float(var.min()):.6g} at its smallest", least, "these are variances, not their logarithms")
    dtype = widened(mu.dtype)
    return mu.to(dtype), var.to(dtype), logw.to(dtype)


def _checked(where: str, x: Tensor, mu: Tensor, var: Tensor, logw: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    check_tensor(f"{where}: x", x, REAL, "[..., d]", 1)
    check_tensor(f"{where}: mu", mu, REAL, "[K, d]", 2)
    check_like(f"{where}: mu", mu, "x", x)
    mu, var, logw = _mixture(where, mu, var, logw)
    if x.shape[-1] != mu.shape[-1]:
        remedy = "points and means have the same number of coordinates"
        refuse(f"{where}: x.shape", str(tuple(x.shape)), f"[..., {mu.shape[-1]}]", remedy)
    return x.to(mu.dtype), mu, var, logw


def _centred(x: Tensor, mu: Tensor) -> tuple[Tensor, Tensor]:
    """Move both to the mean of the means: distances stay, the expanded squares cancel less."""
    centre = mu.detach().mean(0)
    return x - centre, mu - centre


def _log_joint(x: Tensor, mu: Tensor, var: Tensor, logw: Tensor) -> Tensor:
    """Return log w_k - (d/2) log v_k - |x - μ_k|²/(2 v_k), [..., K], by one matrix product with d + 1 columns."""
    points = torch.cat([x, x.square().sum(-1, keepdim=True)], -1)
    columns = torch.cat([mu / var[:, None], -0.5 / var[:, None]], -1)
    offset = logw - 0.5 * mu.shape[-1] * var.log() - mu.square().sum(-1) / (2 * var)
    return points @ columns.mT + offset


def reference_gmm_log_joint(x: Tensor, mu: Tensor, var: Tensor, logw: Tensor) -> Tensor:
    """Return log(w_k N(x; μ_k, v_k I)) with the weights as given, one component and coordinate at a time in float64."""
    x, mu, var, logw = (t.double() for t in (x, mu, var, logw))
    columns = []
    for k in range(len(mu)):
        total = logw[k] - mu.shape[-1] * torch.log(2 * math.pi * var[k]) / 2
        for i in range(mu.shape[-1]):
            total = total - (x[..., i] - mu[k, i]) ** 2 / (2 * var[k])
        columns.append(total.expand(x.shape[:-1]))
    return torch.stack(columns, -1)


def reference_gmm_log_density(x: Tensor, mu: Tensor, var: Tensor, logw: Tensor) -> Tensor:
    """Return the log-density from the terms of :func:`reference_gmm_log_joint`."""
    return reference_gmm_log_joint(x, mu, var, logw).logsumexp(-1) - logw.double().logsumexp(-1)


def reference_gmm_score(x: Tensor, mu: Tensor, var: Tensor, logw: Tensor) -> Tensor:
    """Return the score as the posterior mean of (μ_k - x)/v_k, [..., K, d] in memory, float64."""
    posterior = reference_gmm_log_joint(x, mu, var, logw).softmax(-1)
    slopes = (mu.double() - x.double()[..., None, :]) / var.double()[:, None]
    return (posterior[..., None] * slopes).sum(-2)
