"""SQL statements that are put together from text: the literal, the expression it stands in, and where that
goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Check, Line, NamedTuple, Options, Rule, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.security._shared import (
    CONSTANT,
    constant_name,
    function_around,
    is_constant,
    rule,
    said,
)

_VERB = (
    r"(?i:select\b[^\"'`\n]{0,400}?\bfrom\b|select\b(?=[^\"'`\n]{0,80}(?:\*|,|\{|\$|#|$"
    r"|['\"`]))|insert[ \t]+(?:ignore[ \t]+)?into\b"
    r"|update\b[^\"'`\n]{1,80}\bset\b|update[ \t]+['\"`{$#%\[]|delete[ \t]+from\b"
    r"|replace[ \t]+into\b|merge[ \t]+into\b"
    r"|(?:drop|alter|truncate|create)[ \t]+(?:table|database|user|view|index|schema|role)\b"
    r"|grant[ \t]+\w+|with[ \t]+\w+[ \t]+as[ \t]*\("
    r"|exec(?:ute)?[ \t]+\w+|call[ \t]+\w+|union[ \t]+(?:all[ \t]+)?select)"
)

_LITERAL = rf"(?P<open>\"\"\"|'''|[\"'`])[ \t]*(?P<verb>{_VERB})"

_OPENS = (
    r"(?:[=(,][ \t]*|\breturn[ \t]+)(?P<open>(?:[rbRBuU]?[fF][rR]?|\$@?|@\$?)?(?:\"\"\"|'''|`"
    r"|@\"|\$\"))[ \t]*\\?$"
    r"|(?P<heredoc><<[-~]['\"]?\w+['\"]?)"
)
"""A literal whose text begins on the next line."""

TRIGGERS = (
    (
        r"""(?i)["'`][ \t]{0,8}(?:select|insert|update|delete|replace|merge|drop|alter|truncate"""
        r"""|create|grant|with|exec|execute|call|union)\b"""
    ),
    r"""[=(,n][ \t]{0,4}[rbRBuUfF$@]{0,2}(?:\"\"\"|'''|`)[ \t]{0,4}\\?$""",
    r"""[=(][ \t]{0,4}[$@]{1,2}"[ \t]{0,4}$""",
    r"""<<[-~]""",
)
"""What stands where a statement begins."""

SINK = (
    r"(?i:execute\w*|exec\w*|query\w*|\w*quer(?:y|ies)|raw\w*|prepare\w*"
    r"|prepared?_?statement|select_?(?:all|one|rows?|values?)|read_sql\w*"
    r"|text|extra|literal_column|fetch_?(?:all|one|row|val)\w*|get_?(?:results?|var|row|col)"
    r"|find_by_sql|\w*_by_sql|\w*_?sql\w*|mysqli?_\w+|pg_\w+"
    r"|sqlsrv_\w+|sqlite_\w+|oci_parse|odbc_exec|db_query|statement|cursor|\w*command\w*|do"
    r"|fromsqlraw|addbatch|many_or_none|one_or_none|oneOrNone"
    r"|manyOrNone|any|none|unprepared|select|insert|update|delete|queryForObject|queryForList|run|all|each)"
)
"""The last name of what takes a statement."""

_NAMED = r"(?i:(?:sql|query|qry|stmt|statement|hql|jpql)s?)"
"""A word of a name that is given one."""

_TAKES = (
    r"(?i:execute\w*|exec|query\w*|raw|prepare\w*|createQuery|createNativeQuery"
    r"|read_sql\w*|text|mysqli?_query|pg_query|find_by_sql|\w*sql\w*"
    r"|fetch\w*|get_results|get_row|get_var|command|cursor)"
)

_IDENTIFIERS = (
    r"(?i:\w*(?:table|tables|tbl|column|columns|cols?|col_?names?|fields?|schema|schemas"
    r"|database|db_?name|dbname|index_?name|idx|prefix|view|relation"
    r"|placeholders?|place_?holders|marks|qmarks|params?_?list|binds?|order_?dir|direction"
    r"|dialect|indent|sep|separator|constraint|sequence|charset|collation"
    r"|meta|opts|pk|where_?clause|conditions?|clauses?|joins?|quoted\w*|escaped\w*"
    r"|sanitized\w*|safe_\w*)s?(?:_?names?|_?sql|_?str|_?list|_?idents?|_?identifiers?)?)"
)
"""Last names of what is a part of the statement's form, and cannot be given as a parameter."""

_SAFE_CALLS = (
    r"(?i:int|float|bool|len|range|join|repeat|str_repeat|array_fill|implode|count"
    r"|quote\w*|escape\w*|\w*_?escape\w*|\w*quote\w*|identifier|ident"
    r"|literal|intval|floatval|number|parseint|parsefloat|absint|to_i|to_f|sizeof|enquote\w*"
    r"|sanitize\w*|placeholders?|placeholder_?\w*|map|repeatn|atoi"
    r"|format_?ident\w*|quote_?ident\w*|mysqli?_real_escape_string|esc_sql|int32|int64|parse|toint\w*|wpdb)"
)


class Text(NamedTuple):
    """How a language joins texts. `joins` matches an operator that does; `inside` what is put into a literal
    without being code of the lexer; `formats` a call around or behind one."""

    joins: str = r"\+"
    inside: str = r"(?!x)x"
    formats: str = r"(?!x)x"


def sql_rule(languages: tuple[str, ...], text: Text) -> Rule:
    """The rule for a language."""
    return rule(
        "sql-built-from-text",
        languages,
        _check(text),
        TRIGGERS,
        (CONSTANT, said("identifier"), said("no-query")),
        zones=Zone.CODE | Zone.STRING,
    )


def _check(text: Text) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        end = 0
        for match in islice(regex(_LITERAL).finditer(line.text), 8):
            start = match.start("open")
            if start < end or not line.zone_at(match.start("verb")) & Zone.STRING:
                continue
            if line.zone_at(start - 1) & Zone.STRING and start and line.text[start - 1] not in "fFrRbBuU$@":
                continue
            candidate = _judged(line, start, text)
            if candidate is not None:
                end = candidate.end
                yield candidate
        opened = regex(_OPENS).search(line.text)
        if opened is None:
            return
        start = max(opened.start("open"), opened.start("heredoc"))
        if start >= end and regex(_VERB).match(line.text_after(3).lstrip()):
            candidate = _judged(line, start, text)
            if candidate is not None:
                yield candidate

    return check


def _judged(line: Line, start: int, text: Text) -> Candidate | None:
    code, words, stop = expression(line, start)
    sink = _sink(line, start)
    built = _built(code, words, text)
    if not built:
        return None
    excuse = ""
    if is_constant(_fields(code, words, text)):
        excuse = "constant"
    elif not sink:
        excuse = "no-query"
    elif _is_form(line, _fields(code, words, text)):
        excuse = "identifier"
    begin = start
    while begin and line.text[begin - 1] in "fFrRbBuU$@" and line.zone_at(begin - 1) & Zone.STRING:
        begin -= 1
    return Candidate(begin, max(stop, begin + 1), None, (), excuse)


def expression(line: Line, start: int) -> tuple[str, str, int]:
    """The code (strings blanked) and the text of the expression that a literal begins, up to a comma, a `;`
    or a bracket that closes what is around it; and the column where it ends on its first line."""
    codes: list[str] = []
    texts: list[str] = []
    depth = 0
    first = len(line.text.rstrip())
    within = _is_open(line, start)
    lines = (line, *line.after(CALL))
    for number, one in enumerate(lines):
        code, words = one.only(Zone.CODE), one.only(Zone.CODE | Zone.STRING | Zone.TEXT)
        begin = start if number == 0 else 0
        for match in regex(r"[()\[\]{},;]").finditer(code, begin):
            if match[0] in "([{":
                depth += 1
            elif match[0] in ")]}":
                depth -= 1
            if depth < 0 or (depth == 0 and match[0] in ",;"):
                codes.append(code[begin : match.start()])
                texts.append(words[begin : match.start()])
                return "\n".join(codes), "\n".join(texts), match.start() if number == 0 else first
        codes.append(code[begin:])
        texts.append(words[begin:])
        if depth == 0 and not within and not _goes_on(one, lines, number):
            break
    return "\n".join(codes), "\n".join(texts), first


def _goes_on(one: Line, lines: tuple[Line, ...], number: int) -> bool:
    """Whether a statement goes on behind a line: its literal is open, or an operator says so."""
    text = one.text.rstrip()
    if text.endswith(("+", "\\", ".", "%", "(", "&", "<<", "..")) or (
        one.zone_at(len(one.text)) & Zone.STRING and not text.endswith(('"', "'", "`"))
    ):
        return True
    below = lines[number + 1] if number + 1 < len(lines) else None
    if below is None:
        return False
    begins = below.text.lstrip()
    return (
        bool(begins) and bool(below.zone_at(0) & Zone.STRING) and begins[0] not in "'\"`"
    ) or begins.startswith(("+", ".", "%", '"""', "'''"))


def _is_open(line: Line, start: int) -> bool:
    """Whether a round bracket is open before a column, on its line or the few above."""
    depth = 0
    for one in (line, *line.before(6)):
        code = one.only(Zone.CODE)
        for character in reversed(code[:start] if one is line else code):
            if character in ")]}":
                depth += 1
            elif character in "([{":
                depth -= 1
                if depth < 0:
                    return character != "{"
            elif character == ";" and depth == 0:
                return False
        if one is not line and not one.text.strip():
            return False
    return False


def _fields(code: str, words: str, text: Text) -> str:
    """What is put into the literals of an expression, as code."""
    inside = [match[0].strip("#${}%") for match in regex(text.inside).finditer(words)]
    return "\n".join([code, *inside])


def _built(code: str, words: str, text: Text) -> bool:
    """Whether an expression puts a text together from others."""
    bare = regex(r"^[rRbBuUfF$@]+").sub("", code.strip())
    if regex(text.inside).search(words):
        return True
    if regex(r"[{(]\s*[^\s})]").search(bare) and regex(r"\{\s*[^\s}]").search(bare):
        return True
    if regex(rf"(?:^|[^+\-*/%<>=!&|])(?:{text.joins})(?![+=])").search(" " + code):
        return True
    return regex(text.formats).search(code) is not None


def _sink(line: Line, start: int) -> bool:
    """Whether an expression goes into a query: the call around it, the name that it is given to, or a call
    below that takes this name."""
    before = line.only(Zone.CODE)[:start]
    callee = _callee(line, start)
    if callee:
        last = regex(r"[.:>\-\\]+").split(callee)[-1]
        if regex(SINK).fullmatch(last):
            return True
        if not regex(
            r"(?i)(?:f|sprintf|format|printf|str|string|dedent|trim|strip|concat|append|new|join|push"
            r"|bytes|text)\w*"
        ).fullmatch(last):
            return False
    given = regex(r"([\w$.@\[\]>-]{1,80})[ \t]*(?::[^=\n]{1,40})?(?::|\+|\.)?=(?![=>])[^=\n]{0,60}$").search(
        before
    )
    if given is None and not before.strip():
        for one in line.before(2):
            given = regex(
                r"([\w$.@\[\]>-]{1,80})[ \t]*(?::[^=\n]{1,40})?(?::|\+"
                r"|\.)?=(?![=>])[ \t]*(?:\w{0,20}\()?[ \t]*$"
            ).search(one.only(Zone.CODE))
            if given or one.text.strip():
                break
    if given is None:
        returned = regex(r"\breturn\b[^=\n]{0,40}$").search(before)
        return (
            returned is not None
            and regex(rf"(?:\w*_)?{_NAMED}(?:_\w*)?|\w*(?:Sql|SQL|Query)\w*").fullmatch(function_around(line))
            is not None
        )
    name = regex(r"[.>\[\]@$-]+").split(given[1].strip(".>[]@$-"))[-1]
    if regex(
        rf"(?:\w*_)?{_NAMED}\d?(?:_\w*)?|[a-z]\w*(?:Sql|SQL|Query|Stmt|Statement)\w*|(?:sql"
        rf"|query)[A-Z]\w*|CommandText|q"
    ).fullmatch(name):
        return True
    if not regex(r"\w{1,60}").fullmatch(name):
        return False
    below = line.text_after(CALL)
    return regex(rf"\b{_TAKES}[ \t]*\([^()\n]{{0,80}}(?<![\w.]){re.escape(name)}\b").search(below) is not None


def _callee(line: Line, start: int) -> str:
    """The name before the bracket that is open before a column; empty where there is none."""
    depth = 0
    for one in (line, *line.before(4)):
        code = one.only(Zone.CODE)
        upto = start if one is line else len(code)
        for at in range(upto - 1, -1, -1):
            character = code[at]
            if character in ")]}":
                depth += 1
            elif character in "([{":
                depth -= 1
                if depth < 0:
                    if character != "(":
                        return ""
                    named = regex(r"([\w$.>:@\\-]{1,100})(?:<[\w<>, ]{1,40}>)?[ \t]*$").search(
                        code, max(0, at - 160), at
                    )
                    return named[1] if named else ""
            elif character == ";" and depth == 0:
                return ""
    return ""


def _is_form(line: Line, fields: str) -> bool:
    """Whether all that is put in is a part of the statement's form, a number, or quoted."""
    fields = regex(
        rf"\b(?:\w{{1,40}}(?:\.|->|::))*{_SAFE_CALLS}[ \t]*\((?:[^()]"
        rf"|\([^()]{{0,200}}\)){{0,200}}\)"
    ).sub(" ", fields)
    names = []
    for match in islice(
        regex(r"[A-Za-z_$@][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*([ \t]*\()?").finditer(fields), 40
    ):
        name = match[0].rstrip("( \t")
        last = regex(r"\.|->|::|\?\.").split(name)[-1]
        names.append((name, last, bool(match[1])))
    judged = [
        (name, last, called)
        for name, last, called in names
        if not is_constant(name)
        and not regex(
            r"(?i)(?:f|r|b|format|sprintf|fmt|string|self|this|s|concat|for|in|if|else|and|or|not|as"
            r"|d)"
        ).fullmatch(name)
    ]
    if not judged:
        return True
    return all(
        regex(_IDENTIFIERS).fullmatch(last)
        or (not called and regex(r"\w+").fullmatch(name) and constant_name(line, name))
        for name, last, called in judged
    )
