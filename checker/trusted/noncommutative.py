"""Equality of expressions in matrices of any size: words in letters that do not commute, their inverses and transposes.

A statement about non-commutative symbols speaks of square matrices of one size, whatever it is; one about `MatrixSymbol`s of
matrices of their shapes. It is claimed wherever the inverses that occur exist. An expression is expanded into words with scalar
coefficients. The inverse R of a sum P = c w + … is a letter with the rewritings that P R = 1 and R P = 1 give for its longest
word w,

    w R → (1 - (P - c w) R) / c,      R w → (1 - R (P - c w)) / c,

and what begins or ends with R may be multiplied by P, which is invertible. Traces and determinants are scalars: tr(uv) = tr(vu),
tr(wᵀ) = tr(w), det(uv) = det(u) det(v) for square factors, det(I + uv) = det(I + vu) (Sylvester); a word with one row and one
column is its trace. An equation of matrices among the hypotheses rewrites its longest word; Aᵀ = ±A, xy = c for square letters,
x^k = c and xy = yx are heeded wherever the letters occur, in powers and inverses too. Nothing left is a proof; that something is
left is none, so matrices of two and three rows with small rational entries that the hypotheses admit are tried first, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivable.trusted.balls import Evaluator, Undecided, Undefined, Unsupported, ball
from derivable.trusted.decision import OPEN, PROVED, REFUTED, SAMPLED, Counterexample, Decision, Proof
from derivable.trusted.errors import NeedCase, NoNormalForm, NotWords
from derivable.trusted.facts import Contradiction, Facts, parts_of, plainly
from derivable.trusted.matrix_elements import contracted
from derivable.trusted.matrix_hypotheses import INVARIANTS, Hypotheses, sorted_hypotheses
from derivable.trusted.matrix_values import Values, text_of
from derivable.trusted.normal_form import NormalForm

POINTS = 10
LONGEST = 4000  # terms of one expression
ROUNDS = 12
MATRICES = (sp.MatrixSymbol, sp.Identity, sp.ZeroMatrix, sp.MatAdd, sp.MatMul, sp.MatPow, sp.Inverse, sp.Transpose)

Letter = tuple[Any, bool]  # a symbol, and whether it is transposed
Word = tuple[tuple[Letter, Any], ...]  # letters with exponents; neighbours differ
Expansion = dict[Word, Any]


def speaks_of_matrices(*sides: Any) -> bool:
    """Whether a statement is about non-commutative symbols, or about matrices of symbolic size."""
    for side in sides:
        if not isinstance(side, sp.Basic) or isinstance(side, sp.MatrixBase) or side.has(sp.MatrixBase):
            continue
        if isinstance(side, sp.MatrixExpr) and not _has_known_size(side):
            return True
        if any(not _has_known_size(node.arg) for node in side.atoms(*INVARIANTS)):
            return True
        if any(s.is_commutative is False for s in side.atoms(sp.Symbol)) or contracted(side) != side:
            return True
    return False


def foreign_hypothesis(conditions: Iterable[Any]) -> str | None:
    """Why a statement without matrices is not decided under hypotheses about some; None if there are none."""
    relations = (c for c in parts_of(conditions) if isinstance(c, Relational))
    told = next((c for c in relations if speaks_of_matrices(*c.args)), None)
    if told is None:
        return None
    return f"the hypothesis {told} is about matrices, the statement about none, or no equation: leave the hypothesis out"


def _has_known_size(matrix: Any) -> bool:
    return all(getattr(n, "is_Integer", isinstance(n, int)) for n in matrix.shape)


def decide_words(lhs: Any, rhs: Any, where: tuple[Any, ...]) -> Decision:
    """Decide lhs = rhs for all matrices that the hypotheses admit and at which the inverses exist."""
    try:
        hypotheses = sorted_hypotheses(where)
        facts = Facts(plainly(hypotheses.of_scalars))
    except Contradiction as error:
        return Decision(OPEN, note=f"the hypotheses contradict each other: {error}")
    lhs, rhs = (hypotheses.substituted(contracted(sp.sympify(side, strict=True))) for side in (lhs, rhs))
    words = Words(facts)
    try:
        for pair in sorted(hypotheses.equations, key=lambda pair: sum(sp.count_ops(side) for side in pair)):
            words.assume(*pair)
        for condition in hypotheses.of_invariants:
            words.assume_scalars(condition)
        for side in (lhs, rhs):  # once before, so that the inverses of both sides are known
            words.expand(side)
        left, right = words.expand(lhs), words.expand(rhs)
        found = words.vanishes(_sum(left, _times(right, sp.Integer(-1))))
        found = found and words.holds_at_divisors(hypotheses, left, right)
        reason = "words are left over"
    except (NotWords, NoNormalForm, NeedCase) as error:
        found, reason = False, str(error)
    points = 0
    for trial in range(POINTS):
        try:
            values = Values(hypotheses, trial, lhs, rhs)
            a, b = values.both(lhs, rhs)
            differ = _differ(a, b)
        except (NotWords, ZeroDivisionError, ValueError):
            continue
        points += 1
        if differ:
            return Decision(REFUTED, counterexample=Counterexample(values.text(), text_of(a), text_of(b)), points=points)
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
    `scalars` the symbols that stand for traces and determinants, `values` what is known of these, `divisors` numbers that were
    divided by and may be 0. Of the hypotheses, `monomials` has (c, y, s) for a letter x = c y^s, s = ±1; `orders` (k, c) for
    x^k = c ≠ 0; `commuting` pairs; `rewritings` the rest.
    """

    facts: Facts
    inverses: dict[Any, Expansion] = field(default_factory=dict)
    inverted: set[Any] = field(default_factory=set)
    scalars: dict[Any, Any] = field(default_factory=dict)
    values: dict[Any, Any] = field(default_factory=dict)
    divisors: set[Any] = field(default_factory=set)
    monomials: dict[Letter, tuple[Any, Letter, int]] = field(default_factory=dict)
    orders: dict[Letter, tuple[int, Any]] = field(default_factory=dict)
    commuting: set[frozenset[Letter]] = field(default_factory=set)
    rewritings: list[tuple[Word, Expansion]] = field(default_factory=list)

    def assume(self, lhs: Any, rhs: Any) -> None:
        """Take an equation of matrices, and its transpose, as a way to rewrite words."""
        told = _sum(self.expand(lhs), _times(self.expand(rhs), sp.Integer(-1)))
        for way in (told, self._transposed(told) if _may_be_transposed(told) else {}):
            d = self._rewritten(way)
            if not d or not all(m.is_Integer for word in d for _, m in word):
                continue
            lead = max(d, key=_degree)
            c = d.pop(lead)
            if self.facts.is_nonzero(c):
                self._orient(lead, _times(d, -1 / c))

    def _orient(self, lead: Word, rest: Expansion) -> None:
        """Keep lead = rest."""
        degree, (first, m) = _degree(lead)[0], lead[0] if lead else ((None, False), 0)
        alone = next(iter(rest.items())) if len(rest) == 1 else None
        scalar = alone[1] if alone is not None and alone[0] == () else None
        square = all(_is_square(symbol) for (symbol, _), _ in lead)
        if degree == 1 and m == 1 and alone is not None and len(alone[0]) == 1 and alone[0][0][1] == 1:
            self.monomials[first] = (alone[1], alone[0][0][0], 1)
        elif scalar is not None and square and degree == 2 and len(lead) == 2 and self.facts.is_nonzero(scalar):
            (keep, a), (drop, b) = sorted(lead, key=lambda power: (power[0][1], str(power[0])))
            way = -int(a * b)
            self.monomials[drop] = (scalar**b, keep, way)  # for a, b = ±1, x^a y^b = c and y^b x^a = c give y = c^b x^(-ab)
            self.inverted.add(keep[0])
            if keep[0] == drop[0] and scalar == 1 and way < 0:  # Aᵀ A = 1
                self.scalars[("letter", keep[0])] = sp.Integer(-1) ** sp.Dummy("s", integer=True)
        elif scalar is not None and square and len(lead) == 1 and m > 0 and self.facts.is_nonzero(scalar):
            self.orders[first] = (int(m), scalar)
            self.inverted.add(first[0])
            if m == 2 and scalar == 1:
                self.scalars[("letter", first[0])] = sp.Integer(-1) ** sp.Dummy("s", integer=True)
        elif degree == 2 and len(lead) == 2 and alone is not None and alone[0] == lead[::-1] and self._zero(alone[1] - 1):
            self.commuting.add(frozenset((lead[0][0], lead[1][0])))
        elif lead and all(m > 0 for _, m in lead):
            self.rewritings.append((lead, rest))

    def assume_scalars(self, condition: Any) -> None:
        """Take what is said of traces and determinants: a value, or that a matrix has an inverse."""
        if isinstance(condition, sp.Ne):
            for node in condition.lhs.atoms(sp.Determinant) if condition.rhs == 0 else ():
                inside = self._clean(self.expand(node.arg))
                if condition.lhs == node and len(inside) == 1:
                    self._invert(*inside)
        if isinstance(condition, sp.Eq):
            told = sp.expand(self.expand(condition.lhs - condition.rhs).get((), sp.Integer(0)))
            for named in sorted(told.free_symbols & set(self.scalars.values()), key=str):
                slope = sp.diff(told, named)
                if slope.is_Rational and slope != 0:
                    self.values[named] = -told.subs(named, 0) / slope
                    return

    def expand(self, e: Any) -> Expansion:
        """The words of an expression with their coefficients."""
        if isinstance(e, sp.Identity):
            return {(): sp.Integer(1)}
        if isinstance(e, sp.ZeroMatrix) or e == 0:
            return {}
        if isinstance(e, sp.MatrixSymbol) or (isinstance(e, sp.Symbol) and e.is_commutative is False):
            return self._power_of((e, False), sp.Integer(1))
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

    def _power_of(self, letter: Letter, m: Any) -> Expansion:
        """x^m, where hypotheses may say that x = c y^±1."""
        c: Any = sp.Integer(1)
        while letter in self.monomials:
            factor, letter, way = self.monomials[letter]
            c, m = c * factor**m, way * m
        return {((letter, m),): c}

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
        if len(base) == 1 and self.facts.is_positive(-exponent):
            self._invert(*base)
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

    def _invert(self, word: Word) -> None:
        """Note that a word has an inverse: so have its letters, if they are square."""
        if all(_is_square(symbol) for (symbol, _), _ in word):
            self.inverted |= {symbol for (symbol, _), _ in word}

    def _inverse(self, p: Expansion) -> Expansion:
        if not p:
            raise NotWords("the inverse of zero")
        within = self._rewritten(p)
        if set(within) == {()}:  # a word with one row and one column is a number
            return {(): 1 / within[()]}
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
                    one = self._power_of((symbol, not turned), m)
                result = self.product(one, result)
            total = _sum(total, result)
        return total

    # -- scalars ---------------------------------------------------------------------------------------------------------

    def _invariant(self, node: Any) -> Any:
        """A trace or a determinant by those of words that do not depend on where one begins to read."""
        inside, size = self._rewritten(self.expand(node.arg)), node.arg.shape[0]
        if isinstance(node, sp.Determinant):
            return self._determinant(inside, size)
        return sp.Add(*(c * (self._trace(word) if word else size) for word, c in inside.items()))

    def _named(self, *key: Any) -> Any:
        named = self.scalars.setdefault(key, sp.Dummy(str(key[0])))
        return self.values.get(named, named)

    def _trace(self, word: Word, depth: int = 0) -> Any:
        """The trace of a word: of what some way to read it around a ring is rewritten into, or of the first in some order."""
        word = self._around(word)
        if not word:
            raise NotWords("the size of what is left in a trace")
        if depth < ROUNDS:
            for i in range(len(word)):
                turned = word[i:] + word[:i]
                found = self._scalar_inside(turned) or self._rewriting(turned)
                if found is not None and all(_degree(w)[0] < _degree(turned)[0] for w in found) and () not in found:
                    return sp.Add(*(c * self._trace(w, depth + 1) for w, c in self._clean(found).items()))
        ways: list[tuple[Word, Any]] = [(self._first(word), sp.Integer(1))]
        if not any(symbol in self.inverses for (symbol, _), _ in word):
            backwards = self._transposed({word: sp.Integer(1)})
            ways += [(self._first(self._around(w)), c) for w, c in backwards.items() if len(backwards) == 1]
        (one, _), (other, c) = ways[0], ways[-1]
        if one == other:
            return sp.Integer(0) if self.facts.is_nonzero(c - 1) else self._named("trace", one)
        return self._named("trace", one) if str(one) < str(other) else c * self._named("trace", other)

    def _around(self, word: Word) -> Word:
        while len(word) > 1 and word[0][0] == word[-1][0]:
            word = self._joined(word[-1:], word[:-1])
        return word

    def _first(self, word: Word) -> Word:
        """The first, in some order, of the words that are read around a ring, letters that commute in order."""
        return min((self._in_order(word[i:] + word[:i]) for i in range(len(word))), key=str)

    def _in_order(self, word: Word) -> Word:
        while (swapped := self._swapped(word)) is not None:
            word = swapped
        return word

    def _swapped(self, word: Word) -> Word | None:
        """The word with two neighbours that commute in the other order, if that is the right one."""
        for position, (one, other) in enumerate(pairwise(word)):
            if str(other[0]) < str(one[0]) and self._commute(one[0], other[0]):
                return self._joined(self._joined(word[:position], (other, one)), word[position + 2 :])
        return None

    def _commute(self, x: Letter, y: Letter) -> bool:
        """Whether letters commute by the hypotheses; the inverse of a sum does with what all letters of the sum commute with."""
        if frozenset((x, y)) in self.commuting:
            return True
        for inverse, letter in ((x, y), (y, x)):
            if inverse[0] in self.inverses:
                inside = {other for word in self.inverses[inverse[0]] for other, _ in word}
                others = inside - {letter}
                return bool(others) and all(self._commute(other, letter) for other in others)
        return False

    def _necklace(self, word: Word) -> Word:
        """The first, in some order, of the words that are read around a ring, in both directions."""
        word = self._around(word)
        around = [self._first(word)] if word else [word]
        if word and not any(symbol in self.inverses for (symbol, _), _ in word):
            around += [self._first(self._around(w)) for w, c in self._transposed({word: sp.Integer(1)}).items() if c == 1]
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
        for word in sorted(e, key=str) if () not in e else ():  # a letter that has an inverse, which leaves the identity
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
            around = self._around(word)
            if any(_rows(around[i][0]) == 1 and around[i][1] == 1 for i in range(len(around))):
                return lead**size * (1 + c * self._trace(word))
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
        e = self._rewritten(e)
        for _ in range(ROUNDS):
            if not e:
                return True
            ways: list[Expansion] = []
            for letter in sorted({w[0][0] for w in e if w and self._divides(w[0])}, key=str):
                ways.append(self.product(self._undoing(letter, [w[0] for w in e if w]), e))
            for letter in sorted({w[-1][0] for w in e if w and self._divides(w[-1])}, key=str):
                ways.append(self.product(e, self._undoing(letter, [w[-1] for w in e if w])))
            if not ways:
                return False
            e = min((self._rewritten(way) for way in ways), key=self._quotients)
        return not e

    def holds_at_divisors(self, hypotheses: Hypotheses, *sides: Expansion) -> bool:
        """Whether what is proved where no divisor is 0 holds where one is: rational functions with infinitely many zeros are 0.

        That is what the coefficients are of the symbols in divisors, which vary while the matrices stay: no equation names them.
        """
        if not self.divisors:
            return True
        symbols = set().union(*(c.free_symbols for c in self.divisors))
        if not all(c.free_symbols for c in self.divisors) or symbols & set(self.scalars.values()):
            return False
        told = (*hypotheses.equations, *(c.args for c in hypotheses.of_invariants if not isinstance(c, sp.Ne)))
        fixed = {s for pair in told for side in pair for s in side.free_symbols}
        for condition in self.facts.where:  # of a real symbol, a strict inequality leaves an interval
            strict = isinstance(condition, sp.Lt | sp.Gt) and not any(s.is_rational for s in condition.free_symbols)
            fixed |= set() if strict or isinstance(condition, sp.Ne) else condition.free_symbols
        coefficients = [c for e in (*sides, *self.inverses.values()) for c in e.values()]
        return not symbols & fixed and all(c.is_rational_function(*symbols) for c in coefficients)

    def _divides(self, one: tuple[Letter, Any]) -> bool:
        """Whether a power of a letter is one of an inverse."""
        (symbol, _), m = one
        return symbol in self.inverses or (m.is_Integer and m < 0)

    def _undoing(self, letter: Letter, ends: list[tuple[Letter, Any]]) -> Expansion:
        """What is invertible, and shortens a power of a letter."""
        if letter[0] in self.inverses:
            return self.inverses[letter[0]]
        return {((letter, -min(m for other, m in ends if other == letter and m.is_Integer)),): sp.Integer(1)}

    def _quotients(self, e: Expansion) -> tuple[int, int]:
        """How many inverses a word has at most, and how many words there are."""
        counts = [sum(abs(int(m)) if m.is_Integer else 1 for x, m in word if self._divides((x, m))) for word in e]
        return max(counts, default=0), len(e)

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
        """What a word is equal to, by one rewriting."""
        return self._by_inverses(word) or self._scalar_inside(word, whole=True) or self._by_hypotheses(word)

    def _rewriting(self, word: Word) -> Expansion | None:
        found = self._by_hypotheses(word)
        return self._by_inverses(word) if found is None else found

    def _scalar_inside(self, word: Word, whole: bool = False) -> Expansion | None:
        """A part of a word with one row and one column, not all of it unless `whole` may be, as the number that it is."""
        for begin in (i for i, (letter, m) in enumerate(word) if _rows(letter) == 1 and m == 1):
            end = next((i for i in range(begin, len(word)) if _columns(word[i][0]) == 1 and word[i][1] == 1), None)
            if end is not None and (whole or end - begin + 1 < len(word)):
                return {self._joined(word[:begin], word[end + 1 :]): self._trace(word[begin : end + 1])}
        return None

    def _by_hypotheses(self, word: Word) -> Expansion | None:
        for position, (letter, m) in enumerate(word):
            if letter in self.orders and m.is_Integer and not 0 <= m < self.orders[letter][0]:
                k, c = self.orders[letter]
                power: Word = ((letter, m % k),) if m % k else ()
                return {self._joined(self._joined(word[:position], power), word[position + 1 :]): c ** (m // k)}
        swapped = self._swapped(word)
        if swapped is not None:
            return {swapped: sp.Integer(1)}
        for lead, rest in self.rewritings:
            ends = _around_pattern(word, lead)
            if ends is not None:
                before, after = ends
                return self.product(self.product({before: sp.Integer(1)}, rest), {after: sp.Integer(1)})
        return None

    def _by_inverses(self, word: Word) -> Expansion | None:
        for position, ((symbol, _), m) in enumerate(word):
            if symbol not in self.inverses or not m.is_Integer or m < 1:
                continue
            p = self.inverses[symbol]
            longest = max(p, key=lambda w: (sum(abs(x) if x.is_Integer else 1 for _, x in w), str(w)))
            rest = {w: c for w, c in p.items() if w != longest}
            self.divisors |= set() if self.facts.is_nonzero(p[longest]) else {p[longest]}
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
        c = c.xreplace(self.values)
        return c == 0 or (not c.is_Rational and NormalForm(self.facts).is_zero(c))


def _degree(word: Word) -> tuple[int, int, str]:
    """An order of words that products keep but for ties: by length, transposed letters, names."""
    total = sum(abs(int(m)) if m.is_Integer else 1 for _, m in word)
    return total, sum(turned for (_, turned), _ in word), str(word)


def _may_be_transposed(e: Expansion) -> bool:
    return all(isinstance(symbol, sp.MatrixSymbol) for word in e for (symbol, _), _ in word)


def _rows(letter: Letter) -> Any:
    """The number of rows, where a letter has a shape."""
    symbol, turned = letter
    return symbol.shape[1 if turned else 0] if isinstance(symbol, sp.MatrixSymbol) else None


def _columns(letter: Letter) -> Any:
    return _rows((letter[0], not letter[1]))


def _around_pattern(word: Word, pattern: Word) -> tuple[Word, Word] | None:
    """What stands before and after a pattern of whole positive powers, whose first and last may be parts of greater ones."""
    for i in range(len(word) - len(pattern) + 1):
        part = word[i : i + len(pattern)]
        if any(x != y or not m.is_Integer or m < n for (x, m), (y, n) in zip(part, pattern, strict=True)):
            continue
        if any(m != n for (_, m), (_, n) in zip(part[1:-1], pattern[1:-1], strict=True)):
            continue
        (first, m), (last, n) = part[0], part[-1]
        after = n - pattern[-1][1]
        before = m - pattern[0][1] if len(pattern) > 1 else sp.Integer(0)
        head: Word = (*word[:i], (first, before)) if before else word[:i]
        tail: Word = ((last, after), *word[i + len(pattern) :]) if after else word[i + len(pattern) :]
        return head, tail
    return None


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


__all__ = ["Words", "decide_words", "foreign_hypothesis", "speaks_of_matrices"]
