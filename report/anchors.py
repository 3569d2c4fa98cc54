"""Where things stand in a report: names for links, and the table of posts against claims."""

from __future__ import annotations

import re

from derivable.record import Claim, Post, Record


class Anchors:
    """Where each post and claim stands in the page: names made from ids, so that outside links stay valid."""

    def __init__(self, record: Record) -> None:
        taken = {"overview", "headline", "failed", "errata", "matrix", "citation", "controls", "measurements"}
        taken.add("environment")
        self._names: dict[int, str] = {}
        self._claims: dict[str, Claim] = {}
        self._users: dict[str, list[str]] = {}
        for post in record.posts:
            self._names[id(post)] = _unused(post.id, taken)
            for claim in post.claims:
                self._names[id(claim)] = _unused(claim.id, taken)
                self._claims.setdefault(claim.id, claim)
                for used in claim.uses:
                    self._users.setdefault(used, []).append(claim.id)

    def of_claim(self, claim: Claim) -> str:
        """The anchor of a claim."""
        return self._names[id(claim)]

    def of_post(self, post: Post) -> str:
        """The anchor of a post."""
        return self._names[id(post)]

    def claim(self, claim_id: str) -> Claim | None:
        """The claim with this id, None if the record does not hold it."""
        return self._claims.get(claim_id)

    def used_by(self, claim: Claim) -> list[str]:
        """The ids of the claims that use this one directly."""
        return self._users.get(claim.id, [])


def matrix(record: Record) -> tuple[list[str], list[tuple[Post, list[list[Claim]]]]]:
    """Posts against claim numbers: `C9a` and `C9b` share the column of `C9`."""
    numbers: dict[str, None] = {}
    for claim in record.claims():
        numbers.setdefault(_number(claim), None)
    columns = sorted(numbers, key=_natural)
    rows = [
        (post, [[claim for claim in post.claims if _number(claim) == column] for column in columns])
        for post in record.posts
        if post.claims
    ]
    return columns, rows


def _number(claim: Claim) -> str:
    found = re.match(r"[A-Z]+\d+", claim.label)
    return found[0] if found else claim.label


def _natural(label: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", label)]


def _unused(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-") or "part"
    anchor, copy = base, 2
    while anchor in taken:
        anchor, copy = f"{base}-{copy}", copy + 1
    taken.add(anchor)
    return anchor
