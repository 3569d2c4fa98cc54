"""What changed between two records."""

from __future__ import annotations

import dataclasses

from derivable.record import Cited, Record
from derivable.report.compare import compare, lede, verdict_change


def test_nothing_changes_in_the_same_record(record: Record) -> None:
    assert compare(record, record) == []


def test_each_kind_of_change_and_what_became_worse_first(record: Record) -> None:
    hippo, minimum, broken = record.posts
    old = list(hippo.claims)
    weaker = dataclasses.replace(old[0], verdict="open", steps=old[0].steps[:1])
    stronger = dataclasses.replace(old[2], verdict="proved")
    cites = dataclasses.replace(old[1], cited=(Cited("Abel's theorem", "x"),), statement="y", seconds=99.0)
    new = dataclasses.replace(old[3], id="ssm/hippo/C99")
    after = dataclasses.replace(
        record, posts=(dataclasses.replace(hippo, claims=(weaker, cites, stronger, new, old[4])), minimum, broken)
    )
    changes = compare(record, after)
    assert [(change.kind, change.claim_id.rpartition("/")[2]) for change in changes] == [
        ("weaker", "C1"),
        ("gone", "C9a"),
        ("stronger", "C6"),
        ("new", "C99"),
        ("changed", "C4"),
    ]
    assert verdict_change(changes[0]) == "proved → open"
    assert changes[0].notes == ["the derivation, 2 to 1 step"]
    assert changes[4].notes == ["the statement", "no longer cites Dirichlet–Jordan theorem", "now cites Abel's theorem"]
    assert lede(changes) == "5 claims differ: 1 weaker, 1 gone, 1 stronger, 1 new, 1 changed."
