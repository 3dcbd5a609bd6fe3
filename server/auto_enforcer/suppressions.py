"""`enforcer: allow[…]` comments: what they say, and which lines they cover."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from auto_enforcer.model import Line, NamedTuple, Run, Suppression, Zone

MARK = b"enforcer:"
"""What a line must contain to hold a directive; case counts."""

FILE_LINES = 10
"""`allow-file` counts in a file's first lines only, so that a reader sees it on the first screen."""

MOST_NAMES = 32
"""Rules and families that one suppression may name: each unknown one is compared with all that there are."""

# Compiled on the first use, as most files have no suppression.
_BEGINS = (
    r"(?<![\w-])enforcer:\s*(?=allow|[A-Za-z-]{1,32}[ \t]?\[|(?:ignore|disable|suppress|skip|off)"
    r"(?:-(?:file|line|next-line))?[ \t]*(?:$|[:=(]|\*/|-->|[a-z][a-z-]*/[a-z]))"
)
"""Any other word with a bracket behind it is meant for one as well, what other tools write, or a mistype; and
what they write without one, where no sentence goes on."""

_DIRECTIVE = (
    r"allow(?P<file>-file)?\s*\[(?P<rules>[^\]]*)\]"
    r"(?:\s+until=(?P<until>[^\s:]+))?"
    r"\s*(?::(?P<reason>.*))?$"
)
_OPENER = r"(?i)[ \t]*+(?:#+|//+|--+|;+|%+|'|\brem\b|::)?[ \t]*+\Z"
"""What stands between a remark and a directive in one comment."""

_REMARK = r"(?i)(?!rem\b|comment[ \t]*-?%\})\b\w"
"""In what stands before a directive in its comment: a remark of its own, not only what opens the comment."""

_NAME = r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?\Z"
_CLOSERS = (
    *("*/", "-->", "-}", "#}", "]]", "=#", "#>", "|#", "--%>", "%>", "*)", '"""'),
    *("--}}", "--~}}", "*@", "{% endcomment %}", "{%- endcomment -%}"),
)
"""What may end a comment. Not a regular expression: those try each place of a long line."""

_IN_BRACES = frozenset(("javascriptreact", "typescriptreact", "javascript", "typescript"))
"""Languages in whose markup a comment stands in braces."""


PLACEHOLDER = "reason"
"""What a fix writes where a person's reason goes; left there, it is none."""

_SIGNS = " \t.,:;!?-_…<>()[]{}\"'`*"


def stated(reason: str) -> str:
    """A reason as it was given; "" where it is none: signs alone, or the word that a fix leaves for one."""
    words = reason.strip()
    return "" if words.strip(_SIGNS).casefold() in ("", PLACEHOLDER) else words


class Directive(NamedTuple):
    """A comment that addresses the enforcer: its suppression or, if it is malformed, `error`.

    `alone`: nothing but the directive stands on the line, so it speaks of the next one. `start` and `end` are
    its columns; `names` gives the column of each rule it names.
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
    begin = re.search(_BEGINS, comments)
    if begin is None:
        return None
    written = _without_closer(comments[begin.end() : _comment_end(line, begin.end())])
    start, end = begin.start(), begin.end() + len(written)
    around = line.only(Zone.CODE | Zone.STRING | Zone.TEXT).split()
    alone = not around or (line.language in _IN_BRACES and "".join(around) == "{}")
    alone = alone and re.search(_REMARK, comments[:start]) is None
    match = re.match(_DIRECTIVE, written, re.ASCII)
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
        reason=stated(match["reason"] or ""),
        until=until,
        start=start,
        end=end,
        whole_file=match["file"] is not None,
    )
    return Directive(suppression, "", alone, start, end, names)


def extent(line: Line, directive: Directive) -> tuple[int, int]:
    """The columns of the comment that a directive is, its ends included, or of its part of one that says
    more."""
    begun = max(start for start, _ in line.runs if start <= directive.start)
    if not re.search(r"\w", line.text[begun : directive.start]):
        return begun, _comment_end(line, directive.start)
    opener = re.search(_OPENER, line.text[begun : directive.start])
    return (directive.start if opener is None else begun + opener.start()), directive.end


def unspoken(line: Line, start: int, end: int) -> Line:
    """The line as rules see it: a directive is no text of the file, nor a comment that says why something is
    as it is. What it stands on [start, end) is blank, and cut off where the line ends with it."""
    text = line.text[:start] + " " * (end - start) + line.text[end:]
    if end >= len(line.text):
        text = line.text[:start].rstrip()

    def runs() -> tuple[Run, ...]:
        return tuple(run for run in line.runs if run[0] < len(text)) or line.runs[:1]

    return Line(text, line.number, line.language, line.file, runs, line.neighbours, line.earlier)


def neighbour(line: Line) -> Line:
    """A line of another one's window, which `line.text` shows may hold a directive, without it."""
    directive = find(line)
    return line if directive is None else unspoken(line, *extent(line, directive))


def redacted(directive: Directive, mask: Callable[[str], str]) -> Directive:
    """The directive with its reason masked: a reason is repeated in reports."""
    suppression = directive.suppression
    if suppression is None or not suppression.reason:
        return directive
    return directive._replace(suppression=suppression._replace(reason=mask(suppression.reason)))


def _names(written: str, column: int) -> tuple[tuple[tuple[str, int], ...], str]:
    """The rules named between the brackets, each with its column, and what is wrong with them."""
    names = []
    parts = written.split(",", MOST_NAMES)
    if len(parts) > MOST_NAMES:
        return (), f"a suppression names at most {MOST_NAMES} rules; name their families"
    for part in parts:
        name = part.strip()
        if not name:
            return (), "name the rules it allows between the brackets, as in `allow[family/rule]`"
        if not re.match(_NAME, name, re.ASCII):
            return (), "a rule is named `family/rule`, or `family` for all of them, in lower case"
        names.append((name, column + len(part) - len(part.lstrip())))
        column += len(part) + 1
    return tuple(names), ""


def _comment_end(line: Line, column: int) -> int:
    """Where the comment around a column ends on the line."""
    return next(
        (start for start, zone in line.runs if start > column and zone != Zone.COMMENT), len(line.text)
    )


def _without_closer(written: str) -> str:
    """A comment's text without what ends the comment."""
    written = written.rstrip()
    closer = next((closer for closer in _CLOSERS if written.endswith(closer)), "")
    if not closer:
        return written
    written = written[: -len(closer)]
    return (written.rstrip("-") if closer == "-->" else written).rstrip()


def covering(suppressions: tuple[Suppression, ...], rule: str, today: date) -> Suppression | None:
    """The first of the suppressions that names the rule and has not expired."""
    for suppression in suppressions:
        if suppression.covers(rule) and (suppression.until is None or suppression.until >= today):
            return suppression
    return None
