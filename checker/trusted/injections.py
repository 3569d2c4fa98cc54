"""Equality by equal images: e = 0 because an injective function has the same value at both sides.

The exponential is injective on the reals, z ↦ e^{iz} on an open interval of length 2π, a square on the nonnegative numbers, and
an inverse function is what its definition says: h = arcsin a exactly if sin h = a and h lies in [-π/2, π/2].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import bound_variables, line_in
from derivable.trusted.moduli import rectangular
from derivable.trusted.normal_form import NormalForm

Zero = Callable[[Any, Facts], "Proof | None"]  # a proof that an expression vanishes under facts
HALF_PI = sp.pi / 2

# the function that an inverse undoes, and the range of the inverse on the reals: (lowest, highest, whether they are reached)
INVERSES: dict[Any, tuple[Any, Any, Any, bool]] = {
    sp.asin: (sp.sin, -HALF_PI, HALF_PI, True),
    sp.acos: (sp.cos, sp.Integer(0), sp.pi, True),
    sp.atan: (sp.tan, -HALF_PI, HALF_PI, False),
    sp.acosh: (sp.cosh, sp.Integer(0), sp.oo, True),
    sp.asinh: (sp.sinh, -sp.oo, sp.oo, True),
    sp.atanh: (sp.tanh, -sp.oo, sp.oo, True),
    sp.log: (sp.exp, -sp.oo, sp.oo, True),
}


def ranged(e: Any, facts: Facts) -> Facts:
    """The facts, and the ranges of the inverse functions of free variables that occur in e."""
    told: list[Any] = []
    bound = bound_variables(e)
    for node in sorted(e.atoms(*INVERSES, sp.arg, sp.LambertW), key=sp.default_sort_key):
        if node.free_symbols & bound or not facts.is_real(node):
            continue
        if isinstance(node, sp.arg):
            told += [node > -sp.pi, node <= sp.pi]
        elif isinstance(node, sp.LambertW) and node.args[1:] not in ((), (sp.S.NegativeOne,)):
            continue
        elif isinstance(node, sp.LambertW):
            told += [node >= -1] if len(node.args) == 1 else [node <= -1]
        else:
            _, low, high, reached = INVERSES[node.func]
            told += [] if low is -sp.oo else [sp.Ge(node, low) if reached else sp.Gt(node, low)]
            told += [] if high is sp.oo else [sp.Le(node, high) if reached else sp.Lt(node, high)]
    told = [c for c in told if c not in (sp.true, sp.false)]
    try:
        return facts.given(*told) if told else facts
    except Contradiction:
        return facts


def by_exponential(e: Any, facts: Facts, zero: Zero, positive: Callable[[Any, Facts, bool], bool]) -> Proof | None:
    """A real e with exp(e) = 1 is zero."""
    if not e.has(sp.log, sp.loggamma, sp.LambertW, sp.asinh, sp.acosh, sp.atanh):
        return None
    if not facts.is_real(e):  # a logarithm may be of what is only proved to be positive
        arguments = [node.args[0] for node in e.atoms(sp.log) if not facts.is_positive(node.args[0])]
        told = [argument > 0 for argument in arguments if facts.is_real(argument) and positive(argument, facts, True)]
        facts = facts.given(*told) if told else facts
        if not facts.is_real(e):
            return None
    rest = zero(sp.exp(e, evaluate=False) - 1, facts)
    return (
        None
        if rest is None
        else Proof((("injective exponential", "the difference is real and its exponential is 1"),)).join(rest)
    )


def by_angle(e: Any, facts: Facts, zero: Zero) -> Proof | None:
    """A real e with |e| < 2π and exp(i e) = 1 is zero."""
    if not e.has(sp.asin, sp.acos, sp.atan, sp.arg) or not facts.is_real(e):
        return None
    within = ranged(e, facts)
    whole = sp.ilcm(1, *(t.as_coeff_Mul()[0].q for t in sp.Add.make_args(sp.expand(e)) if t.has(*INVERSES, sp.arg)))
    for times in dict.fromkeys((1, int(whole))):
        multiple = sp.expand(times * e)
        if not (within.is_positive(sp.expand(2 * sp.pi - multiple)) and within.is_positive(sp.expand(2 * sp.pi + multiple))):
            return None
        image = sp.exp(sp.I * multiple, evaluate=False)
        rest = zero((image if e.free_symbols else NormalForm(facts).canonical(image)) - 1, facts)
        if rest is not None:
            what = "difference" if times == 1 else f"{times} difference"
            return Proof((("equal angles", f"|{what}| < 2π, and e^(i {what}) = 1"),)).join(rest)
    return None


def by_definition(e: Any, facts: Facts, zero: Zero, positive: Callable[[Any, Facts, bool], bool]) -> Proof | None:
    """h = E for an inverse h(a) in which e is linear, because the inverted function is a at E and E lies in the range of h."""
    for node, other in _isolated(e):
        within = ranged(other, facts)
        if isinstance(node, sp.Pow):
            image, ends = other**node.exp.q - node.base, [other]
            strict = False
        elif isinstance(node, sp.LambertW) and node.args[1:] not in ((), (sp.S.NegativeOne,)):
            continue
        elif isinstance(node, sp.LambertW):
            image = other * sp.exp(other) - node.args[0]
            ends, strict = ([other + 1] if len(node.args) == 1 else [-1 - other]), False
        else:
            function, low, high, reached = INVERSES[node.func]
            image = function(other, evaluate=False) - node.args[0]
            ends = [d for d, end in ((other - low, low), (high - other, high)) if end not in (sp.oo, -sp.oo)]
            strict = not reached
        if not within.is_real(other) or not all(positive(sp.expand(d), within, strict) for d in ends):
            continue
        rest = zero(image, facts)
        if rest is not None:
            return Proof((("definition of an inverse", f"{node} is the value in its range with {image} = 0"),)).join(rest)
    return None


def by_complex_root(e: Any, facts: Facts, zero: Zero, positive: Callable[[Any, Facts, bool], bool]) -> Proof | None:
    """√u = A + iB, because (A + iB)² = u and A > 0, or A ≥ 0 and B ≥ 0."""
    if not e.has(sp.I):
        return None
    for node, other in _isolated(e):
        if not isinstance(node, sp.Pow) or node.exp != sp.Rational(1, 2) or not other.has(sp.I):
            continue
        bases = [p.base for p in other.atoms(sp.Pow) if not p.exp.is_Integer and facts.is_real(p.base)]
        told = [base >= 0 for base in bases if not facts.is_nonnegative(base) and positive(base, facts, False)]
        facts = facts.given(*told) if told else facts
        parts = rectangular(other, facts)
        if parts is None or parts[1] == 0:
            continue
        if positive(parts[0], facts, True) or all(positive(part, facts, False) for part in parts):
            try:
                square = _roots_joined(sp.expand(other**2), facts, positive)
            except (NeedCase, NoNormalForm):
                continue
            rest = zero(square - node.base, facts)
            if rest is not None:
                step = (
                    "definition of an inverse",
                    f"{node} is the root on the right of the imaginary axis, or on its upper half",
                )
                return Proof((step,)).join(rest)
    return None


def _isolated(e: Any) -> Iterator[tuple[Any, Any]]:
    """(h, E) with e = c (h - E) for the inverse functions and roots h in e, where c is a number that is not zero."""
    nodes = sorted(e.atoms(*INVERSES, sp.LambertW), key=sp.count_ops, reverse=True)
    nodes += sorted(
        (p for p in e.atoms(sp.Pow) if p.exp.is_Rational and p.exp.p == 1 and p.exp.q > 1), key=sp.count_ops, reverse=True
    )
    bound = bound_variables(e)
    for node in nodes[:6]:
        if node.free_symbols & bound:
            continue
        line = line_in(e, node)
        if line is not None and line[0].is_Rational and line[0] != 0:
            yield node, -line[1] / line[0]


def by_squares(e: Any, facts: Facts, zero: Zero, positive: Callable[[Any, Facts, bool], bool]) -> Proof | None:
    """P = N for nonnegative P, N with P² = N², where the roots in the squares are multiplied out."""
    if not any(p.exp.is_Rational and not p.exp.is_Integer for p in e.atoms(sp.Pow)) or e.atoms(sp.Sum, sp.Integral, sp.Limit):
        return None
    terms = sp.Add.make_args(sp.expand(e))
    plus = sp.Add(*(t for t in terms if not t.could_extract_minus_sign()))
    minus = -sp.Add(*(t for t in terms if t.could_extract_minus_sign()))
    if plus == 0 or minus == 0 or not all(_not_negative(side, facts, positive) for side in (plus, minus)):
        return None
    try:
        squares = _roots_joined(sp.expand(plus**2), facts, positive) - _roots_joined(sp.expand(minus**2), facts, positive)
    except (NeedCase, NoNormalForm):
        return None
    rest = zero(squares, facts)
    return None if rest is None else Proof((("equal squares", f"both {plus} and {minus} are not negative"),)).join(rest)


def _not_negative(e: Any, facts: Facts, positive: Callable[[Any, Facts, bool], bool]) -> bool:
    """Whether e is a sum of products of what is not negative, roots of such things among them."""
    if facts.is_nonnegative(e):
        return True
    if isinstance(e, sp.Add | sp.Mul) and all(_not_negative(part, facts, positive) for part in e.args):
        return True
    if isinstance(e, sp.Pow) and e.exp.is_Rational:
        return positive(e.base, facts, bool(e.exp < 0))
    return positive(e, facts, False)


def _roots_joined(e: Any, facts: Facts, positive: Callable[[Any, Facts, bool], bool]) -> Any:
    """√a √b = √(a b) for nonnegative a and b, term by term, with the product in normal form."""
    form = NormalForm(facts)
    total: Any = sp.Integer(0)
    for term in sp.Add.make_args(e):
        roots = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Pow) and f.exp == sp.Rational(1, 2)]
        if len(roots) > 1 and all(positive(r.base, facts, False) for r in roots):
            joined = form.canonical(sp.Mul(*(r.base for r in roots)))
            term = term / sp.Mul(*roots) * sp.sqrt(joined)
        total += term
    return total
