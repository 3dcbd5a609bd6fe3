"""Diagnostics of the whole workspace that a client asks for, and none that are sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.stdio import Client, Message, edit, uri
from lsp.test_pull import PULLING, REFRESH, codes, pulled
from lsp.test_scan import SCAN, changed, plant, published, scanned

DIAGNOSTIC = "workspace/diagnostic"


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[REFRESH] = None
        yield started


def asked(client: Client, known: dict[str, str] | None = None, token: str | None = None) -> int:
    ids = [{"uri": name, "value": value} for name, value in (known or {}).items()]
    params: dict[str, Any] = {"identifier": "auto-enforcer", "previousResultIds": ids}
    return client.ask(DIAGNOSTIC, {**params, "partialResultToken": token} if token else params)


def answered(client: Client, number: int) -> Message:
    return client.wait(lambda message: message.get("id") == number and "method" not in message)


def reports(client: Client, number: int) -> dict[str, Message]:
    """By URI."""
    return {one["uri"]: one for one in answered(client, number)["result"]["items"]}


def ids(found: dict[str, Message]) -> dict[str, str]:
    return {name: one["resultId"] for name, one in found.items()}


def test_what_is_closed_is_answered_and_not_sent(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n", b_dot_py="breakpoint()\n", c_dot_py="x = 1\n")
    client.initialize(workspace, capabilities=PULLING)
    a, b = uri(workspace / "a.py"), uri(workspace / "b.py")
    client.open(workspace / "b.py", "print(1)\n")
    number = asked(client)
    client.ask("workspace/executeCommand", {"command": SCAN})
    found = reports(client, number)
    assert list(found) == [a], "the open one is asked for by itself"
    assert (found[a]["kind"], found[a]["version"], codes(found[a])) == ("full", None, ["logging/print-call"])
    known = ids(found)
    number = asked(client, known)
    client.close(b)
    later = reports(client, number)
    assert (later[a], codes(later[b])) == (
        {"uri": a, "version": None, "kind": "unchanged", "resultId": known[a]},
        ["logging/breakpoint-call"],
    )
    known |= ids({b: later[b]})
    number = asked(client, known)
    (workspace / "a.py").unlink()
    changed(client, workspace / "a.py", kind=3)
    last = reports(client, number)
    assert (last[a]["kind"], last[a]["items"], last[b]["kind"]) == ("full", [], "unchanged")
    assert published(client) == {}


def test_a_document_and_its_file_have_the_same_result_id(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print('😀', 1); breakpoint()\nprint(2)\n")
    client.initialize(workspace, capabilities=PULLING)
    number = asked(client)
    scanned(client)
    a = uri(workspace / "a.py")
    closed = reports(client, number)[a]
    opened = client.open(workspace / "a.py", (workspace / "a.py").read_text())
    assert pulled(client, opened, closed["resultId"])["kind"] == "unchanged"
    assert pulled(client, opened)["items"] == closed["items"]


def test_parts_come_while_a_scan_runs(client: Client, workspace: Path) -> None:
    for number in range(60):
        (workspace / f"a{number}.py").write_text("print(1)\n")
    client.initialize(workspace, capabilities=PULLING, options={"scan": "workspace"})
    rest = reports(client, asked(client, token="parts"))
    parts = [one["params"] for one in client.seen if one.get("method") == "$/progress"]
    assert {one["token"] for one in parts} <= {"parts"}
    told = [item["uri"] for one in parts for item in one["value"]["items"]] + list(rest)
    assert sorted(told) == sorted(uri(path) for path in workspace.glob("*.py"))
    assert published(client) == {}


def test_what_was_sent_is_cleared_before_the_first_answer(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n")
    client.initialize(workspace, capabilities=PULLING)
    scanned(client)
    a = uri(workspace / "a.py")
    assert codes({"items": published(client)[a]}) == ["logging/print-call"]
    client.seen.clear()
    number = asked(client)
    assert client.diagnostics(a) == []
    assert codes(reports(client, number)[a]) == ["logging/print-call"]


def test_a_held_request_ends_by_the_server_when_the_policy_changes(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n")
    client.initialize(workspace, capabilities=PULLING)
    scanned(client)
    known = ids(reports(client, asked(client)))
    held = asked(client, known)
    client.settle()
    policy = workspace / "enforcer.toml"
    policy.write_text("[rules]\nlogging = 'off'\n")
    changed(client, policy, kind=1)
    error = answered(client, held)["error"]
    assert (error["code"], error["data"]) == (-32802, {"retriggerRequest": True})
    [report] = reports(client, asked(client, known)).values()
    assert report["items"] == []
    client.seen.clear()
    policy.unlink()
    changed(client, policy, kind=3)
    client.wait(lambda message: message.get("method") == REFRESH)
    assert [codes(one) for one in reports(client, asked(client)).values()] == [["logging/print-call"]]


def test_one_request_is_held_and_a_client_may_take_it_back(client: Client, workspace: Path) -> None:
    client.initialize(workspace, capabilities=PULLING)
    first, second = asked(client), asked(client)
    error = answered(client, first)["error"]
    assert (error["code"], error["data"]) == (-32802, {"retriggerRequest": False})
    client.notify("$/cancelRequest", {"id": second})
    assert answered(client, second)["error"]["code"] == -32800
    name = client.open(workspace / "a.py", "print(1)\n")
    client.change(name, 2, edit((0, 0), (0, 0), "\n"))
    assert codes(pulled(client, name)) == ["logging/print-call"]


def test_a_document_that_is_closed_is_cleared_without_a_scan(client: Client, workspace: Path) -> None:
    client.initialize(workspace, capabilities=PULLING)
    name = client.open(workspace / "a.py", "print(1)\n")
    pulled(client, name)
    number = asked(client)
    client.settle()
    client.close(name)
    assert reports(client, number)[name]["items"] == []


def test_pausing_clears_what_is_asked_for_and_resuming_brings_it_back(
    client: Client, workspace: Path
) -> None:
    plant(workspace, a_dot_py="print(1)\n")
    client.initialize(workspace, capabilities=PULLING)
    scanned(client)
    a = uri(workspace / "a.py")
    known = ids(reports(client, asked(client)))
    for command, expected in (("pause", []), ("resume", ["logging/print-call"])):
        held = asked(client, known)
        client.settle()
        client.result("workspace/executeCommand", {"command": f"autoEnforcer.{command}"})
        answer = answered(client, held)
        found = answer.get("result") or {"items": [reports(client, asked(client, known))[a]]}
        (report,) = (one for one in found["items"] if one["uri"] == a)
        assert codes(report) == expected
        known[a] = report["resultId"]


def test_with_a_check_on_save_a_closed_file_is_as_the_disk_has_it(client: Client, workspace: Path) -> None:
    """What an editor holds and has not saved is asked for by itself, and only when it was saved."""
    plant(workspace, a_dot_py="x = 1\n")
    options = {"run": "onSave"}
    client.initialize(workspace, capabilities=PULLING, options=options)
    scanned(client)
    a = client.open(workspace / "a.py", "x = 1\n")
    first = pulled(client, a)
    client.change(a, 2, edit((0, 0), (0, 0), "print(1)\n"))
    assert pulled(client, a, first["resultId"])["kind"] == "unchanged"
    plant(workspace, a_dot_py="print(1)\nx = 1\n")
    client.save(a)
    assert codes(pulled(client, a, first["resultId"])) == ["logging/print-call"]
    held = asked(client)
    client.settle()
    client.close(a)
    assert codes(reports(client, held)[a]) == ["logging/print-call"]
