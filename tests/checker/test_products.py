"""Weierstrass' inequalities for products of factors near 1; and what must not pass for them."""

import time
from typing import Any

import pytest
import sympy as sp
from sympy import Function, Product, Sum, exp, symbols

from derivable import at_most
from derivable.search import propose
from derivable.trusted.decision import Proof
from derivable.trusted.facts import Facts
from derivable.trusted.order import OrderProver
from derivable.trusted.products import by_products

k, m = symbols("k m", integer=True)
n = symbols("n", integer=True, nonnegative=True)
x = symbols("x", real=True)
p = symbols("p", positive=True)
F, G = Function("F", nonnegative=True), Function("G", real=True)

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (1 - Sum(1 / 2 ** (k + 1), (k, 1, n)), Product(1 - 1 / 2 ** (k + 1), (k, 1, n)), ()),
    (1 - Sum(p**k, (k, 1, n)), Product(1 - p**k, (k, 1, n)), (p < 1,)),
    (1 + Sum(F(k), (k, 1, n)), Product(1 + F(k), (k, 1, n)), ()),
    (Product(1 + F(k), (k, 1, n)), exp(Sum(F(k), (k, 1, n))), ()),
    (Product(1 - 1 / 2**k, (k, 1, n)), exp(-Sum(1 / 2**k, (k, 1, n))), ()),
    (2 * Product(1 - 1 / (k + 1) ** 2, (k, 1, n)), 2, ()),
]

FALSE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (1 - Sum(1 / 2 ** (k + 2), (k, 1, n)), Product(1 - 1 / 2 ** (k + 1), (k, 1, n)), ()),
    (1 + Sum(G(k), (k, 1, n)), Product(1 + G(k), (k, 1, n)), ()),
    (1 - Sum(F(k), (k, 1, n)), Product(1 - F(k), (k, 1, n)), ()),
    (1 + Sum(F(k), (k, 1, m)), Product(1 + F(k), (k, 1, m)), ()),
    (1 - Sum(p**k, (k, 1, n)), Product(1 - p**k, (k, 1, n)), ()),
    (Product(1 + F(k), (k, 1, n)), 1 + Sum(F(k), (k, 1, n)), ()),
]


def sign(e: Any, facts: Facts, strict: bool) -> Proof | None:
    return OrderProver(propose, time.monotonic() + 3).sign(e, facts, strict, 2)


def everything(e: Any, facts: Facts, strict: bool) -> Proof | None:
    """A prover that believes all: what is left shows the conditions of the rule itself."""
    return Proof((("believed", str(e)),))


@pytest.mark.parametrize(("left", "right", "where"), TRUE)
def test_products_lie_between_sums(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert at_most(left, right, where=where).verdict == "proved"


@pytest.mark.parametrize(("left", "right", "where"), FALSE)
def test_what_is_false_is_not_shown(left: Any, right: Any, where: tuple[Any, ...]) -> None:
    assert by_products(right - left, Facts(where), False, sign) is None


def test_the_product_is_finite_forwards_and_multiplied_by_what_has_a_sign() -> None:
    facts = Facts(())
    product = Product(1 + F(k), (k, 1, n))
    assert by_products(product - x, facts, False, everything)
    assert by_products(x * product, facts, False, everything) is None
    assert by_products(product**2 - product, facts, False, everything) is None
    assert by_products(Product(1 + F(k), (k, 1, sp.oo)) - x, facts, False, everything) is None
    assert by_products(Product(1 + F(k), (k, 1, m)) - x, facts, False, everything) is None
    assert by_products(Product(1 + G(k), (k, 1, n)) - x, facts, False, everything) is None
