"""Random matrices at which a statement about matrices of any size is tried: exact, and such as the hypotheses admit."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from derivable.trusted.balls import rational
from derivable.trusted.errors import NotWords
from derivable.trusted.matrix_hypotheses import INVARIANTS, Hypotheses, commuting_letters, kinds_of_letters, solved_letters

NORMAL = frozenset({"symmetric", "orthonormal"})


class Values:
    """Random rational matrices for the letters, and numbers for the scalars and the sizes."""

    def __init__(self, hypotheses: Hypotheses, trial: int, *sides: Any):
        self._draw = random.Random(trial)
        self.scalars: dict[Any, Any] = {}
        self.matrices: dict[Any, Any] = {}
        self.size = 2 + trial % 2
        everything = (*sides, *hypotheses.sides(), *(c for c in hypotheses.of_scalars if isinstance(c, sp.Basic)))
        letters = {m for side in everything for m in side.atoms(sp.MatrixSymbol)}
        shaped = [*letters, *(m for side in everything for m in side.atoms(sp.Identity, sp.ZeroMatrix))]
        sizes = {s for m in shaped for n in m.shape for s in sp.sympify(n).free_symbols}
        free = {s for side in everything for s in side.free_symbols if not isinstance(s, sp.MatrixSymbol)}
        for s in sorted(free | sizes, key=str):
            if s in sizes:
                self.scalars[s] = sp.Integer(self._draw.choice((2, 3)))
            elif s.is_commutative is False:
                letters.add(s)
            else:
                self.scalars[s] = self._scalar(s)
        for condition in hypotheses.of_scalars:
            if not isinstance(condition, sp.Basic) or condition.xreplace(self.scalars) not in (sp.true, True):
                raise NotWords("a hypothesis that does not hold at the point")
        kinds, groups = kinds_of_letters(hypotheses.equations), commuting_letters(hypotheses.equations)
        bases: dict[Any, Any] = {}
        plain = [pair for pair in hypotheses.equations if not kinds_of_letters([pair]) and not commuting_letters([pair])]
        given = [*reversed(hypotheses.definitions), *solved_letters(plain)]
        unknown = {letter for letter, _ in given}
        for m in sorted(letters - unknown, key=str):
            rows, columns = (self._number(n) for n in m.shape) if isinstance(m, sp.MatrixSymbol) else (self.size, self.size)
            kind = kinds.get(m, frozenset())
            if rows == columns and m in groups:
                base = bases.setdefault(groups[m], self._basis(rows, bool(kind & NORMAL) or self._draw.random() < 0.5))
                self.matrices[m] = self._diagonal(base, kind)
            else:
                self.matrices[m] = self._square(kind, rows) if rows == columns else self._rectangle(kind, rows, columns)
        for letter, value in sorted(given, key=lambda pair: len(pair[1].atoms(sp.MatrixSymbol, sp.Symbol) & unknown)):
            self.matrices[letter] = self._whole(value)
        self._check(hypotheses)

    def _check(self, hypotheses: Hypotheses) -> None:
        """Ask every hypothesis at these matrices."""
        for left, right in hypotheses.equations:
            a, b = self.both(left, right)
            if a != b:
                raise NotWords("matrices that a hypothesis excludes")
        for condition in hypotheses.of_invariants:
            if condition.func(*(self._number_of(side) for side in condition.args)) not in (sp.true, True):
                raise NotWords("matrices that a hypothesis excludes")

    def _square(self, kind: frozenset[Any], n: int) -> Any:
        orders = [k for k in kind if isinstance(k, int)]
        if orders:  # A^k = 0: nothing but from the ⌈n / k⌉-th diagonal on
            first, base = -(-n // orders[0]), self._basis(n, False)
            entries = [fmpq(self._draw.randint(1, 4) if j - i >= first else 0) for i in range(n) for j in range(n)]
            return base * fmpq_mat(n, n, entries) * base.inv()
        if kind & {"idempotent", "involutory"} or kind >= NORMAL:
            return self._diagonal(self._basis(n, bool(kind & NORMAL)), kind)
        if {"antisymmetric", "orthonormal"} <= kind:
            turn = self._draw.choice((-1, 1))
            return fmpq_mat(2, 2, [fmpq(0), fmpq(turn), fmpq(-turn), fmpq(0)]) if n == 2 else self._matrix(n, n)
        if "orthonormal" in kind:
            return self._orthogonal(n)
        matrix = self._matrix(n, n)
        if "symmetric" in kind:
            return matrix + matrix.transpose()
        return matrix - matrix.transpose() if "antisymmetric" in kind else matrix

    def _rectangle(self, kind: frozenset[Any], rows: int, columns: int) -> Any:
        if "orthonormal" not in kind:
            return self._matrix(rows, columns)
        most, least = max(rows, columns), min(rows, columns)
        whole = self._orthogonal(most)
        cut = fmpq_mat(most, least, [whole[i, j] for i in range(most) for j in range(least)])
        return cut if rows > columns else cut.transpose()

    def _basis(self, n: int, orthogonal: bool) -> Any:
        if orthogonal:
            return self._orthogonal(n)
        while True:
            base = self._matrix(n, n)
            if base.det() != 0:
                return base

    def _orthogonal(self, n: int) -> Any:
        """(1 - S)⁻¹ (1 + S) with an antisymmetric S (Cayley), some columns with the other sign."""
        half, one = self._matrix(n, n), self._identity(n)
        skew = half - half.transpose()
        return (one - skew).inv() * (one + skew) * _diagonal([fmpq(self._draw.choice((-1, 1))) for _ in range(n)])

    def _diagonal(self, base: Any, kind: frozenset[Any]) -> Any:
        """B D B⁻¹ with a diagonal D of the values that the kinds allow."""
        n = base.nrows()
        if "idempotent" in kind:
            values = [fmpq(self._draw.choice((0, 1))) for _ in range(n)]
        elif kind & {"involutory", "orthonormal"}:
            values = [fmpq(self._draw.choice((-1, 1))) for _ in range(n)]
        else:
            values = [fmpq(self._draw.randint(-4, 4), self._draw.choice((1, 2))) for _ in range(n)]
        return base * _diagonal(values) * base.inv()

    def _number(self, n: Any) -> int:
        return int(sp.sympify(n).xreplace(self.scalars))

    def _matrix(self, rows: int, columns: int) -> Any:
        entries = [fmpq(self._draw.randint(-4, 4), self._draw.choice((1, 1, 2, 3))) for _ in range(rows * columns)]
        return fmpq_mat(rows, columns, entries)

    def _scalar(self, s: Any) -> Any:
        for _ in range(60):
            number, below = self._draw.randint(-9, 9), self._draw.choice((1, 2, 5))
            value = sp.Integer(abs(number) % 5) if s.is_integer else sp.Rational(number, below)
            kinds = {"positive": value > 0, "nonnegative": value >= 0, "negative": value < 0, "nonzero": value != 0}
            if all(fits for kind, fits in kinds.items() if getattr(s, f"is_{kind}")):
                return value
        raise NotWords(f"no value for {s}")

    def both(self, lhs: Any, rhs: Any) -> tuple[Any, Any]:
        """The values of the sides; a scalar stands for that multiple of the identity."""
        if self._is_scalar(lhs) and self._is_scalar(rhs):
            return self._number_of(lhs), self._number_of(rhs)
        a, b = self.of(lhs), self.of(rhs)
        size = next((v.nrows() for v in (a, b) if isinstance(v, fmpq_mat)), self.size)
        one = self._identity(size)
        return (a * one if isinstance(a, fmpq) else a), (b * one if isinstance(b, fmpq) else b)

    def of(self, e: Any) -> Any:
        """A matrix, or a rational number for a scalar (times the identity)."""
        if e in self.matrices:
            return self.matrices[e]
        if isinstance(e, sp.Identity):
            return self._identity(self._number(e.shape[0]))
        if isinstance(e, sp.ZeroMatrix):
            return fmpq_mat(*(self._number(n) for n in e.shape))
        if isinstance(e, sp.Add | sp.MatAdd) and not self._is_scalar(e):
            total = None
            for term in e.args:
                value = self._whole(term)
                total = value if total is None else total + value
            return total
        if isinstance(e, sp.Mul | sp.MatMul) and not self._is_scalar(e):
            product: Any = fmpq(1)
            for factor in e.args:
                product = product * self.of(factor)
            return product
        if isinstance(e, sp.Transpose):
            return self.of(e.arg).transpose()
        if isinstance(e, sp.Inverse):
            return self.of(e.arg).inv()
        if isinstance(e, sp.Pow | sp.MatPow) and not self._is_scalar(e):
            base, exponent = self.of(e.base), sp.sympify(e.exp).xreplace(self.scalars)
            if not exponent.is_Integer or abs(exponent) > 20:
                raise NotWords("a power that is no integer")
            base = base.inv() if exponent < 0 else base
            result = self._identity(base.nrows())
            for _ in range(abs(int(exponent))):
                result = result * base
            return result
        value = self._number_of(e) if self._is_scalar(e) else None
        if value is None or not value.is_Rational:
            raise NotWords(f"{e} has no rational value")
        return rational(value)

    def _number_of(self, e: Any) -> Any:
        """The value of a scalar, as a SymPy number."""
        return e.xreplace({node: self._invariant(node) for node in e.atoms(*INVARIANTS)}).xreplace(self.scalars)

    def _invariant(self, node: Any) -> Any:
        """A trace or a determinant as a SymPy number."""
        matrix = self.of(node.arg)
        if not isinstance(matrix, fmpq_mat) or matrix.nrows() != matrix.ncols():
            raise NotWords("of what is no square matrix")
        value = matrix.det() if isinstance(node, sp.Determinant) else sum((matrix[i, i] for i in range(matrix.nrows())), fmpq(0))
        return sp.Rational(int(value.p), int(value.q))

    def _whole(self, term: Any) -> Any:
        """A term of a sum: a scalar stands for that multiple of the identity."""
        value = self.of(term)
        return value * self._identity(self.size) if isinstance(value, fmpq) else value

    @staticmethod
    def _is_scalar(e: Any) -> bool:
        return isinstance(e, sp.Expr) and not isinstance(e, sp.MatrixExpr) and bool(e.is_commutative)

    @staticmethod
    def _identity(n: int) -> Any:
        return fmpq_mat(n, n, [fmpq(int(i == j)) for i in range(n) for j in range(n)])

    def text(self) -> Mapping[str, str]:
        """The point, for the reader."""
        shown = {str(s): str(v) for s, v in self.scalars.items()}
        return shown | {str(s): text_of(m) for s, m in self.matrices.items()}


def _diagonal(values: list[Any]) -> Any:
    n = len(values)
    return fmpq_mat(n, n, [values[i] if i == j else fmpq(0) for i in range(n) for j in range(n)])


def text_of(value: Any) -> str:
    """A matrix or a number, for the reader."""
    return str(value.tolist()).replace("fmpq", "") if isinstance(value, fmpq_mat) else str(value)


__all__ = ["Values", "text_of"]
