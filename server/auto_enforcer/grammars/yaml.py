"""The grammar of YAML: quoted and block scalars, and comments only after a blank."""

from __future__ import annotations

import re

from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    COMMENT,
    ESCAPES,
    POP,
    SKIP,
    STRING,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language

_INDICATORS = re.compile(r"[ ]*(?:[-?:][ \t]+)*")
_HEADER = r"(?<![^\s])[|>][-+0-9]{0,3}+[ \t]*+(?:(?<=[ \t])#.*)?$"


def modes(row: Language) -> dict[str, Mode]:
    """The modes of YAML. A plain scalar is code: what it means depends on the value."""
    return {
        "start": Mode(
            CODE,
            (
                Rule("#", r"(?<![^\s])#.*", TOKEN, COMMENT),
                Rule("|>", _HEADER, CALL, CODE, _block),
                Rule("'", r"(?<![^\s\[{,:(])'[^']*+(?:''[^']*+)*+'?", CALL, STRING, _quoted),
                Rule('"', r'(?<![^\s\[{,:(])"(?:[^"\\]++|\\.)*+"?', CALL, STRING, _quoted),
            ),
            settled=True,
            depth=0,
        ),
        "'": Mode(STRING, (Rule("'", "''", SKIP, STRING), Rule("'", "'", POP, STRING))),
        '"': Mode(STRING, (Rule('"', '"', POP, STRING),), passed=ESCAPES),
        "block": Mode(STRING, line=_block_line),
    }


def _value_due(text: str, start: int) -> bool:
    """Whether a value may begin at `start`: inside a plain scalar a quote or a `|` is nothing special."""
    before = start - 1
    while before >= 0 and text[before] in " \t":
        before -= 1
    if before < 0 or text[before] in "[{,:?":
        return True
    if text[before] == "-":
        return before == 0 or text[before - 1] in " \t-"
    # A tag or an anchor may stand before the value.
    word = text[text.rfind(" ", max(0, start - 256), before + 1) + 1 : before + 1]
    return len(word) < 256 and word.lstrip("[{,")[:1] in ("!", "&")


def _quoted(cursor: Cursor, found: re.Match[str], group: int) -> None:
    text, (start, end) = cursor.text, found.span(group)
    if not _value_due(text, start):
        cursor.position = start + 1
        return
    quote = text[start]
    closed = end - start > 1 and text[end - 1] == quote and _closes(found[group])
    if not closed:
        cursor.push(("yaml", quote, 0))
        end = len(text)
    cursor.token(start, end, STRING)


def _closes(literal: str) -> bool:
    """Whether a literal that ends with its quote is closed by it, and not by an escaped or doubled one."""
    body = literal[1:-1]
    if literal[0] == "'":
        return (len(body) - len(body.rstrip("'"))) % 2 == 0
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0


def _block(cursor: Cursor, found: re.Match[str], group: int) -> None:
    text, start = cursor.text, found.start(group)
    if not _value_due(text, start):
        cursor.position = start + 1
        return
    cursor.push(("yaml", "block", _parent(text, start)))
    header = found[group]
    at = header.find("#")
    cursor.emit(start, CODE)
    if at >= 0:
        cursor.emit(start + at, COMMENT)
    cursor.position = len(text)


def _parent(text: str, start: int) -> int:
    """The column of the collection that holds the scalar; the scalar's lines stand right of it."""
    found = _INDICATORS.match(text, 0, start)
    indent = found.end() if found else 0
    if text.startswith("---"):
        return -1
    if text[indent:start].strip() and not text[indent:start].lstrip().startswith(("!", "&")):
        return indent
    dashes = text[:indent].rstrip(" \t")
    return len(dashes) - 1 if dashes else -1


def _block_line(cursor: Cursor, index: int) -> bool:
    text, parent = cursor.text, cursor.frames[index][2]
    assert isinstance(parent, int)
    stripped = text.lstrip(" ")
    if stripped.strip():
        indent = len(text) - len(stripped)
        if indent <= parent or (indent == 0 and text.startswith(("---", "..."))):
            cursor.frames = cursor.frames[:index]
            return False
    cursor.emit(0, STRING)
    return True
