"""Crank–Nicolson steps beside scipy's solve_banded and a dense solve."""

import math

import numpy as np
import torch
from _measure import Comparison, floor_seconds
from scipy.linalg import solve_banded

from derivable.kernels import fp_crank_nicolson, fp_generator_1d
from derivable.kernels.fokker_planck import reference_fp_crank_nicolson
from derivable.numerics import compare, rounding_bound

WIDE = torch.float64


def scipy_crank_nicolson(p: np.ndarray, lo: np.ndarray, di: np.ndarray, up: np.ndarray, dt: float, steps: int) -> np.ndarray:
    """The same steps by LAPACK, one batch as columns; p is [n, batch]."""
    h, bands = dt / 2, np.zeros((3, len(di)))
    bands[0, 1:], bands[1], bands[2, :-1] = -h * up[:-1], 1 - h * di, -h * lo[1:]
    for _ in range(steps):
        right = (1 + h * di)[:, None] * p
        right[1:] += h * lo[1:, None] * p[:-1]
        right[:-1] += h * up[:-1, None] * p[1:]
        p = solve_banded((1, 1), bands, right)
    return p


def main() -> None:
    bench = Comparison("fokker_planck")
    for n, batch, steps in ((400, 1, 100), (400, 64, 100), (10_000, 64, 20)):
        x = torch.linspace(-7, 7, n, dtype=WIDE)
        means = torch.linspace(-1, 1, batch, dtype=WIDE)[:, None]
        p = torch.exp(-2 * (x - means) ** 2) * math.sqrt(2 / math.pi)
        rows = fp_generator_1d(x, lambda s: -s / 2, 0.5)
        arrays = [row.numpy() for row in rows]
        dt = 1 / steps
        ours = fp_crank_nicolson(p, *rows, dt, steps)
        peer = torch.from_numpy(scipy_crank_nicolson(p.T.numpy(), *arrays, dt, steps).T)
        stiffness = 1 + dt * float(rows[1].abs().max())
        allowed = rounding_bound(WIDE, 20 * steps, condition=stiffness, scale=float(p.max()))
        runs = {
            "derivable": lambda p=p, r=rows, dt=dt, k=steps: fp_crank_nicolson(p, *r, dt, k),
            "scipy solve_banded": lambda p=p, a=arrays, dt=dt, k=steps: scipy_crank_nicolson(p.T.numpy(), *a, dt, k),
        }
        if n * batch <= 400:
            runs["dense solve"] = lambda p=p, r=rows, dt=dt, k=steps: reference_fp_crank_nicolson(p[0], *r, dt, k)
        floor = floor_seconds(24.0 * n * batch * steps, 8.0 * n * batch * steps)
        bench.row(f"n = {n}, batch {batch}, {steps} steps", compare(ours, peer, allowed), floor, runs)
    bench.finish()


if __name__ == "__main__":
    main()
