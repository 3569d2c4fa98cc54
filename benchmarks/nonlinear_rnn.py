"""A tanh RNN by sweeps over all steps beside the loop over the steps, on the CPU: by how much the sweeps lose there."""

from collections.abc import Callable

import torch
from _measure import Comparison, floor_seconds
from torch import Tensor

from derivable.kernels.parallel_rnn import UNITS, VARIANTS, ParallelStates, parallel_rnn, rnn_sequential
from derivable.kernels.rnn_steps import tanh_jacobian
from derivable.numerics import Agreement, compare, rounding_bound


def network(d: int, rho: float, seed: int = 0) -> Tensor:
    """A matrix of spectral norm rho."""
    A = torch.randn(d, d, generator=torch.Generator().manual_seed(seed))
    return A * rho / torch.linalg.matrix_norm(A, 2)


def solve(A: Tensor, u: Tensor, variant: str = "newton", by_hand: bool = True) -> ParallelStates:
    def step(x: Tensor, u: Tensor) -> Tensor:
        return torch.tanh(x @ A.T + u)

    jacobian = (lambda x, u: tanh_jacobian(x, u, A)) if by_hand else None
    return parallel_rnn(step, u, u.new_zeros(A.shape[0]), variant=variant, jacobian=jacobian)


def loop(A: Tensor, u: Tensor) -> Tensor:
    """The fewest operations a step that torch has for it."""
    x, states = u.new_zeros(u.shape[:-2] + u.shape[-1:]), []
    for row in u.unbind(-2):
        x = torch.addmm(row, x, A.T).tanh() if x.ndim > 1 else torch.addmv(row, A, x).tanh()
        states.append(x)
    return torch.stack(states, -2)


def agrees(A: Tensor, u: Tensor, x: Tensor, rho: float) -> Agreement:
    """Against the loop in float64 where errors of steps cannot grow, else each state against a step from the one before."""
    wide = A.double()

    def step(x: Tensor, u: Tensor) -> Tensor:
        return torch.tanh(x @ wide.T + u)

    d = A.shape[0]
    allowed = UNITS * torch.finfo(x.dtype).eps + rounding_bound(x.dtype, 2 * d + 5, scale=rho * d**0.5)
    if rho < 1:
        truth = rnn_sequential(step, u.double(), wide.new_zeros(d))
        return compare(x, truth, allowed * d**0.5 / (1 - rho))
    before = torch.cat([torch.zeros_like(x[..., :1, :]), x[..., :-1, :]], -2)
    return compare(x, step(before.double(), u.double()), allowed)


def backward(run: Callable[[Tensor, Tensor], Tensor], A: Tensor, u: Tensor) -> None:
    leaves = [t.detach().requires_grad_() for t in (A, u)]
    states = run(*leaves)
    torch.autograd.backward(states, torch.ones_like(states))


def main() -> None:
    bench = Comparison("nonlinear_rnn")
    cases = [(100, 4, 0.9), (1000, 4, 0.9), (10000, 4, 0.9), (1000, 16, 0.9), (1000, 32, 0.9), (1000, 16, 0.5), (1000, 16, 1.5)]
    for T, d, rho in cases:
        A, u = network(d, rho), torch.randn(T, d, generator=torch.Generator().manual_seed(1))
        # where sweeps are long, those that need few of them
        variants = ("newton", "plus1", "picard", "base") if T * d <= 4000 else ("newton", "plus1", "picard")
        assert set(variants) <= set(VARIANTS)
        found = {variant: solve(A, u, variant) for variant in variants}
        runs: dict[str, Callable[[], object]] = {
            f"{variant}, {found[variant].sweeps} sweeps": lambda A=A, u=u, variant=variant: solve(A, u, variant)
            for variant in variants
        }
        runs["newton, Jacobian by torch.func"] = lambda A=A, u=u: solve(A, u, by_hand=False)
        runs["loop over the steps"] = lambda A=A, u=u: loop(A, u)
        worst = max((agrees(A, u, run.states, rho) for run in found.values()), key=lambda a: a.worst_error / a.allowed_error)
        floor = floor_seconds(2 * 4.0 * T * d, 2.0 * T * d * (d + 10))
        bench.row(f"T = {T}, d = {d}, ‖A‖ = {rho}, float32", worst, floor, runs)
    A, u = network(4, 0.9), torch.randn(64, 1000, 4, generator=torch.Generator().manual_seed(1))
    result = solve(A, u)
    bench.row(
        "64 sequences, T = 1000, d = 4, ‖A‖ = 0.9, float32",
        agrees(A, u, result.states, 0.9),
        floor_seconds(2 * 4.0 * u.numel(), 28.0 * u.numel()),
        {
            f"newton, {result.sweeps} sweeps": lambda: solve(A, u),
            "loop over the steps": lambda: loop(A, u),
        },
    )
    one = u[0]
    bench.row(
        "T = 1000, d = 4, ‖A‖ = 0.9, forward and backward",
        agrees(A, one, solve(A, one).states, 0.9),
        floor_seconds(6 * 4.0 * one.numel(), 80.0 * one.numel()),
        {
            "newton, one scan back": lambda: backward(lambda A, u: solve(A, u).states, A, one),
            "loop over the steps, autograd": lambda: backward(loop, A, one),
        },
    )
    bench.finish()


if __name__ == "__main__":
    main()
