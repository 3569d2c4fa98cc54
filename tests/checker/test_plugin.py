"""The pytest plugin in a folder of one's own: one item a claim, options as for tests, a record, one message for a broken one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from derivable.record import read_record

ODD = '''
    """A post."""
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


    @post.claim("C2", "AM-GM", kind="inequality")
    def means(d):
        x, y = d.real("x y")
        d.state(2 * x * y, "<=", x**2 + y**2)
        d.start(2 * x * y)
        d.then(x**2 + y**2, "<=", by="a square")
        d.refute(x * y + 1, "<=", x**2 + y**2, because="one more")
'''
WRONG = """
    from sympy import sqrt

    from derivable import Post

    post = Post("wrong", "错", "A wrong post")


    @post.claim("C1", "The root undoes the square")
    def root(d):
        x = d.real("x")
        d.state(sqrt(x**2), "=", x)
        d.start(sqrt(x**2))
        d.then(x, by="the root undoes the square")
        d.refute(x, "=", x + 1, because="one more")


    @post.claim("C2", "The same, right")
    def right(d):
        x = d.real("x")
        d.state(sqrt(x**2), "=", abs(x))
        d.start(sqrt(x**2))
        d.then(abs(x), by="the definition of the modulus")
        d.refute(sqrt(x**2), "=", x, because="sign")
"""
BROKEN = """
    from derivable import Post
    import a_module_that_is_not_there
    post = Post("broken", "坏")
"""
SYNTAX = """
    from derivable import Post
    post = Post("syntax"
"""
Folder = Callable[..., Path]


pytest_plugins = ["pytester"]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """pytest in this process, from within a folder."""

    def inside(folder: Path, *arguments: str) -> Any:
        monkeypatch.chdir(folder)
        result = pytester.runpytest_inprocess("-p", "no:cacheprovider", f"--rootdir={folder}", *arguments, str(folder))
        return subprocess.CompletedProcess(arguments, int(result.ret), result.stdout.str(), result.stderr.str())

    return inside


def apart(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )


def outcomes(output: str) -> dict[str, int]:
    return {
        word: int(number)
        for number, word in re.findall(r"(\d+) (passed|failed|error|errors|deselected)", output.splitlines()[-1])
    }


def test_one_item_a_claim_with_file_and_line(folder_of_posts: Folder, run: Any) -> None:
    done = run(folder_of_posts(odd=ODD), "-v", "--durations=3")
    assert done.returncode == 0, done.stdout
    assert outcomes(done.stdout)["passed"] == 2
    assert "odd::C1" in done.stdout
    assert "odd::C2" in done.stdout
    assert "claims: 2 proved" in done.stdout
    assert re.search(r"controls: \d+ refuted, 0 survived", done.stdout)


KEYWORDS = [
    ("C2", 1),
    ("odd", 2),
    ("C1 or C2", 2),
    ("inequality", 1),
    ("my_area", 2),
]


@pytest.mark.parametrize(("expression", "passed"), KEYWORDS)
def test_choosing_by_keyword(folder_of_posts: Folder, run: Any, expression: str, passed: int) -> None:
    done = run(folder_of_posts(odd=ODD), "-q", "-k", expression)
    assert outcomes(done.stdout).get("passed") == passed, done.stdout


def test_a_failure_reads_like_a_message_not_like_a_traceback(folder_of_posts: Folder, run: Any) -> None:
    folder = folder_of_posts(wrong=WRONG)
    done = run(folder, "-q")
    assert done.returncode == 1
    assert outcomes(done.stdout) == {"failed": 1, "passed": 1}
    for part in (
        "A wrong post",
        "my_area/wrong/C1: The root undoes the square",
        f"{folder}/wrong.py:14: claim my_area/wrong/C1, step 2: refuted",
        "reason given: the root undoes the square",
        "left:",
        "right:",
        "counterexample: at x = -1",
        "hypotheses:",
    ):
        assert part in done.stdout, part
    assert "Traceback" not in done.stdout
    assert "run.py" not in done.stdout


def test_stopping_at_the_first(folder_of_posts: Folder, run: Any) -> None:
    done = run(folder_of_posts(wrong=WRONG), "-q", "-x")
    assert done.returncode == 1
    assert outcomes(done.stdout) == {"failed": 1}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_the_record_of_a_run(folder_of_posts: Folder, workers: tuple[str, ...]) -> None:
    folder = folder_of_posts(odd=ODD, wrong=WRONG)
    target = folder / "build" / "record.json"
    done = apart(folder, "-q", *workers, "--record", str(target))
    assert done.returncode == 1
    record = read_record(target)
    assert [(c.id, c.verdict) for c in record.claims()] == [
        ("my_area/odd/C1", "proved"),
        ("my_area/odd/C2", "proved"),
        ("my_area/wrong/C1", "refuted"),
        ("my_area/wrong/C2", "proved"),
    ]
    assert record.environment.sympy.startswith("1.14")
    data = json.loads(target.read_text(encoding="utf-8"))
    assert str(folder.parent) not in json.dumps([p["file"] for p in data["posts"]])


@pytest.mark.parametrize("text", [BROKEN, SYNTAX], ids=["import", "syntax"])
def test_a_module_that_cannot_be_imported_is_one_sentence_while_the_others_run(
    folder_of_posts: Folder, run: Any, text: str
) -> None:
    folder = folder_of_posts(odd=ODD, broken=text)
    target = folder / "record.json"
    done = run(folder, "-q", "--continue-on-collection-errors", "--record", str(target))
    assert done.returncode == 1
    assert "passed" in outcomes(done.stdout)
    sentences = [line for line in done.stdout.splitlines() if "broken.py" in line and "cannot be imported" in line]
    assert len(sentences) == 1
    assert re.search(r"broken\.py:\d+: cannot be imported: \w+Error: .+\. Correct the module", sentences[0])
    assert "Traceback" not in done.stdout
    record = read_record(target)
    assert [c.id for c in record.claims()] == ["my_area/odd/C1", "my_area/odd/C2"]
    assert [p.error for p in record.posts if p.error]


def test_files_that_are_no_derivations_are_left_alone(folder_of_posts: Folder, run: Any) -> None:
    folder = folder_of_posts(
        odd=ODD, helper="raise SystemExit('imported')\n", notes="from derivable import equal\nraise SystemExit\n"
    )
    (folder / "test_own.py").write_text("def test_own():\n    assert True\n", encoding="utf-8")
    done = run(folder, "-q")
    assert done.returncode == 0, done.stdout
    assert outcomes(done.stdout)["passed"] == 3


def test_an_empty_post_is_told(folder_of_posts: Folder, run: Any) -> None:
    done = run(folder_of_posts(empty='from derivable import Post\npost = Post("empty", "空")\n'), "-q")
    assert done.returncode != 0
    assert "claims nothing; add a function under @post.claim" in done.stdout


def test_a_record_that_cannot_be_written_is_told(folder_of_posts: Folder, run: Any) -> None:
    folder = folder_of_posts(odd=ODD)
    (folder / "file").write_text("", encoding="utf-8")
    done = run(folder, "-q", "-k", "C2", "--record", str(folder / "file" / "record.json"))
    text = done.stdout + done.stderr
    assert done.returncode != 0
    assert "file/record.json" in text
    assert "Traceback" not in text


def test_an_interrupted_run_keeps_what_it_has(folder_of_posts: Folder, run: Any) -> None:
    slow = ODD + ('\n\n    @post.claim("C3", "Slow")\n    def slow(d):\n        import time\n        time.sleep(60)\n')
    folder = folder_of_posts(odd=slow)
    target = folder / "record.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--record", str(target)],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "C2" in line and "PASSED" in line:
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 2, output
    assert [c.id for c in read_record(target).claims()] == ["my_area/odd/C1", "my_area/odd/C2"]


def test_the_plugin_adds_nothing_to_a_run_without_derivations(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "def test_one():\n    import sys\n    assert 'sympy' not in sys.modules\n", encoding="utf-8"
    )
    done = apart(tmp_path, "-q")
    assert done.returncode == 0, done.stdout
    assert "derivable" not in done.stdout


def test_help_names_the_option() -> None:
    done: Any = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], text=True, capture_output=True, timeout=60, check=False
    )
    assert "--record=FILE" in done.stdout
