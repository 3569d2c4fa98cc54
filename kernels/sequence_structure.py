"""What order is worth in a sequence: flattened images, predictors from neighbours, equivariance under permutations."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor

from derivable.kernels._check import check_choice, check_count, check_tensor, refuse
from derivable.kernels._memory import check_memory

if TYPE_CHECKING:
    from jaxtyping import Float, Int64, Shaped

_DTYPES = (torch.float64, torch.float32)
MODES = ("next", "masked")


def raster_neighbour_lags(H: int, W: int, k: int, *, device: torch.device | str | None = None) -> Int64[Tensor, "k k"]:
    """Return how far the pixels of a k × k patch lie behind its first one when rows of W pixels follow one another.

    Args:
        H, W: height and width of the image, from 1.
        k: height and width of the patch, from 1 to min(H, W).
        device: where the result lies.

    Returns:
        ``lags[i, j] = i W + j``: 1 to the right neighbour, W to the one below, and ``lags[-1, -1] + 1`` positions in all.

    Raises:
        ValueError: a number below 1, a patch larger than the image. TypeError: no int.

    Notes:
        Claim ``ssm/long_range_arena/C5a``: the patch spans (k-1)W + k positions.
    """
    where = "raster_neighbour_lags"
    for name, value in (("H", H), ("W", W), ("k", k)):
        check_count(f"{where}: {name}", value)
    if k > min(H, W):
        refuse(f"{where}: k", str(k), f"at most {min(H, W)}", "take a patch that fits into the image")
    steps = torch.arange(k, device=device)
    return steps[:, None] * W + steps


def raster_correlation(
    rho: float, W: int, lags: int, *, dtype: torch.dtype = torch.float64, device: torch.device | str | None = None
) -> Float[Tensor, " lags"]:
    r"""Return the correlations along a flattened image with those of :math:`\rho^{|\Delta i|+|\Delta j|}`, for ``lags`` lags.

    Averaged over the column where a pair of pixels begins, at the lag m = aW + b with 0 ≤ b < W,

    .. math:: \frac{(W-b)\,\rho^{a+b}+b\,\rho^{a+1+W-b}}W.

    Args:
        rho: correlation of neighbours, from 0 to 1.
        W: pixels in a row, from 1; the image has as many rows as the lags need.
        lags: how many, from 0.
        dtype: float64 or float32. device: where the result lies.

    Raises:
        ValueError: a correlation outside [0, 1], a number too small. TypeError: a wrong type or dtype.

    Notes:
        Claims ``ssm/long_range_arena/C5b``, ``C5c``: it rises again towards the multiples of W.
    """
    where = "raster_correlation"
    value = _check_correlation(where, rho, closed=True)
    check_count(f"{where}: W", W)
    check_count(f"{where}: lags", lags, least=0)
    _check_dtype(where, dtype)
    m = torch.arange(lags, device=device)
    a, b = m // W, m % W
    base = torch.tensor(value, dtype=torch.float64, device=device)
    inside, across = base ** (a + b), base ** (a + 1 + W - b)
    return (((W - b) * inside + b * across) / W).to(dtype)


def ar1_predictors(
    rho: float,
    n: int,
    mode: Literal["next", "masked"],
    *,
    dtype: torch.dtype = torch.float64,
    device: torch.device | str | None = None,
) -> tuple[Float[Tensor, "n n"], Float[Tensor, " n"]]:
    r"""Return the best linear predictor of each of n numbers of a stationary sequence with the covariance :math:`\rho^{|s-t|}`.

    Args:
        rho: correlation of neighbours, strictly between -1 and 1.
        n: length, from 1.
        mode: ``"next"``: x_t from x_s, s < t; ``"masked"``: x_t from all the others.
        dtype: float64 or float32 (solved in float64 and rounded). device: where the result lies.

    Returns:
        ``weights[t, s]`` of x_s in the predictor of x_t, 0 where it may not look, and the mean squared errors ``[n]``.

    Raises:
        ValueError: another mode, |rho| ≥ 1 or NaN, n < 1. TypeError: a wrong type or dtype.
        MemoryError: the matrices do not fit into the CPU's memory.

    Notes:
        Claims ``ssm/long_range_arena/C6``: nearest neighbours get all the weight, which this function finds by the Cholesky
        factor of the covariance, without using it. With C = LLᵀ and M = L⁻¹: ``next`` has the weights -M_ts/M_tt and the errors
        1/M_tt²; ``masked`` has -P_ts/P_tt and 1/P_tt with P = MᵀM. O(n³); error about 20 n u (1+|ρ|)/(1-|ρ|).
    """
    where = "ar1_predictors"
    value = _check_correlation(where, rho, closed=False)
    check_count(f"{where}: n", n)
    check_choice(f"{where}: mode", mode, MODES)
    _check_dtype(where, dtype)
    check_memory(f"{where}: the memory for the matrices", 4 * 8 * n * n, torch.device(device or "cpu"))
    t = torch.arange(n, device=device)
    covariance = torch.tensor(value, dtype=torch.float64, device=device) ** (t[:, None] - t).abs()
    factor = torch.linalg.cholesky(covariance)
    M = torch.linalg.solve_triangular(factor, torch.eye(n, dtype=torch.float64, device=device), upper=False)
    P = M if mode == "next" else M.mT @ M
    diagonal = P.diagonal()
    weights = -P / diagonal[:, None]
    weights.diagonal().zero_()
    errors = diagonal**-2 if mode == "next" else 1 / diagonal
    return weights.to(dtype), errors.to(dtype)


def permutation_defect(
    f: Callable[[Tensor], Tensor], X: Shaped[Tensor, "*batch length d"], perm: Int64[Tensor, " length"]
) -> Shaped[Tensor, "*batch"]:
    r"""Return the largest :math:`|f(\Pi X)-\Pi f(X)|` over positions and components: 0 if f treats all positions alike.

    Args:
        f: a map from ``[..., L, d]`` to ``[..., L, e]``.
        X: sequences ``[..., L, d]`` with L ≥ 1, float32 or float64.
        perm: a permutation of 0, …, L - 1; (ΠX)_i = X_perm[i].

    Returns:
        The batch shape, in the dtype of f's result; NaN where f gives NaN.

    Raises:
        ValueError: perm is no permutation of the positions, f changes the number of positions, nothing to compare.
        TypeError: a wrong dtype.

    Notes:
        Claims ``ssm/long_range_arena/C3``: attention without position encoding has the defect 0 up to rounding, a causal mask
        does not. To look at some positions only, let f return those that are fixed by perm.
    """
    where = "permutation_defect"
    check_tensor(f"{where}: X", X, _DTYPES, "[..., L, d]", 2)
    check_tensor(f"{where}: perm", perm, (torch.int64,), "[L]", 1)
    length = X.shape[-2]
    if not torch.equal(perm.sort().values.cpu(), torch.arange(length)):
        refuse(f"{where}: perm", str(perm.tolist()), f"a permutation of 0, …, {length - 1}", "make one with torch.randperm")
    before, after = f(X), f(X[..., perm, :])
    if before.ndim < 2 or before.shape[-2] != length:
        refuse(f"{where}: f(X).shape", str(tuple(before.shape)), f"(..., {length}, e)", "give one row a position")
    if before[..., 0].numel() == 0 or before.shape[-1] == 0:
        refuse(f"{where}: f(X).shape", str(tuple(before.shape)), "at least one number", "there is nothing to compare")
    return (after - before[..., perm, :]).abs().amax((-2, -1))


def _check_correlation(where: str, rho: object, *, closed: bool) -> float:
    expected = "a number from 0 to 1" if closed else "a number strictly between -1 and 1"
    if isinstance(rho, bool) or not isinstance(rho, int | float):
        refuse(f"{where}: rho", f"{rho!r} ({type(rho).__name__})", expected, "pass a Python float", TypeError)
    if not (0 <= rho <= 1 if closed else -1 < rho < 1):
        refuse(f"{where}: rho", str(rho), expected, "it is a correlation of neighbours")
    return float(rho)


def _check_dtype(where: str, dtype: object) -> None:
    if dtype not in _DTYPES:
        refuse(f"{where}: dtype", str(dtype), "torch.float64 or torch.float32", "round the result afterwards", TypeError)
