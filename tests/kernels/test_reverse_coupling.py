"""Coupled reverse diffusions and the Grönwall bound against naive loops, closed forms and the exact distance."""

import math

import pytest
import torch
from torch import Tensor

from derivable.kernels.reverse_coupling import (
    coupled_reverse,
    gronwall_bound,
    osl_constant,
    reference_coupled_reverse,
    reference_gronwall_bound,
)
from derivable.kernels.wasserstein import bures_w2
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


class TestConstant(KernelCase):
    """Of n×n Jacobians, at most 8."""

    sizes = (1, 2, 8)
    zero_size = ValueError

    def kernel(self, J: Tensor) -> Tensor:
        return osl_constant(J)

    def reference(self, J: Tensor) -> Tensor:
        """By power iteration on the symmetric part, shifted to be positive."""
        A = (J.double() + J.double().T) / 2
        shift = A.abs().sum() + 1
        v = torch.ones(len(A), dtype=WIDE)
        for _ in range(20_000):
            v = A @ v + shift * v
            v = v / v.norm()
        return v @ A @ v

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, size, dtype=dtype),)

    def condition(self, size: int) -> float:
        return float(size)


class TestBound(KernelCase):
    """On n times."""

    zero_size = ValueError
    dtypes = (torch.float64, torch.float32)

    def kernel(self, ts: Tensor, L: Tensor, err: Tensor) -> Tensor:
        return gronwall_bound(ts, L, err.square(), 0.5)

    def reference(self, ts: Tensor, L: Tensor, err: Tensor) -> Tensor:
        return reference_gronwall_bound(ts, L, err.square(), 0.5)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        ts = torch.linspace(0, 1.5, size, dtype=dtype)
        return ts, self.random(*batch, size, dtype=dtype), self.random(*batch, size, dtype=dtype, seed=1)

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        return inputs[0], inputs[1][index], inputs[2][index]

    def condition(self, size: int) -> float:
        return 4.0


class TestLogarithm(TestBound):
    """Of the same."""

    def kernel(self, ts: Tensor, L: Tensor, err: Tensor) -> Tensor:
        return gronwall_bound(ts, L, err.square(), 0.5, log=True)

    def reference(self, ts: Tensor, L: Tensor, err: Tensor) -> Tensor:
        return super().reference(ts, L, err).log()

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        return rounding_bound(dtype, self.operations(size), self.condition(size))


class TestPath(TestBound):
    """Its value at 0."""

    def kernel(self, ts: Tensor, L: Tensor, err: Tensor) -> Tensor:
        return gronwall_bound(ts, L, err.square(), 0.5, path=True)[..., 0]


class TestCoupled(KernelCase):
    """Two scores on n particles, 4 steps."""

    batched = False

    def kernel(self, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
        ts = torch.tensor([1.0, 0.75, 0.5, 0.125, 0.0], dtype=noise.dtype)
        ends = coupled_reverse(
            x, y, lambda x, t: -x / (1 + t), lambda y, t: torch.sin(y) * t, noise, ts,
            f=lambda x, t: -x / 2 + t, g=lambda t: 1 + t, sigma=lambda t: 2 * t,
        )  # fmt: skip
        return torch.cat(ends)

    def reference(self, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
        ends = reference_coupled_reverse(
            x.tolist(), y.tolist(), lambda x, t: -x / (1 + t), lambda y, t: math.sin(y) * t, noise.tolist(),
            [1.0, 0.75, 0.5, 0.125, 0.0],
            lambda x, t: -x / 2 + t, lambda t: 1 + t, lambda t: 2 * t,
        )  # fmt: skip
        return torch.tensor([*ends[0], *ends[1]], dtype=WIDE)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        wide = torch.float32 if dtype == torch.bfloat16 else dtype
        starts = (self.random(size, dtype=dtype, seed=seed) for seed in (0, 1))
        return next(starts), next(starts), self.random(4, size, dtype=wide, seed=2)

    def operations(self, size: int) -> int:
        return 80

    def condition(self, size: int) -> float:
        return 10.0

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
    def test_cuda_agrees_with_cpu(self) -> None:
        x, y, noise = self.inputs(5, WIDE)
        ts = torch.tensor([1.0, 0.5, 0.0], dtype=WIDE)

        def run(device: str) -> Tensor:
            places = (t.to(device) for t in (x, y, noise[:2], ts))
            x_T, y_T, draws, times = places
            ends = coupled_reverse(x_T, y_T, lambda x, t: -x, lambda y, t: -2 * y, draws, times, f=lambda x, t: x, g=lambda t: t)
            return torch.cat(ends).cpu()

        assert compare(run("cuda"), run("cpu"), 1e-13).ok


def test_constants_of_a_field_and_of_its_negative_are_unrelated() -> None:
    """Claim diffusion/wasserstein_bound/C2: -x³ has the constant 0, x³ has none; a rotation has 0 both ways."""
    x = torch.arange(-30, 31, dtype=WIDE) / 10
    J = (-3 * x**2)[:, None, None]
    assert float(osl_constant(J).max()) == 0.0
    assert abs(float(osl_constant(-J).max()) - 27.0) < 1e-14
    turn = torch.tensor([[0.0, -5.0], [5.0, 0.0]], dtype=WIDE)
    assert float(osl_constant(turn)) == 0.0
    assert float(osl_constant(-turn)) == 0.0


def test_no_pair_of_points_exceeds_the_constant() -> None:
    A = KernelCase.random(4, 4, dtype=WIDE)
    x, y = KernelCase.random(1000, 4, dtype=WIDE, seed=1), KernelCase.random(1000, 4, dtype=WIDE, seed=2)
    ratio = (((x - y) @ A.T) * (x - y)).sum(-1) / (x - y).square().sum(-1)
    assert float(ratio.max()) <= float(osl_constant(A)) + 1e-12


def test_constant_is_differentiable_where_the_top_eigenvalue_is_double() -> None:
    J = torch.eye(3, dtype=WIDE).requires_grad_()
    (grad,) = torch.autograd.grad(osl_constant(J), J)
    assert compare(grad.trace(), 1.0, 1e-14).ok


def test_tight_case_of_the_bound() -> None:
    """Claim diffusion/wasserstein_bound/C4: ℓ = 2, c = 0.7, T = 1.3 gives c (e^(ℓT) - 1)/ℓ; the rule's error is h²·…/12."""
    for points in (101, 1001):
        ts = torch.linspace(0, 1.3, points, dtype=WIDE)
        bound = gronwall_bound(ts, torch.full_like(ts, 2.0), torch.full_like(ts, 0.7))
        truth = 0.7 * math.expm1(2.6) / 2
        assert abs(truth - 4.362308312) < 1e-9
        step = 1.3 / (points - 1)
        assert compare(bound, truth, step**2 * 1.3 / 12 * 4 * 0.7 * math.exp(2.6)).ok
        assert float(bound) >= truth  # the integrand is convex


def test_path_is_the_bound_from_each_time_on() -> None:
    ts, L, err = TestBound().inputs(9, WIDE)
    path = gronwall_bound(ts, L, err.abs(), 0.25, path=True)
    for k in range(9):
        rest = gronwall_bound(ts[k:] - ts[k], L[k:], err[k:].abs(), 0.25)
        assert compare(path[k], rest, 1e-13).ok
    assert float(path[-1]) == 0.25


def test_logarithm_beyond_the_range_of_floats() -> None:
    ts = torch.linspace(0, 5000, 5001, dtype=WIDE)
    one = torch.ones_like(ts)
    assert float(gronwall_bound(ts, one, one)) == math.inf
    early = torch.where(ts < 2.5, one, 0)
    assert compare(gronwall_bound(ts, one, early), 0.5 + math.e + math.e**2, 1e-13).ok
    # Σ over the steps of (1 + e)/2 e^k = (1 + e)/2 (e^5000 - 1)/(e - 1)
    truth = 5000 + math.log((1 + math.e) / 2 / (math.e - 1))
    assert compare(gronwall_bound(ts, one, one, log=True), truth, rounding_bound(WIDE, 5100, scale=5000.0)).ok
    assert compare(gronwall_bound(ts, one, 0 * one, 2.0, log=True), 5000 + math.log(2), 1e-9).ok
    assert compare(gronwall_bound(ts, -one, 0 * one, 2.0, log=True), math.log(2) - 5000, 1e-9).ok


def test_logarithm_of_nothing() -> None:
    ts = torch.linspace(0, 1, 5, dtype=WIDE)
    assert float(gronwall_bound(ts, ts, 0 * ts, log=True)) == -math.inf
    assert float(gronwall_bound(ts[:1], ts[:1], ts[:1])) == 0.0
    assert float(gronwall_bound(ts[:1], ts[:1], ts[:1] + 1, 0.5, path=True)) == 0.5


def test_gradient_of_the_logarithm_where_an_error_is_zero() -> None:
    ts = torch.linspace(0, 1, 5, dtype=WIDE)
    err = torch.tensor([0.0, 1.0, 0.0, 2.0, 0.0], dtype=WIDE, requires_grad=True)
    logarithm = gronwall_bound(ts, ts, err, log=True)
    bound = gronwall_bound(ts, ts, err)
    (slope,) = torch.autograd.grad(logarithm, err)
    (plain,) = torch.autograd.grad(bound, err)
    assert compare(slope, plain / bound.detach(), 1e-14).ok


def test_batches_of_the_bound_broadcast() -> None:
    ts = torch.linspace(0, 1, 5, dtype=WIDE)
    w = torch.tensor([0.0, 1.0, 2.0], dtype=WIDE)
    L = torch.tensor([[0.5], [1.0]], dtype=WIDE)[:, None] * torch.ones(5, dtype=WIDE)
    bound = gronwall_bound(ts, L, torch.ones(5, dtype=WIDE), w)
    assert bound.shape == (2, 3)
    assert gronwall_bound(ts, L, torch.ones(5, dtype=WIDE), w, path=True).shape == (2, 3, 5)
    assert compare(gronwall_bound(ts, L, torch.ones(5, dtype=WIDE), w, log=True), bound.log(), 1e-14).ok
    assert compare(bound[1, 2] - bound[1, 0], 2 * math.e, 1e-14).ok


def test_bound_holds_for_time_linear_fields() -> None:
    """Claim diffusion/wasserstein_bound/C4: fields A_t x and B_t x + b, d = 3, Gaussian starts, the exact moments by RK4."""
    points, T = 401, 1.0
    ts = torch.linspace(0, T, points, dtype=WIDE)
    eye = torch.eye(3, dtype=WIDE)
    for seed in range(5):
        A0, A1, B0, B1 = KernelCase.random(4, 3, 3, dtype=WIDE, seed=seed)
        shift = KernelCase.random(3, dtype=WIDE, seed=100 + seed)

        def rates(t: float, state: tuple[Tensor, ...], parts=(A0, A1, B0, B1, shift)) -> tuple[Tensor, ...]:
            A0, A1, B0, B1, b = parts
            m1, S1, m2, S2 = state
            A, B = A0 + t * A1, B0 + t * B1
            return A @ m1, A @ S1 + S1 @ A.T, B @ m2 + b, B @ S2 + S2 @ B.T

        state = (torch.zeros(3, dtype=WIDE), eye, torch.ones(3, dtype=WIDE), 2 * eye)
        w_T = float(bures_w2(*state))
        h = T / (points - 1)
        errors = []
        for k in range(points - 1, -1, -1):
            t = float(ts[k])
            m, S, *_ = state
            gap = (A0 + t * A1) - (B0 + t * B1)
            errors.append(((gap @ m - shift).square().sum() + (gap @ S @ gap.T).trace()).sqrt())
            if k == 0:
                break
            k1 = rates(t, state)
            k2 = rates(t - h / 2, tuple(s - h / 2 * r for s, r in zip(state, k1, strict=True)))
            k3 = rates(t - h / 2, tuple(s - h / 2 * r for s, r in zip(state, k2, strict=True)))
            k4 = rates(t - h, tuple(s - h * r for s, r in zip(state, k3, strict=True)))
            state = tuple(s - h / 6 * (a + 2 * b + 2 * c + e) for s, a, b, c, e in zip(state, k1, k2, k3, k4, strict=True))
        L = osl_constant(-(B0 + ts[:, None, None] * B1))
        bound = gronwall_bound(ts, L, torch.stack(errors[::-1]), w_T)
        assert 0 < float(bures_w2(*state)) <= float(bound)


def test_shared_noise_cancels_in_the_difference() -> None:
    """Claim diffusion/wasserstein_bound/C7: for affine scores x - y does not depend on the noise."""
    x, y = KernelCase.random(6, 2, dtype=WIDE), KernelCase.random(6, 2, dtype=WIDE, seed=1)
    ts = torch.linspace(1, 0, 9, dtype=WIDE)

    def gap(noise: Tensor | torch.Generator) -> Tensor:
        ends = coupled_reverse(x, y, lambda x, t: -x, lambda y, t: 1 - y, noise, ts, f=lambda x, t: x, g=lambda t: 1 + t)
        return ends[0] - ends[1]

    still = gap(torch.zeros(8, 6, 2, dtype=WIDE))
    assert compare(gap(torch.Generator().manual_seed(3)), still, 1e-13).ok
    assert compare(gap(KernelCase.random(8, 6, 2, dtype=WIDE)), still, 1e-13).ok


def test_without_noise_it_is_the_probability_flow() -> None:
    """f = 0, g = 1, p_t = N(0, 1/4 + t): dx/dt = x/(2(1/4 + t)) carries x_T to x_T √(1/4)/√(1/4 + T)."""
    x = torch.tensor([1.0, -2.0], dtype=WIDE)
    ends = []
    for steps in (100, 200):
        ts = torch.linspace(1, 0, steps + 1, dtype=WIDE)
        end, _ = coupled_reverse(
            x, x, lambda x, t: -x / (0.25 + t), lambda x, t: -x / (0.25 + t), None, ts, f=lambda x, t: 0 * x, g=lambda t: 1.0
        )
        ends.append(float((end - x * math.sqrt(0.25 / 1.25)).abs().max()))
    assert 1.9 < ends[0] / ends[1] < 2.1  # first order


def test_generator_draws_what_a_tensor_gives() -> None:
    x = KernelCase.random(3, dtype=WIDE)
    ts = torch.linspace(1, 0, 5, dtype=WIDE)
    generator = torch.Generator().manual_seed(5)
    noise = torch.stack([torch.randn(3, generator=generator, dtype=WIDE) for _ in range(4)])

    def run(noise: Tensor | torch.Generator) -> Tensor:
        return torch.cat(coupled_reverse(x, x, lambda x, t: -x, lambda x, t: x, noise, ts, f=lambda x, t: x, g=lambda t: t))

    assert torch.equal(run(noise), run(torch.Generator().manual_seed(5)))


def test_path_begins_with_the_starts() -> None:
    x, y = KernelCase.random(3, 2, dtype=WIDE), KernelCase.random(3, 2, dtype=WIDE, seed=1)
    ts = torch.linspace(1, 0, 5, dtype=WIDE)
    xs, ys = coupled_reverse(x, y, lambda x, t: -x, lambda x, t: x, None, ts, f=lambda x, t: x, g=lambda t: 1.0, path=True)
    assert xs.shape == ys.shape == (5, 3, 2)
    assert torch.equal(xs[0], x)
    assert torch.equal(ys[0], y)
    one = coupled_reverse(x, y, lambda x, t: -x, lambda x, t: x, None, ts[:1], f=lambda x, t: x, g=lambda t: 1.0)
    assert torch.equal(one[0], x)


ONE = torch.ones(2)
TIMES = torch.tensor([1.0, 0.0])


def run(**changes):
    given = {"x_T": ONE, "y_T": ONE, "score_p": lambda x, t: x, "score_q": lambda x, t: x, "noise": None, "ts": TIMES}
    return coupled_reverse(**{**given, "f": lambda x, t: x, "g": lambda t: 1.0, **changes})


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: osl_constant(torch.ones(2, 3)),
            ValueError,
            "osl_constant: J.shape is (2, 3), expected [..., d, d] with d of at least 1; pass square Jacobians.",
        ),
        (
            lambda: gronwall_bound(torch.tensor([1.0, 0.0]), ONE, ONE),
            ValueError,
            "gronwall_bound: ts is not strictly ascending, expected times from 0 to T; sort them and drop repeats.",
        ),
        (
            lambda: gronwall_bound(torch.tensor([0.0, 1.0]), ONE, torch.ones(3)),
            ValueError,
            "gronwall_bound: err.shape is (3,), expected [..., 2] like ts; give a value a time.",
        ),
        (
            lambda: gronwall_bound(torch.tensor([0.0, 1.0]), ONE, -ONE),
            ValueError,
            "gronwall_bound: err is negative or NaN somewhere, expected numbers of at least 0; pass root mean squares.",
        ),
        (
            lambda: gronwall_bound(torch.tensor([0.0, 1.0]), ONE, ONE, -1.0),
            ValueError,
            "gronwall_bound: w_T is negative or NaN somewhere, expected numbers of at least 0; pass root mean squares.",
        ),
        (
            lambda: gronwall_bound(torch.tensor([0.0, 1.0]), ONE, ONE.double()),
            TypeError,
            "gronwall_bound: err.dtype is float64, expected float32 like ts; convert it with .to(torch.float32).",
        ),
        (
            lambda: gronwall_bound(torch.tensor([0.0, 1.0]), torch.ones(3, 2), torch.ones(4, 2)),
            ValueError,
            "gronwall_bound: the shape of L, err and w_T is (3, 2), (4, 2) and (), expected batch dimensions that broadcast; "
            "align them with reshape.",
        ),
        (
            lambda: gronwall_bound(torch.tensor([0.0, 1.0]), ONE, ONE, log=True, path=True),
            ValueError,
            "gronwall_bound: log is True together with path, expected one of them; "
            "take path=False, or the logarithm of the path.",
        ),
        (
            lambda: run(y_T=torch.ones(3)),
            ValueError,
            "coupled_reverse: y_T.shape is (3,), expected (2,) like x_T; couple them one to one.",
        ),
        (
            lambda: run(ts=TIMES.flip(0)),
            ValueError,
            "coupled_reverse: ts is not strictly descending, expected times from T down to 0; flip them.",
        ),
        (
            lambda: run(sigma=lambda t: 1.0),
            ValueError,
            "coupled_reverse: noise is None, expected a tensor or a generator, as sigma is given; "
            "pass noise, or leave out sigma.",
        ),
        (
            lambda: run(noise=torch.ones(2, 2)),
            ValueError,
            "coupled_reverse: noise.shape is (2, 2), expected (1, 2); one draw a step and coordinate, shared by both processes.",
        ),
        (
            lambda: run(score_q=lambda x, t: x[:1]),
            ValueError,
            "coupled_reverse: the value of score_q(x, t) is (1,), expected (2,); return one number a coordinate.",
        ),
        (
            lambda: run(ts=TIMES.double()),
            TypeError,
            "coupled_reverse: ts.dtype is float64, expected float32 like x_T; convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    ts = torch.linspace(0, 1, 4)
    assert checked(osl_constant)(torch.ones(3, 2, 2)).shape == (3,)
    assert checked(gronwall_bound)(ts, ts, ts).shape == ()
