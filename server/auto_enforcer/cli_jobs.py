"""Checks files in several processes. Results come in the order of the files, a bounded number ahead."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context

from auto_enforcer import files
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_files import checked_file, left, today
from auto_enforcer.model import Report
from auto_enforcer.render.items import Item
from auto_enforcer.workspaces import Workspaces

BATCH = 64
"""Files that a process takes at a time."""

AHEAD = 3
"""Batches a process that are under way or wait to be printed."""

_Found = files.Found | files.Left


def checked(
    found: Iterator[_Found], jobs: int, only: Iterable[str], workspaces: Workspaces
) -> Iterator[Item]:
    """The items of all files. Policies are also read here, so that what is wrong with them is told once."""
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(tuple(only), os.getcwd())
    )
    pending: deque[Future[list[Item]]] = deque()
    try:
        while True:
            while len(pending) < jobs * AHEAD and (batch := list(islice(found, BATCH))):
                for one in batch:
                    if isinstance(one, files.Found):
                        session = workspaces.of(one.path)
                        session.policy(one.path)
                pending.append(_submitted(pool, batch))
            if not pending:
                return
            try:
                items = pending.popleft().result()
            except BrokenProcessPool:
                raise UserError(
                    "a process ended before its work was done (killed for its memory?); use fewer `--jobs`"
                ) from None
            yield from items
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, batch: list[_Found]) -> Future[list[Item]]:
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


def _begin(only: tuple[str, ...], folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    _Worker.workspaces = Workspaces(only=only, today=today())


def _check(batch: list[_Found]) -> list[Item]:
    """The items of a batch, their rows in lists: they go to another process."""
    assert _Worker.workspaces is not None
    items: list[Item] = []
    for one in batch:
        produced = left(one) if isinstance(one, files.Left) else checked_file(_Worker.workspaces, one)
        items += [Report(i.path, list(i.rows)) if isinstance(i, Report) else i for i in produced]
    return items
