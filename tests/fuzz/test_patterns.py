"""Hyperscan hits each line that a pattern of ours matches, also below lines that it nearly matches.

The library has faults: it once passed over lines that a pattern with a counted run at its start matches. Each
pattern is asked about texts made from itself, with slips.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from auto_enforcer import catalog
from auto_enforcer.languages import LANGUAGES
from effort import spread

hyperscan = pytest.importorskip("hyperscan")

TEXTS = 12
"""Asked of each pattern."""

CLASSES = {
    "CATEGORY_DIGIT": b"059",
    "CATEGORY_SPACE": b" \t",
    "CATEGORY_WORD": b"w_3",
    "CATEGORY_NOT_SPACE": b"x-",
}
"""Some of each class, in ASCII."""

ANY = bytes(byte for byte in range(32, 127))

SLIPS = b" )=._-aZ0\"'#/"


def patterns() -> Sequence[str]:
    """The patterns of every set, once; by default one of three."""
    kinds = (catalog.COMMON, catalog.OPTIONAL, catalog.ANYWHERE)
    sets = (catalog.pattern_set(language, kind)[0] for language in (None, *LANGUAGES) for kind in kinds)
    return spread(list(dict.fromkeys(pattern for one in sets for pattern in one.patterns)), 3)


def made(tree: Iterable[tuple[Any, Any]], source: random.Random) -> bytes:
    """Something that a parsed pattern matches, near enough: assertions are passed over."""
    text = b""
    for operation, value in tree:
        name = str(operation)
        if name == "LITERAL":
            text += bytes([value])
        elif name == "NOT_LITERAL":
            text += source.choice((b"y", b"z", b" ")) if value != 10 else b"x"
        elif name == "ANY":
            text += bytes([source.choice(ANY)])
        elif name == "IN":
            allowed = members(value)
            text += bytes([source.choice(allowed)]) if allowed else b"\xff"
        elif name == "SUBPATTERN":
            text += made(value[3], source)
        elif name == "BRANCH":
            text += made(source.choice(value[1]), source)
        elif name.endswith("REPEAT"):
            least, most, inner = value
            more = source.randint(0, min(4, int(most) - least)) if source.random() < 0.7 else 0
            text += b"".join(made(inner, source) for _ in range(least + more))
    return text


def members(items: list[tuple[Any, Any]]) -> bytes:
    """The bytes of a set in brackets; of one that is negated, those that can be seen."""
    found: set[int] = set()
    for operation, value in items:
        name = str(operation)
        if name == "LITERAL":
            found.add(value)
        elif name == "RANGE":
            found.update(range(value[0], value[1] + 1))
        elif name == "CATEGORY":
            found.update(CLASSES[str(value)])
    if str(items[0][0]) == "NEGATE":
        return bytes(byte for byte in ANY if byte not in found)
    return bytes(sorted(found - {10, 13}))


def slipped(line: bytes, source: random.Random) -> bytes:
    """A line with up to two slips of the keyboard."""
    letters = bytearray(line)
    for _ in range(source.choice((0, 1, 1, 2))):
        at, kind = source.randrange(len(letters) + 1), source.random()
        if kind < 0.3:
            del letters[at : at + 1]
        elif kind < 0.6:
            letters.insert(at, source.choice(SLIPS))
        elif kind < 0.8:
            letters[at:at] = letters[max(0, at - 5) : at]
        else:
            del letters[at:]
    return bytes(letters).replace(b"\n", b"")


def missed(pattern: str, texts: int, sought: str = "") -> bytes | None:
    """A text in which the library, seeking the pattern, passes over a line that it matches."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[(sought or pattern).encode()], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_MULTILINE]
    )
    plain, source, tree = (
        re.compile(pattern.encode()),
        random.Random(pattern),
        _parser.parse(pattern.encode()),
    )
    for _ in range(texts):
        lines = [slipped(made(tree, source), source) for _ in range(source.randint(1, 4))]
        text, found = b"\n".join(lines) + b"\n", set[int]()

        def hit(index: int, start: int, end: int, flags: int, context: object) -> None:
            found.add(text.count(b"\n", 0, end - 1))  # noqa: B023 - asked within the scan alone

        database.scan(text, match_event_handler=hit)
        if not {number for number, line in enumerate(lines) if plain.search(line)} <= found:
            return text
    return None


def test_the_library_passes_over_no_line() -> None:
    asked = patterns()
    assert len(asked) > 300
    faults = {pattern: text for pattern in asked if (text := missed(pattern, TEXTS)) is not None}
    assert not faults


def test_what_the_library_passes_over_is_noticed() -> None:
    assert missed("(?:foo|bar)[0-9]{2,4}x", TEXTS, sought="foo[0-9]{2,4}x") is not None
    assert missed("^[a-c]{2,5}key", TEXTS, sought="^[a-c]{2,4}key") is not None
    assert missed("^[a-c]{2,5}key", TEXTS) is None
