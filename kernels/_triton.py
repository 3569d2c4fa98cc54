"""Where Triton kernels run."""

from functools import cache
from importlib.util import find_spec

from torch import Tensor


def runs_triton(t: Tensor) -> bool:
    """Say whether Triton is installed and ``t`` lies on a GPU."""
    return t.is_cuda and _installed()


@cache
def _installed() -> bool:
    return find_spec("triton") is not None
