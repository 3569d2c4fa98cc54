"""Scripts in processes of their own: Triton decides at its import whether it interprets."""

import json
import os
import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest


def run(script: str, cases: list, *, interpret: bool) -> dict:
    """Return what ``script`` prints last for the cases, which it gets as its argument in JSON."""
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"} | (
        {"TRITON_INTERPRET": "1"} if interpret else {}
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(cases)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


needs_interpreter = pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) >= "2.5.0" and tuple(map(int, version("triton").split(".")[:2])) < (3, 7),
    reason="the interpreter of Triton before 3.7 takes no array of one element for a number, as NumPy 2.5 does not",
)

INSIDE_NAN = '''
import json, math, sys
import torch

def inside_nan(t):
    """Reading beyond the tensor shows as NaN."""
    wide = torch.full([n + 2 for n in t.shape], math.nan, dtype=t.dtype)
    view = wide[tuple(slice(1, -1) for _ in t.shape)]
    view.copy_(t)
    return view
'''

COMPILED = """
import importlib, json, sys
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource, compile

sizes = {}
for module, name, arch, number, constants in json.loads(sys.argv[1]):
    kernel = getattr(importlib.import_module(module), name)
    options = {n: constants[n] for n in ("num_warps", "num_stages") if n in constants}
    # sums are in single precision or wider
    wide = "fp32" if number in ("bf16", "fp16") else number
    def pointer(n):
        return "*" + (wide if n.startswith("wide_") else number)
    constants = {n: value for n, value in constants.items() if n in kernel.arg_names}
    signature = {
        n: "constexpr" if n in constants else pointer(n) if n.endswith("_ptr") else "i64" if n[-4:] == "_row" else "i32"
        for n in kernel.arg_names
    }
    binary = compile(ASTSource(kernel, signature, constants), target=GPUTarget("cuda", arch, 32), options=options)
    right_target = f".target sm_{arch}" in binary.asm["ptx"]
    sizes[str((name, arch, number, constants))] = [right_target, len(binary.asm["cubin"]), binary.metadata.shared]
print(json.dumps(sizes))
"""


def check_compiled(cases: list) -> None:
    """Compile kernels, each given as module, name, architecture, type of number and constants, without a GPU."""
    sizes = run(COMPILED, cases, interpret=False)
    assert len(sizes) == len(cases)
    for case, (right_target, size, shared) in sizes.items():
        assert right_target, case
        assert size > 1000, case
        # every GPU since the A100 grants a program 99 KB
        assert shared <= 96 << 10, case
