"""Optimal scales against ball arithmetic, dense grids and scipy."""

import math

import flint
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import lambertw

from derivable.kernels.attention_scale import (
    cosine_log_mgf,
    optimal_scale,
    optimal_scale_cosine,
    optimal_scale_normal,
    reference_optimal_scale,
)
from derivable.kernels.softmax_gradient import softmax_gradient_l1, softmax_gradient_l1_derivative
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


@pytest.fixture
def balls():
    """Ball arithmetic of 200 digits."""
    outer, flint.ctx.prec = flint.ctx.prec, 700
    yield flint.arb
    flint.ctx.prec = outer


# -- normal scores -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1 + 1e-9, 1.01, 2, 3, 64, 512, 4096, 20000, 1e12, 1e300, 10**400])
def test_normal_scale_is_lambert_w_to_rounding(balls, n: float) -> None:
    exact = balls(n) if isinstance(n, int) else balls(float(n))
    w = flint.acb(exact * balls(1).exp().sqrt() / 2).lambertw().real
    truth = float((w - balls(1) / 2).sqrt())
    assert compare(optimal_scale_normal(n), truth, rounding_bound(WIDE, 4, scale=truth)).ok


def test_normal_scale_of_the_ledger() -> None:
    """Claim attention/scale_gradient/C6: closed form at special n, and four constants."""
    for n, scale in (
        (64, 1.549439359402915),
        (512, 2.008394899828541),
        (4096, 2.405463300607496),
        (20000, 2.678185028995553),
        (9 * math.exp(4), 2.0),
        (13.5 * math.exp(6.25), 2.5),
        (19 * math.exp(9), 3.0),
    ):
        assert compare(optimal_scale_normal(n), scale, 1e-15).ok


def test_normal_scale_agrees_with_scipy() -> None:
    n = torch.logspace(math.log10(3), 50, 60, dtype=WIDE)
    truth = torch.from_numpy((lambertw(n.numpy() * math.exp(0.5) / 2).real - 0.5) ** 0.5)
    assert compare(optimal_scale_normal(n), truth, 1e-14).ok


def test_normal_scale_is_the_best_of_the_annealed_function() -> None:
    for n in (3.0, 64.0, 512.0, 1e10):
        best = minimize_scalar(lambda a, n=n: -a * (1 - math.exp(a * a) / n), bounds=(0, 6), method="bounded")
        # an optimiser that sees values resolves the place to the root of its tolerance
        assert abs(float(optimal_scale_normal(n)) - best.x) < 1e-5


def test_normal_scale_of_one_score_is_0() -> None:
    assert float(optimal_scale_normal(1)) == 0
    assert torch.equal(optimal_scale_normal(torch.ones(2, dtype=torch.int64)), torch.zeros(2, dtype=WIDE))


def test_normal_scale_of_tensors() -> None:
    n = torch.tensor([[64, 512], [4096, 20000]])
    result = optimal_scale_normal(n)
    assert result.dtype == WIDE
    assert all(float(result[i, j]) == float(optimal_scale_normal(int(n[i, j]))) for i in (0, 1) for j in (0, 1))
    assert optimal_scale_normal(torch.ones(0)).shape == (0,)
    assert torch.equal(optimal_scale_normal(n.mT), result.mT)
    assert optimal_scale_normal(n.float()).dtype == WIDE


# -- cosines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 5, 17, 64, 65, 66, 67, 128, 768, 10**5, 1e8])
@pytest.mark.parametrize("alpha", [1e-8, 1e-3, 0.1, 1.0, 30.0, 500.0, 1e5, 1e8, 1e12])
def test_log_mgf_has_relative_precision(balls, d: float, alpha: float) -> None:
    z, order = balls(alpha), balls(float(d)) / 2 - 1
    if alpha <= 500:
        exact = (z * z / 4).hypgeom_0f1(balls(float(d)) / 2).log()
    else:
        exact = (order + 1).lgamma() + order * (2 / z).log() + z.bessel_i(order, scaled=True).log() + z
    if not exact.rel_accuracy_bits() > 60:
        pytest.skip("the ball library does not give the truth here")
    truth = float(exact)
    # the longest chain: 33 steps of three operations, whose errors are of the size of their result
    assert compare(cosine_log_mgf(torch.tensor(alpha, dtype=WIDE), d), truth, rounding_bound(WIDE, 40, scale=truth)).ok


def test_log_mgf_of_the_ledger() -> None:
    """Claim attention/scale_gradient/C8, at α = 30 and d = 128."""
    assert compare(cosine_log_mgf(torch.tensor(30.0, dtype=WIDE), 128), 3.42670598935870, 1e-14).ok


def test_log_mgf_in_closed_form_for_small_dimensions() -> None:
    alpha = torch.linspace(0.25, 40, 50, dtype=WIDE)
    assert compare(cosine_log_mgf(alpha, 1), alpha.cosh().log(), 1e-13).ok
    assert compare(cosine_log_mgf(alpha, 3), (alpha.sinh() / alpha).log(), 1e-13).ok
    assert compare(cosine_log_mgf(alpha, 2), torch.special.i0e(alpha).log() + alpha, 1e-13).ok


def test_log_mgf_is_even_and_vanishes_at_0() -> None:
    alpha = torch.tensor([0.0, 0.5, -0.5, 3.0, -3.0], dtype=WIDE)
    value = cosine_log_mgf(alpha, 12)
    assert value[0] == 0
    assert torch.equal(value[1::2], value[2::2])


def test_log_mgf_is_differentiable() -> None:
    alpha = torch.tensor([0.3, 2.0, 50.0], dtype=WIDE, requires_grad=True)
    for d in (2, 7, 128):
        assert torch.autograd.gradcheck(lambda a, d=d: cosine_log_mgf(a, d), (alpha,))
        assert torch.autograd.gradgradcheck(lambda a, d=d: cosine_log_mgf(a, d), (alpha,))
    zero = torch.zeros((), dtype=WIDE, requires_grad=True)
    (slope,) = torch.autograd.grad(cosine_log_mgf(zero, 7), zero)
    assert slope == 0


def test_log_mgf_batches_dtypes_and_strides() -> None:
    alpha, d = torch.tensor([[0.5], [20.0]], dtype=WIDE), torch.tensor([2, 40, 200])
    value = cosine_log_mgf(alpha, d)
    assert value.shape == (2, 3)
    for i in (0, 1):
        for j in (0, 1, 2):
            assert compare(value[i, j], float(cosine_log_mgf(alpha[i, 0], int(d[j]))), 1e-14 * float(value[i, j])).ok
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        low = cosine_log_mgf(alpha.to(dtype), d)
        assert low.dtype == dtype
        assert compare(low, value, rounding_bound(dtype, 1, scale=float(value.max()))).ok
    assert cosine_log_mgf(torch.ones(0), 3).shape == (0,)
    assert torch.equal(cosine_log_mgf(torch.stack([alpha, alpha], -1)[..., 0], d), value)


def test_cosine_scale_of_the_ledger() -> None:
    """Claim attention/scale_gradient/C8: by n at d = 128, and by d at n = 1024."""
    n = torch.tensor([64, 512, 1024, 4096, 20000])
    truth = torch.tensor([18.25, 24.21364, 26.08383, 29.70018, 33.684], dtype=WIDE)
    allowed = torch.tensor([5e-3, 5e-6, 5e-6, 5e-6, 5e-4], dtype=WIDE)
    assert compare(optimal_scale_cosine(n, 128), truth, allowed).ok
    truth = torch.tensor([16.0, 26.1, 49.5, 60.2], dtype=WIDE)
    assert compare(optimal_scale_cosine(1024, torch.tensor([32, 128, 512, 768])), truth, 0.05).ok


def slope(alpha: object, n: int, d: int) -> object:
    """The derivative of α(1 - g(2α)/(n g(α)²)) in ball arithmetic."""
    half, x = flint.arb(d) / 2, alpha * alpha / 4

    def mgf(x: object) -> tuple[object, object]:
        return x.hypgeom_0f1(half), (x.hypgeom_0f1(half + 1)) / half  # value, derivative by x

    (g, g1), (h, h1) = mgf(x), mgf(4 * x)
    share = h / (n * g * g)
    # d/dα of x is α/2, of 4x is 2α
    return 1 - share - alpha * share * (2 * alpha * h1 / h - alpha * g1 / g)


@pytest.mark.parametrize(("n", "d"), [(2, 2), (2, 128), (30, 3), (64, 16), (512, 128), (20000, 128), (10**6, 4096)])
def test_cosine_scale_is_a_zero_of_the_slope(balls, n: int, d: int) -> None:
    scale = optimal_scale_cosine(n, d)
    low, high = (balls(float(scale) * (1 + sign * 2e-14)) for sign in (-1, 1))
    assert slope(low, n, d) > 0
    assert slope(high, n, d) < 0


def test_cosine_scale_tends_to_the_normal_one_in_high_dimension() -> None:
    d = 10.0**8
    ratio = optimal_scale_cosine(512, d) / math.sqrt(d) / optimal_scale_normal(512)
    assert compare(ratio, 1.0, 1e-6).ok


def test_cosine_scale_at_the_ends() -> None:
    # d = 3: g = sinh α/α, whence n = α tanh α/... → α = n/2 for large n
    assert compare(optimal_scale_cosine(1e6, 3) / 1e6, 0.5, 1e-12).ok
    # d = 2: g(2α)/g(α)² → √(πα), whence α = n²/(2.25π)
    assert compare(optimal_scale_cosine(1e6, 2) / 1e12, 1 / (2.25 * math.pi), 1e-10).ok
    assert float(optimal_scale_cosine(1e300, 2)) == math.inf
    assert float(optimal_scale_cosine(1, 5)) == 0
    assert optimal_scale_cosine(torch.ones(0), 3).shape == (0,)


def test_cosine_scale_is_a_loop_over_its_batch() -> None:
    n, d = torch.tensor([[2.0], [1000.0]], dtype=WIDE), torch.tensor([2.0, 31.0, 200.0], dtype=WIDE)
    result = optimal_scale_cosine(n, d)
    assert result.shape == (2, 3)
    for i in (0, 1):
        for j in (0, 1, 2):
            alone = float(optimal_scale_cosine(float(n[i, 0]), float(d[j])))
            assert compare(result[i, j], alone, 4e-14 * alone).ok


# -- given scores ------------------------------------------------------------------------------------------------------


def test_two_scores_in_closed_form() -> None:
    """Claim attention/scale_gradient/C9: α* = 2x/Δ with x tanh x = 1/2."""
    gap = torch.tensor([1e-12, 0.5, 1.0, 3.0, 1e12], dtype=WIDE)
    s = torch.stack([torch.zeros_like(gap), gap], -1)
    assert compare(optimal_scale(s) * gap, 2 * 0.771702319209104, 1e-14).ok


@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 40), seed=st.integers(0, 10**6), spread=st.sampled_from([0.01, 1.0, 50.0]))
def test_no_scale_of_a_dense_grid_is_better(n: int, seed: int, spread: float) -> None:
    s = spread * KernelCase.random(n, dtype=WIDE, seed=seed)
    scale, other = optimal_scale(s), reference_optimal_scale(s)
    best, found = softmax_gradient_l1(s, float(scale)), softmax_gradient_l1(s, other)
    assert float(found) <= float(best) * (1 + 1e-13)
    assert abs(float(softmax_gradient_l1_derivative(s, float(scale)))) < 1e-11


def test_the_higher_of_two_maxima_is_found() -> None:
    """Claim attention/scale_gradient/C9: one close rival and k far ones give two maxima, the first one higher for k = 40."""
    for count, scale in ((30, 10.0284), (40, 4.3906)):
        s = torch.cat([torch.tensor([0.0, -0.15]), -torch.ones(count)]).double()
        assert compare(optimal_scale(s), scale, 1e-3).ok
        slopes = softmax_gradient_l1_derivative(s, torch.tensor([4.0, 5.2, 8.0, 12.0], dtype=WIDE))
        assert torch.equal(slopes.sign(), torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=WIDE))


def test_shift_and_scale_of_the_scores() -> None:
    s = KernelCase.random(6, 9, dtype=WIDE)
    scale = optimal_scale(s)
    assert compare(optimal_scale(s + 3), scale, 1e-12 * float(scale.max())).ok
    assert compare(optimal_scale(4 * s) * 4, scale, 1e-13 * float(scale.max())).ok


def test_tied_masked_and_missing_scores() -> None:
    inf, nan = torch.inf, torch.nan
    s = torch.tensor([[1, 1, 0], [1, 0, -inf], [1, -inf, -inf], [-inf] * 3, [1, nan, 0], [0, 1, 0]], dtype=WIDE)
    result = optimal_scale(s)
    assert result[0] == inf
    assert compare(result[1], 2 * 0.771702319209104, 1e-14).ok
    assert result[2:5].isnan().all()
    assert result[5].isfinite()


def test_batches_dtypes_and_strides() -> None:
    s = KernelCase.random(2, 3, 7, dtype=WIDE)
    result = optimal_scale(s)
    assert result.shape == (2, 3)
    assert compare(result[1, 2], float(optimal_scale(s[1, 2])), 1e-12).ok
    strided = torch.stack([s, torch.full_like(s, torch.nan)], -1)[..., 0]
    assert torch.equal(optimal_scale(strided), result)
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        low = optimal_scale(s.to(dtype))
        assert low.dtype == dtype
        same = optimal_scale(s.to(dtype).double())
        assert compare(low, same, rounding_bound(dtype, 1, scale=float(same.max()))).ok
    assert optimal_scale(torch.ones(0, 4)).shape == (0,)
    copy = s.clone()
    optimal_scale(s)
    assert torch.equal(s, copy)


def test_no_gradient_flows() -> None:
    assert not optimal_scale(torch.randn(3, 4, requires_grad=True)).requires_grad


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    s = KernelCase.random(5, 20, dtype=WIDE)
    assert compare(optimal_scale(s.cuda()).cpu(), optimal_scale(s), 1e-11).ok
    n, d = torch.tensor([2.0, 64.0, 1e6], dtype=WIDE), torch.tensor([3.0, 128.0, 512.0], dtype=WIDE)
    assert compare(optimal_scale_normal(n.cuda()).cpu(), optimal_scale_normal(n), 1e-14).ok
    truth = optimal_scale_cosine(n, d)
    assert compare(optimal_scale_cosine(n.cuda(), d.cuda()).cpu() / truth, 1.0, 1e-12).ok
    truth = cosine_log_mgf(n, d)
    assert compare(cosine_log_mgf(n.cuda(), d.cuda()).cpu() / truth, 1.0, 1e-13).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: optimal_scale_normal(0.5),
            ValueError,
            "optimal_scale_normal: n is 0.5, expected a finite number of at least 1; there is no maximum below that.",
        ),
        (
            lambda: optimal_scale_normal(True),
            TypeError,
            "optimal_scale_normal: n is True (bool), expected a number or a tensor; pass a Python number.",
        ),
        (
            lambda: optimal_scale_normal(torch.tensor([2.0, math.nan])),
            ValueError,
            "optimal_scale_normal: n is between nan and nan, expected finite numbers of at least 1; "
            "there is no maximum below that.",
        ),
        (
            lambda: optimal_scale_normal(torch.ones(2, dtype=torch.complex64)),
            TypeError,
            "optimal_scale_normal: n.dtype is complex64, expected a real dtype; pass numbers.",
        ),
        (
            lambda: optimal_scale_cosine(5, 1),
            ValueError,
            "optimal_scale_cosine: d is 1.0, expected finite and at least 2; the law of the cosine needs that.",
        ),
        (
            lambda: optimal_scale_cosine(torch.ones(2), torch.full((3,), 4.0)),
            ValueError,
            "optimal_scale_cosine: shapes of n and d is (2,) and (3,), expected shapes that broadcast; add dimensions of size 1.",
        ),
        (
            lambda: cosine_log_mgf(1.0, 3),  # type: ignore[arg-type]
            TypeError,
            "cosine_log_mgf: alpha is a float, expected a tensor [...]; convert it with torch.as_tensor.",
        ),
        (
            lambda: cosine_log_mgf(torch.ones(2), "3"),  # type: ignore[arg-type]
            TypeError,
            "cosine_log_mgf: d is '3' (str), expected a number or a tensor; pass a Python number.",
        ),
        (
            lambda: optimal_scale(torch.ones(3, 1)),
            ValueError,
            "optimal_scale: s.shape is (3, 1), expected [..., n] with n of at least 2; one score has no gradient.",
        ),
        (
            lambda: optimal_scale(torch.ones(3, dtype=torch.int64)),
            TypeError,
            "optimal_scale: s.dtype is int64, expected float32 or float64 or bfloat16 or float16; "
            "convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(optimal_scale)(torch.ones(2, 4)).shape == (2,)
    assert checked(optimal_scale_normal)(torch.ones(2, 3)).shape == (2, 3)
    assert checked(optimal_scale_cosine)(torch.ones(2) * 5, 3).shape == (2,)
    assert checked(cosine_log_mgf)(torch.ones(2), 3).shape == (2,)
    with pytest.raises(Exception, match="Type-check"):
        checked(optimal_scale)(torch.ones(2, dtype=torch.int64))
