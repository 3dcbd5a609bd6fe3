"""How a team's rule looks at a line: the `check` and the excuses of a `model.Rule`, made from its table."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import cast

from auto_enforcer.model import Candidate, Check, Edit, Excuse, Fix, Line, NamedTuple, Options, Rule, Zone
from auto_enforcer.policy_matching import Found, Matcher, Trigger
from auto_enforcer.policy_rule_keys import ALPHABETS
from auto_enforcer.redaction import Mask

LONGEST_DETAIL = 100
"""Characters of a group that a message repeats."""

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

Condition = tuple[Matcher, int]
"""What is looked for, and in which zones."""


class Around(NamedTuple):
    """What must be somewhere beside a match, or must not: on the line, or on so many of those around it."""

    matcher: Matcher
    zones: int
    lines: int
    negated: bool


class Near(NamedTuple):
    """What must be on the line or on one of so many before and after it, or must not."""

    matcher: Matcher
    zones: int
    before: int
    after: int
    negated: bool


class Allowed(NamedTuple):
    """What is left alone, and why: a value, the SHA-256 of one, or what has all of these in it."""

    reason: str
    value: str = ""
    sha256: str = ""
    pattern: Matcher | None = None
    contains: tuple[str, ...] = ()
    """In small letters."""
    where: str = "value"
    """One of `policy_rule_keys.PLACES`."""


class Value(NamedTuple):
    """What must hold of a group of a match, "" for what is marked; None and "" where it does not matter."""

    group: str
    min_entropy: float
    min_length: int
    max_length: int | None
    alphabet: str
    day: str
    checksum: str
    negated: bool
    pattern: Matcher | None = None
    contains: tuple[str, ...] = ()
    """In small letters."""

    def holds(self, text: str, today: date) -> bool:
        """Whether all that is asked holds of a text."""
        return self._all(text, today) != self.negated

    def _all(self, text: str, today: date) -> bool:
        if len(text) < self.min_length or (self.max_length is not None and len(text) > self.max_length):
            return False
        if self.min_entropy and entropy(text) < self.min_entropy:
            return False
        if self.alphabet and not re.fullmatch(ALPHABETS[self.alphabet], text):
            return False
        if self.day and not _is_dated(text, self.day, today):
            return False
        if self.checksum and not _CHECKSUMS[self.checksum](text):
            return False
        return _has(text, self.pattern, self.contains)


class Fixing(NamedTuple):
    """A fix: templates of its title and of what it writes. `swap` gives `{new}` for `{old}`."""

    title: str
    replace: str
    safe: bool
    swap: Mapping[str, str]
    names: frozenset[str] = frozenset()


class Looking(NamedTuple):
    """All that a rule looks for, and what it says of it."""

    main: Matcher
    zones: int
    wanted: tuple[Condition, ...]
    unwanted: tuple[Condition, ...]
    same_line: tuple[Around, ...]
    before: tuple[Around, ...]
    after: tuple[Around, ...]
    facts: tuple[tuple[str, bool], ...]
    """Names of facts of the file, and whether they must not hold."""
    values: tuple[Value, ...]
    triggers: tuple[Trigger, ...] | None
    fixes: tuple[Fixing, ...] = ()
    wants_groups: bool = False
    near: tuple[Near, ...] = ()


def checking(looking: Looking) -> Callable[[Line, Options], Iterable[Candidate]]:
    """The check of such a rule."""
    swap = {old.lower(): (old, new) for fix in looking.fixes for old, new in fix.swap.items()}

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        found = looking.main.found(_seen(line, looking.zones))
        if not found or not _fits(looking, line):
            return
        for one in found:
            texts = _texts(one, line, swap)
            if all(value.holds(texts[value.group or "match"], line.file.today) for value in looking.values):
                fixes = tuple(_fix(fix, one, texts) for fix in looking.fixes)
                details = _details(texts) if looking.wants_groups else None
                group = looking.values[0].group if looking.values else ""
                yield Candidate(one.start, one.end, details, fixes, value=texts[group or "match"])

    return check


def allowing(allowed: Iterable[Allowed], looking: Looking) -> tuple[Excuse, ...]:
    """The excuses of what is left alone, one a reason."""
    by_reason: dict[str, list[Allowed]] = {}
    for one in allowed:
        by_reason.setdefault(one.reason, []).append(one)
    return tuple(_excuse(reason, several, looking) for reason, several in by_reason.items())


def masked(rule: Rule, mask: Mask) -> Rule:
    """A rule that says nothing of what a mask hides; a fix that would write it is left out."""
    check = rule.check
    if check is None or rule.carry is not None:
        return rule._replace(message=mask.of(rule.message))

    def masking(line: Line, options: Options) -> Iterator[Candidate]:
        for found in cast("Check", check)(line, options):
            details = {name: mask.of(value) for name, value in (found.details or {}).items()}
            fixes = tuple(
                Fix(mask.of(fix.title), fix.safe, fix.edits)
                for fix in found.fixes
                if not any(mask.hides(edit.text) for edit in fix.edits)
            )
            yield found._replace(details=details or None, fixes=fixes)

    return rule._replace(message=mask.of(rule.message), check=masking)


def entropy(text: str) -> float:
    """Bits a character, as often as each occurs in the text."""
    size = len(text)
    return -sum(count / size * math.log2(count / size) for count in Counter(text).values()) if size else 0.0


def _excuse(reason: str, allowed: Iterable[Allowed], looking: Looking) -> Excuse:
    values = {one.value for one in allowed if one.value}
    digests = {one.sha256.lower() for one in allowed if one.sha256}
    searched = [one for one in allowed if one.pattern is not None or one.contains]

    def speaks(line: Line, candidate: Candidate, options: Options) -> bool:
        # What is marked and what is tested: either may be what somebody copied.
        texts = {candidate.value, line.text[candidate.start : candidate.end]}
        if texts & values:
            return True
        for one in searched:
            if _has(_allowed_in(one.where, line, candidate, looking), one.pattern, one.contains):
                return True
        if not digests:
            return False
        import hashlib

        return any(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() in digests for text in texts)

    return Excuse(reason, speaks)


def _allowed_in(where: str, line: Line, candidate: Candidate, looking: Looking) -> str:
    """The text that an allow-list looks at."""
    if where == "line":
        return line.text
    if where == "value":
        return candidate.value or line.text[candidate.start : candidate.end]
    wholes = (
        one.whole
        for one in looking.main.found(_seen(line, looking.zones))
        if (one.start, one.end) == (candidate.start, candidate.end) and one.whole
    )
    start, end = next(wholes, (candidate.start, candidate.end))
    return line.text[start:end]


def _has(text: str, pattern: Matcher | None, contains: tuple[str, ...]) -> bool:
    """Whether a text has the pattern in it, and one of the texts; either may be none."""
    if pattern is not None and not pattern.is_in(text):
        return False
    folded = text.lower() if contains else ""
    return not contains or any(one in folded for one in contains)


def _fits(looking: Looking, line: Line) -> bool:
    """Whether all that is asked beside the match holds; the dearest is asked last."""
    holding = line.file.anywhere
    if any((name in holding) == negated for name, negated in looking.facts):
        return False
    if not all(matcher.is_in(_seen(line, zones)) for matcher, zones in looking.wanted):
        return False
    if any(matcher.is_in(_seen(line, zones)) for matcher, zones in looking.unwanted):
        return False
    if not all(_is_on([line], one) for one in looking.same_line):
        return False
    if not all(_is_on(line.before(one.lines), one) for one in looking.before):
        return False
    if not all(_is_on(line.after(one.lines), one) for one in looking.after):
        return False
    return all(
        _is_on([line, *(line.before(one.before) if one.before else ()), *line.after(one.after)], one)
        for one in looking.near
    )


def _is_on(lines: Sequence[Line], around: Around | Near) -> bool:
    return any(around.matcher.is_in(_seen(line, around.zones)) for line in lines) != around.negated


def _seen(line: Line, zones: int) -> str:
    return line.text if zones == Zone.EVERYWHERE else line.only(zones)


def _texts(found: Found, line: Line, swap: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The texts that templates may name."""
    match = line.text[found.start : found.end]
    texts = {**found.groups, "match": match}
    if swap:
        texts["old"] = match
        texts["new"] = _cased(match, *swap[match.lower()])
    return texts


def _cased(match: str, old: str, new: str) -> str:
    """The new word in the case of the one that stands there."""
    if match == old:
        return new
    if len(match) > 1 and match.isupper():
        return new.upper()
    if match[:1].isupper() and match[1:] == match[1:].lower():
        return new[:1].upper() + new[1:]
    return new.lower() if match.islower() else new


def _details(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as a message may repeat them."""
    return {
        name: text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"
        for name, text in texts.items()
    }


def _fix(fix: Fixing, found: Found, texts: Mapping[str, str]) -> Fix:
    edit = Edit(0, found.start, 0, found.end, fix.replace.format_map(texts))
    return Fix(fix.title.format_map(_details(texts)), fix.safe, (edit,))


def _is_dated(text: str, wanted: str, today: date) -> bool:
    """Whether a text is a date of that kind: year, month, day, with or without signs between them."""
    match = re.fullmatch(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)", text, re.ASCII)
    if match is None:
        return False
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return wanted == "impossible"
    return {"valid": True, "impossible": False, "past": day < today, "future": day > today}[wanted]


def _luhn(text: str) -> bool:
    digits = [int(one) for one in re.sub("[ -]", "", text) if one.isascii() and one.isdecimal()]
    if len(digits) < 2 or len(digits) != len(re.sub("[ -]", "", text)):
        return False
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _mod97(text: str) -> bool:
    """As account numbers (IBAN) have it: the first four characters go to the end."""
    bare = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{8,30}", bare, re.ASCII):
        return False
    return int("".join(str(int(one, 36)) for one in bare[4:] + bare[:4])) % 97 == 1


def _crc32_base62(text: str) -> bool:
    """The last six characters are the sum of those before them."""
    if len(text) < 7 or not text.isascii():
        return False
    number, digits = zlib.crc32(text[:-6].encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits == text[-6:]


def _crc32_hex(text: str) -> bool:
    """The last eight characters are the sum of those before them."""
    return len(text) > 8 and text.isascii() and f"{zlib.crc32(text[:-8].encode()):08x}" == text[-8:].lower()


_CHECKSUMS: Mapping[str, Callable[[str], bool]] = {
    "luhn": _luhn,
    "mod97": _mod97,
    "crc32-base62": _crc32_base62,
    "crc32-hex": _crc32_hex,
}
