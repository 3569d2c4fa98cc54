"""A stack without cache: its outputs are those of the stored forward pass, its counts those of the formula."""

import math

import pytest
import torch
from torch import Tensor

from derivable.kernels.attention_stack import (
    AttentionLayer,
    attention_stack_nocache,
    reference_attention_stack,
)
from derivable.numerics import compare


def draw(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def stack(depth: int, d: int = 4, dtype: torch.dtype = torch.float64) -> list[AttentionLayer]:
    """Layers of norm near 1, so that hidden states stay of moderate size."""
    return [AttentionLayer(*(draw(d, d, seed=10 * n + m, dtype=dtype) / 2 / d**0.5 for m in range(3))) for n in range(depth)]


@pytest.mark.parametrize(("depth", "length"), [(1, 9), (2, 9), (3, 9), (3, 6), (1, 1), (4, 1), (4, 3)])
def test_outputs_are_those_of_the_stored_forward_pass(depth: int, length: int) -> None:
    X, layers = draw(length, 4, seed=99), stack(depth)
    run, truth = attention_stack_nocache(X, layers), reference_attention_stack(X, layers)
    # a layer rounds some (d + L) terms and amplifies what it gets by less than 10
    assert compare(run.output, truth, 1e-15 * 10**depth * float(truth.abs().max())).ok


@pytest.mark.parametrize(("depth", "length"), [(1, 9), (2, 9), (3, 9), (3, 6), (4, 1), (4, 3)])
def test_updates_and_peak_of_every_layer(depth: int, length: int) -> None:
    """Claim ssm/attention_rnn/C6: layer n of N is updated C(L + N - n + 1, N - n + 2) times; the peak is min(N, L)(2d + 2)."""
    run = attention_stack_nocache(draw(length, 4, seed=99), stack(depth))
    assert run.updates == tuple(math.comb(length + depth - n + 1, depth - n + 2) for n in range(1, depth + 1))
    assert run.peak == min(depth, length) * (2 * 4 + 2)


def test_the_peak_does_not_grow_with_the_length() -> None:
    layers = stack(3)
    peaks = {attention_stack_nocache(draw(length, 4, seed=0), layers).peak for length in (3, 6, 9)}
    assert peaks == {30}


def test_no_position_gives_nothing() -> None:
    run = attention_stack_nocache(torch.zeros(0, 4), stack(2, dtype=torch.float32))
    assert run.output.shape == (0, 4)
    assert run.updates == (0, 0)
    assert run.peak == 0


def test_a_later_position_that_is_not_finite_touches_no_earlier_output() -> None:
    X, layers = draw(6, 4, seed=99), stack(2)
    truth = attention_stack_nocache(X, layers).output
    X[3, 0] = math.nan
    result = attention_stack_nocache(X, layers).output
    assert torch.equal(result[:3], truth[:3])
    assert result[3:].isnan().any(-1).all()


def test_keeps_float32_and_differentiates() -> None:
    layers = stack(2, dtype=torch.float32)
    assert attention_stack_nocache(torch.ones(3, 4), layers).output.dtype == torch.float32
    wide = stack(2)
    X = draw(4, 4, seed=99).requires_grad_()
    assert torch.autograd.gradcheck(lambda X: attention_stack_nocache(X, wide).output, X)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda X, layers: attention_stack_nocache(X[0], layers),
            ValueError,
            "attention_stack_nocache: X.shape is (4,), expected [L, d]; add the missing dimensions with reshape.",
        ),
        (
            lambda X, layers: attention_stack_nocache(X[None], layers),
            ValueError,
            "attention_stack_nocache: X.shape is (1, 5, 4), expected [L, d]; give one sequence.",
        ),
        (
            lambda X, layers: attention_stack_nocache(X, []),
            ValueError,
            "attention_stack_nocache: the number of layers is 0, expected at least 1; give a layer.",
        ),
        (
            lambda X, layers: attention_stack_nocache(X[:, :3], layers),
            ValueError,
            "attention_stack_nocache: query of layer 1.shape is (4, 4), expected (3, 3); map hidden states to hidden states.",
        ),
        (
            lambda X, layers: attention_stack_nocache(X.float(), layers),
            TypeError,
            "attention_stack_nocache: query of layer 1.dtype is float64, expected float32 like X; "
            "convert it with .to(torch.float32).",
        ),
        (
            lambda X, layers: attention_stack_nocache(X.repeat(20, 1), layers),
            ValueError,
            "attention_stack_nocache: the number of updates is 171700, expected at most 100000; "
            "take a shorter sequence or fewer layers.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(draw(5, 4, seed=0), stack(2))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    run = checked(attention_stack_nocache)(torch.ones(2, 4), stack(1, dtype=torch.float32))
    assert run.output.shape == (2, 4)
    with pytest.raises(Exception, match="Type-check"):
        checked(attention_stack_nocache)(torch.ones(2, 4, dtype=torch.int64), stack(1))
