"""`derivable equal` and `derivable at-most`: verdicts, exit codes, assumptions and hints, JSON, and what is said of bad input."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from derivable.ask import ask
from derivable.cli import FAILED, UNDECIDED, USAGE, app


def derivable(*arguments: str) -> Result:
    """The command in this process; an exception that no command should let through is raised."""
    result = CliRunner().invoke(app, list(arguments), prog_name="derivable")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize(
    ("arguments", "code", "shows"),
    [
        (["equal", "sin(x)^2 + cos(x)^2", "1"], 0, ["✔ proved", "1. normal form", "x complex (not declared)"]),
        (["equal", r"\int_0^\infty e^{-x^2} dx", r"\frac{\sqrt{\pi}}{2}"], 0, ["Euler's integral of the second kind"]),
        (["equal", r"\sum_{k=1}^{n} k", r"\frac{n(n+1)}{2}", "--where", "n natural"], 0, ["where n natural", "for n natural"]),
        (["equal", "(x^2 - 1)/(x - 1)", "x + 1"], 0, ["wherever x - 1 ≠ 0"]),
        (["equal", "Mod(3n, 3)", "0", "--where", "n integer"], 0, ["✔ proved"]),
        (["equal", "floor(x)", "x"], FAILED, ["✘ refuted", "left side"]),
        (["equal", "sqrt(x^2)", "x"], FAILED, ["at x = -1: left side 1, right side -1", "hint: proved under --where"]),
        (["at-most", "2 x y", "x^2 + y^2", "--where", "x, y real"], 0, ["2 x y ≤ x^2 + y^2", "signs of the terms"]),
        (["at-most", "x", "x", "--strict", "--where", "x real"], FAILED, ["x < x"]),
        (["at-most", "2 x y", "x^2 + y^2"], FAILED, ["hint: proved under --where 'x, y real'"]),
        (["equal", "x", "x", "--where", "x > 1", "--where", "x < 0"], UNDECIDED, ["? open", "vacuous"]),
        (["equal", "-x^2", "-x*x"], 0, ["-x^2 = -x*x"]),
        (["equal", "1/0", "5"], UNDECIDED, ["? open"]),
        (["equal", "Matrix([[x, 1]])", "Matrix([[x, 2]])"], FAILED, ["✘ refuted"]),
    ],
)  # fmt: skip
def test_answers(arguments: list[str], code: int, shows: list[str]) -> None:
    done = derivable(*arguments)
    assert done.exit_code == code, done.output
    for text in shows:
        assert text in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["equal", "1/2x", "3"], ["what is divided by?", "    ^^", "(1/2)*x, or 1/(2*x)"]),
        (["equal", "x = 1", "2"], ["a relation where a number belongs", "An equation's two sides are given apart."]),
        (["equal", "x", "y", "--where", "x foo"], ["foo is no kind"]),
        (["equal", "9^9^9^9", "1"], ["too large"]),
        (["equal", "x", "[bold]"], ["a list where a number belongs"]),
        (["equal", "x", "y", "--latex", "--plain"], ["--latex and --plain exclude each other."]),
        (["equal", "x", "y", "--timeout", "0"], ["Invalid value for '--timeout'"]),
        (["equal", "x"], ["Missing argument"]),
        (["equal", "", "x"], ["the formula ends too early"]),
    ],
)
def test_bad_input_names_place_and_remedy(arguments: list[str], says: list[str]) -> None:
    done = derivable(*arguments)
    assert done.exit_code == USAGE
    for text in says:
        assert text in done.stderr


def test_json_holds_statement_assumptions_and_counterexample() -> None:
    done = derivable("equal", "sqrt(x^2)", "x", "--json", "--where", "x real")
    data = json.loads(done.stdout)
    assert done.exit_code == FAILED
    assert data["statement"] == {"lhs": "sqrt(x^2)", "relation": "=", "rhs": "x"}
    assert data["where"] == ["x real"]
    assert data["assumed"] == ["x real"]
    assert data["verdict"] == "refuted"
    assert data["counterexample"]["point"] == {"x": "-1"}
    assert (data["counterexample"]["lhs"], data["counterexample"]["rhs"]) == ("1", "-1")


def test_a_proof_is_data_too() -> None:
    data = json.loads(derivable("equal", "x + x", "2x", "--json").stdout)
    assert data["verdict"] == "proved"
    assert data["counterexample"] is None
    assert data["proof"][0].startswith("normal form")


def test_a_hint_is_given_only_if_it_was_proved() -> None:
    assert ask("x", "=", "x + 1").hint == "nothing was said of x: any complex number was admitted"
    assert ask("x", "=", "x + 1", where=["x real"]).hint == ""
    assert ask("Mod(3n, 3)", "=", "0").hint == "proved under --where 'n integer'"


def test_a_hint_leaves_out_what_was_declared() -> None:
    assert ask("sqrt(x^2) y", "=", "x y", where=["y real"]).hint == "proved under --where 'x positive'"


def test_a_wrong_step_does_not_vanish_by_automatic_evaluation() -> None:
    """With SymPy's own evaluation both sides would be built equal, or the left one simplified, before anyone looks."""
    assert ask("floor(n)", "=", "n").decision.verdict == "refuted"
    assert ask("(-8)^(1/3)", "=", "-2").decision.verdict == "refuted"
    assert ask("log(E^x)", "=", "x").decision.verdict == "refuted"
    assert ask("sqrt(x) sqrt(y)", "=", "sqrt(x y)").decision.verdict == "refuted"


@pytest.mark.parametrize("command", ["equal", "at-most", "steps"])
def test_help_shows_how_and_what_exit_codes_mean(command: str) -> None:
    text = derivable(command, "--help").stdout
    assert "Exit code: 0" in text
    assert "--timeout" in text
