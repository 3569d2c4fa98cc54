"""Diagonal-plus-low-rank forms, their convolution kernels and steps, against dense matrices in double precision."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from derivable.kernels.discretization import discretize
from derivable.kernels.dplr import (
    bilinear_dplr_step,
    dplr_kernel,
    dplr_legs,
    dplr_legt,
    reference_dplr_kernel,
    truncated_output,
)
from derivable.kernels.hippo import hippo_matrix
from derivable.numerics import compare

WIDE = torch.complex128
SINGLE = torch.complex64
FORMS = {"legs": dplr_legs, "legt": dplr_legt}


def draw(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=WIDE).to(dtype)


def system(kind: str, d: int, pairs: bool = False) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Λ, P, b, c of a HiPPO matrix with its B, and an output that is neither symmetric nor 0."""
    lam, P, U = FORMS[kind](d, dtype=WIDE, conjugate_pairs=pairs)
    B = hippo_matrix(kind, d, dtype=torch.float64)[1].to(WIDE)
    return lam, P, U @ B, U @ torch.linspace(1, -0.5, d, dtype=torch.float64).to(WIDE)


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("kind", ["legs", "legt"])
@pytest.mark.parametrize("d", [1, 2, 3, 4, 7, 32, 129])
def test_the_form_is_the_matrix(d: int, kind: str, pairs: bool) -> None:
    A = hippo_matrix(kind, d, dtype=torch.float64)[0]
    lam, P, U = FORMS[kind](d, dtype=WIDE, conjugate_pairs=pairs)
    whole = U.mH @ (torch.diag(lam) - P.mT @ P.conj()) @ U
    if pairs:
        # between the modes and their conjugates the low rank acts too
        U2, P2, lam2 = torch.cat([U, U.conj()]), torch.cat([P, P.conj()], 1), torch.cat([lam, lam.conj()])
        whole = U2.mH @ (torch.diag(lam2) - P2.mT @ P2.conj()) @ U2
    # an eigenvalue problem of norm about d²/3 is solved backward stably, with a constant that grows like d at most
    assert compare(whole, A.to(WIDE), 4 * d * d * d * 2.0**-53).ok


@pytest.mark.parametrize("kind", ["legs", "legt"])
@pytest.mark.parametrize("d", [1, 2, 5, 64])
def test_modes_are_unitary_conjugate_and_on_a_line(d: int, kind: str) -> None:
    lam, P, U = FORMS[kind](d, dtype=WIDE)
    assert compare(U @ U.mH, torch.eye(d, dtype=WIDE), 1e-12).ok
    assert torch.equal(lam.real, torch.full((d,), -0.5 if kind == "legs" else 0.0, dtype=torch.float64))
    assert torch.equal(lam, lam.flip(0).conj())
    assert torch.equal(U, U.flip(0).conj())
    assert torch.equal(P, P.flip(1).conj())
    assert (lam.imag[1:] > lam.imag[:-1]).all()
    if kind == "legs":
        assert (P.real > 0).all()
        # ω_max ≈ d²/π: 0.3182 d² at d = 64, claim C8a
        assert d < 64 or abs(float(lam.imag[-1]) / d**2 - 0.3182) < 1e-4


def test_window_of_legt() -> None:
    A = hippo_matrix("legt", 6, window=3.0, dtype=torch.float64)[0]
    lam, P, U = dplr_legt(6, window=3.0, dtype=WIDE)
    assert compare(U.mH @ (torch.diag(lam) - P.mT @ P.conj()) @ U, A.to(WIDE), 1e-13).ok


def test_dtypes_of_the_forms() -> None:
    assert dplr_legs(4)[0].dtype == SINGLE
    lam, P, U = dplr_legs(4, dtype=SINGLE)
    for narrow, wide in zip((lam, P, U), dplr_legs(4, dtype=WIDE), strict=True):
        assert torch.equal(narrow, wide.to(SINGLE))


SYSTEMS = [
    (kind, d, damping)
    for kind, d in (("legs", 1), ("legs", 4), ("legs", 7), ("legs", 64), ("legt", 4), ("legt", 7))
    for damping in (0.0, 1.0)
    # λ = 0 is a point there, which another test wants refused
    if (kind, damping) != ("legt", 0.0) or d % 2 == 0
]


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize(("kind", "d", "damping"), SYSTEMS)
@pytest.mark.parametrize("length", [1, 2, 7, 8, 256, 257])
def test_kernel_is_the_impulse_response(length: int, kind: str, d: int, pairs: bool, damping: float) -> None:
    lam, P, b, c = system(kind, d)
    eps = 1 / length
    truth = reference_dplr_kernel(lam, P, P, b, c, eps, length).real
    lam, P, b, c = system(kind, d, pairs)
    options = {"conjugate_pairs": pairs, "damping": damping}
    c = truncated_output(lam, P, P, c, eps, length, **options)
    K = dplr_kernel(lam, P, P, b, c, eps, length, **options)
    assert K.shape == (length,)
    assert K.dtype == (torch.float64 if pairs else WIDE)
    # the points are at least ε/4 from the poles, so that a fraction is at most 4L times the largest; and e^σ
    allowed = 64 * (length + d) * 2.0**-53 * float(truth.abs().max()) * math.exp(damping)
    assert compare(K.real if not pairs else K, truth, allowed).ok
    if not pairs:
        assert compare(K.imag, torch.zeros(length, dtype=torch.float64), allowed).ok


@pytest.mark.parametrize("length", [8, 9, 1024, 4096])
def test_single_precision_loses_no_digit_near_minus_one(length: int) -> None:
    """Even lengths visit z = -1, odd ones come close: tan(θ/2) up to 2L/π."""
    lam, P, b, c = system("legs", 16, pairs=True)
    eps = 1 / length
    c = truncated_output(lam, P, P, c, eps, length, conjugate_pairs=True)
    arguments = [t.to(SINGLE) for t in (lam, P, P, b, c)]
    truth = dplr_kernel(*(t.to(WIDE) for t in arguments), eps, length, conjugate_pairs=True)
    K = dplr_kernel(*arguments, eps, length, conjugate_pairs=True)
    assert torch.isfinite(K).all()
    # 16 + 20 roundings of a fraction, 12 log2 L of the transform, relative to the largest
    allowed = (4 * 36 + 12 * math.log2(length)) * 2.0**-24 * float(truth.abs().max())
    assert compare(K, truth, allowed).ok


def test_minus_one_is_the_mean_of_the_alternating_kernel() -> None:
    """G_L(-1) = Σ (-1)^k K_k = ε/2 c̃*b."""
    lam, P, b, c = system("legs", 6)
    c = truncated_output(lam, P, P, c, 0.125, 8)
    K = dplr_kernel(lam, P, P, b, c, 0.125, 8)
    signs = 1 - 2 * (torch.arange(8) % 2).to(WIDE)
    assert compare((signs * K).sum(), 0.0625 * (c.conj() @ b), 1e-13).ok


def test_without_truncation_the_kernel_is_periodised() -> None:
    """Claim C5e: with c for c̃ the transform returns Σ_j K_{k+jL}."""
    lam, P, b, c = system("legs", 8)
    length, eps = 64, 1 / 8
    long = reference_dplr_kernel(lam, P, P, b, c, eps, 40 * length).real
    aliased = long.reshape(40, length).sum(0)
    K = dplr_kernel(lam, P, P, b, c, eps, length).real
    assert compare(K, aliased, 1e-12 * float(aliased.abs().max())).ok
    assert not compare(K, long[:length], 1e-4 * float(aliased.abs().max())).ok


def test_a_point_at_an_eigenvalue_is_refused_and_damping_cures_it() -> None:
    lam, P, b, c = system("legt", 5, pairs=True)
    with pytest.raises(ValueError, match=r"expected ελ/2 that no point .* meets; take damping=1, or another eps"):
        dplr_kernel(lam, P, P, b, c, 0.1, 12, conjugate_pairs=True)
    assert torch.isfinite(dplr_kernel(lam, P, P, b, c, 0.1, 12, conjugate_pairs=True, damping=1.0)).all()


def test_damping_makes_the_output_invertible() -> None:
    """Lε ≪ 1: I - Ā^L is nearly singular, I - e^{-1} Ā^L is not."""
    lam, P, _, c = system("legs", 4)
    for damping, small in ((0.0, True), (1.0, False)):
        output = truncated_output(lam, P, P, c, 1e-4, 8, damping=damping)
        assert bool(output.norm() < 0.1 * c.norm()) == small


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_any_rank_and_any_complex_system(rank: int) -> None:
    lam = torch.complex(-draw(2, 5).real.abs() - 0.1, 5 * draw(2, 5, seed=1).real)
    P, Q = draw(rank, 5, seed=2) / 2, draw(2, rank, 5, seed=3) / 2
    b, c = draw(5, seed=4), draw(2, 5, seed=5)
    eps, length = 0.125, 33
    truth = reference_dplr_kernel(lam, P.expand(2, rank, 5), Q, b.expand(2, 5), c, eps, length)
    K = dplr_kernel(lam, P, Q, b, truncated_output(lam, P, Q, c, eps, length), eps, length)
    assert compare(K, truth, 1e-11 * float(truth.abs().max())).ok


def test_channels_with_steps_of_their_own_share_the_poles_or_not() -> None:
    lam, P, b, c = system("legs", 6, pairs=True)
    eps = torch.tensor([0.1, 0.02, 0.3], dtype=torch.float64)
    C = torch.stack([c, 2 * c, c.conj()])
    tilde = truncated_output(lam, P, P, C, eps, 20, conjugate_pairs=True)
    whole = dplr_kernel(lam, P, P, b, tilde, eps, 20, conjugate_pairs=True)
    shared = dplr_kernel(lam, P, P, b, tilde, 0.1, 20, conjugate_pairs=True)
    for i in range(3):
        one = truncated_output(lam, P, P, C[i], float(eps[i]), 20, conjugate_pairs=True)
        assert compare(tilde[i], one, 1e-13).ok
        assert compare(whole[i], dplr_kernel(lam, P, P, b, one, float(eps[i]), 20, conjugate_pairs=True), 1e-12).ok
        assert compare(shared[i], dplr_kernel(lam, P, P, b, tilde[i], 0.1, 20, conjugate_pairs=True), 1e-12).ok


@pytest.mark.parametrize("pairs", [False, True])
def test_derivatives_of_the_kernel(pairs: bool) -> None:
    lam, P, b, c = system("legs", 4, pairs)
    Q = P + 0.1 * draw(*P.shape)
    eps = torch.tensor(0.25, dtype=torch.float64)
    inputs = tuple(t.clone().requires_grad_() for t in (lam, P, Q, b, c, eps))

    def run(*tensors: Tensor) -> Tensor:
        return dplr_kernel(*tensors, 4, conjugate_pairs=pairs)

    assert torch.autograd.gradcheck(run, inputs)
    if pairs:
        assert torch.autograd.gradgradcheck(run, inputs)


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize(("kind", "d"), [("legs", 1), ("legs", 5), ("legs", 32), ("legt", 4), ("legt", 5)])
def test_step_is_the_dense_bilinear_step(kind: str, d: int, pairs: bool) -> None:
    A, B = hippo_matrix(kind, d, dtype=torch.float64)
    lam, P, U = FORMS[kind](d, dtype=WIDE, conjugate_pairs=pairs)
    eps = 0.05
    move, drive = discretize(A, B, eps, "bilinear")
    state, x = torch.zeros(d, dtype=torch.float64), torch.zeros(len(lam), dtype=WIDE)
    for u in (1.0, -0.5, 2.0, 0.25):
        state = move @ state + drive * u
        x = bilinear_dplr_step(x, lam, P, P, U @ B.to(WIDE), eps, torch.tensor(u, dtype=torch.float64), conjugate_pairs=pairs)
        back = U.mH @ x
        assert compare(2 * back.real if pairs else back.real, state, 1e-12 * float(B.norm())).ok


def test_step_of_a_batch_is_a_loop_and_differentiable() -> None:
    lam, P, b, _ = system("legs", 4, pairs=True)
    x, u = draw(3, 2), draw(3, seed=1).real.clone()
    whole = bilinear_dplr_step(x, lam, P, P, b, 0.1, u, conjugate_pairs=True)
    for i in range(3):
        assert compare(whole[i], bilinear_dplr_step(x[i], lam, P, P, b, 0.1, u[i], conjugate_pairs=True), 1e-14).ok
    inputs = tuple(t.clone().requires_grad_() for t in (x, lam, P, b, u))
    assert torch.autograd.gradcheck(
        lambda x, lam, P, b, u: bilinear_dplr_step(x, lam, P, P, b, 0.1, u, conjugate_pairs=True), inputs
    )


def test_step_of_rank_two_in_single_precision() -> None:
    lam, P, b, _ = system("legt", 6)
    x, u = draw(6, seed=3), torch.tensor(0.5, dtype=torch.float64)
    truth = bilinear_dplr_step(x, lam, P, P, b, 0.1, u)
    narrow = bilinear_dplr_step(*(t.to(SINGLE) for t in (x, lam, P, P, b)), 0.1, u.float())
    assert compare(narrow, truth, 100 * 2.0**-24 * float(truth.abs().max())).ok


def test_lengths_zero_and_nan() -> None:
    lam, P, b, c = system("legs", 4, pairs=True)
    assert dplr_kernel(lam, P, P, b, c, 0.1, 0, conjugate_pairs=True).shape == (0,)
    assert dplr_kernel(lam, P, P, b, c, 0.1, 0).dtype == WIDE
    assert dplr_kernel(lam, P, P, b.expand(0, 2), c, 0.1, 8, conjugate_pairs=True).shape == (0, 8)
    b = torch.stack([b, b])
    b[0, 0] = math.nan
    K = dplr_kernel(lam, P, P, b, c, 0.1, 8, conjugate_pairs=True)
    assert torch.isnan(K[0]).all()
    assert torch.isfinite(K[1]).all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"eps": 0.0}, ValueError, "eps is 0.0, expected a positive finite number; a step goes forward in time"),
        ({"eps": math.inf}, ValueError, "eps is inf"),
        ({"eps": torch.tensor([0.1, -0.1], dtype=torch.float64)}, ValueError, "expected a positive finite number"),
        ({"length": -1}, ValueError, "length is -1"),
        ({"damping": -1.0}, ValueError, "damping is -1.0, expected a number from 0 to 50"),
        ({"damping": True}, TypeError, "damping is True"),
        ({"P": draw(4)}, ValueError, r"P.shape is \(4,\), expected \[..., r, d\]"),
        ({"P": draw(2, 4)}, ValueError, "expected one d, and one r of P and Q"),
        ({"b": draw(3)}, ValueError, r"the shapes of lam, P, Q, b, c is .*expected one d"),
        ({"c": draw(4, dtype=SINGLE)}, TypeError, "c.dtype is complex64, expected complex128 like lam"),
        ({"lam": draw(4).real}, TypeError, "lam.dtype is float64, expected complex64 or complex128"),
    ],
)
def test_errors_name_the_argument_and_the_remedy(change: dict, error: type[Exception], message: str) -> None:
    lam, P, b, c = system("legs", 4)
    arguments: dict[str, Any] = {"lam": lam, "P": P, "Q": P, "b": b, "c": c, "eps": 0.1, "length": 8} | change
    with pytest.raises(error, match=message):
        dplr_kernel(**arguments)


def test_errors_of_forms_and_steps() -> None:
    with pytest.raises(ValueError, match="dplr_legs: d is 0, expected an integer of at least 1"):
        dplr_legs(0)
    with pytest.raises(ValueError, match=r"dplr_legt: window is 0\.0, expected a positive finite number"):
        dplr_legt(4, window=0.0)
    with pytest.raises(TypeError, match="dplr_legs: dtype is float64, expected complex64 or complex128"):
        dplr_legs(4, dtype=torch.float64)
    lam, P, b, c = system("legs", 4)
    with pytest.raises(TypeError, match="bilinear_dplr_step: u is a float, expected a tensor"):
        bilinear_dplr_step(c, lam, P, P, b, 0.1, 1.0)


def test_shapes_as_annotated(checked: Any) -> None:
    lam, P, U = checked(dplr_legs)(4, dtype=WIDE)
    assert U.shape == (4, 4)
    assert checked(dplr_kernel)(lam, P, P, U[0], U[1], 0.1, 6).shape == (6,)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    lam, P, b, c = system("legs", 8, pairs=True)
    K = dplr_kernel(*(t.cuda() for t in (lam, P, P, b, c)), 0.01, 100, conjugate_pairs=True)
    assert compare(K.cpu(), dplr_kernel(lam, P, P, b, c, 0.01, 100, conjugate_pairs=True), 1e-11).ok
