"""`enforcer: allow[…]` comments: what they say, and which lines they cover."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from auto_enforcer.model import Line, Suppression, Zone

MARK = b"enforcer:"
"""What a line must contain to hold a directive; case counts."""

FILE_LINES = 10
"""`allow-file` counts in a file's first lines only, so that a reader sees it on the first screen."""

_BEGINS = re.compile(r"(?<![\w-])enforcer:\s*(?=allow)")
_DIRECTIVE = re.compile(
    r"allow(?P<file>-file)?\s*\[(?P<rules>[^\]]*)\]"
    r"(?:\s+until=(?P<until>[^\s:]+))?"
    r"\s*(?::(?P<reason>.*))?$",
    re.ASCII,
)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?\Z", re.ASCII)
_CLOSER = re.compile(r"\s*(?:\*/|--+>|-\}|#\}|\]\]|=#|#>|\|#|%>|\*\)|\"\"\")\s*\Z")


class Directive(NamedTuple):
    """A comment that addresses the enforcer: its suppression or, if it is malformed, `error`.

    `alone`: nothing but the comment stands on the line, so it speaks of the next one. `start` and `end` are
    the directive's columns; `names` gives the column of each rule it names.
    """

    suppression: Suppression | None
    error: str
    alone: bool
    start: int
    end: int
    names: tuple[tuple[str, int], ...] = ()


def find(line: Line) -> Directive | None:
    """The line's directive, if a comment on it holds one. `line.text` contains MARK."""
    comments = line.only(Zone.COMMENT)
    begin = _BEGINS.search(comments)
    if begin is None:
        return None
    written = _CLOSER.sub("", comments[begin.end() :]).rstrip()
    start, end = begin.start(), begin.end() + len(written)
    alone = not line.only(Zone.CODE | Zone.STRING | Zone.TEXT).strip()
    match = _DIRECTIVE.match(written)
    if match is None:
        error = "this is no suppression; write `enforcer: allow[family/rule]: reason`"
        return Directive(None, error, alone, start, end)
    names, error = _names(match["rules"], begin.end() + match.start("rules"))
    until: date | None = None
    if match["until"] is not None:
        try:
            until = date.fromisoformat(match["until"])
        except ValueError:
            error = "what follows `until=` is no date; write it as `until=2027-01-31`"
    if error:
        return Directive(None, error, alone, start, end)
    suppression = Suppression(
        rules=tuple(name for name, _ in names),
        reason=(match["reason"] or "").strip(),
        until=until,
        start=start,
        end=end,
        whole_file=match["file"] is not None,
    )
    return Directive(suppression, "", alone, start, end, names)


def _names(written: str, column: int) -> tuple[tuple[tuple[str, int], ...], str]:
    """The rules named between the brackets, each with its column, and what is wrong with them."""
    names = []
    for part in written.split(","):
        name = part.strip()
        if not name:
            return (), "name the rules it allows between the brackets, as in `allow[family/rule]`"
        if not _NAME.match(name):
            return (), "a rule is named `family/rule`, or `family` for all of them, in lower case"
        names.append((name, column + len(part) - len(part.lstrip())))
        column += len(part) + 1
    return tuple(names), ""


def covering(suppressions: tuple[Suppression, ...], rule: str, today: date) -> Suppression | None:
    """The first of the suppressions that names the rule and has not expired."""
    for suppression in suppressions:
        if suppression.covers(rule) and (suppression.until is None or suppression.until >= today):
            return suppression
    return None
