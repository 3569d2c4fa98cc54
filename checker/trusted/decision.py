"""What a decision says: a verdict, the proof it rests on, or the point at which it fails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

PROVED, ENCLOSED, SAMPLED, OPEN, REFUTED = "proved", "enclosed", "sampled", "open", "refuted"


@dataclass(frozen=True)
class Counterexample:
    """An admissible point at which a statement fails, with enclosures of both sides.

    `point` maps what was chosen (a symbol, an element, a function) to its value as text; `rigorous` says that the
    two balls are disjoint, so that no rounding can be to blame.
    """

    point: Mapping[str, str]
    lhs: str
    rhs: str
    rigorous: bool = True
    slip: str | None = None

    def __str__(self) -> str:
        """`at x = 2: left 4, right 5`."""
        where = ", ".join(f"{name} = {value}" for name, value in self.point.items()) or "the constants themselves"
        text = f"at {where}: left side {self.lhs}, right side {self.rhs}"
        if not self.rigorous:
            text += " (two precisions agree; not a ball enclosure)"
        return f"{text}; {self.slip}" if self.slip else text


@dataclass(frozen=True)
class Proof:
    """The rules that a decision used, in order, each with its certificate; printable.

    `exceptions` are expressions that were divided by and are not known to differ from zero: the statement is
    proved wherever they do. `cited` names analytic theorems that the rules relied on.
    """

    rules: tuple[tuple[str, str], ...] = ()
    exceptions: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()

    def then(self, rule: str, certificate: str = "") -> Proof:
        """The proof with one more rule."""
        return replace(self, rules=(*self.rules, (rule, certificate)))

    def join(self, other: Proof) -> Proof:
        """Both proofs, one after the other."""
        return Proof(
            self.rules + other.rules,
            tuple(dict.fromkeys(self.exceptions + other.exceptions)),
            tuple(dict.fromkeys(self.cited + other.cited)),
        )

    def lines(self) -> tuple[str, ...]:
        """One line a rule, then what is excepted and what is cited."""
        lines = [f"{rule}: {certificate}" if certificate else rule for rule, certificate in self.rules]
        lines = [re.sub(r"(?<!\w)_(?=[A-Za-z])", "", line) for line in lines]  # the mark of a fresh variable
        lines += [f"wherever {what} ≠ 0" for what in self.exceptions]
        return (*lines, *(f"cited: {what}" for what in self.cited))

    def __str__(self) -> str:
        """The lines, numbered."""
        return "\n".join(f"{number}. {line}" for number, line in enumerate(self.lines(), 1))


@dataclass(frozen=True)
class Decision:
    """The answer to one statement.

    `verdict` is `"proved"`, `"enclosed"`, `"sampled"`, `"open"` or `"refuted"`; `points` counts the admissible
    points at which both sides were evaluated, `rigorous` says that all of them were enclosed in balls; `note` says
    why an open decision stayed open.
    """

    verdict: str
    proof: Proof = field(default_factory=Proof)
    counterexample: Counterexample | None = None
    points: int = 0
    rigorous: bool = True
    note: str = ""
    seconds: float = 0.0

    def __bool__(self) -> bool:
        """True only for `proved`."""
        return self.verdict == PROVED
