"""What every test gets: fixed seeds, a Hypothesis profile, and the public data if it is there."""

from __future__ import annotations

import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"

# A slow machine is not a defect, so no deadlines. Continuous integration draws the same examples
# every time; elsewhere each run tries new ones. HYPOTHESIS_PROFILE=thorough looks harder.
_CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("local", deadline=None, max_examples=40, suppress_health_check=_CALM)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.register_profile("thorough", settings.get_profile("local"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "local"))


@pytest.fixture(autouse=True)
def _seeds() -> None:
    """Make what a test draws without a seed of its own the same in every run."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002  code under test may use the old generator


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public motion data beside the checkout; the test is skipped without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the public data sets in ../shared/data beside the checkout")
    return SHARED_DATA
