"""Sums, integrals and means as linear functionals: several over one range become one."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts
from derivable.trusted.heads import Expectation, SpaceIntegral, occurs, renamed
from derivable.trusted.normal_form import outermost

FUNCTIONALS = (sp.Sum, sp.Integral, SpaceIntegral, Expectation)


def under_one(e: Any, facts: Facts) -> tuple[Any, Facts] | None:
    """(body, facts on the range) where e is one functional of the body; None if e is no such thing.

    e = Σ c_j F[b_j] with functionals F over one range is F[Σ c_j b_j]. A constant is its own mean. A sum of means (or of
    integrals over space) is the mean of the sum.
    """
    e = sp.expand(_means_outside(e))
    body: Any = sp.Integer(0)
    constant: Any = sp.Integer(0)
    frame: Any = None
    for term in sp.Add.make_args(e):
        nodes = [f for f in sp.Mul.make_args(term) if isinstance(f, FUNCTIONALS)]
        if not nodes:
            constant += term
            continue
        if len(nodes) != 1:
            return None
        inner, where = _range_of(nodes[0])
        frame = where if frame is None else frame
        same = _aligned(inner, where, frame)
        if same is None or occurs(frame[1], term / nodes[0]):
            return None
        body += term / nodes[0] * same
    if frame is None or occurs(frame[1], constant) or (constant != 0 and frame[0] is not Expectation):
        return None
    head, variable, *ends = frame
    if not ends:
        return body + constant, facts.about_others(variable) if head is SpaceIntegral else facts
    a, b = ends
    discrete = head is sp.Sum
    if not facts.on_the_line(a, b) or not (sp.oo in (b, -a) or facts.is_nonnegative(b - a + (1 if discrete else 0))):
        return None
    fresh = sp.Dummy(variable.name, integer=True) if discrete else sp.Dummy(variable.name, real=True)
    within = facts.given(*(c for c in (fresh >= a, fresh <= b) if c not in (sp.true, sp.false)))
    return body.xreplace({variable: fresh}), within


def _range_of(node: Any) -> tuple[Any, tuple[Any, ...]]:
    """What a sum, an integral or a mean adds up, and over what: (head, variable, ends)."""
    if isinstance(node, SpaceIntegral | Expectation):
        return node.args[0], (type(node), node.args[1])
    body, (variable, *ends) = outermost(node)
    return body, (type(node), variable, *ends)


def _aligned(body: Any, where: tuple[Any, ...], frame: tuple[Any, ...]) -> Any:
    """The body with the bound variable of another range, None if the ranges differ."""
    if where[0] is not frame[0] or where[2:] != frame[2:] or (len(where) == 2 and where[1] != frame[1]):
        return None
    return body if where[1] == frame[1] else body.xreplace({where[1]: frame[1]})


def chain_of(node: Any) -> tuple[Any, tuple[tuple[Any, ...], ...]]:
    """The body and the ranges of functionals of functionals, the outermost first: Σ_i E[b_i] has two."""
    frames = []
    while isinstance(node, FUNCTIONALS):
        node, frame = _range_of(node)
        frames.append(frame)
    return node, tuple(frames)


def same_chain(body: Any, frames: tuple[tuple[Any, ...], ...], known: tuple[tuple[Any, ...], ...]) -> Any:
    """The body with the bound variables of another chain, None if the ranges differ."""
    if len(frames) != len(known):
        return None
    for position, (own, other) in enumerate(zip(frames, known, strict=True)):
        moved = _aligned(body, own, other)
        if moved is None:
            return None
        frames = (
            *frames[: position + 1],
            *(tuple(_renamed(part, own[1], other[1]) for part in f) for f in frames[position + 1 :]),
        )
        body = moved
    return body


def _renamed(part: Any, old: Any, new: Any) -> Any:
    return (
        part.xreplace({old: new}) if isinstance(part, sp.Expr) and not isinstance(part, sp.IndexedBase) and old != new else part
    )


def _means_outside(e: Any) -> Any:
    """Finite sums of means as means of sums."""
    if not e.args or not e.has(sp.Sum):
        return e
    e = e.func(*map(_means_outside, e.args)) if not isinstance(e, sp.Indexed) else e
    if isinstance(e, sp.Sum) and len(e.limits) == 1 and len(e.limits[0]) == 3 and sp.oo not in e.limits[0]:
        factors = sp.Mul.make_args(e.args[0])
        nodes = [f for f in factors if isinstance(f, SpaceIntegral | Expectation)]
        if len(nodes) == 1:
            node = nodes[0]
            rest = e.args[0] / node
            if not occurs(node.args[1], rest) and not any(occurs(node.args[1], end) for end in e.limits[0][1:]):
                return node.func(renamed(sp.Sum(rest * node.args[0], *e.limits)), node.args[1])
    return e


__all__ = ["chain_of", "same_chain", "under_one"]
