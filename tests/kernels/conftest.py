"""Fixture for shape annotations that are checked at run time, in tests only."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch

torch.set_num_threads(min(2, torch.get_num_threads()))


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a function that wraps a kernel so that beartype holds its jaxtyping annotations at each call."""
    jaxtyping = pytest.importorskip("jaxtyping")
    beartype = pytest.importorskip("beartype").beartype

    def wrap(kernel: Callable[..., Any]) -> Callable[..., Any]:
        # the kernels import jaxtyping for type checkers only: give their strings what they name
        module = sys.modules[kernel.__module__]
        for name in ("Float", "Int64", "Shaped"):
            monkeypatch.setattr(module, name, getattr(jaxtyping, name), raising=False)
        return jaxtyping.jaxtyped(typechecker=beartype)(kernel)

    return wrap
