"""What changed between two records: claims that came, went, or stand differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivable.record import VERDICTS, Claim, Record
from derivable.report import words
from derivable.report.languages import ENGLISH, Language


@dataclass(frozen=True)
class Change:
    """One claim that differs: `kind` is "weaker", "stronger", "new", "gone" or "changed"; `notes` say in what."""

    kind: str
    claim_id: str
    name: str
    before: Claim | None
    after: Claim | None
    notes: Sequence[str] = ()


KINDS = ("weaker", "gone", "stronger", "new", "changed")


def compare(before: Record, after: Record, say: Language = ENGLISH) -> list[Change]:
    """The changes from one record to a later one, what became worse first.

    Times, points of evaluation and seeds do not count as changes.
    """
    old = {claim.id: claim for claim in before.claims()}
    new = {claim.id: claim for claim in after.claims()}
    changes = [Change("gone", name, claim.name, claim, None) for name, claim in old.items() if name not in new]
    for name, claim in new.items():
        if name not in old:
            changes.append(Change("new", name, claim.name, None, claim))
            continue
        notes = _notes(old[name], claim, say)
        step = VERDICTS.index(claim.verdict) - VERDICTS.index(old[name].verdict)
        if step or notes:
            kind = "weaker" if step > 0 else "stronger" if step < 0 else "changed"
            changes.append(Change(kind, name, claim.name, old[name], claim, notes))
    return sorted(changes, key=lambda change: KINDS.index(change.kind))


def _notes(old: Claim, new: Claim, say: Language) -> list[str]:
    notes = []
    if (old.statement, tuple(old.statements)) != (new.statement, tuple(new.statements)):
        notes.append(say("the statement"))
    if tuple(old.hypotheses) != tuple(new.hypotheses):
        notes.append(say("the hypotheses"))
    if old.bound != new.bound:
        notes.append(say("the bound"))
    if [(s.latex, s.relation, s.rule) for s in old.steps] != [(s.latex, s.relation, s.rule) for s in new.steps]:
        notes.append(say("the derivation, {before} to {after}", before=len(old.steps), after=say.count(len(new.steps), "step")))
    dropped = {fact.name for fact in old.cited} - {fact.name for fact in new.cited}
    added = {fact.name for fact in new.cited} - {fact.name for fact in old.cited}
    notes += [say("no longer cites {name}", name=name) for name in sorted(dropped)]
    notes += [say("now cites {name}", name=name) for name in sorted(added)]
    if old.erratum != new.erratum:
        notes.append(say("the erratum"))
    survived = len(new.controls.survivors) - len(old.controls.survivors)
    if survived:
        notes.append(
            say("{n} more wrong variants survive" if survived > 0 else "{n} fewer wrong variants survive", n=abs(survived))
        )
    failing = [sum(not check.ok for check in claim.crosschecks) for claim in (old, new)]
    if failing[0] != failing[1]:
        notes.append(say("failed cross-checks, {before} to {after}", before=failing[0], after=failing[1]))
    if len(old.crosschecks) != len(new.crosschecks):
        notes.append(say("cross-checks, {before} to {after}", before=len(old.crosschecks), after=len(new.crosschecks)))
    return notes


def lede(changes: Sequence[Change], say: Language = ENGLISH) -> str:
    """How many claims changed in which way."""
    tally = [(kind, sum(change.kind == kind for change in changes)) for kind in KINDS]
    parts = [f"{number} {say(kind)}" for kind, number in tally if number]
    return say("{claims} differ: {list}.", claims=say.count(len(changes), "claim"), list=", ".join(parts))


def verdict_change(change: Change, say: Language = ENGLISH) -> str:
    """`open → proved`, or the one verdict where there is only one side."""
    names = [words.name_of(c.verdict, c.bound, say) for c in (change.before, change.after) if c is not None]
    return " → ".join(dict.fromkeys(names))
