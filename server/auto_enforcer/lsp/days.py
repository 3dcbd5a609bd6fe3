"""Tells when the day has become another while the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from auto_enforcer.clock import seconds_to_midnight

LONGEST_SLEEP = 3_600.0
"""Seconds after which the clock is looked at again: it may have been set, or the machine have slept."""

LATE = 1.0
"""Seconds after midnight at which the timer wakes, so that it does not come just before."""


class Days:
    """Calls `turned` after the local day has become another: when it is asked to look, or by a timer."""

    def __init__(self, now: Callable[[], float], turned: Callable[[], None]) -> None:
        """`now` gives seconds since the epoch."""
        self._now = now
        self._turned = turned
        self._day = date.fromtimestamp(now())
        self._loop = asyncio.get_running_loop()
        self._sleep()

    def look(self) -> None:
        """Call `turned` if the day is another than the last time."""
        day = date.fromtimestamp(self._now())
        if day != self._day:
            self._day = day
            self._turned()

    def _sleep(self) -> None:
        seconds = min(LONGEST_SLEEP, seconds_to_midnight(self._now()) + LATE)
        self._loop.call_later(seconds, self._wake)

    def _wake(self) -> None:
        self._sleep()
        self.look()
