"""SQL statements that are put together from text: the literal, the expression it stands in, and where that
goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from auto_enforcer.model import Candidate, Check, Line, NamedTuple, Options, Rule, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import (
    ABOVE,
    CONSTANT,
    HOLE,
    constant_name,
    either,
    function_around,
    given_in,
    is_constant,
    onward,
    rule,
    with_hole,
)
from auto_enforcer.rules.security._sight import is_given_constants

_CODE, _STRING, _WORDS = int(Zone.CODE), int(Zone.STRING), int(Zone.CODE | Zone.STRING | Zone.TEXT)
_PREFIXES = "fFrRbBuU$@"
_FURTHER = {"rust": "#", "swift": "#", "scala": "saw"}
"""What stands before a literal and belongs to it; in some languages more."""

_VERB = (
    r"(?i:select\b[^\"'`\n]{0,400}?\bfrom\b|select\b(?=[^\"'`\n]{0,80}(?:\*|,|\{|\$|#|$"
    r"|['\"`]))|insert[ \t]+(?:ignore[ \t]+)?into\b"
    r"|update\b[^\"'`\n]{1,80}\bset\b|update[ \t]+['\"`{$#%\[]|delete[ \t]+from\b"
    r"|replace[ \t]+into\b|merge[ \t]+into\b"
    r"|(?:drop|alter|truncate|create)[ \t]+(?:table|database|user|view|index|schema|role)\b"
    r"|grant[ \t]+\w+|with[ \t]+\w+[ \t]+as[ \t]*\("
    r"|(?-i:EXEC(?:UTE)?|CALL)[ \t]+\w+|exec(?:ute)?[ \t]+\w+[ \t]+['@]|call[ \t]+\w+[ \t]*\("
    r"|union[ \t]+(?:all[ \t]+)?select)"
)

_LITERAL = rf"(?P<open>\"\"\"|'''|[\"'`])[ \t]{{0,8}}(?P<verb>{_VERB})"

_BEGINS = (
    r"[ \t]{0,80}(?P<verb>(?=(?i:(?:select|insert|update|delete|replace|merge|drop|alter|create)\b"
    r"|with[ \t]{1,8}\w{1,60}[ \t]{1,8}as[ \t]{0,8}\())"
    rf"{_VERB})"
)
"""A line on which the text of a statement begins."""

_OPENS = (
    r"(?P<open>(?:[rbRBuU]?[fF][rR]?|\$@?|@\$?)?(?:\"\"\"|'''|`|\"))[ \t]*\\?$"
    r"|(?P<heredoc><<[<~-]?['\"]?(?P<name>\w+)['\"]?)"
)
"""A literal whose text begins on the next line."""

_MOST_BLANK = 3
"""Lines between the opening of a literal and its first word."""

_BEGUN = (
    r"(?:select|update)\b|insert[ \t]+(?:ignore[ \t]+)?into\b|delete[ \t]+from\b"
    r"|(?:replace|merge)[ \t]+into\b"
    r"|(?:drop|alter|truncate|create)[ \t]+(?:table|database|user|view|index|schema|role)\b"
)
"""How a statement begins, by `_VERB`."""

TRIGGERS = (
    rf"""(?i)["'`][ \t]{{0,8}}(?:{_BEGUN}|(?:grant|with)[ \t])""",
    r"""["'`][ \t]{0,8}(?:EXEC(?:UTE)?|CALL)[ \t]""",
    r"""(?i)["'`][ \t]{0,8}(?:exec(?:ute)?[ \t]+\w+[ \t]+['@]|call[ \t]+\w+[ \t]*\()""",
    r"""(?i)["'`][ \t]{0,8}union[ \t]+(?:all[ \t]+)?select""",
    rf"""(?i)^[ \t]{{0,80}}(?:{_BEGUN})""",
    r"""(?i)^[ \t]*with[ \t]+\w+[ \t]+as[ \t]*\(""",
)
"""What stands where a statement begins."""

_FURTHER_PARTS = (
    r"(?i:(?:where|and|or|having|limit|offset|order[ \t]+by|group[ \t]+by|values|set|in|like|between|union"
    r"|(?:(?:inner|left|right|outer|cross|full)[ \t]+)?join)\b)"
)
"""How a statement goes on."""

_VALUE = (
    r"(?:[=<>]|(?i:\b(?:like|between|in[ \t]*\()))[ \t]*'?%?"
    r"(?:[\"`'][ \t\n]*[+.]|[$#]?\{|\$\w|%[-+#0-9.]*[svqT])"
)
"""Where a part of a statement is compared with what is put in: only that is a value for sure."""

_APPENDED = (
    r"(?P<name>(?<![\w$])\$?[A-Za-z_]\w{0,60})(?:[ \t]*(?:[+.]=|<<)[ \t]*"
    r"|(?P<call>\.(?i:append|concat|push|writestring|appendline))[ \t]*\([ \t]*)"
    r"(?:(?i:fmt\.sprintf|sprintf|string\.format)[ \t]*\([ \t]*)?"
    rf"[$@fFrRbBuU]{{0,2}}(?P<open>[\"'`])[ \t]{{0,8}}(?P<verb>{_FURTHER_PARTS})"
)
"""A part that is put behind a statement which a name holds."""

_APPENDS = (
    r"(?i)(?:[+.]=|<<|append\(|writestring\(|sprintf\()[ \t]*[$@frbu]{0,2}[\"'`][ \t]{0,8}"
    r"(?:where|and|or|having|limit|order|group|values|set|in|like|union|(?:inner[ \t]|left[ \t])?join)[ \t(]"
)
"""What stands where one is."""

SINK = (
    r"(?i:execute\w*|(?:must|named)?exec\w*|query\w*|\w*quer(?:y|ies)|raw\w*|prepare\w*"
    r"|prepared?_?statement|select_?(?:all|one|rows?|values?)|read_sql\w*"
    r"|text|extra|literal_column|fetch\w*|get_?(?:results?|var|row|col)"
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

IDENTIFIERS = (
    r"(?i:\w*(?:column|columns|cols?|col_?names?|fields?"
    r"|index_?name|idx|prefix"
    r"|placeholders?|place_?holders|marks|qmarks|params?_?list|binds?|order_?dir|direction"
    r"|dialect|indent|sep|separator|constraint|sequence|charset|collation"
    r"|meta|opts|pk|schema|operators?|suffix|\w+_ident(?:ifier)?|where_?clause|conditions?|clauses?|joins?|quoted\w*|escaped\w*"
    r"|sanitized\w*|safe_\w*)s?(?:_?names?|_?sql|_?str|_?list|_?idents?|_?identifiers?)?)"
)
"""Last names of what is a part of the statement's form, and cannot be given as a parameter."""

_SAFE_CALLS = (
    r"(?i:int|float|bool|len|range|repeat|str_repeat|array_fill|count"
    r"|wrap\w*|quote\w*|escape\w*|\w*_?escape\w*|\w*quote\w*|identifier|ident"
    r"|literal|intval|floatval|number|parseint|parsefloat|absint|to_i|to_f|sizeof|enquote\w*"
    r"|sanitize\w*|placeholders?|placeholder_?\w*|repeatn|atoi"
    r"|format_?ident\w*|quote_?ident\w*|mysqli?_real_escape_string|esc_sql|int32|int64|parse|toint\w*|wpdb)"
)


class Text(NamedTuple):
    """How a language joins texts. `joins` matches an operator that does; `inside` what is put into a literal
    without being code of the lexer; `formats` a call around or behind one."""

    joins: str = r"\+"
    inside: str = r"(?!x)x"
    formats: str = r"(?!x)x"
    calls: bool = False
    """Whether a call around a literal puts values into it: `Sprintf`, `String.format`."""
    holes: str = r"%[-+ #0-9.*\[\]]*[a-zA-Z]|\{\d"
    """What such a call puts a value in the place of."""
    loose: str = r"%[-+ #0-9.*\[\]]*[svqxXaT@]|\{\d"
    """Those of them that take more than numbers."""


def sql_rule(
    languages: tuple[str, ...], text: Text, further: tuple[Check, tuple[str, ...]] | None = None
) -> Rule:
    """The rule for a language; `further` finds what has no verb, by triggers of its own."""
    return rule(
        "sql-built-from-text",
        languages,
        either(_check(text), _appended(text), *((further[0],) if further else ())),
        (*TRIGGERS, _APPENDS, *(further[1] if further else ())),
        (CONSTANT, said("identifier"), said("no-query")),
        zones=Zone.CODE | Zone.STRING,
    )


class _Place(NamedTuple):
    """Where a literal begins: a column of `onward[0]`; the lines above that one, the nearest first."""

    line: Line
    """The line that is looked at, which may stand below."""
    start: int
    above: Sequence[Line]
    onward: Sequence[Line]
    heredoc: str = ""


def _check(text: Text) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        end = 0
        prefixes = _PREFIXES + _FURTHER.get(line.language, "")
        for match in islice(regex(_LITERAL).finditer(line.text), 8):
            start = match.start("open")
            if start < end or not line.zone_at(match.start("verb")) & _STRING:
                continue
            if start and line.zone_at(start - 1) & _STRING and line.text[start - 1] not in prefixes:
                continue
            start = _with_prefix(line, start, prefixes)
            if match["open"] == "`" and regex(r"[\w)>\]]$").search(line.text, max(0, start - 1), start):
                continue  # A function takes text and values apart.
            if line.language == "scala":
                named = regex(r"\w+$").search(line.text, max(0, start - 20), start)
                if named and named[0] not in ("s", "f", "raw"):
                    continue  # An interpolator of a library's takes text and values apart.
                start = named.start() if named else start
            place = _Place(line, start, line.before(ABOVE), (line, *line.after(CALL)))
            found, stop = _judged(place, text)
            if found is not None:
                end = max(stop, match.end("verb"))
                yield Candidate(start, end, None, (), found)
        first = regex(_BEGINS).match(line.text)
        if first and line.zone_at(first.start("verb")) & _STRING and not regex(_LITERAL).search(line.text):
            opened = _opened(line)
            found = _judged(opened, text)[0] if opened else None
            if found is not None:
                yield Candidate(first.start("verb"), len(line.text.rstrip()), None, (), found)

    return check


def _appended(text: Text) -> Check:
    """A check for what is put behind a statement: `sql += " AND name = '" + name + "'"`."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(_APPENDED).finditer(line.text), 4):
            start = match.start("open")
            if (
                not line.zone_at(match.start("name")) & _CODE
                or not line.zone_at(match.start("verb")) & _STRING
            ):
                continue
            if not _holds_statement(line, match["name"].lstrip("$")):
                continue
            start = _with_prefix(line, start, _PREFIXES)
            place = _Place(line, start, line.before(ABOVE), (line, *line.after(CALL)))
            found, stop = _judged(place, text, _chained(line, start) if match["call"] else None, sure=True)
            if found is not None:
                yield Candidate(start, max(stop, match.end("verb")), None, (), found)

    return check


def _chained(line: Line, start: int) -> tuple[str, str, int] | None:
    """The code and the text of a literal and of what is put behind it by further calls, as a sum; None where
    there are no such calls."""
    code, words = onward(line, start)
    links = list(regex(r"\)[ \t\n]*\.(?i:append|concat|push|writestring)[ \t]*\(").finditer(code))
    if not links or len(code) != len(words):
        return None
    for one in links:
        joined = "+".ljust(len(one[0]))
        code = code[: one.start()] + joined + code[one.end() :]
        words = words[: one.start()] + joined + words[one.end() :]
    end = code.rfind(")")
    return code[:end], words[:end], len(line.text.rstrip())


def _holds_statement(line: Line, name: str) -> bool:
    """Whether a name was given the beginning of a statement above."""
    if name not in line.text_before(ABOVE):
        return False
    above = line.before(ABOVE)
    for number, one in enumerate(above):
        if name not in one.text:
            continue
        pattern = rf"(?:^|[\s($;{{.>]){HOLE}[ \t]*(?::[^=\n]{{1,40}})?:?=(?![=>])[ \t]*"
        match = given_in(one, with_hole(one.text, name), pattern)
        if match:
            value = one.text[match.end() :] + "\n" + (above[number - 1].text if number else "")
            return regex(rf"[^\"'`=]{{0,60}}[\"'`]{{1,3}}\s*{_VERB}").match(value) is not None
    return False


def conditions(called: str, text: Text) -> Check:
    """A check for a part of a statement, which what `called` matches takes: `whereRaw("name = '$name'")`."""
    pattern = (
        rf"{called}[ \t]*\([ \t]*(?:(?i:fmt\.sprintf|sprintf|string\.format)[ \t]*\([ \t]*)?"
        r"[$@fF]{0,2}(?P<open>[\"'`])"
    )

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(pattern).finditer(line.text), 4):
            start = match.start("open")
            code = line.zone_at(match.start()) & _CODE
            if not code or regex(_LITERAL).match(line.text, start):
                continue
            start = _with_prefix(line, start, _PREFIXES)
            place = _Place(line, start, line.before(ABOVE), (line, *line.after(CALL)))
            found, stop = _judged(place, text, sure=True, begins="where ")
            if found is not None:
                yield Candidate(start, max(stop, start + 1), None, (), found)

    return check


def _with_prefix(line: Line, start: int, prefixes: str) -> int:
    """Where a literal begins with what belongs to it before its quote."""
    while start and line.text[start - 1] in prefixes and line.zone_at(start - 1) & _STRING:
        start -= 1
    return start


def _opened(line: Line) -> _Place | None:
    """The literal that a line begins the text of, if it was opened right above."""
    above = line.before(ABOVE)
    for number, one in enumerate(above[:_MOST_BLANK]):
        opened = regex(_OPENS).search(one.text)
        if opened:
            start = max(opened.start("open"), opened.start("heredoc"))
            if opened["open"] == "`" and regex(r"[\w)>\]]$").search(one.text, max(0, start - 1), start):
                return None
            onward = (*reversed(above[: number + 1]), line, *line.after(CALL))
            return _Place(line, start, above[number + 1 :], onward, opened["name"] or "")
        if one.text.strip():
            return None
    return None


def _judged(
    place: _Place,
    text: Text,
    joined: tuple[str, str, int] | None = None,
    sure: bool = False,
    begins: str = "",
) -> tuple[str | None, int]:
    """The excuse for a literal ("" where there is none; None where it is not put together), and the column
    where its expression ends on its first line. `joined` is the expression where it is no sum; it is `sure`
    to go into a query, and `begins` is what stands before it there."""
    code, words, stop = joined or _unpadded(*_expression(place))
    if begins:
        at = 1 + len(words) - len(words.lstrip("$@fFrRbBuU"))
        code, words = code[:at] + " " * len(begins) + code[at:], words[:at] + begins + words[at:]
    outer = _formatted(place) if text.calls and not joined else None
    if outer:
        inside = _inside(code, words, text)
        place, code = outer
        fields = "\n".join([code, *inside])
        if not fields.strip() or not regex(text.holes).search(words):
            return None, stop
        if not regex(text.loose).search(words):
            return "identifier", stop
    else:
        if not _built(code, words, text):
            return None, stop
        fields = _fields(code, words, text)
    if is_constant(fields):
        return "constant", stop
    if not outer:
        code, words = _without_names(code, words, text)
        fields = _fields(code, words, text)
    if sure and not regex(_VALUE).search(words):
        return "identifier", stop
    if not sure and not _sink(place):
        return "no-query", stop
    # What defines a table cannot take parameters.
    defines = regex(r"(?:\W|\b[fFrRbBuU]{1,2}(?=[\"'])){0,12}(?i:drop|alter|truncate|create|grant)\b").match(
        words
    )
    if defines or _is_form(place.line, fields):
        return "identifier", stop
    return "constant" if is_given_constants(place.line, fields) else "", stop


def _unpadded(code: str, words: str, stop: int) -> tuple[str, str, int]:
    """An expression without the calls that fill it up with blanks."""
    for match in regex(r"\.(?:ljust|rjust|center)\((?:[^()\n]|\([^()\n]*\)){0,80}\)").finditer(code):
        if len(code) == len(words):
            blank = " " * len(match[0])
            code = code[: match.start()] + blank + code[match.end() :]
            words = words[: match.start()] + blank + words[match.end() :]
    return code, words, stop


_INLINE = r"(?:[#$\\]?\{|\\\()(?:[^{}()\n]|\([^()\n]*\)|\{[^{}\n]*\}){1,200}[})]|\$\w+(?:->\w+)*"
_HOLES = r"%%|%[-+ #0-9.]*[a-zA-Z]|%\((?P<key>\w+)\)[a-z]|\{(?P<field>\w*)(?:![rsa])?(?::[^{}]*)?\}"

_OUTSIDE = r"(?i)\b(?:req(?:uest)?|params?|query|argv|args|input|body|form|cookies?|headers?)\b|\$_[A-Z]"
"""A word of what comes from outside: it is no name of the schema."""

_BEFORE_NAME = (
    r"(?i)(?:\b(?:from|join|into|update|table|view|index|schema|as)\s+(?:\w+\.|[\])}]\.)?[\"`\[]?"
    r"|[})\w]\.[\"`\[]?|@@|\bfrom\s*\(|\binto\s+[^\s()]+\s*\([^()']*)$"
)
"""Where a name of the schema stands, or a statement in brackets: no parameter can."""

_IN_SELECT = r"(?i)\bselect\s(?:(?!\b(?:from|select|where)\b)[^'()]|\([^()']*\))*$"
_BEFORE_COLUMN = r"(?i)\b(?:where|and|or|on|set|by|having)\s+$|,\s*$"
_COMPARED = r"(?i)\s*(?:[=<>!]|(?:in|like|is|not|between)\b)"


def _names_schema(before: str, after: str) -> bool:
    """Whether what stands between two parts of a statement is a name of the schema, a list of them, or a
    statement in brackets."""
    if before.count("'") % 2:
        return False
    return (
        regex(_BEFORE_NAME).search(before[-200:]) is not None
        or (
            regex(_IN_SELECT).search(before[-400:]) is not None
            and regex(r"(?i)[^'()]*(?:\(\s*\))?[^'()]*(?:\bfrom\b|$)").match(after[:400]) is not None
        )
        or (
            regex(_BEFORE_COLUMN).search(before[-60:]) is not None
            and regex(_COMPARED).match(after[:20]) is not None
        )
    )


def _without_names(code: str, words: str, text: Text) -> tuple[str, str]:
    """An expression's code and text without what is put in where a name of the schema stands."""
    if len(code) != len(words):
        return code, words
    blanked, said = list(code), list(words)

    def blank(start: int, end: int) -> None:
        if regex(_OUTSIDE).search(words, start, end):
            return
        for at in range(start, end):
            if blanked[at] != "\n":
                blanked[at] = said[at] = " "

    bare = regex(r"^\s*[fFrRbBuU$@]{0,2}(?:\"\"\"|[\"'`])").sub(lambda match: " " * len(match[0]), words)
    # What is put in right where it stands.
    for match in islice(regex(_INLINE).finditer(words), 24):
        start, end = match.span()
        within = start > 0 and not code[start - 1].strip()
        filled = code[start:end].strip() or regex(text.inside).match(words, start)
        if within and filled and _names_schema(bare[:start], words[end:]):
            blank(start, end)
    # What is joined to a literal that ends before it.
    for match in islice(
        regex(
            r"[\"']([ \t\n]*(?:\+|\.\.?|&)[ \t\n]*)([$\w](?:[\w$]|\.(?=\w)|->)*(?:\([^()\n]*\))?)"
            r"[ \t\n]*(?:[+.&]|$)?"
        ).finditer(words),
        24,
    ):
        start, end = match.span(2)
        if code[start:end].strip() and code[match.start(1) : start].strip():
            rest = regex(r"^[ \t\n]*(?:\+|\.\.?|&)[ \t\n]*[\"']").sub("", words[end:])
            if _names_schema(bare[: match.start()], rest):
                blank(start, end)
    _blank_arguments(code, bare, blank)
    return "".join(blanked), "".join(said)


def _blank_arguments(code: str, bare: str, blank: Callable[[int, int], None]) -> None:
    """Blanks what `%` and `format` put in where a name of the schema stands."""
    last = None
    for match in regex(r"(?:%|\.[ \t]*format(?=[ \t]*\())[ \t\n]*").finditer(code):
        last = match
    if last is None:
        return
    given = _split(code, last.end())
    head = regex(r"[\"'`]+[)\s]*$").sub("", bare[: last.start()])
    seen: list[bool] = []
    places: dict[int, list[bool]] = {}
    for match in islice(regex(_HOLES).finditer(head), 40):
        if match[0] == "%%" or (match[0][0] == "%") != (last[0][0] == "%"):
            continue
        at = int(match["field"]) if match["field"] and match["field"].isdigit() else len(seen)
        if match["key"] or (match["field"] and not match["field"].isdigit()):
            return
        joined = regex(r"[\"']\s*[\"']").sub("", head[: match.start()])
        fits = _names_schema(joined, regex(r"[\"']\s*\n\s*[\"']").sub("", head[match.end() :]))
        seen.append(fits)
        places.setdefault(at, []).append(fits)
    if len(places) == len(given):
        for at, (start, end) in enumerate(given):
            if all(places.get(at, [False])):
                blank(start, end)


def _split(code: str, start: int) -> list[tuple[int, int]]:
    """The columns of what stands in the bracket at a column, between its commas; or of what stands there."""
    if code[start : start + 1] != "(":
        return [(start, len(code))]
    found, depth, begin = [], 0, start + 1
    for match in regex(r"[()\[\]{},]").finditer(code, start):
        if match[0] in "([{":
            depth += 1
        elif match[0] in ")]}":
            depth -= 1
            if depth == 0:
                found.append((begin, match.start()))
                break
        elif depth == 1:
            found.append((begin, match.start()))
            begin = match.end()
    return [(one, other) for one, other in found if code[one:other].strip()]


def _formatted(place: _Place) -> tuple[_Place, str] | None:
    """Where the call around a literal that formats it begins, and the code of its further arguments."""
    line = place.onward[0]
    before = line.only(_CODE)[: place.start]
    called = regex(_FORMATS).search(before)
    if called:
        start, above, onward = called.start(1), place.above, place.onward
    elif not before.strip() and place.above:
        called = regex(_FORMATS).search(place.above[0].only(_CODE))
        if called is None:
            return None
        start, above, onward = called.start(1), place.above[1:], (place.above[0], *place.onward)
    else:
        return None
    depth, codes = 0, []
    for number, one in enumerate(place.onward):
        code = one.only(_CODE)
        begin = place.start if number == 0 else 0
        for match in regex(r"[()\[\]{}]").finditer(code, begin):
            depth += 1 if match[0] in "([{" else -1
            if depth < 0:
                codes.append(code[begin : match.start()])
                return _Place(place.line, start, above, onward), "\n".join(codes).strip(" \t\n,")
        codes.append(code[begin:])
    return None


_FORMATS = (
    r"(?i)((?:fmt\.sprintf|string\.format|(?<![\w.])sprintf|(?<![\w.])vsprintf|util\.format"
    r"|messageformat\.format"
    r"|(?<![\w.])format!?|(?<![\w.])string(?=\(format:)))"
    r"[ \t]*\((?:format:)?[ \t]*(?:\w+\.\w+[ \t]*,[ \t]*)?$"
)


def _expression(place: _Place) -> tuple[str, str, int]:
    """The code (strings blanked) and the text of the expression that a literal begins, up to a comma, a `;`
    or a bracket that closes what is around it; and the column where it ends on its first line."""
    codes: list[str] = []
    texts: list[str] = []
    depth = 0
    lines = place.onward
    first = len(lines[0].text.rstrip())
    if place.heredoc:
        for one in lines[1:]:
            if one.text.strip().rstrip(";),") == place.heredoc:
                break
            codes.append(one.only(_CODE))
            texts.append(one.only(_WORDS))
        return "\n".join(codes), "\n".join(texts), first
    within = _is_open(place)
    for number, one in enumerate(lines):
        code, words = one.only(_CODE), one.only(_WORDS)
        begin = place.start if number == 0 else 0
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


def _goes_on(one: Line, lines: Sequence[Line], number: int) -> bool:
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


def _is_open(place: _Place) -> bool:
    """Whether a round bracket is open before a column, on its line or the few above."""
    depth = 0
    line = place.onward[0]
    for one in (line, *place.above[:6]):
        code = one.only(_CODE)
        for character in reversed(code[: place.start] if one is line else code):
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
    return "\n".join([code, *_inside(code, words, text)])


def _inside(code: str, words: str, text: Text) -> list[str]:
    """What stands in the strings of an expression and is no string: `$name`."""
    return [
        match[0].strip("#${}%")
        for match in regex(text.inside).finditer(words)
        if not code[match.start() : match.end()].strip()
    ]


def _built(code: str, words: str, text: Text) -> bool:
    """Whether an expression puts a text together from others."""
    bare = regex(r"^[rRbBuUfF$@]+").sub("", code.strip())
    if _inside(code, words, text):
        return True
    if regex(r"[{(]\s*[^\s})]").search(bare) and regex(r"\{\s*[^\s}]").search(bare):
        return True
    if regex(rf"(?:^|[^+\-*/%<>=!&|])(?:{text.joins})(?![+=])").search(" " + code):
        return True
    return regex(text.formats).search(code) is not None


def _sink(place: _Place) -> bool:
    """Whether an expression goes into a query: the call around it, the name that it is given to, or a call
    below that takes this name."""
    line = place.onward[0]
    before = line.only(_CODE)[: place.start]
    callee = _callee(place)
    if callee:
        last = regex(r"[.:>\-\\]+").split(callee.rstrip(":"))[-1].lstrip("$")
        if regex(r"(?i)\w*interpolated(?:async)?|fromsql|executesql(?:async)?").fullmatch(last):
            return False
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
        for one in place.above[:2]:
            given = regex(
                r"([\w$.@\[\]>-]{1,80})[ \t]*(?::[^=\n]{1,40})?(?::|\+"
                r"|\.)?=(?![=>])[ \t]*(?:\w{0,20}\()?[ \t]*$"
            ).search(one.only(_CODE))
            if given or one.text.strip():
                break
    if given is None:
        returned = regex(r"\breturn\b[^=\n]{0,40}$").search(before)
        return (
            returned is not None
            and regex(rf"(?:\w*_)?{_NAMED}(?:_\w*)?|\w*(?:Sql|SQL|Query)\w*").fullmatch(
                function_around(place.line)
            )
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
    below = "\n".join([one.text for one in place.onward])
    return regex(rf"\b{_TAKES}[ \t]*\([^()\n]{{0,80}}(?<![\w.]){re.escape(name)}\b").search(below) is not None


def _callee(place: _Place) -> str:
    """The name before the bracket that is open before a column; empty where there is none."""
    depth = 0
    line = place.onward[0]
    for one in (line, *place.above[:4]):
        code = one.only(_CODE)
        upto = place.start if one is line else len(code)
        for at in range(upto - 1, -1, -1):
            character = code[at]
            if character in ")]}":
                depth += 1
            elif character in "([{":
                depth -= 1
                if depth < 0:
                    if character != "(":
                        return ""
                    if regex(r"[(,&][ \t]*&?[ \t]*$").search(code, max(0, at - 4), at):
                        depth = 0
                        continue  # It only groups.
                    named = regex(r"([\w$.>:@\\-]{1,100})!?(?:<[\w<>, ]{1,40}>)?[ \t]*$").search(
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
    fields = regex(r"\bquote\w*[ \t]+[\w.@:]{1,80}").sub(" ", fields)
    # A cast of C's, of PHP's or of Java's to a number.
    fields = regex(r"\((?:int|integer|long|float|double|bool)\)[ \t]*\$?\w(?:[\w.$]|->|::)*").sub(" ", fields)
    # What is only asked is not put in, and a symbol of Ruby's is no variable.
    fields = regex(r"\b(?:if|unless)[ \t]+[\w.?!]{1,80}|[\w.?!]{1,80}[ \t]*\?(?=[ \t])").sub(" ", fields)
    fields = regex(r"(?<![\w:]):[a-z_]\w*").sub(" ", fields)
    names = []
    for match in islice(
        regex(r"[A-Za-z_$@][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*([ \t]*\()?").finditer(fields), 40
    ):
        name = match[0].rstrip("( \t")
        last = regex(r"\.|->|::|\?\.").split(name)[-1]
        if last in ("join", "replace") and name != last:
            last = regex(r"\.|->|::|\?\.").split(name)[-2]
        elif last in ("join", "implode", "map", "repeat", "fill", "array_fill", "str_repeat"):
            continue
        names.append((name, last, bool(match[1])))
    judged = [
        (name, last, called)
        for name, last, called in names
        if regex(r"[A-Za-z]").search(name)
        and not is_constant(name)
        and not regex(
            r"(?i)(?:f|r|b|format|sprintf|fmt|string|self|this|s|concat|for|in|if|else|and|or|not|as"
            r"|d)"
        ).fullmatch(name)
    ]
    if not judged:
        return True
    return all(
        regex(IDENTIFIERS).fullmatch(last)
        or last in ("to_i", "to_f", "to_int", "size", "length", "count")
        or (
            not called
            and regex(r"\$?\w+").fullmatch(name) is not None
            and (constant_name(line, name) or _is_quoted(line, name.lstrip("$")))
        )
        for name, last, called in judged
    )


def _is_quoted(line: Line, name: str) -> bool:
    """Whether a name was given above what quotes or escapes, or stands for a number."""
    if name not in line.text_before(ABOVE):
        return False
    given = regex(
        rf"(?<![\w.@]){name}[ \t]*=[ \t]*(?:\(int\)|[\w.>$@:(-]{{0,60}}(?i:quote|escape|sanitize|wrap))"
        rf"|(?<![\w.@]){name}\.is_a\?\(Integer\)|\bisinstance\({name},[ \t]*int\)|\bis_int\(\${name}\)"
        rf"|\bdef\b[^\n]*[(,][ \t]*{name}[ \t]*(?::[ \t]*(?:int|float)\b|=[ \t]*[0-9])"
    )
    return any(name in one.text and given.search(one.text) for one in line.before(ABOVE))
