"""What a status bar is told, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.lsp.status import Status
from auto_enforcer.lsp.workspace import Workspace
from auto_enforcer.session import Session
from lsp.stdio import Client, Message, changing, edit, uri
from lsp.test_settings import PAUSE, RESUME, run

STATUS = "autoEnforcer/status"


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        yield started


def status(client: Client, **expected: Any) -> Message:
    """What is told next with these parts of its one session: a slow machine tells between two steps of what
    happens at once on a fast one."""

    def wanted(message: Message) -> bool:
        if message.get("method") != STATUS:
            return False
        return [{key: session[key] for key in expected} for session in message["params"]["sessions"]] == [
            expected
        ]

    params: Message = client.wait(wanted)["params"]
    return params


def counts(blocked: int, warning: int) -> Message:
    return {"blocked": {"new": blocked, "historical": 0}, "warning": {"new": warning, "historical": 0}}


def test_a_client_that_does_not_ask_is_told_nothing(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    client.diagnostics(client.open(tmp_path / "a.py", "print(1)\n"))
    with Client() as other:
        other.initialize(tmp_path, capabilities={"experimental": {"autoEnforcerStatus": True}})
        other.diagnostics(other.open(tmp_path / "a.py", "print(1)\n"))
        status(other)
    assert [one for one in client.settle() if one.get("method") == STATUS] == []


def test_what_is_open_is_counted_as_it_changes(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, options={"status": True})
    a = client.open(tmp_path / "a.py", "print(1)\nbreakpoint()\n")
    b = client.open(tmp_path / "b.py", "print(1)\n" * 700)
    client.diagnostics(b)
    told = status(client, counts=counts(1, 701))  # those that are not shown for want of room are counted
    [session] = told["sessions"]
    assert (session["root"], session["documents"], session["paused"]) == (uri(tmp_path), 2, False)
    assert "logging/python" in session["modules"]
    assert session["couldNotRun"] == {"rules": [], "documents": 0, "policyMistakes": 0}
    assert told["lastCheck"].endswith("+00:00")
    client.change(a, 2, edit((0, 0), (0, 0), "x = 1\n"))
    client.diagnostics(a, 2)
    client.change(a, 3, edit((2, 0), (3, 0), ""))
    client.seen.clear()
    status(client, counts=counts(0, 701))
    told = [one for one in client.seen if one.get("method") == STATUS]
    assert told == [], "a change of nothing that is told is not"
    client.close(b)
    [session] = status(client, counts=counts(0, 1))["sessions"]
    assert session["documents"] == 1


def test_what_is_only_observed_is_counted_and_not_shown(client: Client, tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text('[rules]\nlogging.stage = "observe"\n')
    client.initialize(tmp_path, options={"status": True})
    allowed = "print(3)  # enforcer: allow[logging]: shown\n"
    name = client.open(tmp_path / "a.py", f"print(1)\nbreakpoint()\n{allowed}# TODO: mend\n")
    assert [one["code"] for one in client.diagnostics(name)] == ["debt/todo-without-reference"]
    status(client, counts=counts(0, 1), observed=2)


def test_pauses_mistakes_and_faults_are_told(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, options={"status": True})
    name = client.open(tmp_path / "a.py", "print(1)\n")
    status(client, paused=False)
    run(client, PAUSE)
    status(client, paused=True)
    run(client, RESUME)
    status(client, paused=False)
    (tmp_path / "enforcer.toml").write_text("s3cret = 1\n")
    client.save(name)
    could_not: Message = {"rules": [], "documents": 0, "policyMistakes": 1}
    assert "s3cret" not in str(status(client, couldNotRun=could_not))
    client.change(name, 2, {"text": 5})
    status(client, couldNotRun={**could_not, "documents": 1})


def test_what_is_as_it_was_is_not_told_again() -> None:
    told: list[Message] = []
    workspace = Workspace((), "utf-8", lambda root: Session(root))
    status = Status(workspace, told.append, lambda root: False, lambda root: 0, lambda: 1.0)
    for _ in range(3):
        status.look()
    assert [one["sessions"] for one in told] == [[]]


def test_many_changes_are_told_at_once(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path, options={"status": True})
    name = client.open(tmp_path / "a.py", "x = 1\n")
    change = edit((0, 0), (0, 0), "print(1)\n")
    client.send_all([changing(name, version, change) for version in range(2, 102)])
    told = 0
    while status(client)["sessions"][0]["counts"] != counts(0, 100):
        told += 1
    assert told < 50, "the counts were another a hundred times"


def test_what_is_logged_is_told_as_far_as_the_client_traces(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)

    def heard(trace: str, text: str = "", language: str = "plaintext") -> list[tuple[str, Message]]:
        client.notify("$/setTrace", {"value": trace})
        client.change(uri(tmp_path / "s3cret.py"), 2, {"text": "s3cret"})
        client.diagnostics(client.open(f"untitled:{trace}", text, language))
        told = [(one.get("method", ""), one.get("params", {})) for one in client.settle()]
        assert "s3cret" not in str(told)
        return [one for one in told if one[0] in ("window/logMessage", "$/logTrace")]

    assert heard("off") == []
    warning = "window/logMessage", {"type": 2, "message": "a change of a document that is not open"}
    told = heard("messages", "print(1)\n", "python")
    assert warning in told
    traced = [params for method, params in told if method == "$/logTrace"]
    assert any("rules/logging/python" in one["message"] for one in traced), traced
    assert all("verbose" not in one for one in traced)
    told = heard("verbose", "console.log(1)\n", "typescript")
    assert warning in told
    traced = [params for method, params in told if method == "$/logTrace"]
    assert any("rules/logging/javascript" in one["message"] for one in traced), traced
    assert all("verbose" in one for one in traced)
    assert heard("whatever") == []
