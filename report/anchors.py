"""Where things stand in a report: names for links, and the table of posts against claims."""

from __future__ import annotations

import re

from derivable.record import Cited, Claim, Post, Record


class Anchors:
    """Where each post and claim stands in the page: names made from ids, so that outside links stay valid."""

    def __init__(self, record: Record) -> None:
        taken = {"overview", "headline", "changes", "failed", "errata", "matrix", "citation", "graph", "controls"}
        taken |= {"measurements", "index", "environment"}
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
        self._theorems: dict[tuple[str, str], str] = {}
        for claim in record.claims():
            for fact in claim.cited:
                if (fact.name, fact.statement) not in self._theorems:
                    self._theorems[fact.name, fact.statement] = _unused(f"theorem-{fact.name}", taken)

    def of_claim(self, claim: Claim) -> str:
        """The anchor of a claim."""
        return self._names[id(claim)]

    def of_post(self, post: Post) -> str:
        """The anchor of a post."""
        return self._names[id(post)]

    def of_theorem(self, fact: Cited) -> str:
        """The anchor of a cited theorem."""
        return self._theorems[fact.name, fact.statement]

    def claim(self, claim_id: str) -> Claim | None:
        """The claim with this id, None if the record does not hold it."""
        return self._claims.get(claim_id)

    def used_by(self, claim: Claim) -> list[str]:
        """The ids of the claims that use this one directly."""
        return self._users.get(claim.id, [])


def matrix(record: Record) -> list[tuple[Post, list[tuple[str, list[Claim]]]]]:
    """Posts against claim numbers: `C9a` and `C9b` stand together under `C9`."""
    rows = []
    for post in record.posts:
        groups: dict[str, list[Claim]] = {}
        for claim in post.claims:
            groups.setdefault(_number(claim), []).append(claim)
        if groups:
            rows.append((post, list(groups.items())))
    return rows


def _number(claim: Claim) -> str:
    found = re.match(r"[A-Z]+\d+", claim.label)
    return found[0] if found else claim.label


def _unused(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-")[:80] or "part"
    anchor, copy = base, 2
    while anchor in taken:
        anchor, copy = f"{base}-{copy}", copy + 1
    taken.add(anchor)
    return anchor
