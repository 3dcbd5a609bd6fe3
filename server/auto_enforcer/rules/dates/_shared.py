"""The date rules of program text, which each language's module completes with its own ways to make a date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex, words
from auto_enforcer.rules.dates import _calendar

YEAR, MONTH, DAY = r"(?P<year>\d{4})", r"0?(?P<month>\d{1,2})", r"0?(?P<day>\d{1,2})"
"""A call's three arguments as groups, to build its pattern from."""

COMMA = r" {0,4}, {0,4}"

_TAIL = (
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
    r"(?:\[[A-Za-z_/+-]{1,40}\])?)?"
)
_WHOLE = rf"[A-Za-z0-9@$]{{0,4}}#{{0,3}}[\"'`]{{1,3}}{_calendar.ISO}{_TAIL}[\"'`]{{1,3}}#{{0,3}}"
_ISO = rf"(?<![\w.-]){_calendar.ISO}(?!\d)"

DATE_TRIGGER = r"\d{4}-\d\d-\d\d"

IMPOSSIBLE_TRIGGERS = (
    r"\d{4}-(?:00|1[3-9]|[2-9]\d)-\d\d",
    r"\d{4}-\d\d-(?:00|3[2-9]|[4-9]\d)",
    r"\d{4}-02-(?:29|3\d)",
    r"\d{4}-(?:0[469]|11)-31",
)
"""What no day of any year can be written as, and the 29th of February."""

Parts = tuple[int, int, int]
"""(year, month, day) as written."""


def program_rules(
    languages: tuple[str, ...],
    calls: tuple[str, ...] = (),
    call_triggers: tuple[str, ...] = (),
    lenient_calls: tuple[str, ...] = (),
    layouts: frozenset[Parts] = frozenset(),
) -> tuple[Rule, ...]:
    """`hardcoded-date` and `impossible-date` for languages.

    `calls` are patterns of the calls that make a date of three numbers (groups `year`, `month`, `day`; an
    English name of the month is `month_name`) and fail when there is no such day. `lenient_calls` make a date
    of any numbers, or of text. `layouts` are days that only show how a date is written.
    """

    def hardcoded(line: Line, options: Options) -> Iterator[Candidate]:
        for start, end, parts, kind in _dates(line, (*calls, *lenient_calls)):
            if parts is None or _calendar.real(*parts) is not None:
                yield _candidate(line, start, end, parts, kind)

    def impossible(line: Line, options: Options) -> Iterator[Candidate]:
        for start, end, parts, kind in _dates(line, calls):
            if parts is not None and is_impossible(parts):
                yield _candidate(line, start, end, parts, kind)

    def is_layout(line: Line, candidate: Candidate, options: Options) -> bool:
        return _parts(candidate) in layouts

    return (
        Rule(
            id="dates/hardcoded-date",
            severity=Severity.WARNING,
            message="the date `{date}` is written into the program; take it from a setting or the clock",
            languages=languages,
            zones=Zone.CODE | Zone.STRING,
            check=hardcoded,
            triggers=(DATE_TRIGGER, *call_triggers),
            excuses=(
                Excuse("epoch", _is_epoch),
                *((Excuse("layout", is_layout),) if layouts else ()),
                PART_OF_TEXT,
                Excuse("moment", _is_moment),
                Excuse("version", _is_version),
                Excuse("constant-name", _has_constant_name),
                Excuse("example", _is_example),
                Excuse("table", _is_in_table),
            ),
            before=_TABLE_LINES,
            after=_TABLE_LINES,
        ),
        Rule(
            id="dates/impossible-date",
            severity=Severity.BLOCKED,
            message="there is no day `{date}`; correct it",
            languages=languages,
            zones=Zone.CODE | Zone.STRING,
            check=impossible,
            triggers=(*IMPOSSIBLE_TRIGGERS, *call_triggers),
            excuses=(SENTINEL, OTHER_YEAR, PART_OF_TEXT, OTHER_NUMBER, MEANT, AMONG_WRONG),
            before=2,
            after=2,
        ),
    )


def is_impossible(parts: Parts) -> bool:
    """Whether three numbers that look like a date are none: the day or, up to 31, the month is too great."""
    year, month, day = parts
    if not 1 <= month <= 12:
        return (month <= 31 and day <= 31) or month == 99 or month == 0
    return year > 0 and _calendar.real(year, month, day) is None


def named(line: Line, column: int) -> list[str]:
    """The words of the names that stand before a column: the last three on the line, else on a line above."""
    names = _names(line.only(Zone.CODE | Zone.STRING | Zone.TEXT)[:column])
    if not names:
        for above in line.before(1):
            names = _names(above.only(Zone.CODE | Zone.STRING | Zone.TEXT))
    return [word for name in names[-3:] for word in words(name)]


def _names(text: str) -> list[str]:
    names = regex(_NO_NAMES).sub(" ", text[-160:])
    found = regex(r"[A-Za-z_$][\w$]*(?:[.-][A-Za-z_$][\w$]*)*").findall(names)
    return [name for name in found if name not in ("new", "Date")]


_NO_NAMES = r"\bcase[ \t](?=[ \t]{0,4}\w)|<[\w ,.|\[\]]{1,60}>|(?:^|(?<=\s))--[a-z][a-z-]{1,30}(?=[= ])"
"""A keyword, the parameters of a type, and the option of a command: none says what a date is."""


def _dates(line: Line, calls: tuple[str, ...]) -> Iterator[tuple[int, int, Parts | None, str]]:
    """(start, end, parts, kind) of each date in the line's strings and calls. `kind` is `whole` for a string
    that is nothing but a date, `part` for one that stands in a longer string, and `call`. Parts are None for
    a call that is given text."""
    taken: list[tuple[int, int]] = []
    if calls:
        both, code = line.only(Zone.CODE | Zone.STRING), int(Zone.CODE)
        for pattern in calls:
            for match in regex(pattern).finditer(both):
                if line.zone_at(match.start()) & code:
                    taken.append(match.span())
                    yield (*match.span(), _parts_of_call(match.groupdict()), "call")
    runs = line.runs
    for index, (start, zone) in enumerate(runs):
        if zone != Zone.STRING:
            continue
        end = runs[index + 1][0] if index + 1 < len(runs) else len(line.text)
        text = line.text[start:end]
        whole = regex(_WHOLE).fullmatch(text)
        if whole is not None:
            if not any(first <= start < last for first, last in taken):
                yield start, end, _numbers(whole.groupdict()), "whole"
            continue
        for match in regex(_ISO).finditer(text):
            yield start + match.start(), start + match.end(), _numbers(match.groupdict()), "part"


def _parts_of_call(groups: dict[str, str]) -> Parts | None:
    if groups.get("month_name"):
        short = groups["month_name"].lower()[:3]
        month = next((at for at, name in enumerate(_calendar.MONTHS, 1) if name.startswith(short)), 0)
        groups = groups | {"month": str(month)}
    elif groups.get("month_from_zero"):
        groups = groups | {"month": str(int(groups["month_from_zero"]) + 1)}
    if not groups.get("year") or not groups.get("month"):
        return None
    return _numbers(groups)


def _numbers(groups: dict[str, str]) -> Parts:
    return int(groups["year"]), int(groups["month"]), int(groups.get("day") or 1)


def _candidate(line: Line, start: int, end: int, parts: Parts | None, kind: str) -> Candidate:
    details = {"date": line.text[start:end].strip("\"'`")}
    value = kind if parts is None else f"{kind} {parts[0]} {parts[1]} {parts[2]}"
    return Candidate(start, end, details, value=value)


def _parts(candidate: Candidate) -> Parts:
    _, *numbers = candidate.value.split(" ")
    year, month, day = [int(number) for number in numbers] or (0, 0, 0)
    return year, month, day


# Excuses


def _is_epoch(line: Line, candidate: Candidate, options: Options) -> bool:
    """A day that clocks, files and databases count from or up to."""
    year, month, day = _parts(candidate)
    return 0 < year <= 1900 or year >= 2100 or (year, month, day) in _EPOCHS


def _is_part_of_text(line: Line, candidate: Candidate, options: Options) -> bool:
    return candidate.value.startswith("part")


def _is_moment(line: Line, candidate: Candidate, options: Options) -> bool:
    """A time to the second, other than a full or half minute, was taken down from a clock: a record, no
    plan."""
    return (
        regex(r":\d\d:(?!00|30|59)\d\d|:\d\d\.(?!0+(?!\d))\d").search(
            line.text[candidate.start : candidate.end]
        )
        is not None
    )


def _is_version(line: Line, candidate: Candidate, options: Options) -> bool:
    return not _VERSION_WORDS.isdisjoint(named(line, candidate.start)) or bool(
        regex(r"(?i)(?:\b|_|-|api)versions?\b").search(line.text)
    )


def _has_constant_name(line: Line, candidate: Candidate, options: Options) -> bool:
    """In a comparison, what stands on the left is another day, not the name of this one."""
    if _is_compared(line, candidate):
        return False
    return not _CONSTANT_WORDS.isdisjoint(named(line, candidate.start))


def _is_example(line: Line, candidate: Candidate, options: Options) -> bool:
    found = _EXAMPLE_WORDS.intersection(named(line, candidate.start))
    # What is compared with the date has been formatted; that says nothing of the date.
    return bool(found - _FORMATS if found and _is_compared(line, candidate) else found)


def _is_compared(line: Line, candidate: Candidate) -> bool:
    before = line.only(Zone.CODE | Zone.STRING)[: candidate.start]
    return regex(_COMPARED).search(before[-60:]) is not None


def _is_in_table(line: Line, candidate: Candidate, options: Options) -> bool:
    """Nine dates or more in this line and those around it: data, such as a list of holidays."""
    lines = [line, *line.before(_TABLE_LINES), *line.after(_TABLE_LINES)]
    return (
        sum(len(regex(_TABLE_DATE).findall(other.only(Zone.CODE | Zone.STRING))) for other in lines) >= _TABLE
    )


def _is_sentinel(line: Line, candidate: Candidate, options: Options) -> bool:
    """A day of 00 or 99 says that it is not known; a month alone does not, for then the day would be
    neither."""
    _, _, day = _parts(candidate)
    return day in (0, 99)


def _is_other_year(line: Line, candidate: Candidate, options: Options) -> bool:
    return not 1900 <= _parts(candidate)[0] <= 2100


def _is_other_number(line: Line, candidate: Candidate, options: Options) -> bool:
    return not _NUMBER_WORDS.isdisjoint(named(line, candidate.start))


def _is_among_wrong(line: Line, candidate: Candidate, options: Options) -> bool:
    """Other impossible days stand right beside it, in lines of their own: a list of wrong ones."""
    beside = [*line.before(2), *line.after(2)]
    return sum(any(_is_wrong(found) for found in regex(_ALONE).finditer(other.text)) for other in beside) >= 2


def _is_wrong(found: re.Match[str]) -> bool:
    month, day = int(found[2]), int(found[3])
    return not 1 <= month <= 12 or not 1 <= day <= 31


def _is_meant(line: Line, candidate: Candidate, options: Options) -> bool:
    """The text says that the date is wrong, so it shows one."""
    lines = [line, *line.before(1)] if line.file.language not in ("markdown", "restructuredtext") else [line]
    return any(regex(_WRONG).search(other.text) for other in lines)


PART_OF_TEXT = Excuse("part-of-text", _is_part_of_text)
SENTINEL = Excuse("sentinel", _is_sentinel)
OTHER_YEAR = Excuse("other-year", _is_other_year)
OTHER_NUMBER = Excuse("other-number", _is_other_number)
MEANT = Excuse("meant", _is_meant)
AMONG_WRONG = Excuse("among-wrong", _is_among_wrong)

_ALONE = r"^[ \t]*[\"'](\d{4})-(\d\d)-(\d\d)[\"'][ \t]*,"

_COMPARED = r"(?:(?<![-=<>])[<>]=?|[!=]==?|<>)[ \t]*(?:(?:new|[A-Z]+)[ \t]+)?(?:[A-Za-z][\w.]{0,40}\()?$"

_TABLE_LINES, _TABLE = 3, 9
_TABLE_DATE = r"(?<!\d)(?:1[89]|20)\d\d(?:-\d\d-\d\d|, {0,4}\d{1,2}, {0,4}\d{1,2})(?!\d)"

_WRONG = (
    r"(?i)invalid|impossible|not exist|no such|error|\b(?:wrong|illegal|nonexistent|overflow|rejects?)\b"
    r"|\b(?:raises?|raised|throws?|fails?|normali[sz]ed?|becomes?|clamp|rolls? over)\b"
    r"|\.(?:toThrow|rejects)\b|\bassert_?(?:nil|none|null|false|is_?none|raises)"
    r"|\bdays in (?:february|april|june)\b"
)

_EPOCHS = frozenset(
    {
        *((1904, 1, 1), (1970, 1, 1), (1980, 1, 1), (1980, 1, 6), (2000, 1, 1), (2001, 1, 1), (2038, 1, 19)),
        *(
            (1900, 1, 1),
            (1969, 12, 31),
            (1970, 1, 2),
            (1970, 2, 1),
            (1999, 12, 31),
            (2000, 1, 2),
            (2037, 12, 31),
            (2099, 12, 31),
        ),
    }
)
"""The epochs of Unix, DOS, GPS, HFS, PostgreSQL and Cocoa, the ends of 32-bit time, and days beside them that
tables of formats are built from."""

_VERSION_WORDS = frozenset(
    {
        *(
            "version",
            "versions",
            "revision",
            "rev",
            "schema",
            "spec",
            "specification",
            "draft",
            "protocol",
            "model",
        ),
        *("api", "release", "tag", "edition", "snapshot", "toolchain", "compatibility", "preset", "ruleset"),
    }
)

_CONSTANT_WORDS = frozenset(
    {
        *(
            "epoch",
            "released",
            "since",
            "min",
            "minimum",
            "max",
            "maximum",
            "cutoff",
            "cut",
            "earliest",
            "latest",
        ),
        *(
            "origin",
            "reference",
            "base",
            "anchor",
            "zero",
            "birthday",
            "birth",
            "born",
            "founded",
            "established",
        ),
        *(
            "introduced",
            "added",
            "deprecated",
            "removed",
            "changed",
            "created",
            "copyright",
            "license",
            "author",
        ),
        *(
            "creation",
            "inception",
            "genesis",
            "never",
            "forever",
            "infinity",
            "sentinel",
            "floor",
            "ceiling",
        ),
        *("standard", "history", "historical", "effective", "build", "built", "generated", "updated"),
        *("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    }
)

_EXAMPLE_WORDS = frozenset(
    {
        *(
            "example",
            "examples",
            "sample",
            "samples",
            "placeholder",
            "demo",
            "mock",
            "fake",
            "fixture",
            "test",
        ),
        *(
            "tests",
            "dummy",
            "doc",
            "docs",
            "help",
            "description",
            "format",
            "formats",
            "hint",
            "expected",
            "assert",
        ),
        *("story", "stories", "stub", "print", "println", "log"),
    }
)

_FORMATS = frozenset(("format", "formats"))

_NUMBER_WORDS = frozenset(
    {
        *(
            "version",
            "versions",
            "phone",
            "tel",
            "telephone",
            "mobile",
            "fax",
            "isbn",
            "issn",
            "ip",
            "serial",
            "sku",
        ),
        *("part", "account", "iban", "ssn", "case", "number", "no", "nr", "id", "code", "key", "ref"),
        *(
            "reference",
            "ticket",
            "order",
            "invoice",
            "uuid",
            "hash",
            "doi",
            "cas",
            "model",
            "revision",
            "range",
        ),
    }
)
