"""The grammar of Perl: quote-like operators with any delimiter, heredocs, POD."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.heredocs import heredoc, heredoc_line
from auto_enforcer.grammars.literals import BRACKETS, SYMBOLS, is_delimiter, literal_modes
from auto_enforcer.grammars.lookback import before, guessed, opener, zone_at
from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    COMMENT,
    ESCAPES,
    NOTHING,
    OPEN,
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
from auto_enforcer.grammars.ruby import value_before

_OPERATOR = r"(?<![\w$@%&:-])(?<!->)(?:q[qwrx]?|m|s|tr|y)(?:\s*+[^\w\s,;=)>#}]|#)(?!(?<=-)>)"
_BOUND = r"(?<=[=!]~ )(?:m|s|tr|y),"
_HEREDOC = r"<<(~?)(?:\"([^\"]{1,64})\"|'([^']{1,64})'|[ \t]+\"([A-Z_]{1,64})\"|([A-Za-z_]\w{0,63}))"
_REGEX = compiled(r"/(?:[^/\\\[]++|\\.|\[(?:[^\]\\]++|\\.)*+\])*+/[a-z]*+")
_LONGEST_INDENT = 256
_BINDING = compiled(r"[=!]~[ \t]*\Z")
_KEYWORD = compiled(
    r"(?:^|[^\w$@%&>])(?:if|unless|while|until|and|or|not|split|grep|map|return|x|lt|gt|eq|ne)\Z"
)
# What stands before the brace of a subscript, of a reference taken apart, and of a block that has a value.
_SUBSCRIPTED = compiled(
    r"(?:[$@%&*#>\]}]|[$@%&]\w{1,64}[ \t]{1,8}|\b(?:do|eval|sub)[ \t]{1,8}"
    r"|\b(?!(?:map|grep|sort|else)\Z)\w{1,64})\Z"
)
_LONGEST_SUBSCRIPTED = 80
_ANYTHING = compiled("")
_NO_VALUE = compiled(r"\s{0,64}+(?:[;,)\]}?]|&&|\|\||(?:and|or|if|unless|for|foreach)\b|$)")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Perl. Of `s`, `tr` and `y` the first part leads over to the second."""
    made = {
        "start": Mode(CODE, _code(), settled=True, depth=0),
        "pod": Mode(COMMENT, (Rule("=", r"^=cut\b.*", POP, COMMENT),), settled=True),
        "end": Mode(TEXT, (Rule("=", r"^=[A-Za-z].*", PUSH, COMMENT, "pod"),), settled=True, depth=0),
        "heredoc": Mode(STRING, line=heredoc_line),
        "between": Mode(
            STRING, (Rule("#", r"(?<=\s)#.*", TOKEN, COMMENT), Rule(_OPENERS, r"\S", CALL, STRING, _second))
        ),
        **literal_modes("q"),
        **literal_modes("m", flags="[a-z]*"),
    }
    escape = ESCAPES
    for quote in "\"'`":
        made[quote] = Mode(STRING, (Rule(quote, quote, POP, STRING),), passed=escape)
    for left, right in BRACKETS.items():
        rules = (
            Rule(left, re.escape(left), OPEN, STRING),
            Rule(right, re.escape(right), CALL, STRING, _first_closes),
        )
        made[f"first{left}"] = Mode(STRING, rules, passed=escape)
    for symbol in SYMBOLS:
        escaped = NOTHING if symbol == "\\" else escape
        made[f"first{symbol}"] = Mode(
            STRING, (Rule(symbol, re.escape(symbol), CALL, STRING, _first_closes),), passed=escaped
        )
    return made


_OPENERS = "".join(BRACKETS) + SYMBOLS


def _code() -> tuple[Rule, ...]:
    return (
        Rule("=", r"^=[A-Za-z].*", PUSH, COMMENT, "pod"),
        Rule("_", r"^__(?:END|DATA)__\s*$", PUSH, COMMENT, "end"),
        Rule("$", r"\$#\{?|\$[\"'`;,/&](?!\w)", TOKEN, CODE),
        Rule("#", "#.*", TOKEN, COMMENT),
        *(
            rule
            for quote in "\"'`"
            for rule in (
                Rule(quote, rf"{quote}(?:[^{quote}\\]++|\\.)*+{quote}", TOKEN, STRING),
                Rule(quote, quote, PUSH, STRING, quote),
            )
        ),
        Rule("qmsty", _OPERATOR, CALL, STRING, _operator),
        Rule("msty", _BOUND, CALL, STRING, _operator),
        Rule("<", _HEREDOC, CALL, STRING, _heredoc, groups=5),
        Rule("/", "/", CALL, STRING, _regex),
    )


def _operator(cursor: Cursor, found: re.Match[str], group: int) -> None:
    (start, end), opener = found.span(group), found[group][-1]
    if not is_delimiter(opener) or cursor.text[end - 1 : end + 1] == "=>":
        cursor.position = start + 1
        return
    operator = found[group][:2]
    name = "first" if operator[0] in "sty" else "m" if operator[0] == "m" or operator == "qr" else "q"
    cursor.push(("perl", name + opener, 0))
    cursor.token(start, end, STRING)


def _first_closes(cursor: Cursor, found: re.Match[str], group: int) -> None:
    language, mode, depth = cursor.frames[-1]
    assert isinstance(depth, int)
    opener = mode[-1]
    if depth:
        following = (language, mode, depth - 1)
    else:
        following = (language, "between", 0) if opener in BRACKETS else (language, f"m{opener}", 0)
    cursor.frames = (*cursor.frames[:-1], following)
    cursor.token(found.start(group), found.end(group), STRING)


def _second(cursor: Cursor, found: re.Match[str], group: int) -> None:
    cursor.frames = (*cursor.frames[:-1], ("perl", f"m{found[group]}", 0))
    cursor.token(found.start(group), found.end(group), STRING)


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    indented, double, single, apart, bare = (found[group + inner] for inner in range(1, 6))
    start, end = found.span(group)
    before = cursor.text[start - 1 : start]
    if bare and not indented and (before.isalnum() or before in ("_", ")", "]", "}")):
        cursor.position = start + 2
        return
    heredoc(cursor, ("perl", "heredoc", (double or single or apart or bare, " \t" if indented else "")))
    cursor.token(start, end, STRING)


def _regex(cursor: Cursor, found: re.Match[str], group: int) -> None:
    """A slash after a value divides, and two of them, there or first on their line, mean "or else". A literal
    that its line does not close goes on only behind a binding operator."""
    text, start = cursor.text, found.start(group)
    twice = text.startswith("/", start + 1)
    head = text[max(0, start - _LONGEST_INDENT) : start].rstrip(" \t")
    if (twice and not head) or (value_before(text, start, _KEYWORD) and not head.endswith("..")):
        if not twice and head.endswith("}"):
            _behind_brace(cursor, start, found.endpos)
        else:
            cursor.position += twice
        return
    literal = _REGEX.match(text, start, found.endpos)
    if literal is None and _BINDING.search(text, max(0, start - 64), start):
        cursor.push(("perl", "m/", 0))
        cursor.token(start, start + 1, STRING)
        return
    cursor.token(start, literal.end() if literal else found.endpos, STRING)


def _behind_brace(cursor: Cursor, start: int, end: int) -> None:
    """Behind a block, as `map` has it, stands no division; behind a brace of a line before it may."""
    text, last = cursor.text, before(cursor, start)
    if zone_at(cursor, last) != CODE:
        return
    opened = opener(cursor, last)
    if opened < 0:
        literal = guessed(_REGEX, _NO_VALUE, text, start, end)
        divides = text.startswith((" ", "="), start + 1)
    else:
        literal = guessed(_REGEX, _ANYTHING, text, start, end)
        divides = _SUBSCRIPTED.search(text, max(0, opened - _LONGEST_SUBSCRIPTED), opened) is not None
    if literal and not divides:
        cursor.token(start, literal.end(), STRING)
