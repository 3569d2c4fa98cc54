"""Double-exponential quadrature (Takahasi and Mori, 1974): numerical values of integrals, no enclosures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx

FIRST = 16  # nodes per unit of t
HALVINGS = 3
FURTHEST = 12  # the largest |t|


class Unsettled(Exception):
    """The quadrature did not settle: the integrand does not decay, is not seen, or has no absolutely convergent integral."""


class Unseen(Unsettled):
    """No node met the integrand where it is not negligible."""


def double_exponential(integrand: Callable[[acb], acb | None], a: acb | str, b: acb | str) -> acb:
    """∫_a^b f, a = "-oo" and b = "oo" among the ends, by the trapezoidal rule in t, x = x(t), at steps that are halved.

    The error is estimated by the change at the last halving; `None` from the integrand ends a direction. Raises `Unsettled`.
    """

    def transform(t: arb) -> tuple[acb, acb]:
        s, c = (arb.pi() / 2 * t.sinh(), arb.pi() / 2 * t.cosh())
        if isinstance(a, str) and isinstance(b, str):
            return acb(s.sinh()), acb(c * s.cosh())
        if isinstance(a, str) or isinstance(b, str):
            # x = end ± exp(π/2 sinh t)
            end, direction = (b, -1) if isinstance(a, str) else (a, 1)
            return acb(end) + direction * acb(s.exp()), acb(c * s.exp())
        half = (b - a) / 2
        # 1 + tanh s without cancellation, so that an end point singularity is approached, never met
        offset = 2 * half / (1 + acb((-2 * s).exp())) if s < 0 else 2 * half / (1 + acb((2 * s).exp()))
        return a + offset if s < 0 else b - offset, half * acb(c) / acb(s.cosh()) ** 2

    def added(step: int, first: int, stride: int) -> tuple[acb, arb]:
        """Σ f(x(t)) x'(t) and Σ |f(x(t)) x'(t)| over t = ±j / step, j = first, first + stride, …"""
        result, mass = acb(0), arb(0)
        for direction in (1, -1):
            quiet = 0
            for j in range(first if first or direction > 0 else stride, FURTHEST * step, stride):
                x, weight = transform(arb(direction * j) / step)
                value = integrand(x)
                if value is None:
                    break
                value = value * weight
                result, mass = result + value, mass + abs(value)
                quiet = quiet + 1 if abs(value) < arb(2) ** (-ctx.prec) else 0
                if quiet > 3 and j > 5 * step // 2:
                    break
            else:
                raise Unsettled("an integrand that does not decay")
        return result, mass

    total, mass = added(FIRST, 0, 1)
    values, masses = [total / FIRST], [mass / FIRST]
    for step in (FIRST << k for k in range(1, HALVINGS + 1)):
        more, more_mass = added(step, 1, 2)  # the nodes between those of the step before
        total, mass = total + more, mass + more_mass
        values.append(total / step)
        masses.append(mass / step)
        if not masses[-1] > arb(10) ** -12:
            raise Unseen("an integrand that the quadrature does not see")
        if _settled(values, masses):
            fine = values[-1]
            error = abs(fine - values[-2]) + abs(fine) * arb(2) ** (-ctx.prec // 2)
            if error < (abs(fine) + 1) * arb(10) ** -8:
                return fine + acb(arb(0, error.upper()), arb(0, error.upper()))
    raise Unsettled("an integral whose quadrature does not settle")


def _settled(values: list[Any], masses: list[Any]) -> bool:
    """Whether the last three values agree, and ∫ |f| converges too: the nodes must not cancel a pole that they straddle.

    Where f changes its sign |f| has a corner, and its values converge like the square of the step; at a pole they do not.
    """
    if len(values) < 3:
        return False
    fine = values[-1]
    if not all(abs(v - u) < (abs(v) + 1) * arb(10) ** -9 for u, v in ((values[-3], values[-2]), (values[-2], fine))):
        return False
    before, last = abs(masses[-2] - masses[-3]), abs(masses[-1] - masses[-2])
    return bool(last < masses[-1] * arb(10) ** -4) or bool(last * 2 < before)
