"""The page on the notation is true: its sessions print what stands there, and what its tables show is read, or refused."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from derivable.cli import FAILED, INTERRUPTED, UNDECIDED, USAGE, app
from derivable.notation import NotationError, read
from derivable.notation.conditions import read_hypotheses

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "notation.md"
TEXT = PAGE.read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.split(f"## {title}")[1].split("\n## ")[0]


def first_column(title: str) -> list[str]:
    """What stands in backquotes in the first cells of a section's table."""
    rows = re.findall(r"^\| (.*?)(?<!\\) \| .* \|$", section(title), re.M)[1:]
    return [span.replace(r"\|", "|").replace("&#124;", "|") for row in rows for span in re.findall(r"`([^`]+)`", row)]


def sessions() -> list[tuple[str, str]]:
    """Commands with the output that is shown, of the page and of the README."""
    found = []
    for page in (PAGE, ROOT / "README.md"):
        for block in re.findall(r"^```console\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, output = part.partition("\n")
                found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), sessions())
def test_commands_print_what_is_shown(command: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [chain] = re.findall(r"^```text\n(.*?)^```$", TEXT, re.M | re.S)
    (tmp_path / "chain.txt").write_text(chain, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    piped, _, words = command.rpartition(" | ") if command.startswith("printf") else ("", "", command)
    given = shlex.split(piped)[1].replace("\\n", "\n") if piped else None
    done = CliRunner().invoke(app, shlex.split(words)[1:], input=given, prog_name="derivable")

    def shape(text: str) -> list[str]:
        """The lines without those that tell a time."""
        return [" ".join(line.split()) for line in text.splitlines() if line.strip() and "attacked at" not in line]

    assert shape(done.stdout) == shape(output)


def completed(text: str) -> str:
    """Complete what a table shows in part, so that it can be read: an operator gets an operand."""
    whole = {
        r"\sum_{k=1}^{n}": r"\sum_{k=1}^{n} k", r"\sum_{k \ge 1}": r"\sum_{k \ge 1} k", r"\prod_{k=1}^{n}": r"\prod_{k=1}^{n} k",
        r"\lim_{x \to 0}": r"\lim_{x \to 0} x", r"\lim_{x \to 0^+}": r"\lim_{x \to 0^+} x",
        r"\frac{d}{dx}": r"\frac{d}{dx} x^2", r"\frac{d^2}{dx^2}": r"\frac{d^2}{dx^2} x^2",
        r"\begin{cases} … \end{cases}": r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{pmatrix} … \end{pmatrix}": r"\begin{pmatrix} x & 1 \\ 0 & y \end{pmatrix}",
        "M^T": "Matrix([[a, b], [c, d]])^T", "Determinant(M)": "Determinant(Matrix([[a, b], [c, d]]))",
        "Trace(M)": "Trace(Matrix([[a, b], [c, d]]))",
    }  # fmt: skip
    return whole.get(text, text)


SIGNS = {"&", "|", "~", "dir"}


@pytest.mark.parametrize("text", [t for t in first_column("Plain notation") if t not in SIGNS])
def test_plain_examples_are_read(text: str) -> None:
    assert read([completed(text)], (), "plain").expressions


@pytest.mark.parametrize("text", first_column("LaTeX"))
def test_latex_examples_are_read(text: str) -> None:
    assert read([completed(text)], (), "latex").expressions


@pytest.mark.parametrize("text", first_column("Names and hypotheses"))
def test_hypotheses_are_read(text: str) -> None:
    found = read_hypotheses([text])
    assert found.relations or found.declarations.kinds


@pytest.mark.parametrize("text", first_column("What is refused, since it may be read in two ways"))
def test_what_is_ambiguous_is_refused(text: str) -> None:
    latex = "\\" in text or text in ("a / bc", "x^ab", "x^12", "d")
    with pytest.raises(NotationError):
        read([text], (), "latex" if latex else "plain")


def test_exit_codes_are_those_of_the_commands() -> None:
    codes = re.findall(r"^\| (\d+) \|", section("The commands"), re.M)
    assert codes == [str(code) for code in (0, FAILED, USAGE, UNDECIDED, INTERRUPTED)]


def test_limits_are_those_of_the_code() -> None:
    from derivable import steps
    from derivable.notation import conditions, sizes, tree

    limits = section("Limits")
    values = (conditions.MAX_LENGTH, steps.MAX_CHARACTERS, steps.MAX_LINES, tree.MAX_DEPTH, sizes.MAX_DIGITS, sizes.MAX_BITS)
    for value in values:
        assert f"{value:,}" in limits
