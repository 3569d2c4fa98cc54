"""Kernels with a rational generating function against the companion recursion, scipy and exact integers."""

import math
import warnings
from typing import Any, ClassVar

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter, ss2tf
from torch import Tensor

import derivable.kernels._memory as memory
from derivable.kernels.rational_transfer import (
    companion,
    reference_rtf_kernel,
    reference_rtf_kernel_truncated,
    rtf_kernel,
    rtf_kernel_truncated,
    rtf_step,
    rtf_to_recurrent,
    state_space_to_rtf,
)
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

REAL = torch.float64
COMPLEX = torch.complex128
UNIT = {REAL: 2.0**-53, COMPLEX: 2.0**-53, torch.float32: 2.0**-24, torch.complex64: 2.0**-24, torch.bfloat16: 2.0**-24}
DTYPES = (REAL, torch.float32, torch.bfloat16, COMPLEX, torch.complex64)


def draw(*shape: int, dtype: torch.dtype = REAL, seed: int = 0) -> Tensor:
    if not dtype.is_complex:
        return KernelCase.random(*shape, dtype=dtype, seed=seed)
    parts = (KernelCase.random(*shape, dtype=REAL, seed=seed + 50 * i) for i in (0, 1))
    return torch.complex(*parts).to(dtype)


def fraction(d: int, *batch: int, dtype: torch.dtype = REAL, size: float = 0.5, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Coefficients with ‖a‖₁ at most ``size``: all roots inside, |a(z)| ≥ 1 - size on the unit circle."""
    a = draw(*batch, d, dtype=REAL if dtype == torch.bfloat16 else dtype, seed=seed)
    a = size * a / a.abs().sum(-1, keepdim=True).clamp(min=1e-30)
    return a.to(dtype), draw(*batch, d, dtype=dtype, seed=seed + 1)


def bound(a: Tensor, b: Tensor, length: int, unit: float) -> Tensor:
    """The bound of the docstring, row by row."""
    a, b = (t.to(COMPLEX) for t in (a, b))
    d = a.shape[-1]
    z = torch.exp(-2j * math.pi * torch.arange(length, dtype=REAL) / length)
    powers = z[:, None] ** torch.arange(1, d + 1)
    margin = (1 + (powers * a[..., None, :]).sum(-1)).abs().amin(-1, keepdim=True)
    A, B = (t.abs().sum(-1, keepdim=True) for t in (a, b))
    return 12 * math.log2(2 * length) * unit * B * (1 + (1 + A) / margin) / margin


def agrees(a: Tensor, b: Tensor, length: int) -> None:
    result, truth = rtf_kernel(a, b, length), reference_rtf_kernel(a, b, length)
    assert result.dtype == a.dtype
    assert result.shape == truth.shape
    if not result.numel():
        return
    # the reference's solve and powers err by about d times as much in double precision
    allowed = bound(a, b, length, UNIT[a.dtype] + 4 * a.shape[-1] * 2.0**-53)
    if a.dtype == torch.bfloat16:
        allowed = allowed + 2.0**-8 * truth.abs()
    assert compare(result, truth, allowed.expand(truth.shape)).ok


class TestPeriodised(KernelCase):
    """d = size, L = 2 size + 1."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return rtf_kernel(*inputs, 2 * inputs[0].shape[-1] + 1)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_rtf_kernel(*inputs, 2 * inputs[0].shape[-1] + 1)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return fraction(size, *batch, dtype=dtype)

    def operations(self, size: int) -> int:
        # ‖b‖₁ ≤ 2d, (1 + ‖a‖₁)/m ≤ 3, 1/m ≤ 2 in the docstring's bound
        return math.ceil(12 * math.log2(4 * size + 2) * 2 * size * 4 * 2) + 8 * size

    def test_size_zero(self) -> None:
        assert torch.equal(rtf_kernel(torch.zeros(2, 0), torch.zeros(2, 0), 3), torch.zeros(2, 3))


class TestTruncated(TestPeriodised):
    def kernel(self, *inputs: Tensor) -> Tensor:
        return rtf_kernel_truncated(*inputs, 5 * inputs[0].shape[-1] + 1)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_rtf_kernel_truncated(*inputs, 5 * inputs[0].shape[-1] + 1)

    def test_size_zero(self) -> None:
        assert torch.equal(rtf_kernel_truncated(torch.zeros(2, 0), torch.zeros(2, 0), 3), torch.zeros(2, 3))


class TestOutputRow(TestPeriodised):
    """The row against b^T (I - A^L)^{-1}."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return rtf_to_recurrent(*inputs, 2 * inputs[0].shape[-1] + 1)

    def reference(self, *inputs: Tensor) -> Tensor:
        a, b = (t.to(REAL) for t in inputs)
        power = torch.linalg.matrix_power(companion(a), 2 * a.shape[-1] + 1)
        return torch.linalg.solve((torch.eye(a.shape[-1], dtype=REAL) - power).mT, b)

    def test_size_zero(self) -> None:
        assert rtf_to_recurrent(torch.zeros(2, 0), torch.zeros(2, 0), 3).shape == (2, 0)


class TestStep(KernelCase):
    """State and coefficients in two tensors, the input the last entry of the first."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        x, a = inputs
        return rtf_step(x[..., 1:], x[..., 0], a)

    def reference(self, *inputs: Tensor) -> Tensor:
        x, a = (t.to(REAL) for t in inputs)
        return companion(a) @ x[1:] + x[0] * torch.eye(len(a), dtype=REAL)[0]

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return self.random(*batch, size + 1, dtype=dtype), self.random(*batch, size, dtype=dtype, seed=1)

    def condition(self, size: int) -> float:
        # Σ |a_i x_i| over the largest entry of the result
        return 4.0 * size + 4.0


class TestCompanion(KernelCase):
    def kernel(self, *inputs: Tensor) -> Tensor:
        return companion(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return torch.from_numpy(scipy.linalg.companion(np.r_[1.0, inputs[0].double().numpy()]))

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype),)


class TestConversion(KernelCase):
    """A dense system, its kernel by the coefficients; derivatives included."""

    sizes: ClassVar[tuple[int, ...]] = (1, 2, 5, 12)
    dtypes: ClassVar[tuple[torch.dtype, ...]] = (REAL,)

    def kernel(self, *inputs: Tensor) -> Tensor:
        return rtf_kernel(*state_space_to_rtf(*inputs, 16), 16)

    def reference(self, *inputs: Tensor) -> Tensor:
        A, B, C = inputs
        rows = []
        for _ in range(16):
            rows.append((C.conj() * B).sum())
            B = A @ B
        return torch.stack(rows)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        A = self.random(*batch, size, size, dtype=dtype)
        return (
            A / (2.5 * max(size, 1) ** 0.5),
            self.random(*batch, size, dtype=dtype, seed=1),
            self.random(*batch, size, dtype=dtype, seed=2),
        )

    def condition(self, size: int) -> float:
        # coefficients up to 3 and a denominator down to 1/4 on the circle, as drawn; d coefficients
        return 100.0

    def test_size_zero(self) -> None:
        a, b = state_space_to_rtf(*self.inputs(0, REAL, (2,)), 4)
        assert a.shape == b.shape == (2, 0)


# -- lengths, dtypes, batches -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("d", "length"), [(0, 4), (1, 0), (1, 1), (1, 2), (2, 1), (3, 8), (3, 3), (4, 4), (4, 5), (7, 2), (9, 4), (8, 64), (65, 97)]
)
def test_every_length_within_the_bound(d: int, length: int, dtype: torch.dtype) -> None:
    """Odd and even lengths, d = L where the leading 1 folds onto a_d, d beyond L."""
    agrees(*fraction(d, dtype=dtype), length)


@settings(max_examples=60, deadline=None)
@given(
    d=st.integers(1, 12),
    length=st.integers(1, 40),
    size=st.floats(0.0, 0.95),
    seed=st.integers(0, 10**6),
    dtype=st.sampled_from([REAL, COMPLEX, torch.float32]),
)
def test_stable_denominators(d: int, length: int, size: float, seed: int, dtype: torch.dtype) -> None:
    agrees(*fraction(d, size=size, seed=seed, dtype=dtype), length)


@settings(max_examples=60, deadline=None)
@given(d=st.integers(1, 70), length=st.integers(1, 200), seed=st.integers(0, 10**6))
def test_truncated_response_of_small_integers_is_exact(d: int, length: int, seed: int) -> None:
    """Integers below 2⁵³ have no rounding: stable, unstable, repeated roots and roots on the unit circle alike."""
    generator = torch.Generator().manual_seed(seed)
    a, b = (torch.randint(-1, 2, (d,), generator=generator) * (torch.rand(d, generator=generator) < 2 / d) for _ in range(2))
    h: list[int] = []
    for k in range(length):
        later = sum(int(a[i - 1]) * h[k - i] for i in range(1, min(d, k) + 1))
        h.append((int(b[k]) if k < d else 0) - later)
        if abs(h[-1]) > 2**40:
            h.pop()
            break
    if h:
        assert rtf_kernel_truncated(a.to(REAL), b.to(REAL), len(h)).tolist() == h


@pytest.mark.parametrize(("a", "b"), [((3, 5), (5,)), ((5,), (3, 5)), ((4, 1, 5), (3, 5)), ((0, 5), (5,))])
@pytest.mark.parametrize("kernel", [rtf_kernel, rtf_kernel_truncated, rtf_to_recurrent])
def test_channels_share_a_denominator(kernel: Any, a: tuple, b: tuple) -> None:
    below, top = 0.15 * draw(*a), draw(*b, seed=1)
    whole = kernel(below, top, 9)
    rows = torch.broadcast_tensors(below, top)
    assert whole.shape[:-1] == rows[0].shape[:-1]
    if whole.numel():
        alone = kernel(rows[0].flatten(0, -2)[1], rows[1].flatten(0, -2)[1], 9)
        assert compare(whole.flatten(0, -2)[1], alone, 1e-14).ok


@pytest.mark.parametrize("dtype", [REAL, COMPLEX])
@pytest.mark.parametrize("length", [2, 5])
@pytest.mark.parametrize(("denominators", "numerators"), [((3,), (2, 3)), ((2, 3), (3,))])
@pytest.mark.parametrize("kernel", [rtf_kernel, rtf_kernel_truncated, rtf_to_recurrent])
def test_all_derivatives(kernel: Any, denominators: tuple, numerators: tuple, length: int, dtype: torch.dtype) -> None:
    """Broadcast batches, folded coefficients, one of two gradients wanted, forward mode."""
    a, b = 0.2 * draw(*denominators, dtype=dtype), draw(*numerators, dtype=dtype, seed=1)
    inputs = (a.requires_grad_(), b.requires_grad_())
    assert torch.autograd.gradcheck(lambda a, b: kernel(a, b, length), inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(lambda a, b: kernel(a, b, length), inputs)
    assert torch.autograd.gradcheck(lambda a: kernel(a, inputs[1].detach(), length), inputs[:1])
    assert torch.autograd.gradcheck(lambda b: kernel(inputs[0].detach(), b, length), inputs[1:])


def test_scipy_agrees() -> None:
    a, b = fraction(20, size=0.9)
    impulse = np.zeros(500)
    impulse[0] = 1.0
    peer = torch.from_numpy(lfilter(b.numpy(), np.r_[1.0, a.numpy()], impulse))
    assert compare(rtf_kernel_truncated(a, b, 500), peer, 1e-14).ok


# -- periodised, truncated, recurrent -----------------------------------------------------------------------------------


def test_the_periodised_response_is_the_folded_truncated_one() -> None:
    a, b = fraction(4, size=0.9)
    h = rtf_kernel_truncated(a, b, 60 * 64)
    assert compare(rtf_kernel(a, b, 60), h.unflatten(-1, (64, 60)).sum(0), 1e-13).ok
    assert float((rtf_kernel(a, b, 8) - h[:8]).abs().max()) > 0.1


def test_repeated_and_unstable_roots() -> None:
    """(1 - z/2)⁴, and a root at twice the circle, where the periodised kernel is the recurrence's with its own row."""
    repeated = torch.tensor([-2.0, 1.5, -0.5, 0.0625], dtype=REAL)
    agrees(repeated, draw(4), 32)
    agrees(torch.tensor([-2.5, 1.0], dtype=REAL), draw(2), 9)


@pytest.mark.parametrize("dtype", [REAL, COMPLEX])
@pytest.mark.parametrize(("d", "length"), [(1, 1), (3, 8), (5, 5), (7, 3), (8, 1), (6, 64)])
def test_recurrent_inference_has_the_kernel_of_training(d: int, length: int, dtype: torch.dtype) -> None:
    a, b = fraction(d, dtype=dtype)
    row = rtf_to_recurrent(a, b, length)
    x, outputs = torch.zeros(d, dtype=dtype), []
    for k in range(length):
        x = rtf_step(x, torch.tensor(float(k == 0), dtype=dtype), a)
        outputs.append((row * x).sum())
    assert compare(torch.stack(outputs), rtf_kernel(a, b, length), bound(a, b, length, (2 + 4 * d) * 2.0**-53).expand(length)).ok


def test_the_row_depends_on_the_length_of_training() -> None:
    a, b = fraction(4, size=0.9)
    assert float((rtf_to_recurrent(a, b, 6) - rtf_to_recurrent(a, b, 7)).abs().max()) > 0.01


def test_a_zero_denominator_is_a_window_of_the_last_inputs() -> None:
    """Claim C6: x holds the last d inputs, the kernel is b and zeros, exactly."""
    b, zero = draw(5), torch.zeros(5, dtype=REAL)
    for kernel in (rtf_kernel, rtf_kernel_truncated):
        assert compare(kernel(zero, b, 16), torch.cat([b, torch.zeros(11, dtype=REAL)]), 1e-15).ok
    x, inputs = zero, draw(9, seed=3)
    for u in inputs:
        x = rtf_step(x, u, zero)
    assert torch.equal(x, inputs[-5:].flip(0))


def test_steps_of_batches_broadcast() -> None:
    x, u, a = draw(3, 4), draw(2, 1, seed=1), draw(4, seed=2)
    got = rtf_step(x, u, a)
    assert got.shape == (2, 3, 4)
    assert torch.equal(got[1, 2], rtf_step(x[2], u[1, 0], a))


# -- dense state spaces ---------------------------------------------------------------------------------------------


def system(d: int, dtype: torch.dtype = REAL) -> tuple[Tensor, Tensor, Tensor]:
    A = draw(d, d, dtype=dtype)
    return 0.9 * A / torch.linalg.eigvals(A).abs().max(), draw(d, dtype=dtype, seed=1), draw(d, dtype=dtype, seed=2)


def test_coefficients_are_those_of_the_characteristic_polynomials() -> None:
    """Claim C3, by the roots of both determinants."""
    A, B, C = system(6)
    a, b = state_space_to_rtf(A, B, C, 32)
    row = C - C @ torch.linalg.matrix_power(A, 32)
    below, above = (np.poly(t.numpy()) for t in (A, A - torch.outer(B, row)))
    assert compare(a, torch.from_numpy(below[1:]), 1e-13).ok
    assert compare(b, torch.from_numpy((above - below)[1:]), 1e-12).ok


def test_complex_systems_take_the_conjugate_of_C() -> None:
    A, B, C = system(4, COMPLEX)
    kernel = rtf_kernel(*state_space_to_rtf(A, B, C, 24), 24)
    state, rows = B, []
    for _ in range(24):
        rows.append((C.conj() * state).sum())
        state = A @ state
    assert compare(kernel, torch.stack(rows), 1e-12).ok


def test_ss2tf_agrees_where_nothing_is_left_after_the_length() -> None:
    A, B, C = system(5)
    A = 0.1 * A
    top, below = ss2tf(A.numpy(), B.numpy()[:, None], C.numpy()[None], np.zeros((1, 1)))
    a, b = state_space_to_rtf(A, B, C, 40)
    assert compare(a, torch.from_numpy(below[1:]), 1e-14).ok
    assert compare(b, torch.from_numpy(top[0, 1:]), 1e-13).ok


def test_repeated_eigenvalues_have_derivatives() -> None:
    inputs = (torch.eye(3, dtype=REAL).mul(0.5).requires_grad_(), draw(3).requires_grad_(), draw(3, seed=1).requires_grad_())
    assert torch.autograd.gradcheck(lambda *s: state_space_to_rtf(*s, 4), inputs)


def test_a_conversion_that_loses_its_digits_says_so() -> None:
    """Eigenvalues 1, …, 40 times 1/50: coefficients of very different sizes."""
    A = torch.diag(torch.arange(1, 41, dtype=REAL) / 41) + torch.triu(torch.ones(40, 40, dtype=REAL), 1)
    with pytest.warns(RuntimeWarning, match=r"the coefficients give the first 80 numbers .* ill-conditioned: use fewer states"):
        state_space_to_rtf(A, draw(40), draw(40, seed=1), 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state_space_to_rtf(*system(20), 64)
        state_space_to_rtf(torch.zeros(3, 3, dtype=REAL), draw(3), torch.zeros(3, dtype=REAL), 4)


# -- what may go wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [REAL, torch.float32, COMPLEX])
@pytest.mark.parametrize(("a", "length"), [([-1.0], 8), ([0.0, 1.0], 4), ([1.0, 1.0], 3), ([1.0, 0.0], 6), ([-2.0, 1.0], 5)])
def test_a_root_of_unity_among_the_roots_is_refused(a: list[float], length: int, dtype: torch.dtype) -> None:
    """Claim C4: 1/DFT(a) is infinite; in the batch, too, and beside a row of NaN."""
    bad = torch.tensor(a, dtype=dtype)
    message = (
        r"least modulus of a\(z\) at the L-th roots of unity is .*, expected more than its rounding error .*rtf_kernel_truncated"
    )
    with pytest.raises(ValueError, match=message):
        rtf_kernel(bad, torch.ones_like(bad), length)
    with pytest.raises(ValueError, match=message):
        rtf_kernel(torch.stack([0.1 * bad, bad, torch.full_like(bad, math.nan)]), torch.ones_like(bad), length)
    assert torch.isfinite(rtf_kernel_truncated(bad, torch.ones_like(bad), length)).all()
    assert torch.isfinite(rtf_kernel(0.99 * bad, torch.ones_like(bad), length)).all()


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_nan_and_infinity_spoil_their_row_alone(which: int, value: float) -> None:
    pair = [0.1 * draw(2, 4), draw(2, 4, seed=1)]
    pair[which][0, 2] = value
    for kernel in (rtf_kernel, rtf_kernel_truncated, rtf_to_recurrent):
        result = kernel(*pair, 9)
        assert not torch.isfinite(result[0]).all()
        assert torch.isfinite(result[1]).all()
    assert torch.isfinite(rtf_kernel_truncated(*pair, 9)[0, :2]).all()


def test_results_beyond_the_range_overflow() -> None:
    assert math.isinf(float(rtf_kernel_truncated(torch.tensor([-2.0]), torch.tensor([1.0]), 200)[128]))


@pytest.mark.parametrize("kernel", [rtf_kernel, rtf_kernel_truncated])
def test_memory_is_refused_with_its_size(kernel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 20)
    with pytest.raises(MemoryError, match=r"GiB, expected at most the .* free"):
        kernel(torch.zeros(1 << 10, 2), torch.zeros(1 << 10, 2), 1 << 17)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rtf_kernel([0.1], draw(1), 4), TypeError, "a is a list, expected a tensor"),
        (lambda: rtf_kernel(draw(2).long(), draw(2), 4), TypeError, "a.dtype is int64, expected float32 or"),
        (lambda: rtf_kernel(draw(2), draw(2).float(), 4), TypeError, "b.dtype is float32, expected float64 like a"),
        (lambda: rtf_kernel(draw(2), draw(3), 4), ValueError, r"b.shape\[-1\] is 3, expected 2 like a; append zeros"),
        (lambda: rtf_kernel(draw(2, 3), draw(4, 3), 4), ValueError, "dimensions before the last that broadcast"),
        (lambda: rtf_kernel(draw(1)[0], draw(1), 4), ValueError, r"a.shape is \(\), expected \[..., d\]"),
        (lambda: rtf_kernel(draw(2), draw(2), -1), ValueError, "length is -1, expected an integer of at least 0"),
        (lambda: rtf_kernel_truncated(draw(2), draw(2), 4.0), TypeError, "length is 4.0 .*pass a Python int"),
        (lambda: rtf_to_recurrent(draw(2), draw(2), 0), ValueError, "length is 0, expected an integer of at least 1"),
        (lambda: rtf_step(draw(2), draw(3), draw(3)), ValueError, r"a.shape\[-1\] is 3, expected 2 like x"),
        (lambda: rtf_step(draw(2, 2), draw(3), draw(2)), ValueError, r"u.shape is \(3,\), expected one that broadcasts"),
        (lambda: rtf_step(draw(2), draw(1).float(), draw(2)), TypeError, "u.dtype is float32, expected float64"),
        (lambda: companion(3), TypeError, "a is a int, expected a tensor"),
        (lambda: state_space_to_rtf(draw(2, 2).float(), draw(2), draw(2), 4), TypeError, "A.dtype is float32, expected float64"),
        (lambda: state_space_to_rtf(draw(2, 3), draw(3), draw(3), 4), ValueError, r"A.shape is \(2, 3\), .*square"),
        (lambda: state_space_to_rtf(draw(2, 2), draw(3), draw(2), 4), ValueError, r"B.shape\[-1\] is 3, expected 2 like A"),
        (lambda: state_space_to_rtf(draw(3, 2, 2), draw(2, 2), draw(2), 4), ValueError, "batches that broadcast"),
    ],
)
def test_errors_name_the_argument_and_the_remedy(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_shapes_as_annotated(checked: Any) -> None:
    a, b = fraction(3, 2)
    assert checked(rtf_kernel)(a, b, 7).shape == (2, 7)
    assert checked(rtf_kernel_truncated)(a, b, 7).shape == (2, 7)
    assert checked(rtf_to_recurrent)(a, b, 7).shape == (2, 3)
    assert checked(companion)(a).shape == (2, 3, 3)
    assert checked(rtf_step)(b, draw(2), a).shape == (2, 3)
    assert checked(state_space_to_rtf)(draw(2, 3, 3), b, a, 4)[1].shape == (2, 3)


def test_reference_of_float32_inputs_is_in_double_precision() -> None:
    a, b = fraction(3, dtype=torch.float32)
    assert reference_rtf_kernel(a, b, 4).dtype == REAL
    assert compare(rtf_kernel(a.double(), b.double(), 4), reference_rtf_kernel(a, b, 4), rounding_bound(REAL, 200)).ok
