"""Fourier series of Bernoulli polynomials, and of log sin.

For a natural number m ≥ 1 and 0 ≤ θ ≤ 2π, with u = θ/2π (DLMF 24.8.1, 24.8.2; 4.26.3 integrates to the last one):

    Σ_{k≥1} cos(kθ) / k^m = (-1)^(m/2 - 1) (2π)^m B_m(u) / (2 m!)              (m even)
    Σ_{k≥1} sin(kθ) / k^m = (-1)^((m+1)/2) (2π)^m B_m(u) / (2 m!)              (m odd; 0 < θ < 2π if m = 1)
    Σ_{k≥1} cos(kθ) / k   = -log(2 sin(θ/2))                                    (0 < θ < 2π)

A factor (-1)^k moves θ by π. With S(θ) for one of these, Σ_{k≥0} cos((2k+1)θ) / (2k+1)^m = S(θ) - S(2θ) / 2^m.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

HIGHEST = 12  # power of the index
TURNS = (0, 1, -1, 2, -2)


def fourier_series(body: Any, k: Any, first: Any, facts: Facts) -> Any:
    """The value of Σ_{k≥first} body, or None; body = C (±1)^k cos(n(k) θ) / n(k)^m or with a sine, n(k) = k or odd numbers."""
    constant, inside = sp.factor_terms(body).as_independent(k, as_Add=False)
    alternating, waves, number, power = False, [], None, sp.Integer(0)
    for factor in sp.Mul.make_args(inside):
        base, exponent = factor.as_base_exp()
        if base == -1 and sp.expand(exponent - k).is_Integer:
            alternating = not alternating
            constant *= sp.Integer(-1) ** sp.expand(exponent - k)
        elif isinstance(factor, sp.sin | sp.cos):
            waves.append(factor)
        elif exponent.is_Integer and exponent < 0 and base.is_polynomial(k) and sp.degree(base, k) == 1 and number is None:
            number, power = base, -exponent
        else:
            return None
    if len(waves) != 1 or number is None or not 1 <= power <= HIGHEST:
        return None
    slope, start = number.coeff(k, 1), number.subs(k, first)
    step, begin = sp.cancel(slope / start), sp.expand(waves[0].args[0])
    if step not in (1, 2) or start.has(k):
        return None
    number = sp.expand(number / start)  # 1, 2, 3, … or 1, 3, 5, …
    constant *= start ** (-power)
    theta = sp.cancel(begin / number)
    if theta.has(k) or not facts.is_real(theta) or (alternating and step == 2):
        return None
    if alternating:  # (-1)^k = ± cos(π n), n = k - first + 1
        constant *= sp.Integer(-1) ** (first - 1)
        theta = theta + sp.pi
    kind = waves[0].func
    value = _series(kind, int(power), theta, facts)
    if step == 2 and value is not None:
        doubled = _series(kind, int(power), 2 * theta, facts)
        value = None if doubled is None else value - doubled / 2**power
    return None if value is None else constant * value


def _series(kind: Any, m: int, theta: Any, facts: Facts) -> Any:
    """Σ_{n≥1} cos(nθ) / n^m, or of sines."""
    for turns in TURNS:
        angle = sp.expand(theta - 2 * sp.pi * turns)
        inside = facts.is_positive if m == 1 else facts.is_nonnegative
        if not (inside(angle) and inside(sp.expand(2 * sp.pi - angle))):
            continue
        if kind is sp.cos and m == 1:
            return -sp.log(2 * sp.sin(angle / 2))
        if (kind is sp.cos) != (m % 2 == 0):
            return None
        u = sp.Dummy("u")
        polynomial = sp.bernoulli(m, u).subs(u, angle / (2 * sp.pi))
        sign = (-1) ** (m // 2 - 1) if m % 2 == 0 else (-1) ** ((m + 1) // 2)
        return sp.expand(sign * (2 * sp.pi) ** m * polynomial / (2 * sp.factorial(m)))
    return None


__all__ = ["fourier_series"]
