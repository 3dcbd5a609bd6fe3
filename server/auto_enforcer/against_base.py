"""Tells of a workspace's files what of that which was found in them stood in their base."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from auto_enforcer import bases, comparing, files, git, reading
from auto_enforcer.comparing import Comparing
from auto_enforcer.failures import Failures
from auto_enforcer.file_checks import Again, FileChecks
from auto_enforcer.git import GitError
from auto_enforcer.judging import Judging, popped
from auto_enforcer.model import Report, Row, Verdict
from auto_enforcer.policies import Policies

if TYPE_CHECKING:
    from auto_enforcer.bases import Bases, Stood
    from auto_enforcer.policy_allowances import Table
    from auto_enforcer.policy_values import Allowance
    from auto_enforcer.seen import FirstSeen


class AgainstBase:
    """Compares a workspace's files with their base. `comparing` knows what that is."""

    __slots__ = ("_checks", "_failures", "_judging", "_policies", "_tables", "_unknown", "comparing")

    def __init__(
        self,
        policies: Policies,
        judging: Judging,
        checks: FileChecks,
        failures: Failures,
        word: str,
        *,
        guesses_old: bool,
    ) -> None:
        """`word` says what all files are compared with, "auto" or a revision; "" leaves it to their policies.
        `guesses_old`: what cannot be compared counts as old, as an editor shows it; else as new, as a gate
        has it."""
        self._policies = policies
        self._judging = judging
        self._checks = checks
        self._failures = failures
        self._unknown = -1 if guesses_old else None
        """Where what cannot be compared is said to have stood in the base."""
        self._tables: dict[str, frozenset[Table]] = {}
        """By configuration file: the `[[allow]]` tables that it had in the base."""
        self.comparing = Comparing(policies.root, word)

    def compared(self, path: str, report: Report, data: bytes | None = None) -> Report:
        """A file's report, where old rows are told from new ones. `path` is absolute; `data` is the text
        where it is not that of the disk. What cannot be compared is a failure."""
        if report.beside:
            return report
        return report._replace(rows=self._rows(path, report, data))

    def differs(self, relative: str, again: Again) -> bool:
        """Whether a file is known not to be as its base has it."""
        read, size = list[bytes](), 0
        for chunk in again():
            read.append(chunk)
            size += len(chunk)
            if size > bases.MOST_COMPARED:
                break
        word = self._policies.of(relative).base
        first_seen = self.first_seen(relative)
        if first_seen is not None:
            own = first_seen.hashes(b"".join(read))
            return first_seen.stood(os.path.join(self._policies.root, relative), own) != own
        try:
            if self.comparing.bases(relative, word) is None:
                return False
            stood = self.comparing.stood(relative, word, b"".join(read))
        except GitError:
            return False  # which is said where the file's rows are compared
        return stood is None or not stood.is_same

    def bases(self, relative: str) -> Bases | None:
        """What the files of a folder are compared with; None where that is nothing, or cannot be told, which
        is said of a file."""
        inside = f"{relative}/any" if relative else "any"
        try:
            return self.comparing.bases(inside, self._policies.of(inside).base)
        except GitError:
            return None

    def first_seen(self, relative: str) -> FirstSeen | None:
        """What knows how a file was when it was first seen, where its policy asks for that."""
        first_seen = self.comparing.first_seen
        is_asked = first_seen is not None and self._policies.of(relative).base == bases.SESSION
        return first_seen if is_asked else None

    def had(self, one: Allowance, *, until: bool = False) -> bool:
        """Whether an `[[allow]]` table stood in the base, `until` the same day too."""
        from auto_enforcer import policy_allowances

        file = one.place.file
        tables = self._tables.get(file)
        if tables is None:
            found = [policy_allowances.read(file, data) for data in self._in_bases(file)]
            tables = self._tables[file] = frozenset(chain.from_iterable(found))
        known = policy_allowances.known(one)
        return known in tables if until else known[:4] in {table[:4] for table in tables}

    def _in_bases(self, relative: str) -> Iterator[bytes]:
        """What the bases have of a file of the same path."""
        try:
            first = self.comparing.bases(relative, self._policies.of(relative).base)
            for bases in [] if first is None else [first, *self.comparing.also]:
                entry = bases.entry(self.comparing.inside(relative))
                read = None if entry is None else bases.repository.read(entry.id)
                if read is not None and read.data is not None:
                    yield read.data
        except GitError:
            return  # Then nothing is known to have stood there.

    def _of_tables(
        self,
        rows: Iterable[Row],
        relative: str,
        said: Sequence[Allowance],
        all_stood: Sequence[Stood],
        rows_of: Callable[[Stood], list[Row]],
    ) -> Iterator[Row]:
        """A file's rows, those that speak of `[[allow]]` tables told apart by whether it was so in the base:
        they stand on no line of the file."""
        from auto_enforcer.allowing import table_of
        from auto_enforcer.standing import UNUSED

        for row in rows:
            table = table_of(row, said)
            if table is None:
                yield row
                continue
            is_unused = row.violation.rule == UNUSED
            is_old = self.had(table, until=not is_unused)
            if is_old and is_unused:
                is_old = any(
                    one.is_same
                    or not self._judging.would_take_out(table, relative, rows_of(one), one.data or b"")
                    for one in all_stood
                )
            yield row._replace(base=row.number if is_old else None)

    def _rows(self, path: str, report: Report, data: bytes | None) -> Iterator[tuple[Row, Verdict]]:
        relative, flags = self._policies.relative(path), deque[bool]()

        def rows() -> Iterator[Row]:
            for row, judged in report.rows:
                flags.append(judged.baselined)
                yield row if unknown is None else row._replace(base=unknown)

        own_id, stood, unknown = "", None, None
        further: list[Stood] = []
        first_seen = self.first_seen(relative)
        try:
            data, own_id = _content(path, data)
            if first_seen is None:
                stood = self.comparing.stood(relative, self._policies.of(relative).base, data, own_id)
                further += self.comparing.stood_also(relative, data, own_id)
        except OSError as error:
            unknown = self._unknown
            self._failures.note(report.path, f"cannot be compared with its base: {error.strerror or error}")
        except GitError as error:
            unknown = self._unknown
            if self.comparing.is_news(str(error)):
                self._failures.note(report.path, f"cannot be compared with its base: {error}")
        if first_seen is not None:
            if data is None:
                unknown = self._unknown
            found = rows() if data is None else _since_first_seen(first_seen, path, rows(), data)
            yield from self._judging.judged(found, relative, popped(flags))
            return

        def rows_of(stood: Stood) -> list[Row]:
            return self._checks.rows_in_base(relative, stood.data or b"", stood.entry.mode)

        found = comparing.marked(rows(), data, stood, rows_of)
        for one in further:
            found = comparing.marked_also(found, data, one, rows_of)
        said = self._policies.of(relative).allowances(relative)
        if said:
            all_stood = further if stood is None else [stood, *further]
            found = self._of_tables(found, relative, said, all_stood, rows_of)
        held = self._judging.baseline
        if held is None or relative not in held.baseline or stood is None or stood.is_same or data is None:
            yield from self._judging.judged(found, relative, popped(flags))
            return
        from auto_enforcer.baseline_rows import Ahead

        known = list(found)
        yield from self._judging.judged(
            known, relative, held.settled(relative, known, list(flags), Ahead((data,)))
        )


def _content(path: str, data: bytes | None) -> tuple[bytes | None, str]:
    """The bytes of a file, read if they are not given, or, of one too large to be compared line by line, None
    and its name as git has it. Raises OSError."""
    if data is None:
        with reading.open_regular(path) as file:
            data = reading.read_block(file, bases.MOST_COMPARED + 1)
        if len(data) > bases.MOST_COMPARED:
            return None, files.blob_id(path)
    elif len(data) > bases.MOST_COMPARED:
        return None, git.blob_id(data)
    return data, ""


def _since_first_seen(first_seen: FirstSeen, path: str, rows: Iterable[Row], data: bytes) -> Iterator[Row]:
    """A file's rows, each with its line in the file as it was when it was first seen."""
    from auto_enforcer import seen

    own = first_seen.hashes(data)
    before = first_seen.stood(path, own)
    yield from rows if before is None else seen.marked(before, own, rows)
