"""A change of a file, and how what it makes weaker is told."""

from __future__ import annotations

from typing import Any

from auto_enforcer.model import NamedTuple, Row, Violation

RULE = "enforcer/weakened-policy"


class Change(NamedTuple):
    """What becomes of a file: its text before and after, line ends of any kind; None: there is none. `path`
    is relative to the workspace, with forward slashes."""

    path: str
    before: str | None
    after: str | None
    also: tuple[str, ...] = ()
    """Further old texts: what one of them has is not new. Those of a merge's other parents."""


def olds(change: Change) -> list[str]:
    """The old texts that there are."""
    return [one for one in (change.before, *change.also) if one is not None]


def row_of(message: str, number: int = 0, start: int = 0, end: int = 0) -> Row:
    """What is told of the rule on a line."""
    return Row(number, Violation(RULE, message, start, end))


def json_of(content: str) -> Any:
    """What a text of JSON holds; None where it is none."""
    import json

    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
