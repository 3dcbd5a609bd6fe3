"""The grammar of Dockerfiles: instructions that splice, comments that are whole lines, heredocs."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.heredocs import heredoc, heredoc_line
from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    COMMENT,
    POP,
    PUSH,
    SPLICE,
    STRING,
    TOKEN,
    Cursor,
    Mode,
    Passed,
    Rule,
)
from auto_enforcer.grammars.row import Language

_RUN = compiled(r"[ \t]*(?:ONBUILD[ \t]+)?RUN\b", re.IGNORECASE)
_HEREDOC = r"<<(-?)([\"']?)([A-Za-z_]\w*+)\2"


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Dockerfiles. What RUN's heredoc holds is the shell's."""
    splice = Rule("\\", r"\\[ \t]*$", SPLICE, 0)
    escape = Passed(r"\\(?![ \t]*$).", "\\")
    opener = Rule("<", _HEREDOC.replace(r"\2", "[\"']?"), CALL, STRING, _heredoc, groups=3)
    words = (
        Rule('"', r'"(?:[^"\\]++|\\(?![ \t]*$).)*+"', TOKEN, STRING),
        Rule("'", "'[^'\\\\]*+'", TOKEN, STRING),
        *(Rule(quote, quote, PUSH, STRING, quote) for quote in "\"'"),
        opener,
        splice,
    )
    comments = (
        Rule("#", r"(?<![^\s;&|(])#.*", TOKEN, COMMENT),
        # The shell's way to comment on a line that goes on.
        Rule("#", "(?<=`)#[^`]*+(?=`)", TOKEN, COMMENT),
    )
    return {
        "start": Mode(CODE, settled=True, depth=0, line=_line),
        "run": Mode(CODE, (*comments, *words), single_line=True, line=_line_between, passed=escape),
        "instruction": Mode(CODE, words, single_line=True, line=_line_between, passed=escape),
        '"': Mode(STRING, (Rule('"', '"', POP, STRING), splice), single_line=True, passed=escape),
        "'": Mode(STRING, (Rule("'", "'", POP, STRING), splice), single_line=True),
        "heredoc": Mode(STRING, line=heredoc_line),
        "shell heredoc": Mode(STRING, line=heredoc_line),
    }


def _line(cursor: Cursor, index: int) -> bool:
    if index + 1 < len(cursor.frames):
        return False
    if _blank_or_comment(cursor):
        return True
    cursor.push(("dockerfile", "run" if _RUN.match(cursor.text) else "instruction", 0))
    cursor.opened = True
    return False


def _line_between(cursor: Cursor, index: int) -> bool:
    """Lines of nothing but a comment do not end the instruction they stand in."""
    return not cursor.opened and index + 1 == len(cursor.frames) and _blank_or_comment(cursor)


def _blank_or_comment(cursor: Cursor) -> bool:
    stripped = cursor.text.lstrip(" \t")
    if stripped and stripped[0] != "#":
        return False
    cursor.emit(0, CODE)
    if stripped:
        cursor.emit(len(cursor.text) - len(stripped), COMMENT)
    return True


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    dash, label = found[group + 1], found[group + 3]
    data = (label, "\t" if dash else "")
    if cursor.frames[-1][1] == "run":
        heredoc(cursor, ("dockerfile", "shell heredoc", data), ("shellscript", "start", 0))
    else:
        heredoc(cursor, ("dockerfile", "heredoc", data))
    cursor.token(found.start(group), found.end(group), STRING)
