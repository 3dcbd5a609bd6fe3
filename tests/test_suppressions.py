"""Suppressions: what they say, which lines they cover, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auto_enforcer.model import Row
from found import rows, said

ALLOW = "enforcer: allow[logging/print-call]"


def test_a_suppression_at_the_end_of_a_line_speaks_of_that_line() -> None:
    """And of no other."""
    assert said(f'print("a")  # {ALLOW}: shown\nprint("b")\n') == [
        "-1:1 logging/print-call",
        "2:1 logging/print-call",
    ]


def test_a_suppression_alone_on_a_line_speaks_of_the_next_one() -> None:
    """Indented or not."""
    text = f'if x:\n    # {ALLOW}: shown\n    print("a")\n    print("b")\n'
    assert said(text) == ["-3:5 logging/print-call", "4:5 logging/print-call"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# TODO: mend  # enforcer: allow[debt]: known\n", "a.py"),
        ("// TODO: mend // enforcer: allow[debt]: known\n", "a.ts"),
        ("/* TODO: mend */ // enforcer: allow[debt]: known\n", "a.ts"),
        ("<!-- TODO: mend --> <!-- enforcer: allow[debt]: known -->\n", "a.html"),
        ("-- TODO: mend -- enforcer: allow[debt]: known\n", "a.sql"),
    ],
)
def test_a_suppression_behind_a_remark_speaks_of_its_line(text: str, path: str) -> None:
    """Although no code stands on it."""
    [only] = said(text, path)
    assert only.startswith("-1:")


@pytest.mark.parametrize(
    ("comment", "path"),
    [
        ("rem {}", "a.bat"),
        ("REM {}", "a.bat"),
        ("/** {} */", "a.ts"),
        ("#: {}", "a.py"),
        ("<!-- {} -->", "a.html"),
    ],
)
def test_what_opens_a_comment_is_no_remark(comment: str, path: str) -> None:
    """So the suppression speaks of the next line."""
    text = f"{comment.format('enforcer: allow[debt]: known')}\n{comment.format('TODO: mend')}\n"
    [only] = said(text, path)
    assert only.startswith("-2:")


def test_suppressions_that_stand_one_below_the_other_speak_of_the_same_line() -> None:
    """Each may name its own rule."""
    text = f'# {ALLOW}: shown\n# enforcer: allow[debt]: known\nprint("a")  # TODO: later\n'
    assert said(text) == ["-3:1 logging/print-call", "-3:15 debt/todo-without-reference"]


def test_a_suppression_covers_the_string_that_opens_on_the_next_line() -> None:
    """To the line on which it ends, and no further."""
    text = (
        "# enforcer: allow[secrets]: a sample\n"
        's = """\n'
        "postgres://admin:Tr0ub4dor-and-3@db.internal.corp/app\n"
        "\n"
        '"""\n'
        't = "postgres://admin:Tr0ub4dor-and-3@db.internal.corp/app"\n'
    )
    found = said(text)
    assert "-3:" in found[0]
    assert all("secrets/" in row for row in found)
    assert [row.startswith("-") for row in found] == [True, False]


def test_a_suppression_of_a_string_covers_no_later_one() -> None:
    string = 'text = """\n\u202e\n"""\n'
    assert said(f"# enforcer: allow[unicode]: shown\n{string}x = 1\n{string}") == [
        "-3:1 unicode/bidirectional-control",
        "7:1 unicode/bidirectional-control",
    ]


def test_a_family_is_a_name_too() -> None:
    """It speaks of all its rules."""
    assert said('print("a")  # enforcer: allow[logging]: shown\n') == ["-1:1 logging/print-call"]


@pytest.mark.parametrize("line", range(10))
def test_allow_file_speaks_of_the_whole_file_from_any_of_its_first_ten_lines(line: int) -> None:
    """Also of the lines above it."""
    lines = ["x = 1"] * 12
    lines[line] = f"# {ALLOW.replace('allow', 'allow-file')}: a program"
    lines[0 if line else 1] = 'print("a")'
    lines[11] = 'print("b")'
    assert said("\n".join(lines)) == [f"-{1 if line else 2}:1 logging/print-call", "-12:1 logging/print-call"]


def test_allow_file_below_the_tenth_line_is_malformed() -> None:
    """And takes nothing out."""
    text = "x = 1\n" * 10 + "# enforcer: allow-file[logging]: a program\n" + 'print("a")\n'
    assert said(text) == ["11:3 enforcer/malformed-suppression", "12:1 logging/print-call"]


def test_a_blocked_rule_is_allowed_only_with_a_reason() -> None:
    """Without one it stays, and the suppression is itself a violation."""
    assert (
        said("breakpoint()  # enforcer: allow[logging/breakpoint-call]\n")[0] == "1:1 logging/breakpoint-call"
    )
    assert "1:17 enforcer/missing-reason" in said(
        "breakpoint()  # enforcer: allow[logging/breakpoint-call]\n"
    )
    assert said("breakpoint()  # enforcer: allow[logging/breakpoint-call]: shown\n") == [
        "-1:1 logging/breakpoint-call"
    ]


def test_an_expired_suppression_takes_nothing_out() -> None:
    """Its last day still counts."""
    assert said(f'print("a")  # {ALLOW} until=2026-11-22: shown\n') == [
        "-1:1 logging/print-call",
        "1:15 enforcer/expiring-suppression",
    ]
    assert said(f'print("a")  # {ALLOW} until=2026-11-21: shown\n') == [
        "1:1 logging/print-call",
        "1:15 enforcer/expired-suppression",
    ]


@pytest.mark.parametrize(
    ("until", "days", "is_told"),
    [
        ("2026-11-22", 0, True),
        ("2026-11-23", 0, False),
        ("2026-12-06", 14, True),
        ("2026-12-07", 14, False),
        ("2027-11-22", 365, True),
        ("9999-12-31", 10**9, True),
        ("2026-11-22", -1, False),
    ],
)
def test_that_a_suppression_is_to_expire_is_told_some_days_before(
    tmp_path: Path, until: str, days: int, is_told: bool
) -> None:
    """The policy says how many; what it allows stays allowed."""
    (tmp_path / "enforcer.toml").write_text(f'[rules]\n"enforcer/expiring-suppression".days = {days}\n')
    found = [(row.violation.rule, row.violation.message) for row in _rows(tmp_path, until)]
    told = (
        "enforcer/expiring-suppression",
        f"this suppression expires on {until}; mend what it allows by then",
    )
    assert found == [("logging/print-call", found[0][1]), *([told] if is_told else [])]


def test_what_is_to_expire_is_not_told_where_the_rule_is_off(tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text('[rules]\n"enforcer/expiring-suppression" = "off"\n')
    assert [row.violation.rule for row in _rows(tmp_path, "2026-11-23")] == ["logging/print-call"]


def _rows(root: Path, until: str) -> list[Row]:
    found = rows(f'print("a")  # {ALLOW} until={until}: shown\n', root=str(root))
    assert found[0].suppression is not None
    return found


def test_a_suppression_that_took_nothing_out_is_unused() -> None:
    """At the end of a line, for the next line, and for the file; reported where it stands."""
    assert said(f"x = 1  # {ALLOW}: shown\n") == ["1:10 enforcer/unused-suppression"]
    assert said(f"# {ALLOW}: shown\nx = 1\n") == ["1:3 enforcer/unused-suppression"]
    assert said("# enforcer: allow-file[logging]: a program\nx = 1\n") == ["1:3 enforcer/unused-suppression"]
    assert said(f"x = 1\n# {ALLOW}: shown") == ["2:3 enforcer/unused-suppression"]


def test_a_suppression_of_a_rule_that_did_not_run_is_not_unused() -> None:
    """Another language's rule, or one that is off."""
    assert said("x = 1  # enforcer: allow[logging/console-call]: shown\n") == []
    assert said(f"x = 1  # {ALLOW}: shown\n", "tests/test_x.py") == []


def test_an_unknown_rule_is_named_with_what_may_be_meant() -> None:
    """At the column of its name."""
    found = rows("x = 1  # enforcer: allow[debt, logging/print-cal]: shown\n")
    unknown = [row.violation for row in found if row.violation.rule == "enforcer/unknown-rule"]
    assert [(v.start, v.end) for v in unknown] == [(31, 48)]
    assert "`logging/print-call`" in unknown[0].message


@pytest.mark.parametrize(
    "directive",
    [
        "allow",
        "allow[]: x",
        "allow[ ,]: x",
        "allow[Logging]: x",
        "allow[a/b/c]: x",
        "allow[debt] until=soon: x",
        "allow debt: x",
        "ignore",
        "ignore: known",
        "disable-next-line",
        "skip debt/todo-without-reference",
    ],
)
def test_what_begins_like_a_suppression_and_is_none_is_malformed(directive: str) -> None:
    """Its writer believes that it works."""
    assert said(f"x = 1  # enforcer: {directive}\n") == ["1:10 enforcer/malformed-suppression"]


@pytest.mark.parametrize("words", ["skip what it says", "ignored", "off we go", "disable it first"])
def test_a_sentence_that_speaks_of_an_enforcer_is_no_suppression(words: str) -> None:
    assert said(f"x = 1  # enforcer: {words}\n") == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('x = "enforcer: allow"\n', "a.py"),
        ("# the enforcer: a tool\n", "a.py"),
        ("enforcer: allow\n", "notes.md"),
        ("# my-enforcer: allow\n", "a.py"),
    ],
)
def test_words_that_are_no_suppression_are_left_alone(text: str, path: str) -> None:
    """In strings, in prose, in other words."""
    assert said(text, path) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("console.log(x); /* {} */\n", "a.ts"),
        ("console.log(x); // {}\n", "a.ts"),
        ("<script>\n// {}\nconsole.log(x)\n</script>\n", "a.html"),
    ],
)
def test_every_comment_of_a_language_can_hold_one(text: str, path: str) -> None:
    """The comment's own end is no part of the reason."""
    found = said(text.replace("{}", "enforcer: allow[logging/console-call]: shown"), path)
    assert [row[0] for row in found] == ["-"]
    reasons = [
        row.suppression.reason
        for row in rows(text.replace("{}", "enforcer: allow[logging/console-call]: shown"), path)
        if row.suppression
    ]
    assert reasons == ["shown"]


def test_the_names_in_a_suppression_are_not_read_as_the_files_text() -> None:
    """A rule that minds words would else be silenced, or woken, by its own name."""
    assert said('day = "2026-02-31"  # enforcer: allow[dates/impossible-date]: a sample\n') == [
        "-1:7 dates/impossible-date"
    ]
