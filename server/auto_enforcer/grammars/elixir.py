"""The grammar of Elixir: its row's delimiters, and sigils."""

from __future__ import annotations

import re

from auto_enforcer.grammars.delimited import build
from auto_enforcer.grammars.literals import literal_modes
from auto_enforcer.grammars.modes import CALL, STRING, TOKEN, Cursor, Mode, Rule
from auto_enforcer.grammars.row import Language


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Elixir. A sigil of upper-case letters is raw; heredoc sigils are strings of the row."""
    sigils = (
        Rule("~", r"~(?:[a-z]|[A-Z][A-Z0-9]*+)(?!\"\"\"|''')[/|\"'(\[{<]", CALL, STRING, _sigil),
        Rule("?", r"(?<!\w)\?(?:\\.|\S)", TOKEN, STRING),
    )
    return {**build(row, sigils), **literal_modes("raw~"), **literal_modes("~", "#{")}


def _sigil(cursor: Cursor, found: re.Match[str], group: int) -> None:
    start, end = found.span(group)
    name = "raw~" if cursor.text[start + 1].isupper() else "~"
    cursor.push(("elixir", name + cursor.text[end - 1], 0))
    cursor.token(start, end, STRING)
