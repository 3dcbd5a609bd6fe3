"""Lines that nobody would write: a megabyte of one delimiter, a violation every few characters."""

from __future__ import annotations

import random

import pytest

from auto_enforcer import catalog, text
from auto_enforcer.activation import OpenScanner
from auto_enforcer.model import Row
from hostile.workload import checked, plain_scanner, plain_session, session, settled_scanner

FLOODS = ("`", '"', "'", '"""', "/*", "${", "#", "enforcer:", "{", "<", "\\", "\x01", "\u200b", "print(")
"""What the marks and the triggers of rules look like, one beside the other."""

FRAGMENTS = {
    "app/a.py": ("print(1), ", "breakpoint(); ", "x" * 300, "2026-02-31 ", "\u200b", "_" * 1_000, "é" * 50),
    "site/a.html": ("<p>", "<script>console.log(1)</script>", "x" * 300, "\u202e", "_" * 1_000),
    "app/a.rb": ("binding.pry; ", "/", "%q(", "x" * 300, '"', "puts 1; ", "_" * 1_000),
    "conf/a.yaml": ("password: 'Tr0ub4dor-and-3' ", "x" * 300, '"', "_" * 1_000, "\x01"),
}


def long_line(seed: int, path: str) -> str:
    """A line of up to 150,000 characters that rules find something on, in some of its pieces."""
    source = random.Random(seed)
    length = source.choice((1_200, 5_000, 20_000, 64_000, 70_000, 150_000))
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        parts += [source.choice(FRAGMENTS[path])] * source.choice((1, 1, 1, 40))
    return "".join(parts)


def plain(rows: list[Row]) -> list[tuple[object, ...]]:
    return sorted((row.number, row.violation.start, row.violation.end, row.violation.rule) for row in rows)


@pytest.mark.parametrize("path", FRAGMENTS)
@pytest.mark.parametrize("seed", range(12))
def test_both_scanners_find_the_same_in_all_pieces_of_a_long_line(seed: int, path: str) -> None:
    content = f"{long_line(seed, path)}\nnext\n".encode()
    expected = plain(checked(session(), content, path).rows)
    assert plain(checked(plain_session(), content, path).rows) == expected


def test_the_plain_scanner_sees_what_stands_far_behind_its_like() -> None:
    """The smallest case: twice the same on one line, in two pieces of it."""
    line = "x = [print(1), " + "a, " * 2_000 + "print(2)]\n"
    found = [row.violation.start for row in checked(plain_session(), line.encode(), "app/a.py").rows]
    assert found == [5, line.index("print(2")]


@pytest.mark.parametrize("opened", [settled_scanner, plain_scanner])
@pytest.mark.parametrize("unit", FLOODS)
@pytest.mark.parametrize("language", [None, "python", "typescript", "ruby", "markdown"])
def test_a_flood_is_no_flood_of_hits(unit: str, language: str | None, opened: OpenScanner) -> None:
    """What a scanner says of a segment grows with its pieces and patterns, not with the delimiters in it."""
    patterns, _ = catalog.pattern_set(language)
    segment = (unit * text.SEGMENT).encode()[: text.SEGMENT]
    hits = opened(language, catalog.COMMON).scan(segment)
    assert len(hits) <= 4_096 or len(hits) <= len(patterns.patterns) * (text.SEGMENT // text.STEP)
