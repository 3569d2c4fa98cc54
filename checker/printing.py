"""Statements as LaTeX and as text, in the order in which they were written."""

from __future__ import annotations

import functools
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from derivable.trusted.heads import Partial

RELATIONS = {"=": "=", "<=": r"\le", "<": "<", ">=": r"\ge", ">": ">"}
LONGEST_INTEGER = 40
SIGNS = {"=": "=", "<=": "≤", "<": "<", ">=": "≥", ">": ">"}


class _Printer(LatexPrinter):
    """SymPy's printer with brackets where a derivative or a sum would swallow its neighbours."""

    def _print_Derivative(self, e: Any) -> str:
        if isinstance(e.expr, sp.core.function.AppliedUndef | sp.Symbol | sp.Indexed):
            return str(super()._print_Derivative(e))
        symbol = r"\partial" if len(e.expr.free_symbols) > 1 else "d"
        order = sum(int(n) if n.is_Integer else 0 for _, n in e.variable_count) or 1
        below = " ".join(f"{symbol} {self._print(v)}" + (f"^{{{self._print(n)}}}" if n != 1 else "") for v, n in e.variable_count)
        above = symbol if order == 1 else f"{symbol}^{{{order}}}"
        return rf"\frac{{{above}}}{{{below}}}\left({self._print(e.expr)}\right)"

    def _print(self, expr: Any, **kwargs: Any) -> str:
        # An expression's own `_latex` goes before the methods here; that of `Partial` leaves products bare.
        return self._print_Partial(expr, **kwargs) if isinstance(expr, Partial) else str(super()._print(expr, **kwargs))

    def _print_Partial(self, e: Any, exp: str = "") -> str:
        expression, point, index = e.args
        inner = self._print(expression)
        if not isinstance(expression, sp.Symbol | sp.Indexed | sp.Function):
            inner = rf"\left({inner}\right)"
        printed = rf"\partial_{{{self._print(point)}_{{{self._print(index)}}}}} {inner}"
        return rf"\left({printed}\right)^{{{exp}}}" if exp else printed

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        operator = isinstance(expr, sp.Derivative | Partial)
        return (operator and not last) or bool(super()._needs_mul_brackets(expr, first, last))

    def _print_Integer(self, e: Any) -> str:
        return _shortened(int(e))

    def _print_Rational(self, e: Any) -> str:
        sign = "- " if e.p < 0 else ""
        return rf"{sign}\frac{{{_shortened(abs(int(e.p)))}}}{{{_shortened(int(e.q))}}}" if e.q != 1 else _shortened(int(e.p))

    def _print_IndexedBase(self, e: Any) -> str:
        return str(self._print(e.label))

    def _print_Dummy(self, e: Any) -> str:
        return str(self._print_Symbol(e))

    def _print_Sum(self, e: Any) -> str:
        return self._with_sign_in_brackets(str(super()._print_Sum(e)), e)

    def _print_Product(self, e: Any) -> str:
        return self._with_sign_in_brackets(str(super()._print_Product(e)), e)

    def _with_sign_in_brackets(self, printed: str, e: Any) -> str:
        body = self._print(e.function)
        if body.startswith("-") and printed.endswith(body):
            return rf"{printed[: -len(body)]}\left({body}\right)"
        return printed


def _shortened(number: int) -> str:
    """An integer; of one that nobody reads the first digits and the order, the rest being in the record's `srepr`."""
    digits = str(abs(number))
    if len(digits) <= LONGEST_INTEGER:
        return str(number)
    return rf"{'-' if number < 0 else ''}{digits[0]}.{digits[1:9]}\ldots \cdot 10^{{{len(digits) - 1}}}"


def latex(e: Any) -> str:
    """The LaTeX of an expression, terms in the order in which they stand."""
    return e if isinstance(e, str) else _latex(sp.sympify(e))


@functools.lru_cache(maxsize=512)  # a claim's mutants share one side with it
def _latex(e: Any) -> str:
    return str(_Printer({"order": "none", "inv_trig_style": "full", "ln_notation": False}).doprint(e))


def statement_latex(lhs: Any, relation: str, rhs: Any) -> str:
    """`lhs relation rhs` as LaTeX."""
    return f"{latex(lhs)} {RELATIONS[relation]} {latex(rhs)}"


def statement_text(lhs: Any, relation: str, rhs: Any) -> str:
    """`lhs relation rhs` as plain text."""
    return f"{lhs} {SIGNS[relation]} {rhs}"


__all__ = ["RELATIONS", "SIGNS", "latex", "statement_latex", "statement_text"]
