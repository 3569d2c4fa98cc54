"""Equations between analytic functions, proved on a part of the real line and true on the domain by the identity theorem."""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp

from derivable.trusted.convergence import is_majorised, passes_ratio_test
from derivable.trusted.facts import Facts, mentions

ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.erf, sp.erfc, sp.erfi)
MEROMORPHIC = (sp.tan, sp.cot, sp.sec, sp.csc, sp.tanh, sp.coth, sp.sech, sp.csch)
INVERSE = (sp.atan, sp.atanh, sp.asin, sp.acos, sp.asinh)  # analytic in the unit disc


class OnTheLine(NamedTuple):
    """A statement for real values of a complex symbol, and the series in it, all of which converge on the domain."""

    z: Any
    statement: Any
    facts: Facts
    domain: str
    series: tuple[Any, ...]


class _Domain(NamedTuple):
    """|z| < radius, or Re z > 0 where there is none; symbols of positive real part, z among them."""

    z: Any
    radius: Any
    right: frozenset[Any]


def on_the_line(e: Any, facts: Facts) -> OnTheLine | None:
    r"""e = 0 for a complex z with |z| < R, or Re z > 0, or any z, as the same statement for 0 < z < R, z > 0.

    e has to be analytic in z there but on a closed countable set, which leaves the domain connected: then e vanishes where it
    is defined if it vanishes on an interval (identity theorem, Ahlfors, *Complex analysis*, 4.3.2). That a power series
    is analytic for |z| < R is seen by its convergence for 0 < z < R.
    """
    right = frozenset(z for z in e.free_symbols if _is_complex(z) and any(_in_right_half(c, z) for c in facts.where))
    for z in sorted((s for s in e.free_symbols if _is_complex(s)), key=sp.default_sort_key):
        told = [c for c in facts.where if mentions(c, z) and not _excludes_one(c, z)]
        if len(told) > 1 or any(z in side.free_symbols for pair in facts.equations for side in pair):
            continue
        radius = _radius(told[0], z) if told else sp.oo
        if radius is None and z not in right:
            continue
        positive = sp.Dummy(z.name, positive=True)
        given = facts.without(z)
        if radius not in (None, sp.oo):
            given = given.given(sp.Lt(positive, radius))
        series: list[Any] = []
        if _analytic(e, _Domain(z, radius, right), positive, given, series):
            domain = f"Re {z} > 0" if radius is None else f"|{z}| < {radius}"
            return OnTheLine(z, e.xreplace({z: positive}), given, domain, tuple(series))
    return None


def _is_complex(z: Any) -> bool:
    """Whether nothing is assumed of a symbol."""
    return z.is_Symbol and z.is_commutative and z.is_real is None and z.is_zero is None and z.is_imaginary is None


def _excludes_one(condition: Any, z: Any) -> bool:
    """z ≠ c: a domain without a point is one."""
    return isinstance(condition, sp.Ne) and any(
        side == z and not other.has(z) for side, other in (condition.args, condition.args[::-1])
    )


def _radius(condition: Any, z: Any) -> Any:
    if isinstance(condition, sp.Lt) and condition.lhs == sp.Abs(z) and condition.rhs.is_positive and not condition.rhs.has(z):
        return condition.rhs
    if isinstance(condition, sp.Gt) and condition.rhs == sp.Abs(z) and condition.lhs.is_positive and not condition.lhs.has(z):
        return condition.lhs
    return None


def _in_right_half(condition: Any, z: Any) -> bool:
    if isinstance(condition, sp.Gt):
        return bool(condition.lhs == sp.re(z) and condition.rhs.is_nonnegative and not condition.rhs.has(z))
    return isinstance(condition, sp.Lt) and bool(condition.rhs == sp.re(z) and condition.lhs == 0)


def _analytic(e: Any, domain: _Domain, positive: Any, facts: Facts, series: list[Any]) -> bool:
    """Whether e is analytic in the domain but on a closed countable set; notes the series that converge there."""
    z = domain.z
    if not e.has(z) and z not in e.free_symbols:
        return True
    if e == z:
        return True

    def parts() -> bool:
        return all(_analytic(a, domain, positive, facts, series) for a in e.args)

    if isinstance(e, (sp.Add, sp.Mul, *ENTIRE, *MEROMORPHIC)):
        return parts()
    if isinstance(e, sp.Pow):
        if e.exp.is_integer and not e.exp.has(z):
            return _analytic(e.base, domain, positive, facts, series)
        if e.base.is_positive and not e.base.has(z):
            return _analytic(e.exp, domain, positive, facts, series)
        return not e.exp.has(z) and _off_the_cut(e.base, domain)
    if isinstance(e, sp.log) and len(e.args) == 1:
        return _off_the_cut(e.args[0], domain)
    if isinstance(e, INVERSE):
        return _in_unit_disc(e.args[0], domain)
    if isinstance(e, sp.hyper):
        over, under, argument = e.args
        if any(p.has(z) for p in (*over, *under)) or len(over) > len(under) + 1:
            return False
        if len(over) <= len(under):
            return _analytic(argument, domain, positive, facts, series)
        return _in_unit_disc(argument, domain)
    if isinstance(e, sp.Sum) and _is_power_series(e, domain):
        on_the_line = e.xreplace({z: positive})
        if passes_ratio_test(on_the_line, facts) or is_majorised(on_the_line, facts):
            series.append(e)
            return True
    return False


def _is_power_series(e: Any, domain: _Domain) -> bool:
    """Σ_{k≥a} c(k) z^(pk + q) with whole numbers a, p > 0 and q, and pa + q ≥ 0."""
    if domain.radius is None or len(e.limits) != 1 or len(e.limits[0]) != 3:
        return False
    k, a, b = e.limits[0]
    if b is not sp.oo or not a.is_Integer or k == domain.z:
        return False
    powers = [f for f in sp.Mul.make_args(e.args[0]) if f.has(domain.z)]
    if len(powers) != 1 or powers[0].as_base_exp()[0] != domain.z:
        return False
    exponent = sp.expand(powers[0].as_base_exp()[1])
    p = exponent.coeff(k)
    q = sp.expand(exponent - p * k)
    return bool(p.is_Integer and q.is_Integer and p > 0 and p * a + q >= 0)


def _off_the_cut(u: Any, domain: _Domain) -> bool:
    """Whether u avoids (-∞, 0]: a positive number times at most two factors of positive real part or their inverses.

    Such are z in the right half plane, and 1 + c z^m in a disc where |c z^m| < 1.
    """
    factors = 0
    for f in sp.Mul.make_args(sp.factor_terms(u)):
        base, exponent = f.as_base_exp()
        if f.is_positive and not f.has(domain.z):
            continue
        half_plane = base in domain.right if domain.radius is None else _in_unit_disc(sp.expand(base - 1), domain)
        if not (half_plane and exponent.is_Integer):
            return False
        factors += abs(int(exponent))
    return factors <= 2


def _in_unit_disc(u: Any, domain: _Domain) -> bool:
    """Whether u = c z^m with a number c and |u| < 1 for |z| < R."""
    c, power = u.as_independent(domain.z, as_Add=False)
    base, m = power.as_base_exp()
    if domain.radius in (None, sp.oo) or base != domain.z or not (m.is_Integer and m > 0) or not c.is_number:
        return False
    most = abs(c) * domain.radius**m
    return bool(most.is_Rational and most <= 1)
