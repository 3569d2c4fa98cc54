"""Several formulas that belong together, with their hypotheses: one meaning for each name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from derivable.notation.build import Builder
from derivable.notation.conditions import Hypotheses, read_hypotheses, tree
from derivable.notation.names import Declarations, Scope
from derivable.notation.tree import Node, Source


@dataclass(frozen=True)
class Reading:
    """What texts say: expressions, the hypotheses, and what is assumed of each name, in words."""

    expressions: tuple[Any, ...]
    where: tuple[Any, ...]
    assumed: tuple[str, ...]


def parse(text: str, syntax: str = "auto", declarations: Declarations | None = None) -> Any:
    r"""The SymPy expression that a text states, unevaluated.

    Args:
        text: a formula in the plain notation or in LaTeX.
        syntax: `"plain"`, `"latex"`, or `"auto"`: a backslash tells LaTeX.
        declarations: kinds of names; what is not declared is complex.

    Raises:
        NotationError: for what is not understood, or may be understood in two ways, with the place and a remedy.

    >>> parse("sqrt(x^2) + Mod(3 n, 3)")
    sqrt(x**2) + Mod(3*n, 3)
    >>> parse(r"\sum_{k=1}^{n} \frac{k}{2}")
    Sum(k/2, (k, 1, n))
    """
    hypotheses = Hypotheses(declarations or Declarations())
    source, node = tree(text, syntax, hypotheses.declarations.kinds)
    return build([(source, node)], hypotheses).expressions[0]


def read(texts: Iterable[str], where: Iterable[str] = (), syntax: str = "auto") -> Reading:
    """Several formulas under hypotheses, with one meaning for each name; see `parse`."""
    hypotheses = read_hypotheses(where, syntax)
    return build([tree(text, syntax, hypotheses.declarations.kinds) for text in texts], hypotheses)


def build(trees: list[tuple[Source, Node]], hypotheses: Hypotheses) -> Reading:
    """The expressions of trees under hypotheses."""
    scope = Scope(hypotheses.declarations, [node for _, node in (*trees, *hypotheses.relations)])
    expressions = tuple(Builder(source, scope).expression(node) for source, node in trees)
    where = tuple(c for source, node in hypotheses.relations for c in Builder(source, scope).condition(node))
    return Reading(expressions, where, tuple(scope.assumed()))
