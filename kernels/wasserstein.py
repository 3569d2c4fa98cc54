"""The 2-Wasserstein distance where it has a closed form: between Gaussians, and on the line."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import REAL, check_count, check_like, check_tensor, refuse, widened
from derivable.kernels.legendre import legendre_nodes

if TYPE_CHECKING:
    from jaxtyping import Float


def bures_w2(
    m1: Float[Tensor, "*batch d"],
    S1: Float[Tensor, "*batch d d"],
    m2: Float[Tensor, "*batch d"],
    S2: Float[Tensor, "*batch d d"],
    *,
    squared: bool = False,
) -> Float[Tensor, "*batch"]:
    r"""Return :math:`W_2` between :math:`N(m_1,S_1)` and :math:`N(m_2,S_2)`, the Bures–Wasserstein distance.

    :math:`W_2^2=\|m_1-m_2\|^2+\operatorname{tr}\big(S_1+S_2-2(S_1^{1/2}S_2S_1^{1/2})^{1/2}\big)`, computed as
    :math:`\|m_1-m_2\|^2+\min_U\|S_1^{1/2}-S_2^{1/2}U\|_F^2` over orthogonal U, which does not cancel where the
    covariances are close: U is the polar factor of :math:`S_2^{1/2}S_1^{1/2}`.

    Args:
        m1, m2: means ``[..., d]``; float32, float64 or bfloat16 (by float32).
        S1, S2: covariances ``[..., d, d]``, positive semidefinite; only their symmetric parts count.
            Batch dimensions broadcast.
        squared: return :math:`W_2^2`.

    Returns:
        Distances of the broadcast batch shape. :math:`W_2^2` is twice differentiable where the covariances are
        positive definite, equal ones included. At W = 0 the gradient of W itself is 0, one of its
        subgradients. At a singular covariance the gradient is that along covariances with the same kernel; the
        derivative in other directions may be -∞, and is left out.

    Raises:
        ValueError: shapes or devices that do not fit, a covariance with a negative eigenvalue.
        TypeError: wrong dtype or type.

    Notes:
        Claim ``diffusion/wasserstein_bound/C1``; Dowson and Landau, J. Multivariate Anal. 12 (1982). Cost: two
        ``eigh``, one ``svd`` and four products of d×d matrices a pair, 2 ``eigh`` and 2 ``pinv`` more for the
        gradient. Absolute error of W: a few d·u·√(κλ) with the condition κ and the largest eigenvalue λ of the
        covariances, √(d·u·λ) at singular ones; eigenvalues below d·u·λ are taken for 0. Differs from
        ``ot.gaussian.bures_wasserstein_distance`` in: batches, no cancellation for close Gaussians (theirs has
        the error √(u·tr S)), singular covariances, gradients at equal ones.
    """
    where = "bures_w2"
    for name, mean in (("m1", m1), ("m2", m2)):
        check_tensor(f"{where}: {name}", mean, REAL, "[..., d]", 1)
        check_like(f"{where}: {name}", mean, "m1", m1)
    d = m1.shape[-1]
    for name, matrix in (("S1", S1), ("S2", S2)):
        check_tensor(f"{where}: {name}", matrix, REAL, "[..., d, d]", 2)
        check_like(f"{where}: {name}", matrix, "m1", m1)
        if matrix.shape[-2:] != (d, d):
            refuse(f"{where}: {name}.shape", str(tuple(matrix.shape)), f"[..., {d}, {d}] like m1", "pass the covariance matrix")
    if m2.shape[-1] != d:
        refuse(f"{where}: m2.shape", str(tuple(m2.shape)), f"[..., {d}] like m1", "both laws live in one space")
    try:
        batch = torch.broadcast_shapes(m1.shape[:-1], m2.shape[:-1], S1.shape[:-2], S2.shape[:-2])
    except RuntimeError:
        shapes = ", ".join(str(tuple(t.shape)) for t in (m1, S1, m2, S2))
        refuse(f"{where}: the batch shape", shapes, "batch dimensions that broadcast", "align them with reshape")
    wide = widened(m1.dtype)
    first, second = (((S.to(wide) + S.to(wide).mT) / 2).expand(*batch, d, d) for S in (S1, S2))
    if d == 0:
        return m1.new_zeros(batch)
    with torch.no_grad():
        R1, R2 = (_checked_root(f"{where}: {name}", S) for name, S in (("S1", first), ("S2", second)))
    spread = _BuresSquared.apply(first, second, R1, R2)
    shift = (m1.to(wide) - m2.to(wide)).square().sum(-1)
    if squared:
        return (spread + shift).to(m1.dtype)
    # below its own rounding error a distance has no direction: 0, with the gradient 0
    noise = (4 * d * torch.finfo(wide).eps) ** 2 * (first + second).diagonal(dim1=-2, dim2=-1).sum(-1).detach()
    return _root(torch.where(spread > noise, spread, 0) + shift).to(m1.dtype)


def w2_1d(x: Float[Tensor, "*batch n"], y: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch"]:
    r"""Return :math:`W_2` between two samples of n real numbers each.

    :math:`W_2^2=\frac1n\sum_k(x_{(k)}-y_{(k)})^2` with the order statistics: in one dimension the comonotone
    coupling is optimal.

    Args:
        x, y: samples ``[..., n]`` of one size; float32, float64 or bfloat16 (by float32). Batch dimensions
            broadcast.

    Returns:
        Distances of the broadcast batch shape; differentiable where no two numbers of a sample are equal, with
        the gradient 0 at W = 0.

    Raises:
        ValueError: no number, samples of different sizes, batch shapes or devices that do not fit.
        TypeError: wrong dtype or type.

    Notes:
        Claim ``diffusion/wasserstein_bound/C1``. Cost: two sorts, O(n log n). Relative error about (n/2 + 3)·u of
        the value in float arithmetic. Differs from ``ot.wasserstein_1d(p=2)`` in: the root is taken, samples
        last, equal weights only; from ``scipy.stats.wasserstein_distance`` in: that one is :math:`W_1`.
    """
    where = "w2_1d"
    check_tensor(f"{where}: x", x, REAL, "[..., n]", 1)
    check_tensor(f"{where}: y", y, REAL, "[..., n]", 1)
    check_like(f"{where}: y", y, "x", x)
    if x.shape[-1] != y.shape[-1]:
        remedy = "draw as many of one as of the other, or use w2_1d_quantile"
        refuse(f"{where}: y.shape", str(tuple(y.shape)), f"[..., {x.shape[-1]}] like x", remedy)
    if x.shape[-1] == 0:
        refuse(f"{where}: x.shape", str(tuple(x.shape)), "[..., n] with n of at least 1", "give one number or more")
    try:
        torch.broadcast_shapes(x.shape, y.shape)
    except RuntimeError:
        refuse(f"{where}: y.shape", str(tuple(y.shape)), f"a batch that broadcasts with {tuple(x.shape)}", "align them")
    wide = widened(x.dtype)
    gap = x.to(wide).sort(-1).values - y.to(wide).sort(-1).values
    return (torch.linalg.vector_norm(gap, dim=-1) / math.sqrt(x.shape[-1])).to(x.dtype)


def w2_1d_quantile(
    F_inv: Callable[[Tensor], Tensor],
    G_inv: Callable[[Tensor], Tensor],
    Q: int = 64,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "*batch"]:
    r"""Return :math:`W_2` between two laws on the line from their quantile functions.

    :math:`W_2^2=\int_0^1(F^{-1}(u)-G^{-1}(u))^2du` by the Gauss–Legendre rule with Q nodes.

    Args:
        F_inv, G_inv: quantile functions, called once with the nodes ``[Q]`` in (0, 1); they return ``[..., Q]``.
        Q: number of nodes.
        dtype, device: those of the nodes (float32, float64; default: torch's default dtype).

    Returns:
        Distances of the batch shape; differentiable in what the functions close over, with the gradient 0 at
        W = 0.

    Raises:
        ValueError: Q < 1, or a value of another shape than ``[..., Q]``.
        TypeError: a function that returns no real tensor, wrong dtype.

    Notes:
        Claim ``diffusion/wasserstein_bound/C1``. Cost: two calls and one sum. Exact to rounding where the
        difference of the quantile functions is a polynomial of degree < Q; for smooth bounded ones the error
        falls geometrically in Q. The quantile function of an unbounded law is singular at 0 and 1: for Gaussians
        of different width the result is too small by about 1.2/Q² of it.
    """
    where = "w2_1d_quantile"
    check_count(f"{where}: Q", Q)
    nodes, weights = legendre_nodes(Q, dtype=dtype, device=device)
    u = (nodes + 1) / 2
    values = []
    for name, function in (("F_inv", F_inv), ("G_inv", G_inv)):
        value = function(u)
        check_tensor(f"{where}: the value of {name}(u)", value, REAL, "[..., Q]", 1)
        if value.shape[-1] != Q:
            refuse(f"{where}: the value of {name}(u)", str(tuple(value.shape)), f"[..., {Q}]", "return one quantile a node")
        values.append(value)
    gap = (values[0] - values[1]) * (weights / 2).sqrt()
    return torch.linalg.vector_norm(gap, dim=-1)


def _checked_root(where: str, S: Tensor) -> Tensor:
    """Return the symmetric root; refuse an S with a negative eigenvalue."""
    values, vectors = torch.linalg.eigh(S)
    cut = _cut(values)
    if not bool((values[..., 0] >= -cut).all()):
        found = f"not positive semidefinite: its least eigenvalue is {float(values[..., 0].min()):.3g}"
        refuse(where, found, "a covariance matrix", "check its construction, or add a multiple of the identity")
    return _root_of(torch.where(values > cut[..., None], values, 0), vectors)


def _cut(values: Tensor) -> Tensor:
    """Return how large an eigenvalue must be to be told from 0, for ascending eigenvalues."""
    size = values.abs().amax(-1)
    return 4 * values.shape[-1] * torch.finfo(values.dtype).eps * size


def _root(square: Tensor) -> Tensor:
    """Return the root, with the derivative 0 at 0."""
    positive = square > 0
    return torch.where(positive, torch.where(positive, square, 1).sqrt(), 0)


def _eigen(S: Tensor) -> tuple[Tensor, Tensor]:
    """Return eigenvalues, those that cannot be told from 0 set to 0, and eigenvectors."""
    values, vectors = torch.linalg.eigh(S)
    return torch.where(values > _cut(values)[..., None], values, 0), vectors


def _root_of(values: Tensor, vectors: Tensor) -> Tensor:
    return (vectors * values.sqrt()[..., None, :]) @ vectors.mT


class _BuresSquared(Function):
    """Of two covariances, with their roots: the squared distance; its gradient is I minus the optimal map."""

    @staticmethod
    def forward(ctx: Any, S1: Tensor, S2: Tensor, R1: Tensor, R2: Tensor) -> Tensor:
        ctx.save_for_backward(S1, S2)
        P, _, Q = torch.linalg.svd(R2 @ R1)
        return (R1 - R2 @ (P @ Q)).square().sum((-2, -1))

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        S1, S2 = ctx.saved_tensors
        grad = grads[0][..., None, None]
        eye = torch.eye(S1.shape[-1], dtype=S1.dtype, device=S1.device)
        return grad * (eye - _optimal_map(S1, S2)), grad * (eye - _optimal_map(S2, S1)), None, None


def _optimal_map(S1: Tensor, S2: Tensor) -> Tensor:
    """Return the matrix that carries N(0, S1) to N(0, S2), on the support of the first."""
    R = _SquareRoot.apply(S1)
    inverse = torch.linalg.pinv(R, rtol=16 * R.shape[-1] * torch.finfo(R.dtype).eps, hermitian=True)
    middle = R @ S2 @ R
    return inverse @ _SquareRoot.apply((middle + middle.mT) / 2) @ inverse


class _SquareRoot(Function):
    """The symmetric square root R of S; dR solves R dR + dR R = dS, whatever the multiplicities."""

    @staticmethod
    def forward(ctx: Any, S: Tensor) -> Tensor:
        R = _root_of(*_eigen(S))
        ctx.save_for_backward(R)
        return R

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        (R,) = ctx.saved_tensors
        return _Lyapunov.apply(R, grads[0])


class _Lyapunov(Function):
    """The X with R X + X R = G, for positive semidefinite R (0 where both eigenvalues are 0)."""

    @staticmethod
    def forward(ctx: Any, R: Tensor, G: Tensor) -> Tensor:
        values, V = _eigen(R)
        sums = values[..., :, None] + values[..., None, :]
        X = V @ torch.where(sums > 0, (V.mT @ G @ V) / torch.where(sums > 0, sums, 1), 0) @ V.mT
        ctx.save_for_backward(R, X)
        return X

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        R, X = ctx.saved_tensors
        back = _Lyapunov.apply(R, grads[0])
        return -(back @ X.mT + X.mT @ back), back


def reference_bures_w2(m1: Tensor, S1: Tensor, m2: Tensor, S2: Tensor) -> Tensor:
    """Return W_2 of one pair in float64, with the trace of the root from the eigenvalues of the product S1 S2."""
    m1, S1, m2, S2 = (t.double() for t in (m1, S1, m2, S2))
    cross = torch.linalg.eigvals(S1 @ S2).real.clamp(min=0).sqrt().sum()
    return ((m1 - m2).square().sum() + S1.trace() + S2.trace() - 2 * cross).clamp(min=0).sqrt()


def reference_w2_1d(x: Tensor, y: Tensor) -> Tensor:
    """Return W_2 of one pair of samples, by sorted Python floats."""
    pairs = zip(sorted(x.double().tolist()), sorted(y.double().tolist()), strict=True)
    return torch.tensor(math.sqrt(math.fsum((a - b) ** 2 for a, b in pairs) / len(x)), dtype=torch.float64)
