"""Inequalities between elementary and special functions; entropy, activations, means and integrals."""

from typing import Any

from sympy import (
    Abs,
    E,
    Function,
    I,
    Integer,
    Integral,
    LambertW,
    Max,
    Min,
    Ne,
    Rational,
    S,
    asin,
    atan,
    cos,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    gamma,
    log,
    lowergamma,
    oo,
    pi,
    sech,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
    uppergamma,
    zeta,
)

AREA = "inequalities, transcendental"
SOURCE = (
    "DLMF 4.5, 4.18, 4.32, 5.6, 7.8, 8.10; Mitrinović, Analytic Inequalities; Boucheron, Lugosi & Massart, "
    "Concentration Inequalities, chapters 2 and 4; Cover & Thomas, Elements of Information Theory, chapter 2"
)

x, y, z, t, m = symbols("x y z t m", real=True)
a, b, c = symbols("a b c", positive=True)
p, q, s = symbols("p q s", positive=True)
f = Function("f", positive=True)
g, h = Function("g", real=True), Function("h", real=True)

FIRST_QUADRANT = [x >= 0, x <= pi / 2]
PROBABILITY = [p < 1]
TWO = [p < 1, q < 1]


def entropy(r: Any) -> Any:
    """Return the entropy of a coin, in nats."""
    return -r * log(r) - (1 - r) * log(1 - r)


def divergence(r: Any, o: Any) -> Any:
    """Return the Kullback-Leibler divergence of two coins."""
    return r * log(r / o) + (1 - r) * log((1 - r) / (1 - o))


def softplus(e: Any) -> Any:
    """Return log(1 + exp e)."""
    return log(1 + exp(e))


def sigmoid(e: Any) -> Any:
    """Return the logistic function."""
    return 1 / (1 + exp(-e))


def gelu(e: Any) -> Any:
    """Return e times the normal distribution function at e."""
    return e * (1 + erf(e / sqrt(2))) / 2


STIRLING = sqrt(a / (2 * pi)) * a ** (-a) * exp(a) * gamma(a)
LOGARITHMIC_MEAN = (b - a) / (log(b) - log(a))
TAIL = sqrt(pi) / 2 * exp(a**2) * erfc(a)

TRUE: list[tuple[Any, ...]] = [
    ("tangent of the exponential", "<=", 1 + x, exp(x)),
    ("tangent of the logarithm", "<=", log(a), a - 1),
    ("logarithm from below", "<", x / (1 + x), log(1 + x), [x > -1, Ne(x, 0)]),
    ("logarithm by a power", "<=", log(a), b * (a ** (1 / b) - 1)),
    ("exponential by a reciprocal", "<", exp(x), 1 / (1 - x), [x < 1, Ne(x, 0)]),
    ("exponential of a quotient", "<", exp(-x / (1 - x)), 1 - x, [x < 1, Ne(x, 0)]),
    ("compound interest from below", "<", exp(a * b / (a + b)), (1 + a / b) ** b),
    ("compound interest from above", "<", (1 + a / b) ** b, exp(a)),
    ("Euler's number from above", "<", E, (1 + 1 / a) ** (a + 1)),
    ("Padé approximant of the logarithm", "<=", 2 * x / (2 + x), log(1 + x), [x >= 0]),
    ("logarithm by a root", "<=", log(1 + x), x / sqrt(1 + x), [x >= 0]),
    ("geometric and logarithmic mean", "<", sqrt(a * b), LOGARITHMIC_MEAN, [a < b]),
    ("logarithmic and arithmetic mean", "<", LOGARITHMIC_MEAN, (a + b) / 2, [a < b]),
    ("Jordan", "<=", 2 * x / pi, sin(x), FIRST_QUADRANT),
    ("Kober", "<=", 1 - 2 * x / pi, cos(x), FIRST_QUADRANT),
    ("tangent above the identity", "<=", x, tan(x), [x >= 0, x < pi / 2]),
    ("cosine below the cardinal sine", "<=", cos(x), sin(x) / x, [x > 0, x <= pi]),
    ("Cusa-Huygens", "<", 3 * sin(x), x * (2 + cos(x)), [x > 0]),
    ("cosine from below", "<=", 1 - x**2 / 2, cos(x)),
    ("cosine from above", "<=", cos(x), 1 - x**2 / 2 + x**4 / 24),
    ("sine from below", "<=", x - x**3 / 6, sin(x), [x >= 0]),
    ("sine is Lipschitz", "<=", Abs(sin(x) - sin(y)), Abs(x - y)),
    ("Lazarević", "<", cosh(x), (sinh(x) / x) ** 3, [Ne(x, 0)]),
    ("circular below hyperbolic", "<", sin(x) * cos(x), tanh(x), [x > 0]),
    ("arctangent by the hyperbolic tangent", "<=", atan(x), pi / 2 * tanh(x), [x >= 0]),
    ("differences of hyperbolic cosines", "<=", Abs(a - b) * sqrt(sinh(a) * sinh(b)), Abs(cosh(a) - cosh(b))),
    ("hyperbolic tangent is Lipschitz", "<=", Abs(tanh(x) - tanh(y)), Abs(x - y)),
    ("a fair sign is sub-Gaussian", "<=", cosh(x), exp(x**2 / 2)),
    ("Hoeffding's lemma for a coin", "<=", log(1 - p + p * exp(t)), p * t + t**2 / 8, PROBABILITY),
    ("Hoeffding's lemma, centred", "<=", p * exp((1 - p) * t) + (1 - p) * exp(-p * t), exp(t**2 / 8), PROBABILITY),
    ("Pinsker for coins", "<=", 2 * (p - q) ** 2, divergence(p, q), TWO),
    ("divergence of coins", "<=", Integer(0), divergence(p, q), TWO),
    ("divergence below chi square", "<=", divergence(p, q), (p - q) ** 2 / (q * (1 - q)), TWO),
    ("entropy of a coin", "<=", entropy(p), log(2), PROBABILITY),
    ("entropy of a coin from below", "<=", 4 * p * (1 - p) * log(2), entropy(p), PROBABILITY),
    ("entropy of a coin by a root", "<=", entropy(p), 2 * log(2) * sqrt(p * (1 - p)), PROBABILITY),
    ("softplus above ReLU", "<", Max(x, 0), softplus(x)),
    ("softplus near ReLU", "<=", softplus(x), Max(x, 0) + log(2)),
    ("softplus is convex", "<=", softplus((x + y) / 2), (softplus(x) + softplus(y)) / 2),
    ("log-sum-exp above the maximum", "<", Max(x, y, z), log(exp(x) + exp(y) + exp(z))),
    ("log-sum-exp near the maximum", "<=", log(exp(x) + exp(y) + exp(z)), Max(x, y, z) + log(3)),
    ("log-sum-exp above the mean", "<=", (x + y) / 2 + log(2), log(exp(x) + exp(y))),
    ("slope of the sigmoid", "<=", exp(-x) / (1 + exp(-x)) ** 2, Rational(1, 4)),
    ("GELU from below", "<", Rational(-17, 100), gelu(x)),
    ("swish from below", "<", Rational(-279, 1000), x * sigmoid(x)),
    ("exponential decay of a line", "<=", x * exp(-x), exp(-1)),
    ("entropy term", "<=", -exp(-1), a * log(a)),
    ("self power", "<=", exp(-exp(-1)), a**a),
    ("Young's conjugate pair", "<=", x * b, exp(x) + b * log(b) - b),
    ("Jensen for the logarithm", "<=", p * log(a) + (1 - p) * log(b), log(p * a + (1 - p) * b), PROBABILITY),
    ("weighted means", "<=", a**p * b ** (1 - p), p * a + (1 - p) * b, PROBABILITY),
    ("Bernoulli, real exponent", "<=", 1 + s * x, (1 + x) ** s, [x > -1, s >= 1]),
    ("constants: pi and e", "<", pi**E, exp(pi)),
    ("Ramanujan's near integer", "<", exp(pi * sqrt(163)), Integer(262537412640768744)),
    ("error function from above", "<=", erf(x), sqrt(1 - exp(-4 * x**2 / pi)), [x >= 0]),
    ("Chernoff for the normal tail", "<=", erfc(x), exp(-(x**2)), [x >= 0]),
    ("normal tail from below", "<", 1 / (a + sqrt(a**2 + 2)), TAIL),
    ("normal tail from above", "<", TAIL, 1 / (a + sqrt(a**2 + 4 / pi))),
    ("gamma is logarithmically convex", "<=", gamma((a + b) / 2) ** 2, gamma(a) * gamma(b)),
    ("Gautschi from below", "<", a ** (1 - s), gamma(a + 1) / gamma(a + s), [s < 1]),
    ("Gautschi from above", "<", gamma(a + 1) / gamma(a + s), (a + 1) ** (1 - s), [s < 1]),
    ("Stirling from below", "<", Integer(1), STIRLING),
    ("Stirling from above", "<", STIRLING, exp(1 / (12 * a))),
    ("harmonic mean of gammas", "<=", 1 / gamma(a) + 1 / gamma(1 / a), Integer(2)),
    ("modulus of gamma from above", "<=", Abs(gamma(a + I * y)), gamma(a)),
    ("modulus of gamma from below", "<=", sqrt(sech(pi * y)) * gamma(a), Abs(gamma(a + I * y)), [a >= S.Half]),
    ("digamma from below", "<", log(a) - 1 / a, digamma(a)),
    ("digamma from above", "<", digamma(a), log(a) - 1 / (2 * a)),
    ("upper incomplete gamma", "<=", a ** (1 - s) * exp(a) * uppergamma(s, a), Integer(1), [s <= 1]),
    ("lower incomplete gamma", "<=", a ** (s - 1) * (1 - exp(-a)) / s, lowergamma(s, a), [s <= 1]),
    ("zeta near its pole", "<", 1 / (s - 1), zeta(s), [s > 1]),
    ("Shafer", "<", 3 * a / (1 + 2 * sqrt(1 + a**2)), atan(a)),
    ("Shafer-Fink", "<=", 3 * x / (2 + sqrt(1 - x**2)), asin(x), [x >= 0, x <= 1]),
    ("Lambert W from below", "<=", log(x) - log(log(x)), LambertW(x), [x >= E]),
    ("log of a mean", "<=", Integral(log(f(x)), (x, 0, 1)), log(Integral(f(x), (x, 0, 1)))),
    (
        "Cauchy-Schwarz for integrals",
        "<=",
        Integral(g(x) * h(x), (x, 0, 1)) ** 2,
        Integral(g(x) ** 2, (x, 0, 1)) * Integral(h(x) ** 2, (x, 0, 1)),
    ),
    ("Hermite-Hadamard", "<", exp((a + b) / 2), Integral(exp(x), (x, a, b)) / (b - a), [a < b]),
    ("characteristic function", "<=", Integral(exp(-(x**2)) * cos(t * x), (x, -oo, oo)), sqrt(pi)),
]

FALSE: list[tuple[Any, ...]] = [
    ("tangent of the exponential", "strict at zero", "<", 1 + x, exp(x)),
    ("exponential by a parabola", "range missing", "<=", exp(x), 1 + x + x**2),
    ("exponential above its expansion", "range missing", "<=", 1 + x + x**2 / 2, exp(x)),
    ("logarithm by its expansion", "one term too few", "<=", log(1 + x), x - x**2 / 2, [x >= 0]),
    ("Padé approximant of the logarithm", "wrong range", "<=", 2 * x / (2 + x), log(1 + x), [x > -1]),
    ("logarithm by a square root", "factor two lost", "<=", log(a), sqrt(a) - 1),
    ("geometric and logarithmic mean", "reversed", "<", LOGARITHMIC_MEAN, sqrt(a * b), [a < b]),
    ("Jordan", "wrong range", "<=", 2 * x / pi, sin(x), [x >= 0, x <= pi]),
    ("Jordan, rounded", "constant too large", "<=", 2 * x / 3, sin(x), FIRST_QUADRANT),
    ("sine above the identity", "reversed", "<=", x, sin(x), [x >= 0]),
    ("cosine and cardinal sine", "reversed", "<=", sin(x) / x, cos(x), [x > 0, x <= pi]),
    ("Cusa-Huygens", "constant too large", "<", Rational(31, 10) * sin(x), x * (2 + cos(x)), [x > 0]),
    ("cosine by its expansion", "one term too few", "<=", cos(x), 1 - x**2 / 2),
    ("sine from below", "sign missing", "<=", x - x**3 / 6, sin(x)),
    ("tangent by its expansion", "reversed", "<=", tan(x), x + x**3 / 3, [x >= 0, x < pi / 2]),
    ("Lazarević", "exponent too small", "<", cosh(x), (sinh(x) / x) ** 2, [Ne(x, 0)]),
    ("hyperbolic tangent above the identity", "reversed", "<=", x, tanh(x), [x >= 0]),
    ("arctangent by the hyperbolic tangent", "factor lost", "<=", atan(x), tanh(x), [x >= 0]),
    ("a fair sign is sub-Gaussian", "constant too small", "<=", cosh(x), exp(Rational(49, 100) * x**2)),
    ("Hoeffding's lemma for a coin", "a tenth for an eighth", "<=", log(1 - p + p * exp(t)), p * t + t**2 / 10, PROBABILITY),
    ("Pinsker for coins", "constant too large", "<=", Rational(21, 10) * (p - q) ** 2, divergence(p, q), TWO),
    ("divergence of coins", "taken as symmetric", "<=", divergence(p, q), divergence(q, p), TWO),
    ("divergence of equal coins", "strict", "<", Integer(0), divergence(p, q), TWO),
    ("entropy of a coin", "constant too small", "<=", entropy(p), Rational(69, 100), PROBABILITY),
    ("entropy of a coin from below", "bits for nats", "<=", 4 * p * (1 - p), entropy(p), PROBABILITY),
    ("softplus near ReLU", "constant too small", "<=", softplus(x), Max(x, 0) + Rational(69, 100)),
    ("softplus near ReLU", "strict at zero", "<", softplus(x), Max(x, 0) + log(2)),
    ("log-sum-exp near the maximum", "two for three terms", "<=", log(exp(x) + exp(y) + exp(z)), Max(x, y, z) + log(2)),
    ("log-sum-exp and the minimum", "maximum for minimum", "<=", log(exp(x) + exp(y)), Min(x, y) + log(2)),
    ("slope of the sigmoid", "constant too small", "<=", exp(-x) / (1 + exp(-x)) ** 2, Rational(249, 1000)),
    ("sigmoid", "taken as convex", "<=", sigmoid((x + y) / 2), (sigmoid(x) + sigmoid(y)) / 2),
    ("GELU from below", "rounded the wrong way", "<", Rational(-1699, 10000), gelu(x)),
    ("swish from below", "rounded the wrong way", "<", Rational(-278, 1000), x * sigmoid(x)),
    ("self power", "constant too large", "<=", Rational(693, 1000), a**a),
    ("Young's conjugate pair", "factor two", "<=", x * b, exp(x) + b * log(b) - 2 * b),
    ("Jensen for the logarithm", "reversed", "<=", log(p * a + (1 - p) * b), p * log(a) + (1 - p) * log(b), PROBABILITY),
    ("weighted means", "weight not limited", "<=", a**s * b ** (1 - s), s * a + (1 - s) * b),
    ("Bernoulli, real exponent", "exponent below one", "<=", 1 + s * x, (1 + x) ** s, [x > -1]),
    ("Euler's number from below", "fails for large arguments only", "<", (1 + 1 / a) ** a, Rational(27, 10)),
    ("constants: pi and e", "reversed", "<", exp(pi), pi**E),
    ("Ramanujan's near integer", "reversed, off by 1e-12", "<=", Integer(262537412640768744), exp(pi * sqrt(163))),
    ("Chernoff for the normal tail", "sign missing", "<=", erfc(x), exp(-(x**2))),
    ("normal tail from below", "the upper bound's constant", "<", 1 / (a + sqrt(a**2 + Rational(5, 4))), TAIL),
    ("gamma grows", "range missing", "<=", gamma(a), gamma(b), [a <= b]),
    ("Gautschi", "the upper bound at the lower end", "<", gamma(a + 1) / gamma(a + s), a ** (1 - s), [s < 1]),
    ("Stirling from above", "thirteen for twelve", "<", STIRLING, exp(1 / (13 * a))),
    ("harmonic mean of gammas", "squares, strict at one", "<", 1 / gamma(a) ** 2 + 1 / gamma(1 / a) ** 2, Integer(2)),
    ("modulus of gamma", "reversed", "<=", gamma(a), Abs(gamma(a + I * y))),
    ("digamma from below", "a third for one", "<", log(a) - 1 / (3 * a), digamma(a)),
    ("upper incomplete gamma", "range missing", "<=", a ** (1 - s) * exp(a) * uppergamma(s, a), Integer(1)),
    ("arctangent by its expansion", "one term too few", "<=", atan(x), x - x**3 / 3, [x >= 0]),
    ("Shafer", "two for three", "<", 2 * a / (1 + sqrt(1 + a**2)), atan(a)),
    ("log of a mean", "reversed", "<=", log(Integral(f(x), (x, 0, 1))), Integral(log(f(x)), (x, 0, 1))),
    (
        "Cauchy-Schwarz for integrals",
        "square lost",
        "<=",
        Integral(g(x) ** 2, (x, 0, 1)) * Integral(h(x) ** 2, (x, 0, 1)),
        Integral(g(x) * h(x), (x, 0, 1)) ** 2,
    ),
    ("Hermite-Hadamard", "reversed", "<", (exp(a) + exp(b)) / 2, Integral(exp(x), (x, a, b)) / (b - a), [a < b]),
]
WITNESS: dict[str, dict[Any, Any]] = {
    "tangent of the exponential": {x: 0},
    "Jordan, rounded": {x: Rational(31, 20)},
    "a fair sign is sub-Gaussian": {x: Rational(1, 10)},
    "Hoeffding's lemma for a coin": {p: Rational(1, 2), t: Rational(1, 2)},
    "Pinsker for coins": {p: Rational(1, 2), q: Rational(3, 5)},
    "divergence of equal coins": {p: Rational(1, 2), q: Rational(1, 2)},
    "entropy of a coin": {p: Rational(1, 2)},
    "softplus near ReLU": {x: 0},
    "slope of the sigmoid": {x: 0},
    "GELU from below": {x: Rational(-3, 4)},
    "swish from below": {x: Rational(-32, 25)},
    "self power": {a: Rational(37, 100)},
    "Euler's number from below": {a: 100},
    "harmonic mean of gammas": {a: 1},
}
