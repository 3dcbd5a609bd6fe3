"""Settings of the editor: where they come from, what they change, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.lsp.settings import OFF, ON_SAVE, ON_TYPE, Layers, Settings, parsed
from lsp.stdio import Client, Message, edit, uri
from lsp.test_pull import PULLING, REFRESH, codes, pulled, pushes, refreshes

PAUSE, RESUME = "autoEnforcer.pause", "autoEnforcer.resume"
TELLING: Message = {
    "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}
}


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[REFRESH] = None
        yield started


def told(client: Client, settings: Any) -> None:
    client.notify("workspace/didChangeConfiguration", {"settings": settings})


def run(client: Client, command: str, *folders: Any) -> Message:
    return client.request("workspace/executeCommand", {"command": command, "arguments": list(folders)})


def found(client: Client, name: str, version: int | None = None) -> list[str]:
    return [one["code"] for one in client.diagnostics(name, version)]


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ({"run": "sometimes"}, '`autoEnforcer.run` takes "onType", "onSave", "off"'),
        ({"run": []}, '`autoEnforcer.run` takes "onType", "onSave", "off"'),
        ([], "`autoEnforcer` is no table of settings"),
        ({"languages": 5}, "`autoEnforcer.languages` takes a table of languages"),
        ({"languages": {"go": "off"}}, '`autoEnforcer.languages.go` takes a table like {"run": "onSave"}'),
        (
            {"languages": {"go": {"run": 1}}},
            '`autoEnforcer.languages.go.run` takes "onType", "onSave", "off"',
        ),
        ({"maximumDiagnostics": 0}, "`autoEnforcer.maximumDiagnostics` takes a number from 1"),
        ({"maximumDiagnostics": True}, "`autoEnforcer.maximumDiagnostics` takes a number from 1"),
        ({"maximumDiagnostics": "5"}, "`autoEnforcer.maximumDiagnostics` takes a number from 1"),
    ],
)
def test_what_is_wrong_is_said_without_the_value_and_the_default_stands(section: Any, wrong: str) -> None:
    settings, sentences = parsed(section, Settings())
    assert sentences == (wrong,)
    assert (settings.run_of("go"), settings.most_diagnostics) == (ON_TYPE, 500)


def test_the_stronger_layer_counts_key_by_key() -> None:
    layers = Layers({"run": "off", "maximumDiagnostics": 7, "languages": {"go": {"run": "off"}}})
    layers.tell({"autoEnforcer": {"run": "onSave", "languages": {"python": {"run": "onType"}}}, "other": 1})
    layers.answer(["/a", "/b", ""], [{"run": "onType"}, None, {"maximumDiagnostics": 9}])
    a, b, none = (layers.settle(root)[0] for root in ("/a", "/b", ""))
    assert (a.run, a.run_of("go"), a.most_diagnostics) == (ON_TYPE, OFF, 7)
    assert (b.run, b.run_of("x", "python"), b.run_of("python", "go")) == (ON_SAVE, ON_TYPE, ON_TYPE)
    assert (none.run, none.most_diagnostics) == (ON_SAVE, 9)
    for slip in (None, {}, [1], [{}, {}, {}, {}]):
        layers.answer(["/a", "/b", ""], slip)
        assert layers.settle("/a")[0] == a
    layers.tell(None)
    assert layers.settle("/b")[0].run == OFF


def test_a_wrong_setting_is_logged_and_shown_once(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, options={"run": "s3cret", "maximumDiagnostics": -1})
    for _ in range(3):
        told(client, {"autoEnforcer": {"run": 5}})
    told(client, {"autoEnforcer": {"languages": 5}})
    told(client, 5)
    assert found(client, client.open(tmp_path / "a.py", "print(1)\n")) == ["logging/print-call"]
    [shown] = [one["params"] for one in client.settle() if one.get("method") == "window/showMessage"]
    assert (shown["type"], shown["message"].endswith("(and 1 more)")) == (2, True)
    client.stop()
    assert client.process.stderr is not None
    log = client.process.stderr.read().decode()
    assert log.count("a setting is not taken: ") == 3
    assert "s3cret" not in log
    assert "s3cret" not in shown["message"]


def test_folders_are_asked_for_each_by_itself(client: Client, tmp_path: Path) -> None:
    client.answers["workspace/configuration"] = [None, {"run": "off"}, {"maximumDiagnostics": 1}]
    (one, other) = tmp_path / "one", tmp_path / "other"
    client.initialize(one, other, capabilities=TELLING)
    asked = client.wait(lambda message: message.get("method") == "workspace/configuration")
    assert asked["params"]["items"] == [
        {"scopeUri": uri(one), "section": "autoEnforcer"},
        {"scopeUri": uri(other), "section": "autoEnforcer"},
        {"section": "autoEnforcer"},
    ]
    [watched] = [one for one in client.seen if one.get("method") == "client/registerCapability"]
    assert watched["params"]["registrations"][0]["method"] == "workspace/didChangeConfiguration"
    client.request("auto-enforcer/are-you-there")
    assert found(client, client.open(one / "a.py", "print(1)\n" * 2)) == ["logging/print-call"] * 2
    off = client.open(other / "a.py", "print(1)\n")
    assert found(client, off) == []
    assert found(client, client.open("untitled:x", "print(1)\n" * 2)) == ["enforcer/more-violations"]
    client.answers["workspace/configuration"] = [None, {}, {}]
    told(client, None)
    client.wait(lambda message: message.get("method") == "workspace/configuration")
    assert found(client, off) == ["logging/print-call"]


def test_what_a_policy_finds_is_not_for_settings(client: Client, tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text("[rules]\nlogging = 'off'\n")
    client.initialize(tmp_path, options={"rules": {"logging": "warning"}, "severity": "off"})
    assert found(client, client.open(tmp_path / "a.py", "print(1)\nbreakpoint()\n")) == []
    assert found(client, client.open(tmp_path / "b.py", "d = '2026-02-31'\n")) == ["dates/impossible-date"]


def test_on_save_a_change_is_not_told_and_what_is_saved_is(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, options={"languages": {"python": {"run": "onSave"}}})
    name, other = (
        client.open(tmp_path / "a.py", "print(1)\n"),
        client.open(tmp_path / "a.ts", "", "typescript"),
    )
    assert (found(client, name), found(client, other)) == (["logging/print-call"], [])
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    client.change(other, 2, edit((0, 0), (0, 0), "console.log(1)\n"))
    assert found(client, other, 2) == ["logging/console-call"]
    assert [one for one in client.settle() if one.get("method", "").startswith("textDocument/")] == []
    client.save(name)
    assert found(client, name, 2) == ["logging/breakpoint-call", "logging/print-call"]
    client.save(name)
    assert client.settle() == [], "it was not changed since"
    client.change(name, 3, edit((0, 0), (1, 0), ""))
    told(client, {"autoEnforcer": {"run": "onType", "languages": {"python": {"run": "onType"}}}})
    assert found(client, name, 3) == ["logging/print-call"]


def test_on_save_a_client_that_asks_keeps_what_it_has_moved(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=PULLING, options={"run": "onSave"})
    name = client.open(tmp_path / "a.py", "print(1)\n")
    first = pulled(client, name)
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    kept = {"kind": "unchanged", "resultId": first["resultId"]}
    assert pulled(client, name, first["resultId"]) == kept
    assert codes(pulled(client, name, "another")) == ["logging/breakpoint-call", "logging/print-call"]
    client.change(name, 3, edit((0, 0), (1, 0), "\n"))
    second = pulled(client, name)
    assert second["items"][0]["range"]["start"]["line"] == 1, "who has nothing gets it where it is now"
    client.change(name, 4, edit((0, 0), (0, 0), "breakpoint()\n"))
    assert pulled(client, name, second["resultId"])["kind"] == "unchanged"
    client.save(name)
    client.wait(lambda message: message.get("method") == REFRESH)
    assert len(codes(pulled(client, name, second["resultId"]))) == 2
    assert pushes(client) == []


def test_what_is_off_is_cleared_and_comes_back(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    name = client.open(tmp_path / "a.py", "print(1)\n")
    assert found(client, name) == ["logging/print-call"]
    told(client, {"autoEnforcer": {"run": "off"}})
    assert found(client, name) == []
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    client.save(name)
    assert client.settle() == []
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
    assert client.result("textDocument/codeAction", params) == []
    told(client, {})
    assert found(client, name, 2) == ["logging/breakpoint-call", "logging/print-call"]


def test_a_folder_is_paused_and_resumed(client: Client, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    client.initialize(one, other)
    names = [client.open(path, "print(1)\n") for path in (one / "a.py", other / "a.py", "untitled:x")]
    assert [found(client, name) for name in names] == [["logging/print-call"]] * 3
    assert run(client, PAUSE, uri(one))["result"] is None
    assert found(client, names[0]) == []
    assert client.settle() == []
    late = client.open(one / "b.py", "print(1)\n")
    assert found(client, late) == []
    run(client, PAUSE)
    assert [found(client, name) for name in names[1:]] == [[], []]
    run(client, RESUME, uri(one), uri(other))
    for name in (names[0], names[1], late):
        assert "logging/print-call" in found(client, name)
    run(client, RESUME)
    assert "logging/print-call" in found(client, names[2])
    for wrong in ([uri(tmp_path)], [5], [uri(one), None]):
        assert run(client, PAUSE, *wrong)["error"]["code"] == -32602, wrong


def test_a_paused_folder_is_cleared_where_the_client_asks(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=PULLING)
    name = client.open(tmp_path / "a.py", "print(1)\n")
    first = pulled(client, name)
    run(client, PAUSE)
    client.wait(lambda message: message.get("method") == REFRESH)
    empty = pulled(client, name, first["resultId"])
    assert (empty["kind"], empty["items"]) == ("full", [])
    assert refreshes(client) == 0
    run(client, RESUME)
    client.wait(lambda message: message.get("method") == REFRESH)
    assert codes(pulled(client, name, empty["resultId"])) == ["logging/print-call"]
    assert pushes(client) == []


def test_what_a_scan_found_is_paused_with_its_folder(client: Client, tmp_path: Path) -> None:
    closed = tmp_path / "closed.py"
    closed.write_text("print(1)\n")
    client.initialize(tmp_path)
    run(client, "autoEnforcer.scanWorkspace")
    assert found(client, uri(closed)) == ["logging/print-call"]
    run(client, PAUSE)
    assert found(client, uri(closed)) == []
    run(client, RESUME)
    assert found(client, uri(closed)) == ["logging/print-call"]
    told(client, {"autoEnforcer": {"languages": {"python": {"run": "off"}}}})
    assert found(client, uri(closed)) == []
