"""What a run of the command has looked at, and so which entries of baselines nothing needs any more."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from auto_enforcer import catalog
from auto_enforcer.model import Report, Row, Skipped, Verdict
from auto_enforcer.render.items import Item
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces


class Looked:
    """Which files a run has looked at, by session and path relative to it."""

    __slots__ = ("_files", "_here", "_tops", "_used", "_workspaces")

    def __init__(self, workspaces: Workspaces, tops: Sequence[str]) -> None:
        """`tops` are the absolute paths that were asked for."""
        self._workspaces = workspaces
        self._tops = tops
        self._here = os.getcwd()
        self._files: set[tuple[Session, str]] = set()
        self._used: Counter[tuple[Session, str, str]] = Counter()
        """How many violations the baseline has, by session, path and rule."""

    def place(self, shown: str) -> tuple[Session, str]:
        """The session of a path as reports show it, and the path relative to that."""
        path = os.path.normpath(os.path.join(self._here, shown))
        session = self._workspaces.of(path)
        return session, session.relative(path)

    def watching(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items, watched as they pass."""
        for item in items:
            yield self.watched(item)

    def watched(self, item: Item) -> Item:
        """The same item; a report's rows are counted as they are consumed."""
        if isinstance(item, Report):
            session, relative = self.place(item.path)
            if session.baseline is None:
                return item
            if not item.beside:
                self._files.add((session, relative))
            return item._replace(rows=self._counting(item.rows, session, relative))
        # A file that was not checked whole says nothing of what it does not have.
        path = item.path if isinstance(item, Skipped) else item.what
        self._files.discard(self.place(path))
        return item

    def _counting(
        self, rows: Iterable[tuple[Row, Verdict]], session: Session, relative: str
    ) -> Iterator[tuple[Row, Verdict]]:
        for row, verdict in rows:
            if verdict.baselined:
                self._used[session, relative, row.violation.rule] += 1
            yield row, verdict

    def has(self, session: Session, relative: str) -> bool:
        """Whether a file was checked, and as a whole."""
        return (session, relative) in self._files

    def is_gone(self, session: Session, relative: str) -> bool:
        """Whether a file that would have been looked at is there no more."""
        path = os.path.join(session.root, relative)
        try:
            return self._covers(path) and not os.path.lexists(path)
        except ValueError:  # no file can have this name
            return True

    def asks(self, session: Session, rule: str) -> bool:
        """Whether a rule has told all that it has to say of the files that were looked at."""
        held = session.baseline
        if rule.startswith("secrets/") and held is not None and held.digests.left_out:
            return False
        return self._covers(session.root) or rule not in {one.id for one in catalog.whole("workspace")}

    def unused(self) -> int:
        """How many entries nothing needs, of the files that were looked at and of those that are gone."""
        count = 0
        for session in self._workspaces.sessions():
            if session.baseline is None:
                continue
            held = session.baseline.baseline
            for path in held.paths():
                if self.is_gone(session, path):
                    count += len(held.entries(path))
                elif self.has(session, path):
                    of_file = held.of(path)
                    for rule, entries in of_file.rules.items() if of_file is not None else ():
                        if self.asks(session, rule):
                            count += max(0, entries - self._used[session, path, rule])
        return count

    def _covers(self, path: str) -> bool:
        return any(path == top or path.startswith(os.path.join(top, "")) for top in self._tops)
