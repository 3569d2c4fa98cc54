"""Find and import derivations: from files and folders, once each, without letting one broken module end the run."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from derivable.discovery import files_below, installed
from derivable.post import Claim, Post


class LoadError(Exception):
    """A derivation module that cannot be imported: the file, the line, what happened, what to do."""

    def __init__(self, path: Path, message: str):
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class Loaded:
    """The posts of some files, and the files that failed."""

    posts: tuple[Post, ...]
    errors: tuple[LoadError, ...]

    def claims(self) -> list[Claim]:
        """All claims, post by post."""
        return [claim for post in self.posts for claim in post.claims]


def load_file(path: Path) -> list[Post]:
    """Import one file and return the posts that it defines; raises `LoadError`."""
    path = path.resolve()
    try:
        module = _module(path)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).resolve() == path]
        line = frames[-1].lineno if frames else getattr(error, "lineno", 1)
        text = f"{path}:{line}: cannot be imported: {type(error).__name__}: {error}. "
        text += "Correct the module; the other posts are not affected"
        raise LoadError(path, text) from error
    return [v for v in vars(module).values() if isinstance(v, Post) and Path(v.file).resolve() == path]


def load(paths: list[Path]) -> Loaded:
    """The posts of all derivation files at or below the paths."""
    posts: list[Post] = []
    errors: list[LoadError] = []
    for file in dict.fromkeys(f.resolve() for p in paths for f in files_below(p)):
        try:
            posts += load_file(file)
        except LoadError as error:
            errors.append(error)
    return Loaded(tuple(posts), tuple(errors))


def _module(path: Path) -> ModuleType:
    home = installed()
    if path.is_relative_to(home):
        # A post that comes with the package is imported by its package name, so that one that cites it meets the same claims.
        return importlib.import_module("derivable.derivations." + ".".join(path.relative_to(home).with_suffix("").parts))
    name = f"derivation_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
