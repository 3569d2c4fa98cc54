"""How numbers are made and compared: error bounds, quadrature, Monte Carlo, exact conversion."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivable.numerics.high_precision import to_flint as to_flint
    from derivable.numerics.high_precision import to_fraction as to_fraction
    from derivable.numerics.high_precision import to_mpmath as to_mpmath
    from derivable.numerics.high_precision import to_tensor as to_tensor
    from derivable.numerics.monte_carlo import FALSE_ALARM as FALSE_ALARM
    from derivable.numerics.monte_carlo import MeanEstimate as MeanEstimate
    from derivable.numerics.monte_carlo import mean_estimate as mean_estimate
    from derivable.numerics.monte_carlo import sample_mean as sample_mean
    from derivable.numerics.quadrature import Integral as Integral
    from derivable.numerics.quadrature import integrate as integrate
    from derivable.numerics.quadrature import integrate_ball as integrate_ball
    from derivable.numerics.tolerance import Agreement as Agreement
    from derivable.numerics.tolerance import compare as compare
    from derivable.numerics.tolerance import rounding_bound as rounding_bound

__all__ = [
    "FALSE_ALARM",
    "Agreement",
    "Integral",
    "MeanEstimate",
    "compare",
    "integrate",
    "integrate_ball",
    "mean_estimate",
    "rounding_bound",
    "sample_mean",
    "to_flint",
    "to_fraction",
    "to_mpmath",
    "to_tensor",
]

_HOME = {
    "FALSE_ALARM": "monte_carlo",
    "Agreement": "tolerance",
    "Integral": "quadrature",
    "MeanEstimate": "monte_carlo",
    "compare": "tolerance",
    "integrate": "quadrature",
    "integrate_ball": "quadrature",
    "mean_estimate": "monte_carlo",
    "rounding_bound": "tolerance",
    "sample_mean": "monte_carlo",
    "to_flint": "high_precision",
    "to_fraction": "high_precision",
    "to_mpmath": "high_precision",
    "to_tensor": "high_precision",
}


def __getattr__(name: str) -> Any:
    """Load the module of a public name at its first use (PEP 562)."""
    if name not in _HOME:
        public = ", ".join(__all__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; public names: {public}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names without loading them."""
    return __all__
