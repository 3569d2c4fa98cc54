"""Definite integrals that are theorems: Gauss's, Frullani's, and over symmetric ranges those of `euler_integrals` over a half.

    ∫_R x^k e^{-a x² + b x} dx = e^{b²/4a} Σ_j C(k, 2j) (b/2a)^{k-2j} Γ(j + 1/2) a^{-j-1/2}      (a > 0)
    ∫_0^∞ (Σ_j c_j e^{-b_j x}) / x dx = -Σ_j c_j log b_j                                         (Σ_j c_j = 0, b_j > 0; Frullani)
    ∫_{-T}^T f = 2 ∫_0^T f for an even f, and 0 for an odd one, where the half has a value

The integrand is brought into one of these forms by commutative algebra alone.
"""

from __future__ import annotations

import contextlib
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.bessel_integrals import of_bessel, over_a_period
from derivable.trusted.error_means import error_mean
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.euler_integrals import eulerian, gathered, in_quadrants, right_of_zero
from derivable.trusted.facts import Facts
from derivable.trusted.fourier import fourier
from derivable.trusted.mean_logarithms import mean_logarithm
from derivable.trusted.mellin import of_waves, quantum, reciprocal, scaled
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.orthogonality import orthogonal
from derivable.trusted.substitutions import substitutions

MOMENTS = 24
MOVES = 3  # changes of the variable, one after the other


def known_integral(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts, moves: int = MOVES) -> tuple[Any, str] | None:
    """(value, name of the theorem), term by term, or None; also after changes of the variable."""
    found = _known(integrand, x, lower, upper, facts, moves)
    if found is None:
        return None
    known = (integrand.free_symbols - {x}) | sp.sympify(lower).free_symbols | sp.sympify(upper).free_symbols
    return found if found[0].free_symbols <= known else None  # no variable of integration is left over


def _known(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts, moves: int) -> tuple[Any, str] | None:
    if integrand.has(sp.Derivative, sp.Subs, sp.Integral, sp.Limit, AppliedUndef):
        return None
    if integrand == 0:
        return integrand, "integral of zero"
    constant, inside = gathered(integrand).as_independent(x, as_Add=False)
    if constant != 1:
        value = _known(inside, x, lower, upper, facts, moves)
        return None if value is None else (constant * value[0], value[1])
    found = _directly(integrand, x, lower, upper, facts) or in_quadrants(integrand, x, lower, upper, facts)
    if found is None and (lower, upper) in ((0, sp.oo), (0, 1)):
        z = sp.Dummy("x", positive=True)
        found = eulerian(integrand.xreplace({x: z}), z, upper, facts)
    if found is None:
        rules = (error_mean, fourier, over_a_period, mean_logarithm)
        found = next((value for rule in rules if (value := rule(integrand, x, lower, upper, facts)) is not None), None)
    if found is not None or moves == 0:
        return found
    for parts, change in substitutions(integrand, x, lower, upper, facts):
        values = [value for part in parts if (value := known_integral(*part, facts, moves - 1)) is not None]
        if len(values) == len(parts):
            names = dict.fromkeys(name for _, name in values)
            return sp.Add(*(value for value, _ in values)), f"{', '.join(names)} ({change})"
    return None


def _directly(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """The theorems of this file."""
    z = sp.Dummy("x", real=True, positive=True if lower == 0 else None)
    polynomials = orthogonal(integrand, x, lower, upper, facts)
    if polynomials is not None:
        return polynomials
    shrunk = scaled(integrand.xreplace({x: z}), z, lower, upper, facts)
    if shrunk is not None:
        return known_integral(shrunk[0], shrunk[1], sp.Integer(0), sp.Integer(1), facts, 0)
    e = sp.expand(_exponentials(integrand.xreplace({x: z}), z, upper))
    if (lower, upper) == (0, sp.oo):
        value = _frullani(e, z, facts)
        if value is not None:
            return value, "Frullani's integral"
        # as a whole, as the integrals of the terms may diverge
        constant, inside = integrand.xreplace({x: z}).as_independent(z, as_Add=False)
        parts = _parts(inside, z)
        whole = None if parts is None else of_waves(*parts, z, facts)
        if whole is not None:
            return constant * whole[0], whole[1]
    total: Any = sp.Integer(0)
    names: dict[str, None] = {}
    for term in sp.Add.make_args(e):
        found = _term(term, z, lower, upper, facts)
        if found is None:
            return _on_the_line(integrand, x, facts) if (lower, upper) == (0, sp.oo) else None
        total += found[0]
        names[found[1]] = None
    return total, ", ".join(names)


def _exponentials(e: Any, x: Any, upper: Any) -> Any:
    """e with sines and cosines of multiples of x written as exponentials, where an exponential is there to meet them."""
    if upper is not sp.oo or not any(f.args[0].has(x) for f in e.atoms(sp.exp)):
        return e
    waves = {}
    for f in e.atoms(sp.sin, sp.cos, sp.sinh, sp.cosh):
        if f.args[0].has(x) and f.args[0].is_polynomial(x) and sp.degree(f.args[0], x) == 1:
            waves[f] = f.rewrite(sp.exp)
    return e.xreplace(waves)


def _on_the_line(integrand: Any, x: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫_0^∞ f = ½ ∫_R f for an even f with the exponential of a quadratic polynomial in it."""
    y = sp.Dummy("x", real=True)
    e = integrand.xreplace({x: y})
    exponents = [f.args[0] for f in e.atoms(sp.exp)]
    if not any(w.is_polynomial(y) and sp.degree(w, y) == 2 for w in exponents) or e.xreplace({y: -y}) != e:
        return None
    whole = _directly(e, y, -sp.oo, sp.oo, facts)
    return None if whole is None else (whole[0] / 2, f"{whole[1]} (even integrand)")


def _frullani(e: Any, x: Any, facts: Facts) -> Any:
    """∫_0^∞ Σ c_k e^(-r_k x) / x dx = -Σ c_k log r_k for Σ c_k = 0 and Re r_k > 0."""
    total, weights = sp.Integer(0), sp.Integer(0)
    for term in sp.Add.make_args(e):
        c, inside = term.as_independent(x, as_Add=False)
        parts = _parts(inside, x)
        if parts is None or parts[0] != -1 or parts[2] or not parts[1].is_polynomial(x) or sp.degree(parts[1], x) != 1:
            return None
        rate, constant = -parts[1].coeff(x, 1), parts[1].coeff(x, 0)
        if not right_of_zero(rate, facts):
            return None
        c = c * sp.exp(constant)
        total, weights = total - c * _logarithm(rate), weights + c
    return total if total != 0 and sp.expand(weights) == 0 else None


def _logarithm(z: Any) -> Any:
    """log z of a number u + i v with u > 0."""
    u, v = sp.expand(z).as_independent(sp.I, as_Add=True)
    v = sp.expand(v / sp.I)
    return sp.log(u) if v == 0 else sp.log(u**2 + v**2) / 2 + sp.I * sp.atan(v / u)


def _term(term: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    constant, inside = term.as_independent(x, as_Add=False)
    parts = _parts(inside, x)
    if parts is None:
        return None
    power, exponent, rest = parts
    z = sp.Dummy("x", positive=True)
    found = _gauss(power, exponent, rest, x, facts) if (lower, upper) == (-sp.oo, sp.oo) else None
    both = lower == -upper
    if found is None and (both or lower == 0):
        half = eulerian(inside.xreplace({x: z}), z, upper, facts)
        if half is None and upper is sp.oo:
            rules = (quantum, of_waves, of_bessel, reciprocal)
            half = next((value for rule in rules if (value := rule(power, exponent, rest, x, facts)) is not None), None)
        if half is not None and both and _even(power + 1, exponent, rest, x, facts):
            return sp.Integer(0), "odd integrand"  # each half has a value
        if half is not None and (not both or _even(power, exponent, rest, x, facts)):
            found = (2 if both else 1) * half[0], half[1]
    return None if found is None or found[0].has(x) else (constant * found[0], found[1])


def _parts(e: Any, x: Any) -> tuple[Any, Any, list[tuple[Any, Any]]] | None:
    """e = x^power · e^exponent · ∏ base^k, with a constant power and constant k; None if it is no such thing."""
    power, exponent = sp.Integer(0), sp.Integer(0)
    rest: list[tuple[Any, Any]] = []
    for factor in sp.Mul.make_args(e):
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
            continue
        base, k = factor.as_base_exp()
        if k.has(x):
            return None
        if base == x:
            power += k
        else:
            rest.append((base, k))
    return power, sp.expand(exponent), rest


def _even(power: Any, exponent: Any, rest: list[tuple[Any, Any]], x: Any, facts: Facts) -> bool:
    """Whether x^power e^exponent ∏ base^k does not change under x → -x; an even number of factors may change their signs."""
    signs = power
    for base, k in rest:
        mirrored = base.xreplace({x: -x})
        if sp.expand(mirrored + base) == 0 and k.is_Integer:
            signs += k
        elif sp.expand(mirrored - base) != 0:
            return False
    return sp.expand(exponent.xreplace({x: -x}) - exponent) == 0 and facts.is_integer(sp.expand(signs / 2))


def _gauss(power: Any, exponent: Any, rest: list[tuple[Any, Any]], x: Any, facts: Facts) -> tuple[Any, str] | None:
    if rest or not exponent.is_polynomial(x) or sp.degree(exponent, x) != 2:
        return None
    if not (power.is_Integer and 0 <= power <= MOMENTS):
        return None
    a, b, c = -exponent.coeff(x, 2), exponent.coeff(x, 1), exponent.coeff(x, 0)
    if not facts.is_positive(a) and not facts.is_positive(sp.factor(a)):
        return None
    k, mean = int(power), b / (2 * a)
    total = sp.Add(
        *(
            sp.binomial(k, 2 * j) * mean ** (k - 2 * j) * sp.gamma(j + sp.Rational(1, 2)) * a ** (-j - sp.Rational(1, 2))
            for j in range(k // 2 + 1)
        )
    )
    return sp.exp(b**2 / (4 * a) + c) * total, "Gaussian integral"


def product_integral(e: Any, point: Any, facts: Facts) -> tuple[Any, Any, Any] | None:
    """∫ C exp(Σ_i φ(x_i, i)) dx over R^d as (C, the integral of exp φ in one coordinate, its index), or None."""
    constant, exponent = sp.Integer(1), sp.Integer(0)
    for factor in sp.Mul.make_args(e):
        if not factor.has(point):
            constant *= factor
        elif isinstance(factor, sp.exp):
            exponent += factor.args[0]
        else:
            return None
    form = NormalForm(facts)
    with contextlib.suppress(NeedCase, NoNormalForm):
        exponent = sp.expand(form.canonical(exponent))
    index = sp.Dummy("i", integer=True)
    z = sp.Dummy("z", real=True)
    phi: Any = sp.Integer(0)
    for term in sp.Add.make_args(exponent):
        sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
        if not term.has(point):
            constant *= sp.exp(term)
            continue
        if len(sums) != 1 or len(sums[0].limits) != 1 or (term / sums[0]).has(point):
            return None
        (i, a, b), body = sums[0].limits[0], sums[0].args[0]
        if sp.expand(a - 1) != 0 or sp.expand(b - point.shape[0]) != 0:
            return None
        one = (term / sums[0] * body.xreplace({i: index})).xreplace({point[index]: z})
        if one.has(point, point.label):
            return None
        phi += one
    return (constant, sp.Integral(sp.exp(phi), (z, -sp.oo, sp.oo)), index) if phi != 0 else None


__all__ = ["known_integral", "product_integral"]
