"""From records to files: the record itself, the page, the LaTeX document, the PDF."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from derivable.record import Record, write_record, write_text
from derivable.report.html import render_html
from derivable.report.languages import language
from derivable.report.pdf import build_pdf
from derivable.report.tex import render_tex

FORMATS = ("json", "html", "tex", "pdf")

# Called before each file with what is about to be done, the number of files done, and their number in all.
Progress = Callable[[str, int, int], None]


@dataclass
class Written:
    """The files that were made, and a sentence for each that was asked for and could not be."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write_report(
    records: Record | Sequence[Record],
    output_dir: str | os.PathLike[str],
    formats: Sequence[str] = FORMATS,
    progress: Progress | None = None,
    *,
    lang: str = "en",
    source: str = "",
) -> Written:
    """Write `verification.json` and `report.html`, `report.tex`, `report.pdf` below `output_dir`.

    Several records get a folder each, named `1`, `2`, … in their order, and each report after the first says what
    changed since the record before it. A PDF is made from the LaTeX document, which is then written too; without a
    TeX engine there is a note in its place. `lang` is the language of the report's own words, `source` the address
    of a source file with places `{file}` and `{line}`.

    Raises:
        ValueError: a format or a language that does not exist, an address that a link may not have.
        RecordError: the folder cannot be written to.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"formats: there is no format {unknown[0]!r}; choose among {', '.join(FORMATS)}.")
    language(lang)
    if source and not source.startswith(("https://", "http://", "file:///")):
        raise ValueError(f"source: {source!r} is no address; give one like https://host/project/blob/main/{{file}}#L{{line}}.")
    several = [records] if isinstance(records, Record) else list(records)
    wanted = [name for name in FORMATS if name in formats or (name == "tex" and "pdf" in formats)]
    written = Written()
    total = len(several) * len(wanted)
    for number, record in enumerate(several, start=1):
        folder = Path(output_dir) / str(number) if len(several) > 1 else Path(output_dir)
        since = several[number - 2] if number > 1 else None
        for name in wanted:
            if progress is not None:
                progress(f"writing {name}", len(written.files) + len(written.notes), total)
            target = folder / ("verification.json" if name == "json" else f"report.{name}")
            if name == "json":
                write_record(record, target)
            elif name == "html":
                write_text(target, render_html(record, lang=lang, since=since, source=source))
            elif name == "tex":
                write_text(target, render_tex(record, lang=lang, since=since))
            elif not _pdf(folder, target, written):
                continue
            written.files.append(target)
    if progress is not None:
        progress("done", total, total)
    return written


def _pdf(folder: Path, target: Path, written: Written) -> bool:
    made = build_pdf(folder / "report.tex")
    if isinstance(made, str):
        target.unlink(missing_ok=True)
        written.notes.append(made)
    return not isinstance(made, str)
