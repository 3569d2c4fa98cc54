"""The mean of the logarithm of a wave over a period (Poisson's integral, Jensen's formula for one zero).

For real A > 0, B and C with A² ≥ B² + C²

    1/2π ∫_0^2π log(A + B cos t + C sin t) dt = log((A + √(A² - B² - C²)) / 2)

since A + B cos t + C sin t = c |1 + z e^{it}|² with |z| ≤ 1 and c = (A + √(A² - B² - C²))/2, and log |1 + w| is harmonic in
the disc, where its mean over a circle is log 1 = 0.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts


def mean_logarithm(integrand: Any, x: Any, lower: Any, upper: Any, facts: Facts) -> tuple[Any, str] | None:
    """(value, name) of ∫ log(A + B cos θ + C sin θ) dx, θ linear in x, over periods, or from an extreme of cos θ to another.

    Quadratic polynomials in cos θ and sin θ without linear terms are waves of 2θ.
    """
    if not isinstance(integrand, sp.log) or upper.is_infinite or lower.is_infinite:
        return None
    e = integrand.args[0]
    angles = {node.args[0] for node in e.atoms(sp.sin, sp.cos) if node.has(x)}
    if len(angles) != 1:
        return None
    (angle,) = angles
    cosine, sine = sp.Dummy("c"), sp.Dummy("s")
    marked = e.xreplace({sp.cos(angle): cosine, sp.sin(angle): sine})
    if marked.has(x) or not angle.is_polynomial(x) or sp.degree(angle, x) != 1 or not marked.is_polynomial(cosine, sine):
        return None
    wave = sp.Poly(marked, cosine, sine)
    if wave.total_degree() == 2 and not any(sum(m) == 1 for m in wave.monoms()):
        double = {(0, 0): 1, (2, 0): (1 + cosine) / 2, (0, 2): (1 - cosine) / 2, (1, 1): sine / 2}
        wave = sp.Poly(sp.Add(*(value * double[m] for m, value in wave.terms())), cosine, sine)
        angle = sp.expand(2 * angle)
    rate = sp.expand(angle).coeff(x, 1)
    if wave.total_degree() != 1 or not facts.is_real(angle) or not facts.is_nonzero(rate):
        return None
    a, b, c = (wave.coeff_monomial(m) for m in (1, cosine, sine))
    left = sp.factor(a**2 - b**2 - c**2)
    if not all(facts.is_real(v) for v in (a, b, c)) or not facts.is_positive(a) or not facts.is_nonnegative(left):
        return None
    turns = sp.expand((upper - lower) * rate / (2 * sp.pi))
    halves = (sp.expand(angle.subs(x, end) / sp.pi) for end in (lower, upper))
    if not facts.is_integer(turns) and not (c == 0 and all(facts.is_integer(half) for half in halves)):
        return None
    return (upper - lower) * sp.log((a + sp.sqrt(left)) / 2), "mean of a logarithm"


__all__ = ["mean_logarithm"]
