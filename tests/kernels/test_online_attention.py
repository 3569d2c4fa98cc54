"""Attention block by block, as a scan and in parts, against one masked softmax in double precision."""

import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import derivable.kernels._memory as memory
from derivable.kernels import online_attention
from derivable.kernels.online_attention import (
    AttentionState,
    attention_online,
    attention_scan,
    reference_attention_online,
    reference_attention_scan,
)
from derivable.numerics import Agreement, compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64
NARROW = {torch.bfloat16: torch.float32, torch.float16: torch.float32}


def draw(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=WIDE).to(dtype)


def inputs(length: int, d: int = 4, dv: int = 3, dtype: torch.dtype = WIDE, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
    shapes = ((*batch, length, d), (*batch, length, d), (*batch, length, dv))
    return tuple(draw(*shape, dtype=dtype, seed=seed) for seed, shape in enumerate(shapes))


def bound(q: Tensor, k: Tensor, v: Tensor, blocks: int) -> float:
    """2u((d+4)S + L + 4 blocks + 8) max|v|, S the largest Σ|q||k|, and the rounding of the result."""
    if v.numel() == 0:
        return 0.0
    size = float((q.double().abs() @ k.double().abs().mT).max())
    operations = 2 * ((q.shape[-1] + 4) * size + v.shape[-2] + 4 * blocks + 8)
    scale = float(v.double().abs().max())
    wide = NARROW.get(v.dtype, v.dtype)
    # the reference rounds as often as the kernel in float64
    errors = [rounding_bound(dtype, math.ceil(operations), scale=scale) for dtype in (wide, WIDE)]
    return sum(errors) + (rounding_bound(v.dtype, 1, scale=scale) if wide != v.dtype else 0.0)


def check_online(q: Tensor, k: Tensor, v: Tensor, block: int) -> Agreement:
    truth = reference_attention_online(q, k, v)
    return compare(attention_online(q, k, v, block), truth, bound(q, k, v, -(-v.shape[-2] // block)))


class OnlineCase(KernelCase):
    """Sequences of some length, queries and keys of 4 numbers, values of 3."""

    sizes = (1, 2, 3, 7, 32)
    dtypes = (torch.float64, torch.float32, torch.bfloat16, torch.float16)
    block = 3

    def kernel(self, *tensors: Tensor) -> Tensor:
        return attention_online(*tensors, self.block)

    def reference(self, *tensors: Tensor) -> Tensor:
        return reference_attention_online(*tensors)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return inputs(size, dtype=dtype, batch=batch)

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        blocks = -(-size // self.block)
        return max(bound(*self.inputs(size, dtype, batch), blocks) for batch in ((), (2, 3)))


class TestBlocksOfThree(OnlineCase):
    """Blocks that do not divide the length."""


class TestOneByOne(OnlineCase):
    """The recurrence itself: a block of one key."""

    block = 1


class TestOneBlock(OnlineCase):
    """A block that is longer than the sequence."""

    block = 64


class TestScan(KernelCase):
    """All prefixes of one query."""

    sizes = (1, 2, 7, 33, 100)
    dtypes = (torch.float64, torch.float32, torch.bfloat16, torch.float16)

    def kernel(self, *tensors: Tensor) -> Tensor:
        return attention_scan(*tensors)

    def reference(self, *tensors: Tensor) -> Tensor:
        return reference_attention_scan(*tensors)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        _, k, v = inputs(size, dtype=dtype, batch=batch)
        return draw(*batch, 4, dtype=dtype, seed=3), k, v

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        # 4L for the scan where the blocks have L + 4 blocks
        rows = [self.inputs(size, dtype, batch) for batch in ((), (2, 3))]
        return max(bound(q[..., None, :], k, v, size) for q, k, v in rows)


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, 40), block=st.integers(1, 50), d=st.integers(0, 5), dv=st.integers(0, 4), scale=st.floats(0, 30))
def test_any_length_and_any_block(length: int, block: int, d: int, dv: int, scale: float) -> None:
    q, k, v = inputs(length, d, dv)
    result = attention_online(scale * q, k, v, block)
    assert result.shape == (length, dv)
    if result.numel():
        assert check_online(scale * q, k, v, block).ok


def test_equals_torch_with_a_scale_of_one() -> None:
    """The ledger's size: L = 64, d = 16, seed 0."""
    q, k, v = inputs(64, 16, 16)
    peer = torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True, scale=1.0)[0]
    assert compare(attention_online(q, k, v, 5), peer, bound(q, k, v, 13)).ok


def test_scan_is_the_last_query_at_every_prefix() -> None:
    q, k, v = inputs(50)
    prefixes = attention_scan(q[-1], k, v)
    assert compare(prefixes[-1], attention_online(q, k, v)[-1], 2 * bound(q, k, v, 50)).ok
    repeated = q[-1].expand(50, 4)
    assert compare(prefixes, attention_online(repeated, k, v, 8), 2 * bound(repeated, k, v, 50)).ok


def test_newest_first_oldest_first_and_any_grouping_give_the_same() -> None:
    """Claims ssm/attention_rnn/C1, C2, C4: the state forgets the order, and states of parts are merged."""
    q, k, v = inputs(64, 16, 16)
    truth, allowed = reference_attention_online(q, k, v)[-1], bound(q, k, v, 64)
    orders = (torch.arange(64), torch.arange(63, -1, -1), torch.randperm(64, generator=torch.Generator().manual_seed(0)))
    for order in orders:
        state = AttentionState.read(q[-1], k[:0], v[:0])
        for j in order:
            state = state.merged(AttentionState.read(q[-1], k[j : j + 1], v[j : j + 1]))
        assert compare(state.output(), truth, allowed).ok
    a, b, c = (AttentionState.read(q[-1], k[i:j], v[i:j]) for i, j in pairwise((0, 10, 11, 64)))
    for state in (a.merged(b).merged(c), a.merged(b.merged(c)), c.merged(a).merged(b)):
        assert compare(state.output(), truth, allowed).ok


def test_the_state_of_no_keys_is_neutral() -> None:
    q, k, v = inputs(9)
    empty, state = AttentionState.read(q, k[:, None][:, :0], v[:, None][:, :0]), AttentionState.read(q, k[:, None], v[:, None])
    assert torch.equal(empty.m, torch.full((9,), -math.inf, dtype=WIDE))
    assert not empty.z.any()
    assert not empty.y.any()
    assert empty.output().isnan().all()
    for merged in (empty.merged(state), state.merged(empty)):
        assert all(torch.equal(getattr(merged, name), getattr(state, name)) for name in "mzy")
    nothing = empty.merged(empty)
    assert all(torch.equal(getattr(nothing, name), getattr(empty, name)) for name in "mzy")


def test_the_state_has_a_size_that_no_length_enters() -> None:
    q, k, v = inputs(1000)
    for length in (1, 10, 1000):
        state = AttentionState.read(q[0], k[:length], v[:length])
        assert sum(t.numel() for t in (state.m, state.z, state.y)) == 2 + 3


def test_scores_far_outside_the_range_of_the_exponential() -> None:
    """e^900 is infinite in float32, and e^-900 is 0: the raw recursion gives inf/inf and 0/0."""
    q = torch.full((6, 4), 15.0)
    v = draw(6, 3, dtype=torch.float32)
    assert torch.exp(q @ q.mT).isinf().all()
    mean = torch.stack([v[: t + 1].double().mean(0) for t in range(6)])
    allowed = bound(q, q, v, 6)
    for k in (q, -q):
        assert compare(attention_online(q, k, v, 2), mean, allowed).ok
        assert compare(attention_scan(q[0], k, v), mean, allowed).ok


def test_float16_and_bfloat16_sum_in_float32() -> None:
    """4096 equal weights: a sum in float16 stops at 2048, one in bfloat16 at 256."""
    for dtype in (torch.float16, torch.bfloat16):
        q, v = torch.zeros(4096, 2, dtype=dtype), torch.ones(4096, 1, dtype=dtype)
        v[::2] = 0
        assert compare(attention_online(q, q, v, 1024)[-1], 0.5, 1e-6).ok
        assert compare(attention_scan(q[0], q, v)[-1], 0.5, 1e-6).ok


@pytest.mark.parametrize("block", [1, 2, 64])
def test_scores_of_minus_infinity_have_no_weight(block: int) -> None:
    q, k, v = (
        torch.ones(5, 1, dtype=WIDE),
        torch.tensor([[-math.inf], [-math.inf], [0.5], [-math.inf], [2.0]]).to(WIDE),
        draw(5, 2),
    )
    weight = torch.tensor([0.0, 0.0, math.exp(0.5), 0.0, math.exp(2.0)], dtype=WIDE)[:, None]
    truth = (weight * v).cumsum(0) / weight.cumsum(0)
    for result in (attention_online(q, k, v, block), attention_scan(q[0], k, v)):
        # nothing has been read: 0/0, as for torch.softmax
        assert result[:2].isnan().all()
        assert compare(result[2:], truth[2:], 1e-15 * float(v.abs().max()) * 8).ok
    dead = attention_online(q, torch.full_like(k, -math.inf), v, block)
    assert dead.isnan().all()


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("block", [1, 3, 64])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_position_that_is_not_finite_touches_no_earlier_output(which: int, block: int, value: float) -> None:
    tensors = [t.clone() for t in inputs(12)]
    truth = attention_online(*tensors, block)
    tensors[which][5, 1] = value
    result = attention_online(*tensors, block)
    spoilt = torch.zeros(12, dtype=torch.bool)
    spoilt[5 : 6 if which == 0 else None] = True
    assert compare(result[~spoilt], truth[~spoilt], 2 * bound(*inputs(12), 12)).ok
    if math.isnan(value):
        assert result[spoilt].isnan().any(-1).all()
    if which:
        q, k, v = tensors
        prefixes = attention_scan(q[0], k, v)
        assert compare(prefixes[:5], attention_scan(q[0], *inputs(12)[1:])[:5], 1e-15).ok


def test_heads_broadcast() -> None:
    q, k, v = draw(2, 6, 20, 4), draw(20, 4, seed=1), draw(6, 20, 3, seed=2)
    full = torch.broadcast_to(k, (2, 6, 20, 4)), torch.broadcast_to(v, (2, 6, 20, 3))
    assert compare(attention_online(q, k, v, 7), reference_attention_online(q, *full), bound(q, *full, 3)).ok
    leaf = k.clone().requires_grad_()
    (slope,) = torch.autograd.grad(attention_online(q, leaf, v, 7).sum(), leaf)
    assert slope.shape == k.shape
    assert attention_online(draw(0, 3, 4), draw(0, 3, 4), draw(0, 3, 2)).shape == (0, 3, 2)
    assert attention_scan(draw(5, 4), k, v[:1]).shape == (5, 20, 3)


def test_gradients_are_those_of_the_masked_softmax() -> None:
    tensors = [t.requires_grad_() for t in inputs(70, batch=(2,))]
    weight = draw(2, 70, 3, seed=5)
    result = torch.autograd.grad((attention_online(*tensors, 16) * weight).sum(), tensors)
    truth = torch.autograd.grad((reference_attention_online(*tensors) * weight).sum(), tensors)
    for got, want in zip(result, truth, strict=True):
        assert compare(got, want, 1e-12 * float(want.abs().max())).ok


def test_gradients_stay_finite_where_scores_overflow() -> None:
    q = torch.full((6, 4), 15.0, requires_grad=True)
    v = draw(6, 3, dtype=torch.float32).requires_grad_()
    for result in (attention_online(q, q, v, 2), attention_scan(q[0], q, v)):
        assert all(g.isfinite().all() for g in torch.autograd.grad(result.sum(), (q, v)))


def test_neither_pass_keeps_a_matrix_of_all_scores() -> None:
    """What autograd saves grows like L."""
    saved: list[int] = []

    def pack(t: Tensor) -> Tensor:
        saved.append(t.numel())
        return t

    sizes = []
    for length in (64, 128):
        tensors = [t.requires_grad_() for t in inputs(length)]
        saved.clear()
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
            attention_online(*tensors, 16)
        sizes.append(sum(saved))
    assert sizes[1] == 2 * sizes[0]


def test_a_result_larger_than_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    q = torch.zeros(1).expand(1 << 22, 8)
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 28)
    with pytest.raises(MemoryError) as caught:
        attention_online(q, q, q)
    assert str(caught.value) == (
        "attention_online: the memory for the result is 0.5 GiB, expected at most the 0.2 GiB that are free; "
        "work in pieces, handing on the last state."
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda t: attention_online([1.0], t, t),
            TypeError,
            "attention_online: q is a list, expected a tensor [..., L, d]; convert it with torch.as_tensor.",
        ),
        (
            lambda t: attention_online(t.long(), t, t),
            TypeError,
            "attention_online: q.dtype is int64, expected float32 or float64 or bfloat16 or float16; "
            "convert it with .to(torch.float32).",
        ),
        (
            lambda t: attention_online(t, t.double(), t),
            TypeError,
            "attention_online: k.dtype is float64, expected float32 like q; convert it with .to(torch.float32).",
        ),
        (
            lambda t: attention_online(t, t, t[0]),
            ValueError,
            "attention_online: v.shape is (3,), expected [..., L, dv]; add the missing dimensions with reshape.",
        ),
        (
            lambda t: attention_online(t, t[:, :2], t),
            ValueError,
            "attention_online: k.shape is (5, 2), expected (..., 5, 3); give one key a position, of the length of a query.",
        ),
        (
            lambda t: attention_online(t, t, t[:4]),
            ValueError,
            "attention_online: v.shape is (4, 3), expected (..., 5, dv); give one value a position.",
        ),
        (
            lambda t: attention_online(t.expand(2, 5, 3), t.expand(3, 5, 3), t),
            ValueError,
            "attention_online: the batches of q, k, v is (2,), (3,), (), expected shapes that broadcast; insert ones.",
        ),
        (
            lambda t: attention_online(t, t, t, 0),
            ValueError,
            "attention_online: block is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
        (
            lambda t: attention_online(t, t, t, 2.0),
            TypeError,
            "attention_online: block is 2.0 (float), expected an integer of at least 1; pass a Python int.",
        ),
        (
            lambda t: attention_scan(t[0], t, t[:2]),
            ValueError,
            "attention_scan: k.shape is (5, 3), expected (..., 2, 3); give one key a position, of the length of a query.",
        ),
        (
            lambda t: AttentionState.read(t, t, t).merged(AttentionState.read(t[:2], t, t)),
            ValueError,
            "AttentionState.merged: other.m.shape is (2,), expected (5,) like self.m; "
            "merge states of the same queries and values.",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.ones(5, 3))
    assert str(caught.value) == message


needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
CUDA_DTYPES = (torch.float64, torch.float32, torch.bfloat16, torch.float16)


@needs_cuda
@pytest.mark.parametrize("dtype", CUDA_DTYPES)
@pytest.mark.parametrize(("length", "d", "dv"), [(300, 16, 16), (2049, 64, 64), (700, 5, 100), (130, 256, 200), (40, 300, 3)])
def test_cuda_within_the_bound(dtype: torch.dtype, length: int, d: int, dv: int) -> None:
    tensors = inputs(length, d, dv, dtype=dtype, batch=(2, 3))
    result = attention_online(*(t.cuda() for t in tensors))
    assert result.is_cuda
    assert compare(result.cpu(), reference_attention_online(*tensors), bound(*tensors, 1 + length // 512)).ok


@needs_cuda
@pytest.mark.parametrize("dtype", CUDA_DTYPES)
def test_cuda_rounds_no_weight_to_the_dtype_of_the_values(dtype: torch.dtype) -> None:
    """Weights from 1/2 to 1 of values near 1: what a sum of weights loses is what the output loses."""
    q, k, v = torch.full((8, 1), 0.5, dtype=dtype), draw(8, 1, dtype=dtype).abs(), torch.ones(8, 1, dtype=dtype)
    wide = NARROW.get(dtype, dtype)
    leaves = [t.cuda()[None] for t in (q, k, v)]
    if not online_attention._in_registers(leaves[0], leaves[2]):
        pytest.skip("needs triton, an optional dependency")
    o, _ = online_attention._Attention.apply(*leaves, 512)
    assert o.dtype == wide
    size = float((q.double().abs() @ k.double().abs().mT).max())
    assert compare(o[0].cpu(), 1.0, rounding_bound(wide, math.ceil(2 * (5 * size + 8 + 4 + 8)))).ok


@needs_cuda
@pytest.mark.parametrize("dtype", CUDA_DTYPES)
@pytest.mark.parametrize(("length", "d", "dv"), [(1, 3, 2), (200, 5, 3), (333, 64, 64), (100, 128, 96), (70, 256, 200)])
def test_cuda_gradients_are_those_of_the_masked_softmax(dtype: torch.dtype, length: int, d: int, dv: int) -> None:
    tensors = inputs(length, d, dv, dtype=dtype, batch=(2,))
    tensors = (tensors[0] / math.sqrt(d), *tensors[1:])
    weight = draw(2, length, dv, dtype=dtype, seed=5)
    leaves = [t.cuda().requires_grad_() for t in tensors]
    result = torch.autograd.grad((attention_online(*leaves) * weight.cuda()).sum(), leaves)
    again = torch.autograd.grad((attention_online(*leaves) * weight.cuda()).sum(), leaves)
    assert all(torch.equal(a, b) for a, b in zip(result, again, strict=True))
    wide = [t.double().requires_grad_() for t in tensors]
    truth = torch.autograd.grad((reference_attention_online(*wide) * weight.double()).sum(), wide)
    for got, want in zip(result, truth, strict=True):
        assert got.dtype == dtype
        scale = float(want.abs().max())
        work = rounding_bound(NARROW.get(dtype, dtype), 20 * (length + d + dv), scale=max(scale, 1.0))
        assert compare(got.cpu(), want, work + rounding_bound(dtype, 1, scale=scale)).ok


@needs_cuda
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_cuda_second_derivatives_of_heads_that_broadcast(dtype: torch.dtype) -> None:
    q, k, v = draw(3, 20, 4, dtype=dtype), draw(20, 4, dtype=dtype, seed=1), draw(1, 20, 3, dtype=dtype, seed=2)

    def second(*tensors: Tensor, call=attention_online) -> tuple[Tensor, ...]:
        leaves = [t.requires_grad_() for t in tensors]
        first = torch.autograd.grad(call(*leaves).square().sum(), leaves, create_graph=True)
        return torch.autograd.grad(sum(g.square().sum() for g in first), leaves)

    result = second(q.cuda(), k.cuda(), v.cuda())
    truth = second(*(t.double() for t in (q, k, v)))
    for got, want in zip(result, truth, strict=True):
        scale = float(want.abs().max())
        assert compare(got.cpu(), want, rounding_bound(dtype, 2000 if dtype == torch.float32 else 20, scale=scale)).ok


@needs_cuda
@pytest.mark.parametrize("dtype", CUDA_DTYPES)
@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_cuda_position_that_is_not_finite_touches_nothing_before_it(which: int, value: float, dtype: torch.dtype) -> None:
    place, length = 150, 400
    tensors = [t.cuda() for t in inputs(length, 32, 32, dtype=dtype)]
    spoilt = [t.clone() for t in tensors]
    spoilt[which][place, 1] = value
    results = []
    for qkv in (tensors, spoilt):
        leaves = [t.clone().requires_grad_() for t in qkv]
        o = attention_online(*leaves)
        results.append((o.detach(), torch.autograd.grad(o.sum(), leaves[0])[0]))
    (o, by_q), (spoilt_o, spoilt_by_q) = results
    untouched = torch.ones(length, dtype=torch.bool, device=o.device)
    untouched[place : place + 1 if which == 0 else None] = False
    assert compare(spoilt_o[untouched], o[untouched], 2 * bound(*(t.cpu() for t in tensors), 1)).ok
    if online_attention._in_registers(tensors[0], tensors[2]):
        assert torch.equal(spoilt_by_q[untouched], by_q[untouched])
    if math.isnan(value) or which != 1:
        assert not spoilt_o[~untouched].isfinite().all(-1).any()


@needs_cuda
def test_cuda_needs_no_answer_from_the_device() -> None:
    leaves = [t.cuda().requires_grad_() for t in inputs(64, 16, 16, dtype=torch.float32)]
    if not online_attention._in_registers(leaves[0], leaves[2]):
        pytest.skip("needs triton, an optional dependency")
    attention_online(*leaves).sum().backward()
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("error")
    try:
        attention_online(*leaves).sum().backward()
    finally:
        torch.cuda.set_sync_debug_mode(before)


def test_annotations_hold(checked) -> None:
    assert checked(attention_online)(torch.ones(2, 5, 3), torch.ones(2, 5, 3), torch.ones(2, 5, 4)).shape == (2, 5, 4)
    assert checked(attention_scan)(torch.ones(3), torch.ones(5, 3), torch.ones(5, 4)).shape == (5, 4)
    with pytest.raises(Exception, match="Type-check"):
        checked(attention_online)(torch.ones(5, 3, dtype=torch.int64), torch.ones(5, 3), torch.ones(5, 4))
