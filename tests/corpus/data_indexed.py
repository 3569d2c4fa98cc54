"""Sums over indexed symbols, of symbolic length."""

from typing import Any

from sympy import Function, IndexedBase, Integer, KroneckerDelta, Product, Sum, exp, log, symbols

AREA = "indexed sums"
SOURCE = "manipulation of sums (Concrete Mathematics, chapter 2); softmax and its gradients"

n, m = symbols("n m", integer=True, positive=True)
i, j, k, r = symbols("i j k r", integer=True)
p = symbols("p", integer=True, positive=True)
a, b, s = IndexedBase("a", real=True), IndexedBase("b", real=True), IndexedBase("s", real=True)
w = IndexedBase("w", positive=True)
A, B, C = IndexedBase("A", real=True), IndexedBase("B", real=True), IndexedBase("C", real=True)
c, x = symbols("c x", real=True)
f = Function("f", real=True)


def soft(index: Any, dummy: Any = k) -> Any:
    """Return the softmax of ``s`` at an index."""
    return exp(s[index]) / Sum(exp(s[dummy]), (dummy, 1, n))


TRUE: list[tuple[Any, ...]] = [
    ("linearity", Sum(a[i] + c * b[i], (i, 1, n)), Sum(a[i], (i, 1, n)) + c * Sum(b[i], (i, 1, n))),
    ("renamed index", Sum(a[i] * b[i], (i, 1, n)), Sum(a[j] * b[j], (j, 1, n))),
    ("shifted index", Sum(a[i + 1], (i, 0, n - 1)), Sum(a[i], (i, 1, n))),
    ("last term split off", Sum(a[i], (i, 1, n + 1)), Sum(a[i], (i, 1, n)) + a[n + 1]),
    ("first term split off", Sum(a[i], (i, 0, n)), a[0] + Sum(a[i], (i, 1, n))),
    ("product of sums", Sum(a[i], (i, 1, n)) * Sum(b[j], (j, 1, n)), Sum(a[i] * b[j], (i, 1, n), (j, 1, n))),
    ("order of summation", Sum(A[i, j], (j, 1, m), (i, 1, n)), Sum(A[i, j], (i, 1, n), (j, 1, m))),
    ("telescoping", Sum(a[i + 1] - a[i], (i, 1, n)), a[n + 1] - a[1]),
    ("delta collapses", Sum(a[i] * KroneckerDelta(i, p), (i, 1, n)), a[p], [p <= n]),
    ("sum of a constant", Sum(c, (i, 1, n)), c * n),
    (
        "variance of a sample",
        Sum((a[i] - Sum(a[j], (j, 1, n)) / n) ** 2, (i, 1, n)),
        Sum(a[i] ** 2, (i, 1, n)) - Sum(a[i], (i, 1, n)) ** 2 / n,
    ),
    ("softmax sums to one", Sum(soft(i), (i, 1, n)), Integer(1)),
    ("softmax is shift invariant", exp(s[p] + c) / Sum(exp(s[k] + c), (k, 1, n)), soft(p), [p <= n]),
    ("log-sum-exp shifted", log(Sum(exp(s[i]), (i, 1, n))), x + log(Sum(exp(s[i] - x), (i, 1, n)))),
    (
        "Lagrange's identity",
        Sum((a[i] * b[j] - a[j] * b[i]) ** 2, (i, 1, n), (j, 1, n)) / 2,
        Sum(a[i] ** 2, (i, 1, n)) * Sum(b[i] ** 2, (i, 1, n)) - Sum(a[i] * b[i], (i, 1, n)) ** 2,
    ),
    ("reversal", Sum(a[n + 1 - i], (i, 1, n)), Sum(a[i], (i, 1, n))),
    (
        "summation by parts",
        Sum(a[i] * (b[i + 1] - b[i]), (i, 1, n)),
        a[n + 1] * b[n + 1] - a[1] * b[1] - Sum(b[i + 1] * (a[i + 1] - a[i]), (i, 1, n)),
    ),
    ("triangle summed either way", Sum(A[i, j], (j, i, n), (i, 1, n)), Sum(A[i, j], (i, 1, j), (j, 1, n))),
    ("logarithm of a product", log(Product(w[i], (i, 1, n))), Sum(log(w[i]), (i, 1, n))),
    ("product of exponentials", Product(exp(a[i]), (i, 1, n)), exp(Sum(a[i], (i, 1, n)))),
    (
        "pairs off the diagonal",
        Sum(a[i] * a[j] * (1 - KroneckerDelta(i, j)), (i, 1, n), (j, 1, n)),
        Sum(a[i], (i, 1, n)) ** 2 - Sum(a[i] ** 2, (i, 1, n)),
    ),
    (
        "product of matrices, trace",
        Sum(A[i, j] * B[j, i], (i, 1, n), (j, 1, n)),
        Sum(B[i, j] * A[j, i], (i, 1, n), (j, 1, n)),
    ),
    (
        "softmax Jacobian rows sum to zero",
        Sum(soft(i) * (KroneckerDelta(i, p) - soft(p)), (i, 1, n)) + c,
        c,
        [p <= n],
    ),
]

FALSE: list[tuple[Any, ...]] = [
    (
        "linearity",
        "factor lost",
        Sum(a[i] + c * b[i], (i, 1, n)),
        Sum(a[i], (i, 1, n)) + Sum(b[i], (i, 1, n)),
    ),
    ("shifted index", "bounds not shifted", Sum(a[i + 1], (i, 1, n)), Sum(a[i], (i, 1, n))),
    ("last term split off", "index off by one", Sum(a[i], (i, 1, n + 1)), Sum(a[i], (i, 1, n)) + a[n]),
    (
        "product of sums",
        "sum of the products",
        Sum(a[i], (i, 1, n)) * Sum(b[j], (j, 1, n)),
        Sum(a[i] * b[i], (i, 1, n)),
    ),
    ("square of a sum", "cross terms dropped", Sum(a[i], (i, 1, n)) ** 2, Sum(a[i] ** 2, (i, 1, n))),
    (
        "order of summation",
        "bounds not exchanged",
        Sum(A[i, j], (j, 1, m), (i, 1, n)),
        Sum(A[j, i], (j, 1, m), (i, 1, n)),
    ),
    ("telescoping", "sign", Sum(a[i + 1] - a[i], (i, 1, n)), a[1] - a[n + 1]),
    ("telescoping, upper end", "last index off by one", Sum(a[i + 1] - a[i], (i, 1, n)), a[n] - a[1]),
    (
        "delta collapses",
        "the delta's point lies outside at times",
        Sum(a[i] * KroneckerDelta(i, p), (i, 1, n)),
        a[p],
    ),
    ("sum of a constant", "n + 1 terms", Sum(c, (i, 0, n)), c * n),
    (
        "variance of a sample",
        "factor 1/n lost",
        Sum((a[i] - Sum(a[j], (j, 1, n)) / n) ** 2, (i, 1, n)),
        Sum(a[i] ** 2, (i, 1, n)) - Sum(a[i], (i, 1, n)) ** 2,
    ),
    (
        "softmax scaled",
        "invariant to shifts, not to scales",
        exp(c * s[p]) / Sum(exp(c * s[k]), (k, 1, n)),
        soft(p),
        [p <= n],
    ),
    ("log-sum-exp", "logarithm termwise", log(Sum(exp(s[i]), (i, 1, n))), Sum(s[i], (i, 1, n))),
    (
        "Lagrange's identity",
        "factor one half lost",
        Sum((a[i] * b[j] - a[j] * b[i]) ** 2, (i, 1, n), (j, 1, n)),
        Sum(a[i] ** 2, (i, 1, n)) * Sum(b[i] ** 2, (i, 1, n)) - Sum(a[i] * b[i], (i, 1, n)) ** 2,
    ),
    ("reversal", "off by one", Sum(a[n - i], (i, 1, n)), Sum(a[i], (i, 1, n))),
    (
        "summation by parts",
        "index of the second sum",
        Sum(a[i] * (b[i + 1] - b[i]), (i, 1, n)),
        a[n + 1] * b[n + 1] - a[1] * b[1] - Sum(b[i] * (a[i + 1] - a[i]), (i, 1, n)),
    ),
    (
        "triangle summed either way",
        "the other triangle",
        Sum(A[i, j], (j, i, n), (i, 1, n)),
        Sum(A[i, j], (i, j, n), (j, 1, n)),
    ),
    (
        "sum over pairs",
        "factor two",
        Sum(Sum(a[i] * a[j], (j, 1, i - 1)), (i, 1, n)),
        Sum(a[i], (i, 1, n)) ** 2 - Sum(a[i] ** 2, (i, 1, n)),
    ),
    (
        "product of matrices, trace",
        "transposed factor",
        Sum(A[i, j] * B[j, i], (i, 1, n), (j, 1, n)),
        Sum(A[i, j] * B[i, j], (i, 1, n), (j, 1, n)),
    ),
    ("mean of squares", "square of the mean", Sum(a[i] ** 2, (i, 1, n)) / n, (Sum(a[i], (i, 1, n)) / n) ** 2),
]
