"""Functions with derivatives of their own, called as fast as torch allows."""

import inspect
from typing import Any

import torch


class Function(torch.autograd.Function):
    """An ``autograd.Function`` whose ``forward`` is inspected once.

    torch binds the arguments of every call to the signature of ``forward``, and finding that takes as long as a small kernel.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        forward: Any = cls.forward
        forward.__signature__ = inspect.signature(forward)
