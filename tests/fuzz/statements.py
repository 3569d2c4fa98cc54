"""Random statements that are true by construction, the same with one slip, and what the checker must not say of either."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import itertools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sympy as sp
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from mpmath import mp

from derivable import at_most, equal
from derivable.search import propose
from derivable.trusted.deadline import TimeLimit, alarm
from derivable.trusted.equality import Prover, entries
from derivable.trusted.facts import Contradiction, Facts
from derivable.trusted.order import OrderProver
from tests.fuzz.perturbations import perturbed
from tests.fuzz.rewrites import EQUALITIES, INEQUALITIES
from tests.fuzz.strategies import complexes, hypotheses, reals

SECONDS = 0.5  # for the decision of one statement
BUILDING = 3.0  # for SymPy, which evaluates what it builds
TRIES, DIGITS = 24, 25  # points at which a statement with a slip is evaluated, and to how many digits
PRECISIONS = (DIGITS, 2 * DIGITS)
SURELY = (*PRECISIONS, 40 * DIGITS)  # where large terms cancel, two low precisions can agree upon a wrong value
SURE_SECONDS = 120.0  # for an evaluation to so many digits
REACH = mp.mpf(10) ** 60  # numbers beyond it are not evaluated well enough to convict anybody


def _independent() -> Any:
    """The evaluator of the corpus: mpmath alone, nothing of the checker."""
    name = "corpus_evaluate"
    if name not in sys.modules:
        path = Path(__file__).resolve().parents[1] / "corpus" / "evaluate.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@dataclass(frozen=True)
class Claim:
    """A statement with its origin: the rewriting, the context, and the slip if there is one."""

    lhs: Any
    rhs: Any
    relation: str
    where: tuple[Any, ...]
    origin: str

    def __str__(self) -> str:
        """The statement as a person reads it, and as SymPy builds it again."""
        given = f" given {', '.join(map(str, self.where))}" if self.where else ""
        return f"{self.lhs} {self.relation} {self.rhs}{given}   [{self.origin}]\n{sp.srepr((self.lhs, self.rhs, *self.where))}"


@contextlib.contextmanager
def _building() -> Iterator[None]:
    """What SymPy fails to build, or takes too long for, is no statement: the checker has not seen it."""
    try:
        with alarm(BUILDING):
            yield
    except (TimeLimit, ValueError, NotImplementedError):
        reject()


def _in_context(draw: DrawFn, left: Any, right: Any) -> tuple[str, Any, Any]:
    """Both sides under one more operation."""
    if isinstance(left, sp.MatrixBase | sp.MatrixExpr):
        return "as it stands", left, right
    name = draw(st.sampled_from(["as it stands", "as it stands", "plus", "times", "squared", "inside a function", "conjugated"]))
    if name == "plus":
        other = draw(complexes)
        return name, left + other, other + right
    if name == "times":
        other = draw(complexes)
        return name, sp.Mul(left, other, evaluate=False), right * other
    if name == "squared":
        return name, left**2, sp.Pow(right, 2, evaluate=False)
    if name == "inside a function":
        function = draw(st.sampled_from([sp.exp, sp.sin, sp.Abs, sp.re]))
        return name, function(left), function(right)
    if name == "conjugated":
        return name, sp.conjugate(left), sp.conjugate(right)
    return name, left, right


@st.composite
def true_claims(draw: DrawFn) -> Claim:
    """A true statement: a rewriting, or two in a row, in a context, with hypotheses that it does not need beside its own."""
    with _building():
        return _true_claim(draw)


def _true_claim(draw: DrawFn) -> Claim:
    if draw(st.integers(0, 5)) == 0:
        name = draw(st.sampled_from(sorted(INEQUALITIES)))
        left, right, *where = INEQUALITIES[name](draw)
        conditions = where[0] if where else ()
        if draw(st.booleans()):
            other = draw(reals)
            left, right = left + other, right + other
        return Claim(left, right, "<=", (*conditions, *draw(hypotheses)), name)
    name = draw(st.sampled_from(sorted(EQUALITIES)))
    left, right, *where = EQUALITIES[name](draw)
    conditions = where[0] if where else ()
    if not isinstance(left, sp.MatrixBase | sp.MatrixExpr) and draw(st.integers(0, 3)) == 0:
        second = draw(st.sampled_from(sorted(EQUALITIES)))
        other_left, other_right, *others = EQUALITIES[second](draw)
        if not isinstance(other_left, sp.MatrixBase | sp.MatrixExpr):
            name = f"{name} and {second}"
            left, right = left * other_left, other_right * right
            conditions = (*conditions, *(others[0] if others else ()))
    context, left, right = _in_context(draw, left, right)
    return Claim(left, right, "=", (*conditions, *draw(hypotheses)), f"{name}; {context}")


@st.composite
def claims_with_a_slip(draw: DrawFn) -> Claim:
    """A true statement with one slip on the right side, a hypothesis dropped, or the relation turned round. Mostly false."""
    with _building():
        return _with_a_slip(draw, _true_claim(draw))


def _with_a_slip(draw: DrawFn, claim: Claim) -> Claim:
    kind = draw(st.sampled_from(["side", "side", "side", "side", "hypothesis", "relation"]))
    if kind == "hypothesis" and claim.where:
        dropped = draw(st.integers(0, len(claim.where) - 1))
        where = claim.where[:dropped] + claim.where[dropped + 1 :]
        return Claim(claim.lhs, claim.rhs, claim.relation, where, f"{claim.origin}; without {claim.where[dropped]}")
    if kind == "relation" and claim.relation == "<=":
        return Claim(claim.rhs, claim.lhs, "<=", claim.where, f"{claim.origin}; turned round")
    rhs = claim.rhs.doit().as_explicit() if isinstance(claim.rhs, sp.MatrixExpr) else claim.rhs
    changed = perturbed(rhs, lambda number: draw(st.integers(0, number - 1)))
    if changed is None and isinstance(rhs, sp.MatrixBase):
        return Claim(claim.lhs, rhs + sp.ones(*rhs.shape), claim.relation, claim.where, f"{claim.origin}; one more everywhere")
    if changed is None:
        return Claim(claim.lhs, 2 * claim.rhs + 1, claim.relation, claim.where, f"{claim.origin}; twice, plus one")
    return Claim(claim.lhs, changed[1], claim.relation, claim.where, f"{claim.origin}; {changed[0]}")


def failure(claim: Claim, precisions: tuple[int, ...] = PRECISIONS) -> str | None:
    """An admissible point at which mpmath sees the statement fail, at each precision; None if none was met."""
    independent = _independent()
    pairs = entries(claim.lhs, claim.rhs)
    if pairs is None:
        return "the shapes differ"
    for lhs, rhs in pairs:
        with mp.workdps(DIGITS):
            for point in independent.points(lhs, rhs, claim.where, "fuzz", {}, TRIES):
                if _fails(independent, lhs, rhs, claim.relation, point, precisions):
                    return str({str(s): str(v) for s, v in point.values.items()})
    return None


def _fails(independent: Any, lhs: Any, rhs: Any, relation: str, point: Any, precisions: tuple[int, ...]) -> bool:
    offs, values = [], []
    for digits in precisions:
        with mp.workdps(digits):
            try:
                left, right, off = independent.difference(lhs, rhs, point)
            except (independent.UndefinedValue, KeyError, TypeError, AttributeError):
                return False
            if off < mp.mpf(10) ** -6 or not mp.isfinite(off):
                return False
            if relation == "<=" and (abs(mp.im(left)) + abs(mp.im(right)) > mp.mpf(10) ** -9 or mp.re(left) < mp.re(right)):
                return False
            if max(abs(left), abs(right)) > REACH:
                return False
            offs.append(off)
            values.append((left, right))
    # a value that changes with the precision is none
    moved = max(
        abs(once - again) / max(abs(once), abs(again), 1 / REACH)
        for earlier, later in itertools.pairwise(values)
        for once, again in zip(earlier, later, strict=True)
    )
    return bool(max(offs) - min(offs) < max(offs) / 1000 and moved < 1 / mp.mpf(1000))


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection: Hypothesis times it in a callback, and an alarm that goes off in there is lost."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def decided(claim: Claim, seconds: float = SECONDS) -> Any:
    """The checker's answer."""
    decide = equal if claim.relation == "=" else at_most
    with _without_collection():
        return decide(claim.lhs, claim.rhs, where=claim.where, timeout=seconds)


def proved_without_attack(claim: Claim, seconds: float = SECONDS) -> Any:
    """What the rules alone prove, no point tried before: a proof, or None."""
    try:
        facts, deadline = Facts(claim.where), time.monotonic() + seconds
        pairs = entries(claim.lhs, claim.rhs)
        with _without_collection(), alarm(seconds):
            if claim.relation == "<=":
                return OrderProver(propose, deadline).sign(claim.rhs - claim.lhs, facts, False)
            proofs = [Prover(propose, deadline).zero(a - b, facts) for a, b in pairs or ()]
            return proofs[-1] if pairs and None not in proofs else None
    except (TimeLimit, Contradiction):
        return None
    except Exception:  # the decision reports these as open; whether that is a defect is another question
        return None


def check_true(claim: Claim) -> str:
    """The verdict on a true statement, which must not be `refuted`."""
    decision = decided(claim)
    assert decision.verdict != "refuted", f"a true statement is refuted: {claim}\n{decision.counterexample}"
    return str(decision.verdict)


def check_with_a_slip(claim: Claim) -> str:
    """The verdict on a statement with a slip: `proved` only if mpmath sees it hold too, by the rules alone as well."""
    verdict = decided(claim).verdict
    proof = None if verdict in ("proved", "enclosed") else proved_without_attack(claim)
    if verdict in ("proved", "enclosed") or proof is not None:
        where = failure(claim)
        elementary = not any(e.has(sp.Integral, sp.Limit, sp.Sum, sp.Product) for e in (claim.lhs, claim.rhs))
        if where is not None and elementary:  # quadrature to so many digits would acquit by failing
            with contextlib.suppress(TimeLimit), alarm(SURE_SECONDS):  # what cannot be seen surely is a finding all the same
                where = failure(claim, SURELY)
        assert where is None, (
            f"a false statement is proved{'' if proof is None else ' by the rules alone'}: {claim}\nfails at {where}"
        )
    return str(verdict)
