"""A term that the team has given up, in whatever case and form it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from auto_enforcer.model import (
    Candidate,
    Edit,
    Excuse,
    Fix,
    Line,
    NamedTuple,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._common import regex

_MOST = 16
"""Violations on one line, at most."""

_ZONES = {"code": Zone.CODE, "comment": Zone.COMMENT, "string": Zone.STRING, "text": Zone.TEXT}

_OPTIONS = (
    Option(
        "terms",
        {},
        'old = "new"; an old term of several words is found in every form: `oldName`, `OLD_NAME`, `old-name`',
        form="words",
        sought=True,
    ),
    Option("zones", tuple(_ZONES), "where a term counts: `code`, `comment`, `string`, `text`"),
    Option("except", (), "longer words and phrases in which an old term may stay, as they are written"),
)


def _terms(line: Line, options: Options) -> Iterator[Candidate]:
    table: Mapping[str, str] = options["terms"]
    if not table:
        return
    pattern, news = _expression(tuple(table.items()))
    text, end = line.text, 0
    for match in islice(pattern.finditer(text), 4 * _MOST):
        start, stop = match.span()
        plural = text[stop : stop + 1] in ("s", "S") and _is_whole(text, start, stop + 1)
        stop += plural
        if start < end or not _is_whole(text, start, stop):
            continue
        new, count = news[match.lastgroup or ""]
        form = _form(text[start:stop], count)
        if form is None:
            continue
        end = stop
        written = _written(new, form, text, start, stop) if new else ""
        written += text[stop - 1] if written and plural else ""
        advice = f"write `{written}`" if written else "leave it out"
        edit = Edit(0, start, 0, stop, written)
        fixes = (Fix(f"Write `{written}`", False, (edit,)),) if written else ()
        yield Candidate(start, stop, {"old": text[start:stop], "advice": advice}, fixes, written)


class _Form(NamedTuple):
    """How a match is written: what separates its words, and the case of each."""

    separator: str
    cases: tuple[str, ...]


@lru_cache(16)
def _expression(
    table: tuple[tuple[str, str], ...],
) -> tuple[re.Pattern[str], Mapping[str, tuple[str, int]]]:
    """What finds every term, the longest first; by the group that is found the new term, and how many words
    the old one has."""
    ordered = sorted(table, key=lambda pair: -len(pair[0]))
    pieces: list[str] = []
    news: dict[str, tuple[str, int]] = {}
    for number, (old, new) in enumerate(ordered):
        own = _words(old)
        if own:
            name = f"t{number}"
            pieces.append(f"(?P<{name}>{'[-_ ]?'.join(map(re.escape, own))})")
            news[name] = new, len(own)
    # A term without a letter or digit is none; the policy refuses it.
    return regex("(?i)" + ("|".join(pieces) or "(?!)")), news


def _words(term: str) -> list[str]:
    """A term's words in small letters; one with letters beyond ASCII has no form but its own."""
    if not term.isascii():
        return [word for word in regex("[-_ ]+").split(term) if word]
    return [word.lower() for word in regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall(term)]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a match is a word, or a word of a name."""
    before, first = text[start - 1 : start], text[start]
    if before.isalnum() and not (first.isupper() and (before.islower() or before.isdigit())):
        return False
    after, last = text[end : end + 1], text[end - 1]
    if not after.isalpha():
        return True
    return after.isupper() and not last.isupper()


def _form(found: str, count: int) -> _Form | None:
    """The form of a match of so many words; None for one that no name has (`bAsKet`)."""
    pieces = regex(r"[-_ ]").split(found)
    separator = found[len(pieces[0])] if len(pieces) > 1 else ""
    if len(pieces) == 1 and found.isascii():
        pieces = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall(found)
    if found.isupper():
        return _Form(separator, ("upper",) * len(pieces))
    cases = tuple(
        "lower" if piece.islower() or piece.isdigit() else "capital" if piece.istitle() else "odd"
        for piece in pieces
    )
    if (
        "odd" in cases
        or len(cases) not in (1, count)
        or (len(pieces) > 1 and not separator and "lower" in cases[1:])
    ):
        return None
    return _Form(separator, cases)


def _written(new: str, form: _Form, text: str, start: int, end: int) -> str:
    """The new term in the form of the old one at a place of the text."""
    words = _words(new)
    if not words:
        return new
    separator = form.separator
    if not separator and len(form.cases) == 1 and len(words) > 1:
        separator = _separator(new, text, start, end)
    if form.cases[0] == "upper":
        return (separator or "_").join(words).upper()
    rest = form.cases[1] if len(form.cases) > 1 else "lower" if separator else "capital"
    first = words[0].title() if form.cases[0] == "capital" else words[0]
    return separator.join([first, *(word.title() if rest == "capital" else word for word in words[1:])])


def _separator(new: str, text: str, start: int, end: int) -> str:
    """What stands between the words of a new term where the old one is a single word."""
    around = text[start - 1 : start] + text[end : end + 1]
    for separator in "_-":
        if separator in around:
            return separator
    return " " if " " in new.strip() and not regex(r"\w").search(around) else ""


def _is_excepted(line: Line, candidate: Candidate, options: Options) -> bool:
    """A longer word or phrase of the policy is there."""
    for phrase in options["except"]:
        start = line.text.find(phrase) if phrase else -1
        while 0 <= start <= candidate.start:
            if candidate.end <= start + len(phrase):
                return True
            start = line.text.find(phrase, start + 1)
    return False


def _is_elsewhere(line: Line, candidate: Candidate, options: Options) -> bool:
    """The policy's zones leave the place out."""
    zone = line.zone_at(candidate.start)
    return not any(zone & _ZONES.get(name, 0) for name in options["zones"])


def _is_new(line: Line, candidate: Candidate, options: Options) -> bool:
    """What is found is a part of the new term already."""
    if not candidate.value:
        return False
    first = max(0, candidate.start - len(candidate.value) - 4)
    around = line.text[first : candidate.end + len(candidate.value) + 4]
    wanted = "[-_ ]?".join(map(re.escape, _words(candidate.value)))
    old = candidate.start - first, candidate.end - first
    return any(
        match.start() <= old[0] and old[1] <= match.end() + 1
        for match in regex(f"(?i){wanted}").finditer(around)
    )


def _is_given_up_here(line: Line, candidate: Candidate, options: Options) -> bool:
    """The policy says here what stands for the term."""
    if line.language != "toml":
        return False
    old = line.text[candidate.start : candidate.end]
    new = options["terms"].get(old)
    if new is None:
        return False
    rest = regex(r"[\"']?[ \t]*=[ \t]*([\"'])(.*?)\1").match(line.text, candidate.end)
    return rest is not None and rest[2] == new


RULES = (
    Rule(
        id="naming/retired-term",
        severity=Severity.WARNING,
        message="`{old}` is a retired term; {advice}",
        zones=Zone.EVERYWHERE,
        check=_terms,
        triggers=("[A-Za-z0-9]",),
        excuses=(
            Excuse("except", _is_excepted),
            Excuse("zones", _is_elsewhere),
            Excuse("new", _is_new),
            Excuse("policy", _is_given_up_here),
        ),
        options=_OPTIONS,
        optional=True,
    ),
)
