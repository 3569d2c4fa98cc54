"""Writing a report: which files, which progress, which messages."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest

import derivable.report
from derivable.record import Record, RecordError, read_record
from derivable.report import build, write_report


def test_the_files_and_their_progress(record: Record, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    written = write_report(record, tmp_path / "out", ["html", "json", "tex"], lambda *event: seen.append(event))
    assert [path.name for path in written.files] == ["verification.json", "report.html", "report.tex"]
    assert written.notes == []
    assert seen == [("writing json", 0, 3), ("writing html", 1, 3), ("writing tex", 2, 3), ("done", 3, 3)]
    assert read_record(written.files[0]) == record


def test_a_missing_engine_is_a_note(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "build_pdf", lambda path: "No PDF: no engine.")
    written = write_report(record, tmp_path, ["pdf"])
    assert [path.name for path in written.files] == ["report.tex"]
    assert written.notes == ["No PDF: no engine."]


def test_several_records_get_folders(empty_record: Record, tmp_path: Path) -> None:
    write_report([empty_record, empty_record], tmp_path, ["html"])
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.html")) == [
        "1/report.html",
        "2/report.html",
    ]


def test_an_unknown_format(record: Record, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no format 'docx'; choose among json, html, tex, pdf\.$"):
        write_report(record, tmp_path, ["docx"])


def test_an_unwritable_folder(record: Record, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(RecordError, match=r"cannot be written .* Choose a folder that you may write to\.$"):
        write_report(record, blocked, ["html"])


def test_the_report_imports_the_record_alone() -> None:
    allowed = {"derivable.record", "derivable.report"}
    for path in Path(derivable.report.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not name.startswith("derivable") or name.startswith(tuple(allowed)), (path.name, name)
                assert name.split(".")[0] not in {"sympy", "torch", "numpy"}, (path.name, name)


def test_a_later_report_says_what_changed(record: Record, tmp_path: Path) -> None:
    before = dataclasses.replace(record, posts=record.posts[:1])
    write_report([before, record], tmp_path, ["html"])
    assert "What changed since" not in (tmp_path / "1/report.html").read_text(encoding="utf-8")
    assert "3 claims differ: 3 new." in (tmp_path / "2/report.html").read_text(encoding="utf-8")


def test_an_address_that_a_link_may_not_have(record: Record, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^source: 'javascript:alert\(1\)' is no address; give one like https://"):
        write_report(record, tmp_path, ["html"], source="javascript:alert(1)")
    assert list(tmp_path.iterdir()) == []
