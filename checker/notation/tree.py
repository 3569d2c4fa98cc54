"""The syntax tree that both grammars make: what was written, and where; nothing is computed.

Binders, cases and matrices are calls of the plain notation's heads: the sum over k from 1 to n is `Call("Sum", (body,
Sequence((k, 1, n))))` whichever way it was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypedDict, TypeVar

from derivable.notation.errors import NotationError

MAX_DEPTH = 60  # of a formula: SymPy walks expressions by recursion
TOO_DEEP = "Give a part of it a name, and state that apart."


@dataclass(frozen=True)
class Source:
    """A text and the notation that it is written in."""

    text: str
    syntax: Literal["plain", "latex"]

    def error(self, message: str, place: Node | tuple[int, int], remedy: str = "") -> NotationError:
        """The error at a node, or at a range of characters."""
        start, end = (place.start, place.end) if isinstance(place, Node) else place
        return NotationError(message, self.text, start, end, remedy)


class Span(TypedDict):
    """The range of characters that a node is made of."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of a text: `text[start:end]`. `bracketed`: it stands in brackets of its own."""

    start: int
    end: int
    bracketed: bool = False
    depth: int = field(default=0, init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "depth", 1 + max((child.depth for child in self.children()), default=0))

    def children(self) -> tuple[Node, ...]:
        """The parts that this one is made of."""
        return ()


@dataclass(frozen=True, kw_only=True)
class Number(Node):
    """A literal: digits, with a decimal point and an exponent of ten if the notation has them."""

    digits: str


@dataclass(frozen=True, kw_only=True)
class Constant(Node):
    """pi, e, i, infinity, true, false, by their names in the plain notation."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Name(Node):
    """A name that stands by itself."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Subscripted(Node):
    """A name with a subscript: an element of a sequence if the subscript is an index, a name with a label otherwise."""

    name: str
    label: str
    indices: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """The indices."""
        return self.indices


@dataclass(frozen=True, kw_only=True)
class Element(Node):
    """`a[k]`, an element of a sequence."""

    name: str
    indices: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """The indices."""
        return self.indices


@dataclass(frozen=True, kw_only=True)
class Applied(Node):
    """A name before brackets: a function of what they hold, or the product.

    `primes` counts derivatives; `exponent` stands at the name, as in `n^2(n + 1)`.
    """

    name: str
    arguments: tuple[Node, ...]
    primes: int = 0
    exponent: Node | None = None

    def children(self) -> tuple[Node, ...]:
        """The arguments and the exponent."""
        return self.arguments if self.exponent is None else (*self.arguments, self.exponent)


@dataclass(frozen=True, kw_only=True)
class Call(Node):
    """A known head and its arguments; `option` is the direction of a limit."""

    head: str
    arguments: tuple[Node, ...]
    option: str = ""

    def children(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


@dataclass(frozen=True, kw_only=True)
class Operation(Node):
    """`add`, `negative`, `times`, `juxtaposed` (a product without a sign), `over`, `power`, `factorial`, `and`, `or`, `not`."""

    operator: str
    operands: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


@dataclass(frozen=True, kw_only=True)
class Relation(Node):
    """`a < b <= c`: operands with one relation between each two."""

    relations: tuple[str, ...]
    operands: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


@dataclass(frozen=True, kw_only=True)
class Sequence(Node):
    """A tuple or a list."""

    items: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """The items."""
        return self.items


Some = TypeVar("Some", bound=Node)


def within_depth(node: Some, source: Source) -> Some:
    """The node, unless it is nested too deep."""
    if node.depth > MAX_DEPTH:
        raise source.error(f"nested more than {MAX_DEPTH} deep", (node.start, node.start + 1), TOO_DEEP)
    return node


def in_brackets(node: Some, start: int, end: int) -> Some:
    """The node with the brackets that it stands in."""
    return replace(node, start=start, end=end, bracketed=True)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children())
