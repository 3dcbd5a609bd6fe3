"""Notebooks: each cell as a text of its language, at its place in the file; a notebook streams by, however it
is read."""

from __future__ import annotations

import base64
import json
import random
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer import catalog
from auto_enforcer.activation import GUESSED
from auto_enforcer.model import Cell, Row
from auto_enforcer.notebook_reader import LIMIT, NoNotebookError, Part, Places, parts, survey
from auto_enforcer.notebooks import language_by_magic, plain
from auto_enforcer.rules.secrets._providers import TEST_KEYS
from auto_enforcer.rules.secrets._tokens import TOKENS
from auto_enforcer.session import Session
from command import Command, fill
from tokens import token

GITHUB = token("github-token") or ""
SESSION = Session("/nowhere/workspace", today=date(2026, 11, 22))


def code(source: str | Sequence[str], outputs: Sequence[Any] = (), **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": list(outputs),
        "source": list(source) if isinstance(source, list) else source,
        **more,
    }


def lines(source: str) -> list[str]:
    """A source as Jupyter writes it."""
    return source.splitlines(keepends=True)


def printed(*words: str) -> dict[str, Any]:
    return {"name": "stdout", "output_type": "stream", "text": list(words)}


def notebook(*cells: dict[str, Any], language: str | None = "python", indent: int | None = 1) -> str:
    metadata = {} if language is None else {"language_info": {"name": language}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=indent, ensure_ascii=False)


def checked(content: str | bytes, path: str = "a.ipynb", size: int = 65_536) -> list[Row]:
    data = content.encode() if isinstance(content, str) else content
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    found = SESSION.check_chunks(path, chunks, lambda: chunks)
    assert found.report is not None
    return [row for row, _ in found.report.rows]


def told(content: str | bytes, path: str = "a.ipynb") -> list[tuple[int, int, str]]:
    """Line and column as people count them, and the rule."""
    return [(row.number + 1, row.violation.start + 1, row.violation.rule) for row in checked(content, path)]


def marked(content: str, row: Row) -> str:
    """What a row marks in the file."""
    return content.split("\n")[row.number][row.violation.start : row.violation.end]


def test_a_find_stands_where_it_stands_in_the_file_and_names_its_cell() -> None:
    content = notebook(
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "eval(x)\n"]},
        code(lines("import os\nprint('é\"\t😀', eval(x))\n")),
        code("y = 1\nz = '\\\\'; w = eval(x)\n"),
    )
    rows = checked(content)
    assert [(row.violation.rule, row.cell) for row in rows] == [
        ("security/eval-call", Cell(2, 1)),
        ("security/eval-call", Cell(3, 1)),
    ]
    assert [marked(content, row) for row in rows] == ["eval", "eval"]
    assert "😀" in content.split("\n")[rows[0].number]


def test_without_line_ends_all_is_on_one_line() -> None:
    content = notebook(code(["a = '\\u00e9😀é'; eval(b)\n", "\teval(b)"]), indent=None)
    for written in (content, json.dumps(json.loads(content))):
        rows = checked(written)
        assert [(row.number, row.cell) for row in rows] == [(0, Cell(1, 0)), (0, Cell(1, 1))]
        assert [marked(written, row) for row in rows] == ["eval", "eval"]


def test_a_line_in_several_texts_is_one_line() -> None:
    content = notebook(code(["ev", "al(", "a)\n", "eval(b)"]))
    rows = checked(content)
    assert [(row.cell, marked(content, row)) for row in rows] == [(Cell(1, 0), "ev"), (Cell(1, 1), "eval")]


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "import os\ntry:\n    x()\nexcept Exception:\n    pass\npassword = 'hunter2!x9'\n"),
        ("python", "# enforcer: allow[security]: shown in class\neval(x)\neval(y)\n'''\neval(z)\n'''\n"),
        ("javascript", "try { f() } catch (e) {}\nconsole.log(eval(x))\n"),
        ("shellscript", "#\nset -e\neval $1\ncurl -k https://x.example\n"),
        ("r", "x <- 1\npassword <- 'hunter2!x9'\n"),
        ("sql", "select 1;\ndelete from users;\n"),
    ],
)
def test_a_cell_is_checked_as_a_file_of_its_language(language: str, source: str) -> None:
    suffix = {"python": "py", "javascript": "js", "shellscript": "sh", "r": "R", "sql": "sql"}[language]
    alone = [
        (row.number, row.violation.rule, row.violation.message, row.suppression is not None)
        for row in checked(source, f"notebooks/a.{suffix}")
        if not row.violation.rule.startswith("files/")
    ]
    content = notebook(
        code(lines("pass\n" if language == "python" else "1\n")), code(lines(source)), language=language
    )
    inside = [
        (row.cell.line, row.violation.rule, row.violation.message, row.suppression is not None)
        for row in checked(content, "notebooks/a.ipynb")
        if row.cell is not None
    ]
    assert inside == alone
    assert alone


def test_the_language_is_the_cell_s_the_magic_word_s_or_the_kernel_s() -> None:
    content = notebook(
        code(lines("%%bash\neval $1\n")),
        code("eval $1\n", metadata={"vscode": {"languageId": "shellscript"}}),
        code("eval(x)\n"),
        {"cell_type": "raw", "metadata": {}, "source": "eval(x)\n"},
    )
    assert [row.cell for row in checked(content)] == [Cell(1, 1), Cell(2, 0), Cell(3, 0)]
    assert [row.cell for row in checked(content.replace('"name": "python"', '"name": "none"'))] == [
        Cell(2, 0)
    ]
    assert [language_by_magic(*words) for words in (("time", ""), ("js", ""), ("nothing", ""))] == [
        "python",
        "javascript",
        "plaintext",
    ]
    assert (
        language_by_magic("writefile", " -a x.sh")
        == language_by_magic("script", " /bin/sh -x")
        == "shellscript"
    )


def test_lines_for_the_notebook_are_no_code_and_keep_their_secrets() -> None:
    source = (
        f"%run eval(x)\n!curl \\\n  eval(x) \\\n  y\n?eval(x)\nx = (1\n  % eval(x))\n%env TOKEN={GITHUB}\n"
    )
    content = notebook(code(lines(source)))
    assert [(row.cell, row.violation.rule) for row in checked(content)] == [
        (Cell(1, 6), "security/eval-call"),
        (Cell(1, 7), "secrets/github-token"),
    ]
    read, _ = plain(source, "python")
    assert list(map(len, read.split("\n"))) == list(map(len, source.split("\n")))


def test_outputs_and_all_else_are_checked_for_secrets_of_a_provider_alone() -> None:
    image = base64.b64encode(random.Random(7).randbytes(3000)).decode()
    content = notebook(
        code("x\n", [printed("password = 'hunter2!x9'\n", f"eval(x) {GITHUB}\n")]),
        code(
            "x\n",
            [
                {
                    "output_type": "display_data",
                    "data": {"image/png": image + GITHUB.replace("_", "/"), "text/html": [GITHUB]},
                }
            ],
        ),
        {"cell_type": "markdown", "metadata": {"tags": [GITHUB]}, "source": "# x\n"},
    )
    rows = checked(content)
    assert [(row.cell, row.violation.rule) for row in rows] == [
        (Cell(cell, None), "secrets/github-token") for cell in (1, 2, 3)
    ]
    assert {marked(content, row) for row in rows} == {GITHUB}
    # Who writes a token where an image belongs is no image.
    assert told(notebook(code("x\n", [{"data": {"image/png": f"see {GITHUB}"}}])))


def test_every_rule_of_secrets_goes_by_a_shape_or_is_named_as_guessing() -> None:
    family = {rule for rule in catalog.entries() if rule.startswith("secrets/")}
    shaped = {f"secrets/{name}" for name in (*TOKENS, *TEST_KEYS, "aws-secret-key", "private-key")}
    assert family == shaped | GUESSED
    assert not shaped & GUESSED


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"cells": {}}',
        '{"cells": [], }',
        '{"cells": [1 2]}',
        '{"cells": [], "a": tru}',
        '{"cells": [], "a": 01}',
        '{"cells": [], "a": "\\x"}',
        '{"cells": [], "a": "\n"}',
        '{"cells": []',
        '{"cells": []} x',
        '{"cells", []}',
        '{"cells": ["a": 1]}',
        '{"cells": [}',
        '{"worksheets": [{"cells": []}]}',
        '{"cells": [' + "[" * 1000 + "]" * 1000 + "]}",
        '{"cells": [], "' + "k" * (LIMIT + 70_000) + '": 1}',
        '{"cells": ["' + "k" * (LIMIT + 70_000) + "\\x" + '"]}',
        '{"cells": [], "a": ' + "1" * 70_000 + "x}",
    ],
)
def test_what_is_no_notebook_is_json_text(content: str) -> None:
    assert survey([content.encode()]) is None
    same = f'{{"password": "hunter2!x9", "b": {content}'
    assert told(same) == told(same, "a.json")
    assert (1, 15, "secrets/hardcoded-password") in told(same)


def test_a_notebook_that_changes_while_it_is_read_is_told() -> None:
    with pytest.raises(NoNotebookError):
        list(parts([b'{"cells": ['], "python"))
    session = Session("/nowhere/workspace", today=date(2026, 11, 22))
    data = notebook(code("eval(x)\n")).encode()
    found = session.check_chunks("a.ipynb", [data[:60]], lambda: [data])
    assert found.report is not None
    assert not list(found.report.rows)
    assert [failure.reason for failure in session.failures] == [
        "unreadable: it was changed while it was read"
    ]


def test_a_suppression_stands_for_its_cell_and_one_for_the_file_in_the_first_for_all() -> None:
    of_cell = notebook(code(lines("# enforcer: allow[security]: here\neval(x)\n")), code("eval(x)\n"))
    assert [row.suppression is None for row in checked(of_cell)] == [False, True]
    for_all = "# enforcer: allow-file[security, secrets]: a page of a course\n"
    content = notebook(code(lines(for_all)), code("eval(x)\n"), code("x\n", [printed(GITHUB)]))
    assert [row.suppression is not None for row in checked(content)] == [True, True]
    later = notebook(code("x\n"), code(lines(f"{for_all}eval(x)\n")), code("eval(x)\n"))
    rows = {(row.cell, row.violation.rule): row.suppression is not None for row in checked(later)}
    assert rows[Cell(2, 1), "security/eval-call"]
    assert not rows[Cell(3, 0), "security/eval-call"]
    assert (Cell(2, 0), "enforcer/unused-suppression") in rows


def test_an_unused_suppression_for_all_is_told_once_at_its_place() -> None:
    content = notebook(
        code(lines("x = 1\n# enforcer: allow-file[security/eval-call]: a page\n")),
        code("y = 1\n"),
        code("y = 1\n"),
    )
    (row,) = checked(content)
    assert (row.violation.rule, row.cell) == ("enforcer/unused-suppression", Cell(1, 1))
    assert "allow-file" in marked(content, row)


def test_a_fix_is_one_of_the_file() -> None:
    content = notebook(code(lines("x = 'é\"'\nif x == None:  \n    pass\nexcept_ = 1\ndebugger\n")))
    for row in checked(content):
        for fix in row.violation.fixes:
            changed = content.split("\n")
            for edit in sorted(fix.edits, reverse=True):
                number = row.number + edit.start_line
                assert edit.start_line == edit.end_line
                line = changed[number]
                changed[number] = line[: edit.start] + edit.text + line[edit.end :]
            json.loads("\n".join(changed))


SOURCES = st.text(st.sampled_from("ab \n\r\"\\é😀%!'#=(") | st.characters(codec="utf-8"), max_size=40)


@given(
    st.lists(st.lists(SOURCES, max_size=4), max_size=4),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.integers(1, 97),
)
def test_what_is_read_does_not_hang_on_how(
    sources: list[list[str]], indent: int | None, escaped: bool, size: int
) -> None:
    book = {"cells": [code(source, [printed(*source)]) for source in sources]}
    data = json.dumps(book, indent=indent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    read = list(parts(chunks, "python"))
    assert read == list(parts([data], "python"))
    assert survey(chunks) == survey([data]) == "python"
    read_sources = {part.cell: part for part in read if part.is_source}
    for number, source in enumerate(sources, 1):
        part = read_sources.get(number)
        assert (part.content() if part else "") == "".join(source)
        if part:
            placed_right(data.decode("utf-8", "replace"), part)


def placed_right(content: str, part: Part) -> None:
    """Each character of a part is found where it stands."""
    of_file = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = Places(part)
    number, column = 0, 0
    said = part.content()
    for at, character in enumerate(said):
        _, line, start, end = places.of(number, column, column + 1)
        assert json.loads(f'"{of_file[line][start:end]}"') == character
        column += 1
        if character == "\n" or (character == "\r" and said[at + 1 : at + 2] != "\n"):
            number, column = number + 1, 0


@settings(max_examples=12)
@given(st.integers(1, 70_000), st.sampled_from(["a", "é", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\\\"]))
def test_a_long_text_comes_in_parts_however_it_is_read(size: int, letter: str) -> None:
    count = 3 * LIMIT // len(letter.encode())
    data = ('{"cells": [{"cell_type": "code", "source": "' + letter * count + '"}]}').encode()
    chunks = [data[at : at + size + 5_000] for at in range(0, len(data), size + 5_000)]
    read = list(parts(chunks, "python"))
    assert read == list(parts([data], "python"))
    texts = [part.texts[0] for part in read]
    assert b"".join(text.raw[text.repeated :] for text in texts).decode() == letter * count
    assert max(len(text.raw) for text in texts) <= LIMIT
    if letter == "\\n":
        seen = 0
        for part in read:
            assert part.first == seen - part.texts[0].repeated // 2
            seen = part.first + len(part.content())


def test_what_two_parts_have_in_common_is_told_once() -> None:
    count = LIMIT // 256
    source = "".join(f"x{number} = eval(y)  # {'-' * 240}\n" for number in range(count))
    rows = checked(notebook(code(source)))
    assert [row.cell for row in rows] == [Cell(1, number) for number in range(count)]


def test_memory_does_not_grow_with_a_notebook_nor_with_one_output() -> None:
    image = "iVBORw0KGgo" + "A" * (1 << 20)
    html = json.dumps(code("x", [{"data": {"text/html": "<p>x</p>\n" * (LIMIT // 9 * 2)}}])) + ",\n"
    cell = json.dumps(code(lines("x = compute(y)\n" * 40), [printed(*lines("loss 0.5 'a'\n" * 40))])) + ",\n"

    def chunks(cells: int, images: int) -> Iterator[bytes]:
        yield b'{"cells": [' + html.encode()
        for _ in range(cells):
            yield cell.encode()
        yield b'{"cell_type": "code", "outputs": [{"data": {"image/png": "'
        for _ in range(images):
            yield image.encode()
        yield b'"}}], "source": "eval(x)"}]}'

    def peak(cells: int, images: int) -> int:
        tracemalloc.start()
        found = SESSION.check_chunks("a.ipynb", chunks(cells, images), lambda: chunks(cells, images))
        assert found.report is not None
        assert "security/eval-call" in [row.violation.rule for row, _ in found.report.rows]
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1, 1)
    small, large = peak(30, 2), peak(150, 6)
    assert large < small + 600_000
    assert large < 8_000_000


def test_the_command_says_the_cell_in_every_format_and_from_what_it_kept(
    ae: Command, workspace: Path
) -> None:
    content = notebook(code(lines("y = 1\neval(x)\n")), code("x\n", [printed(f"{GITHUB}\n")]))
    fill(workspace, {f"{number}.ipynb": content for number in range(40)})
    first, again = (ae("check", "--format", "jsonl", "--jobs", "1") for _ in range(2))
    assert first == again
    said = [json.loads(line) for line in first.out.splitlines()][:2]
    assert [(one.get("cell"), one.get("cell_line"), one["line"]) for one in said] == [
        (1, 2, 10),
        (2, None, 22),
    ]
    sarif = json.loads(ae("check", "--format", "sarif", "0.ipynb").out)["runs"][0]["results"]
    assert [one["properties"] for one in sarif] == [
        {"scope": "new", "cell": 1, "cellLine": 2},
        {"scope": "new", "cell": 2},
    ]
    text = ae("check", "0.ipynb", "--timings")
    assert "0.ipynb:10:6: warning security/eval-call" in text.out
    assert "(cell 1, line 2)" in text.out
    assert "(cell 2)" in text.out
    assert "secrets/github-token" in text.err
    assert GITHUB not in text.out + first.out
    piped = ae("check", "-", "--stdin-path", "0.ipynb", "--format", "jsonl", given=content.encode())
    assert piped.out == ae("check", "0.ipynb", "--format", "jsonl").out
    assert "column 6, code: a violation" in ae("why", "0.ipynb:10").out


def test_policies_and_generated_notebooks(ae: Command, workspace: Path) -> None:
    fill(
        workspace,
        {
            "enforcer.toml": 'exclude = ["b.ipynb"]\n[rules]\n"security/eval-call" = "blocked"\n',
            ".gitattributes": "c.ipynb linguist-generated\n",
            **{f"{name}.ipynb": notebook(code(f"eval(x)\n'{GITHUB}'\n")) for name in "abc"},
        },
    )
    done = ae("check", "--format", "jsonl", "-v", ".", "b.ipynb")
    assert [
        (one["path"], one["rule"], one["severity"]) for one in map(json.loads, done.out.splitlines())
    ] == [
        ("a.ipynb", "security/eval-call", "blocked"),
        ("a.ipynb", "secrets/github-token", "blocked"),
        ("c.ipynb", "secrets/github-token", "blocked"),
    ]
