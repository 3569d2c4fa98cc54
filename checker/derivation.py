"""What an author writes with: symbols, hypotheses, statements, chains of steps, and what must fail.

A derivation is a function of a `Derivation`, conventionally called `d`, that reads like the argument on paper::

    @post.claim("C2", "The sum of the first odd numbers", kind="identity")
    def odd_numbers(d):
        n, k = d.natural("n"), d.index("k")
        d.state(Sum(2*k - 1, (k, 1, n)), "=", n**2)
        d.start(Sum(2*k - 1, (k, 1, n)))
        d.then(2*Sum(k, (k, 1, n)) - n, by="linearity")
        d.then(n**2, by="the sum of the first integers")
        d.refute(Sum(2*k - 1, (k, 1, n)), "=", n**2 - 1, because="counting from 0")
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Contradiction, Copy, Density, Facts, ForAll, Independent, mentions
from derivable.trusted.heads import captures, renamed
from derivable.trusted.normal_form import NormalForm
from derivable.trusted.rules import Rule
from derivable.trusted.sampling import free_symbols

if TYPE_CHECKING:
    from derivable.post import Claim

RELATIONS = ("=", "<=", "<")
STEP_SECONDS = 20.0


class DerivationError(Exception):
    """A derivation that is malformed: the message names the place and the remedy."""


@dataclass(frozen=True)
class Statement:
    """`lhs relation rhs` under `where`, for all admissible values; relation is "=", "<=" or "<"."""

    lhs: Any
    relation: str
    rhs: Any
    where: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Theorem:
    """A cited fact: a named theorem that is used and not re-derived.

    With a formal `equation` (and the `variables` that it holds for all values of) a step that cites it is checked to be an
    instance; without one, a step rests on the author's word that the theorem says so, and is listed as such. `hypotheses` are the
    theorem's own, in words, that the author vouches for.
    """

    name: str
    statement: str
    reference: str = ""
    hypotheses: tuple[str, ...] = ()
    equation: Any = None
    variables: tuple[Any, ...] = ()
    where: tuple[Any, ...] = ()

    def at(self, **values: Any) -> Instance:
        """The theorem's equation with some of its variables, by name, set to values."""
        return Instance(self, tuple(values.items()))


@dataclass(frozen=True)
class Instance:
    """A claim or theorem at particular values of its symbols."""

    source: Any
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Fact:
    """What `d.have` established: usable as `using=[fact]` in later steps of the same derivation."""

    statement: Statement
    forall: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a derivation, as written; `file`/`line` say where."""

    kind: str  # "start", "chain", "have", "exhaust"
    statement: Statement
    shown: Any  # the new side, for a chain
    reason: str
    rule: Rule | None
    using: tuple[Any, ...]
    cited: Theorem | None
    seconds: float
    line: int
    check: Callable[[], Any] | None = None
    bound: str | None = None


@dataclass(frozen=True)
class Wrong:
    """A statement that must be refuted: a control, or what the post says (then with its place in the post)."""

    statement: Statement
    because: str
    line: int
    section: str | None = None
    kind: str = "wrong"
    correction: Any = None


QUANTIFIED = (ForAll, Independent, Copy, Density)  # hypotheses that are no relation: a claim that is used needs the very same one


class Derivation:
    """The notebook of one claim. Symbols must come from it (or be declared): an undeclared one is an error."""

    def __init__(self, claim: Claim):
        self.claim = claim
        self.statements: list[Statement] = []
        self.steps: list[Step] = []
        self.wrong: list[Wrong] = []
        self.hypotheses: list[tuple[Any, str]] = []
        self.theorems: dict[str, Theorem] = {}
        self.uses: dict[str, Any] = {}
        self.instances: dict[Any, Any] = {}
        self.remarks: list[str] = []
        self._declared: set[Any] = set()
        self._chain: Any = None
        self._chains: list[tuple[Any, str, Any]] = []

    # -- notation --------------------------------------------------------------------------------------------------

    def symbol(self, names: str, **assumptions: Any) -> Any:
        """One symbol, or several for several names, with SymPy assumptions (none: a complex number)."""
        made = tuple(sp.Symbol(name, **assumptions) for name in names.replace(",", " ").split())
        self._declared.update(made)
        return made[0] if len(made) == 1 else made

    def real(self, names: str) -> Any:
        """Real numbers."""
        return self.symbol(names, real=True)

    def positive(self, names: str) -> Any:
        """Positive real numbers."""
        return self.symbol(names, positive=True)

    def integer(self, names: str) -> Any:
        """Integers."""
        return self.symbol(names, integer=True)

    def natural(self, names: str) -> Any:
        """Integers from 0."""
        return self.symbol(names, integer=True, nonnegative=True)

    def counting(self, names: str) -> Any:
        """Integers from 1."""
        return self.symbol(names, integer=True, positive=True)

    def index(self, names: str) -> Any:
        """Integers that serve as indices of sums (their range stands at the sum, or in `assume`)."""
        return self.symbol(names, integer=True)

    def function(self, names: str, **assumptions: Any) -> Any:
        """Undefined functions, as smooth as the claim needs; real unless `real=False` is given."""
        assumptions = {"real": True} | assumptions
        if assumptions["real"] is False:
            del assumptions["real"]
        made = tuple(sp.Function(name, **assumptions) for name in names.replace(",", " ").split())
        self._declared.update(made)
        return made[0] if len(made) == 1 else made

    def sequence(self, names: str, **assumptions: Any) -> Any:
        """Sequences s[0], s[1], …; real unless `real=False` is given."""
        assumptions = {"real": True} | assumptions
        if assumptions["real"] is False:
            del assumptions["real"]
        made = tuple(sp.IndexedBase(name, **assumptions) for name in names.replace(",", " ").split())
        self._declared.update(b.label for b in made)
        return made[0] if len(made) == 1 else made

    def point(self, name: str, dimension: Any) -> Any:
        """A point of R^dimension: `x[i]`, i = 1 … dimension, are its coordinates; fields are functions of it."""
        made = sp.IndexedBase(name, shape=(dimension,), real=True)
        self._declared.add(made.label)
        return made

    def declare(self, *symbols: Any) -> None:
        """Take symbols that were made elsewhere (another claim's, a shared notation)."""
        for s in symbols:
            self._declared.add(s.label if isinstance(s, sp.IndexedBase) else s)

    # -- hypotheses ------------------------------------------------------------------------------------------------

    def assume(self, *conditions: Any, text: str = "") -> None:
        """Hypotheses beyond the symbols' assumptions: relations, equations, `ForAll`; `text` says it in words.

        A hypothesis in words alone (`d.assume(text="u is of bounded variation")`) is listed, and used by cited theorems only.
        """
        for condition in conditions:
            if condition in (False, sp.false):
                raise DerivationError(f"{self._here()}: a hypothesis is false as soon as it is written; check its symbols")
            self.hypotheses.append((condition, text))
        if not conditions:
            self.hypotheses.append((None, text))
        try:
            Facts(self.where)
        except Contradiction as error:
            raise DerivationError(f"{self._here()}: contradictory hypotheses: {error}. Drop or correct one of them") from None

    def instance(self, function: Any, concrete: Callable[..., Any]) -> None:
        """A concrete function that satisfies the hypotheses, to evaluate the claim at: `d.instance(g, lambda n, x: …)`."""

        @functools.wraps(concrete)
        def in_sympy(*arguments: Any) -> Any:
            return sp.sympify(concrete(*arguments), strict=True)

        self.instances[function] = in_sympy

    @property
    def where(self) -> tuple[Any, ...]:
        """The formal hypotheses."""
        return tuple(c for c, _ in self.hypotheses if c is not None and c not in (True, sp.true))

    # -- statements and steps --------------------------------------------------------------------------------------

    def state(self, lhs: Any, relation: str, rhs: Any) -> Statement:
        """What the claim says; several statements are claimed together. Each must be the conclusion of a chain or of a `have`."""
        statement = self._statement(lhs, relation, rhs, ())
        self.statements.append(statement)
        return statement

    def start(self, expression: Any) -> None:
        """Begin a chain."""
        self._close()
        self._check_symbols(expression)
        self._chain = [sp.sympify(expression, strict=True), "=", sp.sympify(expression, strict=True)]
        self.steps.append(
            Step(
                "start",
                Statement(expression, "=", expression),
                expression,
                "",
                None,
                (),
                None,
                STEP_SECONDS,
                self._line(),
            )
        )

    def then(
        self,
        expression: Any,
        relation: str = "=",
        *,
        by: str | Rule | Theorem,
        using: Iterable[Any] = (),
        why: str = "",
        seconds: float = STEP_SECONDS,
    ) -> None:
        """The next expression of the chain: the last one `relation` this one.

        Args:
            expression: the new side.
            relation: "=" (default), "<=" or "<".
            by: why it holds: a reason in words (the checker finds the proof), a rule (`ByParts`, `Divergence`,
                `ChangeOfVariable`, `Induction`), or a `Theorem` that the step rests on.
            using: facts from `have`, earlier claims, theorems, or one of them `.at(n=…)`.
            why: words beside a rule.
        """
        if self._chain is None:
            raise DerivationError(f"{self._here()}: `then` without `start`; begin the chain with d.start(…)")
        self._needs_reason(by)
        if relation not in RELATIONS:
            raise DerivationError(
                f'{self._here()}: a chain goes up: relation "=", "<=" or "<", not {relation!r}; write it from the small side'
            )
        statement = self._statement(self._chain[2], relation, expression, ())
        self._append("chain", statement, expression, by, using, why, seconds)
        self._chain[2] = sp.sympify(expression, strict=True)
        if relation == "<" or (relation == "<=" and self._chain[1] == "="):
            self._chain[1] = relation

    def have(
        self,
        lhs: Any,
        relation: str,
        rhs: Any,
        *,
        by: str | Rule | Theorem,
        using: Iterable[Any] = (),
        where: Iterable[Any] = (),
        forall: Iterable[Any] = (),
        why: str = "",
        seconds: float = STEP_SECONDS,
    ) -> Fact:
        """An intermediate statement, checked, and usable later as `using=[fact]`.

        `where` are hypotheses of this statement alone; `forall` the symbols for all values of which it is meant, so that it
        may be used at others (an equation is then a rewriting of its left side).
        """
        self._needs_reason(by)
        statement = self._statement(lhs, relation, rhs, tuple(where))
        self._append("have", statement, rhs, by, using, why, seconds)
        return Fact(statement, tuple(forall))

    def exhaust(
        self,
        text: str,
        cases: Iterable[Any],
        holds: Callable[[Any], bool],
        *,
        bound: str,
        by: str = "exhaustion",
    ) -> None:
        """Check `holds(case)` exactly for every case of a stated finite set; `bound` names it, as in "N ≤ 20000".

        The first case that fails is the counterexample. `text` is the statement, in LaTeX.
        """

        def check() -> Any:
            count = 0
            for case in cases:
                count += 1
                if holds(case) is not True:
                    return count, case
            return count, None

        statement = Statement(text, "=", text)
        self.steps.append(Step("exhaust", statement, text, by, None, (), None, 60.0, self._line(), check, bound))

    def note(self, text: str) -> None:
        """A remark that the report prints below the derivation."""
        self.remarks.append(text)

    # -- what must fail --------------------------------------------------------------------------------------------

    def refute(self, lhs: Any, relation: str, rhs: Any, *, because: str, where: Iterable[Any] = ()) -> None:
        """A wrong variant that must be refuted; `because` names the slip. `where` are hypotheses of it alone."""
        self.wrong.append(Wrong(self._statement(lhs, relation, rhs, tuple(where)), because, self._line()))

    def refute_exhaustively(self, text: str, cases: Iterable[Any], holds: Callable[[Any], bool], *, because: str) -> None:
        """A wrong claim about a finite set or an algorithm: some case must fail, and the first one is the witness."""

        def check() -> Any:
            for case in cases:
                if holds(case) is not True:
                    return case
            return None

        self.wrong.append(Wrong(Statement(text, "=", check), because, self._line()))

    def erratum(
        self,
        lhs: Any,
        relation: str,
        rhs: Any,
        *,
        section: str,
        explanation: str,
        kind: str = "wrong",
        where: Iterable[Any] = (),
    ) -> None:
        """What the post says and what must be refuted; the claim's own statement is the correction."""
        if self._has_erratum():
            raise DerivationError(f"{self._here()}: a second erratum; split the claim, so that each has its own correction")
        statement = self._statement(lhs, relation, rhs, tuple(where))
        self.wrong.append(Wrong(statement, explanation, self._line(), section, kind))

    def erratum_exhaustively(
        self,
        text: str,
        cases: Iterable[Any],
        holds: Callable[[Any], bool],
        *,
        section: str,
        explanation: str,
        kind: str = "wrong",
    ) -> None:
        """An erratum about a finite set or an algorithm; the first failing case is the counterexample."""
        if self._has_erratum():
            raise DerivationError(f"{self._here()}: a second erratum; split the claim, so that each has its own correction")
        self.refute_exhaustively(text, cases, holds, because=explanation)
        last = self.wrong.pop()
        self.wrong.append(Wrong(last.statement, explanation, self._line(), section, kind))

    # -- internals -------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Close the last chain and check that every statement is concluded."""
        self._close()
        if not self.statements and not any(s.kind == "exhaust" for s in self.steps):
            raise DerivationError(f'{self._here()}: nothing is claimed; say what with d.state(lhs, "=", rhs)')
        concluded = [(a, r, b) for a, r, b in self._chains]
        concluded += [
            (s.statement.lhs, s.statement.relation, s.statement.rhs)
            for s in self.steps
            if s.kind == "have" and set(s.statement.where) <= set(self.where)
        ]
        for statement in self.statements:
            if not any(_concludes(c, statement) for c in concluded):
                ends = "; ".join(f"{a} {r} {b}" for a, r, b in self._chains) or "no chain at all"
                raise DerivationError(
                    f"{self._here()}: no chain meets the conclusion {statement.lhs} {statement.relation} {statement.rhs}. "
                    f"The chains give: {ends}. End one exactly there, or add a step"
                )

    def _close(self) -> None:
        if self._chain is not None:
            self._chains.append((self._chain[0], self._chain[1], self._chain[2]))
            self._chain = None

    def _append(
        self,
        kind: str,
        statement: Statement,
        shown: Any,
        by: Any,
        using: Iterable[Any],
        why: str,
        seconds: float,
    ) -> None:
        theorem = by if isinstance(by, Theorem) else None
        items = tuple(using)
        for item in (*items, *([theorem] if theorem else [])):
            source = item.source if isinstance(item, Instance) else item
            if isinstance(source, Theorem):
                self.theorems[source.name] = source
            elif isinstance(source, Fact):
                continue
            elif hasattr(source, "id"):
                self.uses[source.id] = source
            else:
                raise DerivationError(f"{self._here()}: using {item!r}: it must be a fact of d.have, a claim, or a Theorem")
        reason = by if isinstance(by, str) else why or (by.name if theorem or by is not None else "")
        rule = None if isinstance(by, str | Theorem) else by
        self.steps.append(Step(kind, statement, shown, reason, rule, items, theorem, seconds, self._line()))

    def _statement(self, lhs: Any, relation: str, rhs: Any, where: tuple[Any, ...]) -> Statement:
        if relation in (">=", ">"):
            lhs, rhs, relation = rhs, lhs, {">=": "<=", ">": "<"}[relation]
        if relation not in RELATIONS:
            raise DerivationError(f'{self._here()}: unknown relation {relation!r}; use "=", "<=", "<", ">=" or ">"')
        for side in (lhs, rhs, *where):
            self._check_symbols(side)
        return Statement(sp.sympify(lhs, strict=True), relation, sp.sympify(rhs, strict=True), where)

    def _check_symbols(self, e: Any) -> None:
        if isinstance(e, ForAll | Independent | Copy | Density | str):
            return
        e = sp.sympify(e, strict=True)
        if isinstance(e, sp.MatrixBase):
            parts: Iterable[Any] = list(e)
        else:
            parts = [e] if isinstance(e, sp.Basic) else []
        for part in parts:
            used = (
                free_symbols((part,)) | {a.func for a in part.atoms(AppliedUndef)} | {b.label for b in part.atoms(sp.IndexedBase)}
            )
            for s in sorted(used - self._declared, key=str):
                twin = next((t for t in self._declared if str(t) == str(s)), None)
                remedy = (
                    "a symbol of that name with other assumptions is declared; use that one"
                    if twin is not None
                    else f'declare it, for instance {s} = d.real("{s}"), or d.declare({s})'
                )
                raise DerivationError(f"{self._here()}: undeclared symbol {s}: {remedy}")

    def _needs_reason(self, by: Any) -> None:
        if by is None or (isinstance(by, str) and not by.strip()):
            raise DerivationError(f'{self._here()}: a step without a reason; give by="…", a rule, or a theorem')

    def _has_erratum(self) -> bool:
        return any(w.section is not None for w in self.wrong)

    def _line(self) -> int:
        own = str(Path(__file__))
        frame = inspect.currentframe()
        while frame is not None and frame.f_code.co_filename == own:
            frame = frame.f_back
        return frame.f_lineno if frame is not None else 0

    def _here(self) -> str:
        return f"{self.claim.file}:{self._line()}: claim {self.claim.id}"


def _concludes(chain: tuple[Any, str, Any], statement: Statement) -> bool:
    lhs, relation, rhs = chain
    strength = {"=": 2, "<": 1, "<=": 0}
    enough = relation == statement.relation or (statement.relation == "<=" and strength[relation] >= 0)
    if statement.relation == "=" and relation == "=" and (lhs, rhs) == (statement.rhs, statement.lhs):
        return True
    return enough and lhs == statement.lhs and rhs == statement.rhs


def facts_of(
    items: Iterable[Any],
    derivation: Derivation,
    statements_of: Callable[[Any], Mapping[str, Any]],
    where: tuple[Any, ...] = (),
) -> tuple[Any, ...]:
    """What `using=` makes known to a step: relations, equations and rewritings.

    Raises `DerivationError` when a hypothesis of what is used is not known to hold for the values given.
    """
    known: list[Any] = []
    facts = Facts((*derivation.where, *where))
    # facts first: they may be what a used claim needs
    for item in sorted(items, key=lambda item: not isinstance(item, Fact)):
        source, values = (item.source, dict(item.values)) if isinstance(item, Instance) else (item, {})
        if isinstance(source, Fact):
            s = source.statement
            for c in derivation.where:
                if isinstance(c, QUANTIFIED) and any(mentions(c, v) for v in source.forall):
                    raise DerivationError(
                        f"{derivation.claim.id}: a fact for all {', '.join(map(str, source.forall))}, of which the hypothesis "
                        f"{_in_words(c)} speaks: quantify that hypothesis over it too"
                    )
            # what the claim assumes of a symbol is a condition of a fact that is meant for all its values
            own = tuple(
                c for c in derivation.where if not isinstance(c, QUANTIFIED) and any(mentions(c, v) for v in source.forall)
            )
            needed_here = (*s.where, *(c for c in own if c not in s.where))
            for c in needed_here:
                if isinstance(c, QUANTIFIED) and c not in (*derivation.where, *where):
                    raise DerivationError(
                        f"{derivation.claim.id}: a fact is used without its own hypothesis {_in_words(c)}; assume it here too"
                    )
            given_here = (*derivation.where, *where) if not source.forall else ()
            needed_here = tuple(c for c in needed_here if c not in given_here)
            known.append(_as_fact(s.lhs, s.relation, s.rhs, source.forall, needed_here))
            continue
        if isinstance(source, Theorem):
            if source.equation is None:
                continue
            sides = [(source.equation.lhs, "=", source.equation.rhs)]
            variables, needed = source.variables, source.where
        else:
            cited = statements_of(source)
            sides = [(s.lhs, s.relation, s.rhs) for s in cited["statements"]]
            needed = cited["where"]
            variables = tuple(
                sorted(
                    free_symbols(
                        tuple(e for a, _, b in sides for e in (a, b)) + tuple(w for w in needed if not isinstance(w, QUANTIFIED))
                    ),
                    key=str,
                )
            )
        by_name = {str(v): v for v in variables}
        for name in values:
            if name not in by_name:
                raise DerivationError(
                    f"{derivation.claim.id}: {source.name} has no variable {name!r}; it has {', '.join(by_name)}"
                )
        substitution = {by_name[name]: sp.sympify(value) for name, value in values.items()}
        rest = tuple(v for v in variables if v not in substitution)
        conditions = [_with_values(w, substitution) for w in needed]
        fixed = {v for v in rest for w in needed if isinstance(w, QUANTIFIED) and mentions(w, v)}
        given = (*derivation.where, *where)
        for condition in conditions:
            if isinstance(condition, QUANTIFIED) and condition not in given and not _granted(condition, known, facts):
                raise DerivationError(
                    f"{derivation.claim.id}: {source.name} needs the hypothesis {_in_words(condition)}; assume it here too"
                )
        for symbol, value in substitution.items():
            conditions += _assumption_relations(symbol, value, facts, derivation, source)
        about = [c for c in conditions if not isinstance(c, QUANTIFIED)]
        for condition in about:
            here = not any(mentions(condition, v) for v in rest) and condition not in given
            if here and facts.decide(condition) is not True:
                raise DerivationError(
                    f"{derivation.claim.id}: {source.name} needs {condition}, which the hypotheses "
                    "do not give; assume it or restrict the values"
                )
        for a, relation, b in sides:
            if any(captures(side, substitution.values()) for side in (a, b)):
                raise DerivationError(f"{derivation.claim.id}: {source.name} binds what a value given for it speaks of")
            left, right = (renamed(side).subs(substitution, simultaneous=True) if substitution else side for side in (a, b))
            left_over = tuple(v for v in rest if (left.has(v) or right.has(v)) and v not in fixed)
            where_left = tuple(c for c in about if any(mentions(c, v) for v in rest))
            known.append(_as_fact(left, relation, right, left_over if not substitution or relation != "=" else (), where_left))
    return tuple(known)


def _assumption_relations(symbol: Any, value: Any, facts: Facts, derivation: Derivation, source: Any) -> list[Any]:
    needed: list[Any] = []
    if symbol.is_integer and not facts.is_integer(value):
        raise DerivationError(
            f"{derivation.claim.id}: {source.name} holds for an integer {symbol}, and {value} is not known to be one"
        )
    if symbol.is_real and not facts.is_real(value):
        raise DerivationError(
            f"{derivation.claim.id}: {source.name} holds for a real {symbol}, and {value} is not known to be real"
        )
    if symbol.is_positive:
        needed.append(value > 0)
    elif symbol.is_negative:
        needed.append(value < 0)
    elif symbol.is_nonnegative:
        needed.append(value >= 0)
    elif symbol.is_nonpositive:
        needed.append(value <= 0)
    elif symbol.is_real and symbol.is_zero is False:
        needed.append(sp.Ne(value, 0))
    special = [a for a in ("even", "odd", "prime", "composite", "irrational", "imaginary") if getattr(symbol, f"is_{a}")]
    if special and value != symbol:
        raise DerivationError(
            f"{derivation.claim.id}: {source.name} holds for {special[0]} {symbol} only; use it for {symbol} itself"
        )
    return [c for c in needed if c not in (True, sp.true)]


def _with_values(condition: Any, values: Mapping[Any, Any]) -> Any:
    """A hypothesis of a claim at particular values."""
    if not values:
        return condition
    if isinstance(condition, ForAll):
        own = {k: v for k, v in values.items() if k not in condition.variables}
        equation = condition.equation.func(
            *(side.subs(own, simultaneous=True) for side in condition.equation.args), evaluate=False
        )
        return ForAll(condition.variables, equation, tuple(w.subs(own, simultaneous=True) for w in condition.where))
    if isinstance(condition, Density):
        ends = (sp.sympify(e).subs(values, simultaneous=True) for e in (condition.lower, condition.upper))
        return Density(condition.variable, condition.density.subs(values, simultaneous=True), *ends)
    return condition if isinstance(condition, QUANTIFIED) else condition.subs(values, simultaneous=True)


def _granted(condition: Any, known: list[Any], facts: Facts) -> bool:
    """Whether what a used claim assumes for all values is, up to names and normal form, one of the facts that the step uses."""
    if not isinstance(condition, ForAll):
        return False
    for fact in known:
        if not isinstance(fact, ForAll) or len(fact.variables) != len(condition.variables):
            continue
        pairs = list(zip(fact.variables, condition.variables, strict=True))
        if any(a.assumptions0 != b.assumptions0 for a, b in pairs):
            continue
        # variables of their own: nothing that is known of a free symbol of the same name is known of them
        fresh = [sp.Dummy(a.name, **a.assumptions0) for a, _ in pairs]
        names = {a: new for (a, _), new in zip(pairs, fresh, strict=True)}
        wanted_names = {b: new for (_, b), new in zip(pairs, fresh, strict=True)}
        if not {w.xreplace(names) for w in fact.where} <= {w.xreplace(wanted_names) for w in condition.where}:
            continue
        (kind, have), (wanted, want) = (_difference(c.equation) for c in (fact, condition))
        if kind != wanted and not (kind == "<" and wanted == "<="):
            continue
        with contextlib.suppress(NoNormalForm, NeedCase):
            if NormalForm(facts).is_zero(renamed(have).xreplace(names) - renamed(want).xreplace(wanted_names)):
                return True
    return False


def _difference(equation: Any) -> tuple[str, Any]:
    """("=" or "<=" or "<", what is zero, or not negative)."""
    if isinstance(equation, sp.Eq):
        return "=", equation.lhs - equation.rhs
    small, large = (equation.lhs, equation.rhs) if isinstance(equation, sp.Le | sp.Lt) else (equation.rhs, equation.lhs)
    return ("<" if isinstance(equation, sp.Lt | sp.Gt) else "<="), large - small


def _in_words(condition: Any) -> str:
    if isinstance(condition, ForAll):
        return f"{condition.equation} for all {', '.join(map(str, condition.variables))}"
    if isinstance(condition, Independent):
        return f"that the coordinates of {condition.vector} are independent"
    if isinstance(condition, Copy):
        return f"that {condition.variable} is an independent copy of {condition.original}"
    return f"that {condition.variable} has the density {condition.density}"


def _as_fact(lhs: Any, relation: str, rhs: Any, forall: tuple[Any, ...], where: tuple[Any, ...]) -> Any:
    compare = {"=": sp.Eq, "<=": sp.Le, "<": sp.Lt}[relation]
    equation = compare(lhs, rhs, evaluate=False)
    # with a condition of its own it is used only where that is known, in one case of several for instance
    return ForAll(tuple(forall), equation, tuple(where)) if forall or where else equation


__all__ = [
    "Derivation",
    "DerivationError",
    "Fact",
    "Instance",
    "Statement",
    "Step",
    "Theorem",
    "Wrong",
    "facts_of",
]
