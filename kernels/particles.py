"""Particles of a stochastic differential equation by the Euler–Maruyama rule."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import REAL, check_like, check_tensor, refuse, widened

if TYPE_CHECKING:
    from jaxtyping import Float


def euler_maruyama(
    x: Float[Tensor, "*shape"],
    f: Callable[[Tensor, Tensor], Tensor],
    g: Callable[[Tensor], Tensor | float],
    ts: Float[Tensor, " points"],
    noise: Float[Tensor, "steps ..."] | torch.Generator,
    *,
    path: bool = False,
) -> Float[Tensor, "*result"]:
    r"""Return particles of :math:`dx=f_t(x)\,dt+g_t\,dw`, which start as ``x`` at ``ts[0]``.

    :math:`x_{k+1}=x_k+f_{t_k}(x_k)\Delta_k+g_{t_k}\sqrt{|\Delta_k|}\,\varepsilon_k`,
    :math:`\Delta_k=t_{k+1}-t_k`. Descending
    times are allowed: f is then the drift of the time-reversed equation.

    Args:
        x: particles, any shape, e.g. ``[batch, d]``; float32, float64 or bfloat16 (by float32).
        f: drift, ``f(x, t)`` with the shape of x.
        g: noise amplitude, ``g(t)``: a number, or a tensor that broadcasts to x (independent noise in each
            coordinate).
        ts: times, strictly ascending or strictly descending, dtype of x (float32 for bfloat16); one time is
            no step.
        noise: standard normal numbers ``[len(ts) - 1, *x.shape]`` in the dtype of ``ts``, or a generator on
            x's device, which draws them step by step and needs no memory for them.
        path: return every state ``[len(ts), *x.shape]`` instead of the last.

    Returns:
        Final particles, or the path, in x's dtype. Differentiable in x, ts, the noise, and what f and g
        close over.

    Raises:
        ValueError: shapes or devices that do not fit, times not strictly monotone.
        TypeError: wrong dtype or type.

    Notes:
        Claims ``diffusion/fokker_planck/C6``, ``C7``. Weak error O(Δ), strong error O(Δ) since g does not
        depend on x. For the OU process f = -βx/2, g = √β the variance obeys v' = (1-βΔ/2)²v + βΔ exactly and
        tends to 1/(1-βΔ/4). Cost: one f and one g a step. Differs from ``torchsde.sdeint`` in: the caller
        gives the noise, g does not depend on x.
    """
    where = "euler_maruyama"
    check_tensor(f"{where}: x", x, REAL, "[...]", 0)
    wide = x.to(widened(x.dtype))
    check_tensor(f"{where}: ts", ts, REAL[:2], "[points]", 1)
    check_like(f"{where}: ts", ts, "x", wide)
    if ts.ndim != 1 or len(ts) == 0:
        refuse(
            f"{where}: ts.shape",
            str(tuple(ts.shape)),
            "[points] with at least one time",
            "give the start time too",
        )
    steps = ts.diff()
    if not ((steps > 0).all() or (steps < 0).all()):
        refuse(
            f"{where}: ts",
            "not strictly monotone",
            "ascending or descending times",
            "sort them and drop repeats",
        )
    draw = _noise(noise, wide, len(steps))
    roots, states = steps.abs().sqrt(), [wide]
    for k in range(len(steps)):
        wide = wide + _drift(f, wide, ts[k]) * steps[k] + g(ts[k]) * roots[k] * draw(k)
        if path:
            states.append(wide)
    return (torch.stack(states) if path else wide).to(x.dtype)


def _noise(noise: Tensor | torch.Generator, x: Tensor, steps: int) -> Callable[[int], Tensor]:
    where, shape = "euler_maruyama: noise", (steps, *x.shape)
    if isinstance(noise, torch.Generator):
        if noise.device.type != x.device.type:
            remedy = "create it with torch.Generator(device=x.device)"
            refuse(f"{where}.device", str(noise.device), f"{x.device} like x", remedy)
        return lambda _: torch.randn(x.shape, generator=noise, dtype=x.dtype, device=x.device)
    check_tensor(where, noise, REAL[:2], f"{shape} or a torch.Generator", 0)
    check_like(where, noise, "x", x)
    if noise.shape != shape:
        refuse(
            f"{where}.shape",
            str(tuple(noise.shape)),
            str(shape),
            "one draw per step and coordinate: len(ts) - 1 of them",
        )
    return lambda k: noise[k]


def _drift(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, t: Tensor) -> Tensor:
    drift = f(x, t)
    # a drift of another shape would silently broadcast the particles
    if not isinstance(drift, Tensor) or drift.shape != x.shape:
        found = str(tuple(drift.shape)) if isinstance(drift, Tensor) else f"a {type(drift).__name__}"
        refuse(
            "euler_maruyama: the value of f(x, t)",
            found,
            str(tuple(x.shape)),
            "return one drift per coordinate",
        )
    return drift


def reference_euler_maruyama(
    x: list[float],
    f: Callable[[float, float], float],
    g: Callable[[float], float],
    ts: list[float],
    noise: list[list[float]],
) -> list[list[float]]:
    """Return the path of scalar particles, one Python float at a time (ascending times)."""
    path = [list(x)]
    for k in range(len(ts) - 1):
        step = ts[k + 1] - ts[k]
        path.append([v + f(v, ts[k]) * step + g(ts[k]) * step**0.5 * e for v, e in zip(path[-1], noise[k], strict=True)])
    return path
