"""The corpus of equalities and inequalities: its data type and its loader.

Every module beside this one that defines ``AREA`` is a data module: plain lists of SymPy expressions,
grouped by area. They import SymPy alone, so the corpus can be used from tests, benchmarks and by hand:

>>> import importlib.util, sys
>>> spec = importlib.util.spec_from_file_location("corpus_load", "tests/corpus/load.py")
>>> load = importlib.util.module_from_spec(spec)
>>> sys.modules[spec.name] = load
>>> spec.loader.exec_module(load)
>>> statements = load.statements()

What a statement claims: for all values that the symbols' assumptions and ``where`` admit (a symbol without
assumptions is complex), ``lhs = rhs`` (or ``lhs <= rhs``, ``lhs < rhs``) wherever both are defined and finite.
Powers, logarithms and inverse functions are principal; sums over a reversed range follow SymPy (Karr's
convention). Undefined functions are smooth. A divergent integral has no value: a statement that gives it one
counts as false.

A data module holds

* ``AREA``, ``SOURCE``: the area's name, and where its facts come from;
* ``TRUE``: tuples ``(name, lhs, rhs)`` or ``(name, lhs, rhs, where)``;
* ``FALSE``: tuples ``(name, slip, lhs, rhs)`` or ``(name, slip, lhs, rhs, where)``, where ``slip`` says what
  is wrong;
* an inequality has its relation, ``"<="`` or ``"<"``, before ``lhs``;
* optionally ``HELD_OUT = True``: the rules of the checker were made without a look at this module, and the rate
  on it is reported separately;
* optionally, for false statements: ``WITNESS`` (name to a point, where few points fail), ``DIGITS`` (name to
  the decimal digits needed to see the difference) and ``DIVERGENT`` (names of those that give a value to a
  divergent integral).
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sympy import Basic

FOLDER = Path(__file__).resolve().parent
RELATIONS = ("=", "<=", "<")


@dataclass(frozen=True)
class Statement:
    """One claimed equality or inequality, and whether it holds."""

    name: str
    area: str
    lhs: Basic
    rhs: Basic
    where: tuple[Basic, ...]
    true: bool
    source: str
    #: where a false statement that fails at few points does fail
    witness: Mapping[Basic, Any] = field(default_factory=dict, hash=False)
    #: decimal digits at which a false statement's two sides differ visibly
    digits: int = 50
    #: a false statement whose left side is a divergent integral
    divergent: bool = False
    #: "=", "<=" or "<"
    relation: str = "="
    #: not to be looked at when rules are made
    held_out: bool = False

    def __str__(self) -> str:
        return self.name


def _module(path: Path) -> ModuleType:
    """Import a data module by its path."""
    name = f"corpus_data_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _data_modules() -> Iterator[ModuleType]:
    """Yield the data modules beside this file, in the order of their names."""
    for path in sorted(FOLDER.glob("data_*.py")):
        yield _module(path)


def _statements(module: ModuleType) -> Iterator[Statement]:
    area: str = module.AREA
    witness = getattr(module, "WITNESS", {})
    digits = getattr(module, "DIGITS", {})
    divergent: set[str] = getattr(module, "DIVERGENT", set())
    unknown = (set(witness) | set(digits) | set(divergent)) - {entry[0] for entry in module.FALSE}
    if unknown:
        raise ValueError(f"{module.__file__}: no false statement is named {sorted(unknown)}")
    held_out: bool = getattr(module, "HELD_OUT", False)
    for name, *claim in module.TRUE:
        relation, lhs, rhs, where = _claim(claim)
        yield Statement(f"{area}/{name}", area, lhs, rhs, where, True, module.SOURCE, relation=relation, held_out=held_out)
    for name, slip, *claim in module.FALSE:
        relation, lhs, rhs, where = _claim(claim)
        yield Statement(
            f"{area}/{name} [{slip}]",
            area,
            lhs,
            rhs,
            where,
            False,
            f"{module.SOURCE}; wrong variant: {slip}",
            witness.get(name, {}),
            digits.get(name, 50),
            name in divergent,
            relation,
            held_out,
        )


def _claim(entry: list[Any]) -> tuple[str, Basic, Basic, tuple[Basic, ...]]:
    """Split what follows a statement's name: the relation, if it is none of equality, both sides, the hypotheses."""
    relation, *sides = entry if isinstance(entry[0], str) else ("=", *entry)
    if relation not in RELATIONS:
        raise ValueError(f"{relation!r} is none of {', '.join(RELATIONS)}")
    lhs, rhs, *where = sides
    return relation, lhs, rhs, tuple(where[0]) if where else ()


@cache
def statements() -> tuple[Statement, ...]:
    """All statements, true and false, by area."""
    return tuple(statement for module in _data_modules() for statement in _statements(module))


def areas() -> tuple[str, ...]:
    """The areas' names, in the corpus' order."""
    return tuple(dict.fromkeys(statement.area for statement in statements()))
