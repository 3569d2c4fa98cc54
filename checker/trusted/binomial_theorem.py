r"""Sums of binomial coefficients times exponentials: Σ_j C(N, j) A^j B^(N-j) = (A + B)^N, with powers of j by derivatives.

Σ_j j (j - 1) … (j - i + 1) C(N, j) A^j B^(N-j) = N (N - 1) … (N - i + 1) A^i (A + B)^(N-i) (Graham, Knuth and Patashnik,
*Concrete Mathematics*, 5.12 and 5.6). Sines and cosines of lines in j are exponentials, and Fibonacci and Lucas numbers are two.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.facts import Facts
from derivable.trusted.heads import bound_variables
from derivable.trusted.normal_form import vanishes_identically
from derivable.trusted.roots_of_unity import differs

WAVES = (sp.sin, sp.cos, sp.sinh, sp.cosh)
BINET = (sp.fibonacci, sp.lucas)
MOST_TERMS = 24
HIGHEST_POWER = 4  # of the index
LONGEST_BODY = 80


class _Term(NamedTuple):
    """c(j) A^j B^(N-j) with a polynomial c."""

    c: Any
    A: Any
    B: Any


def by_binomial_theorem(node: Any, facts: Facts) -> Any:
    """The value of Σ_{k=a}^{b} f(k) with C(N, j), j = ±k + c, or None.

    The range is 0 ≤ j ≤ N, with or without its ends, or half of it where f is the same at j and N - j.

    Raises `NeedCase` where a power of the index asks for a larger N.
    """
    if len(node.limits) != 1 or len(node.limits[0]) != 3 or node.args[0].count_ops() > LONGEST_BODY:
        return None
    body, (k, a, b) = node.args[0], node.limits[0]
    coefficients = [f for f in body.atoms(sp.binomial) if f.has(k)]
    if len(coefficients) != 1 or sp.oo in (b, -a) or bound_variables(body) or not (facts.is_integer(a) and facts.is_integer(b)):
        return None
    N, chosen = coefficients[0].args
    slope = sp.expand(chosen).coeff(k)
    c = sp.expand(chosen - slope * k)
    if N.has(k) or c.has(k) or slope not in (1, -1) or not (facts.is_integer(c) and _is_natural(N, facts)):
        return None
    j = sp.Dummy("j", integer=True)
    named = sp.Dummy("C")
    rest = body.xreplace({coefficients[0]: named})
    rest = _waves_written(rest.xreplace({k: slope * (j - c)}), j, facts)
    first, last = (sp.expand(end + c) for end in (a, b)) if slope == 1 else (sp.expand(c - end) for end in (b, a))
    if last == N and first not in (0, 1):  # the upper half, read backwards
        rest, first, last = rest.xreplace({j: N - j}), sp.expand(N - last), sp.expand(N - first)
    beyond = sp.expand(N - last)
    middle = sp.expand(N - 2 * last)
    halved = middle in (0, 1, 2) and beyond not in (0, 1)
    if first not in (0, 1) or not (halved or beyond in (0, 1)):
        return None
    if halved and not vanishes_identically(rest - rest.xreplace({j: N - j}), facts):
        return None
    parts = sp.Add.make_args(sp.expand(rest, power_base=False, power_exp=False, log=False))
    if len(parts) > MOST_TERMS:
        return None
    terms = [None if (part / named).has(named) else _term(part / named, j, N, facts) for part in parts]
    if None in terms:
        return None

    def one(at: Any) -> Any:
        return sp.binomial(N, at) * rest.xreplace({named: sp.Integer(1), j: at})

    total = sp.Add(*(_whole(term, j, N, facts) for term in terms if term is not None))
    if halved:  # f(N - j) = f(j)
        centre = {0: lambda: one(last), 1: lambda: sp.Integer(0), 2: lambda: -one(last + 1)}[int(middle)]
        total = (total + centre()) / 2
    elif beyond == 1:
        total -= one(N)
    return total - one(sp.Integer(0)) if first == 1 else total


def _is_natural(N: Any, facts: Facts) -> bool:
    return facts.is_integer(N) and facts.is_nonnegative(N)


def _waves_written(e: Any, j: Any, facts: Facts) -> Any:
    """With exponentials in place of sines and cosines that hold j, and of Fibonacci and Lucas numbers (Binet)."""
    e = e.replace(lambda node: isinstance(node, WAVES) and node.has(j), lambda node: node.rewrite(sp.exp))
    return e.replace(lambda node: isinstance(node, BINET) and _is_line(node, j, facts), _binet)


def _is_line(node: Any, j: Any, facts: Facts) -> bool:
    return len(node.args) == 1 and sp.degree(node.args[0], j) == 1 and facts.is_integer(node.args[0])


def _binet(node: Any) -> Any:
    m, root = node.args[0], sp.sqrt(5)
    larger, smaller = ((1 + way * root) / 2 for way in (1, -1))
    return larger**m + smaller**m if isinstance(node, sp.lucas) else (larger**m - smaller**m) / root


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
    whole = _sum_of_two(term.A, term.B)
    for i in range(sp.degree(term.c, j) + 1 if term.c != 0 else 0):
        # c = c_0 + j (c_1 + (j - 1) (c_2 + …))
        rest, value = rest.div(sp.Poly(j - i, j))
        coefficient = value.as_expr()
        if coefficient == 0:
            continue
        below = sp.expand(N - i)
        if not facts.is_nonnegative(below) and not facts.is_nonzero(whole):
            for small in range(i):
                differs(N, sp.Integer(small), facts)
        power = sp.Mul(*(factor**below for factor in sp.Mul.make_args(whole)))
        if whole == 0:
            power = sp.Piecewise((1, sp.Eq(below, 0)), (0, True))
        falling = sp.Mul(*(N - m for m in range(i)))
        total += coefficient * falling * term.A**i * power
    return total


def _sum_of_two(A: Any, B: Any) -> Any:
    """A + B; with a cosine where A/B is a number of modulus 1."""
    ratio = A / B
    turn, exponent = (sp.Integer(0), ratio) if isinstance(ratio, sp.exp) else (sp.I * sp.pi, -ratio)
    if not (ratio.is_number and isinstance(exponent, sp.exp)):
        return sp.expand(A + B)
    half = (exponent.args[0] + turn) / 2
    return 2 * B * sp.exp(half) * sp.cos(sp.expand(half / sp.I))


__all__ = ["by_binomial_theorem"]
