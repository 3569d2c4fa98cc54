"""Kernels on a GPU beside what people run there: scans, Cauchy and Vandermonde sums, attention, a rational transfer function.

Peers that are not installed are left out: accelerated-scan's kernels need Triton and nvcc, and the CUDA extension of
state-spaces/s4 is built from its repository (its module is ``structured_kernels``). KeOps 2.3 ends the process here.
"""

import argparse
import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from _measure import Comparison
from s4 import cauchy_naive, log_vandermonde_naive, moduli, reference_in_rows
from torch import Tensor
from torch._higher_order_ops.associative_scan import associative_scan
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import pad, scaled_dot_product_attention

from derivable.kernels.cauchy import cauchy_sum, reference_cauchy_sum
from derivable.kernels.linear_scan import linear_scan, reference_linear_scan
from derivable.kernels.online_attention import attention_online, reference_attention_online
from derivable.kernels.rational_transfer import reference_rtf_kernel, rtf_kernel
from derivable.kernels.vandermonde import reference_vandermonde_sum, vandermonde_sum
from derivable.numerics import compare, rounding_bound

Function = Callable[..., Any]
BATCH, CHANNELS, LENGTH = 8, 1536, 4096
MODES = 32


def main() -> None:
    subjects = {"scan": scans, "cauchy": cauchy, "vandermonde": vandermonde, "attention": attention, "transfer": transfer}
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--only", choices=subjects, nargs="+", default=list(subjects), help="subjects to measure")
    bench = Comparison("cuda", "cuda", [parser])
    torch.manual_seed(0)
    bandwidth = copied()
    print(f"{torch.cuda.get_device_name()}: a copy moves {bandwidth / 1e9:.0f} GB/s, counting what is read and what is written")
    for name in bench.options.only:
        subjects[name](bench, bandwidth)
    bench.finish()


def copied() -> float:
    """Bytes a second of a copy on the device."""
    source = torch.randn(1 << 28, device="cuda")
    target = torch.empty_like(source)
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    for _ in range(3):
        target.copy_(source)
    start.record()
    for _ in range(10):
        target.copy_(source)
    end.record()
    end.synchronize()
    return 10 * 2 * source.numel() * source.element_size() / (start.elapsed_time(end) / 1e3)


def peer(module: str, name: str) -> Function | None:
    """Return a function of a module that may be missing, or does not compile here."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, OSError, RuntimeError) as error:
        print(f"left out: {module}.{name} ({type(error).__name__}: {str(error)[:120]})")
        return None


def runs(functions: dict[str, Function | None], *arguments: Any) -> dict[str, Callable[[], Any]]:
    """Bind arguments to functions; leave out what is missing or refuses them."""
    bound = {label: partial(function, *arguments) for label, function in functions.items() if function is not None}
    for label, run in list(bound.items())[1:]:
        try:
            run()
        except Exception as error:
            print(f"left out: {label} ({type(error).__name__}: {str(error)[:120]})")
            del bound[label]
    return bound


def with_gradients(function: Function | None) -> Function | None:
    """Forward, and backward to all arguments."""
    if function is None:
        return None

    def both(*tensors: Tensor) -> tuple[Tensor, ...]:
        leaves = [t.detach().requires_grad_() for t in tensors]
        out = function(*leaves)
        return torch.autograd.grad(out, leaves, torch.ones_like(out))

    return both


def scans(bench: Comparison, bandwidth: float) -> None:
    warp, triton = peer("accelerated_scan.warp", "scan"), peer("accelerated_scan.scalar", "scan")
    complex_triton, mambapy = peer("accelerated_scan.complex", "scan"), peer("mambapy.pscan", "pscan")
    compiled = {dim: torch.compile(partial(joined, dim=dim)) for dim in (0, 1, 2)}

    def mamba(a: Tensor, b: Tensor) -> Tensor:
        assert mambapy is not None
        return mambapy(a[..., None], b[..., None])[..., 0]

    a, b = (f(BATCH, CHANNELS, LENGTH, device="cuda") for f in (torch.rand, torch.randn))
    moved = 4.0 * a.numel() / bandwidth
    last = {
        "derivable": linear_scan,
        "accelerated-scan, CUDA": warp,
        "accelerated-scan, Triton": triton,
        "torch associative scan, compiled": compiled[2],
    }
    shape = f"({BATCH}, {CHANNELS}, {LENGTH}), float32"
    agreement = agrees(a, b, -1)
    bench.row(f"scan, time last, {shape}", agreement, 3 * moved, runs(last, a, b))
    gradients = {label: with_gradients(f) for label, f in last.items() if "compiled" not in label}
    bench.row(f"scan and gradients, time last, {shape}", agreement, 8 * moved, runs(gradients, a, b))
    a, b = a.mT.contiguous(), b.mT.contiguous()
    first = {
        "derivable": partial(linear_scan, dim=1),
        "accelerated-scan, Triton, transposed": None if triton is None else lambda a, b: transposed(triton, a, b),
        "mambapy pscan": None if mambapy is None else mamba,
        "torch associative scan, compiled": compiled[1],
    }
    shape = f"({BATCH}, {LENGTH}, {CHANNELS}), float32"
    agreement = agrees(a, b, 1)
    bench.row(f"scan, channels last, {shape}", agreement, 3 * moved, runs(first, a, b))
    gradients = {label: with_gradients(f) for label, f in first.items() if "compiled" not in label}
    bench.row(f"scan and gradients, channels last, {shape}", agreement, 8 * moved, runs(gradients, a, b))
    a, b = torch.rand(1, 1, 1 << 24, device="cuda"), torch.randn(1, 1, 1 << 24, device="cuda")
    bench.row(
        "scan, one row of 2^24 steps, float32",
        agrees(a[..., : 1 << 16], b[..., : 1 << 16], -1),
        3 * 4.0 * a.numel() / bandwidth,
        runs({label: last[label] for label in ("derivable", "accelerated-scan, Triton")}, a, b),
    )
    a, b = torch.rand(1, 1 << 18, 64, device="cuda"), torch.randn(1, 1 << 18, 64, device="cuda")
    bench.row(
        "scan, channels last, (1, 2^18, 64), float32",
        agrees(a[:, : 1 << 14], b[:, : 1 << 14], 1),
        3 * 4.0 * a.numel() / bandwidth,
        runs({label: first[label] for label in ("derivable", "mambapy pscan")}, a, b),
    )
    a, b = (torch.randn(BATCH, CHANNELS // 2, LENGTH, dtype=torch.complex64, device="cuda") for _ in range(2))
    a = a / (a.abs() + 0.1)
    bench.row(
        f"scan, time last, ({BATCH}, {CHANNELS // 2}, {LENGTH}), complex64",
        agrees(a[:, :64], b[:, :64], -1),
        3 * 8.0 * a.numel() / bandwidth,
        runs({"derivable": linear_scan, "accelerated-scan, Triton": complex_triton}, a, b),
    )


def joined(a: Tensor, b: Tensor, dim: int) -> Tensor:
    def join(left: tuple[Tensor, Tensor], right: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        return right[0] * left[0], right[0] * left[1] + right[1]

    return associative_scan(join, (a, b), dim, combine_mode="pointwise")[1]


def transposed(scan: Function, a: Tensor, b: Tensor) -> Tensor:
    """Scan along the last axis what lies along another, and lay the states back."""
    return scan(a.mT.contiguous(), b.mT.contiguous()).mT.contiguous()


def agrees(a: Tensor, b: Tensor, dim: int) -> Any:
    # the docstring's bound, 2(t + 2)u Σ|a_t … b_s|, four times that for complex numbers
    moduli = reference_linear_scan(a.abs(), b.abs(), dim=dim)
    steps = torch.arange(a.shape[dim], device=a.device) + 3.0
    steps = steps.view([-1 if axis == dim % a.ndim else 1 for axis in range(a.ndim)])
    allowed = (8 if a.is_complex() else 2) * rounding_bound(a.real.dtype, 1) * steps * moduli
    return compare(linear_scan(a, b, dim=dim), reference_linear_scan(a, b, dim=dim), allowed)


def cauchy(bench: Comparison, bandwidth: float) -> None:
    channels, points = 1024, LENGTH // 2 + 1
    v = torch.randn(channels, MODES, dtype=torch.complex64, device="cuda")
    w = torch.complex(-0.05 - torch.rand(channels, MODES), 10 * torch.randn(channels, MODES)).cuda()
    z = torch.complex(torch.linspace(-1.0, 1.0, points), torch.tan(torch.linspace(0, 1.57, points))).cuda()
    extension = peer("structured_kernels", "cauchy_mult_sym_fwd")
    back = peer("structured_kernels", "cauchy_mult_sym_bwd")

    def ours(v: Tensor, w: Tensor) -> Tensor:
        return cauchy_sum(v, z, w, conjugate_pairs=True)

    def of_extension(v: Tensor, w: Tensor) -> Tensor:
        assert extension is not None
        return extension(v, z, w)

    rows = slice(0, 64)
    truth, size = reference_in_rows(reference_cauchy_sum, v[rows], w[rows], z), None
    size = reference_in_rows(lambda v, z, w, **_: moduli(v, z, w), v[rows], w[rows], z)
    agreement = compare(ours(v, w)[rows], truth, rounding_bound(torch.float32, 8 * MODES + 20) * size)
    forward = {
        "derivable": ours,
        "CUDA extension of state-spaces/s4": None if extension is None else of_extension,
        "cauchy_naive of state-spaces/s4": lambda v, w: cauchy_naive(v, z, w),
    }
    case = f"{channels} x {MODES} pairs, {points} points, complex64"
    bench.row(f"Cauchy sum, {case}", agreement, 8.0 * channels * points / bandwidth, runs(forward, v, w))
    errors(forward, truth, size, v[rows], w[rows])
    ones = torch.ones(channels, points, dtype=v.dtype, device="cuda")

    def with_extension(v: Tensor, w: Tensor) -> Any:
        assert extension is not None
        assert back is not None
        return extension(v, z, w), back(v, z, w, ones)

    gradients = {
        label: with_extension if "extension" in label and f is not None else with_gradients(f) for label, f in forward.items()
    }
    case = f"Cauchy sum and gradients, {case}"
    bench.row(case, agreement, 2 * 8.0 * channels * points / bandwidth, runs(gradients, v, w))


def errors(functions: dict[str, Function | None], truth: Tensor, size: Tensor, *arguments: Tensor) -> None:
    """Print each one's worst error in units of what the sum's terms amount to."""
    for label, function in functions.items():
        if function is not None:
            worst = ((function(*arguments) - truth).abs() / size).max().item() / rounding_bound(torch.float32, 1)
            print(f"    {label:36} worst error {worst:.1f} units of the sum of the moduli")


def vandermonde(bench: Comparison, bandwidth: float) -> None:
    extension, back = (peer("structured_kernels", f"vand_log_mult_sym_{way}") for way in ("fwd", "bwd"))

    def of_extension(v: Tensor, x: Tensor) -> Tensor:
        assert extension is not None
        return extension(v, x, LENGTH)

    def with_extension(v: Tensor, x: Tensor) -> Any:
        assert back is not None
        out = of_extension(v, x)
        return out, back(v, x, torch.ones_like(out))

    forward: dict[str, Function | None] = {
        "derivable": lambda v, x: vandermonde_sum(v, x, LENGTH, conjugate_pairs=True),
        "CUDA extension of state-spaces/s4": None if extension is None else of_extension,
        "log_vandermonde_naive of state-spaces/s4": lambda v, x: log_vandermonde_naive(v, x, LENGTH),
    }
    gradients = {
        label: with_extension if "extension" in label and f is not None else with_gradients(f) for label, f in forward.items()
    }
    for channels in (1024, 256):
        v = torch.randn(channels, MODES, dtype=torch.complex64, device="cuda")
        x = torch.complex(-0.01 * torch.rand(channels, MODES), torch.rand(channels, MODES)).cuda()
        truth = reference_vandermonde_sum(v, x, LENGTH, conjugate_pairs=True)
        allowed = 2 * (rounding_bound(torch.float32, 4 * MODES + 6) + 8 * LENGTH * 2.0**-53) * float(v.abs().sum(-1).max())
        agreement = compare(vandermonde_sum(v, x, LENGTH, conjugate_pairs=True), truth, allowed)
        case = f"{channels} x {MODES} pairs, length {LENGTH}, complex64"
        runnable = runs(forward, v, x)
        bench.row(f"Vandermonde sum, {case}", agreement, 4.0 * channels * LENGTH / bandwidth, runnable)
        bench.rows[-1]["peak_bytes"] = memory = {label: peak_bytes(run) for label, run in runnable.items()}
        print("    peak memory: " + ", ".join(f"{label} {size / 1e6:.1f} MB" for label, size in memory.items()))
        errors(forward, truth, v.abs().sum(-1, keepdim=True), v, x)
        case = f"Vandermonde sum and gradients, {case}"
        bench.row(case, agreement, 2 * 4.0 * channels * LENGTH / bandwidth, runs(gradients, v, x))


def peak_bytes(run: Callable[[], Any]) -> int:
    """The most memory that torch holds at once while ``run`` works, beyond what it held before."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    run()
    return torch.cuda.max_memory_allocated() - before


def attention(bench: Comparison, bandwidth: float) -> None:
    def fused(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return scaled_dot_product_attention(q, k, v, is_causal=True, scale=1.0)

    def plain(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        with sdpa_kernel(SDPBackend.MATH):
            return fused(q, k, v)

    heads, length, d = 32, 2048, 64
    for dtype in (torch.float32, torch.bfloat16):
        q, k, v = (torch.randn(1, heads, length, d, device="cuda") for _ in range(3))
        q, k, v = (q / 8).to(dtype), k.to(dtype), v.to(dtype)
        truth = reference_attention_online(q, k, v)
        size = float((q.double().abs() @ k.double().abs().mT).max())
        scale = float(v.double().abs().max())
        units = int(2 * ((d + 4) * size + length + 4 * (length // 128) + 8)) + 1
        allowed = rounding_bound(torch.float32, units, scale=scale) + rounding_bound(dtype, 1, scale=scale)
        functions = {"derivable": attention_online, "torch, fused": fused, "torch, all scores at once": plain}
        case = f"{heads} heads, L = {length}, d = {d}, {str(dtype).removeprefix('torch.')}"
        agreement = compare(attention_online(q, k, v), truth, allowed)
        # half of the 2 · 2 · L² d operations of the two products, at the rate of single precision
        floor = 2.0 * heads * length**2 * d / 67e12
        bench.row(f"attention, {case}", agreement, floor, runs(functions, q, k, v))
        gradients = {label: with_gradients(f) for label, f in functions.items()}
        bench.row(f"attention and gradients, {case}", agreement, 3.5 * floor, runs(gradients, q, k, v))


def transfer(bench: Comparison, bandwidth: float) -> None:
    channels, states = 1024, 64
    a = torch.randn(channels, states, dtype=torch.float64)
    a, b = (0.5 * a / a.abs().sum(-1, keepdim=True)).float().cuda(), torch.randn(channels, states).cuda()

    def quotient(a: Tensor, b: Tensor) -> Tensor:
        """The formula of get_k of RTF: everything padded to the length, one transform, a quotient, one back."""
        both = pad(torch.cat([a, b]), (1, LENGTH - states - 1))
        both = both + pad(torch.ones(channels, 1, device="cuda"), (0, LENGTH - 1, 0, channels))
        spectrum = torch.fft.rfft(both, dim=-1)
        return torch.fft.irfft(spectrum[channels:] / spectrum[:channels], dim=-1)

    def ours(a: Tensor, b: Tensor) -> Tensor:
        return rtf_kernel(a, b, LENGTH)

    truth = reference_rtf_kernel(a[:4], b[:4], LENGTH)
    agreement = compare(ours(a, b)[:4], truth, rounding_bound(torch.float32, 12 * 13 * 8, scale=float(b.abs().sum(-1).max())))
    functions = {"derivable": ours, "formula of get_k of RTF": quotient}
    case = f"{channels} channels, d = {states}, length {LENGTH}, float32"
    bench.row(f"RTF kernel, {case}", agreement, 4.0 * channels * LENGTH / bandwidth, runs(functions, a, b))
    gradients = {label: with_gradients(f) for label, f in functions.items()}
    bench.row(f"RTF kernel and gradients, {case}", agreement, 2 * 4.0 * channels * LENGTH / bandwidth, runs(gradients, a, b))


if __name__ == "__main__":
    main()
