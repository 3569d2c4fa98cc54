"""Tests run in a forked child: which one fails first, under a time limit."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from _pytest.runner import runtestprotocol

TIMEOUT = "timeout"
CRASH = "crash"


@dataclass(frozen=True)
class Outcome:
    """The test that failed first, or None; `TIMEOUT` and `CRASH` stand for a child that gave no answer."""

    failed: str | None
    seconds: float


def first_failure(items: Iterable[Any], limit: float, prepare: Callable[[], None] | None = None) -> Outcome:
    """Run the collected tests in a child process, after `prepare()` there, until one fails or `limit` seconds are over."""
    started = time.monotonic()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        failed: str | None = CRASH
        try:
            os.close(read_end)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            if prepare is not None:
                prepare()
            failed = _run(items)
        finally:
            os.write(write_end, json.dumps(failed).encode())
            os._exit(0)
    os.close(write_end)
    with contextlib.suppress(OSError):
        os.setpgid(child, child)
    try:
        ready, _, _ = select.select([read_end], [], [], limit)
        answer = os.read(read_end, 1 << 16) if ready else json.dumps(TIMEOUT).encode()
    finally:
        os.close(read_end)
        # the child and whatever it forked itself
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return Outcome(json.loads(answer) if answer else CRASH, time.monotonic() - started)


def _run(items: Iterable[Any]) -> str | None:
    for item in items:
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
            return str(item.nodeid)
    return None
