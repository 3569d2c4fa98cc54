"""Steps of recurrent networks that act along the last axis, each with its Jacobian in the state."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_like, check_tensor, refuse

if TYPE_CHECKING:
    from jaxtyping import Float


def tanh_step(x: Float[Tensor, "*batch d"], u: Float[Tensor, "*inputs d"], A: Float[Tensor, "d d"]) -> Float[Tensor, "*out d"]:
    r"""Return :math:`\tanh(Ax+u)` for states ``x[..., d]``, inputs ``u[..., d]`` and a matrix ``A[d, d]``.

    The leading dimensions of x and u broadcast; float32, float64 or bfloat16, one dtype. Differentiable any number of times.

    Raises:
        ValueError, TypeError: a matrix that is not [d, d] for the d of x and u; no tensors, or of different dtypes.
    """
    _check("tanh_step", x, u, A, "A", 1, ())
    return torch.tanh(x @ A.mT + u)


def tanh_jacobian(
    x: Float[Tensor, "*batch d"], u: Float[Tensor, "*inputs d"], A: Float[Tensor, "d d"]
) -> Float[Tensor, "*out d d"]:
    r"""Return :math:`\partial\tanh(Ax+u)/\partial x=\mathrm{diag}(\mathrm{sech}^2(Ax+u))\,A`: the rows of A are scaled.

    Claim ``ssm/nonlinear_rnn/C5``. Arguments and errors as for :func:`tanh_step`.
    """
    _check("tanh_jacobian", x, u, A, "A", 1, ())
    y = torch.tanh(x @ A.mT + u)
    # 1 - tanh² as a product keeps its digits where tanh is near 1 in modulus
    return ((1 - y) * (1 + y))[..., None] * A


def gru_step(h: Float[Tensor, "*batch d"], u: Float[Tensor, "*inputs d3"], U: Float[Tensor, "3 d d"]) -> Float[Tensor, "*out d"]:
    r"""Return the step :math:`(1-z)\circ h+z\circ\hat h` of a gated recurrent unit.

    .. math:: z=\sigma(u_z+U_zh),\quad r=\sigma(u_r+U_rh),\quad\hat h=\tanh(u_h+U_h(r\circ h))

    Args:
        h: states ``[..., d]``.
        u: what the inputs contribute, ``[..., 3 d]``: W x + b of z, of r and of the candidate, one after the other. It does not
            depend on the states, so that one product computes it for all steps.
        U: the three matrices ``[3, d, d]`` in the same order.

    Raises:
        ValueError, TypeError: shapes that do not fit, no tensors, different dtypes.

    Notes:
        Claim ``ssm/nonlinear_rnn/C9a``. Differs from ``torch.nn.GRUCell`` in: z and 1 - z change places, the gate r multiplies h
        before U_h does, and the products with the inputs are the caller's.
    """
    _check("gru_step", h, u, U, "U", 3, (3,))
    z, _, candidate = _gru(h, u, U)
    return (1 - z) * h + z * candidate


def gru_jacobian(
    h: Float[Tensor, "*batch d"], u: Float[Tensor, "*inputs d3"], U: Float[Tensor, "3 d d"]
) -> Float[Tensor, "*out d d"]:
    r"""Return the Jacobian of :func:`gru_step` in h.

    .. math:: \mathrm{diag}(1-z)+\mathrm{diag}\big((\hat h-h)z(1-z)\big)U_z
        +\mathrm{diag}\big(z(1-\hat h^2)\big)U_h\big(\mathrm{diag}(r)+\mathrm{diag}(h\,r(1-r))U_r\big)

    Claims ``ssm/nonlinear_rnn/C9``: ½(I + ½U_h) where h and all pre-activations vanish. Arguments and errors as there.
    """
    _check("gru_jacobian", h, u, U, "U", 3, (3,))
    z, r, candidate = _gru(h, u, U)
    Uz, Ur, Uh = U
    gate = ((candidate - h) * z * (1 - z))[..., None] * Uz
    reset = torch.diag_embed(r) + (h * r * (1 - r))[..., None] * Ur
    inner = (z * (1 - candidate) * (1 + candidate))[..., None] * (Uh @ reset)
    return torch.diag_embed(1 - z) + gate + inner


def _gru(h: Tensor, u: Tensor, U: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gates z and r and the candidate."""
    u_z, u_r, u_h = u.chunk(3, -1)
    z, r = torch.sigmoid(u_z + h @ U[0].mT), torch.sigmoid(u_r + h @ U[1].mT)
    return z, r, torch.tanh(u_h + (r * h) @ U[2].mT)


def _check(where: str, x: object, u: object, matrix: object, name: str, widths: int, leading: tuple[int, ...]) -> None:
    """Refuse a state ``x[..., d]``, an input ``u[..., widths · d]`` and ``matrix[*leading, d, d]`` that do not fit together."""
    first = "h" if leading else "x"
    state = check_tensor(f"{where}: {first}", x, REAL, "[..., d]", 1)
    shapes = ("[..., 3 d]", "[3, d, d]") if leading else ("[..., d]", "[d, d]")
    for label, value, shape, dims in (("u", u, shapes[0], 1), (name, matrix, shapes[1], 2 + len(leading))):
        check_like(f"{where}: {label}", check_tensor(f"{where}: {label}", value, REAL, shape, dims), first, state)
    assert isinstance(u, Tensor)
    assert isinstance(matrix, Tensor)
    d = state.shape[-1]
    if matrix.shape != (*leading, d, d):
        remedy = f"give the matrix of the recurrence for the d = {d} of {first}"
        refuse(f"{where}: {name}.shape", str(tuple(matrix.shape)), str((*leading, d, d)), remedy)
    if u.shape[-1] != widths * d:
        found = str(tuple(u.shape))
        refuse(f"{where}: u.shape", found, f"a last dimension of {widths * d}", "multiply the inputs by their matrix first")
    try:
        torch.broadcast_shapes(state.shape[:-1], u.shape[:-1])
    except RuntimeError:
        both = f"{tuple(state.shape)} and {tuple(u.shape)}"
        refuse(f"{where}: the shapes of {first} and u", both, "dimensions before the last that broadcast", "insert ones")
