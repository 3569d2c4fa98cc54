"""Moduli of complex expressions: by factors, by real and imaginary parts, and by power series that majorise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivable.trusted.facts import NONNEGATIVE, NONPOSITIVE, Facts
from derivable.trusted.normal_form import vanishes_identically

# Coefficients of polynomials that are taken together with those of a series.
LONGEST = 8


def modulus(z: Any, facts: Facts) -> Any:
    """|z| by the factors of z: |e^w| = e^(Re w), |w^n| = |w|^n for an integer n, and ±z where z has a known sign."""
    signs = facts.signs(z)
    if signs is not None and signs <= NONNEGATIVE:
        return z
    if signs is not None and signs <= NONPOSITIVE:
        return -z
    if isinstance(z, sp.Mul):
        return sp.Mul(*(modulus(factor, facts) for factor in z.args))
    if isinstance(z, sp.Pow) and facts.is_integer(z.exp):
        return modulus(z.base, facts) ** z.exp
    if isinstance(z, sp.exp):
        parts = rectangular(z.args[0], facts)
        return sp.exp(sp.re(z.args[0]) if parts is None else parts[0])
    return sp.Abs(z)


def rectangular(z: Any, facts: Facts) -> tuple[Any, Any] | None:
    """(u, v) with z = u + i v for real u and v, wherever z is defined."""
    if facts.is_real(z):
        return z, sp.Integer(0)
    if z == sp.I:
        return sp.Integer(0), sp.Integer(1)
    if isinstance(z, sp.Pow) and z.exp.is_Integer and abs(z.exp) <= LONGEST:
        inner = rectangular(z.base, facts)
        power = None if inner is None else _product([inner] * int(abs(z.exp)))
        return power if power is None or z.exp > 0 else _reciprocal(*power)
    if not isinstance(z, sp.Add | sp.Mul | sp.exp | sp.sin | sp.cos | sp.conjugate):
        return None
    parts = [rectangular(part, facts) for part in z.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(z, sp.Add):
        return sp.Add(*(u for u, _ in known)), sp.Add(*(v for _, v in known))
    if isinstance(z, sp.Mul):
        return _product(known)
    ((u, v),) = known
    if isinstance(z, sp.exp):
        return sp.exp(u) * sp.cos(v), sp.exp(u) * sp.sin(v)
    if isinstance(z, sp.sin):
        return sp.sin(u) * sp.cosh(v), sp.cos(u) * sp.sinh(v)
    return (u, -v) if isinstance(z, sp.conjugate) else (sp.cos(u) * sp.cosh(v), -sp.sin(u) * sp.sinh(v))


def _product(parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    u, v = parts[0]
    for a, b in parts[1:]:
        u, v = u * a - v * b, u * b + v * a
    return u, v


def _reciprocal(u: Any, v: Any) -> tuple[Any, Any]:
    square = u**2 + v**2
    return u / square, -v / square


def with_half_angles(e: Any, facts: Facts) -> Any:
    """e with √(c - c cos θ) = √(2c) |sin(θ/2)| and √(c + c cos θ) = √(2c) |cos(θ/2)|, c > 0, where |z| = √(z z̄) is written so."""
    names: dict[Any, Any] = {}
    for node in e.atoms(sp.Pow):
        if _is_modulus(node):
            parts = rectangular(sp.powsimp(sp.expand(node.base), combine="exp"), facts)
            half = None if parts is None or sp.expand(parts[1]) != 0 else _root_of_wave(sp.expand(parts[0]), facts)
            names |= {} if half is None else {node: half}
    return e.xreplace(names)


def with_real_radicands(e: Any, facts: Facts) -> Any:
    """e with the moduli √(z z̄) of sums of waves e^(iθ), as SymPy writes them, by real and imaginary parts of z."""
    return e.xreplace({node: _by_parts(node, facts) for node in e.atoms(sp.Pow) if _is_modulus(node)})


def _is_modulus(node: Any) -> bool:
    return bool(node.exp == sp.Rational(1, 2) and node.base.has(sp.I))


def _by_parts(node: Any, facts: Facts) -> Any:
    z = inside_modulus(node, facts)
    parts = None if z is None else rectangular(z, facts)
    return node if parts is None else sp.sqrt(parts[0] ** 2 + parts[1] ** 2)


def inside_modulus(node: Any, facts: Facts) -> Any:
    """z with √q = |z|, where q holds waves e^(iθ) and their inverses; None if no such z is found.

    With the terms of q that hold e^(-iθ) added up to e^(-iθ) D, z may be c e^(iθ) + D/c, for c = 1 or the c > 0 with
    c² + |D|²/c² equal to the terms without e^(±iθ). Whether z z̄ = q is checked.
    """
    if not _is_modulus(node):
        return None
    terms = sp.Add.make_args(sp.expand(node.base))
    waves = {f for t in terms for f in sp.Mul.make_args(t) if isinstance(f, sp.exp)}
    for wave in sorted((w for w in waves if 1 / w in waves), key=sp.default_sort_key):
        if len(terms) > LONGEST * 4:
            return None
        beside = [t for t in terms if 1 / wave in sp.Mul.make_args(t)]
        d = sp.expand(sp.Add(*beside) * wave)
        rest = sp.Add(*(t for t in terms if t not in beside and wave not in sp.Mul.make_args(t)))
        for c in _sizes(rest, d, facts):
            z = sp.expand(c * wave + d / c)
            parts = rectangular(z, facts)
            if parts is not None and vanishes_identically(parts[0] ** 2 + parts[1] ** 2 - node.base, facts):
                return z
    return None


def _sizes(rest: Any, d: Any, facts: Facts) -> Iterator[Any]:
    yield sp.Integer(1)
    square = sp.expand(d * d.xreplace({sp.I: -sp.I}))
    if rest.has(sp.I) or square.has(sp.I):
        return
    root = _root(sp.expand(rest**2 - 4 * square))
    for way in (1, -1):
        c = _root(sp.expand((rest + way * root) / 2))
        if facts.is_nonzero(c):
            yield c


def _root(q: Any) -> Any:
    """A square root of q, of either sign."""
    return sp.sqrt(sp.factor(q)).replace(sp.Abs, lambda u: u)


def _root_of_wave(q: Any, facts: Facts) -> Any:
    c, rest = q.as_coeff_Add()
    k, wave = rest.as_coeff_Mul()
    if isinstance(wave, sp.cos) and c > 0 and k in (c, -c) and facts.is_real(wave.args[0]):
        half = sp.expand(wave.args[0] / 2)
        return sp.sqrt(2 * c) * sp.Abs(sp.cos(half) if k == c else sp.sin(half))
    return None


Coefficient = Callable[[int], Any]


def _exponential(k: int) -> Any:
    return 1 / sp.factorial(k)


def _odd(signed: bool) -> Coefficient:
    return lambda k: 0 if k % 2 == 0 else (-1 if signed and k % 4 == 3 else 1) / sp.factorial(k)


def _even(signed: bool) -> Coefficient:
    return lambda k: 0 if k % 2 else (-1 if signed and k % 4 == 2 else 1) / sp.factorial(k)


# Entire functions: f̂, whose coefficients are the moduli of those of f, and the coefficients of f.
SERIES: dict[Any, tuple[Any, Coefficient]] = {
    sp.exp: (sp.exp, _exponential),
    sp.sinh: (sp.sinh, _odd(False)),
    sp.sin: (sp.sinh, _odd(True)),
    sp.cosh: (sp.cosh, _even(False)),
    sp.cos: (sp.cosh, _even(True)),
}
# Of functions with the radius of convergence 1: f̂ alone.
IN_THE_DISC = {sp.atan: sp.atanh, sp.atanh: sp.atanh, sp.asin: sp.asin, sp.asinh: sp.asin}


def majorant(z: Any, facts: Facts) -> Any:
    """A bound of |z| from power series: |Σ c_k w^k| ≤ Σ |c_k| |w|^k where the series converges at |w|; None if there is none.

    The exponential, hyperbolic and circular functions at any w, log(1 ± w), 1/(1 ± w)^n and the inverse functions of
    sin, sinh, tan and tanh for |w| < 1. A polynomial in w is added to the series before moduli are taken.
    """
    together = _with_polynomial(z, facts)
    if together is not None:
        return together
    if isinstance(z, sp.Add | sp.Mul):
        parts = [majorant(part, facts) for part in z.args]
        return None if None in parts else z.func(*parts)
    if isinstance(z, sp.Pow) and z.exp.is_Integer and z.exp > 0:
        inner = majorant(z.base, facts)
        return None if inner is None else inner**z.exp
    if isinstance(z, sp.Pow) and z.exp.is_Integer and not facts.is_real(z):
        return _beside_one(z.base, facts, lambda r: (1 - r) ** z.exp)
    if isinstance(z, sp.log) and len(z.args) == 1 and not facts.is_real(z):
        return _beside_one(z.args[0], facts, lambda r: -sp.log(1 - r))
    if z.func in SERIES and not facts.is_real(z):
        inner = majorant(z.args[0], facts)
        return None if inner is None else SERIES[z.func][0](inner)
    if z.func in IN_THE_DISC and not facts.is_real(z):
        inner = majorant(z.args[0], facts)
        return IN_THE_DISC[z.func](inner) if inner is not None and facts.is_positive(1 - inner) else None
    return modulus(z, facts)


def _beside_one(base: Any, facts: Facts, bound: Callable[[Any], Any]) -> Any:
    """The bound at a majorant r < 1 of w, for a base 1 + w."""
    inner = majorant(sp.expand(base - 1), facts)
    return bound(inner) if inner is not None and facts.is_positive(1 - inner) else None


def _with_polynomial(z: Any, facts: Facts) -> Any:
    """The majorant of a f(w) + P(w) for an entire f, a number a and a polynomial P with numbers for coefficients."""
    found = _series_and_polynomial(z, facts)
    if found is None:
        return None
    node, scale, powers = found
    above, coefficient = SERIES[node.func]
    r = modulus(node.args[0], facts)
    total = abs(scale) * above(r)
    for k, p in powers.items():
        own = scale * coefficient(k)
        total += (sp.Abs(own + p) - sp.Abs(own)) * r**k
    return total


def remainder_of_exponential(z: Any, facts: Facts) -> Any:
    """The bound |a| |w|^n / n! + Σ_{k ≥ n} |p_k| |w|^k of a e^w + P(w), where Re w ≤ 0 and p_k = -a/k! for k < n.

    The remainder of Taylor's formula is w^n/(n - 1)! ∫_0^1 (1 - s)^(n-1) e^(s w) ds, with |e^(s w)| ≤ 1.
    """
    found = _series_and_polynomial(z, facts)
    if found is None or not isinstance(found[0], sp.exp):
        return None
    node, scale, powers = found
    parts = rectangular(node.args[0], facts)
    if not facts.is_nonnegative(-(sp.re(node.args[0]) if parts is None else parts[0])):
        return None
    n, r = 0, modulus(node.args[0], facts)
    while n in powers and powers[n] == -scale / sp.factorial(n):
        n += 1
    return abs(scale) * r**n / sp.factorial(n) + sp.Add(*(sp.Abs(p) * r**k for k, p in powers.items() if k >= n))


def _series_and_polynomial(z: Any, facts: Facts) -> tuple[Any, Any, dict[int, Any]] | None:
    """(f(w), a, {k: p_k}) for z = a f(w) + Σ p_k w^k with an entire f, a rational a and numbers p_k, w not real."""
    nodes = z.atoms(*SERIES) if isinstance(z, sp.Add) else set()
    if len(nodes) != 1:
        return None
    (node,) = nodes
    w, x, t = node.args[0], sp.Dummy("x"), sp.Dummy("t")
    c, s = w.as_independent(*w.free_symbols, as_Add=False) if w.free_symbols else (w, sp.Integer(1))
    line = sp.expand(z.xreplace({node: t}))
    line = sp.expand(line.xreplace({s: x / c}) if s.is_Symbol else line.subs(w, x))
    if line.free_symbols - {x, t} or not line.is_polynomial(x, t) or facts.is_real(w) or sp.degree(line, x) > LONGEST:
        return None
    if sp.expand(line.xreplace({t: node, x: w}) - z) != 0:
        return None
    scale = line.coeff(t, 1)
    rest = sp.expand(line - scale * t)
    if not scale.is_Rational or rest.has(t):
        return None
    return node, scale, {} if rest == 0 else {k: p for (k,), p in sp.Poly(rest, x).terms()}


__all__ = [
    "inside_modulus",
    "majorant",
    "modulus",
    "rectangular",
    "remainder_of_exponential",
    "with_half_angles",
    "with_real_radicands",
]
