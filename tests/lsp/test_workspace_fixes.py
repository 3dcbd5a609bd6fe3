"""All safe fixes of the workspace, as the client is asked to apply them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.lsp.client import parse_client
from auto_enforcer.lsp.scan import MOST_FIXES, MOST_MENDED
from auto_enforcer.lsp.workspace_fixes import Fixes, bounded, edit
from lsp.stdio import Client, Message, uri
from lsp.test_scan import plant, scanned

APPLY = "workspace/applyEdit"
ABLE: Message = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {"groupsOnLabel": True}},
    }
}
TOLD = "x = 1  # enforcer: allow[logging/print-call]: it is shown\n"
"""A suppression that is not used: that it can go is safe."""


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[APPLY] = {"applied": True}
        yield started


def mended(client: Client) -> tuple[Any, Message | None]:
    """What the command is answered, and the edit that the client was asked to apply."""
    answer = client.result("workspace/executeCommand", {"command": "autoEnforcer.fixWorkspace"})
    asked = [one["params"] for one in client.seen if one.get("method") == APPLY]
    return answer, asked[0] if asked else None


def applied(text: str, edits: list[Message]) -> str:
    """The text after edits; columns are taken for code points."""
    lines = text.splitlines(keepends=True)
    for one in sorted(edits, key=lambda one: one["range"]["start"]["line"], reverse=True):
        start, end = one["range"]["start"], one["range"]["end"]
        before, after = lines[start["line"]][: start["character"]], lines[end["line"]][end["character"] :]
        lines[start["line"] : end["line"] + 1] = [before + one["newText"] + after]
    return "".join(lines)


def test_closed_and_open_files_are_mended_by_one_edit(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py=TOLD, b_dot_py="y = 2\n", ignored__c_dot_py=TOLD, _dot_gitignore="ignored/\n")
    client.initialize(workspace, capabilities=ABLE)
    b = client.open(workspace / "b.py", "y = 2\n" + TOLD, version=7)
    answer, asked = mended(client)
    assert answer == {"applied": True, "cancelled": False, "files": 2, "fixes": 2, "notFixed": 0}
    assert asked is not None
    changes = {one["textDocument"]["uri"]: one for one in asked["edit"]["documentChanges"]}
    a = uri(workspace / "a.py")
    assert {name: one["textDocument"]["version"] for name, one in changes.items()} == {a: None, b: 7}
    [annotation] = asked["edit"]["changeAnnotations"].items()
    assert annotation[1]["needsConfirmation"] is True
    assert all(edit["annotationId"] == annotation[0] for one in changes.values() for edit in one["edits"])
    after = applied(TOLD, changes[a]["edits"])
    assert after == "x = 1\n"
    (workspace / "a.py").write_text(after)
    client.change(b, 8, {"text": applied("y = 2\n" + TOLD, changes[b]["edits"])})
    assert client.diagnostics(b, 8) == []
    assert scanned(client)["violations"] == 0
    client.seen.clear()
    assert mended(client) == ({**answer, "applied": False, "files": 0, "fixes": 0}, None)


def test_a_client_that_applies_nothing_is_not_asked(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py=TOLD)
    client.initialize(workspace)
    answer, asked = mended(client)
    assert (answer["applied"], asked) == (False, None)


def test_a_plain_client_gets_plain_changes() -> None:
    change = {"range": {}, "newText": ""}
    found = [Fixes("file:///a", None, 1, [change])]
    assert edit(found, parse_client({}))["edit"] == {"changes": {"file:///a": [change]}}
    versions = {"workspace": {"workspaceEdit": {"documentChanges": True}}}
    said = edit(found, parse_client({"capabilities": versions}))["edit"]
    assert list(said) == ["documentChanges"]
    assert said["documentChanges"][0]["edits"] == [change]


def test_an_edit_is_bounded_and_the_rest_is_counted() -> None:
    many = [Fixes(f"file:///{number}", None, 1, []) for number in range(MOST_MENDED + 5)]
    taken, left = bounded(many)
    assert (len(taken), left) == (MOST_MENDED, 5)
    taken, left = bounded([Fixes("file:///a", None, MOST_FIXES, []), Fixes("file:///b", None, 3, [])])
    assert ([one.uri for one in taken], left) == (["file:///a"], 3)
