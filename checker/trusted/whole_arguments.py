"""Multiples of a variable in its place, so that functions hold whole multiples of it.

e^{ix} - 1 has then the factors that sin(x/2) has, and Γ(2x) is a product of Γ(x) and Γ(x + 1/2) that Γ(x/2) is compared with.
All values of a variable that is real, positive or complex are admitted if those of q times it are.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts, mentions
from derivable.trusted.heads import bound_variables, variables_of

ANGLES = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tan, sp.cot, sp.tanh, sp.coth)
GAMMA_FAMILY = (
    sp.gamma, sp.loggamma, sp.polygamma, sp.beta, sp.binomial, sp.factorial, sp.RisingFactorial, sp.FallingFactorial, sp.harmonic,
)  # fmt: skip


def in_whole_arguments(e: Any, facts: Facts, functions: tuple[Any, ...]) -> Any:
    """e with q x in place of each variable x of which the arguments of these functions hold x/q, least q."""
    bound = bound_variables(e)
    for x in variables_of(e):
        if not x.is_Symbol or x in bound or x.is_rational is not None or any(mentions(c, x) for c in facts.where):
            continue
        arguments = (u for node in e.atoms(*functions) for u in node.args)
        terms = (term for u in arguments for term in sp.Add.make_args(sp.expand(u)) if term.has(x))
        q = sp.ilcm(1, 1, *(term.as_coeff_Mul()[0].q for term in terms if term.as_coeff_Mul()[0].is_Rational))
        e = e.xreplace({x: q * x}) if q > 1 else e
    return e


__all__ = ["ANGLES", "GAMMA_FAMILY", "in_whole_arguments"]
