"""The report's own words, signs and numbers, shared by every format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from derivable.record import (
    VERDICTS,
    Cited,
    Claim,
    Control,
    Counterexample,
    Erratum,
    Post,
    Record,
    claims_by_verdict,
    errata,
    uses_closure,
)
from derivable.report.languages import ENGLISH, Language

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


def name_of(verdict: str, bound: str | None = None, say: Language = ENGLISH) -> str:
    """The verdict in words, with its bound where there is one."""
    if bound and verdict == "proved for n ≤ N":
        return say("proved for {bound}", bound=bound)
    return say(verdict)


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


def short_value(text: str) -> str:
    """A number in a ball to six digits, where the words beside it say that it is enclosed; other values as they are.

    >>> [short_value(text) for text in ("[0.00282914018662454 +/- 1.75e-18]", "-15/4", "[+/- 7.61e-29]", "-15.50000000")]
    ['0.00282914', '-15/4', '0 ± 8e-29', '-15.5']
    """
    near_zero = re.fullmatch(r"\[\+/- ([\d.]+e-\d+)\]", text)
    if near_zero is not None:
        return f"0 ± {float(near_zero[1]):.0e}"
    ball = re.fullmatch(r"\[(-?[\d.]+(?:e[+-]?\d+)?) \+/- ([\d.]+(?:e[+-]?\d+)?)\]", text)
    if ball is None:
        return re.sub(r"(\.\d*?)0{4,}(?!\d)", lambda match: match[1].rstrip("."), text)
    number, radius = float(ball[1]), float(ball[2])
    return f"{number:.6g}" if radius < 1e-7 * abs(number) else text


GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Delta": "Δ", "Omega": "Ω", "ell": "ℓ",
}  # fmt: skip


def symbol_name(text: str) -> str:
    """A symbol as SymPy writes it, with Greek letters.

    >>> symbol_name("alpha"), symbol_name("lambda[1]"), symbol_name("law of z")
    ('α', 'λ[1]', 'law of z')
    """
    return re.sub(r"(?<![A-Za-z])[A-Za-z]+(?![A-Za-z(])", lambda match: GREEK.get(match[0], match[0]), text)


def given_value(text: str, say: Language = ENGLISH) -> str:
    """The value of a symbol at a point; functions that Python cannot print are those of the claim."""
    return text.replace("<lambda>", say("as given with the claim"))


def short_digits(text: str) -> str:
    """Numbers of more than forty digits by their first ones; the record has them all.

    >>> short_digits(f"x - {10**60} > 0")
    'x - 10000000… (61 digits) > 0'
    """
    return re.sub(r"\d{41,}", lambda match: f"{match[0][:8]}… ({len(match[0])} digits)", text)


def corrections(claim: Claim, error: Erratum, most: int = 3) -> tuple[Sequence[str], int]:
    """The formulas of a correction, one by one where it is all that the claim states, and how many are left out."""
    several = len(claim.statements) > 1 and all(statement in error.correction for statement in claim.statements)
    shown = list(claim.statements) if several else [error.correction]
    return shown[:most], max(len(shown) - most, 0)


def looks_like_formula(text: str) -> bool:
    r"""Whether a text that may be LaTeX or words is a formula: TeX commands and hardly a word beside them.

    >>> looks_like_formula(r"\sum_{k} \frac{1}{k}"), looks_like_formula("a theorem of Abel")
    (True, False)
    """
    if "$" in text or not _COMMAND.search(text):
        return False
    bare = re.sub(r"\\(?:text|mathrm|operatorname\*?|begin|end)\s*\{[^{}]*\}", " ", text)
    return len(re.findall(r"(?<![\\A-Za-z])[A-Za-z]{3,}", bare)) <= 1


def headline(record: Record, say: Language = ENGLISH) -> str:
    """What a reader asks first, in one sentence."""
    counts = claims_by_verdict(record)
    total = sum(counts.values())
    if not total:
        return say("This record holds no claims")
    claims, posts = say.count(total, "claim"), say.count(len(record.posts), "post")
    if counts["proved"] == total:
        return say.many(total, "The claim of {posts} is proved", "All {claims} of {posts} are proved", claims=claims, posts=posts)
    return say.many(
        counts["proved"],
        "{n} of {claims} of {posts} is proved",
        "{n} of {claims} of {posts} are proved",
        n=counts["proved"],
        claims=claims,
        posts=posts,
    )


def lede(record: Record, say: Language = ENGLISH) -> str:
    """How surely the rest holds, what is wrong, and what rests on citation, in a few sentences."""
    counts = claims_by_verdict(record)
    weaker = [f"{number} {say(verdict)}" for verdict, number in counts.items() if number and verdict != "proved"]
    sentences = [say("The others: {list}.", list=_listed(weaker, say))] if weaker else []
    wrong = len(errata(record))
    if wrong:
        sentences.append(
            say.many(
                wrong,
                "{statements} of the posts is wrong or loose and is corrected here.",
                "{statements} of the posts are wrong or loose and are corrected here.",
                statements=say.count(wrong, "statement"),
            )
        )
    theorems = rests_on_citation(record)
    if theorems:
        resting = {claim for _, direct, inherited in theorems for claim in [*direct, *inherited]}
        sentences.append(
            say.many(
                len(resting),
                "{claims} rests on {theorems}.",
                "{claims} rest on {theorems}.",
                claims=say.count(len(resting), "claim"),
                theorems=say.count(len(theorems), "cited theorem"),
            )
        )
    tried, refuted, _ = control_score(record)
    if tried:
        sentences.append(say("Of {variants} that had to fail, {n} did.", variants=say.count(tried, "wrong variant"), n=refuted))
    failed = sum(post.error is not None for post in record.posts)
    if failed:
        sentences.append(say("{posts} could not be loaded.", posts=say.count(failed, "post")))
    return ("" if say.code == "zh" else " ").join(sentences)


def _listed(items: list[str], say: Language) -> str:
    return ("、" if say.code == "zh" else ", ").join(items)


def bibtex(record: Record, post: Post, claim: Claim | None = None, say: Language = ENGLISH) -> str:
    """A citation of a claim, or of a whole post, in this record."""
    target = claim or post
    year = record.environment.started[:4]
    source = post.english or post.title
    if claim is None and post.english and post.title != post.english:
        source += f" ({post.title})"
    fields = {
        "title": f"{claim.name}, claim {claim.label} of: {source}" if claim else f"Machine-checked claims of: {source}",
        "howpublished": f"derivable {record.environment.derivable}, {target.id}, record of {record.environment.started[:10]}",
        "year": year,
        "note": (f"Verdict: {name_of(claim.verdict, claim.bound)}" if claim else say.count(len(post.claims), "claim"))
        + (f"; archive {post.archive}" if post.archive is not None else "")
        + (f"; fingerprint {claim.fingerprint[:12]}" if claim and claim.fingerprint else ""),
    }
    key = re.sub(r"[^A-Za-z0-9:_-]+", ":", target.id).strip(":")
    lines = [f"  {name} = {{{_bib_escape(value)}}}" for name, value in fields.items() if value]
    return f"@misc{{derivable:{key},\n" + ",\n".join(lines) + "\n}"


def _bib_escape(text: str) -> str:
    """One line that BibTeX and TeX read as words; formulas keep their letters and lose their commands."""
    line = re.sub(r"[\x00-\x1f\x7f]+|[\\\\{}$]", " ", text)
    return re.sub(r" +", " ", re.sub(r"([%#&_^~])", r"\\\1", line)).strip()


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


def grouped_mutants(controls: Sequence[Control]) -> list[tuple[Counterexample | None, list[Control]]]:
    """The checker's own variants, those that one point refutes together."""
    found: dict[object, tuple[Counterexample | None, list[Control]]] = {}
    for control in controls:
        if control.origin == "author":
            continue
        witness = control.witness
        key = (tuple(witness.point.items()), witness.rigorous) if witness else None
        found.setdefault(key, (witness, []))[1].append(control)
    return list(found.values())


def grouped_by_claim(pairs: Sequence[tuple[Claim, Control]]) -> list[tuple[Claim, list[Control]]]:
    """Controls with their claims, those of one claim together."""
    found: dict[int, tuple[Claim, list[Control]]] = {}
    for claim, control in pairs:
        found.setdefault(id(claim), (claim, []))[1].append(control)
    return list(found.values())


def graph_lede(states: Mapping[str, str], say: Language = ENGLISH) -> str:
    """How many claims are proved together with everything that they rest on."""
    tally = {state: sum(one == state for one in states.values()) for state in ("alone", "cited", "partial", "weaker")}
    sentences = [
        say(
            "{n} of {claims} are proved with everything that they rest on, and cite nothing; {cited} more cite theorems.",
            n=tally["alone"],
            claims=say.count(len(states), "claim"),
            cited=tally["cited"],
        )
    ]
    if tally["partial"]:
        sentences.append(say("{n} are proved only as far as another claim holds.", n=tally["partial"]))
    sentences.append(say("What a claim rests on stands above it."))
    return ("" if say.code == "zh" else " ").join(sentences)


def title_of(post: Post, say: Language = ENGLISH) -> str:
    """A post's title in the reader's language, else in its own."""
    return (post.title or post.english) if say.code == "zh" else (post.english or post.title)


def second_title(post: Post, say: Language = ENGLISH) -> str:
    """The title in the other language, empty if there is only one."""
    other = post.english if say.code == "zh" else post.title
    return other if other != title_of(post, say) else ""


def environment_facts(record: Record, say: Language = ENGLISH) -> list[tuple[str, str]]:
    """The environment as terms and values, in reading order."""
    run = record.environment
    facts: Iterable[tuple[str, str | None]] = [
        ("derivable", run.derivable),
        ("Python", run.python),
        ("SymPy", run.sympy),
        ("python-flint", run.flint),
        ("torch", run.torch or say("none")),
        (say("platform"), run.platform),
        (say("device"), run.device),
        (say("seeds"), ", ".join(f"{name} {seed}" for name, seed in run.seeds.items())),
        (say("started"), run.started),
        (say("duration"), seconds(run.seconds)),
        (
            say("trusted code"),
            f"{run.trusted_folder}, {say.count(run.trusted_lines, 'line')}" if run.trusted_folder else "",
        ),
        (say("schema"), record.schema),
    ]
    return [(term, value) for term, value in facts if value]


def _append_new(members: list[str], item: str) -> None:
    if item not in members:
        members.append(item)
