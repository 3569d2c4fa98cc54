"""README and docs hold: every example runs as written, every path exists, every command is one."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
SUFFIXES = ("py", "md", "json", "toml", "txt")
MADE_BY_A_RUN = {"verification.json", "report.html", "report.tex", "report.pdf"}
MADE_BY_THE_READER = {"sigmoid.py", "run.json", "my.json", "my_derivations", "my_derivations/chain.py", "my_report"}


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of one language, each with the line that it begins at."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    return [(text[: m.start(1)].count("\n") + 1, m[1]) for m in found]


def modules(page: Path) -> list[tuple[int, str]]:
    """The python blocks that are derivation modules."""
    return [(line, code) for line, code in blocks(page, "python") if ">>>" not in code]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def spans(page: Path) -> Iterator[str]:
    """What stands in backquotes outside of fenced blocks."""
    yield from re.findall(r"`([^`\n]+)`", prose(page))


def commands() -> list[str]:
    """Every command line that a page shows."""
    shown = [line.split(" #")[0].strip() for page in PAGES for _, code in blocks(page, "sh") for line in code.splitlines()]
    return [line for line in [*shown, *(s for page in PAGES for s in spans(page))] if line]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", [p for p in PAGES if any(">>>" in code for _, code in blocks(p, "python"))], ids=name_of)
def test_sessions_run_as_written(page: Path) -> None:
    # blank lines between a page's examples are not part of the expected output
    code = "\n\n".join(code for _, code in blocks(page, "python") if ">>>" in code)
    example = doctest.DocTestParser().get_doctest(code, {}, name_of(page), str(page), 0)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize(
    ("page", "line", "code"),
    [pytest.param(p, line, code, id=f"{name_of(p)}:{line}") for p in PAGES if p.name != "README.md" for line, code in modules(p)],
)
def test_modules_hold_as_written(page: Path, line: int, code: str, tmp_path: Path) -> None:
    from derivable.loading import load
    from derivable.run import Session

    file = tmp_path / "my_derivations" / f"example_{line}.py"
    file.parent.mkdir()
    file.write_text(code, encoding="utf-8")
    loaded = load([file])
    assert not loaded.errors
    assert loaded.claims(), f"{name_of(page)}:{line}: a block that is neither a session nor a derivation"
    session = Session(mutants=3)  # how many mutants there are is not what this test is about
    for claim in loaded.claims():
        result = session.run(claim)
        assert result.ok, "\n".join(result.problems)
        assert result.claim.verdict in ("proved", "proved for n ≤ N")


class TestFirstDerivation:
    """The twenty lines of the README, by the command line and by pytest."""

    def folder(self, tmp_path: Path, old: str = "", new: str = "") -> Path:
        [(_, code)] = modules(ROOT / "README.md")
        assert len(code.splitlines()) <= 20
        folder = tmp_path / "my_derivations"
        folder.mkdir()
        (folder / "sigmoid.py").write_text(code.replace(old, new) if old else code, encoding="utf-8")
        return folder

    def run(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        )

    def test_command_line(self, tmp_path: Path) -> None:
        self.folder(tmp_path)
        done = self.run("derivable.cli", "check", "my_derivations", "-v", cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        [(_, shown)] = blocks(ROOT / "README.md", "text")

        def shape(text: str) -> list[str]:
            some = r"\d+\.\d+(?= s)|\d+(?= controls| refuted)"
            return [" ".join(re.sub(some, "#", line).split()) for line in text.splitlines() if line.strip()]

        assert shape(done.stdout) == shape(shown)

    def test_pytest(self, tmp_path: Path) -> None:
        self.folder(tmp_path)
        # plugins that have no part in it cost a second
        without = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:jaxtyping")
        done = self.run("pytest", "my_derivations", "-q", *without, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 passed" in done.stdout

    def test_a_wrong_bound_fails(self, tmp_path: Path) -> None:
        from derivable.loading import load
        from derivable.run import Session

        [claim] = load([self.folder(tmp_path, "Rational(1, 4)", "Rational(1, 5)")]).claims()
        result = Session(mutants=3).run(claim)
        assert result.claim.verdict == "refuted"
        assert any("counterexample: at x = " in problem for problem in result.problems)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_paths_exist(page: Path) -> None:
    text = prose(page)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        assert "://" not in target, f"{name_of(page)}: {target}: pages stand by themselves"
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), f"{name_of(page)} links to {target}"
        if anchor:
            titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.M)
            assert anchor in {re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles}, f"no heading for {target}"
    for span in spans(page):
        is_path = re.fullmatch(r"[\w./-]+", span) and ("/" in span or span.endswith(tuple(f".{s}" for s in SUFFIXES)))
        if not is_path or span.startswith((".venv", "build")) or span in MADE_BY_A_RUN | MADE_BY_THE_READER:
            continue
        assert (ROOT / span).exists() or is_claim(span), f"{name_of(page)} mentions {span}"


def is_claim(name: str) -> bool:
    """Whether `area/post` or `area/post/label` names something that the derivations declare; a pattern counts too."""
    area, slug, *rest = name.split("/")
    if area in ("area", "my_derivations"):
        return True
    file = ROOT / "derivations" / area / f"{slug}.py"
    return file.exists() and (not rest or f'@post.claim("{rest[0]}"' in file.read_text(encoding="utf-8"))


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {line.split()[1] for line in commands() if re.match(r"make \w+", line)}
    assert {"report", "test"} <= named
    assert named <= targets


def test_commands_and_options_exist() -> None:
    import typer

    from derivable.cli import app

    group = typer.main.get_command(app)
    known = group.commands  # type: ignore[attr-defined]
    named = [line.split() for line in commands() if line.startswith("derivable ")]
    assert {words[1] for words in named if not words[1].startswith("-")} == set(known), "the README shows every command"
    for words in named:
        if words[1] == "--help":
            continue
        options = {flag for parameter in known[words[1]].params for flag in parameter.opts} | {"--help"}
        assert {w for w in words if w.startswith("-")} <= options, " ".join(words)
    table = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    from derivable import cli

    assert table == [str(c) for c in (0, cli.FAILED, cli.USAGE, cli.BROKEN, cli.INTERRUPTED)]


def test_claims_that_commands_name_exist() -> None:
    named = {w for line in commands() if line.startswith("derivable ") for w in line.split() if re.fullmatch(r"\w+/\w+/C\w+", w)}
    assert named
    assert all(is_claim(name) for name in named), named


def test_verdicts_are_those_of_the_record() -> None:
    from derivable.record import VERDICTS

    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## What the verdicts mean")[1].split("\n## ")[0]
    assert re.findall(r"^\| (.+?) \|", section, re.M)[2:] == list(VERDICTS)


def test_public_names_are_documented() -> None:
    """Every name of `derivable.__all__` and every kernel occurs on some page."""
    import derivable
    import derivable.kernels

    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in (*derivable.__all__, *derivable.kernels.__all__):
        assert re.search(rf"\b{name}\b", text), f"{name} is not documented"


def test_rules_are_documented() -> None:
    """The names under which proofs list their rules are those that the checker's page explains."""
    text = (ROOT / "docs" / "checker.md").read_text(encoding="utf-8")
    for file in ("equality", "order"):
        tree = ast.parse((ROOT / "checker" / "trusted" / f"{file}.py").read_text(encoding="utf-8"))
        names = {
            str(node.elts[0].value)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Proof" and call.args
            for outer in ast.walk(call.args[0])
            if isinstance(outer, ast.Tuple)
            for node in outer.elts
            if isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant)
        }
        assert names
        for name in sorted(names):
            assert f"***{name}***" in text, f"the rule {name!r} of {file}.py is not explained"


def test_licence_and_changelog() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    import derivable

    assert f"## {derivable.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=name_of)
def test_pages_name_no_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|tmp|work|usr|opt)/|https?://", text)
