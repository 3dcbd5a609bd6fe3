"""Checks files in several processes. Results come in the order of the files, a bounded number ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from auto_enforcer import files
from auto_enforcer.cli_files import checked_file, left, recalled_file, today
from auto_enforcer.cli_pool import Pool
from auto_enforcer.model import NamedTuple, Report, Row, Verdict
from auto_enforcer.render.items import Item
from auto_enforcer.workspaces import Workspaces

if TYPE_CHECKING:
    from auto_enforcer.result_file import Entry
    from auto_enforcer.results import Results

BATCH = 64
"""Files that a process takes at a time."""

MOST_KNOWN = 64
"""Files that an earlier run has found the answer for and that wait among those of a batch, at most."""

FEWEST = 8
"""Files of a batch that are worth handing over: where nearly all is known, none of the processes is begun."""

AHEAD = 3
"""Batches a process that are under way or wait to be printed."""

PACKET = 256
"""Rows that a process hands over at a time, about."""

_Found = files.Found | files.Left

_Batch = list[_Found | list[Item]]
"""Files in their order, of some of which the items are known."""


_Task = tuple[list[_Found], dict[str, str]]
"""Files that a process is to check, and by folder the workspace that they lie in."""


class _More(NamedTuple):
    """Further rows of the report before."""

    rows: list[tuple[Row, Verdict]]


class _Ended(NamedTuple):
    """Stands behind what came of a file: the answers to keep."""

    entries: list[Entry]


_Part = Item | _More | _Ended


def checked(
    found: Iterator[_Found], jobs: int, only: Iterable[str], workspaces: Workspaces
) -> Iterator[Item]:
    """The items of all files. Policies are also read here, so that what is wrong with them is told once."""
    results = workspaces.results
    release = b"" if results is None else results.release
    pool = Pool(jobs, _begin, (tuple(only), os.getcwd(), release, workspaces.base), _check)
    pending: deque[tuple[_Batch, int]] = deque()
    try:
        while True:
            while len(pending) < jobs * AHEAD and (batch := _batch(found, workspaces)):
                unknown = [one for one in batch if not isinstance(one, list)]
                is_worth_it = len(unknown) >= FEWEST or results is None
                pending.append((batch, pool.submit(_task(unknown, workspaces)) if is_worth_it else 0))
            if not pending:
                return
            batch, ticket = pending.popleft()
            parts = chain.from_iterable(pool.answer(ticket)) if ticket else None
            for one in batch:
                if isinstance(one, list):
                    yield from one
                elif parts is not None:
                    yield from _handed_over(parts, results)
                else:
                    yield from _produced(workspaces, one)
            if parts is not None:
                next(parts, None)
    finally:
        pool.close()


def _handed_over(parts: Iterator[_Part], results: Results | None) -> Iterator[Item]:
    """The items of the next file, out of the parts of an answer: rows as they come."""
    part = next(parts)
    while not isinstance(part, _Ended):
        if isinstance(part, _More):
            part = next(parts)  # of a report whose rows nobody asked for
        elif isinstance(part, Report):
            behind: list[_Part] = []
            yield Report(part.path, _rows(part.rows, parts, behind))
            part = behind[0] if behind else next(parts)
        else:
            yield part
            part = next(parts)
    for entry in part.entries:
        if results is not None:
            results.put(entry)


def _rows(
    first: Iterable[tuple[Row, Verdict]], parts: Iterator[_Part], behind: list[_Part]
) -> Iterator[tuple[Row, Verdict]]:
    """A report's rows; the part behind the last of them goes into `behind`."""
    yield from first
    for part in parts:
        if not isinstance(part, _More):
            behind.append(part)
            return
        yield from part.rows


def _batch(found: Iterator[_Found], workspaces: Workspaces) -> _Batch:
    """The next files, up to as many as a process takes at a time, and those among them that need no check."""
    batch: _Batch = []
    known = 0
    while len(batch) - known < BATCH and known < MOST_KNOWN and (one := next(found, None)) is not None:
        items = None
        if isinstance(one, files.Found):
            session = workspaces.of(one.path)
            session.policy(one.path)
            if workspaces.results is not None and workspaces.results.knows_any:
                items = recalled_file(workspaces, one)
        known += items is not None
        batch.append(one if items is None else items)
    return batch


def _task(batch: list[_Found], workspaces: Workspaces) -> _Task:
    folders = {os.path.dirname(one.path) for one in batch if isinstance(one, files.Found)}
    return batch, {folder: workspaces.of_folder(folder).root for folder in folders}


class _Worker:
    """What a process keeps between its batches."""

    workspaces: Workspaces | None = None


def _begin(only: tuple[str, ...], folder: str, release: bytes, base: str | None = None) -> None:
    os.chdir(folder)
    # Rules that ask how a file differs from its base are answered here; rows are compared by who gets them.
    _Worker.workspaces = Workspaces(only=only, today=today(), base=base)
    if release:
        from auto_enforcer.results import Results

        _Worker.workspaces.results = Results(release, only)


def _check(task: _Task) -> Iterator[list[_Part]]:
    """What comes of each file of a batch, in packets: they go to another process."""
    batch, roots = task
    workspaces = _Worker.workspaces
    assert workspaces is not None
    workspaces.take(roots)
    packet: list[_Part] = []
    size = 0
    for one in batch:
        for part in _parts(_produced(workspaces, one)):
            packet.append(part)
            size += 1 + (len(part.rows) if isinstance(part, _More) else 0)
            if size >= PACKET:
                yield packet
                packet, size = [], 0
        packet.append(_Ended([] if workspaces.results is None else workspaces.results.gathered()))
    yield packet


def _parts(items: Iterable[Item]) -> Iterator[_Part]:
    """The items, a report's rows behind it, some at a time."""
    for item in items:
        if not isinstance(item, Report):
            yield item
            continue
        yield Report(item.path, ())
        rows = iter(item.rows)
        while some := list(islice(rows, PACKET)):
            yield _More(some)


def _produced(workspaces: Workspaces, one: _Found) -> Iterator[Item]:
    return left(one) if isinstance(one, files.Left) else checked_file(workspaces, one)
