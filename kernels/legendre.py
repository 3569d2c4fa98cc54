"""Orthonormal Legendre series on [-1, 1]: nodes, basis, projection of samples, reconstruction."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import COMPLEX, REAL, check_count, check_like, check_tensor, refuse, widened

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

_NEWTON_STEPS = 8


def legendre_project(samples: Shaped[Tensor, "*shape"], d: int, *, dim: int = -1) -> Shaped[Tensor, "*out"]:
    r"""Return the first ``d`` coefficients of a function sampled at the Q Gauss–Legendre nodes.

    :math:`c_n=\sum_q w_q\,g_n(s_q)\,u(s_q)\approx\int_{-1}^1u\,g_n`, with :math:`g_n=\sqrt{(2n+1)/2}\,P_n`.

    Args:
        samples: values at ``legendre_nodes(Q)[0]``, ascending; float32, float64, complex, or bfloat16 (by
            float32).
        d: number of coefficients, 1 ≤ d ≤ Q.
        dim: the dimension of the samples; the coefficients take its place.

    Returns:
        ``samples.shape`` with Q replaced by d. Linear in the samples, hence differentiable any number of
        times.

    Raises:
        ValueError: no dimension, dim out of range, d outside 1..Q.
        TypeError: wrong dtype or type.

    Notes:
        Claim ``ssm/hippo/C2``. Exact for polynomials of degree ≤ 2Q-d, and c[n] for degree ≤ 2Q-1-n; the
        rounding error of c[n] is at most about (Q + 4)·u·(2n+1)^½·max|u|. Cost O(Qd) per row and one cached
        d×Q matrix.
    """
    where = "legendre_project"
    check_tensor(f"{where}: samples", samples, REAL + COMPLEX, "[..., Q]", 1)
    check_count(f"{where}: d", d)
    if not -samples.ndim <= dim < samples.ndim:
        limits = f"between {-samples.ndim} and {samples.ndim - 1}"
        refuse(f"{where}: dim", str(dim), limits, f"samples have the shape {tuple(samples.shape)}", IndexError)
    count = samples.shape[dim]
    if d > count:
        refuse(
            f"{where}: d",
            str(d),
            f"at most the number of samples {count}",
            "sample at more nodes, or ask for less",
        )
    dtype = widened(samples.dtype)
    matrix = _projection(count, d).to(samples.device, dtype)  # [d, Q]
    return (samples.to(dtype).movedim(dim, -1) @ matrix.T).movedim(-1, dim).to(samples.dtype)


def legendre_reconstruct(c: Shaped[Tensor, "*batch d"], s: Float[Tensor, " M"]) -> Shaped[Tensor, "*batch M"]:
    r"""Return :math:`\sum_nc_ng_n(s_m)` for a batch of coefficient rows at ``M`` points.

    Args:
        c: coefficients, float32, float64, complex, or bfloat16 (by float32); d ≥ 1.
        s: points, real dtype of c, same device; meant for [-1, 1], polynomial growth outside.

    Returns:
        ``c.shape`` with d replaced by M, dtype of c. Differentiable any number of times in c and s.

    Raises:
        ValueError: wrong shape or device, d = 0.
        TypeError: wrong dtype or type.

    Notes:
        Claim ``ssm/hippo/C2``. One row: Clenshaw's recurrence, O(dM) work and O(M) memory without gradients.
        Several
        rows: the basis by its three-term recurrence, then one matrix product, O(dM) memory. Rounding error
        on [-1, 1] at most about (3d² + 4)·u·Σ|c_n|√((2n+1)/2), in the inside about d in place of d². Differs
        from ``numpy.polynomial.legendre.legval`` in: orthonormal basis, coefficients last, batches by rows,
        gradients.
    """
    where = "legendre_reconstruct"
    check_tensor(f"{where}: c", c, REAL + COMPLEX, "[..., d]", 1)
    check_tensor(f"{where}: s", s, REAL, "[M]", 1)
    real = {torch.complex64: torch.float32, torch.complex128: torch.float64}.get(c.dtype, c.dtype)
    check_like(f"{where}: s", s, "c", c if c.dtype == real else c.real)
    if s.ndim != 1:
        refuse(f"{where}: s.shape", str(tuple(s.shape)), "[M]", "flatten the points, reshape the result")
    if c.shape[-1] == 0:
        refuse(
            f"{where}: c.shape",
            str(tuple(c.shape)),
            "[..., d] with d of at least 1",
            "give one coefficient or more",
        )
    dtype, points = widened(c.dtype), s.to(widened(s.dtype))
    if c.numel() == c.shape[-1]:
        return _clenshaw(c.to(dtype).flatten(), points).reshape(*c.shape[:-1], len(s)).to(c.dtype)
    return (c.to(dtype) @ _basis(points, c.shape[-1]).to(dtype).mT).to(c.dtype)


def legendre_basis(s: Float[Tensor, "*batch"], d: int) -> Float[Tensor, "*batch d"]:
    r"""Return :math:`g_0(s)..g_{d-1}(s)` in a new last dimension.

    By :math:`(n+1)P_{n+1}=(2n+1)sP_n-nP_{n-1}` and :math:`g_n=\sqrt{(2n+1)/2}\,P_n`. Float32, float64, or
    bfloat16 (by float32). Differentiable any number of times in s.

    Raises:
        ValueError: d < 1.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``ssm/hippo/C2`` and ``C6``. Cost O(d) per point. Error on [-1, 1]: at most about
        3n²u·|g_n(1)|, in the inside about n·u.
    """
    check_tensor("legendre_basis: s", s, REAL, "[...]", 0)
    check_count("legendre_basis: d", d)
    return _basis(s.to(widened(s.dtype)), d).to(s.dtype)


def legendre_nodes(
    Q: int, *, dtype: torch.dtype | None = None, device: torch.device | str | None = None
) -> tuple[Float[Tensor, " Q"], Float[Tensor, " Q"]]:
    r"""Return the ``Q`` Gauss–Legendre nodes, ascending, and their weights.

    Roots of :math:`P_Q`, :math:`w_q=2/[(1-s_q^2)P_Q'(s_q)^2]`: the rule is exact for degree ≤ 2Q-1. Newton's
    method from Tricomi's asymptotic roots, in the angle, so that 1-s² does not cancel near the ends.
    Computed once in float64 on the CPU and cached, then rounded to ``dtype`` (float32, float64, bfloat16;
    default: torch's default dtype).

    Raises:
        ValueError: Q < 1.
        TypeError: Q is no int, or another dtype.

    Notes:
        Cost O(Q²) at the first call. In float64 nodes are within 4e-16 and weights within 1e-15 + 1e-17·Q
        absolutely (compared with ball arithmetic for Q ≤ 1000).
    """
    check_count("legendre_nodes: Q", Q)
    dtype = torch.get_default_dtype() if dtype is None else dtype
    if dtype not in REAL:
        found = str(dtype).removeprefix("torch.")
        refuse("legendre_nodes: dtype", found, "float32, float64 or bfloat16", "choose one of these", TypeError)
    nodes, weights = _gauss(Q)
    return nodes.to(dtype=dtype, copy=True).to(device), weights.to(dtype=dtype, copy=True).to(device)


@lru_cache(maxsize=64)
def _gauss(Q: int) -> tuple[Tensor, Tensor]:
    half = (Q + 1) // 2
    angle = math.pi * (torch.arange(half, dtype=torch.float64) + 0.75) / (Q + 0.5)
    angle = angle + (1 - 1 / Q) / (8.0 * Q * Q) / torch.tan(angle)  # s = cos(angle), descending from 1
    for _ in range(_NEWTON_STEPS):
        value, slope = _legendre_and_slope(angle, Q)
        angle = angle - value / slope
    if Q % 2:
        angle[-1] = math.pi / 2
    _, slope = _legendre_and_slope(angle, Q)
    nodes, weights = angle.cos(), 2 / slope.square()
    if Q % 2:
        nodes[-1] = 0.0
    return torch.cat([-nodes[: Q // 2], nodes.flip(0)]), torch.cat([weights[: Q // 2], weights.flip(0)])


def _legendre_and_slope(angle: Tensor, Q: int) -> tuple[Tensor, Tensor]:
    """Return P_Q(cos θ) and its derivative in θ, Q (cos θ P_Q - P_{Q-1}) / sin θ."""
    s = angle.cos()
    last, value = torch.zeros_like(s), torch.ones_like(s)
    for n in range(Q):
        last, value = value, ((2 * n + 1) * s * value - n * last) / (n + 1)
    return value, Q * (s * value - last) / angle.sin()


@lru_cache(maxsize=64)
def _projection(Q: int, d: int) -> Tensor:
    nodes, weights = _gauss(Q)
    return (_basis(nodes, d) * weights[:, None]).T.contiguous()


def _basis(s: Tensor, d: int) -> Tensor:
    last, value = torch.zeros_like(s), torch.ones_like(s)
    columns = [value]
    for n in range(d - 1):
        last, value = value, torch.addcmul(last * (-n / (n + 1)), s, value, value=(2 * n + 1) / (n + 1))
        columns.append(value)
    scale = (torch.arange(d, dtype=torch.float64, device=s.device) + 0.5).sqrt()
    return torch.stack(columns, -1) * scale.to(s.dtype)


def _clenshaw(c: Tensor, s: Tensor) -> Tensor:  # c [d], s [M]
    after, current = torch.zeros_like(s, dtype=c.dtype), torch.zeros_like(s, dtype=c.dtype)
    for n in range(len(c) - 1, -1, -1):
        # b_n = c_n √((2n+1)/2) + (2n+1)/(n+1) s b_{n+1} - (n+1)/(n+2) b_{n+2}
        step = ((2 * n + 1) / (n + 1)) * s * current - ((n + 1) / (n + 2)) * after
        after, current = current, step + c[n] * math.sqrt(n + 0.5)
    return current


def reference_legendre_project(samples: Shaped[Tensor, "*batch Q"], d: int) -> Shaped[Tensor, "*batch d"]:
    """Return the coefficients of samples along the last dimension, sample by sample in float64."""
    nodes, weights = (t.tolist() for t in _gauss(samples.shape[-1]))
    wide = samples.to(torch.complex128 if samples.is_complex() else torch.float64)
    c = wide.new_zeros(*samples.shape[:-1], d)
    for q, (node, weight) in enumerate(zip(nodes, weights, strict=True)):
        for n in range(d):
            c[..., n] += weight * _polynomial(n, node) * math.sqrt(n + 0.5) * wide[..., q]
    return c


def reference_legendre_reconstruct(c: Shaped[Tensor, "*batch d"], s: Float[Tensor, " M"]) -> Shaped[Tensor, "*batch M"]:
    """Return the series at ``s``, term by term in float64."""
    wide = c.to(torch.complex128 if c.is_complex() else torch.float64)
    u = wide.new_zeros(*c.shape[:-1], len(s))
    for m, point in enumerate(s.tolist()):
        for n in range(c.shape[-1]):
            u[..., m] += wide[..., n] * math.sqrt(n + 0.5) * _polynomial(n, point)
    return u


def _polynomial(n: int, s: float) -> float:
    """Return P_n(s) by Murphy's binomial sum in rationals: no recurrence shared with the kernels."""
    half = (Fraction(s) - 1) / 2
    return float(sum(math.comb(n, k) * math.comb(n + k, k) * half**k for k in range(n + 1)))
