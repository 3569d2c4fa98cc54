"""Causal attention block by block beside torch's scaled dot product attention, and all prefixes of one query, on the CPU."""

import torch
from _measure import Comparison, floor_seconds
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from derivable.kernels.online_attention import (
    attention_online,
    attention_scan,
    reference_attention_online,
    reference_attention_scan,
)
from derivable.numerics import compare, rounding_bound


def peer(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True, scale=1.0)[0]


def plain(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    with sdpa_kernel(SDPBackend.MATH):
        return peer(q, k, v)


def bound(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, blocks: int) -> float:
    """The bound of rounding that the kernels state."""
    size = float((q.double().abs() @ k.double().abs().mT).max())
    scale = float(v.double().abs().max())
    operations = 2 * ((q.shape[-1] + 4) * size + v.shape[-2] + 4 * blocks + 8)
    return rounding_bound(torch.float32, int(operations) + 1, scale=scale) + rounding_bound(v.dtype, 1, scale=scale)


def backward(attention, *tensors: torch.Tensor) -> None:
    inputs = [t.detach().requires_grad_() for t in tensors]
    torch.autograd.backward(attention(*inputs), torch.ones_like(tensors[2]))


def main() -> None:
    bench = Comparison("online_attention")
    generator = torch.Generator().manual_seed(0)
    for heads, length, dtype in ((8, 2048, torch.float32), (64, 256, torch.float32), (8, 2048, torch.bfloat16)):
        q, k, v = (torch.randn(heads, length, 64, generator=generator) for _ in range(3))
        q, k, v = ((q / 8).to(dtype), k.to(dtype), v.to(dtype))
        truth = reference_attention_online(q, k, v)
        # q, k, v and o once; half of the 2 · 2 · L² d operations of the two products, for each head
        floor = floor_seconds(4.0 * q.element_size() * q.numel(), 2.0 * heads * length**2 * 64)
        name = str(dtype).removeprefix("torch.")
        agreement = compare(attention_online(q, k, v), truth, bound(q, k, v, -(-length // 128)))
        bench.row(
            f"{heads} heads, L = {length}, d = 64, {name}",
            agreement,
            floor,
            {
                "derivable": lambda q=q, k=k, v=v: attention_online(q, k, v),
                "torch, fused": lambda q=q, k=k, v=v: peer(q, k, v),
                "torch, all scores at once": lambda q=q, k=k, v=v: plain(q, k, v),
            },
        )
        if dtype == torch.float32:
            bench.row(
                f"{heads} heads, L = {length}, d = 64, forward and backward",
                agreement,
                3.5 * floor,
                {
                    "derivable": lambda q=q, k=k, v=v: backward(attention_online, q, k, v),
                    "torch, fused": lambda q=q, k=k, v=v: backward(peer, q, k, v),
                    "torch, all scores at once": lambda q=q, k=k, v=v: backward(plain, q, k, v),
                },
            )
    q, k, v = (torch.randn(*shape, generator=generator) for shape in ((64,), (4096, 64), (4096, 64)))
    q = q / 8
    bench.row(
        "all prefixes of one query, L = 4096, d = 64, float32",
        compare(attention_scan(q, k, v), reference_attention_scan(q, k, v), bound(q[None], k, v, 4096)),
        floor_seconds(3 * 4.0 * v.numel(), 7.0 * v.numel()),
        {
            "derivable": lambda: attention_scan(q, k, v),
            "torch, fused, the query repeated": lambda: peer(q.expand(1, 4096, 64), k[None], v[None]),
            "derivable, the query repeated": lambda: attention_online(q.expand(4096, 64), k, v),
        },
    )
    bench.finish()


if __name__ == "__main__":
    main()
