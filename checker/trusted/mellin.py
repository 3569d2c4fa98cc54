"""Mellin transforms that are theorems: of Bose and Fermi and other rational functions of e^{-b x}, with reciprocal exponents.

    ∫_0^∞ x^p / (e^{b x} - 1) dx = Γ(p+1) ζ(p+1) b^{-p-1}                                       (p, b > 0)
    ∫_0^∞ x^p / (e^{b x} + 1) dx = Γ(p+1) (1 - 2^{-p}) ζ(p+1) b^{-p-1}                          (p, b > 0)
    ∫_0^∞ x^p log(1 ± e^{-b x}) dx = Γ(p+1) (1 - 2^{-p-1}) ζ(p+2) b^{-p-1}, -Γ(p+1) ζ(p+2) b^{-p-1}   (p > -1, b > 0)
    ∫_0^∞ x^p R(e^{-b x}) dx = Γ(p+1) b^{-p-1} Σ_{k≥1} c_k k^{-p-1}  for R(y) = Σ c_k y^k with poles at 1, -1, ±i only
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


def of_waves(power: Any, exponent: Any, rest: Factors, x: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫_0^∞ x^p R(e^{-b x}) dx for b > 0 and a rational R with R(0) = 0, hyperbolic functions included, by partial fractions.

    Beside a pole of order m at y = 1, which x = 0 is mapped to, p > m - 1, and p > -1 in any case. The other poles give series
    that alternate: their values are continued from large p, where they converge absolutely, as the integrals are analytic in p.
    """
    found = _rational_in_a_wave(sp.exp(exponent) * sp.Mul(*(base**k for base, k in rest)), x, facts)
    if found is None:
        return None
    R, y, b = found
    s = power + 1
    total, at_zero, order = sp.Integer(0), sp.Integer(0), 0
    for term in sp.Add.make_args(sp.apart(R, y)):
        top, bottom = (sp.Poly(part, y) for part in sp.fraction(sp.together(term)))
        scale, factors = bottom.factor_list()
        if not factors:
            total += sp.Add(*(c / scale * sp.Integer(k) ** -s for (k,), c in top.terms() if k))
            at_zero += top.nth(0) / scale
            continue
        if len(factors) > 1:
            return None
        (pole, m), first = factors[0], top.nth(0) / scale
        if pole.degree() == 1 and abs(pole.nth(0)) == pole.LC() == 1:
            rising = pole.nth(0) < 0
            first = first * (-1) ** m if rising else first  # 1/(y - 1)^m = (-1)^m/(1 - y)^m
            order = max(order, m) if rising else order
            powers = sp.Poly(sp.Mul(*(y + i for i in range(1, m))) / sp.factorial(m - 1), y)  # c_k = C(k + m - 1, m - 1)
            values = [(c, sp.zeta(s - j) if rising else _alternating(s - j, facts)) for (j,), c in powers.terms()]
        elif m == 1 and pole.as_expr() == y**2 + 1:
            odd = _odd_alternating(s, facts)
            if odd is None:
                return None
            total += top.nth(1) / scale * odd
            values = [(sp.Integer(2) ** -s, _alternating(s, facts))]
        else:
            return None
        if any(v is None for _, v in values):
            return None
        total += first * sp.Add(*(c * v for c, v in values))
        at_zero += first
    if sp.expand(at_zero) != 0 or not facts.is_positive(sp.expand(s - order)):
        return None
    return sp.gamma(s) * b**-s * total, "Mellin transform of a geometric series"


def _rational_in_a_wave(e: Any, x: Any, facts: Facts) -> tuple[Any, Any, Any] | None:
    """(R, y, b) with e = R(y), y = e^{-b x}, b > 0, for the largest such b; R is rational over the rationals."""
    e = e.rewrite(sp.exp)
    rates = {wave: sp.cancel(wave.args[0] / x) for wave in e.atoms(sp.exp) if wave.has(x)}
    first = next(iter(sorted(rates.values(), key=sp.default_sort_key)), None)
    if first is None or any(rate.has(x) for rate in rates.values()):
        return None
    ratios = {wave: sp.cancel(rate / first) for wave, rate in rates.items()}
    if not all(r.is_Rational for r in ratios.values()):
        return None
    unit = sp.gcd_list(list(ratios.values()))
    b = next((way * unit * first for way in (1, -1) if facts.is_positive(way * unit * first)), None)
    if b is None:
        return None
    y = sp.Dummy("y")
    R = e.xreplace({wave: y ** -sp.cancel(rate / b) for wave, rate in rates.items()})
    if R.free_symbols != {y} or not R.is_rational_function(y):
        return None
    R = sp.cancel(R)
    while R.has(y) and sp.cancel(R.subs(y, -y) - R) == 0:
        R, b = sp.cancel(R.subs(y, sp.sqrt(y))), 2 * b
    bottom = sp.Poly(sp.fraction(R)[1], y)
    if bottom.nth(0) == 0 or not all(c.is_Rational for p in sp.fraction(R) for c in sp.Poly(p, y).coeffs()):
        return None
    return R, y, b


def _alternating(s: Any, facts: Facts) -> Any:
    """Σ_{k≥1} (-1)^k k^{-s} = -(1 - 2^{1-s}) ζ(s), -log 2 at s = 1; None where s may be 1."""
    if s == 1:
        return -sp.log(2)
    return -(1 - sp.Integer(2) ** (1 - s)) * sp.zeta(s) if facts.is_nonzero(sp.expand(s - 1)) else None


def _odd_alternating(s: Any, facts: Facts) -> Any:
    """Σ_{j≥0} (-1)^j (2j+1)^{-s} = 4^{-s} (ζ(s, 1/4) - ζ(s, 3/4)) for s > 1, π/4 at s = 1."""
    if s == 1:
        return sp.pi / 4
    quarters = [sp.zeta(s, sp.Rational(i, 4)) for i in (1, 3)]
    return sp.Integer(4) ** -s * (quarters[0] - quarters[1]) if facts.is_positive(sp.expand(s - 1)) else None


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


__all__ = ["of_waves", "quantum", "reciprocal", "scaled"]
