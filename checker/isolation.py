"""Decisions in a process of their own, which waits for the next statement and is ended where it does not keep to its time.

A fork for every statement would cost more than most statements do: the operating system copies each page that the child
touches. A waiting process pays that once. It clears SymPy's caches before each statement, so that an answer rests on the
statement alone, and a statement that cannot be carried to it faithfully (`portable`) is answered by a fork of its own.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy.core.cache import clear_cache
from sympy.core.parameters import distribute, evaluate

from derivable.portable import NotPortable, carried, read
from derivable.trusted.deadline import ChildLost, forked

IDLE_SECONDS = 60.0  # a process that nobody asked anything for so long ends by itself
GROWTH = (1 << 30) // (1 if sys.platform == "darwin" else 1024)  # of memory, in the system's unit: then a process is replaced
HEAD = 8  # bytes of a message's length
STAYS, ENDS, UNREADABLE = "stays", "ends", "unreadable"  # what a process says of itself with an answer


class Isolated:
    """`answer(*request)` in another process; the caller's caches, random state and memory stay as they are.

    Several threads may ask at once: each is given a process of its own, and takes one that waits if there is one.
    """

    def __init__(self, answer: Callable[..., Any]):
        """`answer`: a function of the requests that follow; it returns the reply, which is pickled, and whether its process is
        as it was before, so that it can be asked again."""
        self._answer = answer
        self._waiting: list[_Process] = []
        self._owner = os.getpid()
        atexit.register(self.dismiss)

    def __call__(self, request: tuple[Any, ...], limit: float) -> Any:
        """The answer to one request; `ChildLost` if there is none within `limit` seconds."""
        try:
            data = carried((_mark(request), request))
        except NotPortable:
            return self._once(request, limit)
        deadline = time.monotonic() + limit
        found = self._asked(self._taken(), data, deadline) or self._asked(_start(self._answer, self._waiting), data, deadline)
        if found is None:
            raise ChildLost("the process ended without an answer")
        kind, reply = found
        return self._once(request, deadline - time.monotonic()) if kind == UNREADABLE else reply

    def _asked(self, process: _Process | None, data: bytes, deadline: float) -> tuple[str, Any] | None:
        """What a process says to a request, and whether it can go on; None if it has ended, which one that waited may have."""
        if process is None:
            return None
        kind = ENDS
        try:
            process.ask(data)
            told = process.told(deadline)
            found: tuple[str, Any] | None = pickle.loads(told) if told else None
            kind = found[0] if found else ENDS
        finally:
            if kind == STAYS:
                self._waiting.append(process)
            else:
                process.end()
        return found

    def dismiss(self) -> None:
        """End the processes that wait; the next request starts another."""
        while process := self._taken():
            process.end()

    def _taken(self) -> _Process | None:
        if self._owner != os.getpid():  # after a fork of the caller's own: these processes are its parent's
            self._owner, self._waiting = os.getpid(), []
        with contextlib.suppress(IndexError):
            return self._waiting.pop()
        return None

    def _once(self, request: tuple[Any, ...], limit: float) -> Any:
        for reply, _ in forked(lambda send: send(_answered(self._answer, request)), lambda: limit):
            return reply
        raise ChildLost("the deciding process gave no answer")


@dataclass(frozen=True)
class _Process:
    """A process that answers: its number, the pipe for requests and the pipe for answers."""

    number: int
    requests: int
    answers: int

    def ask(self, data: bytes) -> None:
        """Send a request; one that has ended does not hear it."""
        with contextlib.suppress(OSError):
            _write(self.requests, data)

    def told(self, deadline: float) -> bytes:
        """The answer, empty if the process has ended; `ChildLost` if nothing comes until the deadline."""
        data = _read(self.answers, lambda: max(deadline - time.monotonic(), 0.0))
        if data is None:
            raise ChildLost("no answer within its time limit: the process was ended")
        return data

    def end(self) -> None:
        """Kill the process, if it still runs, and close the pipes."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.number, 0)
        self.close()

    def close(self) -> None:
        """Close this side's pipes."""
        for pipe in (self.requests, self.answers):
            with contextlib.suppress(OSError):
                os.close(pipe)


def _start(answer: Callable[..., Any], others: list[_Process]) -> _Process:
    requests, ask = os.pipe()
    told, answers = os.pipe()
    number = os.fork()
    if number:
        os.close(requests)
        os.close(answers)
        return _Process(number, ask, told)
    try:
        for pipe in (ask, told):
            os.close(pipe)
        for other in others:  # else they would outlive their owner for as long as this process holds their pipes
            other.close()
        gc.freeze()  # else the first full collection touches, and so copies, every page that the parent shares
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _serve(answer, requests, answers)
    finally:
        os._exit(0)


def _serve(answer: Callable[..., Any], requests: int, answers: int) -> None:
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + GROWTH
    while data := _read(requests, lambda: IDLE_SECONDS):
        try:
            mark, request = read(data)
            faithful = mark == _mark(request)
        except Exception:
            faithful = False
        if not faithful:
            _write(answers, pickle.dumps((UNREADABLE, None)))
            continue
        clear_cache()
        reply, clean = _answered(answer, request)
        small = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < grown
        _write(answers, pickle.dumps((STAYS if clean and small else ENDS, reply)))


def _answered(answer: Callable[..., Any], request: tuple[Any, ...]) -> Any:
    """The answer under SymPy's own settings: a caller's `evaluate(False)` is inherited, and would hold for all that follows."""
    with evaluate(True), distribute(True):
        return answer(*request)


def _mark(request: tuple[Any, ...]) -> int:
    """A hash of the whole request, the same on both sides of a fork."""
    try:
        return hash(request)
    except (TypeError, RecursionError) as error:
        raise NotPortable(f"{type(error).__name__}: {error}") from error


def _write(pipe: int, data: bytes) -> None:
    data = len(data).to_bytes(HEAD, "big") + data
    while data:
        data = data[os.write(pipe, data) :]


def _read(pipe: int, patience: Callable[[], float]) -> bytes | None:
    """One message; None where `patience()` seconds pass without a byte of it, empty where the other side has ended."""
    data = b""
    while len(data) < HEAD or len(data) < HEAD + int.from_bytes(data[:HEAD], "big"):
        ready, _, _ = select.select([pipe], [], [], patience())
        if not ready:
            return None
        piece = os.read(pipe, 1 << 20)
        if not piece:
            return b""
        data += piece
    return data[HEAD:]
