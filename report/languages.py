"""The language of the report's own words: English as written in the code, others by catalogue.

Words of the record (titles, reasons, certificates) are shown as they are; only what the report itself says is
translated. A text without a translation stays English, so that a new sentence never breaks a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derivable.report.chinese import COUNTED, TEXTS

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Language:
    """Says texts in one language: `say("{n} of {m}", n=1, m=2)`."""

    code: str = "en"
    texts: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str, **values: object) -> str:
        """`text` in this language, with its places filled."""
        return self.text(text).format(**values) if values else self.text(text)

    def text(self, text: str) -> str:
        """`text` in this language, its places still open."""
        return self.texts.get(text, text)

    def many(self, number: int, one: str, several: str, **values: object) -> str:
        """`one` or `several`, by what number the sentence speaks of."""
        return self(one if number == 1 else several, **values)

    def count(self, number: int, noun: str) -> str:
        """`1 step`, `3 steps`, in Chinese `3 步`.

        >>> say = Language()
        >>> say.count(1, "step"), say.count(1200, "claim"), say.count(2, "theory")
        ('1 step', '1200 claims', '2 theories')
        """
        if noun in self.counted:
            return f"{number} {self.counted[noun]}"
        plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
        return f"{number} {noun if number == 1 else plural}"


ENGLISH = Language()


def language(code: str) -> Language:
    """The language with this code.

    Raises:
        ValueError: a language that the report does not speak.
    """
    if code not in LANGUAGES:
        raise ValueError(f"lang: there is no language {code!r}; choose among {', '.join(LANGUAGES)}.")
    return Language("zh", TEXTS, COUNTED) if code == "zh" else ENGLISH
