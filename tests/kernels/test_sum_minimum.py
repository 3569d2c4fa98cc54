"""The least a + b + c against brute force, plain integers, and the ledger's figures."""

import math
import random
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derivable.kernels import min_abc, min_abc_batch, sum_lower_bound, sum_minimum
from derivable.kernels.sum_minimum import reference_min_abc


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sum_minimum, "_BLOCKS_FROM", 1)
    monkeypatch.setattr(sum_minimum, "_FIRST_BLOCK", 8)  # so that many blocks meet


def plain_min_abc(N: int) -> tuple[int, int, int]:
    """The same scan in Python integers, written apart."""
    best, found, p = N, (0, 0, N), math.isqrt(4 * N)
    while p < best:
        q = math.isqrt(max(p * p - 4 * N - 1, 0)) + (p * p > 4 * N)
        q += (q - p) % 2
        if p + (q * q - p * p + 4 * N) // 4 < best:
            c = (q * q - p * p + 4 * N) // 4
            best, found = p + c, ((p - q) // 2, (p + q) // 2, c)
        p += 1
    return found


def test_every_small_number() -> None:
    for N in range(1, 4001):
        a, b, c = min_abc(N)
        assert 0 <= a <= b
        assert c >= 0
        assert a * b + c == N
        assert a + b + c == sum(reference_min_abc(N)) >= sum_lower_bound(N), N


def test_batch_gives_the_same_triples() -> None:
    N = torch.arange(1, 8001).reshape(2, 4000)
    triples = torch.stack(min_abc_batch(N), -1)
    assert triples.shape == (2, 4000, 3)
    assert triples.reshape(-1, 3).tolist() == [list(min_abc(n)) for n in range(1, 8001)]


@settings(max_examples=60, deadline=None)
@given(
    N=st.one_of(
        st.integers(1, 2**61 - 1),
        st.builds(lambda m, e: m * m + e, st.integers(5, 2**30), st.integers(-4, 4)),
    )
)
def test_random_numbers_of_the_batch(N: int) -> None:
    assert tuple(int(t) for t in min_abc_batch(torch.tensor(N))) == min_abc(N) == plain_min_abc(N)


@pytest.mark.usefixtures("in_blocks")
def test_blocks_for_every_small_number() -> None:
    """Claim C8 (b): against Python integers for N < 3000."""
    for N in range(1, 3000, 3):
        assert min_abc(N) == plain_min_abc(N), N


@pytest.mark.usefixtures("in_blocks")
@pytest.mark.parametrize("digits", range(4, 28))
def test_blocks_for_random_numbers(digits: int) -> None:
    draw = random.Random(digits)
    for _ in range(3):
        N = draw.randrange(10 ** (digits - 1), 10**digits)
        root = math.isqrt(N)
        for number in (N, root * root, root * root + 1, root * (root + 1) - 1, root * (root + 1)):
            assert min_abc(number) == plain_min_abc(number), number


@pytest.mark.usefixtures("in_blocks")
@pytest.mark.parametrize("N", [2**122 - 1, 2**124 + 1, 10**36 + 7, 10**30 + 57])
def test_a_block_where_integers_overflow(N: int) -> None:
    """p and p² beyond 2^64: each entry of a block is exact."""
    p = math.isqrt(4 * N) + 1
    t = torch.arange(500) + 10_000
    D = [(p + k) ** 2 - 4 * N for k in t.tolist()]
    values, wrapped = (
        torch.tensor([float(v) for v in D], dtype=torch.float64),
        torch.tensor([_wrap(v) for v in D]),
    )
    for newton in (False, True):
        q, rest = sum_minimum._least_root(values, wrapped, (t + (p & 1)) & 1, newton=newton)
        for k, d, got, r in zip(t.tolist(), D, q.tolist(), rest.tolist(), strict=True):
            assert r >= 0
            assert got * got - d == r
            assert (got - p - k) % 2 == 0
            assert got < 2 or (got - 2) ** 2 < d


@pytest.mark.parametrize("bits", [51, 53, 55])
def test_newton_step_near_the_limit(bits: int) -> None:
    """Claim C8 (b): q from 2^50 up to 2^56, where the float64 root is off by up to 33."""
    draw = random.Random(bits)
    D = [draw.randrange(2 ** (2 * bits), 2 ** (2 * bits + 1)) for _ in range(200)]
    D += [root * root + e for root in (draw.randrange(2**bits, 2 ** (bits + 1)) for _ in range(50)) for e in (-1, 0, 1)]
    # the errors of the float expression D + t(t + 2p): a few units of rounding
    values = torch.tensor([float(v) * (1 + draw.uniform(-4, 4) * 2.0**-53) for v in D], dtype=torch.float64)
    for parity in (0, 1):
        flags = torch.full((len(D),), parity)
        q, rest = sum_minimum._least_root(values, torch.tensor([_wrap(v) for v in D]), flags, newton=True)
        for d, got, r in zip(D, q.tolist(), rest.tolist(), strict=True):
            assert got % 2 == parity
            assert r >= 0
            assert got * got - d == r
            assert (got - 2) ** 2 < d


def test_huge_number() -> None:
    """Claim C8: N = 10^39 + 9, 2.9·10⁶ steps."""
    triple = min_abc(10**39 + 9)
    assert triple == (31622774418828529299, 31622778784539208019, 2751328)
    assert sum(triple) == 63245553203370488646


def test_beyond_the_blocks_python_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sum_minimum, "_LARGEST_ROOT", 2**30)
    N = 10**21 + 7
    assert min_abc(N) == plain_min_abc(N)


def test_first_guess_fails() -> None:
    """Claim C2: N = 130: 31 = 11 + 11 + 9, optimum 23 = 10 + 13 + 0."""
    assert min_abc(130) == (10, 13, 0)


def test_search_above_the_root_of_half_misses() -> None:
    """Claim C3: a in (√(N/2), √N] misses exactly the listed N; the closed interval still misses 129."""
    listed = [128, 129, 162, 163, 164, 200, 201, 202, 203, 512, 882, 883, 968, 969, 970, 971, 2048, 2049]
    missed = [N for N in range(100, 3001) if _least(N, strict=True) != sum(min_abc(N))]
    assert missed == [*listed, 2888, 2889, 2890]
    assert _least(128, strict=False) == 24
    assert _least(129, strict=False) > sum(min_abc(129))


def test_upper_and_lower_bounds() -> None:
    """Claim C4: B(N) above, 2√N below with equality at squares; N = 89743 and N = 6."""
    for N in range(4, 3000):
        least = sum(min_abc(N))
        assert least * least >= 4 * N
        assert (least * least == 4 * N) == (math.isqrt(N) ** 2 == N)
        assert least <= 2 * math.sqrt(N) + 2 + math.sqrt(1 + 4 * math.sqrt(N))
    excess = sum(min_abc(89743)) - 2 * math.sqrt(89743)
    assert abs(excess - 32.86) < 5e-3
    assert excess > 2 + math.sqrt(1 + 2 * math.sqrt(89743))
    assert excess > 89743**0.25
    assert sum(min_abc(6)) == 5


def test_parity_and_the_first_p_are_needed() -> None:
    """Claim C5, must be refuted: N = 7 at p = 6 with q = 3 has c = 1/4; N = m² + 1 needs p = ⌊2√N⌋."""
    assert Fraction(3 * 3 - (6 * 6 - 4 * 7), 4) == Fraction(1, 4)
    for m in (5, 31):
        a, b, _ = min_abc(m * m + 1)
        assert a + b == math.isqrt(4 * m * m + 4)


def test_stopping_early_is_refuted() -> None:
    """Claim C6: N = 276: S = 37, 37, 35 at p = 33, 34, 35; N = 1829: optimum 90 at p = 90."""
    sums = [_best_sum(276, p) for p in (33, 34, 35)]
    assert sums == [37, 37, 35]
    assert sum(min_abc(276)) == 35
    triple = min_abc(1829)
    assert (sum(triple), triple[0] + triple[1]) == (90, 90)
    assert min(_best_sum(1829, p) for p in range(85, 90)) == 91


@pytest.mark.parametrize(("low", "high", "mean"), [(10**4, 10**5, 1.019), (10**6, 10**7, 1.100)])
def test_typical_steps(low: int, high: int, mean: float) -> None:
    """Claim C6: mean of (S_min - 2√N)/N^{1/6}; sampled, so within 6.2 standard errors of 0.8/√k."""
    N = torch.randint(low, high, (10000,), generator=torch.Generator().manual_seed(0))
    excess = sum(min_abc_batch(N)).double() - 2 * N.double().sqrt()
    scaled = excess / N.double() ** (1 / 6)
    assert abs(float(scaled.mean()) - mean) < 6.2 * 0.8 / math.sqrt(10000)


def test_lower_bound_values() -> None:
    assert [sum_lower_bound(N) for N in (1, 2, 3, 4, 5, 9, 10**40, 10**40 + 1)] == [
        *(1, 2, 3, 4, 5, 6),
        2 * 10**20,
        2 * 10**20 + 1,
    ]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: min_abc(0),
            ValueError,
            "min_abc: N is 0, expected an integer of at least 1; there is no smaller natural number to split.",
        ),
        (
            lambda: min_abc(7.0),
            TypeError,
            "min_abc: N is 7.0 (float), expected an integer of at least 1; pass a Python int.",
        ),
        (
            lambda: sum_lower_bound(True),
            TypeError,
            "sum_lower_bound: N is True (bool), expected an integer of at least 1; pass a Python int.",
        ),
        (
            lambda: min_abc_batch(torch.tensor([3, 2**61])),
            ValueError,
            "min_abc_batch: N is between 3 and 2305843009213693952, expected between 1 and 2^61 - 1; "
            "use min_abc for larger integers.",
        ),
        (
            lambda: min_abc_batch(torch.ones(2)),
            TypeError,
            "min_abc_batch: N.dtype is float32, expected int64; convert it with .to(torch.int64).",
        ),
    ],
)
def test_messages(call, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_empty_and_scalar_batches() -> None:
    assert all(t.shape == (0, 2) for t in min_abc_batch(torch.empty(0, 2, dtype=torch.int64)))
    assert all(t.shape == () for t in min_abc_batch(torch.tensor(5)))


def test_non_contiguous_batch() -> None:
    N = torch.arange(1, 101).reshape(10, 10)
    for wide, narrow in zip(min_abc_batch(N), min_abc_batch(N.T), strict=True):
        assert torch.equal(wide, narrow.T)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
def test_cuda_agrees_with_cpu() -> None:
    N = torch.arange(1, 2001)
    for cpu, cuda in zip(min_abc_batch(N), min_abc_batch(N.cuda()), strict=True):
        assert torch.equal(cpu, cuda.cpu())


def test_annotations_hold(checked) -> None:
    assert checked(min_abc_batch)(torch.arange(1, 5))[0].shape == (4,)


def _wrap(value: int) -> int:
    return (value + 2**63) % 2**64 - 2**63


def _best_sum(N: int, p: int) -> int:
    D = p * p - 4 * N
    q = math.isqrt(D - 1) + 1 if D > 0 else 0
    q += (q - p) % 2
    return p + (q * q - D) // 4


def _least(N: int, *, strict: bool) -> int:
    low = math.isqrt(N // 2)
    if strict or 2 * low * low < N:
        low += 1
    return min(a + N // a + N % a for a in range(low, math.isqrt(N) + 1))
