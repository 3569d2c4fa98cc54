"""`python -m tests.mutation [--operators guard,conjunct] [--modules order] [--sample N]`: break the checker, see a test fail.

Each mutant is one small edit of one function of the trusted folder. It is made in a forked child, and the tests that reach its
statement are run there until one fails. A mutant that all of them pass is a survivor: a condition without a test, or none at all.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.mutation.operators import OPERATORS, Mutant, mutants, mutated
from tests.mutation.patching import Functions
from tests.mutation.reach import Reach
from tests.mutation.selection import Selection
from tests.mutation.trial import TIMEOUT, first_failure

PACKAGE = "derivable.trusted"
AHEAD = ("derivable.search.combination", "derivable.search.zeilberger", "derivable.search.critical", "derivable.decide")


class Driver:
    """A pytest plugin that replaces the loop over the tests by a loop over the mutants."""

    def __init__(self, chosen: argparse.Namespace):
        self.chosen = chosen
        self.survivors = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure the tests, then try the mutants."""
        for name in AHEAD:
            importlib.import_module(name)
        modules = trusted_modules()
        sources = {name: Path(str(m.__file__)).read_text(encoding="utf-8") for name, m in modules.items()}
        trees = {name: ast.parse(source) for name, source in sources.items()}
        fingerprint = hashlib.sha256("".join(sources.values()).encode()).hexdigest()[:16]
        reach = Reach(trees)
        selection = Selection(reach, self.chosen.output / "reach.json", fingerprint)
        functions = Functions(modules)
        reach.install(modules, functions)
        selection.measure(session.items, say)
        for name, tree in trees.items():
            functions.replace(name, tree)
        results = Results(self.chosen.output / "results.jsonl", sources, self.chosen.again)
        todo = chosen_mutants(trees, self.chosen)
        say(f"{len(todo)} mutants, {len(session.items)} tests")
        started = time.monotonic()
        for number, mutant in enumerate(todo):
            if time.monotonic() - started > self.chosen.seconds:
                say(f"the time is over after {number} mutants")
                break
            if results.known(mutant):
                continue
            results.add(mutant, *self.outcome(mutant, functions, trees, selection))
        results.tell()
        self.survivors = len(results.survivors())
        return True

    def outcome(
        self, mutant: Mutant, functions: Functions, trees: dict[str, ast.Module], selection: Selection
    ) -> tuple[str, str]:
        """(killed, survived, unreached or timeout; by which test)."""
        items = selection.tests(mutant, self.chosen.budget, self.chosen.tests_each)
        if not items:
            return "unreached", ""

        def prepare() -> None:
            functions.forget_results()
            if not functions.replace(mutant.module, mutated(trees[mutant.module], mutant)):
                raise LookupError(f"no function holds {mutant}")

        while True:
            found = first_failure(items, 3 * selection.seconds(items) + 20, prepare)
            if found.failed is None:
                return "survived", f"{len(items)} tests"
            if found.failed in selection.items and first_failure([selection.items[found.failed]], 60).failed is not None:
                # the test fails without the mutant too: the machine is busy, or the test draws at random
                items = [item for item in items if item.nodeid != found.failed]
                continue
            if found.failed in selection.items:
                selection.killed(mutant, found.failed)
            return (TIMEOUT if found.failed == TIMEOUT else "killed"), found.failed


class Results:
    """What became of the mutants: one line of JSON each, so that a run can be cut short and goes on where it was."""

    def __init__(self, path: Path, sources: dict[str, str], again: bool):
        self.path = path
        self.sources = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in sources.items()}
        self.again = again
        self.outcomes: dict[str, dict[str, Any]] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                kept = json.loads(line)
                if kept["source"] == self.sources.get(kept["module"]):
                    self.outcomes[kept["mutant"]] = kept

    def known(self, mutant: Mutant) -> bool:
        """Whether the mutant need not be tried: it was, and did not survive, or survivors are not asked again."""
        kept = self.outcomes.get(str(mutant))
        return kept is not None and (not self.again or kept["outcome"] in ("killed", TIMEOUT))

    def add(self, mutant: Mutant, outcome: str, by: str) -> None:
        """Note an outcome, and print a survivor."""
        entry = {
            "mutant": str(mutant),
            "module": mutant.module,
            "operator": mutant.operator,
            "outcome": outcome,
            "by": by,
            "source": self.sources[mutant.module],
        }
        self.outcomes[str(mutant)] = entry
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        if outcome != "killed":
            say(f"{outcome}: {mutant} [{by}]")

    def survivors(self) -> list[str]:
        """The mutants that no test noticed."""
        return [name for name, kept in self.outcomes.items() if kept["outcome"] in ("survived", "unreached")]

    def tell(self) -> None:
        """Print a table: operators, and how many mutants of each were tried, killed, and so on."""
        counts = Counter((kept["operator"], kept["outcome"]) for kept in self.outcomes.values())
        columns = ("killed", TIMEOUT, "survived", "unreached")
        say(f"{'operator':12}" + "".join(f"{c:>11}" for c in columns))
        for operator in OPERATORS:
            row = [counts[operator, c] for c in columns]
            if sum(row):
                say(f"{operator:12}" + "".join(f"{n:11}" for n in row))
        say(f"{'all':12}" + "".join(f"{sum(counts[o, c] for o in OPERATORS):11}" for c in columns))


def trusted_modules() -> dict[str, ModuleType]:
    """The modules of the trusted folder, by the last part of their names."""
    folder = Path(str(importlib.import_module(PACKAGE).__file__)).parent
    return {p.stem: importlib.import_module(f"{PACKAGE}.{p.stem}") for p in sorted(folder.glob("*.py")) if p.stem != "__init__"}


def chosen_mutants(trees: dict[str, ast.Module], chosen: argparse.Namespace) -> list[Mutant]:
    """The mutants of the chosen operators and modules: operator by operator, shuffled, at most `sample` of each operator."""
    found: dict[str, list[Mutant]] = {operator: [] for operator in OPERATORS}
    for name, tree in trees.items():
        if not chosen.modules or name in chosen.modules:
            for mutant in mutants(name, tree):
                if chosen.match in str(mutant):
                    found[mutant.operator].append(mutant)
    draw = random.Random(chosen.seed)
    todo = []
    for operator in chosen.operators or OPERATORS:
        draw.shuffle(found[operator])
        todo += found[operator][: chosen.sample]
    return todo


def say(text: str) -> None:
    """Print past pytest's capture."""
    print(text, file=sys.__stdout__, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Try the mutants; exit code 1 if one survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    words = lambda text: text.split(",")  # noqa: E731
    parser.add_argument("--operators", type=words, default=[], help=f"of {', '.join(OPERATORS)} (all)")
    parser.add_argument("--modules", type=words, default=[], help="modules of the trusted folder (all)")
    parser.add_argument("--match", default="", help="only mutants whose description holds this text")
    parser.add_argument("--sample", type=int, default=None, help="at most so many mutants of each operator (all)")
    parser.add_argument("--seed", type=int, default=0, help="of the order in which mutants are tried (0)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no new mutant after so many seconds")
    parser.add_argument("--budget", type=float, default=15.0, help="seconds of tests for each mutant (15)")
    parser.add_argument("--tests-each", type=int, default=60, help="tests for each mutant (60)")
    parser.add_argument("--again", action="store_true", help="try survivors of earlier runs again")
    parser.add_argument("--output", type=Path, default=Path("build/mutation"), help="where results are kept (build/mutation)")
    parser.add_argument("tests", nargs="*", default=["tests/checker"], help="files of tests (tests/checker)")
    chosen = parser.parse_args(arguments)
    chosen.output.mkdir(parents=True, exist_ok=True)
    driver = Driver(chosen)
    code = pytest.main([*chosen.tests, "-p", "no:cacheprovider", "-p", "no:terminal"], plugins=[driver])
    return int(code) or int(driver.survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
