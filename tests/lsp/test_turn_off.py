"""The action that turns a rule off for one path: an edit at the end of the configuration file, which keeps
all that stands in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer import globs
from command import fill
from lsp.stdio import Client, uri

RULE = "logging/print-call"
TITLE = f"Turn `{RULE}` off for this file in "
WHOLE = {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}}


@pytest.mark.parametrize(
    "path",
    ["a.py", "app/a.py", "a b/[c]*?.py", "{x,y}.py", "!a.py", "é/😀.py", "back\\slash.py", 'q"uote.py'],
)
def test_the_glob_is_for_this_path_alone(path: str) -> None:
    found = globs.compile_globs([globs.translate(globs.glob_of(path))])
    assert found.fullmatch(globs.composed(path))
    for other in (f"x/{path}", f"x{path}", path.replace("a", "b"), "c.py", "x.py", "app/b.py"):
        assert other == path or found.fullmatch(other) is None


@pytest.fixture
def client(workspace: Path) -> Iterator[Client]:
    with Client() as made:
        made.initialize(workspace, capabilities=WHOLE)
        yield made
        assert made.stop() == 0


def _offered(client: Client, name: str) -> list[dict[str, Any]]:
    """The edits that turn the rule off, of what is on the first line."""
    client.diagnostics(name)
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 5}}
    params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
    actions = client.result("textDocument/codeAction", params)
    return [action for action in actions if action["title"].startswith(TITLE)]


def _edited(text: str, edits: list[dict[str, Any]]) -> str:
    """A text of ASCII after one insertion."""
    (edit,) = edits
    start = edit["range"]["start"]
    assert start == edit["range"]["end"]
    lines = text.splitlines(keepends=True)
    offset = sum(map(len, lines[: start["line"]])) + start["character"]
    return text[:offset] + edit["newText"] + text[offset:]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# why\n[rules]\ndebt = 'off'  # not here\n",
        "[rules]\ndebt = 'off'",
        "[[overrides]]\npaths = ['b.py']\nrules = {debt = 'off'}\r\n",
    ],
)
def test_the_table_comes_to_the_end_and_all_else_stays(workspace: Path, client: Client, before: str) -> None:
    fill(workspace, {"enforcer.toml": before.encode(), "app/a.py": "print(1)\n"})
    name = client.open(workspace / "app/a.py", "print(1)\n")
    (action,) = _offered(client, name)
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri(workspace / "enforcer.toml"), "version": None}
    after = _edited(before, change["edits"])
    assert after.startswith(before)
    table = tomllib.loads(after)["overrides"][-1]
    assert table == {"paths": ["app/a.py"], "rules": {RULE: "off"}}
    (workspace / "enforcer.toml").write_bytes(after.encode())
    client.save(name)
    assert client.diagnostics(name) == []


def test_an_open_policy_is_edited_as_it_stands_in_the_editor(workspace: Path, client: Client) -> None:
    fill(workspace, {"enforcer.toml": "", "a.py": "print(1)\n"})
    name = client.open(workspace / "a.py", "print(1)\n")
    policy = client.open(workspace / "enforcer.toml", "# new\n", "toml", version=7)
    (action,) = _offered(client, name)
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": policy, "version": 7}
    assert _edited("# new\n", change["edits"]).startswith('# new\n\n[[overrides]]\npaths = ["/a.py"]\n')


def test_where_there_is_no_policy_one_is_made(workspace: Path, client: Client) -> None:
    fill(workspace, {"a.py": "print(1)\n"})
    name = client.open(workspace / "a.py", "print(1)\n")
    (action,) = _offered(client, name)
    made, change = action["edit"]["documentChanges"]
    assert made["kind"] == "create"
    assert made["uri"] == change["textDocument"]["uri"] == uri(workspace / "enforcer.toml")
    table = tomllib.loads(_edited("", change["edits"]))
    assert table["extends"] == ["recommended"]
    assert table["overrides"] == [{"paths": ["/a.py"], "rules": {RULE: "off"}}]


def test_in_pyproject_it_is_a_table_of_ours(workspace: Path, client: Client) -> None:
    before = "[project]\nname = 'shop'\n\n[tool.auto-enforcer.rules]\ndebt = 'off'\n"
    fill(workspace, {"pyproject.toml": before, "a.py": "print(1)\n"})
    name = client.open(workspace / "a.py", "print(1)\n")
    (action,) = _offered(client, name)
    after = _edited(before, action["edit"]["documentChanges"][0]["edits"])
    table = tomllib.loads(after)
    assert table["project"] == {"name": "shop"}
    assert table["tool"]["auto-enforcer"]["overrides"] == [{"paths": ["/a.py"], "rules": {RULE: "off"}}]


@pytest.mark.parametrize(
    "before",
    [
        "overrides = [{paths = ['b.py'], rules = {debt = 'off'}}]\n",
        "[[overrides]\n",
        b"exclude = ['caf\xe9']\n",
    ],
)
def test_a_file_that_the_table_does_not_fit_is_left_alone(
    workspace: Path, client: Client, before: str | bytes
) -> None:
    fill(workspace, {"enforcer.toml": before, "a.py": "print(1)\n"})
    name = client.open(workspace / "a.py", "print(1)\n")
    assert _offered(client, name) == []
