"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Options of a person's own for pytest are for this run, not for those that tests start and whose output they read."""
    os.environ.pop("PYTEST_ADDOPTS", None)


@pytest.fixture(autouse=True)
def own_results(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Tests of the software neither find nor leave results of runs."""
    if "tests" in Path(str(request.node.path)).parts:
        monkeypatch.setenv("DERIVABLE_CACHE", str(tmp_path_factory.mktemp("kept")))
