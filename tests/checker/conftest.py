"""What the checker's tests share: the prover without its attack, decisions in this process, folders of posts."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from derivable.decide import decide, equal
from derivable.search import propose
from derivable.trusted.deadline import TimeLimit, alarm
from derivable.trusted.decision import Decision
from derivable.trusted.equality import Prover, entries
from derivable.trusted.facts import Contradiction, Facts


@pytest.fixture
def prove() -> Callable[..., Any]:
    """The proof search alone, the attack switched off: what it proves of a false statement is a bug, however rare its failure."""

    def alone(lhs: Any, rhs: Any, *where: Any, seconds: float = 6.0) -> Any:
        try:
            facts = Facts(where)
        except Contradiction:
            return None
        pairs = entries(sp.sympify(lhs), sp.sympify(rhs))
        if pairs is None:
            return None
        found = None
        try:
            with alarm(seconds):
                for a, b in pairs:
                    found = Prover(propose, time.monotonic() + seconds).zero(a - b, facts)
                    if found is None:
                        return None
        except TimeLimit:
            return None
        return found

    return alone


@pytest.fixture
def falls(prove: Callable[..., Any]) -> Callable[..., None]:
    """Assert that a false statement is refuted, and not proved without the attack either."""

    def both(lhs: Any, rhs: Any, *where: Any) -> None:
        assert equal(lhs, rhs, where=where).verdict == "refuted"
        assert prove(lhs, rhs, *where, seconds=10.0) is None

    return both


@pytest.fixture
def said() -> Callable[..., Decision]:
    """The decision in this process: `said(lhs, "=", rhs, *where)`."""

    def answer(lhs: Any, relation: str, rhs: Any, *where: Any, seconds: float = 5.0, **more: Any) -> Decision:
        return decide(relation, sp.sympify(lhs), sp.sympify(rhs), where, seconds, **more)

    return answer


@pytest.fixture
def folder_of_posts(tmp_path: Path) -> Callable[..., Path]:
    """Write modules of derivations into a folder that has nothing to do with the project: `folder_of_posts(one="…")`."""

    def write(**modules: str) -> Path:
        folder = tmp_path / "my_area"
        folder.mkdir(exist_ok=True)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    return write
