"""Causal convolution against the sum tap by tap, and against scipy."""

import math
from typing import Any

import pytest
import torch
from scipy.signal import fftconvolve
from torch import Tensor

import derivable.kernels.causal_convolution as module
from derivable.kernels.causal_convolution import fast_length, fft_causal_conv, reference_fft_causal_conv
from derivable.numerics import compare

from .kernel_case import KernelCase

REAL = torch.float64
UNIT = {torch.float64: 2.0**-53, torch.float32: 2.0**-24, torch.bfloat16: 2.0**-24}


def draw(*shape: int, dtype: torch.dtype = REAL, seed: int = 0) -> Tensor:
    return KernelCase.random(*shape, dtype=dtype, seed=seed)


def agrees(u: Tensor, K: Tensor) -> None:
    result, truth = fft_causal_conv(u, K), reference_fft_causal_conv(u, K)
    assert result.dtype == u.dtype
    assert result.shape == truth.shape
    if not result.numel():
        return
    size = u.double().norm(dim=-1, keepdim=True) * K.double().norm(dim=-1, keepdim=True)
    allowed = 12 * math.log2(2 * (u.shape[-1] + K.shape[-1])) * UNIT[u.dtype] * size
    if u.dtype == torch.bfloat16:
        allowed = allowed + 2.0**-8 * truth.abs()
    assert compare(result, truth, allowed.expand(truth.shape)).ok


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize(
    ("length", "taps"), [(0, 0), (0, 4), (4, 0), (1, 1), (1, 5), (2, 2), (7, 7), (64, 64), (97, 13), (13, 97), (1000, 1000)]
)
def test_every_length_within_the_bound(length: int, taps: int, dtype: torch.dtype) -> None:
    agrees(draw(length, dtype=dtype), draw(taps, dtype=dtype, seed=1))


@pytest.mark.parametrize(("u", "K"), [((3, 9), (9,)), ((9,), (3, 9)), ((4, 3, 9), (3, 5)), ((2, 1, 9), (3, 9)), ((0, 9), (9,))])
def test_batches_broadcast(u: tuple, K: tuple) -> None:
    agrees(draw(*u), draw(*K, seed=1))


def test_nothing_wraps_around() -> None:
    """Claim C4d: a tail that a transform of length L would bring back to the front."""
    u, K = torch.zeros(50, dtype=REAL), torch.ones(50, dtype=REAL)
    u[-1] = 1.0
    assert compare(fft_causal_conv(u, K)[:-1], torch.zeros(49, dtype=REAL), 1e-14).ok


def test_later_inputs_do_not_matter() -> None:
    u, K = draw(40), draw(40, seed=1)
    changed = u.clone()
    changed[20:] += 5.0
    assert compare(fft_causal_conv(changed, K)[:20], fft_causal_conv(u, K)[:20], 1e-13).ok


def test_scipy_agrees() -> None:
    u, K = draw(321), draw(200, seed=1)
    peer = torch.from_numpy(fftconvolve(u.numpy(), K.numpy()))[:321]
    assert compare(fft_causal_conv(u, K), peer, 1e-13).ok


def test_all_derivatives() -> None:
    inputs = (draw(2, 5).requires_grad_(), draw(5, seed=1).requires_grad_())
    assert torch.autograd.gradcheck(fft_causal_conv, inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(fft_causal_conv, inputs)


@pytest.mark.parametrize(("u", "K"), [((3, 1, 4), (2, 6)), ((2, 4), (3, 1, 3)), ((4,), (2, 4))])
def test_derivatives_of_broadcast_arguments(u: tuple, K: tuple) -> None:
    inputs = (draw(*u).requires_grad_(), draw(*K, seed=1).requires_grad_())
    assert torch.autograd.gradcheck(fft_causal_conv, inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(fft_causal_conv, inputs, check_fwd_over_rev=True)
    assert torch.autograd.gradcheck(lambda K: fft_causal_conv(inputs[0].detach(), K), inputs[1:])


def test_under_vmap_it_is_a_loop() -> None:
    u, K = draw(4, 2, 7), draw(3, 4, 1, 5, seed=1)
    batched = torch.vmap(fft_causal_conv, in_dims=(0, 1), out_dims=1)(u, K)
    alone = torch.vmap(lambda K: fft_causal_conv(u[0], K))(K[:, 0])
    for i in range(4):
        assert compare(batched[:, i], fft_causal_conv(u[i], K[:, i]), 1e-13).ok
    assert compare(alone, batched[:, 0], 1e-13).ok
    jacobian = torch.func.jacrev(lambda K: fft_causal_conv(u[0, 0], K))(K[0, 0, 0])
    assert compare(jacobian, torch.func.jacfwd(lambda K: fft_causal_conv(u[0, 0], K))(K[0, 0, 0]), 1e-13).ok


@pytest.mark.parametrize(
    ("u", "K"),
    [((3, 70), (9,)), ((3, 70), (3, 9)), ((2, 70, 9), (70, 5)), ((2, 1, 9), (70, 9)), ((9,), (2, 3, 9)), ((90,), (90,))],
)
def test_pieces_are_the_whole(u: tuple, K: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of a few rows, of one row, and rows longer than a tile."""
    for tile in (1, 64, 1000):
        monkeypatch.setattr(module, "TILE", tile)
        agrees(draw(*u), draw(*K, seed=1))


def test_nan_spoils_its_row_alone() -> None:
    u, K = draw(2, 9), draw(9, seed=1)
    u[0, 8] = math.nan
    result = fft_causal_conv(u, K)
    assert torch.isnan(result[0]).all()
    assert torch.isfinite(result[1]).all()


def test_non_contiguous_arguments() -> None:
    agrees(draw(9, 2).mT, draw(18, seed=1)[::2])


def test_lengths_of_transforms_are_the_least_without_large_factors() -> None:
    def smooth(n: int) -> bool:
        for p in (2, 3, 5):
            while n % p == 0:
                n //= p
        return n == 1

    numbers = [n for n in range(1, 5000) if smooth(n)]
    for least in (1, 2, 7, 11, 13, 97, 127, 1025, 4097):
        assert fast_length(least) == next(n for n in numbers if n >= least)


@pytest.mark.parametrize(
    ("u", "K", "error", "message"),
    [
        (draw(3).to(torch.complex128), draw(3), TypeError, "u.dtype is complex128, expected float32 or float64 or bfloat16"),
        (draw(3), draw(3).float(), TypeError, "K.dtype is float32, expected float64 like u"),
        (draw(2, 3), draw(5, 3), ValueError, "dimensions before the last that broadcast"),
        (draw(3)[0], draw(3), ValueError, r"u.shape is \(\), expected \[..., L\]"),
    ],
)
def test_errors_name_the_argument_and_the_remedy(u: Any, K: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        fft_causal_conv(u, K)


def test_shapes_as_annotated(checked: Any) -> None:
    assert checked(fft_causal_conv)(draw(2, 4), draw(4)).shape == (2, 4)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    u, K = draw(3, 500), draw(500, seed=1)
    assert compare(fft_causal_conv(u.cuda(), K.cuda()).cpu(), fft_causal_conv(u, K), 1e-12).ok
