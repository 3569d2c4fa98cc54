"""An affine function on a segment lies between its values at the ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp

from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts

Sign = Callable[[Any, Facts, bool], "Proof | None"]


def by_ends_of_segment(p: Any, x: Any, ends: tuple[Any, Any], facts: Facts, strict: bool, sign: Sign) -> Proof | None:
    """p ≥ 0 (p > 0) for low ≤ x ≤ high, where p = ((high - x) p(low) + (x - low) p(high)) / (high - low) is affine in x.

    A strict sign needs p > 0 at both ends, or at one of them and p ≥ 0 at the other, which x does not reach. What is known of x
    is not used at the ends. The bounds are free of x and hold at every admissible point.
    """
    low, high = ends
    if sp.oo in (high, -low) or low == high or not p.is_polynomial(x) or sp.degree(p, x) != 1:
        return None
    if not facts.is_real(x) or not (facts.is_nonnegative(x - low) and facts.is_nonnegative(high - x)):
        return None
    others = facts.without(x)
    proof = Proof((("ends of a segment", f"affine in {x}, between {low} and {high}"),))
    values = [sp.expand(p.xreplace({x: end})) for end in ends]
    if not strict:
        return _joined(proof, (sign(value, others, False) for value in values))
    left_out = (facts.is_positive(x - low), facts.is_positive(high - x))
    # positive at one end, and at the other one too unless x does not reach it
    for first, second in ((0, 1), (1, 0)):
        if first and not left_out[0]:
            break
        found = _joined(proof, (sign(values[i], others, i == first or not left_out[i]) for i in (first, second)))
        if found is not None:
            return found
    return None


def _joined(proof: Proof, parts: Iterable[Proof | None]) -> Proof | None:
    for part in parts:
        if part is None:
            return None
        proof = proof.join(part)
    return proof


__all__ = ["by_ends_of_segment"]
