"""HiPPO and Legendre kernels beside scipy's cont2discrete and numpy's legval."""

import numpy as np
import torch
from _measure import Comparison, floor_seconds
from scipy.signal import cont2discrete

from derivable.kernels import hippo_matrix, hippo_online, legendre_reconstruct
from derivable.numerics import compare

WIDE = torch.float64


def scipy_online(u: torch.Tensor, d: int, kind: str, step: float) -> torch.Tensor:
    """Discretise with scipy (at every step for LegS, whose matrix moves with time), then multiply."""
    A, B = (t.numpy() for t in hippo_matrix(kind, d, dtype=WIDE))
    x, states = np.zeros((u.shape[1], d)), []
    fixed = _bilinear(A, B, step) if kind == "legt" else None
    for k, sample in enumerate(u.numpy()):
        if kind == "legs" and k == 0:
            x[:, 0] = np.sqrt(2) * sample
        else:
            move, drive = fixed or _legs_step(A, B, k)
            x = x @ move.T + sample[:, None] * drive
        states.append(x.copy())
    return torch.from_numpy(np.stack(states))


def _bilinear(A: np.ndarray, B: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    move, drive, *_ = cont2discrete((A, B[:, None], np.eye(len(A)), np.zeros((len(A), 1))), step, "bilinear")
    return move, drive[:, 0]


def _legs_step(A: np.ndarray, B: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    eye = np.eye(len(A))
    weight = (1 / k + 1 / (k + 1)) / 2
    both = np.linalg.solve(eye - A / (2 * (k + 1)), np.column_stack([eye + A / (2 * k), weight * B]))
    return both[:, :-1], both[:, -1]


def main() -> None:
    bench = Comparison("hippo")
    for kind, d, length in (("legs", 64, 1000), ("legs", 256, 300), ("legt", 64, 2000)):
        u = torch.randn(length, 8, dtype=WIDE, generator=torch.Generator().manual_seed(0))
        options = {} if kind == "legs" else {"step": 1 / length}
        ours, peer = hippo_online(u, kind, d, **options), scipy_online(u, d, kind, 1 / length)
        agreement = compare(ours, peer, 4 * (length + d) * 1.2e-16 * float(peer.abs().max()))
        work = length * 8 * d * (9 if kind == "legs" else 2 * d)
        bench.row(
            f"online {kind}, d = {d}, {length} samples, batch 8",
            agreement,
            floor_seconds(8.0 * length * 8 * d, work),
            {
                "derivable": lambda u=u, kind=kind, d=d, o=options: hippo_online(u, kind, d, **o),
                "scipy/numpy dense": lambda u=u, kind=kind, d=d, n=length: scipy_online(u, d, kind, 1 / n),
            },
        )
    for rows, d, points in ((1, 256, 10_000), (64, 64, 4096)):
        c = torch.randn(rows, d, dtype=WIDE, generator=torch.Generator().manual_seed(1))
        s = torch.linspace(-1, 1, points, dtype=WIDE)
        scaled = (c * (torch.arange(d, dtype=WIDE) + 0.5).sqrt()).T.numpy()
        peer = torch.from_numpy(np.polynomial.legendre.legval(s.numpy(), scaled))
        ours = legendre_reconstruct(c, s)
        agreement = compare(ours, peer, 3 * d * d * 1.2e-16 * float(abs(scaled).sum(0).max()))
        bench.row(
            f"Legendre series, {rows} rows of {d} coefficients, {points} points",
            agreement,
            floor_seconds(8.0 * rows * points, 2.0 * rows * d * points),
            {
                "derivable": lambda c=c, s=s: legendre_reconstruct(c, s),
                "numpy legval": lambda s=s, w=scaled: np.polynomial.legendre.legval(s.numpy(), w),
            },
        )
    bench.finish()


if __name__ == "__main__":
    main()
