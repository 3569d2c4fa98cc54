"""Gaussian mixtures against sums over components, torch.distributions, Tweedie's formula and exact samples."""

import math

import pytest
import torch
from torch import Tensor

from derivable.kernels.gaussian_mixture import (
    gmm_log_density,
    gmm_noised,
    gmm_posterior,
    gmm_sample,
    gmm_score,
    reference_gmm_log_density,
    reference_gmm_log_joint,
    reference_gmm_score,
)
from derivable.numerics import compare, mean_estimate, rounding_bound

from .kernel_case import WIDE as COMPUTED_IN
from .kernel_case import KernelCase

WIDE = torch.float64
COMPONENTS = 5


class Mixture(KernelCase):
    """Points [..., d] of a mixture of five components in d dimensions, which batch rows share."""

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        mu = self.random(COMPONENTS, size, dtype=WIDE, seed=1)
        var, logw = torch.linspace(0.5, 2, COMPONENTS, dtype=WIDE), self.random(COMPONENTS, dtype=WIDE, seed=2)
        return tuple(t.to(dtype) for t in (self.random(*batch, size, dtype=WIDE), mu, var, logw))

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        return inputs[0][index], *inputs[1:]

    def exponent(self, size: int, dtype: torch.dtype) -> float:
        """Bound δ, the error of the exponents: (d + 8)·u·R, R the largest (|x|² + |μ_k|²)/v_k, centred or not."""
        x, mu, var, _ = (t.double() for t in self.inputs(size, dtype))
        ratio = float(((x.square().sum() + mu.square().sum(-1)) / var).max()) if size else 0.0
        return rounding_bound(COMPUTED_IN.get(dtype, dtype), size + 8, scale=4 * ratio)


class TestScore(Mixture):
    def kernel(self, *inputs: Tensor) -> Tensor:
        return gmm_score(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_gmm_score(*inputs)

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        x, mu, var, _ = (t.double() for t in self.inputs(size, dtype))
        slope = float(((x.norm() + mu.norm(dim=-1)) / var).max())
        work = 2 * self.exponent(size, dtype) + rounding_bound(COMPUTED_IN.get(dtype, dtype), COMPONENTS + 4)
        return work * 2 * slope + rounding_bound(dtype, 1, scale=float(truth.abs().max()) if truth.numel() else 0.0)


class TestLogDensity(Mixture):
    def kernel(self, *inputs: Tensor) -> Tensor:
        return gmm_log_density(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_gmm_log_density(*inputs)

    def test_size_zero(self) -> None:
        """R^0 is one point, of density 1."""
        assert compare(self.kernel(*self.inputs(0, WIDE)), 0.0, 1e-15).ok

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        scale = float(truth.abs().max()) + 2 * size
        computed = rounding_bound(COMPUTED_IN.get(dtype, dtype), COMPONENTS + 8, scale=scale)
        return self.exponent(size, dtype) + computed + rounding_bound(dtype, 1, scale=scale)


class TestPosterior(Mixture):
    def kernel(self, *inputs: Tensor) -> Tensor:
        return gmm_posterior(*inputs)

    def reference(self, *inputs: Tensor) -> Tensor:
        return reference_gmm_log_joint(*inputs).softmax(-1)

    def test_size_zero(self) -> None:
        """In R^0 nothing is seen: the weights themselves."""
        inputs = self.inputs(0, WIDE)
        assert compare(self.kernel(*inputs), inputs[-1].softmax(-1), 1e-15).ok

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        work = 2 * self.exponent(size, dtype) + rounding_bound(COMPUTED_IN.get(dtype, dtype), COMPONENTS + 4)
        return work + rounding_bound(dtype, 1)


def mixture(K: int, d: int, dtype: torch.dtype = WIDE, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    mu = torch.randn(K, d, dtype=WIDE, generator=generator)
    var = 0.25 + torch.rand(K, dtype=WIDE, generator=generator)
    return tuple(t.to(dtype) for t in (mu, var, torch.randn(K, dtype=WIDE, generator=generator)))


def of_torch(mu: Tensor, var: Tensor, logw: Tensor) -> torch.distributions.MixtureSameFamily:
    normal = torch.distributions.Normal(mu, var.sqrt()[:, None].expand(mu.shape))
    return torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=logw), torch.distributions.Independent(normal, 1)
    )


@pytest.mark.parametrize(("K", "d"), [(1, 1), (2, 1), (7, 3), (40, 16)])
def test_score_is_the_gradient_of_the_log_density_and_of_torchs(K: int, d: int) -> None:
    """Claim diffusion/score_matching/C1: relative 1e-12 in float64."""
    parts = mixture(K, d)
    x = torch.randn(9, d, dtype=WIDE, generator=torch.Generator().manual_seed(3), requires_grad=True)
    score = gmm_score(x, *parts).detach()
    for log_density in (gmm_log_density(x, *parts), of_torch(*parts).log_prob(x)):
        (gradient,) = torch.autograd.grad(log_density.sum(), x)
        assert compare(score, gradient, 1e-12 * (1 + float(gradient.abs().max()))).ok
    assert compare(gmm_log_density(x.detach(), *parts), of_torch(*parts).log_prob(x).detach(), 1e-12 * d).ok


def test_two_atoms_have_the_closed_form() -> None:
    """Claim C1: x0 = ±1 equally likely, a = b = 1: tanh(x) - x, -0.0378828 at 0.5, not the prior's mean -0.5."""
    mu, var, logw = torch.tensor([[-1.0], [1.0]], dtype=WIDE), torch.ones(2, dtype=WIDE), torch.zeros(2, dtype=WIDE)
    x = torch.linspace(-3, 3, 13, dtype=WIDE)[:, None]
    assert compare(gmm_score(x, mu, var, logw), x.tanh() - x, 1e-15).ok
    assert abs(float(gmm_score(x[7], mu, var, logw)) + 0.0378828) < 5e-8


def test_far_from_the_origin_nothing_cancels() -> None:
    """The squares are expanded around the mean of the means: a shift of 1000 costs a float32 nothing but its own digits."""
    mu, var, logw = mixture(6, 3, torch.float32)
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(1))
    shift = 1024.0
    moved, means = x + shift, mu + shift
    truth = reference_gmm_score(moved, means, var, logw)
    slope = float(((x.norm(dim=-1).max() + mu.norm(dim=-1)) / var).max())
    ratio = slope**2 * float(var.max())
    # rounding of the centre, 2^-14, moves all distances alike only up to its own rounding
    allowed = (2 * rounding_bound(torch.float32, 11, scale=8 * ratio) + rounding_bound(torch.float32, 10)) * 4 * slope
    assert compare(gmm_score(moved, means, var, logw), truth, allowed + 2**-13).ok


def test_far_from_all_components_the_posterior_does_not_underflow() -> None:
    """exp(-5·10⁵) is 0 in float64; the ratio is not 0/0."""
    mu, var, logw = torch.tensor([[0.0], [1.0]], dtype=WIDE), torch.ones(2, dtype=WIDE), torch.zeros(2, dtype=WIDE)
    assert compare(gmm_score(torch.tensor([[1000.0]], dtype=WIDE), mu, var, logw), -999.0, 1e-9).ok


def test_a_weight_of_zero_drops_the_component() -> None:
    mu, var, logw = mixture(3, 2)
    logw[1] = -math.inf
    x = torch.zeros(2, dtype=WIDE)
    kept = [0, 2]
    assert compare(gmm_score(x, mu, var, logw), gmm_score(x, mu[kept], var[kept], logw[kept]), 1e-13).ok


def test_weights_up_to_a_constant() -> None:
    mu, var, logw = mixture(3, 2)
    x = torch.ones(2, dtype=WIDE)
    assert compare(gmm_log_density(x, mu, var, logw + 5), gmm_log_density(x, mu, var, logw), 1e-14).ok


def test_noised_mixture_is_the_law_of_noised_samples() -> None:
    """Second moments of a x0 + b ε; false alarm below 1e-9, seed 7."""
    mu, var, logw = mixture(3, 2)
    generator = torch.Generator().manual_seed(7)
    x0 = gmm_sample(40000, mu, var, logw, generator)
    x = 0.8 * x0 + 0.6 * torch.randn(x0.shape, dtype=WIDE, generator=generator)
    means, variances, logs = gmm_noised(mu, var, logw, 0.8, 0.6)
    moment = float(logs.softmax(-1) @ (means.square().sum(-1) + 2 * variances))
    assert mean_estimate(x.square().sum(-1), seed=7).agrees(moment)
    assert not mean_estimate(x0.square().sum(-1), seed=7).agrees(moment)


def test_samples_have_the_weights_and_moments() -> None:
    """False alarm below 1e-9, seed 11; the weights by the fraction left of a wide gap."""
    mu = torch.tensor([[-100.0], [100.0]], dtype=WIDE)
    logw = torch.tensor([0.3, 0.7], dtype=WIDE).log()
    x = gmm_sample(20000, mu, torch.ones(2, dtype=WIDE), logw, torch.Generator().manual_seed(11))[:, 0]
    assert mean_estimate((x < 0).double(), limits=(0.0, 1.0), seed=11).agrees(0.3)
    assert mean_estimate((x - 100 * x.sign()).square(), seed=11).agrees(1.0)


def test_atoms_are_sampled_as_they_are() -> None:
    mu = torch.tensor([[-1.0, 2.0], [1.0, 3.0]])
    x = gmm_sample(50, mu, torch.zeros(2), torch.zeros(2), torch.Generator().manual_seed(0))
    assert {tuple(row) for row in x.tolist()} == {(-1.0, 2.0), (1.0, 3.0)}
    assert gmm_sample(0, mu, torch.zeros(2), torch.zeros(2)).shape == (0, 2)


def test_no_points_is_no_score() -> None:
    mu, var, logw = mixture(3, 2)
    assert gmm_score(torch.zeros(0, 2, dtype=WIDE), mu, var, logw).shape == (0, 2)
    assert gmm_log_density(torch.zeros(4, 0, 2, dtype=WIDE), mu, var, logw).shape == (4, 0)


def test_bfloat16_is_computed_in_float32() -> None:
    parts = mixture(4, 3, torch.bfloat16)
    x = torch.randn(6, 3).bfloat16()
    wide = gmm_score(x.float(), *(t.float() for t in parts))
    assert gmm_score(x, *parts).dtype == torch.bfloat16
    assert torch.equal(gmm_score(x, *parts), wide.bfloat16())
    assert all(t.dtype == torch.bfloat16 for t in gmm_noised(*parts, 0.5, 0.5))
    assert gmm_sample(3, *parts).dtype == torch.bfloat16


X, MU, VAR, LOGW = torch.zeros(4, 2), torch.zeros(3, 2), torch.ones(3), torch.zeros(3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: gmm_score(torch.zeros(4, 3), MU, VAR, LOGW),
            ValueError,
            "gmm_score: x.shape is (4, 3), expected [..., 2]; points and means have the same number of coordinates.",
        ),
        (
            lambda: gmm_score(X, MU, VAR[:2], LOGW),
            ValueError,
            "gmm_score: var.shape is (2,), expected (3,); give one number for each mean.",
        ),
        (
            lambda: gmm_log_density(X, MU, -VAR, LOGW),
            ValueError,
            "gmm_log_density: var is -1 at its smallest, expected positive; these are variances, not their logarithms.",
        ),
        (
            lambda: gmm_posterior(X, MU[:0], VAR[:0], LOGW[:0]),
            ValueError,
            "gmm_posterior: mu.shape is (0, 2), expected [K, d] with K of at least 1; give one mean a row.",
        ),
        (
            lambda: gmm_score(X.double(), MU, VAR, LOGW),
            TypeError,
            "gmm_score: mu.dtype is float32, expected float64 like x; convert it with .to(torch.float64).",
        ),
        (
            lambda: gmm_score(X.int(), MU, VAR, LOGW),
            TypeError,
            "gmm_score: x.dtype is int32, expected float32 or float64 or bfloat16; convert it with .to(torch.float32).",
        ),
        (
            lambda: gmm_sample(-1, MU, VAR, LOGW),
            ValueError,
            "gmm_sample: count is -1, expected an integer of at least 0; there is nothing to compute below that.",
        ),
        (
            lambda: gmm_noised(MU, VAR, LOGW, -0.5, 1.0),
            ValueError,
            "gmm_noised: a is -0.5, expected a finite number of at least 0; a signal or noise level is not negative.",
        ),
        (
            lambda: gmm_noised(MU, VAR, LOGW, 1.0, "1"),
            TypeError,
            "gmm_noised: b is '1' (str), expected a finite number of at least 0; pass a Python float.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(gmm_score)(X, MU, VAR, LOGW).shape == (4, 2)
    assert checked(gmm_log_density)(X, MU, VAR, LOGW).shape == (4,)
    assert checked(gmm_posterior)(X, MU, VAR, LOGW).shape == (4, 3)
    assert checked(gmm_noised)(MU, VAR, LOGW, 1.0, 1.0)[0].shape == (3, 2)
