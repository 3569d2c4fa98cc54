"""Euler's integrals with logarithms under them, of sums of terms, over the positive half-line and the unit interval.

With s = (p + 1)/c, κ > 0 and x > 0, each under conditions that are strict, so that they hold for neighbouring powers too:

    ∫_0^∞ x^p e^{-κ x^c} dx       = Γ(s) κ^{-s} / |c|                  (c ≠ 0 real, Re s > 0, Re κ > 0; DLMF 5.9.1)
    ∫_0^∞ x^p (1 + κ x^c)^r dx    = Γ(s) Γ(-r-s) κ^{-s} / (Γ(-r) |c|)          (c ≠ 0 real, Re s > 0, Re(-r-s) > 0; DLMF 5.12.3)
    ∫_0^1 x^p (1 - x^c)^r dx      = Γ(s) Γ(r+1) / (Γ(s+r+1) c)                 (c > 0, Re s > 0, Re r > -1; DLMF 5.12.1)
    ∫_0^1 x^p dx                  = 1 / (p + 1)                                (Re p > -1)
    ∫_0^{π/2} sin^p cos^q         = B((p+1)/2, (q+1)/2) / 2                    (Re p, Re q > -1; DLMF 5.12.2)

A factor log(x)^m or log(1 ± κ x^c)^m, or the logarithm of a sine or cosine, is the m-th derivative in the power that belongs to
it: each integral is an analytic function of its powers where they satisfy the strict conditions. A base with two terms is
α x^k + β x^l = α x^k (1 + (β/α) x^{l-k}), α > 0; such factors are positive, so that powers of them multiply. A sum is integrated
term by term only if each term has a value.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

LOGARITHMS = 6
TERMS = 40  # of an expanded integrand
SECOND, FIRST = "Euler's integral of the second kind", "Euler's integral of the first kind"


class NotEulerian(Exception):
    """The integrand is no sum of terms of these shapes."""


def right_of_zero(e: Any, facts: Facts) -> bool:
    """Whether the real part of e is positive: e = u + i v with real u > 0 and v."""
    real, imaginary = sp.expand(e).as_independent(sp.I, as_Add=True)
    if not facts.is_real(sp.expand(imaginary / sp.I)):
        return False
    return any(facts.is_positive(form(real)) for form in (sp.expand, sp.cancel, sp.factor))


def gathered(e: Any) -> Any:
    """A product with one power of each base that is a sum: b^k b^l = b^(k+l) where b ≠ 0."""
    if not isinstance(e, sp.Mul):
        return e
    powers: dict[Any, Any] = {}
    for factor in e.args:
        base, k = factor.as_base_exp()
        if isinstance(base, sp.Add):
            powers[base] = powers.get(base, sp.Integer(0)) + k
    rest = sp.Mul(*(f for f in e.args if not isinstance(f.as_base_exp()[0], sp.Add)))
    return sp.Mul(rest, *(b ** sp.expand(k) for b, k in powers.items()))


class _Positive:
    """The integrand as a sum of terms in positive generators: x, and one for each 1 + κ x^c; x runs over (0, upper)."""

    def __init__(self, x: Any, upper: Any, facts: Facts):
        self.x, self.upper, self.facts = x, upper, facts
        self.bases: dict[Any, tuple[Any, Any]] = {}  # generator → (κ, c) of 1 + κ x^c

    def generators(self) -> tuple[Any, ...]:
        return (self.x, *self.bases)

    def rewritten(self, e: Any) -> Any:
        """e with its powers and logarithms of sums in x written with generators; powers of e are left as they are."""
        x = self.x
        if not e.has(x) or e == x:
            return e
        if isinstance(e, sp.Add | sp.Mul):
            e = gathered(e)
            return e.func(*(self.rewritten(a) for a in e.args)) if isinstance(e, sp.Add | sp.Mul) else self.rewritten(e)
        if isinstance(e, sp.exp):
            return self._exponential(e.args[0])
        if isinstance(e, sp.Pow) and not e.base.has(x) and self.facts.is_positive(e.base):
            return self._exponential(e.exp * sp.log(e.base))
        if isinstance(e, sp.Pow) and not e.exp.has(x):
            if isinstance(e.base, sp.log):
                return self.rewritten(e.base) ** e.exp
            if isinstance(e.base, sp.Add) and e.exp.is_Integer and e.exp > 0:
                return self.rewritten(e.base) ** e.exp
            alpha, parts = self._parted(e.base)
            return alpha**e.exp * sp.Mul(*(g ** sp.expand(k * e.exp) for g, k in parts))
        if isinstance(e, sp.log) and len(e.args) == 1:
            alpha, parts = self._parted(e.args[0])
            return sp.log(alpha) + sp.Add(*(k * sp.log(g) for g, k in parts))
        raise NotEulerian

    def _exponential(self, exponent: Any) -> Any:
        """exp(Σ k log g + rest) = ∏ g^k exp(rest) for generators g."""
        exponent, powers = sp.expand(self.rewritten(exponent)), sp.Integer(1)
        for generator in self.generators():
            k = exponent.coeff(sp.log(generator))
            exponent, powers = sp.expand(exponent - k * sp.log(generator)), powers * generator**k
        return powers * sp.exp(exponent)

    def _parted(self, base: Any) -> tuple[Any, list[tuple[Any, Any]]]:
        """(α, [(g, k)]) with base = α ∏ g^k, g > 0 and real k: powers and logarithms of it split, whatever α is."""
        alpha, parts = sp.Integer(1), []
        for factor, k in self._factors(base):
            coefficient, m, generator = self._split(factor)
            alpha *= coefficient**k
            parts += [(self.x, m * k), (generator, k)]
        return alpha, [(g, k) for g, k in parts if g != 1]

    def _factors(self, base: Any) -> list[tuple[Any, Any]]:
        """The factors of a base, each with an integer power."""
        if isinstance(base, sp.Add) and len(base.args) > 2:
            base = sp.factor(base)
        found = []
        for factor in sp.Mul.make_args(base):
            inner, k = factor.as_base_exp()
            found.append((inner, k) if isinstance(inner, sp.Add) and k.is_Integer else (factor, sp.Integer(1)))
        return found

    def _split(self, base: Any) -> tuple[Any, Any, Any]:
        """(α, k, D) with base = α x^k D, and D = 1 or the generator of a positive 1 + κ x^c."""
        terms = [t.as_independent(self.x, as_Add=False) for t in sp.Add.make_args(base)]
        powers = []
        for coefficient, monomial in terms:
            root, k = (self.x, sp.Integer(0)) if monomial == 1 else self._monomial(monomial)
            if root != self.x or k.has(self.x) or not self.facts.is_real(k):
                raise NotEulerian
            powers.append((coefficient, k))
        if len(powers) == 1:
            return powers[0][0], powers[0][1], sp.Integer(1)
        if len(powers) != 2:
            raise NotEulerian
        for (alpha, k), (beta, l) in (powers, powers[::-1]):
            ratio, c = sp.cancel(beta / alpha), sp.expand(l - k)
            if not self.facts.is_positive(c) and not (self.upper is sp.oo and self.facts.is_positive(-c)):
                continue
            if self.facts.is_positive(ratio) or (ratio == -1 and self.upper == 1):
                return alpha, k, self._generator(ratio, c)
        raise NotEulerian

    def _monomial(self, monomial: Any) -> tuple[Any, Any]:
        """(x, k) of exp(k log x), or the base and the exponent of a power."""
        if isinstance(monomial, sp.exp):
            k = monomial.args[0].coeff(sp.log(self.x))
            return (self.x, k) if sp.expand(monomial.args[0] - k * sp.log(self.x)) == 0 else (monomial, sp.Integer(1))
        base, k = monomial.as_base_exp()
        return base, k

    def _generator(self, ratio: Any, c: Any) -> Any:
        for generator, known in self.bases.items():
            if sp.expand(known[0] - ratio) == 0 and sp.expand(known[1] - c) == 0:
                return generator
        generator = sp.Dummy("D", positive=True)
        self.bases[generator] = (ratio, c)
        return generator


def eulerian(integrand: Any, x: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """(∫_0^upper, name of the theorems) for upper = 1 or oo and a positive symbol x; None if a term is of no such shape."""
    form = _Positive(x, upper, facts)
    try:
        e = sp.expand(form.rewritten(integrand))
        terms = sp.Add.make_args(e)
        if len(terms) > TERMS:
            return None
        found = [_term(term, form) for term in terms]
    except NotEulerian:
        return None
    return sp.Add(*(value for value, _ in found)), ", ".join(dict.fromkeys(name for _, name in found))


def _term(term: Any, form: _Positive) -> tuple[Any, str]:
    x, facts = form.x, form.facts
    constant, powers, logarithms, exponent = _by_generators(term, form.generators())
    used = [g for g in form.bases if sp.expand(powers[g]) != 0 or logarithms[g] != 0]
    shifts = {g: sp.Dummy("h") for g in (x, *used)}
    s, r = sp.expand(powers[x]), sp.expand(powers[used[0]]) if used else sp.Integer(0)
    if len(used) > 1 or (used and exponent != 0) or any(exponent.has(g) for g in form.bases):
        raise NotEulerian
    if used:
        value, name = _first_kind(s, r, form.bases[used[0]], (shifts[x], shifts[used[0]]), form), FIRST
    elif exponent != 0:
        value, name = _second_kind(s, exponent, shifts[x], form), SECOND
    elif form.upper == 1 and right_of_zero(s + 1, facts):
        value, name = 1 / (s + 1 + shifts[x]), "integral of a power"
    else:
        raise NotEulerian
    for generator, shift in shifts.items():
        if logarithms[generator]:
            value, name = sp.diff(value, shift, int(logarithms[generator])), f"{name.split(',')[0]}, differentiated in the power"
        value = value.subs(shift, 0)
    return constant * value, name


def _by_generators(term: Any, generators: tuple[Any, ...]) -> tuple[Any, dict[Any, Any], dict[Any, Any], Any]:
    """(c, {g: p}, {g: m}, u) with the term c ∏ g^p log(g)^m exp(u), the m few natural numbers."""
    constant, inside = term.as_independent(*generators, as_Add=False)
    powers: dict[Any, Any] = {g: sp.Integer(0) for g in generators}
    logarithms: dict[Any, Any] = dict(powers)
    exponent: Any = sp.Integer(0)
    for factor in sp.Mul.make_args(inside):
        base, k = (factor, sp.Integer(1)) if isinstance(factor, sp.exp) else factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif k.has(*generators):
            raise NotEulerian
        elif base in powers:
            powers[base] += k
        elif isinstance(base, sp.log) and base.args[0] in powers:
            logarithms[base.args[0]] += k
        elif base != 1:
            raise NotEulerian
    if not all(m.is_Integer and 0 <= m <= LOGARITHMS for m in logarithms.values()):
        raise NotEulerian
    return constant, powers, logarithms, sp.expand(exponent)


def _second_kind(power: Any, exponent: Any, shift: Any, form: _Positive) -> Any:
    x, facts = form.x, form.facts
    constant, tail = exponent.as_independent(x, as_Add=True)
    coefficient, monomial = sp.factor_terms(tail).as_independent(x, as_Add=False)
    base, c = monomial.as_base_exp()
    if form.upper is not sp.oo or base != x or c.has(x):
        raise NotEulerian
    way = 1 if facts.is_positive(c) else -1 if facts.is_positive(-c) else 0
    s = sp.cancel((power + 1) / c)
    rate = facts.is_positive(-coefficient) or right_of_zero(-coefficient, facts)
    if way == 0 or not rate or not _scaled_right(power + 1, c, way, facts):
        raise NotEulerian
    s = s + shift / c
    return sp.exp(constant) * sp.gamma(s) * (-coefficient) ** (-s) / (way * c)


def _scaled_right(top: Any, c: Any, way: int, facts: Facts) -> bool:
    """Whether Re(top / c) > 0, where c is real with the sign `way`."""
    return right_of_zero(way * top, facts) or right_of_zero(sp.cancel(top / c), facts)


def _first_kind(power: Any, r: Any, known: tuple[Any, Any], shifts: tuple[Any, Any], form: _Positive) -> Any:
    (ratio, c), facts = known, form.facts
    way = 1 if facts.is_positive(c) else -1
    s = sp.cancel((power + 1) / c)
    if not _scaled_right(power + 1, c, way, facts):
        raise NotEulerian
    moved, order = s + shifts[0] / c, r + shifts[1]
    if form.upper == 1 and ratio == -1 and way == 1 and right_of_zero(r + 1, facts):
        return sp.gamma(moved) * sp.gamma(order + 1) / sp.gamma(moved + order + 1) / c
    if form.upper is sp.oo and facts.is_positive(ratio) and _scaled_right(-r * c - power - 1, c, way, facts):
        return sp.gamma(moved) * sp.gamma(-order - moved) / sp.gamma(-order) / (way * c) * ratio ** (-moved)
    raise NotEulerian


# -- sines and cosines ---------------------------------------------------------------------------------------------------


def in_quadrants(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫ of powers and logarithms of sines and cosines of one c x, c > 0, over a range of quarter periods."""
    waves = integrand.atoms(sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)
    angles = {w.args[0] for w in waves if w.args[0].has(x)}
    if len(angles) != 1 or lower in (sp.oo, -sp.oo) or upper in (sp.oo, -sp.oo):
        return None
    (angle,) = angles
    c = sp.cancel(angle / x)
    first, last = (sp.cancel(2 * c * end / sp.pi) for end in (lower, upper))
    if c.has(x) or not facts.is_positive(c) or not (first.is_Integer and last.is_Integer and 0 < last - first <= 4):
        return None
    y = sp.Dummy("y", real=True)
    sine, cosine = sp.Dummy("S", positive=True), sp.Dummy("C", positive=True)
    total: Any = sp.Integer(0)
    names: dict[str, None] = {}
    for k in range(int(first), int(last)):
        s, t = ((sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine))[k % 4]  # sin, cos of y + k π/2
        at = {sp.sin: s, sp.cos: t, sp.tan: s / t, sp.cot: t / s, sp.sec: 1 / t, sp.csc: 1 / s}
        e = integrand.xreplace({w: at[w.func] for w in waves if w.args[0] == angle}).xreplace({x: y})
        if e.has(y):
            return None
        e = sp.expand(_monomial_logarithms(e, (sine, cosine)))
        for term in sp.Add.make_args(e):
            found = _quadrant(term, sine, cosine, facts)
            if found is None:
                return None
            total += found[0]
            names[found[1]] = None
    return total / c, ", ".join(names)


def _monomial_logarithms(e: Any, generators: tuple[Any, Any]) -> Any:
    """log(α S^m C^n) = log α + m log S + n log C, for positive S and C."""
    found = {}
    for node in e.atoms(sp.log):
        constant, rest = sp.factor(node.args[0]).as_independent(*generators, as_Add=False)
        parts = [f.as_base_exp() for f in sp.Mul.make_args(rest)]
        if rest != 1 and all(b in generators and not k.has(*generators) and k.is_real for b, k in parts):
            found[node] = sp.log(constant) + sp.Add(*(k * sp.log(b) for b, k in parts))
    return e.xreplace(found)


def _quadrant(term: Any, sine: Any, cosine: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫_0^{π/2} of c sin^p cos^q log(sin)^m log(cos)^n."""
    try:
        constant, powers, logarithms, exponent = _by_generators(term, (sine, cosine))
    except NotEulerian:
        return None
    p, q = powers.values()
    orders = tuple(logarithms.values())
    if exponent != 0 or not (right_of_zero(p + 1, facts) and right_of_zero(q + 1, facts)):
        return None
    g, h = sp.Dummy("g"), sp.Dummy("h")
    a, b = (p + g + 1) / 2, (q + h + 1) / 2
    value = sp.gamma(a) * sp.gamma(b) / sp.gamma(a + b) / 2
    for shift, m in zip((g, h), orders, strict=True):
        value = (sp.diff(value, shift, int(m)) if m else value).subs(shift, 0)
    return constant * value, f"{FIRST}, differentiated in the power" if any(orders) else FIRST


__all__ = ["eulerian", "gathered", "in_quadrants", "right_of_zero"]
