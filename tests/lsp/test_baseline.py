"""The baseline in an editor: what it holds is shown as old, edits keep that right, a change of the file
counts when it is saved, and an action takes a violation in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.baseline import Baseline, entries_of, written
from auto_enforcer.files import BASELINE
from auto_enforcer.model import Row, Verdict
from auto_enforcer.session import Session
from command import Command, fill
from lsp.stdio import Client, edit, uri
from tokens import token

BAD = "print(1)\nprint(2)\ntry:\n    due()\nexcept:\n    pass\n"
SECRET = f'key = "{token("github-token")}"\n'
TITLE = "into the baseline"
WHOLE = {
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    }
}


@pytest.fixture
def client(workspace: Path) -> Iterator[Client]:
    with Client() as made:
        made.initialize(workspace, capabilities=WHOLE)
        yield made
        assert made.stop() == 0


NEW = {"secrets/github-token": 1, "errors/swallowed-exception": 1}
"""The severities of what is new, of rules that block; of others it is 2. What is old is one level lower."""


def ages(shown: list[dict[str, Any]]) -> str:
    """Of each diagnostic by line and rule whether it is old: `o`, or new: `N`."""
    rows = sorted(shown, key=lambda one: (one["range"]["start"]["line"], one["code"]))
    return "".join("oN"[one["severity"] == NEW.get(one["code"], 2)] for one in rows)


def saved(client: Client, path: Path, content: bytes) -> None:
    """Another program writes a file."""
    path.write_bytes(content)
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri(path), "type": 2}]})


def test_what_is_old_is_a_level_lower_and_stays_it_while_it_is_edited(
    workspace: Path, ae: Command, client: Client
) -> None:
    fill(workspace, {"a.py": SECRET + BAD})
    assert ae("baseline").code == 0
    name = client.open(workspace / "a.py", SECRET + BAD)
    shown = client.diagnostics(name)
    assert ages(shown) == "ooooo"
    assert {one["severity"] for one in shown if one["code"].startswith("logging")} == {3}
    assert {one["severity"] for one in shown if one["code"].startswith("secrets")} == {2}
    client.change(name, 2, edit((0, 0), (0, 0), "x = 1\nprint(3)\n"))
    assert ages(client.diagnostics(name)) == "Nooooo"
    client.change(name, 3, edit((1, 6), (1, 7), "1"))
    assert ages(client.diagnostics(name)) in ("oNoooo", "ooNooo", "oooNoo")
    client.change(name, 4, edit((1, 0), (2, 0), ""))
    assert ages(client.diagnostics(name)) == "ooooo"
    client.change(name, 5, edit((1, 20), (1, 21), "_"))
    assert ages(client.diagnostics(name))[0] == "N"


def test_a_saved_baseline_counts_at_once(workspace: Path, ae: Command, client: Client) -> None:
    fill(workspace, {"a.py": BAD})
    name = client.open(workspace / "a.py", BAD)
    assert ages(client.diagnostics(name)) == "NNNN"
    assert ae("baseline").code == 0
    content = (workspace / BASELINE).read_bytes()
    saved(client, workspace / BASELINE, content)
    assert ages(client.diagnostics(name)) == "oooo"
    lines = content.splitlines(keepends=True)
    saved(client, workspace / BASELINE, b"".join([*lines[:2], b"oh\n", *lines[3:]]))
    assert ages(client.diagnostics(name)).count("N") == 1
    [wrong] = client.diagnostics(uri(workspace / BASELINE))
    assert wrong["range"]["start"]["line"] == 2
    assert wrong["message"].startswith("this is no entry")
    (workspace / BASELINE).unlink()
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert ages(client.diagnostics(name)) == "NNNN"
    assert client.diagnostics(uri(workspace / BASELINE)) == []


def offered(client: Client, name: str, line: int) -> list[dict[str, Any]]:
    """The edits that take in what stands on a line."""
    span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 40}}
    params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
    actions = client.result("textDocument/codeAction", params)
    return [action["edit"] for action in actions if action["title"].endswith(TITLE)]


def applied(content: bytes, made: dict[str, Any]) -> bytes:
    """A file after one insertion."""
    (one,) = made["edits"]
    start = one["range"]["start"]
    assert start == one["range"]["end"]
    lines = content.decode().split("\n")
    line = lines[start["line"]]
    lines[start["line"]] = line[: start["character"]] + one["newText"] + line[start["character"] :]
    return "\n".join(lines).encode()


def test_an_action_takes_one_in_and_makes_the_file_where_there_is_none(
    workspace: Path, ae: Command, client: Client
) -> None:
    """Each as the command would write it, at its place; then it is old and nothing more is offered."""
    fill(workspace, {"a.py": SECRET + BAD})
    name = client.open(workspace / "a.py", SECRET + BAD)
    assert ages(client.diagnostics(name)) == "NNNNN"
    [made] = offered(client, name, 2)
    create, change = made["documentChanges"]
    assert create == {"kind": "create", "uri": uri(workspace / BASELINE), "options": {"ignoreIfExists": True}}
    content = applied(b"", change)
    saved(client, workspace / BASELINE, content)
    assert ages(client.diagnostics(name)) == "NNoNN"
    for line, marks in ((0, "oNoNN"), (1, "oooNN"), (5, "ooooN"), (5, "ooooo")):
        change = offered(client, name, line)[0]["documentChanges"][0]
        assert change["textDocument"] == {"uri": uri(workspace / BASELINE), "version": None}
        content = applied(content, change)
        saved(client, workspace / BASELINE, content)
        assert ages(client.diagnostics(name)) == marks
    assert [line for number in range(6) for line in offered(client, name, number)] == []
    assert token("github-token").encode() not in content
    assert ae("check").code == 0
    assert ae("baseline").out.startswith("unchanged")


def test_an_action_goes_by_the_baseline_as_it_is_written(workspace: Path, client: Client) -> None:
    """One that is open and not saved; nothing is offered while it has bad lines."""
    salt = bytes(16)
    before = written(None, (salt,), [])
    (workspace / BASELINE).write_bytes(before)
    name = client.open(workspace / "z.py", "print(1)\n")
    client.diagnostics(name)
    of_file = client.open(workspace / BASELINE, before.decode() + "# end", version=7)
    [made] = offered(client, name, 0)
    [change] = made["documentChanges"]
    assert change["textDocument"] == {"uri": of_file, "version": 7}
    after = Baseline(applied(before + b"# end", change))
    assert (after.count, after.mistakes, after.salts) == (1, (), (salt,))
    client.change(of_file, 8, edit((0, 0), (0, 0), "bad\n"))
    assert offered(client, name, 0) == []


def test_the_place_is_the_sorted_one_above_the_comments_of_the_next(workspace: Path) -> None:
    from auto_enforcer import baseline
    from test_baseline import SALT, known

    [a, b, c] = [entries_of(f"{name}.py", [known("x")])[0] for name in "abc"]
    data = written(None, (SALT,), [a, c])
    lines = data.decode().split("\n")
    commented = "\n".join([*lines[:3], "# of c", *lines[3:]]).encode()
    assert baseline.place_of(Baseline(commented), b.line()) == 3
    assert baseline.place_of(Baseline(data), entries_of("_.py", [known("x")])[0].line()) == 2
    assert baseline.place_of(Baseline(commented), entries_of("d.py", [known("x")])[0].line()) is None


LINES = ("print(1)\n", "print(2)\n", "breakpoint()\n", "x = 1\n", SECRET, "# TODO: this\n", "\n")


def test_a_document_is_judged_as_its_text_would_be_however_it_came_about(workspace: Path) -> None:
    """After each of many edits, in the order in which edits come."""
    chance = random.Random(6)
    path = workspace / "a.py"
    path.write_text("".join(chance.choices(LINES, k=40)))
    first = Session(str(workspace))
    rows = [row for row, _ in judged(first, path.read_text())]
    from auto_enforcer.baseline_rows import identity

    applied = first.empty_baseline()
    text = path.read_text().split("\n")
    digests = applied.digests.__class__((bytes(16),))
    found = [identity(row, text.__getitem__, applied.every, digests) for row in rows]
    entries = entries_of("a.py", [one for one in found if one is not None])
    (workspace / BASELINE).write_bytes(written(None, (bytes(16),), entries))
    session = Session(str(workspace))
    document = session.open(str(path), "python", path.read_text())
    for _ in range(60):
        line = chance.randrange(document.line_count)
        if chance.random() < 0.6:
            document.change(line, 0, line, 0, "".join(chance.choices(LINES, k=chance.randrange(3))))
        else:
            document.change(line, 0, line + chance.randrange(3), chance.randrange(4), "")
        document.finish()
        expected = judged(session, document.text())
        assert session.rows(document) == expected
        shown, left_out = session.foremost(document, 10_000)
        assert shown == [one for one in expected if one[1].shown is not None]
        assert left_out == 0
        counts = session.counted(document)
        old = sum(verdict.baselined for _, verdict in shown)
        assert counts["warning", "historical"] + counts["blocked", "historical"] == old
        assert counts.total() == len(shown)
        few, more = session.foremost(document, 5)
        assert len(few) + more == len(shown)
        if len(shown) - old >= 4:
            assert not any(verdict.baselined for _, verdict in few)


def judged(session: Session, text: str) -> list[tuple[Row, Verdict]]:
    """What a text has when it is checked as a file."""
    report = session.check_chunks("a.py", [text.encode()], lambda: [text.encode()]).report
    assert report is not None
    return list(report.rows)
