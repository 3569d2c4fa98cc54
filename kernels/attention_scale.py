"""Scales in front of attention scores at which the softmax passes on most gradient: in the mean, and for given scores."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_tensor, refuse
from derivable.kernels.softmax_gradient import derivative_from_sums, size_from_sums

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

_WIDE = torch.float64
_HALLEY_STEPS = 4
# From this order on nine terms of the uniform expansion leave less than a rounding error of float64.
_LEAST_ORDER, _TERMS = 32, 9
# A bracket of ±¼ doubles so often, and so many points it takes at most (usually ten).
_WIDENINGS, _FALSE_POSITIONS = 14, 100
# Scales beyond e to this power are infinite: twice the scale must not overflow.
_LARGEST_LOG = 705.0
# Cells of the search for the best scale are halved to this ratio of their ends.
_FIRST_RATIO, _LAST_RATIO, _BISECTIONS = 1.125, 1 + 2.0**-9, 45
_CELL_NUMBERS = 2**18


def optimal_scale_normal(n: int | float | Shaped[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Return the maximiser :math:`\alpha^*=\sqrt{W_0(n\sqrt e/2)-1/2}` of :math:`\alpha(1-e^{\alpha^2}/n)`.

    That function is α(1 - Σp²), p = softmax(αs), for n standard normal scores s with every sum of exponentials replaced by
    n times its mean (annealed). W_0 is Lambert's function.

    Args:
        n: number of scores: a number of at least 1 (integers of any size), or a tensor of such numbers.

    Returns:
        The scale, float64, of the shape and on the device of n; 0 for n = 1. Without gradients.

    Raises:
        ValueError: n below 1, infinite, or NaN.
        TypeError: n is neither a number nor a real tensor.

    Notes:
        Claim ``attention/scale_gradient/C6``. α* is the optimum of the annealed function, not of the mean of
        α(1 - Σp²), which has none (claim C7). Halley's iteration for u + log(1 + 2u) = log n,
        u = W_0(n√e/2) - 1/2: the argument n√e/2 does not overflow, and nothing cancels at n = 1. The relative error
        is a few roundings. Differs from ``scipy.special.lambertw`` in: integers beyond 1e308, tensors, devices, only
        the real branch, W - 1/2 without cancellation.
    """
    log_n = _log_count("optimal_scale_normal", n)
    return _annealed_square(log_n).sqrt()


def optimal_scale_cosine(
    n: int | float | Shaped[Tensor, "*#batch"], d: int | float | Shaped[Tensor, "*#batch"]
) -> Float[Tensor, "*out"]:
    r"""Return the maximiser of :math:`\alpha\bigl(1-g(2\alpha)/(n\,g(\alpha)^2)\bigr)`.

    With :math:`g(\alpha)={}_0F_1(;\tfrac d2;\tfrac{\alpha^2}4)` that function is α(1 - Σp²), p = softmax(αs), for n cosines s
    between directions that are uniform on the sphere of R^d, with every sum of exponentials replaced by n times its
    mean (annealed).

    Args:
        n: number of scores, as in :func:`optimal_scale_normal`.
        d: dimension, at least 2; a number or a tensor that broadcasts with n.

    Returns:
        The scale, float64; 0 for n = 1, infinite where it exceeds 1e300 (small d and astronomic n). Without gradients.

    Raises:
        ValueError: n below 1, d below 2, either infinite or NaN; shapes that do not broadcast; two devices.
        TypeError: neither a number nor a real tensor.

    Notes:
        Claim ``attention/scale_gradient/C8``. Regula falsi in log α for r + log(1 + αr') = 0,
        where r = log g(2α) - 2 log g(α) - log n, and g'/g is a ratio of Bessel functions; about 12 evaluations.
        Relative error about 1e-14, as measured against 50 digits.
    """
    where = "optimal_scale_cosine"
    log_n, dimension = _log_count(where, n), _dimension(where, d)
    device = log_n.device if log_n.ndim else dimension.device
    try:
        log_n, dimension = torch.broadcast_tensors(log_n.to(device), dimension.to(device))
    except RuntimeError:
        shapes = f"{tuple(log_n.shape)} and {tuple(dimension.shape)}"
        refuse(f"{where}: shapes of n and d", shapes, "shapes that broadcast", "add dimensions of size 1")
    # √d times a cosine is nearly normal, which gives the place to start from
    guess = (_annealed_square(log_n) * dimension).sqrt().clamp(min=1e-160).log()
    alpha = _rising_zero(lambda x: _slope_sign(x, log_n, dimension), guess)
    alpha = torch.where(alpha >= _LARGEST_LOG - 0.01, torch.inf, alpha.exp())
    return torch.where(log_n > 0, alpha, 0.0)


def cosine_log_mgf(alpha: Float[Tensor, "*#batch"], d: int | float | Shaped[Tensor, "*#batch"]) -> Float[Tensor, "*out"]:
    r"""Return :math:`\log\mathbb E\,e^{\alpha s}=\log{}_0F_1(;\tfrac d2;\tfrac{\alpha^2}4)` of the cosine to a random direction.

    The density of s is proportional to :math:`(1-s^2)^{(d-3)/2}` on [-1, 1]. The same number is
    :math:`\log\bigl[\Gamma(\tfrac d2)(2/\alpha)^{d/2-1}I_{d/2-1}(\alpha)\bigr]`, the logarithm of the normalising constant of
    the von Mises–Fisher law against the uniform one.

    Args:
        alpha: any real numbers; float32, float64, bfloat16 or float16 (all by float64).
        d: dimension, at least 1 (1: s = ±1, log cosh α); a number or a tensor that broadcasts with alpha.

    Returns:
        dtype of alpha. Differentiable any number of times in alpha; about α²/(2d) for small α.

    Raises:
        ValueError: d below 1, infinite or NaN; shapes that do not broadcast.
        TypeError: wrong dtype or type.

    Notes:
        Claim ``attention/scale_gradient/C8``. Orders below 32 are raised by the recurrence of contiguous functions,
        whose terms are all positive, then Debye's uniform expansion with nine terms. It is written with √(1+z²) - 1
        and with its terms minus their values at 0, so that the relative (not only the absolute) error is about 2e-15
        for every α and d, as measured against 50 digits. Differs from ``scipy.special.ive`` and ``gammaln`` in: no
        underflow for small α or large d, gradients, devices.
    """
    where = "cosine_log_mgf"
    check_tensor(f"{where}: alpha", alpha, (*REAL, torch.float16), "[...]", 0)
    dimension = _dimension(where, d, 1).to(alpha.device)
    try:
        torch.broadcast_shapes(alpha.shape, dimension.shape)
    except RuntimeError:
        shapes = f"{tuple(alpha.shape)} and {tuple(dimension.shape)}"
        refuse(f"{where}: shapes of alpha and d", shapes, "shapes that broadcast", "add dimensions of size 1")
    return _log_mgf(alpha.to(_WIDE), dimension)[0].to(alpha.dtype)


def optimal_scale(s: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch"]:
    r"""Return the scale α > 0 that maximises :math:`\alpha(1-\sum p_i^2)`, p = softmax(αs), for each row of scores.

    Args:
        s: scores, n ≥ 2; float32, float64, bfloat16 or float16 (all by float64). Scores of -inf are masked out.

    Returns:
        The batch shape, dtype of s. Infinite where the largest score occurs more than once (the function then grows
        without bound), NaN for a row with fewer than two finite scores or with a NaN. Without gradients.

    Raises:
        ValueError: no dimension, or n < 2.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``attention/scale_gradient/C3``, ``C9``. There may be several local maxima, so the search is global: with
        F(α) = αh(α), h falls, hence F ≤ b·h(a) on [a, b]; cells whose bound is below the best value found are dropped, the rest
        is split until b/a ≤ 1 + 2^-9. So F at the result is at least (1 - 2^-9) times the supremum, whatever the
        scores. Then bisection on F' in the cells that are left, to float64 (the values of F themselves resolve an
        optimum only to the root of a rounding). All maximisers lie in [F(1/Δ), (2 log(7.5n) + 2)/Δ], Δ the gap
        between the two largest scores. Cost about 400 evaluations of F for a row, O(n) each.
    """
    check_tensor("optimal_scale: s", s, (*REAL, torch.float16), "[..., n]", 1)
    n = s.shape[-1]
    if n < 2:
        refuse("optimal_scale: s.shape", str(tuple(s.shape)), "[..., n] with n of at least 2", "one score has no gradient")
    rows = s.detach().to(_WIDE).reshape(-1, n)
    two = rows.topk(2, -1).values
    gap = two[:, 0] - two[:, 1]
    result = torch.where(gap == 0, torch.inf, torch.nan).to(_WIDE)
    usable = ((gap > 0) & gap.isfinite()).nonzero().flatten()
    if len(usable):
        chosen, unit = rows[usable], gap[usable, None]
        others = torch.ones_like(chosen, dtype=torch.bool).scatter(-1, chosen.argmax(-1, keepdim=True), False)
        # α is measured in 1/Δ; a gap of -inf would make 0 · inf of 0 terms
        gaps = (chosen[others].reshape(len(usable), n - 1) - two[usable, :1]) / unit
        result[usable] = _best_scale(gaps.clamp(min=-1e300)) / unit[:, 0]
    return result.reshape(s.shape[:-1]).to(s.dtype)


def _best_scale(gaps: Tensor) -> Tensor:
    """Return the best scale of rows [rows, n - 1]: the scores but one largest, minus it, where the largest gap is -1."""
    rows, others = gaps.shape
    everyone = torch.arange(rows, device=gaps.device)
    best = _size(gaps, everyone, torch.ones_like(gaps[:, 0]))
    # F(α) ≤ α below F(1), and F(α) ≤ 2(n-1)αe^-α ≤ F(1) above 2c + 2, c = log(2(n-1)/F(1))
    first, last = best, 2 * torch.log(2 * others / best).clamp(min=1) + 2
    ratio = float((last / first).max())
    count = math.ceil(math.log(ratio) / math.log(_FIRST_RATIO))
    steps = torch.arange(count + 1, dtype=gaps.dtype, device=gaps.device) / count
    ends = first[:, None] * (last / first)[:, None] ** steps  # [rows, count + 1]
    low, high, ratio = ends[:, :-1].flatten(), ends[:, 1:].flatten(), ratio ** (1 / count)
    row = everyone.repeat_interleave(count)
    value = _size(gaps, row, low)
    while True:
        best = best.scatter_reduce(0, row, value, "amax")
        kept = value / low * high >= best[row] * (1 - 1e-14)
        row, low, high, value = row[kept], low[kept], high[kept], value[kept]
        if ratio <= _LAST_RATIO:
            break
        ratio, middle = math.sqrt(ratio), (low * high).sqrt()
        low, high = torch.cat([low, middle]), torch.cat([middle, high])
        value, row = torch.cat([value, _size(gaps, row, middle)]), row.repeat(2)
    # a maximum inside a cell shows by F' changing from + to -
    rising = _derivative(gaps, row, low) >= 0
    row, low, high = row[rising], low[rising], high[rising]
    falling = _derivative(gaps, row, high) <= 0
    row, low, high = row[falling], low[falling], high[falling]
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        up = _derivative(gaps, row, middle) > 0
        low, high = torch.where(up, middle, low), torch.where(up, high, middle)
    value = _size(gaps, row, high)
    best = torch.zeros_like(best).scatter_reduce(0, row, value, "amax")
    chosen = value >= best[row]
    # of equal maxima the smallest scale
    result = torch.full_like(best, torch.inf)
    return result.scatter_reduce(0, row[chosen], high[chosen], "amin")


def _size(gaps: Tensor, row: Tensor, alpha: Tensor) -> Tensor:
    """Return F at alpha[k] for the gaps of row[k], some rows at a time to bound the memory."""
    values = [torch.empty_like(alpha[:0])]
    for r, a in _blocks(gaps, row, alpha):
        e = torch.exp(gaps[r] * a[:, None])
        values.append(size_from_sums(a, e.sum(-1), torch.linalg.vecdot(e, e)))
    return torch.cat(values)


def _derivative(gaps: Tensor, row: Tensor, alpha: Tensor) -> Tensor:
    """Return F' at alpha[k] for the gaps of row[k]."""
    values = [torch.empty_like(alpha[:0])]
    for r, a in _blocks(gaps, row, alpha):
        e = torch.exp(gaps[r] * a[:, None])
        weighted = e * gaps[r]
        sums = e.sum(-1), torch.linalg.vecdot(e, e), weighted.sum(-1), torch.linalg.vecdot(e, weighted)
        values.append(derivative_from_sums(a, *sums))
    return torch.cat(values)


def _blocks(gaps: Tensor, row: Tensor, alpha: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    block = max(1, _CELL_NUMBERS // gaps.shape[-1])
    return zip(row.split(block), alpha.split(block), strict=True)


def _log_count(where: str, n: object) -> Tensor:
    """Return log n as float64, exact to rounding for integers of any size."""
    if isinstance(n, Tensor):
        if n.is_complex() or n.dtype == torch.bool:
            refuse(f"{where}: n.dtype", str(n.dtype).removeprefix("torch."), "a real dtype", "pass numbers", TypeError)
        wide = n.detach().to(_WIDE)
        if wide.numel() and not bool(((wide >= 1) & wide.isfinite()).all()):
            found = f"between {float(wide.min())} and {float(wide.max())}"
            refuse(f"{where}: n", found, "finite numbers of at least 1", "there is no maximum below that")
        return wide.log()
    if isinstance(n, bool) or not isinstance(n, int | float):
        refuse(f"{where}: n", f"{n!r} ({type(n).__name__})", "a number or a tensor", "pass a Python number", TypeError)
    if not (n >= 1 and n < math.inf):
        refuse(f"{where}: n", str(n), "a finite number of at least 1", "there is no maximum below that")
    return torch.tensor(math.log(n), dtype=_WIDE)


def _dimension(where: str, d: object, least: int = 2) -> Tensor:
    if isinstance(d, Tensor):
        if d.is_complex() or d.dtype == torch.bool:
            refuse(f"{where}: d.dtype", str(d.dtype).removeprefix("torch."), "a real dtype", "pass numbers", TypeError)
        wide = d.detach().to(_WIDE)
    elif isinstance(d, bool) or not isinstance(d, int | float):
        refuse(f"{where}: d", f"{d!r} ({type(d).__name__})", "a number or a tensor", "pass a Python number", TypeError)
    else:
        wide = torch.tensor(float(d), dtype=_WIDE)
    if wide.numel() and not bool(((wide >= least) & wide.isfinite()).all()):
        found = str(float(wide)) if wide.numel() == 1 else f"between {float(wide.min())} and {float(wide.max())}"
        refuse(f"{where}: d", found, f"finite and at least {least}", "the law of the cosine needs that")
    return wide


def _annealed_square(log_n: Tensor) -> Tensor:
    """Return u ≥ 0 with u + log(1 + 2u) = log n, that is W_0(n√e/2) - 1/2."""
    # log(1 + 2u) ≤ 2u gives the start u ≥ log(n)/3; three cubic steps reach rounding, even for n = 10^400
    u = log_n / 3
    for _ in range(_HALLEY_STEPS):
        error = u + torch.log1p(2 * u) - log_n
        slope, bend = 1 + 2 / (1 + 2 * u), -4 / (1 + 2 * u) ** 2
        u = u - 2 * error * slope / (2 * slope * slope - error * bend)
    return u


def _rising_zero(function: Callable[[Tensor], Tensor], guess: Tensor) -> Tensor:
    """Return the zero of a rising function near ``guess``, elementwise, by regula falsi in a bracket (Illinois)."""
    ends, values = [], []
    for side in (-1, 1):
        width = torch.full_like(guess, 0.25)
        for _ in range(_WIDENINGS):
            end = (guess + side * width).clamp(max=_LARGEST_LOG)
            value = function(end)
            wrong = side * value < 0
            if not wrong.any():
                break
            width = torch.where(wrong, 2 * width, width)
        ends.append(end)
        values.append(value)
    (low, high), (below, above) = ends, values
    last, moved = low, torch.zeros_like(guess)
    for _ in range(_FALSE_POSITIONS):
        x = low - below * (high - low) / (above - below)
        x = torch.where((x > low) & (x < high), x, (low + high) / 2)
        value = function(x)
        left = value < 0
        # an end that stays twice has its value halved, which moves the next point to its side
        above = torch.where(left, torch.where(moved < 0, above / 2, above), value)
        below = torch.where(left, value, torch.where(moved > 0, below / 2, below))
        low, high = torch.where(left, x, low), torch.where(left, high, x)
        moved = torch.where(left, -1.0, 1.0).to(x.dtype)
        if bool(((x - last).abs() <= 1e-15 * (1 + x.abs())).all()):
            break
        last = x
    return torch.where(high >= _LARGEST_LOG - 0.01, high, x)


def _slope_sign(log_alpha: Tensor, log_n: Tensor, d: Tensor) -> Tensor:
    """Return r + log(1 + αr'), which has the sign of -f'(α), f = α(1 - e^r)."""
    alpha = log_alpha.exp()
    once, once_scaled, mean_once, rest_once = _log_mgf(alpha, d)
    twice, twice_scaled, mean_twice, rest_twice = _log_mgf(2 * alpha, d)
    # for large α the linear parts of log g(2α) and 2 log g(α), and the 1 in g'/g, are left out, for small α they are not put in
    large = alpha > d
    r = torch.where(large, twice_scaled - 2 * once_scaled, twice - 2 * once) - log_n
    return r + torch.log1p(2 * alpha * torch.where(large, rest_once - rest_twice, mean_twice - mean_once))


def _log_mgf(alpha: Tensor, d: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return log g(α), log g(α) - |α|, g'(α)/g(α) and 1 - g'(|α|)/g(|α|), each without cancellation."""
    order, size = d / 2 - 1, alpha.abs()
    least = float(order.min()) if order.numel() else _LEAST_ORDER
    raised = max(0, math.ceil(_LEAST_ORDER - least))
    top, top_scaled, rest = _debye(size, order + raised)
    above, above_scaled, _ = _debye(size, order + raised + 1)
    ratio = torch.exp(torch.where(size > order + raised, top_scaled - above_scaled, top - above))
    for j in range(raised - 1, -1, -1):
        # R_b = g_b/g_{b+1} = 1 + α²/(4b(b+1)) / R_{b+1}, with g_b = 0F1(;b;α²/4)
        b = d / 2 + j
        more = size / (2 * b) * (size / (2 * b + 2) / ratio)
        top, top_scaled, ratio = top + torch.log1p(more), top_scaled + torch.log1p(more), 1 + more
        # A_ν = I_{ν+1}/I_ν = 1/(2b/α + A_{ν+1}), b = ν + 1, for 1 - A
        rest = (2 * b - size * rest) / (2 * b + size - size * rest)
    return top, top_scaled, alpha / d / ratio, rest


def _debye(alpha: Tensor, order: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return log 0F1(;ν+1;α²/4), the same minus α ≥ 0, and 1 - its derivative, by Debye's expansion of I_ν, ν large."""
    z = alpha / order
    root = torch.hypot(torch.ones_like(z), z)
    w = z * (z / (1 + root))  # √(1+z²) - 1
    p = 1 / root
    # with U = Σ u_k(p)/ν^k: log g = ν(w - log(1 + w/2)) - ½ log(1 + w) + log U(p)/U(1); U(p) - U(1) has the factor
    # p - 1 = -wp, and the other one is a polynomial in p whose coefficients depend on ν
    at_one, quotients = (c.to(alpha) for c in _debye_coefficients())
    powers = order.unsqueeze(-1) ** -torch.arange(float(_TERMS + 1), dtype=alpha.dtype, device=alpha.device)  # [..., terms]
    whole, coefficients = powers @ at_one, (powers @ quotients).unbind(-1)
    excess, bend = torch.zeros_like(p), torch.zeros_like(p)
    for c in reversed(coefficients):
        excess, bend = excess * p + c, bend * p + excess
    slope = excess - w * p * bend  # U'(p) by the product rule
    change = torch.log1p(-(w * p) * excess / whole) - torch.log1p(w) / 2
    bent = -order * torch.log1p(w / 2)
    # w - z = √(1+z²) - z - 1, and p' = -zp³
    steep = z * p / (2 + w) + (z * p * p / 2 + slope / (whole - w * p * excess) * z * p**3) / order
    return order * w + bent + change, order * (1 / (root + z) - 1) + bent + change, p / (root + z) + steep


@lru_cache(maxsize=1)
def _debye_coefficients() -> tuple[Tensor, Tensor]:
    r"""Return u_k(1) [terms] and the coefficients of (u_k(p) - u_k(1))/(p - 1) [terms, degree], from exact arithmetic.

    :math:`u_{k+1}(p)=\tfrac12p^2(1-p^2)u_k'(p)+\tfrac18\int_0^p(1-5t^2)u_k(t)\,dt` (DLMF 10.41.9).
    """
    u, values = [Fraction(1)], []
    quotients = torch.zeros(_TERMS + 1, 3 * _TERMS, dtype=_WIDE)
    for k in range(_TERMS + 1):
        values.append(float(sum(u, Fraction(0))))
        carry = Fraction(0)
        for power in range(len(u) - 1, 0, -1):  # Horner's division by p - 1
            carry += u[power]
            quotients[k, power - 1] = float(carry)
        new = [Fraction(0)] * (len(u) + 3)
        for power, c in enumerate(u):
            new[power + 1] += power * c / 2 + c / (8 * (power + 1))
            new[power + 3] -= power * c / 2 + 5 * c / (8 * (power + 3))
        u = new
    return torch.tensor(values, dtype=_WIDE), quotients


def reference_optimal_scale(s: Float[Tensor, " n"], points: int = 20_001) -> float:
    """Return the best of a dense geometric grid of scales for one row with a unique largest score, in float64."""
    row = s.detach().double()
    two = row.topk(2).values
    gap = float(two[0] - two[1])
    grid = torch.logspace(-1, math.log10(2 * math.log(8 * len(row)) + 2), points, dtype=_WIDE) / gap
    p = torch.softmax(grid[:, None] * (row - row.max()), -1)
    value = grid * (1 - p.square().sum(-1))
    return float(grid[value.argmax()])
