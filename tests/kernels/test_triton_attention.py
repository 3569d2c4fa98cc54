"""The Triton attention and its adjoint: interpreted on the CPU against one masked softmax in double precision, compiled for two
GPUs without having one."""

import pytest

pytest.importorskip("triton", reason="needs triton, an optional dependency")

import torch

from derivable.kernels.triton_attention import BY_KEY, BY_QUERY, FLOAT64, FORWARD, program, takes
from tests.kernels.triton_process import INSIDE_NAN, check_compiled, needs_interpreter, run

# the interpreter multiplies the bits of bfloat16 as integers, and cuts off where it rounds to it
INTERPRETED = (
    INSIDE_NAN
    + """
import numpy as np
import triton.language as tl
from triton.runtime import interpreter

import derivable.kernels.triton_attention as triton_attention
from derivable.kernels.online_attention import reference_attention_online
from derivable.kernels.triton_attention import attention_adjoint_rows, attention_rows

dot = interpreter.InterpreterBuilder.create_dot

def widened(t):
    if t.dtype.scalar != tl.bfloat16:
        return t
    bits = t.data.view(np.uint16).astype(np.uint32) << 16
    return interpreter.TensorHandle(bits.view(np.float32), tl.float32)

interpreter.InterpreterBuilder.create_dot = lambda self, a, b, *rest: dot(self, widened(a), widened(b), *rest)

def small_blocks(queries, keys):
    for table in (triton_attention.FORWARD, triton_attention.BY_QUERY, triton_attention.BY_KEY):
        for widths in table.values():
            widths.update(dict.fromkeys(widths, (queries, keys, 1, 2)))

def draw(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
"""
)

VALUES = (
    INTERPRETED
    + """
def largest(t):
    return float(t.abs().max()) if t.numel() else 0.0

def ratio(result, truth, bound):
    # all NaN counts as wrong
    return 0.0 if truth.numel() == 0 else float(((result.double() - truth).abs() / bound).nan_to_num(math.inf).max())

worst = {}
for rows, length, d, dv, dtype, scale, queries, keys in json.loads(sys.argv[1]):
    small_blocks(queries, keys)
    kind = getattr(torch, dtype)
    wide = torch.promote_types(kind, torch.float32)
    q, k, grad = scale * draw(rows, length, d), scale * draw(1, length, d, seed=1), draw(rows, length, dv, seed=2)
    # a common part of all values shows what the sums of weights lose
    v = 1 + draw(rows, length, dv, seed=3) / 4
    grad_total = draw(rows, length, seed=4).to(wide)
    # one row of keys for all, and values with other strides
    q, k, v, grad = (inside_nan(t.to(kind)) for t in (q, k, v, grad))
    k = k.expand(rows, length, d)
    v = inside_nan(v.mT.contiguous()).mT
    o, log_total = attention_rows(q, k, v)
    results = attention_adjoint_rows(q, k, v, o, log_total, grad.to(wide), grad_total)

    Q, K, V, G, T = leaves = [t.detach().double().requires_grad_() for t in (q, k, v, grad, grad_total)]
    mask = torch.ones(length, length, dtype=torch.bool).tril()
    scores = (Q @ K.mT).masked_fill(~mask, -math.inf)
    out, total = reference_attention_online(Q, K, V), scores.logsumexp(-1)
    truths = torch.autograd.grad((out * G).sum() + (total * T).sum(), leaves[:3])
    Q, K, V, G, T, out, total, scores = (t.detach() for t in (Q, K, V, G, T, out, total, scores))

    u = torch.finfo(wide).eps / 2
    S = largest(Q.abs() @ K.abs().mT)
    error_o = 2 * u * ((d + 4) * S + length + 12) * largest(V)
    # the sum of weights errs by L + 4 blocks + 8 units, its logarithm by one more
    error_total = 2 * u * ((d + 4) * S + length + 12 + largest(total))
    # weights below the normal numbers have an error of their own
    p = torch.exp(scores - total[..., None]) + torch.finfo(wide).tiny / u
    slope = (G @ V.mT - (G * out).sum(-1, keepdim=True) + T[..., None]).abs()
    terms = G.abs() @ V.abs().mT + (G * out).abs().sum(-1, keepdim=True) + T.abs()[..., None]
    error_p = error_total + 2 * u * (d + 4) * S
    error_slope = p * (error_p * slope + 2 * u * (dv + 4) * terms + G.abs().sum(-1, keepdim=True) * error_o)
    error_slope += 2 * u * (length + 4) * p * slope
    bounds = (
        error_slope @ K.abs(),
        error_slope.mT @ Q.abs(),
        (error_p + 2 * u * (length + 4)) * (p.mT @ G.abs()),
    )
    # rounded to the dtype once, or cut off, or to the smallest of its numbers
    unit, least = torch.finfo(kind).eps if kind != wide else u, torch.finfo(kind).smallest_normal * torch.finfo(kind).eps
    ratios = [ratio(o, out, error_o), ratio(log_total, total, error_total)]
    ratios += [
        ratio(result, truth, bound + unit * truth.abs() + least)
        for result, truth, bound in zip(results, truths, bounds, strict=True)
    ]
    kinds = o.dtype == log_total.dtype == wide and all(t.dtype == kind for t in results)
    worst[str((rows, length, d, dv, dtype, scale, queries, keys))] = ratios if kinds else [math.inf]
print(json.dumps(worst))
"""
)

# rows, length, d, dv, dtype, scale of queries and keys, block of queries, block of keys
CASES = [
    (1, 0, 3, 2, "float32", 1.0, 32, 16),
    (0, 3, 3, 2, "float32", 1.0, 32, 16),
    (1, 1, 1, 1, "float32", 1.0, 32, 16),
    (2, 70, 5, 3, "float32", 1.0, 32, 16),
    (2, 70, 17, 20, "float32", 3.0, 16, 32),
    (1, 64, 16, 16, "float32", 1.0, 16, 16),
    (2, 7, 0, 2, "float32", 1.0, 32, 16),
    (1, 5, 3, 0, "float32", 1.0, 32, 16),
    (2, 70, 5, 3, "float64", 3.0, 32, 16),
    (1, 33, 17, 20, "float64", 1.0, 16, 32),
    (2, 70, 5, 3, "float16", 2.0, 32, 16),
    (1, 8, 1, 1, "float16", 0.5, 16, 16),
    (1, 33, 17, 20, "float16", 1.0, 16, 32),
    (2, 70, 5, 3, "bfloat16", 2.0, 32, 16),
    (1, 8, 1, 1, "bfloat16", 0.5, 16, 16),
    (1, 33, 17, 20, "bfloat16", 1.0, 16, 32),
]


@needs_interpreter
def test_interpreted_results_are_within_the_bound() -> None:
    """That of ``attention_online``, and for gradients what follows from it; with NaN around every input."""
    ratios = run(VALUES, CASES, interpret=True)
    assert len(ratios) == len(CASES)
    assert not {case: worst for case, worst in ratios.items() if not max(worst) <= 1}


SPOILT = (
    INTERPRETED
    + """
def same(a, b):
    return bool(((a - b).abs() <= 1e-5).all())

found = {}
small_blocks(16, 16)
for name, place, value, dtype in json.loads(sys.argv[1]):
    kind = getattr(torch, dtype)
    n, d, dv = 40, 4, 3
    tensors = {name: draw(1, n, w, seed=seed).to(kind) for seed, (name, w) in enumerate(zip("qkvg", (d, d, dv, dv)))}
    def results(q, k, v, g):
        o, log_total = attention_rows(q, k, v)
        gradients = attention_adjoint_rows(q, k, v, o, log_total, g.to(o.dtype), torch.zeros_like(log_total))
        return o, log_total, *(t.float() for t in gradients)
    clean = results(**tensors)
    spoilt = {name: t.clone() for name, t in tensors.items()}
    spoilt[name][0, place, 1] = float(value)
    o, total, by_q, by_k, by_v = results(**spoilt)
    clean_o, clean_total, clean_q, clean_k, clean_v = clean
    before, after = slice(0, place), slice(place + 1, n)
    hit = slice(place, place + 1) if name == "q" else slice(place, n)
    holds = {
        "earlier outputs": same(o[:, before], clean_o[:, before]) and same(total[:, before], clean_total[:, before]),
        "earlier gradients by q": same(by_q[:, before], clean_q[:, before]),
    }
    if name == "q":
        holds["other outputs"] = same(o[:, after], clean_o[:, after])
    if name in "qg":
        holds["later gradients"] = all(
            same(a[:, after], b[:, after]) for a, b in ((by_q, clean_q), (by_k, clean_k), (by_v, clean_v))
        )
        holds["not finite"] = not any(bool(t.isfinite().all(-1)[0, : place + 1].any()) for t in (by_k, by_v))
    if name == "v":
        holds["columns"] = same(o[..., [0, 2]], clean_o[..., [0, 2]])
        holds["spoilt"] = not bool(o[0, hit, 1].isfinite().any())
    elif name in "qk" and value == "nan":
        holds["spoilt"] = bool(o[0, hit].isnan().all()) and bool(by_q[0, hit].isnan().all())
    elif name == "q":
        holds["spoilt"] = not bool(o[0, hit].isfinite().any())
    if name == "k":
        # a score of -inf has the weight 0, and 0 · inf is NaN wherever the key lies
        holds["spoilt gradients"] = not bool(by_q[0, hit, 1].isfinite().any())
    found[str((name, place, value, dtype))] = [what for what, held in holds.items() if not held]
print(json.dumps(found))
"""
)

PLACES = [
    (name, place, value, dtype)
    for name in "qkvg"
    for place, value, dtype in (
        (5, "nan", "float32"),
        (21, "nan", "float32"),
        (39, "nan", "float64"),
        (5, "inf", "float32"),
        (21, "-inf", "float64"),
        (21, "nan", "bfloat16"),
        (5, "inf", "float16"),
    )
]


@needs_interpreter
def test_a_position_that_is_not_finite_touches_nothing_before_it() -> None:
    """Neither outputs nor gradients, and with a query or a gradient of an output nothing after it."""
    found = run(SPOILT, PLACES, interpret=True)
    assert len(found) == len(PLACES)
    assert not {case: failed for case, failed in found.items() if failed}


MINUS_INFINITY = (
    INTERPRETED
    + """
small_blocks(*json.loads(sys.argv[1]))
q, v = torch.ones(1, 40, 1), draw(1, 40, 2).float()
k = draw(1, 40, 1, seed=1).float()
k[:, :18] = k[:, 20:37] = -math.inf
o, log_total = attention_rows(q, k, v)
weight = torch.exp(k.double())
truth = (weight * v).cumsum(1) / weight.cumsum(1)
dead, nothing = attention_rows(q, torch.full_like(k, -math.inf), v)
print(json.dumps({
    "nothing read": bool(o[:, :18].isnan().all() and dead.isnan().all()),
    "no total": bool((log_total[:, :18] == -math.inf).all() and (nothing == -math.inf).all()),
    "outputs": bool(((o - truth)[:, 18:].abs() < 1e-5).all()),
    "totals": bool(((log_total - weight.cumsum(1)[..., 0].log())[:, 18:].abs() < 1e-5).all()),
}))
"""
)


@needs_interpreter
@pytest.mark.parametrize("blocks", [(16, 16), (32, 16), (16, 32)])
def test_scores_of_minus_infinity_have_no_weight(blocks: tuple[int, int]) -> None:
    assert all(run(MINUS_INFINITY, list(blocks), interpret=True).values())


WHOLE = (
    INTERPRETED
    + """
from derivable.kernels import online_attention

# as on a GPU
online_attention._in_registers = lambda q, v: True
small_blocks(16, 16)
failed = []

def derivatives(call, tensors, weight):
    leaves = [t.clone().requires_grad_() for t in tensors]
    out = call(*leaves)
    first = torch.autograd.grad((out * weight).sum(), leaves, retain_graph=True)
    again = torch.autograd.grad((out * weight).sum(), leaves, create_graph=True)
    second = torch.autograd.grad(sum(t.square().sum() for t in again), leaves)
    return out, *first, *again, *second

for dtype in json.loads(sys.argv[1]):
    kind = getattr(torch, dtype)
    # heads of keys and values are shared
    tensors = [t.to(kind) for t in (draw(2, 3, 20, 5), draw(20, 5, seed=1), draw(3, 20, 4, seed=2))]
    weight = draw(2, 3, 20, 4, seed=3).to(kind)
    results = derivatives(online_attention.attention_online, tensors, weight)
    truths = derivatives(reference_attention_online, [t.double() for t in tensors], weight.double())
    for place, (result, truth) in enumerate(zip(results, truths, strict=True)):
        # sums of six rounded rows at most, and of second derivatives with rounded first ones
        units = 1e3 if kind in (torch.float32, torch.float64) else 4 if place < 7 else 20
        error = (result.double() - truth).abs().max() / (torch.finfo(kind).eps * truth.abs().max())
        if not (error <= units and result.dtype == kind):
            failed.append([dtype, place, float(error)])
print(json.dumps({"failed": failed}))
"""
)


@needs_interpreter
def test_attention_online_takes_outputs_and_derivatives_from_the_kernels() -> None:
    """First derivatives by the adjoint, or by torch where they are differentiated again; narrow numbers stay so on the way."""
    assert run(WHOLE, ["float32", "float64", "bfloat16", "float16"], interpret=True) == {"failed": []}


NUMBERS = {"fp32": torch.float32, "fp64": torch.float64, "bf16": torch.bfloat16, "fp16": torch.float16}
KERNELS = {"attention_kernel": FORWARD, "query_kernel": BY_QUERY, "key_kernel": BY_KEY}


def compiled(arch: int, number: str, d: int, dv: int, constants: dict[str, int] | None = None) -> list[tuple]:
    q, v = (torch.empty(1, 1, n, dtype=NUMBERS[number]) for n in (d, dv))
    return [
        ("derivable.kernels.triton_attention", name, arch, number, program(table, q, v) | (constants or {}))
        for name, table in KERNELS.items()
    ]


COMMON = [("fp32", 5, 64), ("fp32", 64, 64), ("bf16", 64, 64), ("fp16", 64, 64)]
WIDEST = [("fp32", 256, 256), ("bf16", 256, 256), ("fp16", 256, 256)]


@pytest.mark.parametrize(("arch", "widths"), [(80, COMMON), (90, COMMON + WIDEST)])
def test_kernels_compile_for_two_generations_of_gpus(arch: int, widths: list, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the shared memory of every GPU since the A100, up to the widest queries and values that are taken."""
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    widths = widths + ([("fp64", 64, 64), ("fp64", 128, 128)] if FLOAT64 else [])
    # a launch makes constants of sizes and strides that are 1
    ones = dict.fromkeys(("length", "d", "dv", *(f"{t}_{n}" for t in ("q", "k", "v", "grad") for n in ("row", "step"))), 1)
    cases = [case for number, d, dv in widths for case in compiled(arch, number, d, dv)]
    check_compiled(cases + compiled(arch, "bf16", 1, 1, ones))


def test_wider_numbers_and_older_gpus_are_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    capability = (9, 0)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    for dtype, widest in ((torch.float32, 256), (torch.bfloat16, 256), (torch.float64, 128)):
        q, wide = torch.empty(1, 1, widest, dtype=dtype), torch.empty(1, 1, widest + 1, dtype=dtype)
        assert takes(q, q)
        assert not takes(wide, q)
        assert not takes(q, wide)
    capability = (7, 5)
    assert not takes(torch.empty(1, 1, 8), torch.empty(1, 1, 8))
