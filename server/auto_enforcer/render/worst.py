"""The violations that a report of bounded size shows, where there are more."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappush, heappushpop

from auto_enforcer.model import NamedTuple, Row, Severity, Verdict
from auto_enforcer.render.items import is_historical

SHARE = 50
"""Violations of one rule that go before the others of their rank, so that none has the report to itself."""


class Kept(NamedTuple):
    """One of them. `order` counts all, as they came."""

    order: int
    path: str
    row: Row
    verdict: Verdict


class Worst:
    """Keeps so many violations: new before historical, blocked before warnings, then those of each rule that
    came first."""

    __slots__ = ("_heap", "_most", "_of_rule", "count")

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, int, int, Kept]] = []
        self._of_rule: dict[tuple[str, int], int] = {}
        self.count = 0
        """How many were added."""

    def add(self, path: str, row: Row, verdict: Verdict) -> None:
        """Keep a violation, as long as there are not enough worse ones. What mends it is forgotten."""
        rank = 2 * is_historical(verdict) + (verdict.severity is Severity.WARNING)
        key = row.violation.rule, rank
        nth = self._of_rule[key] = self._of_rule.get(key, 0) + 1
        self.count += 1
        if row.violation.fixes:
            row = row._replace(violation=row.violation._replace(fixes=()))
        # The first of the heap is the first to go.
        entry = -rank, -(nth // SHARE), -self.count, Kept(self.count, path, row, verdict)
        if len(self._heap) < self._most:
            heappush(self._heap, entry)
        else:
            heappushpop(self._heap, entry)

    def kept(self) -> list[Kept]:
        """Them, in the order that they came in."""
        return sorted(entry[3] for entry in self._heap)

    def ranked(self) -> Iterator[Kept]:
        """Them, the worst first."""
        for *_, kept in sorted(self._heap, key=lambda entry: entry[:3], reverse=True):
            yield kept
