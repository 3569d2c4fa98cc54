"""The plain notation, `sin(x)**2 + Sum(k^2, (k, 1, n))`, to a syntax tree."""

from __future__ import annotations

import keyword
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer_NonRecursive, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError
from lark.tree import Meta
from lark.visitors import v_args

from derivable.notation.errors import NotationError
from derivable.notation.heads import HEADS
from derivable.notation.tree import (
    Applied,
    Call,
    Constant,
    Element,
    Name,
    Node,
    Number,
    Operation,
    Relation,
    Sequence,
    Source,
    Span,
    in_brackets,
    within_depth,
)

CONSTANTS = {
    "pi": "pi", "E": "E", "I": "I", "oo": "oo", "∞": "oo", "inf": "oo", "infinity": "oo", "π": "pi", "EulerGamma": "EulerGamma",
    "Catalan": "Catalan", "GoldenRatio": "GoldenRatio", "True": "True", "False": "False",
}  # fmt: skip
DOUBLE_FACTORIAL = "Write factorial2(x), or (x!)!."
SIGNS = {"=": "=", "==": "=", "≤": "<=", "≥": ">=", "≠": "!="}


def plain_tree(text: str) -> Node:
    """The tree of a text in the plain notation; raises `NotationError`."""
    source = Source(text, "plain")
    try:
        return _Nodes(source).transform(_grammar().parse(text))
    except UnexpectedInput as error:
        raise _explained(error, source) from None
    except VisitError as error:
        raise error.orig_exc from None


@v_args(meta=True)
class _Nodes(Transformer_NonRecursive[Token, Node]):
    """Lark's rules to nodes, without recursion; a method for each rule of the grammar."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def number(self, meta: Meta, children: list[Any]) -> Node:
        return Number(digits=str(children[0]), **_span(meta))

    def name(self, meta: Meta, children: list[Any]) -> Node:
        written = str(children[0])
        if written in CONSTANTS:
            return Constant(name=CONSTANTS[written], **_span(meta))
        return Name(name=self._checked(written, meta), **_span(meta))

    def brackets(self, meta: Meta, children: list[Any]) -> Node:
        return in_brackets(children[0], **_span(meta))

    def sequence(self, meta: Meta, children: list[Any]) -> Node:
        return Sequence(items=tuple(children), **_span(meta))

    def direction(self, meta: Meta, children: list[Any]) -> Node:
        return Constant(name=re.sub(r"[^+-]", "", str(children[0])), **_span(meta))

    def applied(self, meta: Meta, children: list[Any]) -> Node:
        opening, *arguments = children
        written = str(opening).rstrip("( \t")
        if written in HEADS:
            option = arguments.pop().name if arguments and _is_direction(arguments[-1]) else ""
            if (option and written != "Limit") or any(map(_is_direction, arguments)):
                raise self.source.error("dir is the direction of a limit", (meta.start_pos, meta.end_pos))
            return self._bounded(Call(head=written, arguments=tuple(arguments), option=option, **_span(meta)))
        if any(map(_is_direction, arguments)):
            raise self.source.error("dir is the direction of a limit", (meta.start_pos, meta.end_pos))
        if written in CONSTANTS:
            constant = Constant(name=CONSTANTS[written], start=meta.start_pos, end=meta.start_pos + len(written))
            if len(arguments) != 1:
                raise self.source.error(f"{written} is a constant, no function", (meta.start_pos, meta.end_pos))
            argument = in_brackets(arguments[0], meta.start_pos + len(str(opening)) - 1, meta.end_pos)
            return self._bounded(Operation(operator="juxtaposed", operands=(constant, argument), **_span(meta)))
        name = self._checked(written, meta)
        return self._bounded(Applied(name=name, arguments=tuple(arguments), **_span(meta)))

    def element(self, meta: Meta, children: list[Any]) -> Node:
        name = self._checked(str(children[0]).rstrip("["), meta)
        return self._bounded(Element(name=name, indices=tuple(children[1:]), **_span(meta)))

    def postfix(self, meta: Meta, children: list[Any]) -> Node:
        inner, *signs = children
        if len(signs) > 1:
            place = (signs[0].start_pos, signs[1].end_pos)
            raise self.source.error("x!! is the double factorial to some, (x!)! to others", place, DOUBLE_FACTORIAL)
        return self._bounded(Operation(operator="factorial", operands=(inner,), **_span(meta)))

    def power(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(Operation(operator="power", operands=(children[0], children[-1]), **_span(meta)))

    def juxtaposed(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(Operation(operator="juxtaposed", operands=tuple(children), **_span(meta)))

    def signed(self, meta: Meta, children: list[Any]) -> Node:
        sign, inner = children
        return inner if sign == "+" else self._bounded(Operation(operator="negative", operands=(inner,), **_span(meta)))

    exponent = signed

    def product(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(chained_product(children, _span(meta)))

    def sum(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(chained_sum(children, _span(meta)))

    def relation(self, meta: Meta, children: list[Any]) -> Node:
        signs = tuple(SIGNS.get(str(sign), str(sign)) for sign in children[1::2])
        return self._bounded(Relation(relations=signs, operands=tuple(children[::2]), **_span(meta)))

    def negation(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(Operation(operator="not", operands=(children[1],), **_span(meta)))

    def conjunction(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(Operation(operator="and", operands=tuple(children), **_span(meta)))

    def disjunction(self, meta: Meta, children: list[Any]) -> Node:
        return self._bounded(Operation(operator="or", operands=tuple(children), **_span(meta)))

    def _checked(self, written: str, meta: Meta) -> str:
        """The name as symbols carry it: Greek letters spelt out."""
        place = (meta.start_pos, meta.start_pos + len(written))
        if written.startswith("_") or "__" in written or written.endswith("_"):
            raise self.source.error(f"{written}: a name begins with a letter and holds single underscores", place)
        if keyword.iskeyword(written):
            remedy = "Write lamda for the Greek letter." if written == "lambda" else "Choose another name."
            raise self.source.error(f"{written} is a word of the programming language, not a name", place, remedy)
        return "".join(map(spelt, written))

    def _bounded(self, node: Node) -> Node:
        return within_depth(node, self.source)


def chained_sum(children: list[Any], span: Span) -> Node:
    """`a + b - c`: operands and the signs between them."""
    terms = [children[0]]
    for sign, term in zip(children[1::2], children[2::2], strict=True):
        minus = str(sign) in ("-", "−")
        terms.append(Operation(operator="negative", operands=(term,), start=term.start, end=term.end) if minus else term)
    return Operation(operator="add", operands=tuple(terms), **span)


def chained_product(children: list[Any], span: Span) -> Node:
    """`a * b / c`, from the left; the factors above are one product, so that long ones are not deep."""
    above, below = [children[0]], list[Node]()
    for sign, factor in zip(children[1::2], children[2::2], strict=True):
        (below if str(sign) == "/" else above).append(factor)
    node = above[0] if len(above) == 1 else Operation(operator="times", operands=tuple(above), **span)
    return node if not below else Operation(operator="over", operands=(node, *below), **span)


def _span(meta: Meta) -> Span:
    return {"start": meta.start_pos, "end": meta.end_pos}


def _is_direction(node: Any) -> bool:
    return isinstance(node, Constant) and set(node.name) <= set("+-")


def spelt(character: str) -> str:
    """A Greek letter by its name, any other as it is."""
    name = unicodedata.name(character, "")
    found = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", name)
    return character if not found else found[2].lower() if found[1] == "SMALL" else found[2].capitalize()


def _explained(error: UnexpectedInput, source: Source) -> NotationError:
    """What lark did not expect, in words."""
    text = source.text
    at = error.pos_in_stream if error.pos_in_stream is not None and error.pos_in_stream >= 0 else len(text)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        opened = _unclosed(text)
        if opened is not None:
            return source.error("a bracket that is not closed", (opened, opened + 1), "Close it.")
        return source.error("the formula ends too early", (len(text.rstrip()), len(text.rstrip()) + 1), "Something must follow.")
    here = text[at : at + 1]
    word = re.match(r"[A-Za-z_]\w*|.", text[at:], re.S)
    place = (at, at + len(word[0]) if word else at + 1)
    if isinstance(error, UnexpectedToken):
        if here in ")]":
            opened = text[:at].count("(") + text[:at].count("[") > text[:at].count(")") + text[:at].count("]")
            if not opened:
                return source.error("a closing bracket without an opening one", place)
            return source.error("something is missing before the bracket, or the bracket is of the wrong kind", place)
        return source.error(f"unexpected {str(error.token)!r}", (at, at + len(str(error.token))), _remedy(text, at))
    assert isinstance(error, UnexpectedCharacters)
    return source.error(f"unexpected {here!r}", place, _remedy(text, at))


def _remedy(text: str, at: int) -> str:
    here, rest = text[at : at + 1], text[at:]
    if here == "'" and text[at - 1 : at].isalnum():
        return "A derivative is written Derivative(f(x), x); a formula holds no strings."
    if here in "'\"`":
        return "A formula holds no strings."
    if here == ".":
        return "A formula has no attributes; a product is written with *."
    if here == "|":
        return "Write Abs(x) for the absolute value."
    if here == ":":
        return "Functions are not defined in a formula."
    if here == "\\":
        return "This looks like LaTeX: leave --plain away."
    if here in "{}":
        return "Brackets are ( and ); braces belong to LaTeX."
    if here == "%":
        return "Write Mod(a, b) for the remainder."
    if here == "," or rest.startswith("&&") or rest.startswith("||"):
        return "Commas separate arguments; conditions are joined by & and |."
    if here.isdigit() or here.isalpha():
        return "Is an operator missing?"
    return ""


def _unclosed(text: str) -> int | None:
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in "([":
            opened.append(place)
        elif character in ")]" and opened:
            opened.pop()
    return opened[-1] if opened else None


@cache
def _grammar() -> Lark:
    text = files("derivable.notation").joinpath("plain.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=False)
