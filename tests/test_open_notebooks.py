"""A notebook that is open as the text of its file: what is found after any edits equals what `check` finds in
the same bytes, notebook or not."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from auto_enforcer import open_notebooks, text
from auto_enforcer.document import Document
from auto_enforcer.given import Given
from auto_enforcer.model import Edit, Fix, Row, Violation
from auto_enforcer.scope import Base, marked
from auto_enforcer.session import Session
from effort import THOROUGH
from test_notebooks import GITHUB, code, lines, notebook, printed

TODAY = date(2026, 11, 22)
POLICY = 'extends = ["all"]\n'

Told = list[tuple[object, ...]]

SOURCES = (
    "import os\neval(x)\n",
    "# enforcer: allow[security]: shown in class\neval(x)\nprint('é😀', eval(y))\n",
    "# enforcer: allow-file[security/eval-call]: a course\nx = 1\n",
    "%%bash\neval $1\ncurl -k https://x.example\n",
    "try:\n    run()\nexcept Exception:\n    pass\n",
    f"token = '{GITHUB}'\n",
    "x = 'é\"\\\\'\nif x == None:\n    breakpoint()\n",
    "y = 1\n",
)
PIECES = (
    '"',
    "\\",
    ",",
    "{",
    "]",
    "\n",
    "\r\n",
    "eval(x)\\n",
    "x = eval(z)  # \\u00e9😀",
    '"eval(x)\\n",\n',
    '"# enforcer: allow[security]: so\\n",\n',
    '"# enforcer: allow-file[security, errors]: so\\n",\n',
    f"'{GITHUB}'",
    "%%bash\\n",
    '"cell_type": "markdown",\n',
    '"language_info": {"name": "javascript"},\n',
    "password = 'hunter2!x9'",
    "é",
    "\x0c",
)


def key(row: Row) -> tuple[object, ...]:
    """All that a row says."""
    found = row.violation
    place = row.number, found.start, found.end, found.rule
    return *place, found.message, found.fixes, row.suppression, row.cell


def full(session: Session, path: str, content: str) -> Told:
    """What `check` finds in the bytes."""
    data = content.encode()
    chunks = [data[at : at + text.BLOCK] for at in range(0, len(data), text.BLOCK)]
    checked = session.check_chunks(path, chunks, lambda: chunks)
    assert checked.report is not None
    return sorted((key(row) for row, _ in checked.report.rows), key=lambda row: row[:4])


def told(document: Document) -> Told:
    return [key(row) for row in document.rows()]


def about_lines(rows: Told) -> Told:
    """Without what rules about files find: they look when it is saved."""
    return [row for row in rows if not str(row[3]).startswith(("files/", "docs/"))]


def made(chance: random.Random) -> str:
    """A notebook."""
    cells = [
        code(
            lines(source) if chance.random() < 0.8 else source,
            [printed(f"{GITHUB}\n", "loss 1\n")] if chance.random() < 0.3 else [],
        )
        for source in chance.choices(SOURCES, k=chance.randrange(1, 6))
    ]
    content = notebook(*cells, indent=chance.choice([1, 1, 1, None]))
    return content.replace("\n", chance.choice(["\n", "\n", "\r\n"])) + chance.choice(["", "\n"])


def place(chance: random.Random, document: Document) -> tuple[int, int]:
    number = chance.randrange(document.line_count + 1)
    return number, chance.randrange(len(document.line(number)) + 2)


@pytest.mark.parametrize("part", range(4))
def test_after_edits_is_found_what_the_command_finds(part: int, tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text(POLICY)
    session, path = Session(str(tmp_path), today=TODAY), "a.ipynb"
    met: Counter[str] = Counter()
    for seed in range(part, 4000 if THOROUGH else 240, 4):
        chance = random.Random(seed)
        content = made(chance)
        document = session.open(os.path.join(session.root, path), "json", content)
        if chance.random() < 0.8:
            document.finish()
            assert told(document) == full(session, path, content), f"seed {seed}: as it was opened"
        undo: list[tuple[int, int, int, int, str]] = []
        for _ in range(chance.randrange(2, 8)):
            kind = chance.random()
            if undo and kind < 0.4:
                document.change(*undo.pop())
            elif kind < 0.5:
                document.replace(made(chance))
                undo = []
            else:
                number, column = place(chance, document)
                column = min(column, len(document.line(number)))
                piece = chance.choice(PIECES)
                if number < document.line_count:
                    if "\n" not in piece:
                        undo.append((number, column, number, column + len(piece), ""))
                    document.change(number, column, number, column + chance.choice([0, 0, 0, 2]), piece)
            for _ in range(chance.choice([0, 1, 4, 99])):
                document.advance()
            if chance.random() < 0.4:
                document.finish()
                rows = about_lines(told(document))
                assert rows == about_lines(full(session, path, document.text())), f"seed {seed}"
                met["notebook" if any(row[-1] for row in rows) else "other"] += 1
        session.saved(document)
        document.finish()
        rows = told(document)
        assert rows == full(session, path, document.text()), f"seed {seed}: as it was saved"
        met.update(str(row[3]) for row in rows)
        met["suppressed"] += any(row[-2] for row in rows)
        met["fixed"] += any(row[-3] for row in rows)
        session.close(document)
    assert met["notebook"] > 15, met
    assert met["other"] > 15, met
    assert min(met["suppressed"], met["fixed"], met["security/eval-call"], met["files/broken-json"]) > 3, met


def test_what_stood_in_the_base_is_what_the_command_says(tmp_path: Path) -> None:
    """By the lines of the file, whichever of the two texts is a notebook."""
    (tmp_path / "enforcer.toml").write_text(POLICY)
    session, met = Session(str(tmp_path), today=TODAY), Counter[bool]()
    for seed in range(60):
        chance = random.Random(seed)
        base, content = made(chance), made(chance)
        if seed % 5 == 0:
            base = base.replace('"', "", 1)
        document = session.open(os.path.join(session.root, "a.ipynb"), "json", content)
        document.compare(base)
        document.finish()
        for number in range(chance.randrange(3)):
            if seed % 4 == 0:
                document.change(number + 4, 0, number + 4, 0, '"')
            document.change(2 * number, 0, 2 * number, 0, "\n")
        document.finish()
        document.pair_anew()
        bases = Base(text.split_lines(base), found_in(session, base))
        expected = marked(bases, document.lines, found_in(session, document.text()))
        told_of = {key(row): row.base for row in document.rows()}
        for row in expected:
            if not row.violation.rule.startswith(("files/", "docs/")):
                assert told_of[key(row)] == row.base, f"seed {seed}: {row}"
                met[row.base is None] += 1
    assert min(met[True], met[False]) > 30, met


def found_in(session: Session, content: str) -> list[Row]:
    data = content.encode()
    report = session.check_chunks("a.ipynb", [data], lambda: [data]).report
    assert report is not None
    return sorted((row for row, _ in report.rows), key=lambda row: key(row)[:4])


def test_a_byte_order_mark_on_the_disk_makes_it_no_notebook_until_it_is_saved_without(tmp_path: Path) -> None:
    content = notebook(code("eval(x)\n"))
    (tmp_path / "a.ipynb").write_bytes(b"\xef\xbb\xbf" + content.encode())
    session = Session(str(tmp_path), today=TODAY)
    document = session.open(str(tmp_path / "a.ipynb"), "json", content)
    document.finish()
    document.change(0, 0, 0, 0, "\n")
    document.finish()
    assert not told(document)
    (tmp_path / "a.ipynb").write_text(content)
    assert session.saved(document)
    document.finish()
    assert [row[3] for row in told(document)] == ["security/eval-call"]


def large() -> str:
    """A notebook that is not looked at again after each edit."""
    source = "x = 1\n" * 9 + "eval(y)\n"
    count = open_notebooks.MOST_LINES // 10 + 10
    return notebook(*[code(lines(source)) for _ in range(count)], code("if x == None:\n    pass\n"))


def places(document: Document) -> list[tuple[int, int]]:
    return [(row.number, row.violation.start) for row in document.rows()]


@pytest.mark.parametrize("whole", [False, True], ids=["edits", "whole texts"])
def test_in_a_large_one_what_was_found_moves_until_it_is_saved(whole: bool, tmp_path: Path) -> None:
    content = large()
    session = Session(str(tmp_path), today=TODAY)
    document = session.open(str(tmp_path / "a.ipynb"), "json", content)
    document.finish()
    before = places(document)
    assert len(before) > 2_000
    at = before[500][0]

    def put(start: int, end: int, new: str) -> None:
        """Put text in the place of the lines [start, end)."""
        if whole:
            all_lines = document.lines
            document.replace("".join([*all_lines[:start], new, *all_lines[end:]]))
        else:
            document.change(start, 0, end, 0, new)

    put(at, at, '"eval(z)\\n",\n')
    assert document.advance()
    assert places(document) == [(line + (line >= at), column) for line, column in before]
    put(at + 1, at + 2, '"y = 2\\n"\n')
    assert document.advance()
    kept = [one for one in before if one[0] != at]
    assert places(document) == [(line + (line >= at), column) for line, column in kept]
    put(0, 1, '{"')
    assert document.advance()
    assert len(places(document)) == len(kept)
    session.saved(document)
    document.finish()
    assert places(document) == [
        (row.number, row.violation.start) for row in found_in(session, document.text())
    ]
    assert not places(document)
    put(0, 1, '{\n "cells": [\n')
    session.saved(document)
    document.finish()
    assert places(document) == [(line + (line > at), 1 if line == at else column) for line, column in before]


def test_a_fix_goes_where_an_edit_touches_one_of_its_lines() -> None:
    """What it would change may be another now."""
    fix = Fix("Mend", True, (Edit(0, 0, 0, 1, "x"), Edit(2, 0, 2, 1, "y")))
    found = Violation("a/b", "so", 0, 1, (fix,))
    for first, last, delta, expected in (
        (0, 2, 3, (8, 1)),
        (8, 9, -1, (5, 1)),
        (6, 6, 1, (5, 0)),
        (7, 8, 0, (5, 0)),
        (5, 6, 0, None),
    ):
        given = Given((), rows=[Row(5, found)])
        given.move(first, last, delta)
        lines_told = given.lines(0, 20)
        told_there = [(line, len(one.fixes)) for line in lines_told for one, _ in given.settled(line)]
        assert told_there == ([] if expected is None else [expected]), (first, last)


def test_a_large_one_is_looked_at_some_of_it_at_a_time(tmp_path: Path) -> None:
    session = Session(str(tmp_path), today=TODAY)
    document = session.open(str(tmp_path / "a.ipynb"), "json", large())
    steps = 0
    while not document.advance():
        steps += 1
    assert steps > 20
    # An edit in between lets it begin again.
    session.saved(document)
    for _ in range(5):
        assert not document.advance()
    document.change(0, 0, 1, 0, "")
    document.finish()
    assert not places(document)


def test_a_cell_hears_whether_the_file_differs_from_its_base(tmp_path: Path) -> None:
    """As it comes and goes with edits of other cells."""
    session = Session(str(tmp_path), today=TODAY)
    guide = {
        "cell_type": "markdown",
        "metadata": {},
        "source": ["# Guide\n", "\n", "Last updated: 2026-03-09\n"],
    }
    base = notebook(guide, code("x = 1\n"))
    document = session.open(str(tmp_path / "a.ipynb"), "json", base)
    document.compare(base)
    document.finish()
    assert not told(document)
    at = next(number for number, line in enumerate(document.lines) if "x = 1" in line)
    column = document.line(at).index("1")
    for _ in range(2):
        document.change(at, column, at, column + 1, "2")
        document.finish()
        assert [row[3] for row in told(document)] == ["dates/stale-last-updated"]
        document.change(at, column, at, column + 1, "1")
        document.finish()
        assert not told(document)
