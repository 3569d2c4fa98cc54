"""A made-up record with everything that a report must show."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from derivable.record import (
    Cited,
    Claim,
    Control,
    Controls,
    Counterexample,
    Crosscheck,
    Environment,
    Erratum,
    Hypothesis,
    Paper,
    Plot,
    Post,
    Record,
    Step,
)


def make_environment() -> Environment:
    return Environment(
        derivable="0.1.0",
        python="3.11.7",
        sympy="1.14.0",
        flint="0.9.0",
        torch="2.13.0",
        platform="Linux x86_64",
        device="cpu",
        seeds={"points": 20240524, "monte carlo": 7},
        started="2026-01-02T03:04:05+00:00",
        seconds=48.31,
        trusted_folder="checker/trusted",
        trusted_lines=1378,
    )


def make_step(number: int, latex: str, relation: str, rule: str, reason: str, verdict: str = "proved") -> Step:
    return Step(
        number=number,
        latex=latex,
        relation=relation,
        srepr="Sum(Mul(Symbol('k'), Integer(2)), Tuple(Symbol('k'), Integer(1), Symbol('n')))",
        rule=rule,
        reason=reason,
        verdict=verdict,
        seconds=0.0123 * number,
        certificate=("normal form of both sides:", "  2*n + 1 over QQ[n]", "difference: 0"),
        exceptions=(r"n = -\frac{1}{2}",) if number == 2 else (),
        points=24,
        rigorous=True,
    )


LEGENDRE = (
    make_step(1, r"\frac{d}{d t} p_{n+1}{\left(t\right)}", "", "start", ""),
    make_step(
        2,
        r"\left(2 n + 1\right) p_{n}{\left(t\right)} + \frac{d}{d t} p_{n-1}{\left(t\right)}",
        "=",
        "cited",
        "the three-term relation of the derivatives, $p_{n+1}'-p_{n-1}'=(2n+1)p_n$",
    ),
    make_step(
        3,
        r"\sum_{\substack{0\le k\le n\\ n-k \text{ even}}} \left(2 k + 1\right) p_{k}{\left(t\right)}",
        "=",
        "induction",
        "telescope down by two",
    ),
    make_step(
        4,
        r"\sum_{k=0}^{n} \left(2 k + 1\right) \chi_{n-k}\, p_{k}{\left(t\right)} + \int\limits_{-1}^{1} "
        r"\begin{cases} 1 & \text{for}\: s < t \\ 0 & \text{otherwise} \end{cases}\, ds - \left(t + 1\right)",
        "=",
        "equal",
        "write the parity as a factor",
        "enclosed",
    ),
)

CLOSURE = Counterexample(
    point={"w": "1", "T": "1", "u(t)": "t"},
    lhs="0.50000000000000000 ± 1e-17",
    rhs="0",
    rigorous=True,
    slip="lost factor: the sum is the mean of both ends, not the left end",
)


def make_controls() -> Controls:
    return Controls(
        refuted=(
            Control(
                "mutant",
                "a sign: $+$ for $-$",
                r"A_{nk} = +\frac{r_n r_k}{w}",
                "refuted",
                Counterexample({"n": "1", "k": "0", "w": "2"}, "-0.8660254 ± 1e-20", "0.8660254 ± 1e-20", True),
            ),
            Control("author", "without the parity factor", r"\sum_{k=0}^{n} (2k+1) p_k", "refuted", CLOSURE),
        ),
        equivalent=(
            Control("mutant", "swap two terms", r"b + a = a + b", "proved"),
            Control("mutant", f"term dropped ({'-18446744073709551616*' * 6}r)", "x", "proved"),
        ),
        survivors=(Control("mutant", "index from 0 in place of 1", r"\sum_{k=0}^{n} k", "open"),),
    )


def make_checks() -> tuple[Crosscheck, ...]:
    lengths = (8.0, 64.0, 512.0, 4096.0)
    plot = Plot(lengths, (2e-16, 7e-16, 1.1e-15, 4e-15), "length", "worst error", "LegS, float64")
    name = "coefficients against least squares"
    kernel = "derivable.kernels.hippo.legs"
    return (
        Crosscheck(name, kernel, "conclusion, 50 digits", 24, 3.4e-15, 1.2e-13, "float64", "cpu", True, "", (plot,)),
        Crosscheck(name, kernel, "conclusion, 50 digits", 24, 4.1e-6, 3.3e-5, "float32", "cpu", True),
        Crosscheck(name, kernel, "conclusion, 50 digits", 24, 0.09, 0.031, "bfloat16", "cpu", False, "one case off"),
        Crosscheck("exact integers", "derivable.kernels.sum_minimum", "search", 10000, 0.0, 0.0, "int64", "cpu", True),
    )


def make_hippo() -> Post:
    base = "ssm/hippo/"
    reals = Hypothesis(r"w > 0", "the window is not empty")
    return Post(
        slug="hippo",
        area="ssm",
        title="重温SSM（一）：线性系统和HiPPO矩阵",
        english="Revisiting SSM (1): linear systems and the HiPPO matrices",
        date="2024-05-24",
        archive=10114,
        papers=(Paper("HiPPO: Recurrent Memory with Optimal Polynomial Projections", "arXiv 2008.07669"),),
        file="derivations/ssm/hippo.py",
        claims=(
            Claim(
                id=base + "C1",
                name="Linear systems are rich",
                kind="identity",
                verdict="proved",
                statement=r"\frac{d}{d t} \left[\begin{matrix}e^{t}\\\sin{\left(t \right)}\end{matrix}\right]"
                r" = \left[\begin{matrix}1 & 0\\0 & J\end{matrix}\right]"
                r" \left[\begin{matrix}e^{t}\\\sin{\left(t \right)}\end{matrix}\right]",
                hypotheses=(Hypothesis(r"t \in \mathbb{R}"),),
                steps=LEGENDRE[:2],
                controls=make_controls(),
                file="derivations/ssm/hippo.py",
                line=31,
                seconds=0.41,
                fingerprint="9f2c4e1d0a7b",
            ),
            Claim(
                id=base + "C4",
                name="Closing the Fourier window",
                kind="limit",
                verdict="proved",
                statement=r"\lim_{N \to \infty} \sum_{k=-N}^{N} c_{k}{\left(T \right)} = "
                r"\frac{u{\left(T \right)} + u{\left(T - w \right)}}{2}",
                hypotheses=(reals, Hypothesis("", "$u$ is of bounded variation on the window")),
                cited=(
                    Cited(
                        "Dirichlet–Jordan theorem",
                        r"\sum_{\left|k\right|\le N} c_k \to \frac{u(s^+) + u(s^-)}{2}",
                        "Zygmund, Trigonometric Series, II.8",
                        ("u is of bounded variation", "$s$ is a point of the circle"),
                    ),
                ),
                uses=(base + "C1",),
                steps=LEGENDRE[:1],
                controls=make_controls(),
                crosschecks=make_checks()[:1],
                erratum=Erratum(
                    "线性初现",
                    r"u(T-w)\approx\sum_{k=-N}^{N}c_k(T)",
                    r"u(T-w)\approx 2\sum_{k=-N}^{N}c_k(T)-u(T)",
                    "The periodic extension of $u$ jumps at the ends of the window, so the series tends "
                    "to the mean of both ends; the error does not go away as $N\\to\\infty$.",
                    CLOSURE,
                ),
                file="derivations/ssm/hippo.py",
                line=102,
                seconds=1.9,
            ),
            Claim(
                id=base + "C6",
                name="Legendre identities",
                kind="identity",
                verdict="enclosed",
                statement=r"\frac{d}{d t} p_{n+1}{\left(t\right)} = \sum_{k=0}^{n} (2k+1)\chi_{n-k} p_k",
                statements=(
                    r"\frac{d}{d t} p_{n+1} = \sum_{k=0}^{n} (2k+1)\chi_{n-k} p_k",
                    r"(t+1) \frac{d}{d t} p_{n} = -(n+1)p_n+\sum_{k=0}^n(2k+1)p_k",
                ),
                hypotheses=(Hypothesis(r"n \in \mathbb{N}_0"), Hypothesis(r"-1 \le t \le 1")),
                uses=(base + "C4",),
                steps=LEGENDRE,
                controls=make_controls(),
                crosschecks=make_checks(),
                seconds=3.2,
                file="derivations/ssm/hippo.py",
                line=160,
            ),
            Claim(
                id=base + "C9a",
                name="LegS by quadrature",
                kind="approximation",
                verdict="measured",
                statement=r"A_{nk} = -\begin{cases} \sqrt{(2n+1)(2k+1)} & n > k \\ n+1 & n=k \\ 0 & n<k"
                r" \end{cases}",
                uses=(base + "C6", "ssm/s4/C1"),
                crosschecks=make_checks()[1:3],
                seconds=0.2,
            ),
            Claim(
                id=base + "C9b",
                name="LegS inverse",
                kind="identity",
                verdict="sampled",
                statement=r"\left\|A^{-1}\right\|_2 \le \operatorname*{max}_{n} \frac{1}{n+1}",
                steps=LEGENDRE[:3],
                seconds=0.2,
            ),
        ),
    )


def make_minimum() -> Post:
    base = "mathematics/sum_minimum/"
    return Post(
        slug="sum_minimum",
        area="mathematics",
        title="N=ab+c的最小和",
        english="The least a+b+c with N=ab+c",
        date="2023-05-01",
        archive=None,
        file="derivations/mathematics/sum_minimum.py",
        claims=(
            Claim(
                id=base + "C1",
                name="Lower bound",
                kind="inequality",
                verdict="proved for n ≤ N",
                bound="N ≤ 20000",
                statement=r"a + b + c \ge \left\lceil 2\sqrt{N} \right\rceil - 1",
                hypotheses=(Hypothesis(r"a, b \in \mathbb{N},\ c \in \mathbb{N}_0"),),
                steps=LEGENDRE[:2],
                controls=make_controls(),
                crosschecks=make_checks()[3:],
                erratum=Erratum("文末", r"a+b \ge 2\sqrt{N}", r"a+b+c \ge 2\sqrt{N-c} + c", "Loose.", None, "loose"),
            ),
            Claim(
                id=base + "C2",
                name="A window of width one",
                kind="inequality",
                verdict="refuted",
                statement=r"\left|a - \sqrt{N}\right| \le 1",
                steps=(
                    Step(
                        1,
                        r"1",
                        "≤",
                        "Integer(1)",
                        "order",
                        "the optimum lies next to the root",
                        "refuted",
                        0.1,
                        counterexample=Counterexample({"N": "10"}, "2.16227766016838 ± 1e-18", "1", True),
                    ),
                ),
                message="mathematics/sum_minimum/C2, step 1 (order): refuted at N = 10",
            ),
            Claim(
                id=base + "C3",
                name="The law of the window",
                kind="limit",
                verdict="open",
                statement=r"W = O(N^{1/6})",
            ),
        ),
    )


def make_record() -> Record:
    broken = Post(
        slug="fokker_planck",
        area="diffusion",
        title="福克-普朗克方程",
        english="The Fokker–Planck equation",
        error="ImportError: derivations/diffusion/fokker_planck.py, line 3: no module named 'integral'",
    )
    return Record(environment=make_environment(), posts=(make_hippo(), make_minimum(), broken))


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.fixture
def empty_record() -> Record:
    return Record(environment=make_environment())


def poisoned(node: Any, text: str) -> Any:
    """The record with every text of free form replaced by a hostile one."""
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        fixed = {"verdict", "schema", "kind", "origin", "style"}
        changes = {
            field.name: poisoned(getattr(node, field.name), text)
            for field in dataclasses.fields(node)
            if field.name not in fixed or (field.name == "kind" and isinstance(node, Claim))
        }
        return dataclasses.replace(node, **changes)
    if isinstance(node, tuple):
        return tuple(poisoned(item, text) for item in node)
    if isinstance(node, dict):
        return {key if isinstance(value, int) else text: poisoned(value, text) for key, value in node.items()}
    return text if isinstance(node, str) else node


@pytest.fixture
def poison() -> Callable[[Record, str], Record]:
    return poisoned
