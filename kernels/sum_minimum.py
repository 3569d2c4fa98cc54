"""The minimum of a + b + c over natural numbers with N = ab + c, exact for integers of any size."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import operator
from math import isqrt
from typing import TYPE_CHECKING, SupportsIndex

import torch
from torch import Tensor

from derivable.kernels._check import check_tensor, refuse

if TYPE_CHECKING:
    from jaxtyping import Int64

# From here on blocks of torch beat a loop of Python integers (measured: benchmarks/sum_minimum.py).
_BLOCKS_FROM = 10**18
# While q < 2^56 a float64 square root is off by e ≤ 33: |q² - D| ≤ (2q + e)e < 2^63 is exact modulo 2^64.
_LARGEST_ROOT = 2**56
# While q < 2^50 that root is off by at most 1.5, and needs no Newton step.
_LARGEST_PLAIN_ROOT = 2**50
_FIRST_BLOCK, _LARGEST_BLOCK = 2**10, 2**15
_BATCH_CELLS = 2**16
_BATCH_LIMIT = 2**61


def min_abc(N: int) -> tuple[int, int, int]:
    r"""Return natural numbers ``(a, b, c)``, a ≤ b, with ab + c = N and the least a + b + c.

    With p = a + b, q = b - a, D = p² - 4N: 4c = q² - D ≥ 0, so for each p the best q is the least q ≥ √D of
    p's parity. p runs upwards from ⌊2√N⌋ and stops at the best sum found, because the sum is at least p.
    Among equal sums the one of the least p is returned, and (0, 0, N) before all.

    Args:
        N: at least 1, of any size.

    Raises:
        ValueError: N < 1.
        TypeError: N is no integer.

    Notes:
        Claims ``mathematics/sum_minimum/C5``, ``C6`` (exact by early stop), ``C8`` (integers). Steps: at most
        √(1+4√N) + 4, typically 1.2 N^{1/6}. From N = 10^18 the scan runs in blocks of int64 modulo 2^64; the
        residue q² - D is exact although p, D and q² overflow, as long as q < 2^56, which the scan reaches
        for N up to about 10^49; beyond that (only time is lost) it goes on in Python integers.
    """
    N = _natural("min_abc: N", N)
    start = isqrt(4 * N)
    best, p, q = _scan(N, N, 0, 0, start, start + 1)  # the one p ≤ 2√N that matters
    start += 1
    if N >= _BLOCKS_FROM:
        best, p, q, start = _scan_blocks(N, best, p, q, start)
    best, p, q = _scan(N, best, p, q, start, N)
    return (p - q) // 2, (p + q) // 2, best - p


def sum_lower_bound(N: int) -> int:
    r"""Return ⌈2√N⌉, a lower bound of a + b + c with ab + c = N; for N < 4 the minimum itself, N.

    Claim ``mathematics/sum_minimum/C4``: for N ≥ 4 the sum is at least 2√N, and equals it exactly when N is
    a square.

    Raises:
        ValueError: N < 1.
        TypeError: N is no integer.
    """
    N = _natural("sum_lower_bound: N", N)
    return N if N < 4 else isqrt(4 * N - 1) + 1


def min_abc_batch(
    N: Int64[Tensor, "*batch"],
) -> tuple[Int64[Tensor, "*batch"], Int64[Tensor, "*batch"], Int64[Tensor, "*batch"]]:
    r"""Return ``(a, b, c)`` for every entry of ``N``, the same triples as :func:`min_abc`.

    Args:
        N: int64, 1 ≤ N < 2^61, any shape and device.

    Raises:
        ValueError: an entry outside 1..2^61-1.
        TypeError: no tensor, or not int64.

    Notes:
        Claims ``mathematics/sum_minimum/C6``, ``C8``. Rows stop one by one and are dropped; p² may exceed
        2^63, its difference to 4N does not. Cost as :func:`min_abc` per entry, vectorised over rows and
        steps.
    """
    check_tensor("min_abc_batch: N", N, (torch.int64,), "[...]", 0)
    if N.numel() and not (int(N.min()) > 0 and int(N.max()) < _BATCH_LIMIT):
        found = f"between {int(N.min())} and {int(N.max())}"
        refuse("min_abc_batch: N", found, "between 1 and 2^61 - 1", "use min_abc for larger integers")
    flat = N.flatten()
    p = _isqrt(4 * flat)
    q = p & 1  # D ≤ 0 here: q is 0 or 1
    best = p + (q - (p * p - 4 * flat)) // 4
    trivial = best >= flat
    best, q, chosen = (torch.where(trivial, other, own) for other, own in ((flat, best), (0, q), (0, p)))
    alive = (p + 1 < best).nonzero().flatten()
    first = p + 1
    while len(alive):
        columns = torch.arange(max(1, min(256, _BATCH_CELLS // len(alive))), device=N.device)
        grid = first[alive, None] + columns  # [rows, columns]
        D = grid * grid - 4 * flat[alive, None]
        root, rest = _least_root(D.double(), D, grid & 1, newton=False)
        total, place = (grid + rest // 4).min(1)
        better = total < best[alive]
        rows, place = alive[better], place[better, None]
        best[rows] = total[better]
        chosen[rows], q[rows] = grid[better].gather(1, place)[:, 0], root[better].gather(1, place)[:, 0]
        first[alive] += len(columns)
        alive = alive[first[alive] < best[alive]]
    a, b, c = (chosen - q) // 2, (chosen + q) // 2, best - chosen
    return a.reshape(N.shape), b.reshape(N.shape), c.reshape(N.shape)


def _natural(where: str, N: object) -> int:
    expected = "an integer of at least 1"
    if isinstance(N, bool) or not isinstance(N, SupportsIndex):
        refuse(where, f"{N!r} ({type(N).__name__})", expected, "pass a Python int", TypeError)
    if operator.index(N) < 1:
        refuse(where, str(N), expected, "there is no smaller natural number to split")
    return operator.index(N)


def _scan(N: int, best: int, best_p: int, best_q: int, p: int, end: int) -> tuple[int, int, int]:
    """Scan p up to ``end`` or the best sum, whichever comes first; return the best sum with its p and q."""
    D = p * p - 4 * N
    while p < end and p < best:
        q = isqrt(D - 1) + 1 if D > 0 else 0
        q += (q ^ p) & 1
        total = p + (q * q - D) // 4
        if total < best:
            best, best_p, best_q = total, p, q
        D += 2 * p + 1
        p += 1
    return best, best_p, best_q


def _scan_blocks(N: int, best: int, best_p: int, best_q: int, start: int) -> tuple[int, int, int, int]:
    """Scan from ``start`` in blocks while that is exact; return the best and the p where the scan stopped."""
    D = start * start - 4 * N  # > 0, so that no float below cancels
    slope, D_wrapped, slope_wrapped = float(2 * start), _wrapped(D), _wrapped(2 * start)
    D_float, done, size = float(D), 0, _FIRST_BLOCK
    parity = start & 1
    while start + done < best:
        size = min(size * 2, _LARGEST_BLOCK)
        largest = isqrt(D + (2 * start + done + size) * (done + size)) + 2
        if largest >= _LARGEST_ROOT:
            break
        t = torch.arange(done, done + size)
        float_t = t.double()
        values = ((float_t + slope) * float_t).add_(D_float)
        wrapped = ((t + slope_wrapped) * t).add_(D_wrapped)
        root, rest = _least_root(values, wrapped, (t + parity) & 1, newton=largest >= _LARGEST_PLAIN_ROOT)
        excess, place = (t + (rest >> 2)).min(0)
        if start + int(excess) < best:
            best, best_p, best_q = start + int(excess), start + done + int(place), int(root[place])
        done += size
    return best, best_p, best_q, start + done


def _least_root(values: Tensor, wrapped: Tensor, parity: Tensor, *, newton: bool) -> tuple[Tensor, Tensor]:
    """Return the least q ≥ √D of a parity and the exact q² - D, from D > 0 as float64 and modulo 2^64."""
    q = values.sqrt().long()
    if newton:
        rest = q * q - wrapped
        q = q - (rest.double() / (2 * q.double())).round().long()
    q -= (q ^ parity) & 1
    # now √D - 2.5 ≤ q ≤ √D + 1.5, so at most two steps of 2 are missing and none is too many
    rest = (q * q).sub_(wrapped)
    for _ in range(2):
        short = (rest < 0).long()
        rest += short * (4 * q + 4)
        q += 2 * short
    return q, rest


def _wrapped(value: int) -> int:
    """Return the representative of ``value`` modulo 2^64 in the range of int64."""
    return (value + 2**63) % 2**64 - 2**63


def _isqrt(values: Tensor) -> Tensor:
    """Return ⌊√v⌋ of int64 values ≥ 0: the float root is off by at most one."""
    root = values.double().sqrt().long()
    root -= (root * root - values > 0).long()
    return root + ((root + 1) * (root + 1) - values <= 0).long()


def reference_min_abc(N: int) -> tuple[int, int, int]:
    """Return a triple with the least sum by trying every a ≤ √N with b = ⌊N/a⌋; cost √N steps.

    For a ≥ 1 the sum N + 1 - (a-1)(b-1) falls as b grows, a = 0 leaves c = N; a and b may be exchanged.
    """
    best = (0, 0, N)
    for a in range(1, isqrt(N) + 1):
        b = N // a
        if a + b + N - a * b < sum(best):
            best = (a, b, N - a * b)
    return best
