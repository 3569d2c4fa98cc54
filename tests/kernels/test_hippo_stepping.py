"""Online HiPPO against dense steps, exact projections and the ledger's figures."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from derivable.kernels import hippo_matrix, hippo_online
from derivable.kernels.hippo_stepping import reference_hippo_online
from derivable.numerics import compare

from .kernel_case import KernelCase

WIDE = torch.float64


class OnlineCase(KernelCase):
    """Signals of n samples, 2 rows, 5 states."""

    kind = "legs"
    d = 5

    def options(self) -> dict:
        return {} if self.kind == "legs" else {"step": 0.125, "window": 1.5}

    def kernel(self, u: Tensor) -> Tensor:
        return hippo_online(u, self.kind, self.d, **self.options())

    def reference(self, u: Tensor) -> Tensor:
        return reference_hippo_online(u, self.kind, self.d, **self.options())

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return (self.random(size, math.prod(batch) if batch else 2, dtype=dtype),)

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        column = index[0] * 3 + index[1]
        return (inputs[0][:, column : column + 1],)

    def row(self, result: Tensor, index: tuple[int, ...]) -> Tensor:
        column = index[0] * 3 + index[1]
        return result[:, column : column + 1]


class TestLegS(OnlineCase):
    def options(self) -> dict:
        return {"weight": "post"}


class TestLegSRescaled(OnlineCase):
    def options(self) -> dict:
        return {"scaling": "lmu"}

    def condition(self, size: int) -> float:
        return float(self.d)


class TestLegT(OnlineCase):
    kind = "legt"


class TestFouT(OnlineCase):
    kind = "fout"
    dtypes = (torch.float64, torch.float32)

    def result_dtype(self, dtype: torch.dtype) -> torch.dtype:
        return {torch.float64: torch.complex128, torch.float32: torch.complex64}[dtype]


class TestExactLegS(OnlineCase):
    """The exponentials of the reference hold the input in one more row."""

    sizes = (1, 2, 7, 20)

    def options(self) -> dict:
        return {"method": "exact"}

    def condition(self, size: int) -> float:
        # e^{sA} has norm at most 1 for s > 0, its squarings start from ‖sA‖ ≤ log 2 · ‖A‖
        return 100.0


class TestExactLegT(TestLegT):
    def options(self) -> dict:
        return {"step": 0.125, "window": 1.5, "method": "exact"}

    def condition(self, size: int) -> float:
        return 10.0


class TestExactFouT(TestFouT):
    def options(self) -> dict:
        return {"step": 0.125, "window": 1.5, "method": "exact"}

    def condition(self, size: int) -> float:
        return 10.0


class TestFouTPost(TestFouT):
    def options(self) -> dict:
        return {"step": 0.125, "closure": "post"}


def test_exact_legs_gives_the_projections_of_the_steps() -> None:
    """Claim hippo_discretization/C3b: the Legendre coefficients of the piecewise-constant history, d = 8, 40 levels."""
    levels, d = KernelCase.random(40, dtype=WIDE, seed=3), 8
    states = hippo_online(levels[:, None], "legs", d, method="exact")[:, 0]
    for k in (1, 2, 10, 40):
        # ∫ p_n over a piece of [-1, 1] is (p_{n+1} - p_{n-1})/(2n+1) at its ends
        ends = 2 * torch.arange(k + 1, dtype=WIDE) / k - 1
        p = [torch.ones_like(ends), ends]
        for n in range(1, d):
            p.append(((2 * n + 1) * ends * p[n] - n * p[n - 1]) / (n + 1))
        integrals = torch.stack([ends] + [(p[n + 1] - p[n - 1]) / (2 * n + 1) for n in range(1, d)])
        truth = (integrals.diff(dim=1) @ levels[:k]) * (torch.arange(d, dtype=WIDE) + 0.5).sqrt()
        assert compare(states[k - 1], truth, 2e-13).ok, k


def test_a_sample_that_is_not_finite_spoils_its_row_from_there_on() -> None:
    u = KernelCase.random(30, 2, dtype=WIDE)
    for kind, options in (("legs", {}), ("legs", {"method": "exact"}), ("legt", {"step": 0.1}), ("fout", {"step": 0.1})):
        clean = hippo_online(u, kind, 3, **options)
        broken = u.clone()
        broken[20, 0] = math.nan
        states = hippo_online(broken, kind, 3, **options)
        assert states[20:, 0].isnan().all(), kind
        assert torch.equal(states[:20], clean[:20]), kind
        assert compare(states[:, 1], clean[:, 1], 1e-13).ok, kind


@settings(max_examples=30, deadline=None)
@given(
    method=st.sampled_from(["bilinear", "exact"]),
    kind=st.sampled_from(["legs", "legt", "fout"]),
    length=st.integers(2, 20),
    half=st.integers(0, 8),
    data=st.data(),
)
def test_goes_on_from_a_state(method: str, kind: str, length: int, half: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, length - 1))
    u, d = KernelCase.random(length, 2, dtype=WIDE, seed=length), 2 * half + 1
    options = {"method": method} if kind == "legs" else {"step": 0.1, "method": method}
    whole = hippo_online(u, kind, d, **options)
    seen = {"seen": cut} if kind == "legs" else {}
    rest = hippo_online(u[cut:], kind, d, state=whole[cut - 1], **seen, **options)
    assert compare(rest, whole[cut:], 1e-11).ok


def test_bfloat16_fourier_is_complex64() -> None:
    u = KernelCase.random(6, 2, dtype=torch.bfloat16)
    x = hippo_online(u, "fout", 3, step=0.1)
    assert x.dtype == torch.complex64
    assert compare(x, reference_hippo_online(u, "fout", 3, step=0.1), 1e-5).ok


def test_constant_signal() -> None:
    """Claim hippo_discretization/C3: at k = 200 the weight 1/k gives 1.43322, the mean weight √2."""
    u = torch.ones(201, 1, dtype=WIDE)
    post = hippo_online(u, "legs", 8, weight="post")[199, 0, 0]
    assert compare(post, 1.43322, 5e-6).ok, post
    kept = hippo_online(u, "legs", 8)[:, 0]
    assert compare(kept[:, 0], torch.full((201,), math.sqrt(2), dtype=WIDE), 1e-12).ok
    assert compare(kept[:, 1:], torch.zeros(201, 7, dtype=WIDE), 1e-12).ok


def test_bilinear_is_of_second_order_for_a_window() -> None:
    """Claim hippo_discretization/C1: order 2.00 ± 0.05 for piecewise-constant input, d = 6, w = 1."""
    levels = KernelCase.random(8, dtype=WIDE, seed=4)
    A, B = hippo_matrix("legt", 6, dtype=WIDE)
    table = torch.zeros(7, 7, dtype=WIDE)
    table[:6, :6], table[:6, 6] = A, B
    move = torch.linalg.matrix_exp(table / 8)
    truth = torch.zeros(6, dtype=WIDE)
    for level in levels:
        truth = move[:6, :6] @ truth + move[:6, 6] * level
    errors = []
    for steps in (256, 512, 1024):
        u = levels.repeat_interleave(steps // 8)[:, None]
        errors.append(float((hippo_online(u, "legt", 6, step=1 / steps)[-1, 0] - truth).norm()))
    assert abs(math.log2(errors[1] / errors[2]) - 2) < 0.05, errors


def test_long_signal_stays_accurate() -> None:
    """The stated bound, 4(length + d) units of rounding, in float32 against float64."""
    u = KernelCase.random(1000, 1, dtype=WIDE)
    truth = hippo_online(u, "legs", 64)
    result = hippo_online(u.float(), "legs", 64)
    bound = 4 * (1000 + 64) * torch.finfo(torch.float32).eps / 2 * float(truth.abs().max())
    assert compare(result, truth, bound).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda u: hippo_online(u[:, 0], "legs", 3),
            ValueError,
            "hippo_online: u.shape is (4,), expected [length, batch]; add the missing dimensions with reshape.",
        ),
        (
            lambda u: hippo_online(u[None], "legs", 3),
            ValueError,
            "hippo_online: u.shape is (1, 4, 2), expected [length, batch]; flatten the batch dimensions into one.",
        ),
        (
            lambda u: hippo_online(u, "legt", 3),
            ValueError,
            "hippo_online: step is missing, expected a positive float for kind 'legt'; pass the distance of the samples.",
        ),
        (
            lambda u: hippo_online(u, "legs", 3, step=1.0),
            ValueError,
            "hippo_online: step is 1.0, expected nothing for kind 'legs', which is free of it; leave it out.",
        ),
        (
            lambda u: hippo_online(u, "legs", 3, method="exact", weight="mean"),
            ValueError,
            "hippo_online: weight is 'mean', expected nothing for the exact method, which has none; leave it out.",
        ),
        (
            lambda u: hippo_online(u, "legs", 3, method="euler"),
            ValueError,
            "hippo_online: method is 'euler', expected one of 'bilinear', 'exact'; choose one of these names.",
        ),
        (
            lambda u: hippo_online(u, "fout", 3, step=1.0, weight="mean"),
            ValueError,
            "hippo_online: weight is 'mean', expected nothing for kind 'fout', which does not use it; leave it out.",
        ),
        (
            lambda u: hippo_online(u, "legs", 3, state=torch.zeros(2, 3)),
            ValueError,
            "hippo_online: state is given without seen, expected both or neither for kind 'legs'; "
            "pass how many samples the state has seen.",
        ),
        (
            lambda u: hippo_online(u, "legt", 3, step=1.0, state=torch.zeros(2, 4)),
            ValueError,
            "hippo_online: state.shape is (2, 4), expected (2, 3); pass x[-1] of the earlier call.",
        ),
        (
            lambda u: hippo_online(u, "fout", 3, step=1.0, state=torch.zeros(2, 3)),
            TypeError,
            "hippo_online: state.dtype is float32, expected complex64; convert it with .to(torch.complex64).",
        ),
        (
            lambda u: hippo_online(u.long(), "legs", 3),
            TypeError,
            "hippo_online: u.dtype is int64, expected float32 or float64 or bfloat16; convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.ones(4, 2))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(hippo_online)(torch.ones(4, 2), "legs", 3).shape == (4, 2, 3)
    with pytest.raises(Exception, match="Type-check"):
        checked(hippo_online)(torch.ones(4), "legs", 3)
