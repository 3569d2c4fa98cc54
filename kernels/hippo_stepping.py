"""Online HiPPO: the coefficients of a signal's history after every sample, by the bilinear rule or exactly."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor
from torch.nn.functional import pad

from derivable.kernels._check import (
    REAL,
    check_choice,
    check_count,
    check_like,
    check_positive,
    check_tensor,
    refuse,
    widened,
)
from derivable.kernels.discretization import discretize
from derivable.kernels.hippo import CLOSURES, COMPLEX_OF, KINDS, Closure, Kind, Scaling, hippo_matrix
from derivable.kernels.legs_discretization import legs_discretize

if TYPE_CHECKING:
    from jaxtyping import Shaped

Weight = Literal["mean", "post"]
Step = Literal["bilinear", "exact"]
# numbers in the exponentials that are taken at once
BLOCK = 1 << 20


def hippo_online(
    u: Shaped[Tensor, "length batch"],
    kind: Kind,
    d: int,
    *,
    method: Step = "bilinear",
    step: float | None = None,
    window: float | None = None,
    scaling: Scaling | None = None,
    closure: Closure | None = None,
    weight: Weight | None = None,
    state: Shaped[Tensor, "batch d"] | None = None,
    seen: int | None = None,
) -> Shaped[Tensor, "length batch d"]:
    r"""Return the states ``x[k]`` after samples u_0..u_k, u constant between samples.

    ``legt`` and ``fout``, sample distance ε, from x_{-1} = 0:
    :math:`x_k=(I-\frac\epsilon2A)^{-1}[(I+\frac\epsilon2A)x_{k-1}+\epsilon Bu_k]`.

    ``legs``, free of ε, from the exact :math:`x_0=(\sqrt2u_0,0,\dots)`:
    :math:`x_k=(I-\frac{A}{2(k+1)})^{-1}[(I+\frac{A}{2k})x_{k-1}+\omega_kBu_k]`, k ≥ 1.

    ``method="exact"`` takes the exponential instead: that of εA for ``legt`` and ``fout``, and for ``legs``
    :math:`x_k=(\tfrac{k+1}k)^Ax_{k-1}+A^{-1}[(\tfrac{k+1}k)^A-I]Bu_k`, the projections of the signal that is
    constant between samples.

    Args:
        u: samples, float32, float64 or bfloat16 (computed in float32).
        kind, d, window, scaling, closure: as in :func:`hippo_matrix`.
        method: ``"bilinear"`` (default) or ``"exact"``.
        step: ε > 0, for ``legt`` and ``fout`` only, which need it.
        weight: bilinear ``legs`` only. ``"mean"`` (default), :math:`\omega_k=\frac12(\frac1k+\frac1{k+1})`, keeps a
            constant signal exactly; ``"post"``, :math:`\omega_k=\frac1k`, lets it drift by about :math:`\ln
            k/(\sqrt2k)`.
        state: state to go on from, ``x[-1]`` of an earlier call.
        seen: ``legs`` only, with ``state``: how many samples that state has seen, at least 1.

    Returns:
        ``x[length, batch, d]`` in u's dtype; for ``fout`` complex (complex64 for bfloat16). Differentiable
        any number of times in u and ``state``.

    Raises:
        ValueError: wrong shape, device, d, choice; an option that is missing or that the kind does not use.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``ssm/hippo_discretization/C1b`` (bilinear), ``C2b`` (exact), ``C3a``, ``C3b`` (legs), ``C3d``, ``C3e``
        (constant signal), ``C6b`` (triangular solve). NaN or infinity in a sample spoils the states of its row alone,
        from there on.
        Cost: ``legs`` and ``fout`` O(d) a step, ``legt`` O(d²). ``legs`` walks the (sample, state) grid
        along its anti-diagonals, so length + d - 1 vector operations replace length·d scalar ones. The error
        against exact arithmetic stays within about 4(length + d) units of rounding times max|x|; the
        bilinear rule itself is of order 2 for ``legt`` and a piecewise constant u. Exact ``legs`` stretches the
        memory (:func:`legs_discretize`), one product of d×d matrices a step; measured 1.1e-14 at d = 8, 40
        samples, float64. Source: Gu et al., arXiv:2008.07669.
    """
    where = "hippo_online"
    check_choice(f"{where}: kind", kind, KINDS)
    check_count(f"{where}: d", d)
    check_tensor(f"{where}: u", u, REAL, "[length, batch]", 2)
    if u.ndim != 2:
        refuse(
            f"{where}: u.shape",
            str(tuple(u.shape)),
            "[length, batch]",
            "flatten the batch dimensions into one",
        )
    check_choice(f"{where}: method", method, ("bilinear", "exact"))
    dtype = widened(u.dtype)
    _check_options(kind, method, step=step, weight=weight, state=state, seen=seen)
    A, B = hippo_matrix(kind, d, window=window, scaling=scaling, closure=closure, dtype=torch.float64, device="cpu")
    result = COMPLEX_OF[dtype] if kind == "fout" else u.dtype
    _check_state(state, u, d, result)
    start = None if state is None else state.to(result if kind == "fout" else dtype)
    if kind == "legs":
        signal = u.to(dtype)
        if method == "exact":
            return _legs_exact(signal, d, scaling or "orthonormal", float(B[0]), start, seen or 0).to(u.dtype)
        return _legs(signal, d, scaling or "orthonormal", weight or "mean", start, seen or 0).to(u.dtype)
    epsilon = check_positive(f"{where}: step", step)
    if method == "exact":
        return _constant(u.to(result if kind == "fout" else dtype), *discretize(A, B, epsilon, "zoh"), start).to(result)
    if kind == "fout":
        w = 1.0 if window is None else float(window)
        return _fout(u.to(result), A, epsilon, CLOSURES[closure or "mean"] / w, start)
    return _constant(u.to(dtype), *discretize(A, B, epsilon, "bilinear"), start).to(u.dtype)


def _legs(u: Tensor, d: int, scaling: Scaling, weight: Weight, state: Tensor | None, seen: int) -> Tensor:  # u [length, batch]
    length, batch = u.shape
    n = torch.arange(d, dtype=torch.float64, device=u.device)
    r = (2 * n + 1).sqrt()
    # in orthonormal scale
    unit = _unit(scaling, r)
    # front m holds the cells (k, n) with k + n = m: each needs its left, upper and upper-left neighbour only
    k = torch.arange(length + d - 1, device=u.device)[:, None] - n + seen
    before, after = 1 / (2 * k).clamp(min=2), 1 / (2 * (k + 1)).clamp(min=2)
    # cells before the first sample carry the start on; sample 0 of a fresh run is projected exactly
    moving = (k >= max(seen, 1)).to(torch.float64)
    before, after = before * moving, after * moving
    inverse = 1 / (1 + after * (n + 1))
    omega = (2 * before if weight == "post" else before + after) * inverse
    keep, leak, pull = (1 + before * n) * inverse, before * r * inverse, after * r * inverse
    drive = omega * math.sqrt(2) * r + (1 - moving) * (k == 0) * (n == 0) * math.sqrt(2)
    keep, leak, pull, drive, r, unit = (t.to(u.dtype) for t in (keep, leak, pull, drive, r, unit))
    index = (k.long() - seen).clamp(0, max(length - 1, 0))  # [length + d - 1, d]
    x = u.new_zeros(batch, d) if state is None else state * unit
    total = pad((r * x).cumsum(-1), (1, 0))  # [batch, d + 1]: Σ_{j<n} r_j x_j
    if length == 0:
        return u.new_zeros(0, batch, d)
    fronts = []
    for m in range(length + d - 1):
        left, above = total[:, :-1], total[:, 1:]
        # v_n = x_n + (n x_n - r_n Σ_{j≤n} r_j x_j)/2k + ω B_n u
        # x'_n = (v_n - λ r_n Σ_{j<n} r_j x'_j) / (1 + λ(n+1)),   λ = 1/(2(k+1))
        x = keep[m] * x - leak[m] * above - pull[m] * left + drive[m] * u[index[m]].T
        total = pad(left + r * x, (1, 0))
        fronts.append(x)
    grid = torch.stack(fronts)  # [length + d - 1, batch, d]
    rows = torch.arange(length, device=u.device)[:, None] + torch.arange(d, device=u.device)
    return grid.transpose(1, 2)[rows, torch.arange(d, device=u.device)].transpose(1, 2) / unit


def _unit(scaling: Scaling, r: Tensor) -> Tensor:
    """Return what takes states of this scale to orthonormal ones, r_n = √(2n+1)."""
    if scaling == "lmu":
        return math.sqrt(2) / r
    return torch.full_like(r, math.sqrt(2) if scaling == "paper" else 1.0)


def _legs_exact(u: Tensor, d: int, scaling: Scaling, first: float, state: Tensor | None, seen: int) -> Tensor:
    length, batch = u.shape
    # a constant signal keeps the state (B_0 u, 0, …) = -A⁻¹Bu, so only the distance from it is moved
    rest = u[..., None] * (first * torch.eye(d, dtype=torch.float64)[0]).to(u)
    k = torch.arange(seen, seen + length, dtype=torch.float64)
    steps = torch.log1p(1 / k.clamp(min=1)).to(u.device)
    unit = _unit(scaling, (2 * torch.arange(d, dtype=torch.float64, device=u.device) + 1).sqrt())
    x, states = state, []
    size = max(1, BLOCK // d**2)
    for begin in range(0, length, size):
        moves = (legs_discretize(steps[begin : begin + size], d, "zoh")[0] * unit / unit[:, None]).to(u).mT
        for fixed, move in zip(rest[begin : begin + size], moves, strict=True):
            # the first sample of a fresh run is projected exactly
            x = fixed if x is None else fixed + (x - fixed) @ move
            states.append(x)
    return torch.stack(states) if states else u.new_zeros(0, batch, d)


def _constant(u: Tensor, Ad: Tensor, Bd: Tensor, state: Tensor | None) -> Tensor:
    move, drive = Ad.to(u).T, Bd.to(u)
    x = u.new_zeros(u.shape[1], len(drive)) if state is None else state
    states = [x := torch.addcmul(x @ move, sample[:, None], drive) for sample in u]
    return torch.stack(states) if states else u.new_zeros(0, u.shape[1], len(drive))


def _fout(u: Tensor, A: Tensor, epsilon: float, rate: float, state: Tensor | None) -> Tensor:
    # A is diagonal minus rank one: Sherman–Morrison gives (I - εA/2)^{-1}, and the step is twice that minus I
    h = epsilon / 2
    inverse = 1 / (1 - h * (A.diagonal() + rate))
    solved = inverse / (1 + h * rate * inverse.sum())  # (I - hA)^{-1} 1
    keep, mix = (2 * inverse - 1).to(u), (-2 * h * rate * solved).to(u)
    drive, inverse = (epsilon * rate * solved).to(u), inverse.to(u)
    x = u.new_zeros(u.shape[1], len(inverse)) if state is None else state
    states = [x := keep * x + mix * (x @ inverse)[:, None] + drive * sample[:, None] for sample in u]
    return torch.stack(states) if states else u.new_zeros(0, u.shape[1], len(inverse))


def _check_options(
    kind: Kind, method: Step, *, step: float | None, weight: Weight | None, state: Tensor | None, seen: int | None
) -> None:
    where = "hippo_online"
    if kind == "legs":
        if step is not None:
            refuse(f"{where}: step", str(step), "nothing for kind 'legs', which is free of it", "leave it out")
        check_choice(f"{where}: weight", weight or "mean", ("mean", "post"))
        if method == "exact" and weight is not None:
            refuse(f"{where}: weight", repr(weight), "nothing for the exact method, which has none", "leave it out")
        if (state is None) != (seen is None):
            found = "given without seen" if seen is None else "missing though seen is given"
            refuse(
                f"{where}: state",
                found,
                "both or neither for kind 'legs'",
                "pass how many samples the state has seen",
            )
        if seen is not None:
            check_count(f"{where}: seen", seen)
        return
    if step is None:
        refuse(
            f"{where}: step",
            "missing",
            f"a positive float for kind {kind!r}",
            "pass the distance of the samples",
        )
    for name, value in (("weight", weight), ("seen", seen)):
        if value is not None:
            refuse(
                f"{where}: {name}",
                repr(value),
                f"nothing for kind {kind!r}, which does not use it",
                "leave it out",
            )


def _check_state(state: Tensor | None, u: Tensor, d: int, dtype: torch.dtype) -> None:
    if state is None:
        return
    where = "hippo_online: state"
    check_tensor(where, state, (dtype,), "[batch, d]", 2)
    if state.shape != (u.shape[1], d):
        refuse(f"{where}.shape", str(tuple(state.shape)), str((u.shape[1], d)), "pass x[-1] of the earlier call")
    check_like(where, state, "u", u if dtype == u.dtype else u.to(dtype))


def reference_hippo_online(
    u: Shaped[Tensor, "length batch"],
    kind: Kind,
    d: int,
    *,
    method: Step = "bilinear",
    step: float = 1.0,
    window: float = 1.0,
    scaling: Scaling = "orthonormal",
    closure: Closure = "mean",
    weight: Weight = "mean",
) -> Shaped[Tensor, "length batch d"]:
    """Return the states by one dense float64 solve or exponential a step; options that a kind does not use are ignored."""
    options: dict[str, Any] = {"dtype": torch.float64, "device": u.device}
    if kind != "legs":
        options["window"] = window
    options |= {"closure": closure} if kind == "fout" else {"scaling": scaling}
    A, B = hippo_matrix(kind, d, **options)
    eye, u = torch.eye(d).to(A), u.to(A.dtype)
    x = torch.zeros(u.shape[1], d, dtype=A.dtype, device=u.device)
    states = []
    for k, sample in enumerate(u):
        forward = backward = omega = step
        if kind == "legs" and k > 0:
            forward, backward = 1 / k, 1 / (k + 1)
            omega = forward if weight == "post" else (forward + backward) / 2
        if kind == "legs" and k == 0:
            x = torch.cat([sample[:, None] * B[0], torch.zeros_like(x[:, 1:])], -1)
        elif method == "exact":
            table = torch.zeros(d + 1, d + 1).to(A)
            table[:d, :d], table[:d, d] = A, B
            both = torch.linalg.matrix_exp((math.log1p(1 / k) if kind == "legs" else step) * table)
            x = x @ both[:d, :d].T + sample[:, None] * both[:d, d]
        else:
            right = x @ (eye + forward / 2 * A).T + omega * sample[:, None] * B
            x = torch.linalg.solve(eye - backward / 2 * A, right.T).T
        states.append(x)
    return torch.stack(states) if states else u.new_zeros(0, u.shape[1], d)
