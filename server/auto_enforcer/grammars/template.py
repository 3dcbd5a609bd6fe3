"""The grammar of templates: markup with code, comments and other languages between the delimiters that the
row's `embedded` tells."""

from __future__ import annotations

import re
from collections.abc import Hashable

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.modes import COMMENT, DEEPEST, POP, STRING, TOKEN, Boundary, Cursor, Mode, Rule
from auto_enforcer.grammars.row import Embedded, Language

_STRINGS = tuple(Rule(quote, rf"{quote}(?:[^{quote}\\]++|\\.)*+{quote}", TOKEN, STRING) for quote in "\"'")
"""A quote that nothing closes on its line opens nothing: it may be a word's."""


def modes(row: Language) -> dict[str, Mode]:
    """The modes of a template. `start` holds the markup; `embedded0` and on are open above it."""
    openers = compiled("|".join(f"(?P<e{index}>{one.open})" for index, one in enumerate(row.embedded)))

    def boundary(text: str, position: int, data: Hashable) -> re.Match[str] | None:
        return openers.search(text, position)

    def enter(cursor: Cursor, index: int, found: re.Match[str]) -> None:
        cursor.position = found.end()
        _open(cursor, row, found)

    made = {"start": Mode(row.zone, settled=True, depth=0, boundary=boundary, leave=enter)}
    for index, one in enumerate(row.embedded):
        made[f"embedded{index}"] = _embedded(one)
    return made


def _open(cursor: Cursor, row: Language, found: re.Match[str]) -> None:
    """What opens at a delimiter; nothing where that would be too deep."""
    name, group = found.lastgroup, found.lastindex
    assert name is not None
    assert group is not None
    one = row.embedded[int(name[1:])]
    if len(cursor.frames) + 1 + bool(one.language) > DEEPEST:
        return
    cursor.push((row.id, f"embedded{name[1:]}", (found[group + 1],) if one.repeats else 0))
    cursor.emit(found.start(), one.zone)
    cursor.speak(found.start())
    if one.language:
        cursor.push((one.language, one.mode, 0))
        cursor.speak(found.end())


def _embedded(one: Embedded) -> Mode:
    if one.quotes:
        closer = Rule(one.close.lstrip("\\")[0], one.close, POP, one.zone)
        return Mode(one.zone, (*_STRINGS, closer), depth=0, shield=True)
    find = _repeating(one.close) if one.repeats else _finding(one.close)

    def leave(cursor: Cursor, index: int, found: re.Match[str]) -> None:
        # What is still open inside ends here: a comment, a string, what waits for the next line.
        cursor.frames = cursor.frames[: index + 1]
        cursor.emit(found.start(), one.zone)
        cursor.speak(found.start())
        cursor.frames = cursor.frames[:index]
        cursor.position = found.end()
        cursor.pending, cursor.spliced = (), False
        cursor.speak(found.end())

    depth = int(one.zone == COMMENT)
    return Mode(one.zone, settled=True, depth=depth, boundary=find, leave=leave, shield=True)


def _finding(close: str) -> Boundary:
    closer = compiled(close)

    def boundary(text: str, position: int, data: Hashable) -> re.Match[str] | None:
        return closer.search(text, position)

    return boundary


def _repeating(close: str) -> Boundary:
    def boundary(text: str, position: int, data: Hashable) -> re.Match[str] | None:
        assert isinstance(data, tuple)
        return compiled(close % re.escape(data[0])).search(text, position)

    return boundary
