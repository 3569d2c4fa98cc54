"""Hostile and broken text: it ends soon, with a clear message, and nothing of it is evaluated."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable.notation import NotationError, parse, read
from derivable.notation.conditions import read_hypotheses
from derivable.steps import StepsError, read_chains
from derivable.trusted.deadline import alarm

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 30.0  # far above what anything here takes: a hang ends the test instead of the run


def told(read_it: Callable[[], object]) -> None:
    """Reading ends well, or with an error that says something and names a place within the text."""
    try:
        read_it()
    except NotationError as error:
        sound = bool(str(error)) and 0 <= error.start <= error.end <= len(error.text)
    except StepsError as error:
        sound = bool(str(error)) and error.line >= 1
    else:
        sound = True
    assert sound


def refusal(text: str, syntax: str = "auto") -> str:
    with alarm(SECONDS), pytest.raises(NotationError) as caught:
        parse(text, syntax)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os').system('true')", "A formula holds no strings."),
        ("__import__(os)", "a name begins with a letter"),
        ("x.__class__", "A formula has no attributes"),
        ("x__y", "holds single underscores"),
        ("(lambda x: x)(1)", "Functions are not defined in a formula."),
        ("lambda + 1", "lambda is a word of the programming language"),
        ("import + x", "import is a word of the programming language"),
        ("eval(x)", "eval is no known function."),
        ("exec(x)", "exec is no known function."),
        ("open(x)", "open is no known function."),
        ("sympify(x)", "sympify is no known function."),
        ("Symbol(x)", "Symbol is no known function."),
        ("[x for x in y]", "for is a word of the programming language"),
        ("x; y", "unexpected ';'"),
        ("x\x00", "unexpected"),
        ("x\u202e + 1", "unexpected"),
        ("f'(x)", "A derivative is written Derivative(f(x), x)"),
        ('"x"', "A formula holds no strings."),
        ("x if y else z", "word of the programming language"),
        (r"\input{x}", "not understood"),
        (r"\write18{x}", "not understood"),
        (r"\def\x{x}", "not understood"),
        (r"\operatorname{__import__}(x)", "is no name"),
    ],
)
def test_what_would_be_code_is_refused(text: str, says: str) -> None:
    assert says in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9", "9^9^9", "2^(10^9)", "10^(10^(10^10))", "1e999999", "9" * 5000, "factorial(10**9)", "((9!)!)!",
        "binomial(10**9, 5*10**8)", "gamma(10^30)", "x^(10^9)", "x^factorial(1000)", "FallingFactorial(10^9, 10^9)", "(10^9)!",
        "fibonacci(10^12)", "((2^1000)^1000)^1000", r"9^{9^{9^9}}\alpha", r"\binom{10^9}{10^8}",
    ],
)  # fmt: skip
def test_huge_numbers_are_refused_before_they_are_computed(text: str) -> None:
    message = refusal(text)
    assert "bits" in message or "digits" in message or "too large" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(" * 100_000 + "x" + ")" * 100_000, "at most 10,000 are read"),
        ("x" * 1_000_000, "at most 10,000 are read"),
        ("(" * 4000, "a bracket that is not closed"),
        ("-" * 5000 + "x", "nested more than 60 deep"),
        ("x^" * 3000 + "x", "nested more than 60 deep"),
        ("sin(" * 1000 + "x" + ")" * 1000, "nested more than 60 deep"),
        ("~" * 5000 + "x", "nested more than 60 deep"),
        ("{" * 4000 + r"\alpha" + "}" * 4000, "nested more than 60 deep"),
        (r"\sin" * 2000 + "x", "nested more than 60 deep"),
        (r"\sum_{k=1}^n" * 800 + "k", "nested more than 60 deep"),
        (r"\frac{d}{dx}" * 800 + "x", "nested more than 60 deep"),
        (r"\int_0^1" * 500 + "x" + "dx" * 500, "nested more than 60 deep"),
        (r"\left(" * 1500, "something is open"),
        ("x\\", "not understood"),
    ],
)
def test_deep_and_long_text_is_refused(text: str, says: str) -> None:
    message = refusal(text)
    assert says in message
    assert max(map(len, message.splitlines())) < 200, "a long line is shown around the place only"


@pytest.mark.parametrize("text", ["x+" * 4000 + "x", "x " * 4000, "(" * 4000 + "x" + ")" * 4000, r"x" * 9000 + r"\alpha"])
def test_what_is_long_and_flat_is_read(text: str) -> None:
    with alarm(SECONDS):
        assert parse(text).free_symbols


@pytest.mark.parametrize(
    "text", ["Sum(1, (k, 1, 10^9))", "Product(k, (k, 1, 10^9))", "Integral(x^x, (x, 0, 10^9))", "Mod(7, 10^9)"]
)
def test_what_is_expensive_to_evaluate_is_inert(text: str) -> None:
    with alarm(SECONDS):
        assert str(parse(text)).startswith(text.partition("(")[0])


@pytest.mark.parametrize("text", ["x\n= x\n\n" * 140_000, "x\n" + "= x\n" * 200_000, "x" * 2_000_000, "\n" * 900_000])
def test_a_large_file_is_refused(text: str) -> None:
    with alarm(SECONDS), pytest.raises(StepsError):
        read_chains(text)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))),
    st.sampled_from(["plain", "latex"]),
)
def test_random_text_is_refused_or_read(text: str, syntax: str) -> None:
    told(lambda: read([text], (), syntax))


PIECES = [
    "x", "f", "n", "k", "(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", "^", "_", "!", "=", "<=", "2", "sin", "Sum(",
    "(k,1,n)", "Integral(", "Derivative(", "Piecewise(", "Matrix(", "\\sin ", "\\sum_{k=1}^n ", "\\int_0^1 ", "dx", "\\frac",
    "\\sqrt", "|", "\\left(", "\\right)", "\\begin{cases}", "\\end{cases}", "&", "\\\\", "\\lim_{x\\to 0}", "'",
    "\\frac{d}{dx}", "e", "i", "\\bmod ", "E", "oo", " ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from(["plain", "latex"]))
def test_random_pieces_are_refused_or_read(text: str, syntax: str) -> None:
    told(lambda: read([text], (), syntax))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "real", "integer", "x ", ", ", " in ", "R"]), max_size=8).map("".join))
def test_random_hypotheses_are_refused_or_read(text: str) -> None:
    told(lambda: read_hypotheses([text]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "\n", "\n= ", "\ngiven ", "#"]), max_size=12).map("".join))
def test_random_chains_are_refused_or_read(text: str) -> None:
    told(lambda: read_chains(text))


def test_no_text_is_given_to_sympy_to_be_parsed() -> None:
    """SymPy parses text that it gets where it expects a number: only names of symbols and directions of limits are text."""
    for path in sorted((ROOT / "checker" / "notation").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("sympify", "sp.sympify", "sp.S", "sp.parse_expr", "eval", "exec", "getattr(sp, text)"), path
                texts = [
                    a
                    for a in node.args
                    if isinstance(a, ast.JoinedStr | ast.Constant) and isinstance(getattr(a, "value", ""), str)
                ]
                assert not (called.startswith("sp.") and texts and called not in ("sp.Symbol",)), f"{path.name}:{node.lineno}"
