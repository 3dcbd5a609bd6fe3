"""Which day it is, where that can be said beforehand, and when the next one begins."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta


def fixed_day() -> date | None:
    """The day that `AUTO_ENFORCER_TODAY` says, for tests of what depends on it; None for the real one. Raises
    ValueError with a sentence for what is no date."""
    said = os.environ.get("AUTO_ENFORCER_TODAY")
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        sentence = "`AUTO_ENFORCER_TODAY` is no date; write it as 2026-01-31, or leave it out"
        raise ValueError(sentence) from None


def seconds_to_midnight(now: float) -> float:
    """The seconds from a time, in seconds since the epoch, until the local day is over. More than 0."""
    tomorrow = date.fromtimestamp(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time()).timestamp() - now
