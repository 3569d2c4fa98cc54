"""Equality decisions side by side: `derivable.equal` against SymPy's own zero tests, on `tests/corpus/`.

Every statement goes to every peer, one after the other, each in a forked child that is killed at the same
time limit; what the peers load on first use is loaded before, so that no child's time counts it. What counts:

* true proved: true statements that the peer proves (higher is better);
* false accepted: false statements that it proves (must be 0);
* true refuted: true statements that it denies (must be 0);
* false refuted: false statements that it denies (higher is better).

`simplify` is `sympy.simplify((lhs - rhs).doit()) == 0`, and denies where the result is a nonzero number;
`equals` is `Expr.equals`, which says yes, no, or nothing. Neither takes the hypotheses in `where`.

    python benchmarks/equality.py
    python benchmarks/equality.py --only trigonometric --peers simplify,equals --limit 10
    python benchmarks/equality.py --output benchmarks/results/equality.json
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.util
import json
import multiprocessing
import os
import platform
import signal
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import sympy

ROOT = Path(__file__).resolve().parents[1]
PROVED, REFUTED, OPEN, TIMEOUT, ERROR = "proved", "refuted", "open", "timeout", "error"


def corpus() -> ModuleType:
    """Import the corpus' loader by its path."""
    name = "corpus_load"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "corpus" / "load.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


def by_simplify(statement: Any, limit: float) -> str:
    """Decide by `sympy.simplify((lhs - rhs).doit()) == 0`."""
    result = sympy.simplify((statement.lhs - statement.rhs).doit())
    if isinstance(result, sympy.MatrixBase):
        entries = [sympy.simplify(entry) for entry in result]
        if all(entry == 0 for entry in entries):
            return PROVED
        return REFUTED if any(entry.is_number and entry != 0 for entry in entries) else OPEN
    if result == 0 or isinstance(result, sympy.ZeroMatrix):
        return PROVED
    return REFUTED if result.is_number and result.is_zero is False else OPEN


def by_equals(statement: Any, limit: float) -> str:
    """Decide by `Expr.equals`."""
    answer = statement.lhs.equals(statement.rhs)
    return PROVED if answer is True else REFUTED if answer is False else OPEN


def by_derivable(statement: Any, limit: float) -> str:
    """Decide by `derivable.equal`; what is neither proved nor refuted counts as open here."""
    import derivable

    equal: Callable[..., Any] = getattr(derivable, "equal")  # noqa: B009 (absent in an unfinished package)
    decision = equal(statement.lhs, statement.rhs, where=list(statement.where), timeout=limit)
    return str(decision.verdict)


PEERS: dict[str, Callable[[Any, float], str]] = {
    "derivable": by_derivable,
    "simplify": by_simplify,
    "equals": by_equals,
}


@dataclass(frozen=True)
class Outcome:
    """What one peer said of one statement."""

    peer: str
    statement: str
    area: str
    true: bool
    verdict: str
    seconds: float
    detail: str = ""


def _child(peer: str, statement: Any, limit: float, pipe: Connection) -> None:
    """Answer through the pipe: the verdict, the seconds, and an error's text."""
    os.setsid()  # a group of its own, so that what it starts dies with it
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    try:
        with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
            verdict, detail = PEERS[peer](statement, limit), ""
    except Exception as error:
        verdict, detail = ERROR, f"{type(error).__name__}: {error}"[:200]
    pipe.send((verdict, time.perf_counter() - start, detail))
    pipe.close()


def ask(peer: str, statement: Any, limit: float) -> Outcome:
    """Ask one peer about one statement in a child process that lives no longer than the limit."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(peer, statement, limit, send))
    process.start()
    send.close()
    grace = 1.0 if peer == "derivable" else 0.0  # it keeps to the limit by itself, to within a second
    verdict, seconds, detail = TIMEOUT, limit, ""
    if receive.poll(limit + grace):
        try:
            verdict, seconds, detail = receive.recv()
        except EOFError:
            verdict, detail = ERROR, "the process died"
    if process.is_alive():
        process.join(0.05)
    if process.is_alive() and process.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
    process.join()
    receive.close()
    return Outcome(peer, statement.name, statement.area, statement.true, verdict, seconds, detail)


@dataclass(frozen=True)
class Row:
    """The figures of one peer on one area, or on all of them."""

    peer: str
    area: str
    true: int
    false: int
    true_proved: int
    false_accepted: int
    true_refuted: int
    false_refuted: int
    other: dict[str, int]
    median_seconds: float
    total_seconds: float


def figures(peer: str, area: str, outcomes: Iterable[Outcome]) -> Row:
    """Count one peer's outcomes."""
    outcomes = list(outcomes)
    proved = [o for o in outcomes if o.verdict == PROVED]
    refuted = [o for o in outcomes if o.verdict == REFUTED]
    other: dict[str, int] = {}
    for outcome in outcomes:
        if outcome.verdict not in (PROVED, REFUTED):
            other[outcome.verdict] = other.get(outcome.verdict, 0) + 1
    return Row(
        peer,
        area,
        sum(o.true for o in outcomes),
        sum(not o.true for o in outcomes),
        sum(o.true for o in proved),
        sum(not o.true for o in proved),
        sum(o.true for o in refuted),
        sum(not o.true for o in refuted),
        dict(sorted(other.items())),
        statistics.median(o.seconds for o in outcomes),
        sum(o.seconds for o in outcomes),
    )


def table(rows: Iterable[Row]) -> str:
    """Set rows as a Markdown table."""
    lines = [
        "| area | peer | true proved | false accepted | true refuted | false refuted | median time |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in rows:
        lines.append(
            f"| {r.area} | {r.peer} | {r.true_proved}/{r.true} | {r.false_accepted}/{r.false} "
            f"| {r.true_refuted}/{r.true} | {r.false_refuted}/{r.false} | {1000 * r.median_seconds:.1f} ms |"
        )
    return "\n".join(lines)


def available(peers: Iterable[str]) -> list[str]:
    """Leave out `derivable` where the package has no `equal` yet."""
    chosen = []
    for peer in peers:
        if peer not in PEERS:
            raise SystemExit(f"unknown peer {peer!r}; choose from {', '.join(PEERS)}")
        if peer == "derivable":
            try:
                import derivable
            except ImportError as error:
                print(f"derivable is left out: {error}", file=sys.stderr)
                continue
            if not hasattr(derivable, "equal"):
                print("derivable is left out: it has no `equal`", file=sys.stderr)
                continue
        chosen.append(peer)
    return chosen


def warm_up(peers: Iterable[str], limit: float) -> None:
    """Let every peer load what it loads on first use, on statements that are not in the corpus."""
    x, n = sympy.Symbol("warm", positive=True), sympy.Symbol("up", integer=True, positive=True)
    k = sympy.Symbol("k", integer=True)
    pairs = [
        (sympy.sin(x) ** 2, 1 - sympy.cos(x) ** 2 + x),
        (sympy.log(x + 1), sympy.exp(x) + sympy.sqrt(x + 1)),
        (sympy.gamma(x + 1), x * sympy.gamma(x) + sympy.binomial(n, k)),
        (sympy.Sum(k, (k, 1, n)), n**2),
        (sympy.Integral(sympy.exp(-x), (x, 0, n)), n),
        (sympy.Limit(x**2, x, 0), sympy.Max(x, 1)),
        (sympy.Derivative(x**2, x), sympy.Piecewise((x, x > 1), (2 * x, True))),
        (sympy.Determinant(sympy.ImmutableMatrix([[x, 1], [1, x]])), x**2),
    ]
    statements = [SimpleNamespace(lhs=lhs, rhs=rhs, where=()) for lhs, rhs in pairs]
    for peer in peers:
        for statement in statements:
            with contextlib.suppress(Exception):
                PEERS[peer](statement, limit)


def run(statements: list[Any], peers: list[str], limit: float, jobs: int) -> list[Outcome]:
    """Ask every peer about every statement, showing progress on standard error."""
    outcomes: list[Outcome] = []
    start = time.perf_counter()

    def all_peers(statement: Any) -> list[Outcome]:
        return [ask(peer, statement, limit) for peer in peers]

    with ThreadPoolExecutor(jobs) as pool:
        answered = map(all_peers, statements) if jobs == 1 else pool.map(all_peers, statements)
        for number, answers in enumerate(answered, 1):
            outcomes += answers
            said = "  ".join(f"{o.peer}: {o.verdict} {o.seconds:.2f}s" for o in answers)
            print(
                f"[{number}/{len(statements)} {time.perf_counter() - start:.0f}s] "
                f"{'T' if statements[number - 1].true else 'F'} {statements[number - 1].name}: {said}",
                file=sys.stderr,
                flush=True,
            )
    return outcomes


def main(argv: list[str] | None = None) -> int:
    """Run the comparison; return 1 where `derivable` was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--limit", type=float, default=5.0, help="seconds per statement and peer (default 5)")
    parser.add_argument("--only", metavar="AREA", help="areas whose name contains this")
    parser.add_argument("--peers", default="derivable,simplify", help="comma-separated: derivable, simplify, equals")
    parser.add_argument("--jobs", type=int, default=1, help="statements at a time (times are best with 1)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write all outcomes as JSON")
    options = parser.parse_args(argv)
    if options.limit <= 0 or options.jobs < 1:
        parser.error("--limit and --jobs must be positive")
    peers = available(options.peers.split(","))
    load = corpus()
    statements = [s for s in load.statements() if options.only is None or options.only in s.area]
    if not statements:
        parser.error(f"no area contains {options.only!r}; there are: {', '.join(load.areas())}")
    if not peers:
        parser.error("no peer is left")
    warm_up(peers, options.limit)
    gc.freeze()
    outcomes = run(statements, peers, options.limit, options.jobs)

    rows = []
    for area in [a for a in load.areas() if any(o.area == a for o in outcomes)]:
        for peer in peers:
            rows.append(figures(peer, area, (o for o in outcomes if o.area == area and o.peer == peer)))
    totals = [figures(peer, "all", (o for o in outcomes if o.peer == peer)) for peer in peers]
    print(table([*rows, *totals]))
    wrong = [o for o in outcomes if o.verdict == (REFUTED if o.true else PROVED)]
    for outcome in wrong:
        print(f"\nwrong: {outcome.peer} says {outcome.verdict} of {outcome.statement}")
    if options.output is not None:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        record = {
            "limit_seconds": options.limit,
            "jobs": options.jobs,
            "versions": {"python": platform.python_version(), "sympy": sympy.__version__},
            "totals": [asdict(row) for row in totals],
            "areas": [asdict(row) for row in rows],
            "outcomes": [asdict(outcome) for outcome in outcomes],
        }
        options.output.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(any(o.peer == "derivable" for o in wrong))


if __name__ == "__main__":
    raise SystemExit(main())
