"""What stands before a place on its line, as far as the line is read: for a slash that divides or opens a
regular expression."""

from __future__ import annotations

import re
from bisect import bisect_left

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.modes import CODE, COMMENT, Cursor

_LONGEST = 1024
"""Characters of a literal that is only guessed."""

_ROUND = compiled(r"[()]")
_CURLY = compiled(r"[{}]")
_HIDING = compiled(r"\\.|\[(?:[^\]\\]++|\\.)*+\]")


def before(cursor: Cursor, start: int) -> int:
    """The index of the last character before `start` that is no blank and in no comment; -1 where there is
    none on the line."""
    text, runs = cursor.text, cursor.runs
    while True:
        start -= 1
        while start >= 0 and text[start] in " \t":
            start -= 1
        index = bisect_left(runs, (start + 1,)) - 1
        if start < 0 or index < 0 or runs[index][1] != COMMENT:
            return start
        start = runs[index][0]


def zone_at(cursor: Cursor, index: int) -> int:
    """The zone of a character that is read."""
    return cursor.runs[bisect_left(cursor.runs, (index + 1,)) - 1][1]


def opener(cursor: Cursor, close: int) -> int:
    """The index of the bracket that the one at `close`, round or curly, closes; -1 where it is not on the
    line. Brackets in strings and comments do not count.

    On one line only for one kind of bracket, and for places that ascend: so the line is gone over once.
    """
    text, runs, brackets = cursor.text, cursor.runs, cursor.brackets
    counted = cursor.counted
    if cursor.parts and cursor.parts[-1][0] > counted:
        # What is written in another language opens nothing here.
        counted = cursor.parts[-1][0]
        brackets.clear()
    kind = _ROUND if text[close] == ")" else _CURLY
    for index in range(max(0, bisect_left(runs, (counted + 1,)) - 1), len(runs)):
        start, zone = runs[index]
        if zone != CODE:
            continue
        end = runs[index + 1][0] if index + 1 < len(runs) else close
        for found in kind.finditer(text, max(start, counted), min(end, close)):
            if found[0] in "({":
                brackets.append(found.start())
            elif brackets:
                brackets.pop()
    cursor.counted = close + 1
    return brackets.pop() if brackets else -1


def guessed(
    literal: re.Pattern[str], follows: re.Pattern[str], text: str, start: int, end: int
) -> re.Match[str] | None:
    """The regular expression literal at `start`, where a division is as likely: only one that closes before
    `end`, whose brackets are balanced and behind which `follows` is."""
    found = literal.match(text, start, min(end, start + _LONGEST))
    if found is None or follows.match(text, found.end(), end) is None:
        return None
    plain = _HIDING.sub("", found[0])
    return found if plain.count("(") == plain.count(")") else None
