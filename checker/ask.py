"""One statement, written as text, decided: what `derivable equal` and `derivable at-most` do."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from derivable.decide import TIMEOUT, at_most, equal
from derivable.notation import Reading, read
from derivable.printing import SIGNS
from derivable.trusted.decision import OPEN, PROVED, REFUTED, Decision

# kinds that are tried for names of which nothing is said, the weakest first
FORGOTTEN = ("real", "positive", "integer", "natural")
HINT_SECONDS = 6.0


@dataclass(frozen=True)
class Answer:
    """A statement as it was written, what was assumed, and the decision."""

    lhs: str
    relation: str
    rhs: str
    where: tuple[str, ...]
    assumed: tuple[str, ...]
    decision: Decision
    hint: str = ""

    @property
    def statement(self) -> str:
        """The statement in one line."""
        return f"{self.lhs} {SIGNS[self.relation]} {self.rhs}"

    def as_data(self) -> dict[str, Any]:
        """The answer as data for JSON."""
        return {
            "statement": {"lhs": self.lhs, "relation": self.relation, "rhs": self.rhs},
            "where": list(self.where),
            "assumed": list(self.assumed),
            **decision_data(self.decision),
            "hint": self.hint,
        }


def ask(
    lhs: str,
    relation: str,
    rhs: str,
    *,
    where: Iterable[str] = (),
    syntax: str = "auto",
    timeout: float = TIMEOUT,
) -> Answer:
    """Decide `lhs relation rhs`, written as text; the relation is `=`, `<=` or `<`.

    Raises `NotationError` for what is not understood.

    >>> ask("sqrt(x^2)", "=", "x", where=["x >= 0"]).decision.verdict
    'proved'
    >>> ask("sqrt(x^2)", "=", "x").hint
    "proved under --where 'x positive'"
    """
    hypotheses = tuple(where)
    reading = read((lhs, rhs), hypotheses, syntax)
    decision = _decided(relation, reading, timeout)
    answer = Answer(lhs.strip(), relation, rhs.strip(), hypotheses, reading.assumed, decision)
    if decision.verdict == PROVED:
        return answer
    return Answer(**{**vars(answer), "hint": _forgotten(answer, reading, syntax, min(timeout, HINT_SECONDS))})


def _decided(relation: str, reading: Reading, timeout: float) -> Decision:
    lhs, rhs = reading.expressions
    return decided(relation, lhs, rhs, reading.where, timeout)


def decided(relation: str, lhs: Any, rhs: Any, where: tuple[Any, ...], timeout: float) -> Decision:
    """The decision of a statement with any of =, <=, <, >=, >."""
    if relation == "=":
        return equal(lhs, rhs, where=where, timeout=timeout)
    if relation in (">=", ">"):
        lhs, rhs = rhs, lhs
    return at_most(lhs, rhs, where=where, strict=relation in ("<", ">"), timeout=timeout)


def _forgotten(answer: Answer, reading: Reading, syntax: str, timeout: float) -> str:
    """A kind for the names of which nothing was said, under which the statement is proved."""
    names = [a.partition(" ")[0] for a in reading.assumed if a.endswith("complex (not declared)")]
    started = time.monotonic()
    for kind in FORGOTTEN if names else ():
        if time.monotonic() - started > timeout:
            break
        kinds = f"{', '.join(names)} {kind}"
        more = read((answer.lhs, answer.rhs), (*answer.where, kinds), syntax)
        if _decided(answer.relation, more, timeout).verdict == PROVED:
            return f"proved under --where '{kinds}'"
    if names and answer.decision.verdict in (REFUTED, OPEN):
        return f"nothing was said of {', '.join(names)}: any complex number was admitted"
    return ""


def decision_data(decision: Decision) -> dict[str, Any]:
    """A decision as data for JSON."""
    found = decision.counterexample
    return {
        "verdict": decision.verdict,
        "proof": list(decision.proof.lines()) if decision.verdict == PROVED else [],
        "counterexample": None
        if found is None
        else {
            "point": dict(found.point), "lhs": found.lhs, "rhs": found.rhs, "rigorous": found.rigorous, "slip": found.slip,
        },
        "points": decision.points,
        "rigorous": decision.rigorous,
        "note": decision.note,
        "seconds": round(decision.seconds, 3),
    }  # fmt: skip
