"""SQL statements in the strings of a program: which table they are about, and whether they carry the key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.tenancy._shared import (
    ABOVE,
    BELOW,
    CARRIED,
    MISSING,
    MOST,
    STRING,
    UNKNOWN,
    WRITTEN,
    candidate,
    is_shared,
    key_of,
)

TRIGGERS = (r"(?i)\b(?:from|into)[ \t]+[\w\"`\[]", r"(?i)\bupdate[ \t]+[\w\"`\[]")

_TABLE = (
    r"(?i)\b(?P<verb>from|into|update)[ \t]+(?:only[ \t]+)?"
    r"(?P<table>(?:[\w$]+\.|\"[^\"\n]{1,60}\"\.|`[^`\n]{1,60}`\.)?(?:\"[^\"\n]{1,60}\"|`[^`\n]{1,60}`|\[\w{1,60}\]"
    r"|\\\"\w{1,60}\\\"|[A-Za-z_]\w{0,60}))"
    r"(?=[ \t]*(?:$|[;,()\"'`\\]|(?:as[ \t]+)?(?:\w{1,30}[ \t]*)?(?:$|[;()\"'`,\\]"
    r"|\b(?:where|set|join|left|right|inner|outer|cross|full|order|group|limit|values|returning|using|for|on|union"
    r"|having|offset|select|as)\b)))"
)

_VERBS = r"(?:select\b|update\b|delete\s+from\b|insert\s+(?:ignore\s+)?into\b|with\s+\w|replace\s+into\b)"

_OPENED = rf"(?i)[\"'`][\s(\\]*(?P<verb>{_VERBS})"
"""A literal that begins with a statement."""

_BARE = rf"(?i)[\s(]*(?P<verb>{_VERBS})"
"""A line of a literal with which a statement begins."""

_CLAUSE = r"(?i)(?:^\s*|\b(?:where|and|or)\s+\(?)(?:\$\{|#\{|\{[a-z]|['\"][ \t]*[+.]|%s?\b)"
"""What is put in where a condition would stand."""


def statements(line: Line, options: Options) -> Iterator[Candidate]:
    """The statements about shared tables whose table is named on the line."""
    if not options["models"]:
        return
    for match in islice(regex(_TABLE).finditer(line.text), MOST):
        if not line.zone_at(match.start()) & STRING or not is_shared(match["table"].strip("\\"), options):
            continue
        verb, quote = _verb(line, match.end("verb"))
        rest = _rest(line, match.end(), quote) if verb else ""
        if match["verb"].lower() == "update" and not regex(r"(?i)\s*(?:(?:as\s+)?\w{1,30}\s+)?set\b").match(
            rest
        ):
            continue  # `Update customers` is written on a button.
        if verb:
            known = _judged(verb, rest, options)
            table = match["table"].strip('\\"`[]')
            built = known == UNKNOWN or regex(_CLAUSE).search(rest) is not None
            yield candidate(*match.span("table"), table, known, options, variable=built)


def _verb(line: Line, column: int) -> tuple[str, str]:
    """The first word of the statement that begins in front of a column, "" where none does, and the quote of
    its literal where it is on the line."""
    verb = quote = ""
    for match in regex(_OPENED).finditer(line.text, 0, column):
        if line.zone_at(match.start("verb")) & STRING:
            verb, quote = match["verb"], match[0][0]
    if not verb and line.zone_at(0) & STRING:
        begun = regex(_BARE).match(line.text, 0, column)
        verb = begun["verb"] if begun else _verb_above(line)
    return (regex(r"\w+").findall(verb.lower())[0] if verb else ""), quote


def _verb_above(line: Line) -> str:
    for above in line.before(ABOVE):
        text = above.text
        if not text.strip():
            continue
        opened = next(reversed(list(regex(_OPENED).finditer(text))), None)
        if opened is not None and above.zone_at(opened.start("verb")) & STRING:
            return opened["verb"]
        begun = regex(_BARE).match(text)
        if begun is not None and above.zone_at(begun.start("verb")) & STRING:
            return begun["verb"]
        if not any(zone & STRING for _, zone in above.runs):
            break
    return ""


def _rest(line: Line, column: int, quote: str) -> str:
    """The text of a literal behind a column, and of those that are joined with it. A literal that a backtick
    or three quotes open, as one of several lines, has other quotes within it."""
    long = quote in ("", "`") or line.text.find(quote * 3) in range(column)
    if long:
        return _rest_of_long(line, column)
    pieces = []
    for one in (line, *line.after(BELOW)):
        start = column if one is line else 0
        text = one.only(WRITTEN)
        for match in regex(r"[\"'`]+[ \t]*(?:[,);]|$)").finditer(text, start):
            quoted = one.zone_at(match.start()) & STRING
            if quoted and (match.end() >= len(text) or not one.zone_at(match.end() - 1) & STRING):
                pieces.append(text[start : match.start()])
                return "\n".join(pieces) + ('"' if match.end() >= len(text) else "")
        pieces.append(text[start:])
        if one is not line and text.strip() and not any(zone & STRING for _, zone in one.runs):
            break
    return "\n".join(pieces)


def _rest_of_long(line: Line, column: int) -> str:
    pieces = []
    for one in (line, *line.after(BELOW)):
        start = column if one is line else 0
        text = one.only(WRITTEN)
        end = regex(r"`|\"\"\"|'''").search(text, start)
        if end is not None:
            pieces.append(text[start : end.start()])
            break
        pieces.append(text[start:])
    return "\n".join(pieces)


def _judged(verb: str, after: str, options: Options) -> str:
    """What is known of a statement, by what stands behind its table."""
    if regex(rf"(?<![A-Za-z0-9]){key_of(options)}(?![A-Za-z])").search(after):
        return CARRIED
    if verb in ("insert", "replace"):
        bare = after.lstrip("\"'`] \t\\")
        return MISSING if bare.startswith("(") and not bare.startswith(("(${", "({")) else UNKNOWN
    return UNKNOWN if regex(_CLAUSE).search(after) else MISSING
