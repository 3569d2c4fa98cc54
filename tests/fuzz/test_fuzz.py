"""A short slice of the fuzzing: true statements are not refuted, false ones not proved. `make fuzz` runs 100,000 of them."""

from __future__ import annotations

from collections import Counter

import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.perturbations import perturbed
from tests.fuzz.rewrites import EQUALITIES, INEQUALITIES
from tests.fuzz.statements import SURELY, Claim, check_true, check_with_a_slip, claims_with_a_slip, failure, true_claims
from tests.fuzz.strategies import x, y

SLICE = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_there_are_enough_rewritings() -> None:
    assert len(EQUALITIES) >= 90
    assert len(INEQUALITIES) >= 12


@SLICE
@given(true_claims())
def test_a_true_statement_is_not_refuted(claim: Claim) -> None:
    check_true(claim)


@SLICE
@given(claims_with_a_slip())
def test_a_statement_with_a_slip_is_not_proved(claim: Claim) -> None:
    check_with_a_slip(claim)


@settings(SLICE, max_examples=40)
@given(true_claims())
def test_the_rewritings_hold_by_another_evaluation(claim: Claim) -> None:
    """What counts as true here is true: mpmath meets no point at which it fails."""
    assert failure(claim) is None, f"{claim}\nfails at {failure(claim)}"


def test_large_terms_that_cancel_convict_nobody() -> None:
    """cosh² - sinh² of numbers near 1e35 is 0 to 25 and to 50 digits alike."""
    z = sp.Symbol("z")
    far = sp.Eq(z, sp.Rational(894, 11))
    claim = Claim(sp.cosh(z) ** 2 - sp.sinh(z) ** 2, sp.Integer(1), "=", (far,), "by hand")
    assert failure(claim) is not None
    assert failure(claim, SURELY) is None
    assert failure(Claim(claim.lhs, sp.Integer(2), "=", (), "by hand"), SURELY) is not None


def test_slips_are_mostly_seen_to_be_wrong() -> None:
    """The judge is not blind: most statements with a slip fail at a point that it finds."""
    seen: Counter[bool] = Counter()

    @settings(SLICE, max_examples=30)
    @given(claims_with_a_slip())
    def judge(claim: Claim) -> None:
        seen[failure(claim) is not None] += 1

    judge()
    assert seen[True] > seen[False], seen


@SLICE
@given(st.data())
def test_a_slip_changes_the_expression(data: st.DataObject) -> None:
    e = (x + y) ** 2 / (1 + x**2)
    changed = perturbed(e, lambda number: data.draw(st.integers(0, number - 1)))
    assert changed is None or changed[1] != e
