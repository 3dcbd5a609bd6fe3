"""Texts that are formatted with more or fewer values than they have places for."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.python._reading import CODE, VALUES, arguments, closing

_TEXT = r"(?<![\w\"'])[rRuU]?(?:\"(?P<double>(?:[^\"\\\n]|\\.)*)\"|'(?P<single>(?:[^'\\\n]|\\.)*)')"
_PERCENT = rf"{_TEXT}[ \t]*%[ \t]*\("
_FORMAT = rf"{_TEXT}\.format\("
_PLACE = r"%(?:%|[#0 +-]*(?P<stars>\*)?\d*(?:\.(?:\d+|(?P<more>\*)))?[hlL]?[diouxXeEfFgGcrsa])"


_PLAIN = r"[^()\[\]{}\"'#\\\n]*\)"
"""What is given where nothing has brackets or quotes of its own."""


def _fits(text: str) -> bool:
    """Whether it is seen at a glance, without the line's zones, that each text is given what it takes."""
    for pattern, count, exact in ((_PERCENT, _percent_places, True), (_FORMAT, _format_places, False)):
        for found in regex(pattern).finditer(text):
            given = regex(_PLAIN).match(text, found.end())
            if given is None or not given[0][:-1].strip():
                return False
            values = given[0][:-1].rstrip(" \t,").count(",") + 1
            places = count(_text(found))
            if places > values or (exact and 0 <= places < values):
                return False
    return True


def _miscounted(line: Line, options: Options) -> Iterator[Candidate]:
    if _fits(line.text):
        return
    values, code = line.only(VALUES), line.only(CODE)
    for found in regex(_PERCENT).finditer(values):
        places = _percent_places(_text(found))
        yield from _compared(line, found, code, places, exact=True)
    for found in regex(_FORMAT).finditer(values):
        places = _format_places(_text(found))
        yield from _compared(line, found, code, places, exact=False)


def _text(found: object) -> str:
    return found["double"] or found["single"] or ""  # type: ignore[index]


def _compared(line: Line, found: object, code: str, places: int, exact: bool) -> Iterator[Candidate]:
    start, opened = found.start(), found.end() - 1  # type: ignore[attr-defined]
    if places < 1 or (start and not regex(r"[(,=\[ \t+:{]").match(code[start - 1])):
        return
    end = closing(line, opened, 0)
    if end is None:
        return
    given = arguments("(" + _filled(line, opened + 1, end[1]) + ")")
    if any(one.startswith("*") or regex(r"\w+[ \t]*=(?!=)").match(one) for one in given):
        return
    # What stands alone in the brackets behind `%` may be a tuple itself.
    if exact and (len(given) < 2 or regex(r"[ \t]*[.*+\[]").match(code, end[1] + 1)):
        return
    if regex(r"\bfor\b").search(code, opened, end[1]):
        return
    if (len(given) < places or (exact and len(given) > places)) and not _is_joined(line, start):
        yield Candidate(start, end[1] + 1, {"places": str(places), "given": str(len(given))})


def _filled(line: Line, start: int, end: int) -> str:
    """A part of the code, its strings filled with what is no bracket and no comma."""
    pairs = zip(line.only(CODE)[start:end], line.only(VALUES)[start:end], strict=True)
    return "".join([value if one == value else "x" for one, value in pairs])


def _is_joined(line: Line, start: int) -> bool:
    """Whether a string above goes on here."""
    values = line.only(VALUES)
    if regex(r"[\"'][ \t]*$").search(values[:start]):
        return True
    above = next(iter(line.before(1)), None)
    return (
        not values[:start].strip()
        and above is not None
        and above.only(VALUES).rstrip(" \t\\").endswith(('"', "'"))
    )


def _percent_places(text: str) -> int:
    """How many values the text takes; -1 where it takes names, or cannot be read."""
    if "%(" in text:
        return -1
    count, at = 0, text.find("%")
    while at >= 0:
        place = regex(_PLACE).match(text, at)
        if place is None:
            return -1
        if place[0] != "%%":
            count += 1 + bool(place["stars"]) + bool(place["more"])
        at = text.find("%", place.end())
    return count


def _format_places(text: str) -> int:
    """How many values the text takes; -1 where it takes names, or nests."""
    text = text.replace("{{", "").replace("}}", "")
    count = 0
    for place in regex(r"\{([^{}]*)\}").finditer(text):
        name = regex(r"[^:!.\[]*").match(place[1])
        number = name[0] if name is not None else ""
        if number and not number.isdigit():
            return -1
        count = max(count, int(number) + 1) if number else count + 1
    rest = regex(r"\{[^{}]*\}").sub("", text)
    return -1 if "{" in rest or "}" in rest else count


RULES = (
    Rule(
        id="python/format-argument-count",
        severity=Severity.BLOCKED,
        message="the text has places for {places} and is given {given}; give it as many as it takes",
        languages=("python",),
        zones=Zone.CODE | Zone.STRING,
        check=_miscounted,
        triggers=(r"[\"'][ \t]*%[ \t]*\([^\n,]*,", r"[\"']\.format\([^\n]*\)"),
        before=1,
    ),
)
