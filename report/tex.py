"""The report as one LaTeX document for xelatex, with the content of the page.

Every text of the record is escaped (`escape`). A formula is written as it is only if `mathml.is_inert` has
parsed it as pure mathematics, else as its source in typewriter letters; so no record makes TeX read, write or
define.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jinja2

from derivable.record import (
    VERDICTS,
    Claim,
    Control,
    Counterexample,
    Record,
    Step,
    claims_by_verdict,
    errata,
    posts_by_verdict,
    steps_by_verdict,
)
from derivable.report import abridge, compare, graph, mathml, words
from derivable.report.anchors import Anchors
from derivable.report.index import index
from derivable.report.languages import ENGLISH, Language, language
from derivable.report.pgf import plot_picture

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
    **{sign: rf"\textsubscript{{{digit}}}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{sign: rf"\textsuperscript{{{letter}}}" for letter, sign in zip("0456789T", "⁰⁴⁵⁶⁷⁸⁹ᵀ", strict=True)},
    "Ḡ": r"$\bar{G}$",
    "ℚ": r"$\mathbb{Q}$",
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


def render_tex(record: Record, *, lang: str = "en", since: Record | None = None) -> str:
    """The whole report as one LaTeX document; see `render_html` for `lang` and `since`.

    Raises:
        ValueError: a language that the report does not speak.
    """
    say = language(lang)
    anchors = Anchors(record)
    tried, refuted, survivors = words.control_score(record)
    theorems = words.rests_on_citation(record)
    numbers = {anchors.of_theorem(fact): f"T{number}" for number, (fact, _, _) in enumerate(theorems, start=1)}
    states = graph.states(record)
    changes = compare.compare(since, record, say) if since else []

    def link(claim_id: str) -> Tex:
        claim = anchors.claim(claim_id)
        if claim is None:
            return Tex(rf"{code(claim_id)} ({escape(say('not in this record'))})")
        return Tex(rf"\hyperlink{{{anchors.of_claim(claim)}}}{{{escape(claim_id)}}}")

    def short_links(claims: Sequence[Claim]) -> Tex:
        parts = []
        for post, members in itertools.groupby(claims, key=lambda claim: claim.id.rpartition("/")[0]):
            found = " ".join(rf"\hyperlink{{{anchors.of_claim(c)}}}{{{escape(c.label)}}}" for c in members)
            parts.append(rf"\quiet{{{escape(post.rpartition('/')[2])}}} {found}")
        return Tex("; ".join(parts))

    return _template().render(
        _=functools.partial(_say, say),
        _count=say.count,
        record=record,
        headline=words.headline(record, say),
        lede=words.lede(record, say),
        verdicts=VERDICTS,
        claims_by_verdict=claims_by_verdict(record),
        steps_by_verdict=steps_by_verdict(record),
        posts_by_verdict=posts_by_verdict(record),
        failed=[post for post in record.posts if post.error],
        errata=errata(record),
        theorems=theorems,
        theorem_anchor=lambda fact: Tex(anchors.of_theorem(fact)),
        number_of=lambda fact: numbers[anchors.of_theorem(fact)],
        control_count=tried,
        refuted_count=refuted,
        survivors=survivors,
        environment=words.environment_facts(record, say),
        since=since,
        changes=changes,
        changed_lede=compare.lede(changes, say),
        verdict_change=lambda change: compare.verdict_change(change, say),
        clusters=graph.clusters(record, lambda claim: [anchors.of_theorem(f) for f in claim.cited if not f.via]),
        graph_lede=words.graph_lede(states, say),
        graph_picture=lambda cluster: _graph_picture(cluster, anchors, numbers, states),
        index=index(record),
        links=lambda ids: Tex(", ".join(link(claim_id) for claim_id in ids)),
        short_links=short_links,
        used_by=anchors.used_by,
        anchor_of=lambda claim: Tex(anchors.of_claim(claim)),
        anchor_of_post=lambda post: Tex(anchors.of_post(post)),
        title_of=lambda post: words.title_of(post, say),
        second_title=lambda post: words.second_title(post, say),
        verdict=functools.partial(verdict, say=say),
        variant=functools.partial(variant, say=say),
        counterexample=functools.partial(counterexample, say=say),
        point=functools.partial(point, say=say),
        witness=functools.partial(witness, say=say),
        meaning_of=lambda value: say(words.meaning_of(value)),
    )


def _say(say: Language, text: str, **values: object) -> Tex:
    """A text of the report, with it and what fills its places escaped."""
    pieces = re.split(r"\{(\w+)\}", say.text(text))
    return Tex("".join(escape(values[piece]) if odd % 2 else escape(piece) for odd, piece in enumerate(pieces)))


def escape(text: object) -> Tex:
    r"""A text as TeX that prints it and does nothing else.

    >>> escape(r"50% of \input{x}_1")
    '50\\% of \\textbackslash{}input\\{x\\}\\_1'
    """
    if isinstance(text, Tex):
        return text
    line = re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", str(text))
    return Tex("".join(_SPECIAL.get(letter, letter) for letter in line))


# Signs that typewriter letters lack and formulas have.
_CODE = {
    "≠": r"\ne",
    "≤": r"\le",
    "≥": r"\ge",
    "∈": r"\in",
    "∞": r"\infty",
    "√": r"\surd",
    "↦": r"\mapsto",
    "→": r"\to",
    "∂": r"\partial",
}
_CODE |= {
    "Σ": r"\Sigma",
    "Π": r"\Pi",
    "Δ": r"\Delta",
    "∇": r"\nabla",
    "∫": r"\int",
    "ℝ": r"\mathbb{R}",
    "·": r"\cdot",
    "⌊": r"\lfloor",
}
_CODE |= {"⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "×": r"\times", "±": r"\pm", "≈": r"\approx", "⇒": r"\Rightarrow"}


def code(text: str) -> Tex:
    """A text in typewriter letters that breaks anywhere, so that no line grows too long."""
    line = re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", words.short_digits(text))
    pieces = re.findall(r"[A-Za-z0-9]{1,12}|[^A-Za-z0-9]", line)
    breakable = r"\allowbreak{}".join(rf"\ensuremath{{{_CODE[piece]}}}" if piece in _CODE else escape(piece) for piece in pieces)
    return Tex(rf"\texttt{{{breakable}}}")


def inline(latex: str) -> Tex:
    """A formula within a line."""
    return Tex(f"${mathml.normalise(latex)}$") if mathml.is_inert(latex) else code(latex)


def display(latex: str) -> Tex:
    r"""A formula on a line of its own, made smaller if it is wider than the line."""
    return Tex(
        rf"\fitmath{{{mathml.normalise(latex)}}}" if mathml.is_inert(latex) else rf"\source{{{code(mathml.source(latex))}}}"
    )


def numbered(latex: str, number: int | None) -> Tex:
    """A displayed formula with its number before it, where there is one."""
    if number is None or not mathml.is_inert(latex):
        return display(latex)
    return Tex(rf"\fitmath{{({number})\quad {mathml.normalise(latex)}}}")


def prose(text: str) -> Tex:
    """Words in which formulas may stand between dollar signs."""
    pieces = re.split(r"(?<!\\)\$([^$]+)(?<!\\)\$", words.short_digits(text))
    return Tex("".join(inline(piece) if odd % 2 else escape(piece) for odd, piece in enumerate(pieces)))


def formula_or_words(text: str) -> Tex:
    """A text that may be a formula or words."""
    return display(text) if words.looks_like_formula(text) else Tex(prose(text) + r"\par ")


def step_formula(step: Step) -> Tex:
    """The new side of a step with its relation to the side before."""
    relation = "" if step.latex.lstrip().startswith(step.relation) else step.relation
    relation = _RELATION.get(relation, relation)
    return display(f"{{}} {relation} {step.latex}" if relation else step.latex)


def verdict(value: str, bound: str | None = None, say: Language = ENGLISH) -> Tex:
    """The verdict in its colour, with its sign."""
    kind = words.kind_of(value)
    printed = "".join(r"$\le$" if part == "≤" else escape(part) for part in re.split("(≤)", words.name_of(value, bound, say)))
    return Tex(rf"\textcolor{{{kind}}}{{{_SIGN[kind]}\,{printed}}}")


def point(found: Counterexample, say: Language = ENGLISH) -> Tex:
    """The point of a counterexample in one line."""
    return Tex(", ".join(f"{_symbol(symbol)} = {_long(words.given_value(value, say))}" for symbol, value in found.point.items()))


def _symbol(text: str) -> Tex:
    return inline(text) if re.search(r"\\|[_^]\{", text) else escape(words.symbol_name(text))


def counterexample(found: Counterexample, say: Language = ENGLISH) -> Tex:
    """The point, both sides and the certainty, as lines."""
    rows = [(say("at"), point(found, say))] if found.point else []
    rows += [(say("left side"), _long(found.lhs)), (say("right side"), _long(found.rhs))]
    if found.slip:
        rows.append((say("the slip"), prose(found.slip)))
    certainty = (
        "rigorous: the two enclosures are disjoint" if found.rigorous else "not rigorous: floating point at two precisions"
    )
    rows.append((say("certainty"), escape(say(certainty))))
    return Tex("".join(rf"\fact{{{escape(term)}}}{{{value}}}" + "\n" for term, value in rows))


def witness(found: Counterexample, say: Language = ENGLISH) -> Tex:
    """What refutes a wrong variant, in one paragraph."""
    parts = [Tex(f"{escape(say('at'))} {point(found, say)}")] if found.point else []
    sides = zip((say("left side"), say("right side")), (found.lhs, found.rhs), strict=True)
    parts.append(Tex(", ".join(f"{escape(name)} {_long(words.short_value(value))}" for name, value in sides)))
    parts += [prose(found.slip)] if found.slip else []
    parts.append(escape(say("rigorously" if found.rigorous else "in floating point")))
    return Tex(rf"{{\small\raggedright\textcolor{{quiet}}{{{'; '.join(parts)}}}\par}}")


def _long(text: str) -> Tex:
    """A value, with places to break it if it is long."""
    return code(text) if len(text) > 40 else escape(text)


def _graph_picture(cluster: graph.Cluster, anchors: Anchors, theorems: Mapping[str, str], states: Mapping[str, str]) -> Tex:
    """The graph of one post as a TikZ picture, from the same layout as the page's."""
    plan = cluster.layout
    if plan is None:
        return Tex("")
    lines = []
    for points in plan.paths:
        places = "".join(f" .. controls +(0,-12) and +(0,12) .. ({x:.1f},{-y:.1f})" for x, y in points[1:])
        lines.append(rf"\draw[quiet,->] ({points[0][0]:.1f},{-points[0][1]:.1f}){places};")
    for box in plan.boxes:
        claim = anchors.claim(box.name)
        x, y = box.x + graph.BOX_WIDTH / 2, -(box.y + graph.BOX_HEIGHT / 2)
        if box.name in theorems:
            style, label, target = "quiet,rounded corners=8", escape(theorems[box.name]), box.name
        elif claim is None:
            style, label, target = "open,dashed", Tex(escape(box.name.rpartition("/")[2]) + "~?"), ""
        else:
            kind = words.kind_of(claim.verdict)
            fill = {"alone": f",fill={kind}!18", "cited": f",fill={kind}!5", "partial": ",dashed"}.get(states[claim.id], "")
            style, label, target = kind + fill, Tex(f"{escape(claim.label)}~{_SIGN[kind]}"), anchors.of_claim(claim)
        shown = rf"\hyperlink{{{target}}}{{{label}}}" if target else label
        lines.append(rf"\node[box,draw={style}] at ({x:.1f},{y:.1f}) {{{shown}}};")
    size = f"minimum width={graph.BOX_WIDTH}*.6pt,minimum height={graph.BOX_HEIGHT}*.6pt"
    size = rf"box/.style={{{size},font=\scriptsize,inner sep=1pt}}"
    body = "\n".join(lines)
    return Tex(
        rf"\fitpicture{{\begin{{tikzpicture}}[x=.6pt,y=.6pt,rounded corners=2,{size}]" + f"\n{body}\n" + r"\end{tikzpicture}}"
    )


def variant(claim: Claim, control: Control, say: Language = ENGLISH) -> Tex:
    """The formula of a wrong variant; a side that it shares with a statement is named."""
    same = abridge.shared_side(claim, control.latex)
    if same is None:
        return display(control.latex)
    number = f" ({same.statement})" if len(abridge.statements(claim)) > 1 else ""
    name = rf"\text{{{say(f'{same.side} side')}{number}}}"
    return display(rf"{name}\; {same.rest}" if same.side == "left" else rf"{same.rest} \;{name}")


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
        "long": lambda value: _long(words.short_value(value)),
        "code_or_words": lambda text: code(text) if re.search(r"[_.]", text) else prose(text),
        "seconds": words.seconds,
        "error": words.error,
    }
    environment.filters.update(filters)
    environment.globals.update(
        sign=lambda value: Tex(rf"\textcolor{{{words.kind_of(value)}}}{{{_SIGN[words.kind_of(value)]}}}"),
        statements=abridge.statements,
        numbered=numbered,
        lines=abridge.lines,
        plot_picture=lambda plots: Tex(plot_picture(plots, escape)),
        grouped_mutants=words.grouped_mutants,
        grouped_by_claim=words.grouped_by_claim,
        corrections=words.corrections,
        bibtex=words.bibtex,
    )
    return environment.get_template("report.tex")
