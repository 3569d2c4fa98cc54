"""Legendre kernels against ball arithmetic, exact polynomials, least squares and numpy."""

import math

import flint
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from derivable.kernels import legendre_basis, legendre_nodes, legendre_project, legendre_reconstruct
from derivable.kernels.legendre import reference_legendre_project, reference_legendre_reconstruct
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64


class TestProject(KernelCase):
    """Of samples at Q nodes, d = Q."""

    zero_size = ValueError

    def kernel(self, samples: Tensor) -> Tensor:
        return legendre_project(samples, max(1, samples.shape[-1]))

    def reference(self, samples: Tensor) -> Tensor:
        return reference_legendre_project(samples, samples.shape[-1])

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype),)

    def condition(self, size: int) -> float:
        return math.sqrt(2 * size)


class TestReconstruct(KernelCase):
    """Of d coefficients at 5 points; batch rows share the points."""

    zero_size = ValueError

    def kernel(self, c: Tensor, s: Tensor) -> Tensor:
        return legendre_reconstruct(c, s)

    def reference(self, c: Tensor, s: Tensor) -> Tensor:
        return reference_legendre_reconstruct(c, s)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        points = torch.linspace(-1, 1, 5, dtype=dtype) * 0.96875
        return self.random(*batch, size, dtype=dtype), points

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        return inputs[0][index], inputs[1]

    def condition(self, size: int) -> float:
        return float(size)


class TestBasis(KernelCase):
    """Of 3 functions at n points."""

    def kernel(self, s: Tensor) -> Tensor:
        return legendre_basis(s, 3)

    def reference(self, s: Tensor) -> Tensor:
        return reference_legendre_reconstruct(torch.eye(3, dtype=WIDE), s).mT

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(*batch, size, dtype=dtype).clamp(-1, 1),)


@pytest.mark.parametrize("Q", [1, 2, 3, 16, 17, 64, 300])
def test_nodes_and_weights_against_balls(Q: int) -> None:
    nodes, weights = legendre_nodes(Q, dtype=WIDE)
    pairs = [flint.arb.legendre_p_root(Q, Q - 1 - k, weight=True) for k in range(Q)]
    assert compare(nodes, torch.tensor([float(x) for x, _ in pairs], dtype=WIDE), 4e-16).ok
    assert compare(weights, torch.tensor([float(w) for _, w in pairs], dtype=WIDE), 1e-15).ok
    assert torch.equal(nodes, -nodes.flip(0))


def test_nodes_are_copies() -> None:
    legendre_nodes(5, dtype=WIDE)[0].zero_()
    assert legendre_nodes(5, dtype=WIDE)[0].abs().max() > 0.9


@settings(max_examples=25, deadline=None)
@given(Q=st.integers(1, 40), data=st.data())
def test_rule_is_exact_up_to_its_degree(Q: int, data: st.DataObject) -> None:
    degree = data.draw(st.integers(0, 2 * Q - 1))
    nodes, weights = legendre_nodes(Q, dtype=WIDE)
    truth = 0.0 if degree % 2 else 2 / (degree + 1)
    assert abs(float((weights * nodes**degree).sum()) - truth) <= rounding_bound(WIDE, 4 * Q + degree, scale=2)


@settings(max_examples=25, deadline=None)
@given(d=st.integers(1, 30), extra=st.integers(0, 5), seed=st.integers(0, 1000))
def test_projection_inverts_reconstruction(d: int, extra: int, seed: int) -> None:
    c = KernelCase.random(3, d, dtype=WIDE, seed=seed)
    samples = legendre_reconstruct(c, legendre_nodes(d + extra, dtype=WIDE)[0])
    scale = float(c.abs().sum(-1).max())
    assert compare(legendre_project(samples, d), c, rounding_bound(WIDE, 10 * (d + extra), d, scale)).ok


def test_best_coefficients_are_least_squares() -> None:
    """Claim ssm/hippo/C2, atol 1e-12, minimum value included."""
    nodes, weights = legendre_nodes(200, dtype=WIDE)
    u = torch.cos(3 * nodes) + 0.3 * nodes**2
    root = weights.sqrt()[:, None]
    best = torch.linalg.lstsq(root * legendre_basis(nodes, 9), root[:, 0] * u).solution
    c = legendre_project(u, 9)
    assert compare(c, best, 1e-12).ok
    rest = (weights * (u - legendre_reconstruct(c, nodes)).square()).sum()
    assert compare(rest, (weights * u.square()).sum() - c.square().sum(), 1e-13).ok


def test_polynomials_without_their_norm_are_no_coefficients() -> None:
    """Claim ssm/hippo/C2, must be refuted: for u = 1, c_0 is √2, neither 2 nor 1."""
    c = legendre_project(torch.ones(4, dtype=WIDE), 2)
    assert compare(c, torch.tensor([math.sqrt(2), 0], dtype=WIDE), 1e-15).ok
    assert not compare(c[0], 2.0, 0.1).ok
    assert not compare(c[0], 1.0, 0.1).ok


@pytest.mark.parametrize(
    ("d", "ratios", "errors"),
    [
        (64, (0.7, 0.9, 1.0, 1.3, 4.0), (6.1e-13, 3.2e-4, 0.0667, 0.636, 0.968)),
        (16, (0.7, 0.9, 1.0, 1.3, 4.0), (8.1e-5, 0.0189, 0.107, 0.661, 0.966)),
    ],
)
def test_resolution_threshold(d: int, ratios: tuple[float, ...], errors: tuple[float, ...]) -> None:
    """Claim ssm/hippo/C10: relative squared error of e^{iκs} with d coefficients."""
    nodes, _ = legendre_nodes(600, dtype=WIDE)
    for ratio, error in zip(ratios, errors, strict=True):
        c = legendre_project(torch.exp(1j * ratio * d * nodes), d)
        measured = 1 - float(c.abs().square().sum()) / 2
        assert abs(measured - error) <= 0.02 * error, (ratio, measured)


def test_agrees_with_numpy() -> None:
    c, s = KernelCase.random(20, dtype=WIDE), torch.linspace(-1, 1, 50, dtype=WIDE)
    scaled = (c * (torch.arange(20, dtype=WIDE) + 0.5).sqrt()).numpy()
    truth = torch.from_numpy(np.polynomial.legendre.legval(s.numpy(), scaled))
    assert compare(legendre_reconstruct(c, s), truth, rounding_bound(WIDE, 1200, scale=float(abs(scaled).sum()))).ok


def test_one_row_and_many_agree() -> None:
    c, s = KernelCase.random(40, dtype=WIDE), torch.linspace(-1, 1, 31, dtype=WIDE)
    assert compare(legendre_reconstruct(c, s), legendre_reconstruct(torch.stack([c, c]), s)[1], 1e-12).ok


def test_dim_and_complex_samples() -> None:
    samples = torch.complex(KernelCase.random(3, 8, 2, dtype=WIDE), KernelCase.random(3, 8, 2, dtype=WIDE, seed=1))
    c = legendre_project(samples, 5, dim=1)
    assert c.shape == (3, 5, 2)
    assert compare(c[1, :, 0], reference_legendre_project(samples[1, :, 0], 5), 1e-14).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: legendre_project(torch.ones(3), 4),
            ValueError,
            "legendre_project: d is 4, expected at most the number of samples 3; sample at more nodes, or ask for less.",
        ),
        (
            lambda: legendre_project(torch.ones(3, dtype=torch.int64), 2),
            TypeError,
            "legendre_project: samples.dtype is int64, expected float32 or float64 or bfloat16 or "
            "complex64 or complex128; "
            "convert it with .to(torch.float32).",
        ),
        (
            lambda: legendre_project(torch.ones(3), 2, dim=1),
            IndexError,
            "legendre_project: dim is 1, expected between -1 and 0; samples have the shape (3,).",
        ),
        (
            lambda: legendre_reconstruct(torch.ones(3), torch.ones(2, dtype=WIDE)),
            TypeError,
            "legendre_reconstruct: s.dtype is float64, expected float32 like c; convert it with .to(torch.float32).",
        ),
        (
            lambda: legendre_reconstruct(torch.ones(3), torch.ones(2, 2)),
            ValueError,
            "legendre_reconstruct: s.shape is (2, 2), expected [M]; flatten the points, reshape the result.",
        ),
        (
            lambda: legendre_nodes(0),
            ValueError,
            "legendre_nodes: Q is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
        (
            lambda: legendre_basis([0.5], 2),  # type: ignore[arg-type]
            TypeError,
            "legendre_basis: s is a list, expected a tensor [...]; convert it with torch.as_tensor.",
        ),
        (
            lambda: legendre_basis(torch.ones(2), True),
            TypeError,
            "legendre_basis: d is True (bool), expected an integer of at least 1; pass a Python int.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(legendre_project)(torch.ones(2, 4), 3).shape == (2, 3)
    assert checked(legendre_reconstruct)(torch.ones(2, 4), torch.ones(5)).shape == (2, 5)
    assert checked(legendre_nodes)(3)[0].shape == (3,)
    with pytest.raises(Exception, match="Type-check"):
        checked(legendre_basis)(torch.ones(2, dtype=torch.int64), 2)
