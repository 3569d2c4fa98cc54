r"""Sums of binomial coefficients times exponentials: Σ_j C(N, j) A^j B^(N-j) = (A + B)^N, with powers of j by derivatives.

Σ_j j (j - 1) … (j - i + 1) C(N, j) A^j B^(N-j) = N (N - 1) … (N - i + 1) A^i (A + B)^(N-i) (Graham, Knuth and Patashnik,
*Concrete Mathematics*, 5.12 and 5.6). Sines and cosines of lines in j are exponentials.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.errors import NeedCase
from derivable.trusted.facts import Facts

WAVES = (sp.sin, sp.cos, sp.sinh, sp.cosh)
MOST_TERMS = 24
HIGHEST_POWER = 4  # of the index
LONGEST_BODY = 80


class _Term(NamedTuple):
    """c(j) A^j B^(N-j) with a polynomial c."""

    c: Any
    A: Any
    B: Any


def by_binomial_theorem(node: Any, facts: Facts) -> Any:
    """The value of Σ_{k=a}^{b} f(k), a sum over all j = ±k + c in C(N, j), or over all but the first or the last; or None.

    Raises `NeedCase` where a power of the index asks for a larger N.
    """
    if len(node.limits) != 1 or len(node.limits[0]) != 3 or node.args[0].count_ops() > LONGEST_BODY:
        return None
    body, (k, a, b) = node.args[0], node.limits[0]
    coefficients = [f for f in body.atoms(sp.binomial) if f.has(k)]
    if len(coefficients) != 1 or sp.oo in (b, -a) or not (facts.is_integer(a) and facts.is_integer(b)):
        return None
    N, chosen = coefficients[0].args
    slope = sp.expand(chosen).coeff(k)
    c = sp.expand(chosen - slope * k)
    if N.has(k) or c.has(k) or slope not in (1, -1) or not (facts.is_integer(c) and _is_natural(N, facts)):
        return None
    j = sp.Dummy("j", integer=True)
    named = sp.Dummy("C")
    rest = body.xreplace({coefficients[0]: named})
    rest = _waves_written(rest.xreplace({k: slope * (j - c)}), j)
    first, last = (sp.expand(end + c) for end in (a, b)) if slope == 1 else (sp.expand(c - end) for end in (b, a))
    if first not in (0, 1) or sp.expand(N - last) not in (0, 1):
        return None
    parts = sp.Add.make_args(sp.expand(rest, power_base=False, power_exp=False, log=False))
    if len(parts) > MOST_TERMS:
        return None
    total = sp.Integer(0)
    for part in parts:
        term = None if (part / named).has(named) else _term(part / named, j, N, facts)
        if term is None:
            return None
        total += _whole(term, j, N, facts)
        if first == 1:
            total -= term.c.xreplace({j: sp.Integer(0)}) * term.B**N
        if last != N:
            total -= term.c.xreplace({j: N}) * term.A**N
    return total


def _is_natural(N: Any, facts: Facts) -> bool:
    return facts.is_integer(N) and facts.is_nonnegative(N)


def _waves_written(e: Any, j: Any) -> Any:
    """With exponentials in place of sines and cosines that hold j."""
    return e.replace(lambda node: isinstance(node, WAVES) and node.has(j), lambda node: node.rewrite(sp.exp))


def _term(e: Any, j: Any, N: Any, facts: Facts) -> _Term | None:
    c, A, B = sp.Integer(1), sp.Integer(1), sp.Integer(1)
    for factor in sp.Mul.make_args(e):
        if not factor.has(j) or factor.is_polynomial(j):
            c *= factor
            continue
        base, exponent = (sp.E, factor.args[0]) if isinstance(factor, sp.exp) else factor.as_base_exp()
        exponent = sp.expand(exponent)
        s = exponent.coeff(j)
        t = sp.expand(exponent - s * j)
        if base.has(j) or s.has(j) or t.has(j):
            return None
        always = base is sp.E or facts.is_positive(base) or (s.is_Integer and facts.is_nonzero(base))
        if always or (s.is_Integer and s > 0 and _is_natural(t, facts)):
            c, A = c * base**t, A * base**s
        elif s.is_Integer and s < 0 and _is_natural(sp.expand(t + s * N), facts):
            c, B = c * base ** sp.expand(t + s * N), B * base**-s
        else:
            return None
    if not c.is_polynomial(j) or sp.degree(c, j) > HIGHEST_POWER:
        return None
    return _Term(c, A, B)


def _whole(term: _Term, j: Any, N: Any, facts: Facts) -> Any:
    """Σ over j = 0 … N of C(N, j) c(j) A^j B^(N-j), with c in falling powers."""
    total, rest = sp.Integer(0), sp.Poly(term.c, j)
    whole = sp.expand(term.A + term.B)
    for i in range(sp.degree(term.c, j) + 1 if term.c != 0 else 0):
        # c = c_0 + j (c_1 + (j - 1) (c_2 + …))
        rest, value = rest.div(sp.Poly(j - i, j))
        coefficient = value.as_expr()
        if coefficient == 0:
            continue
        below = sp.expand(N - i)
        if i and not facts.is_nonnegative(below) and not facts.is_nonzero(whole):
            raise NeedCase(sp.Ge(N, i))
        power = sp.Piecewise((1, sp.Eq(below, 0)), (0, True)) if whole == 0 else whole**below
        falling = sp.Mul(*(N - m for m in range(i)))
        total += coefficient * falling * term.A**i * power
    return total


__all__ = ["by_binomial_theorem"]
