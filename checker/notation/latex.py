"""LaTeX to rows of items, as TeX has them: `\\sum_{k=1}^n k^2` is an item with two scripts, and an item with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from lark import Lark, Token, Transformer_NonRecursive, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError
from lark.lark import PostLex
from lark.tree import Meta
from lark.visitors import v_args

from derivable.notation.errors import NotationError
from derivable.notation.plain import spelt
from derivable.notation.tree import MAX_DEPTH, TOO_DEEP, Source


@dataclass(frozen=True)
class Piece:
    """`text[start:end]`, nested `depth` deep."""

    start: int
    end: int
    depth: int


@dataclass(frozen=True)
class Sign(Piece):
    """An operator, a relation or a comma; `kind` is the grammar's name of it."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row(Piece):
    """Items and signs, in the order in which they stand."""

    elements: tuple[Item | Sign, ...]


@dataclass(frozen=True)
class Item(Piece):
    """A nucleus with scripts. `kind` is number, letter, command, word, group, brackets, fraction, binomial, root, overline,
    environment, sign; `text` its name, and `rows` what it holds."""

    kind: str
    text: str
    rows: tuple[Row, ...] = ()
    above: Row | None = None
    below: Row | None = None
    primes: int = 0
    closing: str = ""

    @property
    def plain(self) -> bool:
        """Whether it has no scripts."""
        return self.above is None and self.below is None and not self.primes


def latex_row(source: Source) -> Row:
    """The row of a LaTeX text; raises `NotationError`."""
    try:
        return _Rows(source).transform(_grammar().parse(source.text))
    except UnexpectedInput as error:
        raise _explained(error, source) from None
    except VisitError as error:
        raise error.orig_exc from None


class _Tokens(PostLex):
    """What TeX does with tokens by what stands before them.

    A bar after an operand closes what is open, any other one opens. A script, or an argument of a fraction, without braces is one
    digit: `\\frac12` is 1/2, and `x^12` is x^1 2.
    """

    always_accept = ("BAR", "NUMBER")
    ARGUMENTS: ClassVar[dict[str, int]] = {"RAISED": 1, "LOWERED": 1, "FRACTION": 2, "BINOMIAL": 2, "ROOT": 1, "OVERLINE": 1}
    OPENING = frozenset({"OPEN", "LBRACKET", "LEFT", "OPENBAR", "LBRACE", "BEGIN"})
    CLOSING = frozenset({"CLOSE", "RBRACKET", "RIGHT", "CLOSEBAR", "RBRACE", "END"})

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        opened: list[tuple[str, int]] = []  # what is open, with the arguments that are awaited after it
        awaited = 0
        operand = False  # whether an operand has just ended
        for token in stream:
            if token.type == "BAR":
                closes = operand and bool(opened) and opened[-1][0] == "OPENBAR"
                token = Token.new_borrow_pos("CLOSEBAR" if closes else "OPENBAR", str(token), token)
            kind = token.type
            if kind == "NUMBER" and awaited:
                digits, rest = str(token)[:awaited], str(token)[awaited:]
                digits, rest = (digits, rest) if digits.isdigit() else (digits[:1], str(token)[1:])
                start = token.start_pos or 0
                for place, digit in enumerate(digits, start):
                    yield Token("DIGIT", digit, start_pos=place, end_pos=place + 1)
                awaited -= len(digits)
                if rest:
                    yield Token("NUMBER", rest, start_pos=start + len(digits), end_pos=token.end_pos)
                operand = True
                continue
            if kind in self.OPENING:
                # the degree of a root stands before its argument
                opened.append((kind, awaited if kind == "LBRACKET" else max(awaited - 1, 0)))
                awaited, operand = 0, False
            elif kind in self.CLOSING:
                awaited = opened.pop()[1] if opened else 0
                operand = True
            elif kind in self.ARGUMENTS:
                awaited = max(awaited - (kind in ("FRACTION", "BINOMIAL", "ROOT", "OVERLINE")), 0) + self.ARGUMENTS[kind]
                operand = False
            else:
                operand = kind in ("NUMBER", "LETTER", "COMMAND", "WORD", "FACTORIAL", "PRIMES")
                awaited = max(awaited - operand, 0)
            yield token


@v_args(meta=True)
class _Rows(Transformer_NonRecursive[Token, Any]):
    """Lark's rules to items, without recursion; a method for each rule of the grammar."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def row(self, meta: Meta, children: list[Any]) -> Row:
        elements = tuple(
            Sign(c.start_pos or 0, c.end_pos or 0, 0, c.type, str(c)) if isinstance(c, Token) else c for c in children
        )
        if not elements:
            return Row(0, 0, 0, ())
        return Row(elements[0].start, elements[-1].end, max(e.depth for e in elements), elements)

    def item(self, meta: Meta, children: list[Any]) -> Item:
        nucleus, *scripts = children
        found: dict[str, Any] = {}
        for kind, script in scripts:
            if kind in found:
                place = (script.start, script.end) if isinstance(script, Piece) else (meta.start_pos, meta.end_pos)
                raise self.source.error("two scripts at one place", place, "Braces tell which is meant: {a^b}^c, or a^{b^c}.")
            found[kind] = script
        depth = max([nucleus.depth, *(s.depth for s in found.values() if isinstance(s, Piece))])
        return Item(
            meta.start_pos, meta.end_pos, depth, nucleus.kind, nucleus.text, nucleus.rows, found.get("above"), found.get("below"),
            found.get("primes", 0), nucleus.closing,
        )  # fmt: skip

    def superscript(self, meta: Meta, children: list[Any]) -> tuple[str, Row]:
        return "above", self._script(children[1])

    def subscript(self, meta: Meta, children: list[Any]) -> tuple[str, Row]:
        return "below", self._script(children[1])

    def primes(self, meta: Meta, children: list[Any]) -> tuple[str, int]:
        return "primes", len(str(children[0]))

    def number(self, meta: Meta, children: list[Any]) -> Item:
        return Item(meta.start_pos, meta.end_pos, 0, "number", str(children[0]))

    def letter(self, meta: Meta, children: list[Any]) -> Item:
        return Item(meta.start_pos, meta.end_pos, 0, "letter", spelt(str(children[0])))

    def command(self, meta: Meta, children: list[Any]) -> Item:
        return Item(meta.start_pos, meta.end_pos, 0, "command", str(children[0])[1:])

    def word(self, meta: Meta, children: list[Any]) -> Item:
        style, _, held = str(children[0])[1:-1].partition("{")
        return Item(meta.start_pos, meta.end_pos, 0, "word", held.strip(), closing=style.strip())

    def sign(self, meta: Meta, children: list[Any]) -> Item:
        return Item(meta.start_pos, meta.end_pos, 0, "sign", str(children[0]))

    def group(self, meta: Meta, children: list[Any]) -> Item:
        return self._held(meta, "group", "{", children)

    def fraction(self, meta: Meta, children: list[Any]) -> Item:
        return self._held(meta, "fraction", str(children[0]), [self._script(c) for c in children[1:]])

    def binomial(self, meta: Meta, children: list[Any]) -> Item:
        return self._held(meta, "binomial", "", [self._script(c) for c in children[1:]])

    def overline(self, meta: Meta, children: list[Any]) -> Item:
        return self._held(meta, "overline", "", [self._script(children[1])])

    def root(self, meta: Meta, children: list[Any]) -> Item:
        held = [c for c in children if not isinstance(c, Token)]
        return self._held(meta, "root", "", [self._script(c) if isinstance(c, Item) else c for c in held])

    def brackets(self, meta: Meta, children: list[Any]) -> Item:
        opening, held, closing = children
        return self._held(meta, "brackets", _bracket(str(opening)), [held], _bracket(str(closing)))

    def environment(self, meta: Meta, children: list[Any]) -> Item:
        begin, *middle, end = children
        name = re.sub(r".*?\{([A-Za-z]+)\*?\}.*", r"\1", str(begin), flags=re.S)
        if name not in str(end):
            raise self.source.error(f"the environment {name} is not ended", (begin.start_pos, begin.end_pos), rf"\end{{{name}}}")
        # the layout, one letter a separator: c for the next cell, n for the next row
        layout = "".join("c" if c.type == "CELL" else "n" for c in middle if isinstance(c, Token))
        return self._held(meta, "environment", name, [c for c in middle if isinstance(c, Row)], layout)

    def _held(self, meta: Meta, kind: str, text: str, rows: list[Row], closing: str = "") -> Item:
        depth = 1 + max(r.depth for r in rows)
        if depth > MAX_DEPTH:
            place = (meta.start_pos, meta.start_pos + 1)
            raise self.source.error(f"nested more than {MAX_DEPTH} deep", place, TOO_DEEP)
        return Item(meta.start_pos, meta.end_pos, depth, kind, text, tuple(rows), closing=closing)

    @staticmethod
    def _script(held: Any) -> Row:
        """The row of an argument: what braces hold, or the one token."""
        if isinstance(held, Item) and held.kind == "group":
            row = held.rows[0]
            return Row(held.start, held.end, row.depth, row.elements)
        return Row(held.start, held.end, held.depth, (held,))


def _bracket(text: str) -> str:
    """The bracket by itself: `\\left(` and `(` are one."""
    found = re.sub(r"^\\(?:left|right)\s*(?=[^A-Za-z])", "", text)
    same = {"\\lvert": "|", "\\rvert": "|", "\\vert": "|", "\\lbrace": "\\{", "\\rbrace": "\\}"}
    return same.get(found, found)


def _explained(error: UnexpectedInput, source: Source) -> NotationError:
    """What lark did not expect, in words."""
    text = source.text
    at = error.pos_in_stream if error.pos_in_stream is not None and error.pos_in_stream >= 0 else len(text)
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            end = len(text.rstrip())
            return source.error("the formula ends too early: something is open", (end, end + 1), "Close what is open.")
        written = str(error.token)
        if error.token.type in ("CLOSE", "RBRACKET", "RIGHT", "CLOSEBAR", "END"):
            return source.error(f"{written} closes nothing, or not what is open", (at, at + len(written)))
        if error.token.type == "CELL" or error.token.type == "NEWROW":
            return source.error(f"{written} stands outside of an environment", (at, at + len(written)))
        return source.error(f"unexpected {written}", (at, at + len(written)))
    here = text[at : at + 1]
    if here == "}":
        return source.error("} closes nothing, or not what is open", (at, at + 1))
    if here == "\\":
        command = re.match(r"\\(?:[A-Za-z]+|.)", text[at:], re.S)
        shown = command[0] if command else here
        return source.error(f"{shown} is not understood here", (at, at + len(shown)))
    remedies = {"'": "A prime stands after a function.", '"': "A formula holds no strings.", "$": "Leave the dollars away."}
    remedies |= {".": "A formula ends without a full stop.", "%": "Comments belong to files.", "#": "Comments belong to files."}
    return source.error(f"unexpected {here!r}", (at, at + 1), remedies.get(here, ""))


@cache
def _grammar() -> Lark:
    text = files("derivable.notation").joinpath("latex.lark").read_text(encoding="utf-8")
    return Lark(text, start="row", parser="lalr", postlex=_Tokens(), propagate_positions=True, maybe_placeholders=False)
