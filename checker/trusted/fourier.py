"""Fourier integrals of rational functions, by residues.

For polynomials P and Q, Q without real zeros, and a real w:

    ∫_R P(x)/Q(x) e^{iwx} dx = 2πi Σ_{Im z > 0} Res P/Q e^{iwz}       (w ≥ 0, deg Q ≥ deg P + 2, or w > 0, deg Q ≥ deg P + 1)

(Jordan's lemma). For w < 0 it is the same with x → -x. Here Q is a product of powers of quadratics A (x - m)² + A d², d > 0,
whose zeros m ± i d are told apart by the facts, so that the residue at z = m + i d of order n is an (n-1)-th derivative. A cosine
or a sine is split into two such waves; each of them has a value.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Facts

ORDERS = 4  # of a pole
POLES = 3


def fourier(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """(value, name) over the line, or over the half-line for an even integrand; None if it is no such integral."""
    if upper is not sp.oo or lower not in (-sp.oo, sp.Integer(0)):
        return None
    waves = {f for f in integrand.atoms(sp.sin, sp.cos, sp.exp) if f.has(x)}
    if not waves or integrand.atoms(sp.Function) - waves - integrand.atoms(sp.log):
        return None
    y = sp.Dummy("x", real=True)
    e = integrand.xreplace({x: y})
    if lower == 0 and e.xreplace({y: -y}) != e:
        return None
    waves = {f.xreplace({x: y}) for f in waves}
    turned = {f: f.rewrite(sp.exp) for f in waves if not isinstance(f, sp.exp)}
    stand_ins = {f: sp.Dummy() for f in waves}
    rational = e.xreplace(stand_ins)
    bottom = sp.fraction(sp.together(rational))[1]
    poles = _poles(bottom, y, facts)
    if poles is None:
        return None
    top = sp.expand(sp.cancel(rational * bottom).xreplace({v: turned.get(f, f) for f, v in stand_ins.items()}))
    total: Any = sp.Integer(0)
    for rate, polynomial in _rates(top, y).items():
        value = _wave(polynomial, rate, bottom, poles, y, facts)
        if value is None:
            return None
        total += value
    return (total / 2 if lower == 0 else total), "residues"


def _rates(top: Any, x: Any) -> dict[Any, Any]:
    """The polynomials that stand beside e^{rate x}."""
    found: dict[Any, Any] = {}
    for term in sp.Add.make_args(top):
        exponent = sp.expand(sp.Add(*(f.args[0] for f in sp.Mul.make_args(term) if isinstance(f, sp.exp) and f.has(x))))
        rest = sp.Mul(*(f for f in sp.Mul.make_args(term) if not (isinstance(f, sp.exp) and f.has(x))))
        rate = exponent.coeff(x, 1)
        found[rate] = found.get(rate, sp.Integer(0)) + rest * sp.exp(exponent - rate * x)
    return found


def _poles(bottom: Any, x: Any, facts: Facts) -> list[tuple[Any, Any, Any, int]] | None:
    """(A, m, d, n) for the factors (A ((x - m)² + d²))^n of a denominator, with the zeros of all factors told apart."""
    found: list[tuple[Any, Any, Any, int]] = []
    constant, rest = sp.factor(bottom).as_independent(x, as_Add=False)
    for factor in sp.Mul.make_args(rest):
        base, n = factor.as_base_exp()
        if not (n.is_Integer and 1 <= n <= ORDERS and base.is_polynomial(x) and sp.degree(base, x) == 2):
            return None
        a, b, c = sp.Poly(base, x).all_coeffs()
        middle, height = sp.cancel(-b / (2 * a)), sp.factor(sp.cancel(c / a - b**2 / (4 * a**2)))
        if not (facts.is_real(middle) and facts.is_nonzero(a) and facts.is_positive(height)):
            return None
        found.append((a, middle, sp.sqrt(height), int(n)))
    if not 0 < len(found) <= POLES or not facts.is_nonzero(constant):
        return None
    for i, (_, m, d, _) in enumerate(found):
        for _, other, e, _ in found[:i]:
            if not (facts.is_nonzero(sp.expand(m - other)) or facts.is_nonzero(sp.factor(d**2 - e**2))):
                return None
    return found


def _wave(polynomial: Any, rate: Any, bottom: Any, poles: list[tuple[Any, Any, Any, int]], x: Any, facts: Facts) -> Any:
    if polynomial == 0:
        return sp.Integer(0)
    w = sp.expand(rate / sp.I)
    if not polynomial.is_polynomial(x) or not facts.is_real(w):
        return None
    fall = int(sp.degree(bottom, x)) - int(sp.degree(polynomial, x))
    if not (facts.is_nonnegative(w) or facts.is_nonnegative(-w)):
        if fall >= 1:
            raise NeedCase(sp.Ge(w, 0))
        return None
    if not facts.is_nonnegative(w):
        mirrored = [(a, -m, d, n) for a, m, d, n in poles]
        flipped = {x: -x}
        return _wave(polynomial.xreplace(flipped), -rate, bottom.xreplace(flipped), mirrored, x, facts)
    if not (fall >= 2 or (fall == 1 and facts.is_positive(w))):
        return None
    lead = sp.cancel(sp.Poly(bottom, x).LC() / sp.Mul(*(a**n for a, _, _, n in poles)))
    total: Any = sp.Integer(0)
    for i, (a, m, d, n) in enumerate(poles):
        others = sp.Mul(*((b * ((x - k) ** 2 + e**2)) ** j for l, (b, k, e, j) in enumerate(poles) if l != i))
        smooth = polynomial * sp.exp(sp.I * w * x) / (lead * others * (a * (x - m + sp.I * d)) ** n)
        total += sp.diff(smooth, x, n - 1).subs(x, m + sp.I * d) / sp.factorial(n - 1)
    return sp.expand(2 * sp.pi * sp.I * total, power_base=False, log=False) if len(poles) == 1 else 2 * sp.pi * sp.I * total


__all__ = ["fourier"]
