"""Which claim rests on which: the state of each claim with all that it rests on, and pictures of the graph.

One picture a post: claims that use or are used by others, and the theorems that they cite, in layers (what a
claim rests on stands above it). The layout is Sugiyama's, by the library `fast_sugiyama`; drawn are boxes
that are links, without fixed colours.
"""

from __future__ import annotations

import graphlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivable.record import Claim, Post, Record, uses_closure

STATES = ("alone", "cited", "partial", "weaker")
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 58, 30, 20, 34, 8
WIDEST = 768  # parts that rest on nothing common go into a new row beyond it

Edge = tuple[str, str]


def state_of(record: Record, claim: Claim) -> str:
    """How a claim stands with everything that it rests on.

    `alone`: it and all its ancestors are proved, and nothing is cited; `cited`: the same, but for cited
    theorems; `partial`: proved itself, but an ancestor is not (or is not in the record); `weaker`: not proved.
    """
    known = {one.id: one for one in record.claims()}
    if claim.verdict not in ("proved", "proved for n ≤ N"):
        return "weaker"
    ancestors = [known.get(name) for name in uses_closure(record, claim.id)]
    if any(one is None or one.verdict not in ("proved", "proved for n ≤ N") for one in ancestors):
        return "partial"
    return "cited" if any(one is not None and one.cited for one in [claim, *ancestors]) else "alone"


def states(record: Record) -> dict[str, str]:
    """The state of every claim by its id; see `state_of`."""
    return {claim.id: state_of(record, claim) for claim in record.claims()}


@dataclass(frozen=True)
class Box:
    """A place in a picture: the name of what stands there and its upper left corner."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """Where boxes stand and through which points edges run, in pixels from the upper left corner."""

    boxes: Sequence[Box]
    paths: Sequence[Sequence[tuple[float, float]]]
    width: float
    height: float


@dataclass(frozen=True)
class Cluster:
    """The part of the graph that concerns one post."""

    post: Post
    layout: Layout | None
    lonely: Sequence[Claim]


def clusters(record: Record, theorem_of: Callable[[Claim], Sequence[str]]) -> list[Cluster]:
    """A picture a post; `theorem_of` names the theorems that a claim cites itself."""
    found = []
    for post in record.posts:
        edges: dict[Edge, None] = {}
        for claim in post.claims:
            for premise in (*claim.uses, *theorem_of(claim)):
                if premise != claim.id:
                    edges[premise, claim.id] = None
        # A claim of another post that rests on this one stands in the picture of that post.
        drawn = {name for edge in edges for name in edge}
        lonely = [claim for claim in post.claims if claim.id not in drawn]
        found.append(Cluster(post, layout(list(edges)), lonely))
    return [cluster for cluster in found if cluster.post.claims]


def layout(edges: Sequence[Edge]) -> Layout | None:
    """The layers of a graph given by its edges from premise to conclusion; None without an edge.

    Edges that close a circle (only a damaged record has them) are left out: the layout is of an acyclic graph,
    and the library does not come back from others, nor from an edge that is given twice.
    """
    from fast_sugiyama import from_edges

    kept = _acyclic(list(dict.fromkeys(edges)))
    if not kept:
        return None
    names = list(dict.fromkeys(name for edge in kept for name in edge))
    numbers = {name: number for number, name in enumerate(names)}
    parts = from_edges(
        [(numbers[above], numbers[below]) for above, below in kept],
        vertex_spacing=BOX_WIDTH + GAP_X,
        dummy_vertices=True,
        check_layout=False,
    )
    boxes: list[Box] = []
    paths: list[list[tuple[float, float]]] = []
    left_edge, top, width, row_height = float(MARGIN), float(MARGIN), 0.0, 0.0
    for part in sorted(parts, key=lambda part: min(int(n) for n, _ in part[0])):
        positions = {int(n): place for n, place in part[0]}
        below = [(int(a), int(b)) for a, b in part[3] or []]
        # Numbers from `len(names)` on are empty places through which a long edge is led.
        following = {a: b for a, b in below if a >= len(names)}
        layers = {y: layer for layer, y in enumerate(sorted({y for _, y in positions.values()}, reverse=True))}
        if left_edge > MARGIN and left_edge + part[1] + BOX_WIDTH > WIDEST:
            left_edge, top, row_height = float(MARGIN), top + row_height + GAP_Y, 0.0
        left = min(x for x, _ in positions.values())
        at = {n: (left_edge + x - left, top + layers[y] * (BOX_HEIGHT + GAP_Y)) for n, (x, y) in positions.items()}
        boxes += [Box(names[n], *at[n]) for n in sorted(at) if n < len(names)]
        for first, second in below:
            if first < len(names):
                chain = [first, second]
                while chain[-1] >= len(names):
                    chain.append(following[chain[-1]])
                paths.append(_path([at[n] for n in chain]))
        left_edge = max(x for x, _ in at.values()) + BOX_WIDTH + GAP_X
        width = max(width, left_edge - GAP_X + MARGIN)
        row_height = max(row_height, len(layers) * (BOX_HEIGHT + GAP_Y) - GAP_Y)
    return Layout(boxes, paths, width, top + row_height + MARGIN)


def _path(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """From the lower edge of the first box through the middle of empty places to the upper edge of the last."""
    middle = [(x + BOX_WIDTH / 2, y) for x, y in corners]
    first, last = middle[0], middle[-1]
    bends = [(x, y + BOX_HEIGHT / 2) for x, y in middle[1:-1]]
    return [(first[0], first[1] + BOX_HEIGHT), *bends, last]


def _acyclic(edges: list[Edge]) -> list[Edge]:
    while True:
        above: dict[str, list[str]] = {}
        for premise, conclusion in edges:
            above.setdefault(conclusion, []).append(premise)
        try:
            graphlib.TopologicalSorter(above).prepare()
        except graphlib.CycleError as fault:
            circle = fault.args[1]
            closing = {(circle[0], circle[1]), (circle[1], circle[0])}
            edges = [edge for edge in edges if edge not in closing]
        else:
            return edges
