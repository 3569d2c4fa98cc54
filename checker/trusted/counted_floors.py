"""Sums of rounded roots and logarithms by counting, and the values of those at powers and near them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.division import Kind, root_or_logarithm
from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables
from derivable.trusted.rounding import expanded, rewritten

Positive = Callable[[Any, Facts, bool], bool]
NEAR = (0, -1, 1)
MOST_NODES = 3


def with_counted_sums(e: Any, facts: Facts, positive: Positive) -> tuple[Any, str] | None:
    """e with the values of its sums of rounded roots or logarithms, where g is growing with the inverse G, G(j) integers:

        Σ_{k=c}^{n} ⌊g(k)⌋ = (n + 1) q - Σ_{j=1}^{q} G(j), q = ⌊g(n)⌋,
        Σ_{k=c}^{n} ⌈g(k)⌉ = q n - Σ_{j=0}^{q-1} G(j), q = ⌈g(n)⌉,

    for n ≥ c = G(0): n - G(j) + 1 of the k have ⌊g(k)⌋ ≥ j, for 1 ≤ j ≤ q, and n - G(j) of them ⌈g(k)⌉ > j, for 0 ≤ j < q
    (Graham, Knuth, Patashnik, *Concrete Mathematics*, 3.5).
    """
    bound = bound_variables(e)
    values: dict[Any, Any] = {}
    for node in sorted(e.atoms(sp.Sum), key=sp.default_sort_key)[:MOST_NODES]:
        if node.free_symbols & bound or len(node.limits) != 1:
            continue
        value = _value(node, facts, positive)
        if value is not None:
            values[node] = value
    return (rewritten(e, values), ", ".join(f"{node} = {value}" for node, value in values.items())) if values else None


def _value(node: Any, facts: Facts, positive: Positive) -> Any:
    k, a, b = node.limits[0]
    coefficient, rounded = node.args[0].as_independent(k, as_Add=False)
    if sp.oo in (b, -a) or not (facts.is_integer(a) and facts.is_integer(b)) or not isinstance(rounded, sp.floor | sp.ceiling):
        return None
    index = sp.Dummy(k.name, integer=True)
    read = root_or_logarithm(rounded.args[0].xreplace({k: index}), facts.given(index >= a))
    if read is None:
        return None
    kind, p = read
    shift = expanded(p - index)
    if shift.has(index) or not facts.is_integer(shift) or not facts.is_integer(kind.parameter):
        return None
    first, last, start = expanded(a + shift), expanded(b + shift), kind.inverse(sp.Integer(0))
    if not (positive(expanded(last - start), facts, False) and positive(expanded(last - first + 1), facts, False)):
        return None
    total = _from_the_start(kind, last, isinstance(rounded, sp.ceiling), facts, positive)
    if first != start:
        if not facts.is_nonnegative(first - 1 - start):
            return None
        total -= _from_the_start(kind, first - 1, isinstance(rounded, sp.ceiling), facts, positive)
    return coefficient * total


def _from_the_start(kind: Kind, n: Any, up: bool, facts: Facts, positive: Positive) -> Any:
    """Σ_{k=G(0)}^{n} of the rounded g(k)."""
    g = sp.root(n, kind.parameter) if kind.name == "root" else sp.log(n) / sp.log(kind.parameter)
    q = rounded_near(kind, n, up, facts, positive)
    q = (sp.ceiling if up else sp.floor)(g, evaluate=False) if q is None else q
    j = sp.Dummy("j", integer=True)
    low, high = (sp.Integer(0), q - 1) if up else (sp.Integer(1), q)
    d = kind.parameter
    below = sp.Sum(j**d, (j, low, high)) if kind.name == "root" else (d ** (high + 1) - d**low) / (d - 1)
    return (n if up else n + 1) * q - below


def rounded_near(kind: Kind, p: Any, up: bool, facts: Facts, positive: Positive) -> Any:
    """The value m of ⌊g(p)⌋, or ⌈g(p)⌉ where `up`, where p is close to G(m): G(m) ≤ p < G(m + 1), or G(m - 1) < p ≤ G(m)."""
    for near in _candidates(kind, p):
        for offset in NEAR:
            m = expanded(near + offset)
            low, high = (m - 1, m) if up else (m, m + 1)
            if not (facts.is_integer(m) and facts.is_nonnegative(low)):
                continue
            below, above = expanded(p - kind.inverse(low)), expanded(kind.inverse(high) - p)
            if positive(below, facts, up) and positive(above, facts, not up):
                return m
    return None


def _candidates(kind: Kind, p: Any) -> Iterator[Any]:
    """The root, or the logarithm, of one term of p."""
    for term in sp.Add.make_args(p):
        if not term.free_symbols:
            continue
        if kind.name == "root":
            c, factors = term.as_coeff_Mul()
            powers = [f.as_base_exp() for f in sp.Mul.make_args(factors)]
            scale = sp.root(c, kind.parameter) if c.is_positive else sp.nan
            if scale.is_Rational and all((exponent / kind.parameter).is_Integer for _, exponent in powers):
                yield scale * sp.Mul(*(base ** (exponent / kind.parameter) for base, exponent in powers))
        elif isinstance(term, sp.Pow) and term.base == kind.parameter:
            yield term.exp


__all__ = ["rounded_near", "with_counted_sums"]
