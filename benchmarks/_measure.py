"""What the benchmarks share: a comparison that must be green, then medians side by side, then JSON."""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from derivable.numerics import Agreement


class Comparison:
    """Rows of a benchmark; nothing is timed before its results agree."""

    def __init__(self, name: str) -> None:
        parser = argparse.ArgumentParser(description=f"Benchmark {name}: ours beside what people use.")
        parser.add_argument("--output", type=Path, help="write the rows as JSON, e.g. benchmarks/results/NAME.json")
        parser.add_argument("--repeat", type=int, default=5, help="runs a median is taken of")
        parser.add_argument("--threads", type=int, default=1, help="threads of torch, fewer than idle cores")
        self.name, self.options, self.rows = name, parser.parse_args(), []
        torch.set_num_threads(self.options.threads)

    def row(self, case: str, agreement: Agreement, floor: float, runs: dict[str, Callable[[], Any]]) -> None:
        """Time ``runs``, ours first, in turn; ``floor`` is the least time in seconds the machine allows."""
        if not agreement.ok:
            raise SystemExit(f"{self.name}, {case}: results differ, nothing is timed: {agreement}")
        times: dict[str, list[float]] = {label: [] for label in runs}
        for _ in range(self.options.repeat + 1):
            for label, run in runs.items():
                start = time.perf_counter()
                run()
                times[label].append(time.perf_counter() - start)
        medians = {label: statistics.median(values[1:]) for label, values in times.items()}
        ours = next(iter(medians.values()))
        ratios = {label: value / ours for label, value in medians.items()}
        # what other work on the machine does not lengthen
        least = {label: min(values[1:]) for label, values in times.items()}
        least_ratios = {label: value / least[next(iter(least))] for label, value in least.items()}
        figures = {"seconds": medians, "ratio": ratios, "least_seconds": least, "least_ratio": least_ratios, "floor": floor}
        self.rows.append({"case": case, **figures, "agreement": str(agreement)})
        print(case)
        for label, value in medians.items():
            shortest = f"least {least[label] * 1e3:10.3f} ms {least_ratios[label]:8.2f} x ours"
            print(f"    {label:36} {value * 1e3:10.3f} ms   {ratios[label]:8.2f} x ours   {shortest}")
        print(f"    {'floor':36} {floor * 1e3:10.3f} ms   {agreement}")

    def finish(self) -> None:
        """Write the rows where ``--output`` says."""
        if self.options.output is None:
            return
        record = {
            "benchmark": self.name,
            "rows": self.rows,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "processor": platform.machine(),
            "threads": self.options.threads,
            "repeat": self.options.repeat,
        }
        self.options.output.parent.mkdir(parents=True, exist_ok=True)
        self.options.output.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


# a modest core: bytes and operations a second, so that floors compare across kernels
BANDWIDTH, OPERATIONS = 12e9, 68e9


def floor_seconds(size: float, operations: float) -> float:
    """Return the larger of ``size`` bytes over bandwidth and operations over peak."""
    return max(size / BANDWIDTH, operations / OPERATIONS)
