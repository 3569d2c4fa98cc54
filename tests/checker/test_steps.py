"""`derivable steps`: chains as on paper, the first wrong line, what the slip looks like, the conclusion."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from derivable.cli import FAILED, UNDECIDED, USAGE, app
from derivable.steps import Chain, StepsError, checked, combined, read_chains


def steps(*arguments: str, text: str | None = None) -> Result:
    """The command in this process; an exception that no command should let through is raised."""
    result = CliRunner().invoke(app, ["steps", *arguments], input=text, prog_name="derivable")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def chain(text: str) -> Chain:
    [written] = read_chains(textwrap.dedent(text))
    return checked(written)


PAPER = """\
given x > 0, n integer
(x + 1)^2 - 1
= x^2 + 2x          # a comment
<= x^2 + 3x
"""


class TestCommand:
    def test_a_chain_that_holds(self, tmp_path: Path) -> None:
        file = tmp_path / "chain.txt"
        file.write_text(PAPER)
        done = steps(str(file))
        assert done.exit_code == 0
        lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
        assert lines[1] == "3 = x^2 + 2x ✔ proved normal form"
        assert lines[2].startswith("4 <= x^2 + 3x ✔ proved")
        assert lines[-1] == "conclusion: (x + 1)^2 - 1 ≤ x^2 + 3x ✔ proved"

    def test_the_first_wrong_line_from_standard_input(self) -> None:
        done = steps("-", text="(a + b)^2\n= a^2 + b^2\n= b^2 + a^2\n= 0\n")
        assert done.exit_code == FAILED
        assert "the first wrong line is line 2" in done.stdout
        assert "at a = 1, b = 1: left side 4, right side 2" in done.stdout
        assert "a term was lost: a**2 + 2*a*b + b**2 would be right" in done.stdout

    def test_json(self) -> None:
        done = steps("-", "--json", text=PAPER + "\n(2x)^3\n= 2x^3\n")
        first, second = json.loads(done.stdout)["chains"]
        assert done.exit_code == FAILED
        assert (first["verdict"], first["first_wrong_line"], first["conclusion"]) == ("proved", None, "(x + 1)^2 - 1 ≤ x^2 + 3x")
        assert (second["verdict"], second["first_wrong_line"]) == ("refuted", 7)
        assert second["slip"]["corrected"] == "8*x**3"

    def test_what_is_neither_proved_nor_refuted(self) -> None:
        assert steps("-", text="1/0\n= 5\n").exit_code == UNDECIDED

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "no chain"),
            ("x\n", "a chain of one formula"),
            ("= x\n", "standard input:1: a chain begins with a formula"),
            ("x\nx + 0\n", "standard input:2: a line of a chain begins with =, <=, <, >= or >"),
            ("x\n= 1/2x\n", "standard input:2: a product without a sign after a stroke"),
            ("given x foo\nx\n= x\n", "standard input:1: foo is no kind"),
            ("x\n= x\ngiven x real\n", "standard input:3: hypotheses stand before a chain"),
            ("x\n!= y\n", "standard input:2:"),
            ("x\n= y != z\n", "!= is no step"),
        ],
    )
    def test_bad_input_names_line_and_remedy(self, text: str, says: str) -> None:
        done = steps("-", text=text)
        assert done.exit_code == USAGE
        assert says in done.stderr

    def test_unreadable_files(self, tmp_path: Path) -> None:
        assert "cannot be read" in steps(str(tmp_path / "none.txt")).stderr
        (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00x")
        done = steps(str(tmp_path / "bytes"))
        assert (done.exit_code, "is no text in UTF-8" in done.stderr) == (USAGE, True)


class TestReading:
    def test_several_relations_in_a_line(self) -> None:
        [found] = read_chains("x = x + 0 <= x + 1\n< x + 2")
        assert found.relations == ("=", "<=", "<")
        assert found.lines == (1, 1, 1, 2)

    def test_blocks_of_hypotheses_hold_for_what_follows(self) -> None:
        one, two = read_chains("given x real\n\nx\n= x\n\ngiven y real\nx\n= x + y")
        assert one.given == ("x real",)
        assert two.given == ("x real", "y real")

    def test_an_align_environment(self) -> None:
        text = r"""
        \begin{align*}
          \int_0^1 x^2 \, dx  % a comment
            &= \left[\frac{1}{3}\right] \nonumber \\
            &\le \begin{cases} 1 & \text{if } 1 > 0 \\ 0 & \text{otherwise} \end{cases} \\[2pt]
            &< 2. \tag{1}
        \end{align*}
        """
        [found] = read_chains(textwrap.dedent(text))
        assert found.relations == ("=", "<=", "<")
        assert str(found.expressions[2]) == "Piecewise((1, 1 > 0), (0, True))"
        assert str(found.expressions[3]) == "2"

    def test_latex_lines_without_an_environment(self) -> None:
        [found] = read_chains("2^{n+1}\n= 2 \\cdot 2^n \\\\\n= 2^n + 2^n")
        assert [str(e) for e in found.expressions] == ["2**(n + 1)", "2*2**n", "2**n + 2**n"]

    def test_names_mean_the_same_in_the_whole_chain(self) -> None:
        [found] = read_chains("n(n + 1)\n= n^2 + n")
        assert str(found.expressions[0]) == "n*(n + 1)"

    def test_the_line_of_a_fault_that_shows_in_the_whole_chain_only(self) -> None:
        with pytest.raises(StepsError) as caught:
            read_chains("Sum(k, (k, 1, n))\n= n(n + 1)/2\n= k")
        assert caught.value.line == 3


@pytest.mark.parametrize(
    ("relations", "whole"),
    [
        (("=", "="), "="),
        (("=", "<=", "="), "<="),
        (("<", "<=", "="), "<"),
        ((">=", "="), ">="),
        ((">", ">="), ">"),
        (("<=", ">="), None),
    ],
)
def test_the_relation_of_the_whole(relations: tuple[str, ...], whole: str | None) -> None:
    assert combined(relations) == whole


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("(a - b)^2\n= a^2 - 2 a b - b^2", "the sign of -b**2 is wrong: a**2 - 2*a*b + b**2 would be right"),
        ("(3x)^2\n= 3x^2", "the power of a product is that of all factors: 9*x**2 would be right"),
        ("sin(2x)\n= 2 sin(x)", "a factor cos(x) was lost: 2*sin(x)*cos(x) would be right"),
        ("given x positive\nlog(x^2)\n= 2 log(x) + 1", "a constant 1 is too much: 2*log(x) would be right"),
        ("sqrt(x^2)\n= x", "a hypothesis is missing: it holds where x ≥ 0"),
        ("given x real\nsqrt(x^2)\n= x", "a root of a square is a modulus: Abs(x) would be right"),
        ("given x real\n2x\n< x^2 + 1", "both sides may be equal: ≤ would be right"),
        ("given x real\nx^2 + 1\n<= 2x", "the relation points the wrong way"),
        ("given n natural\nSum(2k - 1, (k, 1, n))\n= (n + 1)^2", "a constant is wrong: n**2 would be right"),
        ("given n natural\nSum(2^k, (k, 0, n))\n= 2^n - 1", "an exponent is wrong: 2**(n + 1) - 1 would be right"),
        ("x - y\n= y - x", "a sign is wrong: x - y would be right"),
        ("x/2\n= x", "a factor 2 is too much: x/2 would be right"),
    ],
)
def test_what_the_slip_looks_like(text: str, slip: str) -> None:
    assert str(chain(text).slip) == slip


def test_a_slip_is_claimed_only_if_it_is_proved() -> None:
    assert chain("x/(x + 1)\n= sin(x) + 7").slip is None


def test_a_division_by_what_may_vanish_is_shown() -> None:
    done = steps("-", text="(x^2 - 1)/(x - 1)\n= x + 1\n")
    assert done.exit_code == 0
    assert "wherever x - 1 ≠ 0" in done.stdout


def test_a_conclusion_that_holds_in_spite_of_a_wrong_step() -> None:
    found = chain("x + x\n= x^2\n= 2x")
    assert found.verdict == "refuted"
    assert found.direct is not None
    assert found.direct.verdict == "proved"
    assert found.wrong is not None
    assert found.wrong.line == 2


def test_steps_that_go_up_and_down_have_no_conclusion() -> None:
    assert chain("given x real\nx\n<= x + 1\n>= x").relation is None
