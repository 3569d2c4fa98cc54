"""Linear scans against the loop in double precision, within the stated bound of rounding."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import derivable.kernels._memory as memory
from derivable.kernels.linear_scan import (
    linear_scan,
    linear_scan_dense,
    reference_linear_scan,
    reference_linear_scan_dense,
)
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64
UNIT = {torch.complex64: torch.float32, torch.complex128: torch.float64, torch.bfloat16: torch.float32}


def draw(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    wide = torch.complex128 if dtype.is_complex else WIDE
    return torch.randn(shape, generator=generator, dtype=wide).to(dtype)


def coefficients(*shape: int, dtype: torch.dtype = WIDE, seed: int = 1) -> Tensor:
    """Coefficients of modulus up to 1, some of them 0."""
    a = draw(*shape, dtype=dtype, seed=seed)
    size = a.abs().clamp(min=1e-3)
    return torch.where(size < 0.1, torch.zeros_like(a), a / size * (1 - size / 8).clamp(min=0.1))


def bound(a: Tensor, b: Tensor, **options: Any) -> Tensor:
    """2(t+2)u Σ|a_t … a_{s+1} b_s|, four times that for complex numbers, and the rounding to the dtype."""
    if isinstance(options.get("initial"), Tensor):
        options["initial"] = options["initial"].abs()
    size = reference_linear_scan(a.abs(), b.abs(), **options)
    length = size.shape[options.get("dim", -1)]
    factor = rounding_bound(UNIT.get(b.dtype, b.dtype), (8 if b.is_complex() else 2) * (length + 1))
    return (factor + (rounding_bound(torch.bfloat16, 1) if b.dtype == torch.bfloat16 else 0)) * size


class ScanCase(KernelCase):
    """Rows of coefficients and inputs, time last."""

    sizes = (1, 2, 7, 33, 100)
    reverse = False

    def kernel(self, *inputs: Tensor) -> Tensor:
        return linear_scan(*inputs, reverse=self.reverse)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_linear_scan(*inputs, reverse=self.reverse)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return coefficients(*batch, size, dtype=dtype), draw(*batch, size, dtype=dtype)

    def operations(self, size: int) -> int:
        return 2 * (size + 1)

    def condition(self, size: int) -> float:
        # no cancellation is worse than all terms of one sign: Σ|…| ≤ size · max|b|, against the largest state
        return float(size)


class TestForward(ScanCase):
    """h_t = a_t h_{t-1} + b_t."""


class TestBackward(ScanCase):
    """h_t = a_t h_{t+1} + b_t."""

    reverse = True


class TestDense(KernelCase):
    """Matrices of size 3."""

    sizes = (1, 2, 7, 33, 100)

    def kernel(self, *inputs: Tensor) -> Tensor:
        return linear_scan_dense(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_linear_scan_dense(*inputs)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return draw(*batch, size, 3, 3, dtype=dtype) / 4, draw(*batch, size, 3, dtype=dtype)

    def operations(self, size: int) -> int:
        return 6 * (size + 1)

    def condition(self, size: int) -> float:
        return float(size)


CASES = [((n,), 0) for n in (0, 1, 2, 31, 32, 33, 64, 65, 1025)] + [
    ((3, 70), 1),
    ((100, 3), 0),
    ((2, 65, 70), 1),
    ((2, 3, 65, 4), -2),
    ((100, 130), 0),
    ((2, 40, 9000), 1),
    ((9000, 40), -1),
]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.complex64, torch.complex128, torch.bfloat16])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(("shape", "dim"), CASES)
def test_every_layout_within_the_bound(shape: tuple[int, ...], dim: int, reverse: bool, dtype: torch.dtype) -> None:
    a, b = coefficients(*shape, dtype=dtype), draw(*shape, dtype=dtype)
    rest = list(shape)
    rest.pop(dim)
    for initial in (None, draw(*rest, dtype=dtype, seed=2)):
        options = {"dim": dim, "reverse": reverse, "initial": initial}
        result = linear_scan(a, b, **options)
        assert result.dtype == dtype
        assert result.shape == shape
        if result.numel():
            agreement = compare(result, reference_linear_scan(a, b, **options), bound(a, b, **options))
            assert agreement.ok, agreement


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.complex64, torch.complex128, torch.bfloat16])
@pytest.mark.parametrize("size", [1, 3, 30])
@pytest.mark.parametrize("length", [0, 1, 2, 70])
def test_matrices_within_the_bound(length: int, size: int, dtype: torch.dtype) -> None:
    a, b = draw(2, length, size, size, dtype=dtype) / (2 * size**0.5), draw(2, length, size, dtype=dtype, seed=1)
    for reverse in (False, True):
        for initial in (None, draw(2, size, dtype=dtype, seed=2)):
            options = {"reverse": reverse, "initial": initial}
            result = linear_scan_dense(a, b, **options)
            assert result.dtype == dtype
            assert result.shape == b.shape
            if not result.numel():
                continue
            moduli = options | {"initial": None if initial is None else initial.abs()}
            scale = reference_linear_scan_dense(a.abs(), b.abs(), **moduli)
            unit = rounding_bound(UNIT.get(dtype, dtype), (8 if dtype.is_complex else 2) * (size + 1) * (length + 1))
            # products of matrices have larger moduli than the matrices of moduli of a path; 4 for the chunks
            allowed = 4 * unit * scale + (rounding_bound(torch.bfloat16, 1) * scale if dtype == torch.bfloat16 else 0)
            agreement = compare(result, reference_linear_scan_dense(a, b, **options), allowed)
            assert agreement.ok, agreement


@settings(max_examples=40, deadline=None)
@given(data=st.data(), length=st.integers(2, 200), reverse=st.booleans())
def test_goes_on_from_a_state(data: st.DataObject, length: int, reverse: bool) -> None:
    cut = data.draw(st.integers(1, length - 1))
    a, b = coefficients(2, length, seed=length), draw(2, length, seed=length + 1)
    whole = linear_scan(a, b, reverse=reverse)
    if reverse:
        piece = linear_scan(a[:, :cut], b[:, :cut], initial=whole[:, cut], reverse=True)
        truth = whole[:, :cut]
    else:
        piece = linear_scan(a[:, cut:], b[:, cut:], initial=whole[:, cut - 1])
        truth = whole[:, cut:]
    assert compare(piece, truth, 1e-12).ok


def test_long_rows_in_single_precision_keep_their_error() -> None:
    """The size that is timed: 512 rows of 8192 steps stay within 5e-6."""
    generator = torch.Generator().manual_seed(0)
    a, b = torch.rand(1, 512, 8192, generator=generator), torch.randn(1, 512, 8192, generator=generator)
    truth = reference_linear_scan(a, b)
    assert compare(linear_scan(a, b), truth, 5e-6).ok
    channels_last = linear_scan(a.mT.contiguous(), b.mT.contiguous(), dim=1)
    assert compare(channels_last.mT, truth, 5e-6).ok


def test_long_memory_in_single_precision() -> None:
    """Coefficients near 1, where running products in logarithms lose three digits."""
    a, b = 1 - coefficients(4, 20000).abs().float() * 1e-3, draw(4, 20000, dtype=torch.float32)
    assert compare(linear_scan(a, b), reference_linear_scan(a, b), bound(a, b)).ok


def test_zero_coefficients_cut_the_past_off() -> None:
    """A scan that divides by running products gives NaN here."""
    a, b = torch.ones(300, dtype=WIDE), torch.ones(300, dtype=WIDE)
    a[[5, 64, 200]] = 0
    t = torch.arange(300)
    truth = t + 1 - torch.where(t >= 200, 200, torch.where(t >= 64, 64, torch.where(t >= 5, 5, 0)))
    assert torch.equal(linear_scan(a, b), truth.to(WIDE))


@pytest.mark.parametrize("kernel", ["elementwise", "dense"])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
def test_all_derivatives(dtype: torch.dtype, reverse: bool, kernel: str) -> None:
    if kernel == "dense":
        inputs = (draw(2, 5, 2, 2, dtype=dtype), draw(2, 5, 2, dtype=dtype, seed=1), draw(2, 2, dtype=dtype, seed=2))
        scan: Any = linear_scan_dense
    else:
        inputs = (draw(2, 5, dtype=dtype), draw(2, 5, dtype=dtype, seed=1), draw(2, dtype=dtype, seed=2))
        scan = linear_scan
    inputs = tuple(t.requires_grad_() for t in inputs)

    def run(a: Tensor, b: Tensor, initial: Tensor) -> Tensor:
        return scan(a, b, initial=initial, reverse=reverse)

    assert torch.autograd.gradcheck(run, inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(run, inputs, check_fwd_over_rev=True)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("scan", [linear_scan, linear_scan_dense])
def test_gradients_without_steps(scan: Any, reverse: bool) -> None:
    coefficients = (2, 0) if scan is linear_scan else (2, 0, 3, 3)
    shapes = (coefficients, (2, 0), (2,)) if scan is linear_scan else (coefficients, (2, 0, 3), (2, 3))
    leaves = [torch.ones(shape, dtype=WIDE, requires_grad=True) for shape in shapes]
    a, b, initial = leaves
    gradients = torch.autograd.grad(scan(a, b, initial=initial, reverse=reverse).sum(), leaves)
    assert [g.shape for g in gradients] == [t.shape for t in leaves]
    assert not gradients[2].any()


def test_gradient_of_chunks_is_that_of_the_loop() -> None:
    a, b = coefficients(2, 500).requires_grad_(), draw(2, 500).requires_grad_()
    weight = draw(2, 500, seed=5)
    result = torch.autograd.grad((linear_scan(a, b) * weight).sum(), (a, b))
    truth = torch.autograd.grad((reference_linear_scan(a, b) * weight).sum(), (a, b))
    for got, want in zip(result, truth, strict=True):
        assert compare(got, want, 1e-11 * float(want.abs().max())).ok


def test_gradient_of_a_broadcast_coefficient_is_summed() -> None:
    a, b = torch.tensor([0.5], dtype=WIDE, requires_grad=True), draw(3, 50)
    (result,) = torch.autograd.grad(linear_scan(a, b).sum(), a)
    (truth,) = torch.autograd.grad(reference_linear_scan(a, b).sum(), a)
    assert result.shape == (1,)
    assert compare(result, truth, 1e-12 * float(truth.abs())).ok


def test_under_vmap_and_jacobians() -> None:
    a, b, initial = coefficients(4, 2, 7), draw(2, 7), draw(2)
    batched = torch.vmap(lambda a: linear_scan(a, b, initial=initial))(a)
    assert torch.equal(batched, linear_scan(a, b, initial=initial))
    dense = torch.vmap(lambda a: linear_scan_dense(a, b.mT))(draw(3, 7, 2, 2))
    assert torch.equal(dense, linear_scan_dense(draw(3, 7, 2, 2), b.mT))

    def last(b: Tensor) -> Tensor:
        return linear_scan(a[0], b)[:, -1]

    reverse_mode, forward_mode = torch.func.jacrev(last)(b), torch.func.jacfwd(last)(b)
    assert compare(forward_mode, reverse_mode, 1e-14).ok
    # ∂h_last/∂b_s is the product of the coefficients after s
    assert compare(reverse_mode[0, 0, 3], float(a[0, 0, 4:].prod()), 1e-14).ok


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dim", [0, 1])
def test_a_step_that_is_not_finite_spoils_its_row_from_there_on(dim: int, reverse: bool, value: float) -> None:
    a, b = coefficients(100, 100).abs() + 0.1, draw(100, 100)
    truth = linear_scan(a, b, dim=dim, reverse=reverse)
    cell = (3, 40) if dim == 1 else (40, 3)
    b[cell] = value
    result = linear_scan(a, b, dim=dim, reverse=reverse)
    spoilt = torch.zeros(100, 100, dtype=torch.bool)
    rows = spoilt if dim == 1 else spoilt.T
    rows[3, : 41 if reverse else None] = reverse
    if not reverse:
        rows[3, 40:] = True
    assert torch.equal(~result.isfinite(), spoilt)
    assert compare(result[~spoilt], truth[~spoilt], 1e-12 * float(truth.abs().max())).ok
    assert bool(result[spoilt].isnan().all()) == math.isnan(value)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.complex64, torch.bfloat16])
@pytest.mark.parametrize(
    ("rows", "length", "width"),
    [(128, 33, 1), (130, 64, 1), (257, 65, 1), (600, 97, 1), (200, 1500, 1), (50, 40, 3), (300, 130, 2)],
)
def test_many_rows_within_the_bound(rows: int, length: int, width: int, dtype: torch.dtype, reverse: bool) -> None:
    """Where time lies contiguous: windows, tiles of rows and of time, blocks that are cut short."""
    a, b = coefficients(rows, length, width, dtype=dtype), draw(rows, length, width, dtype=dtype)
    initial = draw(rows, width, dtype=dtype, seed=2)
    for options in ({}, {"initial": initial}):
        result = linear_scan(a, b, dim=1, reverse=reverse, **options)
        truth = reference_linear_scan(a, b, dim=1, reverse=reverse, **options)
        assert compare(result, truth, bound(a, b, dim=1, reverse=reverse, **options)).ok


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("at", [0, 20, 32, 140, 219])
def test_a_step_of_many_rows_that_is_not_finite(at: int, reverse: bool, value: float) -> None:
    a, b = coefficients(200, 220).abs() + 0.1, draw(200, 220)
    truth = linear_scan(a, b, reverse=reverse)
    b[7, at] = value
    result = linear_scan(a, b, reverse=reverse)
    spoilt = torch.zeros(200, 220, dtype=torch.bool)
    spoilt[7, slice(0, at + 1) if reverse else slice(at, None)] = True
    assert torch.equal(~result.isfinite(), spoilt)
    assert compare(result[~spoilt], truth[~spoilt], 1e-12 * float(truth.abs().max())).ok


def test_products_of_many_rows_that_overflow_and_an_unused_coefficient() -> None:
    a, b = torch.full((150, 300), 4e5), torch.zeros(150, 300)
    b[0, 299] = b[1, 295] = 1
    a[:, 0] = math.nan
    result = linear_scan(a, b)
    assert torch.equal(result[:, :295], torch.zeros(150, 295))
    assert float(result[0, -1]) == 1
    assert compare(result, reference_linear_scan(a, b).float(), 1e17).ok


def test_unused_first_coefficient_may_be_nan() -> None:
    for length in (1, 20, 100):
        a, b = coefficients(2, length), draw(2, length)
        truth = linear_scan(a, b)
        a[:, 0] = math.nan
        assert torch.equal(linear_scan(a, b), truth)
        backward = linear_scan(a.flip(1), b.flip(1), reverse=True)
        assert compare(backward.flip(1), truth, 1e-12).ok


def test_products_that_overflow_do_not_matter_where_the_states_are_zero() -> None:
    """4^1000 is infinite, and infinity times the zero state would be NaN."""
    a, b = torch.full((2, 1000), 4.0), torch.zeros(2, 1000)
    a[:, 500] = 0
    b[0, 999] = b[1, 990] = 1
    result = linear_scan(a * 1e5, b)
    assert compare(result, reference_linear_scan(a * 1e5, b).float(), 1e30).ok
    assert float(result[0, -1]) == 1
    assert torch.equal(result[:, :990], torch.zeros(2, 990))


def test_batches_broadcast() -> None:
    a, b, initial = coefficients(3, 1), draw(2, 1, 40), draw(3)
    a_full, b_full = torch.broadcast_tensors(a, b)
    truth = reference_linear_scan(a_full, b_full, initial=initial.expand(2, 3))
    assert compare(linear_scan(a, b, initial=initial), truth, bound(a_full, b_full, initial=initial.expand(2, 3))).ok
    matrices, inputs = draw(40, 2, 2) / 2, draw(5, 40, 2)
    dense = reference_linear_scan_dense(matrices.expand(5, 40, 2, 2), inputs)
    assert compare(linear_scan_dense(matrices, inputs), dense, 1e-13 * float(dense.abs().max())).ok


def test_views_that_are_not_contiguous() -> None:
    a, b = coefficients(40, 6, 50), draw(40, 6, 50)
    for view in (lambda t: t.permute(2, 1, 0), lambda t: t[::2, :, 1::3], lambda t: t.flip(0), lambda t: t.transpose(0, 2)[:, 0]):
        for dim in (0, 1, -1):
            if dim < view(a).ndim:
                got = linear_scan(view(a), view(b), dim=dim)
                assert torch.equal(got, linear_scan(view(a).contiguous(), view(b).contiguous(), dim=dim))
    conjugate = draw(2, 40, dtype=torch.complex128) / 3
    truth = reference_linear_scan(conjugate.conj().resolve_conj(), conjugate)
    assert compare(linear_scan(conjugate.conj(), conjugate), truth, 1e-14).ok


def test_inputs_stay_untouched() -> None:
    a, b, initial = coefficients(3, 100, 2), draw(3, 100, 2), draw(3, 2)
    copies = [t.clone() for t in (a, b, initial)]
    linear_scan(a, b, dim=1, initial=initial)
    assert all(torch.equal(t, copy) for t, copy in zip((a, b, initial), copies, strict=True))


def test_a_result_larger_than_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    b = torch.zeros(1).expand(1 << 28)
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 29)
    with pytest.raises(MemoryError) as caught:
        linear_scan(b, b)
    assert str(caught.value) == (
        "linear_scan: the memory for the states is 1.0 GiB, expected at most the 0.5 GiB that are free; "
        "work in pieces, handing on the last state."
    )


def test_available_memory_is_a_number_of_bytes_or_unknown() -> None:
    free = memory.available_memory()
    assert free is None or free > 1 << 20
    memory.check_memory("here", 1 << 10, torch.device("cpu"))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda t: linear_scan([1.0], t),
            TypeError,
            "linear_scan: a is a list, expected a tensor [..., L, ...]; convert it with torch.as_tensor.",
        ),
        (
            lambda t: linear_scan(t.long(), t.long()),
            TypeError,
            "linear_scan: b.dtype is int64, expected float32 or float64 or bfloat16 or complex64 or complex128; "
            "convert it with .to(torch.float32).",
        ),
        (
            lambda t: linear_scan(t.double(), t),
            TypeError,
            "linear_scan: a.dtype is float64, expected float32 like b; convert it with .to(torch.float32).",
        ),
        (
            lambda t: linear_scan(t.to("meta"), t),
            ValueError,
            "linear_scan: a.device is meta, expected cpu like b; move it with .to('cpu').",
        ),
        (
            lambda t: linear_scan(t[:, :4], t),
            ValueError,
            "linear_scan: a.shape is (2, 4), expected a shape that broadcasts with b.shape (2, 5); "
            "give every axis the same length, or 1.",
        ),
        (
            lambda t: linear_scan(t, t, dim=2),
            ValueError,
            "linear_scan: dim is 2, expected an axis of the shape (2, 5); count axes from 0, or from -1 backward.",
        ),
        (
            lambda t: linear_scan(t, t, initial=t[0]),
            ValueError,
            "linear_scan: initial.shape is (5,), expected one that broadcasts to (2,); give the state of one step.",
        ),
        (
            lambda t: linear_scan(t, t, initial=t[:, 0].double()),
            TypeError,
            "linear_scan: initial.dtype is float64, expected float32; convert it with .to(torch.float32).",
        ),
        (
            lambda t: linear_scan_dense(t, t),
            ValueError,
            "linear_scan_dense: a.shape and b.shape is (2, 5) and (2, 5), expected [..., L, d, d] and [..., L, d]; "
            "give one square matrix a step.",
        ),
        (
            lambda t: linear_scan_dense(torch.ones(3, 5, 5), t),
            ValueError,
            "linear_scan_dense: a[..., 0].shape is (3, 5), expected a shape that broadcasts with b.shape (2, 5); "
            "give every axis the same length, or 1.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.ones(2, 5))
    assert str(caught.value) == message


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
class TestCuda:
    """On a GPU, where Triton runs its kernels if it is installed."""

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.complex64, torch.complex128, torch.bfloat16])
    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize(
        ("shape", "dim"),
        # one row in pieces, few columns in pieces, time last, channels last, many neighbours, no steps, one step
        [((40000,), 0), ((1, 20001, 5), 1), ((3, 300, 300), 2), ((3, 300, 300), 1), ((2, 70, 3), 1), ((2, 0), 1), ((3, 1), 1)],
    )
    def test_within_the_bound(self, shape: tuple[int, ...], dim: int, reverse: bool, dtype: torch.dtype) -> None:
        a, b = coefficients(*shape, dtype=dtype), draw(*shape, dtype=dtype)
        initial = draw(*shape[:dim], *shape[dim + 1 :], dtype=dtype, seed=4)
        result = linear_scan(a.cuda(), b.cuda(), dim=dim, initial=initial.cuda(), reverse=reverse)
        assert result.is_cuda
        assert result.dtype == dtype
        truth = reference_linear_scan(a, b, dim=dim, initial=initial, reverse=reverse)
        assert result.shape == truth.shape
        allowed = 2 * bound(a, b, dim=dim, initial=initial, reverse=reverse)
        assert result.numel() == 0 or compare(result.cpu(), truth, allowed).ok

    def test_more_columns_than_a_grid_has_in_its_second_dimension(self) -> None:
        a, b = torch.rand(3, 1 << 22, device="cuda"), torch.rand(3, 1 << 22, device="cuda")
        assert compare(linear_scan(a, b, dim=0)[-1], (a[2] * (a[1] * b[0] + b[1]) + b[2]).double(), 1e-6).ok

    @pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize(("shape", "dim"), [((30000,), 0), ((1, 9000, 5), 1), ((2, 40, 300), 1), ((300, 70), 1)])
    def test_gradients_agree_with_the_cpu(self, shape: tuple[int, ...], dim: int, reverse: bool, dtype: torch.dtype) -> None:
        inputs = [
            coefficients(*shape, dtype=dtype),
            draw(*shape, dtype=dtype),
            draw(*shape[:dim], *shape[dim + 1 :], dtype=dtype),
        ]
        weight = draw(*shape, dtype=dtype, seed=5)

        def gradients(device: str) -> tuple[Tensor, ...]:
            a, b, initial = leaves = [t.to(device).requires_grad_() for t in inputs]
            states = linear_scan(a, b, dim=dim, initial=initial, reverse=reverse)
            return torch.autograd.grad(states, leaves, weight.to(device))

        for cuda, cpu in zip(gradients("cuda"), gradients("cpu"), strict=True):
            assert compare(cuda.cpu(), cpu, 1e-11 * float(cpu.abs().max())).ok

    @pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
    def test_all_derivatives(self, dtype: torch.dtype) -> None:
        inputs = tuple(
            t.cuda().requires_grad_() for t in (draw(2, 5, dtype=dtype), draw(2, 5, dtype=dtype), draw(2, dtype=dtype))
        )

        def run(a: Tensor, b: Tensor, initial: Tensor) -> Tensor:
            return linear_scan(a, b, initial=initial)

        assert torch.autograd.gradcheck(run, inputs, check_forward_ad=True)
        assert torch.autograd.gradgradcheck(run, inputs, check_fwd_over_rev=True)

    def test_under_vmap_and_jacobians(self) -> None:
        a, b = coefficients(4, 2, 7).cuda(), draw(2, 7).cuda()
        assert torch.equal(torch.vmap(lambda a: linear_scan(a, b))(a), linear_scan(a, b))
        jacobian = torch.func.jacrev(lambda b: linear_scan(a[0], b)[:, -1])(b)
        assert compare(jacobian[0, 0, 3].cpu(), float(a[0, 0, 4:].prod()), 1e-14).ok

    def test_a_gradient_that_is_one_number_and_views_that_are_not_contiguous(self) -> None:
        a, b = coefficients(70, 60).cuda().T.requires_grad_(), draw(60, 140).cuda()[:, ::2].requires_grad_()
        result = torch.autograd.grad(linear_scan(a, b).sum(), (a, b))
        truth = torch.autograd.grad(reference_linear_scan(a, b).sum(), (a, b))
        for got, want in zip(result, truth, strict=True):
            assert compare(got.cpu(), want.cpu(), 1e-12 * float(want.abs().max())).ok

    @pytest.mark.parametrize("shape", [(200, 1), (1, 100000), (1, 70, 300)])
    def test_products_that_overflow_do_not_matter_where_the_states_are_finite(self, shape: tuple[int, ...]) -> None:
        a, b = torch.full(shape, 2.0).cuda(), torch.zeros(shape).cuda()
        dim = 0 if len(shape) == 2 and shape[1] == 1 else 1
        b.narrow(dim, shape[dim] - 10, 10).fill_(1.0)
        assert torch.equal(linear_scan(a, b, dim=dim).select(dim, -1), torch.full_like(a.select(dim, 0), 1023.0))

    @pytest.mark.parametrize("shape", [(5, 300), (1, 300000)])
    @pytest.mark.parametrize("value", [math.nan, math.inf])
    def test_a_step_that_is_not_finite_spoils_its_row_from_there_on(self, shape: tuple[int, int], value: float) -> None:
        a, b = coefficients(*shape).cuda(), draw(*shape).cuda()
        truth = linear_scan(a, b)
        at = shape[1] // 2
        b[0, at] = value
        result = linear_scan(a, b)
        assert not result[0, at:].isfinite().any()
        assert torch.equal(result[0, :at], truth[0, :at])
        assert torch.equal(result[1:], truth[1:])


def test_annotations_hold(checked) -> None:
    assert checked(linear_scan)(torch.ones(2, 3), torch.ones(2, 3)).shape == (2, 3)
    with pytest.raises(Exception, match="Type-check"):
        checked(linear_scan)([1.0], torch.ones(2, 3))
