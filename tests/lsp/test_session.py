"""The server with the real engine: rules, policies and suppressions as an editor sees them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

import pages
from auto_enforcer import catalog_pages
from lsp.stdio import ROOT, Client, Message, edit, uri
from tokens import token

WATCHING = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        yield started


def codes(diagnostics: Sequence[Message]) -> list[tuple[int, str]]:
    return [(one["range"]["start"]["line"], one["code"]) for one in diagnostics]


def actions(client: Client, name: str, line: int) -> list[Message]:
    span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 999}}
    params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
    result: list[Message] = client.result("textDocument/codeAction", params)
    return result


def applied(text: str, action: Message, name: str) -> str:
    """The text with an action's edits, which are in utf-32, applied."""
    lines = text.splitlines(keepends=True)
    [change] = action["edit"]["changes"][name]
    assert "snippet" not in change
    start, end = change["range"]["start"], change["range"]["end"]
    head, tail = lines[start["line"]][: start["character"]], lines[end["line"]][end["character"] :]
    lines[start["line"] : end["line"] + 1] = [head + change["newText"] + tail]
    return "".join(lines)


def test_a_diagnostic_leads_to_its_rules_section(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    [diagnostic] = client.diagnostics(client.open(tmp_path / "a.py", "try:\n    f()\nexcept:\n    g()\n"))
    assert diagnostic["code"] == "errors/bare-except"
    page, _, fragment = diagnostic["codeDescription"]["href"].partition("#L")
    path = ROOT / "server" / "auto_enforcer" / "rules" / "errors" / "errors.md"
    assert page == path.as_uri()
    assert path.read_text(encoding="utf-8").splitlines()[int(fragment) - 1] == "## errors/bare-except"


def test_an_edit_that_opens_a_string_turns_the_rest(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    text = "\n" * 20_000 + "print(1)\n"
    name = client.open(tmp_path / "a.py", text)
    assert codes(client.diagnostics(name)) == [(20_000, "logging/print-call")]
    client.change(name, 2, edit((0, 0), (0, 0), 'x = """'))
    assert codes(client.diagnostics(name, 2)) == []
    client.change(name, 3, edit((0, 7), (0, 7), '"""'))
    assert codes(client.diagnostics(name, 3)) == [(20_000, "logging/print-call")]


@pytest.mark.parametrize("one", [False, True])
def test_the_actions_are_for_what_is_named_whatever_the_range(
    client: Client, tmp_path: Path, one: bool
) -> None:
    """As Kate asks, which then applies all that it is offered."""
    client.initialize(tmp_path, options={"oneAction": one})
    text = "try:\n    f()\nexcept:\n    print(1)\n"
    name = client.open(tmp_path / "a.py", text)
    bare, printed = client.diagnostics(name)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 4, "character": 0}}

    def titles(*named: Message) -> list[str]:
        context = {"diagnostics": [*named]}
        params = {"textDocument": {"uri": name}, "range": whole, "context": context}
        return [action["title"] for action in client.result("textDocument/codeAction", params)]

    offered = {"bare-except": titles(bare), "print-call": titles(printed)}
    assert [len(found) for found in offered.values()] == ([1, 1] if one else [3, 2])
    assert all(rule in title or "Catch" in title for rule, found in offered.items() for title in found)
    # What is named no more, or never was, leaves the range.
    moved = {**bare, "range": whole}
    assert titles(moved) == titles() == titles(bare, printed)
    assert len(titles()) == (1 if one else 5)


def test_a_fix_takes_its_violation_out(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, encodings=["utf-32"])
    text = "try:\r\n    f('😀é')\r\nexcept:\r\n    g()\r\n"
    name = client.open(tmp_path / "a.py", text)
    assert codes(client.diagnostics(name)) == [(2, "errors/bare-except")]
    [action] = [one for one in actions(client, name, 2) if one["title"].startswith("Catch")]
    fixed = applied(text, action, name)
    assert fixed == text.replace("except:", "except Exception:")
    client.change(name, 2, {"text": fixed})
    assert client.diagnostics(name, 2) == []


ALLOWED: Sequence[tuple[str, str, int, str, str]] = (
    ("python", "a.py", 0, "print(1)\n", "print(1)  # enforcer: allow[logging/print-call]: reason\n"),
    ("python", "a.py", 0, "print(1)", "print(1)  # enforcer: allow[logging/print-call]: reason"),
    (
        "python",
        "a.py",
        0,
        "print(1)  # why\n",
        "print(1)  # why  # enforcer: allow[logging/print-call]: reason\n",
    ),
    (
        "python",
        "a.py",
        0,
        "print(1)  # enforcer: allow[errors]: reason\n",
        "print(1)  # enforcer: allow[errors, logging/print-call]: reason\n",
    ),
    (
        "python",
        "a.py",
        1,
        "if x:\n    print(1, \\\n        2)\n",
        "if x:\n    # enforcer: allow[logging/print-call]: reason\n    print(1, \\\n        2)\n",
    ),
    (
        "typescript",
        "a.ts",
        0,
        "console.log(`\n`)\r\n",
        "// enforcer: allow[logging/console-call]: reason\nconsole.log(`\n`)\r\n",
    ),
    (
        "html",
        "a.html",
        1,
        "<script>\nconsole.log(1)\n</script>\n",
        "<script>\nconsole.log(1)  // enforcer: allow[logging/console-call]: reason\n</script>\n",
    ),
)


@pytest.mark.parametrize(("language", "path", "line", "text", "expected"), ALLOWED)
def test_a_violation_can_be_allowed_where_it_stands(
    served: Client, corner: Path, language: str, path: str, line: int, text: str, expected: str
) -> None:
    name = served.open(corner / path, text, language)
    [code] = {code for at, code in codes(served.diagnostics(name)) if at == line and "logging" in code}
    [action] = [one for one in actions(served, name, line) if one["title"].startswith(f"Allow `{code}` here")]
    allowed = applied(text, action, name)
    assert allowed == expected
    served.change(name, 2, {"text": allowed})
    assert code not in {one["code"] for one in served.diagnostics(name, 2)}


def test_a_secret_within_a_string_of_many_lines_can_be_allowed(served: Client, corner: Path) -> None:
    text = f'f(\n    """\n    {token("github-token")}\n    """)\n'
    name = served.open(corner / "a.py", text)
    [code] = {one["code"] for one in served.diagnostics(name)}
    [action, for_the_file] = actions(served, name, 2)
    assert for_the_file["title"] == f"Allow `{code}` in this file: write the reason"
    allowed = applied(text, action, name)
    assert allowed.startswith(f"f(\n    # enforcer: allow[{code}]: reason\n")
    served.change(name, 2, {"text": allowed})
    told = [one["code"] for one in served.diagnostics(name, 2)]
    assert told == ["enforcer/missing-reason", code]
    served.change(name, 3, {"text": allowed.replace(": reason", ": of the test server")})
    assert served.diagnostics(name, 3) == []


SUPPRESSIONS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a.py",
        "x = 1  # enforcer: allow[logging/print-call]: old\n",
        "Remove",
        "enforcer/unused-suppression",
        "x = 1\n",
    ),
    (
        "a.py",
        "x = 1\n# enforcer: allow[logging/print-call]: old\ny = 2\n",
        "Remove",
        "enforcer/unused-suppression",
        "x = 1\ny = 2\n",
    ),
    (
        "a.py",
        "x = 1  # why  # enforcer: allow[logging/print-call]: old\n",
        "Remove",
        "enforcer/unused-suppression",
        "x = 1  # why\n",
    ),
    (
        "a.py",
        "print(1)  # enforcer: allow[logging/print-call, errors]: shown\n",
        "Remove",
        "enforcer/unused-suppression",
        "print(1)  # enforcer: allow[logging/print-call]: shown\n",
    ),
    (
        "a.ts",
        "f(1 /* enforcer: allow[logging]: old */, 2);\n",
        "Remove",
        "enforcer/unused-suppression",
        "f(1 , 2);\n",
    ),
    (
        "a.tsx",
        "const a = (\n  <p>\n    {/* enforcer: allow[logging]: old */}\n    text\n  </p>\n);\n",
        "Remove",
        "enforcer/unused-suppression",
        "const a = (\n  <p>\n    text\n  </p>\n);\n",
    ),
    (
        "a.py",
        "print(1)  # enforcer: allow[logging/print-call] until=2020-01-01: old\n",
        "Remove",
        "enforcer/expired-suppression",
        "print(1)\n",
    ),
    (
        "a.py",
        "breakpoint()  # enforcer: allow[logging/breakpoint-call]\n",
        "Write the",
        "enforcer/missing-reason",
        "breakpoint()  # enforcer: allow[logging/breakpoint-call]: reason\n",
    ),
    (
        "a.py",
        "breakpoint()  # enforcer: allow[logging/breakpoint-call] until=9999-12-31: reason\n",
        "Write the",
        "enforcer/missing-reason",
        "breakpoint()  # enforcer: allow[logging/breakpoint-call] until=9999-12-31: reason\n",
    ),
    (
        "a.py",
        "print(1)  # enforcer: allow[logging/print-cal]: shown\n",
        "Write `",
        "enforcer/unknown-rule",
        "print(1)  # enforcer: allow[logging/print-call]: shown\n",
    ),
)


@pytest.mark.parametrize(("path", "text", "title", "code", "expected"), SUPPRESSIONS)
def test_what_is_wrong_with_a_suppression_can_be_mended(
    served: Client, corner: Path, path: str, text: str, title: str, code: str, expected: str
) -> None:
    language = {".py": "python", ".ts": "typescript"}.get(Path(path).suffix, "typescriptreact")
    name = served.open(corner / path, text, language)
    [line] = {at for at, found in codes(served.diagnostics(name)) if found == code}
    [action] = [one for one in actions(served, name, line) if one["title"].startswith(title)]
    mended = applied(text, action, name)
    assert mended == expected
    mended = mended.replace(": reason", ": shown")
    served.change(name, 2, {"text": mended})
    assert code not in {one["code"] for one in served.diagnostics(name, 2)}


def test_a_cursor_goes_where_the_reason_does_if_the_client_can(client: Client, tmp_path: Path) -> None:
    edits = {"documentChanges": True, "snippetEditSupport": True}
    client.initialize(tmp_path, capabilities={"workspace": {"workspaceEdit": edits}})
    name = client.open(tmp_path / "a.py", "print(1)\n")
    [here, in_file] = [one for one in actions(client, name, 0) if one["title"].startswith("Allow")]
    [change] = here["edit"]["documentChanges"][0]["edits"]
    assert change["snippet"] == {
        "kind": "snippet",
        "value": "  # enforcer: allow[logging/print-call]: ${1:reason}",
    }
    [change] = in_file["edit"]["documentChanges"][0]["edits"]
    assert change["snippet"]["value"] == "# enforcer: allow-file[logging/print-call]: ${1:reason}\n"
    assert "newText" not in change


def test_a_rules_page_is_shown_where_the_client_can(client: Client, tmp_path: Path) -> None:
    client.answers["window/showDocument"] = {"success": True}
    client.initialize(tmp_path, capabilities={"window": {"showDocument": {"support": True}}})
    name = client.open(tmp_path / "a.py", "print(1)\n")
    [action] = [one for one in actions(client, name, 0) if "command" in one]
    assert action["title"] == "Show the page of `logging/print-call`"
    client.result("workspace/executeCommand", action["command"])
    asked = client.wait(lambda message: message.get("method") == "window/showDocument")["params"]
    page = Path(url2pathname(urlsplit(asked["uri"]).path))
    text = page.read_text(encoding="utf-8")
    assert text.splitlines()[asked["selection"]["start"]["line"]] == "## logging/print-call"
    assert catalog_pages.page("logging/print-call") in text
    assert not pages.TEST_MARKUP.findall(text)
    # What somebody else has put there is not shown, and where nothing can be put the shipped page is.
    page.write_text("other", encoding="utf-8")
    client.result("workspace/executeCommand", action["command"])
    client.wait(lambda message: message.get("method") == "window/showDocument")
    assert page.read_text(encoding="utf-8") == text
    page.unlink()
    page.parent.rmdir()
    page.parent.touch()
    client.result("workspace/executeCommand", action["command"])
    again = client.wait(lambda message: message.get("method") == "window/showDocument")["params"]
    page.parent.unlink()
    shipped = ROOT / "server" / "auto_enforcer" / "rules" / "logging" / "logging.md"
    assert again["uri"] == shipped.as_uri()
    line = again["selection"]["start"]["line"]
    assert shipped.read_text(encoding="utf-8").splitlines()[line] == "## logging/print-call"
    for wrong in (["no/rule"], [], [5], ["a", "b"]):
        answer = client.request("workspace/executeCommand", {**action["command"], "arguments": wrong})
        assert answer["error"]["code"] == -32602, wrong


def test_the_log_names_the_modules_that_a_document_activates(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    client.diagnostics(client.open(tmp_path / "a.py", "print(1)\n"))
    client.stop()
    assert client.process.stderr is not None
    log = client.process.stderr.read().decode()
    assert "rules/logging/python" in log
    assert "rules/logging/javascript" not in log


def test_what_is_blocked_is_shown_before_warnings_that_stand_above_it(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    name = client.open(tmp_path / "a.py", "print(1)\n" * 600 + "breakpoint()\n")
    diagnostics = client.diagnostics(name)
    assert len(diagnostics) == 500
    assert codes(diagnostics)[-2:] == [(600, "logging/breakpoint-call"), (0, "enforcer/more-violations")]
    assert diagnostics[-1]["message"].startswith("102 more violations are not shown here")
    client.change(name, 2, edit((0, 0), (0, 0), "# enforcer: allow[logging/print-call]: shown\n"))
    diagnostics = client.diagnostics(name, 2)
    assert codes(diagnostics)[0] == (2, "logging/print-call")
    assert diagnostics[-1]["message"].startswith("101 more violations are not shown here")
    client.change(name, 3, edit((600, 0), (601, 0), ""))
    diagnostics = client.diagnostics(name, 3)
    assert diagnostics[-1]["message"].startswith("100 more violations are not shown here")


# Policy


def test_a_clients_watch_on_the_policy_is_asked_for(client: Client, tmp_path: Path) -> None:
    del client.answers["client/registerCapability"]
    client.initialize(tmp_path, capabilities=WATCHING)
    request = client.wait(lambda message: message.get("method") == "client/registerCapability")
    [registration] = request["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    client.send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32601, "message": "no"}})
    assert client.stop() == 0


def test_a_changed_policy_counts_at_once_where_the_client_watches(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=WATCHING)
    policy = tmp_path / "enforcer.toml"
    name = client.open(tmp_path / "a.py", "print(1)\n")
    assert codes(client.diagnostics(name)) == [(0, "logging/print-call")]
    policy.write_text('[rules]\nlogging = "off"\n')
    changed: Any = {"changes": [{"uri": uri(policy), "type": 1}]}
    client.notify("workspace/didChangeWatchedFiles", changed)
    assert client.diagnostics(name) == []
    policy.unlink()
    client.notify("workspace/didChangeWatchedFiles", changed)
    assert codes(client.diagnostics(name)) == [(0, "logging/print-call")]


@pytest.mark.parametrize("event", ["save", "open"])
def test_a_changed_policy_counts_at_the_next_save_or_opening_elsewhere(
    client: Client, tmp_path: Path, event: str
) -> None:
    client.initialize(tmp_path)
    name = client.open(tmp_path / "a.py", "print(1)\n")
    assert codes(client.diagnostics(name)) == [(0, "logging/print-call")]
    (tmp_path / "enforcer.toml").write_text('[rules]\n"logging/print-call" = "blocked"\n')
    if event == "save":
        client.save(name)
    else:
        client.open(tmp_path / "b.py", "")
    [diagnostic] = client.diagnostics(name)
    assert diagnostic["severity"] == 1


def test_a_policy_that_does_not_hold_is_shown_at_the_key_and_cleared(client: Client, tmp_path: Path) -> None:
    policy = tmp_path / "enforcer.toml"
    policy.write_text('[rules]\n"logging/print-call" = "off"\n')
    client.initialize(tmp_path, encodings=["utf-16"])
    name = client.open(tmp_path / "a.py", "print(1)\n")
    assert client.diagnostics(name) == []
    policy.write_text('[rules]\n# 😀\n"logging/print-cal" = "off"\n')
    client.save(name)
    [problem] = client.diagnostics(uri(policy))
    assert problem["range"]["start"] == {"line": 2, "character": 0}
    assert problem["severity"] == 1
    assert "logging/print-call" in problem["message"]
    opened = client.open(policy, policy.read_text(), "toml")
    assert [one["code"] for one in client.diagnostics(opened)] == ["enforcer/invalid-policy"]
    client.close(opened)
    assert [one["code"] for one in client.diagnostics(opened)] == ["enforcer/invalid-policy"]
    policy.write_text('[rules]\n"logging/print-call" = "warning"\n')
    client.save(name)
    assert client.diagnostics(uri(policy)) == []
    assert codes(client.diagnostics(name)) == [(0, "logging/print-call")]


def test_a_folders_problems_go_with_it(client: Client, tmp_path: Path) -> None:
    policy = tmp_path / "enforcer.toml"
    policy.write_text("nonsense = 1\n")
    client.initialize(tmp_path)
    client.open(tmp_path / "sub" / "a.py", "print(1)\n")
    assert len(client.diagnostics(uri(policy))) == 1
    removed = {"added": [], "removed": [{"uri": uri(tmp_path), "name": "x"}]}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": removed})
    assert client.diagnostics(uri(policy)) == []


# What runs where


def test_the_command_serves(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'server')!r})\n"
        "from auto_enforcer.cli import main; sys.exit(main(['lsp', '--stdio']))"
    )
    with Client((sys.executable, "-I", "-c", code)) as client:
        client.initialize(tmp_path)
        assert codes(client.diagnostics(client.open(tmp_path / "a.py", "print(1)\n"))) == [
            (0, "logging/print-call")
        ]
        assert client.stop() == 0


def test_a_workspace_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    plant = f"open({str(mark)!r}, 'a').write(__file__)\n"
    for name in ("json", "sitecustomize", "usercustomize", "logging", "asyncio"):
        (tmp_path / f"{name}.py").write_text(plant)
    for package in ("pygls", "lsprotocol", "hyperscan", "auto_enforcer"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(plant)
    environment = dict.fromkeys(("PYTHONPATH", "HOME", "PATH"), str(tmp_path))
    with Client(cwd=tmp_path, env=environment) as client:
        client.initialize(tmp_path)
        name = client.open(tmp_path / "json.py", plant + "print(1)\n")
        assert (1, "logging/print-call") in codes(client.diagnostics(name))
        client.stop()
    assert not mark.exists()


def test_the_server_imports_only_the_modules_of_what_is_open(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'server')!r})\n"
        "from auto_enforcer.lsp.server import main\n"
        "code = main([])\n"
        "sys.stderr.write(' '.join(sys.modules))\n"
        "sys.exit(code)\n"
    )
    with Client((sys.executable, "-I", "-c", code)) as client:
        client.initialize(tmp_path)
        client.diagnostics(client.open(tmp_path / "a.py", "print(1)\n"))
        client.stop()
        assert client.process.stderr is not None
        names = client.process.stderr.read().decode().splitlines()[-1].split()
    modules = {name.rpartition(".")[2] for name in names if name.startswith("auto_enforcer.rules.")}
    assert "auto_enforcer.rules.logging.python" in names
    assert not modules & {"javascript", "java", "csharp", "go", "rust", "ruby", "php", "swift", "c", "shell"}
