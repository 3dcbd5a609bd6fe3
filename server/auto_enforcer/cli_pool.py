"""Processes that answer tasks. Answers come in the order of the tasks, a part at a time: nobody holds a whole
one."""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from auto_enforcer.cli_exit import UserError

if TYPE_CHECKING:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

MOST_HELD = 32
"""Parts of later answers that are held while an earlier one is still coming. A process that has more to say
waits."""


class Pool:
    """Some processes, each of which works on one task at a time; started with the first tasks."""

    __slots__ = ("_begun", "_held", "_jobs", "_parts_held", "_tasks", "_ticket", "_workers")

    def __init__(
        self,
        jobs: int,
        begin: Callable[..., None],
        given: tuple[object, ...],
        answer: Callable[[Any], Iterable[object]],
    ) -> None:
        """Each process first calls `begin` with what is `given`, then `answer` with each of its tasks. Both
        are functions of a module; tasks and parts of answers can be pickled, and no part is None."""
        self._jobs = jobs
        self._begun = begin, given, answer
        self._workers: dict[Connection, tuple[Any, int | None]] = {}
        """By what leads to it: the process, and the ticket of the task that it is at."""
        self._tasks: deque[tuple[int, object]] = deque()
        self._held: dict[int, deque[object]] = {}
        self._parts_held = 0
        self._ticket = 0

    def submit(self, task: object) -> int:
        """Have a task answered; gives its ticket. Answers must be asked for in the order of the tickets."""
        self._ticket += 1
        self._held[self._ticket] = deque()
        self._tasks.append((self._ticket, task))
        self._assign()
        return self._ticket

    def answer(self, ticket: int) -> Iterator[Any]:
        """The parts of an answer as they come. Raises UserError where a process ended before its work was
        done, and whatever the answering raised."""
        held = self._held[ticket]
        while True:
            while held:
                part = held.popleft()
                self._parts_held -= 1
                if isinstance(part, Exception):
                    raise part
                if part is None:
                    del self._held[ticket]
                    return
                yield part
            self._read(ticket)

    def close(self) -> None:
        """End the processes; what they are at is given up."""
        for connection, (process, ticket) in self._workers.items():
            connection.close()
            if ticket is not None:
                process.terminate()
        for process, _ in self._workers.values():
            process.join()
        self._workers.clear()

    def _read(self, ticket: int) -> None:
        """Take in what processes have to say: the one at this ticket, and others while little is held."""
        room = self._parts_held < MOST_HELD
        speaking = [
            one for one, (_, at) in self._workers.items() if at == ticket or (room and at is not None)
        ]
        spoken = wait(speaking)
        for connection in (one for one in speaking if one in spoken):
            process, at = self._workers[connection]
            assert at is not None
            try:
                part = connection.recv()
            except (EOFError, OSError):
                raise UserError(
                    "a process ended before its work was done (killed for its memory?); use fewer `--jobs`"
                ) from None
            self._held[at].append(part)
            self._parts_held += 1
            if part is None:
                self._workers[connection] = process, None
                self._assign()

    def _assign(self) -> None:
        """Give tasks to processes that have none."""
        while self._tasks:
            idle = next((one for one, (_, ticket) in self._workers.items() if ticket is None), None)
            if idle is None:
                if len(self._workers) == self._jobs:
                    return
                idle = self._start()
            ticket, task = self._tasks.popleft()
            self._workers[idle] = self._workers[idle][0], ticket
            try:
                idle.send(task)
            except OSError:
                pass  # It has ended, which is told where its answer is asked for.

    def _start(self) -> Connection:
        """Start a process with the interrupt signal blocked, which it inherits: an interrupt is this
        process's to answer, and theirs would be a traceback each."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, *self._begun), daemon=True)
        if sys.platform != "win32":
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        else:
            process.start()
        theirs.close()
        self._workers[ours] = process, None
        return ours


def _work(
    connection: Connection,
    begin: Callable[..., None],
    given: tuple[object, ...],
    answer: Callable[[Any], Iterable[object]],
) -> None:
    """What a process does until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(*given)
    try:
        while True:
            for part in _parts(answer, connection.recv()):
                connection.send(part)
    except (EOFError, OSError):
        return  # The other side has gone.


def _parts(answer: Callable[[Any], Iterable[object]], task: object) -> Iterator[object]:
    """The parts of an answer, what was raised instead of the rest, and None behind the last."""
    try:
        yield from answer(task)
    except Exception as error:  # noqa: BLE001 — it is raised again where the answer is asked for
        yield error
    yield None
