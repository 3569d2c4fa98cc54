"""The HiPPO matrices: the linear ODE that the best orthogonal-basis coefficients of a signal obey."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_choice, check_count, check_positive, refuse

if TYPE_CHECKING:
    from jaxtyping import Shaped

Kind = Literal["legs", "legt", "fout"]
Scaling = Literal["orthonormal", "paper", "lmu"]
Closure = Literal["post", "mean"]

KINDS = ("legs", "legt", "fout")
SCALINGS = ("orthonormal", "paper", "lmu")
# The rank-one coefficient times the window: 2 closes the window with the mean of its two ends, to which
# the Fourier series converges there; 1 takes the series for the far end alone and is wrong by that factor.
CLOSURES = {"mean": 2.0, "post": 1.0}
COMPLEX_OF = {torch.float32: torch.complex64, torch.float64: torch.complex128}


def hippo_matrix(
    kind: Kind,
    d: int,
    *,
    window: float | None = None,
    scaling: Scaling | None = None,
    closure: Closure | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Shaped[Tensor, "d d"], Shaped[Tensor, " d"]]:
    r"""Return ``(A, B)`` of the coefficient ODE of ``kind`` with ``d`` states.

    With :math:`r_n=\sqrt{2n+1}` and window :math:`w`:

    - ``legs``, :math:`x'=\frac1t(Ax+Bu)`: :math:`A_{nk}=-r_nr_k` (k < n), :math:`-(n+1)` (k = n), 0 (k > n);
      :math:`B_n=\sqrt2r_n`.
    - ``legt``, :math:`x'=Ax+Bu`: :math:`A_{nk}=-\frac{r_nr_k}w` (k < n), :math:`-(-1)^{n-k}\frac{r_nr_k}w`
      (k ≥ n); :math:`B_n=\frac{\sqrt2r_n}w`.
    - ``fout``, :math:`x'=Ax+Bu`: :math:`A_{nk}=\frac{2\pi in}w\delta_{nk}-\frac\kappa w`,
      :math:`B_n=\frac\kappa w`, modes n, k = -N..N in this order, d = 2N+1.

    Args:
        kind: ``"legs"`` (whole history, exact), ``"legt"`` (sliding window, Legendre) or ``"fout"`` (sliding
            window, Fourier).
        d: number of states, at least 1; odd for ``fout``.
        window: length w of the sliding window (default 1); not for ``legs``.
        scaling: not for ``fout``. ``"orthonormal"`` (default): states are the coefficients c_n, formulas as
            above. ``"paper"``: states c_n/√2, so B_n loses its √2. ``"lmu"``: states c_n√(n+½), free of
            square roots: the row factors r_n r_k and √2 r_n become 2n+1.
        closure: ``fout`` only. ``"mean"`` (default), κ = 2, replaces u(T-w) by 2Σc_k - u(T), which converges;
            ``"post"``, κ = 1, by Σc_k, which does not.
        dtype: float32, float64 or bfloat16, rounded from float64 (default: torch's default dtype); for
            ``fout`` the complex counterpart of float32 or float64, or that complex dtype itself.
        device: where the result lies.

    Returns:
        A ``[d, d]`` and B ``[d]``.

    Raises:
        ValueError: unknown kind, scaling or closure; d < 1, or even for ``fout``; w not positive; an option
            that the kind does not use.
        TypeError: d is no int, or a dtype that the kind does not have.

    Notes:
        Claims ``ssm/hippo/C4`` (fout), ``C7`` (legt), ``C8`` (scalings), ``C9`` (legs). Sources: Gu et al.,
        HiPPO, arXiv:2008.07669; Voelker et al., Legendre Memory Units, NeurIPS 2019. Cost O(d²); each
        float64 entry is within two units in the last place. Differs from the authors' code, whose ``legt``
        has w = 2 and ``paper`` scaling, and from the matrices of Legendre Memory Units, which are the
        ``lmu`` form conjugated by diag((-1)^n).
    """
    check_choice("hippo_matrix: kind", kind, KINDS)
    check_count("hippo_matrix: d", d)
    _refuse_unused(kind, window=window, scaling=scaling, closure=closure)
    w = check_positive("hippo_matrix: window", 1.0 if window is None else window)
    if kind == "fout":
        kappa = CLOSURES[check_choice("hippo_matrix: closure", closure or "mean", tuple(CLOSURES))]
        A, B = _fout(d, w, kappa)
    else:
        check_choice("hippo_matrix: scaling", scaling or "orthonormal", SCALINGS)
        A, B = _legendre(kind, d, w, scaling or "orthonormal")
    dtype = _result_dtype(kind, torch.get_default_dtype() if dtype is None else dtype)
    return A.to(dtype).to(device), B.to(dtype).to(device)


def _legendre(kind: Kind, d: int, w: float, scaling: Scaling) -> tuple[Tensor, Tensor]:
    n = torch.arange(d, dtype=torch.float64)
    odd = 2 * n + 1
    square_free = scaling == "lmu"
    # √((2n+1)(2k+1)) with one rounding: the integer under the root is exact in float64
    A = odd[:, None].repeat(1, d) if square_free else (odd[:, None] * odd).sqrt_()
    B = odd if square_free else (odd if scaling == "paper" else 2 * odd).sqrt()
    # in place: fresh memory for a matrix costs more than a pass over it
    if kind == "legs":
        A.neg_().tril_(-1).diagonal().copy_(-(n + 1))
        return A, B.clone()
    # -1 below the diagonal, and from there on -(-1)ⁿ⁻ᵏ, which is -1 on it
    parity = 1 - 2 * n.remainder(2)
    signs = (parity[:, None] * -parity).triu_()
    signs -= torch.ones(d, d, dtype=torch.float64).tril_(-1)
    return A.mul_(signs).div_(w), B / w


def _fout(d: int, w: float, kappa: float) -> tuple[Tensor, Tensor]:
    if d % 2 == 0:
        refuse(
            "hippo_matrix: d",
            str(d),
            "an odd number 2N+1 for kind 'fout'",
            f"take {d + 1} for the modes -{d // 2}..{d // 2}",
        )
    modes = torch.arange(-(d // 2), d // 2 + 1, dtype=torch.float64)
    A = torch.full((d, d), -kappa / w, dtype=torch.complex128) + torch.diag(2j * math.pi * modes / w)
    return A, torch.full((d,), kappa / w, dtype=torch.complex128)


def _refuse_unused(kind: Kind, **options: object) -> None:
    unused = {"legs": {"window", "closure"}, "legt": {"closure"}, "fout": {"scaling"}}[kind]
    for name in sorted(unused & {name for name, value in options.items() if value is not None}):
        refuse(
            f"hippo_matrix: {name}",
            repr(options[name]),
            f"nothing for kind {kind!r}, which does not use it",
            "leave it out",
        )


def _result_dtype(kind: Kind, dtype: torch.dtype) -> torch.dtype:
    if kind != "fout" and dtype in REAL:
        return dtype
    if kind == "fout" and (dtype in COMPLEX_OF or dtype in COMPLEX_OF.values()):
        return COMPLEX_OF.get(dtype, dtype)
    allowed = "complex64 or complex128 (or their real parts' dtype)" if kind == "fout" else "float32, float64 or bfloat16"
    found = str(dtype).removeprefix("torch.")
    refuse(
        "hippo_matrix: dtype",
        found,
        f"{allowed} for kind {kind!r}",
        "choose one of these and convert afterwards",
        TypeError,
    )


def reference_hippo_matrix(
    kind: Kind, d: int, *, window: float = 1.0, scaling: Scaling = "orthonormal", closure: Closure = "mean"
) -> tuple[Shaped[Tensor, "d d"], Shaped[Tensor, " d"]]:
    r"""Return ``(A, B)`` in float64 (complex128), entry by entry from the steps of the derivation.

    Boundary term of the integration by parts, integral of the derivative in the basis, and (legt, fout) the
    closure of the window's far end are added one by one, then the state is rescaled by :math:`\lambda_n`.
    Options that a kind does not use are ignored. Cost O(d²) Python steps.
    """
    if kind == "fout":
        half = d // 2
        A = torch.zeros(d, d, dtype=torch.complex128)
        for row in range(d):
            A[row, row] += 2j * math.pi * (row - half) / window
            for column in range(d):
                # u(T-w) enters with -1/w: -(1/w) Σ c_k, or -(1/w) (2 Σ c_k - u)
                A[row, column] -= (2 if closure == "mean" else 1) / window
        return A, torch.full((d,), (2 if closure == "mean" else 1) / window, dtype=torch.complex128)
    r = [math.sqrt(2 * n + 1) for n in range(d)]
    scale = {"orthonormal": [1.0] * d, "paper": [math.sqrt(2)] * d, "lmu": [math.sqrt(2) / x for x in r]}[scaling]
    A = torch.zeros(d, d, dtype=torch.float64)
    B = torch.tensor([math.sqrt(2) * x for x in r], dtype=torch.float64)
    for n in range(d):
        for k in range(d):
            if kind == "legs":
                A[n, k] = (n if n == k else 0) - (r[n] * r[k] if k <= n else 0)
            else:
                derivative = 2 * r[n] * r[k] if k < n and (n - 1 - k) % 2 == 0 else 0.0
                closed_end = r[n] * r[k] * (-1) ** (n + k)
                A[n, k] = -(derivative + closed_end)
            A[n, k] *= scale[k] / scale[n]
        B[n] /= scale[n]
    return (A, B) if kind == "legs" else (A / window, B / window)
