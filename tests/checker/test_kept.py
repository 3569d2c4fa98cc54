"""Results are reused while nothing that they rest on has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from derivable import kept
from derivable.kept import KeptResults
from derivable.loading import load_file
from derivable.run import Session

GOOD = """
from sympy import Sum

from derivable import Post

post = Post("one", "One")


@post.claim("C1", "A sum")
def sum_of_ones(d):
    n, k = d.natural("n"), d.index("k")
    d.state(Sum(1, (k, 1, n)), "=", n)
    d.start(Sum(1, (k, 1, n)))
    d.then(n, by="count")
"""


def _ran(path: Path, folder: Path) -> tuple[bool, bool]:
    """(whether the claim holds, whether its result came from an earlier run)."""
    kept._digest.cache_clear()
    (post,) = load_file(path)
    result = Session(kept=KeptResults(folder)).run(post.claims[0])
    return result.ok, result.kept


@pytest.fixture
def module(folder_of_posts: Callable[..., Path]) -> Path:
    return folder_of_posts(one=GOOD) / "one.py"


def test_an_unchanged_claim_is_not_checked_again(module: Path, tmp_path: Path) -> None:
    assert _ran(module, tmp_path / "kept") == (True, False)
    assert _ran(module, tmp_path / "kept") == (True, True)


def test_a_changed_module_is_checked_anew(module: Path, tmp_path: Path) -> None:
    _ran(module, tmp_path / "kept")
    module.write_text(GOOD.replace('by="count"', 'by="count them"'))
    assert _ran(module, tmp_path / "kept") == (True, False)


def test_a_changed_helper_beside_the_module_counts(module: Path, tmp_path: Path) -> None:
    _ran(module, tmp_path / "kept")
    (module.parent / "notation.py").write_text("width = 1\n")
    assert _ran(module, tmp_path / "kept") == (True, False)


def test_a_change_of_the_checker_counts(module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _ran(module, tmp_path / "kept")
    monkeypatch.setattr(kept, "_machinery", lambda: "another checker")
    assert _ran(module, tmp_path / "kept") == (True, False)


def test_a_failing_claim_is_never_kept(folder_of_posts: Callable[..., Path], tmp_path: Path) -> None:
    bad = (
        folder_of_posts(
            one=GOOD.replace('d.state(Sum(1, (k, 1, n)), "=", n)', 'd.state(Sum(1, (k, 1, n)), "=", n + 1)').replace(
                "d.then(n, by", "d.then(n + 1, by"
            )
        )
        / "one.py"
    )
    assert _ran(bad, tmp_path / "kept") == (False, False)
    assert _ran(bad, tmp_path / "kept") == (False, False)


def test_a_truncated_result_is_ignored(module: Path, tmp_path: Path) -> None:
    _ran(module, tmp_path / "kept")
    for file in (tmp_path / "kept").iterdir():
        file.write_text(file.read_text()[:40])
    assert _ran(module, tmp_path / "kept") == (True, False)


def test_an_unwritable_folder_is_no_failure(module: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert _ran(module, tmp_path / "file") == (True, False)
