"""One-step schemes against inverses, series and scipy."""

import math

import pytest
import torch
from scipy.signal import cont2discrete
from torch import Tensor

from derivable.kernels import hippo_matrix
from derivable.kernels.discretization import METHODS, discretize, reference_discretize
from derivable.numerics import compare

from .kernel_case import KernelCase

WIDE = torch.float64
SCIPY = {"forward_euler": "euler", "backward_euler": "backward_diff", "bilinear": "bilinear", "zoh": "zoh"}


class StepCase(KernelCase):
    """Random A and B, their steps in one matrix [d, d + 1]."""

    sizes = (1, 2, 5, 12)
    method = "bilinear"

    def options(self) -> dict:
        return {"alpha": 0.25} if self.method == "generalized_bilinear" else {}

    def kernel(self, *inputs: Tensor) -> Tensor:
        Ad, Bd = discretize(*inputs, 0.125, self.method, **self.options())
        return torch.cat([Ad, Bd[..., None]], -1)

    def reference(self, *inputs: Tensor) -> Tensor:
        Ad, Bd = reference_discretize(*inputs, 0.125, self.method, **self.options())
        return torch.cat([Ad, Bd[..., None]], -1)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return self.random(*batch, size, size, dtype=dtype) / max(size, 1), self.random(*batch, size, dtype=dtype, seed=1)

    def condition(self, size: int) -> float:
        # ‖εA‖ ≤ 1/2 for these entries, so (I - εA)^{-1} and the exponential have condition at most 4
        return 4.0


class TestForwardEuler(StepCase):
    method = "forward_euler"


class TestBackwardEuler(StepCase):
    method = "backward_euler"


class TestBilinear(StepCase):
    method = "bilinear"


class TestGeneralizedBilinear(StepCase):
    method = "generalized_bilinear"


class TestZeroOrderHold(StepCase):
    method = "zoh"


class TestTriangular(StepCase):
    """A lower triangular matrix, solved as such."""

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        A, B = super().inputs(size, dtype, batch)
        return A.tril(), B


@pytest.mark.parametrize("method", METHODS)
def test_complex_systems(method: str) -> None:
    A, B = (t.to(torch.complex128) for t in hippo_matrix("fout", 5, dtype=torch.complex128))
    options = {"alpha": 0.7} if method == "generalized_bilinear" else {}
    for got, want in zip(
        discretize(A, B, 0.05, method, **options), reference_discretize(A, B, 0.05, method, **options), strict=True
    ):
        assert compare(got, want, 1e-13).ok


@pytest.mark.parametrize("method", list(SCIPY))
@pytest.mark.parametrize("kind", ["legs", "legt"])
def test_scipy_agrees(kind: str, method: str) -> None:
    A, B = hippo_matrix(kind, 12, dtype=WIDE)
    Ad, Bd = discretize(A, B, 0.01, method)
    peer = cont2discrete((A.numpy(), B[:, None].numpy(), torch.eye(12).numpy(), torch.zeros(12, 1).numpy()), 0.01, SCIPY[method])
    assert compare(Ad, torch.from_numpy(peer[0]), 1e-13 * float(Ad.abs().max())).ok
    assert compare(Bd, torch.from_numpy(peer[1])[:, 0], 1e-13 * float(Bd.abs().max())).ok


def test_weight_of_the_old_state_is_one_minus_that_of_scipy() -> None:
    A, B = hippo_matrix("legt", 4, dtype=WIDE)
    system = (A.numpy(), B[:, None].numpy(), torch.eye(4).numpy(), torch.zeros(4, 1).numpy())
    Ad, _ = discretize(A, B, 0.1, "generalized_bilinear", alpha=0.3)
    assert compare(Ad, torch.from_numpy(cont2discrete(system, 0.1, "gbt", alpha=0.7)[0]), 1e-13).ok
    assert not compare(Ad, torch.from_numpy(cont2discrete(system, 0.1, "gbt", alpha=0.3)[0]), 1e-3).ok


def test_the_special_weights_are_the_named_methods() -> None:
    A, B = hippo_matrix("legt", 4, dtype=WIDE)
    for alpha, method in ((1.0, "forward_euler"), (0.0, "backward_euler"), (0.5, "bilinear")):
        for got, want in zip(
            discretize(A, B, 0.1, "generalized_bilinear", alpha=alpha), discretize(A, B, 0.1, method), strict=True
        ):
            assert torch.equal(got, want)


def test_zero_order_hold_of_a_singular_matrix() -> None:
    """Claim C2: for A = 0 the drive is εB, though A has no inverse; and a repeated eigenvalue needs no eigenvectors."""
    zero, B = torch.zeros(3, 3, dtype=WIDE), torch.tensor([1.0, 2.0, 3.0], dtype=WIDE)
    Ad, Bd = discretize(zero, B, 0.25, "zoh")
    assert torch.equal(Ad, torch.eye(3, dtype=WIDE))
    assert compare(Bd, 0.25 * B, 1e-16).ok
    jordan = torch.tensor([[0.0, 1.0], [0.0, 0.0]], dtype=WIDE)
    Ad, Bd = discretize(jordan, B[:2], 0.5, "zoh")
    assert compare(Ad, torch.tensor([[1.0, 0.5], [0.0, 1.0]], dtype=WIDE), 1e-15).ok
    # ∫ [[1, s], [0, 1]] ds B = (ε + ε²/2 · 2, 2ε)
    assert compare(Bd, torch.tensor([0.75, 1.0], dtype=WIDE), 1e-15).ok


@pytest.mark.parametrize("norm", [1e-6, 1e-3, 0.01, 0.03, 0.045, 0.055, 0.07, 0.3, 1.0])
def test_exponentials_of_small_matrices_are_exact_to_rounding(norm: float) -> None:
    """torch's own exponential errs by 5e-13 for norms just below 0.05."""
    A = KernelCase.random(6, 6, dtype=WIDE)
    A = A / A.abs().sum(0).max()
    Ad, Bd = discretize(A, A[0], norm, "zoh")
    truth_A, truth_B = reference_discretize(A, A[0], norm, "zoh")
    assert compare(Ad, truth_A, 3e-15).ok
    assert compare(Bd, truth_B, 3e-15).ok


def test_exponentials_of_small_and_large_matrices_in_one_batch() -> None:
    A = KernelCase.random(3, 4, 4, dtype=WIDE) * torch.tensor([1e-3, 1.0, 1e2], dtype=WIDE)[:, None, None]
    B = KernelCase.random(3, 4, dtype=WIDE, seed=1)
    Ad, Bd = discretize(A, B, 0.1, "zoh")
    for i in range(3):
        one_A, one_B = discretize(A[i], B[i], 0.1, "zoh")
        assert compare(Ad[i], one_A, 1e-12 * float(one_A.abs().max())).ok
        assert compare(Bd[i], one_B, 1e-12 * float(one_B.abs().max())).ok


@pytest.mark.parametrize("method", METHODS)
def test_step_zero_changes_nothing(method: str) -> None:
    A, B = hippo_matrix("legs", 3, dtype=WIDE)
    Ad, Bd = discretize(A, B, 0, method, **({"alpha": 0.5} if method == "generalized_bilinear" else {}))
    assert torch.equal(Ad, torch.eye(3, dtype=WIDE))
    assert torch.equal(Bd, torch.zeros(3, dtype=WIDE))


def test_unstable_and_stiff_systems_show_in_the_radius() -> None:
    """Claim C1: spectrum -1..-d; at ε = 2.1/d forward Euler grows with 1.1, the others decay."""
    A, B = hippo_matrix("legs", 6, dtype=WIDE)
    radius = {m: float(torch.linalg.eigvals(discretize(A, B, 2.1 / 6, m)[0]).abs().max()) for m in SCIPY}
    assert abs(radius["forward_euler"] - 1.1) < 1e-9
    assert max(radius[m] for m in ("backward_euler", "bilinear", "zoh")) < 1
    growing = float(torch.linalg.eigvals(discretize(-A, B, 0.1, "zoh")[0]).abs().max())
    assert abs(growing - math.exp(0.6)) < 1e-9


def test_nan_in_the_system_gives_nan() -> None:
    A, B = torch.eye(2, dtype=WIDE), torch.tensor([math.nan, 1.0], dtype=WIDE)
    for method in SCIPY:
        assert discretize(A, B, 0.1, method)[1][0].isnan()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda A, B: discretize(A, B, -0.1, "zoh"),
            ValueError,
            "discretize: eps is -0.1, expected a finite number from 0; a step goes forward in time.",
        ),
        (
            lambda A, B: discretize(A, B, math.nan, "zoh"),
            ValueError,
            "discretize: eps is nan, expected a finite number from 0; a step goes forward in time.",
        ),
        (
            lambda A, B: discretize(A, B, "1", "zoh"),
            TypeError,
            "discretize: eps is '1' (str), expected a finite number from 0; pass a Python float.",
        ),
        (
            lambda A, B: discretize(A, B, 0.1, "euler"),
            ValueError,
            "discretize: method is 'euler', expected one of 'forward_euler', 'backward_euler', 'bilinear', "
            "'generalized_bilinear', 'zoh'; choose one of these names.",
        ),
        (
            lambda A, B: discretize(A, B, 0.1, "generalized_bilinear"),
            ValueError,
            "discretize: alpha is missing, expected a number from 0 to 1; give the weight of the old state.",
        ),
        (
            lambda A, B: discretize(A, B, 0.1, "generalized_bilinear", alpha=1.5),
            ValueError,
            "discretize: alpha is 1.5, expected a number from 0 to 1; it is a weight.",
        ),
        (
            lambda A, B: discretize(A, B, 0.1, "zoh", alpha=0.5),
            ValueError,
            "discretize: alpha is 0.5, expected nothing for the method 'zoh', which has its own; leave it out.",
        ),
        (
            lambda A, B: discretize(A, B[:1], 0.1, "zoh"),
            ValueError,
            "discretize: A.shape and B.shape is (2, 2) and (1,), expected [..., d, d] and [..., d]; "
            "give a square matrix and a vector of its size.",
        ),
        (
            lambda A, B: discretize(A, B, 1.0, "backward_euler"),
            ValueError,
            "discretize: eps is 1.0, expected a step that is not the reciprocal of an eigenvalue times 1 - alpha; "
            "take another step or the method 'zoh'.",
        ),
        (
            lambda A, B: discretize(A.flip(0), B, 1.0, "backward_euler"),
            ValueError,
            "discretize: eps is 1.0, expected a step that is not the reciprocal of an eigenvalue times 1 - alpha; "
            "take another step or the method 'zoh'.",
        ),
        (
            lambda A, B: discretize(A, B.double(), 0.1, "zoh"),
            TypeError,
            "discretize: B.dtype is float64, expected float32 like A; convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.eye(2), torch.ones(2))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(discretize)(torch.eye(2), torch.ones(2), 0.1, "zoh")[0].shape == (2, 2)
    with pytest.raises(Exception, match="Type-check"):
        checked(discretize)(torch.eye(2), torch.ones(3), 0.1, "zoh")
