"""Checks files in several processes. Results come in the order of the files, a bounded number ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from auto_enforcer import files
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
                pending.append(pool.submit(_check, batch))
            if not pending:
                return
            yield from pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """What a process keeps between its batches."""

    workspaces: Workspaces | None = None


def _begin(only: tuple[str, ...], folder: str) -> None:
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
