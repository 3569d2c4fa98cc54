"""Figures: curves with their names, panels side by side, heat maps; small, with a description, without ids."""

from __future__ import annotations

import math
import re

from derivable.record import Plot
from derivable.report.pgf import plot_picture
from derivable.report.plots import plot_figure
from derivable.report.tex import escape

TIMES = tuple(k / 10 for k in range(1, 21))


def curve(factor: float, series: str = "", panel: str = "", style: str = "line") -> Plot:
    return Plot(TIMES, tuple(factor * t for t in TIMES), "time", "size", series, panel, style)


def test_curves_of_one_picture_carry_their_names() -> None:
    figure = plot_figure([curve(1, "slow"), curve(2, "fast <b>")], "speed")
    assert figure.startswith('<svg role="img" aria-label="speed: size against time, 2 curves (slow, fast &lt;b&gt;)."')
    assert ">slow</text>" in figure
    assert "fast &lt;b&gt;</text>" in figure
    assert " id=" not in figure


def test_panels_stand_side_by_side_under_their_names() -> None:
    figure = plot_figure([curve(k, panel=f"t = {k}", style="points" if k % 2 else "line") for k in range(1, 5)], "multiples")
    assert "4 panels" in figure
    assert all(f">t = {k}</text>" in figure for k in range(1, 5))


def test_a_heat_map_is_an_image_with_a_scale() -> None:
    matrix = tuple(tuple(float(r - c) for c in range(8)) for r in range(8))
    figure = plot_figure([Plot(tuple(range(8)), tuple(range(8)), "k", "n", "A", z=matrix)], "HiPPO")
    assert "a heat map" in figure
    assert figure.count(' href="data:image/png;base64,') == 2
    assert len(figure) < 5_000


def test_values_that_cannot_be_drawn_are_left_out() -> None:
    cloud = plot_figure([Plot((1.0, 2.0, 3.0), (math.nan, 1.0, math.inf), "x", "y", style="points")], "gaps")
    assert len(re.findall(r"M[\d.]+ [\d.]+h0", cloud)) == 1
    assert plot_figure([Plot((1.0,), (math.nan,), "x", "y")], "nothing") == ""
    assert plot_figure([], "nothing") == ""


def test_a_curve_of_four_hundred_points_is_small() -> None:
    plot = Plot(tuple(range(400)), tuple(math.sin(k) for k in range(400)), "x", "y")
    assert len(plot_figure([plot], "wave")) < 6_000


def test_a_value_that_is_no_number_breaks_a_line() -> None:
    field = Plot((0.0, 1.0, math.nan, 0.0, 1.0), (0.0, 1.0, math.nan, 1.0, 0.0), "x", "y")
    strokes = re.findall(r'd="([^"]*)" style="stroke:var\(--proved\)', plot_figure([field], "arrows"))
    assert [stroke.count("M") for stroke in strokes] == [2]


def test_ends_that_lie_together_are_named_above() -> None:
    together = [Plot((0.0, 1.0), (height, 0.0), "x", "y", f"from {height}") for height in (1.0, 2.0, 3.0)]
    tops = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>from', plot_figure(together, "falling"))]
    assert len(tops) == 3
    assert max(tops) < 20


def test_a_heat_map_tells_the_signs_apart() -> None:
    both = plot_figure([Plot((0.0, 1.0), (0.0, 1.0), "k", "n", z=((-2.0, 1.0), (0.0, 2.0)))], "signs")
    positive = plot_figure([Plot((0.0, 1.0), (0.0, 1.0), "k", "n", z=((2.0, 1.0), (0.0, 2.0)))], "one sign")
    assert ">-2</text>" in both
    assert ">-2</text>" not in positive


def test_the_plots_of_the_document_hold_curves_maps_and_gaps() -> None:
    matrix = Plot((0.0, 1.0), (0.0, 1.0), "k", "n_1", panel="A & B", z=((-2.0, 1.0), (0.0, 2.0)))
    picture = plot_picture([matrix, curve(1, "slow", "A & B"), Plot((0.0, math.nan), (1.0, 1.0), "x", "y", "gap")], escape)
    assert "(0,0)[-2]" in picture
    assert "mesh/cols=2" in picture
    assert "(nan,nan)" in picture
    assert r"A \& B" in picture
    assert picture.count(r"\begin{panel}") == 2
    assert plot_picture([], escape) == ""
