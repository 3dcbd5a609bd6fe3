"""Checks files in several processes. Results come in the order of the files, a bounded number ahead."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING

from auto_enforcer import files
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_files import checked_file, left, recalled_file, today
from auto_enforcer.model import Report
from auto_enforcer.render.items import Item
from auto_enforcer.workspaces import Workspaces

if TYPE_CHECKING:
    from auto_enforcer.result_file import Entry

    _Answered = tuple[list[list[Item]], list[Entry]]
    """The items of each file, and the answers to keep."""

BATCH = 64
"""Files that a process takes at a time."""

MOST_KNOWN = 64
"""Files that an earlier run has found the answer for and that wait among those of a batch, at most."""

FEWEST = 8
"""Files of a batch that are worth handing over: where nearly all is known, none of the processes is begun."""

AHEAD = 3
"""Batches a process that are under way or wait to be printed."""

_Found = files.Found | files.Left

_Batch = list[_Found | list[Item]]
"""Files in their order, of some of which the items are known."""


def checked(
    found: Iterator[_Found], jobs: int, only: Iterable[str], workspaces: Workspaces
) -> Iterator[Item]:
    """The items of all files. Policies are also read here, so that what is wrong with them is told once."""
    results = workspaces.results
    release = b"" if results is None else results.release
    pool: ProcessPoolExecutor | None = None
    pending: deque[tuple[_Batch, Future[_Answered] | None]] = deque()
    try:
        while True:
            while len(pending) < jobs * AHEAD and (batch := _batch(found, workspaces)):
                unknown = [one for one in batch if not isinstance(one, list)]
                if len(unknown) < FEWEST and results is not None:
                    pending.append((batch, None))
                    continue
                if pool is None:
                    begun = tuple(only), os.getcwd(), release
                    pool = ProcessPoolExecutor(
                        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=begun
                    )
                pending.append((batch, _submitted(pool, unknown)))
            if not pending:
                return
            batch, future = pending.popleft()
            try:
                answered, gathered = future.result() if future is not None else (None, ())
            except BrokenProcessPool:
                raise UserError(
                    "a process ended before its work was done (killed for its memory?); use fewer `--jobs`"
                ) from None
            for entry in gathered:
                if results is not None:
                    results.put(entry)
            handed_over = iter(answered or ())
            for one in batch:
                if isinstance(one, list):
                    yield from one
                elif answered is not None:
                    yield from next(handed_over)
                else:
                    yield from _produced(workspaces, one)
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


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


def _submitted(pool: ProcessPoolExecutor, batch: list[_Found]) -> Future[_Answered]:
    """The batch's future. What starts a process does so with the interrupt signal blocked, which the process
    inherits: an interrupt is this process's to answer, and theirs would be a traceback each."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(_check, batch)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_check, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """What a process keeps between its batches."""

    workspaces: Workspaces | None = None


def _begin(only: tuple[str, ...], folder: str, release: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    _Worker.workspaces = Workspaces(only=only, today=today())
    if release:
        from auto_enforcer.results import Results

        _Worker.workspaces.results = Results(release, only)


def _check(batch: list[_Found]) -> _Answered:
    """The items of each file of a batch, their rows in lists: they go to another process. So do the answers
    to keep."""
    workspaces = _Worker.workspaces
    assert workspaces is not None
    items = [
        [Report(i.path, list(i.rows)) if isinstance(i, Report) else i for i in _produced(workspaces, one)]
        for one in batch
    ]
    return items, [] if workspaces.results is None else workspaces.results.gathered()


def _produced(workspaces: Workspaces, one: _Found) -> Iterator[Item]:
    return left(one) if isinstance(one, files.Left) else checked_file(workspaces, one)
