"""Scans as one expression for a compiler, against the loop in double precision and the scan without a compiler."""

import math
from collections.abc import Callable
from shutil import which

import pytest
import torch
from torch import Tensor

from derivable.kernels.compiled_scan import scan_compiled
from derivable.kernels.linear_scan import linear_scan, reference_linear_scan
from derivable.numerics import compare

from .test_linear_scan import bound, coefficients, draw

SINGLE = torch.float32


def traced() -> Callable[..., Tensor]:
    """What a compiler sees, without the C++ that it would write; a part that it could not take would be an error."""
    torch.compiler.reset()
    return torch.compile(linear_scan, fullgraph=True, backend="aot_eager", dynamic=False)


def expression(a: Tensor, b: Tensor, *, reverse: bool = False, initial: Tensor | None = None) -> Tensor:
    """The same expression, as torch evaluates it, for rows with time last."""
    start = None if initial is None else initial[:, None]
    return scan_compiled(a[..., None], b[..., None], start, reverse)[..., 0]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("length", [1, 2, 7, 8, 9, 64, 65, 129, 1100])
def test_every_length_within_the_bound(length: int, width: int, reverse: bool) -> None:
    a, b = coefficients(2, length, width, dtype=SINGLE), draw(2, length, width, dtype=SINGLE)
    for initial in (None, draw(2, width, dtype=SINGLE, seed=3)):
        options = {"dim": 1, "reverse": reverse, "initial": initial}
        agreement = compare(scan_compiled(a, b, initial, reverse), reference_linear_scan(a, b, **options), bound(a, b, **options))
        assert agreement.ok, agreement


@pytest.mark.parametrize("dtype", [SINGLE, torch.bfloat16])
@pytest.mark.parametrize(("shape", "dim"), [((9,), 0), ((3, 70), 1), ((70, 3), 0), ((2, 3, 30, 4), -2)])
def test_what_a_compiler_sees_within_the_bound(shape: tuple[int, ...], dim: int, dtype: torch.dtype) -> None:
    a, b = coefficients(*shape, dtype=dtype), draw(*shape, dtype=dtype)
    result = traced()(a, b, dim=dim)
    assert (result.dtype, result.shape) == (dtype, b.shape)
    agreement = compare(result, reference_linear_scan(a, b, dim=dim), bound(a, b, dim=dim))
    assert agreement.ok, agreement


@pytest.mark.parametrize("shape", [(3, 0), (0, 3)])
def test_nothing_to_scan(shape: tuple[int, ...]) -> None:
    empty = torch.empty(shape)
    assert torch.compile(linear_scan, backend="aot_eager")(empty, empty).shape == shape


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("initial", [False, True])
def test_gradients_are_those_without_a_compiler(initial: bool, reverse: bool) -> None:
    inputs = [
        coefficients(3, 140, dtype=SINGLE),
        draw(3, 140, dtype=SINGLE),
        *([draw(3, dtype=SINGLE, seed=3)] if initial else []),
    ]
    weight = draw(3, 140, dtype=SINGLE, seed=4)

    def gradients(scan: Callable[..., Tensor], *tensors: Tensor) -> tuple[Tensor, ...]:
        leaves = [t.detach().clone().requires_grad_() for t in tensors]
        start = leaves[2] if initial else None
        return torch.autograd.grad(scan(*leaves[:2], reverse=reverse, initial=start), leaves, weight.to(leaves[0].dtype))

    truth = gradients(linear_scan, *(t.double() for t in inputs))
    for found, expected in zip(gradients(traced(), *inputs), truth, strict=True):
        torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("place", ["a", "b"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("at", [0, 1, 8, 100, 1099])
def test_a_step_that_is_not_finite_spoils_what_the_loop_spoils(at: int, value: float, place: str, reverse: bool) -> None:
    a, b = coefficients(2, 1100, dtype=SINGLE), draw(2, 1100, dtype=SINGLE)
    a, b = a.clamp(min=0.5), b.abs() + 1
    (a if place == "a" else b)[0, at] = value
    result, expected = expression(a, b, reverse=reverse), reference_linear_scan(a, b, reverse=reverse)
    assert torch.equal(result.isfinite(), expected.isfinite())


def test_an_infinite_coefficient_at_a_state_of_zero_spoils_what_comes_after() -> None:
    a, b = torch.full((1, 300), 0.5), torch.zeros(1, 300)
    a[0, 16] = math.inf
    assert expression(a, b).isnan().tolist() == [[t >= 16 for t in range(300)]]


@pytest.mark.parametrize("reverse", [False, True])
def test_an_unused_coefficient_may_be_nan(reverse: bool) -> None:
    a, b = coefficients(2, 40, dtype=SINGLE), draw(2, 40, dtype=SINGLE)
    a[:, -1 if reverse else 0] = math.nan
    assert expression(a, b, reverse=reverse).isfinite().all()


@pytest.mark.parametrize("early", [0.0, 1e-30])
def test_products_that_overflow_leave_states_right(early: float) -> None:
    """2^300 overflows float32 and 2^2000 float64; the states grow only where they are not 0."""
    length = 2000 if early == 0 else 150
    a, b = torch.full((1, length), 2.0), torch.zeros(1, length)
    b[0, 0], b[0, -1] = early, 1.0
    truth = reference_linear_scan(a, b)
    agreement = compare(expression(a, b), truth, 1e-6 * float(truth.abs().max()))
    assert agreement.ok, agreement


@pytest.mark.skipif(which("g++") is None, reason="torch.compile needs a C++ compiler, this machine has none")
@pytest.mark.parametrize("dim", [0, 1])
def test_compiled_code_within_the_bound(dim: int) -> None:
    a, b = coefficients(150, 140, dtype=SINGLE), draw(150, 140, dtype=SINGLE)
    torch.compiler.reset()
    result = torch.compile(linear_scan, fullgraph=True)(a, b, dim=dim)
    agreement = compare(result, reference_linear_scan(a, b, dim=dim), bound(a, b, dim=dim))
    assert agreement.ok, agreement
