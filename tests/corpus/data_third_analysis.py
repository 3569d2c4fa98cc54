"""Distributions, transforms, limits and differential equations, as the theory of learning uses them: a third set.

Held out until it was measured (147 of 186 true equalities, 85 of 100 true inequalities); then rules were made with a look at half
of what had stayed open, so it is held out no longer.
"""

from typing import Any

from sympy import (
    Abs,
    Derivative,
    EulerGamma,
    Function,
    Integer,
    Integral,
    Limit,
    Max,
    Min,
    Ne,
    Rational,
    S,
    Subs,
    Sum,
    beta,
    binomial,
    cos,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    factorial,
    floor,
    gamma,
    harmonic,
    log,
    oo,
    pi,
    sech,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)

AREA = "third: distributions, transforms, limits"
SOURCE = (
    "Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions; Johnson, Kemp & Kotz, Univariate Discrete Distributions; "
    "Erdélyi, Tables of Integral Transforms; Cover & Thomas, Elements of Information Theory, chapter 8"
)

n, m = symbols("n m", integer=True, positive=True)
k = symbols("k", integer=True)
x, y, t, h, mu, nu = symbols("x y t h mu nu", real=True)
a, b, s, r, p = symbols("a b s r p", positive=True)
T = symbols("T", positive=True)
f, g = Function("f"), Function("g")
Q = Function("Q", positive=True)

WEIGHT = [p < Rational(9, 10)]
COIN = [p < 1]


def normal(value: Any, mean: Any, deviation: Any) -> Any:
    """Return the normal density."""
    return exp(-((value - mean) ** 2) / (2 * deviation**2)) / (deviation * sqrt(2 * pi))


def cumulative(value: Any) -> Any:
    """Return the normal distribution function."""
    return (1 + erf(value / sqrt(2))) / 2


def logistic(value: Any) -> Any:
    """Return the logistic density."""
    return exp(-value) / (1 + exp(-value)) ** 2


def sigmoid(value: Any) -> Any:
    """Return the logistic function."""
    return 1 / (1 + exp(-value))


def line(integrand: Any, variable: Any = x) -> Any:
    """Return the integral over the real line."""
    return Integral(integrand, (variable, -oo, oo))


def half(integrand: Any, variable: Any = x) -> Any:
    """Return the integral over the positive half of the line."""
    return Integral(integrand, (variable, 0, oo))


def poisson(term: Any) -> Any:
    """Return the mean of a term in k under a Poisson distribution of mean a."""
    return Sum(exp(-a) * a**k / factorial(k) * term, (k, 0, oo))


def bernoulli(term: Any) -> Any:
    """Return the mean of a term in k under a binomial distribution."""
    return Sum(binomial(n, k) * p**k * (1 - p) ** (n - k) * term, (k, 0, n))


HEAT = exp(-(x**2) / (4 * T)) / sqrt(4 * pi * T)
GROWTH = a / (1 + s * exp(-r * x))
DAMPED = exp(-a * x) * cos(b * x)
GOMPERTZ = exp(-b * exp(-a * x))
FILTERED = Integral(exp(-a * (x - t)) * f(t), (t, 0, x))
DIVERGENCE = p * log(p / (p + h)) + (1 - p) * log((1 - p) / (1 - p - h))

TRUE: list[tuple[Any, ...]] = [
    ("Laplace, second moment", line(x**2 * exp(-Abs(x) / b) / (2 * b)), 2 * b**2),
    ("Laplace, characteristic function", line(exp(-a * Abs(x)) * cos(t * x)), 2 * a / (a**2 + t**2)),
    ("Laplace, moment generating function", line(exp(t * x - Abs(x)) / 2), 1 / (1 - t**2), [t > -1, t < 1]),
    ("logistic, second moment", line(x**2 * logistic(x)), pi**2 / 3),
    ("logistic, normalised", line(logistic((x - mu) / s) / s), Integer(1)),
    ("logistic, mean modulus", line(Abs(x) * logistic(x)), 2 * log(2)),
    ("Gumbel, beyond a threshold", Integral(exp(-x - exp(-x)), (x, t, oo)), 1 - exp(-exp(-t))),
    ("Gumbel, mean by an exponential variable", half(-log(x) * exp(-x)), EulerGamma),
    (
        "Gumbel's maximum picks by softmax",
        Integral(exp(-(x - mu) - exp(-(x - mu))) * exp(-exp(-(x - nu))), (x, t, oo)),
        exp(mu) / (exp(mu) + exp(nu)) * (1 - exp(-exp(-t) * (exp(mu) + exp(nu)))),
    ),
    ("exponential, moment generating function", half(a * exp(-a * x) * exp(t * x)), a / (a - t), [t < a]),
    ("exponential, entropy", -half(a * exp(-a * x) * log(a * exp(-a * x))), 1 - log(a)),
    ("exponentials, divergence", half(a * exp(-a * x) * log(a * exp(-a * x) / (b * exp(-b * x)))), log(a / b) + b / a - 1),
    ("exponentials, the earlier one", half(a * exp(-a * x) * exp(-b * x)), a / (a + b)),
    ("normal, entropy", -line(normal(x, mu, s) * log(normal(x, mu, s))), log(2 * pi * s**2) / 2 + S.Half),
    (
        "normals, divergence",
        line(normal(x, mu, a) * log(normal(x, mu, a) / normal(x, nu, b))),
        log(b / a) + (a**2 + (mu - nu) ** 2) / (2 * b**2) - S.Half,
    ),
    ("normal, moment generating function", line(normal(x, mu, s) * exp(t * x)), exp(mu * t + s**2 * t**2 / 2)),
    (
        "normal, real part of the characteristic function",
        line(normal(x, mu, s) * cos(t * x)),
        cos(mu * t) * exp(-(s**2) * t**2 / 2),
    ),
    ("normal, mean of ReLU", line(Max(x, 0) * normal(x, 0, s)), s / sqrt(2 * pi)),
    ("shifted normal, mean of ReLU", line(Max(x, 0) * normal(x, mu, 1)), mu * cumulative(mu) + normal(mu, 0, 1)),
    ("normal, mean beyond a threshold", Integral(x * normal(x, 0, 1), (x, a, oo)), normal(a, 0, 1)),
    (
        "normal, second moment beyond a threshold",
        Integral(x**2 * normal(x, 0, 1), (x, a, oo)),
        a * normal(a, 0, 1) + erfc(a / sqrt(2)) / 2,
    ),
    ("normal, sixth moment", line(x**6 * normal(x, 0, s)), 15 * s**6),
    ("normal, fourth moment about zero", line(x**4 * normal(x, mu, s)), mu**4 + 6 * mu**2 * s**2 + 3 * s**4),
    ("normals, affinity", line(exp(-((x - mu) ** 2 + (x - nu) ** 2) / 4) / sqrt(2 * pi)), exp(-((mu - nu) ** 2) / 8)),
    ("normals, convolution", line(normal(x - t, 0, a) * normal(t, 0, b), t), normal(x, 0, sqrt(a**2 + b**2))),
    ("normal, mean of its own distribution function", line(normal(x, 0, 1) * cumulative(x)), S.Half),
    ("normal, Stein", line(x * sin(t * x) * normal(x, 0, 1)), t * exp(-(t**2) / 2)),
    ("gamma, mean", half(x * b**a * x ** (a - 1) * exp(-b * x) / gamma(a)), a / b),
    ("gamma, second moment", half(b**a * x ** (a + 1) * exp(-b * x) / gamma(a)), a * (a + 1) / b**2),
    ("gamma, Laplace transform", half(b**a * x ** (a - 1) * exp(-(b + s) * x) / gamma(a)), (b / (b + s)) ** a),
    ("gamma, mean logarithm", half(x ** (a - 1) * exp(-x) * log(x) / gamma(a)), digamma(a)),
    ("beta, mean", Integral(x**a * (1 - x) ** (b - 1), (x, 0, 1)) / beta(a, b), a / (a + b)),
    ("Weibull, mean", half(a * x**a * exp(-(x**a))), gamma(1 + 1 / a)),
    ("Pareto, mean", Integral(a * x ** (-a), (x, 1, oo)), a / (a - 1), [a > 1]),
    ("Rayleigh, mean", half(x**2 / s**2 * exp(-(x**2) / (2 * s**2))), s * sqrt(pi / 2)),
    ("semicircle, variance", Integral(x**2 * sqrt(4 - x**2) / (2 * pi), (x, -2, 2)), Integer(1)),
    ("arcsine law", Integral(1 / (pi * sqrt(x * (1 - x))), (x, 0, 1)), Integer(1)),
    ("triangular, characteristic function", Integral((1 - Abs(x)) * cos(t * x), (x, -1, 1)), 2 * (1 - cos(t)) / t**2),
    ("uniform, moment generating function", Integral(exp(t * x), (x, a, b)) / (b - a), (exp(t * b) - exp(t * a)) / (t * (b - a))),
    ("Poisson, mean", poisson(k), a),
    ("Poisson, second moment", poisson(k**2), a + a**2),
    ("Poisson, generating function", poisson(y**k), exp(a * (y - 1))),
    ("Poisson, mean reciprocal", poisson(1 / (k + 1)), (1 - exp(-a)) / a),
    ("geometric, second moment", Sum(k**2 * (1 - p) * p**k, (k, 0, oo)), p * (1 + p) / (1 - p) ** 2, WEIGHT),
    (
        "geometric, entropy",
        -Sum((1 - p) * p**k * log((1 - p) * p**k), (k, 0, oo)),
        -log(1 - p) - p * log(p) / (1 - p),
        WEIGHT,
    ),
    ("negative binomial series", Sum(binomial(k + n - 1, k) * p**k, (k, 0, oo)), (1 - p) ** (-n), WEIGHT),
    ("binomial, mean", bernoulli(k), n * p, COIN),
    ("binomial, second factorial moment", bernoulli(k * (k - 1)), n * (n - 1) * p**2, COIN),
    ("binomial, moment generating function", bernoulli(exp(t * k)), (1 - p + p * exp(t)) ** n, COIN),
    ("binomial, mean reciprocal", bernoulli(1 / (k + 1)), (1 - (1 - p) ** (n + 1)) / ((n + 1) * p), COIN),
    (
        "Poisson's tail as an integral",
        Sum(exp(-a) * a**k / factorial(k), (k, 0, n)),
        Integral(exp(-x) * x**n / factorial(n), (x, a, oo)),
    ),
    ("softplus at its zero", half(log(1 + exp(-x))), pi**2 / 12),
    ("shift of a sigmoid", line(sigmoid(x) - sigmoid(x - a)), a),
    ("hyperbolic secant squared", line(sech(a * x) ** 2), 2 / a),
    ("reciprocal in the exponent", half(exp(-(x**2) - a**2 / x**2)), sqrt(pi) * exp(-2 * a) / 2),
    ("transform of the hyperbolic sine", half(exp(-s * x) * sinh(a * x)), a / (s**2 - a**2), [s > a]),
    ("transform of a squared cosine", half(exp(-s * x) * cos(a * x) ** 2), (s**2 + 2 * a**2) / (s * (s**2 + 4 * a**2))),
    ("transform of a growing sine", half(exp(-s * x) * x * sin(a * x)), 2 * a * s / (s**2 + a**2) ** 2),
    ("transform of the error function", half(exp(-s * x) * erf(x)), exp(s**2 / 4) * erfc(s / 2) / s),
    ("transform of a clipped line", half(exp(-s * x) * Min(x, a)), (1 - exp(-a * s)) / s**2),
    ("convolution of exponentials", Integral(exp(-a * (t - y)) * exp(-b * y), (y, 0, t)), (exp(-b * t) - exp(-a * t)) / (a - b)),
    ("convolution of sines", Integral(sin(t - y) * sin(y), (y, 0, t)), (sin(t) - t * cos(t)) / 2),
    (
        "convolution of powers",
        Integral((T - y) ** n * y**m, (y, 0, T)),
        T ** (n + m + 1) * factorial(n) * factorial(m) / factorial(n + m + 1),
    ),
    ("heat equation", Derivative(HEAT, T), Derivative(HEAT, (x, 2))),
    ("logistic growth", Derivative(GROWTH, x), r * GROWTH * (1 - GROWTH / a)),
    ("damped oscillation", Derivative(DAMPED, (x, 2)) + 2 * a * Derivative(DAMPED, x) + (a**2 + b**2) * DAMPED + y, y),
    ("Gompertz' growth", Derivative(GOMPERTZ, x), -a * GOMPERTZ * log(GOMPERTZ)),
    ("low-pass filter", Derivative(FILTERED, x) + a * FILTERED, f(x)),
    ("travelling wave", Derivative(f(x - a * t), (t, 2)), a**2 * Derivative(f(x - a * t), (x, 2))),
    ("logarithmic potential", Derivative(log(x**2 + y**2), (x, 2)) + Derivative(log(x**2 + y**2), (y, 2)) + t, t),
    ("rotation leaves the radius", y * Derivative(f(x**2 + y**2), x), x * Derivative(f(x**2 + y**2), y)),
    (
        "score of a product",
        Derivative(log(Q(x) * Q(2 * x)), x),
        Derivative(Q(x), x) / Q(x) + 2 * Subs(Derivative(Q(y), y), y, 2 * x) / Q(2 * x),
    ),
    ("slope of swish", Derivative(x * sigmoid(x), x), sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x))),
    ("curvature of softplus", Derivative(log(1 + exp(x)), (x, 2)), sigmoid(x) * sigmoid(-x)),
    ("slope of GELU", Derivative(x * cumulative(x), x), cumulative(x) + x * normal(x, 0, 1)),
    (
        "Wronskian of an oscillator",
        f(x) * Derivative(g(x), (x, 2)) - g(x) * Derivative(f(x), (x, 2)),
        Derivative(f(x) * Derivative(g(x), x) - g(x) * Derivative(f(x), x), x),
    ),
    ("softplus, sharpened", Limit(log(1 + exp(t * x)) / x, x, oo), Max(t, 0)),
    ("norm of infinite order", Limit((a**x + b**x) ** (1 / x), x, oo), Max(a, b)),
    ("Rényi's entropy at one", Limit(log(p**x + (1 - p) ** x) / (1 - x), x, 1, "+-"), -p * log(p) - (1 - p) * log(1 - p), COIN),
    ("Fisher information of a coin", Limit(DIVERGENCE / h**2, h, 0, "+-"), 1 / (2 * p * (1 - p)), COIN),
    ("Student becomes normal", Limit((1 + t**2 / x) ** (-(x + 1) / 2), x, oo), exp(-(t**2) / 2)),
    ("Mills' ratio at infinity", Limit(x * exp(x**2) * erfc(x), x, oo), 1 / sqrt(pi)),
    ("bias corrections", Limit((1 - exp(-a * h)) / (1 - exp(-b * h)), h, 0, "+-"), a / b),
    ("harmonic numbers and logarithm", Limit(harmonic(n) - log(n), n, oo), EulerGamma),
    ("floor of a reciprocal", Limit(x * floor(1 / x), x, 0, "+"), Integer(1)),
    ("bilinear step, third order", Limit((exp(t * h) - (1 + t * h / 2) / (1 - t * h / 2)) / h**3, h, 0, "+-"), -(t**3) / 12),
    ("logarithmic hyperbolic cosine", Limit(log(cosh(x)) - x, x, oo), -log(2)),
    ("wide cosine", Limit(x**2 * (1 - cos(t / x)), x, oo), t**2 / 2),
    ("logarithm of neighbours", Limit(x * (log(x + a) - log(x)), x, oo), a),
    ("steep hyperbolic tangent", Limit(tanh(t / x), x, 0, "+"), Integer(-1), [t < 0]),
    ("Euler's rule for a rate", Limit((1 - a / n) ** n, n, oo), exp(-a)),
]

FALSE: list[tuple[Any, ...]] = [
    ("Laplace, second moment", "factor", line(x**2 * exp(-Abs(x) / b) / (2 * b)), b**2),
    ("Laplace, characteristic function", "factor", line(exp(-a * Abs(x)) * cos(t * x)), a / (a**2 + t**2)),
    ("Laplace, moment generating function", "sign", line(exp(t * x - Abs(x)) / 2), 1 / (1 + t**2), [t > -1, t < 1, Ne(t, 0)]),
    ("logistic, second moment", "of the normalised one", line(x**2 * logistic(x)), Integer(1)),
    ("logistic, mean modulus", "factor", line(Abs(x) * logistic(x)), log(2)),
    ("Gumbel, mean by an exponential variable", "sign", half(-log(x) * exp(-x)), -EulerGamma),
    (
        "Gumbel's maximum picks by softmax",
        "the other one",
        Integral(exp(-(x - mu) - exp(-(x - mu))) * exp(-exp(-(x - nu))), (x, t, oo)),
        exp(nu) / (exp(mu) + exp(nu)) * (1 - exp(-exp(-t) * (exp(mu) + exp(nu)))),
    ),
    ("exponential, moment generating function", "sign", half(a * exp(-a * x) * exp(t * x)), a / (a + t), [t < a, Ne(t, 0)]),
    ("exponential, entropy", "sign", -half(a * exp(-a * x) * log(a * exp(-a * x))), 1 + log(a)),
    (
        "exponentials, divergence",
        "quotient",
        half(a * exp(-a * x) * log(a * exp(-a * x) / (b * exp(-b * x)))),
        log(a / b) + a / b - 1,
    ),
    ("exponentials, the earlier one", "rates exchanged", half(a * exp(-a * x) * exp(-b * x)), b / (a + b)),
    ("normal, entropy", "half lost", -line(normal(x, mu, s) * log(normal(x, mu, s))), log(2 * pi * s**2) / 2),
    (
        "normals, divergence",
        "variances exchanged",
        line(normal(x, mu, a) * log(normal(x, mu, a) / normal(x, nu, b))),
        log(a / b) + (b**2 + (mu - nu) ** 2) / (2 * a**2) - S.Half,
    ),
    ("normal, moment generating function", "half lost", line(normal(x, mu, s) * exp(t * x)), exp(mu * t + s**2 * t**2)),
    ("normal, mean of ReLU", "the mean modulus", line(Max(x, 0) * normal(x, 0, s)), s * sqrt(2 / pi)),
    ("shifted normal, mean of ReLU", "sign", line(Max(x, 0) * normal(x, mu, 1)), mu * cumulative(mu) - normal(mu, 0, 1)),
    (
        "normal, second moment beyond a threshold",
        "boundary term lost",
        Integral(x**2 * normal(x, 0, 1), (x, a, oo)),
        erfc(a / sqrt(2)) / 2,
    ),
    ("normal, sixth moment", "of the fourth order", line(x**6 * normal(x, 0, s)), 3 * s**6),
    ("normal, fourth moment about zero", "binomial factor", line(x**4 * normal(x, mu, s)), mu**4 + 3 * mu**2 * s**2 + 3 * s**4),
    (
        "normals, affinity",
        "four for eight",
        line(exp(-((x - mu) ** 2 + (x - nu) ** 2) / 4) / sqrt(2 * pi)),
        exp(-((mu - nu) ** 2) / 4),
    ),
    ("normals, convolution", "deviations added", line(normal(x - t, 0, a) * normal(t, 0, b), t), normal(x, 0, a + b)),
    ("normal, Stein", "factor t lost", line(x * sin(t * x) * normal(x, 0, 1)), exp(-(t**2) / 2)),
    ("gamma, mean", "scale for rate", half(x * b**a * x ** (a - 1) * exp(-b * x) / gamma(a)), a * b),
    ("gamma, second moment", "square of the mean", half(b**a * x ** (a + 1) * exp(-b * x) / gamma(a)), a**2 / b**2),
    ("gamma, mean logarithm", "logarithm of the mean", half(x ** (a - 1) * exp(-x) * log(x) / gamma(a)), log(a)),
    ("beta, mean", "the other parameter", Integral(x**a * (1 - x) ** (b - 1), (x, 0, 1)) / beta(a, b), b / (a + b)),
    ("Weibull, mean", "shift", half(a * x**a * exp(-(x**a))), gamma(1 / a)),
    ("Pareto, mean", "denominator", Integral(a * x ** (-a), (x, 1, oo)), a / (a + 1), [a > 1]),
    ("triangular, characteristic function", "factor", Integral((1 - Abs(x)) * cos(t * x), (x, -1, 1)), (1 - cos(t)) / t**2),
    ("Poisson, second moment", "the variance", poisson(k**2), a),
    ("Poisson, generating function", "sign", poisson(y**k), exp(a * (1 - y))),
    ("geometric, second moment", "the variance", Sum(k**2 * (1 - p) * p**k, (k, 0, oo)), p / (1 - p) ** 2, WEIGHT),
    ("negative binomial series", "exponent", Sum(binomial(k + n - 1, k) * p**k, (k, 0, oo)), (1 - p) ** (-n - 1), WEIGHT),
    ("binomial, second factorial moment", "the square of the mean", bernoulli(k * (k - 1)), n**2 * p**2, COIN),
    ("binomial, mean reciprocal", "exponent", bernoulli(1 / (k + 1)), (1 - (1 - p) ** n) / ((n + 1) * p), COIN),
    (
        "Poisson's tail as an integral",
        "one term too few",
        Sum(exp(-a) * a**k / factorial(k), (k, 0, n - 1)),
        Integral(exp(-x) * x**n / factorial(n), (x, a, oo)),
    ),
    ("transform of the hyperbolic sine", "circular sign", half(exp(-s * x) * sinh(a * x)), a / (s**2 + a**2), [s > a]),
    ("transform of a clipped line", "clipping lost", half(exp(-s * x) * Min(x, a)), 1 / s**2),
    ("convolution of sines", "sign", Integral(sin(t - y) * sin(y), (y, 0, t)), (sin(t) + t * cos(t)) / 2),
    ("heat equation", "factor two", Derivative(HEAT, T), Derivative(HEAT, (x, 2)) / 2),
    ("logistic growth", "capacity lost", Derivative(GROWTH, x), r * GROWTH * (1 - GROWTH)),
    ("low-pass filter", "sign", Derivative(FILTERED, x) - a * FILTERED, f(x)),
    ("slope of swish", "first term lost", Derivative(x * sigmoid(x), x), x * sigmoid(x) * (1 - sigmoid(x))),
    ("softplus, sharpened", "ReLU lost", Limit(log(1 + exp(t * x)) / x, x, oo), t),
    ("norm of infinite order", "minimum", Limit((a**x + b**x) ** (1 / x), x, oo), Min(a, b)),
    ("Fisher information of a coin", "factor two", Limit(DIVERGENCE / h**2, h, 0, "+-"), 1 / (p * (1 - p)), COIN),
    ("Mills' ratio at infinity", "factor", Limit(x * exp(x**2) * erfc(x), x, oo), 2 / sqrt(pi)),
    ("bilinear step, third order", "sign", Limit((exp(t * h) - (1 + t * h / 2) / (1 - t * h / 2)) / h**3, h, 0, "+-"), t**3 / 12),
    ("steep hyperbolic tangent", "sign of the numerator", Limit(tanh(t / x), x, 0, "+"), Integer(1), [Ne(t, 0)]),
]
