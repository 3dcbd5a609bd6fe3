"""The grammar of Elixir: its row's delimiters, and sigils."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.delimited import build
from auto_enforcer.grammars.literals import literal_modes
from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    ESCAPES,
    POP,
    PUSH,
    STRING,
    TEXT,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language

_FLAGS = "[a-zA-Z]*"
_DOCUMENTS = compiled(r"@(?:doc|moduledoc|typedoc|shortdoc)[ \t]+\Z")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Elixir. A sigil of upper-case letters is raw, but its closer can be escaped; one in
    brackets ends at the first closing one."""
    sigils = (
        Rule("~", r"~(?:[a-z]|[A-Z][A-Z0-9]*+)(?:\"\"\"|''')", CALL, STRING, _heredoc),
        Rule("~", r"~(?:[a-z]|[A-Z][A-Z0-9]*+)[/|\"'(\[{<]", CALL, STRING, _sigil),
        Rule("?", r"(?<!\w)\?(?:\\.|\S)", TOKEN, STRING),
    )
    made = build(row, sigils)
    made |= literal_modes("raw~", flags=_FLAGS, nested=False)
    made |= literal_modes("~", "#{", _FLAGS, nested=False)
    interpolation = Rule("#", r"#\{", PUSH, CODE, "inside{")
    for quotes in ('"""', "'''"):
        for zone, name in ((STRING, "heredoc"), (TEXT, "doc")):
            close = Rule(quotes[0], quotes + _FLAGS, POP, zone)
            made[f"raw {name}{quotes}"] = Mode(zone, (close,), passed=ESCAPES)
            made[f"{name}{quotes}"] = Mode(zone, (close, interpolation), passed=ESCAPES)
    return made


def _sigil(cursor: Cursor, found: re.Match[str], group: int) -> None:
    start, end = found.span(group)
    name = "raw~" if cursor.text[start + 1].isupper() else "~"
    cursor.push(("elixir", name + cursor.text[end - 1], 0))
    cursor.token(start, end, STRING)


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    (start, end), text = found.span(group), cursor.text
    documents = _DOCUMENTS.search(text, max(0, start - 64), start) is not None
    raw = "raw " if text[start + 1].isupper() else ""
    cursor.push(("elixir", f"{raw}{'doc' if documents else 'heredoc'}{text[end - 3 : end]}", 0))
    cursor.token(start, end, TEXT if documents else STRING)
