"""Equality of expressions in matrices of any size: words in letters that do not commute, their inverses and transposes.

A statement about non-commutative symbols speaks of square matrices of one size, whatever it is; one about `MatrixSymbol`s of
matrices of their shapes. It is claimed wherever the inverses that occur exist. An expression is expanded into words with scalar
coefficients. The inverse R of a sum P = c w + … is a letter with the rewritings that P R = 1 and R P = 1 give for its longest
word w,

    w R → (1 - (P - c w) R) / c,      R w → (1 - R (P - c w)) / c,

and what begins or ends with R may be multiplied by P, which is invertible. Traces and determinants are scalars: tr(uv) = tr(vu),
tr(wᵀ) = tr(w), det(uv) = det(u) det(v) for square factors, det(I + uv) = det(I + vu) (Sylvester). Nothing left is a proof; that
something is left is none, so matrices of two and of three rows with small rational entries are tried first, exactly.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported, ball, rational
from derivable.trusted.decision import OPEN, PROVED, REFUTED, SAMPLED, Counterexample, Decision, Proof
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.normal_form import NormalForm

POINTS = 10
LONGEST = 4000  # terms of one expression
ROUNDS = 12
INVARIANTS = (sp.Trace, sp.Determinant)
MATRICES = (sp.MatrixSymbol, sp.Identity, sp.ZeroMatrix, sp.MatAdd, sp.MatMul, sp.MatPow, sp.Inverse, sp.Transpose)

Letter = tuple[Any, bool]  # a symbol, and whether it is transposed
Word = tuple[tuple[Letter, Any], ...]  # letters with exponents; neighbours differ
Expansion = dict[Word, Any]


class NotWords(Exception):
    """The expression is not made of words."""


def speaks_of_matrices(*sides: Any) -> bool:
    """Whether a statement is about non-commutative symbols, or about matrices of symbolic size."""
    for side in sides:
        if not isinstance(side, sp.Basic) or isinstance(side, sp.MatrixBase) or side.has(sp.MatrixBase):
            continue
        if isinstance(side, sp.MatrixExpr) and not _has_known_size(side):
            return True
        if any(not _has_known_size(node.arg) for node in side.atoms(*INVARIANTS)):
            return True
        if any(s.is_commutative is False for s in side.atoms(sp.Symbol)):
            return True
    return False


def _has_known_size(matrix: Any) -> bool:
    return all(getattr(n, "is_Integer", isinstance(n, int)) for n in matrix.shape)


def decide_words(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> Decision:
    """Decide lhs = rhs for all matrices at which the inverses exist; `where` speaks of the scalars."""
    facts = Facts(where)
    lhs, rhs = (sp.sympify(side, strict=True) for side in (lhs, rhs))
    try:
        words = Words(facts)
        for side in (lhs, rhs):  # once before, so that the inverses of both sides are known
            words.expand(side)
        left, right = words.expand(lhs), words.expand(rhs)
        found = words.vanishes(_sum(left, _times(right, sp.Integer(-1))))
        reason = "words are left over"
    except (NotWords, NoNormalForm, NeedCase) as error:
        found, reason = False, str(error)
    points = 0
    for trial in range(POINTS):
        try:
            values = _Values(where, trial, lhs, rhs)
            a, b = values.both(lhs, rhs)
        except (NotWords, ZeroDivisionError, ValueError):
            continue
        points += 1
        if _differ(a, b):
            return Decision(REFUTED, counterexample=Counterexample(values.text(), _text(a), _text(b)), points=points)
    if found and points:
        text = "words in letters that do not commute" + (f", {len(words.inverses)} inverses" if words.inverses else "")
        return Decision(PROVED, Proof((("words", text),)), points=points)
    if points >= 8:
        return Decision(SAMPLED, points=points, note=reason)
    return Decision(OPEN, points=points, note=reason if points else "no admissible matrices were found")


def _differ(a: Any, b: Any) -> bool:
    """Whether two matrices, or the balls of two scalars, are apart."""
    if isinstance(a, sp.Expr):
        try:
            left, right = (ball(Evaluator({})(v)) for v in (a, b))
        except (Undefined, Undecided, Unsupported) as error:
            raise NotWords("a scalar without a value") from error
        return not left.overlaps(right)
    return bool(a != b)


def _is_square(letter: Any) -> bool:
    """Whether the inverse of a product with this factor, where it exists, is the product of the inverses."""
    return not isinstance(letter, sp.MatrixSymbol) or letter.shape[0] == letter.shape[1]


# -- words -------------------------------------------------------------------------------------------------------------


@dataclass
class Words:
    """Expansions under given facts.

    `inverses` holds the letters that stand for inverses of sums, with those sums; `inverted` the letters of which inverses occur;
    `scalars` the symbols that stand for traces and determinants.
    """

    facts: Facts
    inverses: dict[Any, Expansion] = field(default_factory=dict)
    inverted: set[Any] = field(default_factory=set)
    scalars: dict[Any, Any] = field(default_factory=dict)

    def expand(self, e: Any) -> Expansion:
        """The words of an expression with their coefficients."""
        if isinstance(e, sp.Identity):
            return {(): sp.Integer(1)}
        if isinstance(e, sp.ZeroMatrix) or e == 0:
            return {}
        if isinstance(e, sp.MatrixSymbol) or (isinstance(e, sp.Symbol) and e.is_commutative is False):
            return {(((e, False), sp.Integer(1)),): sp.Integer(1)}
        if isinstance(e, sp.Add | sp.MatAdd):
            total: Expansion = {}
            for term in e.args:
                total = _sum(total, self.expand(term))
            return total
        if isinstance(e, sp.Mul | sp.MatMul):
            product: Expansion = {(): sp.Integer(1)}
            for factor in e.args:
                product = self.product(product, self.expand(factor))
            return product
        if isinstance(e, sp.Transpose):
            return self._transposed(self.expand(e.arg))
        if isinstance(e, sp.Inverse):
            return self._power(self.expand(e.arg), sp.Integer(-1))
        if isinstance(e, sp.Pow | sp.MatPow) and not e.is_commutative:
            return self._power(self.expand(e.base), e.exp)
        if isinstance(e, sp.Expr) and e.is_commutative and not isinstance(e, sp.MatrixExpr):
            return {(): e.xreplace({node: self._invariant(node) for node in e.atoms(*INVARIANTS)})}
        raise NotWords(f"{type(e).__name__} is not made of words")

    def product(self, a: Expansion, b: Expansion) -> Expansion:
        """Word by word, in order."""
        if len(a) * len(b) > LONGEST:
            raise NotWords("too many words")
        total: Expansion = {}
        for u, c in a.items():
            for v, d in b.items():
                word = self._joined(u, v)
                total[word] = total.get(word, 0) + c * d
        return total

    def _joined(self, u: Word, v: Word) -> Word:
        while u and v and u[-1][0] == v[0][0]:
            exponent = sp.expand(u[-1][1] + v[0][1])
            if exponent != 0:
                return (*u[:-1], (u[-1][0], exponent), *v[1:])
            u, v = u[:-1], v[1:]
        return (*u, *v)

    def _power(self, base: Expansion, exponent: Any) -> Expansion:
        base = self._clean(base)
        if len(base) == 1 and not self.facts.is_nonnegative(exponent):
            self.inverted |= {letter[0] for word in base for letter, _ in word}
        if not self.facts.is_integer(exponent):
            raise NotWords(f"the power {exponent} of a matrix")
        if len(base) == 1:
            ((word, c),) = base.items()
            if len(word) == 0:
                return {(): c**exponent}
            if len(word) == 1:
                ((letter, m),) = word
                if letter[0] not in self.inverses or (exponent.is_Integer and exponent > 0):
                    return {((letter, sp.expand(m * exponent)),): c**exponent}
            elif exponent == -1 and all(x[0] not in self.inverses and _is_square(x[0]) for x, _ in word):
                return {tuple((letter, -m) for letter, m in reversed(word)): 1 / c}
        if not exponent.is_Integer or abs(exponent) > 12:
            raise NotWords(f"the power {exponent} of a sum")
        if exponent < 0:
            base, exponent = self._inverse(base), -exponent
        result: Expansion = {(): sp.Integer(1)}
        for _ in range(int(exponent)):
            result = self.product(result, base)
        return result

    def _inverse(self, p: Expansion) -> Expansion:
        if not p:
            raise NotWords("the inverse of zero")
        for letter, known in self.inverses.items():
            if self._same(known, p):
                return {(((letter, False), sp.Integer(1)),): sp.Integer(1)}
        letter = sp.Dummy(f"R{len(self.inverses)}", commutative=False)
        self.inverses[letter] = p
        return {(((letter, False), sp.Integer(1)),): sp.Integer(1)}

    def _same(self, a: Expansion, b: Expansion) -> bool:
        return set(a) == set(b) and all(self._zero(a[w] - b[w]) for w in a)

    def _transposed(self, e: Expansion) -> Expansion:
        """(u v)ᵀ = vᵀ uᵀ; the transpose of the inverse of P is the inverse of Pᵀ."""
        total: Expansion = {}
        for word, c in e.items():
            result: Expansion = {(): c}
            for (symbol, turned), m in word:
                if symbol in self.inverses:
                    one = self._power(self._inverse(self._transposed(self.inverses[symbol])), m)
                else:
                    one = {(((symbol, not turned), m),): sp.Integer(1)}
                result = self.product(one, result)
            total = _sum(total, result)
        return total

    # -- scalars ---------------------------------------------------------------------------------------------------------

    def _invariant(self, node: Any) -> Any:
        """A trace or a determinant by those of words that do not depend on where one begins to read."""
        inside, size = self._rewritten(self.expand(node.arg)), node.arg.shape[0]
        if isinstance(node, sp.Determinant):
            return self._determinant(inside, size)
        return sp.Add(*(c * (self._named("trace", self._necklace(word)) if word else size) for word, c in inside.items()))

    def _named(self, *key: Any) -> Any:
        return self.scalars.setdefault(key, sp.Dummy(str(key[0])))

    def _necklace(self, word: Word) -> Word:
        """The first, in some order, of the words that are read around a ring, in both directions."""
        while len(word) > 1 and word[0][0] == word[-1][0]:
            word = self._joined(word[-1:], word[:-1])
        if not word:
            return word
        around = [word[i:] + word[:i] for i in range(len(word))]
        if not any(symbol in self.inverses for (symbol, _), _ in word):
            turned = tuple(((symbol, not flipped), m) for (symbol, flipped), m in reversed(word))
            around += [turned[i:] + turned[:i] for i in range(len(turned))]
        return min(around, key=str)

    def _determinant(self, e: Expansion, size: Any) -> Any:
        """The determinant of a square matrix of a size, factors first that stand at an end of all its words."""
        if not e:
            raise NotWords("the determinant of zero")
        if len(e) == 1:
            ((word, c),) = e.items()
            if all(_is_square(symbol) for (symbol, _), _ in word):
                return c**size * sp.Mul(*(self._letter(symbol, size) ** m for (symbol, _), m in word))
            return c**size * self._named("determinant", self._either_way({word: sp.Integer(1)}))
        for turn in (tuple, _reversed):
            ends = {turn(word)[0][0] if word else None for word in e}
            exponents = [turn(word)[0][1] for word in e if word]
            end = ends.pop() if len(ends) == 1 else None
            if end is not None and _is_square(end[0]) and (len(set(exponents)) == 1 or all(m.is_Integer for m in exponents)):
                least = exponents[0] if len(set(exponents)) == 1 else min(exponents)
                out: Word = ((end, -least),)
                rest = {turn(self._joined(out, turn(word))): c for word, c in e.items()}
                return self._letter(end[0], size) ** least * self._determinant(rest, size)
        for word in sorted(e, key=str):  # a letter that has an inverse
            if len(word) == 1 and word[0][0][0] in self.inverted and self.facts.is_nonzero(e[word]):
                ((letter, m),) = word
                rest = self._clean(self.product({((letter, -m),): 1 / e[word]}, e))
                return e[word] ** size * self._letter(letter[0], size) ** m * self._determinant(rest, size)
        lead = e[()] if () in e else e[min(e, key=str)]
        if not (lead.is_Rational and lead != 0):
            return self._named("determinant", self._either_way(e))
        e = _times(e, 1 / lead)
        if () in e and len(e) == 2:
            ((word, c),) = ((word, c) for word, c in e.items() if word)
            return lead**size * self._named("identity and", self._necklace(word), sp.expand(c))
        return lead**size * self._named("determinant", self._either_way(e))

    def _letter(self, symbol: Any, size: Any) -> Any:
        """The determinant of a letter, whose transpose has the same."""
        return 1 / self._determinant(self.inverses[symbol], size) if symbol in self.inverses else self._named("letter", symbol)

    def _either_way(self, e: Expansion) -> Any:
        """An expansion or its transpose, whichever is first in some order."""
        both = [frozenset((word, sp.expand(c)) for word, c in way.items()) for way in (e, self._transposed(e))]
        return min(both, key=lambda items: str(sorted(items, key=str)))

    def vanishes(self, e: Expansion) -> bool:
        """Whether nothing is left after rewriting, and after multiplying by what the inverses are of."""
        for _ in range(ROUNDS):
            e = self._rewritten(e)
            if not e:
                return True
            first = {w[0][0][0] for w in e if w} & set(self.inverses)
            last = {w[-1][0][0] for w in e if w} & set(self.inverses)
            if first:
                e = self.product(self.inverses[sorted(first, key=str)[0]], e)
            elif last:
                e = self.product(e, self.inverses[sorted(last, key=str)[0]])
            else:
                return False
        return False

    def _rewritten(self, e: Expansion) -> Expansion:
        for _ in range(200):
            e = self._clean(e)
            change = next(((w, found) for w in e if (found := self._step(w)) is not None), None)
            if change is None:
                return e
            word, found = change
            c = e.pop(word)
            e = _sum(e, _times(found, c))
        raise NotWords("rewritings that do not come to an end")

    def _step(self, word: Word) -> Expansion | None:
        for position, ((symbol, _), m) in enumerate(word):
            if symbol not in self.inverses or not m.is_Integer or m < 1:
                continue
            p = self.inverses[symbol]
            longest = max(p, key=lambda w: (sum(abs(x) if x.is_Integer else 1 for _, x in w), str(w)))
            rest = {w: c for w, c in p.items() if w != longest}
            one: Word = (((symbol, False), sp.Integer(1)),)
            letter: Expansion = {one: sp.Integer(1)}
            rest_of_power: Word = (((symbol, False), m - 1),) if m > 1 else ()
            before, after = word[:position], word[position + 1 :]
            tail = _without_prefix(after, longest)
            if tail is not None:
                value = _sum({(): sp.Integer(1)}, _times(self.product(letter, rest), sp.Integer(-1)))
                middle = self.product({self._joined(before, rest_of_power): 1 / p[longest]}, value)
                return self.product(middle, {tail: sp.Integer(1)})
            head = _without_prefix(_reversed(before), _reversed(longest))
            if head is not None:
                value = _sum({(): sp.Integer(1)}, _times(self.product(rest, letter), sp.Integer(-1)))
                middle = self.product({_reversed(head): 1 / p[longest]}, value)
                return self.product(middle, {self._joined(rest_of_power, after): sp.Integer(1)})
        return None

    def _clean(self, e: Expansion) -> Expansion:
        return {w: c for w, c in e.items() if not self._zero(c)}

    def _zero(self, c: Any) -> bool:
        c = sp.sympify(c)
        return c == 0 or (not c.is_Rational and NormalForm(self.facts).is_zero(c))


def _sum(a: Expansion, b: Expansion) -> Expansion:
    total = dict(a)
    for word, c in b.items():
        total[word] = total.get(word, 0) + c
    return total


def _times(a: Expansion, c: Any) -> Expansion:
    return {word: c * d for word, d in a.items()}


def _reversed(word: Word) -> Word:
    return tuple(reversed(word))


def _without_prefix(word: Word, prefix: Word) -> Word | None:
    """What is left of a word after a prefix, where the last letter of it may be part of a power; None if it does not begin so."""
    if len(word) < len(prefix) or not prefix:
        return None
    if word[: len(prefix) - 1] != prefix[:-1] or word[len(prefix) - 1][0] != prefix[-1][0]:
        return None
    left = word[len(prefix) - 1][1] - prefix[-1][1]
    if left == 0:
        return word[len(prefix) :]
    whole = left.is_Integer and prefix[-1][1].is_Integer and left > 0 and prefix[-1][1] > 0
    return ((word[len(prefix) - 1][0], left), *word[len(prefix) :]) if whole else None


# -- matrices ----------------------------------------------------------------------------------------------------------


class _Values:
    """Random rational matrices for the letters, and numbers for the scalars and the sizes."""

    def __init__(self, where: tuple[Any, ...], trial: int, *sides: Any):
        self._draw = random.Random(trial)
        self.scalars: dict[Any, Any] = {}
        self.matrices: dict[Any, Any] = {}
        self.size = 2 + trial % 2
        letters = {m for side in sides for m in side.atoms(sp.MatrixSymbol)}
        shaped = [*letters, *(m for side in sides for m in side.atoms(sp.Identity, sp.ZeroMatrix))]
        sizes = {s for m in shaped for n in m.shape for s in sp.sympify(n).free_symbols}
        free = {s for side in sides for s in side.free_symbols if not isinstance(s, sp.MatrixSymbol)}
        for s in sorted(free | sizes, key=str):
            if s in sizes:
                self.scalars[s] = sp.Integer(self._draw.choice((2, 3)))
            elif s.is_commutative is False:
                self.matrices[s] = self._matrix(self.size, self.size)
            else:
                self.scalars[s] = self._scalar(s)
        for condition in where:
            if not isinstance(condition, sp.Basic) or condition.xreplace(self.scalars) not in (sp.true, True):
                raise NotWords("a hypothesis that does not hold at the point, or is not about scalars")
        for m in sorted(letters, key=str):
            self.matrices[m] = self._matrix(*(self._number(n) for n in m.shape))

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
        return shown | {str(s): _text(m) for s, m in self.matrices.items()}


def _text(value: Any) -> str:
    return str(value.tolist()).replace("fmpq", "") if isinstance(value, fmpq_mat) else str(value)


__all__ = ["decide_words", "speaks_of_matrices"]
