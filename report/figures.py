"""Figures of a report as inline SVG: small, without fixed colours, the same bytes for the same record.

Text stays text (searchable, in the page's font); lines and letters take the page's colours, so that one
figure serves a dark and a light page.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import itertools
import math
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from derivable.record import Claim, Crosscheck, Plot, Record
from derivable.report import graph, words
from derivable.report.anchors import Anchors
from derivable.report.languages import ENGLISH, Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Stand-ins that matplotlib writes and the page's colours that replace them.
INK, MUTED, ACCENT, WARNING = "#010203", "#010204", "#010205", "#010206"
PAGE_COLOURS = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    ACCENT: "var(--proved)",
    WARNING: "var(--refuted)",
}
MOST_ROWS = 24
SMALLEST = 1e-20
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def error_figure(record: Record, say: Language = ENGLISH) -> Markup:
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

    height = 0.75 + 0.21 * len(checks)
    left = 0.02 + 0.0142 * max(len(_row_label(claim, check)) for claim, check in checks)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((left, 0.46 / height, 0.98 - left, 1 - 0.76 / height))
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
        axes.set_xlabel(say("error   (● worst measured,  | allowed)"))

    return _figure(draw, description, height=height)


def graph_figure(
    cluster: graph.Cluster, anchors: Anchors, theorems: Mapping[str, str], states: Mapping[str, str], say: Language = ENGLISH
) -> Markup:
    """The claims of one post that rest on something, with what they rest on; each box is a link.

    `theorems` maps the anchors of cited theorems to their numbers.
    """
    plan = cluster.layout
    if plan is None:
        return Markup("")
    parts = [Markup('<path class="edge" d="{}"/>').format(_curve(points)) for points in plan.paths]
    own = {claim.id for claim in cluster.post.claims}
    for box in plan.boxes:
        claim = anchors.claim(box.name)
        if box.name in theorems:
            parts.append(
                _box(box, box.name, "theorem", theorems[box.name], "", box.name.removeprefix("theorem-").replace("-", " "))
            )
        elif claim is None:
            parts.append(_box(box, "", "partial v-open", box.name.rpartition("/")[2], "?", say("not in this record")))
        else:
            kind = f"{states[claim.id]} v-{words.kind_of(claim.verdict)}" + ("" if claim.id in own else " other")
            name = f"{claim.name}: {words.name_of(claim.verdict, claim.bound, say)}"
            parts.append(_box(box, anchors.of_claim(claim), kind, claim.label, words.sign_of(claim.verdict), name))
    size = Markup('width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}"').format(plan.width, plan.height)
    title = f"{words.title_of(cluster.post, say)}: {say('What rests on what')}"
    return Markup('<svg class="graph" role="group" aria-label="{}" {}>{}</svg>').format(title, size, Markup("").join(parts))


def _box(box: graph.Box, target: str, kind: str, label: str, sign: str, name: str) -> Markup:
    shape = Markup(
        '<rect class="box {}" x="{:.0f}" y="{:.0f}" width="{}" height="{}" rx="{}"><title>{}</title></rect>'
        '<text x="{:.0f}" y="{:.0f}">{}</text>'
    ).format(
        kind, box.x, box.y, graph.BOX_WIDTH, graph.BOX_HEIGHT, 15 if kind == "theorem" else 4, f"{label}: {name}",
        box.x + graph.BOX_WIDTH / 2, box.y + graph.BOX_HEIGHT / 2 + 4.5, f"{_plain(label, 8)} {sign}".strip(),
    )  # fmt: skip
    return Markup('<a href="#{}" aria-label="{}">{}</a>').format(target, f"{label}: {name}", shape) if target else shape


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """A smooth line through the points, upright at each, with a head at its end."""
    x, y = points[0]
    path = f"M{x:.0f} {y:.0f}"
    for next_x, next_y in points[1:]:
        middle = (y + next_y) / 2
        path += f"C{x:.0f} {middle:.0f} {next_x:.0f} {middle:.0f} {next_x:.0f} {next_y:.0f}"
        x, y = next_x, next_y
    return f"{path}m-4 -6 4 6 4 -6"


CURVES = (("ACCENT", "-"), ("WARNING", "--"), ("INK", "-."), ("MUTED", ":"))  # told apart by the dash as well
COLUMNS = 3
LARGEST_MATRIX = 128


def plot_figure(plots: Sequence[Plot], title: str) -> Markup:
    """The plots of one cross-check: a picture a panel, side by side under common axes.

    Axes are logarithmic where all their values allow and span enough. Curves carry their names at their ends.
    """
    return _plot_figure(tuple(plots), title)


@functools.lru_cache(maxsize=1000)
def _plot_figure(plots: tuple[Plot, ...], title: str) -> Markup:
    panels: dict[str, list[Plot]] = {}
    for plot in plots:
        clean = _finite(plot)
        if clean.x:
            panels.setdefault(plot.panel, []).append(clean)
    if not panels:
        return Markup("")
    curves = [plot for panel in panels.values() for plot in panel if not plot.z]
    columns = 2 if len(panels) == 4 else min(len(panels), COLUMNS)
    names = max((len(p.series) for p in curves if len(panels[p.panel]) > 1), default=0) if len(panels) == 1 else 0
    maps = any(plot.z for plot in plots)

    rows = -(-len(panels) // columns)
    height = 2.5 if rows == 1 else 0.5 + 1.5 * rows

    def draw(figure: Figure) -> None:
        grid: Any = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=not maps)
        for axes in grid.flat[len(panels) :]:
            axes.set_axis_off()
        for axes, (panel, members) in zip(grid.flat, panels.items(), strict=False):
            _panel(axes, members, names_at_end=len(panels) == 1)
            if panel:
                axes.set_title(_plain(panel), fontsize=9, loc="left")
        _scales([axes for axes in grid.flat if axes.axison], curves)
        for axes in grid[-1]:
            axes.set_xlabel(_plain(plots[0].x_label))
        for axes in grid[:, 0]:
            axes.set_ylabel(_plain(plots[0].y_label))
        figure.subplots_adjust(
            left=0.15,
            right=(0.9 if maps else 0.985) - 0.0128 * min(names, 30),
            bottom=0.48 / height,
            top=1 - 0.3 / height,
            wspace=0.12,
            hspace=0.4,
        )
        if len(panels) == 1:
            _name_curves(grid[0][0], [plot for plot in curves if plot.series])

    what = f"{len(panels)} panels" if len(panels) > 1 else f"{len(plots)} curves" if not maps else "a heat map"
    named = ", ".join(dict.fromkeys(plot.series for plot in plots if plot.series))
    points = sum(len(plot.x) for plot in curves)
    description = f"{title}: {plots[0].y_label} against {plots[0].x_label}, {what}" + (f" ({named})" if named else "")
    description += f", {points} points." if curves else "."
    return _figure(draw, description, height=height)


def _finite(plot: Plot) -> Plot:
    if plot.z:
        return plot if len(plot.z) <= LARGEST_MATRIX else dataclasses.replace(plot, x=())
    points = [(x, y) for x, y in zip(plot.x, plot.y, strict=False) if math.isfinite(x) and math.isfinite(y)]
    return dataclasses.replace(plot, x=tuple(x for x, _ in points), y=tuple(y for _, y in points))


def _panel(axes: Axes, plots: Sequence[Plot], *, names_at_end: bool) -> None:
    colours = {"ACCENT": ACCENT, "WARNING": WARNING, "INK": INK, "MUTED": MUTED}
    for plot, (colour, dash) in zip(plots, itertools.cycle(CURVES), strict=False):
        if plot.z:
            _heat(axes, plot)
        elif plot.style == "points":
            axes.plot(plot.x, plot.y, color=colours[colour], linestyle="", marker="o", markersize=2.2, alpha=0.6)
        else:
            marker = "o" if len(plot.x) <= 24 else None
            axes.plot(plot.x, plot.y, color=colours[colour], linestyle=dash, marker=marker, markersize=3.5, linewidth=1.3)
    if names_at_end and len(plots) == 1 and plots[0].series:
        axes.set_title(_plain(plots[0].series), fontsize=9, loc="left", color=MUTED)


def _heat(axes: Axes, plot: Plot) -> None:
    """A matrix as a small image; zero is white where it has both signs, and the scale says what a colour means."""
    values = [value for row in plot.z for value in row if math.isfinite(value)]
    largest = max((abs(value) for value in values), default=1.0) or 1.0
    both = min(values, default=0) < 0 < max(values, default=0)
    limits: dict[str, Any] = {"vmin": -largest, "vmax": largest, "cmap": "PuOr"} if both else {"cmap": "cividis"}
    image = axes.imshow([list(row) for row in plot.z], interpolation="none", aspect="auto", extent=_edges(plot), **limits)
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.05, pad=0.03)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=7.5)
    axes.grid(False)


def _edges(plot: Plot) -> tuple[float, float, float, float]:
    """The outer edges of a heat map whose cells are centred on `x` and `y`, the first row on top."""
    dx = (plot.x[-1] - plot.x[0]) / max(len(plot.x) - 1, 1) or 1.0
    dy = (plot.y[-1] - plot.y[0]) / max(len(plot.y) - 1, 1) or 1.0
    return plot.x[0] - dx / 2, plot.x[-1] + dx / 2, plot.y[-1] + dy / 2, plot.y[0] - dy / 2


def logarithmic(xs: Sequence[float]) -> bool:
    """Whether places on the horizontal axis ask for powers of ten: they span enough, and crowd at the small end."""
    ordered = sorted(xs)
    return ordered[0] > 0 and ordered[-1] >= 15 * ordered[0] and ordered[len(xs) // 2] < 0.35 * ordered[-1]


def _scales(axes: Sequence[Axes], curves: Sequence[Plot]) -> None:
    if not curves:
        return
    xs, ys = [x for plot in curves for x in plot.x], [y for plot in curves for y in plot.y]
    for one in axes:
        if logarithmic(xs):
            one.set_xscale("log")
            one.xaxis.set_major_formatter(_power_of_ten)
        else:
            one.xaxis.set_major_formatter("{x:g}")
        if min(ys) > 0 and max(ys) > 8 * min(ys):
            one.set_yscale("log")
            one.yaxis.set_major_formatter(_power_of_ten if max(ys) > 80 * min(ys) else "{x:g}")
        else:
            one.yaxis.set_major_formatter("{x:g}")


def _name_curves(axes: Axes, plots: Sequence[Plot]) -> None:
    """Each curve's name at the height of its right end, moved apart where names would lie on each other."""
    if len(plots) < 2:
        return
    colours = {"ACCENT": ACCENT, "WARNING": WARNING, "INK": INK, "MUTED": MUTED}
    styles = dict(zip((id(plot) for plot in plots), itertools.cycle(CURVES), strict=False))
    ends = [axes.transAxes.inverted().transform(axes.transData.transform((p.x[-1], p.y[-1])))[1] for p in plots]
    height = -1.0
    for place in sorted(range(len(plots)), key=lambda k: (ends[k], k)):
        plot = plots[place]
        height = max(ends[place], height + 0.085)
        axes.annotate(
            _plain(plot.series, 30), (1.015, height), xycoords="axes fraction", va="center", fontsize=8,
            color=colours[styles[id(plot)][0]], annotation_clip=False,
        )  # fmt: skip


def _figure(draw: Callable[[Figure], None], description: str, *, height: float) -> Markup:
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
        figure = Figure(figsize=(5.2, height))
        FigureCanvasSVG(figure)
        draw(figure)
        for axes in figure.axes:
            axes.minorticks_off()
        buffer = io.StringIO()
        # The letters stay text in the page's font, so it does not matter which ones matplotlib's own font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
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
    body = re.sub(r"(\d\.\d\d)\d+", r"\1", body)  # a hundredth of a point is finer than any screen
    for stand_in, colour in PAGE_COLOURS.items():
        body = body.replace(stand_in, colour)
    body = re.sub(r"\s*\n\s*", " ", body).replace("> <", "><")
    while (plain := re.sub(r"<g>((?:<path[^>]*/>)*)</g>", r"\1", body)) != body:
        body = plain
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
        shape = re.sub(r' style="[^"]*"', "", shapes.get(name, "")) + f' style="{style}"'
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
