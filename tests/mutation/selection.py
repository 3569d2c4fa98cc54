"""Which tests are asked about a mutant: those that reach its statement, from files about it first; what was measured is kept."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.mutation.operators import Mutant
from tests.mutation.reach import Reach
from tests.mutation.trial import first_failure

SLOWEST = 20.0  # a test that takes longer is not asked


@dataclass(frozen=True)
class Measured:
    """What one test took and reached; `source` is the fingerprint of the test's file and of the trusted folder."""

    source: str
    seconds: float
    reached: str
    passed: bool


def file_of(test: str) -> str:
    """The file of a test, by the test's identifier."""
    return test.partition("::")[0]


class Selection:
    """The measured tests. `kills` counts which test has noticed mutants of which function: it is asked first there."""

    def __init__(self, reach: Reach, kept: Path, trusted: str):
        self.reach = reach
        self.kept = kept
        self.trusted = trusted
        self.bits = {statement: number for number, statement in enumerate(reach.statements)}
        self.measured: dict[str, Measured] = {}
        self.kills: dict[tuple[str, str], Counter[str]] = {}
        self.items: dict[str, Any] = {}
        self.sizes: Counter[str] = Counter()

    def measure(self, items: list[Any], say: Any) -> None:
        """Run each test that is not kept once, in a child of its own."""
        before = json.loads(self.kept.read_text(encoding="utf-8")) if self.kept.exists() else {}
        sources: dict[Path, str] = {}
        for number, item in enumerate(items):
            self.items[item.nodeid] = item
            if item.path not in sources:
                sources[item.path] = hashlib.sha256(item.path.read_bytes() + self.trusted.encode()).hexdigest()[:16]
            kept = before.get(item.nodeid)
            if kept is not None and kept["source"] == sources[item.path]:
                self.measured[item.nodeid] = Measured(**kept)
                continue
            self.reach.clear()
            outcome = first_failure([item], SLOWEST)
            reached = f"{self.reach.reached():x}"
            self.measured[item.nodeid] = Measured(sources[item.path], round(outcome.seconds, 3), reached, outcome.failed is None)
            if number % 100 == 0:
                say(f"{number} of {len(items)} tests measured")
                self._keep()
        self._keep()
        self.sizes = Counter(map(file_of, self.measured))

    def tests(self, mutant: Mutant, seconds: float, most: int) -> list[Any]:
        """Tests that reach the mutant's statement, in all not more than `most` and `seconds`."""
        bit = self.bits.get((mutant.module, *mutant.reached_by))
        if bit is None:
            return []
        kills = self.kills.get((mutant.module, mutant.function), Counter())
        found = [name for name, m in self.measured.items() if m.passed and int(m.reached, 16) >> bit & 1]
        # A file most of whose tests reach the statement is about it; one of which a few do so comes upon it.
        reaching = Counter(file_of(name) for name in found)
        share = {file: round(count / self.sizes[file], 1) for file, count in reaching.items()}
        found.sort(key=lambda name: (-kills[name], -share[file_of(name)], self.measured[name].seconds))
        chosen = []
        for name in found[:most]:
            seconds -= self.measured[name].seconds
            chosen.append(self.items[name])
            if seconds < 0:
                break
        return chosen

    def killed(self, mutant: Mutant, test: str) -> None:
        """Remember which test noticed the mutant."""
        self.kills.setdefault((mutant.module, mutant.function), Counter())[test] += 1

    def seconds(self, items: list[Any]) -> float:
        """What the tests took when they were measured."""
        return sum(self.measured[item.nodeid].seconds for item in items)

    def _keep(self) -> None:
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(json.dumps({name: asdict(m) for name, m in self.measured.items()}), encoding="utf-8")
