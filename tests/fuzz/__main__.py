"""`python -m tests.fuzz [--cases 100000] [--processes 2] [--seed N]`: random statements until the number is reached.

Half of the cases are true statements, which must not be refuted; half have a slip, and must not be proved if they are false.
A finding is shrunk by Hypothesis, printed, and written to the folder of findings with its seed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import secrets
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from derivable.trusted.deadline import TimeLimit
from tests.fuzz.statements import Claim, check_true, check_with_a_slip, claims_with_a_slip, true_claims

BATCH = 50  # cases between two reports of progress
CASES = settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)


def _batch(number: int) -> tuple[int, dict[str, int], str | None]:
    """One batch of cases from its seed: the seed, how many got which verdict, and the shrunk finding if there is one."""
    counted: Counter[str] = Counter()

    @seed(number)
    @CASES
    @given(true_claims())
    def holds(claim: Claim) -> None:
        counted["true: " + check_true(claim)] += 1

    @seed(number)
    @CASES
    @given(claims_with_a_slip())
    def slipped(claim: Claim) -> None:
        counted["slip: " + check_with_a_slip(claim)] += 1

    try:
        (holds if number % 2 else slipped)()
    except AssertionError as error:
        return number, counted, str(error)
    except TimeLimit:  # an alarm that went off inside Hypothesis, on a busy machine: the rest of the batch is lost
        counted["interrupted"] += BATCH - sum(counted.values())
    except Exception:
        return number, counted, traceback.format_exc()
    return number, counted, None


def main(arguments: list[str] | None = None) -> int:
    """Run the batches in processes; exit code 1 if there is a finding."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="how many statements (100000)")
    parser.add_argument("--processes", type=int, default=2, help="how many processes (2)")
    parser.add_argument("--seed", type=int, default=None, help="the first seed; each batch has its own, counted up from it")
    parser.add_argument("--findings", type=Path, default=Path("build/fuzz"), help="where findings are written (build/fuzz)")
    chosen = parser.parse_args(arguments)
    first = secrets.randbelow(10**9) if chosen.seed is None else chosen.seed
    batches = -(-chosen.cases // BATCH)
    print(f"{batches * BATCH} cases, seeds {first} … {first + batches - 1}, {BATCH} cases a seed")
    counted: Counter[str] = Counter()
    findings = 0
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with multiprocessing.get_context("fork").Pool(chosen.processes, maxtasksperchild=8) as pool, Progress(*columns) as progress:
        task: Any = progress.add_task("statements", total=batches * BATCH)
        for number, verdicts, finding in pool.imap_unordered(_batch, range(first, first + batches)):
            counted.update(verdicts)
            progress.advance(task, BATCH)
            if not progress.console.is_terminal and sum(counted.values()) // 1000 != (sum(counted.values()) - BATCH) // 1000:
                print(f"{sum(counted.values())} cases, {findings} findings, {time.monotonic() - started:.0f} s", flush=True)
            if finding is not None:
                findings += 1
                chosen.findings.mkdir(parents=True, exist_ok=True)
                (chosen.findings / f"{number}.txt").write_text(f"seed {number}\n{finding}\n", encoding="utf-8")
                progress.console.print(f"finding {findings}, seed {number}:\n{finding}", markup=False)
    seconds = time.monotonic() - started
    print(", ".join(f"{name} {number}" for name, number in sorted(counted.items())))
    print(
        f"{findings} findings in {seconds:.0f} s, {sum(counted.values()) / seconds:.1f} statements a second; seeds from {first}"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
