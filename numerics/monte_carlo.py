"""Means of random samples with a confidence bound that raises a false alarm less than once in 10^9 checks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import torch
from torch import Tensor

FALSE_ALARM = 9e-10
"""Largest probability that a correct value is outside the bound."""

NORMAL_DEVIATIONS = -NormalDist().inv_cdf(FALSE_ALARM / 2)
"""z with P(\\|Z\\| > z) = ``FALSE_ALARM`` for a standard normal Z: 6.126."""


@dataclass(frozen=True)
class MeanEstimate:
    """A mean, how far the true one may be from it, and what is needed to draw it again.

    Attributes:
        estimate: sample mean.
        bound: the true mean is within ``bound`` but for a probability below :data:`FALSE_ALARM`.
        samples: their number.
        seed: seed of the generator, None for samples from elsewhere.
        method: ``"normal"`` (central limit theorem: asymptotic) or ``"bounded"`` (holds for every sample
            size).
    """

    estimate: float
    bound: float
    samples: int
    seed: int | None
    method: str

    def agrees(self, value: float, slack: float = 0.0) -> bool:
        """Return whether ``value`` may be the true mean, up to ``slack``, e.g. a known bias; NaN never is."""
        return abs(self.estimate - value) <= self.bound + slack


def sample_mean(
    draw: Callable[[int, torch.Generator], Tensor],
    samples: int,
    seed: int,
    *,
    limits: tuple[float, float] | None = None,
    device: torch.device | str = "cpu",
    chunk: int = 2**20,
) -> MeanEstimate:
    """Draw ``samples`` values chunk by chunk and return their mean with its bound.

    Args:
        draw: ``draw(count, generator)`` returns ``count`` independent values, ``[count]``.
        samples: how many in all, at least 2.
        seed: seed of a fresh ``torch.Generator`` on ``device``; same seed, chunk and device, same values.
        limits: a known range of the values, which makes the bound hold for every sample size.
        device: where to draw.
        chunk: values in memory at once.

    Raises:
        ValueError: fewer than 2 samples, a draw of the wrong shape, or what :func:`mean_estimate` refuses.
    """
    if samples < 2 or chunk < 1:
        found = f"samples={samples}, chunk={chunk}"
        raise ValueError(f"sample_mean: got {found}, expected at least 2 and 1; a bound needs a variance.")
    generator = torch.Generator(device=device).manual_seed(seed)
    moments = _Moments()
    for start in range(0, samples, chunk):
        count = min(chunk, samples - start)
        values = draw(count, generator)
        if values.shape != (count,):
            found = f"{tuple(values.shape)}, expected ({count},)"
            raise ValueError(f"sample_mean: draw returned the shape {found}; return one value a sample.")
        moments = moments.joined(values, limits)
    return moments.estimate(seed, limits)


def mean_estimate(values: Tensor, *, limits: tuple[float, float] | None = None, seed: int | None = None) -> MeanEstimate:
    r"""Return the mean of independent ``values`` with a bound, n values, δ = :data:`FALSE_ALARM`.

    Without ``limits``: :math:`z\,\hat\sigma/\sqrt n`, z = 6.126, by the central limit theorem. Trust it when
    n is large
    against the skewness: the Berry–Esseen error :math:`0.4748\,\rho/(\sigma^3\sqrt n)` is not below 1e-9 for
    any practical n, so this bound is asymptotic, while the next ones are theorems.

    With ``limits`` of width R, the smaller of two bounds at δ/2 each:

    - Hoeffding: :math:`R\sqrt{\ln(4/\delta)/(2n)}`,
    - empirical Bernstein: :math:`\hat\sigma\sqrt{2\ln(8/\delta)/n}+7R\ln(8/\delta)/(3(n-1))`.

    A term log₂(n)·ε·mean\|x\| covers the rounding of the sum.

    Raises:
        ValueError: fewer than 2 values, not one-dimensional, or a value outside the limits (NaN among them).

    Notes:
        Sources: Hoeffding, JASA 58 (1963); Maurer and Pontil, COLT 2009, theorem 4 (two-sided: 2δ).
    """
    if values.ndim != 1 or len(values) < 2:
        found = f"{tuple(values.shape)}, expected [n] with n of at least 2"
        raise ValueError(f"mean_estimate: values have the shape {found}; a bound needs a variance.")
    return _Moments().joined(values, limits).estimate(seed, limits)


@dataclass(frozen=True)
class _Moments:
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    """Sum of squared deviations from the mean."""
    size: float = 0.0
    """Sum of absolute values."""

    def joined(self, values: Tensor, limits: tuple[float, float] | None) -> _Moments:
        """Add values by the pairwise update of Chan, Golub and LeVeque, which does not cancel."""
        wide = values.detach().double()
        if limits is not None and not ((wide >= limits[0]) & (wide <= limits[1])).all():
            found = f"between {float(wide.min()):.6g} and {float(wide.max()):.6g}"
            raise ValueError(f"mean_estimate: values lie {found}, expected within {limits}; correct the limits.")
        count, mean = len(wide), float(wide.mean())
        total, shift = self.count + count, mean - self.mean
        return _Moments(
            total,
            self.mean + shift * count / total,
            self.squares + float((wide - mean).square().sum()) + shift**2 * self.count * count / total,
            self.size + float(wide.abs().sum()),
        )

    def estimate(self, seed: int | None, limits: tuple[float, float] | None) -> MeanEstimate:
        n, deviation = self.count, math.sqrt(self.squares / (self.count - 1))
        rounding = math.log2(n) * torch.finfo(torch.float64).eps * self.size / n
        if limits is None:
            bound, method = NORMAL_DEVIATIONS * deviation / math.sqrt(n), "normal"
        else:
            width, method = limits[1] - limits[0], "bounded"
            hoeffding = width * math.sqrt(math.log(4 / FALSE_ALARM) / (2 * n))
            logarithm = math.log(8 / FALSE_ALARM)
            bernstein = deviation * math.sqrt(2 * logarithm / n) + 7 * width * logarithm / (3 * (n - 1))
            bound = min(hoeffding, bernstein)
        return MeanEstimate(self.mean, bound + rounding, n, seed, method)
