r"""What need not be printed twice: a formula that is a statement of its claim, a side that it shares with one.

A derivation often ends in the very statement above it, and a wrong variant mostly differs on one side. There the
report names the statement or the side instead of repeating it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derivable.record import Claim, Step

# Shorter sides are printed: words in their place would be no shorter.
SHORTEST = 30
_TOKEN = re.compile(r"\\(?:left|right|begin|end)(?![A-Za-z])|\\[A-Za-z]+|\\.|[{}]| (?:=|<|>)(?= )")
_RELATIONS = (" =", " <", " >", r"\le", r"\ge", r"\leq", r"\geq", r"\ne")
_SIGNS = {"=": "=", "≤": r"\le", "<": "<", "≥": r"\ge", ">": ">"}


@dataclass(frozen=True)
class Line:
    """One line of a derivation: the step, and the number of the statement that it proves as it stands, from 1."""

    step: Step
    statement: int | None = None


def statements(claim: Claim) -> Sequence[str]:
    """What a claim states: its statements where there are several, else its statement."""
    return claim.statements if len(claim.statements) > 1 else [claim.statement]


def lines(claim: Claim) -> list[Line]:
    """The steps of a claim; a statement that one step proves takes one line, which names it."""
    stated = {formula: number for number, formula in reversed(list(enumerate(statements(claim), start=1)))}
    found: list[Line] = []
    steps = list(claim.steps)
    for place, step in enumerate(steps):
        before = steps[place - 1] if place else None
        alone = place + 1 == len(steps) or steps[place + 1].rule == "start" or steps[place + 1].relation not in _SIGNS
        number = stated.get(step.latex) if step.rule != "start" else None
        if number is None and before is not None and before.rule == "start" and not before.reason and alone:
            number = stated.get(f"{before.latex} {_SIGNS.get(step.relation, step.relation)} {step.latex}")
            if number is not None:
                found.pop()
        found.append(Line(step, number))
    return found


def sides(formula: str) -> tuple[str, str, str] | None:
    r"""Left side, relation and right side of a formula with one relation outside all brackets, else None.

    >>> sides(r"\left(a = b\right) x \le \sum_{k=1}^{n} k")
    ('\\left(a = b\\right) x', '\\le', '\\sum_{k=1}^{n} k')
    """
    depth, found = 0, None
    for match in _TOKEN.finditer(formula):
        token = match[0]
        if token in ("{", r"\left", r"\begin"):
            depth += 1
        elif token in ("}", r"\right", r"\end"):
            depth -= 1
        elif depth == 0 and token in _RELATIONS:
            if found is not None:
                return None
            found = match
    if found is None:
        return None
    return formula[: found.start()].strip(), found[0].strip(), formula[found.end() :].strip()


@dataclass(frozen=True)
class Shared:
    """The side that a variant shares with a statement, by the statement's number; `rest` is the relation and the other side."""

    side: str
    statement: int
    rest: str


def shared_side(claim: Claim, variant: str) -> Shared | None:
    """The side that a variant shares with a statement, None if it shares none that is worth naming."""
    own = sides(variant)
    if own is None:
        return None
    left, relation, right = own
    for number, statement in enumerate(statements(claim), start=1):
        other = sides(statement)
        if other is None:
            continue
        if left == other[0] and len(left) >= SHORTEST:
            return Shared("left", number, f"{relation} {right}")
        if right == other[2] and len(right) >= SHORTEST:
            return Shared("right", number, f"{left} {relation}")
    return None
