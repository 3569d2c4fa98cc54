"""Which claim rests on which: states, and a layout that ends whatever the record holds."""

from __future__ import annotations

import dataclasses
import itertools
import random

from derivable.record import Cited, Claim, Post, Record
from derivable.report.graph import BOX_HEIGHT, BOX_WIDTH, WIDEST, layout, states


def claims(record: Record, *made: Claim) -> Record:
    return dataclasses.replace(record, posts=(Post("p", "a", "题", "P", claims=made),))


def claim(number: int, verdict: str = "proved", uses: tuple[str, ...] = (), cited: tuple[Cited, ...] = ()) -> Claim:
    return Claim(f"a/p/C{number}", f"claim {number}", "identity", verdict, "x", uses=uses, cited=cited)


def test_fully_proved_means_all_ancestors_too(empty_record: Record) -> None:
    theorem = Cited("Gauss' theorem", "x")
    record = claims(
        empty_record,
        claim(1),
        claim(2, uses=("a/p/C1",)),
        claim(3, cited=(theorem,)),
        claim(4, uses=("a/p/C3",)),
        claim(5, "open"),
        claim(6, uses=("a/p/C2", "a/p/C5")),
        claim(7, uses=("a/p/C6",)),
        claim(8, uses=("elsewhere/q/C1",)),
    )
    found = {name[-1]: state for name, state in states(record).items()}
    assert found == {
        "1": "alone", "2": "alone", "3": "cited", "4": "cited", "5": "weaker", "6": "partial", "7": "partial", "8": "partial",
    }  # fmt: skip


def test_premises_stand_above_and_boxes_apart() -> None:
    edges = [("a", "c"), ("b", "c"), ("c", "d"), ("a", "d"), ("e", "f")]
    plan = layout(edges)
    assert plan is not None
    at = {box.name: (box.x, box.y) for box in plan.boxes}
    assert all(at[premise][1] < at[conclusion][1] for premise, conclusion in edges)
    for one, other in itertools.combinations(at.values(), 2):
        assert abs(one[0] - other[0]) >= BOX_WIDTH or abs(one[1] - other[1]) >= BOX_HEIGHT
    assert len(plan.paths) == len(edges)
    assert all(0 <= x <= plan.width and 0 <= y <= plan.height for path in plan.paths for x, y in path)


def test_a_layout_is_the_same_every_time() -> None:
    edges = [(f"C{i}", f"C{j}") for i, j in itertools.combinations(range(12), 2) if (i * j) % 5 == 1]
    assert layout(edges) == layout(edges)


def test_circles_and_repeated_edges_end() -> None:
    generator = random.Random(4)
    for size in range(3, 30):
        nodes = [str(number) for number in range(size)]
        edges = [tuple(generator.sample(nodes, 2)) for _ in range(2 * size)]
        assert layout([(a, b) for a, b in edges * 2]) is not None
    assert layout([("a", "b"), ("b", "a")]) is None
    assert layout([]) is None


def test_the_graph_of_thirty_five_posts_is_readable() -> None:
    """Thirty claims a post, each on up to two earlier ones: boxes apart, parts without a tie below each other."""
    draw = random.Random(35)
    for _ in range(35):
        edges = [(f"C{draw.randrange(k)}", f"C{k}") for k in range(1, 30) for _ in range(draw.choice((0, 1, 2)))]
        edges += [(f"T{k}", f"D{k}") for k in range(12)]
        plan = layout(list(dict.fromkeys(edges)))
        assert plan is not None
        for one, other in itertools.combinations(plan.boxes, 2):
            assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT, (one, other)
        pairs = [box for box in plan.boxes if box.name[0] in "TD"]
        assert max(box.x for box in pairs) + BOX_WIDTH <= WIDEST
        assert all(0 <= box.x <= plan.width - BOX_WIDTH and 0 <= box.y <= plan.height - BOX_HEIGHT for box in plan.boxes)
