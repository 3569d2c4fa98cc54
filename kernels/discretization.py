"""One step of a linear system with an input that is constant in the step: five schemes."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, get_args

import torch
from torch import Tensor

from derivable.kernels._check import COMPLEX, REAL, check_choice, check_like, check_tensor, refuse, widened

if TYPE_CHECKING:
    from jaxtyping import Shaped

Method = Literal["forward_euler", "backward_euler", "bilinear", "generalized_bilinear", "zoh"]
METHODS: tuple[Method, ...] = get_args(Method)
# the weight of the state at the start of the step
WEIGHT = {"forward_euler": 1.0, "backward_euler": 0.0, "bilinear": 0.5}
# Below this norm torch.linalg.matrix_exp may take its polynomial of degree 8, which errs by 5e-13 at norms from 0.03 to 0.05.
SMALL, DEGREE = 0.06, 10


def discretize(
    A: Shaped[Tensor, "*batch d d"],
    B: Shaped[Tensor, "*batch d"],
    eps: float,
    method: Method,
    *,
    alpha: float | None = None,
) -> tuple[Shaped[Tensor, "*batch d d"], Shaped[Tensor, "*batch d"]]:
    r"""Return ``(Ad, Bd)`` of the step :math:`x_{k+1}=\bar Ax_k+\bar Bu_k` for :math:`x'=Ax+Bu`.

    With the weight α of the old state, 1 for ``forward_euler``, 0 for ``backward_euler``, ½ for ``bilinear``, and
    ``alpha`` for ``generalized_bilinear``,
    :math:`(\bar A,\bar B)=(I-\epsilon(1-\alpha)A)^{-1}(I+\epsilon\alpha A,\ \epsilon B)`. ``zoh`` is exact for an input that
    is constant in the step: :math:`\bar A=e^{\epsilon A}`, :math:`\bar B=\int_0^\epsilon e^{sA}ds\,B`.

    Args:
        A: ``[..., d, d]``, float32, float64, bfloat16 (computed in float32), complex64 or complex128; singular is allowed.
        B: ``[..., d]``, of A's dtype and device.
        eps: the step, finite and not negative; 0 gives the identity and 0.
        method: one of the five names.
        alpha: for ``generalized_bilinear`` only, from 0 to 1.

    Raises:
        ValueError: shapes, device, a name that is not known, a step or weight that is out of range; a step that is the reciprocal
            of an eigenvalue times 1 - α, where the implicit schemes have no solution.
        TypeError: dtypes.

    Notes:
        Claims ``ssm/hippo_discretization/C1b``, ``C1c``, ``C2b``, ``C2c``. Global order for a piecewise constant input: 2 for the
        bilinear rule, any for ``zoh``, 1 else; for a smooth input taken at the left end of each step, 1 for all.
        Nothing is assumed of the eigenvalues (repeated, unstable): forward Euler needs :math:`|1+\epsilon\lambda|<1`
        to decay, the bilinear rule and backward Euler decay with the system. ``zoh`` takes the exponential of the
        matrix with A and B in its first rows and zeros below, so that no inverse of A is needed.
        Differentiable in A and B. NaN in A or B gives NaN. Differs from ``scipy.signal.cont2discrete`` in: batches,
        gradients, and α, which there is the weight of the *new* state.
        Cost O(d³), O(d²) memory; a lower or upper triangular A without gradients is solved as such.
    """
    where = "discretize"
    check_choice(f"{where}: method", method, METHODS)
    check_tensor(f"{where}: A", A, (*REAL, *COMPLEX), "[..., d, d]", 2)
    check_like(f"{where}: B", check_tensor(f"{where}: B", B, (*REAL, *COMPLEX), "[..., d]", 1), "A", A)
    if A.shape[-1] != A.shape[-2] or B.shape != A.shape[:-1]:
        shapes = f"{tuple(A.shape)} and {tuple(B.shape)}"
        refuse(
            f"{where}: A.shape and B.shape", shapes, "[..., d, d] and [..., d]", "give a square matrix and a vector of its size"
        )
    step = _number(f"{where}: eps", eps, math.inf, "a finite number from 0")
    dtype, wide = A.dtype, widened(A.dtype)
    A, B = A.to(wide), B.to(wide)
    weight = old_weight(where, method, alpha)
    move, drive = _zero_order_hold(A, B, step) if weight is None else _weighted(A, B, step, weight)
    return move.to(dtype), drive.to(dtype)


def old_weight(where: str, method: Method, alpha: float | None) -> float | None:
    """Return the weight α of the state at the start of the step, None for ``zoh``; refuse an ``alpha`` that does not fit."""
    if method == "generalized_bilinear":
        if alpha is None:
            refuse(f"{where}: alpha", "missing", "a number from 0 to 1", "give the weight of the old state")
        return _number(f"{where}: alpha", alpha, 1, "a number from 0 to 1")
    if alpha is not None:
        refuse(f"{where}: alpha", repr(alpha), f"nothing for the method {method!r}, which has its own", "leave it out")
    return WEIGHT.get(method)


def _number(where: str, value: object, most: float, expected: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(where, f"{value!r} ({type(value).__name__})", expected, "pass a Python float", TypeError)
    if not (0 <= value <= most and math.isfinite(value)):
        refuse(where, str(value), expected, "a step goes forward in time" if most > 1 else "it is a weight")
    return float(value)


def _weighted(A: Tensor, B: Tensor, step: float, alpha: float) -> tuple[Tensor, Tensor]:
    eye = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    # (I + εαA, εB) in one matrix [..., d, d + 1]
    right = torch.cat([eye + step * alpha * A, step * B[..., None]], -1)
    if alpha == 1:
        return right[..., :-1], right[..., -1]
    left = eye - step * (1 - alpha) * A
    if A.shape[-1] == 0:
        return left, B
    # the gradient of a triangular solve leaves the other triangle out
    upper = None if A.requires_grad else _triangle(A)
    if upper is None:
        both, info = torch.linalg.solve_ex(left, right)
        singular = bool((info != 0).any())
    else:
        singular = bool((left.diagonal(dim1=-2, dim2=-1) == 0).any())
        both = torch.linalg.solve_triangular(left, right, upper=upper)
    if singular:
        refuse(
            "discretize: eps",
            str(step),
            "a step that is not the reciprocal of an eigenvalue times 1 - alpha",
            "take another step or the method 'zoh'",
        )
    return both[..., :-1], both[..., -1]


def _triangle(A: Tensor) -> bool | None:
    """Return whether A is upper (True) or lower (False) triangular, None if neither."""
    if not A.tril(-1).any():
        return True
    return None if A.triu(1).any() else False


def _zero_order_hold(A: Tensor, B: Tensor, step: float) -> tuple[Tensor, Tensor]:
    # exp ε[[A, B], [0, 0]] = [[e^{εA}, ∫ e^{sA} ds B], [0, 1]]
    top = step * torch.cat([A, B[..., None]], -1)
    both = matrix_exponential(torch.cat([top, top.new_zeros(*top.shape[:-2], 1, top.shape[-1])], -2))
    return both[..., :-1, :-1], both[..., :-1, -1]


def matrix_exponential(X: Tensor) -> Tensor:
    """Return exp X of matrices ``[..., d, d]``: torch's, but where their norm is small Taylor's polynomial of degree 10.

    0.06¹¹/11! is 1e-21, so that the small ones are exact to rounding; torch's own are not, by up to 5e-13 in float64.
    """
    if X.shape[-1] == 0:
        return X
    small = (X.abs().sum(-2).amax(-1) < SMALL)[..., None, None]
    result = torch.linalg.matrix_exp(X)
    if not small.any():
        return result
    # the others are put to 0 here, so that they cannot overflow
    masked = torch.where(small, X, torch.zeros_like(X))
    eye = torch.eye(X.shape[-1], dtype=X.dtype, device=X.device)
    series = eye
    for k in range(DEGREE, 0, -1):
        series = eye + masked @ series / k
    return torch.where(small, series, result)


def reference_discretize(
    A: Shaped[Tensor, "d d"], B: Shaped[Tensor, " d"], eps: float, method: Method, *, alpha: float | None = None
) -> tuple[Shaped[Tensor, "d d"], Shaped[Tensor, " d"]]:
    """Return ``(Ad, Bd)`` in double precision: an explicit inverse, or 60 terms of the series after halving the step."""
    wide = torch.complex128 if A.is_complex() else torch.float64
    A, B = A.to(wide), B.to(wide)
    eye = torch.eye(len(B), dtype=wide)
    if method != "zoh":
        weight = alpha if alpha is not None else WEIGHT[method]
        inverse = torch.linalg.inv(eye - eps * (1 - weight) * A)
        return inverse @ (eye + eps * weight * A), eps * (inverse @ B)
    halvings = max(0, math.ceil(math.log2(max(eps * float(A.abs().sum()), 1.0))))
    small = eps / 2**halvings
    move, integral, term = eye.clone(), small * eye, eye.clone()
    for k in range(1, 60):
        term = term @ A * (small / k)
        move, integral = move + term, integral + term * (small / (k + 1))
    for _ in range(halvings):
        # ∫ over twice the step is the integral plus its image under the move
        move, integral = move @ move, integral + move @ integral
    return move, integral @ B
