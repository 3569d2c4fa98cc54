"""A post: what it claims, claim by claim, and how each is measured."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from derivable.derivation import Derivation, DerivationError, Instance

KINDS = (
    "identity",
    "inequality",
    "limit",
    "optimum",
    "algorithm",
    "distribution",
    "constant",
    "empirical",
    "open",
)


@dataclass
class Claim:
    """One named statement of a post; its derivation is the decorated function."""

    post: Post
    label: str
    name: str
    kind: str
    derive: Callable[[Derivation], None]
    file: str
    line: int
    measurements: list[Measured] = field(default_factory=list)

    @property
    def id(self) -> str:
        """`area/slug/label`."""
        return f"{self.post.id}/{self.label}"

    def at(self, **values: Any) -> Instance:
        """The claim for particular values of its symbols, by name: `using=[recurrence.at(n=k - 1)]`."""
        return Instance(self, tuple(values.items()))

    def measured(self, kernel: str, *, against: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
        """Register a cross-check of a kernel against this claim's conclusion: a function of a `Measurement`."""

        def register(function: Callable[[Any], None]) -> Callable[[Any], None]:
            self.measurements.append(Measured(function.__name__, kernel, against, function, inspect.getsourcelines(function)[1]))
            return function

        return register

    def derivation(self) -> Derivation:
        """The derivation as its author wrote it, complete and well-formed; raises `DerivationError`."""
        d = Derivation(self)
        self.derive(d)
        d.finish()
        return d


@dataclass(frozen=True)
class Measured:
    """A cross-check: which kernel, against what."""

    name: str
    kernel: str
    against: str
    function: Callable[[Any], None]
    line: int


@dataclass
class Post:
    """A post and its claims, in the order in which they are declared.

    Args:
        slug: short name, part of every claim's id; lower-case letters, digits and `_`.
        title, english: the post's title and a translation.
        area: folder that the post belongs to; by default the name of the folder that the module lies in.
        date, archive: when it appeared, and its number in the blog's archive.
        papers: (title, reference) of the papers that it is about.
    """

    slug: str
    title: str
    english: str = ""
    area: str = ""
    date: str = ""
    archive: int | None = None
    papers: tuple[tuple[str, str], ...] = ()
    claims: list[Claim] = field(default_factory=list)
    file: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.slug):
            raise DerivationError(
                f"post {self.slug!r}: a slug has lower-case letters, digits and _; it is part of every claim's id"
            )
        frame = inspect.currentframe()
        while frame is not None and frame.f_code.co_filename in (__file__, "<string>"):
            frame = frame.f_back
        self.file = frame.f_code.co_filename if frame is not None else ""
        if not self.area:
            self.area = Path(self.file).parent.name or "posts"

    @property
    def id(self) -> str:
        """`area/slug`."""
        return f"{self.area}/{self.slug}"

    def claim(self, label: str, name: str, *, kind: str = "identity") -> Callable[[Callable[[Derivation], None]], Claim]:
        """Register the decorated function as the derivation of claim `label` (`C1`, `C4a`, …), and give back the claim."""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", label):
            raise DerivationError(f"post {self.slug}: claim label {label!r}: letters and digits, as in C4a")
        if any(c.label == label for c in self.claims):
            raise DerivationError(f"post {self.slug}: two claims are labelled {label}; an id is given once")
        if kind not in KINDS:
            raise DerivationError(f"post {self.slug}: claim {label}: unknown kind {kind!r}; one of {', '.join(KINDS)}")

        def register(function: Callable[[Derivation], None]) -> Claim:
            claim = Claim(self, label, name, kind, function, self.file, inspect.getsourcelines(function)[1])
            self.claims.append(claim)
            return claim

        return register
