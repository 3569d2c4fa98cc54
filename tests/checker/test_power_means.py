"""Power means and norms with different exponents, and the conditions on exponents, weights and values."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Eq, Rational, cbrt, sqrt, symbols

from derivable import at_most
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.power_means import by_power_means

x, y, z, p, q, w, v = symbols("x y z p q w v", positive=True)
u, t, s = symbols("u t s", real=True)
n0 = symbols("n0", nonnegative=True)


def mean(r: Any, *values: Any) -> Any:
    return (sp.Add(*(a**r for a in values)) / len(values)) ** (1 / sp.sympify(r))


def weighted(r: Any) -> Any:
    return (w * x**r + (1 - w) * y**r) ** (1 / r)


def norm(r: Any, *values: Any) -> Any:
    return sp.Add(*(a**r for a in values)) ** (1 / sp.sympify(r))


TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (mean(p, x, y), mean(q, x, y), (p < q,)),
    (mean(p, y, x, z), mean(q, z, x, y), (p <= q,)),
    (mean(-q, x, y), mean(-p, x, y), (p <= q,)),
    (mean(-q, x, y), mean(p, x, y), ()),
    (mean(t, x, y), mean(s, x, y), (t < s, sp.Ne(t, 0), sp.Ne(s, 0))),
    (weighted(p), weighted(q), (p < q, w < 1)),
    ((w * x**p + v * y**p) ** (1 / p), (w * x**q + v * y**q) ** (1 / q), (p < q, Eq(w + v, 1))),
    (sqrt(x * y), mean(p, x, y), ()),
    (cbrt(x * y * z), mean(p, x, y, z), ()),
    (mean(-p, x, y), sqrt(x * y), ()),
    (x**w * y ** (1 - w), weighted(p), (w < 1,)),
    ((x + y) / 2, mean(p, x, y), (p >= 1,)),
    (mean(p, x, y), (x + y) / 2, (p <= 1,)),
    (2 ** (1 / q) * mean(p, x, y), norm(q, x, y), (p < q,)),
    (norm(q, x, y), norm(p, x, y), (p < q,)),
    (norm(p, x, y, z), x + y + z, (p >= 1,)),
    ((2 * x**q + 3 * y**q) ** (1 / q), (2 * x**p + 3 * y**p) ** (1 / p), (p < q,)),
    (x + mean(2, y, z), mean(3, y, z) + x, ()),
]
FALSE: list[tuple[Any, tuple[Any, ...]]] = [
    (mean(p, x, y) - mean(q, x, y), (p < q,)),
    (mean(q, x, y) - mean(p, x, y), ()),  # exponents in no order
    (mean(s, x, y) - mean(t, x, y), (t < s,)),  # 0 is no exponent
    (weighted(q) - weighted(p), (p < q,)),  # a weight may be negative
    ((w * x**q + v * y**q) ** (1 / q) - (w * x**p + v * y**p) ** (1 / p), (p < q,)),  # the weights do not add up to 1
    (norm(q, x, y) - norm(p, x, y), (p < q,)),  # norms fall
    (norm(-q, x, y) - norm(-p, x, y), (p < q,)),  # norms need positive exponents
    (norm(p, x, y) - norm(-q, x, y) * 2, ()),
    ((x**p / 2 + y**p) ** (1 / p) - (x**q / 2 + y**q) ** (1 / q), (p < q,)),  # a weight below 1 and no mean
    (mean(q, x, y) - mean(p, x, z), (p < q,)),  # other values
    (mean(q, x, y) - (2 * x**p / 3 + y**p / 3) ** (1 / p), (p < q,)),  # other weights
    (mean(-q, x, y) - sqrt(x * y), ()),
    (mean(q, x, y) - x ** Rational(1, 3) * y ** Rational(2, 3), ()),
    (w * mean(q, x, y) - v * mean(p, x, y), (p < q,)),
    (u * mean(q, x, y) - u * mean(p, x, y), (p < q,)),  # a coefficient of either sign
    (mean(2, x, y) - mean(3, x, y), ()),
]


def prove(e: Any, where: tuple[Any, ...], strict: bool = False) -> Proof | None:
    return by_power_means(e, Facts(where), strict, lambda *_: None)


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_means_grow_and_norms_fall_with_their_exponents(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("e", "where"), FALSE)
def test_what_is_false_is_not_shown(e: Any, where: tuple[Any, ...]) -> None:
    assert prove(e, where) is None


def test_a_strict_sign_is_not_shown_where_the_values_may_be_equal() -> None:
    assert prove(mean(q, x, y) - mean(p, x, y), (p < q,), True) is None
    assert prove(mean(q, x, y) - mean(p, x, y) + 1, (p < q,), True)


def test_values_have_to_be_positive() -> None:
    assert prove(mean(q, x, u) - mean(p, x, u), (p < q,)) is None
    assert prove(mean(-p, x, n0) - mean(-q, x, n0), (p < q,)) is None  # 0 to a negative exponent
    assert prove(mean(q, x, n0) - mean(p, x, n0), (p < q,))
    assert prove(mean(q, Abs(u), Abs(t)) - mean(p, Abs(u), Abs(t)), (p < q,))
    # (u²)^(3/2) is |u|³, not u³
    assert prove(((u**3 + x ** sp.Rational(3, 2)) / 2) ** sp.Rational(2, 3) - (u**2 + x) / 2, ()) is None
    assert prove(sqrt((u**2 + x**2) / 2) - (Abs(u) + x) / 2, ())
    assert prove(sqrt((u**2 + t**2) / 2) - (u + t) / 2, ()) is None
    assert prove(((u**4 + x**4) / 2) ** sp.Rational(1, 4) - sqrt((u**2 + x**2) / 2), ())
    assert prove(sqrt((symbols("w0") ** 2 + x**2) / 2) - (Abs(symbols("w0")) + x) / 2, ()) is None  # a complex number
    assert prove((1 + u**2) ** sp.Rational(1, 2) - (1 + u) / sqrt(2), ()) is None


exponents = st.sampled_from([sp.Rational(k, 2) for k in (-6, -3, -2, -1, 1, 2, 3, 6)])


@settings(max_examples=40, deadline=None)
@given(exponents, exponents, st.integers(1, 3), st.booleans())
def test_what_is_shown_holds_at_points(r: Any, k: Any, weight: int, normalised: bool) -> None:
    total = weight + 1 if normalised else 1
    e = ((weight * x**r + y**r) / total) ** (1 / r) - ((weight * x**k + y**k) / total) ** (1 / k)
    if prove(e, ()):
        for at in ((1, 1), (1, 5), (7, 2), (100, 1)):
            assert float(e.subs({x: at[0], y: at[1]})) >= -1e-9
