"""Elementwise scans along contiguous time by windows of steps, which are doubled, so that nothing is transposed."""

from __future__ import annotations

import torch
from torch import Tensor

# Numbers in a buffer, of four: few enough to stay in a cache, many enough to hide what an operation costs to start.
TILE = 1 << 18
# Rows side by side: below the least of them starting the operations of the walk is what costs, above the most
# too few steps are left for a tile.
LEAST_ROWS, MOST_ROWS = 128, 256


def scan_by_windows(a: Tensor, b: Tensor, out: Tensor, window: int, reverse: bool) -> None:
    r"""Fill the states ``out[rows, L, k]`` of :math:`h_t=a_th_{t-1}+b_t` after the first ``window`` ones, which it has already.

    With the product :math:`A_t=a_t\cdots a_{t-w+1}` and the state :math:`H_t` of a scan that starts from 0 after step t - w,
    :math:`h_t=A_th_{t-w}+H_t`, w steps at once. Both come from log₂ w doublings
    :math:`(A_t,H_t)\leftarrow(A_tA_{t-s},\,H_t+A_tH_{t-s})`, s = 1, 2, 4, …, w/2. With ``reverse`` time runs backward.

    Args:
        a, b: ``[rows, L, k]`` on the CPU. window: w, a power of 2 from 2, at most L.

    Notes:
        2 log₂ w + 1 passes over a tile, all along time as it lies in memory. A coefficient of the first w steps is used
        only where it stands for a later state, so the first one never is. A product that overflows leaves some state among
        the last w infinite or NaN.
    """
    rows, length, width = b.shape
    size = max(window, (TILE // (rows * width) - window) // window * window)
    size = min(size, length - window)
    if size == 0:
        return
    # products and states, each in two places that take turns
    work = b.new_empty(2, 2, rows, size + window - 1, width)
    tile = _Tile(work, window, reverse)
    for begin in range(window, length, size):
        end = min(begin + size, length)
        if end - begin < size:
            tile = _Tile(work[..., : end - begin + window - 1, :], window, reverse)
        # a window of the tile's first step begins w - 1 steps before it
        tile.double(*(_steps(t, begin - window + 1, end, reverse) for t in (a, b)))
        tile.walk(_steps(out, begin - window, end, reverse))


class _Tile:
    """Views of the buffers ``work[2, 2, rows, n + w - 1, k]``, which take longer to cut than to work on."""

    def __init__(self, work: Tensor, window: int, reverse: bool) -> None:
        self.window, self.reverse, n = window, reverse, work.shape[-2]
        places = [(work[0, i], work[1, i]) for i in (0, 1)]
        self.first = tuple(_steps(t, 1, n, reverse) for t in places[0])
        self.doublings = []
        shift = 2
        while shift < window:
            self.doublings.append((*self._shifted(*places[0], shift), *(_steps(t, shift, n, reverse) for t in places[1])))
            places.reverse()
            shift *= 2
        products, self.states = (_steps(t, window - 1, n, reverse) for t in places[0])
        self.products, self.blocks = self._blocks(products), self._blocks(self.states)

    def _shifted(self, A: Tensor, H: Tensor, shift: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        n = A.shape[1]
        now, before = ([_steps(t, begin, begin + n - shift, self.reverse) for t in (A, H)] for begin in (shift, 0))
        return now[0], before[0], now[1], before[1]

    def _blocks(self, t: Tensor) -> list[Tensor]:
        n = t.shape[1]
        return [_steps(t, begin, min(begin + self.window, n), self.reverse) for begin in range(0, n, self.window)]

    def double(self, a: Tensor, b: Tensor) -> None:
        """Form the products and states of the windows that end at each step of the tile."""
        for A, A_before, H, H_before, A_next, H_next in ((*self._shifted(a, b, 1), *self.first), *self.doublings):
            torch.addcmul(H, A, H_before, out=H_next)
            torch.mul(A, A_before, out=A_next)

    def walk(self, out: Tensor) -> None:
        """Fill ``out`` from its first w states on."""
        before = _steps(out, 0, self.window, self.reverse)
        # in the buffer, whose rows lie closer together than those of the result, which would push each other out of a cache
        for A, H in zip(self.products, self.blocks, strict=True):
            H.addcmul_(A, _steps(before, 0, H.shape[1], self.reverse))
            before = H
        _steps(out, self.window, out.shape[1], self.reverse).copy_(self.states)


def _steps(t: Tensor, begin: int, end: int, reverse: bool) -> Tensor:
    """Return the steps from ``begin`` to before ``end`` in the order of the scan."""
    n = t.shape[1]
    return t[:, n - end : n - begin] if reverse else t[:, begin:end]
