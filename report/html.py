"""The report as one HTML file: no network, no JavaScript, formulas as MathML."""

from __future__ import annotations

import base64
import functools
import importlib.resources
import re
from collections.abc import Callable
from typing import Any

import jinja2
from markupsafe import Markup, escape

from derivable.record import (
    VERDICTS,
    Record,
    Step,
    claims_by_verdict,
    errata,
    posts_by_verdict,
    steps_by_verdict,
)
from derivable.report import figures, mathml, words
from derivable.report.anchors import Anchors, matrix


def render_html(record: Record) -> str:
    """The whole report as one HTML document."""
    anchors = Anchors(record)

    def link(claim_id: str) -> Markup:
        claim = anchors.claim(claim_id)
        if claim is None:
            return Markup("<code>{}</code> (not in this record)").format(claim_id)
        return Markup('<a href="#{}">{}</a>').format(anchors.of_claim(claim), claim_id)

    counts = steps_by_verdict(record)
    columns, rows = matrix(record)
    tried, refuted, survivors = words.control_score(record)
    return _template().render(
        record=record,
        style=_style(),
        headline=words.headline(record),
        lede=words.lede(record),
        verdicts=VERDICTS,
        claims_by_verdict=claims_by_verdict(record),
        steps_by_verdict=counts,
        posts_by_verdict=posts_by_verdict(record),
        claim_count=sum(len(post.claims) for post in record.posts),
        step_count=sum(counts.values()),
        failed=[post for post in record.posts if post.error],
        errata=errata(record),
        columns=columns,
        rows=rows,
        theorems=words.rests_on_citation(record),
        control_count=tried,
        refuted_count=refuted,
        survivors=survivors,
        measured=figures.error_figure(record),
        environment=words.environment_facts(record),
        anchor_of=anchors.of_claim,
        anchor_of_post=anchors.of_post,
        link_to=link,
        used_by=anchors.used_by,
    )


def _prose(text: str) -> Markup:
    """Words in which formulas may stand between dollar signs."""
    pieces = re.split(r"(?<!\\)\$([^$]+)(?<!\\)\$", text)
    return Markup("").join(mathml.typeset(piece) if odd % 2 else escape(piece) for odd, piece in enumerate(pieces))


def _formula_or_words(text: str) -> Markup:
    if words.looks_like_formula(text):
        return Markup('<span class="inline-math">{}</span>').format(mathml.typeset(rf"\displaystyle {text}"))
    return _prose(text)


def _step_formula(step: Step) -> Markup:
    relation = "" if step.latex.lstrip().startswith(step.relation) else step.relation
    return mathml.typeset(f"{{}} {relation} {step.latex}" if relation else step.latex, display=True)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("derivable.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "inline": mathml.typeset,
        "display": functools.partial(mathml.typeset, display=True),
        "step_formula": _step_formula,
        "prose": _prose,
        "formula_or_words": _formula_or_words,
        "seconds": words.seconds,
        "error": words.error,
        "count": words.count,
    }
    environment.filters.update(filters)
    environment.globals.update(
        kind_of=words.kind_of,
        sign_of=words.sign_of,
        name_of=words.name_of,
        meaning_of=words.meaning_of,
        plot_figure=figures.plot_figure,
    )
    return environment.get_template("report.html")


@functools.cache
def _style() -> Markup:
    folder = importlib.resources.files("derivable.report").joinpath("templates")
    font = base64.b64encode(folder.joinpath("math.woff2").read_bytes()).decode("ascii")
    return Markup(folder.joinpath("report.css").read_text(encoding="utf-8").replace("{{ math_font }}", font))
