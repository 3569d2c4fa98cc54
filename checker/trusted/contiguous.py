"""Hypergeometric series whose terms hold a polynomial in the index: parameters that differ by a natural number."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivable.trusted.facts import Facts

LARGEST = 8  # difference of two parameters


def polynomial_weight(above: list[Any], below: list[Any], facts: Facts) -> list[tuple[Any, Any, list[Any], list[Any]]] | None:
    """[(i, c_i, A + i, B + i)] with F(b + m, A; b, B; z) = Σ_{i=0}^m c_i z^i F(A + i; B + i; z), m a natural number.

    (b + m)_k / (b)_k = (b + k)_m / (b)_m = Σ_i C(m, i) (b + i)_{m-i} / (b)_m · k(k-1)…(k-i+1), and the falling factorial shifts
    the sum by i, which brings ∏(A)_i / ∏(B)_i. The b and the B have to be positive, so that nothing is divided by zero; the
    series has to converge, as the shifted ones then do. None where no two parameters are such a pair.
    """
    for b in below:
        if not facts.is_positive(b):
            continue
        for upper in above:
            m = sp.expand(upper - b)
            if not (m.is_Integer and 1 <= m <= LARGEST):
                continue
            top, bottom = list(above), list(below)
            top.remove(upper)
            bottom.remove(b)
            if not all(facts.is_positive(other) for other in bottom):
                return None
            found = []
            for i in range(int(m) + 1):
                c = sp.binomial(m, i) * sp.Mul(*(b + j for j in range(i, int(m)))) / sp.Mul(*(b + j for j in range(int(m))))
                for a in top:
                    c *= sp.Mul(*(a + j for j in range(i)))
                for other in bottom:
                    c /= sp.Mul(*(other + j for j in range(i)))
                found.append((sp.Integer(i), c, [a + i for a in top], [other + i for other in bottom]))
            return found
    return None


def divided_exponential(above: list[Any], below: list[Any], z: Any, facts: Facts) -> Any:
    """1F1(α; α + m; z) for natural numbers α, m ≥ 1 and z ≠ 0, as a combination of 1 and exp z; None for other series.

    (α)_k / (α + m)_k = (α)_m / (α + k)_m = (α)_m Σ_{j<m} (-1)^j / (j! (m-1-j)!) / (α + j + k), and for a natural number s
    Σ_k z^k / (k! (s + k)) = (s - 1)! (-z)^(-s) (1 - e^z Σ_{i<s} (-z)^i / i!), the integral of x^(s-1) e^(zx) over 0 ≤ x ≤ 1.
    """
    if len(above) != 1 or len(below) != 1 or not facts.is_nonzero(z):
        return None
    first, m = above[0], sp.expand(below[0] - above[0])
    if not (first.is_Integer and m.is_Integer and 1 <= first <= LARGEST and 1 <= m <= LARGEST):
        return None
    total: Any = sp.Integer(0)
    for j in range(int(m)):
        s = int(first) + j
        head = sp.Add(*((-z) ** i / sp.factorial(i) for i in range(s)))
        part = sp.factorial(s - 1) * (-z) ** (-s) * (1 - sp.exp(z) * head)
        total += (-1) ** j * part / (sp.factorial(j) * sp.factorial(int(m) - 1 - j))
    return sp.rf(first, m) * total


def divided_geometric(above: list[Any], below: list[Any], z: Any, facts: Facts) -> Any:
    """2F1(1, α; α + m; z), -1 < z < 1, z ≠ 0, for a natural m ≥ 1 and a natural or half odd α > 0; None for other series.

    As for `divided_exponential`, (α)_k / (α + m)_k = (α)_m Σ_{j<m} (-1)^j / (j! (m-1-j)!) / (α + j + k), and for a natural s
    Σ_k z^k / (s + k) = -z^(-s) (log(1 - z) + Σ_{i<s} z^i / i), for s = r + 1/2 with a natural r
    z^(-r) (2 artanh(√z) / √z - Σ_{i<r} z^i / (i + 1/2)) if z > 0, and with arctan(√-z) / √-z if z < 0.
    """
    if len(above) != 2 or len(below) != 1 or 1 not in above:
        return None
    first = above[0] if above[1] == 1 else above[1]
    m = sp.expand(below[0] - first)
    if not (first.is_Rational and (2 * first).is_Integer and 0 < first <= LARGEST and m.is_Integer and 1 <= m <= LARGEST):
        return None
    if first.is_Integer:
        if not facts.is_nonzero(z):
            return None
    elif facts.is_positive(z):
        half = 2 * sp.atanh(sp.sqrt(z)) / sp.sqrt(z)
    elif facts.is_positive(-z):
        half = 2 * sp.atan(sp.sqrt(-z)) / sp.sqrt(-z)
    else:
        return None
    total: Any = sp.Integer(0)
    for j in range(int(m)):
        s = first + j
        if s.is_Integer:
            part = -(z ** (-s)) * (sp.log(1 - z) + sp.Add(*(z**i / i for i in range(1, int(s)))))
        else:
            r = int(s - sp.Rational(1, 2))
            part = z ** (-r) * (half - sp.Add(*(z**i / (i + sp.Rational(1, 2)) for i in range(r))))
        total += (-1) ** j * part / (sp.factorial(j) * sp.factorial(int(m) - 1 - j))
    return sp.rf(first, m) * total


__all__ = ["divided_exponential", "divided_geometric", "polynomial_weight"]
