"""Linear scans beside mambapy, accelerated-scan's reference and torch's associative scan, on the CPU.

With time last, three transposes alone take as long as four times the floor, so none is made: eleven passes along time over
tiles in a cache (`derivable.kernels.window_scan`), of which the first reads memory in runs as long as a tile is wide. A compiler
keeps chunks in registers instead (`derivable.kernels.compiled_scan`).
"""

import torch
from _measure import Comparison, floor_seconds
from accelerated_scan.ref import scan as accelerated_scan
from mambapy.pscan import pscan
from torch._higher_order_ops.associative_scan import generic_associative_scan

from derivable.kernels.linear_scan import linear_scan, reference_linear_scan
from derivable.numerics import compare


def torch_associative(a: torch.Tensor, b: torch.Tensor, dim: int) -> torch.Tensor:
    """The recursion that torch's associative_scan runs without a compiler."""

    def join(*leaves: torch.Tensor) -> list[torch.Tensor]:
        a_left, b_left, a_right, b_right = leaves
        return [a_right * a_left, a_right * b_left + b_right]

    return generic_associative_scan(join, [a, b], dim)[1]


def loop(a: torch.Tensor, b: torch.Tensor, dim: int) -> torch.Tensor:
    states = [b.select(dim, 0)]
    for a_t, b_t in zip(a.unbind(dim)[1:], b.unbind(dim)[1:], strict=True):
        states.append(torch.addcmul(b_t, a_t, states[-1]))
    return torch.stack(states, dim)


def backward(scan, *tensors: torch.Tensor) -> None:
    inputs = [t.detach().requires_grad_() for t in tensors]
    torch.autograd.backward(scan(*inputs), torch.ones_like(tensors[1]))


def main() -> None:
    bench = Comparison("linear_scan")
    rows, length = 512, 8192
    generator = torch.Generator().manual_seed(0)
    a, b = torch.rand(1, rows, length, generator=generator), torch.randn(1, rows, length, generator=generator)
    truth = reference_linear_scan(a, b)
    compiled = torch.compile(linear_scan)
    both = (linear_scan, compiled)
    # the error that the table of peers asks for
    agreement = compare(torch.stack([scan(a, b) for scan in both]), torch.stack([truth] * 2), 5e-6)
    floor = floor_seconds(3 * 4.0 * a.numel(), 2.0 * a.numel())
    bench.row(
        "time last, (1, 512, 8192), float32",
        agreement,
        floor,
        {
            "derivable": lambda: linear_scan(a, b),
            "derivable under torch.compile": lambda: compiled(a, b),
            "accelerated-scan ref": lambda: accelerated_scan(a, b),
            "mambapy pscan, transposed view": lambda: pscan(a.mT[..., None], b.mT[..., None]),
            "torch associative scan": lambda: torch_associative(a, b, 2),
            "loop": lambda: loop(a, b, 2),
        },
    )
    bench.row(
        "time last, forward and backward",
        agreement,
        floor_seconds(8 * 4.0 * a.numel(), 5.0 * a.numel()),
        {
            "derivable": lambda: backward(linear_scan, a, b),
            "derivable under torch.compile": lambda: backward(compiled, a, b),
            "accelerated-scan ref": lambda: backward(accelerated_scan, a, b),
        },
    )
    last_a, last_b = a.mT.contiguous(), b.mT.contiguous()
    bench.row(
        "channels last, (1, 8192, 512), float32",
        compare(torch.stack([scan(last_a, last_b, dim=1) for scan in both]), torch.stack([truth.mT] * 2), 5e-6),
        floor,
        {
            "derivable": lambda: linear_scan(last_a, last_b, dim=1),
            "derivable under torch.compile": lambda: compiled(last_a, last_b, dim=1),
            "mambapy pscan": lambda: pscan(last_a[..., None], last_b[..., None]),
            "torch associative scan": lambda: torch_associative(last_a, last_b, 1),
            "loop": lambda: loop(last_a, last_b, 1),
        },
    )
    bench.row(
        "channels last, forward and backward",
        compare(linear_scan(last_a, last_b, dim=1), truth.mT, 5e-6),
        floor_seconds(8 * 4.0 * a.numel(), 5.0 * a.numel()),
        {
            "derivable": lambda: backward(lambda *t: linear_scan(*t, dim=1), last_a, last_b),
            "derivable under torch.compile": lambda: backward(lambda *t: compiled(*t, dim=1), last_a, last_b),
            "mambapy pscan": lambda: backward(lambda *t: pscan(*(x[..., None] for x in t))[..., 0], last_a, last_b),
        },
    )
    one_a, one_b = a.flatten()[: 1 << 20], b.flatten()[: 1 << 20]
    bench.row(
        "one row of 2^20 steps, float32",
        compare(torch.stack([scan(one_a, one_b) for scan in both]), torch.stack([reference_linear_scan(one_a, one_b)] * 2), 5e-6),
        floor_seconds(3 * 4.0 * (1 << 20), 2.0 * (1 << 20)),
        {
            "derivable": lambda: linear_scan(one_a, one_b),
            "derivable under torch.compile": lambda: compiled(one_a, one_b),
            "accelerated-scan ref": lambda: accelerated_scan(one_a[None, None], one_b[None, None]),
            "mambapy pscan": lambda: pscan(one_a[None, :, None, None], one_b[None, :, None, None]),
            "torch associative scan": lambda: torch_associative(one_a, one_b, 0),
        },
    )
    small_a, small_b = (
        torch.complex(a[0, :64, :2048], a[0, :64, 2048:4096]) / 1.5,
        torch.complex(b[0, :64, :2048], b[0, 64:128, :2048]),
    )
    bench.row(
        "complex64, (64, 2048)",
        compare(linear_scan(small_a, small_b), reference_linear_scan(small_a, small_b), 5e-6),
        floor_seconds(3 * 8.0 * small_a.numel(), 8.0 * small_a.numel()),
        {
            "derivable": lambda: linear_scan(small_a, small_b),
            "torch associative scan": lambda: torch_associative(small_a, small_b, 1),
            "loop": lambda: loop(small_a, small_b, 1),
        },
    )
    bench.finish()


if __name__ == "__main__":
    main()
