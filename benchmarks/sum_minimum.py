"""The least a + b + c beside brute force over a and, where it is installed, a scan with gmpy2."""

import math

import torch
from _measure import Comparison, floor_seconds

from derivable.kernels import min_abc, min_abc_batch
from derivable.kernels.sum_minimum import reference_min_abc
from derivable.numerics import compare

try:
    import gmpy2
except ImportError:
    gmpy2 = None


def gmpy2_min_abc(N: int) -> tuple[int, int, int]:
    """The early-stopped scan in GMP integers."""
    best, found, p = N, (0, 0, N), gmpy2.isqrt(gmpy2.mpz(4 * N))
    D = p * p - 4 * N
    while p < best:
        q = gmpy2.isqrt(D - 1) + 1 if D > 0 else gmpy2.mpz(0)
        q += (q ^ p) & 1
        c = (q * q - D) // 4
        if p + c < best:
            best, found = p + c, (int(p - q) // 2, int(p + q) // 2, int(c))
        D += 2 * p + 1
        p += 1
    return found


def main() -> None:
    bench = Comparison("sum_minimum")
    for N in (10**9 + 7, 10**12 + 39, 10**24 + 7, 10**33 + 57, 10**39 + 9):
        runs, truths = {"derivable": lambda N=N: min_abc(N)}, []
        if gmpy2 is not None:
            runs["gmpy2 scan"] = lambda N=N: gmpy2_min_abc(N)
            truths.append(gmpy2_min_abc(N))
        if N < 10**13:
            runs["brute force over a"] = lambda N=N: reference_min_abc(N)
            truths.append(reference_min_abc(N))
        sums = torch.tensor([sum(truth) == sum(min_abc(N)) for truth in truths])
        steps = sum(min_abc(N)) - math.isqrt(4 * N)
        agreement = compare(sums, torch.ones_like(sums), 0.0)
        bench.row(f"N = {N}, {steps} steps", agreement, floor_seconds(0, 20 * steps), runs)
    N = torch.randint(1, 2**61 - 1, (2000,), generator=torch.Generator().manual_seed(0))
    batch, loop = sum(min_abc_batch(N)), torch.tensor([sum(min_abc(int(n))) for n in N])
    runs = {
        "derivable, batch": lambda: min_abc_batch(N),
        "derivable, one by one": lambda: [min_abc(int(n)) for n in N],
    }
    steps = float((loop.double() - 2 * N.double().sqrt()).sum())
    bench.row("2000 random N below 2^61", compare(batch, loop, 0.0), floor_seconds(0, 20 * steps), runs)
    bench.finish()


if __name__ == "__main__":
    main()
