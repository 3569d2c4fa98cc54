"""The kernel of a rational transfer function beside the formula of the authors' RTF, scipy's filter and the loop over steps.

The formula of RTF is what its `get_k` takes, and as fast as `get_k` itself, so the kernels alone cannot be far apart: both are
two real transforms, a quotient and a transform back. A row shows these three transforms alone; the peer's time over theirs
is the most that any kernel by transforms can gain, were the quotient free. With gradients there are six.
Polynomials of degree 64 at the 2049 points as a real matrix product are 2·65·4098 operations a row, which takes as long as the
transform of zero-padded rows; transforms that leave the zeros out save half of two transforms and lose it in transposes.
What a user of RTF calls is the layer, kernel and convolution, with its gradients: two more rows.
"""

import torch
from _measure import Comparison, floor_seconds
from scipy.signal import lfilter
from torch.nn.functional import pad

from derivable.kernels.causal_convolution import fft_causal_conv, reference_fft_causal_conv
from derivable.kernels.rational_transfer import (
    reference_rtf_kernel,
    reference_rtf_kernel_truncated,
    rtf_kernel,
    rtf_kernel_truncated,
    rtf_to_recurrent,
)
from derivable.kernels.schur_cohn import schur_cohn_stable
from derivable.numerics import compare, rounding_bound

CHANNELS, STATES, LENGTH, BATCH = 256, 64, 4096, 4
# operations of a real transform of L numbers, (5/2) L log₂ L
TRANSFORM = 2.5 * LENGTH * 12


def main() -> None:
    bench = Comparison("transfer_function")
    torch.manual_seed(0)
    a, b = coefficients(STATES)
    gradient = torch.randn(CHANNELS, LENGTH)
    spectrum = torch.fft.rfft(gradient)
    agreement = compare(rtf_kernel(a, b, LENGTH), reference_in_rows(a, b), allowed(a, b))
    bench.row(
        f"kernel, {CHANNELS} channels, d = {STATES}, length {LENGTH}, float32",
        agreement,
        floor_seconds(4.0 * CHANNELS * LENGTH, CHANNELS * (3 * TRANSFORM + 10 * LENGTH / 2)),
        {
            "derivable": lambda: rtf_kernel(a, b, LENGTH),
            "formula of get_k of RTF": lambda: padded_quotient(a, b, LENGTH),
            "scipy.signal.lfilter": lambda: filtered(a, b),
            "torch, step by step": lambda: step_by_step(a, b),
            "three transforms alone": lambda: transforms(a, b, gradient, spectrum),
        },
    )
    (ours, own), (peer, others) = runs(a, b)
    shifted = gradient.roll(1, -1)
    backward = torch.autograd.grad(ours(*own), own, gradient), torch.autograd.grad(peer(*others), others, shifted)
    size = max(float(t.abs().max()) for t in backward[0])
    bench.row(
        f"kernel and gradients, {CHANNELS} channels, d = {STATES}, length {LENGTH}, float32",
        compare(torch.cat(backward[0], -1), torch.cat(backward[1], -1), rounding_bound(torch.float32, 12 * 13 * 64, scale=size)),
        floor_seconds(4.0 * 2 * CHANNELS * LENGTH, CHANNELS * (6 * TRANSFORM + 30 * LENGTH / 2)),
        {
            "derivable": lambda: torch.autograd.grad(ours(*own), own, gradient),
            "formula of get_k of RTF": lambda: torch.autograd.grad(peer(*others), others, shifted),
            "six transforms alone": lambda: transforms(a, b, gradient, spectrum, gradients=True),
        },
    )
    layer(bench)
    truncated(bench)
    recurrent_row(bench)
    stability(bench)
    flatness(bench)
    bench.finish()


def coefficients(states: int, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, torch.Tensor]:
    """Denominators with ‖a‖₁ = ½, the roots inside."""
    a = torch.randn(CHANNELS, states, dtype=torch.float64)
    return (0.5 * a / a.abs().sum(-1, keepdim=True)).to(dtype), torch.randn(CHANNELS, states, dtype=dtype)


def runs(a: torch.Tensor, b: torch.Tensor) -> list:
    """Ours and the peer with parameters of their own; the peer keeps both in one."""

    def ours(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return rtf_kernel(a, b, LENGTH)

    def peer(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return padded_quotient(a, b, LENGTH)

    return [(f, tuple(t.clone().requires_grad_() for t in (a, b))) for f in (ours, peer)]


def padded_quotient(a: torch.Tensor, b: torch.Tensor, length: int) -> torch.Tensor:
    """All coefficients padded to the length in one tensor, a monic term set, one transform, a quotient, one back."""
    rows = a.shape[0]
    both = pad(torch.cat([a, b]), (1, length - a.shape[-1] - 1 + length % 2))
    # the numerator is one power later than ours, so that the kernel is, too: cyclically; the feed-through is 0 here
    both[:rows, 0] = 1.0
    spectrum = torch.fft.rfft(both, dim=-1)
    feedthrough = torch.zeros(rows, dtype=a.dtype)
    return torch.fft.irfft(spectrum[rows:] / spectrum[:rows] + feedthrough[:, None], dim=-1)[:, :length]


def transforms(
    a: torch.Tensor, b: torch.Tensor, signal: torch.Tensor, spectrum: torch.Tensor, *, gradients: bool = False
) -> None:
    """Those that a kernel takes, and its gradients: without what lies between them."""
    for x in (a, b):
        torch.fft.rfft(x, LENGTH)
    torch.fft.irfft(spectrum, LENGTH)
    if gradients:
        torch.fft.rfft(signal)
        for _ in range(2):
            torch.fft.irfft(spectrum, LENGTH)


def layer(bench: Comparison) -> None:
    """Kernel and convolution, the arrays laid out as each of the two wants them: ours [batch, channels, time]."""
    a, b = coefficients(STATES)
    u, gradient = torch.randn(BATCH, CHANNELS, LENGTH), torch.randn(BATCH, CHANNELS, LENGTH)
    # the peer's results come one step later
    gradient[..., -1] = 0.0
    later = gradient.roll(1, -1).mT.contiguous()
    own, others = ([t.clone().requires_grad_() for t in (a, b, x)] for x in (u, u.mT.contiguous()))

    def ours(a: torch.Tensor, b: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
        return fft_causal_conv(u, rtf_kernel(a, b, LENGTH))

    with torch.no_grad():
        # the bound of the convolution for the kernel's own error and its own, the kernel's norm at most 2‖b‖₁
        size = float(u.norm(dim=-1).max()) * 2 * float(b.abs().sum(-1).max())
        agreement = compare(
            ours(a, b, u)[:1, :4],
            reference_fft_causal_conv(u[:1, :4], reference_rtf_kernel(a[:4], b[:4], LENGTH)),
            rounding_bound(torch.float32, 24 * 14 * 8, scale=size),
        )
        same = compare(
            ours(a, b, u)[..., :-1], convolved(*others)[:, 1:].mT, rounding_bound(torch.float32, 24 * 14 * 8, scale=size)
        )
        if not same.ok:
            raise SystemExit(f"transfer_function: the peer's layer differs: {same}")
    case = f"batch {BATCH}, {CHANNELS} channels, d = {STATES}, length {LENGTH}, float32"

    def forward(run, arguments: list[torch.Tensor]) -> torch.Tensor:
        with torch.no_grad():
            return run(*arguments)

    padded = 2 * 2.5 * LENGTH * 13
    bench.row(
        f"layer, {case}",
        agreement,
        floor_seconds(8.0 * u.numel(), CHANNELS * (3 * TRANSFORM + (2 * BATCH + 1) * padded)),
        {"derivable": lambda: forward(ours, own), "formula of the layer of RTF": lambda: forward(convolved, others)},
    )
    mine, theirs = torch.autograd.grad(ours(*own), own, gradient), torch.autograd.grad(convolved(*others), others, later)
    size = max(float(t.abs().max()) for t in mine[:2])
    bench.row(
        f"layer and gradients, {case}",
        compare(torch.cat(mine[:2], -1), torch.cat(theirs[:2], -1), rounding_bound(torch.float32, 24 * 14 * 64, scale=size)),
        floor_seconds(16.0 * u.numel(), CHANNELS * (6 * TRANSFORM + (5 * BATCH + 3) * padded)),
        {
            "derivable": lambda: torch.autograd.grad(ours(*own), own, gradient),
            "formula of the layer of RTF": lambda: torch.autograd.grad(convolved(*others), others, later),
        },
    )


def convolved(a: torch.Tensor, b: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """The kernel and all signals ``[batch, time, channels]`` in one array, transformed along its first dimension."""
    batch, length, channels = u.shape
    kernel = padded_quotient(a, b, length)
    columns = torch.cat([kernel.T, u.movedim(1, 0).flatten(1)], 1)
    spectrum = torch.fft.rfft(columns, 2 * length, dim=0)
    signals = spectrum[:, channels:].unflatten(1, (batch, channels)).movedim(1, 0)
    return torch.fft.irfft(spectrum[:, :channels] * signals, 2 * length, dim=1)[:, :length]


def filtered(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The impulse response, a filter a channel; Āᴸ is nothing here, so that it is the kernel."""
    impulse = torch.zeros(LENGTH, dtype=a.dtype)
    impulse[0] = 1.0
    below = pad(a, (1, 0), value=1.0).numpy()
    return torch.stack([torch.from_numpy(lfilter(p, q, impulse.numpy())) for p, q in zip(b.numpy(), below, strict=True)])


def step_by_step(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """A shift register in torch, one step after the other, all channels at once."""
    x, outputs = torch.zeros_like(a), []
    x[:, 0] = 1.0
    for _ in range(LENGTH):
        outputs.append((b * x).sum(-1))
        x = torch.cat([-(a * x).sum(-1, keepdim=True), x[:, :-1]], -1)
    return torch.stack(outputs, -1)


def reference_in_rows(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.cat([reference_rtf_kernel(a[i : i + 32], b[i : i + 32], LENGTH) for i in range(0, len(a), 32)])


def allowed(a: torch.Tensor, b: torch.Tensor) -> float:
    """The docstring's bound with ‖a‖₁ = ½, so that the margin is at least ½."""
    unit = torch.finfo(a.dtype).eps / 2
    return 12 * 13 * unit * float(b.abs().sum(-1).max()) * 8


def truncated(bench: Comparison) -> None:
    a, b = coefficients(STATES, torch.float64)
    truth = reference_rtf_kernel_truncated(a[:2], b[:2], LENGTH)
    bench.row(
        f"truncated response, {CHANNELS} channels, d = {STATES}, length {LENGTH}, float64",
        compare(
            rtf_kernel_truncated(a, b, LENGTH)[:2],
            truth,
            rounding_bound(torch.float64, 4 * STATES, scale=float(b.abs().sum(-1).max())),
        ),
        floor_seconds(8.0 * CHANNELS * LENGTH, 2.0 * CHANNELS * STATES * LENGTH),
        {
            "derivable": lambda: rtf_kernel_truncated(a, b, LENGTH),
            "scipy.signal.lfilter": lambda: filtered(a, b),
            "torch, step by step": lambda: step_by_step(a, b),
        },
    )


def recurrent_row(bench: Comparison) -> None:
    """Against the dense solve with Āᴸ, transposed as it has to be."""
    a, b = coefficients(STATES, torch.float64)

    def dense() -> torch.Tensor:
        A = pad(torch.eye(STATES, dtype=a.dtype)[:-1], (0, 0, 1, 0)).expand(CHANNELS, STATES, STATES).clone()
        A[:, 0] = -a
        whole = torch.eye(STATES, dtype=a.dtype) - torch.linalg.matrix_power(A, LENGTH)
        return torch.linalg.solve(whole.mT, b)

    scale = float(b.abs().sum(-1).max())
    bench.row(
        f"row for recurrent inference, {CHANNELS} channels, d = {STATES}, length {LENGTH}, float64",
        compare(rtf_to_recurrent(a, b, LENGTH), dense(), rounding_bound(torch.float64, 12 * 13 * 16, scale=scale)),
        floor_seconds(8.0 * CHANNELS * STATES, CHANNELS * 3 * TRANSFORM),
        {"derivable": lambda: rtf_to_recurrent(a, b, LENGTH), "power and solve": dense},
    )


def stability(bench: Comparison) -> None:
    a = 0.3 * torch.randn(4096, 16, dtype=torch.float64)

    def roots() -> torch.Tensor:
        A = pad(torch.eye(16, dtype=a.dtype)[:-1], (0, 0, 1, 0)).expand(len(a), 16, 16).clone()
        A[:, 0] = -a
        return torch.linalg.eigvals(A).abs().amax(-1)

    radius = roots()
    clear = (radius - 1).abs() > 1e-6
    differences = ((schur_cohn_stable(a) != (radius < 1)) & clear).double()
    bench.row(
        "stability of 4096 polynomials of degree 16, float64",
        compare(differences, torch.zeros(len(a), dtype=torch.float64), 0.0),
        floor_seconds(8.0 * a.numel(), 3.0 * 16 * 16 / 2 * len(a)),
        {"derivable": lambda: schur_cohn_stable(a), "eigenvalues of companion matrices": roots},
    )


def flatness(bench: Comparison) -> None:
    """Claim C9: the same length, more states; the first row is d = 8, so that the ratios are to it."""
    cases = {states: coefficients(states) for states in (8, 16, 64, 256, 1024)}
    a, b = cases[1024]
    bench.row(
        f"the same kernel for more states, {CHANNELS} channels, length {LENGTH}, float32",
        compare(rtf_kernel(a[:2], b[:2], LENGTH), reference_rtf_kernel(a[:2], b[:2], LENGTH), allowed(a, b)),
        floor_seconds(4.0 * CHANNELS * LENGTH, CHANNELS * 3 * TRANSFORM),
        {f"d = {states}": (lambda pair=pair: rtf_kernel(*pair, LENGTH)) for states, pair in cases.items()},
    )


if __name__ == "__main__":
    main()
