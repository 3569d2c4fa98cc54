"""Cross-checks: a kernel's numbers against the derivation's conclusion at high precision."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
import sympy as sp
from flint import acb, ctx, fmpq

from derivable.derivation import Derivation, DerivationError, Statement
from derivable.record import Crosscheck, Plot
from derivable.trusted.balls import Evaluator, ball, rational


@dataclass
class _Row:
    cases: int = 0
    worst: float = 0.0
    allowed: float = 0.0
    ratio: float = -1.0
    ok: bool = True
    note: str = ""
    plots: list[Plot] = field(default_factory=list)


class Measurement:
    """What a cross-check function is given, conventionally called `m`.

    `m.value` evaluates an expression of the derivation, `m.agree` compares numbers, `m.holds` an inequality between them.
    """

    def __init__(self, derivation: Derivation, name: str, kernel: str, against: str):
        self.derivation = derivation
        self.name, self.kernel, self.against = name, kernel, against
        self._rows: dict[tuple[str, str], _Row] = {}

    @property
    def statements(self) -> Sequence[Statement]:
        """The claim's statements, to evaluate their sides."""
        return self.derivation.statements

    def value(self, expression: Any, values: Mapping[Any, Any] | None = None, *, digits: int = 30, **named: Any) -> Any:
        """The expression at a point, enclosed in a ball and rounded to an mpmath number of `digits` digits.

        The point maps symbols or elements (`s[1]`) to numbers; keywords name symbols. A matrix gives a list of rows.
        """
        if isinstance(expression, sp.MatrixBase):
            return [[self.value(e, values, digits=digits, **named) for e in row] for row in expression.tolist()]
        point = dict(values or {})
        by_name = {str(s): s for s in sp.sympify(expression).free_symbols}
        for name, number in named.items():
            if name in by_name:
                point[by_name[name]] = number
        exact = {key: _exact(number) for key, number in point.items()}
        outer = ctx.prec
        try:
            for bits in (64 + 4 * digits, 64 + 12 * digits):
                ctx.prec = bits
                result = Evaluator(exact)(sp.sympify(expression))
                if isinstance(result, fmpq) or _digits(ball(result)) >= digits or bits > 64 + 4 * digits:
                    return _to_mpmath(result, digits)
        finally:
            ctx.prec = outer
        raise AssertionError("unreachable")

    def agree(
        self,
        actual: Any,
        expected: Any,
        allowed: float,
        *,
        dtype: str = "",
        device: str = "",
        cases: int | None = None,
        note: str = "",
    ) -> None:
        """Compare numbers (scalars, nested lists, tensors): every |actual - expected| must be at most `allowed`.

        `allowed` is an absolute error, derived (see `derivable.numerics.tolerance`), never tuned. A NaN agrees with nothing;
        no numbers at all is a failure.
        """
        dtype = dtype or _dtype(actual)
        device = device or _device(actual)
        got, want = _flat(actual), _flat(expected)
        if len(got) != len(want):
            raise DerivationError(
                f"{self.name}: {len(got)} numbers are compared with {len(want)}; give both sides the same shape"
            )
        if not got:
            raise DerivationError(f"{self.name}: nothing is compared; a cross-check without a case is a failure")
        worst = max(_difference(a, b) for a, b in zip(got, want, strict=True))
        self._add(dtype, device, len(got) if cases is None else cases, worst, allowed, worst <= allowed, note)

    def holds(self, small: Any, large: Any, slack: float = 0.0, *, dtype: str = "", device: str = "", note: str = "") -> None:
        """Every number of `small` is at most its partner in `large` plus `slack`; the error reported is the worst excess."""
        a, b = _flat(small), _flat(large)
        if not a or len(a) != len(b):
            raise DerivationError(
                f"{self.name}: {len(a)} numbers are compared with {len(b)}; give both sides the same, nonzero number"
            )
        excess = max((0.0 if x <= y else _difference(x, y)) if x == x and y == y else math.inf for x, y in zip(a, b, strict=True))
        self._add(dtype or _dtype(small), device or _device(small), len(a), excess, slack, excess <= slack, note)

    def plot(
        self,
        x: Iterable[float],
        y: Iterable[float],
        *,
        x_label: str,
        y_label: str,
        series: str = "",
        panel: str = "",
        style: str = "line",
    ) -> None:
        """A curve (or `style="points"`) for the report, kept with the last comparison.

        Several calls give several curves in one picture, which `series` names; curves with different `panel` stand in
        pictures side by side, under common axes. The labels of the axes are those of the first call.
        """
        if style not in ("line", "points"):
            raise DerivationError(f'{self.name}: a plot has no style {style!r}; choose "line" or "points"')
        self._plot(Plot([float(v) for v in x], [float(v) for v in y], x_label, y_label, series, panel, style))

    def heatmap(
        self,
        z: Any,
        *,
        x_label: str,
        y_label: str,
        x: Iterable[float] | None = None,
        y: Iterable[float] | None = None,
        series: str = "",
        panel: str = "",
    ) -> None:
        """A matrix in colours for the report, its first row on top: `z[r][c]` stands at `y[r]`, `x[c]`.

        Without `x` and `y` columns and rows have their numbers, from 0. `series` says what the colour means; different `panel`
        stand side by side.
        """
        rows = [[float(v) for v in row] for row in (z.tolist() if hasattr(z, "tolist") else z)]
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise DerivationError(f"{self.name}: a heat map takes a matrix, rows of one length and at least one number")
        xs = [float(v) for v in x] if x is not None else [float(c) for c in range(len(rows[0]))]
        ys = [float(v) for v in y] if y is not None else [float(r) for r in range(len(rows))]
        self._plot(Plot(xs, ys, x_label, y_label, series, panel, "line", tuple(tuple(row) for row in rows)))

    def _plot(self, plot: Plot) -> None:
        if not self._rows:
            raise DerivationError(f"{self.name}: plot after a comparison")
        list(self._rows.values())[-1].plots.append(plot)

    def rows(self) -> list[Crosscheck]:
        """One row a dtype and device."""
        if not self._rows:
            raise DerivationError(f"{self.name}: the cross-check compares nothing; call m.agree or m.holds")
        return [
            Crosscheck(
                self.name,
                self.kernel,
                self.against,
                r.cases,
                r.worst,
                r.allowed,
                dtype,
                device,
                r.ok,
                r.note,
                tuple(r.plots),
            )
            for (dtype, device), r in self._rows.items()
        ]

    def _add(self, dtype: str, device: str, cases: int, worst: float, allowed: float, ok: bool, note: str) -> None:
        row = self._rows.setdefault((dtype, device), _Row())
        row.cases += cases
        ratio = worst / allowed if allowed > 0 else (0.0 if worst == 0 else math.inf)
        if ratio > row.ratio or math.isnan(worst):
            row.ratio, row.worst, row.allowed = ratio, worst, allowed
        row.ok = row.ok and ok
        row.note = note or row.note


def _exact(number: Any) -> Any:
    if isinstance(number, fmpq | acb):
        return number
    if isinstance(number, complex):
        return acb(number.real, number.imag)
    if isinstance(number, float):
        return rational(sp.Rational(*number.as_integer_ratio()))
    if isinstance(number, int):
        return fmpq(number)
    if hasattr(number, "item"):
        return _exact(number.item())
    expression = sp.sympify(number)
    return rational(expression) if isinstance(expression, sp.Rational) else Evaluator({})(expression)


def _digits(value: acb) -> float:
    return float(value.rel_accuracy_bits()) * math.log10(2)


def _to_mpmath(value: Any, digits: int) -> Any:
    with mpmath.workdps(digits + 5):
        if isinstance(value, fmpq):
            return mpmath.mpf(int(value.numerator)) / int(value.denominator)
        real = mpmath.mpf(value.real.mid().str(digits + 5, radius=False))
        if value.imag.is_zero() or value.imag.contains(0):
            return real
        return mpmath.mpc(real, mpmath.mpf(value.imag.mid().str(digits + 5, radius=False)))


def _flat(value: Any) -> list[Any]:
    if hasattr(value, "detach"):
        tensor = value.detach().cpu()
        if tensor.dtype.is_floating_point:
            tensor = tensor.double()
        return list(tensor.reshape(-1).tolist())
    if isinstance(value, sp.MatrixBase):
        return list(value)
    if hasattr(value, "tolist") and hasattr(value, "shape"):
        return _flat(value.tolist())
    if isinstance(value, list | tuple):
        return [x for part in value for x in _flat(part)]
    return [value]


def _difference(a: Any, b: Any) -> float:
    """|a - b|, infinite for NaN; exact for integers."""
    if isinstance(a, int) and isinstance(b, int):
        return float(abs(a - b))
    with mpmath.workdps(40):
        d = abs(_mp(a) - _mp(b))
    return math.inf if mpmath.isnan(d) else float(d)


def _mp(x: Any) -> Any:
    if isinstance(x, sp.Basic):
        return mpmath.mpmathify(sp.N(x, 40))
    if isinstance(x, fmpq):
        return mpmath.mpf(int(x.numerator)) / int(x.denominator)
    return mpmath.mpmathify(x)


def _dtype(value: Any) -> str:
    return str(value.dtype).removeprefix("torch.") if hasattr(value, "dtype") else "int" if isinstance(value, int) else "float64"


def _device(value: Any) -> str:
    return str(getattr(value, "device", "cpu"))
