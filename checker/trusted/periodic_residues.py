"""Residues of powers and Fibonacci's numbers: linear recurrences are periodic modulo every number."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import bound_variables, variables_of
from derivable.trusted.rounding import in_floors, rewritten, told_with

LONGEST_PERIOD = 60
LARGEST_MODULUS = 1000
FIRST = {sp.fibonacci: (0, 1), sp.lucas: (2, 1)}  # a(n + 2) = a(n + 1) + a(n)


class ResidueCase(NamedTuple):
    """A statement in one class of n, without the floors, what is known there, and its text."""

    statement: Any
    facts: Facts
    text: str


class _Period(NamedTuple):
    """a(n + length) ≡ a(n) for n ≥ start."""

    start: int
    length: int


def by_periodic_residues(e: Any, facts: Facts) -> list[ResidueCase] | None:
    """e for n = 0 … s - 1, and for n = P m + r, r = s … s + P - 1, with ⌊p(n)/L⌋ = (p(n) - c)/L, where p(n) ≡ c modulo L there.

    p is a polynomial with integer coefficients in n, powers B^(αn + β), Fibonacci's and Lucas's numbers F(αn + β): each of them
    is periodic modulo L from some n on, which the first state that returns tells.
    """
    written = in_floors(e, facts)
    for n in (v for v in variables_of(written) if v.is_integer and facts.is_nonnegative(v)):
        floors = [f for f in written.atoms(sp.floor) if f.has(n) and _is_exponential(f, n)]
        read = {f: _numerator(f.args[0], n) for f in floors}
        if not floors or n in bound_variables(written) or None in read.values():
            continue
        periods = [_period(p, n, modulus) for p, modulus in filter(None, read.values())]
        if None in periods:
            continue
        start = max(period.start for period in periods if period is not None)
        length = int(sp.ilcm(1, 1, *(period.length for period in periods if period is not None)))
        if start + length > LONGEST_PERIOD:
            continue
        return _cases(written, n, facts, read, start, length)
    return None


def _is_exponential(f: Any, n: Any) -> bool:
    """Whether there is more in it than polynomials: those are left to residue classes."""
    return f.has(*FIRST) or any(power.exp.has(n) for power in f.atoms(sp.Pow))


def _cases(e: Any, n: Any, facts: Facts, read: dict[Any, Any], start: int, length: int) -> list[ResidueCase]:
    cases = []
    m = sp.Dummy(f"{n}'", integer=True, nonnegative=True)
    for r in range(start + length):
        value = sp.Integer(r) if r < start else length * m + r
        floors = {f: (p - _at(p, n, r, modulus)) / modulus for f, (p, modulus) in read.items()}
        given = [told_with(c, n, value) for c in facts.where]
        try:
            known = Facts((*given, *([value >= 1] if n.is_positive else [])))
        except Contradiction:
            continue
        cases.append(ResidueCase(rewritten(rewritten(e, floors), {n: value}), known, f"{n} = {value}"))
    return cases


def _numerator(u: Any, n: Any) -> tuple[Any, int] | None:
    """(p, L) for u = p/L."""
    u = sp.expand(u)
    coefficients = [t.as_coeff_Mul()[0] for t in sp.Add.make_args(u)]
    if u.free_symbols != {n} or not all(c.is_Rational for c in coefficients):
        return None
    modulus = int(sp.ilcm(1, 1, *(c.q for c in coefficients)))
    return (sp.expand(modulus * u), modulus) if 1 < modulus <= LARGEST_MODULUS else None


def _factors(p: Any) -> set[Any]:
    """What p is a polynomial in, with integer coefficients."""
    found = set()
    for term in sp.Add.make_args(p):
        for factor in sp.Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            if not factor.is_Integer:
                found.add(base if exponent.is_Integer and exponent > 0 and not base.is_number else factor)
    return found


def _period(p: Any, n: Any, modulus: int) -> _Period | None:
    periods = [_period_of(factor, n, modulus) for factor in _factors(p)]
    if None in periods or not periods:
        return None
    start = max(period.start for period in periods if period is not None)
    return _Period(start, int(sp.ilcm(1, 1, *(period.length for period in periods if period is not None))))


def _period_of(factor: Any, n: Any, modulus: int) -> _Period | None:
    if factor == n:
        return _Period(0, modulus)
    line = _line(factor.exp if factor.is_Pow else factor.args[0], n) if factor.args else None
    if line is None:
        return None
    slope, _ = line
    if factor.is_Pow and factor.base.is_Integer:
        return _returning(((pow(int(factor.base), slope, modulus),),), modulus)
    if factor.func in FIRST and len(factor.args) == 1:
        step = _power(((0, 1), (1, 1)), slope, modulus)
        return _returning(step, modulus)
    return None


def _line(u: Any, n: Any) -> tuple[int, int] | None:
    """(α, β) for u = α n + β with natural numbers α ≥ 1 and β."""
    slope = sp.expand(u).coeff(n)
    rest = sp.expand(u - slope * n)
    natural = slope.is_Integer and rest.is_Integer and slope >= 1 and rest >= 0
    return (int(slope), int(rest)) if natural else None


Matrix = tuple[tuple[int, ...], ...]


def _times(a: Matrix, b: Matrix, modulus: int) -> Matrix:
    columns = list(zip(*b, strict=True))
    return tuple(tuple(sum(x * y for x, y in zip(row, column, strict=True)) % modulus for column in columns) for row in a)


def _power(a: Matrix, exponent: int, modulus: int) -> Matrix:
    return functools.reduce(lambda total, _: _times(total, a, modulus), range(exponent - 1), a)


def _returning(step: Matrix, modulus: int) -> _Period | None:
    """Where the powers of a matrix begin to return, and after how many steps: so do all sequences that it moves."""
    size = len(step)
    state: Matrix = tuple(tuple(int(i == j) % modulus for j in range(size)) for i in range(size))
    seen: dict[Matrix, int] = {}
    for position in range(2 * LONGEST_PERIOD):
        if state in seen:
            return _Period(seen[state], position - seen[state])
        seen[state] = position
        state = _times(step, state, modulus)
    return None


def _at(p: Any, n: Any, r: int, modulus: int) -> int:
    """p(r) modulo L, exactly."""
    return int(p.subs(n, r)) % modulus


__all__ = ["ResidueCase", "by_periodic_residues"]
