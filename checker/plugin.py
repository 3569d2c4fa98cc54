"""The pytest plugin: one item a claim, in any folder of derivations.

`pytest derivations/`, `pytest my_folder/`, `-k hippo`, `-x`, `-n auto`, `--durations` work as for tests. `--record FILE`
writes the record of the run. What passed before and is unchanged is not checked again, unless with `--fresh`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from derivable.run import ClaimRun, Session

_SESSION = pytest.StashKey[Any]()
_PARTS = pytest.StashKey[dict[str, Any]]()
_STARTED = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--record FILE`, `--fresh`."""
    group = parser.getgroup("derivable", "machine-checked derivations")
    group.addoption("--fresh", action="store_true", help="check every claim, also what is unchanged since it last passed")
    group.addoption("--record", metavar="FILE", help="write the record of the checked claims to FILE (JSON)")


def pytest_configure(config: pytest.Config) -> None:
    """One session of claims a pytest run."""
    config.stash[_PARTS] = {}
    config.stash[_STARTED] = time.time()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file that defines a post is collected as a post."""
    from derivable.discovery import looks_like_derivation

    if looks_like_derivation(file_path):
        return PostFile.from_parent(parent, path=file_path)
    return None


class PostFile(pytest.File):
    """The claims of one file."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item a claim; a module that fails to import is one failure, in one sentence."""
        from derivable.loading import LoadError, load_file

        try:
            posts = load_file(self.path)
        except LoadError as error:
            _keep_error(self.config, self.path, str(error))
            raise self.CollectError(str(error)) from None
        if not posts:
            raise self.CollectError(f"{self.path}: defines no post; make one with post = Post(…) at the top of the module")
        for post in posts:
            if not post.claims:
                raise self.CollectError(f"{self.path}: post {post.id} claims nothing; add a function under @post.claim(…)")
            for claim in post.claims:
                yield ClaimItem.from_parent(self, name=f"{post.slug}::{claim.label}", claim=claim)


class ClaimFailure(Exception):
    """A claim that does not stand; its text is the whole message."""


class ClaimItem(pytest.Item):
    """One claim."""

    def __init__(self, *, claim: Any, **arguments: Any):
        super().__init__(**arguments)
        self.claim = claim
        self.extra_keyword_matches.update({claim.post.area, claim.kind, claim.label, claim.post.slug})

    def runtest(self) -> None:
        """Check the claim; what it uses is checked before."""
        from derivable.derivation import DerivationError

        session = _session(self.config)
        try:
            result: ClaimRun = session.run(self.claim)
        except DerivationError as error:
            raise ClaimFailure(str(error)) from None
        self.user_properties.append(("claim", json.dumps(_part(self.claim, result))))
        if not result.ok:
            raise ClaimFailure("\n".join(result.problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The claim's own message instead of a traceback."""
        if isinstance(excinfo.value, ClaimFailure):
            title = f"{self.claim.post.english or self.claim.post.title}\n{self.claim.id}: {self.claim.name}"
            return f"{title}\n{excinfo.value}"
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File and line of the claim's function."""
        return self.path, self.claim.line - 1, f"{self.claim.id} ({self.claim.name})"


def _session(config: pytest.Config) -> Session:
    if _SESSION not in config.stash:
        from derivable.kept import KeptResults
        from derivable.run import Session

        config.stash[_SESSION] = Session(kept=None if config.getoption("--fresh") else KeptResults())
    return config.stash[_SESSION]


def _part(claim: Any, result: ClaimRun) -> dict[str, Any]:
    from derivable.run import post_record

    return {
        "post": post_record(claim.post, []).to_json(),
        "claim": result.claim.to_json(),
        "position": claim.post.claims.index(claim),
    }


def _keep_error(config: pytest.Config, path: Path, text: str) -> None:
    post = {
        "slug": path.stem,
        "area": path.parent.name,
        "title": path.stem,
        "english": "",
        "file": path.name,
        "error": text,
    }
    config.stash[_PARTS][f"error {path}"] = {"post": post, "claim": None, "position": 0}


class _Collector:
    """Gathers the parts of the record in the controlling process: they travel with the reports, which -n passes on."""

    def __init__(self, config: pytest.Config):
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a finished claim reported."""
        for name, value in report.user_properties:
            if name == "claim" and report.when == "call":
                part = json.loads(str(value))
                self.config.stash[_PARTS][part["claim"]["id"]] = part


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Listen in the controlling process only."""
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(_Collector(session.config), "derivable-collector")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the record, also after an interruption."""
    config = session.config
    target = config.getoption("--record", default=None)
    if target is None or hasattr(config, "workerinput"):
        return
    from derivable.record import RecordError
    from derivable.run import record_of_parts

    try:
        record_of_parts(list(config.stash[_PARTS].values()), config.stash[_STARTED]).write_record(target)
    except RecordError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many claims and steps have which verdict, and which mutants survived."""
    parts = [p for p in config.stash.get(_PARTS, {}).values() if p["claim"]]
    if not parts:
        return
    from derivable import record

    claims = [record.Claim.from_json(p["claim"]) for p in parts]
    terminalreporter.section("derivable")
    for what, tally in (
        ("claims", record.claims_by_verdict(claims)),
        ("steps", record.steps_by_verdict(claims)),
    ):
        terminalreporter.write_line(f"{what}: " + ", ".join(f"{n} {verdict}" for verdict, n in tally.items() if n))
    refuted = sum(len(c.controls.refuted) for c in claims)
    survivors = [(c.id, s) for c in claims for s in c.controls.survivors]
    terminalreporter.write_line(f"controls: {refuted} refuted, {len(survivors)} survived")
    for claim, control in survivors:
        terminalreporter.write_line(f"  survivor of {claim}: {control.description} ({control.verdict})")
