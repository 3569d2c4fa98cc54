"""Chains of lines as one writes them on paper, each step checked: what `derivable steps` does.

    given x > 0, n integer
    (x + 1)^2 - 1
    = x^2 + 2x          # a comment
    <= x^2 + 3x

A blank line ends a chain. Hypotheses stand before a chain, after `given`; a block of hypotheses alone holds for all chains after
it. LaTeX may stand in an environment such as align, with `&` and `\\\\`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from derivable.ask import decided, decision_data
from derivable.decide import TIMEOUT
from derivable.notation import NotationError
from derivable.notation.conditions import Hypotheses, read_hypotheses, tree
from derivable.notation.reading import build
from derivable.notation.tree import Node, Relation, Source
from derivable.printing import SIGNS
from derivable.slips import Slip, slip
from derivable.trusted.decision import ENCLOSED, OPEN, PROVED, REFUTED, SAMPLED, Decision

MAX_CHARACTERS = 1_000_000
MAX_LINES = 5000
WEAKEST_FIRST = (REFUTED, OPEN, SAMPLED, ENCLOSED, PROVED)
RELATIONS = {
    "=": "=", "==": "=", "&=": "=", "<=": "<=", "≤": "<=", "<": "<", ">=": ">=", "≥": ">=", ">": ">", "\\le": "<=", "\\leq": "<=",
    "\\leqslant": "<=", "\\ge": ">=", "\\geq": ">=", "\\geqslant": ">=", "\\lt": "<", "\\gt": ">",
}  # fmt: skip
LEADING = re.compile(r"\s*(<=|>=|==|=|<|>|≤|≥|\\(?:leqslant|leq|le|lt|geqslant|geq|ge|gt)(?![A-Za-z]))")
NO_MATHEMATICS = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])|\\(?:tag|label)\*?\{[^{}]*\}")
_FRAME = r"\s*\{(?:align|aligned|equation|gather|gathered|multline|eqnarray|split|flalign)\*?\}"
FRAME_BEGINS, FRAME_ENDS = re.compile(rf"\\begin{_FRAME}|\\\["), re.compile(rf"\\end{_FRAME}|\\\]")
FRAMES = re.compile(rf"\\(?:begin|end){_FRAME}|(?<!\\)\\[\[\]]|\$\$?")
DIVIDERS = re.compile(r"(\\\\(?:\[[^\]]{0,20}\])?|\\begin\s*\{[A-Za-z]+\*?\}|\\end\s*\{[A-Za-z]+\*?\}|&)")


class StepsError(ValueError):
    """A file of chains that is not understood; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Step:
    """A step of a chain: the line that it ends in, what stands there, and the decision."""

    line: int
    relation: str
    text: str
    decision: Decision

    def as_data(self) -> dict[str, Any]:
        """The step as data for JSON."""
        return {"line": self.line, "relation": self.relation, "text": self.text, **decision_data(self.decision)}


@dataclass(frozen=True)
class Chain:
    """A chain that was checked.

    `wrong` is the first refuted step, with its slip if one was found. `relation` is what the steps give between the first line
    and the last one, None if they point both ways. `verdict` is the weakest of the steps; `direct` the decision of the
    conclusion by itself, where the steps do not prove it.
    """

    line: int
    first: str
    given: tuple[str, ...]
    assumed: tuple[str, ...]
    steps: tuple[Step, ...]
    wrong: Step | None = None
    slip: Slip | None = None
    relation: str | None = None
    direct: Decision | None = None

    @property
    def verdict(self) -> str:
        """The weakest verdict of the steps."""
        return min((s.decision.verdict for s in self.steps), key=WEAKEST_FIRST.index)

    @property
    def conclusion(self) -> str:
        """What the chain amounts to."""
        return "" if self.relation is None else f"{self.first} {SIGNS[self.relation]} {self.steps[-1].text}"

    def as_data(self) -> dict[str, Any]:
        """The chain as data for JSON."""
        return {
            "line": self.line,
            "first": self.first,
            "given": list(self.given),
            "assumed": list(self.assumed),
            "steps": [s.as_data() for s in self.steps],
            "first_wrong_line": self.wrong.line if self.wrong else None,
            "slip": None
            if self.slip is None
            else {"what": self.slip.what, "corrected": self.slip.corrected, "needs": self.slip.needs},
            "conclusion": self.conclusion,
            "verdict": self.verdict,
            "direct": None if self.direct is None else decision_data(self.direct),
        }


@dataclass(frozen=True)
class _Row:
    """A line of a chain, as text."""

    line: int
    text: str


@dataclass(frozen=True)
class _Block:
    """Hypotheses and a chain, as text."""

    given: tuple[_Row, ...]
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class Written:
    """A chain that was read: expressions, each but the first with its relation and line."""

    line: int
    texts: tuple[str, ...]
    lines: tuple[int, ...]
    relations: tuple[str, ...]
    expressions: tuple[Any, ...]
    where: tuple[Any, ...]
    given: tuple[str, ...]
    assumed: tuple[str, ...]


def read_chains(text: str, syntax: str = "auto") -> list[Written]:
    """The chains of a text; raises `StepsError` with the line of what is not understood."""
    if len(text) > MAX_CHARACTERS:
        raise StepsError(1, f"a text of more than {MAX_CHARACTERS:,} characters: check it in parts")
    chains: list[Written] = []
    common: tuple[_Row, ...] = ()
    for block in _blocks(text):
        if sum(len(c.texts) for c in chains) > MAX_LINES:
            raise StepsError(block.rows[0].line if block.rows else 1, f"more than {MAX_LINES:,} formulas: check them in parts")
        if not block.rows:
            common += block.given
            continue
        chains.append(_written(block, (*common, *block.given), syntax))
    if not chains:
        raise StepsError(1, "no chain: a chain is a formula, and lines below it that begin with =, <=, <, >= or >")
    return chains


def checked(chain: Written, timeout: float = TIMEOUT, report: Callable[[Step], None] = lambda step: None) -> Chain:
    """The chain with each step decided; `report` is told each step as it is decided."""
    steps: list[Step] = []
    for place, relation in enumerate(chain.relations):
        left, right = chain.expressions[place : place + 2]
        decision = decided(relation, left, right, chain.where, timeout)
        steps.append(Step(chain.lines[place + 1], relation, chain.texts[place + 1], decision))
        report(steps[-1])
    place_wrong = next((i for i, s in enumerate(steps) if s.decision.verdict == REFUTED), None)
    found = None
    if place_wrong is not None:
        left, right = chain.expressions[place_wrong : place_wrong + 2]
        found = slip(left, chain.relations[place_wrong], right, chain.where)
    whole = combined(chain.relations)
    proved = all(s.decision.verdict == PROVED for s in steps)
    direct = None
    if whole is not None and not proved and len(steps) > 1:
        direct = decided(whole, chain.expressions[0], chain.expressions[-1], chain.where, timeout)
    wrong = None if place_wrong is None else steps[place_wrong]
    return Chain(
        chain.line, chain.texts[0], chain.given, chain.assumed, tuple(steps), wrong, found, whole, direct
    )  # fmt: skip


def combined(relations: tuple[str, ...]) -> str | None:
    """The relation between the ends of a chain; None if it goes up and down.

    >>> combined(("=", "<", "<="))
    '<'
    >>> combined(("<=", ">=")) is None
    True
    """
    kinds = set(relations) - {"="}
    if not kinds:
        return "="
    for strict, weak in (("<", "<="), (">", ">=")):
        if kinds <= {strict, weak}:
            return strict if strict in kinds else weak
    return None


def _written(block: _Block, given: tuple[_Row, ...], syntax: str) -> Written:
    if syntax == "auto" and any("\\" in row.text for row in block.rows):
        syntax = "latex"  # one backslash tells that the whole chain is LaTeX
    hypotheses = _hypotheses(given, "auto")
    kinds = hypotheses.declarations.kinds
    trees: list[tuple[Source, Node]] = []
    lines: list[int] = []
    relations: list[str] = []
    for number, row in enumerate(block.rows):
        if number > MAX_LINES:
            raise StepsError(row.line, f"a chain of more than {MAX_LINES:,} lines: check it in parts")
        found = LEADING.match(row.text)
        if number == 0 and found is not None:
            raise StepsError(row.line, f"a chain begins with a formula, not with {found[1]}\n  {row.text.strip()}")
        if number and found is None:
            raise StepsError(
                row.line,
                f"a line of a chain begins with =, <=, <, >= or >\n  {row.text.strip()}\nA blank line begins another chain.",
            )
        body = (row.text[found.end() :] if found else row.text).strip()
        source, node = _at(row, partial(tree, body, syntax, kinds))
        inner = node.operands if isinstance(node, Relation) else (node,)
        between = node.relations if isinstance(node, Relation) else ()
        relations += [*([RELATIONS[found[1]]] if found else []), *between]
        for unknown in [r for r in between if r not in SIGNS]:
            raise StepsError(row.line, str(source.error(f"{unknown} is no step", node, "Steps are =, <=, <, >= and >.")))
        trees += [(source, one) for one in inner]
        lines += [row.line] * len(inner)
    if not relations:
        raise StepsError(block.rows[0].line, "a chain of one formula: there is nothing to check\n  " + block.rows[0].text.strip())
    try:
        reading = build(trees, hypotheses)
    except NotationError as error:
        line = next((n for n, (s, _) in zip(lines, trees, strict=True) if s.text == error.text), block.rows[0].line)
        raise StepsError(line, str(error)) from None
    texts = tuple(source.text[node.start : node.end].strip() for source, node in trees)
    said = tuple(row.text.strip() for row in given)
    return Written(
        block.rows[0].line, texts, tuple(lines), tuple(relations), reading.expressions, reading.where, said, reading.assumed
    )  # fmt: skip


def _hypotheses(given: tuple[_Row, ...], syntax: str) -> Hypotheses:
    for row in given:
        _at(row, partial(read_hypotheses, [row.text.strip()], syntax))
    try:
        return read_hypotheses([row.text.strip() for row in given], syntax)
    except NotationError as error:
        raise StepsError(given[0].line, str(error)) from None


def _at(row: _Row, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except NotationError as error:
        raise StepsError(row.line, str(error)) from None


def _blocks(text: str) -> Iterator[_Block]:
    given: list[_Row] = []
    rows: list[_Row] = []
    for row in _rows(text):
        stated = re.match(r"\s*(?:given|where|assume)\b:?", row.text)
        if not row.text.strip():
            if given or rows:
                yield _Block(tuple(given), tuple(rows))
            given, rows = [], []
        elif stated is not None:
            if rows:
                raise StepsError(
                    row.line, f"hypotheses stand before a chain\n  {row.text.strip()}\nA blank line begins another chain."
                )
            given.append(_Row(row.line, row.text[stated.end() :]))
        else:
            rows.append(row)
    if given or rows:
        yield _Block(tuple(given), tuple(rows))


def _rows(text: str) -> Iterator[_Row]:
    """The lines, as they are written or as `\\\\` divides them; an environment within a formula is kept together."""
    held, begun = "", 0
    framed, depth = False, 0  # whether in align or its like, and how deep in other environments
    for number, written in enumerate(text.splitlines(), 1):
        line = re.sub(r"(?<!\\)[#%].*", "", NO_MATHEMATICS.sub("", written))
        framed = framed or bool(FRAME_BEGINS.search(line))
        ended = bool(FRAME_ENDS.search(line))
        for part in DIVIDERS.split(FRAMES.sub("", line)):
            begun = begun if held.strip() else number
            depth += part.startswith("\\begin")
            if depth == 0 and part.startswith("\\\\"):
                if held.strip():
                    yield _Row(begun, _bare(held))
                held = ""
            elif depth or part != "&":
                held += part
            depth -= part.startswith("\\end")
        framed = framed and not ended
        if not written.strip() or (depth <= 0 and not framed):
            if held.strip():
                yield _Row(begun, _bare(held))
            held, depth = "", 0
        if not written.strip():
            framed = False
            yield _Row(number, "")
        held += " "
    if held.strip():
        yield _Row(begun, _bare(held))


def _bare(text: str) -> str:
    """A line without the comma or full stop that ends it in print."""
    return re.sub(r"(?:\s|\\[,;:! ]|\\q?quad)*[.,]?\s*$", "", text)
