"""What every kernel must do, inherited by each kernel's test: give ``kernel``, ``reference``, ``inputs``."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor

from derivable.numerics import compare, rounding_bound

WIDE = {torch.bfloat16: torch.float32}


class KernelCase:
    """Checks of a kernel of real tensors ``[..., n]`` (the last one, or those named, batched).

    A subclass defines the kernel as a function of tensors, the naive reference, inputs of a size and dtype,
    and the number of rounded operations on the way to a result with its condition.
    """

    sizes: ClassVar[tuple[int, ...]] = (1, 2, 7, 32)
    dtypes: ClassVar[tuple[torch.dtype, ...]] = (torch.float64, torch.float32, torch.bfloat16)
    batched = True
    zero_size: ClassVar[type[Exception] | None] = None
    """Error for size 0; None if the kernel takes it."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        raise NotImplementedError

    def reference(self, *inputs: Tensor) -> Tensor:
        """Return the float64 truth for one row."""
        raise NotImplementedError

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        raise NotImplementedError

    def operations(self, size: int) -> int:
        return 10 * size + 20

    def condition(self, size: int) -> float:
        return 1.0

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        """Bound the error: rounding of the work, scaled by the largest result, plus that of the result."""
        scale = float(truth.abs().max()) if truth.numel() else 0.0
        work = rounding_bound(WIDE.get(dtype, dtype), self.operations(size), self.condition(size), scale)
        return work + rounding_bound(dtype, 1, scale=scale)

    @staticmethod
    def random(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)

    def test_agrees_with_reference(self) -> None:
        for size in self.sizes:
            for dtype in self.dtypes:
                inputs = self.inputs(size, dtype)
                result = self.kernel(*inputs)
                truth = self.reference(*inputs)
                agreement = compare(result, truth, self.allowed(size, dtype, truth))
                assert agreement.ok, f"size {size}: {agreement}"

    def test_keeps_dtype(self) -> None:
        for dtype in self.dtypes:
            result = self.kernel(*self.inputs(self.sizes[-1], dtype))
            assert result.dtype == self.result_dtype(dtype)

    def result_dtype(self, dtype: torch.dtype) -> torch.dtype:
        return dtype

    def rows(self, inputs: tuple[Tensor, ...], index: tuple[int, ...]) -> tuple[Tensor, ...]:
        return tuple(t[index] for t in inputs)

    def row(self, result: Tensor, index: tuple[int, ...]) -> Tensor:
        return result[index]

    def test_batch_is_a_loop(self) -> None:
        if not self.batched:
            pytest.skip("this kernel has no batch")
        size = self.sizes[-1]
        inputs = self.inputs(size, torch.float64, (2, 3))
        result = self.kernel(*inputs)
        for index in ((0, 0), (1, 2)):
            truth = self.kernel(*self.rows(inputs, index))
            agreement = compare(self.row(result, index), truth, self.allowed(size, torch.float64, truth))
            assert agreement.ok, agreement

    def test_non_contiguous(self) -> None:
        size = self.sizes[-1]
        inputs = self.inputs(size, torch.float64)
        strided = tuple(torch.stack([t, torch.full_like(t, torch.nan)], -1)[..., 0] for t in inputs)
        assert any(not t.is_contiguous() for t in strided)
        truth = self.kernel(*inputs)
        agreement = compare(self.kernel(*strided), truth, self.allowed(size, torch.float64, truth))
        assert agreement.ok, agreement

    def test_inputs_stay_untouched(self) -> None:
        inputs = self.inputs(self.sizes[-1], torch.float64)
        copies = [t.clone() for t in inputs]
        self.kernel(*inputs)
        assert all(torch.equal(t, copy) for t, copy in zip(inputs, copies, strict=True))

    def test_size_zero(self) -> None:
        if self.zero_size is None:
            assert self.kernel(*self.inputs(0, torch.float64)).numel() == 0
            return
        with pytest.raises(self.zero_size, match="expected"):
            self.kernel(*self.inputs(0, torch.float64))

    def test_first_and_second_derivatives(self) -> None:
        inputs = tuple(t.requires_grad_() for t in self.inputs(min(4, self.sizes[-1]), torch.float64))
        check(torch.autograd.gradcheck, self.kernel, inputs)
        check(torch.autograd.gradgradcheck, self.kernel, inputs)

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
    def test_cuda_agrees_with_cpu(self) -> None:
        for size in self.sizes:
            inputs = self.inputs(size, torch.float64)
            truth = self.kernel(*inputs)
            result = self.kernel(*(t.cuda() for t in inputs))
            assert result.is_cuda
            agreement = compare(result.cpu(), truth, 2 * self.allowed(size, torch.float64, truth))
            assert agreement.ok, f"size {size}: {agreement}"


def check(checker: Callable[..., bool], kernel: Callable[..., Any], inputs: tuple[Tensor, ...]) -> None:
    assert checker(kernel, inputs, check_undefined_grad=False)
