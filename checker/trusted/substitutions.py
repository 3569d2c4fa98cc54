"""Other variables for an integral, so that it runs over the half-line, the line or the unit interval.

    ∫_R f(x) dx = ∫_0^∞ f(log u) / u du           ∫_0^∞ f(x) dx = ∫_0^1 f(-log u) / u du
    ∫_0^1 f(x) dx = ∫_0^∞ f(e^{-t}) e^{-t} dt       ∫_m^∞ f(x) dx = ∫_0^∞ f(m e^t) m e^t dt      (m > 0)
    ∫_0^∞ f(x) dx = ∫_R f(e^y) e^y dy
    ∫_R f(x) dx = ∫_R f(y + m) dy = ∫_0^∞ f(y) dy + ∫_0^∞ f(-y) dy, where both of these have values
    ∫_m^∞ f(x) dx = ∫_0^∞ f(m + t) dt             ∫_{-∞}^m f(x) dx = ∫_0^∞ f(m - t) dt
    ∫_a^b f(x) dx = (b - a) ∫_0^1 f(a + (b - a) u) du                                              (a < b)

The new variables are continuously differentiable and monotone, so that one side has a value where the other has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch)
WAVES = (sp.sin, sp.cos)
LONGEST = 150  # operations of an integrand
Part = tuple[Any, Any, Any, Any]  # integrand, variable, lower and upper end


def substitutions(f: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> Iterator[tuple[list[Part], str]]:
    """Integrals whose values, all of them known, add up to ∫_lower^upper f dx, and the change of variable."""
    functions = [g for g in f.atoms(sp.Function) if g.has(x)]
    if f.count_ops() > LONGEST or not all(isinstance(g, (sp.exp, sp.log, sp.Abs, *HYPERBOLIC, *WAVES)) for g in functions):
        return
    f = f.xreplace({g: g.rewrite(sp.exp) for g in functions if isinstance(g, HYPERBOLIC)})
    waves = {g: g.rewrite(sp.exp) for g in functions if isinstance(g, WAVES)}
    if waves:
        if not (_nested_exponentials(f, x) and all(_linear(w.args[0], x) for w in waves)):
            return
        f = f.xreplace(waves)
    t = sp.Dummy("t", positive=True)
    if (lower, upper) == (-sp.oo, sp.oo):
        yield from _on_the_line(f, x, t, facts)
    elif (lower, upper) == (0, sp.oo):
        if _nested_exponentials(f, x):
            yield [(_in_exponentials(f, x, -sp.log(t), -1, t) / t, t, sp.Integer(0), sp.Integer(1))], "x = -log u"
        if any(e.args[0].has(sp.log(x)) for e in f.atoms(sp.exp)):
            y = sp.Dummy("y", real=True)
            yield [(_at_exponential(f, x, y, 1), y, -sp.oo, sp.oo)], "x = e^y"
    elif (lower, upper) == (0, 1):
        if any(n.has(x) for n in f.atoms(sp.log)):
            yield [(_at_exponential(f, x, t, -1), t, sp.Integer(0), sp.oo)], "x = e^-t"
    elif upper is sp.oo and facts.is_real(lower):
        if facts.is_positive(lower):
            u = sp.Dummy("u", positive=True)
            scaled = lower * f.xreplace({x: lower * u})
            yield [(_at_exponential(scaled, u, t, 1), t, sp.Integer(0), sp.oo)], f"x = {lower} e^t"
        yield [(f.xreplace({x: lower + t}), t, sp.Integer(0), sp.oo)], f"x = {lower} + t"
    elif lower is -sp.oo and facts.is_real(upper):
        yield [(f.xreplace({x: upper - t}), t, sp.Integer(0), sp.oo)], f"x = {upper} - t"
    elif sp.oo not in (upper, -upper, lower, -lower) and facts.is_real(lower) and facts.is_positive(sp.expand(upper - lower)):
        width = upper - lower
        yield [(width * _expanded(f.xreplace({x: lower + width * t}), t), t, sp.Integer(0), sp.Integer(1))], "onto [0, 1]"


def _on_the_line(f: Any, x: Any, t: Any, facts: Facts) -> Iterator[tuple[list[Part], str]]:
    half = (t, sp.Integer(0), sp.oo)
    if _nested_exponentials(f, x):
        yield [(_in_exponentials(f, x, sp.log(t), 1, t) / t, *half)], "x = log u"
        return
    middle = _middle(f, x, facts)
    if middle != 0:
        y = sp.Dummy("y", real=True)
        yield [(_expanded(f.xreplace({x: y + middle}), y), y, -sp.oo, sp.oo)], f"x = y + {middle}"
        return
    right, left = f.xreplace({x: t}), f.xreplace({x: -t})
    if right == left:
        yield [(2 * right, *half)], "even integrand"
    else:
        yield [(right, *half), (left, *half)], "x and -x"


def _nested_exponentials(f: Any, x: Any) -> bool:
    """Whether an exponential of a multiple of x stands in a sum under a power, in a logarithm or in another exponential."""
    outer = [n.args[0] for n in f.atoms(sp.exp, sp.log)] + [n.base for n in f.atoms(sp.Pow) if isinstance(n.base, sp.Add)]
    return any(_linear(e.args[0], x) for e in (e for o in outer for e in o.atoms(sp.exp)) if e.has(x))


def _linear(e: Any, x: Any) -> bool:
    return bool(e.is_polynomial(x) and sp.degree(e, x) == 1)


def _in_exponentials(e: Any, x: Any, new: Any, way: int, u: Any) -> Any:
    """e at x = new = way · log u, with exp(γ x + δ) as e^δ u^(way γ)."""
    if not e.has(x):
        return e
    if isinstance(e, sp.exp):
        exponent = sp.expand(e.args[0])
        if _linear(exponent, x):
            return sp.exp(exponent.coeff(x, 0)) * u ** (way * exponent.coeff(x, 1))
    if isinstance(e, sp.exp) and isinstance(exponent := sp.expand(e.args[0]), sp.Add):
        return sp.Mul(*(_in_exponentials(sp.exp(a), x, new, way, u) for a in exponent.args))
    return new if e == x else e.func(*(_in_exponentials(a, x, new, way, u) for a in e.args))


def _at_exponential(f: Any, x: Any, t: Any, way: int) -> Any:
    """f(e^{way t}) e^{way t}, where the logarithm of x is way · t, and powers of x are exponentials."""
    return _moved(f, x, t, way) * sp.exp(way * t)


def _moved(e: Any, x: Any, t: Any, way: int) -> Any:
    if not e.has(x):
        return e
    if e == x:
        return sp.exp(way * t)
    if isinstance(e, sp.Pow) and e.base == x:
        return sp.exp(sp.expand(way * t * _moved(e.exp, x, t, way)))
    if isinstance(e, sp.log):
        constant, rest = e.args[0].as_independent(x, as_Add=False)
        base, k = rest.as_base_exp()
        if base == x and not k.has(x) and k.is_real:
            return sp.log(constant) + k * way * t
    return e.func(*(_moved(a, x, t, way) for a in e.args))


def _middle(f: Any, x: Any, facts: Facts) -> Any:
    """A real m where a polynomial under a power, or in a logarithm, is A (x - m)² + C, A ≠ 0; 0 if there is none."""
    for inner in [n.base for n in f.atoms(sp.Pow)] + [n.args[0] for n in f.atoms(sp.log)]:
        if isinstance(inner, sp.Add) and inner.has(x) and inner.is_polynomial(x) and sp.degree(inner, x) == 2:
            a, b, _ = sp.Poly(sp.expand(inner), x).all_coeffs()
            middle = sp.cancel(-b / (2 * a))
            return middle if facts.is_nonzero(a) and facts.is_real(middle) else sp.Integer(0)
    return sp.Integer(0)


def _expanded(e: Any, x: Any) -> Any:
    """e with the polynomials under its powers and in its functions gathered by powers of x."""
    if not e.has(x) or not e.args:
        return e
    if isinstance(e, sp.Add) and e.is_polynomial(x):
        gathered = sp.Poly(sp.expand(e), x)
        return sp.Add(*(sp.cancel(c) * x ** m[0] for m, c in gathered.terms()))
    return e.func(*(_expanded(a, x) for a in e.args))


__all__ = ["substitutions"]
