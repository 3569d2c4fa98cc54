"""What is not printed twice: a statement that a step proves as it stands, a side that a wrong variant shares."""

from __future__ import annotations

import dataclasses

import pytest

from derivable.record import Claim, Control, Controls, Post, Record, Step
from derivable.report import render_html, render_tex
from derivable.report.abridge import lines, shared_side, sides

LEFT = r"\sum_{k=1}^{n} \left(2 k - 1\right) f{\left(k \right)}"
RIGHT = r"\frac{n \left(n + 1\right) \left(2 n + 1\right)}{6} + \log{\left(n \right)}"


def step(number: int, latex: str, relation: str = "=", rule: str = "normal form") -> Step:
    return Step(number, latex, relation, "", rule, "" if rule == "start" else f"reason {number}", "proved")


def claim(*steps: Step, controls: tuple[Control, ...] = ()) -> Claim:
    both = (rf"{LEFT} = {RIGHT}", r"a \le b")
    return Claim(
        "a/b/C1", "sums", "identity", "proved", " ".join(both), statements=both, steps=steps, controls=Controls(controls)
    )


def test_a_statement_that_one_step_proves_is_named() -> None:
    one = claim(step(1, r"a \le b", "⊢"), step(2, LEFT, "", "start"), step(3, RIGHT))
    assert [(line.step.number, line.statement) for line in lines(one)] == [(1, 2), (3, 1)]


def test_a_chain_of_several_steps_keeps_its_formulas() -> None:
    one = claim(step(1, LEFT, "", "start"), step(2, "x"), step(3, RIGHT))
    assert [(line.step.number, line.statement) for line in lines(one)] == [(1, None), (2, None), (3, None)]


def test_another_relation_is_another_statement() -> None:
    one = claim(step(1, LEFT, "", "start"), step(2, RIGHT, "≤"))
    assert [line.statement for line in lines(one)] == [None, None]


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        (r"\frac{a}{b} \le c", (r"\frac{a}{b}", r"\le", "c")),
        (r"\sum_{k = 1}^{n} k = m", (r"\sum_{k = 1}^{n} k", "=", "m")),
        (r"\left(a = b\right) < c", (r"\left(a = b\right)", "<", "c")),
        (r"\begin{cases} 1 & x = 0 \end{cases} = y", (r"\begin{cases} 1 & x = 0 \end{cases}", "=", "y")),
        (r"a = b = c", None),
        (r"a \leftarrow b", None),
        ("", None),
    ],
)
def test_sides_are_split_outside_all_brackets(formula: str, parts: tuple[str, str, str] | None) -> None:
    assert sides(formula) == parts


def test_the_side_that_a_variant_shares_is_found() -> None:
    one = claim()
    left = shared_side(one, f"{LEFT} = n")
    right = shared_side(one, f"2 n = {RIGHT}")
    assert (left.side, left.statement, left.rest) == ("left", 1, "= n") if left else False
    assert (right.side, right.statement, right.rest) == ("right", 1, "2 n =") if right else False
    assert shared_side(one, r"a \le c") is None  # too short to be worth a name
    assert shared_side(one, "x = y") is None


def test_page_and_document_name_them(empty_record: Record) -> None:
    variant = Control("author", "wrong end", f"{LEFT} = n", "refuted")
    one = claim(step(1, r"a \le b", "⊢"), step(2, LEFT, "", "start"), step(3, RIGHT), controls=(variant,))
    record = dataclasses.replace(empty_record, posts=(Post("b", "a", "题", "Post", claims=(one,)),))
    page, tex = render_html(record), render_tex(record)
    assert "<p class=same>statement (2)</p>" in page
    assert "<mtext>left side (1)</mtext>" in page.replace("\u00a0", " ")
    assert r"\emph{statement (2)}" in tex
    assert r"\text{left side (1)}" in tex
    assert "陈述（2）" in render_html(record, lang="zh")
