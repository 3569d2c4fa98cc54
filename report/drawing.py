"""A picture by matplotlib in the page's colours: what every figure of the report has in common.

Lines and letters take the page's colours, so that one figure serves a dark and a light page, and the same record
gives the same bytes.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from derivable.report.svg import compact

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Stand-ins that matplotlib writes and the page's colours that replace them.
INK, MUTED, ACCENT, WARNING, THIRD, FOURTH = (f"#01020{number}" for number in range(3, 9))
PAGE_COLOURS = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    ACCENT: "var(--proved)",
    WARNING: "var(--refuted)",
    THIRD: "var(--enclosed)",
    FOURTH: "var(--measured)",
}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
WIDTH = 5.2  # inches


def picture(draw: Callable[[Figure], None], description: str, *, height: float) -> Markup:
    """The inline SVG of what `draw` draws; `description` is its alternative text, `height` is in inches."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "derivable",
        "font.size": 9,
        "text.color": INK,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.grid.axis": "x",
        "axes.facecolor": "none",
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "axes.formatter.min_exponent": 99,
        "grid.color": MUTED,
        "grid.linewidth": 0.4,
        "grid.alpha": 0.5,
        "mathtext.fontset": "dejavusans",
        "text.parse_math": False,
    }
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        figure = Figure(figsize=(WIDTH, height))
        FigureCanvasSVG(figure)
        draw(figure)
        for axes in figure.axes:
            axes.minorticks_off()
        buffer = io.StringIO()
        # The letters stay text in the page's font, so it does not matter which ones matplotlib's own font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return compact(buffer.getvalue(), description, PAGE_COLOURS)


def power_of_ten(value: float, position: float = 0) -> str:
    """A tick's label; plain text, so that it needs no formula inside the picture."""
    exponent = round(math.log10(value)) if value > 0 else 0
    return "10" + str(exponent).translate(SUPERSCRIPTS) if not 0 <= exponent <= 4 else f"{value:g}"


def plain(text: str, limit: int = 44) -> str:
    """One line of printable text; the SVG backend escapes it."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= limit else line[: limit - 1] + "…"
