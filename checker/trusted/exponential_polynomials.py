"""Σ P_i(x) exp(λ_i x) with polynomials P_i and exponents λ_i, all rational: its signs at a point, and next to an end.

By Lindemann's theorem Σ P_i(c) exp(λ_i c) is zero for a rational c ≠ 0 only if all P_i(c) are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq, fmpq_poly

from derivable.trusted.balls import Evaluator, ball

MOST_STEPS = 24  # derivatives until nothing is left
PRECISIONS = (96, 400, 1600)


@dataclass(frozen=True)
class ExponentialPolynomial:
    """The pairs (λ, P), ascending, with different λ and P ≠ 0."""

    terms: tuple[tuple[fmpq, fmpq_poly], ...]

    @property
    def steps(self) -> int:
        """Σ (deg P_i + 1): the order of the linear differential equation that it satisfies."""
        return sum(p.degree() + 1 for _, p in self.terms)

    def common_factor(self) -> fmpq_poly:
        """The greatest common divisor of the P_i, monic."""
        common = fmpq_poly([0])
        for _, p in self.terms:
            common = common.gcd(p)
        return common

    def divided(self, factor: fmpq_poly) -> ExponentialPolynomial:
        """The quotient by a common divisor of the P_i."""
        return ExponentialPolynomial(tuple((rate, p // factor) for rate, p in self.terms))

    def simpler(self) -> tuple[ExponentialPolynomial, ExponentialPolynomial]:
        """f exp(-λ x), with λ that of the P of least degree, and its derivative, in which that degree is one less."""
        by, _ = min(self.terms, key=lambda term: (term[1].degree(), term[0]))
        divided = _made({rate - by: p for rate, p in self.terms})
        return divided, _made({rate: p.derivative() + rate * p for rate, p in divided.terms})

    def sign_near(self, end: Any, way: int) -> int | None:
        """The sign next to an end, on its right (way 1) or left; None where it is not seen."""
        if end is sp.oo:
            return _sign(self.terms[-1][1].coeffs()[-1])
        if end is -sp.oo:
            p = self.terms[0][1]
            return _sign(p.coeffs()[-1]) * (-1) ** p.degree()
        if end == 0:
            order, c = self._first_at_zero()
            return _sign(c) * way**order
        return None if self.vanishes_at(end) else self.sign_between(end, end)

    def _first_at_zero(self) -> tuple[int, fmpq]:
        """The first term c x^k of the series at 0: one of the first `steps` terms is not zero."""
        for k in range(self.steps):
            c = fmpq(0)
            for rate, p in self.terms:
                power = fmpq(1)  # rate^(k - j) / (k - j)! for j = k, k - 1, …
                for j in range(k, -1, -1):
                    if j < len(p.coeffs()):
                        c += p.coeffs()[j] * power
                    power = power * rate / (k - j + 1)
            if c != 0:
                return k, c
        raise ArithmeticError("a function that is zero")

    def vanishes_at(self, point: Any) -> bool:
        """Whether it is zero at a rational point; false for points that are not rational."""
        if not point.is_Rational:
            return False
        at = fmpq(int(point.p), int(point.q))
        values = [p(at) for _, p in self.terms]
        return sum(values, fmpq(0)) == 0 if at == 0 else all(v == 0 for v in values)

    def sign_between(self, low: Any, high: Any) -> int | None:
        """The one sign that it has between two numbers, by balls; 0 where it vanishes at a point."""
        if low == high and self.vanishes_at(low):
            return 0
        outer = ctx.prec
        try:
            for precision in PRECISIONS if low == high else PRECISIONS[:1]:
                ctx.prec = precision
                a, b = (ball(Evaluator({})(end)).real for end in (low, high))
                value = self._value(a.union(b))
                if value.is_finite() and (value > 0 or value < 0):
                    return 1 if value > 0 else -1
        finally:
            ctx.prec = outer
        return None

    def _value(self, x: arb) -> arb:
        """A ball around the values on a ball, by the mean value theorem where that is narrower."""
        plain = _evaluated(self, x)
        middle = arb(x.mid())
        slope = _made({rate: p.derivative() + rate * p for rate, p in self.terms})
        if not slope.terms or not plain.is_finite():
            return plain
        centred = _evaluated(self, middle) + _evaluated(slope, x) * (x - middle)
        return centred if centred.is_finite() and centred.rad() < plain.rad() else plain


def exponential_polynomial(e: Any, x: Any) -> ExponentialPolynomial | None:
    """e in this form, if it is one that is not zero, and of a moderate number of terms."""
    terms: dict[fmpq, dict[int, fmpq]] = {}
    for term in sp.Add.make_args(sp.expand(e)):
        coefficient, power, rate = fmpq(1), 0, sp.Integer(0)
        for factor in sp.Mul.make_args(term):
            base, exponent = (factor, sp.Integer(1)) if isinstance(factor, sp.exp) else factor.as_base_exp()
            if factor.is_Rational:
                coefficient *= fmpq(int(factor.p), int(factor.q))
            elif base == x and exponent.is_Integer and exponent > 0:
                power += int(exponent)
            elif isinstance(base, sp.exp) and exponent.is_Integer:
                slope = sp.expand(base.args[0] * exponent) / x
                if not slope.is_Rational:
                    return None
                rate += slope
            else:
                return None
        at = terms.setdefault(fmpq(int(rate.p), int(rate.q)), {})
        at[power] = at.get(power, fmpq(0)) + coefficient
    found = _made({rate: fmpq_poly([p.get(k, fmpq(0)) for k in range(max(p) + 1)]) for rate, p in terms.items()})
    return found if found.terms and found.steps <= MOST_STEPS else None


def _made(terms: dict[fmpq, fmpq_poly]) -> ExponentialPolynomial:
    return ExponentialPolynomial(tuple((rate, terms[rate]) for rate in sorted(terms) if terms[rate] != 0))


def _evaluated(f: ExponentialPolynomial, x: arb) -> arb:
    total = arb(0)
    for rate, p in f.terms:
        value = arb(0)
        for c in reversed(p.coeffs()):
            value = value * x + arb(c)
        total += value * (x * arb(rate)).exp()
    return total


def _sign(c: fmpq) -> int:
    return 1 if c > 0 else -1


__all__ = ["ExponentialPolynomial", "exponential_polynomial"]
