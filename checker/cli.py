"""The command line: `derivable check`, `report`, `list`, `show`, `kernels`, and `equal`, `at-most`, `steps` for formulas as text.

Exit codes: 0 everything asked for holds; 1 a claim does not; 2 the question was wrong (no such claim, an unwritable folder, a
broken record, a formula that is not understood); 3 a module could not be imported; 4 a formula neither proved nor refuted; 130
interrupted.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from derivable import record as records
    from derivable.ask import Answer
    from derivable.loading import Loaded
    from derivable.post import Claim
    from derivable.run import Session
    from derivable.steps import Chain, Step
    from derivable.trusted.decision import Decision

FAILED, USAGE, BROKEN, UNDECIDED, INTERRUPTED = 1, 2, 3, 4, 130
COLOURS = {
    "proved": "green", "proved for n ≤ N": "green", "enclosed": "cyan", "sampled": "yellow", "measured": "yellow",
    "open": "magenta", "refuted": "red",
}  # fmt: skip
SIGNS = {
    "proved": "✔",
    "proved for n ≤ N": "✔",
    "enclosed": "≈",
    "sampled": "~",
    "measured": "~",
    "open": "?",
    "refuted": "✘",
}

app = typer.Typer(
    help="Check derivations of machine-learning mathematics, step by step, and report what holds.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Targets = Annotated[
    list[str] | None,
    typer.Argument(
        help="What to take: a claim (ssm/hippo/C9), a post (ssm/hippo or hippo), an area (ssm), a file or a folder. "
        "Nothing: all derivations that come with derivable.",
        show_default=False,
    ),
]
RecordOption = Annotated[
    Path | None,
    typer.Option("--record", help="A record (JSON) to read instead of checking anew.", show_default=False),
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help="Check everything, also what is unchanged since it last passed.", show_default=False)
]

# a formula may begin with a minus sign, so that what is no option is taken for a formula
FORMULAS: dict[str, Any] = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
Left = Annotated[
    str, typer.Argument(metavar="LHS", help="The left side, in plain notation (x^2 + 2x) or LaTeX.", show_default=False)
]
Right = Annotated[str, typer.Argument(metavar="RHS", help="The right side.", show_default=False)]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        help="A hypothesis; may be given several times. A relation ('x > 0', 'a < b <= 1', 'x != 0') or a kind "
        "('n integer', 'x, y positive', 'f function'). A name of which nothing is said is a complex number.",
        show_default=False,
    ),
]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds for a decision.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Latex = Annotated[bool, typer.Option("--latex", help="Read formulas as LaTeX. Unless given, a backslash tells LaTeX.")]
Plain = Annotated[bool, typer.Option("--plain", help="Read formulas in the plain notation.")]


@app.command()
def check(
    targets: Targets = None,
    record: Annotated[
        Path | None,
        typer.Option("--record", help="Write the record of this run to a file (JSON).", show_default=False),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Print every step, not only the claims.")] = False,
    first: Annotated[bool, typer.Option("--exitfirst", "-x", help="Stop at the first claim that does not hold.")] = False,
    fresh: FreshOption = False,
) -> None:
    """Check claims and print a line for each; exit code 1 if one does not hold."""
    loaded, claims = _chosen(targets or [])
    session, failed = _checked(loaded, claims, verbose, first, fresh=fresh)
    if record is not None:
        _written(lambda: _record(session, loaded, claims).write_record(record))
        console.print(f"record: {record}")
    _finish(loaded, failed, session)


@app.command()
def report(
    records: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Records to render (JSON), the oldest first: each later report says what changed since the one before. "
            "None: check all derivations first.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the report.")] = Path("build/report"),
    formats: Annotated[str, typer.Option("--format", help="Which of json,html,tex,pdf to write.")] = "json,html,tex,pdf",
    fresh: FreshOption = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of the report's own words: en or zh.")] = "en",
    source: Annotated[
        str,
        typer.Option(
            "--source", help="Address of a source file with {file} and {line}: makes links of them.", show_default=False
        ),
    ] = "",
) -> None:
    """Write the report (record, page, LaTeX, PDF) of a run, or of records made before; of several, what changed between them."""
    from derivable import record as r
    from derivable.report import write_report

    failed: list[str] = []
    loaded: Loaded | None = None
    session: Session | None = None
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    try:
        output.mkdir(parents=True, exist_ok=True)
        probe = output / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as fault:
        _stop(f"{output}: cannot be written to ({fault.strerror}). Choose another folder with -o.", USAGE)
    if records:
        read = [_read(path) for path in records]
    else:
        loaded, claims = _chosen([])
        session, failed = _checked(loaded, claims, False, False, fresh=fresh)
        read = [_record(session, loaded, claims)]
    try:
        written = write_report(
            read if len(read) > 1 else read[0],
            output,
            wanted,
            lambda text, done, total: console.print(f"[dim]{done + 1}/{total} {text}[/dim]") if done < total else None,
            lang=lang,
            source=source,
        )
    except (ValueError, r.RecordError) as error:
        _stop(str(error), USAGE)
    for path in written.files:
        console.print(f"{path}")
    for note in written.notes:
        console.print(f"[yellow]{escape(note)}[/yellow]")
    if loaded is not None:
        _finish(loaded, failed, session)


@app.command(name="list")
def list_(targets: Targets = None, record: RecordOption = None) -> None:
    """List posts and claims; with --record, what the record holds, with verdicts."""
    if record is not None and not targets:
        for held in _read(record).posts:
            console.print(f"[bold]{escape(held.id)}[/bold]  {escape(held.english or held.title)}")
            for c in held.claims:
                console.print(f"  {c.label:<5} [{COLOURS[c.verdict]}]{SIGNS[c.verdict]} {c.verdict:<16}[/] {escape(c.name)}")
        return
    loaded, claims = _chosen(targets or [])
    verdicts = {c.id: c for c in _read(record).claims()} if record is not None else {}
    for post in loaded.posts:
        chosen = [c for c in post.claims if c in claims]
        if not chosen:
            continue
        console.print(f"[bold]{escape(post.id)}[/bold]  {escape(post.english or post.title)}")
        for claim in chosen:
            known = verdicts.get(claim.id)
            sign = f"[{COLOURS[known.verdict]}]{SIGNS[known.verdict]} {known.verdict:<16}[/]" if known else f"{claim.kind:<12}"
            console.print(f"  {claim.label:<5} {sign} {escape(claim.name)}")
    _finish(loaded, [])


@app.command()
def show(
    claim: Annotated[str, typer.Argument(help="A claim: ssm/hippo/C9.")],
    record: RecordOption = None,
) -> None:
    """Show a claim's derivation: statement, hypotheses, every step with its reason and certificate, controls, cross-checks."""
    if record is not None:
        found = next((c for c in _read(record).claims() if c.id == claim), None)
        if found is None:
            _stop(
                f"{record}: holds no claim {claim}. `derivable list --record {record}` lists what it holds.",
                USAGE,
            )
        _print_claim(found, None)
        return
    loaded, claims = _chosen([claim])
    session, failed = _checked(loaded, claims, False, False, quiet=True)
    for one in claims:
        _print_claim(session.run(one).claim, one)
    _finish(loaded, failed)


@app.command()
def kernels(record: RecordOption = None) -> None:
    """List the kernels that can be imported: what each computes, the claims that check it, and its measured error.

    The error is that of the given record, else of the claims' last runs; it stands beside the error that is allowed.
    """
    import derivable.kernels as package

    loaded, claims = _chosen([])
    measured = _last_results(claims) if record is None else {c.id: c for c in _read(record).claims()}
    for name in package.__all__:
        summary = (getattr(package, name).__doc__ or "").strip().splitlines()
        line = re.sub(r":math:`([^`]*)`", r"\1", summary[0]) if summary else ""
        console.print(f"[bold]{name}[/bold]  {escape(line)}")
        for claim in claims:
            if not any(name in m.kernel.replace(",", " ").replace(".", " ").split() for m in claim.measurements):
                continue
            known = measured.get(claim.id)
            rows = (
                [row for row in known.crosschecks if name in row.kernel.replace(",", " ").replace(".", " ").split()]
                if known
                else []
            )
            worst = "; ".join(
                f"{row.dtype} {row.device}: error {row.worst_error:.2g}, allowed {row.allowed_error:.2g}, {row.cases} cases"
                for row in rows
            )
            console.print(
                f"    {escape(claim.id)}  {escape(worst) or '[dim]not measured yet: derivable check ' + claim.id + '[/dim]'}"
            )
    _finish(loaded, [])


def _last_results(claims: list[Claim]) -> dict[str, Any]:
    from derivable.derivation import DerivationError
    from derivable.kept import KeptResults
    from derivable.run import MUTANTS

    kept, found = KeptResults(), {}
    for claim in claims:
        if not claim.measurements:
            continue
        try:
            result = kept.find(claim, claim.derivation(), MUTANTS)
        except DerivationError:
            continue
        if result is not None:
            found[claim.id] = result
    return found


@app.command(context_settings=FORMULAS)
def equal(
    lhs: Left,
    rhs: Right,
    where: Where = None,
    timeout: Timeout = 10.0,
    json: Json = False,
    latex: Latex = False,
    plain: Plain = False,
) -> None:
    """Decide LHS = RHS, for all values that the hypotheses admit.

    derivable equal 'sin(x)^2 + cos(x)^2' '1'

    derivable equal 'Sum(k, (k, 1, n))' 'n(n + 1)/2' --where 'n natural'

    derivable equal '\\int_0^\\infty e^{-x^2} dx' '\\frac{\\sqrt{\\pi}}{2}'

    Exit code: 0 proved, 1 refuted, 2 a formula is not understood, 4 neither proved nor refuted. The notation is described in
    docs/notation.md.
    """
    _answer(lhs, "=", rhs, where, timeout, json, latex, plain)


@app.command(name="at-most", context_settings=FORMULAS)
def at_most(
    lhs: Left,
    rhs: Right,
    where: Where = None,
    strict: Annotated[bool, typer.Option("--strict", help="Decide LHS < RHS.")] = False,
    timeout: Timeout = 10.0,
    json: Json = False,
    latex: Latex = False,
    plain: Plain = False,
) -> None:
    """Decide LHS ≤ RHS, for all values that the hypotheses admit.

    derivable at-most '2 x y' 'x^2 + y^2' --where 'x, y real'

    Exit code: 0 proved, 1 refuted, 2 a formula is not understood, 4 neither proved nor refuted.
    """
    _answer(lhs, "<" if strict else "<=", rhs, where, timeout, json, latex, plain)


@app.command()
def steps(
    file: Annotated[Path, typer.Argument(help="A text file with chains of lines; - for standard input.", show_default=False)],
    timeout: Timeout = 10.0,
    json: Json = False,
    latex: Latex = False,
    plain: Plain = False,
) -> None:
    """Check a chain of lines as one writes it on paper, and name the first wrong one.

    The first line is a formula, each other one begins with =, <=, <, >= or >. Hypotheses stand before a chain, after the word
    given: given x > 0, n integer. A blank line begins another chain, # a comment. LaTeX may stand in an align environment.

    Exit code: 0 all steps are proved, 1 a step is refuted, 2 a line is not understood, 4 a step is neither proved nor refuted.
    """
    from derivable.steps import MAX_CHARACTERS, StepsError, checked, read_chains

    name = "standard input" if str(file) == "-" else str(file)
    try:
        with sys.stdin if str(file) == "-" else file.open(encoding="utf-8") as stream:
            chains = read_chains(stream.read(MAX_CHARACTERS + 1), _syntax(latex, plain))
    except OSError as fault:
        _stop(f"{name}: cannot be read ({fault.strerror}).", USAGE)
    except UnicodeDecodeError:
        _stop(f"{name}: is no text in UTF-8.", USAGE)
    except StepsError as error:
        _stop(f"{name}:{error.line}: {error}", USAGE)
    done = []
    for number, chain in enumerate(chains):
        if not json:
            console.print("\n" * (number > 0) + f"{chain.line:>4}     {escape(chain.texts[0])}")
        try:
            done.append(checked(chain, timeout, (lambda step: None) if json else _print_step))
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        if not json:
            _print_chain(done[-1])
    if json:
        _print_json({"chains": [chain.as_data() for chain in done]})
    verdicts = {chain.verdict for chain in done}
    raise typer.Exit(FAILED if "refuted" in verdicts else 0 if verdicts == {"proved"} else UNDECIDED)


# -- formulas as text --------------------------------------------------------------------------------------------------


def _answer(
    lhs: str, relation: str, rhs: str, where: list[str] | None, timeout: float, json: bool, latex: bool, plain: bool
) -> None:
    from derivable.ask import ask
    from derivable.notation import NotationError

    try:
        answer = ask(lhs, relation, rhs, where=where or (), syntax=_syntax(latex, plain), timeout=timeout)
    except NotationError as error:
        _stop(str(error), USAGE)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    if json:
        _print_json(answer.as_data())
    else:
        _print_answer(answer)
    raise typer.Exit({"proved": 0, "refuted": FAILED}.get(answer.decision.verdict, UNDECIDED))


def _syntax(latex: bool, plain: bool) -> str:
    if latex and plain:
        _stop("--latex and --plain exclude each other.", USAGE)
    return "latex" if latex else "plain" if plain else "auto"


def _print_answer(answer: Answer) -> None:
    decision = answer.decision
    console.print(f"[{COLOURS[decision.verdict]}]{SIGNS[decision.verdict]} {decision.verdict}[/]  {escape(answer.statement)}")
    _print_assumed(answer.where, answer.assumed)
    _print_reasons(decision)
    if answer.hint:
        console.print(f"  [yellow]hint: {escape(answer.hint)}[/yellow]")
    points = f"{decision.points} point{'s' * (decision.points != 1)}"
    console.print(f"  [dim]attacked at {points}, {decision.seconds:.2f} s[/dim]")


def _print_assumed(where: tuple[str, ...], assumed: tuple[str, ...]) -> None:
    if where:
        console.print(f"  where {escape('; '.join(where))}")
    if assumed:
        console.print(f"  for {escape(', '.join(assumed))}")


def _print_reasons(decision: Decision, indent: str = "  ") -> None:
    """The proof, the counterexample, or why there is neither."""
    if decision.verdict == "proved":
        for number, line in enumerate(decision.proof.lines(), 1):
            console.print(f"{indent}[dim]{number}. {escape(line)}[/dim]")
    if decision.counterexample is not None:
        console.print(f"{indent}[red]{escape(str(decision.counterexample))}[/red]")
    if decision.note:
        console.print(f"{indent}[dim]{escape(decision.note)}[/dim]")


def _print_step(step: Step) -> None:
    decision = step.decision
    rules = ", ".join(dict.fromkeys(rule for rule, _ in decision.proof.rules)) if decision.verdict == "proved" else ""
    excepted = "".join(f"; wherever {what} ≠ 0" for what in decision.proof.exceptions) if decision.verdict == "proved" else ""
    console.print(
        f"{step.line:>4}  {step.relation:<2} {escape(step.text)}  "
        f"[{COLOURS[decision.verdict]}]{SIGNS[decision.verdict]} {decision.verdict}[/]  [dim]{escape(rules + excepted)}[/dim]"
    )
    if decision.verdict != "proved":
        _print_reasons(decision, " " * 9)


def _print_chain(chain: Chain) -> None:
    _print_assumed(chain.given, chain.assumed)
    if chain.wrong is not None:
        console.print(f"  [red]the first wrong line is line {chain.wrong.line}[/red]")
    if chain.slip is not None:
        console.print(f"  [yellow]{escape(str(chain.slip))}[/yellow]")
    if chain.relation is None:
        console.print("  no conclusion: the steps go up and down")
        return
    verdict = chain.verdict if chain.direct is None else chain.direct.verdict
    by_itself = "" if chain.direct is None else "  (decided by itself: the steps do not prove it)"
    console.print(f"  conclusion: {escape(chain.conclusion)}  [{COLOURS[verdict]}]{SIGNS[verdict]} {verdict}[/]{by_itself}")


def _print_json(data: dict[str, Any]) -> None:
    import json

    print(json.dumps(data, ensure_ascii=False, indent=2))


# -- choosing ----------------------------------------------------------------------------------------------------------


def _chosen(targets: list[str]) -> tuple[Loaded, list[Claim]]:
    from derivable.discovery import installed
    from derivable.loading import load

    paths = [Path(t) for t in targets if Path(t).exists()]
    names = [t for t in targets if not Path(t).exists()]
    # my_folder/post/C1: a claim of one's own folder, found there
    own = {name: next((p for p in Path(name).parents if p.name and p.is_dir()), None) for name in names}
    loaded = load([*paths, *(p for p in own.values() if p is not None), *([installed()] if names or not targets else [])])
    if not targets:
        return loaded, loaded.claims()
    below = [p.resolve() for p in paths]
    chosen = [
        c for c in loaded.claims() if any(Path(c.file).resolve() == p or p in Path(c.file).resolve().parents for p in below)
    ]
    for name in names:
        matching = [c for c in loaded.claims() if name in (c.id, c.post.id, c.post.slug, c.post.area, f"{c.post.slug}/{c.label}")]
        if not matching:
            near = _near(name, [c.id for c in loaded.claims()] + [p.id for p in loaded.posts])
            _stop(
                f"{name}: no such claim, post, area, file or folder.{near} `derivable list` shows what there is.",
                USAGE,
            )
        chosen += [c for c in matching if c not in chosen]
    if not chosen and not loaded.errors:
        _stop(
            f"{', '.join(targets)}: no derivations there. A derivation is a Python file that makes a Post and its claims.",
            USAGE,
        )
    return loaded, chosen


def _near(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1, 0.5)
    return f" Did you mean {close[0]}?" if close else ""


# -- checking ----------------------------------------------------------------------------------------------------------


def _checked(
    loaded: Loaded, claims: list[Claim], verbose: bool, first: bool, quiet: bool = False, fresh: bool = False
) -> tuple[Session, list[str]]:
    from derivable.derivation import DerivationError
    from derivable.kept import KeptResults
    from derivable.run import Session

    failed: list[str] = []
    for error in loaded.errors:
        errors.print(f"[red]✘[/red] {escape(str(error))}")
    width = max((len(c.id) for c in claims), default=10)
    started = time.monotonic()
    with console.status("", spinner="dots") as status:
        session = Session(
            lambda text: status.update(escape(text[: max(console.width - 4, 20)])), kept=None if fresh else KeptResults()
        )
        try:
            for number, claim in enumerate(claims, 1):
                status.update(f"{number}/{len(claims)} {escape(claim.id)}")
                try:
                    result = session.run(claim)
                except DerivationError as error:
                    failed.append(claim.id)
                    errors.print(f"[red]✘[/red] {escape(str(error))}")
                    continue
                if not quiet:
                    _print_result(result.claim, claim, width, verbose, result.kept)
                if not result.ok:
                    failed.append(claim.id)
                    for problem in result.problems:
                        errors.print(f"    [red]{escape(problem)}[/red]")
                    if first:
                        break
        except KeyboardInterrupt:
            errors.print(f"interrupted after {len(session.results())} of {len(claims)} claims; what was checked is kept")
            session.interrupted = True
    if not quiet and claims:
        _print_summary([session.run(c).claim for c in claims if c.id in session.results()], time.monotonic() - started)
    return session, failed


def _print_result(c: records.Claim, claim: Claim, width: int, verbose: bool, kept: bool) -> None:
    colour = COLOURS[c.verdict]
    bound = f" ({c.bound})" if c.bound else ""
    steps = sum(1 for s in c.steps if s.rule != "start")
    controls = f"{len(c.controls.refuted)} controls" + (f", {len(c.controls.survivors)} survived" if c.controls.survivors else "")
    console.print(
        f"[{colour}]{SIGNS[c.verdict]} {c.verdict + escape(bound):<18}[/] {escape(c.id):<{width}}  {c.seconds:5.1f} s  "
        f"{steps} steps, {controls}  [dim]{escape(claim.name)}{' (kept)' if kept else ''}[/dim]"
    )
    if verbose:
        for step in c.steps:
            console.print(
                f"      {SIGNS[step.verdict]} {step.number}. {escape(step.rule)}: {escape(step.reason)} ({step.seconds:.2f} s)"
            )


def _print_summary(claims: list[records.Claim], seconds: float) -> None:
    from derivable import record as r

    verdicts = ", ".join(f"{n} {v}" for v, n in r.claims_by_verdict(claims).items() if n)
    steps = ", ".join(f"{n} {v}" for v, n in r.steps_by_verdict(claims).items() if n)
    refuted = sum(len(c.controls.refuted) for c in claims)
    survived = sum(len(c.controls.survivors) for c in claims)
    console.print(
        f"{len(claims)} claims: {verdicts}; steps: {steps}; controls: {refuted} refuted, {survived} survived; {seconds:.1f} s"
    )


def _print_claim(c: records.Claim, claim: Claim | None) -> None:
    console.print(f"[bold]{escape(c.id)}[/bold]  {escape(c.name)}   [{COLOURS[c.verdict]}]{SIGNS[c.verdict]} {c.verdict}[/]")
    console.print(f"  {c.file}:{c.line}", style="dim")
    texts = _texts(claim)
    console.print("\nStatement")
    for text in texts["statements"] or c.statements:
        console.print(f"  {escape(text)}")
    if c.hypotheses:
        console.print("\nHypotheses")
        for text in texts["hypotheses"] or [f"{h.latex} {h.text}".strip() for h in c.hypotheses]:
            console.print(f"  {escape(text)}")
    console.print("\nDerivation")
    for step, text in zip(c.steps, texts["steps"] or [s.latex for s in c.steps], strict=False):
        console.print(f"  {step.number:>2}. {step.relation or ' '} {escape(text)}")
        if step.rule != "start":
            console.print(
                f"        [{COLOURS[step.verdict]}]{SIGNS[step.verdict]} {step.verdict}[/]  {escape(step.reason)}  "
                f"[dim]{escape(step.rule)}, {step.points} points, {step.seconds:.2f} s[/dim]"
            )
            for line in step.certificate:
                console.print(f"          [dim]{escape(line)}[/dim]")
        if step.counterexample is not None:
            point = ", ".join(f"{k} = {v}" for k, v in step.counterexample.point.items())
            console.print(
                f"        [red]at {escape(point)}: left {escape(step.counterexample.lhs)}, "
                f"right {escape(step.counterexample.rhs)}[/red]"
            )
    for cited in c.cited:
        console.print(f"\nCited: {escape(cited.name)}: {escape(cited.statement)} {escape(cited.reference)}")
    if c.uses:
        console.print(f"\nUses: {', '.join(c.uses)}")
    if c.erratum is not None:
        console.print(f"\nErratum ({c.erratum.kind}; {escape(c.erratum.section)}): {escape(c.erratum.explanation)}")
    console.print(
        f"\nControls: {len(c.controls.refuted)} refuted, {len(c.controls.equivalent)} equivalent, "
        f"{len(c.controls.survivors)} survived"
    )
    for control in (*c.controls.refuted, *c.controls.survivors):
        witness = ", ".join(f"{k} = {v}" for k, v in control.witness.point.items()) if control.witness else ""
        console.print(f"  {SIGNS[control.verdict]} {escape(control.description)}  [dim]{escape(witness[:120])}[/dim]")
    for row in c.crosschecks:
        console.print(
            f"\nCross-check {escape(row.kernel)} against {escape(row.against)} ({row.dtype}, {row.device}): "
            f"{row.cases} cases, worst {row.worst_error:.3g}, allowed {row.allowed_error:.3g}"
        )
    if c.message:
        console.print(f"\n{escape(c.message)}")


def _texts(claim: Claim | None) -> dict[str, list[str]]:
    """A claim's formulas as plain text, when its derivation is at hand: easier to read in a terminal than LaTeX."""
    empty: dict[str, list[str]] = {"statements": [], "hypotheses": [], "steps": []}
    if claim is None:
        return empty
    from derivable.printing import statement_text

    d = claim.derivation()
    steps = [
        str(s.shown)
        if s.kind in ("start", "chain", "exhaust")
        else statement_text(s.statement.lhs, s.statement.relation, s.statement.rhs)
        for s in d.steps
    ]
    hypotheses = [" ".join(part for part in (str(c) if c is not None else "", text) if part) for c, text in d.hypotheses]
    return {
        "statements": [statement_text(s.lhs, s.relation, s.rhs) for s in d.statements],
        "hypotheses": hypotheses,
        "steps": steps,
    }


# -- ends --------------------------------------------------------------------------------------------------------------


def _record(session: Session, loaded: Loaded, claims: list[Claim]) -> records.Record:
    from derivable import record as r

    broken = [r.Post(e.path.stem, e.path.parent.name, e.path.stem, "", file=e.path.name, error=str(e)) for e in loaded.errors]
    chosen = {c.id for c in claims}
    whole = session.record(loaded.posts, broken)
    return r.Record(
        whole.environment,
        [replace(p, claims=tuple(c for c in p.claims if c.id in chosen)) for p in whole.posts],
    )


def _read(path: Path) -> records.Record:
    from derivable.record import RecordError, read_record

    try:
        return read_record(path)
    except RecordError as error:
        _stop(str(error), USAGE)


def _written(write: Any) -> None:
    from derivable.record import RecordError

    try:
        write()
    except RecordError as error:
        _stop(str(error), USAGE)


def _finish(loaded: Loaded, failed: list[str], session: Session | None = None) -> None:
    if session is not None and session.interrupted:
        raise typer.Exit(INTERRUPTED)
    if loaded.errors:
        raise typer.Exit(BROKEN)
    if failed:
        raise typer.Exit(FAILED)


def _stop(message: str, code: int) -> NoReturn:
    errors.print(f"[red]{escape(message)}[/red]")
    sys.exit(code)


if __name__ == "__main__":
    app()
