"""The grammar of Python, with format strings as 3.12 nests them and docstrings as text."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.modes import (
    CALL,
    CLOSE,
    CODE,
    COMMENT,
    ESCAPES,
    OPEN,
    POP,
    PUSH,
    SPLICE,
    STRING,
    TEXT,
    TOKEN,
    Cursor,
    Mode,
    Passed,
    Rule,
)
from auto_enforcer.grammars.row import Language

PREFIX = "rRbBuUfFtT"

_FORMAT = r"(?:(?<=\b[fFtT])|(?<=\b[fFtT][rR])|(?<=\b[rR][fFtT]))"
_BODY = {
    '"': r'[^"\\]*+(?:\\.[^"\\]*+)*+',
    "'": r"[^'\\]*+(?:\\.[^'\\]*+)*+",
    '"""': r'(?:[^"\\]++|\\.|"(?!""))*+',
    "'''": r"(?:[^'\\]++|\\.|'(?!''))*+",
}
_LONG_QUOTES = ('"""', "'''")
_BEFORE_DOCSTRING = compiled(r"[ \t\f]*(?:[rR]|[uU])?\Z")
_AFTER_DOCSTRING = compiled(r"[ \t\f]*(?:#|;|$)")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Python."""
    made = {
        "start": Mode(
            CODE,
            _code(),
            settled=True,
            depth=0,
            closed=_closed_formats(),
            turns=tuple(
                (rf"[ \t\f]*[rRuU]?{quote}{_BODY[quote]}", f"docstring{quote}") for quote in _LONG_QUOTES
            ),
        ),
        "field": Mode(CODE, _field(), depth=0),
        "spec": Mode(
            STRING,
            (Rule("{", r"\{", PUSH, CODE, "field"), Rule("}", r"\}", CALL, CODE, _end_of_spec)),
            depth=0,
        ),
    }
    for quote in _BODY:
        long = len(quote) == 3
        close = Rule(quote[0], quote, POP, STRING)
        rules = (close,) if long else (close, Rule("\\", r"\\$", SPLICE, 0))
        made[f"string{quote}"] = Mode(
            STRING, rules, single_line=not long, settled=long, closer=quote if long else "", passed=ESCAPES
        )
        # A doubled brace is a brace, not a field. Braces are too frequent for marks: not settled.
        made[f"format{quote}"] = Mode(
            STRING,
            (*rules, Rule("{", r"\{", PUSH, CODE, "field")),
            single_line=not long,
            wrap="" if long else "{",
            passed=Passed(r"\\[^{}]|\{\{|\}\}", "\\{}"),
        )
        if long:
            made[f"docstring{quote}"] = Mode(
                TEXT,
                (Rule(quote[0], quote, POP, TEXT),),
                settled=True,
                closer=quote,
                passed=ESCAPES,
                turns=((rf"{_BODY[quote]}{quote}[ \t\f]*", ""),),
            )
    return made


def _code() -> tuple[Rule, ...]:
    long = [
        rule
        for quote in _LONG_QUOTES
        for rule in (
            Rule(quote[0], f"{quote}{_BODY[quote]}{quote}", CALL, STRING, _whole_string),
            Rule(quote[0], quote, CALL, STRING, _open_string),
        )
    ]
    return (
        Rule("#", "#.*", TOKEN, COMMENT),
        *_plain_strings(),
        *_formats(),
        *long,
        *_strings(),
        Rule("\\", r"\\$", SPLICE, 0),
    )


def _field() -> tuple[Rule, ...]:
    long = [
        rule
        for quote in _LONG_QUOTES
        for rule in (
            Rule(quote[0], f"{quote}{_BODY[quote]}{quote}", TOKEN, STRING, None, PREFIX),
            Rule(quote[0], quote, PUSH, STRING, f"string{quote}", PREFIX),
        )
    ]
    return (
        Rule("#", "#.*", TOKEN, COMMENT),
        *_plain_strings(),
        *_formats(),
        *long,
        *_strings(),
        Rule("([{", r"[(\[{]", OPEN, CODE),
        Rule(")]}", r"[)\]}]", CLOSE, CODE),
        Rule(":", ":", CALL, STRING, _start_of_spec),
    )


def _plain_strings() -> list[Rule]:
    # Most strings have no prefix: they are tried first.
    return [
        Rule(quote, f"(?<![A-Za-z]){quote}(?!{quote}{quote}){_BODY[quote]}{quote}", TOKEN, STRING)
        for quote in "\"'"
    ]


def _formats() -> list[Rule]:
    rules = []
    for quote in _BODY:
        simple = rf"(?:[^{quote[0]}\\{{}}]++|\\[^{{}}]|\{{\{{|\}}\}}|(?!{quote})[{quote[0]}])*+"
        rules.append(Rule(quote[0], f"{_FORMAT}{quote}{simple}{quote}", TOKEN, STRING, None, PREFIX))
        rules.append(Rule(quote[0], f"{_FORMAT}{quote}", PUSH, STRING, f"format{quote}", PREFIX))
    return sorted(rules, key=lambda rule: rule.pattern.count('"""') + rule.pattern.count("'''") == 0)


def _closed_formats() -> tuple[tuple[str, str], ...]:
    # Format strings whose fields have no strings, comments or nested brackets in them.
    plain = r"""[^{}()\[\]"'\\#]"""
    field = rf"\{{(?:{plain}|\({plain}*+\)|\[{plain}*+\])*+\}}"
    return tuple(
        (
            quote,
            rf"{_FORMAT}{quote}(?!{quote}{quote})"
            rf"(?:[^{quote}\\{{}}]++|\\[^{{}}]|\{{\{{|\}}\}}|{field})*+{quote}",
        )
        for quote in "\"'"
    )


def _strings() -> list[Rule]:
    rules = []
    for quote in "\"'":
        rules.append(Rule(quote, f"{quote}{_BODY[quote]}{quote}", TOKEN, STRING, None, PREFIX))
        rules.append(Rule(quote, quote, PUSH, STRING, f"string{quote}", PREFIX))
    return rules


def _is_docstring(cursor: Cursor, start: int) -> bool:
    # A string that begins its line is taken for one that stands as a statement. One that begins a line within
    # brackets is taken for it too: to know, every line that ends with a bracket would have to be lexed.
    return not cursor.opened and _BEFORE_DOCSTRING.match(cursor.text, 0, start) is not None


def _whole_string(cursor: Cursor, found: re.Match[str], group: int) -> None:
    start, end = found.span(group)
    statement = _is_docstring(cursor, start) and _AFTER_DOCSTRING.match(cursor.text, end)
    start = cursor.with_prefix(start, PREFIX)
    cursor.token(start, end, TEXT if statement else STRING)


def _open_string(cursor: Cursor, found: re.Match[str], group: int) -> None:
    start = found.start(group)
    name = "docstring" if _is_docstring(cursor, start) else "string"
    cursor.push(("python", f"{name}{found[group]}", 0))
    cursor.token(cursor.with_prefix(start, PREFIX), found.end(), TEXT if name == "docstring" else STRING)


def _start_of_spec(cursor: Cursor, found: re.Match[str], group: int) -> None:
    if cursor.frames[-1][2] == 0 and cursor.push(("python", "spec", 0)):
        cursor.token(found.start(group), found.end(), STRING)


def _end_of_spec(cursor: Cursor, found: re.Match[str], group: int) -> None:
    cursor.frames = cursor.frames[:-2]
    cursor.token(found.start(group), found.end(), CODE)
