"""SymPy statements as bytes and back, node for node.

SymPy's own pickling builds each node anew by calling its class, which evaluates: `Mul(0, 1/x, evaluate=False)` would come back
as 0, another statement. Here a node comes back with the arguments and slots that it had, and nothing is evaluated.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Mapping
from typing import Any

from sympy import Atom, Basic, MatrixBase
from sympy.core.assumptions import StdFactKB
from sympy.core.function import UndefinedFunction

# classes and functions of these packages mean the same on both sides; anything else may have changed since the fork
HOME = frozenset({"builtins", "collections", "copyreg", "derivable", "flint", "fractions", "mpmath", "sympy"})
LARGEST = 1 << 18  # bytes, about 10,000 nodes: writing them takes a tenth of a second
UNTOLD = frozenset({"_mhash", "_assumptions", "__weakref__"})


class NotPortable(Exception):
    """Something in a statement cannot be carried to another process without changing what it says."""


def carried(value: Any) -> bytes:
    """`value` as bytes for a process that was forked from this one; `NotPortable` where that is not safe or takes long."""
    stream = _Stream()
    try:
        _Writer(stream, protocol=5).dump(value)
    except NotPortable:
        raise
    except Exception as error:  # what has no way into bytes says so in many ways
        raise NotPortable(f"{type(error).__name__}: {error}") from error
    return stream.getvalue()


def read(data: bytes) -> Any:
    """What `carried` wrote."""
    return pickle.loads(data)  # only this process' own parent wrote it


class _Stream(io.BytesIO):
    def write(self, data: Any) -> int:
        if self.tell() > LARGEST:
            raise NotPortable(f"more than {LARGEST} bytes")
        return super().write(data)


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, UndefinedFunction):
            return _undefined, (value.__name__, value._kwargs)
        if isinstance(value, type) or (callable(value) and not isinstance(value, Basic)):
            if (getattr(value, "__module__", None) or "").partition(".")[0] not in HOME:
                raise NotPortable(f"{value!r} is not SymPy's")
            return NotImplemented
        if isinstance(value, MatrixBase):
            return _matrix, (type(value), value.shape, value.flat())
        if isinstance(value, Basic) and not isinstance(value, Atom):
            return _node, (type(value),), (_known(value), _content(value)), None, None, _filled
        return NotImplemented


def _content(node: Basic) -> dict[str, Any]:
    """The slots and attributes of a node but for what SymPy works out again when asked."""
    content = {name: getattr(node, name) for name in copyreg._slotnames(type(node)) if hasattr(node, name)}  # type: ignore[attr-defined]
    content.update(getattr(node, "__dict__", {}))
    return {name: value for name, value in content.items() if name not in UNTOLD}


def _known(node: Basic) -> tuple[dict[str, Any], Mapping[str, Any]] | None:
    """What a node is known to be beyond its class: by what it was given (an indexed base), or because it was asked before."""
    known = node._assumptions
    return None if known is type(node).default_assumptions else (dict(known), known._generator)


def _node(kind: type[Basic]) -> Any:
    return object.__new__(kind)


def _filled(node: Any, state: tuple[tuple[dict[str, Any], Mapping[str, Any]] | None, Mapping[str, Any]]) -> None:
    known, content = state
    node._mhash = None
    node._assumptions = type(node).default_assumptions
    if known is not None:
        node._assumptions = StdFactKB()
        node._assumptions.update(known[0])
        node._assumptions._generator = known[1]
    for name, value in content.items():
        setattr(node, name, value)


def _matrix(kind: type[MatrixBase], shape: tuple[int, int], entries: list[Any]) -> MatrixBase:
    return kind(*shape, entries)


def _undefined(name: str, given: Mapping[str, Any]) -> UndefinedFunction:
    return UndefinedFunction(name, **given)
