"""Exact polynomial arithmetic over the generators of a normal form, on python-flint.

A flat expression is rational in symbols, with rational exponents; it becomes a quotient of two integer-exponent polynomials,
each symbol raised to one over the least common denominator of its exponents.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mpoly

from derivable.trusted.errors import NoNormalForm


def generator_order(symbol: Any) -> tuple[int, ...]:
    """The rank of a generator: that of its making."""
    return (int(str(symbol).lstrip("_g") or 0),)


def as_fraction(e: Any, variables: Any, scale: Any, one: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """Numerator and denominator of a flat expression."""
    if e.is_Rational:
        return one * fmpq(int(e.p), int(e.q)), one
    if e.is_Symbol:
        return variables[e] ** scale[e], one
    if e.is_Pow:
        if e.base.is_Symbol:
            power = int(e.exp * scale[e.base])
            value = variables[e.base] ** abs(power)
            return (value, one) if power >= 0 else (one, value)
        if not e.exp.is_Integer:
            raise NoNormalForm("a root that is not a generator")
        n, d = as_fraction(e.base, variables, scale, one)
        power = int(e.exp)
        if power < 0:
            n, d = d, n
        if d == 0:
            raise NoNormalForm("division by zero")
        return n ** abs(power), d ** abs(power)
    if e.is_Mul:
        n, d = one, one
        for factor in e.args:
            a, b = as_fraction(factor, variables, scale, one)
            n, d = n * a, d * b
        return _lowest(n, d, one)
    if e.is_Add:
        n, d = one * 0, one
        for term in e.args:
            a, b = as_fraction(term, variables, scale, one)
            if b == d:
                n = n + a
            else:
                common = b.gcd(d)
                left, right = quotient(b, common), quotient(d, common)
                n, d = n * left + a * right, d * left
        return _lowest(n, d, one)
    raise NoNormalForm(f"{e} is not rational in the generators")


def _lowest(n: fmpq_mpoly, d: fmpq_mpoly, one: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    if d == one or n == 0:
        return (n, one) if n == 0 else (n, d)
    common = n.gcd(d)
    return quotient(n, common), quotient(d, common)


def quotient(p: fmpq_mpoly, q: fmpq_mpoly) -> fmpq_mpoly:
    """p / q where q divides p."""
    return p if q == 1 else divmod(p, q)[0]


def as_rational(value: Any) -> Any:
    """A number of flint as one of SymPy."""
    return sp.Rational(int(value.numerator), int(value.denominator)) if isinstance(value, fmpq) else sp.Integer(int(value))


def to_sympy(p: fmpq_mpoly, symbols: list[tuple[Any, int]]) -> Any:
    """The flat expression that a polynomial stands for."""
    terms = []
    for monomial, coefficient in p.to_dict().items():
        factors = [s ** sp.Rational(int(m), l) for (s, l), m in zip(symbols, monomial, strict=False) if m]
        terms.append(sp.Mul(sp.Rational(int(coefficient.numerator), int(coefficient.denominator)), *factors))
    return sp.Add(*terms)


def _by_power(p: fmpq_mpoly, i: int) -> dict[int, dict[tuple[int, ...], Any]]:
    powers: dict[int, dict[tuple[int, ...], Any]] = {}
    for monomial, coefficient in p.to_dict().items():
        m = list(monomial)
        k, m[i] = int(m[i]), 0
        powers.setdefault(k, {})[tuple(int(x) for x in m)] = coefficient
    return powers


def reduce_by(p: fmpq_mpoly, rules: list[tuple[int, int, tuple[Any, Any]]], context: Any) -> fmpq_mpoly:
    """Replace generator^power by its value until no rule applies; denominators of values multiply the whole."""
    for _ in range(24):
        changed = False
        for i, power, (top, bottom) in rules:
            parts = _by_power(p, i)
            highest = max((k // power for k in parts), default=0)
            if highest == 0:
                continue
            changed = True
            total = context.constant(0)
            for k, coefficients in parts.items():
                times = k // power
                term = context.from_dict(coefficients) * context.gen(i) ** (k % power) * top**times
                total = total + term * bottom ** (highest - times)
            p = total
        if not changed:
            return p
    raise NoNormalForm("relations that do not come to an end")


def modulo(p: fmpq_mpoly, i: int, modulus: list[int], context: Any) -> fmpq_mpoly:
    """The remainder modulo a monic univariate polynomial in generator i."""
    degree = len(modulus) - 1
    parts = {k: context.from_dict(c) for k, c in _by_power(p, i).items()}
    zero = context.constant(0)
    for k in range(max(parts, default=0), degree - 1, -1):
        lead = parts.pop(k, zero)
        if lead == 0:
            continue
        for j, c in enumerate(modulus[1:], 1):
            parts[k - j] = parts.get(k - j, zero) - lead * c
    return sum((c * context.gen(i) ** k for k, c in parts.items()), zero)


def antidifference(degree: int, k: Any) -> Any:
    """The polynomial F with F(k+1) - F(k) = k^degree and F(0) = 0 (Faulhaber), from the top coefficient down."""
    remainder, result = sp.Poly(k**degree, k), sp.Integer(0)
    while not remainder.is_zero:
        d = remainder.degree()
        term = remainder.LC() * k ** (d + 1) / (d + 1)
        result += term
        remainder -= sp.Poly(sp.expand(term.subs(k, k + 1) - term), k)
    return result
