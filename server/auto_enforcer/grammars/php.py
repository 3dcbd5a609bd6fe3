"""The grammar of PHP, between `<?php` and `?>`; outside of them is HTML."""

from __future__ import annotations

import re
from collections.abc import Hashable

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.delimited import inside
from auto_enforcer.grammars.heredocs import heredoc
from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    COMMENT,
    ESCAPES,
    POP,
    PUSH,
    STRING,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language

_OPEN = compiled(r"<\?(?:php\b|=|(?=\s|$))", re.IGNORECASE)
_HEREDOC = r"<<<[ \t]*+([\"']?)([A-Za-z_\x80-\U0010ffff]\w*+)[\"']?[ \t]*$"


def modes(row: Language) -> dict[str, Mode]:
    """The modes of PHP. `start` holds the HTML; `code` is open above it up to `?>`."""
    code = _code()
    interpolation = (
        Rule("{", r"\{(?=\$)", PUSH, CODE, "inside{"),
        Rule("$", r"\$\{", PUSH, CODE, "inside{"),
    )
    escape = ESCAPES
    made = {
        "start": Mode(CODE, settled=True, depth=0, boundary=_boundary, leave=_enter),
        "code": Mode(CODE, (Rule("?", r"\?>", POP, CODE), *code), settled=True, depth=0, shield=True),
        "inside{": inside("{", code),
        "comment": Mode(COMMENT, (Rule("*", r"\*/", POP, COMMENT),), settled=True),
        "'": Mode(STRING, (Rule("'", "'", POP, STRING),), passed=escape),
        "heredoc": Mode(STRING, interpolation, line=_heredoc_line, passed=escape),
        "nowdoc": Mode(STRING, line=_heredoc_line),
    }
    for quote in '"`':
        made[quote] = Mode(STRING, (Rule(quote, quote, POP, STRING), *interpolation), passed=escape)
    return made


def _code() -> tuple[Rule, ...]:
    return (
        Rule("/", r"//(?:[^?]++|\?(?!>))*+", TOKEN, COMMENT),
        Rule("#", r"#(?!\[)(?:[^?]++|\?(?!>))*+", TOKEN, COMMENT),
        Rule("/", r"/\*(?:[^*]++|\*(?!/))*+\*/", TOKEN, COMMENT),
        Rule("/", r"/\*", PUSH, COMMENT, "comment"),
        Rule('"', r'"(?:[^"\\{$]++|\\.|\{(?!\$)|\$(?!\{))*+"', TOKEN, STRING),
        Rule('"', '"', PUSH, STRING, '"'),
        Rule("'", r"'(?:[^'\\]++|\\.)*+'", TOKEN, STRING),
        Rule("'", "'", PUSH, STRING, "'"),
        Rule("`", "`", PUSH, STRING, "`"),
        Rule("<", _HEREDOC, CALL, STRING, _heredoc, groups=2),
    )


def _boundary(text: str, position: int, data: Hashable) -> re.Match[str] | None:
    return _OPEN.search(text, position)


def _enter(cursor: Cursor, index: int, found: re.Match[str]) -> None:
    cursor.position = found.end()
    if cursor.push(("php", "code", 0)):
        cursor.emit(found.start(), CODE)
        cursor.speak(found.start())


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    quote, label = found[group + 1], found[group + 2]
    heredoc(cursor, ("php", "nowdoc" if quote == "'" else "heredoc", label))
    cursor.token(found.start(group), found.end(group), STRING)


def _heredoc_line(cursor: Cursor, index: int) -> bool:
    """The terminator may be indented, and the statement goes on behind it."""
    if index + 1 < len(cursor.frames):
        return False
    text, label = cursor.text, str(cursor.frames[index][2])
    start = len(text) - len(text.lstrip(" \t"))
    end = start + len(label)
    if text.startswith(label, start) and not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
        cursor.frames = cursor.frames[:index]
        cursor.emit(0, STRING)
        cursor.position = end
    return False
