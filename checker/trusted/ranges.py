"""Sums and integrals over other ranges: read backwards, in the other order, split where a sign changes, merged into one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from flint import acb, arb, ctx
from sympy.core.function import AppliedUndef

from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported, ball
from derivable.trusted.continuity import between, is_continuous, smooth
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts, Signs
from derivable.trusted.heads import bound_variables, captures
from derivable.trusted.normal_form import NormalForm, outermost, vanishes_identically

MOST_STEPS = 16  # between integers that are numbers
PIECES = 512  # into which a range is cut to enclose a function on it


def reflected_sums(e: Any) -> Iterator[tuple[Any, str]]:
    """e with one sum read backwards: Σ_{k=a}^{b} f(k) = Σ_{k=a}^{b} f(a + b - k), reversed ranges included."""
    for node in sorted(e.atoms(sp.Sum), key=sp.default_sort_key)[:4]:
        body, (k, a, b) = outermost(node)
        if sp.oo in (b, -a) or not node.free_symbols <= e.free_symbols or captures(body, (a, b)):
            continue
        yield e.xreplace({node: sp.Sum(body.subs(k, a + b - k), (k, a, b))}), f"{node} read backwards"


def transposed_sums(e: Any, facts: Facts) -> Iterator[tuple[Any, str]]:
    """e with the order of two finite sums changed: over a rectangle, or over a triangle c + i ≤ j or j ≤ c + i."""
    for node in sorted(e.atoms(sp.Sum), key=sp.default_sort_key)[:6]:
        body, (i, a, b) = outermost(node)
        inner = [f for f in sp.Mul.make_args(body) if isinstance(f, sp.Sum)]
        if len(inner) != 1 or sp.oo in (b, -a) or not node.free_symbols <= e.free_symbols:
            continue
        term, (j, c, d) = outermost(inner[0])
        if sp.oo in (d, -c):
            continue
        ranges = _other_order((i, a, b), (j, c, d), facts)
        if ranges is not None:
            swapped = sp.Sum(sp.Sum(body / inner[0] * term, ranges[0]), ranges[1])
            yield e.xreplace({node: swapped}), f"{node}, the other way round"


def _other_order(outer: tuple[Any, Any, Any], inner: tuple[Any, Any, Any], facts: Facts) -> tuple[Any, Any] | None:
    (i, a, b), (j, c, d) = outer, inner
    if not c.has(i) and not d.has(i):
        return (i, a, b), (j, c, d)
    if not facts.is_nonnegative(sp.expand(b - a + 1)):
        return None
    if not d.has(i) and not sp.expand(c - i).has(i):
        # i + m ≤ j ≤ d; for i = b the inner range has one element, or none
        m = sp.expand(c - i)
        return ((i, a, j - m), (j, a + m, d)) if sp.expand(d - m - b) in (0, -1) else None
    if not c.has(i) and not sp.expand(d - i).has(i):
        # c ≤ j ≤ i + m; for i = a the inner range has one element, or none
        m = sp.expand(d - i)
        return ((i, j - m, b), (j, c, b + m)) if sp.expand(a + m - c) in (0, -1) else None
    return None


def transposed_integrals(e: Any, facts: Facts) -> Iterator[tuple[Any, str]]:
    """e with the order of two integrals of a continuous function changed: over a rectangle, or a triangle a ≤ y ≤ x or x ≤ y ≤ b.

    The triangle lies in the square of the outer range; ends that run backwards change the signs of both integrals alike.
    """
    for node in sorted(e.atoms(sp.Integral), key=sp.default_sort_key)[:6]:
        body, (x, *ends) = outermost(node)
        inner = [f for f in sp.Mul.make_args(body) if isinstance(f, sp.Integral)]
        if len(inner) != 1 or len(ends) != 2 or not node.free_symbols <= e.free_symbols:
            continue
        term, (y, *inner_ends) = outermost(inner[0])
        if len(inner_ends) != 2 or any(end in (sp.oo, -sp.oo) for end in (*ends, *inner_ends)) or term.has(sp.Integral):
            continue
        (a, b), (c, d) = ends, inner_ends
        if not c.has(x) and not d.has(x):
            ranges = (x, a, b), (y, c, d)
        elif d == x and c == a:
            ranges = (x, y, b), (y, a, b)
        elif c == x and d == b:
            ranges = (x, a, y), (y, a, b)
        else:
            continue
        integrand = body / inner[0] * term
        u, v = (sp.Dummy(s.name, real=True) for s in (x, y))
        within = facts.given(
            *between(u, a, b, facts), *(between(v, a, b, facts) if c.has(x) or d.has(x) else between(v, c, d, facts))
        )
        moved = integrand.xreplace({x: u, y: v})
        if smooth(moved, u, within) and smooth(moved, v, within):
            yield e.xreplace({node: sp.Integral(sp.Integral(integrand, ranges[0]), ranges[1])}), f"{node}, the other way round"


def substituted_integrals(e: Any, facts: Facts) -> tuple[Any, str] | None:
    """e with integrals that hold undefined functions of c x + d as integrals over y = c x + d; those of even functions halved."""
    replaced: dict[Any, Any] = {}
    for node in e.atoms(sp.Integral):
        body, limits = node.args[0], node.limits[0]
        if len(node.limits) != 1 or len(limits) != 3 or body.has(sp.Integral) or not node.free_symbols <= e.free_symbols:
            continue
        x, a, b = limits
        if captures(body, (a, b)) or not facts.on_the_line(a, b):
            continue
        terms = _terms_of_other_lines(body, x, facts)
        if len(terms) > 1 and sp.oo not in (b, -a) and all(continuous_on(term, x, a, b, facts) for term in terms):
            replaced[node] = sp.Add(*(sp.Integral(term, limits) for term in terms))
            continue
        even = a == -b and vanishes_identically(body - body.subs(x, -x), facts)
        a, half = (sp.Integer(0), 2) if even else (a, 1)
        y, way = sp.Dummy(x.name, real=True), 1
        slope, shift = _inner_line(body, x, facts)
        if sp.oo in (b, -b, a, -a) and not facts.is_positive(slope):
            if not facts.is_positive(-slope):
                continue
            way = -1
        value = half * sp.Integral(
            body.subs(x, (y - shift) / slope) / slope,
            (y, *(way * end if end in (sp.oo, -sp.oo) else sp.expand(slope * end + shift) for end in (a, b))),
        )
        if even or (slope, shift) != (1, 0):
            replaced[node] = value
    return (e.xreplace(replaced), ", ".join(map(str, replaced))) if replaced else None


def by_product_rule(e: Any) -> Any:
    """e with the derivatives of sums, products and natural powers of undefined functions and polynomials in integrals opened."""

    def opened(node: Any) -> Any:
        x = node.variables[0]
        plain = node.expr.xreplace({f: sp.Dummy() for f in node.expr.atoms(AppliedUndef)})
        fits = len(node.variables) == 1 and not node.expr.is_Function and node.expr.has(AppliedUndef)
        arguments = all(x in f.args for f in node.expr.atoms(AppliedUndef) if f.has(x))
        return node.doit() if fits and arguments and plain.is_polynomial() and not plain.has(sp.Derivative) else node

    def inside(node: Any) -> Any:
        return node.replace(lambda part: isinstance(part, sp.Derivative), opened)

    return e.replace(lambda node: isinstance(node, sp.Integral) and node.has(sp.Derivative), inside)


def by_antiderivatives(e: Any, facts: Facts) -> Any:
    """e with G(b) - G(a) for each integral of a continuous g with undefined functions from a to b, and one G for each g."""
    values: dict[Any, Any] = {}
    named: dict[Any, Any] = {}
    for node in sorted(e.atoms(sp.Integral), key=sp.default_sort_key):
        if len(node.limits) != 1 or len(node.limits[0]) != 3 or not node.free_symbols <= e.free_symbols:
            continue
        body, (x, a, b) = node.args[0], node.limits[0]
        if sp.oo in (b, -b, a, -a) or not body.has(AppliedUndef) or captures(body, (a, b)):
            continue
        if body.has(sp.Integral) or not continuous_on(body, x, a, b, facts):
            continue
        g, *ends = _over_the_inner(body.xreplace({x: _REAL}), a, b, facts)
        c, g = sp.expand(g).as_coeff_Mul()
        low, high = (named.setdefault((g, sp.expand(end)), sp.Dummy("G")) for end in ends)
        values[node] = c * (high - low)
    return e.xreplace(values)


def _over_the_inner(body: Any, a: Any, b: Any, facts: Facts) -> tuple[Any, Any, Any]:
    """(k, h(a), h(b)) for a body k(h(x)) h'(x) with undefined functions of one h(x) and a k that is continuous on the line."""
    inner = {argument for node in body.atoms(AppliedUndef) for argument in node.args if argument.has(_REAL)}
    if len(inner) == 1 and (h := inner.pop()) != _REAL and facts.is_real(h):
        slope = sp.diff(h, _REAL)
        y = sp.Dummy("y", real=True)
        k = sp.cancel(body / slope).xreplace({h: y})
        if not k.has(_REAL) and continuous_on(slope, _REAL, a, b, facts) and is_continuous(k, y, Facts(())):
            return k.xreplace({y: _REAL}), h.xreplace({_REAL: a}), h.xreplace({_REAL: b})
    return body, a, b


def _terms_of_other_lines(body: Any, x: Any, facts: Facts) -> list[Any]:
    """The terms of a sum with undefined functions of different lines c x + d, those of one line together."""
    by_line: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(body)):
        line = _inner_line(term, x, facts) if term.has(AppliedUndef) else None
        by_line[line] = by_line.get(line, 0) + term
    return list(by_line.values()) if len(by_line) > 1 and None not in by_line else [body]


def _inner_line(body: Any, x: Any, facts: Facts) -> tuple[Any, Any]:
    """(c, d), c ≠ 0, of the argument c x + d of the undefined function whose name comes first; (1, 0) where there is none."""
    bound = bound_variables(body)  # a line that speaks of these is another one for each of their values
    for node in sorted(body.atoms(AppliedUndef), key=lambda node: (node.func.__name__, sp.default_sort_key(node))):
        for argument in (a for a in node.args if isinstance(a, sp.Expr) and not a.free_symbols & bound):
            if argument.is_polynomial(x) and sp.degree(argument, x) == 1:
                line = sp.Poly(argument, x)
                if facts.is_nonzero(line.nth(1)) and facts.is_real(line.nth(1)) and facts.is_real(line.nth(0)):
                    return line.nth(1), line.nth(0)
    return sp.Integer(1), sp.Integer(0)


def symmetrised(e: Any, facts: Facts) -> tuple[Any, list[Any]] | None:
    """e with each integral of f over [a, b] that of (f(x) + f(a + b - x)) / 2, and these integrals; f is continuous there."""
    replaced: dict[Any, Any] = {}
    for node in e.atoms(sp.Integral):
        if len(node.limits) != 1 or len(node.limits[0]) != 3 or not node.free_symbols <= e.free_symbols:
            continue
        f, (x, a, b) = node.args[0], node.limits[0]
        if sp.oo in (b, -a) or f.has(sp.Integral, sp.Limit) or captures(f, (a, b)) or not continuous_on(f, x, a, b, facts):
            continue
        replaced[node] = sp.Integral((f + f.subs(x, a + b - x)) / 2, (x, a, b))
    return (e.xreplace(replaced), list(replaced)) if replaced else None


def without_the_variable(e: Any, mirrored: list[Any]) -> Any:
    """e with integrands, the means of a function and its mirror image, in which the variable stands in waves alone; or None.

    The mean of x g(x) and (a + b - x) g(x) is (a + b) g(x) / 2: where g does not change, x is gone from it.
    """
    if not all(_waves_hidden(n)[0].has(n.variables[0]) for n in mirrored):
        return None  # it was gone before
    replaced: dict[Any, Any] = {}
    ends = {n.limits[0] for n in mirrored}
    for node in (n for n in e.atoms(sp.Integral) if n.limits[0] in ends):
        hidden, waves = _waves_hidden(node)
        hidden = sp.cancel(sp.together(hidden))
        if not waves or hidden.has(node.variables[0]):
            return None
        replaced[node] = sp.Integral(hidden.xreplace({v: w for w, v in waves.items()}), node.limits[0])
    return e.xreplace(replaced) if replaced else None


def shortened_means(e: Any, mirrored: list[Any], facts: Facts) -> Any:
    """e with the means of a function and its mirror image in canonical form, where the denominator is gone; or None.

    Of g/(1 + h) with g(-x) = g(x) and h(-x) = 1/h(x) it is g/2.
    """
    replaced: dict[Any, Any] = {}
    ends = {n.limits[0] for n in mirrored if _divides(n.args[0], n.variables[0])}
    for node in (n for n in e.atoms(sp.Integral) if n.limits[0] in ends):
        try:
            short = NormalForm(facts).canonical(node.args[0])
        except (NoNormalForm, NeedCase, RecursionError):
            return None
        if _divides(short, node.variables[0]):
            return None
        replaced[node] = sp.Integral(short, node.limits[0])
    return e.xreplace(replaced) if replaced else None


def _divides(e: Any, x: Any) -> bool:
    """Whether a sum that holds x is in a denominator."""
    return any(p.base.has(x) and p.exp.could_extract_minus_sign() for p in e.atoms(sp.Pow))


def _waves_hidden(node: Any) -> tuple[Any, dict[Any, Any]]:
    """The integrand with symbols for its innermost functions of the variable."""
    body, x = node.args[0], node.variables[0]
    waves = {w: sp.Dummy() for w in body.atoms(sp.Function) if w.has(x) and not w.atoms(sp.Function) - {w}}
    return body.xreplace(waves), waves


def split_at_signs(node: Any, facts: Facts) -> tuple[Any, Any] | None:
    """∫_a^b of what holds |u|, sign u, max or min, u linear in x, as integrals on each side of the root; with that root."""
    body, (x, *ends) = outermost(node)
    if len(ends) != 2 or not body.has(sp.Abs, sp.sign, sp.Max, sp.Min, sp.Heaviside) or not facts.on_the_line(*ends):
        return None
    a, b = ends
    pairs = {m: (sum(m.args) + (1 if isinstance(m, sp.Max) else -1) * sp.Abs(m.args[0] - m.args[1], evaluate=False)) / 2
             for m in body.atoms(sp.Max, sp.Min) if m.has(x) and len(m.args) == 2}  # fmt: skip
    body = body.xreplace(pairs)
    for part in sorted(body.atoms(sp.Abs, sp.sign, sp.Heaviside), key=sp.default_sort_key):
        u = sp.expand(part.args[0])
        slope = u.coeff(x)
        rest = sp.expand(u - slope * x)
        if u.free_symbols & bound_variables(body):
            continue
        way = facts.signs(slope)
        if rest.has(x) or way not in (frozenset({1}), frozenset({-1})):
            continue
        sense = next(iter(way))
        root = sp.expand(-rest / slope)
        if not facts.is_real(root):
            continue
        before, after = (body.xreplace(_of_sign(body, u, part, s)) for s in (-sense, sense))
        left = True if a is -sp.oo else facts.decide(root >= a)
        right = True if b is sp.oo else facts.decide(root <= b)
        if left and right:
            return sp.Integral(before, (x, a, root)) + sp.Integral(after, (x, root, b)), root
        if (b is not sp.oo and facts.decide(root >= b) and _ordered(a, b, facts)) is True:
            return sp.Integral(before, (x, a, b)), root
        if (a is not -sp.oo and facts.decide(root <= a) and _ordered(a, b, facts)) is True:
            return sp.Integral(after, (x, a, b)), root
    return None


def over_unit_steps(node: Any, facts: Facts) -> Any:
    """∫_a^b of what holds ⌊x⌋, ⌈x⌉ or x - ⌊x⌋, for integers a ≤ b, as Σ_{k=a}^{b-1} ∫_k^{k+1} with ⌊x⌋ = k; None for others.

    The integrand has to be seen to be continuous on each piece.
    """
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        return None
    body, (x, a, b) = node.args[0], node.limits[0]
    steps = [n for n in body.atoms(sp.floor, sp.ceiling, sp.frac) if n.has(x)]
    whole = sp.oo not in (b, -a) and all(map(facts.is_integer, (a, b))) and facts.is_nonnegative(b - a)
    if not steps or not whole or any(n.args[0] != x for n in steps) or body.has(sp.Integral, sp.Sum):
        return None
    k = sp.Dummy("k", integer=True)
    values = {sp.floor: k, sp.ceiling: k + 1, sp.frac: x - k}
    piece = body.xreplace({n: values[n.func] for n in steps})
    t = sp.Dummy(x.name, real=True)
    if not is_continuous(piece.xreplace({x: t}), t, facts.given(k >= a, k <= b - 1, t >= k, t <= k + 1)):
        return None
    if a.is_Integer and b.is_Integer and b - a <= MOST_STEPS:
        return sp.Add(*(sp.Integral(piece.xreplace({k: sp.Integer(j)}), (x, j, j + 1)) for j in range(int(a), int(b))))
    return sp.Sum(sp.Integral(piece, (x, k, k + 1)), (k, a, b - 1))


def _ordered(a: Any, b: Any, facts: Facts) -> bool:
    return sp.oo in (b, -a) or facts.is_nonnegative(sp.expand(b - a))


def _of_sign(body: Any, u: Any, part: Any, s: int) -> dict[Any, Any]:
    """What replaces the moduli and signs of u where u has the sign s (single points do not count in an integral)."""
    found: dict[Any, Any] = {}
    for node in body.atoms(sp.Abs, sp.sign, sp.Heaviside):
        difference, total = (sp.expand(node.args[0] + way * u) for way in (-1, 1))
        if 0 in (difference, total):
            sign = s if difference == 0 else -s
            value = sign * node.args[0] if isinstance(node, sp.Abs) else sp.Integer(sign)
            found[node] = (1 + value) / 2 if isinstance(node, sp.Heaviside) else value
    return found


def merged_integrals(e: Any, facts: Facts) -> tuple[Any, Any] | None:
    """(one integral, the rest) of a sum in which two or more integrals over one range have coefficients free of it."""
    terms = sp.Add.make_args(sp.expand(e))
    ranges: dict[Any, list[tuple[Any, Any]]] = {}
    for term in terms:
        nodes = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Integral)]
        if (
            len(nodes) == 1
            and len(nodes[0].limits) == 1
            and len(nodes[0].limits[0]) == 3
            and not (term / nodes[0]).has(sp.Integral)
        ):
            x, *ends = nodes[0].limits[0]
            variable = _REAL if facts.on_the_line(*ends) else _COMPLEX
            fresh = sp.Dummy("x", **variable.assumptions0)
            key = (variable, *ends)
            ranges.setdefault(key, []).append(
                (term, term / nodes[0] * nodes[0].args[0].xreplace({x: fresh}).xreplace({fresh: variable}))
            )
    for key, members in ranges.items():
        if len(members) > 1:
            body = sp.Add(*(b for _, b in members))
            return sp.Integral(body, key), sp.Add(*terms, *(-t for t, _ in members))
    return None


_REAL, _COMPLEX = sp.Dummy("x", real=True), sp.Dummy("x")


# -- continuity by enclosures ------------------------------------------------------------------------------------------


def continuous_on(f: Any, x: Any, a: Any, b: Any, facts: Facts) -> bool:
    """Whether f is a continuous function of x on the closed range between two finite ends."""
    if not facts.on_the_line(a, b):
        return False
    inside = sp.Dummy("x", real=True)
    g = f.xreplace({x: inside})
    within = facts.given(*between(inside, a, b, facts))
    if is_continuous(g, inside, within):
        return True
    numbers = a.is_number and b.is_number and a.is_real and b.is_real
    return numbers and is_continuous(g, inside, OnRange(within, inside, a, b))


class OnRange(Facts):
    """Facts in which the signs of a function of one variable are also read off enclosures on the pieces of its range."""

    def __init__(self, facts: Facts, variable: Any, a: Any, b: Any):
        self._variable, self._ends, self._seen = variable, (a, b), {}  # type: ignore[var-annotated]
        super().__init__(facts.where)

    def signs(self, e: Any) -> Signs:
        """Those of the facts, or the one that all enclosures have."""
        known = super().signs(e)
        if known is None or len(known) == 1 or e.free_symbols != {self._variable}:
            return known
        if e not in self._seen:
            self._seen[e] = one_sign(e, self._variable, *self._ends)
        return frozenset({self._seen[e]}) if self._seen[e] else known

    def is_nonzero(self, e: Any) -> bool:
        """Whether all enclosures exclude zero."""
        return super().is_nonzero(e) or self.signs(e) in (frozenset({1}), frozenset({-1}))


def one_sign(e: Any, x: Any, a: Any, b: Any) -> int:
    """1 or -1 if every enclosure of e on the pieces of [a, b] has that sign, 0 if one has none."""
    outer = ctx.prec
    try:
        ctx.prec = 64
        start, end = (ball(Evaluator({})(number)).real for number in (a, b))
        found: set[int] = set()
        waiting = [(start, end)]
        for _ in range(PIECES):
            if not waiting:
                return found.pop() if len(found) == 1 else 0
            low, high = waiting.pop()
            evaluator = Evaluator({x: acb(low.union(high))})
            try:
                value = ball(evaluator(e)).real
                if not evaluator.rigorous:
                    return 0
                if not value.contains(0):
                    found.add(1 if value > 0 else -1)
                    continue
            except (Undecided, Undefined):
                pass
            middle = arb((low + high).mid() / 2)
            waiting += [(low, middle), (middle, high)]
        return 0
    except (Unsupported, Undecided, Undefined, OverflowError, ValueError):
        return 0
    finally:
        ctx.prec = outer


__all__ = [
    "OnRange",
    "continuous_on",
    "merged_integrals",
    "one_sign",
    "over_unit_steps",
    "reflected_sums",
    "shortened_means",
    "split_at_signs",
    "substituted_integrals",
    "symmetrised",
    "transposed_integrals",
    "transposed_sums",
    "without_the_variable",
]
