"""Logarithms, powers and arguments of complex numbers by moduli and arguments: log u = log|u| + i arg u with -π < arg u ≤ π.

A complex symbol is r e^{it}, or x + iy, with real symbols. Arguments of products add up to a multiple of 2π, which is told by
where the arguments of the factors lie; where it is not told, it is 2π ⌈(α - π)/(2π)⌉ for the sum α.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.angles import Bound, sector
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Contradiction, Facts, mentions
from derivable.trusted.heads import bound_variables

Zero = Callable[[Any, Facts], "Proof | None"]  # a proof that an expression vanishes under facts
Positive = Callable[[Any, Facts, bool], bool]  # whether an expression is positive, or not negative, under facts
ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh)
BRANCHES = (sp.log, sp.arg, sp.asin, sp.acos, sp.atan, sp.asinh, sp.acosh, sp.atanh)
SYMBOLS = 3  # complex ones
LONGEST = 60  # operations
i = sp.I

# the principal branches on the whole cut plane (DLMF 4.23, 4.37)
DEFINITIONS: dict[Any, Callable[[Any], Any]] = {
    sp.asin: lambda z: -i * _log(_sum(i * z, _root(_sum(1, -(z**2))))),
    sp.acos: lambda z: sp.pi / 2 + i * _log(_sum(i * z, _root(_sum(1, -(z**2))))),
    sp.atan: lambda z: i / 2 * (_log(_sum(1, -i * z)) - _log(_sum(1, i * z))),
    sp.asinh: lambda z: _log(_sum(z, _root(_sum(1, z**2)))),
    sp.acosh: lambda z: _log(_sum(z, sp.Mul(_root(_sum(z, 1)), _root(_sum(z, -1)), evaluate=False))),
    sp.atanh: lambda z: (_log(_sum(1, z)) - _log(_sum(1, -z))) / 2,
}


def _log(u: Any) -> Any:
    return sp.log(u, evaluate=False)


def _root(u: Any) -> Any:
    return sp.Pow(u, sp.Rational(1, 2), evaluate=False)


def _sum(*terms: Any) -> Any:
    return sp.Add(*terms)


class Untold(ValueError):
    """An expression that is not rewritten."""


class Polar(NamedTuple):
    """ρ e^{iα} with real ρ ≥ 0 and α; where ρ = 0, α is any number."""

    modulus: Any
    angle: Any

    def mirrored(self) -> Polar:
        """That of the conjugate."""
        return Polar(self.modulus, -self.angle)


def applies(e: Any, facts: Facts) -> bool:
    """Whether there are branches to decide, of what need not be real."""
    if e.count_ops() > LONGEST or bound_variables(e):
        return False
    powers = any(not p.exp.is_Integer for p in e.atoms(sp.Pow))
    complex_ones = e.has(sp.I) or any(facts.signs(s) is None for s in e.free_symbols)
    return (powers or e.has(*BRANCHES)) and complex_ones


def in_real_terms(e: Any, facts: Facts, positive: Positive) -> Iterator[tuple[Any, Facts, str]]:
    """The statement e = 0 in real symbols with what is known of them, by polar and by Cartesian coordinates."""
    complex_ones = [s for s in sorted(e.free_symbols, key=sp.default_sort_key) if facts.signs(s) is None]
    if len(complex_ones) > SYMBOLS or any(
        not (s.is_Symbol and s.is_commutative and s.is_real is None and s.is_zero is None and s.is_imaginary is None)
        for s in complex_ones
    ):
        return
    for polar in (True, False):
        try:
            plane = _Plane(complex_ones, facts, positive, polar)
            target = plane.value(e)
        except (Untold, Contradiction, RecursionError):
            continue
        how = "r e^(it)" if polar else "x + iy"
        text = f"{', '.join(map(str, complex_ones))} as {how}" if complex_ones else "u = |u| e^(i arg u)"
        yield target, plane.facts, text


class _Plane:
    """Real coordinates of complex symbols, arguments of other expressions, and the facts about both."""

    def __init__(self, symbols: list[Any], facts: Facts, positive: Positive, polar: bool):
        self.before, self.positive = facts, positive
        self._of_r, self._exact = polar and bool(symbols), polar and not symbols  # what stands for |u|, and for arg u
        self.bounds: dict[Any, tuple[Bound, Bound]] = {}
        self._known: list[tuple[Any, Any, Polar]] = []  # real part, imaginary part, and modulus and argument
        self._polar: dict[Any, Polar] = {}
        self._values: dict[Any, Any] = {}
        self._conditions: dict[Any, Any] = {}
        told = []
        for z in symbols:
            if polar:
                nonzero = any(map(facts.is_nonzero, (z, sp.re(z), sp.im(z))))
                r = sp.Dummy(f"r_{z.name}", positive=True) if nonzero else sp.Dummy(f"r_{z.name}", nonnegative=True)
                t = sp.Dummy(f"t_{z.name}", real=True)
                cosine, sine = _signs(facts, sp.re(z)), _signs(facts, sp.im(z))
                way = -1 if _astride(cosine, sine) else 1
                self._polar[z] = Polar(r, t if way > 0 else t + sp.pi)
                self._values[z] = way * r * (sp.cos(t) + sp.I * sp.sin(t))
                self._known.append((way * r * sp.cos(t), way * r * sp.sin(t), self._polar[z]))
                told += self._bounded(t, cosine, sine, way)
            else:
                x, y = sp.Dummy(f"x_{z.name}", real=True), sp.Dummy(f"y_{z.name}", real=True)
                self._values[z] = x + sp.I * y
        self.facts = Facts(tuple(c for c in facts.where if not any(mentions(c, z) for z in symbols))).given(*told)
        for condition in facts.where:
            if isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le | sp.Ne | sp.Eq) and any(
                mentions(condition, z) for z in symbols
            ):
                with contextlib.suppress(Untold):
                    self._take(condition)

    def _take(self, condition: Any) -> None:
        """A hypothesis in the new symbols; |u| < c bounds the real and the imaginary part of u too."""
        if isinstance(condition, sp.Eq):
            told = [sp.Eq(part, 0) for part in self.parts(condition.lhs - condition.rhs)]
        else:
            left, right = map(self.value, condition.args)
            if not all(map(self.facts.is_real, (left, right))):
                return
            told = [condition.func(left, right)]
        if isinstance(condition, sp.Lt | sp.Le) and isinstance(condition.lhs, sp.Abs):
            for part in self.parts(condition.lhs.args[0]):
                told += [condition.func(part, right), condition.func(-part, right)]
        told = [c for c in told if c not in (sp.true, sp.false)]
        if told:
            self.facts = self.facts.given(*told)

    def _bounded(self, angle: Any, cosine: frozenset[int], sine: frozenset[int], way: int = 1) -> list[Any]:
        """What the signs of the parts of u tell of the argument of u, or of -u."""
        low, high = sector(frozenset(way * s for s in cosine), frozenset(way * s for s in sine))
        self.bounds[angle] = low, high
        above = angle > sp.pi * low.at if low.gap is None else angle >= sp.pi * low.at
        below = angle < sp.pi * high.at if high.gap is None else angle <= sp.pi * high.at
        return [above, below]

    # -- values ----------------------------------------------------------------------------------------------------

    def value(self, e: Any) -> Any:
        """e in the new symbols, with logarithms, roots and arguments of what is real and positive only."""
        if e not in self._values:
            self._values[e] = self._value(e)
        return self._values[e]

    def _value(self, e: Any) -> Any:
        if e.is_number and not e.has(sp.I) and self.before.is_real(e):
            return e
        if isinstance(e, sp.Symbol | sp.Number | sp.NumberSymbol) or e is sp.I:
            return e
        if isinstance(e, sp.Add | sp.Mul):
            return e.func(*map(self.value, e.args))
        if isinstance(e, sp.Pow):
            if self.before.is_integer(e.exp):
                return self.value(e.base) ** e.exp
            return self._power(e.base, e.exp)
        if isinstance(e, ENTIRE):
            return e.func(*map(self.value, e.args))
        if isinstance(e, sp.log) and len(e.args) == 1:
            polar = self.polar(e.args[0])
            return sp.log(polar.modulus) + sp.I * self.principal(polar.angle, e.args[0])
        if isinstance(e, sp.arg):
            return self.principal(self.polar(e.args[0]).angle, e.args[0])
        if isinstance(e, sp.atan2) and not self._is_real(e):
            b, a = map(self.value, e.args)
            if not all(map(self.facts.is_real, (a, b))):
                raise Untold
            return self.principal(self._of_parts(sp.expand(a), sp.expand(b)).angle, a + sp.I * b)
        if isinstance(e, sp.Abs):
            return self.polar(e.args[0]).modulus
        if isinstance(e, sp.re | sp.im):
            return self.parts(e.args[0])[0 if isinstance(e, sp.re) else 1]
        if isinstance(e, sp.conjugate):
            a, b = self.parts(e.args[0])
            return a - sp.I * b
        if self._is_real(e):
            return e
        if isinstance(e, sp.floor | sp.ceiling | sp.sign):
            inner = self.value(e.args[0])
            if not self.facts.is_real(inner):
                raise Untold
            return e.func(inner)
        if e.func in DEFINITIONS:
            return self.value(DEFINITIONS[e.func](e.args[0]))
        raise Untold

    def _is_real(self, e: Any) -> bool:
        """Whether e is a real function of what the hypotheses say is real."""
        return not e.has(sp.I) and all(self.before.signs(s) is not None for s in e.free_symbols) and self.before.is_real(e)

    def _power(self, base: Any, c: Any) -> Any:
        polar = self.polar(base)
        exponent = self.value(c)
        if not self.facts.is_real(exponent):
            if not self.facts.is_nonzero(polar.modulus):
                raise Untold
            return sp.exp(exponent * (sp.log(polar.modulus) + sp.I * self.principal(polar.angle, base)))
        if not self.facts.is_nonzero(exponent) and not self.facts.is_nonzero(polar.modulus):
            raise Untold
        return polar.modulus**exponent * sp.exp(sp.I * exponent * self.principal(polar.angle, base))

    def parts(self, e: Any) -> tuple[Any, Any]:
        """Real and imaginary part of e: its value is made of real symbols, i and functions that are real for real arguments."""
        value = sp.expand(self.value(e), complex=False)
        mirrored = sp.expand(value.xreplace({sp.I: -sp.I}))
        waves = [n for n in value.atoms(sp.exp) if n.has(sp.I)]
        if waves:  # e^(u + iv) by its parts, so that what is left of i is a factor
            value = sp.expand(value.xreplace({n: _by_parts(n) for n in waves}))
            mirrored = sp.expand(value.xreplace({sp.I: -sp.I}))
        a, b = sp.expand((value + mirrored) / 2), sp.expand((value - mirrored) / (2 * sp.I))
        if a.has(sp.I) or b.has(sp.I):
            raise Untold
        return a, b

    # -- moduli and arguments --------------------------------------------------------------------------------------

    def polar(self, e: Any) -> Polar:
        """ρ and α with e = ρ e^{iα}, α up to multiples of 2π."""
        if e not in self._polar:
            self._polar[e] = self._as_polar(e)
        return self._polar[e]

    def _as_polar(self, e: Any) -> Polar:
        if e is sp.I:
            return Polar(sp.Integer(1), sp.pi / 2)
        if isinstance(e, sp.Abs):
            return Polar(self.value(e), sp.Integer(0))
        if self._is_real(e):
            if self.before.is_nonnegative(e):
                return Polar(e, sp.Integer(0))
            if self.before.is_nonnegative(-e):
                return Polar(-e, sp.pi)
        if isinstance(e, sp.Mul):
            parts = [self.polar(factor) for factor in e.args]
            return Polar(sp.Mul(*(p.modulus for p in parts)), sp.Add(*(p.angle for p in parts)))
        if isinstance(e, sp.exp):
            a, b = self.parts(e.args[0])
            return Polar(sp.exp(a), b)
        if isinstance(e, sp.conjugate):
            return self.polar(e.args[0]).mirrored()
        if isinstance(e, sp.Pow) and self.before.is_real(e.exp):
            inner = self.polar(e.base)
            whole = self.before.is_integer(e.exp)
            if not self.before.is_nonzero(e.exp) and not self.facts.is_nonzero(inner.modulus):
                raise Untold
            return Polar(inner.modulus**e.exp, e.exp * (inner.angle if whole else self.principal(inner.angle, e.base)))
        if isinstance(e, sp.Add):
            wave = self._two_waves(e)
            if wave is not None:
                return wave
            factors = _gaussian_factors(e)
            if len(factors) > (2 if self._exact else 1):
                return self._as_polar(sp.Mul(*factors, evaluate=False))
        return self._of_parts(*self.parts(e))

    def _two_waves(self, e: Any) -> Polar | None:
        """ρ e^{iα} + ρ e^{iβ} = 2ρ cos((α - β)/2) e^{i(α + β)/2}, where the sign of the cosine is known."""
        if len(e.args) != 2 or not e.atoms(sp.exp):
            return None
        one, other = map(self.polar, e.args)
        wave = sp.cos(sp.expand((one.angle - other.angle) / 2))
        if one.modulus != other.modulus:
            return None
        for way in (1, -1):
            if self.facts.is_nonnegative(way * wave):
                half = sp.expand((one.angle + other.angle) / 2)
                return Polar(2 * one.modulus * way * wave, half if way > 0 else half + sp.pi)
        return None

    def _of_parts(self, a: Any, b: Any) -> Polar:
        """The modulus √(a² + b²), and an angle of which the signs of a and b are told."""
        if a.has(sp.ceiling) or b.has(sp.ceiling):
            raise Untold
        for part, other, quarter in ((a, b, sp.Integer(0)), (b, a, sp.pi / 2)):
            if other == 0:
                part = sp.factor_terms(part)
                for way, angle in ((1, quarter), (-1, quarter - sp.pi if quarter else sp.pi)):
                    if self.facts.is_nonnegative(way * part) or self.positive(way * part, self.facts, False):
                        return Polar(way * part, angle)
        for x, y, known in self._known:
            for quarters in range(4):  # i^k (x + iy) or its conjugate
                if x == a and y in (b, -b):
                    turned = Polar(known.modulus, known.angle + quarters * sp.pi / 2)
                    return turned if y == b else turned.mirrored()
                x, y = sp.expand(-y), x
        cosine, sine = self._sign(a), self._sign(b)
        way = -1 if _astride(cosine, sine) else 1
        if self._exact and cosine == frozenset({1}):
            t = sp.atan(b / a)
            if t.is_number:
                return Polar(sp.sqrt(sp.expand(a**2 + b**2)), t)
            if not isinstance(t, sp.atan):  # written with the other sign
                return self._of_parts(a, -b).mirrored()
        else:
            t = sp.Dummy(f"t{len(self._known)}", real=True)
        told = self._bounded(t, cosine, sine, way)
        if self._of_r:  # the sum of the squares is no polynomial that is seen to be positive
            modulus: Any = sp.Dummy(f"r{len(self._known)}", nonnegative=True)
        else:
            square = sp.expand(a**2 + b**2)
            modulus, told = sp.sqrt(square), [*told, square >= 0]
        polar = Polar(modulus, t if way > 0 else t + sp.pi)
        self._known.append((a, b, polar))
        self.facts = self.facts.given(*(c for c in told if c not in (sp.true, sp.false)))
        return polar

    def _sign(self, a: Any) -> frozenset[int]:
        known = self.facts.signs(a)
        if known is None or len(known) == 3:
            for way in (1, -1):
                if self.positive(way * a, self.facts, True):
                    return frozenset({way})
        return frozenset({-1, 0, 1}) if known is None else known

    def principal(self, angle: Any, e: Any) -> Any:
        """α - 2πm in (-π, π]: with the m that is told, or m = ⌈(α - π)/(2π)⌉."""
        angle = sp.expand(angle)
        low, high, rest = self._ends(angle)
        if rest == 0:
            turns = sp.ceiling((high.at - 1) / 2)
            if low.at > 2 * turns - 1 or (low.at == 2 * turns - 1 and low.gap is None):
                return angle - 2 * sp.pi * turns
            turns = sp.ceiling((low.at - 1) / 2)
            if high.at < 2 * turns + 1 or (high.at == 2 * turns + 1 and low.at > 2 * turns - 1):
                return angle - 2 * sp.pi * turns
        for turns in (0, 1, -1):
            reduced = sp.expand(angle - 2 * sp.pi * turns)
            if all(self._above(d, strict) for d, strict in ((reduced + sp.pi, True), (sp.pi - reduced, False))):
                return reduced
        if rest == 0:
            known = self._by_half_plane(low, high, e)
            if known is not None:
                return angle - 2 * sp.pi * known
        for turns in (0, 1, -1):
            reduced = sp.expand(angle - 2 * sp.pi * turns)
            if self.positive(reduced + sp.pi, self.facts, True) and self.positive(sp.pi - reduced, self.facts, False):
                return reduced
        return angle - 2 * sp.pi * sp.ceiling(sp.expand((angle - sp.pi) / (2 * sp.pi)))

    def _above(self, e: Any, strict: bool) -> bool:
        return self.facts.is_positive(e) if strict else self.facts.is_nonnegative(e)

    def _ends(self, angle: Any) -> tuple[Bound, Bound, Any]:
        """Bounds of the known angles and multiples of π in a sum, and the rest of it."""
        low = high = Bound(sp.Integer(0), sp.Integer(0))
        rest = sp.Integer(0)
        for term in sp.Add.make_args(angle):
            c, t = term.as_coeff_Mul()
            if t in self.bounds and c.is_Rational:
                least, most = self.bounds[t] if c > 0 else self.bounds[t][::-1]
                low, high = (
                    Bound(total.at + c * one.at, None if None in (total.gap, one.gap) else sp.Integer(0))
                    for total, one in ((low, least), (high, most))
                )
            elif (term / sp.pi).is_Rational:
                low, high = low._replace(at=low.at + term / sp.pi), high._replace(at=high.at + term / sp.pi)
            else:
                rest += term
        return low, high, rest

    def _by_half_plane(self, low: Bound, high: Bound, e: Any) -> Any:
        """The m with α - 2πm in the half plane in which e is seen to lie, if α reaches that half plane for one m only."""
        try:
            (a, b), (c, d) = map(self.parts, sp.fraction(sp.together(e)))
        except Untold:
            return None
        a, b = sp.expand(a * c + b * d), sp.expand(b * c - a * d)  # times a square
        quarter = sp.Rational(1, 2)
        for part, way, start, end in ((b, 1, 0, 1), (b, -1, -1, 0), (a, 1, -quarter, quarter)):
            if part != 0 and self.positive(way * part, self.facts, True):
                met = [m for m in range(-4, 5) if 2 * m + start < high.at and 2 * m + end > low.at]
                if len(met) == 1 and abs(low.at) < 8 and abs(high.at) < 8:
                    return met[0]
        return None


def _signs(facts: Facts, e: Any) -> frozenset[int]:
    known = facts.signs(e)
    if known is None:
        return frozenset({-1, 0, 1})
    return known - {0} if facts.is_nonzero(e) else known


def _astride(cosine: frozenset[int], sine: frozenset[int]) -> bool:
    """Whether a number lies on both sides of the cut, and to the left of the imaginary axis: then -u has the simpler argument."""
    return cosine == frozenset({-1}) and {-1, 1} <= sine


def _by_parts(wave: Any) -> Any:
    """e^(u + iv) = e^u (cos v + i sin v) for u and v without i."""
    exponent = sp.expand(wave.args[0])
    v = sp.expand((exponent - exponent.xreplace({sp.I: -sp.I})) / (2 * sp.I))
    u = sp.expand(exponent - sp.I * v)
    if u.has(sp.I) or v.has(sp.I):
        raise Untold
    return sp.exp(u) * (sp.cos(v) + sp.I * sp.sin(v))


def _gaussian_factors(e: Any) -> list[Any]:
    """Factors of a rational function over the Gaussian integers, monic up to a unit, whose product is e."""
    symbols = sorted(e.free_symbols, key=str)
    if (
        not symbols
        or not e.is_rational_function(*symbols)
        or not e.atoms(sp.Number, sp.NumberSymbol) <= e.atoms(sp.Rational, sp.I.func)
    ):
        return [e]
    top, bottom = sp.fraction(sp.together(e))
    factors: list[Any] = []
    for part, way in ((top, 1), (bottom, -1)):
        content, found = sp.factor_list(sp.expand(part), *symbols, gaussian=True)
        for f, times in found:
            lead = sp.Poly(f, *symbols).LC()
            if lead in (sp.I, -sp.I, -1):  # a unit, so that one factor is not named twice
                f, content = sp.expand(f / lead), content * lead**times
            factors.append(sp.Pow(f, way * times))
        factors.append(content**way)
    factors = [f for f in factors if f != 1]
    if len(factors) < 2 or sp.cancel(sp.expand(sp.Mul(*factors) * bottom) - sp.expand(top)) != 0:
        return [e]
    return factors


__all__ = ["applies", "in_real_terms"]
