"""The Triton scan: interpreted on the CPU against the loop, compiled for two GPUs without having one."""

import pytest

pytest.importorskip("triton", reason="needs triton, an optional dependency")

from tests.kernels.triton_process import INSIDE_NAN, check_compiled, needs_interpreter, run

MODULE = "derivable.kernels.triton_linear_scan"

# small blocks, as the interpreter takes milliseconds for each number
SCANS = (
    INSIDE_NAN
    + """
from derivable.kernels import triton_linear_scan as ours
from derivable.kernels.linear_scan import reference_linear_scan
ours.PAIRS, ours.NEIGHBOURS = 32, 4

errors = {}
for length, width, dtype, reverse, start, chunks in json.loads(sys.argv[1]):
    generator = torch.Generator().manual_seed(length)
    kind = getattr(torch, dtype)
    def draw(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.complex128).to(kind)
    a, b, grad = draw(2, length, width), draw(2, length, width), draw(2, length, width)
    a = a / (a.abs() + 0.3)
    initial = inside_nan(draw(2, width)) if start else None
    options = dict(dim=1, reverse=reverse)
    states = ours.scan_rows(inside_nan(a), inside_nan(b), initial, reverse, chunks=chunks)
    gradients = ours.adjoint_rows(inside_nan(a), states, initial, inside_nan(grad), reverse, chunks=chunks)
    leaves = [t.to(torch.complex128 if kind.is_complex else torch.float64).requires_grad_() for t in (a, b)]
    truth = reference_linear_scan(*leaves, initial=initial, **options)
    expected = torch.autograd.grad(truth, leaves, grad.to(truth.dtype), allow_unused=True) if length else leaves
    expected = [torch.zeros_like(a) if t is None else t for t in expected]
    size = reference_linear_scan(a.abs(), b.abs(), initial=None if start is False else initial.abs(), **options)
    late = a.abs().roll(1 if reverse else -1, 1)
    back = reference_linear_scan(late, grad.abs(), dim=1, reverse=not reverse)
    before = size.roll(-1 if reverse else 1, 1)
    if length:
        before[:, -1 if reverse else 0] = initial.abs() if start else 0.0
    # a product adds its factors' errors and one rounding
    unit = torch.finfo(kind).eps / 2 * (8 if kind.is_complex else 2) * (length + 2)
    sizes = (size, 3 * back * before, back)
    worst = 0.0
    for result, want, scale in zip((states, *gradients), (truth, *expected), sizes):
        error = (result - want).abs() / (unit * scale + torch.finfo(kind).tiny)
        worst = max(worst, error.max().item() if length else 0.0, math.inf if result.dtype != kind else 0.0)
        worst = math.nan if bool(error.isnan().any()) else worst
    errors[str((length, width, dtype, reverse, start, chunks))] = worst
print(json.dumps(errors))
"""
)

# steps, neighbours, dtype, backward, initial state, pieces of time
CASES = [
    (0, 3, "float32", False, True, 1),
    (1, 1, "float32", False, False, 1),
    (2, 1, "complex64", True, True, 1),
    (33, 5, "float32", True, False, 1),
    (20, 3, "float64", False, True, 1),
    (8, 3, "complex128", False, False, 1),
    (65, 1, "float32", False, True, 1),
    (100, 1, "float32", True, False, 3),
    (40, 5, "float64", False, True, 2),
    (40, 2, "complex64", True, True, 3),
]

OVERFLOWS = """
import json, math, sys
import torch
from derivable.kernels import triton_linear_scan as ours
from derivable.kernels.linear_scan import reference_linear_scan
ours.PAIRS, ours.NEIGHBOURS = 128, 2

found = {}
for dtype, reverse, chunks in json.loads(sys.argv[1]):
    kind = getattr(torch, dtype)
    # 2^180 is beyond single precision, and no state is
    a, b = torch.full((1, 180, 3), 2.0).to(kind), torch.zeros(1, 180, 3, dtype=kind)
    b[0, 170:] = 1
    b[0, 175, 1] = math.nan
    if reverse:
        a, b = a.flip(1), b.flip(1)
    truth = reference_linear_scan(a, b, dim=1, reverse=reverse)
    states = ours.scan_rows(a, b, None, reverse, chunks=chunks)
    finite = truth.isfinite()
    gradients = ours.adjoint_rows(a, states, None, torch.flip(b.nan_to_num(), (1,)), reverse, chunks=chunks)
    back = reference_linear_scan(a, torch.flip(b.nan_to_num(), (1,)), dim=1, reverse=not reverse)
    found[str((dtype, reverse, chunks))] = [
        torch.equal(states.isfinite(), finite),
        torch.equal(states[finite].to(truth.dtype), truth[finite]),
        torch.equal(gradients[1].to(back.dtype), back),
    ]
print(json.dumps(found))
"""


@needs_interpreter
def test_interpreted_scan_and_adjoint_are_within_the_bound_of_the_loop() -> None:
    """At most 2(t+2)u Σ|a_t … a_{s+1} b_s|, four times that for complex numbers, with NaN around every input."""
    errors = run(SCANS, CASES, interpret=True)
    assert len(errors) == len(CASES)
    # a NaN is not at most 1 either
    assert not {case: error for case, error in errors.items() if not error <= 1}


@needs_interpreter
def test_products_that_overflow_do_not_matter_where_the_states_are_finite() -> None:
    cases = [("float32", False, 1), ("float32", True, 2), ("complex64", False, 2)]
    found = run(OVERFLOWS, cases, interpret=True)
    assert found == {str(case): [True] * 3 for case in cases}


def test_kernels_compile_for_two_generations_of_gpus(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    from derivable.kernels.triton_linear_scan import block

    variants = [
        # an argument that is 1 becomes a constant
        ("fp32", 1, {"width": 1, "a_step": 1, "b_step": 1, "length": 1}),
        ("fp32", 512, {"REVERSE": True, "START": True, "BEFORE": True, "CHUNKED": True}),
        ("fp32", 512, {"REVERSE": True, "ADJOINT": True, "BEFORE": True, "a_next": 1, "b_next": 1}),
        ("fp32", 1, {"START": True, "BEFORE": True, "ADJOINT": True, "COMPLEX": True, "width": 1}),
        ("fp64", 512, {"ADJOINT": True, "COMPLEX": True, "CHUNKED": True}),
    ]
    flags = dict.fromkeys(("REVERSE", "START", "ADJOINT", "BEFORE", "COMPLEX", "CHUNKED"), False)
    check_compiled(
        [
            (MODULE, kernel, arch, number, flags | dict(zip(("STEPS", "NEIGHBOURS"), block(width), strict=True)) | constants)
            for kernel in ("linear_scan_kernel", "chunk_kernel", "walk_kernel")
            for arch in (80, 90)
            for number, width, constants in variants
        ]
    )
