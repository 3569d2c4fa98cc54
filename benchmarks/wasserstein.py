"""Wasserstein kernels beside POT and scipy; the Grönwall bound beside scipy's cumulative trapezoid."""

import numpy as np
import ot
import torch
from _measure import Comparison, floor_seconds
from scipy.integrate import cumulative_trapezoid, trapezoid
from scipy.linalg import sqrtm
from scipy.stats import wasserstein_distance

from derivable.kernels.reverse_coupling import gronwall_bound, osl_constant
from derivable.kernels.wasserstein import bures_w2, w2_1d
from derivable.numerics import compare

WIDE = torch.float64
UNIT = 1.2e-16


def gaussians(batch: int, d: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(batch, d, d, dtype=WIDE, generator=generator)
    return torch.randn(batch, d, dtype=WIDE, generator=generator), A @ A.mT / d + torch.eye(d, dtype=WIDE) / 4


def scipy_bures(m1: np.ndarray, S1: np.ndarray, m2: np.ndarray, S2: np.ndarray) -> np.ndarray:
    """Return the distances of a batch, with two matrix roots by Schur's method each, in a loop."""
    distances = []
    for a, A, b, B in zip(m1, S1, m2, S2, strict=True):
        root = sqrtm(A).real
        cross = sqrtm(root @ B @ root).real
        distances.append(np.sqrt(((a - b) ** 2).sum() + np.trace(A + B - 2 * cross)))
    return np.array(distances)


def pot_bures(m1: torch.Tensor, S1: torch.Tensor, m2: torch.Tensor, S2: torch.Tensor) -> torch.Tensor:
    rows = zip(m1, m2, S1, S2, strict=True)
    return torch.stack([ot.gaussian.bures_wasserstein_distance(a, b, A, B) for a, b, A, B in rows])


def with_gradient(distance, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    leaves = [t.clone().requires_grad_() for t in inputs]
    return torch.autograd.grad(distance(*leaves).sum(), leaves)


def main() -> None:
    bench = Comparison("wasserstein")
    for batch, d in ((1, 128), (64, 16), (1000, 3)):
        (m1, S1), (m2, S2) = gaussians(batch, d, 0), gaussians(batch, d, 1)
        inputs = (m1, S1, m2, S2)
        arrays = tuple(t.numpy() for t in inputs)
        truth = torch.from_numpy(scipy_bures(*arrays))
        # theirs subtracts numbers of the size of the traces before the root
        size = float(S1.diagonal(dim1=-2, dim2=-1).sum(-1).max())
        allowed = 50 * d * UNIT * size / float(truth.min())
        bench.row(
            f"Bures–Wasserstein, {batch} pairs in R^{d}",
            compare(bures_w2(*inputs), truth, allowed),
            floor_seconds(16.0 * batch * d * d, 40.0 * batch * d**3),
            {
                "derivable": lambda i=inputs: bures_w2(*i),
                "POT, loop": lambda i=inputs: pot_bures(*i),
                "scipy sqrtm, loop": lambda a=arrays: scipy_bures(*a),
            },
        )
        grads = [torch.cat([g.flatten() for g in with_gradient(f, inputs)]) for f in (bures_w2, pot_bures)]
        bench.row(
            f"the same with its gradient, {batch} pairs in R^{d}",
            compare(grads[0], grads[1], 1e4 * allowed),
            floor_seconds(32.0 * batch * d * d, 120.0 * batch * d**3),
            {
                "derivable": lambda i=inputs: with_gradient(bures_w2, i),
                "POT, loop": lambda i=inputs: with_gradient(pot_bures, i),
            },
        )
    for batch, n in ((1, 1_000_000), (1000, 1000)):
        generator = torch.Generator().manual_seed(2)
        x, y = torch.randn(2, batch, n, dtype=WIDE, generator=generator)
        columns = x.T.contiguous(), y.T.contiguous()
        theirs = ot.wasserstein_1d(*columns, p=2).sqrt()
        bench.row(
            f"samples on the line, {batch} rows of {n}",
            compare(w2_1d(x, y), theirs, 2 * n * UNIT * 3),
            floor_seconds(16.0 * batch * n, 2.0 * batch * n * np.log2(n)),
            {
                "derivable": lambda x=x, y=y: w2_1d(x, y),
                "POT wasserstein_1d": lambda c=columns: ot.wasserstein_1d(*c, p=2).sqrt(),
                "scipy (W1, for scale)": lambda x=x, y=y: [
                    wasserstein_distance(a, b) for a, b in zip(x.numpy(), y.numpy(), strict=True)
                ],
            },
        )
    points = 100_000
    ts = torch.linspace(0, 3, points, dtype=WIDE)
    L, err = torch.sin(ts), 1 + ts.cos() / 2
    arrays = ts.numpy(), L.numpy(), err.numpy()

    def scipy_bound(t: np.ndarray, rate: np.ndarray, error: np.ndarray) -> float:
        weight = np.exp(cumulative_trapezoid(rate, t, initial=0))
        return float(trapezoid(weight * error, t) + 0.5 * weight[-1])

    bound = gronwall_bound(ts, L, err, 0.5)
    bench.row(
        f"Grönwall bound, {points} times",
        compare(bound, scipy_bound(*arrays), points * UNIT * float(bound)),
        floor_seconds(24.0 * points, 8.0 * points),
        {
            "derivable": lambda: gronwall_bound(ts, L, err, 0.5),
            "scipy cumulative_trapezoid": lambda: scipy_bound(*arrays),
        },
    )
    J = torch.randn(1000, 8, 8, dtype=WIDE, generator=torch.Generator().manual_seed(3))
    symmetric = ((J + J.mT) / 2).numpy()
    bench.row(
        "one-sided Lipschitz constants, 1000 Jacobians 8 × 8",
        compare(osl_constant(J), torch.from_numpy(np.linalg.eigvalsh(symmetric)[:, -1].copy()), 1e3 * UNIT),
        floor_seconds(8.0 * J.numel(), 10.0 * 1000 * 8**3),
        {
            "derivable": lambda: osl_constant(J),
            "numpy eigvalsh": lambda: np.linalg.eigvalsh(symmetric)[:, -1],
        },
    )
    # close Gaussians: what is left of the distance
    m, S = gaussians(1, 8, 4)
    near = S + 1e-12 * torch.diag(torch.arange(1, 9, dtype=WIDE))
    print(f"W2 of Gaussians whose covariances differ by 1e-12: derivable {float(bures_w2(m, S, m, near)):.3e}", end=", ")
    print(f"POT {float(pot_bures(m, S, m, near)):.3e}")
    bench.finish()


if __name__ == "__main__":
    main()
