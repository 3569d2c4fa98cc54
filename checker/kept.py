"""Results of earlier runs, reused while nothing that they rest on has changed.

A claim that passed is kept under a digest of the checker, the numerics and the kernels, of the module that encodes it and
of those whose claims it uses, and of the versions of what decides. Whatever changes makes another digest, and the claim is
checked anew. `--fresh` checks everything.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import json
import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

import derivable
from derivable.discovery import looks_like_derivation
from derivable.record import Claim as ClaimRecord

if TYPE_CHECKING:
    from derivable.derivation import Derivation
    from derivable.post import Claim


class KeptResults:
    """A folder of passed claims, one JSON file each."""

    def __init__(self, folder: Path | None = None):
        """`folder`: where they lie; the environment's `DERIVABLE_CACHE`, else the user's cache folder."""
        chosen = folder or os.environ.get("DERIVABLE_CACHE") or user_cache_path("derivable")
        self.folder = Path(chosen)

    def find(self, claim: Claim, derivation: Derivation, mutants: int) -> ClaimRecord | None:
        """The kept result of a claim, None if there is none that still holds."""
        path = self._path(claim, derivation, mutants)
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            return ClaimRecord.from_json(json.loads(path.read_text(encoding="utf-8")))
        return None

    def keep(self, claim: Claim, derivation: Derivation, mutants: int, result: ClaimRecord) -> None:
        """Keep a result; a folder that cannot be written is no reason to fail."""
        path = self._path(claim, derivation, mutants)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(result.to_json()), encoding="utf-8")
            draft.replace(path)

    def _path(self, claim: Claim, derivation: Derivation, mutants: int) -> Path:
        digest = hashlib.sha256()
        for part in (_machinery(), claim.id, str(mutants), *(_digest(path) for path in _modules(claim, derivation))):
            digest.update(f"{part}\n".encode())
        return self.folder / f"{digest.hexdigest()[:40]}.json"


@functools.lru_cache(maxsize=1)
def _machinery() -> str:
    """A digest of all that decides: the package without its derivations, and the libraries."""
    digest = hashlib.sha256()
    packages = ["derivable", "derivable.trusted", "derivable.search", "derivable.kernels", "derivable.numerics"]
    folders = [Path(folder) for name in packages for folder in importlib.import_module(name).__path__]
    for path in sorted({file for folder in folders for file in folder.glob("*.py")}):
        digest.update(path.read_bytes())
    versions = [platform.python_version(), derivable.__version__]
    for library in ("sympy", "flint", "mpmath", "numpy", "scipy"):
        versions.append(str(importlib.import_module(library).__version__))
    with contextlib.suppress(ImportError):
        from importlib.metadata import version

        versions.append(version("torch"))
    digest.update(" ".join(versions).encode())
    return digest.hexdigest()


def _modules(claim: Claim, derivation: Derivation) -> Iterator[Path]:
    """The module of a claim with what lies beside it and is no post, and the modules of the claims that it uses."""
    seen: set[str] = set()

    def of(one: Any, used: Iterable[Any]) -> Iterator[Path]:
        if one.id in seen:
            return
        seen.add(one.id)
        own = Path(one.file)
        yield own
        for beside in sorted(own.parent.glob("*.py")):
            if beside != own and not looks_like_derivation(beside):
                yield beside
        for other in used:
            yield from of(other, other.derivation().uses.values())

    yield from of(claim, derivation.uses.values())


@functools.lru_cache(maxsize=512)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


__all__ = ["KeptResults"]
