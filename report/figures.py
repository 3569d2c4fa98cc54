"""The figures of the whole report: measured against allowed errors, and the graph of what rests on what."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from derivable.record import Claim, Crosscheck, Record
from derivable.report import graph, words
from derivable.report.anchors import Anchors
from derivable.report.drawing import ACCENT, INK, WARNING, picture, plain, power_of_ten
from derivable.report.languages import ENGLISH, Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ROWS = 24
SMALLEST = 1e-20


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
        axes.xaxis.set_major_formatter(power_of_ten)
        axes.set_ylim(len(checks) - 0.4, -0.6)
        axes.set_yticks(range(len(checks)), [_row_label(claim, check) for claim, check in checks])
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(say("error   (● worst measured,  | allowed)"))

    return picture(draw, description, height=height)


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
        box.x + graph.BOX_WIDTH / 2, box.y + graph.BOX_HEIGHT / 2 + 4.5, f"{plain(label, 8)} {sign}".strip(),
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


def _row_label(claim: Claim, check: Crosscheck) -> str:
    post = claim.id.split("/")[-2] if "/" in claim.id else ""
    text = f"{post} {claim.label} · {check.dtype}" + ("" if check.device == "cpu" else f" {check.device}")
    return plain(text)


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
