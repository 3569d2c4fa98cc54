"""Torch kernels of the derived mathematics; torch is imported only when a name is used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivable.kernels.attention_scale import cosine_log_mgf as cosine_log_mgf
    from derivable.kernels.attention_scale import optimal_scale as optimal_scale
    from derivable.kernels.attention_scale import optimal_scale_cosine as optimal_scale_cosine
    from derivable.kernels.attention_scale import optimal_scale_normal as optimal_scale_normal
    from derivable.kernels.attention_stack import AttentionLayer as AttentionLayer
    from derivable.kernels.attention_stack import attention_stack_nocache as attention_stack_nocache
    from derivable.kernels.cauchy import cauchy_sum as cauchy_sum
    from derivable.kernels.causal_convolution import fft_causal_conv as fft_causal_conv
    from derivable.kernels.discretization import discretize as discretize
    from derivable.kernels.dplr import bilinear_dplr_step as bilinear_dplr_step
    from derivable.kernels.dplr import dplr_kernel as dplr_kernel
    from derivable.kernels.dplr import dplr_legs as dplr_legs
    from derivable.kernels.dplr import dplr_legt as dplr_legt
    from derivable.kernels.dplr import truncated_output as truncated_output
    from derivable.kernels.ema import ema as ema
    from derivable.kernels.ema import ema_kernel as ema_kernel
    from derivable.kernels.fokker_planck import bernoulli as bernoulli
    from derivable.kernels.fokker_planck import fp_crank_nicolson as fp_crank_nicolson
    from derivable.kernels.fokker_planck import fp_generator_1d as fp_generator_1d
    from derivable.kernels.fokker_planck import fp_generator_from_potential as fp_generator_from_potential
    from derivable.kernels.gaussian_mixture import gmm_log_density as gmm_log_density
    from derivable.kernels.gaussian_mixture import gmm_noised as gmm_noised
    from derivable.kernels.gaussian_mixture import gmm_posterior as gmm_posterior
    from derivable.kernels.gaussian_mixture import gmm_sample as gmm_sample
    from derivable.kernels.gaussian_mixture import gmm_score as gmm_score
    from derivable.kernels.hippo import hippo_matrix as hippo_matrix
    from derivable.kernels.hippo_fourier import fous_matrix as fous_matrix
    from derivable.kernels.hippo_fourier import fous_matvec as fous_matvec
    from derivable.kernels.hippo_products import legs_matvec as legs_matvec
    from derivable.kernels.hippo_products import legs_solve as legs_solve
    from derivable.kernels.hippo_stepping import hippo_online as hippo_online
    from derivable.kernels.legendre import legendre_basis as legendre_basis
    from derivable.kernels.legendre import legendre_nodes as legendre_nodes
    from derivable.kernels.legendre import legendre_project as legendre_project
    from derivable.kernels.legendre import legendre_reconstruct as legendre_reconstruct
    from derivable.kernels.legs_discretization import legs_discretize as legs_discretize
    from derivable.kernels.linear_scan import linear_scan as linear_scan
    from derivable.kernels.linear_scan import linear_scan_dense as linear_scan_dense
    from derivable.kernels.online_attention import AttentionState as AttentionState
    from derivable.kernels.online_attention import attention_online as attention_online
    from derivable.kernels.online_attention import attention_scan as attention_scan
    from derivable.kernels.parallel_rnn import ParallelStates as ParallelStates
    from derivable.kernels.parallel_rnn import parallel_rnn as parallel_rnn
    from derivable.kernels.parallel_rnn import rnn_sequential as rnn_sequential
    from derivable.kernels.particles import euler_maruyama as euler_maruyama
    from derivable.kernels.rational_transfer import companion as companion
    from derivable.kernels.rational_transfer import rtf_kernel as rtf_kernel
    from derivable.kernels.rational_transfer import rtf_kernel_truncated as rtf_kernel_truncated
    from derivable.kernels.rational_transfer import rtf_step as rtf_step
    from derivable.kernels.rational_transfer import rtf_to_recurrent as rtf_to_recurrent
    from derivable.kernels.rational_transfer import state_space_to_rtf as state_space_to_rtf
    from derivable.kernels.reverse_coupling import coupled_reverse as coupled_reverse
    from derivable.kernels.reverse_coupling import gronwall_bound as gronwall_bound
    from derivable.kernels.reverse_coupling import osl_constant as osl_constant
    from derivable.kernels.rnn_steps import gru_jacobian as gru_jacobian
    from derivable.kernels.rnn_steps import gru_step as gru_step
    from derivable.kernels.rnn_steps import tanh_jacobian as tanh_jacobian
    from derivable.kernels.rnn_steps import tanh_step as tanh_step
    from derivable.kernels.schur_cohn import denominator_from_reflection as denominator_from_reflection
    from derivable.kernels.schur_cohn import reflection_coefficients as reflection_coefficients
    from derivable.kernels.schur_cohn import schur_cohn_stable as schur_cohn_stable
    from derivable.kernels.score_matching import batch_score as batch_score
    from derivable.kernels.score_matching import csm_loss as csm_loss
    from derivable.kernels.score_matching import csm_sm_gap as csm_sm_gap
    from derivable.kernels.score_matching import sm_loss as sm_loss
    from derivable.kernels.sequence_structure import ar1_predictors as ar1_predictors
    from derivable.kernels.sequence_structure import permutation_defect as permutation_defect
    from derivable.kernels.sequence_structure import raster_correlation as raster_correlation
    from derivable.kernels.sequence_structure import raster_neighbour_lags as raster_neighbour_lags
    from derivable.kernels.softmax_gradient import softmax_gradient_l1 as softmax_gradient_l1
    from derivable.kernels.softmax_gradient import softmax_gradient_l1_derivative as softmax_gradient_l1_derivative
    from derivable.kernels.sum_minimum import min_abc as min_abc
    from derivable.kernels.sum_minimum import min_abc_batch as min_abc_batch
    from derivable.kernels.sum_minimum import sum_lower_bound as sum_lower_bound
    from derivable.kernels.tridiagonal import TridiagonalFactor as TridiagonalFactor
    from derivable.kernels.tridiagonal import tridiagonal_factor as tridiagonal_factor
    from derivable.kernels.vandermonde import diagonal_kernel as diagonal_kernel
    from derivable.kernels.vandermonde import vandermonde_sum as vandermonde_sum
    from derivable.kernels.wasserstein import bures_w2 as bures_w2
    from derivable.kernels.wasserstein import w2_1d as w2_1d
    from derivable.kernels.wasserstein import w2_1d_quantile as w2_1d_quantile

__all__ = [
    "AttentionLayer",
    "AttentionState",
    "ParallelStates",
    "TridiagonalFactor",
    "ar1_predictors",
    "attention_online",
    "attention_scan",
    "attention_stack_nocache",
    "batch_score",
    "bernoulli",
    "bilinear_dplr_step",
    "bures_w2",
    "cauchy_sum",
    "companion",
    "cosine_log_mgf",
    "coupled_reverse",
    "csm_loss",
    "csm_sm_gap",
    "denominator_from_reflection",
    "diagonal_kernel",
    "discretize",
    "dplr_kernel",
    "dplr_legs",
    "dplr_legt",
    "ema",
    "ema_kernel",
    "euler_maruyama",
    "fft_causal_conv",
    "fous_matrix",
    "fous_matvec",
    "fp_crank_nicolson",
    "fp_generator_1d",
    "fp_generator_from_potential",
    "gmm_log_density",
    "gmm_noised",
    "gmm_posterior",
    "gmm_sample",
    "gmm_score",
    "gronwall_bound",
    "gru_jacobian",
    "gru_step",
    "hippo_matrix",
    "hippo_online",
    "legendre_basis",
    "legendre_nodes",
    "legendre_project",
    "legendre_reconstruct",
    "legs_discretize",
    "legs_matvec",
    "legs_solve",
    "linear_scan",
    "linear_scan_dense",
    "min_abc",
    "min_abc_batch",
    "optimal_scale",
    "optimal_scale_cosine",
    "optimal_scale_normal",
    "osl_constant",
    "parallel_rnn",
    "permutation_defect",
    "raster_correlation",
    "raster_neighbour_lags",
    "reflection_coefficients",
    "rnn_sequential",
    "rtf_kernel",
    "rtf_kernel_truncated",
    "rtf_step",
    "rtf_to_recurrent",
    "schur_cohn_stable",
    "sm_loss",
    "softmax_gradient_l1",
    "softmax_gradient_l1_derivative",
    "state_space_to_rtf",
    "sum_lower_bound",
    "tanh_jacobian",
    "tanh_step",
    "tridiagonal_factor",
    "truncated_output",
    "vandermonde_sum",
    "w2_1d",
    "w2_1d_quantile",
]

_HOME = {
    "AttentionLayer": "attention_stack",
    "AttentionState": "online_attention",
    "ParallelStates": "parallel_rnn",
    "TridiagonalFactor": "tridiagonal",
    "ar1_predictors": "sequence_structure",
    "attention_online": "online_attention",
    "attention_scan": "online_attention",
    "attention_stack_nocache": "attention_stack",
    "batch_score": "score_matching",
    "bernoulli": "fokker_planck",
    "bilinear_dplr_step": "dplr",
    "bures_w2": "wasserstein",
    "cauchy_sum": "cauchy",
    "companion": "rational_transfer",
    "cosine_log_mgf": "attention_scale",
    "coupled_reverse": "reverse_coupling",
    "csm_loss": "score_matching",
    "csm_sm_gap": "score_matching",
    "denominator_from_reflection": "schur_cohn",
    "diagonal_kernel": "vandermonde",
    "discretize": "discretization",
    "dplr_kernel": "dplr",
    "dplr_legs": "dplr",
    "dplr_legt": "dplr",
    "ema": "ema",
    "ema_kernel": "ema",
    "euler_maruyama": "particles",
    "fft_causal_conv": "causal_convolution",
    "fous_matrix": "hippo_fourier",
    "fous_matvec": "hippo_fourier",
    "fp_crank_nicolson": "fokker_planck",
    "fp_generator_1d": "fokker_planck",
    "fp_generator_from_potential": "fokker_planck",
    "gmm_log_density": "gaussian_mixture",
    "gmm_noised": "gaussian_mixture",
    "gmm_posterior": "gaussian_mixture",
    "gmm_sample": "gaussian_mixture",
    "gmm_score": "gaussian_mixture",
    "gronwall_bound": "reverse_coupling",
    "gru_jacobian": "rnn_steps",
    "gru_step": "rnn_steps",
    "hippo_matrix": "hippo",
    "hippo_online": "hippo_stepping",
    "legendre_basis": "legendre",
    "legendre_nodes": "legendre",
    "legendre_project": "legendre",
    "legendre_reconstruct": "legendre",
    "legs_discretize": "legs_discretization",
    "legs_matvec": "hippo_products",
    "legs_solve": "hippo_products",
    "linear_scan": "linear_scan",
    "linear_scan_dense": "linear_scan",
    "min_abc": "sum_minimum",
    "min_abc_batch": "sum_minimum",
    "optimal_scale": "attention_scale",
    "optimal_scale_cosine": "attention_scale",
    "optimal_scale_normal": "attention_scale",
    "osl_constant": "reverse_coupling",
    "parallel_rnn": "parallel_rnn",
    "permutation_defect": "sequence_structure",
    "raster_correlation": "sequence_structure",
    "raster_neighbour_lags": "sequence_structure",
    "reflection_coefficients": "schur_cohn",
    "rnn_sequential": "parallel_rnn",
    "rtf_kernel": "rational_transfer",
    "rtf_kernel_truncated": "rational_transfer",
    "rtf_step": "rational_transfer",
    "rtf_to_recurrent": "rational_transfer",
    "schur_cohn_stable": "schur_cohn",
    "sm_loss": "score_matching",
    "softmax_gradient_l1": "softmax_gradient",
    "softmax_gradient_l1_derivative": "softmax_gradient",
    "state_space_to_rtf": "rational_transfer",
    "sum_lower_bound": "sum_minimum",
    "tanh_jacobian": "rnn_steps",
    "tanh_step": "rnn_steps",
    "tridiagonal_factor": "tridiagonal",
    "truncated_output": "dplr",
    "vandermonde_sum": "vandermonde",
    "w2_1d": "wasserstein",
    "w2_1d_quantile": "wasserstein",
}


def __getattr__(name: str) -> Any:
    """Load the module of a public name at its first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; public names: {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names without loading them."""
    return __all__
