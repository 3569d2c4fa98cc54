"""An expression as a quotient of polynomials in generators, modulo true relations between them.

`flatten` rewrites an expression, by rules that hold at every admissible point, into a rational expression in generators:
symbols, constants, exponentials of one term, roots of positive factors, logarithms, values of functions at canonical
arguments, sums and integrals of one monomial. `is_zero` maps it to exact polynomials (python-flint), reduces the numerator
modulo the relations that the generators satisfy, and answers whether nothing is left. A yes is a proof: every rewriting is
an identity wherever both sides are defined. A no is not a refutation.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp
from flint import fmpq_mpoly_ctx
from sympy.core.function import AppliedUndef

from derivable.trusted.balls import CONSTANTS
from derivable.trusted.circular_series import product_over_differences, product_over_squares, series_over_squares, square
from derivable.trusted.contiguous import divided_exponential, divided_geometric, polynomial_weight
from derivable.trusted.continuity import is_integrable
from derivable.trusted.definedness import says_nothing
from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts, ForAll, speaks_of
from derivable.trusted.functions import DERIVATIVES, HALF, RULES, SHIFTS, family, gamma, polygamma, shifted
from derivable.trusted.heads import Expectation, Jet, Partial, SpaceIntegral, bound_symbol, captures, occurs, renamed
from derivable.trusted.matching import apart, given_assumptions, match
from derivable.trusted.polynomials import (
    antidifference,
    as_fraction,
    as_rational,
    generator_order,
    modulo,
    quotient,
    reduce_by,
    to_sympy,
)
from derivable.trusted.surds import surd_factors

FUNCTION_ASSUMPTIONS = (
    "real", "positive", "nonnegative", "negative", "nonpositive", "nonzero", "integer", "even", "odd", "imaginary",
)  # fmt: skip
REAL_ANALYTIC = (
    sp.gamma, sp.erf, sp.erfc, sp.erfi, sp.Si, sp.Shi, sp.fresnels, sp.fresnelc, sp.airyai, sp.airybi, sp.airyaiprime,
    sp.airybiprime, sp.zeta,
)  # fmt: skip
POLYNOMIALS = sp.legendre | sp.chebyshevt | sp.chebyshevu | sp.hermite | sp.laguerre
LONGEST = 1 << 20  # bits of a number that is written out
LARGEST_PRIME = 31  # whose square root is written by roots of unity
POSITION = sp.Function("F")  # F(kind, f, k, e): the value at e of the antidifference, or antiderivative, of f


@dataclass(frozen=True)
class Generator:
    """What a generator stands for: its kind, and the expression whose value it is."""

    kind: str
    expression: Any


class NormalForm:
    """Generators and rules under given facts."""

    def __init__(self, facts: Facts):
        self.facts = self._base = facts
        self.cited: dict[str, None] = {}
        self._generators: dict[tuple[str, Any], sp.Symbol] = {}
        self.meaning: dict[sp.Symbol, Generator] = {}
        self._cache: dict[Any, Any] = {}
        self._varied: frozenset[Any] = frozenset()
        self._between: tuple[Any, ...] = ()  # variables of integration and their ends, of which the integral does not speak
        self._rewriting: set[tuple[ForAll, Any]] = set()
        self._patterns: list[tuple[Any, Any, ForAll]] | None = None
        self._origins: dict[tuple[str, Any, Any], Any] = {}
        self.imaginary = self._generator("atom", sp.I)

    # -- generators ------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _varying(self, variables: Iterable[Any]) -> Iterator[None]:
        """While derivatives or integrals by the variables are taken: what is known at one value is not known at others."""
        outer = self._varied
        self._varied = outer | frozenset(variables)
        try:
            yield
        finally:
            self._varied = outer

    def _generator(self, kind: str, expression: Any) -> sp.Symbol:
        key = (kind, expression)
        if key not in self._generators:
            symbol = sp.Dummy(f"g{len(self._generators)}")
            self._generators[key] = symbol
            self.meaning[symbol] = Generator(kind, expression)
        return self._generators[key]

    def _named(self, kind: str, expression: Any) -> Any:
        """A generator, unless a hypothesis says what it equals."""
        for pattern, replacement, rule in self._rules():
            if any(speaks_of(rule, v) for v in self._varied):
                continue
            bindings = match(pattern, expression, rule.variables, self.facts)
            if bindings is None:
                continue
            if any(captures(part, bindings.values()) for part in (replacement, *rule.where)):
                continue
            if says_nothing(rule, self.facts.given(*self._between) if self._between else self.facts, bindings):
                continue  # where a side of it is undefined a hypothesis says nothing
            if (rule, expression) in self._rewriting:  # an instance that speaks of its own left side says no more here
                continue
            if all(self.facts.decide(w.subs(bindings, simultaneous=True)) is True for w in rule.where):
                self._rewriting.add((rule, expression))
                try:
                    return self.flatten(renamed(replacement).subs(bindings, simultaneous=True))
                finally:
                    self._rewriting.discard((rule, expression))
        return self._generator(kind, expression)

    def _rules(self) -> list[tuple[Any, Any, ForAll]]:
        if self._patterns is None:
            self._patterns = []
            found = []
            inside, self.facts = self.facts, self._base  # what is known inside a sum holds there only
            for rule in map(apart, self.facts.rewrites):
                # the pattern is used only where its conditions hold
                outer, self.facts = self.facts, self.facts.given(*rule.where)
                try:
                    left = self.flatten(rule.equation.lhs)
                except (NeedCase, NoNormalForm):
                    continue
                finally:
                    self.facts = outer
                heads = [s for s in left.free_symbols if self.meaning[s].kind in HEAD_KINDS]
                if len(heads) > 1:  # the one that holds all variables; the others are a factor
                    heads = [h for h in heads if all(occurs(v, self.meaning[h].expression) for v in rule.variables)]
                scale = left / heads[0] if len(heads) == 1 else sp.Integer(0)
                if scale == 0 or scale.has(*heads) or not self.facts.is_nonzero(self.expression(scale)):
                    # not one term to rewrite: the equation is used as it stands, for its variables themselves
                    named = {v: sp.Symbol(v.name, **given_assumptions(v)) for v in rule.variables}
                    undefined = says_nothing(rule, self.facts, named)
                    if not undefined and all(self.facts.decide(w.xreplace(named)) is True for w in rule.where):
                        self.facts.equations.append((rule.equation.lhs.xreplace(named), rule.equation.rhs.xreplace(named)))
                    continue
                found.append((self.meaning[heads[0]].expression, rule.equation.rhs / self.expression(scale), rule))
            self._patterns = found
            self._cache.clear()
            self.facts = inside
        return self._patterns

    def expression(self, flat: Any) -> Any:
        """The expression that a flat one stands for."""
        values = {s: self._value(s) for s in flat.free_symbols if s in self.meaning}
        for power in flat.atoms(sp.Pow):  # e^(c u) is not the principal c-th power of e^u
            if power.base in values and self.meaning[power.base].kind == "exp" and not power.exp.is_Integer:
                values[power] = sp.exp(power.exp * self.meaning[power.base].expression)
        return flat.xreplace(values)

    def is_nonzero(self, flat: Any) -> bool:
        """Whether a flat expression is known not to vanish: b^c = e^{c log b} may, where its base b may."""
        powers = {s: base ** (self.meaning[s].expression / log) for s, (base, log) in self._powers(flat).items()}
        return self.facts.is_nonzero(sp.expand(self.expression(flat.xreplace(powers))))

    def divides_by_a_base(self, flats: Iterable[Any]) -> bool:
        """Whether x^(n-1) is written x^n / x for an x that may vanish: what an equation says of x^n does not hold of it there."""
        flats = list(flats)
        bases = {self.flatten(base) for flat in flats for base, _ in self._powers(flat).values()}
        below = {p.base for flat in flats for p in flat.atoms(sp.Pow) if p.exp.is_negative}
        return any(part.has(base) for base in bases for part in below)

    def _powers(self, flat: Any) -> dict[Any, tuple[Any, Any]]:
        """Generators that are powers of a base which may vanish, with the base and its logarithm."""
        found = {}
        for s in flat.free_symbols:
            meaning = self.meaning.get(s)
            logs = meaning.expression.atoms(sp.log) if meaning is not None and meaning.kind == "exp" else ()
            for log in sorted(logs, key=sp.default_sort_key):
                if not self.facts.is_nonzero(log.args[0]):
                    found[s] = log.args[0], log
        return found

    def _value(self, s: Any) -> Any:
        meaning = self.meaning[s]
        if meaning.kind != "exp":
            return meaning.expression
        logs = [f for f in sp.Mul.make_args(meaning.expression) if isinstance(f, sp.log)]
        if len(logs) == 1 and self.facts.is_integer(meaning.expression / logs[0]):
            return logs[0].args[0] ** (meaning.expression / logs[0])  # a power with an integer exponent, of whatever base
        return sp.exp(meaning.expression)

    def canonical(self, e: Any) -> Any:
        """The expression rewritten from its normal form; equal expressions mostly become the same."""
        if isinstance(e, sp.Symbol | sp.Integer | sp.Rational):
            return e
        return self.expression(self._fraction_expression(self.flatten(e)))

    def _fraction_expression(self, flat: Any) -> Any:
        numerator, denominator, symbols = self._fraction(flat)
        top, bottom = to_sympy(numerator, symbols), to_sympy(denominator, symbols)
        return sp.Add(*(term / bottom for term in sp.Add.make_args(top)))

    # -- flattening ------------------------------------------------------------------------------------------------

    def flatten(self, e: Any) -> Any:
        """e as a rational expression in generators (exponentials and roots with rational exponents)."""
        key = (self.facts, self._varied, e)
        if key not in self._cache:
            self._cache[key] = self._flatten(e)
        return self._cache[key]

    def _flatten(self, e: Any) -> Any:
        if isinstance(e, sp.Rational):
            return e
        if isinstance(e, sp.Float):
            return sp.Rational(str(e))
        if isinstance(e, sp.Symbol):
            return self._generator("atom", e) if e not in self.meaning else e
        if e is sp.I:
            return self.imaginary
        if e is sp.E:
            return self._exponential(sp.Integer(1))
        if e is sp.GoldenRatio:
            return self.flatten((1 + sp.sqrt(5)) / 2)
        if e in CONSTANTS:
            return self._generator("atom", e)
        if isinstance(e, sp.Add):
            return sp.Add(*(self.flatten(a) for a in e.args))
        if isinstance(e, sp.Mul):
            return sp.Mul(*(self.flatten(a) for a in e.args))
        if isinstance(e, sp.Pow):
            return self._power(e.base, e.exp)
        if e in (sp.oo, -sp.oo, sp.zoo, sp.nan):
            raise NoNormalForm(f"{e} is not a finite value")
        rule = RULES.get(e.func)
        if rule is not None:
            return rule(self, *e.args)
        if isinstance(e, AppliedUndef):
            return self._jet(e.func.__name__, e, (0,) * len(e.args), e.args)
        if isinstance(e, Jet):
            name, orders, *arguments = e.args
            return self._jet(str(name), name, tuple(int(o) for o in orders), arguments)
        method = getattr(self, f"_{e.func.__name__.lower()}", None)
        if method is not None and e.func.__name__ in HEADS:
            return method(e)
        return self._opaque(e)

    def _opaque(self, e: Any) -> Any:
        if not isinstance(e, sp.Function):
            raise NoNormalForm(f"no rule for {e.func.__name__}")
        return self._named("function", e.func(*(self.canonical(a) for a in e.args)))

    def _exponential(self, argument: Any) -> Any:
        """exp of a sum of terms: the product of the exponentials of the terms, with rational exponents."""
        result = sp.Integer(1)
        angles, others = _angles(argument)
        for c, angle in angles:
            point = self._on_circle(c, angle)
            if point is None:
                others += c * sp.I * angle
            else:
                result *= point
        if others != 0:
            for term in sp.Add.make_args(sp.expand(self.canonical(others))):
                coefficient, rest = term.as_coeff_Mul()
                result *= self._exponential_term(coefficient, rest)
        return result

    def _on_circle(self, c: Any, angle: Any) -> Any:
        """e^{i c θ} for θ = arctan a, arcsin a or arccos a of a real a, or atan2(b, a), as an algebraic function, or None."""
        a = angle.args[0]
        if isinstance(angle, sp.atan2):
            if c.q > 2 or not all(self.facts.is_real(part) for part in angle.args):
                return None
            z = angle.args[1] + sp.I * a
            if c.q == 2:  # half of an angle in (-π, π]
                return self.flatten(sp.sqrt(z / sp.Abs(z))) ** (2 * c)
            return (self.flatten(z) / self._absolute(z)) ** c
        if not self.facts.is_real(a) or (not isinstance(angle, sp.atan) and not self.facts.is_real(angle)):
            return None
        if isinstance(angle, sp.acos) and c.q == 2:  # half of an angle in [0, π]
            return self.flatten(sp.sqrt((1 + a) / 2) + sp.I * sp.sqrt((1 - a) / 2)) ** (2 * c)
        if not c.is_Integer:
            return None
        if isinstance(angle, sp.atan):
            return (self.flatten(1 + sp.I * a) / self.flatten(sp.sqrt(1 + a**2))) ** c
        sine, cosine = (a, sp.sqrt(1 - a**2)) if isinstance(angle, sp.asin) else (sp.sqrt(1 - a**2), a)
        return self.flatten(cosine + sp.I * sine) ** c

    def _exponential_term(self, c: Any, rest: Any) -> Any:
        if rest == 1:
            return self._generator("exp", sp.Integer(1)) ** c if c else sp.Integer(1)
        if isinstance(rest, sp.log):
            return self._rational_power(rest.args[0], c)
        if isinstance(rest, sp.loggamma) and c.is_Integer:
            return gamma(self, rest.args[0]) ** c
        if isinstance(rest, sp.LambertW) and len(rest.args) == 1 and c.is_Integer:
            # W e^W = a
            return (self.flatten(rest.args[0]) / self.flatten(rest)) ** c
        if c.is_Integer and len(rest.args) == 2 and rest.args[0] is sp.I and isinstance(rest.args[1], sp.arg):
            z = rest.args[1].args[0]  # e^{i arg z} = z / |z|
            return (self.flatten(z) / self._absolute(z)) ** c
        if rest.has(sp.I) and rest.has(sp.pi):
            integer = rest / (sp.I * sp.pi)
            if integer == 1:
                quarter = {0: 1, 1: self.imaginary, 2: -1, 3: -self.imaginary}
                if (2 * c).is_Integer:
                    return sp.sympify(quarter[int(2 * c) % 4])
                return self._generator("exp", rest) ** (c % 2)
            if self.facts.is_integer(integer):
                if c.is_Integer and c % 2 == 0:
                    return sp.Integer(1)
                if c.is_Integer:  # (-1)^(n²) = (-1)^n
                    flat = sp.Mul(
                        *(f.base if f.is_Pow and f.exp.is_Integer and f.exp > 0 else f for f in sp.Mul.make_args(integer))
                    )
                    even = [f for f in sp.Mul.make_args(flat) if self.facts.is_integer(f / 2)]
                    return sp.Integer(1) if even else self._generator("exp", sp.I * sp.pi * flat)
        return self._generator("exp", rest) ** c

    def _power(self, base: Any, exponent: Any) -> Any:
        if exponent.is_Integer:
            inner = self.flatten(base)
            if inner == 0 and exponent < 0:
                raise NoNormalForm("division by zero")
            if inner.is_Rational and abs(int(exponent)) * max(int(inner.p).bit_length(), int(inner.q).bit_length()) > LONGEST:
                raise NoNormalForm("a number of too many digits")
            if inner.is_Add and abs(exponent) != 1:  # SymPy would look for infinities among the terms; generators are finite
                return sp.Pow(inner, exponent, evaluate=False) if exponent else sp.Integer(1)
            return inner**exponent
        if base is sp.E:
            return self._exponential(exponent)
        if exponent.is_Rational:
            return self._rational_power(base, exponent)
        if self.facts.is_integer(exponent) and not self.facts.is_positive(base):
            sign, factors = self._factors(base)
            result = self._exponential(sp.I * sp.pi * exponent) if sign < 0 else sp.Integer(1)
            for factor, multiplicity in factors:
                if isinstance(factor, sp.exp):  # (e^u)^n = e^{n u} for an integer n and any u
                    result *= self._exponential(multiplicity * exponent * factor.args[0])
                elif factor.is_Integer:
                    result *= self._exponential(multiplicity * exponent * sp.log(factor))
                elif multiplicity.is_Integer:
                    result *= self._exponential(multiplicity * exponent * sp.log(factor, evaluate=False))
                else:
                    return self._exponential(exponent * sp.log(base, evaluate=False))
            return result
        return self._exponential(exponent * sp.log(base, evaluate=False))

    def _factors(self, e: Any) -> tuple[int, list[tuple[Any, Any]]]:
        """e = sign · ∏ factor^multiplicity: primes, generators and irreducible polynomials, each as an expression."""
        numerator, denominator, symbols = self._reduced(self.flatten(e))
        if numerator == 0:
            raise NoNormalForm("zero has no factors")
        collected: dict[Any, Any] = {}
        sign = 1
        for polynomial, direction in ((numerator, 1), (denominator, -1)):
            content, parts = polynomial.factor()
            sign *= -1 if content < 0 else 1
            for number, way in ((abs(int(content.numerator)), 1), (int(content.denominator), -1)):
                for prime, power in sp.factorint(number).items():
                    if prime != 1:
                        collected[sp.Integer(prime)] = collected.get(sp.Integer(prime), 0) + way * direction * power
            for part, power in parts:
                flat = to_sympy(part, symbols)
                base, exponent = flat.as_base_exp() if flat.is_Pow and flat.base.is_Symbol else (flat, sp.Integer(1))
                times = direction * power * exponent
                if base in self.meaning and self.meaning[base].kind == "exp":
                    # e^(c u), and not the principal c-th power of e^u
                    factor, times = (
                        sp.exp(exponent * self.meaning[base].expression, evaluate=False),
                        sp.Integer(direction * power),
                    )
                else:
                    factor = self.expression(base)
                surd = surd_factors(factor) if times.is_Integer else None
                if surd is not None:
                    sign *= -1 if surd[0] < 0 and times % 2 else 1
                for base, multiplicity in ({factor: 1} if surd is None else surd[1]).items():
                    collected[base] = collected.get(base, 0) + multiplicity * times
        return sign, [(f, sp.sympify(m)) for f, m in collected.items() if m != 0]

    def _rational_power(self, base: Any, r: Any) -> Any:
        """base^r, principal branch: factors known to be nonnegative split off, (f²)^r = |f|^(2r) for real f."""
        if r.is_Integer:
            return self.flatten(base) ** r
        try:
            sign, factors = self._factors(base)
        except NoNormalForm:
            if self.flatten(base) == 0 and r > 0:
                return sp.Integer(0)
            raise
        result, rest = sp.Integer(1), sp.Integer(1)
        for factor, multiplicity in factors:
            signs = self.facts.signs(factor)
            if signs is not None and signs <= {0, 1}:
                result *= self._root(factor, multiplicity * r)
            elif signs == {-1}:
                result *= self._root(self.canonical(-factor), multiplicity * r)
                sign *= -1 if multiplicity.is_Integer and multiplicity % 2 else 1
                if not multiplicity.is_Integer:
                    raise NoNormalForm("a root of a negative factor")
            elif signs is not None and multiplicity.is_Integer and multiplicity % 2 == 0:
                result *= (
                    self._absolute(factor) ** (multiplicity * r)
                    if (multiplicity * r).is_Integer
                    else self._root(self.expression(self._absolute(factor)), multiplicity * r)
                )
            else:
                rest *= factor**multiplicity
        if rest == 1:
            return result if sign > 0 else result * self._exponential(sp.I * sp.pi * r)
        return result * self._root(self.canonical(sign * rest), r)

    def _root(self, base: Any, r: Any) -> Any:
        whole = sp.floor(r)
        if isinstance(base, sp.exp) and self.facts.is_real(base.args[0]):
            return self._exponential(base.args[0] * r)
        if isinstance(base, sp.Pow) and base.exp.is_Rational and self.facts.is_nonnegative(base.base):
            return self._root(base.base, base.exp * r)
        if isinstance(base, sp.Pow) and self.facts.is_positive(base.base) and self.facts.is_real(base.exp):
            return self._exponential(base.exp * r * sp.log(base.base, evaluate=False))
        outside = self.flatten(base) ** whole if whole else sp.Integer(1)
        return outside * (self._generator("root", base) ** (r - whole) if r != whole else 1)

    def _logarithm(self, argument: Any, base: Any = None) -> Any:
        """Principal logarithm; log(u v) = log u + log v where u > 0."""
        if base is not None:
            return self._logarithm(argument) / self._logarithm(base)
        sign, factors = self._factors(argument)
        result, rest = sp.Integer(0), sp.Integer(1)
        for factor, multiplicity in factors:
            if isinstance(factor, sp.exp) and self.facts.is_real(factor.args[0]):
                result += multiplicity * self.flatten(factor.args[0])
            elif (signs := self.facts.signs(factor)) is not None and signs <= {0, 1}:  # where it is zero, nothing is defined
                result += multiplicity * self._log_generator(factor)
            elif signs is not None and multiplicity.is_Integer and multiplicity % 2 == 0 and len(signs) > 1:
                modulus = self._absolute(factor)  # log(u²) = 2 log|u| for a real u
                result += multiplicity * self._logarithm(self.expression(modulus))
            elif self.facts.signs(factor) == {-1} and multiplicity.is_Integer:
                result += multiplicity * self._log_generator(self.canonical(-factor))
                sign *= -1 if multiplicity % 2 else 1
            else:
                rest *= factor**multiplicity
        if rest == 1:
            pi = self._generator("atom", sp.pi)
            return result if sign > 0 else result + self.imaginary * pi
        if isinstance(rest, sp.exp) and sign > 0 and len(factors) == 1:
            inner = rest.args[0]
            if self.facts.is_real(sp.expand(inner / sp.I)) and self._within_strip(inner):
                return self.flatten(inner)
        return result + self._log_generator(sign * rest)

    def _within_strip(self, exponent: Any) -> bool:
        imaginary = sp.expand(exponent / sp.I)
        return self.facts.is_positive(imaginary + sp.pi) and self.facts.is_nonnegative(sp.pi - imaginary)

    def _log_generator(self, argument: Any) -> Any:
        if isinstance(argument, sp.Pow) and argument.exp.is_Rational and self.facts.is_positive(argument.base):
            return argument.exp * self._log_generator(argument.base)
        if isinstance(argument, sp.Abs) and not self.facts.is_real(argument.args[0]):
            # log|z| = log z - i arg z
            z = argument.args[0]
            return self._logarithm(z) - self.imaginary * self._generator("function", sp.arg(z, evaluate=False))
        if isinstance(argument, sp.Product) and self.facts.is_positive(argument):
            body, (k, a, b) = outermost(argument)
            if self.facts.is_nonnegative(b - a + 1):
                return self.flatten(sp.Sum(sp.log(body, evaluate=False), (k, a, b)))
        return self._generator("function", sp.log(argument, evaluate=False))

    def _absolute(self, e: Any) -> Any:
        """|e|, multiplicative over the factors of e."""
        if self.flatten(e) == 0:
            return sp.Integer(0)
        result = sp.Integer(1)
        for factor, multiplicity in self._factors(e)[1]:
            signs = self.facts.signs(factor)
            if isinstance(factor, sp.exp):
                value = self._exponential(sp.re(factor.args[0]))
            elif signs is not None and signs <= {0, 1}:
                value = self.flatten(factor)
            elif signs is not None and signs <= {0, -1}:
                value = -self.flatten(factor)
            elif signs is not None:
                positive = self.canonical(-factor if factor.could_extract_minus_sign() else factor)
                value = self._named("abs", sp.Abs(positive, evaluate=False))
            else:
                value = self._modulus(factor)
            result *= value**multiplicity
        return result

    def _modulus(self, z: Any) -> Any:
        """|z| = √(z z̄) where the square is free of conjugates; a generator where it is not."""
        with contextlib.suppress(NoNormalForm):
            square = self.canonical(self.expression(self.flatten(z) * self._conjugate(z)))
            if not square.has(sp.conjugate, sp.Abs, sp.arg) and self.facts.is_real(square):
                return self._rational_power(square, HALF)
        return self._named("abs", sp.Abs(z, evaluate=False))

    def _conjugate(self, e: Any) -> Any:
        """Complex conjugation, generator by generator."""
        flat = self.flatten(e)
        roots = {power.base for power in flat.atoms(sp.Pow) if not power.exp.is_Integer}
        return flat.xreplace({g: self._conjugate_generator(g, g not in roots) for g in flat.free_symbols})

    def _conjugate_generator(self, g: Any, whole: bool) -> Any:
        """The conjugate of a generator, of which the whole powers occur alone, or roots too."""
        kind, e = self.meaning[g].kind, self.meaning[g].expression
        if g == self.imaginary:
            return -g
        if kind == "exp" and whole:  # the conjugate of u^n is that of u to the power n, for an integer n
            times, logarithm = e.as_independent(sp.log, as_Add=False)
            if isinstance(logarithm, sp.log) and self.facts.is_integer(times):
                return self._power(self.expression(self._conjugate(logarithm.args[0])), times)
        if kind == "exp":
            image = self._exponential(self.expression(self._conjugate(e)))
            if image.is_Pow or image.is_Symbol or image.is_Mul or image.is_Rational:
                return image
            raise NoNormalForm("the conjugate of an exponential")
        if kind == "root":  # the generator stands for a power of its base
            if self.facts.is_nonnegative(e):
                return g
            raise NoNormalForm("the conjugate of a root")
        if self.facts.is_real(e):
            return g
        if isinstance(e, sp.conjugate):
            return self.flatten(e.args[0])
        if isinstance(e, sp.Symbol):
            return self._generator("function", sp.conjugate(e))
        if isinstance(e, sp.log):  # log z̄ = log z - 2 i arg z, the conjugate of the principal value
            return g - 2 * self.imaginary * self._generator("function", sp.arg(e.args[0], evaluate=False))
        if self._is_real_analytic(e):
            return self.flatten(e.func(*e.args[:-1], self.expression(self._conjugate(e.args[-1]))))
        raise NoNormalForm(f"the conjugate of {e}")

    def _is_real_analytic(self, e: Any) -> bool:
        """Whether f is meromorphic in its last argument and real on the real line: then f(z̄) is the conjugate of f(z)."""
        if isinstance(e, sp.polygamma | sp.besselj | sp.besseli | POLYNOMIALS):
            return bool(self.facts.is_integer(e.args[0]) and self.facts.is_nonnegative(e.args[0]) and len(e.args) == 2)
        return isinstance(e, REAL_ANALYTIC) and len(e.args) == 1

    def _sign(self, e: Any) -> Any:
        for relation, value in ((e > 0, 1), (e < 0, -1), (sp.Eq(e, 0), 0)):
            known = self.facts.decide(relation)
            if known is None:
                raise NeedCase(relation)
            if known:
                return sp.Integer(value)
        raise NoNormalForm("the sign of what is not real")

    def _piecewise(self, e: Any) -> Any:
        for value, condition in e.args:
            known = self.facts.decide(condition)
            if known is None:
                raise NeedCase(_undecided(condition, self.facts))
            if known:
                return self.flatten(value)
        raise NoNormalForm("no case of the Piecewise applies")

    def _heaviside(self, x: Any, half: Any = HALF) -> Any:
        return self.flatten((half, sp.Integer(1), sp.Integer(0))[int(self._sign(x))])

    def _maximum(self, *arguments: Any) -> Any:
        """max(a, b) = (a + b + |a - b|) / 2 for real a, b."""
        value = arguments[0]
        for other in arguments[1:]:
            if not (self.facts.is_real(value) and self.facts.is_real(other)):
                raise NoNormalForm("the maximum of what is not real")
            value = (value + other + sp.Abs(value - other, evaluate=False)) / 2
        return self.flatten(value)

    def _delta(self, i: Any, j: Any) -> Any:
        difference = self.canonical(i - j)
        signs = self.facts.signs(difference)
        if signs == {0} or difference == 0:
            return sp.Integer(1)
        if self.facts.is_nonzero(difference):
            return sp.Integer(0)
        if difference.could_extract_minus_sign():
            difference = sp.expand(-difference)
        return self._generator("delta", sp.KroneckerDelta(difference, 0))

    # -- derivatives -----------------------------------------------------------------------------------------------

    def _jet(self, name: str, function: Any, orders: tuple[int, ...], arguments: Iterable[Any]) -> Any:
        # two functions of one name are told apart by what is assumed of them
        label = sp.Symbol(
            name,
            **{k: True for k in FUNCTION_ASSUMPTIONS if getattr(function, f"is_{k}")},
        )
        canonical = (a if isinstance(a, sp.IndexedBase) else self.canonical(a) for a in arguments)
        return self._named("jet", Jet(label, sp.Tuple(*orders), *canonical))

    def _derivative(self, e: Any) -> Any:
        with self._varying(e._wrt_variables):
            return self._derived(e)

    def _derived(self, e: Any) -> Any:
        result = self.flatten(e.args[0])
        for piecewise in e.args[0].atoms(sp.Piecewise):
            for relation in piecewise.atoms(sp.core.relational.Relational):
                # a case may be differentiated only where its condition holds in a neighbourhood
                if any(relation.has(v) for v in e._wrt_variables) and not self.facts.is_nonzero(
                    sp.expand(relation.lhs - relation.rhs)
                ):
                    raise NoNormalForm("the derivative of a Piecewise where its cases meet")
        for variable, count in e.variable_count:
            if not isinstance(variable, sp.Symbol | sp.Indexed):
                raise NoNormalForm(f"a derivative by {variable}")
            if not count.is_Integer:
                if len(e.variable_count) == 1:
                    result = self._derivative_of_order(result, variable, count)
                    return result if result is not None else self._named("function", e)
                return self._named("function", e)
            for _ in range(int(count)):
                result = self._flat_derivative(result, variable)
        return result

    def _derivative_of_order(self, flat: Any, v: Any, n: Any) -> Any:
        """d^n/dx^n Σ_j c_j e^{s_j x} = Σ_j c_j s_j^n e^{s_j x} for an integer n ≥ 0; None for other functions."""
        if not (self.facts.is_integer(n) and self.facts.is_nonnegative(n)):
            return None
        total = sp.Integer(0)
        for outside, inside in self._split(flat, v):
            slope = self._flat_derivative(inside, v) / inside
            rate = self.canonical(self.expression(slope))
            if inside == 1 or occurs(v, rate):
                return None
            total += outside * inside * self._power(rate, n)
        return total

    def _flat_derivative(self, flat: Any, v: Any) -> Any:
        return self.differentiate(flat, lambda g: self._generator_derivative(g, v))

    def _partial(self, e: Any) -> Any:
        inner, point, index = e.args
        i = self.canonical(index)
        with self._varying((point,)):
            return self.differentiate(self.flatten(inner), lambda g: self._coordinate_derivative(g, point, i))

    def differentiate(self, flat: Any, of_generator: Callable[[Any], Any]) -> Any:
        """The chain rule over the generators of a flat expression."""
        return sp.Add(*(sp.diff(flat, g) * of_generator(g) for g in sorted(flat.free_symbols, key=str) if g in self.meaning))

    def _inner_derivative(self, e: Any, v: Any) -> Any:
        return self.differentiate(self.flatten(e), lambda g: self._generator_derivative(g, v))

    def _generator_derivative(self, g: Any, v: Any) -> Any:
        kind, e = self.meaning[g].kind, self.meaning[g].expression
        if isinstance(v, sp.Indexed):
            if kind == "indexed" and e.base == v.base:
                return sp.Mul(*(self._delta(a, b) for a, b in zip(e.indices, v.indices, strict=True)))
            if not occurs(v.base, e):
                return sp.Integer(0)
        elif not occurs(v, e):
            return sp.Integer(0)
        if kind == "atom" and e == v:
            return sp.Integer(1)
        return self._chain(
            g,
            kind,
            e,
            lambda inner: self.differentiate(self.flatten(inner), lambda h: self._generator_derivative(h, v)),
            v,
        )

    def _coordinate_derivative(self, g: Any, point: Any, i: Any) -> Any:
        kind, e = self.meaning[g].kind, self.meaning[g].expression
        if not occurs(point, e):
            return sp.Integer(0)
        if kind == "indexed" and e.base == point:
            return self._delta(e.indices[0], i)

        def inner_derivative(inner: Any) -> Any:
            if inner == point:
                raise NoNormalForm("a derivative by a whole point")
            return self.differentiate(self.flatten(inner), lambda h: self._coordinate_derivative(h, point, i))

        if (kind == "jet" and point in e.args) or kind == "partial":
            direct = e
            indices = [i]
            while isinstance(direct, Partial):
                indices.append(direct.args[2])
                direct = direct.args[0]
            value = direct
            for index in sorted(indices, key=sp.default_sort_key):  # partial derivatives commute
                value = Partial(value, point, index)
            scalar = sum((inner_derivative(a) for a in direct.args[2:] if a != point and a.has(point)), sp.Integer(0))
            if scalar != 0:
                raise NoNormalForm("a field whose other arguments depend on the point")
            return self._named("partial", value)
        return self._chain(g, kind, e, inner_derivative, point)

    def _chain(self, g: Any, kind: str, e: Any, d: Callable[[Any], Any], v: Any) -> Any:
        """The derivative of a generator by that of its arguments."""
        if kind == "exp":
            return g * d(e)
        if kind == "root":
            return d(e)  # the generator stands for its base, raised to a rational power
        if kind == "jet":
            name, orders, *arguments = e.args
            total = sp.Integer(0)
            for position, argument in enumerate(arguments):
                if isinstance(argument, sp.IndexedBase):
                    if isinstance(v, sp.Indexed) and v.base == argument:
                        return self._coordinate_derivative(g, argument, v.indices[0])
                    continue
                slope = d(argument)
                if slope != 0:
                    higher = [int(o) + (k == position) for k, o in enumerate(orders)]
                    total += slope * self._jet(str(name), name, tuple(higher), arguments)
            return total
        if kind == "partial":
            inner, point, index = e.args
            flat = d(inner)
            return self.differentiate(flat, lambda h: self._coordinate_derivative(h, point, index))
        if kind == "abs":
            inner = e.args[0]
            if not self.facts.is_real(inner):
                raise NoNormalForm("the derivative of a complex modulus")
            return g / self.flatten(inner) * d(inner)
        if kind in ("sum", "space", "mean", "integral"):
            return self._under(kind, e, d, v)
        if isinstance(e, sp.Derivative) and len(e.variable_count) == 1 and e.variable_count[0][0] == v:
            return self._derived(sp.Derivative(e.expr, (v, sp.expand(e.variable_count[0][1] + 1))))
        if kind == "function":
            slopes = DERIVATIVES.get(e.func)
            if slopes is not None:
                parts = slopes(*e.args)
                total = sp.Integer(0)
                for argument, slope in zip(e.args, parts, strict=True):
                    inner = d(argument)
                    if inner != 0:
                        if slope is None:
                            raise NoNormalForm(f"the derivative of {e.func.__name__} by a parameter")
                        total += self.flatten(slope) * inner
                return total
        raise NoNormalForm(f"the derivative of {e}")

    def _under(self, kind: str, e: Any, d: Callable[[Any], Any], v: Any) -> Any:
        """Differentiation under a finite sum, or under an integral or mean (then the interchange is cited)."""
        if kind == "sum":
            body, (index, a, b) = outermost(e)
            fresh = sp.Dummy("k", integer=True)
            body, index = body.xreplace({index: fresh}), fresh
            if a.has(v) or b.has(v):
                raise NoNormalForm("the derivative of a sum by its bound")
            if b is sp.oo:
                self.cited["differentiation of a series term by term (locally uniform convergence)"] = None
            return self._sum_flat(d(body), index, a, b)
        if kind != "integral":
            self.cited["differentiation under the integral sign (C¹ integrand, dominated derivative)"] = None
        if kind == "integral":
            body, (x, a, b) = outermost(e)
            if not self.facts.on_the_line(a, b):
                raise NoNormalForm("the derivative of an integral between complex ends")
            fresh = sp.Dummy("x", real=True)
            body, x = body.xreplace({x: fresh}), fresh
            inner = d(body)
            self._dominated(body, self.expression(inner), x, a, b)
            total = self._integral_flat(inner, x, a, b)
            for end, way in ((b, 1), (a, -1)):
                if end.has(v):
                    if captures(body, (end,)):
                        raise NoNormalForm("the end of an integral that a mean inside it binds")
                    total += way * self.flatten(body.xreplace({x: end})) * d(end)
            return total
        return self._functional_flat(d(e.args[0]), type(e), e.args[1])

    def _dominated(self, body: Any, slope: Any, x: Any, a: Any, b: Any) -> None:
        """Checks that the derivative may be taken under the integral, or cites that it may, where the functions are unknown."""
        if not body.has(AppliedUndef, Jet, Partial, Expectation, SpaceIntegral, sp.Indexed):
            fine = all(is_integrable(part, x, a, b, self.facts) for part in (body, slope))
            if not fine:
                raise NoNormalForm(f"that {body} may be differentiated under the integral is not seen")
        self.cited["differentiation under the integral sign (C¹ integrand, dominated derivative)"] = None

    def _subs(self, e: Any) -> Any:
        with self._varying(e.variables):
            inner = self.expression(self.flatten(e.args[0]))
        if captures(inner, e.point):
            raise NoNormalForm("a substitution of what a mean binds")
        if any(not order.is_Integer for node in inner.atoms(sp.Derivative) for _, order in node.variable_count):
            raise NoNormalForm("a derivative of symbolic order at a point")
        return self.flatten(inner.subs(dict(zip(e.variables, e.point, strict=True)), simultaneous=True))

    # -- sums, products, integrals, means --------------------------------------------------------------------------

    @contextlib.contextmanager
    def _ranging(self, variable: Any, a: Any, b: Any, discrete: bool) -> Iterator[Any]:
        """A fresh variable, known to lie between a and b while the body is worked on (if the range is not reversed)."""
        real = discrete or self.facts.on_the_line(a, b)
        fresh = sp.Dummy(variable.name, integer=True) if discrete else sp.Dummy(variable.name, real=True if real else None)
        if not real:
            yield fresh
            return
        forwards = sp.oo in (b, -a) or self.facts.is_nonnegative(b - a + (1 if discrete else 0))
        within = [c for c in (fresh >= a, fresh <= b) if c not in (sp.true, sp.false)] if forwards else []
        apart = [] if discrete or not forwards else [c for c in (fresh > a, fresh < b) if c not in (sp.true, sp.false)]
        outer, self.facts = self.facts, self.facts.given(*within)
        ends, self._between = self._between, (*self._between, *apart)
        try:
            yield fresh
        finally:
            self.facts, self._between = outer, ends

    def _split(self, flat: Any, variable: Any) -> list[tuple[Any, Any]]:
        """flat = Σ outside · inside, each `inside` one product that depends on the variable."""
        numerator, denominator, symbols = self._reduced(flat)

        def depends(s: Any) -> bool:
            return occurs(variable, self.meaning[s].expression)

        below_in, below_out = sp.Integer(1), sp.Integer(1)
        content, factors = denominator.factor()
        below_out *= sp.Rational(int(content.numerator), int(content.denominator))
        for factor, power in factors:
            e = to_sympy(factor, symbols) ** power
            if any(depends(s) for s in e.free_symbols):
                below_in *= e
            else:
                below_out *= e
        pieces: dict[Any, Any] = {}
        top = to_sympy(numerator, symbols)
        for term in sp.Add.make_args(top):
            outside, inside = sp.Integer(1), sp.Integer(1)
            for factor in sp.Mul.make_args(term):
                if any(depends(s) for s in factor.free_symbols):
                    inside *= factor
                else:
                    outside *= factor
            key = inside / below_in
            pieces[key] = pieces.get(key, 0) + outside / below_out
        return [(outside, inside) for inside, outside in pieces.items()]

    def _written_out(self, e: Any) -> list[Any] | None:
        """The terms of a sum or product over few numbers."""
        body, (index, a, b) = outermost(e)
        if not (a.is_Integer and b.is_Integer and 0 <= b - a + 1 <= SHIFTS) or captures(body, (a,)):
            return None
        return [self.flatten(body.subs(index, k)) for k in range(int(a), int(b) + 1)]

    def _sum(self, e: Any) -> Any:
        terms = self._written_out(e)
        if terms is not None:
            return sp.Add(*terms)
        body, (index, a, b) = outermost(e)
        if a is -sp.oo and b is sp.oo:
            try:
                return self._half(body, index, 1, sp.Integer(0)) + self._half(body, index, -1, sp.Integer(1))
            except NoNormalForm:
                return self._folded(body, index)
        with self._ranging(index, a, b, True) as fresh:
            flat = self.flatten(body.xreplace({index: fresh}))
        return self._sum_flat(flat, fresh, a, b)

    def _half(self, body: Any, index: Any, way: int, a: Any) -> Any:
        """Half of a sum over all integers, Σ_{k≥a} f(±k), for a rational f with (-1)^k or without; each half converges."""
        with self._ranging(index, a, sp.oo, True) as fresh:
            flat = self.flatten(body.xreplace({index: way * fresh}))
        total = sp.Integer(0)
        for outside, inside in self._split(flat, fresh):
            value = self._alternating_series(inside, fresh, a)
            value = self._rational_series(inside, fresh, a) if value is None else value
            if value is None:
                raise NoNormalForm("a sum over all integers")
            total += outside * value
        return total

    def _folded(self, body: Any, index: Any) -> Any:
        """Σ f(k) over all integers as f(0) + Σ_{k≥1} (f(k) + f(-k)), for a rational f without poles there and of degree ≤ -2."""
        with self._ranging(index, sp.Integer(1), sp.oo, True) as fresh:
            halves = [self.flatten(body.xreplace({index: way * fresh})) for way in (1, -1)]
        k = self._generator("atom", fresh)
        for half in halves:
            top, bottom = sp.fraction(sp.together(half))
            rational = top.is_polynomial(k) and bottom.is_polynomial(k) and sp.degree(top, k) <= sp.degree(bottom, k) - 2
            if not rational or not all(self._has_no_root_from(f, k, fresh) for f, _ in sp.factor_list(bottom, k)[1]):
                raise NoNormalForm("a sum over all integers")
        both = sp.cancel(sp.Add(*halves))
        value = sp.Integer(0) if both == 0 else self._rational_series(both, fresh, sp.Integer(1))
        if value is None:
            raise NoNormalForm("a sum over all integers")
        return self.flatten(body.xreplace({index: sp.Integer(0)})) + value

    def _has_no_root_from(self, factor: Any, k: Any, index: Any) -> bool:
        """Whether a factor of degree 1 or 2 in k is seen to have no root among the natural numbers."""
        e = self.expression(factor.xreplace({k: index}))
        if sp.degree(factor, k) == 2:
            return square(e, index, self.facts) is not None
        start = self.canonical(sp.cancel(e / sp.diff(e, index)) - index + 1) if sp.degree(factor, k) == 1 else sp.Integer(0)
        return self.facts.is_positive(start) or (start.is_Rational and not start.is_Integer)

    def _sum_flat(self, flat: Any, index: Any, a: Any, b: Any) -> Any:
        a, b = self.canonical(a), b if b is sp.oo else self.canonical(b)
        if b is not sp.oo and not (self.facts.is_integer(a) and self.facts.is_integer(b)):
            raise NoNormalForm(f"the bounds {a} and {b} of a sum are not known to be integers")
        if b is sp.oo:
            series = self._hypergeometric(flat, index, a)
            if series is not None and self._holds(series, sp.hyper):  # each of its terms may have a simpler value
                parts = [(outside, self._hypergeometric(inside, index, a)) for outside, inside in self._split(flat, index)]
                if len(parts) > 1 and all(part is not None and not self._holds(part, sp.hyper) for _, part in parts):
                    series = sp.Add(*(outside * part for outside, part in parts))
            if series is not None:
                return series
        return sp.Add(*(outside * self._sum_of(inside, index, a, b) for outside, inside in self._split(flat, index)))

    def _sum_of(self, inside: Any, index: Any, a: Any, b: Any) -> Any:
        finite_range = b is not sp.oo
        if inside == 1 and finite_range:
            return self.flatten(b - a + 1)
        atom = self._generator("atom", index)
        for factor in sp.Mul.make_args(inside):
            base, exponent = factor.as_base_exp()
            if base in self.meaning and self.meaning[base].kind == "delta" and exponent == 1:
                i, j = self.meaning[base].expression.args
                collapsed = self._collapse(inside / factor, i - j, index, a, b)
                if collapsed is not None:
                    return collapsed
        if (
            finite_range and inside.free_symbols == {atom} and sp.Poly(inside, atom).is_monomial
            if inside.is_polynomial(atom)
            else False
        ):
            degree = sp.degree(inside, atom)
            k = sp.Dummy("k")
            primitive = antidifference(degree, k)
            return self.flatten(primitive.subs(k, b + 1) - primitive.subs(k, a))
        swapped = self._swapped(inside, index, a, b)
        if swapped is not None:
            return swapped
        if not finite_range:
            series = self._hypergeometric(inside, index, a)
            if series is None:
                series = self._alternating_series(inside, index, a)
            if series is None:
                series = self._rational_series(inside, index, a)
            if series is not None:
                return series
        body = self.expression(inside)
        bound = bound_symbol(body, True)
        return self._named("sum", sp.Sum(body.xreplace({index: bound}), (bound, a, b)))

    def _hypergeometric(self, inside: Any, index: Any, a: Any) -> Any:
        """Σ_{k≥a} t(k) = t(a) · pFq where t(k+1)/t(k) = z ∏(k + α)/∏(k + β), if it is sure to converge.

        That is where p ≤ q, and where p = q + 1 and |z| < 1.
        """
        body = self.expression(inside)
        for _ in range(4):  # terms that vanish at the start are left out
            if body.xreplace({index: a}) != 0:
                break
            a += 1
        try:
            ratio = self.flatten(body.xreplace({index: index + a + 1}) / body.xreplace({index: index + a}))
        except NoNormalForm:
            return None
        k = self._generator("atom", index)
        scale, parameters = sp.Integer(1), ([], [])  # type: ignore[var-annotated]
        numerator, denominator, symbols = self._reduced(ratio)
        left = set().union(*(to_sympy(p, symbols).free_symbols for p in (numerator, denominator)))
        if any(s != k and occurs(index, self.meaning[s].expression) for s in left):
            return None
        for polynomial, side in ((numerator, 0), (denominator, 1)):
            content, factors = polynomial.factor()
            number = sp.Rational(int(content.numerator), int(content.denominator))
            scale = scale * number if side == 0 else scale / number
            for factor, power in factors:
                flat = to_sympy(factor, symbols)
                if not flat.has(k):
                    scale = scale * flat**power if side == 0 else scale / flat**power
                    continue
                if not flat.is_polynomial(k) or sp.degree(flat, k) != 1:
                    return None
                lead = flat.coeff(k, 1)
                scale = scale * lead**power if side == 0 else scale / lead**power
                parameters[side].extend([self.expression(sp.cancel((flat - lead * k) / lead))] * power)
        top, bottom = parameters
        if 1 in bottom:
            bottom.remove(sp.Integer(1))
        else:
            top.append(sp.Integer(1))
        z = self.expression(scale)
        first = self.flatten(body.xreplace({index: a}))
        if z == 1 and len(top) == 2 and len(bottom) == 1:
            value = self._gauss(top, bottom[0])
            return None if value is None else first * value
        if len(top) > len(bottom) + 1 or (len(top) == len(bottom) + 1 and not self._below_one(z)):
            return None
        if not all(self.facts.is_positive(b) or not self.facts.is_integer(b) for b in bottom):
            return None
        return first * self._hyper(sp.Tuple(*top), sp.Tuple(*bottom), z)

    def _holds(self, flat: Any, head: Any) -> bool:
        """Whether a generator of flat stands for a value of the function."""
        return any(isinstance(self.meaning[s].expression, head) for s in flat.free_symbols if s in self.meaning)

    def _below_one(self, z: Any) -> bool:
        """Whether -1 < z < 1."""
        return self.facts.is_positive(1 - z) and self.facts.is_positive(1 + z)

    def _alternating_series(self, inside: Any, index: Any, a: Any) -> Any:
        """Σ_{k≥a} (-1)^k r(k) = (-1)^a Σ_{j≥0} (r(a + 2j) - r(a + 2j + 1)) for a rational r of degree ≤ -1."""
        sign = self._generators.get(("exp", sp.I * sp.pi * index))
        if sign is None or not inside.has(sign):
            return None
        k, rest = self._generator("atom", index), inside / sign
        top, bottom = sp.fraction(sp.together(rest))
        rational = not rest.has(sign) and top.is_polynomial(k) and bottom.is_polynomial(k)
        if not rational or sp.degree(top, k) >= sp.degree(bottom, k):
            return None
        if any(s != k and occurs(index, self.meaning[s].expression) for s in rest.free_symbols):
            return None
        j = sp.Dummy(index.name, integer=True, nonnegative=True)
        even = self.flatten(a + 2 * j)
        pairs = sp.together(rest.xreplace({k: even}) - rest.xreplace({k: even + 1}))
        series = self._rational_series(pairs, j, sp.Integer(0))
        return None if series is None else self._power(sp.Integer(-1), a) * series

    def _rational_series(self, inside: Any, index: Any, a: Any) -> Any:
        """Σ_{k≥a} r(k) for a rational r = Σ c_{jm} / (k + β_j)^m of degree ≤ -2: -Σ_j c_{j1} ψ(a + β_j) + Σ c_{jm} ζ(m, a + β_j).

        ζ(m, z) = (-1)^m ψ^(m-1)(z) / (m-1)!; the c_{j1} add up to zero (DLMF 5.15.1, 25.11.12). Denominators that are sums of
        squares have values of their own (`circular_series`).
        """
        k = self._generator("atom", index)
        if any(s != k and occurs(index, self.meaning[s].expression) for s in inside.free_symbols) or not inside.has(k):
            return None
        top, bottom = sp.fraction(sp.together(inside))
        if not (top.is_polynomial(k) and bottom.is_polynomial(k)) or sp.degree(top, k) > sp.degree(bottom, k) - 2:
            return None
        if any(sp.degree(f, k) > 2 for f, _ in sp.factor_list(bottom, k)[1]):
            return None
        total, ones, squares = sp.Integer(0), sp.Integer(0), []
        parts = sp.apart(inside, k)
        for term in sp.Add.make_args(parts):
            above, below = sp.fraction(sp.together(term))
            (factor, power), *others = sp.factor_list(below, k)[1] or [(sp.Integer(1), 1)]
            if sp.degree(factor, k) == 2:
                found = square(self.expression(factor.xreplace({k: index})), index, self.facts)
                if found is None or others:
                    return None
                leading, s = found
                above = sp.expand(self.expression(sp.cancel(above * factor**power / below).xreplace({k: index})) / leading**power)
                A, B = above.coeff(index, 1), above.coeff(index, 0)
                squares.append((A, B - A * s.shift, s, power))
                continue
            c, rest = term.as_independent(k, as_Add=False)
            base, exponent = rest.as_base_exp()
            slope = sp.expand(base).coeff(k)
            shift = sp.expand((base - slope * k) / slope) if slope != 0 else k
            if shift.has(k) or not (exponent.is_Integer and exponent < 0):
                return None
            m, c = -exponent, c * slope**exponent
            start = self.canonical(self.expression(shift) + a)
            if not (self.facts.is_positive(start) or (start.is_Rational and not start.is_Integer)):
                return None
            ones += c if m == 1 else 0
            value = polygamma(self, m - 1, start)
            total += c * (-value if m == 1 else sp.Integer(-1) ** m * value / sp.factorial(m - 1))
        value = series_over_squares(squares, a)
        if value is None or sp.cancel(ones) != 0 or sp.cancel(parts - inside) != 0:
            return None
        return total + self.flatten(value)

    def _hyper(self, top: Any, bottom: Any, z: Any) -> Any:
        """pFq with equal parameters cancelled; 0F0 is an exponential, 0F1 of a positive argument a Bessel function.

        Parameters that differ by a natural number are a polynomial in k under the sum (`polynomial_weight`), or a denominator
        (`divided_exponential`).
        """
        above = [self.canonical(a) for a in top]
        below = [self.canonical(b) for b in bottom]
        for parameter in list(above):
            if parameter in below and self.facts.is_positive(parameter):
                above.remove(parameter)
                below.remove(parameter)
        z = self.canonical(z)
        if z == 0:
            return sp.Integer(1)
        if not above and not below:
            return self._exponential(z)
        lowered = polynomial_weight(above, below, self.facts)
        if lowered is not None:
            return sp.Add(*(self.flatten(c * z**i) * self._hyper(sp.Tuple(*t), sp.Tuple(*b), z) for i, c, t, b in lowered))
        incomplete = divided_exponential(above, below, z, self.facts)
        if incomplete is not None:
            return self.flatten(incomplete)
        logarithmic = divided_geometric(above, below, z, self.facts) if self._below_one(z) else None
        if logarithmic is not None:
            return self.flatten(logarithmic)
        if len(above) == 1 and not below and self.facts.is_real(z) and self.facts.is_positive(1 - z):
            return self._power(1 - z, -above[0])
        if z == 1 and len(above) == 2 and len(below) == 1:
            value = self._gauss(above, below[0])
            if value is not None:
                return value
        if not above and below in ([HALF], [3 * HALF]) and self.facts.is_positive(z):
            root = 2 * sp.sqrt(z)
            return self.flatten(sp.cosh(root) if below == [HALF] else sp.sinh(root) / root)
        if not above and below in ([HALF], [3 * HALF]) and self.facts.is_positive(-z):
            root = 2 * sp.sqrt(-z)
            return self.flatten(sp.cos(root) if below == [HALF] else sp.sin(root) / root)
        if not above and len(below) == 1 and self.facts.is_positive(z):
            b = below[0]
            return gamma(self, b) * self._power(z, (1 - b) / 2) * family(self, sp.besseli, b - 1, 2 * sp.sqrt(z))
        if not above and len(below) == 1 and self.facts.is_positive(-z):
            b = below[0]
            return gamma(self, b) * self._power(-z, (1 - b) / 2) * family(self, sp.besselj, b - 1, 2 * sp.sqrt(-z))
        key = sp.default_sort_key
        return self._named("function", sp.hyper(tuple(sorted(above, key=key)), tuple(sorted(below, key=key)), z))

    def _gauss(self, above: list[Any], c: Any) -> Any:
        """2F1(a, b; c; 1) = Γ(c) Γ(c - a - b) / (Γ(c - a) Γ(c - b)) for c > 0 and c > a + b, (c - b)_N / (c)_N for a = -N ≤ 0.

        DLMF 15.4.20 and 15.4.24.
        """
        if not self.facts.is_positive(c):
            return None
        for a, b in (above, above[::-1]):
            if self.facts.is_integer(a) and self.facts.is_nonnegative(-a):
                return self.flatten(sp.rf(c - b, -a) / sp.rf(c, -a))
        a, b = above
        rest = sp.expand(c - a - b)
        if not self.facts.is_positive(rest):
            return None
        return gamma(self, c) * gamma(self, rest) / (gamma(self, c - a) * gamma(self, c - b))

    def _collapse(self, rest: Any, difference: Any, index: Any, a: Any, b: Any) -> Any:
        """Σ_k r(k) δ(k - m) = r(m) if a ≤ m ≤ b, else 0."""
        slope = difference.coeff(index)
        if slope not in (1, -1):
            return None
        at = self.canonical(index - difference / slope)
        if captures(self.expression(rest), (at,)):
            return None
        if at.has(index) or not self.facts.is_integer(at):
            return None
        below = self.facts.decide(at >= a)
        above = True if b is sp.oo else self.facts.decide(at <= b)
        if below is True and above is True:
            return self.flatten(self.expression(rest).xreplace({index: at}))
        if (below is False or above is False) and (b is sp.oo or self.facts.is_nonnegative(b - a + 1)):
            return sp.Integer(0)
        if below is None or above is None:
            if b is not sp.oo and not self.facts.is_nonnegative(b - a + 1):
                return None
            raise NeedCase(at >= a if below is None else at <= b)
        return None

    def _swapped(self, inside: Any, index: Any, a: Any, b: Any) -> Any:
        """Σ_k r(k) Σ_m s(k, m) δ(k - m) = Σ_m Σ_k …: the order of two finite sums in which a delta collapses."""
        inner = [s for s in inside.free_symbols if self._is_sum_over(s, index)]
        if len(inner) != 1 or b is sp.oo or not inside.is_polynomial(inner[0]) or sp.degree(inside, inner[0]) != 1:
            return None
        e = self.meaning[inner[0]].expression
        body, (m, c, d) = outermost(e)
        if c.has(index) or d.has(index) or d is sp.oo or not e.has(sp.KroneckerDelta):
            return None
        with self._ranging(m, c, d, True) as fresh:
            flat = self.flatten(self.expression(inside / inner[0]) * body.xreplace({m: fresh}))
            pieces = self._split(flat, index)
            if not all(any(self._is_delta_of(s, index) for s in piece.free_symbols) for _, piece in pieces):
                return None
            swapped = sp.Add(*(outside * self._sum_of(piece, index, a, b) for outside, piece in pieces))
        return self._sum_flat(swapped, fresh, c, d)

    def _is_delta_of(self, s: Any, index: Any) -> bool:
        return self.meaning[s].kind == "delta" and bool(self.meaning[s].expression.has(index))

    def _is_sum_over(self, s: Any, index: Any) -> bool:
        return self.meaning[s].kind == "sum" and bool(self.meaning[s].expression.has(index))

    def _product(self, e: Any) -> Any:
        terms = self._written_out(e)
        if terms is not None:
            return sp.Mul(*terms)
        body, (index, a, b) = outermost(e)
        if b is sp.oo:
            return self._infinite_product(body, index, self.canonical(a))
        a, b = self.canonical(a), self.canonical(b)
        if not (self.facts.is_integer(a) and self.facts.is_integer(b)):
            raise NoNormalForm("the bounds of a product are not known to be integers")
        with self._ranging(index, a, b, True) as fresh:
            sign, factors = self._factors(body.xreplace({index: fresh}))
        length = b - a + 1
        result = self._power(sp.Integer(-1), length) if sign < 0 else sp.Integer(1)
        for factor, multiplicity in factors:
            if not factor.has(fresh):
                result *= self.flatten(factor ** (multiplicity * length))
            elif isinstance(factor, sp.exp) and not _in_exponent(fresh, factor.args[0]):
                result *= self._exponential(multiplicity * sp.Sum(factor.args[0], (fresh, a, b)))
            elif not sp.expand(factor - fresh).has(fresh):
                c = sp.expand(factor - fresh)
                result *= (gamma(self, b + 1 + c) / gamma(self, a + c)) ** multiplicity
            else:
                bound = bound_symbol(factor, True)
                result *= self._generator("product", sp.Product(factor.xreplace({fresh: bound}), (bound, a, b))) ** multiplicity
        return result

    def _infinite_product(self, body: Any, index: Any, a: Any) -> Any:
        """Π_{k≥a} r(k) of a rational r with factors k + β and (k + γ)² + c, which tends to 1 like 1 + O(1/k²): Π Γ(a + β)^-1 ….

        Then the degrees and the β (twice γ) of the factors add up to 0, each with its multiplicity (DLMF 5.8.5).
        """
        if not a.is_Integer:
            raise NoNormalForm("an infinite product from a place that is no number")
        with self._ranging(index, a, sp.oo, True) as fresh:
            sign, factors = self._factors(body.xreplace({index: fresh}))
        leading, degree, shifts, result = sp.Integer(sign), sp.Integer(0), sp.Integer(0), sp.Integer(1)
        linear: dict[Any, list[Any]] = {}  # the β by their multiplicities
        for factor, times in factors:
            if not factor.has(fresh):
                leading *= factor**times
                continue
            power = sp.degree(factor, fresh) if factor.is_polynomial(fresh) else 0
            if power == 2:
                found = square(factor, fresh, self.facts)
                if found is None:
                    raise NoNormalForm("an infinite product with a factor that is no sum of squares")
                slope, s = found
                beta = s.shift
                result *= self._over_squares(s.start(a), s.c, partial(product_over_squares, s.start(a), s.c)) ** times
            elif power == 1:
                slope = sp.Poly(factor, fresh).LC()
                beta = self.canonical(sp.expand(factor / slope - fresh))
                linear.setdefault(times, []).append(beta)
            else:
                raise NoNormalForm("an infinite product of other than rational functions")
            leading, degree, shifts = leading * slope**times, degree + power * times, shifts + power * times * beta
        if degree != 0 or not all(self.is_zero(e) for e in (leading - 1, shifts)):
            raise NoNormalForm("an infinite product that does not converge absolutely")
        return result * sp.Mul(*(self._of_lines(betas, a, times > 0) ** times for times, betas in linear.items()))

    def _of_lines(self, betas: list[Any], a: Any, above: bool) -> Any:
        """What factors k + β contribute: Π 1/Γ(a + β).

        Where one of them may vanish and is not divided by, two of them make (k + γ)² - δ² with 2γ an integer, and Π (1 - δ²/j²).
        """
        rest = list(betas)
        result = sp.Integer(1)
        for beta in betas:
            start = self.canonical(a + beta)
            if beta not in rest or self.facts.is_positive(start) or (start.is_Rational and not start.is_Integer):
                continue
            rest.remove(beta)
            partner = next((b for b in rest if self.canonical(beta + b).is_Integer), None)
            if not above or partner is None:
                raise NoNormalForm(f"{start} may be a pole of the gamma function")
            rest.remove(partner)
            start, delta = a + self.canonical(beta + partner) / 2, self.canonical((beta - partner) / 2)
            if start.is_Integer and not self.facts.is_nonzero(delta):
                raise NeedCase(sp.Eq(delta, 0, evaluate=False))
            if start > (1 if start.is_Integer else HALF):
                raise NoNormalForm("an infinite product from a later place on")
            result *= self._over_squares(start, -(delta**2), partial(product_over_differences, start.is_Integer, delta))
        return result * sp.Mul(*(1 / gamma(self, self.canonical(a + beta)) for beta in rest))

    def _over_squares(self, start: Any, c: Any, product: Callable[[], Any]) -> Any:
        """What j² + c contributes from `start` on, with Π (1 + c/j²) over the j > 0: that over Γ², and the factors before."""
        if abs(start) > SHIFTS:
            raise NoNormalForm("too long a shift")
        first = max(start, sp.Integer(1) if start.is_Integer else HALF)
        early = sp.Mul(*((start + i) ** 2 + c for i in range(int(first - start))))
        return self.flatten(early * product()) / gamma(self, first) ** 2

    def _integral(self, e: Any) -> Any:
        body, (variable, *ends) = outermost(e)
        if len(ends) != 2:
            raise NoNormalForm("an integral without limits")
        a, b = ends
        with self._ranging(variable, a, b, False) as fresh:
            flat = self.flatten(body.xreplace({variable: fresh}))
        return self._integral_flat(flat, fresh, a, b)

    def _integral_flat(self, flat: Any, variable: Any, a: Any, b: Any) -> Any:
        a, b = (end if end in (sp.oo, -sp.oo) else self.canonical(end) for end in (a, b))
        if a == b:
            return sp.Integer(0)

        def build(inside: Any) -> Any:
            atom = self._generator("atom", variable)
            if not inside.free_symbols - {atom} and inside.is_polynomial(atom) and sp.oo not in (b, -a):
                power = sp.degree(inside, atom) if inside.has(atom) else 0
                return self.flatten(b ** (power + 1) - a ** (power + 1)) / (power + 1)
            body = self.expression(inside)
            if not variable.is_real and body.has(sp.conjugate, sp.re, sp.im, sp.arg, sp.Abs, sp.log, sp.Pow):
                raise NoNormalForm("an integral between complex ends, of what may depend on the path")
            bound = bound_symbol(body, False, bool(variable.is_real))
            return self._named("integral", sp.Integral(body.xreplace({variable: bound}), (bound, a, b)))

        return self._linear(flat, variable, build)

    def _linear(self, flat: Any, variable: Any, build: Callable[[Any], Any]) -> Any:
        """A linear functional over `variable`, applied monomial by monomial and under finite sums."""
        total = sp.Integer(0)
        for outside, inside in self._split(flat, variable):
            factors = [f.as_base_exp() for f in sp.Mul.make_args(inside)]
            sums = [
                s for s, power in factors
                if s in self.meaning and self.meaning[s].kind == "sum" and self.meaning[s].expression.limits[-1][2] is not sp.oo
                and power.is_Integer and power > 0 and not (inside / s**power).has(s)
            ]  # fmt: skip
            if not sums:
                total += outside * build(inside)
                continue
            s = sums[0]
            body, (k, a, b) = outermost(self.meaning[s].expression)
            if a.has(variable) or b.has(variable):
                raise NoNormalForm("a sum whose bounds depend on the variable of integration")
            with self._ranging(k, a, b, True) as fresh:
                flat_body = self.flatten(body.xreplace({k: fresh}))
                inner = self._linear(inside / s * flat_body, variable, build)
            total += outside * self._sum_flat(inner, fresh, a, b)
        return total

    def _functional_flat(self, flat: Any, head: Any, point: Any) -> Any:
        kind = "space" if head is SpaceIntegral else "mean"

        def build(inside: Any) -> Any:
            if inside == 1 and kind == "mean":
                return sp.Integer(1)
            pulled = self._pulled(inside, head, point)
            if pulled is not None:
                return pulled
            original = self.facts.copies.get(point) if kind == "mean" else None
            if original is not None and not occurs(original, self.expression(inside)):
                moved = {point: original, **({point.label: original.label} if isinstance(point, sp.IndexedBase) else {})}
                return self.flatten(Expectation(self.expression(inside).xreplace(moved), original))
            if kind == "mean" and point in self.facts.independent:
                return self._independent(inside, point)
            if kind == "mean" and point in self.facts.densities:
                law = self.facts.densities[point]
                integral = sp.Integral(self.expression(inside) * law.density, (point, law.lower, law.upper))
                return self.flatten(integral)
            return self._named(kind, head(self.expression(inside), point))

        return self._linear(flat, point, build)

    def _pulled(self, inside: Any, head: Any, point: Any) -> Any:
        """Fubini: of a mean or an integral over space inside another one, the one over the variable of later name goes inside."""
        for s in sorted(inside.free_symbols, key=generator_order):
            kind, e = self.meaning[s].kind, self.meaning[s].expression
            if kind not in ("mean", "space") or not inside.has(s) or (inside / s).has(s):
                continue
            rest, variable = self.expression(inside / s), e.args[1]
            first, second = ((f is SpaceIntegral, str(v)) for f, v in ((type(e), variable), (head, point)))
            if occurs(variable, rest) or first >= second:
                continue
            self.cited["exchange of means and integrals (Fubini; absolutely integrable)"] = None
            return self._functional_flat(self._functional_flat(self.flatten(rest * e.args[0]), head, point), type(e), variable)
        return None

    def _independent(self, inside: Any, point: Any, apart: frozenset[Any] = frozenset()) -> Any:
        """E[f(q_i) g(q_j)] = E[f(q_i)] E[g(q_j)] for i ≠ j; where i = j is open, both cases by Kronecker's delta."""
        groups: dict[Any, Any] = {}
        for factor in sp.Mul.make_args(inside):
            e = self.expression(factor)
            indices = {self.canonical(x.indices[0]) for x in e.atoms(sp.Indexed) if x.base == point}
            # every occurrence of the vector has to be an element, and all elements of a factor the same one
            elements = e.xreplace({x: sp.Dummy() for x in e.atoms(sp.Indexed) if x.base == point})
            binds = any(node.has(point) for node in e.atoms(sp.Sum, sp.Product, sp.Integral))
            if len(indices) != 1 or binds or elements.has(point) or elements.has(point.label):
                return self._named("mean", Expectation(self.expression(inside), point))
            (index,) = indices
            groups[index] = groups.get(index, 1) * factor
        found = list(groups)
        for a, i in enumerate(found):
            for j in found[a + 1 :]:
                if (i, j) in apart or self.facts.is_nonzero(sp.expand(i - j)):
                    continue
                same = self.expression(groups[i] * groups[j]).xreplace(
                    {x: point[i] for x in self.expression(groups[j]).atoms(sp.Indexed) if x.base == point}
                )
                others = sp.Mul(*(groups[k] for k in found if k not in (i, j)))
                delta = self._delta(i, j)
                together = self._functional_flat(self.flatten(same * self.expression(others)), Expectation, point)
                if delta == 1:
                    return together
                return delta * together + (1 - delta) * self._independent(inside, point, apart | {(i, j)})
        return sp.Mul(*(self._single(groups[i], point, i) for i in found))

    def _single(self, flat: Any, point: Any, index: Any) -> Any:
        """The mean of a function of one coordinate."""
        copy = self.facts.independent[point].law
        if copy is not None and not self.expression(flat).has(copy):
            mean = Expectation(self.expression(flat).xreplace({point[index]: copy}), copy)
            return self.flatten(mean)
        law = next((d for v, d in self.facts.densities.items() if isinstance(v, sp.Indexed) and v.base == point), None)
        if law is None:
            return self._named("mean", Expectation(self.expression(flat), point))
        z = sp.Dummy("z", real=True)
        body = self.expression(flat).xreplace({point[index]: z}) * law.density.xreplace({law.variable: z})
        return self.flatten(sp.Integral(body, (z, law.lower, law.upper)))

    def _spaceintegral(self, e: Any) -> Any:
        outer, self.facts = self.facts, self.facts.about_others(e.args[1])
        try:
            with self._varying((e.args[1],)):
                inside = self.flatten(e.args[0])
            return self._functional_flat(inside, SpaceIntegral, e.args[1])
        finally:
            self.facts = outer

    def _expectation(self, e: Any) -> Any:
        return self._functional_flat(self.flatten(e.args[0]), Expectation, e.args[1])

    def _indexed(self, e: Any) -> Any:
        return self._named("indexed", e.base[tuple(self.canonical(i) for i in e.indices)])

    def _limit(self, e: Any) -> Any:
        raise NoNormalForm("a limit")

    # -- polynomials -----------------------------------------------------------------------------------------------

    def _fraction(self, *flats: Any) -> tuple[Any, Any, list[tuple[Any, int]]]:
        """Numerator, denominator and the generators, each with the denominator of its exponents, of a flat expression."""
        _flat, *others = flats
        exponents: dict[Any, int] = {}
        for part in flats:
            for s in part.free_symbols:
                exponents.setdefault(s, 1)
            for power in part.atoms(sp.Pow):
                if power.base.is_Symbol and power.exp.is_Rational:
                    exponents[power.base] = math.lcm(exponents[power.base], int(power.exp.q))
        symbols = sorted(exponents.items(), key=lambda item: generator_order(item[0]))
        context = fmpq_mpoly_ctx.get([f"g{i}" for i in range(len(symbols))] or ["g"], "degrevlex")
        variables = {s: context.gen(i) ** 1 for i, (s, _) in enumerate(symbols)}
        one = context.constant(1)
        values = [as_fraction(part, variables, exponents, one) for part in flats]
        if others:
            return values, context, symbols
        return values[0][0], values[0][1], symbols

    def _relations(self, flat: Any) -> list[tuple[Any, int, Any]]:
        """(generator, power, flat): generator^power = flat, for all generators met, closed under what they mention."""
        relations: list[tuple[Any, int, Any]] = []
        seen: set[Any] = set()
        waiting = [flat]
        lcm: dict[Any, int] = {}
        while waiting:
            part = waiting.pop()
            for power in part.atoms(sp.Pow):
                if power.base.is_Symbol and power.exp.is_Rational:
                    lcm[power.base] = math.lcm(lcm.get(power.base, 1), int(power.exp.q))
            for s in sorted(part.free_symbols - seen, key=generator_order):
                seen.add(s)
                found = self._relation(s)
                if found is not None:
                    relations.append((s, *found))
                    waiting.append(found[1])
        return relations

    def _relation(self, s: Any) -> tuple[int, Any] | None:
        kind, e = self.meaning[s].kind, self.meaning[s].expression
        if s == self.imaginary:
            return 2, sp.Integer(-1)
        if kind == "root":
            return 1, self.flatten(e)
        if kind == "abs":
            inner = e.args[0]
            square = self.flatten(inner) ** 2 if self.facts.is_real(inner) else self.flatten(inner) * self._conjugate(inner)
            return 2, square
        if kind == "delta":
            return 2, s
        if kind == "function" and isinstance(e, sp.chebyshevt) and self.facts.is_integer(e.args[0]):
            n, x = e.args  # T_n² - (x² - 1) U_{n-1}² = 1
            at = self.flatten(x)
            return 2, 1 + (at**2 - 1) * self._generator("function", sp.chebyshevu(n - 1, x, evaluate=False)) ** 2
        return None

    def _equations(self) -> list[tuple[Any, Any]]:
        return [(self.flatten(a), self.flatten(b)) for a, b in self.facts.equations]

    def _reduced(self, flat: Any) -> tuple[Any, Any, list[tuple[Any, int]]]:
        """The fraction with its numerator and denominator reduced modulo the relations between the generators."""
        if not any(self._relation(s) for s in flat.free_symbols) and not self._unit_roots(flat):
            return self._fraction(flat)
        relations = self._relations(flat)
        values, context, symbols = self._fraction(flat, *(r[2] for r in relations), sp.Integer(1))
        (numerator, denominator), *rights = values
        position = {s: i for i, (s, _) in enumerate(symbols)}
        scale = dict(symbols)
        rules = [(position[s], power * scale[s], right) for (s, power, _), right in zip(relations, rights, strict=False)]
        numerator = reduce_by(numerator, rules, context)
        denominator = reduce_by(denominator, rules, context)
        for i, (s, l) in enumerate(symbols):
            modulus = self._minimal_polynomial(s, l)
            if modulus is not None:
                numerator, denominator = (modulo(p, i, modulus, context) for p in (numerator, denominator))
        if denominator == 0:
            raise NoNormalForm("division by zero")
        if numerator != 0:
            common = numerator.gcd(denominator)
            numerator, denominator = quotient(numerator, common), quotient(denominator, common)
        return numerator, denominator, symbols

    def _unit_roots(self, flat: Any) -> bool:
        return any(self.meaning[s].kind == "exp" and self._is_sign(s) for s in flat.free_symbols)

    def _is_sign(self, s: Any) -> bool:
        e = self.meaning[s].expression
        return bool(e.has(sp.I) and e.has(sp.pi) and self.facts.is_integer(sp.expand(e / (sp.I * sp.pi))))

    def _minimal_polynomial(self, s: Any, denominator: int) -> list[int] | None:
        """For e^{iπ/l}: the cyclotomic polynomial of order 2l; for e^{iπn/l} with an integer n: z^{2l} - 1."""
        if self.meaning[s].kind != "exp" or not self._is_sign(s):
            return None
        if self.meaning[s].expression == sp.I * sp.pi:
            z = sp.Dummy("z")
            return [int(c) for c in sp.Poly(sp.cyclotomic_poly(2 * denominator, z), z).all_coeffs()]
        return [1, *([0] * (2 * denominator - 1)), -1]

    # -- the zero test ---------------------------------------------------------------------------------------------

    def is_zero(self, e: Any) -> bool:
        """Whether e vanishes wherever it is defined, as far as the normal form tells."""
        return self.flat_is_zero(self.flatten(e))

    def divides(self, e: Any, other: Any) -> bool:
        """Whether the numerator of e, as a polynomial, divides that of the other: where e vanishes, so does the other."""
        flats = self._few_exponentials(*self._positioned(self.flatten(e), self.flatten(other)))
        one, two = (to_sympy(numerator, symbols) for numerator, _, symbols in map(self._reduced, flats))
        if one == 0:
            return False
        (small, large), *_ = self._fraction(one, two)
        return large[0] != 0 and divmod(large[0], small[0])[1] == 0

    def flat_is_zero(self, flat: Any) -> bool:
        """The same for a flat expression: sums and integrals by their end points, then the polynomial test."""
        pairs = self._equations()
        if self._reduced(flat)[0] == 0:
            return True  # before sums are taken apart: a root may hold them as they are
        flat, *equations = self._positioned(flat, *(left - right for left, right in pairs))
        flat = self._with_unit_roots(flat)
        flat, *equations = self._few_exponentials(flat, *equations)
        preferred = [left if left.is_Symbol else None for left, _ in pairs]
        while equations:
            equation, wish = equations.pop(0), preferred.pop(0)
            solved = self._solved(equation, wish, [flat, *equations])
            if solved is not None:
                flat, *equations = (part.xreplace(solved) for part in (flat, *equations))
        numerator, _, _ = self._reduced(flat)
        return bool(numerator == 0)

    def numerators(self, e: Any, *equations: Any) -> tuple[Any, list[Any], Any, list[tuple[Any, int]]] | None:
        """The numerators of e and of equations that hold, over common generators, and the ring.

        With the equations are those that the generators satisfy. Left out is one that may hold because a gamma function in its
        denominator has a pole. None where a power is divided by its base, which may vanish.
        """
        flats = self._positioned(*(self.flatten(part) for part in (e, *equations)))
        flats = self._few_exponentials(*map(self._with_unit_roots, flats))
        if self.divides_by_a_base(flats):
            return None
        relations = [s**power - right for s, power, right in self._relations(sp.Add(*flats))]
        values, context, symbols = self._fraction(*flats, *relations, sp.Integer(1))
        poles = [p for p, (s, _) in enumerate(symbols) if self.meaning[s].expression.has(sp.gamma)]
        held = [top for top, bottom in values[1:-1] if not any(monomial[p] for monomial in bottom.to_dict() for p in poles)]
        return values[0][0], held, context, symbols

    def _few_exponentials(self, *flats: Any) -> list[Any]:
        """exp(e) = ∏ exp(e_i)^{q_i} wherever e = Σ q_i e_i with rational q_i, so that exponents add up as rational functions."""
        current = list(flats)
        found = [
            (s, self.meaning[s].expression)
            for s in sorted({s for flat in current for s in flat.free_symbols}, key=generator_order)
            if self.meaning[s].kind == "exp" and not self._is_sign(s) and self.meaning[s].expression.free_symbols
        ]
        if len(found) < 2 or all(e.is_polynomial() for _, e in found):
            return current
        values, context, _ = self._fraction(*(self.flatten(e) for _, e in found), sp.Integer(1))
        common = context.constant(1)
        for _, bottom in values:
            common = common * quotient(bottom, common.gcd(bottom))
        rows = [(top * quotient(common, bottom)).to_dict() for top, bottom in values[: len(found)]]
        monomials = sorted({m for row in rows for m in row})
        basis: list[int] = []
        replace: dict[Any, Any] = {}
        for position, (s, _) in enumerate(found):
            matrix = sp.Matrix([[as_rational(rows[i].get(m, 0)) for i in (*basis, position)] for m in monomials])
            kernel = matrix.nullspace()
            if not kernel:
                basis.append(position)
                continue
            weights = [-w / kernel[0][len(basis)] for w in kernel[0][: len(basis)]]
            parts = [(found[i][0], w) for i, w in zip(basis, weights, strict=True)]
            for power in {p for flat in current for p in flat.atoms(sp.Pow) if p.base == s} | {s}:
                q = power.exp if power.is_Pow else 1
                replace[power] = sp.Mul(*(base ** (w * q) for base, w in parts))
        return [flat.xreplace(replace) for flat in current] if replace else current

    def _with_unit_roots(self, flat: Any) -> Any:
        """Where a root of unity ζ = e^{iπ/l} occurs: i = ζ^{l/2} for an even l, and √p for a prime p whose root Q(ζ) holds.

        √2 = e^{iπ/4} + e^{-iπ/4}; for an odd p Gauss's sum Σ_a (a/p) e^{2πia/p} is √p, or i√p where p ≡ 3 mod 4.
        """
        unit = self._generators.get(("exp", sp.I * sp.pi))
        if unit is None or not flat.has(unit):
            return flat
        if flat.has(self.imaginary):
            flat = flat.xreplace({self.imaginary: unit**HALF})
        order = math.lcm(*(int(p.exp.q) for p in flat.atoms(sp.Pow) if p.base == unit), 1)
        for s in sorted(flat.free_symbols, key=generator_order):
            kind, p = self.meaning[s].kind, self.meaning[s].expression
            if kind != "root" or not p.is_Integer or not p.is_prime or p > LARGEST_PRIME:
                continue
            powers = [q for q in flat.atoms(sp.Pow) if q.base == s]
            if order % (4 if p == 2 else int(p)) or any(q.exp.q > 2 for q in powers):
                continue
            if p == 2:
                root = unit ** sp.Rational(1, 4) + unit ** sp.Rational(-1, 4)
            else:
                root = sp.Add(*(sp.legendre_symbol(a, p) * unit ** sp.Rational(2 * a, p) for a in range(1, p)))
                root = root if p % 4 == 1 else root * unit**-HALF
            flat = flat.xreplace({q: root ** (2 * q.exp) for q in powers})
        return flat

    def _solved(self, equation: Any, wish: Any, where: list[Any]) -> dict[Any, Any] | None:
        """An equation that holds, solved for one generator in which it is linear: the left side, if that is one."""
        numerator, denominator, symbols = self._reduced(equation)
        if numerator == 0:
            return None
        polynomial, below = to_sympy(numerator, symbols), to_sympy(denominator, symbols)
        if any(isinstance(self.meaning[s].expression, sp.gamma) for s in below.free_symbols):
            return None  # the equation may hold because a gamma function in the denominator has a pole
        candidates = []
        for s, scale in symbols:
            if scale != 1 or sp.degree(polynomial, s) != 1 or not any(part.has(s) for part in where):
                continue
            meaning = self.meaning[s]
            split = any(p.base == s and not p.exp.is_Integer for part in where for p in part.atoms(sp.Pow))
            if split and meaning.kind == "exp" and not self.facts.is_real(meaning.expression):
                continue  # e^(u/3) is not the principal root of e^u
            slope = polynomial.coeff(s, 1)
            rest = sp.expand(polynomial - slope * s)
            # the equation is used where it is defined, so a factor of its denominator is not zero there
            simple = slope.is_number or sp.cancel(slope / below).is_number
            # slope s + rest = 0: the slope is not zero where the rest is not
            if not simple and not any(self.is_nonzero(part) for part in (slope, rest)):
                continue
            if self._powers(s) and self.divides_by_a_base([*where, equation]):
                continue
            rank = ("atom", "exp", "root").count(self.meaning[s].kind)
            candidates.append((s != wish, not simple, rank, -generator_order(s)[0], s, -rest / slope))
        if not candidates:
            return None
        *_, s, value = min(candidates, key=lambda c: c[:4])
        return {s: value}

    def _positioned(self, *flats: Any, lone: bool = True) -> list[Any]:
        """Σ_{k=a}^{b} f(k) = F(b+1) - F(a) and ∫_a^b f = F(b) - F(a), with F(e + c) unrolled from the least c met.

        Without `lone` a sum or integral that shares its body with no other one is kept, and so is its sign.
        """
        current = list(flats)
        for _ in range(6):
            replace = self._positions({s for flat in current for s in flat.free_symbols}, lone)
            if not replace:
                break
            current = [flat.xreplace(replace) for flat in current]
        return current

    def _positions(self, symbols: set[Any], lone: bool) -> dict[Any, Any]:
        ranges: dict[Any, list[tuple[Any, Any, Any]]] = {}
        for s in sorted(symbols, key=generator_order):
            kind, e = self.meaning[s].kind, self.meaning[s].expression
            if kind not in ("sum", "product", "integral"):
                continue
            body, (bound, a, b) = outermost(e)
            ranges.setdefault((kind, body, bound), []).append((s, a, b if kind == "integral" else b + 1))
        replace = {}
        for (kind, body, bound), found in ranges.items():
            # a sum over a range of numbers is unrolled
            if not lone and len(found) == 1 and (kind == "integral" or not sp.expand(found[0][2] - found[0][1]).is_number):
                continue
            values = {}
            groups: dict[Any, list[tuple[int, Any]]] = {}
            for end in dict.fromkeys(end for _, a, b in found for end in (a, b)):
                base, k = (end, 0) if end in (sp.oo, -sp.oo) or kind == "integral" else shifted(self, end, 0)
                groups.setdefault(base, []).append((k, end))
            for base, members in groups.items():
                if captures(body, (base,)):
                    raise NoNormalForm("the end of a sum that a mean inside it binds")
                least = min(k for k, _ in members)
                if max(k for k, _ in members) - least > SHIFTS:
                    raise NoNormalForm("a sum of too many single terms")
                start = self._start(kind, body, bound, base + least)
                for k, end in members:
                    terms = [self.flatten(body.xreplace({bound: base + j})) for j in range(least, k)]
                    values[end] = start * sp.Mul(*terms) if kind == "product" else start + sp.Add(*terms)
            for s, a, b in found:
                replace[s] = values[b] / values[a] if kind == "product" else values[b] - values[a]
        return replace

    def _start(self, kind: str, body: Any, bound: Any, end: Any) -> Any:
        """F(end). F is given up to a constant, for a product up to a factor: at the first end that is met it is 0, or 1."""
        first = self._origins.setdefault((kind, body, bound), end)
        if first == end:
            return sp.Integer(1 if kind == "product" else 0)
        return self._generator("position", POSITION(sp.Symbol(kind), body, bound, end))


HEAD_KINDS = {
    "abs",
    "function",
    "jet",
    "partial",
    "indexed",
    "sum",
    "integral",
    "space",
    "mean",
}  # what a hypothesis may rewrite

# -- tables ------------------------------------------------------------------------------------------------------------

HEADS = {
    "Derivative",
    "Partial",
    "Subs",
    "Sum",
    "Product",
    "Integral",
    "SpaceIntegral",
    "Expectation",
    "Indexed",
    "Piecewise",
    "Limit",
}


def _in_exponent(index: Any, e: Any) -> bool:
    """Whether an index stands in an exponent: a sum of such terms is left as a product of exponentials, which is unrolled."""
    return any(part.exp.has(index) for part in e.atoms(sp.Pow)) or any(part.args[0].has(index) for part in e.atoms(sp.exp))


def _angles(argument: Any) -> tuple[list[tuple[Any, Any]], Any]:
    """The terms i c θ of a sum with a rational c and an inverse function θ, as (c, θ), and the rest."""
    inverse = (sp.atan, sp.asin, sp.acos, sp.atan2)
    if not argument.has(*inverse):
        return [], argument
    angles, others = [], []
    for term in sp.Add.make_args(sp.expand(argument)):
        c, rest = term.as_coeff_Mul()
        factors = rest.args if rest.is_Mul else ()
        if len(factors) == 2 and sp.I in factors and isinstance(factors[1 - factors.index(sp.I)], inverse):
            angles.append((c, factors[1 - factors.index(sp.I)]))
        else:
            others.append(term)
    return angles, sp.Add(*others)


def vanishes_identically(e: Any, facts: Facts) -> bool:
    """Whether the normal form of e is zero; False too where e has none, or one in each of several cases."""
    try:
        return bool(NormalForm(facts).is_zero(e))
    except (NoNormalForm, NeedCase, RecursionError):
        return False


def outermost(e: Any) -> tuple[Any, Any]:
    """Body and limits of the outermost of nested sums, products or integrals, which SymPy merges into one."""
    return (e.args[0] if len(e.limits) == 1 else e.func(e.args[0], *e.limits[:-1])), e.limits[-1]


def _undecided(condition: Any, facts: Facts) -> Any:
    if isinstance(condition, sp.And | sp.Or | sp.Not):
        for part in condition.args:
            if facts.decide(part) is None:
                return _undecided(part, facts)
    return condition
