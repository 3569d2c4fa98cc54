"""Values of special functions between elementary bounds, and inverse functions by their monotone functions.

For s > 1 and f(x) = x^(-s), whose even derivatives are positive, 1/(s - 1) + 1/2 < ζ(s) = Σ f(n) < 1/(s - 1) + 1/2 + s/12, by the
trapezoidal rule and one more term of Euler's and Maclaurin's formula (DLMF 25.2.9), and ζ(s) < 1/(s - 1) + 1. For u > 0
|Γ(u + iv) / Γ(u)|², the product of 1 / (1 + v²/(u + n)²) over n ≥ 0, grows with u, is at most 1, and is sech πv at u = 1/2 and
πv / sinh πv at u = 1 (DLMF 5.8.3, 5.4.3, 5.4.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.bernoulli import with_bounds
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables

Sign = Callable[[Any, Facts, bool], "Proof | None"]
HALF = sp.Rational(1, 2)
BOUNDED = (sp.legendre, sp.chebyshevt, sp.chebyshevu, sp.gegenbauer)
MOST_NODES = 3


def by_known_bounds(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with ζ(s) and |Γ(u + iv)|² as positive variables of which their bounds are known."""
    if bound_variables(e):
        return None
    told: list[Any] = []
    names: dict[Any, Any] = {}
    for node in sorted(e.atoms(sp.zeta), key=sp.default_sort_key):
        if len(node.args) == 1 and node.args[0].free_symbols and facts.is_positive(node.args[0] - 1):
            (s,) = node.args
            z = names[node] = sp.Dummy("zeta", positive=True)
            low = 1 / (s - 1) + HALF
            told += [z > low, z < low + s / 12, z < low + HALF]
    e = e.xreplace(names)
    e, pairs = _without_pairs(e, facts)
    for (u, v), g in pairs.items():
        at = sp.gamma(u) ** 2
        told.append(sp.Le(g, at, evaluate=False))
        for c, value in ((HALF, sp.sech(sp.pi * v)), (sp.Integer(1), sp.pi * v / sp.sinh(sp.pi * v))):
            if c == 1 and not facts.is_nonzero(v):
                continue
            quotient = at * value
            if facts.is_nonnegative(u - c):
                told.append(sp.Ge(g, quotient, evaluate=False))
            if facts.is_nonnegative(c - u):
                told.append(sp.Le(g, quotient, evaluate=False))
    if not told:
        return None
    part = sign(e, facts.given(*told), strict)
    return None if part is None else Proof((("known bounds", ", ".join(str(t) for t in told)),)).join(part)


def by_greatest_values(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0) with a variable for each orthogonal polynomial of a symbolic degree, of which its bounds are known."""
    if not e.has(*BOUNDED) or bound_variables(e):
        return None
    goal, told = _without_polynomials(e, facts)
    part = sign(goal, facts.given(*told), strict) if told else None
    return None if part is None else Proof((("known bounds", ", ".join(str(t) for t in told)),)).join(part)


def _without_polynomials(e: Any, facts: Facts) -> tuple[Any, list[Any]]:
    """e with a real variable for each P_n(x), T_n(x), U_n(x), C_n^λ(x), -1 ≤ x ≤ 1, n ≥ 0, λ > 0, and what is known of them.

    |f_n(x)| ≤ f_n(1), and P_n(x)² ≥ P_{n-1}(x) P_{n+1}(x) for n ≥ 1 (DLMF 18.14.1 and 18.14.4; Turán: Szegő, Bull. AMS 54, 1948).
    """
    names: dict[Any, Any] = {}
    told: list[Any] = []
    for node in sorted(e.atoms(*BOUNDED), key=sp.default_sort_key):
        n, x = node.args[0], node.args[-1]
        degree = facts.is_integer(n) and facts.is_nonnegative(n)
        if not degree or n.is_number or not (facts.is_nonnegative(1 - x) and facts.is_nonnegative(1 + x)):
            continue
        if isinstance(node, sp.gegenbauer):
            if not facts.is_positive(node.args[1]):
                continue
            most = sp.RisingFactorial(2 * node.args[1], n) / sp.factorial(n)
        else:
            most = n + 1 if isinstance(node, sp.chebyshevu) else sp.Integer(1)
        name = names[node] = sp.Dummy("p", real=True)
        told += [sp.Le(name, most, evaluate=False), sp.Ge(name, -most, evaluate=False)]
    for node, name in list(names.items()):
        if isinstance(node, sp.legendre):
            n, x = node.args
            alike = {sp.expand(f.args[0] - n): v for f, v in names.items() if isinstance(f, sp.legendre) and f.args[1] == x}
            below, above = alike.get(sp.Integer(-1)), alike.get(sp.Integer(1))
            if below is not None and above is not None:
                told.append(sp.Ge(name**2 - below * above, 0, evaluate=False))
    return e.xreplace(names), told


def by_polygamma_bounds(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """e ≥ 0 (e > 0), affine in each ψ(u) and ψ'(u), u > 0, with a bound in place of it.

    By DLMF 5.11.2 with the sign of the remainder (Alzer, Math. Comp. 66, 1997, Theorem 8):
    log u - 1/(2u) - 1/(12u²) < ψ(u) < log u - 1/(2u), and 1/u + 1/(2u²) < ψ'(u) < 1/u + 1/(2u²) + 1/(6u³).
    """
    nodes = sorted(e.atoms(sp.polygamma), key=sp.default_sort_key)
    if not 1 <= len(nodes) <= MOST_NODES or bound_variables(e):
        return None

    def bound(node: Any, way: int) -> Any:
        order, u = node.args
        if order not in (0, 1) or not facts.is_positive(u):
            return None
        if order == 0:
            return sp.log(u) - 1 / (2 * u) - (1 / (12 * u**2) if way > 0 else 0)
        return 1 / u + 1 / (2 * u**2) + (1 / (6 * u**3) if way < 0 else 0)

    goal = with_bounds(e, nodes, bound, facts)
    part = None if goal is None else sign(goal, facts, strict)
    return None if part is None else Proof((("known bounds", f"of ψ: at least {goal}"),)).join(part)


def _without_pairs(e: Any, facts: Facts) -> tuple[Any, dict[tuple[Any, Any], Any]]:
    """e with a positive variable for each product Γ(u + iv) Γ(u - iv), where u > 0 and v are real."""
    pairs: dict[tuple[Any, Any], Any] = {}

    def parts(z: Any) -> tuple[Any, Any]:
        z = sp.expand(z)
        v = z.coeff(sp.I)
        return sp.expand(z - sp.I * v), v

    def replaced(node: Any) -> Any:
        factors = list(node.args)
        for first in [f for f in factors if isinstance(f, sp.gamma) and f.has(sp.I)]:
            u, v = parts(first.args[0])
            other = sp.gamma(u - sp.I * v)
            if first not in factors or other not in factors or not (facts.is_positive(u) and facts.is_real(v)) or v == 0:
                continue
            key = next((k for k in ((u, v), (u, -v)) if k in pairs), (u, v))
            pairs.setdefault(key, sp.Dummy("gamma", positive=True))
            factors.remove(first)
            factors.remove(other)
            factors.append(pairs[key])
        return sp.Mul(*factors)

    return e.replace(lambda n: n.is_Mul and n.has(sp.gamma) and n.has(sp.I), replaced), pairs


def by_inverse(e: Any, facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """c (g(u) - L) ≥ 0 from u ≥ f(L), and c (L - g(u)) ≥ 0 from f(L) ≥ u, for the inverse g of a growing f, and c > 0.

    L has to lie where f grows, u where g is defined: W for L ≥ -1 (from below any L will do, as u ≥ 0), the arcsine for
    |L| ≤ π/2, the arctangent for |L| < π/2, arcosh for L ≥ 0, arsinh and artanh for all L.
    """
    for node in sorted(e.atoms(sp.LambertW, sp.asin, sp.atan, sp.asinh, sp.atanh, sp.acosh), key=sp.default_sort_key):
        if not node.free_symbols or len(node.args) != 1:
            continue
        stand_in = sp.Dummy("g")
        line = sp.expand(e.xreplace({node: stand_in}), log=False)
        c = line.coeff(stand_in)
        if c == 0 or c.has(stand_in):
            continue
        rest = sp.expand(line - c * stand_in, log=False)
        way = 1 if facts.is_positive(c) else -1 if facts.is_positive(-c) else 0
        level = -rest / c
        if rest.has(stand_in) or way == 0 or not facts.is_real(level):
            continue
        u = node.args[0]
        if not _in_the_domain(node, facts):
            continue
        proof: Proof | None = Proof((("inverse function", f"{node} and {level}, by {_forward(node, sp.Symbol('w'))}"),))
        for condition, closed in _where_it_grows(node, level, way):
            part = sign(condition, facts, not closed)
            proof = None if part is None or proof is None else proof.join(part)
        part = None if proof is None else sign(way * (u - _forward(node, level)), facts, strict)
        if proof is not None and part is not None:
            return proof.join(part)
    return None


def _forward(node: Any, w: Any) -> Any:
    """f(w) for the function that is inverse to the node's."""
    if isinstance(node, sp.LambertW):
        return w * sp.exp(w)
    return {sp.asin: sp.sin, sp.atan: sp.tan, sp.asinh: sp.sinh, sp.atanh: sp.tanh, sp.acosh: sp.cosh}[node.func](w)


def _in_the_domain(node: Any, facts: Facts) -> bool:
    (u,) = node.args
    if isinstance(node, sp.LambertW):
        return facts.is_nonnegative(u)
    if isinstance(node, sp.acosh):
        return facts.is_nonnegative(u - 1)
    if isinstance(node, sp.asin | sp.atanh):
        inside = facts.is_nonnegative if isinstance(node, sp.asin) else facts.is_positive
        return inside(1 - u) and inside(1 + u)
    return facts.is_real(u)


def _where_it_grows(node: Any, level: Any, way: int) -> list[tuple[Any, bool]]:
    """(h, whether h = 0 is allowed) for the conditions h > 0 on the level."""
    if isinstance(node, sp.LambertW):
        return [] if way > 0 else [(level + 1, True)]
    if isinstance(node, sp.acosh):
        return [] if way > 0 else [(level, True)]
    if isinstance(node, sp.asin | sp.atan):
        closed = isinstance(node, sp.asin)
        return [(sp.pi / 2 - level, closed), (sp.pi / 2 + level, closed)]
    return []


__all__ = ["by_greatest_values", "by_inverse", "by_known_bounds", "by_polygamma_bounds"]
