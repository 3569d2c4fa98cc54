"""Score matching equals conditional score matching up to a number that no model changes.

Data x0 has an arbitrary law, over which `E` is the mean; k(x, x0) > 0 is an arbitrary noising kernel, so that the marginal
density is p(x) = E[k(x, x0)]. With the conditional score ∇log k and the marginal score ∇log p,

    E‖∇log k(x, x0) - s(x)‖² - E‖∇log p(x) - s(x)‖² = E tr Cov[∇log k(x, x0) | x]   for every model s,

because ∇log p is the posterior mean of ∇log k. The dimension D is a symbol throughout; sums run over coordinates 1 … D,
`SpaceIntegral` is the integral over R^D, and a mean given x is a ratio of means over the data (Bayes' rule).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sympy import (
    Abs,
    Derivative,
    Eq,
    Expr,
    Function,
    Gt,
    IndexedBase,
    Integer,
    Rational,
    Sum,
    binomial,
    cosh,
    exp,
    lambdify,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)

from derivable import Divergence, Exchange, Expectation, ForAll, Independent, Partial, Post, SpaceIntegral
from derivable.derivation import Derivation
from derivable.measurement import Measurement

post = Post(
    "score_matching",
    "生成扩散模型漫谈（十八）：得分匹配 = 条件得分匹配",
    "Score matching equals conditional score matching up to a constant",
    date="2023-02-28",
    archive=9509,
    papers=(("A Connection Between Score Matching and Denoising Autoencoders", "Neural Computation 23(7), 2011"),),
)

# -- notation ----------------------------------------------------------------------------------------------------------

D = symbols("D", integer=True, positive=True)
i, j = symbols("i j", integer=True)
a = symbols("a", nonnegative=True)
b = symbols("b", positive=True)
t, y, theta = symbols("t y theta", real=True)
x = IndexedBase("x", shape=(D,), real=True)
x0 = IndexedBase("x0", shape=(D,), real=True)
k = Function("k", positive=True)
s, r, c = (Function(name, real=True) for name in ("s", "r", "c"))


def total(term: Expr) -> Expr:
    """Σ over the coordinates 1 … D."""
    return Sum(term, (i, 1, D))


def space(field: Expr) -> Expr:
    """∫ field dx over R^D."""
    return SpaceIntegral(field, x)


def prior(term: Expr) -> Expr:
    """E over the data x0."""
    return Expectation(term, x0)


KERNEL = k(x, x0)  # p_t(x|x0), as a function of both
DENSITY = prior(KERNEL)  # p_t(x)
# the Gaussian kernel of x = a x0 + b ε
GAUSSIAN = exp(-total((x[i] - a * x0[i]) ** 2) / (2 * b**2)) / (2 * pi * b**2) ** (D / 2)


def conditional_score(kernel: Expr = KERNEL, index: Any = i) -> Expr:
    """∂ log p_t(x|x0) / ∂x_index."""
    return Partial(log(kernel), x, index)


def score(kernel: Expr = KERNEL, index: Any = i) -> Expr:
    """∂ log p_t(x) / ∂x_index."""
    return Partial(log(prior(kernel)), x, index)


def posterior(term: Expr, kernel: Expr = KERNEL) -> Expr:
    """E[term | x] by Bayes' rule: the data weighted with the kernel."""
    return prior(kernel * term) / prior(kernel)


def a_kernel(d: Derivation) -> None:
    """What is assumed of the data and the kernel, and a kernel to evaluate at."""
    d.declare(D, i, x, x0, k)
    d.assume(text="x0 has any law (E is the mean over it); k(x, x0) = p_t(x|x0) > 0 is C¹ in x, its gradient locally dominated")
    d.instance(k, lambda x, x0: exp(-total((x[i] - x0[i] / 2) ** 2) / 2))


# -- C1, C2: the marginal score ----------------------------------------------------------------------------------------


@post.claim("C1a", "Marginal score as a ratio of means")
def ratio(d: Derivation) -> None:
    """Chain rule, then the derivative goes under the mean."""
    a_kernel(d)
    d.declare(j)
    d.assume(j >= 1, j <= D, text="any coordinate j")
    d.state(score(index=j), "=", prior(Partial(KERNEL, x, j)) / DENSITY)
    d.start(score(index=j))
    d.then(Partial(DENSITY, x, j) / DENSITY, by="chain rule: ∇log p = ∇p/p")
    d.then(prior(Partial(KERNEL, x, j)) / DENSITY, by="the derivative of a mean is the mean of the derivative")
    d.refute(score(index=j), "=", prior(conditional_score(index=j)), because="mean over the prior instead of the posterior")
    d.refute(score(index=j), "=", prior(Partial(KERNEL, x, j) / KERNEL), because="E[∇k/k]: the mean of a ratio")
    d.refute(score(index=j), "=", prior(Partial(KERNEL, x, j)), because="not divided by p")


@ratio.measured("gaussian_mixture.gmm_score", against="the ratio of means for a mixture of three components in R², written out")
def score_of_a_mixture(m: Measurement) -> None:
    """The kernel of component c is N(μ_c, v_c), the mean over c is a finite sum."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_score
    from derivable.numerics.tolerance import rounding_bound

    u, v = symbols("u v", real=True)
    means, variances, weights = ((0, 1), (-1, 2), (2, -1)), (Rational(1, 2), Integer(1), Integer(2)), (1, 2, 5)
    terms = [
        Rational(w, 8) * exp(-((u - p) ** 2 + (v - q) ** 2) / (2 * var)) / (2 * pi * var)
        for (p, q), var, w in zip(means, variances, weights, strict=True)
    ]
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        parts = (
            torch.tensor(means, dtype=dtype),
            torch.tensor([float(v) for v in variances], dtype=dtype),
            torch.tensor(weights, dtype=dtype).log(),
        )
        computed = torch.float32 if dtype == torch.bfloat16 else dtype
        for point in ((0.5, -0.25), (3.0, 1.0), (-4.0, 8.0)):
            expected = [m.value(sum(e.diff(q) for e in terms) / sum(terms), u=point[0], v=point[1]) for q in (u, v)]
            # (d + 8)·2R roundings of the exponents with R = (|x|² + |μ|²)/v ≤ 4 (80 + 5), slopes at most 2·(9 + 3)/v
            work = 2 * rounding_bound(computed, 10, scale=340) + rounding_bound(computed, 7) + rounding_bound(dtype, 2, scale=2)
            m.agree(gmm_score(torch.tensor(point, dtype=dtype), *parts), expected, work * 48)
    for panel, (grid, density, arrows) in score_fields((0.25, 0.5, 0.9)).items():
        # the last row below: y grows upwards
        m.heatmap(density.flip(0), x=grid, y=grid.flip(0), x_label="x₁", y_label="x₂", panel=panel)
        m.plot(*arrows, x_label="x₁", y_label="x₂", series="∇ log p", panel=panel)


def score_fields(noises: tuple[float, ...]) -> dict[str, tuple[Any, Any, tuple[list[float], list[float]]]]:
    """Three data points under growing noise, a² + b² = 1: the density over its largest value, and arrows along its score."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_log_density, gmm_noised, gmm_score

    points = torch.tensor([[-1.2, -0.6], [1.2, -0.4], [0.2, 1.1]], dtype=torch.float64)
    data = points, torch.zeros(3, dtype=torch.float64), torch.tensor([1.0, 1.0, 2.0], dtype=torch.float64).log()
    grid = torch.linspace(-2.2, 2.2, 45, dtype=torch.float64)
    feet = torch.linspace(-2, 2, 11, dtype=torch.float64)
    found = {}
    for noise in noises:
        mixture = gmm_noised(*data, (1 - noise**2) ** 0.5, noise)
        density = gmm_log_density(torch.cartesian_prod(grid, grid), *mixture).exp().reshape(45, 45).T
        foot = torch.cartesian_prod(feet, feet)
        score = gmm_score(foot, *mixture)
        length = score.norm(dim=1, keepdim=True)
        step = 0.34 * score / (2 + length)  # long arrows are shortened, directions kept
        side = torch.stack((-step[:, 1], step[:, 0]), 1)
        tip, gap = foot + step, torch.full_like(foot, math.nan)
        strokes = torch.stack((foot, tip, tip - 0.35 * step + 0.2 * side, tip, tip - 0.35 * step - 0.2 * side, gap), 1).reshape(
            -1, 2
        )
        found[f"b = {noise}"] = (grid, density / density.max(), (strokes[:, 0].tolist(), strokes[:, 1].tolist()))
    return found


@post.claim("C1b", "Two data points")
def two_points(d: Derivation) -> None:
    """x0 = ±1 equally likely, a = b = 1: the score is tanh x - x."""
    d.declare(t)
    plus, minus = (exp(-((t - e) ** 2) / 2) / sqrt(2 * pi) for e in (1, -1))
    marginal = Derivative(log((plus + minus) / 2), t)
    d.state(marginal, "=", tanh(t) - t)
    d.start(marginal)
    d.then((Derivative(plus, t) + Derivative(minus, t)) / (plus + minus), by="C1: a ratio of means")
    d.then(((1 - t) * exp(t) - (1 + t) * exp(-t)) / (exp(t) + exp(-t)), by="differentiate, and cancel exp(-(t² + 1)/2)")
    d.then(tanh(t) - t, by="definition of tanh")
    prior_mean = (Derivative(log(plus), t) + Derivative(log(minus), t)) / 2
    d.have(prior_mean, "=", -t, by="the mean over the prior is that of a normal law at 0")
    d.refute(marginal, "=", prior_mean, because="prior instead of posterior: -0.5 at x = 0.5, where the score is -0.0378828")
    d.refute(marginal, "=", 2 * tanh(t) - t, because="the weights ½ counted once only")


@two_points.measured("score_matching.batch_score", against="tanh x - x")
def two_atoms(m: Measurement) -> None:
    """The two data points as a batch."""
    import torch

    from derivable.kernels.score_matching import batch_score
    from derivable.numerics.tolerance import rounding_bound

    points = [-3.0, -0.5, 0.0, 0.5, 2.0]
    expected = [m.value(m.statements[0].rhs, t=point) for point in points]
    for dtype in (torch.float64, torch.float32):
        actual = batch_score(torch.tensor(points, dtype=dtype)[:, None], torch.tensor([[-1.0], [1.0]], dtype=dtype), 1.0, 1.0)
        m.agree(actual, expected, rounding_bound(dtype, 12, scale=16 * 4))


@post.claim("C2a", "The marginal score is the posterior mean of the conditional score")
def posterior_mean(d: Derivation) -> None:
    """∇k = k ∇log k in C1. The conditional mean is E[k·]/E[k], since it has the defining property of one."""
    a_kernel(d)
    d.declare(j, c)
    h = d.function("h")
    d.instance(c, lambda x, x0: x[1] * x0[1] + x0[1] ** 2)
    d.instance(h, lambda x: 1 + x[1])
    d.assume(j >= 1, j <= D, text="any coordinate j")
    d.state(score(index=j), "=", posterior(conditional_score(index=j)))
    d.have(
        space(prior(KERNEL * c(x, x0) * h(x))),
        "=",
        space(DENSITY * posterior(c(x, x0)) * h(x)),
        by="Bayes' rule: E[c h(x_t)] = E[E[c|x_t] h(x_t)] for all h with E[c|x] = E[k c]/E[k]",
    )
    d.start(score(index=j))
    d.then(prior(Partial(KERNEL, x, j)) / DENSITY, by="C1")
    d.then(prior(KERNEL * conditional_score(index=j)) / DENSITY, by="∇k = k ∇log k")
    d.refute(score(index=j), "=", prior(conditional_score(index=j)), because="prior instead of posterior")
    d.refute(score(index=j), "=", posterior(Partial(KERNEL, x, j)), because="the mean of ∇k, not of ∇log k")


@post.claim("C2b", "Gaussian kernel: Tweedie's formula")
def tweedie(d: Derivation) -> None:
    """E[x0|x] = (x + b² ∇log p)/a."""
    d.declare(D, i, j, x, x0, a, b)
    d.assume(j >= 1, j <= D, a > 0, text="any coordinate j; x0 has any law, and x = a x0 + b ε with a > 0")
    d.state(posterior(x0[j], GAUSSIAN), "=", (x[j] + b**2 * score(GAUSSIAN, j)) / a)
    d.have(conditional_score(GAUSSIAN, j), "=", -(x[j] - a * x0[j]) / b**2, by="differentiate")
    d.start(posterior(x0[j], GAUSSIAN))
    d.then(
        (x[j] + b**2 * posterior(-(x[j] - a * x0[j]) / b**2, GAUSSIAN)) / a, by="solve for the mean of x0: given x, x is a number"
    )
    d.then((x[j] + b**2 * posterior(conditional_score(GAUSSIAN, j), GAUSSIAN)) / a, by="the conditional score")
    d.then((x[j] + b**2 * score(GAUSSIAN, j)) / a, by="C2a")
    d.refute(posterior(x0[j], GAUSSIAN), "=", (x[j] + b * score(GAUSSIAN, j)) / a, because="b for b²")
    d.refute(posterior(x0[j], GAUSSIAN), "=", (x[j] - b**2 * score(GAUSSIAN, j)) / a, because="sign flip")


@tweedie.measured("gaussian_mixture.gmm_posterior", against="Tweedie's formula by gmm_score; 0.8 x for N(0, 1) data")
def posterior_of_atoms(m: Measurement) -> None:
    """Posterior mean of atoms by their probabilities, and of N(0, 1) data, where it is a x."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_noised, gmm_posterior, gmm_score
    from derivable.numerics.tolerance import rounding_bound

    generator = torch.Generator().manual_seed(9509)
    data = torch.randn(20, 3, dtype=torch.float64, generator=generator)
    x_t = torch.randn(50, 3, dtype=torch.float64, generator=generator)
    signal, noise = 0.75, 0.5
    noised = gmm_noised(data, torch.zeros(20, dtype=data.dtype), torch.zeros(20, dtype=data.dtype), signal, noise)
    mean = gmm_posterior(x_t, *noised) @ data
    by_score = (x_t + noise**2 * gmm_score(x_t, *noised)) / signal
    ratio_ = float(x_t.square().sum(-1).max() + data.square().sum(-1).max()) / noise**2
    slope = float(x_t.norm(dim=-1).max() + data.norm(dim=-1).max())
    allowed = (4 * rounding_bound(data.dtype, 11, scale=4 * ratio_) + rounding_bound(data.dtype, 60)) * 4 * slope
    m.agree(mean, by_score, allowed)
    m.holds(1e9 * allowed, float((mean - x_t / signal).abs().max()), note="Tweedie's correction is far above the allowed error")
    # N(0, 1) data, a = .8, b = .6: p = N(0, 1), score -x, E[x0|x] = .8 x; b for b² would give .5 x
    one = torch.zeros(1, 1, dtype=data.dtype), torch.ones(1, dtype=data.dtype), torch.zeros(1, dtype=data.dtype)
    grid = torch.linspace(-3, 3, 13, dtype=data.dtype)[:, None]
    allowed = rounding_bound(data.dtype, 24, scale=3.0)
    m.agree((grid + 0.36 * gmm_score(grid, *gmm_noised(*one, 0.8, 0.6))) / 0.8, 0.8 * grid, allowed)


@post.claim("C2c", "Gaussian kernel: the posterior mean of the noise")
def noise_mean(d: Derivation) -> None:
    """E[ε|x] = -b ∇log p with ε = (x - a x0)/b."""
    d.declare(D, i, j, x, x0, a, b)
    d.assume(j >= 1, j <= D, text="any coordinate j; x0 has any law, and x = a x0 + b ε")
    noise = (x[j] - a * x0[j]) / b
    d.state(posterior(noise, GAUSSIAN), "=", -b * score(GAUSSIAN, j))
    d.start(posterior(noise, GAUSSIAN))
    d.then(-b * posterior(conditional_score(GAUSSIAN, j), GAUSSIAN), by="the conditional score is -ε/b")
    d.then(-b * score(GAUSSIAN, j), by="C2a")
    d.refute(posterior(noise, GAUSSIAN), "=", -score(GAUSSIAN, j) / b, because="divided by b")
    d.refute(posterior(noise, GAUSSIAN), "=", b * score(GAUSSIAN, j), because="sign flip")


# -- C3, C4: the two losses --------------------------------------------------------------------------------------------

Field = Callable[[Expr], Expr]


def model(value: Function = s) -> Field:
    """The i-th coordinate of a model at x: any function of x, never of x0."""
    return lambda index: value(index, x)


def sm_at(value: Field) -> Expr:
    """p(x) ‖∇log p(x) - s(x)‖²: what x contributes to score matching."""
    return DENSITY * total((score() - value(i)) ** 2)


def csm_at(value: Field) -> Expr:
    """E[k(x, x0) ‖∇log k(x, x0) - s(x)‖²]: what x contributes to conditional score matching."""
    return prior(KERNEL * total((conditional_score() - value(i)) ** 2))


def covariance_at(kernel: Expr = KERNEL) -> Expr:
    """p(x) tr Cov[∇log k(x, x0) | x]."""
    return prior(kernel * total((conditional_score(kernel) - score(kernel)) ** 2))


def spread_at(kernel: Expr = KERNEL) -> Expr:
    """p(x) (E[‖∇log k‖² | x] - ‖∇log p‖²)."""
    return prior(kernel) * total(posterior(conditional_score(kernel) ** 2, kernel) - score(kernel) ** 2)


def losses(d: Derivation, *models: Function) -> None:
    """A kernel, models, and the moments without which the losses are infinite."""
    a_kernel(d)
    d.declare(*models)
    d.assume(text="E‖∇log k(x_t, x0)‖² and E‖s(x_t)‖² are finite; s is a function of x_t only (and of t)")
    d.assume(text="SM = ∫ p ‖∇log p - s‖² dx, CSM = ∫ E[k ‖∇log k - s‖²] dx, at one t")
    for number, value in enumerate(models):
        d.instance(value, lambda i, *at, n=number: (1 - 2 * n) * at[-1][i] + i + n)


@post.claim("C3", "Conditional score matching is an upper bound of score matching", kind="inequality")
def upper_bound(d: Derivation) -> None:
    """Already at every x the difference is the mean of a square: Jensen's inequality for ‖·‖² with its remainder."""
    losses(d, s)
    d.state(sm_at(model()), "<=", csm_at(model()))
    d.state(space(sm_at(model())), "<=", space(csm_at(model())))
    gap = d.have(0, "<=", covariance_at(), by="the mean of a square with positive weights")
    d.start(sm_at(model()))
    d.then(csm_at(model()) - covariance_at(), by="given x, E‖U - s‖² = ‖E U - s‖² + E‖U - E U‖² with E[U|x] = ∇log p (C2a)")
    d.then(csm_at(model()), "<=", by="a square is not negative", using=[gap])
    whole_gap = d.have(0, "<=", space(covariance_at()), by="the integral of what is not negative")
    d.start(space(sm_at(model())))
    d.then(space(csm_at(model())) - space(covariance_at()), by="the same, integrated")
    d.then(space(csm_at(model())), "<=", by="a square is not negative", using=[whole_gap])
    d.refute(csm_at(model()), "<=", sm_at(model()), because="the direction of Jensen's inequality")
    d.refute(sm_at(model()), "=", csm_at(model()), because="the title taken for an equation of numbers")
    d.note("Equality holds just where ∇log k(x, x0) is almost surely a function of x: a mean of squares vanishes; see C4e.")


@post.claim("C4a", "The difference is a number that no model changes")
def constant(d: Derivation) -> None:
    """Expand both squares: the squares of s agree, and by C2a the cross terms, at every x and hence in the mean."""
    losses(d, s)
    target, value = conditional_score(), s(i, x)
    d.state(csm_at(model()) - sm_at(model()), "=", covariance_at())
    d.state(spread_at(), "=", covariance_at())
    d.state(space(csm_at(model())) - space(sm_at(model())), "=", space(covariance_at()))
    squares = DENSITY * total(value**2)
    expanded = d.have(
        csm_at(model()),
        "=",
        prior(KERNEL * total(target**2)) - 2 * total(prior(KERNEL * target) * value) + squares,
        by="expand: s(x) does not depend on x0",
    )
    d.start(csm_at(model()) - sm_at(model()))
    d.then(
        prior(KERNEL * total(target**2)) - 2 * total(prior(KERNEL * target) * value) + squares - sm_at(model()),
        by="expand: s(x) does not depend on x0",
        using=[expanded],
    )
    d.then(
        prior(KERNEL * total(target**2)) - 2 * DENSITY * total(score() * value) + squares - sm_at(model()),
        by="C2a: E[k ∇log k] = p ∇log p",
    )
    d.then(spread_at(), by="the terms with s cancel")
    d.then(covariance_at(), by="E[U²|x] - E[U|x]² = E[(U - E[U|x])²|x]")
    d.have(spread_at(), "=", covariance_at(), by="E[U²|x] - E[U|x]² = E[(U - E[U|x])²|x]")
    d.have(space(csm_at(model())) - space(sm_at(model())), "=", space(covariance_at()), by="the same, integrated over x")
    whole = prior(KERNEL * total(target**2))
    d.refute(csm_at(model()) - sm_at(model()), "=", whole, because="E‖∇log k‖² alone (d/b²): the Fisher information is forgotten")
    d.refute(csm_at(model()) - sm_at(model()), "=", whole + DENSITY * total(score() ** 2), because="a sign")
    d.refute(csm_at(model()) - sm_at(model()), "=", 0, because="SM = CSM as numbers")


@constant.measured("score_matching.csm_sm_gap", against="∫ E[k (∇log k)²] - (∇p)²/p dx for a mixture on the line, by quadrature")
def gap_of_a_mixture(m: Measurement) -> None:
    """Weights .3 and .7, means -2 and 1, deviations ½ and .8 at a = .8, b = .6; and the three integrals with s = sin."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_noised, gmm_score
    from derivable.kernels.score_matching import csm_loss, csm_sm_gap, sm_loss
    from derivable.numerics.quadrature import integrate
    from derivable.numerics.tolerance import rounding_bound

    signal, noise = Rational(4, 5), Rational(3, 5)
    parts = ((Rational(3, 10), -2, Rational(1, 4)), (Rational(7, 10), 1, Rational(16, 25)))
    density = Integer(0)
    for weight, mean, variance in parts:
        spread = signal**2 * variance + noise**2
        density += weight * exp(-((t - signal * mean) ** 2) / (2 * spread)) / sqrt(2 * pi * spread)
    slope = density.diff(t)
    # E‖∇log k‖² is 1/b² (C4g), and the cross terms of SM are those of ∇p
    fisher, matched = (
        integrate(lambdify(t, e, "mpmath"), -20, 20, digits=20, breaks=(-2, 0, 1)).value
        for e in (slope**2 / density, (slope / density - sin(t)) ** 2 * density)
    )
    expected = m.value(1 / noise**2) - fisher
    for dtype in (torch.float64, torch.float32):
        mixture = (
            torch.tensor([[-2.0], [1.0]], dtype=dtype),
            torch.tensor([0.25, 0.64], dtype=dtype),
            torch.tensor([0.3, 0.7], dtype=dtype).log(),
        )
        m.agree(csm_sm_gap(*mixture, 0.8, 0.6), expected, rounding_bound(dtype, 60, scale=4.0))
    # both losses as means over nodes: the trapezoidal rule for data and noise, exact to rounding for such integrands
    nodes = torch.linspace(-9, 9, 257, dtype=torch.float64)
    normal = (-nodes.square() / 2).exp()
    normal = normal / normal.sum()
    means, variances, logs = torch.tensor([[[-2.0], [1.0]], [[0.25], [0.64]], [[0.3], [0.7]]], dtype=torch.float64)
    mixture = means, variances[:, 0], logs[:, 0].log()
    noised = gmm_noised(*mixture, 0.8, 0.6)
    x0_ = (mixture[0] + mixture[1].sqrt()[:, None] * nodes)[:, :, None, None].expand(2, 257, 257, 1)
    eps = nodes[:, None].expand(2, 257, 257, 1)
    conditional = mixture[2].exp() @ (csm_loss(torch.sin, x0_, 0.8, 0.6, eps, reduction="none") @ normal @ normal)
    place = 0.8 * x0_ + 0.6 * eps
    marginal = mixture[2].exp() @ (
        sm_loss(torch.sin, place, lambda at: gmm_score(at, *noised), reduction="none") @ normal @ normal
    )
    allowed = rounding_bound(torch.float64, 600, scale=4.0)
    m.agree(marginal, matched, allowed)
    m.agree(conditional - marginal, expected, 2 * allowed)
    m.agree(conditional, matched + expected, allowed)


@constant.measured("score_matching.csm_loss", against="the closed form 20/3 of a normal law in three dimensions, paired samples")
def gap_by_samples(m: Measurement) -> None:
    """Four hundred thousand pairs, σ = 1.5, a = .8, b = .6; a false alarm below 1e-9 by the central limit theorem."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_noised, gmm_score
    from derivable.kernels.score_matching import csm_loss, sm_loss
    from derivable.numerics.monte_carlo import sample_mean

    center, variance = torch.zeros(1, 3, dtype=torch.float64), torch.tensor([2.25], dtype=torch.float64)
    noised = gmm_noised(center, variance, torch.zeros(1, dtype=torch.float64), 0.8, 0.6)

    def draw(count: int, generator: torch.Generator) -> torch.Tensor:
        data, eps = torch.randn(2, count, 3, dtype=torch.float64, generator=generator).unbind()
        data = 1.5 * data
        conditional = csm_loss(torch.sin, data, 0.8, 0.6, eps, reduction="none")
        place = 0.8 * data + 0.6 * eps
        return conditional - sm_loss(torch.sin, place, lambda at: gmm_score(at, *noised), reduction="none")

    estimate_ = sample_mean(draw, 400_000, seed=9509)
    m.agree(estimate_.estimate, 20 / 3, estimate_.bound, cases=estimate_.samples, note="seed 9509; false alarm below 1e-9")


@post.claim("C4b", "Two models differ by the same amount in both losses, so the minimisers are the same")
def same_order(d: Derivation) -> None:
    """C4a for two models."""
    losses(d, s, r)
    sides = [(f(model()), f(model(r))) for f in (sm_at, csm_at)]
    (sm, sm_other), (csm, csm_other) = sides
    d.state(sm - sm_other, "=", csm - csm_other)
    d.state(space(sm) - space(sm_other), "=", space(csm) - space(csm_other))
    d.start(sm - sm_other)
    d.then((csm - covariance_at()) - (csm_other - covariance_at()), by="C4a for both")
    d.then(csm - csm_other, by="the number cancels")
    d.have(space(sm) - space(sm_other), "=", space(csm) - space(csm_other), by="the same, integrated over x")
    d.refute(sm - sm_other, "=", 2 * (csm - csm_other), because="a factor")
    d.refute(sm - sm_other, "=", csm_other - csm, because="a sign: the best model of one were the worst of the other")


@post.claim("C4c", "The two losses have the same gradient")
def same_gradient(d: Derivation) -> None:
    """Differentiate by a parameter θ of the model, one at a time."""
    losses(d)
    d.declare(s, theta)
    d.instance(s, lambda i, theta, x: theta * x[i] + theta**2)
    d.assume(text="s is C¹ in θ; the derivative of both integrands by θ is dominated")

    def value(index: Expr) -> Expr:
        return s(index, theta, x)

    slope = Derivative(value(i), theta)
    d.state(Derivative(sm_at(value), theta), "=", Derivative(csm_at(value), theta))
    d.state(Derivative(space(sm_at(value)), theta), "=", Derivative(space(csm_at(value)), theta))
    d.start(Derivative(sm_at(value), theta))
    d.then(-2 * DENSITY * total((score() - value(i)) * slope), by="chain rule")
    d.then(-2 * prior(KERNEL * total((conditional_score() - value(i)) * slope)), by="C2a")
    d.then(Derivative(csm_at(value), theta), by="chain rule, backwards")
    d.start(Derivative(space(sm_at(value)), theta))
    d.then(space(Derivative(sm_at(value), theta)), by="the derivative goes under the integral")
    d.then(space(Derivative(csm_at(value), theta)), by="the same at every x")
    d.then(Derivative(space(csm_at(value)), theta), by="and back")
    d.refute(Derivative(sm_at(value), theta), "=", Derivative(csm_at(value), theta) / 2, because="a factor")
    d.refute(Derivative(sm_at(value), theta), "=", -Derivative(csm_at(value), theta), because="a sign")


@same_gradient.measured("score_matching.csm_loss", against="the gradient of sm_loss, by autograd")
def gradients(m: Measurement) -> None:
    """Data ∓1 with the weights .3 and .7, a = .8, b = .6, s = θ0 + θ1 x + θ2 tanh x; means over the noise by quadrature."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_noised, gmm_score
    from derivable.kernels.score_matching import csm_loss, sm_loss
    from derivable.numerics.tolerance import rounding_bound

    data = torch.tensor([[-1.0], [1.0]], dtype=torch.float64)
    weights = torch.tensor([0.3, 0.7], dtype=torch.float64)
    noised = gmm_noised(data, torch.zeros(2, dtype=data.dtype), weights.log(), 0.8, 0.6)
    nodes = torch.linspace(-9, 9, 513, dtype=data.dtype)
    normal = (-nodes.square() / 2).exp()
    normal = normal / normal.sum()
    x0_, eps = data[:, None].expand(2, 513, 1), nodes[None, :, None].expand(2, 513, 1)
    parameters = torch.tensor([0.2, -0.7, 0.4], dtype=data.dtype, requires_grad=True)

    def value(at: torch.Tensor) -> torch.Tensor:
        return parameters[0] + parameters[1] * at + parameters[2] * at.tanh()

    losses_ = (
        csm_loss(value, x0_, 0.8, 0.6, eps, reduction="none"),
        sm_loss(value, 0.8 * x0_ + 0.6 * eps, lambda at: gmm_score(at, *noised), reduction="none"),
    )
    slopes = [torch.autograd.grad(weights @ (each @ normal), parameters)[0] for each in losses_]
    m.agree(slopes[0], slopes[1], rounding_bound(data.dtype, 600, scale=8.0))
    m.agree(slopes[0], [0.1310, 1.2473, 0.6526], 5e-5, note="the figures of the ledger, to their last digit")


# -- C4 on finite alphabets: no analysis at all ------------------------------------------------------------------------

n, m = symbols("n m", integer=True, positive=True)
P = IndexedBase("P", positive=True)
U, S, R = (IndexedBase(name, real=True) for name in ("U", "S", "R"))


def rows(term: Expr) -> Expr:
    """Σ over the n data points."""
    return Sum(term, (i, 1, n))


def columns(term: Expr) -> Expr:
    """Σ over the m places of x."""
    return Sum(term, (j, 1, m))


MARGINAL = rows(P[i, j] * U[i, j]) / rows(P[i, j])  # the conditional mean of U in column j


def sm_table(value: IndexedBase) -> Expr:
    """Σ_j P_j (u_j - s_j)²."""
    return columns(rows(P[i, j]) * (MARGINAL - value[j]) ** 2)


def csm_table(value: IndexedBase) -> Expr:
    """Σ_ij P_ij (u_ij - s_j)²."""
    return columns(rows(P[i, j] * (U[i, j] - value[j]) ** 2))


TABLE_GAP = columns(rows(P[i, j] * (U[i, j] - MARGINAL) ** 2))


def table(d: Derivation, *models: IndexedBase) -> None:
    """The joint law of n data points and m places, of any size."""
    d.declare(n, m, i, j, P, U, *models)
    d.assume(text="P_ij > 0 is the joint law of x0 and x, U_ij the target (one coordinate), S_j the model")


@post.claim("C4d", "Finite alphabets of any size: the difference, the same order, the bound")
def finite_alphabets(d: Derivation) -> None:
    """Polynomials in P, U and S over column sums; n and m are symbols."""
    table(d, S, R)
    d.state(csm_table(S) - sm_table(S), "=", TABLE_GAP)
    d.state(sm_table(S) - sm_table(R), "=", csm_table(S) - csm_table(R))
    d.state(sm_table(S), "<=", csm_table(S))
    d.start(csm_table(S) - sm_table(S))
    d.then(columns(rows(P[i, j] * U[i, j] ** 2) - rows(P[i, j]) * MARGINAL**2), by="the terms with S cancel")
    d.then(TABLE_GAP, by="a variance in two ways")
    d.have(sm_table(S) - sm_table(R), "=", csm_table(S) - csm_table(R), by="the difference has no S")
    gap = d.have(0, "<=", TABLE_GAP, by="squares with positive weights")
    d.start(sm_table(S))
    d.then(csm_table(S) - TABLE_GAP, by="as above")
    d.then(csm_table(S), "<=", by="the variance is not negative", using=[gap])
    whole = columns(rows(P[i, j] * U[i, j] ** 2))
    d.refute(csm_table(S) - sm_table(S), "=", whole, because="the second moment: the Fisher information is forgotten")
    d.refute(csm_table(S) - sm_table(S), "=", whole - columns(rows(P[i, j]) * MARGINAL) ** 2, because="‖E u‖² for E‖u‖²")
    d.refute(csm_table(S), "<=", sm_table(S), because="the direction of Jensen's inequality")
    d.refute(csm_table(S), "=", sm_table(S), because="the title taken for an equation of numbers")
    # a model that sees x0 as well
    seen = IndexedBase("V", real=True)
    d.declare(seen)
    d.refute(
        columns(rows(P[i, j] * (U[i, j] - seen[i, j]) ** 2)) - columns(rows(P[i, j] * (MARGINAL - seen[i, j]) ** 2)),
        "=",
        TABLE_GAP,
        because="a model that sees x0: the cross terms do not agree",
    )


@post.claim("C4e", "The bound is an equality just where the target is a function of x", kind="inequality")
def equality_case(d: Derivation) -> None:
    """One term of the gap is at most the gap, so that a gap of 0 makes every U_ij the mean of its column."""
    table(d, S)
    row, column = d.index("alpha beta")
    d.assume(row >= 1, row <= n, column >= 1, column <= m, text="a data point α and a place β")
    mean = MARGINAL.subs(j, column)
    body = P[i, column] * (U[i, column] - mean) ** 2
    term = body.subs(i, row)
    d.state(term, "<=", TABLE_GAP)
    d.start(term)
    d.then(Sum(body, (i, 1, row - 1)) + term + Sum(body, (i, row + 1, n)), "<=", by="the other data points give squares")
    d.then(rows(body), by="all data points")
    of_place = rows(P[i, j] * (U[i, j] - MARGINAL) ** 2)
    below, above = (Sum(of_place, limits) for limits in ((j, 1, column - 1), (j, column + 1, m)))
    d.then(below + rows(body) + above, "<=", by="the other places give squares")
    d.then(TABLE_GAP, by="all places")
    d.refute(TABLE_GAP, "<=", term, because="the other direction")
    function = columns(rows(P[i, j] * (S[j] - rows(P[i, j] * S[j]) / rows(P[i, j])) ** 2))
    d.have(function, "=", 0, by="a target S_j that is a function of x has no variance given x: then SM = CSM")


@post.claim("C4f", "The equivalence needs the square")
def absolute_loss(d: Derivation) -> None:
    """Two data points with targets ±1 at one place: the difference of the absolute losses depends on the model."""
    value, other = d.real("s r")
    d.assume(value >= 0, value <= 1, text="a model between the mean and the larger target")

    def gap(at: Expr) -> Expr:
        return (Abs(1 - at) + Abs(-1 - at)) / 2 - Abs(at)

    d.state(gap(value), "=", 1 - value)
    d.start(gap(value))
    d.then(1 - value, by="|1 - s| + |1 + s| = 2 for |s| ≤ 1")
    d.refute(gap(value), "=", gap(other), because="E|U - s| - |E U - s| is 1 at s = 0 and 0 at s = 1: median ≠ mean")


# -- C4 for the Gaussian kernel ----------------------------------------------------------------------------------------

FISHER_AT = prior(GAUSSIAN) * total(score(GAUSSIAN) ** 2)
FISHER = space(FISHER_AT)  # J(p_t) = E‖∇log p_t‖²


@post.claim("C4g", "Gaussian kernel: the number is d/b² - J, with the Fisher information J of p_t")
def by_fisher_information(d: Derivation) -> None:
    """E‖∇log k‖² is d/b² by the divergence theorem."""
    d.declare(D, i, x, x0, a, b)
    d.assume(text="x0 has any law with a finite second moment, and x = a x0 + b ε")
    d.assume(text="the field E[(x - a x0) k] vanishes at infinity (k is Gaussian)")
    field = prior((x[i] - a * x0[i]) * GAUSSIAN) / b**2
    squares = prior(GAUSSIAN * total(conditional_score(GAUSSIAN) ** 2))
    d.state(squares, "=", D / b**2 * prior(GAUSSIAN) - total(Partial(field, x, i)))
    d.state(space(covariance_at(GAUSSIAN)), "=", D / b**2 - FISHER)
    d.have(
        squares,
        "=",
        D / b**2 * prior(GAUSSIAN) - total(Partial(field, x, i)),
        by="∇·((x - a x0) k) = d k - ‖x - a x0‖² k/b²",
    )
    mass = d.have(space(prior(GAUSSIAN)), "=", 1, by="p_t is a density: the Gaussian integral in each coordinate")
    d.start(space(covariance_at(GAUSSIAN)))
    d.then(space(squares) - FISHER, by="C4a: a variance in two ways")
    d.then(D / b**2 * space(prior(GAUSSIAN)) - FISHER, by=Divergence(field, x, i), why="the divergence has no integral")
    d.then(D / b**2 - FISHER, by="p_t has mass 1", using=[mass])
    d.refute(FISHER_AT, "=", 0, because="J forgotten: the number were d/b²")
    d.refute(
        squares,
        "=",
        D / b**2 * prior(GAUSSIAN),
        because="d/b² at every x: it is the mean over x that is d/b²",
    )


@post.claim("C4h", "Gaussian kernel: the number is a²/b⁴ times the error of the best denoiser")
def by_denoising_error(d: Derivation) -> None:
    """Given x, the conditional score is an affine function of x0 of slope a/b², at every x."""
    d.declare(D, i, x, x0, a, b)
    d.assume(text="x0 has any law with a finite second moment, and x = a x0 + b ε")
    error = prior(GAUSSIAN * total((x0[i] - posterior(x0[i], GAUSSIAN)) ** 2))
    target = -(x[i] - a * x0[i]) / b**2
    d.state(covariance_at(GAUSSIAN), "=", a**2 / b**4 * error)
    d.start(covariance_at(GAUSSIAN))
    d.then(
        prior(GAUSSIAN * total((target - posterior(target, GAUSSIAN)) ** 2)), by="C2a, and the conditional score of a Gaussian"
    )
    d.then(a**2 / b**4 * error, by="x is known: only a x0/b² varies")
    d.have(space(covariance_at(GAUSSIAN)), "=", a**2 / b**4 * space(error), by="the same, integrated over x")
    d.refute(covariance_at(GAUSSIAN), "=", a**2 / b**2 * error, because="b² for b⁴: the error of the noise, not of its score")


@post.claim("C4i", "Normal data: d a² σ² / (b² (a² σ² + b²))")
def normal_data(d: Derivation) -> None:
    """p_t is N(a μ, a² σ² + b²), and J of a normal law is d over its variance."""
    sigma, a_other, b_other = d.positive("sigma alpha beta")
    center = d.point("mu", D)
    d.declare(D, i, x, x0, a, b)
    d.assume(text="x0 is N(μ, σ² I) in R^d")
    variance = a**2 * sigma**2 + b**2

    def normal(at: IndexedBase, mean: Callable[[Expr], Expr], spread: Expr) -> Expr:
        return exp(-total((at[i] - mean(i)) ** 2) / (2 * spread)) / (2 * pi * spread) ** (D / 2)

    density = normal(x, lambda index: a * center[index], variance)
    result = D * a**2 * sigma**2 / (b**2 * variance)
    field = (x[i] - a * center[i]) * density / variance
    squares, pointwise = density * total(Partial(log(density), x, i) ** 2), D / variance * density - total(Partial(field, x, i))
    information = space(squares)
    d.state(squares, "=", pointwise)
    d.state(D / b**2 - information, "=", result)
    d.have(squares, "=", pointwise, by="∇log p = -(x - a μ)/v, and ∇·((x - a μ) p) = d p - ‖x - a μ‖² p/v")
    d.have(
        SpaceIntegral(normal(x0, lambda index: center[index], sigma**2) * GAUSSIAN, x0),
        "=",
        density,
        by="p_t is N(a μ, a² σ² + b²): a Gaussian integral in each coordinate",
    )
    mass = d.have(space(density), "=", 1, by="the Gaussian integral")
    d.start(D / b**2 - information)
    d.then(
        D / b**2 - D / variance * space(density),
        by=Divergence(field, x, i),
        why="the divergence has no integral",
    )
    d.then(D / b**2 - D / variance, by="mass 1", using=[mass])
    d.then(result, by="common denominator")
    d.refute(D / b**2 - information, "=", D / b**2, because="J is forgotten")
    d.refute(
        result,
        "=",
        D * a_other**2 * sigma**2 / (b_other**2 * (a_other**2 * sigma**2 + b_other**2)),
        because="constant in the model, not in t: it depends on a and b",
    )
    d.note("So the same weight λ(t) has to be used in both losses, where one model serves all t.")


@normal_data.measured("score_matching.csm_sm_gap", against="d a² σ² / (b² (a² σ² + b²))")
def gap_of_normal_data(m: Measurement) -> None:
    """One component: the conditional covariance is the same at every x."""
    import torch

    from derivable.kernels.score_matching import csm_sm_gap
    from derivable.numerics.tolerance import rounding_bound

    for dtype in (torch.float64, torch.float32):
        for dimension, deviation, signal, noise in ((3, 1.5, 0.8, 0.6), (1, 1.0, 1.0, 1.0), (16, 0.25, 0.5, 0.03125)):
            expected = m.value(m.statements[-1].rhs, D=dimension, sigma=deviation, a=signal, b=noise)
            center, nothing = torch.ones(1, dimension, dtype=dtype), torch.zeros(1, dtype=dtype)
            mixture = center, torch.full((1,), deviation**2, dtype=dtype), nothing
            places = torch.linspace(-2, 2, 5, dtype=dtype)[:, None].expand(5, dimension)
            m.agree(csm_sm_gap(*mixture, signal, noise, places), expected, rounding_bound(dtype, 40, scale=float(expected)))


# -- C5, C6: estimates from a batch ------------------------------------------------------------------------------------

# one draw is labelled by a real number y, a batch by independent copies z_1 … z_K of it
K = symbols("K", integer=True, positive=True)
q = symbols("q", integer=True)
z = IndexedBase("z", shape=(K,), real=True)
f, loss = (Function(name, real=True) for name in ("f", "ell"))
g, gamma = (Function(name, positive=True) for name in ("g", "gamma"))
least = symbols("c", positive=True)


def batch(term: Expr) -> Expr:
    """E over the batch."""
    return Expectation(term, z)


def single(term: Expr) -> Expr:
    """E over one draw."""
    return Expectation(term, y)


def average(value: Callable[[Expr], Expr]) -> Expr:
    """The mean of value(z_1) … value(z_K)."""
    return Sum(value(z[q]), (q, 1, K)) / K


def weight_of(at: Expr) -> Expr:
    """g = c + γ, bounded below by c."""
    return least + gamma(at)


@post.claim("C5a", "The bias of the ratio of two sample means, with its remainder", kind="limit")
def ratio_bias(d: Derivation) -> None:
    """Second-order delta method, exactly: e = f - (A/B) g has mean 0, and 1/Ḡ is expanded at B with a remainder."""
    d.declare(K, z, y, q, f, g)
    d.assume(Independent(z, law=y), text="z_1 … z_K are independent copies of y: the batch is drawn independently of x")
    d.assume(
        text="f(y) = ∇p_t(x|x0) in one coordinate and g(y) = p_t(x|x0) > 0 for a draw x0 of label y, at a fixed x; "
        "A = E f, B = E g, fourth moments are finite"
    )
    d.instance(f, lambda y: y - 1)
    d.instance(g, lambda y: 1 + y**2)
    A, B = single(f(y)), single(g(y))
    error, beta = f(y) - A / B * g(y), g(y) - B
    F, G = average(f), average(g)
    E_bar, beta_bar = average(lambda at: f(at) - A / B * g(at)), average(lambda at: g(at) - B)
    leading = A * single(beta**2) / B**3 - single((f(y) - A) * beta) / B**2
    third = single(error * beta**2) / B**3
    remainder = batch(E_bar * beta_bar**3 / G)
    bias = batch(F / G) - A / B
    d.state(bias, "=", leading / K + third / K**2 - remainder / B**3)
    d.start(bias)
    d.then(batch(F / G - A / B), by="the mean is linear")
    d.then(batch(E_bar / G), by="F̄/Ḡ - A/B = ē/Ḡ")
    d.then(
        batch(E_bar) / B - batch(E_bar * beta_bar) / B**2 + batch(E_bar * beta_bar**2) / B**3 - remainder / B**3,
        by="1/(B + β̄) = 1/B - β̄/B² + β̄²/B³ - β̄³/(B³ Ḡ)",
    )
    d.then(leading / K + third / K**2 - remainder / B**3, by="moments of means of independent copies; e and β have mean 0")
    d.refute(bias, "=", 0, because="numerator and denominator are unbiased, their ratio is not")
    d.refute(bias, "=", leading / sqrt(K) + third / K**2 - remainder / B**3, because="a bias of order K^(-1/2)")
    without = leading - A * single(beta**2) / B**3
    d.refute(bias, "=", without / K + third / K**2 - remainder / B**3, because="the term with Var B is forgotten")


@post.claim("C5b", "The remainder is of order K⁻²", kind="inequality")
def remainder_bound(d: Derivation) -> None:
    """|XY| ≤ (X² + Y²)/2 with X = ēβ̄ and Y = β̄², whose squares have means of order K⁻²."""
    e, beta = d.function("e beta")
    d.declare(K, z, y, q, gamma, least)
    d.assume(Independent(z, law=y), text="as in C5a, with e = f - (A/B) g and β = g - B for its functions")
    d.assume(Eq(single(e(y)), 0), Eq(single(beta(y)), 0), text="which have mean 0")
    d.assume(text="g = c + γ with γ > 0: g ≥ c > 0, as for bounded data")
    d.instance(e, lambda y: y)
    d.instance(beta, lambda y: -2 * y)
    d.instance(gamma, lambda y: 1 + y**2)
    G, E_bar, beta_bar = (average(value) for value in (weight_of, e, beta))
    X, Y = E_bar * beta_bar, beta_bar**2
    remainder = batch(E_bar * beta_bar**3 / G)
    one = single(e(y) ** 2 * beta(y) ** 2) + single(beta(y) ** 4)
    two = single(e(y) ** 2) * single(beta(y) ** 2) + 2 * single(e(y) * beta(y)) ** 2 + 3 * single(beta(y) ** 2) ** 2
    bound = (one + two) / (2 * least * K**2)
    fourth = (K * one + K * (K - 1) * two) / K**4
    d.state(remainder, "<=", bound)
    d.state(-remainder, "<=", bound)
    moments = d.have(batch(X**2 + Y**2), "=", fourth, by="fourth moments of means of independent copies", seconds=60)
    over_c = batch(X**2 + Y**2) / (2 * least)
    for sign in (1, -1):
        d.start(sign * remainder)
        d.then(
            batch((X**2 + Y**2) / (2 * G)) - batch((X - sign * Y) ** 2 / (2 * G)),
            by="2XY = X² + Y² - (X - Y)²" if sign > 0 else "-2XY = X² + Y² - (X + Y)²",
        )
        d.then(batch((X**2 + Y**2) / (2 * G)), "<=", by="the mean of a square over Ḡ > 0")
        d.then(over_c - batch((X**2 + Y**2) * average(gamma) / (2 * least * G)), by="Ḡ = c + γ̄")
        d.then(over_c, "<=", by="γ̄ ≥ 0")
        d.then(fourth / (2 * least), by="the moments above", using=[moments])
        d.then(bound - (K * (K - 1) * one + K * two) / (2 * least * K**4), by="1/K⁴ against 1/K²")
        d.then(bound, "<=", by="what is taken away is not negative")
    d.refute(bound, "<=", remainder, because="the other direction")
    d.refute(batch(X**2 + Y**2), "=", (one + two) / K**4, because="the moments of one draw")
    d.note("With C5a: |bias - (1/K)(A Var B/B³ - Cov(A, B)/B²)| ≤ C/K² for all K.")


def estimate(hits: Expr, size: Expr) -> Expr:
    """The ratio estimate at x = t with data ±1, a = b = 1, where `hits` of `size` draws are +1."""
    up, down = hits * exp(t), (size - hits) * exp(-t)
    return ((1 - t) * up - (1 + t) * down) / (up + down)


def enumerated(size: Any, weight: Callable[[Expr], Expr] = lambda hits: Integer(1)) -> Expr:
    """Σ_h C(K, h) 2^-K weight(h) estimate(h): the mean over all batches, exactly."""
    terms = [
        binomial(size, hits) * Rational(1, 2) ** size * weight(Integer(hits)) * estimate(Integer(hits), size)
        for hits in range(size + 1)
    ]
    return sum(terms, Integer(0))


@post.claim("C5c", "Two data points: the exact bias of small batches and its leading term")
def two_point_bias(d: Derivation) -> None:
    """All batches of 1, 2 and 4 draws of ±1, at a = b = 1."""
    d.declare(t)
    truth = tanh(t) - t
    biases = {
        1: -tanh(t),
        2: -tanh(t) / 2,
        4: 3 * sinh(2 * t) / (2 * (3 * cosh(2 * t) + 5)) - 5 * tanh(t) / 8,
    }
    for size, value in biases.items():
        d.state(enumerated(size) - truth, "=", value)
        d.have(enumerated(size) - truth, "=", value, by=f"the 2^{size} batches, by their number of +1")
    # up to the common factor exp(-(t² + 1)/2): g = e^±t, f = (±1 - t) e^±t
    (g_up, f_up), (g_down, f_down) = (exp(t), (1 - t) * exp(t)), (exp(-t), -(1 + t) * exp(-t))
    A, B = sinh(t) - t * cosh(t), cosh(t)
    variance, correlation = sinh(t) ** 2, (cosh(t) - t * sinh(t)) * sinh(t)
    d.have((f_up + f_down) / 2, "=", A, by="E f")
    d.have((g_up + g_down) / 2, "=", B, by="E g")
    d.have(((g_up - B) ** 2 + (g_down - B) ** 2) / 2, "=", variance, by="Var g")
    d.have(((f_up - A) * (g_up - B) + (f_down - A) * (g_down - B)) / 2, "=", correlation, by="Cov(f, g)")
    leading = A * variance / B**3 - correlation / B**2
    d.state(leading, "=", -tanh(t) * (1 - tanh(t) ** 2))
    d.have(leading, "=", -tanh(t) * (1 - tanh(t) ** 2), by="C5a's leading term")
    d.refute(enumerated(2), "=", truth, because="unbiased")
    d.refute(biases[4], "=", biases[1] / 2, because="a bias of order K^(-1/2) would halve from K = 1 to K = 4")
    d.refute(leading, "=", A * variance / B**3 + correlation / B**2, because="the sign of the covariance")


@two_point_bias.measured("score_matching.batch_score", against="the mean over all batches, by their number of +1")
def bias_against_batch_size(m: Measurement) -> None:
    """At x = ½: K · bias tends to the leading term -tanh x (1 - tanh² x)."""
    import torch

    from derivable.kernels.score_matching import batch_score
    from derivable.numerics.tolerance import rounding_bound

    at = torch.tensor([[0.5]], dtype=torch.float64)
    sizes, biases, leading = (1, 2, 4, 8, 16, 64, 256), [], float(m.value(m.statements[-1].rhs, t=Rational(1, 2)))
    for size in sizes:
        mean = 0.0
        for hits in range(size + 1):
            data = torch.tensor([[1.0]] * hits + [[-1.0]] * (size - hits), dtype=torch.float64)
            mean += math.comb(size, hits) / 2**size * float(batch_score(at, data, 1.0, 1.0))
        expected = m.value(enumerated(size) - tanh(t) + t, t=Rational(1, 2))
        m.agree(mean - math.tanh(0.5) + 0.5, expected, rounding_bound(at.dtype, 20 + size, scale=4.0))
        biases.append(float(expected))
    # C5a, C5b: |K · bias - leading term| ≤ C/K, with c the smaller of the two values of g
    weights, slopes = (math.exp(0.5), math.exp(-0.5)), (0.5 * math.exp(0.5), -1.5 * math.exp(-0.5))
    B, ratio_ = sum(weights) / 2, sum(slopes) / sum(weights)
    pairs = [(slope - ratio_ * weight, weight - B) for slope, weight in zip(slopes, weights, strict=True)]

    def moment(first: int, second: int) -> float:
        return sum(e**first * beta**second for e, beta in pairs) / 2

    fourth = moment(2, 2) + moment(0, 4) + moment(2, 0) * moment(0, 2) + 2 * moment(1, 1) ** 2 + 3 * moment(0, 2) ** 2
    limit = (abs(moment(1, 2)) + fourth / (2 * min(weights))) / B**3
    for size, bias in zip(sizes, biases, strict=True):
        m.holds(abs(size * bias - leading), limit / size)
    m.plot(sizes, biases, x_label="batch size K", y_label="bias at x = 1/2", series="batch independent of x")


@post.claim("C5d", "The loss and the gradient of a batch of pairs are unbiased for conditional score matching")
def unbiased(d: Derivation) -> None:
    """Linearity; by C4c the gradient is then unbiased for score matching, too."""
    constant_ = d.positive("C")
    d.declare(K, z, y, q, loss, theta)
    d.assume(Independent(z, law=y), text="z_n labels the n-th pair (x0, x_t); the pairs are independent copies")
    d.assume(text="ℓ(θ, y) is the conditional loss of one pair, C¹ in θ, its derivative dominated")
    value = batch(average(lambda at: loss(theta, at)))
    gradient = batch(average(lambda at: Derivative(loss(theta, at), theta)))
    d.state(value, "=", single(loss(theta, y)))
    d.state(gradient, "=", Derivative(single(loss(theta, y)), theta))
    d.start(value)
    d.then(single(loss(theta, y)), by="the mean is linear, and every pair has the same law")
    d.start(gradient)
    d.then(single(Derivative(loss(theta, y), theta)), by="the mean is linear")
    d.then(Derivative(single(loss(theta, y)), theta), by="the derivative of a mean")
    d.note("With C4c: the gradient of one pair, or of any number of pairs, is unbiased for the gradient of SM as well.")
    d.refute(value, "=", single(loss(theta, y)) - constant_, because="unbiased for SM's value: off by C4's constant C > 0")
    d.refute(gradient, "=", Derivative(single(loss(theta, y)), theta) / K, because="a sum taken for a mean")


def of_batch(value: Callable[[Expr], Expr], size: Any = K) -> Expr:
    """Σ value(z_n) over the first `size` of the batch."""
    return Sum(value(z[q]), (q, 1, size))


def every(d: Derivation, vector: IndexedBase, term: Callable[[Expr], Expr], index: Expr, last: Expr) -> Any:
    """E[term(z_m)] = E[term(z_1)] for m = 2 … last: the fact that any of these draws may stand for the first."""
    return d.have(
        Expectation(term(vector[index]), vector),
        "=",
        Expectation(term(vector[1]), vector),
        by=Exchange(term(vector[index]), vector, index, 1),
        why="the rest does not change when draws m and 1 are exchanged",
        where=[index >= 2, index <= last],
        forall=[index],
    )


@post.claim("C6a", "With the generating draw in the batch the estimate is exactly unbiased, for every K")
def generator_in_batch(d: Derivation) -> None:
    """The batch given x has the density ∏ p0(x0^n) · k(x, x0^1)/p(x). The estimate is symmetric in the batch."""
    d.declare(K, z, y, q, t, k)
    d.assume(Independent(z, law=y), text="z_1 … z_K are independent copies of y; x is drawn from the kernel of z_1")
    d.assume(text="t is one coordinate of x, the others are fixed; k(t, y) > 0 is C¹ in t, its derivative dominated")
    d.instance(k, lambda t, y: exp(-((t - y) ** 2) / 2))

    def weight(at: Expr) -> Expr:
        return k(t, at)

    def slope(at: Expr) -> Expr:
        return Derivative(k(t, at), t)

    hat = of_batch(slope) / of_batch(weight)
    mean = batch(hat * weight(z[1])) / single(weight(y))  # E[û | x]
    truth = Derivative(log(single(weight(y))), t)
    index = d.index("m")
    d.state(mean, "=", truth)
    same = every(d, z, lambda at: hat * weight(at), index, K)
    others = Sum(batch(hat * weight(z[index])), (index, 2, K))
    d.start(mean)
    d.then((batch(hat * weight(z[1])) + others) / K / single(weight(y)), by="K equal terms", using=[same])
    d.then(batch(hat * of_batch(weight)) / K / single(weight(y)), by="the mean is linear")
    d.then(single(slope(y)) / single(weight(y)), by="Σ k cancels, and every draw has the same law")
    d.then(truth, by="C1a")
    d.refute(batch(hat), "=", truth, because="never biased: without the generating draw in the batch it is (C5)")
    d.refute(mean, "=", batch(hat), because="always biased: the two sampling schemes are taken for one")


@generator_in_batch.measured("score_matching.batch_score", against="tanh x - x, over all batches of ±1 with the generator")
def no_bias(m: Measurement) -> None:
    """Given x, a batch has its prior probability times Σ_n k(x, z_n)/(K p(x)), by exchange."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_log_density
    from derivable.kernels.score_matching import batch_score
    from derivable.numerics.tolerance import rounding_bound

    at = torch.tensor([[0.5]], dtype=torch.float64)
    both = torch.tensor([[1.0], [-1.0]], dtype=torch.float64)
    marginal = gmm_log_density(at, both, torch.ones(2, dtype=at.dtype), torch.zeros(2, dtype=at.dtype))
    sizes, biases = (1, 2, 3, 8, 16, 64, 256), []
    for size in sizes:
        mean = 0.0
        for hits in range(size + 1):
            data = torch.tensor([[1.0]] * hits + [[-1.0]] * (size - hits), dtype=torch.float64)
            kernels = gmm_log_density(at, data, torch.ones(size, dtype=at.dtype), torch.zeros(size, dtype=at.dtype))
            probability = math.comb(size, hits) / 2**size * float((kernels - marginal).exp())
            mean += probability * float(batch_score(at, data, 1.0, 1.0))
        m.agree(mean, math.tanh(0.5) - 0.5, rounding_bound(at.dtype, 40 + size, scale=4.0))
        biases.append(mean - math.tanh(0.5) + 0.5)
    m.plot(sizes, biases, x_label="batch size K", y_label="bias at x = 1/2", series="generating draw in the batch")


@post.claim("C6b", "Its mean squared error does not grow with the batch", kind="inequality")
def error_falls(d: Derivation) -> None:
    """a²/b ≥ 2 q a - q² b at the ratio q of the whole batch, and then every draw may stand for every other."""
    copies = d.point("z", K + 1)
    e = d.function("e")
    index = d.index("m")
    d.declare(K, y, q, g)
    d.assume(Independent(copies, law=y), text="z_1 … z_(K+1) are independent copies of y; x is drawn from the kernel of z_1")
    d.assume(
        text="g(y) = p_t(x|x0) > 0 for a draw x0 of label y at a fixed x, and e(y) = ∇p_t(x|x0) - w g(y) in one coordinate "
        "for any number w, so that û - w = Σe/Σg; E[(û - w)² | x] = E[(Σe/Σg)² g(z_1)]/p_t(x) is finite"
    )
    d.instance(e, lambda y: y)
    d.instance(g, lambda y: 1 + y**2)

    def mean(term: Expr) -> Expr:
        return Expectation(term, copies)

    def whole(value: Field) -> Expr:
        return Sum(value(copies[q]), (q, 1, K + 1))

    def first(value: Field) -> Expr:
        return Sum(value(copies[q]), (q, 1, K))

    ratio_ = whole(e) / whole(g)

    def linear(at: Expr) -> Expr:
        return ratio_ * e(at)

    def square(at: Expr) -> Expr:
        return ratio_**2 * g(at)

    def small(at: Expr) -> Expr:
        return (first(e) / first(g)) ** 2 * g(at)

    def except_last(at: Expr) -> Expr:
        """The same: the first K are all but the last, which an exchange among them leaves alone."""
        return ((whole(e) - e(copies[K + 1])) / (whole(g) - g(copies[K + 1]))) ** 2 * g(at)

    def others(term: Callable[[Expr], Expr], last: Expr) -> Expr:
        return Sum(mean(term(copies[index])), (index, 2, last))

    one, two, error = (mean(term(copies[1])) for term in (linear, square, small))
    d.state(two, "<=", error)
    same_one, same_two = (every(d, copies, term, index, K + 1) for term in (linear, square))
    exchanged = every(d, copies, except_last, index, K)
    inside = [index >= 2, index <= K]
    ends = [
        d.have(mean(small(at)), "=", mean(except_last(at)), by="all but the last are the first K", where=inside)
        for at in (copies[index], copies[1])
    ]
    same_small = d.have(
        mean(small(copies[index])),
        "=",
        error,
        by="draws m and 1 exchanged",
        using=[exchanged, *ends],
        where=inside,
        forall=[index],
    )
    sums = d.have(one + others(linear, K + 1), "=", two + others(square, K + 1), by="Σ q e_m = q² Σ g_m: both are (Σe)²/Σg")
    scaled = d.have((K + 1) * one, "=", (K + 1) * two, by="K + 1 equal terms on both sides", using=[sums, same_one, same_two])
    equal = d.have(one, "=", two, by="divide by K + 1", using=[scaled])
    d.start(two)
    d.then(2 * one - two, by="the two are equal", using=[equal])
    d.then((2 * (one + others(linear, K)) - two - others(square, K)) / K, by="K equal terms", using=[same_one, same_two])
    d.then(mean(2 * ratio_ * first(e) - ratio_**2 * first(g)) / K, by="the mean is linear")
    rest = (first(e) - ratio_ * first(g)) ** 2 / first(g)
    d.then(mean(first(e) ** 2 / first(g)) / K - mean(rest) / K, by="complete the square")
    d.then(mean(first(e) ** 2 / first(g)) / K, "<=", by="a square over a positive number")
    d.then((error + others(small, K)) / K, by="Σ g of the first K cancels once")
    d.then(error, by="K equal terms", using=[same_small])
    d.refute(error, "<=", two, because="the other direction")
    d.refute((K + 1) * two, "=", K * error, because="1/K exactly, as for a mean of independent terms")


@error_falls.measured("score_matching.batch_score", against="the ledger's figures for data ±1, and C4's number at K = 1")
def excess_variance(m: Measurement) -> None:
    """E‖û - u‖² over x and all batches, the integral over x by the trapezoidal rule."""
    import torch

    from derivable.kernels.gaussian_mixture import gmm_log_density, gmm_score
    from derivable.kernels.score_matching import batch_score, csm_sm_gap

    both = torch.tensor([[1.0], [-1.0]], dtype=torch.float64)
    nothing = torch.zeros(2, dtype=torch.float64)
    places = torch.linspace(-11, 11, 881, dtype=torch.float64)[:, None]
    figures = {
        1.0: {1: 0.4495995092, 2: 0.2247997546, 4: 0.0978858, 8: 0.0432430, 16: 0.0205692, 64: 0.00499153},
        0.5: {1: 1.0975585, 2: 0.5487793, 4: 0.2228193, 8: 0.0906169, 16: 0.0421463, 64: 0.0101535},
    }
    for noise, table_ in figures.items():
        variance = torch.full((2,), noise**2, dtype=torch.float64)
        truth = gmm_score(places, both, variance, nothing)
        errors = []
        for size in table_:
            error = torch.zeros(len(places), dtype=torch.float64)
            for hits in range(size + 1):
                data = torch.tensor([[1.0]] * hits + [[-1.0]] * (size - hits), dtype=torch.float64)
                kernels = gmm_log_density(places, data, data.new_full((size,), noise**2), data.new_zeros(size)).exp()
                square = (batch_score(places, data, 1.0, noise) - truth).square().sum(-1)
                error += math.comb(size, hits) / 2**size * kernels * square
            errors.append(float(error.sum()) * 22 / 880)
        m.agree(errors, list(table_.values()), 6e-8, note="figures of six to ten digits; trapezoidal rule, step 1/40")
        m.agree(errors[0], csm_sm_gap(both, nothing, nothing, 1.0, noise), 1e-12)
        m.holds(errors[1:], errors[:-1])
        m.plot(list(table_), errors, x_label="batch size K", y_label="E‖û - u‖²", series=f"b = {noise}")


@post.claim("C6c", "Its mean squared error tends to 0, from C4's number at K = 1", kind="inequality")
def error_vanishes(d: Derivation) -> None:
    """E[(û - u)² | x] p(x) = E[(Σe)²/Σg]/K with e = f - u g of mean 0."""
    e = d.function("e")
    index = d.index("m")
    at_ = d.real("w")
    d.declare(K, z, y, q, g, gamma, least)
    d.assume(Independent(z, law=y), text="as in C6b, with w = u(x) the score at x")
    d.assume(Eq(single(e(y)), 0), text="that is E f = u E g, C1a")
    d.assume(Gt(least, 0, evaluate=False), text="a lower bound")
    d.assume(ForAll((at_,), Eq(gamma(at_), g(at_) - least)), text="g ≥ c, as for bounded data: γ = g - c is positive")
    d.instance(e, lambda y: y)
    d.instance(gamma, lambda y: 1 + y**2)
    d.instance(g, lambda y: least + 1 + y**2)
    E, G = of_batch(e), of_batch(g)

    def part(at: Expr) -> Expr:
        return (E / G) ** 2 * g(at)

    error = batch(part(z[1]))
    d.state(error, "<=", single(e(y) ** 2) / (K * least))
    same = every(d, z, part, index, K)
    others = Sum(batch(part(z[index])), (index, 2, K))
    alone = single((e(y) / g(y)) ** 2 * g(y))
    d.have(
        alone,
        "=",
        single(g(y) * (e(y) / g(y)) ** 2),
        by="K = 1: the integrand of C4's number, g (∇log g - u)²",
    )
    d.start(error)
    d.then((error + others) / K, by="K equal terms", using=[same])
    d.then(batch(E**2 / G) / K, by="the mean is linear, and Σg cancels once")
    d.then(batch(E**2) / (K**2 * least) - batch(E**2 * of_batch(gamma) / (K * least * G)) / K, by="Σg = K c + Σγ")
    d.then(batch(E**2) / (K**2 * least), "<=", by="γ > 0")
    d.then(single(e(y) ** 2) / (K * least), by="independent draws of mean 0")
    d.refute(error, "<=", single(e(y) ** 2) / (K**2 * least), because="1/K² instead of 1/K")
    d.refute(error, "=", single(e(y) ** 2 / g(y)), because="as large as for one pair")
