"""Sums of exponentials and diagonal kernels against matrices of powers in double precision."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from derivable.kernels.discretization import discretize
from derivable.kernels.vandermonde import diagonal_kernel, reference_vandermonde_sum, vandermonde_sum
from derivable.numerics import compare, rounding_bound

WIDE = torch.complex128
SINGLE = torch.complex64


def draw(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=WIDE).to(dtype)


def decaying(*shape: int, dtype: torch.dtype = WIDE, seed: int = 1) -> Tensor:
    x = draw(*shape, seed=seed)
    return torch.complex(-x.real.abs() / 50, x.imag).to(dtype)


def agrees(v: Tensor, x: Tensor, length: int, pairs: bool) -> None:
    result = vandermonde_sum(v, x, length, conjugate_pairs=pairs)
    truth = reference_vandermonde_sum(v, x, length, conjugate_pairs=pairs)
    assert result.dtype == (v.real.dtype if pairs else v.dtype)
    assert result.shape == truth.shape
    if not result.numel():
        return
    l = torch.arange(length, dtype=torch.float64)
    size = (v.abs()[..., None] * torch.exp(x.real.to(torch.float64)[..., None] * l)).sum(-2)
    # the exponents and the powers of the reference are formed in double precision: an error of l |x| and of l units
    phase = (v.abs()[..., None] * torch.exp(x.real.to(torch.float64)[..., None] * l) * (4 + l * (2 + x.abs()[..., None]))).sum(-2)
    allowed = rounding_bound(v.dtype, 4 * v.shape[-1] + 6) * size + 4 * 2.0**-53 * phase
    agreement = compare(result, truth, (2 if pairs else 1) * allowed)
    assert agreement.ok, agreement


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("dtype", [SINGLE, WIDE])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 16, 17, 63, 257, 4096])
@pytest.mark.parametrize("d", [0, 1, 5])
def test_every_length_within_the_bound(d: int, length: int, dtype: torch.dtype, pairs: bool) -> None:
    agrees(draw(d, dtype=dtype), decaying(d, dtype=dtype), length, pairs)


def test_the_size_that_is_timed() -> None:
    agrees(draw(8, 32, dtype=SINGLE), decaying(8, 32, dtype=SINGLE), 4096, True)


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize(("v", "x"), [((4, 3), (3,)), ((3,), (2, 3)), ((4, 1, 3), (5, 3)), ((0, 3), (3,)), ((2, 3), (2, 3))])
def test_batches_broadcast(v: tuple, x: tuple, pairs: bool) -> None:
    agrees(draw(*v), decaying(*x), 21, pairs)


def test_growing_roots() -> None:
    agrees(draw(3), -decaying(3), 300, False)


def test_repeated_roots_add_their_weights() -> None:
    v, x = draw(3), decaying(1)
    whole = vandermonde_sum(v.sum(-1, keepdim=True), x, 40)
    assert compare(vandermonde_sum(v, x.expand(3), 40), whole, 1e-14 * float(v.abs().sum())).ok


def test_the_root_zero_contributes_to_the_first_result_only() -> None:
    v, x = torch.tensor([2.0, 3.0], dtype=WIDE), torch.tensor([complex(-math.inf, 0), 0], dtype=WIDE)
    assert torch.equal(vandermonde_sum(v, x, 70).real, torch.tensor([5.0] + [3.0] * 69, dtype=torch.float64))


def test_nan_spoils_its_row_alone() -> None:
    for value in (math.nan, math.inf):
        v, x = draw(2, 3), decaying(2, 3)
        v[0, 1] = value
        result = vandermonde_sum(v, x, 50, conjugate_pairs=True)
        assert not torch.isfinite(result[0]).any()
        assert torch.isfinite(result[1]).all()


@pytest.mark.parametrize("pairs", [False, True])
def test_all_derivatives(pairs: bool) -> None:
    inputs = (draw(2, 2).requires_grad_(), decaying(2).requires_grad_())

    def run(*tensors: Tensor) -> Tensor:
        return vandermonde_sum(*tensors, 7, conjugate_pairs=pairs)

    assert torch.autograd.gradcheck(run, inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(run, inputs)


def test_gradient_at_the_root_zero_is_finite() -> None:
    x = torch.tensor([complex(-math.inf, 0)], dtype=WIDE, requires_grad=True)
    (slope,) = torch.autograd.grad(vandermonde_sum(draw(1), x, 9).real.sum(), x)
    assert torch.isfinite(slope).all()


def test_under_vmap_it_is_a_loop() -> None:
    v, x = draw(4, 3), decaying(3)
    batched = torch.vmap(lambda v: vandermonde_sum(v, x, 30))(v)
    assert compare(batched, vandermonde_sum(v, x, 30), 1e-13).ok


def test_non_contiguous_arguments() -> None:
    v, x = (torch.stack([t, torch.full_like(t, math.nan)], -1)[..., 0] for t in (draw(2, 3), decaying(3)))
    agrees(v, x, 33, True)
    agrees(v.conj(), x.conj(), 33, False)


@pytest.mark.parametrize("method", ["bilinear", "zoh"])
@pytest.mark.parametrize("dtype", [SINGLE, WIDE])
def test_diagonal_kernel_is_the_response_of_the_discretised_system(dtype: torch.dtype, method: str) -> None:
    lam, b, c = 20 * decaying(6, dtype=dtype), draw(6, dtype=dtype), draw(6, dtype=dtype, seed=3)
    eps, length = 0.125, 500
    move, drive = discretize(torch.diag(lam.to(WIDE)), b.to(WIDE), eps, method)
    x, rows = drive, []
    for _ in range(length):
        rows.append(c.to(WIDE).conj() @ x)
        x = move @ x
    truth = torch.stack(rows)
    scale = float((c * drive).abs().sum())
    # c̄ b̄ is rounded once more than in the sums; the powers of the truth err by l units
    allowed = rounding_bound(dtype, 4 * 6 + 20, scale=scale) + 8 * length * 2.0**-53 * scale
    assert compare(diagonal_kernel(lam, b, c, eps, length, method=method), truth, allowed).ok
    pairs = diagonal_kernel(lam, b, c, eps, length, method=method, conjugate_pairs=True)
    assert compare(pairs, 2 * truth.real, 2 * allowed).ok


def test_logarithms_of_roots_are_not_rounded_to_single_precision() -> None:
    """A slow mode, ελ = -1e-3 + i, over 4096 steps: a logarithm rounded to float32 would cost 4096 · 6e-8."""
    lam = torch.tensor([-1 + 1000j], dtype=SINGLE)
    one = torch.ones(1, dtype=SINGLE)
    truth = diagonal_kernel(lam.to(WIDE), one.to(WIDE), one.to(WIDE), torch.tensor(1e-3).double(), 4096)
    result = diagonal_kernel(lam, one, one, torch.tensor(1e-3), 4096)
    assert compare(result, truth, rounding_bound(SINGLE, 20, scale=1e-3)).ok


def test_steps_of_channels() -> None:
    lam, b, c = decaying(5, 3), draw(5, 3), draw(3, seed=4)
    eps = torch.linspace(0.1, 0.5, 5, dtype=torch.float64)
    whole = diagonal_kernel(lam, b, c, eps, 40, conjugate_pairs=True)
    for i in range(5):
        assert compare(whole[i], diagonal_kernel(lam[i], b[i], c, float(eps[i]), 40, conjugate_pairs=True), 1e-13).ok


@pytest.mark.parametrize("method", ["bilinear", "zoh"])
def test_derivatives_of_the_diagonal_kernel(method: str) -> None:
    eps = torch.tensor([0.3], dtype=torch.float64)
    inputs = tuple(t.requires_grad_() for t in (decaying(2, 2), draw(2, 2), draw(2, seed=4), eps))

    def run(*tensors: Tensor) -> Tensor:
        return diagonal_kernel(*tensors, 5, method=method, conjugate_pairs=True)

    assert torch.autograd.gradcheck(run, inputs)
    assert torch.autograd.gradgradcheck(run, inputs)


def test_special_values_of_the_step() -> None:
    one = torch.ones(1, dtype=WIDE)
    # λ = 0 integrates; ελ = -2 makes the root 0
    assert compare(diagonal_kernel(0 * one, one, one, 0.5, 4, method="zoh"), torch.full((4,), 0.5, dtype=WIDE), 1e-15).ok
    result = diagonal_kernel(-4 * one, one, one, 0.5, 4)
    assert compare(result, torch.tensor([0.25, 0, 0, 0], dtype=WIDE), 1e-15).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: vandermonde_sum(draw(3), draw(2), 4), ValueError, r"x.shape\[-1\] is 2, expected 3 like v"),
        (lambda: vandermonde_sum(draw(3), draw(3), -1), ValueError, "length is -1, expected an integer of at least 0"),
        (lambda: vandermonde_sum(draw(3), draw(3), 2.0), TypeError, "length is 2.0"),
        (lambda: vandermonde_sum(draw(3).real, draw(3), 2), TypeError, "v.dtype is float64, expected complex64 or complex128"),
        (
            lambda: vandermonde_sum(draw(3), draw(3, dtype=SINGLE), 2),
            TypeError,
            "x.dtype is complex64, expected complex128 like v",
        ),
        (lambda: vandermonde_sum(draw(2, 3), draw(5, 3), 2), ValueError, "dimensions before the last that broadcast"),
        (lambda: diagonal_kernel(draw(3), draw(3), draw(3), 0.0, 4), ValueError, "eps is 0.0, expected a positive finite number"),
        (lambda: diagonal_kernel(draw(3), draw(3), draw(3), math.nan, 4), ValueError, "eps is nan"),
        (lambda: diagonal_kernel(draw(3), draw(3), draw(3), "1", 4), TypeError, "eps is '1'"),
        (lambda: diagonal_kernel(draw(3), draw(3), draw(3), torch.tensor(1.0), 4), TypeError, "eps.dtype is float32"),
        (
            lambda: diagonal_kernel(draw(3), draw(3), draw(3), 1.0, 4, method="euler"),
            ValueError,
            "expected one of 'bilinear', 'zoh'",
        ),
        (
            lambda: diagonal_kernel(torch.ones(1, dtype=WIDE), draw(1), draw(1), 2.0, 4),
            ValueError,
            "eps·lam is 2, expected another number; take another step or the method 'zoh'",
        ),
    ],
)
def test_errors_name_the_argument_and_the_remedy(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_shapes_as_annotated(checked: Any) -> None:
    assert checked(vandermonde_sum)(draw(2, 3), draw(2, 3), 9).shape == (2, 9)
    assert checked(diagonal_kernel)(decaying(2, 3), draw(2, 3), draw(2, 3), 0.1, 9).shape == (2, 9)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    v, x = draw(4, 7), decaying(4, 7)
    assert compare(vandermonde_sum(v.cuda(), x.cuda(), 900).cpu(), vandermonde_sum(v, x, 900), 1e-12).ok
