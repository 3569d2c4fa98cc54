"""A decision keeps to its time, leaves the caller's state alone, and answers whatever it is asked."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Eq, Integral, Limit, Matrix, MatrixSymbol, Piecewise, Sum, symbols
from sympy.core import random as sympy_random
from sympy.core.cache import CACHE

import derivable
from derivable import decide as module
from derivable.trusted import equality
from derivable.trusted.deadline import ChildLost, TimeLimit, alarm, forked

x, y = symbols("x y", real=True)
z = symbols("z")
n, k = symbols("n k", integer=True)
f = sp.Function("f")
HARD = sp.sin(x) ** 2 + sp.cos(x) ** 2


@pytest.fixture(autouse=True)
def nobody_waits() -> None:
    """No process that was started before a test, and so before what the test changes, answers in it."""
    module._apart.dismiss()


def hang_in_python(*_: Any, **__: Any) -> Any:
    while True:
        sum(range(1000))


def hang_in_a_system_call(*_: Any, **__: Any) -> Any:
    while True:
        try:
            time.sleep(3600)
        except TimeLimit:
            continue


def hang_in_compiled_code(*_: Any, **__: Any) -> Any:
    """One call of the interpreter's integer arithmetic that takes minutes: no signal handler runs meanwhile."""
    return pow(3, 10**9)


@pytest.mark.parametrize("hang", [hang_in_python, hang_in_a_system_call, hang_in_compiled_code])
@pytest.mark.parametrize("where", ["attack", "Prover"])
def test_a_hang_ends_within_a_second_of_the_limit(hang: Any, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equality, where, hang)
    started = time.monotonic()
    decision = derivable.equal(HARD, 1, timeout=1.0)
    assert time.monotonic() - started < 2.0
    assert decision.verdict == "open"
    assert "1 s" in decision.note


def test_a_search_that_hangs_does_not_hang_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "propose", hang_in_a_system_call)
    started = time.monotonic()
    decision = derivable.equal(Integral(sp.exp(-(x**4)) * sp.cos(x), (x, 0, 1)), 1 + Integral(x, (x, 0, sp.pi)), timeout=1.0)
    assert time.monotonic() - started < 2.0
    assert decision.verdict != "proved"


SLOW_INPUTS = {
    "a hard integral": (Integral(sp.sin(x**3) * sp.exp(-sp.cos(x)) * sp.sqrt(1 + x**5), (x, 0, 5)), 1),
    "a long sum": (Sum(1 / (k**2 + k + 1), (k, 1, 10**7)), 1),
    "a tower": (sp.Pow(2, sp.Pow(3, sp.Pow(4, 5, evaluate=False), evaluate=False), evaluate=False), 7),
    "a large matrix": (sp.ImmutableMatrix(8, 8, lambda i, j: (x + i) ** j / (y + j)), sp.zeros(8, 8)),
    "many symbols": (sp.Mul(*[1 + s for s in symbols("a0:14")]), sp.Add(*symbols("a0:14"))),
    "a large power": ((x + y + 1) ** 200, (x + y) ** 200 + 1),
    "a slow limit": (Limit((sp.tan(sp.sin(x)) - sp.sin(sp.tan(x))) / x**7, x, 0), sp.Rational(1, 30)),
}


def nested(depth: int) -> Any:
    e: Any = z
    for _ in range(depth):
        e = sp.sin(sp.Add(e, 1, evaluate=False), evaluate=False)
    return e


SLOW_INPUTS["deep nesting"] = (nested(120), nested(121))


@pytest.mark.parametrize("name", SLOW_INPUTS)
def test_a_hard_statement_keeps_to_its_time(name: str) -> None:
    lhs, rhs = SLOW_INPUTS[name]
    started = time.monotonic()
    decision = derivable.equal(lhs, rhs, timeout=1.0)
    assert time.monotonic() - started < 2.0
    assert decision.verdict in ("proved", "enclosed", "sampled", "open", "refuted")


@pytest.mark.parametrize("timeout", [0.0, 1e-9, 0.05])
def test_a_tiny_limit_is_kept(timeout: float) -> None:
    started = time.monotonic()
    decision = derivable.equal((x + y) ** 60, sp.expand((x + y) ** 60), timeout=timeout)
    assert time.monotonic() - started < timeout + 1.0
    assert decision.verdict in ("open", "proved", "sampled")


# -- the caller's state ------------------------------------------------------------------------------------------------


def cache_sizes() -> list[Any]:
    return [item.cache_info() for item in CACHE]


def test_caches_and_random_states_stay_as_they_were() -> None:
    lhs, rhs = Integral(sp.exp(-(x**2)) * sp.cos(x), (x, 0, 1)), Sum(1 / k, (k, 1, n))
    random.seed(11)
    np.random.seed(11)
    sympy_random.seed(11)
    before = (cache_sizes(), random.getstate(), sympy_random.rng.getstate(), np.random.get_state()[1].tolist())
    derivable.equal(lhs, rhs, timeout=2.0)
    derivable.at_most(lhs, rhs, timeout=2.0)
    after = (cache_sizes(), random.getstate(), sympy_random.rng.getstate(), np.random.get_state()[1].tolist())
    assert after == before


def test_alarms_and_interrupts_stay_as_they_were() -> None:
    handlers = [signal.getsignal(s) for s in (signal.SIGALRM, signal.SIGINT)]
    signal.setitimer(signal.ITIMER_REAL, 100.0)
    try:
        derivable.equal(HARD, 1)
        module.decide("=", HARD, sp.Integer(1), (), 1.0)
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 90.0 < left <= 100.0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert [signal.getsignal(s) for s in (signal.SIGALRM, signal.SIGINT)] == handlers


def test_precision_stays_as_it_was() -> None:
    import mpmath
    from flint import ctx

    before = ctx.prec, mpmath.mp.prec
    module.decide("=", sp.exp(sp.pi * sp.sqrt(163)), sp.Integer(640320**3 + 744), (), 2.0)
    assert (ctx.prec, mpmath.mp.prec) == before


def processes() -> list[int]:
    """The children of this process that live."""
    return [int(number) for number in open(f"/proc/self/task/{os.getpid()}/children").read().split()]


def test_one_process_waits_for_the_next_statement_and_leaves_when_dismissed() -> None:
    before = processes()
    for _ in range(3):
        derivable.equal(HARD, 1)
    (waiting,) = set(processes()) - set(before)
    derivable.equal(HARD, 2)
    assert set(processes()) - set(before) == {waiting}
    module._apart.dismiss()
    assert processes() == before


def test_a_process_that_did_not_come_to_an_end_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equality, "attack", hang_in_python)
    before = processes()
    assert derivable.equal(HARD, 1, timeout=0.2).verdict == "open"
    assert processes() == before


def test_no_file_descriptor_is_left_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        derivable.equal(x, x + 1, timeout=1.0)
    module._apart.dismiss()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_waiting_process_that_was_killed_is_replaced() -> None:
    before = processes()
    assert derivable.equal(HARD, 1)
    (waiting,) = set(processes()) - set(before)
    os.kill(waiting, signal.SIGKILL)
    assert derivable.equal(HARD, 1)
    assert waiting not in processes()


def test_threads_ask_side_by_side() -> None:
    """Two statements that each take their whole limit are over after one limit, not after two."""
    hard = Integral(sp.sin(x**3) * sp.exp(-sp.cos(x)) * sp.sqrt(1 + x**5), (x, 0, 5))
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(derivable.equal, hard, n, timeout=2.0) for n in (1, 2)]
        asked += [pool.submit(derivable.equal, HARD, n) for n in (1, 2)]
        verdicts = [one.result().verdict for one in asked]
    assert time.monotonic() - started < 4.0
    assert verdicts[2:] == ["proved", "refuted"]


def test_a_child_of_the_caller_has_processes_of_its_own() -> None:
    assert derivable.equal(HARD, 1)
    waiting = set(processes())

    def task(send: Any) -> None:
        send((derivable.equal(HARD, 1).verdict, derivable.equal(HARD, 2).verdict))
        module._apart.dismiss()

    assert list(forked(task, lambda: 10.0)) == [("proved", "refuted")]
    assert set(processes()) == waiting
    assert derivable.equal(HARD, 1)


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    """The caches that another statement left are gone, whatever it taught SymPy of equal nodes."""
    statements = [(sp.sqrt(x**2), abs(x)), (HARD, 1), (Sum(k, (k, 1, n)), n * (n + 1) / 2), (sp.exp(z), 1 + z)]
    alone = []
    for statement in statements:
        module._apart.dismiss()
        alone.append(derivable.equal(*statement))
    for one, statement in zip(reversed(alone), reversed(statements), strict=True):
        again = derivable.equal(*statement)
        assert (again.verdict, again.proof, again.counterexample) == (one.verdict, one.proof, one.counterexample)


def test_a_function_of_the_caller_s_own_means_what_it_means_now() -> None:
    """A class that is defined again after a process was started is not mistaken for the one that it saw."""
    assert derivable.equal(HARD, 1)

    class Mine(sp.Function):
        @classmethod
        def eval(cls, argument: Any) -> Any:
            return argument + 1

    assert derivable.equal(Mine(x), x + 1)

    class Mine(sp.Function):  # type: ignore[no-redef]
        @classmethod
        def eval(cls, argument: Any) -> Any:
            return argument + 2

    assert derivable.equal(Mine(x), x + 1).verdict == "refuted"


def test_two_runs_say_the_same() -> None:
    first, second = (derivable.equal(sp.sqrt(sp.expand((x + y) ** 2)), x + y) for _ in range(2))
    assert first.verdict == second.verdict == "refuted"
    assert first.counterexample == second.counterexample


# -- whatever it is asked ----------------------------------------------------------------------------------------------

ODDITIES: dict[str, Any] = {
    "a string of rubbish": "x +",
    "none": None,
    "a list": [x, 1],
    "a tuple": (x, 1),
    "a dictionary": {x: 1},
    "a set": sp.FiniteSet(1, 2),
    "an interval": sp.Interval(0, 1),
    "a boolean": sp.true,
    "a relation": Eq(x, y),
    "a condition": sp.And(x > 0, y > 0),
    "not a number": sp.nan,
    "complex infinity": sp.zoo,
    "infinity": sp.oo,
    "a float": 0.1,
    "a float that is not finite": float("nan"),
    "a large integer": 10**5000,
    "a symbolic matrix": MatrixSymbol("M", n, n),
    "an empty matrix": sp.zeros(0, 0),
    "a mutable matrix": Matrix([[x, 1], [2, y]]),
    "a tensor": sp.Array([[1, x], [y, 2]]),
    "an applied function": f(z, f(z)),
    "an unapplied function": f,
    "a lambda": sp.Lambda(x, x**2),
    "an unevaluated integral": Integral(f(x), x),
    "a sum without end": Sum(f(k), (k, n, sp.oo)),
    "an order term": sp.O(x**2),
    "a hypergeometric function": sp.hyper((1, z), (2,), z),
    "a Meijer function": sp.meijerg([[1], []], [[2], []], z),
    "a delta function": sp.DiracDelta(x),
    "a piecewise gap": Piecewise((1, x > 0)),
    "an indexed element": sp.Indexed("a", sp.Symbol("i")),
    "a noncommutative product": sp.Symbol("P", commutative=False) * sp.Symbol("Q", commutative=False),
    "a polynomial": sp.Poly(x**2 + 1, x),
    "a root object": sp.CRootOf(sp.Symbol("r") ** 5 - sp.Symbol("r") + 1, 0),
    "a quaternion": sp.Quaternion(1, 2, 3, 4),
    "an object": object(),
}


@pytest.mark.parametrize("name", ODDITIES)
def test_nothing_that_it_is_asked_makes_it_raise(name: str) -> None:
    odd = ODDITIES[name]
    for lhs, rhs in ((odd, 1), (1, odd), (odd, odd)):
        for decide in (derivable.equal, derivable.at_most):
            decision = decide(lhs, rhs, timeout=0.7)
            assert decision.verdict in ("proved", "enclosed", "sampled", "open", "refuted")


@pytest.mark.parametrize(
    "name", ["infinity", "complex infinity", "not a number", "a piecewise gap", "a float that is not finite"]
)
def test_nothing_is_proved_of_what_has_no_finite_value(name: str) -> None:
    """nan = nan, oo = oo and zoo = zoo are no equations between numbers."""
    odd = sp.sympify(ODDITIES[name])
    if name == "a piecewise gap":
        assert derivable.equal(odd, 2, timeout=1.0).verdict == "refuted"
    else:
        assert derivable.equal(odd, odd, timeout=1.0).verdict != "proved"


@pytest.mark.parametrize(
    "odd", [None, "x > 0", 3, object(), sp.Symbol("b"), Eq(x, y, evaluate=False), sp.Not(sp.And(x > 0, y > 0)), [x > 0]]
)
def test_a_strange_hypothesis_makes_it_neither_raise_nor_prove_what_is_false(odd: Any) -> None:
    decision = derivable.equal(x, x + 1, where=[odd], timeout=1.0)
    assert decision.verdict in ("open", "refuted")


def test_noncommutative_products_do_not_commute() -> None:
    a, b = symbols("a b", commutative=False)
    assert derivable.equal(a * b, b * a).verdict != "proved"


def test_text_is_not_evaluated() -> None:
    """A string is no statement: SymPy would run it."""
    marker = "derivable_was_evaluated"
    derivable.equal(f"__import__('os').environ.__setitem__('{marker}', '1') or 1", 1, timeout=1.0)
    assert marker not in os.environ
    decision = module.decide("=", f"__import__('os').environ.__setitem__('{marker}', '1') or 1", 1, (), 1.0)
    assert decision.verdict == "open"
    assert marker not in os.environ


# -- the pieces --------------------------------------------------------------------------------------------------------


def test_the_earlier_of_two_alarms_wins() -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimit), alarm(0.2), alarm(10.0):
        hang_in_python()
    assert time.monotonic() - started < 1.0


def test_an_inner_alarm_leaves_the_outer_one_its_time() -> None:
    def twice() -> None:
        with pytest.raises(TimeLimit), alarm(0.1):
            hang_in_python()
        hang_in_python()

    with pytest.raises(TimeLimit), alarm(0.4):
        twice()


def test_no_handler_of_exceptions_swallows_a_time_limit() -> None:
    def swallow() -> None:
        while True:
            with contextlib.suppress(Exception):
                hang_in_python()

    with pytest.raises(TimeLimit), alarm(0.2):
        swallow()


def test_results_of_a_child_that_crashes_are_kept() -> None:
    def task(send: Any) -> None:
        send("one")
        send("two")
        os._exit(7)

    seen: list[str] = []
    with pytest.raises(ChildLost, match="status"):
        seen.extend(forked(task, lambda: 5.0))
    assert seen == ["one", "two"]


def test_a_child_that_hangs_is_killed_and_its_results_kept() -> None:
    def task(send: Any) -> None:
        send("one")
        hang_in_compiled_code()

    seen: list[str] = []
    started = time.monotonic()
    with pytest.raises(ChildLost, match="time limit"):
        seen.extend(forked(task, lambda: 0.5))
    assert seen == ["one"]
    assert time.monotonic() - started < 1.5


def test_a_child_killed_from_outside_is_told() -> None:
    def task(send: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ChildLost):
        list(forked(task, lambda: 5.0))


def test_an_interrupt_reaches_the_caller_at_once_and_ends_the_child() -> None:
    script = textwrap.dedent(
        """
        import sys, time, derivable
        from derivable.trusted import equality
        def hang(*a, **k):
            while True:
                pass
        equality.attack = hang
        print("ready", flush=True)
        try:
            derivable.equal(1, 1, timeout=60.0)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does
    output, _ = process.communicate(timeout=10)
    assert output == "interrupted\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_process_that_was_started_under_other_settings_of_sympy_does_not_keep_them() -> None:
    m = sp.Symbol("m", integer=True, positive=True)
    with sp.evaluate(False):
        assert derivable.equal(x + x, 2 * x).verdict == "proved"
    assert derivable.equal(Sum(k, (k, 1, m)), m * (m + 1) / 2).verdict == "proved"
