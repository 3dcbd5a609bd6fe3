"""The grammar of YAML: quoted and block scalars, and comments only after a blank."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
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

_INDICATORS = compiled(r"[ ]*(?:[-?:][ \t]+)*")
_HEADER = r"(?<![^\s])[|>][-+0-9]{0,3}+[ \t]*+(?:(?<=[ \t])#.*)?$"
_GOES_ON = compiled(r"[,\[{][ \t]*(?:$|[ \t]#)")
_END_OF_PLAIN = compiled(r":(?=\s|$)|(?<=\s)#|$")
_END_IN_FLOW = compiled(r":(?=\s|$)|[,\[\]{}]|(?<=\s)#|$")
_PLAIN_GOES_ON = compiled(r"[ \t]+[^\s#:{}\[\],]")
"""What stands behind a quoted word at a line's start only where both go on with the plain scalar above."""
_LONGEST_WORD = 256


def modes(row: Language) -> dict[str, Mode]:
    """The modes of YAML. A plain scalar is code: what it means depends on the value."""
    scalars = (
        Rule("#", r"(?<![^\s])#.*", TOKEN, COMMENT),
        Rule("'", r"(?<![^\s\[{,:])'[^']*+(?:''[^']*+)*+'?", CALL, STRING, _quoted),
        Rule('"', r'(?<![^\s\[{,:])"(?:[^"\\]++|\\.)*+"?', CALL, STRING, _quoted),
    )
    opener = Rule("[{", r"[\[{]", CALL, CODE, _open)
    flow = (*scalars, opener, Rule("]}", r"[\]}]", CALL, CODE, _close))
    return {
        "start": Mode(
            CODE, (*scalars, Rule("|>", _HEADER, CALL, CODE, _block), opener), settled=True, depth=0
        ),
        "flow": Mode(CODE, flow, depth=0, line=_flow_line),
        "line's flow": Mode(CODE, flow, depth=0, end=_end_of_flow),
        "'": Mode(STRING, (Rule("'", "''", SKIP, STRING), Rule("'", "'", POP, STRING))),
        '"': Mode(STRING, (Rule('"', '"', POP, STRING),), passed=ESCAPES),
        "block": Mode(STRING, line=_block_line),
    }


def _value_due(text: str, start: int, flow: bool) -> bool:
    """Whether a value may begin at `start`: inside a plain scalar a quote, a `|` or a bracket is nothing
    special. `flow`: between brackets."""
    head = text[:start].rstrip(" \t")
    if not head:
        return True
    last, before = head[-1], head[-2:-1]
    if last in "[{,":
        return flow
    if last == ":":
        return len(head) < start or before in ("'", '"', "]", "}")
    if last in "-?":
        return len(head) <= _LONGEST_WORD and not head.strip(" \t-?:")
    # A tag or an anchor may stand before the value.
    at = head.rfind(" ", -_LONGEST_WORD) + 1
    word = head[at:].lstrip("[{,") if flow else head[at:]
    return at < len(head) <= at + _LONGEST_WORD and word[:1] in ("!", "&") and _value_due(text, at, flow)


def _pass_plain(cursor: Cursor, start: int, flow: bool) -> None:
    """Go on behind the plain scalar that `start` lies in."""
    found = (_END_IN_FLOW if flow else _END_OF_PLAIN).search(cursor.text, start + 1)
    cursor.position = found.start() if found else len(cursor.text)


def _quoted(cursor: Cursor, found: re.Match[str], group: int) -> None:
    text, (start, end), flow = cursor.text, found.span(group), cursor.frames[-1][1] != "start"
    if not _value_due(text, start, flow):
        _pass_plain(cursor, start, flow)
        return
    quote = text[start]
    closed = end - start > 1 and text[end - 1] == quote and _closes(found[group])
    if closed and not text[:start].strip() and _PLAIN_GOES_ON.match(text, end):
        _pass_plain(cursor, start, flow)
        return
    if not closed:
        cursor.push(("yaml", quote, 0))
        end = len(text)
    cursor.token(start, end, STRING)


def _open(cursor: Cursor, found: re.Match[str], group: int) -> None:
    """A bracket opens a flow collection where a value is due. It goes on in the next line only if this one
    ends as if more came. Its data: the column of the block collection that holds it, and how many are open
    inside of it."""
    text, start = cursor.text, found.start(group)
    language, mode, data = cursor.frames[-1]
    if mode != "start":
        assert isinstance(data, tuple)
        cursor.frames = (*cursor.frames[:-1], (language, mode, (data[0], data[1] + 1)))
    elif _value_due(text, start, flow=False):
        name = "flow" if _GOES_ON.search(text, start) else "line's flow"
        cursor.push((language, name, (_parent(text, start), 0)))
    else:
        _pass_plain(cursor, start, flow=False)


def _close(cursor: Cursor, found: re.Match[str], group: int) -> None:
    language, mode, data = cursor.frames[-1]
    assert isinstance(data, tuple)
    inner = ((language, mode, (data[0], data[1] - 1)),) if data[1] else ()
    cursor.frames = (*cursor.frames[:-1], *inner)


def _flow_line(cursor: Cursor, index: int) -> bool:
    """A line that stands left of what may be between the brackets shows that they were never closed."""
    data = cursor.frames[index][2]
    assert isinstance(data, tuple)
    stripped = cursor.text.lstrip(" ")
    outside = stripped[:1] not in ("", "]", "}", "#", "\t") and len(cursor.text) - len(stripped) <= data[0]
    if outside and index + 1 == len(cursor.frames):
        cursor.frames = cursor.frames[:index]
    return False


def _end_of_flow(cursor: Cursor) -> None:
    cursor.frames = cursor.frames[:-1]


def _closes(literal: str) -> bool:
    """Whether a literal that ends with its quote is closed by it, and not by an escaped or doubled one."""
    body = literal[1:-1]
    if literal[0] == "'":
        return (len(body) - len(body.rstrip("'"))) % 2 == 0
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0


def _block(cursor: Cursor, found: re.Match[str], group: int) -> None:
    text, start = cursor.text, found.start(group)
    if not _value_due(text, start, flow=False):
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
