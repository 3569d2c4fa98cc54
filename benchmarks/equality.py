"""Decisions side by side: derivable against SymPy, giac, Maxima, FriCAS and z3, on the statements of `tests/corpus/`.

Every statement goes to every peer that takes its kind, one after the other, under one time limit: a running child process for
what runs in Python, whose caches are cleared before each statement, a running program for the others, each killed and started
anew where it does not answer in time. What a peer loads on first use is loaded before, so that no time counts it. What counts:

* true proved: true statements that the peer proves (higher is better);
* false accepted: false statements that it proves (must be 0);
* true refuted: true statements that it denies (must be 0);
* false refuted: false statements that it denies (higher is better);
* not taken: statements that cannot be put to it (a function that it does not have, several symbols, …).

The peers and how each is asked: `_peers.py`; the translations: `_translation.py`. A peer that is not installed is left out
with a line on standard error. Hypotheses are stated where the peer has a way to state them; one that cannot be stated is
dropped, which makes no false statement true, and a denial by a peer that was not told all hypotheses does not count.

    python benchmarks/equality.py --output benchmarks/results/equality.json --markdown docs/peers.md
    python benchmarks/equality.py --only trigonometric --peers derivable,giac --limit 10
    python benchmarks/equality.py --from benchmarks/results/equality.json --markdown docs/peers.md
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
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import sympy
from _peers import EQUALITY, ERROR, IN_PYTHON, NOT_TAKEN, ORDER, PROGRAMS, PROVED, REFUTED, TIMEOUT, Session
from _translation import NotTaken
from sympy.core.cache import clear_cache

ROOT = Path(__file__).resolve().parents[1]
TOGETHER = "all peers together"


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


@dataclass(frozen=True)
class Answer:
    """What one peer said of one statement."""

    verdict: str
    seconds: float
    detail: str = ""


@dataclass(frozen=True)
class Asked:
    """A statement and what was said of it."""

    name: str
    area: str
    relation: str
    held_out: bool
    true: bool
    answers: dict[str, Answer]


class PythonSession:
    """A child process that one peer answers in, statement after statement; killed at a limit, and forked anew."""

    def __init__(self, peer: str, statements: Sequence[Any]) -> None:
        self.peer, self.statements = peer, statements
        self.process: Any = None
        self.pipe: Connection | None = None

    def ask(self, number: int, limit: float) -> Answer:
        """Put a statement, given by its number, to the peer."""
        if self.process is None or not self.process.is_alive():
            self._start()
        assert self.pipe is not None
        self.pipe.send((number, limit))
        if self.pipe.poll(limit):
            try:
                return Answer(*self.pipe.recv())
            except EOFError:
                self.stop()
                return Answer(ERROR, limit, "the process died")
        self.stop()
        return Answer(TIMEOUT, limit)

    def stop(self) -> None:
        """Kill the child and what it started."""
        if self.process is None or self.process.pid is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.process = None

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, there = context.Pipe()
        self.process = context.Process(target=self._answer, args=(there,), daemon=True)
        self.process.start()
        there.close()

    def _answer(self, pipe: Connection) -> None:
        os.setsid()  # a group of its own, so that what it starts dies with it
        gc.freeze()
        warnings.simplefilter("ignore")
        with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
            while True:
                number, limit = pipe.recv()
                clear_cache()  # no peer is told by an earlier statement what it has to find out of this one
                pipe.send(answered(self.peer, self.statements[number], limit))


def answered(peer: str, statement: Any, limit: float) -> tuple[str, float, str]:
    """Ask a peer in this process: the verdict, the seconds, and an error's text."""
    start = time.perf_counter()
    try:
        verdict, detail = IN_PYTHON[peer](statement, limit), ""
    except NotTaken as reason:
        verdict, detail = NOT_TAKEN, str(reason)
    except Exception as error:
        verdict, detail = ERROR, f"{type(error).__name__}: {error}"[:200]
    return verdict, time.perf_counter() - start, detail


class Desk:
    """Puts statements to peers; every thread has programs of its own."""

    def __init__(self, peers: Sequence[str], limit: float, statements: Sequence[Any]) -> None:
        self.peers, self.limit, self.statements = peers, limit, statements
        self.local = threading.local()
        self.sessions: list[Session | PythonSession] = []

    def _session(self, peer: str) -> Any:
        sessions: dict[str, Session | PythonSession] | None = getattr(self.local, "sessions", None)
        if sessions is None:
            sessions = self.local.sessions = {}
        if peer not in sessions:
            sessions[peer] = PROGRAMS[peer]() if peer in PROGRAMS else PythonSession(peer, self.statements)
            self.sessions.append(sessions[peer])
        return sessions[peer]

    def ask(self, number: int) -> Asked:
        """Put one statement, given by its number, to every peer that takes its kind."""
        statement = self.statements[number]
        answers = {}
        for peer in EQUALITY if statement.relation == "=" else ORDER:
            if peer not in self.peers:
                continue
            if peer == "derivable":  # it answers in processes of its own, and keeps to its limit
                answers[peer] = Answer(*answered(peer, statement, self.limit))
            elif peer in IN_PYTHON:
                answers[peer] = self._session(peer).ask(number, self.limit)
            else:
                answers[peer] = Answer(*self._session(peer).ask(statement, self.limit))
        return Asked(statement.name, statement.area, statement.relation, statement.held_out, statement.true, answers)

    def close(self) -> None:
        """End all programs."""
        for session in self.sessions:
            session.stop()


def run(statements: list[Any], peers: Sequence[str], limit: float, jobs: int) -> list[Asked]:
    """Ask every peer about every statement, showing progress on standard error."""
    asked: list[Asked] = []
    start = time.perf_counter()
    desk = Desk(peers, limit, statements)
    pool = ThreadPoolExecutor(jobs)
    try:
        for number, one in enumerate(pool.map(desk.ask, range(len(statements))), 1):
            asked.append(one)
            said = "  ".join(f"{peer}: {a.verdict} {a.seconds:.2f}s" for peer, a in one.answers.items())
            place = f"[{number}/{len(statements)} {time.perf_counter() - start:.0f}s]"
            print(f"{place} {'T' if one.true else 'F'} {one.name}: {said}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print(f"interrupted after {len(asked)} statements, which are kept", file=sys.stderr)
    finally:
        pool.shutdown(cancel_futures=True)
        desk.close()
    return asked


GROUPS: dict[str, Callable[[Asked], bool]] = {
    "equalities": lambda s: s.relation == "=" and not s.held_out,
    "equalities, held out": lambda s: s.relation == "=" and s.held_out,
    "inequalities": lambda s: s.relation != "=",
}


def figures(peer: str, asked: Iterable[Asked]) -> dict[str, Any]:
    """Count what one peer said, or what at least one of derivable's peers said."""
    asked = list(asked)
    names = [peer] if peer != TOGETHER else sorted({p for s in asked for p in s.answers} - {"derivable"})

    def said(statement: Asked, verdict: str) -> bool:
        return any(p in statement.answers and statement.answers[p].verdict == verdict for p in names)

    times = [s.answers[p].seconds for s in asked for p in names if s.answers[p].verdict != NOT_TAKEN]
    true, false = [s for s in asked if s.true], [s for s in asked if not s.true]
    return {
        "peer": peer,
        "true": len(true),
        "false": len(false),
        "true_proved": sum(said(s, PROVED) for s in true),
        "false_accepted": sum(said(s, PROVED) for s in false),
        "true_refuted": sum(said(s, REFUTED) for s in true),
        "false_refuted": sum(said(s, REFUTED) for s in false),
        "not_taken": sum(all(s.answers[p].verdict == NOT_TAKEN for p in names) for s in asked),
        "median_seconds": statistics.median(times) if times and peer != TOGETHER else None,
        "total_seconds": sum(times),
    }


def rows(asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """Return the figures of each peer, and of all of derivable's peers together."""
    asked = list(asked)
    peers = list(dict.fromkeys(p for s in asked for p in s.answers))
    together = [TOGETHER] if len(set(peers) - {"derivable"}) > 1 else []
    return [figures(peer, asked) for peer in [*peers, *together]]


def table(figures_of_peers: Iterable[dict[str, Any]]) -> str:
    """Set rows as a Markdown table."""
    lines = [
        "| peer | true proved | false accepted | true refuted | false refuted | not taken | median time |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in figures_of_peers:
        median = "–" if r["median_seconds"] is None else f"{1000 * r['median_seconds']:.0f} ms"
        share = f" ({100 * r['true_proved'] / r['true']:.0f} %)" if r["true"] else ""
        lines.append(
            f"| {r['peer']} | {r['true_proved']} of {r['true']}{share} | {r['false_accepted']} of {r['false']} "
            f"| {r['true_refuted']} | {r['false_refuted']} | {r['not_taken']} | {median} |"
        )
    return "\n".join(lines)


def table_of_areas(asked: Iterable[Asked]) -> str:
    """Set what each peer proves of each area's true statements as a Markdown table."""
    asked = [s for s in asked if s.true]
    peers = list(dict.fromkeys(p for s in asked for p in s.answers))
    lines = [f"| area | true | {' | '.join(peers)} |", "| --- " * (len(peers) + 2) + "|"]
    for area in dict.fromkeys(s.area for s in asked):
        here = [s for s in asked if s.area == area]
        counts = [sum(s.answers[p].verdict == PROVED for s in here) if p in here[0].answers else "–" for p in peers]
        lines.append(f"| {area} | {len(here)} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


HOW = """\
- **derivable**: `derivable.equal` and `derivable.at_most`, with all hypotheses.
- **simplify + doit** and **simplify**: whether `sympy.simplify` makes zero of the difference, after `.doit()` and without; a
  nonzero number denies. **equals**: `Expr.equals`. The symbols carry their assumptions; relations among the hypotheses cannot be
  stated.
- **giac**: whether `simplify`, `simplify(texpand)` or `ratnormal(tsimplify(lnexpand))` makes zero, under `assume` and
  `additionally`; for inequalities `sign`, and `solve` of the opposite in one symbol.
- **Maxima**: whether one of eight simplifications (`ratsimp`, also of evaluated nouns, `trigsimp` of the expanded, `radcan`,
  factorials and gammas collected, exponentials, `simplify_sum`, `rectform`) makes zero, or `is(equal(…))`; for inequalities
  `is(…)` of the relation and of the difference, collected and factored. Under `declare` and `assume`; the domain is complex where
  a symbol is.
- **FriCAS**: `zero?` of the difference, as it is, after `simplify`, `normalize` and `complexNormalize`; it has no assumptions.
- **signs**: `is_nonnegative` (`is_positive`) of SymPy's difference, as it is, factored and simplified. **ask**: SymPy's `ask` and
  `refine` with the hypotheses. **reduce_inequalities**: SymPy's solution set of the opposite, in one real symbol.
- **z3**: no counterexample, for polynomials, quotients, roots, moduli, maxima, floors and remainders.

A hypothesis that a peer has no way to state is dropped, which makes no false statement true; a denial does not count then. *All
peers together* have proved a statement if one of them proves it, also one that proves false statements.
"""


def markdown(record: dict[str, Any], asked: list[Asked]) -> str:
    """Write the page of the documentation that shows a run."""
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    parts = [
        "# Beside other systems",
        "Written by `benchmarks/equality.py --markdown`: every figure on this page comes from one run. "
        f"{len(asked)} statements of [tests/corpus](../tests/corpus), drawn from handbooks, each confirmed by an evaluator "
        "of its own; "
        f"{record['limit_seconds']:g} s a statement and peer, {record['jobs']} at a time on {record['cores']} cores; {versions}.",
    ]
    notes = {
        "equalities": "Statements that the rules of the checker were measured on while they were made.",
        "equalities, held out": "Statements that no rule was made with a look at.",
        "inequalities": "Polynomial, transcendental and discrete; written before the rules of order were improved.",
    }
    for group, belongs in GROUPS.items():
        chosen = [s for s in asked if belongs(s)]
        if chosen:
            parts += [f"## {group.capitalize()}", notes[group], table(rows(chosen))]
    parts += ["## True statements proved, by area", table_of_areas([s for s in asked if s.relation == "="])]
    order = [s for s in asked if s.relation != "="]
    parts += [table_of_areas(order)] if order else []
    parts += ["## How each is asked", HOW.strip()]
    parts += [
        "## Wrong answers",
        "False statements that a peer proves, and true ones that it denies; of those held out only the number is above.",
    ]
    for peer in dict.fromkeys(p for s in asked for p in s.answers):
        wrong = [
            s
            for s in asked
            if not s.held_out and peer in s.answers and s.answers[peer].verdict == (REFUTED if s.true else PROVED)
        ]
        named = "; ".join(f"{s.name}{' (denied)' if s.true else ''}" for s in wrong)
        parts.append(f"- **{peer}**: {named or 'none'}")
    text = "\n\n".join(parts).replace("\n\n- **", "\n- **") + "\n"
    return text.replace("above.\n- **", "above.\n\n- **").replace("asked\n- **", "asked\n\n- **")


def save(path: Path, record: dict[str, Any], asked: Iterable[Asked]) -> None:
    """Write a run as JSON, one line a statement."""
    lines = [
        json.dumps(
            {
                "name": s.name,
                "area": s.area,
                "relation": s.relation,
                "held_out": s.held_out,
                "true": s.true,
                "answers": {p: [a.verdict, round(a.seconds, 4), *([a.detail] if a.detail else [])] for p, a in s.answers.items()},
            },
            ensure_ascii=False,
        )
        for s in asked
    ]
    head = json.dumps(record, indent=1, ensure_ascii=False).rstrip().removesuffix("}").rstrip()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + ',\n "statements": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n", encoding="utf-8")


def load_run(path: Path) -> tuple[dict[str, Any], list[Asked]]:
    """Read a run back."""
    record = json.loads(path.read_text(encoding="utf-8"))
    asked = []
    for s in record.pop("statements"):
        answers = {p: Answer(*a) for p, a in s.pop("answers").items()}
        asked.append(Asked(**s, answers=answers))
    return record, asked


def available(peers: Iterable[str]) -> list[str]:
    """Leave out what is not installed, with a line that says so."""
    chosen = []
    for peer in peers:
        if peer in PROGRAMS:
            missing = None if PROGRAMS[peer].installed() else f"there is no program {PROGRAMS[peer].program!r}"
        elif peer in IN_PYTHON:
            module = peer if peer in ("derivable", "z3") else "sympy"
            missing = None if importlib.util.find_spec(module) else f"there is no module {module!r}"
        else:
            raise SystemExit(f"unknown peer {peer!r}; choose from {', '.join([*IN_PYTHON, *PROGRAMS])}")
        if missing:
            print(f"{peer} is left out: {missing}", file=sys.stderr)
        else:
            chosen.append(peer)
    return chosen


def versions(peers: Iterable[str]) -> dict[str, str]:
    """Return the versions of what takes part."""
    found = {"Python": platform.python_version(), "SymPy": sympy.__version__}
    for peer in peers:
        if peer in PROGRAMS:
            found[peer] = PROGRAMS[peer].version()
        elif peer == "z3":
            import z3

            found[peer] = z3.get_version_string()
    return found


def warm_up(peers: Iterable[str], limit: float) -> None:
    """Let every peer in Python load what it loads on first use, on statements that are not in the corpus."""
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
    for peer in peers:
        for lhs, rhs in pairs:
            for relation in ("=", "<="):
                if peer in (EQUALITY if relation == "=" else ORDER) and peer in IN_PYTHON:
                    with contextlib.suppress(Exception):
                        IN_PYTHON[peer](SimpleNamespace(lhs=lhs, rhs=rhs, where=(), relation=relation), min(limit, 2.0))


def main(argv: list[str] | None = None) -> int:
    """Run the comparison; return 1 where derivable was wrong."""
    every = list(dict.fromkeys([*EQUALITY, *ORDER]))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--limit", type=float, default=5.0, help="seconds per statement and peer (default 5)")
    parser.add_argument("--only", metavar="AREA", help="areas whose name contains this")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth statement only")
    parser.add_argument("--peers", help=f"default: all that are installed, {','.join(every)}")
    parser.add_argument("--jobs", type=int, default=1, help="statements at a time (times are best with 1)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write all answers as JSON")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the page of the documentation")
    parser.add_argument("--from", type=Path, dest="kept", metavar="FILE", help="take the answers from a JSON file, ask nobody")
    options = parser.parse_args(argv)
    if options.limit <= 0 or options.jobs < 1 or options.every < 1:
        parser.error("--limit, --jobs and --every must be positive")
    if options.kept is not None:
        record, asked = load_run(options.kept)
    else:
        peers = available(every if options.peers is None else options.peers.split(","))
        load = corpus()
        statements = [s for s in load.statements() if options.only is None or options.only in s.area][:: options.every]
        if not statements:
            parser.error(f"no area contains {options.only!r}; there are: {', '.join(load.areas())}")
        if not peers:
            parser.error("no peer is left")
        started = time.perf_counter()
        warm_up(peers, options.limit)
        gc.freeze()
        asked = run(statements, peers, options.limit, options.jobs)
        record = {
            "limit_seconds": options.limit,
            "jobs": options.jobs,
            "cores": os.cpu_count(),
            "wall_seconds": round(time.perf_counter() - started),
            "versions": versions(peers),
            "totals": {group: rows(s for s in asked if belongs(s)) for group, belongs in GROUPS.items()},
        }
    for group, belongs in GROUPS.items():
        chosen = [s for s in asked if belongs(s)]
        if chosen:
            print(f"\n{group}\n\n{table(rows(chosen))}")
    wrong = [(peer, s) for s in asked for peer, a in s.answers.items() if a.verdict == (REFUTED if s.true else PROVED)]
    for peer, statement in wrong:
        print(f"\nwrong: {peer} says {statement.answers[peer].verdict} of {statement.name}")
    if options.output is not None:
        save(options.output, record, asked)
    if options.markdown is not None:
        options.markdown.write_text(markdown(record, asked), encoding="utf-8")
    return int(any(peer == "derivable" for peer, _ in wrong))


if __name__ == "__main__":
    raise SystemExit(main())
