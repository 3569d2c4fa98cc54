"""Orthogonality of the classical polynomials of symbolic degrees n, m ≥ 0, as integrals of the product of two, or of one.

    ∫_{-1}^1 P_n P_m dx = 2/(2n+1) δ          ∫_R H_n H_m e^{-x²} dx = √π 2^n n! δ          ∫_0^∞ L_n L_m e^{-x} dx = δ
    ∫_{-1}^1 T_n T_m / √(1-x²) dx = π/2 δ  (n, m ≥ 1)          ∫_{-1}^1 U_n U_m √(1-x²) dx = π/2 δ

δ is 1 where n = m and 0 where n ≠ m (DLMF table 18.3.1).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts
from derivable.trusted.functions import RECURRENCES

POWERS = 4  # of x beside two polynomials, at most


def orthogonal(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """The value of ∫ q p_n p_m w, q a polynomial, where the weight w is exactly the family's one on exactly its range.

    Powers of x are taken into p_n by its recurrence. None for other integrals; p_m = 1 need not be written. The polynomials may
    be taken at a line c x + b with real b and c ≠ 0, as on another range.
    """
    lines = {node.args[1] for node in integrand.atoms(*FAMILIES) if len(node.args) == 2 and node.args[1].has(x)}
    if len(lines) == 1 and x not in lines:
        return _of_a_line(integrand, x, lower, upper, lines.pop(), facts)
    inside = sp.Mul.make_args(integrand)
    degrees: list[Any] = []
    families = set()
    weight: Any = sp.Integer(1)
    for factor in inside:
        base, k = factor.as_base_exp()
        if base.func in FAMILIES and len(base.args) == 2 and base.args[1] == x and k in (1, 2) and not base.args[0].has(x):
            families.add(base.func)
            degrees += [base.args[0]] * int(k)
        else:
            weight *= factor
    if len(families) != 1 or not 0 < len(degrees) <= 2:
        return None
    (family,) = families
    n, m = degrees if len(degrees) == 2 else (degrees[0], sp.Integer(0))
    n, m = (n, m) if facts.is_nonnegative(n - m) else (m, n)
    wanted, low, high, *_ = FAMILIES[family](x, n)
    factor = sp.cancel(sp.expand(weight / wanted))
    if (lower, upper) != (low, high) or not factor.is_polynomial(x) or sp.degree(factor, x) > POWERS:
        return None
    total, moved = sp.Integer(0), {n: sp.Integer(1)}
    for c in reversed(sp.Poly(factor, x).all_coeffs()):
        for degree, coefficient in moved.items():
            one = _of_two(family, x, degree, m, facts)
            if one is None:
                return None
            total += c * coefficient * one
        moved = _times_the_variable(family, x, moved)
    return total, "orthogonality"


def _of_a_line(integrand: Any, x: Any, lower: Any, upper: Any, line: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫ f dx = ∫ f dy / c for y = c x + b."""
    if not line.is_polynomial(x) or sp.degree(line, x) != 1:
        return None
    c, b = sp.Poly(line, x).all_coeffs()
    positive = facts.is_positive(c)
    if not (positive or facts.is_positive(-c)) or not facts.is_real(b):
        return None
    y = sp.Dummy(x.name, real=True)
    ends = [
        end if abs(end) is sp.oo and positive else -end if abs(end) is sp.oo else sp.expand(c * end + b) for end in (lower, upper)
    ]
    inside = integrand.xreplace({node: node.func(node.args[0], y) for node in integrand.atoms(*FAMILIES) if node.args[1] == line})
    if not positive:
        ends.reverse()
    factors = (factor.xreplace({x: (y - b) / c}) for factor in sp.Mul.make_args(inside))
    written = sp.Mul(*(f if f.is_polynomial(y) else f.replace(sp.exp, lambda u: sp.exp(sp.expand(u))) for f in factors))
    low, high = ends
    found = orthogonal(written, y, low, high, facts.about_others(x))
    return None if found is None else (found[0] / (c if positive else -c), found[1])


def _of_two(family: Any, x: Any, n: Any, m: Any, facts: Facts) -> Any:
    """∫ p_n p_m w; None where the degrees are not known to be large enough."""
    *_, least, norm = FAMILIES[family](x, n)
    if not all(facts.is_integer(d) and facts.is_nonnegative(sp.expand(d - least)) for d in (n, m)):
        return None
    difference = sp.expand(n - m)
    if difference == 0:
        return norm
    return sp.Integer(0) if facts.is_nonzero(difference) else norm * sp.KroneckerDelta(n, m)


def _times_the_variable(family: Any, x: Any, terms: dict[Any, Any]) -> dict[Any, Any]:
    """x Σ c p_n in terms of the p_n: x p_n = (u p_{n+1} - b p_n - v p_{n-1}) / a where u p_{n+1} = (a x + b) p_n + v p_{n-1}."""
    found: dict[Any, Any] = {}
    for n, c in terms.items():
        up, line, down = RECURRENCES[family](n, x)
        a, b = sp.Poly(line, x).nth(1), sp.Poly(line, x).nth(0)
        for degree, coefficient in ((n + 1, up / a), (n, -b / a), (n - 1, -down / a)):
            if coefficient != 0:
                found[sp.expand(degree)] = found.get(sp.expand(degree), sp.Integer(0)) + c * coefficient
    return found


FAMILIES: dict[Any, Any] = {
    sp.legendre: lambda x, n: (sp.Integer(1), -1, 1, 0, 2 / (2 * n + 1)),
    sp.hermite: lambda x, n: (sp.exp(-(x**2)), -sp.oo, sp.oo, 0, sp.sqrt(sp.pi) * 2**n * sp.factorial(n)),
    sp.laguerre: lambda x, n: (sp.exp(-x), 0, sp.oo, 0, sp.Integer(1)),
    sp.chebyshevt: lambda x, n: (1 / sp.sqrt(1 - x**2), -1, 1, 1, sp.pi / 2),
    sp.chebyshevu: lambda x, n: (sp.sqrt(1 - x**2), -1, 1, 0, sp.pi / 2),
}  # (weight, ends, least degree, square of the norm)


__all__ = ["orthogonal"]
