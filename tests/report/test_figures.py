"""Figures: curves with their names, panels side by side, heat maps; small, with a description, without ids."""

from __future__ import annotations

import math

from derivable.record import Plot
from derivable.report.figures import plot_figure

TIMES = tuple(k / 10 for k in range(1, 21))


def curve(factor: float, series: str = "", panel: str = "", style: str = "line") -> Plot:
    return Plot(TIMES, tuple(factor * t for t in TIMES), "time", "size", series, panel, style)


def test_curves_of_one_picture_carry_their_names() -> None:
    figure = plot_figure([curve(1, "slow"), curve(2, "fast <b>")], "speed")
    assert figure.startswith('<svg role="img" aria-label="speed: size against time, 2 curves (slow, fast &lt;b&gt;), 40 points."')
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
    assert 'xlink:href="data:image/png;base64,' in figure
    assert len(figure) < 30_000


def test_values_that_cannot_be_drawn_are_left_out() -> None:
    assert "1 points" in plot_figure([Plot((1.0, 2.0, 3.0), (math.nan, 1.0, math.inf), "x", "y")], "gaps")
    assert plot_figure([Plot((1.0,), (math.nan,), "x", "y")], "nothing") == ""
    assert plot_figure([], "nothing") == ""


def test_a_curve_of_four_hundred_points_is_small() -> None:
    plot = Plot(tuple(range(400)), tuple(math.sin(k) for k in range(400)), "x", "y")
    assert len(plot_figure([plot], "wave")) < 15_000
