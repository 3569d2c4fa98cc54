r"""Finite sums and products over all roots of unity, of any symbolic order M.

With the roots w of w^M = 1, T = B^M, and a pole that is no root (Aigner and Ziegler, *Proofs from THE BOOK*, chapter 9; Graham,
Knuth and Patashnik, *Concrete Mathematics*, exercise 7.57 and 5.73)

    Π (α w + β) = β^M - (-α)^M,    Σ 1/(α w - B) = M B^(M-1)/(α^M - B^M),    Σ w^j = M if M divides j, else 0,

and its derivatives by B. Without the root ω at which α w - B vanishes

    Π_{w≠ω} (w - ω) = (-1)^(M-1) M/ω,    Σ_{v≠1} 1/(v - 1 - ε) = 1/ε - M (1 + ε)^(M-1)/((1 + ε)^M - 1).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables

CIRCULAR = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)
HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch)
HIGHEST_DEGREE = 16  # of numerator and denominator in the root of unity
HIGHEST_POLE = 6
HIGHEST_POWER = 3  # of the index beside a root of unity
LONGEST_BODY = 80
Positive = Callable[[Any, Facts], bool]


class _Cover(NamedTuple):
    """A range as all residues modulo M: those left out, and the indices met once more; `twice` where it met each term twice."""

    left_out: tuple[Any, ...]
    extra: tuple[Any, ...]
    twice: bool
    around: Any  # the range is met with its image under k -> around - k


class _Pole(NamedTuple):
    """(slope w - at) to a power."""

    slope: Any
    at: Any
    power: int

    def of(self, w: Any) -> Any:
        """The factor at a place."""
        return self.slope * w - self.at


def over_roots_of_unity(node: Any, facts: Facts, known: tuple[Any, ...], positive: Positive, deadline: float) -> Any:
    """The value of a finite sum or product over roots of unity, or of a sum of logarithms of positive terms, or None.

    `known` are denominators of the statement. Raises `NeedCase` where another one may vanish.
    """
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        return None
    body, (k, a, b) = node.args[0], node.limits[0]
    waves = (sp.exp, *CIRCULAR)
    if sp.oo in (b, -a) or not any(f.has(k) for f in body.atoms(*waves)) or body.count_ops() > LONGEST_BODY:
        return None
    if not (facts.is_integer(a) and facts.is_integer(b) and facts.is_nonnegative(b - a + 1)):
        return None
    index = sp.Dummy(k.name, integer=True)
    within = facts.given(*(c for c in (index >= a, index <= b) if c not in (sp.true, sp.false)))
    body = body.xreplace({k: index})
    product = isinstance(node, sp.Product)
    scale, logarithm = body.as_independent(sp.log, as_Add=False)
    of_logarithms = not product and isinstance(logarithm, sp.log) and not scale.has(index) and len(logarithm.args) == 1
    if of_logarithms:  # of a product of positive factors
        body = logarithm.args[0]
    moduli = {e: e.args[0] for e in body.atoms(sp.Abs) if e.has(index) and positive(_quotients(e.args[0]), within)}
    body = body.xreplace(moduli)
    if of_logarithms and not positive(_quotients(body), within):
        return None
    task = _Task(product or of_logarithms, body, index, a, b, facts, known, lambda f: positive(f, within), deadline)
    try:
        value = task.value()
    except (_NoExponentials, sp.PolynomialError):
        return None
    return scale * sp.log(value) if of_logarithms and value is not None else value


# -- exponentials as generators ------------------------------------------------------------------------------------------


class _NoExponentials(Exception):
    """An expression is no rational function of exponentials of the index, or not one that is looked at."""


class _Exponentials:
    """Expressions as rational functions of exponentials and of what does not hold k."""

    def __init__(self, k: Any):
        self.k = k
        self.steps: list[tuple[Any, Any]] = []  # (iπνk, generator) for the exponentials that k moves
        self.units: list[tuple[Any, Any]] = []  # (u, generator) for the others
        self.others: dict[Any, Any] = {}
        self.scale: dict[Any, Any] = {}
        self._met: dict[Any, list[Any]] = {}

    def read(self, *expressions: Any) -> list[Any]:
        """The expressions over the generators, each of them the exponential of the largest part that fits all."""
        for e in expressions:
            self._walk(e)
        self.scale = {g: _common_measure(met) for g, met in self._met.items()}
        found = [sp.cancel(sp.together(self._walk(e))) for e in expressions]
        if any(e.has(sp.zoo, sp.nan, sp.oo) for e in found):
            raise _NoExponentials
        return found

    def meaning(self) -> dict[Any, Any]:
        """What the generators stand for that do not hold k."""
        return {g: sp.exp(self.scale[g] * u) for u, g in self.units} | {g: e for e, g in self.others.items()}

    def exponentials(self) -> set[Any]:
        """The generators that never vanish."""
        return {g for _, g in (*self.units, *self.steps)}

    def _walk(self, e: Any) -> Any:
        if isinstance(e, sp.Rational) or e is sp.I or e == self.k:
            return e
        if isinstance(e, sp.Add | sp.Mul):
            return e.func(*(self._walk(a) for a in e.args))
        if isinstance(e, sp.exp):
            return self._exponential(e.args[0])
        if isinstance(e, sp.Pow) and e.base == -1 and e.exp.has(self.k):
            return self._exponential(sp.I * sp.pi * e.exp)
        if isinstance(e, sp.Pow) and e.exp.is_Integer:
            return self._walk(e.base) ** e.exp
        if isinstance(e, CIRCULAR + HYPERBOLIC):
            circular = isinstance(e, CIRCULAR)
            up = self._exponential(sp.I * e.args[0] if circular else e.args[0])
            sine, cosine = (up - 1 / up) / (2 * sp.I if circular else 2), (up + 1 / up) / 2
            if sine == 0 or cosine == 0:  # at one of its zeros
                raise _NoExponentials
            position = (CIRCULAR if circular else HYPERBOLIC).index(e.func)
            return (sine, cosine, sine / cosine, cosine / sine, 1 / cosine, 1 / sine)[position]
        if e.has(self.k):
            raise _NoExponentials
        return self.others.setdefault(e, sp.Dummy("c"))

    def _exponential(self, argument: Any) -> Any:
        found = sp.Integer(1)
        for term in sp.Add.make_args(sp.expand(argument)):
            half_turns = sp.cancel(2 * term / (sp.I * sp.pi))
            found *= sp.I ** int(half_turns) if half_turns.is_Integer else self._of(term)
        return found

    def _of(self, u: Any) -> Any:
        moves = u.has(self.k)
        if moves and sp.cancel(u / (sp.I * sp.pi * self.k)).has(self.k, sp.I, sp.pi):
            raise _NoExponentials
        listed = self.steps if moves else self.units
        ratios = ((sp.cancel(u / v), g) for v, g in listed)
        c, g = next(((c, g) for c, g in ratios if c.is_Rational), (sp.Integer(1), None))
        if g is None:
            g = sp.Dummy("w" if moves else "u")
            listed.append((u, g))
        self._met.setdefault(g, []).append(c)
        exponent = c / self.scale.get(g, c)  # a first walk knows no scale
        return g**exponent


def _common_measure(rationals: list[Any]) -> Any:
    whole = sp.ilcm(1, 1, *(c.q for c in rationals))
    return sp.Rational(int(sp.igcd(0, 0, *(int(c * whole) for c in rationals))), int(whole))


# -- the ranges ----------------------------------------------------------------------------------------------------------


def _covers(a: Any, b: Any, order: Any, facts: Facts) -> Iterator[_Cover]:
    """How a … b, or it and its mirror image, run through the residues modulo the order."""
    whole = _residues(a, b, order)
    if whole is not None:
        yield _Cover(*whole, False, sp.Integer(0))
    once_more = facts.is_positive(b - a + 1)
    for around, low, high, left_out, extra in (
        (2 * b + 1, a, 2 * b + 1 - a, (), ()),
        (2 * b + 2, a, 2 * b + 2 - a, (b + 1,), ()),
        (2 * b, a, 2 * b - a, (), (b,)),
        (2 * a - 1, 2 * a - 1 - b, b, (), ()),
        (2 * a - 2, 2 * a - 2 - b, b, (a - 1,), ()),
        (2 * a, 2 * a - b, b, (), (a,)),
    ):
        found = _residues(low, high, order)
        if found is not None and (once_more or not extra) and not found[1]:
            yield _Cover((*left_out, *found[0]), (*extra, *found[1]), True, sp.expand(around))


def _residues(a: Any, b: Any, order: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
    """The indices that a … b lacks of a full period after it, and those at its end that it has beside one."""
    lacking = sp.expand(order - (b - a + 1))
    if not lacking.is_Integer or abs(lacking) > 2:
        return None
    count = int(lacking)
    return tuple(b + 1 + j for j in range(count)), tuple(b - j for j in range(-count))


# -- sums and products ---------------------------------------------------------------------------------------------------


class _Task:
    """One sum or product over a … b."""

    def __init__(
        self,
        product: bool,
        body: Any,
        k: Any,
        a: Any,
        b: Any,
        facts: Facts,
        known: tuple[Any, ...],
        positive: Callable[[Any], bool],
        deadline: float,
    ):
        self.product, self.body, self.k, self.a, self.b = product, body, k, a, b
        self.facts, self.known, self.positive, self.deadline = facts, known, positive, deadline
        self.length = sp.expand(b - a + 1)

    def value(self) -> Any:
        """The value by the first cover of all residues that fits."""
        read = _Exponentials(self.k)
        (flat,) = read.read(self.body)
        if not read.steps:
            return None
        if len(read.steps) > 1 or flat.has(self.k):
            return None if self.product else self._sum_of_powers(read, flat)
        (step, y) = read.steps[0]
        top, bottom = sp.fraction(flat)
        if top == 0 or max(sp.degree(top, y), sp.degree(bottom, y)) > HIGHEST_DEGREE:
            return None
        gaps = [*_gaps(top, y), *_gaps(bottom, y), *([] if self.product else [_lowest(top, y) - _lowest(bottom, y)])]
        for d in reversed(sp.divisors(int(sp.igcd(0, 0, *gaps)))):
            speed = sp.cancel(read.scale[y] * step / self.k)
            order = sp.expand(sp.cancel(2 * sp.I * sp.pi / (speed * d)))
            if self.facts.is_positive(-order):
                order, speed = -order, -speed
            if self.facts.is_positive(order) and self.facts.is_integer(order):
                return self._on_circle(order, speed, d)
        return None if self.product else self._sum_of_powers(read, flat)

    def _on_circle(self, order: Any, speed: Any, d: int) -> Any:
        for cover in _covers(self.a, self.b, order, self.facts):
            if time.monotonic() > self.deadline:
                return None
            circle = _OnCircle(self, cover, order, speed, d)
            found = circle.product() if self.product else circle.sum()
            if found is not None and not found.has(sp.zoo, sp.nan, sp.oo):
                return found
        return None

    def _sum_of_powers(self, read: _Exponentials, flat: Any) -> Any:
        """Σ c k^i exp(2πi k p/M) with symbolic integers p: c M where M divides p, else 0; by parts where i > 0."""
        symbols = [*(g for _, g in read.steps), self.k]
        top, bottom = sp.fraction(flat)
        divisor, _ = bottom.as_independent(*symbols, as_Add=False)
        if not top.is_polynomial(*symbols) or len(sp.Add.make_args(bottom / divisor)) > 1:
            return None
        terms = [term / bottom for term in sp.Add.make_args(sp.expand(top))]
        meaning = read.meaning()
        parts: list[tuple[Any, Any, int]] = []
        for term in terms:
            c, moving = term.as_independent(*symbols, as_Add=False)
            powers = moving.as_powers_dict()
            turns = (powers[g] * read.scale[g] * u for u, g in read.steps if g in powers)
            speed = sp.cancel(sp.Add(*turns) / (2 * sp.I * sp.pi * self.k))
            parts.append((c.xreplace(meaning), speed, int(powers.get(self.k, 0))))
        if any(not 0 <= i <= HIGHEST_POWER for _, _, i in parts):
            return None
        for lacking in (0, 1, -1):
            order = sp.expand(self.length + lacking)
            numbers = [sp.expand(sp.cancel(speed * order)) for _, speed, _ in parts]
            if self.facts.is_positive(order) and all(map(self.facts.is_integer, numbers)):
                break
        else:
            return None
        left_out, extra = _residues(self.a, self.b, order) or ((), ())
        found = sp.Integer(0)
        for (c, speed, i), p in zip(parts, numbers, strict=True):
            if i:
                found += c * self._by_parts(i, speed, self._surely_divides(order, p))
                continue
            found += c * order * self._divides(order, p)
            for places, sign in ((left_out, -1), (extra, 1)):
                found += sign * sp.Add(*(c * sp.exp(2 * sp.I * sp.pi * speed * at) for at in places))
        return found

    def _by_parts(self, i: int, speed: Any, is_one: bool) -> Any:
        """Σ k^i q^k for q = exp(2πi speed), which is 1 or not: (q - 1) S_i = [k^i q^k] - q Σ_{l<i} C(i, l) S_l."""
        if is_one:
            return sp.Sum(self.k**i, (self.k, self.a, self.b))

        def power(at: Any) -> Any:
            return sp.exp(sp.expand(2 * sp.I * sp.pi * speed * at))

        sums: list[Any] = []
        for d in range(i + 1):
            edge = (self.b + 1) ** d * power(self.b + 1) - self.a**d * power(self.a)
            lower = sp.Add(*(sp.binomial(d, below) * sums[below] for below in range(d)))
            sums.append((edge - power(sp.Integer(1)) * lower) / (power(sp.Integer(1)) - 1))
        return sums[i]

    def _surely_divides(self, order: Any, p: Any) -> bool:
        """Whether the order divides the integer p; raises `NeedCase` where that is open."""
        if p.is_Integer and p != 0:
            return not all(differs(order, sp.Integer(d), self.facts) for d in sp.divisors(abs(p)))
        found = self._divides(order, p)
        if found in (0, 1):
            return bool(found == 1)
        condition = found.args[0].cond
        known = self.facts.decide(condition)
        if known is None:
            raise NeedCase(condition)
        return known

    def _divides(self, order: Any, p: Any) -> Any:
        """1 if the order divides the integer p, else 0."""
        if p.could_extract_minus_sign():
            p = -p
        if self.facts.is_integer(sp.cancel(p / order)):
            return sp.Integer(1)
        near = self.facts.is_positive(order - p) and self.facts.is_positive(order + p)
        if near and self.facts.is_nonzero(p):
            return sp.Integer(0)
        # as it stands: SymPy takes some quotients for integers that are none (see `rounding`)
        multiple = sp.Eq(p if near else sp.Mod(p, order, evaluate=p.is_Integer and order.is_Integer), 0)
        return sp.Piecewise((1, multiple), (0, True))


class _OnCircle:
    """A body as a rational function of y = exp(speed k), or of w = y^d = exp(2πik/M), on a cover of the residues modulo M."""

    def __init__(self, task: _Task, cover: _Cover, order: Any, speed: Any, d: int):
        self.task, self.cover, self.order, self.facts, self.speed, self.d = task, cover, order, task.facts, speed, d
        self.read = _Exponentials(task.k)
        places = [*cover.left_out, *cover.extra, cover.around]
        known = [e for e in task.known if not e.has(task.k) and _is_readable(e, task.k)]
        halves = [sp.exp(sp.expand(speed * c)) for c in (task.k, *places)]
        flat, half, *rest = self.read.read(task.body, *halves, *known)
        self.y, self.w = sp.Dummy("y"), sp.Dummy("w")
        root = self.read.steps[0][1]
        if len(self.read.steps) > 1 or half not in (root, 1 / root):
            raise _NoExponentials
        self.flat = sp.cancel(flat.xreplace({root: self.y if half == root else 1 / self.y}))
        at, known = rest[: len(places)], rest[len(places) :]
        self.left_out = [half**d for half in at[: len(cover.left_out)]]
        self.extra = [half**d for half in at[len(cover.left_out) : -1]]
        self.mirror = at[-1]  # y at the index around which the range is reflected
        self.told = {f for e in known for f, _ in _parts(sp.numer(e))[1]}

    # Σ

    def sum(self) -> Any:
        """Σ f over the range."""
        (top, bottom), y = sp.fraction(self.flat), self.y
        shift = (_lowest(top, y) - _lowest(bottom, y)) // self.d
        top, bottom = (self._in_w(sp.cancel(part / y ** _lowest(part, y))) for part in (top, bottom))
        flat = sp.cancel(top / bottom * self.w**shift)
        if self.cover.twice and not _vanishes(flat - flat.xreplace({self.w: self.mirror**self.d / self.w})):
            return None
        content, factors = self._linear_factors(sp.denom(flat))
        if any(pole.power > HIGHEST_POLE for pole in factors):
            return None
        poles = [pole for pole in factors if pole.at != 0]
        for one, other in itertools.combinations(poles, 2):
            self._demand(sp.expand(one.slope * other.at - other.slope * one.at))
        bottom = content * sp.Mul(*(pole.of(self.w) ** pole.power for pole in factors))
        top, rest = sp.numer(flat), sp.numer(flat) / bottom
        total = sp.Integer(0)
        for pole in poles:
            for power, coefficient in self._principal_part(pole, top / (bottom / pole.of(self.w) ** pole.power)):
                rest -= coefficient / pole.of(self.w) ** power
                self._demand(sp.denom(coefficient))
                total += self._value(coefficient) * self._sum_at(pole, power)
        top, bottom = sp.fraction(sp.cancel(sp.together(rest)))
        lowest = _lowest(bottom, self.w)
        scale = sp.cancel(bottom / self.w**lowest)
        if scale.has(self.w):
            return None
        self._demand(scale)
        for (power,), coefficient in sp.Poly(top, self.w).terms():
            j = power - lowest
            missed = sp.Add(*(self._value(omega**j) for omega in self.left_out))
            total += self._value(coefficient / scale) * (self.order * self._divides(j) - missed)
        extra = sp.Add(*(self.task.body.xreplace({self.task.k: c}) for c in self.cover.extra))
        return (total + extra) / (2 if self.cover.twice else 1)

    def _principal_part(self, pole: _Pole, regular: Any) -> Iterator[tuple[int, Any]]:
        """(m, c) for the terms c/(slope w - at)^m of regular/(slope w - at)^power."""
        z = sp.Dummy("z")
        g = sp.cancel(sp.together(regular.xreplace({self.w: (z + pole.at) / pole.slope})))
        for i in range(pole.power):
            yield pole.power - i, sp.cancel(g.xreplace({z: sp.Integer(0)}))
            g = sp.cancel(sp.diff(g, z) / (i + 1))

    def _sum_at(self, pole: _Pole, m: int) -> Any:
        """Σ 1/(slope w - at)^m over the roots of unity that are not left out."""
        hit = [omega for omega in self.left_out if _vanishes(pole.of(omega))]
        others = [pole.slope * omega - pole.at for omega in self.left_out if omega not in hit]
        for e in others:
            self._demand(e)
        missed = sp.Add(*(self._value(e) ** -m for e in others))
        if hit:
            self._demand(pole.slope)
            return self._value(pole.at) ** -m * _around_one(self.order, m) - missed
        few = m > 1 and not self._surely_nonzero(pole.at) and not self.facts.is_nonnegative(self.order - m)
        # at^(order - m) has a value at 0 too, unless the order is one of 1 … m - 1
        if few and not all(differs(self.order, sp.Integer(d), self.facts) for d in range(1, m)):
            self._demand(pole.at)
        slope, at = self._value(pole.slope), self._value(pole.at)
        return _off_the_roots(slope, at, self.order, m) - missed

    def _divides(self, j: int) -> int:
        """1 if the order divides j, else 0."""
        if j == 0:
            return 1
        return int(not all(differs(self.order, sp.Integer(d), self.facts) for d in sp.divisors(abs(j))))

    # Π

    def product(self) -> Any:
        """Π f over the range; where that is half of a period, by pairs of factors, or as a root where f > 0."""
        a, b, length, around = self.task.a, self.task.b, self.task.length, self.cover.around
        if not self.cover.twice:
            return self._product_of(self.flat, length, length * (a + b) / 2)
        halved = self._halved()
        if halved is not None:
            scale, poles = halved
            return self._power(scale, length) * self._product_over(poles)
        sign = sp.cancel(self.flat.xreplace({self.y: self.mirror / self.y}) / self.flat)
        if sign not in (1, -1) or not self.task.positive(_quotients(self.task.body)):
            return None
        # what is met twice has the product Π f(k) f(around - k) = sign^length (Π f)²
        return sp.sqrt(self._product_of(self.flat, 2 * length, length * around) * self._power(sign, length))

    def _product_of(self, flat: Any, count: Any, indices: Any) -> Any:
        """Π f(k) over the indices that are met, so many of them and with that sum."""
        scale, drift, poles = self._factored(flat)
        return self._power(scale, count) * sp.exp(sp.expand(drift * self.speed * indices)) * self._product_over(poles)

    def _product_over(self, poles: list[_Pole]) -> Any:
        """Π (slope w - at)^power over the roots that are met."""
        order, total = self.order, sp.Integer(1)
        for pole in poles:
            slope, at = self._value(pole.slope), self._value(pole.at)
            hit = [omega for omega in self.left_out if _vanishes(pole.of(omega))]
            others = [pole.of(omega) for omega in self.left_out if omega not in hit]
            for e in (*others, *([pole.slope] if hit and pole.power < 0 else [])):
                self._demand(e)
            one = (-1) ** order * (_power(at, order) - _power(slope, order))
            if hit:
                one = (-1) ** (order - 1) * slope ** (order - 1) * order / self._value(hit[0])
            one *= sp.Mul(*(self._value(pole.of(omega)) for omega in self.extra))
            total *= (one / sp.Mul(*map(self._value, others))) ** pole.power
        return total

    def _halved(self) -> tuple[Any, list[_Pole]] | None:
        """(γ, h) with f(k) = γ h(k) h(around - k), h a product of linear factors, or None."""
        scale, drift, waiting = self._factored(self.flat)
        w, turn = self.y**self.d, self.mirror**self.d
        flat = scale * self.y**drift * sp.Mul(*(pole.of(w) ** pole.power for pole in waiting))
        chosen: list[_Pole] = []
        while waiting:
            one = waiting.pop(0)
            partner = [p for p in (one, *waiting) if _vanishes(one.at * p.at - turn * one.slope * p.slope)]
            if not partner or (partner[0] == one and one.power % 2) or partner[0].power != one.power:
                return None
            if partner[0] == one:
                chosen.append(one._replace(power=one.power // 2))
            else:
                waiting.remove(partner[0])
                chosen.append(one)
        both = sp.Mul(*((pole.of(w) * pole.of(turn / w)) ** pole.power for pole in chosen))
        scale = sp.cancel(sp.together(flat / both))
        if scale.has(self.y):
            return None
        self._demand(sp.denom(scale))
        return scale, chosen

    # what both need

    def _in_w(self, polynomial: Any) -> Any:
        """A polynomial in y^d as one in w."""
        terms = sp.Poly(polynomial, self.y).terms()
        return sp.Add(*(coefficient * self.w ** (power // self.d) for (power,), coefficient in terms))

    def _factored(self, flat: Any) -> tuple[Any, int, list[_Pole]]:
        """(c, j, poles) with flat = c y^j Π (slope w - at)^power and a c without w."""
        parts = []
        for polynomial in sp.fraction(flat):
            lowest = _lowest(polynomial, self.y)
            parts.append((*self._linear_factors(self._in_w(sp.cancel(polynomial / self.y**lowest))), lowest))
        (over, above, up), (under, below, down) = parts
        return over / under, up - down, [*above, *(pole._replace(power=-pole.power) for pole in below)]

    def _linear_factors(self, e: Any) -> tuple[Any, list[_Pole]]:
        """(c, poles) with e = c Π (slope w - at)^power and a c without w."""
        content, poles = sp.Integer(1), []
        scale, factors = _parts(e)
        content *= scale
        for factor, power in factors:
            degree = sp.degree(factor, self.w) if factor.has(self.w) else 0
            if degree == 0:
                content *= factor**power
            elif degree == 1:
                poles.append(_Pole(factor.coeff(self.w, 1), -factor.coeff(self.w, 0), power))
            elif degree == 2:
                a, b, c = (factor.coeff(self.w, j) for j in (2, 1, 0))
                discriminant = sp.expand(b**2 - 4 * a * c)
                apart = self.left_out or not self.task.product  # ρ ≠ c/(aρ), so neither is left out with the other
                for part in (a, c, *([discriminant] if apart else [])):
                    self._demand(part)
                root = _as_square(self._value(sp.cancel(-b / (2 * a)) + _square_root(discriminant, 2 * a)))
                named = self.read.others.setdefault(root, sp.Dummy("c"))  # a (w - ρ)(w - c/(aρ))
                self.told |= {named} | ({f for f, _ in _parts(a * named**2 - c)[1]} if apart else set())
                poles += [_Pole(sp.Integer(1), named, power), _Pole(sp.expand(a * named), c, power)]
                content /= named**power
            else:
                raise _NoExponentials
        return content, poles

    def _demand(self, e: Any) -> None:
        """That a polynomial over the generators does not vanish, unless the statement is undefined where it does.

        Negative powers there are of exponentials alone.
        """
        for factor, _ in _parts(sp.numer(sp.cancel(e)))[1]:
            if not self._surely_nonzero(factor):
                raise NeedCase(sp.Eq(self._value(factor), 0, evaluate=False))

    def _surely_nonzero(self, factor: Any) -> bool:
        known = factor in self.read.exponentials() or factor in self.told or -factor in self.told
        return known or self.facts.is_nonzero(self._value(factor))

    def _value(self, e: Any) -> Any:
        return e.xreplace(self.read.meaning())

    def _power(self, scale: Any, exponent: Any) -> Any:
        """A scale to an integer power."""
        number, rest = sp.cancel(scale).as_coeff_Mul()
        return number**exponent * _power(self._value(rest), exponent)


def differs(n: Any, value: Any, facts: Facts) -> bool:
    """Whether an integer n is not a given one; raises `NeedCase` where that is open."""
    difference = sp.expand(n - value)
    if difference == 0 or facts.is_nonzero(difference):
        return bool(difference != 0)
    condition = sp.Eq(difference, 0, evaluate=False)
    symbols = sorted(difference.free_symbols, key=str)
    if len(symbols) == 1 and difference.is_polynomial(*symbols) and sp.degree(difference, *symbols) == 1:
        (m,) = symbols
        root = -difference.coeff(m, 0) / difference.coeff(m, 1)
        if m.is_integer and not root.is_Integer:
            return True
        condition = sp.Eq(m, root, evaluate=False)
    raise NeedCase(condition)


def _is_readable(e: Any, k: Any) -> bool:
    try:
        _Exponentials(k).read(e)
    except _NoExponentials:
        return False
    return True


def _parts(e: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """A Gaussian number and the irreducible factors of a polynomial."""
    if e.is_number:
        return e, []
    scale, factors = sp.factor_list(e, gaussian=True)
    return scale, factors


def _vanishes(e: Any) -> bool:
    """Whether a rational function is zero."""
    return bool(sp.expand(sp.fraction(sp.together(e))[0]) == 0)


def _gaps(polynomial: Any, y: Any) -> list[int]:
    """The differences between the exponents and the lowest of them."""
    exponents = [power for (power,) in sp.Poly(polynomial, y).monoms()]
    return [power - min(exponents) for power in exponents]


def _lowest(polynomial: Any, y: Any) -> int:
    """The power of y that divides a polynomial."""
    return min(power for (power,) in sp.Poly(polynomial, y).monoms())


def _quotients(e: Any) -> Any:
    """With sines and cosines in place of tangents and cotangents."""
    e = e.replace(sp.tan, lambda u: sp.sin(u) / sp.cos(u))
    return e.replace(sp.cot, lambda u: sp.cos(u) / sp.sin(u))


def _off_the_roots(slope: Any, at: Any, order: Any, m: int) -> Any:
    """Σ 1/(slope w - at)^m over all w^M = 1: the (m-1)-st derivative of M B^(M-1)/(A - B^M), A = slope^M, over (m-1)!."""
    A, T, M = sp.symbols("A T M", cls=sp.Dummy)
    numerator = M
    for j in range(1, m):  # of B^(M-j) N/(A - T)^j with T = B^M
        slope_of = (M - j) * numerator * (A - T) + M * T * sp.diff(numerator, T) * (A - T) + j * M * T * numerator
        numerator = sp.expand(slope_of / j)
    values = {A: _power(slope, order), T: _power(at, order), M: order}
    return at ** (order - m) * numerator.xreplace(values) / (values[A] - values[T]) ** m


def _power(base: Any, exponent: Any) -> Any:
    """A base to an integer power, factor by factor where these are numbers."""
    if not base.is_number:
        return base**exponent
    return sp.Mul(*(b ** (e * exponent) for b, e in (f.as_base_exp() for f in sp.Mul.make_args(base))))


def _square_root(e: Any, over: Any) -> Any:
    """A square root of e, divided: the factors whose square divides e stand before it."""
    scale, factors = _parts(e)
    outside = sp.Mul(*(f ** (power // 2) for f, power in factors))
    return sp.cancel(outside / over) * sp.sqrt(sp.expand(scale * sp.Mul(*(f for f, power in factors if power % 2))))


def _as_square(root: Any) -> Any:
    """A real number as ±σ² with a simpler σ, if there is one: the powers of (3 + √5)/2 are those of the golden ratio."""
    for sign in (1, -1):
        if root.is_number and (sign * root).is_positive:
            sigma = sp.expand(sp.sqrtdenest(sp.sqrt(sp.radsimp(sign * root))))
            surds = sigma.atoms(sp.Pow)
            if len(surds) == 1 and sp.expand(sigma**2 - sign * root) == 0 and all(s.base.is_Integer for s in surds):
                return sign * sigma**2
    return root


def _around_one(order: Any, m: int) -> Any:
    """Σ 1/(v - 1)^m over the v^M = 1 that are not 1: less the m-th coefficient of (1 + ε)^(M-1)/(Σ_j C(M, j + 1) ε^j/M)."""
    M = sp.Dummy("M")
    above = [sp.ff(M - 1, j) / sp.factorial(j) for j in range(m + 1)]
    below = [sp.ff(M - 1, j) / sp.factorial(j + 1) for j in range(m + 1)]  # C(M, j + 1)/M
    quotient: list[Any] = []
    for j in range(m + 1):
        quotient.append(sp.expand(sp.expand_func(above[j]) - sum(below[i] * quotient[j - i] for i in range(1, j + 1))))
    return -sp.factor(quotient[m]).xreplace({M: order})


def chebyshev_by_powers(e: Any, facts: Facts) -> Iterator[Any]:
    """e with T_m(z) = (ρ^m + ρ^-m)/2 and U_m(z) = (ρ^(m+1) - ρ^-(m+1))/(ρ - 1/ρ), for either ρ = z ± √(z² - 1).

    Raises `NeedCase` where z may be 1 or -1 in the second.
    """
    bound = bound_variables(e)
    nodes = [f for f in e.atoms(sp.chebyshevt, sp.chebyshevu) if facts.is_integer(f.args[0]) and not f.free_symbols & bound]
    for z in (f.args[1] for f in nodes if isinstance(f, sp.chebyshevu)):
        for end in (1, -1):
            if not facts.is_nonzero(z - end):
                raise NeedCase(sp.Eq(z, end, evaluate=False))
    for way in (1, -1) if nodes else ():
        values = {}
        for node in nodes:
            m, z = node.args
            rho = z + way * sp.sqrt(z**2 - 1)
            first = isinstance(node, sp.chebyshevt)
            values[node] = (rho**m + rho**-m) / 2 if first else (rho ** (m + 1) - rho ** (-m - 1)) / (rho - 1 / rho)
        yield e.xreplace(values)


__all__ = ["CIRCULAR", "chebyshev_by_powers", "differs", "over_roots_of_unity"]
