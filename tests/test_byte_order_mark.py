"""The one rule about something that is no part of a text: the mark that a file begins with."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from auto_enforcer import text
from auto_enforcer.session import Session
from command import Command, fill
from found import TODAY
from lsp.stdio import Client

MARK = codecs.BOM_UTF8
POLICY = '[rules]\n"unicode/byte-order-mark" = "warning"\n'
RULE = "unicode/byte-order-mark"


def rules(content: bytes, tmp_path: Path, size: int = text.BLOCK) -> list[tuple[int, int, str, bool]]:
    """Line, column and rule of what a check finds, and whether a suppression takes it out."""
    (tmp_path / "enforcer.toml").write_text(POLICY)
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    checked = Session(str(tmp_path), today=TODAY).check_chunks("a.py", chunks, lambda: chunks)
    assert checked.report is not None
    return [
        (row.number, row.violation.start, row.violation.rule, row.suppression is not None)
        for row, _ in checked.report.rows
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 5, text.BLOCK])
@pytest.mark.parametrize(
    "body", [b"", b"\n", b"\r\n", b"x = 1\n", b"x = 1", b"#!/bin/sh\n", b"x = '" + b"y" * 200_000]
)
def test_a_file_that_begins_with_the_mark_is_told_of(body: bytes, size: int, tmp_path: Path) -> None:
    if len(body) > 1_000 and size < text.BLOCK:
        pytest.skip("not byte by byte")
    assert rules(MARK + body, tmp_path, size) == [(0, 0, RULE, False)]
    assert rules(body, tmp_path, size) == []


def test_it_stands_beside_what_else_is_found_and_can_be_allowed(tmp_path: Path) -> None:
    found = rules(MARK + b"print(1)\n", tmp_path)
    assert found == [(0, 0, RULE, False), (0, 0, "logging/print-call", False)]
    assert rules(MARK + b"x = 1  # enforcer: allow[unicode]: of Windows\n", tmp_path) == [(0, 0, RULE, True)]
    body = b"x = 1\n# enforcer: allow-file[unicode]: of Windows\n"
    assert rules(MARK + body, tmp_path) == [(0, 0, RULE, True)]


def test_the_mark_of_another_encoding_is_needed(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-32"):
        assert rules("x = 1\n".encode(encoding), tmp_path) == []


def test_nothing_is_said_of_it_where_the_rule_is_off() -> None:
    session = Session("/workspace", today=TODAY)
    checked = session.check_chunks("a.py", [MARK + b"x = 1\n"], list)
    assert checked.report is not None
    assert list(checked.report.rows) == []


def test_files_and_standard_input_say_the_same(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": MARK + b"x = 1\n", "empty.py": MARK, "b.py": "x = 1\n", "enforcer.toml": POLICY})
    said = "the file begins with a byte order mark; save it without\n"
    assert [line for line in ae("check").out.splitlines(keepends=True) if RULE in line] == [
        f"{name}:1:1: warning {RULE}  {said}" for name in ("a.py", "empty.py")
    ]
    given = ae("check", "-", "--stdin-path", "a.py", given=MARK + b"x = 1\n")
    assert given.out.startswith(f"a.py:1:1: warning {RULE}  {said}")


def test_an_editor_hears_of_it_until_the_file_is_saved_without(tmp_path: Path) -> None:
    """Editors take the mark out of the text that they send."""
    fill(tmp_path, {"a.py": MARK + b"x = 1\n", "enforcer.toml": POLICY})
    with Client() as client:
        client.initialize(tmp_path)
        name = client.open(tmp_path / "a.py", "x = 1\n")
        [diagnostic] = client.diagnostics(name)
        assert diagnostic["code"] == RULE
        assert diagnostic["range"] == {
            "start": {"line": 0, "character": 0},
            "end": {"line": 0, "character": 0},
        }
        client.change(name, 2, {"text": "y = 1\nz = 2\n"})
        assert [one["code"] for one in client.diagnostics(name, 2)] == [RULE]
        (tmp_path / "a.py").write_bytes(b"y = 1\n")
        client.save(name)
        assert client.diagnostics(name) == []
        assert client.stop() == 0
