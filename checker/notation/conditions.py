"""Hypotheses as text: kinds of names (`n integer`, `x, y positive`, `f real function`) and relations (`0 < x <= 1`, `a != b`).

Texts are split at commas: names without a kind take the next one, so `x, y > 0` speaks of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import sympy as sp

from derivable.notation.heads import HEADS
from derivable.notation.names import KINDS, LETTER_CONSTANTS, LETTERS, ROLES, Declarations
from derivable.notation.plain import CONSTANTS, plain_tree, spelt
from derivable.notation.rows import SYMBOLS, latex_tree
from derivable.notation.tree import Name, Node, Relation, Source, Subscripted

MAX_LENGTH = 10_000  # characters of one formula
NAME = r"(?:\\?[A-Za-z\u0370-\u03ff][A-Za-z0-9]*(?:_(?:[A-Za-z0-9]+|\{[A-Za-z0-9]+\}))?)"
SETS = {"R": "real", "Z": "integer", "Q": "rational", "C": "complex"}
WORDS = (*KINDS, *ROLES)


@dataclass(frozen=True)
class Hypotheses:
    """Kinds of names, and relations as trees with the texts that they are part of."""

    declarations: Declarations
    relations: tuple[tuple[Source, Relation], ...] = ()


def syntax_of(text: str, syntax: str = "auto") -> str:
    """`plain` or `latex`: a backslash tells LaTeX."""
    if syntax not in ("auto", "plain", "latex"):
        raise ValueError(f"syntax is 'auto', 'plain' or 'latex', got {syntax!r}")
    return ("latex" if "\\" in text else "plain") if syntax == "auto" else syntax


def tree(text: str, syntax: str = "auto", numbers: Iterable[str] = ()) -> tuple[Source, Node]:
    """The syntax tree of a formula, with its source; raises `NotationError`."""
    kind = syntax_of(text, syntax)
    source = Source(text, "latex" if kind == "latex" else "plain")
    if len(text) > MAX_LENGTH:
        raise source.error(
            f"a formula of {len(text):,} characters: at most {MAX_LENGTH:,} are read", (MAX_LENGTH, MAX_LENGTH + 1)
        )
    return source, latex_tree(text, numbers) if kind == "latex" else plain_tree(text)


def read_hypotheses(texts: Iterable[str], syntax: str = "auto") -> Hypotheses:
    """The hypotheses that texts state; raises `NotationError` with the place of what is not understood."""
    kinds: dict[str, tuple[str, ...]] = {}
    relations: list[tuple[Source, Relation]] = []
    for text in texts:
        if len(text) > MAX_LENGTH:
            raise Source(text, "plain").error(f"a hypothesis of {len(text):,} characters", (MAX_LENGTH, MAX_LENGTH + 1))
        waiting: list[tuple[str, int, int]] = []
        for start, end in _parts(text):
            part = text[start:end]
            if re.fullmatch(NAME, part):
                waiting.append((_spelt(part), start, end))
                continue
            kind = _kind(text, start, end)
            if kind is not None:
                for name in (*(n for n, _, _ in waiting), kind[0]):
                    kinds[name] = tuple(dict.fromkeys((*kinds.get(name, ()), *kind[1])))
                    _check(text, start, end, name, kinds)
            else:
                relations += _relation(text, start, end, waiting, syntax)
            waiting = []
        if waiting or not text.strip():
            start, end = waiting[0][1:] if waiting else (0, 1)
            known = ", ".join(WORDS)
            raise Source(text, "plain").error("nothing is said of this", (start, end), f"Write x > 0, or a kind: {known}.")
    for _, relation in relations:
        for name in _ordered(relation):
            if name not in kinds:
                kinds[name] = ("real",)
    return Hypotheses(Declarations(kinds), tuple(relations))


def _parts(text: str) -> list[tuple[int, int]]:
    """The ranges between commas that stand in no brackets, without the spaces around them."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text + ","):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and (depth <= 0 or place == len(text)):
            part = text[start:place]
            left = start + len(part) - len(part.lstrip())
            parts.append((left, max(left, start + len(part.rstrip()))))
            start = place + 1
    return [(a, b) for a, b in parts if b > a]


def _kind(text: str, start: int, end: int) -> tuple[str, tuple[str, ...]] | None:
    """`n is a positive integer` as (n, (positive, integer)); None if it is a relation."""
    part = text[start:end]
    member = re.fullmatch(rf"({NAME})\s*(?:\\in|in|∈)\s*(?:\\mathbb\s*\{{?\s*([A-Z])\s*\}}?|([A-Zℝℤℚℂℕ]))", part)
    if member is not None:
        letter = {"ℝ": "R", "ℤ": "Z", "ℚ": "Q", "ℂ": "C", "ℕ": "N"}.get(member[3] or "", member[2] or member[3])
        if letter not in SETS:
            remedy = "Write n natural (from 0), or n counting (from 1)." if letter == "N" else "Known are R, Z, Q and C."
            raise Source(text, "plain").error(
                f"the set {letter} may be several", (start + member.start(2 if member[2] else 3), end), remedy
            )
        return _spelt(member[1]), (SETS[letter],)
    found = re.fullmatch(rf"({NAME})\s+(?:(?:is|are)\s+)?(?:an?\s+)?([a-z -]+)", part)
    if found is None or found[1] == "not":
        return None
    words = re.sub(r"\bnon[- ]", "non", found[2]).split()
    for word in words:
        singular = word[:-1] if word.endswith("s") else word
        if word not in WORDS and singular not in WORDS:
            place = start + found.start(2) + max(found[2].find(word), 0)
            raise Source(text, "plain").error(f"{word} is no kind", (place, place + len(word)), f"Kinds are {', '.join(WORDS)}.")
    return _spelt(found[1]), tuple(w if w in WORDS else w[:-1] for w in words)


def _check(text: str, start: int, end: int, name: str, kinds: dict[str, tuple[str, ...]]) -> None:
    """Whether the kinds of a name can hold together, and the name is not taken."""
    source = Source(text, "plain")
    if (name in HEADS and name not in LETTERS) or name in CONSTANTS:
        raise source.error(f"{name} has a meaning already", (start, end), "Choose another name.")
    roles = [role for role in ROLES if role in kinds[name]]
    if "constant" in roles and (name not in LETTER_CONSTANTS or len(kinds[name]) > 1):
        raise source.error("a constant is e or i, and nothing else is said of it", (start, end))
    if len(roles) > 1:
        raise source.error(f"{name} is declared as a function and as a sequence", (start, end))
    try:
        sp.Symbol(name, **Declarations(kinds).assumptions(name))
    except ValueError:
        raise source.error(f"{name} cannot be {' and '.join(kinds[name])}", (start, end)) from None


def _relation(text: str, start: int, end: int, waiting: list[tuple[str, int, int]], syntax: str) -> list[tuple[Source, Relation]]:
    # the text before is blanked, so that places stay those of the whole
    source, node = tree(" " * start + text[start:end], syntax_of(text, syntax))
    source = Source(text, source.syntax)
    if not isinstance(node, Relation):
        raise source.error(
            "a hypothesis is a relation or a kind", (start, end), f"x > 0, or x real. Kinds are {', '.join(WORDS)}."
        )
    found = [(source, node)]
    for name, left, right in waiting:
        first = Name(name=name, start=left, end=right)
        found.insert(
            -1, (source, Relation(start=left, end=node.end, relations=node.relations, operands=(first, *node.operands[1:])))
        )
    return found


def _ordered(relation: Relation) -> list[str]:
    """The names that stand alone on a side of an order: they are real numbers, or the relation has no meaning."""
    if not set(relation.relations) & {"<", "<=", ">", ">="}:
        return []
    names = [o.name for o in relation.operands if isinstance(o, Name)]
    return names + [f"{o.name}_{o.label}" for o in relation.operands if isinstance(o, Subscripted) and o.label]


def _spelt(written: str) -> str:
    name = re.sub(r"[{}]", "", written)
    if name.startswith("\\"):
        return SYMBOLS.get(name[1:], name[1:])
    return "".join(map(spelt, name))
