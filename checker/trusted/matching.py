"""Patterns of facts that hold for all values: whether an expression is one of their instances."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts, ForAll


def match(pattern: Any, e: Any, variables: tuple[Any, ...], facts: Facts, found: dict[Any, Any] | None = None) -> Any:
    """Bindings of the variables under which the pattern is e, or None."""
    found = {} if found is None else found
    if pattern in variables:
        if pattern in found:
            return found if sp.expand(found[pattern] - e) == 0 else None
        return {**found, pattern: e} if admits(pattern, e, facts) else None
    if not pattern.has(*variables):
        return found if pattern == e else None
    if isinstance(pattern, sp.Add):
        unbound = [v for v in variables if pattern.has(v) and v not in found]
        known = pattern.subs(found)
        if not unbound:
            return found if sp.expand(known - e) == 0 else None
        if len(unbound) == 1 and sp.expand(known).coeff(unbound[0]) in (1, -1):
            v = unbound[0]
            slope = sp.expand(known).coeff(v)
            value = sp.expand((e - (known - slope * v)) / slope)
            return None if value.has(v) else match(v, value, variables, facts, found)
        return _match_all(list(pattern.args), list(sp.Add.make_args(e)), variables, facts, found)
    if isinstance(pattern, sp.Mul):
        targets = [f for factor in sp.Mul.make_args(e) for f in _repeated(factor)]
        parts = [f for factor in pattern.args for f in _repeated(factor)]
        for constant in [f for f in parts if not f.has(*variables)]:
            if constant not in targets:
                return None
            parts.remove(constant)
            targets.remove(constant)
        return _match_all(parts, targets, variables, facts, found)
    if pattern.func != e.func or len(pattern.args) != len(e.args):
        return None
    for part, target in zip(pattern.args, e.args, strict=True):
        found = match(part, target, variables, facts, found)
        if found is None:
            return None
    return found


def _match_all(parts: list[Any], targets: list[Any], variables: tuple[Any, ...], facts: Facts, found: dict[Any, Any]) -> Any:
    """Bindings that match each part with a target of its own, those with the fewest variables first."""
    if len(parts) != len(targets) or len(parts) > 5:
        return None
    if not parts:
        return found
    part, *rest = sorted(parts, key=lambda p: (sum(p.has(v) for v in variables), sp.default_sort_key(p)))
    for position, target in enumerate(targets):
        bindings = match(part, target, variables, facts, found)
        if bindings is not None:
            whole = _match_all(rest, targets[:position] + targets[position + 1 :], variables, facts, bindings)
            if whole is not None:
                return whole
    return None


def given_assumptions(variable: Any) -> dict[str, bool]:
    """The assumptions with which a symbol was made."""
    return dict(variable._assumptions_orig)


def apart(rule: ForAll) -> ForAll:
    """The rule with variables of its own, which no statement can hold."""
    fresh = {v: sp.Dummy(v.name, **v.assumptions0) for v in rule.variables}
    equation = sp.Eq(rule.equation.lhs.xreplace(fresh), rule.equation.rhs.xreplace(fresh), evaluate=False)
    return ForAll(tuple(fresh.values()), equation, tuple(w.xreplace(fresh) for w in rule.where))


ASSUMPTIONS = {
    "commutative",
    "complex",
    "extended_real",
    "finite",
    "integer",
    "negative",
    "nonnegative",
    "nonpositive",
    "nonzero",
    "positive",
    "real",
}  # what `admits` asks for


def admits(variable: Any, e: Any, facts: Facts) -> bool:
    """Whether e is known to have what the variable is assumed to have."""
    if variable.is_extended_real and not variable.is_real:
        return bool(e == variable)
    asked = {name: value for name, value in variable.assumptions0.items() if name in ASSUMPTIONS and value}
    if sp.Dummy(**asked).assumptions0 != variable.assumptions0:
        return bool(e == variable)  # it is assumed to be even, prime, …, which is not asked for here
    if variable.is_integer and not facts.is_integer(e):
        return False
    if variable.is_real and not facts.is_real(e):
        return False
    if variable.is_positive or variable.is_negative:
        return facts.is_positive(e if variable.is_positive else -e)
    if variable.is_nonnegative or variable.is_nonpositive:
        return facts.is_nonnegative(e if variable.is_nonnegative else -e)
    return not variable.assumptions0.get("nonzero") or facts.is_nonzero(e)


def _repeated(factor: Any) -> list[Any]:
    base, exponent = factor.as_base_exp()
    return [base] * int(exponent) if exponent.is_Integer and 1 < exponent <= 4 else [factor]
