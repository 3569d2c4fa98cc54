"""Steps of recurrent networks against their formulas, and Jacobians against automatic differentiation."""

from typing import Any

import pytest
import torch
from torch import Tensor

from derivable.kernels.rnn_steps import gru_jacobian, gru_step, tanh_jacobian, tanh_step
from derivable.numerics import compare

from .kernel_case import KernelCase


class StepCase(KernelCase):
    """States and inputs ``[..., d]``; the matrices are the same for every row."""

    dtypes = (torch.float64, torch.float32)
    inputs_per_state = 1

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        u = self.random(*batch, self.inputs_per_state * size, dtype=dtype, seed=1)
        return self.random(*batch, size, dtype=dtype), u

    def matrices(self, like: Tensor, *leading: int) -> Tensor:
        d = like.shape[-1]
        scale = max(d, 1) ** 0.5
        return (self.random(*leading, d, d, dtype=torch.float64, seed=2) / scale).to(like)

    def condition(self, size: int) -> float:
        # products of d terms against their sum, of moderate size here
        return 8.0


class TestTanh(StepCase):
    """tanh(Ax + u)."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return tanh_step(*inputs, self.matrices(inputs[0]))

    def reference(self, *inputs: Tensor) -> Tensor:
        x, u = (t.double() for t in inputs)
        A = self.matrices(inputs[0]).double()
        return torch.stack([torch.tanh((A[i] * x).sum() + u[i]) for i in range(len(x))])


class TestTanhJacobian(TestTanh):
    """By automatic differentiation."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return tanh_jacobian(*inputs, self.matrices(inputs[0]))

    def reference(self, *inputs: Tensor) -> Tensor:
        A = self.matrices(inputs[0]).double()
        x, u = (t.double() for t in inputs)
        return torch.autograd.functional.jacobian(lambda x: tanh_step(x, u, A), x)


class TestGru(StepCase):
    """(1 - z) h + z tanh(u_h + U_h (r h))."""

    inputs_per_state = 3

    def kernel(self, *inputs: Tensor) -> Tensor:
        return gru_step(*inputs, self.matrices(inputs[0], 3))

    def reference(self, *inputs: Tensor) -> Tensor:
        h, u = (t.double() for t in inputs)
        d = len(h)
        Uz, Ur, Uh = self.matrices(inputs[0], 3).double()
        z, r = 1 / (1 + torch.exp(-u[:d] - Uz @ h)), 1 / (1 + torch.exp(-u[d : 2 * d] - Ur @ h))
        return h + z * (torch.tanh(u[2 * d :] + Uh @ (r * h)) - h)


class TestGruJacobian(TestGru):
    """By automatic differentiation."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        return gru_jacobian(*inputs, self.matrices(inputs[0], 3))

    def reference(self, *inputs: Tensor) -> Tensor:
        U = self.matrices(inputs[0], 3).double()
        h, u = (t.double() for t in inputs)
        return torch.autograd.functional.jacobian(lambda h: gru_step(h, u, U), h)


def test_rows_of_the_matrix_are_scaled() -> None:
    """Scaled columns are another matrix."""
    A, u = torch.tensor([[0.0, 1.0], [1.0, 0.0]]), torch.tensor([0.0, 30.0])
    assert torch.equal(tanh_jacobian(torch.zeros(2), u, A), torch.tensor([[0.0, 1.0], [0.0, 0.0]]))


def test_half_of_the_state_is_kept_where_all_gates_are_half_open() -> None:
    U = torch.randn(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    J = gru_jacobian(torch.zeros(4, dtype=torch.float64), torch.zeros(12, dtype=torch.float64), U)
    assert compare(J, torch.eye(4) / 2 + U[2] / 4, 1e-16).ok


def test_torch_gru_cell_up_to_the_places_of_the_gates() -> None:
    """With r = 1 the two forms of the reset gate agree: W of r large."""
    cell = torch.nn.GRUCell(2, 3, dtype=torch.float64)
    with torch.no_grad():
        cell.bias_ih[:3] = 100
    x, h = torch.randn(5, 2, dtype=torch.float64), torch.randn(5, 3, dtype=torch.float64)
    r, z, n = (x @ cell.weight_ih.T + cell.bias_ih).chunk(3, -1)
    U_r, U_z, U_n = cell.weight_hh.chunk(3)
    b_r, b_z, b_n = cell.bias_hh.chunk(3)
    # torch keeps z of the state, where we keep 1 - z
    u = torch.cat([-(z + b_z), r + b_r, n + b_n], -1)
    assert compare(gru_step(h, u, torch.stack([-U_z, U_r, U_n])).detach(), cell(x, h).detach(), 1e-13).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda x: tanh_step(x, x, torch.ones(3, 2)),
            ValueError,
            "tanh_step: A.shape is (3, 2), expected (2, 2); give the matrix of the recurrence for the d = 2 of x.",
        ),
        (
            lambda x: tanh_jacobian(x, torch.ones(3), torch.ones(2, 2)),
            ValueError,
            "tanh_jacobian: u.shape is (3,), expected a last dimension of 2; multiply the inputs by their matrix first.",
        ),
        (
            lambda x: gru_step(x, x, torch.ones(3, 2, 2)),
            ValueError,
            "gru_step: u.shape is (5, 2), expected a last dimension of 6; multiply the inputs by their matrix first.",
        ),
        (
            lambda x: gru_jacobian(x, torch.ones(6), torch.ones(2, 2)),
            ValueError,
            "gru_jacobian: U.shape is (2, 2), expected [3, d, d]; add the missing dimensions with reshape.",
        ),
        (
            lambda x: gru_step(x, torch.ones(6, dtype=torch.float64), torch.ones(3, 2, 2)),
            TypeError,
            "gru_step: u.dtype is float64, expected float32 like h; convert it with .to(torch.float32).",
        ),
        (
            lambda x: gru_step(x, torch.ones(4, 6), torch.ones(3, 2, 2)),
            ValueError,
            "gru_step: the shapes of h and u is (5, 2) and (4, 6), "
            "expected dimensions before the last that broadcast; insert ones.",
        ),
        (
            lambda x: tanh_step(x.long(), x, torch.ones(2, 2)),
            TypeError,
            "tanh_step: x.dtype is int64, expected float32 or float64 or bfloat16; convert it with .to(torch.float32).",
        ),
    ],
)
def test_messages(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(torch.ones(5, 2))
    assert str(caught.value) == message


def test_annotations_hold(checked) -> None:
    assert checked(tanh_step)(torch.ones(5, 2), torch.ones(2), torch.ones(2, 2)).shape == (5, 2)
    assert checked(gru_jacobian)(torch.ones(5, 2), torch.ones(6), torch.ones(3, 2, 2)).shape == (5, 2, 2)
