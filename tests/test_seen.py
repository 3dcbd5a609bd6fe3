"""What is known of files that nobody has opened, by hashes of their lines alone."""

from __future__ import annotations

import pytest

from auto_enforcer import seen
from auto_enforcer.model import Row, Violation
from auto_enforcer.seen import FirstSeen, Seen, marked, restored
from test_scope import BASE, ONE, found

SEEN = Seen(bytes(16))

EDITS = [
    ("nothing", BASE, "3 7"),
    ("a copy below", BASE.replace(ONE, ONE + ONE), "3 4+ 8"),
    ("a copy above", "print(one)\n" + BASE, "1+ 4 8"),
    ("a copy at the end", BASE + "print(one)\n", "3 7 8+"),
    ("a line above", "# new\n" + BASE, "4 8"),
    ("re-indented", BASE.replace("    ", "\t\t"), "3 7"),
    ("carriage returns", BASE.replace("\n", "\r\n"), "3 7"),
    ("another value", BASE.replace("key_a", "key_b"), "3 7+"),
    ("an edit of its line, of which hashes do not tell what it was", BASE.replace("one)", "one, 2)"), "3+ 7"),
    ("reordered", "def second():\n    return key_a\n\n" + BASE[: BASE.index("\ndef s")], "2 6"),
    ("moved alone", BASE.replace(ONE, "") + "def third():\n    print(one)\n", "6 8+"),
    ("moved and copied", BASE.replace(ONE, "") + f"{ONE}    return one\n" * 2, "6 7 9+"),
    ("two on one moved line", "key_a = key_b\nx = 1\n" + BASE, "1+ 1+ 5 9"),
]  # fmt: skip


def scopes(base: str, text: str) -> str:
    """For each violation of a text its line, from 1 on, with a `+` where it is new."""
    rows = marked(SEEN.hashes(base.encode()), SEEN.hashes(text.encode()), found(text)[1])
    return " ".join(f"{row.number + 1}{'' if row.base is not None else '+'}" for row in rows)


@pytest.mark.parametrize(("name", "text", "expected"), EDITS, ids=[name for name, *_ in EDITS])
def test_a_violation_is_old_if_its_whole_line_was_there(name: str, text: str, expected: str) -> None:
    assert scopes(BASE, text) == expected


def test_several_on_a_line_that_was_moved_are_moved_together() -> None:
    first, second = "key_a = key_b\nx = 1\n", "y = 2\nz = 3\n"
    assert scopes(first + second, second + first) == "3 3"


def test_what_is_about_the_file_as_such_is_not_guessed_to_be_new() -> None:
    hashes = SEEN.hashes(b"a\nb\n")
    rows = [
        Row(0, Violation("family/bad", "", 0, 0)),
        Row(0, Violation("family/bad", "", 0, 1)),
        Row(0, Violation("enforcer/rule-failed", "", 0, 0)),
    ]
    assert [row.base for row in marked(hashes, SEEN.hashes(b"c\nb\n"), rows)] == [0, None, None]


def test_no_text_is_kept_and_without_the_key_nothing_is_told() -> None:
    other = Seen()
    assert len(other.key) == 16
    assert other.key != Seen().key
    hashes = other.hashes(b"password\n\npassword")
    assert len(hashes) == 3 * seen.WIDTH
    assert hashes[: seen.WIDTH] == hashes[2 * seen.WIDTH :] != SEEN.hashes(b"password")
    assert Seen(other.key).hashes(b"  password\r\n\t\npassword\n")[: 3 * seen.WIDTH] == hashes


def test_the_first_time_counts_and_there_is_a_bound() -> None:
    held = Seen()
    held.put("a", b"first")
    held.put("a", b"second")
    assert held.of("a") == b"first"
    held.put("large", bytes(seen.MOST_KEPT))
    assert (held.is_full, held.of("large"), list(held.paths())) == (True, None, ["a"])


@pytest.mark.parametrize(
    ("is_complete", "is_full", "stood"),
    [(False, False, b"now"), (True, False, None), (True, True, b"now")],
)
def test_a_file_that_was_not_seen_is_new_only_where_all_were(
    is_complete: bool, is_full: bool, stood: bytes | None
) -> None:
    held, told = Seen(), list[str]()
    if is_full:
        held.put("large", bytes(seen.MOST_KEPT + 1))
    first_seen = FirstSeen(held, lambda path, hashes: told.append(path), is_complete=is_complete)
    assert first_seen.stood("a", b"now") == stood
    assert told == (["a"] if stood else [])


def test_the_lines_of_before_are_told_by_those_of_now() -> None:
    before, now = ["a", "", "secret", "  b"], ["  b", "c", "a"]
    own = SEEN.hashes("\n".join(now).encode())
    assert restored(SEEN.hashes("\n".join(before).encode()), own, now) == ["a", "", "", "  b"]
