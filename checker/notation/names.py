"""What the names of a formula stand for: numbers with their kinds, undefined functions, sequences.

A name before brackets is a function, or a factor: `f(x + 1)` or `n(n + 1)`. It is a function if it is declared to be one, if it
stands nowhere without brackets and is called f, g, h (or a capital of these), or is applied to several arguments, a single
name or a number, as in `u(x, t)` or `y(0)`. It is a factor if it is declared to be a number, is bound, or stands without
brackets elsewhere. Anything else is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from derivable.notation.heads import HEADS
from derivable.notation.tree import Applied, Call, Element, Name, Node, Number, Sequence, Source, Subscripted, walk

KINDS: dict[str, dict[str, bool]] = {
    "complex": {},
    "real": {"real": True},
    "positive": {"positive": True},
    "negative": {"negative": True},
    "nonnegative": {"nonnegative": True},
    "nonpositive": {"nonpositive": True},
    "nonzero": {"zero": False},
    "rational": {"rational": True},
    "integer": {"integer": True},
    "natural": {"integer": True, "nonnegative": True},
    "counting": {"integer": True, "positive": True},
    "even": {"even": True},
    "odd": {"odd": True},
    "prime": {"prime": True},
}
ROLES = ("function", "sequence", "constant")
LETTER_CONSTANTS = {"e": sp.E, "i": sp.I}
FUNCTION_LETTERS = re.compile(r"[fghFGH](?:_?\d+)?")
GREEK_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lamda Xi Pi Sigma Upsilon Phi Psi Omega"
)
GREEK = frozenset(GREEK_LETTERS.split())
# heads that are letters too: a name of these may stand by itself
LETTERS = frozenset({"beta", "gamma", "zeta"})


@dataclass(frozen=True)
class Declarations:
    """The kinds of names, `{"n": ("positive", "integer"), "f": ("real", "function")}`; a name without a kind is complex."""

    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def assumptions(self, name: str) -> dict[str, bool]:
        """The assumptions that the kinds of a name amount to."""
        return {key: value for kind in self.kinds.get(name, ()) for key, value in KINDS.get(kind, {}).items()}

    def role(self, name: str) -> str | None:
        """`function`, `sequence`, `constant`, `number`, or None for a name that is not declared."""
        if name not in self.kinds:
            return None
        return next((role for role in ROLES if role in self.kinds[name]), "number")


class Scope:
    """The names of several formulas that belong together, resolved alike in all of them."""

    def __init__(self, declarations: Declarations, trees: Iterable[Node]) -> None:
        self.declarations = declarations
        self.bare: set[str] = set()
        self.functions: set[str] = set()
        self.applied: set[str] = set()
        self.indexed: set[str] = set()
        self.ranged: set[str] = set()  # the variables of sums, products and limits
        self.used: dict[str, str] = {}  # what was met while formulas were built: name and role, in order
        subscripted: list[Subscripted] = []
        for tree in trees:
            for node in walk(tree):
                self._note(node)
                subscripted += [node] if isinstance(node, Subscripted) else []
        # a_1 beside a_k is an element too
        self.indexed |= {node.name for node in subscripted if any(map(self._is_index, node.indices))}

    def _is_index(self, node: Node) -> bool:
        names = {n.name for n in walk(node) if isinstance(n, Name)}
        return any(name in self.ranged or self.declarations.assumptions(name).get("integer") for name in names)

    def _note(self, node: Node) -> None:
        if isinstance(node, Name):
            self.bare.add(node.name)
        elif isinstance(node, Element):
            self.indexed.add(node.name)
        elif isinstance(node, Call) and node.head in ("Sum", "Product", "Limit"):
            first = [a.items[0] if isinstance(a, Sequence) and a.items else a for a in node.arguments[1:]]
            self.ranged |= {a.name for a in (first[:1] if node.head == "Limit" else first) if isinstance(a, Name)}
        elif isinstance(node, Applied):
            self.applied.add(node.name)
            if node.exponent is not None:
                return
            if node.primes or len(node.arguments) > 1 or all(isinstance(a, Name | Number) for a in node.arguments):
                self.functions.add(node.name)

    def is_function(self, node: Applied, source: Source, bound: Mapping[str, Any]) -> bool:
        """Whether a name before brackets is a function; a product if not; refused if it may be either."""
        name, role = node.name, self.declarations.role(node.name)
        if node.exponent is not None:
            if role == "function" or name in self.functions or (role is None and FUNCTION_LETTERS.fullmatch(name)):
                remedy = f"Write ({name}(…))^n for the power of the value."
                raise source.error(f"{name}^n(…): a power of the value, or {name} applied n times?", node, remedy)
            return False
        if name in bound or role in ("number", "constant"):
            if len(node.arguments) != 1 or node.primes:
                raise source.error(
                    f"{name} is a number, no function", node, f"The hypothesis '{name} function' declares a function."
                )
            return False
        if role == "function":
            return True
        if role == "sequence":
            raise source.error(f"{name} is a sequence: its elements are written {name}[k]", node)
        both = f"{name}*(…) is a product; the hypothesis '{name} function' makes it a function, '{name} real' a factor."
        if name in self.bare:
            if FUNCTION_LETTERS.fullmatch(name) or name in self.functions:
                raise source.error(f"{name} stands before brackets and by itself: a function, or a factor?", node, both)
            return False
        stem = re.sub(r"(?:_\w*|\d+)$", "", name)
        if len(stem) > 1 and stem not in GREEK:
            near = difflib.get_close_matches(name, HEADS, 1, 0.6)
            message = f"{name} is no known function." + (f" Did you mean {near[0]}?" if near else "")
            raise source.error(message, (node.start, node.start + len(name)), f"The hypothesis '{name} function' declares one.")
        if FUNCTION_LETTERS.fullmatch(name) or name in self.functions:
            return True
        raise source.error(f"{name}(…): a function, or the product {name}*(…)?", node, both)

    def symbol(self, name: str, source: Source, node: Node) -> Any:
        """The free number of a name."""
        role = self.declarations.role(name)
        if role == "constant":
            self.used.setdefault(name, "constant")
            return LETTER_CONSTANTS[name]
        if role in ROLES:
            raise source.error(f"{name} is a {role}: it stands with its argument", node)
        if role is None:
            self._check_undeclared(name, source, node)
        self.used.setdefault(name, "number")
        return sp.Symbol(name, **self.declarations.assumptions(name))

    def _check_undeclared(self, name: str, source: Source, node: Node) -> None:
        declare = f"the hypothesis '{name} complex' (or another kind) declares a number of that name."
        if name == "e":
            e = "E, and its powers exp(x)" if source.syntax == "plain" else r"\mathrm{e}, or 'e constant' as a hypothesis"
            raise source.error("e: Euler's number, or a number of that name?", node, f"Euler's number is {e}; {declare}")
        if name == "i":
            i = "I" if source.syntax == "plain" else r"\mathrm{i}, or i with 'i constant' as a hypothesis"
            raise source.error("i: the imaginary unit, or an index?", node, f"The imaginary unit is {i}; {declare}")
        if name == "d" and source.syntax == "latex":
            raise source.error("d: a differential without its integral, or a number?", node, declare[0].upper() + declare[1:])
        if name in HEADS and name not in LETTERS:
            raise source.error(f"{name} is a function: its argument stands in brackets", node, f"{name}(…)")
        if name in self.functions or (FUNCTION_LETTERS.fullmatch(name) and name in self.applied):
            raise source.error(
                f"{name} stands by itself, and before brackets: a number, or a function?", node, declare[0].upper() + declare[1:]
            )
        if name in self.indexed:
            raise source.error(
                f"{name} stands by itself, and with an index: a number, or a sequence?", node, declare[0].upper() + declare[1:]
            )
        if name in self.ranged:
            message = f"{name} is bound by a sum, a product or a limit, and stands outside of it too"
            raise source.error(message, node, f"Bracket what the sum is over; or, if another {name} is meant: {declare}")
        known = self.bare | set(self.declarations.kinds)
        if source.syntax == "plain" and len(name) > 1 and name.isalpha() and all(letter in known for letter in name):
            product = "*".join(name)
            raise source.error(
                f"{name}: one name, or {product}?", node, f"Write {product}, or declare it: --where '{name} complex'"
            )

    def function(self, name: str) -> Any:
        """The undefined function of a name."""
        self.used.setdefault(name, "function")
        return sp.Function(name, **self.declarations.assumptions(name))

    def sequence(self, name: str, source: Source, node: Node) -> Any:
        """The sequence of a name."""
        role = self.declarations.role(name)
        if role in ("function", "constant") or name in self.bare or name in self.applied:
            raise source.error(f"{name} has an index here and none elsewhere: a sequence, or something else?", node)
        self.used.setdefault(name, "sequence")
        return sp.IndexedBase(name, **self.declarations.assumptions(name))

    def assumed(self) -> list[str]:
        """What was assumed of each name that occurs, in words, declared or not: `n integer`, `z complex (not declared)`."""
        said = []
        for name, role in self.used.items():
            kinds = self.declarations.kinds.get(name)
            word = "" if role == "number" else role
            if kinds is None:
                said.append(f"{name} {'any complex ' + word if word else 'complex'} (not declared)")
            else:
                rest = [k for k in kinds if k not in ROLES]
                said.append(" ".join([name, *(rest or ["complex"] * (not word) or ["any complex"]), *([word] if word else [])]))
        return said
