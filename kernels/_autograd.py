"""Functions with derivatives of their own, called as fast as torch allows."""

import inspect
from typing import Any

import torch


class Function(torch.autograd.Function):
    """An ``autograd.Function`` whose ``forward`` is inspected once, and called with all of its arguments, in their order.

    torch finds the signature of ``forward`` and binds the arguments to it in every call; each takes as long as a small kernel.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        forward: Any = cls.forward
        forward.__signature__ = _InOrder([*inspect.signature(forward).parameters.values()])


class _InOrder(inspect.Signature):
    """A signature that takes arguments for bound if there are as many as parameters."""

    def bind(self, *arguments: Any, **named: Any) -> Any:
        if named or len(arguments) != len(self.parameters):
            return super().bind(*arguments, **named)
        return _Bound(arguments)


class _Bound:
    """What torch asks of bound arguments."""

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        self.args = arguments
        self.kwargs: dict[str, Any] = {}

    def apply_defaults(self) -> None:
        """Nothing was left out."""
