"""The plots of cross-checks: curves, clouds of points, heat maps; one picture a cross-check, a part a panel.

Curves carry their names at their ends where there is one panel, above the panels where there are several. A value
that is not a number breaks a line, so that one curve may consist of many strokes (a field of arrows).
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from derivable.record import Plot
from derivable.report.drawing import ACCENT, FOURTH, INK, MUTED, THIRD, WARNING, picture, plain, power_of_ten
from derivable.report.languages import ENGLISH, Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart by the dash as well. Dots in a panel with a line stand behind it.
STYLES = ((ACCENT, "-"), (WARNING, "--"), (THIRD, "-."), (FOURTH, ":"), (INK, "-"), (MUTED, "--"))
COLUMNS = 3
LARGEST_MATRIX = 128
LONGEST_NAME = 30
# Blue below zero, orange above, clear at zero: seen alike by the colour-blind, on light and on dark paper.
BELOW, ABOVE = (47, 111, 187), (217, 119, 6)


def plot_figure(plots: Sequence[Plot], title: str, say: Language = ENGLISH) -> Markup:
    """The plots of one cross-check as an inline SVG, empty if there is nothing to draw.

    Axes are logarithmic where all their values allow and span enough; panels have common axes.
    """
    panels = panels_of(plots)
    return _drawn(tuple(plots), _description(plots, panels, title, say)) if panels else Markup("")


def panels_of(plots: Sequence[Plot]) -> dict[str, list[Plot]]:
    """The plots by panel, without what cannot be drawn."""
    panels: dict[str, list[Plot]] = {}
    for plot in plots:
        clean = drawable(plot)
        if clean is not None:
            panels.setdefault(plot.panel, []).append(clean)
    return panels


def drawable(plot: Plot) -> Plot | None:
    """The plot without infinite values; gaps in a line stay as values that are not numbers. None if nothing is left."""
    if plot.z:
        fits = len(plot.z) <= LARGEST_MATRIX and max(map(len, plot.z)) <= LARGEST_MATRIX and plot.x and plot.y
        return plot if fits and any(math.isfinite(value) for row in plot.z for value in row) else None
    gap = (math.nan, math.nan)
    points = [(x, y) if math.isfinite(x) and math.isfinite(y) else gap for x, y in zip(plot.x, plot.y, strict=False)]
    if plot.style == "points":
        points = [point for point in points if point[0] == point[0]]
    if not any(x == x for x, _ in points):
        return None
    return dataclasses.replace(plot, x=tuple(x for x, _ in points), y=tuple(y for _, y in points))


def logarithmic(xs: Sequence[float]) -> bool:
    """Whether places on the horizontal axis ask for powers of ten: they span enough, and crowd at the small end."""
    ordered = sorted(x for x in xs if math.isfinite(x))
    return ordered[0] > 0 and ordered[-1] >= 15 * ordered[0] and ordered[len(ordered) // 2] < 0.35 * ordered[-1]


def logarithmic_height(ys: Sequence[float]) -> bool:
    """Whether heights ask for powers of ten."""
    finite = [y for y in ys if math.isfinite(y)]
    return min(finite) > 0 and max(finite) > 8 * min(finite)


def largest(maps: Sequence[Plot]) -> tuple[float, bool]:
    """The largest size of a value of the heat maps, and whether values of both signs occur."""
    values = [value for plot in maps for row in plot.z for value in row if math.isfinite(value)]
    return max((abs(value) for value in values), default=1.0) or 1.0, min(values, default=0.0) < 0


@functools.lru_cache(maxsize=1000)
def _drawn(plots: tuple[Plot, ...], description: str) -> Markup:
    panels = panels_of(plots)
    drawn = [plot for members in panels.values() for plot in members]
    curves, maps = [plot for plot in drawn if not plot.z], [plot for plot in drawn if plot.z]
    styles = _styles(curves)
    named = [name for name in styles if name]
    columns = 2 if len(panels) == 4 else min(len(panels), COLUMNS)
    rows = -(-len(panels) // columns)
    square = any(_is_square(plot) for plot in maps)
    several = len(named) > 1
    longest = max((min(len(name), LONGEST_NAME) for name in named), default=0) if len(panels) == 1 and several else 0
    top = (0.3 if any(panels) or len(named) == 1 else 0.12) + (0.22 if len(panels) > 1 and several else 0)
    each = (4.1 / columns if square else 2.0) if rows == 1 else (3.8 / columns if square else 1.45)
    height = top + 0.5 + min(each, 2.6) * rows + 0.3 * (rows - 1)

    def draw(figure: Figure) -> None:
        grid: Any = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes in grid.flat[len(panels) :]:
            axes.set_axis_off()
        size, both = largest(maps)
        for axes, (panel, members) in zip(grid.flat, panels.items(), strict=False):
            _panel(axes, members, styles, size)
            heading = panel or (named[0] if len(panels) == 1 and len(named) == 1 and not maps else "")
            if heading:
                axes.set_title(plain(heading), fontsize=9, loc="left", color=INK if panel else MUTED)
        _scales([axes for axes in grid.flat if axes.axison], curves, bool(maps))
        below = len(panels) - columns * (rows - 1)
        for column in range(columns):
            lowest = grid[-1][column] if column < below else grid[-2][column]
            lowest.set_xlabel(plain(plots[0].x_label))
            lowest.tick_params(labelbottom=True)
        for axes in grid[:, 0]:
            axes.set_ylabel(plain(plots[0].y_label))
        above = several and (len(panels) > 1 or _crowded(grid[0][0], curves))
        figure.subplots_adjust(
            left=0.13,
            right=0.88 if maps else 0.985 if above else 0.985 - 0.0128 * longest,
            bottom=0.46 / height,
            top=1 - (max(top, 0.34) if above else top) / height,
            wspace=0.12,
            hspace=0.3 + 0.12 * bool(any(panels)),
        )
        if maps:
            _colours(figure, size, both, height)
        if above:
            figure.legend(
                *_legend(curves, styles), loc="upper left", bbox_to_anchor=(0.12, 1.0), ncols=min(len(named), 3), frameon=False,
                fontsize=8.5, handlelength=1.8, borderpad=0, columnspacing=1.6, handletextpad=0.5,
            )  # fmt: skip
        elif several:
            _name_curves(grid[0][0], [plot for plot in curves if plot.series], styles)

    return picture(draw, description, height=height)


def _description(plots: Sequence[Plot], panels: Mapping[str, Sequence[Plot]], title: str, say: Language) -> str:
    curves = [plot for members in panels.values() for plot in members if not plot.z]
    series = list(dict.fromkeys(plot.series for plot in plots if plot.series))
    if len(panels) > 1:
        what = say("{n} panels: {names}", n=len(panels), names=", ".join(filter(None, panels)))
    elif not curves:
        what = say("a heat map")
    else:
        what = say("one curve") if len(curves) == 1 else say("{n} curves", n=len(curves))
    text = say("{title}: {y} against {x}, {what}", title=title, y=plots[0].y_label, x=plots[0].x_label, what=what)
    return text + (f" ({', '.join(series)})" if series else "") + ("。" if say.code == "zh" else ".")


def _styles(curves: Sequence[Plot]) -> dict[str, tuple[str, str]]:
    """A colour and a dash for every name, the same in all panels."""
    names = dict.fromkeys(plot.series for plot in curves)
    return dict(zip(names, itertools.cycle(STYLES), strict=False))


def _panel(axes: Axes, plots: Sequence[Plot], styles: Mapping[str, tuple[str, str]], size: float) -> None:
    over_a_map = any(plot.z for plot in plots)
    for plot in plots:
        if plot.z:
            _heat(axes, plot, size)
            continue
        colour, dash = styles[plot.series]
        if plot.style == "points":
            few = len(plot.x) <= 64  # dots on the line that they follow, a cloud behind the lines
            size_of, order = (3.0, 2.5) if few else (2.2, 1.9)
            axes.plot(plot.x, plot.y, color=colour, linestyle="", marker="o", markersize=size_of, alpha=0.7, zorder=order)
        elif any(math.isnan(x) for x in plot.x):
            axes.plot(plot.x, plot.y, color=INK if over_a_map else colour, linewidth=0.8)
        else:
            marker = "o" if len(plot.x) <= 24 else None
            axes.plot(plot.x, plot.y, color=colour, linestyle=dash, marker=marker, markersize=3.5, linewidth=1.3)


def _heat(axes: Axes, plot: Plot, size: float) -> None:
    axes.imshow(
        _shades(plot.z, size), interpolation="none", aspect="equal" if _is_square(plot) else "auto", extent=_edges(plot), zorder=0
    )
    axes.grid(False)


def _shades(rows: Sequence[Sequence[float]], size: float) -> list[list[tuple[float, ...]]]:
    """Values as colours: the sign as blue or orange, the size as how much covers the paper."""
    # Thirty-two shades are more than the eye tells apart, and make small images.
    return [[_shade(round(min(max(value / size, -1), 1) * 32) / 32 if value == value else 0.0) for value in row] for row in rows]


def _shade(share: float) -> tuple[float, ...]:
    return (*(colour / 255 for colour in (BELOW if share < 0 else ABOVE)), abs(share))


def _colours(figure: Figure, size: float, both: bool, height: float) -> None:
    """What a shade means, at the right edge."""
    axes = figure.add_axes((0.9, 0.46 / height, 0.016, min(1.4 / height, 0.6)))
    low = -size if both else 0.0
    column = [[low + (size - low) * (1 - row / 63)] for row in range(64)]
    axes.imshow(_shades(column, size), interpolation="none", aspect="auto", extent=(0, 1, low, size))
    axes.grid(False)
    axes.set_xticks([])
    axes.yaxis.tick_right()
    axes.set_yticks([low, 0, size] if both else [0, size], [f"{value:.3g}" for value in ([low, 0, size] if both else [0, size])])
    axes.tick_params(labelsize=8, length=2)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _is_square(plot: Plot) -> bool:
    """Whether both axes of a heat map have one unit, so that its cells are squares."""
    if len(plot.x) < 2 or len(plot.y) < 2:
        return False
    wide, high = abs(plot.x[-1] - plot.x[0]), abs(plot.y[-1] - plot.y[0])
    return 0.8 <= wide / high <= 1.25


def _edges(plot: Plot) -> tuple[float, float, float, float]:
    """The outer edges of a heat map whose cells are centred on `x` and `y`, the first row on top."""
    dx = (plot.x[-1] - plot.x[0]) / max(len(plot.x) - 1, 1) or 1.0
    dy = (plot.y[-1] - plot.y[0]) / max(len(plot.y) - 1, 1) or 1.0
    return plot.x[0] - dx / 2, plot.x[-1] + dx / 2, plot.y[-1] + dy / 2, plot.y[0] - dy / 2


def _scales(axes: Sequence[Axes], curves: Sequence[Plot], maps: bool) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator

    if not curves or maps:
        for one in axes:
            for axis in (one.xaxis, one.yaxis):
                axis.set_major_locator(MaxNLocator(nbins=4, integer=True))
                axis.set_major_formatter("{x:g}")
        return
    xs, ys = [x for plot in curves for x in plot.x], [y for plot in curves for y in plot.y]
    finite = [y for y in ys if math.isfinite(y)]
    for one in axes:
        if logarithmic(xs):
            one.set_xscale("log")
            one.xaxis.set_major_formatter(power_of_ten)
            across = [x for x in xs if math.isfinite(x)]
            if max(across) < 100 * min(across):
                one.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                one.xaxis.set_major_formatter("{x:g}")
        else:
            one.xaxis.set_major_formatter("{x:g}")
        if logarithmic_height(ys):
            one.set_yscale("log")
            one.yaxis.set_major_formatter(power_of_ten if max(finite) > 80 * min(finite) else "{x:g}")
        else:
            one.yaxis.set_major_formatter("{x:g}")


def _ends(axes: Axes, plots: Sequence[Plot]) -> list[tuple[float, float]]:
    """Where the curves end, as shares of the panel's width and height."""
    axes.get_xlim(), axes.get_ylim()  # sets the limits, without which there are no shares
    to_share = axes.transData + axes.transAxes.inverted()
    return [tuple(to_share.transform((plot.x[-1], plot.y[-1]))) for plot in plots]


def _crowded(axes: Axes, curves: Sequence[Plot]) -> bool:
    """Whether names at the ends would not tell which curve is which: a cloud of points, or ends that lie together."""
    if any(plot.style == "points" for plot in curves):
        return True
    heights = sorted(y for x, y in _ends(axes, curves) if x > 0.9)
    return any(above - below < 0.04 for below, above in itertools.pairwise(heights))


def _name_curves(axes: Axes, plots: Sequence[Plot], styles: Mapping[str, tuple[str, str]]) -> None:
    """Each curve's name at its end, moved apart where names would lie on each other."""
    plots = list({plot.series: plot for plot in plots}.values())
    ends = _ends(axes, plots)
    height = -1.0
    for place in sorted(range(len(plots)), key=lambda k: (ends[k][1], k)):
        inside = ends[place][0] < 0.85
        height = ends[place][1] if inside else max(ends[place][1], height + 0.085)
        axes.annotate(
            plain(plots[place].series, LONGEST_NAME), (ends[place][0] + 0.02 if inside else 1.0, height),
            xycoords="axes fraction", va="center", fontsize=8, color=styles[plots[place].series][0], annotation_clip=False,
        )  # fmt: skip


def _legend(curves: Sequence[Plot], styles: Mapping[str, tuple[str, str]]) -> tuple[list[Any], list[str]]:
    """Samples of the curves and their names."""
    from matplotlib.lines import Line2D

    found = {plot.series: plot for plot in curves if plot.series}
    lines = [
        Line2D([], [], color=styles[name][0], linestyle="", marker="o", markersize=2.6)
        if plot.style == "points"
        else Line2D([], [], color=styles[name][0], ls=styles[name][1], linewidth=1.3)
        for name, plot in found.items()
    ]
    return lines, [plain(name, LONGEST_NAME) for name in found]
