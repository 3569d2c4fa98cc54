"""Which files are derivations: found without importing anything, so that looking costs no SymPy."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "derivations"


def installed() -> Path:
    """The folder of the derivations that come with the package."""
    spec = importlib.util.find_spec("derivable.derivations")
    return Path(spec.origin).resolve().parent if spec is not None and spec.origin else HOME


def looks_like_derivation(path: Path) -> bool:
    """Whether a file defines a post: it imports from derivable and calls `Post(`; nothing is executed to find out."""
    if path.suffix != ".py" or path.name.startswith(("test_", "_", "conftest")):
        return False
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(re.search(r"^\s*(from|import)\s+derivable\b", text, re.M)) and "Post(" in text


def files_below(path: Path) -> list[Path]:
    """The derivation files at or below a path, sorted."""
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*.py") if ".venv" not in p.parts and "build" not in p.parts and looks_like_derivation(p))
