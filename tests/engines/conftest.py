"""The engines' tests share importable tasks, and one Ray cluster."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lakescan.engines.options import EngineOptions

sys.path.append(str(Path(__file__).parent / "tasks"))


@pytest.fixture(scope="session")
def ray_cluster():
    """A Ray cluster on this machine; an engine that finds it uses it, and leaves it running."""
    pytest.importorskip("ray")
    from lakescan.engines.ray.opening import connected

    with connected(EngineOptions("ray", workers=2)):
        yield
