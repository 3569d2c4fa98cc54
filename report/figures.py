"""Figures of a report as inline SVG: small, without fixed colours, the same bytes for the same record.

Text stays text (searchable, in the page's font); lines and letters take the page's colours, so that one
figure serves a dark and a light page.
"""

from __future__ import annotations

import functools
import io
import itertools
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from derivable.record import Claim, Crosscheck, Plot, Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Stand-ins that matplotlib writes and the page's colours that replace them.
INK, MUTED, ACCENT, WARNING = "#010203", "#010204", "#010205", "#010206"
PAGE_COLOURS = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    ACCENT: "var(--proved)",
    WARNING: "var(--refuted)",
}
MOST_ROWS = 40
SMALLEST = 1e-20
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def error_figure(record: Record) -> Markup:
    """Worst against allowed error of every cross-check, one row a check; empty if nothing was measured.

    Of many checks the `MOST_ROWS` nearest to their allowance (or beyond it) are drawn.
    """
    checks = [(claim, check) for claim in record.claims() for check in claim.crosschecks]
    if not checks:
        return Markup("")
    if len(checks) > MOST_ROWS:
        nearest = sorted(range(len(checks)), key=lambda row: _margin(checks[row][1]))[:MOST_ROWS]
        checks = [checks[row] for row in sorted(nearest)]
    over = sum(not check.ok for _, check in checks)
    description = (
        f"Measured error of {len(checks)} cross-checks against the error that theory allows; "
        f"{over} {'lies' if over == 1 else 'lie'} beyond it."
    )

    def draw(axes: Axes) -> None:
        for row, (_, check) in enumerate(checks):
            worst, allowed = _on_axis(check.worst_error), _on_axis(check.allowed_error)
            colour = ACCENT if check.ok else WARNING
            axes.plot([worst, allowed], [row, row], color=colour, linewidth=1, alpha=0.45, zorder=1)
            axes.plot([worst], [row], marker="o" if check.ok else "X", color=colour, markersize=5, zorder=3)
            axes.plot([allowed], [row], marker="|", color=INK, markersize=9, markeredgewidth=1.4, zorder=2)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(_power_of_ten)
        axes.set_ylim(len(checks) - 0.4, -0.6)
        axes.set_yticks(range(len(checks)), [_row_label(claim, check) for claim, check in checks])
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("error   (● worst measured,  | allowed)")

    longest = max(len(_row_label(claim, check)) for claim, check in checks)
    return _figure(draw, description, height=0.75 + 0.21 * len(checks), left=0.02 + 0.0142 * longest)


CURVES = (("ACCENT", "-"), ("WARNING", "--"), ("INK", "-."), ("MUTED", ":"))  # told apart by the dash as well


def plot_figure(plots: Sequence[Plot], title: str) -> Markup:
    """The curves of one cross-check in one picture, on logarithmic axes where all their values allow."""
    return _plot_figure(tuple(plots), title)


@functools.lru_cache(maxsize=1000)
def _plot_figure(plots: tuple[Plot, ...], title: str) -> Markup:
    curves = []
    for plot in plots:
        points = [(x, y) for x, y in zip(plot.x, plot.y, strict=False) if math.isfinite(x) and math.isfinite(y)]
        if points:
            curves.append(([x for x, _ in points], [y for _, y in points], plot.series))
    if not curves:
        return Markup("")
    plot = plots[0]
    xs, ys = [x for c in curves for x in c[0]], [y for c in curves for y in c[1]]
    colours = {"ACCENT": ACCENT, "WARNING": WARNING, "INK": INK, "MUTED": MUTED}

    def draw(axes: Axes) -> None:
        for (x, y, series), (colour, dash) in zip(curves, itertools.cycle(CURVES), strict=False):
            marker = "o" if len(x) <= 24 else None
            axes.plot(x, y, color=colours[colour], linestyle=dash, marker=marker, markersize=3.5, linewidth=1.2)
            if series and len(curves) > 1:
                top = max(range(len(y)), key=lambda k: (k >= len(y) - 1, k))
                axes.annotate(
                    _plain(series), (x[top], y[top]), xytext=(-4, 5), textcoords="offset points", ha="right",
                    fontsize=8, color=colours[colour],
                )  # fmt: skip
        if min(xs) > 0 and max(xs) > 20 * min(xs):
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(_power_of_ten)
        if min(ys) > 0 and max(ys) > 8 * min(ys):
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(_power_of_ten)
        else:
            axes.yaxis.set_major_formatter("{x:g}")
        axes.set_xlabel(_plain(plot.x_label))
        axes.set_ylabel(_plain(plot.y_label))
        if plot.series and len(curves) == 1:
            axes.set_title(_plain(plot.series), fontsize=9, loc="left", color=MUTED)

    description = f"{title}: {plot.y_label} against {plot.x_label}, {len(curves)} curves, {len(xs)} points."
    return _figure(draw, description, height=2.4, left=0.14)


def _figure(draw: Any, description: str, *, height: float, left: float) -> Markup:
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
        "xtick.color": INK,
        "ytick.color": INK,
        "grid.color": MUTED,
        "mathtext.fontset": "dejavusans",
        "text.parse_math": False,
    }
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        figure = Figure(figsize=(5.2, height))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((left, 0.46 / height, 0.98 - left, 1 - 0.76 / height))
        axes.patch.set_visible(False)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="x", linewidth=0.4, alpha=0.5)
        draw(axes)
        axes.minorticks_off()
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(buffer.getvalue(), description)


def _inline(svg: str, description: str) -> Markup:
    """The `<svg>` element alone, in the page's colours and font, with its own ids and an alternative text."""
    body = svg[svg.index("<svg") :].strip()
    body = re.sub(r"<metadata>.*?</metadata>|<style\b.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r' id="(?:figure|axes|patch|line2d|text|matplotlib|[xy]tick)[^"]*"', "", body)
    body = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \g<1>px var(--sans)", body)
    body = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", body, count=1)
    for stand_in, colour in PAGE_COLOURS.items():
        body = body.replace(stand_in, colour)
    opening = Markup('<svg role="img" aria-label="{}"').format(description)
    return opening + Markup(_without_references(body[len("<svg") :]))


def _without_references(svg: str) -> str:
    """The picture with each marker in the place of its use and no clipping, so that it needs no ids.

    Ids must be unique in a page, and one picture may stand in it twice.
    """
    shapes = dict(re.findall(r'<path id="([^"]+)" (.*?)/>', svg, flags=re.DOTALL))
    svg = re.sub(r"<defs>.*?</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' clip-path="url\(#[^)]*\)"', "", svg)

    def place(match: re.Match[str]) -> str:
        name, x, y, style = match.groups("")
        shape = shapes.get(name, "").replace(' style="', f' style="{style}; ', 1)
        return f'<path transform="translate({x} {y})" {shape}/>'

    return re.sub(r'<use xlink:href="#([^"]+)" x="([^"]*)" y="([^"]*)"(?: style="([^"]*)")?\s*/>', place, svg)


def _power_of_ten(value: float, position: float = 0) -> str:
    """A tick's label; plain text, so that it needs no formula inside the picture."""
    exponent = round(math.log10(value)) if value > 0 else 0
    return "10" + str(exponent).translate(SUPERSCRIPTS) if not 0 <= exponent <= 4 else f"{value:g}"


def _row_label(claim: Claim, check: Crosscheck) -> str:
    post = claim.id.split("/")[-2] if "/" in claim.id else ""
    text = f"{post} {claim.label} · {check.dtype}" + ("" if check.device == "cpu" else f" {check.device}")
    return _plain(text)


def _plain(text: str, limit: int = 44) -> str:
    """One line of printable text; the SVG backend escapes it."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _margin(check: Crosscheck) -> float:
    """How far, in powers of ten, a check stays below its allowance; failures first."""
    if not check.ok or not math.isfinite(check.worst_error):
        return -math.inf
    return math.log10(_on_axis(check.allowed_error) / _on_axis(check.worst_error))


def _on_axis(error: float) -> float:
    """A value that a logarithmic axis can show: exact agreement and overflow sit at its ends."""
    if math.isnan(error):
        return 1 / SMALLEST
    return min(max(abs(error), SMALLEST), 1 / SMALLEST)
