"""A NUL near the beginning makes a text binary: for a file, for standard input and for an open document."""

from __future__ import annotations

import os
import random
from datetime import date

import pytest

from auto_enforcer import text
from auto_enforcer.document import Document
from auto_enforcer.session import Session

TODAY = date(2026, 11, 22)
PATH = "app/service.py"
LINE = 'when = "2026-02-31"  # é\n'


def checked(session: Session, content: str) -> list[int] | None:
    """The lines of what is found in a file; None where it is skipped."""
    data = content.encode()
    chunks = [data[at : at + text.BLOCK] for at in range(0, len(data), text.BLOCK)]
    done = session.check_chunks(PATH, chunks, lambda: chunks)
    assert (done.report is None) == (done.skipped is not None)
    return None if done.report is None else [row.number for row, _ in done.report.rows]


def opened(session: Session, content: str) -> Document:
    document = session.open(os.path.join(session.root, PATH), "python", content)
    document.finish()
    return document


def shown(session: Session, document: Document) -> list[int]:
    document.finish()
    return [row.number for row, _ in session.rows(document)]


@pytest.fixture
def session() -> Session:
    return Session(os.sep + "workspace", today=TODAY)


@pytest.mark.parametrize("at", [0, 1, 5_000, 8_190, 8_191, 8_192, 8_193, 40_000])
def test_a_document_is_binary_where_its_file_is(session: Session, at: int) -> None:
    body = LINE * 2_000
    before = body.encode()[:at].decode(errors="ignore")
    content = before + "#" * (at - len(before.encode())) + "\0" + body
    assert content.encode().index(b"\0") == at
    found = checked(session, content)
    assert (found is None) == (at < 8_192)
    assert shown(session, opened(session, content)) == (found or [])


def test_a_document_becomes_binary_and_text_again_as_it_is_edited(session: Session) -> None:
    content = LINE * 1_000
    document = opened(session, content)
    everything = shown(session, document)
    assert len(everything) == 1_000
    for line in (0, 5, 12, 200):
        document.change(line, 0, line, 0, "\0")
        assert shown(session, document) == []
        document.change(line, 0, line, 1, "")
        assert shown(session, document) == everything
    document.change(900, 3, 900, 3, "\0")
    assert len(shown(session, document)) >= 999
    document.change(0, 0, 890, 0, "")
    assert shown(session, document) == []
    document.change(0, 0, 0, 0, "# " + "x" * 9_000 + "\n")
    assert len(shown(session, document)) >= 100
    document.replace(content)
    assert shown(session, document) == everything


def test_any_edits_leave_what_a_check_of_the_file_finds(session: Session) -> None:
    chance = random.Random(7)
    turned = 0
    for _ in range(12):
        document = opened(session, LINE * chance.choice((1, 30, 400)))
        was = False
        for _ in range(12):
            end = document.line_count
            first, last = sorted((chance.randrange(end), chance.randrange(end)))
            new = chance.choice(("\0", "", LINE, "\0" + LINE, "x" * 8_000 + "\n", LINE * 100))
            document.change(first, chance.randrange(30), last, chance.randrange(30), new)
            found = checked(session, document.text())
            assert shown(session, document) == (found or [])
            turned += (found is None) != was
            was = found is None
    assert turned > 10
