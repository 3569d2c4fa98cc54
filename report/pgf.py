"""Plots of cross-checks for the LaTeX document, by pgfplots: the panels of a picture beside each other, with one key."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

from derivable.record import Plot
from derivable.report.plots import largest, logarithmic, logarithmic_height, panels_of

_STYLES = ("proved", "refuted,dashed", "enclosed,dash dot", "measured,dotted", "black", "quiet,dashed")
_WIDTHS = {1: 0.72, 2: 0.46, 4: 0.46}
_NARROW = 0.31
# Beyond so many cells rows and columns of a heat map are left out: TeX is slow, and paper small.
_FINEST = 32


def plot_picture(plots: Sequence[Plot], escape: Callable[[object], str]) -> str:
    """The plots of a cross-check; `escape` makes TeX of a text. Empty if there is nothing to draw."""
    panels = panels_of(plots)
    if not panels:
        return ""
    drawn = [plot for members in panels.values() for plot in members]
    curves, maps = [plot for plot in drawn if not plot.z], [plot for plot in drawn if plot.z]
    styles = dict(zip(dict.fromkeys(plot.series for plot in curves), itertools.cycle(_STYLES), strict=False))
    size, both = largest(maps)
    width = _WIDTHS.get(len(panels), _NARROW)
    options = _common(plots[0], curves, bool(maps), width, escape)
    axes = [_axis(name, members, styles, size, options, escape) for name, members in panels.items()]
    key = _key(curves, styles, escape) + (_shades(size, both) if maps else [])
    line = r"\par\plotkey{" + r"\quad ".join(key) + "}" if key else ""
    return r"\begin{plots}" + "\n" + "\n".join(axes) + "\n" + line + r"\end{plots}"


def _common(labels: Plot, curves: Sequence[Plot], maps: bool, width: float, escape: Callable[[object], str]) -> list[str]:
    """What all panels share: labels, scales, limits."""
    options = [rf"width={width}\linewidth", f"height={5.2 if width > 0.5 else 4.4 if width > 0.4 else 3.8}cm"]
    options += [f"xlabel={{{escape(labels.x_label)}}}", f"ylabel={{{escape(labels.y_label)}}}"]
    xs, ys = [x for plot in curves for x in plot.x], [y for plot in curves for y in plot.y]
    if curves and not maps:
        options += ["xmode=log"] if logarithmic(xs) else []
        options += ["ymode=log"] if logarithmic_height(ys) else []
        finite = [y for y in ys if math.isfinite(y)]
        options += [f"ymin={min(finite):.4g},ymax={max(finite):.4g},enlarge y limits=.06"] if width < 0.5 else []
    return options


def _axis(
    name: str,
    plots: Sequence[Plot],
    styles: Mapping[str, str],
    size: float,
    options: Sequence[str],
    escape: Callable[[object], str],
) -> str:
    own = [f"title={{{escape(name)}}}"] if name else []
    lines = []
    for plot in plots:
        if plot.z:
            own += [f"point meta min={-size:.6g},point meta max={size:.6g}", "colormap name=signed", "enlargelimits=false"]
            own += ["y dir=reverse"] if plot.y[-1] > plot.y[0] else []
            own += ["axis on top", "axis equal image"] if _is_square(plot) else ["axis on top"]
            lines.append(_heat(plot))
        else:
            over_a_map = any(other.z for other in plots)
            style = "black,thin" if over_a_map else styles[plot.series]
            drawn = (
                f"{style},only marks,mark=*,mark size=.7pt"
                if plot.style == "points"
                else style
                if over_a_map
                else f"{style},thick"
            )
            places = "".join(f"({x:.5g},{y:.5g})" if x == x else "(nan,nan)" for x, y in zip(plot.x, plot.y, strict=True))
            lines.append(rf"\addplot[{drawn}] coordinates {{{places}}};")
    body = "\n".join(lines)
    return rf"\begin{{panel}}{{{','.join([*options, *own])}}}" + f"\n{body}\n" + r"\end{panel}"


def _heat(plot: Plot) -> str:
    columns = range(0, len(plot.x), -(-len(plot.x) // _FINEST))
    rows = range(0, len(plot.y), -(-len(plot.y) // _FINEST))
    cells = "".join(
        f"({plot.x[c]:.5g},{plot.y[r]:.5g})[{plot.z[r][c] if math.isfinite(plot.z[r][c]) else 0:.3g}]"
        for r in rows
        for c in columns
    )
    return rf"\addplot[matrix plot*,mesh/cols={len(columns)},point meta=explicit] coordinates {{{cells}}};"


def _is_square(plot: Plot) -> bool:
    wide, high = abs(plot.x[-1] - plot.x[0]), abs(plot.y[-1] - plot.y[0])
    return high > 0 and 0.8 <= wide / high <= 1.25


def _key(curves: Sequence[Plot], styles: Mapping[str, str], escape: Callable[[object], str]) -> list[str]:
    found = {plot.series: plot for plot in curves if plot.series}
    return [
        (rf"\plotdot{{{styles[name]}}}" if plot.style == "points" else rf"\plotline{{{styles[name]}}}") + escape(name)
        for name, plot in found.items()
    ]


def _shades(size: float, both: bool) -> list[str]:
    return ([rf"\plotshade{{below}}${-size:.3g}$"] if both else []) + [rf"\plotshade{{above}}${size:.3g}$"]
