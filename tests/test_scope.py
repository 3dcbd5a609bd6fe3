"""What is new and what stood in the base, by content: pairs of lines, and violations on them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_enforcer.model import Row, Suppression, Violation
from auto_enforcer.scope import Base, Pairs, marked

CALLS = re.compile(r"print\(|debugger|key_\w+")


def found(text: str) -> tuple[list[str], list[Row]]:
    """A text's lines, and a row for each call of `print`, `debugger` and word that begins with `key_`."""
    lines = text.splitlines()
    rows = [
        Row(number, Violation("family/bad", "bad", match.start(), match.end()))
        for number, line in enumerate(lines)
        for match in CALLS.finditer(line)
    ]
    return lines, rows


def scopes(base: str, text: str) -> str:
    """For each violation of a text its line, from 1 on, with a `+` where it is new."""
    lines, rows = found(text)
    judged = marked(Base(*found(base)), lines, rows)
    return " ".join(f"{row.number + 1}{'' if row.base is not None else '+'}" for row in judged)


ONE = "    print(one)\n"
BASE = "def first():\n    one = 1\n    print(one)\n    return one\n\ndef second():\n    return key_a\n"

EDITS = [
    ("nothing", BASE, "3 7"),
    ("a copy below", BASE.replace(ONE, "    print(one)\n    print(one)\n"), "3 4+ 8"),
    ("a copy at the end", BASE + "print(one)\n", "3 7 8+"),
    ("a copy above", "print(one)\n" + BASE, "1+ 4 8"),
    ("a copy on the same line", BASE.replace("print(one)", "print(one); print(one)"), "3 3+ 7"),
    ("an edit beside", BASE.replace("print(one)", "print(one)  # of three"), "3 7"),
    ("an edit of what is printed", BASE.replace("print(one)", "print(one, 'two')"), "3 7"),
    ("another line in its place", BASE.replace("print(one)", "for x in range(7, 9, 2): print(x[0])"), "3+ 7"),
    ("a line above", "# new\n" + BASE, "4 8"),
    ("a line between", BASE.replace("    print", "    two = 2\n    print"), "4 8"),
    ("re-indented", BASE.replace("    ", "\t\t"), "3 7"),
    ("carriage returns", BASE.replace("\n", "\r\n"), "3 7"),
    ("another value", BASE.replace("key_a", "key_b"), "3 7+"),
    ("the lines around it removed", "    one = 1\n    print(one)\n", "2"),
    ("its own line removed", BASE.replace(ONE, ""), "6"),
    ("reordered", "def second():\n    return key_a\n\n" + BASE[: BASE.index("\ndef s")], "2 6"),
    ("moved with one neighbour", BASE.replace(f"    one = 1\n{ONE}", "") + f"    one = 1\n{ONE}", "5 7"),
    ("moved alone", BASE.replace(ONE, "") + "def third():\n    print(one)\n", "6 8+"),
    ("moved and copied", BASE.replace(ONE, "") + f"{ONE}    return one\n" * 2, "6 7 9+"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_an_edit_is_judged_by_content(text: str, expected: str) -> None:
    assert scopes(BASE, text) == expected


def test_an_empty_base_has_nothing() -> None:
    assert scopes("", BASE) == "3+ 7+"


def test_what_is_about_the_file_is_old_if_its_rule_spoke_of_the_base() -> None:
    whole, other = Violation("files/large", "too large", 0, 0), Violation("files/other", "other", 0, 0)
    base = Base(["a"], [Row(0, whole)])
    judged = marked(base, ["b", "c"], [Row(1, whole), Row(1, other)])
    assert [row.base for row in judged] == [0, None]


def test_what_was_allowed_in_the_base_is_new_when_it_is_not_any_more() -> None:
    violation, allowed = Violation("a/b", "bad", 0, 1), Suppression(("a/b",), "", None, 0, 0)
    assert marked(Base(["x"], [Row(0, violation, allowed)]), ["x"], [Row(0, violation)])[0].base is None
    assert marked(Base(["x"], [Row(0, violation)]), ["x"], [Row(0, violation, allowed)])[0].base is None


def test_what_could_not_run_is_never_old() -> None:
    failed = Row(0, Violation("enforcer/rule-failed", "failed", 0, 1))
    assert marked(Base(["x"], [failed]), ["x"], [failed])[0].base is None


words = st.lists(st.sampled_from(["a", "b", "  b", "c", "d", "", "print(x)", "}"]), max_size=12)


def sound(pairs: Pairs, base: list[str], lines: list[str]) -> None:
    """Pairs are of equal lines and rise on both sides."""
    at, base_at = 0, 0
    for start, base_start, length in pairs.runs:
        assert start >= at
        assert base_start >= base_at
        assert length > 0
        at, base_at = start + length, base_start + length
        assert [one.split() for one in lines[start:at]] == [one.split() for one in base[base_start:base_at]]
    assert at <= len(lines)
    assert base_at <= len(base)


@given(words, words)
def test_pairs_are_of_equal_lines_in_order(base: list[str], lines: list[str]) -> None:
    pairs = Pairs(base, lines)
    sound(pairs, base, lines)
    paired = {run.base + index for run in pairs.runs for index in range(run.length)}
    gaps = list(pairs.gaps(len(lines)))
    alone = {number for number in range(len(lines)) if pairs.base_of(number) < 0}
    assert {number for gap in gaps for number in range(gap.start, gap.end)} == alone
    bases = [number for gap in gaps for number in range(gap.base_start, gap.base_end)]
    assert bases == sorted(set(range(len(base))) - paired)
    for number in alone:
        gap = pairs.gap(number, len(lines))
        assert gap.start <= number < gap.end
        assert gap in gaps


@given(words, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4), words), max_size=8))
def test_edits_keep_the_pairs_sound_and_as_many_as_can_be_told(
    base: list[str], edits: list[tuple[int, int, list[str]]]
) -> None:
    lines = list(base)
    pairs = Pairs(base, lines)
    for first, length, new in edits:
        first = min(first, len(lines))
        last = min(first + length, len(lines))
        lines[first:last] = new
        pairs.change(first, last, len(new), lines)
        sound(pairs, base, lines)
    count, lines[:] = len(lines), base
    pairs.change(0, count, len(base), lines)
    assert all(pairs.base_of(number) == number for number in range(len(base)))


def test_a_long_gap_without_unique_lines_is_left_alone() -> None:
    base = ["a", "b"] * 2_000
    pairs = Pairs(["x", *base], ["y", *reversed(base)])
    sound(pairs, ["x", *base], ["y", *reversed(base)])


def test_a_short_gap_of_many_equal_lines_is_paired_in_order() -> None:
    base, lines = ["x", *["a", "b", "c"] * 200], ["y", *["c", "a", "b"] * 200, "z"]
    pairs = Pairs(base, lines)
    sound(pairs, base, lines)
    assert sum(run.length for run in pairs.runs) > 500
