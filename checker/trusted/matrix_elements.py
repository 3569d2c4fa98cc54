"""Sums over all rows and columns of products of elements, as traces of products of matrices."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

Edge = tuple[Any, Any, Any]  # a matrix with its row and its column


def contracted(e: Any) -> Any:
    """e with Σ_{i,j,…} A_ij B_jk … over all rows and columns as a product of traces; uᵀ A v is the trace of that matrix.

    What is no such sum is left as it is.
    """
    if not isinstance(e, sp.Basic) or not e.has(MatrixElement):
        return e
    return e.replace(lambda node: isinstance(node, sp.Sum) and node.has(MatrixElement), _contraction)


def _contraction(node: Any) -> Any:
    sizes: dict[Any, Any] = {}
    for limit in node.limits:
        if len(limit) != 3 or limit[1] != 0:
            return node
        sizes[limit[0]] = sp.expand(limit[2] + 1)
    if len(sizes) < len(node.limits):
        return node
    coefficient: Any = sp.Integer(1)
    edges: list[Edge] = []
    for factor in sp.Mul.make_args(node.function):
        if isinstance(factor, MatrixElement):
            edges.append((factor.args[0], factor.args[1], factor.args[2]))
        elif factor.is_Pow and isinstance(factor.base, MatrixElement) and factor.exp == 2:
            edges += [(factor.base.args[0], factor.base.args[1], factor.base.args[2])] * 2
        elif factor.free_symbols & set(sizes):
            return node
        else:
            coefficient *= factor
    if any(matrix.free_symbols & set(sizes) for matrix, _, _ in edges):
        return node
    ends = [(edge, way) for edge in range(len(edges)) for way in (0, 1)]
    for index, size in sizes.items():
        at = [(edge, way) for edge, way in ends if edges[edge][1 + way] == index]
        if len(at) != 2 or any(sp.expand(edges[edge][0].shape[way] - size) != 0 for edge, way in at):
            return node
    for edge, way in ends:
        place = edges[edge][1 + way]
        if place not in sizes and not (place == 0 and edges[edge][0].shape[way] == 1):
            return node
    traces = _walks(edges, sizes)
    return coefficient * sp.Mul(*(sp.Trace(sp.MatMul(*walk) if len(walk) > 1 else walk[0]) for walk in traces))


def _walks(edges: list[Edge], sizes: dict[Any, Any]) -> list[list[Any]]:
    """The factors of each trace: from one end of size 1 to another, or around."""
    left = list(range(len(edges)))
    walks = []
    while left:
        open_end = next(((edge, way) for edge in left for way in (0, 1) if edges[edge][1 + way] not in sizes), (left[0], 0))
        edge, way = open_end
        walk = []
        while True:
            left.remove(edge)
            matrix = edges[edge][0]
            walk.append(matrix if way == 0 else sp.Transpose(matrix))
            place = edges[edge][2 - way]
            onward = [(other, side) for other in left for side in (0, 1) if place in sizes and edges[other][1 + side] == place]
            if not onward:
                break
            edge, way = onward[0]
        walks.append(walk)
    return walks


__all__ = ["contracted"]
