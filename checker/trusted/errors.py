"""What the normal form raises when it has no answer."""

from __future__ import annotations

from typing import Any


class NeedCase(Exception):
    """A condition that the hypotheses leave open has to be decided first: split into cases."""

    def __init__(self, condition: Any):
        super().__init__(str(condition))
        self.condition = condition


class NoNormalForm(Exception):
    """The expression has no normal form here."""


class NotWords(Exception):
    """The expression is not made of words in matrices, or has no value at some."""
