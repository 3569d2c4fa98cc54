"""Gaussian means of error functions, which are those of GELU and of networks with such units.

With a > 0 and real α, β (b and the offset δ may be complex):

    ∫_R erf(αx + δ) e^{-a x² + b x} dx       = √(π/a) e^{b²/4a} erf((δ + αb/2a) / √(1 + α²/a))
    ∫_R erf(αx) erf(βx) e^{-a x²} dx         = (2/π) √(π/a) arcsin(αβ / √((a + α²)(a + β²)))       (Williams 1997)
    ∫_0^∞ erf(αx) e^{-a x²} dx               = arctan(α/√a) / √(πa)

Each is analytic in its parameters, and a power x^k is the k-th derivative by b in the first, x^{2j} the j-th by -a in the others;
where the integrand is even the half-line has half of the line. All these integrands are O(x^k e^{-a x² + b x}).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

MOMENTS = 8


def error_mean(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """(value, name) of an integral over the line or the half-line, term by term; None if a term is of no such shape."""
    if upper is not sp.oo or lower not in (-sp.oo, sp.Integer(0)) or not integrand.has(sp.erf, sp.erfc):
        return None
    plain = integrand.replace(sp.erfc, lambda u: 1 - sp.erf(u))
    if not integrand.has(sp.exp) or plain.atoms(sp.Function) - plain.atoms(sp.exp, sp.erf, sp.log):
        return None
    values = []
    for term in sp.Add.make_args(sp.expand(plain, power_base=False, log=False)):
        value = _term(term, x, lower, facts)
        if value is None:
            return None
        values.append(value)
    return sp.Add(*values), "Gaussian mean of error functions"


def _term(term: Any, x: Any, lower: Any, facts: Facts) -> Any:
    constant, inside = term.as_independent(x, as_Add=False)
    exponent: Any = sp.Integer(0)
    power = sp.Integer(0)
    lines: list[tuple[Any, Any]] = []
    for factor in sp.Mul.make_args(inside):
        base, k = (factor, sp.Integer(1)) if isinstance(factor, sp.exp) else factor.as_base_exp()
        if not (k.is_Integer and k >= 0):
            return None
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif base == x:
            power += k
        elif isinstance(base, sp.erf) and _degree(base.args[0], x) == 1:
            line = sp.expand(base.args[0])
            lines += [(line.coeff(x, 1), line.coeff(x, 0))] * int(k)
        elif base != 1:
            return None
    exponent = sp.expand(exponent)
    if _degree(exponent, x) != 2 or power > MOMENTS or len(lines) > 2:
        return None
    a, b, c = -exponent.coeff(x, 2), exponent.coeff(x, 1), exponent.coeff(x, 0)
    if not (facts.is_positive(a) or facts.is_positive(sp.factor(a))) or not all(facts.is_real(alpha) for alpha, _ in lines):
        return None
    if not lines:
        return None if lower == 0 else constant * sp.exp(c) * _plain(int(power), a, b)
    value = _on_the_half_line(int(power), a, b, lines) if lower == 0 else _on_the_line(int(power), a, b, lines)
    return None if value is None else constant * sp.exp(c) * value


def _degree(e: Any, x: Any) -> int:
    return int(sp.degree(e, x)) if e.is_polynomial(x) and e.has(x) else 0


def _plain(k: int, a: Any, b: Any) -> Any:
    t = sp.Dummy("b")
    return sp.diff(sp.sqrt(sp.pi / a) * sp.exp(t**2 / (4 * a)), t, k).subs(t, b)


def _on_the_line(k: int, a: Any, b: Any, lines: list[tuple[Any, Any]]) -> Any:
    if len(lines) == 1:
        (alpha, offset), t = lines[0], sp.Dummy("b")
        argument = (offset + alpha * t / (2 * a)) / sp.sqrt(1 + alpha**2 / a)
        return sp.diff(sp.sqrt(sp.pi / a) * sp.exp(t**2 / (4 * a)) * sp.erf(argument), t, k).subs(t, b)
    middle = b / (2 * a)
    if any(sp.cancel(alpha * middle + offset) != 0 for alpha, offset in lines):
        return None
    # x = y + b/2a: the even powers of y that x^k holds
    even = [sp.binomial(k, 2 * j) * middle ** (k - 2 * j) * _two(j, a, lines) for j in range(k // 2 + 1)]
    return sp.exp(b**2 / (4 * a)) * sp.Add(*even)


def _two(j: int, a: Any, lines: list[tuple[Any, Any]]) -> Any:
    (alpha, _), (beta, _) = lines
    t = sp.Dummy("a", positive=True)
    angle = sp.asin(alpha * beta / sp.sqrt((t + alpha**2) * (t + beta**2)))
    return (-1) ** j * sp.diff(2 / sp.pi * sp.sqrt(sp.pi / t) * angle, t, j).subs(t, a)


def _on_the_half_line(k: int, a: Any, b: Any, lines: list[tuple[Any, Any]]) -> Any:
    if b != 0 or any(offset != 0 for _, offset in lines):
        return None
    if (k + len(lines)) % 2 == 0:
        whole = _on_the_line(k, a, b, lines)
        return None if whole is None else whole / 2
    if len(lines) == 2:
        return None
    t, alpha = sp.Dummy("a", positive=True), lines[0][0]
    return (-1) ** (k // 2) * sp.diff(sp.atan(alpha / sp.sqrt(t)) / sp.sqrt(sp.pi * t), t, k // 2).subs(t, a)


__all__ = ["error_mean"]
