"""A notebook that an editor shows as the text of its file: the server says of it what the command says,
opened, edited and saved, pushed and asked for, open and closed, and its fixes are fixes of that text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.lsp.diagnostics import SEVERITIES
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.session import Session, Shared
from command import Command, fill
from lsp.stdio import Client, Message, edit, uri
from lsp.test_code_actions import OPEN, Place, applied
from lsp.test_code_actions import actions as offered
from lsp.test_pull import PULLING, REFRESH, pulled
from lsp.test_scan import changed, published, scanned
from lsp.test_workspace_fixes import ABLE, APPLY, mended
from lsp.test_workspace_fixes import applied as mended_text
from lsp.test_workspace_pull import asked, reports
from repositories import Repository
from test_notebooks import GITHUB, code, lines, notebook, printed

BOOK = notebook(
    {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "eval(x)\n"]},
    code(lines("import os\nprint('é\"\t😀', eval(x))\n"), [printed(f"{GITHUB}\n")]),
    code("y = os.sep\nif y == None:\n    breakpoint()\n"),
)

Said = list[tuple[int, int, str, str]]


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[REFRESH] = None
        yield started


def shown(diagnostics: list[Message]) -> Said:
    """Line, column in UTF-16, rule, message."""
    return sorted(
        (
            one["range"]["start"]["line"],
            one["range"]["start"]["character"],
            one["code"],
            one["message"].removesuffix(" (historical)"),
        )
        for one in diagnostics
    )


def said(ae: Command, workspace: Path, text: str) -> Said:
    """What the command says of the text, read from standard input."""
    done = ae("check", "-", "--stdin-path", "a.ipynb", "--format", "jsonl", given=text.encode())
    found = list[tuple[int, int, str, str]]()
    for one in map(json.loads, done.out.splitlines()):
        before = text.split("\n")[one["line"] - 1][: one["column"] - 1]
        column = len(before.encode("utf-16-le")) // 2
        found.append((one["line"] - 1, column, one["rule"], one["message"]))
    return sorted(found)


def test_it_is_what_the_command_says_opened_edited_and_saved(
    client: Client, workspace: Path, ae: Command
) -> None:
    fill(workspace, {"a.ipynb": BOOK})
    client.initialize(workspace)
    name = client.open(workspace / "a.ipynb", BOOK, "json")
    found = shown(client.diagnostics(name, 1))
    assert found == said(ae, workspace, BOOK)
    assert {rule for _, _, rule, _ in found} == {
        "security/eval-call",
        "secrets/github-token",
        "python/none-comparison",
    }
    rows = BOOK.split("\n")
    at = next(number for number, line in enumerate(rows) if "import os" in line)
    # Another cell's line, a text that is no notebook, and one again.
    steps = [(at, at, '    "eval(z)\\n",\n'), (at, at, '"\n'), (at, at + 1, "")]
    for version, (first, last, new) in enumerate(steps, 2):
        client.change(name, version, edit((first, 0), (last, 0), new))
        rows[first:last] = new.split("\n")[:-1]
        text = "\n".join(rows)
        expected = [one for one in said(ae, workspace, text) if not one[2].startswith("files/")]
        assert shown(client.diagnostics(name, version)) == expected
        if version == 3:
            client.save(name)
            assert shown(client.diagnostics(name, version)) == said(ae, workspace, text)
            assert "files/broken-json" in {one[2] for one in said(ae, workspace, text)}
            client.change(name, version, edit((0, 0), (0, 0), ""))


def test_asked_for_it_is_the_same_and_the_closed_file_has_the_same_result_id(
    client: Client, workspace: Path, ae: Command
) -> None:
    fill(workspace, {"a.ipynb": BOOK})
    client.initialize(workspace, capabilities=PULLING)
    number = asked(client)
    scanned(client)
    closed = reports(client, number)[uri(workspace / "a.ipynb")]
    opened = client.open(workspace / "a.ipynb", BOOK, "json")
    assert pulled(client, opened, closed["resultId"])["kind"] == "unchanged"
    assert shown(pulled(client, opened)["items"]) == said(ae, workspace, BOOK)
    client.change(opened, 2, edit((0, 0), (0, 1), ""))
    told = {one["code"] for one in pulled(client, opened)["items"]}
    assert "security/eval-call" not in told
    client.change(opened, 3, edit((0, 0), (0, 0), "{"))
    assert shown(pulled(client, opened)["items"]) == said(ae, workspace, BOOK)


def test_a_scan_finds_what_is_shown_of_it_open(client: Client, workspace: Path) -> None:
    texts = {
        "a.ipynb": BOOK,
        "b.ipynb": BOOK.replace("{", "", 1),
        "c.ipynb": json.dumps(json.loads(BOOK)),
        "d.ipynb": BOOK.replace("\n", "\r\n"),
    }
    for name, text in texts.items():
        (workspace / name).write_bytes(text.encode())
    client.initialize(
        workspace, capabilities={"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    )
    client.answers["client/registerCapability"] = None
    scanned(client)
    closed = published(client)
    for name, text in texts.items():
        opened = client.open(workspace / name, text, "json")
        assert client.diagnostics(opened, 1) == closed[opened], name
        client.close(opened)
        assert client.diagnostics(opened) == closed[opened], name
    (workspace / "a.ipynb").write_text(notebook(code("eval(x)\n")))
    changed(client, workspace / "a.ipynb")
    # What it was when it was closed may be told once more before.
    while [one["code"] for one in client.diagnostics(uri(workspace / "a.ipynb"))] != ["security/eval-call"]:
        continue


def severities(path: Path, text: str) -> list[tuple[int, int]]:
    """The lines of what the command finds in a text, with how severe an editor shows them to be."""
    session = Session(str(path.parent), today=date(2026, 11, 22))
    session.compare()
    checked = session.check_chunks(path.name, [text.encode()], lambda: [text.encode()])
    assert checked.report is not None
    rows = session.compared(str(path), checked.report, text.encode()).rows
    found = [(row.number, SEVERITIES[verdict.shown]) for row, verdict in rows if verdict.shown]
    session.compare_no_more()
    return sorted(found)


def test_what_the_base_had_is_old_by_the_lines_of_the_file(client: Client, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    repository = Repository(tmp_path / "repository")
    repository.commit({"enforcer.toml": 'extends = ["recommended"]\n', "a.ipynb": BOOK})
    path = repository.folder / "a.ipynb"
    client.initialize(repository.folder)
    name = client.open(path, BOOK, "json")
    assert len(severities(path, BOOK)) == 3
    rows = BOOK.split("\n")
    at = next(number for number, line in enumerate(rows) if "import os" in line)
    rows[at:at] = ['    "eval(z)\\n",']
    client.change(name, 2, edit((at, 0), (at, 0), rows[at] + "\n"))
    expected = severities(path, "\n".join(rows))
    assert sorted(level for _, level in expected) == [2, 2, 3, 3]
    assert (at, 2) in expected

    def wanted(message: Message) -> bool:
        params = message.get("params") or {}
        if message.get("method") != "textDocument/publishDiagnostics" or params["uri"] != name:
            return False
        return [(one["range"]["start"]["line"], one["severity"]) for one in params["diagnostics"]] == expected

    client.wait(wanted)


def actions(folder: Path, text: str, rule: str) -> tuple[list[Any], OpenDocument]:
    """What is offered for the first violation of a rule."""
    opened = place_of(folder).open("a.ipynb", "json", text)
    row = next(row for row in opened.document.rows() if row.violation.rule == rule)
    return offered(opened, row.number, row.violation.start, row.violation.end), opened


def place_of(folder: Path) -> Place:
    return Place(folder, Shared(OPEN), 'extends = ["recommended"]\n', date(2026, 11, 22))


def test_a_fix_is_one_of_the_text_and_mends_the_cell(tmp_path: Path) -> None:
    found, opened = actions(tmp_path, BOOK, "python/none-comparison")
    fix = next(one for one in found if one["title"].startswith("Compare with `is`"))
    text, _ = applied(BOOK, fix, opened.uri)
    assert text == BOOK.replace("y == None", "y is None")
    again = place_of(tmp_path).open("a.ipynb", "json", text)
    assert {row.violation.rule for row in again.document.rows()} == {
        "security/eval-call",
        "secrets/github-token",
    }


def test_what_stays_is_said_in_the_policy_where_the_command_hears_it(tmp_path: Path, ae: Command) -> None:
    found, opened = actions(tmp_path, BOOK, "security/eval-call")
    assert not [one for one in found if one["title"].startswith("Allow `security")]
    allowed = next(one for one in found if one["title"].startswith("Allow this"))
    ((policy, edits),) = allowed["edit"]["changes"].items()
    before = (tmp_path / "enforcer.toml").read_text()
    assert policy.endswith("/enforcer.toml")
    (tmp_path / "enforcer.toml").write_text(
        before + edits[0]["newText"].replace('reason = "reason"', 'reason = "it is shown in class"')
    )
    (tmp_path / "a.ipynb").write_text(BOOK)
    assert opened.session.reload()
    opened.document.finish()
    left = [row.violation.rule for row, verdict in opened.session.rows(opened.document) if verdict.shown]
    assert "security/eval-call" not in left
    assert len(left) == 2
    told = ae("check", "--format", "jsonl", folder=tmp_path)
    assert sorted(json.loads(line)["rule"] for line in told.out.splitlines()) == sorted(left)


def test_all_that_is_safe_is_mended_in_open_and_closed_ones(client: Client, workspace: Path) -> None:
    policy = (
        "[[rule]]\nid = 'acme/old'\nlanguages = ['python']\npattern = 'old_name'\nmessage = 'it is new'\n"
    )
    text = notebook(code(lines("x = 'é'\ny = old_name(x)\n")), code("old_name(y)\n"))
    policy += "fix = { replace = 'say(\"new\")', safe = true }\n"
    fill(workspace, {"enforcer.toml": policy, "a.ipynb": text, "b.ipynb": text})
    client.answers[APPLY] = {"applied": True}
    client.initialize(workspace, capabilities=ABLE)
    opened = client.open(workspace / "b.ipynb", text, "json")
    answer, asked_for = mended(client)
    assert (answer["files"], answer["fixes"], answer["notFixed"]) == (2, 4, 0)
    assert asked_for is not None
    for one in asked_for["edit"]["documentChanges"]:
        after = mended_text(text, one["edits"])
        sources = ["".join(cell["source"]) for cell in json.loads(after)["cells"]]
        assert sources == ["x = 'é'\ny = say(\"new\")(x)\n", 'say("new")(y)\n'], one
    assert opened in {one["textDocument"]["uri"] for one in asked_for["edit"]["documentChanges"]}
