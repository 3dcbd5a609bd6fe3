"""Dates of every language: when a text was last updated, and deadlines in comments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from auto_enforcer.model import (
    WIDEST_WINDOW,
    Candidate,
    Edit,
    Excuse,
    Fix,
    Line,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._common import DATA, PROGRAMS, PROSE, indent_of, regex
from auto_enforcer.rules.dates import _calendar

# A date that says when the text was last updated

_FIELDS = Option(
    "fields",
    (
        "last updated",
        "last update",
        "last modified",
        "last revised",
        "last edited",
        "last changed",
        "updated",
    ),
    "names of the field, its words divided by blanks; one of a single word counts in front matter only",
)

_BEFORE_FIELD = (
    r"^[\W_]{0,16}"
    r"(?:(?:export|const|let|var|val|static|final|public|private|readonly|string|String|pub)[ \t]{1,4}){0,5}"
    r"(?:(?i:this|the) (?i:page|document|file|guide|policy|text) (?i:was |is )?)?"
)
_AFTER_FIELD = r"(?i:[ ](?:on|at|date|in))?[\W_]{0,12}(?=[\dA-Za-z])"
_MOST_INDENT = 4


def _field_dates(line: Line, options: Options) -> Iterator[Candidate]:
    folded = line.text.lower()
    if not any(word in folded for word in _first_words(options["fields"])):
        return
    match = regex(_field_pattern(options["fields"])).match(line.text)
    if match is None:
        return
    written = _calendar.read(line.text, match.end())
    if written is None or not 1900 <= written.day.year < 2100:
        return
    start, today = match.end(), line.file.today
    end = start + written.length
    text = written.rewritten(today)
    edit = Edit(0, start, 0, end, text)
    fixes = (Fix(f"Set the date to {text}", False, (edit,)),) if written.pieces else ()
    days = f"{written.day.toordinal()} {int(text != line.text[start:end])} {match['field']}"
    yield Candidate(start, end, {"date": line.text[start:end]}, fixes, value=days)


@lru_cache(64)  # as many as there are policies at once
def _first_words(fields: tuple[str, ...]) -> tuple[str, ...]:
    """What is in each line that has one of the fields, in lower case."""
    return tuple(dict.fromkeys(regex(r"[a-z0-9]*").match(name.strip().lower())[0] for name in fields))  # type: ignore[index]


@lru_cache(64)
def _field_pattern(fields: tuple[str, ...]) -> str:
    names = "|".join(r"[ _-]?".join(regex(r"\W").sub(".", word) for word in name.split()) for name in fields)
    return rf"{_BEFORE_FIELD}(?P<field>(?i:{names or '(?!)'})){_AFTER_FIELD}"


def _is_unchanged(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file is as its base, or its base is not known."""
    return "differs-from-base" not in line.file.anywhere


def _is_up_to_date(line: Line, candidate: Candidate, options: Options) -> bool:
    ordinal, differs, _ = candidate.value.split(" ", 2)
    return int(ordinal) >= line.file.today.toordinal() or (bool(candidate.fixes) and differs == "0")


def _is_beyond_front_matter(line: Line, candidate: Candidate, options: Options) -> bool:
    """A name of one word, such as `updated`, may be any field of any record; not so between the `---` at the
    file's top."""
    name = candidate.value.split(" ", 2)[2]
    if len(name) > len("updated") or " " in name or "_" in name:
        return False
    above = line.before(WIDEST_WINDOW - 1)
    dashes = [other.number for other in above if other.text.rstrip() == "---"]
    return dashes != [0]


def _is_nested(line: Line, candidate: Candidate, options: Options) -> bool:
    """Deep in data it says when a record was updated, not the file."""
    indent = indent_of(line.text)
    if line.file.language in PROSE:
        # An example of code, indented or in a fence; the front matter of a page stands at its top.
        return indent >= _MOST_INDENT or (line.language != line.file.language and line.number > WIDEST_WINDOW)
    if line.language not in DATA and line.language not in PROGRAMS:
        return False
    if line.zone_at(candidate.start) & Zone.COMMENT:
        return False
    if line.language in PROGRAMS and line.zone_at(indent) & Zone.STRING:
        return True
    return indent > _MOST_INDENT or line.text[indent : indent + 1] in ("-", "{", "[")


# A deadline in a comment

_DATE = r"(?P<date>(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])(?:[-/]\d\d)?)(?![\d/-])"
_WHEN = r"(?i:until|till|by|due(?: (?:date|on|by))?|before|after|expires?(?: on)?|deadline)"
_DEADLINES = (
    # TODO(ann, until 2026-01-31)
    rf"(?:\b(?:TODO|FIXME|HACK|XXX)|[@\\]todo)\b[^\n]{{0,100}}?(?P<span>\b{_WHEN}[:=]?[ ]{{0,2}}{_DATE})",
    # TODO [2026-01-31]: the form of a linter whose to-dos expire
    rf"\b(?:TODO|FIXME|HACK|XXX) ?(?P<span>\[[ ]?{_DATE}[ ]?\])",
    # expires: 2026-01-31
    r"^[\W_]{0,40}(?P<span>(?i:expires?|expiry|expiration|due|deadline|sunset|valid until|good until"
    rf"|(?:remove|delete|review|revisit) (?:by|after|on))(?i: (?:on|by|date))?[ ]?[:=][ ]{{0,3}}{_DATE})",
    # remove after 2026-01-31
    r"\b(?P<span>(?i:remove|delete|drop|revisit|retire|re-?enable|to be (?:removed|deleted|dropped)"
    r"|will be (?:removed|deleted|dropped))\b"
    rf"[^\n.;:]{{0,40}}?\b(?i:after|by|before|on|until|once past)[ ]{{1,2}}{_DATE})",
)


def _deadlines(line: Line, options: Options) -> Iterator[Candidate]:
    quick = regex(
        r"(?i)todo|fixme|hack|xxx|expir|due|deadline|sunset|until|remove|delete|drop|re-?enable|revisit|review|retire"
    )
    if not quick.search(line.text):
        return
    comment = line.only(Zone.COMMENT)
    taken = -1
    for pattern in _DEADLINES:
        for match in regex(pattern).finditer(comment):
            if match.start("date") == taken:
                continue
            written = _calendar.read(comment.replace("/", "-"), match.start("date"))
            if written is not None:
                taken = match.start("date")
                value = str(written.day.toordinal())
                yield Candidate(*match.span("span"), {"date": match["date"]}, value=value)


def _is_to_come(line: Line, candidate: Candidate, options: Options) -> bool:
    return date.fromordinal(int(candidate.value)) >= line.file.today


RULES = (
    Rule(
        id="dates/stale-last-updated",
        severity=Severity.WARNING,
        message="`{date}` is not the day of this change; set it to today",
        zones=Zone.EVERYWHERE,
        check=_field_dates,
        triggers=(
            r"(?i)(?:updated?|modified|revised|edited|changed)[^\n]{0,24}(?:19|20)\d\d",
            # A name from the option: whatever the field, a date follows its sign.
            r"[:=|][ \t]{0,4}[\"'*_`]{0,4}(?:\d{1,2}[./ -])?(?:\d{1,2}[./])?(?:19|20)\d\d\b",
            r"[:=|][ \t]{0,4}[\"'*_`]{0,4}(?:\d{1,2}(?:st|nd|rd|th)?[ -])?"
            r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[., -]{1,2}",
        ),
        excuses=(
            Excuse("up-to-date", _is_up_to_date),
            Excuse("beyond-front-matter", _is_beyond_front_matter),
            Excuse("nested", _is_nested),
            Excuse("unchanged", _is_unchanged),
        ),
        options=(_FIELDS,),
        before=WIDEST_WINDOW - 1,
    ),
    Rule(
        id="dates/passed-deadline",
        severity=Severity.WARNING,
        message="the deadline of {date} has passed; do what it says or set another",
        zones=Zone.COMMENT,
        check=_deadlines,
        triggers=(
            r"(?i)(?:until|till|by|due|date|on|before|after|expires?|deadline|past) {0,3}\d{4}[-/]\d\d",
            r"(?i)(?:expires?|expiry|expiration|due|deadline|sunset|until|till|by|date|on|after|before) ?[:=]"
            r" {0,3}\d{4}[-/]\d\d",
            r"(?:TODO|FIXME|HACK|XXX) ?\[ ?(?:19|20)\d\d[-/]\d\d",
        ),
        excuses=(Excuse("still-to-come", _is_to_come),),
    ),
)
