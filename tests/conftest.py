"""What every test shares: hypothesis runs the same examples on every machine, and stays quick by default."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=100,
)
settings.register_profile(
    "thorough", parent=settings.get_profile("default"), derandomize=False, max_examples=5_000
)
settings.load_profile(os.environ.get("AUTO_ENFORCER_TEST_PROFILE", "default"))
