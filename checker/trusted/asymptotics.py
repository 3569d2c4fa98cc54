"""The first term of an expansion as t → 0+, in powers of t and of log t: the sign of a function near an end, and its limit there.

Rules: sums, products, powers and logarithms of expansions; exponentials of what is bounded but for a multiple of log t, or goes
to -oo; Taylor's series of analytic functions; arctangents and error functions of what grows; Stirling's series of log Γ, ψ and
their derivatives; Laurent's series of Γ, ψ and ζ at their poles. Factors that outgrow every power of 1/t are multiplied by the
expansions of their logarithms, in which they cancel.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.continuity import all_derivatives
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import vanishes_identically

TERMS = 8  # orders kept beyond the first
FEW = 2  # orders that are tried first: with symbolic parameters the coefficients of many grow long
FLAT = sp.Integer(1000)  # stands for the order of what vanishes faster than every power of t
MOST = 120  # terms of one expansion
LONGEST = 300  # operations in a coefficient


class NoExpansion(Exception):
    """No rule gives the expansion, or its first term lies beyond what was kept."""


class TooLong(NoExpansion):
    """A coefficient grew too long, or the time is over."""


class MayVanish(NoExpansion):
    """A coefficient without t may be zero; where it is not, and where it is, there may be an expansion."""

    def __init__(self, coefficient: Any):
        super().__init__(f"{coefficient} may be zero")
        self.coefficient = coefficient


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
    try:
        return _expansion(e, x, end, way, facts, deadline, orders).first()
    except TooLong:
        return _expansion(e, x, end, way, facts, deadline, min(FEW, orders)).first()


def limit_by_expansion(e: Any, x: Any, end: Any, way: int, facts: Facts, deadline: float = math.inf) -> Any:
    """The limit of e as x → end from one side: of the first term, or 0 where e is seen to be O(t^a) for some a > 0.

    Raises `NoExpansion`. An infinity is the value only where the sign of the coefficient is known.
    """
    vanishing: MayVanish | None = None
    for terms in (FEW, TERMS):
        try:
            series = _expansion(e, x, end, way, facts, deadline, terms)
            if not series.terms and series.order > 0:
                return sp.Integer(0)
            return series.first().limit()
        except MayVanish as open_case:
            vanishing = open_case
        except NoExpansion:
            continue
    try:
        return _limit_of_product(e, x, end, way, facts, deadline)
    except NoExpansion:
        if vanishing is not None:
            raise vanishing from None
        raise


def _limit_of_product(e: Any, x: Any, end: Any, way: int, facts: Facts, deadline: float) -> Any:
    """∏ (c t^a (log t)^k)^m for first terms of the factors, where the logarithms may stand in denominators."""
    coefficient, exponent, logs = sp.Integer(1), sp.Integer(0), 0
    factors = []
    for factor in sp.Mul.make_args(sp.sympify(e)):
        base, power = factor.as_base_exp()
        factors += [(part, power) for part in sp.Mul.make_args(base)] if power.is_Integer else [(factor, sp.Integer(1))]
    if len(factors) == 1 and factors[0][1] == 1:
        raise NoExpansion("no product")
    for base, power in factors:
        first = _expansion(base, x, end, way, facts, deadline, TERMS).first()
        if power < 0 and not facts.is_nonzero(first.coefficient):
            raise NoExpansion("a first coefficient that may be zero")
        coefficient *= first.coefficient**power
        exponent += first.exponent * power
        logs += first.logs * int(power)
    if exponent > 0 or (exponent == 0 and logs < 0):
        return sp.Integer(0)
    if exponent == 0 and logs == 0:
        return coefficient
    raise NoExpansion("unbounded")


def _expansion(e: Any, x: Any, end: Any, way: int, facts: Facts, deadline: float, terms: int) -> _Series:
    t = sp.Dummy("t", positive=True)
    place = 1 / t if end is sp.oo else -1 / t if end is -sp.oo else end + way * t
    expander = _Expander(t, facts, deadline, terms)
    try:
        return expander.of(_by_gamma(sp.sympify(e).xreplace({x: place}), t))
    except NoExpansion:
        if expander.vanishing is not None:
            raise MayVanish(expander.vanishing) from None
        raise


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


def _by_gamma(e: Any, t: Any) -> Any:
    """Functions of t as quotients of Γ, sin, cos, sinh and cosh: identities of meromorphic functions, true near a limit."""
    if not isinstance(e, sp.Basic) or not e.args or not e.has(t):
        return e
    args = [_by_gamma(a, t) for a in e.args]
    g = sp.gamma
    rules: dict[Any, Callable[..., Any]] = {
        sp.factorial: lambda n: g(n + 1),
        sp.binomial: lambda n, k: g(n + 1) / (g(k + 1) * g(n - k + 1)),
        sp.beta: lambda a, b: g(a) * g(b) / g(a + b),
        sp.RisingFactorial: lambda a, k: g(a + k) / g(a),
        sp.FallingFactorial: lambda a, k: g(a + 1) / g(a - k + 1),
        sp.catalan: lambda n: g(2 * n + 1) / (g(n + 1) * g(n + 2)),
        sp.tan: lambda u: sp.sin(u) / sp.cos(u),
        sp.cot: lambda u: sp.cos(u) / sp.sin(u),
        sp.sec: lambda u: 1 / sp.cos(u),
        sp.csc: lambda u: 1 / sp.sin(u),
        sp.tanh: lambda u: sp.sinh(u) / sp.cosh(u),
        sp.coth: lambda u: sp.cosh(u) / sp.sinh(u),
        sp.sech: lambda u: 1 / sp.cosh(u),
        sp.csch: lambda u: 1 / sp.sinh(u),
    }
    if e.func is sp.harmonic and len(args) == 1:
        return sp.polygamma(0, args[0] + 1) + sp.EulerGamma
    if e.func is sp.harmonic and args[1].is_Integer and args[1] > 1:
        m = args[1]
        return sp.zeta(m) - (-1) ** m * sp.polygamma(m - 1, args[0] + 1) / sp.factorial(m - 1)
    made = rules[e.func](*args) if e.func in rules else e if tuple(args) == e.args else e.func(*args)
    if made.has(sp.nan, sp.zoo):
        raise NoExpansion("a pole for every t")
    return made


class _Expander:
    def __init__(self, t: Any, facts: Facts, deadline: float, terms: int = TERMS):
        self.t = t
        self.facts = facts
        self.deadline = deadline
        self.kept = terms
        self.vanishing: Any = None  # a coefficient that stood in the way, as it may be zero

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
            return self._product(e)
        if isinstance(e, sp.Pow) and not e.exp.has(self.t):
            try:
                return self._power(self.of(e.base), e.exp)
            except NoExpansion:
                return self._by_magnitude((e,))
        if isinstance(e, sp.Pow):
            return self._exp(self._times(self.of(e.exp), self._log_of(e.base)))
        rules: dict[Any, Callable[[_Series], _Series]] = {
            sp.exp: self._exp,
            sp.atan: self._atan,
            sp.erf: partial(self._erf, sp.erf),
            sp.erfc: partial(self._erf, sp.erfc),
            sp.loggamma: self._loggamma,
            sp.gamma: self._gamma,
            sp.zeta: self._zeta,
        }
        if isinstance(e, sp.Abs) and self._is_real(e.args[0]):
            inner = self.of(e.args[0])
            return self._scaled(inner, sp.Integer(self._sign_of_first(inner)))
        if isinstance(e, sp.log) and len(e.args) == 1:
            return self._log_of(e.args[0])
        if e.func in rules and len(e.args) == 1:
            return rules[e.func](self.of(e.args[0]))
        if isinstance(e, sp.polygamma) and e.args[0].is_Integer:
            return self._polygamma(int(e.args[0]), self.of(e.args[1]))
        if isinstance(e, sp.hyper) and not any(p.has(self.t) for p in (*e.args[0], *e.args[1])):
            return self._hypergeometric(e)
        if isinstance(e, sp.besselj | sp.besseli) and e.args[0].is_Rational:
            return self._bessel(e.args[0], self.of(e.args[1]), -1 if isinstance(e, sp.besselj) else 1)
        if isinstance(e, sp.asinh | sp.acosh):
            return self._by_logarithm(e)
        if isinstance(e, sp.floor | sp.ceiling) and self._is_real(e.args[0]):
            inner = self.of(e.args[0])
            return self._made(inner.terms, min(inner.order, sp.Integer(0)))
        if isinstance(e, sp.zeta) and len(e.args) == 2:
            return self._hurwitz(*e.args)
        if len(e.args) == 1 and e.func in ANALYTIC:
            return self._analytic(e.func, self.of(e.args[0]))
        if isinstance(e, AppliedUndef):
            return self._undefined(e)
        if isinstance(e, sp.Integral) and len(e.limits) == 1 and len(e.limits[0]) == 3:
            return self._over_a_short_range(*e.args)
        raise NoExpansion(f"no expansion of {e.func}")

    # -- factors that outgrow every power ------------------------------------------------------------------------------

    def _product(self, e: Any) -> _Series:
        """The factors one by one; those without an expansion, or that are flat beside such ones, by their logarithms."""
        total, large, flat = self._number(1), [], []
        for part in e.args:
            try:
                series = self.of(part)
            except NoExpansion:
                large.append(part)
                continue
            if series.terms:
                total = self._times(total, series)
            else:
                flat.append((part, series))
        if large:
            outgrowing = (*large, *(part for part, _ in flat))
            try:
                return self._times(total, self._by_magnitude(outgrowing))
            except NoExpansion:
                added = [part for part in large if isinstance(part, sp.Add)]
                if not added or len(added[0].args) > 4:
                    raise
                return self._times(total, self._spread(added[0], sp.Mul(*(p for p in outgrowing if p is not added[0]))))
        for _, series in flat:
            total = self._times(total, series)
        return total

    def _spread(self, added: Any, others: Any) -> _Series:
        """(a + b + …) · others, term by term."""
        total = self._made({}, sp.oo)
        for part in added.args:
            total = self._plus(total, self.of(part * others))
        return total

    def _by_magnitude(self, factors: tuple[Any, ...]) -> _Series:
        """∏ f = ± exp(Σ log |f|)."""
        signs, logs = zip(*(self._magnitude(f) for f in factors), strict=True)
        total = logs[0]
        for series in logs[1:]:
            total = self._plus(total, series)
        return self._scaled(self._exp(total), sp.Integer(math.prod(signs)))

    def _log_of(self, e: Any) -> _Series:
        sign, series = self._magnitude(e)
        if sign < 0:
            raise NoExpansion("a logarithm of what is negative")
        if self._may_wind(e):
            raise NoExpansion("a logarithm that need not be the principal one")
        return series

    def _may_wind(self, e: Any) -> bool:
        """Whether e, which is not real, may go around zero again and again near the end, as Γ(1/t + i) does."""
        return any(n.has(self.t) and not self._is_real(n) for n in e.atoms(sp.gamma, sp.erfc, sp.fibonacci, sp.lucas))

    def _magnitude(self, e: Any) -> tuple[int, _Series]:
        """(sign, log |e|) of a real e near the end, where e has one sign there."""
        if isinstance(e, sp.exp) and self.facts.is_real(e.args[0]):
            return 1, self.of(e.args[0])
        if isinstance(e, sp.Mul):
            parts = [self._magnitude(a) for a in e.args]
            total = parts[0][1]
            for _, series in parts[1:]:
                total = self._plus(total, series)
            return math.prod(s for s, _ in parts), total
        if isinstance(e, sp.Pow):
            sign, series = self._magnitude(e.base)
            if not e.exp.is_Integer and (sign < 0 or self._may_wind(e.base)):
                raise NoExpansion("a root of what is negative, or may be")
            if not self.facts.is_real(e.exp) or (e.exp.has(self.t) and not self._is_real(e.base)):
                raise NoExpansion("a power that need not be real")
            return (sign if e.exp.is_odd else 1), self._times(self.of(e.exp), series)
        if isinstance(e, sp.gamma):
            inner = self.of(e.args[0])
            if self._power_like(inner):
                return 1, self._loggamma(inner)
        if isinstance(e, sp.fibonacci | sp.lucas) and len(e.args) == 1:
            inner = self.of(e.args[0])
            if self._power_like(inner):  # φ^n (1 - (-1)^n φ^(-2n)) / √5, and φ^n (1 + (-1)^n φ^(-2n)), for integers n
                below = sp.log(5) / 2 if isinstance(e, sp.fibonacci) else sp.Integer(0)
                grown = self._plus(self._scaled(inner, sp.log(sp.GoldenRatio)), self._number(-below))
                return 1, self._made(grown.terms, min(grown.order, FLAT))
        if isinstance(e, sp.sinh | sp.cosh):
            return self._magnitude(e.rewrite(sp.exp).expand())
        if isinstance(e, sp.erfc):
            inner = self.of(e.args[0])
            if self._power_like(inner):
                return 1, self._log_erfc(inner)
        try:
            series = self.of(e)
            if series.terms:
                sign = self._sign_of_first(series)
                return sign, self._log(self._scaled(series, sp.Integer(sign)))
        except NoExpansion:
            if not isinstance(e, sp.Add):
                raise
        if isinstance(e, sp.Add):
            return self._magnitude_of_sum(e)
        raise NoExpansion(f"no expansion of the logarithm of {e.func}")

    def _is_real(self, e: Any) -> bool:
        """Whether what does not hold t is real in e, and undefined functions: no other rule leads from the reals out of them."""
        if not e.has(self.t) or isinstance(e, AppliedUndef):
            return self.facts.is_real(e)
        return all(self._is_real(a) for a in e.args)

    def _magnitude_of_sum(self, e: Any) -> tuple[int, _Series]:
        """log |Σ s_i e^{L_i}| = L + log |Σ s_i e^{L_i - L}| for the largest L, beside which the others are bounded."""
        parts = [self._magnitude(a) for a in e.args]
        for sign, largest in parts:
            negative = self._scaled(largest, sp.Integer(-1))
            try:
                waves = [self._scaled(self._exp(self._plus(series, negative)), sp.Integer(s)) for s, series in parts]
            except NoExpansion:
                continue
            total = waves[0]
            for wave in waves[1:]:
                total = self._plus(total, wave)
            if not total.terms:
                continue
            sign = self._sign_of_first(total)
            return sign, self._plus(largest, self._log(self._scaled(total, sp.Integer(sign))))
        raise NoExpansion("no term that outgrows the others")

    def _sign_of_first(self, series: _Series) -> int:
        first = series.first()
        c = first.coefficient * (-1) ** first.logs
        if self.facts.is_positive(c):
            return 1
        if self.facts.is_positive(-c):
            return -1
        if self._has_one_sign(c):
            self.vanishing = first.coefficient
            raise MayVanish(first.coefficient)
        raise NoExpansion("a sign that is not known")

    def _has_one_sign(self, c: Any) -> bool:
        return self.facts.is_nonnegative(c) or self.facts.is_nonnegative(-c)

    def _log_erfc(self, a: _Series) -> _Series:
        """log erfc(z) = -z² - log(z √π) + log(1 + Σ_{m ≥ 1} (-1)^m (1/2)_m / z^(2m))  (DLMF 7.12.1)."""
        inverse = self._power(a, sp.Integer(-1))
        low = min(e for e, _ in inverse.terms)
        square, power, total = self._times(inverse, inverse), self._number(1), self._number(1)
        count = int(sp.ceiling(self.kept / (2 * low))) + 1
        for m in range(1, count + 1):
            power = self._times(power, square)
            total = self._plus(total, self._scaled(power, (-1) ** m * sp.RisingFactorial(sp.Rational(1, 2), m)))
        tail = self._made(total.terms, min(total.order, low * (2 * count + 2)))
        head = self._plus(self._scaled(self._times(a, a), sp.Integer(-1)), self._scaled(self._log(a), sp.Integer(-1)))
        return self._plus(self._plus(head, self._number(-sp.log(sp.pi) / 2)), self._log(tail))

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
                raise TooLong("too long")
            if c == 0 or (not c.is_Rational and vanishes_identically(c, self.facts)):
                continue
            lowest = place[0] if lowest is None else lowest
            if place[0] > lowest + self.kept:
                order = min(order, place[0])
                break
            kept[place] = c
        if len(kept) > MOST:
            raise NoExpansion("too many terms")
        return _Series(kept, order)

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
            self.vanishing = first.coefficient
            raise MayVanish(first.coefficient)
        if first.logs:  # the highest power of log t in it
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
        count = int(sp.ceiling(self.kept / low)) + 1
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
        if self._falls_fast(a):
            return self._made({}, FLAT)
        if any(e < 0 or (e == 0 and k > 1) for e, k in a.terms) or a.order <= 0:
            raise NoExpansion("an exponential of what is not bounded")
        constant, slope = (a.terms.get((sp.Integer(0), k), sp.Integer(0)) for k in (0, 1))
        if not slope.is_Rational:
            raise NoExpansion("an exponent that is not rational")
        u = self._made({place: c for place, c in a.terms.items() if place[0] > 0}, a.order)
        head = self._made({(slope, 0): sp.exp(constant)}, sp.oo)
        return self._times(head, self._composed(u, (1 / sp.factorial(j) for j in _naturals())))

    def _falls_fast(self, a: _Series) -> bool:
        """Whether a goes to -oo faster than every multiple of log t, so that exp(a) vanishes faster than every power of t."""
        if not a.terms:
            return False
        first = a.first()
        if not (first.exponent < 0 or (first.exponent == 0 and first.logs > 1)):
            return False
        c = first.coefficient * (-1) ** first.logs
        if not self.facts.is_nonzero(c) and self._has_one_sign(c):
            self.vanishing = first.coefficient
            raise MayVanish(first.coefficient)
        return self.facts.is_positive(-c)

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

    def _undefined(self, e: Any) -> _Series:
        """f(a + u) = Σ f⁽ʲ⁾(a) uʲ / j! (Taylor): undefined functions of real arguments are smooth."""
        moving = [i for i, argument in enumerate(e.args) if argument.has(self.t)]
        if len(moving) != 1 or not all(map(self._is_real, e.args)):
            raise NoExpansion("an undefined function of complex arguments, or of several that move")
        at, u = self._split(self.of(e.args[moving[0]]))
        if not self.facts.is_real(at):
            raise NoExpansion("not at a real place")
        y = sp.Dummy("y", real=True)
        function = e.func(*(y if i == moving[0] else argument for i, argument in enumerate(e.args)))
        return self._composed(u, (function.diff(y, j).subs(y, at) / sp.factorial(j) for j in _naturals()))

    def _over_a_short_range(self, f: Any, limits: Any) -> _Series:
        """∫_{c+u}^{c+v} f = Σ f⁽ʲ⁾(c) (v^{j+1} - u^{j+1}) / (j + 1)! for a smooth f."""
        y, lower, upper = limits
        (c, v), (other, u) = (self._split(self.of(end)) for end in (upper, lower))
        x = sp.Dummy(y.name, real=True)
        f = f.xreplace({y: x})
        if f.has(self.t) or not self.facts.is_real(c) or not vanishes_identically(c - other, self.facts):
            raise NoExpansion("an integral whose range does not shrink")
        arguments = (lower, upper, *(argument for node in f.atoms(AppliedUndef) for argument in node.args))
        if not all(map(self._is_real, arguments)) or not all_derivatives(f, x, self.facts):
            raise NoExpansion("an integrand that need not be smooth")

        def coefficients() -> Iterator[Any]:
            yield sp.Integer(0)
            for j in _naturals():
                yield f.diff(x, j).subs(x, c) / sp.factorial(j + 1)

        return self._plus(self._composed(v, coefficients()), self._scaled(self._composed(u, coefficients()), sp.Integer(-1)))

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
        """At ±oo the distance of erf from ±1 is less than any power of t, also where the argument grows like log t."""
        try:
            up = self._grows(a)
        except NoExpansion:
            return self._analytic(function, a)
        value = {sp.erf: (1, -1), sp.erfc: (0, 2)}[function][0 if up else 1]
        return self._made({(sp.Integer(0), 0): sp.Integer(value)}, sp.Integer(self.kept))

    def _by_logarithm(self, e: Any) -> _Series:
        """arsinh u = log(u + √(u² + 1)) and arcosh u = log(u + √(u² - 1)) where u goes to +oo, else by Taylor's series."""
        inner = self.of(e.args[0])
        try:
            up = self._grows(inner)
        except NoExpansion:
            return self._analytic(e.func, inner)
        if not up:
            raise NoExpansion("an argument that goes to -oo")
        u = e.args[0]
        return self.of(sp.log(u + sp.sqrt(u**2 + (1 if isinstance(e, sp.asinh) else -1)), evaluate=False))

    def _split(self, a: _Series) -> tuple[Any, _Series]:
        """(limit, rest) of what is bounded."""
        if any(e < 0 or (e == 0 and k) for e, k in a.terms) or a.order <= 0:
            raise NoExpansion("an argument that is not bounded")
        at = a.terms.get((sp.Integer(0), 0), sp.Integer(0))
        return at, self._made({place: c for place, c in a.terms.items() if place[0] > 0}, a.order)

    def _at_a_pole(self, at: Any) -> bool:
        """Whether at is 0, -1, …; raises where that is not known."""
        if self.facts.is_integer(at) and self.facts.is_nonnegative(-at):
            return True
        if not self.facts.is_positive(at) and not (at.is_number and self.facts.is_nonzero(sp.sin(sp.pi * at))):
            raise NoExpansion("perhaps at a pole")
        return False

    def _gamma(self, a: _Series) -> _Series:
        """Γ(z) by Taylor's series; Γ(u - m) = (-1)^m π / (sin(π u) Γ(1 + m - u)) for a natural m (DLMF 5.5.3)."""
        at, u = self._split(a)
        if not self._at_a_pole(at):
            return self._analytic(sp.gamma, a)
        other = self._analytic(sp.gamma, self._plus(self._number(1 - at), self._scaled(u, sp.Integer(-1))))
        below = self._times(self._analytic(sp.sin, self._scaled(u, sp.pi)), other)
        return self._scaled(self._power(below, sp.Integer(-1)), (-1) ** at * sp.pi)

    def _zeta(self, a: _Series) -> _Series:
        """ζ(1 + u) = 1/u + Σ (-1)^j γ_j u^j / j! (DLMF 25.2.4), and ζ(s + u) = ζ(s) + O(u) elsewhere."""
        if self._power_like(a):  # 1 < ζ(s) < 1 + 2^(1-s) s / (s - 1)
            return self._made({(sp.Integer(0), 0): sp.Integer(1)}, FLAT)
        at, u = self._split(a)
        if at == 1:
            stieltjes = ((-1) ** j * sp.stieltjes(j) / sp.factorial(j) for j in _naturals())
            return self._plus(self._power(u, sp.Integer(-1)), self._composed(u, stieltjes))
        if not self.facts.is_real(at) or not self.facts.is_nonzero(at - 1):
            raise NoExpansion("perhaps at the pole")
        low = min((e for e, _ in u.terms), default=u.order)
        return self._made({(sp.Integer(0), 0): sp.zeta(at)}, low)

    def _hurwitz(self, s: Any, a: Any) -> _Series:
        """ζ(1 + u, a) = 1/u - ψ(a) + O(u) for a > 0 (DLMF 25.11.1 and 25.2.4)."""
        at, u = self._split(self.of(s))
        if at != 1 or a.has(self.t) or not self.facts.is_positive(a):
            raise NoExpansion("not at the pole")
        low = min((e for e, _ in u.terms), default=u.order)
        series = self._plus(self._power(u, sp.Integer(-1)), self._number(-sp.polygamma(0, a)))
        return self._made(series.terms, min(series.order, low))

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
            return self._polygamma_near(order, a)
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

    def _polygamma_near(self, order: int, a: _Series) -> _Series:
        """ψ^(n) by Taylor's series; ψ(u - m) = ψ(1 + m - u) - π cot(π u) and ψ^(n)(u - m) = (-1)^(n+1) n! / u^(n+1) + O(1)."""
        at, u = self._split(a)
        if not self._at_a_pole(at):
            return self._analytic(partial(sp.polygamma, order), a)
        if order:
            pole = self._scaled(self._power(u, sp.Integer(-order - 1)), (-1) ** (order + 1) * sp.factorial(order))
            return self._made(pole.terms, min(pole.order, sp.Integer(0)))
        mirror = self._plus(self._number(1 - at), self._scaled(u, sp.Integer(-1)))
        angle = self._scaled(u, sp.pi)
        cotangent = self._times(self._analytic(sp.cos, angle), self._power(self._analytic(sp.sin, angle), sp.Integer(-1)))
        return self._plus(self._analytic(partial(sp.polygamma, 0), mirror), self._scaled(cotangent, -sp.pi))

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
        count = int(sp.ceiling((self.kept / low + 1) / 2)) + 1
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
