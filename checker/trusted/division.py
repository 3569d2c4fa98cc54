"""Division with remainder, n = d q + s, and the same for roots, n = q^r + s, and logarithms, n = b^q + s: floors by cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.heads import bound_variables, renamed
from derivable.trusted.rounding import expanded, in_floors, rewritten, told_with

Positive = Callable[[Any, Facts, bool], bool]
MOST_FLOORS = 6  # different ones
NEAR = 3  # values that one of them may take, at most
MOST_CASES = 24


Value = tuple[Any, Any, tuple[Any, ...]]  # of a rounded number, with what is zero then, and what holds


class Case(NamedTuple):
    """A statement without the floors, what is known in this case, and its text."""

    statement: Any
    facts: Facts
    text: str


class Kind(NamedTuple):
    """⌊g(p)⌋ = q exactly if G(q) ≤ p < G(q + 1): "quotient", G(q) = d q; "root", G(q) = q^d; "logarithm", G(q) = d^q."""

    name: str
    parameter: Any

    def inverse(self, q: Any) -> Any:
        """G(q)."""
        if self.name == "quotient":
            return self.parameter * q
        return q**self.parameter if self.name == "root" else self.parameter**q


class _Rounded(NamedTuple):
    """A floor, or a ceiling where `up`, of g(p), and the integer that stands for it."""

    node: Any
    kind: Kind
    p: Any
    up: bool
    name: Any


class _State(NamedTuple):
    """A statement and relations of the hypotheses, in which rounded numbers are still to be replaced, and what is known."""

    statement: Any
    told: tuple[Any, ...]
    nodes: tuple[_Rounded, ...]
    facts: Facts
    text: str

    def put(self, symbol: Any, value: Any) -> _State:
        """The same with a value for a symbol."""
        nodes = tuple(node._replace(p=expanded(rewritten(node.p, {symbol: value}))) for node in self.nodes)
        told = tuple(told_with(c, symbol, value) for c in self.told)
        return self._replace(statement=rewritten(self.statement, {symbol: value}), told=told, nodes=nodes)


def by_division(e: Any, facts: Facts, positive: Positive) -> list[Case] | None:
    """e in the cases that the remainder s of a number n makes, with the values of all floors and ceilings of one kind.

    For ⌊g(p)⌋ = q, where g is growing and G its inverse, p = G(q) + s with 0 ≤ s < G(q + 1) - G(q), and s is an integer where
    p and G(q) are. Another floor ⌊g(p')⌋ is q + k exactly if G(q + k) ≤ p' < G(q + k + 1), and a ceiling ⌈g(p')⌉ if
    G(q + k - 1) < p' ≤ G(q + k). Here g(p) is p/d with d > 0; p^(1/d) with p ≥ 0 and q ≥ 0, or log p / log d with d > 1, p ≥ 1
    and q ≥ 0, and there k ≥ 0. Which k there are is shown by the bounds of p'. For quotients cq with an integer c may stand for
    q in this.
    """
    bound = bound_variables(e)
    told = [in_floors(renamed(c), facts) for c in facts.where if _is_relation(c)]
    inside = set().union(*map(bound_variables, told))  # a number that a hypothesis rounds inside a sum is not one number
    target = _with_floors_of_quotients(e, facts)
    nodes = [node for node in _rounded_numbers([target, *told], facts) if not node.node.free_symbols & inside]
    if not nodes or any(node.node.free_symbols & bound for node in nodes):
        return None
    for base in nodes:
        same = tuple(node for node in nodes if node.kind == base.kind)
        if len(same) > MOST_FLOORS or (len(same) == 1 and not any(c.has(base.node) for c in told)):
            continue
        names = {node.node: node.name for node in same}
        others = Facts(c for c in facts.where if not _is_relation(c))
        state = _State(_named(target, names), tuple(_named(c, names) for c in told), _inner_named(same, names), others, "")
        for n in sorted(base.p.free_symbols - bound, key=str):
            cases = _cases(state, base, n, facts, positive)
            if cases is not None:
                return cases
    return None


def named_integer_part(e: Any, facts: Facts) -> tuple[Any, Facts, str] | None:
    """e and the facts with the rounded number in place of a symbol that a hypothesis a = ⌊u⌋ gives it as a name."""
    for condition in facts.where:
        sides = condition.args if isinstance(condition, sp.Eq) else ()
        for a, value in (sides, sides[::-1]) if sides else ():
            if not (a.is_Symbol and isinstance(value, sp.floor | sp.ceiling)) or value.has(a) or not facts.is_integer(value):
                continue
            if a not in e.free_symbols or {a, *value.free_symbols} & bound_variables(e):
                continue
            others = (told_with(c, a, value) for c in facts.where if c is not condition)
            try:
                return rewritten(e, {a: value}), Facts((*others, *_assumed(a, value))), f"{a} = {value}"
            except Contradiction:
                return None
    return None


def _is_relation(condition: Any) -> bool:
    return isinstance(condition, sp.core.relational.Relational)


def _named(e: Any, names: dict[Any, Any]) -> Any:
    """e with names for the rounded numbers, the outermost first."""
    return rewritten(e, names)


def _inner_named(nodes: tuple[_Rounded, ...], names: dict[Any, Any]) -> tuple[_Rounded, ...]:
    return tuple(node._replace(p=_named(node.p, names)) for node in nodes)


def _with_floors_of_quotients(e: Any, facts: Facts) -> Any:
    """e in floors, but for the ceilings of roots and logarithms: these are no floors of such."""
    kept = {node: sp.Dummy("ceiling", integer=True) for node in e.atoms(sp.ceiling) if root_or_logarithm(node.args[0], facts)}
    back = {dummy: node for node, dummy in kept.items()}
    return rewritten(in_floors(rewritten(e, kept), facts), back)


def _rounded_numbers(expressions: list[Any], facts: Facts) -> list[_Rounded]:
    found: dict[Any, _Rounded] = {}
    for e in expressions:
        for node in sorted(e.atoms(sp.floor, sp.ceiling), key=sp.default_sort_key):
            up = isinstance(node, sp.ceiling)
            read = root_or_logarithm(node.args[0], facts) or (None if up else _quotient(node.args[0], facts))
            if read is not None and node not in found:
                found[node] = _Rounded(node, *read, up, sp.Dummy("rounded", integer=True))
    return list(found.values())


def _quotient(u: Any, facts: Facts) -> tuple[Kind, Any] | None:
    """p / d with a real p and a symbolic positive d; numbers d are left to residue classes."""
    above, below = sp.fraction(sp.together(u))
    c, below = below.as_coeff_Mul()
    if below.is_number or not c.is_Rational or not facts.is_positive(below) or not facts.is_real(above):
        return None
    return Kind("quotient", below), expanded(above / c)


def root_or_logarithm(u: Any, facts: Facts) -> tuple[Kind, Any] | None:
    """p^(1/d) for p ≥ 0, or log p / log d for d > 1 and p ≥ 1."""
    if isinstance(u, sp.Pow) and u.exp.is_Rational and u.exp.p == 1 and u.exp.q > 1:
        return (Kind("root", u.exp.q), expanded(u.base)) if facts.is_nonnegative(u.base) else None
    parts = [f.as_base_exp() for f in sp.Mul.make_args(u)]
    logs = {exponent: base.args[0] for base, exponent in parts if isinstance(base, sp.log) and len(base.args) == 1}
    if len(parts) != 2 or set(logs) != {sp.Integer(1), sp.Integer(-1)}:
        return None
    p, d = logs[sp.Integer(1)], logs[sp.Integer(-1)]
    from_one = facts.is_nonnegative(p - 1) or (facts.is_integer(p) and facts.is_positive(p))
    if not (from_one and facts.is_positive(d - 1)):
        return None
    return Kind("logarithm", d), expanded(p)


class _Parts(NamedTuple):
    """What stands for a number: the integer part q, the remainder s."""

    q: Any
    s: Any


def _cases(state: _State, base: _Rounded, n: Any, facts: Facts, positive: Positive) -> list[Case] | None:
    """The cases for n, which occurs in the number p whose floor is q, and for other numbers that occur in others of the kind."""
    found = _introduced(state, base, n, facts)
    parts: list[_Parts] = []
    while found is not None:
        state = found[0]
        parts.append(found[1])
        new = {symbol for part in parts for symbol in part}
        free = [node for node in state.nodes if not node.p.free_symbols & new]
        options = (_introduced(state, node, m, facts) for node in free for m in sorted(node.p.free_symbols, key=str))
        found = next((option for option in options if option is not None), None)
    cases: list[Case] = []
    return cases if parts and _split(state, base.kind, parts, positive, cases) and cases else None


def _introduced(state: _State, base: _Rounded, n: Any, facts: Facts) -> tuple[_State, _Parts] | None:
    """The state with p = G(q) + s, in place of n in p = ± n + (what does not hold n)."""
    kind = base.kind
    slope = base.p.coeff(n)
    rest = expanded(base.p - slope * n)
    names = [node.name for node in state.nodes]
    if slope not in (1, -1) or rest.has(n, sp.floor, sp.ceiling, *names) or kind.inverse(sp.Integer(1)).has(n):
        return None
    whole = facts.is_integer(base.p) and facts.is_integer(kind.parameter)
    if not facts.is_real(n) or (n.is_integer and not whole):
        return None
    q = sp.Dummy("q", integer=True, nonnegative=True if kind.name != "quotient" else None)
    s = sp.Dummy("s", integer=True if whole else None, real=True, nonnegative=True)
    value = expanded(slope * (kind.inverse(q) + s - rest))
    width = expanded(kind.inverse(q + 1) - kind.inverse(q))
    given = sp.Le(s, width - 1) if whole else sp.Lt(s, width)
    try:
        known = Facts((*(told_with(c, n, value) for c in state.facts.where), given, *_assumed(n, value)))
    except Contradiction:
        return None
    text = ", ".join(filter(None, (state.text, f"{n} = {value}", str(given))))
    return state._replace(facts=known, text=text).put(n, value), _Parts(q, s)


def _assumed(n: Any, value: Any) -> Iterator[Any]:
    """What is assumed of the sign of n, for what stands in its place."""
    for holds, relation in (
        (n.is_positive, sp.Gt),
        (n.is_nonnegative, sp.Ge),
        (n.is_negative, sp.Lt),
        (n.is_nonpositive, sp.Le),
    ):
        if holds:
            yield relation(value, 0)
            return


def _split(state: _State, kind: Kind, parts: list[_Parts], positive: Positive, cases: list[Case]) -> bool:
    """Whether all cases of the values of the rounded numbers were listed."""
    names = [node.name for node in state.nodes]
    try:
        ready = [c for c in state.told if c in (True, False) or not c.has(*names)]
        facts = state.facts.given(*ready)
    except Contradiction:
        return True
    state = state._replace(told=tuple(c for c in state.told if c not in ready), facts=facts)
    if not state.nodes:
        cases.append(Case(state.statement, facts, state.text))
        return len(cases) <= MOST_CASES
    inside = [node for node in state.nodes if not node.p.has(*names)]
    if not inside:
        return False
    node = min(inside, key=lambda each: (each.p.count_ops(), sp.default_sort_key(each.node)))
    values = _values(node, kind, [part.q for part in parts], facts, positive)
    for value, equation, conditions in values or ():
        try:
            within = state._replace(facts=facts.given(*conditions))
        except Contradiction:
            continue
        text = f"{state.text}, {node.node} = {value}" if len(values or ()) > 1 else state.text
        within = within._replace(nodes=tuple(each for each in state.nodes if each is not node), text=text).put(node.name, value)
        solved = _with_remainder(within, equation, [part.s for part in parts])
        if solved is not None and not _split(solved, kind, parts, positive, cases):
            return False
    return values is not None


def _with_remainder(state: _State, equation: Any, remainders: list[Any]) -> _State | None:
    """The state with the value of the remainder that an equation tells; None where there is no such remainder."""
    for s in remainders:
        slope = expanded(equation).coeff(s)
        rest = expanded(equation - slope * s)
        if slope in (1, -1) and not rest.has(s):
            value = expanded(-slope * rest)
            try:
                known = Facts((*(told_with(c, s, value) for c in state.facts.where), sp.Ge(value, 0)))
            except Contradiction:
                return None
            return state._replace(facts=known).put(s, value)
    return state


def _values(node: _Rounded, kind: Kind, wholes: list[Any], facts: Facts, positive: Positive) -> list[Value] | None:
    """The values that the rounded g(p) may have; None where they are not bounded."""
    here = [q for q in wholes if node.p.has(q)]
    slopes = [sp.cancel(expanded(node.p).coeff(q) / kind.parameter) for q in here] if kind.name == "quotient" else [sp.Integer(1)]
    if len(slopes) != len(here) or not all(facts.is_integer(c) for c in slopes):
        return None
    center = sp.Add(*(c * q for c, q in zip(slopes, here, strict=True)))
    least = -NEAR if kind.name == "quotient" else 0

    def above(k: int) -> Any:
        """p - G(center + k)."""
        return expanded(node.p - kind.inverse(center + k))

    start = next((k for k in range(NEAR - 1, least - 1, -1) if positive(above(k), facts, False)), None)
    if start is None:
        return None
    found: list[Value] = []
    nothing = sp.Integer(0)
    for k in range(start, start + NEAR):
        low, high = above(k), above(k + 1)
        least_only = positive(-low, facts, False)
        if node.up:
            if k == start and not positive(low, facts, True):
                found.append((center + k, low, (sp.Ge(low, 0), sp.Le(low, 0))))
            if least_only:
                return found
            found.append((center + k + 1, nothing, (sp.Gt(low, 0), sp.Le(high, 0))))
        else:
            found.append((center + k, low if least_only else nothing, (sp.Ge(low, 0), sp.Lt(high, 0))))
        if positive(-high, facts, not node.up):
            return found
    return None


__all__ = ["Case", "Kind", "by_division", "named_integer_part", "root_or_logarithm"]
