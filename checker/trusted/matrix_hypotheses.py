"""What hypotheses say about matrices of any size, sorted by kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivable.trusted.facts import parts_of
from derivable.trusted.matrix_elements import contracted

INVARIANTS = (sp.Trace, sp.Determinant)


@dataclass(frozen=True)
class Hypotheses:
    """Hypotheses about scalars alone, equations of matrices, relations between their traces and determinants, and letters that
    an equation defines."""

    of_scalars: tuple[Any, ...]
    equations: tuple[tuple[Any, Any], ...]
    of_invariants: tuple[Any, ...]
    definitions: tuple[tuple[Any, Any], ...]

    def sides(self) -> list[Any]:
        """Everything that they speak of beside scalars."""
        pairs = (*self.equations, *self.definitions, *(c.args for c in self.of_invariants))
        return [side for pair in pairs for side in pair]

    def substituted(self, e: Any) -> Any:
        """e without the letters that are defined."""
        for letter, value in self.definitions:
            e = e.xreplace({letter: value}) if e != letter else value
        return e


def sorted_hypotheses(conditions: Iterable[Any]) -> Hypotheses:
    """Hypotheses by kind; X = e with a letter X that is not in e is a definition."""
    scalars, equations, invariants = [], [], []
    for condition in parts_of(conditions):
        if not is_of_matrices(condition):
            scalars.append(condition)
        elif isinstance(condition, sp.Eq) and any(_is_matrix(side) for side in condition.args):
            equations.append((condition.lhs, condition.rhs))
        else:
            invariants.append(condition.func(*(contracted(side) for side in condition.args), evaluate=False))
    definitions: list[tuple[Any, Any]] = []
    while True:
        found = next((pair for pair in map(_definition, equations) if pair is not None), None)
        if found is None:
            break
        letter, value = found
        definitions.append(found)
        others = [pair for pair in equations if _definition(pair) != found]
        equations = [tuple(value if side == letter else side.xreplace({letter: value}) for side in pair) for pair in others]
    kept = tuple((left, right) for left, right in equations if left != right)
    plain = Hypotheses(tuple(scalars), kept, (), tuple(definitions))
    rest = tuple(c.func(*(plain.substituted(side) for side in c.args), evaluate=False) for c in invariants)
    return Hypotheses(plain.of_scalars, plain.equations, rest, plain.definitions)


def is_of_matrices(condition: Any) -> bool:
    """Whether a hypothesis speaks of matrices of any size, or of symbols that do not commute."""
    if not isinstance(condition, sp.Basic):
        return False
    return condition.has(sp.MatrixSymbol) or any(s.is_commutative is False for s in condition.atoms(sp.Symbol))


def _is_matrix(side: Any) -> bool:
    return isinstance(side, sp.MatrixExpr) or side.is_commutative is False


def _definition(pair: tuple[Any, Any]) -> tuple[Any, Any] | None:
    for letter, value in (pair, pair[::-1]):
        bare = isinstance(letter, sp.MatrixSymbol) or (letter.is_Symbol and letter.is_commutative is False)
        if bare and not value.has(letter):
            return letter, value
    return None


def kinds_of_letters(equations: Iterable[tuple[Any, Any]]) -> dict[Any, frozenset[Any]]:
    """What equations say of letters, as far as it helps to draw such matrices: symmetric, orthonormal, …, k for A^k = 0."""
    found: dict[Any, frozenset[Any]] = {}
    for pair in equations:
        for left, right in (pair, pair[::-1]):
            for letter in _letters(left):
                kind = _kind(letter, left, right)
                if kind is not None:
                    found[letter] = found.get(letter, frozenset()) | {kind}
    return found


def _kind(letter: Any, left: Any, right: Any) -> Any:
    one = isinstance(right, sp.Identity) or right == 1
    if isinstance(letter, sp.MatrixSymbol):
        turned = sp.Transpose(letter)
        if left == turned and right == letter:
            return "symmetric"
        if left == turned and right in (-letter, sp.MatMul(-1, letter)):
            return "antisymmetric"
        products = (sp.MatMul(turned, letter), sp.MatMul(letter, turned))
        if (one and left in products) or (left == turned and right == sp.Inverse(letter)):
            return "orthonormal"
    k = left.exp if isinstance(left, sp.Pow | sp.MatPow) and left.base == letter else None
    if k == 2 and right == letter:
        return "idempotent"
    if k == 2 and one:
        return "involutory"
    if k is not None and k.is_Integer and k >= 2 and (right == 0 or isinstance(right, sp.ZeroMatrix)):
        return int(k)
    return None


def commuting_letters(equations: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """For letters that commute with others, one letter that stands for all of them."""
    group: dict[Any, Any] = {}
    for left, right in equations:
        if isinstance(left, sp.Mul | sp.MatMul) and len(left.args) == 2 and left.args[::-1] == right.args:
            a, b = (group.setdefault(x, x) for x in left.args)
            group |= {x: a for x, y in group.items() if y == b}
    return group


def solved_letters(equations: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Letters that equations give in terms of others: X = R⁻¹ S for R X = S, where X occurs but once; for drawing alone."""
    found: list[tuple[Any, Any]] = []
    for pair in equations:
        one = next((s for left, right in (pair, pair[::-1]) if (s := _end_of(left, right, found)) is not None), None)
        if one is not None:
            found.append(one)
    return found


def _end_of(left: Any, right: Any, before: list[tuple[Any, Any]]) -> tuple[Any, Any] | None:
    factors = left.args if isinstance(left, sp.Mul | sp.MatMul) else ()
    for letter, others, first in ((factors[-1], factors[:-1], False), (factors[0], factors[1:], True)) if factors else ():
        is_letter = isinstance(letter, sp.MatrixSymbol) or (letter.is_Symbol and letter.is_commutative is False)
        if not is_letter or right.has(letter) or any(f.has(letter) for f in others) or letter in dict(before):
            continue
        inverses = [f**-1 for f in reversed(others)]
        return letter, left.func(right, *inverses) if first else left.func(*inverses, right)
    return None


def _letters(e: Any) -> list[Any]:
    return sorted(e.atoms(sp.MatrixSymbol) | {s for s in e.atoms(sp.Symbol) if s.is_commutative is False}, key=str)


__all__ = [
    "INVARIANTS",
    "Hypotheses",
    "commuting_letters",
    "is_of_matrices",
    "kinds_of_letters",
    "solved_letters",
    "sorted_hypotheses",
]
