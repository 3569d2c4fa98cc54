"""Flattened images, predictors from neighbours, equivariance: against brute force and closed forms."""

import math

import pytest
import torch
from torch import Tensor

from derivable.kernels.sequence_structure import (
    ar1_predictors,
    permutation_defect,
    raster_correlation,
    raster_neighbour_lags,
)
from derivable.numerics import compare, rounding_bound

WIDE = torch.float64


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=WIDE)


@pytest.mark.parametrize(("H", "W", "k"), [(32, 32, 3), (5, 7, 5), (4, 4, 1), (1, 9, 1)])
def test_lags_are_those_of_the_flattened_image(H: int, W: int, k: int) -> None:
    image = torch.arange(H * W).reshape(H, W)
    for top, left in ((0, 0), (H - k, W - k)):
        patch = image[top : top + k, left : left + k]
        assert torch.equal(raster_neighbour_lags(H, W, k), patch - patch[0, 0])
    assert int(raster_neighbour_lags(H, W, k)[-1, -1]) + 1 == (k - 1) * W + k


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.9, 1.0])
@pytest.mark.parametrize("W", [1, 2, 5, 32])
def test_correlations_are_the_average_over_starting_columns(W: int, rho: float) -> None:
    lags = 3 * W + 2
    result = raster_correlation(rho, W, lags)
    for m in range(lags):
        pairs = [((column + m) // W, abs((column + m) % W - column)) for column in range(W)]
        truth = math.fsum(rho ** (i + j) for i, j in pairs) / W
        assert compare(result[m], truth, rounding_bound(WIDE, 4 * W + 20)).ok


def test_correlations_of_the_ledger_revive_at_the_width() -> None:
    """Claim ssm/long_range_arena/C5: W = 32, ρ = 0.9."""
    result = raster_correlation(0.9, 32, 65)
    for m, value in ((1, 0.8729), (8, 0.3408), (16, 0.1760), (24, 0.3105), (31, 0.7859), (32, 0.9), (64, 0.81)):
        assert compare(result[m], value, 5e-5).ok
    assert raster_correlation(0.9, 32, 0).shape == (0,)
    assert raster_correlation(0.9, 32, 3, dtype=torch.float32).dtype == torch.float32


@pytest.mark.parametrize("rho", [-0.7, 0.0, 0.5, 0.9])
@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_predictors_satisfy_the_normal_equations(n: int, rho: float) -> None:
    """The error of each predictor is uncorrelated with all that it may use."""
    t = torch.arange(n)
    covariance = torch.tensor(rho, dtype=WIDE) ** (t[:, None] - t).abs()
    for mode in ("next", "masked"):
        weights, errors = ar1_predictors(rho, n, mode)
        allowed = rounding_bound(WIDE, 20 * n, condition=(1 + abs(rho)) / (1 - abs(rho)))
        usable = (t[:, None] > t) if mode == "next" else (t[:, None] != t)
        assert not weights[~usable].any()
        residual = (torch.eye(n, dtype=WIDE) - weights) @ covariance
        assert float((residual * usable).abs().max()) <= allowed
        assert compare(errors, residual.diagonal(), allowed).ok


def test_neighbours_get_all_the_weight() -> None:
    """Claims ssm/long_range_arena/C6: n = 9, ρ = 0.9."""
    allowed = rounding_bound(WIDE, 20 * 9, condition=19)
    weights, errors = ar1_predictors(0.9, 9, "next")
    assert compare(weights, 0.9 * torch.diag(torch.ones(8, dtype=WIDE), -1), allowed).ok
    assert compare(errors, torch.tensor([1.0] + [0.19] * 8, dtype=WIDE), allowed).ok
    weights, errors = ar1_predictors(0.9, 9, "masked")
    middle = torch.zeros(9, dtype=WIDE)
    middle[[3, 5]] = 0.4972375690607735
    assert compare(weights[4], middle, allowed).ok
    assert compare(errors[4], 0.104972375690608, allowed).ok
    assert compare(weights[0, 1], 0.9, allowed).ok
    assert ar1_predictors(0.9, 4, "masked", dtype=torch.float32)[0].dtype == torch.float32


def attention(X: Tensor, causal: bool) -> Tensor:
    scores = X @ X.mT
    if causal:
        scores = scores.masked_fill(~torch.ones_like(scores, dtype=torch.bool).tril(), -math.inf)
    return scores.softmax(-1) @ X


def test_defects_of_attention() -> None:
    X, perm = draw(3, 12, 6), torch.randperm(12, generator=torch.Generator().manual_seed(1))
    scale = float(X.abs().max())
    defect = permutation_defect(lambda X: attention(attention(X, False), False), X, perm)
    assert defect.shape == (3,)
    # the sums of 12 terms in another order, twice, scores of size up to 6 max²
    assert float(defect.max()) <= rounding_bound(WIDE, 4 * (12 + 8 * math.ceil(6 * scale**2)), scale=scale)
    assert float(permutation_defect(lambda X: attention(X, True), X, perm).min()) > 0.1


def test_identity_and_constant_maps_have_no_defect_and_positions_have_one() -> None:
    X, perm = draw(5, 2), torch.tensor([4, 0, 1, 2, 3])
    assert float(permutation_defect(lambda X: X, X, perm)) == 0
    assert float(permutation_defect(torch.zeros_like, X, perm)) == 0
    places = torch.arange(5, dtype=WIDE)[:, None]
    assert float(permutation_defect(lambda X: X + places, X, perm)) == 4
    assert float(permutation_defect(lambda X: X, X[:1], torch.tensor([0]))) == 0


def test_nan_in_the_sequence_gives_nan() -> None:
    X = draw(5, 2)
    X[2, 0] = math.nan
    assert permutation_defect(lambda X: X, X, torch.tensor([4, 0, 1, 2, 3])).isnan()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: raster_neighbour_lags(4, 5, 6),
            ValueError,
            "raster_neighbour_lags: k is 6, expected at most 4; take a patch that fits into the image.",
        ),
        (
            lambda: raster_neighbour_lags(0, 5, 1),
            ValueError,
            "raster_neighbour_lags: H is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
        (
            lambda: raster_correlation(1.5, 5, 1),
            ValueError,
            "raster_correlation: rho is 1.5, expected a number from 0 to 1; it is a correlation of neighbours.",
        ),
        (
            lambda: raster_correlation(0.5, 5, 1, dtype=torch.bfloat16),
            TypeError,
            "raster_correlation: dtype is torch.bfloat16, expected torch.float64 or torch.float32; round the result afterwards.",
        ),
        (
            lambda: ar1_predictors(1.0, 5, "next"),
            ValueError,
            "ar1_predictors: rho is 1.0, expected a number strictly between -1 and 1; it is a correlation of neighbours.",
        ),
        (
            lambda: ar1_predictors(math.nan, 5, "next"),
            ValueError,
            "ar1_predictors: rho is nan, expected a number strictly between -1 and 1; it is a correlation of neighbours.",
        ),
        (
            lambda: ar1_predictors("0.5", 5, "next"),
            TypeError,
            "ar1_predictors: rho is '0.5' (str), expected a number strictly between -1 and 1; pass a Python float.",
        ),
        (
            lambda: ar1_predictors(0.5, 0, "next"),
            ValueError,
            "ar1_predictors: n is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
        (
            lambda: ar1_predictors(0.5, 5, "past"),
            ValueError,
            "ar1_predictors: mode is 'past', expected one of 'next', 'masked'; choose one of these names.",
        ),
        (
            lambda: permutation_defect(lambda X: X, draw(3, 2), torch.tensor([0, 0, 1])),
            ValueError,
            "permutation_defect: perm is [0, 0, 1], expected a permutation of 0, …, 2; make one with torch.randperm.",
        ),
        (
            lambda: permutation_defect(lambda X: X[:1], draw(3, 2), torch.tensor([0, 2, 1])),
            ValueError,
            "permutation_defect: f(X).shape is (1, 2), expected (..., 3, e); give one row a position.",
        ),
        (
            lambda: permutation_defect(lambda X: X, draw(0, 2), torch.arange(0)),
            ValueError,
            "permutation_defect: f(X).shape is (0, 2), expected at least one number; there is nothing to compare.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_results_lie_there_and_agree() -> None:
    assert raster_neighbour_lags(4, 4, 2, device="cuda").is_cuda
    for mode in ("next", "masked"):
        for got, want in zip(ar1_predictors(0.9, 9, mode, device="cuda"), ar1_predictors(0.9, 9, mode), strict=True):
            assert got.is_cuda
            assert compare(got.cpu(), want, rounding_bound(WIDE, 40 * 9, condition=19)).ok
    assert compare(raster_correlation(0.9, 8, 20, device="cuda").cpu(), raster_correlation(0.9, 8, 20), 1e-15).ok


def test_annotations_hold(checked) -> None:
    assert checked(raster_neighbour_lags)(4, 4, 2).shape == (2, 2)
    assert checked(raster_correlation)(0.5, 4, 2).shape == (2,)
    assert checked(ar1_predictors)(0.5, 4, "next")[0].shape == (4, 4)
    assert checked(permutation_defect)(lambda X: X, draw(2, 3, 2), torch.arange(3)).shape == (2,)
