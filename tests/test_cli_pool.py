"""Processes that answer tasks: in order, a part at a time, and no further ahead than may be held."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count

import pytest

from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_pool import MOST_HELD, Pool

BEGUN: list[str] = []


def begin(word: str) -> None:
    BEGUN.append(word)


def counted(task: int) -> Iterator[str]:
    yield from (f"{BEGUN} {task} {part}" for part in range(task))


def endless(task: str) -> Iterator[str]:
    """Notes in a file what it has said."""
    for number in count():
        with open(task, "a") as file:
            file.write(".")
        yield f"{number}" * 1_000


def failing(task: str) -> Iterator[str]:
    yield "before"
    if task == "exit":
        os._exit(3)
    raise UserError(task)


@pytest.fixture
def pools() -> Iterator[Callable[[int, Callable[..., Iterable[object]]], Pool]]:
    made: list[Pool] = []

    def make(jobs: int, answer: Callable[..., Iterable[object]]) -> Pool:
        made.append(Pool(jobs, begin, ("x",), answer))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


@pytest.mark.parametrize("jobs", [1, 3])
def test_answers_come_in_the_order_of_the_tasks(
    pools: Callable[[int, Callable[..., Iterable[object]]], Pool], jobs: int
) -> None:
    pool = pools(jobs, counted)
    sizes = [5, 0, 1_000, 3, 200, 1]
    tickets = [pool.submit(size) for size in sizes]
    for size, ticket in zip(sizes, tickets, strict=True):
        assert list(pool.answer(ticket)) == [f"['x'] {size} {part}" for part in range(size)]


def test_an_answer_comes_a_part_at_a_time_and_who_is_ahead_waits(
    pools: Callable[[int, Callable[..., Iterable[object]]], Pool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("said")
    pool = pools(2, endless)
    files = [str(folder / name) for name in "ab"]
    first, _ = (pool.submit(file) for file in files)
    parts = pool.answer(first)
    for number in range(2_000):
        assert next(parts) == f"{number}" * 1_000
    said = os.path.getsize(files[1]) if os.path.exists(files[1]) else 0
    in_the_pipe = 200
    assert said <= MOST_HELD + in_the_pipe


def test_what_was_raised_is_raised_where_the_answer_is_asked_for(
    pools: Callable[[int, Callable[..., Iterable[object]]], Pool],
) -> None:
    pool = pools(1, failing)
    for _ in range(2):
        parts = pool.answer(pool.submit("no such thing"))
        assert next(parts) == "before"
        with pytest.raises(UserError, match="no such thing"):
            next(parts)


def test_a_process_that_ends_is_told(
    pools: Callable[[int, Callable[..., Iterable[object]]], Pool],
) -> None:
    pool = pools(2, failing)
    parts = pool.answer(pool.submit("exit"))
    assert next(parts) == "before"
    with pytest.raises(UserError, match="a process ended before its work was done"):
        next(parts)
