"""A small algebra of byte patterns: what triggers are made of, how telling they are, how they are written.

A pattern is a sequence of items that follow each other without a gap and never match a line's end. All that
it can express means the same to `re` (on bytes, multi-line) and to Hyperscan (byte-wise, multi-line).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from auto_enforcer.model import NamedTuple

LINE_ENDS = 1 << 0x0A | 1 << 0x0D
BEYOND_ASCII = (1 << 256) - (1 << 128)
WORD = sum(1 << byte for byte in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")

_CAPITALS = sum(1 << byte for byte in range(0x41, 0x5B))
_SMALL = _CAPITALS << 32
_MOST_LITERALS = 48
_MOST_REPEATED = 64
_LONGEST_LITERAL = 24
_RARE_ENOUGH = 6.5
_TELLING_ENOUGH = 5.0

ANYTHING = (1 << 256) - 1 & ~LINE_ENDS
"""All bytes but line ends."""


class Bytes(NamedTuple):
    """One byte of a set, `least` to `most` times (None: without bound). Byte b is bit b of `members`."""

    members: int
    least: int = 1
    most: int | None = 1


class Either(NamedTuple):
    """One of several patterns, the choice `least` to `most` times (None: without bound)."""

    branches: tuple[Pattern, ...]
    least: int = 1
    most: int | None = 1


class Assertion(NamedTuple):
    """A place without width: `^`, `$` or `\\b`."""

    sign: str


Item = Bytes | Either | Assertion
Pattern = tuple[Item, ...]


def literal(text: bytes) -> Pattern:
    """The pattern of exactly these bytes."""
    return tuple(Bytes(1 << byte) for byte in text)


def either_case(members: int) -> int:
    """The set with the other case of each of its ASCII letters."""
    return members | (members & _CAPITALS) << 32 | (members & _SMALL) >> 32


def trimmed(pattern: Pattern, at_end: float = 0.4) -> Pattern:
    """The pattern without what its two ends leave open, so that every match of the one lies on a line that
    the other hits, and hits do not flood: `\\w+foo(?:bar)?` becomes `\\wfoo`. A last byte goes too where it
    has no more than `at_end` bits."""
    return _trim(_trim(pattern, first=True), first=False, least=at_end)


def bits(pattern: Pattern) -> float:
    """How telling a pattern is: it occurs about once in 2**bits bytes of program text, were these random."""
    return sum(_item_bits(item) for item in pattern)


def joined(first: Pattern, second: Pattern) -> Pattern:
    """The one pattern and, anywhere after it on the line, the other."""
    return (*trimmed(first), Bytes(ANYTHING, 0, None), *trimmed(second))


def without_costly_gap(pattern: Pattern) -> Pattern:
    """The pattern up to its first `.*`, where no literal stands before that.

    A few more hits cost less than what follows every possible beginning through the line: it halves the speed
    of a whole set.
    """
    for index, item in enumerate(pattern):
        if isinstance(item, Bytes) and item.most is None and item.members | LINE_ENDS == (1 << 256) - 1:
            before = trimmed(pattern[:index])
            if longest_literal(before) < 2 and bits(before) >= _TELLING_ENOUGH and not _begins_rarely(before):
                return before
            break
    return pattern


def is_common(pattern: Pattern) -> bool:
    """Whether all that it needs is a word of which program text is full."""
    _, literals = needles(pattern)
    return any(one.strip() in _COMMON_WORDS for one in literals)


def longest_literal(pattern: Pattern) -> int:
    """The length of the longest run of known bytes (either case counts) that every match contains."""
    longest = run = 0
    for item in pattern:
        if isinstance(item, Assertion):
            continue
        if isinstance(item, Bytes):
            if _is_letter(item.members):
                run += item.least
                longest = max(longest, run)
                run = run if item.least == item.most else item.least
            else:
                run = 0
            continue
        if item.least:
            longest = max(longest, min(longest_literal(branch) for branch in item.branches))
        run = 0
    return longest


def written(pattern: Pattern) -> str:
    """The pattern as a regular expression in ASCII text."""
    sets = set(_sets(pattern))
    if any(_pair(members) for members in sets) and all(either_case(members) == members for members in sets):
        return "(?i)" + _write(pattern, caseless=True)
    return _write(pattern, caseless=False)


def needles(pattern: Pattern) -> tuple[bool, tuple[bytes, ...]]:
    """Literals one of which every match contains, and whether they are in lower case and to be sought in
    a lowered text. There are none when the pattern spells out nothing that is worth seeking."""
    caseless = any(_pair(members) for members in _sets(pattern))
    found = _fewest(_best_literals(pattern, caseless))
    if not found or min(map(_literal_bits, found)) < _RARE_ENOUGH:
        return (False, ())
    if max(map(len, found)) == 1 and _begins_rarely(pattern):
        return (False, ())
    return (caseless and any(one != one.upper() for one in found), tuple(sorted(found)))


def _trim(pattern: Pattern, first: bool, least: float = 0.4) -> Pattern:
    """Without what the first (or else last) end leaves open, and what has no more than `least` bits there."""
    while pattern:
        item, rest = (pattern[0], pattern[1:]) if first else (pattern[-1], pattern[:-1])
        if isinstance(item, Assertion):
            if item.sign == ("^" if first else "$"):
                # A line has one such place, so nothing is open there.
                return pattern
            # An assertion speaks of its neighbour, so it goes when that does.
            shorter = _trim(rest, first, least)
            return pattern if shorter == rest else shorter
        ends: Pattern = ()
        if isinstance(item, Bytes):
            if item.least and (_item_bits(item) > least or not rest):
                ends = (item._replace(most=item.least),)
        elif item.least:
            ends = _trim_either(item, first)
        if ends:
            return ends + rest if first else rest + ends
        pattern = rest
    return pattern


def _trim_either(item: Either, first: bool) -> Pattern:
    branches = tuple(_trim(branch, first) for branch in item.branches)
    if not all(branches):
        return ()
    if branches == item.branches:
        return (item._replace(most=item.least),)
    if item.least == 1:
        return (Either(branches),)
    whole = item._replace(least=item.least - 1, most=item.least - 1)
    return (Either(branches), whole) if first else (whole, Either(branches))


def _item_bits(item: Item) -> float:
    if isinstance(item, Assertion):
        return {r"\b": 1.5, "^": 5.0, "$": 5.0}.get(item.sign, 0.0)
    if not item.least:
        return 0.0
    if isinstance(item, Either):
        chance = sum(2.0 ** -bits(branch) for branch in item.branches)
        return item.least * max(0.0, -math.log2(chance))
    one = -math.log2(min(1.0, sum(_chance(byte) for byte in _each(item.members))))
    # The bytes of a run of a class depend on each other far more than those of a word.
    return item.least * (one if _is_letter(item.members) else one / 2)


_COMMON_WORDS = frozenset(
    (
        b"and as assert async await begin bool break case catch class const continue data def default do "
        b"elif else elsif end enum except export extends false final finally fn for foreach from func "
        b"function get global if import in include int interface is key lambda let list local match name "
        b"new nil none None not null object or package private protected public raise require return "
        b"select self set static str string struct super switch table test text then this throw throws "
        b"trait true try type typeof unless update use using val value values var void where while with "
        b"yield True False String https http the"
    ).split()
)

_BY_FREQUENCY = (
    b" estaronilfcd._()pu,'mh\"g=b:0xEyTwk1-I#vAN2RLS\\Cq][OPFD3>M45*UB/z86HGj97+W%V{}<XKY@;Z|?!`QJ&^$~"
)


def _chance(byte: int) -> float:
    """How often a byte occurs, roughly, by its rank in CPython's library."""
    rank = _BY_FREQUENCY.find(byte)
    if rank < 0:
        return 0.0001
    return 0.25 if rank == 0 else 0.07 * math.exp(-rank / 16)


def _is_letter(members: int) -> bool:
    """Whether the set is one byte, or one letter in both cases."""
    return members.bit_count() == 1 or _pair(members)


def _pair(members: int) -> bool:
    return members.bit_count() == 2 and bool(members & _CAPITALS) and either_case(members) == members


def _each(members: int) -> Iterable[int]:
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def _sets(pattern: Pattern) -> Iterable[int]:
    for item in pattern:
        if isinstance(item, Bytes):
            yield item.members
        elif isinstance(item, Either):
            for branch in item.branches:
                yield from _sets(branch)


# Writing


def _write(pattern: Pattern, caseless: bool) -> str:
    return "".join(_write_item(item, caseless) for item in pattern)


def _write_item(item: Item, caseless: bool) -> str:
    if isinstance(item, Assertion):
        return item.sign
    count = _write_count(item.least, item.most)
    if isinstance(item, Bytes):
        if item.members == ANYTHING:
            return "." + count
        return _write_set(item.members & ~_CAPITALS if caseless else item.members) + count
    return f"(?:{'|'.join(_write(branch, caseless) for branch in item.branches)}){count}"


def _write_count(least: int, most: int | None) -> str:
    if most is None:
        return {0: "*", 1: "+"}.get(least, f"{{{least},}}")
    if least == most:
        return "" if least == 1 else f"{{{least}}}"
    return "?" if (least, most) == (0, 1) else f"{{{least},{most}}}"


def _write_set(members: int) -> str:
    if members.bit_count() == 1:
        return _write_byte(members.bit_length() - 1, r"\.^$*+?{}[]|()")
    ranges: list[list[int]] = []
    for byte in _each(members):
        if ranges and ranges[-1][1] == byte - 1:
            ranges[-1][1] = byte
        else:
            ranges.append([byte, byte])
    pieces = []
    for low, high in ranges:
        ends = [_write_byte(byte, r"\[]^-&~|") for byte in (low, high)]
        pieces.append(ends[0] if low == high else ("" if high == low + 1 else "-").join(ends))
    return f"[{''.join(pieces)}]"


def _write_byte(byte: int, special: str) -> str:
    if 0x20 < byte < 0x7F:
        return f"\\{byte:c}" if chr(byte) in special else chr(byte)
    return f"\\x{byte:02x}"


# Literals


def _best_literals(pattern: Pattern, caseless: bool) -> frozenset[bytes]:
    """The set of literals, one of which occurs in every match, that is met most seldom; empty for none."""
    best: frozenset[bytes] = frozenset()
    run: frozenset[bytes] | None = None
    for item in pattern:
        if isinstance(item, Assertion):
            continue
        exact = _spelled(item, caseless)
        longer = exact if run is None else _joined(run, exact)
        if longer:
            run = longer
        else:
            best = _rarer(best, run)
            run = exact
        if not exact or item.least != item.most:
            best, run = _rarer(best, run), None
        if isinstance(item, Either) and item.least and not exact:
            inner = [_best_literals(branch, caseless) for branch in item.branches]
            if all(inner):
                best = _rarer(best, frozenset().union(*inner))
    return _rarer(best, run)


def _spelled(item: Bytes | Either, caseless: bool) -> frozenset[bytes] | None:
    """All that the item's mandatory repeats can match, if that is few."""
    if not item.least:
        return None
    if isinstance(item, Bytes):
        members = item.members
        if caseless:
            members = either_case(members) & ~_CAPITALS
        if members.bit_count() > (_MOST_LITERALS if members & BEYOND_ASCII == members else 4):
            return None
        once = frozenset(bytes((byte,)) for byte in _each(members))
    else:
        once = frozenset()
        for branch in item.branches:
            whole = _spelled_whole(branch, caseless)
            if whole is None:
                return None
            once |= whole
    spelled: frozenset[bytes] | None = once
    for _ in range(min(item.least, _MOST_REPEATED) - 1):
        spelled = _joined(spelled, once)
    return spelled


def _spelled_whole(pattern: Pattern, caseless: bool) -> frozenset[bytes] | None:
    spelled: frozenset[bytes] | None = frozenset((b"",))
    for item in pattern:
        if isinstance(item, Assertion):
            continue
        if item.least != item.most:
            return None
        spelled = _joined(spelled, _spelled(item, caseless))
    return None if spelled is None or b"" in spelled else spelled


def _joined(left: frozenset[bytes] | None, right: frozenset[bytes] | None) -> frozenset[bytes] | None:
    if not left or not right or len(left) * len(right) > _MOST_LITERALS:
        return None
    joined = frozenset(one + other for one in left for other in right)
    return joined if max(map(len, joined)) <= _LONGEST_LITERAL else None


def _begins_rarely(pattern: Pattern) -> bool:
    """Whether `re` finds the few places where a match could begin as fast as a single byte is found."""
    first = next((item for item in pattern if not isinstance(item, Assertion)), None)
    return isinstance(first, Bytes) and sum(map(_chance, _each(first.members))) < 0.1


def _rarer(one: frozenset[bytes], other: frozenset[bytes] | None) -> frozenset[bytes]:
    if not other:
        return one
    return other if _rarity(other) > _rarity(one) else one


def _rarity(literals: Sequence[bytes] | frozenset[bytes]) -> float:
    """Bits of the commonest literal, less what seeking several costs; 0 for none."""
    if not literals:
        return 0.0
    return min(map(_literal_bits, literals)) - math.log2(len(_fewest(literals)))


def _literal_bits(text: bytes) -> float:
    return min(24.0, sum(-math.log2(_chance(byte)) for byte in text))


def _fewest(literals: Iterable[bytes]) -> frozenset[bytes]:
    """Without the literals that contain another."""
    every = frozenset(literals)
    return frozenset(one for one in every if not any(other in one for other in every if other != one))
