"""Steps of LegS in closed form against ball arithmetic, the dense kernels and each other."""

import math
from typing import Any

import flint
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable.kernels import discretize, hippo_matrix, legendre_basis, legendre_project, legs_discretization
from derivable.kernels.discretization import METHODS
from derivable.kernels.legendre import legendre_nodes
from derivable.kernels.legs_discretization import legs_discretize, reference_legs_discretize
from derivable.numerics import compare, rounding_bound

WIDE = torch.float64
WEIGHT = {"forward_euler": 1, "backward_euler": 0, "bilinear": 0.5, "generalized_bilinear": 0.3}


def options(method: str) -> dict[str, float]:
    return {"alpha": 0.3} if method == "generalized_bilinear" else {}


def truth(eps: float, d: int, method: str) -> tuple[torch.Tensor, torch.Tensor]:
    """(Ad, Bd) by ball arithmetic: an inverse of the dense matrix, or its exponential."""
    precision, flint.ctx.prec = flint.ctx.prec, 400
    try:
        row = [flint.arb(2 * n + 1).sqrt() for n in range(d)]
        A = flint.arb_mat(d, d, [-(n + 1) if n == k else -row[n] * row[k] if k < n else 0 for n in range(d) for k in range(d)])
        B = flint.arb_mat(d, 1, [flint.arb(2).sqrt() * r for r in row])
        eye = flint.arb_mat(d, d, [int(n == k) for n in range(d) for k in range(d)])
        step = flint.arb(eps)
        if method == "zoh":
            move = (A * step).exp()
            drive = A.solve((move - eye) * B)
        else:
            alpha = flint.arb(WEIGHT[method])
            left = eye - A * (step * (1 - alpha))
            move, drive = left.solve(eye + A * (step * alpha)), left.solve(B * step)
        # above the diagonal the balls hold 0, but their middles need not be 0
        return rounded(move).tril(), rounded(drive)[:, 0]
    finally:
        flint.ctx.prec = precision


def rounded(matrix: Any) -> torch.Tensor:
    return torch.tensor([[float(entry) for entry in row] for row in matrix.tolist()], dtype=WIDE)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("d", [1, 2, 3, 17, 48])
@pytest.mark.parametrize("eps", [0.0, 2.0**-20, 2.0**-10, 0.25, 0.5, 1.0, 20.0])
def test_both_parts_agree_with_ball_arithmetic(method: str, d: int, eps: float) -> None:
    unit = rounding_bound(WIDE, 10 * d)
    for got, want in zip(legs_discretize(eps, d, method, dtype=WIDE, **options(method)), truth(eps, d, method), strict=True):
        assert compare(got, want, unit * max(1.0, float(want.abs().max()))).ok


@pytest.mark.parametrize("eps", [2.0**-20, 0.0137, 0.7, 20.0])
def test_every_entry_of_an_implicit_scheme_has_its_leading_digits(eps: float) -> None:
    """Entries from 1 down to 1e-13; a triangular solve loses those that are small."""
    for method in ("backward_euler", "bilinear"):
        want, _ = truth(eps, 40, method)
        got, _ = legs_discretize(eps, 40, method, dtype=WIDE)
        # a factor 1 - λm, or 1 - αε(n+1), errs by a unit of the larger of 1 and λm; the smallest is 0.047 of that, 1 - 3·0.35
        assert compare(got, want, rounding_bound(WIDE, 6 * 40, 1 / 0.047) * want.abs()).ok


def test_a_factor_that_is_zero_ends_the_products() -> None:
    """λ = 1/m: nothing of the states before m comes past it. A quotient of partial products has to leave the factor out."""
    d, m = 9, 4
    got, _ = legs_discretize(2 / m, d, "bilinear", dtype=WIDE)
    assert torch.equal(got[m + 1 :, :m], torch.zeros(d - m - 1, m, dtype=WIDE))
    assert (got[m + 1 :, m] != 0).all()
    # each step of a batch has a zero of its own, one has none
    steps = torch.tensor([[2 / 3, 0.3], [2 / 5, 1.0]], dtype=WIDE)
    for method in ("bilinear", "backward_euler"):
        moves, _ = legs_discretize(steps, d, method)
        for place in ((0, 0), (0, 1), (1, 0), (1, 1)):
            want, _ = truth(float(steps[place]), d, method)
            assert compare(moves[place], want, rounding_bound(WIDE, 10 * d) * max(1.0, float(want.abs().max()))).ok


def test_products_that_leave_the_range_of_numbers() -> None:
    """Of 699 factors the last partial products are below 1e-308: 0, whose quotients would be NaN."""
    d, eps = 1500, 2 / 699.5
    move, _ = legs_discretize(eps, d, "bilinear", dtype=WIDE)
    rate = flint.arb(eps) / 2
    # far below the diagonal an entry is too small for a number; near it, and behind the smallest factor, it is not
    for n, k in ((1499, 1490), (1499, 1400), (720, 690), (702, 698), (10, 3), (1499, 0)):
        product = flint.arb(1)
        for m in range(k + 1, n):
            product *= (1 - rate * m) / (1 + rate * (m + 1))
        ends = (flint.arb(2 * n + 1) * (2 * k + 1)).sqrt() / ((1 + rate * (n + 1)) * (1 + rate * (k + 1)))
        want = float(-flint.arb(eps) * ends * product)
        # the factor nearest to 0 is 1/1400
        assert abs(float(move[n, k]) - want) <= rounding_bound(WIDE, 8 * d, 1400) * abs(want) + 1e-300


def test_quotients_of_partial_products_err_as_little_as_products_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry of the size that is timed, both ways side by side."""
    for eps in (0.0137, 1 / 300, 3.0):
        quick, _ = legs_discretize(eps, 256, "bilinear", dtype=WIDE)
        with monkeypatch.context() as patch:
            patch.setattr(legs_discretization, "SMALL", math.inf)
            slow, _ = legs_discretize(eps, 256, "bilinear", dtype=WIDE)
        assert not torch.equal(quick, slow)
        assert compare(slow, quick, rounding_bound(WIDE, 16 * 256) * quick.abs()).ok
        assert (quick.tril().abs() > 0).sum() == 256 * 257 // 2


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_of_steps_is_a_loop(method: str) -> None:
    eps = torch.tensor([[0.0, 0.5, 1e-3], [3.0, 0.02, 0.125]], dtype=WIDE).T  # not contiguous
    moves, drives = legs_discretize(eps, 7, method, **options(method))
    assert moves.shape == (3, 2, 7, 7)
    assert drives.shape == (3, 2, 7)
    for i in range(3):
        for j in range(2):
            move, drive = legs_discretize(float(eps[i, j]), 7, method, dtype=WIDE, **options(method))
            assert compare(moves[i, j], move, 1e-14).ok
            assert compare(drives[i, j], drive, 1e-14).ok


def test_no_steps_give_no_matrices() -> None:
    move, drive = legs_discretize(torch.empty(0), 3, "zoh")
    assert move.shape == (0, 3, 3)
    assert drive.shape == (0, 3)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("method", METHODS)
def test_every_dtype_is_float64_rounded_once(dtype: torch.dtype, method: str) -> None:
    eps = torch.tensor([0.25, 2.0], dtype=dtype)
    for got, want in zip(
        legs_discretize(eps, 11, method, **options(method)),
        legs_discretize(eps.to(WIDE), 11, method, **options(method)),
        strict=True,
    ):
        assert got.dtype == dtype
        assert torch.equal(got, want.to(dtype))


@pytest.mark.parametrize("method", METHODS)
def test_derivatives_in_the_step(method: str) -> None:
    eps = torch.tensor([0.3, 0.5, 2.0], dtype=WIDE, requires_grad=True)  # 0.5 makes a factor of the bilinear rule 0
    call = lambda eps: legs_discretize(eps, 6, method, **options(method))  # noqa: E731
    assert torch.autograd.gradcheck(call, (eps,), check_forward_ad=True)
    assert torch.autograd.gradgradcheck(call, (eps,))


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 4), st.floats(0, 4), st.integers(1, 24))
def test_exact_steps_add_up(first: float, second: float, d: int) -> None:
    """exp(a + b)A = exp aA · exp bA, and a constant input holds its own mean."""
    one, two = (legs_discretize(eps, d, "zoh", dtype=WIDE) for eps in (first, second))
    both = legs_discretize(first + second, d, "zoh", dtype=WIDE)
    bound = rounding_bound(WIDE, 40 * d, math.sqrt(d), 2.0)
    assert compare(two[0] @ one[0], both[0], bound).ok
    assert compare(two[0] @ one[1] + two[1], both[1], bound).ok


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 10), st.integers(1, 60), st.sampled_from(METHODS))
def test_a_constant_signal_stays(eps: float, d: int, method: str) -> None:
    """The state (√2, 0, …) of the input 1 is the fixed point of every scheme."""
    move, drive = legs_discretize(eps, d, method, dtype=WIDE, **options(method))
    rest = torch.zeros(d, dtype=WIDE)
    rest[0] = math.sqrt(2)
    assert compare(move @ rest + drive, rest, rounding_bound(WIDE, 8, 1, 2 + 2 * float(move[:, 0].abs().max()))).ok


def test_the_exact_step_stretches_a_polynomial() -> None:
    """A memory of f on [0, 1] is, one step later and with input 0, that of f(y/s) on [0, s] and 0 behind it."""
    d, eps = 5, 0.4
    s = math.exp(-eps)
    nodes, weights = legendre_nodes(40, dtype=WIDE)
    y = (1 + nodes) / 2
    memory = legendre_project(y**3 - y, d)
    move, _ = legs_discretize(eps, d, "zoh", dtype=WIDE)
    # ∫_0^s f(y/s) g_n(y) dy = s ∫_0^1 f(y) g_n(sy) dy
    direct = s * ((y**3 - y) * weights) @ legendre_basis(2 * s * y - 1, d)
    assert compare(move @ memory, direct, 1e-14).ok


@pytest.mark.parametrize("method", METHODS)
def test_the_dense_kernel_agrees(method: str) -> None:
    A, B = hippo_matrix("legs", 30, dtype=WIDE)
    for got, want, reference in zip(
        legs_discretize(0.01, 30, method, dtype=WIDE, **options(method)),
        discretize(A, B, 0.01, method, **options(method)),
        reference_legs_discretize(0.01, 30, method, **options(method)),
        strict=True,
    ):
        assert compare(got, want, 1e-13).ok
        assert compare(got, reference, 1e-12).ok


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("method", METHODS)
def test_cuda_agrees_with_the_cpu(method: str) -> None:
    eps = torch.tensor([0.25, 2.0], dtype=WIDE)
    for got, want in zip(
        legs_discretize(eps.cuda(), 11, method, **options(method)),
        legs_discretize(eps, 11, method, **options(method)),
        strict=True,
    ):
        assert got.device.type == "cuda"
        assert compare(got.cpu(), want, 1e-13).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: legs_discretize(-0.1, 3, "zoh"),
            ValueError,
            "legs_discretize: eps is -0.1, expected finite numbers from 0; a step goes forward in time.",
        ),
        (
            lambda: legs_discretize(torch.tensor([0.1, math.nan]), 3, "bilinear"),
            ValueError,
            "legs_discretize: eps is tensor([0.1000,    nan]), expected finite numbers from 0; a step goes forward in time.",
        ),
        (
            lambda: legs_discretize(math.inf, 3, "bilinear"),
            ValueError,
            "legs_discretize: eps is inf, expected finite numbers from 0; a step goes forward in time.",
        ),
        (
            lambda: legs_discretize("1", 3, "zoh"),
            TypeError,
            "legs_discretize: eps is '1' (str), expected a number or a tensor; pass a Python float.",
        ),
        (
            lambda: legs_discretize(True, 3, "zoh"),
            TypeError,
            "legs_discretize: eps is True (bool), expected a number or a tensor; pass a Python float.",
        ),
        (
            lambda: legs_discretize(0.1, 3, "zoh", dtype=torch.complex64),
            TypeError,
            "legs_discretize: dtype is complex64, expected float32, float64 or bfloat16; choose one of these.",
        ),
        (
            lambda: legs_discretize(0.1, 3, "zoh", alpha=0.5),
            ValueError,
            "legs_discretize: alpha is 0.5, expected nothing for the method 'zoh', which has its own; leave it out.",
        ),
        (
            lambda: legs_discretize(0.1, 3, "generalized_bilinear"),
            ValueError,
            "legs_discretize: alpha is missing, expected a number from 0 to 1; give the weight of the old state.",
        ),
        (
            lambda: legs_discretize(0.1, 0, "zoh"),
            ValueError,
            "legs_discretize: d is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
    ],
)
def test_bad_input_names_the_place_and_the_remedy(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message
