"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_results(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Tests of the software neither find nor leave results of runs."""
    if "tests" in Path(str(request.node.path)).parts:
        monkeypatch.setenv("DERIVABLE_CACHE", str(tmp_path_factory.mktemp("kept")))
