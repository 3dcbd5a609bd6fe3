"""How much of a long proof the suite goes through: always the same part of it, or, with
AUTO_ENFORCER_TEST_PROFILE=thorough, all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

Case = TypeVar("Case")

THOROUGH = os.environ.get("AUTO_ENFORCER_TEST_PROFILE") == "thorough"


def examples(count: int) -> int:
    """On how many examples a property is tried that needs fewer, or more, than others."""
    return settings.default.max_examples if THOROUGH and settings.default else count


def spread(cases: Sequence[Case], each: int, first: int = 0) -> Sequence[Case]:
    """One of so many cases, from the given one on."""
    return cases if THOROUGH else cases[first::each]
