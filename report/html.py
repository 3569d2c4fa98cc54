"""The report as one HTML file: no network, no JavaScript, formulas as MathML."""

from __future__ import annotations

import base64
import functools
import importlib.resources
import io
import itertools
import re
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jinja2
from markupsafe import Markup, escape

from derivable.record import (
    VERDICTS,
    Claim,
    Post,
    Record,
    Step,
    claims_by_verdict,
    errata,
    posts_by_verdict,
    steps_by_verdict,
)
from derivable.report import abridge, compare, figures, graph, mathml, plots, words
from derivable.report.anchors import Anchors, matrix
from derivable.report.index import index
from derivable.report.languages import Language, language

SHORT_FORMULA = 16  # so many signs fit into the width of any phone
FONT_PLACE = "{{ math_font }}"
CHECK_COLUMNS = ("Kernel", "Against", "On", "Cases", "Worst error", "Allowed", "Within")
# An attribute whose value needs no quotes; one before `/>` keeps them, or the stroke would belong to it.
QUOTED = re.compile(r"(?<= )([\w:-]+)=\"([^\s\"'=<>`]+)\"(?=[ >])")


def render_html(record: Record, *, lang: str = "en", since: Record | None = None, source: str = "") -> str:
    """The whole report as one HTML document.

    `lang` is the language of the report's own words. With `since`, an earlier record, a part says what changed.
    `source` is the address of a source file, with places `{file}` and `{line}`; without it, files are named and
    not linked.

    Raises:
        ValueError: a language that the report does not speak.
    """
    say = language(lang)
    anchors = Anchors(record)
    counts = steps_by_verdict(record)
    tried, refuted, survivors = words.control_score(record)
    theorems = words.rests_on_citation(record)
    numbers = {anchors.of_theorem(fact): f"T{number}" for number, (fact, _, _) in enumerate(theorems, start=1)}
    changes = compare.compare(since, record, say) if since else []
    states = graph.states(record)
    clusters = graph.clusters(record, lambda claim: [anchors.of_theorem(fact) for fact in claim.cited if not fact.via])

    def link(claim: Claim) -> Markup:
        post = claim.id.split("/")[-2] if "/" in claim.id else ""
        return Markup('<a href="#{}">{}</a>').format(anchors.of_claim(claim), f"{post} {claim.label}".strip())

    def link_to_id(claim_id: str, near: Post | None = None) -> Markup:
        """A link to a claim, by its label alone where it stands in the post at hand."""
        claim = anchors.claim(claim_id)
        if claim is None:
            return Markup("<code>{}</code> ({})").format(claim_id, say("not in this record"))
        return Markup('<a href="#{}">{}</a>').format(
            anchors.of_claim(claim), claim.label if near is not None and claim in near.claims else claim_id
        )

    def place(file: str, line: int) -> Markup:
        shown = f"{file}:{line}" if line else file
        if not source:
            return Markup("<code>{}</code>").format(shown)
        address = source.replace("{file}", urllib.parse.quote(file)).replace("{line}", str(line or 1))
        return Markup('<a href="{}" rel="noreferrer"><code>{}</code></a>').format(address, shown)

    def rests_on(claim: Claim) -> Markup:
        state = states[claim.id]
        cited = [fact for fact, direct, inherited in theorems if claim.id in direct or claim.id in inherited]
        names = Markup(", ").join(
            Markup('<a href="#{0}" title="{1}">{2}</a>').format(anchors.of_theorem(f), f.name, numbers[anchors.of_theorem(f)])
            for f in cited
        )
        sentence = {
            "alone": say("Rests on nothing but the checker's rules"),
            "cited": say("Rests on the cited theorems"),
            "partial": say("Proved itself, but rests on a claim that is not"),
            "weaker": say("Not proved"),
        }[state]
        return Markup("{} {}").format(sentence, names) if cited else escape(sentence)

    page = _template().render(
        _=functools.partial(_say, say),
        _count=say.count,
        lang="zh-Hans" if lang == "zh" else lang,
        record=record,
        style=_style(),
        headline=words.headline(record, say),
        lede=words.lede(record, say),
        verdicts=VERDICTS,
        claims_by_verdict=claims_by_verdict(record),
        steps_by_verdict=counts,
        posts_by_verdict=posts_by_verdict(record),
        claim_count=sum(len(post.claims) for post in record.posts),
        step_count=sum(counts.values()),
        failed=[post for post in record.posts if post.error],
        errata=errata(record),
        rows=matrix(record),
        theorems=theorems,
        control_count=tried,
        refuted_count=refuted,
        survivors=survivors,
        measured=figures.error_figure(record, say),
        environment=words.environment_facts(record, say),
        since=since,
        changes=changes,
        changed_lede=compare.lede(changes, say),
        verdict_change=lambda change: compare.verdict_change(change, say),
        clusters=clusters,
        graph_lede=words.graph_lede(states, say),
        graph_figure=lambda cluster: figures.graph_figure(cluster, anchors, numbers, states, say),
        plot_figure=lambda found, title: plots.plot_figure(found, title, say),
        index=index(record),
        index_links=functools.partial(_index_links, anchors),
        title_of=lambda post: words.title_of(post, say),
        second_title=lambda post: words.second_title(post, say),
        name_of=lambda value, bound=None: words.name_of(value, bound, say),
        meaning_of=lambda value: say(words.meaning_of(value)),
        bibtex=words.bibtex,
        given=lambda value: words.given_value(value, say),
        rests_on=rests_on,
        source=place,
        anchor_of=anchors.of_claim,
        anchor_of_post=anchors.of_post,
        theorem_anchor=anchors.of_theorem,
        number_of=lambda fact: numbers[anchors.of_theorem(fact)],
        link_to=link,
        link_to_id=link_to_id,
        used_by=anchors.used_by,
    )
    return QUOTED.sub(r"\1=\2", page).replace(FONT_PLACE, _font(page), 1)


def _say(say: Language, text: str, **values: object) -> str:
    """A text of the report with what fills its places escaped."""
    return Markup(escape(say.text(text))).format(**values) if values else say.text(text)


def _index_links(anchors: Anchors, claims: Sequence[Claim]) -> Markup:
    """Links to claims, the post named once."""
    parts = []
    for post, members in itertools.groupby(claims, key=lambda claim: claim.id.rpartition("/")[0]):
        links = Markup(" ").join(Markup('<a href="#{}">{}</a>').format(anchors.of_claim(claim), claim.label) for claim in members)
        parts.append(Markup('<span class="small">{}</span> {}').format(post.rpartition("/")[2], links))
    return Markup("; ").join(parts)


def _prose(text: str) -> Markup:
    """Words in which formulas may stand between dollar signs."""
    pieces = re.split(r"(?<!\\)\$([^$]+)(?<!\\)\$", words.short_digits(text))
    return Markup("").join(_inline(piece) if odd % 2 else escape(piece) for odd, piece in enumerate(pieces))


def _scrollable(latex: str) -> Markup:
    """What lets a keyboard scroll a formula that a phone may be too narrow for."""
    return Markup(' tabindex="0"') if _is_long(latex) else Markup("")


def _is_long(latex: str) -> bool:
    return len(re.findall(r"\\[A-Za-z]+|[A-Za-z0-9=<>+-]", latex)) > SHORT_FORMULA


def _inline(latex: str) -> Markup:
    """A formula within a line, which scrolls by itself if it may be wider than a phone."""
    drawn = mathml.typeset(latex)
    return Markup('<span class="inline-math" tabindex="0">{}</span>').format(drawn) if _is_long(latex) else drawn


def _breakable(name: str) -> Markup:
    """A name that a narrow column may break at its dots and underscores."""
    return Markup("<wbr>").join(re.findall(r"[^._/]*[._/]?", name))


def _symbol(text: str) -> Markup:
    """The name of a symbol, typeset if it is LaTeX."""
    return mathml.typeset(text) if re.search(r"\\|[_^]\{", text) else escape(words.symbol_name(text))


def _certificate(step: Step) -> list[str]:
    """A certificate without what stands beside it: the theorems, which the claim lists, and the rule's name."""
    lines = [line for line in step.certificate if not line.startswith("cited: ")]
    lines = [line.removeprefix(f"{step.rule}: ") for line in lines] if len(lines) == 1 else lines
    return [words.short_digits(line) for line in lines]


def _formula_or_words(text: str) -> Markup:
    if words.looks_like_formula(text):
        return _inline(rf"\displaystyle {text}")
    return _prose(text)


def _step_formula(step: Step) -> Markup:
    relation = "" if step.latex.lstrip().startswith(step.relation) else step.relation
    return mathml.typeset(f"{relation} {step.latex}" if relation else step.latex, display=True)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("derivable.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "inline": _inline,
        "display": functools.partial(mathml.typeset, display=True),
        "step_formula": _step_formula,
        "prose": _prose,
        "formula_or_words": _formula_or_words,
        "seconds": words.seconds,
        "error": words.error,
        "breakable": _breakable,
        "value": words.short_value,
        "symbol": _symbol,
        "groupby_claim": words.grouped_by_claim,
    }
    environment.filters.update(filters)
    environment.globals.update(
        kind_of=words.kind_of,
        sign_of=words.sign_of,
        grouped_mutants=words.grouped_mutants,
        corrections=words.corrections,
        scrollable=_scrollable,
        certificate_of=_certificate,
        check_columns=CHECK_COLUMNS,
        statements=abridge.statements,
        lines=abridge.lines,
        shared_side=abridge.shared_side,
    )
    return environment.get_template("report.html")


@functools.cache
def _style() -> Markup:
    folder = importlib.resources.files("derivable.report").joinpath("templates")
    return Markup(folder.joinpath("report.css").read_text(encoding="utf-8"))


#: the radical, which a browser draws for <msqrt> and <mroot>, where no letter stands for it
DRAWN_UNSAID = frozenset({0x221A})


def _font(page: str) -> str:
    """The font for formulas with the letters that the page's formulas need, as base64."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    data = importlib.resources.files("derivable.report").joinpath("templates", "math.woff2").read_bytes()
    letters = {ord(letter) for formula in re.findall(r"<math.*?</math>", page, flags=re.DOTALL) for letter in formula}
    letters |= DRAWN_UNSAID
    options = subset.Options(layout_features=["*"], notdef_outline=True, recalc_timestamp=False, ignore_missing_unicodes=True)
    options.flavor = "woff2"
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    chosen = subset.Subsetter(options)
    # A letter in a formula is drawn as its italic twin, which stands elsewhere in Unicode.
    chosen.populate(unicodes=letters | {code for letter in letters for code in _italic(letter)})
    chosen.subset(font)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made, reorderTables=False)
    return base64.b64encode(made.getvalue()).decode("ascii")


def _italic(letter: int) -> Iterator[int]:
    if 0x41 <= letter <= 0x5A:
        yield 0x1D434 + letter - 0x41
    elif letter == 0x68:
        yield 0x210E
    elif 0x61 <= letter <= 0x7A:
        yield 0x1D44E + letter - 0x61
    elif 0x391 <= letter <= 0x3A9:
        yield 0x1D6E2 + letter - 0x391
    elif 0x3B1 <= letter <= 0x3C9:
        yield 0x1D6FC + letter - 0x3B1
    yield from {0x2202: [0x1D715], 0x3F5: [0x1D716], 0x3D1: [0x1D717], 0x3D5: [0x1D719], 0x3F1: [0x1D71A], 0x3D6: [0x1D71B]}.get(
        letter, []
    )
