"""Makes a conversation that finds a fault as short as can be: first fewer steps, then less text."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fuzz.runner import Runner, Step
from fuzz.wire import Fault

Fails = Callable[[list[Step]], bool]


def play(steps: Sequence[Step], *, inside: bool = False, patience: float = 60.0) -> Fault | None:
    """Perform a conversation; the fault it finds."""
    with Runner(inside=inside, patience=patience) as runner:
        try:
            for step in steps:
                runner.perform(step)
        except Fault as fault:
            return fault
    return None


def shrink(steps: list[Step], kind: str, *, inside: bool, seconds: float) -> list[Step]:
    """The shortest conversation with a fault of this kind that could be had within some seconds. Where the
    server within this process has the fault too, it is asked: it starts at once. What does not fail each time
    is tried several times."""
    deadline = time.monotonic() + seconds
    if not inside:
        fault = play(steps, inside=True, patience=0.4)
        inside = fault is not None and fault.kind == kind
    always = all(play(steps, inside=inside, patience=0.4) is not None for _ in range(3))

    def fails(tried: list[Step]) -> bool:
        for _ in range(1 if always else 6):
            if time.monotonic() > deadline:
                return False
            fault = play(tried, inside=inside, patience=0.4)
            if fault is not None and fault.kind == kind:
                return True
        return False

    steps = _from_last_quiet(steps, fails)
    steps = fewer(steps, fails)
    for index in range(len(steps)):
        steps = _with_less_text(steps, index, fails)
    return fewer(steps, fails)


def _from_last_quiet(steps: list[Step], fails: Fails) -> list[Step]:
    """Without the points at which all was well, if it fails without them."""
    tried = [step for step in steps[:-1] if step[0] != "quiet"] + steps[-1:]
    return tried if fails(tried) else steps


def fewer(items: list[Any], fails: Callable[[list[Any]], bool]) -> list[Any]:
    """A part of the items, in order, that fails and of which no run can be taken out: delta debugging."""
    size = len(items) // 2
    while size:
        at = len(items)
        while at > 0:
            start = max(0, at - size)
            tried = items[:start] + items[at:]
            if tried and fails(tried):
                items = tried
            at = start
        size //= 2
    return items


def _with_less_text(steps: list[Step], index: int, fails: Fails) -> list[Step]:
    """The same with the texts within one step made shorter, by lines and then by letters."""
    before, step, after = steps[:index], steps[index], steps[index + 1 :]
    for place in list(_texts(step)):
        for by_line in (True, False):
            text = _get(step, place)
            parts = text.splitlines(keepends=True) if by_line else list(text)
            if not 1 <= len(parts) <= 400:
                continue
            make = partial(_put, step, place)

            def still(kept: list[str], make: Callable[[str], Step] = make) -> bool:
                return fails([*before, make("".join(kept)), *after])

            step = make("" if still([]) else "".join(fewer(parts, still)))
    return [*before, step, *after]


def _texts(value: Any, place: tuple[Any, ...] = ()) -> Any:
    """The places of texts within a step."""
    if isinstance(value, str):
        if place[-1] in ("text", 2) and value:
            yield place
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))


def _get(value: Any, place: tuple[Any, ...]) -> Any:
    for name in place:
        value = value[name]
    return value


def _put(value: Any, place: tuple[Any, ...], text: str) -> Any:
    if not place:
        return text
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _put(value[place[0]], place[1:], text)
    return copy
