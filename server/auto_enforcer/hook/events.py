"""What the agents have in common: what a hook is told, and what it answers."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from auto_enforcer.model import NamedTuple

Payload = Mapping[str, Any]
"""The JSON object that an agent hands to a hook. It is a stranger's text: nothing in it is what it should
be until it was looked at."""


class Event(enum.Enum):
    """When a hook is asked. BEFORE a tool writes, AFTER it did, at the end of the agent's turn (STOP), or at
    a moment that nothing is to be judged at (OTHER)."""

    BEFORE = "before"
    AFTER = "after"
    STOP = "stop"
    OTHER = "other"


class Edit(NamedTuple):
    """A text to be replaced by another. `every`: wherever it stands; else it must stand in one place."""

    old: str
    new: str
    every: bool = False


class Hunk(NamedTuple):
    """A part of a patch: lines that stand somewhere below the line `headings` name, one after the other, and
    what is put there. `at_end`: they are the file's last."""

    headings: tuple[str, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]
    at_end: bool = False


class Cell(NamedTuple):
    """A change of a notebook's cell, by its id. `mode` is replace, insert (below that cell) or delete."""

    id: str
    source: str
    mode: str
    kind: str = ""


class Write(NamedTuple):
    """What becomes of a file, by path as the agent says it. One of the others says what its text will be;
    `removed`: there will be none."""

    path: str
    content: str | None = None
    edits: tuple[Edit, ...] = ()
    hunks: tuple[Hunk, ...] = ()
    cell: Cell | None = None
    line: int | None = None
    """Where `content` is put into the text that is there: after so many lines."""
    removed: bool = False
    from_path: str = ""
    """The file that is moved here, where one is."""


class Call(NamedTuple):
    """What an agent asks of a hook."""

    event: Event
    name: str
    """The event, as the agent calls it; "" where it does not say."""
    folder: str
    """Where the agent works, absolute; "" where it does not say."""
    roots: tuple[str, ...] = ()
    """Further folders that it works in."""
    writes: tuple[Write, ...] = ()
    again: bool = False
    """Whether the agent goes on because a hook did not let it stop."""
    problem: str = ""
    """Why it cannot be told what is written."""
    is_other_form: bool = False
    """Whether the agent speaks the second of its two forms."""


class Outcome(enum.Enum):
    """What is answered: nothing, something to think of, or that it must not be."""

    CLEAN = "clean"
    TOLD = "told"
    BLOCKED = "blocked"


class Reply(NamedTuple):
    """What is answered: `text` for the agent, `person` for who watches it ("": need not hear of it)."""

    outcome: Outcome
    text: str = ""
    person: str = ""


class Answer(NamedTuple):
    """What the process ends with, and what it writes to its standard output and error."""

    code: int
    out: str = ""
    err: str = ""


class Adapter(NamedTuple):
    """How an agent speaks with its hooks."""

    judged: tuple[str, ...]
    """The events that something is judged at."""
    read: Callable[[Payload], Call]
    answer: Callable[[Call, Reply], Answer]
    project: str = ""
    """The variable of the environment that names the project's folder, where the agent sets one: it may work
    elsewhere for a while."""


def said(payload: Payload, *names: str) -> str:
    """The first of these values that is text and not empty; "" where there is none."""
    for name in names:
        value = payload.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def listed(payload: Payload, name: str) -> tuple[str, ...]:
    """The texts in a list."""
    value = payload.get(name)
    return tuple([item for item in value if isinstance(item, str)]) if isinstance(value, list) else ()


def as_json(values: Mapping[str, Any]) -> str:
    """An answer in one line of ASCII."""
    import json

    return json.dumps(values) + "\n"


def not_judged(agent: str, name: str, judged: Sequence[str]) -> str:
    """What to say of an event for which nothing is judged."""
    events = ", ".join([f"`{event}`" for event in judged])
    shown = "".join([character if character.isprintable() else "?" for character in name[:64]])
    return f"auto-enforcer: `{shown}` of {agent} is not judged; hook it to {events}\n"
