"""What a team's rule looks for on a line, and the literals without which it is not there.

A pattern of a workspace is not trusted: RE2 runs it, in time that grows with the line and never faster. What
it cannot express it refuses. Literals and words go through `re`, as alternatives without any repeat.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import Any

from auto_enforcer import byte_patterns, triggers
from auto_enforcer.byte_patterns import Bytes
from auto_enforcer.model import NamedTuple, Zone

LONGEST_PATTERN = 2_000
"""Characters of a pattern."""

DEAREST_DERIVED = 1_000
"""How dear the pattern may be that triggers are derived from; see `dearness`."""

LARGEST_PROGRAM = 4_000
"""Instructions that RE2 may make of one: this many for each byte of a line is its worst."""

MOST_TEXTS = 1_000
"""Literals or words of one condition."""

LONGEST_TEXT = 200
"""Characters of a literal or word."""

MOST_MATCHES = 500
"""Matches of a condition on a line that are looked at."""

MOST_STEPS = 10_000_000
"""Instructions that are followed on a line for the matches behind the first LEAST_MATCHES, at worst."""

LEAST_MATCHES = 4

MOST_REMEMBERED = 500
"""Patterns whose triggers are remembered: a policy is read again whenever it is edited."""

_MEMORY = 1 << 20
"""Bytes that RE2 may take for a pattern."""

_LONGEST_NEEDLE = 24

Trigger = tuple[str, bool, tuple[bytes, ...]]
"""As `catalog.Trigger`: a pattern over bytes and its needles."""


class Found(NamedTuple):
    """What is marked of a match, the texts of the pattern's groups by name, and where all of the match is
    where more matched than is marked."""

    start: int
    end: int
    groups: Mapping[str, str]
    whole: tuple[int, int] | None = None


class Matcher(NamedTuple):
    """A condition on one text. `names` are those of its groups. `triggers`: one of them hits each line that
    it is on; None where nothing is known of such lines."""

    find: Callable[[str], Iterator[Found]]
    names: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] | None = None

    def found(self, text: str) -> list[Found]:
        """The first matches."""
        return list(islice(self.find(text), MOST_MATCHES))

    def is_in(self, text: str) -> bool:
        """Whether there is a match."""
        return next(self.find(text), None) is not None


class RefusedError(ValueError):
    """A pattern that cannot be used; the message says why and what to do."""


def of_pattern(
    pattern: str, zones: int, *, ignore_case: bool = False, wants_triggers: bool = True
) -> Matcher:
    """A pattern in the syntax of RE2, searched in those zones of a line. Raises RefusedError."""
    if len(pattern) > LONGEST_PATTERN:
        raise RefusedError(f"has {len(pattern)} characters; write at most {LONGEST_PATTERN}")
    regex = _compiled(pattern, ignore_case)
    names = tuple(name for name in regex.groupindex if name != "span")
    marks_span = "span" in regex.groupindex

    size = regex.programsize

    def find(text: str) -> Iterator[Found]:
        steps = 0
        for number, match in enumerate(regex.finditer(text)):
            whole = start, end = match.span()
            # Each search is linear in the rest of the line, so all of them together are not.
            steps += size * (len(text) - start)
            if steps > MOST_STEPS and number >= LEAST_MATCHES:
                return
            if marks_span:
                inner = match.span(regex.groupindex["span"])
                start, end = inner if inner[0] >= 0 else (start, end)
            if start < end:
                groups = match.groupdict() if names else {}
                yield Found(start, end, {name: groups[name] or "" for name in names}, whole)

    derived = None
    if wants_triggers and dearness(pattern) <= DEAREST_DERIVED:
        derived = _of_pattern(("(?i)" if ignore_case else "") + pattern, zones)
    return Matcher(find, names, derived)


def of_texts(
    texts: Iterable[str], zones: int, *, ignore_case: bool = False, whole_words: bool = False
) -> Matcher:
    """Texts as they stand, the longest first where several begin at one place."""
    written = sorted(set(texts), key=lambda one: (-len(one), one))
    alternatives = "|".join(_spelled(one, ignore_case) for one in written)
    source = rf"(?<!\w)(?:{alternatives})(?!\w)" if whole_words else f"(?:{alternatives})"
    compiled: list[re.Pattern[str]] = []

    def find(text: str) -> Iterator[Found]:
        if not compiled:
            compiled.append(re.compile(source))
        for match in compiled[0].finditer(text):
            yield Found(match.start(), match.end(), {})

    needed = [_of_text(one, zones, ignore_case) for one in written]
    known = [one for one in needed if one is not None]
    return Matcher(find, (), tuple(dict.fromkeys(known)) if len(known) == len(needed) else None)


def any_of(matchers: Iterable[Matcher]) -> Matcher:
    """What one of several finds; where they overlap, the one that begins first and is longest."""
    matchers = tuple(matchers)
    names = tuple(dict.fromkeys(name for matcher in matchers for name in matcher.names))

    def find(text: str) -> Iterator[Found]:
        found = [one for matcher in matchers for one in matcher.found(text)]
        found.sort(key=lambda one: (one.start, -one.end))
        end = -1
        for one in found:
            if one.start >= end:
                end = one.end
                yield one

    known = [trigger for matcher in matchers for trigger in matcher.triggers or ()]
    is_known = all(matcher.triggers is not None for matcher in matchers)
    return Matcher(find, names, tuple(dict.fromkeys(known)) if is_known else None)


def dearness(pattern: str) -> int:
    """What it takes to derive triggers from a pattern, in what a character takes. One beyond ASCII is as many
    bytes, and a range of them as many sequences."""
    return len(pattern) + 40 * (
        sum(one > "\x7f" for one in pattern) + len(re.findall(r"\\x[89a-fA-F{]|\\[23][0-7]", pattern))
    )


def _compiled(pattern: str, ignore_case: bool) -> Any:
    try:
        library: Any = import_module("re2")
    except (ImportError, OSError):
        raise RefusedError(
            "needs RE2, which is not installed here: install `auto-enforcer[team-rules]`, or write `literals`"
            " or `words`"
        ) from None
    options = library.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        regex = library.compile(pattern, options)
    except library.error as error:
        raise RefusedError(_refusal(error)) from None
    except UnicodeEncodeError:
        raise RefusedError("has half a character in it; write the whole one") from None
    if regex.programsize > LARGEST_PROGRAM:
        raise RefusedError("is too large when its repeats are written out; repeat less often")
    if regex.search("") is not None:
        raise RefusedError("matches where there is nothing; write what must be there")
    return regex


def _refusal(error: Exception) -> str:
    """What RE2 says of a pattern, and what to do instead."""
    said = error.args[0] if error.args else ""
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    what, _, where = said.partition(": ")
    if re.match(r"\(\?<?[=!]", where):
        hint = "write `none`, `same_line`, `before` or `after` instead of looking around"
    elif re.match(r"\\[1-9]", where):
        hint = "it has no back-references; write the text twice, or test a group by `value`"
    elif "repeat" in what or "repetition" in what:
        hint = "it repeats at most 1,000 times, and has no possessive repeats"
    else:
        hint = "it must be in the syntax of RE2"
    return f"is refused by RE2 ({said}); {hint}"


# Triggers


@lru_cache(maxsize=MOST_REMEMBERED)
def _of_pattern(pattern: str, zones: int) -> tuple[Trigger, ...] | None:
    """Triggers that are literals, or as plain as one: whatever else a pattern of others brings is not asked
    of an engine that may take long. None where none is certain.

    `re` parses the pattern here, which reads a few things in other ways than RE2; with those there is none.
    """
    if re.search(r"\[:|\{,|\\Q|\\[pPCzZ]|\(\?[a-zA-Z]*[UsmL-]", pattern):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (derived,) = triggers.derive(pattern, Zone(zones))
            folded, literals = triggers.needles(derived)
    except (re.error, RecursionError, OverflowError, triggers.WeakTrigger):
        return None
    caseless = "(?i" in pattern
    if not literals:
        return ((derived, False, ()),) if not caseless and _is_plain(derived) else None
    found = []
    for literal in literals:
        # What RE2 takes for the same letter in another case need not be of ASCII.
        parts = re.split(rb"[ks\x80-\xff]", literal) if caseless else re.split(b"\xef\xbf\xbd", literal)
        best = max(parts, key=len)
        if len(best) < 2:
            return None
        found.append(_trigger(best, folded or caseless))
    return tuple(dict.fromkeys(found))


def _is_plain(trigger: str) -> bool:
    """Whether a derived trigger repeats at most one thing without an end, and nothing within another."""
    bare = re.sub(r"\[(?:\\.|[^\]\\])*\]|\\x[0-9a-f]{2}|\\.", "c", trigger)
    return not re.search(r"[(|]", bare) and len(re.findall(r"[*+]|,\}", bare)) <= 1 and len(bare) <= 100


def _of_text(text: str, zones: int, ignore_case: bool) -> Trigger | None:
    data = text.encode("utf-8", "replace")
    # A blank may stand for what is in another zone, and be anything.
    parts = data.split() if zones != Zone.EVERYWHERE else [data]
    best = max(parts, key=len, default=b"")
    return _trigger(best, ignore_case) if len(best) >= 2 else None


def _trigger(literal: bytes, ignore_case: bool) -> Trigger:
    literal = literal[:_LONGEST_NEEDLE]
    pattern = byte_patterns.literal(literal)
    if ignore_case:
        pattern = tuple(
            Bytes(byte_patterns.either_case(item.members)) for item in pattern if isinstance(item, Bytes)
        )
    return (byte_patterns.written(pattern), *byte_patterns.needles(pattern))


def _spelled(text: str, ignore_case: bool) -> str:
    """A literal as `re` reads it. In another case only letters of ASCII are the same."""
    if not ignore_case:
        return re.escape(text)
    return "".join(
        f"[{one.lower()}{one.upper()}]" if one.isascii() and one.isalpha() else re.escape(one) for one in text
    )
