"""The first term of an expansion as t → 0+, in powers of t and of log t: the sign of a function near an end, and its limit there.

Rules: sums, products, powers and logarithms of expansions; exponentials of what is bounded but for a multiple of log t; Taylor's
series of analytic functions; arctangents and error functions of what grows; Stirling's series of log Γ, ψ and their derivatives.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp

from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

TERMS = 8  # orders kept beyond the first
MOST = 120  # terms of one expansion
LONGEST = 300  # operations in a coefficient


class NoExpansion(Exception):
    """No rule gives the expansion, or its first term lies beyond what was kept."""


@dataclass(frozen=True)
class Leading:
    """The function is (1 + o(1)) · coefficient · t^exponent · (log t)^logs."""

    coefficient: Any
    exponent: Any
    logs: int

    def limit(self) -> Any:
        """The limit as t → 0+: a number, or an infinity where the coefficient is a number of known sign."""
        if self.exponent > 0:
            return sp.Integer(0)
        if self.exponent == 0 and self.logs == 0:
            return self.coefficient
        return sp.oo * self.coefficient * (-1) ** self.logs


def leading_term(e: Any, x: Any, end: Any, way: int, facts: Facts, deadline: float = math.inf, orders: int = TERMS) -> Leading:
    """The first term of e as x → end from above (way 1) or below (-1); t is the distance, or 1/|x| where the end is infinite.

    Of each expansion so many `orders` beyond the first are kept.

    Raises `NoExpansion`, also where a coefficient grows long or the deadline (of `time.monotonic`) is over.
    """
    t = sp.Dummy("t", positive=True)
    place = 1 / t if end is sp.oo else -1 / t if end is -sp.oo else end + way * t
    series = _Expander(t, facts, deadline, orders).of(sp.sympify(e).xreplace({x: place}))
    return series.first()


def dominant_part(e: Any, x: Any, end: Any, way: int, facts: Facts, deadline: float = math.inf) -> Leading:
    """The first term of R in the term R exp(u) of e = Σ R exp(u) that outgrows the others as x → end: it has the sign of e there.

    The differences of the u go to infinity like powers of 1/t, the R are of the order of powers of t and log t.
    """
    groups: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(e, log=False)):
        exponents = [f.args[0] for f in sp.Mul.make_args(term) if isinstance(f, sp.exp)]
        rest = sp.Mul(*(f for f in sp.Mul.make_args(term) if not isinstance(f, sp.exp)))
        u = sp.expand(sp.Add(*exponents))
        groups[u] = groups.get(u, sp.Integer(0)) + rest
    parts = [(u, leading_term(rest, x, end, way, facts, deadline)) for u, rest in groups.items() if sp.expand(rest) != 0]
    for u, first in parts:
        others = [leading_term(u - v, x, end, way, facts, deadline) for v, _ in parts if v != u]
        if all(d.exponent < 0 and facts.is_positive(d.coefficient * (-1) ** d.logs) for d in others):
            return first
    raise NoExpansion("no exponential that outgrows the others")


@dataclass(frozen=True)
class _Series:
    """Σ c t^a (log t)^k over `terms` (a, k) → c, up to O(t^order) times a power of log t."""

    terms: dict[tuple[Any, int], Any]
    order: Any  # oo where nothing was left out

    def first(self) -> Leading:
        if not self.terms:
            raise NoExpansion("everything that was kept cancels")
        exponent = min(a for a, _ in self.terms)
        logs = max(k for a, k in self.terms if a == exponent)
        return Leading(self.terms[exponent, logs], exponent, logs)


class _Expander:
    def __init__(self, t: Any, facts: Facts, deadline: float, orders: int = TERMS):
        self.t = t
        self.orders = orders
        self.facts = facts
        self.deadline = deadline

    def of(self, e: Any) -> _Series:
        if not e.has(self.t):
            return self._made({(sp.Integer(0), 0): e}, sp.oo)
        if e == self.t:
            return self._made({(sp.Integer(1), 0): sp.Integer(1)}, sp.oo)
        if isinstance(e, sp.Add):
            total = self.of(e.args[0])
            for part in e.args[1:]:
                total = self._plus(total, self.of(part))
            return total
        if isinstance(e, sp.Mul):
            total = self.of(e.args[0])
            for part in e.args[1:]:
                total = self._times(total, self.of(part))
            return total
        if isinstance(e, sp.Pow) and not e.exp.has(self.t):
            return self._power(self.of(e.base), e.exp)
        if isinstance(e, sp.Pow):
            return self._exp(self._times(self.of(e.exp), self._log(self.of(e.base))))
        rules: dict[Any, Callable[[_Series], _Series]] = {
            sp.exp: self._exp,
            sp.log: self._log,
            sp.atan: self._atan,
            sp.erf: partial(self._erf, sp.erf),
            sp.erfc: partial(self._erf, sp.erfc),
            sp.loggamma: self._loggamma,
        }
        if e.func in rules and len(e.args) == 1:
            return rules[e.func](self.of(e.args[0]))
        if isinstance(e, sp.polygamma) and e.args[0].is_Integer:
            return self._polygamma(int(e.args[0]), self.of(e.args[1]))
        if isinstance(e, sp.hyper) and not any(p.has(self.t) for p in (*e.args[0], *e.args[1])):
            return self._hypergeometric(e)
        if isinstance(e, sp.besselj | sp.besseli) and e.args[0].is_Rational and e.args[0] >= 0:
            return self._bessel(e.args[0], self.of(e.args[1]), -1 if isinstance(e, sp.besselj) else 1)
        if len(e.args) == 1 and e.func in ANALYTIC:
            return self._analytic(e.func, self.of(e.args[0]))
        raise NoExpansion(f"no expansion of {e.func}")

    # -- arithmetic --------------------------------------------------------------------------------------------------

    def _made(self, terms: dict[tuple[Any, int], Any], order: Any) -> _Series:
        """Without the terms that vanish or lie beyond the order, and no more than are kept."""
        kept: dict[tuple[Any, int], Any] = {}
        lowest = None
        for place in sorted(terms, key=lambda at: (at[0], -at[1])):
            if place[0] >= order:
                continue
            c = terms[place]
            if time.monotonic() > self.deadline or (not c.is_Rational and c.count_ops() > LONGEST):
                raise NoExpansion("too long")
            if c == 0 or (not c.is_Rational and self._vanishes(c)):
                continue
            lowest = place[0] if lowest is None else lowest
            if place[0] > lowest + self.orders:
                order = min(order, place[0])
                break
            kept[place] = c
        if len(kept) > MOST:
            raise NoExpansion("too many terms")
        return _Series(kept, order)

    def _vanishes(self, c: Any) -> bool:
        try:
            return bool(NormalForm(self.facts).is_zero(c))
        except (NoNormalForm, NeedCase, RecursionError):
            return False

    def _plus(self, a: _Series, b: _Series) -> _Series:
        terms = dict(a.terms)
        for place, c in b.terms.items():
            terms[place] = terms.get(place, sp.Integer(0)) + c
        return self._made(terms, min(a.order, b.order))

    def _times(self, a: _Series, b: _Series) -> _Series:
        low_a, low_b = (min((e for e, _ in s.terms), default=s.order) for s in (a, b))
        order = min(a.order + low_b, b.order + low_a)
        terms: dict[tuple[Any, int], Any] = {}
        for (e, k), c in a.terms.items():
            for (f, m), d in b.terms.items():
                terms[e + f, k + m] = terms.get((e + f, k + m), sp.Integer(0)) + c * d
        return self._made(terms, order)

    def _scaled(self, a: _Series, c: Any) -> _Series:
        return self._made({place: c * d for place, d in a.terms.items()}, a.order)

    def _number(self, c: Any) -> _Series:
        return self._made({(sp.Integer(0), 0): sp.sympify(c)}, sp.oo)

    def _relative(self, a: _Series) -> tuple[Leading, _Series]:
        """a = first · (1 + u): the first term, which has no logarithm, and u."""
        first = a.first()
        if not self.facts.is_nonzero(first.coefficient):
            raise NoExpansion("a first coefficient that may be zero")
        if first.logs or any(e == first.exponent and k for e, k in a.terms):
            raise NoExpansion("a logarithm in the first term")
        rest = {(e - first.exponent, k): c / first.coefficient for (e, k), c in a.terms.items() if e != first.exponent}
        return first, self._made(rest, a.order - first.exponent)

    def _composed(self, u: _Series, coefficients: Iterator[Any]) -> _Series:
        """Σ c_j u^j for a u that vanishes."""
        low = min((e for e, _ in u.terms), default=u.order)
        if not low > 0:
            raise NoExpansion("the inner function does not vanish")
        total = self._number(next(coefficients))
        power = self._number(1)
        if low is sp.oo:
            return total
        count = int(sp.ceiling(self.orders / low)) + 1
        if count > 40:
            raise NoExpansion("too many terms")
        for _ in range(count):
            power = self._times(power, u)
            total = self._plus(total, self._scaled(power, next(coefficients)))
        # what follows is of the order of the next power
        return self._made(total.terms, min(total.order, low * (count + 1)))

    def _power(self, a: _Series, exponent: Any) -> _Series:
        if exponent.is_Integer and 0 <= exponent <= 4:
            total = self._number(1)
            for _ in range(int(exponent)):
                total = self._times(total, a)
            return total
        first, u = self._relative(a)
        if not exponent.is_Integer and not self.facts.is_positive(first.coefficient):
            raise NoExpansion("a root of what need not be positive")
        if not (exponent * first.exponent).is_Rational:
            raise NoExpansion("an exponent that is not rational")
        series = self._composed(u, (sp.binomial(exponent, j) for j in _naturals()))
        head = self._made({(first.exponent * exponent, 0): first.coefficient**exponent}, sp.oo)
        return self._times(head, series)

    def _log(self, a: _Series) -> _Series:
        first, u = self._relative(a)
        if not self.facts.is_positive(first.coefficient):
            raise NoExpansion("a logarithm of what need not be positive")
        head = self._made({(sp.Integer(0), 1): first.exponent, (sp.Integer(0), 0): sp.log(first.coefficient)}, sp.oo)
        return self._plus(head, self._composed(u, ((-1) ** (j + 1) / sp.Integer(j) if j else sp.Integer(0) for j in _naturals())))

    def _exp(self, a: _Series) -> _Series:
        if any(e < 0 or (e == 0 and k > 1) for e, k in a.terms) or a.order <= 0:
            raise NoExpansion("an exponential of what is not bounded")
        constant, slope = (a.terms.get((sp.Integer(0), k), sp.Integer(0)) for k in (0, 1))
        if not slope.is_Rational:
            raise NoExpansion("an exponent that is not rational")
        u = self._made({place: c for place, c in a.terms.items() if place[0] > 0}, a.order)
        head = self._made({(slope, 0): sp.exp(constant)}, sp.oo)
        return self._times(head, self._composed(u, (1 / sp.factorial(j) for j in _naturals())))

    # -- functions ---------------------------------------------------------------------------------------------------

    def _analytic(self, function: Any, a: _Series) -> _Series:
        """Taylor's series at the limit of the argument."""
        if any(e < 0 or (e == 0 and k) for e, k in a.terms) or a.order <= 0:
            raise NoExpansion("an argument that is not bounded")
        at = a.terms.get((sp.Integer(0), 0), sp.Integer(0))
        inside = {sp.asin: 1 - at**2, sp.acos: 1 - at**2, sp.atanh: 1 - at**2, sp.acosh: at - 1, sp.loggamma: at}.get(function)
        if not self.facts.is_real(at) or (inside is not None and not self.facts.is_positive(inside)):
            raise NoExpansion("not analytic there")
        u = self._made({place: c for place, c in a.terms.items() if place[0] > 0}, a.order)
        z = sp.Dummy("z", real=True)

        def coefficients() -> Iterator[Any]:
            f, j = function(z), 0
            while True:
                value = f.subs(z, at)
                if value.has(sp.nan, sp.zoo, sp.oo):
                    raise NoExpansion("a pole")
                yield value / sp.factorial(j)
                f, j = sp.diff(f, z), j + 1

        return self._composed(u, coefficients())

    def _hypergeometric(self, e: Any) -> _Series:
        """Its series, where the argument vanishes."""
        top, bottom, z = e.args
        if len(top) > len(bottom) + 1:
            raise NoExpansion("a series that does not converge")

        def coefficients() -> Iterator[Any]:
            value, k = sp.Integer(1), 0
            while True:
                yield value
                value = value * sp.Mul(*(a + k for a in top)) / (sp.Mul(*(b + k for b in bottom)) * (k + 1))
                k += 1

        return self._composed(self.of(z), coefficients())

    def _bessel(self, order: Any, a: _Series, sign: int) -> _Series:
        """(z/2)^ν Σ (± z²/4)^k / (k! Γ(ν + k + 1)), where the argument vanishes (DLMF 10.2.2, 10.25.2)."""
        half = self._scaled(a, sp.Rational(1, 2))
        square = self._times(half, half)
        series = self._composed(
            square, (sp.Integer(sign) ** k / (sp.factorial(k) * sp.gamma(order + k + 1)) for k in _naturals())
        )
        return self._times(self._power(half, order), series)

    def _grows(self, a: _Series) -> bool:
        """Whether the argument goes to +oo (True), to -oo (False), or stays finite (raises)."""
        first = a.first()
        if not (first.exponent < 0 or (first.exponent == 0 and first.logs > 0)):
            raise NoExpansion("bounded")
        c = first.coefficient * (-1) ** first.logs
        if self.facts.is_positive(c):
            return True
        if self.facts.is_positive(-c):
            return False
        raise NoExpansion("an infinity of unknown sign")

    def _atan(self, a: _Series) -> _Series:
        try:
            up = self._grows(a)
        except NoExpansion:
            return self._analytic(sp.atan, a)
        inverse = self._analytic(sp.atan, self._power(a, sp.Integer(-1)))
        return self._plus(self._number(sp.pi / 2 if up else -sp.pi / 2), self._scaled(inverse, sp.Integer(-1)))

    def _erf(self, function: Any, a: _Series) -> _Series:
        """At ±oo the distance of erf from ±1 is less than any power of t, if the argument grows like a power."""
        try:
            up = self._grows(a)
        except NoExpansion:
            return self._analytic(function, a)
        if not a.first().exponent < 0:
            raise NoExpansion("an argument that grows slowly")
        value = {sp.erf: (1, -1), sp.erfc: (0, 2)}[function][0 if up else 1]
        return self._made({(sp.Integer(0), 0): sp.Integer(value)}, sp.Integer(self.orders))

    def _loggamma(self, a: _Series) -> _Series:
        """log Γ(z) = (z - ½) log z - z + ½ log 2π + Σ B_2k / (2k (2k - 1) z^(2k-1))."""
        if not self._power_like(a):
            return self._analytic(sp.loggamma, a)
        z, inverse = a, self._power(a, sp.Integer(-1))
        half = self._number(-sp.Rational(1, 2))
        total = self._times(self._plus(z, half), self._log(z))
        total = self._plus(self._plus(total, self._scaled(z, sp.Integer(-1))), self._number(sp.log(2 * sp.pi) / 2))
        return self._plus(total, self._bernoulli(inverse, lambda k: sp.bernoulli(2 * k) / (2 * k * (2 * k - 1)), -1))

    def _polygamma(self, order: int, a: _Series) -> _Series:
        """ψ(z) = log z - 1/(2z) - Σ B_2k / (2k z^2k), and its derivatives term by term."""
        if not self._power_like(a):
            return self._analytic(partial(sp.polygamma, order), a)
        inverse = self._power(a, sp.Integer(-1))
        if order == 0:
            total = self._plus(self._log(a), self._scaled(inverse, -sp.Rational(1, 2)))
            return self._plus(total, self._bernoulli(inverse, lambda k: -sp.bernoulli(2 * k) / (2 * k), 0))
        sign, n = (-1) ** (order + 1), order
        total = self._scaled(self._power(inverse, sp.Integer(n)), sign * sp.factorial(n - 1))
        total = self._plus(total, self._scaled(self._power(inverse, sp.Integer(n + 1)), sign * sp.factorial(n) / 2))
        return self._plus(
            total,
            self._bernoulli(inverse, lambda k: sign * sp.bernoulli(2 * k) * sp.factorial(2 * k + n - 1) / sp.factorial(2 * k), n),
        )

    def _power_like(self, a: _Series) -> bool:
        first = a.first()
        if first.exponent < 0:
            if not self.facts.is_positive(first.coefficient) or first.logs:
                raise NoExpansion("an argument that does not go to +oo")
            return True
        return False

    def _bernoulli(self, inverse: _Series, coefficient: Callable[[int], Any], shift: int) -> _Series:
        """Σ_{k ≥ 1} coefficient(k) · inverse^(2k + shift), asymptotic: the remainder is of the next term's order."""
        low = min(e for e, _ in inverse.terms)
        count = int(sp.ceiling((self.orders / low + 1) / 2)) + 1
        total = self._made({}, sp.oo)
        for k in range(1, count + 1):
            total = self._plus(total, self._scaled(self._power(inverse, sp.Integer(2 * k + shift)), coefficient(k)))
        return self._made(total.terms, min(total.order, low * (2 * count + 2 + shift)))


ANALYTIC = (
    sp.sin, sp.cos, sp.tan, sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.sec, sp.asin, sp.asinh, sp.acosh, sp.atanh, sp.acos, sp.gamma,
    sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime, sp.fresnels, sp.fresnelc, sp.Si, sp.Shi,
)  # fmt: skip


def _naturals() -> Iterator[int]:
    j = 0
    while True:
        yield j
        j += 1
