"""Two reverse diffusions driven by one noise, and the Grönwall bound on the distance of what they generate."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_like, check_tensor, refuse, widened

if TYPE_CHECKING:
    from jaxtyping import Float

Field = Callable[[Tensor, Tensor], Tensor]
Amplitude = Callable[[Tensor], Tensor | float]


def osl_constant(J: Float[Tensor, "*batch d d"]) -> Float[Tensor, "*batch"]:
    r"""Return :math:`\lambda_{\max}\big(\tfrac12(J+J^\top)\big)` of Jacobians J.

    A C¹ field is one-sided Lipschitz, :math:`(h(x)-h(y))\cdot(x-y)\le L\|x-y\|^2` on a convex set, with the
    largest of these numbers over the set for L, and with no smaller one. For -h pass -J: the two constants
    are unrelated.

    Args:
        J: Jacobians ``[..., d, d]``, d ≥ 1; float32, float64 or bfloat16 (by float32).

    Returns:
        One number a matrix, in J's dtype. The gradient is :math:`vv^\top` with the top eigenvector v (a
        subgradient where it is not unique); differentiable once more where the top eigenvalue is simple.

    Raises:
        ValueError: not square, or d = 0.
        TypeError: wrong dtype or type.

    Notes:
        Claim ``diffusion/wasserstein_bound/C2``; also called logarithmic norm (Dahlquist 1958). Cost: one
        ``eigvalsh``. Error about d·u·‖J‖.
    """
    where = "osl_constant"
    check_tensor(f"{where}: J", J, REAL, "[..., d, d]", 2)
    if J.shape[-1] != J.shape[-2] or J.shape[-1] == 0:
        refuse(f"{where}: J.shape", str(tuple(J.shape)), "[..., d, d] with d of at least 1", "pass square Jacobians")
    wide = J.to(widened(J.dtype))
    return torch.linalg.eigvalsh((wide + wide.mT) / 2)[..., -1].to(J.dtype)


def gronwall_bound(
    ts: Float[Tensor, " points"],
    L: Float[Tensor, "*batch points"],
    err: Float[Tensor, "*batch points"],
    w_T: Float[Tensor, "*batch"] | float = 0.0,
    *,
    log: bool = False,
    path: bool = False,
) -> Float[Tensor, "*result"]:
    r"""Return :math:`\int_0^TI_te_t\,dt+I_TW_T` with :math:`I_t=\exp\int_0^tL_s\,ds`, by the trapezoidal rule.

    Args:
        ts: times, strictly ascending from 0 to T; float32 or float64.
        L: one-sided Lipschitz constants ``[..., points]``, dtype of ts.
        err: root mean square differences of the fields, not negative; for a score error e_t times its
            weight, ½g²e_t (ODE sampler) or g²e_t (SDE sampler).
        w_T: distance of the starts at T, not negative.
        log: return the logarithm of the bound, which stays finite where :math:`I_T` overflows.
        path: return the bound :math:`\int_t^Te^{\int_t^sL}e_s\,ds+e^{\int_t^TL}W_T` on the distance at each of
            the times, ``[..., points]``; the first is the bound at 0. Not together with ``log``.

    Returns:
        Bounds of the broadcast batch shape. Twice differentiable in L, err and w_T; the gradient of the
        logarithm is not finite where the bound is 0.

    Raises:
        ValueError: shapes or devices that do not fit, times not ascending, a negative error or distance,
            ``log`` with ``path``.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``diffusion/wasserstein_bound/C4``, ``C6``, ``C7``. Cost O(points): two cumulative sums (``path``:
        one step after the other, so that no weight leaves the range of floats). With the largest
        step h the rule's error is h²T/12·max|(I·e)''| and I_T·h²T/12·max|L''| in the exponents; rounding about
        points·u.
    """
    where = "gronwall_bound"
    check_tensor(f"{where}: ts", ts, REAL[:2], "[points]", 1)
    if ts.ndim != 1 or len(ts) == 0:
        refuse(f"{where}: ts.shape", str(tuple(ts.shape)), "[points] with at least one time", "give the time 0 too")
    if log and path:
        refuse(f"{where}: log", "True together with path", "one of them", "take path=False, or the logarithm of the path")
    steps = ts.diff()
    if not bool((steps > 0).all()):
        refuse(f"{where}: ts", "not strictly ascending", "times from 0 to T", "sort them and drop repeats")
    for name, values in (("L", L), ("err", err)):
        check_tensor(f"{where}: {name}", values, REAL[:2], "[..., points]", 1)
        check_like(f"{where}: {name}", values, "ts", ts)
        if values.shape[-1] != len(ts):
            refuse(f"{where}: {name}.shape", str(tuple(values.shape)), f"[..., {len(ts)}] like ts", "give a value a time")
    w = torch.as_tensor(w_T, dtype=ts.dtype, device=ts.device) if not isinstance(w_T, Tensor) else w_T
    check_like(f"{where}: w_T", w, "ts", ts)
    for name, values in (("err", err), ("w_T", w)):
        if not bool((values >= 0).all()):
            refuse(f"{where}: {name}", "negative or NaN somewhere", "numbers of at least 0", "pass root mean squares")
    try:
        batch = torch.broadcast_shapes(L.shape[:-1], err.shape[:-1], w.shape)
    except RuntimeError:
        found = f"{tuple(L.shape)}, {tuple(err.shape)} and {tuple(w.shape)}"
        refuse(f"{where}: the shape of L, err and w_T", found, "batch dimensions that broadcast", "align them with reshape")
    growth = steps * (L[..., 1:] + L[..., :-1]) / 2  # ∫L over each step
    if path:
        return _bound_path(steps, growth, err, w.expand(batch))
    zero = torch.zeros_like(L[..., :1])
    exponent = torch.cat([zero, growth.cumsum(-1)], -1)  # log I_t, [..., points]
    widths = (torch.nn.functional.pad(steps, (0, 1)) + torch.nn.functional.pad(steps, (1, 0))) / 2
    terms = torch.cat([(widths * err).expand(*batch, len(ts)), w.expand(batch)[..., None]], -1)  # [..., points + 1]
    exponent = torch.cat([exponent, exponent[..., -1:]], -1)
    if not log:
        huge = exponent > math.log(torch.finfo(ts.dtype).max)
        if bool(huge.any()):  # a term that is 0 must not meet an infinite weight
            exponent = torch.where((terms == 0) & huge, 0, exponent)
        return (exponent.exp() * terms).sum(-1)
    # the largest term is divided out
    sizes = torch.where(terms > 0, exponent + torch.where(terms > 0, terms, 1).log(), -math.inf)
    shift = sizes.detach().amax(-1, keepdim=True)
    shift = torch.where(shift.isfinite(), shift, 0)
    weights = (exponent - shift).clamp(max=math.log(torch.finfo(ts.dtype).max) - 2).exp()
    return shift[..., 0] + (weights * terms).sum(-1).log()


def _bound_path(steps: Tensor, growth: Tensor, err: Tensor, w: Tensor) -> Tensor:
    bounds = [w]
    for k in range(len(steps) - 1, -1, -1):
        half = steps[k] / 2
        bounds.append(growth[..., k].exp() * (bounds[-1] + half * err[..., k + 1]) + half * err[..., k])
    return torch.stack(torch.broadcast_tensors(*bounds[::-1]), -1)


def coupled_reverse(
    x_T: Float[Tensor, "*shape"],
    y_T: Float[Tensor, "*shape"],
    score_p: Field,
    score_q: Field,
    noise: Float[Tensor, "steps ..."] | torch.Generator | None,
    ts: Float[Tensor, " points"],
    *,
    f: Field,
    g: Amplitude,
    sigma: Amplitude | None = None,
    path: bool = False,
) -> tuple[Float[Tensor, "*result"], Float[Tensor, "*result"]]:
    r"""Return two reverse processes, coupled synchronously, by the Euler–Maruyama rule from T down to 0.

    Both obey :math:`dx=(f_t-\tfrac12(g_t^2+\sigma_t^2)s_t(x))\,dt+\sigma_tdw` backward, x with ``score_p``, y with
    ``score_q``, and both see the same increments of w: with :math:`h=t_k-t_{k+1}`,
    :math:`x_{k+1}=x_k-h\big(f(x_k)-\tfrac12(g^2+\sigma^2)s(x_k)\big)+\sigma\sqrt h\,\varepsilon_k`. The noise cancels
    in x - y, and the root mean square of x - y is at least :math:`W_2` between the two laws.

    Args:
        x_T, y_T: starts of one shape, e.g. ``[batch, d]``; float32, float64 or bfloat16 (by float32).
        score_p, score_q: scores, ``s(x, t)`` with the shape of x.
        noise: standard normal numbers ``[len(ts) - 1, *shape]`` in the dtype of ``ts``, a generator on x_T's
            device, or None without noise (sigma = 0).
        ts: times, strictly descending, dtype of x_T (float32 for bfloat16); one time is no step.
        f: drift of the forward equation, ``f(x, t)``.
        g: noise amplitude of the forward equation, ``g(t)``.
        sigma: noise amplitude of the reverse process; None: 0 where noise is None (probability-flow ODE),
            else g (Anderson's reverse SDE).
        path: return all states ``[len(ts), *shape]`` instead of the last.

    Returns:
        The pair of final states, or of paths, in x_T's dtype. Differentiable in starts, noise, times, and what
        the functions close over.

    Raises:
        ValueError: shapes or devices that do not fit, times not descending, sigma without noise.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``diffusion/wasserstein_bound/C5``, ``C7``. Cost: one score of each and two f a step. The error of the
        coupled distance is O(h): the noise is additive. Differs from two runs of
        ``torchsde.sdeint`` in: one noise for both, no Brownian interval object.
    """
    where = "coupled_reverse"
    check_tensor(f"{where}: x_T", x_T, REAL, "[...]", 0)
    check_tensor(f"{where}: y_T", y_T, REAL, "[...]", 0)
    check_like(f"{where}: y_T", y_T, "x_T", x_T)
    if y_T.shape != x_T.shape:
        refuse(f"{where}: y_T.shape", str(tuple(y_T.shape)), f"{tuple(x_T.shape)} like x_T", "couple them one to one")
    x, y = (start.to(widened(x_T.dtype)) for start in (x_T, y_T))
    check_tensor(f"{where}: ts", ts, REAL[:2], "[points]", 1)
    check_like(f"{where}: ts", ts, "x_T", x)
    if ts.ndim != 1 or len(ts) == 0:
        refuse(f"{where}: ts.shape", str(tuple(ts.shape)), "[points] with at least one time", "give the start time T too")
    steps = -ts.diff()
    if not bool((steps > 0).all()):
        refuse(f"{where}: ts", "not strictly descending", "times from T down to 0", "flip them")
    if noise is None and sigma is not None:
        refuse(f"{where}: noise", "None", "a tensor or a generator, as sigma is given", "pass noise, or leave out sigma")
    draw = _shared_noise(noise, x, len(steps))
    amplitude = g if sigma is None else sigma
    xs, ys = [x], [y]
    for k in range(len(steps)):
        t, h = ts[k], steps[k]
        spread = amplitude(t) if draw is not None else 0.0
        weight = (g(t) ** 2 + spread**2) / 2
        kick = spread * h.sqrt() * draw(k) if draw is not None else 0.0
        x = x - h * (_value("f", f, x, t) - weight * _value("score_p", score_p, x, t)) + kick
        y = y - h * (_value("f", f, y, t) - weight * _value("score_q", score_q, y, t)) + kick
        if path:
            xs.append(x)
            ys.append(y)
    ends = (torch.stack(xs), torch.stack(ys)) if path else (x, y)
    return ends[0].to(x_T.dtype), ends[1].to(x_T.dtype)


def _shared_noise(noise: Tensor | torch.Generator | None, x: Tensor, steps: int) -> Callable[[int], Tensor] | None:
    where, shape = "coupled_reverse: noise", (steps, *x.shape)
    if noise is None:
        return None
    if isinstance(noise, torch.Generator):
        if noise.device.type != x.device.type:
            remedy = "create it with torch.Generator(device=x_T.device)"
            refuse(f"{where}.device", str(noise.device), f"{x.device} like x_T", remedy)
        return lambda _: torch.randn(x.shape, generator=noise, dtype=x.dtype, device=x.device)
    check_tensor(where, noise, REAL[:2], f"{shape}, a torch.Generator or None", 0)
    check_like(where, noise, "x_T", x)
    if noise.shape != shape:
        refuse(f"{where}.shape", str(tuple(noise.shape)), str(shape), "one draw a step and coordinate, shared by both processes")
    return lambda k: noise[k]


def _value(name: str, function: Field, x: Tensor, t: Tensor) -> Tensor:
    value = function(x, t)
    # a value of another shape would silently broadcast the particles
    if not isinstance(value, Tensor) or value.shape != x.shape:
        found = str(tuple(value.shape)) if isinstance(value, Tensor) else f"a {type(value).__name__}"
        refuse(f"coupled_reverse: the value of {name}(x, t)", found, str(tuple(x.shape)), "return one number a coordinate")
    return value


def reference_gronwall_bound(ts: Tensor, L: Tensor, err: Tensor, w_T: float = 0.0) -> Tensor:
    """Return the bound of one row in Python floats: the exponent summed anew for every time."""
    t, rates, errors = (v.double().tolist() for v in (ts, L, err))

    def weight(k: int) -> float:
        return math.exp(math.fsum((t[j + 1] - t[j]) * (rates[j] + rates[j + 1]) / 2 for j in range(k)))

    total = math.fsum((t[j + 1] - t[j]) * (weight(j) * errors[j] + weight(j + 1) * errors[j + 1]) / 2 for j in range(len(t) - 1))
    return torch.tensor(total + weight(len(t) - 1) * w_T, dtype=torch.float64)


def reference_coupled_reverse(
    x: list[float],
    y: list[float],
    score_p: Callable[[float, float], float],
    score_q: Callable[[float, float], float],
    noise: list[list[float]],
    ts: list[float],
    f: Callable[[float, float], float],
    g: Callable[[float], float],
    sigma: Callable[[float], float],
) -> tuple[list[float], list[float]]:
    """Return both final states of scalar particles, one Python float at a time."""

    def moved(states: list[float], score: Callable[[float, float], float], k: int) -> list[float]:
        t, h = ts[k], ts[k] - ts[k + 1]
        drift = [f(v, t) - (g(t) ** 2 + sigma(t) ** 2) / 2 * score(v, t) for v in states]
        return [v - b * h + sigma(t) * h**0.5 * e for v, b, e in zip(states, drift, noise[k], strict=True)]

    for k in range(len(ts) - 1):
        x, y = moved(x, score_p, k), moved(y, score_q, k)
    return x, y
