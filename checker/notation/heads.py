"""The heads that a formula may name: for each its SymPy class and the numbers of its arguments.

Nothing here imports SymPy: the classes are named, and looked up when a formula is built.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Head:
    """A known head: `name` is SymPy's, which takes `least` to `most` arguments; `grows` as fast as a factorial or faster."""

    name: str
    least: int = 1
    most: int = 1
    grows: bool = False


_ONE = (
    "exp sin cos tan cot sec csc sinh cosh tanh coth sech csch asin acos atan acot asec acsc asinh acosh atanh acoth sinc erf "
    "erfc erfi loggamma digamma floor ceiling frac re im conjugate arg sign Abs Ei li Si Ci LambertW asech acsch Shi Chi "
    "fresnels fresnelc airyai airybi airyaiprime airybiprime elliptic_k elliptic_e"
)
_TWO = (
    "Mod binomial beta KroneckerDelta atan2 besselj bessely besseli besselk jn legendre chebyshevt chebyshevu hermite laguerre "
    "lowergamma uppergamma polygamma RisingFactorial FallingFactorial"
)
_GROWING = {"RisingFactorial", "FallingFactorial", "binomial"}
_HEADS: dict[str, Head] = {
    **{name: Head(name) for name in _ONE.split()},
    **{name: Head(name, 2, 2, name in _GROWING) for name in _TWO.split()},
    "LambertW": Head("LambertW", 1, 2),
    "sqrt": Head("sqrt"),
    "cbrt": Head("cbrt"),
    "root": Head("root", 2, 2),
    "log": Head("log", 1, 2),
    "gamma": Head("gamma", grows=True),
    "factorial": Head("factorial", grows=True),
    "factorial2": Head("factorial2", grows=True),
    "fibonacci": Head("fibonacci", grows=True),
    "lucas": Head("lucas", grows=True),
    "catalan": Head("catalan", grows=True),
    "harmonic": Head("harmonic", 1, 2),
    "zeta": Head("zeta", 1, 2),
    "gegenbauer": Head("gegenbauer", 3, 3),
    "assoc_laguerre": Head("assoc_laguerre", 3, 3),
    "jacobi": Head("jacobi", 4, 4),
    "hyper": Head("hyper", 3, 3),
    "Heaviside": Head("Heaviside", 1, 2),
    "Max": Head("Max", 1, 20),
    "Min": Head("Min", 1, 20),
    "Sum": Head("Sum", 2, 9),
    "Product": Head("Product", 2, 9),
    "Integral": Head("Integral", 2, 9),
    "Derivative": Head("Derivative", 2, 9),
    "Limit": Head("Limit", 3, 3),
    "Subs": Head("Subs", 3, 3),
    "Piecewise": Head("Piecewise", 1, 50),
    "Matrix": Head("Matrix"),
    "Transpose": Head("Transpose"),
    "Determinant": Head("Determinant"),
    "Trace": Head("Trace"),
    **{name: Head(name, 2, 2) for name in ("Eq", "Ne", "Lt", "Le", "Gt", "Ge")},
    "And": Head("And", 1, 50),
    "Or": Head("Or", 1, 50),
    "Not": Head("Not"),
}
ALIASES = {
    "abs": "Abs", "ln": "log", "ceil": "ceiling", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot",
    "arcsec": "asec", "arccsc": "acsc", "arccoth": "acoth", "arcoth": "acoth", "arcsech": "asech", "arsech": "asech",
    "arccsch": "acsch", "arcsch": "acsch",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh",
    "sgn": "sign", "max": "Max", "min": "Min", "ff": "FallingFactorial", "rf": "RisingFactorial", "transpose": "Transpose",
    "det": "Determinant", "tr": "Trace", "trace": "Trace", "Re": "re", "Im": "im", "diff": "Derivative",
}  # fmt: skip
HEADS: dict[str, Head] = {**_HEADS, **{alias: _HEADS[name] for alias, name in ALIASES.items()}}
