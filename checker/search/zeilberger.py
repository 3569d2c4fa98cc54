"""Zeilberger's algorithm: a recurrence in n for Σ_k F(n, k) with the certificate that proves it.

For c_0 F(n, k) + … + c_J F(n + J, k) Gosper's equation is solved with the c_j as further unknowns, for J = 1, 2, or from 0 on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from sympy.concrete.gosper import gosper_normal
from sympy.polys.matrices import DomainMatrix
from sympy.polys.polyerrors import CoercionFailed

ORDERS = (1, 2)
DEGREES = 7  # of the unknown polynomial in k


def recurrences(term: Any, n: Any, k: Any, orders: Sequence[int] = ORDERS) -> Iterator[tuple[list[Any], Any]]:
    """(c, R) with Σ_j c_j F(n + j, k) = Δ_k (R F), coefficients and certificate rational in n and the parameters."""
    term, back = _with_bases(term, (n, k))
    try:
        along = sp.cancel(ratio(term, k))
        if not along.is_rational_function(k):
            return
        for order in orders:
            found = _of_order(term, n, k, along, order)
            if found is not None:
                yield [c.xreplace(back) for c in found[0]], found[1].xreplace(back)
                return
    except (NotImplementedError, ValueError, TypeError, ZeroDivisionError, sp.PolynomialError, CoercionFailed):
        return


def _with_bases(term: Any, integers: tuple[Any, Any]) -> tuple[Any, dict[Any, Any]]:
    """The term with b^k for exp(k u), and symbols for other exponentials, and what the symbols stand for."""
    back: dict[Any, Any] = {}
    result: Any = sp.Integer(1)
    for factor in sp.Mul.make_args(sp.expand(term, deep=False) if isinstance(term, sp.exp) else term):
        if not (isinstance(factor, sp.exp) and factor.has(*integers)):
            result *= factor
            continue
        rest = sp.expand(factor.args[0])
        for index in integers:
            slope = rest.coeff(index)
            if slope != 0 and not slope.has(*integers):
                base = sp.Dummy("b", positive=True)
                back[base] = sp.exp(slope)
                result *= base**index
                rest = sp.expand(rest - slope * index)
        result *= sp.exp(rest)
    inside = {node: sp.Dummy("b", positive=True) for node in result.atoms(sp.exp) if not node.has(*integers)}
    return result.xreplace(inside), back | {b: node for node, b in inside.items()}


def ratio(term: Any, variable: Any, steps: int = 1) -> Any:
    """F(variable + steps) / F(variable) of a hypergeometric term; raises `ValueError` for another one."""
    result: Any = sp.Integer(1)
    for factor in sp.Mul.make_args(sp.powsimp(term.rewrite(sp.gamma), force=False)):
        base, exponent = factor.as_base_exp()
        if not factor.has(variable):
            continue
        if isinstance(base, sp.gamma) and exponent.is_Integer:
            difference = sp.expand(base.args[0].subs(variable, variable + steps) - base.args[0])
            if not difference.is_Integer:
                raise ValueError(f"{base} is not hypergeometric in {variable}")
            start = base.args[0]
            steps_of = range(int(difference)) if difference > 0 else range(int(difference), 0)
            result *= sp.Mul(*(start + i for i in steps_of)) ** (exponent if difference > 0 else -exponent)
        elif exponent.has(variable):
            growth = sp.expand(exponent.subs(variable, variable + steps) - exponent)
            if base.has(variable) or growth.has(variable):
                raise ValueError(f"{factor} is not hypergeometric in {variable}")
            result *= base**growth
        elif factor.is_rational_function(variable):
            result *= factor.subs(variable, variable + steps) / factor
        else:
            raise ValueError(f"{factor} is not hypergeometric in {variable}")
    return result


def _of_order(term: Any, n: Any, k: Any, along: Any, order: int) -> tuple[list[Any], Any] | None:
    shifts = [sp.cancel(ratio(term, n, j)) if j else sp.Integer(1) for j in range(order + 1)]
    denominators = [sp.fraction(s)[1] for s in shifts]
    common = sp.Poly(1, k)
    for d in denominators:
        common = sp.lcm(common, sp.Poly(d, k))
    q = common.as_expr()
    p = [sp.cancel(s * q) for s in shifts]
    top, bottom = sp.fraction(sp.cancel(along * q / q.subs(k, k + 1)))
    a, b, c = gosper_normal(top, bottom, k, polys=False)
    before = b.subs(k, k - 1)
    for degree in range(DEGREES):
        x = [sp.Dummy(f"x{i}") for i in range(degree + 1)]
        columns = [sp.expand(a * (k + 1) ** i - before * k**i) for i in range(degree + 1)]
        columns += [sp.expand(-c * part) for part in p]
        solution = _kernel(columns, k, len(x))
        if solution is None:
            continue
        polynomial = sp.Add(*(value * k**i for i, value in enumerate(solution[: len(x)])))
        weights = [sp.cancel(v) for v in solution[len(x) :]]
        if all(w == 0 for w in weights):
            continue
        scale, common_factor = sp.Integer(1), sp.Integer(0)
        for w in weights:
            scale = sp.lcm(scale, sp.fraction(w)[1])
            common_factor = sp.gcd(common_factor, sp.fraction(w)[0])
        scale = scale / common_factor
        certificate = sp.factor(sp.cancel(scale * before * polynomial / (c * q)))
        return [sp.factor(w * scale) for w in weights], certificate
    return None


def _kernel(columns: list[Any], k: Any, unknowns: int) -> list[Any] | None:
    """A vector v ≠ 0 with Σ_i v_i column_i = 0 as polynomials in k, with a weight beyond the first unknowns that is not 0."""
    parameters = sorted(set().union(*(c.free_symbols for c in columns)) - {k}, key=str)
    sample = {s: sp.Rational(10007 + 31 * i, 101 + 2 * i) for i, s in enumerate(parameters)}
    # where there is none at one generic point, there is none: asked first, as it costs little
    if parameters and _kernel([c.xreplace(sample) for c in columns], k, unknowns) is None:
        return None
    domain = sp.QQ.frac_field(*parameters) if parameters else sp.QQ
    polynomials = [sp.Poly(column, k, domain=domain) for column in columns]
    height = max(0 if p.is_zero else p.degree() for p in polynomials) + 1
    rows = [[p.rep.nth(i) for p in polynomials] for i in range(height)]
    null = DomainMatrix(rows, (height, len(columns)), domain).nullspace()
    for row in null.to_Matrix().tolist():
        if any(v != 0 for v in row[unknowns:]):
            return list(row)
    return None
