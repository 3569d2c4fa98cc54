"""Whether all roots of a polynomial lie inside the unit circle, and the coordinates in which that region is a cube."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import COMPLEX, REAL, check_tensor, widened

if TYPE_CHECKING:
    from jaxtyping import Shaped


def schur_cohn_stable(a: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch"]:
    r"""Return whether all roots of :math:`\lambda^d+\sum_ia_i\lambda^{d-i}` have :math:`|\lambda|<1`.

    The step-down of Schur and Cohn: with c = (1, a_1, …, a_d) and its last entry κ,
    :math:`c\leftarrow(c-\kappa\,\overline{\mathrm{rev}(c)})/(1-|\kappa|^2)` without the last entry, which is 0. The roots
    lie inside exactly if every |κ| < 1.

    Args:
        a: ``[..., d]``, float32, float64, bfloat16, complex64 or complex128, computed in double precision; d from 0, where
            there is no root and the answer is True.

    Returns:
        ``[...]`` of bools. NaN and infinity give False.

    Raises:
        ValueError: no dimension. TypeError: no tensor, another dtype.

    Notes:
        Claims ``ssm/transfer_function/C7g`` to ``C7j``. O(d²), no eigenvalues. It is decided in rounded arithmetic: a
        polynomial that rounding could move across the border may get either answer. Compare the eigenvalues of the
        companion matrix (``numpy.roots``), O(d³). Sources: Schur 1917, Cohn 1922, Jury 1964.
    """
    check_tensor("schur_cohn_stable: a", a, REAL + COMPLEX, "[..., d]", 1)
    with torch.no_grad():
        a = a.to(torch.complex128 if a.is_complex() else torch.float64)
        stable = torch.ones(a.shape[:-1], dtype=torch.bool, device=a.device)
        while a.shape[-1]:
            last = a[..., -1:]
            stable = stable & (last[..., 0].abs() < 1)
            a = _step_down(torch.where(stable[..., None], a, 0.0))
        return stable


def reflection_coefficients(a: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    r"""Return :math:`\kappa_1,\dots,\kappa_d` of the step-down: all below 1 in modulus exactly for a stable a.

    Args:
        a: ``[..., d]``, float32, float64, bfloat16 (computed in float32), complex64 or complex128, d from 0.

    Returns:
        ``[..., d]`` in a's dtype, :math:`\kappa_d=a_d` last. At :math:`|\kappa|=1` the division by zero gives infinity or
        NaN in what comes before it. Differentiable any number of times elsewhere.

    Raises:
        ValueError: no dimension. TypeError: no tensor, another dtype.

    Notes:
        Claim ``ssm/transfer_function/C7g``. The inverse of :func:`denominator_from_reflection`.
    """
    check_tensor("reflection_coefficients: a", a, REAL + COMPLEX, "[..., d]", 1)
    rest, kappas = a.to(widened(a.dtype)), [a.to(widened(a.dtype))[..., :0]]
    while rest.shape[-1]:
        kappas.append(rest[..., -1:])
        rest = _step_down(rest)
    return torch.cat(kappas[::-1], -1).to(a.dtype)


def denominator_from_reflection(kappa: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    r"""Return the a whose step-down has the coefficients κ: :math:`c\leftarrow(c,0)+\kappa\,\overline{\mathrm{rev}(c,0)}`.

    Every κ with all :math:`|\kappa_k|<1` gives a stable a, and every stable a comes from exactly one: ``tanh`` of free parameters
    reaches the whole region, of which the condition :math:`\|a\|_1<1` keeps 9 % at d = 4.

    Args:
        kappa: ``[..., d]``, float32, float64, bfloat16 (computed in float32), complex64 or complex128, d from 0.

    Returns:
        ``[..., d]`` in kappa's dtype. Differentiable any number of times; NaN and infinity spoil their row.

    Raises:
        ValueError: no dimension. TypeError: no tensor, another dtype.

    Notes:
        Claims ``ssm/transfer_function/C7g`` (inverse of the step-down), ``C7n``, ``C7p`` (volumes). O(d²).
    """
    check_tensor("denominator_from_reflection: kappa", kappa, REAL + COMPLEX, "[..., d]", 1)
    kappas = kappa.to(widened(kappa.dtype))
    a = kappas[..., :0]
    for k in range(kappas.shape[-1]):
        last = kappas[..., k : k + 1]
        a = torch.cat([a + last * a.flip(-1).conj(), last], -1)
    return a.to(kappa.dtype)


def _step_down(a: Tensor) -> Tensor:
    """Return the polynomial of one degree less; its leading coefficient stays 1."""
    rest, last = a[..., :-1], a[..., -1:]
    return (rest - last * rest.flip(-1).conj()) / (1 - (last * last.conj()).real)
