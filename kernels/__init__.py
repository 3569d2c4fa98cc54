"""Torch kernels of the derived mathematics; torch is imported only when a name is used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivable.kernels.fokker_planck import bernoulli as bernoulli
    from derivable.kernels.fokker_planck import fp_crank_nicolson as fp_crank_nicolson
    from derivable.kernels.fokker_planck import fp_generator_1d as fp_generator_1d
    from derivable.kernels.fokker_planck import fp_generator_from_potential as fp_generator_from_potential
    from derivable.kernels.hippo import hippo_matrix as hippo_matrix
    from derivable.kernels.hippo_stepping import hippo_online as hippo_online
    from derivable.kernels.legendre import legendre_basis as legendre_basis
    from derivable.kernels.legendre import legendre_nodes as legendre_nodes
    from derivable.kernels.legendre import legendre_project as legendre_project
    from derivable.kernels.legendre import legendre_reconstruct as legendre_reconstruct
    from derivable.kernels.particles import euler_maruyama as euler_maruyama
    from derivable.kernels.sum_minimum import min_abc as min_abc
    from derivable.kernels.sum_minimum import min_abc_batch as min_abc_batch
    from derivable.kernels.sum_minimum import sum_lower_bound as sum_lower_bound
    from derivable.kernels.tridiagonal import TridiagonalFactor as TridiagonalFactor
    from derivable.kernels.tridiagonal import tridiagonal_factor as tridiagonal_factor

__all__ = [
    "TridiagonalFactor",
    "bernoulli",
    "euler_maruyama",
    "fp_crank_nicolson",
    "fp_generator_1d",
    "fp_generator_from_potential",
    "hippo_matrix",
    "hippo_online",
    "legendre_basis",
    "legendre_nodes",
    "legendre_project",
    "legendre_reconstruct",
    "min_abc",
    "min_abc_batch",
    "sum_lower_bound",
    "tridiagonal_factor",
]

_HOME = {
    "TridiagonalFactor": "tridiagonal",
    "bernoulli": "fokker_planck",
    "euler_maruyama": "particles",
    "fp_crank_nicolson": "fokker_planck",
    "fp_generator_1d": "fokker_planck",
    "fp_generator_from_potential": "fokker_planck",
    "hippo_matrix": "hippo",
    "hippo_online": "hippo_stepping",
    "legendre_basis": "legendre",
    "legendre_nodes": "legendre",
    "legendre_project": "legendre",
    "legendre_reconstruct": "legendre",
    "min_abc": "sum_minimum",
    "min_abc_batch": "sum_minimum",
    "sum_lower_bound": "sum_minimum",
    "tridiagonal_factor": "tridiagonal",
}


def __getattr__(name: str) -> Any:
    """Load the module of a public name at its first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; public names: {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names without loading them."""
    return __all__
