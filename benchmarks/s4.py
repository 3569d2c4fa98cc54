"""S4's sums and kernels beside the naive formulas of state-spaces/s4, scipy and the loop over the steps, on the CPU."""

from functools import partial

import torch
from _measure import Comparison, floor_seconds
from scipy.signal import fftconvolve
from torch.profiler import ProfilerActivity, profile

from derivable.kernels.cauchy import cauchy_sum, reference_cauchy_sum
from derivable.kernels.causal_convolution import fft_causal_conv, reference_fft_causal_conv
from derivable.kernels.discretization import discretize
from derivable.kernels.dplr import dplr_kernel, dplr_legs, truncated_output
from derivable.kernels.hippo import hippo_matrix
from derivable.kernels.vandermonde import reference_vandermonde_sum, vandermonde_sum
from derivable.numerics import compare, rounding_bound

CHANNELS, MODES, LENGTH = 256, 32, 4096


def main() -> None:
    bench = Comparison("s4")
    torch.manual_seed(0)
    v, w, x = sums_input()
    points = LENGTH // 2 + 1
    z = torch.complex(torch.zeros(points), torch.tan(torch.linspace(0, 1.57, points)))
    truth = reference_in_rows(reference_cauchy_sum, v, w, z)
    ours, theirs = (torch.compile(function) for function in (cauchy_sum, cauchy_naive))
    # (4·2·32 + 20) units of the sum of the moduli, claim of the docstring
    size = reference_in_rows(lambda v, z, w, **_: moduli(v, z, w), v, w, z)
    bench.row(
        f"Cauchy sum, {CHANNELS} x {MODES} pairs, {points} points on a vertical line, complex64",
        compare(
            torch.stack([run(v, z, w, conjugate_pairs=True) for run in (cauchy_sum, ours)]),
            torch.stack([truth] * 2),
            rounding_bound(torch.float32, 8 * MODES + 20) * torch.stack([size] * 2),
        ),
        floor_seconds(8.0 * CHANNELS * points, 14.0 * CHANNELS * MODES * points),
        {
            "derivable": lambda: cauchy_sum(v, z, w, conjugate_pairs=True),
            "derivable under torch.compile": lambda: ours(v, z, w, conjugate_pairs=True),
            "cauchy_naive of state-spaces/s4": lambda: cauchy_naive(v, z, w),
            "cauchy_naive under torch.compile": lambda: theirs(v, z, w),
        },
    )
    right = z + torch.linspace(0.01, 1.0, points)
    plane = z + torch.linspace(-1.0, 1.0, points)
    for where, at in (("right of the poles", right), ("anywhere", plane)):
        size = reference_in_rows(lambda v, z, w, **_: moduli(v, z, w), v, w, at)
        bench.row(
            f"Cauchy sum, {CHANNELS} x {MODES} pairs, {points} points {where}, complex64",
            compare(
                torch.stack([run(v, at, w, conjugate_pairs=True) for run in (cauchy_sum, ours)]),
                torch.stack([reference_in_rows(reference_cauchy_sum, v, w, at)] * 2),
                rounding_bound(torch.float32, 8 * MODES + 20) * torch.stack([size] * 2),
            ),
            floor_seconds(8.0 * CHANNELS * points, 26.0 * CHANNELS * MODES * points),
            {
                "derivable": lambda at=at: cauchy_sum(v, at, w, conjugate_pairs=True),
                "derivable under torch.compile": lambda at=at: ours(v, at, w, conjugate_pairs=True),
                "cauchy_naive of state-spaces/s4": lambda at=at: cauchy_naive(v, at, w),
            },
        )
    cauchy_gradients(bench, v, plane, w)
    powers = reference_vandermonde_sum(v, x, LENGTH, conjugate_pairs=True)
    # every root decays, so that a term is at most |v|; exponents of l|x| ≤ 4096 · 1 in double precision
    allowed = 2 * (rounding_bound(torch.float32, 4 * MODES + 6) + 8 * LENGTH * 2.0**-53) * float(v.abs().sum(-1).max())
    bench.row(
        f"Vandermonde sum, {CHANNELS} x {MODES} pairs, length {LENGTH}, complex64",
        compare(vandermonde_sum(v, x, LENGTH, conjugate_pairs=True), powers, allowed),
        floor_seconds(4.0 * CHANNELS * LENGTH, 4.0 * CHANNELS * MODES * LENGTH),
        {
            "derivable": lambda: vandermonde_sum(v, x, LENGTH, conjugate_pairs=True),
            "log_vandermonde_naive of state-spaces/s4": lambda: log_vandermonde_naive(v, x, LENGTH),
        },
    )
    memory = {
        "derivable": peak(lambda: vandermonde_sum(v, x, LENGTH, conjugate_pairs=True)),
        "log_vandermonde_naive of state-spaces/s4": peak(lambda: log_vandermonde_naive(v, x, LENGTH)),
    }
    bench.rows[-1]["peak_bytes"] = memory
    print("    peak memory: " + ", ".join(f"{label} {size / 1e6:.0f} MB" for label, size in memory.items()))
    kernels(bench)
    convolutions(bench)
    bench.finish()


def cauchy_gradients(bench: Comparison, v: torch.Tensor, z: torch.Tensor, w: torch.Tensor) -> None:
    """Forward and backward to numerators and poles; the gradients of a few channels against double precision."""
    gradient = torch.randn(len(v), len(z), dtype=v.dtype)

    compiled = torch.compile(cauchy_sum)

    def ours(v: torch.Tensor, w: torch.Tensor, run=cauchy_sum) -> torch.Tensor:
        return run(v, z.to(v.dtype), w, conjugate_pairs=True)

    def peer(v: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        return cauchy_naive(v, z.to(v.dtype), w)

    def gradients(run, v: torch.Tensor, w: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        inputs = [t.detach().requires_grad_() for t in (v, w)]
        return torch.cat(torch.autograd.grad(run(*inputs), inputs, weight), -1)

    rows = [t[:8].to(torch.complex128) for t in (v, w, gradient)]
    # the docstring's bound for sums over the points, with the moduli of |g|/|z - w| and |g v|/|z - w|², a pole and its conjugate
    distances = [(z - pole[..., None]).abs() for pole in (rows[1], rows[1].conj())]
    size = [sum((rows[2].abs()[:, None] / r**k).sum(-1) for r in distances) for k in (1, 2)]
    allowed = rounding_bound(torch.float32, 8 * len(z) + 20) * torch.cat([size[0], rows[0].abs() * size[1]], -1)
    bench.row(
        f"Cauchy sum and gradients, {CHANNELS} x {MODES} pairs, {len(z)} points anywhere, complex64",
        compare(
            torch.stack([gradients(f, v, w, gradient)[:8] for f in (ours, partial(ours, run=compiled))]),
            torch.stack([gradients(peer, *rows)] * 2),
            torch.stack([allowed] * 2),
        ),
        floor_seconds(8.0 * CHANNELS * len(z), 3 * 26.0 * CHANNELS * MODES * len(z)),
        {
            "derivable": lambda: gradients(ours, v, w, gradient),
            "derivable under torch.compile": lambda: gradients(partial(ours, run=compiled), v, w, gradient),
            "cauchy_naive of state-spaces/s4": lambda: gradients(peer, v, w, gradient),
        },
    )


def sums_input() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Weights, poles of a bilinear step (ε/2 times those of LegS) and logarithms of decaying roots."""
    v = torch.randn(CHANNELS, MODES, dtype=torch.complex64)
    w = torch.complex(-0.05 - torch.rand(CHANNELS, MODES), 10 * torch.randn(CHANNELS, MODES))
    x = torch.complex(-0.01 * torch.rand(CHANNELS, MODES), torch.rand(CHANNELS, MODES))
    return v, w, x


def cauchy_naive(v: torch.Tensor, z: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """All fractions in one tensor, the pairs written out."""
    v, w = (torch.cat([t, t.conj()], -1) for t in (v, w))
    return (v[..., None] / (z[None, None] - w[..., None])).sum(-2)


def log_vandermonde_naive(v: torch.Tensor, x: torch.Tensor, length: int) -> torch.Tensor:
    """The whole matrix of exponentials."""
    matrix = torch.exp(x[..., None] * torch.arange(length).to(x))
    return 2 * torch.einsum("hn,hnl->hl", v, matrix).real


def moduli(v: torch.Tensor, z: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    v, w = (torch.cat([t, t.conj()], -1).to(torch.complex128) for t in (v, w))
    return (v.abs()[..., None] / (z.to(torch.complex128) - w[..., None]).abs()).sum(-2)


def reference_in_rows(function, v: torch.Tensor, w: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    """Double precision, a few channels at a time, as it forms all fractions."""
    return torch.cat([function(v[i : i + 16], z, w[i : i + 16], conjugate_pairs=True) for i in range(0, len(v), 16)])


def peak(run) -> int:
    """The most memory that torch holds at once while ``run`` works, beyond what it held before."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True, record_shapes=False) as record:
        run()
    held = most = 0
    for event in record.profiler.kineto_results.events():
        if event.name() == "[memory]":
            held += event.nbytes()
            most = max(most, held)
    return most


def kernels(bench: Comparison) -> None:
    """One kernel of d = 64 and L = 4096: this, and the powers of the dense matrix."""
    d, eps = 64, 1 / LENGTH
    lam, P, U = dplr_legs(d, dtype=torch.complex128, conjugate_pairs=True)
    b = U @ (2 * torch.arange(d, dtype=torch.float64) + 1).sqrt().to(torch.complex128)
    c = U @ torch.randn(d, dtype=torch.float64).to(torch.complex128)
    tilde = truncated_output(lam, P, P, c, eps, LENGTH, conjugate_pairs=True)
    A, B = hippo_matrix("legs", d, scaling="paper", dtype=torch.float64)
    move, drive = discretize(A, B, eps, "bilinear")
    C = 2 * (U.mH @ c).real

    def powers() -> torch.Tensor:
        rows, state = [], drive
        for _ in range(LENGTH):
            rows.append(C @ state)
            state = move @ state
        return torch.stack(rows)

    truth = powers()
    K = dplr_kernel(lam, P, P, b, tilde, eps, LENGTH, conjugate_pairs=True)
    bench.row(
        f"DPLR kernel of LegS, d = {d}, length {LENGTH}, float64, one channel",
        compare(K, truth, 64 * (LENGTH + d) * 2.0**-53 * float(truth.abs().max())),
        floor_seconds(8.0 * LENGTH, 4 * 14.0 * d / 2 * LENGTH / 2),
        {
            "derivable": lambda: dplr_kernel(lam, P, P, b, tilde, eps, LENGTH, conjugate_pairs=True),
            "powers of the matrix, step by step": powers,
        },
    )


def convolutions(bench: Comparison) -> None:
    u, K = torch.randn(64, LENGTH), torch.randn(64, LENGTH)
    truth = reference_fft_causal_conv(u[:4], K[:4])
    size = float(u.norm(dim=-1).max() * K.norm(dim=-1).max())
    bench.row(
        f"causal convolution, 64 rows of {LENGTH}, float32",
        compare(fft_causal_conv(u, K)[:4], truth, 12 * 14 * 2.0**-24 * size),
        floor_seconds(12.0 * u.numel(), 6 * 5 * 13.0 * u.numel()),
        {
            "derivable": lambda: fft_causal_conv(u, K),
            "scipy.signal.fftconvolve": lambda: fftconvolve(u.numpy(), K.numpy(), axes=-1)[:, :LENGTH],
        },
    )


if __name__ == "__main__":
    main()
