"""Statements in the notation of other computer algebra systems: giac, Maxima, FriCAS.

`Notation.write` turns a SymPy expression into text. What a system has no faithful word for raises `NotTaken`, and
the statement then counts as not taken by that system: nothing is approximated and no hypothesis is invented. Names are
made afresh for every statement (`v7n0`, `f7n1`, …), so that nothing said of one statement reaches the next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import sympy
from sympy.core.function import AppliedUndef


class NotTaken(Exception):
    """The system has no word for a part of the statement."""


# Functions by others that every system has; each an identity wherever both sides are defined.
BY_OTHERS: dict[str, str] = {
    "sec": "(1/cos({0}))",
    "csc": "(1/sin({0}))",
    "cot": "(cos({0})/sin({0}))",
    "sech": "(1/cosh({0}))",
    "csch": "(1/sinh({0}))",
    "coth": "(cosh({0})/sinh({0}))",
    "acot": "atan(1/({0}))",
    "asec": "acos(1/({0}))",
    "acsc": "asin(1/({0}))",
    "frac": "(({0})-floor({0}))",
    "Mod": "(({0})-({1})*floor(({0})/({1})))",
    "catalan": "(binomial(2*({0}),({0}))/(({0})+1))",
}
SAME_NAME = ["sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "exp", "erf"]


class Notation:
    """The notation of one system; the subclasses say what differs."""

    functions: ClassVar[Mapping[str, str]] = {}
    constants: ClassVar[Mapping[str, str]] = {}
    relations: ClassVar[Mapping[str, str]] = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
    unary_sum = "sum({0},{1},{2},{3})"
    unary_product = "product({0},{1},{2},{3})"
    integral = "int({0},{1},{2},{3})"
    derivative = "diff({0},{1},{2})"
    substitution = "subst({0},{1}={2})"
    matrix_product = "*"
    matrix_power = "^"
    row = "[{0}]"
    matrix = "[{0}]"
    determinant = "det({0})"
    trace = "trace({0})"
    transpose = "tran({0})"
    inverse = "inv({0})"

    def __init__(self, serial: int) -> None:
        self.serial = serial
        self.names: dict[Any, str] = {}
        self.operators: set[str] = set()
        #: whether some hypothesis of the statement could not be stated
        self.unstated = False

    def name(self, thing: Any, kind: str = "v") -> str:
        """Return the name of a symbol, a function or a sequence."""
        if thing not in self.names:
            self.names[thing] = f"{kind}{self.serial}n{len(self.names)}"
            if kind != "v":
                self.operators.add(self.names[thing])
        return self.names[thing]

    def free(self, symbols: Collection[Any]) -> list[tuple[Any, str]]:
        """Return those symbols that have a name: what is assumed of a bound variable misleads giac."""
        return [(symbol, name) for symbol, name in self.names.items() if symbol in symbols]

    def write(self, e: Any) -> str:
        """Write an expression."""
        kind = type(e).__name__
        if e.is_Integer:
            return f"({int(e)})"
        if e.is_Rational:
            return f"({e.p}/{e.q})"
        if kind in self.constants:
            return self.constants[kind]
        if e.is_Symbol:
            return self.name(e)
        if isinstance(e, sympy.MatrixBase | sympy.MatrixExpr | sympy.Determinant | sympy.Trace):
            return self.write_matrix(e)
        if e.is_Add:
            return "(" + "+".join(map(self.write, e.args)) + ")"
        if e.is_Mul:
            return "(" + "*".join(map(self.write, e.args)) + ")"
        if e.is_Pow:
            base, exponent = map(self.write, e.args)
            return f"({base}^{exponent})"
        if isinstance(e, sympy.Sum | sympy.Product):
            template = self.unary_sum if isinstance(e, sympy.Sum) else self.unary_product
            return self.ranges(e, template)
        if isinstance(e, sympy.Integral):
            return self.ranges(e, self.integral)
        if isinstance(e, sympy.Limit):
            return self.write_limit(*e.args)
        if isinstance(e, sympy.Derivative):
            text = self.write(e.expr)
            for variable, count in e.variable_count:
                if not count.is_Integer or not variable.is_Symbol:
                    raise NotTaken("a derivative of symbolic order")
                text = self.derivative.format(text, self.write(variable), int(count))
            return text
        if isinstance(e, sympy.Subs):
            text = self.write(e.expr)
            for old, new in zip(e.variables, e.point, strict=True):
                text = self.substitution.format(text, self.write(old), self.write(new))
            return text
        if isinstance(e, sympy.Piecewise):
            return self.write_cases(e)
        if isinstance(e, sympy.Indexed):
            return self.write_element(e)
        if isinstance(e, AppliedUndef):
            return f"{self.name(e.func, 'f')}({','.join(map(self.write, e.args))})"
        return self.write_function(kind, e.args)

    def write_function(self, kind: str, args: Sequence[Any]) -> str:
        """Write a function by its name here, or by others."""
        if kind in ("Max", "Min") and kind in self.functions and len(args) > 2:
            text = self.write(args[0])
            for argument in args[1:]:
                text = self.functions[kind].format(text, self.write(argument))
            return text
        if kind == "log" and len(args) == 1:
            return self.functions["log"].format(self.write(args[0]))
        key = f"{kind}/{len(args)}" if f"{kind}/{len(args)}" in self.functions else kind
        texts = [self.write(a) for a in args]
        if key in self.functions:
            return self.functions[key].format(*texts)
        if kind in SAME_NAME:
            return f"{kind}({texts[0]})"
        if kind in BY_OTHERS:
            if "floor" in BY_OTHERS[kind] and "floor" not in self.functions:
                raise NotTaken(kind)
            return BY_OTHERS[kind].format(*texts)
        raise NotTaken(kind)

    def ranges(self, e: Any, template: str) -> str:
        """Write a sum, a product or an integral, its inner ranges first."""
        text = self.write(e.function)
        for limit in e.limits:
            if len(limit) != 3:
                raise NotTaken("no range")
            text = template.format(text, *map(self.write, limit))
        return text

    def write_limit(self, body: Any, x: Any, target: Any, direction: Any) -> str:
        """Write a limit."""
        raise NotImplementedError

    def write_cases(self, e: Any) -> str:
        """Write a Piecewise."""
        raise NotTaken("Piecewise")

    def write_element(self, e: Any) -> str:
        """Write an element of a sequence: a function of whole numbers."""
        return f"{self.name(e.base.label, 'f')}({','.join(map(self.write, e.indices))})"

    def condition(self, c: Any) -> str:
        """Write a relation or a conjunction of relations."""
        if c == sympy.true:
            return "true"
        if isinstance(c, sympy.And):
            return "(" + " and ".join(map(self.condition, c.args)) + ")"
        if isinstance(c, sympy.core.relational.Relational) and c.rel_op in self.relations:
            return f"({self.write(c.lhs)} {self.relations[c.rel_op]} {self.write(c.rhs)})"
        raise NotTaken(f"the condition {c}")

    def write_matrix(self, e: Any) -> str:
        """Write a matrix expression."""
        if isinstance(e, sympy.Determinant):
            return self.determinant.format(self.write(e.args[0]))
        if isinstance(e, sympy.Trace):
            return self.trace.format(self.write(e.args[0]))
        if isinstance(e, sympy.Transpose):
            return self.transpose.format(self.write(e.args[0]))
        if isinstance(e, sympy.Inverse):
            return self.inverse.format(self.write(e.args[0]))
        if isinstance(e, sympy.MatPow):
            return f"({self.write(e.args[0])}{self.matrix_power}{self.write(e.args[1])})"
        if isinstance(e, sympy.MatAdd):
            return "(" + "+".join(map(self.write, e.args)) + ")"
        if isinstance(e, sympy.MatMul):
            scalars = [self.write(a) for a in e.args if not a.is_Matrix]
            factors = self.matrix_product.join(self.write(a) for a in e.args if a.is_Matrix)
            return "(" + "*".join([*scalars, f"({factors})"]) + ")"
        if isinstance(e, sympy.MatrixBase):
            rows = [self.row.format(",".join(self.write(e[i, j]) for j in range(e.cols))) for i in range(e.rows)]
            return self.matrix.format(",".join(rows))
        raise NotTaken(type(e).__name__)


class Giac(Notation):
    """giac (the engine of Xcas)."""

    constants: ClassVar[Mapping[str, str]] = {
        "Pi": "pi",
        "Exp1": "exp(1)",
        "ImaginaryUnit": "i",
        "Infinity": "(+infinity)",
        "NegativeInfinity": "(-infinity)",
        "EulerGamma": "euler_gamma",
        "GoldenRatio": "((1+sqrt(5))/2)",
    }
    functions: ClassVar[Mapping[str, str]] = {
        "log": "ln({0})",
        "gamma": "Gamma({0})",
        "loggamma": "ln(Gamma({0}))",
        "beta": "Beta({0},{1})",
        "digamma": "Psi({0})",
        "polygamma": "Psi({1},{0})",
        "harmonic/1": "(Psi(({0})+1)+euler_gamma)",
        "erfc": "erfc({0})",
        "zeta/1": "Zeta({0})",
        "factorial": "(({0})!)",
        "binomial": "comb({0},{1})",
        "catalan": "(comb(2*({0}),({0}))/(({0})+1))",
        "floor": "floor({0})",
        "ceiling": "ceil({0})",
        "Abs": "abs({0})",
        "sign": "sign({0})",
        "Max": "max({0},{1})",
        "Min": "min({0},{1})",
        "re": "re({0})",
        "im": "im({0})",
        "conjugate": "conj({0})",
        "arg": "arg({0})",
        "Heaviside/1": "((1+sign({0}))/2)",
        "Heaviside/2": "((1+sign({0}))/2)",
        "uppergamma": "ugamma({0},{1})",
        "lowergamma": "(Gamma({0})-ugamma({0},{1}))",
        "fibonacci/1": "((((1+sqrt(5))/2)^({0})-((1-sqrt(5))/2)^({0}))/sqrt(5))",
        "lucas": "(((1+sqrt(5))/2)^({0})+((1-sqrt(5))/2)^({0}))",
    }

    def write_limit(self, body: Any, x: Any, target: Any, direction: Any) -> str:
        """Write a limit, with its side."""
        side = "" if str(direction) == "+-" or target.is_infinite else ",1" if str(direction) == "+" else ",-1"
        return f"limit({self.write(body)},{self.write(x)},{self.write(target)}{side})"

    def write_cases(self, e: Any) -> str:
        """Write a Piecewise."""
        parts = [f"{self.condition(c)},{self.write(v)}" for v, c in e.args if c != sympy.true]
        parts += [self.write(v) for v, c in e.args if c == sympy.true]
        return f"piecewise({','.join(parts)})"

    def assumptions(self, where: Sequence[Any], free: Collection[Any]) -> list[str]:
        """State what can be stated: the kind and the sign of each symbol, and bounds on one symbol."""
        lines = []
        started = set()
        for symbol, name in self.free(free):
            kind = "integer" if symbol.is_integer else "real" if symbol.is_real else ""
            sign = ">0" if symbol.is_positive else ">=0" if symbol.is_nonnegative else "<0" if symbol.is_negative else ""
            if kind == "integer":
                lines.append(f"assume({name},integer)")
                lines += [f"additionally({name}{sign})"] if sign else []
            elif sign:
                lines.append(f"assume({name}{sign})")
            elif kind:
                lines.append(f"assume({name},real)")
            if kind:
                started.add(symbol)
        for c in where:
            lone = None
            if isinstance(c, sympy.StrictLessThan | sympy.LessThan | sympy.StrictGreaterThan | sympy.GreaterThan):
                lone = c.lhs if c.lhs in started and c.rhs.is_number else c.rhs if c.rhs in started and c.lhs.is_number else None
            if lone is None:
                self.unstated = True
            else:
                lines.append(f"additionally{self.condition(c)}")
        return lines


class Maxima(Notation):
    """Maxima, with `simplify_sum` and `orthopoly`."""

    constants: ClassVar[Mapping[str, str]] = {
        "Pi": "%pi",
        "Exp1": "%e",
        "ImaginaryUnit": "%i",
        "Infinity": "inf",
        "NegativeInfinity": "minf",
        "EulerGamma": "%gamma",
        "GoldenRatio": "((1+sqrt(5))/2)",
    }
    functions: ClassVar[Mapping[str, str]] = {
        "log": "log({0})",
        "gamma": "gamma({0})",
        "loggamma": "log_gamma({0})",
        "beta": "beta({0},{1})",
        "digamma": "psi[0]({0})",
        "polygamma": "psi[{0}]({1})",
        "harmonic/1": "(psi[0](({0})+1)+%gamma)",
        "erfc": "erfc({0})",
        "erfi": "erfi({0})",
        "zeta/1": "zeta({0})",
        "factorial": "(({0})!)",
        "factorial2": "genfact({0},floor(({0})/2),2)",
        "binomial": "binomial({0},{1})",
        "RisingFactorial": "(gamma(({0})+({1}))/gamma({0}))",
        "floor": "floor({0})",
        "ceiling": "ceiling({0})",
        "Abs": "abs({0})",
        "sign": "signum({0})",
        "Max": "max({0},{1})",
        "Min": "min({0},{1})",
        "re": "realpart({0})",
        "im": "imagpart({0})",
        "conjugate": "conjugate({0})",
        "arg": "carg({0})",
        "atan2": "atan2({0},{1})",
        "Heaviside/1": "((1+signum({0}))/2)",
        "Heaviside/2": "((1+signum({0}))/2)",
        "uppergamma": "gamma_incomplete({0},{1})",
        "lowergamma": "gamma_incomplete_lower({0},{1})",
        "LambertW/1": "lambert_w({0})",
        "LambertW/2": "generalized_lambert_w({1},{0})",
        "KroneckerDelta": "kron_delta({0},{1})",
        "legendre": "legendre_p({0},{1})",
        "chebyshevt": "chebyshev_t({0},{1})",
        "chebyshevu": "chebyshev_u({0},{1})",
        "hermite": "hermite({0},{1})",
        "laguerre": "laguerre({0},{1})",
        "fibonacci/1": "fib({0})",
        "lucas": "(fib(({0})-1)+fib(({0})+1))",
    }
    integral = "integrate({0},{1},{2},{3})"
    substitution = "at({0},{1}={2})"
    matrix_product = " . "
    matrix_power = "^^"
    matrix = "matrix({0})"
    determinant = "determinant({0})"
    trace = "mat_trace({0})"
    transpose = "transpose({0})"
    inverse = "invert({0})"

    def write_limit(self, body: Any, x: Any, target: Any, direction: Any) -> str:
        """Write a limit, with its side."""
        side = "" if str(direction) == "+-" or target.is_infinite else ",plus" if str(direction) == "+" else ",minus"
        return f"limit({self.write(body)},{self.write(x)},{self.write(target)}{side})"

    def write_cases(self, e: Any) -> str:
        """Write a Piecewise as nested conditions."""
        text = "und"
        for value, condition in reversed(e.args):
            text = (
                self.write(value)
                if condition == sympy.true
                else f"(if {self.condition(condition)} then {self.write(value)} else {text})"
            )
        return text

    def write_element(self, e: Any) -> str:
        """Write an element of a sequence."""
        return f"{self.name(e.base.label, 'u')}[{','.join(map(self.write, e.indices))}]"

    def assumptions(self, where: Sequence[Any], free: Collection[Any]) -> list[str]:
        """State kinds and signs of the symbols, and the relations."""
        lines = []
        for symbol, name in self.free(free):
            kind = "integer" if symbol.is_integer else "real" if symbol.is_real else "complex"
            lines.append(f"declare({name},{kind})")
            lines += [f"declare({name},{'even' if symbol.is_even else 'odd'})"] if symbol.is_even or symbol.is_odd else []
            sign = ">0" if symbol.is_positive else ">=0" if symbol.is_nonnegative else "<0" if symbol.is_negative else ""
            lines += [f"assume({name}{sign})"] if sign else []
        for c in where:
            if isinstance(c, sympy.Ne):
                lines.append(f"assume(notequal({self.write(c.lhs)},{self.write(c.rhs)}))")
            elif isinstance(c, sympy.Eq):
                lines.append(f"assume(equal({self.write(c.lhs)},{self.write(c.rhs)}))")
            elif isinstance(c, sympy.core.relational.Relational):
                lines.append(f"assume{self.condition(c)}")
        return lines


class Fricas(Notation):
    """FriCAS, in the domain of expressions; it has no assumptions on symbols."""

    constants: ClassVar[Mapping[str, str]] = {
        "Pi": "%pi",
        "Exp1": "%e",
        "ImaginaryUnit": "%i",
        "Infinity": "%plusInfinity",
        "NegativeInfinity": "%minusInfinity",
        "GoldenRatio": "((1+sqrt(5))/2)",
    }
    functions: ClassVar[Mapping[str, str]] = {
        "log": "log({0})",
        "gamma": "Gamma({0})",
        "loggamma": "log(Gamma({0}))",
        "beta": "Beta({0},{1})",
        "digamma": "digamma({0})",
        "polygamma": "polygamma({0},{1})",
        "erfc": "(1-erf({0}))",
        "erfi": "erfi({0})",
        "factorial": "factorial({0})",
        "binomial": "binomial({0},{1})",
        "Abs": "abs({0})",
        "uppergamma": "Gamma({0},{1})",
        "lowergamma": "(Gamma({0})-Gamma({0},{1}))",
        "LambertW/1": "lambertW({0})",
        "legendre": "legendreP({0},0,{1})",
        "hermite": "hermiteH({0},{1})",
        "laguerre": "laguerreL({0},0,{1})",
        "fibonacci/1": "((((1+sqrt(5))/2)^({0})-((1-sqrt(5))/2)^({0}))/sqrt(5))",
        "lucas": "(((1+sqrt(5))/2)^({0})+((1-sqrt(5))/2)^({0}))",
    }
    unary_sum = "sum({0},{1}={2}..{3})"
    unary_product = "product({0},{1}={2}..{3})"
    integral = 'integrate({0},{1}={2}..{3},"noPole")'
    derivative = "D({0},{1},{2})"
    substitution = "eval({0},{1}={2})"
    matrix = "matrix([{0}])"
    determinant = "determinant({0})"
    transpose = "transpose({0})"
    inverse = "inverse({0})"

    def write_limit(self, body: Any, x: Any, target: Any, direction: Any) -> str:
        """Write a limit, with its side."""
        side = "" if str(direction) == "+-" or target.is_infinite else ',"right"' if str(direction) == "+" else ',"left"'
        return f"limit({self.write(body)},{self.write(x)}={self.write(target)}{side})"
