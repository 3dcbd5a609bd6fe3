"""Diagnostics that a client asks for, and none that are sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.stdio import Client, Message, edit, uri

PULLING: Message = {
    "textDocument": {"diagnostic": {"dynamicRegistration": False}},
    "workspace": {
        "diagnostics": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
}
REFRESH = "workspace/diagnostic/refresh"


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[REFRESH] = None
        yield started


def pulled(client: Client, name: str, known: str | None = None) -> Message:
    params: dict[str, Any] = {"textDocument": {"uri": name}, "identifier": "auto-enforcer"}
    if known is not None:
        params["previousResultId"] = known
    result: Message = client.result("textDocument/diagnostic", params)
    return result


def codes(report: Message) -> list[str]:
    return [item["code"] for item in report["items"]]


def pushes(client: Client) -> list[str]:
    method = "textDocument/publishDiagnostics"
    return [one["params"]["uri"] for one in client.seen if one.get("method") == method]


def refreshes(client: Client) -> int:
    return sum(one.get("method") == REFRESH for one in client.seen)


def test_a_client_that_asks_is_sent_nothing(client: Client, tmp_path: Path) -> None:
    answer = client.initialize(tmp_path, capabilities=PULLING)
    provider = answer["capabilities"]["diagnosticProvider"]
    assert provider == {
        "identifier": "auto-enforcer",
        "interFileDependencies": False,
        "workspaceDiagnostics": True,
    }
    name = client.open(tmp_path / "a.py", "print(1)\n")
    report = pulled(client, name)
    assert (report["kind"], codes(report)) == ("full", ["logging/print-call"])
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    assert codes(pulled(client, name)) == ["logging/breakpoint-call", "logging/print-call"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": name}})
    assert codes(pulled(client, name)) == []
    assert pushes(client) == []
    assert refreshes(client) == 0


def test_what_is_as_it_was_is_not_sent_again(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=PULLING)
    name = client.open(tmp_path / "a.py", "print(1)\nx = 1\n")
    first = pulled(client, name)
    again = pulled(client, name, first["resultId"])
    assert again == {"kind": "unchanged", "resultId": first["resultId"]}
    client.change(name, 2, edit((1, 4), (1, 5), "2"))
    assert pulled(client, name, first["resultId"])["kind"] == "unchanged"
    client.change(name, 3, edit((0, 0), (0, 0), "\n"))
    moved = pulled(client, name, first["resultId"])
    assert (moved["kind"], moved["items"][0]["range"]["start"]["line"]) == ("full", 1)
    assert moved["resultId"] != first["resultId"]


def test_all_of_a_long_text_has_been_looked_at_when_it_is_answered(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=PULLING)
    name = client.open(tmp_path / "a.py", "x = 1\n" * 100_000 + "print(1)\n")
    assert codes(pulled(client, name)) == ["logging/print-call"]
    client.change(name, 2, edit((0, 0), (0, 0), '"""'))
    assert codes(pulled(client, name)) == []


def test_a_changed_policy_lets_the_client_ask_again(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=PULLING)
    name = client.open(tmp_path / "a.py", "print(1)\n")
    other = client.open(tmp_path / "b.py", "print(1)\n")
    first = pulled(client, name)
    pulled(client, other)
    policy = tmp_path / "enforcer.toml"
    policy.write_text("[rules]\nlogging = 'off'\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri(policy), "type": 1}]})
    client.wait(lambda message: message.get("method") == REFRESH)
    assert codes(pulled(client, name, first["resultId"])) == []
    assert codes(pulled(client, other)) == []
    policy.write_text("[rules]\nlogging = 'off'\ndates = 'off'\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri(policy), "type": 2}]})
    assert pulled(client, name)["items"] == []
    assert refreshes(client) == 0, "nothing has changed for what is open"
    assert pushes(client) == []


def test_a_policy_that_is_closed_is_sent_and_cleared_when_it_is_opened(
    client: Client, tmp_path: Path
) -> None:
    policy = tmp_path / "enforcer.toml"
    policy.write_text("[rules]\nloging = 'off'\n")
    client.initialize(tmp_path, capabilities=PULLING)
    client.open(tmp_path / "a.py", "x = 1\n")
    [problem] = client.diagnostics(uri(policy))
    assert problem["code"] == "enforcer/invalid-policy"
    name = client.open(policy, policy.read_text(), "toml")
    assert client.diagnostics(name) == [], "what was sent is cleared before the first answer"
    assert codes(pulled(client, name)) == ["enforcer/invalid-policy"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": name}})
    assert [one["code"] for one in client.diagnostics(name)] == ["enforcer/invalid-policy"]


@pytest.mark.parametrize(
    "capabilities",
    [
        {"textDocument": {"diagnostic": {}}},
        {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": False}}},
        {"workspace": {"diagnostics": {"refreshSupport": True}}},
    ],
)
def test_a_client_that_cannot_be_told_to_ask_again_is_sent_them(
    client: Client, tmp_path: Path, capabilities: Message
) -> None:
    answer = client.initialize(tmp_path, capabilities=capabilities)
    assert "diagnosticProvider" not in answer["capabilities"]
    name = client.open(tmp_path / "a.py", "print(1)\n")
    assert [one["code"] for one in client.diagnostics(name)] == ["logging/print-call"]


def test_a_text_that_cannot_be_opened_does_not_look_clean(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, capabilities=PULLING)
    name = uri(tmp_path / "a.py")
    item = {"uri": name, "languageId": "python", "version": 1, "text": 5}
    client.notify("textDocument/didOpen", {"textDocument": item})
    assert codes(pulled(client, name)) == ["enforcer/check-failed"]
    client.open(tmp_path / "a.py", "x = 1\n")
    assert codes(pulled(client, name)) == []
    assert pushes(client) == []


def test_what_is_asked_for_is_what_would_be_sent(client: Client, tmp_path: Path) -> None:
    texts = {
        "a.py": "try:\n    f('😀')\nexcept:\n    print(1)\n",
        "b.ts": "console.log(`${x}`);\n" * 600,
        "c.txt": "<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> b\n",
    }
    client.initialize(tmp_path, capabilities=PULLING)
    asked = {
        name: pulled(client, client.open(tmp_path / name, text))["items"] for name, text in texts.items()
    }
    with Client() as other:
        other.initialize(tmp_path)
        for name, text in texts.items():
            sent = other.diagnostics(other.open(tmp_path / name, text))
            assert sent == asked[name]
            assert sent, name
