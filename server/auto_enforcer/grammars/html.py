"""The grammar of HTML, XML, Vue and Svelte: markup, with scripts and styles in their own language."""

from __future__ import annotations

import re
from collections.abc import Hashable

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.delimited import inside
from auto_enforcer.grammars.modes import (
    CALL,
    CODE,
    COMMENT,
    POP,
    PUSH,
    SKIP,
    STRING,
    TEXT,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language
from auto_enforcer.languages import PLAINTEXT, language_named

_END_OF = {
    name: compiled(rf"</{name}(?=[\s/>]|$)", re.IGNORECASE) for name in ("script", "style", "template")
}
_ATTRIBUTE = r"(?<![\w:.-])(?:lang|type)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+)"
_TYPES = {
    "": "javascript",
    "module": "javascript",
    "text/javascript": "javascript",
    "application/javascript": "javascript",
    "text/ecmascript": "javascript",
    "text/babel": "javascriptreact",
    "text/jsx": "javascriptreact",
    "text/typescript": "typescript",
    "application/json": "json",
    "application/ld+json": "json",
    "importmap": "json",
    "speculationrules": "json",
    "text/html": "html",
    "text/template": "html",
    "text/x-template": "html",
    "text/css": "css",
    "stylus": "css",
}


def modes(row: Language) -> dict[str, Mode]:
    """The modes of a markup language; only in HTML and its kin are scripts and styles another language's."""
    braces = _braces(row)
    tag = (*_values(), *braces, Rule("/", "/>", POP, CODE))
    made = {
        "start": Mode(TEXT, _markup(row, braces), settled=True, depth=0),
        "comment": Mode(COMMENT, (Rule("-", "-->", POP, COMMENT),), settled=True),
        "data": Mode(TEXT, (Rule("]", r"\]\]>", POP, CODE),), settled=True),
        "instruction": Mode(CODE, (Rule("?", r"\?>", POP, CODE),), depth=0),
        "declaration": Mode(CODE, (Rule(">[", r"[>\[]", POP, CODE),), depth=0),
        "tag": Mode(CODE, (*tag, Rule(">", ">", POP, CODE)), depth=0),
        "raw tag": Mode(
            CODE,
            (Rule("lLtT", _ATTRIBUTE, CALL, STRING, _attribute), *tag, Rule(">", ">", CALL, CODE, _enter)),
            flags=re.IGNORECASE,
            depth=0,
        ),
        "raw": Mode(TEXT, settled=True, depth=0, boundary=_boundary, leave=_leave),
    }
    for quote in "\"'":
        made[quote] = Mode(STRING, (Rule(quote, quote, POP, STRING),))
    if braces or row.id == "vue":
        # A quote that nothing closes is passed over with what stands before the brace: each one is looked
        # for once.
        strings = tuple(
            rule
            for quote in "\"'`"
            for rule in (
                Rule(quote, rf"{quote}(?:[^{quote}\\]|\\.){{0,1024}}+{quote}", TOKEN, STRING),
                Rule(quote, rf"{quote}[^{{}}]*+", SKIP, 0),
            )
        )
        made["inside{"] = inside("{", strings)
        made["mustache"] = Mode(CODE, (*strings, Rule("}", r"\}\}", POP, CODE)), depth=0)
    return made


def _markup(row: Language, braces: tuple[Rule, ...]) -> tuple[Rule, ...]:
    names = {"html": "script|style", "vue": "script|style|template", "svelte": "script|style"}.get(row.id)
    raw = (Rule("<", rf"<(?i:{names})(?=[\s/>]|$)", CALL, CODE, _raw_tag),) if names else ()
    mustache = (Rule("{", r"\{\{", PUSH, CODE, "mustache"),) if row.id == "vue" else braces
    return (
        Rule("<", "<!--(?:[^-]++|-(?!->))*+-->", TOKEN, COMMENT),
        Rule("<", "<!--", PUSH, COMMENT, "comment"),
        Rule("<", r"<!\[CDATA\[", PUSH, CODE, "data"),
        Rule("<", r"<![A-Za-z]", PUSH, CODE, "declaration"),
        Rule("<", r"<\?", PUSH, CODE, "instruction"),
        *raw,
        Rule("<", r"</?[A-Za-z_][^\s\"'<>/=]*+", PUSH, CODE, "tag"),
        *mustache,
    )


def _values() -> tuple[Rule, ...]:
    return tuple(
        rule
        for quote in "\"'"
        for rule in (
            Rule(quote, f"{quote}[^{quote}]*+{quote}", TOKEN, STRING),
            Rule(quote, quote, PUSH, STRING, quote),
        )
    )


def _braces(row: Language) -> tuple[Rule, ...]:
    return (Rule("{", r"\{", PUSH, CODE, "inside{"),) if row.id == "svelte" else ()


def _raw_tag(cursor: Cursor, found: re.Match[str], group: int) -> None:
    start, end = found.span(group)
    cursor.push((cursor.frames[-1][0], "raw tag", (found[group][1:].lower(), "")))
    cursor.token(start, end, CODE)


def _attribute(cursor: Cursor, found: re.Match[str], group: int) -> None:
    language, mode, data = cursor.frames[-1]
    assert isinstance(data, tuple)
    value = found[group].partition("=")[2].strip().strip("\"'").lower()
    cursor.frames = (*cursor.frames[:-1], (language, mode, (data[0], value[:64])))
    # As in other tags only quotes make a string.
    quotes = [at for quote in "\"'" if (at := found[group].find(quote)) >= 0]
    cursor.emit(found.start(group), CODE)
    cursor.token(found.start(group) + min(quotes, default=len(found[group])), found.end(group), STRING)


def _enter(cursor: Cursor, found: re.Match[str], group: int) -> None:
    """The end of the opening tag: what is inside is in another language up to the closing tag."""
    language, _, data = cursor.frames[-1]
    assert isinstance(data, tuple)
    inner = _inner(*data)
    frames = cursor.frames[:-1]
    cursor.frames = frames
    if inner:
        cursor.push((language, "raw", data[0]), (inner, "start", 0))
    cursor.token(found.start(group), found.end(group), CODE)
    cursor.speak(cursor.position)
    cursor.restart = True


def _inner(element: str, kind: str) -> str:
    """The language inside an element, by its `lang` or `type`; empty for markup that goes on as it is."""
    if element == "template":
        return PLAINTEXT if kind not in ("", "html", "ts", "tsx", "js") else ""
    if element == "style" and not kind:
        return "css"
    return _TYPES.get(kind) or language_named(kind) or PLAINTEXT


def _boundary(text: str, position: int, data: Hashable) -> re.Match[str] | None:
    return _END_OF[str(data)].search(text, position)


def _leave(cursor: Cursor, index: int, found: re.Match[str]) -> None:
    cursor.frames = cursor.frames[:index]
    cursor.position = found.start()
    cursor.speak(found.start())
