"""Cauchy sums against all fractions written out in double precision, within the stated bound of rounding."""

import math
from collections.abc import Callable
from shutil import which
from typing import Any

import pytest
import torch
from torch import Tensor

from derivable.kernels.cauchy import TILE, WIDTH, cauchy_sum, reference_cauchy_sum
from derivable.numerics import compare, rounding_bound

WIDE = torch.complex128
SINGLE = torch.complex64


def draw(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=WIDE).to(dtype)


def line(length: int, dtype: torch.dtype = WIDE, real: float = 0.0) -> Tensor:
    """Points on a vertical line, as those of the bilinear rule on the unit circle."""
    t = torch.linspace(-3, 40, length, dtype=torch.float64)
    return torch.complex(torch.full_like(t, real), t).to(dtype)


def beside(length: int, lam: Tensor, side: int = 1) -> Tensor:
    """Points to the right of all poles, the first one above the rightmost of them; or to the left."""
    z = draw(length, dtype=lam.dtype, seed=2) * 5
    edge = (side * lam.real).max() if lam.numel() else 0.0
    distance = z.real.abs()
    distance[:1] = 0.0
    return torch.complex(side * (edge + distance), z.imag)


def bound(v: Tensor, z: Tensor, lam: Tensor, pairs: bool) -> Tensor:
    """(4d + 20) u Σ|v|/|z - λ|, and that for the conjugates."""
    v, z, lam = (t.to(WIDE) for t in (v, z, lam))
    size = (v.abs()[..., None] / (z[..., None, :] - lam[..., None]).abs()).sum(-2)
    if pairs:
        size = size + (v.abs()[..., None] / (z[..., None, :] - lam.conj()[..., None]).abs()).sum(-2)
    return size


def agrees(v: Tensor, z: Tensor, lam: Tensor, pairs: bool) -> None:
    result = cauchy_sum(v, z, lam, conjugate_pairs=pairs)
    truth = reference_cauchy_sum(v, z, lam, conjugate_pairs=pairs)
    assert result.dtype == v.dtype
    assert result.shape == truth.shape
    if result.numel():
        count = v.shape[-1] * (2 if pairs else 1)
        agreement = compare(result, truth, rounding_bound(v.dtype, 4 * count + 20) * bound(v, z, lam, pairs))
        assert agreement.ok, agreement


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("dtype", [SINGLE, WIDE])
@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize(("d", "length"), [(0, 3), (3, 0), (1, 1), (1, 7), (5, 1), (7, 64), (64, 2 * WIDTH + 1), (3, 5000)])
def test_every_size_within_the_bound(d: int, length: int, vertical: bool, dtype: torch.dtype, pairs: bool) -> None:
    z = line(length, dtype) if vertical else draw(length, dtype=dtype, seed=2) * 5
    agrees(draw(d, dtype=dtype), z, draw(d, dtype=dtype, seed=1) * 3, pairs)


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("dtype", [SINGLE, WIDE])
@pytest.mark.parametrize(("d", "length"), [(0, 3), (3, 0), (1, 1), (1, 7), (5, 2), (7, 64), (64, 2 * WIDTH + 1), (3, 5000)])
def test_points_beside_the_poles_within_the_bound(d: int, length: int, dtype: torch.dtype, side: int) -> None:
    lam = draw(d, dtype=dtype, seed=1) * 3
    agrees(draw(d, dtype=dtype), beside(length, lam, side), lam, True)


def test_rows_of_points_on_either_side_of_their_poles() -> None:
    lam = torch.stack([draw(5, seed=1), draw(5, seed=4)])
    z = torch.stack([beside(9, lam[0]), beside(9, lam[1], -1)])
    agrees(draw(3, 2, 5), z, lam, True)
    agrees(draw(2, 5), z[0], torch.stack([lam[0], lam[0] + 1000]), True)


def test_points_beside_distant_poles_keep_relative_accuracy() -> None:
    """Poles at 1000 and -1000 ± 1000i, a thousandth away from a point, and the points far from the axis."""
    for centre in (1000.0, -1000.0):
        lam = torch.tensor([centre + 1000j, centre - 2.0**-10 + 0.001j, centre - 50], dtype=SINGLE)
        near = torch.tensor([2.0**-10 + 0j, 2.0**-9 + 1000j, 3 + 1000j, 700 - 1000j, 1.0 + 0j], dtype=SINGLE)
        agrees(draw(3, dtype=SINGLE), centre + near, lam, True)
        agrees(draw(1, dtype=SINGLE), centre + near, lam[:1], True)


def test_derivatives_beside_the_poles() -> None:
    lam = draw(2, seed=2)
    z = beside(4, lam)[1:]
    inputs = tuple(t.requires_grad_() for t in (draw(2, 2), z, lam))
    assert torch.autograd.gradcheck(lambda *s: cauchy_sum(*s, conjugate_pairs=True), inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(lambda *s: cauchy_sum(*s, conjugate_pairs=True), inputs)


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize(
    ("v", "z", "lam"),
    [
        ((4, 3, 5), (9,), (5,)),
        ((4, 3, 5), (9,), (4, 1, 5)),
        ((4, 3, 5), (9,), (3, 5)),
        ((5,), (2, 9), (4, 1, 5)),
        ((4, 1, 5), (4, 3, 9), (1, 3, 5)),
        ((4, 3, 5), (4, 1, 9), (1, 1, 5)),
        ((0, 5), (9,), (5,)),
        ((3, 1, 2, 5), (1, 1, 9), (3, 6, 1, 5)),
    ],
)
def test_batches_broadcast(v: tuple, z: tuple, lam: tuple, vertical: bool, pairs: bool) -> None:
    points = line(z[-1]).expand(z) + (0 if vertical else draw(*z, seed=3))
    agrees(draw(*v), points, draw(*lam, seed=1), pairs)


def test_many_rows_are_cut_into_tiles() -> None:
    d, length = 33, WIDTH + 5
    rows = TILE["cpu"] // (d * length // 2) + 3
    agrees(draw(rows, d, dtype=SINGLE), line(length, SINGLE), draw(rows, d, dtype=SINGLE, seed=1), True)
    agrees(draw(rows, d, dtype=SINGLE), draw(length, dtype=SINGLE, seed=2), draw(rows, d, dtype=SINGLE, seed=1), False)


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("vertical", [False, True])
def test_close_to_a_pole_keeps_relative_accuracy(vertical: bool, pairs: bool) -> None:
    """|z| = 1000 and |z - λ| = 1e-3 in single precision: the square of the distance formed from squares would be noise."""
    lam = torch.tensor([-(2.0**-10) + 1000j], dtype=SINGLE)
    z = torch.complex(torch.full((3,), 0.0 if vertical else 2.0**-12), torch.tensor([1000.0, 1000 + 2**-10, 1000 - 2**-9]))
    if not vertical:
        z[1] += 2**-13
    agrees(torch.tensor([1 + 2j], dtype=SINGLE), z, lam, pairs)


def test_repeated_poles_add_their_numerators() -> None:
    v, z, lam = draw(3), draw(6, seed=1), draw(1, seed=2)
    whole = cauchy_sum(v.sum(-1, keepdim=True), z, lam)
    assert compare(cauchy_sum(v, z, lam.expand(3)), whole, 1e-14 * float(bound(v, z, lam.expand(3), False).max())).ok


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("vertical", [False, True])
def test_a_point_at_a_pole_is_not_finite_and_spoils_no_other(vertical: bool, pairs: bool) -> None:
    lam = torch.tensor([2j, -1 + 3j, 1 - 1j], dtype=WIDE)
    z = torch.tensor([1j, 2j, 5j] if vertical else [1j, 2j, 5.5], dtype=WIDE)
    result = cauchy_sum(draw(3), z, lam, conjugate_pairs=pairs)
    assert not torch.isfinite(result[1])
    assert torch.isfinite(result[[0, 2]]).all()


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("vertical", [False, True])
def test_what_is_not_finite_stays_in_its_row_or_point(value: float, vertical: bool) -> None:
    v, lam = draw(2, 3), draw(2, 3, seed=1)
    z = line(4) if vertical else draw(4, seed=2)
    for spoilt in (v, lam):
        before = spoilt[0, 1].clone()
        spoilt[0, 1] = value
        result = cauchy_sum(v, z, lam, conjugate_pairs=True)
        assert torch.isfinite(result[1]).all()
        if spoilt is v or math.isnan(value):
            assert not torch.isfinite(result[0]).any()
        spoilt[0, 1] = before
    z = z.clone()
    z[2] = complex(0, math.nan)
    result = cauchy_sum(v, z, lam)
    assert torch.isfinite(result[:, [0, 1, 3]]).all()
    assert torch.isnan(result[:, 2]).all()


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("vertical", [False, True])
def test_all_derivatives(vertical: bool, pairs: bool) -> None:
    z = line(3) if vertical else draw(3, seed=1)
    inputs = tuple(t.requires_grad_() for t in (draw(2, 2), z, draw(2, seed=2) - 2))

    def run(*tensors: Tensor) -> Tensor:
        return cauchy_sum(*tensors, conjugate_pairs=pairs)

    assert torch.autograd.gradcheck(run, inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(run, inputs, check_fwd_over_rev=True)


def test_third_derivative() -> None:
    """d³/dz³ of v/(z - λ) is -6 v/(z - λ)⁴."""
    v, lam, z = draw(1), draw(1, seed=1), draw(1, seed=2)

    def once(z: Tensor) -> Tensor:
        return cauchy_sum(v, z, lam).real.sum()

    derivative: Callable[[Tensor], Tensor] = lambda s: once(z + s)  # noqa: E731
    for _ in range(3):
        derivative = torch.func.grad(derivative)
    real = torch.zeros((), dtype=torch.float64)
    truth = (-6 * v / (z - lam) ** 4).real.sum()
    assert compare(derivative(real), truth, 1e-12 * float(truth.abs())).ok


def test_under_vmap_it_is_a_loop() -> None:
    v, z, lam = draw(4, 2, 3), line(5), draw(4, 3, seed=1)
    batched = torch.vmap(lambda v, lam: cauchy_sum(v, z, lam, conjugate_pairs=True))(v, lam)
    for i in range(4):
        assert compare(batched[i], cauchy_sum(v[i], z, lam[i], conjugate_pairs=True), 1e-13).ok


def test_non_contiguous_arguments_are_left_alone() -> None:
    v, z, lam = (torch.stack([t, torch.full_like(t, math.nan)], -1)[..., 0] for t in (draw(2, 3), line(5), draw(3, seed=1)))
    copies = [t.clone() for t in (v, z, lam)]
    for pairs in (False, True):
        agrees(v, z, lam, pairs)
    assert all(torch.equal(t, copy) for t, copy in zip((v, z, lam), copies, strict=True))


def test_conjugated_views() -> None:
    for pairs in (False, True):
        agrees(draw(3).conj(), line(4).conj(), draw(3, seed=1).conj(), pairs)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1.0], draw(2), draw(3)), TypeError, "cauchy_sum: v is a list"),
        ((draw(3).real, draw(2), draw(3)), TypeError, "v.dtype is float64, expected complex64 or complex128"),
        ((draw(3), draw(2, dtype=SINGLE), draw(3)), TypeError, "z.dtype is complex64, expected complex128 like v"),
        ((draw(3), draw(2), draw(4)), ValueError, r"lam.shape\[-1\] is 4, expected 3 like v"),
        ((draw(2, 3), draw(2), draw(5, 3)), ValueError, "expected dimensions before the last that broadcast"),
        ((draw(3)[0], draw(2), draw(3)), ValueError, r"v.shape is \(\), expected \[..., d\]"),
    ],
)
def test_errors_name_the_argument_and_the_remedy(arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cauchy_sum(*arguments)


def test_shapes_as_annotated(checked: Any) -> None:
    assert checked(cauchy_sum)(draw(2, 3), draw(4), draw(3)).shape == (2, 4)


def traced() -> Callable[..., Tensor]:
    """What a compiler sees, without the C++ that it would write."""
    torch.compiler.reset()
    return torch.compile(cauchy_sum, fullgraph=True, backend="aot_eager")


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("dtype", [SINGLE, WIDE])
@pytest.mark.parametrize(
    ("v", "z", "lam"),
    [((4,), (9,), (4,)), ((2, 3, 4), (9,), (2, 1, 4)), ((0, 4), (9,), (4,)), ((2, 0), (9,), (0,)), ((3,), (0,), (3,))],
)
def test_the_expression_for_a_compiler_within_the_bound(v: tuple, z: tuple, lam: tuple, dtype: torch.dtype, pairs: bool) -> None:
    arguments = draw(*v, dtype=dtype), draw(*z, dtype=dtype, seed=1) * 5, draw(*lam, dtype=dtype, seed=2)
    result = traced()(*arguments, conjugate_pairs=pairs)
    truth = reference_cauchy_sum(*arguments, conjugate_pairs=pairs)
    assert (result.dtype, result.shape) == (dtype, truth.shape)
    if result.numel():
        count = v[-1] * (2 if pairs else 1)
        allowed = rounding_bound(dtype, 4 * count + 20) * bound(*arguments, pairs).expand(truth.shape)
        agreement = compare(result, truth, allowed)
        assert agreement.ok, agreement


@pytest.mark.parametrize("pairs", [False, True])
def test_derivatives_of_the_expression_for_a_compiler(pairs: bool) -> None:
    arguments = [t.requires_grad_() for t in (draw(2, 3, 4), draw(7, seed=1) * 5, draw(2, 1, 4, seed=2))]
    weight = draw(2, 3, 7, seed=3)
    found, expected = (
        torch.autograd.grad(run(*arguments, conjugate_pairs=pairs), arguments, weight) for run in (traced(), cauchy_sum)
    )
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12 * float(theirs.abs().max()))


@pytest.mark.skipif(which("g++") is None, reason="torch.compile needs a C++ compiler, this machine has none")
def test_compiled_code_within_the_bound() -> None:
    v, z, lam = draw(3, 8, dtype=SINGLE), draw(70, dtype=SINGLE, seed=1) * 5, draw(3, 8, dtype=SINGLE, seed=2)
    result = torch.compile(cauchy_sum, fullgraph=True)(v, z, lam, conjugate_pairs=True)
    truth = reference_cauchy_sum(v, z, lam, conjugate_pairs=True)
    agreement = compare(result, truth, rounding_bound(SINGLE, 4 * 16 + 20) * bound(v, z, lam, True))
    assert agreement.ok, agreement


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
class TestCuda:
    """On a GPU, where a Triton kernel forms the sums if Triton is installed."""

    @pytest.mark.parametrize("pairs", [False, True])
    @pytest.mark.parametrize("dtype", [SINGLE, WIDE])
    @pytest.mark.parametrize(("d", "length"), [(0, 3), (3, 0), (1, 1), (5, 1), (7, 300), (64, 5000), (5000, 7)])
    def test_within_the_bound(self, d: int, length: int, dtype: torch.dtype, pairs: bool) -> None:
        v, z, lam = draw(2, d, dtype=dtype), draw(length, dtype=dtype, seed=2) * 5, draw(2, d, dtype=dtype, seed=1) * 3
        result = cauchy_sum(v.cuda(), z.cuda(), lam.cuda(), conjugate_pairs=pairs)
        assert result.is_cuda
        truth = reference_cauchy_sum(v, z, lam, conjugate_pairs=pairs)
        allowed = rounding_bound(dtype, 4 * d * (2 if pairs else 1) + 20) * bound(v, z, lam, pairs)
        assert result.shape == truth.shape
        assert result.numel() == 0 or compare(result.cpu(), truth, allowed).ok

    def test_sums_that_share_their_fractions(self) -> None:
        for sums in (1, 3, 4, 11):
            arguments = (draw(4, sums, 7), line(900), draw(4, 1, 7, seed=1))
            for pairs in (False, True):
                result = cauchy_sum(*(t.cuda() for t in arguments), conjugate_pairs=pairs)
                assert compare(result.cpu(), reference_cauchy_sum(*arguments, conjugate_pairs=pairs), 1e-11).ok

    @pytest.mark.parametrize("pairs", [False, True])
    def test_all_derivatives(self, pairs: bool) -> None:
        inputs = tuple(t.cuda().requires_grad_() for t in (draw(2, 3), draw(4, seed=2) * 5, draw(2, 3, seed=1)))

        def run(v: Tensor, z: Tensor, lam: Tensor) -> Tensor:
            return cauchy_sum(v, z, lam, conjugate_pairs=pairs)

        assert torch.autograd.gradcheck(run, inputs, check_forward_ad=True)
        assert torch.autograd.gradgradcheck(run, inputs)

    def test_what_is_not_finite_spoils_its_row_or_its_point(self) -> None:
        v, z, lam = draw(3, 4).cuda(), draw(300, seed=2).cuda(), draw(3, 4, seed=1).cuda()
        truth = cauchy_sum(v, z, lam)
        v[1, 2], z[7], z[8] = complex(math.nan, 0), complex(math.inf, 0), lam[0, 1]
        result = cauchy_sum(v, z, lam)
        assert not result[1].isfinite().any()
        assert not result[:, 7].isfinite().any()
        assert not result[0, 8].isfinite()
        assert torch.equal(result[2, 9:], truth[2, 9:])
