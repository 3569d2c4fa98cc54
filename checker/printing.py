"""Statements as LaTeX and as text, in the order in which they were written."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

RELATIONS = {"=": "=", "<=": r"\le", "<": "<", ">=": r"\ge", ">": ">"}
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

    def _print_Partial(self, e: Any, exp: str = "") -> str:
        expression, point, index = e.args
        inner = self._print(expression)
        if not isinstance(expression, sp.core.function.AppliedUndef) and type(expression).__name__ != "Partial":
            inner = rf"\left({inner}\right)"
        printed = rf"\frac{{\partial}}{{\partial {self._print(point)}_{{{self._print(index)}}}}} {inner}"
        return rf"\left({printed}\right)^{{{exp}}}" if exp else printed

    def _print_IndexedBase(self, e: Any) -> str:
        return str(self._print(e.label))

    def _print_Dummy(self, e: Any) -> str:
        return str(self._print_Symbol(e))

    def _print_Sum(self, e: Any) -> str:
        return self._bracketed(super()._print_Sum, e)

    def _print_Product(self, e: Any) -> str:
        return self._bracketed(super()._print_Product, e)

    @staticmethod
    def _bracketed(printed: Any, e: Any) -> str:
        body = e.args[0]
        if isinstance(body, sp.Mul) and any(isinstance(a, sp.Add) for a in body.args):
            return str(printed(e))
        return str(printed(e))


def latex(e: Any) -> str:
    """The LaTeX of an expression, terms in the order in which they stand."""
    if isinstance(e, str):
        return e
    return str(_Printer({"order": "none", "inv_trig_style": "full", "ln_notation": False}).doprint(e))


def statement_latex(lhs: Any, relation: str, rhs: Any) -> str:
    """`lhs relation rhs` as LaTeX."""
    return f"{latex(lhs)} {RELATIONS[relation]} {latex(rhs)}"


def statement_text(lhs: Any, relation: str, rhs: Any) -> str:
    """`lhs relation rhs` as plain text."""
    return f"{lhs} {SIGNS[relation]} {rhs}"


__all__ = ["RELATIONS", "SIGNS", "latex", "statement_latex", "statement_text"]
