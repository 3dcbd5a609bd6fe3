"""Derives from a rule's pattern what must stand on a line for the pattern to match there.

A trigger is a regular expression over UTF-8 bytes that means the same to `re` and to Hyperscan (ASCII,
multi-line, no look-around, no back-reference, no line end, nothing open at its ends). It is necessary: every
match lies on a line that the trigger hits. It holds for lines of which the rule sees some zones only: what
the pattern matches in the blanks between them may be anything in the file, so no trigger asks what it is.

One thing is taken for granted of the lexer: no zone begins or ends between two ASCII word characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from auto_enforcer import byte_patterns
from auto_enforcer.byte_patterns import BEYOND_ASCII, LINE_ENDS, WORD, Assertion, Bytes, Either, Pattern
from auto_enforcer.model import NamedTuple, Zone

_LEAST_BITS = 10.0
_LEAST_BITS_WITHOUT_LITERAL = 18.0
_LEAST_BITS_OF_SECOND = 5.0
_LEAST_BITS_OF_LAST = 0.03
"""Of the last byte of a trigger that a rule gives: what it says there it means."""
_ASCII = (1 << 128) - 1
_SPACE = 1 << 0x20
_BROAD = 100
_MOST_REPEATS = 64
_MOST_SPELLED = 40
_WORD_BEFORE, _WORD_AFTER = "not after a word", "not before a word"


class WeakTrigger(ValueError):
    """A pattern without anything telling in it: its rule must give `triggers` itself."""


def derive(pattern: str, zones: Zone = Zone.EVERYWHERE) -> tuple[str, ...]:
    """The triggers of an `re` pattern (with re.ASCII) that is searched in `line.only(zones)`.

    Raises WeakTrigger when nothing in the pattern tells enough, and re.error when it is none.
    """
    return (byte_patterns.written(_strong(_Reader(blanked=zones != Zone.EVERYWHERE), pattern)),)


def given(trigger: str) -> str:
    """A trigger that a rule gives, in the form of a derived one.

    It is searched in the raw line. In a trigger of ASCII text `\\xe2` is a byte; other letters stand for
    their UTF-8 bytes, and `\\u2028` for those of that character. Raises WeakTrigger and re.error as `derive`.
    """
    in_bytes = trigger.isascii() and r"\u" not in trigger and r"\U" not in trigger
    return byte_patterns.written(_strong(_Reader(blanked=False, in_bytes=in_bytes), trigger, as_given=True))


def needles(trigger: str) -> tuple[bool, tuple[bytes, ...]]:
    """Literals one of which occurs in whatever the trigger hits, and whether they are in lower case and to be
    sought in a lowered text. None of them when the trigger has nothing that can be spelled out."""
    return byte_patterns.needles(_Reader(blanked=False, in_bytes=True).read(trigger).prefix)


class _Found(NamedTuple):
    """What is known of all that a part of a pattern can match.

    `exact`: it matches exactly what the other three, then the same, do. Otherwise every match begins with
    `prefix`, contains `best` somewhere, and ends with `suffix`; () where nothing is known.
    """

    exact: bool
    prefix: Pattern
    best: Pattern
    suffix: Pattern
    inner: tuple[Pattern, ...] = ()
    """What stands between `prefix` and `suffix` for certain, in order."""


class _Never(Exception):
    """A part that cannot match within a line."""


_NOTHING = _Found(True, (), (), ())
_ANYTHING = _Found(False, (), (), ())


def _strong(reader: _Reader, pattern: str, as_given: bool = False) -> Pattern:
    try:
        found = reader.read(pattern)
    except _Never:
        raise WeakTrigger(f"`{pattern}` cannot match within one line") from None
    best = _telling(found.best, found.prefix, found.suffix)
    best = byte_patterns.trimmed(best, _LEAST_BITS_OF_LAST) if as_given else byte_patterns.trimmed(best)
    if not found.exact and byte_patterns.is_common(best):
        best = _two_of([found.prefix, *found.inner, found.suffix]) or best
    best = byte_patterns.without_costly_gap(best)
    literal = byte_patterns.longest_literal(best)
    enough = _LEAST_BITS if literal >= 2 else _LEAST_BITS_WITHOUT_LITERAL
    if byte_patterns.bits(best) < (1.0 if as_given else enough):
        strongest = f"only `{byte_patterns.written(best)}` is" if best else "nothing is"
        raise WeakTrigger(
            f"no trigger can be derived from `{pattern}`: {strongest} certain to stand on the line;"
            " give the rule `triggers`"
        )
    return best


def _telling(*patterns: Pattern) -> Pattern:
    """The most telling of the patterns, once their ends are trimmed; the first of equals."""
    return max(patterns, key=_worth)


def _worth(pattern: Pattern) -> float:
    best = byte_patterns.trimmed(pattern)
    # Beyond this, length is worth nothing more; a literal is, for the plain scanner seeks literals.
    return min(40.0, byte_patterns.bits(best)) + 4.0 * min(3, byte_patterns.longest_literal(best))


def _two_of(patterns: Sequence[Pattern]) -> Pattern:
    """The two most telling of the patterns that follow each other on a line, if there are two that tell."""
    bare = [byte_patterns.trimmed(pattern) for pattern in patterns]
    telling = [(byte_patterns.bits(pattern), index) for index, pattern in enumerate(bare)]
    chosen = sorted(index for worth, index in sorted(telling)[-2:] if worth >= _LEAST_BITS_OF_SECOND)
    if len(chosen) < 2:
        return ()
    return byte_patterns.joined(bare[chosen[0]], bare[chosen[1]])


def _then(left: _Found, right: _Found) -> _Found:
    """What is known of the one followed by the other."""
    if left.exact and right.exact:
        whole = _settled(left.prefix + right.prefix)
        return _Found(True, whole, whole, whole)
    if left.exact:
        return right._replace(prefix=_settled(left.prefix + right.prefix))
    if right.exact:
        return left._replace(suffix=_settled(left.suffix + right.prefix))
    middle = _settled(left.suffix + right.prefix)
    best = _telling(left.best, right.best, middle)
    return _Found(False, left.prefix, best, right.suffix, (*left.inner, middle, *right.inner))


def _settled(pattern: Pattern) -> Pattern:
    """With each `not after a word` made `\\b` where a word character follows, and left out where it cannot be
    said that simply; and its mirror."""
    settled: list[byte_patterns.Item] = []
    for index, item in enumerate(pattern):
        if not isinstance(item, Assertion) or item.sign not in (_WORD_BEFORE, _WORD_AFTER):
            settled.append(item)
        elif item.sign == _WORD_AFTER:
            if settled and _is_word(settled[-1], last=True):
                settled.append(Assertion(r"\b"))
        elif index + 1 == len(pattern):
            settled.append(item)
        elif _is_word(pattern[index + 1], last=False):
            settled.append(Assertion(r"\b"))
    return tuple(settled)


def _is_word(item: byte_patterns.Item, last: bool) -> bool:
    """Whether an item certainly begins (or else ends) with a word character."""
    if isinstance(item, Assertion) or not item.least:
        return False
    if isinstance(item, Bytes):
        return not item.members & ~WORD
    return all(branch and _is_word(branch[-1 if last else 0], last) for branch in item.branches)


class _Reader:
    """Reads a pattern as `re` parses it. `blanked`: what can match a space may be anything in the file."""

    __slots__ = ("_blanked", "_high")

    def __init__(self, blanked: bool, in_bytes: bool = False) -> None:
        self._blanked = blanked
        self._high = in_bytes

    def read(self, pattern: str) -> _Found:
        """What is known of the pattern's matches. Raises _Never and re.error."""
        tree = parser.parse(pattern, 0 if self._high else re.ASCII)
        found = self._sequence(list(tree), bool(tree.state.flags & re.IGNORECASE), ends=True)
        return found._replace(
            prefix=_without_signs(found.prefix),
            best=_without_signs(found.best),
            suffix=_without_signs(found.suffix),
            inner=tuple(_without_signs(pattern) for pattern in found.inner),
        )

    def _sequence(self, nodes: Sequence[tuple[Any, Any]], caseless: bool, ends: bool = False) -> _Found:
        found = _NOTHING
        for index, (code, argument) in enumerate(nodes):
            if ends and code is codes.ASSERT and argument[0] > 0 and index + 1 == len(nodes):
                # What must follow at the very end is on the line as well.
                found = _then(found, self._sequence(list(argument[1]), caseless))
            else:
                found = _then(found, self._node(code, argument, caseless))
        return found

    def _node(self, code: Any, argument: Any, caseless: bool) -> _Found:
        if code in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY):
            return self._characters(code, argument, caseless, 1, 1)
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, body = argument
            return self._repeat(least, None if most == codes.MAXREPEAT else most, list(body), caseless)
        if code is codes.SUBPATTERN:
            _, on, off, body = argument
            inside = (caseless or bool(on & re.IGNORECASE)) and not off & re.IGNORECASE
            return self._sequence(list(body), inside)
        if code is codes.ATOMIC_GROUP:
            return self._sequence(list(argument), caseless)
        if code is codes.BRANCH:
            return self._branches([list(branch) for branch in argument[1]], caseless)
        if code is codes.GROUPREF_EXISTS:
            return self._branches([list(branch or ()) for branch in argument[1:]], caseless)
        if code is codes.AT:
            return _assertion(argument)
        if code is codes.ASSERT_NOT:
            return self._unless(argument[0], list(argument[1]), caseless)
        if code is codes.ASSERT:
            return _NOTHING
        if code is codes.FAILURE:
            raise _Never
        return _ANYTHING

    def _branches(self, branches: Iterable[Sequence[tuple[Any, Any]]], caseless: bool) -> _Found:
        founds = []
        for branch in branches:
            try:
                founds.append(self._sequence(branch, caseless))
            except _Never:
                continue
        if not founds:
            raise _Never
        if len(founds) == 1:
            return founds[0]
        if all(found.exact for found in founds):
            whole = _either([found.prefix for found in founds])
            return _Found(True, whole, whole, whole)
        bests = [_telling(found.best, found.prefix, found.suffix) for found in founds]
        return _Found(
            False,
            _either([found.prefix for found in founds], known=True),
            _either(bests, known=True),
            _either([found.suffix for found in founds], known=True),
        )

    def _repeat(
        self, least: int, most: int | None, body: Sequence[tuple[Any, Any]], caseless: bool
    ) -> _Found:
        if most == 0:
            return _NOTHING
        if len(body) == 1 and body[0][0] in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY):
            return self._characters(*body[0], caseless, least, most)
        try:
            once = self._sequence(body, caseless)
        except _Never:
            if least:
                raise
            return _NOTHING
        if not once.exact:
            if not least:
                return _ANYTHING
            return once if (least, most) == (1, 1) else once._replace(inner=())
        if (least, most) == (1, 1) or not once.prefix:
            return once
        fewest = min(least, _MOST_REPEATS)
        bounded = most is not None and most <= _MOST_REPEATS
        whole = (Either((_without_signs(once.prefix),), fewest, most if bounded else None),)
        return _Found(True, whole, whole, whole)

    def _characters(self, code: Any, argument: Any, caseless: bool, least: int, most: int | None) -> _Found:
        members, beyond = self._set(code, argument, caseless)
        if not members and beyond is not None and not beyond:
            if least:
                raise _Never
            return _NOTHING
        if self._blanked and members & _SPACE:
            return _ANYTHING
        broad = beyond is None or members.bit_count() > _BROAD
        if broad and not self._high and (most is None or most > 1):
            return _ANYTHING if not least else _known_ends(members, beyond)
        fewest = min(least, _MOST_REPEATS)
        highest = most if most is not None and most <= _MOST_REPEATS * 4 else None
        whole: Pattern
        if beyond is not None and not beyond:
            whole = (Bytes(members, fewest, highest),)
        else:
            branches: list[Pattern] = [(Bytes(members),)] if members else []
            if beyond is None:
                branches.append((Bytes(BEYOND_ASCII, 1, 4),))
            else:
                branches.extend(byte_patterns.literal(_encoded(one)) for one in sorted(beyond))
            if len(branches) == 1 and (fewest, highest) == (1, 1):
                whole = branches[0]
            else:
                whole = (Either(tuple(branches), fewest, highest),)
        return _Found(True, whole, whole, whole)

    def _set(self, code: Any, argument: Any, caseless: bool) -> tuple[int, frozenset[int] | None]:
        """The ASCII members (all bytes, when it reads bytes) and the code points beyond, None for many."""
        every = _ASCII | BEYOND_ASCII if self._high else _ASCII
        none_beyond: frozenset[int] = frozenset()
        if code is codes.ANY:
            return every & ~LINE_ENDS, none_beyond if self._high else None
        if code is codes.IN:
            members, beyond, negated = self._listed(argument)
        else:
            members, beyond, negated = self._listed([(codes.LITERAL, argument)])
            negated = code is codes.NOT_LITERAL
        if caseless:
            members = byte_patterns.either_case(members)
        if negated:
            return every & ~members & ~LINE_ENDS, none_beyond if self._high else None
        return members & ~LINE_ENDS, beyond

    def _listed(self, items: Iterable[tuple[Any, Any]]) -> tuple[int, frozenset[int] | None, bool]:
        members, negated, many = 0, False, False
        beyond: set[int] = set()
        border = 256 if self._high else 128
        for code, argument in items:
            if code is codes.NEGATE:
                negated = True
            elif code is codes.CATEGORY:
                listed, inverse = _CATEGORIES[argument]
                if inverse:
                    members |= _ASCII & ~listed | (BEYOND_ASCII if self._high else 0)
                    many = many or not self._high
                else:
                    members |= listed
            else:
                low, high = argument if code is codes.RANGE else (argument, argument)
                for one in range(low, min(high + 1, border)):
                    members |= 1 << one
                if high >= border and high - max(low, border) < _MOST_SPELLED:
                    beyond.update(range(max(low, border), high + 1))
                elif high >= border:
                    many = True
        return members, None if many or len(beyond) > _MOST_SPELLED else frozenset(beyond), negated

    def _unless(self, direction: int, body: Sequence[tuple[Any, Any]], caseless: bool) -> _Found:
        """A negative look-around. All that is kept of it is that no word goes on there."""
        if len(body) != 1 or body[0][0] not in (codes.LITERAL, codes.NOT_LITERAL, codes.IN):
            return _NOTHING
        members, _ = self._set(*body[0], caseless)
        if WORD & ~members:
            return _NOTHING
        sign = (Assertion(_WORD_BEFORE if direction < 0 else _WORD_AFTER),)
        return _Found(True, sign, sign, sign)


def _known_ends(members: int, beyond: frozenset[int] | None) -> _Found:
    """A run of a broad class: one of it stands at either end."""
    end = (Bytes(members | (0 if beyond is not None and not beyond else BEYOND_ASCII)),)
    return _Found(False, end, end, end)


def _either(patterns: Sequence[Pattern], known: bool = False) -> Pattern:
    """One of the patterns. `known`: nothing at all if of one of them nothing is known."""
    bare = tuple(dict.fromkeys(_without_signs(pattern) for pattern in patterns))
    if known and not all(bare):
        return ()
    if len(bare) == 1:
        return bare[0]
    full = tuple(pattern for pattern in bare if pattern)
    return (Either(full, 1 if len(full) == len(bare) else 0, 1),) if full else ()


def _without_signs(pattern: Pattern) -> Pattern:
    return tuple(
        item
        for item in pattern
        if not isinstance(item, Assertion) or item.sign not in (_WORD_BEFORE, _WORD_AFTER)
    )


def _assertion(code: Any) -> _Found:
    sign = _SIGNS.get(code)
    if sign is None:
        return _NOTHING
    whole = (Assertion(sign),)
    return _Found(True, whole, whole, whole)


def _encoded(code_point: int) -> bytes:
    return chr(code_point).encode("utf-8", "surrogatepass")


def _members(text: bytes) -> int:
    return sum(1 << byte for byte in text)


_SIGNS = {
    codes.AT_BEGINNING: "^",
    codes.AT_BEGINNING_LINE: "^",
    codes.AT_BEGINNING_STRING: "^",
    codes.AT_END: "$",
    codes.AT_END_LINE: "$",
    codes.AT_END_STRING: "$",
    codes.AT_BOUNDARY: r"\b",
}

_CATEGORIES = {
    codes.CATEGORY_DIGIT: (_members(b"0123456789"), False),
    codes.CATEGORY_NOT_DIGIT: (_members(b"0123456789"), True),
    codes.CATEGORY_SPACE: (_members(b" \t\n\r\f\v"), False),
    codes.CATEGORY_NOT_SPACE: (_members(b" \t\n\r\f\v"), True),
    codes.CATEGORY_WORD: (WORD, False),
    codes.CATEGORY_NOT_WORD: (WORD, True),
}
