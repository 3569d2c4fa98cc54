"""From the record of a run to a page, a LaTeX document and a PDF; a function of the record alone."""

from derivable.report.build import FORMATS, Progress, Written, write_report
from derivable.report.html import render_html
from derivable.report.pdf import build_pdf
from derivable.report.tex import render_tex

__all__ = ["FORMATS", "Progress", "Written", "build_pdf", "render_html", "render_tex", "write_report"]
