"""Sweeps against the loop in double precision: prefixes, convergence, gradients of the solution, bad input."""

import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import derivable.kernels._memory as memory
from derivable.kernels.parallel_rnn import UNITS, VARIANTS, parallel_rnn, rnn_sequential
from derivable.kernels.rnn_steps import gru_jacobian, gru_step, tanh_jacobian, tanh_step
from derivable.numerics import compare, rounding_bound

from .kernel_case import KernelCase

WIDE = torch.float64
Step = Callable[[Tensor, Tensor], Tensor]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Operations of a few numbers wait longer for a second thread than they take."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def draw(*shape: int, dtype: torch.dtype = WIDE, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=WIDE).to(dtype)


def matrix(d: int, rho: float, seed: int = 1, dtype: torch.dtype = WIDE) -> Tensor:
    """A matrix of spectral norm rho."""
    A = draw(d, d, seed=seed)
    return (A * rho / torch.linalg.matrix_norm(A, 2)).to(dtype)


def network(A: Tensor) -> Step:
    return lambda x, u: tanh_step(x, u, A)


def loop(u: Tensor, x: Tensor, A: Tensor) -> Tensor:
    """x_t = tanh(A x_{t-1} + u_t) in float64."""
    states, x = [], x.double()
    for t in range(u.shape[-2]):
        x = torch.tanh((A.double() @ x[..., None])[..., 0] + u[..., t, :].double())
        states.append(x)
    return torch.stack(states, -2) if states else x.new_empty(*u.shape[:-1], A.shape[0])


def step_rounding(d: int, dtype: torch.dtype) -> float:
    """A bound on what one step in max norm rounds, |Ax| at most 1 here: d + 1 products and sums, tanh to 4 units."""
    return rounding_bound(dtype, d + 5)


class TanhCase(KernelCase):
    """Three coordinates and a matrix of max norm 1/2: what a step is off by is at most doubled along the way."""

    sizes = (1, 2, 7, 33, 100)
    dtypes = (torch.float64, torch.float32)
    variant = "newton"
    A = draw(3, 3, seed=4)
    A = A / A.abs().sum(1).max() / 2

    def kernel(self, *inputs: Tensor) -> Tensor:
        u, x = inputs
        return parallel_rnn(network(self.A.to(u)), u, x, variant=self.variant, derivatives=2).states

    def reference(self, *inputs: Tensor) -> Tensor:
        return loop(*inputs, self.A)

    def inputs(self, size: int, dtype: torch.dtype, batch: tuple[int, ...] = ()) -> tuple[Tensor, ...]:
        return draw(*batch, size, 3, dtype=dtype), draw(*batch, 3, dtype=dtype, seed=2)

    def allowed(self, size: int, dtype: torch.dtype, truth: Tensor) -> float:
        # A itself is rounded to the dtype, by half a unit of Ax
        return 2 * (UNITS * torch.finfo(dtype).eps + 2 * step_rounding(3, dtype))


class TestNewton(TanhCase):
    """The Jacobian at the last iterate."""


class TestPlus1(TanhCase):
    """The Jacobian at 0 and the input."""

    variant = "plus1"


class TestBase(TanhCase):
    """The Jacobian at 0."""

    variant = "base"


class TestPicard(TanhCase):
    """No matrix."""

    variant = "picard"


class TestSequential(TanhCase):
    """The loop itself."""

    def kernel(self, *inputs: Tensor) -> Tensor:
        u, x = inputs
        return rnn_sequential(network(self.A.to(u)), u, x)


@settings(max_examples=60, deadline=None)
@given(
    T=st.integers(1, 80),
    d=st.integers(1, 5),
    rho=st.floats(0.1, 4),
    variant=st.sampled_from(VARIANTS),
    dtype=st.sampled_from([torch.float64, torch.float32]),
    far=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_every_state_follows_from_the_one_before(
    T: int, d: int, rho: float, variant: str, dtype: torch.dtype, far: bool, seed: int
) -> None:
    """At any size of the matrix and from any start: T sweeps are enough, whatever the states do before."""
    A, u, x = matrix(d, rho, seed, dtype), draw(2, T, d, dtype=dtype, seed=seed + 1), draw(2, d, dtype=dtype, seed=seed + 2)
    start = 100 * draw(2, T, d, dtype=dtype, seed=seed + 3) if far else None
    result = parallel_rnn(network(A), u, x, variant=variant, start=start)
    assert result.converged
    assert result.sweeps <= T
    assert result.residuals.shape == (result.sweeps + 1, 2)
    assert torch.equal(result.settled, torch.tensor([T, T]))
    before = torch.cat([x[:, None], result.states[:, :-1]], 1).double()
    truth = torch.tanh(before @ A.double().T + u.double())
    # states are at most 1, and x_0 at most 5 in modulus
    allowed = UNITS * torch.finfo(dtype).eps + 5 * rho * d**0.5 * step_rounding(d, dtype)
    assert compare(result.states, truth, allowed).ok


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("rho", "T"), [(0.5, 40), (2.0, 40), (12.0, 60)])
def test_what_is_exact_is_never_touched_again(rho: float, T: int, variant: str, dtype: torch.dtype) -> None:
    """Claim ssm/nonlinear_rnn/C2 in floating point: after n sweeps the first n states are final to the last bit.

    For rho = 12 the other states overflow in float32 on the way.
    """
    A, u, x = matrix(8, rho, dtype=dtype), draw(T, 8, dtype=dtype), torch.zeros(8, dtype=dtype)
    options: dict[str, Any] = {"variant": variant, "jacobian": lambda x, u: tanh_jacobian(x, u, A), "tolerance": 1e-300}
    final = parallel_rnn(network(A), u, x, **options).states
    for n in (1, 2, 10, T // 2, T - 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            result = parallel_rnn(network(A), u, x, max_sweeps=n, **options)
        assert result.exact_prefix == min(n, result.sweeps)
        assert torch.equal(result.states[: result.exact_prefix], final[: result.exact_prefix])
        assert int(result.settled) >= result.exact_prefix


def test_transients_overflow_and_leave_again() -> None:
    A, u, x = matrix(8, 12, dtype=torch.float32), draw(60, 8, dtype=torch.float32), torch.zeros(8)
    result = parallel_rnn(network(A), u, x, variant="base")
    assert not result.residuals.isfinite().all()
    assert result.converged
    assert result.states.isfinite().all()


def test_newton_needs_few_sweeps_and_the_others_more() -> None:
    A, u, x = matrix(8, 0.9), draw(200, 8), torch.zeros(8, dtype=WIDE)
    sweeps = {variant: parallel_rnn(network(A), u, x, variant=variant).sweeps for variant in VARIANTS}
    assert sweeps["newton"] < sweeps["plus1"] < sweeps["picard"] < sweeps["base"] < 200


def test_an_affine_step_takes_one_sweep() -> None:
    """Newton's method solves linear equations at once."""
    A, u, x = matrix(4, 0.9), draw(50, 4), draw(4, seed=3)
    for variant in ("base", "plus1", "newton"):
        assert parallel_rnn(lambda x, u: x @ A.T + u, u, x, variant=variant).sweeps == 1


def test_a_solution_as_start_needs_no_sweep() -> None:
    A, u, x = matrix(4, 0.9), draw(50, 4), draw(4, seed=3)
    result = parallel_rnn(network(A), u, x, start=rnn_sequential(network(A), u, x))
    assert result.sweeps == 0
    assert result.exact_prefix == 0
    assert result.converged


@pytest.mark.parametrize("variant", VARIANTS)
def test_jacobians_by_hand_and_by_torch_agree(variant: str) -> None:
    A, u, x = matrix(4, 0.9), draw(2, 50, 4), draw(2, 4, seed=3)
    by_hand = parallel_rnn(network(A), u, x, variant=variant, jacobian=lambda x, u: tanh_jacobian(x, u, A))
    assert compare(by_hand.states, parallel_rnn(network(A), u, x, variant=variant).states, 1e-13).ok


@pytest.mark.parametrize("variant", VARIANTS)
def test_diagonal_jacobians(variant: str) -> None:
    """A step that acts coordinate by coordinate, with an elementwise scan: far wider than matrices would allow."""
    a, u, x = draw(3000).clamp(-0.9, 0.9).requires_grad_(), draw(60, 3000), draw(3000, seed=3)

    def step(x: Tensor, u: Tensor) -> Tensor:
        return torch.sin(a * x) + u

    result = parallel_rnn(step, u, x, variant=variant, jacobian=lambda x, u: a * torch.cos(a * x))
    truth = rnn_sequential(step, u, x)
    # |a| ≤ 0.9: what a step is off by grows at most tenfold; states are below 10
    assert compare(result.states.detach(), truth.detach(), 10 * 10 * UNITS * torch.finfo(WIDE).eps).ok
    got, want = (torch.autograd.grad((states * draw(60, 3000, seed=7)).sum(), a)[0] for states in (result.states, truth))
    assert compare(got, want, 1e-9).ok


def test_gated_unit_with_inputs_of_another_width() -> None:
    U, W, b = draw(3, 5, 5, seed=8) / 3, draw(15, 2, seed=9), draw(15, seed=10)
    inputs, h = draw(3, 60, 2), draw(3, 5, seed=3)

    def step(h: Tensor, x: Tensor) -> Tensor:
        return gru_step(h, x @ W.T + b, U)

    truth = rnn_sequential(step, inputs, h)
    for variant in VARIANTS:
        assert compare(parallel_rnn(step, inputs, h, variant=variant).states, truth, 1e-11).ok
    by_hand = parallel_rnn(step, inputs, h, jacobian=lambda h, x: gru_jacobian(h, x @ W.T + b, U))
    assert compare(by_hand.states, truth, 1e-12).ok


# -- gradients ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_gradients_are_those_of_the_loop(variant: str) -> None:
    """In weights that the step closes over, in inputs and in the initial state, shared by the sequences of a batch."""
    leaves = [t.requires_grad_() for t in (matrix(4, 0.9), draw(3, 50, 4), draw(4, seed=3))]
    A, u, x = leaves
    weight = draw(3, 50, 4, seed=5)
    result = torch.autograd.grad((parallel_rnn(network(A), u, x, variant=variant).states * weight).sum(), leaves)
    truth = torch.autograd.grad((rnn_sequential(network(A), u, x) * weight).sum(), leaves)
    for got, want in zip(result, truth, strict=True):
        # states are off by at most 10 · 256 units, their second derivatives are of the size of the gradient
        assert compare(got, want, 10 * 10 * UNITS * torch.finfo(WIDE).eps * float(want.abs().max())).ok


def test_first_and_second_derivatives_in_the_weights() -> None:
    A, u, x = matrix(3, 1.5).requires_grad_(), draw(2, 4, 3).requires_grad_(), draw(2, 3, seed=3).requires_grad_()

    def run(A: Tensor, u: Tensor, x: Tensor, derivatives: int = 2) -> Tensor:
        return parallel_rnn(network(A), u, x, derivatives=derivatives).states

    assert torch.autograd.gradcheck(lambda *t: run(*t, derivatives=1), (A, u, x))
    assert torch.autograd.gradcheck(run, (A, u, x))
    assert torch.autograd.gradgradcheck(run, (A, u, x))


def test_values_do_not_depend_on_who_asks_for_gradients() -> None:
    A, u, x = matrix(4, 0.9), draw(50, 4), draw(4, seed=3)
    plain = parallel_rnn(network(A), u, x).states
    for derivatives in (1, 2):
        assert torch.equal(parallel_rnn(network(A.clone().requires_grad_()), u, x, derivatives=derivatives).states, plain)
    assert not plain.requires_grad
    with torch.no_grad():
        assert not parallel_rnn(network(A.clone().requires_grad_()), u, x).states.requires_grad


def test_the_graph_does_not_grow_with_the_sweeps() -> None:
    A, u, x = matrix(4, 0.9).requires_grad_(), draw(50, 4), draw(4, seed=3)
    recorded = []

    def step(x: Tensor, u: Tensor) -> Tensor:
        recorded.append(torch.is_grad_enabled())
        return tanh_step(x, u, A)

    result = parallel_rnn(step, u, x, variant="base", jacobian=lambda x, u: tanh_jacobian(x, u, A))
    assert result.sweeps > 10
    assert sum(recorded) == 1


def test_no_gradient_of_what_has_not_converged() -> None:
    A, u, x = matrix(4, 0.9).requires_grad_(), draw(50, 4), draw(4, seed=3)
    with pytest.warns(RuntimeWarning, match="residual is"):
        result = parallel_rnn(network(A), u, x, max_sweeps=2)
    assert not result.converged
    with pytest.raises(ArithmeticError, match=r"^parallel_rnn: no gradient at states that solve nothing: .* raise max_sweeps"):
        result.states.sum().backward()


def test_second_derivatives_are_refused_unless_asked_for() -> None:
    A, u, x = matrix(4, 0.9).requires_grad_(), draw(50, 4), draw(4, seed=3)
    total = parallel_rnn(network(A), u, x).states.sum()
    with pytest.raises(RuntimeError) as caught:
        torch.autograd.grad(total, A, create_graph=True)
    assert str(caught.value) == (
        "parallel_rnn: derivatives is 1, expected 2 for backward with create_graph=True; "
        "pass derivatives=2 for derivatives of gradients."
    )


# -- sizes, values, arguments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_one_step_one_coordinate_and_none(variant: str) -> None:
    a = torch.tensor([[0.7]])
    one = parallel_rnn(network(a), torch.tensor([[0.3]]), torch.tensor([0.2]), variant=variant)
    assert one.sweeps == 1
    assert torch.equal(one.states, tanh_step(torch.tensor([[0.2]]), torch.tensor([[0.3]]), a))
    for batch, T in (((), 0), ((2, 3), 0), ((0,), 5)):
        none = parallel_rnn(network(a), torch.zeros(*batch, T, 1), torch.zeros(1), variant=variant)
        assert none.states.shape == (*batch, T, 1)
        assert (none.sweeps, none.converged, none.exact_prefix) == (0, True, 0)
        assert none.residuals.shape == (1, *batch)
        assert torch.equal(none.settled, torch.zeros(batch, dtype=torch.int64))
        assert rnn_sequential(network(a), torch.zeros(*batch, T, 1), torch.zeros(1)).shape == (*batch, T, 1)


def test_leading_dimensions_broadcast() -> None:
    A, u, x = matrix(3, 0.9), draw(2, 1, 20, 3), draw(4, 3, seed=3)
    result = parallel_rnn(network(A), u, x)
    assert result.states.shape == (2, 4, 20, 3)
    assert result.residuals.shape == (result.sweeps + 1, 2, 4)
    truth = loop(u.expand(2, 4, 20, 3), x.expand(2, 4, 3), A)
    assert compare(result.states, truth, 1e-12).ok


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_input_that_is_nan_spoils_its_sequence_from_there_on(variant: str) -> None:
    A, u, x = matrix(3, 0.9), draw(3, 40, 3), torch.zeros(3, dtype=WIDE)
    truth = parallel_rnn(network(A), u, x, variant=variant, tolerance=1e-300).states
    u[1, 25, 0] = math.nan
    result = parallel_rnn(network(A), u, x, variant=variant, tolerance=1e-300)
    assert result.converged
    assert torch.equal(result.settled, torch.tensor([40, 25, 40]))
    assert torch.equal(result.states[1, :25], truth[1, :25])
    assert torch.equal(result.states[::2], truth[::2])
    assert result.states[1, 25:].isnan().any(-1).all()


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_an_infinite_input_is_what_the_step_makes_of_it(variant: str, value: float) -> None:
    A, u, x = matrix(3, 0.9), draw(2, 40, 3), torch.zeros(3, dtype=WIDE)
    u[1, 25, 0] = value
    result = parallel_rnn(network(A), u, x, variant=variant, jacobian=lambda x, u: tanh_jacobian(x, u, A))
    assert result.converged
    assert float(result.states[1, 25, 0]) == math.copysign(1, value)
    assert compare(result.states, rnn_sequential(network(A), u, x), 1e-12).ok


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_start_that_is_nan_is_forgotten(variant: str) -> None:
    A, u, x = matrix(3, 0.9), draw(2, 20, 3), torch.zeros(3, dtype=WIDE)
    result = parallel_rnn(network(A), u, x, variant=variant, start=torch.full((20, 3), math.nan, dtype=WIDE))
    assert result.converged
    assert compare(result.states, rnn_sequential(network(A), u, x), 1e-12).ok


def test_weights_that_are_nan_are_no_solution() -> None:
    A, u, x = torch.full((3, 3), math.nan), draw(2, 40, 3, dtype=torch.float32), torch.ones(3)
    with pytest.warns(RuntimeWarning, match=r"residual is nan after 40 sweeps, in 2 of 2 sequences, .* look for NaN"):
        result = parallel_rnn(network(A), u, x, variant="picard")
    assert not result.converged
    assert torch.equal(result.settled, torch.zeros(2, dtype=torch.int64))


def test_what_has_not_converged_is_said() -> None:
    A, u, x = matrix(4, 0.9), draw(2, 50, 4), draw(4, seed=3)
    with pytest.warns(RuntimeWarning) as caught:
        result = parallel_rnn(network(A), u, x, variant="base", max_sweeps=3, tolerance=1e-6)
    worst = float(result.residuals[-1].max())
    assert str(caught[0].message) == (
        f"parallel_rnn: residual is {worst:.2g} after 3 sweeps, in 2 of 2 sequences, expected at most 1e-06; "
        'choose variant="newton", or raise max_sweeps (T = 50 always suffice).'
    )
    assert caught[0].filename == __file__
    assert result.sweeps == result.exact_prefix == 3
    assert int(result.settled.min()) >= 3


def test_matrices_larger_than_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 29)
    with pytest.raises(MemoryError, match=r"^parallel_rnn: the memory for the matrices is 4\.0 GiB, expected at most the 0\.5"):
        parallel_rnn(network(torch.eye(64)), torch.zeros(1 << 17, 1).expand(-1, 64), torch.zeros(64))


def call(**options: Any) -> Any:
    given: dict[str, Any] = {"step": network(torch.eye(3)), "inputs": torch.zeros(2, 5, 3), "initial": torch.ones(3)} | options
    return parallel_rnn(given.pop("step"), given.pop("inputs"), given.pop("initial"), **given)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"variant": "deer"},
            ValueError,
            "variant is 'deer', expected one of 'picard', 'base', 'plus1', 'newton'; choose one of these names.",
        ),
        (
            {"inputs": [0.0]},
            TypeError,
            "inputs is a list, expected a tensor [..., T, m]; convert it with torch.as_tensor.",
        ),
        (
            {"inputs": torch.zeros(3)},
            ValueError,
            "inputs.shape is (3,), expected [..., T, m]; add the missing dimensions with reshape.",
        ),
        (
            {"inputs": torch.zeros(5, 3, dtype=torch.bfloat16)},
            TypeError,
            "inputs.dtype is bfloat16, expected float32 or float64; convert it with .to(torch.float32).",
        ),
        (
            {"initial": torch.zeros(3, dtype=WIDE)},
            TypeError,
            "initial is float64 on cpu, expected float32 on cpu; give both one dtype and device.",
        ),
        (
            {"initial": torch.zeros(4, 3)},
            ValueError,
            "initial.shape is (4, 3), expected leading dimensions that broadcast with those of inputs.shape (2, 5, 3); "
            "give one state a sequence, or one for all.",
        ),
        (
            {"start": torch.zeros(4, 3)},
            ValueError,
            "start.shape is (4, 3), expected one that broadcasts to (2, 5, 3); give a state for every step.",
        ),
        (
            {"max_sweeps": 0},
            ValueError,
            "max_sweeps is 0, expected an integer of at least 1; there is nothing to compute below that.",
        ),
        (
            {"max_sweeps": 2.0},
            TypeError,
            "max_sweeps is 2.0 (float), expected an integer of at least 1; pass a Python int.",
        ),
        (
            {"tolerance": 0.0},
            ValueError,
            "tolerance is 0.0, expected a positive finite number; the formula divides by it.",
        ),
        (
            {"derivatives": 3},
            ValueError,
            "derivatives is 3, expected 1 or 2; differentiate rnn_sequential for higher ones.",
        ),
        (
            {"step": lambda x, u: x[..., :2]},
            ValueError,
            "step.shape is (2, 5, 2), expected (2, 5, 3); return the next states, row by row.",
        ),
        (
            {"step": lambda x, u: None, "variant": "picard"},
            TypeError,
            "step is a NoneType, expected a tensor (2, 5, 3); return the next states, row by row.",
        ),
        (
            {"step": lambda x, u: x.double(), "variant": "picard"},
            TypeError,
            "step is float64 on cpu, expected float32 on cpu; return the next states, row by row.",
        ),
        (
            {"jacobian": lambda x, u: torch.zeros(2, 5, 3, 2)},
            ValueError,
            "jacobian.shape is (2, 5, 3, 2), expected (2, 5, 3, 3); "
            "return one matrix a state, [..., d, d], or its diagonal, [..., d].",
        ),
        (
            {"jacobian": lambda x, u: torch.eye(3)},
            ValueError,
            "jacobian.shape is (3, 3), expected (2, 5, 3, 3); return one matrix a state, [..., d, d], or its diagonal, [..., d].",
        ),
        (
            {"jacobian": lambda x, u: torch.zeros(2, 5, 4)},
            ValueError,
            "jacobian.shape is (2, 5, 4), expected (2, 5, 3); return one matrix a state, [..., d, d], or its diagonal, [..., d].",
        ),
    ],
)
def test_messages(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(**options)
    assert str(caught.value) == f"parallel_rnn: {message}"


def test_messages_of_the_loop() -> None:
    with pytest.raises(ValueError, match=r"^rnn_sequential: step.shape is \(2, 2\), expected \(2, 3\); return the next state"):
        rnn_sequential(lambda x, u: x[..., :2], torch.zeros(2, 5, 3), torch.zeros(3))


def test_annotations_hold(checked) -> None:
    assert checked(rnn_sequential)(network(torch.eye(3)), torch.zeros(2, 5, 3), torch.zeros(3)).shape == (2, 5, 3)
    assert checked(parallel_rnn)(network(torch.eye(3)), torch.zeros(2, 5, 3), torch.zeros(3)).converged
    with pytest.raises(Exception, match="Type-check"):
        checked(parallel_rnn)(network(torch.eye(3)), [1.0], torch.zeros(3))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, this machine has none")
@pytest.mark.parametrize("variant", VARIANTS)
def test_cuda_takes_no_more_sweeps_than_steps(variant: str) -> None:
    A, u, x = matrix(8, 3, dtype=torch.float32).cuda(), draw(2, 200, 8, dtype=torch.float32).cuda(), torch.zeros(8).cuda()
    result = parallel_rnn(network(A), u, x, variant=variant)
    assert result.converged
    before = torch.cat([x.expand(2, 1, 8), result.states[:, :-1]], 1).double()
    truth = torch.tanh(before @ A.double().T + u.double())
    assert compare(result.states.cpu(), truth.cpu(), UNITS * torch.finfo(torch.float32).eps + 10 * step_rounding(8, x.dtype)).ok
