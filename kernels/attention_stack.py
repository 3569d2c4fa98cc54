"""A stack of causal attention layers that keeps nothing but one state a layer: memory that no length enters."""

# ruff: noqa: F722 (jaxtyping shapes are no forward references)
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from derivable.kernels._check import check_like, check_tensor, refuse
from derivable.kernels.online_attention import AttentionState

if TYPE_CHECKING:
    from jaxtyping import Float

_DTYPES = (torch.float32, torch.float64)
# each update is some small operations: this many take about half a minute
LARGEST = 10**5


@dataclass(frozen=True)
class AttentionLayer:
    """The maps ``[d, d]`` from a hidden state h to its query W h, key, and value."""

    query: Tensor
    key: Tensor
    value: Tensor


@dataclass(frozen=True)
class StackRun:
    """What a run gave, and what it took.

    Attributes:
        output: the last layer's hidden states ``[L, d]``.
        updates: how often a state was updated, layer 1 first.
        peak: the most numbers that queries, accumulators, maxima and normalisers took at one time.
    """

    output: Tensor
    updates: tuple[int, ...]
    peak: int


def attention_stack_nocache(X: Float[Tensor, "length d"], layers: Sequence[AttentionLayer]) -> StackRun:
    r"""Run residual layers :math:`h^{(n)}_i=h^{(n-1)}_i+o^{(n)}_i`, causal attention, without storing any hidden state.

    To read position j, a layer lets the layer below compute it once more; positions are read from the newest on, so that the
    first one read gives the query. The input X is read only.

    Args:
        X: hidden states below layer 1, ``[L, d]``, L from 0; float32 or float64.
        layers: N ≥ 1 layers with matrices ``[d, d]`` of X's dtype and device.

    Raises:
        ValueError: no layer, a matrix of another shape, more than 10⁵ updates of layer 1. TypeError: a wrong dtype.

    Notes:
        Claims ``ssm/attention_rnn/C6``: layer n of N is updated C(L + N - n + 1, N - n + 2) times; the peak is min(N, L)(2d + 2),
        since a layer that reads its newest position has no state yet. This is a demonstration for small L and N; for work use
        :func:`derivable.kernels.online_attention.attention_online`, layer by layer.
    """
    where = "attention_stack_nocache"
    check_tensor(f"{where}: X", X, _DTYPES, "[L, d]", 2)
    if X.ndim != 2:
        refuse(f"{where}: X.shape", str(tuple(X.shape)), "[L, d]", "give one sequence")
    if not layers:
        refuse(f"{where}: the number of layers", "0", "at least 1", "give a layer")
    for number, layer in enumerate(layers, 1):
        for name in ("query", "key", "value"):
            matrix = check_tensor(f"{where}: {name} of layer {number}", getattr(layer, name), _DTYPES, "[d, d]", 2)
            check_like(f"{where}: {name} of layer {number}", matrix, "X", X)
            if matrix.shape != (X.shape[1], X.shape[1]):
                found, wanted = str(tuple(matrix.shape)), f"({X.shape[1]}, {X.shape[1]})"
                refuse(f"{where}: {name} of layer {number}.shape", found, wanted, "map hidden states to hidden states")
    if math.comb(len(X) + len(layers), len(layers) + 1) > LARGEST:
        found = f"{math.comb(len(X) + len(layers), len(layers) + 1)}"
        refuse(f"{where}: the number of updates", found, f"at most {LARGEST}", "take a shorter sequence or fewer layers")
    run = _Run(X, layers)
    rows = [run.hidden(len(layers), i) for i in range(len(X))]
    return StackRun(torch.stack(rows) if rows else X.clone(), tuple(run.updates), run.peak)


class _Run:
    """The recursion, with its counts."""

    def __init__(self, X: Tensor, layers: Sequence[AttentionLayer]) -> None:
        self.X, self.layers = X, layers
        self.updates = [0] * len(layers)
        self.live = self.peak = 0

    def hidden(self, n: int, i: int) -> Tensor:
        """Return h^{(n)}_i."""
        if n == 0:
            return self.X[i]
        layer = self.layers[n - 1]
        below = self.hidden(n - 1, i)
        query, h = layer.query @ below, below
        state = AttentionState.read(query, self.X[:0], self.X[:0])
        size = sum(t.numel() for t in (query, state.m, state.z, state.y))
        self.live += size
        self.peak = max(self.peak, self.live)
        for j in range(i, -1, -1):
            # the newest position gave the query: it is not computed twice
            h = below if j == i else self.hidden(n - 1, j)
            state = state.merged(AttentionState.read(query, (layer.key @ h)[None], (layer.value @ h)[None]))
            self.updates[n - 1] += 1
        self.live -= size
        return below + state.output()


def reference_attention_stack(X: Float[Tensor, "length d"], layers: Sequence[AttentionLayer]) -> Float[Tensor, "length d"]:
    """Return the last hidden states with every layer's hidden states stored, by a masked softmax, in float64."""
    h = X.double()
    mask = torch.ones(len(X), len(X), dtype=torch.bool).tril()
    for layer in layers:
        q, k, v = (h @ matrix.double().mT for matrix in (layer.query, layer.key, layer.value))
        h = h + (q @ k.mT).masked_fill(~mask, -torch.inf).softmax(-1) @ v
    return h
