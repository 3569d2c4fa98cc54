"""The tree holds the design's directions: who may import whom, what is packaged, what may be evaluated."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("checker", "derivations", "kernels", "numerics", "report")
STANDARD = frozenset(sys.stdlib_module_names)

# what each folder may import beyond the standard library; "derivable.x" stands for that module and all below it
MAY_IMPORT: dict[str, frozenset[str]] = {
    "checker/trusted": frozenset({"sympy", "flint", "derivable.trusted"}),
    "checker": frozenset(
        {
            "sympy",
            "flint",
            "mpmath",
            "numpy",
            "scipy",
            "jsonschema",
            "platformdirs",
            "pytest",
            "typer",
            "rich",
            "torch",
            "derivable.trusted",
            "derivable.search",
            "derivable.notation",
            "derivable.report",
        }
    ),
    # text from outside becomes expressions here, and nowhere else
    "checker/notation": frozenset({"sympy", "lark", "derivable.notation"}),
    "kernels": frozenset({"torch", "triton", "derivable.kernels"}),
    "numerics": frozenset({"mpmath", "flint", "numpy", "torch", "derivable.numerics"}),
    "report": frozenset(
        {"jinja2", "markupsafe", "matplotlib", "math_core", "fontTools", "fast_sugiyama", "derivable.record", "derivable.report"}
    ),
    "derivations": frozenset({"sympy", "torch", "numpy", "mpmath", "derivable"}),
}
CHECKER_MODULES = frozenset(f"derivable.{p.stem}" for p in (ROOT / "checker").glob("*.py") if p.stem != "__init__")


def sources(folder: str = "") -> list[Path]:
    """The Python files of one folder, or of all five."""
    folders = [folder] if folder else list(FOLDERS)
    return sorted(p for f in folders for p in (ROOT / f).rglob("*.py"))


def imports(path: Path, typing_too: bool = False) -> Iterator[tuple[str, int]]:
    """The modules that a file imports, with the line; those for type checkers alone are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_typing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in for_typing and not typing_too:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import; write it absolutely"
            if node.module == "derivable":
                yield from ((f"derivable.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield str(node.module), node.lineno


def covered(module: str, allowed: frozenset[str]) -> bool:
    return module.split(".")[0] in STANDARD or any(module == a or module.startswith(a + ".") for a in allowed)


def strangers(folder: str) -> list[str]:
    """The imports of a folder that its direction does not allow."""
    allowed = MAY_IMPORT[folder]
    if folder == "checker":
        allowed |= CHECKER_MODULES | {"derivable.__version__"}
        files = [p for p in sources(folder) if not {"trusted", "notation"} & set(p.relative_to(ROOT).parts)]
    else:
        files = sources(folder)
    assert files, f"{folder} holds no Python file"
    found = []
    for path in files:
        for module, line in imports(path):
            exempt = folder == "checker" and module in ("derivable", "derivable.derivations")
            # the command line lists the kernels; nothing else of the checker knows them
            exempt |= path.name == "cli.py" and folder == "checker" and module == "derivable.kernels"
            if not covered(module, allowed) and not exempt:
                found.append(f"{path.relative_to(ROOT)}:{line}: {module}")
    return found


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_what_its_direction_allows(folder: str) -> None:
    assert strangers(folder) == []


def test_nothing_imports_a_derivation_but_a_derivation() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in FOLDERS
        if folder != "derivations"
        for path in sources(folder)
        for module, line in imports(path, typing_too=True)
        if module.startswith("derivable.derivations")
    ]
    assert found == []


def test_a_derivation_leaves_the_running_to_the_checker() -> None:
    """A post says what holds and why: it neither runs claims, nor searches, nor reports."""
    machinery = (
        "derivable.run",
        "derivable.search",
        "derivable.report",
        "derivable.cli",
        "derivable.plugin",
        "derivable.loading",
    )
    found = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in sources("derivations")
        for module, line in imports(path)
        if module.startswith(machinery)
    ]
    assert found == []


def test_kernels_name_types_of_torch_and_jaxtyping_alone() -> None:
    allowed = MAY_IMPORT["kernels"] | {"jaxtyping"}
    found = [f"{p.name}:{n}: {m}" for p in sources("kernels") for m, n in imports(p, typing_too=True) if not covered(m, allowed)]
    assert found == []


def test_the_command_line_and_the_report_start_without_torch_and_sympy() -> None:
    """The modules that read a record import neither at the top: SymPy takes seconds."""
    for name in ("checker/__init__.py", "checker/record.py", "checker/cli.py", "checker/plugin.py"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        top = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
        names = {a.name if isinstance(n, ast.Import) else str(n.module) for n in top for a in n.names}
        assert not {n.split(".")[0] for n in names} & {"sympy", "torch", "flint", "numpy"}, name
        assert not {n for n in names if n.startswith("derivable.trusted")}, name


def test_the_walk_sees_what_it_should(tmp_path: Path) -> None:
    """The test of the test: lazy, aliased and typing-only imports are told apart."""
    file = tmp_path / "one.py"
    file.write_text(
        "from typing import TYPE_CHECKING\nimport torch as t\nif TYPE_CHECKING:\n    import jaxtyping\n"
        "def f():\n    from derivable import equal\n    import derivable.derivations.ssm.hippo\n"
    )
    assert sorted(m for m, _ in imports(file)) == ["derivable.derivations.ssm.hippo", "derivable.equal", "torch", "typing"]
    assert "jaxtyping" in {m for m, _ in imports(file, typing_too=True)}
    assert not covered("sympy", MAY_IMPORT["kernels"])
    assert not covered("derivable.trusted_not", MAY_IMPORT["checker/trusted"])
    assert not covered("derivable.search", MAY_IMPORT["checker/trusted"])


# -- packaging ---------------------------------------------------------------------------------------------------------


def test_every_package_folder_is_packaged() -> None:
    """A folder with Python files that `packages` does not list would be missing from an installation."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    homes = {Path(home): name for name, home in config["package-dir"].items()}
    wanted = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("__init__.py"):
            inside = path.parent.relative_to(ROOT)
            home = next(h for h in homes if inside.is_relative_to(h))
            wanted.add(".".join((homes[home], *inside.relative_to(home).parts)))
    assert set(config["packages"]) == wanted


def test_every_folder_with_modules_is_a_package() -> None:
    bare = {str(p.parent.relative_to(ROOT)) for p in sources() if not (p.parent / "__init__.py").exists()}
    assert bare == set()


def test_every_file_that_is_not_python_is_packaged() -> None:
    """Templates, schemas and fonts travel with the package they lie in."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    homes = {name: ROOT / home for name, home in config["package-dir"].items()}
    packaged = {
        file
        for package, patterns in config["package-data"].items()
        for pattern in patterns
        for file in homes[package].glob(pattern)
    }
    data = {
        p
        for folder in FOLDERS
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and p.suffix not in (".py", ".pyc") and "__pycache__" not in p.parts and p.suffix != ".md"
    }
    assert sorted(str(p.relative_to(ROOT)) for p in data - packaged) == []


# -- what may not stand in the tree ------------------------------------------------------------------------------------

EVALUATES = {"eval", "exec", "parse_expr", "parse_latex", "compile", "__import__"}
JUSTIFIED: dict[tuple[str, str], str] = {}  # (file, call): why it is harmless


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            dotted = isinstance(node.func, ast.Attribute) and name == "compile"  # re.compile
            if not dotted:
                yield name, node


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_text_is_parsed_never_evaluated() -> None:
    found = []
    for path in sources():
        for name, node in calls(path):
            method = (
                isinstance(node.func, ast.Attribute) and name in ("eval", "exec") and not isinstance(node.func.value, ast.Name)
            )
            text = name in ("sympify", "S") and bool(node.args) and is_text(node.args[0])
            polynomial = name == "eval" and isinstance(node.func, ast.Attribute)  # Poly.eval takes numbers
            if (name in EVALUATES and not polynomial and not method) or text:
                place = (str(path.relative_to(ROOT)), ast.unparse(node))
                if place not in JUSTIFIED:
                    found.append(f"{place[0]}:{node.lineno}: {place[1]}")
    assert found == []


def test_pickle_reads_only_what_processes_of_our_own_sent() -> None:
    users = {str(p.relative_to(ROOT)) for p in sources() for m, _ in imports(p) if m in ("pickle", "marshal", "shelve", "dill")}
    assert users <= {"checker/isolation.py", "checker/portable.py", "checker/trusted/deadline.py"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_path_of_a_machine_is_written_down(folder: str) -> None:
    paths = re.compile(r"""(?<![\w.:/])/(?:home|root|Users|work|tmp|mnt|opt|private)/\w""")
    files = [
        p
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and p.suffix in (".py", ".json", ".toml", ".md", ".html", ".css", ".tex")
    ]
    found = [
        f"{p.relative_to(ROOT)}:{n}: {line.strip()[:100]}"
        for p in files
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if paths.search(line)
    ]
    assert found == []


def test_nothing_tests_itself_into_the_package() -> None:
    """No package module imports pytest but the plugin, and none imports from tests."""
    found = {
        str(p.relative_to(ROOT)) for p in sources() for m, _ in imports(p) if m.split(".")[0] in ("pytest", "hypothesis", "tests")
    }
    assert found <= {"checker/plugin.py"}
