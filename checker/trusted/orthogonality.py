"""Orthogonality of the classical polynomials of symbolic degrees n, m ≥ 0, as integrals of the product of two.

    ∫_{-1}^1 P_n P_m dx = 2/(2n+1) δ          ∫_R H_n H_m e^{-x²} dx = √π 2^n n! δ          ∫_0^∞ L_n L_m e^{-x} dx = δ
    ∫_{-1}^1 T_n T_m / √(1-x²) dx = π/2 δ  (n, m ≥ 1)          ∫_{-1}^1 U_n U_m √(1-x²) dx = π/2 δ

δ is 1 where n = m and 0 where n ≠ m; which of both has to be known (DLMF table 18.3.1).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts


def orthogonal(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """The value of ∫ c p_n p_m w, where the weight w is exactly the family's one on exactly its range; None for others."""
    constant, inside = integrand.as_independent(x, as_Add=False)
    degrees: list[Any] = []
    families = set()
    weight: Any = sp.Integer(1)
    for factor in sp.Mul.make_args(inside):
        base, k = factor.as_base_exp()
        if base.func in FAMILIES and len(base.args) == 2 and base.args[1] == x and k in (1, 2) and not base.args[0].has(x):
            families.add(base.func)
            degrees += [base.args[0]] * int(k)
        else:
            weight *= factor
    if len(families) != 1 or len(degrees) != 2:
        return None
    (family,) = families
    wanted, low, high, least, norm = FAMILIES[family](x, degrees[0])
    if (lower, upper) != (low, high) or sp.expand(weight / wanted) != 1:
        return None
    if not all(facts.is_integer(n) and facts.is_nonnegative(sp.expand(n - least)) for n in degrees):
        return None
    difference = sp.expand(degrees[0] - degrees[1])
    if difference == 0:
        return constant * norm, "orthogonality"
    return (sp.Integer(0), "orthogonality") if facts.is_nonzero(difference) else None


FAMILIES: dict[Any, Any] = {
    sp.legendre: lambda x, n: (sp.Integer(1), -1, 1, 0, 2 / (2 * n + 1)),
    sp.hermite: lambda x, n: (sp.exp(-(x**2)), -sp.oo, sp.oo, 0, sp.sqrt(sp.pi) * 2**n * sp.factorial(n)),
    sp.laguerre: lambda x, n: (sp.exp(-x), 0, sp.oo, 0, sp.Integer(1)),
    sp.chebyshevt: lambda x, n: (1 / sp.sqrt(1 - x**2), -1, 1, 1, sp.pi / 2),
    sp.chebyshevu: lambda x, n: (sp.sqrt(1 - x**2), -1, 1, 0, sp.pi / 2),
}  # (weight, ends, least degree, square of the norm)


__all__ = ["orthogonal"]
