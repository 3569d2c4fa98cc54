"""The Triton Cauchy sum: interpreted on the CPU against all fractions written out, compiled for two GPUs without having one."""

import pytest

pytest.importorskip("triton", reason="needs triton, an optional dependency")

from tests.kernels.triton_process import INSIDE_NAN, check_compiled, needs_interpreter, run

SUMS = (
    INSIDE_NAN
    + """
from derivable.kernels.triton_cauchy import cauchy_rows

errors = {}
for rows, sums, d, length, dtype, power, pairs in json.loads(sys.argv[1]):
    kind = getattr(torch, dtype)
    generator = torch.Generator().manual_seed(d)
    def draw(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.complex128).to(kind)
    v, z, lam = draw(rows, sums, d), draw(1, length), draw(rows, d)
    result = cauchy_rows(inside_nan(v), inside_nan(z)[:1].expand(rows, length), inside_nan(lam), power, pairs)
    truth, size = 0, 0
    for n, pole in ((v, lam), (v.conj(), lam.conj())) if pairs else ((v, lam),):
        fractions = (z.to(torch.complex128)[:, None, None] - pole[:, None, :, None]) ** -power
        truth, size = truth + (n[..., None] * fractions).sum(2), size + (n[..., None] * fractions).abs().sum(2)
    # the bound of cauchy_sum; each further power is one complex product, 4 units, and the fraction's own error again
    unit = torch.finfo(kind).eps / 2 * (4 * d * (2 if pairs else 1) + 20 * power)
    worst = ((result - truth).abs() / (unit * size)).max().item() if d else result.abs().max().item()
    errors[str((rows, sums, d, length, dtype, power, pairs))] = worst if result.dtype == kind else math.inf
print(json.dumps(errors))
"""
)

# rows, sums, poles, points, dtype, power, pairs
CASES = [
    (2, 1, 3, 70, "complex64", 1, False),
    (1, 3, 5, 33, "complex128", 1, True),
    (2, 9, 2, 40, "complex64", 2, True),
    (1, 1, 4, 1, "complex128", 3, False),
    (1, 2, 0, 5, "complex64", 1, True),
    (1, 1, 2, 300, "complex64", 1, True),
]


@needs_interpreter
def test_interpreted_sums_are_within_the_bound() -> None:
    """At most (4d + 20)u Σ|v_n|/|z - λ_n| for the first power, with NaN around every input."""
    errors = run(SUMS, CASES, interpret=True)
    assert len(errors) == len(CASES)
    assert not {case: error for case, error in errors.items() if not error <= 1}


def test_kernel_compiles_for_two_generations_of_gpus(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    check_compiled(
        [
            ("derivable.kernels.triton_cauchy", "cauchy_kernel", arch, number, constants | {"TOGETHER": 4})
            for arch in (80, 90)
            for number, constants in (
                ("fp32", {"POWER": 1, "PAIRS": True, "POINTS": 256, "SUMS": 1}),
                ("fp32", {"POWER": 2, "PAIRS": False, "POINTS": 64, "SUMS": 4}),
                ("fp32", {"POWER": 1, "PAIRS": False, "POINTS": 32, "SUMS": 1, "sums": 1, "d": 1, "length": 1}),
                ("fp64", {"POWER": 3, "PAIRS": True, "POINTS": 32, "SUMS": 8}),
            )
        ]
    )
