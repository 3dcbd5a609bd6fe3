"""Secrets in the commits between what a remote has and what a ref is to be at there: who fetches the ref has
them too, whatever a later commit took out.

They are looked for by the policy of that later commit. What it still has is its own to be judged: allowed
there, or told of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from auto_enforcer import cli_new, text
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_files import today
from auto_enforcer.cli_lines import Lines
from auto_enforcer.git import GitError, Repository
from auto_enforcer.model import Report, Row, Verdict
from auto_enforcer.render.items import CouldNotRun, Item, Tally
from auto_enforcer.workspaces import Workspaces

MOST_COMMITS = 1_000
"""Commits that are looked through in one push."""

_FAMILY = "secrets"


class Between:
    """Looks through the commits that a push brings beside those that its refs are to be at."""

    def __init__(self) -> None:
        self._workspaces = Workspaces(today=today(), only=(_FAMILY,))
        self._left = MOST_COMMITS
        self.left_out = 0
        """Commits that were not looked through."""

    def close(self) -> None:
        """End what was begun for comparing."""
        self._workspaces.close()

    def found(self, brought: Sequence[str]) -> Iterator[tuple[str, Iterator[Item], Tally]]:
        """By commit, the oldest first: what is blocked in what it brought and is gone in the newest.
        `brought` are their ids, the newest first."""
        own, others = brought[:1], brought[1 : self._left + 1]
        self._left -= len(others)
        self.left_out += max(0, len(brought) - 1) - len(others)
        if not others:
            return
        session = self._workspaces.of_folder(os.getcwd())
        repository = cli_new.repository_of(session)
        cli_new.go_by_policy(session, repository, partial(repository.entry, own[0]))
        for commit in reversed(others):
            tally = Tally(new_only=True)
            yield commit, self._gone(repository, commit, own[0], tally), tally

    def _gone(self, repository: Repository, commit: str, own: str, tally: Tally) -> Iterator[Item]:
        session = self._workspaces.of_folder(os.getcwd())
        try:
            words = cli_new.made_on(repository, commit, commit)
            items = cli_new.changed(
                self._workspaces,
                session,
                words,
                lambda base: repository.differing(base, commit),
                (),
                tally,
            )
            for item in items:
                if isinstance(item, CouldNotRun):
                    yield item
                elif isinstance(item, Report):
                    yield item._replace(rows=self._rows(item, repository, own))
        except (GitError, UserError) as error:
            yield CouldNotRun(commit, str(error))

    def _rows(self, report: Report, repository: Repository, own: str) -> Iterator[tuple[Row, Verdict]]:
        """The rows of a report of secrets that block, and that the file as `own` has it holds no more."""
        lines = Lines(self._workspaces, today() or date.today())
        left: str | None = None
        for row, verdict in report.rows:
            if not verdict.gates or row.violation.rule.partition("/")[0] != _FAMILY:
                continue
            if left is None:
                left = _text(repository, own, report.path)
            secret = _secret(lines, report.path, row)
            if not secret or secret not in left:
                yield row, verdict


def _secret(lines: Lines, path: str, row: Row) -> str:
    """What tells a secret from others: its text, and of a key, which begins like any other, its first line;
    "" where that cannot be had."""
    violation = row.violation
    if violation.rule == "secrets/private-key":
        below = lines.text(path, row.number + 1)
        if below is not None and below.strip():
            return below.strip()
    line = lines.text(path, row.number)
    return "" if line is None else line[violation.start : violation.end]


def _text(repository: Repository, commit: str, path: str) -> str:
    """The text of a file, by its path as reports show it, as a commit has it; "" where it has none. Raises
    GitError."""
    inside = os.path.relpath(os.path.abspath(path), repository.top).replace(os.sep, "/")
    entry = repository.entry(commit, inside)
    found = None if entry is None else repository.read(entry.id)
    if found is None or found.data is None:
        return ""
    return text.decode(b"".join(text.normalised([found.data])))
