"""A malformed derivation is told: file and line, claim, step, remedy; and the other claims' results are kept."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from sympy import Eq, Sum, cos, sin

from derivable import DerivationError, ForAll, Post, Theorem
from derivable.run import ClaimRun, Session

Author = Callable[[Any], None]


def checked(*authors: Author, **options: Any) -> list[ClaimRun]:
    """Run the functions as the claims C1, C2, … of one post."""
    post = Post("trial", "试", "A trial", area="tests")
    claims = [post.claim(f"C{number}", author.__name__)(author) for number, author in enumerate(authors, 1)]
    session = Session(mutants=options.get("mutants", 2))
    return [session.run(claim) for claim in claims]


def line_of(author: Author, text: str) -> int:
    lines, start = inspect.getsourcelines(author)
    return next(start + number for number, line in enumerate(lines) if text in line)


def good(d: Any) -> None:
    n, k = d.natural("n"), d.index("k")
    total = Sum(2 * k - 1, (k, 1, n))
    d.state(total, "=", n**2)
    d.start(total)
    d.then(n**2, by="the sum of the first odd numbers")
    d.refute(total, "=", n**2 - 1, because="counting from 0")


def complains(author: Author, *parts: str, at: str = "", stands: bool = False) -> str:
    """The claim's message names file, line, claim and the given parts; the claim beside it still stands."""
    bad, fine = checked(author, good)
    assert not bad.ok
    text = "\n".join(bad.problems)
    assert "tests/trial/C1" in text
    assert __file__ in text
    if at:
        assert f"{__file__}:{line_of(author, at)}: claim tests/trial/C1" in text
    for part in parts:
        assert part in text, text
    assert bad.claim.message is not None
    assert (bad.claim.verdict == "proved") is stands
    assert fine.ok, fine.problems
    assert fine.claim.verdict == "proved"
    return text


def test_a_good_claim_has_its_parts() -> None:
    (run,) = checked(good)
    assert run.ok
    assert run.claim.verdict == "proved"
    assert next(s.rule for s in run.claim.steps) == "start"
    assert [s.verdict for s in run.claim.steps] == ["proved", "proved"]
    assert {c.origin for c in run.claim.controls.refuted} == {"author", "mutant"}
    assert all(c.witness is not None for c in run.claim.controls.refuted)
    assert run.claim.line == line_of(good, "def good")
    assert run.claim.file.endswith("test_derivation.py")
    assert not run.claim.file.startswith("/")


def test_an_undeclared_symbol() -> None:
    def author(d: Any) -> None:
        x, y = d.real("x"), sp.Symbol("y", real=True)
        d.state(x + y, "=", y + x + 0)  # here

    complains(author, "undeclared symbol y", 'd.real("y")', "d.declare(y)", at="# here")


def test_a_twin_of_a_declared_symbol() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", sp.Symbol("x"))  # here

    complains(author, "undeclared symbol x", "other assumptions is declared", at="# here")


def test_an_undeclared_function_sequence_or_symbol_in_a_matrix() -> None:
    for unknown in (sp.Function("g", real=True)(1), sp.IndexedBase("s", real=True)[1], sp.Matrix([[sp.Symbol("m")]])):

        def author(d: Any, unknown: Any = unknown) -> None:
            x = d.real("x")
            d.state(unknown, "=", x)  # here

        complains(author, "undeclared symbol", at="# here")


def test_a_symbol_of_another_claim_can_be_declared() -> None:
    def author(d: Any) -> None:
        y = sp.Symbol("y", real=True)
        d.declare(y)
        d.state(sin(y) ** 2, "=", 1 - cos(y) ** 2)
        d.start(sin(y) ** 2)
        d.then(1 - cos(y) ** 2, by="Pythagoras")
        d.refute(sin(y), "=", cos(y), because="sine for cosine")

    assert checked(author)[0].ok


def test_contradictory_hypotheses() -> None:
    def author(d: Any) -> None:
        x = d.positive("x")
        d.assume(x < 0)  # here
        d.state(x, "=", x + 1)

    complains(author, "false as soon as it is written", at="# here")


def test_hypotheses_that_contradict_each_other() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.assume(x > 1)
        d.assume(x < 0)
        d.state(x, "=", x + 0 * x)
        d.start(x)
        d.then(x, by="the same")
        d.refute(x, "=", x + 1, because="one more")

    text = complains(author)
    assert "vacuous" in text or "contradict" in text


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_step_without_a_reason(reason: Any) -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(sin(x) ** 2, "=", 1 - cos(x) ** 2)
        d.start(sin(x) ** 2)
        d.then(1 - cos(x) ** 2, by=reason)  # here

    complains(author, "step without a reason", 'by="…"', at="# here")


def test_a_chain_that_does_not_meet_its_conclusion() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(sin(x) ** 2, "=", 1 - cos(x) ** 2)
        d.start(sin(x) ** 2)
        d.then((1 - cos(2 * x)) / 2, by="half angle")

    complains(author, "no chain meets the conclusion sin(x)**2 = 1 - cos(x)**2", "1/2 - cos(2*x)/2", "add a step")


def test_a_chain_of_inequalities_does_not_conclude_an_equation() -> None:
    def author(d: Any) -> None:
        x, y = d.real("x y")
        d.state(2 * x * y, "=", x**2 + y**2)
        d.start(2 * x * y)
        d.then(x**2 + y**2, "<=", by="a square")

    complains(author, "no chain meets the conclusion")


def test_a_strict_conclusion_needs_a_strict_step() -> None:
    def author(d: Any) -> None:
        x, y = d.real("x y")
        d.state(2 * x * y, "<", x**2 + y**2 + 1)
        d.start(2 * x * y)
        d.then(x**2 + y**2, "<=", by="a square")
        d.then(x**2 + y**2 + 1, "<=", by="one more")

    complains(author, "no chain meets the conclusion")


def test_nothing_claimed() -> None:
    def author(d: Any) -> None:
        d.real("x")

    complains(author, "nothing is claimed", "d.state(lhs")


def test_a_step_before_its_chain() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.then(x, by="it is so")  # here

    complains(author, "`then` without `start`", at="# here")


@pytest.mark.parametrize("relation", [">=", "==", "≠", ""])
def test_a_relation_that_a_chain_does_not_know(relation: str) -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x + 0)
        d.start(x)
        d.then(x, relation, by="it is so")  # here

    complains(author, repr(relation), at="# here")


def test_a_claim_with_no_control() -> None:
    def author(d: Any) -> None:
        f = d.function("f")
        t = d.real("t")
        d.assume(ForAll((t,), Eq(f(t), 1)))
        d.state(f(2), "=", f(1))
        d.start(f(2))
        d.then(f(1), by="a constant function")

    complains(author, "no control was refuted", "d.refute(…)", "d.instance(…)", stands=True)


def test_a_control_that_is_true_is_reported() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(sin(x) ** 2, "=", 1 - cos(x) ** 2)
        d.start(sin(x) ** 2)
        d.then(1 - cos(x) ** 2, by="Pythagoras")
        d.refute(sin(x) ** 2, "=", (1 - cos(2 * x)) / 2, because="half angle")  # here

    complains(author, "“half angle” was not refuted but proved", at="# here", stands=True)


def test_an_erratum_that_is_right_is_reported() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(sin(x) ** 2, "=", 1 - cos(x) ** 2)
        d.start(sin(x) ** 2)
        d.then(1 - cos(x) ** 2, by="Pythagoras")
        d.erratum(sin(x) ** 2, "=", (1 - cos(2 * x)) / 2, section="eq. (3)", explanation="wrongly thought wrong")

    complains(author, "the post's statement", "was not refuted but proved", stands=True)


def test_a_false_step_is_named_with_its_counterexample() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.assume(x > -7)
        d.state(sp.sqrt(x**2), "=", x)
        d.start(sp.sqrt(x**2))
        d.then(x, by="the root undoes the square")  # here
        d.refute(x, "=", x + 1, because="one more")

    text = complains(
        author,
        "step 2: refuted",
        "reason given: the root undoes the square",
        "rule:",
        "left:",
        "right:",
        "counterexample: at x = -1",
        "hypotheses: x > -7",
        at="# here",
    )
    order = [text.index(w) for w in ("step 2", "reason given", "rule:", "left:", "right:", "counterexample:", "hypotheses:")]
    assert order == sorted(order)


def test_an_unknown_name_in_at() -> None:
    post = Post("names", "名", "Names", area="tests")

    @post.claim("C1", "first")
    def first(d: Any) -> None:
        n, k = d.natural("n"), d.index("k")
        d.state(Sum(k, (k, 1, n)), "=", n * (n + 1) / 2)
        d.start(Sum(k, (k, 1, n)))
        d.then(n * (n + 1) / 2, by="Gauss")
        d.refute(Sum(k, (k, 1, n)), "=", n**2, because="squares")

    @post.claim("C2", "second")
    def second(d: Any) -> None:
        k = d.index("k")
        d.state(Sum(k, (k, 1, 10)), "=", sp.Integer(55))
        d.start(Sum(k, (k, 1, 10)))
        d.then(sp.Integer(55), by="the claim before", using=[first.at(m=10)])
        d.refute(Sum(k, (k, 1, 10)), "=", sp.Integer(54), because="one less")

    session = Session(mutants=1)
    run = session.run(second)
    assert not run.ok
    assert "no variable 'm'; it has n" in "\n".join(run.problems)


def test_what_is_used_must_hold_for_the_values_given() -> None:
    post = Post("values", "值", "Values", area="tests")

    @post.claim("C1", "first")
    def first(d: Any) -> None:
        p = d.positive("p")
        d.state(sp.sqrt(p**2 + 0 * p), "=", p)
        d.start(p)
        d.then(p, by="it is positive")
        d.refute(p, "=", -p, because="sign")

    @post.claim("C2", "second")
    def second(d: Any) -> None:
        x = d.real("x")
        f = d.function("f")
        d.state(f(x), "=", f(x) + 0)
        d.start(f(x))
        d.then(f(x), by="used where it does not hold", using=[first.at(p=x)])
        d.refute(f(x), "=", f(x) + 1, because="one more")

    run = Session(mutants=1).run(second)
    assert not run.ok
    assert "needs x > 0, which the hypotheses do not give" in "\n".join(run.problems)


def test_the_hypotheses_of_a_used_claim_are_not_lost() -> None:
    """A claim proved for functions of one kind may not be used for all."""
    post = Post("kinds", "类", "Kinds", area="tests")
    f = sp.Function("f", real=True)
    t = sp.Symbol("t", real=True)

    @post.claim("C1", "constant")
    def constant(d: Any) -> None:
        d.declare(f, t)
        d.assume(ForAll((t,), Eq(f(t), 1)))
        d.instance(f, lambda u: sp.Integer(1))
        d.state(f(2), "=", sp.Integer(1))
        d.start(f(2))
        d.then(sp.Integer(1), by="it is constant")
        d.refute(f(2), "=", sp.Integer(2), because="two")

    @post.claim("C2", "any")
    def anything(d: Any) -> None:
        d.declare(f, t)
        d.assume(ForAll((t,), Eq(f(t), f(0) + 0 * t)))  # another law, so that the attack has no instance
        d.state(f(2), "=", sp.Integer(1))
        d.start(f(2))
        d.then(sp.Integer(1), by="the claim before", using=[constant])
        d.refute(sp.Integer(2), "=", sp.Integer(1), because="two")

    session = Session(mutants=1)
    assert session.run(constant).ok
    assert session.run(anything).claim.verdict != "proved"


def test_claims_that_use_each_other() -> None:
    post = Post("circle", "圆", "A circle", area="tests")
    claims: dict[str, Any] = {}

    def make(label: str, other: str) -> None:
        @post.claim(label, label)
        def author(d: Any) -> None:
            x = d.real("x")
            d.state(x + 1, "=", 1 + x)
            d.start(x + 1)
            d.then(1 + x, by="the other claim", using=[claims[other]])
            d.refute(x, "=", x + 1, because="one more")

        claims[label] = author

    make("C1", "C2")
    make("C2", "C1")
    post.claim("C3", "good")(good)
    session = Session(mutants=1)
    runs = [session.run(c) for c in post.claims]
    for run in runs[:2]:
        assert not run.ok
        assert run.claim.verdict != "proved"
    assert "in a circle: tests/circle/C1 → tests/circle/C2 → tests/circle/C1" in "\n".join(runs[0].problems + runs[1].problems)
    assert runs[2].ok


def test_a_claim_is_no_surer_than_what_it_uses() -> None:
    post = Post("chain", "链", "A chain", area="tests")

    @post.claim("C1", "false")
    def false(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x + 1)
        d.start(x)
        d.then(x + 1, by="nothing")
        d.refute(x, "=", x + 2, because="two more")

    @post.claim("C2", "rests on it")
    def rests(d: Any) -> None:
        x = d.real("x")
        d.state(2 * x, "=", x + x)
        d.start(2 * x)
        d.then(x + x, by="the claim before", using=[false])
        d.refute(x, "=", x + 1, because="one more")

    run = Session(mutants=1).run(rests)
    assert run.claim.verdict == "refuted"
    assert "uses tests/chain/C1, which is refuted" in "\n".join(run.problems)


def test_using_what_is_no_fact() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x + 0)
        d.start(x)
        d.then(x, by="it is so", using=["Euler"])  # here

    complains(author, "it must be a fact of d.have, a claim, or a Theorem", at="# here")


def test_a_hanging_step_is_told_and_the_others_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    import derivable.run as module

    real = module.decide

    def decide(relation: str, lhs: Any, rhs: Any, *rest: Any, **options: Any) -> Any:
        while "hang" in str(lhs):  # a call that no alarm interrupts
            try:
                pow(3, 10**8)
            except BaseException:
                continue
        return real(relation, lhs, rhs, *rest, **options)

    monkeypatch.setattr(module, "decide", decide)

    def author(d: Any) -> None:
        x, hang = d.real("x hang")
        d.state(x, "=", x + 0)
        d.start(sin(x) ** 2)
        d.then(1 - cos(x) ** 2, by="Pythagoras")
        d.then(1 - cos(x) ** 2 + hang - hang, by="nothing")
        d.have(hang, "=", hang + 1, by="a long thought", seconds=0.3)
        d.state(sin(x) ** 2, "=", 1 - cos(x) ** 2)
        d.have(x, "=", x + 0, by="it is so")

    bad, fine = checked(author, good)
    text = "\n".join(bad.problems)
    assert "step 4 (a long thought)" in text
    assert "time limit" in text
    assert "simplify the step or raise its seconds=" in text
    assert [s.verdict for s in bad.claim.steps[:2]] == ["proved", "proved"]
    assert bad.claim.verdict == "open"
    assert fine.ok


def test_a_derivation_that_raises_is_told_with_its_line() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x / [])  # here

    complains(author, "TypeError", at="# here")


def test_a_second_erratum() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x + 0)
        d.erratum(x, "=", x + 1, section="1", explanation="one")
        d.erratum(x, "=", x + 2, section="2", explanation="two")  # here

    complains(author, "a second erratum", "split the claim", at="# here")


def test_an_empty_set_of_cases_is_vacuous() -> None:
    def author(d: Any) -> None:
        d.exhaust("n = n", [], lambda case: True, bound="none")
        d.refute_exhaustively("n = 1", [1, 2], lambda case: case == 1, because="two")

    complains(author, "vacuous: the set of cases is empty")


def test_a_failing_case_is_the_counterexample() -> None:
    def author(d: Any) -> None:
        d.exhaust(r"n^2 < 10", range(10), lambda n: n * n < 10, bound="n < 10")
        d.refute_exhaustively("n = 1", [1, 2], lambda case: case == 1, because="two")

    assert "fails for 4" in complains(author)


def test_a_finite_check_is_never_rounded_up() -> None:
    def author(d: Any) -> None:
        d.exhaust(r"n^2 < 100", range(10), lambda n: n * n < 100, bound="n < 10")
        d.refute_exhaustively("n = 1", [1, 2], lambda case: case == 1, because="two")

    (run,) = checked(author)
    assert run.ok
    assert run.claim.verdict == "proved for n ≤ N"
    assert run.claim.bound == "n < 10"


def test_a_case_that_is_only_truthy_does_not_count() -> None:
    def author(d: Any) -> None:
        d.exhaust(r"n", range(1, 3), lambda n: n, bound="n < 3")
        d.refute_exhaustively("n = 1", [1, 2], lambda case: case == 1, because="two")

    assert not checked(author)[0].ok


def test_a_word_of_a_theorem_is_listed_as_such() -> None:
    theorem = Theorem("Dominated convergence", r"\lim \int f_n = \int \lim f_n", "Lebesgue 1904", ("|f_n| ≤ g",))

    def author(d: Any) -> None:
        x = d.real("x")
        f = d.function("f")
        d.state(f(x) + f(2 * x), "=", f(2 * x) + f(x) + 0)
        d.start(f(x) + f(2 * x))
        d.then(f(2 * x) + f(x), by=theorem)
        d.refute(f(x), "=", f(x) + 1, because="one more")

    (run,) = checked(author)
    assert [c.name for c in run.claim.cited] == ["Dominated convergence"]
    assert run.claim.steps[-1].rule == "cited: Dominated convergence"


def test_a_cited_word_does_not_make_a_false_step_pass() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x + 1)
        d.start(x)
        d.then(x + 1, by=Theorem("Wishful thinking", "x = x + 1"))
        d.refute(x, "=", x + 2, because="two more")

    complains(author, "step 2: refuted")


def test_a_cited_equation_is_checked_to_be_an_instance() -> None:
    t = sp.Symbol("t", real=True)
    f = sp.Function("f", real=True)
    theorem = Theorem("f doubles", "f(2t) = 2 f(t)", equation=Eq(f(2 * t), 2 * f(t), evaluate=False), variables=(t,))

    def author(d: Any) -> None:
        x = d.real("x")
        d.declare(f)
        d.state(f(3 * x), "=", 3 * f(x))
        d.start(f(3 * x))
        d.then(3 * f(x), by=theorem)
        d.refute(x, "=", x + 1, because="one more")

    (run,) = checked(author)
    assert not run.ok


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: Post("Has Capitals", "t"), "lower-case letters"),
        (lambda: Post("p", "t").claim("C 1", "n"), "letters and digits"),
        (lambda: Post("p", "t").claim("C1", "n", kind="wish"), "unknown kind 'wish'; one of identity"),
    ],
)
def test_malformed_posts(make: Callable[[], Any], part: str) -> None:
    with pytest.raises(DerivationError, match="post"):
        make()
    with pytest.raises(DerivationError) as caught:
        make()
    assert part in str(caught.value)


def test_two_claims_of_one_label() -> None:
    post = Post("twice", "二", area="tests")
    post.claim("C1", "one")(good)
    with pytest.raises(DerivationError, match="two claims are labelled C1"):
        post.claim("C1", "two")


def test_a_measurement_that_fails_names_place_and_numbers() -> None:
    post = Post("measured", "量", "Measured", area="tests")
    claim = post.claim("C1", "good")(good)

    @claim.measured("kernels.none", against="the sum")
    def off(m: Any) -> None:
        m.agree([1.0, 2.0], [1.0, 2.5], 1e-3, dtype="float64", device="cpu")

    @claim.measured("kernels.none", against="nothing")
    def empty(m: Any) -> None:
        m.agree([], [], 1e-3, dtype="float32", device="cpu")

    @claim.measured("kernels.none", against="nan")
    def nan(m: Any) -> None:
        m.agree([float("nan")], [1.0], 1e300, dtype="float16", device="cpu")

    @claim.measured("kernels.none", against="an error")
    def broken(m: Any) -> None:
        raise KeyError("lost")

    run = Session(mutants=1).run(claim)
    text = "\n".join(run.problems)
    assert "cross-check off: kernels.none (float64, cpu) is off by 0.5, allowed 0.001" in text
    assert "cross-check empty" in text
    assert "cross-check nan" in text
    assert "cross-check broken: KeyError: 'lost'" in text
    assert run.claim.verdict == "proved"
    assert textwrap.dedent(text)


PARALLEL = """
import torch
torch.set_num_threads(2)
torch.rand(1 << 21).mul(2).sum()  # the threads start here

from derivable import Post
from derivable.run import Session

post = Post("parallel", "Parallel", area="tests")

@post.claim("C1", "twice")
def twice(d):
    x = d.real("x")
    d.state(x + x, "=", 2 * x)
    d.have(x + x, "=", 2 * x, by="counting")

@twice.measured("kernels.none", against="one")
def many(m):
    values = torch.ones(1 << 21).mul(1.0)
    m.agree([float(values.sum()) / (1 << 21)], [1.0], 1e-3, dtype="float32", device="cpu")

run = Session(mutants=1).run(twice)
print(run.problems, len(run.claim.crosschecks))
"""


def test_a_cross_check_does_not_wait_for_threads_that_a_fork_left_behind(tmp_path: Path) -> None:
    script = tmp_path / "parallel.py"
    script.write_text(PARALLEL, encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=50, env=environment)
    assert ran.stdout == "[] 1\n", ran.stderr


def test_a_used_claim_brings_its_general_hypotheses_along() -> None:
    post = Post("trial", "Trial")

    @post.claim("C1", "doubling, under a law for all n")
    def lawful(d: Any) -> None:
        n, f = d.natural("n"), d.function("f")
        d.assume(ForAll((n,), Eq(f(n + 1), 2 * f(n))))
        d.instance(f, lambda m: 2**m)
        d.state(f(n + 2), "=", 4 * f(n))
        d.have(f(n + 2), "=", 4 * f(n), by="the law, twice")

    @post.claim("C2", "the same without the law")
    def lawless(d: Any) -> None:
        n, f = d.natural("n"), d.function("f")
        d.state(f(n + 2), "=", 4 * f(n))
        d.have(f(n + 2), "=", 4 * f(n), by="C1", using=[lawful])

    session = Session(mutants=2)
    assert session.run(lawful).claim.verdict == "proved"
    bad = session.run(lawless)
    assert bad.claim.verdict != "proved"
    assert "needs the hypothesis" in " ".join(bad.problems)


# -- facts and claims hold under their own hypotheses only ---------------------------------------------------------------


def test_a_statement_under_a_condition_does_not_conclude_a_claim_without_it() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        d.state(sp.Abs(x), "=", x)
        d.have(sp.Abs(x), "=", x, by="x is not negative", where=[x >= 0])

    complains(author, "no chain meets the conclusion")


def test_a_fact_under_a_condition_is_used_only_where_the_condition_is_known() -> None:
    def author(d: Any) -> None:
        x, f = d.real("x"), d.function("f")
        d.instance(f, lambda x: 2 * x)
        fact = d.have(f(x), "=", 1, by="assumed", where=[Eq(f(x), 1)])
        d.state(f(x) + 1, "=", 2)
        d.start(f(x) + 1)
        d.then(2, by="the fact", using=[fact])

    (run,) = checked(author)
    assert run.claim.verdict != "proved"


def test_the_two_cases_of_a_fact_make_the_whole() -> None:
    def author(d: Any) -> None:
        x = d.real("x")
        up = d.have(sp.Abs(x), "=", x, by="not negative", where=[x >= 0])
        down = d.have(sp.Abs(x), "=", -x, by="negative", where=[x < 0])
        d.state(sp.Abs(x) ** 2, "=", x**2)
        d.start(sp.Abs(x) ** 2)
        d.then(x**2, by="both cases", using=[up, down])
        d.refute(sp.Abs(x) ** 2, "=", x, because="not squared")

    (run,) = checked(author)
    assert run.claim.verdict == "proved", run.problems


@pytest.mark.parametrize("of_a_point", [False, True], ids=["symbol", "point"])
def test_a_fact_is_not_for_all_values_of_what_a_hypothesis_speaks_of(of_a_point: bool) -> None:
    def author(d: Any) -> None:
        n, k = d.counting("n"), d.index("k")
        f = d.function("f")
        t = d.point("t", n) if of_a_point else d.real("t")
        d.assume(ForAll((k,), f(k, t) <= 1))
        fact = d.have(f(1, t), "<=", 1, by="the hypothesis", forall=[t])
        d.state(f(1, t), "<=", 2)
        d.start(f(1, t))
        d.then(2, "<=", by="the fact", using=[fact])

    (run,) = checked(author)
    assert run.claim.verdict != "proved"
    assert "quantify that hypothesis" in " ".join(run.problems)


def test_a_claim_at_a_value_needs_its_general_hypotheses_at_that_value() -> None:
    post = Post("trial", "Trial")

    @post.claim("C1", "a law with a parameter")
    def lawful(d: Any) -> None:
        m, t, h = d.natural("m"), d.real("t"), d.function("h")
        d.assume(ForAll((m,), Eq(h(m, t), 0)))
        d.instance(h, lambda m, t: 0 * m)
        d.state(h(1, t), "=", 0)
        d.have(h(1, t), "=", 0, by="the law")

    def at_seven(d: Any, **values: Any) -> None:
        m, t, h = d.natural("m"), d.real("t"), d.function("h")
        d.assume(ForAll((m,), Eq(h(m, t), 0)))
        d.state(h(1, 7), "=", 0)
        d.have(h(1, 7), "=", 0, by="C1", using=[lawful.at(**values) if values else lawful])

    @post.claim("C2", "at 7")
    def given(d: Any) -> None:
        at_seven(d, t=7)

    @post.claim("C3", "without a value")
    def free(d: Any) -> None:
        at_seven(d)

    session = Session(mutants=2)
    assert [session.run(claim).claim.verdict == "proved" for claim in (lawful, given, free)] == [True, False, False]


@pytest.mark.parametrize("assumption", ["negative", "nonpositive"])
def test_a_claim_about_negative_numbers_is_not_used_for_positive_ones(assumption: str) -> None:
    post = Post("trial", "Trial")

    @post.claim("C1", "the modulus of a number below 0")
    def below(d: Any) -> None:
        t = d.symbol("t", **{assumption: True})
        d.state(sp.Abs(t, evaluate=False), "=", -t)
        d.have(sp.Abs(t, evaluate=False), "=", -t, by="the sign")

    @post.claim("C2", "of 5")
    def above(d: Any) -> None:
        x = d.real("x")
        d.state(x, "=", x + 10)
        d.have(x, "=", x + 10, by="|5| = -5", using=[below.at(t=5)])

    session = Session(mutants=2)
    session.run(below)
    assert "needs" in " ".join(session.run(above).problems)


def test_a_mutant_that_ends_the_process_is_a_survivor_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code that no alarm interrupts takes its process with it, but no other result."""
    import os

    from derivable import run

    decide = run.decide

    def fatal(*statement: Any, **options: Any) -> Any:
        if "attack_seconds" in options:  # a mutant
            os._exit(3)
        return decide(*statement, **options)

    monkeypatch.setattr(run, "decide", fatal)
    (claim,) = checked(good, mutants=3)
    assert claim.ok, claim.problems
    controls = claim.claim.controls
    assert {c.verdict for c in controls.survivors} == {"open"}
    assert len(controls.survivors) == 3
    assert len(controls.refuted) == 1
