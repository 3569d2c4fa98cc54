"""The driver of the mutants: which edits it makes, that functions change in place, and that a mutant is noticed by a test."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import weakref
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.operators import OPERATORS, mutants, mutated
from tests.mutation.patching import Functions
from tests.mutation.reach import Reach

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''
"""A module to be broken."""
import functools

def root(x, y=1):
    """No text is changed: 1 + 1."""
    if x < 0 or not y:
        return None
    if x == 0:
        return y
    return x - y * 2

@functools.lru_cache
def all_positive(*numbers):
    return all(n > 0 for n in numbers if n is not None)

TABLE = {"root": root, "twice": lambda x: x + x}
LIMIT = 3

class Kept:
    def __init__(self):
        self.seen = []

    def note(self, x):
        self.seen.append(x)
        return True
'''
CHANGED = {
    ("guard", "if x < 0 or not y: return None", "if False: return None"),
    ("refusal", "if x < 0 or not y: return None", "if True: return None"),
    ("disjunct", "x < 0 or not y", "False or not y"),
    ("disjunct", "x < 0 or not y", "x < 0 or False"),
    ("boundary", "x < 0", "x <= 0"),
    ("negation", "not y", "not not y"),
    ("branch", "if x == 0: return y", "if False: return y"),
    ("condition", "if x == 0: return y", "if True: return y"),
    ("comparison", "x == 0", "x != 0"),
    ("sign", "x - y * 2", "x + y * 2"),
    ("factor", "y * 2", "y / 2"),
    ("number", "2", "3"),
    ("number", "0", "1"),
    ("quantifier", "all((n > 0 for n in numbers if n is not None))", "any((n > 0 for n in numbers if n is not None))"),
    ("filter", "for n in numbers if n is not None", "for n in numbers if True"),
    ("boundary", "n > 0", "n >= 0"),
    ("comparison", "n is not None", "n is None"),
    ("sign", "x + x", "x - x"),
    ("call", "self.seen.append(x)", "None"),
    ("answer", "return True", "return False"),
}


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    path = tmp_path / "to_be_broken.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("to_be_broken", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_every_condition_sign_and_number_of_a_function_is_changed_once() -> None:
    found = list(mutants("to_be_broken", ast.parse(SOURCE)))
    assert {(m.operator, m.before.strip(), m.after.strip()) for m in found} == CHANGED
    assert {m.operator for m in found} <= set(OPERATORS)
    assert {m.function for m in found} == {"root", "all_positive", "lambda", "Kept.note"}
    assert len({(m.node, m.operator, m.after) for m in found}) == len(found)


def test_weak_references_to_what_is_gone_are_passed_over(module: ModuleType) -> None:
    class Referent:
        """What a proxy may stand for."""

    gone = Referent()
    held = [weakref.proxy(gone)]
    del gone
    assert Functions({"to_be_broken": module}).live
    assert held


def test_a_function_changes_in_place_and_back(module: ModuleType) -> None:
    tree, functions = ast.parse(SOURCE), Functions({"to_be_broken": module})
    twice, root = module.TABLE["twice"], module.TABLE["root"]
    assert (root(-1), twice(4), module.all_positive(1, -1)) == (None, 8, False)
    changes = {
        ("guard", "root"): lambda: root(-1) == -3,
        ("sign", "lambda"): lambda: twice(4) == 0,
        ("quantifier", "all_positive"): lambda: module.all_positive(1, -1) is True,
        ("call", "Kept.note"): lambda: (kept := module.Kept()).note(1) and kept.seen == [],
    }
    for mutant in mutants("to_be_broken", tree):
        seen = changes.get((mutant.operator, mutant.function))
        if seen is not None:
            assert functions.replace("to_be_broken", mutated(tree, mutant)) == 1
            functions.forget_results()
            assert seen(), mutant
            assert functions.replace("to_be_broken", tree) == 1
    functions.forget_results()
    assert (root(-1), twice(4), module.all_positive(1, -1)) == (None, 8, False)


def test_what_is_reached_is_seen_in_child_processes_too(module: ModuleType) -> None:
    reach = Reach({"to_be_broken": ast.parse(SOURCE)})
    reach.install({"to_be_broken": module}, Functions({"to_be_broken": module}))
    lines = SOURCE.splitlines()

    def reached() -> set[str]:
        bits = reach.reached()
        return {lines[line - 1].strip() for number, (_, line, _) in enumerate(reach.statements) if bits >> number & 1}

    child = os.fork()
    if child == 0:
        module.root(-1)
        os._exit(0)
    os.waitpid(child, 0)
    assert reached() == {"if x < 0 or not y:", "return None"}
    reach.clear()
    assert module.root(5) == 3
    assert module.TABLE["twice"](2) == 4
    assert reached() == {
        "if x < 0 or not y:",
        "if x == 0:",
        "return x - y * 2",
        'TABLE = {"root": root, "twice": lambda x: x + x}',
    }


def test_a_broken_rule_is_noticed(tmp_path: Path) -> None:
    """Without its look at the sign of p at a sample, the decision by cells accepts what is false."""
    arguments = ["--modules", "cylindrical", "--operators", "guard", "--match", "_value(target, point) < 0"]
    test = "tests/checker/test_cylindrical.py::test_false_ones_fail_on_one"
    run = subprocess.run(
        [sys.executable, "-m", "tests.mutation", *arguments, "--output", str(tmp_path), test],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "guard" in run.stdout
    assert "survived:" not in run.stdout
    assert '"outcome": "killed"' in (tmp_path / "results.jsonl").read_text(encoding="utf-8")
