"""The Triton scan: interpreted on the CPU against the loop, compiled for two GPUs without having one.

Triton decides at its import whether it interprets, so both happen in processes of their own.
"""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("triton", reason="needs triton, an optional dependency")

INTERPRETED = """
import json, math, sys
import torch
from derivable.kernels.linear_scan import reference_linear_scan
from derivable.kernels.triton_linear_scan import scan_rows

def inside_nan(t):
    # reading beyond the tensor shows as NaN
    wide = torch.full([n + 2 for n in t.shape], math.nan, dtype=t.dtype)
    view = wide[tuple(slice(1, -1) for _ in t.shape)]
    view.copy_(t)
    return view

errors = {}
for length, width, dtype, reverse, start in json.loads(sys.argv[1]):
    generator = torch.Generator().manual_seed(length)
    kind = getattr(torch, dtype)
    def draw(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.complex128).to(kind)
    a, b = draw(2, length, width), draw(2, length, width)
    a = a / (a.abs() + 0.3)
    initial = draw(2, width) if start else None
    a, b = inside_nan(a), inside_nan(b)
    initial = None if initial is None else inside_nan(initial)
    result = scan_rows(a, b, initial, reverse)
    options = dict(dim=1, reverse=reverse)
    truth = reference_linear_scan(a, b, initial=initial, **options)
    moduli = reference_linear_scan(a.abs(), b.abs(), initial=None if initial is None else initial.abs(), **options)
    unit = torch.finfo(kind).eps / 2 * (8 if kind.is_complex else 2) * (length + 2)
    worst = ((result - truth).abs() / (unit * moduli)).max().item() if length else 0.0
    errors[str((length, width, dtype, reverse, start))] = worst if result.dtype == kind else math.inf
print(json.dumps(errors))
"""

COMPILED = """
import json, sys
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource, compile
from derivable.kernels.triton_linear_scan import block, linear_scan_kernel

sizes = {}
for arch, number, width, flags in json.loads(sys.argv[1]):
    steps, neighbours = block(width)
    names = linear_scan_kernel.arg_names
    constants = dict(STEPS=steps, NEIGHBOURS=neighbours, **flags)
    signature = {
        n: "constexpr" if n in constants else "*" + number if n.endswith("_ptr") else "i64" if n[-4:] == "_row" else "i32"
        for n in names
    }
    binary = compile(ASTSource(linear_scan_kernel, signature, constants), target=GPUTarget("cuda", arch, 32))
    sizes[str((arch, number, width, flags))] = [f".target sm_{arch}" in binary.asm["ptx"], len(binary.asm["cubin"])]
print(json.dumps(sizes))
"""

# steps, neighbours, dtype, backward, initial state
CASES = [
    (0, 3, "float32", False, True),
    (1, 1, "float32", False, False),
    (2, 1, "complex64", True, True),
    (65, 40, "float32", True, False),
    (130, 3, "float64", False, True),
    (64, 3, "complex128", False, False),
    (2049, 1, "float32", False, True),
]


def run(script: str, cases: list, interpret: bool) -> dict:
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"} | (
        {"TRITON_INTERPRET": "1"} if interpret else {}
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(cases)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_interpreted_kernel_is_within_the_bound_of_the_loop() -> None:
    """At most 2(t+2)u Σ|a_t … a_{s+1} b_s|, four times that for complex numbers, with NaN around every input."""
    errors = run(INTERPRETED, CASES, interpret=True)
    assert len(errors) == len(CASES)
    # a NaN is not at most 1 either
    assert not {case: error for case, error in errors.items() if not error <= 1}


def test_kernel_compiles_for_two_generations_of_gpus(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    cases = [
        (arch, number, width, {"REVERSE": reverse, "START": start, "COMPLEX": is_complex})
        for arch in (80, 90)
        for number, width, reverse, start, is_complex in (
            ("fp32", 1, False, False, False),
            ("fp32", 512, True, True, False),
            ("fp32", 1, True, True, True),
            ("fp64", 512, False, True, True),
        )
    ]
    sizes = run(COMPILED, cases, interpret=False)
    assert len(sizes) == len(cases)
    for case, (right_target, size) in sizes.items():
        assert right_target, case
        assert size > 1000, case
