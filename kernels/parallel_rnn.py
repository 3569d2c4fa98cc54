"""Non-linear recurrences solved for all steps at once: sweeps of a fixed-point iteration, each one linear scan."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from derivable.kernels._autograd import Function
from derivable.kernels._check import check_choice, check_count, check_positive, check_tensor, refuse
from derivable.kernels._memory import check_memory
from derivable.kernels.linear_scan import linear_scan, linear_scan_dense

if TYPE_CHECKING:
    from jaxtyping import Float

VARIANTS = ("picard", "base", "plus1", "newton")
DTYPES = (torch.float32, torch.float64)
# Units in the last place that a step of the solution may be off, unless a tolerance is given.
UNITS = 256

Step = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class ParallelStates:
    r"""What :func:`parallel_rnn` found.

    Attributes:
        states: :math:`x_1,\dots,x_T`, ``[..., T, d]``.
        sweeps: linear scans that were run.
        converged: every sequence has a last residual within the tolerance.
        residuals: ``[sweeps + 1, ...]``, for every sequence before the first sweep and after each:
            :math:`\max_t\|x_t-f(x_{t-1},u_t)\|_\infty/\max(1,\|f(x_{t-1},u_t)\|_\infty)`.
        settled: ``[...]``, how many leading states follow from those before them within the tolerance. Look at these: the
            last states of a sequence may be far away until the settled ones reach them.
    """

    states: Tensor
    sweeps: int
    converged: bool
    residuals: Tensor
    settled: Tensor

    @property
    def exact_prefix(self) -> int:
        """Leading states that are those of the recurrence whatever the variant, the start and the residual: min(sweeps, T)."""
        return min(self.sweeps, self.states.shape[-2])


def parallel_rnn(
    step: Step,
    inputs: Float[Tensor, "*batch T m"],
    initial: Float[Tensor, "*batch_initial d"],
    *,
    variant: str = "newton",
    jacobian: Step | None = None,
    start: Float[Tensor, "*batch_start T d"] | None = None,
    max_sweeps: int | None = None,
    tolerance: float | None = None,
    derivatives: int = 1,
) -> ParallelStates:
    r"""Solve :math:`x_t=f(x_{t-1},u_t)`, t = 1, …, T, by sweeps over all t; f is ``step``.

    A sweep replaces X by the X' with

    .. math:: x'_t-M_tx'_{t-1}=f(x_{t-1},u_t)-M_tx_{t-1},\qquad x'_0=x_0,

    a linear recurrence. ``variant`` says what M is: 0 for ``"picard"``, the Jacobian of f in the state at (0, 0) for
    ``"base"``, at :math:`(0,u_t)` for ``"plus1"``, at :math:`(x_{t-1},u_t)` for ``"newton"``, which is Newton's method for
    all T equations.

    Args:
        step: takes states ``[..., d]`` and inputs ``[..., m]`` to states ``[..., d]``, row by row; it is called with all steps
            of all sequences at once. What it closes over (weights) gets gradients.
        inputs: ``[..., T, m]``, float32 or float64; T from 0.
        initial: :math:`x_0`, ``[..., d]``; its leading dimensions broadcast with those of the inputs.
        jacobian: takes what ``step`` takes to ``[..., d, d]``, or to ``[..., d]`` where the Jacobian is diagonal. It must be
            exact, since gradients rest on it. Without it ``torch.func`` computes it by d backward passes through ``step``.
        start: where the sweeps begin, ``[..., T, d]``, for instance the solution for similar weights; 0 unless given.
        max_sweeps: at least 1; T unless given, which always suffices.
        tolerance: largest residual that counts as converged, as :class:`ParallelStates` defines it; 256 units in
            the last place unless given.
        derivatives: 1, or 2 if derivatives of gradients are wanted.

    Returns:
        States, sweeps, residuals. Where ``converged`` is False a ``RuntimeWarning`` has said so.

    Raises:
        ValueError: shapes that do not fit, also of what ``step`` and ``jacobian`` return; an unknown variant; max_sweeps below 1.
        TypeError: no tensor, another dtype, a count that is no int.
        MemoryError: the matrices do not fit into the CPU's memory.
        ArithmeticError: backward through states that have not converged.
        RuntimeError: backward with ``create_graph=True`` for ``derivatives=1``.

    Notes:
        Claims ``ssm/nonlinear_rnn/C1`` to ``C9``; Lim et al., Parallelizing non-linear sequential models over the sequence
        length, arXiv:2309.12252. After n sweeps the first n states are exact, for every variant and start (C2): T sweeps end
        it. Newton's sweeps converge quadratically near the solution (C6), plus1's linearly, and faster for weaker coupling
        (C4); base and Picard contract if the coupling is small (C3). Before that, states may be as large as products of the
        matrices.

        In exact arithmetic a sweep may be written in several ways. Here it is :math:`x'_t=f(x_{t-1},u_t)+M_t\Delta_{t-1}` with
        :math:`\Delta_t=M_t\Delta_{t-1}+f(x_{t-1},u_t)-x_t` by a scan. Where states are exact the increments Δ are 0, not merely
        small, so that products of matrices have no rounding error to multiply; in the first form they have, and where they
        grow the states that were exact are lost again (C2f, C2g). An input that is NaN spoils its sequence from there on, as in a
        loop, and nothing before it and no other sequence; convergence is judged on what precedes it.

        The gradient is that of the solution, by one scan backward, :math:`\lambda_t=g_t+J_{t+1}^\top\lambda_{t+1}`, and one
        backward pass through ``step``: its memory does not grow with the number of sweeps. Not for ``torch.func`` transforms.

        Cost of a sweep: O(T d²), and but for Picard a scan with dense matrices, O(T d³) work if it is to have the depth
        O(log T). On one core of a CPU Newton's sweeps lose to a loop over the steps, by a factor of 1.2 to 20; Picard's, each
        of them one batched step, win where the coupling is small and one sequence stands alone, see
        ``benchmarks/nonlinear_rnn.py``. The others are for a device with far more arithmetic than one step can use, where
        sweeps are few and d is small.
    """
    where = "parallel_rnn"
    check_choice(f"{where}: variant", variant, VARIANTS)
    u, x0 = _check_inputs(where, inputs, initial)
    batch, T, d = u.shape[:-2], u.shape[-2], x0.shape[-1]
    limit = T if max_sweeps is None else min(T, check_count(f"{where}: max_sweeps", max_sweeps))
    within = UNITS * torch.finfo(x0.dtype).eps if tolerance is None else check_positive(f"{where}: tolerance", tolerance)
    if check_count(f"{where}: derivatives", derivatives) > 2:
        refuse(f"{where}: derivatives", str(derivatives), "1 or 2", "differentiate rnn_sequential for higher ones")
    x = _check_start(where, start, u, d, x0)
    if u[..., 0].numel() * d == 0:
        empty = x0.new_zeros(1, *batch)
        return ParallelStates(x, 0, True, empty, torch.zeros(batch, dtype=torch.int64, device=u.device))
    # a matrix a step, and a copy that the scan works on
    check_memory(f"{where}: the memory for the matrices", 2 * math.prod(batch) * T * d * d * x0.element_size(), u.device)
    slope = _Jacobian(where, step, jacobian)
    with torch.no_grad():
        x, residuals, settled = _solve(where, step, slope, u, x0, x.detach(), variant, limit, within)
    last = residuals[-1]
    problem = None if bool((last <= within).all()) else _problem(where, last, len(residuals) - 1, T, within, variant)
    if problem is not None:
        warnings.warn(problem, RuntimeWarning, stacklevel=2)
    states = _attached(where, step, slope, u, x0, x, derivatives, problem) if torch.is_grad_enabled() else x
    return ParallelStates(states, len(residuals) - 1, problem is None, residuals, settled)


def rnn_sequential(
    step: Step, inputs: Float[Tensor, "*batch T m"], initial: Float[Tensor, "*batch_initial d"]
) -> Float[Tensor, "*out T d"]:
    r"""Return the states :math:`x_t=f(x_{t-1},u_t)`, t = 1, …, T, one after the other; f is ``step``.

    Arguments as for :func:`parallel_rnn`; differentiable by autograd any number of times, with memory for every step.

    Raises:
        ValueError, TypeError: as :func:`parallel_rnn`.
    """
    where = "rnn_sequential"
    u, x = _check_inputs(where, inputs, initial)
    shape, states = (*u.shape[:-1], x.shape[-1]), []
    for t in range(u.shape[-2]):
        before, x = x, step(x, u[..., t, :])
        _check_result(f"{where}: step", x, before, before.shape, "return the next state, row by row")
        states.append(x)
    return torch.stack(states, -2) if states else x.new_empty(shape)


class _Jacobian:
    """The matrices of a sweep at states ``x[..., T, d]`` and inputs ``u[..., T, m]``: ``[..., T, d, d]``, or ``[..., T, d]``."""

    def __init__(self, where: str, step: Step, given: Step | None):
        self.where, self.step, self.given = where, step, given

    def __call__(self, x: Tensor, u: Tensor) -> Tensor:
        if self.given is None:
            return self._by_autograd(x, u)
        matrices = self.given(x, u)
        diagonal = isinstance(matrices, Tensor) and matrices.ndim == x.ndim
        shape = x.shape if diagonal else (*x.shape, x.shape[-1])
        remedy = "return one matrix a state, [..., d, d], or its diagonal, [..., d]"
        _check_result(f"{self.where}: jacobian", matrices, x, torch.Size(shape), remedy)
        return matrices

    def _by_autograd(self, x: Tensor, u: Tensor) -> Tensor:
        d = x.shape[-1]
        pull = torch.func.vjp(lambda x: self.step(x, u), x)[1]
        rows = torch.eye(d, dtype=x.dtype, device=x.device).view(d, *[1] * (x.ndim - 1), d).expand(d, *x.shape)
        # row i of every Jacobian is the gradient of the i-th coordinate, as no state depends on another's argument
        (gradients,) = torch.vmap(pull)(rows)
        return gradients.movedim(0, -2)


def _solve(
    where: str, step: Step, slope: _Jacobian, u: Tensor, x0: Tensor, x: Tensor, variant: str, limit: int, within: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Sweep until every sequence is within the tolerance; return states, residuals ``[sweeps + 1, ...]``, settled steps."""
    nowhere = torch.zeros_like(x)
    fixed = {"base": lambda: slope(nowhere, torch.zeros_like(u)), "plus1": lambda: slope(nowhere, u)}.get(variant)
    M = None if fixed is None else fixed()
    # what follows an input that is NaN cannot converge
    judged = u.isnan().any(-1).cumsum(-1) == 0
    residuals = []
    while True:
        before = _shifted(x, x0)
        value = step(before, u)
        _check_result(f"{where}: step", value, x, x.shape, "return the next states, row by row")
        off = (value - x).abs().amax(-1) / value.abs().amax(-1).clamp(min=1)
        residuals.append(off.masked_fill(~judged, 0).amax(-1))
        if len(residuals) > limit or bool((residuals[-1] <= within).all()):
            break
        x = value if variant == "picard" else _sweep(value, slope(before, u) if M is None else M, x)
    settled = ((off <= within) & judged).long().cumprod(-1).sum(-1)
    return x, torch.stack(residuals), settled


def _sweep(value: Tensor, M: Tensor, x: Tensor) -> Tensor:
    """x'_t = f_t + M_t Δ_{t-1} with Δ_t = M_t Δ_{t-1} + f_t - x_t and Δ_0 = 0."""
    if M.ndim == x.ndim:
        return value + M * _shifted(linear_scan(M, value - x, dim=-2))
    return value + (M @ _shifted(linear_scan_dense(M, value - x))[..., None])[..., 0]


def _shifted(x: Tensor, first: Tensor | None = None) -> Tensor:
    """Return x one step later, ``first`` (0 unless given) at the front."""
    front = torch.zeros_like(x[..., :1, :]) if first is None else first[..., None, :]
    return torch.cat([front, x[..., :-1, :]], -2)


def _attached(
    where: str, step: Step, slope: _Jacobian, u: Tensor, x0: Tensor, x: Tensor, derivatives: int, problem: str | None
) -> Tensor:
    """Give the solution its derivatives: k more Newton sweeps would be right in all orders below 2^k, and it is their graph."""
    value = step(_shifted(x, x0), u)
    if not value.requires_grad:
        return x
    with torch.no_grad():
        M = slope(_shifted(x, x0), u)
    swept = _sweep(value, M, x)
    if derivatives == 2:
        before = _shifted(swept, x0)
        swept = _sweep(step(before, u), slope(before, u), swept)
    attached: Tensor = _Attached.apply(x, swept, derivatives, problem, where)
    return attached


class _Attached(Function):
    """The values of the first argument with the derivatives of the second."""

    @staticmethod
    def forward(x: Tensor, swept: Tensor, derivatives: int, problem: str | None, where: str) -> Tensor:
        return x.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        _, _, ctx.derivatives, ctx.problem, ctx.where = inputs

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.problem is not None:
            raise ArithmeticError(f"{ctx.where}: no gradient at states that solve nothing: {ctx.problem}")
        if torch.is_grad_enabled() and ctx.derivatives == 1:
            remedy = "pass derivatives=2 for derivatives of gradients"
            refuse(f"{ctx.where}: derivatives", "1", "2 for backward with create_graph=True", remedy, RuntimeError)
        return None, grad, None, None, None


def _problem(where: str, last: Tensor, sweeps: int, T: int, within: float, variant: str) -> str:
    """Say what has not converged, and what to do."""
    late = ~(last <= within)
    worst = float(last[late].max() if not bool(last.isnan().any()) else math.nan)
    found = f"{worst:.2g} after {sweeps} sweeps, in {int(late.sum())} of {last.numel()} sequences"
    if sweeps >= T:
        remedy = (
            "T sweeps are exact for a step that gives the same numbers for the same arguments: look for NaN and for noise in it"
        )
    elif variant == "newton":
        remedy = f"raise max_sweeps (T = {T} always suffice) or begin from a better start"
    else:
        remedy = f'choose variant="newton", or raise max_sweeps (T = {T} always suffice)'
    return f"{where}: residual is {found}, expected at most {within:.2g}; {remedy}."


def _check_inputs(where: str, inputs: object, initial: object) -> tuple[Tensor, Tensor]:
    """Return inputs ``[*batch, T, m]`` and the initial state ``[*batch, d]``."""
    u = check_tensor(f"{where}: inputs", inputs, DTYPES, "[..., T, m]", 2)
    x0 = check_tensor(f"{where}: initial", initial, DTYPES, "[..., d]", 1)
    _check_result(f"{where}: initial", x0, u, x0.shape, "give both one dtype and device")
    try:
        batch = torch.broadcast_shapes(u.shape[:-2], x0.shape[:-1])
    except RuntimeError:
        expected = f"leading dimensions that broadcast with those of inputs.shape {tuple(u.shape)}"
        refuse(f"{where}: initial.shape", str(tuple(x0.shape)), expected, "give one state a sequence, or one for all")
    return u.expand(*batch, *u.shape[-2:]), x0.expand(*batch, x0.shape[-1])


def _check_start(where: str, start: object, u: Tensor, d: int, x0: Tensor) -> Tensor:
    shape = torch.Size((*u.shape[:-1], d))
    if start is None:
        return x0.new_zeros(shape)
    given = check_tensor(f"{where}: start", start, (x0.dtype,), "[..., T, d]", 2)
    try:
        wide = given.expand(shape)
    except RuntimeError:
        expected = f"one that broadcasts to {tuple(shape)}"
        refuse(f"{where}: start.shape", str(tuple(given.shape)), expected, "give a state for every step")
    _check_result(f"{where}: start", wide, x0, shape, "give a state for every step")
    return wide


def _check_result(where: str, value: object, like: Tensor, shape: torch.Size, remedy: str) -> None:
    """Refuse what is no tensor of this shape with the dtype and on the device of ``like``."""
    if not isinstance(value, Tensor):
        refuse(where, f"a {type(value).__name__}", f"a tensor {tuple(shape)}", remedy, TypeError)
    if value.dtype != like.dtype or value.device != like.device:
        found, wanted = (f"{str(t.dtype).removeprefix('torch.')} on {t.device}" for t in (value, like))
        refuse(where, found, wanted, remedy, TypeError)
    if value.shape != shape:
        refuse(f"{where}.shape", str(tuple(value.shape)), str(tuple(shape)), remedy)
