"""How much memory a CPU result may take: a clear refusal before the system ends the process."""

from pathlib import Path

import torch

from derivable.kernels._check import refuse

# below this nothing is looked up: reading the files takes longer than the work
SMALL = 1 << 28


def check_memory(where: str, size: int, device: torch.device) -> None:
    """Raise ``MemoryError`` if ``size`` bytes do not fit on the CPU; a GPU's allocator says so itself."""
    if device.type != "cpu" or size < SMALL:
        return
    free = available_memory()
    if free is not None and size > free:
        refuse(
            where,
            f"{size / 2**30:.1f} GiB",
            f"at most the {free / 2**30:.1f} GiB that are free",
            "work in pieces, handing on the last state",
            MemoryError,
        )


def available_memory() -> int | None:
    """Return the bytes that can be had without swapping, the control group's limit included; None if unknown."""
    try:
        rows = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(row.split()[1]) * 1024 for row in rows if row.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None
    try:
        group = Path("/sys/fs/cgroup")
        limit, used = ((group / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current"))
        return free if limit == "max" else min(free, int(limit) - int(used))
    except (OSError, ValueError):
        return free
