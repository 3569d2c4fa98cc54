"""What derivable is compared with: SymPy's decisions, z3, and giac, Maxima and FriCAS as programs of their own.

A peer that runs in Python is a function `(statement, limit) -> verdict`, called in a running child that is killed at the
limit. A program is a `Session`: it is started once, asked one statement after another, and killed and started anew when it
does not answer within the limit; the clock runs from the question to the answer, so that no start is counted. Each peer
tries its strongest general ways to a zero (or a sign), one after the other, and has proved the statement if one of them
gets there.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

import sympy
from _translation import Fricas, Giac, Maxima, NotTaken

PROVED, REFUTED, OPEN, TIMEOUT, ERROR, NOT_TAKEN = "proved", "refuted", "open", "timeout", "error", "not taken"


def by_derivable(statement: Any, limit: float) -> str:
    """Decide by `derivable.equal` and `derivable.at_most`."""
    from derivable import at_most, equal

    where = list(statement.where)
    if statement.relation == "=":
        return str(equal(statement.lhs, statement.rhs, where=where, timeout=limit).verdict)
    strict = statement.relation == "<"
    return str(at_most(statement.lhs, statement.rhs, where=where, strict=strict, timeout=limit).verdict)


def _zero(result: Any) -> str:
    """Say what a simplified difference says."""
    if isinstance(result, sympy.MatrixBase):
        entries = [sympy.simplify(entry) for entry in result]
        if all(entry == 0 for entry in entries):
            return PROVED
        return REFUTED if any(entry.is_number and entry.is_zero is False for entry in entries) else OPEN
    if result == 0 or isinstance(result, sympy.ZeroMatrix):
        return PROVED
    return REFUTED if result.is_number and result.is_zero is False else OPEN


def _alone(verdict: str, statement: Any) -> str:
    """Withdraw a denial by a peer that was not told the hypotheses: it may deny another statement."""
    return OPEN if verdict == REFUTED and statement.where else verdict


def by_simplify_done(statement: Any, limit: float) -> str:
    """Decide by `simplify((lhs - rhs).doit()) == 0`."""
    return _alone(_zero(sympy.simplify((statement.lhs - statement.rhs).doit())), statement)


def by_simplify(statement: Any, limit: float) -> str:
    """Decide by `simplify(lhs - rhs) == 0`."""
    return _alone(_zero(sympy.simplify(statement.lhs - statement.rhs)), statement)


def by_equals(statement: Any, limit: float) -> str:
    """Decide by `Expr.equals`."""
    answer = statement.lhs.equals(statement.rhs)
    return _alone(PROVED if answer is True else REFUTED if answer is False else OPEN, statement)


def _relation(statement: Any) -> Any:
    return (sympy.Lt if statement.relation == "<" else sympy.Le)(statement.lhs, statement.rhs)


def by_signs(statement: Any, limit: float) -> str:
    """Decide by `is_nonnegative` (`is_positive`) of the difference, of its simplified and of its factored form."""
    difference = statement.rhs - statement.lhs
    for form in (lambda e: e, sympy.factor, lambda e: sympy.simplify(e.doit())):
        value = form(difference)
        holds = value.is_positive if statement.relation == "<" else value.is_nonnegative
        if holds is not None:
            return PROVED if holds else _alone(REFUTED if value.is_number else OPEN, statement)
    return OPEN


def by_ask(statement: Any, limit: float) -> str:
    """Decide by `ask` and `refine` under the hypotheses."""
    where = sympy.And(*statement.where)
    difference = statement.rhs - statement.lhs
    predicate = sympy.Q.positive if statement.relation == "<" else sympy.Q.nonnegative
    if sympy.ask(predicate(difference), where) is True or sympy.refine(_relation(statement), where) == sympy.true:
        return PROVED
    return REFUTED if sympy.refine(_relation(statement), where) == sympy.false else OPEN


def by_reduce_inequalities(statement: Any, limit: float) -> str:
    """Decide by the solution set of the opposite, in the one symbol that occurs."""
    symbols = statement.lhs.free_symbols | statement.rhs.free_symbols
    if len(symbols) != 1 or statement.lhs.atoms(sympy.Indexed):
        raise NotTaken("not in one symbol")
    (symbol,) = symbols
    if symbol.is_real is not True or symbol.is_integer:
        raise NotTaken("not in a real symbol")
    opposite = (sympy.Ge if statement.relation == "<" else sympy.Gt)(statement.lhs, statement.rhs)
    sign = [symbol > 0] if symbol.is_positive else [symbol >= 0] if symbol.is_nonnegative else []
    plain = sympy.Dummy(real=True)
    relations = [c.subs(symbol, plain) for c in (opposite, *sign, *statement.where)]
    if sympy.false in relations:
        return PROVED
    try:
        answer = sympy.reduce_inequalities([c for c in relations if c != sympy.true], [plain])
    except NotImplementedError:  # what it says of an inequality that it cannot solve
        return OPEN
    return PROVED if answer == sympy.false else REFUTED if answer == sympy.true or answer.as_set() != sympy.S.EmptySet else OPEN


class _Z3:
    """A statement as a z3 problem: reals and whole numbers, rational functions, roots, moduli, floors."""

    def __init__(self) -> None:
        import z3

        self.z3 = z3
        self.names: dict[Any, Any] = {}
        self.side: list[Any] = []

    def symbol(self, s: Any) -> Any:
        z3 = self.z3
        if s not in self.names:
            if s.is_real is not True:
                raise NotTaken("a complex symbol")
            make = z3.Int if s.is_integer else z3.Real
            self.names[s] = v = make(f"v{len(self.names)}")
            for holds, condition in ((s.is_positive, v > 0), (s.is_nonnegative, v >= 0), (s.is_negative, v < 0)):
                if holds:
                    self.side.append(condition)
        return self.names[s]

    def fresh(self, whole: bool = False) -> Any:
        make = self.z3.Int if whole else self.z3.Real
        self.names[object()] = v = make(f"w{len(self.names)}")
        return v

    def term(self, e: Any) -> Any:
        z3 = self.z3
        if e.is_Rational:
            return z3.RealVal(f"{e.p}/{e.q}") if not e.is_Integer else z3.RealVal(int(e))
        if e.is_Symbol:
            v = self.symbol(e)
            return z3.ToReal(v) if v.is_int() else v
        if e.is_Add:
            return z3.Sum([self.term(a) for a in e.args])
        if e.is_Mul:
            return z3.Product([self.term(a) for a in e.args])
        if e.is_Pow and e.exp.is_Rational:
            base, power, degree = self.term(e.base), abs(int(e.exp.p)), int(e.exp.q)
            if degree > 1:
                root = self.fresh()
                self.side += [root >= 0, base >= 0, z3.Product([root] * degree) == base]
                base = root
            result = z3.Product([base] * power)
            if e.exp < 0:
                self.side.append(base != 0)
                return 1 / result
            return result
        if isinstance(e, sympy.Abs):
            a = self.term(e.args[0])
            return z3.If(a >= 0, a, -a)
        if isinstance(e, sympy.Max | sympy.Min):
            result = self.term(e.args[0])
            for argument in e.args[1:]:
                a = self.term(argument)
                result = z3.If(a > result if isinstance(e, sympy.Max) else a < result, a, result)
            return result
        if isinstance(e, sympy.floor):
            return z3.ToReal(z3.ToInt(self.term(e.args[0])))
        if isinstance(e, sympy.ceiling):
            return -z3.ToReal(z3.ToInt(-self.term(e.args[0])))
        if isinstance(e, sympy.Mod):
            a, b = map(self.term, e.args)
            self.side.append(b != 0)
            return a - b * z3.ToReal(z3.ToInt(a / b))
        raise NotTaken(type(e).__name__)

    def relation(self, c: Any) -> Any:
        a, b = self.term(c.lhs), self.term(c.rhs)
        return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[c.rel_op]


def by_z3(statement: Any, limit: float) -> str:
    """Decide by a search for a counterexample."""
    problem = _Z3()
    left, right = problem.term(statement.lhs), problem.term(statement.rhs)
    where = [problem.relation(c) for c in statement.where]
    solver = problem.z3.Solver()
    solver.set("timeout", int(1000 * limit))
    solver.add(*where, *problem.side, left >= right if statement.relation == "<" else left > right)
    answer = solver.check()
    return PROVED if answer == problem.z3.unsat else REFUTED if answer == problem.z3.sat else OPEN


class Session:
    """A program that is asked one statement after another."""

    program = ""
    command: ClassVar[list[str]] = []
    prelude: ClassVar[list[str]] = []
    statements_per_process = 60

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.serial = 0

    @classmethod
    def installed(cls) -> bool:
        """Whether the program is on the path."""
        return shutil.which(cls.program) is not None

    @classmethod
    def version(cls) -> str:
        """Return what the program says of its version."""
        raise NotImplementedError

    def mark(self, word: str) -> str:
        """Return a line that prints a word which the line itself, echoed, does not contain."""
        raise NotImplementedError

    def question(self, statement: Any) -> tuple[list[str], bool]:
        """Return the lines that decide a statement, printing the verdict, and whether all hypotheses are in them."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the program and wait until it listens."""
        self.stop()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        self.say([*self.prelude, self.mark("READY")])
        if self.listen("READY", 60) is None:
            raise RuntimeError(f"{self.program} does not start")

    def stop(self) -> None:
        """Kill the program."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def say(self, lines: list[str]) -> None:
        """Send lines."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(("\n".join(lines) + "\n").encode())
        self.process.stdin.flush()

    def listen(self, word: str, limit: float) -> str | None:
        """Return what the program says up to a word, or None if it does not within the limit or falls silent for good."""
        assert self.process is not None
        assert self.process.stdout is not None
        end, text = time.perf_counter() + limit, b""
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self.process.stdout], [], [], left)[0]:
                break
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                break
            text += piece
            if word.encode() in text:
                return text.decode(errors="replace")
            if len(text) > 4_000_000:
                break
        return None

    def ask(self, statement: Any, limit: float) -> tuple[str, float, str]:
        """Return the verdict, the seconds from question to answer, and a note."""
        self.serial += 1
        try:
            lines, complete = self.question(statement)
        except NotTaken as reason:
            return NOT_TAKEN, 0.0, str(reason)
        if self.process is None or self.process.poll() is not None or self.serial % self.statements_per_process == 0:
            self.start()
        begin = time.perf_counter()
        try:
            self.say([*lines, self.mark("DONE")])
        except BrokenPipeError:
            self.stop()
            return ERROR, time.perf_counter() - begin, "the program died"
        text = self.listen("DONE", limit)
        seconds = time.perf_counter() - begin
        if text is None:
            died = self.process is not None and self.process.poll() is not None
            self.stop()
            return (ERROR, seconds, "the program died") if died else (TIMEOUT, limit, "")
        verdict = self.verdict(text)
        return verdict if complete else _alone(verdict, statement), seconds, ""

    def verdict(self, text: str) -> str:
        """Read the verdict from what the program printed."""
        return PROVED if "PROVED" in text else REFUTED if "REFUTED" in text else OPEN


def _free(statement: Any) -> set[Any]:
    """Return the symbols that a statement speaks of."""
    symbols = set().union(*(e.free_symbols for e in (statement.lhs, statement.rhs, *statement.where)))
    return {s for s in symbols if isinstance(s, sympy.Symbol)}


def _entries(statement: Any) -> list[str]:
    """Return index texts of a matrix' entries, or nothing for a scalar."""
    shape: tuple[Any, ...] = getattr(statement.lhs, "shape", ())
    return [f"{i},{j}" for i in range(1, int(shape[0]) + 1) for j in range(1, int(shape[1]) + 1)] if len(shape) == 2 else []


def _complex(names: Any) -> bool:
    return any(isinstance(s, sympy.Symbol) and s.is_real is not True for s in names)


class GiacSession(Session):
    """giac: `simplify` of the difference, also with its functions expanded; solution sets for inequalities in one symbol."""

    program = "giac"
    command: ClassVar[list[str]] = ["giac"]

    @classmethod
    def version(cls) -> str:
        """Return the version."""
        out = subprocess.run(["giac", "--version"], capture_output=True, text=True, timeout=20, input="").stdout.split()
        return out[-1] if out else "?"

    def mark(self, word: str) -> str:
        """Return a line that prints a word."""
        return f'print("{word[:2]}"+"{word[2:]}");'

    def verdict(self, text: str) -> str:
        """Read the verdict; solutions that giac itself calls approximate decide nothing."""
        return (
            OPEN if "approx. solutions" in text and "PROVED" not in text.split("approx. solutions")[0] else super().verdict(text)
        )

    def question(self, statement: Any) -> tuple[list[str], bool]:
        """Decide by zero tests, or by signs."""
        notation, k = Giac(self.serial), self.serial
        left, right = notation.write(statement.lhs), notation.write(statement.rhs)
        plane = int(_complex(notation.names))
        lines = ["restart:;", f"complex_mode:={plane}:;", f"complex_variables:={plane}:;"]
        lines += [f"{line}:;" for line in notation.assumptions(statement.where, _free(statement))]
        if statement.relation != "=":
            return [*lines, *self.order(statement, notation, left, right)], not notation.unstated
        lines.append(f"d{k}:=({left})-({right}):;")
        parts = [f"d{k}[{int(i) - 1},{int(j) - 1}]" for i, j in (p.split(",") for p in _entries(statement))] or [f"d{k}"]
        tests = " and ".join(f"r{k}[{n}]==0" for n in range(len(parts)))
        for way in ("simplify({0})", "simplify(texpand({0}))", "ratnormal(tsimplify(lnexpand({0})))"):
            lines.append(f"r{k}:=[{','.join(way.format(p) for p in parts)}]:;")
            lines.append(f'if ({tests}) {{print("PRO"+"VED");}}')
        numbers = [
            f"(type(evalf(r{k}[{n}]))==DOM_FLOAT or type(evalf(r{k}[{n}]))==DOM_COMPLEX) and abs(evalf(r{k}[{n}]))>1e-8"
            for n in range(len(parts))
        ]
        return [*lines, *(f'if ({test}) {{print("REF"+"UTED");}}' for test in numbers)], not notation.unstated

    def order(self, statement: Any, notation: Giac, left: str, right: str) -> list[str]:
        """Decide by the sign of the difference, and in one symbol by the solutions of the opposite."""
        k, opposite = self.serial, ">=" if statement.relation == "<" else ">"
        symbols = [n for s, n in notation.names.items() if s in statement.lhs.free_symbols | statement.rhs.free_symbols]
        sign = f"s{k}==1" + ("" if statement.relation == "<" else f" or s{k}==0")
        lines = [
            f"s{k}:=sign(simplify(({right})-({left}))):;",
            f'if ({sign}) {{print("PRO"+"VED");}}',
            f'if (s{k}==-1) {{print("REF"+"UTED");}}',
        ]
        if len(symbols) == 1 and not notation.operators:
            lines += [
                f"l{k}:=solve(({left}){opposite}({right}),{symbols[0]}):;",
                f'if (type(l{k})==DOM_LIST and size(l{k})==0) {{print("PRO"+"VED");}}',
                f'if (type(l{k})==DOM_LIST and size(l{k})>0) {{print("REF"+"UTED");}}',
            ]
        return lines


class MaximaSession(Session):
    """Maxima: eight simplifications of the difference, `simplify_sum`, `is(equal(…))`; `is(…)` for inequalities."""

    program = "maxima"
    command: ClassVar[list[str]] = ["maxima", "--very-quiet"]
    prelude: ClassVar[list[str]] = [
        # a question to the user is an error, and with it the end of that attempt
        ':lisp (setf (symbol-function \'retrieve) (lambda (&rest r) (declare (ignore r)) (merror "a question")))',
        "display2d:false$",
        "load(simplify_sum)$",
        "load(orthopoly)$",
        "load(nchrpl)$",
        "zero_by(way,e):=block([r:errcatch(way(e))],if r#[] and is(r[1]=0)=true then true else false)$",
        "ways:[ratsimp,lambda([e],ratsimp(ev(e,nouns))),lambda([e],ratsimp(trigsimp(trigexpand(e)))),radcan,"
        "lambda([e],ratsimp(minfactorial(makefact(e)))),lambda([e],radcan(exponentialize(e))),"
        "lambda([e],ratsimp(makegamma(simplify_sum(e)))),lambda([e],ratsimp(rectform(e)))]$",
        "is_zero(e):=block([w:false],for way in ways while not w do w:zero_by(way,e),w)$",
        "not_zero(e):=block([r:errcatch(float(rectform(ev(e,nouns))))],"
        "r#[] and numberp(cabs(r[1])) and is(cabs(r[1])>1.0e-8)=true)$",
    ]

    @classmethod
    def version(cls) -> str:
        """Return the version."""
        return subprocess.run(["maxima", "--version"], capture_output=True, text=True, timeout=20).stdout.split()[-1]

    def mark(self, word: str) -> str:
        """Return a line that prints a word."""
        return f'print(concat("{word[:2]}","{word[2:]}"))$'

    def question(self, statement: Any) -> tuple[list[str], bool]:
        """Decide by zero tests, or by `is`."""
        notation, k = Maxima(self.serial), self.serial
        left, right = notation.write(statement.lhs), notation.write(statement.rhs)
        lines = [f"domain:{'complex' if _complex(notation.names) else 'real'}$", f"newcontext(c{k})$"]
        lines += [f"errcatch({line})$" for line in notation.assumptions(statement.where, _free(statement))]
        if statement.relation != "=":
            lines += [
                f"a{k}:errcatch(is(({left}){statement.relation}({right})))$",
                f'if a{k}=[true] then print(concat("PRO","VED")) else if a{k}=[false] then print(concat("REF","UTED"))$',
            ]
            for way in ("ratsimp", "factor"):
                lines += [
                    f"b{k}:errcatch(is({way}(({right})-({left})){'>' if statement.relation == '<' else '>='}0))$",
                    f'if b{k}=[true] then print(concat("PRO","VED"))$',
                ]
            return lines, True
        lines.append(f"d{k}:({left})-({right})$")
        parts = [f"d{k}[{p}]" for p in _entries(statement)] or [f"d{k}"]
        proved = " and ".join(f"is_zero({p})" for p in parts)
        refuted = " or ".join(f"not_zero({p})" for p in parts)
        lines.append(f'if {proved} then print(concat("PRO","VED")) else if {refuted} then print(concat("REF","UTED"))$')
        if len(parts) == 1:
            lines.append(f'if errcatch(is(equal({left},{right})))=[true] then print(concat("PRO","VED"))$')
        return lines, True


class FricasSession(Session):
    """FriCAS: `zero?` of the difference: as it is, simplified, and normalized over the reals and the complex numbers."""

    program = "fricas"
    command: ClassVar[list[str]] = ["fricas", "-nosman"]
    prelude: ClassVar[list[str]] = [
        ")set messages prompt none",
        ")set output algebra off",
        ")set messages type off",
        ")set break resume",
    ]

    @classmethod
    def version(cls) -> str:
        """Return the version."""
        out = subprocess.run(["fricas", "-nosman"], capture_output=True, text=True, timeout=60, input=")quit\ny\n").stdout
        return next((line.split()[-1] for line in out.splitlines() if "Version:" in line), "?")

    def mark(self, word: str) -> str:
        """Return a line that prints a word."""
        return f'output(concat("{word[:2]}","{word[2:]}"))'

    def question(self, statement: Any) -> tuple[list[str], bool]:
        """Decide by zero tests."""
        notation, k = Fricas(self.serial), self.serial
        left, right = notation.write(statement.lhs), notation.write(statement.rhs)
        lines = [
            ")clear all",
            *(f"{name} := operator '{name}" for name in sorted(notation.operators)),
            f"d{k} := ({left})-({right})",
        ]
        domains = ["Complex(Fraction(Integer))", "Complex(Integer)"] if "%i" in left + right else ["Integer"]
        parts = [f"d{k}({p})" for p in _entries(statement)] or [f"d{k}"]
        for n, part in enumerate(parts):
            lines += [f"e{k}n{n} := ({part})::Expression({domain})" for domain in domains]  # the last that can be
            lines.append(f"z{k}n{n} := zero?(e{k}n{n})")
            for way in ("simplify", "normalize", "complexNormalize"):
                lines.append(f"if not z{k}n{n} then z{k}n{n} := zero?({way}(e{k}n{n}))")
        proved = " and ".join(f"z{k}n{n}" for n in range(len(parts)))
        lines.append(f'if {proved} then output(concat("PRO","VED"))')
        for n in range(len(parts)):
            size = f"abs(real(complexNumeric(e{k}n{n}))) + abs(imag(complexNumeric(e{k}n{n})))"
            lines.append(
                f'if not z{k}n{n} and empty?(variables(e{k}n{n})) then (if {size} > 1.0e-8 then output(concat("REF","UTED")))'
            )
        return lines, not statement.where


IN_PYTHON: dict[str, Callable[[Any, float], str]] = {
    "derivable": by_derivable,
    "simplify + doit": by_simplify_done,
    "simplify": by_simplify,
    "equals": by_equals,
    "signs": by_signs,
    "ask": by_ask,
    "reduce_inequalities": by_reduce_inequalities,
    "z3": by_z3,
}
PROGRAMS: dict[str, type[Session]] = {"giac": GiacSession, "Maxima": MaximaSession, "FriCAS": FricasSession}
#: which peer takes which kind of statement
EQUALITY = ("derivable", "simplify + doit", "simplify", "equals", "giac", "Maxima", "FriCAS")
ORDER = ("derivable", "signs", "ask", "reduce_inequalities", "z3", "giac", "Maxima")
