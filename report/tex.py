"""The report as one LaTeX document for xelatex, with the content of the page.

Every text of the record is escaped (`escape`). A formula is written as it is only if `mathml.is_inert` has
parsed it as pure mathematics, else as its source in typewriter letters; so no record makes TeX read, write or
define.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

import jinja2

from derivable.record import (
    VERDICTS,
    Claim,
    Counterexample,
    Record,
    Step,
    claims_by_verdict,
    errata,
    posts_by_verdict,
    steps_by_verdict,
)
from derivable.report import mathml, words
from derivable.report.anchors import Anchors

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "⁻": r"\textsuperscript{-}",
}
_RELATION = {
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "≈": r"\approx",
    "→": r"\to",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "∈": r"\in",
    "≡": r"\equiv",
    "∝": r"\propto",
    "∼": r"\sim",
}
_SIGN = {
    "proved": r"$\checkmark$",
    "bounded": r"$\checkmark_n$",
    "enclosed": r"$\subset$",
    "sampled": r"$\approx$",
    "measured": r"$\pm$",
    "open": "?",
    "refuted": r"$\times$",
}


class Tex(str):
    """A text that is TeX already and is not escaped again."""

    __slots__ = ()


def render_tex(record: Record) -> str:
    """The whole report as one LaTeX document."""
    anchors = Anchors(record)
    tried, refuted, survivors = words.control_score(record)

    def link(claim_id: str) -> Tex:
        claim = anchors.claim(claim_id)
        if claim is None:
            return Tex(rf"{code(claim_id)} (not in this record)")
        return Tex(rf"\hyperlink{{{anchors.of_claim(claim)}}}{{{escape(claim_id)}}}")

    return _template().render(
        record=record,
        headline=words.headline(record),
        lede=words.lede(record),
        verdicts=VERDICTS,
        claims_by_verdict=claims_by_verdict(record),
        steps_by_verdict=steps_by_verdict(record),
        posts_by_verdict=posts_by_verdict(record),
        failed=[post for post in record.posts if post.error],
        errata=errata(record),
        theorems=words.rests_on_citation(record),
        control_count=tried,
        refuted_count=refuted,
        survivors=survivors,
        environment=words.environment_facts(record),
        links=lambda ids: Tex(", ".join(link(claim_id) for claim_id in ids)),
        used_by=anchors.used_by,
        anchor_of=lambda claim: Tex(anchors.of_claim(claim)),
        anchor_of_post=lambda post: Tex(anchors.of_post(post)),
    )


def escape(text: object) -> Tex:
    r"""A text as TeX that prints it and does nothing else.

    >>> escape(r"50% of \input{x}_1")
    '50\\% of \\textbackslash{}input\\{x\\}\\_1'
    """
    if isinstance(text, Tex):
        return text
    line = re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", str(text))
    return Tex("".join(_SPECIAL.get(letter, letter) for letter in line))


def code(text: str) -> Tex:
    """A text in typewriter letters that breaks anywhere, so that no line grows too long."""
    line = re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text)
    pieces = re.findall(r"[A-Za-z0-9]{1,12}|[^A-Za-z0-9]", line)
    breakable = r"\allowbreak{}".join(escape(piece) for piece in pieces)
    return Tex(rf"\texttt{{{breakable}}}")


def inline(latex: str) -> Tex:
    """A formula within a line."""
    return Tex(f"${mathml.normalise(latex)}$") if mathml.is_inert(latex) else code(latex)


def display(latex: str) -> Tex:
    r"""A formula on a line of its own, made smaller if it is wider than the line."""
    return Tex(rf"\fitmath{{{mathml.normalise(latex)}}}" if mathml.is_inert(latex) else rf"\source{{{code(latex)}}}")


def prose(text: str) -> Tex:
    """Words in which formulas may stand between dollar signs."""
    pieces = re.split(r"(?<!\\)\$([^$]+)(?<!\\)\$", text)
    return Tex("".join(inline(piece) if odd % 2 else escape(piece) for odd, piece in enumerate(pieces)))


def formula_or_words(text: str) -> Tex:
    """A text that may be a formula or words."""
    return display(text) if words.looks_like_formula(text) else Tex(prose(text) + r"\par ")


def step_formula(step: Step) -> Tex:
    """The new side of a step with its relation to the side before."""
    relation = "" if step.latex.lstrip().startswith(step.relation) else step.relation
    relation = _RELATION.get(relation, relation)
    return display(f"{{}} {relation} {step.latex}" if relation else step.latex)


def verdict(value: str, bound: str | None = None) -> Tex:
    """The verdict in its colour, with its sign."""
    kind = words.kind_of(value)
    name = words.name_of(value, bound).replace("≤", "$≤$")
    printed = "".join(r"$\le$" if part == "$≤$" else escape(part) for part in re.split(r"(\$≤\$)", name))
    return Tex(rf"\textcolor{{{kind}}}{{{_SIGN[kind]}\,{printed}}}")


def counterexample(found: Counterexample) -> Tex:
    """The point, both sides and the certainty, as lines."""
    rows = []
    if found.point:
        rows.append(("at", ", ".join(f"{inline(symbol)} = {escape(value)}" for symbol, value in found.point.items())))
    rows += [("left side", escape(found.lhs)), ("right side", escape(found.rhs))]
    if found.slip:
        rows.append(("the slip", prose(found.slip)))
    rows.append(("certainty", "rigorous, disjoint enclosures" if found.rigorous else "not rigorous, floating point"))
    return Tex("".join(rf"\fact{{{term}}}{{{value}}}" + "\n" for term, value in rows))


def statements(claim: Claim) -> Iterable[str]:
    """What a claim states: its statements where there are several, else its statement."""
    return claim.statements if len(claim.statements) > 1 else [claim.statement]


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("derivable.report"),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        finalize=escape,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "inline": inline,
        "display": display,
        "prose": prose,
        "code": code,
        "formula_or_words": formula_or_words,
        "step_formula": step_formula,
        "seconds": words.seconds,
        "error": words.error,
        "count": words.count,
    }
    environment.filters.update(filters)
    environment.globals.update(
        verdict=verdict,
        counterexample=counterexample,
        statements=statements,
        meaning_of=words.meaning_of,
    )
    return environment.get_template("report.tex")
