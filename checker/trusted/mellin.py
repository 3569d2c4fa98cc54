"""Mellin transforms that are theorems: of Bose and Fermi, with a reciprocal in the exponent.

    ∫_0^∞ x^p / (e^{b x} - 1) dx = Γ(p+1) ζ(p+1) b^{-p-1}                                       (p, b > 0)
    ∫_0^∞ x^p / (e^{b x} + 1) dx = Γ(p+1) (1 - 2^{-p}) ζ(p+1) b^{-p-1}                          (p, b > 0)
    ∫_0^∞ x^p log(1 ± e^{-b x}) dx = Γ(p+1) (1 - 2^{-p-1}) ζ(p+2) b^{-p-1}, -Γ(p+1) ζ(p+2) b^{-p-1}   (p > -1, b > 0)
    ∫_0^∞ x^p e^{-a x^c - b x^{-c}} dx = 2 (b/a)^{ν/2} K_ν(2 √(ab)) / c, ν = (p+1)/c, half an odd number  (a, b, c > 0)

K_ν of half an odd order is elementary. The factors are brought into these forms by commutative algebra alone.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

ORDERS = 12
Factors = list[tuple[Any, Any]]


def quantum(power: Any, exponent: Any, rest: Factors, x: Any, facts: Facts) -> tuple[Any, str] | None:
    """Integrals of Bose and Fermi over the positive half-line, also in the shape x^p e^{-b x} / (1 ∓ e^{-b x}), and by parts."""
    if len(rest) != 1:
        return None
    inside, k = rest[0]
    logarithm = isinstance(inside, sp.log)
    if k != (1 if logarithm else -1):
        return None
    one, wave = sp.expand(inside.args[0] if logarithm else inside).as_independent(x, as_Add=True)
    scale, wave = wave.as_independent(x, as_Add=False)
    if not isinstance(wave, sp.exp):
        return None
    rate = sp.expand(wave.args[0] / x)
    if rate.has(x) or one**2 != 1 or scale**2 != 1:
        return None
    if logarithm:  # log(1 ± e^{-b x}) = ∓ the integral of b / (e^{b x} ± 1) from x to oo
        if exponent != 0 or one != 1 or not facts.is_positive(-rate) or not facts.is_positive(sp.expand(power + 1)):
            return None
        return -scale * _occupation(power + 1, -rate, scale) * rate / (power + 1), "Bose-Fermi integral"
    # one + scale e^{rate x} = (one scale + e^{rate x}) scale, for a negative rate times e^{-rate x}
    falls = sp.expand(exponent - rate * x) == 0 and facts.is_positive(-rate)  # e^{-b x} / (1 ± e^{-b x})
    grows = exponent == 0 and facts.is_positive(rate)  # 1 / (e^{b x} ± 1)
    if not (falls or grows):
        return None
    sign = one * scale
    if not facts.is_positive(power):
        return None
    return (one if falls else scale) * _occupation(power, -rate if falls else rate, sign), "Bose-Fermi integral"


def _occupation(p: Any, b: Any, sign: Any) -> Any:
    """∫_0^∞ x^p / (e^{b x} + sign) dx for p > 0."""
    weight = sp.Integer(1) if sign == -1 else 1 - sp.Integer(2) ** (-p)
    return sp.gamma(p + 1) * weight * sp.zeta(p + 1) * b ** (-p - 1)


def reciprocal(power: Any, exponent: Any, rest: Factors, x: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫_0^∞ x^p e^{-a x^c - b x^{-c}} dx for (p + 1)/c half an odd number."""
    if rest:
        return None
    constant, tail = exponent.as_independent(x, as_Add=True)
    terms = [term.as_independent(x, as_Add=False) for term in sp.Add.make_args(tail)]
    if len(terms) != 2:
        return None
    powers = [monomial.as_base_exp() for _, monomial in terms]
    if any(base != x or k.has(x) for base, k in powers) or sp.expand(powers[0][1] + powers[1][1]) != 0:
        return None
    (first, second), c = (terms, powers[0][1]) if facts.is_positive(powers[0][1]) else (terms[::-1], powers[1][1])
    a, b = -first[0], -second[0]
    twice = sp.cancel(2 * (power + 1) / c)
    if not (facts.is_positive(a) and facts.is_positive(b) and facts.is_positive(c)):
        return None
    if not (twice.is_Integer and twice % 2 and abs(twice) <= ORDERS):
        return None
    z, order = 2 * sp.sqrt(a) * sp.sqrt(b), (abs(int(twice)) - 1) // 2
    series = sp.Add(*(sp.ff(order + j, 2 * j) / sp.factorial(j) / (2 * z) ** j for j in range(order + 1)))
    value = 2 / c * (b / a) ** (twice / 4) * sp.sqrt(sp.pi / (2 * z)) * sp.exp(constant - z) * series
    return value, "Bessel's integral of half an odd order"


def scaled(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, Any] | None:
    """∫_0^T f(x) dx = ∫_0^1 T f(T u) du for T > 0: the new integrand and its variable u; powers of T - x are powers of 1 - u."""
    if lower != 0 or upper in (1, sp.oo) or upper.has(x) or not facts.is_positive(upper):
        return None
    u = sp.Dummy("u", positive=True)
    factors = []
    for factor in sp.Mul.make_args(integrand):
        base, k = factor.as_base_exp()
        moved = sp.expand(base.xreplace({x: upper * u})) if base.has(x) else base
        if base.has(x) and not k.has(x) and moved.is_polynomial(u):
            inner = sp.cancel(moved / upper)
            if inner.has(upper) and not upper.is_number:
                return None
            factors += [upper**k, inner**k]
        elif factor.has(x):
            return None
        else:
            factors.append(factor)
    return sp.Mul(upper, *factors), u


__all__ = ["quantum", "reciprocal", "scaled"]
