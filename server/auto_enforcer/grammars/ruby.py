"""The grammar of Ruby: interpolation, heredocs, percent literals, regular expressions, `=begin` blocks."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.delimited import inside
from auto_enforcer.grammars.heredocs import heredoc, heredoc_line
from auto_enforcer.grammars.literals import is_delimiter, literal_modes
from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    COMMENT,
    ESCAPES,
    POP,
    PUSH,
    SPLICE,
    STRING,
    TEXT,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language

_HEREDOC = r"<<([~-]?)([\"'`]?)([A-Za-z_]\w*+)"
_PERCENT = r"%(?:[qQwWiIrsx][^\w\s]|[^\w\s=])"
_REGEX = compiled(r"/(?:[^/\\#]++|\\.|#(?!\{))*+/[a-z]*+")
_KEYWORD = compiled(
    r"(?:^|[^\w$.])(?:if|unless|while|until|and|or|not|when|in|return|then|do|else|elsif|case|puts|yield)\Z"
)
_BEFORE_EXPRESSION = frozenset("(=?:,&|>{[;!~+-*/%^<")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Ruby."""
    code = _code()
    interpolation = Rule("#", r"#\{", PUSH, CODE, "inside{")
    escape = ESCAPES
    made = {
        "start": Mode(CODE, (*code, *_blocks()), settled=True, depth=0),
        "inside{": inside("{", code),
        "block": Mode(COMMENT, (Rule("=", r"^=end(?!\S).*", POP, COMMENT),), settled=True),
        "data": Mode(TEXT, settled=True, depth=0),
        "heredoc": Mode(STRING, (interpolation,), line=heredoc_line, passed=escape),
        "raw heredoc": Mode(STRING, line=heredoc_line),
        "regex": Mode(STRING, (interpolation, Rule("/", "/[a-z]*", POP, STRING)), passed=escape),
        "'": Mode(STRING, (Rule("'", "'", POP, STRING),), passed=escape),
        **literal_modes("raw%"),
        **literal_modes("%", "#{"),
        **literal_modes("%r", "#{", "[a-z]*"),
    }
    for quote in '"`':
        made[quote] = Mode(STRING, (Rule(quote, quote, POP, STRING), interpolation), passed=escape)
    return made


def _code() -> tuple[Rule, ...]:
    return (
        Rule("#", "#.*", TOKEN, COMMENT),
        Rule('"', r'"(?:[^"\\#]++|\\.|#(?!\{))*+"', TOKEN, STRING),
        Rule('"', '"', PUSH, STRING, '"'),
        Rule("'", r"'(?:[^'\\]++|\\.)*+'", TOKEN, STRING),
        Rule("'", "'", PUSH, STRING, "'"),
        Rule("`", "`", PUSH, STRING, "`"),
        Rule("?", r"(?<![\w)\]?])\?(?:\\.|[^\s\w])(?!\w)", TOKEN, STRING),
        Rule("$", r"\$[\"'`/#%<?]", TOKEN, CODE),
        Rule("<", _HEREDOC, CALL, STRING, _heredoc, groups=3),
        Rule("%", _PERCENT, CALL, STRING, _percent),
        Rule("/", "/", CALL, STRING, _regex),
        Rule("\\", r"\\$", SPLICE, 0),
    )


def _blocks() -> tuple[Rule, ...]:
    return (
        Rule("=", r"^=begin(?!\S).*", PUSH, COMMENT, "block"),
        Rule("_", "^__END__$", PUSH, COMMENT, "data"),
    )


def value_before(text: str, start: int, keyword: re.Pattern[str]) -> bool:
    """Whether a value ends before `start`, so that an operator is due: `a / b`, not `if /b/`."""
    before = start - 1
    while before >= 0 and text[before] in " \t":
        before -= 1
    if before < 0:
        return False
    if text[before] in _BEFORE_EXPRESSION:
        return False
    if text[before].isalnum() or text[before] in "_?!":
        return keyword.search(text[max(0, before - 9) : before + 1]) is None
    return True


def _literal_due(text: str, start: int, end: int) -> bool:
    """Whether `/` or `%` opens a literal: where no value stands before it, or as a command's argument."""
    if not value_before(text, start, _KEYWORD):
        return True
    argument = text[start - 1 : start] in (" ", "\t") and text[end : end + 1] not in ("", " ", "\t", "=")
    return argument and (text[start - 2 : start - 1].isalpha() or text[start - 2 : start - 1] == "_")


def _regex(cursor: Cursor, found: re.Match[str], group: int) -> None:
    """A slash divides after a value; a literal that its line does not close goes on where none is meant."""
    text, start = cursor.text, found.start(group)
    if not _literal_due(text, start, start + 1):
        return
    literal = _REGEX.match(text, start, found.endpos)
    if literal:
        cursor.token(start, literal.end(), STRING)
    elif start > 0 and not value_before(text, start, _KEYWORD):
        cursor.push(("ruby", "regex", 0))
        cursor.token(start, start + 1, STRING)


def _percent(cursor: Cursor, found: re.Match[str], group: int) -> None:
    start, end = found.span(group)
    kind, opener = cursor.text[start + 1 : end - 1], cursor.text[end - 1]
    if not is_delimiter(opener) or (not kind and not _literal_due(cursor.text, start, start + 1)):
        cursor.position = start + 1
        return
    name = ("raw%" if kind and kind in "qwis" else "%r" if kind == "r" else "%") + opener
    cursor.push(("ruby", name, 0))
    cursor.token(start, end, STRING)


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    dash, quote, label = (found[group + inner] for inner in range(1, 4))
    (start, end), text = found.span(group), cursor.text
    closed = not quote or text[end : end + 1] == quote
    before = text[start - 1 : start]
    shift = (
        not dash and not quote and (not label[0].isupper() or before.isalnum() or before in ("_", ")", "]"))
    )
    if shift or not closed:
        cursor.position = start + 2
        return
    name = "raw heredoc" if quote == "'" else "heredoc"
    heredoc(cursor, ("ruby", name, (label, " \t" if dash else "")))
    cursor.token(start, end + len(quote), STRING)
