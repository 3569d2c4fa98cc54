"""SymPy's rule for products that are integers, without two conclusions that do not follow (SymPy 1.14).

For an even e and a natural n it takes e/10 and 2^n/6 for integers, by the powers of 2 alone, and says that e/5 is none. Floors,
remainders, exponentials and relations are evaluated by that rule wherever an expression is built anew, so that no rule of ours
could keep clear of it.
"""

from __future__ import annotations

from typing import Any

from sympy import Mul, fraction

SYMPY_RULE = Mul._eval_is_integer


def is_integer_product(product: Any) -> bool | None:
    """What SymPy says of a product, where it follows."""
    found: bool | None = SYMPY_RULE(product)
    others = [factor for factor in product.args if not factor.is_integer]
    if found is None or not others or (found is False and product._eval_is_rational() is False):
        return found
    below = [fraction(factor)[1] for factor in others]
    if found:  # enough factors 2 above: that is all that is needed below a power of 2
        return True if all(d.is_Integer and d & (d - 1) == 0 for d in below) else None
    even_above = any(factor.is_even for factor in product.args) or any(fraction(factor)[0].is_even for factor in others)
    return None if even_above and not any(d.is_even for d in below) else False


def install() -> None:
    """Let SymPy ask this rule, where it keeps its own in the two places that SymPy 1.14 does."""
    if Mul._prop_handler.get("integer") is not SYMPY_RULE:
        return
    Mul._eval_is_integer = is_integer_product
    Mul._prop_handler["integer"] = is_integer_product


__all__ = ["install", "is_integer_product"]
