"""Check claims: each in a process of its own, step by step, and gather what came of it into the record.

A claim's process reports every result as soon as it has it; if it hangs beyond its time, or crashes, what it had reported is kept
and the claim stays open, with the step named.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import platform
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import sympy as sp

import derivable
from derivable import record
from derivable.decide import decide
from derivable.derivation import Derivation, DerivationError, Statement, Step, Theorem, Wrong, facts_of
from derivable.kept import KeptResults
from derivable.measurement import Measurement
from derivable.mutants import Mutant, mutants
from derivable.post import Claim, Post
from derivable.printing import latex, statement_latex, statement_text
from derivable.search import combination as _loaded_before_the_forks  # noqa: F401
from derivable.search import propose
from derivable.trusted.deadline import GRACE, ChildLost, TimeLimit, alarm, forked
from derivable.trusted.decision import PROVED, REFUTED, Counterexample, Decision, Proof
from derivable.trusted.facts import Contradiction, Copy, Density, ForAll, Independent
from derivable.trusted.rules import RuleFailed, proof_by

FINITE = "proved for n ≤ N"
CONTROL_SECONDS = 1.5
MEASUREMENT_SECONDS = 120.0
MUTANTS = 12
Listener = Callable[[str], None]


@dataclass
class ClaimRun:
    """The result of one claim: its part of the record, and what went wrong, in words for a person."""

    claim: record.Claim
    problems: list[str] = field(default_factory=list)
    kept: bool = False  # from an earlier run

    @property
    def ok(self) -> bool:
        """Whether the claim stands as its author wrote it."""
        return not self.problems


class Session:
    """Runs claims once each, the claims that they use first."""

    def __init__(self, listener: Listener | None = None, mutants: int = MUTANTS, kept: KeptResults | None = None):
        self.kept = kept
        self.listener = listener or (lambda text: None)
        self.mutants = mutants
        self._done: dict[str, ClaimRun] = {}
        self._running: list[str] = []
        self.started = time.time()
        self.interrupted = False

    def results(self) -> dict[str, ClaimRun]:
        """What is known so far, by claim id."""
        return dict(self._done)

    def run(self, claim: Claim) -> ClaimRun:
        """The result for a claim, computed at most once."""
        if claim.id in self._done:
            return self._done[claim.id]
        if claim.id in self._running:
            circle = " → ".join([*self._running, claim.id])
            raise DerivationError(f"claims use each other in a circle: {circle}")
        self._running.append(claim.id)
        try:
            result = self._run(claim)
        finally:
            self._running.pop()
        self._done[claim.id] = result
        return result

    def _run(self, claim: Claim) -> ClaimRun:
        started = time.monotonic()
        base = record.Claim(claim.id, claim.name, claim.kind, "open", "", file=claim.file, line=claim.line)
        try:
            derivation = claim.derivation()
        except DerivationError as error:
            return ClaimRun(replace(base, message=str(error)), [str(error)])
        except Exception as error:
            text = f"{_place(claim, error)}: claim {claim.id}: {type(error).__name__}: {error}. Correct the derivation there"
            return ClaimRun(replace(base, message=text), [text])
        if self.kept is not None:
            earlier = self.kept.find(claim, derivation, self.mutants)
            if earlier is not None:
                return ClaimRun(replace(earlier, file=_relative(claim.file), line=claim.line), kept=True)
        if claim.measurements:
            # before the fork, so that not every claim's process loads it again
            with contextlib.suppress(ImportError):
                importlib.import_module("torch")
        try:
            used = [self.run(other) for other in derivation.uses.values()]
        except DerivationError as error:
            return ClaimRun(replace(base, message=str(error)), [str(error)])
        result = _checked(claim, derivation, used, base, started, self.listener, self.mutants)
        if self.kept is not None and result.ok:
            self.kept.keep(claim, derivation, self.mutants, result.claim)
        return result

    def record(self, posts: Iterable[Post], errors: Iterable[record.Post] = ()) -> record.Record:
        """The record of what was run so far, for these posts; `errors` are posts whose module failed to import."""
        rows = [post_record(p, [self._done[c.id].claim for c in p.claims if c.id in self._done]) for p in posts]
        return record.Record(environment(self.started), [*(row for row in rows if row.claims), *errors])


def post_record(post: Post, claims: list[record.Claim]) -> record.Post:
    """A post's part of the record, with these claims."""
    papers = tuple(record.Paper(*p) for p in post.papers)
    return record.Post(
        post.slug,
        post.area,
        post.title,
        post.english,
        post.date,
        post.archive,
        papers,
        _relative(post.file),
        claims,
    )


def record_of_parts(parts: list[dict[str, Any]], started: float) -> record.Record:
    """A record from claims that were checked in several processes: each part is a post without claims, a claim, its position."""
    posts: dict[tuple[str, str], Any] = {}
    claims: dict[tuple[str, str], list[tuple[int, record.Claim]]] = {}
    for part in parts:
        post = record.Post.from_json(part["post"])
        key = (post.area, post.slug)
        posts.setdefault(key, post)
        if part["claim"] is not None:
            claims.setdefault(key, []).append((part["position"], record.Claim.from_json(part["claim"])))
    rows = [
        replace(p, claims=tuple(c for _, c in sorted(claims.get(k, []), key=lambda pair: pair[0])))
        for k, p in sorted(posts.items())
    ]
    return record.Record(environment(started), rows)


def environment(started: float) -> record.Environment:
    """Versions, machine, and the trusted folder's size."""
    import flint

    torch = sys.modules.get("torch")
    trusted = Path(__file__).parent / "trusted"
    lines = sum(1 for path in trusted.glob("*.py") for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    cuda = torch is not None and torch.cuda.is_available()
    return record.Environment(
        derivable=derivable.__version__,
        python=platform.python_version(),
        sympy=sp.__version__,
        flint=flint.__version__,
        platform=platform.platform(terse=True),
        started=time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(started)),
        torch=str(torch.__version__) if torch is not None else None,
        device=torch.cuda.get_device_name() if cuda and torch is not None else "cpu",
        seeds={"sampling": 0, "monte_carlo": 0},
        seconds=round(time.time() - started, 3),
        trusted_folder="checker/trusted",
        trusted_lines=lines,
    )


# -- one claim ---------------------------------------------------------------------------------------------------------


def _checked(
    claim: Claim,
    d: Derivation,
    used: list[ClaimRun],
    base: record.Claim,
    started: float,
    listener: Listener,
    most: int,
) -> ClaimRun:
    problems: list[str] = []
    steps: list[record.Step] = []
    controls: dict[str, list[record.Control]] = {"refuted": [], "equivalent": [], "survivors": []}
    crosschecks: list[record.Crosscheck] = []
    erratum: record.Erratum | None = None
    allowance, doing = [30.0], ["setting up"]

    try:
        pieces = _pieces(claim, d, most)
    except Exception as error:
        pieces = []
        problems.append(f"{_place(claim, error)}: claim {claim.id}: {type(error).__name__}: {error}")
    at = [0]

    def task(send: Callable[[Any], None]) -> None:
        torch = sys.modules.get("torch")
        if torch is not None:  # its threads did not come along: a parallel loop would wait for them for ever
            torch.set_num_threads(1)
        try:
            for number, piece in enumerate(pieces[at[0] :], at[0]):
                send(("piece", number))
                for part in piece.work():
                    send(part)
        except Exception as error:  # what was sent before is kept
            send(("problem", f"{_place(claim, error)}: claim {claim.id}: {type(error).__name__}: {error}"))

    while at[0] < len(pieces):
        try:
            for kind, *content in forked(task, lambda: allowance[0]):
                if kind == "piece":
                    at[0] = content[0]
                    piece = pieces[at[0]]
                    allowance[0], doing[0] = piece.seconds + GRACE + 1.0, piece.what
                    listener(f"{claim.id}: {piece.what}")
                elif kind == "step":
                    steps.append(content[0])
                elif kind == "control":
                    controls[content[0]].append(content[1])
                elif kind == "crosscheck":
                    crosschecks += content[0]
                elif kind == "erratum":
                    erratum = content[0]
                elif kind == "problem":
                    problems.append(content[0])
            break
        except ChildLost as lost:
            piece = pieces[at[0]]
            if piece.mutant is not None:  # one that compiled code does not let go of is neither refuted nor proved
                m = piece.mutant
                shown = statement_latex(m.lhs, m.relation, m.rhs)
                controls["survivors"].append(record.Control("mutant", m.description, shown, "open", None))
            else:
                place = f"{claim.file}:{claim.line}: claim {claim.id}"
                problems.append(f"{place}: {lost} while {doing[0]}; simplify the step or raise its seconds=")
                if piece.step:
                    steps.append(record.Step(len(steps) + 1, "", "", "", "lost", doing[0], "open"))
            at[0] += 1
    cited = [*_cited(d), *_implicit(steps)]
    verdicts = [s.verdict for s in steps if s.rule != "start"]
    bound = next((s.bound for s in d.steps if s.bound), None)
    own = record.weakest(verdicts) if verdicts else "open"
    verdict = record.weakest([own, *(u.claim.verdict for u in used)])
    for u in used:
        if u.claim.verdict in ("open", "refuted"):
            problems.append(f"claim {claim.id} uses {u.claim.id}, which is {u.claim.verdict}")
    if verdict in ("open", "refuted") and claim.kind != "open" and not problems:
        problems.append(f"claim {claim.id} is {verdict}")
    if not controls["refuted"] and not problems:
        problems.append(
            f"{claim.file}:{claim.line}: claim {claim.id}: no control was refuted, so the check cannot be seen to fail; "
            "add d.refute(…) or give d.instance(…) so that mutants can be evaluated"
        )
    statements = [statement_latex(s.lhs, s.relation, s.rhs) for s in d.statements]
    statements += [s.statement.lhs for s in d.steps if s.kind == "exhaust" and not d.statements]
    result = replace(
        base,
        verdict=verdict,
        bound=bound if verdict == FINITE else None,
        statement=_joined(statements),
        statements=statements,
        hypotheses=_hypotheses(d),
        cited=cited,
        uses=list(d.uses),
        steps=steps,
        controls=record.Controls(**controls),
        crosschecks=crosschecks,
        erratum=erratum,
        file=_relative(claim.file),
        seconds=round(time.monotonic() - started, 3),
        message=" ".join(problems + d.remarks) or None,
        fingerprint=_fingerprint(d),
    )
    return ClaimRun(result, problems)


@dataclass(frozen=True)
class _Piece:
    """A piece of a claim's work: what it may take, what it is called, and what it sends when it is done.

    A piece that does not end is killed with the process; those after it are done by another one.
    """

    seconds: float
    what: str
    work: Callable[[], Iterator[tuple[Any, ...]]]
    step: bool = False
    mutant: Mutant | None = None


def _pieces(claim: Claim, d: Derivation, most: int) -> list[_Piece]:
    found = []
    for number, step in enumerate(d.steps, 1):
        what = f"step {number}" + (f" ({step.reason})" if step.reason else "")
        found.append(_Piece(step.seconds, what, partial(_stepped, claim, d, number, step), step=True))
    for wrong in d.wrong:
        seconds = 60.0 if callable(wrong.statement.rhs) else CONTROL_SECONDS * 4
        found.append(_Piece(seconds, f"control “{wrong.because}”", partial(_wrong, claim, d, wrong)))
    conclusions = d.statements or []
    share = max(3, most // max(len(conclusions), 1))
    for statement in conclusions:
        for mutant in mutants(statement.lhs, statement.relation, statement.rhs, share):
            # compiled code that no alarm interrupts may take longer than the decision's own limit
            what = f"mutant: {mutant.description}"
            found.append(_Piece(CONTROL_SECONDS * 6, what, partial(_attacked, d, mutant), mutant=mutant))
    for measured in claim.measurements:
        found.append(_Piece(MEASUREMENT_SECONDS, f"cross-check {measured.name}", partial(_measured, claim, d, measured)))
    return found


def _stepped(claim: Claim, d: Derivation, number: int, step: Step) -> Iterator[tuple[Any, ...]]:
    row, problem = _step(claim, d, number, step)
    yield "step", row
    if problem:
        yield "problem", problem


def _attacked(d: Derivation, mutant: Mutant) -> Iterator[tuple[Any, ...]]:
    decision = decide(
        mutant.relation,
        mutant.lhs,
        mutant.rhs,
        d.where,
        CONTROL_SECONDS,
        d.instances,
        attack_seconds=CONTROL_SECONDS * 2 / 3,
    )
    outcome = "refuted" if decision.verdict == REFUTED else "equivalent" if decision.verdict == PROVED else "survivors"
    shown = statement_latex(mutant.lhs, mutant.relation, mutant.rhs)
    yield "control", outcome, record.Control("mutant", mutant.description, shown, decision.verdict, _witness(decision))


def _step(claim: Claim, d: Derivation, number: int, step: Step) -> tuple[record.Step, str | None]:
    place = f"{claim.file}:{step.line}: claim {claim.id}, step {number}"
    s = step.statement
    if step.kind == "start":
        return record.Step(number, latex(s.lhs), "", _srepr(s.lhs), "start", "", PROVED), None
    if step.kind == "exhaust":
        return _exhausted(place, number, step)
    decision = _decided(d, step)
    relation = {"=": "=", "<=": "≤", "<": "<"}[s.relation]
    shown = latex(step.shown) if step.kind == "chain" else statement_latex(s.lhs, s.relation, s.rhs)
    # the rule that comes first in the proof names the step; an author's rule names itself
    rule = step.rule.name if step.rule is not None else decision.proof.rules[0][0] if decision.proof.rules else "none"
    if step.cited is not None:
        rule = f"cited: {step.cited.name}"
    row = record.Step(
        number=number,
        latex=shown,
        relation=relation if step.kind == "chain" else "⊢",
        srepr=_srepr((s.lhs, s.relation, s.rhs)),
        rule=rule,
        reason=step.reason,
        verdict=decision.verdict,
        seconds=round(decision.seconds, 4),
        certificate=list(decision.proof.lines()),
        exceptions=list(decision.proof.exceptions),
        points=decision.points,
        rigorous=decision.rigorous,
        counterexample=_witness(decision),
    )
    if decision.verdict in ("proved", "enclosed", "sampled"):
        return row, None
    lines = [
        f"{place}: {decision.verdict}",
        f"  reason given: {step.reason}",
        f"  rule: {rule}",
        f"  left:  {s.lhs}",
        f"  {relation}",
        f"  right: {s.rhs}",
    ]
    if decision.counterexample is not None:
        lines.append(f"  counterexample: {decision.counterexample}")
    if decision.note:
        lines.append(f"  note: {decision.note}")
    conditions = ", ".join(str(c) for c in (*d.where, *s.where) if not isinstance(c, ForAll | Independent | Copy | Density))
    lines.append(f"  hypotheses: {conditions or 'none beyond the symbols'}")
    return row, "\n".join(lines)


def _decided(d: Derivation, step: Step) -> Decision:
    s = step.statement
    where = (*d.where, *s.where)
    try:
        known = facts_of(step.using, d, _statements_of, s.where)
        if step.cited is not None and step.cited.equation is not None:
            known += facts_of([step.cited], d, _statements_of, s.where)
    except (DerivationError, Contradiction) as error:
        return Decision("open", note=str(error))
    proof: Callable[[Any], Proof | None] | None = None
    if step.cited is not None and step.cited.equation is None:
        text = step.cited.statement + (f" [{step.cited.reference}]" if step.cited.reference else "")
        proof = lambda facts: Proof(((f"cited: {step.cited.name}", text),), cited=(step.cited.name,))  # noqa: E731
    elif step.rule is not None:
        try:
            proof = proof_by(step.rule, s.lhs, s.rhs, s.relation, propose)
        except RuleFailed as error:
            return Decision("open", note=str(error))
    return decide(s.relation, s.lhs, s.rhs, where, step.seconds, d.instances, proof, known)


def _statements_of(claim: Claim) -> dict[str, Any]:
    other = claim.derivation()
    return {"statements": other.statements, "where": other.where}


def _exhausted(place: str, number: int, step: Step) -> tuple[record.Step, str | None]:
    started = time.monotonic()
    assert step.check is not None
    text = step.statement.lhs
    try:
        with alarm(step.seconds):
            count, failing = step.check()
    except TimeLimit:
        row = record.Step(number, text, "⊢", "", "exhaustion", step.reason, "open", step.seconds)
        return row, f"{place}: no answer within {step.seconds:g} s; state a smaller set"
    except Exception as error:
        row = record.Step(number, text, "⊢", "", "exhaustion", step.reason, "open", 0.0)
        return row, f"{place}: {type(error).__name__}: {error}"
    seconds = round(time.monotonic() - started, 4)
    if count == 0:
        row = record.Step(number, text, "⊢", "", "exhaustion", step.reason, "open", seconds)
        return row, f"{place}: vacuous: the set of cases is empty"
    witness = None if failing is None else record.Counterexample({"case": str(failing)}, "false", "true", True)
    verdict = FINITE if failing is None else REFUTED
    certificate = [f"{count} cases, each checked exactly ({step.bound})"]
    row = record.Step(
        number,
        text,
        "⊢",
        "",
        "exhaustion",
        step.reason,
        verdict,
        seconds,
        certificate,
        [],
        count,
        True,
        witness,
    )
    return row, None if failing is None else f"{place}: fails for {failing}\n  statement: {text}"


def _wrong(claim: Claim, d: Derivation, wrong: Wrong) -> Iterator[tuple[Any, ...]]:
    s = wrong.statement
    place = f"{claim.file}:{wrong.line}: claim {claim.id}"
    if callable(s.rhs):
        case = s.rhs()
        shown = s.lhs
        found = None if case is None else record.Counterexample({"case": str(case)}, "false", "true", True)
        verdict = REFUTED if case is not None else "open"
    else:
        decision = decide(s.relation, s.lhs, s.rhs, (*d.where, *s.where), CONTROL_SECONDS * 4, d.instances)
        shown = statement_latex(s.lhs, s.relation, s.rhs)
        found, verdict = _witness(decision), decision.verdict
    outcome = "refuted" if verdict == REFUTED else "equivalent" if verdict == PROVED else "survivors"
    yield "control", outcome, record.Control("author", wrong.because, shown, verdict, found)
    if verdict != REFUTED:
        what = "the post's statement" if wrong.section is not None else "the control"
        yield "problem", f"{place}: {what} “{wrong.because}” was not refuted but {verdict}: {shown}"
    if wrong.section is not None:
        correction = _joined([statement_latex(t.lhs, t.relation, t.rhs) for t in d.statements]) or _joined(
            [t.statement.lhs for t in d.steps if t.kind == "exhaust"]
        )
        yield "erratum", record.Erratum(wrong.section, shown, correction, wrong.because, found, wrong.kind)


def _measured(claim: Claim, d: Derivation, measured: Any) -> Iterator[tuple[Any, ...]]:
    m = Measurement(d, measured.name, measured.kernel, measured.against)
    place = f"{claim.file}:{measured.line}: claim {claim.id}, cross-check {measured.name}"
    try:
        with alarm(MEASUREMENT_SECONDS):
            measured.function(m)
        rows = m.rows()
    except TimeLimit:
        yield "problem", f"{place}: no answer within {MEASUREMENT_SECONDS:g} s; take fewer or smaller cases"
        return
    except DerivationError as error:
        yield "problem", f"{place}: {error}"
        return
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        yield "problem", f"{place}: {type(error).__name__}: {error} ({where.filename}:{where.lineno})"
        return
    yield "crosscheck", rows
    for row in rows:
        if not row.ok:
            yield (
                "problem",
                f"{place}: {row.kernel} ({row.dtype}, {row.device}) is off by "
                f"{row.worst_error:.3g}, allowed {row.allowed_error:.3g}",
            )


# -- the record's parts ------------------------------------------------------------------------------------------------


def _witness(decision: Decision) -> record.Counterexample | None:
    c: Counterexample | None = decision.counterexample
    return None if c is None else record.Counterexample(dict(c.point), c.lhs, c.rhs, c.rigorous, c.slip)


def _cited(d: Derivation) -> list[record.Cited]:
    return [record.Cited(t.name, t.statement, t.reference, list(t.hypotheses)) for t in d.theorems.values()]


def _implicit(steps: list[record.Step]) -> list[record.Cited]:
    """Analytic theorems that the rules themselves relied on."""
    names = {
        line.removeprefix("cited: "): None
        for s in steps
        for line in s.certificate
        if line.startswith("cited: ") and not s.rule.startswith("cited")
    }
    return [record.Cited(name, name) for name in names]


def _hypotheses(d: Derivation) -> list[record.Hypothesis]:
    rows = [record.Hypothesis(_condition_latex(c) if c is not None else "", text) for c, text in d.hypotheses]
    rows += [record.Hypothesis(latex(s), _assumptions(s)) for s in sorted(_symbols(d), key=str)]
    return rows


def _symbols(d: Derivation) -> set[Any]:
    from derivable.trusted.sampling import free_symbols

    return free_symbols(
        tuple(side for s in d.statements for e in (s.lhs, s.rhs) for side in (list(e) if isinstance(e, sp.MatrixBase) else [e]))
    )


def _assumptions(s: Any) -> str:
    for name, text in (("integer", "integer"), ("real", "real number")):
        if getattr(s, f"is_{name}"):
            sign = "positive " if s.is_positive else "nonnegative " if s.is_nonnegative else "negative " if s.is_negative else ""
            return sign + text
    return "complex number"


def _condition_latex(c: Any) -> str:
    if isinstance(c, ForAll):
        names = ", ".join(latex(v) for v in c.variables)
        return rf"{latex(c.equation)} \quad \forall\, {names}"
    if isinstance(c, Independent):
        return rf"\text{{the coordinates of }} {latex(c.vector)} \text{{ are independent}}"
    if isinstance(c, Copy):
        return rf"{latex(c.variable)} \text{{ is an independent copy of }} {latex(c.original)}"
    if isinstance(c, Density):
        ends = rf"{latex(c.lower)} < {latex(c.variable)} < {latex(c.upper)}"
        return rf"{latex(c.variable)} \text{{ has the density }} {latex(c.density)} \text{{ on }} {ends}"
    return latex(c)


def _joined(statements: list[str]) -> str:
    return r",\quad ".join(statements)


def _srepr(e: Any) -> str:
    if isinstance(e, tuple):
        return f"{sp.srepr(e[0])} {e[1]} {sp.srepr(e[2])}"
    return str(sp.srepr(e))


def _fingerprint(d: Derivation) -> str:
    parts = [_srepr((s.lhs, s.relation, s.rhs)) for s in d.statements]
    parts += [
        f"{s.kind} {s.reason} {s.rule} {s.statement.lhs} {s.statement.relation} {s.statement.rhs}"
        for s in d.steps
        if s.kind != "exhaust"
    ]
    parts += [str(c) for c in d.where]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _relative(path: str) -> str:
    """A path as the record shows it: from the folder that holds the derivations, never from the root of a machine."""
    with contextlib.suppress(ValueError):
        return str(Path(path).resolve().relative_to(Path(__file__).resolve().parent.parent))
    with contextlib.suppress(ValueError):
        return str(Path(path).resolve().relative_to(Path.cwd()))
    return Path(path).name


def _place(claim: Claim, error: Exception) -> str:
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == claim.file:
            return f"{claim.file}:{frame.lineno}"
    return f"{claim.file}:{claim.line}"


__all__ = ["ClaimRun", "Session", "Statement", "Theorem", "environment", "statement_text"]
