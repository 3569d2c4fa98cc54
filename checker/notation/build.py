"""From a syntax tree to a SymPy expression that says what was written: nothing is evaluated.

SymPy evaluates as it constructs: `Mod(3*n, 3)` becomes 0, `sqrt(x**2)` of a positive x becomes x, `x/x` becomes 1, and a
wrong step vanishes before it is looked at. So everything is constructed with `evaluate=False`; sums, products and powers are in
SymPy's own order where evaluating would do no more than sort them. Literals are exact: 0.1 is 1/10.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

import sympy as sp

from derivable.notation.errors import NotationError
from derivable.notation.heads import HEADS, Head
from derivable.notation.names import LETTERS, Scope
from derivable.notation.sizes import MAX_BITS, MAX_DIGITS, bits, growth, value
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
    Subscripted,
)

Bound = Mapping[str, Any]
CONSTANTS = {
    "pi": sp.pi, "E": sp.E, "I": sp.I, "oo": sp.oo, "EulerGamma": sp.EulerGamma, "Catalan": sp.Catalan,
    "GoldenRatio": sp.GoldenRatio,
}  # fmt: skip
RELATIONS = {"=": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}
NAMED_RELATIONS = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
MAX_ENTRIES = 100  # of a matrix
MAX_PARAMETERS = 8  # in a list of a hypergeometric function
MAX_TERMS = 300  # of an entry of its power


class Builder:
    """Builds the expressions of one text; names are resolved by the scope, which several texts may share."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source, self.scope = source, scope

    # -- what a text may be ---------------------------------------------------------------------------------------------

    def expression(self, node: Node) -> Any:
        """A number or a matrix."""
        return self._made(node, lambda: self._value(node, {}))

    def condition(self, node: Node) -> tuple[Any, ...]:
        """The conditions of a relation, `a < b <= c` being two."""
        if isinstance(node, Relation):
            return tuple(self._made(node, lambda: self._relations(node, {})))
        return (self._made(node, lambda: self._condition(node, {})),)

    # -- numbers ---------------------------------------------------------------------------------------------------------

    def _scalar(self, node: Node, bound: Bound) -> Any:
        made = self._value(node, bound)
        if isinstance(made, sp.MatrixBase):
            self._refuse(node, "a matrix where a number belongs")
        return made

    def _value(self, node: Node, bound: Bound) -> Any:
        return self._sized(node, getattr(self, f"_{type(node).__name__.lower()}")(node, bound))

    def _number(self, node: Number, bound: Bound) -> Any:
        found = re.fullmatch(r"(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?", node.digits)
        assert found is not None
        whole, decimals, exponent = found[1], found[2], found[3] or "0"
        if len(whole) + len(decimals) > MAX_DIGITS or len(exponent) > 5 or abs(int(exponent)) > MAX_DIGITS:
            self._refuse(node, f"a number of more than {MAX_DIGITS} digits")
        power = int(exponent) - len(decimals)
        digits = int(whole + decimals or "0")
        return sp.Integer(digits * 10**power) if power >= 0 else sp.Rational(digits, 10**-power)

    def _constant(self, node: Constant, bound: Bound) -> Any:
        if node.name not in CONSTANTS:
            self._refuse(node, f"{node.name} is no number")
        return CONSTANTS[node.name]

    def _name(self, node: Name, bound: Bound) -> Any:
        return bound[node.name] if node.name in bound else self.scope.symbol(node.name, self.source, node)

    def _subscripted(self, node: Subscripted, bound: Bound) -> Any:
        """An element if the subscript holds an index (a bound or declared integer), else a name with a label."""
        indices = [n.name for i in node.indices for n in _names(i)]
        sequence = node.name in self.scope.indexed or self.scope.declarations.role(node.name) == "sequence"
        if any(name in bound for name in indices) or (node.indices and sequence):
            return self._element(Element(name=node.name, indices=node.indices, start=node.start, end=node.end), bound)
        full = f"{node.name}_{node.label}"
        if not node.label:
            self._refuse(node, f"the subscript of {node.name} is no index and no label", "Declare its index as an integer.")
        return bound[full] if full in bound else self.scope.symbol(full, self.source, node)

    def _element(self, node: Element, bound: Bound) -> Any:
        base = self.scope.sequence(node.name, self.source, node)
        return base[tuple(self._scalar(index, bound) for index in node.indices)]

    def _applied(self, node: Applied, bound: Bound) -> Any:
        if not self.scope.is_function(node, self.source, bound):
            return self._value(self._as_product(node), bound)
        if not node.arguments:
            self._refuse(node, f"{node.name} has no argument")
        arguments = [self._scalar(a, bound) for a in node.arguments]
        function = self.scope.function(node.name)
        if not node.primes:
            return function(*arguments)
        if len(arguments) != 1:
            self._refuse(node, "a prime is the derivative of a function of one variable", "Write the variable: \\frac{d}{dx}.")
        [at] = arguments
        if isinstance(at, sp.Symbol):
            return sp.Derivative(function(at), (at, node.primes))
        dummy = sp.Symbol("xi", real=True)
        return sp.Subs(sp.Derivative(function(dummy), (dummy, node.primes)), dummy, at)

    def _as_product(self, node: Applied) -> Operation:
        """`n(n + 1)` read as a product."""
        name: Node = Name(name=node.name, start=node.start, end=node.start + 1)
        if node.exponent is not None:
            name = Operation(operator="power", operands=(name, node.exponent), start=node.start, end=node.exponent.end)
        if len(node.arguments) != 1:
            self._refuse(node, f"{node.name} is a number: several arguments in brackets are no factor")
        argument = replace(node.arguments[0], bracketed=True)
        return Operation(operator="juxtaposed", operands=(name, argument), start=node.start, end=node.end)

    def _relation(self, node: Relation, bound: Bound) -> NoReturn:
        self._refuse(node, "a relation where a number belongs", "An equation's two sides are given apart.")

    def _sequence(self, node: Sequence, bound: Bound) -> NoReturn:
        self._refuse(node, "a list where a number belongs", "Is a name missing before the brackets?")

    # -- operations ------------------------------------------------------------------------------------------------------

    def _operation(self, node: Operation, bound: Bound) -> Any:
        if node.operator in ("and", "or", "not"):
            self._refuse(node, "a condition where a number belongs")
        made = getattr(self, f"_{node.operator}")(node, bound)
        return made

    def _add(self, node: Operation, bound: Bound) -> Any:
        return self._sum(node, [self._value(term, bound) for term in node.operands])

    def _negative(self, node: Operation, bound: Bound) -> Any:
        return self._negated(self._value(node.operands[0], bound))

    def _times(self, node: Operation, bound: Bound) -> Any:
        return self._product(node, [self._value(factor, bound) for factor in node.operands])

    def _juxtaposed(self, node: Operation, bound: Bound) -> Any:
        for left, right in zip(node.operands, node.operands[1:], strict=False):
            if isinstance(right, Number) and not right.bracketed:
                both = f"{self._text(left)}*{self._text(right)}"
                self._refuse(
                    right, "a number after a factor without a sign between them", f"Write {both}, if a product is meant."
                )
            raised = isinstance(left, Operation) and left.operator == "power" and not left.bracketed
            if raised and _base(right).bracketed and isinstance(left.operands[0], Name):  # type: ignore[attr-defined]
                base, exponent = left.operands  # type: ignore[attr-defined]
                applied = Applied(name=base.name, arguments=(_base(right),), exponent=exponent, start=left.start, end=right.end)
                self.scope.is_function(applied, self.source, bound)  # f^2(x) is refused
            if self.source.syntax == "plain" and raised and right.start == left.end and not _base(right).bracketed:
                base, exponent = left.operands  # type: ignore[attr-defined]
                if not exponent.bracketed:
                    b, e, r = self._text(base), self._text(exponent), self._text(right)
                    self._refuse(
                        replace(node, start=left.start, end=right.end), f"{b}^{e}*{r}, or {b}^({e}*{r})?", "Write the one."
                    )
        return self._times(node, bound)

    def _over(self, node: Operation, bound: Bound) -> Any:
        above, *below = node.operands
        for divisor in below:
            product = isinstance(divisor, Operation) and divisor.operator == "juxtaposed"
            product |= isinstance(divisor, Applied) and not self.scope.is_function(divisor, self.source, bound)
            if product and not divisor.bracketed:
                parts = divisor.operands if isinstance(divisor, Operation) else self._as_product(divisor).operands  # type: ignore[arg-type]
                first, rest = parts[0], replace(divisor, start=parts[0].end)
                a, b, c = self._text(above), self._text(first), self._text(rest).strip()
                bc = f"{b}*{c}" if self.source.syntax == "plain" else f"{b} {c}"
                times = "*" if self.source.syntax == "plain" else r" \cdot "
                remedy = f"({a}/{b}){times}{c}, or {a}/({bc}): write the one that is meant."
                self._refuse(divisor, "a product without a sign after a stroke: what is divided by?", remedy)
        made = self._value(above, bound)
        for divisor in below:
            made = self._quotient(node, made, self._scalar(divisor, bound))
        return made

    def _power(self, node: Operation, bound: Bound) -> Any:
        base, exponent = node.operands
        if isinstance(exponent, Operation) and exponent.operator == "factorial" and not exponent.bracketed:
            b, n = self._text(base), self._text(exponent.operands[0])
            self._refuse(node, f"({b}^{n})!, or {b}^({n}!)?", "Write the one that is meant.")
        product = self._trailing(base, bound)
        if product is not None:  # n(n + 1)^2 = n * (n + 1)^2
            return self._times(self._with_last(product, "power", exponent), bound)
        if isinstance(base, Name) and base.name == "e" and self.source.syntax == "latex" and self._is_euler(bound):
            return sp.exp(self._scalar(exponent, bound), evaluate=False)
        made = self._value(base, bound)
        if isinstance(made, sp.MatrixBase):
            return self._matrix_power(node, made, exponent)
        raised = self._scalar(exponent, bound)
        return sp.exp(raised, evaluate=False) if made is sp.E else self._pow(node, made, raised)

    def _factorial(self, node: Operation, bound: Bound) -> Any:
        [inner] = node.operands
        product = self._trailing(inner, bound)
        if product is not None:
            return self._times(self._with_last(product, "factorial"), bound)
        return self._head(node, HEADS["factorial"], [self._scalar(inner, bound)])

    def _trailing(self, base: Node, bound: Bound) -> Operation | None:
        """The product that ends in what an exponent after `n(n + 1)` or `pi(x)` belongs to."""
        if base.bracketed:
            return None
        if isinstance(base, Applied) and not self.scope.is_function(base, self.source, bound):
            return self._as_product(base)
        return base if isinstance(base, Operation) and base.operator == "juxtaposed" else None

    @staticmethod
    def _with_last(product: Operation, operator: str, *more: Node) -> Operation:
        *front, last = product.operands
        raised = Operation(operator=operator, operands=(replace(last, bracketed=True), *more), start=last.start, end=last.end)
        return replace(product, operands=(*front, raised))

    def _is_euler(self, bound: Bound) -> bool:
        return "e" not in bound and self.scope.declarations.role("e") in (None, "constant")

    # -- constructing without evaluating ---------------------------------------------------------------------------------

    def _sum(self, node: Node, terms: list[Any]) -> Any:
        if any(isinstance(t, sp.MatrixBase) for t in terms):
            if not all(isinstance(t, sp.MatrixBase) and t.shape == terms[0].shape for t in terms):
                self._refuse(node, "a sum of matrices of different shapes, or of a matrix and a number")
            return sp.ImmutableMatrix(
                *terms[0].shape, [self._sum(node, list(entries)) for entries in zip(*map(list, terms), strict=True)]
            )
        return _sorted_only(sp.Add, terms)

    def _product(self, node: Node, factors: list[Any]) -> Any:
        made = factors[0]
        if not any(isinstance(f, sp.MatrixBase) for f in factors):
            return _sorted_only(sp.Mul, factors)
        for factor in factors[1:]:
            if not isinstance(factor, sp.MatrixBase):
                made = made.applyfunc(lambda e, f=factor: _sorted_only(sp.Mul, [f, e])) if isinstance(made, sp.MatrixBase) else (
                    _sorted_only(sp.Mul, [made, factor])
                )  # fmt: skip
            elif not isinstance(made, sp.MatrixBase):
                made = factor.applyfunc(lambda e, f=made: _sorted_only(sp.Mul, [f, e]))
            elif made.cols != factor.rows:
                self._refuse(node, f"a product of matrices of shapes {made.shape} and {factor.shape}")
            else:
                made = self._matrix_product(made, factor)
        return made

    @staticmethod
    def _matrix_product(a: Any, b: Any) -> Any:
        def entry(i: int, j: int) -> Any:
            terms = [_sorted_only(sp.Mul, [a[i, k], b[k, j]]) for k in range(a.cols)]
            return terms[0] if len(terms) == 1 else _sorted_only(sp.Add, terms)

        return sp.ImmutableMatrix(a.rows, b.cols, [entry(i, j) for i in range(a.rows) for j in range(b.cols)])

    def _negated(self, e: Any) -> Any:
        if isinstance(e, sp.MatrixBase):
            return e.applyfunc(self._negated)
        if isinstance(e, sp.Rational) or e is sp.oo:
            return -e
        if isinstance(e, sp.Mul) and isinstance(e.args[0], sp.Rational):
            return _sorted_only(sp.Mul, [-e.args[0], *e.args[1:]])
        return _sorted_only(sp.Mul, [sp.S.NegativeOne, e])

    def _quotient(self, node: Node, above: Any, below: Any) -> Any:
        if isinstance(below, sp.MatrixBase):
            self._refuse(node, "a division by a matrix")
        if isinstance(above, sp.Rational) and isinstance(below, sp.Rational) and below != 0:
            return above / below
        if isinstance(below, sp.Rational) and below != 0:
            inverse = 1 / below
            if isinstance(above, sp.Mul) and isinstance(above.args[0], sp.Rational):
                return _sorted_only(sp.Mul, [above.args[0] / below, *above.args[1:]])
        elif isinstance(below, sp.Pow) and isinstance(below.exp, sp.Rational) and below.exp > 0:
            inverse = self._pow(node, below.base, -below.exp)
        else:
            inverse = self._pow(node, below, sp.S.NegativeOne)
        if isinstance(above, sp.MatrixBase):
            return above.applyfunc(lambda e: _sorted_only(sp.Mul, [e, inverse]))
        return inverse if above is sp.S.One else _sorted_only(sp.Mul, [above, inverse])

    def _pow(self, node: Node, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, sp.Expr) and not exponent.free_symbols and value(exponent) > MAX_BITS:
            self._refuse(node, "an exponent that is too large to be computed with", "Give it a name.")
        raised = sp.Pow(base, exponent, evaluate=False)
        if bits(raised) > MAX_BITS:
            self._refuse(node, f"a number of more than {MAX_BITS:,} bits", "Give it a name.")
        return raised

    def _matrix_power(self, node: Node, base: Any, exponent: Node) -> Any:
        if isinstance(exponent, Name) and exponent.name == "T":
            return base.T
        count = self._scalar(exponent, {})
        if base.rows != base.cols or not isinstance(count, sp.Integer) or not 1 <= count <= 8 or base.rows**count > MAX_TERMS:
            self._refuse(node, "a power of a matrix that is not square, or too large", "Write the product; T transposes.")
        made = base
        for _ in range(int(count) - 1):
            made = self._matrix_product(made, base)
        return made

    def _sized(self, node: Node, e: Any) -> Any:
        if isinstance(e, sp.Expr) and bits(e) > MAX_BITS:
            self._refuse(node, f"a number of more than {MAX_BITS:,} bits", "Give it a name.")
        return e

    # -- known heads -----------------------------------------------------------------------------------------------------

    def _call(self, node: Call, bound: Bound) -> Any:
        head = HEADS[node.head]
        count = len(node.arguments)
        if node.head in LETTERS and (node.head in self.scope.bare or self.scope.declarations.role(node.head)):
            name = node.head
            self._refuse(
                node, f"{name}(…): the function {name}, or a product?", f"{name}*(…) is a product; or rename the number."
            )
        if not head.least <= count <= head.most:
            wanted = f"{head.least}" if head.least == head.most else f"{head.least} to {head.most}"
            self._refuse(node, f"{node.head} takes {wanted} argument{'s' * (wanted != '1')}, got {count}")
        special = getattr(self, f"_head_{head.name.lower()}", None)
        if special is not None:
            return special(node, bound)
        if head.name in NAMED_RELATIONS or head.name in ("And", "Or", "Not"):
            self._refuse(node, "a condition where a number belongs")
        return self._head(node, head, [self._scalar(a, bound) for a in node.arguments])

    def _head(self, node: Node, head: Head, arguments: list[Any]) -> Any:
        if head.grows and growth(tuple(arguments)) > MAX_BITS:
            self._refuse(node, f"a number of more than {MAX_BITS:,} bits", "Give it a name.")
        return getattr(sp, head.name)(*arguments, evaluate=False)

    def _head_sqrt(self, node: Call, bound: Bound) -> Any:
        return self._pow(node, self._scalar(node.arguments[0], bound), sp.Rational(1, 2))

    def _head_cbrt(self, node: Call, bound: Bound) -> Any:
        return self._pow(node, self._scalar(node.arguments[0], bound), sp.Rational(1, 3))

    def _head_root(self, node: Call, bound: Bound) -> Any:
        radicand, degree = (self._scalar(a, bound) for a in node.arguments)
        return self._pow(node, radicand, self._quotient(node, sp.S.One, degree))

    def _head_log(self, node: Call, bound: Bound) -> Any:
        logs = [sp.log(self._scalar(a, bound), evaluate=False) for a in node.arguments]
        return logs[0] if len(logs) == 1 else self._quotient(node, logs[0], logs[1])

    def _head_sum(self, node: Call, bound: Bound) -> Any:
        return self._with_ranges(sp.Sum, node, bound, {"integer": True})

    def _head_product(self, node: Call, bound: Bound) -> Any:
        return self._with_ranges(sp.Product, node, bound, {"integer": True})

    def _head_integral(self, node: Call, bound: Bound) -> Any:
        return self._with_ranges(sp.Integral, node, bound, {"real": True})

    def _with_ranges(self, kind: Any, node: Call, bound: Bound, assumed: dict[str, bool]) -> Any:
        """The ranges stand innermost first; a bound may speak of the variables of the ranges after it."""
        body, *ranges = node.arguments
        inside, limits = dict(bound), []
        for one in reversed(ranges):
            if not (isinstance(one, Sequence) and len(one.items) == 3 and isinstance(one.items[0], Name)):
                if kind is sp.Integral:
                    remedy = "Give the bounds, (x, a, b): without them it is any antiderivative; a derivative states the same."
                else:
                    remedy = "Write (k, a, b)."
                self._refuse(one, f"the range of a {kind.__name__} is a variable with two bounds", remedy)
            variable, lower, upper = one.items
            assert isinstance(variable, Name)
            ends = [self._scalar(end, inside) for end in (lower, upper)]
            symbol = self._fresh(variable, assumed)
            inside[variable.name] = symbol
            limits.append((symbol, *ends))
        inner = self._scalar(body, inside)
        self._check_cases(node, inner, {symbol for symbol, _, _ in limits})
        return kind(inner, *reversed(limits))

    def _check_cases(self, node: Node, body: Any, variables: set[Any]) -> None:
        """SymPy draws cases on an outer variable out of inner sums and integrals, with the inner variables that they speak of."""
        for inner in body.atoms(sp.Sum, sp.Product, sp.Integral, sp.Limit) if isinstance(body, sp.Basic) else ():
            if any(variables & cases.free_symbols for cases in inner.atoms(sp.Piecewise)):
                remedy = "Split the sum or the integral by the cases."
                self._refuse(node, "cases on the variable of a range, under another range inside of it", remedy)

    def _fresh(self, variable: Name, assumed: dict[str, bool]) -> Any:
        if self.scope.declarations.role(variable.name) in ("function", "sequence"):
            self._refuse(variable, f"{variable.name} is declared as something else than a number")
        return sp.Symbol(variable.name, **assumed)

    def _head_limit(self, node: Call, bound: Bound) -> Any:
        body, variable, point = node.arguments
        if not isinstance(variable, Name):
            self._refuse(variable, "a limit is taken in a variable")
        at = self._scalar(point, bound)
        integer = bool(self.scope.declarations.assumptions(variable.name).get("integer"))
        symbol = self._fresh(variable, {"integer": True} if integer else {"real": True})
        infinite = at in (sp.oo, -sp.oo)
        if infinite and node.option not in ("", "+" if at is not sp.oo else "-"):
            self._refuse(node, "infinity is approached from one side only")
        direction = ("-" if at is sp.oo else "+") if infinite else node.option or "+-"
        inside = {**bound, variable.name: symbol}
        return sp.Limit(self._scalar(body, inside), symbol, at, dir=direction)

    def _head_derivative(self, node: Call, bound: Bound) -> Any:
        body, *rest = node.arguments
        counts: list[tuple[Any, Any]] = []
        for one in rest:
            if isinstance(one, Sequence) and len(one.items) == 2:
                variable, count = self._variable(one.items[0], bound), self._scalar(one.items[1], bound)
            elif counts and not isinstance(one, Name):
                counts[-1] = (counts[-1][0], self._scalar(one, bound))
                continue
            else:
                variable, count = self._variable(one, bound), sp.S.One
            counts.append((variable, count))
        for _, count in counts:
            if not (isinstance(count, sp.Integer) and 0 < count <= 50) and not (count.is_Symbol and count.is_integer):
                self._refuse(node, "the order of a derivative is a number from 1 to 50, or an integer symbol")
        return sp.Derivative(self._scalar(body, bound), *counts)

    def _variable(self, node: Node, bound: Bound) -> Any:
        made = self._scalar(node, bound) if isinstance(node, Name | Subscripted | Element) else None
        if not isinstance(made, sp.Symbol | sp.Indexed):
            self._refuse(node, "a derivative is taken in a variable")
        return made

    def _head_subs(self, node: Call, bound: Bound) -> Any:
        body, variable, point = node.arguments
        if not isinstance(variable, Name):
            self._refuse(variable, "a value is put in for a variable")
        symbol = self._fresh(variable, self.scope.declarations.assumptions(variable.name))
        return sp.Subs(self._scalar(body, {**bound, variable.name: symbol}), symbol, self._scalar(point, bound))

    def _head_piecewise(self, node: Call, bound: Bound) -> Any:
        cases = []
        for case in node.arguments:
            if not isinstance(case, Sequence) or len(case.items) != 2:
                self._refuse(case, "a case is a pair: (value, condition)")
            cases.append((self._scalar(case.items[0], bound), self._condition(case.items[1], bound)))
        return sp.Piecewise(*cases, evaluate=False)

    def _head_matrix(self, node: Call, bound: Bound) -> Any:
        [rows] = node.arguments
        if not isinstance(rows, Sequence) or not rows.items:
            self._refuse(node, "a matrix is a list of rows", "Matrix([[a, b], [c, d]])")
        listed = [row.items if isinstance(row, Sequence) else (row,) for row in rows.items]
        if len({len(row) for row in listed}) != 1 or sum(map(len, listed)) > MAX_ENTRIES:
            self._refuse(node, f"the rows of a matrix are equally long, and it has at most {MAX_ENTRIES} entries")
        return sp.ImmutableMatrix([[self._scalar(entry, bound) for entry in row] for row in listed])

    def _head_hyper(self, node: Call, bound: Bound) -> Any:
        *lists, argument = node.arguments
        if not all(isinstance(one, Sequence) and len(one.items) <= MAX_PARAMETERS for one in lists):
            remedy = "hyper([a, b], [c], x)"
            self._refuse(node, f"hyper takes two lists of at most {MAX_PARAMETERS} parameters and an argument", remedy)
        above, below = ([self._scalar(item, bound) for item in one.items] for one in lists if isinstance(one, Sequence))
        return sp.hyper(above, below, self._scalar(argument, bound))

    def _square(self, node: Call, bound: Bound) -> Any:
        made = self._value(node.arguments[0], bound)
        if not isinstance(made, sp.MatrixBase):
            self._refuse(node, f"{node.head} takes a matrix")
        return made

    def _head_transpose(self, node: Call, bound: Bound) -> Any:
        return self._square(node, bound).T

    def _head_trace(self, node: Call, bound: Bound) -> Any:
        made = self._square(node, bound)
        if made.rows != made.cols:
            self._refuse(node, "the trace of a matrix that is not square")
        return self._sum(node, [made[i, i] for i in range(made.rows)])

    def _head_determinant(self, node: Call, bound: Bound) -> Any:
        made = self._square(node, bound)
        if made.rows != made.cols or made.rows > 5:
            self._refuse(node, "the determinant of a matrix that is not square, or has more than 5 rows")
        return self._cofactors(node, made)

    def _cofactors(self, node: Node, m: Any) -> Any:
        if m.rows == 1:
            return m[0, 0]
        minors = [self._cofactors(node, m.minor_submatrix(0, j)) for j in range(m.cols)]
        signed = [m[0, j] if j % 2 == 0 else self._negated(m[0, j]) for j in range(m.cols)]
        return self._sum(node, [_sorted_only(sp.Mul, [a, b]) for a, b in zip(signed, minors, strict=True)])

    # -- conditions ------------------------------------------------------------------------------------------------------

    def _condition(self, node: Node, bound: Bound) -> Any:
        if isinstance(node, Constant) and node.name in ("True", "False"):
            return sp.true if node.name == "True" else sp.false
        if isinstance(node, Relation):
            relations = self._relations(node, bound)
            return relations[0] if len(relations) == 1 else sp.And(*relations, evaluate=False)
        if isinstance(node, Operation) and node.operator in ("and", "or", "not"):
            return self._joined(node.operator, node.operands, bound)
        if isinstance(node, Call) and node.head in ("And", "Or", "Not"):
            return self._joined(node.head.lower(), node.arguments, bound)
        if isinstance(node, Call) and node.head in NAMED_RELATIONS and len(node.arguments) == 2:
            left, right = (self._scalar(a, bound) for a in node.arguments)
            return RELATIONS[NAMED_RELATIONS[node.head]](left, right, evaluate=False)
        self._refuse(node, "a number where a condition belongs", "A condition is a relation, such as x > 0.")

    def _joined(self, operator: str, operands: tuple[Node, ...], bound: Bound) -> Any:
        conditions = [self._condition(o, bound) for o in operands]
        return {"and": sp.And, "or": sp.Or, "not": sp.Not}[operator](*conditions, evaluate=False)

    def _relations(self, node: Relation, bound: Bound) -> list[Any]:
        sides = [self._scalar(o, bound) for o in node.operands]
        pairs = zip(sides, node.relations, sides[1:], strict=False)
        for relation in node.relations:
            if relation not in RELATIONS:
                self._refuse(node, f"{relation} relates nothing here")
        return [RELATIONS[relation](left, right, evaluate=False) for left, relation, right in pairs]

    # -- ends ------------------------------------------------------------------------------------------------------------

    def _text(self, node: Node) -> str:
        return self.source.text[node.start : node.end]

    def _refuse(self, node: Node, message: str, remedy: str = "") -> NoReturn:
        raise self.source.error(message, node, remedy)

    def _made(self, node: Node, make: Callable[[], Any]) -> Any:
        """What is made; where SymPy refuses to construct something, that is a fault of the text."""
        try:
            return make()
        except NotationError:
            raise
        except (TypeError, ValueError, NotImplementedError, ArithmeticError, AttributeError, RecursionError) as error:
            reason = (
                "nested too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0][:200] if str(error) else ""
            )
            self._refuse(node, f"this cannot be built: {reason}")


def _sorted_only(kind: Any, operands: list[Any]) -> Any:
    """The sum or product as SymPy orders it if evaluating would only sort, else as it was written."""
    if len(operands) == 1:
        return operands[0]
    flat = [part for o in operands for part in (o.args if o.func is kind else (o,))]
    written = kind(*operands, evaluate=False)
    if any(bits(o) > 10_000 for o in flat):
        return written
    evaluated = kind(*flat)
    same = evaluated.func is kind and Counter(evaluated.args) == Counter(flat)
    return evaluated if same else written


def _base(node: Node) -> Node:
    """What a power or a factorial is of."""
    while isinstance(node, Operation) and node.operator in ("power", "factorial") and not node.bracketed:
        node = node.operands[0]
    return node


def _names(node: Node) -> list[Name]:
    return [node] if isinstance(node, Name) else [n for child in node.children() for n in _names(child)]


__all__ = ["Builder"]
