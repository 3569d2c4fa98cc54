"""What the benchmarks share: a comparison that must be green, then medians side by side, then JSON."""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from derivable.numerics import Agreement


class Comparison:
    """Rows of a benchmark; nothing is timed before its results agree."""

    def __init__(self, name: str, device: str = "cpu", parents: Sequence[argparse.ArgumentParser] = ()) -> None:
        parser = argparse.ArgumentParser(description=f"Benchmark {name}: ours beside what people use.", parents=list(parents))
        parser.add_argument("--output", type=Path, help="write the rows as JSON, e.g. benchmarks/results/NAME.json")
        parser.add_argument("--repeat", type=int, default=5 if device == "cpu" else 11, help="runs a median is taken of")
        parser.add_argument("--threads", type=int, default=1, help="threads of torch, fewer than idle cores")
        self.name, self.device, self.options, self.rows = name, device, parser.parse_args(), []
        torch.set_num_threads(self.options.threads)
        if device == "cuda" and not torch.cuda.is_available():
            raise SystemExit(f"{name}: this machine has no CUDA device, and torch.cuda.is_available() says so")

    def row(self, case: str, agreement: Agreement, floor: float, runs: dict[str, Callable[[], Any]]) -> None:
        """Time ``runs``, ours first, in turn; ``floor`` is the least time in seconds the machine allows."""
        if not agreement.ok:
            raise SystemExit(f"{self.name}, {case}: results differ, nothing is timed: {agreement}")
        times: dict[str, list[float]] = {label: [] for label in runs}
        clock = _seconds if self.device == "cpu" else _seconds_queued
        for _ in range(self.options.repeat + 1):
            for label, run in runs.items():
                times[label].append(clock(run))
        alone = (
            {} if self.device == "cpu" else {label: min(_device_seconds(run) for _ in range(2)) for label, run in runs.items()}
        )
        medians = {label: statistics.median(values[1:]) for label, values in times.items()}
        ours = next(iter(medians.values()))
        ratios = {label: value / ours for label, value in medians.items()}
        # what other work on the machine does not lengthen
        least = {label: min(values[1:]) for label, values in times.items()}
        least_ratios = {label: value / least[next(iter(least))] for label, value in least.items()}
        figures = {"seconds": medians, "ratio": ratios, "least_seconds": least, "least_ratio": least_ratios, "floor": floor}
        self.rows.append({"case": case, **figures, **({"device_seconds": alone} if alone else {}), "agreement": str(agreement)})
        print(case)
        for label, value in medians.items():
            shortest = f"least {least[label] * 1e3:10.3f} ms {least_ratios[label]:8.2f} x ours"
            device = f"   device alone {alone[label] * 1e3:10.3f} ms" if alone else ""
            print(f"    {label:42} {value * 1e3:10.3f} ms   {ratios[label]:8.2f} x ours   {shortest}{device}")
        print(f"    {'floor':42} {floor * 1e3:10.3f} ms   {agreement}")

    def finish(self) -> None:
        """Write the rows where ``--output`` says."""
        if self.options.output is None:
            return
        record = {
            "benchmark": self.name,
            "rows": self.rows,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "processor": platform.machine() if self.device == "cpu" else torch.cuda.get_device_name(),
            "threads": self.options.threads,
            "repeat": self.options.repeat,
        }
        self.options.output.parent.mkdir(parents=True, exist_ok=True)
        self.options.output.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


# Runs between two events: one alone would mostly show how long the host takes to start it.
QUEUED = 10


def _seconds_queued(run: Callable[[], Any]) -> float:
    """Seconds of one of several runs queued on the device: what takes longer, device or host."""
    torch.cuda.synchronize()
    return _between_events(run)


def _device_seconds(run: Callable[[], Any]) -> float:
    """Seconds of one of several runs that are queued before the device, busy with products of matrices, gets to the first.

    A run that itself waits for the device, for a check of its values, has the host in these seconds too.
    """
    started = time.perf_counter()
    for _ in range(QUEUED):
        run()
    host = time.perf_counter() - started
    torch.cuda.synchronize()
    matrix = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    # each takes a millisecond at least
    for _ in range(int(1.5e3 * host) + 10):
        torch.mm(matrix, matrix)
    return _between_events(run)


def _between_events(run: Callable[[], Any]) -> float:
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(QUEUED):
        run()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1e3 / QUEUED


# a modest core: bytes and operations a second, so that floors compare across kernels
BANDWIDTH, OPERATIONS = 12e9, 68e9


def floor_seconds(size: float, operations: float) -> float:
    """Return the larger of ``size`` bytes over bandwidth and operations over peak."""
    return max(size / BANDWIDTH, operations / OPERATIONS)
