"""Random variables: what hypotheses say of their laws, and concrete laws at which a statement is evaluated.

`Expectation(e, q)` is the mean of e over the random variable, or vector, q. Without a hypothesis its law is arbitrary. Means
that are nested are over independent variables (the product measure).
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from derivable.trusted.balls import NO_VALUE, Evaluator, Unsupported, Value, ball, power, show, whole
from derivable.trusted.facts import Copy, Density, ForAll, Independent
from derivable.trusted.heads import Expectation

DIMENSIONS = 4  # a product law of so many coordinates is enumerated


@dataclass(frozen=True)
class FiniteLaw:
    """Finitely many atoms (probability, value).

    The coordinates of a vector are independent copies, or tied to one atom by `spread`.
    """

    atoms: tuple[tuple[fmpq, Value], ...]
    spread: tuple[fmpq, ...] = ()  # coordinate i of atom v is v + spread[i]; none for independent coordinates

    def values(self, size: int) -> list[Value]:
        """All values that the variable, or one of so many coordinates, may take."""
        if not self.spread:
            return [v for _, v in self.atoms]
        return [v + self.spread[i % len(self.spread)] * i for _, v in self.atoms for i in range(1, size + 1)]

    def mean(self, evaluator: Evaluator, e: Any, variable: Any) -> Value:
        """Σ probability · value of e there."""
        total: Value = fmpq(0)
        for probability, values in self.outcomes(evaluator, variable):
            total = total + probability * evaluator.at(values, e)
        return total

    def written(self, evaluator: Evaluator, e: Any, variable: Any) -> Any:
        """The mean as an expression: Σ probability · e at the atom."""
        terms = []
        for probability, values in self.outcomes(evaluator, variable):
            numbers = {k: sp.Rational(int(v.numerator), int(v.denominator)) for k, v in values.items() if isinstance(v, fmpq)}
            if len(numbers) < len(values):
                raise Unsupported("a mean over atoms that are not rational, written out")
            terms.append(sp.Rational(int(probability.numerator), int(probability.denominator)) * e.xreplace(numbers))
        return sp.Add(*terms)

    def __str__(self) -> str:
        """The atoms, written out."""
        listed = ", ".join(f"{show(v)} with probability {p}" for p, v in self.atoms)
        return listed + (
            " (coordinate i moved by i times " + ", ".join(map(str, self.spread)) + " in turn)" if self.spread else ""
        )

    def outcomes(self, evaluator: Evaluator, variable: Any) -> Iterator[tuple[fmpq, dict[Any, Value]]]:
        """(probability, the values of the variable or of its elements), one for each atom."""
        if not isinstance(variable, sp.IndexedBase):
            for probability, value in self.atoms:
                yield probability, {variable: value}
            return
        if not variable.shape:
            raise Unsupported(f"a mean over {variable}, whose dimension is not given")
        n = whole(evaluator(variable.shape[0]))
        if n > DIMENSIONS:
            raise Unsupported(f"a mean over more than {DIMENSIONS} coordinates")
        coordinates = [variable[i] for i in range(1, n + 1)]
        if self.spread:
            for probability, value in self.atoms:
                yield probability, {x: value + self.spread[i % len(self.spread)] * i for i, x in enumerate(coordinates, 1)}
            return
        for outcome in itertools.product(self.atoms, repeat=n):
            probability = fmpq(1)
            for p, _ in outcome:
                probability = probability * p
            yield probability, {x: value for x, (_, value) in zip(coordinates, outcome, strict=True)}


@dataclass(frozen=True)
class DensityLaw:
    """The law with a density: the mean is an integral."""

    density: Density

    def written(self, evaluator: Evaluator, e: Any, variable: Any) -> Any:
        """The mean as an integral."""
        return sp.Integral(e * self.density.density, (variable, self.density.lower, self.density.upper))

    def __str__(self) -> str:
        """The density, written out."""
        return f"of density {self.density.density}"

    def mean(self, evaluator: Evaluator, e: Any, variable: Any) -> Value:
        """∫ e · density."""
        if isinstance(variable, sp.IndexedBase):
            raise Unsupported("a mean over a vector with a density")
        return evaluator(sp.Integral(e * self.density.density, (variable, self.density.lower, self.density.upper)))


@dataclass(frozen=True)
class NormalLaw:
    """The standard normal law, for polynomials."""

    def written(self, evaluator: Evaluator, e: Any, variable: Any) -> Any:
        """The mean as it stands."""
        return Expectation(e, variable)

    def __str__(self) -> str:
        """Its name."""
        return "standard normal"

    def mean(self, evaluator: Evaluator, e: Any, variable: Any) -> Value:
        """The exact mean, by the moments."""
        return evaluator.moments(Expectation(e, variable), 0)


Law = FiniteLaw | DensityLaw | NormalLaw
BOTH_SIDES = (fmpq(-7, 3), fmpq(7, 3))  # of zero, and no integers: a normal law takes what is near to them


def variables_of_means(expressions: tuple[Any, ...], where: tuple[Any, ...]) -> list[Any]:
    """What the means in some expressions run over; the variable that others are copies of comes before them."""
    found = {e.args[1] for part in expressions for e in part.atoms(Expectation)}
    copied = {c.law for c in where if isinstance(c, Independent) and c.law is not None and c.vector in found}
    copied |= {c.original for c in where if isinstance(c, Copy) and c.variable in found}
    return sorted(copied, key=str) + sorted(found - copied, key=str)


def defined(condition: Any) -> tuple[Any, Any] | None:
    """(symbol, value) of a hypothesis that only gives a mean a name: Eq(A, E[…])."""
    if not isinstance(condition, sp.Eq) or not condition.has(Expectation):
        return None
    for name, value in ((condition.lhs, condition.rhs), (condition.rhs, condition.lhs)):
        if isinstance(name, sp.Symbol) and not value.has(name):
            return name, value
    return None


def admits(law: Law, variable: Any, relations: tuple[Any, ...], evaluator: Evaluator) -> bool:
    """Whether relations among the hypotheses that speak of the variable hold for all its values."""
    if not relations:
        return True
    if not isinstance(law, FiniteLaw):
        return False
    try:
        for _, values in law.outcomes(evaluator, variable):
            before = dict(evaluator.values)
            evaluator.values.update(values)
            try:
                if not all(evaluator.holds(r) for r in relations):
                    return False
            finally:
                evaluator.values = before
    except NO_VALUE:
        return False
    return True


def admissible(symbol: Any, value: Value) -> bool:
    """Whether the assumptions of a symbol, or of a sequence, hold of a value."""
    assumed = _assumed(symbol)
    if isinstance(value, acb):
        if not value.imag.is_zero():
            if (assumed.get("imaginary") or assumed.get("antihermitian")) and not value.real.is_zero():
                return False
            return not any(assumed.get(a) for a in ("real", "extended_real", "integer", "rational")) and not (
                symbol.is_imaginary is False and value.real.is_zero()
            )
        known = {"positive": value.real > 0, "negative": value.real < 0, "nonzero": value.real != 0}
        known |= {"nonnegative": value.real >= 0, "nonpositive": value.real <= 0, "real": True, "complex": True}
        wanted = [k.removeprefix("extended_") for k, v in assumed.items() if v]
        return all(known.get(k, k in ("finite", "hermitian")) for k in wanted)
    return all(_has(value, name) in (wanted, None) for name, wanted in assumed.items())


@functools.lru_cache(maxsize=1024)
def _assumed(symbol: Any) -> dict[str, bool]:
    return {k: v for k, v in symbol.assumptions0.items() if k != "commutative"}


REAL = {
    "real": True,
    "extended_real": True,
    "complex": True,
    "finite": True,
    "hermitian": True,
    "rational": True,
    "infinite": False,
    "imaginary": False,
    # of a number that stands for any real one near it
    "algebraic": None,
    "irrational": None,
    "transcendental": None,
}


def _has(value: fmpq, name: str) -> bool | None:
    """Whether a rational number has the property of one of SymPy's assumptions; None where that is not to be asked."""
    name = name.removeprefix("extended_")
    if name == "antihermitian":
        return bool(value == 0)
    if name in REAL:
        return REAL[name]
    whole_number = value.denominator == 1
    if name in ("integer", "noninteger"):
        return whole_number == (name == "integer")
    if name in ("even", "odd"):
        return whole_number and (int(value.numerator) % 2 == 0) == (name == "even")
    if name in ("positive", "nonnegative", "negative", "nonpositive", "zero", "nonzero"):
        sign = (value > 0) - (value < 0)
        return {
            "positive": sign > 0,
            "nonnegative": sign >= 0,
            "negative": sign < 0,
            "nonpositive": sign <= 0,
            "zero": sign == 0,
            "nonzero": sign != 0,
        }[name]
    return getattr(sp.Rational(int(value.numerator), int(value.denominator)), f"is_{name}", None)


def conditions_on(variable: Any, where: tuple[Any, ...]) -> list[tuple[tuple[Any, ...], Any]]:
    """The hypotheses that bind the law of a variable, as (bound variables, equation)."""
    found: list[tuple[tuple[Any, ...], Any]] = []
    for condition in where:
        if defined(condition) is not None:
            continue
        equation, bound = (condition.equation, condition.variables) if isinstance(condition, ForAll) else (condition, ())
        if isinstance(equation, sp.core.relational.Relational) and any(
            e.args[1] == variable for e in equation.atoms(Expectation)
        ):
            found.append((bound, equation))
    return found


def candidates(variable: Any, where: tuple[Any, ...], evaluator: Evaluator, number: int) -> Iterator[Law]:
    """Laws that the hypotheses may admit, a different one first for each number."""
    original = next((c.original for c in where if isinstance(c, Copy) and c.variable == variable), None)
    if original is not None:
        if original in evaluator.laws:
            yield evaluator.laws[original]
        return
    copies = next((c for c in where if isinstance(c, Independent) and c.vector == variable and c.law is not None), None)
    if copies is not None:
        law = evaluator.laws.get(copies.law)
        if isinstance(law, FiniteLaw):
            yield FiniteLaw(law.atoms)
        return
    density = next((c for c in where if isinstance(c, Density) and c.variable == variable), None)
    if density is not None:
        yield DensityLaw(density)
        return
    conditions = conditions_on(variable, where)
    if not conditions and not any(isinstance(c, Independent) and c.vector == variable for c in where):
        for k in range(12):
            yield _arbitrary(variable, number + 16 * k)
        return
    mean, spread = _first_moments(variable, conditions, evaluator)
    for way in (1, -1):
        moved = [FiniteLaw(tuple((p, mean + way * spread * v) for p, v in atoms)) for atoms in _standard()]
        for k in range(len(moved)):
            yield moved[(number + k) % len(moved)]
        if way > 0:
            yield NormalLaw()


def satisfies(
    law: Law, variable: Any, conditions: list[tuple[tuple[Any, ...], Any]], evaluator: Evaluator, modelled: tuple[bool, ...]
) -> bool:
    """Whether what the hypotheses say of the law holds for a concrete one, at every index and at some other values.

    Some values of a variable that is no index prove nothing, so they do only where a condition is `modelled`: it holds
    concrete functions that the author gave, and answers for.
    """
    if isinstance(law, FiniteLaw) and not law.atoms:
        return False
    evaluator.give(variable, law)
    if isinstance(law, DensityLaw):
        modelled = (*modelled, True)
        conditions = [*conditions, ((), sp.Eq(Expectation(sp.Integer(1), variable), 1, evaluate=False))]
    size = whole(evaluator(variable.shape[0])) if isinstance(variable, sp.IndexedBase) and variable.shape else 0
    if isinstance(law, FiniteLaw) and not all(admissible(variable, v) for v in law.values(size)):
        return False
    if isinstance(law, NormalLaw) and not (variable.is_rational is None and all(admissible(variable, v) for v in BOTH_SIDES)):
        return False
    for (bound, equation), given in zip(conditions, modelled, strict=True):
        indices = {k for x in equation.atoms(sp.Indexed) if x.base == variable for k in x.indices}
        if not set(bound) <= indices and not isinstance(law, DensityLaw) and not given:
            return False
        choices = [[fmpq(v) for v in range(1, size + 1)] if b in indices else [fmpq(1, 2), fmpq(1), fmpq(2)] for b in bound]
        for values in itertools.product(*choices):
            try:
                difference = evaluator.at(dict(zip(bound, values, strict=True)), equation.lhs - equation.rhs)
            except NO_VALUE:
                return False
            holds = difference == 0 if isinstance(difference, fmpq) else ball(difference).contains(0)
            if isinstance(equation, sp.Eq) and not holds:
                return False
            if isinstance(equation, sp.Ne) and ball(difference).contains(0):
                return False
            if isinstance(equation, sp.Ge | sp.Gt | sp.Le | sp.Lt):
                signed = ball(difference).real if isinstance(equation, sp.Ge | sp.Gt) else -ball(difference).real
                touches = isinstance(equation, sp.Ge | sp.Le) and signed.contains(0) and signed.rad() < arb(2) ** -30
                if not (signed > 0 or touches):
                    return False
    return True


def _standard() -> tuple[tuple[tuple[fmpq, Value], ...], ...]:
    """Mean 0 and variance 1: a skewed law, the signs, and a law with the first five moments of the normal one."""
    root = power(fmpq(3), fmpq(1, 2))
    return (
        ((fmpq(1, 5), fmpq(2)), (fmpq(4, 5), fmpq(-1, 2))),
        ((fmpq(1, 2), fmpq(1)), (fmpq(1, 2), fmpq(-1))),
        ((fmpq(2, 3), fmpq(0)), (fmpq(1, 6), root), (fmpq(1, 6), -root)),
    )


def _arbitrary(variable: Any, number: int) -> FiniteLaw:
    """Some law: two or three atoms that the assumptions of the variable admit."""
    generator = random.Random(f"{variable} {number}")
    count = 2 + number % 2
    weights = [generator.randint(1, 4) for _ in range(count)]
    values: list[Value] = []
    for _ in range(200):
        value = fmpq(generator.randint(-6, 6), 1 if variable.is_integer else generator.choice((1, 2)))
        if value not in values and admissible(variable, value):
            values.append(value)
        if len(values) == count:
            break
    if len(values) < count:
        return FiniteLaw(())
    spread = tuple(fmpq(generator.randint(-2, 2), 2) for _ in range(3)) if isinstance(variable, sp.IndexedBase) else ()
    atoms = tuple((fmpq(w, sum(weights)), v) for w, v in zip(weights, values, strict=True))
    return FiniteLaw(atoms, spread if any(spread) else (fmpq(1),) if spread else ())


def _first_moments(variable: Any, conditions: list[tuple[tuple[Any, ...], Any]], evaluator: Evaluator) -> tuple[Value, Value]:
    """Mean and standard deviation as the hypotheses tell them, or admit them; 0 and 1 where they do not."""
    mean: Value = fmpq(0)
    second: Value | None = None
    for bound, equation in sorted(conditions, key=lambda told: isinstance(told[1], sp.Eq)):  # an equation has the last word
        if not isinstance(equation.lhs, Expectation):
            continue
        beside = fmpq(1, 2) if isinstance(equation, sp.Gt | sp.Ne) else fmpq(-1, 2) if isinstance(equation, sp.Lt) else fmpq(0)
        inner = equation.lhs.args[0]
        base, exponent = inner.as_base_exp()
        if not (
            base == variable or (isinstance(base, sp.Indexed) and base.base == variable and (not bound or base.indices == bound))
        ):
            continue
        try:
            value = evaluator.at({b: fmpq(1) for b in bound}, equation.rhs)
        except NO_VALUE:
            continue
        if exponent == 1:
            mean = value + beside
        elif exponent == 2 and isinstance(equation, sp.Eq):
            second = value
    if second is None:
        return mean, fmpq(1)
    variance = second - mean * mean
    if isinstance(variance, acb) and not variance.real > 0:
        return mean, fmpq(1)
    return mean, power(variance, fmpq(1, 2)) if not isinstance(variance, fmpq) or variance >= 0 else fmpq(1)
