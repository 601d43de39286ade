"""Hypothesis profiles, and the repository root on the path so that tests can import `tests.…`."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

os.environ["DOCKOPT_DATA"] = os.devnull  # figures must not depend on indexes that somebody updated

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=100, deadline=None, suppress_health_check=QUIET)
settings.register_profile("ci", max_examples=1000, derandomize=True, deadline=None, suppress_health_check=QUIET)
settings.register_profile("nightly", max_examples=20000, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
