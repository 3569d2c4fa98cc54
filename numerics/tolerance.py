"""Errors that rounding may cause, derived instead of tuned, and the comparison that uses them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

# e^{-λ²/2}-type tail of the statistical model: 2 e^{-λ²/2} = 7e-14 for each rounded operation
_DEVIATIONS = 7.88


@dataclass(frozen=True)
class Agreement:
    """The outcome of a comparison: a value to record, not an exception.

    Attributes:
        cases: compared elements; 0 is a failure.
        worst_error: absolute error of the worst element, infinite if it is NaN.
        allowed_error: error allowed for that element; worst means the largest error / allowed error.
        dtype: dtype of the values checked.
        device: where they lay.
        ok: every element agrees, and there was one.
    """

    cases: int
    worst_error: float
    allowed_error: float
    dtype: str
    device: str
    ok: bool

    def __str__(self) -> str:
        """Say the outcome in one sentence."""
        if self.cases == 0:
            return f"no admissible case ({self.dtype}, {self.device})"
        relation = "within" if self.ok else "NOT within"
        return (
            f"worst error {self.worst_error:.3g} {relation} the allowed {self.allowed_error:.3g} "
            f"over {self.cases} cases ({self.dtype}, {self.device})"
        )


def compare(actual: Tensor, expected: Tensor | complex, allowed: Tensor | float) -> Agreement:
    """Compare element by element; an element agrees if \\|actual - expected\\| ≤ ``allowed``.

    Args:
        actual: values under test, any dtype.
        expected: the truth, of the same shape or one number; best in float64 or complex128.
        allowed: absolute error, ≥ 0, one number or one for each element (e.g. from :func:`rounding_bound`).

    Raises:
        ValueError: shapes that differ, or an allowed error that is negative or not finite.

    Notes:
        Differences are formed in float64 (integers: exactly when below 2^53), so the truth itself is taken to
        one half unit of float64. NaN never agrees, not with NaN either; equal infinities agree. Differs from
        ``torch.testing.assert_close`` in: no default tolerance, no exception, empty input fails.
    """
    dtype, device = str(actual.dtype).removeprefix("torch."), str(actual.device)
    truth = _as_truth(expected, actual.device)
    if truth.ndim and truth.shape != actual.shape:
        shapes = f"{tuple(actual.shape)} and {tuple(truth.shape)}"
        raise ValueError(f"compare: actual and expected have the shapes {shapes}; compare equal shapes.")
    limit = torch.as_tensor(allowed, dtype=torch.float64, device=actual.device)
    if limit.ndim and limit.shape != actual.shape:
        shapes = f"{tuple(limit.shape)}, expected () or {tuple(actual.shape)}"
        raise ValueError(f"compare: allowed has the shape {shapes}; give one number or one for each element.")
    if not ((limit >= 0) & limit.isfinite()).all():
        raise ValueError("compare: allowed is negative or not finite, expected errors ≥ 0; derive a bound.")
    if actual.numel() == 0:
        return Agreement(0, math.inf, 0.0, dtype, device, False)
    error = _distance(actual, truth).flatten()
    limit = limit.expand(actual.shape).flatten()
    agrees = error <= limit
    # error / limit, with 0/0 a perfect agreement and x/0 worse than anything finite
    ratio = torch.where(error == 0, 0.0, error / limit)
    ratio = torch.where(agrees, ratio.nan_to_num(0.0), ratio.nan_to_num(math.inf, math.inf) + 1)
    worst = int(ratio.argmax())
    return Agreement(error.numel(), float(error[worst]), float(limit[worst]), dtype, device, bool(agrees.all()))


def rounding_bound(
    dtype: torch.dtype,
    operations: int,
    condition: float = 1.0,
    scale: float = 1.0,
    *,
    model: Literal["worst", "statistical"] = "worst",
) -> float:
    r"""Return the absolute error that ``operations`` roundings in a row may cause in a result.

    With the unit roundoff u = ε/2 (2^-53 for float64), k operations, condition κ and scale s:

    - ``worst``: :math:`\gamma_k\,\kappa s`, :math:`\gamma_k=\frac{ku}{1-ku}`. Holds always, for any order of
      a sum of k + 1 terms, with κ = Σ\|terms\| / \|sum\| and s = \|sum\|; also for k products in a row.
    - ``statistical``: :math:`(e^{\lambda\sqrt ku+ku^2/(1-u)}-1)\,\kappa s`, λ = 7.88. Holds if rounding
      errors are independent of mean zero, with probability at least 1 - 7e-14·k. Not for sums with a
      systematic sign of the error (many equal terms in low precision).

    Args:
        dtype: floating dtype that rounds (complex dtypes: their parts; operations count 4 for a product).
        operations: longest chain of roundings from an input to the result; for a plain sum the number of
            terms.
        condition: relative error of the result per relative error of the inputs, ≥ 0.
        scale: size of the result, ≥ 0.

    Raises:
        ValueError: negative arguments, or ku ≥ 1, where the dtype has no correct digit left.
        TypeError: an integer dtype.

    Notes:
        Sources: Higham, Accuracy and Stability of Numerical Algorithms, §3.1; Higham and Mary, SIAM J. Sci.
        Comput. 41 (2019) A2815.
    """
    if not (dtype.is_floating_point or dtype.is_complex):
        raise TypeError(f"rounding_bound: dtype is {dtype}, expected a floating one; integers do not round.")
    if not (operations >= 0 and condition >= 0 and scale >= 0):
        found = f"operations={operations}, condition={condition}, scale={scale}"
        raise ValueError(f"rounding_bound: got {found}, expected at least 0; take absolute values.")
    unit = torch.finfo(dtype).eps / 2
    if operations * unit >= 1:
        found = f"{operations} operations in {str(dtype).removeprefix('torch.')}"
        raise ValueError(f"rounding_bound: {found} leave no correct digit; use a wider dtype.")
    if model == "worst":
        relative = operations * unit / (1 - operations * unit)
    elif model == "statistical":
        exponent = _DEVIATIONS * math.sqrt(operations) * unit + operations * unit**2 / (1 - unit)
        relative = math.expm1(exponent)
    else:
        raise ValueError(f"rounding_bound: model is {model!r}, expected 'worst' or 'statistical'.")
    return relative * condition * scale


def _as_truth(expected: Tensor | complex, device: torch.device) -> Tensor:
    if isinstance(expected, Tensor):
        return expected.to(device)
    # a Python float would become float32 by torch's default
    dtype = {int: torch.int64, float: torch.float64, complex: torch.complex128}[type(expected)]
    return torch.tensor(expected, dtype=dtype, device=device)


def _distance(actual: Tensor, truth: Tensor) -> Tensor:
    truth = truth.expand(actual.shape)
    if not any(t.is_floating_point() or t.is_complex() for t in (actual, truth)):
        # integers above 2^53 that differ may coincide in float64
        return torch.where(actual == truth, 0.0, (actual.double() - truth.double()).abs().clamp(min=1.0))
    wide = torch.complex128 if actual.is_complex() or truth.is_complex() else torch.float64
    actual, truth = actual.to(wide), truth.to(wide)
    error = (actual - truth).abs().nan_to_num(math.inf, math.inf)
    return torch.where(actual == truth, 0.0, error)
