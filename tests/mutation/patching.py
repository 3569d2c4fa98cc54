"""Other code in the functions of loaded modules, in place: tables, closures and imports by name see it at once."""

from __future__ import annotations

import ast
import functools
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

Key = tuple[str, int, int]  # qualified name, first line, number among those of one name and line


class Functions:
    """The live functions of some modules, and the caches of their package.

    Functions are found by name and line, so that their new code may differ in anything but the number of functions.
    """

    def __init__(self, modules: Mapping[str, ModuleType]):
        self.paths = {name: str(module.__file__) for name, module in modules.items()}
        packages = {module.__name__.split(".")[0] for module in modules.values()}
        known = {path: _by_place(path) for path in self.paths.values()}
        self.live: dict[str, dict[Key, list[Any]]] = {path: defaultdict(list) for path in known}
        self.caches: list[Any] = []
        for found in gc.get_objects():
            kind = type(found)  # what a weak proxy stands for may be gone, and `isinstance` would ask it
            if issubclass(kind, FunctionType) and found.__code__.co_filename in known:
                path = found.__code__.co_filename
                key = _key(found.__code__, known[path])
                if key is not None:
                    self.live[path][key].append(found)
            elif issubclass(kind, functools._lru_cache_wrapper) and str(found.__module__).split(".")[0] in packages:
                self.caches.append(found)

    def replace(self, name: str, tree: ast.Module) -> int:
        """Give the functions of a module the code that they have in `tree`; how many were changed."""
        path = self.paths[name]
        changed = 0
        for key, code in _codes(compile(tree, path, "exec", dont_inherit=True)):
            for function in self.live[path].get(key, ()):
                if code != function.__code__ and len(code.co_freevars) == len(function.__code__.co_freevars):
                    function.__code__ = code
                    changed += 1
        return changed

    def forget_results(self) -> None:
        """Empty the caches."""
        for cached in self.caches:
            cached.cache_clear()


def _by_place(path: str) -> dict[tuple[str, int], list[tuple[Key, CodeType]]]:
    """The functions of a file as it is, by name and line."""
    found: dict[tuple[str, int], list[tuple[Key, CodeType]]] = defaultdict(list)
    for key, code in _codes(compile(Path(path).read_text(encoding="utf-8"), path, "exec", dont_inherit=True)):
        found[key[:2]].append((key, code))
    return found


def _key(code: CodeType, known: dict[tuple[str, int], list[tuple[Key, CodeType]]]) -> Key | None:
    """The key of a function's code; several lambdas on one line are told apart by what they do."""
    same = known.get((code.co_qualname, code.co_firstlineno), [])
    if len(same) > 1:
        same = [(key, other) for key, other in same if other == code]
    return same[0][0] if same else None


def _codes(module_code: CodeType) -> Iterator[tuple[Key, CodeType]]:
    counts: dict[tuple[str, int], int] = defaultdict(int)

    def walk(code: CodeType) -> Iterator[tuple[Key, CodeType]]:
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                name = (inner.co_qualname, inner.co_firstlineno)
                yield (*name, counts[name]), inner
                counts[name] += 1
                yield from walk(inner)

    return walk(module_code)
