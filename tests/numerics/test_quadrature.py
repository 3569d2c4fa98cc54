"""Integrals with known values: estimates bound the error, balls prove it."""

import flint
import mpmath
import pytest

from derivable.numerics import integrate, integrate_ball


@pytest.mark.parametrize(
    ("f", "a", "b", "truth"),
    [
        (lambda x: mpmath.exp(-x * x), -mpmath.inf, mpmath.inf, lambda: mpmath.sqrt(mpmath.pi)),
        (lambda x: mpmath.log(x), 0, 1, lambda: -mpmath.mpf(1)),
        (lambda x: mpmath.exp(1j * x), 0, 1, lambda: mpmath.sin(1) + 1j * (1 - mpmath.cos(1))),
    ],
)
def test_estimated_error_bounds_the_true_one(f, a, b, truth) -> None:
    result = integrate(f, a, b, digits=30)
    assert result.reached
    assert not result.rigorous
    with mpmath.workdps(60):
        assert abs(result.value - truth()) <= result.error + mpmath.mpf(10) ** -40


def test_gauss_legendre_and_breaks() -> None:
    kinked = integrate(lambda x: abs(x - mpmath.mpf(1) / 3), 0, 1, digits=10, method="gauss-legendre")
    split = integrate(
        lambda x: abs(x - mpmath.mpf(1) / 3),
        0,
        1,
        digits=10,
        method="gauss-legendre",
        breaks=[mpmath.mpf(1) / 3],
    )
    assert not kinked.reached
    assert abs(split.value - mpmath.mpf(5) / 18) < 1e-15
    assert abs(kinked.value - mpmath.mpf(5) / 18) <= kinked.error


def test_a_singular_end_costs_digits_and_says_so() -> None:
    result = integrate(lambda x: 1 / mpmath.sqrt(x), 0, 1, digits=30)
    assert not result.reached
    assert abs(result.value - 2) <= result.error < 1e-20


def test_oscillation_that_is_not_resolved_shows() -> None:
    assert not integrate(lambda x: mpmath.sin(1e5 * x), 0, 1, digits=20).reached


def test_ball_integral_is_proved() -> None:
    result = integrate_ball(lambda z, _: (-z * z).exp(), 0, 1, digits=40)
    assert result.rigorous
    assert result.reached
    with mpmath.workdps(60):
        assert abs(result.value - mpmath.sqrt(mpmath.pi) * mpmath.erf(1) / 2) <= result.error
        assert result.error < mpmath.mpf(10) ** -40


def test_complex_ball_integral() -> None:
    result = integrate_ball(lambda z, _: (flint.acb(0, 1) * z).exp(), 0, 1, digits=20)
    with mpmath.workdps(40):
        assert abs(result.value - (mpmath.sin(1) + 1j * (1 - mpmath.cos(1)))) <= result.error


def test_ball_integral_minds_the_branch_cut() -> None:
    careful = integrate_ball(lambda z, analytic: z.sqrt(analytic=analytic), 0, 1, digits=15)
    assert careful.reached
    with mpmath.workdps(40):
        assert abs(careful.value - mpmath.mpf(2) / 3) <= careful.error


def test_pole_gives_no_number() -> None:
    result = integrate_ball(lambda z, _: 1 / z, -1, 1)
    assert not result.reached
    assert result.error == mpmath.inf


def test_working_precision_is_left_alone() -> None:
    before = (mpmath.mp.prec, flint.ctx.prec)
    integrate(lambda x: x, 0, 1, digits=50)
    integrate_ball(lambda z, _: z, 0, 1, digits=50)
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_messages() -> None:
    with pytest.raises(ValueError, match=r"integrate: digits is 0, expected at least 1; ask for one digit or more\."):
        integrate(lambda x: x, 0, 1, digits=0)
    with pytest.raises(ValueError, match="integrate: method is 'simpson', expected 'tanh-sinh' or 'gauss-legendre'"):
        integrate(lambda x: x, 0, 1, method="simpson")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="integrate_ball: digits is 0, expected at least 1"):
        integrate_ball(lambda z, _: z, 0, 1, digits=0)
