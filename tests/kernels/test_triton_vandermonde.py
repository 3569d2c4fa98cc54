"""Triton sums of exponentials: interpreted on the CPU against powers written out, compiled for two GPUs without having one."""

import pytest

pytest.importorskip("triton", reason="needs triton, an optional dependency")

from tests.kernels.triton_process import INSIDE_NAN, check_compiled, needs_interpreter, run

MODULE = "derivable.kernels.triton_vandermonde"

SUMS = (
    INSIDE_NAN
    + """
from derivable.kernels import triton_vandermonde as ours
# small squares, as the interpreter takes milliseconds for each
ours.SIDE = 16

errors = {}
for rows, sums, d, length, dtype, power, pairs in json.loads(sys.argv[1]):
    kind = getattr(torch, dtype)
    wide, real = torch.complex128, kind.to_real()
    generator = torch.Generator().manual_seed(d)
    def draw(*shape):
        return torch.randn(shape, generator=generator, dtype=wide)
    v, g, x = draw(rows, sums, d).to(kind), draw(rows, sums, length).to(kind), draw(rows, d) / 3
    x = torch.complex(-x.real.abs() / 30, x.imag)
    if pairs:
        g = g.real
    # exponents more precise than the weights, and of their precision
    x = x if rows == 2 else x.to(kind)
    l = torch.arange(length, dtype=torch.float64)
    matrix = torch.exp(x.to(wide)[..., None] * l) * l**power
    result = ours.vandermonde_rows(inside_nan(v), inside_nan(x), length, power, pairs)
    adjoint = ours.vandermonde_adjoint_rows(inside_nan(g), inside_nan(x), power)
    truth, size = v.to(wide) @ matrix, v.abs().double() @ matrix.abs()
    truth, size = (2 * truth.real, 2 * size) if pairs else (truth, size)
    expected, scale = g.to(wide) @ matrix.mT, g.abs().double() @ matrix.abs().mT
    unit, double = torch.finfo(kind).eps / 2, length * (2 + x.abs().max().item() if x.numel() else 2) * 2.0**-51
    # the bound of vandermonde_sum, a power of l rounds the result once more; the adjoint sums the steps instead of the roots
    worst = 0.0
    for found, want, allowed in (
        (result, truth, ((4 * d + 8) * unit + double) * size),
        (adjoint, expected, ((4 * length + 8) * unit + double) * scale),
    ):
        ratio = (found - want).abs() / (allowed + torch.finfo(kind).tiny)
        worst = max(worst, ratio.max().item() if ratio.numel() else 0.0)
        worst = math.nan if bool(ratio.isnan().any()) else worst
    right = result.dtype == (real if pairs else kind) and adjoint.dtype == kind
    errors[str((rows, sums, d, length, dtype, power, pairs))] = worst if right else math.inf
print(json.dumps(errors))
"""
)

# rows, sums, roots, length, dtype, power, pairs
CASES = [
    (2, 1, 3, 70, "complex64", 0, True),
    (1, 2, 5, 33, "complex128", 1, True),
    (2, 3, 2, 40, "complex64", 2, False),
    (2, 1, 20, 300, "complex64", 0, True),
    (1, 1, 17, 520, "complex128", 1, False),
    (1, 1, 1, 1, "complex64", 0, False),
    (1, 2, 0, 5, "complex64", 0, True),
    (0, 1, 2, 5, "complex128", 0, False),
    (1, 1, 2, 0, "complex64", 1, True),
]


@needs_interpreter
def test_interpreted_sums_and_adjoints_are_within_the_bound() -> None:
    """At most (4d + 6)u Σ|v_n e^{lx_n}| for the sums, with NaN around every input."""
    errors = run(SUMS, CASES, interpret=True)
    assert len(errors) == len(CASES)
    assert not {case: error for case, error in errors.items() if not error <= 1}


DERIVATIVES = """
import json, math, sys
import torch
from derivable.kernels import vandermonde

vandermonde.runs_triton = lambda t: True
plain = {}
for pairs in json.loads(sys.argv[1]):
    generator = torch.Generator().manual_seed(0)
    v, x = (torch.randn(shape, generator=generator, dtype=torch.complex128) for shape in ((2, 1, 2), (2,)))
    x = torch.complex(-x.real.abs() / 30, x.imag)
    run = lambda v, x: vandermonde.vandermonde_sum(v, x, 5, conjugate_pairs=pairs)
    leaves = (v.requires_grad_(), x.requires_grad_())
    good = torch.autograd.gradcheck(run, leaves, check_forward_ad=True)
    good = good and torch.autograd.gradgradcheck(run, (v[:1], x))
    v, x = v.detach(), x.detach()
    mapped = torch.func.vmap(lambda v, x: run(v, x), in_dims=(0, None))(v, x)
    slopes = torch.func.vmap(torch.func.grad(lambda v, x: run(v, x).abs().square().sum(), argnums=1), in_dims=(0, None))(v, x)
    each = torch.stack([torch.func.grad(lambda x, v=v: run(v, x).abs().square().sum())(x) for v in v])
    second = torch.func.jacfwd(torch.func.jacrev(lambda s: run(v[0], x * s).abs().square().sum()))(torch.tensor(1.0).double())
    vandermonde.runs_triton = lambda t: False
    other = torch.func.jacfwd(torch.func.jacrev(lambda s: run(v[0], x * s).abs().square().sum()))(torch.tensor(1.0).double())
    good = good and torch.allclose(mapped, run(v, x), rtol=0, atol=1e-12)
    good = good and torch.allclose(slopes, each, rtol=0, atol=1e-11) and torch.allclose(second, other, rtol=1e-11)
    # logarithms in double precision beside weights in single precision, as diagonal_kernel has them
    def slopes_of(run_triton):
        vandermonde.runs_triton = lambda t: run_triton
        leaves = v.to(torch.complex64).requires_grad_(), x.clone().requires_grad_()
        total = vandermonde._sum(*leaves, 30, pairs).abs().square().sum()
        return torch.autograd.grad(total, leaves)
    for first, second in zip(slopes_of(True), slopes_of(False)):
        good = good and first.dtype == second.dtype and torch.allclose(first, second, rtol=1e-4, atol=1e-4)
    vandermonde.runs_triton = lambda t: True
    plain[str(pairs)] = bool(good)
print(json.dumps(plain))
"""


@needs_interpreter
def test_all_derivatives_of_interpreted_sums() -> None:
    """First, second, forward and backward, mapped, against differences and the sums of torch."""
    assert run(DERIVATIVES, [False, True], interpret=True) == {"False": True, "True": True}


SPECIAL = """
import json, math, sys
import torch
from derivable.kernels.triton_vandermonde import vandermonde_adjoint_rows, vandermonde_rows

found = {}
for dtype in json.loads(sys.argv[1]):
    kind = getattr(torch, dtype)
    v, x = torch.tensor([[[2.0, 3.0]]], dtype=kind), torch.tensor([[complex(-math.inf, 0), 0]], dtype=kind)
    root_zero = vandermonde_rows(v, x, 300, 0, True)[0, 0].tolist() == [10.0] + [6.0] * 299
    adjoint = vandermonde_adjoint_rows(torch.ones(1, 1, 300, dtype=kind).real, x, 0)[0, 0].tolist() == [1, 300]
    slope = bool(torch.isfinite(vandermonde_adjoint_rows(torch.ones(1, 1, 9, dtype=kind), x, 1)).all())
    # e^{60 l} is beyond single precision from l = 2 on, and there are but two steps
    fast = torch.tensor([[60 + 1j]], dtype=kind)
    few = bool(torch.isfinite(vandermonde_adjoint_rows(torch.ones(1, 1, 2, dtype=kind), fast, 0)).all())
    rows = torch.ones(2, 1, 3, dtype=kind)
    rows[0, 0, 1] = math.nan
    spoiled = vandermonde_rows(rows, torch.zeros(2, 3, dtype=kind), 40, 0, True)
    alone = bool(spoiled[0].isnan().all()) and bool(torch.isfinite(spoiled[1]).all())
    found[dtype] = [root_zero, adjoint, slope, few, alone]
print(json.dumps(found))
"""


@needs_interpreter
def test_the_root_zero_growing_roots_and_nan() -> None:
    found = run(SPECIAL, ["complex64", "complex128"], interpret=True)
    assert found == dict.fromkeys(["complex64", "complex128"], [True] * 5)


def test_kernels_compile_for_two_generations_of_gpus(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    forward = [{"POWER": 0, "PAIRS": True}, {"POWER": 1, "PAIRS": False}]
    backward = [{"POWER": 1, "REAL": True}, {"POWER": 0, "REAL": False}]
    check_compiled(
        [
            (MODULE, name, arch, number, constants | {"SIDE": side, "ROOTS": 16})
            for arch, number, side in ((80, "fp32", 64), (90, "fp32", 64), (80, "fp64", 64), (90, "fp64", 16))
            for name, choices in (("vandermonde_kernel", forward), ("vandermonde_adjoint_kernel", backward))
            for constants in choices
        ]
    )
