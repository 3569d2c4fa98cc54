"""Score matching losses, the number between them and the batch estimate: definitions, ledger figures, exact cases."""

import math

import pytest
import torch
from torch import Tensor

from derivable.kernels.gaussian_mixture import gmm_noised, gmm_sample, gmm_score
from derivable.kernels.score_matching import (
    batch_score,
    csm_loss,
    csm_sm_gap,
    reference_batch_score,
    reference_csm_loss,
    sm_loss,
)
from derivable.numerics import compare, mean_estimate, rounding_bound

from .kernel_case import WIDE as COMPUTED_IN
from .kernel_case import KernelCase

WIDE = torch.float64
# the mixture of the ledger: weights .3, .7, means -2, 1, deviations .5, .8
LEDGER = (
    torch.tensor([[-2.0], [1.0]], dtype=WIDE),
    torch.tensor([0.25, 0.64], dtype=WIDE),
    torch.tensor([0.3, 0.7], dtype=WIDE).log(),
)
ATOMS = torch.tensor([[-1.0], [1.0]], dtype=WIDE), torch.zeros(2, dtype=WIDE), torch.zeros(2, dtype=WIDE)


class TestCsmLoss(KernelCase):
    """Of samples [..., d], one loss each; the model is a sine."""

    def kernel(self, x0: Tensor, eps: Tensor) -> Tensor:
        return csm_loss(torch.sin, x0, 0.75, 0.5, eps, reduction="none")

    def reference(self, x0: Tensor, eps: Tensor) -> Tensor:
        return reference_csm_loss(torch.sin, x0, 0.75, 0.5, eps)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return self.random(*batch, size, dtype=dtype), self.random(*batch, size, dtype=dtype, seed=1)

    def result_dtype(self, dtype: torch.dtype) -> torch.dtype:
        return COMPUTED_IN.get(dtype, dtype)

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        """Squares of (ε/b + s) with 6 roundings, each term at most (|ε|/b + 1)²; then a sum of d."""
        scale = float((self.inputs(size, dtype)[1].double().abs() / 0.5 + 1).square().sum()) if size else 0.0
        return rounding_bound(COMPUTED_IN.get(dtype, dtype), 2 * size + 24, scale=max(scale, 2.0 * float(truth.abs().max())))

    def test_size_zero(self) -> None:
        assert torch.equal(self.kernel(*self.inputs(0, WIDE)), torch.zeros((), dtype=WIDE))


class TestBatchScore(KernelCase):
    """Of points [..., d] with six data points, which batch rows share."""

    def kernel(self, x: Tensor, x0: Tensor) -> Tensor:
        return batch_score(x, x0, 0.75, 1.5)

    def reference(self, x: Tensor, x0: Tensor) -> Tensor:
        return reference_batch_score(x, x0, 0.75, 1.5)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return self.random(*batch, size, dtype=dtype), self.random(6, size, dtype=dtype, seed=1)

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        return inputs[0][index], inputs[1]

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        """As for the mixture: exponents off by δ, then the slopes (a x0 - x)/b²."""
        x, x0 = (t.double() for t in self.inputs(size, dtype))
        ratio = float((x.square().sum() + x0.square().sum(-1)).max()) / 1.5**2 if size else 0.0
        slope = float(x.norm() + x0.norm(dim=-1).max()) / 1.5**2 if size else 0.0
        computed = COMPUTED_IN.get(dtype, dtype)
        work = 2 * rounding_bound(computed, size + 8, scale=4 * ratio) + rounding_bound(computed, 10)
        return work * 2 * slope + rounding_bound(dtype, 1, scale=slope)


def test_gap_of_the_ledgers_mixture() -> None:
    """Claim diffusion/score_matching/C4: 1.91753567233115, by quadrature, to 1e-14 relatively."""
    gap = float(csm_sm_gap(*LEDGER, 0.8, 0.6))
    assert abs(gap - 1.91753567233115) < 1e-14


def test_gap_of_one_normal_law_in_any_dimension() -> None:
    """Claim C4: d a² s² / (b² (a² s² + b²)): 20/3 for d = 3, s = 1.5, a = .8, b = .6; every draw gives it."""
    parts = torch.ones(1, 3, dtype=WIDE), torch.tensor([2.25], dtype=WIDE), torch.zeros(1, dtype=WIDE)
    x = torch.randn(5, 3, dtype=WIDE, generator=torch.Generator().manual_seed(0))
    assert abs(float(csm_sm_gap(*parts, 0.8, 0.6, x)) - 20 / 3) < 1e-14


@pytest.mark.parametrize(("b", "gap"), [(1.0, 0.4495995092), (0.5, 1.0975585)])
def test_gap_of_atoms(b: float, gap: float) -> None:
    """Claim C6, K = 1: x0 = ±1, a = 1."""
    assert abs(float(csm_sm_gap(*ATOMS, 1.0, b)) - gap) < 1e-7


def test_gap_of_atoms_vanishes_with_the_noise_although_both_losses_blow_up() -> None:
    """Ledger, pitfalls: exponentially small for b to 0, where d/b² - J would lose every digit."""
    assert 0 <= float(csm_sm_gap(*ATOMS, 1.0, 0.05)) < 1e-12
    assert float(csm_sm_gap(*ATOMS, 0.0, 1.0)) == 0.0


def test_gap_by_draws_agrees_with_quadrature() -> None:
    """Seed 3, false alarm below 1e-9."""
    x = gmm_sample(20000, *gmm_noised(*LEDGER, 0.8, 0.6), torch.Generator().manual_seed(3))
    each = torch.stack([csm_sm_gap(*LEDGER, 0.8, 0.6, row) for row in x[:4000]])
    assert mean_estimate(each, seed=3).agrees(1.91753567233115)


def test_gap_in_float32() -> None:
    parts = tuple(t.float() for t in LEDGER)
    assert csm_sm_gap(*parts, 0.8, 0.6).dtype == torch.float32
    assert abs(float(csm_sm_gap(*parts, 0.8, 0.6)) - 1.91753567233115) < 2e-5
    assert csm_sm_gap(*(t.bfloat16() for t in LEDGER), 0.8, 0.6).dtype == torch.float32


def test_gap_is_differentiable_in_the_mixture() -> None:
    inputs = tuple(t.clone().requires_grad_() for t in LEDGER)
    assert torch.autograd.gradcheck(lambda *parts: csm_sm_gap(*parts, 0.8, 0.6), inputs)


def test_losses_differ_by_the_gap_whatever_the_model() -> None:
    """Claim C4, paired samples, seed 9, false alarm below 1e-9: the same number for sin and for a bad model."""
    generator = torch.Generator().manual_seed(9)
    x0 = gmm_sample(200_000, *LEDGER, generator)
    eps = torch.randn(x0.shape, dtype=WIDE, generator=generator)
    noised = gmm_noised(*LEDGER, 0.8, 0.6)
    x = 0.8 * x0 + 0.6 * eps
    for model in (torch.sin, lambda x: 3 - x):
        paired = csm_loss(model, x0, 0.8, 0.6, eps, reduction="none") - sm_loss(
            model, x, lambda x: gmm_score(x, *noised), reduction="none"
        )
        assert mean_estimate(paired, seed=9).agrees(1.91753567233115)
        # forgetting the Fisher information, and taking the values for equal
        assert not mean_estimate(paired, seed=9).agrees(1 / 0.36)
        assert not mean_estimate(paired, seed=9).agrees(0.0)


def test_mean_is_the_mean_of_the_single_losses() -> None:
    x0, eps = torch.randn(2, 5, 3, dtype=WIDE).unbind()
    single = csm_loss(torch.sin, x0, 1.0, 0.5, eps, reduction="none")
    assert single.shape == (5,)
    assert compare(csm_loss(torch.sin, x0, 1.0, 0.5, eps), single.mean(), 1e-15).ok
    assert sm_loss(torch.sin, x0, torch.cos, reduction="none").shape == (5,)
    assert compare(sm_loss(torch.sin, x0, torch.cos), (x0.cos() - x0.sin()).square().sum(-1).mean(), 1e-15).ok


def test_the_right_model_has_no_loss_and_the_conditional_score_none_of_the_other() -> None:
    noised = gmm_noised(*LEDGER, 0.8, 0.6)

    def score(x: Tensor) -> Tensor:
        return gmm_score(x, *noised)

    assert float(sm_loss(score, torch.randn(6, 1, dtype=WIDE), score)) == 0.0


def test_levels_of_each_sample() -> None:
    x0, eps = torch.randn(2, 5, 3, dtype=WIDE).unbind()
    a, b = torch.linspace(0.1, 0.9, 5, dtype=WIDE), torch.linspace(1, 0.5, 5, dtype=WIDE)
    together = csm_loss(torch.sin, x0, a, b, eps, reduction="none")
    single = [csm_loss(torch.sin, x0[i], float(a[i]), float(b[i]), eps[i]) for i in range(5)]
    assert compare(together, torch.stack(single), 1e-14).ok


def test_losses_are_differentiable_in_the_parameters_of_the_model() -> None:
    x0, eps = torch.randn(2, 4, 2, dtype=WIDE).unbind()

    def loss(theta: Tensor) -> Tensor:
        return csm_loss(lambda x: theta[0] + theta[1] * x.tanh(), x0, 0.8, 0.6, eps)

    assert torch.autograd.gradcheck(loss, (torch.tensor([0.2, -0.7], dtype=WIDE, requires_grad=True),))


def test_batch_score_of_one_point_is_the_conditional_score() -> None:
    """Claim C6: K = 1 is CSM."""
    x, x0 = torch.randn(2, 4, 3, dtype=WIDE).unbind()
    assert compare(batch_score(x, x0[:1], 0.8, 0.6), -(x - 0.8 * x0[0]) / 0.36, 1e-13).ok


def test_batch_score_of_two_atoms() -> None:
    """Claim C1: -0.0378828 at x = 0.5."""
    score = batch_score(torch.tensor([0.5], dtype=WIDE), ATOMS[0], 1.0, 1.0)
    assert compare(score, math.tanh(0.5) - 0.5, 1e-15).ok


def test_batch_score_does_not_underflow() -> None:
    x = torch.tensor([[200.0]])
    assert compare(batch_score(x, torch.tensor([[0.0], [1.0]]), 1.0, 1.0), -199.0, 1e-2).ok
    assert reference_batch_score(x, torch.tensor([[0.0], [1.0]]), 1.0, 1.0).isnan().all()


def test_empty_batches() -> None:
    none = torch.zeros(0, 2)
    assert csm_loss(torch.sin, none, 1.0, 1.0, none, reduction="none").shape == (0,)
    assert sm_loss(torch.sin, none, torch.sin, reduction="none").shape == (0,)
    assert batch_score(none, torch.ones(1, 2), 1.0, 1.0).shape == (0, 2)


X = torch.zeros(4, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: csm_loss(torch.sin, X, 1.0, 1.0, X[:3]),
            ValueError,
            "csm_loss: eps.shape is (3, 2), expected (4, 2); draw torch.randn_like(x0).",
        ),
        (
            lambda: csm_loss(lambda x: x[:, 0], X, 1.0, 1.0, X),
            ValueError,
            "csm_loss: the value of model(x) is (4,), expected (4, 2); return one number per coordinate.",
        ),
        (
            lambda: sm_loss(torch.sin, X, lambda x: x.sum()),
            ValueError,
            "sm_loss: the value of score(x) is (), expected (4, 2); return one number per coordinate.",
        ),
        (
            lambda: csm_loss(torch.sin, X, 1.0, 0.0, X),
            ValueError,
            "csm_loss: b is 0.0, expected a positive finite number; the formula divides by it.",
        ),
        (
            lambda: csm_loss(torch.sin, X, 1.0, torch.ones(3), X),
            ValueError,
            "csm_loss: b.shape is (3,), expected (4,); give one level for each sample.",
        ),
        (
            lambda: csm_loss(torch.sin, X, 1.0, 1.0, X, reduction="sum"),
            ValueError,
            "csm_loss: reduction is 'sum', expected one of 'mean', 'none'; choose one of these names.",
        ),
        (
            lambda: batch_score(X, X[:0], 1.0, 1.0),
            ValueError,
            "batch_score: x0.shape is (0, 2), expected [K, d] with K of at least 1; give one data point a row.",
        ),
        (
            lambda: batch_score(X, X.double(), 1.0, 1.0),
            TypeError,
            "batch_score: x0.dtype is float64, expected float32 like x; convert it with .to(torch.float32).",
        ),
        (
            lambda: csm_sm_gap(X, torch.ones(4), torch.zeros(4), 1.0, 1.0),
            ValueError,
            "csm_sm_gap: x is None, expected draws of x_t for d = 2; draw them with gmm_sample(count, *gmm_noised(…)).",
        ),
        (
            lambda: csm_sm_gap(X, torch.ones(4), torch.zeros(4), 1.0, 1.0, X[:0]),
            ValueError,
            "csm_sm_gap: x.shape is (0, 2), expected at least one point; draw x_t with gmm_sample.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(batch_score)(X, X, 1.0, 1.0).shape == (4, 2)
    assert checked(csm_loss)(torch.sin, X, 1.0, 1.0, X).ndim == 0
    assert checked(sm_loss)(torch.sin, X, torch.cos).ndim == 0
    assert checked(csm_sm_gap)(*LEDGER, 0.8, 0.6).ndim == 0
