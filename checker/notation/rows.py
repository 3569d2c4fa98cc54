"""Rows of LaTeX items to a syntax tree: what is multiplied, what a function is applied to, where an integral ends.

What paper leaves open is refused, with the readings in the message, where the conventions of print do not decide. These are:
a function without brackets takes one factor (after a number or π); a sum, a product and a limit take the term that follows;
an integral reaches to its differential, a derivative takes one factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from derivable.notation.heads import HEADS
from derivable.notation.latex import Item, Row, Sign, latex_row
from derivable.notation.names import GREEK
from derivable.notation.plain import chained_product, chained_sum
from derivable.notation.tree import (
    MAX_DEPTH,
    TOO_DEEP,
    Applied,
    Call,
    Constant,
    Name,
    Node,
    Number,
    Operation,
    Relation,
    Sequence,
    Source,
    Span,
    Subscripted,
    in_brackets,
    walk,
    within_depth,
)

PRINTED = "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan log ln exp max min det"
FUNCTIONS = {name: name for name in PRINTED.split()} | {"Re": "re", "Im": "im", "arg": "arg", "Gamma": "gamma", "zeta": "zeta"}
NEEDS_BRACKETS = frozenset({"max", "min", "gamma", "zeta"})  # no function without brackets: Γ and ζ may be names too
BINDERS = {"sum": "Sum", "prod": "Product", "lim": "Limit"}
RELATIONS = {
    "≤": "<=", "≥": ">=", "≠": "!=", "\\leqslant": "<=", "\\leq": "<=", "\\le": "<=", "\\geqslant": ">=", "\\geq": ">=",
    "\\ge": ">=", "\\lt": "<", "\\gt": ">", "\\neq": "!=", "\\ne": "!=", "\\to": "->", "\\rightarrow": "->",
    "\\searrow": "->", "\\nearrow": "->",
}  # fmt: skip
SYMBOLS = {name: name for name in GREEK} | {
    "lambda": "lamda", "Lambda": "Lamda", "ell": "ell", "hbar": "hbar", "varepsilon": "varepsilon", "varphi": "varphi",
    "vartheta": "vartheta", "varrho": "varrho", "varsigma": "varsigma", "top": "T",
}  # fmt: skip
BRACKETS = {"(": ")", "[": "]", "\\{": "\\}", "|": "|", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}
BARE_WORDS = (
    "sin",
    "cos",
    "tan",
    "log",
    "ln",
    "exp",
    "sqrt",
    "max",
    "min",
    "lim",
    "sum",
    "int",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
)
LONGEST_WORD = max(map(len, BARE_WORDS))
REMEDIES = {
    "dots": "Write a sum or a product instead of dots.", "cdots": "Write a sum or a product instead of dots.",
    "ldots": "Write a sum or a product instead of dots.", "pm": "These are two statements: check each.",
    "mp": "These are two statements: check each.", "over": r"Write \frac{a}{b}.", "choose": r"Write \binom{n}{k}.",
    "iint": r"Write \int \int with bounds at each.", "oint": "Write the integral over a parameter.",
    "bar": r"Write \overline{z} for the conjugate.", "lg": r"Write \log_2 or \log_{10}.",
    "partial": r"Write \frac{\partial}{\partial x}.",
    "limsup": "Only limits are understood.", "sup": "Only maxima of listed values are understood.",
}  # fmt: skip


def latex_tree(text: str, numbers: Iterable[str] = ()) -> Node:
    """The tree of a LaTeX text; `numbers` are the names that are declared, so that a declared d is no differential."""
    source = Source(text, "latex")
    row = latex_row(source)
    if not row.elements:
        raise source.error("the formula is empty", (0, 1))
    return _Reader(source, frozenset(numbers), row.elements, row.end).whole()


class _Reader:
    """Reads a row from left to right."""

    def __init__(
        self, source: Source, numbers: frozenset[str], elements: tuple[Item | Sign, ...], end: int, level: int = 0
    ) -> None:
        self.source, self.numbers, self.level = source, numbers, level
        self.elements, self.end = elements, end
        self.at = 0
        # what has just been read is a function or derivative whose argument has no brackets: what follows may belong to it
        self.unbracketed: tuple[Node, str] | None = None
        self.after_derivative = False
        self.binding = 0  # how many sums, products and limits are being read

    # -- rows ------------------------------------------------------------------------------------------------------------

    def whole(self) -> Node:
        """The row as one formula."""
        node = self._condition()
        if self.at < len(self.elements):
            self._refuse(self.elements[self.at], "this does not belong to the formula before it")
        return node

    def _inner(self, row: Row) -> Node:
        if not row.elements:
            raise self.source.error("something is missing here", (max(row.start - 1, 0), row.end + 1))
        return self._reader(row.elements, row.end).whole()

    def _reader(self, elements: tuple[Item | Sign, ...], end: int) -> _Reader:
        return _Reader(self.source, self.numbers, elements, end, self.level)

    def _listed(self, row: Row) -> tuple[Node, ...]:
        """The formulas between commas."""
        parts: list[list[Item | Sign]] = [[]]
        for element in row.elements:
            if isinstance(element, Sign) and element.kind == "COMMA":
                parts.append([])
            else:
                parts[-1].append(element)
        if not row.elements or not all(parts):
            raise self.source.error("an argument is missing here", (max(row.start - 1, 0), row.end + 1))
        return tuple(self._reader(tuple(part), part[-1].end).whole() for part in parts)

    # -- from the loosest to the tightest ----------------------------------------------------------------------------------

    def _condition(self) -> Node:
        parts, signs = [self._relation()], []
        while isinstance(sign := self._peek(), Sign) and sign.kind == "LOGICAL":
            self.at += 1
            signs.append("and" if sign.text in ("\\wedge", "\\land") else "or")
            parts.append(self._relation())
        if not signs:
            return parts[0]
        if len(set(signs)) > 1:
            self._refuse(parts[0], "and beside or without brackets", "Bracket the one.")
        return self._node(Operation, parts[0].start, parts[-1].end, operator=signs[0], operands=tuple(parts))

    def _relation(self) -> Node:
        parts, signs = [self._sum()], []
        while isinstance(sign := self._peek(), Sign) and sign.kind == "RELATION":
            self.at += 1
            signs.append(RELATIONS.get(sign.text, sign.text))
            parts.append(self._sum())
        if not signs:
            return parts[0]
        return self._node(Relation, parts[0].start, parts[-1].end, relations=tuple(signs), operands=tuple(parts))

    def _sum(self) -> Node:
        parts: list[object] = [self._signed()]
        modulo = self._ended_in_modulo
        while isinstance(sign := self._peek(), Sign) and sign.kind == "SIGN":
            self.at += 1
            parts += [sign.text, self._signed()]
            modulo |= self._ended_in_modulo
        first, last = parts[0], parts[-1]
        assert isinstance(first, Node)
        assert isinstance(last, Node)
        if len(parts) == 1:
            return first
        if modulo:
            self._refuse(first, "a sum before or after mod: what is divided?", "Bracket the sum, or the term with mod.", last.end)
        return within_depth(chained_sum(parts, {"start": first.start, "end": last.end}), self.source)

    def _signed(self) -> Node:
        sign = self._peek()
        if isinstance(sign, Sign) and sign.kind == "SIGN":
            self.at += 1
            inner = self._signed_product(sign)
            if self._ended_in_modulo:
                self._refuse(sign, "what is divided by mod: is the sign part of it?", "Bracket it, or the remainder.", inner.end)
            return (
                inner
                if sign.text == "+"
                else self._node(Operation, sign.start, inner.end, operator="negative", operands=(inner,))
            )
        return self._product()

    def _signed_product(self, sign: Sign) -> Node:
        if isinstance(self._peek(), Sign):
            self._refuse(sign, "two signs in a row", "Bracket the second.")
        return self._product()

    _ended_in_modulo = False

    def _product(self) -> Node:
        parts: list[object] = [self._run()]
        self._ended_in_modulo = False
        while isinstance(sign := self._peek(), Sign) and sign.kind in ("TIMES", "SLASH", "MODULO"):
            if sign.kind == "SLASH" and self.unbracketed is not None:
                node, reading = self.unbracketed
                self._refuse(
                    node, f"a stroke after {reading}: what is divided?", "Bracket the argument, or the function.", sign.end
                )
            if sign.kind == "MODULO" and (self.binding or self._ended_in_modulo):
                self._refuse(sign, "what is divided by mod?", "Bracket it, or the remainder.")
            self.at += 1
            minus = self._peek()
            if isinstance(minus, Sign) and minus.kind == "SIGN":
                self._refuse(minus, "a sign after an operator", "Bracket what it belongs to.")
            right = self._run()
            if sign.kind == "MODULO":
                if isinstance(right, Operation) and right.operator == "juxtaposed" and not right.bracketed:
                    self._refuse(right, "what is the divisor of mod?", "Bracket it, or the remainder.")
                whole = self._joined(parts)
                remainder = self._node(Call, whole.start, right.end, head="Mod", arguments=(whole, right))
                parts, self._ended_in_modulo = [remainder], True
            else:
                parts += ["/" if sign.kind == "SLASH" else "*", right]
        return self._joined(parts)

    def _joined(self, parts: list[object]) -> Node:
        first, last = parts[0], parts[-1]
        assert isinstance(first, Node)
        assert isinstance(last, Node)
        if len(parts) == 1:
            return first
        return within_depth(chained_product(parts, {"start": first.start, "end": last.end}), self.source)

    def _run(self) -> Node:
        """Factors without signs between them."""
        self.unbracketed, self.after_derivative = None, False
        bars = [0] if self._is_bars(self._peek()) else []
        factors = [self._factor()]
        while isinstance(item := self._peek(), Item):
            if self.unbracketed is not None and (self.after_derivative or not self._opens_function(item)):
                node, reading = self.unbracketed
                self._refuse(node, f"does what follows belong to {reading}?", "Bracket the argument, or the function.", item.end)
            self._check_neighbours(self.elements[self.at - 1], item)
            self._check_bars(item, bars, len(factors))
            bars += [len(factors)] if self._is_bars(item) else []
            self.unbracketed, self.after_derivative = None, False
            factors.append(self._factor())
        if len(factors) == 1:
            return factors[0]
        return self._node(Operation, factors[0].start, factors[-1].end, operator="juxtaposed", operands=tuple(factors))

    def _is_bars(self, item: Item | Sign | None) -> bool:
        return isinstance(item, Item) and item.kind == "brackets" and self.source.text[item.start] == "|"

    def _check_bars(self, item: Item, bars: list[int], at: int) -> None:
        """`|a|b|c|` is |a| b |c|, or |a |b| c|."""
        if self._is_bars(item) and bars and bars[-1] < at - 1:
            self._refuse(item, "which bars belong together?", r"Write \left| … \right|.")

    def _check_neighbours(self, before: Item | Sign, item: Item) -> None:
        """`x^ab` is x^a b to TeX, and x^{ab} to some."""
        script = before.above or before.below if isinstance(before, Item) else None
        if (
            script is None
            or before.end != item.start
            or self.source.text[script.start] == "{"
            or item.kind not in ("letter", "number")
        ):
            return
        if script.elements[0].end != before.end or not isinstance(script.elements[0], Item):
            return
        if script.elements[0].kind == "letter" or item.kind == "number":
            one = self.source.text[script.start : script.end]
            rest = self.source.text[item.start : item.end]
            remedy = f"Write {{{one}{rest}}} for both, or a space between {one} and {rest}."
            raise self.source.error("a script of one token, with a neighbour", (before.start, item.end), remedy)

    # -- factors ---------------------------------------------------------------------------------------------------------

    def _factor(self) -> Node:
        """A factor, within the depth that recursion allows."""
        self.level += 1
        if self.level > MAX_DEPTH:
            place = self._peek() or self.elements[-1]
            self._refuse(place, f"nested more than {MAX_DEPTH} deep", TOO_DEEP)
        node = self._one_factor()
        self.level -= 1
        return node

    def _one_factor(self) -> Node:
        item = self._peek()
        if not isinstance(item, Item):
            if item is None:
                raise self.source.error("something is missing here", (self.end, self.end + 1))
            self._refuse(item, f"something is missing before {item.text}")
        self._check_word(item)
        head = self._function_of(item)
        if head is not None:
            return self._function(item, head)
        if item.kind == "command" and item.text in BINDERS:
            return self._binder(item)
        if item.kind == "command" and item.text == "int":
            return self._integral(item)
        if item.kind == "fraction" and (found := self._derivative(item)) is not None:
            return found
        self.at += 1
        name = self._name_of(item)
        if name is not None:
            return self._named(item, name)
        return self._postfixed(self._nucleus(item), item)

    def _postfixed(self, node: Node, item: Item) -> Node:
        """The node with the item's superscript and the factorial signs after it."""
        if item.primes:
            self._refuse(item, "a prime stands after the name of a function")
        if item.below is not None:
            self._refuse(item, "a subscript stands after a name")
        if item.above is not None:
            node = self._raised(node, item.above)
        signs = 0
        while isinstance(sign := self._peek(), Sign) and sign.kind == "FACTORIAL":
            self.at += 1
            signs += 1
            if signs > 1:
                self._refuse(
                    sign, "x!! is the double factorial to some, (x!)! to others", r"Write (x!)!, or \operatorname{factorial2}(x)."
                )
            node = self._node(Operation, node.start, sign.end, operator="factorial", operands=(node,))
        return node

    def _raised(self, node: Node, above: Row) -> Node:
        if len(above.elements) == 1 and isinstance(only := above.elements[0], Item) and only.kind in ("sign", "command", "word"):
            if only.text in ("circ", "prime", "dagger", "ast", "+", "-", "*"):
                self._refuse(
                    above, f"^{only.text} is not understood", "Degrees are multiplied by pi/180; a derivative is written f'(x)."
                )
            if only.text == "T" or only.text == "top":
                name = Name(name="T", start=only.start, end=only.end)
                return self._node(Operation, node.start, above.end, operator="power", operands=(node, name))
        exponent = in_brackets(self._inner(above), above.start, above.end)
        if isinstance(exponent, Name) and exponent.name == "T":
            exponent = Name(name="T", start=above.start, end=above.end)
        return self._node(Operation, node.start, above.end, operator="power", operands=(node, exponent))

    def _nucleus(self, item: Item) -> Node:
        span = Span(start=item.start, end=item.end if item.plain else self._nucleus_end(item))
        if item.kind == "number":
            return Number(digits=item.text, **span)
        if item.kind == "command" and item.text in ("pi", "infty"):
            return Constant(name="pi" if item.text == "pi" else "oo", **span)
        if item.kind == "letter" and item.text in ("∞",):
            return Constant(name="oo", **span)
        if item.kind == "word" and item.text in ("e", "i") and item.closing in ("mathrm", "text", "textrm"):
            return Constant(name=item.text.upper(), **span)
        if item.kind == "group":
            return self._group(item, span)
        if item.kind == "brackets":
            return self._brackets(item, span)
        if item.kind == "fraction":
            above, below = (in_brackets(self._inner(row), row.start, row.end) for row in item.rows)
            return self._node(Operation, **span, operator="over", operands=(above, below), bracketed=True)
        if item.kind == "binomial":
            return self._node(Call, **span, head="binomial", arguments=tuple(map(self._inner, item.rows)), bracketed=True)
        if item.kind == "root":
            arguments = tuple(map(self._inner, reversed(item.rows)))
            return self._node(Call, **span, head="root" if len(arguments) == 2 else "sqrt", arguments=arguments)
        if item.kind == "overline":
            return self._node(Call, **span, head="conjugate", arguments=(self._inner(item.rows[0]),))
        if item.kind == "environment":
            return self._environment(item, span)
        if item.kind == "word":
            self._refuse(item, f"\\{item.closing}{{{item.text}}} is not understood here")
        remedy = REMEDIES.get(item.text, r"A name of your own is written \operatorname{name}.")
        self._refuse(item, f"\\{item.text} is not understood", remedy)

    def _nucleus_end(self, item: Item) -> int:
        scripts = [row.start for row in (item.above, item.below) if row is not None]
        return max(min([*scripts, item.end]) - 1, item.start + 1)

    def _group(self, item: Item, span: Span) -> Node:
        node = self._inner(item.rows[0])
        loose = (
            not node.bracketed
            and isinstance(node, Operation)
            and node.operator in ("add", "negative", "times", "juxtaposed", "over")
        )
        if (loose or isinstance(node, Relation)) and (not item.plain or len(self.elements) > 1):
            self._refuse(item, "braces do not show: is the whole of it meant?", r"Write \left( … \right).")
        return in_brackets(node, **span)

    def _brackets(self, item: Item, span: Span) -> Node:
        self._check_pair(item)
        [row] = item.rows
        if item.text in ("(", "[", "\\{"):
            if any(isinstance(e, Sign) and e.kind == "COMMA" for e in row.elements):
                return Sequence(items=self._listed(row), **span)
            return in_brackets(self._inner(row), **span)
        head = {"|": "Abs", "\\lfloor": "floor", "\\lceil": "ceiling"}[item.text]
        inner = self._inner(row)
        if head == "Abs" and isinstance(inner, Call) and inner.head == "Matrix":
            head = "Determinant"
        return self._node(Call, **span, head=head, arguments=(inner,))

    def _check_pair(self, item: Item) -> None:
        if item.text not in BRACKETS or BRACKETS[item.text] != item.closing:
            self._refuse(item, f"brackets {item.text} … {item.closing} are not understood", r"Brackets are ( ), [ ], \{ \}.")

    def _environment(self, item: Item, span: Span) -> Node:
        rows: list[list[Row]] = [[item.rows[0]]]
        for mark, cell in zip(item.closing, item.rows[1:], strict=True):
            if mark == "n":
                rows.append([cell])
            else:
                rows[-1].append(cell)
        if len(rows) > 1 and len(rows[-1]) == 1 and not rows[-1][0].elements:
            rows.pop()  # the last row ended with \\
        if item.text in ("cases", "dcases"):
            cases = tuple(self._case(item, row) for row in rows)
            return self._node(Call, **span, head="Piecewise", arguments=cases)
        if item.text not in ("matrix", "pmatrix", "bmatrix", "vmatrix", "array", "smallmatrix"):
            self._refuse(
                item, f"the environment {item.text} is not understood", "Known are cases, pmatrix, bmatrix, vmatrix, matrix."
            )
        lines = tuple(self._node(Sequence, row[0].start, row[-1].end, items=tuple(map(self._inner, row))) for row in rows)
        matrix = self._node(Call, **span, head="Matrix", arguments=(self._node(Sequence, **span, items=lines),))
        return self._node(Call, **span, head="Determinant", arguments=(matrix,)) if item.text == "vmatrix" else matrix

    def _case(self, item: Item, row: list[Row]) -> Node:
        if len(row) != 2:
            self._refuse(item, "a case is a value and its condition, with & between them")
        value, condition = row
        kept: list[Item | Sign] = []
        for element in value.elements:
            if not (isinstance(element, Sign) and element.kind == "COMMA"):
                kept.append(element)
        found = self._reader(tuple(kept), value.end).whole()
        return self._node(Sequence, value.start, condition.end, items=(found, self._case_condition(condition)))

    def _case_condition(self, row: Row) -> Node:
        kept: list[Item | Sign] = []
        for element in row.elements:
            word = element.text.strip(" ,.:") if isinstance(element, Item) and element.kind == "word" else None
            if word in ("otherwise", "else"):
                return Constant(name="True", start=row.start, end=row.end)
            if word in ("and", "or"):
                kept.append(Sign(element.start, element.end, 0, "LOGICAL", "\\wedge" if word == "and" else "\\vee"))
            elif word not in ("if", "for", "when", "where", ""):
                kept.append(element)
        if not kept:
            raise self.source.error("the condition of a case is missing", (max(row.start - 1, 0), row.end + 1))
        return self._reader(tuple(kept), row.end).whole()

    # -- names -----------------------------------------------------------------------------------------------------------

    def _name_of(self, item: Item) -> str | None:
        """The name of an item that may be a number, a function or a sequence of one's own."""
        if item.kind == "letter" and item.text != "∞":
            return item.text
        if item.kind == "command":
            return None if item.text in ("pi",) else SYMBOLS.get(item.text)
        if item.kind == "word" and item.closing in ("operatorname", "operatorname*", "mathrm", "mathit", "text", "textrm"):
            if item.closing in ("mathrm", "text", "textrm") and item.text in ("e", "i", "d"):
                return None
            if not item.text.isalnum() or not item.text[0].isalpha() or not item.text.isascii():
                self._refuse(item, f"{item.text!r} is no name: it is a letter, then letters and digits")
            return item.text
        return None

    def _named(self, item: Item, name: str) -> Node:
        following = self._peek()
        arguments = self._arguments(following) if isinstance(following, Item) else None
        label, indices = self._label(item)
        if arguments is not None and (not indices or label):
            assert isinstance(following, Item)
            full = f"{name}_{label}" if label else name
            exponent = in_brackets(self._inner(item.above), item.above.start, item.above.end) if item.above is not None else None
            self.at += 1
            node = self._node(
                Applied, item.start, following.end if following.plain else self._nucleus_end(following), name=full,
                arguments=arguments, primes=item.primes, exponent=exponent,
            )  # fmt: skip
            return self._postfixed(node, self._bracket_item(following))
        if item.primes:
            self._refuse(item, "a prime stands after a function, with its argument: f'(x)")
        end = item.end if item.plain else self._nucleus_end(item)
        if item.below is not None:
            node = self._node(Subscripted, item.start, item.below.end, name=name, label=label, indices=indices)
        else:
            node = Name(name=name, start=item.start, end=end)
        return self._postfixed(node, Item(item.start, item.end, 0, item.kind, item.text, item.rows, item.above))

    def _label(self, item: Item) -> tuple[str, tuple[Node, ...]]:
        """A subscript as a label (letters and digits) and as indices, as far as it can be either."""
        if item.below is None:
            return "", ()
        words = [e for e in item.below.elements if isinstance(e, Item)]
        texts = [w.text for w in words if w.plain and w.kind in ("letter", "number", "word") and w.text.isalnum()]
        label = "".join(texts) if len(texts) == len(item.below.elements) else ""
        if len(words) == 1 and words[0].kind == "command" and words[0].plain:
            label = SYMBOLS.get(words[0].text, "")
        if any(w.kind == "word" for w in words):
            return label, ()
        if len(texts) == len(words) > 1 and len(words) == len(item.below.elements):
            return label, tuple(self._single(w) for w in words)  # a_{ij}
        return label, self._listed(item.below)

    def _single(self, item: Item) -> Node:
        if item.kind == "number":
            return Number(digits=item.text, start=item.start, end=item.end)
        return Name(name=item.text, start=item.start, end=item.end)

    def _bracket_item(self, following: Item) -> Item:
        """The brackets that hold arguments, or the group around them, for the scripts."""
        return following

    def _arguments(self, item: Item) -> tuple[Node, ...] | None:
        """What round brackets hold, also in a group of their own, as `f{\\left(x \\right)}`."""
        if item.kind == "group" and len(item.rows[0].elements) == 1 and isinstance(inner := item.rows[0].elements[0], Item):
            return self._arguments(inner) if inner.plain else None
        if item.kind != "brackets" or item.text != "(":
            return None
        self._check_pair(item)
        return self._listed(item.rows[0])

    def _check_word(self, item: Item) -> None:
        """`sin x` without a backslash is a product of four letters: nobody means it."""
        if item.kind != "letter":
            return
        run, place = "", self.at
        end = min(len(self.elements), self.at + LONGEST_WORD)
        while place < end and isinstance(e := self.elements[place], Item) and e.kind == "letter":
            if run and self.elements[place - 1].end != e.start:
                break
            run += e.text
            place += 1
            if not e.plain:
                break
        word = next((w for w in BARE_WORDS if run.startswith(w)), None)
        if word is not None:
            start = self.elements[self.at].start
            raise self.source.error(
                f"{word} without a backslash", (start, start + len(word)), rf"Write \{word}, or spaces between the letters."
            )

    # -- functions -------------------------------------------------------------------------------------------------------

    def _function_of(self, item: Item) -> str | None:
        """The head of a function's name."""
        if item.kind == "command" and item.text in FUNCTIONS:
            head = FUNCTIONS[item.text]
            return None if item.text in GREEK and not self._applied_at(self.at) else head
        if item.kind == "word" and item.text in HEADS and item.text not in ("e", "i", "d"):
            return item.text if item.closing in ("operatorname", "mathrm", "text", "textrm") else None
        return None

    def _applied_at(self, at: int) -> bool:
        following = self.elements[at + 1] if at + 1 < len(self.elements) else None
        return isinstance(following, Item) and self._arguments(following) is not None

    def _opens_function(self, item: Item) -> bool:
        return self._function_of(item) is not None or (item.kind == "command" and item.text in (*BINDERS, "int"))

    def _function(self, item: Item, head: str) -> Node:
        self.at += 1
        written = self.source.text[item.start : item.start + len(item.text) + 1]
        if item.primes:
            self._refuse(item, "a prime after a known function", r"Write \frac{d}{dx}.")
        power = None
        if item.above is not None:
            power = in_brackets(self._inner(item.above), item.above.start, item.above.end)
            negative = power.operator == "negative" if isinstance(power, Operation) else False
            if negative:
                inverse = {"sin": r"\arcsin x", "cos": r"\arccos x", "tan": r"\arctan x"}.get(head, "the inverse by its name")
                remedy = rf"The inverse function is {inverse}; the reciprocal is ({written} x)^{{-1}}."
                self._refuse(item, "the inverse function, or the reciprocal?", remedy)
        base = None
        if item.below is not None:
            if head not in ("log", "ln"):
                self._refuse(item, "a subscript of a function is understood at a logarithm alone")
            base = self._inner(item.below)
        following = self._peek()
        arguments = self._arguments(following) if isinstance(following, Item) else None
        if arguments is not None:
            assert isinstance(following, Item)
            self.at += 1
            end, script = following.end if following.plain else self._nucleus_end(following), following
            self.unbracketed = None
        else:
            if head in NEEDS_BRACKETS:
                self._refuse(item, f"{written} takes its arguments in brackets")
            argument = self._unbracketed_argument(item, written)
            arguments, end, script = (argument,), argument.end, None
        if base is not None:
            arguments = (*arguments, base)
        node: Node = self._node(Call, item.start, end, head=head, arguments=arguments)
        if power is not None:
            node = self._node(Operation, item.start, end, operator="power", operands=(node, power))
        if script is not None:
            return self._postfixed(node, script)
        shown = self.source.text[item.start : end]
        self.unbracketed, self.after_derivative = (node, shown), False
        after = self._peek()
        if isinstance(after, Sign) and after.kind == "FACTORIAL":
            self._refuse(node, "does the factorial belong to the argument?", "Bracket the argument, or the function.", after.end)
        return node

    def _unbracketed_argument(self, item: Item, written: str) -> Node:
        """One factor, after a number or π: sin 2x, log x^2, cos 2 π t."""
        following = self._peek()
        if not isinstance(following, Item):
            place = following if following is not None else item
            self._refuse(place, f"the argument of {written} is missing", "Bracket the argument if it begins with a sign.")
        if self._function_of(following) is not None:
            return self._factor()
        if self._opens_function(following):
            self._refuse(following, f"the argument of {written} is not bracketed", "Bracket the argument.")
        parts: list[Node] = []
        while isinstance(one := self._peek(), Item):
            coefficient = one.plain and (one.kind == "number" or (one.kind == "command" and one.text == "pi"))
            if self._opens_function(one):
                break
            if not parts or self._is_factor(one):
                if parts:
                    self._check_neighbours(self.elements[self.at - 1], one)
                parts.append(self._atom(one))
            else:
                break
            if not coefficient:
                break
        if len(parts) == 1:
            return parts[0]
        return self._node(Operation, parts[0].start, parts[-1].end, operator="juxtaposed", operands=tuple(parts))

    @staticmethod
    def _is_factor(item: Item) -> bool:
        return item.kind in ("letter", "command", "word", "root", "fraction", "number")

    def _atom(self, item: Item) -> Node:
        """One item with its scripts, not applied to brackets after it."""
        self._check_word(item)
        alone = self._reader((item,), item.end)
        node = alone._factor()
        self.at += 1
        return node

    # -- sums, products, limits ------------------------------------------------------------------------------------------

    def _binder(self, item: Item) -> Node:
        self.at += 1
        head = BINDERS[item.text]
        if item.below is None:
            self._refuse(item, f"\\{item.text} without a range", rf"Write \{item.text}_{{k=1}}^{{n}}, or \lim_{{x \to a}}.")
        if head == "Limit":
            variable, point, direction = self._approach(item)
            body = self._body()
            return self._node(Call, item.start, body.end, head="Limit", arguments=(body, variable, point), option=direction)
        variable, lower, upper = self._range(item)
        body = self._body()
        if head == "Product":
            self._check_product(item, body, variable)
        limits = Sequence(items=(variable, lower, upper), start=item.start, end=item.end)
        return self._node(Call, item.start, body.end, head=head, arguments=(body, limits))

    def _body(self) -> Node:
        """The term that a sum, a product or a limit is of."""
        self.binding += 1
        body = self._product()
        self.binding -= 1
        return body

    def _check_product(self, item: Item, body: Node, variable: Name) -> None:
        """Whether a last factor without the index is meant to be inside decides nothing for a sum, and much for a product."""
        if isinstance(body, Operation) and body.operator in ("times", "juxtaposed", "over") and not body.bracketed:
            last = body.operands[-1]
            if not any(isinstance(n, Name) and n.name == variable.name for n in walk(last)):
                self._refuse(
                    last, f"is this factor without {variable.name} part of the product?", "Bracket the product, or all factors."
                )

    def _range(self, item: Item) -> tuple[Name, Node, Node]:
        assert item.below is not None
        inside = self._inner(item.below)
        if isinstance(inside, Relation) and isinstance(inside.operands[0], Name) and inside.relations == ("=",):
            if item.above is None:
                self._refuse(item, f"\\{item.text} without an upper bound", rf"Write \{item.text}_{{k=1}}^{{n}}.")
            return inside.operands[0], inside.operands[1], self._inner(item.above)
        if (
            isinstance(inside, Relation)
            and item.above is None
            and isinstance(name := inside.operands[len(inside.relations) - 1], Name)
        ):
            if inside.relations == ("<=", "<="):
                return name, inside.operands[0], inside.operands[2]
            if inside.relations == (">=",):
                return name, inside.operands[1], Constant(name="oo", start=item.end, end=item.end)
        self._refuse(item.below, "a range is k=1 below and n above, or 1 \\le k \\le n")

    def _approach(self, item: Item) -> tuple[Name, Node, str]:
        assert item.below is not None
        arrows = [i for i, e in enumerate(item.below.elements) if isinstance(e, Sign) and RELATIONS.get(e.text) == "->"]
        if len(arrows) != 1:
            self._refuse(item.below, "a limit is written \\lim_{x \\to a}")
        left, right = item.below.elements[: arrows[0]], item.below.elements[arrows[0] + 1 :]
        if not left or not right:
            self._refuse(item.below, "a limit is written \\lim_{x \\to a}")
        variable = self._reader(left, left[-1].end).whole()
        if not isinstance(variable, Name):
            self._refuse(item.below, "a limit is taken in a variable")
        arrow = item.below.elements[arrows[0]]
        assert isinstance(arrow, Sign)
        direction = {"\\searrow": "+", "\\nearrow": "-"}.get(arrow.text, "")
        last = right[-1]
        if isinstance(last, Item) and last.above is not None and len(last.above.elements) == 1:
            script = last.above.elements[0]
            if script.text in ("+", "-") and (isinstance(script, Sign) or script.kind == "sign"):
                direction = script.text
                bare = Item(last.start, last.end, last.depth, last.kind, last.text, last.rows, None, last.below)
                right = (*right[:-1], bare)
        return variable, self._reader(right, right[-1].end).whole(), direction

    # -- integrals and derivatives ---------------------------------------------------------------------------------------

    def _integral(self, item: Item) -> Node:
        self.at += 1
        end, variable, body = self._integrand(item)
        if item.below is None or item.above is None:
            remedy = "Without bounds it is any antiderivative: state the derivative instead."
            self._refuse(item, "an integral without bounds", remedy)
        lower, upper = self._inner(item.below), self._inner(item.above)
        self.at = end
        self.unbracketed = None
        limits = Sequence(items=(variable, lower, upper), start=item.start, end=item.end)
        last = self.elements[end - 1].end
        return self._node(Call, item.start, last, head="Integral", arguments=(body, limits), bracketed=True)

    def _integrand(self, item: Item) -> tuple[int, Name, Node]:
        """Where the integral ends, its variable, and what stands before its differential."""
        pending = 1
        for place in range(self.at, len(self.elements)):
            element = self.elements[place]
            if not isinstance(element, Item):
                continue
            if element.kind == "command" and element.text == "int":
                pending += 1
            inside = element.rows[0].elements if element.kind == "fraction" and element.plain else ()
            found = self._differential(self.elements, place)
            within = self._differential(inside, len(inside) - 2) if len(inside) >= 2 else None
            pending -= (found is not None) + (within is not None)
            if pending:
                continue
            before = self.elements[self.at : place]
            if found is not None:
                if not before:
                    return place + 2, found, Number(digits="1", start=element.start, end=element.start)
                return place + 2, found, self._reader(before, before[-1].end).whole()
            assert within is not None
            above = element.rows[0]
            one = Item(above.start, above.end, 0, "number", "1")
            rest = Row(above.start, above.end, above.depth, inside[:-2] or (one,))
            fraction = Item(element.start, element.end, element.depth, "fraction", element.text, (rest, element.rows[1]))
            return place + 1, within, self._reader((*before, fraction), element.end).whole()
        self._refuse(item, "an integral without its differential", "Write dx at its end.")

    def _differential(self, elements: tuple[Item | Sign, ...], place: int) -> Name | None:
        """The variable of `d x` at a place of a row."""
        if place + 1 >= len(elements):
            return None
        d, variable = elements[place], elements[place + 1]
        if not (isinstance(d, Item) and isinstance(variable, Item) and self._is_d(d) and variable.plain):
            return None
        name = self._name_of(variable)
        return None if name is None else Name(name=name, start=variable.start, end=variable.end)

    def _is_d(self, item: Item, partial: bool = False) -> bool:
        if partial and item.kind == "command" and item.text == "partial":
            return True
        if item.below is not None or item.primes or (item.above is not None and not partial):
            return False
        return (item.kind == "word" and item.text == "d") or (
            item.kind == "letter" and item.text == "d" and "d" not in self.numbers
        )

    def _derivative(self, item: Item) -> Node | None:
        """`\\frac{d}{dx}` applied to a factor, `\\frac{df(x)}{dx}`, and with orders and partial; None for other fractions."""
        above, below = (row.elements for row in item.rows)
        if not above or len(below) < 2 or not all(isinstance(e, Item) for e in below):
            return None
        first, under = above[0], below[0]
        assert isinstance(under, Item)
        if not (isinstance(first, Item) and self._is_d(first, True) and self._is_d(under, True) and under.above is None):
            return None
        if not item.plain:
            self._refuse(item, "a power of a derivative's sign", "Bracket the derivative, or write its order inside.")
        variables: list[Node] = []
        place = 0
        while place + 1 < len(below):
            d, variable = below[place], below[place + 1]
            assert isinstance(d, Item)
            assert isinstance(variable, Item)
            name = self._name_of(variable)
            if not self._is_d(d, True) or name is None or variable.below is not None or variable.primes:
                self._refuse(
                    item, "the variables of a derivative are not understood", r"\frac{\partial^2}{\partial x \partial y}"
                )
            named = Name(name=name, start=variable.start, end=variable.end)
            count = self._inner(variable.above) if variable.above is not None else None
            variables.append(named if count is None else Sequence(items=(named, count), start=variable.start, end=variable.end))
            place += 2
        if place != len(below):
            self._refuse(item, "the variables of a derivative are not understood", r"\frac{\partial^2}{\partial x \partial y}")
        self._check_order(item, first, variables)
        rest = above[1:]
        self.at += 1
        if rest:
            body = self._reader(rest, rest[-1].end).whole()
            end, shown = item.end, None
        else:
            if not isinstance(self._peek(), Item):
                self._refuse(item, "a derivative of nothing", r"\frac{d}{dx} stands before what is differentiated.")
            body = self._factor()
            end, shown = body.end, self.source.text[item.start : body.end]
        node = self._node(Call, item.start, end, head="Derivative", arguments=(body, *variables), bracketed=not shown)
        if shown is not None:
            self.unbracketed, self.after_derivative = (node, "what is differentiated"), True
        return node

    def _check_order(self, item: Item, first: Item, variables: list[Node]) -> None:
        written = self.source.text[first.above.start : first.above.end].strip("{} ") if first.above is not None else "1"
        counts = [v.items[1] if isinstance(v, Sequence) else None for v in variables]
        texts = ["1" if c is None else self.source.text[c.start : c.end].strip("{} ") for c in counts]
        total = (
            str(sum(map(int, texts)))
            if all(t.isdigit() and len(t) < 4 for t in texts)
            else texts[0]
            if len(texts) == 1
            else written
        )
        if total != written:
            self._refuse(item, f"a derivative of order {written} above and {total} below")

    # -- ends ------------------------------------------------------------------------------------------------------------

    def _peek(self) -> Item | Sign | None:
        return self.elements[self.at] if self.at < len(self.elements) else None

    def _node(self, kind: type, start: int, end: int, **fields: object) -> Node:
        return within_depth(kind(start=start, end=end, **fields), self.source)

    def _refuse(self, place: Item | Sign | Row | Node, message: str, remedy: str = "", end: int | None = None) -> NoReturn:
        raise self.source.error(message, (place.start, place.end if end is None else end), remedy)
