"""Time limits that interrupt: an alarm inside a forked child, and a parent that kills the child when that fails.

A SymPy call that hangs in Python code is interrupted by the alarm; one that hangs in compiled code, where no signal
handler runs, is ended from outside. The fork also keeps the caller's SymPy caches and random state untouched.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

GRACE = 0.5  # seconds after the limit until the child is killed


class TimeLimit(BaseException):
    """The limit of a decision is over. Not an `Exception`, so that no `except Exception` on the way swallows it."""


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `TimeLimit` in the body once `seconds` are over; alarms nest, the earlier one wins.

    Signals reach the main thread only: in another thread the body runs without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(*_: object) -> None:
        # An exception that is raised inside a destructor is lost, so the alarm rings again.
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        raise TimeLimit

    started = time.monotonic()
    outer_handler = signal.signal(signal.SIGALRM, expire)
    outer_left, _ = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))
    if outer_left and outer_left < seconds:
        signal.signal(signal.SIGALRM, outer_handler)
        signal.setitimer(signal.ITIMER_REAL, outer_left)
    try:
        yield
    except SystemError as error:
        if _interrupted(error):
            raise TimeLimit from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, outer_handler)
        if outer_left:
            signal.setitimer(signal.ITIMER_REAL, max(outer_left - (time.monotonic() - started), 1e-3))


@contextlib.contextmanager
def given_up_after(seconds: float) -> Iterator[None]:
    """End the body quietly once `seconds` are over."""
    with contextlib.suppress(TimeLimit), alarm(max(seconds, 1e-3)):
        yield


def _interrupted(error: BaseException | None) -> bool:
    """Whether a time limit is the cause: raised inside compiled code it arrives as the cause of other errors."""
    while error is not None and not isinstance(error, TimeLimit):
        error = error.__cause__ or error.__context__
    return error is not None


class ChildLost(Exception):
    """The child process ended without an answer: it was killed at its limit, or it crashed."""


def forked(task: Callable[[Callable[[Any], None]], None], limit: Callable[[], float]) -> Iterator[Any]:
    """Run `task(send)` in a forked child and yield what it sends, each message as soon as it arrives.

    `limit()` is asked before each wait: the seconds that the child may take until its next message. A child that is
    silent for longer is killed and `ChildLost` raised.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(read_end)
            gc.freeze()  # else the first full collection touches, and so copies, every page that the parent shares
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            with os.fdopen(write_end, "wb") as pipe:

                def send(message: Any) -> None:
                    data = pickle.dumps(message)
                    pipe.write(len(data).to_bytes(8, "big") + data)
                    pipe.flush()

                task(send)
            code = 0
        finally:
            os._exit(code)
    os.close(write_end)
    buffer = b""
    try:
        while True:
            deadline = time.monotonic() + limit()
            while len(buffer) < 8 or len(buffer) < 8 + int.from_bytes(buffer[:8], "big"):
                ready, _, _ = select.select([read_end], [], [], max(deadline - time.monotonic(), 0))
                if not ready:
                    raise ChildLost("no answer within its time limit: the process was ended")
                data = os.read(read_end, 1 << 20)
                if not data:
                    if buffer:
                        raise ChildLost("the process ended in the middle of an answer")
                    _, status = os.waitpid(child, 0)
                    child = 0
                    if status:
                        raise ChildLost(f"the process ended with status {status}")
                    return
                buffer += data
            size = int.from_bytes(buffer[:8], "big")
            message, buffer = pickle.loads(buffer[8 : 8 + size]), buffer[8 + size :]
            yield message
    finally:
        os.close(read_end)
        if child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
