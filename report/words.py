"""The report's own words, signs and numbers, shared by every format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from derivable.record import (
    VERDICTS,
    Cited,
    Claim,
    Control,
    Record,
    claims_by_verdict,
    errata,
    uses_closure,
)

# verdict → (short kind, sign, meaning); a verdict never shows by colour alone.
_VERDICT = dict(
    zip(
        VERDICTS,
        [
            ("proved", "✓", "every step is checked for all values that the hypotheses admit"),
            ("bounded", "✓ₙ", "exact, each case by itself, up to a bound"),
            ("enclosed", "⊂", "a number or inequality held by rigorous ball arithmetic"),
            ("sampled", "≈", "no proof found: agreement at many points to many digits"),
            ("measured", "±", "floating point within a justified error"),
            ("open", "?", "neither proved nor refuted"),
            ("refuted", "✗", "a counterexample is shown"),
        ],
        strict=True,
    )
)
_COMMAND = re.compile(r"\\[A-Za-z]+|[_^]\{?|[=<>≤≥]")


def kind_of(verdict: str) -> str:
    """The verdict as one ASCII word, for class names and colour names."""
    return _VERDICT[verdict][0]


def sign_of(verdict: str) -> str:
    """The verdict's sign."""
    return _VERDICT[verdict][1]


def meaning_of(verdict: str) -> str:
    """What the verdict means, as half a sentence."""
    return _VERDICT[verdict][2]


def name_of(verdict: str, bound: str | None = None) -> str:
    """The verdict in words, with its bound where there is one."""
    return f"proved for {bound}" if bound and verdict == "proved for n ≤ N" else verdict


def count(number: int, noun: str) -> str:
    """`1 step`, `3 steps`.

    >>> count(1, "step"), count(1200, "claim"), count(2, "theory")
    ('1 step', '1200 claims', '2 theories')
    """
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"


def seconds(duration: float) -> str:
    """A duration to two digits.

    >>> seconds(0.0042), seconds(1.25), seconds(75)
    ('4.2 ms', '1.2 s', '1 min 15 s')
    """
    if not math.isfinite(duration):
        return str(duration)
    if duration >= 60:
        return f"{int(duration // 60)} min {int(duration % 60)} s"
    if duration >= 1:
        return f"{duration:.1f} s"
    return f"{1000 * duration:.0f} ms" if duration >= 0.01 else f"{1000 * duration:.2g} ms"


def error(value: float) -> str:
    """An error to two digits; exact agreement says so.

    >>> error(3.14e-16), error(0.0), error(float("inf"))
    ('3.1e-16', '0', '∞')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return "0" if value == 0 else f"{value:.1e}" if not 0.01 <= abs(value) < 1000 else f"{value:.2g}"


def looks_like_formula(text: str) -> bool:
    r"""Whether a text that may be LaTeX or words is a formula: TeX commands and hardly a word beside them.

    >>> looks_like_formula(r"\sum_{k} \frac{1}{k}"), looks_like_formula("a theorem of Abel")
    (True, False)
    """
    if "$" in text or not _COMMAND.search(text):
        return False
    bare = re.sub(r"\\(?:text|mathrm|operatorname\*?|begin|end)\s*\{[^{}]*\}", " ", text)
    return len(re.findall(r"(?<![\\A-Za-z])[A-Za-z]{3,}", bare)) <= 1


def headline(record: Record) -> str:
    """What a reader asks first, in one sentence."""
    counts = claims_by_verdict(record)
    total = sum(counts.values())
    if not total:
        return "This record holds no claims"
    posts = count(len(record.posts), "post")
    verb = "is" if counts["proved"] == 1 else "are"
    if counts["proved"] == total:
        return f"All {count(total, 'claim')} of {posts} are proved" if total > 1 else f"The claim of {posts} is proved"
    return f"{counts['proved']} of {count(total, 'claim')} of {posts} {verb} proved"


def lede(record: Record) -> str:
    """How surely the rest holds, what is wrong, and what rests on citation, in a few sentences."""
    counts = claims_by_verdict(record)
    weaker = [f"{number} {verdict}" for verdict, number in counts.items() if number and verdict != "proved"]
    sentences = [f"The others: {', '.join(weaker)}."] if weaker else []
    wrong = len(errata(record))
    if wrong:
        verb = "is" if wrong == 1 else "are"
        sentences.append(f"{count(wrong, 'statement')} of the posts {verb} wrong or loose and {verb} corrected here.")
    theorems = rests_on_citation(record)
    if theorems:
        resting = {claim for _, direct, inherited in theorems for claim in [*direct, *inherited]}
        verb = "rests" if len(resting) == 1 else "rest"
        sentences.append(f"{count(len(resting), 'claim')} {verb} on {count(len(theorems), 'cited theorem')}.")
    tried, refuted, _ = control_score(record)
    if tried:
        sentences.append(f"Of {count(tried, 'wrong variant')} that had to fail, {refuted} did.")
    failed = sum(post.error is not None for post in record.posts)
    if failed:
        sentences.append(f"{count(failed, 'post')} could not be loaded.")
    return " ".join(sentences)


def rests_on_citation(record: Record) -> list[tuple[Cited, list[str], list[str]]]:
    """Each cited theorem, the claims that cite it, and those that rest on it through another claim."""
    found: dict[tuple[str, str], tuple[Cited, list[str], list[str]]] = {}
    own: dict[str, list[tuple[str, str]]] = {}
    for claim in record.claims():
        for fact in claim.cited:
            key = (fact.name, fact.statement)
            entry = found.setdefault(key, (fact, [], []))
            if fact.via is None:
                own.setdefault(claim.id, []).append(key)
            _append_new(entry[1] if fact.via is None else entry[2], claim.id)
    for claim in record.claims():
        for used in uses_closure(record, claim.id):
            for key in own.get(used, ()):
                if claim.id not in found[key][1]:
                    _append_new(found[key][2], claim.id)
    return list(found.values())


def control_score(record: Record) -> tuple[int, int, list[tuple[Claim, Control]]]:
    """Wrong variants tried (equivalent ones aside), how many were refuted, and the survivors."""
    refuted = sum(len(claim.controls.refuted) for claim in record.claims())
    survivors = [(claim, control) for claim in record.claims() for control in claim.controls.survivors]
    return refuted + len(survivors), refuted, survivors


def environment_facts(record: Record) -> list[tuple[str, str]]:
    """The environment as terms and values, in reading order."""
    run = record.environment
    facts: Iterable[tuple[str, str | None]] = [
        ("derivable", run.derivable),
        ("Python", run.python),
        ("SymPy", run.sympy),
        ("python-flint", run.flint),
        ("torch", run.torch or "none"),
        ("platform", run.platform),
        ("device", run.device),
        ("seeds", ", ".join(f"{name} {seed}" for name, seed in run.seeds.items())),
        ("started", run.started),
        ("duration", seconds(run.seconds)),
        (
            "trusted code",
            f"{run.trusted_folder}, {count(run.trusted_lines, 'line')}" if run.trusted_folder else "",
        ),
        ("schema", record.schema),
    ]
    return [(term, value) for term, value in facts if value]


def _append_new(members: list[str], item: str) -> None:
    if item not in members:
        members.append(item)
