"""p^m = Σ q_i h_i for polynomials over the rationals: Buchberger's algorithm, each element of the basis with its cofactors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import QQ, grevlex
from sympy.polys.monomials import monomial_divides, monomial_lcm, monomial_ldiv
from sympy.polys.rings import PolyElement, ring

Sparse = dict[tuple[int, ...], Any]  # exponents → coefficient, a pair of integers
MOST_PAIRS = 300
MOST_ELEMENTS = 60
POWERS = (1, 2)


def cofactors(target: Sparse, hypotheses: list[Sparse], count: int) -> Iterator[tuple[int, list[Sparse]]]:
    """(m, q_1, …, q_n) with target^m = Σ q_i · hypotheses_i, as far as a short run of the algorithm finds them."""
    context, *_ = ring([f"x{i}" for i in range(count)], QQ, grevlex)
    polynomials = [_polynomial(context, h) for h in hypotheses]
    basis: list[tuple[PolyElement, list[PolyElement]]] = []
    for position, h in enumerate(polynomials):
        if h:
            basis.append((h, [context.one if position == i else context.zero for i in range(len(polynomials))]))
    p = _polynomial(context, target)
    waiting = [(p**m, m) for m in POWERS]
    pairs = [(i, j) for j in range(len(basis)) for i in range(j)]
    for _ in range(MOST_PAIRS):
        for power, m in waiting:
            rest, used = _remainder(power, basis, context, len(polynomials))
            if not rest:
                yield m, [_sparse(-q) for q in used]
                return
        found = None
        while pairs and found is None:
            pairs.sort(key=lambda pair: -sum(_lcm(basis, pair)))
            found = _next(basis, pairs.pop(), context, len(polynomials))
        if found is None or len(basis) > MOST_ELEMENTS:
            return
        pairs += [(i, len(basis)) for i in range(len(basis))]
        basis.append(found)


def _next(basis: Any, pair: tuple[int, int], context: Any, count: int) -> tuple[PolyElement, list[PolyElement]] | None:
    """The remainder of the S-polynomial of a pair, with its cofactors, unless it is zero."""
    (f, by_f), (g, by_g) = (basis[i] for i in pair)
    lcm = monomial_lcm(f.LM, g.LM)
    if lcm == tuple(a + b for a, b in zip(f.LM, g.LM, strict=True)):
        return None  # leading monomials without a common factor
    u, v = (context({monomial_ldiv(lcm, h.LM): 1 / h.LC}) for h in (f, g))
    rest, used = _remainder(u * f - v * g, basis, context, count)
    return (rest, [u * a - v * b + c for a, b, c in zip(by_f, by_g, used, strict=True)]) if rest else None


def _remainder(p: PolyElement, basis: Any, context: Any, count: int) -> tuple[PolyElement, list[PolyElement]]:
    """(r, q) with r = p + Σ q_i h_i and no term of r divisible by the leading monomial of a basis element."""
    rest, used, p = context.zero, [context.zero] * count, p.copy()
    while p:
        monomial, coefficient = p.LT
        divisor = next(((g, by) for g, by in basis if monomial_divides(g.LM, monomial)), None)
        if divisor is None:
            rest += context({monomial: coefficient})
            p -= context({monomial: coefficient})
            continue
        g, by = divisor
        factor = context({monomial_ldiv(monomial, g.LM): coefficient / g.LC})
        p -= factor * g
        used = [q - factor * b for q, b in zip(used, by, strict=True)]
    return rest, used


def _lcm(basis: Any, pair: tuple[int, int]) -> tuple[int, ...]:
    lcm: tuple[int, ...] = monomial_lcm(*(basis[i][0].LM for i in pair))
    return lcm


def _polynomial(context: Any, sparse: Sparse) -> PolyElement:
    return context.from_dict({exponents: QQ(*coefficient) for exponents, coefficient in sparse.items()})


def _sparse(p: PolyElement) -> Sparse:
    return {exponents: (int(c.numerator), int(c.denominator)) for exponents, c in p.items()}
