"""The record of a run: what was claimed, how each step was checked, what was measured; one JSON file.

The report, `derivable list` and `derivable show` are functions of a `Record` alone. This module needs the
standard library and jsonschema, never SymPy or torch, so that a record made elsewhere can be read anywhere.

The schema is published in `record.schema.json` beside this file. Numbers that JSON lacks (an error that is
infinite or not a number) are written as the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import json
import math
import os
import tempfile
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

SCHEMA = "derivable-record/1"

# From the surest to the least sure; the one place where verdicts are ordered.
VERDICTS = ("proved", "proved for n ≤ N", "enclosed", "sampled", "measured", "open", "refuted")


class RecordError(Exception):
    """A record that cannot be read or written: where, what is wrong, and what to do about it."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem} {remedy}")
        self.place = place
        self.problem = problem
        self.remedy = remedy


class _Node:
    """A part of the record: immutable, with sequences kept as tuples so that equal data compare equal."""

    _types: ClassVar[dict[str, Any]]

    def __post_init__(self) -> None:
        for name, value in self.__dict__.items():
            if isinstance(value, list):
                object.__setattr__(self, name, tuple(value))

    def to_json(self) -> dict[str, Any]:
        """This part as JSON data: dictionaries, lists, strings, numbers, booleans, None."""
        return {item.name: _encode(getattr(self, item.name)) for item in dataclasses.fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The part that `data`, as `to_json` made it, describes; fields with a default may be absent."""
        hints = _hints(cls)  # type: ignore[arg-type]
        return cls(**{name: _decode(hints[name], value) for name, value in data.items()})


@dataclass(frozen=True)
class Counterexample(_Node):
    """A point at which two sides differ; `point` maps a symbol's LaTeX to its value."""

    point: Mapping[str, str]
    lhs: str
    rhs: str
    rigorous: bool
    slip: str | None = None


@dataclass(frozen=True)
class Hypothesis(_Node):
    """One assumption of a claim, as a formula, in words, or both."""

    latex: str
    text: str = ""


@dataclass(frozen=True)
class Cited(_Node):
    """A theorem used and not re-derived; `via` is the claim through which it came, None if cited here."""

    name: str
    statement: str
    reference: str = ""
    hypotheses: Sequence[str] = ()
    via: str | None = None


@dataclass(frozen=True)
class Step(_Node):
    """One link of a chain: `latex` is the new side, `relation` ties it to the one before ("" first)."""

    number: int
    latex: str
    relation: str
    srepr: str
    rule: str
    reason: str
    verdict: str
    seconds: float = 0.0
    certificate: Sequence[str] = ()
    exceptions: Sequence[str] = ()
    points: int = 0
    rigorous: bool = False
    counterexample: Counterexample | None = None


@dataclass(frozen=True)
class Control(_Node):
    """A wrong variant of a claim that went through the same decision; `origin` is "mutant" or "author"."""

    origin: str
    description: str
    latex: str
    verdict: str
    witness: Counterexample | None = None


@dataclass(frozen=True)
class Controls(_Node):
    """The controls of a claim by outcome; `survivors` were neither refuted nor proved equivalent."""

    refuted: Sequence[Control] = ()
    equivalent: Sequence[Control] = ()
    survivors: Sequence[Control] = ()


@dataclass(frozen=True)
class Plot(_Node):
    """The data of one curve, cloud of points or heat map of a cross-check.

    Plots of one cross-check are drawn together: those of one `panel` in one picture, where `series` names each;
    several panels side by side with common axes (small multiples), each under its panel's name. `style` is
    "line" or "points". With `z` it is a heat map: `z[r][c]` is the value at `y[r]`, `x[c]`.
    """

    x: Sequence[float]
    y: Sequence[float]
    x_label: str
    y_label: str
    series: str = ""
    panel: str = ""
    style: str = "line"
    z: Sequence[Sequence[float]] = ()


@dataclass(frozen=True)
class Crosscheck(_Node):
    """A kernel compared with the derivation's conclusion."""

    name: str
    kernel: str
    against: str
    cases: int
    worst_error: float
    allowed_error: float
    dtype: str
    device: str
    ok: bool
    note: str = ""
    plots: Sequence[Plot] = ()


@dataclass(frozen=True)
class Erratum(_Node):
    """Where a post is wrong or loose: its statement and the corrected one; `kind` is "wrong" or "loose"."""

    section: str
    post_statement: str
    correction: str
    explanation: str
    counterexample: Counterexample | None = None
    kind: str = "wrong"


@dataclass(frozen=True)
class Claim(_Node):
    """One named statement of a post with everything that was found out about it; `id` is `area/post/C9`."""

    id: str
    name: str
    kind: str
    verdict: str
    statement: str
    bound: str | None = None
    statements: Sequence[str] = ()
    hypotheses: Sequence[Hypothesis] = ()
    cited: Sequence[Cited] = ()
    uses: Sequence[str] = ()
    steps: Sequence[Step] = ()
    controls: Controls = field(default_factory=Controls)
    crosschecks: Sequence[Crosscheck] = ()
    erratum: Erratum | None = None
    file: str = ""
    line: int = 0
    seconds: float = 0.0
    message: str | None = None
    fingerprint: str = ""

    @property
    def label(self) -> str:
        """The claim's number within its post: `C9` of `area/post/C9`."""
        return self.id.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Paper(_Node):
    """A paper that a post is about."""

    title: str
    reference: str = ""


@dataclass(frozen=True)
class Post(_Node):
    """A post and its claims; `error` is set when its module failed to import."""

    slug: str
    area: str
    title: str
    english: str
    date: str = ""
    archive: int | None = None
    papers: Sequence[Paper] = ()
    file: str = ""
    claims: Sequence[Claim] = ()
    error: str | None = None

    @property
    def id(self) -> str:
        """`area/slug`, the beginning of the ids of its claims."""
        return f"{self.area}/{self.slug}" if self.area else self.slug


@dataclass(frozen=True)
class Environment(_Node):
    """What the run ran on."""

    derivable: str
    python: str
    sympy: str
    flint: str
    platform: str
    started: str
    torch: str | None = None
    device: str = "cpu"
    seeds: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    trusted_folder: str = ""
    trusted_lines: int = 0


@dataclass(frozen=True)
class Record(_Node):
    """A run: its environment and its posts."""

    environment: Environment
    posts: Sequence[Post] = ()
    schema: str = SCHEMA

    def claims(self) -> Iterator[Claim]:
        """Every claim, post by post."""
        for post in self.posts:
            yield from post.claims

    def write_record(self, path: str | os.PathLike[str]) -> Path:
        """See `write_record`."""
        return write_record(self, path)


def weakest(verdicts: Iterable[str]) -> str:
    """The least sure of `verdicts`; "open" when there are none, since then nothing was shown.

    >>> weakest(["proved", "sampled", "enclosed"])
    'sampled'
    """
    return max(verdicts, key=VERDICTS.index, default="open")


def claims_by_verdict(claims: Record | Post | Iterable[Claim]) -> dict[str, int]:
    """How many claims have each verdict, in the order of `VERDICTS`, zeros included."""
    return _tally(claim.verdict for claim in _claims(claims))


def steps_by_verdict(claims: Record | Post | Iterable[Claim]) -> dict[str, int]:
    """How many steps have each verdict, in the order of `VERDICTS`, zeros included; where a chain starts is not a step."""
    return _tally(step.verdict for claim in _claims(claims) for step in claim.steps if step.rule != "start")


def posts_by_verdict(record: Record) -> dict[str, int]:
    """How many posts have each verdict: a post has its weakest claim's, "open" if it failed to import."""
    return _tally(post_verdict(post) for post in record.posts)


def post_verdict(post: Post) -> str:
    """The weakest verdict among a post's claims; "open" if it has none or failed to import."""
    return weakest([claim.verdict for claim in post.claims] + (["open"] if post.error else []))


def errata(record: Record) -> list[tuple[Post, Claim, Erratum]]:
    """Every erratum with its claim and post, in the record's order."""
    return [(post, claim, claim.erratum) for post in record.posts for claim in post.claims if claim.erratum]


def uses_closure(record: Record, claim_id: str) -> list[str]:
    """The ids of the claims that `claim_id` rests on, directly or through others, nearest first.

    Ids that the record does not hold are kept: what rests on a claim that was not run must stay visible.
    """
    known = {claim.id: claim for claim in record.claims()}
    found: dict[str, None] = {}
    queue = [claim_id]
    for current in queue:
        for used in known[current].uses if current in known else ():
            if used not in found and used != claim_id:
                found[used] = None
                queue.append(used)
    return list(found)


def cited_closure(record: Record, claim_id: str) -> list[Cited]:
    """Every theorem that `claim_id` rests on; one that comes through another claim names it in `via`.

    A theorem cited along several ways is listed once, with the nearest.
    """
    known = {claim.id: claim for claim in record.claims()}
    found: dict[tuple[str, str], Cited] = {}
    for current in [claim_id, *uses_closure(record, claim_id)]:
        for cited in known[current].cited if current in known else ():
            via = cited.via or (None if current == claim_id else current)
            found.setdefault((cited.name, cited.statement), dataclasses.replace(cited, via=via))
    return list(found.values())


def validate(data: Any, place: str = "record") -> None:
    """Raise `RecordError`, naming the JSON path, unless `data` is a record of this version."""
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, str) or not schema.startswith("derivable-record/"):
        raise RecordError(
            place,
            "this is JSON, but not a record of derivable.",
            f'A record is an object with "schema": "{SCHEMA}"; `derivable report` and `pytest --record FILE` write one.',
        )
    if schema != SCHEMA:
        environment = data.get("environment")
        writer = environment.get("derivable") if isinstance(environment, dict) else None
        written = f"derivable {writer}" if isinstance(writer, str) else "the version that wrote it"
        raise RecordError(
            place,
            f'the record follows "{schema}", this version of derivable reads "{SCHEMA}".',
            f"Read it with {written}, or run again to write a new one.",
        )
    faults = sorted(_validator().iter_errors(data), key=lambda fault: fault.json_path)
    if faults:
        more = f" ({len(faults)} such places in all.)" if len(faults) > 1 else ""
        raise RecordError(
            f"{place}, {faults[0].json_path}",
            f"{_shorten(faults[0].message)}, against the schema {SCHEMA}.{more}",
            "Correct the program that wrote the record, or run again to write a new one.",
        )


def read_record(path: str | os.PathLike[str]) -> Record:
    """Read and validate the record at `path`.

    Raises:
        RecordError: the file is missing, unreadable, cut short, not JSON, JSON of something else, a record of
            another version, or one that violates the schema (the message then holds the JSON path).
    """
    place = os.fspath(path)
    again = "Run again to write a new one; a run that is interrupted leaves an earlier record as it was."
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = f"`derivable report` or `pytest derivations/ --record {place}` writes one."
        raise RecordError(place, "there is no such record.", remedy) from None
    except UnicodeDecodeError:
        raise RecordError(place, "this is not a record: it is not UTF-8 text.", again) from None
    except OSError as fault:
        remedy = "Give the path of a readable file."
        raise RecordError(place, f"the record cannot be read ({fault.strerror}).", remedy) from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as fault:
        where = f"{place}, line {fault.lineno}, column {fault.colno}"
        cut = not text[fault.pos :].strip() or fault.msg.startswith("Unterminated string")
        problem = "the record is cut short." if cut else f"this is not JSON ({fault.msg})."
        raise RecordError(where, problem, again) from None
    except RecursionError:
        raise RecordError(place, "this is not a record: it is nested too deeply.", again) from None
    validate(data, place)
    return Record.from_json(data)


def write_record(record: Record, path: str | os.PathLike[str]) -> Path:
    """Write `record` to `path` and return it; the file is replaced whole or not at all.

    Raises:
        RecordError: the record violates its schema, or the folder cannot be written to.
    """
    data = record.to_json()
    validate(data, "this record")
    target = Path(path)
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_text(target, text)
    return target


def write_text(target: Path, text: str) -> None:
    """Write a UTF-8 file through a temporary one beside it, so that nobody ever sees half of it."""
    temporary: str | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError as fault:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        reason = fault.strerror or str(fault)
        remedy = "Choose a folder that you may write to."
        raise RecordError(os.fspath(target), f"the file cannot be written ({reason}).", remedy) from None


@functools.cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record."""
    text = importlib.resources.files("derivable").joinpath("record.schema.json").read_text(encoding="utf-8")
    return typing.cast(dict[str, Any], json.loads(text))


@functools.cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(schema())


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _encode(value: Any) -> Any:
    if isinstance(value, _Node):
        return value.to_json()
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _decode(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _decode(arguments[0], value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decode(arguments[1], item) for key, item in value.items()}
    if origin is not None and issubclass(origin, Sequence):
        return tuple(_decode(arguments[0], item) for item in value)
    if isinstance(hint, type) and issubclass(hint, _Node):
        return hint.from_json(value)
    return float(value) if hint is float else value


def _claims(source: Record | Post | Iterable[Claim]) -> Iterable[Claim]:
    if isinstance(source, Record):
        return source.claims()
    return source.claims if isinstance(source, Post) else source


def _tally(verdicts: Iterable[str]) -> dict[str, int]:
    counts = dict.fromkeys(VERDICTS, 0)
    for verdict in verdicts:
        counts[verdict] += 1
    return counts


def _shorten(text: str, limit: int = 200) -> str:
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"
