"""The grammar of makefiles: recipes are the shell's, all else knows comments and splices only."""

from __future__ import annotations

from auto_enforcer.grammars.modes import (
    CODE,
    COMMENT,
    ESCAPES,
    POP,
    PUSH,
    SPLICE,
    STRING,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language


def modes(row: Language) -> dict[str, Mode]:
    """The modes of make."""
    splice = Rule("\\", r"\\$", SPLICE, 0)
    escape = ESCAPES
    strings = (
        Rule('"', r'"(?:[^"\\]++|\\.)*+"', TOKEN, STRING),
        Rule("'", "'[^'\\\\]*+'", TOKEN, STRING),
        *(Rule(quote, quote, PUSH, STRING, quote) for quote in "\"'"),
    )
    return {
        "start": Mode(
            CODE,
            (
                Rule("#", r"#(?:.*[^\\])?$", TOKEN, COMMENT),
                Rule("#", "#", PUSH, COMMENT, "comment"),
                splice,
            ),
            settled=True,
            depth=0,
            line=_line,
            passed=escape,
        ),
        "recipe": Mode(
            CODE,
            # What a recipe's line begins with is no part of its command.
            (
                Rule("#", r"(?:(?<![^\s;&|(])|(?<=\t[-@+])|(?<=\t[-@+]{2}))#.*", TOKEN, COMMENT),
                # Make replaces before the shell reads, and often it is a quote.
                Rule("$", r"\$[({]subst\s[^,]*+,[^,]*+,", TOKEN, CODE),
                *strings,
                splice,
            ),
            single_line=True,
            passed=escape,
        ),
        "comment": Mode(COMMENT, (splice,), single_line=True),
        '"': Mode(STRING, (Rule('"', '"', POP, STRING), splice), single_line=True, passed=escape),
        "'": Mode(STRING, (Rule("'", "'", POP, STRING), splice), single_line=True),
    }


def _line(cursor: Cursor, index: int) -> bool:
    if cursor.text[:1] == "\t" and not cursor.opened and index + 1 == len(cursor.frames):
        cursor.push(("makefile", "recipe", 0))
    return False
