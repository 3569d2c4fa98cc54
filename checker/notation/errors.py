"""What is wrong with a text, and where: a message with a caret under the place."""

from __future__ import annotations

import unicodedata

SHOWN = 100  # characters of a long line that are shown around the place


class NotationError(ValueError):
    """A text that is not understood, or that could be understood in two ways.

    `text[start:end]` is the place; `remedy` says what to write instead. The message shows the line with a caret under the place.
    """

    def __init__(self, message: str, text: str, start: int, end: int | None = None, remedy: str = "") -> None:
        self.message, self.text, self.remedy = message, text, remedy
        self.start = min(max(start, 0), len(text))
        self.end = max(min(end if end is not None else start + 1, len(text)), self.start)
        super().__init__(message)

    @property
    def column(self) -> int:
        """The place within its line, from 1."""
        return self.start - self.text.rfind("\n", 0, self.start)

    def __str__(self) -> str:
        """The message, the line, the caret, the remedy."""
        before = self.text.rfind("\n", 0, self.start) + 1
        after = self.text.find("\n", self.start)
        line = self.text[before : after if after >= 0 else len(self.text)]
        start, end = self.start - before, max(min(self.end - before, len(line)), self.start - before + 1)
        left = max(0, start - SHOWN // 2)
        right = min(len(line), left + SHOWN)
        head, marked = ("…" if left else "") + line[left:start], line[start : min(end, right)]
        shown = f"{'…' if left else ''}{line[left:right]}{'…' if right < len(line) else ''}"
        lines = [self.message, f"  {_printable(shown)}", f"  {' ' * _width(head)}{'^' * max(_width(marked), 1)}"]
        return "\n".join([*lines, self.remedy] if self.remedy else lines)


def _printable(text: str) -> str:
    """The text with a sign in the place of what a terminal would obey instead of showing."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
