"""Attention scales beside scipy's Lambert W, Bessel functions and scalar optimiser, and beside the autograd Jacobian."""

import numpy as np
import torch
from _measure import Comparison, floor_seconds
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, ive, lambertw

from derivable.kernels.attention_scale import cosine_log_mgf, optimal_scale, optimal_scale_cosine, optimal_scale_normal
from derivable.kernels.softmax_gradient import reference_softmax_gradient_l1, softmax_gradient_l1
from derivable.numerics import compare

WIDE = torch.float64


def scipy_normal(n: np.ndarray) -> np.ndarray:
    return np.sqrt(lambertw(n * np.exp(0.5) / 2).real - 0.5)


def scipy_log_mgf(alpha: np.ndarray, d: int) -> np.ndarray:
    order = d / 2 - 1
    return gammaln(order + 1) + order * np.log(2 / alpha) + np.log(ive(order, alpha)) + alpha


def scipy_cosine(n: np.ndarray, d: int) -> np.ndarray:
    """Minimise the negative objective for each n; a flat optimum is found to the root of the tolerance."""

    def best(count: float) -> float:
        def objective(a: float) -> float:
            return -a * (1 - np.exp(scipy_log_mgf(2 * a, d) - 2 * scipy_log_mgf(a, d)) / count)

        return minimize_scalar(objective, bounds=(1, 60), method="bounded", options={"xatol": 1e-9}).x

    return np.array([best(count) for count in n])


def scipy_rows(s: np.ndarray) -> np.ndarray:
    """The best of a grid of scales for each row, then the scalar optimiser around it."""
    grid = np.geomspace(0.2, 50, 400)

    def best(row: np.ndarray) -> float:
        gaps = row - row.max()
        unit = -np.partition(gaps, -2)[-2]

        def objective(a: float) -> float:
            e = np.exp(a / unit * gaps)
            return -a * (1 - (e @ e) / e.sum() ** 2)

        a = grid[np.argmin([objective(a) for a in grid])]
        return minimize_scalar(objective, bounds=(a / 1.02, a * 1.02), method="bounded", options={"xatol": 1e-9}).x / unit

    return np.array([best(row) for row in s])


def jacobian_sizes(s: torch.Tensor, alpha: float) -> torch.Tensor:
    """Half the entrywise L1 size of the autograd Jacobian, row by row."""
    return torch.stack([reference_softmax_gradient_l1(row, alpha) for row in s])


def main() -> None:
    bench = Comparison("attention_scale")
    for rows, n in ((16, 128), (4, 1024)):
        s = torch.randn(rows, n, dtype=WIDE, generator=torch.Generator().manual_seed(0))
        bench.row(
            f"softmax gradient, {rows} rows of {n} scores",
            compare(softmax_gradient_l1(s, 2.0), jacobian_sizes(s, 2.0), 4 * (n * n + 10) * 1.2e-16),
            floor_seconds(8.0 * rows * n, 25.0 * rows * n),
            {
                "derivable": lambda s=s: softmax_gradient_l1(s, 2.0),
                "autograd Jacobian": lambda s=s: jacobian_sizes(s, 2.0),
                "torch, 1 - Σp² (cancels)": lambda s=s: 2.0 * (1 - torch.softmax(2.0 * s, -1).square().sum(-1)),
            },
        )
    n = torch.logspace(0.5, 50, 10_000, dtype=WIDE)
    bench.row(
        "normal scores, 10000 values of n",
        compare(optimal_scale_normal(n), torch.from_numpy(scipy_normal(n.numpy())), 1e-13),
        floor_seconds(16.0 * len(n), 300.0 * len(n)),
        {"derivable": lambda: optimal_scale_normal(n), "scipy lambertw": lambda: scipy_normal(n.numpy())},
    )
    alpha = torch.linspace(1, 60, 10_000, dtype=WIDE)
    bench.row(
        "log of the cosine's moment generating function, d = 128, 10000 scales",
        compare(cosine_log_mgf(alpha, 128), torch.from_numpy(scipy_log_mgf(alpha.numpy(), 128)), 1e-11),
        floor_seconds(16.0 * len(alpha), 300.0 * len(alpha)),
        {"derivable": lambda: cosine_log_mgf(alpha, 128), "scipy ive": lambda: scipy_log_mgf(alpha.numpy(), 128)},
    )
    counts = torch.linspace(40, 20_000, 200, dtype=WIDE)
    bench.row(
        "cosines, d = 128, 200 values of n",
        compare(optimal_scale_cosine(counts, 128), torch.from_numpy(scipy_cosine(counts.numpy(), 128)), 1e-5),
        floor_seconds(16.0 * len(counts), 88 * 600.0 * len(counts)),
        {
            "derivable": lambda: optimal_scale_cosine(counts, 128),
            "scipy ive, minimize_scalar": lambda: scipy_cosine(counts.numpy(), 128),
        },
    )
    s = torch.randn(64, 256, dtype=WIDE, generator=torch.Generator().manual_seed(1))
    bench.row(
        "best scale of given scores, 64 rows of 256",
        compare(optimal_scale(s), torch.from_numpy(scipy_rows(s.numpy())), 1e-4),
        floor_seconds(8.0 * s.numel(), 400 * 25.0 * s.numel()),
        {"derivable": lambda: optimal_scale(s), "numpy grid, minimize_scalar": lambda: scipy_rows(s.numpy())},
    )
    bench.finish()


if __name__ == "__main__":
    main()
