"""The sign chart of a function of one real variable: where it is positive, where negative, and its roots between.

A chart of the derivative says where the function rises and falls; the limits at the ends and the signs at the critical points,
enclosed in balls, say the rest. A function with logarithms or exponentials is first divided by a factor of one sign, so that one
of them is gone from its derivative; the recursion ends at polynomials, and at functions whose balls have one sign on the range.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import acb, ctx, fmpq, fmpq_poly

from derivable.trusted.asymptotics import NoExpansion, dominant_part, leading_term
from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported, Value, ball, rational_beside
from derivable.trusted.calculus import NoLimit, limit
from derivable.trusted.continuity import is_continuous
from derivable.trusted.curves import derivative
from derivable.trusted.cylindrical import TooLarge, real_roots, simplest_between
from derivable.trusted.deadline import TimeLimit, alarm
from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.exponential_polynomials import ExponentialPolynomial, exponential_polynomial
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import vanishes_identically

DEPTH = 7  # derivatives
BOXES = 240
NORM_SECONDS = 0.5  # for a product of conjugates
PRECISIONS = (96, 400, 1600)
FALLEN = (sp.log, sp.atan, sp.asin, sp.acos, sp.asinh, sp.acosh, sp.atanh, sp.erf, sp.erfc, sp.acot)  # gone after one derivative
KNOWN = (
    *FALLEN, sp.exp, sp.sin, sp.cos, sp.tan, sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.csch, sp.coth, sp.sec, sp.csc, sp.cot,
)  # fmt: skip


@dataclass(frozen=True)
class Root:
    """The only root between two rational numbers; `exact` where it is known."""

    low: Any
    high: Any
    exact: Any = None


@dataclass(frozen=True)
class Chart:
    """The sign on an open interval: `signs[i]` between the roots i - 1 and i, and 0 only at the roots."""

    roots: tuple[Root, ...]
    signs: tuple[int, ...]
    depth: int = 0  # derivatives that were taken


class Denied(Exception):
    """The function has the opposite sign, or a root where a strict sign is wanted, inside the range: at `place`, if known."""

    def __init__(self, place: Any):
        super().__init__(f"the opposite sign at {place}")
        self.place = place


def one_signed(e: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, deadline: float) -> Proof | None:
    """e ≥ 0, or e > 0, for x between the ends (which belong to the range where they are finite and not excluded).

    Raises `Denied` where the chart shows that this is false of the open range.
    """
    low, high = ends
    r = sp.Dummy(x.name, real=True)
    f = _in_exponentials(e.xreplace({x: r}))
    if not _is_elementary(f, r):
        return None
    charts = _Charts(r, deadline)
    found = charts.of(f, low, high)
    if found is None:
        return None
    walls: list[Any] = [low, *found.roots, high]
    for (left, right), s in zip(itertools.pairwise(walls), found.signs, strict=True):
        if s < 0:
            a, b = left.high if isinstance(left, Root) else left, right.low if isinstance(right, Root) else right
            raise Denied(_between(a, b))
    if strict and found.roots:
        raise Denied(next((root.exact for root in found.roots if root.exact is not None), None))
    for end, way in ((low, 1), (high, -1)):
        if end in (sp.oo, -sp.oo) or facts.is_positive(way * (x - end)):
            continue
        at = charts.value(f, end)
        if at is None or at < 0 or (strict and at == 0):
            return None
    text = f"{len(found.roots)} roots of even order" if found.roots else "no root"
    return Proof((("sign chart", f"{text} between {low} and {high}, by {found.depth} derivatives"),))


def _in_exponentials(f: Any) -> Any:
    """Hyperbolic functions as exponentials, and the circular ones by sines and cosines."""
    waves = (sp.tan, sp.sec, sp.csc, sp.cot)
    f = f.replace(lambda n: isinstance(n, waves), lambda n: n.rewrite(sp.cos) if isinstance(n, sp.sec) else n.rewrite(sp.sin))
    return f.rewrite((sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.csch, sp.coth), sp.exp)


def _is_elementary(f: Any, x: Any) -> bool:
    if f.free_symbols != {x} or f.has(sp.I):
        return False
    for node in sp.preorder_traversal(f):
        if node.is_Atom or isinstance(node, (sp.Add, sp.Mul)):
            continue
        if isinstance(node, sp.Pow):
            if node.exp.has(x):
                return False
        elif not isinstance(node, KNOWN):
            return False
    return True


class _Charts:
    def __init__(self, x: Any, deadline: float):
        self.x = x
        self.deadline = deadline

    def of(self, f: Any, low: Any, high: Any, depth: int = 0) -> Chart | None:
        """The chart of f on the open interval, or None where it is not found."""
        if time.monotonic() > self.deadline or depth > DEPTH:
            return None
        x = self.x
        inside = self._inside(low, high)
        if not is_continuous(f, x, inside):
            return None
        f = _with_one_root(_split_logarithms(f, inside), inside)
        factors, sign = self._factors(f, inside)
        if sign == 0:
            return None
        if not factors:
            return Chart((), (sign,), depth)
        whole: Chart | None = Chart((), (sign,), depth)
        for g, odd in factors:
            chart = self._of_factor(g, low, high, inside, depth)
            if chart is None or whole is None:
                return None
            whole = _product(whole, chart if odd else Chart(chart.roots, (1,) * len(chart.signs), chart.depth))
        return whole

    def _inside(self, low: Any, high: Any) -> Facts:
        x = self.x
        return Facts((*([] if low is -sp.oo else [x > low]), *([] if high is sp.oo else [x < high])))

    def _factors(self, f: Any, inside: Facts) -> tuple[list[tuple[Any, bool]], int]:
        """The factors whose sign is not seen, with whether their powers are odd; the sign of the others (0 if f vanishes)."""
        top, bottom = sp.fraction(sp.together(f))
        sign = 1
        open_factors: list[tuple[Any, bool]] = []
        for part in (sp.factor(top), bottom):
            for factor in sp.Mul.make_args(part):
                base, power = factor.as_base_exp()
                if not power.is_Integer or isinstance(factor, sp.exp):
                    base, power = factor, sp.Integer(1)
                signs = inside.signs(base) if base.free_symbols else inside.number(base)
                if signs is None or len(signs) != 1:
                    open_factors.append((base, bool(power % 2)))
                    continue
                (s,) = signs
                if s == 0:
                    return [], 0
                sign *= int(s) ** int(power)
        return open_factors, sign

    def _of_factor(self, g: Any, low: Any, high: Any, inside: Facts, depth: int) -> Chart | None:
        x = self.x
        if not g.has(x):
            return None
        if g.is_polynomial(x) and all(c.is_Rational for c in sp.Poly(g, x).all_coeffs()):
            return _of_polynomial(sp.Poly(g, x), low, high, depth)
        exponential = exponential_polynomial(g, x)
        chart = None if exponential is None else self._of_exponential_polynomial(exponential, low, high, depth)
        if chart is not None:
            return chart
        algebraic = self._of_algebraic(g, low, high, depth)
        if algebraic is not None:
            return algebraic
        waves = g.has(sp.sin, sp.cos, sp.tan, sp.sec, sp.csc, sp.cot)
        same = self._one_ball(g, low, high) if waves or depth == 0 else None
        if same is not None:
            return Chart((), (same,), depth)
        if waves:
            return self._near_the_ends(g, low, high, depth)
        polynomial = g.is_polynomial(x)
        simpler = [(1, g)] if polynomial else itertools.islice(self._simpler(g, inside), 2 if depth < 2 else 1)
        for factor, quotient in simpler:
            slope = derivative(quotient, x, inside)
            if slope is None or not is_continuous(quotient, x, inside):
                continue
            rises = self.of(slope, low, high, depth if polynomial else depth + 1)
            if rises is None:
                continue
            chart = self._from_pieces(quotient, slope, rises, low, high)
            if chart is not None:
                return Chart(chart.roots, tuple(s * factor for s in chart.signs), rises.depth)
        return None

    def _of_exponential_polynomial(self, f: ExponentialPolynomial, low: Any, high: Any, depth: int) -> Chart | None:
        """Σ P_i exp(λ_i x): its common factor, and the derivative after a division by one of the exponentials."""
        if time.monotonic() > self.deadline:
            return None
        common = f.common_factor()
        if common.degree() > 0:
            polynomial = sp.Poly([sp.Rational(int(c.p), int(c.q)) for c in common.coeffs()[::-1]], self.x)
            first = _of_polynomial(polynomial, low, high, depth)
            rest = self._of_exponential_polynomial(f.divided(common), low, high, depth)
            return None if first is None or rest is None else _product(first, rest)
        if len(f.terms) == 1:  # a constant times an exponential
            sign = f.sign_between(sp.Integer(0), sp.Integer(0))
            return None if sign is None else Chart((), (sign,), depth)
        quotient, slope = f.simpler()
        rises = self._of_exponential_polynomial(slope, low, high, depth + 1)
        chart = None if rises is None else self._from_pieces(quotient, slope, rises, low, high)
        return None if chart is None or rises is None else Chart(chart.roots, chart.signs, rises.depth)

    def _of_algebraic(self, g: Any, low: Any, high: Any, depth: int) -> Chart | None:
        """The roots of g are among those of the product of its conjugates; the sign between them at one point each."""
        x = self.x
        radicals = [p for p in g.atoms(sp.Pow) if p.has(x) and p.exp.is_Rational and not p.exp.is_Integer]
        if not radicals or not g.is_algebraic_expr(x):
            return None
        try:
            with alarm(NORM_SECONDS):
                norm = _norm(g, x, radicals)
        except TimeLimit:
            if time.monotonic() > self.deadline:
                raise
            return None
        if norm.free_symbols - {x} or not norm.is_polynomial(x) or norm == 0:
            return None
        if not norm.has(x):
            candidates = Chart((), (1,), depth) if _sign_of(norm) else None
        elif all(c.is_Rational for c in sp.Poly(norm, x).all_coeffs()):
            candidates = _of_polynomial(sp.Poly(norm, x), low, high, depth)
        else:
            candidates = self.of(norm, low, high, depth)
        if candidates is None:
            return None
        signs = []
        for left, right in itertools.pairwise([low, *candidates.roots, high]):
            a = left.high if isinstance(left, Root) else left
            b = right.low if isinstance(right, Root) else right
            point = _between(a, b)
            at = None if point is None else self._sign_at(g, point)
            if at is None or at == 0:
                return None
            signs.append(at)
        roots, kept = [], [signs[0]]
        for root, before, after in zip(candidates.roots, signs, signs[1:], strict=False):
            if before == after and self._ball_sign(g, root.low, root.high) == before:
                continue
            if before == after and not (root.exact is not None and vanishes_identically(g.subs(x, root.exact), Facts(()))):
                return None
            roots.append(root)
            kept.append(after)
        return Chart(tuple(roots), tuple(kept), depth)

    def _simpler(self, g: Any, inside: Facts) -> Iterator[tuple[int, Any]]:
        """g over a factor of one sign, with that sign: those first whose derivatives hold the fewest functions."""
        x = self.x
        terms = sp.Add.make_args(sp.expand(g, power_exp=False, power_base=False, log=False))
        candidates = [(sp.Integer(1), g)]
        nodes = {n for t in terms for n in t.atoms(*FALLEN, sp.exp) if n.has(x)}
        if nodes:  # of an algebraic function no radical would go
            nodes |= {n for t in terms for n in t.atoms(sp.Pow) if n.has(x) and n.exp.is_Rational and not n.exp.is_Integer}
        for node in sorted(nodes, key=sp.default_sort_key):
            held = [t / node for t in terms if t.has(node)]
            rest = sp.Add(*(t for t in terms if not t.has(node)))
            coefficient = sp.factor_terms(sp.Add(*held))
            if not coefficient.has(node):
                candidates.append((coefficient, node + sp.Add(*(t / coefficient for t in sp.Add.make_args(rest)))))
                if isinstance(node, (sp.exp, sp.Pow)):
                    whole = coefficient * node
                    candidates.append((whole, 1 + sp.Add(*(t / whole for t in sp.Add.make_args(rest)))))
            if isinstance(node, sp.exp):
                candidates.append((node, sp.Add(*held, *(t / node for t in sp.Add.make_args(rest)))))
        found = []
        for factor, quotient in candidates:
            signs = inside.signs(factor)
            if signs is None or len(signs) != 1 or 0 in signs:
                continue
            quotient = _with_one_exponential(quotient)
            slope = sp.together(_with_one_exponential(sp.diff(quotient, x)))
            functions = {n for n in slope.atoms(*KNOWN) if n.has(x)}
            powers = [p for p in slope.atoms(sp.Pow) if isinstance(p.base, FALLEN) and p.exp.is_Integer and p.exp > 1]
            fallen = sum(max([1, *(p.exp for p in powers if p.base == n)]) for n in functions if isinstance(n, FALLEN))
            found.append((fallen, len(functions), slope.count_ops(), int(next(iter(signs))), quotient))
        found.sort(key=lambda item: item[:3])
        yield from dict.fromkeys((sign, quotient) for *_, sign, quotient in found)

    def _from_pieces(self, f: Any, slope: Any, rises: Chart, low: Any, high: Any) -> Chart | None:
        """The chart of f from that of its derivative."""
        places: list[Any] = [low]
        at: list[int | None] = [self.near(f, low, 1)]
        for root in rises.roots:
            narrowed, sign = self._at_critical(f, slope, root)
            if sign is None:
                return None
            places.append(narrowed)
            at.append(sign)
        places.append(high)
        at.append(self.near(f, high, -1))
        roots: list[Root] = []
        signs: list[int] = []
        for i, way in enumerate(rises.signs):
            piece = self._piece(f, places[i : i + 2], at[i : i + 2], way)
            if piece is None:
                return None
            first, crossing = piece
            if i and at[i] == 0:
                roots.append(places[i])
            if i and at[i] != 0:  # the critical point joins this piece to the one before it
                if signs[-1] != first:
                    return None
            else:
                signs.append(first)
            if crossing is not None:
                roots.append(crossing)
                signs.append(-first)
        return Chart(tuple(roots), tuple(signs))

    def _piece(self, f: Any, ends: list[Any], at: list[int | None], way: int) -> tuple[int, Root | None] | None:
        """The sign of f at the beginning of a piece on which it rises (way 1) or falls, and its root there if it has one."""
        lower, upper = at if way > 0 else at[::-1]
        if lower is not None and lower >= 0:
            return 1, None
        if upper is not None and upper <= 0:
            return -1, None
        if lower is None or upper is None:
            return None
        left, right = ends
        a = left.high if isinstance(left, Root) else left
        b = right.low if isinstance(right, Root) else right
        crossing = self._isolated(f, a, b, -way)
        return None if crossing is None else (-way, crossing)

    def _at_critical(self, f: Any, slope: Any, root: Root) -> tuple[Root, int | None]:
        """The root of the derivative, narrowed until the sign of f there is seen."""
        if root.exact is not None and self._vanishes_at(f, root.exact):
            return root, 0
        for _ in range(12):
            sign = self._ball_sign(f, root.low, root.high)
            if sign is not None:
                return root, sign
            narrowed = self._narrowed(slope, root, 8)
            if narrowed is None or (narrowed.low == root.low and narrowed.high == root.high):
                break
            root = narrowed
        return root, None

    def _vanishes_at(self, f: Any, point: Any) -> bool:
        return (
            f.vanishes_at(point)
            if isinstance(f, ExponentialPolynomial)
            else vanishes_identically(f.subs(self.x, point), Facts(()))
        )

    def _narrowed(self, g: Any, root: Root, times: int) -> Root | None:
        """The root of g in an interval that is halved some times; None where g does not change its sign, or that is not seen."""
        low, high = root.low, root.high
        if low == high:
            return root
        below, above = (self._sign_at(g, end) for end in (low, high))
        if below is None or above is None or below * above >= 0:
            return None
        for _ in range(times):
            middle = (low + high) / 2
            at = self._sign_at(g, middle)
            if at is None:
                break
            if at == 0:
                return Root(middle, middle, middle)
            low, high = (middle, high) if at == below else (low, middle)
        return Root(low, high, root.exact)

    def _isolated(self, f: Any, a: Any, b: Any, before: int) -> Root | None:
        """The only root in the open interval (a, b), before which f has the sign `before`, between two rational numbers."""
        low, high = (_inner(a, 1), _inner(b, -1))
        if low is None and high is None:
            low, high = sp.Integer(-1), sp.Integer(1)
        elif low is None:
            low = high - 1
        elif high is None:
            high = low + 1
        elif not low < high:
            return None
        for _ in range(200):
            at = self._sign_at(f, low) if low != a else before
            if at == 0:
                return Root(low, low, low)
            if at == before:
                break
            low = high - 2 * (high - low) if a is -sp.oo else _towards(a, low)
        else:
            return None
        for _ in range(200):
            at = self._sign_at(f, high) if high != b else -before
            if at == 0:
                return Root(high, high, high)
            if at == -before:
                break
            high = low + 2 * (high - low) if b is sp.oo else _towards(b, high)
        else:
            return None
        for _ in range(40):
            if high - low < sp.Rational(1, 2**16):
                break
            middle = (low + high) / 2
            at = self._sign_at(f, middle)
            if at is None:
                break
            if at == 0:
                return Root(middle, middle, middle)
            low, high = (middle, high) if at == before else (low, middle)
        return Root(low, high)

    def _sign_at(self, f: Any, point: Any) -> int | None:
        sign = self._ball_sign(f, point, point)
        return 0 if sign is None and self._vanishes_at(f, point) else sign

    def _ball_sign(self, f: Any, low: Any, high: Any) -> int | None:
        """The one sign that f has between two numbers, by balls."""
        if isinstance(f, ExponentialPolynomial):
            return f.sign_between(low, high)
        outer = ctx.prec
        try:
            for precision in PRECISIONS if low == high else PRECISIONS[:1]:
                ctx.prec = precision
                a, b = (ball(Evaluator({})(end)).real for end in (low, high))
                value: Value = acb(a.union(b))
                if low == high and low.is_Rational:
                    value = fmpq(int(low.p), int(low.q))
                evaluator = Evaluator({self.x: value})
                try:
                    found = evaluator(f)
                except (Undecided, Undefined, Unsupported, ZeroDivisionError, ValueError):
                    return None
                if not evaluator.rigorous:
                    return None
                if isinstance(found, fmpq):
                    return (found > 0) - (found < 0)
                enclosed = ball(found)
                if not enclosed.is_finite():
                    return None
                if enclosed.imag.contains(0) and (enclosed.real > 0 or enclosed.real < 0):
                    return 1 if enclosed.real > 0 else -1
        finally:
            ctx.prec = outer
        return None

    def near(self, f: Any, end: Any, way: int) -> int | None:
        """The sign of f next to an end of its range, by an expansion there, or that of its limit; None where neither is found."""
        if isinstance(f, ExponentialPolynomial):
            return f.sign_near(end, way)
        r = sp.Dummy("x", real=True)
        g = f.xreplace({self.x: r})
        for expansion in (leading_term, dominant_part) if g.has(sp.exp) else (leading_term,):
            try:
                first = expansion(g, r, end, way, Facts(()), self.deadline)
                sign = _sign_of(first.coefficient)
                if sign:
                    return sign * (-1) ** first.logs
            except (NoExpansion, NoNormalForm, NeedCase, RecursionError):
                pass
        try:
            at = limit(g, r, end, -1 if end is sp.oo else 1 if end is -sp.oo else way, Facts(()))
        except (NoLimit, NoNormalForm, NeedCase, RecursionError):
            return None
        if at in (sp.oo, -sp.oo):
            return 1 if at is sp.oo else -1
        return None if at.has(sp.nan, sp.zoo, sp.oo) or at.free_symbols else self._constant(at)

    def value(self, f: Any, end: Any) -> int | None:
        """The sign of f at a point; None where it is not seen."""
        at = f.subs(self.x, end)
        return None if at.has(sp.nan, sp.zoo, sp.oo) else self._constant(at)

    def _constant(self, number: Any) -> int | None:
        sign = _sign_of(number)
        return 0 if sign is None and vanishes_identically(number, Facts(())) else sign

    def _one_ball(self, g: Any, low: Any, high: Any) -> int | None:
        """The one sign that g has on a bounded closed range, by bisection."""
        if not (low.is_number and high.is_number and low.is_finite and high.is_finite):
            return None
        a, b = rational_beside(low, -1), rational_beside(high, 1)
        waiting, seen, pieces = [(a, b)], None, 0
        while waiting:
            pieces += 1
            if pieces > BOXES or time.monotonic() > self.deadline:
                return None
            left, right = waiting.pop()
            sign = self._ball_sign(g, left, right)
            if sign == 0 or (sign is not None and seen is not None and sign != seen):
                return None
            if sign is not None:
                seen = sign
                continue
            if right - left < (b - a) / 512:
                return None
            middle = (left + right) / 2
            waiting += [(left, middle), (middle, right)]
        return seen

    def _near_the_ends(self, g: Any, low: Any, high: Any, depth: int) -> Chart | None:
        """One sign on a bounded range where g vanishes at an end: there a derivative has one sign, and those before it vanish."""
        if not (low.is_finite and high.is_finite):
            return None
        for part in (sp.Rational(1, 4), sp.Rational(1, 16), sp.Rational(1, 2)):
            width = rational_beside((high - low) * part, -1)
            inner_low, inner_high, found = low, high, []
            for end, way in ((low, 1), (high, -1)):
                if self.value(g, end) == 0:
                    other = rational_beside(end, -1) + way * width if end.is_Rational else rational_beside(end + way * width, way)
                    sign = self._by_order(g, end, other, way)
                    if sign is None:
                        break
                    found.append(sign)
                    inner_low, inner_high = (other, inner_high) if way > 0 else (inner_low, other)
            else:
                middle = self._one_ball(g, inner_low, inner_high) if _less(inner_low, inner_high) else None
                if middle is not None and all(s == middle for s in found):
                    return Chart((), (middle,), depth)
        return None

    def _by_order(self, g: Any, end: Any, other: Any, way: int) -> int | None:
        """The sign between an end at which g vanishes and another point: that of a derivative, times the side to the order."""
        x = self.x
        inside = Facts((x >= end, x <= other) if way > 0 else (x <= end, x >= other))
        f = g
        for order in range(1, 8):
            slope = derivative(f, x, inside)
            if slope is None or not is_continuous(slope, x, inside):
                return None
            f = sp.expand(slope)
            at = self._constant(f.subs(x, end))
            if at is None:
                return None
            if at != 0:
                same = self._one_ball(f, *((end, other) if way > 0 else (other, end)))
                return None if same is None else same * way**order
        return None


def _norm(g: Any, x: Any, radicals: list[Any]) -> Any:
    """A polynomial that vanishes wherever g does: g without its radicals, by resultants."""
    names = {(p.base, int(p.exp.q)): sp.Dummy("y") for p in sorted(radicals, key=lambda p: -p.count_ops())}

    def named(e: Any) -> Any:
        return e.xreplace({p: names[p.base, int(p.exp.q)] ** int(p.exp.p) for p in radicals})

    norm = named(g)
    for (base, q), y in names.items():
        top, relation = (sp.fraction(sp.together(e))[0] for e in (norm, y**q - named(base)))
        norm = sp.resultant(top, relation, y) if top.has(y) else top
    return sp.expand(sp.fraction(sp.together(norm))[0])


def _with_one_root(f: Any, inside: Facts) -> Any:
    """√u · √v = √(u v), for products of square roots of what is positive on the range."""

    def merged(node: Any) -> Any:
        roots = [r for r in node.args if isinstance(r, sp.Pow) and abs(r.exp) == sp.Rational(1, 2) and inside.is_positive(r.base)]
        if len([r for r in roots if r.free_symbols]) < 2:
            return node
        radicand = sp.Mul(*(r.base ** (2 * r.exp) for r in roots))
        return sp.Mul(*(r for r in node.args if r not in roots)) * sp.sqrt(sp.expand(radicand))

    return f.replace(lambda n: n.is_Mul, merged)


def _with_one_exponential(e: Any) -> Any:
    """e with exp u · exp v = exp(u + v) in each of its terms."""

    def merged(term: Any) -> Any:
        exponents = [f.args[0] for f in term.args if isinstance(f, sp.exp)]
        if len(exponents) < 2:
            return term
        return sp.Mul(sp.exp(sp.expand(sp.Add(*exponents))), *(f for f in term.args if not isinstance(f, sp.exp)))

    return sp.Add(*(merged(t) if t.is_Mul else t for t in sp.Add.make_args(sp.expand(e, log=False, power_exp=False))))


def _product(first: Chart, second: Chart) -> Chart | None:
    """The chart of a product, where the roots are apart."""
    roots = sorted([*first.roots, *second.roots], key=lambda r: r.low)
    for a, b in itertools.pairwise(roots):
        if not (a.high < b.low or (a == b and a.exact is not None)):
            return None
    merged: list[Root] = []
    signs = [first.signs[0] * second.signs[0]]
    i = j = 0
    for root in dict.fromkeys(roots):
        i += root in first.roots
        j += root in second.roots
        merged.append(root)
        signs.append(first.signs[i] * second.signs[j])
    return Chart(tuple(merged), tuple(signs), max(first.depth, second.depth))


def _of_polynomial(poly: Any, low: Any, high: Any, depth: int) -> Chart | None:
    """Roots isolated by flint; the sign between them at one point each."""
    if not 1 <= poly.degree() <= 60:
        return None
    try:
        isolated = real_roots(fmpq_poly([fmpq(int(c.p), int(c.q)) for c in poly.all_coeffs()[::-1]]))
    except TooLarge:
        return None
    rational = list(poly.ground_roots())
    roots = []
    for pair in isolated:
        a, b = (sp.Rational(int(end.numerator), int(end.denominator)) for end in pair)
        exact = next((v for v in rational if a <= v <= b), None)
        if exact is not None:
            a = b = exact
        if _less(b, low) or _less(high, a) or exact in (low, high):
            continue
        if not (_less(low, a) and _less(b, high)):
            return None  # a root that is not told from an end of the range
        roots.append(Root(a, b, exact))
    signs = []
    for left, right in itertools.pairwise([low, *roots, high]):
        point = _between(left.high if isinstance(left, Root) else left, right.low if isinstance(right, Root) else right)
        at = None if point is None else poly.eval(point)
        if at is None or at == 0:
            return None
        signs.append(1 if at > 0 else -1)
    return Chart(tuple(roots), tuple(signs), depth)


def _less(a: Any, b: Any) -> bool:
    """Whether a < b is seen, for numbers and infinities."""
    if a is -sp.oo or b is sp.oo:
        return a != b
    if a is sp.oo or b is -sp.oo:
        return False
    return _sign_of(b - a) == 1


def _between(a: Any, b: Any) -> Any:
    """A rational number of few digits strictly between two numbers or infinities."""
    if a is -sp.oo and b is sp.oo:
        return sp.Integer(0)
    if a is -sp.oo:
        return sp.floor(rational_beside(b, -1)) - 1
    if b is sp.oo:
        return sp.ceiling(rational_beside(a, 1)) + 1
    low, high = rational_beside(a, 1), rational_beside(b, -1)
    if not low < high:
        return None
    inside = simplest_between(fmpq(int(low.p), int(low.q)), fmpq(int(high.p), int(high.q)))
    return sp.Rational(int(inside.numerator), int(inside.denominator))


def _inner(end: Any, way: int) -> Any:
    """The end if it is rational, else a rational number a little inside; None for an infinite one."""
    return None if end in (sp.oo, -sp.oo) else rational_beside(end, way)


def _towards(end: Any, point: Any) -> Any:
    return (rational_beside(end, 1) + point) / 2


def _sign_of(number: Any) -> int | None:
    """The sign of a constant, if balls show it."""
    signs = Facts(()).number(number)
    return next(iter(signs)) if signs is not None and len(signs) == 1 else None


def _split_logarithms(f: Any, inside: Facts) -> Any:
    """log(u / v) = log u - log v, and products likewise, for factors that are positive on the range."""

    def split(node: Any) -> Any:
        parts = [factor.as_base_exp() for side in sp.fraction(sp.together(node.args[0])) for factor in sp.Mul.make_args(side)]
        powers = [1] * len(sp.Mul.make_args(sp.fraction(sp.together(node.args[0]))[0]))
        powers += [-1] * (len(parts) - len(powers))
        if len(parts) < 2 or not all(inside.is_positive(base) and power.is_Rational for base, power in parts):
            return node
        return sp.Add(*(way * power * sp.log(base) for way, (base, power) in zip(powers, parts, strict=True) if base != 1))

    return f.replace(lambda n: isinstance(n, sp.log) and len(n.args) == 1 and bool(n.free_symbols), split)


__all__ = ["Chart", "Denied", "Root", "one_signed"]
