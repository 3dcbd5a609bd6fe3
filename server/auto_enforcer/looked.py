"""What a line must know of the lines above it, and what became of a line that was looked at."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from auto_enforcer import lexer
from auto_enforcer.model import NamedTuple, Suppression, Violation
from auto_enforcer.standing import Ended, Standing


class Traveller(NamedTuple):
    """All that a line must know of the lines above it, save its window."""

    state: lexer.State
    standing: tuple[Standing, ...] = ()
    carries: tuple[tuple[str, Hashable], ...] = ()
    earlier: frozenset[tuple[str, str]] = frozenset()


class Looked:
    """What became of one line that the walk looked at."""

    __slots__ = (
        "after",
        "base",
        "before",
        "ended",
        "facts",
        "number",
        "opened",
        "reach_after",
        "reach_before",
        "rows",
    )

    def __init__(self, number: int, before: Traveller) -> None:
        self.number = number
        self.before = self.after = before
        self.rows: tuple[Judged, ...] = ()
        self.base: tuple[int | None, ...] = ()
        """For each row the line of the base text that had it; empty where none had any."""
        self.facts: tuple[str, ...] = ()
        """The `anywhere` facts that the line states."""
        self.reach_before = self.reach_after = 0
        """How many lines above and below decided what was found."""
        self.opened: Suppression | None = None
        """A suppression that stands alone on the line and speaks of later ones."""
        self.ended: tuple[Ended, ...] = ()

    def take_in(self, later: Looked) -> None:
        """Join what became of a later segment of the same line."""
        self.rows += later.rows
        self.after, self.ended = later.after, self.ended + later.ended
        self.reach_before = max(self.reach_before, later.reach_before)
        self.reach_after = max(self.reach_after, later.reach_after)

    @property
    def matters(self) -> bool:
        """Whether anything would be lost if this were forgotten."""
        return bool(
            self.rows
            or self.facts
            or self.reach_before
            or self.reach_after
            or self.opened
            or self.ended
            or self.before is not self.after
        )


Judged = tuple[Violation, Suppression | None]
"""A violation, and the suppression that takes it out."""


@lru_cache(512)
def travelling(state: lexer.State) -> Traveller:
    """The traveller that knows nothing but the state; the same object for the same state."""
    return Traveller(state)
