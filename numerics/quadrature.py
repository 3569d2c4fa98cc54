"""Integrals to many digits: mpmath at two precisions with an estimated error, flint with a proved one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import flint
import mpmath

_GUARD_DIGITS = 10


@dataclass(frozen=True)
class Integral:
    """An integral and how far it may be off.

    Attributes:
        value: ``mpmath`` number with all its digits.
        error: absolute error, estimated or (``rigorous``) proved.
        rigorous: whether ``error`` is a theorem.
        method: how it was found.
        reached: whether the error is at most 10^-digits of max(1, \\|value\\|), with the digits asked for.
    """

    value: Any
    error: Any
    rigorous: bool
    method: str
    reached: bool


def integrate(
    f: Callable[[Any], Any],
    a: Any,
    b: Any,
    *,
    digits: int = 30,
    method: Literal["tanh-sinh", "gauss-legendre"] = "tanh-sinh",
    breaks: Sequence[Any] = (),
) -> Integral:
    r"""Return :math:`\int_a^bf` of a function of mpmath numbers, with an estimated error.

    Computed with 10 guard digits, and again with 10 more; the error is the difference of both plus ten
    times the estimate that mpmath makes from its own levels of refinement. Infinite ends are allowed.

    Args:
        f: integrand; must use mpmath's functions, so that it follows the precision.
        a, b: ends, numbers or ``mpmath.inf``.
        digits: digits wanted.
        method: ``"tanh-sinh"`` (also singular at the ends) or ``"gauss-legendre"`` (smooth up to the ends).
        breaks: points inside where f is not smooth.

    Raises:
        ValueError: digits < 1 or an unknown method.

    Notes:
        An estimate, not a proof: an integrand with a narrow peak between all nodes deceives it. See
        :func:`integrate_ball`. Source: Takahasi and Mori, Publ. RIMS 9 (1974).
    """
    if digits < 1:
        raise ValueError(f"integrate: digits is {digits}, expected at least 1; ask for one digit or more.")
    if method not in ("tanh-sinh", "gauss-legendre"):
        choices = "'tanh-sinh' or 'gauss-legendre'"
        raise ValueError(f"integrate: method is {method!r}, expected {choices}; choose one of these names.")
    path, values, errors = [a, *breaks, b], [], []
    for extra in (1, 2):
        with mpmath.workdps(digits + extra * _GUARD_DIGITS):
            value, error = mpmath.quad(f, path, method=method, error=True)
            values.append(value)
            errors.append(error)
    with mpmath.workdps(digits + 2 * _GUARD_DIGITS):
        error = abs(values[1] - values[0]) + 10 * errors[1]
        reached = bool(error <= mpmath.mpf(10) ** -digits * max(1, abs(values[1])))
    return Integral(values[1], error, False, f"{method} at two precisions", reached)


def integrate_ball(f: Callable[[Any, bool], Any], a: Any, b: Any, *, digits: int = 30) -> Integral:
    r"""Return :math:`\int_a^bf` of a function of complex balls, with a proved error.

    Args:
        f: ``f(z, analytic)`` encloses the integrand on the ball z (``flint.acb``). If ``analytic`` is true
            and f has a branch cut in z, it must return a ball that is not finite, e.g. by
            ``z.sqrt(analytic=analytic)``. The proof rests on this.
        a, b: finite ends: int, float (taken exactly), or ``flint`` numbers.
        digits: digits wanted.

    Raises:
        ValueError: digits < 1.

    Notes:
        Gauss–Legendre with bounds on ellipses, bisection where they fail: ``acb.integral``. If f cannot be
        enclosed, the error is infinite and ``reached`` is false. Source: Johansson, ICMS 2018,
        arXiv:1802.07942.
    """
    if digits < 1:
        raise ValueError(f"integrate_ball: digits is {digits}, expected at least 1; ask for one digit or more.")
    dps = digits + _GUARD_DIGITS
    # mpmath gets more digits than flint, so that taking over a midpoint does not round
    with flint.ctx.workdps(dps), mpmath.workdps(dps + _GUARD_DIGITS):
        ball = flint.acb.integral(f, flint.acb(a), flint.acb(b))
        if not ball.is_finite():
            return Integral(mpmath.nan, mpmath.inf, True, "ball arithmetic", False)
        real, imaginary = _midpoint(ball.real), _midpoint(ball.imag)
        error = _midpoint(ball.real.rad().upper()) + _midpoint(ball.imag.rad().upper())
        if ball.imag.contains(0):  # a real integral, or one that cannot be told from it
            value, error = real, error + abs(imaginary)
        else:
            value = mpmath.mpc(real, imaginary)
        reached = bool(error <= mpmath.mpf(10) ** -digits * max(1, abs(value)))
    return Integral(value, error, True, "ball arithmetic", reached)


def _midpoint(ball: Any) -> Any:
    mantissa, exponent = ball.mid().man_exp()
    return mpmath.mpf((int(mantissa), int(exponent)))
