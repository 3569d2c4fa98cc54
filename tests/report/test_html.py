"""The page: complete, linked, deterministic, inert, offline."""

from __future__ import annotations

import base64
import dataclasses
import io
import itertools
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest

from derivable.record import VERDICTS, Claim, Post, Record
from derivable.report import render_html
from derivable.report.languages import ENGLISH, Language, language

VOID = {"meta", "link", "br", "img", "hr", "input", "wbr"}
# Elements that the drawings and the formulas write in short form.
SHORT = {"path", "g", "rect", "image", "mspace", "mprescripts", "none", "mi", "mo", "mrow", "mtd"}


class Page(HTMLParser):
    """The elements of a page: tags, ids, links; a tag that is not closed in its place is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "xlink:href", "src"):
                self.links.append(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHORT | VOID, tag
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def body_of(page: str) -> str:
    return page[page.index("<body") :]


def test_every_part_of_the_record_is_shown(record: Record) -> None:
    page = render_html(record)
    for post in record.posts:
        assert post.title in page
        assert post.english in page
        for claim in post.claims:
            assert claim.name in page
            assert claim.verdict in page or (claim.bound is not None and f"proved for {claim.bound}" in page)
    for text in [
        "2 of 8 claims of 3 posts are proved",
        "2 statements of the posts are wrong or loose and are corrected here.",
        "no module named &#39;integral&#39;",
        "Dirichlet–Jordan theorem",
        "Zygmund",
        "normal form of both sides:",
        "lost factor: the sum is the mean of both ends",
        "0.50000000000000000 ± 1e-17",
        "3.4e-15",
        "1.2e-13",
        "index from 0 in place of 1",
        "2 of 3 wrong variants refuted",
        "<code>ssm/s4/C1</code> (not in this record)",
        ">C6</a>",
        "checker/trusted, 1378 lines",
        "refuted at N = 10",
        "derivations/ssm/hippo.py:102",
    ]:
        assert text in page, text


def test_the_order_is_overview_matrix_errata_citation_graph_posts_index(record: Record) -> None:
    page = Page(render_html(record))
    wanted = ["overview", "matrix", "failed", "errata", "citation", "graph", "controls", "measurements", "ssm-hippo"]
    places = [page.ids.index(name) for name in [*wanted, "index", "environment"]]
    assert places == sorted(places)


def test_links_resolve_and_ids_are_unique(record: Record) -> None:
    page = Page(render_html(record))
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link.startswith(("#", "data:,")), link
        assert link == "data:," or link[1:] in page.ids, link
    for claim in record.claims():
        assert claim.id.replace("/", "-") in page.ids


def test_no_script_and_no_network(record: Record) -> None:
    page = render_html(record)
    assert "script" not in Page(page).tags
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    assert set(re.findall(r"url\(([^)]{0,8})", page)) <= {"data:fon"} | set(re.findall(r"url\((#fig[^)]{4})", page))
    assert "default-src 'none'" in page


def test_headings_descend_one_level_at_a_time(record: Record) -> None:
    levels = [int(tag[1]) for tag in Page(render_html(record)).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_verdicts_carry_a_sign_and_a_word(record: Record) -> None:
    page = render_html(record)
    for verdict, sign in zip(VERDICTS, ["✓", "✓ₙ", "⊂", "≈", "±", "?", "✗"], strict=True):
        assert re.search(rf"aria-hidden=true>{re.escape(sign)}</span>{re.escape(verdict)}</span>", page), verdict


def test_figures_have_descriptions_and_the_page_colours(record: Record) -> None:
    page = render_html(record)
    assert 'role=img aria-label="Measured error of 8 cross-checks' in page
    assert "2 lie beyond it" in page
    assert "currentColor" in page
    assert not re.search(r"#01020\d", page)
    assert "<metadata" not in page


def test_another_process_gives_the_same_bytes(record: Record, tmp_path: Path) -> None:
    path = record.write_record(tmp_path / "record.json")
    code = (
        "import sys; from derivable.record import read_record; from derivable.report import render_html; "
        "sys.stdout.buffer.write(render_html(read_record(sys.argv[1])).encode())"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True)
    assert done.stdout.decode() == render_html(record)


def test_an_empty_record(empty_record: Record) -> None:
    page = render_html(empty_record)
    Page(page)
    assert "This record holds no claims" in page
    assert "No statement of the posts was found to be wrong." in page
    assert "No wrong variant was tried." in page


def test_a_post_without_claims(empty_record: Record) -> None:
    post = Post("empty", "ssm", "空", "Empty")
    assert "This post holds no claims." in render_html(dataclasses.replace(empty_record, posts=(post,)))


def test_an_erratum_stands_once_and_its_claim_leads_there(record: Record) -> None:
    page = render_html(record)
    assert page.count("the error does not go away as") == 1
    assert page.count("href=#erratum-ssm-hippo-C4>") + page.count("href=#erratum-ssm-hippo-C4 ") == 2


def test_a_claim_can_be_cited_and_found_in_its_source(record: Record) -> None:
    page = render_html(record, source="https://example.org/blob/{file}#L{line}")
    assert "@misc{derivable:ssm:hippo:C4," in page
    assert "Verdict: proved for N ≤ 20000" in page
    assert "href=https://example.org/blob/derivations/ssm/hippo.py#L102 rel=noreferrer" in page


def test_mutants_that_one_point_refutes_stand_together(record: Record) -> None:
    page = render_html(record)
    assert "at n = 1, k = 0, w = 2, rigorously:" in page


def test_the_report_speaks_chinese(record: Record) -> None:
    page = render_html(record, lang="zh")
    assert "<html lang=zh-Hans>" in page
    for text in ["3 篇文章的 8 条命题中 2 条已证明", "已证明（N ≤ 20000）", "原文有误", "依赖关系", "索引"]:
        assert text in page, text


class Listening(Language):
    """Chinese that remembers what it could not say."""

    missing: ClassVar[set[str]] = set()

    def text(self, text: str) -> str:
        if text not in self.texts:
            self.missing.add(text)
        return super().text(text)


def test_no_sentence_of_the_report_lacks_a_translation(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = language("zh")
    listening = Listening("zh", chinese.texts, chinese.counted)
    monkeypatch.setattr("derivable.report.html.language", lambda code: listening)
    monkeypatch.setattr("derivable.report.tex.language", lambda code: listening)
    from derivable.report import render_tex

    before = dataclasses.replace(record, posts=record.posts[1:])
    render_html(record, lang="zh", since=before)
    render_tex(record, lang="zh", since=before)
    assert listening.missing == set()
    assert ENGLISH.count(2, "step") == "2 steps"


def test_an_unknown_language(record: Record) -> None:
    with pytest.raises(ValueError, match=r"no language 'fr'; choose among en, zh\.$"):
        render_html(record, lang="fr")


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}</style></title>&lt;\\input{x}%$"


def test_hostile_text_is_inert(record: Record, poison: Callable[[Record, str], Record]) -> None:
    hostile = poison(record, HOSTILE)
    page = render_html(hostile, since=record)
    parsed = Page(page)
    assert "script" not in parsed.tags
    assert "img" not in parsed.tags
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert "{{ 7*7 }}" in page
    assert parsed.tags.count("style") == page.count("</style>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert len(parsed.ids) == len(set(parsed.ids))
    for link in parsed.links:
        assert link == "data:," or link[1:] in parsed.ids


def test_claims_with_one_id_get_anchors_of_their_own(empty_record: Record) -> None:
    claim = Claim("a/b/C1", "twice", "identity", "proved", "x")
    post = Post("b", "a", "题", "Post", claims=(claim, dataclasses.replace(claim, name="again")))
    ids = Page(render_html(dataclasses.replace(empty_record, posts=(post,)))).ids
    assert {"a-b-C1", "a-b-C1-2"} <= set(ids)


@pytest.fixture
def huge_record(record: Record) -> Record:
    claims = record.posts[0].claims
    posts = [
        dataclasses.replace(
            record.posts[0],
            slug=f"post{number}",
            claims=tuple(dataclasses.replace(claims[place % 5], id=f"ssm/post{number}/C{place}") for place in range(40)),
        )
        for number in range(25)
    ]
    return dataclasses.replace(record, posts=tuple(posts))


def test_a_claim_takes_few_bytes(huge_record: Record) -> None:
    """Mark-up is kept small: 7.2 kB a claim of this record; its like in the six posts, with longer formulas, take 16 kB."""
    more, less = (dataclasses.replace(huge_record, posts=huge_record.posts[:count]) for count in (5, 2))
    each = (len(render_html(more).encode()) - len(render_html(less).encode())) / (3 * 40)
    assert each < 7_600


def test_values_of_attributes_need_no_quotes_unless_they_hold_space(record: Record) -> None:
    page = render_html(record)
    body = body_of(page)
    assert not re.search(r'<[a-z][^<>]* class="[\w-]+"[ >]', body)
    assert 'class="verdict v-proved"' in body


def test_a_thousand_claims(huge_record: Record, tmp_path: Path) -> None:
    page = render_html(huge_record)
    assert "<body class=many>" in page  # the browser draws only what is looked at
    assert "of 1000 claims of 25 posts are proved" in page
    Page(page)
    path = huge_record.write_record(tmp_path / "record.json")
    assert path.stat().st_size > 1_000_000


def test_the_font_for_formulas_holds_the_radical_in_all_its_sizes(record: Record) -> None:
    """No letter of a formula stands for it: a browser draws it for <msqrt>, and nothing where the font has none."""
    from fontTools.ttLib import TTFont

    page = render_html(record)
    assert "<msqrt>" in page
    found = re.search(r'"Report Math"; src: url\(data:font/woff2;base64,([^)]*)\)', page)
    assert found is not None
    font = TTFont(io.BytesIO(base64.b64decode(found.group(1))))
    radical = font.getBestCmap()[0x221A]
    variants = font["MATH"].table.MathVariants
    sizes = dict(zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True))[radical]
    assert len(sizes.MathGlyphVariantRecord) > 1
    assert sizes.GlyphAssembly is not None
