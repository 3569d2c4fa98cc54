"""Polynomial inequalities by open cells: against brute force, and where the region is thin."""

from __future__ import annotations

import itertools
import random
import time
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from flint import fmpq, fmpq_poly

from derivable.trusted.cylindrical import between, nonnegative_on, real_roots

x, y, z, w = sp.symbols("x y z w", real=True)


def cells(p: Any, linear: tuple[Any, ...] = (), strict: tuple[Any, ...] = ()) -> int | None:
    return nonnegative_on(sp.expand(p), linear, strict, time.monotonic() + 20)


TRUE = {
    "Motzkin": (x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1, ()),
    "Schur": (x * (x - y) * (x - z) + y * (y - x) * (y - z) + z * (z - x) * (z - y), (x, y, z)),
    "three means": (x**3 + y**3 + z**3 - 3 * x * y * z, (x, y, z)),
    "Cauchy": ((x**2 + y**2) * (z**2 + w**2) - (x * z + y * w) ** 2, ()),
    "a square": ((x - y) ** 2, ()),
    "on a simplex": (x * y * (1 - x - y) * -27 + 1, (x, y, 1 - x - y)),
}

FALSE = {
    "Motzkin, less": (x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + sp.Rational(99, 100), ()),
    "Schur anywhere": (x * (x - y) * (x - z) + y * (y - x) * (y - z) + z * (z - x) * (z - y) - sp.Rational(1, 1000), (x, y, z)),
    "three means of any numbers": (x**3 + y**3 + z**3 - 3 * x * y * z, ()),
    "negative on a thin strip": ((x - y) * (x - y - sp.Rational(1, 10**6)), ()),
    "negative inside a small disc": (x**2 + y**2 - sp.Rational(1, 10**8), ()),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_inequalities_hold_on_all_cells(name: str) -> None:
    assert cells(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_false_ones_fail_on_one(name: str) -> None:
    assert cells(*FALSE[name]) is None


def test_a_region_without_interior_says_nothing() -> None:
    """x ≥ 0 and -x ≥ 0 leave a line, on which no cell lies."""
    assert cells(-1 + 0 * x + y - y + x * 0 - 0, (x, -x)) is None
    assert cells(y - 5 + x * y * 0 + x, (x, -x)) is None


@pytest.mark.parametrize("seed", range(12))
def test_agreement_with_a_grid(seed: int) -> None:
    """A polynomial with a negative value at a point of a grid is never accepted."""
    draw = random.Random(seed)
    p = sum(draw.randint(-3, 3) * x**a * y**b for a, b in itertools.product(range(4), repeat=2) if a + b <= 4) + draw.randint(
        0, 9
    )
    values = [p.subs({x: sp.Rational(a, 4), y: sp.Rational(b, 4)}) for a, b in itertools.product(range(-12, 13, 2), repeat=2)]
    if p.free_symbols and min(values) < 0:
        assert cells(p) is None


@pytest.mark.parametrize(
    "roots", [(0,), (1, 2), (-3, Fraction(1, 3), Fraction(1, 3), 5), (Fraction(1, 10**6), Fraction(1, 10**6 + 1))]
)
def test_real_roots_are_isolated_and_the_gaps_sampled(roots: tuple[Any, ...]) -> None:
    p = fmpq_poly([1])
    for r in roots:
        p *= fmpq_poly([-fmpq(Fraction(r).numerator, Fraction(r).denominator), 1])
    p *= fmpq_poly([1, 0, 1])  # two roots that are not real
    found = real_roots(p)
    distinct = sorted({Fraction(r) for r in roots})
    assert len(found) == len(distinct)
    for (low, high), r in zip(found, distinct, strict=True):
        value = fmpq(r.numerator, r.denominator)
        assert low <= value <= high
    points = between(found)
    assert len(points) == len(distinct) + 1
    assert points == sorted(points)
