"""What every test stands on: no network, no colours, steady examples, markers that skip honestly."""

from __future__ import annotations

import os
import shutil

import hypothesis
import pytest

# Ray: loopback only, no usage report, no cluster but our own. Set before anything imports ray.
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
os.environ.pop("RAY_ADDRESS", None)
# Rich: the same output on a laptop and in CI.
os.environ.setdefault("NO_COLOR", "1")
os.environ.pop("FORCE_COLOR", None)

hypothesis.settings.register_profile(
    "lakescan",
    deadline=None,  # machines differ: time is no part of a property
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("lakescan")

CHROMIUM = ("chromium", "chromedriver")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where no browser is installed, and say how to get one."""
    missing = [program for program in CHROMIUM if shutil.which(program) is None]
    if not missing:
        return
    skip = pytest.mark.skip(reason=f"{' and '.join(missing)} not installed: make setup-browser")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)
