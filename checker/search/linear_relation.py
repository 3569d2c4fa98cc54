"""A linear recurrence, with coefficients that are polynomials, of what the normal form writes by finitely many functions of k."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from derivable.trusted.errors import NeedCase, NoNormalForm
from derivable.trusted.facts import Facts
from derivable.trusted.heads import occurs
from derivable.trusted.normal_form import NormalForm

HIGHEST = 3


def linear_relations(c: Any, k: Any) -> Iterator[list[Any]]:
    """[p_0, …, p_J] with Σ_j p_j(k) c(k + j) = 0, of the least order J ≤ 3 that there is."""
    form = NormalForm(Facts(()))
    try:
        shifts = [sp.together(form.flatten(c.subs(k, k + j))) for j in range(HIGHEST + 1)]
    except (NoNormalForm, NeedCase, RecursionError):
        return
    atom = form.flatten(k)
    moving = [
        s
        for s in sorted(set().union(*(e.free_symbols for e in shifts)), key=str)
        if s != atom and s in form.meaning and occurs(k, form.meaning[s].expression)
    ]
    rows: dict[Any, list[Any]] = {}
    for j, e in enumerate(shifts):
        top, bottom = sp.fraction(e)
        steady, rest = bottom.as_independent(*moving, as_Add=False)
        for term in sp.Add.make_args(sp.expand(top)):
            coefficient, monomial = term.as_independent(*moving, as_Add=False)
            rows.setdefault(monomial / rest, [sp.Integer(0)] * len(shifts))[j] += coefficient / steady
    for order in range(1, HIGHEST + 1):
        matrix = sp.Matrix([[form.expression(entry) for entry in row[: order + 1]] for row in rows.values()])
        kernel = DomainMatrix.from_Matrix(matrix, extension=True).to_field().nullspace().to_Matrix()
        if kernel.rows > 0:
            yield _cleared([sp.together(entry) for entry in kernel.row(0)], k)
            return


def _cleared(vector: list[Any], k: Any) -> list[Any]:
    """Polynomials in k, the last of them with the leading coefficient 1 where that is a number."""
    common = sp.lcm_list([sp.fraction(entry)[1] for entry in vector])
    cleared = [sp.cancel(entry * common) for entry in vector]
    shared = sp.gcd_list(cleared)
    cleared = [sp.cancel(entry / shared) for entry in cleared]
    lead = sp.Poly(cleared[-1], k).LC() if cleared[-1] != 0 else sp.Integer(0)
    if lead.is_number and lead != 0:
        cleared = [sp.radsimp(sp.expand(sp.radsimp(entry / lead))) for entry in cleared]
    return cleared


__all__ = ["linear_relations"]
