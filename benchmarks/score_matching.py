"""Scores of Gaussian mixtures beside autograd of torch.distributions and the [B, K, d] broadcast; score matching losses."""

from collections.abc import Callable

import torch
from _measure import Comparison, floor_seconds

from derivable.kernels.gaussian_mixture import gmm_noised, gmm_sample, gmm_score, reference_gmm_score
from derivable.kernels.score_matching import batch_score, csm_loss, reference_batch_score, sm_loss
from derivable.numerics import compare, rounding_bound

Mixture = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def mixture(K: int, d: int, dtype: torch.dtype) -> Mixture:
    generator = torch.Generator().manual_seed(0)
    mu = torch.randn(K, d, generator=generator, dtype=dtype)
    return mu, 0.5 + torch.rand(K, generator=generator, dtype=dtype), torch.randn(K, generator=generator, dtype=dtype)


def autograd_score(x: torch.Tensor, mu: torch.Tensor, var: torch.Tensor, logw: torch.Tensor) -> torch.Tensor:
    """Autograd of MixtureSameFamily.log_prob."""
    normal = torch.distributions.Normal(mu, var.sqrt()[:, None].expand(mu.shape), validate_args=False)
    law = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=logw, validate_args=False),
        torch.distributions.Independent(normal, 1, validate_args=False),
        validate_args=False,
    )
    x = x.detach().requires_grad_()
    return torch.autograd.grad(law.log_prob(x).sum(), x)[0]


def broadcast_score(x: torch.Tensor, mu: torch.Tensor, var: torch.Tensor, logw: torch.Tensor) -> torch.Tensor:
    """The formula as written, with all differences in memory."""
    shift = mu - x[:, None, :]  # [B, K, d]
    joint = logw - 0.5 * mu.shape[-1] * var.log() - shift.square().sum(-1) / (2 * var)
    return ((joint.softmax(-1) / var)[..., None] * shift).sum(1)


def allowed_error(x: torch.Tensor, parts: Mixture) -> torch.Tensor:
    """The bound of the docstring of gmm_score, with the slopes of each coordinate."""
    x, (mu, var, _) = x.double(), (part.double() for part in parts)
    dtype = parts[0].dtype
    ratio = ((x - mu.mean(0)).square().sum(-1, keepdim=True) + (mu - mu.mean(0)).square().sum(-1)) / var  # [B, K]
    exponents = ratio.max(-1, keepdim=True).values * rounding_bound(dtype, x.shape[-1] + 8)
    slopes = ((mu - x[:, None, :]).abs() / var[:, None]).max(1).values
    return (2 * exponents + rounding_bound(dtype, len(mu) + 4)) * slopes


def explicit_score_matching(model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Hyvärinen's loss ½‖s‖² + tr ∂s/∂x, the trace by d backward passes."""
    x = x.detach().requires_grad_()
    value = model(x)
    trace = torch.zeros(len(x), dtype=x.dtype)
    for i in range(x.shape[-1]):
        trace = trace + torch.autograd.grad(value[:, i].sum(), x, create_graph=True)[0][:, i]
    return (value.square().sum(-1) / 2 + trace).mean()


def sliced_score_matching(model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """The same with Hutchinson's estimate of the trace, one direction for each sample."""
    x = x.detach().requires_grad_()
    value, direction = model(x), torch.randn_like(x)
    (slope,) = torch.autograd.grad((value * direction).sum(), x, create_graph=True)
    return (value.square().sum(-1) / 2 + (slope * direction).sum(-1)).mean()


def gradient(loss: torch.Tensor, network: torch.nn.Module) -> list[torch.Tensor]:
    # the last bias has no derivative of its own in a trace
    return list(torch.autograd.grad(loss, list(network.parameters()), allow_unused=True))


def main() -> None:
    bench = Comparison("score_matching")
    for B, K, d, dtype in ((4096, 512, 64, torch.float32), (4096, 512, 64, torch.float64), (65536, 8, 2, torch.float32)):
        parts = mixture(K, d, dtype)
        x = gmm_sample(B, *parts, torch.Generator().manual_seed(1))
        few = slice(0, 64)
        agreement = compare(gmm_score(x[few], *parts), reference_gmm_score(x[few], *parts), allowed_error(x[few], parts))
        width = torch.finfo(dtype).bits // 8
        bench.row(
            f"score of a mixture, B = {B}, K = {K}, d = {d}, {str(dtype).removeprefix('torch.')}",
            agreement,
            floor_seconds(width * (2.0 * B * d + B * K), 4.0 * B * K * d),
            {
                "derivable": lambda x=x, parts=parts: gmm_score(x, *parts),
                "MixtureSameFamily, autograd": lambda x=x, parts=parts: autograd_score(x, *parts),
                "[B, K, d] broadcast": lambda x=x, parts=parts: broadcast_score(x, *parts),
            },
        )
    data = torch.randn(256, 64, generator=torch.Generator().manual_seed(2))
    x = data[:64] + 2 * torch.randn(64, 64, generator=torch.Generator().manual_seed(3))
    atoms = data, torch.full((256,), 4.0), torch.zeros(256)
    agreement = compare(batch_score(x, data, 1.0, 2.0), reference_batch_score(x, data, 1.0, 2.0), allowed_error(x, atoms))
    bench.row(
        "batch score, 64 points, 256 data points, d = 64",
        agreement,
        floor_seconds(4.0 * (320 * 64 + 64 * 256), 4.0 * 64 * 256 * 64),
        {
            "derivable": lambda: batch_score(x, data, 1.0, 2.0),
            "[B, K, d] broadcast": lambda: broadcast_score(x, *atoms),
        },
    )
    losses(bench)
    bench.finish()


def losses(bench: Comparison) -> None:
    """Loss and gradient of an MLP, d = 64, batch 256, in the ways in which a score is learned."""
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(64, 256), torch.nn.SiLU(), torch.nn.Linear(256, 64))
    parts = mixture(16, 64, torch.float32)
    x0 = gmm_sample(256, *parts, torch.Generator().manual_seed(1))
    eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(2))
    noised = gmm_noised(*parts, 0.8, 0.6)
    x = 0.8 * x0 + 0.6 * eps
    ours = csm_loss(network, x0, 0.8, 0.6, eps, reduction="none")
    truth = (-(x - 0.8 * x0).double() / 0.36 - network(x).double()).square().sum(-1)
    # the target loses to the difference x - a x0 what that rounds: |x| u/b², squared with the length of the target
    allowed = rounding_bound(torch.float32, 80, scale=float(truth.detach().max()) * 4)
    bench.row(
        "loss and gradient of an MLP, d = 64, B = 256",
        compare(ours.detach(), truth.detach(), allowed),
        floor_seconds(4.0 * 2 * 64 * 256, 6.0 * 2 * 256 * 64 * 256),
        {
            "conditional (csm_loss)": lambda: gradient(csm_loss(network, x0, 0.8, 0.6, eps), network),
            "known score (sm_loss)": lambda: gradient(sm_loss(network, x, lambda at: gmm_score(at, *noised)), network),
            "noise prediction (MSE)": lambda: gradient(torch.nn.functional.mse_loss(network(x), -eps / 0.6), network),
            "sliced (Hutchinson)": lambda: gradient(sliced_score_matching(network, x), network),
            "explicit trace (Hyvärinen)": lambda: gradient(explicit_score_matching(network, x), network),
        },
    )


if __name__ == "__main__":
    main()
