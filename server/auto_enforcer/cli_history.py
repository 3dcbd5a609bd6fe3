"""What a run of the command over a whole workspace adds to its history, and what of that a report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auto_enforcer import catalog, history
from auto_enforcer.history import Point
from auto_enforcer.render.items import Item, Tally
from auto_enforcer.session import Session


def keep(session: Session, tally: Tally) -> None:
    """Keep what a run over a workspace came to. Where that cannot be done nothing is said: a run over many
    files says that nothing can be kept, and one over few needs nothing that is."""
    rules = Counter(history.rule_of(failure.why) for failure in tally.could_not_run)
    failed = {rule: files for rule, files in rules.items() if rule in catalog.entries()}
    history.note(history.path_of(session.root), str(session.today), _found(tally), failed)


class Past:
    """The counts of earlier days; once the items of a run are used up, its own too."""

    __slots__ = ("_day", "_is_comparing", "_tally", "points")

    def __init__(self, session: Session, tally: Tally, *, is_comparing: bool) -> None:
        """`is_comparing`: the run looks for what is new, and its counts are of something else."""
        self._day = str(session.today)
        self._tally = tally
        self._is_comparing = is_comparing
        kept = history.read(history.path_of(session.root)).points
        self.points = [point for point in kept if point.day <= self._day]
        """The oldest first."""

    def watching(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items."""
        yield from items
        found = _found(self._tally)
        if found is not None and not self._is_comparing:
            if self.points and self.points[-1].day == self._day:
                self.points.pop()
            self.points.append(Point(self._day, *found))


def _found(tally: Tally) -> tuple[int, int, int] | None:
    """What was blocked, warned of and historical; None where not all could be looked at."""
    return None if tally.failures else (tally.blocked, tally.warnings, tally.historical)
