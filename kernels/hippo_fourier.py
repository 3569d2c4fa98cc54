"""The Fourier analogue of LegS: the coefficients of the whole history on a basis of circular functions."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import COMPLEX, check_count, check_tensor, refuse
from derivable.kernels.hippo import COMPLEX_OF

if TYPE_CHECKING:
    from jaxtyping import Shaped


def fous_matrix(
    N: int, *, dtype: torch.dtype | None = None, device: torch.device | str | None = None
) -> tuple[Shaped[Tensor, "d d"], Shaped[Tensor, " d"]]:
    r"""Return ``(A, B)`` of :math:`c'=\frac1t(Ac+Bu)` for the modes -N..N of the history, d = 2N+1.

    :math:`A_{nk}=-\frac n{n-k}` (k ≠ n), :math:`A_{nn}=i\pi n-1`, :math:`B_n=1`, for the coefficients
    :math:`c_n(t)=\int_0^1u(st)e^{-2\pi ins}ds`.

    Args:
        N: the highest mode, from 0.
        dtype: complex64 or complex128 (default: that of torch's default dtype).
        device: where the result lies.

    Raises:
        ValueError: N < 0. TypeError: N is no int, or a dtype that is not complex.

    Notes:
        Claims ``ssm/hippo_discretization/C7c`` (entries), ``C7d`` (:math:`A+A^*=-(I+11^\top)`), ``C7e``
        (spectrum). The equation is exact
        for infinitely many modes; cut at N it errs by about n/N in mode n, so convergence is slow: relative
        error 0.16 at N = 5, 0.10 at N = 40 for an exponential. Mode 0 is exact. Cost O(N²).
    """
    check_count("fous_matrix: N", N, 0)
    kind = COMPLEX_OF[torch.get_default_dtype()] if dtype is None else dtype
    if kind not in COMPLEX:
        found = str(kind).removeprefix("torch.")
        refuse("fous_matrix: dtype", found, "complex64 or complex128", "the coefficients are complex", TypeError)
    n = torch.arange(-N, N + 1, dtype=torch.float64)
    distance = n[:, None] - n
    entries = torch.where(distance == 0, torch.zeros(()), -n[:, None] / distance)
    A = torch.complex(entries - torch.eye(len(n)), torch.diag(math.pi * n))
    return A.to(device=device, dtype=kind), torch.ones(len(n), dtype=kind, device=device)


def fous_matvec(c: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    r"""Return ``A c`` for the matrix of :func:`fous_matrix`, modes -N..N in the last dimension, by one convolution.

    :math:`(Ac)_n=in\,(h*c)_n-c_n` with :math:`h_m=\frac im` (m ≠ 0), :math:`h_0=\pi`.

    Args:
        c: ``[..., 2N+1]``, complex64 or complex128.

    Raises:
        ValueError: an even number of modes. TypeError: another dtype.

    Notes:
        Claim ``ssm/hippo_discretization/C7e``. O(N log N). The transform rounds by about
        :math:`u\log_2N\,\|h\|\,\|c\|` in each mode, times n: at most :math:`16uN\log_2(8N)\,\|c\|_2`. Differentiable.
    """
    check_tensor("fous_matvec: c", c, COMPLEX, "[..., 2N+1]", 1)
    count = c.shape[-1]
    if count % 2 == 0:
        refuse("fous_matvec: c.shape", str(tuple(c.shape)), "[..., 2N+1], the modes -N..N", "add the missing mode")
    n = torch.arange(-(count // 2), count // 2 + 1, dtype=torch.float64, device=c.device)
    # differences of modes in the order of the transform: 0..2N, then -2N..-1
    m = torch.cat([torch.arange(count), torch.arange(1 - count, 0)]).to(n)
    kernel = torch.where(m == 0, math.pi, 1j / m.where(m != 0, torch.ones_like(m))).to(c.dtype)
    size = 1 << (2 * count - 2).bit_length() if count > 1 else 1
    # room between the positive and the negative differences, so that the transform's length is a power of two
    gap = torch.zeros(size - len(m), dtype=c.dtype, device=c.device)
    spectrum = torch.fft.fft(torch.cat([kernel[:count], gap, kernel[count:]]))
    convolved = torch.fft.ifft(spectrum * torch.fft.fft(c, size))[..., :count]
    return 1j * n.to(c.real.dtype) * convolved - c


def reference_fous_matvec(c: Shaped[Tensor, "*batch d"]) -> Shaped[Tensor, "*batch d"]:
    """Return the dense product in complex128."""
    A, _ = fous_matrix(c.shape[-1] // 2, dtype=torch.complex128)
    return c.to(torch.complex128) @ A.T
