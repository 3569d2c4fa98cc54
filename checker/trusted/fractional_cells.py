"""Order of floors of several real variables: integer parts taken out, and the cells of the fractional parts one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import sympy as sp

from derivable.trusted.charts import Denied
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts, replaced
from derivable.trusted.heads import bound_variables

Sign = Callable[[Any, Facts, bool], "Proof | None"]
Line = tuple[tuple[Fraction, ...], Fraction]  # Σ_i b_i t_i + c
Constraint = tuple[tuple[Fraction, ...], Fraction, bool]  # Σ_i b_i t_i + c ≥ 0, or > 0
VARIABLES, FLOORS, CELLS = 3, 8, 96  # at most


def by_fractional_cells(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 with x = L (m + t) for each real x, m an integer and 0 ≤ t < 1, on each set of t where all floors are constant.

    The floors are of Σ a x + (an integer) + c with rational a and c; L is the common denominator of the a of one x, so that
    the integers L a m can be taken out. What is left are finitely many sets, cut out by v ≤ Σ b t + c < v + 1; those that
    are empty are told by elimination. Raises `Denied` where the claim fails on one of them.
    """
    e = _in_floors(e, facts)
    floors = sorted((f for f in e.atoms(sp.floor) if not f.free_symbols & bound_variables(e)), key=sp.default_sort_key)
    if not 0 < len(floors) <= FLOORS:
        return None
    reals = sorted({s for f in floors for s in f.free_symbols if not facts.is_integer(s)}, key=str)
    if not 0 < len(reals) <= VARIABLES or not all(s.is_Symbol and facts.is_real(s) for s in reals):
        return None
    read = [_read(f.args[0], reals, facts) for f in floors]
    slopes = [line for line in read if line is not None]
    if len(slopes) < len(read):
        return None
    scale = [sp.ilcm(1, *(a[i].q for a, _, _ in slopes)) for i in range(len(reals))]
    whole = [sp.Dummy(f"m{i}", integer=True) for i in range(len(reals))]
    part = [sp.Dummy(f"t{i}", real=True, nonnegative=True) for i in range(len(reals))]
    values = {x: s * (m + t) for x, s, m, t in zip(reals, scale, whole, part, strict=True)}
    lines = [(tuple(Fraction(int(a[i] * s)) for i, s in enumerate(scale)), Fraction(int(c.p), int(c.q))) for a, _, c in slopes]
    out = [n + sp.Add(*(a[i] * s * whole[i] for i, s in enumerate(scale))) for a, n, _ in slopes]
    proof, cells = Proof(), list(_cells(list(dict.fromkeys(lines)), len(reals)))
    if len(cells) > CELLS:
        return None
    for cell in cells:
        target = e.xreplace({f: n + cell[line] for f, n, line in zip(floors, out, lines, strict=True)}).subs(values)
        bounds = [t < 1 for t in part]
        for (b, c), v in cell.items():
            form = sp.Add(*(sp.Rational(w.numerator, w.denominator) * t for w, t in zip(b, part, strict=True)))
            height = form + sp.Rational(c.numerator, c.denominator)
            bounds += [sp.Ge(height, v), sp.Lt(height, v + 1)]
        try:
            given = Facts((*_moved(facts, values), *_assumed(values, whole), *bounds))
            found = sign(sp.expand(target), given, strict)
        except Contradiction:
            continue
        except (NoNormalForm, NeedCase, RecursionError):
            return None
        if found is None:
            value = sp.expand(target)
            if not facts.where and value.is_Rational and (value < 0 or (strict and value == 0)):
                raise Denied(scale[0] * _inside(cell) if len(reals) == 1 else None)
            return None
        proof = proof.join(found)
    names = ", ".join(map(str, reals))
    return Proof((("fractional parts", f"{len(cells)} sets of those of {names}, on which all floors are known"),)).join(proof)


def _inside(cell: dict[Line, int]) -> Any:
    """A point of a cell in one dimension."""
    low, high = Fraction(0), Fraction(1)
    for ((b,), c), v in cell.items():
        if b != 0:
            ends = sorted(((v - c) / b, (v + 1 - c) / b))
            low, high = max(low, ends[0]), min(high, ends[1])
    middle = (low + high) / 2
    return sp.Rational(middle.numerator, middle.denominator)


def _in_floors(e: Any, facts: Facts) -> Any:
    """e with ceilings, fractional parts, and remainders by positive rational numbers written with floors."""
    e = e.replace(sp.ceiling, lambda u: -sp.floor(-u)).replace(
        sp.frac, lambda u: u - sp.floor(u) if facts.is_real(u) else sp.frac(u)
    )
    e = e.replace(
        lambda node: isinstance(node, sp.Mod) and node.args[1].is_Rational and node.args[1] > 0 and facts.is_real(node.args[0]),
        lambda node: node.args[0] - node.args[1] * sp.floor(node.args[0] / node.args[1]),
    )
    return e.replace(sp.floor, lambda u: sp.floor(sp.expand(u)))


def _read(u: Any, reals: list[Any], facts: Facts) -> tuple[list[Any], Any, Any] | None:
    """(a, n, c) with u = Σ a x + n + c, the a and c rational, n an integer."""
    a = [sp.expand(u).coeff(x) for x in reals]
    rest = sp.expand(u - sp.Add(*(w * x for w, x in zip(a, reals, strict=True))))
    c, n = rest.as_coeff_Add()
    if not all(w.is_Rational for w in a) or not c.is_Rational or not facts.is_integer(n):
        return None
    return a, n, c


def _moved(facts: Facts, values: dict[Any, Any]) -> Iterator[Any]:
    """The relations among the hypotheses, for the new variables."""
    for condition in facts.where:
        if isinstance(condition, sp.core.relational.Relational):
            for x, value in values.items():
                condition = replaced(condition, x, value)
            yield condition


def _assumed(values: dict[Any, Any], whole: list[Any]) -> Iterator[Any]:
    """What is assumed of the signs of the old variables, for the new ones."""
    for (x, value), m in zip(values.items(), whole, strict=True):
        for holds, relations in (
            (x.is_positive, (value > 0,)),
            (x.is_nonnegative, (value >= 0, m >= 0)),
            (x.is_negative, (value < 0, m <= -1)),
            (x.is_nonpositive, (value <= 0, m <= 0)),
        ):
            yield from relations if holds else ()


def _cells(lines: list[Line], dimension: int) -> Iterator[dict[Line, int]]:
    """The values v of the floors of the lines that some t in [0, 1)^dimension takes together."""
    unit = [(1, False), (-1, True)]
    cube = [
        (tuple(Fraction(way if i == j else 0) for j in range(dimension)), Fraction(0 if way > 0 else 1), strict)
        for i in range(dimension)
        for way, strict in unit
    ]

    def extended(chosen: dict[Line, int], constraints: list[Constraint]) -> Iterator[dict[Line, int]]:
        if len(chosen) == len(lines):
            yield chosen
            return
        b, c = line = lines[len(chosen)]
        low = c + sum(min(w, Fraction(0)) for w in b)
        high = c + sum(max(w, Fraction(0)) for w in b)
        for v in range(low.__floor__(), high.__floor__() + 1):
            inside = [(b, c - v, False), (tuple(-w for w in b), v + 1 - c, True)]
            if feasible([*constraints, *inside]):
                yield from extended({**chosen, line: v}, [*constraints, *inside])

    yield from extended({}, cube)


def feasible(constraints: list[Constraint]) -> bool:
    """Whether some real t has Σ b t + c ≥ 0, or > 0 where strict, for all (b, c, strict), by Fourier–Motzkin elimination."""
    while constraints and constraints[0][0]:
        up = [(b, c, s) for b, c, s in constraints if b[0] > 0]
        down = [(b, c, s) for b, c, s in constraints if b[0] < 0]
        kept = {(b[1:], c, s) for b, c, s in constraints if b[0] == 0}
        for b, c, s in up:
            for d, f, r in down:
                p, q = -d[0], b[0]
                kept.add((tuple(p * v + q * w for v, w in zip(b[1:], d[1:], strict=True)), p * c + q * f, s or r))
        constraints = list(kept)
    return all(c > 0 or (c == 0 and not strict) for _, c, strict in constraints)


__all__ = ["by_fractional_cells", "feasible"]
