"""The command line as a person and a script meet it: help, choices, messages, exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from derivable.cli import app
from derivable.record import read_record

GOOD = """
    from sympy import Sum

    from derivable import Post

    post = Post("odd", "奇数", "Odd numbers")


    @post.claim("C1", "The sum of the first odd numbers")
    def odd(d):
        n, k = d.natural("n"), d.index("k")
        d.state(Sum(2 * k - 1, (k, 1, n)), "=", n**2)
        d.start(Sum(2 * k - 1, (k, 1, n)))
        d.then(n**2, by="the sum of the first integers")
        d.refute(Sum(2 * k - 1, (k, 1, n)), "=", n**2 - 1, because="counting from 0")
"""
WRONG = """
    from derivable import Post

    post = Post("wrong", "错", "A wrong post")


    @post.claim("C1", "One more is the same")
    def more(d):
        x = d.real("x")
        d.state(x, "=", x + 1)
        d.start(x)
        d.then(x + 1, by="a [bold] wish")
        d.refute(x, "=", x + 2, because="two more")


    @post.claim("C2", "Addition commutes")
    def commutes(d):
        x, y = d.real("x y")
        d.state(x * (y + 1), "=", x * y + x)
        d.start(x * (y + 1))
        d.then(x * y + x, by="it distributes")
        d.refute(x * y, "=", x + y, because="plus for times")
"""
BROKEN = 'from derivable import Post\nimport a_module_that_is_not_there\npost = Post("broken", "坏")\n'
Folder = Callable[..., Path]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def derivable(*arguments: object) -> Done:
    """The command in this process; an exception that no command should let through is raised."""
    result = CliRunner().invoke(app, [str(a) for a in arguments], prog_name="derivable")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def one_message(done: Done, code: int) -> str:
    """The command ended with this code and a message that is no traceback."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.strip()
    return done.stderr


# -- help --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ()])
def test_help_names_every_command(arguments: tuple[str, ...]) -> None:
    done = derivable(*arguments)
    for command in ("check", "report", "list", "show"):
        assert re.search(rf"^\W*{command}\b", done.stdout + done.stderr, re.M), command


@pytest.mark.parametrize("command", ["check", "report", "list", "show"])
def test_help_of_a_command_says_what_it_does(command: str) -> None:
    done = derivable(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout
    assert len(done.stdout) > 200


def test_help_needs_neither_sympy_nor_torch() -> None:
    code = (
        "import sys, derivable.cli as c\n"
        "try: c.app(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'sympy', 'torch'} & set(sys.modules), sorted(set(sys.modules) & {'sympy', 'torch'})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False).returncode == 0


def test_an_unknown_command_or_option() -> None:
    assert "frobnicate" in one_message(derivable("frobnicate"), 2)
    assert "--frobnicate" in one_message(derivable("check", "--frobnicate"), 2)


# -- check -------------------------------------------------------------------------------------------------------------


def test_check_of_what_holds(folder_of_posts: Folder) -> None:
    done = derivable("check", folder_of_posts(odd=GOOD))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "my_area/odd/C1" in done.stdout
    assert "1 claims: 1 proved" in done.stdout
    assert "✔ proved" in done.stdout


def test_check_of_what_does_not_hold(folder_of_posts: Folder) -> None:
    folder = folder_of_posts(wrong=WRONG, odd=GOOD)
    done = derivable("check", folder)
    text = one_message(done, 1)
    assert "my_area/wrong/C1, step 2: refuted" in text
    assert "a [bold] wish" in text, "what an author writes is not taken for markup"
    assert "counterexample" in text
    assert "3 claims: 2 proved, 1 refuted" in done.stdout


def test_check_stops_at_the_first_when_asked(folder_of_posts: Folder) -> None:
    done = derivable("check", "-x", folder_of_posts(wrong=WRONG))
    assert done.returncode == 1
    assert "wrong/C2" not in done.stdout


def test_check_prints_steps_when_asked(folder_of_posts: Folder) -> None:
    done = derivable("check", "-v", folder_of_posts(odd=GOOD))
    assert "the sum of the first integers" in done.stdout


def test_check_of_a_file_and_of_a_module_that_fails(folder_of_posts: Folder) -> None:
    folder = folder_of_posts(odd=GOOD, broken=BROKEN)
    assert derivable("check", folder / "odd.py").returncode == 0
    text = one_message(derivable("check", folder), 3)
    assert text.count("cannot be imported") == 1
    assert "broken.py:2" in text
    assert "my_area/odd/C1" in derivable("check", folder).stdout


def test_check_writes_a_record(folder_of_posts: Folder) -> None:
    folder = folder_of_posts(wrong=WRONG, broken=BROKEN)
    target = folder / "deep" / "record.json"
    done = derivable("check", folder, "--record", target)
    assert done.returncode == 3
    record = read_record(target)
    assert [(c.id, c.verdict) for c in record.claims()] == [("my_area/wrong/C1", "refuted"), ("my_area/wrong/C2", "proved")]
    assert [p.slug for p in record.posts if p.error] == ["broken"]


def test_check_of_an_empty_folder_or_of_nothing_there(tmp_path: Path) -> None:
    assert "no derivations there" in one_message(derivable("check", tmp_path), 2)
    assert "no such claim, post, area, file or folder" in one_message(derivable("check", "nowhere/at/all"), 2)


def test_a_near_name_is_offered() -> None:
    text = one_message(derivable("show", "ssm/hipo/C1"), 2)
    assert "no such claim" in text
    assert "Did you mean" in text
    assert "derivable list" in text


def test_an_interrupt_keeps_what_was_checked(folder_of_posts: Folder) -> None:
    slow = GOOD + '\n\n    @post.claim("C2", "Slow")\n    def slow(d):\n        import time\n        time.sleep(60)\n'
    folder = folder_of_posts(odd=slow)
    target = folder / "record.json"
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "derivable.cli", "check", str(folder), "--record", str(target)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
    )
    assert process.stdout is not None
    while "odd/C1" not in process.stdout.readline():
        pass
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130, output + errors
    assert "interrupted after 1 of 2 claims" in errors
    assert "Traceback" not in errors
    assert [c.id for c in read_record(target).claims()] == ["my_area/odd/C1"]


# -- list and show -----------------------------------------------------------------------------------------------------


def test_list_of_a_folder(folder_of_posts: Folder) -> None:
    folder = folder_of_posts(wrong=WRONG, odd=GOOD)
    done = derivable("list", folder)
    assert done.returncode == 0
    for part in ("my_area/odd", "Odd numbers", "C1", "The sum of the first odd numbers", "my_area/wrong", "A wrong post"):
        assert part in done.stdout


def test_list_with_verdicts_of_a_record(folder_of_posts: Folder) -> None:
    folder = folder_of_posts(wrong=WRONG)
    derivable("check", folder, "--record", folder / "r.json")
    done = derivable("list", folder, "--record", folder / "r.json")
    assert done.returncode == 0
    assert "✘ refuted" in done.stdout
    assert "✔ proved" in done.stdout


def test_list_of_what_comes_with_the_package() -> None:
    done = derivable("list")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\w+/\w+  ", done.stdout, re.M)


def test_show_from_a_record(folder_of_posts: Folder) -> None:
    folder = folder_of_posts(wrong=WRONG)
    derivable("check", folder, "--record", folder / "r.json")
    done = derivable("show", "my_area/wrong/C1", "--record", folder / "r.json")
    assert done.returncode == 0, done.stderr
    for part in ("One more is the same", "Statement", "Derivation", "a [bold] wish", "✘ refuted", "Controls"):
        assert part in done.stdout, part
    text = one_message(derivable("show", "my_area/wrong/C9", "--record", folder / "r.json"), 2)
    assert "holds no claim my_area/wrong/C9" in text


# -- records and folders that are bad ----------------------------------------------------------------------------------


@pytest.fixture
def record(folder_of_posts: Folder) -> Path:
    folder = folder_of_posts(odd=GOOD)
    target = folder / "r.json"
    assert derivable("check", folder, "--record", target).returncode == 0
    return target


def test_a_record_cut_short(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    record.write_text(text[: len(text) // 2], encoding="utf-8")
    for command in (("report", record, "-o", record.parent / "out"), ("show", "my_area/odd/C1", "--record", record)):
        assert str(record) in one_message(derivable(*command), 2)


@pytest.mark.parametrize("change", [{"schema": "derivable-record/99"}, {"schema": "junit"}, {"posts": 3}], ids=str)
def test_a_foreign_record(record: Path, change: dict[str, object]) -> None:
    record.write_text(json.dumps(json.loads(record.read_text(encoding="utf-8")) | change), encoding="utf-8")
    assert str(record) in one_message(derivable("report", record, "-o", record.parent / "out"), 2)


def test_a_record_that_is_not_there(tmp_path: Path) -> None:
    assert "absent.json" in one_message(derivable("report", tmp_path / "absent.json", "-o", tmp_path / "out"), 2)


def test_a_report_of_a_record(record: Path) -> None:
    out = record.parent / "out"
    done = derivable("report", record, "-o", out, "--format", "json,html,tex")
    assert done.returncode == 0, done.stderr
    assert {p.name for p in out.iterdir()} >= {"verification.json", "report.html", "report.tex"}
    assert "The sum of the first odd numbers" in (out / "report.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_to(record: Path) -> None:
    occupied = record.parent / "file"
    occupied.write_text("", encoding="utf-8")
    text = one_message(derivable("report", record, "-o", occupied / "out"), 2)
    assert "cannot be written to" in text
    assert "-o" in text
    assert "file" in one_message(derivable("check", record.parent / "odd.py", "--record", occupied / "r.json"), 2)


def test_an_unknown_format(record: Path) -> None:
    text = one_message(derivable("report", record, "-o", record.parent / "out", "--format", "docx"), 2)
    assert "docx" in text
