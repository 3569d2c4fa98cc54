"""What the normal form knows of named functions: definitions by exponentials and logarithms, shifts, reflections, recurrences.

`RULES` maps a SymPy head to a function (form, *arguments) → flat expression; `DERIVATIVES` gives partial derivatives.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.errors import NoNormalForm

SHIFTS = 40  # how far a recurrence is unrolled
HALF = sp.Rational(1, 2)


def _by(formula: Callable[..., Any]) -> Callable[..., Any]:
    return lambda form, *arguments: form.flatten(formula(*arguments))


def _family(function: Any) -> Callable[..., Any]:
    return lambda form, *arguments: family(form, function, *arguments)


def _cis(form: Any, x: Any) -> tuple[Any, Any]:
    e = form._exponential(sp.I * x)
    return e, 1 / e


def _cos(form: Any, x: Any) -> Any:
    e, inverse = _cis(form, x)
    return (e + inverse) / 2


def _sin(form: Any, x: Any) -> Any:
    e, inverse = _cis(form, x)
    return (e - inverse) / (2 * form.imaginary)


def _cosh(form: Any, x: Any) -> Any:
    e = form._exponential(x)
    return (e + 1 / e) / 2


def _sinh(form: Any, x: Any) -> Any:
    e = form._exponential(x)
    return (e - 1 / e) / 2


def _odd(function: Any) -> Callable[..., Any]:
    def apply(form: Any, x: Any) -> Any:
        argument = form.canonical(x)
        if argument == 0:
            return sp.Integer(0)
        if argument.could_extract_minus_sign():
            return -form._generator("function", function(sp.expand(-argument), evaluate=False))
        return form._generator("function", function(argument, evaluate=False))

    return apply


def _lambert(form: Any, argument: Any, branch: Any = 0) -> Any:
    """W(u e^u) = u on the principal branch for a real u ≥ -1."""
    if branch == 0:
        a = form.canonical(argument)
        exponents = [e.args[0] for e in a.atoms(sp.exp)]
        exponents.append(sp.Add(*(e.args[0] for e in sp.Mul.make_args(sp.factor_terms(a)) if isinstance(e, sp.exp))))
        for u in exponents:
            if form.facts.is_nonnegative(u + 1) and form.is_zero(a - u * sp.exp(u)):
                return form.flatten(u)
        return form._named("function", sp.LambertW(a, evaluate=False))
    return form._opaque(sp.LambertW(argument, branch))


def _fibonacci(form: Any, n: Any) -> Any:
    """Binet's formula for an integer n, with -1/φ for the second root."""
    if not form.facts.is_integer(n):
        raise NoNormalForm("Fibonacci numbers at a non-integer")
    phi = (1 + sp.sqrt(5)) / 2
    power = form._power(phi, n)
    return (power - form._power(sp.Integer(-1), n) / power) / form.flatten(sp.sqrt(5))


def _harmonic(form: Any, n: Any, order: Any = 1) -> Any:
    if order != 1:
        return form._opaque(sp.harmonic(n, order))
    return polygamma(form, sp.Integer(0), n + 1) + form.flatten(sp.EulerGamma)


def floor(form: Any, argument: Any) -> Any:
    """⌊m + r⌋ = m + ⌊r⌋ for an integer m."""
    whole, rest = sp.Integer(0), sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(form.canonical(argument))):
        coefficient, monomial = term.as_coeff_Mul()
        if form.facts.is_integer(monomial) and coefficient.is_Rational:
            whole += sp.floor(coefficient) * monomial
            rest += (coefficient - sp.floor(coefficient)) * monomial
        else:
            rest += term
    if rest.is_number:
        candidate = sp.floor(rest)
        if form.facts.is_nonnegative(rest - candidate) and form.facts.is_positive(candidate + 1 - rest):
            return form.flatten(whole + candidate)
    elif form.facts.is_integer(rest):
        return form.flatten(whole + rest)
    elif form.facts.is_nonnegative(rest) and form.facts.is_positive(1 - rest):
        return form.flatten(whole)
    return form.flatten(whole) + form._named("function", sp.floor(rest, evaluate=False))


# -- functions with a shift ------------------------------------------------------------------------------------


def shifted(form: Any, argument: Any, low: int) -> tuple[Any, int]:
    """argument = base + k with an integer k and the constant term of the base in [low, low + 1)."""
    e = sp.expand(form.canonical(argument))
    constant = sum((t for t in sp.Add.make_args(e) if t.is_Rational), sp.Integer(0))
    k = int(sp.floor(constant)) - low
    if abs(k) > SHIFTS:
        raise NoNormalForm("too long a shift")
    return sp.expand(e - k), k


def gamma(form: Any, argument: Any) -> Any:
    """Γ by shift, Gauss's multiplication and Euler's reflection to canonical arguments."""
    z = sp.expand(form.canonical(argument))
    if z.is_Rational:
        return form.flatten(sp.gamma(z)) if (2 * z).is_Integer and not (z.is_Integer and z <= 0) else form._opaque(sp.gamma(z))
    linear = [t.as_coeff_Mul() for t in sp.Add.make_args(z) if not t.is_Rational]
    g = math.gcd(*(int(c) for c, _ in linear)) if all(c.is_Integer for c, _ in linear) else 1
    if 2 <= g <= 6:
        x = sp.expand(z / g)
        parts = sp.Mul(*(gamma(form, x + sp.Rational(k, g)) for k in range(g)))
        return form.flatten((2 * sp.pi) ** sp.Rational(1 - g, 2)) * form._power(sp.Integer(g), z - HALF) * parts
    base, k = shifted(form, z, 1)
    if not form.facts.is_integer(base) and max(linear, key=lambda t: sp.default_sort_key(t[1]))[0] < 0:
        return form.flatten(sp.pi / sp.sin(sp.pi * z)) / gamma(form, 1 - z)
    value = form._generator("function", sp.gamma(base, evaluate=False))
    factors = [form.flatten(base + j) for j in (range(k) if k > 0 else range(k, 0))]
    return value * sp.Mul(*factors) ** (1 if k > 0 else -1)


def polygamma(form: Any, order: Any, argument: Any) -> Any:
    """ψ^(m)(z) by shift, and for m = 0 reflection and Gauss's multiplication."""
    if not (order.is_Integer and order >= 0):
        return form._opaque(sp.polygamma(order, argument))
    z = sp.expand(form.canonical(argument))
    if z.is_Rational:
        value = sp.polygamma(order, z)
        return form._opaque(value) if isinstance(value, sp.polygamma) else form.flatten(value)
    base, k = shifted(form, z, 1)
    linear = [t.as_coeff_Mul() for t in sp.Add.make_args(base) if not t.is_Rational]
    if order == 0 and not form.facts.is_integer(base) and max(linear, key=lambda t: sp.default_sort_key(t[1]))[0] < 0:
        return polygamma(form, order, 1 - z) - form.flatten(sp.pi * sp.cot(sp.pi * z))
    g = math.gcd(*(int(c) for c, _ in linear)) if all(c.is_Integer for c, _ in linear) else 1
    if order == 0 and 2 <= g <= 6:
        x = sp.expand(z / g)
        return form.flatten(sp.log(g)) + sp.Add(*(polygamma(form, order, x + sp.Rational(j, g)) for j in range(g))) / g
    value = form._generator("function", sp.polygamma(order, base, evaluate=False))
    scale = sp.Integer(-1) ** order * sp.factorial(order)
    terms = [scale * form.flatten(base + j) ** (-order - 1) for j in (range(k) if k > 0 else range(k, 0))]
    return value + sp.Add(*terms) * (1 if k > 0 else -1)


def family(form: Any, function: Any, *arguments: Any) -> Any:
    """A family with a three-term recurrence in its first argument: degrees n + k by those of n and n + 1."""
    up = RECURRENCES[function]
    rest = tuple(form.canonical(a) for a in arguments[1:])
    base, k = shifted(form, arguments[0], 0)
    if base.is_Rational:
        value = function(base + k, *rest)
        return form._named("function", value) if isinstance(value, function) else form.flatten(value)
    pair = [form._named("function", function(base + j, *rest, evaluate=False)) for j in (0, 1)]
    flat_rest = [form.flatten(a) for a in rest]
    n = form.flatten(base)
    for j in range(1, k):  # from n + j - 1 and n + j to n + j + 1
        a, b, c = up(n + j, *flat_rest)
        pair = [pair[1], (b * pair[1] + c * pair[0]) / a]
    for j in range(0, k, -1):  # from n + j and n + j + 1 to n + j - 1
        a, b, c = up(n + j, *flat_rest)
        pair = [(a * pair[1] - b * pair[0]) / c, pair[0]]
    return pair[1] if k >= 1 else pair[0]


# c_up · F_{n+1} = b · F_n + c · F_{n-1}, as (c_up, b, c) at degree n
RECURRENCES: dict[Any, Callable[..., tuple[Any, Any, Any]]] = {
    sp.legendre: lambda n, x: (n + 1, (2 * n + 1) * x, -n),
    sp.chebyshevt: lambda n, x: (sp.Integer(1), 2 * x, sp.Integer(-1)),
    sp.chebyshevu: lambda n, x: (sp.Integer(1), 2 * x, sp.Integer(-1)),
    sp.hermite: lambda n, x: (sp.Integer(1), 2 * x, -2 * n),
    sp.laguerre: lambda n, x: (n + 1, 2 * n + 1 - x, -n),
    sp.besselj: lambda n, x: (sp.Integer(1), 2 * n / x, sp.Integer(-1)),
    sp.bessely: lambda n, x: (sp.Integer(1), 2 * n / x, sp.Integer(-1)),
    sp.besseli: lambda n, x: (sp.Integer(1), -2 * n / x, sp.Integer(1)),
    sp.besselk: lambda n, x: (sp.Integer(1), 2 * n / x, sp.Integer(1)),
}

# the partial derivative in each argument; None where there is no formula
DERIVATIVES: dict[Any, Callable[..., tuple[Any, ...]]] = {
    sp.log: lambda x: (1 / x,),
    sp.gamma: lambda x: (sp.gamma(x) * sp.polygamma(0, x),),
    sp.polygamma: lambda m, x: (None, sp.polygamma(m + 1, x)),
    sp.erf: lambda x: (2 * sp.exp(-(x**2)) / sp.sqrt(sp.pi),),
    sp.LambertW: lambda x: (sp.LambertW(x) / (x * (1 + sp.LambertW(x))),),
    sp.Ei: lambda x: (sp.exp(x) / x,),
    sp.li: lambda x: (1 / sp.log(x),),
    sp.Si: lambda x: (sp.sin(x) / x,),
    sp.Ci: lambda x: (sp.cos(x) / x,),
    sp.legendre: lambda n, x: (None, n * (x * sp.legendre(n, x) - sp.legendre(n - 1, x)) / (x**2 - 1)),
    sp.chebyshevt: lambda n, x: (None, n * sp.chebyshevu(n - 1, x)),
    sp.chebyshevu: lambda n, x: (
        None,
        ((n + 1) * sp.chebyshevt(n + 1, x) - x * sp.chebyshevu(n, x)) / (x**2 - 1),
    ),
    sp.hermite: lambda n, x: (None, 2 * n * sp.hermite(n - 1, x)),
    sp.laguerre: lambda n, x: (None, n * (sp.laguerre(n, x) - sp.laguerre(n - 1, x)) / x),
    sp.besselj: lambda n, x: (None, (sp.besselj(n - 1, x) - sp.besselj(n + 1, x)) / 2),
    sp.bessely: lambda n, x: (None, (sp.bessely(n - 1, x) - sp.bessely(n + 1, x)) / 2),
    sp.besseli: lambda n, x: (None, (sp.besseli(n - 1, x) + sp.besseli(n + 1, x)) / 2),
    sp.besselk: lambda n, x: (None, -(sp.besselk(n - 1, x) + sp.besselk(n + 1, x)) / 2),
    sp.lowergamma: lambda s, x: (None, x ** (s - 1) * sp.exp(-x)),
    sp.uppergamma: lambda s, x: (None, -(x ** (s - 1)) * sp.exp(-x)),
}

_i = sp.I
RULES: dict[Any, Callable[..., Any]] = {
    sp.exp: lambda f, *a: f._exponential(*a),
    sp.log: lambda f, *a: f._logarithm(*a),
    sp.sin: _sin,
    sp.cos: _cos,
    sp.tan: lambda f, x: _sin(f, x) / _cos(f, x),
    sp.cot: lambda f, x: _cos(f, x) / _sin(f, x),
    sp.sec: lambda f, x: 1 / _cos(f, x),
    sp.csc: lambda f, x: 1 / _sin(f, x),
    sp.sinh: _sinh,
    sp.cosh: _cosh,
    sp.tanh: lambda f, x: _sinh(f, x) / _cosh(f, x),
    sp.coth: lambda f, x: _cosh(f, x) / _sinh(f, x),
    sp.sech: lambda f, x: 1 / _cosh(f, x),
    sp.csch: lambda f, x: 1 / _sinh(f, x),
    # the definitions of the principal branches on the whole cut plane (DLMF 4.23, 4.37)
    sp.asin: _by(lambda x: -_i * sp.log(_i * x + sp.sqrt(1 - x**2), evaluate=False)),
    sp.acos: _by(lambda x: sp.pi / 2 + _i * sp.log(_i * x + sp.sqrt(1 - x**2), evaluate=False)),
    sp.atan: _by(lambda x: _i / 2 * (sp.log(1 - _i * x, evaluate=False) - sp.log(1 + _i * x, evaluate=False))),
    sp.asinh: _by(lambda x: sp.log(x + sp.sqrt(x**2 + 1), evaluate=False)),
    sp.acosh: _by(lambda x: sp.log(x + sp.sqrt(x + 1) * sp.sqrt(x - 1), evaluate=False)),
    sp.atanh: _by(lambda x: (sp.log(1 + x, evaluate=False) - sp.log(1 - x, evaluate=False)) / 2),
    sp.sinc: lambda f, x: _sin(f, x) / f.flatten(x),
    sp.erf: _odd(sp.erf),
    sp.erfc: lambda f, x: 1 - f.flatten(sp.erf(x)),
    sp.erfi: lambda f, x: -f.imaginary * f.flatten(sp.erf(_i * x, evaluate=False)),
    sp.Si: _odd(sp.Si),
    sp.hyper: lambda f, *a: f._hyper(*a),
    sp.gamma: gamma,
    sp.factorial: lambda f, n: gamma(f, n + 1),
    sp.beta: lambda f, a, b: gamma(f, a) * gamma(f, b) / gamma(f, a + b),
    sp.binomial: lambda f, n, k: gamma(f, n + 1) / (gamma(f, k + 1) * gamma(f, n - k + 1)),
    sp.RisingFactorial: lambda f, x, n: gamma(f, x + n) / gamma(f, x),
    sp.FallingFactorial: lambda f, x, n: gamma(f, x + 1) / gamma(f, x - n + 1),
    sp.digamma: lambda f, x: polygamma(f, sp.Integer(0), x),
    sp.polygamma: polygamma,
    sp.fibonacci: _fibonacci,
    sp.LambertW: _lambert,
    sp.Abs: lambda f, *a: f._absolute(*a),
    sp.sign: lambda f, x: f._sign(x) if f.facts.is_real(x) else f.flatten(x / sp.Abs(x)),
    sp.Heaviside: lambda f, *a: f._heaviside(*a),
    sp.Max: lambda f, *a: f._maximum(*a),
    sp.Min: lambda f, *a: -f._maximum(*(-x for x in a)),
    sp.floor: floor,
    sp.ceiling: lambda f, x: -floor(f, -x),
    sp.frac: lambda f, x: f.flatten(x) - floor(f, x),
    sp.Mod: lambda f, a, b: f.flatten(a) - f.flatten(b) * floor(f, a / b),
    sp.KroneckerDelta: lambda f, *a: f._delta(*a),
    sp.conjugate: lambda f, *a: f._conjugate(*a),
    sp.re: lambda f, x: (f.flatten(x) + f._conjugate(x)) / 2,
    sp.im: lambda f, x: (f.flatten(x) - f._conjugate(x)) / (2 * f.imaginary),
    sp.jn: _by(lambda n, x: sp.sqrt(sp.pi / (2 * x)) * sp.besselj(n + HALF, x)),
    **{function: _family(function) for function in RECURRENCES},
    sp.harmonic: _harmonic,
}
