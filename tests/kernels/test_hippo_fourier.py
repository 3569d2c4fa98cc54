"""The Fourier analogue of LegS: its matrix entry by entry, its product by convolution."""

import math

import pytest
import torch

from derivable.kernels.hippo_fourier import fous_matrix, fous_matvec, reference_fous_matvec
from derivable.numerics import compare

WIDE = torch.complex128


def draw(*shape: int, dtype: torch.dtype = WIDE) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=WIDE).to(dtype)


def test_entries() -> None:
    A, B = fous_matrix(3, dtype=WIDE)
    for n in range(-3, 4):
        for k in range(-3, 4):
            want = 1j * math.pi * n - 1 if n == k else -n / (n - k)
            assert compare(A[n + 3, k + 3], want, 1e-15 * abs(want)).ok
    assert torch.equal(B, torch.ones(7, dtype=WIDE))


@pytest.mark.parametrize("N", [0, 1, 5, 40])
def test_symmetric_part_and_real_parts_of_the_spectrum(N: int) -> None:
    """Claims C7d, C7e: A + A* = -(I + 11ᵀ), and every eigenvalue has the real part -1."""
    A, _ = fous_matrix(N, dtype=WIDE)
    size = 2 * N + 1
    assert compare(A + A.mH, -(torch.eye(size) + torch.ones(size, size)).to(WIDE), 1e-14).ok
    assert compare(torch.linalg.eigvals(A).real, -1.0, 1e-10).ok


@pytest.mark.parametrize("dtype", [torch.complex128, torch.complex64])
@pytest.mark.parametrize("N", [0, 1, 2, 7, 8, 100])
def test_product_is_the_dense_one(N: int, dtype: torch.dtype) -> None:
    c = draw(2, 3, 2 * N + 1, dtype=dtype)
    result = fous_matvec(c)
    assert result.dtype == dtype
    unit = torch.finfo(dtype).eps / 2
    allowed = 16 * unit * (N + 1) * math.log2(8 * (N + 1)) * float(c.abs().square().sum(-1).sqrt().max())
    assert compare(result, reference_fous_matvec(c), allowed).ok
    assert compare(fous_matvec(c[1, 2]), result[1, 2], allowed).ok
    strided = torch.stack([c, torch.full_like(c, math.nan)], -1)[..., 0]
    assert compare(fous_matvec(strided), result, allowed).ok


def test_product_is_differentiable() -> None:
    c = draw(7).requires_grad_()
    assert torch.autograd.gradcheck(fous_matvec, (c,))
    assert torch.autograd.gradgradcheck(fous_matvec, (c,))


def test_dtype_of_the_matrix() -> None:
    assert fous_matrix(1)[0].dtype == torch.complex64
    wide, narrow = fous_matrix(4, dtype=WIDE)[0], fous_matrix(4, dtype=torch.complex64)[0]
    assert torch.equal(wide.to(torch.complex64), narrow)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: fous_matrix(-1),
            ValueError,
            "fous_matrix: N is -1, expected an integer of at least 0; there is nothing to compute below that.",
        ),
        (
            lambda: fous_matrix(2, dtype=torch.float32),
            TypeError,
            "fous_matrix: dtype is float32, expected complex64 or complex128; the coefficients are complex.",
        ),
        (
            lambda: fous_matvec(draw(4)),
            ValueError,
            "fous_matvec: c.shape is (4,), expected [..., 2N+1], the modes -N..N; add the missing mode.",
        ),
        (
            lambda: fous_matvec(torch.ones(3)),
            TypeError,
            "fous_matvec: c.dtype is float32, expected complex64 or complex128; convert it with .to(torch.complex64).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    c = draw(2, 65)
    assert compare(fous_matvec(c.cuda()).cpu(), fous_matvec(c), 1e-11).ok


def test_annotations_hold(checked) -> None:
    assert checked(fous_matvec)(draw(3)).shape == (3,)
    assert checked(fous_matrix)(2)[0].shape == (5, 5)
