"""What the normal form knows of named functions: definitions by exponentials and logarithms, shifts, reflections, recurrences.

`RULES` maps a SymPy head to a function (form, *arguments) → flat expression; `DERIVATIVES` gives partial derivatives.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import sympy as sp

from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.integer_parts import floor

SHIFTS = 40  # how far a recurrence is unrolled
WRITTEN = 10_000  # up to which Γ of a whole number or a half is written out
LOWERED = 8  # by how much a parameter is lowered: each step has as many terms more
ONE = sp.Integer(1)
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
    """W(u e^u) = u for a real u ≥ -1 on the principal branch, for a real u ≤ -1 on the branch -1."""
    a = form.canonical(argument)
    exponents = [e.args[0] for e in a.atoms(sp.exp)]
    exponents.append(sp.Add(*(e.args[0] for e in sp.Mul.make_args(sp.factor_terms(a)) if isinstance(e, sp.exp))))
    exponents += sorted(a.atoms(sp.log), key=sp.default_sort_key)
    way = {0: 1, -1: -1}.get(branch, 0)
    for u in exponents if way else ():
        if form.facts.is_nonnegative(way * (u + 1)) and form.is_zero(a - u * sp.exp(u)):
            return form.flatten(u)
    return form._named("function", sp.LambertW(a, evaluate=False) if branch == 0 else sp.LambertW(a, branch, evaluate=False))


def _fibonacci(form: Any, n: Any) -> Any:
    """Binet's formula for an integer n, with -1/φ for the second root."""
    if not form.facts.is_integer(n):
        raise NoNormalForm("Fibonacci numbers at a non-integer")
    phi = (1 + sp.sqrt(5)) / 2
    power = form._power(phi, n)
    return (power - form._power(sp.Integer(-1), n) / power) / form.flatten(sp.sqrt(5))


def _harmonic(form: Any, n: Any, order: Any = 1) -> Any:
    """H_n = ψ(n + 1) + γ, and H_n^(m) = ζ(m) - (-1)^m ψ^(m-1)(n + 1) / (m - 1)! for an integer m ≥ 2 (DLMF 25.11.12)."""
    if isinstance(order, sp.Integer) and 2 <= order <= 9:
        scale = (-1) ** order / sp.factorial(order - 1)
        return form.flatten(sp.zeta(order)) - scale * polygamma(form, order - 1, n + 1)
    if order != 1:
        return form._opaque(sp.harmonic(n, order))
    return polygamma(form, sp.Integer(0), n + 1) + form.flatten(sp.EulerGamma)


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
        return _gamma_of_number(form, z)
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


def _gamma_of_number(form: Any, z: Any) -> Any:
    """Γ(z) for a rational z by its values in (0, 1/2]."""
    if z.is_Integer and z <= 0:
        return form._opaque(sp.gamma(z))
    if (2 * z).is_Integer:
        if abs(z) > WRITTEN:
            raise NoNormalForm("a gamma function too far out")
        return form.flatten(sp.gamma(z))
    k = int(sp.floor(z))
    if abs(k) > SHIFTS:
        raise NoNormalForm("too long a shift")
    if k:
        factors = sp.Mul(*(z - k + j for j in (range(k) if k > 0 else range(k, 0))))
        return _gamma_of_number(form, z - k) * factors ** (1 if k > 0 else -1)
    if z > HALF:
        return form.flatten(sp.pi / sp.sin(sp.pi * z)) / _gamma_of_number(form, 1 - z)
    return form._generator("function", sp.gamma(z, evaluate=False))


def polygamma(form: Any, order: Any, argument: Any) -> Any:
    """ψ^(m)(z) by shift, reflection and Gauss's multiplication (derivatives of those of log Γ)."""
    if not (order.is_Integer and order >= 0):
        return form._opaque(sp.polygamma(order, argument))
    z = sp.expand(form.canonical(argument))
    if z.is_Rational:
        return _polygamma_of_number(form, order, z)
    base, k = shifted(form, z, 1)
    linear = [t.as_coeff_Mul() for t in sp.Add.make_args(base) if not t.is_Rational]
    if order <= 8 and not form.facts.is_integer(base) and max(linear, key=lambda t: sp.default_sort_key(t[1]))[0] < 0:
        t = sp.Dummy("t")
        cotangent = sp.diff(sp.cot(sp.pi * t), t, int(order)).subs(t, z)
        return sp.Integer(-1) ** order * polygamma(form, order, 1 - z) - form.flatten(sp.pi * cotangent)
    g = math.gcd(*(int(c) for c, _ in linear)) if all(c.is_Integer for c, _ in linear) else 1
    if 2 <= g <= 6:
        x = sp.expand(z / g)
        parts = sp.Add(*(polygamma(form, order, x + sp.Rational(j, g)) for j in range(g)))
        return (form.flatten(sp.log(g)) if order == 0 else 0) + parts / sp.Integer(g) ** (order + 1)
    value = form._generator("function", sp.polygamma(order, base, evaluate=False))
    scale = sp.Integer(-1) ** order * sp.factorial(order)
    terms = [scale * form.flatten(base + j) ** (-order - 1) for j in (range(k) if k > 0 else range(k, 0))]
    return value + sp.Add(*terms) * (1 if k > 0 else -1)


def _polygamma_of_number(form: Any, order: Any, z: Any) -> Any:
    """ψ^(m)(z) for a rational z by its values in (0, 1/2] and at 1."""
    value = sp.polygamma(order, z)
    if not isinstance(value, sp.polygamma):
        return form.flatten(value)
    if z.is_Integer or order > 8:
        return form._opaque(value)
    k = int(sp.floor(z))
    if abs(k) > SHIFTS:
        raise NoNormalForm("too long a shift")
    if k:
        terms = sp.Add(*((z - k + j) ** (-order - 1) for j in (range(k) if k > 0 else range(k, 0))))
        step = sp.Integer(-1) ** order * sp.factorial(order) * terms * (1 if k > 0 else -1)
        return _polygamma_of_number(form, order, z - k) + step
    if z > HALF:
        t = sp.Dummy("t")
        cotangent = sp.diff(sp.cot(sp.pi * t), t, int(order)).subs(t, z)
        return sp.Integer(-1) ** order * _polygamma_of_number(form, order, 1 - z) - form.flatten(sp.pi * cotangent)
    if (order, z) == (1, sp.Rational(1, 4)):
        return form.flatten(sp.pi**2 + 8 * sp.Catalan)
    return form._generator("function", sp.polygamma(order, z, evaluate=False))


def _zeta(form: Any, s: Any, a: Any = ONE) -> Any:
    """ζ(s, a) by ψ for an integer s ≥ 2, else by shift: ζ(s, a) = a^-s + ζ(s, a + 1); ζ(s, 1/2) = (2^s - 1) ζ(s)."""
    s, z = form.canonical(s), sp.expand(form.canonical(a))
    if s.is_Integer and s >= 2 and z != 1:
        return sp.Integer(-1) ** s * polygamma(form, s - 1, z) / sp.factorial(s - 1)
    if z == 1:
        value = sp.zeta(s)
        return form._named("function", value) if isinstance(value, sp.zeta) else form.flatten(value)
    base, k = (z - sp.ceiling(z) + 1, int(sp.ceiling(z)) - 1) if z.is_Rational else shifted(form, z, 1)
    if abs(k) > SHIFTS or (z.is_Integer and z <= 0):
        return form._opaque(sp.zeta(s, z))
    if base == 1:
        value = _zeta(form, s)
    elif base == HALF:
        value = (form._power(sp.Integer(2), s) - 1) * _zeta(form, s)
    else:
        value = form._named("function", sp.zeta(s, base))
    terms = [form._power(base + j, -s) for j in (range(k) if k > 0 else range(k, 0))]
    return value - sp.Add(*terms) * (1 if k > 0 else -1)


def family(form: Any, function: Any, *arguments: Any) -> Any:
    """A family with a three-term recurrence in its first argument: degrees n + k by those of n and n + 1."""
    up = RECURRENCES[function]
    rest = tuple(form.canonical(a) for a in arguments[1:])
    if function in PARITY and form.facts.is_integer(arguments[0]) and form.facts.is_nonnegative(arguments[0]):
        if rest[-1].could_extract_minus_sign():
            mirrored = family(form, function, *arguments[:-1], sp.expand(-rest[-1]))
            return form._power(sp.Integer(-1), arguments[0]) * mirrored
        if function is sp.legendre and rest == (1,):
            return sp.Integer(1)
    base, k = shifted(form, arguments[0], 0)
    half_order = HALF_ORDER.get(function) if base == HALF else None
    if half_order is None and base.is_Rational:
        value = function(base + k, *rest)
        return form._named("function", value) if isinstance(value, function) else form.flatten(value)
    if half_order is not None:
        pair = [form.flatten(e) for e in half_order(rest[0])]
    else:
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


def _lower_order(function: Any, plain: dict[Any, Any]) -> Callable[..., Any]:
    """A family of polynomials with a parameter a by those of parameters that differ by no integer (`ORDERS`)."""

    def of_order(form: Any, n: Any, a: Any, x: Any) -> Any:
        return form.flatten(plain[a](n, x)) if a in plain else family(form, function, n, a, x)

    def apply(form: Any, n: Any, a: Any, x: Any) -> Any:
        base, k = shifted(form, a, 0)
        k -= 1 if base == 0 and function is sp.gegenbauer else 0  # that of order 0 is zero
        argument = form.canonical(x)
        divisor, terms = ORDERS[function](n, a - 1, argument)
        # where the divisor vanishes both sides are continuous; a fact that it does would spoil that argument
        apart = form.flatten(divisor) != 0 and (not form.facts.equations or form.facts.is_nonzero(divisor))
        if not 0 < k <= LOWERED or not apart or n.is_Number:
            return of_order(form, n, a, x)
        furthest = max(shift for _, shift in terms)
        row = {j: of_order(form, n + j, a - k, x) for j in range(furthest * k + 1)}
        for below in range(k, 0, -1):  # from the parameter a - below to the next, for the degrees that are still needed
            above = {}
            for j in range(furthest * (below - 1) + 1):
                divisor, terms = ORDERS[function](n + j, a - below, argument)
                parts = (form.flatten(c) * row[j + shift] for c, shift in terms)
                above[j] = sp.Add(*parts) / form.flatten(divisor)
            row = above
        return row[0]

    return apply


def _chebyshev(first_kind: bool) -> Callable[..., Any]:
    """T_n and U_{n-1} of an integer n by those of the symbols in n: with w = x + √(x² - 1), w^n = T_n + √(x² - 1) U_{n-1}.

    T_n ∘ T_l = T_{nl}.
    """

    def apply(form: Any, degree: Any, x: Any) -> Any:
        function = sp.chebyshevt if first_kind else sp.chebyshevu
        n = sp.expand(form.canonical(degree if first_kind else degree + 1))
        terms = [t.as_coeff_Mul() for t in sp.Add.make_args(n)]
        whole = all(c.is_Integer and abs(c) <= SHIFTS and form.facts.is_integer(m) for c, m in terms)
        if not whole or sum(abs(c) for c, m in terms if m != 1) > 6:
            return family(form, function, degree, x)
        if first_kind and isinstance(x, sp.chebyshevt) and form.facts.is_integer(x.args[0]):  # T_n(T_l) = T_{n l}
            return apply(form, degree * x.args[0], x.args[1])
        if isinstance(x, sp.cos | sp.cosh):
            angle = x.args[0]
            sine = sp.sin(angle) if isinstance(x, sp.cos) else sp.sinh(angle)
            if first_kind:
                return form.flatten(x.func(n * angle))
            # where the sine vanishes both sides are continuous; a fact that it does would spoil that argument
            if not form.facts.equations or form.facts.is_nonzero(sine):
                return form.flatten(sine.func(n * angle) / sine)
        argument = form.canonical(x)
        if argument.could_extract_minus_sign() and n != 0:
            return form._power(sp.Integer(-1), degree) * apply(form, degree, sp.expand(-argument))
        at = form.flatten(argument)
        value = (sp.Integer(1), sp.Integer(0))
        for c, m in terms:
            if m == 1:
                one = _chebyshev_polynomials(abs(int(c)), at)
                times = 1
            else:
                one = (
                    form._named("function", sp.chebyshevt(m, argument, evaluate=False)),
                    form._named("function", sp.chebyshevu(m - 1, argument, evaluate=False)),
                )
                times = abs(int(c))
            one = one if c > 0 else (one[0], -one[1])
            for _ in range(times):
                value = (value[0] * one[0] + (at**2 - 1) * value[1] * one[1], value[0] * one[1] + value[1] * one[0])
        return value[0] if first_kind else value[1]

    return apply


def _chebyshev_polynomials(n: int, x: Any) -> tuple[Any, Any]:
    """(T_n, U_{n-1}) at x for a number n ≥ 0."""
    if n == 0:
        return sp.Integer(1), sp.Integer(0)
    t = sp.Dummy("t")
    return sp.chebyshevt_poly(n, t).xreplace({t: x}), sp.chebyshevu_poly(n - 1, t).xreplace({t: x})


def _upper_gamma(form: Any, s: Any, x: Any) -> Any:
    """Γ(s + 1, x) = s Γ(s, x) + x^s e^{-x}; Γ(1, x) = e^{-x}; Γ(1/2, x) = √π erfc √x for x ≥ 0."""
    base, k = shifted(form, s, 1 if not sp.expand(form.canonical(s)).is_Rational else 0)
    at = form.canonical(x)
    if base == 0 and k >= 1:
        base, k = sp.Integer(1), k - 1
    if base == 1:
        value = form._exponential(-at)
    elif base == HALF and form.facts.is_nonnegative(at):
        value = form.flatten(sp.sqrt(sp.pi) * sp.erfc(sp.sqrt(at)))
    else:
        value = form._named("function", sp.uppergamma(base, at, evaluate=False))
    for j in range(k):
        value = form.flatten(base + j) * value + form._power(at, base + j) * form._exponential(-at)
    for j in range(-1, k - 1, -1):
        value = (value - form._power(at, base + j) * form._exponential(-at)) / form.flatten(base + j)
    return value


def _eta(form: Any, s: Any) -> Any:
    """η(s) = (1 - 2^{1-s}) ζ(s), DLMF 25.2.3; η(1) = log 2."""
    if not form.facts.is_nonzero(s - 1):
        raise NeedCase(sp.Eq(s, 1, evaluate=False))
    return (1 - form._power(sp.Integer(2), 1 - s)) * _zeta(form, s)


def _double_factorial(form: Any, n: Any) -> Any:
    """(2m)!! = 2^m m! and (2m - 1)!! = 2^m Γ(m + 1/2) / √π for an integer m ≥ 0."""
    for m, even in ((n / 2, True), ((n + 1) / 2, False)):
        m = sp.expand(m)
        if form.facts.is_integer(m) and form.facts.is_nonnegative(m):
            value = gamma(form, m + 1) if even else gamma(form, m + HALF) / form.flatten(sp.sqrt(sp.pi))
            return form._power(sp.Integer(2), m) * value
    return form._opaque(sp.factorial2(n))


def _binomial(form: Any, n: Any, k: Any) -> Any:
    """Γ(n + 1) / (Γ(k + 1) Γ(n - k + 1)); of integers C(-m, k) = (-1)^k C(m + k - 1, k) for m > 0 and k ≥ 0.

    0 for integers k < 0, and for integers 0 ≤ n < k.
    """
    facts = form.facts
    if facts.is_integer(k) and (
        facts.is_positive(-k) or (facts.is_integer(n) and facts.is_nonnegative(n) and facts.is_positive(sp.expand(k - n)))
    ):
        return sp.Integer(0)
    if facts.is_integer(n) and facts.is_positive(-n) and facts.is_integer(k) and facts.is_nonnegative(k):
        return form._power(sp.Integer(-1), k) * _binomial(form, sp.expand(k - n - 1), k)
    return _gamma_ratio(form, sp.binomial(n, k), k, n + 1, n - k + 1, k + 1)


def _gamma_ratio(form: Any, e: Any, steps: Any, above: Any, *below: Any) -> Any:
    """e = Γ(above) / ∏ Γ(below), above less the first of these being `steps`, where e is defined at common poles too.

    Where both have a pole the ratio of gamma functions is a limit, and the right one if the steps are kept while `above` moves:
    so the steps must be a number, or `above` positive, or hold a symbol that varies continuously and does not move the steps.
    """
    facts = form.facts
    free = {s for s in above.free_symbols if not facts.is_integer(s)} - steps.free_symbols
    if steps.is_Integer or facts.is_positive(sp.expand(above)) or free:
        return gamma(form, above) / sp.Mul(*(gamma(form, b) for b in below))
    return form._opaque(e)


def _sinc(form: Any, x: Any) -> Any:
    """sin x / x, and 1 at 0."""
    if form.canonical(x) == 0:
        return sp.Integer(1)
    if not form.facts.is_nonzero(x):
        raise NeedCase(sp.Eq(x, 0, evaluate=False))
    return _sin(form, x) / form.flatten(x)


def _direction(form: Any, z: Any) -> Any:
    """sign z = z / |z|, and 0 at 0."""
    if form.canonical(z) == 0:
        return sp.Integer(0)
    if not form.facts.is_nonzero(z):
        raise NeedCase(sp.Eq(z, 0, evaluate=False))
    return form.flatten(z / sp.Abs(z))


def _angle(form: Any, y: Any, x: Any) -> Any:
    """atan2(y, x) = atan(y / x) for x > 0."""
    if form.facts.is_positive(x) and form.facts.is_real(y):
        return form.flatten(sp.atan(y / x))
    return form._opaque(sp.atan2(y, x))


def _of_reciprocal(inverse: Any, at_zero: Any) -> Callable[[Any, Any], Any]:
    """arccot u = arctan(1/u) and its like, with the value at zero."""

    def apply(form: Any, u: Any) -> Any:
        if form.canonical(u) == 0:
            return form.flatten(at_zero)
        if not form.facts.is_nonzero(u):
            raise NeedCase(sp.Eq(u, 0, evaluate=False))
        return form.flatten(inverse(1 / u))

    return apply


def _real_part(form: Any, z: Any) -> Any:
    return (form.flatten(z) + form._conjugate(z)) / 2


PARITY = (sp.legendre, sp.hermite, sp.chebyshevt, sp.chebyshevu, sp.gegenbauer)  # f_n(-x) = (-1)^n f_n(x)

# the functions of orders 1/2 and 3/2 in elementary terms (DLMF 10.16, 10.39)
HALF_ORDER: dict[Any, Callable[[Any], tuple[Any, Any]]] = {
    sp.besselj: lambda x: (
        sp.sqrt(2 / sp.pi) / sp.sqrt(x) * sp.sin(x),
        sp.sqrt(2 / sp.pi) / sp.sqrt(x) * (sp.sin(x) / x - sp.cos(x)),
    ),
    sp.bessely: lambda x: (
        -sp.sqrt(2 / sp.pi) / sp.sqrt(x) * sp.cos(x),
        -sp.sqrt(2 / sp.pi) / sp.sqrt(x) * (sp.cos(x) / x + sp.sin(x)),
    ),
    sp.besseli: lambda x: (
        sp.sqrt(2 / sp.pi) / sp.sqrt(x) * sp.sinh(x),
        sp.sqrt(2 / sp.pi) / sp.sqrt(x) * (sp.cosh(x) - sp.sinh(x) / x),
    ),
    sp.besselk: lambda x: (
        sp.sqrt(sp.pi / 2) / sp.sqrt(x) * sp.exp(-x),
        sp.sqrt(sp.pi / 2) / sp.sqrt(x) * sp.exp(-x) * (1 + 1 / x),
    ),
}

# c_up · F_{n+1} = b · F_n + c · F_{n-1}, as (c_up, b, c) at degree n
RECURRENCES: dict[Any, Callable[..., tuple[Any, Any, Any]]] = {
    sp.legendre: lambda n, x: (n + 1, (2 * n + 1) * x, -n),
    sp.chebyshevt: lambda n, x: (sp.Integer(1), 2 * x, sp.Integer(-1)),
    sp.chebyshevu: lambda n, x: (sp.Integer(1), 2 * x, sp.Integer(-1)),
    sp.hermite: lambda n, x: (sp.Integer(1), 2 * x, -2 * n),
    sp.laguerre: lambda n, x: (n + 1, 2 * n + 1 - x, -n),
    sp.assoc_laguerre: lambda n, a, x: (n + 1, 2 * n + 1 + a - x, -n - a),
    sp.gegenbauer: lambda n, a, x: (n + 1, 2 * (n + a) * x, 1 - n - 2 * a),
    sp.jacobi: lambda n, a, b, x: (
        2 * (n + 1) * (n + a + b + 1) * (2 * n + a + b),
        (2 * n + a + b + 1) * ((2 * n + a + b) * (2 * n + a + b + 2) * x + a**2 - b**2),
        -2 * (n + a) * (n + b) * (2 * n + a + b + 2),
    ),
    sp.besselj: lambda n, x: (sp.Integer(1), 2 * n / x, sp.Integer(-1)),
    sp.bessely: lambda n, x: (sp.Integer(1), 2 * n / x, sp.Integer(-1)),
    sp.besseli: lambda n, x: (sp.Integer(1), -2 * n / x, sp.Integer(1)),
    sp.besselk: lambda n, x: (sp.Integer(1), 2 * n / x, sp.Integer(1)),
}

# d · F_n^(a+1) = Σ c F_{n+j}^(a), as d and pairs (c, j) (DLMF 18.9.14, 18.9.8)
ORDERS: dict[Any, Callable[..., tuple[Any, tuple[tuple[Any, int], ...]]]] = {
    sp.assoc_laguerre: lambda n, a, x: (x, ((n + a + 1, 0), (-n - 1, 1))),
    sp.gegenbauer: lambda n, a, x: (
        4 * a * (n + a + 1) * (1 - x**2),
        (((n + 2 * a) * (n + 2 * a + 1), 0), (-(n + 1) * (n + 2), 2)),
    ),
}

# the partial derivative in each argument; None where there is no formula
DERIVATIVES: dict[Any, Callable[..., tuple[Any, ...]]] = {
    sp.log: lambda x: (1 / x,),
    sp.gamma: lambda x: (sp.gamma(x) * sp.polygamma(0, x),),
    sp.loggamma: lambda x: (sp.polygamma(0, x),),
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
    # by the next degree, so that nothing is divided by a degree that may be 0 (DLMF 18.9(iii))
    sp.assoc_laguerre: lambda n, a, x: (
        None,
        None,
        ((n + 1) * sp.assoc_laguerre(n + 1, a, x) - (n + 1 + a - x) * sp.assoc_laguerre(n, a, x)) / x,
    ),
    sp.gegenbauer: lambda n, a, x: (
        None,
        None,
        ((n + 2 * a) * x * sp.gegenbauer(n, a, x) - (n + 1) * sp.gegenbauer(n + 1, a, x)) / (1 - x**2),
    ),
    sp.jacobi: lambda n, a, b, x: (
        None,
        None,
        None,
        (n + a + b + 1)
        * ((a - b + (2 * n + a + b + 2) * x) * sp.jacobi(n, a, b, x) - 2 * (n + 1) * sp.jacobi(n + 1, a, b, x))
        / ((2 * n + a + b + 2) * (1 - x**2)),
    ),
    sp.airyai: lambda x: (sp.airyaiprime(x),),
    sp.airybi: lambda x: (sp.airybiprime(x),),
    sp.airyaiprime: lambda x: (x * sp.airyai(x),),
    sp.airybiprime: lambda x: (x * sp.airybi(x),),
    sp.fresnels: lambda x: (sp.sin(sp.pi * x**2 / 2),),
    sp.fresnelc: lambda x: (sp.cos(sp.pi * x**2 / 2),),
    sp.Shi: lambda x: (sp.sinh(x) / x,),
    sp.Chi: lambda x: (sp.cosh(x) / x,),
    sp.elliptic_k: lambda m: ((sp.elliptic_e(m) - (1 - m) * sp.elliptic_k(m)) / (2 * m * (1 - m)),),
    sp.elliptic_e: lambda m: ((sp.elliptic_e(m) - sp.elliptic_k(m)) / (2 * m),),
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
    sp.acos: _by(lambda x: sp.pi / 2 - sp.asin(x)),  # the arcsine is odd, also on its cuts
    sp.atan: _by(lambda x: _i / 2 * (sp.log(1 - _i * x, evaluate=False) - sp.log(1 + _i * x, evaluate=False))),
    sp.asinh: _by(lambda x: sp.log(x + sp.sqrt(x**2 + 1), evaluate=False)),
    sp.acosh: _by(lambda x: sp.log(x + sp.sqrt(x + 1) * sp.sqrt(x - 1), evaluate=False)),
    sp.atanh: _by(lambda x: (sp.log(1 + x, evaluate=False) - sp.log(1 - x, evaluate=False)) / 2),
    sp.acot: _of_reciprocal(sp.atan, sp.pi / 2),
    sp.acoth: _of_reciprocal(sp.atanh, sp.I * sp.pi / 2),
    sp.sinc: _sinc,
    sp.erf: _odd(sp.erf),
    sp.erfc: lambda f, x: 1 - f.flatten(sp.erf(x)),
    sp.erfi: lambda f, x: -f.imaginary * f.flatten(sp.erf(_i * x, evaluate=False)),
    sp.Si: _odd(sp.Si),
    sp.Shi: _odd(sp.Shi),
    sp.fresnels: _odd(sp.fresnels),
    sp.fresnelc: _odd(sp.fresnelc),
    sp.hyper: lambda f, *a: f._hyper(*a),
    sp.gamma: gamma,
    sp.factorial: lambda f, n: gamma(f, n + 1),
    sp.beta: lambda f, a, b: gamma(f, a) * gamma(f, b) / gamma(f, a + b),
    sp.binomial: _binomial,
    sp.catalan: lambda f, n: _binomial(f, 2 * n, n) / f.flatten(n + 1),
    sp.factorial2: _double_factorial,
    sp.uppergamma: _upper_gamma,
    sp.lowergamma: lambda f, s, x: gamma(f, s) - _upper_gamma(f, s, x),
    # E_n(x) = x^{n-1} Γ(1 - n, x), DLMF 8.19.1
    sp.expint: lambda f, n, x: f._power(x, n - 1) * _upper_gamma(f, 1 - n, x),
    sp.atan2: _angle,
    sp.RisingFactorial: lambda f, x, n: _gamma_ratio(f, sp.RisingFactorial(x, n), n, x + n, x),
    sp.FallingFactorial: lambda f, x, n: _gamma_ratio(f, sp.FallingFactorial(x, n), n, x + 1, x - n + 1),
    sp.digamma: lambda f, x: polygamma(f, sp.Integer(0), x),
    sp.polygamma: polygamma,
    sp.zeta: _zeta,
    sp.dirichlet_eta: _eta,
    sp.fibonacci: _fibonacci,
    sp.lucas: lambda f, n: _fibonacci(f, n - 1) + _fibonacci(f, n + 1),
    sp.LambertW: _lambert,
    sp.Abs: lambda f, *a: f._absolute(*a),
    sp.sign: lambda f, x: f._sign(x) if f.facts.is_real(x) else _direction(f, x),
    sp.Heaviside: lambda f, *a: f._heaviside(*a),
    sp.Max: lambda f, *a: f._maximum(*a),
    sp.Min: lambda f, *a: -f._maximum(*(-x for x in a)),
    sp.floor: floor,
    sp.ceiling: lambda f, x: -floor(f, -x),
    sp.frac: lambda f, x: f.flatten(x) - floor(f, x),
    sp.Mod: lambda f, a, b: f.flatten(a) - f.flatten(b) * floor(f, a / b),
    sp.KroneckerDelta: lambda f, *a: f._delta(*a),
    sp.conjugate: lambda f, *a: f._conjugate(*a),
    sp.re: _real_part,
    sp.im: lambda f, x: (f.flatten(x) - f._conjugate(x)) / (2 * f.imaginary),
    sp.jn: _by(lambda n, x: sp.sqrt(sp.pi / 2) / sp.sqrt(x) * sp.besselj(n + HALF, x)),
    sp.yn: _by(lambda n, x: sp.sqrt(sp.pi / 2) / sp.sqrt(x) * sp.bessely(n + HALF, x)),
    sp.hankel1: _by(lambda n, x: sp.besselj(n, x) + _i * sp.bessely(n, x)),
    sp.hankel2: _by(lambda n, x: sp.besselj(n, x) - _i * sp.bessely(n, x)),
    sp.hermite_prob: _by(lambda n, x: 2 ** (-n / 2) * sp.hermite(n, x / sp.sqrt(2), evaluate=False)),
    sp.erf2: _by(lambda a, b: sp.erf(b) - sp.erf(a)),
    **{function: _family(function) for function in RECURRENCES},
    sp.chebyshevt: _chebyshev(True),
    sp.chebyshevu: _chebyshev(False),
    sp.assoc_laguerre: _lower_order(sp.assoc_laguerre, {sp.Integer(0): sp.laguerre}),
    sp.gegenbauer: _lower_order(sp.gegenbauer, {HALF: sp.legendre, sp.Integer(1): sp.chebyshevu}),
    sp.harmonic: _harmonic,
}
