"""From the LaTeX document to PDF, where a TeX engine is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

TIME_LIMIT = 300.0
PACKAGES = (
    "latexmk texlive-xetex texlive-latex-recommended texlive-pictures texlive-lang-chinese "
    "lmodern fonts-texgyre fonts-texgyre-math"
)


def build_pdf(tex_path: str | os.PathLike[str], *, time_limit: float = TIME_LIMIT) -> Path | str:
    """Compile with latexmk and xelatex; the PDF's path, or a sentence that says why there is none.

    TeX runs without shell escape, in a folder of its own, and writes nowhere else. When it finds faults in
    the document and can go on, the PDF is kept and TeX's log is put beside it.
    """
    source = Path(tex_path)
    if shutil.which("latexmk") is None or shutil.which("xelatex") is None:
        return f"No PDF: latexmk with xelatex is not installed (Debian: apt-get install {PACKAGES})."
    command = [
        "latexmk",
        "-xelatex",
        "-f",
        "-interaction=nonstopmode",
        "-no-shell-escape",
        "-norc",
        source.name,
    ]
    environment = {**os.environ, "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
    with tempfile.TemporaryDirectory(prefix="derivable-tex-") as folder:
        shutil.copyfile(source, Path(folder) / source.name)
        # A session of its own: at the time limit latexmk's children have to end as well.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            fault = process.wait(time_limit)
        except subprocess.TimeoutExpired:
            return f"No PDF: TeX did not finish within {time_limit:g} s."
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        made = Path(folder) / source.with_suffix(".pdf").name
        log = made.with_suffix(".log")
        kept_log = source.with_suffix(".log")
        kept_log.unlink(missing_ok=True)
        if fault and log.exists():
            shutil.copyfile(log, kept_log)
        if not made.exists():
            return f"No PDF: TeX could not set the document; its log is {kept_log}."
        target = source.with_suffix(".pdf")
        shutil.copyfile(made, target)
        return target
