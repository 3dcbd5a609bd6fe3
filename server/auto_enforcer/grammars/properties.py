"""The grammar of Java properties: comments are whole lines, and a trailing backslash carries a value on."""

from __future__ import annotations

from auto_enforcer.grammars.modes import CODE, COMMENT, ESCAPES, SPLICE, Cursor, Mode, Rule
from auto_enforcer.grammars.row import Language


def modes(row: Language) -> dict[str, Mode]:
    """The modes of properties."""
    splice = Rule("\\", r"\\$", SPLICE, 0)
    return {
        "start": Mode(CODE, (splice,), settled=True, depth=0, line=_line, passed=ESCAPES),
        "continued": Mode(CODE),
    }


def _line(cursor: Cursor, index: int) -> bool:
    stripped = cursor.text.lstrip(" \t\f")
    if cursor.opened or stripped[:1] not in ("#", "!"):
        return False
    cursor.emit(0, CODE)
    cursor.emit(len(cursor.text) - len(stripped), COMMENT)
    return True
