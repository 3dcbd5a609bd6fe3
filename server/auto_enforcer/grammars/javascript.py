"""The grammar of JavaScript and TypeScript, with templates, regular expression literals and JSX."""

from __future__ import annotations

import re

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.delimited import inside
from auto_enforcer.grammars.lookback import before, guessed, opener
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
from auto_enforcer.grammars.row import BEFORE_EXPRESSION, Language

_KEYWORD = compiled(rf"(?:^|[^\w$.])(?:{BEFORE_EXPRESSION})\Z")
_BEFORE_EXPRESSION = frozenset("(=?:,&|>{[;!~+-*/%^<")
_BEFORE_ELEMENT = frozenset("(=?:,&|>{[;")
_REGEX = compiled(r"/(?:[^/\\\[]++|\\.|\[(?:[^\]\\]++|\\.)*+\])++/[A-Za-z]*+")
_CONDITION = compiled(r"(?<![\w$.#])(?:if|while|with|for(?:[ \t]+await)?)\Z")
_LONGEST_CONDITION = 16
_GAP = r"\s{0,64}+"
_MEMBER = rf"{_GAP}\??\.{_GAP}[A-Za-z_$]"
# Behind a bracket that a line before opened it may divide: `(a +`, then `b)/c/d.e`.
_AFTER_ROUND = compiled(rf"(?<=/)(?:{_MEMBER}|{_GAP}[;,)\]}}])|{_GAP}\??\.{_GAP}(?:test|exec)\b")
_AFTER_CURLY = compiled(rf"{_MEMBER}|{_GAP}(?:[;,)\]}}]|$)")
_ELEMENT = r"<(?:>|[A-Za-z_$][\w$.:-]*+)"
_CLOSED_TEMPLATE = r"`(?:[^`\\$]++|\\.|\$(?!\{)|\$\{[^{}`\"'/\\<]*+\})*+`"
_TAG_GOES_ON = compiled(r"\s*(?:/?>|\{|$|<)|\s+(?!extends\b)[\w$@:-]+\s*(?:=|/?>|$|\s[\w{/])|\s+/[*/]")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of JavaScript and its kin; JSX only where `<` cannot open a type assertion."""
    code = _code(elements=row.id != "typescript")
    made = {
        "start": Mode(CODE, code, settled=True, depth=0, closed=(("`", _CLOSED_TEMPLATE),)),
        "inside{": inside("{", code),
        "comment": Mode(COMMENT, (Rule("*", r"\*/", POP, COMMENT),), settled=True),
        "template": Mode(
            STRING,
            (Rule("`", "`", POP, STRING), Rule("$", r"\$\{", PUSH, CODE, "inside{")),
            settled=True,
            passed=ESCAPES,
        ),
        "tag": Mode(CODE, _tag(), depth=0),
        "children": Mode(TEXT, _children(), depth=0),
        "closing": Mode(CODE, (Rule(">", ">", POP, CODE),), depth=0),
    }
    for quote in "\"'":
        close = Rule(quote, quote, POP, STRING)
        made[f"string{quote}"] = Mode(
            STRING,
            (close, Rule("\\", r"\\$", SPLICE, 0)),
            single_line=True,
            passed=ESCAPES,
        )
        made[f"attribute{quote}"] = Mode(STRING, (close,))
    return made


def _comments() -> tuple[Rule, ...]:
    return (
        Rule("/", "//.*", TOKEN, COMMENT),
        Rule("/", r"/\*(?:[^*]++|\*(?!/))*+\*/", TOKEN, COMMENT),
        Rule("/", r"/\*", PUSH, COMMENT, "comment"),
    )


def _code(elements: bool) -> tuple[Rule, ...]:
    rules = [
        *_comments(),
        Rule("/", "/", CALL, STRING, _regex),
        Rule('"', r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', TOKEN, STRING),
        Rule('"', '"', PUSH, STRING, 'string"'),
        Rule("'", r"'[^'\\]*+(?:\\.[^'\\]*+)*+'", TOKEN, STRING),
        Rule("'", "'", PUSH, STRING, "string'"),
        Rule("`", r"`(?:[^`\\$]++|\\.|\$(?!\{))*+`", TOKEN, STRING),
        Rule("`", "`", PUSH, STRING, "template"),
        Rule("#", "^#!.*", TOKEN, COMMENT),
    ]
    if elements:
        # Pages hide their scripts so from browsers that are no more; it opens a comment of one line.
        rules.append(Rule("<", r"(?<![^\s>])<!--.*", TOKEN, COMMENT))
        rules.append(Rule("<", _ELEMENT, CALL, CODE, _element))
    return tuple(rules)


def _tag() -> tuple[Rule, ...]:
    return (
        *_comments(),
        *(Rule(quote, f"{quote}[^{quote}]*+{quote}", TOKEN, STRING) for quote in "\"'"),
        *(Rule(quote, quote, PUSH, STRING, f"attribute{quote}") for quote in "\"'"),
        Rule("{", r"\{", PUSH, CODE, "inside{"),
        Rule("/", "/>", POP, CODE),
        Rule("<", r"<(?:[^<>{}()]|\([^<>{}()]{1,256}+\)){1,256}+>", TOKEN, CODE),
        Rule(">", ">", CALL, CODE, _end_of_tag),
    )


def _children() -> tuple[Rule, ...]:
    return (
        Rule("{", r"\{", PUSH, CODE, "inside{"),
        Rule("<", r"</[\w$.:-]*+\s*>", POP, CODE),
        Rule("<", "</", CALL, CODE, _closing),
        Rule("<", "<>", PUSH, CODE, "children"),
        Rule("<", _ELEMENT, PUSH, CODE, "tag"),
    )


def _keyword(text: str, last: int) -> bool:
    """Whether a word behind which an expression begins ends at `last`."""
    return text[last].isalpha() and _KEYWORD.search(text[max(0, last - 11) : last + 1]) is not None


def _value(cursor: Cursor, last: int) -> bool | None:
    """Whether what ends at `last`, no blank, is a value; None where that is not to be seen on the line."""
    text = cursor.text
    sign = text[last]
    if sign == ")":
        opened = opener(cursor, last)
        if opened < 0:
            return None
        word = before(cursor, opened) + 1
        return _CONDITION.search(text, max(0, word - _LONGEST_CONDITION), word) is None
    if sign == "}":
        return None
    if sign == "!":
        # Right behind a value it says in TypeScript that there is one.
        behind = last > 0 and (text[last - 1].isalnum() or text[last - 1] in "_$)]")
        return behind and _value(cursor, last - 1) is not False
    if sign in _BEFORE_EXPRESSION:
        return sign in "+-" and text[last - 1 : last] == sign
    return not _keyword(text, last)


def _regex(cursor: Cursor, found: re.Match[str], group: int) -> None:
    """A slash divides after a value, and opens a regular expression elsewhere."""
    text, start, end = cursor.text, found.start(group), found.endpos
    last, following = before(cursor, start), text[start + 1 : start + 2]
    value = following in ("", " ", "=") if last < 0 else _value(cursor, last)
    if value is None:
        # An object or a function is hardly ever divided: what a `}` closes was a block.
        curly = text[last] == "}"
        literal = guessed(_REGEX, _AFTER_CURLY if curly else _AFTER_ROUND, text, start, end)
        if literal and (curly or following not in (" ", "=")):
            cursor.token(start, literal.end(), STRING)
    elif not value:
        # One that its line does not close ends with it.
        literal = _REGEX.match(text, start, end)
        cursor.token(start, literal.end() if literal else end, STRING)


def _element(cursor: Cursor, found: re.Match[str], group: int) -> None:
    """A `<` before a name opens an element where an expression is due."""
    text, (start, end) = cursor.text, found.span(group)
    last = start - 1
    while last >= 0 and text[last] in " \t":
        last -= 1
    due = last < 0 or text[last] in _BEFORE_ELEMENT or _keyword(text, last)
    fragment = text[end - 1] == ">"
    if not due or not (fragment or _goes_on(text, end)):
        cursor.position = start + 1
        return
    cursor.push((cursor.frames[-1][0], "children" if fragment else "tag", 0))
    cursor.token(start, end, CODE)


def _goes_on(text: str, end: int) -> bool:
    closing, arrow = text.find("</", end), text.find("=>", end)
    if text.startswith(">(", end) and (closing < 0 or 0 <= arrow < closing):
        # The parameters of a generic function's type: `<T>(value: T) => T`.
        return False
    return _TAG_GOES_ON.match(text, end) is not None and not text.endswith("<const", 0, end)


def _end_of_tag(cursor: Cursor, found: re.Match[str], group: int) -> None:
    cursor.frames = (*cursor.frames[:-1], (cursor.frames[-1][0], "children", 0))
    cursor.token(found.start(group), found.end(), CODE)


def _closing(cursor: Cursor, found: re.Match[str], group: int) -> None:
    cursor.frames = (*cursor.frames[:-1], (cursor.frames[-1][0], "closing", 0))
    cursor.token(found.start(group), found.end(), CODE)
