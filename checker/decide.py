"""Decide one statement: `equal(lhs, rhs, where=…)` and `at_most(lhs, rhs, where=…)`.

Each call is answered in a process of its own (`isolation`) that is killed when its time is over, so a hanging SymPy call
ends with it, and the caller's SymPy caches and random state stay as they were.
"""

from __future__ import annotations

import importlib
import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from derivable.isolation import Isolated
from derivable.search import propose
from derivable.trusted.deadline import GRACE, ChildLost, TimeLimit, alarm
from derivable.trusted.decision import OPEN, Decision
from derivable.trusted.equality import decide_equal
from derivable.trusted.order import decide_order
from derivable.trusted.rules import RuleFailed

TIMEOUT = 10.0


def equal(
    lhs: Any,
    rhs: Any,
    *,
    where: Iterable[Any] = (),
    timeout: float = TIMEOUT,
    instances: Mapping[Any, Any] | None = None,
) -> Decision:
    """Decide whether lhs = rhs for all values that the hypotheses admit, wherever both sides are defined.

    Args:
        lhs, rhs: SymPy expressions or explicit matrices of one shape. `Sum`, `Product`, `Integral`, `Derivative`, `Limit`,
            `Piecewise` and undefined functions may stand unevaluated in them.
        where: hypotheses beyond the symbols' own assumptions: relations (`x > 1`, `Ne(x, y)`, `Eq(p + q, 1)`) and
            `ForAll` equations. A symbol without assumptions is a complex number.
        timeout: seconds; the answer comes at most a second later, `"open"` if none was found.
        instances: concrete functions for undefined ones, where the hypotheses bind them.

    Returns:
        A `Decision`: `.verdict` is `"proved"`, `"enclosed"` (constants that agree to hundreds of digits), `"sampled"`,
        `"open"` or `"refuted"`; `.counterexample` and `.proof` say why. Never raises on a hard statement.

    >>> from sympy import symbols, sin, cos, sqrt
    >>> x = symbols("x", real=True)
    >>> equal(sin(x)**2, 1 - cos(x)**2).verdict
    'proved'
    >>> print(equal(sqrt(x**2), x).counterexample)
    at x = -1: left side 1, right side -1; the sides differ by their sign
    """
    return _isolated("=", lhs, rhs, tuple(where), timeout, instances)


def at_most(
    lhs: Any,
    rhs: Any,
    *,
    where: Iterable[Any] = (),
    strict: bool = False,
    timeout: float = TIMEOUT,
    instances: Mapping[Any, Any] | None = None,
) -> Decision:
    """Decide whether lhs ≤ rhs (lhs < rhs when `strict`) for all values that the hypotheses admit; see `equal`.

    >>> from sympy import symbols
    >>> x, y = symbols("x y", real=True)
    >>> at_most(2*x*y, x**2 + y**2).verdict
    'proved'
    """
    return _isolated("<" if strict else "<=", lhs, rhs, tuple(where), timeout, instances)


def decide(
    relation: str,
    lhs: Any,
    rhs: Any,
    where: tuple[Any, ...],
    timeout: float,
    instances: Mapping[Any, Any] | None = None,
    proof: Any = None,
    known: tuple[Any, ...] = (),
    attack_seconds: float | None = None,
) -> Decision:
    """The decision in this process, interrupted by an alarm; what `equal` and a derivation's steps share."""
    started = time.monotonic()
    state = random.getstate()
    try:
        with alarm(timeout):
            # the search for a proof ends a little before the alarm, so that what is known by then is told
            budget = timeout * 0.95
            if relation == "=":
                decision = decide_equal(lhs, rhs, where, propose, instances, budget, proof, known, attack_seconds)
            else:
                decision = decide_order(
                    lhs, rhs, relation == "<", where, propose, instances, budget, proof, known, attack_seconds
                )
    except TimeLimit:
        decision = Decision(OPEN, note=f"no answer within {timeout:g} s")
    except (RecursionError, MemoryError) as error:
        decision = Decision(OPEN, note=f"{type(error).__name__} while deciding")
    except RuleFailed as error:
        decision = Decision(OPEN, note=str(error))
    except Exception as error:  # a hard input must not bring a run down; the note names what happened
        decision = Decision(OPEN, note=f"{type(error).__name__}: {error}")
    finally:
        random.setstate(state)
    return replace(decision, seconds=time.monotonic() - started)


def _isolated(
    relation: str,
    lhs: Any,
    rhs: Any,
    where: tuple[Any, ...],
    timeout: float,
    instances: Mapping[Any, Any] | None,
) -> Decision:
    if relation != "=":
        importlib.import_module("derivable.search.combination")  # before the fork: scipy is loaded once, not in every child
    try:
        given = tuple(instances.items()) if instances else ()
        decision: Decision = _apart((relation, lhs, rhs, where, timeout, given), timeout + GRACE)
    except ChildLost as lost:
        return Decision(OPEN, note=f"{lost} ({timeout:g} s)")
    return decision


def _answered(
    relation: str, lhs: Any, rhs: Any, where: tuple[Any, ...], timeout: float, instances: tuple[tuple[Any, Any], ...]
) -> tuple[Decision, bool]:
    decision = decide(relation, lhs, rhs, where, timeout, dict(instances) or None)
    return decision, decision.verdict != OPEN  # an open decision may have been interrupted anywhere


_apart = Isolated(_answered)
