"""The index of a report: claims by symbol, rule, cited theorem, kernel and verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from derivable.record import VERDICTS, Claim, Record
from derivable.report import words

# How SymPy's `srepr` writes a name; the text is searched, never evaluated.
_NAME = re.compile(r"\b(?:Symbol|Dummy|Function|IndexedBase|MatrixSymbol|Str)\('([^'\\]{1,40})'")


@dataclass(frozen=True)
class Entry:
    """A word of the index and the claims where it stands, post by post; `inherited` rest on it through others."""

    word: str
    claims: Sequence[Claim]
    inherited: Sequence[Claim] = ()


def index(record: Record) -> list[tuple[str, list[Entry]]]:
    """The parts of the index with their entries in alphabetical order; parts without an entry are left out."""
    known = {claim.id: claim for claim in record.claims()}
    theorems = [
        Entry(fact.name, [known[c] for c in direct if c in known], [known[c] for c in inherited if c in known])
        for fact, direct, inherited in words.rests_on_citation(record)
    ]
    parts = [
        ("Verdicts", sorted(_entries(record, lambda c: [c.verdict]), key=lambda entry: VERDICTS.index(entry.word))),
        ("Cited theorems", sorted(theorems, key=_alphabetical)),
        ("Rules", sorted(_entries(record, _rules), key=_alphabetical)),
        ("Kernels", sorted(_entries(record, lambda c: [check.kernel for check in c.crosschecks]), key=_alphabetical)),
        ("Symbols", sorted(_entries(record, _symbols), key=_alphabetical)),
    ]
    return [(name, entries) for name, entries in parts if entries]


def _entries(record: Record, words_of: Callable[[Claim], Iterable[str]]) -> list[Entry]:
    found: dict[str, dict[int, Claim]] = {}
    for claim in record.claims():
        for word in words_of(claim):
            found.setdefault(word, {})[id(claim)] = claim
    return [Entry(word, list(claims.values())) for word, claims in found.items()]


def _rules(claim: Claim) -> Iterable[str]:
    """The rules of a claim's steps; citations have a part of their own."""
    return [step.rule for step in claim.steps if step.rule and step.rule != "start" and not step.rule.startswith("cited")]


def _symbols(claim: Claim) -> Iterable[str]:
    return [name for step in claim.steps for name in _NAME.findall(step.srepr)]


def _alphabetical(entry: Entry) -> tuple[str, str]:
    return entry.word.casefold(), entry.word
