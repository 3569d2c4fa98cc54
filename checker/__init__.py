"""derivable: machine-checked derivations, with what they rest on and how they were attacked.

Decide a statement with `equal` and `at_most`; write a derivation with `Post`. A step may rest on `ByParts`, `Divergence`,
`ChangeOfVariable`, `Induction`, `Convex`, `Concave`, `Monotone`, `Exchange`, `InTheLimit` and `Theorem`. Statements may speak of
`Partial`, `SpaceIntegral` and `Expectation`; hypotheses beyond relations are `ForAll`, `Independent`, `Copy` and `Density`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivable.decide import at_most, equal
    from derivable.derivation import DerivationError, Theorem
    from derivable.post import Post
    from derivable.trusted.facts import Copy, Density, ForAll, Independent
    from derivable.trusted.heads import Expectation, Partial, SpaceIntegral
    from derivable.trusted.rules import (
        ByParts,
        ChangeOfVariable,
        Concave,
        Convex,
        Divergence,
        Exchange,
        Induction,
        InTheLimit,
        Monotone,
    )

__version__ = "0.1.0"
_HOMES = {
    "ByParts": "derivable.trusted.rules",
    "ChangeOfVariable": "derivable.trusted.rules",
    "Concave": "derivable.trusted.rules",
    "Convex": "derivable.trusted.rules",
    "Density": "derivable.trusted.facts",
    "Copy": "derivable.trusted.facts",
    "DerivationError": "derivable.derivation",
    "Divergence": "derivable.trusted.rules",
    "Exchange": "derivable.trusted.rules",
    "Expectation": "derivable.trusted.heads",
    "ForAll": "derivable.trusted.facts",
    "InTheLimit": "derivable.trusted.rules",
    "Independent": "derivable.trusted.facts",
    "Induction": "derivable.trusted.rules",
    "Monotone": "derivable.trusted.rules",
    "Partial": "derivable.trusted.heads",
    "Post": "derivable.post",
    "SpaceIntegral": "derivable.trusted.heads",
    "Theorem": "derivable.derivation",
    "at_most": "derivable.decide",
    "equal": "derivable.decide",
}
__all__ = [
    "ByParts",
    "ChangeOfVariable",
    "Concave",
    "Convex",
    "Copy",
    "Density",
    "DerivationError",
    "Divergence",
    "Exchange",
    "Expectation",
    "ForAll",
    "InTheLimit",
    "Independent",
    "Induction",
    "Monotone",
    "Partial",
    "Post",
    "SpaceIntegral",
    "Theorem",
    "at_most",
    "equal",
]


def __getattr__(name: str) -> Any:
    """Import on first use: the command line and the report do without SymPy."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'derivable' has no attribute {name!r}")
