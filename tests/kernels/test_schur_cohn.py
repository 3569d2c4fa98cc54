"""The step-down against roots, the step-up as its inverse."""

import math
from typing import Any, ClassVar

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from derivable.kernels.rational_transfer import companion
from derivable.kernels.schur_cohn import denominator_from_reflection, reflection_coefficients, schur_cohn_stable
from derivable.numerics import compare

from .kernel_case import KernelCase

REAL = torch.float64
COMPLEX = torch.complex128


def draw(*shape: int, dtype: torch.dtype = REAL, seed: int = 0) -> Tensor:
    if not dtype.is_complex:
        return KernelCase.random(*shape, dtype=dtype, seed=seed)
    return torch.complex(draw(*shape, seed=seed), draw(*shape, seed=seed + 50)).to(dtype)


def radius(a: Tensor) -> Tensor:
    return torch.linalg.eigvals(companion(a)).abs().amax(-1)


class TestReflection(KernelCase):
    """Polynomials with κ = tanh(x/4): far from the border."""

    dtypes: ClassVar[tuple[torch.dtype, ...]] = (REAL, torch.float32, torch.bfloat16)
    sizes: ClassVar[tuple[int, ...]] = (1, 2, 5, 9)

    def kernel(self, *inputs: Tensor) -> Tensor:
        return reflection_coefficients(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        """The step-down, one entry at a time in Python's floats."""
        c, kappas = [1.0, *inputs[0].double().tolist()], []
        while len(c) > 1:
            last = c[-1]
            kappas.append(last)
            c = [(p - last * q) / (1 - last * last) for p, q in zip(c, c[::-1], strict=True)][:-1]
        return torch.tensor(kappas[::-1], dtype=REAL)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (denominator_from_reflection(torch.tanh(self.random(*batch, size, dtype=REAL) / 4)).to(dtype),)

    def condition(self, size: int) -> float:
        # each step multiplies an error by at most (1 + |κ|)/(1 - κ²) ≤ 1/(1 - |κ|) ≤ 2.5
        return 2.5**size

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        return super().allowed(size, dtype, truth.abs().clamp(min=1.0))


class TestDenominator(TestReflection):
    def kernel(self, *inputs: Tensor) -> Tensor:
        return denominator_from_reflection(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        c = [1.0]
        for last in inputs[0].double().tolist():
            c = [p + last * q for p, q in zip([*c, 0.0], [0.0, *c[::-1]], strict=True)]
        return torch.tensor(c[1:], dtype=REAL)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (torch.tanh(self.random(*batch, size, dtype=dtype) / 4),)

    def condition(self, size: int) -> float:
        return 2.0**size


@pytest.mark.parametrize("dtype", [REAL, COMPLEX])
@pytest.mark.parametrize("d", range(1, 9))
def test_stable_is_what_the_roots_say(d: int, dtype: torch.dtype) -> None:
    """4000 polynomials of many sizes; roots within 10⁻⁶ of the circle are left out."""
    scale = torch.linspace(0.05, 2.0, 4000, dtype=REAL)[:, None]
    a = scale * draw(4000, d, dtype=dtype)
    a = torch.cat([a, denominator_from_reflection(torch.tanh(draw(2000, d, seed=7)).to(dtype))])
    size = radius(a)
    clear = (size - 1).abs() > 1e-6
    assert int((size[clear] < 1).sum()) > 1000
    assert int((size[clear] > 1).sum()) > 500
    assert torch.equal(schur_cohn_stable(a)[clear], size[clear] < 1)


@settings(max_examples=60, deadline=None)
@given(d=st.integers(1, 12), seed=st.integers(0, 10**6), dtype=st.sampled_from([REAL, COMPLEX]))
def test_the_cube_is_the_stable_region(d: int, seed: int, dtype: torch.dtype) -> None:
    """Every κ inside gives a stable polynomial, one κ outside an unstable one; the step-down returns κ."""
    kappa = draw(d, dtype=dtype, seed=seed)
    kappa = 0.8 * kappa / (1 + kappa.abs())
    a = denominator_from_reflection(kappa)
    assert bool(schur_cohn_stable(a))
    assert bool(radius(a) < 1)
    # an error of d roundings of a grows by at most 1/(1 - 0.8) = 5 a step
    assert compare(reflection_coefficients(a), kappa, d * d * 5.0**d * 2.0**-53).ok
    kappa[seed % d] = 1.5
    assert not bool(schur_cohn_stable(denominator_from_reflection(kappa)))
    assert bool(radius(denominator_from_reflection(kappa)) > 1)


@pytest.mark.parametrize(
    ("a", "stable"),
    [
        ([], True),
        ([0.5], True),
        ([-1.0], False),
        ([-1.8, 0.81], True),
        ([-0.9, -0.9], False),
        ([-0.7, -0.7], False),
        ([-2.0, 1.0], False),
        ([0.0, 0.0, 0.0], True),
        ([1e300, 1e300, 0.5], False),
        ([math.nan], False),
        ([math.inf, 0.5], False),
        ([math.nan, 0.5], False),
    ],
)
def test_known_polynomials(a: list[float], stable: bool) -> None:
    """Double roots, both sides of the ℓ₁ ball, the border itself, values that are no numbers."""
    assert bool(schur_cohn_stable(torch.tensor(a, dtype=REAL))) is stable


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.complex64])
def test_other_dtypes_are_decided_in_double_precision(dtype: torch.dtype) -> None:
    a = (0.6 * draw(200, 4)).to(dtype)
    wide = COMPLEX if dtype.is_complex else REAL
    assert torch.equal(schur_cohn_stable(a), schur_cohn_stable(a.to(wide)))


def test_batches_and_strides() -> None:
    a = 0.6 * draw(2, 5, 3)
    whole = schur_cohn_stable(a)
    assert whole.shape == (2, 5)
    assert whole.dtype == torch.bool
    assert bool(whole[1, 3]) == bool(schur_cohn_stable(a[1, 3]))
    assert torch.equal(schur_cohn_stable(a.mT.contiguous().mT), whole)
    assert schur_cohn_stable(torch.zeros(0, 3)).shape == (0,)


def test_complex_derivatives() -> None:
    kappa = (0.2 * draw(2, 3, dtype=COMPLEX)).requires_grad_()
    assert torch.autograd.gradcheck(denominator_from_reflection, (kappa,))
    assert torch.autograd.gradcheck(reflection_coefficients, (denominator_from_reflection(kappa.detach()).requires_grad_(),))


@pytest.mark.parametrize("function", [schur_cohn_stable, reflection_coefficients, denominator_from_reflection])
def test_errors_name_the_argument_and_the_remedy(function: Any) -> None:
    with pytest.raises(TypeError, match=r"is a list, expected a tensor \[..., d\]; convert it"):
        function([0.5])
    with pytest.raises(TypeError, match="dtype is int64, expected float32 or"):
        function(torch.tensor([1]))
    with pytest.raises(ValueError, match=r"shape is \(\), expected \[..., d\]"):
        function(torch.tensor(1.0))


def test_shapes_as_annotated(checked: Any) -> None:
    a = 0.3 * draw(2, 3)
    assert checked(schur_cohn_stable)(a).shape == (2,)
    assert checked(reflection_coefficients)(a).shape == (2, 3)
    assert checked(denominator_from_reflection)(a).shape == (2, 3)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    a = 0.6 * draw(300, 4)
    assert torch.equal(schur_cohn_stable(a.cuda()).cpu(), schur_cohn_stable(a))
