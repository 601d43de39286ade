"""Hypothesis profiles, the repository root on the path so that tests can import `tests.…`, and an end to builds."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

os.environ["DOCKOPT_DATA"] = os.devnull  # figures must not depend on indexes that somebody updated

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=100, deadline=None, suppress_health_check=QUIET)
settings.register_profile("ci", max_examples=1000, derandomize=True, deadline=None, suppress_health_check=QUIET)
settings.register_profile("nightly", max_examples=20000, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

BUILDS_UNTIL = float(os.environ.get("BUILDS_UNTIL") or "inf")
"""Seconds since the epoch after which a run with little time begins no more builds."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("builds") and time.time() > BUILDS_UNTIL:
        pytest.skip("no time left for more builds; without BUILDS_UNTIL all of them run")
