"""Tridiagonal systems by cyclic reduction: O(n) work in O(log n) vector operations, differentiable."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import pad

from derivable.kernels._check import REAL, check_like, check_tensor, refuse

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class TridiagonalFactor:
    """A reduced matrix, to be solved with many right-hand sides.

    ``levels`` holds for each halving the two multipliers of the kept rows and lower, inverse diagonal and
    upper of the rows eliminated; ``inverse`` is one over the last remaining diagonal entry; ``n`` the size.
    """

    n: int
    levels: tuple[tuple[Tensor, Tensor, Tensor, Tensor, Tensor], ...]
    inverse: Tensor

    def solve(self, right: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch n"]:
        """Return x with (matrix) x = ``right``, row by row of the batch; cost O(n)."""
        kept, removed = pad(right, (0, 2 ** (len(self.levels) + 1) - 1 - self.n)), []
        for alpha, gamma, *_ in self.levels:
            even = kept[..., 0::2]
            removed.append(even)
            kept = kept[..., 1::2] - alpha * even[..., :-1] - gamma * even[..., 1:]
        x = kept * self.inverse
        for (_, _, lower, inverse, upper), even in zip(reversed(self.levels), reversed(removed), strict=True):
            rest = (even - lower * pad(x, (1, 0)) - upper * pad(x, (0, 1))) * inverse
            pairs = torch.stack([rest[..., :-1], x], -1).flatten(-2)
            x = torch.cat([pairs, rest[..., -1:]], -1)
        return x[..., : self.n]


def tridiagonal_factor(
    lo: Float[Tensor, "*batch n"], di: Float[Tensor, "*batch n"], up: Float[Tensor, "*batch n"]
) -> TridiagonalFactor:
    r"""Factor the matrix whose row i is ``lo[i]``, ``di[i]``, ``up[i]`` at i-1, i, i+1.

    ``lo[0]`` and ``up[-1]`` are not used.

    Every second unknown is eliminated at once: row i minus :math:`\alpha=lo_i/di_{i-1}` times row i-1 and
    :math:`\gamma=up_i/di_{i+1}` times row i+1 couples i to i±2 only.

    Args:
        lo, di, up: float32 or float64, broadcastable; n ≥ 1.

    Returns:
        A factor whose :meth:`~TridiagonalFactor.solve` is differentiable any number of times in the matrix
        and the right side.

    Raises:
        ValueError: n = 0, or shapes that do not broadcast.
        TypeError: wrong dtype or type.

    Notes:
        Used by ``diffusion/fokker_planck`` (Crank–Nicolson). No pivoting: stable for matrices that are
        diagonally dominant by rows or by columns (backward error a few units of rounding times log₂ n),
        others may lose digits or divide by zero. Cost O(n) to factor, O(n) a solve. Differs from
        ``scipy.linalg.solve_banded`` in: no pivoting, batches, any device, gradients, the factor is kept.
        Source: Hockney, J. ACM 12 (1965).
    """
    names, rows = ("lo", "di", "up"), (lo, di, up)
    for name, row in zip(names, rows, strict=True):
        check_tensor(f"tridiagonal_factor: {name}", row, REAL[:2], "[..., n]", 1)
        check_like(f"tridiagonal_factor: {name}", row, "di", di)
    try:
        lo, di, up = torch.broadcast_tensors(*rows)
    except RuntimeError:
        shapes = ", ".join(str(tuple(row.shape)) for row in rows)
        refuse("tridiagonal_factor: the shapes of lo, di, up", shapes, "one shape [..., n]", "broadcast them")
    n = di.shape[-1]
    if n == 0:
        refuse(
            "tridiagonal_factor: di.shape",
            str(tuple(di.shape)),
            "[..., n] with n of at least 1",
            "give a row",
        )
    # rows up to 2^k - 1 that read x = 0 keep every level odd
    missing = 2 ** n.bit_length() - 1 - n
    inside = torch.arange(n, device=di.device)
    lo, up = torch.where(inside == 0, 0, lo), torch.where(inside == n - 1, 0, up)
    lo, di, up = pad(lo, (0, missing)), pad(di, (0, missing), value=1.0), pad(up, (0, missing))
    levels = []
    while di.shape[-1] > 1:
        lower, upper, inverse = lo[..., 0::2], up[..., 0::2], 1 / di[..., 0::2]
        alpha, gamma = lo[..., 1::2] * inverse[..., :-1], up[..., 1::2] * inverse[..., 1:]
        levels.append((alpha, gamma, lower, inverse, upper))
        di = di[..., 1::2] - alpha * upper[..., :-1] - gamma * lower[..., 1:]
        lo, up = -alpha * lower[..., :-1], -gamma * upper[..., 1:]
    return TridiagonalFactor(n, tuple(levels), 1 / di)


def reference_tridiagonal_solve(
    lo: Float[Tensor, " n"], di: Float[Tensor, " n"], up: Float[Tensor, " n"], right: Float[Tensor, " n"]
) -> Float[Tensor, " n"]:
    """Return the solution of one system by a dense float64 solve."""
    lo, di, up, right = (t.double() for t in (lo, di, up, right))
    return torch.linalg.solve(torch.diag(lo[1:], -1) + torch.diag(di) + torch.diag(up[:-1], 1), right)
