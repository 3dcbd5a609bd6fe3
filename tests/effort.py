"""How much of a long proof the suite goes through: always the same part of it, or, with
AUTO_ENFORCER_TEST_PROFILE=thorough, all. And how much CPU time something takes, whatever the machine."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

Case = TypeVar("Case")

THOROUGH = os.environ.get("AUTO_ENFORCER_TEST_PROFILE") == "thorough"


USUAL = 0.02
"""Seconds of CPU that `_yardstick` took on the machine that bounds of time were set on."""

_WORDS = re.compile(r"(?:[a-z]+ )*x\b|\w+\(")


def is_within(seconds: float, bound: float) -> bool:
    """Whether what took so much CPU time here would have stayed below a bound there."""
    return seconds < bound or seconds < bound * slowness()


def slowness() -> float:
    """How many times as long as there things take here and now, at least 1: a processor may be a slower one,
    or have more to do."""
    began = time.thread_time()
    _yardstick()
    return max(1.0, (time.thread_time() - began) / USUAL)


def _yardstick() -> None:
    line = "some words on a line " * 40
    for _ in range(12):
        sum(len(found[0]) for found in _WORDS.finditer(line))
        sum(len(word) for word in line.split(" "))


def examples(count: int) -> int:
    """On how many examples a property is tried that needs fewer, or more, than others."""
    return settings.default.max_examples if THOROUGH and settings.default else count


def spread(cases: Sequence[Case], each: int, first: int = 0) -> Sequence[Case]:
    """One of so many cases, from the given one on."""
    return cases if THOROUGH else cases[first::each]
