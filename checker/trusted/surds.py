r"""Real quadratic numbers as products of powers: p + q√d = ± ∏ primes^(…/2) · γ^m with the largest m.

α and β are rational multiples of each other, or of √d times each other, where α/ᾱ = ± β/β̄ (Hilbert 90: an element of norm 1
is γ/γ̄). So a γ with α = c √d^e γ^m is found by taking the m-th root of |α/ᾱ| among the elements s + t√d of norm 1, whose
half trace s = cosh(arcosh(…)/m) has to be rational: then γ = 1 + s + t√d. What is found is multiplied out exactly.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, isqrt
from typing import Any, NamedTuple

import sympy as sp
from flint import arb, ctx, fmpq

HIGHEST = 32  # power of a surd
LARGEST_DENOMINATOR = 10**9  # of half the trace of a root
BITS = 100  # beyond those of the half trace


class _Surd(NamedTuple):
    """p + q√d."""

    p: Fraction
    q: Fraction
    d: int

    def times(self, other: _Surd) -> _Surd:
        return _Surd(self.p * other.p + self.q * other.q * self.d, self.p * other.q + self.q * other.p, self.d)

    def to(self, m: int) -> _Surd:
        result = _Surd(Fraction(1), Fraction(0), self.d)
        for _ in range(m):
            result = result.times(self)
        return result

    @property
    def norm(self) -> Fraction:
        return self.p**2 - self.d * self.q**2

    def primitive(self) -> _Surd:
        """Its positive rational multiple with coprime integers."""
        scale = Fraction(self.p.denominator * self.q.denominator // gcd(self.p.denominator, self.q.denominator))
        p, q = self.p * scale, self.q * scale
        common = Fraction(gcd(int(p), int(q)))
        return _Surd(p / common, q / common, self.d)


def surd_factors(e: Any) -> tuple[int, dict[Any, Any]] | None:
    """(sign, {base: multiplicity}) of a number p + q√d with rational p, q ≠ 0 and an integer d; None for another expression.

    The bases are primes, square roots of primes, and one γ > 1.
    """
    surd = _as_surd(e)
    if surd is None:
        return None
    p, q, d = surd
    larger = _Surd(abs(p), abs(q), d)
    sign = 1 if p > 0 else -1
    collected: dict[Any, Any] = {}
    if (p > 0) == (q > 0):
        _collect(larger, 1, collected)
    else:  # p - q√d = (p² - d q²) / (p + q√d)
        norm = larger.norm
        sign *= 1 if norm > 0 else -1
        _collect_rational(abs(norm), 1, collected)
        _collect(larger, -1, collected)
    return sign, {base: multiplicity for base, multiplicity in collected.items() if multiplicity != 0}


def _as_surd(e: Any) -> _Surd | None:
    if not (isinstance(e, sp.Add) and len(e.args) == 2 and e.is_number):
        return None
    rational = [a for a in e.args if a.is_Rational]
    others = [a for a in e.args if not a.is_Rational]
    if len(rational) != 1:
        return None
    coefficient, root = others[0].as_coeff_Mul()
    if not (root.is_Pow and root.exp == sp.Rational(1, 2) and root.base.is_Integer and root.base > 1):
        return None
    return _Surd(_fraction(rational[0]), _fraction(coefficient), int(root.base))


def _collect(alpha: _Surd, way: int, collected: dict[Any, Any]) -> None:
    """α = c √d^e γ^m."""
    gamma, m = _root(alpha)
    power = gamma.to(m)
    # α / γ^m = α γ̄^m / N(γ)^m
    rest = alpha.times(_Surd(power.p, -power.q, alpha.d))
    rest = _Surd(rest.p / power.norm, rest.q / power.norm, alpha.d)
    assert (rest.p == 0) != (rest.q == 0)
    assert min(rest.p, rest.q) >= 0
    base = sp.Integer(int(gamma.p)) + sp.Integer(int(gamma.q)) * sp.sqrt(alpha.d)
    collected[base] = collected.get(base, 0) + way * m
    if rest.q != 0:
        for prime, power in sp.factorint(alpha.d).items():
            collected[sp.sqrt(prime)] = collected.get(sp.sqrt(prime), 0) + way * power
    _collect_rational(rest.p + rest.q, way, collected)


def _collect_rational(c: Fraction, way: int, collected: dict[Any, Any]) -> None:
    for prime, power in sp.factorrat(sp.Rational(c.numerator, c.denominator)).items():
        if prime != 1:
            prime = sp.Integer(prime)
            collected[prime] = collected.get(prime, 0) + way * power


def _root(alpha: _Surd) -> tuple[_Surd, int]:
    """(γ, m) with the largest m such that γ^m is a rational multiple of α or of √d α, for positive p and q."""
    d = alpha.d
    norm = abs(alpha.norm)
    unit = _Surd((alpha.p**2 + d * alpha.q**2) / norm, 2 * alpha.p * alpha.q / norm, d)  # |α/ᾱ|
    outer = ctx.prec
    try:
        ctx.prec = BITS + unit.p.numerator.bit_length() + unit.p.denominator.bit_length()
        length = arb(fmpq(unit.p.numerator, unit.p.denominator)).acosh()
        guesses = [(m, _near((length / m).cosh())) for m in range(HIGHEST, 1, -1)]
    finally:
        ctx.prec = outer
    for m, s in [*guesses, (1, unit.p)]:
        t = _square_root((s * s - 1) / d)
        if t is not None and t > 0 and _Surd(s, t, d).to(m) == unit:
            one = _Surd(1 + s, t, d).primitive()
            other = _Surd(t * d, 1 + s, d).primitive()  # √d γ
            return min((one, other), key=lambda g: (abs(g.norm), g.norm < 0)), m
    raise AssertionError("m = 1 is a root")


def _near(x: arb) -> Fraction:
    mantissa, exponent = x.mid().man_exp()
    return (Fraction(int(mantissa)) * Fraction(2) ** int(exponent)).limit_denominator(LARGEST_DENOMINATOR)


def _square_root(x: Fraction) -> Fraction | None:
    if x < 0:
        return None
    root = Fraction(isqrt(x.numerator), isqrt(x.denominator))
    return root if root * root == x else None


def _fraction(r: Any) -> Fraction:
    return Fraction(int(r.p), int(r.q))


__all__ = ["surd_factors"]
