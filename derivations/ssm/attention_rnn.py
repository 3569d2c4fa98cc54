"""Causal attention read as a recurrent network: a state of constant size, a length that grows quadratically.

Notation, the post's own: s_j = q_i·k_j are the scores that query i gives to the keys 1, …, i, the scale absorbed in q; o_i is the
mean of the values v_j with the weights e^{s_j}. Values are vectors; every claim is linear in them, and is stated for one
component. N is the number of layers, L the length of the sequence, d the dimension of a head.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from math import comb
from typing import Any

from sympy import (
    Abs,
    Eq,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Le,
    Limit,
    Max,
    Product,
    Rational,
    Sum,
    binomial,
    exp,
    factorial,
    floor,
    log,
    oo,
)

from derivable import ForAll, Induction, Post
from derivable.derivation import Derivation
from derivable.measurement import Measurement

post = Post(
    "attention_rnn",
    "时空之章：将Attention视为平方复杂度的RNN",
    "Attention as an RNN of quadratic complexity",
    date="2024-03-18",
    archive=10017,
    papers=(("Self-attention Does Not Need O(n^2) Memory", "arXiv:2112.05682"),),
)


# -- C1: the recursion --------------------------------------------------------------------------------------------------


def recursion(d: Derivation, *, newest_first: bool) -> tuple[Any, ...]:
    """Scores, values, the query's position i, and y, z as functions of the number t of keys read."""
    i, t, j = d.counting("i"), d.natural("t"), d.index("j")
    s, v = d.sequence("s"), d.sequence("v")
    y, z = d.function("y z")
    read = i - t if newest_first else t + 1
    first, last = (lambda t: i - t + 1, i) if newest_first else (lambda t: Integer(1), None)
    d.assume(Eq(y(0), 0), Eq(z(0), 0), text="nothing has been read")
    order = "step t + 1 reads position i - t" if newest_first else "step t + 1 reads position t + 1"
    d.assume(ForAll((t,), Eq(y(t + 1), y(t) + exp(s[read]) * v[read])), text=order)
    d.assume(ForAll((t,), Eq(z(t + 1), z(t) + exp(s[read]))), text=order)
    d.instance(y, lambda t: Sum(exp(s[j]) * v[j], (j, first(t), t if last is None else last)))
    d.instance(z, lambda t: Sum(exp(s[j]), (j, first(t), t if last is None else last)))
    return i, t, j, s, v, y, z


@post.claim("C1a", "The recursion, newest key first: y/z is the output of the attention")
def newest_first(d: Derivation) -> None:
    """After t steps y and z are the sums over the last t positions; t = i ends it."""
    i, t, j, s, v, y, z = recursion(d, newest_first=True)
    whole, weights = Sum(exp(s[j]) * v[j], (j, i - t + 1, i)), Sum(exp(s[j]), (j, i - t + 1, i))
    output = Sum(exp(s[j]) * v[j], (j, 1, i)) / Sum(exp(s[j]), (j, 1, i))
    d.state(y(t), "=", whole)
    d.state(z(t), "=", weights)
    d.state(y(i) / z(i), "=", output)
    read = d.have(y(t), "=", whole, by=Induction(t, 0), why="step t + 1 adds the position i - t", forall=[t])
    total = d.have(z(t), "=", weights, by=Induction(t, 0), why="step t + 1 adds the position i - t", forall=[t])
    d.start(y(i) / z(i))
    d.then(output, by="t = i: all positions from 1 on", using=[read, total])
    later = Sum(exp(s[j]) * v[j], (j, 0, i - 1)) / Sum(exp(s[j]), (j, 0, i - 1))
    d.refute(y(i) / z(i), "=", later, because="k_{i-t} in step t: the query's own key is missed, and position 0 is read")
    d.refute(y(i) / z(i), "=", Sum(exp(s[j]) * v[j], (j, 1, i)) / i, because="divided by i")
    d.refute(y(i) / z(i), "=", Sum(exp(s[j]) * v[j], (j, 1, i)) / Sum(s[j], (j, 1, i)), because="z without the exponential")
    strict = Sum(exp(s[j]) * v[j], (j, 1, i - 1)) / Sum(exp(s[j]), (j, 1, i - 1))
    d.refute(y(i) / z(i), "=", strict, because="the strict mask j < i", where=[i >= 2])


@post.claim("C1b", "The recursion, oldest key first: the same output, without access to old keys")
def oldest_first(d: Derivation) -> None:
    """After t steps y and z are the sums over the first t positions."""
    i, t, j, s, v, y, z = recursion(d, newest_first=False)
    whole, weights = Sum(exp(s[j]) * v[j], (j, 1, t)), Sum(exp(s[j]), (j, 1, t))
    output = Sum(exp(s[j]) * v[j], (j, 1, i)) / Sum(exp(s[j]), (j, 1, i))
    d.state(y(t), "=", whole)
    d.state(z(t), "=", weights)
    d.state(y(i) / z(i), "=", output)
    read = d.have(y(t), "=", whole, by=Induction(t, 0), why="step t + 1 adds the position t + 1", forall=[t])
    total = d.have(z(t), "=", weights, by=Induction(t, 0), why="step t + 1 adds the position t + 1", forall=[t])
    d.start(y(i) / z(i))
    d.then(output, by="t = i", using=[read, total])
    d.note("What has been read may be forgotten: keys and values stream past a state of d_v + 1 numbers.")
    d.refute(y(i) / z(i), "=", Sum(exp(s[j]) * v[j], (j, 0, i)) / Sum(exp(s[j]), (j, 0, i)), because="position 0 is read too")
    d.refute(y(i) / z(i), "=", Sum(exp(s[j]) * v[j], (j, 1, i)) / i, because="divided by i")


# -- C2: the order does not matter --------------------------------------------------------------------------------------


@post.claim("C2a", "Two pairs (k, v) exchanged leave the output as it is, at every length")
def exchange(d: Derivation) -> None:
    """An exchange of the positions a and b adds x_b - x_a at a and x_a - x_b at b; exchanges make all permutations."""
    i, j, a, b = d.counting("i"), d.index("j"), d.index("a"), d.index("b")
    s, v = d.sequence("s"), d.sequence("v")
    d.assume(a >= 1, a <= i, b >= 1, b <= i)

    def exchanged(x: Any) -> Any:
        """The term of position j after the exchange."""
        return x(j) + KroneckerDelta(j, a) * (x(b) - x(a)) + KroneckerDelta(j, b) * (x(a) - x(b))

    def weight(j: Any) -> Any:
        return exp(s[j])

    def weighted(j: Any) -> Any:
        return exp(s[j]) * v[j]

    before = Sum(weighted(j), (j, 1, i)) / Sum(weight(j), (j, 1, i))
    after = Sum(exchanged(weighted), (j, 1, i)) / Sum(exchanged(weight), (j, 1, i))
    d.state(after, "=", before)
    changed = Sum(weighted(j), (j, 1, i)) + (weighted(b) - weighted(a)) + (weighted(a) - weighted(b))
    d.start(after)
    d.then(changed / Sum(weight(j), (j, 1, i)), by="each Kronecker delta leaves one term")
    d.then(before, by="what one position gains the other one loses")
    d.note("Every permutation of 1, …, i is a product of exchanges. Claim C2b goes through all of them up to i = 6.")
    values_stay = Sum(exchanged(weight) * v[j], (j, 1, i)) / Sum(exchanged(weight), (j, 1, i))
    d.refute(values_stay, "=", before, because="the keys exchanged without their values")


def sequences(longest: int) -> Iterator[tuple[int, ...]]:
    """All permutations of 0 … n - 1 for n up to the longest."""
    for n in range(1, longest + 1):
        yield from permutations(range(n))


def mean_read(order: tuple[int, ...], values: tuple[int, ...]) -> Fraction:
    """Σ w v / Σ w with the weights 2, 3, 5, … in one order and the values 1, 8, 27, … in another, exactly."""
    weights = (2, 3, 5, 7, 11, 13)
    total = sum(weights[j] for j in order)
    return Fraction(sum(weights[j] * (1 + u) ** 3 for j, u in zip(order, values, strict=True)), total)


@post.claim("C2b", "All permutations of the pairs, for i ≤ 6", kind="algorithm")
def all_orders(d: Derivation) -> None:
    """Exact fractions."""
    text = r"o_i\text{ after a permutation of the pairs } = o_i"
    d.exhaust(text, sequences(6), lambda p: mean_read(p, p) == mean_read(tuple(sorted(p)), tuple(sorted(p))), bound="i ≤ 6")
    d.refute_exhaustively(
        r"o_i\text{ after a permutation of the keys alone } = o_i",
        sequences(6),
        lambda p: mean_read(p, tuple(sorted(p))) == mean_read(tuple(sorted(p)), tuple(sorted(p))),
        because="the values stay where they were",
    )


@post.claim("C2c", "The last output of two causal layers depends on the order of the earlier inputs", kind="inequality")
def two_layers(d: Derivation) -> None:
    """Queries 0, so that a layer takes prefix means: one layer of inputs x_1, x_2, x_3, then another one."""
    x = d.real("x1 x2 x3")

    def layer(x: Any) -> list[Any]:
        return [sum(x[: n + 1]) / Integer(n + 1) for n in range(len(x))]

    x1, x2, x3 = x
    d.assume(x1 < x2)
    once, other_once = layer(x)[-1], layer((x2, x1, x3))[-1]
    twice, other_twice = layer(layer(x))[-1], layer(layer((x2, x1, x3)))[-1]
    d.state(other_once, "=", once)
    d.state(twice, "<", other_twice)
    d.start(other_once)
    d.then(once, by="one layer: a sum")
    d.start(twice)
    d.then(twice + (x2 - x1) / 3, "<", by="x_1 < x_2")
    d.then(other_twice, by="the first output of layer 1 is x_1 in one order and x_2 in the other")
    d.refute(other_twice, "=", twice, because="two layers do not see the order either")


# -- C3: the convex form ------------------------------------------------------------------------------------------------


@post.claim("C3a", "The update as a step towards the value that is read")
def convex_step(d: Derivation) -> None:
    """o' = (z o + w v)/z', z' = z + w."""
    o, v, z, w = d.real("o"), d.real("v"), d.real("z"), d.positive("w")
    d.assume(z >= 0, text="z = 0 before the first step")
    after = (z * o + w * v) / (z + w)
    d.state(after, "=", o + w / (z + w) * (v - o))
    d.start(after)
    d.then(((z + w) * o + w * (v - o)) / (z + w), by="z = z' - w")
    d.then(o + w / (z + w) * (v - o), by="divide by z'")
    d.refute(after, "=", o + w / z * (v - o), because="the gate w/z", where=[z > 0])
    d.refute(after, "=", o + w / (z + w) * (o - v), because="sign")


@post.claim("C3b", "The gate lies in (0, 1], and 1 is the first step", kind="inequality")
def gate(d: Derivation) -> None:
    """z ≥ 0."""
    z, w = d.real("z"), d.positive("w")
    d.assume(z >= 0)
    d.state(0, "<", w / (z + w))
    d.state(w / (z + w), "<=", 1)
    d.start(0)
    d.then(w / (z + w), "<", by="w > 0")
    d.start(w / (z + w))
    d.then(1 - z / (z + w), by="z' = z + w")
    d.then(1, "<=", by="z ≥ 0")
    d.refute(w / (z + w), "<", 1, because="the first step keeps something of the state before")


@post.claim("C3c", "The output stays between the least and the largest value that was read", kind="inequality")
def hull(d: Derivation) -> None:
    """A mean with positive weights, at every length; for vectors in each direction, so that o lies in the convex hull."""
    i, j, upper, lower = d.counting("i"), d.index("j"), d.real("upper"), d.real("lower")
    s, v = d.sequence("s"), d.function("v")
    d.assume(lower <= upper)
    d.assume(ForAll((j,), Le(v(j), upper), (j >= 1, j <= i)), ForAll((j,), Le(lower, v(j)), (j >= 1, j <= i)))
    d.instance(v, lambda j: lower + (upper - lower) / (1 + (j - 2) ** 2))
    output = Sum(exp(s[j]) * v(j), (j, 1, i)) / Sum(exp(s[j]), (j, 1, i))
    d.state(output, "<=", upper)
    d.state(lower, "<=", output)
    d.start(output)
    d.then(Sum(exp(s[j]) * upper, (j, 1, i)) / Sum(exp(s[j]), (j, 1, i)), "<=", by="v_j is at most the upper bound")
    d.then(upper, by="the weights cancel")
    d.start(lower)
    d.then(Sum(exp(s[j]) * lower, (j, 1, i)) / Sum(exp(s[j]), (j, 1, i)), by="the weights cancel")
    d.then(output, "<=", by="v_j is at least the lower bound")
    d.refute(output, "<=", (lower + upper) / 2, because="the middle of the values as a bound")


@post.claim("C3d", "The weights of attention are products of gates: α_ij = β_j Π_{m>j} (1 - β_m)")
def gates_multiply(d: Derivation) -> None:
    """1 - β_m = z_{m-1}/z_m, and the product telescopes."""
    j, t, m, l = d.counting("j"), d.natural("t"), d.index("m"), d.index("l")
    s = d.sequence("s")

    def z(n: Any) -> Any:
        return Sum(exp(s[l]), (l, 1, n))

    def beta(m: Any) -> Any:
        return exp(s[m]) / z(m)

    product = beta(j) * Product(1 - beta(m), (m, j + 1, j + t))
    d.state(product, "=", exp(s[j]) / z(j + t))
    d.start(product)
    d.then(beta(j) * Product(z(m - 1) / z(m), (m, j + 1, j + t)), by="1 - β_m = z_{m-1}/z_m")
    d.then(beta(j) * z(j) / z(j + t), by="the product telescopes")
    d.then(exp(s[j]) / z(j + t), by="β_j z_j = w_j")
    d.note("i = j + t. Oldest key first, β_m = w_m/z_m is the gate of claim C3a.")
    wrong = beta(j) * Product(1 - beta(m), (m, j, j + t))
    d.refute(wrong, "=", exp(s[j]) / z(j + t), because="the product begins at j", where=[j >= 2])


# -- C4: the safe form and its associativity ----------------------------------------------------------------------------


def larger(a: Any, b: Any) -> Any:
    """max(a, b) = (a + b + |a - b|)/2, which SymPy does not flatten as it does Max(Max(a, b), c)."""
    return (a + b + Abs(a - b)) / 2


def join(p: Any, q: Any) -> tuple[Any, Any]:
    """(m, x) ⊕ (m', x'), where x is z or a component of y: both are rescaled in the same way."""
    M = larger(p[0], q[0])
    return M, p[1] * exp(p[0] - M) + q[1] * exp(q[0] - M)


def states(d: Derivation, count: int) -> list[tuple[Any, ...]]:
    """States (m, x)."""
    return [tuple(d.real(f"m{n} x{n}")) for n in range(1, count + 1)]


@post.claim("C4a", "The join of states is commutative")
def commutative(d: Derivation) -> None:
    """Each part is symmetric in the two states."""
    p, q = states(d, 2)
    reasons = ("the larger of two is symmetric", "the two terms are exchanged, and M is the same")
    for left, right, why in zip(join(p, q), join(q, p), reasons, strict=True):
        d.state(left, "=", right)
        d.start(left)
        d.then(right, by=why)
    M = larger(p[0], q[0])
    d.refute(join(p, q)[1], "=", q[1] * exp(p[0] - M) + p[1] * exp(q[0] - M), because="each part with the shift of the other")


@post.claim("C4b", "The larger of three is the same however they are paired")
def associative_maximum(d: Derivation) -> None:
    """By cases on the order of the three."""
    a, b, c = d.real("m1 m2 m3")
    left, right = larger(larger(a, b), c), larger(a, larger(b, c))
    d.state(left, "=", Max(a, b, c))
    d.state(right, "=", Max(a, b, c))
    for side in (left, right):
        d.start(side)
        d.then(Max(a, b, c), by="the largest of three")
    d.refute(left, "=", larger(a, b), because="the third one is not looked at")


@post.claim("C4c", "The join of states is associative")
def associative(d: Derivation) -> None:
    """e^{m_1 - M_12} e^{M_12 - M} = e^{m_1 - M}, whatever M_12 and M_23 are; M is the same on both sides by C4b."""
    (m1, x1), (m2, x2), (m3, x3) = states(d, 3)
    M12, M23, M = d.real("M12"), d.real("M23"), d.real("M")
    left = (x1 * exp(m1 - M12) + x2 * exp(m2 - M12)) * exp(M12 - M) + x3 * exp(m3 - M)
    right = x1 * exp(m1 - M) + (x2 * exp(m2 - M23) + x3 * exp(m3 - M23)) * exp(M23 - M)
    d.state(left, "=", right)
    d.start(left)
    d.then(x1 * exp(m1 - M) + x2 * exp(m2 - M) + x3 * exp(m3 - M), by="the shift M_12 cancels")
    d.then(right, by="the shift M_23 cancels")
    unscaled = (x1 + x2) * exp(M12 - M) + x3 * exp(m3 - M)
    d.refute(unscaled, "=", right, because="the first join without rescaling")
    d.refute(left, "=", x1 * exp(m1 - M) + (x2 * exp(m2 - M23) + x3 * exp(m3 - M23)) * exp(M - M23), because="e^{M-m}")


@post.claim("C4d", "A state stands for the sums z e^m and y e^m, and these add up")
def values_add(d: Derivation) -> None:
    """For every common shift M, the maximum or not."""
    (m1, z1), (m2, z2) = states(d, 2)
    y1, y2, M = d.real("y1"), d.real("y2"), d.real("M")
    for a, b, part in ((z1, z2, "z"), (y1, y2, "y")):
        joined = (a * exp(m1 - M) + b * exp(m2 - M)) * exp(M)
        d.state(joined, "=", a * exp(m1) + b * exp(m2))
        d.start(joined)
        d.then(a * exp(m1) + b * exp(m2), by=f"e^{{m-M}} e^M = e^m, for {part}")
    mean = (y1 * exp(m1) + y2 * exp(m2)) / (z1 * exp(m1) + z2 * exp(m2))
    d.refute((z1 * exp(M - m1) + z2 * exp(M - m2)) * exp(M), "=", z1 * exp(m1) + z2 * exp(m2), because="e^{M-m}")
    d.refute((y1 + y2) / (z1 * exp(m1 - M) + z2 * exp(m2 - M)), "=", mean, because="only z is rescaled")


@post.claim("C4e", "(-∞, 0, 0) is neutral: a state (m', 0, 0) with m' ≤ m changes nothing")
def neutral(d: Derivation) -> None:
    """-∞ lies below every m; finite stand-ins below all scores do the same."""
    ((m, x),) = states(d, 1)
    low = d.real("low")
    d.assume(low <= m, text="-∞ ≤ m for every m")
    zero = Integer(0)
    for got, want, why in zip(join((m, x), (low, zero)), (m, x), ("the larger is m", "0 is added to x e^0"), strict=True):
        d.state(got, "=", want)
        d.start(got)
        d.then(want, by=why)
    d.note("With (0, 0, 0) the mean y/z is still right, but m is no score that was met: see C4g for what that does.")
    d.refute(join((m, x), (zero, zero))[0], "=", m, because="(0, 0, 0) as neutral element")


@post.claim("C4f", "Blocks of keys, each with a shift of its own, join to the state of all keys")
def blocks_join(d: Derivation) -> None:
    """Keys 1 … a with the shift m and a+1 … a+b with the shift m'; the output is the attention's, whatever the shifts are."""
    a, b, j = d.natural("a"), d.natural("b"), d.index("j")
    m, n, M = d.real("m"), d.real("n"), d.real("M")
    s, v = d.sequence("s"), d.sequence("v")

    def state(shift: Any, first: Any, last: Any) -> tuple[Any, Any]:
        """(z, y) of a block."""
        return Sum(exp(s[j] - shift), (j, first, last)), Sum(exp(s[j] - shift) * v[j], (j, first, last))

    one, two, whole = state(m, 1, a), state(n, a + 1, a + b), state(M, 1, a + b)
    joined = tuple(p * exp(m - M) + q * exp(n - M) for p, q in zip(one, two, strict=True))
    for got, want in zip(joined, whole, strict=True):
        d.state(got, "=", want)
        d.start(got)
        d.then(want, by="e^{s-m} e^{m-M} = e^{s-M}; the two ranges join")
    output = Sum(exp(s[j]) * v[j], (j, 1, a + b)) / Sum(exp(s[j]), (j, 1, a + b))
    d.state(joined[1] / joined[0], "=", output)
    d.start(joined[1] / joined[0])
    d.then(whole[1] / whole[0], by="the two parts above")
    d.then(output, by="e^{-M} cancels")
    d.refute((one[1] + two[1]) / (one[0] + two[0]), "=", output, because="blocks added without bringing them to one shift")


@post.claim("C4g", "The raw form overflows above 88.72 in float32 and bfloat16, 11.09 in float16", kind="constant")
def ranges(d: Derivation) -> None:
    """The logarithms of the largest finite numbers, and that of half the least positive float32."""
    digit = Rational(1, 200)
    largest = (
        ("float32", (2 - Rational(1, 2**23)) * Integer(2) ** 127, Rational(8872, 100)),
        ("bfloat16", (2 - Rational(1, 2**7)) * Integer(2) ** 127, Rational(8872, 100)),
        ("float16", (2 - Rational(1, 2**10)) * Integer(2) ** 15, Rational(1109, 100)),
        ("float64", (2 - Rational(1, 2**52)) * Integer(2) ** 1023, Rational(70978, 100)),
    )
    for name, number, value in largest:
        d.state(Abs(log(number) - value), "<", digit)
        d.start(Abs(log(number) - value))
        d.then(digit, "<", by=f"the largest {name}, to two decimals")
    d.state(exp(-104), "<", Rational(1, 2**150))
    d.start(exp(-104))
    d.then(Rational(1, 2**150), "<", by="half the least positive float32 is rounded to 0: all scores below -104 give 0/0")
    score = 4 * Integer(15) ** 2
    d.state(largest[0][1], "<", exp(score))
    d.start(largest[0][1])
    d.then(exp(score), "<", by="q = k = (15, 15, 15, 15): the score is 900")
    d.refute(exp(-103), "<", Rational(1, 2**150), because="the underflow one earlier")
    d.refute(Abs(log(largest[2][1]) - Rational(8872, 100)), "<", digit, because="float16 with the exponents of bfloat16")


@newest_first.measured("kernels.online_attention.attention_online", against="the sums of C1a, L = 64, d = 16")
def blocks_against_sums(m: Measurement) -> None:
    """Three queries, two components; scores are exact rationals. Blocks of 1 are the recursion, oldest key first."""
    import torch

    from derivable.kernels.online_attention import attention_online

    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(64, 16, generator=generator, dtype=torch.float64) for _ in range(3))
    places, parts = (0, 30, 63), (0, 9)
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        queries, keys, values = (t.to(dtype) for t in (q, k, v))
        want = [[exact_output(m, queries[i], keys, values, i + 1, part) for part in parts] for i in places]
        for block in (1, 7, 128):
            got = attention_online(queries, keys, values, block)[list(places)][:, list(parts)]
            m.agree(got, want, attention_error(queries, keys, values, blocks=64))


@newest_first.measured("kernels.online_attention.AttentionState", against="the sums of C1a, newest and oldest first")
def orders_against_sums(m: Measurement) -> None:
    """One key at a time, in three orders."""
    import torch

    from derivable.kernels.online_attention import AttentionState

    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(64, 16, generator=generator, dtype=torch.float64) for _ in range(3))
    want = [exact_output(m, q[63], k, v, 64, part) for part in (0, 9)]
    for order in (range(64), range(63, -1, -1), torch.randperm(64, generator=generator).tolist()):
        state = AttentionState.read(q[63], k[:0], v[:0])
        for j in order:
            state = state.merged(AttentionState.read(q[63], k[j : j + 1], v[j : j + 1]))
        m.agree(state.output()[[0, 9]], want, attention_error(q, k, v, blocks=64))


@blocks_join.measured("kernels.online_attention.attention_scan", against="the output of every prefix, L = 40, scores up to 900")
def prefixes_against_sums(m: Measurement) -> None:
    """At prefixes 1, 17 and 40; the raw exponentials of the last case are infinite in float32."""
    import torch

    from derivable.kernels.online_attention import attention_scan

    generator = torch.Generator().manual_seed(0)
    k, v = (torch.randn(40, 4, generator=generator, dtype=torch.float64) for _ in range(2))
    k[7], far = 15.0, torch.full((4,), 15.0, dtype=torch.float64)
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        for query in (k[3], far):
            q, keys, values = query.to(dtype), k.to(dtype), v.to(dtype)
            want = [[exact_output(m, q, keys, values, t, part) for part in (0, 3)] for t in (1, 17, 40)]
            allowed = attention_error(q[None], keys, values, blocks=40)
            m.agree(attention_scan(q, keys, values)[[0, 16, 39]][:, [0, 3]], want, allowed)


def exact_output(m: Measurement, q: Any, k: Any, v: Any, length: int, part: int) -> Any:
    """The right side of the claim's statement on the output, for exact scores of a query with the first keys."""
    right = m.statements[2].rhs
    s, values = sorted(right.atoms(IndexedBase), key=str)
    point: dict[Any, Any] = {}
    for j in range(length):
        score = sum((Rational(a) * Rational(b) for a, b in zip(q.tolist(), k[j].tolist(), strict=True)), Integer(0))
        point |= {s[j + 1]: score, values[j + 1]: Rational(float(v[j, part]))}
    sizes = {e: length if str(e) == "i" else 1 for e in right.free_symbols if str(e) in ("i", "a")}
    sizes |= {e: length - 1 for e in right.free_symbols if str(e) == "b"}
    return m.value(right.subs(sizes).doit(), point)


def attention_error(q: Any, k: Any, v: Any, *, blocks: int) -> float:
    """2u((d+4)S + L + 4 blocks + 8) max|v| with S the largest Σ|q||k|, and the rounding of the result."""
    import torch

    from derivable.numerics import rounding_bound

    largest = float((q.double().abs() @ k.double().abs().T).max())
    scale = float(v.double().abs().max())
    wide = torch.promote_types(q.dtype, torch.float32)
    operations = 2 * ((q.shape[-1] + 4) * largest + v.shape[0] + 4 * blocks + 8)
    return rounding_bound(wide, int(operations) + 1, scale=scale) + rounding_bound(q.dtype, 1, scale=scale)


# -- C5, C6: how long the recurrent network is --------------------------------------------------------------------------


@post.claim("C5", "One layer over L tokens performs L(L+1)/2 updates of its state", kind="constant")
def length(d: Derivation) -> None:
    """Position i reads i keys. Between L²/2 and L²: quadratic."""
    L, i = d.counting("L"), d.index("i")
    updates = Sum(i, (i, 1, L))
    d.state(updates, "=", L * (L + 1) / 2)
    d.state(L**2 / 2, "<=", L * (L + 1) / 2)
    d.state(L * (L + 1) / 2, "<=", L**2)
    d.start(updates)
    d.then(L * (L + 1) / 2, by="the sum of the first integers")
    d.start(L**2 / 2)
    d.then(L * (L + 1) / 2, "<=", by="L > 0")
    d.start(L * (L + 1) / 2)
    d.then(L**2, "<=", by="1 ≤ L")
    d.refute(updates, "=", L * (L - 1) / 2, because="without the query's own key")
    d.note("A recurrent network that turns back to the first page for every token reads as much, with a state of constant size.")


@post.claim("C6a", "The hockey-stick identity: Σ_{j≤i} C(j+N-1, N) = C(i+N, N+1)")
def hockey_stick(d: Derivation) -> None:
    """Each term is a difference, by Pascal's rule."""
    N, i, j = d.counting("N"), d.natural("i"), d.index("j")
    total = Sum(binomial(j + N - 1, N), (j, 1, i))
    d.state(total, "=", binomial(i + N, N + 1))
    d.start(total)
    d.then(binomial(i + N, N + 1), by="Pascal: C(i+N, N+1) + C(i+N, N) = C(i+N+1, N+1), so that the sum telescopes")
    d.refute(total, "=", binomial(i + N, N), because="one row too low", where=[i >= 2])
    d.refute(total, "=", binomial(i + N - 1, N + 1), because="the sum to i - 1")


@post.claim("C6b", "The updates of layer 1 for position i of layer N, without a cache: C(i+N-1, N)")
def updates_at_a_position(d: Derivation) -> None:
    """W(N, i): how often layer 1 is updated when layer N is computed at i, and every read computes the layer below once more.

    The two parts of an induction on N: N = 1, and N + 1 from N at all positions.
    """
    N, n, i, j = d.counting("N"), d.counting("n"), d.counting("i"), d.index("j")
    W = d.function("W")
    d.assume(ForAll((i,), Eq(W(1, i), i)), text="layer 1 reads i inputs")
    d.assume(ForAll((n, i), Eq(W(n + 1, i), Sum(W(n, j), (j, 1, i)))), text="layer n + 1 reads layer n at 1, …, i")
    d.assume(ForAll((i,), Eq(W(N, i), binomial(i + N - 1, N))), text="the case N of the induction, at all positions")
    d.instance(W, lambda N, i: binomial(i + N - 1, N))
    d.state(W(1, i), "=", binomial(i, 1))
    d.state(W(N + 1, i), "=", binomial(i + N, N + 1))
    d.start(W(1, i))
    d.then(i, by="layer 1 reads i inputs")
    d.then(binomial(i, 1), by="C(i, 1) = i")
    d.start(W(N + 1, i))
    d.then(Sum(W(N, j), (j, 1, i)), by="every read of layer N computes it once more")
    d.then(Sum(binomial(j + N - 1, N), (j, 1, i)), by="the case N")
    d.then(binomial(i + N, N + 1), by="the hockey stick", using=[hockey_stick])
    d.refute(
        W(N + 1, i), "=", i ** (N + 1), because="every layer reads the positions up to j, not all i of them", where=[Eq(N, 1)]
    )


@post.claim("C6c", "Over the sequence C(L+N, N+1) updates of layer 1, and C(L+N-n+1, N-n+2) of layer n")
def updates_in_all(d: Derivation) -> None:
    """The hockey stick once more. Layers n, …, N above the outputs of layer n - 1 are a stack of N - n + 1 layers."""
    L, N, i, n = d.natural("L"), d.counting("N"), d.index("i"), d.counting("n")
    d.assume(n <= N)
    first, layer = Sum(binomial(i + N - 1, N), (i, 1, L)), Sum(binomial(i + N - n, N - n + 1), (i, 1, L))
    d.state(first, "=", binomial(L + N, N + 1))
    d.state(layer, "=", binomial(L + N - n + 1, N - n + 2))
    d.start(first)
    d.then(binomial(L + N, N + 1), by="C6a at i = L", using=[hockey_stick.at(i=L)])
    d.start(layer)
    d.then(binomial(L + N - n + 1, N - n + 2), by="C6a at N - n + 1 layers", using=[hockey_stick.at(i=L, N=N - n + 1)])
    d.refute(first, "=", L ** (2 * N), because="every layer multiplies by L²", where=[L >= 2])
    d.refute(first, "=", L**N, because="every layer multiplies by L", where=[L >= 2])
    d.refute(layer, "=", binomial(L + N - n, N - n + 1), because="one layer less")


@post.claim("C6d", "C(L+N, N+1) ~ L^{N+1}/(N+1)!: with N + 1 powers of L, far above quadratic for N > 1", kind="limit")
def growth(d: Derivation) -> None:
    """C(L+N, N+1)(N+1)!/L^{N+1} = Π (1 + k/L) lies between 1 and 1/(1 - N(N+1)/(2L)), by induction on N."""
    L, N, k = d.counting("L"), d.counting("N"), d.index("k")
    ratio = binomial(L + N, N + 1) * factorial(N + 1) / L ** (N + 1)
    product = Product(1 + k / L, (k, 0, N))
    rest = 1 - N * (N + 1) / (2 * L)
    d.state(ratio, "=", product)
    d.state(1, "<=", product)
    d.state(product * rest, "<=", 1)
    d.state(Limit(rest, L, oo), "=", 1)
    d.start(ratio)
    d.then(product, by="L(L+1)…(L+N) divided by L^{N+1}")
    d.start(1)
    d.then(product, "<=", by="no factor is below 1")
    d.start(product * rest)
    d.then(1, "<=", by="induction: (1+x)(1-a-x) ≤ 1-a for x = (N+1)/L and a = N(N+1)/(2L)")
    d.start(Limit(rest, L, oo))
    d.then(1, by="L → ∞")
    d.note("Between 1 and what tends to 1, the quotient of C(L+N, N+1) and L^{N+1}/(N+1)! tends to 1 for every N.")
    d.refute(product, "<=", 1, because="L^{N+1}/(N+1)! as an upper bound")
    d.refute(product * (1 - N**2 / (4 * L)), "<=", 1, because="half of the sum of 1, …, N left out", where=[Eq(N, 1)])


def recompute(layers: int, length: int, width: int) -> tuple[list[int], int]:
    """Updates of every layer and the most numbers that its states take, counted by walking through the recursion."""
    updates, live, peak = [0] * layers, 0, 0

    def hidden(n: int, i: int) -> None:
        nonlocal live, peak
        if n == 0:
            return
        hidden(n - 1, i)  # gives the query, and the first key and value
        live += 2 * width + 2
        peak = max(peak, live)
        for j in range(i, 0, -1):
            if j < i:
                hidden(n - 1, j)
            updates[n - 1] += 1
        live -= 2 * width + 2

    for i in range(1, length + 1):
        hidden(layers, i)
    return updates, peak


SIZES = [(N, L, d) for N in range(1, 5) for L in range(N, 10) for d in (1, 4)]


@post.claim("C6e", "The states take N(2d+2) numbers, whatever L ≥ N is; for N ≤ 4, L ≤ 9", kind="algorithm")
def memory(d: Derivation) -> None:
    """One query and one accumulator of d numbers, m and z for each layer; counted by running the recursion."""
    d.exhaust(
        r"\text{numbers in the states} = N(2d+2)",
        SIZES,
        lambda c: recompute(*c)[1] == c[0] * (2 * c[2] + 2),
        bound="N ≤ 4, L ≤ 9",
    )
    d.exhaust(
        r"\text{updates of layer } n = \binom{L+N-n+1}{N-n+2}",
        SIZES,
        lambda c: recompute(*c)[0] == [comb(c[1] + c[0] - n + 1, c[0] - n + 2) for n in range(1, c[0] + 1)],
        bound="N ≤ 4, L ≤ 9",
    )
    d.note(
        "Besides, each layer holds one hidden vector of d numbers (the residual). The L inputs are read, not stored: the post "
        "calls them the disk. The order of the constant is that of the post, hidden size times layers times two. A stack of more "
        "layers than positions needs fewer states, min(N, L)(2d+2) numbers."
    )
    for wrong, why in (
        (lambda c: recompute(*c)[1] == 2 * c[2] + 2, "memory independent of N"),
        (lambda c: recompute(*c)[1] == c[0] * c[1] * (2 * c[2] + 2), "memory that grows with L"),
    ):
        d.refute_exhaustively(r"\text{numbers in the states}", SIZES, wrong, because=why)
    d.refute_exhaustively(
        r"\text{updates of layer } 1 = L^{2N}", SIZES, lambda c: recompute(*c)[0][0] == c[1] ** (2 * c[0]), because="L^{2N}"
    )


@updates_in_all.measured(
    "kernels.attention_stack.attention_stack_nocache", against="the counts of C6c; outputs of the stored pass"
)
def stack_against_counts(m: Measurement) -> None:
    """Residual layers of width 4: counts as integers, outputs within 1e-15 times 10 for each layer, which amplify by less."""
    import torch

    from derivable.kernels.attention_stack import AttentionLayer, attention_stack_nocache, reference_attention_stack

    first, layer = (statement.rhs for statement in m.statements)
    generator = torch.Generator().manual_seed(0)
    layers = [
        AttentionLayer(*(torch.randn(4, 4, generator=generator, dtype=torch.float64) / 4 for _ in range(3))) for _ in range(3)
    ]
    X = torch.randn(9, 4, generator=generator, dtype=torch.float64)
    for N, L in ((1, 9), (2, 9), (3, 9), (3, 6)):
        run = attention_stack_nocache(X[:L], layers[:N])
        m.agree(list(run.updates), [int(m.value(layer, L=L, N=N, n=n)) for n in range(1, N + 1)], 0)
        m.agree(run.peak, N * (2 * 4 + 2), 0, note="updates and numbers in the states")
        truth = reference_attention_stack(X[:L], layers[:N])
        m.agree(run.output, truth, 1e-15 * 10**N * float(truth.abs().max()))
    lengths = list(range(1, 65))
    for N in (1, 2, 3):
        counts = [float(m.value(first, L=L, N=N)) for L in lengths]
        m.plot(lengths, counts, x_label="L", y_label="updates of the state of layer 1", series=f"{N} layers without a cache")
    m.plot(lengths, [float(L * (L + 1) // 2) for L in lengths], x_label="L", y_label="", series="a layer of a stack with a cache")
    sizes = range(1, 10)
    run_counts = [attention_stack_nocache(X[:L], layers).updates[0] for L in sizes]
    m.plot(sizes, run_counts, x_label="L", y_label="", series="3 layers, counted", style="points")


# -- C7, C8: what the post concludes ------------------------------------------------------------------------------------


@post.claim("C7", "Llama2-70B: 80 layers of width 8192 hold 640K numbers, twice that is 1.25 · 2²⁰", kind="constant")
def llama(d: Derivation) -> None:
    """K = 1024. The post rounds the double to about 1M and says so."""
    layers, width = d.counting("layers"), d.counting("width")
    d.assume(Eq(layers, 80), Eq(width, 8192), text="Llama2-70B")
    d.state(layers * width, "=", 640 * Integer(1024))
    d.state(2 * layers * width, "=", Rational(5, 4) * Integer(2) ** 20)
    d.state(2 * layers * width, "=", Rational(131072, 100000) * Integer(10) ** 6)
    d.start(layers * width)
    d.then(640 * Integer(1024), by="80 · 8 = 640")
    d.start(2 * layers * width)
    d.then(Rational(5, 4) * Integer(2) ** 20, by="1280 · 1024: 25 % above 2²⁰")
    d.start(2 * layers * width)
    d.then(Rational(131072, 100000) * Integer(10) ** 6, by="31 % above 10⁶")
    d.refute(2 * layers * width, "=", Integer(2) ** 20, because="the rounded figure as an exact one")
    d.note("That inputs of nearly 1M tokens exhaust this memory is a heuristic of the post, and is not checked here.")


@post.claim("C8a", "2^x has ⌊x log₁₀ 2⌋ + 1 decimal digits")
def digits(d: Derivation) -> None:
    """A number y has n digits if 10^{n-1} ≤ y < 10^n."""
    x = d.natural("x")
    power = floor(x * log(2) / log(10))
    d.state(10**power, "<=", 2**x)
    d.state(2**x, "<", 10 ** (power + 1))
    d.start(10**power)
    d.then(2**x, "<=", by="⌊u⌋ ≤ u, and 10^{x log 2/log 10} = 2^x")
    d.start(2**x)
    d.then(10 ** (power + 1), "<", by="u < ⌊u⌋ + 1")
    d.refute(2**x, "<", 10**power, because="⌊x log₁₀ 2⌋ digits")
    d.note("So the length grows linearly in x, by log₁₀ 2 = 0.301… digits a step.")


@post.claim("C8b", "The length formula against the printed numbers, for x < 3000", kind="algorithm")
def printed(d: Derivation) -> None:
    """In integers."""
    d.exhaust(
        r"\lfloor x\log_{10}2\rfloor + 1 = \text{the length of } 2^x",
        range(3000),
        lambda x: len(str(2**x)) == printed_length(x),
        bound="x < 3000",
    )
    d.refute_exhaustively(
        r"\lceil x\log_{10}2\rceil = \text{the length of } 2^x",
        range(3000),
        lambda x: len(str(2**x)) == (printed_length(x) if x else 0),
        because="⌈x log₁₀ 2⌉: 0 digits for x = 0",
    )


def printed_length(x: int) -> int:
    """⌊x log₁₀ 2⌋ + 1 in exact arithmetic: the largest n with 10^{n-1} ≤ 2^x, from a rational below log₁₀ 2."""
    n = x * 301029995663 // 10**12 + 1
    while 10**n <= 2**x:
        n += 1
    return n


@post.claim("C8c", "A machine of n states that reads ones: once a state comes back, everything after it does")
def periodic_machine(d: Derivation) -> None:
    """States are the numbers 1, …, n, and a map of n numbers is a polynomial of degree below n. Induction on t: here its step.

    The start is S(a+p) = S(a). Among n + 1 readings two are equal, so that there are such a and p.
    """
    a, p, t, x, n = d.natural("a"), d.counting("p"), d.natural("t"), d.natural("x"), d.counting("n")
    j = d.index("j")
    S, c = d.function("S c")

    def move(s: Any) -> Any:
        """The state after s."""
        return Sum(c(j) * s**j, (j, 0, n - 1))

    d.assume(n >= 2)
    d.assume(ForAll((x,), Eq(S(x + 1), move(S(x)))), text="the next state depends on the state alone")
    d.assume(Eq(S(a + p + t), S(a + t)), text="the case t: the state of step a + t comes back after p steps")
    d.instance(S, lambda x: (-1) ** x)
    d.instance(c, lambda j: -KroneckerDelta(j, 1))
    d.state(S(a + p + t + 1), "=", S(a + t + 1))
    d.start(S(a + p + t + 1))
    d.then(move(S(a + p + t)), by="one step of the machine")
    d.then(move(S(a + t)), by="equal states have the same successor")
    d.then(S(a + t + 1), by="one step of the machine")
    d.refute(S(a + p + t + 1), "=", S(a + t), because="the state shifted by one step")


@post.claim("C8d", "A leading digit D at x, x + p, x + 2p, …: the powers of 10 grow by the same integer from each to the next")
def same_power(d: Derivation) -> None:
    """u = log₁₀(2^{x+kp}/D) - n_k lies in [0, c) with c = log₁₀((D+1)/D) ≤ log₁₀ 2 < 1/2 and an integer n_k; r = p log₁₀ 2.

    At the next number it is u + r - A with A = n_{k+1} - n_k. The same from another k: w and w + r - B.
    """
    A, B, r, c, u, w = d.integer("A"), d.integer("B"), d.real("r"), d.positive("c"), d.real("u"), d.real("w")
    D = d.counting("D")
    d.assume(2 * c < 1, text="c < 1/2")
    d.assume(u >= 0, u < c, w >= 0, w < c, text="the digit is D at x + kp and at x + lp")
    d.assume(u + r - A >= 0, u + r - A < c, w + r - B >= 0, w + r - B < c, text="… and at the numbers after them")
    d.state(A, "=", B)
    d.state(log((D + 1) / D) / log(10), "<", Rational(1, 2))
    up = d.have(A, "<=", B, by="A - B < 2c < 1, and both are integers")
    down = d.have(B, "<=", A, by="B - A < 2c < 1, and both are integers")
    d.start(A)
    d.then(B, by="at most and at least", using=[up, down])
    d.start(log((D + 1) / D) / log(10))
    d.then(log(2) / log(10), "<=", by="1 + 1/D ≤ 2")
    d.then(Rational(1, 2), "<", by="2 < √10")
    d.refute(A, "=", r, because="r itself is an integer, from these two steps alone")
    d.refute(A, "=", B + 1, because="the next integer")


@post.claim("C8e", "What moves by D > 0 at each step is out of an interval of length c after ⌊c/D⌋ + 1 steps", kind="inequality")
def leaves(d: Derivation) -> None:
    """D = |r - Δ|. So r = Δ if the leading digit stays for all k, that is, 2^p = 10^Δ."""
    D, c = d.positive("D c")
    steps = floor(c / D) + 1
    d.state(c, "<", steps * D)
    d.start(c)
    d.then(c / D * D, by="D > 0")
    d.then(steps * D, "<", by="u < ⌊u⌋ + 1")
    d.note(
        "By C8f there is no such p ≥ 1: no leading digit of 2^x comes back with a period, and by C8c no machine of finitely many "
        "states gives the leading digit of 2^x for all x. Neither the irrationality of log₁₀ 2 nor equidistribution is needed."
    )
    d.refute(c, "<", floor(c / D) * D, because="one step less")


@post.claim("C8f", "A power of 2 is no multiple of 5, so that 2^p = 10^Δ has no solution with p ≥ 1")
def not_divisible(d: Derivation) -> None:
    """2^{4k+r} = 2^r + 5M with an integer M, and 2^r is 1, 2, 4 or 8 for r = 0, …, 3; 10^Δ with Δ ≥ 1 is a multiple of 5."""
    k, r, j, delta = d.natural("k"), d.natural("r"), d.index("j"), d.counting("Delta")
    rest = 3 * 2**r * Sum(16**j, (j, 0, k - 1))
    d.state(2 ** (4 * k + r), "=", 2**r + 5 * rest)
    d.state(10**delta, "=", 5 * (2 * 10 ** (delta - 1)))
    d.start(2 ** (4 * k + r))
    d.then(2**r * (1 + 15 * Sum(16**j, (j, 0, k - 1))), by="the geometric sum: 16^k - 1 = 15 Σ 16^j")
    d.then(2**r + 5 * rest, by="15 = 5 · 3")
    d.start(10**delta)
    d.then(5 * (2 * 10 ** (delta - 1)), by="10 = 5 · 2")
    d.note("For Δ ≤ 0 the right side is at most 1 < 2^p.")
    d.refute(2 ** (4 * k + r), "=", 5 * rest, because="a multiple of 5")


@post.claim("C8g", "No period up to 1000 survives in the leading digits of 2^x, 1000 ≤ x < 3000", kind="algorithm")
def no_period(d: Derivation) -> None:
    """For each period the first x at which the digits differ."""
    first = [int(str(2**x)[0]) for x in range(3000)]

    def survives(p: int, start: int) -> bool:
        return all(first[x] == first[x + p] for x in range(start, 3000 - p))

    d.exhaust(
        r"\text{the leading digits of } 2^x \text{ and } 2^{x+p} \text{ differ for some } 1000\le x<3000-p",
        range(1, 1001),
        lambda p: not survives(p, 1000),
        bound="p ≤ 1000",
    )
    d.exhaust(
        r"\text{near-periods, from convergents of }\log_{10}2:\text{ the first failures}",
        ((93, 0), (196, 171), (485, 0)),
        lambda c: next(x for x in range(3000) if first[x] != first[x + c[0]]) == c[1],
        bound="p = 93, 196, 485",
    )
    d.note(
        "The post says that for some large x a model without chain of thought must fail at 2^x, as an example in a discussion of "
        "memory. That is no theorem: digits that were printed stay readable as context, the post's own disk, and growing "
        "precision of the numbers is excluded only tacitly. What is checkable of it is C8a to C8g; the rest is not checked here."
    )
    d.refute_exhaustively(r"\text{the period } 196", (196,), lambda p: survives(p, 0), because="it holds up to x = 170 only")
