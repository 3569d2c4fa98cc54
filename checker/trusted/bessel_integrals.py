"""Integrals that Bessel functions are the values of: over a period, and Lipschitz's and Hankel's over the half-line.

    ∫ e^{i n t + α cos t} dt = 2π I_n(α),  ∫ e^{i n t + β sin t} dt = 2π iⁿ I_n(β)  over a period, n an integer   (DLMF 10.32.3)
    ∫_0^∞ x^p e^{-a x} J_ν(b x) dx = (b/2)^ν Γ(σ) a^{-σ} ₂F₁(σ/2, (σ+1)/2; ν+1; -b²/a²) / Γ(ν+1), σ = p + ν + 1 > 0    (a, b > 0)

with I_n(i x) = iⁿ J_n(x).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts


def over_a_period(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """∫ of exponentials, sines and cosines of n x, α cos x and β sin x over a period, or over half of it for even integrands."""
    if not integrand.has(sp.sin, sp.cos) or not (sp.expand(upper - lower - 2 * sp.pi) == 0 or (lower, upper) == (0, sp.pi)):
        return None
    half = (lower, upper) == (0, sp.pi)
    if half and sp.expand(integrand.subs(x, -x) - integrand) != 0:
        return None
    cosine, sine = sp.Dummy("c"), sp.Dummy("s")
    inner = {sp.cos(x): cosine, sp.sin(x): sine}
    marked = integrand.replace(
        lambda node: isinstance(node, sp.sin | sp.cos | sp.exp) and node.args[0].has(*inner),
        lambda node: node.func(node.args[0].xreplace(inner)).rewrite(sp.exp),
    )
    if not marked.has(cosine, sine):
        return None  # nothing that an antiderivative would not find
    total = sp.Integer(0)
    for term in sp.Add.make_args(
        sp.expand(marked.replace(lambda n: isinstance(n, sp.sin | sp.cos), lambda n: n.rewrite(sp.exp)))
    ):
        constant, wave = term.as_independent(x, cosine, sine, as_Add=False)
        factors = sp.Mul.make_args(wave)
        exponent = sp.expand(sp.Add(*(f.args[0] for f in factors))) if all(isinstance(f, sp.exp) for f in factors) else None
        value = None if exponent is None else _of_one(exponent, x, cosine, sine, facts)
        if value is None:
            return None
        total += constant * value
    if not total.has(sp.besseli, sp.besselj):
        return None  # nothing that an antiderivative would not find
    return (total / 2 if half else total), "Bessel's integral"


def _of_one(exponent: Any, x: Any, cosine: Any, sine: Any, facts: Facts) -> Any:
    """∫ e^{i n x + α cos x + β sin x + γ} over a period for α = 0 or β = 0, each real or imaginary."""
    linear = sp.Poly(exponent, x, cosine, sine) if exponent.is_polynomial(x, cosine, sine) else None
    if linear is None or linear.total_degree() > 1:
        return None
    n, alpha, beta = sp.expand(linear.coeff_monomial(x) / sp.I), linear.coeff_monomial(cosine), linear.coeff_monomial(sine)
    if not facts.is_integer(n) or (alpha != 0 and beta != 0):
        return None
    turn = sp.I**n if alpha == 0 else sp.Integer(1)
    argument = beta if alpha == 0 else alpha
    imaginary = sp.expand(argument / sp.I)
    if facts.is_real(argument):
        value = sp.besseli(n, argument)
    elif facts.is_real(imaginary):
        value = sp.I**n * sp.besselj(n, imaginary)
    else:
        return None
    return 2 * sp.pi * turn * value * sp.exp(linear.coeff_monomial(1))


def of_bessel(power: Any, exponent: Any, rest: list[tuple[Any, Any]], x: Any, facts: Facts) -> tuple[Any, str] | None:
    """Lipschitz's and Hankel's integral of J_ν, for I_ν with +b²/a² and a > b (Watson, 13.2), where ν > -1 and σ > 0.

    Both sides are analytic in a > 0, for I_ν in a > b, and equal where the series of the Bessel function can be integrated.
    """
    if len(rest) != 1 or rest[0][1] != 1 or not isinstance(rest[0][0], sp.besselj | sp.besseli):
        return None
    order, argument = rest[0][0].args
    a, b = sp.cancel(-exponent / x), sp.cancel(argument / x)
    sigma = sp.expand(power + order + 1)
    sign = -1 if isinstance(rest[0][0], sp.besselj) else 1
    fine = not any(part.has(x) for part in (a, b, order)) and facts.is_positive(a) and facts.is_positive(b)
    if not (fine and facts.is_positive(sigma) and facts.is_positive(order + 1)):
        return None
    if sign == 1 and not facts.is_positive(a - b):
        return None
    series = sp.hyper((sigma / 2, (sigma + 1) / 2), (order + 1,), sign * b**2 / a**2)
    value = (b / 2) ** order * sp.gamma(sigma) * a**-sigma * series / sp.gamma(order + 1)
    return value, "Lipschitz's integral"


__all__ = ["of_bessel", "over_a_period"]
