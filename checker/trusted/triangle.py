"""The triangle inequality: |z| ≤ Σ |a_j| |w_j| for z = Σ a_j w_j, of complex numbers and of vectors with p-norms (Minkowski)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sympy as sp

from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import derivative
from derivable.trusted.decision import Proof
from derivable.trusted.facts import NONNEGATIVE, NONPOSITIVE, Contradiction, Facts
from derivable.trusted.heads import bound_variables, variables_of
from derivable.trusted.moduli import inside_modulus, majorant, modulus, remainder_of_exponential

Sign = Callable[[Any, Facts, bool], "Proof | None"]
MOST_NORMS = 8
MOST_BOUNDS = 5
MOST_COMPONENTS = 4


@dataclass(frozen=True)
class Norm:
    """(Σ |v_i|^p)^(1/p) for the components v_i; of one component the modulus, with p = 2."""

    node: Any
    power: Any
    components: tuple[Any, ...]


def by_triangle(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with a greater value in place of a norm, where e falls as that norm grows.

    The greater value: Σ |a_j| ‖w_j‖ where the vector is Σ a_j w_j for vectors w_j whose norms occur (p ≥ 1); of a modulus also
    the sum of the moduli of terms, or a power series that majorises.
    """
    norms = norms_in(e, facts)
    if len(norms) > MOST_NORMS:
        return None
    for norm in norms:
        if not falls(e, norm.node, facts):
            found = _from_below(e, norm, facts, strict, sign)
            if found is not None:
                return found
            continue
        others = [n for n in norms if n is not norm and len(n.components) == len(norm.components) and n.power == norm.power]
        for above in islice(_greater(norm, others, facts), MOST_BOUNDS):
            goal = e.xreplace({norm.node: above})
            if goal.has(norm.node):
                continue
            within, goal = without_directions(goal, facts)
            part = sign(goal, within, strict)
            if part is not None:
                return Proof((("triangle inequality", f"{norm.node} ≤ {above}"),)).join(part)
    return None


def _from_below(e: Any, norm: Norm, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """|z| ≥ |t| - Σ |other terms| > 0, where e grows with |z| > 0."""
    z = sp.expand(norm.components[0])
    if len(norm.components) > 1 or not isinstance(z, sp.Add) or facts.is_real(z) or not grows(e, norm.node, facts):
        return None
    for term in z.args:
        below = modulus(term, facts) - sp.Add(*(modulus(t, facts) for t in z.args if t is not term))
        if facts.is_positive(below):
            within, goal = without_directions(e.xreplace({norm.node: below}), facts)
            part = None if goal.has(norm.node) else sign(goal, within, strict)
            if part is not None:
                return Proof((("triangle inequality", f"{norm.node} ≥ {below}"),)).join(part)
    return None


def norms_in(e: Any, facts: Facts) -> list[Norm]:
    """The moduli and p-norms in e, the longest first: what is bounded is taken apart from the outside."""
    found = [Norm(node, sp.Integer(2), (node.args[0],)) for node in e.atoms(sp.Abs)]
    for node in e.atoms(sp.Pow):
        z = inside_modulus(node, facts)
        if z is not None:
            found.append(Norm(node, sp.Integer(2), (z,)))
        elif isinstance(node.base, sp.Add) and node.exp.is_positive and node.exp != 1 and len(node.base.args) <= MOST_COMPONENTS:
            components = [_component(term, 1 / node.exp, facts) for term in node.base.args]
            if None not in components and facts.is_nonnegative(1 / node.exp - 1):
                found.append(Norm(node, 1 / node.exp, tuple(components)))
    return sorted(found, key=lambda n: (-n.node.count_ops(), sp.default_sort_key(n.node)))


def _component(term: Any, p: Any, facts: Facts) -> Any:
    """v with term = |v|^p; None where the term is not known to be one."""
    coefficient, inner = sp.Integer(1), sp.Integer(1)
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        if power != p:
            coefficient *= factor
        elif isinstance(base, sp.Abs):
            inner *= base.args[0]
        elif facts.is_nonnegative(base) or (p.is_Integer and p % 2 == 0 and facts.is_real(base)):
            inner *= base
        else:
            return None
    return coefficient ** (1 / p) * inner if facts.is_nonnegative(coefficient) else None


def falls(e: Any, node: Any, facts: Facts) -> bool:
    """Whether e does not grow with the value m ≥ 0 of a node, the rest of e left as it is."""
    return _direction(e, node, facts, sp.Ge) == -1


def grows(e: Any, node: Any, facts: Facts) -> bool:
    """Whether e does not fall with the value m > 0 of a node, the rest of e left as it is."""
    return _direction(e, node, facts, sp.Gt) == 1


def _direction(e: Any, node: Any, facts: Facts, above: Any) -> int:
    r = sp.Dummy("m", real=True)
    f = e.xreplace({node: r})
    if bound_variables(f) or not f.has(r):
        return 0
    ranged, opened = facts.given(above(r, 0)), facts.given(r > 0)
    line = sp.expand(f)
    slope = line.coeff(r, 1)
    if sp.expand(line - slope * r).has(r):
        if not ranged.is_real(f) or not is_continuous(f, r, ranged):
            return 0
        slope = derivative(f, r, opened)
        slope = None if slope is None else sp.factor(sp.together(slope))
    signs = None if slope is None else opened.signs(slope)
    if signs is None:
        return 0
    return -1 if signs <= NONPOSITIVE else 1 if signs <= NONNEGATIVE else 0


def _greater(norm: Norm, others: list[Norm], facts: Facts) -> Iterator[Any]:
    """Expressions that are at least the norm."""
    seen = {norm.node}
    for above in _candidates(norm, others, facts):
        if above is not None and above not in seen:
            seen.add(above)
            yield above


def _candidates(norm: Norm, others: list[Norm], facts: Facts) -> Iterator[Any]:
    whole = _combined(norm, others, facts) if others else None
    yield whole
    if len(norm.components) > 1:
        return
    z = sp.expand(norm.components[0])
    terms = sp.Add.make_args(z)
    complex_valued = not facts.is_real(z)
    if complex_valued:
        yield remainder_of_exponential(z, facts)
    if len(terms) > 2:
        for other in others:
            yield _partly(z, other, facts)
    products = all(len([f for f in sp.Mul.make_args(t) if f.free_symbols]) > 1 for t in terms)
    if len(terms) > 1 and (complex_valued or products or z.has(sp.sin, sp.cos) or len(terms) > 2):
        yield _by_terms(z, facts)
    elif complex_valued:
        yield modulus(norm.components[0], facts)
    if not complex_valued:
        yield _by_argument(z, facts)
    turned = _angles_apart(z)
    if turned != z:
        above = [modulus(term, facts) for term in sp.Add.make_args(turned)]
        yield sp.Add(*(_without_cosines(term, facts) for term in above))
        yield sp.Add(*above)
    if complex_valued:
        yield majorant(norm.components[0], facts)


def _by_terms(z: Any, facts: Facts) -> Any:
    """Σ |c| |d| where z = Σ c d, with one real c for each product d of factors that need not be real."""
    gathered: dict[Any, Any] = {}
    for term in sp.Add.make_args(z):
        factors = sp.Mul.make_args(term)
        direction = sp.Mul(*(f for f in factors if not facts.is_real(f)))
        gathered[direction] = gathered.get(direction, sp.Integer(0)) + sp.Mul(*(f for f in factors if facts.is_real(f)))
    if len(gathered) == 1:  # of one direction, or real
        return sp.Add(*(modulus(term, facts) for term in sp.Add.make_args(z)))
    return sp.Add(*(modulus(sp.factor(c), facts) * modulus(d, facts) for d, c in gathered.items()))


def _by_argument(z: Any, facts: Facts) -> Any:
    """|c| |u| for c f(u), where |f(u)| ≤ |u| for real u; |c| for c cos u."""
    for factor in sp.Mul.make_args(z):
        if isinstance(factor, sp.cos) and facts.is_real(factor.args[0]):
            return modulus(z / factor, facts)
        if isinstance(factor, sp.sin | sp.tanh | sp.atan | sp.asinh) and facts.is_real(factor.args[0]):
            return modulus(z / factor, facts) * modulus(factor.args[0], facts)
    return None


def _without_cosines(term: Any, facts: Facts) -> Any:
    """A product that is not negative without its factors |cos u| ≤ 1."""

    def is_cosine(factor: Any) -> bool:
        u = factor.args[0] if isinstance(factor, sp.Abs) else None
        return isinstance(u, sp.cos) and facts.is_real(u.args[0])

    return sp.Mul(*(factor for factor in sp.Mul.make_args(term) if not is_cosine(factor)))


def _angles_apart(z: Any) -> Any:
    """Sines and cosines of sums by those of the first term and of the others."""

    def split(node: Any) -> Any:
        first, *others = sorted(node.args[0].args, key=sp.default_sort_key)
        rest = sp.Add(*others)
        if isinstance(node, sp.sin):
            return sp.sin(first) * sp.cos(rest) + sp.cos(first) * sp.sin(rest)
        return sp.cos(first) * sp.cos(rest) - sp.sin(first) * sp.sin(rest)

    nodes = [n for n in z.atoms(sp.sin, sp.cos) if isinstance(n.args[0], sp.Add)]
    return sp.expand(z.xreplace({n: split(n) for n in nodes}))


def _partly(z: Any, other: Norm, facts: Facts) -> Any:
    """|a| |w| + Σ |terms of z - a w| for the first number a that takes terms of z away."""
    w = sp.expand(other.components[0])
    own, its = _coefficients(z, set()), _coefficients(w, set())
    for rest in sorted(own.keys() & its.keys(), key=sp.default_sort_key):
        a = own[rest] / its[rest]
        left = sp.expand(z - a * w)
        if len(sp.Add.make_args(left)) < len(own):
            return sp.Abs(a) * other.node + sp.Add(*(modulus(t, facts) for t in sp.Add.make_args(left)))
    return None


def _combined(norm: Norm, others: list[Norm], facts: Facts) -> Any:
    """Σ |a_j| ‖w_j‖ where the vector of the norm is Σ a_j w_j, the a_j free of what the w_j hold."""
    inside = set().union(*(w.free_symbols for other in others for w in other.components))
    scalars = [sp.Dummy(f"a{j}") for j in range(len(others))]
    vectors = [_aligned(other.components, norm.components, inside) for other in others]
    equations = []
    for i, z in enumerate(norm.components):
        own = _coefficients(sp.expand(z), inside)
        its = [_coefficients(vector[i], inside) for vector in vectors]
        for rest in dict.fromkeys([*own, *(key for c in its for key in c)]):
            equations.append(own.get(rest, 0) - sum(a * c.get(rest, 0) for a, c in zip(scalars, its, strict=True)))
    solutions = list(sp.linsolve(equations, scalars))
    if not solutions:
        return None
    values = [sp.factor(value.xreplace(dict.fromkeys(scalars, sp.Integer(0)))) for value in solutions[0]]
    if not all(facts.is_nonzero(sp.fraction(sp.together(a))[1]) for a in values):
        return None
    for i, z in enumerate(norm.components):
        if sp.expand(sp.together(z - sum(a * vector[i] for a, vector in zip(values, vectors, strict=True)))) != 0:
            return None
    return sp.Add(*(modulus(a, facts) * other.node for a, other in zip(values, others, strict=True)))


def _aligned(vector: tuple[Any, ...], like: tuple[Any, ...], inside: set[Any]) -> list[Any]:
    """The components of a vector in the order and with the signs of another one, which its norm does not see."""
    waiting = [sp.expand(w) for w in vector]
    if len(waiting) == 1:
        return waiting
    ordered: list[Any] = []
    for z in like:
        own = _coefficients(sp.expand(z), inside)
        best = max(waiting, key=lambda w: len(own.keys() & _coefficients(w, inside).keys()))
        waiting.remove(best)
        its = _coefficients(best, inside)
        common = sorted(own.keys() & its.keys(), key=sp.default_sort_key)
        opposite = bool(common) and sp.sympify(own[common[0]] / its[common[0]]).could_extract_minus_sign()
        ordered.append(-best if opposite else best)
    return ordered


def _coefficients(e: Any, inside: set[Any]) -> dict[Any, Any]:
    """Coefficients of the products of what holds the symbols inside (any symbols, if none are given)."""
    found: dict[Any, Any] = {}
    for term in sp.Add.make_args(e):
        symbols = inside or term.free_symbols
        coefficient, rest = term.as_independent(*symbols, as_Add=False) if symbols else (term, sp.Integer(1))
        found[rest] = found.get(rest, sp.Integer(0)) + coefficient
    return found


def without_directions(e: Any, facts: Facts) -> tuple[Facts, Any]:
    """What is known, and e, with a real r ≥ 0 in place of |u| for the complex symbols u that occur in no other way."""
    names = {}
    for u in variables_of(e):
        if facts.is_real(u) or not e.has(sp.Abs(u)):
            continue
        r = sp.Dummy(f"r_{u}", nonnegative=True)
        if not e.xreplace({sp.Abs(u): r}).has(u):
            names[sp.Abs(u)] = r
    if not names:
        return facts, e
    try:
        within = Facts(c.xreplace(names) if hasattr(c, "xreplace") else c for c in facts.where)
    except Contradiction:
        return facts, e
    return within, e.xreplace(names)


__all__ = ["by_triangle", "falls", "grows", "without_directions"]
