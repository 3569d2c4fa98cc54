"""HiPPO matrices, steps, products and solves beside scipy's cont2discrete, dense linear algebra and the way of the S4 code.

The S4 code scales a matrix without square roots from both sides, by two products and a general inverse of a diagonal matrix.
Numpy's vectorised outer product takes 256 square roots and rounds each entry twice more; ours rounds each once, 65536 roots,
which are most of its time. scipy's time depends on the threads of its own BLAS: set OPENBLAS_NUM_THREADS to those of
``--threads``, as busy cores make two threads of it many times slower than one.
"""

import numpy as np
import torch
from _measure import Comparison, floor_seconds
from scipy.signal import cont2discrete

from derivable.kernels.discretization import discretize
from derivable.kernels.hippo import hippo_matrix
from derivable.kernels.hippo_fourier import fous_matrix, fous_matvec
from derivable.kernels.hippo_products import legs_matvec, legs_solve
from derivable.kernels.legs_discretization import legs_discretize
from derivable.numerics import compare

WIDE = torch.float64


def numpy_matrices(d: int) -> tuple[np.ndarray, np.ndarray]:
    """LegS in vectorised numpy: the outer product of the square roots, its lower triangle, its diagonal."""
    n = np.arange(d)
    r = np.sqrt(2 * n + 1)
    return -(np.tril(np.outer(r, r), -1) + np.diag(n + 1.0)), np.sqrt(2) * r


def conjugated_matrices(d: int) -> tuple[np.ndarray, np.ndarray]:
    """LegS as T M T⁻¹ with the diagonal T of the square roots, each factor dense and the inverse a general one."""
    odd = 2.0 * np.arange(d) + 1
    T = np.diag(np.sqrt(odd))
    M = np.diag(np.arange(float(d))) - np.tril(np.broadcast_to(odd, (d, d)))
    return T @ M @ np.linalg.inv(T), np.sqrt(2 * odd)


def looped_matrices(d: int) -> tuple[np.ndarray, np.ndarray]:
    """LegS entry by entry, as the formula stands in papers."""
    A = np.zeros((d, d))
    for n in range(d):
        for k in range(n + 1):
            A[n, k] = -(n + 1) if n == k else -np.sqrt((2 * n + 1) * (2 * k + 1))
    return A, np.sqrt(2 * (2 * np.arange(d) + 1.0))


def scipy_step(A: torch.Tensor, B: torch.Tensor, eps: float, method: str) -> tuple[np.ndarray, np.ndarray]:
    d = len(B)
    move, drive, *_ = cont2discrete((A.numpy(), B[:, None].numpy(), np.eye(d), np.zeros((d, 1))), eps, method)
    return move, drive[:, 0]


def allowed(eps: float, A: torch.Tensor, peer: torch.Tensor) -> float:
    """Both sides round sums of d terms; the exponential squares about log2 ‖εA‖ times."""
    return 64 * len(A) * 2.0**-53 * float(peer.abs().max()) * max(1.0, eps * float(A.abs().sum(0).max()))


def main() -> None:
    bench = Comparison("hippo_discretization")
    d = 256
    A, B = hippo_matrix("legs", d, dtype=WIDE)
    bench.row(
        "LegS matrices, N = 256",
        compare(A, torch.from_numpy(looped_matrices(d)[0]), 4 * 2.0**-53 * 2 * d),
        floor_seconds(8.0 * d * d, 3.0 * d * d),
        {
            "derivable": lambda: hippo_matrix("legs", d, dtype=WIDE),
            "numpy, entry by entry": lambda: looped_matrices(d),
            "T M inv(T), dense": lambda: conjugated_matrices(d),
            "numpy, vectorised": lambda: numpy_matrices(d),
        },
    )
    for kind in ("legs", "legt"):
        A, B = hippo_matrix(kind, d, dtype=WIDE)
        for ours, theirs in (("bilinear", "bilinear"), ("zoh", "zoh")):
            special = kind == "legs"
            move, _ = legs_discretize(1e-3, d, ours, dtype=WIDE) if special else discretize(A, B, 1e-3, ours)
            peer = torch.from_numpy(scipy_step(A, B, 1e-3, theirs)[0])
            agreement = compare(move, peer, allowed(1e-3, A, peer))
            bench.row(
                f"{ours} step of {kind}, N = 256",
                agreement,
                floor_seconds(8.0 * 3 * d * d, 4.0 * d * d if special and ours == "bilinear" else 8 / 3 * d**3),
                ({"derivable": lambda m=ours: legs_discretize(1e-3, d, m, dtype=WIDE)} if special else {})
                | {
                    "derivable, any matrix": lambda A=A, B=B, m=ours: discretize(A, B, 1e-3, m),
                    "scipy cont2discrete": lambda A=A, B=B, m=theirs: scipy_step(A, B, 1e-3, m),
                },
            )
    eps = 1 / torch.arange(1, 65, dtype=WIDE)
    A, B = hippo_matrix("legs", d, dtype=WIDE)
    for method in ("bilinear", "zoh"):
        moves, _ = legs_discretize(eps, d, method)
        peers = torch.stack([torch.from_numpy(scipy_step(A, B, float(e), method)[0]) for e in eps])
        bounds = torch.tensor([allowed(float(e), A, peer) for e, peer in zip(eps, peers, strict=True)], dtype=WIDE)
        bench.row(
            f"{method} steps 1, 1/2, …, 1/64 of legs, N = 256",
            compare(moves, peers, bounds[:, None, None].expand_as(moves)),
            floor_seconds(64 * 8.0 * d * d, 64 * (4.0 * d * d if method == "bilinear" else d**3)),
            {
                "derivable": lambda m=method: legs_discretize(eps, d, m),
                "scipy cont2discrete": lambda A=A, B=B, m=method: [scipy_step(A, B, float(e), m) for e in eps],
            },
        )
    for d in (256, 4096):
        A, _ = hippo_matrix("legs", d, dtype=WIDE)
        v = torch.randn(d, dtype=WIDE, generator=torch.Generator().manual_seed(0))
        truth = A @ v
        bench.row(
            f"LegS product, d = {d}",
            compare(legs_matvec(v), truth, 4 * d * 2.0**-53 * float(A.abs().sum(1).max() * v.abs().max())),
            floor_seconds(16.0 * d, 5.0 * d),
            {"derivable": lambda v=v: legs_matvec(v), "dense": lambda A=A, v=v: A @ v},
        )
        left = torch.eye(d, dtype=WIDE) - 0.37 * A
        solved = torch.linalg.solve_triangular(left, v[:, None], upper=False)[:, 0]
        bench.row(
            f"LegS solve, d = {d}",
            compare(legs_solve(0.37, v), solved, 8 * d * 2.0**-53 * float(v.abs().max()) * 10),
            floor_seconds(16.0 * d, 10.0 * d),
            {
                "derivable": lambda v=v: legs_solve(0.37, v),
                "solve_triangular, dense": lambda M=left, v=v: torch.linalg.solve_triangular(M, v[:, None], upper=False),
            },
        )
    N = 1024
    A = fous_matrix(N, dtype=torch.complex128)[0]
    c = torch.randn(2 * N + 1, dtype=torch.complex128, generator=torch.Generator().manual_seed(0))
    bench.row(
        "product with the Fourier analogue, N = 1024",
        compare(fous_matvec(c), A @ c, 16 * 2.0**-53 * N * 13 * float(c.norm())),
        floor_seconds(32.0 * N, 200.0 * N),
        {"derivable": lambda: fous_matvec(c), "dense": lambda: A @ c},
    )
    bench.finish()


if __name__ == "__main__":
    main()
