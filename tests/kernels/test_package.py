"""The package itself: lazy, sorted, typed names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import derivable.kernels
import derivable.numerics

PACKAGES = (derivable.kernels, derivable.numerics)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_import_stays_light(package) -> None:
    heavy = {"torch", "numpy", "mpmath", "flint"}
    code = f"import sys, {package.__name__}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_public_name_loads(package) -> None:
    assert sorted(package._HOME) == sorted(package.__all__)
    assert dir(package) == sorted(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_type_checkers_see_the_same_names(package) -> None:
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: str(line.module) for line in block.body for alias in line.names}
    assert seen == {name: f"{package.__name__}.{home}" for name, home in package._HOME.items()}


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match=r"has no attribute 'hippo_matrx'; public names: .*hippo_matrix"):
        derivable.kernels.hippo_matrx  # noqa: B018


def test_kernels_import_torch_alone() -> None:
    for path in Path(derivable.kernels.__file__).parent.glob("*.py"):
        optional = {"triton"} if path.name.startswith("triton_") else set()  # loaded on a GPU alone
        allowed = {"torch", "jaxtyping", "derivable"} | optional | set(sys.stdlib_module_names)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] in allowed, f"{path.name} imports {name}"
                assert not name.startswith("derivable") or name.startswith("derivable.kernels"), path.name
