"""The LaTeX document: inert, complete, and compiled where a TeX engine is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from derivable.record import Claim, Post, Record
from derivable.report import build_pdf, pdf, render_tex
from derivable.report.tex import code, display, escape, inline

ENGINE = shutil.which("latexmk") is not None and shutil.which("xelatex") is not None
needs_engine = pytest.mark.skipif(not ENGINE, reason="latexmk with xelatex is not installed")


def test_every_special_letter_is_escaped() -> None:
    assert escape("a\\b{c}$d&e#f%g_h^i~j`k\nl\x00m") == (
        r"a\textbackslash{}b\{c\}\$d\&e\#f\%g\_h\textasciicircum{}i\textasciitilde{}j\textasciigrave{}k l m"
    )
    assert escape(escape("50%")) == r"50\%"


def test_code_breaks_anywhere() -> None:
    assert code("a_b") == r"\texttt{a\allowbreak{}\_\allowbreak{}b}"


@pytest.mark.parametrize("latex", [r"\input{x}", r"\write18{ls}", r"\catcode`\%=12", r"\def\a{}", "a}b", "x%"])
def test_a_formula_that_could_act_is_printed_as_text(latex: str) -> None:
    for printed in (inline(latex), display(latex)):
        assert r"\texttt{" in printed
        assert latex not in printed
        assert not re.search(r"(?<!\\)[%$#]", printed)


def test_words_in_a_formula_are_escaped() -> None:
    assert inline(r"\text{for a_b}") == r"$\text{for a\_b}$"


def test_the_document_holds_the_record(record: Record) -> None:
    tex = render_tex(record)
    for text in [
        "重温SSM",
        "2 of 8 claims",
        r"\section{Errata}",
        "Dirichlet–Jordan",
        r"\fitmath{",
        "3.4e-15",
        r"\section{What rests on what}",
        r"\begin{tikzpicture}",
        "xlabel={length},ylabel={worst error}",
        r"\section{Index}",
    ]:
        assert text in tex, text
    targets = set(re.findall(r"\\hypertarget\{([^}]*)\}", tex))
    assert set(re.findall(r"\\hyperlink\{([^}]*)\}", tex)) <= targets
    assert {claim.id.replace("/", "-") for claim in record.claims()} <= targets
    assert render_tex(record) == tex


HOSTILE = r"\input{secret}\write18{touch pwned}\catcode`\$=12 %#&_^~{$}\end{document}<script>"


@pytest.fixture
def hostile(empty_record: Record) -> Record:
    claim = Claim(
        f"a/b/{HOSTILE}",
        HOSTILE,
        HOSTILE,
        "open",
        HOSTILE,
        message=HOSTILE,
        statements=(HOSTILE, "x = y"),
        file=HOSTILE,
    )
    return Record(empty_record.environment, (Post("b", "a", HOSTILE, HOSTILE, error=HOSTILE, claims=(claim,)),))


def test_hostile_text_is_inert(hostile: Record) -> None:
    tex = render_tex(hostile)
    assert tex.count(r"\end{document}") == 1
    assert not re.search(r"\\(?:input|write18|catcode)\b", tex)


def test_without_an_engine_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    reason = build_pdf(tmp_path / "report.tex")
    assert isinstance(reason, str)
    assert reason.startswith("No PDF: latexmk with xelatex is not installed (Debian: apt-get install latexmk ")
    assert reason.endswith(").")


def _holds(path: Path, mark: bytes) -> bool:
    try:
        return mark in path.read_bytes() and path.parent.name != str(os.getpid())
    except OSError:
        return False


@needs_engine
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc to look for processes in")
def test_a_time_limit_ends_tex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER", str(tmp_path))
    source = tmp_path / "report.tex"
    source.write_text(r"\def\a{\a}\a", encoding="utf-8")
    assert build_pdf(source, time_limit=3.0) == "No PDF: TeX did not finish within 3 s."
    mark = f"OWNER={tmp_path}".encode()
    for _ in range(50):
        left = [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if _holds(path, mark)]
        if not left:
            break
        time.sleep(0.1)  # what was killed needs a moment to go
    assert left == [], "TeX still runs"


@needs_engine
def test_a_document_that_makes_no_page_is_reported(tmp_path: Path) -> None:
    source = tmp_path / "report.tex"
    source.write_text(r"\documentclass{nosuchclass}", encoding="utf-8")
    reason = build_pdf(source)
    assert reason == f"No PDF: TeX could not set the document; its log is {tmp_path / 'report.log'}."


@needs_engine
def test_the_sample_compiles_without_fault(record: Record, tmp_path: Path) -> None:
    source = tmp_path / "report.tex"
    source.write_text(render_tex(record), encoding="utf-8")
    assert build_pdf(source) == tmp_path / "report.pdf"
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["report.pdf", "report.tex"]


@needs_engine
def test_no_line_is_overfull(record: Record, tmp_path: Path) -> None:
    (tmp_path / "report.tex").write_text(render_tex(record), encoding="utf-8")
    command = ["xelatex", "-interaction=nonstopmode", "-no-pdf", "report.tex"]
    for _ in range(2):
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=pdf.TIME_LIMIT)
    log = (tmp_path / "report.log").read_text(encoding="utf-8", errors="replace")
    assert "Overfull" not in log


@needs_engine
def test_the_hostile_document_compiles_and_does_nothing(hostile: Record, tmp_path: Path) -> None:
    source = tmp_path / "report.tex"
    source.write_text(render_tex(hostile), encoding="utf-8")
    assert build_pdf(source) == tmp_path / "report.pdf"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["report.pdf", "report.tex"]


@needs_engine
def test_a_record_that_is_hostile_everywhere_compiles_and_does_nothing(
    record: Record, poison: Callable[[Record, str], Record], tmp_path: Path
) -> None:
    tex = render_tex(poison(record, HOSTILE), since=record)
    assert tex.count(r"\end{document}") == 1
    assert not re.search(r"\\(?:input|write18|catcode)\b", tex)
    source = tmp_path / "report.tex"
    source.write_text(tex, encoding="utf-8")
    assert build_pdf(source) == tmp_path / "report.pdf"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["report.pdf", "report.tex"]


@needs_engine
def test_the_document_has_bookmarks_and_compiles_in_chinese(record: Record, tmp_path: Path) -> None:
    source = tmp_path / "report.tex"
    source.write_text(render_tex(record, lang="zh"), encoding="utf-8")
    assert build_pdf(source) == tmp_path / "report.pdf"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["report.pdf", "report.tex"]
    streams = re.findall(rb"stream\r?\n(.*?)endstream", (tmp_path / "report.pdf").read_bytes(), flags=re.DOTALL)
    unpacked = [zlib.decompressobj().decompress(stream) for stream in streams if stream.startswith(b"x")]
    assert any(b"/Outlines" in stream for stream in unpacked)


@needs_engine
def test_the_empty_document_compiles(empty_record: Record, tmp_path: Path) -> None:
    source = tmp_path / "report.tex"
    source.write_text(render_tex(empty_record), encoding="utf-8")
    assert build_pdf(source) == tmp_path / "report.pdf"
